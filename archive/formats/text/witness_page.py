"""One person's page: the versions of what they told, what changed, what is upheld, what others say, and where to cite."""

import sys
from collections.abc import Iterator
from typing import Any, Final

from archive.authority.authorities import Authorities
from archive.citing import citation
from archive.citing.list_signs import CAVEATS, SOURCES
from archive.citing.printed_page import PageLine
from archive.formats import _plain_words as plain_words
from archive.formats import fields
from archive.formats._date_words import date_in_words
from archive.formats.json_sink import lines
from archive.formats.terminal import close_marks, render, visible, wrap
from archive.formats.text import lineage
from archive.formats.text.hit_list import INDENT, Numbers, lines_of, note_names, sign_notes, source_of, write_notes_in_full
from archive.formats.wording import evidence_line
from archive.language.messages import mark, tr
from archive.named_tuple import NamedTuple
from archive.record import hashing
from archive.record.testimony import notes_of
from archive.text import count_of, join_list, program
from archive.weighing.people import RELIED_ON, RELIES_ON, SAME_EVENT, Other, Person, StatedFact
from archive.weighing.versions import Version

_RELATIONS: Final = {
    SAME_EVENT: mark("tells of the same event"),
    RELIES_ON: mark("rests on this account"),
    RELIED_ON: mark("this account rests on it"),
}


class People(NamedTuple):
    """The persons who are meant by a name; more than one where nobody has entered that they are the same."""

    asked: str
    people: tuple[Person, ...]
    authorities: Authorities


def text(people: People, columns: int) -> Iterator[str]:
    """Write the pages for a person."""
    authorities, numbers = people.authorities, Numbers(people.authorities)
    if len(people.people) > 1:
        sentence = tr("These records bear the name, and nobody has entered that they are of one person: each is told apart.")
        yield from wrap(sentence, columns)
        yield ""
    first = 1
    for person in people.people:
        yield from _page(person, first, authorities, numbers, columns)
        yield ""
        first += len(person.versions)
    yield from list(write_notes_in_full(numbers, columns))[1:]
    yield ""
    yield from _sources(people, columns)
    yield ""
    yield from lines_of(_following(people))


def unwrapped_lines(people: People) -> Iterator[PageLine]:
    """Yield the lines of the pages down to their notes, each whole, for a page to be held against them."""
    is_of_others = False
    for line in render(text(people, sys.maxsize), styled=False):
        if line.startswith((tr(CAVEATS), tr(SOURCES))):
            return
        is_heading = line in _heading_of_others()
        is_of_others = bool(line) and (is_of_others or is_heading)
        if line:
            yield PageLine(_heading_of_others()[::-1] if is_heading else (line,), is_of_others and not is_heading)


def _heading_of_others() -> tuple[str, str]:
    return tr("WHAT OTHERS SAY OF THE SAME"), tr("WHAT OTHERS SAY OF THE SAME: nothing is entered")


def _page(person: Person, first: int, authorities: Authorities, numbers: Numbers, columns: int) -> Iterator[str]:
    testimony = person.testimony
    yield from wrap(plain_words.speaker(testimony, authorities), columns)
    names = [visible(name) for name in dict.fromkeys(_names(person)) if name != testimony.witness.name]
    if names:
        yield from wrap(f"{tr('Also')}: {join_list(names, 'and')}", columns, INDENT)
    yield ""
    yield tr("VERSIONS ({number}, the earlier first)", number=len(person.versions))
    for number, version in enumerate(person.versions, start=first):
        yield from _version(number, version, authorities, numbers, columns)
    for heading, claims in (
        (tr("TAKEN BACK, CHANGED OR REJECTED"), person.changed),
        (tr("UPHELD BY THE SPEAKER"), person.maintained),
    ):
        yield ""
        yield from wrap(
            tr("{heading} (in the archive's words)", heading=heading)
            if claims
            else tr("{heading}: nothing is entered", heading=heading),
            columns,
        )
        for stated in claims:
            yield from _claim(stated, authorities, numbers, columns)
    if person.further:
        further = count_of(person.further, "further claim", "further claims")
        yield from wrap(tr("{further}: testimony show prints the records.", further=further), columns)
    yield ""
    yield _heading_of_others()[not person.others]
    for other in person.others:
        yield from _other(other, authorities, numbers, columns)


def _names(person: Person) -> Iterator[str]:
    for version in person.versions:
        yield from version.record.testimony.witness.names


def _version(number: int, version: Version, authorities: Authorities, numbers: Numbers, columns: int) -> Iterator[str]:
    testimony = version.record.testimony
    yield from wrap(f"{testimony.code}  {visible(testimony.title)}", columns, f"{number}  ".ljust(len(INDENT)), INDENT + "  ")
    taken = tr(" by {name}", name=visible(testimony.recorded_by)) if testimony.recorded_by else ""
    whose = tr("archive summary") if testimony.is_summary else authorities.vocabulary.said("rendering", testimony.rendering)
    parts = [tr("recorded {date}{taken}", date=date_in_words(testimony.recorded), taken=taken), whose]
    parts += [f"{said} {join_list(codes, 'and')}" for said, codes in _relations(version) if codes]
    yield from wrap(" · ".join(parts), columns, INDENT, INDENT + "  ")
    yield from sign_notes(version.notes, testimony, authorities, columns, numbers)


def _relations(version: Version) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return (tr("revises"), version.revises), (tr("revised by"), version.revised_by)


def _claim(stated: StatedFact, authorities: Authorities, numbers: Numbers, columns: int) -> Iterator[str]:
    claim, code = stated.claim, stated.testimony.code
    places = ", ".join(f"p{passage.number}" for passage in stated.passages)
    against, speaking = note_names(notes_of(stated.passages), stated.testimony, authorities, numbers)
    caveats = "; ".join([*against, *(f"+ {flag}" for flag in speaking)]) or tr("no caveat has been entered")
    line = f"{visible(claim.text)} · {plain_words.stands(claim.status, authorities)} · ! {caveats}"
    yield from close_marks(wrap(line, columns, f"{INDENT}{code}#{places}  ", INDENT + "  "))


def _other(other: Other, authorities: Authorities, numbers: Numbers, columns: int) -> Iterator[str]:
    testimony = other.testimony
    relations = [tr(_RELATIONS[relation]) for relation in other.relations]
    notes = [
        f"{authorities.vocabulary.said('flag', note.flag)} [{numbers.of_record(record, note)}]" for record, note in other.notes
    ]
    line = " · ".join([plain_words.speaker(testimony, authorities), *relations, *notes])
    yield from wrap(line, columns, f"{INDENT}{testimony.code}  ", INDENT + "  ")


def _sources(people: People, columns: int) -> Iterator[str]:
    authorities = people.authorities
    yield tr("{sources} (where to cite)", sources=tr(SOURCES))
    own = False
    for version in (version for person in people.people for version in person.versions):
        testimony = version.record.testimony
        own = own or testimony.is_summary
        marked = citation.mark_of_record(testimony, version.notes, digits=hashing.SHORT_HASH)
        yield from source_of(testimony, (), [marked], authorities, columns)
    if own:
        yield from wrap(evidence_line(authorities), columns, " ")


def _following(people: People) -> Iterator[str]:
    codes = [version.record.testimony.code for person in people.people for version in person.versions]
    yield f"{program()} show {codes[-1]}"
    if len(codes) > 1 and len(people.people) == 1:
        yield f"{program()} show {codes[0]} --versions"
    yield f"{program()} cite {' '.join(codes[:3])}"
    entries = (entry for person in people.people for entry in person.testimony.entries)
    camps = [entry.camp for entry in entries if entry.camp]
    if camps:
        yield f"{program()} compare --camp {camps[0]}"


def document(people: People) -> Iterator[str]:
    """Write the pages as JSON."""
    return lines(
        {
            "schema": fields.SCHEMA,
            "asked": people.asked,
            "people": [_fields(person, people.authorities) for person in people.people],
        }
    )


def _fields(person: Person, authorities: Authorities) -> dict[str, Any]:
    testimony = person.testimony
    codes = [version.record.testimony.code for version in person.versions]
    versions = lineage.Lineage(codes[-1], person.versions, authorities)
    return {
        "witness": testimony.witness.name,
        "other_names": [name for name in dict.fromkeys(_names(person)) if name != testimony.witness.name],
        "name_kind": testimony.witness.name_kind,
        "connection": testimony.witness.connection,
        "versions": lineage.describe(versions),
        "changed": [_claim_fields(statement, authorities) for statement in person.changed],
        "maintained": [_claim_fields(statement, authorities) for statement in person.maintained],
        "further_claims": person.further,
        "others": [
            {
                "code": other.testimony.code,
                "witness": other.testimony.witness.name,
                "relations": list(other.relations),
                "notes": [{"record": record, **fields.caveat(note, authorities)} for record, note in other.notes],
            }
            for other in person.others
        ],
    }


def _claim_fields(stated: StatedFact, authorities: Authorities) -> dict[str, Any]:
    return {
        "code": stated.testimony.code,
        "id": stated.claim.id,
        "paragraphs": [passage.number for passage in stated.passages],
        "text": stated.claim.text,
        "status": stated.claim.status,
        "caveats": [fields.caveat(note, authorities) for note in notes_of(stated.passages)],
        "citations": _citations(stated, authorities),
    }


def _citations(stated: StatedFact, authorities: Authorities) -> list[str]:
    return [citation.house(stated.testimony, passage, authorities, digits=hashing.LONG_HASH) for passage in stated.passages]
