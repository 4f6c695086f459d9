"""Kinds of matches: passages that have the same codes for all terms of a query score the same."""

import sys
from collections.abc import Sequence
from functools import cache
from itertools import compress, repeat
from typing import Final, Literal

from archive.engine.whoosh._docset import DocSet, TermScorer, take
from archive.engine.whoosh.segment.layout import ESCAPE

_NONE: Final = ESCAPE + 1  # in `Postings.dense`: the pair itself has no code
_NEXT: Final = bytes([*range(1, _NONE + 1), _NONE])
_FEW: Final = 16
_MOST: Final = 8  # terms
_WIDTHS: Final[dict[int, tuple[Literal["B", "H", "I", "Q"], int]]] = {  # of rows of so many columns, by their number
    1: ("B", 1),
    2: ("H", 2),
    **dict.fromkeys((3, 4), ("I", 4)),
    **dict.fromkeys((5, 6, 7, 8), ("Q", 8)),
}


class ScoreClasses:
    """The kind of each of some passages: a number made of its codes, a byte for each term."""

    def __init__(self, columns: list[bytes], count: int) -> None:
        """Take the codes, term by term.

        :param count: of the passages.
        """
        self._columns = columns or [bytes(count)]

    def shown(self, documents: Sequence[int]) -> dict[int, int]:
        """Return a passage of each kind."""
        if len(self._columns) == 1:
            (column,) = self._columns
            return {kind: documents[column.index(kind)] for kind in set(column)}
        form, width = _WIDTHS[len(self._columns)]
        rows = bytearray(width * len(documents))
        for at, column in enumerate(self._columns):
            rows[at::width] = column
        return dict(zip(memoryview(rows).cast(form).tolist(), documents, strict=True))

    def of(self, kind: int, documents: Sequence[int]) -> list[int]:
        """Return the passages of a kind, in order."""
        _, width = _WIDTHS[len(self._columns)]
        alike = -1
        for code, column in zip(kind.to_bytes(width, sys.byteorder), self._columns, strict=False):
            alike &= int.from_bytes(column.translate(_only(code)), "little")
        return _flagged(documents, alike)

    def having_escaped(self, documents: Sequence[int]) -> list[int]:
        """Return the passages whose kind tells nothing of the score."""
        some = 0
        for column in self._columns:
            if _NONE in column:
                some |= int.from_bytes(column.translate(_only(_NONE)), "little")
        return _flagged(documents, some)


def score_classes(doc_set: DocSet, documents: list[int]) -> ScoreClasses | None:
    """Return the kind of each of some passages of a set; None where other than codes decides a score."""
    columns = []
    if doc_set.in_slots or doc_set.added:
        return None
    for gain in doc_set.scorers:
        if gain.postings is None and gain.only is None:
            continue  # the same for all
        column = _codes(gain, documents)
        if column is None:
            return None
        if column.count(0) < len(column):
            columns.append(column)
    return ScoreClasses(columns, len(documents)) if len(columns) <= _MOST else None


def _codes(gain: TermScorer, documents: list[int]) -> bytes | None:
    """Return the code of a term and one for each passage, 0 where it does not have it."""
    postings = gain.postings
    if postings is None or not postings.codes or (gain.only is not None and gain.only is not postings.listed):
        return None
    if documents is postings.listed:
        return postings.codes.translate(_NEXT)
    return bytes(take(documents, postings.dense))


def is_escaped(kind: int) -> bool:
    """Return whether the kind tells nothing of the score, since a pair in it has no code."""
    return kind == _NONE or (kind > _NONE and _NONE in kind.to_bytes(8, "little"))


def _flagged(documents: Sequence[int], flags: int) -> list[int]:
    """Return the passages that have a byte of 1."""
    count, written = flags.bit_count(), flags.to_bytes(len(documents), "little")
    if count > _FEW:
        return list(compress(documents, written))
    at, flagged = -1, []
    for _ in range(count):
        at = written.index(1, at + 1)
        flagged.append(documents[at])
    return flagged


@cache
def _only(kind: int) -> bytes:
    """Return what makes one byte 1 and all others 0."""
    return bytes([*repeat(0, kind), 1, *repeat(0, 255 - kind)])
