"""What stands in a dossier, in plain text: the same for Markdown, HTML and a word processor."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from archive.authority.authorities import Authorities
from archive.citing.excerpt import RenderedHit
from archive.formats._described import Caveat, Fact, about, caveats, named_again, whose_text
from archive.formats._query_words import in_words
from archive.formats.compared import conflict
from archive.formats.wording import asides, count
from archive.record.testimony import Testimony
from archive.search.model import Results
from archive.text import count_of, listed
from archive.weighing.dossier import MOST, Dossier
from archive.weighing.sources import ONE_PERSON

__all__ = ["MOST", "Caveat", "Document", "Fact", "about", "caveats", "named_again", "whose_text"]


class Document(NamedTuple):
    """A dossier with its excerpts, grouped by testimony."""

    dossier: Dossier
    groups: tuple[tuple[Testimony, tuple[RenderedHit, ...]], ...]


def title_of(results: Results, authorities: Authorities) -> str:
    """Return the title of a dossier that was given none: what was asked."""
    return f"Dossier: {subject_of(results, authorities)}"


def subject_of(results: Results, authorities: Authorities) -> str:
    """Return what was asked, in a few words."""
    query = results.query
    if results.chosen:
        return "chosen passages"
    return "; ".join(filter(None, (query.words, *in_words(query.filters, authorities)))) or "the whole collection"


def asked(dossier: Dossier) -> Iterator[Fact]:
    """Describe what was asked and how it was understood."""
    results, authorities = dossier.results, dossier.authorities
    query = results.query
    if results.chosen:
        yield "Asked for", "passages that a person chose one by one; what else the collection has on their subjects is not here"
        return
    yield "Words", query.words or "none; the filters alone choose"
    if results.understood:
        yield "Understood as", results.understood
    for line in asides(results, authorities):
        yield "Names and spellings", line
    ways = {
        "any of the words": query.any_of,
        "the words as they are, nothing as syntax": query.plain,
        "the words as typed, case and accents included": getattr(query, "exact", False),
        "the words in different passages of one testimony": query.together,
    }
    if any(ways.values()):
        yield "Asked for", listed([way for way, values in ways.items() if values], "and")
    yield "Filters", "; ".join(in_words(query.filters, authorities)) or "none"
    yield "Order", f"by {query.sort}; within a testimony by paragraph"


def state(dossier: Dossier) -> Iterator[Fact]:
    """Describe what was found, in what, and by what the collection can be known again."""
    results = dossier.results
    yield "Date of this dossier", dossier.day
    yield "Found", count(results)
    number_of_records = len({hit.testimony.code for hit in results.hits})
    passages = count_of(len(results.hits), "passage", "passages")
    yield "Given here", f"{passages} of {count_of(number_of_records, 'testimony', 'testimonies')}"
    yield "Searched", f"{results.coverage.searched} of {results.coverage.of} testimonies"
    yield "Collection", dossier.authorities.name()
    yield "Fingerprint of the collection", f"sha256:{dossier.fingerprint} (over all public records as they are read)"
    yield "Index", f"format {dossier.made_by.replace('/', ', testimony ')}"


def left_out(document: Document) -> Iterator[str]:
    """Describe what is not here, and why."""
    results = document.dossier.results
    missing = results.passages - len(results.hits)
    if missing:
        yield f"{_passages(missing)} that were found are not here, since the dossier was limited to {results.query.limit}."
    if results.undated_left_out:
        yield f"{_passages(results.undated_left_out)} without a date: a time was asked for, and nobody can say if it fits them."
    if results.without_day:
        reason = "a day was asked for, and nobody can say since when their record is known"
        yield f"{_passages(results.without_day)} without a day of publication: {reason}."
    unreadable = results.coverage.unread
    if unreadable:
        files = count_of(unreadable, "file", "files")
        yield f"{files} that nobody could read. What stands in there was not searched."
    yield from _other_versions(document)
    apart = results.in_different_passages
    if apart:
        have = count_of(apart, "testimony has", "testimonies have")
        yield f"{have} all the words, but in different passages, and so are not here."
    yield "What is not public is in none of these numbers. No passage is shortened, and no caveat is left out."


def _other_versions(document: Document) -> Iterator[str]:
    """Name other accounts of a witness who speaks here: a reader of one version has to know of the other."""
    here = {testimony.code for testimony, _ in document.groups}
    for testimony, _ in document.groups:
        others = dict.fromkeys(
            relation.code for relation in testimony.relations if relation.type in ONE_PERSON and relation.code not in here
        )
        if others:
            yield f"{listed(others, 'and')}, by the same witness as {testimony.code}: read it beside what stands here."


def _passages(number: int) -> str:
    return count_of(number, "passage", "passages")


def warnings(document: Document) -> list[str]:
    """Return the content warnings of all testimonies, each once."""
    every = dict.fromkeys(subject for testimony, _ in document.groups for subject in testimony.sensitive)
    return [document.dossier.authorities.vocabulary.said("sensitive", subject) for subject in every]


def nature(document: Document) -> Iterator[str]:
    """Describe what kind of document this is, and that its caveats belong to it."""
    yield "Each excerpt stands here with every caveat in force at it and with its citation. Hand it on only together with both."
    if any(testimony.is_summary for testimony, _ in document.groups):
        sentence = "A text marked as an archive summary is not the witness's own words"
        yield f"{sentence}; to cite in evidence, go to the source named with it."


def place(shown: RenderedHit) -> str:
    """Name a paragraph with its page or time code."""
    locators = f" (at {', '.join(shown.hit.passage.locators)})" if shown.hit.passage.locators else ""
    return f"Paragraph {shown.hit.passage.number}{locators}"


def works(dossier: Dossier) -> Iterator[tuple[str, str, str]]:
    """Yield the works cited: name, address, and the records that lean on each."""
    for work in dossier.works:
        yield work.named, work.address, f"for {listed(work.codes, 'and')}"


def kept(dossier: Dossier) -> Iterator[tuple[str, list[tuple[str, str]], str]]:
    """Yield the contradictions that are cited: subject and verdict, the sides (with a mark where rejected), why it is kept."""
    for name in dossier.conflicts:
        fields = conflict(dossier.authorities.conflicts[name], dossier.authorities)
        verdict = dossier.authorities.vocabulary.said("verdict", fields["verdict"])
        sides = []
        for side in fields["sides"]:
            date = f"{side['date']}: " if side["date"] else ""
            sources = f" [{'; '.join(side['sources'])}]" if side["sources"] else ""
            why = f" Why rejected: {side['rejected']}" if side["rejected"] else ""
            sides.append(("Rejected" if side["rejected"] else "", f"{date}{side['says']}{sources}{why}"))
        yield f"{name} {fields['subject']} ({verdict})", sides, fields["kept_as"] or ""


CHECK: Final = (
    "Each citation ends with a code, a day and a hash. `testimony verify` takes such a citation, or this dossier as Markdown or "
    "HTML, and says whether a passage has changed, was withdrawn, or has a new caveat since."
)
