"""Dates of the archive (EDTF) in the words of who reads them: every text for people has its dates by this one function."""

import re
from collections.abc import Iterator
from contextvars import ContextVar
from importlib import import_module
from typing import Final

from archive.errors import ArchiveError
from archive.language.messages import is_english, mark, tr, translate
from archive.text import is_undated, join_list, regex

_SIGNS: Final = {
    "": "{date}",
    "~": mark("about {date}"),
    "?": mark("perhaps {date}"),
    "%": mark("perhaps about {date}"),
}
_DATES: Final = (mark("{year}"), mark("{year}-{month}"), mark("{year}-{month}-{day}"))
"""A year, a month, a day; English has them as they are written."""
_SEASONS: Final = {
    "21": mark("spring {year}"),
    "22": mark("summer {year}"),
    "23": mark("autumn {year}"),
    "24": mark("winter {year}"),
}
_PLAIN: Final = regex(r"[0-9]{4}(?:-[0-9]{2}){0,2}")
_DECADE: Final = regex(r"[0-9]{3}X(?:-XX){0,2}")
_OPEN: Final = ".."
# Loaded by name, and only where a date has no plain words.
_DATES_READ: Final = "archive.record.dates"
_FAR: Final = ("-", "Y")
"""How a year before 0 begins, and one of more than four digits."""


_AS_WRITTEN: Final[ContextVar[bool]] = ContextVar("dates as they are written", default=False)


def each_way_of_dates() -> Iterator[None]:
    """Have dates printed in words, then as records have them: so earlier versions did, and what they printed still stands."""
    yield
    before = _AS_WRITTEN.set(True)
    try:
        yield
    finally:
        _AS_WRITTEN.reset(before)


def date_in_words(written: str) -> str:
    """Return a date in words: ``1980s to about 1995``; as it is written what is no date, or of a year before 0 or after 9999."""
    try:
        return written if _AS_WRITTEN.get() and not is_undated(written) else _date(written)
    except ArchiveError:
        return written


def _date(written: str) -> str:
    if is_undated(written):
        return tr("undated")
    if written[:1] in {"[", "{"}:
        return join_list(map(_member, written[1:-1].split(",")), "or" if written[0] == "[" else "and")
    first, apart, last = written.partition("/")
    return _interval(first, last) if apart else _side(written)


def _member(written: str) -> str:
    first, apart, last = written.strip().partition(_OPEN)
    return _interval(first, last) if apart else _side(first)


def _interval(first: str, last: str) -> str:
    if is_undated(first) or is_undated(last):
        return tr("until {date}", date=_side(last)) if is_undated(first) else tr("from {date}", date=_side(first))
    return tr("{first} to {last}", first=_side(first), last=_side(last))


def _side(written: str) -> str:
    """Return one date in words; how sure one part of it is, is said of the whole."""
    date = re.sub("[?~%]", "", written)
    marks = set(written) - set(date)
    sign = "%" if "%" in marks or {"?", "~"} <= marks else "".join(marks)
    return translate(_SIGNS[sign]).format(date=_plain(date))


def _plain(written: str) -> str:
    """Return a year, a month, a day, a season or a decade: as it is written in English, ``1996년 5월 3일`` in Korean."""
    if _DECADE.fullmatch(written):
        return tr("{decade}0s", decade=written[:3])
    known = written
    while known.endswith("-XX"):
        known = known.removesuffix("-XX")
    if not _PLAIN.fullmatch(known):
        return _between(written)
    year, *rest = known.split("-")
    if len(rest) == 1 and rest[0] in _SEASONS:
        return tr(_SEASONS[rest[0]], year=int(year))
    if any(int(part) > most for part, most in zip(rest, (12, 31), strict=False)):
        return _between(written)
    if is_english():
        return known
    named = dict(zip(("month", "day"), map(int, rest), strict=False))
    return tr(_DATES[len(rest)], year=int(year), **named)


def _between(written: str) -> str:
    """Return the first and the last day that a date may mean."""
    if written[:1] in _FAR:
        return written
    bounds = import_module(_DATES_READ).bounds(written)
    if bounds is None:
        return tr("undated")
    first, last = (f"{day // 10000:04}-{day // 100 % 100:02}-{day % 100:02}" for day in (bounds.surely_from, bounds.surely_to))
    return tr("between {first} and {last}", first=_plain(first), last=_plain(last))
