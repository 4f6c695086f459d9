"""Passages of one segment as a set, and what each of them scores.

What is asked together is taken together: lists are met by bytes, a byte for
each passage of the segment, so that no passage takes a step of Python.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, reduce
from itertools import compress
from operator import and_, not_
from typing import NamedTuple

from archive.engine.whoosh.segment.layout import bits
from archive.engine.whoosh.segment.postings import Postings, take

_MUCH_LONGER = 16
"""Times a list is longer than another from which it is faster to look for each of the other in it."""


class TermScorer(NamedTuple):
    """What a term adds to the score of the passages that have it, or of some of them; no term: the weight itself."""

    weight: float
    postings: Postings | None = None
    field: str = ""
    only: list[int] | None = None
    term: str = ""


class DocSet:
    """Passages of one segment, ascending.

    ``in_slots`` are those of them that answer in each of their languages, where that is known: the score of a passage is that
    of the language in which it answers best. ``added`` are sets whose scores add up to those of this one, where it has none.
    ``is_narrowed``: its scorers may hold for more passages than it has, which matters where it is taken into a larger set.
    """

    def __init__(
        self,
        size: int,
        documents: list[int],
        gains: tuple[TermScorer, ...] = (),
        source: "Postings | DocSet | None" = None,
        made: Callable[[], int] | None = None,
    ) -> None:
        """Take the passages.

        :param source: the postings, or another set, that they all are, where they are just that.
        :param made: gives their bits, where that is faster than from their numbers.
        """
        self.size = size
        self.ids = documents
        self.scorers = gains
        self._source = source
        self._made = made
        self.in_slots: Sequence[tuple[int, DocSet]] = ()
        self.added: Sequence[DocSet] = ()
        self.is_narrowed = False

    def rescored(self, gains: tuple[TermScorer, ...]) -> "DocSet":
        """Return the same passages with other scorers."""
        return DocSet(self.size, self.ids, gains, source=self)

    def narrowed(self) -> "DocSet":
        """Say of a set just made that its scorers may hold for more passages than it has, and return it."""
        self.is_narrowed = True
        return self

    def own_scorers(self) -> Iterator[TermScorer]:
        """Yield its scorers, each for the passages of this set alone."""
        for scorer in self.scorers:
            if scorer.only is None:
                yield scorer._replace(only=self.ids)
            else:
                here = intersect(scorer.only, self) if self.is_narrowed else scorer.only
                yield scorer if len(here) == len(scorer.only) else scorer._replace(only=here)

    def slots_of(self, document: int) -> tuple[int, ...]:
        """Return the languages in which a passage answers; () where it was not asked by language."""
        return tuple(slot for slot, doc_set in self.in_slots if _is_among(document, doc_set.ids))

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def byte_mask(self) -> bytes | bytearray:
        """A byte for each passage of the segment, 0 where it is not one of these."""
        if self._source is not None:
            return self._source.byte_mask
        return to_byte_mask(self.ids, self.size)

    @cached_property
    def bit_mask(self) -> int:
        """An integer with a bit set for each passage."""
        if self._source is not None:
            return self._source.bit_mask
        return self._made() if self._made is not None else bits(self.ids, self.size)


def to_byte_mask(documents: Iterable[int], size: int) -> bytearray:
    """Return a byte for each passage of a segment, 1 for those named."""
    flags = bytearray(size)
    for document in documents:
        flags[document] = 1
    return flags


def intersect(documents: list[int], other: DocSet) -> list[int]:
    """Return those of some passages that are in a set."""
    if len(documents) > _MUCH_LONGER * len(other):
        return [document for document in other.ids if _is_among(document, documents)]
    return list(compress(documents, take(documents, other.byte_mask)))


def _is_among(document: int, documents: list[int]) -> bool:
    """Return whether a passage is in an ascending list."""
    at = bisect_left(documents, document)
    return at < len(documents) and documents[at] == document


def intersect_all(sets: Iterable[DocSet]) -> list[int]:
    """Return the passages that are in all of some sets."""
    first, *rest = sorted(sets, key=len)
    documents = first.ids
    for other in rest:
        documents = intersect(documents, other)
    return documents


def intersect_masks(sets: Iterable[DocSet]) -> int:
    """Return the passages that are in all of some sets as bits."""
    return reduce(and_, [doc_set.bit_mask for doc_set in sets])


def difference(documents: list[int], other: DocSet) -> list[int]:
    """Return those of some passages that are not in a set."""
    unwanted = take(documents, other.byte_mask)
    return list(compress(documents, map(not_, unwanted)))


def union(sets: Iterable[list[int]]) -> list[int]:
    """Return the passages of several lists, each once, in order."""
    lists = sorted((ids for ids in sets if ids), key=len, reverse=True)
    if len(lists) <= 1:
        return lists[0] if lists else []
    largest, rest = lists[0], set().union(*lists[1:])
    rest.difference_update(largest)
    return sorted([*largest, *sorted(rest)]) if rest else largest


def restrict(gains: Iterable[TermScorer], documents: list[int], size: int) -> tuple[TermScorer, ...]:
    """Let gains that hold for some passages hold for those of them alone that are left.

    A gain that holds for all passages of its term stays as it is: of others than those left nobody asks.
    """
    left = DocSet(size, documents)
    return tuple(gain if _is_of_all(gain) else gain._replace(only=intersect(gain.only or [], left)) for gain in gains)


def _is_of_all(gain: TermScorer) -> bool:
    return gain.only is None or (gain.postings is not None and gain.only is gain.postings.listed)
