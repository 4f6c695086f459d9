"""What each page is made of: a question to the collection, a view of `archive.formats.pages`, and the same for programs."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from archive.archive import Archive
from archive.errors import CannotTypeset, MissingExtra, UnknownTerm
from archive.formats import comparison as comparison_fields
from archive.formats import fields, json_sink, registry
from archive.formats.bibliography import entries
from archive.formats.pages import about, authority, basket, documents, finding, people, pictures, places, record, weighing
from archive.formats.pages.frame import Page, PageContext
from archive.formats.pages.places import PagePlace, Parameters
from archive.formats.text import basket as basket_text
from archive.formats.text import facility, lineage, overview, record_list, topics, witness_page
from archive.language.messages import ENGLISH, other_than_english, speaking, tr
from archive.named_tuple import NamedTuple
from archive.record.testimony import Reference, reference
from archive.search.filters import build_query
from archive.search.model import SORTS, Query

STYLES: Final = ("chicago", "chicago-author-date", "apa", "mla", "oscola", "bluebook", "korean")
"""The styles of citation that a page of a passage offers."""
DOSSIERS: Final = {
    "html": "text/html",
    "md": "text/markdown",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
}
"""The forms of a dossier that can be taken along, with the type of each."""


class SentFile(NamedTuple):
    """What is sent in place of a page: a document for programs, or a file to be kept.

    :param name: under which it is to be kept; "" where it is shown.
    """

    content: bytes
    kind: str
    name: str = ""


Answer = Page | SentFile


class PageRequest(NamedTuple):
    """One question of a reader."""

    archive: Archive
    place: PagePlace
    parameters: Parameters
    context: PageContext

    @property
    def code(self) -> str:
        """The code that the address names.

        :raises BadReference: it is none.
        """
        return reference(self.place.of[0]).code


def answer(page_request: PageRequest) -> Answer | None:
    """Return what an address leads to; None where there is nothing of its kind, or not in this form."""
    place = page_request.place
    if place.form in {"", *DOSSIERS} and place.kind == "basket" and place.of:
        return _dossier(page_request)
    if not place.form:
        view = _PAGES.get(place.kind)
        return view(page_request) if view else None
    if place.form == "csv":
        return _file(_answer_lines(page_request, "csv"), "text/csv", "answer.csv") if place.kind == "search" else None
    document = _DOCUMENTS.get(place.kind) if place.form == "json" else None
    if document is None:
        return None
    with speaking(ENGLISH):  # as in the commands: what programs read is the same in every language
        return _file(document(page_request), "application/json")


def _file(lines: Iterable[str], kind: str, name: str = "") -> SentFile:
    return SentFile("".join(f"{line}\n" for line in lines).encode(), kind, name)


# Pages to find by


def _home(page_request: PageRequest) -> Page:
    return finding.home(page_request.archive.camps(), page_request.archive.coverage, page_request.context)


def _query(page_request: PageRequest) -> Query:
    words, options = finding.options_of(page_request.parameters)
    if options.get("sort", SORTS[0]) not in SORTS:
        raise UnknownTerm(tr("there is no such order"), ", ".join(SORTS))
    return build_query(words, options, lambda: page_request.archive.authorities)._replace(shown_in=other_than_english())


def _search(page_request: PageRequest) -> Page:
    archive = page_request.archive
    return finding.search(
        archive.excerpts(archive.answer(_query(page_request)), "html"), page_request.parameters, page_request.context
    )


def _answer_lines(page_request: PageRequest, form: str) -> Iterable[str]:
    archive = page_request.archive
    return registry.writer(form).answer(archive.excerpts(archive.answer(_query(page_request)), form))


def _records(page_request: PageRequest) -> Page:
    return finding.records(page_request.archive.list().rows, page_request.context)


# Pages of a record


def _reference_of(page_request: PageRequest) -> Reference:
    number = page_request.place.of[1]
    return reference(f"{page_request.place.of[0]}#p{number}")


def _record(page_request: PageRequest) -> Page:
    pages = page_request.archive.show(Reference(page_request.code), "html", language=page_request.place.version)
    return record.record(pages, page_request.context, len(page_request.archive.versions(page_request.code)) - 1)


def _parallel(page_request: PageRequest) -> Page:
    return record.parallel(
        page_request.archive.parallel(Reference(page_request.code), "html", language=page_request.place.version),
        page_request.context,
    )


def _passage(page_request: PageRequest) -> Page:
    archive, wanted, language = page_request.archive, _reference_of(page_request), page_request.place.version
    pages = archive.excerpt(wanted, "html", language=language)
    with speaking(ENGLISH):  # a citation is the same in every language
        work = archive.cite(wanted, form="html", language=language)[0]
    cited = [record.Cited(tr("As the archive cites it"), work.citation, work.source_citation if work.is_summary else "")]
    style, trouble = dict(page_request.parameters).get("style", ""), ""
    if style:
        try:
            cited.append(_style(archive, work, style))
        except (MissingExtra, CannotTypeset) as error:
            trouble = f"{error.message}. {error.remedy}"
    return record.passage(pages, page_request.context, work.entry, cited, STYLES, trouble)


def _style(archive: Archive, work: entries.CitedWork, style: str) -> record.Cited:
    """Return the citation of a passage in a style. :raises UnknownTerm: there is no such style."""
    if style not in STYLES:
        raise UnknownTerm(tr("there is no such style of citation"), ", ".join(STYLES))
    wanted: list[entries.Entry] = [work.entry, work.source_entry] if work.is_summary else [work.entry]
    forms = [each.note or each.entry for each in archive.notes_in_style(wanted, style)]
    return record.Cited(style, forms[0], forms[1] if len(forms) > 1 else "")


def _versions(page_request: PageRequest) -> Page:
    return record.versions(page_request.code, page_request.archive.versions(page_request.code), page_request.context)


def _witness(page_request: PageRequest) -> Page:
    name = page_request.archive.record(page_request.code).testimony.witness.name
    return people.witness(page_request.code, page_request.archive.witness(name).people, page_request.context)


# Pages to weigh by


def _compare(page_request: PageRequest) -> Page:
    if not page_request.parameters:
        return weighing.comparison_form(page_request.context)
    first = finding.number(dict(page_request.parameters).get("offset", "0"))
    return weighing.compare(_comparison_output(page_request, "markdown"), page_request.parameters, page_request.context, first)


def _comparison_output(page_request: PageRequest, form: str) -> comparison_fields.ComparisonOutput:
    named: dict[str, list[str]] = {}
    for name, value in places.without(page_request.parameters, "offset", "state"):
        named.setdefault(name, []).append(value)
    return page_request.archive.compare(page_request.archive.filters(**named), form)  # type: ignore[arg-type]


def _conflicts(page_request: PageRequest) -> Page:
    return weighing.conflicts(page_request.archive.conflicts(), page_request.context)


def _conflict(page_request: PageRequest) -> Page:
    return weighing.one_conflict(_contradiction_of(page_request), page_request.context)


def _contradiction_of(page_request: PageRequest) -> Mapping[str, Any]:
    """Return the contradiction that the address names. :raises UnknownTerm: there is none."""
    conflict_id = page_request.place.of[0]
    for conflicts in page_request.archive.conflicts():
        if conflicts["id"] == conflict_id:
            return conflicts
    message = tr("there is no contradiction {wanted!r}", wanted=conflict_id[:_SHOWN])
    raise UnknownTerm(message, tr("The page of contradictions lists all."))


_SHOWN: Final = 40


def _coverage(page_request: PageRequest) -> Page:
    counted = page_request.archive.stats()
    return weighing.coverage(counted.testimonies, counted.passages, counted.counts, counted.spread, page_request.context)


# Pages of what the archive has agreed on


def _camps(page_request: PageRequest) -> Page:
    return authority.camps(page_request.archive.camps().results, page_request.context)


def _camp(page_request: PageRequest) -> Page:
    page = page_request.archive.camp(page_request.place.of[0])
    return authority.camp(page.facility, page.results, page_request.context)


def _picture(page_request: PageRequest) -> Page:
    return pictures.picture(page_request.archive.picture(*page_request.place.of), page_request.context, _part(page_request))


def _part(page_request: PageRequest) -> int:
    return finding.number(dict(page_request.parameters).get("part", "1"))


def _topics(page_request: PageRequest) -> Page:
    return authority.topics(page_request.archive.camps().results, page_request.context)


def _topic(page_request: PageRequest) -> Page:
    term = page_request.context.authorities.vocabulary.term("topic", page_request.place.of[0])
    return authority.topic(term, page_request.archive.camps().results, page_request.context)


def _source(page_request: PageRequest) -> Page:
    ref, entry = _work_of(page_request)
    return authority.source(ref, entry, _codes_of_works(page_request).get(ref, ()), page_request.context)


def _codes_of_works(page_request: PageRequest) -> Mapping[str, Sequence[str]]:
    return authority.codes_of_works(each.testimony for each in page_request.archive.records())


def _work(page_request: PageRequest) -> Iterable[str]:
    ref, entry = _work_of(page_request)
    return documents.sources({ref: entry}, _codes_of_works(page_request))


def _work_of(page_request: PageRequest) -> tuple[str, Mapping[str, Any]]:
    """Return the work that the address names, with its id. :raises UnknownTerm: there is none."""
    ref, sources = page_request.place.of[0], page_request.context.authorities.sources
    if ref not in sources:
        message = tr("there is no source {wanted!r}", wanted=ref[:_SHOWN])
        raise UnknownTerm(message, tr("The page of sources lists all."))
    return ref, sources[ref]


def _flags(page_request: PageRequest) -> Page:
    return authority.flags(page_request.archive.camps().results, page_request.context)


# The basket


def _basket(page_request: PageRequest) -> Page:
    archive = page_request.archive
    every = basket_text.render(archive.selection.checked_basket(), archive).every
    shown = [
        (checked, each._replace(excerpt=archive.cut(each.hit, digits=16, in_full=False, whole=True)) if each else None)
        for checked, each in every
    ]
    return basket.basket(shown, page_request.context, tuple(DOSSIERS))


def _dossier(page_request: PageRequest) -> SentFile | None:
    archive, form = page_request.archive, page_request.place.form
    if form not in DOSSIERS:
        return None
    gathered = archive.gather(checked.now for checked in archive.selection.choose())
    content = archive.dossier_file(archive.dossier(gathered), form)
    return SentFile(content, DOSSIERS[form], f"dossier.{form}")


_PAGES: Final[Mapping[str, Callable[[PageRequest], Page]]] = {
    "home": _home,
    "search": _search,
    "records": _records,
    "record": _record,
    "parallel": _parallel,
    "passage": _passage,
    "versions": _versions,
    "witness": _witness,
    "compare": _compare,
    "conflicts": _conflicts,
    "conflict": _conflict,
    "coverage": _coverage,
    "camps": _camps,
    "camp": _camp,
    "picture": _picture,
    "topics": _topics,
    "topic": _topic,
    "sources": lambda page_request: authority.sources(
        page_request.context.authorities.sources, page_request.context, _part(page_request)
    ),
    "source": _source,
    "flags": _flags,
    "glossary": lambda page_request: authority.glossary(page_request.context),
    "method": lambda page_request: about.method(page_request.context),
    "basket": _basket,
}


def _camp_counts(page_request: PageRequest) -> Iterable[str]:
    return json_sink.lines(fields.facets(page_request.archive.camps()))


def _flag_terms(page_request: PageRequest) -> Iterable[str]:
    return documents.terms(page_request.archive.camps().results, page_request.context.authorities, only={"flag"})


def _defined_terms(page_request: PageRequest) -> Iterable[str]:
    return documents.terms(page_request.archive.camps().results, page_request.context.authorities, without=authority.UNLISTED)


_DOCUMENTS: Final[Mapping[str, Callable[[PageRequest], Iterable[str]]]] = {
    "home": _camp_counts,
    "search": lambda page_request: _answer_lines(page_request, "json"),
    "records": lambda page_request: record_list.document(page_request.archive.list()),
    "record": lambda page_request: registry.writer("json").pages(
        page_request.archive.show(Reference(page_request.code), language=page_request.place.version)
    ),
    "parallel": lambda page_request: registry.parallel_writer("json").pages(
        page_request.archive.parallel(Reference(page_request.code), language=page_request.place.version)
    ),
    "passage": lambda page_request: registry.writer("json").pages(
        page_request.archive.excerpt(_reference_of(page_request), language=page_request.place.version)
    ),
    "versions": lambda page_request: lineage.document(page_request.archive.lineage(page_request.code)),
    "witness": lambda page_request: witness_page.document(
        page_request.archive.witness(page_request.archive.record(page_request.code).testimony.witness.name)
    ),
    "compare": lambda page_request: (
        json_sink.lines(comparison_fields.document(_comparison_output(page_request, "json")))
        if page_request.parameters
        else _camp_counts(page_request)
    ),
    "conflicts": lambda page_request: facility.conflicts_document(page_request.archive.conflicts(), page_request.archive.agreed),
    "conflict": lambda page_request: facility.conflicts_document([_contradiction_of(page_request)], page_request.archive.agreed),
    "coverage": lambda page_request: overview.document(page_request.archive.stats()),
    "camps": lambda page_request: facility.list_document(page_request.archive.camps().results, page_request.archive.agreed),
    "camp": lambda page_request: facility.document(page_request.archive.camp(page_request.place.of[0])),
    "picture": lambda page_request: json_sink.lines(page_request.archive.picture(*page_request.place.of).data),
    "topics": lambda page_request: topics.document(page_request.archive.topics()),
    "topic": lambda page_request: topics.document(page_request.archive.topics(page_request.place.of[0])),
    "sources": lambda page_request: documents.sources(page_request.context.authorities.sources, _codes_of_works(page_request)),
    "source": _work,
    "flags": _flag_terms,
    "glossary": _defined_terms,
    "method": lambda page_request: documents.method(page_request.context.authorities),
    "basket": lambda page_request: basket_text.document(
        basket_text.render(page_request.archive.selection.checked_basket(), page_request.archive)
    ),
}
