"""Dates as the archive writes them: EDTF (ISO 8601-2), read into bounds that can be compared.

Source: https://www.loc.gov/standards/datetime/. The library ``edtf`` reads them;
around it stand guards for what it lets through: a reversed interval, an empty
side (to which it gives ten years of its own), a date with a time of day, and a
year that is wholly unknown (which it makes 0 to 9999).

This room is slow to import and is loaded only where a date is asked for.
"""

import re
from calendar import monthrange
from functools import cache
from typing import Final, NamedTuple

import edtf

from archive.errors import ArchiveError

UNDATED: Final = "XXXX"
_FIRST: Final = 1_01_01
_LAST: Final = 9999_12_31
_OPEN: Final = ".."
_MONTHS: Final = 12
_PLAIN: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_LONGEST: Final = 120  # code points; no date that a person writes comes near


class InvalidDate(ArchiveError):
    """Not a date that can be read; the message says why."""


class Bounds(NamedTuple):
    """The first and the last day that a date may mean, as ``yyyymmdd`` integers.

    ``earliest`` and ``latest`` give way to "about" and "perhaps" (1998~ reaches
    from 1997 to 1999); ``surely_from`` and ``surely_to`` do not.
    """

    earliest: int
    surely_from: int
    surely_to: int
    latest: int

    def overlaps(self, other: "Bounds") -> bool:
        """Ask whether the two could share a day."""
        return self.earliest <= other.latest and other.earliest <= self.latest

    def lies_within(self, other: "Bounds") -> bool:
        """Ask whether this surely ends and begins inside the other, however the words are taken."""
        return other.surely_from <= self.earliest and self.latest <= other.surely_to


@cache
def bounds(written: str) -> Bounds | None:
    """Read a date; None means undated. An open side reaches to year 1 or 9999.

    :raises InvalidDate: the text is no EDTF, is reversed, or has an empty side.
    """
    if written == UNDATED:
        return None
    if len(written) > _LONGEST:
        message = "is too long for a date"
        raise InvalidDate(message)
    if "T" in written:
        message = "has a time of day; write the day alone"
        raise InvalidDate(message)
    first, slash, last = written.partition("/")
    if slash and not (first and last):
        message = 'has an empty side; write ".." for an open end'
        raise InvalidDate(message)
    if slash:
        return _interval(written, first, last)
    return _plain(written) or _library(written)


def _plain(written: str) -> Bounds | None:
    """Read a year, a month or a day by the calendar; None for all else. The library takes 10 ms for a date."""
    found = _PLAIN.fullmatch(written)
    if found is None:
        return None
    year, month, day = (int(part or 0) for part in found.groups())
    if not year or month > _MONTHS or (found[2] and not month):
        return None
    last = monthrange(year, month or _MONTHS)[1]
    if day > last or (found[3] and not day):
        return None
    first = year * 10000 + (month or 1) * 100 + (day or 1)
    final = year * 10000 + (month or _MONTHS) * 100 + (day or last)
    return Bounds(first, first, final, final)


def _interval(written: str, first: str, last: str) -> Bounds | None:
    lower = None if first in {_OPEN, UNDATED} else bounds(first)
    upper = None if last in {_OPEN, UNDATED} else bounds(last)
    if lower is None and upper is None:
        return None
    if not all(side == _OPEN or _plain(side) for side in (first, last)):
        # The library is asked as well, so that nothing passes here that is no EDTF.
        _library(written)
    found = Bounds(
        lower.earliest if lower else _FIRST,
        lower.surely_from if lower else _FIRST,
        upper.surely_to if upper else _LAST,
        upper.latest if upper else _LAST,
    )
    if found.earliest > found.latest or found.surely_from > found.surely_to:
        message = "ends before it begins"
        raise InvalidDate(message)
    return found


def _library(written: str) -> Bounds:
    try:
        read = edtf.parse_edtf(written)
        sides = (read.lower_fuzzy(), read.lower_strict(), read.upper_strict(), read.upper_fuzzy())
    except Exception as error:
        # The library raises its own and several built-in errors for bad input.
        message = "is no date in EDTF (1996, 1996-05, 199X, 1996~, 1995/1998, ../1982)"
        raise InvalidDate(message) from error
    whole = [_as_integer(side) for side in sides]
    if whole[0] > whole[3] or whole[1] > whole[2]:
        message = "ends before it begins"
        raise InvalidDate(message)
    return Bounds(*whole)


def _as_integer(side: object) -> int:
    if isinstance(side, float):
        return _FIRST if side < 0 else _LAST
    year, month, day = map(int, tuple(side)[:3])  # type: ignore[arg-type]  # a struct_time
    return max(_FIRST, min(_LAST, year * 10000 + month * 100 + day))


def closed_at(period: Bounds, recorded: Bounds | None) -> Bounds:
    """End an open period on the last day on which the statement can have been made."""
    if recorded is None or period.latest != _LAST:
        return period
    last = max(recorded.latest, period.surely_from)
    return period._replace(surely_to=last, latest=last)


def decades(period: Bounds | None) -> tuple[str, ...]:
    """Give the decades that a period surely or perhaps touches: ``1970s``, ``1980s``.

    A side that is open has no decade of its own, so only the known side counts.
    """
    if period is None:
        return ()
    first, last = period.earliest // 10000, period.latest // 10000
    if period.earliest == _FIRST:
        first = last
    if period.latest == _LAST:
        last = first
    return tuple(f"{year}s" for year in range(first - first % 10, last + 1, 10))
