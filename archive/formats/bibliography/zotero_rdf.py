"""Zotero's own RDF: entries with their flags as tags and the whole citation as a note, each tied to its source.

Of the formats that Zotero reads it alone has notes and tags. It is XML, so
every value is escaped, and holds no sign that XML cannot have. Each value
stands on a line of its own: `archive.formats._zotero_lines` reads it again.
"""

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from archive.citing.excerpt import RecordOutput, SearchOutput
from archive.formats.bibliography import entries as bibliography
from archive.formats.bibliography.entries import SUMMARY, BibliographyEntry, Entry, SourceEntry, keep_case, without_markup

_SPACES: Final[Mapping[str, str]] = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "z": "http://www.zotero.org/namespaces/export#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "bib": "http://purl.org/net/biblio#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "prism": "http://prismstandard.org/namespaces/1.2/basic/",
    "vcard": "http://nwalsh.com/rdf/vCard#",
}
_KINDS: Final[Mapping[str, str]] = {
    "article-journal": "journalArticle",
    "article-magazine": "magazineArticle",
    "article-newspaper": "newspaperArticle",
    "book": "book",
    "broadcast": "tvBroadcast",
    "chapter": "bookSection",
    "dataset": "dataset",
    "entry-encyclopedia": "encyclopediaArticle",
    "hearing": "hearing",
    "interview": "interview",
    "map": "map",
    "motion_picture": "film",
    "personal_communication": "letter",
    "post-weblog": "blogPost",
    "report": "report",
    "speech": "presentation",
    "webpage": "webpage",
}
"""The type of a work in CSL → that of Zotero; every other is ``document``."""
_CONTAINERS: Final[Mapping[str, str]] = {
    "journalArticle": "bib:Journal",
    "magazineArticle": "bib:Periodical",
    "newspaperArticle": "bib:Newspaper",
    "bookSection": "bib:Book",
    "encyclopediaArticle": "bib:Book",
    "webpage": "z:Website",
    "blogPost": "z:Blog",
}
_AUTHORS: Final[Mapping[str, str]] = {
    "interview": "z:interviewees",
    "film": "z:directors",
    "tvBroadcast": "z:directors",
    "presentation": "z:presenters",
    "map": "z:cartographers",
    "hearing": "bib:contributors",
}
"""Who stands first in an item of Zotero's, where that is no author."""
_NOT_IN_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def pages(output: SearchOutput | RecordOutput) -> Iterator[str]:
    """Write the passages of a search or of a record, one item each."""
    yield from entries(bibliography.passages(output))


answer = pages


def entries(listed: Iterable[Entry]) -> Iterator[str]:
    """Write entries."""
    every = list(listed)
    keys = {entry.key for entry in every}
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    spaces = " ".join(f'xmlns:{name}="{space}"' for name, space in _SPACES.items())
    yield f"<rdf:RDF {spaces}>"
    for entry in every:
        yield from _item(entry, keys)
    yield "</rdf:RDF>"


def _item(entry: Entry, keys: set[str]) -> Iterator[str]:
    yield f'<rdf:Description rdf:about="#{entry.key}">'
    yield from _work(entry)
    yield from _value("z:shortTitle", without_markup(entry.short))
    yield from _value("z:libraryCatalog", entry.archive)
    yield from _value("dc:coverage", entry.mark)
    yield from _value("dc:description", f"Citation Key: {entry.key}")
    for flag in entry.keywords:
        yield from _value("dc:subject", flag)
    yield f'  <dcterms:isReferencedBy><bib:Memo rdf:about="#{entry.key}-note">'
    yield from _value("rdf:value", without_markup(entry.citation))
    yield "  </bib:Memo></dcterms:isReferencedBy>"
    other = entry.key.removesuffix("-source") if isinstance(entry, SourceEntry) else f"{entry.key}-source"
    if other in keys:
        yield f'  <dc:relation rdf:resource="#{other}"/>'
    yield "</rdf:Description>"


def _work(entry: Entry) -> Iterator[str]:
    work = entry.work
    kind = _KINDS.get(str(work.get("type", "")), "document")
    yield from _value("z:itemType", kind)
    yield from _value("dc:title", keep_case(entry.title))
    yield from _people(_AUTHORS.get(kind, "bib:authors"), bibliography.people(work, "author"))
    yield from _people("bib:editors", bibliography.people(work, "editor"))
    yield from _people("z:translators", bibliography.people(work, "translator"))
    yield from _people("z:interviewers", bibliography.people(work, "interviewer") if kind == "interview" else [])
    if work.get("container-title"):
        container = _CONTAINERS.get(kind, "bib:Book")
        yield f"  <dcterms:isPartOf><{container}><dc:title>{_escape(str(work['container-title']))}</dc:title></{container}>"
        yield "  </dcterms:isPartOf>"
    if work.get("publisher") or work.get("publisher-place"):
        place = f"<vcard:adr><vcard:Address><vcard:locality>{_escape(str(work.get('publisher-place', '')))}</vcard:locality>"
        named = f"<foaf:name>{_escape(str(work.get('publisher', '')))}</foaf:name>"
        yield f"  <dc:publisher><foaf:Organization>{place}</vcard:Address></vcard:adr>{named}</foaf:Organization></dc:publisher>"
    yield from _value("prism:edition", str(work.get("edition") or ""))
    yield from _value("dc:identifier", f"ISBN {work['ISBN']}" if work.get("ISBN") else "")
    yield from _value("dc:date", "" if entry.issued == "undated" else entry.issued)
    if isinstance(entry, BibliographyEntry):
        yield from _value("z:language", entry.language)
        yield from _value("z:archive", "" if entry.type == SUMMARY else entry.archive)
    elif reached := str(work.get("URL") or ""):
        yield f"  <dc:identifier><dcterms:URI><rdf:value>{_escape(reached)}</rdf:value></dcterms:URI></dc:identifier>"
        yield from _value("dcterms:dateSubmitted", entry.access_day(work))


def _people(role: str, persons: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Write persons; a name that is not parted stands whole, as Zotero has the name of a body."""
    every = list(persons)
    if not every:
        return
    yield f"  <{role}><rdf:Seq>"
    for person in every:
        surname, *given = map(_escape, bibliography.name_parts(person))
        named = f"<foaf:surname>{surname}</foaf:surname>" + "".join(f"<foaf:givenName>{name}</foaf:givenName>" for name in given)
        yield f"    <rdf:li><foaf:Person>{named}</foaf:Person></rdf:li>"
    yield f"  </rdf:Seq></{role}>"


def _value(name: str, value: str) -> Iterator[str]:
    if value:
        yield f"  <{name}>{_escape(value)}</{name}>"


def _escape(text: str) -> str:
    return html.escape(_NOT_IN_XML.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text), quote=False)
