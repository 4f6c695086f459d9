"""Whether terms stand beside each other in a passage, told without looking into one after the other.

For single terms in a row, and for two near each other, the words of all passages are looked through at once. For a run of
Hangul inside a word the whole words of a segment tell which passages have it.
`archive.analysis.positions` decides the same for everything else.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache, partial
from itertools import compress, pairwise
from operator import sub
from typing import Final

from archive.analysis import tokens
from archive.engine._plan import Near
from archive.engine.whoosh._docset import DocSet
from archive.engine.whoosh.segment.index_reader import SegmentReader
from archive.engine.whoosh.segment.postings import UNCLEAR, WORD_BITS, Postings

_TWO: Final = 2
_COMMON: Final = 48
"""One passage in how many a term stands in at least for its first words to be compared in all passages of a segment at once."""
_EVEN: Final = 128
"""What the difference of two words is counted from, in a byte."""


def are_words(near: Near) -> bool:
    """Return whether words alone tell how units stand: each is one term, and all stand in a row, or two are near."""
    if any(len(unit.terms) != 1 for unit in near.units):
        return False
    return near.between is None or (len(near.units) == _TWO and near.units[0] != near.units[1])


def are_common_words(near: Near, postings: Mapping[str, Postings], fewest: int) -> bool:
    """Return whether `by_first_words` is there for some units, and faster than a look at the passages that have them.

    :param fewest: of how many passages it has to be told at most.
    """
    return are_words(near) and len(near.units) == len(postings) == _TWO and fewest * _COMMON > next(iter(postings.values())).size


def by_first_words(near: Near, postings: Mapping[str, Postings]) -> tuple[list[int], list[int]]:
    """Return the passages of a segment in which two terms stand as asked, and those in which their first words do not tell.

    Nearly every term stands once in a passage, so that its first word there tells. The bytes of all passages are one integer,
    and so the difference of two words is taken in all of them at once.

    :param postings: of the two, each a unit of one spelling.
    """
    one, other = (postings[term] for unit in near.units for term in unit.terms[0] if term in postings)
    both = one.present & other.present
    apart = ((other.first_words | _evens(one.size)) - one.first_words) & both
    told = (apart | (one.unclear | other.unclear) & both).to_bytes(one.size, "little")
    if near.between is None:
        return _indexes(told, bytes([_EVEN + 1])), _indexes(told, bytes([UNCLEAR]))
    reach = min(near.between + 1, UNCLEAR - 1 - _EVEN)
    too_far = bytes(_EVEN - reach)
    flags = told.translate(too_far + b"\1" * (2 * reach + 1) + too_far[2:] + bytes([UNCLEAR]))
    return _indexes(flags, b"\1"), _indexes(flags, bytes([UNCLEAR]))


@lru_cache(maxsize=4)
def _evens(size: int) -> int:
    return int.from_bytes(bytes([_EVEN]) * size, "little")


def _indexes(among: bytes, value: bytes) -> list[int]:
    """Return where a byte stands among others."""
    indexes = []
    at = among.find(value)
    while at >= 0:
        indexes.append(at)
        at = among.find(value, at + 1)
    return indexes


def check_places(near: Near, postings: Mapping[str, Postings], documents: Sequence[int]) -> list[int]:
    """Return those of some passages, which have every unit, in which they stand as asked.

    :param postings: of the terms of the units, as far as they are there.
    """
    first, *others = (
        [key for term in unit.terms[0] if term in postings for key in postings[term].word_keys(documents)] for unit in near.units
    )
    if near.between is not None:
        found = _near(first, others[0], near.between + 1)
    else:
        found = set(first)
        for step, keys in enumerate(others, start=1):
            found.intersection_update(map((-step).__add__, keys))
    return sorted({key >> WORD_BITS for key in found})


def _near(ones: Iterable[int], others: Iterable[int], reach: int) -> Iterable[int]:
    """Return keys of ones that have one of the others at most so far from them, or of those: then two neighbours are so near."""
    keys = sorted([*(key << 1 for key in ones), *(key << 1 | 1 for key in others)])
    closest = map(sub, keys[1:], keys)
    near = compress(pairwise(keys), map((2 * reach + 2).__gt__, closest))
    return [left >> 1 for left, right in near if (left ^ right) & 1 and (right >> 1) - (left >> 1) <= reach]


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
        self._words = cache(_words)
        self.docs_with = lru_cache(maxsize=MOST_REMEMBERED)(partial(_docs_with, self._words))

    def truncated_docs(self, segment: SegmentReader, field: str) -> set[int]:
        """Return the passages with a word so long that it was cut, so that a run may have been lost."""
        return set(_passages_with(segment, set(self._words(segment, field)[1]), field))


def _words(segment: SegmentReader, field: str) -> Words:
    lines = b"\n".join([word for word in segment.terms.words(field) if not word.isascii()]).decode()
    return f"\n{lines}\n", [word for word in lines.split("\n") if len(word) >= tokens.LONGEST]


def _docs_with(
    words_of: Callable[[SegmentReader, str], Words], segment: SegmentReader, runs: tuple[str, ...], field: str
) -> DocSet:
    """Return the passages of a segment that have a word with one of some runs inside.

    :param field: that of the whole words.
    """
    lines, _ = words_of(segment, field)
    words = {word for run in runs for word in words_with(lines, run)}
    return DocSet(segment.size, sorted(set(_passages_with(segment, words, field))))


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
