"""Dates as the archive writes them: EDTF (ISO 8601-2), read into bounds that can be compared.

Source: https://www.loc.gov/standards/datetime/. What can be read by the
calendar is read by the calendar: years, months and days, also with digits that
are not known, the two sides of an interval, the members of a set. The library
``edtf`` reads the rest: how far "about" and "perhaps" reach, seasons, years of
more than four digits. It is guarded, since it takes days that never were, gives
an unknown side ten years of its own, and prints on standard output.

`read` takes what the standard takes; `bounds` takes what the archive takes.

The library is slow to import, and is loaded only where the calendar does not do.
"""

import contextlib
import io
import re
from calendar import monthrange
from collections.abc import Iterable
from functools import cache
from importlib import import_module
from typing import Final

from archive.errors import ArchiveError
from archive.language.messages import mark, tr
from archive.named_tuple import NamedTuple
from archive.text import UNDATED

_FIRST: Final = 1_01_01
_LAST: Final = 9999_12_31
_OPEN: Final = ".."
_SEASONS: Final = range(21, 42)
_WINTERS: Final = frozenset({24, 28, 30})
"""Seasons that begin in a year and end in the next, or begin in the year before: nobody can say which."""
_LONGEST: Final = 120  # code points; no date that a person writes comes near
_MARK: Final = "[?~%]?"
_DATE: Final = re.compile(
    f"{_MARK}(-?)([0-9X]{{4}}){_MARK}(?:-{_MARK}([0-9X]{{2}}){_MARK}(?:-{_MARK}([0-9X]{{2}}){_MARK})?)?",
)
_ABOUT_A_YEAR: Final = re.compile(r"[0-9]{4}[?~%]")
_ABOUT_A_MONTH: Final = re.compile(r"(?!999[789])[0-9]{4}-(?:0[1-9]|1[0-2])[?~%]")  # the year 10000 is the library's
_TIME: Final = re.compile(r"T(?:[01][0-9]|2[0-3])(?::[0-5][0-9]){2}(?:Z|[+-](?:0[0-9]|1[0-4])(?::[0-5][0-9])?)?")
_FAR: Final = re.compile(r"E[0-9]{2,}|[0-9]{12,}")
_NO_DATE: Final = mark("is no date in EDTF (1996, 1996-05, 199X, 1996~, 1995/1998, ../1982)")
_UNKNOWN_CENTURY: Final = re.compile(r"(?<![0-9X])(?!XXXX)(?:X[0-9X]|[0-9]X)[0-9X]{2}(?![0-9X])")


class InvalidDate(ArchiveError):
    """Not a date that can be read; the message says why."""


class Bounds(NamedTuple):
    """The first and the last day that a date may mean, as ``yyyymmdd`` integers; of a year before 1, below 0.

    ``earliest`` and ``latest`` give way to "about" and "perhaps" (1998~ reaches
    from 1997 to 1999); ``surely_from`` and ``surely_to`` do not.
    """

    earliest: int
    surely_from: int
    surely_to: int
    latest: int


@cache
def bounds(written: str) -> Bounds | None:
    """Read a date as the archive takes it; None means undated. An open or unknown side reaches to year 1 or 9999.

    :raises InvalidDate: the text is no EDTF, is reversed, never was, has a time
        of day or a century that is not known, or means several dates.
    """
    read_bounds = read(written)
    if "T" in written:
        message = tr("has a time of day; write the day alone")
        raise InvalidDate(message)
    if written.startswith("{") and "," in written:
        message = tr("means several dates; write an entry for each, or a period from the first to the last")
        raise InvalidDate(message)
    if _UNKNOWN_CENTURY.search(written):
        message = tr('has a century that is not known; write "{undated}" for a year of which nothing is known', undated=UNDATED)
        raise InvalidDate(message)
    return read_bounds


def read(written: str) -> Bounds | None:
    """Read a date as ISO 8601-2 means it; None where no year of it is known.

    :raises InvalidDate: the text is no EDTF, ends before it begins, or names a day that never was.
    """
    if len(written) > _LONGEST:
        message = tr("is too long for a date")
        raise InvalidDate(message)
    if written[:1] in {"[", "{"}:
        return _set(written)
    if " " in written or written != written.strip():
        message = tr("has a space")
        raise InvalidDate(message)
    first, slash, last = written.partition("/")
    return _interval(first, last) if slash else _date(written)


def _date(written: str) -> Bounds | None:
    """Read one date: by the calendar, and by the library what the calendar does not know."""
    day, clock, _ = written.partition("T")
    match = _DATE.fullmatch(day)
    if match is None:
        return _library(written)
    sign, year, month, day_of_month = match.group(1, 2, 3, 4)
    plain = sign + "-".join(filter(None, (year, month, day_of_month)))
    if (sign and year == "0000") or (clock and not (day_of_month and day == plain and _TIME.fullmatch(written, len(day)))):
        raise InvalidDate(tr(_NO_DATE))
    is_season = month is not None and month.isdigit() and int(month) in _SEASONS and not day_of_month
    strict = _season(plain) if is_season else _days(sign, year.replace(UNDATED, "2000"), month or "XX", day_of_month or "XX")
    if year == UNDATED:
        return None
    return strict if day == plain else _about(strict, written)


def _days(sign: str, year: str, month: str, day: str) -> Bounds:
    """Return the first and the last day that have these digits; X stands for any."""
    low, high = (int(year.replace("X", digit)) for digit in "09")
    years = sorted(-one if sign else one for one in range(low, high + 1) if _fits(one, year))
    months, days = _fitting(month, 12), _fitting(day, 31)
    first, last = _first_of(years, months, days), _first_of(years[::-1], months[::-1], days[::-1])
    if first is None or last is None:
        message = tr("is a day or a month that never was")
        raise InvalidDate(message)
    return Bounds(first, first, last, last)


def _first_of(years: Iterable[int], months: Iterable[int], days: Iterable[int]) -> int | None:
    """Return the first day, as the years, months and days are ordered, that there was."""
    every = ((year, month, day) for year in years for month in months for day in days if day <= monthrange(year, month)[1])
    return next((year * 10000 + month * 100 + day for year, month, day in every), None)


@cache
def _fitting(digits: str, last: int) -> list[int]:
    return [number for number in range(1, last + 1) if _fits(number, digits)]


def _fits(number: int, digits: str) -> bool:
    return all(wanted in {"X", digit} for wanted, digit in zip(digits, f"{number:0{len(digits)}}", strict=True))


def _season(written: str) -> Bounds:
    """Read a season; a winter may be that which ends in the year, or that which ends in the next."""
    season = _library(written)
    if int(written[-2:]) not in _WINTERS:
        return season
    after = season.surely_from // 10000 + 1
    return season._replace(earliest=(after - 1) * 10000 + 101, latest=after * 10000 + 200 + monthrange(after, 2)[1])


def _about(strict: Bounds, written: str) -> Bounds:
    """Widen a date by its marks for "about" and "perhaps", as the library does; where it cannot, by whole years."""
    twice = "%" in written or {"?", "~"} <= set(written)
    if _ABOUT_A_MONTH.fullmatch(written):
        return _about_a_month(strict, 26 if twice else 13)
    try:
        fuzzy = None if _ABOUT_A_YEAR.fullmatch(written) else _library(written)
    except InvalidDate:
        fuzzy = None
    if fuzzy is None:
        years = 10000 * (2 if twice else 1)
        fuzzy = Bounds(strict.earliest // 10000 * 10000 + 101 - years, 0, 0, strict.latest // 10000 * 10000 + 1231 + years)
    return strict._replace(earliest=min(fuzzy.earliest, strict.earliest), latest=max(fuzzy.latest, strict.latest))


def _about_a_month(strict: Bounds, months: int) -> Bounds:
    """Widen a month by a year and a month, or twice that, which is what the library takes the marks to mean."""
    (lowest, before), (highest, after) = (
        divmod(day // 10000 * 12 + day // 100 % 100 - 1 + further, 12)
        for day, further in ((strict.earliest, -months), (strict.latest, months))
    )
    last_day = min(strict.latest % 100, monthrange(highest, after + 1)[1])
    return strict._replace(
        earliest=lowest * 10000 + (before + 1) * 100 + 1,
        latest=highest * 10000 + (after + 1) * 100 + last_day,
    )


def _interval(first: str, last: str) -> Bounds | None:
    """Read two sides, of which one or both may be open (``..``) or not known (nothing, or a year of which nothing is known)."""
    if not (first or last) or any("T" in side or side[:1] in {"[", "{"} or "/" in side for side in (first, last)):
        raise InvalidDate(tr(_NO_DATE))
    lower, upper = (None if side in {"", _OPEN} else _date(side) for side in (first, last))
    if lower is None and upper is None:
        return None
    interval = Bounds(
        lower.earliest if lower else min(_FIRST, upper.earliest if upper else _FIRST),
        lower.surely_from if lower else min(_FIRST, upper.surely_from if upper else _FIRST),
        upper.surely_to if upper else max(_LAST, lower.surely_to if lower else _LAST),
        upper.latest if upper else max(_LAST, lower.latest if lower else _LAST),
    )
    return _in_order(interval)


def _set(written: str) -> Bounds | None:
    """Read one of several dates, or all of them, as the time from the first to the last.

    A space may stand after a comma, as in the examples of the standard.
    """
    inside, closing = written[1:-1].replace(", ", ","), {"[": "]", "{": "}"}[written[0]]
    members = inside.split(",")
    if written[-1] != closing or (len(members) == 1 and _OPEN not in inside):
        raise InvalidDate(tr(_NO_DATE))
    last = len(members) - 1
    member_bounds = [_member(member, is_first=number == 0, is_last=number == last) for number, member in enumerate(members)]
    known = [one for one in member_bounds if one is not None]
    if len(known) < len(members):
        return None
    lows, froms, tos, highs = zip(*known, strict=True)
    return Bounds(min(lows), min(froms), max(tos), max(highs))


def _member(written: str, *, is_first: bool, is_last: bool) -> Bounds | None:
    """Read a member of a set; only the first may have no beginning, only the last no end."""
    first, dots, last = written.partition(_OPEN)
    if re.search(r"[\[{/T ]", written) or not (first or (is_first and last)) or (dots and not (last or is_last)):
        raise InvalidDate(tr(_NO_DATE))
    return _interval(first or _OPEN, last or _OPEN) if dots else _date(written)


def _library(written: str) -> Bounds:
    """Ask the library, with its hands tied: it prints what it cannot make, and would raise ten to any power."""
    if _FAR.search(written) or "T" in written or " " in written:
        raise InvalidDate(tr(_NO_DATE))
    # With the grammar that it makes the library takes a fifth of the start of an update, and few dates need it.
    edtf = import_module("edtf")
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            parsed = edtf.parse_edtf(written)
            sides = (parsed.lower_fuzzy(), parsed.lower_strict(), parsed.upper_strict(), parsed.upper_fuzzy())
        lowest, first, last, highest = map(_as_integer, sides)
    except Exception as error:
        # The library raises its own and several built-in errors for bad input.
        raise InvalidDate(tr(_NO_DATE)) from error
    return _in_order(Bounds(min(lowest, first), first, last, max(highest, last)))


def _as_integer(side: object) -> int:
    year, month, day = map(int, tuple(side)[:3])  # type: ignore[arg-type]  # a struct_time
    return year * 10000 + month * 100 + day


def _in_order(interval: Bounds) -> Bounds:
    if interval.earliest > interval.latest or interval.surely_from > interval.surely_to:
        message = tr("ends before it begins")
        raise InvalidDate(message)
    return interval


def close_at(period: Bounds, recorded: Bounds | None) -> Bounds:
    """End an open period on the last day on which the statement can have been made."""
    if recorded is None or period.latest != _LAST:
        return period
    last = max(recorded.latest, period.surely_from)
    return period._replace(surely_to=last, latest=last)


def decades(period: Bounds | None) -> tuple[str, ...]:
    """Return the decades that a period surely or perhaps touches: ``1970s``, ``1980s``.

    A side that is open has no decade of its own, so only the known side counts.
    """
    if period is None:
        return ()
    first, last = period.earliest // 10000, period.latest // 10000
    if period.earliest <= _FIRST:
        first = last
    if period.latest >= _LAST:
        last = first
    return tuple(f"{year}s" for year in range(first - first % 10, last + 1, 10))
