"""Where words stand beside each other, worked out on positions alone.

The same functions decide whether a passage answers and which of its letters
are marked, so that the two cannot differ.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from archive.analysis.tokens import STRIDE, Token
from archive.named_tuple import NamedTuple

Places = Mapping[str, Sequence[int]]
"""Term → its positions in one field of one passage, ascending."""


class Unit(NamedTuple):
    """One word of a query: for each of its terms the ways to spell it, and how far it stands from the first."""

    terms: tuple[tuple[str, ...], ...]
    steps: tuple[int, ...]

    @property
    def span(self) -> int:
        """Count the words that the unit covers."""
        return self.steps[-1] // STRIDE + 1


def unit(word_tokens: Sequence[Token], spellings: Sequence[tuple[str, ...]]) -> Unit:
    """Make a unit of the tokens of a word of the query, no two of them at one place."""
    base = word_tokens[0].position
    return Unit(tuple(spellings), tuple(token.position - base for token in word_tokens))


def unit_places(wanted: Unit, places: Places) -> list[tuple[int, int]]:
    """Return ``(first position, last position)`` for every place where a unit stands."""
    if len(wanted.terms) == 1:
        return sorted({(at, at) for spelling in wanted.terms[0] for at in places.get(spelling, ())})
    where = [{at for spelling in term for at in places.get(spelling, ())} for term in wanted.terms]
    ranges = []
    for start in where[0]:
        last = _follow(start, wanted.steps, where)
        if last is not None:
            ranges.append((start, last))
    return sorted(ranges)


def _follow(start: int, steps: tuple[int, ...], where: list[set[int]]) -> int | None:
    """Follow a unit from its first term: within a word to the next place, else to the next word's start."""
    at, word = start, start // STRIDE
    for before, step, candidates in zip(steps, steps[1:], where[1:], strict=False):
        if step // STRIDE == before // STRIDE:
            at += 1
        else:
            word = at // STRIDE + step // STRIDE - before // STRIDE
            at = word * STRIDE
        if at not in candidates:
            return None
    return at


def phrase_places(units: Sequence[Unit], places: Places) -> list[tuple[int, int]]:
    """Return the places where units follow each other, each in the word after the one before."""
    ranges = unit_places(units[0], places)
    for following in units[1:]:
        starts: dict[int, list[tuple[int, int]]] = {}
        for start, last in unit_places(following, places):
            starts.setdefault(start // STRIDE, []).append((start, last))
        ranges = [(start, later) for start, last in ranges for _, later in starts.get(last // STRIDE + 1, ())]
    return sorted(set(ranges))


def near_places(units: Sequence[Unit], between: int, places: Places) -> list[tuple[int, int]]:
    """Return the places of units that stand near each other, in any order.

    Near: the words from the first to the last, less those of the units
    themselves, are at most ``between``. One sweep over all places with a window
    that holds every unit as often as it is asked for; a unit that is asked for
    twice must stand in two words.
    """
    if len(units) == _TWO and units[0] != units[1] and not _two_are_near(units[0], units[1], between, places):
        return []  # most passages that have both words, told without the sweep
    wanted = Counter(units)
    covered = sum(wanted_unit.span for wanted_unit in units)
    events = sorted(
        (start, last, wanted_unit)
        for wanted_unit in wanted
        for start, last in _one_a_word(wanted_unit, places, once=wanted[wanted_unit] > 1)
    )
    counts: Counter[Unit] = Counter()
    missing = len(units)
    left = 0
    ranges: set[tuple[int, int]] = set()
    for right, (_, _, arrived) in enumerate(events):
        counts[arrived] += 1
        if counts[arrived] <= wanted[arrived]:
            missing -= 1
        while missing == 0 and counts[events[left][2]] > wanted[events[left][2]]:
            counts[events[left][2]] -= 1
            left += 1
        if missing == 0:
            inside = events[left : right + 1]
            words = max(last for _, last, _ in inside) // STRIDE - inside[0][0] // STRIDE + 1
            if words - covered <= between:
                ranges.update((start, last) for start, last, _ in inside)
    return sorted(ranges)


_TWO = 2
_FEW = 64


def _two_are_near(one: Unit, other: Unit, between: int, places: Places) -> bool:
    most = between + one.span + other.span - 1
    starts, ends = unit_places(one, places), [(first // STRIDE, last // STRIDE) for first, last in unit_places(other, places)]
    if len(starts) * len(ends) > _FEW:
        return True  # for many the sweep is faster
    return any(
        max(last // STRIDE, final) - min(start // STRIDE, first) <= most for start, last in starts for first, final in ends
    )


def _one_a_word(wanted: Unit, places: Places, *, once: bool) -> Iterable[tuple[int, int]]:
    """Return the places of a unit, where ``once`` only the first in each word."""
    ranges = unit_places(wanted, places)
    return {start // STRIDE: (start, last) for start, last in reversed(ranges)}.values() if once else ranges
