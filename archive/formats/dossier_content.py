"""What stands in a dossier, in plain text: the same for Markdown, HTML and a word processor."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from archive.authority.authorities import Authorities
from archive.citing import part_marks
from archive.citing.excerpt import RenderedHit
from archive.citing.mentions import find_codes
from archive.formats._descriptions import Caveat, Fact, about, caveats, name_again, whose_text
from archive.formats._query_words import in_words
from archive.formats.comparison import contradictions
from archive.formats.wording import asides, count
from archive.language.messages import mark, tr, tr_count
from archive.named_tuple import NamedTuple
from archive.record.testimony import Reference, Testimony
from archive.search.model import Results
from archive.text import count_of, join_list
from archive.weighing.dossier import MOST, Dossier
from archive.weighing.sources import ONE_PERSON

if TYPE_CHECKING:
    from archive.formats.picture import Picture

__all__ = ["MOST", "Caveat", "Document", "Fact", "about", "caveats", "contradictions", "name_again", "whose_text"]


ASKED: Final = mark("What was asked")
FOUND: Final = mark("What was found")
NOT_HERE: Final = mark("What is not here")
COVERAGE: Final = part_marks.HEADINGS[part_marks.COVERAGE]
TESTIMONIES: Final = mark("The testimonies")
KEPT: Final = part_marks.HEADINGS[part_marks.CONTRADICTIONS]
WORKS: Final = part_marks.HEADINGS[part_marks.WORKS]
PICTURES: Final = mark("Pictures")
NAMED: Final = mark("Passages that the pictures name")
HOW_TO_CHECK: Final = mark("How to check this")
CONTENTS: Final = mark("Contents")
"""The headings of a dossier, in their order."""

_ORDERS: Final = {"relevance": mark("relevance"), "code": mark("code"), "period": mark("period"), "recorded": mark("recorded")}


class Document(NamedTuple):
    """A dossier with its excerpts, grouped by testimony, and the pictures that were asked for.

    ``named`` are the citations of the passages that the pictures name and that do not stand in it.
    """

    dossier: Dossier
    groups: tuple[tuple[Testimony, tuple[RenderedHit, ...]], ...]
    pictures: "tuple[Picture, ...]" = ()
    named: tuple[str, ...] = ()


def title_of(results: Results, authorities: Authorities) -> str:
    """Return the title of a dossier that was given none: what was asked."""
    return tr("Dossier: {asked}", asked=subject_of(results, authorities))


def subject_of(results: Results, authorities: Authorities) -> str:
    """Return what was asked, in a few words."""
    query = results.query
    if results.chosen:
        return tr("chosen passages")
    return "; ".join(filter(None, (query.words, *in_words(query.filters, authorities)))) or tr("the whole collection")


def describe_question(dossier: Dossier) -> Iterator[Fact]:
    """Describe what was asked and how it was understood."""
    results, authorities = dossier.results, dossier.authorities
    query = results.query
    if results.chosen:
        yield (
            tr("Asked for"),
            tr("passages that a person chose one by one; what else the collection has on their subjects is not here"),
        )
        return
    yield tr("Words"), query.words or tr("none; the filters alone choose")
    if results.understood:
        yield tr("Understood as"), results.understood
    for line in asides(results, authorities):
        yield tr("Names and spellings"), line
    ways = {
        tr("any of the words"): query.any_of,
        tr("the words as they are, nothing as syntax"): query.plain,
        tr("the words as typed, case and accents included"): getattr(query, "exact", False),
        tr("the words in different passages of one testimony"): query.together,
    }
    if any(ways.values()):
        yield tr("Asked for"), join_list([way for way, values in ways.items() if values], "and")
    yield tr("Filters"), "; ".join(in_words(query.filters, authorities)) or tr("none")
    yield tr("Order"), tr("by {order}; within a testimony by paragraph", order=tr(_ORDERS[query.sort]))


def state(dossier: Dossier) -> Iterator[Fact]:
    """Describe what was found, in what, and by what the collection can be known again."""
    results = dossier.results
    yield tr("Date of this dossier"), dossier.day
    yield tr("Found"), count(results)
    number_of_records = len({hit.testimony.code for hit in results.hits})
    passages = count_of(len(results.hits), "passage", "passages")
    testimonies = count_of(number_of_records, "testimony", "testimonies")
    yield tr("Given here"), tr("{passages} of {testimonies}", passages=passages, testimonies=testimonies)
    searched = results.coverage
    yield tr("Searched"), tr("{searched} of {of} testimonies", searched=searched.searched, of=searched.of)
    yield tr("Collection"), dossier.authorities.name()
    fingerprint = tr("sha256:{fingerprint} (over all public records as they are read)", fingerprint=dossier.fingerprint)
    yield tr("Fingerprint of the collection"), fingerprint
    yield tr("Index"), tr("format {made_by}", made_by=dossier.made_by.replace("/", ", testimony "))


def describe_omissions(document: Document) -> Iterator[str]:
    """Describe what is not here, and why."""
    results = document.dossier.results
    missing = results.passages - len(results.hits)
    if missing:
        yield tr(
            "{passages} that were found are not here, since the dossier was limited to {limit}.",
            passages=_passages(missing),
            limit=results.query.limit,
        )
    if results.undated_left_out:
        yield tr(
            "{passages} without a date: a time was asked for, and nobody can say if it fits them.",
            passages=_passages(results.undated_left_out),
        )
    if results.without_day:
        yield tr(
            "{passages} without a day of publication: a day was asked for, and nobody can say since when their record is known.",
            passages=_passages(results.without_day),
        )
    if results.without_history:
        yield tr(
            "{passages} without a history: a day was asked for, and nobody can say when their record came in.",
            passages=_passages(results.without_history),
        )
    unreadable = results.coverage.unread
    if unreadable:
        files = count_of(unreadable, "file", "files")
        yield tr("{files} that nobody could read. What stands in there was not searched.", files=files)
    yield from _other_versions(document)
    apart = results.in_different_passages
    if apart:
        yield tr_count(
            "{number} testimony has all the words, but in different passages, and so are not here.",
            "{number} testimonies have all the words, but in different passages, and so are not here.",
            apart,
        )
    yield tr("What is not public is in none of these numbers. No passage is shortened, and no caveat is left out.")


def _other_versions(document: Document) -> Iterator[str]:
    """Name other accounts of a witness who speaks here: a reader of one version has to know of the other."""
    here = {testimony.code for testimony, _ in document.groups}
    for testimony, _ in document.groups:
        others = dict.fromkeys(
            relation.code for relation in testimony.relations if relation.type in ONE_PERSON and relation.code not in here
        )
        if others:
            yield tr(
                "{others}, by the same witness as {code}: read it beside what stands here.",
                others=join_list(others, "and"),
                code=testimony.code,
            )


def _passages(number: int) -> str:
    return count_of(number, "passage", "passages")


def warnings(document: Document) -> list[str]:
    """Return the content warnings of all testimonies, each once."""
    every = dict.fromkeys(subject for testimony, _ in document.groups for subject in testimony.sensitive)
    return [document.dossier.authorities.vocabulary.said("sensitive", subject) for subject in every]


def nature(document: Document) -> Iterator[str]:
    """Describe what kind of document this is, and that its caveats belong to it."""
    yield tr(
        "Each excerpt stands here with every caveat in force at it and with its citation. Hand it on only together with both."
    )
    if any(testimony.is_summary for testimony, _ in document.groups):
        yield tr(
            "A text marked as an archive summary is not the witness's own words; to cite in evidence, go to the source named "
            "with it."
        )


def references(pictures: "Iterable[Picture]") -> list[Reference]:
    """Return the passages that pictures name, each once, in their order."""
    found: dict[Reference, None] = {}
    for picture in pictures:
        told = [picture.summary, *picture.reading, *picture.sources]
        told += [cell for table in picture.tables for row in ((table.caption,), *table.rows) for cell in row]
        told += [words for caveat in picture.caveats for words in (caveat.of, caveat.statement, caveat.ends)]
        for reference, _ in find_codes("\n".join(told)):
            found.update({Reference(reference.code, (number,)): None for number in reference.paragraphs})
    return list(found)


def place(shown: RenderedHit) -> str:
    """Name a paragraph with its page or time code."""
    locators = tr(" (at {locators})", locators=", ".join(shown.hit.passage.locators)) if shown.hit.passage.locators else ""
    return f"{tr('Paragraph {number}', number=shown.hit.passage.number)}{locators}"


def works(dossier: Dossier) -> Iterator[tuple[str, str, str]]:
    """Yield the works cited: name, address, and the records that lean on each."""
    for work in dossier.works:
        yield work.named, work.address, tr("for {codes}", codes=join_list(work.codes, "and"))


CHECK: Final = mark(
    "Each citation ends with a code, a day and a hash. `testimony verify` takes such a citation, or this dossier as Markdown or "
    "HTML, and says whether a passage has changed, was withdrawn, or has a new caveat since."
)


def check() -> str:
    """Say how a dossier is checked, and that its parts have marks."""
    return f"{tr(CHECK)} {tr(part_marks.MARKED)}"
