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
from typing import Any, Final

from archive.documents.model import RefusedFile, count_letters
from archive.language.messages import mark
from archive.named_tuple import NamedTuple

MOST_PAGES: Final = 5_000
_GAP: Final = 1.35  # of the usual distance of two lines: a paragraph begins
_INDENT: Final = 6.0  # points: a paragraph begins
_RAISED: Final = 0.8  # of the usual height of a line: a number of a note that stands on a line of its own
_RUNNING: Final = 0.4  # of the pages: a line that stands on so many at one height is a running head
_FEWEST: Final = 3  # pages, before any line can be a running head
_AT_EDGES: Final = 2  # lines at the top, and at the bottom, of a page
_MOST_DIGITS: Final = 4  # of the number of a page
_ROMAN: Final = re.compile(r"(?=[ivxlc])c{0,3}(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})", re.IGNORECASE)
_ROMANS: Final = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_BY_LETTERS: Final = (*((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),)
_ENDS: Final = re.compile(r"(?:[.?!:”\"’』」)\]]|다\.)[0-9¹²³⁴-⁹\s]*\Z")
_RIGHT_TO_LEFT: Final = frozenset({"R", "AL"})
_MOST_TURNED: Final = 0.3  # of the letters of a page
_HYPHEN: Final = "\ufffe"
"""PDFium's sign for a hyphen at the end of a line."""
_WHOLE_PAGE: Final = 0.7  # of its area, from which on a picture is one of the page
PASSWORD: Final = 4  # FPDF_ERR_PASSWORD


class _Line(NamedTuple):
    text: str
    top: float
    bottom: float
    left: float
    is_note: bool = False
    """It begins with the raised number of a note."""


def read(content: bytes) -> dict[str, Any]:
    """Return the paragraphs of a PDF, each with its page from 1 and what that page is called, and the pages without text.

    A page is called as the file says, else by the number that is printed on it.

    With ``letters``, a plain count of all that stands on the pages; ``heads``, how
    many running heads were left out and how many letters they have; and
    ``machine_read``, the pages whose words lie unseen over a picture of the page.

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
    printed = printed_numbers([[line.text for line in _edges(lines)] for lines in pages])
    found: list[list[Any]] = []
    for number, lines in enumerate(pages):
        page = document[number]
        label = _label(document, number, pdfium) or printed[number]
        texts = list(_turned_paragraphs(content, number)) if _is_turned(page, lines) else list(_paragraphs(lines, running))
        for at, text in enumerate(texts):
            if at == 0 and found and _goes_on(str(found[-1][0]), text):
                found[-1][0] = _join_lines(str(found[-1][0]), text)
            else:
                found.append([text, number + 1, label])
    heads = [line for lines in pages for line in lines if _fold_line(line) in running]
    return {
        "paragraphs": found,
        "pages": len(pages),
        "empty": empty,
        "letters": sum(_count_letters(document[number]) for number in range(len(document))),
        "heads": [len(heads), sum(count_letters(line.text) for line in heads)],
        "machine_read": [number + 1 for number in range(len(document)) if _is_machine_read(document[number], pdfium)],
    }


def _count_letters(page: Any) -> int:  # noqa: ANN401 - of pypdfium2
    return count_letters(str(page.get_textpage().get_text_range()))


def _is_machine_read(page: Any, pdfium: Any) -> bool:  # noqa: ANN401 - of pypdfium2
    """Return whether words that are not shown lie over a picture of the page, as programs leave them that read pictures."""
    width, height = page.get_size()
    is_picture = has_unseen = False
    for thing in page.get_objects(max_depth=2):
        if thing.type == pdfium.raw.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = thing.get_bounds()
            is_picture = is_picture or (right - left) * (top - bottom) > _WHOLE_PAGE * width * height
        elif thing.type == pdfium.raw.FPDF_PAGEOBJ_TEXT:
            has_unseen = (
                has_unseen or pdfium.raw.FPDFTextObj_GetTextRenderMode(thing.raw) == pdfium.raw.FPDF_TEXTRENDERMODE_INVISIBLE
            )
    return is_picture and has_unseen


def _label(document: Any, number: int, pdfium: Any) -> str:  # noqa: ANN401 - of pypdfium2
    size = pdfium.raw.FPDF_GetPageLabel(document, number, None, 0)
    if not 2 < size <= 400:  # noqa: PLR2004 - bytes, of UTF-16 with its end
        return ""
    buffer = ctypes.create_string_buffer(size)
    pdfium.raw.FPDF_GetPageLabel(document, number, buffer, size)
    return buffer.raw.decode("utf-16-le", "replace").rstrip("\0")


def _edges(lines: list[_Line]) -> list[_Line]:
    """Return the lines at the top and at the bottom of a page, where its number may be printed."""
    return [*lines[:_AT_EDGES], *lines[max(_AT_EDGES, len(lines) - _AT_EDGES) :]]


def printed_numbers(edges: list[list[str]]) -> list[str]:
    """Return the number that is printed on each page, "" where none is: one that goes up by one from page to page.

    A page without a number between two of one count has the number that is its turn, as the first of a chapter.

    :param edges: of each page the lines at its top and bottom.
    """
    counts: dict[tuple[bool, int], list[int]] = {}
    for page, lines in enumerate(edges):
        for is_roman, value in {found for line in lines for found in _numbers(line)}:
            counts.setdefault((is_roman, value - page), []).append(page)
    found = [""] * len(edges)
    # What most pages have is the count; a number that is of another one by chance stands behind it.
    for (is_roman, offset), pages in sorted(counts.items(), key=lambda each: (-len(each[1]), each[0])):
        if len(pages) < _FEWEST or 2 * len(pages) < pages[-1] - pages[0] + 1:
            continue
        for page in range(pages[0], pages[-1] + 1):
            value = page + offset
            if not found[page]:
                found[page] = _roman(value) if is_roman else str(value)
    return found


def _numbers(line: str) -> Iterator[tuple[bool, int]]:
    """Yield the numbers at the ends of a line, and whether each is Roman."""
    words = [each for each in re.split(r"[\s|·•–—-]+", line) if each]
    for word in {*words[:1], *words[-1:]}:
        if word.isascii() and word.isdecimal() and len(word) <= _MOST_DIGITS:
            yield False, int(word)
        elif _ROMAN.fullmatch(word):
            yield True, _value(word)


def _value(roman: str) -> int:
    values = [_ROMANS[letter] for letter in roman.lower()]
    return sum(-one if one < other else one for one, other in pairwise([*values, 0]))


def _roman(value: int) -> str:
    written = ""
    for number, letters in _BY_LETTERS:
        while value >= number:
            written, value = written + letters, value - number
    return written


def _lines(page: Any, pdfium: Any) -> Iterator[_Line]:  # noqa: ANN401 - of pypdfium2
    """Yield the lines of a page in the order of its text, with the place of each in points."""
    raw, text_page = pdfium.raw, page.get_textpage()
    start, chars = 0, [raw.FPDFText_GetUnicode(text_page, at) for at in range(raw.FPDFText_CountChars(text_page))]
    for at, code in enumerate([*chars, 10]):
        if code not in {10, 13}:
            continue
        text = "".join(chr(each) if 0 < each <= 0x10FFFF and not 0xD800 <= each < 0xE000 else "" for each in chars[start:at])  # noqa: PLR2004 - of Unicode
        text = with_hyphens(text.replace("\x02", _HYPHEN))
        inked = [place for place in range(start, at) if not chr(max(chars[place], 32)).isspace()]
        if text.strip() and inked:
            boxes = [text_page.get_charbox(place) for place in {inked[0], inked[-1], inked[len(inked) // 2]}]
            yield _Line(
                text.strip(), max(box[3] for box in boxes), min(box[1] for box in boxes), text_page.get_charbox(inked[0])[0]
            )
        start = at + 1


def _running_heads(pages: list[list[_Line]]) -> frozenset[tuple[str, int]]:
    """Return the lines, digits folded, that stand on many pages at one height (in tens of points)."""
    counted = Counter(place for lines in pages for place in {_fold_line(line) for line in (*lines[:3], *lines[-3:])})
    filled = sum(bool(lines) for lines in pages)
    return frozenset(place for place, times in counted.items() if times >= max(_FEWEST, _RUNNING * filled))


def _fold_line(line: _Line) -> tuple[str, int]:
    return re.sub(r"[0-9]+|\b[ivxlc]+\b", "0", line.text), round(line.top / 10)


def _paragraphs(lines: list[_Line], running: frozenset[tuple[str, int]]) -> Iterator[str]:
    kept = [line for line in lines if _fold_line(line) not in running]
    height = statistics.median([line.top - line.bottom for line in kept]) if kept else 0.0
    kept = list(_with_labels(kept, height))
    steps = [one.top - other.top for one, other in pairwise(kept) if one.top > other.top]
    usual = statistics.median(steps) if steps else 0.0
    text, before = "", None
    for line in kept:
        if before is not None and (line.is_note or _begins(line, before, usual)):
            yield text
            text = ""
        text = _join_lines(text, line.text)
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


def _join_lines(text: str, line: str) -> str:
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


def _turned_paragraphs(content: bytes, number: int) -> Iterator[str]:
    """Yield the paragraphs of a page as pypdf reads it."""
    pypdf: Any = import_module("pypdf")
    text = pypdf.PdfReader(io.BytesIO(content)).pages[number].extract_text()
    for block in re.split(r"\n[ \t]*\n", text):
        joined = ""
        for line in block.splitlines():
            joined = _join_lines(joined, line.strip())
        if joined.strip():
            yield joined.strip()
