"""Who speaks of what: coverage by camp, decade and vantage point.

So that "nobody was there to tell" can be told apart from "no".
"""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from archive import dates
from archive.retrieval import Record

UNDATED = "undated"


class Cell(NamedTuple):
    """How many testimonies speak of a camp in a decade from a vantage point (``witness.connection``)."""

    camp: str
    decade: str
    vantage: str
    testimonies: int


def coverage(records: Iterable[Record]) -> tuple[Cell, ...]:
    """Count testimonies by camp, decade and vantage point; claims that are rejected do not count."""
    seen: set[tuple[str, str, str, str]] = set()
    for record in records:
        recorded = dates.bounds(record.testimony.recorded)
        for passage in record.passages:
            for entry in passage.entries:
                if not entry.camp or entry.status == "rejected":
                    continue
                period = dates.bounds(entry.period) if entry.period else None
                closed = dates.closed_at(period, recorded) if period else None
                for decade in dates.decades(closed) or (UNDATED,):
                    seen.add((entry.camp, decade, record.testimony.witness.connection, record.testimony.code))
    counted = Counter((camp, decade, vantage) for camp, decade, vantage, _ in seen)
    return tuple(Cell(*key, count) for key, count in sorted(counted.items()))
