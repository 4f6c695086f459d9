"""Filters and facets on whole sets of passages.

What a passage is about and how it is marked are terms of plain fields, one
field a facet, and so a facet is counted and a filter met by its bitmap. What
must be met by one and the same entry, a period, or a day in the past is judged
by `archive.engine.counting.Sieve`, once for each different column value.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from archive.engine.answering import Set, gathered, inside, outside, united
from archive.engine.counting import Match, Sieve, Values, ranges
from archive.engine.packed.library import Part
from archive.engine.packed.writing import bits
from archive.retrieval import ENTRY_FIELDS, FACETS, FacetCount, Filters

_ALONE: Final = ("flag", "topic", "kind", "reliability", "language", "code")
"""The filters that a term decides by itself."""
_BY_BITS: Final = 40  # matches in a segment from which bitmaps count faster than columns
LAST: Final = "last"
"""The field that marks the last passage of each record."""


Pair = tuple[int, int]
"""The codes of the columns ``about`` and ``marks``."""


class Counted(NamedTuple):
    """Passages and testimonies by value, of one facet."""

    passages: Counter[str]
    testimonies: Counter[str]


class Shape(NamedTuple):
    """The records of a segment as bits: their last passages, and all others."""

    ends: int
    others: int


class Sifter:
    """Filters and counts."""

    def __init__(self) -> None:
        """Begin with nothing remembered."""
        self._held: dict[tuple[str, str, tuple[str, ...]], Set] = {}
        self._shapes: dict[str, Shape] = {}
        self._lately: dict[str, tuple[list[int], int]] = {}
        self._told: dict[str, dict[Pair, Values]] = {}
        self._values: dict[tuple[str, str], list[tuple[str, int]]] = {}
        self.sieve = lru_cache(maxsize=8)(Sieve)

    def passing(self, part: Part, filters: Filters, documents: Sequence[int], without: str = "") -> list[int]:
        """Give the passages that pass all filters, but for those on the field named in ``without``."""
        kept = list(documents) if not isinstance(documents, list) else documents
        for field in _alone(filters):
            wanted = getattr(filters, field)
            if wanted and field != without:
                kept = inside(kept, self._having(part, field, wanted))
        if filters.without_flag and without != "flag" and not filters.as_of:
            kept = outside(kept, self._having(part, "flag", filters.without_flag))
        if _is_joint(filters):
            kept = self._joint(part, filters, kept, without)
        return kept

    def _having(self, part: Part, field: str, values: tuple[str, ...]) -> Set:
        """Give the passages of a segment that have one of some values."""
        key = (part.entry.name, field, values)
        found = self._held.get(key)
        if found is None:
            terms = part.terms
            if field == "language":
                places = [place for place, term in terms.terms_from(field, b"") if set(ranges(term.decode())) & set(values)]
            else:
                places = [place for value in values if (place := terms.find(field, value.encode())) >= 0]
            if len(self._held) >= _REMEMBERED:
                self._held.clear()
            lists = [terms.postings(place, field) for place in places]
            only = lists[0] if len(lists) == 1 else None
            found = self._held[key] = Set(part.size, united(each.listed for each in lists), source=only)
        return found

    @staticmethod
    def match(part: Part, document: int) -> Match:
        """Give the columns of a passage."""
        passages = part.passages
        return _match(part, (passages.column("about").codes[document], passages.column("marks").codes[document]))

    def _joint(self, part: Part, filters: Filters, documents: list[int], without: str) -> list[int]:
        sieve = self.sieve(filters)
        passed: dict[tuple[int, int], bool] = {}
        kept = []
        for document, pair in zip(documents, _pairs(part, documents), strict=True):
            if pair not in passed:
                passed[pair] = sieve.passes(_match(part, pair), without)
            if passed[pair]:
                kept.append(document)
        return kept

    def testimonies(self, part: Part, documents: list[int]) -> int:
        """Count the records of some passages."""
        if len(documents) < _BY_BITS:
            return len(set(gathered(documents, part.passages.column("code").codes)))
        return self._runs(part, self._bits(part, documents)).bit_count()

    def _shape(self, part: Part) -> Shape:
        found = self._shapes.get(part.entry.name)
        if found is None:
            place = part.terms.find(LAST, b"1")
            ends = part.terms.postings(place, LAST).bits
            found = self._shapes[part.entry.name] = Shape(ends, ((1 << part.size) - 1) ^ ends)
        return found

    def _runs(self, part: Part, bits: int) -> int:
        """Give a bit, at its last passage, for every record that has one of the bits.

        A carry runs from any bit of a record up to its last passage and no further.
        """
        ends, others = self._shape(part)
        return (((bits & others) + others) | bits) & ends

    def facets(self, found: Iterable[tuple[Part, list[int]]], filters: Filters) -> dict[str, tuple[FacetCount, ...]]:
        """Count every facet over the matches; a facet's own filter does not empty it."""
        counted = {field: Counted(Counter(), Counter()) for field in FACETS}
        for part, documents in found:
            passed = self.passing(part, filters, documents)
            together: dict[bool, list[str]] = {}
            for field in FACETS:
                own = self._own(part, filters, documents, field, passed)
                is_narrowed = _is_narrowed(filters, field)
                if len(own) >= _BY_BITS and not is_narrowed:
                    self._by_bits(part, own, field, counted[field])
                elif own is passed:
                    together.setdefault(is_narrowed, []).append(field)
                else:
                    values = self._narrowed(part, filters, field) if is_narrowed else self._whole(part)
                    self._at_once(part, own, [field], values, counted)
            for is_narrowed, fields in together.items():
                values = self._narrowed(part, filters) if is_narrowed else self._whole(part)
                self._at_once(part, passed, fields, values, counted)
        return {field: _rows(field, each) for field, each in counted.items()}

    def _at_once(
        self, part: Part, documents: list[int], fields: list[str], values: Callable[[Pair], Values], counted: dict[str, Counted]
    ) -> None:
        """Count several facets over the same passages in one go.

        :param values: gives the values of all facets of a passage, in their order.
        """
        if not (fields and documents):
            return
        records = gathered(documents, part.passages.column("code").codes)
        told: dict[str, set[tuple[int, str]]] = {field: set() for field in fields}
        at = [(FACETS.index(field), counted[field].passages, told[field]) for field in fields]
        for (record, pair), count in Counter(zip(records, _pairs(part, documents), strict=True)).items():
            each = values(pair)
            for number, passages, seen in at:
                for value in each[number]:
                    passages[value] += count
                    seen.add((record, value))
        for field, found in told.items():
            counted[field].testimonies.update(value for _, value in found)

    def _narrowed(self, part: Part, filters: Filters, without: str = "") -> Callable[[Pair], Values]:
        """Give what reads off the values of the facets that count less under the filters: entries that pass, flags then known.

        :param without: a facet whose own filter does not count.
        """
        sieve = self.sieve(filters)
        seen: dict[int | Pair, Values] = {}

        def values(pair: Pair) -> Values:
            # But for flags under a day all of them are of the entries alone, and those differ less often than the marks.
            key = pair if filters.as_of else pair[0]
            if key not in seen:
                seen[key] = sieve.values(_match(part, pair), without)
            return seen[key]

        return values

    def _own(self, part: Part, filters: Filters, documents: list[int], field: str, passed: list[int]) -> list[int]:
        """Give the matches that pass all filters but those of a facet itself."""
        limits = {"decade": filters.period, "flag": filters.flag or filters.without_flag}
        is_limited = limits[field] if field in limits else getattr(filters, field)
        return self.passing(part, filters, documents, field) if is_limited else passed

    def _by_bits(self, part: Part, documents: list[int], field: str, counted: Counted) -> None:
        own = self._bits(part, documents)
        for value, having in self._each_value(part, field):
            both = own & having
            if both:
                counted.passages[value] += both.bit_count()
                counted.testimonies[value] += self._runs(part, both).bit_count()

    def _bits(self, part: Part, documents: list[int]) -> int:
        """Give an integer with a bit set for each passage; that of the same list is made once."""
        held = self._lately.get(part.entry.name)
        if held is None or held[0] is not documents:
            held = self._lately[part.entry.name] = documents, bits(documents, part.size)
        return held[1]

    def _each_value(self, part: Part, field: str) -> list[tuple[str, int]]:
        key = (part.entry.name, field)
        found = self._values.get(key)
        if found is None:
            found = self._values[key] = [
                (term.decode(), part.terms.postings(place, field).bits) for place, term in part.terms.terms_from(field, b"")
            ]
        return found

    def _whole(self, part: Part) -> Callable[[Pair], Values]:
        """Give what reads off all values of all facets, remembered from one query to the next."""
        seen = self._told.setdefault(part.entry.name, {})
        sieve = self.sieve(Filters())

        def values(pair: Pair) -> Values:
            found = seen.get(pair)
            if found is None:
                found = seen[pair] = sieve.values(_match(part, pair))
            return found

        return values

    def kept_out(self, part: Part, filters: Filters, documents: list[int]) -> tuple[int, int]:
        """Count the matches that a period keeps out because they are undated, and a day because it is not known when."""
        sieve = self.sieve(filters)
        undated = without_day = 0
        for pair, count in Counter(_pairs(part, documents)).items():
            match = _match(part, pair)
            undated += count if filters.period and sieve.only_undated(match) else 0
            without_day += count if sieve.without_day(match) else 0
        return undated, without_day


_REMEMBERED = 512


def _alone(filters: Filters) -> list[str]:
    """Give the filters that a term decides by itself: also one on an entry, where it is the only one."""
    fields = [field for field in _ALONE if not (field == "flag" and filters.as_of)]
    entry = [field for field in ENTRY_FIELDS if getattr(filters, field)]
    return [*fields, *entry] if len(entry) == 1 and not filters.period else fields


def _is_joint(filters: Filters) -> bool:
    """Ask whether there is a filter that takes more than a term to decide."""
    entry = sum(bool(getattr(filters, field)) for field in ENTRY_FIELDS)
    return entry > 1 or bool(filters.period or filters.witness or filters.recorded or filters.as_of)


def _is_narrowed(filters: Filters, field: str) -> bool:
    """Ask whether a facet counts less than all that its passages have: entries that pass, flags that were known."""
    if field == "flag":
        return bool(filters.as_of)
    if field not in {"decade", *ENTRY_FIELDS}:
        return False
    return any(getattr(filters, other) for other in ENTRY_FIELDS if other != field) or (
        bool(filters.period) and field != "decade"
    )


def _pairs(part: Part, documents: Sequence[int]) -> Iterable[Pair]:
    """Give the codes of the columns ``about`` and ``marks`` of some passages."""
    passages = part.passages
    return zip(
        gathered(documents, passages.column("about").codes), gathered(documents, passages.column("marks").codes), strict=True
    )


def _match(part: Part, pair: Pair) -> Match:
    about, marks = pair
    return Match(0, 0.0, b"", part.passages.column("about").value(about), part.passages.column("marks").value(marks))


def _rows(field: str, counted: Counted) -> tuple[FacetCount, ...]:
    rows = [FacetCount(value, count, counted.testimonies[value]) for value, count in counted.passages.items()]
    by_time = field in {"decade", "reliability"}
    return tuple(sorted(rows, key=lambda row: (0 if by_time else -row.passages, row.value)))
