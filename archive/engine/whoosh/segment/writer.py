"""The writer that inverts in memory: it fills a draft, writes it out as a segment when it is full, and splices.

What it costs to change a record is to write the one segment anew that holds
it, and a segment has a bound; nothing else is read or written but the table of
contents.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from itertools import chain, repeat
from typing import Any, BinaryIO, Final, Protocol

from archive.engine.whoosh.segment import _encoding as encoding
from archive.engine.whoosh.segment import _merge as merge
from archive.engine.whoosh.segment import _rewrite as rewrite
from archive.engine.whoosh.segment import index_reader, toc
from archive.engine.whoosh.segment._builder import ColumnBuilder, SegmentBuilder
from archive.engine.whoosh.segment._rewrite import Range, SourceSegment
from archive.engine.whoosh.segment.index_reader import SegmentReader
from archive.engine.whoosh.segment.inverter import IndexedField, Inverter, Lexicons, Repeated
from archive.engine.whoosh.segment.layout import MOST_DOCUMENTS
from archive.engine.whoosh.segment.toc import SegmentInfo, TableOfContents

FULL: Final = 48_000
"""Passages from which a segment takes no further record; the rest of its room is for records that change."""
_FULL_BYTES: Final = 96_000_000
_MOST_SMALL: Final = 6  # segments that are less than half full before they are merged


class WritableFiles(index_reader.Files, Protocol):
    """Where the files of an index are written."""

    def create(self, name: str) -> AbstractContextManager[BinaryIO]:
        """Open a new file to write."""

    def remove(self, name: str) -> None:
        """Take a file away."""

    def publish(self, name: str, content: bytes) -> None:
        """Write the file that makes all others count."""


class InvertingWriter:
    """Writes to an index; one at a time, which `archive.indexing.update` sees to."""

    def __init__(
        self, files: WritableFiles, fields: Mapping[str, IndexedField], full: int = 0, before: TableOfContents | None = None
    ) -> None:
        """Go on with what is there.

        :param full: passages from which a segment takes no further record; 0: as many as is usual.
        :param before: what is there; None: read it.
        :raises DamagedIndex: the table of contents is not there, or not as it was written.
        """
        self._files = files
        self._fields = fields
        self._full = full or FULL
        self._before = before or index_reader.contents(files)
        self._entries = {entry.name: entry for entry in self._before.segments}
        self._opened: dict[str, SourceSegment] = {}
        self._cuts: dict[str, list[Range]] = {}
        self._lexicons = Lexicons()
        self._draft: SegmentBuilder | None = None
        self._inverter: Inverter | None = None
        self._target: SourceSegment | None = None

    def _old(self, entry: SegmentInfo) -> SourceSegment:
        if entry.name not in self._opened:
            segment = SegmentReader(self._files, entry, 0)
            self._opened[entry.name] = SourceSegment(segment.terms, segment.passages, entry)
        return self._opened[entry.name]

    def delete_by_term(self, fieldname: str, text: str) -> None:
        """Take out the passages that have a term."""
        for entry in self._before.segments:
            terms = self._old(entry).terms
            place = terms.find(fieldname, text.encode())
            if place >= 0:
                documents = terms.postings(place, fieldname).documents
                self._cuts.setdefault(entry.name, []).extend((document, document + 1) for document in documents)

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
        _add(self._draft, self._inverter, self._fields, count, fields)

    def _begun(self, count: int) -> tuple[SegmentBuilder, Inverter]:
        """Begin a draft: it goes on with a segment that is written anew in any case, or with a small one, or is new."""
        self._target = self._to_continue(count)
        target = self._target
        first = target.entry.documents if target else 0
        pairs = {name: field.pairs for name, field in target.terms.fields.items()} if target else {}
        return SegmentBuilder(first), Inverter(self._lexicons, first, lambda name: pairs.get(name, ()))

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
        name = _new_name()
        with self._files.create(f"{name}.terms") as file:
            encoding.write_terms(file, draft)
        with self._files.create(f"{name}.passages") as file:
            encoding.write_passages(file, draft)
        totals = {name: field.total for name, field in draft.fields.items() if field.kind != "plain"}
        self._entries[name] = SegmentInfo(name, draft.documents, (), totals)

    def _splice(self, old: SourceSegment, draft: SegmentBuilder) -> None:
        cuts = self._cuts.pop(old.entry.name, [])
        name = _new_name()
        with self._files.create(f"{name}.terms") as file:
            totals = rewrite.write_terms(file, old, cuts, draft)
        with self._files.create(f"{name}.passages") as file:
            rewrite.write_passages(file, old, cuts, draft)
        entry = rewrite.rewrite_segment(old, cuts, draft, name, totals)
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

    def commit(self) -> str:
        """Make what was written the newest generation, and take away the files of those before; returns its number."""
        self.written()
        self._merge()
        self._opened.clear()
        table = TableOfContents(self._before.generation + 1, tuple(self._entries.values()))
        name = index_reader.toc_name(table.generation)
        self._files.publish(name, toc.written(table))
        current = {name, *(f"{entry}.{part}" for entry in self._entries for part in ("terms", "passages"))}
        for file in self._files.names():
            if file.lstrip("_").startswith(index_reader.NAME) and file not in current:
                self._files.remove(file)
        return str(table.generation)

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


def _new_name() -> str:
    return f"{index_reader.NAME}_{os.urandom(8).hex()}"


def _add(
    draft: SegmentBuilder,
    inverter: Inverter,
    kept: Mapping[str, IndexedField],
    count: int,
    fields: Mapping[str, Sequence[Repeated]],
) -> None:
    """Take the fields of the next passages into a draft."""
    stored: list[dict[str, Any]] = [{} for _ in range(count)]
    for name, runs in fields.items():
        field = kept[name]
        inverter.add(name, field, draft.documents, runs)
        if field.column:
            column = draft.columns.setdefault(name, ColumnBuilder())
            column.add(draft.documents, ((value.encode() if isinstance(value, str) else value, times) for value, times in runs))
        if field.stored:
            _keep(stored, name, runs)
    inverter.forget_lines()
    for each in stored:
        draft.keep(each)


def _keep(stored: Iterable[dict[str, Any]], name: str, runs: Sequence[Repeated]) -> None:
    values = chain.from_iterable(repeat(value, times) for value, times in runs)
    for kept, value in zip(stored, values, strict=False):
        if value is not None:
            kept[name] = value
