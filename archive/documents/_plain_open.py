"""An .odt as its program shows it: without what is hidden, with the words of its fields, and with what is struck out told.

Pandoc takes what a section, a style, a condition or a row hides for words, and
passes over the words of fields. Of words that are struck out it knows those
that a style of their own strikes out, and not those of a paragraph in a style
that does, which is how a paragraph is kept that was struck out as a whole. Of a
frame with a picture it makes a figure, and a part of the words under it.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from typing import Final
from xml.sax.saxutils import escape

from archive.documents._package import XmlReading, member
from archive.documents._repackaging import repackage
from archive.named_tuple import NamedTuple

_CONTENT, _STYLES = "content.xml", "styles.xml"
_FIELDS: Final = re.compile(
    rb"""</?text:(?:(?:creation|modification|print)-(?:date|time)|date|time|editing-(?:cycles|duration)
    |page-(?:number|continuation|variable-get|variable-set)|(?:page|paragraph|word|character|table|image|object)-count
    |sender-[a-z-]+|author-(?:name|initials)|initial-creator|creator|printed-by|title|subject|keywords|description|user-defined
    |chapter|(?:file|template|sheet)-name|variable-(?:get|set|input)|user-field-(?:get|input)|sequence|expression|text-input
    |drop-down|placeholder|conditional-text|database-(?:display|name|row-number)|(?:note|sequence|bookmark|reference)-ref
    |measure|meta|meta-field|dde-connection|table-formula|execute-macro|ruby|ruby-base)(?=[\s/>])[^>]*>""",
    re.VERBOSE,
)
_ABOVE: Final = re.compile(rb"<text:ruby-text(?=[\s/>])[^>]*?(?:/>|>(.*?)</text:ruby-text>)", re.DOTALL)
_PICTURE: Final = re.compile(rb"<draw:image(?=[\s/>])(?:[^>]*/>|[^>]*>.*?</draw:image>)", re.DOTALL)
_CDATA: Final = re.compile(rb"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_FOLDED_ROWS: Final = frozenset({"collapse", "filter"})
_TILDES: Final = b"~~"

_Style = tuple[str, str]
"""The family of a style, as "paragraph", and its name."""


class OpenStyles(NamedTuple):
    """What styles say, also by what they are based on: whether words are hidden, and whether they are struck out."""

    hidden: Mapping[_Style, bool]
    struck: Mapping[_Style, bool]


class _StyleReading(XmlReading):
    """What the styles of a part say themselves, and on which each is based, added to what those of another part say.

    A reader of XML reads one part, so ``before`` is the reading of the part that was read first.
    """

    def __init__(self, before: "_StyleReading | None" = None) -> None:
        super().__init__()
        self.hidden: dict[_Style, bool] = {**before.hidden} if before else {}
        self.struck: dict[_Style, bool] = {**before.struck} if before else {}
        self.based: dict[_Style, str] = {**before.based} if before else {}
        self.style: _Style | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "style":
            self.style = attributes.get("family", ""), attributes.get("name", "")
            self.based[self.style] = attributes.get("parent-style-name", "")
        elif name == "text-properties" and self.style:
            if "display" in attributes:
                self.hidden[self.style] = attributes["display"] == "none"
            lines = [attributes[key] for key in ("text-line-through-style", "text-line-through-type") if key in attributes]
            if lines:
                self.struck[self.style] = "none" not in lines

    def end(self, name: str) -> None:
        if name == "style":
            self.style = None

    def resolve(self, said: Mapping[_Style, bool]) -> dict[_Style, bool]:
        """Return what each style says, itself or by what it is based on."""
        resolved: dict[_Style, bool] = {}
        for style in self.based:
            seen, at = set[_Style](), style
            while at not in said and at in self.based and at not in seen:
                seen.add(at)
                at = at[0], self.based[at]
            if at in said:
                resolved[style] = said[at]
        return resolved


def styles_of(package: zipfile.ZipFile) -> OpenStyles:
    """Return what the styles of an .odt say."""
    common = _StyleReading()
    common.read(member(package, _STYLES) or b"<x/>")
    every = _StyleReading(common)
    every.read(member(package, _CONTENT) or b"<x/>")
    return OpenStyles(every.resolve(every.hidden), every.resolve(every.struck))


class _Piece:
    """Characters in a row: their offsets in bytes, in which paragraph they stand, and whether they are hidden or struck out."""

    def __init__(self, begin: int, paragraph: int, *, hidden: bool, struck: bool) -> None:
        self.begin = self.end = begin
        self.paragraph = paragraph
        self.hidden, self.struck = hidden, struck


class _Inside(NamedTuple):
    """What holds inside of an element. ``gone``: all of it is hidden; the others are what styles say of words."""

    gone: bool = False
    hidden: bool = False
    struck: bool = False
    paragraph: int = 0


class _PieceReading(XmlReading):
    """The pieces of a text; of ``struck`` only those in paragraphs whose style strikes them out."""

    def __init__(self, styles: OpenStyles) -> None:
        super().__init__()
        self.styles = styles
        self.pieces: list[_Piece] = []
        self.states = [_Inside()]
        self.first = [0]
        """Of each paragraph that is open the number of its first piece."""
        self.gone = set[int]()
        self.paragraphs = 0
        self.reading: _Piece | None = None

    def begin_event(self) -> None:
        if self.reading:
            self.reading.end = self.at
            self.reading = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        state = self.states[-1]
        if _is_gone(name, attributes):
            state = state._replace(gone=True)
        elif name in {"p", "h"}:
            self.paragraphs += 1
            self.first.append(len(self.pieces))
            style = "paragraph", attributes.get("style-name", "")
            struck = self.styles.struck.get(style, False)
            hidden = self.styles.hidden.get(style, state.hidden)
            state = state._replace(hidden=hidden, struck=struck, paragraph=self.paragraphs)
        elif name == "span":
            style = "text", attributes.get("style-name", "")
            hidden = self.styles.hidden.get(style, state.hidden)
            state = state._replace(hidden=hidden, struck=state.struck and self.styles.struck.get(style, True))
        elif name == "hidden-paragraph" and attributes.get("is-hidden") == "true":
            self.gone.add(state.paragraph)
        self.states.append(state)

    def end(self, name: str) -> None:
        state = self.states.pop()
        if name in {"p", "h"}:
            first = self.first.pop()
            if state.paragraph in self.gone:
                for piece in self.pieces[first:]:
                    piece.hidden = True

    def words(self, text: str) -> None:
        state = self.states[-1]
        hidden, struck = state.gone or state.hidden, state.struck and bool(text.strip())
        self.reading = _Piece(self.at, state.paragraph, hidden=hidden, struck=struck)
        self.pieces.append(self.reading)


def _is_gone(name: str, attributes: Mapping[str, str]) -> bool:
    """Return whether an element is a section or a row that is not shown."""
    if name == "section":
        return attributes.get("display") == "none" or attributes.get("is-hidden") == "true"
    return name == "table-row" and attributes.get("visibility") in _FOLDED_ROWS


def split(xml: bytes, styles: OpenStyles) -> tuple[bytes, bytes, bool]:
    """Return the text of an .odt as it is shown, the characters that it hides, and whether it strikes out a whole paragraph.

    Two tildes stand at each end of what the style of its paragraph strikes out.

    :param styles: of `styles_of`.
    """
    xml = _CDATA.sub(lambda found: escape(found[1].decode("utf-8", "replace")).encode(), xml)
    reading = _PieceReading(styles)
    reading.read(xml)
    changes = [(piece.begin, piece.end, b"") for piece in reading.pieces if piece.hidden]
    hidden = b"".join(xml[begin:end] for begin, end, _ in changes)
    tildes = [(at, at, _TILDES) for at in _ends(xml, reading.pieces)]
    if not changes and not tildes:
        return xml, b"", False
    shown, last = list[bytes](), 0
    for begin, end, instead in sorted([*changes, *tildes]):
        shown += [xml[last:begin], instead]
        last = end
    return b"".join([*shown, xml[last:]]), hidden, bool(tildes)


def _ends(xml: bytes, pieces: Iterable[_Piece]) -> Iterator[int]:
    """Yield where words begin and end that are struck out, those side by side in one paragraph together."""
    rows: dict[int, list[list[_Piece]]] = {}
    for piece in pieces:
        rows_there = rows.setdefault(piece.paragraph, [[]])
        if piece.struck and not piece.hidden:
            rows_there[-1].append(piece)
        elif not piece.hidden and xml[piece.begin : piece.end].strip():
            rows_there.append([])
    for row in (row for rows_there in rows.values() for row in rows_there if row):
        first, last = (xml[piece.begin : piece.end] for piece in (row[0], row[-1]))
        yield row[0].begin + len(first) - len(first.lstrip())
        yield row[-1].begin + len(last.rstrip())


def without_hidden(document: bytes) -> bytes:
    """Return an .odt without the words that it hides.

    :param document: one whose package was looked through.
    """
    with zipfile.ZipFile(BytesIO(document)) as package:
        before = member(package, _CONTENT)
        hidden = split(before, styles_of(package)._replace(struck={}))
    return document if not hidden[1] else _with_content(document, hidden[0])


def as_shown(document: bytes, *, with_pictures: bool) -> tuple[bytes, bool]:
    """Return an .odt with plain words for what it shows, and whether two tildes were set in it.

    What stands above others comes behind them, in parentheses. The bytes are the same where there is nothing to change.

    :param document: one whose package was looked through.
    :param with_pictures: else these are taken out, and their frames hold words alone.
    """
    with zipfile.ZipFile(BytesIO(document)) as package:
        before = member(package, _CONTENT)
        after, _, has_struck = split(before, styles_of(package)) if before else (b"", b"", False)
    after = _FIELDS.sub(b"", _ABOVE.sub(lambda above: b"(" + above[1] + b")" if above[1] else b"", after))
    after = after if with_pictures else _PICTURE.sub(b"", after)
    return (document if after == before else _with_content(document, after)), has_struck


def _with_content(document: bytes, content: bytes) -> bytes:
    return repackage(document, lambda part, old: content if part == _CONTENT else old)
