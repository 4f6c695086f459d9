"""Counting on a segment: how many passages and testimonies have each value of each facet.

Over many passages the bitmap of each value counts. Over few the values of a
passage are one integer with a *lane* of two bytes for each value, so that one
sum counts all of them; passages alike in their columns share that integer.
"""

import struct
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cache, cached_property, partial
from itertools import repeat
from typing import Final

from archive.engine._attributes import FilterPredicate, PassageAttributes, Values
from archive.engine.whoosh.segment.index_reader import SegmentReader
from archive.engine.whoosh.segment.layout import bits
from archive.engine.whoosh.segment.postings import Postings, take
from archive.search.model import FACETS, Filters

LAST: Final = "last"
"""The field that marks the last passage of each record."""
ONCE: Final = "once"
"""The field of flags that were in force as of a day before, and are not today: no facet, but counted under that day."""
MOST_REMEMBERED: Final = 16_384
"""Integers kept for a segment, some hundred bytes each."""
_FEW: Final = 40
_RECENT: Final = 3  # lists of passages that are asked for again and again within a query
_BITMAP_WORTH: Final = 24  # a passage counted by its integer takes as long as this many counted by bitmaps
_LANE: Final = 2  # bytes: a segment holds fewer passages than these can count
_PRESENT: Final = bytes([0, *repeat(1, 255)])

Pair = tuple[int, int]
"""The codes of the columns ``about`` and ``marks``."""


Counts = defaultdict[tuple[str, str], list[int]]
"""Facet and value → how many passages and testimonies have it."""


class FacetCounter:
    """Counts on one segment; what it remembers is of that segment alone, and goes with it."""

    def __init__(self, segment: SegmentReader) -> None:
        """Take the segment; nothing is read before it is asked for."""
        self._part = segment
        self._remembered: dict[Pair, int] = {}
        self._recent: list[tuple[list[int], Callable[[], int]]] = []
        self._has_counted = False

    @cached_property
    def _places(self) -> dict[tuple[str, str], int]:
        """Facet and value → the place of their term, in the order of their lanes."""
        terms = self._part.terms
        return {(field, term.decode()): place for field in FACETS for place, term in terms.terms_from(field, b"")}

    @cached_property
    def _named(self) -> tuple[tuple[str, str], ...]:
        """Each facet and value in the order of the lanes: those of `_places`, and flags that are in force in the past alone."""
        once = [("flag", term.decode()) for _, term in self._part.terms.terms_from(ONCE, b"")]
        return (*self._places, *(named for named in once if named not in self._places))

    @cached_property
    def _records_of_each(self) -> list[int | None]:
        """The records of a value that is always that of a whole record, whose passages begin and end with records."""
        return [None if (having ^ having >> 1) & self._not_last else self._records(having) for having in self._bits_of_each]

    @cached_property
    def _records(self) -> Callable[[int], int]:
        """Gives a byte for each record that is not 0 where its last passage is among some: far shorter than all passages."""
        return _taker(self._last.documents, self._part.size)

    @cached_property
    def _last(self) -> Postings:
        """The last passages of all records."""
        terms = self._part.terms
        return terms.postings(terms.find(LAST, b"1"), LAST)

    @cached_property
    def _not_last(self) -> int:
        """All other passages as bits."""
        return ((1 << self._part.size) - 1) ^ self._last.bit_mask

    @cached_property
    def _bits_of_each(self) -> list[int]:
        """The passages of each value as bits."""
        terms = self._part.terms
        return [terms.postings(place, field).bit_mask for (field, _), place in self._places.items()]

    @cached_property
    def _lanes(self) -> dict[tuple[str, str], int]:
        """The integer of each value by itself."""
        return {named: 1 << 8 * _LANE * lane for lane, named in enumerate(self._named)}

    @cached_property
    def _unpacked(self) -> struct.Struct:
        return struct.Struct(f"<{len(self._named)}H")

    def testimonies(self, documents: list[int]) -> int:
        """Count the records of some passages."""
        if self.are_few(documents):
            return len(set(self.codes("code", documents)))
        return self._ends(self._bits(documents)).bit_count()

    def count(self, documents: list[int], fields: Iterable[str], counts: Counts) -> None:
        """Count the values of some facets over some passages."""
        if not documents:
            return
        if self.are_few(documents):
            self.count_vectors(documents, self._vectors(documents), fields, counts)
            return
        own, wanted = self._bits(documents), frozenset(fields)
        of_records: Sequence[int | None] = [None] * len(self._places)
        records = 0
        if self._has_counted:
            of_records = self._records_of_each
            records = self._records(self._ends(own))
        self._has_counted = True
        for named, having, of in zip(self._places, self._bits_of_each, of_records, strict=True):
            if named[0] in wanted and (both := own & having):
                counted = counts[named]
                counted[0] += both.bit_count()
                counted[1] += (self._ends(both) if of is None else records & of).bit_count()

    def count_vectors(self, documents: list[int], vectors: list[int], fields: Iterable[str], counts: Counts) -> None:
        """Count the values of some facets over some passages, by the integer of each."""
        records, wanted = self.codes("code", documents), frozenset(fields)
        passages = self._unpack(sum(vectors))
        testimonies = passages
        if len(set(records)) < len(records):
            by_record: dict[int, int] = {}
            for record, vector in zip(records, vectors, strict=True):
                by_record[record] = by_record.get(record, 0) | vector
            testimonies = self._unpack(sum(by_record.values()))
        for named, count, of in zip(self._named, passages, testimonies, strict=True):
            if count and named[0] in wanted:
                counted = counts[named]
                counted[0] += count
                counted[1] += of

    def vector(self, values: Values) -> int:
        """Write values, facet by facet in the order of `FACETS`, as an integer with a lane for each."""
        lanes = self._lanes
        return sum([lanes[field, value] for field, field_values in zip(FACETS, values, strict=True) for value in field_values])

    def pairs(self, documents: Sequence[int]) -> Iterable[Pair]:
        """Return the codes of the columns ``about`` and ``marks`` of some passages."""
        return zip(self.codes("about", documents), self.codes("marks", documents), strict=True)

    def codes(self, column: str, documents: Sequence[int]) -> tuple[int, ...]:
        """Return the codes of a column of some passages."""
        return take(documents, self._part.passages.column(column).codes)

    def match(self, pair: Pair) -> PassageAttributes:
        """Return the values of two columns by their codes."""
        about, marks = pair
        passages = self._part.passages
        return PassageAttributes(passages.column("about").value(about), passages.column("marks").value(marks))

    def are_few(self, documents: Sequence[int]) -> bool:
        """Return whether counting one by one is faster than by bitmaps; more than a few only where integers are used again."""
        return len(documents) < _FEW or (self._has_counted and len(documents) * _BITMAP_WORTH < self._part.size)

    def _unpack(self, total: int) -> tuple[int, ...]:
        return self._unpacked.unpack(total.to_bytes(self._unpacked.size, "little"))

    def _vectors(self, documents: list[int]) -> list[int]:
        """Return the integer of each passage."""
        pairs = list(self.pairs(documents))
        remembered = self._remembered
        vectors = list(map(remembered.get, pairs, repeat(0)))
        if not all(vectors):
            self._remember(dict(zip(pairs, documents, strict=True)))
            vectors = [remembered[pair] for pair in pairs]
        return vectors

    def _remember(self, shown: dict[Pair, int]) -> None:
        """Make the integers that are not there yet.

        :param shown: a passage for each of the columns' values.
        """
        remembered = self._remembered
        if len(remembered) + len(shown) > MOST_REMEMBERED:
            remembered.clear()
        missing = {pair: document for pair, document in shown.items() if pair not in remembered}
        if len(missing) < _FEW and "_bits_of_each" not in self.__dict__:
            # For a first query that finds little the bitmaps of all values are not worth their reading.
            predicate = FilterPredicate(Filters())
            remembered.update((pair, self.vector(predicate.values(self.match(pair)))) for pair in missing)
        else:
            remembered.update(zip(missing, self._make_integers(list(missing.values())), strict=True))

    def _make_integers(self, documents: list[int]) -> list[int]:
        """Make the integers of some passages, value by value of the bitmaps, without a step of Python for each passage."""
        count, width = len(documents), self._unpacked.size
        among = _taker(documents, self._part.size)
        rows = bytearray(count * width)
        for lane, having in enumerate(self._bits_of_each):
            rows[_LANE * lane :: width] = among(having).to_bytes(count, "little").translate(_PRESENT)
        return [int.from_bytes(rows[at : at + width], "little") for at in range(0, count * width, width)]

    def _ends(self, some: int) -> int:
        """Return a bit, at its last passage, for every record that has one of the bits.

        A carry runs from any bit of a record up to its last passage and no further.
        """
        others = self._not_last
        return (((some & others) + others) | some) & self._last.bit_mask

    def cache_mask(self, documents: list[int], made: Callable[[], int]) -> None:
        """Take what gives the bits of a list, where that is faster than from its numbers."""
        self._recent = [(documents, cache(made)), *self._recent[: _RECENT - 1]]

    def _bits(self, documents: list[int]) -> int:
        """Return an integer with a bit set for each passage; that of a list recently seen is not made again."""
        for known, made in self._recent:
            if known is documents:
                return made()
        self.cache_mask(documents, partial(bits, documents, self._part.size))
        return self._recent[0][1]()


def _taker(documents: Sequence[int], size: int) -> Callable[[int], int]:
    """Return what takes some passages from the bits of all: a byte for each, which is not 0 where its bit is set."""
    bytes_of = [document >> 3 for document in documents]
    wanted = int.from_bytes([1 << (document & 7) for document in documents], "little")
    return lambda some: int.from_bytes(take(bytes_of, some.to_bytes((size + 7) // 8, "little")), "little") & wanted
