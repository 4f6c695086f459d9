"""A record and its caveats as a dossier describes them, in plain text."""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from archive.authority.authorities import Authorities
from archive.citing import citation
from archive.citing.source import CitedSource
from archive.formats import fields
from archive.language.messages import tr
from archive.record.testimony import Note, Testimony
from archive.text import is_undated, listed

Fact = tuple[str, str]
"""A term, and what is said of it."""

SUMMARY_LABEL: Final = "Archive summary, not the witness's own words"


class Caveat(NamedTuple):
    """A note in force, as it is printed: its flag, its statement, and whose and whence it is."""

    label: str
    statement: str
    ends: str


def whose_text(testimony: Testimony, authorities: Authorities) -> str:
    """Describe whose words a text has, and of a version in another language in which and by whom."""
    text = SUMMARY_LABEL if testimony.is_summary else authorities.vocabulary.label("rendering", testimony.rendering)
    return text + citation.translated(testimony, authorities)


def address(source: CitedSource) -> str:
    """Return where a source is to be found, and when it was seen there; "" where no address is known."""
    if not source.address:
        return ""
    return f"{source.address}, {citation.seen(source.accessed)}" if source.accessed else source.address


def about(testimony: Testimony, authorities: Authorities) -> Iterator[Fact]:
    """Describe a record: who speaks, what kind of text it is, where it comes from, how it is graded."""
    said = authorities.vocabulary.said
    witness = testimony.witness
    yield "Speaks", f"{witness.name} ({said('connection', witness.connection)}, {said('name_kind', witness.name_kind)})"
    if witness.other_names:
        yield "Also", listed([name.text for name in witness.other_names], "and")
    yield "Kind", f"{said('kind', testimony.kind)}. {whose_text(testimony._replace(shown_in=''), authorities)}"
    taken = f" by {testimony.recorded_by}" if testimony.recorded_by else ""
    yield "Recorded", f"{'undated' if is_undated(testimony.recorded) else testimony.recorded}{taken}"
    yield "Source", citation.origin(testimony, (), authorities).partition(" ")[2]
    yield "Root", testimony.source.root or "not known"
    if testimony.reliability:
        grade = said("reliability", testimony.reliability)
        yield "Source is graded", f"{testimony.reliability} ({grade}): {testimony.reliability_basis}"
    for relation in testimony.relations:
        yield "Relation", f"{said('relation', relation.type)} {relation.code}"
    if testimony.sensitive:
        yield "Content warning", listed([said("sensitive", subject) for subject in testimony.sensitive], "and")


def named_again(at: str, notes: Iterable[Note], authorities: Authorities) -> str:
    """Name caveats in force that stand in full at another place."""
    return tr("In full {where}: {flags}", where=at, flags=listed(citation.named(notes, authorities), "and"))


def caveats(notes: Iterable[Note], authorities: Authorities) -> Iterator[Caveat]:
    """Yield the notes in force, each whole: flag, statement, whose, when, since when known, sources, the other side."""
    for note in notes:
        label = citation.flag(note, authorities)
        ends = [
            citation.note_id(note),
            "of the whole record" if note.about.of_record else f"of paragraph {listed(map(str, note.about.paragraphs), 'and')}",
            f"by {note.by}",
            note.date,
            f"known since {note.known}" if note.known else "",
            f"could be known only after {note.since}, the day asked for" if note.since else "",
            f"information graded {note.information}" if note.information else "",
            f"see {listed(note.against, 'and')}" if note.against else "",
            *fields.cites(note.cites, authorities),
        ]
        yield Caveat(f"{label[:1].upper()}{label[1:]}", citation.stated(note), "; ".join(end for end in ends if end))
