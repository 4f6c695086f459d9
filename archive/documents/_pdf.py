"""The words of a PDF by paragraphs and pages, from PDFium, a page that PDFium turns round from pypdf.

PDFium's own text of a page is right for Hangul, its geometry says where a
paragraph begins. Pictures, attachments and remarks of a PDF are not read.
Runs in a child process with limits: PDFium can end a process.
"""

import ctypes
import io
import re
import statistics
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from importlib import import_module
from itertools import pairwise
from typing import Any, Final, NamedTuple

from archive.documents._package import RefusedFile
from archive.language.messages import mark

MOST_PAGES: Final = 5_000
_GAP: Final = 1.35  # of the usual distance of two lines: a paragraph begins
_INDENT: Final = 6.0  # points: a paragraph begins
_RAISED: Final = 0.8  # of the usual height of a line: a number of a note that stands on a line of its own
_RUNNING: Final = 0.4  # of the pages: a line that stands on so many at one height is a running head
_FEWEST: Final = 3  # pages, before any line can be a running head
_ENDS: Final = re.compile(r"(?:[.?!:”\"’』」)\]]|다\.)[0-9¹²³⁴-⁹\s]*\Z")
_RIGHT_TO_LEFT: Final = frozenset({"R", "AL"})
_MOST_TURNED: Final = 0.3  # of the letters of a page
_HYPHEN: Final = "\ufffe"
"""PDFium's sign for a hyphen at the end of a line."""
PASSWORD: Final = 4  # FPDF_ERR_PASSWORD


class _Line(NamedTuple):
    text: str
    top: float
    bottom: float
    left: float
    is_note: bool = False
    """It begins with the raised number of a note."""


def read(content: bytes) -> dict[str, Any]:
    """Return the paragraphs of a PDF, each with its page from 1 and what the file calls that page, and the pages without text.

    :raises RefusedFile: it needs a password, is damaged, or has no text at all.
    """
    pdfium: Any = import_module("pypdfium2")
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        if pdfium.raw.FPDF_GetLastError() == PASSWORD or "password" in str(error).casefold():
            raise RefusedFile(mark("it needs a password")) from error
        raise RefusedFile(mark("it is damaged, or no PDF")) from error
    if len(document) > MOST_PAGES:
        raise RefusedFile(mark("it has more than 5,000 pages"))
    pages = [list(_lines(document[number], pdfium)) for number in range(len(document))]
    empty = [number for number, lines in enumerate(pages, start=1) if not lines]
    if len(empty) == len(pages):
        raise RefusedFile(mark("no page of it has text; where its pages are pictures, have them read by OCR first"))
    running = _running_heads(pages)
    found: list[list[Any]] = []
    for number, lines in enumerate(pages):
        page = document[number]
        label = _label(document, number, pdfium)
        texts = list(_turned(content, number)) if _is_turned(page, lines) else list(_paragraphs(lines, running))
        for at, text in enumerate(texts):
            if at == 0 and found and _goes_on(str(found[-1][0]), text):
                found[-1][0] = _joined(str(found[-1][0]), text)
            else:
                found.append([text, number + 1, label])
    return {"paragraphs": found, "pages": len(pages), "empty": empty}


def _label(document: Any, number: int, pdfium: Any) -> str:  # noqa: ANN401 - of pypdfium2
    size = pdfium.raw.FPDF_GetPageLabel(document, number, None, 0)
    if not 2 < size <= 400:  # noqa: PLR2004 - bytes, of UTF-16 with its end
        return ""
    buffer = ctypes.create_string_buffer(size)
    pdfium.raw.FPDF_GetPageLabel(document, number, buffer, size)
    return buffer.raw.decode("utf-16-le", "replace").rstrip("\0")


def _lines(page: Any, pdfium: Any) -> Iterator[_Line]:  # noqa: ANN401 - of pypdfium2
    """Yield the lines of a page in the order of its text, with the place of each in points."""
    raw, held = pdfium.raw, page.get_textpage()
    start, chars = 0, [raw.FPDFText_GetUnicode(held, at) for at in range(raw.FPDFText_CountChars(held))]
    for at, code in enumerate([*chars, 10]):
        if code not in {10, 13}:
            continue
        text = "".join(chr(each) if 0 < each <= 0x10FFFF and not 0xD800 <= each < 0xE000 else "" for each in chars[start:at])  # noqa: PLR2004 - of Unicode
        text = with_hyphens(text.replace("\x02", _HYPHEN))
        if text.strip():
            inked = [place for place in range(start, at) if not chr(max(chars[place], 32)).isspace()]
            boxes = [held.get_charbox(place) for place in {inked[0], inked[-1], inked[len(inked) // 2]}]
            yield _Line(text.strip(), max(box[3] for box in boxes), min(box[1] for box in boxes), held.get_charbox(inked[0])[0])
        start = at + 1


def _running_heads(pages: list[list[_Line]]) -> frozenset[tuple[str, int]]:
    """Return the lines, digits folded, that stand on many pages at one height (in tens of points)."""
    counted = Counter(place for lines in pages for place in {_folded(line) for line in (*lines[:3], *lines[-3:])})
    filled = sum(bool(lines) for lines in pages)
    return frozenset(place for place, times in counted.items() if times >= max(_FEWEST, _RUNNING * filled))


def _folded(line: _Line) -> tuple[str, int]:
    return re.sub(r"[0-9]+|\b[ivxlc]+\b", "0", line.text), round(line.top / 10)


def _paragraphs(lines: list[_Line], running: frozenset[tuple[str, int]]) -> Iterator[str]:
    kept = [line for line in lines if _folded(line) not in running]
    height = statistics.median([line.top - line.bottom for line in kept]) if kept else 0.0
    kept = list(_with_labels(kept, height))
    steps = [one.top - other.top for one, other in pairwise(kept) if one.top > other.top]
    usual = statistics.median(steps) if steps else 0.0
    text, before = "", None
    for line in kept:
        if before is not None and (line.is_note or _begins(line, before, usual)):
            yield text
            text = ""
        text = _joined(text, line.text)
        before = line
    if text:
        yield text


def _with_labels(lines: list[_Line], height: float) -> Iterator[_Line]:
    """Yield the lines with each raised number that stands on a line of its own at the line it belongs to.

    At the next where it stands beside its beginning, as the number of a note does; else at the one before, which calls a note.
    """
    waiting: _Line | None = None
    raised: _Line | None = None
    for line in lines:
        if raised is not None:
            if line.bottom < raised.top and raised.bottom < line.top and raised.left < line.left:
                line = line._replace(text=f"{raised.text} {line.text}", left=raised.left, is_note=True)  # noqa: PLW2901
            elif waiting is not None:
                waiting = waiting._replace(text=waiting.text + raised.text)
            raised = None
        if line.text.isdecimal() and line.top - line.bottom < _RAISED * height and not line.is_note:
            raised = line
            continue
        if waiting is not None:
            yield waiting
        waiting = line
    if waiting is not None:
        yield waiting._replace(text=waiting.text + raised.text) if raised else waiting


def _begins(line: _Line, before: _Line, usual: float) -> bool:
    """Return whether a line begins a paragraph: by its distance, its indent, or since another column begins."""
    distance = before.top - line.top
    if distance < 0:
        return _ENDS.search(before.text) is not None
    if usual and distance > _GAP * usual:
        return True
    return line.left - before.left > _INDENT and _ENDS.search(before.text) is not None


def _goes_on(text: str, following: str) -> bool:
    """Return whether a paragraph goes on over the page."""
    return _ENDS.search(text) is None and following[:1].islower()


def _joined(text: str, line: str) -> str:
    """Set a line behind a text; a hyphen at a line's end that stands between two letters was put there by who set it."""
    if text.endswith((_HYPHEN, "\u00ad")):
        return text[:-1] + _between(text[:-1], line) + line
    if text.endswith("-") and line[:1].isalnum():
        return text + line
    return f"{text} {line}" if text else line


def with_hyphens(line: str) -> str:
    """Return a line in which PDFium has set two lines together at a hyphen, with the hyphen, or without one in a word."""
    first, *rest = line.split(_HYPHEN)
    for number, part in enumerate(rest, start=1):
        is_last = number == len(rest) and not part.strip()
        first += (_HYPHEN if is_last else _between(first, part)) + part
    return first


def _between(before: str, after: str) -> str:
    """Return the hyphen that stands between two parts of a text: none within a word, one within a code, a day or a number."""
    is_word = before[-1:].islower() and after[:1].islower() and not re.search(r"[0-9][a-z]*\Z", before)
    return "" if is_word else "-"


def _is_turned(page: Any, lines: Iterable[_Line]) -> bool:  # noqa: ANN401 - of pypdfium2
    """Return whether PDFium gives the words of a page the wrong way round: it is rotated, or written from right to left."""
    letters = [unicodedata.bidirectional(sign) for line in lines for sign in line.text if sign.isalpha()]
    turned = sum(each in _RIGHT_TO_LEFT for each in letters)
    return bool(page.get_rotation()) or turned > _MOST_TURNED * max(1, len(letters))


def _turned(content: bytes, number: int) -> Iterator[str]:
    """Yield the paragraphs of a page as pypdf reads it."""
    pypdf: Any = import_module("pypdf")
    text = pypdf.PdfReader(io.BytesIO(content)).pages[number].extract_text()
    for block in re.split(r"\n[ \t]*\n", text):
        joined = ""
        for line in block.splitlines():
            joined = _joined(joined, line.strip())
        if joined.strip():
            yield joined.strip()
