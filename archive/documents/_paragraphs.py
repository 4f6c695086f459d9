"""The paragraphs of a word processor's file as they stand in its XML, with the offsets of what they are made of.

A second look beside pandoc's: which notes are footnotes and which endnotes, what
pandoc passes over (fields that are not closed in their run, drawings, headers),
and where in the bytes a paragraph lies. Runs in a child process with limits.
"""

import re
import zipfile
from typing import Any, Final, TypedDict

from archive.documents._package import MOST_PARAGRAPHS, XmlReading, member, related_parts
from archive.documents.model import RefusedFile
from archive.language.messages import mark
from archive.named_tuple import NamedTuple

BODY, COMMENTS, MARGINS = "document", "comments", "margins"
"""Where a paragraph stands: in the body, in remarks, in headers and footers; also in "footnotes" and "endnotes"."""
_PASSED_OVER: Final = frozenset({"Fallback", "moveFrom", "instrText", "delInstrText", "delText", "pPr", "rPr", "tracked-changes"})
_SIGNS: Final = {"noBreakHyphen": "\u2011", "softHyphen": "\u00ad", "tab": " ", "br": " ", "cr": " ", "line-break": " ", "s": " "}
_PARTS: Final = ("footnotes", "endnotes", COMMENTS)
_MARGIN: Final = re.compile(r"/(?:header|footer)[0-9]*\.xml\Z")
_CALLS: Final = {"footnoteReference": "footnote", "endnoteReference": "endnote", "commentReference": "comment"}


class WordSpan(NamedTuple):
    """Words of a paragraph by their offsets in it, and the bytes of those of its children that hold them, fields whole."""

    first: int
    last: int
    start: int
    end: int


class Call(NamedTuple):
    """Where a note or a comment is called: its kind and id, and the bytes of the child of the paragraph in which it is."""

    kind: str
    id: str
    start: int
    end: int


class ParagraphXml(TypedDict):
    """A paragraph of a part; ``id`` is that of the note or comment it belongs to, "" elsewhere; ``is_box``: inside of another."""

    part: str
    id: str
    text: str
    is_box: bool
    spans: list[WordSpan]
    calls: list[Call]


class _Open:
    """A paragraph that is being read."""

    def __init__(self, *, depth: int, is_box: bool) -> None:
        self.depth = depth
        self.is_box = is_box
        self.text: list[str] = []
        self.length = 0
        self.children: list[list[int]] = []  # first, last, start, end, fields opened less fields closed
        self.calls: list[tuple[str, str, int]] = []  # kind, id, number of the child
        self.boxes: list[tuple[_Open, int]] = []

    def add(self, text: str) -> None:
        self.text.append(text)
        self.length += len(text)


class _PartReading(XmlReading):
    """A part of a .docx: paragraphs that stand in no other, and those inside of them (text boxes)."""

    def __init__(self, part: str) -> None:
        super().__init__()
        self.part, self.found, self.id = part, list[ParagraphXml](), ""
        self.open: list[_Open] = []
        self.skipped = 0
        self.waiting: list[int] | None = None  # a child whose end is where the next event begins

    def begin_event(self) -> None:
        if self.waiting is not None:
            self.waiting[3] = self.at
            self.waiting = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name in {"footnote", "endnote", "comment"}:
            self.id = attributes.get("id", "")
        self.skipped += name in _PASSED_OVER
        if self.open and self.depth == self.open[0].depth + 1:
            self._child()
        if self.skipped:
            return
        if name == "p":
            self._paragraph()
        elif self.open:
            self._within(name, attributes)

    def _paragraph(self) -> None:
        if len(self.found) > MOST_PARAGRAPHS:
            raise RefusedFile(mark("it has more than 100,000 paragraphs"))
        inner = _Open(depth=self.depth, is_box=bool(self.open))
        if self.open:
            self.open[0].boxes.append((inner, len(self.open[0].children) - 1))
        self.open.append(inner)

    def _within(self, name: str, attributes: dict[str, str]) -> None:
        now = self.open[-1]
        if name in _SIGNS:
            now.add(_SIGNS[name])
        elif name in _CALLS:
            outer = self.open[0]
            outer.calls.append((_CALLS[name], attributes.get("id", ""), len(outer.children) - 1))
        elif name == "fldChar" and len(self.open) == 1 and now.children:
            now.children[-1][4] += {"begin": 1, "end": -1}.get(attributes.get("fldCharType", ""), 0)

    def _child(self) -> None:
        outer = self.open[0]
        outer.children.append([outer.length, outer.length, self.at, self.at, 0])

    def words(self, text: str) -> None:
        if self.open and not self.skipped and self.element == "t":
            self.open[-1].add(text)

    element = ""

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.element = name.rpartition(" ")[2]
        super()._start(name, attributes)

    def end(self, name: str) -> None:
        self.element = ""
        if name in _PASSED_OVER:
            self.skipped -= 1
        outer = self.open[0] if self.open else None
        if outer and outer.children and self.depth == outer.depth:
            outer.children[-1][1] = outer.length
            self.waiting = outer.children[-1]
        if name == "p" and self.open and not self.skipped and self.depth == self.open[-1].depth - 1:
            done = self.open.pop()
            if not self.open:
                self._done(done)

    def _done(self, outer: _Open) -> None:
        ranges = _whole_fields(outer.children)
        spans = [WordSpan(child[0], child[1], *each) for child, each in zip(outer.children, ranges, strict=True)]
        calls = [Call(kind, name, *ranges[at]) for kind, name, at in outer.calls]
        self._add(outer, spans, calls)
        for inner, at in outer.boxes:
            around = ranges[at] if 0 <= at < len(ranges) else (0, 0)
            self._add(inner, [WordSpan(0, inner.length, *around)], [])

    def _add(self, paragraph: _Open, spans: list[WordSpan], calls: list[Call]) -> None:
        text = "".join(paragraph.text)
        made = ParagraphXml(part=self.part, id=self.id, text=text, is_box=paragraph.is_box, spans=spans, calls=calls)
        self.found.append(made)


def _whole_fields(children: list[list[int]]) -> list[tuple[int, int]]:
    """Return the bytes of each child, of one that lies in a field those of the whole field."""
    ranges = [(child[2], child[3]) for child in children]
    first, depth = 0, 0
    for number, child in enumerate(children):
        before, depth = depth, depth + child[4]
        if before <= 0 < depth:
            first = number
        if depth < 0:  # it was opened in a paragraph above
            first, depth = 0, 0
            before = 1
        if before > 0 and depth <= 0:
            ranges[first : number + 1] = [(children[first][2], child[3])] * (number + 1 - first)
    if depth > 0:
        ranges[first:] = [(children[first][2], children[-1][3])] * (len(children) - first)
    return ranges


def of_word(package: zipfile.ZipFile) -> dict[str, Any]:
    """Return the paragraphs of a .docx (body, notes, comments, headers and footers), and the names of its parts."""
    names = set(package.namelist())
    body = related_parts(package, "").get("officeDocument", "")
    if body not in names:
        raise RefusedFile(mark("it is damaged: its package has no text"))
    parts = {
        BODY: body,
        **{kind: name for kind, name in related_parts(package, body).items() if kind in _PARTS and name in names},
    }
    found: list[ParagraphXml] = []
    for kind, name in parts.items():
        reading = _PartReading(kind)
        reading.read(member(package, name))
        found += reading.found
    for name in sorted(names):
        if _MARGIN.search(name):
            reading = _PartReading(MARGINS)
            reading.read(member(package, name))
            found += reading.found
    calls = [call[:2] for each in found if each["part"] == BODY for call in each["calls"]]
    return {"paragraphs": found, "calls": [list(call) for call in calls if call[0] != "comment"], "parts": parts}


_SEEN_NOWHERE: Final = frozenset(
    {"tracked-changes", "hidden-text", "title", "desc", "note-citation", "creator", "date", "sender-initials", "creator-initials"}
)
"""In an OpenDocument file, what no reader of it sees as words of a paragraph."""


class _OpenDocument(XmlReading):
    """The text of an OpenDocument file."""

    def __init__(self, part: str) -> None:
        super().__init__()
        self.part = part
        self.found: list[ParagraphXml] = []
        self.calls: list[list[str]] = []
        self.open: list[tuple[list[str], str, bool]] = []
        self.skipped, self.inside = 0, list[str]()
        self.count = {"footnote": 0, "endnote": 0, "comment": 0}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name in _SEEN_NOWHERE:
            self.skipped += 1
        elif name == "note":
            kind = attributes.get("note-class", "footnote")
            self.calls.append([kind, ""])
            self.inside.append(kind)
        elif name in {"annotation", "text-box", "header", "footer"}:
            self.inside.append({"annotation": "comment"}.get(name, name))
        elif name in {"p", "h"} and not self.skipped:
            if len(self.found) > MOST_PARAGRAPHS:
                raise RefusedFile(mark("it has more than 100,000 paragraphs"))
            self.open.append(([], self.inside[-1] if self.inside else "", bool(self.inside)))
        elif self.open and not self.skipped:
            times = attributes.get("c", "1")
            self.open[-1][0].append(" " * min(int(times), 100) if name == "s" and times.isdecimal() else _SIGNS.get(name, ""))

    def words(self, text: str) -> None:
        if self.open and not self.skipped:
            self.open[-1][0].append(text)

    def end(self, name: str) -> None:
        if name in _SEEN_NOWHERE:
            self.skipped -= 1
        elif name in {"note", "annotation", "text-box", "header", "footer"} and self.inside:
            self.inside.pop()
        elif name in {"p", "h"} and self.open and not self.skipped:
            text, kind, is_box = self.open.pop()
            part = {"comment": COMMENTS, "header": MARGINS, "footer": MARGINS}.get(kind, self.part)
            self.found.append(ParagraphXml(part=part, id="", text="".join(text), is_box=is_box, spans=[], calls=[]))


def of_open_document(package: zipfile.ZipFile) -> dict[str, Any]:
    """Return the paragraphs of an .odt: of its body with its notes, and of its headers and footers."""
    if "content.xml" not in package.namelist():
        raise RefusedFile(mark("it is damaged: its package has no text"))
    found: list[ParagraphXml] = []
    calls: list[list[str]] = []
    for part in ("content.xml", "styles.xml"):
        reading = _OpenDocument(BODY if part == "content.xml" else MARGINS)
        reading.read(member(package, part) or b"<x/>")
        found += reading.found
        calls += reading.calls if part == "content.xml" else []
    return {"paragraphs": found, "calls": calls}
