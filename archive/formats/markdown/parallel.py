"""A record's own words and those of a version in another language as a table of Markdown, each row with the caveats of both."""

from collections.abc import Iterator

from archive.citing import citation
from archive.citing.excerpt import RecordOutput, RenderedHit
from archive.formats._descriptions import about
from archive.formats._markdown_sink import escape
from archive.formats._notes_in_full import NotesInFull
from archive.formats.markdown.page import evidence, outdated_remark, write_caveats, write_citation
from archive.formats.wording import NOT_HERE
from archive.language.messages import tr


def pages(pages: RecordOutput) -> Iterator[str]:
    """Write passages as rows of two cells."""
    testimony, authorities = pages.record.testimony, pages.authorities
    yield f"# {escape(testimony.code)} {escape(testimony.title)}"
    yield ""
    for term, said in about(testimony, authorities):
        yield f"- **{escape(term)}:** {escape(said)}"
    told = NotesInFull()
    for own, other in zip(pages.shown, pages.parallel, strict=True):
        yield ""
        yield f"## {escape(tr('Paragraph {number}', number=own.hit.passage.number))}"
        yield ""
        heads = [citation.language(side, authorities) for side in (own.hit.testimony.language, pages.parallel_language)]
        yield f"| {escape(heads[0])} | {escape(heads[1])} |"
        yield "| --- | --- |"
        yield f"| {_cell(own)} | {_cell(other)} |"
        yield ""
        if other:
            yield from outdated_remark(other)
        yield from write_caveats(
            dict.fromkeys((*own.excerpt.notes, *(other.excerpt.notes if other else ()))), testimony, authorities, told
        )
        for side in (own, other):
            if side:
                yield write_citation(side.excerpt.citation)
                yield ""
    yield from evidence([testimony], authorities)


def _cell(shown: RenderedHit | None) -> str:
    if shown is None:
        return escape(f"[{tr(NOT_HERE)}]")
    return escape(" ".join((shown.excerpt.words, *shown.excerpt.footnotes)))
