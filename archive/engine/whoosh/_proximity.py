"""Whether words stand beside each other in a passage, told by the numbers of its terms as they lie in the index.

For single terms in a row, and for two near each other, the bytes are searched
as they are. `archive.analysis.positions` decides the same for everything else.
"""

import sys
from collections.abc import Callable, Mapping
from typing import Final

from archive.analysis.tokens import STRIDE
from archive.engine._plan import Near

WIDTH: Final = 2
"""Bytes of a number."""
_MOST: Final = 1 << 8 * WIDTH
_TWO: Final = 2

Tells = Callable[[bytes], bool]
"""Tells by the numbers of a passage's terms, in their order and a step apart, whether some units stand as asked."""


def adjacent(near: Near, numbers: Mapping[str, int]) -> tuple[int, ...] | None:
    """Return the numbers of single terms in a row, where that is all that is asked."""
    return _singles(near, numbers) if near.between is None else None


def told_by_bytes(near: Near, numbers: Mapping[str, int], step: int) -> Tells | None:
    """Return what tells whether units stand as asked, None where it takes their positions.

    :param numbers: of the terms of the units.
    :param step: how far the positions of neighbouring terms are apart.
    """
    wanted = _singles(near, numbers)
    if wanted is None or max(wanted) >= _MOST:
        return None
    written = [number.to_bytes(WIDTH, sys.byteorder) for number in wanted]
    if near.between is None:
        run = b"".join(written)
        return lambda passage: run in passage and _found(passage, run, 0) >= 0
    if len(written) != _TWO or written[0] == written[1] or step != STRIDE:
        return None
    one, other = written
    reach = (near.between + 1) * WIDTH
    return lambda passage: _are_near(passage, one, other, reach)


def _singles(near: Near, numbers: Mapping[str, int]) -> tuple[int, ...] | None:
    """Return the numbers of units that are all of one term in one spelling."""
    if any(len(unit.terms) != 1 or len(unit.terms[0]) != 1 for unit in near.units):
        return None
    return tuple(numbers[unit.terms[0][0]] for unit in near.units)


def _found(passage: bytes, wanted: bytes, start: int) -> int:
    """Return where numbers stand from a place on, -1 where nowhere: never between two numbers."""
    at = passage.find(wanted, start)
    while at > 0 and at % WIDTH:
        at = passage.find(wanted, at + 1)
    return at


def _are_near(passage: bytes, one: bytes, other: bytes, reach: int) -> bool:
    """Return whether two numbers stand at most so many bytes apart; always onward from the one that stands first."""
    left, right = _found(passage, one, 0), _found(passage, other, 0)
    while left >= 0 and right >= 0:
        if -reach <= left - right <= reach:
            return True
        if left < right:
            left = _found(passage, one, left + WIDTH)
        else:
            right = _found(passage, other, right + WIDTH)
    return False
