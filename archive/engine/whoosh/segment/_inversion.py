"""From the terms of passages in their order to the passages of terms in theirs, by arrays: a segment's field in one go.

Words and terms are numbers; one sort by term and run brings together what a
posting list is made of, and frequency and length of each posting become one
code by a table that the field's commonest pairs share.
"""

from array import array
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from archive.engine.whoosh.segment._arrays import Array, np
from archive.engine.whoosh.segment._lengths import LENGTHS
from archive.engine.whoosh.segment.layout import ESCAPE, PLACE_BITS, Kind, Pair, Written, narrowest

_LENGTHS: Final = np.array(LENGTHS, dtype=np.int64)
_TABLE: Final = 1 << 20
"""Pairs, as ``frequency << 8 | length``, below which one may have a code; a term that stands 4,096 times in a passage is rare."""
_SORTED_AT_ONCE: Final = 1 << 20
_EMPTY: Final = np.zeros(0, np.uint32)
_AT_ONCE: Final = 1 << 18
"""Terms of which numpy makes temporary arrays at a time: to find values by their places it takes eight bytes for each."""


class Occurrences(NamedTuple):
    """Terms in the order in which they stand, run by run; a run is the text of one passage, or of neighbours that have the same.

    :param terms: numbers of terms, run after run; `invert` writes their ranks in their place.
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


class InvertedField(NamedTuple):
    """A field of a segment, ready to be written.

    :param terms: in their order.
    :param bounds: of the postings of each term, and the end.
    :param documents: the passages of all postings, two bytes each.
    :param codes: of all postings, "" where only presence is kept.
    :param escaped: the pairs of a term that have no code, by its place among the terms.
    :param stands: where each term stands, of a field that is placed.
    :param lengths: a byte for each passage; ``total`` is the sum of the lengths themselves.
    """

    kind: Kind
    pairs: list[Pair]
    terms: list[bytes]
    bounds: list[int]
    documents: bytes
    codes: bytes
    escaped: dict[int, list[Pair]]
    stands: "Stands | None" = None
    lengths: bytes = b""
    total: int = 0

    def written(self, at: int) -> Written:
        """Return what is kept of the term at a place."""
        first, last = self.bounds[at], self.bounds[at + 1]
        stands = self.stands.of(at) if self.stands else ()
        return Written(self.documents[2 * first : 2 * last], self.codes[first:last], self.escaped.get(at, []), *stands)

    def bitmap(self, at: int, size: int) -> bytes:
        """Return a bit for each passage of a segment that is set where it has the term at a place."""
        return bitmap(self.documents[2 * self.bounds[at] : 2 * self.bounds[at + 1]], size)


def bitmap(documents: bytes, size: int) -> bytes:
    """Return a bit for each passage of a segment, the first in the lowest, set for those with these numbers of two bytes."""
    mask = np.zeros(size, np.uint8)
    mask[np.frombuffer(documents, np.uint16)] = 1
    return np.packbits(mask, bitorder="little").tobytes()


class Stands(NamedTuple):
    """Where terms stand in their passages, term after term.

    :param bounds: of each term, and the end.
    :param words: the lowest byte of the number of each word; of terms with a higher one as they are `written`.
    :param places: in the words.
    """

    bounds: list[int]
    words: bytes
    wide: dict[int, memoryview]
    places: bytes

    def of(self, at: int) -> tuple[memoryview, bytes]:
        """Return the numbers of words of a term, and the places in them, "" where each is the first."""
        first, last = self.bounds[at], self.bounds[at + 1]
        are_first = self.places.count(0, first, last) == last - first
        words = self.wide.get(at) or memoryview(self.words)[first:last]
        return words, b"" if are_first else self.places[first:last]


def _stands(positions: Array, counts: Array) -> Stands:
    """Write positions.

    :param counts: how many each term has.
    """
    bounds = [0, *np.cumsum(counts).tolist()]
    highest = (np.maximum.reduceat(positions, bounds[:-1]) if len(counts) else counts) >> PLACE_BITS
    wide = {}
    for at in np.flatnonzero(highest >> 8).tolist():
        words = array("I", (positions[bounds[at] : bounds[at + 1]] >> np.uint32(PLACE_BITS)).tobytes())
        wide[at] = memoryview(narrowest(words, int(highest[at]) + 1))
    each_byte = positions.astype("<u4", copy=False).view(np.uint8).reshape(-1, 4)
    return Stands(bounds, each_byte[:, 1].tobytes(), wide, each_byte[:, 0].tobytes())


def invert(  # noqa: PLR0913 - what a field is
    kind: Kind,
    names: Sequence[bytes],
    found: Occurrences,
    documents: int,
    *,
    first: int = 0,
    pairs: Sequence[Pair] = (),
) -> InvertedField:
    """Invert a field.

    :param names: of the terms, by the numbers that the occurrences have.
    :param documents: passages of the draft.
    :param first: the number of its first passage in the segment.
    :param pairs: of frequency and length that have a code in the segment that is continued.
    """
    terms, rank_of = ranked(names, found.terms)
    ranks = gathered(rank_of, found.terms, found.terms)
    if kind == "plain":  # its runs may lie beside each other in one passage
        return from_postings(kind, terms, _presence(ranks, found, len(terms), first), pairs)
    bytes_of = length_bytes(found.sizes)
    field = from_postings(kind, terms, _frequencies(ranks, found, len(terms), first, bytes_of), pairs)
    lengths = np.zeros(documents, np.uint8)
    lengths[_repeated(found.firsts, found.times)] = np.repeat(bytes_of, found.times)
    total = int((found.sizes.astype(np.int64) * found.times).sum())
    return field._replace(lengths=lengths.tobytes(), total=total)


def _presence(ranks: Array, found: Occurrences, most: int, first: int) -> "PostingArrays":
    """Return the postings of terms of which only presence is kept, each once a passage."""
    documents = np.repeat(found.firsts.astype(np.uint16), found.sizes) + np.uint16(first)
    several = found.times > 1
    if several.any():  # few terms have neighbours in common, and all others are left as they are
        times = np.repeat(found.times[several], found.sizes[several])
        of_several = np.repeat(several, found.sizes)
        more = _repeated(documents[of_several], times), _repeated(ranks[of_several], times, counted=False)
        np.logical_not(of_several, out=of_several)
        documents, ranks = (
            np.concatenate((each[of_several], added)) for each, added in zip((documents, ranks), more, strict=True)
        )
    term_of, document_of, _, _ = _grouped(ranks, documents, most)
    return PostingArrays(term_of, document_of)


def _frequencies(ranks: Array, found: Occurrences, most: int, first: int, bytes_of: Array) -> "PostingArrays":
    """Return the postings of terms with how often each is there, where, and how long its passage is.

    :param bytes_of: the length of each run.
    """
    runs = np.repeat(np.arange(len(found.sizes), dtype=np.uint16), found.sizes)
    term_of, run_of, often, positions = _grouped(ranks, runs, most, found.positions)
    times = gathered(found.times, run_of)
    if len(positions) and times.max(initial=1) > 1:  # the passages of a run have the same ones
        each_often = np.repeat(often, times)
        positions = taken(positions, np.repeat(np.cumsum(often, dtype=np.uint32) - often, times), each_often)
    often <<= np.uint32(8)
    often |= gathered(bytes_of, run_of)
    documents = _repeated(gathered(found.firsts, run_of), times) + np.uint32(first)
    return PostingArrays(_repeated(term_of, times, counted=False), documents, _repeated(often, times, counted=False), positions)


def taken(values: Array, starts: Array, sizes: Array) -> Array:
    """Return some ranges of an array, one after the other."""
    chosen: Array = values[np.repeat(starts, sizes) + _counted(sizes)]
    return chosen


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


def gathered(values: Array, places: Array, into: Array | None = None) -> Array:
    """Return the values at some places.

    :param into: is written over with them; may be the places.
    """
    result = np.empty(len(places), values.dtype) if into is None else into
    for at in range(0, len(places), _AT_ONCE):
        result[at : at + _AT_ONCE] = values[places[at : at + _AT_ONCE]]
    return result


def _repeated(values: Array, times: Array, *, counted: bool = True) -> Array:
    """Return each value as often as it is said, counted up from it one after the other."""
    if not len(times) or times.max() == 1:
        return values
    repeated = np.repeat(values, times)
    return repeated + _counted(times).astype(values.dtype) if counted else repeated


def _counted(times: Array) -> Array:
    """Return 0, 1 … for each of some numbers, up to it, one after the other."""
    ends = np.cumsum(times, dtype=np.uint32)
    return np.arange(int(ends[-1]) if len(ends) else 0, dtype=np.uint32) - np.repeat(ends - times, times)


def ranked(names: Sequence[bytes], numbers: Array) -> tuple[list[bytes], Array]:
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


class PostingArrays(NamedTuple):
    """Postings in the order of their terms, and those of a term in that of the passages.

    :param terms: the place of the term of each.
    :param pairs: ``frequency << 8 | length`` of each; none where only presence is kept.
    :param positions: of those of each posting, one after the other; of a field that is placed.
    """

    terms: Array
    documents: Array
    pairs: Array = _EMPTY
    positions: Array = _EMPTY


def from_postings(kind: Kind, terms: list[bytes], postings: PostingArrays, known: Sequence[Pair] = ()) -> InvertedField:
    """Return a field without its lengths.

    :param known: pairs of frequency and length that have a code already.
    """
    bounds = np.searchsorted(postings.terms, np.arange(len(terms) + 1, dtype=np.uint32))
    codes, pairs, escaped, stands = b"", list(known), dict[int, list[Pair]](), None
    if kind != "plain":
        coded, pairs = _coded(postings.pairs, known)
        codes = coded.tobytes()
        for at in np.flatnonzero(coded == ESCAPE).tolist():
            pair = int(postings.pairs[at])
            escaped.setdefault(int(postings.terms[at]), []).append((pair >> 8, pair & 0xFF))
        often = postings.pairs >> np.uint32(8)
        stands = _stands(postings.positions, np.add.reduceat(often, bounds[:-1]) if len(terms) else often)
    documents = postings.documents.astype(np.uint16).tobytes()
    return InvertedField(kind, pairs, terms, bounds.tolist(), documents, codes, escaped, stands)


def _coded(pairs: Array, known: Sequence[Pair]) -> tuple[Array, list[Pair]]:
    """Return the code of each pair, and the table of those that have one: the known ones, then the commonest."""
    table = list(known)
    codes = np.full(_TABLE + 1, ESCAPE, np.uint8)
    small = np.minimum(pairs, _TABLE)
    counts = np.zeros(int(small.max(initial=0)) + 1, np.int64)
    for at in range(0, len(small), _AT_ONCE):
        counts += np.bincount(small[at : at + _AT_ONCE], minlength=len(counts))
    counts[_TABLE:] = 0
    for at, (often, byte) in enumerate(table):
        codes[often << 8 | byte] = at
        counts[(often << 8 | byte) : (often << 8 | byte) + 1] = 0
    codes[_TABLE] = ESCAPE
    each = np.flatnonzero(counts)
    for pair in each[np.argsort(-counts[each], kind="stable")][: ESCAPE - len(table)].tolist():
        codes[pair] = len(table)
        table.append((pair >> 8, pair & 0xFF))
    return gathered(codes, small), table


def blocks(sizes: Array) -> Iterator[tuple[int, int]]:
    """Yield the bounds of neighbouring runs that have about `_AT_ONCE` terms together, or are one."""
    ends = np.cumsum(sizes, dtype=np.int64)
    first = 0
    while first < len(sizes):
        before = int(ends[first - 1]) if first else 0
        last = max(first + 1, int(np.searchsorted(ends, before + _AT_ONCE, side="right")))
        yield first, last
        first = last
