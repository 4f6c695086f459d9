"""Hits, results, records and excerpts as a notebook shows them: each with every caveat in force and its citation."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from archive.authority.authorities import Authorities
from archive.citing import citation
from archive.citing.excerpt import Excerpt, RecordOutput, RenderedHit, SearchOutput
from archive.formats import _descriptions as descriptions
from archive.formats._descriptions import SUMMARY_LABEL, Caveat
from archive.formats._html_parts import body
from archive.formats._html_sink import Markup, element, join, sound
from archive.formats.wording import asides, summary
from archive.language.messages import tr
from archive.record.testimony import Note, notes_of
from archive.text import join_list

if TYPE_CHECKING:
    from archive.citing.excerpt import Shown


def write(shown: "Shown") -> str:
    """Return the fragment of a page, sound by the sanitiser.

    :raises Defect: the sanitiser would take something out.
    """
    match shown:
        case SearchOutput():
            fragment = _search(shown)
        case RecordOutput():
            fragment = _record(shown)
        case RenderedHit():
            fragment = _hit(shown, None)
        case Excerpt():
            fragment = element("article", *_excerpt(shown, None, ""))
    return sound(fragment)


def _search(answer: SearchOutput) -> Markup:
    authorities = answer.authorities
    return element(
        "section",
        element("p", summary(answer.results)),
        *(element("p", line, class_="small") for line in asides(answer.results, authorities)),
        *(_hit(shown, authorities) for shown in answer.shown),
    )


def _record(pages: RecordOutput) -> Markup:
    testimony, authorities = pages.record.testimony, pages.authorities
    facts = descriptions.about(testimony, authorities)
    cited = pages.citation or citation.of_record(testimony, notes_of(pages.record.passages), authorities)
    return element(
        "section",
        element("h3", f"{testimony.code} {testimony.title}"),
        element("dl", *(join(element("dt", term), element("dd", said)) for term, said in facts)),
        *(_hit(shown, authorities) for shown in pages.shown),
        element("p", element("strong", tr("Cite the record: {citation}", citation="")), element("cite", cited)),
    )


def _hit(shown: RenderedHit, authorities: Authorities | None) -> Markup:
    testimony, passage = shown.hit.testimony, shown.hit.passage
    warned = testimony.sensitive
    if warned and authorities:
        warned = tuple(authorities.vocabulary.said("sensitive", subject) for subject in warned)
    lead = [
        element("h4", f"{testimony.code}#p{passage.number} {testimony.title}"),
        element("p", tr(SUMMARY_LABEL) if testimony.is_summary else testimony.witness.name, class_="small"),
        *([element("p", element("strong", f"{tr('Content warning')}: "), join_list(warned, "and"))] if warned else []),
    ]
    return element("article", *lead, *_excerpt(shown.excerpt, authorities, testimony.language, passage.text))


def _excerpt(excerpt: Excerpt, authorities: Authorities | None, language: str, text: str = "") -> Iterable[Markup]:
    said = [
        element("p", body(excerpt.words, excerpt.matches, text)),
        *(element("p", body(footnote), class_="small") for footnote in excerpt.footnotes),
    ]
    yield element("blockquote", *said, **({"lang": language} if language else {}))
    notes = descriptions.caveats(excerpt.notes, authorities) if authorities else map(_caveat, excerpt.notes)
    caveats = [
        join(
            element("dt", tr("Caveat: {label}", label=note.label)),
            element("dd", note.statement, " ", element("small", f"[{note.ends}]")),
        )
        for note in notes
    ]
    yield (
        element("aside", element("dl", *caveats), class_="caveat") if caveats else element("p", tr("No caveat is in force here."))
    )
    yield element("p", element("strong", tr("Cite: {citation}", citation="")), element("cite", excerpt.citation))


def _caveat(note: Note) -> Caveat:
    """Describe a caveat where no vocabulary is at hand, by the id of its flag."""
    ends = [citation.note_id(note), tr("by {keeper}", keeper=note.by), note.date]
    if note.since:
        ends.append(tr("could be known only after {since}", since=note.since))
    return Caveat(note.flag, citation.statement_of(note), "; ".join(end for end in ends if end))
