"""What was asked for, in words, and what such words ask for."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from archive.authority.authorities import Authorities
from archive.errors import ArchiveError
from archive.formats._date_words import date_in_words
from archive.formats.fields import filter_value
from archive.language.messages import mark, tr
from archive.search.filters import build_filters
from archive.search.model import Filters, Span, day
from archive.text import join_list, regex, squash

_LABELS: Final = {
    "topic": mark("on {values}"),
    "without_topic": mark("not on {values}"),
    "kind": mark("kind {values}"),
    "connection": mark("the witness is {values}"),
    "role": mark("told by or of {values}"),
    "zone": mark("zone {values}"),
    "basis": mark("basis {values}"),
    "status": mark("claim {values}"),
    "reliability": mark("source graded {values}"),
    "flag": mark("with a caveat in force {values}"),
    "without_flag": mark("without a caveat {values}"),
    "language": mark("in the language {values}"),
    "witness": mark("by a witness named {values}"),
    "code": mark("from the record {values}"),
    "period": mark("told of the time {values}"),
    "recorded": mark("recorded or published in {values}"),
}
_LIST: Final = {"without_flag": "flag", "without_topic": "topic"}


_ABOUT: Final = mark("about {values}")
_AS_OF: Final = mark("as the public could know it on {as_of}, in today's words")
_SINCE: Final = mark("new, changed or with a new caveat in the archive since {since}")
_BETWEEN: Final = 8  # the most signs between two values: a comma, or a word for "or"


_WITHIN: Final = " (surely within)"
_TIMES: Final = ("period", "recorded")
_FIRST_DAY, _LAST_DAY = "0001-01-01", "9999-12-31"
_A_DAY: Final = regex(r"([0-9]{4})(?:(?:-|년\s)([0-9]{1,2})(?:-|월\s)([0-9]{1,2}))?")
"""A year or a day as `date_in_words` writes it in a language of ours."""


def _time_in_words(asked: Span) -> str:
    """Return a time that was asked for in words; whole years as years."""
    first, last = day(asked.first), day(asked.last)
    is_whole = first.endswith("-01-01") and last.endswith("-12-31")
    sides = [".." if side == edge else side[:4] if is_whole else side for side, edge in ((first, _FIRST_DAY), (last, _LAST_DAY))]
    words = date_in_words("/".join(dict.fromkeys(sides)))
    return f"{words}{tr(_WITHIN) if asked.within else ''}"


def in_words(filters: Filters, authorities: Authorities, timed: Callable[[Span], str] = _time_in_words) -> Iterator[str]:
    """Describe each filter in words, the camp first.

    :param timed: how a time that was asked for is written.
    """
    if filters.camp:
        yield tr(_ABOUT, values=join_list([authorities.gazetteer.label(camp) for camp in filters.camp]))
    for name, label in _LABELS.items():
        values = getattr(filters, name)
        terms = _LIST.get(name, name)
        is_list = terms in authorities.vocabulary.lists()
        named = [
            authorities.vocabulary.said(terms, value) if is_list else value if isinstance(value, str) else timed(value)
            for value in values
        ]
        if named:
            yield tr(label, values=join_list(named, "and" if name == "topic" and filters.all_topics else "or"))
    if filters.as_of:
        yield tr(_AS_OF, as_of=day(filters.as_of))
    if filters.since:
        yield tr(_SINCE, since=day(filters.since))


def read_words(said: str, authorities: Authorities) -> Filters | None:
    """Return the filters that are described in these words, in the language that is spoken; None where they cannot be read."""
    options = dict[str, list[str] | str | bool]()
    for part in filter(None, squash(said).split("; ")):
        if not _read_part(part, options, authorities):
            return None
    try:
        filters = build_filters(options, lambda: authorities)
    except ArchiveError:
        return None
    for asked in (filters, filters._replace(all_topics=True)):
        # Earlier versions wrote a time as `written` does.
        if any(
            squash("; ".join(in_words(asked, authorities, timed))) == squash(said) for timed in (_time_in_words, filter_value)
        ):
            return asked
    return None


def _read_part(part: str, options: dict[str, list[str] | str | bool], authorities: Authorities) -> bool:
    """Add what one description says to the options of a search."""
    for name, label in (("as_of", _AS_OF), ("since", _SINCE)):
        if found := re.fullmatch(_pattern(label), part):
            options[name] = found[1]
            return True
    for name, label in (("camp", _ABOUT), *_LABELS.items()):
        found = re.fullmatch(_pattern(label), part)
        values = _values(found[1], _values_by_words(name, authorities)) if found else None
        if values:
            within = tr(_WITHIN)
            surely = [value.removesuffix(within) for value in values if value.endswith(within)]
            every = [value for value in values if not value.endswith(within)]
            options[name] = [_time_of(value) for value in every] if name in _TIMES else every
            if surely:
                options["period_within"] = [_time_of(value) for value in surely]
            return True
    return False


def _time_of(said: str) -> str:
    """Return a time that `_time_in_words` wrote as it may be asked for; one that it did not write as it stands."""
    days = ["-".join(part.zfill(2) for part in found if part) for found in _A_DAY.findall(said)]
    ways = ("/".join(days), f"../{days[0]}", f"{days[0]}/..") if days else ()
    return next((way for way in ways if date_in_words(way) == said), said)


def _pattern(label: str) -> str:
    before, _, after = re.sub(r"\{[a-z_]+\}", "\0", tr(label, values="\0", as_of="\0", since="\0")).partition("\0")
    return f"{re.escape(before)}(.+){re.escape(after)}"


def _values_by_words(name: str, authorities: Authorities) -> Mapping[str, str]:
    """Return the values that a filter may have by the words in which they are said; {} where it takes any."""
    if name == "camp":
        return {facility.named(): facility.id for facility in authorities.gazetteer}
    terms = _LIST.get(name, name)
    return {authorities.vocabulary.said(terms, term.id): term.id for term in authorities.vocabulary.terms(terms)}


def _values(said: str, known: Mapping[str, str]) -> list[str] | None:
    """Return the values that are listed: of those that are known, the longest that stands there first."""
    if not known:
        joined = "|".join(re.escape(join_list(("\0", "\0"), last).strip("\0")) for last in ("or", "and"))
        return re.split(rf", |{joined}", said)
    if not said:
        return []
    for label in sorted((label for label in known if said.startswith(label)), key=len, reverse=True):
        rest = said[len(label) :]
        for skipped in range(min(_BETWEEN, len(rest)) + 1) if rest else (0,):
            following = _values(rest[skipped:], known) if skipped or not rest else None
            if following is not None and (following or not rest):
                return [known[label], *following]
    return None
