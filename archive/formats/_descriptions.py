"""A record and its caveats as a dossier describes them, in plain text."""

from collections.abc import Iterable, Iterator
from typing import Final

from archive.authority.authorities import Authorities
from archive.citing import citation
from archive.citing.source import CitedSource
from archive.formats import fields
from archive.formats._date_words import date_in_words
from archive.formats.wording import name_of
from archive.language.messages import mark, tr
from archive.named_tuple import NamedTuple
from archive.record.testimony import Note, Testimony
from archive.text import join_list

Fact = tuple[str, str]
"""A term, and what is said of it."""

SUMMARY_LABEL: Final = mark("Archive summary, not the witness's own words")


class Caveat(NamedTuple):
    """A note in force, as it is printed: its flag, its statement, and whose and whence it is."""

    label: str
    statement: str
    ends: str


def whose_text(testimony: Testimony, authorities: Authorities) -> str:
    """Describe whose words a text has, and of a version in another language in which and by whom."""
    text = tr(SUMMARY_LABEL) if testimony.is_summary else authorities.vocabulary.label("rendering", testimony.rendering)
    return text + citation.describe_translation(testimony, authorities)


def address(source: CitedSource) -> str:
    """Return where a source is to be found, and when it was seen there; "" where no address is known."""
    if not source.address:
        return ""
    return f"{source.address}, {citation.describe_day_seen(source.accessed)}" if source.accessed else source.address


def about(testimony: Testimony, authorities: Authorities) -> Iterator[Fact]:
    """Describe a record: who speaks, what kind of text it is, where it comes from, how it is graded."""
    said = authorities.vocabulary.said
    witness = testimony.witness
    yield tr("Speaks"), tr("{name} ({how})", name=name_of(witness), how=describe_speaker(testimony, authorities))
    if witness.other_names:
        yield tr("Also"), join_list([name.text for name in witness.other_names], "and")
    yield tr("Kind"), f"{said('kind', testimony.kind)}. {whose_text(testimony._replace(shown_in=''), authorities)}"
    taken = tr(" by {name}", name=testimony.recorded_by) if testimony.recorded_by else ""
    yield tr("Recorded"), f"{date_in_words(testimony.recorded)}{taken}"
    yield tr("Source"), citation.source_named(testimony, (), authorities)
    yield tr("Root"), testimony.source.root or tr("not known")
    if testimony.reliability:
        grade = said("reliability", testimony.reliability)
        yield tr("Source is graded"), f"{testimony.reliability} ({grade}): {testimony.reliability_basis}"
    for relation in testimony.relations:
        yield tr("Relation"), f"{said('relation', relation.type)} {relation.code}"
    if testimony.sensitive:
        yield tr("Content warning"), join_list([said("sensitive", subject) for subject in testimony.sensitive], "and")


def describe_speaker(testimony: Testimony, authorities: Authorities) -> str:
    """Return in what connection a witness speaks, and of what kind the name is."""
    witness, said = testimony.witness, authorities.vocabulary.said
    return f"{said('connection', witness.connection)}, {said('name_kind', witness.name_kind)}"


def name_again(at: str, notes: Iterable[Note], authorities: Authorities) -> str:
    """Name caveats in force that stand in full at another place."""
    return tr("In full {where}: {flags}", where=at, flags=join_list(citation.flag_names(notes, authorities), "and"))


def caveats(notes: Iterable[Note], authorities: Authorities) -> Iterator[Caveat]:
    """Yield the notes in force, each whole: flag, statement, whose, when, since when known, sources, the other side."""
    for note in notes:
        label = citation.flag(note, authorities)
        ends = [
            citation.note_id(note),
            tr("of the whole record")
            if note.about.of_record
            else tr("of paragraph {paragraphs}", paragraphs=join_list(map(str, note.about.paragraphs), "and")),
            tr("by {keeper}", keeper=note.by),
            note.date,
            tr("known since {known}", known=date_in_words(note.known)) if note.known else "",
            tr("could be known only after {since}, the day asked for", since=note.since) if note.since else "",
            tr("information graded {grade}", grade=note.information) if note.information else "",
            tr("see {codes}", codes=join_list(note.against, "and")) if note.against else "",
            *fields.cites(note.cites, authorities),
        ]
        yield Caveat(f"{label[:1].upper()}{label[1:]}", citation.statement_of(note), "; ".join(end for end in ends if end))
