"""What the Hangul word processor writes (.hwpx, KS X 6101): paragraphs, rows of tables, text boxes and notes.

Read from its XML, since the libraries for it put hidden comments and tracked
deletions into the words, or lose what stands behind the first mark of a run.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from archive.documents import xml
from archive.documents.model import count_letters
from archive.documents.reading import refusal
from archive.documents.xml import XmlNode
from archive.keeping.importing._model import LeftOut, Part, SourceText, called
from archive.keeping.importing._registry import Options
from archive.keeping.importing._times import TimeCodes
from archive.language.messages import mark, tr

DELETIONS: Final = mark("tracked deletions")
REMARKS: Final = mark("comments")
HIDDEN: Final = mark("hidden text")
MARGINS: Final = mark("headers and footers")
EQUATIONS: Final = mark("equations")
_SECTIONS: Final = r"Contents/section[0-9]{1,4}\.xml"
_SPACES: Final = {"tab": " ", "lineBreak": " ", "nbSpace": " ", "fwSpace": " ", "hyphen": "-"}
_BESIDE: Final = {"hiddenComment": HIDDEN, "header": MARGINS, "footer": MARGINS, "fieldBegin": REMARKS}
_NOTES: Final = frozenset({"footNote", "endNote"})
_WORDS: Final = frozenset({"t", "mainText", "subText", "script"})


def read(content: bytes, name: str, options: Options) -> list[SourceText]:
    """Return the one text of a document. See `archive.keeping.importing._registry.Reader`."""
    del options
    sections = xml.parse_members(content, name, _SECTIONS)
    if not sections:
        raise refusal(name, tr("it is damaged: its package has no text"))
    reading = _HangulReading()
    for member in sorted(sections, key=lambda each: int("".join(filter(str.isdigit, each.rpartition("/")[2])))):
        reading.section(sections[member])
    times = TimeCodes(reading.parts)
    left_out = (*(LeftOut(what, reading.numbers[what], letters) for what, letters in reading.letters.items()), *times.left_out)
    letters = sum(_counted(section) for section in sections.values())
    return [SourceText(times.parts, letters, tuple(reading.notes), left_out, warnings=times.warnings)]


def _counted(section: XmlNode) -> int:
    """Return the letters of everything in a section that holds words."""
    return sum(count_letters(node.text) for node in section.all(*_WORDS))


class _HangulReading:
    """The paragraphs of a document in their order, its notes, and what was left out of both."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.notes: list[Part] = []
        self.letters: Counter[str] = Counter()
        self.numbers: Counter[str] = Counter()
        self._number = 0
        self._deleting = False

    def section(self, node: XmlNode) -> None:
        """Take the paragraphs of a section."""
        for paragraph in _within(node, "p"):
            self._paragraph(paragraph)

    def _paragraph(self, paragraph: XmlNode) -> None:
        """Take a paragraph, and the tables and text boxes that hang on it, behind it."""
        hanging: list[XmlNode] = []
        words = self._words(paragraph, hanging)
        self._add(words)
        for each in hanging:
            if each.name == "tbl":
                self._table(each)
            else:
                self.section(each)

    def _add(self, words: str) -> None:
        if words.strip(" |"):
            self._number += 1
            self.parts.append(Part(words, f"¶ {self._number}"))

    def _table(self, table: XmlNode) -> None:
        for row in _within(table, "tr"):
            self._add(" | ".join(self._flat(cell) for cell in _within(row, "tc")))

    def _flat(self, node: XmlNode) -> str:
        """Return the words of all paragraphs in a node, with those of what hangs on them, on one line."""
        pieces = []
        for paragraph in _within(node, "p"):
            hanging: list[XmlNode] = []
            pieces.append(self._words(paragraph, hanging))
            pieces += map(self._flat, hanging)
        return " ".join(filter(None, pieces))

    def _words(self, node: XmlNode, hanging: list[XmlNode]) -> str:
        """Return the words of a paragraph; notes are called in it, and what stands beside it is added to ``hanging``."""
        pieces = []
        for each in node.nodes:
            if each.name == "t":
                pieces.append(self._run(each))
            elif each.name == "dutmal":
                main, above = each.first("mainText").text, each.first("subText").text
                pieces.append(f"{main}({above})" if above else main)
            elif each.name in _NOTES:
                self.notes.append(Part(self._flat(each)))
                pieces.append(called(len(self.notes)))
            elif each.name in _BESIDE:
                self._leave(_BESIDE[each.name], sum(count_letters(words.text) for words in each.all(*_WORDS)))
            elif each.name == "script":
                self._leave(EQUATIONS, count_letters(each.text))
            elif each.name in {"tbl", "subList", "drawText"}:
                hanging.append(each)
            else:
                pieces.append(self._words(each, hanging))
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

    def _leave(self, what: str, letters: int) -> None:
        if letters:
            self.numbers[what] += 1
            self.letters[what] += letters


def _within(node: XmlNode, name: str) -> Iterator[XmlNode]:
    """Yield the elements of a name in a node, but for those inside of another of that name."""
    for each in node.nodes:
        if each.name == name:
            yield each
        else:
            yield from _within(each, name)
