"""What an export is made of: every record with its passages and its files, as readers of one clearance may have them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, Final

from archive.authority.authorities import Authorities
from archive.citing.excerpt import RecordOutput
from archive.errors import StillChanging
from archive.keeping.bag import Item, Parcel
from archive.language.messages import tr
from archive.record.testimony import Note, Testimony, notes_of
from archive.storage.record_files import language_of

KIND: Final = "export"
"""The ``type`` of the first line of an export."""
FORMAT: Final = 1
"""Raised when a reader of exports that were made before would misunderstand one."""


_BEGINNINGS: Final[Mapping[str, bytes]] = {
    "jsonl": b'{"schema": 1, "type": "export"',
    "sqlite": b"SQLite format 3\0",
    "csv": b"schema,",
    "xlsx": b"PK\x03\x04",
    "skos": b"@prefix skos:",
    "csl": b"[",
}
"""How a file of each format begins."""
_MARK: Final = b"\xef\xbb\xbf"


def is_export(content: bytes, form: str) -> bool:
    """Return whether a file is, by its beginning, one of a format of a whole collection; an empty one is anybody's."""
    return not content or content.removeprefix(_MARK).startswith(_BEGINNINGS[form])


def as_file(lines: Iterable[str]) -> bytes:
    """Return lines as the bytes of a file."""
    return "".join(f"{line}\n" for line in lines).encode()


class ExportedRecord:
    """A record: its own words, those of its versions, and its files."""

    def __init__(self, pages: RecordOutput, versions: tuple[RecordOutput, ...], files: tuple[Item, ...]) -> None:
        """Keep what was gathered of it."""
        self.pages = pages
        self.versions = versions
        self.files = files

    @property
    def testimony(self) -> Testimony:
        """Return its header."""
        return self.pages.record.testimony

    @property
    def notes(self) -> tuple[Note, ...]:
        """Return every note in force at any of its passages, each once."""
        return notes_of(self.pages.record.passages)

    @property
    def is_file(self) -> bool:
        """Return whether all its files are those of the collection, byte for byte."""
        return all(file.is_file for file in self.files)


class ExportedCollection:
    """All that readers of a clearance may have.

    :param show: gives a record with its passages, in a language, "" for its own words.
    :raises EmptyCollection: there is nothing that may be carried away.
    """

    def __init__(self, parcel: Parcel, authorities: Authorities, show: Callable[[str, str], RecordOutput]) -> None:
        """Take what the records are read from."""
        self.parcel = parcel
        self.authorities = authorities
        self._show = show

    @cached_property
    def _files(self) -> Mapping[str, tuple[Item, ...]]:
        """The files by the codes of their records.

        :raises CannotTransfer: with every reason why one of them may not leave as it is.
        """
        files: dict[str, tuple[Item, ...]] = {}
        for item in self.parcel.items():
            files[item.code] = (*files.get(item.code, ()), item)
        return files

    @property
    def authority_files(self) -> tuple[Item, ...]:
        """Return the authority files in force, those that come with the program too: the records are read by all of them."""
        return self._files.get("", ())

    @property
    def codes(self) -> tuple[str, ...]:
        """Return the codes of the records that can be read."""
        return self.parcel.collection.codes()

    @property
    def sealed(self) -> Mapping[str, tuple[Item, ...]]:
        """Return the files that lie sealed, and go as they lie here, by code."""
        readable = {"", *self.codes}
        return {code: files for code, files in self._files.items() if code not in readable}

    def records(self) -> Iterator[ExportedRecord]:
        """Yield every record that can be read, in archive order.

        :raises StillChanging: the files and the index are not of one moment.
        """
        for code in self.codes:
            pages = self._show(code, "")
            testimony = self.parcel.collection.find(code)
            if testimony is None or testimony.fixity != pages.record.testimony.fixity:
                message = tr("{code} was changed while it was exported", code=code)
                raise StillChanging(message, tr("Try again when it is saved."))
            versions = tuple(self._show(code, version.language) for version in pages.record.testimony.versions)
            # The record itself before its versions, whatever their names are.
            files = sorted(self._files[code], key=lambda item: (bool(language_of(item.path)), item.path))
            yield ExportedRecord(pages, versions, tuple(files))

    def about(self) -> dict[str, Any]:
        """Return what an export says of itself."""
        return {
            "archive": self.authorities.name(),
            "prefix": self.authorities.prefix,
            "clearance": str(self.parcel.clearance),
            "authorities": len(self.authority_files),
            "records": len(self.codes),
            "sealed": len(self.sealed),
            "notice": "Quote no passage without its caveats and its citation.",
        }
