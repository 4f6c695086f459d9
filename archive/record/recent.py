"""What was used, up to a weight: so that a walk through a collection of any size stays in memory."""

from collections.abc import Callable
from itertools import islice
from typing import Generic, TypeVar

_T = TypeVar("_T")


class Recent(Generic[_T]):
    """Values by key; those that were used longest ago are forgotten once all together weigh too much.

    :param most: what all may weigh together.
    :param weigh: gives the weight of one.
    :param in_turn: all are used in the same order again and again, so that the one that was used last is needed last
        and is forgotten first. To forget the one used longest ago would forget each just before its turn.
    """

    def __init__(self, most: int, weigh: Callable[[_T], int], *, in_turn: bool = False) -> None:
        """Begin with nothing."""
        self._in_turn = in_turn
        self._most = most
        self._weigh = weigh
        self._kept: dict[str, _T] = {}
        self._weight = 0

    def __contains__(self, key: str) -> bool:
        return key in self._kept

    def __getitem__(self, key: str) -> _T:
        """Return a value, which counts as used.

        :raises KeyError: there is none, or it was forgotten.
        """
        value = self._kept[key] = self._kept.pop(key)
        return value

    def __setitem__(self, key: str, value: _T) -> None:
        """Keep a value; the newest is kept whatever it weighs."""
        if key in self._kept:
            self._weight -= self._weigh(self._kept.pop(key))
        self._kept[key] = value
        self._weight += self._weigh(value)
        while self._weight > self._most and len(self._kept) > 1:
            forgotten = next(islice(reversed(self._kept), 1, None) if self._in_turn else iter(self._kept))
            self._weight -= self._weigh(self._kept.pop(forgotten))
