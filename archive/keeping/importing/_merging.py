"""Taking the words of a source that has changed into the record that was made of it: only where nobody has touched them since.

A paragraph is exchanged for the one in its place, and new ones come at the end,
so that no number moves and every note and link keeps what it is bound to; what
was put in or taken out between is left to a person.
"""

import difflib
from collections.abc import Iterator, Sequence
from typing import Final

from archive.keeping._header_edit import Put
from archive.keeping._revising import Kept, Plan
from archive.keeping._text_edit import TextEdit
from archive.keeping.importing import _record as records
from archive.named_tuple import NamedTuple
from archive.record import paragraphs
from archive.record.hashing import passage_hash

_SHORT: Final = 8


class Merge(NamedTuple):
    """What of a new source can be taken: paragraphs to exchange by their numbers, those to add, and whether that is all of it."""

    exchanged: dict[int, str]
    added: tuple[str, ...]
    is_whole: bool
    words: tuple[str, ...]
    """The hashes of the paragraphs as they were brought in, with those of what is taken now."""


def merge(words: Sequence[str], now: str, new: str) -> Merge:
    """Return what can be taken of a new source.

    :param words: the hashes of the paragraphs of the record as they were brought in, by their numbers.
    :param now: the body of the record.
    :param new: that which the source gives now.
    """
    there = {block.number: block.text for block in paragraphs.passages(now)}
    theirs = [block.text for block in paragraphs.passages(new)]
    hashes = [passage_hash(text)[:_SHORT] for text in theirs]
    exchanged: dict[int, str] = {}
    added: tuple[str, ...] = ()
    is_whole = _context(now) == _context(new)
    kept = list(words)
    for kind, first, last, other, end in difflib.SequenceMatcher(None, words, hashes, autojunk=False).get_opcodes():
        if kind == "replace" and last - first == end - other:
            for number, (text, digest) in enumerate(zip(theirs[other:end], hashes[other:end], strict=True), start=first + 1):
                if number in there and passage_hash(there[number])[:_SHORT] == words[number - 1]:
                    exchanged[number], kept[number - 1] = text, digest
                else:
                    is_whole = False
        elif kind == "insert" and first == len(words) == len(there):
            added = tuple(theirs[other:end])
            kept += hashes[other:end]
        elif kind != "equal":
            is_whole = False
    return Merge(exchanged, added, is_whole, tuple(kept))


def _context(body: str) -> list[str]:
    """Return headings and notes, which are not merged."""
    return [block.text for block in paragraphs.split_blocks(body) if block.kind != "passage"]


def plan_of(kept: Kept, found: Merge, origin: records.Origin) -> Plan:
    """Return how a record is changed so: its paragraphs, what it keeps of its source, and its history."""
    path, body = kept.testimony.path, kept.testimony.body
    changes = [Put(("source", "file", "words"), " ".join(found.words))]
    if found.is_whole:  # else the next import says again that the source is another one
        changes += [Put(("source", "file", "sha256"), origin.sha256), Put(("source", "file", "imported"), origin.day)]
    told = ", ".join(map(str, [*found.exchanged, *range(len(found.words) - len(found.added) + 1, len(found.words) + 1)]))
    history = f"Paragraphs {told} taken anew from the file of the kind {origin.kind}, sha256 {origin.sha256}"
    return Plan(tuple(changes), bodies={path: tuple(_edits(body, found))}, history=history)


def _edits(body: str, found: Merge) -> Iterator[TextEdit]:
    starts = [0]
    for line in body.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    blocks = paragraphs.passages(body)
    for block in blocks:
        if block.number in found.exchanged:
            yield TextEdit(starts[block.line - 1], found.exchanged[block.number], len(block.text))
    if found.added:
        behind = starts[blocks[-1].line - 1] + len(blocks[-1].text) if blocks else 0
        yield TextEdit(behind, "".join(f"\n\n{text}" for text in found.added))
