"""Reading a segment from a memory map: terms by bisection, postings as they lie, nothing that is not asked for."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import accumulate, chain, compress, pairwise, repeat
from operator import add, itemgetter
from typing import Final

from archive.engine.whoosh.segment._sections import Sections
from archive.engine.whoosh.segment.layout import ESCAPE, PLACE_BITS, SEPARATOR, TERMS_TOGETHER, WIDTHS, Kind, Pair, bits
from archive.errors import refuse_index
from archive.named_tuple import NamedTuple

MOST_READ: Final = 1 << 25
"""Bytes that the terms of a segment may take which are kept when they have been read."""
_LISTED, _PLACED = 40, 200  # bytes a passage of a term: its number in a list, and all that tells where the term stands in it
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
    """A field in a segment: where its terms are, what is kept of them, and how many stand in all passages together."""

    name: str
    kind: Kind
    first: int
    last: int
    pairs: list[Pair]
    total: int


def _offsets_at(sections: Sections, name: str, place: int, each: int = 1) -> list[int]:
    """Return some offsets of the term at a place, and those of the next one."""
    return sections.part(name, 4 * each * place, 4 * each * (place + 2)).cast("I").tolist()


class Postings:
    """The passages of a term: their numbers ascending, a code each, the pairs that have no code, and where it stands in them.

    Where it stands is read when it is asked for.
    """

    def __init__(self, sections: Sections, place: int, field: StoredField, size: int, bitmap: memoryview | None) -> None:
        """Read the term at a place in a segment of so many passages."""
        first, last = _offsets_at(sections, "document offsets", place)
        self.documents = sections.part("documents", 2 * first, 2 * last).cast("H")
        self.codes, self.escaped = b"", list[Pair]()
        if field.kind == "placed":
            self._sections = sections
            self._offsets = _offsets_at(sections, "placed offsets", place, 3)
            self.codes = bytes(sections.part("codes", first, last))
            escaped = sections.part("escaped", 4 * self._offsets[0], 4 * self._offsets[3]).cast("I")
            self.escaped = [(pair >> 8, pair & 0xFF) for pair in escaped]
        self.pairs = field.pairs
        self.size = size
        self._bitmap = bitmap

    def __len__(self) -> int:
        return len(self.documents)

    @cached_property
    def bit_mask(self) -> int:
        """An integer with a bit set for each passage."""
        return int.from_bytes(self._bitmap, "little") if self._bitmap is not None else bits(self.documents, self.size)

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
        """The number of the word each time that the term stands somewhere, passage after passage."""
        words = self._sections.part("words", self._offsets[1], self._offsets[4])
        return words.cast(WIDTHS[len(words) // self._starts[-1]])

    @cached_property
    def places(self) -> memoryview:
        """The place in each word; empty where each is the first."""
        return self._sections.part("places", self._offsets[2], self._offsets[5])

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
        return list(map(add, words, self.places[start:end])) if self.places else words

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


class TermDictionary:
    """The terms file of a segment, in memory or mapped.

    :raises DamagedIndex: from every method, where the file is not as it was written.
    """

    def __init__(self, content: memoryview, name: str, documents: int) -> None:
        """Open the file."""
        self.documents = documents
        self.sections = Sections(content, f"{name}.terms")
        try:
            self.fields = {
                name: StoredField(name, **properties) for name, properties in self.sections.properties["fields"].items()
            }
        except (KeyError, TypeError) as error:
            refuse_index(name, error)
        self._read: dict[int, Postings] = {}
        self._cost = 0

    def find(self, field: str, term: bytes) -> int:
        """Return the place of a term in the list of all, or -1."""
        first = next(self.terms_from(field, term), None)
        return first[0] if first and first[1] == term else -1

    def terms_from(self, field: str, first: bytes) -> Iterator[tuple[int, bytes]]:
        """Yield the terms of a field from this one on, with their places."""
        stored = self.fields.get(field)
        if stored is None or stored.first == stored.last:
            return
        groups = stored.first // TERMS_TOGETHER, (stored.last - 1) // TERMS_TOGETHER + 1
        for group in range(bisect_right(self._first_terms, first, groups[0] + 1, groups[1]) - 1, groups[1]):
            low, high = max(stored.first, group * TERMS_TOGETHER), min(stored.last, (group + 1) * TERMS_TOGETHER)
            terms = self._terms(low, high)
            at = bisect_left(terms, first)
            yield from enumerate(terms[at:], low + at)

    @cached_property
    def _first_terms(self) -> list[bytes]:
        """The first term of each group of neighbours."""
        terms = bytes(self.sections.check("first terms")).split(SEPARATOR)[:-1]
        count = self.sections.length("term offsets") // 4 - 1
        if len(terms) == -(-count // TERMS_TOGETHER):
            return terms
        return [self._terms(place, place + 1)[0] for place in range(0, count, TERMS_TOGETHER)]  # as in `_terms`

    def _terms(self, first: int, last: int) -> list[bytes]:
        """Return the terms at some places, which are neighbours."""
        offsets = self.sections.part("term offsets", 4 * first, 4 * last + 4).cast("I")
        written = bytes(self.sections.part("terms", offsets[0], offsets[-1]))
        terms = written.split(SEPARATOR)[:-1]
        if len(terms) == last - first:
            return terms
        begins = [offset - offsets[0] for offset in offsets]  # where one holds a separator itself
        return [written[start : end - len(SEPARATOR)] for start, end in pairwise(begins)]

    def words(self, field: str) -> list[bytes]:
        """Return all terms of a field at once."""
        stored = self.fields.get(field)
        return self._terms(stored.first, stored.last) if stored is not None else []

    def total(self, field: str) -> int:
        """Count how often all terms of a field stand in it, which is its length over all passages."""
        return self.fields[field].total if field in self.fields else 0

    def count(self, place: int) -> int:
        """Count the passages that have the term at a place."""
        first, last = _offsets_at(self.sections, "document offsets", place)
        return last - first

    def postings(self, place: int, field: str) -> Postings:
        """Return the passages of the term at a place."""
        posting_list = self._read.get(place)
        if posting_list is None:
            stored = self.fields[field]
            posting_list = Postings(self.sections, place, stored, self.documents, self._bitmap(place))
            # What it may grow to; and for each passage of the segment a bit, or four bytes.
            each, of_all = (_LISTED, self.documents // 8) if stored.kind == "plain" else (_PLACED, 4 * self.documents)
            cost = each * len(posting_list) + of_all
            if self._cost + cost > MOST_READ:
                self._read.clear()
                self._cost = 0
            self._read[place] = posting_list
            self._cost += cost
        return posting_list

    def _bitmap(self, place: int) -> memoryview | None:
        """Return a bit for each passage, eight in a byte, where the term at a place has them."""
        at, width = bisect_left(self._common, place), (self.documents + 7) // 8
        if at == len(self._common) or self._common[at] != place:
            return None
        return self.sections.part("bitmaps", at * width, (at + 1) * width)

    @cached_property
    def _common(self) -> memoryview:
        """The places of the terms that have a bitmap."""
        return self.sections.check("common").cast("I")


class Passages:
    """The passages file of a segment, in memory or mapped.

    :raises DamagedIndex: from every method, where the file is not as it was written.
    """

    def __init__(self, content: memoryview, name: str, documents: int) -> None:
        """Open the file."""
        self.name = name
        self.sections = Sections(content, f"{name}.passages")
        self.documents = documents
        self._columns: dict[str, Column] = {}
        try:
            self.columns: list[str] = self.sections.properties["columns"]
            count = self.sections.properties["documents"]
        except (KeyError, TypeError) as error:
            refuse_index(name, error)
        if count != documents:
            refuse_index(f"{name} has {count} passages, not {documents}")

    def lengths(self, field: str) -> memoryview | None:
        """Return the length byte of each passage in a field, or None where none is kept."""
        name = f"lengths:{field}"
        return self.sections.check(name) if name in self.sections else None

    def column(self, name: str) -> Column:
        """Return a column."""
        stored_column = self._columns.get(name)
        if stored_column is None:
            ends = self.sections.check(f"value offsets:{name}").cast("I")
            codes = self.sections.check(f"codes:{name}")
            width = len(codes) // self.documents if self.documents else 1
            stored_column = Column(partial(self.sections.part, f"values:{name}"), ends, codes.cast(WIDTHS[width]))
            self._columns[name] = stored_column
        return stored_column

    def value(self, name: str, document: int) -> bytes:
        """Return the value of a column of one passage, of which no more than that is read."""
        part = self.sections.part
        width = self.sections.length(f"codes:{name}") // self.documents
        (code,) = part(f"codes:{name}", width * document, width * (document + 1)).cast(WIDTHS[width])
        start, end = part(f"value offsets:{name}", 4 * code, 4 * code + 8).cast("I")
        return bytes(part(f"values:{name}", start, end))
