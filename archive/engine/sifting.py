"""Filters and facets on whole sets of passages.

What a passage is about and how it is marked are terms of plain fields, one
field a facet, and so a facet is counted and a filter met by its bitmap. What
must be met by one and the same entry, a period, or a day in the past is judged
by `archive.engine.counting.Sieve`, once for each different column value.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final

from archive.engine.answering import Set, inside, outside, united
from archive.engine.counting import Match, Sieve, ranges
from archive.engine.packed.library import Part
from archive.engine.tallying import Counted, Pair, Tally
from archive.retrieval import ENTRY_FIELDS, FACETS, FacetCount, Filters

_ALONE: Final = ("flag", "topic", "kind", "reliability", "language", "code")
"""The filters that a term decides by itself."""


class Sifter:
    """Filters and counts."""

    def __init__(self) -> None:
        """Begin with nothing remembered."""
        self._held: dict[tuple[str, str, tuple[str, ...]], Set] = {}
        self._tallies: dict[str, Tally] = {}
        self._narrowings = lru_cache(maxsize=_NARROWINGS)(_narrowing)
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

    def match(self, part: Part, document: int) -> Match:
        """Give the columns of a passage."""
        tally = self._tally(part)
        (pair,) = tally.pairs((document,))
        return tally.match(pair)

    def _joint(self, part: Part, filters: Filters, documents: list[int], without: str) -> list[int]:
        sieve = self.sieve(filters)
        passed: dict[tuple[int, int], bool] = {}
        kept = []
        for document, pair in zip(documents, self._tally(part).pairs(documents), strict=True):
            if pair not in passed:
                passed[pair] = sieve.passes(self._tally(part).match(pair), without)
            if passed[pair]:
                kept.append(document)
        return kept

    def testimonies(self, part: Part, documents: list[int]) -> int:
        """Count the records of some passages."""
        return self._tally(part).testimonies(documents)

    def _tally(self, part: Part) -> Tally:
        found = self._tallies.get(part.entry.name)
        if found is None:
            found = self._tallies[part.entry.name] = Tally(part)
        return found

    def facets(self, found: Iterable[tuple[Part, list[int]]], filters: Filters) -> dict[str, tuple[FacetCount, ...]]:
        """Count every facet over the matches; a facet's own filter does not empty it."""
        passages: dict[str, Counter[str]] = {field: Counter() for field in FACETS}
        testimonies: dict[str, Counter[str]] = {field: Counter() for field in FACETS}
        for part, documents in found:
            for each in self._counted(part, filters, documents):
                passages[each.field][each.value] += each.passages
                testimonies[each.field][each.value] += each.testimonies
        return {field: _rows(field, passages[field], testimonies[field]) for field in FACETS}

    def _counted(self, part: Part, filters: Filters, documents: list[int]) -> Iterator[Counted]:
        """Count every facet over the matches of a segment; those of the same passages are counted together."""
        tally = self._tally(part)
        passed = self.passing(part, filters, documents)
        together: dict[bool, list[str]] = {False: [], True: []}
        for field in FACETS:
            own, is_narrowed = self._own(part, filters, documents, field, passed), _is_narrowed(filters, field)
            if own is passed:
                together[is_narrowed].append(field)
            elif is_narrowed:
                yield from tally.summed(own, self._narrowed(part, filters, own, field), [field])
            else:
                yield from tally.counted(own, [field])
        yield from tally.counted(passed, together[False])
        if together[True]:
            yield from tally.summed(passed, self._narrowed(part, filters, passed), together[True])

    def _narrowed(self, part: Part, filters: Filters, documents: list[int], without: str = "") -> list[int]:
        """Give what passages count for under the filters: by entries that pass, and flags then known.

        :param without: a facet whose own filter does not count.
        """
        kept = filters._asdict()
        deciding = Filters(**{name: kept[name] for name in (*ENTRY_FIELDS, "period", "as_of")})
        held = self._narrowings(deciding, without).setdefault(part.entry.name, {})
        pairs = list(self._tally(part).pairs(documents))
        # But for flags under a day all of it is of the entries alone, and those differ less often than the marks.
        keys: list[Pair | int] = list(pairs) if filters.as_of else [about for about, _ in pairs]
        missing = {key: pair for key, pair in zip(keys, pairs, strict=True) if key not in held}
        if missing:
            tally, sieve = self._tally(part), self.sieve(deciding)
            held.update((key, tally.vector(sieve.values(tally.match(pair), without))) for key, pair in missing.items())
        return [held[key] for key in keys]

    def _own(self, part: Part, filters: Filters, documents: list[int], field: str, passed: list[int]) -> list[int]:
        """Give the matches that pass all filters but those of a facet itself."""
        limits = {"decade": filters.period, "flag": filters.flag or filters.without_flag}
        is_limited = limits[field] if field in limits else getattr(filters, field)
        return self.passing(part, filters, documents, field) if is_limited else passed

    def kept_out(self, part: Part, filters: Filters, documents: list[int]) -> tuple[int, int]:
        """Count the matches that a period keeps out because they are undated, and a day because it is not known when."""
        sieve = self.sieve(filters)
        undated = without_day = 0
        for pair, count in Counter(self._tally(part).pairs(documents)).items():
            match = self._tally(part).match(pair)
            undated += count if filters.period and sieve.only_undated(match) else 0
            without_day += count if sieve.without_day(match) else 0
        return undated, without_day


_REMEMBERED: Final = 512
_NARROWINGS: Final = 4


def _narrowing(_filters: Filters, _without: str) -> dict[str, dict[Pair | int, int]]:
    """Begin what is remembered of filters, segment by segment: what passages with the same columns count for."""
    return {}


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


def _rows(field: str, passages: Counter[str], testimonies: Counter[str]) -> tuple[FacetCount, ...]:
    rows = [FacetCount(value, count, testimonies[value]) for value, count in passages.items()]
    by_time = field in {"decade", "reliability"}
    return tuple(sorted(rows, key=lambda row: (0 if by_time else -row.passages, row.value)))
