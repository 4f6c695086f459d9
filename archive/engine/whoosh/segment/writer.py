"""The writer: it inverts passages in memory, and writes them as a segment when there are enough.

To change a record is to read the one segment that holds it, without the record,
and to write it again with the new one; a segment has a bound, and nothing else
is read or written but the table of contents.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from typing import Any, Final

from archive.engine.whoosh.file_storage import WritableFiles
from archive.engine.whoosh.segment import index_reader, toc
from archive.engine.whoosh.segment._segment_data import SegmentData, merge
from archive.engine.whoosh.segment._segment_files import read_segment, write_passages, write_terms
from archive.engine.whoosh.segment.index_reader import SegmentReader
from archive.engine.whoosh.segment.inverter import IndexedField, Lexicons, Repeated, SegmentBuilder
from archive.engine.whoosh.segment.toc import SegmentInfo, TableOfContents

MOST_DOCUMENTS: Final = 65_535
"""Passages in a segment: their numbers fit into two bytes."""
FULL: Final = 40_000
"""Passages from which a segment takes no further record; the rest of its room is for records that change."""
_FULL_BYTES: Final = 96_000_000
_MOST_SMALL: Final = 6  # segments that are less than half full before they are merged


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
        self._readers: dict[str, SegmentReader] = {}
        self._removed: dict[str, set[int]] = {}
        self._lexicons = Lexicons()
        self._builder = SegmentBuilder(fields, self._lexicons)

    def _open(self, entry: SegmentInfo) -> SegmentReader:
        if entry.name not in self._readers:
            self._readers[entry.name] = SegmentReader(self._files, entry, 0)
        return self._readers[entry.name]

    def delete_by_term(self, fieldname: str, text: str) -> None:
        """Take out the passages that have a term."""
        for entry in self._before.segments:
            terms = self._open(entry).terms
            place = terms.find(fieldname, text.encode())
            if place >= 0:
                self._removed.setdefault(entry.name, set()).update(terms.postings(place, fieldname).documents)

    def start_group(self) -> None:
        """Begin a record; where it fits, all of it goes into one segment."""
        if self._builder.documents >= self._full or self._builder.size >= _FULL_BYTES:
            self._write_out()

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
        if self._builder.documents + count > MOST_DOCUMENTS:
            self._write_out()
        self._builder.add(count, fields)

    def _count_left(self, entry: SegmentInfo) -> int:
        """Count the passages of a segment that are not taken out."""
        return entry.documents - len(self._removed.get(entry.name, ()))

    def _write_out(self) -> None:
        """Write what was added, with a segment that is to be written anew in any case, or with a small one, or by itself."""
        added = self._builder.finish()
        self._builder = SegmentBuilder(self._fields, self._lexicons)
        if not added.documents:
            return
        changed = [entry for entry in self._entries.values() if entry.name in self._removed]
        small = [entry for entry in self._entries.values() if entry.documents < self._full // 8]
        fitting = [entry for entry in (*changed, *small) if self._count_left(entry) + added.documents <= MOST_DOCUMENTS]
        self._put(fitting[:1], added)

    def _put(self, entries: Sequence[SegmentInfo], *added: SegmentData) -> None:
        """Write segments that are there, without what is taken out, and what is added as one."""
        parts = [read_segment(self._open(entry), self._removed.pop(entry.name, ())) for entry in entries]
        for entry in entries:
            del self._entries[entry.name]
        segment = reduce(merge, [*parts, *added])
        if segment.documents:
            name = f"{index_reader.NAME}_{os.urandom(8).hex()}"
            with self._files.create(f"{name}.terms") as file:
                write_terms(file, segment)
            with self._files.create(f"{name}.passages") as file:
                write_passages(file, segment)
            self._entries[name] = SegmentInfo(name, segment.documents)

    def adopt(self, entries: Iterable[SegmentInfo]) -> None:
        """Take in segments that other processes have written."""
        self._entries.update({entry.name: entry for entry in entries})

    def finish(self) -> tuple[SegmentInfo, ...]:
        """Write everything out; returns the segments, for a writer that is to adopt them."""
        self._write_out()
        for name in list(self._removed):
            self._put([self._entries[name]])
        return tuple(self._entries.values())

    def commit(self) -> str:
        """Make what was written the newest generation, and take away the files of those before; returns its number."""
        self.finish()
        self._merge()
        self._readers.clear()
        table = TableOfContents(self._before.generation + 1, tuple(self._entries.values()))
        name = index_reader.toc_name(table.generation)
        self._files.publish(name, toc.to_bytes(table))
        current = {name, *(f"{entry}.{part}" for entry in self._entries for part in ("terms", "passages"))}
        for file in self._files.names():
            if file.lstrip("_").startswith(index_reader.NAME) and file not in current:
                self._files.remove(file)
        return str(table.generation)

    def _merge(self) -> None:
        """Merge small segments where there are many, so that none becomes too large."""
        small = [entry for entry in self._entries.values() if entry.documents < self._full // 2]
        if len(small) <= _MOST_SMALL:
            return
        groups: list[list[SegmentInfo]] = [[]]
        for entry in sorted(small, key=lambda entry: entry.documents):
            if sum(each.documents for each in groups[-1]) + entry.documents > self._full:
                groups.append([])
            groups[-1].append(entry)
        for group in groups:
            if len(group) > 1:
                self._put(group)
