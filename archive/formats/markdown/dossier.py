"""A dossier as Markdown, every value escaped; pandoc makes a word processor's file of it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from archive.citing.excerpt import RenderedHit
from archive.formats import dossier_content as content
from archive.formats._coverage_table import QUOTED
from archive.formats._markdown_sink import escaped, linked
from archive.formats._told import Told
from archive.formats.dossier_content import Document, Fact
from archive.formats.markdown.compared import coverage
from archive.formats.markdown.page import marked, reached, stated
from archive.formats.wording import entry_line
from archive.record.testimony import Testimony
from archive.text import listed

_NO_NOTES: Final[Mapping[str, str]] = {}
_LABEL = re.compile(r"[^A-Za-z0-9]+")


def write(document: Document, *, titled: bool = True, notes: Mapping[str, str] = _NO_NOTES) -> Iterator[str]:
    """Write a dossier.

    :param titled: begin with the title; a word processor's file has it on its cover.
    :param notes: the citation of each passage by its reference, to stand in a footnote to its words; without any each stands
        below its passage.
    """
    dossier = document.dossier
    if titled:
        yield f"# {escaped(dossier.title)}"
        yield ""
    yield escaped(f"{dossier.authorities.name()}, {dossier.day}")
    yield ""
    warned = content.warnings(document)
    if warned:
        yield f"**Content warning:** {escaped(listed(warned, 'and'))}"
        yield ""
    for line in content.nature(document):
        yield escaped(line)
        yield ""
    yield from _facts("## What was asked", content.asked(dossier))
    yield from _facts("## What was found", content.state(dossier))
    yield from _items("## What is not here", content.left_out(document))
    if dossier.told:
        yield "## Who was there to tell"
        yield from coverage(dossier.told, dossier.authorities, each_missing=True, key=QUOTED)
        yield ""
    yield "## The testimonies"
    yield ""
    if not document.groups:
        yield "No passage was found."
        yield ""
    told = Told()
    for testimony, shown in document.groups:
        yield from _testimony(testimony, shown, document, told, notes)
    yield from _kept(document)
    yield "## Works cited"
    yield ""
    for named, address, codes in content.works(dossier):
        yield f"- {escaped(named)}{'. ' + linked(address) if address else ''} ({escaped(codes)})"
    yield ""
    yield "## How to check this"
    yield ""
    yield escaped(content.CHECK)


def _facts(title: str, facts: Iterable[Fact]) -> Iterator[str]:
    yield from _items(title, [], [f"**{escaped(term)}:** {escaped(said)}" for term, said in facts])


def _items(title: str, words: Iterable[str], markup: Iterable[str] = ()) -> Iterator[str]:
    if title:
        yield title
        yield ""
    for item in (*map(escaped, words), *markup):
        yield f"- {item}"
    yield ""


def _testimony(
    testimony: Testimony, shown: tuple[RenderedHit, ...], document: Document, told: Told, notes: Mapping[str, str]
) -> Iterator[str]:
    authorities = document.dossier.authorities
    yield from _facts(f"### {escaped(testimony.code)} {escaped(testimony.title)}", content.about(testimony, authorities))
    for hit in shown:
        excerpt = hit.excerpt
        yield f"#### {escaped(f'{testimony.code}#p{hit.hit.passage.number}')}, {escaped(content.place(hit))}"
        yield ""
        if testimony.is_summary or hit.hit.testimony.shown_in:
            yield f"*{escaped(content.whose_text(hit.hit.testimony, authorities))}:*"
            yield ""
        note = f"[^{_LABEL.sub('-', hit.reference)}]" if notes else ""
        yield f"> {marked(excerpt.words, excerpt.matches)}{note}"
        for footnote in excerpt.footnotes:
            yield ">"
            yield f"> {escaped(footnote)}"
        yield ""
        about = [f"**About:** {escaped(entry_line(entry, authorities))}" for entry in hit.hit.passage.entries]
        yield from stated(excerpt.notes, testimony, authorities, told, hit.reference, about)
        yield from reached(hit, authorities)
        yield f"{note}: {escaped(notes[hit.reference])}" if notes else f"Cite: {escaped(excerpt.citation)}"
        yield ""


def _kept(document: Document) -> Iterator[str]:
    every = list(content.kept(document.dossier))
    if every:
        yield "## Contradictions that the archive keeps"
        yield ""
    for named, sides, why in every:
        sides_shown = [f"{f'**{mark}.** ' if mark else ''}{escaped(said)}" for mark, said in sides]
        yield from _items(f"### {escaped(named)}", [], sides_shown)
        if why:
            yield escaped(f"Kept as: {why}")
            yield ""
