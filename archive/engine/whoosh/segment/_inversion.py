"""From the terms of passages in their order to the passages of terms in theirs, by arrays: a segment's field in one go.

Words and terms are numbers; one sort by term and run brings together what a
posting list is made of.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from archive.engine.whoosh.segment._arrays import Array, np
from archive.engine.whoosh.segment._segment_data import InvertedField, ranges
from archive.engine.whoosh.segment.layout import LENGTHS, Kind

_LENGTHS: Final = np.array(LENGTHS, dtype=np.int64)
_SORTED_AT_ONCE: Final = 1 << 20
_EMPTY: Final = np.zeros(0, np.uint32)
_AT_ONCE: Final = 1 << 18
"""Terms of words that are found at a time."""


class Occurrences(NamedTuple):
    """Terms in the order in which they stand, run by run; a run is the text of one passage, or of neighbours that have the same.

    :param terms: numbers of terms, run after run.
    :param sizes: terms of each run.
    :param firsts: the first passage of each run.
    :param times: how many passages have it.
    :param positions: of each term from the beginning of its run, ascending; of a field that is placed.
    """

    terms: Array
    sizes: Array
    firsts: Array
    times: Array
    positions: Array = _EMPTY


class PostingArrays(NamedTuple):
    """Postings in the order of their terms, and those of a term in that of the passages.

    :param terms: the place of the term of each.
    :param pairs: ``frequency << 8 | length`` of each posting, of a field that is placed.
    :param positions: of those of each posting, one after the other; of a field that is placed.
    """

    terms: Array
    documents: Array
    pairs: Array = _EMPTY
    positions: Array = _EMPTY


def invert(kind: Kind, names: Sequence[bytes], found: Occurrences, documents: int) -> InvertedField:
    """Invert a field.

    :param names: of the terms, by the numbers that the occurrences have.
    :param documents: passages of the segment.
    """
    terms, rank_of = _ranked(names, found.terms)
    ranks = rank_of[found.terms]
    lengths = _EMPTY
    if kind == "plain":  # its runs may lie beside each other in one passage
        postings = _presence(ranks, found, len(terms))
    else:
        bytes_of = length_bytes(found.sizes)
        postings = _frequencies(ranks, found, len(terms), bytes_of)
        lengths = np.zeros(documents, np.uint8)
        lengths[ranges(found.firsts, found.times)] = np.repeat(bytes_of, found.times)
    offsets = np.searchsorted(postings.terms, np.arange(len(terms) + 1, dtype=np.uint32))
    return InvertedField(kind, terms, offsets, postings.documents, postings.pairs, postings.positions, lengths)


def _presence(ranks: Array, found: Occurrences, most: int) -> PostingArrays:
    """Return the postings of terms of which only presence is kept, each once a passage."""
    documents = np.repeat(found.firsts.astype(np.uint16), found.sizes)
    several = found.times > 1
    if several.any():  # few terms have neighbours in common, and all others are left as they are
        times = np.repeat(found.times[several], found.sizes[several])
        of_several = np.repeat(several, found.sizes)
        more = ranges(documents[of_several], times).astype(np.uint16), np.repeat(ranks[of_several], times)
        np.logical_not(of_several, out=of_several)
        documents, ranks = (
            np.concatenate((each[of_several], added)) for each, added in zip((documents, ranks), more, strict=True)
        )
    term_of, document_of, _, _ = _grouped(ranks, documents, most)
    return PostingArrays(term_of, document_of)


def _frequencies(ranks: Array, found: Occurrences, most: int, bytes_of: Array) -> PostingArrays:
    """Return the postings of terms with how often each is there, where, and how long its passage is.

    :param bytes_of: the length of each run.
    """
    runs = np.repeat(np.arange(len(found.sizes), dtype=np.uint16), found.sizes)
    term_of, run_of, often, positions = _grouped(ranks, runs, most, found.positions)
    pairs = often << np.uint32(8) | bytes_of[run_of]
    documents = found.firsts.astype(np.uint16)[run_of]
    times = found.times[run_of]
    if times.max(initial=1) == 1:
        return PostingArrays(term_of, documents, pairs, positions)
    # The passages of a run have the same ones.
    starts = np.repeat(np.cumsum(often, dtype=np.uint32) - often, times)
    positions = positions[ranges(starts, np.repeat(often, times))]
    return PostingArrays(
        np.repeat(term_of, times), ranges(documents, times).astype(np.uint16), np.repeat(pairs, times), positions
    )


def _grouped(ranks: Array, others: Array, most: int, positions: Array = _EMPTY) -> tuple[Array, Array, Array, Array]:
    """Return the different pairs of two arrays, sorted, how often there is each, and the positions of each, sorted too.

    They are sorted as numbers of four bytes, those of some ranks after those of others where two bytes do not tell these, or
    where they are many, so that fewer are in memory twice.

    :param others: of two bytes.
    :param most: that no rank reaches.
    :param positions: are written over.
    """
    slices = max(1, -(-most >> 16), -(-len(ranks) // _SORTED_AT_ONCE)) if most > 1 else 1
    width = -(-most // slices)
    found: list[tuple[Array, Array, Array, Array]] = []
    for low in range(0, slices * width or 1, width or 1):
        if slices == 1:
            keys = ranks << np.uint32(16)
            keys |= others
        else:
            here = (ranks >= low) & (ranks < low + width)
            keys = ranks[here]
            keys -= np.uint32(low)
            keys <<= np.uint32(16)
            keys |= others[here]
        placed = positions
        if len(positions):
            wide = keys.astype(np.uint64)
            wide <<= np.uint64(32)
            wide |= positions if slices == 1 else positions[here]
            wide.sort()
            placed = wide.astype(np.uint32)
            wide >>= np.uint64(32)
            keys = wide.astype(np.uint32)
            del wide
        else:
            keys.sort()
        is_first = np.ones(len(keys), bool)
        np.not_equal(keys[1:], keys[:-1], out=is_first[1:])
        begins = np.flatnonzero(is_first).astype(np.uint32)
        keys = keys[is_first]
        second = keys.astype(np.uint16)
        keys >>= np.uint32(16)
        keys += np.uint32(low)
        found.append((keys, second, np.diff(begins, append=np.uint32(len(is_first))), placed))
    if slices == 1:
        return found[0]
    *grouped, placed_parts = zip(*found, strict=True)
    terms, seconds, often = map(np.concatenate, grouped)
    return terms, seconds, often, np.concatenate(placed_parts, out=positions)


def _ranked(names: Sequence[bytes], numbers: Array) -> tuple[list[bytes], Array]:
    """Return those of some terms that occur, in order, and for each number of a term its place among them."""
    present = np.zeros(len(names), bool)
    present[numbers] = True
    in_order = sorted(np.flatnonzero(present).tolist(), key=names.__getitem__)
    rank_of = np.zeros(len(names), np.uint32)
    rank_of[in_order] = np.arange(len(in_order), dtype=np.uint32)
    return [names[number] for number in in_order], rank_of


def length_bytes(lengths: Array) -> Array:
    """Return the byte of each length: that of the longest that is not longer."""
    return (np.searchsorted(_LENGTHS, lengths, side="right") - 1).astype(np.uint32)


def blocks(sizes: Array) -> Iterator[tuple[int, int]]:
    """Yield the bounds of neighbouring runs that have about `_AT_ONCE` terms together, or are one."""
    ends = np.cumsum(sizes, dtype=np.int64)
    first = 0
    while first < len(sizes):
        before = int(ends[first - 1]) if first else 0
        last = max(first + 1, int(np.searchsorted(ends, before + _AT_ONCE, side="right")))
        yield first, last
        first = last
