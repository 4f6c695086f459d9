"""When a facility worked, and what time an entry tells of."""

from typing import Final

from archive.authority.authorities import Authorities
from archive.record import dates
from archive.record.dates import Bounds
from archive.record.testimony import CampEntry, Testimony

OPEN: Final = (1_01_01, 9999_12_31)
"""The first and last day of a side of which nothing is stated."""


def operating_life(camp: str, authorities: Authorities) -> tuple[int, int] | None:
    """Return the first and last day of a facility by its widest statements; None where nothing is stated.

    A side of which nothing is stated is open.
    """
    opened = _bounds_stated(camp, "opened", authorities)
    closed = _bounds_stated(camp, "closed", authorities)
    if not opened and not closed:
        return None
    first = min((bounds.earliest for bounds in opened), default=OPEN[0])
    last = max((bounds.latest for bounds in closed), default=OPEN[1])
    return first, last


def _bounds_stated(camp: str, about: str, authorities: Authorities) -> list[Bounds]:
    written = [
        statement["date"]
        for statement in authorities.gazetteer[camp].statements
        if statement["about"] == about and statement.get("date") and not statement.get("rejected")
    ]
    return [stated for period in written if (stated := dates.bounds(period))]


def entry_period(entry: CampEntry, testimony: Testimony) -> Bounds | None:
    """Return the time that an entry tells of, an open end closed at the day of the account; None where undated."""
    period = dates.bounds(entry.period) if entry.period else None
    return dates.close_at(period, dates.bounds(testimony.recorded)) if period else None
