"""What a passage is about and how it is marked, judged once for each different value of a column."""

import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from typing import Any, Final

from archive.authority.gazetteer import join, key
from archive.named_tuple import NamedTuple
from archive.search.model import ENTRY_FIELDS, FACETS, FacetCount, Filters

UNDATED: Final = "undated"
STANDS, LEAD, REJECTED, NONE = range(4)
"""How a claim stands, as the column ``concepts`` has it; that there is none."""
_CAMP, _ZONE, _ROLE, _BASIS, _STATUS, _FIRST, _LAST, _DECADES = range(8)
FIRST_TO_LAST: Final = ("first", "last")
"""The first and the last day of an entry, where they stand for themselves."""
_AT: Final = {"camp": _CAMP, "zone": _ZONE, "role": _ROLE, "basis": _BASIS, "status": _STATUS}
_LATER_THAN_ALL: Final = 9999_99_99
_MARKS: Final = ("flag", "topic", "kind", "reliability", "language", "code", "connection")


Values = tuple[tuple[str, ...], ...]
"""What a passage counts for, facet by facet, in the order of `FACETS`."""


class PassageAttributes(NamedTuple):
    """The two columns of a passage that say what it is about and how it is marked, as written."""

    about: bytes
    marks: bytes


class FilterPredicate:
    """Decides by a passage's columns; remembers each value that it has seen."""

    def __init__(self, filters: Filters) -> None:
        """Take the filters of a query."""
        self.filters = filters
        self.entries: Callable[[bytes], list[list[Any]]] = cache(json.loads)
        """Reads an ``about`` column: the entries."""
        self.labels: Callable[[bytes], Mapping[str, Any]] = cache(json.loads)
        """Reads a ``marks`` column: the passage's flags, topics and so on."""
        self._passed: dict[tuple[str, bytes], bool] = {}

    def passes(self, match: PassageAttributes, without: str = "") -> bool:
        """Return whether a passage passes all filters, but for those on the field named in ``without``."""
        seen = ("a" + without, match.about)
        if seen not in self._passed:
            self._passed[seen] = any(self._entry(entry, without) for entry in self.entries(match.about))
        if not self._passed[seen]:
            return False
        seen = ("m" + without, match.marks)
        if seen not in self._passed:
            self._passed[seen] = self._has_marks(self.labels(match.marks), without)
        return self._passed[seen]

    def standing(self, written: bytes, topics: frozenset[str]) -> int:
        """Return how well the best claim of a ``concepts`` column on one of some topics stands, of those that pass the filters.

        More than `REJECTED` where there is none.
        """
        best = NONE
        for named, stands, entries in json.loads(written):
            if stands < best and not topics.isdisjoint(named) and any(self._entry(entry, "") for entry in entries):
                best = stands
        return best

    def only_undated(self, match: PassageAttributes) -> bool:
        """Return whether a passage is kept out by times asked for alone, and by each because it is undated."""
        if self.passes(match):
            return False
        marks = self.labels(match.marks)
        kept = [entry for entry in self.entries(match.about) if self._entry(entry, "period")]
        camps_pass = any(self._entry(entry, "") for entry in kept) or (bool(kept) and not any(entry[_FIRST] for entry in kept))
        return camps_pass and self._has_marks(marks, "recorded") and (self._has_marks(marks, "") or not marks["recorded"])

    def _entry(self, entry: list[Any], without: str) -> bool:
        for field in ENTRY_FIELDS:
            wanted = getattr(self.filters, field)
            if wanted and field != without and entry[_AT[field]] not in wanted:
                return False
        if not self.filters.period or without in {"period", "decade"}:
            return True
        first, last = entry[_FIRST], entry[_LAST]
        return bool(first) and any(
            (asked.first <= first and last <= asked.last) if asked.within else (first <= asked.last and asked.first <= last)
            for asked in self.filters.period
        )

    def _has_marks(self, marks: Mapping[str, Any], without: str) -> bool:
        for field in _MARKS:
            wanted = getattr(self.filters, field)
            if wanted and field != without and not self._has_wanted(field, wanted, self._values(field, marks)):
                return False
        if self.filters.witness and not any(is_named(wanted, marks["witness"]) for wanted in self.filters.witness):
            return False
        first, last = marks["recorded"] or (0, 0)
        if self.filters.as_of and without != "as_of" and not 0 < marks["public"] <= self.filters.as_of:
            return False
        if self.filters.since and without != "since" and marks["updated"] < self.filters.since:
            return False
        if (
            self.filters.recorded
            and without != "recorded"
            and not any(first and first <= asked.last and asked.first <= last for asked in self.filters.recorded)
        ):
            return False
        return not self._has_unwanted(marks, without)

    def _has_wanted(self, field: str, wanted: tuple[str, ...], values: list[str]) -> bool:
        met = (each in values for each in wanted)
        return all(met) if field == "topic" and self.filters.all_topics else any(met)

    def _has_unwanted(self, marks: Mapping[str, Any], without: str) -> bool:
        """Return whether a passage has a flag or a topic that none may have."""
        flags = self.filters.without_flag if without != "flag" else ()
        topics = self.filters.without_topic if without != "topic" else ()
        return not (set(flags).isdisjoint(self._flags(marks)) and set(topics).isdisjoint(marks["topic"]))

    def _values(self, field: str, marks: Mapping[str, Any]) -> list[str]:
        if field == "flag":
            return self._flags(marks)
        values: list[str] = marks[field]
        return [tag for value in values for tag in ranges(value)] if field == "language" else values

    def _flags(self, marks: Mapping[str, Any]) -> list[str]:
        """Return the flags that were in force as far as the public could know on the day asked for."""
        if not self.filters.as_of:
            flags: list[str] = marks["flag"]
            return flags
        day = self.filters.as_of
        known = [flag for flag in marks["flag"] if marks["known"].get(flag, 0) <= day]
        return list(dict.fromkeys([*known, *(flag for flag, since, until in marks["replaced"] if since <= day < until)]))

    def without_day(self, match: PassageAttributes) -> bool:
        """Return whether a passage is kept out by the day asked for alone, because its record has none."""
        return bool(self.filters.as_of) and not self.labels(match.marks)["public"] and self.passes(match, "as_of")

    def without_history(self, match: PassageAttributes) -> bool:
        """Return whether a passage is kept out since nobody can say when its record came in, or was changed."""
        return bool(self.filters.since) and not self.labels(match.marks)["updated"] and self.passes(match, "since")

    def first_day_told(self, match: PassageAttributes) -> int:
        """Return the first day told of in the entries that pass, to sort by; the undated come last."""
        starts = [entry[_FIRST] for entry in self.entries(match.about) if entry[_FIRST] and self._entry(entry, "")]
        return min(starts, default=_LATER_THAN_ALL)

    def first_day_recorded(self, match: PassageAttributes) -> int:
        """Return the first day on which the account may have been recorded, to sort by."""
        bounds = self.labels(match.marks)["recorded"]
        return int(bounds[0]) if bounds else _LATER_THAN_ALL

    def values(self, match: PassageAttributes, without: str = "") -> Values:
        """Return what a passage counts for, facet by facet: by its entries that pass, and its flags as far as they were known.

        :param without: a field whose own filter does not count.
        """
        marks = self.labels(match.marks)
        entries = [entry for entry in self.entries(match.about) if self._entry(entry, without)]
        return tuple(tuple(self._flags(marks) if field == "flag" else values(field, entries, marks)) for field in FACETS)


def values(field: str, entries: Iterable[list[Any]], marks: Mapping[str, Any]) -> Iterable[str]:
    """Return the values of a facet among some entries or marks, each once."""
    if field not in {"decade", *ENTRY_FIELDS}:
        field_values: list[str] = marks[field]
        return field_values
    if field == "decade":
        return {decade for entry in entries for decade in entry[_DECADES] or (UNDATED,)}
    return {entry[_AT[field]] for entry in entries if entry[_AT[field]]}


def ranges(tag: str) -> list[str]:
    """Return what a language tag is asked for by: ``ko-KP`` by ``ko-kp`` and by ``ko`` (RFC 4647, basic filtering)."""
    parts = tag.casefold().split("-")
    return ["-".join(parts[:count]) for count in range(1, len(parts) + 1)]


def are_apart(tags: Iterable[str]) -> bool:
    """Return whether none of some language tags takes another one in, as ``ko`` does ``ko-KP``."""
    every = [ranges(tag) for tag in tags]
    whole = {tag_ranges[-1] for tag_ranges in every}
    return all(whole.isdisjoint(tag_ranges[:-1]) for tag_ranges in every)


def is_named(wanted: str, names: list[str]) -> bool:
    """Return whether a name is one of a witness's.

    All its words in any order, or joined or parted otherwise (Kim Yong, Kimyong).
    """
    return any(_is_name(wanted, name) for name in names)


@lru_cache(maxsize=4096)  # every passage of a record has the names of its witness
def _is_name(wanted: str, name: str) -> bool:
    words, whole, own = set(_words(wanted)), join(key(wanted)), _words(name)
    runs = ("".join(own[first:last]) for first in range(len(own)) for last in range(first + 1, len(own) + 1))
    return words <= set(own) or whole in runs


def _words(name: str) -> list[str]:
    return key(name).replace("-", " ").split()


def is_limited(filters: Filters, field: str) -> bool:
    """Return whether a facet has a filter of its own, which does not count for it."""
    limits = {
        "decade": filters.period,
        "flag": filters.flag or filters.without_flag,
        "topic": filters.topic or filters.without_topic,
    }
    return bool(limits[field] if field in limits else getattr(filters, field))


def is_narrowed(filters: Filters, field: str) -> bool:
    """Return whether a facet counts less than all that its passages have: entries that pass, flags that were known."""
    if field == "flag":
        return bool(filters.as_of)
    if field not in {"decade", *ENTRY_FIELDS}:
        return False
    return any(getattr(filters, other) for other in ENTRY_FIELDS if other != field) or (
        bool(filters.period) and field != "decade"
    )


def in_order(field: str, rows: Iterable[FacetCount]) -> tuple[FacetCount, ...]:
    """Return the counts of a facet: what has an order of its own in it, all else by how many passages have it."""
    by_time = field in {"decade", "reliability"}
    return tuple(sorted(rows, key=lambda row: (0 if by_time else -row.passages, row.value)))
