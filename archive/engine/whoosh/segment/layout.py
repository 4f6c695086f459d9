"""An index that is packed arrays and nothing else: our codec, its files, and a reader without Whoosh.

A segment holds at most `MOST_DOCUMENTS` passages, in two files that are never
changed once they are written:

``.terms``
    the sorted terms, found by bisection in a memory map; for each a block of
    passage numbers (two bytes each), one byte each for frequency and length,
    for common terms the same as a bitmap, and where the term stands in each
    passage, by which phrases are found.
``.passages``
    what is stored, lengths (a byte each), and columns, each different value
    once and a code a passage.

Which segments there are stands in the table of contents, which is JSON.
Nothing in these files is code: reading them cannot run anything.

Passages that were taken out leave a hole in the numbers of their segment; of
their words nothing stays, since their segment is written anew without them.
"""

from array import array
from collections.abc import Mapping, Sequence
from typing import Final, Literal, NamedTuple

MOST_DOCUMENTS: Final = 65_535
"""Passages in a segment: their numbers fit into two bytes."""

Kind = Literal["plain", "placed"]
"""What is kept of a term in a passage: that it is there; or how often and where."""

Pair = tuple[int, int]
"""How often a term stands in a field, and the field's length as a byte."""

WIDTHS: Final[Mapping[int, Literal["B", "H", "I"]]] = {1: "B", 2: "H", 4: "I"}
"""Bytes of a number → its kind, as an array has it."""
PLACE_BITS: Final = 8
"""Of a position those that tell the place in a word; the others are the number of the word."""

ESCAPE: Final = 254
"""The code of a pair that found no place in the table; the pair itself stands at the end of the block."""
TERMS_TOGETHER: Final = 128
"""Terms of which the first stands in a list of its own, so that one is found without a look at most of the others."""
SEPARATOR: Final = b"\n"
"""Behind every term, so that all of a field can be taken at once."""


class Written(NamedTuple):
    """What is kept of a term, as it is written.

    :param documents: its passages, two bytes each.
    :param codes: of frequency and length, "" where there are none; ``escaped`` are the pairs without one.
    :param words: the number of the word of each time that it stands in a passage: of one, two or four bytes, all alike.
    :param places: where in the word each stands, a byte each; "" where each is the first.
    """

    documents: bytes = b""
    codes: bytes = b""
    escaped: Sequence[Pair] = ()
    words: memoryview = memoryview(b"")
    places: bytes = b""


def narrowest(codes: "array[int]", values: int) -> "array[int]":
    """Return codes in the fewest bytes."""
    return array("B" if values <= 1 << 8 else "H" if values <= 1 << 16 else "I", codes)


def bits(documents: Sequence[int], size: int) -> int:
    """Return an integer with a bit set for each passage, the first in the lowest bit."""
    mask = bytearray((size + 7) // 8)
    for document in documents:
        mask[document >> 3] |= 1 << (document & 7)
    return int.from_bytes(mask, "little")
