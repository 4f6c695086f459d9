"""From the terms of passages in their order to the passages of terms in theirs, by arrays: a segment's field in one go.

Words and terms are numbers; one sort by term and run brings together what a
posting list is made of, and frequency and length of each posting become one
code by a table that the field's commonest pairs share.
"""

import zlib
from array import array
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from archive.engine.whoosh.segment._arrays import Array, np
from archive.engine.whoosh.segment._lengths import LENGTHS
from archive.engine.whoosh.segment.layout import ESCAPE, MOST_COUNTED, UNEVEN, WIDE, Kind, Pair

_LENGTHS: Final = np.array(LENGTHS, dtype=np.int64)
_TABLE: Final = 1 << 20
"""Pairs, as ``frequency << 8 | length``, below which one may have a code; a term that stands 4,096 times in a passage is rare."""
_SORTED_AT_ONCE: Final = 1 << 20
_NARROW: Final = 0xFFFF
_EMPTY: Final = np.zeros(0, np.uint32)
_AT_ONCE: Final = 1 << 18
"""Terms of which numpy makes temporary arrays at a time: to find values by their places it takes eight bytes for each."""
_START: Final = b"\0\0\0\0"
"""Before the first sequence, so that none starts at 0, which says that there is none."""


class Occurrences(NamedTuple):
    """Terms in the order in which they stand, run by run; a run is the text of one passage, or of neighbours that have the same.

    :param terms: numbers of terms, run after run; `invert` writes their ranks in their place.
    :param sizes: terms of each run.
    :param firsts: the first passage of each run.
    :param times: how many passages have it.
    :param positions: of each term from the beginning of its run; None: a step apart.
    """

    terms: Array
    sizes: Array
    firsts: Array
    times: Array
    positions: Array | None = None


class Numbering(NamedTuple):
    """The numbers that the terms of a field have in a segment that is being continued.

    :param known: gives the number of a term, or -1.
    :param free: the first number that no term has.
    :param pairs: of frequency and length that have a code.
    """

    known: Callable[[bytes], int]
    free: int
    pairs: tuple[Pair, ...]


NEW: Final = Numbering(lambda _: -1, 0, ())


class InvertedField(NamedTuple):
    """A field of a segment, ready to be written.

    :param terms: in their order.
    :param numbers: by which the passages name the terms in order; of a field that is placed.
    :param free: the first number that no term has.
    :param bounds: of the postings of each term, and the end.
    :param documents: the passages of all postings, two bytes each.
    :param codes: of all postings, "" where only presence is kept.
    :param escaped: the pairs of a term that have no code, by its place among the terms.
    :param lengths: a byte for each passage; ``total`` is the sum of the lengths themselves.
    :param order: the terms of each passage in their order, and ``starts`` where those of each begin.
    """

    kind: Kind
    step: int
    pairs: list[Pair]
    terms: list[bytes]
    numbers: "array[int]"
    free: int
    bounds: list[int]
    documents: bytes
    codes: bytes
    escaped: dict[int, list[Pair]]
    lengths: bytes
    total: int
    order: bytes
    starts: "array[int]"

    def postings(self, at: int) -> tuple[bytes, bytes, list[Pair]]:
        """Return the passages of the term at a place, their codes, and the pairs that have none."""
        first, last = self.bounds[at], self.bounds[at + 1]
        return self.documents[2 * first : 2 * last], self.codes[first:last], self.escaped.get(at, [])

    def bitmap(self, at: int, size: int) -> bytes:
        """Return a bit for each passage of a segment that is set where it has the term at a place."""
        return bitmap(self.documents[2 * self.bounds[at] : 2 * self.bounds[at + 1]], size)


def bitmap(documents: bytes, size: int) -> bytes:
    """Return a bit for each passage of a segment, the first in the lowest, set for those with these numbers of two bytes."""
    mask = np.zeros(size, np.uint8)
    mask[np.frombuffer(documents, np.uint16)] = 1
    return np.packbits(mask, bitorder="little").tobytes()


def numbers_of(values: Array) -> "array[int]":
    """Return the values of an array as numbers of four bytes."""
    return array("I", values.astype(np.uint32).tobytes())


def invert(  # noqa: PLR0913 - what a field is
    kind: Kind,
    step: int,
    names: Sequence[bytes],
    found: Occurrences,
    documents: int,
    *,
    first: int = 0,
    numbering: Numbering = NEW,
) -> InvertedField:
    """Invert a field.

    :param names: of the terms, by the numbers that the occurrences have.
    :param documents: passages of the draft.
    :param first: the number of its first passage in the segment.
    """
    terms, rank_of = ranked(names, found.terms)
    ranks = gathered(rank_of, found.terms, found.terms)
    if kind == "plain":  # its runs may lie beside each other in one passage
        return from_postings(kind, step, terms, _presence(ranks, found, len(terms), first), numbering)
    bytes_of = length_bytes(found.sizes)
    field = from_postings(kind, step, terms, _frequencies(ranks, found, len(terms), first, bytes_of), numbering)
    lengths, starts = np.zeros(documents, np.uint8), np.zeros(documents, np.uint32)
    each_document = _repeated(found.firsts, found.times)
    lengths[each_document] = np.repeat(bytes_of, found.times)
    if kind == "placed":
        numbers = gathered(np.array(field.numbers, np.uint32), ranks, ranks)
        order, run_starts = written_order(numbers, found.sizes, found.positions, step)
        starts[each_document] = np.repeat(run_starts, found.times)
        field = field._replace(order=order)
    total = int((found.sizes.astype(np.int64) * found.times).sum())
    return field._replace(lengths=lengths.tobytes(), total=total, starts=numbers_of(starts))


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
    term_of, document_of, _ = _grouped(ranks, documents, most)
    return PostingArrays(term_of, document_of, _EMPTY)


def _frequencies(ranks: Array, found: Occurrences, most: int, first: int, bytes_of: Array) -> "PostingArrays":
    """Return the postings of terms with how often each is there and how long its passage is.

    :param bytes_of: the length of each run.
    """
    runs = np.repeat(np.arange(len(found.sizes), dtype=np.uint16), found.sizes)
    term_of, run_of, often = _grouped(ranks, runs, most)
    often <<= np.uint32(8)
    often |= gathered(bytes_of, run_of)
    times = gathered(found.times, run_of)
    documents = _repeated(gathered(found.firsts, run_of), times) + np.uint32(first)
    return PostingArrays(_repeated(term_of, times, counted=False), documents, _repeated(often, times, counted=False))


def _grouped(ranks: Array, others: Array, most: int) -> tuple[Array, Array, Array]:
    """Return the different pairs of two arrays, sorted, and how often there is each.

    They are sorted as numbers of four bytes, those of some ranks after those of others where two bytes do not tell these, or
    where they are many, so that fewer are in memory twice.

    :param others: of two bytes.
    :param most: that no rank reaches.
    """
    slices = max(1, -(-most >> 16), -(-len(ranks) // _SORTED_AT_ONCE)) if most > 1 else 1
    width = -(-most // slices)
    found: list[tuple[Array, Array, Array]] = []
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
            del here
        keys.sort()
        is_first = np.ones(len(keys), bool)
        np.not_equal(keys[1:], keys[:-1], out=is_first[1:])
        begins = np.flatnonzero(is_first).astype(np.uint32)
        keys = keys[is_first]
        second = keys.astype(np.uint16)
        keys >>= np.uint32(16)
        keys += np.uint32(low)
        found.append((keys, second, np.diff(begins, append=np.uint32(len(is_first)))))
    if slices == 1:
        return found[0]
    terms, seconds, often = zip(*found, strict=True)
    return np.concatenate(terms), np.concatenate(seconds), np.concatenate(often)


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
    """PostingArrays in the order of their terms, and those of a term in that of the passages.

    :param terms: the place of the term of each.
    :param pairs: ``frequency << 8 | length`` of each; none where only presence is kept.
    """

    terms: Array
    documents: Array
    pairs: Array


def from_postings(
    kind: Kind, step: int, terms: list[bytes], postings: PostingArrays, numbering: Numbering = NEW
) -> InvertedField:
    """Return a field without its lengths and its order."""
    bounds = np.searchsorted(postings.terms, np.arange(len(terms) + 1, dtype=np.uint32))
    codes, pairs, escaped = b"", list(numbering.pairs), dict[int, list[Pair]]()
    if kind != "plain":
        coded, pairs = _coded(postings.pairs, numbering.pairs)
        codes = coded.tobytes()
        for at in np.flatnonzero(coded == ESCAPE).tolist():
            pair = int(postings.pairs[at])
            escaped.setdefault(int(postings.terms[at]), []).append((pair >> 8, pair & 0xFF))
    numbers, free = _numbered(terms, np.diff(bounds), numbering) if kind == "placed" else (array("I"), 0)
    documents, ends = postings.documents.astype(np.uint16).tobytes(), bounds.tolist()
    return InvertedField(kind, step, pairs, terms, numbers, free, ends, documents, codes, escaped, b"", 0, _START, array("I"))


def _numbered(terms: list[bytes], having: Array, numbering: Numbering) -> tuple["array[int]", int]:
    """Return the number of each term; of those that are new the commonest have the smallest, since such are written narrow."""
    numbers = list(map(numbering.known, terms)) if numbering.free else [-1] * len(terms)
    free = numbering.free
    for at in np.argsort(-having, kind="stable").tolist():
        if numbers[at] < 0:
            numbers[at] = free
            free += 1
    return array("I", numbers), free


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


def written_order(numbers: Array, sizes: Array, positions: Array | None, step: int) -> tuple[bytes, Array]:
    """Write the terms of each run in their order, and return where each begins, in units of two bytes; 0: it has none.

    Of each: checksum, count and flags, numbers, and where they are not a step
    apart the steps between them; all of two bytes, or with `WIDE` of four.
    """
    parts, begins = [_START], np.zeros(len(sizes), np.uint32)
    at, unit = 0, len(_START) >> 1
    for first, last in blocks(sizes):
        end = at + int(sizes[first:last].sum())
        written, begins[first:last] = _ordered(
            numbers[at:end], sizes[first:last], None if positions is None else positions[at:end], step, unit
        )
        parts.append(written)
        at, unit = end, unit + (len(written) >> 1)
    return b"".join(parts), begins


def blocks(sizes: Array) -> Iterator[tuple[int, int]]:
    """Yield the bounds of neighbouring runs that have about `_AT_ONCE` terms together, or are one."""
    ends = np.cumsum(sizes, dtype=np.int64)
    first = 0
    while first < len(sizes):
        before = int(ends[first - 1]) if first else 0
        last = max(first + 1, int(np.searchsorted(ends, before + _AT_ONCE, side="right")))
        yield first, last
        first = last


def _ordered(numbers: Array, sizes: Array, positions: Array | None, step: int, at: int) -> tuple[bytes, Array]:
    """Write the terms of some runs in their order; the first begins at a unit."""
    ends = np.cumsum(sizes, dtype=np.int64)
    starts = ends - sizes
    runs = np.repeat(np.arange(len(sizes), dtype=np.uint32), sizes)

    def any_of(flags: Array) -> Array:
        return np.bincount(runs[flags], minlength=len(sizes)) > 0

    uneven = is_wide = np.zeros(len(sizes), bool)
    steps = _EMPTY
    if positions is not None:
        expected = np.arange(len(numbers), dtype=np.uint32)
        expected -= np.repeat(starts.astype(np.uint32), sizes)
        expected *= np.uint32(step)
        uneven = any_of(positions != expected)
        del expected
        steps = positions.astype(np.uint32)
        steps[1:] -= positions[:-1]
        steps[starts[sizes > 0]] = positions[starts[sizes > 0]]
        is_wide = uneven & any_of(steps > _NARROW)
    is_wide = is_wide | any_of(numbers > _NARROW)
    narrow, narrow_steps = numbers.astype(np.uint16).tobytes(), steps.astype(np.uint16).tobytes()
    parts: list[bytes] = []
    begins = np.zeros(len(sizes), np.uint32)
    rows = zip(starts.tolist(), ends.tolist(), uneven.tolist(), is_wide.tolist(), strict=True)
    for run, (start, end, has_steps, is_of_four) in enumerate(rows):
        if start == end:
            continue
        flags = (UNEVEN if has_steps else 0) | (WIDE if is_of_four else 0)
        if is_of_four:
            body = numbers[start:end].astype(np.uint32).tobytes()
            body += steps[start:end].astype(np.uint32).tobytes() if has_steps else b""
        else:
            body = narrow[2 * start : 2 * end] + (narrow_steps[2 * start : 2 * end] if has_steps else b"")
        count = end - start
        head = (flags | count,) if count < MOST_COUNTED else (flags | MOST_COUNTED, count & _NARROW, count >> 16)
        written = array("H", head).tobytes() + body
        parts += (array("H", (zlib.adler32(written) & _NARROW,)).tobytes(), written)
        begins[run] = at
        at += 1 + (len(written) >> 1)
    return b"".join(parts), begins
