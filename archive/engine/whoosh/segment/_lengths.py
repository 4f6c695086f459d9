"""The length of a field in one byte, as Lucene rounds it (`SmallFloat.intToByte4`): exact to 40, then to four bits.

So another engine that is built on Lucene scores a passage as this one does.
"""

from bisect import bisect_right
from typing import Final

_EXACT: Final = 24
"""Lengths below this have a byte of their own; those from it on are counted from it, with four bits that matter."""


def _length(byte: int) -> int:
    """Return the length that a byte stands for: three bits behind a leading one, shifted by what the others say."""
    if byte < _EXACT:
        return byte
    shift, low = divmod(byte - _EXACT, 8)
    return _EXACT + (low if not shift else (low | 8) << (shift - 1))


LENGTHS: Final = tuple(map(_length, range(256)))
"""Byte → length."""


def length_byte(length: int) -> int:
    """Return the byte of a length: that of the longest that is not longer."""
    return bisect_right(LENGTHS, length) - 1
