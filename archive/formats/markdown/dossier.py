"""A dossier as Markdown, every value escaped; pandoc makes a word processor's file of it."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Final

from archive.citing import part_marks
from archive.citing.excerpt import RenderedHit
from archive.formats import dossier_content
from archive.formats._coverage_table import QUOTED
from archive.formats._markdown_sink import escaped, linked
from archive.formats._notes_in_full import NotesInFull
from archive.formats.dossier_content import Document, Fact
from archive.formats.markdown.comparison import coverage
from archive.formats.markdown.comparison import kept as contradictions
from archive.formats.markdown.page import cited, formatted, marked, part, reached, stated
from archive.formats.picture import CAVEATS, SOURCES, Picture, titled
from archive.formats.wording import entry_line
from archive.language.messages import tr
from archive.record.testimony import Testimony
from archive.text import listed
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
        yield f"# {escaped(dossier.title)}"
        yield ""
    yield escaped(f"{dossier.authorities.name()}, {dossier.day}")
    yield ""
    warned = dossier_content.warnings(document)
    if warned:
        yield f"**{escaped(tr('Content warning'))}:** {escaped(listed(warned, 'and'))}"
        yield ""
    for line in dossier_content.nature(document):
        yield escaped(line)
        yield ""
    yield from facts(_section(dossier_content.ASKED), dossier_content.asked(dossier))
    yield from facts(_section(dossier_content.FOUND), dossier_content.state(dossier))
    yield from items(_section(dossier_content.NOT_HERE), dossier_content.left_out(document))
    yield from told_of(dossier, _section(dossier_content.COVERAGE))
    yield _section(dossier_content.TESTIMONIES)
    yield ""
    if not document.groups:
        yield escaped(tr("No passage was found."))
        yield ""
    told = NotesInFull()
    for testimony, shown in document.groups:
        yield from _testimony(testimony, shown, document, told, notes)
    yield from kept(dossier, _section(dossier_content.KEPT))
    yield from works(dossier, bibliography, _section(dossier_content.WORKS))
    yield from _pictures(document, drawn)
    yield _section(dossier_content.HOW_TO_CHECK)
    yield ""
    yield escaped(dossier_content.check())


def _pictures(document: Document, drawn: Collection[str]) -> Iterator[str]:
    if document.pictures:
        yield _section(dossier_content.PICTURES)
        yield ""
    for each in document.pictures:
        yield from _picture(each, drawn)
    if document.named:
        yield from items(f"### {escaped(tr(dossier_content.NAMED))}", document.named)


def _picture(shown: Picture, drawn: Collection[str]) -> Iterator[str]:
    """Write a picture in words and figures, with its drawing where that is there, its caveats and its sources."""
    yield f"### {escaped(shown.title)}"
    yield ""
    if shown.name in drawn:
        yield f"![{escaped(shown.summary)}]({shown.name})"
    else:
        yield escaped(shown.summary)
    yield ""
    for table in shown.tables:
        yield f"| {' | '.join(map(escaped, table.columns))} |"
        yield f"|{' --- |' * len(table.columns)}"
        for row in table.rows:
            yield f"| {' | '.join(map(escaped, row))} |"
        yield ""
        yield escaped(table.caption)
        yield ""
    for line in shown.reading:
        yield escaped(line)
        yield ""
    if shown.caveats:
        yield f"**{escaped(tr(CAVEATS))}**"
        yield ""
    stated = ((titled(each), f"{each.statement} [{each.ends}]" if each.statement else "") for each in shown.caveats)
    yield from items("", (f"{of}. {said}" if said else of for of, said in stated))
    if shown.sources:
        yield f"**{escaped(tr(SOURCES))}**"
        yield ""
        yield from items("", shown.sources)


def _section(title: str) -> str:
    return f"## {escaped(tr(title))}"


def facts(title: str, listed_facts: Iterable[Fact]) -> Iterator[str]:
    """Write terms, and what is said of each, under a heading; under none where ``title`` is ""."""
    yield from items(title, [], [f"**{escaped(term)}:** {escaped(said)}" for term, said in listed_facts])


def items(title: str, words: Iterable[str], markup: Iterable[str] = ()) -> Iterator[str]:
    """Write words, and finished Markdown, as a list under a heading."""
    if title:
        yield title
        yield ""
    for item in (*map(escaped, words), *markup):
        yield f"- {item}"
    yield ""


def _testimony(
    testimony: Testimony, shown: tuple[RenderedHit, ...], document: Document, told: NotesInFull, notes: Mapping[str, str]
) -> Iterator[str]:
    yield from facts(
        f"### {escaped(testimony.code)} {escaped(testimony.title)}",
        dossier_content.about(testimony, document.dossier.authorities),
    )
    for hit in shown:
        yield from passage(hit, document, told, notes)


def passage(hit: RenderedHit, document: Document, told: NotesInFull, notes: Mapping[str, str], level: int = 4) -> Iterator[str]:
    """Write a passage whole: heading, words, footnotes, what it is about, every caveat, address and citation.

    :param level: of its heading.
    """
    testimony, excerpt, authorities = hit.hit.testimony, hit.excerpt, document.dossier.authorities
    yield f"{'#' * level} {escaped(f'{testimony.code}#p{hit.hit.passage.number}')}, {escaped(dossier_content.place(hit))}"
    yield ""
    if testimony.is_summary or testimony.shown_in:
        yield f"*{escaped(dossier_content.whose_text(testimony, authorities))}:*"
        yield ""
    note = f"[^{_LABEL.sub('-', hit.reference)}]" if notes else ""
    text = hit.hit.passage.text
    said = formatted(excerpt.words, excerpt.matches, text) if notes else [marked(excerpt.words, excerpt.matches)]
    yield from (f"> {line}" for line in (*said[:-1], f"{said[-1]}{note}"))
    for footnote in excerpt.footnotes:
        yield ">"
        yield f"> {formatted(footnote)[0] if notes else escaped(footnote)}"
    yield ""
    about = [f"**{escaped(tr('About'))}:** {escaped(entry_line(entry, authorities))}" for entry in hit.hit.passage.entries]
    yield from stated(excerpt.notes, testimony, authorities, told, hit.reference, about)
    yield from reached(hit, authorities)
    yield f"{note}: {escaped(notes[hit.reference])}" if notes else cited(excerpt.citation)
    yield ""


def marked_parts(dossier: Dossier, *, headed: bool) -> Iterator[str]:
    """Write all that is no excerpt and is marked.

    :param headed: with the headings of a dossier; a template has its own.
    """
    yield from told_of(dossier, _section(dossier_content.COVERAGE) if headed else "")
    yield from kept(dossier, _section(dossier_content.KEPT) if headed else "")
    yield from works(dossier, (), _section(dossier_content.WORKS) if headed else "")


def told_of(dossier: Dossier, heading: str = "") -> Iterator[str]:
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
            yield f"- {_spaced(before)}{linked(address) if is_there else ''}{_spaced(after)} ({escaped(codes)})"
        else:
            yield f"- {escaped(named)}{'. ' + linked(address) if address else ''} ({escaped(codes)})"


def _spaced(words: str) -> str:
    """Escape a part of a line, with the space at its ends."""
    return f"{' ' * words.startswith(' ')}{escaped(words)}{' ' * (words.endswith(' ') and bool(words.strip()))}"


def kept(dossier: Dossier, heading: str = "") -> Iterator[str]:
    """Write the contradictions that are cited, each under a heading of the third level, with their mark.

    :param heading: what stands above them; a template has its own.
    """
    lines = list(contradictions(dossier.conflicts, dossier.authorities))
    if lines:
        yield from part(part_marks.CONTRADICTIONS, [*([heading, ""] if heading else []), *lines])
