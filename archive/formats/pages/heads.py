"""What programs read of a page of an edition: what stands in its head, and the small pages that lead on."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from archive.authority.authorities import Authorities
from archive.citing import source
from archive.citing.excerpt import RenderedHit
from archive.formats._html_sink import Markup, element, join, own_address, sound, words
from archive.formats.pages import places
from archive.formats.pages.edition import POLICY, SEARCH
from archive.formats.pages.frame import Page, PageContext
from archive.language.messages import LANGUAGES, current_language, mark, speaking, tr
from archive.record.testimony import Testimony

_DATE: Final = re.compile(r"[0-9]{4}(?:-[0-9]{2}){0,2}")
"""A date that is one outside of EDTF too."""


def head(page: Page, context: PageContext, *, scripts: Sequence[str] = (), base: str = "") -> Markup:
    """Return the elements of a head: scripts, addresses where the edition has one, and what readers of pages look for.

    :param base: the address of the edition, with ``/`` at its end; "" where it has none.
    """
    lines = [f'<script src="{words(context.links.file(f"{SEARCH}/{name}"))}" defer></script>' for name in scripts]
    graph = {
        "og:title": page.title,
        "og:site_name": context.authorities.name(current_language()),
        "og:locale": {"ko": "ko_KR"}.get(current_language(), "en_GB"),
    }
    if base:
        graph["og:url"] = f"{base}{places.file_name(page.place)}"
        lines.append(_link("canonical", graph["og:url"]))
        for language in LANGUAGES:
            other = f"{base}{places.file_name(page.place._replace(language=language))}"
            lines.append(_link("alternate", other, hreflang=language))
        feed = context.links.file(f"{current_language()}/feed.xml")
        lines.append(_link("alternate", feed, type="application/atom+xml"))
    lines += [_meta("property", name, content) for name, content in graph.items()]
    if base and page.about:
        lines.append(_meta("name", "citation_public_url", graph["og:url"]))
    return Markup("\n".join(lines))


def _link(rel: str, to: str, **attributes: str) -> str:
    written = "".join(f' {name}="{words(value)}"' for name, value in attributes.items())
    return f'<link rel="{rel}"{written} href="{words(to)}">'


def _meta(kind: str, name: str, content: str) -> str:
    return f'<meta {kind}="{words(name)}" content="{words(content)}">'


def describe(testimony: Testimony, shown: RenderedHit | None, authorities: Authorities, address: str) -> Markup:
    """Return a record, or a passage of it, as JSON-LD of schema.org: what it is and how it is cited, and none of its words.

    :param shown: a passage, with its caveats in its citation; None describes the record.
    :param address: of the page, "" where the edition has none.
    """
    document: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Quotation" if shown else "ArchiveComponent",
        "identifier": shown.reference if shown else testimony.code,
        "name": testimony.title,
        "inLanguage": testimony.shown_in or testimony.language,
        "creditText": testimony.witness.name,  # a person or a body
        "holdingArchive": {"@type": "ArchiveOrganization", "name": authorities.name()},
        "isBasedOn": source.describe(source.of(testimony, shown.hit.passage if shown else None, authorities)),
    }
    if _DATE.fullmatch(testimony.recorded):
        document["dateCreated"] = testimony.recorded
    if shown:
        document["citation"] = shown.excerpt.citation
        document["isPartOf"] = {"@type": "ArchiveComponent", "identifier": testimony.code}
    if address:
        document["url"] = address
    written = json.dumps(document, ensure_ascii=False, sort_keys=True).replace("<", "\\u003c").replace("&", "\\u0026")
    return Markup(f'<script type="application/ld+json">{written}</script>')


def with_data(head: Markup, data: Markup) -> Markup:
    """Return a head with data for programs at its end."""
    return join(head, data, by="\n")


def permanent(reference: str, links: Sequence[tuple[str, str, str]]) -> str:
    """Return the document at the address that is made of a code and the hash of words: where they stand, in each language.

    :param links: language, address and label of each page.
    """
    items = "\n".join(f'<li><a lang="{words(tag)}" href="{words(to)}">{words(label)}</a></li>' for tag, to, label in links)
    return _bare(reference, f"<h1>{words(reference)}</h1>\n<ul>\n{items}\n</ul>")


def _bare(title: str, inside: str) -> str:
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{words(POLICY)}">\n'
        '<meta name="referrer" content="no-referrer">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<title>{words(title)}</title>\n<link rel="stylesheet" href="../../style.css">\n</head>\n'
        f"<body>\n<main>\n{inside}\n</main>\n</body>\n</html>\n"
    )


def outdated_document(reference: str, until: str, files: Mapping[str, str]) -> str:
    """Return the document at the address of words that have changed since: that they have, when, and what stands there now.

    :param until: the day on which they were changed, "" where nobody knows it.
    :param files: the address of the page of today in each language.
    """
    told = []
    for language, to in files.items():
        with speaking(language):
            when = tr("The words that this hash is of were changed on {day}.", day=until) if until else tr(_CHANGED)
            now = element("a", tr("What stands there now, with the caveats in force"), href=own_address(to))
            lines = (element("strong", when), tr(_NOT_OURS), now)
        told += [element("p", line, lang=language) for line in lines]
    body = sound(join(element("h1", reference), *told, by="\n"))
    return _bare(reference, body)


_NOT_OURS: Final = mark("Do not quote them as the archive's. `testimony verify` says what has become of a citation.")
_CHANGED: Final = mark("The words that this hash is of have been changed since.")


def entrance(name: str, links: Sequence[tuple[str, str, str]]) -> str:
    """Return the document at the top of the edition, which leads to each language."""
    return permanent(name, links).replace("../../style.css", "style.css")
