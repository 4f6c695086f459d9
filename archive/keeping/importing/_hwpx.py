"""What the Hangul word processor writes today (.hwpx, KS X 6101).

Read from its XML, since the libraries for it put hidden comments and tracked
deletions into the words, or lose what stands behind the first mark of a run.
"""

import re
from collections.abc import Iterator
from typing import Final

from archive.documents import xml
from archive.documents.hangul import NumberedShape
from archive.documents.reading import refusal
from archive.documents.xml import XmlNode
from archive.errors import UnreadableDocument
from archive.keeping.importing import _hangul as hangul
from archive.keeping.importing._model import SourceText
from archive.keeping.importing._registry import Options
from archive.language.messages import tr

_MEMBERS: Final = r"Contents/(?:section[0-9]{1,4}|masterpage[0-9]{1,4}|header)\.xml"
_MANIFEST: Final = r"META-INF/manifest\.xml"
_HEADER: Final = "Contents/header.xml"
_FEW_DIGITS: Final = 4
_STRIKING: Final = re.compile(
    r"SOLID|(LONG_)?DASH|DOT|DASH_DOT(_DOT)?|CIRCLE|DOUBLE_SLIM|SLIM_THICK(_SLIM)?|THICK_SLIM|(DOUBLE_?)?WAVE"
)
"""The lines that words are struck out with. Words that nobody struck out may have a line too, as "3D", which is not drawn."""


def read(content: bytes, name: str, options: Options) -> list[SourceText]:
    """Return the one text of a document. See `archive.keeping.importing._registry.Reader`."""
    del options
    try:
        members = xml.parse_members(content, name, _MEMBERS)
    except UnreadableDocument:
        _refuse_what_is_encrypted(content, name)
        raise
    header = members.pop(_HEADER, XmlNode("", {}, ()))
    if not any("/section" in member for member in members):
        raise refusal(name, tr("it is damaged: its package has no text"))
    pages = [members[member] for member in sorted(members, key=_place)]
    return [hangul.text_of(pages, dict(_shapes(header)), frozenset(_struck(header)), sum(map(hangul.count_words, pages)))]


def _refuse_what_is_encrypted(content: bytes, name: str) -> None:
    manifests = xml.parse_members(content, name, _MANIFEST).values()
    if any(node.name == "encryption-data" for manifest in manifests for node in manifest.walk()):
        raise refusal(name, tr("it needs a password"))


def _place(member: str) -> tuple[bool, int]:
    """Return where a member comes among the others: sections by their numbers, then the pages that lie below theirs."""
    return "/section" not in member, int("".join(filter(str.isdigit, member.rpartition("/")[2])))


def _shapes(header: XmlNode) -> Iterator[tuple[str, NumberedShape]]:
    """Yield the shapes of paragraphs that number them."""
    for shape in header.all("paraPr"):
        heading, level = shape.first("heading"), shape.first("heading").get("level")
        if heading.get("type") in {"OUTLINE", "NUMBER"} and level.isdecimal() and len(level) < _FEW_DIGITS:
            yield shape.get("id"), NumberedShape(heading.get("type"), int(level))


def _struck(header: XmlNode) -> Iterator[str]:
    """Yield the shapes of letters that are struck out, also by a line under words that goes through them, as it once was."""
    for shape in header.all("charPr"):
        through, under = shape.first("strikeout").get("shape"), shape.first("underline").get("type")
        if shape.get("id") and (_STRIKING.fullmatch(through) or under == "CENTER"):
            yield shape.get("id")
