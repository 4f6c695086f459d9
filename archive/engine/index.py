"""Opening and making the Whoosh index: its fields, its storage, and no trust in its files.

Whoosh writes pickles, and opening an index would run whatever code they name.
Here every unpickling goes through an allow-list of exact classes; a file that
names anything else is damage, and the index is made anew.
"""

import contextlib
import io
import pickle
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import whoosh.codec.whoosh3
import whoosh.columns
import whoosh.filedb.structfile
import whoosh.index
from whoosh import fields
from whoosh.analysis import Token as WhooshToken
from whoosh.analysis import Tokenizer
from whoosh.codec.whoosh3 import W3Codec, W3PerDocWriter
from whoosh.filedb.filestore import RamStorage, Storage
from whoosh.index import FileIndex
from whoosh.util.filelock import FileLock, LockBase, try_for
from whoosh.util.numeric import byte_to_length, length_to_byte
from whoosh.writing import IndexWriter

from archive.engine import analysis
from archive.engine.storage import FolderStorage
from archive.errors import DamagedIndex
from archive.safekeeping import FolderLock

__all__ = [
    "LockBase",
    "Storage",
    "acquired",
    "close_all",
    "create",
    "folder_storage",
    "generation",
    "lock",
    "memory_storage",
    "opened",
    "schema",
    "writer",
]

_ALLOWED: Final = frozenset(
    {
        ("archive.engine.index", "PassageCodec"),
        ("whoosh.codec.whoosh3", "W3Segment"),
        ("whoosh.filedb.fileindex", "SegmentSet"),
        ("array", "_array_reconstructor"),
        ("array", "array"),
        ("collections", "defaultdict"),
        ("builtins", "int"),
        ("builtins", "set"),
        ("builtins", "frozenset"),
    }
)


_TOC = re.compile(r"_MAIN_([0-9]+)\.toc")


class _AllowList(pickle.Unpickler):
    """Unpickles plain data and the classes of `_ALLOWED`; anything else ends in `DamagedIndex`."""

    def find_class(self, module_name: str, global_name: str, /) -> Any:  # noqa: ANN401 - as in the base class
        """Give an allowed class; refuse the rest before it is even imported."""
        if (module_name, global_name) == ("_codecs", "encode"):
            return _latin1
        if (module_name, global_name) not in _ALLOWED:
            message = f"an index file names {module_name}.{global_name}, which no index of ours does"
            raise DamagedIndex(message, "It was not read. `testimony index --rebuild` makes the index anew.")
        return super().find_class(module_name, global_name)


def _latin1(text: str, encoding: str) -> bytes:
    """Stand in for `_codecs.encode`, by which old pickles write bytes: that one encoding and no other."""
    if encoding != "latin1":
        message = f"an index file asks for the encoding {encoding!r}"
        raise DamagedIndex(message)
    return text.encode("latin-1")


def _loads(data: bytes) -> Any:  # noqa: ANN401 - whatever was pickled
    return _AllowList(io.BytesIO(data)).load()


def _load(file: Any) -> Any:  # noqa: ANN401 - a file, and whatever was pickled
    return _AllowList(file).load()


class _Guarded:
    """What `whoosh.index` uses of the module `pickle`, with the allow-list in front of reading."""

    PicklingError = pickle.PicklingError
    dumps = staticmethod(pickle.dumps)
    loads = staticmethod(_loads)


def _close_the_pickle_doors() -> None:
    """Put the allow-list in place of every unpickling that Whoosh does while it reads an index."""
    # A table of contents of an older version would go to a loader of its own.
    whoosh.index.toc_loaders.clear()
    whoosh.index.pickle = _Guarded
    whoosh.codec.whoosh3.loads = _loads
    whoosh.columns.loads = _loads
    whoosh.filedb.structfile.load = _load


_close_the_pickle_doors()


class _EvenLengths(W3PerDocWriter):  # type: ignore[misc]  # Whoosh's base class is not typed
    """Counts each field's length as it will be read back, from one byte.

    Whoosh adds up exact lengths when it writes and rounded ones when it
    merges, so that scores would drift with every update.
    """

    def add_field(self, fieldname: str, fieldobj: Any, value: Any, length: int) -> None:  # noqa: ANN401 - Whoosh's own types
        """Add a field with its rounded length."""
        super().add_field(fieldname, fieldobj, value, byte_to_length(length_to_byte(length)))


class PassageCodec(W3Codec):  # type: ignore[misc]  # Whoosh's base class is not typed
    """Whoosh's own codec, with lengths that do not drift."""

    def per_document_writer(self, storage: Storage, segment: Any) -> Any:  # noqa: ANN401 - Whoosh's own types
        """Give the writer of what is kept for each passage."""
        return _EvenLengths(self, storage, segment)


class PassageTokenizer(Tokenizer):  # type: ignore[misc]  # Whoosh's base class is not typed
    """Gives Whoosh the terms of `archive.engine.analysis`, with their positions."""

    def __call__(self, value: str, **_options: Any) -> Iterator[WhooshToken]:  # noqa: ANN401 - Whoosh's options
        """Give one token object again and again, as Whoosh expects."""
        token = WhooshToken()
        token.boost = 1.0
        for each in analysis.tokens(value):
            token.text = each.term
            token.pos = each.position
            yield token


class FormTokenizer(Tokenizer):  # type: ignore[misc]  # Whoosh's base class is not typed
    """Gives Whoosh the folded, unstemmed words, for prefix, wildcard and fuzzy search."""

    def __call__(self, value: str, **_options: Any) -> Iterator[WhooshToken]:  # noqa: ANN401 - Whoosh's options
        """Give one token object again and again, as Whoosh expects."""
        token = WhooshToken()
        token.boost = 1.0
        for position, each in enumerate(analysis.forms(value)):
            token.text = each.text
            token.pos = position
            yield token


def schema() -> fields.Schema:
    """Give the fields of a passage in the index.

    ``text title witness words`` are searched; ``code`` finds and deletes a
    record; ``place about marks`` are columns to sort, filter and count by;
    ``passage record`` hold all that is printed, ``record`` in a record's first
    passage alone.
    """
    column = whoosh.columns.VarBytesColumn
    searched = {
        name: fields.TEXT(analyzer=PassageTokenizer(), phrase=True, stored=False) for name in ("text", "title", "witness")
    }
    return fields.Schema(
        **searched,
        words=fields.TEXT(analyzer=FormTokenizer(), phrase=False, stored=False),
        code=fields.ID(stored=False),
        place=fields.COLUMN(column()),
        about=fields.COLUMN(column()),
        marks=fields.COLUMN(column()),
        passage=fields.STORED(),
        record=fields.STORED(),
    )


def folder_storage(folder: Path) -> Storage:
    """Give the storage of an index in a folder."""
    return FolderStorage(folder)


def close_all(storage: Storage) -> None:
    """Close what an error left open."""
    for file in getattr(storage, "open_files", ()):
        if not file.is_closed:
            with contextlib.suppress(OSError, ValueError):  # what could not be written before cannot be now
                file.close()


def memory_storage() -> Storage:
    """Give the storage of an index in memory, for a collection that cannot be written to."""
    return RamStorage()


def create(storage: Storage) -> FileIndex:
    """Make an empty index."""
    return storage.create_index(schema())


def opened(storage: Storage) -> FileIndex:
    """Open an index; the schema is ours, never the one that lies in the file.

    :raises DamagedIndex: it cannot be opened.
    """
    try:
        return storage.open_index(schema=schema())
    except DamagedIndex:
        close_all(storage)
        raise
    except Exception as error:
        close_all(storage)
        # Whoosh raises its own errors, OSError, and whatever a damaged file
        # makes its readers stumble over; all mean the same here.
        message = f"the index cannot be opened: {type(error).__name__}"
        raise DamagedIndex(message, "`testimony index --rebuild` makes it anew.") from error


def writer(ours: FileIndex) -> IndexWriter:
    """Give a writer.

    :raises LockError: another one is at work.
    """
    return ours.writer(limitmb=256, compound=False, codec=PassageCodec())


def generation(storage: Storage) -> str:
    """Give the number of the newest commit, found by its name alone; "" where there is no index."""
    try:
        found = [int(named[1]) for name in storage if (named := _TOC.fullmatch(name))]
    except OSError:
        return ""
    return str(max(found)) if found else ""


def lock(path: Path) -> LockBase:
    """Give a lock on a file, for one writer at a time."""
    return FileLock(str(path))


def acquired(held: LockBase | FolderLock, seconds: float) -> bool:
    """Try for a while to take a lock."""
    return bool(try_for(held.acquire, timeout=seconds, delay=0.05))
