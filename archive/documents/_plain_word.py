"""A .docx as its program shows it: without hidden runs and rows, with what is struck out told run by run, fields and ruby plain.

Pandoc takes hidden text for words where a style hides it, and hidden rows of
tables; words of fields in one element, and what stands above others, it passes
over. Of words that are struck out it knows those with one line through them,
by their run or its style: not by the style of their paragraph, or one that
another is based on, and not by two lines.
"""

import re
import zipfile
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Final

from archive.documents._package import XmlReading, member, related_parts
from archive.documents._repackaging import repackage
from archive.named_tuple import NamedTuple

_STYLE: Final = re.compile(rb"<(?:\w+:)?style\b[^>]*\bstyleId=\"([^\"]*)\"[^>]*>(.*?)</(?:\w+:)?style>", re.DOTALL)
_BASED: Final = re.compile(rb"<(?:\w+:)?basedOn\b[^>]*\bval=\"([^\"]*)\"")
_SET: Final = r"<(?:\w+:)?(?:%s)\b(?:[^>]*\bval=\"([^\"]*)\")?"
_VANISH, _STRIKE = re.compile((_SET % "vanish").encode()), re.compile((_SET % "strike|dstrike").encode())
_TAG: Final = re.compile(rb"<(\w+:)?r(?:Pr)?(?: [^>]*)?>")
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


class WordStyles(NamedTuple):
    """The ids of the styles whose words the program does not show, and of those whose words are struck out."""

    hidden: frozenset[str] = frozenset()
    struck: frozenset[str] = frozenset()


def styles_of(package: zipfile.ZipFile) -> WordStyles:
    """Return the styles that hide words or strike them out, also those that are based on them."""
    body = related_parts(package, "").get("officeDocument", "")
    styles = [*_STYLE.finditer(member(package, related_parts(package, body).get("styles", "")))]
    return WordStyles(_setting(styles, _VANISH), _setting(styles, _STRIKE))


def _setting(styles: Sequence[re.Match[bytes]], what: re.Pattern[bytes]) -> frozenset[str]:
    """Return the ids of the styles that set something, themselves or by what they are based on."""
    said: dict[str, bool] = {}
    based: dict[str, str] = {}
    for style in styles:
        name = style[1].decode("utf-8", "replace")
        values, above = what.findall(style[2]), _BASED.search(style[2])
        if values:
            said[name] = any(value.decode("ascii", "replace") not in _OFF for value in values)
        elif above:
            based[name] = above[1].decode("utf-8", "replace")

    def is_set(name: str) -> bool:
        seen = set[str]()
        while name not in said and name in based and name not in seen:
            seen.add(name)
            name = based[name]
        return said.get(name, False)

    return frozenset(name for name in (*said, *based) if is_set(name))


class _Run:
    """A run, or a row of a table, that is being read: where it begins, and whether it is hidden or struck out; None: not said."""

    def __init__(self, begin: int) -> None:
        self.begin = begin
        self.hidden: bool | None = None
        self.struck: bool | None = None
        self.properties = -1
        """Where its properties begin; -1 where it has none."""


class _RunReading(XmlReading):
    """Where runs and rows lie that are not shown, and runs that are struck out.

    ``spans`` are the offsets in bytes of the beginnings of the ones and of their
    last tags, ``struck`` those of the tags of the others behind which it has to
    be said, with whether these are their properties.
    """

    def __init__(self, styles: WordStyles) -> None:
        super().__init__()
        self.styles = styles
        self.spans: list[tuple[int, int]] = []
        self.struck: list[tuple[int, bool]] = []
        self.path: list[str] = []
        self.paragraphs: list[str] = []
        self.open: list[_Run] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        inside = self.path[-2:]
        self.path.append(name)
        if name == "p":
            self.paragraphs.append("")
        elif name in {"r", "tr"}:
            self.open.append(_Run(self.at))
        elif name == "pStyle" and self.paragraphs and inside == ["p", "pPr"]:
            self.paragraphs[-1] = attributes.get("val", "")
        elif self.open and name == "hidden" and inside == ["tr", "trPr"]:
            self.open[-1].hidden = attributes.get("val", "") not in _OFF
        elif self.open and name == "rPr" and self.path[-2:-1] == ["r"]:
            self.open[-1].properties = self.at
        elif self.open and inside == ["r", "rPr"]:
            self._property(self.open[-1], name, attributes.get("val", ""))

    def _property(self, run: _Run, name: str, value: str) -> None:
        if name == "vanish":
            run.hidden = value not in _OFF
        elif name in {"strike", "dstrike"}:
            run.struck = run.struck or value not in _OFF
        elif name == "rStyle":
            run.hidden = True if run.hidden is None and value in self.styles.hidden else run.hidden
            run.struck = True if run.struck is None and value in self.styles.struck else run.struck

    def end(self, name: str) -> None:
        self.path.pop()
        if name == "p" and self.paragraphs:
            self.paragraphs.pop()
        elif name in {"r", "tr"} and self.open:
            run = self.open.pop()
            style = self.paragraphs[-1] if name == "r" and self.paragraphs else ""
            if style in self.styles.hidden if run.hidden is None else run.hidden:
                self.spans.append((run.begin, self.at))
            elif name == "r" and (style in self.styles.struck if run.struck is None else run.struck):
                self.struck.append((run.begin if run.properties < 0 else run.properties, run.properties >= 0))


def split(xml: bytes, styles: WordStyles) -> tuple[bytes, bytes]:
    """Return what a part of a .docx shows, and its runs and rows that it does not show, one after the other.

    Of what it shows, each run that is struck out says so itself, in the one way that every reader knows.

    :param styles: of `styles_of`.
    """
    if not any(sign in xml for sign in (b"vanish", b"hidden", b"strike")) and not any(styles):
        return xml, b""
    reading = _RunReading(styles)
    reading.read(xml)
    changes = [(begin, xml.index(b">", end) + 1, b"") for begin, end in _outermost(reading.spans)]
    gone = tuple(changes)
    for begin, is_properties in sorted(reading.struck):
        tag = _TAG.match(xml, begin)
        if tag and not any(first <= begin < last for first, last, _ in gone):
            n = tag[1] or b""
            changes.append(
                (tag.end(), tag.end(), b"<%bstrike/>" % n if is_properties else b"<%brPr><%bstrike/></%brPr>" % (n, n, n))
            )
    shown, last = list[bytes](), 0
    for begin, end, instead in sorted(changes):
        shown += [xml[last:begin], instead]
        last = end
    return b"".join([*shown, xml[last:]]), b"".join(xml[begin:end] for begin, end, _ in gone)


def _outermost(spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    last = -1
    for begun, ended in sorted(spans):
        if begun > last:
            yield begun, ended
            last = ended


def plain(document: bytes) -> bytes:
    """Return a .docx without what is hidden, runs that are struck out as such, its simple fields and ruby as runs.

    The same bytes where it has none of these.
    """
    with zipfile.ZipFile(BytesIO(document)) as package:
        styles = styles_of(package)
        body = related_parts(package, "").get("officeDocument", "")
        beside = related_parts(package, body)
        parts = [body, *filter(None, (beside.get(part, "") for part in ("footnotes", "endnotes", "comments")))]
        before = {part: member(package, part) for part in parts}
    after = {part: _plain_part(xml, styles) for part, xml in before.items()}
    return document if after == before else repackage(document, after.get)


def _plain_part(xml: bytes, styles: WordStyles) -> bytes:
    xml = _FIELD.sub(b"", _FIELD_DATA.sub(b"", split(xml, styles)[0]))
    return _RUBY.sub(_with_ruby, xml) if b"ruby>" in xml else xml


def _with_ruby(found: re.Match[bytes]) -> bytes:
    """Return what is written below, and in parentheses behind it what is written above."""
    n = found["n"] or b""
    sign = b"<%br><%bt>%%b</%bt></%br>" % (n, n, n, n)
    return found["base"] + sign % b"(" + found["above"] + sign % b")"
