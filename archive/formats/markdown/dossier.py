"""A dossier as Markdown, every value escaped; pandoc makes a word processor's file of it."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Final

from archive.citing import part_marks
from archive.citing.excerpt import RenderedHit
from archive.formats import dossier_content
from archive.formats._coverage_table import QUOTED
from archive.formats._markdown_sink import escape, link
from archive.formats._notes_in_full import NotesInFull
from archive.formats.dossier_content import Document, Fact
from archive.formats.markdown.comparison import coverage
from archive.formats.markdown.comparison import write_contradictions as contradictions
from archive.formats.markdown.page import format_lines, mark_matches, part, write_caveats, write_citation, write_source_place
from archive.formats.picture import CAVEATS, SOURCES, Picture, caveat_title
from archive.formats.wording import entry_line
from archive.language.messages import tr
from archive.record.testimony import Testimony
from archive.text import join_list
from archive.weighing.dossier import Dossier

_NO_NOTES: Final[Mapping[str, str]] = {}
_LABEL = re.compile(r"[^A-Za-z0-9]+")


def write(
    document: Document,
    *,
    titled: bool = True,
    notes: Mapping[str, str] = _NO_NOTES,
    bibliography: Sequence[str] = (),
    drawn: Collection[str] = (),
) -> Iterator[str]:
    """Write a dossier.

    :param titled: begin with the title; a word processor's file has it on its cover.
    :param notes: the citation of each passage by its reference, to stand in a footnote to its words; without any each stands
        below its passage.
    :param bibliography: the works cited in a style, one after another; without any they are named as the house does.
    :param drawn: the names of the pictures of which a drawing is there, each to be shown by that name.
    """
    dossier = document.dossier
    if titled:
        yield f"# {escape(dossier.title)}"
        yield ""
    yield escape(f"{dossier.authorities.name()}, {dossier.day}")
    yield ""
    warned = dossier_content.warnings(document)
    if warned:
        yield f"**{escape(tr('Content warning'))}:** {escape(join_list(warned, 'and'))}"
        yield ""
    for line in dossier_content.nature(document):
        yield escape(line)
        yield ""
    yield from facts(_section(dossier_content.ASKED), dossier_content.describe_question(dossier))
    yield from facts(_section(dossier_content.FOUND), dossier_content.state(dossier))
    yield from items(_section(dossier_content.NOT_HERE), dossier_content.describe_omissions(document))
    yield from write_attestation(dossier, _section(dossier_content.COVERAGE))
    yield _section(dossier_content.TESTIMONIES)
    yield ""
    if not document.groups:
        yield escape(tr("No passage was found."))
        yield ""
    told = NotesInFull()
    for testimony, shown in document.groups:
        yield from _testimony(testimony, shown, document, told, notes)
    yield from write_contradictions(dossier, _section(dossier_content.KEPT))
    yield from works(dossier, bibliography, _section(dossier_content.WORKS))
    yield from _pictures(document, drawn)
    yield _section(dossier_content.HOW_TO_CHECK)
    yield ""
    yield escape(dossier_content.check())


def _pictures(document: Document, drawn: Collection[str]) -> Iterator[str]:
    if document.pictures:
        yield _section(dossier_content.PICTURES)
        yield ""
    for each in document.pictures:
        yield from _picture(each, drawn)
    if document.named:
        yield from items(f"### {escape(tr(dossier_content.NAMED))}", document.named)


def _picture(shown: Picture, drawn: Collection[str]) -> Iterator[str]:
    """Write a picture in words and figures, with its drawing where that is there, its caveats and its sources."""
    yield f"### {escape(shown.title)}"
    yield ""
    if shown.name in drawn:
        yield f"![{escape(shown.summary)}]({shown.name})"
    else:
        yield escape(shown.summary)
    yield ""
    for table in shown.tables:
        yield f"| {' | '.join(map(escape, table.columns))} |"
        yield f"|{' --- |' * len(table.columns)}"
        for row in table.rows:
            yield f"| {' | '.join(map(escape, row))} |"
        yield ""
        yield escape(table.caption)
        yield ""
    for line in shown.reading:
        yield escape(line)
        yield ""
    if shown.caveats:
        yield f"**{escape(tr(CAVEATS))}**"
        yield ""
    stated = ((caveat_title(each), f"{each.statement} [{each.ends}]" if each.statement else "") for each in shown.caveats)
    yield from items("", (f"{of}. {said}" if said else of for of, said in stated))
    if shown.sources:
        yield f"**{escape(tr(SOURCES))}**"
        yield ""
        yield from items("", shown.sources)


def _section(title: str) -> str:
    return f"## {escape(tr(title))}"


def facts(title: str, listed_facts: Iterable[Fact]) -> Iterator[str]:
    """Write terms, and what is said of each, under a heading; under none where ``title`` is ""."""
    yield from items(title, [], [f"**{escape(term)}:** {escape(said)}" for term, said in listed_facts])


def items(title: str, words: Iterable[str], markup: Iterable[str] = ()) -> Iterator[str]:
    """Write words, and finished Markdown, as a list under a heading."""
    if title:
        yield title
        yield ""
    for item in (*map(escape, words), *markup):
        yield f"- {item}"
    yield ""


def _testimony(
    testimony: Testimony, shown: tuple[RenderedHit, ...], document: Document, told: NotesInFull, notes: Mapping[str, str]
) -> Iterator[str]:
    yield from facts(
        f"### {escape(testimony.code)} {escape(testimony.title)}",
        dossier_content.about(testimony, document.dossier.authorities),
    )
    for hit in shown:
        yield from passage(hit, document, told, notes)


def passage(hit: RenderedHit, document: Document, told: NotesInFull, notes: Mapping[str, str], level: int = 4) -> Iterator[str]:
    """Write a passage whole: heading, words, footnotes, what it is about, every caveat, address and citation.

    :param level: of its heading.
    """
    testimony, excerpt, authorities = hit.hit.testimony, hit.excerpt, document.dossier.authorities
    yield f"{'#' * level} {escape(f'{testimony.code}#p{hit.hit.passage.number}')}, {escape(dossier_content.place(hit))}"
    yield ""
    if testimony.is_summary or testimony.shown_in:
        yield f"*{escape(dossier_content.whose_text(testimony, authorities))}:*"
        yield ""
    note = f"[^{_LABEL.sub('-', hit.reference)}]" if notes else ""
    text = hit.hit.passage.text
    said = format_lines(excerpt.words, excerpt.matches, text) if notes else [mark_matches(excerpt.words, excerpt.matches)]
    yield from (f"> {line}" for line in (*said[:-1], f"{said[-1]}{note}"))
    for footnote in excerpt.footnotes:
        yield ">"
        yield f"> {format_lines(footnote)[0] if notes else escape(footnote)}"
    yield ""
    about = [f"**{escape(tr('About'))}:** {escape(entry_line(entry, authorities))}" for entry in hit.hit.passage.entries]
    yield from write_caveats(excerpt.notes, testimony, authorities, told, hit.reference, about)
    yield from write_source_place(hit, authorities)
    yield f"{note}: {escape(notes[hit.reference])}" if notes else write_citation(excerpt.citation)
    yield ""


def write_marked_parts(dossier: Dossier, *, headed: bool) -> Iterator[str]:
    """Write all that is no excerpt and is marked.

    :param headed: with the headings of a dossier; a template has its own.
    """
    yield from write_attestation(dossier, _section(dossier_content.COVERAGE) if headed else "")
    yield from write_contradictions(dossier, _section(dossier_content.KEPT) if headed else "")
    yield from works(dossier, (), _section(dossier_content.WORKS) if headed else "")


def write_attestation(dossier: Dossier, heading: str = "") -> Iterator[str]:
    """Write who was there to tell, with its mark; nothing where no camp was asked for.

    :param heading: what stands above it; a template has its own.
    """
    if dossier.told:
        lines = coverage(dossier.told, dossier.authorities, each_missing=True, key=QUOTED)
        yield from part(part_marks.COVERAGE, [*([heading] if heading else []), *lines])


def works(dossier: Dossier, bibliography: Sequence[str] = (), heading: str = "") -> Iterator[str]:
    """Write the works cited, one an item, with their mark.

    :param bibliography: how a style has each, in their order; "" where it has none, or without any, the house names it.
    :param heading: what stands above them; a template has its own.
    """
    lines = list(_works(dossier, bibliography))
    if lines or heading:
        yield from part(part_marks.WORKS, [*([heading, ""] if heading else []), *lines])


def _works(dossier: Dossier, bibliography: Sequence[str]) -> Iterator[str]:
    for (named, address, codes), styled in zip_longest(dossier_content.works(dossier), bibliography):
        if styled:
            before, is_there, after = styled.partition(address) if address else (styled, "", "")
            before, after = (before.removesuffix("<"), after.removeprefix(">")) if is_there else (before, after)
            yield f"- {_escape_part(before)}{link(address) if is_there else ''}{_escape_part(after)} ({escape(codes)})"
        else:
            yield f"- {escape(named)}{'. ' + link(address) if address else ''} ({escape(codes)})"


def _escape_part(words: str) -> str:
    """Escape a part of a line, with the space at its ends."""
    return f"{' ' * words.startswith(' ')}{escape(words)}{' ' * (words.endswith(' ') and bool(words.strip()))}"


def write_contradictions(dossier: Dossier, heading: str = "") -> Iterator[str]:
    """Write the contradictions that are cited, each under a heading of the third level, with their mark.

    :param heading: what stands above them; a template has its own.
    """
    lines = list(contradictions(dossier.conflicts, dossier.authorities))
    if lines:
        yield from part(part_marks.CONTRADICTIONS, [*([heading, ""] if heading else []), *lines])
