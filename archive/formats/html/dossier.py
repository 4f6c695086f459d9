"""A dossier as a page that stands alone: for paper, for a screen reader, for a machine without a network."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import Final

from archive.citing import part_marks, source
from archive.citing.excerpt import RenderedHit
from archive.formats import _html_parts as parts
from archive.formats import dossier_content, fields, picture
from archive.formats._coverage_table import QUOTED, coverage_table
from archive.formats._html_sink import NOTHING, Markup, anchor, element, join
from archive.formats._notes_in_full import NotesInFull
from archive.formats.dossier_content import Document
from archive.formats.html._page import HtmlPage, page
from archive.formats.wording import entry_line
from archive.language.messages import current_language, tr
from archive.record.testimony import Testimony
from archive.weighing.dossier import Dossier

STYLE: Final = f"""\
{parts.STYLE}header p, .lead {{ margin: .25rem 0; }}
figure {{ margin: 1rem 0; }}
figcaption {{ font-style: italic; font-size: .9em; }}
.wide table {{ font-size: .9em; }}
.wide th, .wide td {{ overflow-wrap: normal; white-space: nowrap; }}
.wide th[scope="row"] {{ font-weight: normal; white-space: normal; min-width: 10rem; }}
caption {{ caption-side: bottom; font-size: .85em; padding-top: .4rem; text-align: start; }}
@media print {{
  article {{ break-inside: auto; }}
  figure, .warning {{ break-inside: avoid; }}
  a.address[href^="http"]::after {{ content: none; }}
}}
"""


def write(document: Document, *, bibliography: Sequence[str] = ()) -> Iterator[str]:
    """Write a dossier.

    :param bibliography: the works cited in a style, one after another; without any they are named as the house does.
    """
    dossier, told = document.dossier, NotesInFull()
    sections = [
        _section("asked", dossier_content.ASKED, parts.facts_list(dossier_content.describe_question(dossier))),
        _section("found", dossier_content.FOUND, parts.facts_list(dossier_content.state(dossier))),
        _section("left-out", dossier_content.NOT_HERE, _list(dossier_content.describe_omissions(document))),
        write_attestation(dossier),
        _section("testimonies", dossier_content.TESTIMONIES, *(_testimony(*group, document, told) for group in document.groups))
        if document.groups
        else _section("testimonies", dossier_content.TESTIMONIES, element("p", tr("No passage was found."))),
        write_contradictions(dossier),
        works(dossier, bibliography),
        _pictures(document),
        _section("check", dossier_content.HOW_TO_CHECK, element("p", dossier_content.check())),
    ]
    yield from page(
        HtmlPage(
            title=dossier.title,
            language=current_language(),
            main=join(*sections, by="\n"),
            header=_header(document),
            contents=_contents(document),
            style=f"{STYLE}{picture.STYLE}" if document.pictures else STYLE,
        )
    )


def _header(document: Document) -> Markup:
    dossier = document.dossier
    day = element("p", parts.mark_english(dossier.authorities.name()), ", ", element("time", dossier.day, datetime=dossier.day))
    return join(
        element("h1", dossier.title),
        day,
        parts.warning(dossier_content.warnings(document)),
        *(element("p", line) for line in dossier_content.nature(document)),
    )


def _contents(document: Document) -> Markup:
    links = [
        element("li", element("a", parts.title_of(testimony), href=f"#{anchor(testimony.code)}"))
        for testimony, _ in document.groups
    ]
    named = element("h2", tr(dossier_content.CONTENTS), id="contents")
    fixed = (("asked", dossier_content.ASKED), ("left-out", dossier_content.NOT_HERE), ("works", dossier_content.WORKS))
    ends = [element("li", element("a", tr(title), href=f"#{name}")) for name, title in fixed]
    return join(named, element("ul", *ends[:2], *links, *ends[2:])) if links else NOTHING


def _section(name: str, title: str, *inside: str) -> Markup:
    return element("section", element("h2", tr(title), id=name), *inside, aria_labelledby=name)


def _list(items: Iterable[str]) -> Markup:
    return element("ul", *(element("li", item) for item in items))


def write_marked_parts(dossier: Dossier) -> Iterator[str]:
    """Write all that is no excerpt and is marked."""
    yield from filter(None, (write_attestation(dossier), write_contradictions(dossier), works(dossier)))


def _part(name: str, place: str, title: str, *inside: str) -> Markup:
    """Write a section that is no excerpt, with its mark at its end."""
    mark = part_marks.with_mark(name, join(element("h2", tr(title), id=place), *inside))
    return _section(place, title, *inside, element("p", mark, class_="small"))


def write_attestation(dossier: Dossier) -> Markup:
    """Write who was there to tell, with its mark; nothing where no camp was asked for."""
    laid = coverage_table(dossier.told, dossier.authorities, each_missing=True)
    if not dossier.told:
        return NOTHING
    head = element(
        "tr",
        element("th", tr("Camp and vantage point"), scope="col"),
        *(element("th", fields.decade(decade), scope="col") for decade in laid.decades),
    )
    rows = [element("tr", element("th", name, scope="row"), *(element("td", cell) for cell in row)) for name, row in laid.rows]
    table = element("table", element("caption", tr(QUOTED)), element("thead", head), element("tbody", *rows)) if rows else NOTHING
    remarks = [element("p", remark) for remark in laid.remarks]
    return _part(part_marks.COVERAGE, "coverage", dossier_content.COVERAGE, element("div", table, class_="wide"), *remarks)


def _testimony(testimony: Testimony, shown: tuple[RenderedHit, ...], document: Document, told: NotesInFull) -> Markup:
    name = anchor(testimony.code)
    return element(
        "section",
        element("h3", parts.title_of(testimony), id=name),
        parts.facts_list(dossier_content.about(testimony, document.dossier.authorities)),
        *(_passage(hit, document, told) for hit in shown),
        class_="record",
        aria_labelledby=name,
    )


def _passage(shown: RenderedHit, document: Document, told: NotesInFull) -> Markup:
    testimony, excerpt, authorities = shown.hit.testimony, shown.excerpt, document.dossier.authorities
    reference = f"{testimony.code}#p{shown.hit.passage.number}"
    name = anchor(reference)
    about = element("ul", *(element("li", entry_line(entry, authorities)) for entry in shown.hit.passage.entries), class_="small")
    address = source.of(testimony, shown.hit.passage, authorities).address
    quoted = element("blockquote", parts.passage_words(shown), lang=testimony.language, **({"cite": address} if address else {}))
    label = element("figcaption", dossier_content.whose_text(testimony, authorities))
    return element(
        "article",
        element("h4", f"{dossier_content.place(shown)} ({reference})", id=name),
        about,
        element("figure", label, quoted),
        parts.caveats_list(excerpt.notes, testimony, authorities, told, reference),
        parts.address_line(shown, authorities),
        parts.citation_line(excerpt.citation),
        aria_labelledby=name,
    )


def _pictures(document: Document) -> Markup:
    if not document.pictures:
        return NOTHING
    named = element("ul", *(element("li", element("cite", parts.mark_english(each))) for each in document.named), class_="small")
    return _section(
        "pictures",
        dossier_content.PICTURES,
        *(picture.figure(each, 3) for each in document.pictures),
        join(element("h3", tr(dossier_content.NAMED)), named) if document.named else NOTHING,
    )


def write_contradictions(dossier: Dossier) -> Markup:
    """Write the contradictions that are cited, with their mark."""
    every = [
        join(
            element("h3", parts.mark_english(named)),
            element("ul", *(_side(mark, said) for mark, said in sides)),
            element("p", parts.mark_english(tr("Kept as: {found}", found=why))) if why else NOTHING,
        )
        for named, sides, why in dossier_content.contradictions(dossier.conflicts, dossier.authorities)
    ]
    return _part(part_marks.CONTRADICTIONS, "kept", dossier_content.KEPT, *every) if every else NOTHING


def _side(mark: str, said: str) -> Markup:
    return element("li", element("strong", f"{mark}. ") if mark else NOTHING, parts.mark_english(said))


def works(dossier: Dossier, bibliography: Sequence[str] = ()) -> Markup:
    """Write the works cited, with their mark.

    :param bibliography: as for the dossier.
    """
    return _part(part_marks.WORKS, "works", dossier_content.WORKS, element("ul", *_works(dossier, bibliography)))


def _works(dossier: Dossier, bibliography: Sequence[str]) -> Iterator[Markup]:
    for (named, address, codes), styled in zip_longest(dossier_content.works(dossier), bibliography):
        yield _work(named, address, codes, styled or "")


def _work(named: str, address: str, codes: str, styled: str) -> Markup:
    if styled:
        before, is_there, after = styled.partition(address) if address else (styled, "", "")
        link = element("a", address, href=address, class_="address") if is_there else NOTHING
        return element("li", element("cite", before, link, after), f" ({codes})")
    where = join(". ", element("a", address, href=address, class_="address")) if address else NOTHING
    return element("li", element("cite", parts.mark_english(named)), where, f" ({codes})")
