"""From the terms of passages in their order to the passages of terms in theirs, by arrays: a segment's field in one go.

Words and terms are numbers; one sort by term and run brings together what a
posting list is made of.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from archive.engine.whoosh.segment._arrays import Array, np
from archive.engine.whoosh.segment._segment_data import InvertedField
from archive.engine.whoosh.segment.layout import LENGTHS, Kind

_LENGTHS: Final = np.array(LENGTHS, dtype=np.int64)
_SORTED_AT_ONCE: Final = 1 << 20
_EMPTY: Final = np.zeros(0, np.uint32)
_AT_ONCE: Final = 1 << 18
"""Values that are looked up at a time."""


class Occurrences(NamedTuple):
    """The terms of passages in the order in which they stand.

    :param terms: numbers of terms, passage after passage; `invert` writes their ranks in their place.
    :param sizes: how many terms each passage has.
    :param documents: the numbers of the passages.
    :param positions: of each term from the beginning of its passage, ascending; of a field that is placed.
    """

    terms: Array
    sizes: Array
    documents: Array
    positions: Array = _EMPTY


def invert(kind: Kind, names: Sequence[bytes], found: Occurrences, documents: int) -> InvertedField:
    """Invert a field.

    :param names: of the terms, by the numbers that the occurrences have.
    :param documents: passages of the segment.
    """
    terms, rank_of = _rank(names, found.terms)
    own = np.repeat(found.documents.astype(np.uint16), found.sizes)
    all_ranks = gather(rank_of, found.terms, into=found.terms)
    ranks, numbers, often, positions = _group(all_ranks, own, len(terms), found.positions)
    pairs = lengths = _EMPTY
    if kind == "placed":
        lengths = np.zeros(documents, np.uint8)
        lengths[found.documents] = length_bytes(found.sizes)
        pairs = often << np.uint32(8)
        pairs |= gather(lengths, numbers)
    offsets = np.searchsorted(ranks, np.arange(len(terms) + 1, dtype=np.uint32))
    return InvertedField(kind, terms, offsets, numbers, pairs, positions, lengths)


def _group(ranks: Array, others: Array, most: int, positions: Array = _EMPTY) -> tuple[Array, Array, Array, Array]:
    """Return the different pairs of two arrays, sorted, how often there is each, and the positions of each, sorted too.

    They are sorted as numbers of four bytes, those of some ranks after those of others where two bytes do not tell these, or
    where they are many, so that fewer are in memory twice.

    :param others: of two bytes.
    :param most: that no rank reaches.
    :param positions: are written over.
    """
    slices = max(1, -(-most >> 16), -(-len(ranks) // _SORTED_AT_ONCE))
    width = -(-most // slices) or 1
    found: list[tuple[Array, Array, Array, Array]] = []
    for low in range(0, most or 1, width):
        here = (ranks >= low) & (ranks < low + width)
        keys = (ranks[here] - np.uint32(low)) << np.uint32(16) | others[here]
        placed = positions
        if len(positions):
            wide = keys.astype(np.uint64) << np.uint64(32) | positions[here]
            wide.sort()
            placed = wide.astype(np.uint32)
            keys = (wide >> np.uint64(32)).astype(np.uint32)
        else:
            keys.sort()
        is_first = np.ones(len(keys), bool)
        np.not_equal(keys[1:], keys[:-1], out=is_first[1:])
        begins = np.flatnonzero(is_first).astype(np.uint32)
        keys = keys[is_first]
        terms = (keys >> np.uint32(16)) + np.uint32(low)
        found.append((terms, keys.astype(np.uint16), np.diff(begins, append=np.uint32(len(is_first))), placed))
    *grouped, placed_parts = zip(*found, strict=True)
    terms, seconds, often = map(np.concatenate, grouped)
    return terms, seconds, often, np.concatenate(placed_parts, out=positions)


def gather(values: Array, places: Array, *, into: Array | None = None) -> Array:
    """Return the values at some places; numpy takes eight bytes for each place that it looks up, so not for all at a time.

    :param into: is written over with them; may be the places.
    """
    found = np.empty(len(places), values.dtype) if into is None else into
    for at in range(0, len(places), _AT_ONCE):
        found[at : at + _AT_ONCE] = values[places[at : at + _AT_ONCE]]
    return found


def _rank(names: Sequence[bytes], numbers: Array) -> tuple[list[bytes], Array]:
    """Return those of some terms that occur, in order, and for each number of a term its place among them."""
    present = np.zeros(len(names), bool)
    for at in range(0, len(numbers), _AT_ONCE):
        present[numbers[at : at + _AT_ONCE]] = True
    in_order = sorted(np.flatnonzero(present).tolist(), key=names.__getitem__)
    rank_of = np.zeros(len(names), np.uint32)
    rank_of[in_order] = np.arange(len(in_order), dtype=np.uint32)
    return [names[number] for number in in_order], rank_of


def length_bytes(lengths: Array) -> Array:
    """Return the byte of each length: that of the longest that is not longer."""
    return (np.searchsorted(_LENGTHS, lengths, side="right") - 1).astype(np.uint32)
