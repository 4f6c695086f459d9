"""Whether terms stand beside each other in a passage, told without their positions.

For single terms in a row, and for two near each other, the numbers of a passage's terms are searched as they lie in the
index. For a run of Hangul inside a word the whole words of a segment tell which passages have it.
`archive.analysis.positions` decides the same for everything else.
"""

import sys
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, compress, pairwise
from operator import sub
from typing import Final, NamedTuple

from archive.analysis import tokens
from archive.engine._plan import Near
from archive.engine.whoosh._docset import DocSet
from archive.engine.whoosh.segment.index_reader import SegmentReader

WIDTH: Final = 2
"""Bytes of a number."""
_GAP: Final = (1 << 8 * WIDTH) - 1
"""A number between two passages, which no term has that is looked for in bytes."""
_TWO: Final = 2


class InBytes(NamedTuple):
    """What is looked for in the numbers of the terms of passages as they lie: numbers in a row, or two near each other.

    :param reach: how many bytes two may stand apart, 0 for a row.
    """

    wanted: tuple[bytes, ...]
    reach: int = 0

    def found(self, passages: Sequence[memoryview]) -> list[int]:
        """Return which of some passages have it, by their places among them; all are read as one."""
        gap = max(self.reach // WIDTH, 1)
        written = (b"\xff" * gap * WIDTH).join(passages)
        if self.reach:
            one, other = self.wanted
            places = _near(_places(written, one), _places(written, other), self.reach)
        else:
            places = _places(written, b"".join(self.wanted))
        ends = list(accumulate(map(gap.__add__, map(len, passages))))
        return list(dict.fromkeys(bisect_right(ends, place // WIDTH) for place in places))


def in_bytes(near: Near, numbers: Mapping[str, int], step: int) -> InBytes | None:
    """Return what units that stand as asked look like in bytes, None where it takes their positions.

    :param numbers: of the terms of the units.
    :param step: how far the positions of neighbouring terms are apart.
    """
    if any(len(unit.terms) != 1 or len(unit.terms[0]) != 1 for unit in near.units):
        return None  # not all of one term in one spelling
    wanted = [numbers[unit.terms[0][0]] for unit in near.units]
    if max(wanted) >= _GAP:
        return None
    written = tuple(number.to_bytes(WIDTH, sys.byteorder) for number in wanted)
    if near.between is None:
        return InBytes(written)
    if len(written) != _TWO or written[0] == written[1] or step != tokens.STRIDE:
        return None
    return InBytes(written, (near.between + 1) * WIDTH)


def _places(written: bytes, wanted: bytes) -> Iterator[int]:
    """Yield where numbers stand, never between two numbers; what is looked for is one byte, which takes far less time."""
    first, length = wanted[:1], len(wanted)
    place = written.find(first)
    while place >= 0:
        if written[place : place + length] == wanted and not place % WIDTH:
            yield place
        place = written.find(first, place + 1)


def _near(ones: Iterable[int], others: Iterable[int], reach: int) -> Iterator[int]:
    """Yield the places of ones or others that have one of the other kind at most so far behind them: then two neighbours have."""
    places = sorted([*ones, *(place + 1 for place in others)])
    closest = map(sub, places[1:], places)
    for left, right in compress(pairwise(places), map((reach + 1).__ge__, closest)):
        if (left ^ right) & 1 and (right & ~1) - (left & ~1) <= reach:
            yield left


MOST_REMEMBERED: Final = 64
"""Runs remembered at once, each with the passages of a segment that have it."""
_FIRST, _LAST = "가", "힣"
"""The first and the last syllable of Hangul."""


Words = tuple[str, list[str]]
"""The words of a segment that are not plain ASCII, each in a line, and those of them so long that they were cut."""


class SubstringLookup:
    """Finds runs inside words; remembers them by segment, and is let go with the index."""

    def __init__(self) -> None:
        """Begin with nothing remembered."""
        self._words: dict[tuple[str, str], Words] = {}
        self._having: dict[tuple[str, str, tuple[str, ...]], DocSet] = {}

    def docs_with(self, segment: SegmentReader, runs: tuple[str, ...], field: str) -> DocSet:
        """Return the passages of a segment that have a word with one of some runs inside.

        :param field: that of the whole words.
        """
        key = (segment.entry.name, field, runs)
        documents = self._having.get(key)
        if documents is None:
            if len(self._having) >= MOST_REMEMBERED:
                self._having.clear()
            lines = self._words_of(segment, field)[0]
            words = {word for run in runs for word in words_with(lines, run)}
            documents = self._having[key] = DocSet(segment.size, sorted(set(_passages_with(segment, words, field))))
        return documents

    def truncated_docs(self, segment: SegmentReader, field: str) -> set[int]:
        """Return the passages with a word so long that it was cut, so that a run may have been lost."""
        return set(_passages_with(segment, set(self._words_of(segment, field)[1]), field))

    def _words_of(self, segment: SegmentReader, field: str) -> Words:
        entry = self._words.get((segment.entry.name, field))
        if entry is None:
            lines = b"\n".join([word for word in segment.terms.words(field) if not word.isascii()]).decode()
            long = [word for word in lines.split("\n") if len(word) >= tokens.LONGEST]
            entry = self._words[segment.entry.name, field] = f"\n{lines}\n", long
        return entry


def _passages_with(segment: SegmentReader, words: set[str], field: str) -> Iterator[int]:
    for word in words:
        place = segment.terms.find(field, word.encode())
        if place >= 0:
            yield from segment.terms.postings(place, field).documents


def words_with(lines: str, run: str) -> Iterator[str]:
    """Yield the words that have a run inside.

    :param lines: the words, a line end before and behind each.
    """
    at = lines.find(run)
    while at >= 0:
        start, end = lines.rindex("\n", 0, at) + 1, lines.index("\n", at)
        yield lines[start:end]
        at = lines.find(run, end)


def runs_of(near: Near) -> tuple[str, ...]:
    """Return the ways to write one unit of neighbouring pairs of Hangul as a run, () where it is anything else."""
    if near.between is not None or len(near.units) != 1:
        return ()
    terms, steps = near.units[0]
    pairs = [spellings[0] for spellings in terms]
    if steps != tuple(range(len(steps))) or not all(_is_pair(spelling) for spellings in terms for spelling in spellings):
        return ()
    return tuple(first + "".join(pair[1] for pair in pairs[1:]) for first in terms[0])


def _is_pair(term: str) -> bool:
    """Return whether a term is two syllables of Hangul."""
    return len(term) == 2 and all(_FIRST <= letter <= _LAST for letter in term)  # noqa: PLR2004 - a pair
