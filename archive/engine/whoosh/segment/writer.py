"""The writer that inverts in memory: it fills a draft, writes it out as a segment when it is full, and splices.

What it costs to change a record is to write the one segment anew that holds
it, and a segment has a bound; nothing else is read or written but the table of
contents.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, repeat
from typing import Any, Final

from whoosh.index import LockError
from whoosh.writing import IndexWriter

from archive.engine.whoosh.segment import _merge as merge
from archive.engine.whoosh.segment import _rewrite as rewrite
from archive.engine.whoosh.segment import encoding
from archive.engine.whoosh.segment._builder import ColumnBuilder, SegmentBuilder
from archive.engine.whoosh.segment._inversion import NEW, Numbering
from archive.engine.whoosh.segment._rewrite import Range, SourceSegment
from archive.engine.whoosh.segment._whoosh_codec import PASSAGES, TERMS, PackedSegment, kind_of, open_passages, open_terms
from archive.engine.whoosh.segment.inverter import Inverter, Lexicons, Repeated
from archive.engine.whoosh.segment.layout import MOST_DOCUMENTS
from archive.engine.whoosh.segment.toc import SegmentInfo, TableOfContents
from archive.engine.whoosh.segment.whoosh_index import PackedIndex, commit

FULL: Final = 48_000
"""Passages from which a segment takes no further record; the rest of its room is for records that change."""
_FULL_BYTES: Final = 96_000_000
_MOST_SMALL: Final = 6  # segments that are less than half full before they are merged


class InvertingWriter(IndexWriter):  # type: ignore[misc]  # Whoosh's base class is not typed
    """Writes to an index of packed segments; one at a time.

    :raises LockError: another writer is at work.
    """

    def __init__(self, ix: PackedIndex, full: int = FULL) -> None:
        """Lock the index and read its table of contents."""
        self._lock = ix.lock("WRITELOCK")
        if not self._lock.acquire(False):  # noqa: FBT003 - a lock in memory and one on a file have this in common alone
            raise LockError
        self.storage, self.indexname = ix.storage, ix.indexname
        self.schema = ix.schema
        self._full = min(full, MOST_DOCUMENTS)
        try:
            self._before = ix.contents()
        except BaseException:
            self._lock.release()
            raise
        self._entries = {entry.name: entry for entry in self._before.segments}
        self._opened: dict[str, SourceSegment] = {}
        self._cuts: dict[str, list[Range]] = {}
        self._lexicons = Lexicons()
        self._draft: SegmentBuilder | None = None
        self._inverter: Inverter | None = None
        self._target: SourceSegment | None = None
        self.is_closed = False

    def _old(self, entry: SegmentInfo) -> SourceSegment:
        if entry.name not in self._opened:
            segment = PackedSegment(self.indexname, entry)
            self._opened[entry.name] = SourceSegment(
                open_terms(self.storage, segment), open_passages(self.storage, segment), entry
            )
        return self._opened[entry.name]

    def delete_by_term(self, fieldname: str, text: str, searcher: Any = None) -> int:  # noqa: ANN401 - Whoosh's own type
        """Take out the passages that have a term."""
        del searcher
        count = 0
        for entry in self._before.segments:
            terms = self._old(entry).terms
            place = terms.find(fieldname, text.encode())
            if place >= 0:
                documents = terms.postings(place, fieldname).documents
                self._cuts.setdefault(entry.name, []).extend((document, document + 1) for document in documents)
                count += len(documents)
        return count

    def start_group(self) -> None:
        """Begin a record; where it fits, all of it goes into one segment."""
        if self._draft is not None and self._is_full(self._draft):
            self._write_out()

    def _is_full(self, draft: SegmentBuilder) -> bool:
        return draft.first + draft.documents >= self._full or len(draft.stored) >= _FULL_BYTES

    def add_document(self, **fields: Any) -> None:  # noqa: ANN401 - as the fields take them
        """Add a passage."""
        self.add_passages(1, {name: ((value, 1),) for name, value in fields.items()})

    def add_passages(self, count: int, fields: Mapping[str, Sequence[Repeated]]) -> None:
        """Add neighbouring passages field by field.

        As if `add_document` were called for each, but faster, and all of them go into one segment.

        :param fields: the values of each field in the order of the passages, each with how many of them have it;
            where they are fewer than the passages, the rest has none.
        :raises ValueError: they are more than a segment can number.
        """
        if count > MOST_DOCUMENTS:
            message = f"{count} passages at once; a segment has room for {MOST_DOCUMENTS}"
            raise ValueError(message)
        if self._draft is not None and self._draft.room < count:
            self._write_out()
        if self._draft is None or self._inverter is None:
            self._draft, self._inverter = self._begun(count)
        _add(self._draft, self._inverter, self.schema, count, fields)

    def _begun(self, count: int) -> tuple[SegmentBuilder, Inverter]:
        """Begin a draft: it goes on with a segment that is written anew in any case, or with a small one, or is new."""
        self._target = self._to_continue(count)
        target = self._target
        first = target.entry.documents if target else 0

        def numbering(name: str) -> Numbering:
            return rewrite.numbering(target, name) if target is not None and name in target.terms.fields else NEW

        return SegmentBuilder(first), Inverter(self._lexicons, first, kind_of, numbering)

    def _to_continue(self, count: int) -> SourceSegment | None:
        most = min(self._full, MOST_DOCUMENTS - count + 1)
        open_ones = [entry for entry in self._entries.values() if entry.documents < most]
        cut = [entry for entry in open_ones if entry.name in self._cuts]
        small = [entry for entry in open_ones if entry.documents < self._full // 8]
        for entries in (cut, small):
            if entries:
                return self._old(min(entries, key=lambda entry: entry.documents))
        return None

    def _write_out(self) -> None:
        """Write the draft as a segment of its own, or with the one that it goes on with."""
        draft, inverter, target = self._draft, self._inverter, self._target
        self._draft = self._inverter = self._target = None
        if draft is None or inverter is None:
            return
        draft.fields = inverter.finish(draft.documents)
        if target is None:
            self._put(draft)
        else:
            self._splice(target, draft)

    def _put(self, draft: SegmentBuilder) -> None:
        entry = write_draft(self.storage, PackedSegment(self.indexname), draft)
        self._entries[entry.name] = entry

    def _splice(self, old: SourceSegment, draft: SegmentBuilder) -> None:
        cuts = self._cuts.pop(old.entry.name, [])
        segment = PackedSegment(self.indexname)
        with segment.create_file(self.storage, TERMS) as file:
            rewrite.write_terms(file, old, cuts, draft)
        with segment.create_file(self.storage, PASSAGES) as file:
            rewrite.write_passages(file, old, cuts, draft)
        entry = rewrite.rewrite_segment(old, cuts, draft, segment.segment_id())
        del self._entries[old.entry.name]
        if entry.missing < entry.documents:
            self._entries[entry.name] = entry

    def adopt(self, entries: Iterable[SegmentInfo]) -> None:
        """Take in segments that other processes have written."""
        self._entries.update({entry.name: entry for entry in entries})

    def written(self) -> tuple[SegmentInfo, ...]:
        """Write everything out; returns the segments, for a writer that is to adopt them."""
        self._write_out()
        for name in list(self._cuts):
            self._splice(self._old(self._entries[name]), SegmentBuilder(self._entries[name].documents))
        return tuple(self._entries.values())

    def commit(self) -> int:
        """Make what was written the newest generation; returns its number."""
        try:
            self.written()
            self._merge()
            contents = TableOfContents(self._before.generation + 1, tuple(self._entries.values()))
            self._opened.clear()
            commit(self.storage, contents, self.indexname)
        finally:
            self._close()
        return contents.generation

    def _merge(self) -> None:
        """Merge small segments where there are many, and rewrite one that is mostly holes."""
        small = [entry for entry in self._entries.values() if entry.documents - entry.missing < self._full // 2]
        hollow = [entry for entry in self._entries.values() if entry.missing * 2 > entry.documents]
        groups = [[entry] for entry in hollow]
        if len(small) > _MOST_SMALL:
            groups = list(merge.grouped(small, self._full))
        for group in groups:
            draft = merge.merged([self._old(entry) for entry in group])
            for entry in group:
                del self._entries[entry.name]
            self._put(draft)

    def cancel(self) -> None:
        """Leave everything as it was."""
        for name in self._entries.keys() - {entry.name for entry in self._before.segments}:
            for extension in (TERMS, PASSAGES):
                if self.storage.file_exists(f"{name}{extension}"):
                    self.storage.delete_file(f"{name}{extension}")
        self._close()

    def _close(self) -> None:
        self._opened.clear()
        self._lock.release()
        self.is_closed = True


def _add(
    draft: SegmentBuilder,
    inverter: Inverter,
    schema: Any,  # noqa: ANN401 - Whoosh's own type
    count: int,
    fields: Mapping[str, Sequence[Repeated]],
) -> None:
    """Take the fields of the next passages into a draft."""
    stored: list[dict[str, Any]] = [{} for _ in range(count)]
    for name, runs in fields.items():
        field = schema[name]
        if field.indexed:
            inverter.add(name, field, draft.documents, runs)
        if field.column_type:
            column = draft.columns.setdefault(name, ColumnBuilder())
            column.add(draft.documents, ((field.to_column_value(value), times) for value, times in runs))
        if field.stored:
            _keep(stored, name, runs)
    inverter.forget_lines()
    for kept in stored:
        draft.keep(kept)


def _keep(stored: Iterable[dict[str, Any]], name: str, runs: Sequence[Repeated]) -> None:
    values = chain.from_iterable(repeat(value, times) for value, times in runs)
    for kept, value in zip(stored, values, strict=False):
        if value is not None:
            kept[name] = value


def write_draft(storage: Any, segment: PackedSegment, draft: SegmentBuilder) -> SegmentInfo:  # noqa: ANN401 - Whoosh's own type
    """Write a draft as a segment; returns what the table of contents is to say of it."""
    with segment.create_file(storage, TERMS) as file:
        encoding.write_terms(file, draft)
    with segment.create_file(storage, PASSAGES) as file:
        encoding.write_passages(file, draft)
    totals = {name: field.total for name, field in draft.fields.items() if field.kind != "plain"}
    return SegmentInfo(segment.segment_id(), draft.documents, (), totals)


__all__ = ["FULL", "InvertingWriter"]
