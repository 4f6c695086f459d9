"""A record, or some of its passages, as a page that stands alone; also with the words of another language beside its own."""

from collections.abc import Iterator
from typing import Final

from archive.citing import citation
from archive.citing.excerpt import RecordOutput, RenderedHit
from archive.formats import _descriptions as descriptions
from archive.formats import _html_parts as parts
from archive.formats._html_sink import NOTHING, Markup, anchor, element, join
from archive.formats._notes_in_full import NotesInFull
from archive.formats.html._page import HtmlPage, page
from archive.formats.wording import NOT_HERE, entry_line, evidence_line
from archive.language.messages import current_language, tr
from archive.record.testimony import Testimony

STYLE: Final = """\
table.beside { table-layout: fixed; width: 100%; }
table.beside th, table.beside td { width: 50%; }
.gap { font-style: italic; }
@media (min-width: 64rem) {
  body { max-width: 84rem; }
  .pair { display: grid; gap: 0 1.5rem; grid-template-columns: 3fr 2fr; }
  .pair > h2, .pair > .citation { grid-column: 1 / -1; }
}
"""


def pages(pages: RecordOutput) -> Iterator[str]:
    """Write passages one below the other, each with its caveats and its citation."""
    testimony = pages.record.testimony
    told = NotesInFull()
    inside = [_gap(testimony, shown) if isinstance(shown, int) else _passage(shown, pages, told) for shown in pages.in_order()]
    inside += [element("p", footnote, class_="small") for footnote in pages.footnotes_left()]
    inside += [parts.citation_line(pages.citation, parts.CITE_THE_RECORD)] if pages.citation else []
    yield from _page(pages, inside, parts.STYLE)


def side_by_side(pages: RecordOutput) -> Iterator[str]:
    """Write passages in the record's own words and in those of a version, as tables of two columns, with the caveats of both."""
    told = NotesInFull()
    inside = [_pair(own, other, pages, told) for own, other in zip(pages.shown, pages.parallel, strict=True)]
    yield from _page(pages, inside, f"{parts.STYLE}{STYLE}")


def _page(pages: RecordOutput, inside: list[Markup], style: str) -> Iterator[str]:
    testimony, authorities = pages.record.testimony, pages.authorities
    title = f"{testimony.code} {testimony.title}"
    named = parts.title_of(testimony)
    warned = [authorities.vocabulary.said("sensitive", subject) for subject in testimony.sensitive]
    facts = parts.facts_list(descriptions.about(testimony, authorities))
    summary = element("p", evidence_line(authorities)) if testimony.is_summary else NOTHING
    yield from page(
        HtmlPage(
            title=title,
            language=current_language(),
            main=join(*inside, by="\n"),
            header=join(element("h1", named), element("p", parts.mark_english(authorities.name())), parts.warning(warned), facts),
            footer=summary,
            style=style,
        )
    )


def _passage(shown: RenderedHit, pages: RecordOutput, told: NotesInFull) -> Markup:
    testimony, passage = shown.hit.testimony, shown.hit.passage
    reference = f"{testimony.code}#p{passage.number}"
    name = anchor(reference)
    entries = [element("li", entry_line(entry, pages.authorities)) for entry in passage.entries]
    label = element("figcaption", descriptions.whose_text(testimony, pages.authorities))
    quoted = element("blockquote", parts.passage_words(shown), lang=testimony.language)
    return element(
        "article",
        *(element("p", parts.heading_words(heading), lang=testimony.language) for heading in passage.headings),
        element("h2", f"{tr('Paragraph {number}', number=passage.number)} ({reference})", id=name),
        element("ul", *entries, class_="small") if entries else NOTHING,
        parts.outdated_remark(shown),
        element("figure", label, quoted),
        parts.caveats_list(shown.excerpt.notes, testimony, pages.authorities, told, reference),
        parts.address_line(shown, pages.authorities),
        parts.citation_line(shown.excerpt.citation),
        aria_labelledby=name,
    )


def _gap(testimony: Testimony, number: int) -> Markup:
    reference = f"{testimony.code}#p{number}"
    name = anchor(reference)
    heading = element("h2", f"{tr('Paragraph {number}', number=number)} ({reference})", id=name)
    return element("article", heading, element("p", f"[{tr(NOT_HERE)}]", class_="gap"), aria_labelledby=name)


def _pair(own: RenderedHit, other: RenderedHit | None, pages: RecordOutput, told: NotesInFull) -> Markup:
    authorities = pages.authorities
    # No code stands in the heading, so that nobody takes the two columns for the words of one citation.
    place = tr("Paragraph {number}", number=own.hit.passage.number)
    name = anchor(place)
    language = pages.parallel_language
    heads = [citation.language(shown, authorities) for shown in (own.hit.testimony.language, language)]
    row = (
        element("td", parts.passage_words(own), lang=own.hit.testimony.language),
        element("td", parts.passage_words(other), lang=language) if other else element("td", f"[{tr(NOT_HERE)}]", class_="gap"),
    )
    return element(
        "article",
        element("h2", place, id=name),
        parts.beside(heads, row),
        element(
            "div",
            parts.outdated_remark(other),
            parts.caveats_list(parts.notes_of_pair(own, other), own.hit.testimony, authorities, told, place),
        ),
        *(parts.citation_line(shown.excerpt.citation) for shown in (own, other) if shown),
        class_="pair",
        aria_labelledby=name,
    )
