"""Kinds of matches: passages that have the same codes for all terms of a query score the same."""

from collections.abc import Sequence
from functools import cache
from itertools import compress, repeat
from typing import Final, Literal

from archive.engine.answering import Gain, Set, gathered
from archive.engine.packed.draft import ESCAPE

_NONE: Final = ESCAPE + 1  # in `Postings.dense`: the pair itself has no code
_NEXT: Final = bytes([*range(1, _NONE + 1), _NONE])
_WIDTHS: Final[dict[int, tuple[Literal["B", "H", "I", "Q"], int]]] = {
    1: ("B", 1),
    2: ("H", 2),
    **dict.fromkeys((3, 4), ("I", 4)),
    **dict.fromkeys((5, 6, 7, 8), ("Q", 8)),
}

Kinds = bytes | memoryview
"""A number for each of some passages, made of its codes, a byte for each term."""


def kinds_of(found: Set, documents: list[int]) -> Kinds | None:
    """Give the kind of each of some passages of a set; None where other than codes decides a score."""
    columns = []
    for gain in found.gains:
        if gain.postings is None and gain.only is None:
            continue  # the same for all
        column = _codes(gain, documents)
        if column is None:
            return None
        if column.count(0) < len(column):
            columns.append(column)
    if len(columns) not in _WIDTHS:
        return None if columns else bytes(len(documents))
    if len(columns) == 1:
        return columns[0]
    form, width = _WIDTHS[len(columns)]
    rows = bytearray(width * len(documents))
    for at, column in enumerate(columns):
        rows[at::width] = column
    return memoryview(rows).cast(form)


def _codes(gain: Gain, documents: list[int]) -> bytes | None:
    """Give the code of a term and one for each passage, 0 where it does not have it."""
    postings = gain.postings
    if postings is None or not postings.codes or (gain.only is not None and gain.only is not postings.listed):
        return None
    if documents is postings.listed:
        return postings.codes.translate(_NEXT)
    return bytes(gathered(documents, postings.dense))


def is_escaped(kind: int) -> bool:
    """Ask whether the kind tells nothing of the score, since a pair in it has no code."""
    return kind == _NONE or (kind > _NONE and _NONE in kind.to_bytes(8, "little"))


def of_kind(kinds: Kinds, kind: int, documents: Sequence[int]) -> list[int]:
    """Give the passages of a kind."""
    if isinstance(kinds, bytes):
        return list(compress(documents, kinds.translate(_only(kind))))
    return list(compress(documents, map(kind.__eq__, kinds)))


@cache
def _only(kind: int) -> bytes:
    """Give what makes one byte 1 and all others 0."""
    return bytes([*repeat(0, kind), 1, *repeat(0, 255 - kind)])
