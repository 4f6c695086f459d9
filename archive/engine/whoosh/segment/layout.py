"""An index that is packed arrays and nothing else: what those who write its files and those who read them have in common.

A segment holds at most 65,535 passages, in two files that are never changed
once they are written:

``.terms``
    the sorted terms, found by bisection in a memory map; for all of them
    together the numbers of the passages that have each (two bytes a passage),
    frequency and length (one byte for both), bitmaps of common terms, and where
    the terms stand in the passages, by which phrases are found; and for each
    term where its part of these begins.
``.passages``
    lengths (a byte each), and columns, each different value once and a code a
    passage: what is sorted, filtered and counted by, and what is printed.

Which segments there are stands in the table of contents, which is JSON.
Nothing in these files is code: reading them cannot run anything.

A segment whose passages are taken out, or that takes in others, is read, put
together with those, and written as a new one; so nothing stays of a passage
that was taken out.
"""

from collections.abc import Mapping, Sequence
from typing import Final, Literal

Kind = Literal["plain", "placed"]
"""What is kept of a term in a passage: that it is there; or how often and where."""

Pair = tuple[int, int]
"""How often a term stands in a field, and the field's length as a byte."""

WIDTHS: Final[Mapping[int, Literal["B", "H", "I"]]] = {1: "B", 2: "H", 4: "I"}
"""Bytes of a number → its kind, as an array has it."""
PLACE_BITS: Final = 8
"""Of a position those that tell the place in a word; the others are the number of the word."""

_EXACT: Final = 24
"""Lengths below this have a byte of their own; those from it on are counted from it, with four bits that matter."""
LENGTHS: Final[tuple[int, ...]] = (
    *range(_EXACT + 8),
    *(_EXACT + ((low | 8) << shift) for shift in range(28) for low in range(8)),
)
"""Byte → length, as Lucene rounds it (`SmallFloat.intToByte4`), so that another engine built on it scores a passage as this one:
exact to 40, then three bits behind a leading one, shifted by what the others say."""

ESCAPE: Final = 254
"""The code of a pair that found no place in the table; the pair itself stands in a section of its own."""
TERMS_TOGETHER: Final = 128
"""Terms of which the first stands in a list of its own, so that one is found without a look at most of the others."""
SEPARATOR: Final = b"\n"
"""Behind every term, so that all of a field can be taken at once."""


def bits(documents: Sequence[int], size: int) -> int:
    """Return an integer with a bit set for each passage, the first in the lowest bit."""
    mask = bytearray((size + 7) // 8)
    for document in documents:
        mask[document >> 3] |= 1 << (document & 7)
    return int.from_bytes(mask, "little")
