"""A record's own words and those of a version in another language as a table of Markdown, each row with the caveats of both."""

from collections.abc import Iterator

from archive.citing import citation
from archive.citing.excerpt import RecordOutput, RenderedHit
from archive.formats._described import about
from archive.formats._markdown_sink import escaped
from archive.formats._notes_in_full import NotesInFull
from archive.formats.markdown.page import cited, evidence, outdated, stated
from archive.formats.wording import NOT_HERE
from archive.language.messages import tr


def pages(pages: RecordOutput) -> Iterator[str]:
    """Write passages as rows of two cells."""
    testimony, authorities = pages.record.testimony, pages.authorities
    yield f"# {escaped(testimony.code)} {escaped(testimony.title)}"
    yield ""
    for term, said in about(testimony, authorities):
        yield f"- **{escaped(term)}:** {escaped(said)}"
    told = NotesInFull()
    for own, other in zip(pages.shown, pages.parallel, strict=True):
        yield ""
        yield f"## {escaped(tr('Paragraph {number}', number=own.hit.passage.number))}"
        yield ""
        heads = [citation.language(side, authorities) for side in (own.hit.testimony.language, pages.parallel_language)]
        yield f"| {escaped(heads[0])} | {escaped(heads[1])} |"
        yield "| --- | --- |"
        yield f"| {_cell(own)} | {_cell(other)} |"
        yield ""
        if other:
            yield from outdated(other)
        yield from stated(
            dict.fromkeys((*own.excerpt.notes, *(other.excerpt.notes if other else ()))), testimony, authorities, told
        )
        for side in (own, other):
            if side:
                yield cited(side.excerpt.citation)
                yield ""
    yield from evidence([testimony], authorities)


def _cell(shown: RenderedHit | None) -> str:
    if shown is None:
        return escaped(f"[{tr(NOT_HERE)}]")
    return escaped(" ".join((shown.excerpt.words, *shown.excerpt.footnotes)))
