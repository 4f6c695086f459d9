"""Plain words in place of the words of the schema, for people who have not read the record format."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from archive.authority.authorities import Authorities
from archive.formats.terminal import GRAVE_OFF, GRAVE_ON, visible
from archive.language.messages import tr
from archive.record.testimony import CampEntry, Note, Testimony
from archive.text import count_of, is_undated, listed

GRAVE: Final = frozenset(
    {
        *("recanted", "revised", "superseded", "contradicted", "rejected", "lead-only", "untraceable"),
        *("machine-written", "misattributed"),
    }
)
"""Flags that stand in capitals: who overlooks one of these cites what must not be cited without it."""
FOR: Final = frozenset({"corroborated", "partial-admission"})
"""Flags that speak for a passage."""
_KNOWN_BY: Final = {
    "first-hand": "lived it",
    "eyewitness": "saw it",
    "hearsay": "heard of it",
    "inferred": "concluded it",
    "unknown": "how they know is not said",
}
_STANDS: Final = {
    "asserted": "claimed, not checked",
    "maintained": "upheld by the same speaker",
    "disputed": "disputed",
    "corrected": "TOLD DIFFERENTLY LATER",
    "recanted": "TAKEN BACK LATER",
    "corroborated": "borne out by another source",
    "rejected": "REJECTED BY THE ARCHIVE",
    "unverified": "not traced or checked",
}
_KINDS_OF_NAME: Final = frozenset({"pseudonym", "initials"})
_MOST_PLACES: Final = 2
"""Places and times of one passage that a list names one by one."""


def speaker(testimony: Testimony, authorities: Authorities) -> str:
    """Return who speaks: ``Kim Made-up (pseudonym), victim``."""
    witness = testimony.witness
    said = authorities.vocabulary.said
    kind = f" ({said('name_kind', witness.name_kind)})" if witness.name_kind in _KINDS_OF_NAME else ""
    name = visible(witness.name)
    return f"{name[:1].upper()}{name[1:]}{kind}, {said('connection', witness.connection)}"


def places(
    testimony: Testimony, entries: Iterable[CampEntry], authorities: Authorities, first: Iterable[str] = ()
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each place and time, and beside it as whom and how it is known and how the claim stands.

    :param first: facilities that were asked for, which come first.
    """
    groups: dict[tuple[str | None, str], list[CampEntry]] = {}
    for entry in entries:
        groups.setdefault((entry.camp, entry.period), []).append(entry)
    asked = frozenset(first)
    ordered = sorted(groups, key=lambda each: each[0] not in asked)
    for key in ordered[:_MOST_PLACES]:
        yield _where(groups[key], authorities), _manner(testimony, groups[key], authorities)
    more = len(ordered) - _MOST_PLACES
    if more > 0:
        yield f"and {count_of(more, 'more place or time', 'more places or times')}", ()


def _where(entries: list[CampEntry], authorities: Authorities) -> str:
    entry = entries[0]
    zones = [authorities.vocabulary.said("zone", each.zone) for each in entries if each.zone not in {"", "unknown"}]
    camp = authorities.gazetteer.label(entry.camp) if entry.camp else tr("no camp named")
    return " · ".join([camp, *dict.fromkeys(zones), date(entry.period)])


def _manner(testimony: Testimony, entries: list[CampEntry], authorities: Authorities) -> tuple[str, ...]:
    """Return as whom something is told, how it is known, and how the claims stand."""
    said = authorities.vocabulary.said
    roles = [f"as {said('role', each.role)}" for each in entries if each.role and _tells_more(testimony, each.role)]
    statuses = [stands(each.status, authorities) for each in entries if each.status]
    known = known_by([each.basis for each in entries], authorities)
    return tuple(part for part in (*dict.fromkeys(roles), known, *dict.fromkeys(statuses)) if part)


def _tells_more(testimony: Testimony, role: str) -> bool:
    """Return whether a role says more than the connection, which stands beside the name: a victim was there as a prisoner."""
    return (testimony.witness.connection, role) != ("victim", "prisoner")


def known_by(bases: Iterable[str], authorities: Authorities) -> str:
    """Return how the speaker knows: ``lived or saw it``."""
    every = [_KNOWN_BY.get(each) or authorities.vocabulary.said("basis", each) for each in dict.fromkeys(bases) if each]
    short = [each.removesuffix(" it") for each in every if each in {"lived it", "saw it"}]
    rest = [each for each in every if each not in {"lived it", "saw it"}]
    return listed([*([f"{listed(short)} it"] if short else []), *rest], "and")


def stands(status: str, authorities: Authorities) -> str:
    """Return how a claim stands; what must not be overlooked in capitals."""
    found = _STANDS.get(status) or authorities.vocabulary.said("status", status)
    return grave(found) if found.isupper() else found


def grave(told: str) -> str:
    """Return words that are shown in colour where there is one; they are in capitals already."""
    return f"{GRAVE_ON}{told}{GRAVE_OFF}"


def is_grave(note: Note) -> bool:
    """Return whether a caveat is one of those that must not be overlooked."""
    return note.flag in GRAVE


def date(written: str) -> str:
    """Return a date in EDTF in words: ``1982 to about 1990``; one that has no plain words as it is written."""
    if is_undated(written):
        return "undated"
    if written[:1] in "[{" and ".." not in written:
        return listed(map(_side, written[1:-1].split(",")), "or" if written[0] == "[" else "and")
    first, apart, last = written.partition("/")
    if not apart:
        return _side(written)
    if is_undated(first) or is_undated(last):
        return f"until {_side(last)}" if is_undated(first) else f"from {_side(first)}"
    return f"{_side(first)} to {_side(last)}"


_SIGNS: Final = {"": "", "~": "about ", "?": "perhaps ", "%": "perhaps about "}
_PLAIN_SIDE: Final = re.compile(r"([0-9]{4}(?:-[0-9]{2}){0,2}|[0-9]{3}X)([~?%]?)")


def _side(written: str) -> str:
    found = _PLAIN_SIDE.fullmatch(written.strip())
    return f"{_SIGNS[found[2]]}{found[1].replace('X', '0s')}" if found else written


def information(note: Note, authorities: Authorities) -> str:
    """Return how far the archive believes what is told, in words: ``doubtful (4)``."""
    return f"{authorities.vocabulary.said('information', note.information)} ({note.information})" if note.information else ""


def graded(testimony: Testimony, authorities: Authorities) -> str:
    """Return how the archive grades the source as a source."""
    grade = testimony.reliability
    return (
        tr("source graded {grade}, {said}", grade=grade, said=authorities.vocabulary.said("reliability", grade))
        if grade
        else tr("source not graded")
    )
