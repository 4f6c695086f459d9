"""A segment in memory as two files, and from them again: there is one way to write one, and one to read all of it."""

import json
import sys
import zlib
from array import array
from collections.abc import Iterable
from itertools import compress
from typing import Any, Final, Protocol

from archive.engine.whoosh.segment._arrays import Array, np
from archive.engine.whoosh.segment._sections import ALIGNED, END, MAGIC, PIECE
from archive.engine.whoosh.segment._segment_data import ColumnData, InvertedField, SegmentData, count_between, offsets_of, ranges
from archive.engine.whoosh.segment.index_reader import SegmentReader
from archive.engine.whoosh.segment.layout import ESCAPE, PLACE_BITS, SEPARATOR, TERMS_TOGETHER, Pair
from archive.engine.whoosh.segment.postings import Passages, StoredField, TermDictionary
from archive.named_tuple import NamedTuple

_BITMAP_EVERY: Final = 16
"""A term in one passage of so many, or in more, has a bitmap too: that is no larger than its numbers."""
_TABLE: Final = 1 << 20
"""Pairs below which one may have a code; a term that stands 4,096 times in a passage is rare."""
_BITS: Final = np.uint32(PLACE_BITS)


class File(Protocol):
    """What is asked of a file that is written."""

    def write(self, content: Any, /) -> Any:  # noqa: ANN401 - as of any file
        """Write bytes."""


class _SectionWriter:
    """Writes sections in turn, then the directory; `archive.engine.whoosh.segment._sections` reads them."""

    def __init__(self, file: File) -> None:
        self._file = file
        self._at = 0
        self._directory: dict[str, tuple[int, int, int]] = {}
        self._put(MAGIC)

    def _put(self, content: bytes | memoryview) -> None:
        self._file.write(content)
        self._at += len(content)

    def add(self, name: str, content: bytes | Array) -> None:
        """Write a section, and the checksums of its pieces."""
        whole = content if isinstance(content, bytes) else content.data.cast("B") if content.size else b""
        self._put(bytes(-self._at % ALIGNED))
        checksums = array("I", (zlib.crc32(whole[at : at + PIECE]) for at in range(0, len(whole), PIECE))).tobytes()
        self._directory[name] = self._at, len(whole), zlib.crc32(checksums)
        self._put(whole)
        self._put(checksums)

    def finish(self, **properties: Any) -> None:  # noqa: ANN401 - plain data
        """Write the directory, with further properties."""
        directory = {"order": sys.byteorder, "sections": self._directory, **properties}
        content = json.dumps(directory, ensure_ascii=False, separators=(",", ":")).encode()
        self._put(content)
        self._put(END.pack(len(content), zlib.crc32(content), MAGIC))


def write_terms(file: File, segment: SegmentData) -> None:
    """Write the terms file; the fields that are placed come first, so that what only they have needs no place for the others."""
    fields = sorted(segment.fields.items(), key=lambda each: (each[1].kind != "placed", each[0]))
    terms = [term for _, field in fields for term in field.terms]
    sizes = _join(np.diff(field.offsets) for _, field in fields)
    documents = _join(field.documents for _, field in fields).astype(np.uint16)
    offsets = offsets_of(sizes)
    common = np.flatnonzero(sizes * _BITMAP_EVERY >= segment.documents).astype(np.uint32)
    ranges = zip(offsets[common].tolist(), offsets[common + 1].tolist(), strict=True)
    sections = _SectionWriter(file)
    sections.add("first terms", SEPARATOR.join((*terms[::TERMS_TOGETHER], b"")))
    sections.add("terms", SEPARATOR.join((*terms, b"")))
    sections.add("term offsets", _narrow(offsets_of(np.fromiter(map(len, terms), np.int64, len(terms)) + len(SEPARATOR))))
    sections.add("documents", documents)
    sections.add("document offsets", _narrow(offsets))
    sections.add("common", common)
    sections.add("bitmaps", b"".join(_bitmap(documents[first:last], segment.documents) for first, last in ranges))
    placed = [_lay_out(field) for _, field in fields if field.kind == "placed"]
    for name in ("codes", "escaped", "words", "places"):
        sections.add(name, _join(getattr(each, name) for each in placed))
    sections.add(
        "placed offsets", _narrow(offsets_of(np.concatenate([np.zeros((0, 3), np.int64), *(each.sizes for each in placed)])))
    )
    tables = iter([each.pairs for each in placed])
    described, last = {}, 0
    for name, field in fields:
        first, last = last, last + len(field.terms)
        pairs = next(tables) if field.kind == "placed" else []
        described[name] = {"kind": field.kind, "first": first, "last": last, "pairs": pairs, "total": len(field.positions)}
    sections.finish(fields=described)


def _join(arrays: Iterable[Array]) -> Array:
    return np.concatenate([np.zeros(0, np.uint8), *arrays])


def _narrow(offsets: Array) -> Array:
    return offsets.astype(np.uint32)


def _bitmap(documents: Array, size: int) -> bytes:
    """Return a bit for each passage of a segment, the first in the lowest, set for those with these numbers."""
    mask = np.zeros(size, np.uint8)
    mask[documents] = 1
    return np.packbits(mask, bitorder="little").tobytes()


class _PlacedPostings(NamedTuple):
    """The postings of a field that is placed, as they are written.

    :param codes: of the pair of each posting, by the table of ``pairs``; ``escaped`` are those that have none.
    :param words: the number of the word at each position, in as many bytes as the highest of a term needs.
    :param places: in these words, of those terms of which any is not the first.
    :param sizes: how much of ``escaped``, ``words`` and ``places`` each term has.
    """

    codes: Array
    pairs: list[Pair]
    escaped: Array
    words: Array
    places: Array
    sizes: Array


def _lay_out(field: InvertedField) -> _PlacedPostings:
    codes, pairs = _encode_pairs(field.pairs)
    escapes = np.flatnonzero(codes == ESCAPE)
    offsets = offsets_of(field.pairs >> _BITS)[field.offsets]
    counts = np.diff(offsets)
    words, places = field.positions >> _BITS, field.positions.astype(np.uint8)
    highest, last = (np.maximum.reduceat(each, offsets[:-1]) if len(each) else each for each in (words, places))
    widths = np.where(highest >> 8, np.where(highest >> 16, 4, 2), 1)
    written = np.empty(int((widths * counts).sum()), np.uint8)
    for width in np.unique(widths).tolist():
        is_wide = widths == width
        in_width = words[np.repeat(is_wide, counts)].astype(f"u{width}")
        written[np.repeat(is_wide, widths * counts)] = in_width.view(np.uint8)
    has_places = last > 0
    sizes = np.column_stack((count_between(escapes, field.offsets), widths * counts, has_places * counts))
    return _PlacedPostings(codes, pairs, field.pairs[escapes], written, places[np.repeat(has_places, counts)], sizes)


def _encode_pairs(pairs: Array) -> tuple[Array, list[Pair]]:
    """Return the code of each pair, and the table of those that have one: the commonest."""
    small = np.minimum(pairs, _TABLE)
    counts = np.bincount(small)
    codes = np.full(len(counts), ESCAPE, np.uint8)
    counts[_TABLE:] = 0
    each = np.flatnonzero(counts)
    table = each[np.argsort(-counts[each], kind="stable")][:ESCAPE]
    codes[table] = np.arange(len(table), dtype=np.uint8)
    return codes[small], [(pair >> 8, pair & 0xFF) for pair in table.tolist()]


def write_passages(file: File, segment: SegmentData) -> None:
    """Write the passages file."""
    sections = _SectionWriter(file)
    for name, field in segment.fields.items():
        if field.kind == "placed":
            sections.add(f"lengths:{name}", field.lengths)
    for name, column in segment.columns.items():
        sections.add(f"values:{name}", b"".join(column.values))
        sizes = np.fromiter(map(len, column.values), np.int64, len(column.values))
        sections.add(f"value offsets:{name}", _narrow(offsets_of(sizes)))
        sections.add(f"codes:{name}", column.codes.astype(np.min_scalar_type(max(len(sizes) - 1, 0))))
    sections.finish(documents=segment.documents, columns=list(segment.columns))


def read_segment(segment: SegmentReader, removed: Iterable[int] = ()) -> SegmentData:
    """Read a segment whole, without the passages that are removed.

    :raises DamagedIndex: it is not as it was written.
    """
    terms, passages = segment.terms, segment.passages
    is_kept = np.ones(segment.size, bool)
    is_kept[list(removed)] = False
    fields = {
        name: _without(_read_field(terms, stored, passages.lengths(name)), is_kept) for name, stored in terms.fields.items()
    }
    columns = {name: _read_column(passages, name, is_kept) for name in passages.columns}
    return SegmentData(int(is_kept.sum()), fields, columns)


def _read_field(terms: TermDictionary, stored: StoredField, lengths: memoryview | None) -> InvertedField:
    def read(name: str, kind: str, offsets: Array) -> Array:
        return np.frombuffer(terms.sections.check(name), kind)[offsets[0] : offsets[-1]]

    own = np.array((stored.first, stored.last + 1))
    offsets = read("document offsets", "u4", own).astype(np.int64)
    documents = read("documents", "u2", offsets)
    pairs = positions = own_lengths = np.zeros(0, np.uint32)
    if lengths is not None:
        placed_offsets = read("placed offsets", "u4", 3 * own).reshape(-1, 3).astype(np.int64)
        codes = read("codes", "u1", offsets)
        table = np.zeros(256, np.uint32)
        table[: len(stored.pairs)] = [often << 8 | byte for often, byte in stored.pairs]
        pairs = table[codes]
        pairs[codes == ESCAPE] = read("escaped", "u4", placed_offsets[:, 0])
        words, places = (read(name, "u1", placed_offsets[:, at]) for name, at in (("words", 1), ("places", 2)))
        starts = offsets_of(pairs >> _BITS)
        counts = np.diff(starts[offsets - offsets[0]])
        word_bytes, place_bytes = np.diff(placed_offsets[:, 1:], axis=0).T
        positions = np.empty(int(starts[-1]), np.uint32)
        for width in np.unique(word_bytes // counts).tolist():
            is_wide = word_bytes == width * counts
            positions[np.repeat(is_wide, counts)] = words[np.repeat(is_wide, word_bytes)].view(f"u{width}")
        positions <<= _BITS
        positions[np.repeat(place_bytes > 0, counts)] |= places
        own_lengths = np.frombuffer(lengths, np.uint8)
    return InvertedField(stored.kind, terms.words(stored.name), offsets - offsets[0], documents, pairs, positions, own_lengths)


def _without(field: InvertedField, is_kept: Array) -> InvertedField:
    """Return a field of the passages alone that are kept, whose numbers close up."""
    if is_kept.all():
        return field
    gone = np.flatnonzero(~is_kept[field.documents])
    sizes = np.diff(field.offsets) - count_between(gone, field.offsets)
    pairs, positions, lengths = field.pairs, field.positions, field.lengths
    if field.kind == "placed":
        often = pairs >> _BITS
        positions = np.delete(positions, ranges(offsets_of(often)[gone], often[gone]))
        pairs, lengths = np.delete(pairs, gone), lengths[is_kept]
    numbers = np.cumsum(is_kept, dtype=np.uint16) - np.uint16(1)
    documents = numbers[np.delete(field.documents, gone)]
    terms = list(compress(field.terms, sizes))
    return InvertedField(field.kind, terms, offsets_of(sizes[sizes > 0]), documents, pairs, positions, lengths)


def _read_column(passages: Passages, name: str, is_kept: Array) -> ColumnData:
    """Read a column; a value that no passage has any more is left out."""
    column = passages.column(name)
    used, codes = np.unique(np.asarray(column.codes)[is_kept], return_inverse=True)
    values = column.values()
    return ColumnData([values[code] for code in used.tolist()], codes)
