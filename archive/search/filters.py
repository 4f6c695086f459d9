"""From what a person writes after ``--camp`` or ``camp:`` to a filter, the same for both."""

import re
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, TypedDict

from archive.authority.authorities import Authorities
from archive.errors import BadDate, UnknownTerm
from archive.language.messages import tr
from archive.record.testimony import Note, Passage, reference
from archive.search._period_words import as_edtf
from archive.search.model import Filters, Query, Span, day
from archive.text import fold, join_list, squash

if TYPE_CHECKING:
    from archive.record import dates

# Loaded by name and only where a date is given; the test of the house counts it.
DATES: Final = "archive.record.dates"

_LANGUAGE: Final = r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*"  # BCP 47, as far as a tag's shape goes

_TERMS: Final = {
    "flag": "flag",
    "without_flag": "flag",
    "topic": "topic",
    "without_topic": "topic",
    "connection": "connection",
    "kind": "kind",
    "role": "role",
    "zone": "zone",
    "basis": "basis",
    "status": "status",
    "reliability": "reliability",
}

_BEGINNING: Final = 1_01_01
"""The first day of a period that has no first day."""

_NEVER: Final = 9999_99_99
"""Beyond the last day that anybody asks about."""

ALONE: Final = ("as_of", "all_topics", "since")
"""The fields of `Filters` that hold one value and no list of them."""
FILTERS: Final = (*(name for name in Filters._fields if name not in ALONE), "period_within", *ALONE)
"""The names of all filters, as options of a command and as arguments in Python."""
_WAYS: Final = frozenset(Query._fields) - {"words", "filters"}


def parse_filter(name: str, values: Iterable[str], authorities: Callable[[], Authorities]) -> Any:  # noqa: ANN401 - as the field of `Filters`
    """Return the value of a field of `Filters`.

    :param authorities: gives the authorities, which are loaded only where a value needs them.
    :raises UsageFault: a value is unknown, ambiguous, or no date.
    """
    written = tuple(values)
    if not written:
        return ()
    if name == "camp":
        gazetteer = authorities().gazetteer
        wholes = map(gazetteer.resolve, written)
        return tuple(dict.fromkeys(part for whole in wholes for part in (whole, *gazetteer.parts(whole))))
    if name in _TERMS:
        vocabulary = authorities().vocabulary
        return tuple(vocabulary.term(_TERMS[name], value.upper() if name == "reliability" else value).id for value in written)
    if name in {"period", "period_within", "recorded"}:
        return tuple(parse_period(value, within=name == "period_within") for value in written)
    read = {"code": _code, "language": _tag, "witness": _name}.get(name, squash)
    return tuple(map(read, written))


class FilterOptions(TypedDict, total=False):
    """The filters as a person writes them, one value or several; ``as_of`` and ``since`` are days, ``all_topics`` yes or no."""

    camp: str | Iterable[str]
    zone: str | Iterable[str]
    role: str | Iterable[str]
    basis: str | Iterable[str]
    status: str | Iterable[str]
    period: str | Iterable[str]
    period_within: str | Iterable[str]
    flag: str | Iterable[str]
    without_flag: str | Iterable[str]
    topic: str | Iterable[str]
    kind: str | Iterable[str]
    reliability: str | Iterable[str]
    language: str | Iterable[str]
    code: str | Iterable[str]
    witness: str | Iterable[str]
    recorded: str | Iterable[str]
    as_of: str
    since: str
    connection: str | Iterable[str]
    without_topic: str | Iterable[str]
    all_topics: bool


class SearchOptions(FilterOptions, total=False):
    """The filters, and the fields of a `Query` beside its words."""

    limit: int | None
    offset: int
    facets: bool
    plain: bool
    any_of: bool
    sort: str
    group: bool
    together: bool
    exact: bool
    words_only: bool
    shown_in: str


def build_filters(options: Mapping[str, Any], authorities: Callable[[], Authorities]) -> Filters:
    """Return the filters of `FilterOptions`.

    :raises UsageFault: a name or a value is unknown, or no date.
    """
    fields: dict[str, Any] = {}
    for name, value in options.items():
        if name not in FILTERS:
            message = tr("there is no filter {name!r}", name=name)
            raise UnknownTerm(message, tr("There are {filters}.", filters=join_list(FILTERS, "and")))
        if name == "as_of":
            fields[name] = as_of(value)
        elif name == "since":
            fields[name] = since(value)
        elif name == "all_topics":
            fields[name] = bool(value)
        else:
            written = parse_filter(name, (value,) if isinstance(value, str) else value, authorities)
            field = "period" if name == "period_within" else name
            fields[field] = (*fields.get(field, ()), *written)
    return Filters(**fields)


def build_query(words: str, options: Mapping[str, Any], authorities: Callable[[], Authorities]) -> Query:
    """Return the query of words and `SearchOptions`.

    :raises UsageFault: a name or a value is unknown, or no date.
    """
    ways = {name: value for name, value in options.items() if name in _WAYS}
    filters = build_filters({name: value for name, value in options.items() if name not in _WAYS}, authorities)
    return Query(words, filters, **ways)


def as_of(value: str) -> int:
    """Read a day on which somebody asks what was known; a month or a year counts as its last day.

    :raises BadDate: it is no date, or wholly unknown.
    """
    return parse_period(value).last


def since(value: str) -> int:
    """Read a day since which somebody asks what has become of the archive; a month or a year counts as its first day.

    :raises BadDate: it is no date, or wholly unknown.
    """
    first = parse_period(value).first
    if first <= _BEGINNING:
        message = tr("{value!r} has no first day", value=squash(value)[:60])
        raise BadDate(message, tr("Write a day, as 2026-01-31, or a month or a year, which counts as its first day."))
    return first


def last_day(written: str) -> int:
    """Return the last day of a date in EDTF as ``yyyymmdd``; 0 where there is none, or it is unknown."""
    room: Any = import_module(DATES)
    bounds: dates.Bounds | None = room.bounds(written) if written else None
    return bounds.latest if bounds else 0


def _code(value: str) -> str:
    return reference(value).code


def _name(value: str) -> str:
    """Read a part of a name.

    :raises UnknownTerm: it has no letter, so that everybody would be called so.
    """
    if not fold(value).split():
        message = tr("{value!r} is no name", value=squash(value)[:30])
        raise UnknownTerm(message, tr("Write a part of the name of the witness."))
    return squash(value)


def _tag(value: str) -> str:
    """Read a language tag; ``en`` also stands for ``en-GB``."""
    if not re.fullmatch(_LANGUAGE, value.strip()):
        message = tr("{value!r} is no language tag", value=squash(value)[:30])
        raise UnknownTerm(message, tr("Write the code of the language, as en, ko or ko-KP."))
    return value.strip().casefold()


def filters(name: str, value: str, authorities: Callable[[], Authorities]) -> Filters:
    """Return the filters of one ``field:value``."""
    field = "period" if name == "period_within" else name
    return Filters()._replace(**{field: parse_filter(name, (value,), authorities)})


def parse_period(value: str, *, within: bool = False) -> Span:
    """Read a period that is asked for.

    :raises BadDate: it is no date, or wholly unknown.
    """
    room: Any = import_module(DATES)
    try:
        bounds: dates.Bounds | None = room.bounds(value.strip())
    except room.InvalidDate as error:
        taken = as_edtf(value)
        if taken:
            return parse_period(taken, within=within)._replace(taken=taken)
        message = tr("{value!r} {wrong}", value=squash(value)[:60], wrong=error.message)
        raise BadDate(message, tr("Write 1996, 1990/1995, 199X, ../1982 or 1996~.")) from error
    if bounds is None:
        message = tr("{value!r} is no period", value=value)
        raise BadDate(message, tr("Undated passages are counted by `testimony facets`."))
    if within:
        return Span(bounds.surely_from, bounds.surely_to, within=True)
    return Span(bounds.earliest, bounds.latest)


def replacement_day(note: Note) -> int:
    """Return the first day on which what replaced a note was surely known, as ``yyyymmdd``; never, where that is unknown."""
    return min(last_day(known) or _NEVER for known in note.until)


def mark_later_notes(passage: Passage, as_of: int, authorities: Callable[[], Authorities]) -> Passage:
    """Return a passage with its caveats as they could be known on a day.

    One that was replaced later is in force; one that could be known only later
    says so and comes last. None that is in force today is left out.

    :param authorities: gives the authorities, for the order of the flags.
    """
    if not as_of:
        return passage
    marked = [note._replace(since=day(as_of)) if last_day(note.known) > as_of else note for note in passage.notes]
    alive = (note for note in passage.replaced if last_day(note.known) <= as_of < replacement_day(note))
    if then := tuple({(note.origin, note.id): note for note in alive}.values()):
        rank = authorities().vocabulary.rank
        marked = sorted([*then, *marked], key=lambda note: rank("flag", note.flag))
    return passage._replace(notes=tuple(sorted(marked, key=lambda note: bool(note.since))))
