"""From the terms of passages in their order to the passages of terms in theirs, by arrays: a segment's field in one go.

Words and terms are numbers; one sort by term and run brings together what a
posting list is made of, and frequency and length of each posting become one
code by a table that the field's commonest pairs share.
"""

import zlib
from array import array
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from archive.engine.whoosh.segment._arrays import Array, np
from archive.engine.whoosh.segment._lengths import LENGTHS
from archive.engine.whoosh.segment.layout import ESCAPE, MOST_COUNTED, UNEVEN, WIDE, Kind, Pair

_LENGTHS: Final = np.array(LENGTHS, dtype=np.int64)
_TABLE: Final = 1 << 20
"""Pairs, as ``frequency << 8 | length``, below which one may have a code; a term that stands 4,096 times in a passage is rare."""
_NARROW: Final = 0xFFFF
_EMPTY: Final = np.zeros(0, np.uint32)
_START: Final = b"\0\0\0\0"
"""Before the first sequence, so that none starts at 0, which says that there is none."""


class Occurrences(NamedTuple):
    """Terms in the order in which they stand, run by run; a run is the text of one passage, or of neighbours that have the same.

    :param terms: numbers of terms, run after run.
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
    :param numbers: by which the passages name the terms in order.
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
    numbers: list[int]
    free: int
    bounds: list[int]
    documents: bytes
    codes: bytes
    escaped: dict[int, list[Pair]]
    lengths: bytes
    total: int
    order: bytes
    starts: list[int]

    def postings(self, at: int) -> tuple[bytes, bytes, list[Pair]]:
        """Return the passages of the term at a place, their codes, and the pairs that have none."""
        first, last = self.bounds[at], self.bounds[at + 1]
        return self.documents[2 * first : 2 * last], self.codes[first:last], self.escaped.get(at, [])


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
    ranks = rank_of[found.terms]
    times = np.repeat(found.times, found.sizes) if kind == "plain" else found.times
    if kind == "plain":  # its runs may lie beside each other in one passage
        at_documents = _repeated(np.repeat(found.firsts, found.sizes), times) + np.uint32(first)
        term_of, at_documents, _ = _grouped(_repeated(ranks, times, counted=False), at_documents, len(terms))
        return from_postings(kind, step, terms, PostingArrays(term_of, at_documents, _EMPTY), numbering)
    runs = np.repeat(np.arange(len(found.sizes), dtype=np.uint32), found.sizes)
    term_of, run_of, often = _grouped(ranks, runs, len(terms))
    del runs
    bytes_of = length_bytes(found.sizes)
    pairs = often << np.uint32(8) | bytes_of[run_of]
    times = found.times[run_of]
    at_documents = _repeated(found.firsts[run_of], times) + np.uint32(first)
    postings = PostingArrays(_repeated(term_of, times, counted=False), at_documents, _repeated(pairs, times, counted=False))
    field = from_postings(kind, step, terms, postings, numbering)
    del postings, pairs, term_of, run_of, at_documents
    lengths, starts = np.zeros(documents, np.uint8), np.zeros(documents, np.uint32)
    each_document = _repeated(found.firsts, found.times)
    lengths[each_document] = np.repeat(bytes_of, found.times)
    if kind == "placed":
        numbers = np.array(field.numbers, np.uint32)[ranks] if len(ranks) else _EMPTY
        order, run_starts = written_order(numbers, found.sizes, found.positions, step)
        starts[each_document] = np.repeat(run_starts, found.times)
        field = field._replace(order=order)
    total = int((found.sizes.astype(np.int64) * found.times).sum())
    return field._replace(lengths=lengths.tobytes(), total=total, starts=starts.tolist())


def _grouped(ranks: Array, others: Array, most: int) -> tuple[Array, Array, Array]:
    """Return the different pairs of two arrays, sorted, and how often there is each; the second are of two bytes."""
    wide: Any = np.uint32 if most <= 1 << 16 else np.uint64
    keys = ranks.astype(wide) << wide(16) | others.astype(wide)
    keys.sort()
    is_first = np.ones(len(keys), bool)
    np.not_equal(keys[1:], keys[:-1], out=is_first[1:])
    begins = np.flatnonzero(is_first).astype(np.uint32)
    often = np.diff(begins, append=np.uint32(len(is_first)))
    keys = keys[is_first]
    return (keys >> wide(16)).astype(np.uint32), (keys & wide(_NARROW)).astype(np.uint32), often


def _repeated(values: Array, times: Array, *, counted: bool = True) -> Array:
    """Return each value as often as it is said, counted up from it one after the other."""
    if not len(times) or times.max() == 1:
        return values
    return np.repeat(values, times) + _counted(times) if counted else np.repeat(values, times)


def _counted(times: Array) -> Array:
    """Return 0, 1 … for each of some numbers, up to it, one after the other."""
    ends = np.cumsum(times, dtype=np.uint32)
    return np.arange(int(ends[-1]) if len(ends) else 0, dtype=np.uint32) - np.repeat(ends - times, times)


def ranked(names: Sequence[bytes], numbers: Array) -> tuple[list[bytes], Array]:
    """Return those of some terms that occur, in order, and for each number of a term its place among them."""
    present = np.flatnonzero(np.bincount(numbers, minlength=len(names))) if len(numbers) else _EMPTY
    in_order = sorted(present.tolist(), key=names.__getitem__)
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
    numbers, free = _numbered(terms, np.diff(bounds), numbering)
    documents = postings.documents.astype(np.uint16).tobytes()
    return InvertedField(kind, step, pairs, terms, numbers, free, bounds.tolist(), documents, codes, escaped, b"", 0, _START, [])


def _numbered(terms: list[bytes], having: Array, numbering: Numbering) -> tuple[list[int], int]:
    """Return the number of each term; of those that are new the commonest have the smallest, since such are written narrow."""
    numbers = list(map(numbering.known, terms)) if numbering.free else [-1] * len(terms)
    free = numbering.free
    for at in np.argsort(-having, kind="stable").tolist():
        if numbers[at] < 0:
            numbers[at] = free
            free += 1
    return numbers, free


def _coded(pairs: Array, known: Sequence[Pair]) -> tuple[Array, list[Pair]]:
    """Return the code of each pair, and the table of those that have one: the known ones, then the commonest."""
    table = list(known)
    codes = np.full(_TABLE + 1, ESCAPE, np.uint8)
    small = np.minimum(pairs, _TABLE)
    counts = np.bincount(small)
    counts[_TABLE:] = 0
    for at, (often, byte) in enumerate(table):
        codes[often << 8 | byte] = at
        counts[(often << 8 | byte) : (often << 8 | byte) + 1] = 0
    codes[_TABLE] = ESCAPE
    each = np.flatnonzero(counts)
    for pair in each[np.argsort(-counts[each], kind="stable")][: ESCAPE - len(table)].tolist():
        codes[pair] = len(table)
        table.append((pair >> 8, pair & 0xFF))
    return codes[small], table


def written_order(numbers: Array, sizes: Array, positions: Array | None, step: int) -> tuple[bytes, Array]:
    """Write the terms of each run in their order, and return where each begins, in units of two bytes; 0: it has none.

    Of each: checksum, count and flags, numbers, and where they are not a step
    apart the steps between them; all of two bytes, or with `WIDE` of four.
    """
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
    parts, begins, at = [_START], np.zeros(len(sizes), np.uint32), len(_START) >> 1
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
