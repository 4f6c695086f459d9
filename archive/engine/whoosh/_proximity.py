"""Whether terms stand beside each other in a passage, told without their positions.

For single terms in a row, and for two near each other, the numbers of a passage's terms are searched as they lie in the
index. For a run of Hangul inside a word the whole words of a segment tell which passages have it.
`archive.analysis.positions` decides the same for everything else.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from archive.analysis import tokens
from archive.engine._plan import Near
from archive.engine.whoosh._docset import DocSet
from archive.engine.whoosh.segment.index_reader import SegmentReader

WIDTH: Final = 2
"""Bytes of a number."""
_MOST: Final = 1 << 8 * WIDTH
_TWO: Final = 2

Tells = Callable[[bytes], bool]
"""Tells by the numbers of a passage's terms, in their order and a step apart and behind one that counts them, whether some
units stand as asked."""


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
        return lambda passage: run in passage and _found(passage, run, WIDTH) >= 0
    if len(written) != _TWO or written[0] == written[1] or step != tokens.STRIDE:
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
    left, right = passage.find(one, WIDTH), passage.find(other, WIDTH)
    if left % WIDTH or right % WIDTH:  # between two numbers, or nowhere
        left, right = _found(passage, one, WIDTH), _found(passage, other, WIDTH)
    while left >= 0 and right >= 0:
        if -reach <= left - right <= reach:
            return True
        if left < right:
            left = _found(passage, one, left + WIDTH)
        else:
            right = _found(passage, other, right + WIDTH)
    return False


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
