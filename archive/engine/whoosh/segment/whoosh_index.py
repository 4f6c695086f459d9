"""Whoosh's index over packed segments: its table of contents is JSON."""

from typing import Any

from whoosh.fields import Schema
from whoosh.filedb.filestore import Storage
from whoosh.index import TOC, EmptyIndexError, FileIndex, clean_files

from archive.engine.whoosh.segment import toc
from archive.engine.whoosh.segment._whoosh_codec import PackedSegment
from archive.engine.whoosh.segment.toc import TableOfContents

NAME = "MAIN"


class PackedIndex(FileIndex):  # type: ignore[misc]  # Whoosh's base class is not typed
    """An index of packed segments. The schema is the program's own, never one that lies in a file.

    :raises DamagedIndex: the table of contents is not as it was written.
    :raises EmptyIndexError: there is none.
    """

    def __init__(self, storage: Storage, schema: Schema, indexname: str = NAME) -> None:  # no super: it reads a pickle
        """Open the newest generation."""
        self.storage = storage
        self._schema = schema
        self.indexname = indexname
        self._read_toc()

    @classmethod
    def create(cls, storage: Storage, schema: Schema, indexname: str = NAME) -> "PackedIndex":
        """Make an empty index."""
        prefix = f"_{indexname}_"
        for filename in list(storage):
            if filename.startswith(prefix):
                storage.delete_file(filename)
        _write_contents(storage, TableOfContents(0), indexname)
        return cls(storage, schema, indexname)

    def _read_toc(self) -> TOC:
        current = _read_contents(self.storage, self.indexname)
        segments = [PackedSegment(self.indexname, entry) for entry in current.segments]
        return TOC(self._schema, segments, current.generation)

    def contents(self) -> TableOfContents:
        """Read the table of contents."""
        return _read_contents(self.storage, self.indexname)

    def writer(self, **options: Any) -> Any:  # noqa: ANN401 - Whoosh's own types
        """Refuse: an index is written by `InvertingWriter` alone."""
        raise NotImplementedError


def toc_name(indexname: str, generation: int) -> str:
    """Return the name of the table of contents of a generation, as Whoosh names it."""
    return str(TOC._filename(indexname, generation))  # noqa: SLF001 - the name is told nowhere else


def _read_contents(storage: Storage, indexname: str = NAME) -> TableOfContents:
    """Read the newest table of contents.

    :raises DamagedIndex: it is not as it was written.
    :raises EmptyIndexError: there is none.
    """
    generation = TOC._latest_generation(storage, indexname)  # noqa: SLF001 - the pattern is told nowhere else
    if generation < 0:
        raise EmptyIndexError
    name = toc_name(indexname, generation)
    with storage.open_file(name) as file:
        return toc.read(bytes(file.get(0, storage.file_length(name))))


def _write_contents(storage: Storage, contents: TableOfContents, indexname: str = NAME) -> None:
    """Write a table of contents beside, and put it in its place."""
    name = toc_name(indexname, contents.generation)
    with storage.create_file(f"{name}.new") as file:
        file.write(toc.written(contents))
    storage.rename_file(f"{name}.new", name, safe=True)


def commit(storage: Storage, contents: TableOfContents, indexname: str = NAME) -> None:
    """Make a generation the newest, then take away the files of those before."""
    _write_contents(storage, contents, indexname)
    segments = [PackedSegment(indexname, entry) for entry in contents.segments]
    clean_files(storage, indexname, contents.generation, segments)
