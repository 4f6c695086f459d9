"""Several segments as one draft, without their holes."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from archive.engine.whoosh.segment._arrays import Array, np
from archive.engine.whoosh.segment._builder import ColumnBuilder, SegmentBuilder
from archive.engine.whoosh.segment._inversion import (
    InvertedField,
    PostingArrays,
    from_postings,
    ranked,
    taken,
)
from archive.engine.whoosh.segment._rewrite import SourceSegment
from archive.engine.whoosh.segment.layout import ESCAPE, PLACE_BITS
from archive.engine.whoosh.segment.postings import StoredField
from archive.engine.whoosh.segment.toc import SegmentInfo, deleted_docs


def grouped(entries: Iterable[SegmentInfo], full: int) -> Iterator[list[SegmentInfo]]:
    """Put segments together so that none becomes too large; one that stays by itself is left alone."""
    group: list[SegmentInfo] = []
    size = 0
    for entry in sorted(entries, key=lambda info: info.documents - info.missing):
        living = entry.documents - entry.missing
        if size + living > full:
            if len(group) > 1:
                yield group
            group, size = [], 0
        group.append(entry)
        size += living
    if len(group) > 1:
        yield group


class _Source(NamedTuple):
    """A segment, the numbers of the passages that stay, and what they are among those of all."""

    segment: SourceSegment
    living: list[int]
    places: Array


def merged(segments: Sequence[SourceSegment]) -> SegmentBuilder:
    """Return a draft of all passages of the segments, in the order that they have there."""
    draft = SegmentBuilder()
    sources: list[_Source] = []
    for old in segments:
        holes = frozenset(deleted_docs(old.entry.holes))
        living = [document for document in range(old.entry.documents) if document not in holes]
        places = np.zeros(old.entry.documents, np.uint32)
        places[living] = np.arange(draft.documents, draft.documents + len(living), dtype=np.uint32)
        sources.append(_Source(old, living, places))
        _add_columns(draft, old, living)
        for document in living:
            draft.stored += old.passages.stored_bytes(document)
            draft.stored_ends.append(len(draft.stored))
        draft.documents += len(living)
    for name in dict.fromkeys(name for old in segments for name in old.terms.fields):
        draft.fields[name] = _merged_field(name, sources, draft.documents)
    return draft


def _add_columns(draft: SegmentBuilder, old: SourceSegment, living: Sequence[int]) -> None:
    for name in old.passages.columns:
        column, drafted = old.passages.column(name), draft.columns.setdefault(name, ColumnBuilder())
        drafted.fill(draft.documents)
        of_code: dict[int, int] = {}
        for code in map(column.codes.__getitem__, living):
            if code not in of_code:
                of_code[code] = drafted.code(column.value(code))
            drafted.codes.append(of_code[code])


def _merged_field(name: str, sources: Sequence[_Source], documents: int) -> InvertedField:
    """Return a field of all segments, put together of their postings and of their terms in order."""
    with_it = [(source, source.segment.terms.fields[name]) for source in sources if name in source.segment.terms.fields]
    numbers: dict[bytes, int] = {}
    terms_of = [[numbers.setdefault(term, len(numbers)) for term in source.segment.terms.words(name)] for source, _ in with_it]
    names = list(numbers)
    terms, rank_of = ranked(names, np.arange(len(names), dtype=np.uint32))
    postings = [
        _postings(source, stored, rank_of[of_segment] if of_segment else rank_of[:0])
        for (source, stored), of_segment in zip(with_it, terms_of, strict=True)
    ]
    together = PostingArrays(*(np.concatenate(each) for each in zip(*postings, strict=True)))
    # By terms; the passages of each are in order, segment after segment.
    by_term = np.argsort(together.terms, kind="stable")
    often = together.pairs >> np.uint32(8)
    positions = together.positions
    if len(positions):
        positions = taken(positions, (np.cumsum(often, dtype=np.uint32) - often)[by_term], often[by_term])
    pairs = together.pairs[by_term] if len(together.pairs) else together.pairs
    in_order = PostingArrays(together.terms[by_term], together.documents[by_term], pairs, positions)
    kind = with_it[0][1].kind
    field = from_postings(kind, terms, in_order)
    if kind == "plain":
        return field
    lengths, total = bytearray(documents), 0
    for source, _ in with_it:
        own = source.segment.passages.lengths(name) or bytes(source.segment.entry.documents)
        for document, place in zip(source.living, source.places[source.living].tolist(), strict=True):
            lengths[place] = own[document]
        total += source.segment.entry.totals.get(name, 0)
    return field._replace(lengths=bytes(lengths), total=total)


def _postings(source: _Source, stored: StoredField, ranks: Array) -> PostingArrays:
    """Return the postings of a segment's field with the new numbers of the passages."""
    terms = source.segment.terms
    documents, codes, escaped, counts = [], [], [], []
    positions = [np.zeros(0, np.uint32)]
    for place in range(stored.first, stored.last):
        postings = terms.postings(place, stored.name)
        documents.append(postings.documents)
        codes.append(postings.codes)
        escaped += [often << 8 | byte for often, byte in postings.escaped]
        counts.append(len(postings.documents))
        if stored.kind == "placed":
            words = np.frombuffer(postings.words, f"u{postings.words.itemsize}").astype(np.uint32) << np.uint32(PLACE_BITS)
            positions.append(words | np.frombuffer(postings.places, np.uint8) if postings.places else words)
    each_term = np.repeat(ranks, counts).astype(np.uint32) if counts else np.zeros(0, np.uint32)
    each_document = source.places[np.frombuffer(b"".join(documents), np.uint16)]
    if stored.kind == "plain":
        return PostingArrays(each_term, each_document)
    table = np.zeros(256, np.uint32)
    table[: len(stored.pairs)] = [often << 8 | byte for often, byte in stored.pairs]
    of_code = np.frombuffer(b"".join(codes), np.uint8)
    pairs = table[of_code]
    pairs[of_code == ESCAPE] = escaped
    return PostingArrays(each_term, each_document, pairs, np.concatenate(positions))
