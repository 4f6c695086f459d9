"""The length of a field in one byte, as Lucene rounds it (`SmallFloat.intToByte4`): exact to 40, then to four bits.

So another engine that is built on Lucene scores a passage as this one does.
"""

from bisect import bisect_right
from typing import Final

_EXACT: Final = 24
"""Lengths below this have a byte of their own; those from it on are counted from it, with four bits that matter."""
LENGTHS: Final[tuple[int, ...]] = (
    *range(_EXACT + 8),
    *(_EXACT + ((low | 8) << shift) for shift in range(28) for low in range(8)),
)
"""Byte → length: from then on three bits behind a leading one, shifted by what the others say."""


def length_byte(length: int) -> int:
    """Return the byte of a length: that of the longest that is not longer."""
    return bisect_right(LENGTHS, length) - 1
