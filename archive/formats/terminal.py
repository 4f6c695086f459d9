"""The terminal as a sink: nothing of a record reaches it raw, and lines fit it.

Every line of text output goes through `render`, which shows escape
sequences, bidirectional controls and the like as visible code points. Marks
around matches, and around what is grave, travel as control characters that no
record can contain.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from archive.text import regex, width

WIDEST: Final = 80
"""Cells that text takes at most: what paper, mail and every terminal can show."""
_columns: ContextVar[int] = ContextVar("columns", default=WIDEST)


def columns() -> int:
    """Return for how many cells text is laid out."""
    return _columns.get()


@contextmanager
def lay_out(cells: int) -> Iterator[None]:
    """Lay text out for a number of cells for a while."""
    before = _columns.set(cells)
    try:
        yield
    finally:
        _columns.reset(before)


MARK_ON: Final = "\x01"
MARK_OFF: Final = "\x02"
GRAVE_ON: Final = "\x03"
GRAVE_OFF: Final = "\x04"
"""Around what stands in capitals: it is coloured besides, where there are colours."""
_KEPT: Final = frozenset("\n\t\u200c\u200d")  # the joiners shape letters in several scripts
_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_LAST_OF_A_PLANE: Final = 0xFFFE  # and the one after it
_TAGS: Final = range(0xE0000, 0xE0080)  # shown by nothing, also those that have no name yet
_NO_CHARACTERS: Final = range(0xFDD0, 0xFDF0)
_STYLED: Final = {MARK_ON: "\x1b[1;4m", MARK_OFF: "\x1b[0m", GRAVE_ON: "\x1b[1;31m", GRAVE_OFF: "\x1b[0m"}
_PLAIN: Final = {MARK_ON: "*", MARK_OFF: "*", GRAVE_ON: "", GRAVE_OFF: ""}
_SIGNS: Final = regex(f"([{MARK_ON}{MARK_OFF}{GRAVE_ON}{GRAVE_OFF}])")
_OFF: Final = {MARK_ON: MARK_OFF, GRAVE_ON: GRAVE_OFF}


def is_control(character: str) -> bool:
    """Return whether a terminal might obey a character, or show nothing in its place."""
    return unicodedata.category(character) in _CATEGORIES or _is_no_character(ord(character))


def _is_no_character(code: int) -> bool:
    """Return whether a code point is none of the characters.

    As U+FFFE, which means bytes the wrong way round.
    """
    return code & _LAST_OF_A_PLANE == _LAST_OF_A_PLANE or code in _NO_CHARACTERS or code in _TAGS


class _VisibleForms(dict[int, str]):
    """What stands for each character; each is looked up once."""

    def __missing__(self, code: int) -> str:
        c = chr(code)
        self[code] = f"⟨U+{code:04X}⟩" if c not in _KEPT and is_control(c) else c
        return self[code]


_SHOWN: Final = _VisibleForms()


def visible(text: str) -> str:
    """Show every control character as its code point: ``⟨U+202E⟩``."""
    return text if text.isprintable() else text.translate(_SHOWN)


def mark(words: str, matches: Iterable[tuple[int, int]]) -> str:
    """Put marks around matches; the words themselves are made visible first, piece by piece."""
    pieces, at = [], 0
    for start, end in matches:
        pieces += [visible(words[at:start]), MARK_ON, visible(words[start:end]), MARK_OFF]
        at = end
    return "".join([*pieces, visible(words[at:])])


def render(lines: Iterable[str], *, styled: bool) -> Iterator[str]:
    """Make lines fit for the terminal: marks as bold or as asterisks, everything else visible."""
    signs = _STYLED if styled else _PLAIN
    for line in lines:
        if line.isascii() and line.isprintable():  # as most are, which have neither marks nor anything to be made visible
            yield line
            continue
        yield "".join(signs[piece] if piece in signs else visible(piece) for piece in _SIGNS.split(line))


def close_marks(lines: Iterable[str]) -> Iterator[str]:
    """End what is marked at the end of each line, and begin it again at the first word of the next."""
    within = ""
    for line in lines:
        bare = line.lstrip(_BEFORE_WORDS)
        opened = f"{line[: len(line) - len(bare)]}{within}{bare}"
        for sign in _SIGNS.findall(line):
            within = sign if sign in _OFF else ""
        yield f"{opened}{_OFF[within]}" if within else opened


_BEFORE_WORDS: Final = " |!+"
_NO_CELLS: Final = dict.fromkeys(map(ord, (GRAVE_ON, GRAVE_OFF)))


def cells(text: str) -> int:
    """Return the cells that a line takes where there are no colours; marks are asterisks there."""
    return len(text) if text.isascii() and text.isprintable() else width(text.translate(_NO_CELLS))


def wrap(text: str, columns: int, indent: str = "", hanging: str | None = None) -> Iterator[str]:
    """Wrap a paragraph to a number of cells, Hangul and Han counting two.

    :param indent: before the first line; ``hanging`` before the others.
    """
    later = indent if hanging is None else hanging
    measure = (
        len if text.isascii() and text.isprintable() else cells
    )  # as nearly all of it is, and a search wraps a thousand words
    line, used = indent, width(indent)
    empty = True
    for word in text.split():
        taken = measure(word)
        if not empty and used + 1 + taken > columns:
            yield line
            line, used, empty = later, width(later), True
        line += word if empty else f" {word}"
        used += taken if empty else taken + 1
        empty = False
    yield line


def break_word(word: str, columns: int) -> Iterator[str]:
    """Break a word that is wider than a number of cells."""
    pending = ""
    for letter in word:
        if pending and width(pending + letter) > columns:
            yield pending
            pending = ""
        pending += letter
    yield pending


def pad(text: str, cells: int) -> str:
    """Fill a column up with spaces."""
    return text + " " * max(0, cells - width(text))


def align_right(text: str, cells: int) -> str:
    """Set a figure, or what stands above figures, at the right of its column."""
    return " " * max(0, cells - width(text)) + text
