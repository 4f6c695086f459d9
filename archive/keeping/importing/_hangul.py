"""What the Hangul word processor writes, from its XML or trees like it: paragraphs, headings, rows of tables, boxes and notes."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from archive.documents.hangul import NumberedShape
from archive.documents.model import count_letters
from archive.documents.xml import XmlNode
from archive.keeping.importing._model import CLOSE, OPEN, STRUCK, LeftOut, Part, SourceText, note_call
from archive.keeping.importing._times import TimeCodes
from archive.language.messages import mark

DELETIONS: Final = mark("tracked deletions")
REMARKS: Final = mark("comments")
HIDDEN: Final = mark("hidden text")
MARGINS: Final = mark("headers and footers")
EQUATIONS: Final = mark("equations")
FORMS: Final = mark("fields of forms")
NUMBERS: Final = mark("paragraphs whose numbers the word processor counts by itself, which are not in the words: {number}")
_SPACES: Final = {"tab": " ", "lineBreak": " ", "nbSpace": " ", "fwSpace": " ", "hyphen": "-"}
_BESIDE: Final = {"hiddenComment": HIDDEN, "header": MARGINS, "footer": MARGINS, "masterPage": MARGINS, "fieldBegin": REMARKS}
_NOTES: Final = frozenset({"footNote", "endNote"})
_FORMS: Final = frozenset({"btn", "checkBtn", "radioBtn", "comboBox", "listBox", "edit"})
_COUNTED: Final = frozenset({"PICTURE", "TABLE", "EQUATION"})
_HOLDING: Final = frozenset({"t", "mainText", "subText", "script", "compose", "textart", "autoNum", "listItem", "text", *_FORMS})
_MOST_OF_HEADING: Final = 60
"""Letters: what is longer, or ends as a sentence does, is a paragraph, whatever its level in the outline."""
_SENTENCE: Final = re.compile(r"[.?!…。]['\"”’)\]」』~]*\s*\Z")
_BEGUN, _ENDED = "\x11", "\x12"
"""Stand around words that are struck out until those side by side are put together; no text has them."""
_CALL: Final = re.compile(f"({OPEN}[^{OPEN}{CLOSE}]*{CLOSE})")
_TOGETHER: Final = re.compile(rf"{_ENDED}((?:\s|{_CALL.pattern})*){_BEGUN}")


def words_in(node: XmlNode) -> str:
    """Return the words that an element has right in it, or as an attribute of it; "" of one that holds no words."""
    if node.name in {"compose", "textart"}:
        return node.get("composeText") + node.get("text")
    if node.name == "autoNum":
        return node.get("num") if node.get("numType", "TABLE") in _COUNTED else ""
    if node.name == "listItem":
        return node.get("displayText") or node.get("value")
    if node.name in _FORMS:
        return node.get("caption")
    return node.text if node.name in _HOLDING else ""


def count_words(node: XmlNode) -> int:
    """Return the letters of everything in an element, by one look at each that holds words."""
    return sum(count_letters(words_in(each)) for each in node.all(*_HOLDING))


def text_of(sections: Iterable[XmlNode], shapes: Mapping[str, NumberedShape], struck: frozenset[str], letters: int) -> SourceText:
    """Return the one text of a document.

    :param shapes: those that number their paragraphs, by the name by which paragraphs have them.
    :param struck: those whose letters are struck out, by the name by which runs have them.
    :param letters: that it has by a plain count.
    """
    reading = _HangulReading(shapes, struck)
    for section in sections:
        reading.section(section)
    times = TimeCodes(reading.parts)
    left_out = (*(LeftOut(what, reading.numbers[what], letters) for what, letters in reading.letters.items()), *times.left_out)
    numbered = ((NUMBERS, {"number": reading.numbered}),) if reading.numbered else ()
    text = SourceText(times.parts, letters, tuple(reading.notes), left_out, warnings=(*times.warnings, *numbered))
    return text._replace(warnings=(*text.warnings, (STRUCK, {}))) if reading.has_struck else text


class _HangulReading:
    """The paragraphs of a document in their order, its notes, and what was left out of both."""

    def __init__(self, shapes: Mapping[str, NumberedShape], struck: frozenset[str]) -> None:
        self.parts: list[Part] = []
        self.notes: list[Part] = []
        self.letters: Counter[str] = Counter()
        self.numbers: Counter[str] = Counter()
        self.numbered = 0
        self.has_struck = False
        self._shapes, self._struck = shapes, struck
        self._number = 0
        self._deleting = False

    def section(self, node: XmlNode) -> None:
        """Take the paragraphs of a section, and pass over pages that lie below others."""
        if node.name in _BESIDE:
            self._beside(node)
            return
        for each in _within(node, "p", *_BESIDE):
            if each.name == "p":
                self._paragraph(each)
            else:
                self._beside(each)

    def _paragraph(self, paragraph: XmlNode) -> None:
        """Take a paragraph, and the tables and text boxes that hang on it, behind it."""
        hanging: list[XmlNode] = []
        words = self._words(paragraph, hanging)
        shape = self._shapes.get(paragraph.get("paraPrIDRef"))
        if shape and words.strip():
            self.numbered += 1
        self._add(words, shape.level + 1 if shape and shape.kind == "OUTLINE" and _is_heading(words) else 0)
        for each in hanging:
            if each.name == "tbl":
                self._table(each)
            elif each.name == "textart":
                self._add(words_in(each))
            else:
                self.section(each)

    def _add(self, words: str, level: int = 0) -> None:
        if words.strip(" |"):
            self._number += 1
            self.parts.append(Part(words, "" if level else f"¶ {self._number}", level=level))

    def _table(self, table: XmlNode) -> None:
        for each in _within(table, "tr", "caption"):
            if each.name == "tr":
                self._add(" | ".join(self._flat(cell) for cell in _within(each, "tc")))
            else:
                self.section(each)

    def _flat(self, node: XmlNode) -> str:
        """Return the words of all paragraphs in a node, with those of what hangs on them, on one line."""
        if node.name == "textart":
            return words_in(node)
        pieces = []
        for paragraph in _within(node, "p"):
            hanging: list[XmlNode] = []
            pieces.append(self._words(paragraph, hanging))
            pieces += map(self._flat, hanging)
        return " ".join(filter(None, pieces))

    def _words(self, node: XmlNode, hanging: list[XmlNode]) -> str:
        """Return the words of a paragraph; notes are called in it, and what stands beside it is added to ``hanging``."""
        words = _TOGETHER.sub(r"\1", self._pieces(node, hanging))
        self.has_struck |= _BEGUN in words
        return words.replace(_BEGUN, "~~").replace(_ENDED, "~~")

    def _pieces(self, node: XmlNode, hanging: list[XmlNode]) -> str:
        """Return the words of a part of a paragraph as `_words` does, with signs around those that are struck out."""
        pieces = []
        for each in node.nodes:
            if each.name == "t":
                pieces.append(self._run(each))
            elif each.name == "dutmal":
                main, above = each.first("mainText").text, each.first("subText").text
                pieces.append(f"{main}({above})" if above else main)
            elif each.name in {"compose", "autoNum"}:
                pieces.append(_without_frame(words_in(each)))
            elif each.name in _NOTES:
                self.notes.append(Part(self._flat(each)))
                pieces.append(note_call(len(self.notes)))
            elif each.name in _BESIDE:
                self._beside(each)
            elif each.name == "script":
                self._leave(EQUATIONS, count_letters(each.text))
            elif each.name in _FORMS:
                self._leave(FORMS, count_words(each))
            elif each.name in {"tbl", "subList", "drawText", "textart"}:
                hanging.append(each)
            else:
                inner = self._pieces(each, hanging)
                pieces.append(_struck_out(inner) if each.get("charPrIDRef") in self._struck else inner)
        return "".join(pieces)

    def _run(self, run: XmlNode) -> str:
        pieces = []
        for each in run.children:
            if isinstance(each, str):
                if self._deleting:
                    self._leave(DELETIONS, count_letters(each))
                else:
                    pieces.append(each)
            elif each.name in {"deleteBegin", "deleteEnd"}:
                self._deleting = each.name == "deleteBegin"
            else:
                pieces.append(_SPACES.get(each.name, ""))
                if each.text:
                    pieces.append(each.text)
        return "".join(pieces)

    def _beside(self, node: XmlNode) -> None:
        self._leave(_BESIDE[node.name], count_words(node))

    def _leave(self, what: str, letters: int) -> None:
        if letters:
            self.numbers[what] += 1
            self.letters[what] += letters


def _is_heading(words: str) -> bool:
    return count_letters(words) <= _MOST_OF_HEADING and not _SENTENCE.search(words)


def _struck_out(words: str) -> str:
    """Return words with signs around those of them that are struck out: all but spaces and calls of notes at their ends."""
    pieces = _CALL.split(words)
    with_words = [at for at, piece in enumerate(pieces) if piece.strip() and not piece.startswith(OPEN)]
    if not with_words:
        return words
    first, last = with_words[0], with_words[-1]
    pieces[first] = pieces[first].replace(begun := pieces[first].lstrip(), f"{_BEGUN}{begun}")
    pieces[last] = pieces[last].replace(ended := pieces[last].rstrip(), f"{ended}{_ENDED}")
    return "".join(pieces)


def _without_frame(letters: str) -> str:
    """Return letters that are set over each other without the frame that is drawn around them."""
    return "".join(letter for letter in letters if letter.isalnum())


def _within(node: XmlNode, *names: str) -> Iterator[XmlNode]:
    """Yield the elements of some names in a node, but for those inside of another of them."""
    for each in node.nodes:
        if each.name in names:
            yield each
        else:
            yield from _within(each, *names)
