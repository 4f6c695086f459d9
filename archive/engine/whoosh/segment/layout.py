"""An index that is packed arrays and nothing else: our codec, its files, and a reader without Whoosh.

A segment holds at most `MOST_DOCUMENTS` passages, in two files that are never
changed once they are written:

``.terms``
    the sorted terms, found by bisection in a memory map; for each a block of
    passage numbers (two bytes each), one byte each for frequency and length,
    and for common terms the same as a bitmap; and for each passage the numbers
    of its terms in their order, by which phrases are found.
``.passages``
    what is stored, lengths (a byte each), and columns, each different value
    once and a code a passage.

Which segments there are stands in the table of contents, which is JSON.
Nothing in these files is code: reading them cannot run anything.

Passages that were taken out leave a hole in the numbers of their segment; of
their words nothing stays, since their segment is written anew without them.
"""

from typing import Final, Literal

MOST_DOCUMENTS: Final = 65_535
"""Passages in a segment: their numbers fit into two bytes."""

Kind = Literal["plain", "scored", "placed"]
"""What is kept of a term in a passage: that it is there; how often; and where."""

Pair = tuple[int, int]
"""How often a term stands in a field, and the field's length as a byte."""

ESCAPE: Final = 254
"""The code of a pair that found no place in the table; the pair itself stands at the end of the block."""
WIDE: Final = 0x8000
UNEVEN: Final = 0x4000
MOST_COUNTED: Final = 0x3FFF
"""In the head of a passage's terms in their order: numbers of four bytes; with positions; and how many there are, or more."""
