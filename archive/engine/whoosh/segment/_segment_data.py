"""A segment in memory, as arrays: what is inverted, read back, merged and written."""

from bisect import bisect_left
from itertools import compress

from archive.engine.whoosh.segment._arrays import Array, np
from archive.engine.whoosh.segment.layout import Kind
from archive.named_tuple import NamedTuple


class InvertedField(NamedTuple):
    """The postings of a field term by term, those of a term in the order of the passages.

    :param offsets: where the postings of each term begin, and the end.
    :param documents: the passage of each posting.
    :param pairs: ``frequency << 8 | length`` of each posting, of a field that is placed.
    :param positions: of each posting as many as its frequency says, of a field that is placed.
    :param lengths: of each passage a byte, of a field that is placed.
    """

    kind: Kind
    terms: list[bytes]
    offsets: Array
    documents: Array
    pairs: Array
    positions: Array
    lengths: Array


class ColumnData(NamedTuple):
    """A column: its different values, and the code of that of each passage."""

    values: list[bytes]
    codes: Array


class SegmentData(NamedTuple):
    """A segment; ``documents`` is the number of its passages."""

    documents: int
    fields: dict[str, InvertedField]
    columns: dict[str, ColumnData]


def offsets_of(sizes: Array) -> Array:
    """Return where parts of some sizes begin that lie one after the other, and the end."""
    return np.concatenate((np.zeros((1, *sizes.shape[1:]), np.int64), np.cumsum(sizes, axis=0, dtype=np.int64)))


def count_between(places: Array, offsets: Array) -> Array:
    """Return how many of some places lie in each of the parts that begin at offsets."""
    return np.bincount(np.searchsorted(offsets, places, side="right") - 1, minlength=len(offsets) - 1)


def ranges(starts: Array, sizes: Array) -> Array:
    """Return the numbers of some ranges, one range after the other."""
    ends = np.cumsum(sizes, dtype=np.uint32)
    return np.arange(int(ends[-1]) if len(ends) else 0, dtype=np.uint32) + np.repeat(
        starts.astype(np.uint32) - (ends - sizes.astype(np.uint32)), sizes
    )


def merge(first: SegmentData, second: SegmentData) -> SegmentData:
    """Return the passages of two segments as one, those of the second behind those of the first."""
    kinds = {name: field.kind for segment in (first, second) for name, field in segment.fields.items()}
    fields = {
        name: _merge_field(
            first.fields.get(name) or _no_field(kind, first.documents),
            second.fields.get(name) or _no_field(kind, second.documents),
            first.documents,
        )
        for name, kind in kinds.items()
    }
    columns = {
        name: _merge_column(*(each.columns.get(name) or _no_column(each.documents) for each in (first, second)))
        for name in {**first.columns, **second.columns}
    }
    return SegmentData(first.documents + second.documents, fields, columns)


def _no_field(kind: Kind, documents: int) -> InvertedField:
    nothing = np.zeros(0, np.uint32)
    return InvertedField(kind, [], offsets_of(nothing), nothing, nothing, nothing, np.zeros(documents, np.uint8))


def _no_column(documents: int) -> ColumnData:
    return ColumnData([b""], np.zeros(documents, np.uint32))


def _merge_field(first: InvertedField, second: InvertedField, documents: int) -> InvertedField:
    """Return a field of two segments.

    :param documents: how many passages the first of them has.
    """
    places = np.array([bisect_left(first.terms, term) for term in second.terms], np.int64)
    is_new = np.array(
        [first.terms[place : place + 1] != [term] for place, term in zip(places.tolist(), second.terms, strict=True)], bool
    )
    new = places[is_new]
    ranks = np.arange(len(first.terms)) + np.searchsorted(new, np.arange(len(first.terms)), side="right")
    sizes = np.zeros(len(first.terms) + len(new), np.int64)
    sizes[ranks] = np.diff(first.offsets)
    sizes[places + np.cumsum(is_new) - is_new] += np.diff(second.offsets)
    # Where each posting of the second comes among those of the first: behind all that have its term.
    behind = np.repeat(first.offsets[places + ~is_new], np.diff(second.offsets))
    numbers = second.documents.astype(np.uint32) + np.uint32(documents)
    pairs, positions = first.pairs, first.positions
    if first.kind == "placed":
        pairs = np.insert(pairs, behind, second.pairs)
        before = offsets_of(first.pairs >> np.uint32(8))[behind]
        positions = np.insert(positions, np.repeat(before, second.pairs >> np.uint32(8)), second.positions)
    return InvertedField(
        first.kind,
        sorted((*first.terms, *compress(second.terms, is_new))),
        offsets_of(sizes),
        np.insert(first.documents, behind, numbers),
        pairs,
        positions,
        np.append(first.lengths, second.lengths),
    )


def _merge_column(first: ColumnData, second: ColumnData) -> ColumnData:
    code_of = {value: code for code, value in enumerate(first.values)}
    codes = np.array([code_of.setdefault(value, len(code_of)) for value in second.values], np.uint32)
    return ColumnData(list(code_of), np.append(first.codes, codes[second.codes]))
