"""Markdown for a paper or a wiki: every value escaped, everything given in full."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from archive.authority.authorities import Authorities
from archive.citing import citation, part_marks, source
from archive.citing.excerpt import RecordOutput, RenderedHit, SearchOutput
from archive.formats import fields
from archive.formats._body import StyledRun, parts_of
from archive.formats._descriptions import caveats, describe_speaker, name_again
from archive.formats._markdown_sink import escape, link
from archive.formats._notes_in_full import NotesInFull
from archive.formats.wording import (
    NOT_HERE,
    asides,
    describe_counting,
    describe_update,
    entry_line,
    evidence_line,
    facet_heading,
    name_of,
    summary,
)
from archive.language.messages import is_english, tr
from archive.record.testimony import Note, Testimony

__all__ = ["answer", "escape", "pages"]

_SIGNS: Final = {"em": "*", "strong": "**"}
_BEFORE: Final = {"": "", "item": "• ", "numbered": "", "quoted": "\u2003"}
"""What stands before a part of a passage in a paragraph of a word processor."""


def answer(answer: SearchOutput) -> Iterator[str]:
    """Write a search."""
    authorities = answer.authorities
    yield f"# {escape(authorities.name())}"
    yield ""
    yield escape(summary(answer.results))
    for line in asides(answer.results, authorities):
        yield ""
        yield escape(line)
    told = NotesInFull()
    for shown in answer.shown:
        yield ""
        testimony = shown.hit.testimony
        yield f"## {escape(f'{testimony.code}#p{shown.hit.passage.number}')} {escape(testimony.title)}"
        yield ""
        if said := list(describe_update(shown.hit, answer.results.query.filters)):
            yield f"*{escape(', '.join(said))}*"
            yield ""
        yield from passage(shown, authorities, told)
    yield from _facets(answer)
    yield from evidence((shown.hit.testimony for shown in answer.shown), authorities)


def part(name: str, lines: Iterable[str]) -> Iterator[str]:
    """Write a part that is no excerpt, with an empty line and its mark below it."""
    written = list(lines)
    yield from written
    if written[-1]:
        yield ""
    yield escape(part_marks.with_mark(name, "\n".join(written)))
    yield ""


def pages(pages: RecordOutput) -> Iterator[str]:
    """Write passages of one record."""
    yield from several([pages])


def several(every: Iterable[RecordOutput]) -> Iterator[str]:
    """Write passages of records, each caveat in full once."""
    told = NotesInFull()
    for place, pages in enumerate(every):
        if place:
            yield ""
        yield from _record(pages, told)


def _record(pages: RecordOutput, told: NotesInFull) -> Iterator[str]:
    testimony, authorities = pages.record.testimony, pages.authorities
    yield f"# {escape(testimony.code)} {escape(testimony.title)}"
    for shown in pages.in_order():
        if isinstance(shown, int):
            yield from _gap(pages, shown)
            continue
        for heading in shown.hit.passage.headings:
            yield ""
            yield f"### {escape(heading.lstrip('# '))}"
        yield ""
        yield f"## {escape(f'{testimony.code}#p{shown.hit.passage.number}')}"
        yield ""
        yield from passage(shown, authorities, told)
    for footnote in pages.footnotes_left():
        yield ""
        yield escape(footnote)
    yield ""
    yield escape(tr("Cite the record: {citation}", citation=pages.citation))
    yield from evidence([testimony], authorities)


def _gap(pages: RecordOutput, number: int) -> Iterator[str]:
    yield ""
    yield f"## {escape(f'{pages.record.testimony.code}#p{number}')}"
    yield ""
    yield escape(f"[{tr(NOT_HERE)}]")


def passage(shown: RenderedHit, authorities: Authorities, told: NotesInFull) -> Iterator[str]:
    """Write a passage: who speaks, what of, the words, every caveat, in full where it was not before, the citation."""
    testimony, excerpt = shown.hit.testimony, shown.excerpt
    if testimony.sensitive:
        warned = ", ".join(authorities.vocabulary.said("sensitive", subject) for subject in testimony.sensitive)
        yield f"**{escape(tr('Content warning'))}:** {escape(warned)}"
        yield ""
    rendering = authorities.vocabulary.said("rendering", testimony.rendering) + citation.describe_translation(
        testimony, authorities
    )
    name = tr("{name} ({how})", name=name_of(testimony.witness), how=describe_speaker(testimony, authorities))
    yield escape(f"{name}; {rendering}")
    yield ""
    yield from outdated_remark(shown)
    for entry in shown.hit.passage.entries:
        yield f"- {escape(entry_line(entry, authorities))}"
    yield ""
    yield f"> {mark_matches(excerpt.words, excerpt.matches)}"
    for footnote in excerpt.footnotes:
        yield ">"
        yield f"> {escape(footnote)}"
    yield ""
    yield from write_caveats(excerpt.notes, testimony, authorities, told, shown.reference)
    yield from write_source_place(shown, authorities)
    yield write_citation(excerpt.citation)


def write_citation(citation: str) -> str:
    """Write the citation of a passage behind the word that leads to it."""
    return escape(tr("Cite: {citation}", citation=citation))


def outdated_remark(shown: RenderedHit) -> Iterator[str]:
    """Say of a passage of a version where its words, or the record's, have changed since they were held together."""
    if shown.hit.passage.outdated:
        said = tr(shown.hit.passage.outdated)
        yield f"**{escape(said[:1].upper() + said[1:])}.**"
        yield ""


def write_source_place(shown: RenderedHit, authorities: Authorities) -> Iterator[str]:
    """Write where the source of a passage is to be found, and when it was seen there."""
    found = source.of(shown.hit.testimony, shown.hit.passage, authorities)
    if found.address:
        seen = f", {citation.describe_day_seen(found.accessed)}" if found.accessed else ""
        yield f"{escape(tr('Address'))}: {link(found.address)}{seen}"
        yield ""


def write_caveats(  # noqa: PLR0913, PLR0917 - a list of Markdown
    notes: Iterable[Note],
    testimony: Testimony,
    authorities: Authorities,
    told: NotesInFull,
    reference: str = "",
    first: Iterable[str] = (),
) -> Iterator[str]:
    """Write the caveats in force at a passage as a list: each in full where it was not before, else by its name.

    :param reference: how the passage is named where one of them is named again.
    :param first: items of the list that come before them.
    """
    here, elsewhere = told.split(notes, testimony, tr("above, at {reference}", reference=reference) if reference else tr("above"))
    items = [
        *first,
        *(
            f"**{escape(tr('Caveat: {label}', label=note.label))}.** {escape(note.statement)} ({escape(note.ends)})"
            for note in caveats(here, authorities)
        ),
        *(escape(name_again(at, each, authorities)) for at, each in elsewhere),
    ]
    for item in items:
        yield f"- {item}"
    if items:
        yield ""


def mark_matches(words: str, matches: Iterable[tuple[int, int]]) -> str:
    """Escape words, with marks around the matches."""
    pieces, at = [], 0
    for start, end in matches:
        before = words[at:start]
        pieces.append(_escape_piece(before))
        pieces.append(f"**{escape(words[start:end])}**")
        at = end
    return "".join([*pieces, _escape_piece(words[at:])])


def format_lines(words: str, matches: Iterable[tuple[int, int]] = (), text: str = "") -> list[str]:
    """Return the lines of words for a file of a word processor, where their Markdown is formatting (`archive.formats._body`).

    One paragraph, each part of it on a line of its own, so that the words stay in one piece.
    """
    every = parts_of(words, matches, text)
    lines = ["".join((_BEFORE[part.kind], *_write_runs(part.runs))) for part in every]
    return [*(f"{line}\\" for line in lines[:-1]), lines[-1]]


def _write_runs(runs: Sequence[StyledRun]) -> Iterator[str]:
    """Write runs one after another; where two with emphasis meet no reader of Markdown could tell whose signs are whose."""
    before = ""
    for run in runs:
        signs = "" if before else "".join(_SIGNS[name] for name in run.emphasis.split())
        before = run.emphasis
        if not signs or not run.text.strip():
            yield mark_matches(run.text, run.matches)
            continue
        left, right = run.text[: -len(run.text.lstrip())], run.text[len(run.text.rstrip()) :]
        yield f"{left}{signs}{escape(run.text)}{signs[::-1]}{right}"


def _escape_piece(text: str) -> str:
    """Escape a piece of a line; the space at its ends belongs to the line."""
    left = " " if text[:1] == " " else ""
    right = " " if text[-1:] == " " and len(text) > 1 else ""
    return f"{left}{escape(text)}{right}"


def _facet_name(facet: str) -> str:
    return facet if is_english() else facet_heading(facet)


def _facets(answer: SearchOutput) -> Iterator[str]:
    for name, rows in answer.results.facets.items():
        if rows:
            yield ""
            yield f"| {escape(_facet_name(name))} | {escape(tr('passages'))} | {escape(tr('testimonies'))} |"
            yield "| --- | ---: | ---: |"
            for row in rows:
                named = escape(fields.label(name, row.value, answer.authorities))
                yield f"| {named} | {row.passages} | {row.testimonies} |"
            for told in describe_counting(name, answer.results.query.filters):
                yield ""
                yield escape(f"{_facet_name(name)}: {told}")


def evidence(testimonies: Iterable[Testimony], authorities: Authorities) -> Iterator[str]:
    """Describe under a summary that it is one, and where to go to cite in evidence."""
    if any(testimony.is_summary for testimony in testimonies):
        yield ""
        yield escape(evidence_line(authorities))
