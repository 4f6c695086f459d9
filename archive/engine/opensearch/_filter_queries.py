"""Filters as queries: what `archive.engine._attributes.FilterPredicate` decides of a passage, asked of all at once.

Counts are made by that predicate itself; these find the passages that it counted. What must be met by one and the same
entry is asked of nested documents, one for each entry.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final

from archive.engine._attributes import FIRST_TO_LAST
from archive.search.model import ENTRY_FIELDS, Filters

Clause = dict[str, Any]
NOTHING: Final[Clause] = {"match_none": {}}
_LISTED: Final = {
    "flag": "flag",
    "topic": "topic",
    "kind": "kind",
    "reliability": "reliability",
    "language": "language_range",
    "code": "code",
    "connection": "connection",
}
"""The filters that a value decides by itself, and the field that has it."""

Named = Callable[[Iterable[str]], list[str]]
"""Gives the names of witnesses of the index that are meant by those asked for."""


def clauses(filters: Filters, named: Named) -> list[Clause]:
    """Return queries that a passage must all meet to pass some filters."""
    wanted = [clause for field in _LISTED for clause in _list_clauses(filters, field)]
    entry = entry_clauses(filters, "entries")
    wanted += [nest("entries", entry)] if entry else []
    if filters.witness:
        wanted.append({"terms": {"names": named(filters.witness)}})
    if filters.recorded:
        spans = [
            [{"range": {"recorded_first": {"lte": asked.last}}}, {"range": {"recorded_last": {"gte": asked.first}}}]
            for asked in filters.recorded
        ]
        wanted.append(any_of([all_of(span) for span in spans]))
    if filters.as_of:
        wanted.append({"range": {"public": {"gt": 0, "lte": filters.as_of}}})
    if filters.since:
        wanted.append({"range": {"updated": {"gte": filters.since}}})
    unwanted = [_flags(filters.without_flag, filters.as_of)] if filters.without_flag else []
    unwanted += [{"terms": {"topic": list(filters.without_topic)}}] if filters.without_topic else []
    return [*wanted, *({"bool": {"must_not": [clause]}} for clause in unwanted)]


def _list_clauses(filters: Filters, field: str) -> list[Clause]:
    values: tuple[str, ...] = getattr(filters, field)
    if not values:
        return []
    if field == "flag":
        return [_flags(values, filters.as_of)]
    if field == "topic" and filters.all_topics:
        return [{"term": {"topic": value}} for value in values]
    return [{"terms": {_LISTED[field]: list(values)}}]


def _flags(values: Iterable[str], as_of: int) -> Clause:
    """Return what has one of some flags, in force as far as the public could know on a day."""
    if not as_of:
        return {"terms": {"flag": list(values)}}
    then = [{"range": {"known.since": {"lte": as_of}}}, {"range": {"known.until": {"gt": as_of}}}]
    return nest("known", [{"terms": {"known.flag": list(values)}}, *then])


def entry_clauses(filters: Filters, path: str) -> list[Clause]:
    """Return queries that one entry must all meet, in the nested documents of a path."""
    wanted: list[Clause] = [
        {"terms": {f"{path}.{field}": list(getattr(filters, field))}} for field in ENTRY_FIELDS if getattr(filters, field)
    ]
    if filters.period:
        first, last = (f"{path}.{name}" for name in FIRST_TO_LAST)
        spans = [
            [{"range": {first: {"gte": asked.first}}}, {"range": {last: {"lte": asked.last}}}]
            if asked.within
            else [{"range": {first: {"lte": asked.last}}}, {"range": {last: {"gte": asked.first}}}]
            for asked in filters.period
        ]
        wanted.append(any_of([all_of(span) for span in spans]))
    return wanted


def nest(path: str, wanted: list[Clause]) -> Clause:
    """Return what has a nested document that meets some queries."""
    return {"nested": {"path": path, "query": all_of(wanted), "score_mode": "none"}}


def all_of(wanted: list[Clause]) -> Clause:
    """Return what meets all of some queries, none of which scores."""
    return {"bool": {"filter": wanted}}


def any_of(wanted: list[Clause]) -> Clause:
    """Return what meets any of some queries."""
    return {"bool": {"should": wanted, "minimum_should_match": 1}} if wanted else NOTHING
