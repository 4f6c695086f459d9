"""Reading a segment from a memory map: terms by bisection, blocks as they lie, nothing that is not asked for."""

import json
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import accumulate, chain, compress, pairwise, repeat
from operator import add, itemgetter
from typing import Any, Final, NamedTuple

from archive.engine.whoosh.segment._sections import Sections
from archive.engine.whoosh.segment.layout import ESCAPE, PLACE_BITS, SEPARATOR, TERMS_TOGETHER, WIDTHS, Kind, Pair, bits
from archive.errors import refuse_index

MOST_READ: Final = 1 << 25
"""Bytes that the terms of a segment may take which are kept when they have been read."""
_LISTED: Final = 40  # bytes a passage
_CHECKSUM: Final = 4
_PAIR: Final = 5
_HEAD: Final = 2
WORD_BITS: Final = 24
"""More than the number of a word in a passage takes."""
UNCLEAR: Final = 255
"""What a byte of `Postings.unclear` is."""
_LAST_CLEAR: Final = 127
_IS_LATE: Final = bytes(UNCLEAR * (word == _LAST_CLEAR) for word in range(256))
_PRESENT: Final = bytes([0]).ljust(256, b"\xff")


def take(documents: Sequence[int], column: Sequence[int] | Mapping[int, int]) -> tuple[int, ...]:
    """Return what a column has for some passages; where they lie far apart, in half the time of a loop."""
    if len(documents) > 1:
        values: tuple[int, ...] = itemgetter(*documents)(column)
        return values
    return tuple(column[document] for document in documents)


class StoredField(NamedTuple):
    """A field in a segment: where its terms are, and what is kept of them."""

    name: str
    kind: Kind
    first: int
    last: int
    pairs: list[Pair]


class Postings:
    """The passages of a term: their numbers ascending, a code each, the pairs that have no code, and where it stands in them.

    :param words: of each time that it stands somewhere the number of the word, passage after passage, and ``places`` the place
        in the word, "" where each is the first; both of a field that is placed.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - the parts of a block
        self,
        documents: memoryview,
        codes: bytes,
        escaped: list[Pair],
        bitmap: memoryview | None,
        stands: memoryview,
        field: StoredField,
        size: int,
        *,
        has_places: bool,
    ) -> None:
        """Keep the parts of a block."""
        self.documents = documents
        self.codes = codes
        self.escaped = escaped
        self.pairs = field.pairs
        self.size = size
        self._bitmap = bitmap
        self._stands, self._has_places = stands, has_places

    def __len__(self) -> int:
        return len(self.documents)

    @cached_property
    def bit_mask(self) -> int:
        """An integer with a bit set for each passage."""
        return int.from_bytes(self._bitmap, "little") if self._bitmap is not None else bits(self.documents, self.size)

    @property
    def has_bitmap(self) -> bool:
        """Return whether its bits lie in the file as they are."""
        return self._bitmap is not None

    @property
    def bitmap(self) -> memoryview:
        """A bit for each passage of the segment, eight in a byte."""
        whole = (self.size + 7) // 8
        if self._bitmap is not None and len(self._bitmap) >= whole:
            return self._bitmap
        # One that lies in the file is shorter where passages without the term came to the segment after it was written.
        return memoryview(self.bit_mask.to_bytes(whole, "little"))

    @cached_property
    def listed(self) -> list[int]:
        """The numbers of the passages as a list."""
        return self.documents.tolist()

    @cached_property
    def byte_mask(self) -> bytearray:
        """A byte for each passage of the segment: its code and one, or 0 where it does not have the term."""
        dense = bytearray(self.size)
        if self.codes:
            for document, code in zip(self.listed, self.codes, strict=True):
                dense[document] = code + 1
        else:
            for document in self.listed:
                dense[document] = 1
        return dense

    @cached_property
    def _starts(self) -> list[int]:
        """How often the term stands in all passages before each of them, and in all."""
        return list(accumulate((often for often, _ in self.each_pair()), initial=0))

    @cached_property
    def _index(self) -> dict[int, int]:
        """Passage → its place among those that have the term."""
        return dict(zip(self.listed, range(len(self.listed)), strict=True))

    @cached_property
    def words(self) -> memoryview:
        """The number of each word."""
        count = self._starts[-1]
        width = len(self._stands) // count - self._has_places
        return self._stands[: count * width].cast(WIDTHS[width])

    @cached_property
    def places(self) -> memoryview:
        """The place in each word."""
        return self._stands[self.words.nbytes :]

    @cached_property
    def first_words(self) -> int:
        """The first word that is the term in each passage, a byte each: `_LAST_CLEAR` for all behind it, 0 for none."""
        words = bytearray(self.size)
        for document, word in zip(self.listed, map(self.words.__getitem__, self._starts), strict=False):
            words[document] = min(word, _LAST_CLEAR)
        return int.from_bytes(words, "little")

    @cached_property
    def present(self) -> int:
        """A byte for each passage: 255 where it has the term, else 0."""
        return int.from_bytes(self.byte_mask.translate(_PRESENT), "little")

    @cached_property
    def unclear(self) -> int:
        """A byte for each passage: 255 where it has the term and the first word does not tell all of it, else 0."""
        often = bytes([0, *(0 if often == 1 else UNCLEAR for often, _ in self.pairs)]).ljust(256, bytes([UNCLEAR]))
        late = self.first_words.to_bytes(self.size, "little").translate(_IS_LATE)
        return int.from_bytes(self.byte_mask.translate(often), "little") | int.from_bytes(late, "little")

    def positions(self, document: int) -> list[int]:
        """Return the positions of the term in a passage, of which it may have none."""
        if not self.byte_mask[document]:
            return []
        at = self._index[document]
        start, end = self._starts[at : at + 2]
        words = [word << PLACE_BITS for word in self.words[start:end]]
        return list(map(add, words, self.places[start:end])) if self._has_places else words

    def word_keys(self, documents: Sequence[int]) -> list[int]:
        """Return the words that are the term in some passages, each as ``passage << WORD_BITS | word``."""
        having = list(compress(documents, take(documents, self.byte_mask)))
        words, starts = self.words, self._starts
        each = [words[starts[at] : starts[at + 1]] for at in take(having, self._index)]
        bases = chain.from_iterable(map(repeat, [document << WORD_BITS for document in having], map(len, each)))
        return list(map(add, bases, chain.from_iterable(each)))

    def pair_of(self, document: int) -> Pair:
        """Return frequency and length of a passage."""
        at = bisect_left(self.documents, document)
        code = self.codes[at]
        return self.escaped[self.codes.count(ESCAPE, 0, at)] if code == ESCAPE else self.pairs[code]

    def each_pair(self) -> list[Pair]:
        """Return frequency and length of every passage, in order; once each where only presence is kept."""
        if not self.codes:
            return [(1, 0)] * len(self.documents)
        pairs: list[Pair] = [*self.pairs, *((0, 0),) * (256 - len(self.pairs))]
        each_code = list(map(pairs.__getitem__, self.codes))
        if self.escaped:
            at = -1
            for pair in self.escaped:
                at = self.codes.index(ESCAPE, at + 1)
                each_code[at] = pair
        return each_code


class Column:
    """A column of a segment: ``codes`` has one for each passage; values are read as they are asked for."""

    def __init__(self, values: Callable[[int, int], memoryview], ends: Sequence[int], codes: Sequence[int]) -> None:
        """Keep the parts.

        :param values: gives some bytes of all values, checked.
        """
        self._values = values
        self._ends = ends
        self.codes = codes

    def __len__(self) -> int:
        return len(self._ends) - 1

    def value(self, code: int) -> bytes:
        """Return the value of a code."""
        return bytes(self._values(self._ends[code], self._ends[code + 1]))

    def values(self) -> list[bytes]:
        """Return the values of all codes."""
        whole = bytes(self._values(self._ends[0], self._ends[-1]))
        return [whole[start:end] for start, end in pairwise(self._ends)]

    def __getitem__(self, document: int) -> bytes:
        return self.value(self.codes[document])


def ends_of(section: memoryview, count: int) -> memoryview:
    """Return where parts end, four bytes each, or eight where they are that many."""
    return section.cast("I" if len(section) == 4 * count else "Q")


class TermDictionary:
    """The terms file of a segment, in memory or mapped.

    :raises DamagedIndex: from every method, where the file is not as it was written.
    """

    def __init__(self, content: memoryview, name: str, documents: int) -> None:
        """Open the file."""
        self.name = name
        self.documents = documents
        self._sections = Sections(content, f"{name}.terms")
        try:
            self.fields = {
                name: StoredField(name, **properties) for name, properties in self._sections.properties["fields"].items()
            }
        except (KeyError, TypeError) as error:
            refuse_index(name, error)
        # Of the terms those are checked among which one is looked for (`_look`); between wrong ends no block has its checksum.
        self._keys = self._sections.raw("keys")
        self._ends = self._sections.raw("key ends").cast("I")
        self._block_ends = ends_of(self._sections.raw("block ends"), len(self._ends))
        self.counts = self._sections.raw("counts").cast("H")
        self._looked = bytearray(-(-len(self.counts) // TERMS_TOGETHER))
        self._blocks = self._sections.raw("blocks")
        self._read: dict[int, Postings] = {}
        self._cost = 0

    def find(self, field: str, term: bytes) -> int:
        """Return the place of a term in the list of all, or -1."""
        stored = self.fields.get(field)
        if stored is None:
            return -1
        at = self.place(stored, term)
        return at if at < stored.last and self.term(at) == term else -1

    def place(self, field: StoredField, term: bytes) -> int:
        """Return the place of the first term of a field that is not before this one."""
        if field.first == field.last:
            return field.first
        among = field.first // TERMS_TOGETHER + 1, (field.last - 1) // TERMS_TOGETHER + 1
        group = bisect_right(self._first_terms, term, *among) - 1
        self._look(group)
        low, high = max(field.first, group * TERMS_TOGETHER), min(field.last, (group + 1) * TERMS_TOGETHER)
        keys, ends = self._keys, self._ends
        while low < high:
            middle = (low + high) // 2
            if keys[ends[middle] : ends[middle + 1] - 1].tobytes() < term:
                low = middle + 1
            else:
                high = middle
        return low

    @cached_property
    def _first_terms(self) -> list[bytes]:
        """The first term of each group of neighbours."""
        terms = bytes(self._sections.checked("first terms")).split(SEPARATOR)[:-1]
        if len(terms) == len(self._looked):
            return terms
        return [self.term(place) for place in range(0, len(self.counts), TERMS_TOGETHER)]  # where one holds a separator itself

    def _look(self, group: int) -> None:
        """Check terms that are neighbours, and how many passages have each, when they are read first."""
        if not self._looked[group]:
            first, last = group * TERMS_TOGETHER, min((group + 1) * TERMS_TOGETHER, len(self.counts))
            ends = self._sections.part("key ends", 4 * first, 4 * last + 4).cast("I")
            self._sections.part("keys", ends[0], ends[-1])
            self._sections.part("counts", self.counts.itemsize * first, self.counts.itemsize * last)
            self._looked[group] = 1

    def term(self, place: int) -> bytes:
        """Return the term at a place."""
        self._look(place // TERMS_TOGETHER)
        return bytes(self._keys[self._ends[place] : self._ends[place + 1] - 1])

    def terms_from(self, field: str, first: bytes) -> Iterator[tuple[int, bytes]]:
        """Yield the terms of a field from this one on, with their places."""
        stored = self.fields.get(field)
        if stored is not None:
            for at in range(self.place(stored, first), stored.last):
                yield at, self.term(at)

    def words(self, field: str) -> list[bytes]:
        """Return all terms of a field at once."""
        stored = self.fields.get(field)
        if stored is None:
            return []
        for group in range(stored.first // TERMS_TOGETHER, -(-stored.last // TERMS_TOGETHER)):
            self._look(group)
        written = bytes(self._keys[self._ends[stored.first] : self._ends[stored.last]])
        lines = written.split(SEPARATOR)[:-1]
        if len(lines) == stored.last - stored.first:
            return lines
        return [term for _, term in self.terms_from(field, b"")]  # where a term holds a line end itself

    def postings(self, place: int, field: str) -> Postings:
        """Return the passages of the term at a place."""
        posting_list = self._read.get(place)
        if posting_list is None:
            stored = self.fields[field]
            # What it may grow to: its numbers as a list, and a byte or a bit for each passage of the segment.
            cost = _LISTED * self.counts[place] + (self.documents // 8 if stored.kind == "plain" else self.documents)
            if self._cost + cost > MOST_READ:
                self._read.clear()
                self._cost = 0
            posting_list = self._read[place] = self._postings(place, stored)
            self._cost += cost
        return posting_list

    def _postings(self, place: int, field: StoredField) -> Postings:
        self._look(place // TERMS_TOGETHER)
        whole = self.block(place)
        count = self.counts[place]
        body = whole[_CHECKSUM:]
        if len(body) < _HEAD + 2 * count or zlib.crc32(body) != int.from_bytes(whole[:_CHECKSUM], "little"):
            refuse_index(f"{self.name}, a term of {field.name}")
        head, at = int.from_bytes(body[:_HEAD], "little"), _HEAD + 2 * count
        documents = body[_HEAD:at].cast("H")
        codes, escaped = b"", []
        if field.kind != "plain":
            codes = bytes(body[at : at + count])
            at += count
            for _ in range(codes.count(ESCAPE)):
                escaped.append((int.from_bytes(body[at : at + 4], "little"), body[at + 4]))
                at += _PAIR
        end = at + (head >> 1)
        bitmap = body[at:end] if end > at else None
        return Postings(documents, codes, escaped, bitmap, body[end:], field, self.documents, has_places=bool(head & 1))

    def numbers_of(self, place: int) -> memoryview:
        """Return the passages of the term at a place and nothing else, unchecked."""
        self._sections.checked("block ends")
        start = self._block_ends[place] + _CHECKSUM + _HEAD
        return self._blocks[start : start + 2 * self.counts[place]].cast("H")

    def block(self, place: int) -> memoryview:
        """Return the block of the term at a place, as it lies."""
        return self._blocks[self._block_ends[place] : self._block_ends[place + 1]]

    def parts(self) -> tuple[memoryview, memoryview, memoryview, memoryview]:
        """Return the keys, where each ends, the blocks, and where each ends: to be copied into another segment."""
        for name in ("keys", "key ends", "counts", "block ends"):
            self._sections.checked(name)
        return self._keys, self._ends, self._blocks, self._block_ends


class Passages:
    """The passages file of a segment, in memory or mapped.

    :raises DamagedIndex: from every method, where the file is not as it was written.
    """

    def __init__(self, content: memoryview, name: str, documents: int) -> None:
        """Open the file."""
        self.name = name
        self._sections = Sections(content, f"{name}.passages")
        self.documents = documents
        self._columns: dict[str, Column] = {}
        try:
            self.columns: list[str] = self._sections.properties["columns"]
            count = self._sections.properties["documents"]
        except (KeyError, TypeError) as error:
            refuse_index(name, error)
        if count != documents:
            refuse_index(f"{name} has {count} passages, not {documents}")

    def lengths(self, field: str) -> memoryview | None:
        """Return the length byte of each passage in a field, or None where none is kept."""
        name = f"lengths:{field}"
        return self._sections.checked(name) if name in self._sections else None

    def column(self, name: str) -> Column:
        """Return a column."""
        stored_column = self._columns.get(name)
        if stored_column is None:
            ends = self._sections.checked(f"value ends:{name}").cast("Q")
            codes = self._sections.checked(f"codes:{name}")
            width = len(codes) // self.documents if self.documents else 1
            stored_column = Column(partial(self._sections.part, f"values:{name}"), ends, codes.cast(WIDTHS[width]))
            self._columns[name] = stored_column
        return stored_column

    def stored_parts(self) -> tuple[memoryview, memoryview]:
        """Return all that is stored, and where it ends for each passage: to be copied into another segment."""
        return self._sections.raw("stored"), self._stored_ends()

    def stored_bytes(self, document: int) -> memoryview:
        """Return what is stored for a passage, as it lies."""
        width = self._sections.length("stored ends") // (self.documents + 1)
        start, end = ends_of(self._sections.part("stored ends", width * document, width * (document + 2)), 2)
        return self._sections.raw("stored")[start:end]

    def _stored_ends(self) -> memoryview:
        return ends_of(self._sections.checked("stored ends"), self.documents + 1)

    def stored(self, document: int) -> dict[str, Any]:
        """Return what is stored for a passage."""
        written = bytes(self.stored_bytes(document))
        if not written:
            return {}
        if zlib.crc32(written[_CHECKSUM:]) != int.from_bytes(written[:_CHECKSUM], "little"):
            refuse_index(f"{self.name}, a stored passage")
        fields: dict[str, Any] = {}
        at = _CHECKSUM
        while at < len(written):
            name_end = at + 1 + written[at]
            name, kind = written[at + 1 : name_end].decode(), written[name_end : name_end + 1]
            start = name_end + 5
            end = start + int.from_bytes(written[name_end + 1 : start], "little")
            content = written[start:end]
            if kind == b"s":
                fields[name] = content.decode("utf-8", "surrogatepass")
            else:
                fields[name] = content if kind == b"b" else json.loads(content)
            at = end
        return fields
