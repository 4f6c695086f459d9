"""A passage in two languages side by side, as our formats print it, taken apart again: the words of each language."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from archive.citing._markup import BORDER
from archive.language.messages import LANGUAGES, mark, speaking, translate
from archive.named_tuple import NamedTuple
from archive.text import width

_COLUMNS: Final = 2
_BETWEEN: Final = " | "
_ROW = re.compile(r"\|[ ](.*)[ ]\|[ \t]*")
_RULE = re.compile(r"\| --- \| --- \|[ \t]*")
HEADING: Final = mark("Paragraph {number}")
CAVEAT: Final = mark("Caveat: {label}")
IN_FULL: Final = mark("In full {where}: {flags}")
_NO_CAVEAT: Final = mark("No caveat is in force here.")
"""What begins the heading of a passage, a caveat and what is said in place of one in our formats."""


@cache
def pattern_before(message: str, language: str = "") -> str:
    """Return a pattern of what a message says before its first place, in a language; in any of ours where none is given."""
    said = []
    for code in [language] if language else sorted(LANGUAGES):
        with speaking(code):
            said.append(translate(message).partition("{")[0].strip())
    return f"(?:{'|'.join(map(_spaced_pattern, dict.fromkeys(said)))})"


def _spaced_pattern(text: str) -> str:
    return r"\s+".join(map(re.escape, text.split())) + r"\s*"


@cache
def _end() -> re.Pattern[str]:
    return re.compile("|".join(map(pattern_before, (CAVEAT, IN_FULL, _NO_CAVEAT))))


class TwoLanguages(NamedTuple):
    """What stands of two languages below a heading: where that begins and the table ends, and the two cells.

    ``cells`` is empty where the table cannot be read again.
    """

    start: int
    end: int
    cells: tuple[str, ...]


@cache
def _headings() -> re.Pattern[str]:
    said = []
    for code in sorted(LANGUAGES):
        with speaking(code):
            before, _, after = translate(HEADING).partition("{number}")
        said.append(rf"{re.escape(before)}[0-9]{{1,7}}{re.escape(after)}")
    return re.compile(rf"(?:\A|(?<=[\n{BORDER}]))[ \t#>]*(?:{'|'.join(said)})[ \t]*(?=[\n{BORDER}])")


def is_heading(block: str) -> bool:
    """Return whether a block is the heading above a passage in two languages."""
    return _headings().match(f"{block.strip()}\n") is not None


def find(region: str) -> TwoLanguages | None:
    """Return the last passage in two languages of a text; None where none stands there."""
    headings = list(_headings().finditer(region))
    if not headings:
        return None
    start, end = headings[-1].span()
    if BORDER in region[end : end + 1]:
        return _of_page(region, start, end)
    lines = region[end:].lstrip("\n").split("\n")
    place = end + len(region[end:]) - len(region[end:].lstrip("\n"))
    return _of_markdown(lines, start, place) if lines[0].startswith("|") else _of_text(lines, start, place)


def _of_page(region: str, start: int, end: int) -> TwoLanguages:
    """Return the cells of a table of HTML: two heads, and for each language the words with the footnotes behind them."""
    cells: list[str] = []
    place, seen = end, 0
    for block in re.finditer(rf"[^{BORDER}]+", region[end:]):
        if not block[0].strip():
            continue
        if _end().match(block[0].strip()):
            break
        seen += 1
        if seen > _COLUMNS:
            if cells and block[0].strip().startswith("[^"):
                cells[-1] += f" {block[0].strip()}"
            elif len(cells) < _COLUMNS:
                cells.append(block[0].strip())
            else:
                break
        place = end + block.end()
    return TwoLanguages(start, place, tuple(cells) if len(cells) == _COLUMNS else ())


def _of_markdown(lines: Sequence[str], start: int, place: int) -> TwoLanguages:
    rows = [_ROW.fullmatch(line) for line in lines[:3]]
    end = place + sum(len(line) + 1 for line in lines[:3])
    if len(rows) <= _COLUMNS or not _RULE.fullmatch(lines[1]) or rows[2] is None:
        return TwoLanguages(start, place, ())
    cells = tuple(rows[2][1].split(_BETWEEN))
    return TwoLanguages(start, end, cells if len(cells) == _COLUMNS else ())


def _of_text(lines: Sequence[str], start: int, place: int) -> TwoLanguages | None:
    """Return the cells of two columns; None where none stand there."""
    head = lines[0].find(_BETWEEN)
    if head < 0:
        return None
    cells, side = ["", ""], width(lines[0][:head])
    taken = 0
    for number, line in enumerate(lines):
        if not line.strip():
            break
        at = _at(line, side)
        if at is None:
            return TwoLanguages(start, place, ())
        if number:
            cells = [f"{cells[0]} {line[:at]}", f"{cells[1]} {line[at + len(_BETWEEN) :]}"]
        taken += len(line) + 1
    return TwoLanguages(start, place + taken, tuple(cells))


def _at(line: str, side: int) -> int | None:
    """Return where the border between the columns stands in a line; None where it does not stand at its place."""
    for found in re.finditer(r" \|(?: |\Z)", line):
        if width(line[: found.start()]) == side:
            return found.start()
    return None
