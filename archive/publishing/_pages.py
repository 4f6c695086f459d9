"""Which pages an edition has, each made as it is for a reader at a desk (`archive.formats.pages`)."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from archive.citing.excerpt import RecordOutput, RenderedHit
from archive.errors import UnknownTerm
from archive.formats.pages import about, authority, edition, finding, people, pictures, places, record, weighing
from archive.formats.pages.frame import Page, PageContext
from archive.formats.pages.leaves import at_part
from archive.formats.pages.places import PagePlace
from archive.formats.registry import PICTURES
from archive.language.messages import ENGLISH, speaking, tr
from archive.named_tuple import NamedTuple
from archive.publishing._source import EditionSource
from archive.record.testimony import Testimony, reference

KINDS: Final = frozenset(
    {
        *("home", "search", "records", "record", "versions", "parallel", "passage", "witness", "conflicts", "conflict"),
        *("camps", "camp", "topics", "topic", "sources", "source", "flags", "glossary", "method", "coverage"),
        *("compare", "picture", "basket"),
    }
)
"""The kinds of pages of an edition; a link to any other is written as plain words."""


class EditionPage(NamedTuple):
    """A page, and what its head says of the record that it is of."""

    page: Page
    testimony: Testimony | None = None
    shown: RenderedHit | None = None


def every(archive: EditionSource, context: Callable[[PagePlace], PageContext]) -> Iterator[EditionPage]:
    """Yield every page of the language that is spoken.

    :param context: gives what the page of a place needs to be written.
    """
    for kind, view in _SINGLE.items():
        yield EditionPage(view(archive, context(PagePlace(kind))))
    yield from _of_authorities(archive, context)
    yield from _comparison_pages(archive, context)
    yield from _picture_pages(archive, context)
    for code in archive.codes():
        yield from _of_record(archive, code, context)
    for code in sorted(archive.withdrawn()):
        yield EditionPage(edition.withdrawn(code, context(places.record(code))))


def _of_authorities(archive: EditionSource, context: Callable[[PagePlace], PageContext]) -> Iterator[EditionPage]:
    for facility in archive.agreed.gazetteer:
        page = archive.camp(facility.id)
        yield EditionPage(authority.camp(page.facility, page.results, context(places.camp(facility.id))))
    counted = archive.camps().results
    for term in archive.agreed.vocabulary.terms("topic"):
        yield EditionPage(authority.topic(term, counted, context(places.topic(term.id))))
    for conflicts in archive.conflicts():
        yield EditionPage(weighing.one_conflict(conflicts, context(PagePlace("conflict", (conflicts["id"],)))))
    yield from _works(archive, context)


def some(archive: EditionSource, context: Callable[[PagePlace], PageContext], name: str) -> Iterator[EditionPage]:
    """Yield some pages of the language that is spoken, that of a name among them where there is one.

    :param name: of its file below the language, without an ending, as ``r/NKT-0001``.
    """
    folder, _, rest = name.partition("/")
    of = rest.split("/")
    if folder in _OF_RECORD:
        if of[0] in archive.codes():
            yield from _of_record(archive, of[0], context)
    elif folder == "compare" and rest:
        yield from _comparisons(archive, context, [(of[0], of[1])] if len(of) > 1 else [])
    elif folder == "i":
        yield from _picture_pages(archive, context)
    elif folder in _SINGLE and not rest:
        yield EditionPage(_SINGLE[folder](archive, context(PagePlace(folder))))
    else:
        yield from _of_authorities(archive, context)


_OF_RECORD: Final = frozenset("rvbpw")
"""The folders of the pages of one record."""


def _works(archive: EditionSource, context: Callable[[PagePlace], PageContext]) -> Iterator[EditionPage]:
    cited, every = authority.codes_of_works(each.testimony for each in archive.records()), archive.agreed.sources
    for ref, work in every.items():
        yield EditionPage(authority.source(ref, work, cited.get(ref, ()), context(PagePlace("source", (ref,)))))
    for part in range(1, authority.source_pages(every) + 1):
        yield EditionPage(authority.sources(every, context(at_part(PagePlace("sources"), part)), part))


def _picture_pages(archive: EditionSource, context: Callable[[PagePlace], PageContext]) -> Iterator[EditionPage]:
    for camp in ("", *(facility.id for facility in archive.agreed.gazetteer)):
        for kind in PICTURES:
            yield from map(EditionPage, pictures.every_part(archive.picture(kind, camp), context))


def _comparison_pages(archive: EditionSource, context: Callable[[PagePlace], PageContext]) -> Iterator[EditionPage]:
    """Yield the comparison of each camp and of each topic, as many rows on a page as in the reading room."""
    camps = [("camp", facility.id) for facility in archive.agreed.gazetteer]
    topics = [("topic", term.id) for term in archive.agreed.vocabulary.terms("topic")]
    yield from _comparisons(archive, context, camps + topics)


def _comparisons(
    archive: EditionSource, context: Callable[[PagePlace], PageContext], every: Iterable[tuple[str, str]]
) -> Iterator[EditionPage]:
    places = {("camp", str(each.id)) for each in archive.agreed.gazetteer}
    places |= {("topic", term.id) for term in archive.agreed.vocabulary.terms("topic")}
    for name, of in filter(places.__contains__, every):
        compared = archive.compare(archive.filters(**{name: [of]}), "markdown")
        for first in range(0, max(1, len(compared.comparison.rows)), weighing.PAGE):
            parameters = ((name, of), *((("offset", str(first)),) if first else ()))
            yield EditionPage(weighing.compare(compared, parameters, context(PagePlace("compare", parameters=parameters)), first))


def _of_record(archive: EditionSource, code: str, context: Callable[[PagePlace], PageContext]) -> Iterator[EditionPage]:
    versions = archive.versions(code)
    own = archive.show(code, "html")
    testimony = own.record.testimony
    yield EditionPage(record.versions(code, versions, context(PagePlace("versions", (code,)))))
    yield EditionPage(_witness(archive, testimony, context(PagePlace("witness", (code,)))))
    for language in ("", *(version.language for version in testimony.versions)):
        output = archive.show(code, "html", language=language) if language else own
        place = places.record(code, language)
        yield EditionPage(record.record(output, context(place), len(versions) - 1), output.record.testimony)
        if language:
            beside = archive.parallel(code, "html", language=language)
            yield EditionPage(record.parallel(beside, context(PagePlace("parallel", (code,), language))))
        for shown in output.shown:
            yield _passage(archive, code, shown, language, context)


def _passage(
    archive: EditionSource, code: str, shown: RenderedHit, language: str, context: Callable[[PagePlace], PageContext]
) -> EditionPage:
    wanted = reference(f"{code}#p{shown.hit.passage.number}")
    output: RecordOutput = archive.excerpt(wanted, "html", language=language)
    with speaking(ENGLISH):  # a citation is the same in every language
        (work,) = archive.cite(wanted, form="html", language=language)
    cited = record.Cited(tr("As the archive cites it"), work.citation, work.source_citation if work.is_summary else "")
    place = places.passage(code, shown.hit.passage.number, language)
    page = record.passage(output, context(place), work.entry, [cited])
    return EditionPage(page, output.record.testimony, output.shown[0])


def _witness(archive: EditionSource, testimony: Testimony, context: PageContext) -> Page:
    try:
        return people.witness(testimony.code, archive.witness(testimony.witness.name).people, context)
    except UnknownTerm as error:
        return about.trouble(error.message, error.remedy, PagePlace("witness", (testimony.code,)), context)


def _coverage(archive: EditionSource, context: PageContext) -> Page:
    counted = archive.stats()
    return weighing.coverage(counted.testimonies, counted.passages, counted.counts, counted.spread, context)


_SINGLE: Final[Mapping[str, Callable[[EditionSource, PageContext], Page]]] = {
    "home": lambda archive, context: finding.home(archive.camps(), archive.coverage, context),
    "search": lambda archive, context: edition.search_page(archive.camps().results.facets, context),
    "records": lambda archive, context: finding.records(archive.list().rows, context),
    "conflicts": lambda archive, context: weighing.conflicts(archive.conflicts(), context),
    "coverage": _coverage,
    "compare": lambda _, context: weighing.comparison_form(context),
    "camps": lambda archive, context: authority.camps(archive.camps().results, context),
    "topics": lambda archive, context: authority.topics(archive.camps().results, context),
    "flags": lambda archive, context: authority.flags(archive.camps().results, context),
    "glossary": lambda _, context: authority.glossary(context),
    "method": lambda _, context: about.method(context),
    "basket": lambda _, context: edition.basket_page(context),
}
"""The pages of which there is one."""
