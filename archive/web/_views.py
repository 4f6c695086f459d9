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
from archive.formats.pages.places import Asked, PagePlace
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


class Asking(NamedTuple):
    """One question of a reader."""

    archive: Archive
    place: PagePlace
    asked: Asked
    context: PageContext

    @property
    def code(self) -> str:
        """The code that the address names.

        :raises BadReference: it is none.
        """
        return reference(self.place.of[0]).code


def answer(asking: Asking) -> Answer | None:
    """Return what an address leads to; None where there is nothing of its kind, or not in this form."""
    place = asking.place
    if place.form in {"", *DOSSIERS} and place.kind == "basket" and place.of:
        return _dossier(asking)
    if not place.form:
        view = _PAGES.get(place.kind)
        return view(asking) if view else None
    if place.form == "csv":
        return _file(_answer_lines(asking, "csv"), "text/csv", "answer.csv") if place.kind == "search" else None
    document = _DOCUMENTS.get(place.kind) if place.form == "json" else None
    if document is None:
        return None
    with speaking(ENGLISH):  # as in the commands: what programs read is the same in every language
        return _file(document(asking), "application/json")


def _file(lines: Iterable[str], kind: str, name: str = "") -> SentFile:
    return SentFile("".join(f"{line}\n" for line in lines).encode(), kind, name)


# Pages to find by


def _home(asking: Asking) -> Page:
    return finding.home(asking.archive.camps(), asking.archive.coverage, asking.context)


def _query(asking: Asking) -> Query:
    words, options = finding.options_of(asking.asked)
    if options.get("sort", SORTS[0]) not in SORTS:
        raise UnknownTerm(tr("there is no such order"), ", ".join(SORTS))
    return build_query(words, options, lambda: asking.archive.authorities)._replace(shown_in=other_than_english())


def _search(asking: Asking) -> Page:
    archive = asking.archive
    return finding.search(archive.excerpts(archive.answer(_query(asking)), "html"), asking.asked, asking.context)


def _answer_lines(asking: Asking, form: str) -> Iterable[str]:
    archive = asking.archive
    return registry.writer(form).answer(archive.excerpts(archive.answer(_query(asking)), form))


def _records(asking: Asking) -> Page:
    return finding.records(asking.archive.list().rows, asking.context)


# Pages of a record


def _reference_of(asking: Asking) -> Reference:
    number = asking.place.of[1]
    return reference(f"{asking.place.of[0]}#p{number}")


def _record(asking: Asking) -> Page:
    pages = asking.archive.show(Reference(asking.code), "html", language=asking.place.version)
    return record.record(pages, asking.context, len(asking.archive.versions(asking.code)) - 1)


def _parallel(asking: Asking) -> Page:
    return record.parallel(asking.archive.parallel(Reference(asking.code), "html", language=asking.place.version), asking.context)


def _passage(asking: Asking) -> Page:
    archive, wanted, language = asking.archive, _reference_of(asking), asking.place.version
    pages = archive.excerpt(wanted, "html", language=language)
    with speaking(ENGLISH):  # a citation is the same in every language
        work = archive.cite(wanted, form="html", language=language)[0]
    cited = [record.Cited(tr("As the archive cites it"), work.citation, work.source_citation if work.is_summary else "")]
    style, trouble = dict(asking.asked).get("style", ""), ""
    if style:
        try:
            cited.append(_style(archive, work, style))
        except (MissingExtra, CannotTypeset) as error:
            trouble = f"{error.message}. {error.remedy}"
    return record.passage(pages, asking.context, work.entry, cited, STYLES, trouble)


def _style(archive: Archive, work: entries.CitedWork, style: str) -> record.Cited:
    """Return the citation of a passage in a style. :raises UnknownTerm: there is no such style."""
    if style not in STYLES:
        raise UnknownTerm(tr("there is no such style of citation"), ", ".join(STYLES))
    wanted: list[entries.Entry] = [work.entry, work.source_entry] if work.is_summary else [work.entry]
    forms = [each.note or each.entry for each in archive.notes_in_style(wanted, style)]
    return record.Cited(style, forms[0], forms[1] if len(forms) > 1 else "")


def _versions(asking: Asking) -> Page:
    return record.versions(asking.code, asking.archive.versions(asking.code), asking.context)


def _witness(asking: Asking) -> Page:
    name = asking.archive.record(asking.code).testimony.witness.name
    return people.witness(asking.code, asking.archive.witness(name).people, asking.context)


# Pages to weigh by


def _compare(asking: Asking) -> Page:
    if not asking.asked:
        return weighing.comparison_form(asking.context)
    first = finding.number(dict(asking.asked).get("offset", "0"))
    return weighing.compare(_comparison_output(asking, "markdown"), asking.asked, asking.context, first)


def _comparison_output(asking: Asking, form: str) -> comparison_fields.ComparisonOutput:
    named: dict[str, list[str]] = {}
    for name, value in places.without(asking.asked, "offset", "state"):
        named.setdefault(name, []).append(value)
    return asking.archive.compare(asking.archive.filters(**named), form)  # type: ignore[arg-type]


def _conflicts(asking: Asking) -> Page:
    return weighing.conflicts(asking.archive.conflicts(), asking.context)


def _conflict(asking: Asking) -> Page:
    return weighing.one_conflict(_contradiction_of(asking), asking.context)


def _contradiction_of(asking: Asking) -> Mapping[str, Any]:
    """Return the contradiction that the address names. :raises UnknownTerm: there is none."""
    conflict_id = asking.place.of[0]
    for conflicts in asking.archive.conflicts():
        if conflicts["id"] == conflict_id:
            return conflicts
    message = tr("there is no contradiction {wanted!r}", wanted=conflict_id[:_SHOWN])
    raise UnknownTerm(message, tr("The page of contradictions lists all."))


_SHOWN: Final = 40


def _coverage(asking: Asking) -> Page:
    counted = asking.archive.stats()
    return weighing.coverage(counted.testimonies, counted.passages, counted.counts, counted.spread, asking.context)


# Pages of what the archive has agreed on


def _camps(asking: Asking) -> Page:
    return authority.camps(asking.archive.camps().results, asking.context)


def _camp(asking: Asking) -> Page:
    page = asking.archive.camp(asking.place.of[0])
    return authority.camp(page.facility, page.results, asking.context)


def _picture(asking: Asking) -> Page:
    return pictures.picture(asking.archive.picture(*asking.place.of), asking.context, _part(asking))


def _part(asking: Asking) -> int:
    return finding.number(dict(asking.asked).get("part", "1"))


def _topics(asking: Asking) -> Page:
    return authority.topics(asking.archive.camps().results, asking.context)


def _topic(asking: Asking) -> Page:
    term = asking.context.authorities.vocabulary.term("topic", asking.place.of[0])
    return authority.topic(term, asking.archive.camps().results, asking.context)


def _source(asking: Asking) -> Page:
    ref, entry = _work_of(asking)
    return authority.source(ref, entry, _codes_of_works(asking).get(ref, ()), asking.context)


def _codes_of_works(asking: Asking) -> Mapping[str, Sequence[str]]:
    return authority.codes_of_works(each.testimony for each in asking.archive.records())


def _work(asking: Asking) -> Iterable[str]:
    ref, entry = _work_of(asking)
    return documents.sources({ref: entry}, _codes_of_works(asking))


def _work_of(asking: Asking) -> tuple[str, Mapping[str, Any]]:
    """Return the work that the address names, with its id. :raises UnknownTerm: there is none."""
    ref, sources = asking.place.of[0], asking.context.authorities.sources
    if ref not in sources:
        message = tr("there is no source {wanted!r}", wanted=ref[:_SHOWN])
        raise UnknownTerm(message, tr("The page of sources lists all."))
    return ref, sources[ref]


def _flags(asking: Asking) -> Page:
    return authority.flags(asking.archive.camps().results, asking.context)


# The basket


def _basket(asking: Asking) -> Page:
    archive = asking.archive
    every = basket_text.render(archive.selection.checked_basket(), archive).every
    shown = [
        (checked, each._replace(excerpt=archive.cut(each.hit, digits=16, in_full=False, whole=True)) if each else None)
        for checked, each in every
    ]
    return basket.basket(shown, asking.context, tuple(DOSSIERS))


def _dossier(asking: Asking) -> SentFile | None:
    archive, form = asking.archive, asking.place.form
    if form not in DOSSIERS:
        return None
    gathered = archive.gather(checked.now for checked in archive.selection.choose())
    content = archive.dossier_file(archive.dossier(gathered), form)
    return SentFile(content, DOSSIERS[form], f"dossier.{form}")


_PAGES: Final[Mapping[str, Callable[[Asking], Page]]] = {
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
    "sources": lambda asking: authority.sources(asking.context.authorities.sources, asking.context, _part(asking)),
    "source": _source,
    "flags": _flags,
    "glossary": lambda asking: authority.glossary(asking.context),
    "method": lambda asking: about.method(asking.context),
    "basket": _basket,
}


def _camp_counts(asking: Asking) -> Iterable[str]:
    return json_sink.lines(fields.facets(asking.archive.camps()))


def _flag_terms(asking: Asking) -> Iterable[str]:
    return documents.terms(asking.archive.camps().results, asking.context.authorities, only={"flag"})


def _defined_terms(asking: Asking) -> Iterable[str]:
    return documents.terms(asking.archive.camps().results, asking.context.authorities, without=authority.UNLISTED)


_DOCUMENTS: Final[Mapping[str, Callable[[Asking], Iterable[str]]]] = {
    "home": _camp_counts,
    "search": lambda asking: _answer_lines(asking, "json"),
    "records": lambda asking: record_list.document(asking.archive.list()),
    "record": lambda asking: registry.writer("json").pages(
        asking.archive.show(Reference(asking.code), language=asking.place.version)
    ),
    "parallel": lambda asking: registry.parallel_writer("json").pages(
        asking.archive.parallel(Reference(asking.code), language=asking.place.version)
    ),
    "passage": lambda asking: registry.writer("json").pages(
        asking.archive.excerpt(_reference_of(asking), language=asking.place.version)
    ),
    "versions": lambda asking: lineage.document(asking.archive.lineage(asking.code)),
    "witness": lambda asking: witness_page.document(
        asking.archive.witness(asking.archive.record(asking.code).testimony.witness.name)
    ),
    "compare": lambda asking: (
        json_sink.lines(comparison_fields.document(_comparison_output(asking, "json"))) if asking.asked else _camp_counts(asking)
    ),
    "conflicts": lambda asking: facility.conflicts_document(asking.archive.conflicts(), asking.archive.agreed),
    "conflict": lambda asking: facility.conflicts_document([_contradiction_of(asking)], asking.archive.agreed),
    "coverage": lambda asking: overview.document(asking.archive.stats()),
    "camps": lambda asking: facility.list_document(asking.archive.camps().results, asking.archive.agreed),
    "camp": lambda asking: facility.document(asking.archive.camp(asking.place.of[0])),
    "picture": lambda asking: json_sink.lines(asking.archive.picture(*asking.place.of).data),
    "topics": lambda asking: topics.document(asking.archive.topics()),
    "topic": lambda asking: topics.document(asking.archive.topics(asking.place.of[0])),
    "sources": lambda asking: documents.sources(asking.context.authorities.sources, _codes_of_works(asking)),
    "source": _work,
    "flags": _flag_terms,
    "glossary": _defined_terms,
    "method": lambda asking: documents.method(asking.context.authorities),
    "basket": lambda asking: basket_text.document(basket_text.render(asking.archive.selection.checked_basket(), asking.archive)),
}
