"""Text for a person: who and where and when, the words, each caveat in plain words, the citation last."""

from collections.abc import Iterable, Iterator
from typing import Final

from archive.authority.authorities import Authorities
from archive.citing import citation, source
from archive.citing.excerpt import RecordOutput, RenderedHit, SearchOutput
from archive.formats._date_words import date_in_words
from archive.formats._descriptions import address
from archive.formats._notes_in_full import NotesInFull
from archive.formats.terminal import columns, mark, visible, wrap
from archive.formats.text.facet_tables import counts
from archive.formats.wording import (
    NOT_HERE,
    asides,
    describe_update,
    entry_line,
    evidence_line,
    name_of,
    summary,
)
from archive.language.messages import tr
from archive.record.testimony import Note, Passage, Testimony
from archive.text import join_list

_INDENT: Final = "   "
"""Cells of a label beside which ids have a column of their own."""
_KINDS_OF_NAME: Final = frozenset({"pseudonym", "initials", "anonymous"})


def answer(answer: SearchOutput) -> Iterator[str]:
    """Write a search; a record's own caveats in full once, at its first hit."""
    results, authorities = answer.results, answer.authorities
    shown_at = NotesInFull()
    for number, shown in enumerate(answer.shown, start=results.query.offset + 1):
        yield from hit(number, shown, authorities, shown_at, updates=describe_update(shown.hit, results.query.filters))
        yield ""
    if answer.shown:
        yield from evidence((shown.hit.testimony for shown in answer.shown), authorities)
    yield from wrap(summary(results), columns())
    for line in asides(results, authorities):
        yield from wrap(line, columns())
    yield from counts(answer)


def origin_named(testimony: Testimony, authorities: Authorities) -> str:
    """Return where a record comes from, without the word that leads to it in a citation."""
    return citation.source_named(testimony, (), authorities)


def pages(pages: RecordOutput) -> Iterator[str]:
    """Write passages of one record; see `several`."""
    yield from several([pages])


def several(every: Iterable[RecordOutput]) -> Iterator[str]:
    """Write passages of records, each under its header.

    Where the whole record is shown, its own caveats stand at the head, and
    its citation at the end. A caveat that stood before is named again and not
    printed again.
    """
    told, before = NotesInFull(), list[Testimony]()
    for pages in every:
        if pages.record.testimony not in before:
            yield from [""] if before else []
            yield from header(pages.record.testimony, pages.authorities, is_whole=bool(pages.citation))
        before.append(pages.record.testimony)
        yield from _record(pages, told)
    yield ""
    yield from evidence(before, pages.authorities)


def _record(pages: RecordOutput, told: NotesInFull) -> Iterator[str]:
    testimony, authorities = pages.record.testimony, pages.authorities
    if pages.citation:
        yield ""
        yield from caveats(told.split(_of_record(pages), testimony, tr("above"))[0], authorities)
    for shown in pages.in_order():
        yield ""
        yield from _gap(pages, shown) if isinstance(shown, int) else _page(shown, authorities, told)
    for footnote in pages.footnotes_left():
        yield ""
        yield from wrap(visible(footnote), columns(), _INDENT)
    if pages.citation:
        yield ""
        yield from wrap(tr("Cite the record: {citation}", citation=visible(pages.citation)), columns(), "", _INDENT)


def _gap(pages: RecordOutput, number: int) -> Iterator[str]:
    yield f"{pages.record.testimony.code}#p{number}"
    yield f"{_INDENT}[{tr(NOT_HERE)}]"


def _page(shown: RenderedHit, authorities: Authorities, shown_notes: NotesInFull) -> Iterator[str]:
    passage = shown.hit.passage
    for heading in passage.headings:
        yield from wrap(visible(heading.lstrip("# ")), columns(), " ", " ")
        yield ""
    yield f"{passage.code}#p{passage.number}{_locators(passage)}"
    yield from outdated_remark(passage)
    yield from _where(passage, authorities)
    yield ""
    yield from wrap(mark(shown.excerpt.words, shown.excerpt.matches), columns(), _INDENT)
    for footnote in shown.excerpt.footnotes:
        yield from wrap(visible(footnote), columns(), _INDENT, _INDENT + "  ")
    yield ""
    yield from _below(shown, authorities, shown_notes, tr("above"))


def _below(shown: RenderedHit, authorities: Authorities, told: NotesInFull, place: str) -> Iterator[str]:
    """Write what stands below the words of a passage: its caveats, and its citation."""
    here, elsewhere = told.split(shown.excerpt.notes, shown.hit.testimony, place)
    yield from caveats(here, authorities)
    for at, notes in elsewhere:
        yield from again(notes, authorities, at)
    if found := address(source.of(shown.hit.testimony, shown.hit.passage, authorities)):
        yield from _line(tr("Address"), found)
    yield from wrap(tr("Cite: {citation}", citation=visible(shown.excerpt.citation)), columns(), _INDENT)


def _of_record(pages: RecordOutput) -> list[Note]:
    """Return the record's own notes that are in force at all of it, as its passages carry them."""
    every = dict.fromkeys(note for shown in pages.shown for note in shown.excerpt.notes if _is_of_whole_record(note))
    return list(every)


def again(notes: Iterable[Note], authorities: Authorities, where: str) -> Iterator[str]:
    """Name the caveats that were given in full elsewhere, those of the whole record apart."""
    every = tuple(notes)
    for of, alike in (
        (tr("of the whole record, "), [note for note in every if _is_of_whole_record(note)]),
        ("", [note for note in every if not _is_of_whole_record(note)]),
    ):
        flags = join_list(citation.flag_names(alike, authorities), "and")
        if flags:
            yield from wrap(
                tr("! {of}in full {where}: {flags}", of=of, where=where, flags=visible(flags)), columns(), _INDENT, _INDENT + "  "
            )


def header(testimony: Testimony, authorities: Authorities, *, is_whole: bool = True) -> Iterator[str]:
    """Write what a record is: title, witness, text, source, grade, relations, content warning.

    :param is_whole: of a passage alone its citation says where it comes from.
    """
    yield from wrap(visible(testimony.title), columns(), f"{testimony.code}  ", _INDENT)
    if not is_whole:
        yield from _line(tr("Speaks"), f"{speaker(testimony, authorities)}; {rendering(testimony, authorities)}")
    for name, value in facts(testimony, authorities, is_whole=is_whole):
        yield from _line(name, value)


def facts(testimony: Testimony, authorities: Authorities, *, is_whole: bool = True) -> Iterator[tuple[str, str]]:
    """Yield what a record is, each with its label."""
    if is_whole:
        yield tr("Speaks"), speaker(testimony, authorities)
        if testimony.witness.other_names:
            yield tr("Also"), join_list([visible(name.text) for name in testimony.witness.other_names], "and")
        yield (
            tr("Kind"),
            f"{authorities.vocabulary.said('kind', testimony.kind)}; {rendering(testimony, authorities)}",
        )
        taken = tr(" by {name}", name=visible(testimony.recorded_by)) if testimony.recorded_by else ""
        yield tr("Recorded"), f"{date_in_words(testimony.recorded)}{taken}"
        yield tr("Source"), visible(origin_named(testimony, authorities))
    if testimony.reliability:
        grade = authorities.vocabulary.said("reliability", testimony.reliability)
        yield tr("Source is"), f"{testimony.reliability} ({grade}): {visible(testimony.reliability_basis)}"
    for relation in testimony.relations:
        yield tr("Relation"), f"{authorities.vocabulary.said('relation', relation.type)} {relation.code}"
    if testimony.sensitive:
        yield tr("Content warning"), _sensitive(testimony, authorities)


def hit(  # noqa: PLR0913, PLR0917 - a hit of a list
    number: int, shown: RenderedHit, authorities: Authorities, shown_at: NotesInFull, place: str = "", updates: Iterable[str] = ()
) -> Iterator[str]:
    """Write a hit of a list.

    :param place: how it is named where one of its caveats is named again; else by its number.
    :param updates: what has become of it since the day that was asked for.
    """
    testimony, passage = shown.hit.testimony, shown.hit.passage
    opened = f"{number}. {testimony.code}#p{passage.number}{_locators(passage)}  "
    yield from wrap(visible(testimony.title), columns(), opened, _INDENT + "  ")
    yield from outdated_remark(passage)
    if testimony.sensitive:
        yield from _line(tr("Content warning"), _sensitive(testimony, authorities))
    yield from _line(tr("Speaks"), f"{speaker(testimony, authorities)}; {rendering(testimony, authorities)}")
    yield from _where(passage, authorities)
    if since := "; ".join(updates):
        yield from _line(tr("Updated"), since)
    yield ""
    yield from wrap(mark(shown.excerpt.words, shown.excerpt.matches), columns(), _INDENT)
    for footnote in shown.excerpt.footnotes:
        yield from wrap(visible(footnote), columns(), _INDENT, _INDENT + "  ")
    yield ""
    yield from _below(shown, authorities, shown_at, place or tr("at {number}", number=number))


def _is_of_whole_record(note: Note) -> bool:
    """Return whether a note is of the whole record and its own."""
    return note.about.of_record and not note.origin


def caveats(notes: Iterable[Note], authorities: Authorities) -> Iterator[str]:
    """Write caveats in full, under each other."""
    for note in notes:
        line = f"! {citation.flag(note, authorities).upper()}: {caveat_tail(note, authorities)}"
        yield from wrap(visible(line), columns(), _INDENT, _INDENT + "  ")


def caveat_tail(note: Note, authorities: Authorities) -> str:
    """Return what stands after the flag of a caveat: what it states, what stands against it, whose and whence it is."""
    number = tr(", information {information}", information=note.information) if note.information else ""
    known = tr(", known since {known}", known=date_in_words(note.known)) if note.known else ""
    sources = "; ".join(citation.name_cite_in_short(cite, authorities) for cite in note.cites)
    ends = f"[{citation.note_id(note)}, {note.by}, {note.date}{known}{number}{'; ' + sources if sources else ''}]"
    against = tr(" See {against}.", against=join_list(note.against, "and")) if note.against else ""
    return f"{citation.statement_of(note)}{against} {ends}"


def outdated_remark(passage: Passage) -> Iterator[str]:
    """Say of a passage of a version where its words, or the record's, have changed since they were held together."""
    if passage.outdated:
        sentence = tr(passage.outdated)
        yield from wrap(f"! {sentence[:1].upper()}{sentence[1:]}.", columns(), _INDENT, _INDENT + "  ")


def _where(passage: Passage, authorities: Authorities) -> Iterator[str]:
    for entry in passage.entries:
        yield from _line(tr("About"), entry_line(entry, authorities))


def speaker(testimony: Testimony, authorities: Authorities) -> str:
    """Describe who speaks, in what connection, and of what kind the name is where it is no real one."""
    witness = testimony.witness
    label = authorities.vocabulary.said
    kind = f", {label('name_kind', witness.name_kind)}" if witness.name_kind in _KINDS_OF_NAME else ""
    return tr("{name} ({how})", name=visible(name_of(witness)), how=f"{label('connection', witness.connection)}{kind}")


def rendering(testimony: Testimony, authorities: Authorities) -> str:
    """Describe what kind of text it is, and of a version in another language in which and by whom."""
    own = authorities.vocabulary.said("rendering", testimony.rendering)
    text = tr("archive summary, not the witness's own words") if testimony.is_summary else own
    return text + visible(citation.describe_translation(testimony, authorities))


def _sensitive(testimony: Testimony, authorities: Authorities) -> str:
    return join_list([authorities.vocabulary.said("sensitive", subject) for subject in testimony.sensitive], "and")


def _locators(passage: Passage) -> str:
    return tr(" (at {locators})", locators=visible(", ".join(passage.locators))) if passage.locators else ""


def _line(name: str, value: str) -> Iterator[str]:
    yield from wrap(f"{name}: {value}", columns(), _INDENT, _INDENT + "  ")


def evidence(testimonies: Iterable[Testimony], authorities: Authorities) -> Iterator[str]:
    """Describe under a summary that it is one, and where to go to cite in evidence."""
    if any(testimony.is_summary for testimony in testimonies):
        yield from wrap(evidence_line(authorities), columns())
        yield ""
