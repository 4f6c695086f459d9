"""A document of another program as blocks of words, each with its place; nothing here knows who reads it.

What a person sees in the word processor is in the blocks, and what the file
holds besides (words that were deleted and are still tracked, comments) is in
blocks of its own kind, so that who reads can take or leave it.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import groupby
from operator import itemgetter
from typing import Final

from archive.named_tuple import NamedTuple

MARK_OF_SHEET: Final = "Mark of the sheet "
"""Stands before the name of a sheet in a workbook of ours where its mark is given, in English alone."""
_LINE: Final = re.compile(r"\S(?:[^\n]*\S)?")
_STRUCK: Final = re.compile(r"~~(\S(?:[^\n]*?\S)?)~~")


class RefusedFile(Exception):
    """A file that is not read; the message says why, in English, and is looked up by who prints it."""


def count_letters(text: str) -> int:
    """Return how many letters and digits a text has, in compatibility form."""
    return sum(map(str.isalnum, unicodedata.normalize("NFKC", text)))


def struck_out(words: str) -> str:
    """Return words that are struck out with two tildes at each end, in each line of them: no words are so over several lines."""
    return _LINE.sub(r"~~\g<0>~~", words)


def without_strikes(words: str) -> str:
    """Return words without the tildes of `struck_out`."""
    return _STRUCK.sub(r"\1", words)


def join_runs(runs: Iterable[tuple[str, bool]]) -> str:
    """Return words of which each run is struck out or not, as `struck_out` has them; runs side by side that are so are one."""
    joined = (("".join(words for words, _ in same), is_struck) for is_struck, same in groupby(runs, key=itemgetter(1)))
    return "".join(struck_out(words) if is_struck else words for words, is_struck in joined)


class BlockKind(StrEnum):
    """What a block is in its document."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    ROW = "table row"
    FOOTNOTE = "footnote"
    ENDNOTE = "endnote"
    NOTE = "note"
    """A footnote or an endnote of a format that does not tell one from the other."""
    COMMENT = "comment"
    SHEET_ROW = "row of a sheet"
    BOX = "text box"
    MARGIN = "header or footer"
    INSERTION = "insertion"
    """Words that are tracked as inserted; they stand in the block around them too."""
    DELETION = "deletion"
    """Words that are tracked as deleted; they stand in no other block."""


NOTES: Final = frozenset({BlockKind.FOOTNOTE, BlockKind.ENDNOTE, BlockKind.NOTE})
TRACKED: Final = frozenset({BlockKind.INSERTION, BlockKind.DELETION})


class DocumentBlock(NamedTuple):
    """A paragraph, a heading, a row of a table (cells with `` | `` between), a note or a comment.

    ``text`` has no line ends; a note is called in it as ``[^@footnote-3]``.
    ``number`` is that of the note or comment, counted from 1 in its kind, and
    of all else that of the paragraph: paragraphs, headings and rows that have
    words are counted through, from 1. ``page`` is that of the file, from 1, 0
    where a format has none; ``label`` is what the file calls that page, "" where
    it gives no name. ``level`` is that of a heading, from 1; ``quoted``: set apart as a quotation.
    """

    kind: BlockKind
    text: str
    number: int
    page: int = 0
    label: str = ""
    level: int = 0
    quoted: bool = False
    added: int = 0

    @property
    def name(self) -> str:
        """Return how a note or a comment is called in the text around it."""
        return f"@{self.kind}-{self.number}"


class ForeignDocument(NamedTuple):
    """What was read: ``form`` as "docx"; ``unread`` says what could not be brought over, a sentence each.

    ``has_struck``: some words are struck out, and have two tildes at each end where that was asked for.
    """

    form: str
    blocks: tuple[DocumentBlock, ...]
    pages: int = 0
    unread: tuple[str, ...] = ()
    has_struck: bool = False


class Lines(NamedTuple):
    """A document as the lines of one text, and the block of each; None for an empty line."""

    text: str
    blocks: tuple[DocumentBlock | None, ...]


def as_lines(document: ForeignDocument) -> Lines:
    """Return a document as a text of which each block is one line, with an empty line after each.

    Deleted words are not in it. A note stands at the end of the section in
    which it is called, under its name, as Markdown has it: ``[^@footnote-3]: …``.
    """
    lines: list[str] = []
    blocks: list[DocumentBlock | None] = []
    for block in _in_order(document.blocks):
        text = block.text
        if block.kind in NOTES or block.kind is BlockKind.COMMENT:
            text = f"[^{block.name}]: {text}"
        elif block.quoted:
            text = f"> {text}"
        lines += [text, ""]
        blocks += [block, None]
    return Lines("\n".join(lines), tuple(blocks))


CALL: Final = re.compile(r"\[\^(@[a-z]{4,20}-[0-9]{1,7})\](?::[ ])?")
"""Where a note or a comment is called in a text, and what stands before it itself."""


def _in_order(blocks: Sequence[DocumentBlock]) -> Iterator[DocumentBlock]:
    """Yield blocks in the order in which they are read: notes and comments where the section ends that calls them."""
    beside: dict[str, list[DocumentBlock]] = {}
    for block in blocks:
        if block.kind in NOTES or block.kind is BlockKind.COMMENT:
            beside.setdefault(block.name, []).append(block)
    called: list[str] = []
    for block in blocks:
        if block.kind in NOTES or block.kind is BlockKind.COMMENT or block.kind in TRACKED:
            continue
        if block.kind is BlockKind.HEADING:
            for name in called:
                yield from beside.pop(name, ())
            called = []
        called += CALL.findall(block.text)
        yield block
    for name in (*called, *list(beside)):
        yield from beside.pop(name, ())
