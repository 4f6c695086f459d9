"""Which paragraphs of a text and of its translation go together, by their lengths and by what is the same in both.

A dynamic programme after Gale and Church (1993), over paragraphs: a paragraph
may go with one or two of the other text, or stand alone. What is the same in
both languages (figures, names of facilities, places, who speaks) weighs more
than lengths do. Each pair has the margin by which the next best answer is
worse: a small one is a doubt, which a person decides.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from archive.named_tuple import NamedTuple
from archive.record.testimony import Pair

_MOVES: Final = {(1, 1): 0.05, (2, 1): 5.0, (1, 2): 5.0, (2, 2): 7.0, (1, 0): 5.0, (0, 1): 5.0}
"""How many paragraphs of each text go together, and what that costs: the negative logarithm of how often it is so."""
_VARIANCE: Final = 6.8
"""Of the letters of one text for each letter of the other."""
_LONGEST: Final = 12.0  # what a length alone can cost
_SAME, _APART, _MOST_APART = 1.5, 1.0, 4.0
_SPEAKER_SAME, _SPEAKER_APART = 0.8, 2.0
_BAND: Final = 100
"""Paragraphs that one text may be ahead of the other, as the shares of both that lie behind go."""
PLACE: Final = "⟦"
"""Stands before a mark that is a page or a time."""
FIXED: Final = math.inf
"""The margin of a pair that a person has given."""
_SURE: Final = 3.0
"""The margin from which on no other pair is nearly as likely; of several paragraphs that go together, twice that."""


class ComparedParagraph(NamedTuple):
    """A paragraph as it is compared: how many letters, the marks that any language has, who speaks (a number, -1 of nobody)."""

    letters: int
    marks: frozenset[str] = frozenset()
    speaker: int = -1


class Aligned(NamedTuple):
    """Paragraphs that go together, by their numbers, and by how much the next best answer is worse; 0 is a toss of a coin."""

    own: tuple[int, ...]
    theirs: tuple[int, ...]
    margin: float

    @property
    def is_close(self) -> bool:
        """Return whether another answer is nearly as likely, so that a person must decide."""
        return self.margin < _SURE * (1 if len(self.own) == len(self.theirs) == 1 else 2)


class _Step(NamedTuple):
    cost: float
    own: int
    theirs: int


def pair_paragraphs(
    own: Sequence[ComparedParagraph], theirs: Sequence[ComparedParagraph], fixed: Iterable[Pair] = ()
) -> list[Aligned]:
    """Return all paragraphs of both texts in their order, each in one pair.

    :param fixed: pairs that are known, which are kept.
    """
    return _Alignment(own, theirs, fixed).best()


class _Alignment:
    """The cheapest way through a table whose sides are the two texts."""

    def __init__(self, own: Sequence[ComparedParagraph], theirs: Sequence[ComparedParagraph], fixed: Iterable[Pair]) -> None:
        self._own, self._theirs = own, theirs
        self._fixed = {(pair.own, pair.theirs) for pair in fixed}
        self._held = tuple({number for pair in self._fixed for number in pair[side]} for side in (0, 1))
        letters = sum(unit.letters for unit in own), sum(unit.letters for unit in theirs)
        self._ratio = (letters[1] + 1) / (letters[0] + 1)
        self._band = max(_BAND, abs(len(own) - len(theirs)) + _BAND // 2)
        self._moves = {*_MOVES, *((len(pair[0]), len(pair[1])) for pair in self._fixed)}

    def best(self) -> list[Aligned]:
        ways = self._forward()
        end = (len(self._own), len(self._theirs))
        if end not in ways:  # pairs that cross are refused before
            raise ValueError(end)
        path: list[tuple[tuple[int, int], _Step]] = []
        at = end
        while at != (0, 0):
            step = ways[at][1]
            path.append((at, step))
            at = (at[0] - step.own, at[1] - step.theirs)
        margins = self._margins(ways, dict(path))
        return [self._pair(*each, margins[each[0]]) for each in reversed(path)]

    def _pair(self, at: tuple[int, int], step: _Step, margin: float) -> Aligned:
        own, theirs = _numbers(at, step)
        return Aligned(own, theirs, FIXED if (own, theirs) in self._fixed else margin)

    def _cells(self) -> Iterator[tuple[int, int]]:
        share = len(self._theirs) / max(1, len(self._own))
        is_fixed = bool(self._fixed)
        for i in range(len(self._own) + 1):
            middle = round(i * share)
            first, last = (0, len(self._theirs)) if is_fixed else (middle - self._band, middle + self._band)
            for j in range(max(0, first), min(len(self._theirs), last) + 1):
                yield i, j

    def _forward(self) -> dict[tuple[int, int], tuple[float, _Step]]:
        """Return the cheapest cost of each cell from the beginning, and the last step to it."""
        ways = {(0, 0): (0.0, _Step(0.0, 0, 0))}
        for at in self._cells():
            options = []
            for step in self._steps(at):
                before = ways.get((at[0] - step.own, at[1] - step.theirs))
                if before is not None:
                    options.append((before[0] + step.cost, step))
            if options:
                ways[at] = min(options)
        return ways

    def _margins(
        self, ways: Mapping[tuple[int, int], tuple[float, _Step]], path: Mapping[tuple[int, int], _Step]
    ) -> dict[tuple[int, int], float]:
        """Return for each step of the best way how much more the best way costs that does not take it."""
        end = (len(self._own), len(self._theirs))
        rest = {end: 0.0}
        others = [math.inf] * (len(self._own) + len(self._theirs))
        for at in sorted(ways, reverse=True):
            if at not in rest:
                continue
            for step in self._steps(at):
                before = (at[0] - step.own, at[1] - step.theirs)
                if before not in ways:
                    continue
                cost = rest[at] + step.cost
                rest[before] = min(rest.get(before, math.inf), cost)
                if path.get(at) != step:
                    whole = ways[before][0] + cost
                    for number in _spots(before, at, len(self._own)):
                        others[number] = min(others[number], whole)
        best = ways[end][0]
        return {
            at: max(
                0.0, min(others[number] for number in _spots((at[0] - step.own, at[1] - step.theirs), at, len(self._own))) - best
            )
            for at, step in path.items()
        }

    def _steps(self, at: tuple[int, int]) -> Iterator[_Step]:
        """Yield the steps that end in a cell."""
        for own, theirs in self._moves:
            if own > at[0] or theirs > at[1]:
                continue
            numbers = _numbers(at, _Step(0.0, own, theirs))
            if numbers in self._fixed:
                yield _Step(-100.0, own, theirs)
            elif (own, theirs) in _MOVES and not any(map(self._is_held, (0, 1), numbers)):
                yield _Step(self._cost(numbers, _MOVES[own, theirs]), own, theirs)

    def _is_held(self, side: int, numbers: tuple[int, ...]) -> bool:
        return not self._held[side].isdisjoint(numbers)

    def _cost(self, numbers: tuple[tuple[int, ...], tuple[int, ...]], prior: float) -> float:
        own = [self._own[number - 1] for number in numbers[0]]
        theirs = [self._theirs[number - 1] for number in numbers[1]]
        if not own or not theirs:
            return prior
        cost = prior + length_cost(sum(unit.letters for unit in own) * self._ratio, sum(unit.letters for unit in theirs))
        here = frozenset[str]().union(*(unit.marks for unit in own))
        there = frozenset[str]().union(*(unit.marks for unit in theirs))
        if here or there:
            apart = sum(not mark.startswith(PLACE) for mark in here ^ there)  # a place may stand in one alone
            cost += min(_MOST_APART, _APART * apart) - _SAME * len(here & there)
        speakers = own[0].speaker, theirs[0].speaker
        if max(speakers) >= 0:
            cost += -_SPEAKER_SAME if speakers[0] == speakers[1] else _SPEAKER_APART
        return cost


def length_cost(expected: float, there: float) -> float:
    """Return how unlikely a length is where another is expected, as a negative logarithm."""
    if not expected and not there:
        return 0.0
    apart = abs(expected - there) / math.sqrt(_VARIANCE * (expected + there) / 2 + 1)
    return min(_LONGEST, -math.log(max(math.erfc(apart / math.sqrt(2)), 1e-300)))


def _numbers(at: tuple[int, int], step: _Step) -> tuple[tuple[int, ...], tuple[int, ...]]:
    return tuple(range(at[0] - step.own + 1, at[0] + 1)), tuple(range(at[1] - step.theirs + 1, at[1] + 1))


def _spots(before: tuple[int, int], at: tuple[int, int], own: int) -> Iterator[int]:
    """Yield the paragraphs that a step takes, those of the second text behind those of the first."""
    yield from range(before[0], at[0])
    yield from range(own + before[1], own + at[1])


def as_pairs(found: Sequence[Aligned]) -> list[Aligned]:
    """Return pairs that all have a paragraph of the first text: what stands in the second alone goes with the one before."""
    pairs: list[Aligned] = []
    waiting: tuple[int, ...] = ()
    for each in found:
        if each.own:
            theirs = (*waiting, *each.theirs)
            pairs.append(Aligned(each.own, theirs, 0.0 if waiting else each.margin))
            waiting = ()
        elif pairs:
            pairs[-1] = Aligned(pairs[-1].own, (*pairs[-1].theirs, *each.theirs), 0.0)
        else:
            waiting = (*waiting, *each.theirs)
    return pairs


def number_speakers(labels: Iterable[str]) -> Callable[[str], int]:
    """Return what gives speakers numbers in the order in which a text first names them, -1 for nobody."""
    numbers = {label: number for number, label in enumerate(dict.fromkeys(filter(None, labels)))}
    return lambda label: numbers.get(label, -1)
