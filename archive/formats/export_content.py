"""What an export is made of: every record with its passages and its files, as readers of one clearance may have them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Final

from archive.authority.authorities import Authorities
from archive.citing.excerpt import RecordOutput
from archive.errors import ConflictingOptions, EmptyCollection, StillChanging
from archive.formats import fields
from archive.formats._query_words import in_words
from archive.keeping.bag import Item, Parcel
from archive.language.messages import tr
from archive.named_tuple import NamedTuple
from archive.record.passages import points_at
from archive.record.testimony import Note, Testimony, notes_of
from archive.search.model import Filters, Record, Results, day
from archive.storage.record_files import language_of
from archive.text import join_list

TABLES: Final = ("csv", "xlsx")
"""The formats that have a row a passage, as a search writes them."""
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


class ExportPart(NamedTuple):
    """Which part of a collection an export is.

    ``codes`` are those of its records; of these ``along`` do not answer the
    filters, and go because a caveat of theirs is in force at one that does, or
    because one names them. ``of`` is how many there are in all.
    """

    filters: Filters
    codes: frozenset[str]
    along: tuple[str, ...]
    of: int
    undated: int
    """Passages that a time left out since they have no date."""
    without_history: int
    """Passages that ``since`` left out since their records do not say when they came in."""

    def to_fields(self, authorities: Authorities) -> dict[str, Any]:
        """Return what an export says of being a part."""
        return {
            "asked": fields.filter_fields(self.filters),
            "since": day(self.filters.since) if self.filters.since else None,
            "in_words": "; ".join(in_words(self.filters, authorities)),
            "matching": len(self.codes) - len(self.along),
            "along": list(self.along),
            "of": self.of,
            "undated_left_out": self.undated,
            "left_out_without_history": self.without_history if self.filters.since else 0,
        }


def refuse_filters(filters: Filters, form: str) -> None:
    """Refuse filters that mean nothing in a format.

    :raises ConflictingOptions: some do not.
    """
    if filters != Filters() and form == "skos":
        message = tr("the topics are no records, and no filter chooses among them")
        raise ConflictingOptions(message, tr("Leave the filters out."))
    if filters.as_of and form not in TABLES:
        message = tr(
            "an export of records is of today: --as-of goes with the formats {forms} alone", forms=join_list(TABLES, "and")
        )
        raise ConflictingOptions(message, tr("Leave --as-of out, or use `testimony search` or `testimony list`."))


def part_of(found: Results, every: Sequence[str], read: Callable[[str], Record]) -> ExportPart:
    """Return the part of a collection that an answer is, with the records without which a caveat or a link would be lost.

    :param found: every passage that answers the filters.
    :param every: all codes that this reader may read.
    :param read: gives a record by its code.
    :raises EmptyCollection: no record answers.
    """
    matching, known = tuple(dict.fromkeys(hit.testimony.code for hit in found.hits)), frozenset(every)
    if not matching:
        message = tr("no record answers these filters")
        raise EmptyCollection(message, tr("`testimony list` with the same filters shows which records do."))
    codes, waiting = set(matching), list(matching)
    while waiting:
        record = read(waiting.pop())
        notes = (note for passage in record.passages for note in (*passage.notes, *passage.replaced))
        needed = {*points_at(record.testimony), *(note.origin for note in notes)} & known - codes
        codes |= needed
        waiting += needed
    along = tuple(sorted(codes - set(matching)))
    return ExportPart(
        filters=found.query.filters,
        codes=frozenset(codes),
        along=along,
        of=len(known),
        undated=found.undated_left_out,
        without_history=found.without_history,
    )


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
    :param part: which part of the collection the parcel holds; None of all of it.
    :raises EmptyCollection: there is nothing that may be carried away.
    """

    def __init__(
        self,
        parcel: Parcel,
        authorities: Authorities,
        show: Callable[[str, str], RecordOutput],
        part: ExportPart | None = None,
    ) -> None:
        """Take what the records are read from."""
        self.parcel = parcel
        self._part = part
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
        return self.parcel.codes()

    @property
    def part(self) -> dict[str, Any] | None:
        """Return what is to be said of being a part of the collection, None of all of it."""
        return self._part.to_fields(self.authorities) if self._part else None

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
            "part": self.part,
            "notice": "Quote no passage without its caveats and its citation.",
        }
