"""Several segments as one draft, without their holes."""

from array import array
from collections.abc import Iterable, Iterator, Sequence

from archive.engine.whoosh.segment._lengths import LENGTHS
from archive.engine.whoosh.segment._rewrite import SourceSegment
from archive.engine.whoosh.segment.builder import ESCAPE, ColumnBuilder, FieldBuilder, SegmentBuilder
from archive.engine.whoosh.segment.postings import StoredField, TermDictionary
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


def merged(segments: Sequence[SourceSegment]) -> SegmentBuilder:
    """Return a draft of all passages of the segments, in the order that they have there."""
    draft = SegmentBuilder()
    for old in segments:
        holes = frozenset(deleted_docs(old.entry.holes))
        _merge(draft, old, [document for document in range(old.entry.documents) if document not in holes])
    return draft


def _merge(draft: SegmentBuilder, old: SourceSegment, living: Sequence[int]) -> None:
    first = draft.documents
    places = array("I", (0,) * old.entry.documents)
    for new, document in enumerate(living):
        places[document] = first + new
    for name, stored in old.terms.fields.items():
        field = draft.fields.setdefault(name, FieldBuilder(stored.kind, stored.step))  # type: ignore[arg-type]  # a kind
        numbers = _merge_terms(field, old.terms, stored, places)
        if stored.kind != "plain":
            field.fill(first)
            lengths = old.passages.lengths(name) or bytes(old.entry.documents)
            field.lengths.extend(lengths[document] for document in living)
            field.total += sum(LENGTHS[lengths[document]] for document in living)
        if stored.kind == "placed":
            _merge_order(field, old.terms, name, living, numbers)
        elif stored.kind == "scored":
            field.starts.extend((0,) * len(living))
    for name in old.passages.columns:
        column = old.passages.column(name)
        codes = column.codes
        drafted = draft.columns.setdefault(name, ColumnBuilder())
        for new, document in enumerate(living):
            drafted.add(first + new, ((column.value(codes[document]), 1),))
    for document in living:
        draft.stored += old.passages.stored_bytes(document)
        draft.stored_ends.append(len(draft.stored))
    draft.documents += len(living)


def _merge_terms(field: FieldBuilder, terms: TermDictionary, stored: StoredField, places: Sequence[int]) -> dict[int, int]:
    """Add the passages of every term; returns old number → new number."""
    numbers: dict[int, int] = {}
    for place in range(stored.first, stored.last):
        postings = terms.postings(place, stored.name)
        number = field.number(terms.term(place))
        numbers[terms.number(place, stored.name)] = number
        if not postings.codes:
            field.posts[number].extend(places[document] << 8 for document in postings.documents)
            continue
        for document, (often, byte) in zip(postings.documents, postings.each_pair(), strict=True):
            code = field.row(byte)[often]
            field.posts[number].append(places[document] << 8 | code)
            if code == ESCAPE:
                field.escaped.setdefault(number, []).append((often, byte))
    return numbers


def _merge_order(field: FieldBuilder, terms: TermDictionary, name: str, living: Sequence[int], numbers: dict[int, int]) -> None:
    _, starts = terms.order(name)
    before = (0, 0)
    for document in living:
        start = starts[document]
        if start != before[0]:
            term_numbers, positions = terms.sequence(name, document)
            before = (start, field.sequence([numbers[number] for number in term_numbers], positions) if start else 0)
        field.starts.append(before[1])
