"""The length of a field in one byte, as Whoosh rounds it: exact when short, within three in a hundred when long."""

from bisect import bisect_left
from typing import Final

LENGTHS: Final = tuple(round((1.033**byte - 1) * 27) for byte in range(256))
"""Byte → length."""
_LAST: Final = 255


def length_byte(length: int) -> int:
    """Return the byte of a length."""
    return min(_LAST, bisect_left(LENGTHS, length))
