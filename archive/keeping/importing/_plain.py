"""Plain text and Markdown: paragraphs between empty lines, in whatever encoding they are written."""

import re
from collections.abc import Iterator
from typing import Any, Final

from archive.documents.model import count_letters
from archive.documents.reading import refusal
from archive.keeping.importing._model import CLOSE, OPEN, LeftOut, Part, SourceText, note_call
from archive.keeping.importing._registry import MOST_BYTES, Options
from archive.keeping.importing._times import TimeCodes
from archive.language.messages import mark, tr

HEADER: Final = mark("the header before the text")
NAMES_OF_NOTES: Final = mark("numbers of footnotes, which became calls")
_OTHER: Final = mark("it is not UTF-8; it was read as {encoding}")
_ENCODINGS: Final = ("cp949", "cp1252")
_HEADING: Final = re.compile(r"(#{1,6})[ \t]+(.+?)[ \t]*#*\Z")
_DEFINED: Final = re.compile(r"\[\^([^\]\n]{1,60})\]:[ \t]*")
_CALLED: Final = re.compile(r"\[\^([^\]\n]{1,60})\]")
_FRONT: Final = re.compile(r"\A---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)


def read(content: bytes, name: str, options: Options) -> list[SourceText]:
    """Return the one text of a file. See `archive.keeping.importing._registry.Reader`."""
    del options
    text, warnings = decode(content, name)
    is_markdown = name.casefold().endswith((".md", ".markdown"))
    letters = count_letters(text)
    left_out: list[LeftOut] = []
    front = _FRONT.match(text) if is_markdown else None
    if front:
        text = text[front.end() :]
        left_out.append(LeftOut(HEADER, 1, count_letters(front[0])))
    reading = TextReading(text, is_markdown=is_markdown)
    times = TimeCodes(reading.parts)
    if reading.letters:
        left_out.append(LeftOut(NAMES_OF_NOTES, reading.number, reading.letters))
    return [SourceText(times.parts, letters, reading.notes, (*left_out, *times.left_out), warnings=(*warnings, *times.warnings))]


def decode(content: bytes, name: str) -> tuple[str, tuple[tuple[str, dict[str, Any]], ...]]:
    """Return the text of a file with line feeds alone, and what is to be said of how it is written.

    UTF-8 and UTF-16 by their marks, then UTF-8, the code page of Korean Windows
    where it gives Hangul, that of western Windows.

    :raises UnreadableDocument: it is too large, empty, or no text.
    """
    if len(content) > MOST_BYTES:
        raise refusal(name, tr("it is larger than {most} MB", most=MOST_BYTES // 1_000_000))
    text, encoding = _text(content)
    if text is None or "\0" in text:
        raise refusal(name, tr("it is no text"))
    if not text.strip():
        raise refusal(name, tr("it is empty"))
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n").replace("\v", "\n").replace("\u2029", "\n\n")
    text = text.replace(OPEN, "").replace(CLOSE, "")  # with which places are marked here
    return text, () if encoding == "utf-8" else ((_OTHER, {"encoding": encoding}),)


def _text(content: bytes) -> tuple[str | None, str]:
    if content.startswith(b"\xef\xbb\xbf"):
        return content.decode("utf-8-sig", "replace"), "utf-8"
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode("utf-16"), "utf-16"
        except UnicodeDecodeError:
            return None, ""
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    for encoding in _ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "cp1252" or any("가" <= sign <= "힣" for sign in text):
            return text, encoding
    return None, ""


class TextReading:
    """The paragraphs of a text, and the notes of one in Markdown: ``letters`` are those of their names, ``number`` how many."""

    def __init__(self, text: str, *, is_markdown: bool) -> None:
        self.number = self.letters = 0
        self._numbers: dict[str, int] = {}
        blocks = [block for block in re.split(r"\n[ \t]*(?:\n[ \t]*)+", text) if block.strip()]
        defined: dict[str, str] = {}
        body: list[str] = []
        for block in blocks:
            for piece in re.split(r"\n(?=\[\^)", block) if is_markdown else (block,):
                begins = _DEFINED.match(piece.lstrip()) if is_markdown else None
                if begins and begins[1] not in defined:
                    defined[begins[1]] = piece.lstrip()[begins.end() :]
                    self._count(begins[1])
                else:
                    body.append(piece)
        self._numbers = {label: number for number, label in enumerate(defined, start=1)}
        self.parts = tuple(self._parts(body, is_markdown=is_markdown))
        self.notes = tuple(Part(self._with_calls(words)) for words in defined.values())

    def _parts(self, blocks: list[str], *, is_markdown: bool) -> Iterator[Part]:
        number = 0
        for block in blocks:
            lines = block.strip("\n").split("\n")
            heading = _HEADING.match(lines[0].strip()) if is_markdown else None
            if heading:
                yield Part(self._with_calls(heading[2]), level=len(heading[1]))
                lines = lines[1:]
            if any(line.strip() for line in lines):
                number += 1
                yield Part(self._with_calls(" ".join(line.strip() for line in lines)), f"¶ {number}")

    def _with_calls(self, words: str) -> str:
        return _CALLED.sub(self._call, words)

    def _call(self, found: re.Match[str]) -> str:
        if found[1] not in self._numbers:
            return found[0]
        self._count(found[1])
        return note_call(self._numbers[found[1]])

    def _count(self, label: str) -> None:
        self.number += 1
        self.letters += count_letters(label)
