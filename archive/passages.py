"""From a testimony to its passages: numbered, hashed, and with what is in force at each.

What a passage is about comes from the claims that touch it; what such a claim
does not say, and passages that no claim touches, come from the record.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from archive import body, hashing, text
from archive.testimony import Claim, Entry, Note, Passage, Reference, Relation, Testimony, reference

Find = Callable[[str], "Testimony | None"]
"""Gives the record of a code where this reader may read it, else None."""
Pointing = Callable[[str], "Iterable[Testimony]"]
"""Gives the records that name a code, of those that this reader may read."""


def of(testimony: Testimony, foreign: "Iterable[Reach]" = ()) -> Iterator[Passage]:
    """Give the passages of a record.

    :param foreign: the notes that reach this record from others (`reaching`).
    """
    arrived = tuple(foreign)
    headings: list[str] = []
    for run in body.runs(testimony.body):
        if run.kind == "heading":
            headings.append(run.text)
        if run.kind != "passage":
            continue
        touching = [claim for claim in testimony.claims if run.number in claim.paragraphs]
        yield Passage(
            code=testimony.code,
            number=run.number,
            text=run.text,
            sha256=hashing.passage_hash(run.text),
            locators=text.locators(run.text),
            headings=tuple(headings),
            entries=_entries(testimony, touching),
            topics=_topics(testimony, touching),
            cites=tuple(dict.fromkeys(cite for claim in touching for cite in claim.cites)),
            notes=_in_force(testimony, run.number, arrived),
        )
        headings = []


def footnotes(testimony: Testimony) -> tuple[str, ...]:
    """Give the footnote definitions of a body, which are context and no passages."""
    return tuple(run.text for run in body.runs(testimony.body) if run.kind == "footnote")


def _topics(testimony: Testimony, touching: list[Claim]) -> tuple[str, ...]:
    named = dict.fromkeys(topic for claim in touching for topic in claim.topics)
    silent = not touching or any(not claim.topics for claim in touching)
    return tuple(dict.fromkeys([*named, *(testimony.topics if silent else ())]))


def _entries(testimony: Testimony, touching: list[Claim]) -> tuple[Entry, ...]:
    if not touching:
        return tuple(_of_record(testimony))
    return tuple(dict.fromkeys(entry for claim in touching for entry in entries_of(testimony, claim)))


def _of_record(testimony: Testimony) -> list[Entry]:
    own = testimony.entries or (Entry(None),)
    return [entry._replace(period=entry.period or testimony.period) for entry in own]


def entries_of(testimony: Testimony, claim: Claim) -> tuple[Entry, ...]:
    """Give what one claim is about, completed from its record."""
    return tuple(dict.fromkeys(_claimed(claim, _of_record(testimony), testimony.period)))


def _claimed(claim: Claim, record: list[Entry], period: str) -> Iterator[Entry]:
    """Complete a claim from the record: zone and role of the same camp, period and basis where it is silent."""
    if claim.camps is None:
        own = record
    else:
        held = {entry.camp for entry in record}
        own = [entry for entry in record if entry.camp in claim.camps]
        own += [Entry(camp, period=period) for camp in claim.camps if camp not in held]
        own = own or [Entry(None, period=period)]
    for entry in own:
        yield entry._replace(
            period=claim.period or entry.period,
            basis=claim.basis or entry.basis,
            status=claim.status,
        )


def replaced(notes: Iterable[Note]) -> frozenset[str]:
    """Give the ids of the notes that a later note took the place of."""
    return frozenset(note.replaces for note in notes if note.replaces)


def in_force(testimony: Testimony) -> tuple[Note, ...]:
    """Give the record's own notes that no later note took the place of."""
    gone = replaced(testimony.notes)
    return tuple(note for note in testimony.notes if note.id not in gone)


def own_notes(testimony: Testimony, number: int) -> Iterator[Note]:
    """Give the record's own notes in force at a paragraph."""
    return (note for note in in_force(testimony) if covers(note, testimony.code, number))


def covers(note: Note, code: str, number: int) -> bool:
    """Ask whether a record's own note is in force at a paragraph of it.

    A ``with`` that names the record itself reaches as one from another record
    does: a contradiction between two paragraphs is told at both.
    """
    if note.about.of_record or number in note.about.paragraphs:
        return True
    own = [named for named in map(reference, note.against) if named.code == code]
    return any(not named.paragraphs or number in named.paragraphs for named in own)


def _in_force(testimony: Testimony, number: int, arrived: tuple["Reach", ...]) -> tuple[Note, ...]:
    reached = (each.note for each in arrived if not each.paragraphs or number in each.paragraphs)
    return tuple(dict.fromkeys([*own_notes(testimony, number), *reached]))


class Reach(NamedTuple):
    """A note of another record that is in force at paragraphs of this one (() = all)."""

    note: Note
    paragraphs: tuple[int, ...]


def reaching(testimony: Testimony, pointing: Pointing, find: Find) -> tuple[Reach, ...]:
    """Give the notes that reach a record from others.

    A note reaches the passages that its ``with`` names; and where paragraphs
    rely on another record, all notes in force there come along, also those that
    that record has from a third. In a ring of records each is visited once.

    :param pointing: gives the records that name a code, of those that may be read.
    :param find: gives a record that may be read by its code.
    """
    return tuple(dict.fromkeys(_reaching(testimony, pointing, find, frozenset({testimony.code}))))


def _reaching(testimony: Testimony, pointing: Pointing, find: Find, visited: frozenset[str]) -> Iterator[Reach]:
    for other in pointing(testimony.code):
        gone = replaced(other.notes)
        for note in other.notes:
            for link in note.against if note.id not in gone else ():
                target = reference(link)
                if target.code == testimony.code:
                    yield Reach(note._replace(origin=other.code), target.paragraphs)
    for relation in testimony.relations:
        relied = find(relation.code) if relation.type == "relies-on" and relation.code not in visited else None
        if relied is not None:
            arrived = tuple(_reaching(relied, pointing, find, visited | {relied.code}))
            yield from _handed_on(relied, relation, arrived, testimony.code)


def _handed_on(relied: Testimony, relation: Relation, arrived: tuple[Reach, ...], to: str) -> Iterator[Reach]:
    """Give the notes in force at the passages relied on, as they are in force at those that rely on them."""
    for number in relation.their or [run.number for run in body.passages(relied.body)]:
        for note in own_notes(relied, number):
            yield Reach(note._replace(origin=relied.code), relation.paragraphs)
        for each in arrived:
            # A record's own note does not come back to it as another's.
            if each.note.origin != to and (not each.paragraphs or number in each.paragraphs):
                yield Reach(each.note, relation.paragraphs)


def points_at(testimony: Testimony) -> tuple[str, ...]:
    """Give the codes that a record names: through ``with`` and through its relations."""
    named = [reference(link).code for note in testimony.notes for link in note.against]
    named += [relation.code for relation in testimony.relations]
    return tuple(dict.fromkeys(code for code in named if code != testimony.code))


def without_unreadable(testimony: Testimony, is_readable: Callable[[str], bool]) -> Testimony:
    """Leave out every reference to a record that this reader may not read, or that is not there.

    So that an answer is the same with and without the other record.
    """

    def known(link: str) -> bool:
        code = Reference(link.partition("#")[0]).code
        return code == testimony.code or is_readable(code)

    notes = tuple(note._replace(against=tuple(link for link in note.against if known(link))) for note in testimony.notes)
    relations = tuple(relation for relation in testimony.relations if is_readable(relation.code))
    return testimony._replace(notes=notes, relations=relations)
