"""Plain words in place of the words of the schema, for people who have not read the record format."""

from collections.abc import Iterable, Iterator
from typing import Final

from archive.authority import Authorities
from archive.formats.terminal import GRAVE_OFF, GRAVE_ON, visible
from archive.testimony import Entry, Note, Testimony
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
    "unverified": "could not be traced or checked",
}
_KINDS_OF_NAME: Final = frozenset({"pseudonym", "initials"})
_MOST_PLACES: Final = 2
"""Places and times of one passage that a list names one by one."""


def speaker(testimony: Testimony, held: Authorities) -> str:
    """Return who speaks: ``Kim Made-up (pseudonym), victim``."""
    witness = testimony.witness
    said = held.vocabulary.said
    kind = f" ({said('name_kind', witness.name_kind)})" if witness.name_kind in _KINDS_OF_NAME else ""
    name = visible(witness.name)
    return f"{name[:1].upper()}{name[1:]}{kind}, {said('connection', witness.connection)}"


def places(entries: Iterable[Entry], held: Authorities, first: Iterable[str] = ()) -> Iterator[str]:
    """Yield where, when, as whom and how it is known, and how the claim stands: a line for each place and time.

    :param first: facilities that were asked for, whose lines come first.
    """
    groups: dict[tuple[str | None, str], list[Entry]] = {}
    for entry in entries:
        groups.setdefault((entry.camp, entry.period), []).append(entry)
    asked = frozenset(first)
    ordered = sorted(groups, key=lambda each: each[0] not in asked)
    for key in ordered[:_MOST_PLACES]:
        yield _place(groups[key], held)
    more = len(ordered) - _MOST_PLACES
    if more > 0:
        yield f"and {count_of(more, 'more place or time', 'more places or times')}"


def _place(entries: list[Entry], held: Authorities) -> str:
    """Return one place and time, with all that is entered for it."""
    said = held.vocabulary.said
    entry = entries[0]
    zones = [said("zone", each.zone) for each in entries if each.zone not in {"", "unknown"}]
    roles = [f"as {said('role', each.role)}" for each in entries if each.role]
    return " · ".join(
        part
        for part in (
            held.gazetteer.label(entry.camp) if entry.camp else "no camp named",
            *dict.fromkeys(zones),
            date(entry.period),
            *dict.fromkeys(roles),
            known_by([each.basis for each in entries], held),
            *dict.fromkeys(stands(each.status, held) for each in entries if each.status),
        )
        if part
    )


def known_by(bases: Iterable[str], held: Authorities) -> str:
    """Return how the speaker knows: ``lived or saw it``."""
    every = [_KNOWN_BY.get(each) or held.vocabulary.said("basis", each) for each in dict.fromkeys(bases) if each]
    short = [each.removesuffix(" it") for each in every if each in {"lived it", "saw it"}]
    rest = [each for each in every if each not in {"lived it", "saw it"}]
    return listed([*([f"{listed(short)} it"] if short else []), *rest], "and")


def stands(status: str, held: Authorities) -> str:
    """Return how a claim stands; what must not be overlooked in capitals."""
    found = _STANDS.get(status) or held.vocabulary.said("status", status)
    return grave(found) if found.isupper() else found


def grave(told: str) -> str:
    """Return words that are shown in colour where there is one; they are in capitals already."""
    return f"{GRAVE_ON}{told}{GRAVE_OFF}"


def is_grave(note: Note) -> bool:
    """Ask whether a caveat is one of those that must not be overlooked."""
    return note.flag in GRAVE


def date(written: str) -> str:
    """Return a date, or that there is none."""
    return "undated" if is_undated(written) else written


def information(note: Note, held: Authorities) -> str:
    """Return how far the archive believes what is told, in words: ``doubtful (4)``."""
    return f"{held.vocabulary.said('information', note.information)} ({note.information})" if note.information else ""


def graded(testimony: Testimony, held: Authorities) -> str:
    """Return how the archive grades the source as a source."""
    grade = testimony.reliability
    return f"source graded {grade}, {held.vocabulary.said('reliability', grade)}" if grade else "source not graded"
