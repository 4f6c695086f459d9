"""Zotero's RDF as we write it, read again line by line as the fields of RIS, in which `verify` knows every entry of ours."""

import html
import re
from typing import Final

_NAMESPACE: Final = 'xmlns:z="http://www.zotero.org/namespaces/export#"'
_HEAD: Final = 4_000
_TAGS: Final = {
    "dc:title": "TI",
    "dc:coverage": "AN",
    "dc:subject": "KW",
    "rdf:value": "N1",
    "z:language": "LA",
    "z:libraryCatalog": "DB",
}
_PEOPLE: Final = {"bib:authors": "AU", "bib:editors": "A2", "z:translators": "A4"}
_VALUE: Final = re.compile(r"\s*<([A-Za-z]{1,10}:[A-Za-z]{1,30})>(.*)</\1>\s*\Z")
_ROLE: Final = re.compile(r"\s*<((?:bib|z):[A-Za-z]{1,30})><rdf:Seq>\s*\Z")
_PERSON: Final = re.compile(r"<foaf:surname>(.*?)</foaf:surname>(?:<foaf:givenName>(.*?)</foaf:givenName>)?")
_MARKUP: Final = re.compile(r"</?span(?: class=\"nocase\")?>")


def is_zotero(text: str) -> bool:
    """Return whether a text is RDF in the terms of Zotero."""
    return _NAMESPACE in text[:_HEAD]


def as_ris(text: str) -> str:
    """Return a document with each value as a field of RIS, on the same line as it was; what is not known stands as it is."""
    lines, role = [], ""
    for line in text.split("\n"):
        if line.startswith("<rdf:Description "):
            lines.append("TY  - GEN")
        elif line.startswith("</rdf:Description>"):
            lines.append("ER  - ")
        elif found := _ROLE.match(line):
            role = _PEOPLE.get(found[1], "AU" if found[1].startswith("z:") else "")
            lines.append("")
        elif person := _PERSON.search(line):
            given, family = html.unescape(person[2] or "").replace(",", "，"), html.unescape(person[1]).replace(",", "，")
            lines.append(f"{role}  - {family[:1].upper()}{family[1:]}," if not given else f"{role}  - {family}, {given}")
        elif (found := _VALUE.match(line)) and found[1] in _TAGS:
            lines.append(f"{_TAGS[found[1]]}  - {_MARKUP.sub('', html.unescape(found[2]))}")
        else:
            lines.append(line if "sha256" in line else "")
    return "\n".join(lines)
