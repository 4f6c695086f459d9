"""Plain words in place of the words of the schema, for people who have not read the record format."""

from collections.abc import Iterable, Iterator
from typing import Final

from archive.authority.authorities import Authorities
from archive.citing import citation
from archive.formats._date_words import date_in_words
from archive.formats.terminal import GRAVE_OFF, GRAVE_ON, visible
from archive.formats.wording import name_of
from archive.language.messages import is_english, mark, tr, tr_count
from archive.record.testimony import SPEAKING_FOR, CampEntry, Note, Testimony
from archive.text import join_list

GRAVE: Final = frozenset(
    {
        *("recanted", "revised", "superseded", "contradicted", "rejected", "lead-only", "untraceable"),
        *("machine-written", "misattributed"),
    }
)
"""Flags that stand in capitals: who overlooks one of these cites what must not be cited without it."""
FOR: Final = SPEAKING_FOR
"""Flags that speak for a passage."""
_KNOWN_BY: Final = {
    "first-hand": mark("lived it"),
    "eyewitness": mark("saw it"),
    "hearsay": mark("heard of it"),
    "inferred": mark("concluded it"),
    "unknown": mark("how they know is not said"),
}
_DIRECT: Final = ("first-hand", "eyewitness")
_LIVED_AND_SAW: Final = mark("lived or saw it")
_STANDS: Final = {
    "asserted": mark("claimed, not checked"),
    "maintained": mark("upheld by the same speaker"),
    "disputed": mark("disputed"),
    "corrected": mark("TOLD DIFFERENTLY LATER"),
    "recanted": mark("TAKEN BACK LATER"),
    "corroborated": mark("borne out by another source"),
    "rejected": mark("REJECTED BY THE ARCHIVE"),
    "unverified": mark("not traced or checked"),
}
_KINDS_OF_NAME: Final = frozenset({"pseudonym", "initials"})
MOST_PLACES: Final = 2
"""Places and times of one passage that a list names one by one."""


def speaker(testimony: Testimony, authorities: Authorities) -> str:
    """Return who speaks: ``Kim Made-up (pseudonym), victim``."""
    witness = testimony.witness
    said = authorities.vocabulary.said
    kind = f" ({said('name_kind', witness.name_kind)})" if witness.name_kind in _KINDS_OF_NAME else ""
    name = visible(name_of(witness))
    return f"{name[:1].upper()}{name[1:]}{kind}, {said('connection', witness.connection)}"


def places(
    testimony: Testimony, entries: Iterable[CampEntry], authorities: Authorities, first: Iterable[str] = ()
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each time with its place, and beside it as whom and how it is known and how the claim stands.

    Places of which all of this is the same stand together, in the order of the record.

    :param first: facilities that were asked for, which come first.
    """
    groups: dict[tuple[str | None, str], list[CampEntry]] = {}
    for entry in entries:
        groups.setdefault((entry.camp, entry.period), []).append(entry)
    together: dict[tuple[str, tuple[str, ...]], list[str | None]] = {}
    for (camp, _), of_camp in groups.items():
        together.setdefault((_when(of_camp, authorities), _manner(testimony, of_camp, authorities)), []).append(camp)
    asked = frozenset(first)
    ordered = sorted(together.items(), key=lambda each: asked.isdisjoint(each[1]))
    for (when, manner), camps in ordered[:MOST_PLACES]:
        named = (authorities.gazetteer.label(camp) if camp else tr("no camp named") for camp in camps)
        yield _join("; ".join(named), when), manner
    more = sum(len(camps) for _, camps in ordered[MOST_PLACES:])
    if more:
        yield tr_count("and {number} more place or time", "and {number} more places or times", more), ()


def _join(*parts: str) -> str:
    return " · ".join(parts)


def _when(entries: list[CampEntry], authorities: Authorities) -> str:
    zones = [authorities.vocabulary.said("zone", each.zone) for each in entries if each.zone not in {"", "unknown"}]
    return _join(*dict.fromkeys(zones), date_in_words(entries[0].period))


def _manner(testimony: Testimony, entries: list[CampEntry], authorities: Authorities) -> tuple[str, ...]:
    """Return as whom something is told, how it is known, and how the claims stand."""
    said = authorities.vocabulary.said
    roles = [
        tr("as {role}", role=said("role", entry.role)) for entry in entries if entry.role and _tells_more(testimony, entry.role)
    ]
    statuses = [stands(entry.status, authorities) for entry in entries if entry.status]
    known = describe_basis([entry.basis for entry in entries], authorities)
    return tuple(part for part in (*dict.fromkeys(roles), known, *dict.fromkeys(statuses)) if part)


def _tells_more(testimony: Testimony, role: str) -> bool:
    """Return whether a role says more than the connection, which stands beside the name: a victim was there as a prisoner."""
    return (testimony.witness.connection, role) != ("victim", "prisoner")


def describe_basis(bases: Iterable[str], authorities: Authorities) -> str:
    """Return how the speaker knows: ``lived or saw it``."""
    known = list(dict.fromkeys(base for base in bases if base))
    direct = [basis for basis in known if basis in _DIRECT]
    said = [tr(_LIVED_AND_SAW if len(direct) > 1 else _KNOWN_BY[direct[0]])] if direct else []
    said += [
        tr(_KNOWN_BY[basis]) if basis in _KNOWN_BY else authorities.vocabulary.said("basis", basis)
        for basis in known
        if basis not in _DIRECT
    ]
    return join_list(said, "and")


def stands(status: str, authorities: Authorities) -> str:
    """Return how a claim stands; what must not be overlooked in capitals."""
    if status not in _STANDS:
        return authorities.vocabulary.said("status", status)
    wording = _STANDS[status]
    return grave(tr(wording)) if wording.isupper() else tr(wording)


def loud(words: str) -> str:
    """Return words as they stand where they must not be overlooked: in capitals, or in brackets where letters have none."""
    return words.upper() if is_english() else f"【{words}】"


def grave(words: str) -> str:
    """Return words that are shown in colour where there is one; they are in capitals already."""
    return f"{GRAVE_ON}{words}{GRAVE_OFF}"


def is_grave(note: Note) -> bool:
    """Return whether a caveat is one of those that must not be overlooked."""
    return note.flag in GRAVE


MOST_CITED: Final = 2
"""Works that a list names with one note or one record; the others are counted."""


def name_cites(note: Note, authorities: Authorities) -> str:
    """Return what a note rests on, as a list has it: the first works by name, and how many there are besides."""
    first, others = note.cites[:MOST_CITED], note.cites[MOST_CITED:]
    named = [citation.name_cite_in_short(cite, authorities) for cite in first]
    return "; ".join([*named, *([more(len(others))] if others else [])])


def more(number: int) -> str:
    """Return that there are more works than are named."""
    return tr_count("and {number} more", "and {number} more", number)


def information(note: Note, authorities: Authorities) -> str:
    """Return how far the archive believes what is told, in words: ``doubtful (4)``."""
    return f"{authorities.vocabulary.said('information', note.information)} ({note.information})" if note.information else ""


def describe_grade(testimony: Testimony, authorities: Authorities) -> str:
    """Return how the archive grades the source as a source."""
    grade = testimony.reliability
    return (
        tr("source graded {grade}, {said}", grade=grade, said=authorities.vocabulary.said("reliability", grade))
        if grade
        else tr("source not graded")
    )
