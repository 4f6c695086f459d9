"""Works as reference managers write them, as items of CSL-JSON: RIS, BibTeX (by pandoc) and the RDF of Zotero.

Notes, abstracts, keywords and the paths of attachments are a person's own, and
are counted where a work is taken over.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from archive.documents import pandoc, reading, xml
from archive.documents.xml import XmlNode
from archive.language.messages import tr

Item = dict[str, Any]
PRIVATE: Final = frozenset({"note", "annote", "abstract", "keyword", "file", "attachments"})
"""What a person writes for themselves."""
_MEMORY: Final = "-M512M"
_RIS: Final = re.compile(r"\A\ufeff?\s*(?:[A-Z][A-Z0-9]  - .*\n)*TY  - ")
_RIS_LINE: Final = re.compile(r"([A-Z][A-Z0-9])  -(?: (.*))?")
_BIBTEX: Final = re.compile(r"\A\s*(?:%.*\n\s*)*@[A-Za-z]+\s*[{(]")
_ENTRY: Final = re.compile(r"@(?!(?:comment|string|preamble)\b)([A-Za-z]+)\s*\{\s*([^,\s{}]+)\s*,", re.IGNORECASE)
_PRIVATE_FIELD: Final = re.compile(r"^\s*(note|annote|annotation|abstract|keywords?|file)\s*=", re.IGNORECASE | re.MULTILINE)
_LANGUAGE_OF_NONE: Final = "la"
_RDF: Final = re.compile(r"<(?:rdf:)?RDF\b[^>]*zotero\.org", re.DOTALL)
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DATE: Final = re.compile(r"([12][0-9]{3})(?:[-/.](1[0-2]|0?[1-9])(?:[-/.](3[01]|[12][0-9]|0?[1-9]))?)?[/ ]*(?:T.*)?")
_MONTH_YEAR: Final = re.compile(r"(1[0-2]|0?[1-9])/([12][0-9]{3})")
_NAMED: Final = re.compile(r"([A-Za-z]{3,9})\.?(?: ([0-9]{1,2})(?:st|nd|rd|th)?,?)? ([12][0-9]{3})")
_YEAR: Final = re.compile(r"(?<![0-9])[12][0-9]{3}(?![0-9])")
_RIS_TYPES: Final = {
    "BOOK": "book", "CHAP": "chapter", "JOUR": "article-journal", "NEWS": "article-newspaper", "MGZN": "article-magazine",
    "RPRT": "report", "ELEC": "webpage", "THES": "thesis", "CONF": "paper-conference", "CPAPER": "paper-conference",
    "BLOG": "post-weblog", "VIDEO": "motion_picture", "HEAR": "hearing", "CASE": "legal_case", "STAT": "legislation",
    "PCOMM": "personal_communication", "MANSCPT": "manuscript", "MAP": "map", "EDBOOK": "book", "GOVDOC": "report",
}  # fmt: skip
_RIS_FIELDS: Final = {
    "TI": "title", "T1": "title", "CT": "title", "T2": "container-title", "JO": "container-title", "JF": "container-title",
    "BT": "container-title", "PB": "publisher", "CY": "publisher-place", "VL": "volume", "IS": "issue", "DO": "DOI", "UR": "URL",
    "SN": "ISBN", "LA": "language", "ET": "edition", "N1": "note", "N2": "abstract", "AB": "abstract", "KW": "keyword",
    "L1": "attachments", "L2": "attachments", "L3": "attachments", "L4": "attachments", "RN": "note",
}  # fmt: skip
_RIS_NAMES: Final = {"AU": "author", "A1": "author", "ED": "editor", "A2": "editor", "A4": "translator"}
_ZOTERO_TYPES: Final = {
    "book": "book", "bookSection": "chapter", "journalArticle": "article-journal", "newspaperArticle": "article-newspaper",
    "magazineArticle": "article-magazine", "report": "report", "webpage": "webpage", "thesis": "thesis",
    "conferencePaper": "paper-conference", "interview": "interview", "document": "document", "film": "motion_picture",
    "videoRecording": "motion_picture", "blogPost": "post-weblog", "hearing": "hearing", "presentation": "speech",
    "letter": "personal_communication", "statute": "legislation", "case": "legal_case", "manuscript": "manuscript", "map": "map",
    "encyclopediaArticle": "entry-encyclopedia", "dictionaryEntry": "entry-dictionary", "radioBroadcast": "broadcast",
    "tvBroadcast": "broadcast", "podcast": "broadcast", "artwork": "graphic",
}  # fmt: skip
_ZOTERO_NAMES: Final = {
    "authors": "author", "interviewees": "author", "directors": "author", "presenters": "author", "editors": "editor",
    "translators": "translator", "interviewers": "interviewer",
}  # fmt: skip
_CONTAINERS: Final = frozenset({"Journal", "Book", "Newspaper", "Magazine", "Website", "Proceedings", "Blog"})
_NO_WORK: Final = frozenset({"attachment", "note", "annotation"})


def items_of(text: str, name: str) -> list[Item] | None:
    """Return the works of a bibliography, None of what is none; what is private has a field of its own.

    :param name: of the file, for messages.
    :raises UnreadableDocument: it is damaged.
    :raises MissingExtra: pandoc is not installed.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _RIS.match(text):
        return list(_of_ris(text))
    if _BIBTEX.match(text):
        return _of_bibtex(text, name)
    return _of_zotero(xml.parse(text.encode("utf-8"), name)) if _RDF.search(text[:4_000]) else None


def date_parts(written: str) -> list[list[str]]:
    """Return a date as CSL has it, at the precision at which it is sure; [] of one that is not."""
    written = " ".join(written.split())
    if found := _DATE.fullmatch(written):
        return [[str(int(part)) for part in found.groups() if part]]
    if found := _MONTH_YEAR.fullmatch(written):
        return [[found[2], str(int(found[1]))]]
    found = _NAMED.fullmatch(written)
    month = found[1][:3].casefold() if found else ""
    if found and month in _MONTHS:
        return [[found[3], str(_MONTHS.index(month) + 1), *([str(int(found[2]))] if found[2] else [])]]
    years = set(_YEAR.findall(written))
    return [[years.pop()]] if len(years) == 1 else []


def _set_date(item: Item, written: str) -> None:
    if written.strip():
        parts = date_parts(written)
        item["issued"] = {"date-parts": parts} if parts else {"literal": written}


def _of_ris(text: str) -> Iterator[Item]:
    item: Item = {}
    dates: dict[str, str] = {}
    for line in text.split("\n"):
        found = _RIS_LINE.fullmatch(line.rstrip())
        if found is None:
            continue
        tag, value = found[1], (found[2] or "").strip()
        if tag == "TY":
            item, dates = {"type": _RIS_TYPES.get(value, "document")}, {}
        elif tag == "ER":
            _set_date(item, dates.get("DA") or dates.get("PY") or dates.get("Y1") or "")
            yield item
        elif tag in _RIS_NAMES and value:
            family, comma, given = value.partition(",")
            person = (
                {"family": family.strip(), "given": given.strip()} if comma and given.strip() else {"literal": value.rstrip(",")}
            )
            item.setdefault(_RIS_NAMES[tag], []).append(person)
        elif tag in {"DA", "PY", "Y1"}:
            dates[tag] = value
        elif value:
            item.setdefault(_RIS_FIELDS.get(tag, tag), value if tag in _RIS_FIELDS else [value])


def _of_bibtex(text: str, name: str) -> list[Item]:
    """Return what pandoc reads; titles stay as they are written, which it would put in small letters where they are English."""
    given = _ENTRY.sub(r"@\1{\2, langid={latin},", text)
    arguments = [pandoc.pandoc(), "+RTS", _MEMORY, "-RTS", "--from=biblatex", "--to=csljson", "--sandbox"]
    ran = reading.run("run", arguments, given.encode("utf-8"))
    if ran.code or not ran.out:
        raise reading.refusal(name, tr("pandoc cannot read it ({said})", said=ran.said))
    items: list[Item] = json.loads(ran.out)
    for item in items:
        item["citation-key"] = item.get("id", "")
        item.pop("title-short", None)
        if item.get("language") == _LANGUAGE_OF_NONE:
            del item["language"]
        for field, value in item.items():
            item[field] = re.sub(r"</?(?:span|i|b|sup|sub)\b[^>]*>", "", value) if isinstance(value, str) else value
    # Pandoc passes over most of what is private: how often it is there is known, and not of which work.
    for field, times in Counter(found[1].casefold() for found in _PRIVATE_FIELD.finditer(text)).items():
        own = {"annotation": "annote", "keywords": "keyword"}.get(field, field)
        for item in items[:times]:
            item[own] = item.get(own) or "…"
    return items


def is_bibliography(content: bytes) -> bool:
    """Return whether a file is a list of works, as far as its beginning tells it."""
    text = content[:4_000].decode("utf-8", "replace").replace("\r\n", "\n")
    is_csl = re.match(r'\s*(?:\{\s*"items"\s*:\s*)?\[\s*\{', text) is not None and '"type"' in text and '"title"' in text
    return any(form.search(text) for form in (_RIS, _BIBTEX, _RDF)) or is_csl


def _of_zotero(top: XmlNode) -> list[Item]:
    by_address = {node.get("about"): node for node in top.nodes if node.get("about")}
    return [
        dict(_zotero_item(node, by_address))
        for node in top.nodes
        if node.name not in {*_CONTAINERS, "Attachment", "Memo", "Collection"} or _kind(node)
        if _kind(node) not in _NO_WORK and (_kind(node) or node.name not in {"Description", "Seq"})
    ]


def _kind(node: XmlNode) -> str:
    """Return the kind that Zotero says of an item, "" where it says none."""
    return next((each.text.strip() for each in node.nodes if each.name == "itemType"), "")


def _own(node: XmlNode, name: str) -> str:
    """Return the words of an element that lies right in another."""
    return next((" ".join(each.text.split()) for each in node.nodes if each.name == name), "")


def _zotero_item(node: XmlNode, by_address: Mapping[str, XmlNode]) -> Iterator[tuple[str, Any]]:
    yield "type", _ZOTERO_TYPES.get(_kind(node), "document")
    yield "title", _own(node, "title")
    dated: Item = {}
    _set_date(dated, _own(node, "date"))
    yield from dated.items()
    for each in node.nodes:
        if each.name in _ZOTERO_NAMES:
            yield _ZOTERO_NAMES[each.name], [_zotero_person(person) for person in each.all("Person")]
    publisher = next(node.first("publisher").nodes, None)
    if publisher is not None:
        yield "publisher", publisher.first("name").text.strip()
        yield "publisher-place", publisher.first("locality").text.strip()
    for source in (node, *_containers(node, by_address)):
        yield from _zotero_identifiers(source)
        yield "volume", _own(source, "volume")
        yield "issue", _own(source, "number") if source is not node else ""
    yield "container-title", next((_own(each, "title") for each in _containers(node, by_address)), "")
    yield "edition", _own(node, "edition")
    yield "language", _own(node, "language")
    yield "abstract", _own(node, "abstract")
    for field, names in (("note", {"isReferencedBy", "description"}), ("attachments", {"link"}), ("keyword", {"subject"})):
        number = sum(each.name in names for each in node.nodes)
        yield field, [""] * number


def _containers(node: XmlNode, by_address: Mapping[str, XmlNode]) -> Iterator[XmlNode]:
    for part in (each for each in node.nodes if each.name == "isPartOf"):
        named = by_address.get(part.get("resource"))
        yield from (named,) if named is not None else part.nodes


def _zotero_identifiers(node: XmlNode) -> Iterator[tuple[str, str]]:
    for each in (each for each in node.nodes if each.name == "identifier"):
        text = " ".join(each.text.split())
        kind, _, value = text.partition(" ")
        if kind in {"DOI", "ISBN", "ISSN"} and value:
            yield kind, value
        elif text.startswith(("http://", "https://")):
            yield "URL", text


def _zotero_person(person: XmlNode) -> dict[str, str]:
    """Return a person; an institution has one name alone."""
    family = person.first("surname").text.strip()
    given = (person.first("givenName").text or person.first("givenname").text).strip()
    return {"family": family, "given": given} if given else {"literal": family}
