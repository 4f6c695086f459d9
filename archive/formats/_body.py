r"""The body of a passage as its parts: paragraphs, items of lists, quotations, with emphasis, as its Markdown says.

What a record may have is a part of Markdown, and of it this is read: ``*…*``,
``_…_`` and ``**…**`` around words, a backslash before a sign, lines that begin
with ``-``, ``*`` or ``+`` (two and more), with ``1.``, ``2.`` … or with ``>``.
Links, images, HTML, code, tables and character references are words.

No letter and no digit is ever taken out or put in: a number of a list stays in
its words, a sign between two words (``14*15*16``) stays, and so does every sign of a block
that could not be read without them. `verify` reads the same words in both.
"""

from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from itertools import groupby
from typing import Any, Final

from archive.citing.folding import OF_ASIA, fold_struck
from archive.named_tuple import NamedTuple
from archive.text import lines_of, regex

_INLINE: Final = "archive.formats._emphasis"
"""Loaded by name and only for a passage that has such signs: the library behind it takes long to start."""
_SIGNS: Final = regex(r"[*_\\]")
_LINE: Final = regex(r"(?P<quoted>>[> ]*(?![> \d]))|(?P<item>[-*+]) (?=\S)|(?P<numbered>([1-9][0-9]{0,3})[.)]) (?=\S)")
_LEAST: Final = 2
"""Items that make a list; one alone is a dash, or a sentence that begins with a number."""
_CONTROLS: Final = regex(r"[\x00-\x1f]")
"""Among them what the library marks its own places with."""
_BETWEEN: Final = regex(rf"(?<=\w)(?<!{OF_ASIA})\*+(?=\w)(?!{OF_ASIA})")
"""Signs that part two words; between words of Asia nothing has to."""
_MOST_SIGNS: Final = 2_000
"""Signs of a block whose emphasis is read."""
_KINDS: Final = ("quoted", "item", "numbered")


class StyledRun(NamedTuple):
    """Words with one emphasis: "", "em", "strong" or "strong em".

    :param matches: half-open offsets in the text, of what was searched for.
    """

    text: str
    emphasis: str = ""
    matches: tuple[tuple[int, int], ...] = ()


class BodyPart(NamedTuple):
    """A part of a body; its kind is "" for a paragraph, "item" or "numbered" in a list, or "quoted"."""

    kind: str
    runs: tuple[StyledRun, ...]


def parts_of(words: str, matches: Iterable[tuple[int, int]] = (), text: str = "") -> tuple[BodyPart, ...]:
    """Return the parts of words as they are shown.

    :param words: a line without line ends.
    :param matches: half-open offsets in the words, in order.
    :param text: the same words as they are written, with their line ends; "" or other words (of which these are cut out)
        say nothing of lines.
    """
    lines = lines_of(text)
    if " ".join(lines) != words:
        lines = [words]
    marked = [False] * len(words)
    for start, end in matches:
        marked[start:end] = [True] * (end - start)
    return tuple(BodyPart(kind, tuple(_runs(written, places, marked))) for kind, written, places in _blocks(lines))


def _blocks(lines: Sequence[str]) -> Iterator[tuple[str, str, list[int]]]:
    """Yield the kind of each block, its words without what begins its lines, and the place of each character in all words."""
    kind, written, places, at = "", "", list[int](), 0
    for line, (begins, length) in zip(lines, _begun(lines), strict=True):
        is_new = begins in {"item", "numbered"} or begins != kind
        if begins == "" and kind in {"item", "numbered"}:
            is_new = False  # an item that goes on
        if is_new and written:
            yield kind, written, places
            written, places = "", []
        kind = begins if is_new else kind
        if written:
            written += " "
            places.append(at - 1)
        written += line[length:]
        places += range(at + length, at + len(line))
        at += len(line) + 1
    if written or not at:
        yield kind, written, places


def _begun(lines: Sequence[str]) -> list[tuple[str, int]]:
    """Return what each line begins, and how many characters say so."""
    begun = [_LINE.match(line) for line in lines]
    signs = [found["item"] for found in begun if found and found["item"]]
    numbers = [int(found[4]) for found in begun if found and found["numbered"]]
    is_list = {
        "quoted": True,
        "item": len(signs) >= _LEAST and len(set(signs)) == 1,
        "numbered": len(numbers) >= _LEAST and numbers == list(range(1, len(numbers) + 1)),
    }
    told = []
    for found in begun:
        kind = next((kind for kind in _KINDS if found and found[kind]), "")
        length = found.end() if found and kind != "numbered" else 0
        told.append((kind, length) if kind and is_list[kind] else ("", 0))
    return told


def _runs(written: str, places: Sequence[int], marked: Sequence[bool]) -> Iterator[StyledRun]:
    every = [(written, "")]
    if 0 < len(_SIGNS.findall(written)) <= _MOST_SIGNS and not _CONTROLS.search(written):
        inline: Any = import_module(_INLINE)
        kept_apart = _BETWEEN.sub(lambda found: "\\*" * len(found[0]), written)
        read: list[tuple[str, str]] = inline.split_emphasis(kept_apart)
        if fold_struck("".join(text for text, _ in read)) == fold_struck(written):
            every = read
    at = 0
    for text, emphasis in every:
        flags = []
        for character in text:
            at = written.index(character, at) + 1
            flags.append(marked[places[at - 1]])
        yield StyledRun(text, emphasis, tuple(_ranges(flags)))


def _ranges(flags: Sequence[bool]) -> Iterator[tuple[int, int]]:
    at = 0
    for is_marked, group in groupby(flags):
        length = len(list(group))
        if is_marked:
            yield at, at + length
        at += length
