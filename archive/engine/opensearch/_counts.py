"""Counting what a query finds, exactly: the passages of each setting, and what those count for by `FilterPredicate`.

A cluster's own count of different values is an estimate, and its facets know nothing of entries that pass. So it counts
passages by *setting* alone, of which a testimony has a few; everything else is worked out from those here.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from archive.engine import _attributes as attributes
from archive.engine._attributes import FilterPredicate, PassageAttributes, in_order, is_limited, is_narrowed
from archive.named_tuple import NamedTuple
from archive.search.model import ENTRY_FIELDS, FACETS, FacetCount, Filters

Columns = Callable[[Iterable[str]], Mapping[str, tuple[bytes, bytes]]]
"""Gives what the passages of each setting are about, and how they are marked."""


class Counted(NamedTuple):
    """How many passages have a value, a setting or a code, and how many of those at each level, with all levels before it."""

    value: str
    passages: int
    levels: tuple[int, ...] = ()


class Totals(NamedTuple):
    """Passages and testimonies that pass, how many of them first at each level, and how many times keep out."""

    passages: int
    testimonies: int
    by_level: tuple[int, ...]
    undated: int = 0
    without_day: int = 0
    without_history: int = 0


def totals_of_codes(counted: Iterable[Counted]) -> Totals:
    """Return the totals of passages that all pass, counted by their codes."""
    rows = list(counted)
    return Totals(sum(row.passages for row in rows), len({row.value for row in rows}), _first_at(rows))


def _first_at(rows: list[Counted]) -> tuple[int, ...]:
    """Return how many passages are at each level and at none before it."""
    with_those_before = [sum(column) for column in zip(*(row.levels for row in rows), strict=True)]
    return tuple(here - before for here, before in zip(with_those_before, [0, *with_those_before], strict=False))


class SettingCounts:
    """What a query finds without any filter, counted by settings; the filters are judged here."""

    def __init__(self, counted: Iterable[Counted], columns: Columns, filters: Filters) -> None:
        """Take the counts, and read what their settings hold."""
        self._rows = list(counted)
        value_columns = columns(row.value for row in self._rows)
        self._matches = {setting: PassageAttributes(*columns_of_it) for setting, columns_of_it in value_columns.items()}
        self._filters = filters
        self._predicate = FilterPredicate(filters)
        of_entries = filters._asdict()
        self._narrowing = FilterPredicate(Filters(**{name: of_entries[name] for name in (*ENTRY_FIELDS, "period", "as_of")}))

    def totals(self) -> Totals:
        """Return how many pass, and how many times keep out."""
        passed = self._passing("")
        undated = without_day = without_history = 0
        for row in self._rows:
            match = self._matches[row.value]
            if (self._filters.period or self._filters.recorded) and self._predicate.only_undated(match):
                undated += row.passages
            without_day += row.passages if self._predicate.without_day(match) else 0
            without_history += row.passages if self._predicate.without_history(match) else 0
        testimonies = len({_code(row) for row in passed})
        return Totals(
            passages=sum(row.passages for row in passed),
            testimonies=testimonies,
            by_level=_first_at(passed),
            undated=undated,
            without_day=without_day,
            without_history=without_history,
        )

    def facets(self, fields: Iterable[str] = FACETS) -> dict[str, tuple[FacetCount, ...]]:
        """Count some facets; a facet's own filter does not empty it."""
        return {field: in_order(field, self._facet(field)) for field in fields}

    def _facet(self, field: str) -> list[FacetCount]:
        without = field if is_limited(self._filters, field) else ""
        narrowed = is_narrowed(self._filters, field)
        at = FACETS.index(field)
        passages: dict[str, int] = defaultdict(int)
        testimonies: dict[str, set[str]] = defaultdict(set)
        for row in self._passing(without):
            match = self._matches[row.value]
            for value in self._narrowing.values(match, without)[at] if narrowed else self._all_values(field, match):
                passages[value] += row.passages
                testimonies[value].add(_code(row))
        return [FacetCount(value, count, len(testimonies[value])) for value, count in passages.items()]

    def _all_values(self, field: str, match: PassageAttributes) -> Iterable[str]:
        return attributes.values(field, self._predicate.entries(match.about), self._predicate.labels(match.marks))

    def _passing(self, without: str) -> list[Counted]:
        return [row for row in self._rows if self._predicate.passes(self._matches[row.value], without)]


def _code(row: Counted) -> str:
    return row.value.rpartition("/")[0]
