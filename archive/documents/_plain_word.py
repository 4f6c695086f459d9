"""A .docx as its program shows it: without hidden runs and rows, with fields and ruby as plain runs.

Pandoc takes hidden text for words where a style hides it, and hidden rows of
tables; words of fields in one element, and what stands above others, it passes
over.
"""

import re
import zipfile
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Final

from archive.documents._package import XmlReading, member, related
from archive.documents._repackaging import repackage

_STYLE: Final = re.compile(rb"<(?:\w+:)?style\b[^>]*\bstyleId=\"([^\"]*)\"[^>]*>(.*?)</(?:\w+:)?style>", re.DOTALL)
_BASED: Final = re.compile(rb"<(?:\w+:)?basedOn\b[^>]*\bval=\"([^\"]*)\"")
_VANISH: Final = re.compile(rb"<(?:\w+:)?vanish\b(?:[^>]*\bval=\"([^\"]*)\")?")
_FIELD: Final = re.compile(rb"</?(?:\w+:)?fldSimple\b[^>]*>")
_FIELD_DATA: Final = re.compile(rb"<(\w+:)?fldData\b.*?</\1?fldData>", re.DOTALL)
_RUBY: Final = re.compile(
    rb"<(?P<n>\w+:)?r(?: [^>]*)?>(?:(?!</?(?P=n)r[ >]).)*?<(?P=n)ruby(?: [^>]*)?>"
    rb"(?:(?!</(?P=n)ruby>).)*?<(?P=n)rt(?: [^>]*)?>(?P<above>(?:(?!</(?P=n)rt>).)*)</(?P=n)rt>"
    rb"(?:(?!</(?P=n)ruby>).)*?<(?P=n)rubyBase(?: [^>]*)?>(?P<base>(?:(?!</(?P=n)rubyBase>).)*)"
    rb"</(?P=n)rubyBase>\s*</(?P=n)ruby>\s*</(?P=n)r>",
    re.DOTALL,
)
_OFF: Final = frozenset({"0", "false", "off"})


def hidden_styles(package: zipfile.ZipFile) -> frozenset[str]:
    """Return the ids of the styles whose words the program does not show, also of those that are based on them."""
    body = related(package, "").get("officeDocument", "")
    xml = member(package, related(package, body).get("styles", ""))
    said: dict[str, bool] = {}
    based: dict[str, str] = {}
    for style in _STYLE.finditer(xml):
        name = style[1].decode("utf-8", "replace")
        vanish, above = _VANISH.search(style[2]), _BASED.search(style[2])
        if vanish:
            said[name] = (vanish[1] or b"").decode("ascii", "replace") not in _OFF
        elif above:
            based[name] = above[1].decode("utf-8", "replace")

    def is_hidden(name: str) -> bool:
        seen = set[str]()
        while name not in said and name in based and name not in seen:
            seen.add(name)
            name = based[name]
        return said.get(name, False)

    return frozenset(name for name in (*said, *based) if is_hidden(name))


class _HiddenReading(XmlReading):
    """Where runs and rows lie that are not shown: ``spans``, the offsets in bytes of their beginnings and of their last tags."""

    def __init__(self, styles: frozenset[str]) -> None:
        super().__init__()
        self.styles = styles
        self.spans: list[tuple[int, int]] = []
        self.path: list[str] = []
        self.paragraphs: list[str] = []
        self.open: list[
            tuple[int, list[bool | None]]
        ] = []  # of each run and row that is open: its offset, and whether it is hidden

    def start(self, name: str, attributes: dict[str, str]) -> None:
        inside = self.path[-2:]
        self.path.append(name)
        if name == "p":
            self.paragraphs.append("")
        elif name in {"r", "tr"}:
            self.open.append((self.at, [None]))
        elif name == "pStyle" and self.paragraphs and inside == ["p", "pPr"]:
            self.paragraphs[-1] = attributes.get("val", "")
        elif self.open and name == "vanish" and inside == ["r", "rPr"]:
            self.open[-1][1][0] = attributes.get("val", "") not in _OFF
        elif self.open and name == "rStyle" and inside == ["r", "rPr"] and self.open[-1][1][0] is None:
            self.open[-1][1][0] = True if attributes.get("val", "") in self.styles else None
        elif self.open and name == "hidden" and inside == ["tr", "trPr"]:
            self.open[-1][1][0] = attributes.get("val", "") not in _OFF

    def end(self, name: str) -> None:
        self.path.pop()
        if name == "p" and self.paragraphs:
            self.paragraphs.pop()
        elif name in {"r", "tr"} and self.open:
            begun, (hidden,) = self.open.pop()
            if hidden is None and name == "r":
                hidden = bool(self.paragraphs) and self.paragraphs[-1] in self.styles
            if hidden:
                self.spans.append((begun, self.at))


def parted(xml: bytes, styles: frozenset[str]) -> tuple[bytes, bytes]:
    """Return what a part of a .docx shows, and its runs and rows that it does not show, one after the other.

    :param styles: of `hidden_styles`.
    """
    if b"vanish" not in xml and b"hidden" not in xml and not styles:
        return xml, b""
    reading = _HiddenReading(styles)
    reading.read(xml)
    shown, hidden, last = list[bytes](), list[bytes](), 0
    for begun, ended in _outermost(reading.spans):
        behind = xml.index(b">", ended) + 1
        shown.append(xml[last:begun])
        hidden.append(xml[begun:behind])
        last = behind
    return b"".join([*shown, xml[last:]]), b"".join(hidden)


def _outermost(spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    last = -1
    for begun, ended in sorted(spans):
        if begun > last:
            yield begun, ended
            last = ended


def plain(document: bytes) -> bytes:
    """Return a .docx without what is hidden, its simple fields and ruby as runs; the same bytes where it has none of these."""
    with zipfile.ZipFile(BytesIO(document)) as package:
        styles = hidden_styles(package)
        body = related(package, "").get("officeDocument", "")
        beside = related(package, body)
        parts = [body, *filter(None, (beside.get(part, "") for part in ("footnotes", "endnotes", "comments")))]
        before = {part: member(package, part) for part in parts}
    after = {part: _plain_part(xml, styles) for part, xml in before.items()}
    return document if after == before else repackage(document, after.get)


def _plain_part(xml: bytes, styles: frozenset[str]) -> bytes:
    xml = _FIELD.sub(b"", _FIELD_DATA.sub(b"", parted(xml, styles)[0]))
    return _RUBY.sub(_with_ruby, xml) if b"ruby>" in xml else xml


def _with_ruby(found: re.Match[bytes]) -> bytes:
    """Return what is written below, and in parentheses behind it what is written above."""
    n = found["n"] or b""
    sign = b"<%br><%bt>%%b</%bt></%br>" % (n, n, n, n)
    return found["base"] + sign % b"(" + found["above"] + sign % b")"
