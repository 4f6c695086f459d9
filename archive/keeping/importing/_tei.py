"""TEI (.xml): what was said or written, with pages, times, speakers and notes; its header and editors' words stay out.

Readings that an editor offers beside what stands there are not doubled: what
stands there is taken, marked [sic], and the others are left out and counted.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from archive.documents import xml
from archive.documents.model import count_letters
from archive.documents.reading import refusal
from archive.documents.xml import XmlNode
from archive.keeping.importing._model import LeftOut, Part, SourceText, at_place, note_call
from archive.keeping.importing._registry import Options
from archive.keeping.importing._times import format_time
from archive.language.messages import mark, tr

HEADER: Final = mark("the header of the file, facsimiles and stand-off annotations")
READINGS: Final = mark("readings of editors, and what was struck out")
SPEAKERS: Final = mark("names of speakers, which stand before the paragraphs")
AVAILABLE: Final = mark("the file says of its use: {said}")
_OUTSIDE: Final = frozenset({"teiHeader", "facsimile", "standOff", "sourceDoc", "spanGrp", "timeline", "xenoData"})
_BLOCKS: Final = frozenset(
    {"u", "p", "sp", "ab", "l", "item", "row", "head", "seg", "opener", "closer", "salute", "signed", "annotationBlock"}
)
_CONTAINERS: Final = frozenset({"sp", "annotationBlock"})
_CHOSEN: Final = ("sic", "orig", "abbr")
_DROPPED: Final = frozenset({"del", "corr", "reg", "expan", "fw"})
_SIC: Final = " [sic]"
_MOST_SAID: Final = 200


def read(content: bytes, name: str, options: Options) -> list[SourceText]:
    """Return the text of each TEI document of a file. See `archive.keeping.importing._registry.Reader`."""
    del options
    top = xml.parse(content, name)
    documents = list(top.all("TEI", "TEI.2")) or [top]
    texts = []
    for number, document in enumerate(documents, start=1):
        reading = _TeiReading(document)
        if reading.parts:
            at = tr("document {number}", number=number) if len(documents) > 1 else ""
            texts.append(reading.text()._replace(at=at))
    if not texts:
        raise refusal(name, tr("there is no paragraph in it"))
    return texts


class _TeiReading:
    """The paragraphs of a document: ``parts`` and ``notes``."""

    def __init__(self, document: XmlNode) -> None:
        self._document = document
        self._letters: Counter[str] = Counter()
        self._numbers: Counter[str] = Counter()
        self.parts: list[Part] = []
        self.notes: list[Part] = []
        self._page = self._time = self._speaker = ""
        self._added = 0
        self._times = dict(_times(document))
        for node in document.nodes:
            if node.name in _OUTSIDE:
                self._leave(HEADER, node.text)
            else:
                self._walk(node, level=1)
        loose = "".join(each for each in document.children if isinstance(each, str))
        self._leave(HEADER, loose)

    def text(self) -> SourceText:
        """Return what was read, with the letters of all that is in the document."""
        document = self._document
        left_out = tuple(LeftOut(what, self._numbers[what], letters) for what, letters in self._letters.items() if letters)
        warnings: list[tuple[str, dict[str, Any]]] = []
        said = " ".join(document.first("availability").text.split())
        if said:
            warnings.append((AVAILABLE, {"said": said[:_MOST_SAID]}))
        key = document.get("id") or document.first("publicationStmt").first("idno").text.strip()
        language = document.first("text").get("lang") or document.get("lang")
        return SourceText(
            tuple(self.parts),
            count_letters(document.text),
            tuple(self.notes),
            left_out,
            key=key,
            language=language,
            warnings=tuple(warnings),
        )

    def _walk(self, node: XmlNode, *, level: int) -> None:
        """Take the paragraphs of a node: those that it holds, or itself where it holds none."""
        if node.name in _OUTSIDE:
            self._leave(HEADER, node.text)
            return
        self._start(node)
        if node.name == "pb":
            self._page = node.get("n")
        elif node.name == "speaker":
            self._speaker = " ".join(node.text.split())
            self._leave(SPEAKERS, node.text)
        elif node.name in _BLOCKS and not any(each.name in _BLOCKS for each in node.walk() if each is not node):
            self._paragraph(node, level=level)
        elif node.name == "note":
            self._note(node)
        else:
            self._inside(node, level=level + (node.name in {"div", "div1", "div2", "div3"}))

    def _inside(self, node: XmlNode, *, level: int) -> None:
        """Take what lies in a node; words that stand beside paragraphs are paragraphs of their own."""
        loose: list[XmlNode | str] = []
        for each in node.children:
            is_block = isinstance(each, XmlNode) and (
                each.name in _BLOCKS | _OUTSIDE | {"pb", "speaker", "note"} or any(inner.name in _BLOCKS for inner in each.walk())
            )
            if not is_block:
                loose.append(each)
                continue
            self._loose(loose, level=level)
            loose = []
            self._walk(each, level=level)  # type: ignore[arg-type]  # a block is a node
        self._loose(loose, level=level)

    def _loose(self, pieces: list[XmlNode | str], *, level: int) -> None:
        if any((each if isinstance(each, str) else each.text).strip() for each in pieces):
            self._paragraph(XmlNode("ab", {}, tuple(pieces)), level=level)

    def _start(self, node: XmlNode) -> None:
        self._speaker = node.get("who").lstrip("#") or (self._speaker if node.name not in {"sp", "u"} else "")
        begins = node.get("start").lstrip("#") or node.get("synch").lstrip("#") or node.get("begin")
        self._time = self._times.get(begins, _clock(begins) or self._time)

    def _paragraph(self, node: XmlNode, *, level: int) -> None:
        place = self._time or (f"p. {self._page}" if self._page else "")
        self._added = 0
        words = self._words(node)
        if not words.strip():
            return
        is_heading = node.name == "head"
        speaker = "" if is_heading else self._speaker
        self.parts.append(Part(words, "" if is_heading else place, speaker, level if is_heading else 0, self._added))

    def _note(self, node: XmlNode) -> str:
        before, self._added = self._added, 0
        words = self._words(XmlNode("ab", {}, node.children))
        self.notes.append(Part(words, added=self._added))
        self._added = before
        return note_call(len(self.notes))

    def _words(self, node: XmlNode) -> str:
        """Return the words of a node, with pages, times and calls of notes in them."""
        pieces: list[str] = []
        for each in node.children:
            if isinstance(each, str):
                pieces.append(each)
            elif each.name == "note":
                pieces.append(self._note(each))
            elif each.name == "pb":
                self._page = each.get("n")
                pieces.append(at_place(f"p. {self._page}") if self._page else " ")
            elif each.name == "anchor" and each.get("synch").lstrip("#") in self._times:
                self._time = self._times[each.get("synch").lstrip("#")]
                pieces.append(at_place(self._time))
            elif each.name in {"lb", "cb", "space", "pause"}:
                pieces.append(" ")
            elif each.name == "choice":
                pieces.append(self._choice(each))
            elif each.name in _DROPPED:
                self._leave(READINGS, each.text)
            else:
                pieces.append(self._words(each))
        return "".join(pieces)

    def _choice(self, choice: XmlNode) -> str:
        """Return what stands there, marked where an editor reads it otherwise."""
        stands = next((each for name in _CHOSEN for each in choice.nodes if each.name == name), next(choice.nodes, None))
        if stands is None:
            return ""
        for each in choice.nodes:
            if each is not stands:
                self._leave(READINGS, each.text)
        words = self._words(stands)
        if stands.name != "sic":
            return words
        self._added += count_letters(_SIC)
        return words + _SIC

    def _leave(self, what: str, text: str) -> None:
        self._numbers[what] += 1
        self._letters[what] += count_letters(text)


def _times(document: XmlNode) -> Iterator[tuple[str, str]]:
    """Yield the points of the time line with their times; a time that counts from another point is added to it."""
    seconds: dict[str, float] = {}
    for when in document.all("when"):
        name = when.get("id")
        absolute, interval = _clock(when.get("absolute")), when.get("interval")
        since = seconds.get(when.get("since").lstrip("#"), 0.0)
        if interval.replace(".", "", 1).isdecimal():
            seconds[name] = since + float(interval)
        elif absolute:
            hours, minutes, rest = map(int, absolute.split(":"))
            seconds[name] = hours * 3600.0 + minutes * 60 + rest
        else:
            seconds[name] = since
    for name, value in seconds.items():
        yield name, format_time(value)


def _clock(text: str) -> str:
    """Return a time of the clock as a place, "" of what is none."""
    pieces = text.split(".", maxsplit=1)[0].split(":")
    if len(pieces) != 3 or not all(piece.isdecimal() for piece in pieces):  # noqa: PLR2004 - hours, minutes, seconds
        return ""
    return format_time(int(pieces[0]) * 3600 + int(pieces[1]) * 60 + int(pieces[2]))
