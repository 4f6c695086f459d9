"""Passages of one segment as a set, and what each of them scores.

Lists are intersected by bytes, one for each passage of the segment, so that no passage takes a step of Python.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, partial, reduce
from itertools import compress
from operator import and_, not_, or_

from archive.engine.whoosh.segment.layout import bits
from archive.engine.whoosh.segment.postings import Postings, take
from archive.named_tuple import NamedTuple

_LARGE = 16
"""One passage in how many a set has at least whose bits are worth having: from there on a term has them in the file."""


class TermScorer(NamedTuple):
    """What a term adds to the score of a passage; no term: the weight itself."""

    weight: float
    postings: Postings | None = None
    field: str = ""


class DocSet:
    """Passages of one segment, ascending.

    ``scorers`` score each of its passages, and each set of ``parts`` adds the scores of those that are in it. ``in_slots`` are
    those of them that answer in each of their languages, where that is known: of these the best counts.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - passages, what scores them, and where their masks come from
        self,
        size: int,
        ids: list[int],
        scorers: Sequence[TermScorer] = (),
        parts: "Sequence[DocSet]" = (),
        source: "Postings | DocSet | None" = None,
        to_bit_mask: Callable[[], int] | None = None,
    ) -> None:
        """Take the passages.

        :param source: the postings, or another set, that they all are, where they are just that.
        :param to_bit_mask: returns their bits, where that is faster than from their numbers.
        """
        self.size = size
        self.ids = ids
        self.scorers = scorers
        self.parts = parts
        self._source = source
        self._to_bit_mask = to_bit_mask
        self.in_slots: Sequence[tuple[int, DocSet]] = ()

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
        mask = bytearray(self.size)
        for document in self.ids:
            mask[document] = 1
        return mask

    @cached_property
    def bit_mask(self) -> int:
        """An integer with a bit set for each passage."""
        if self._source is not None:
            return self._source.bit_mask
        return self._to_bit_mask() if self._to_bit_mask is not None else bits(self.ids, self.size)


def _is_among(document: int, documents: list[int]) -> bool:
    """Return whether a passage is in an ascending list."""
    at = bisect_left(documents, document)
    return at < len(documents) and documents[at] == document


def intersect(documents: list[int], other: DocSet) -> list[int]:
    """Return those of some passages that are in a set."""
    return list(compress(documents, take(documents, other.byte_mask)))


def intersect_all(sets: Iterable[DocSet]) -> list[int]:
    """Return the passages that are in all of some sets."""
    first, *rest = sorted(sets, key=len)
    return reduce(intersect, rest, first.ids)


def difference(documents: list[int], other: DocSet) -> list[int]:
    """Return those of some passages that are not in a set."""
    return list(compress(documents, map(not_, take(documents, other.byte_mask))))


def union(sets: Iterable[list[int]]) -> list[int]:
    """Return the passages of several lists, each once, in order."""
    lists = sorted((ids for ids in sets if ids), key=len, reverse=True)
    if len(lists) <= 1:
        return lists[0] if lists else []
    largest, rest = lists[0], set().union(*lists[1:])
    rest.difference_update(largest)
    return sorted([*largest, *rest]) if rest else largest


def intersect_masks(sets: Iterable[DocSet]) -> int:
    """Return the passages that are in all of some sets as bits."""
    return reduce(and_, [doc_set.bit_mask for doc_set in sets])


def intersection_of(sets: Sequence[DocSet]) -> DocSet:
    """Return the passages that are in all of some sets, without scores."""
    return DocSet(sets[0].size, intersect_all(sets), to_bit_mask=partial(intersect_masks, sets))


def union_of(sets: Sequence[DocSet]) -> DocSet:
    """Return the passages that are in any of some sets, without scores."""
    size = sets[0].size

    def to_bit_mask() -> int:
        small = union([doc_set.ids for doc_set in sets if len(doc_set) * _LARGE < size])
        return reduce(or_, [doc_set.bit_mask for doc_set in sets if len(doc_set) * _LARGE >= size], bits(small, size))

    return DocSet(size, union([doc_set.ids for doc_set in sets]), to_bit_mask=to_bit_mask)
