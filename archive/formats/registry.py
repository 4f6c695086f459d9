"""Name → writer, one registry. Writers are pure: they take an answer and give lines.

A writer is loaded by its name when it is first asked for. Every format that
gives out passages takes `archive.citing.excerpt.RenderedHit`, whose excerpt has no default,
so no format can be written that has no caveats to print.
"""

from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Final, Protocol, cast

from archive.citing.excerpt import RecordOutput, SearchOutput
from archive.record.hashing import LONG_HASH, SHORT_HASH

if TYPE_CHECKING:
    from archive.formats.bibliography.entries import Entry
    from archive.formats.export_content import ExportedCollection

FORMATS: Final[Mapping[str, str]] = {
    "text": "archive.formats.text.plain",
    "json": "archive.formats.data.json_document",
    "jsonl": "archive.formats.data.json_lines",
    "csv": "archive.formats.data.csv",
    "markdown": "archive.formats.markdown.page",
    "csl-json": "archive.formats.bibliography.csl_json",
    "bibtex": "archive.formats.bibliography.biblatex",
    "ris": "archive.formats.bibliography.ris",
    "zotero-rdf": "archive.formats.bibliography.zotero_rdf",
}
EXPORTS: Final[Mapping[str, str]] = {
    "jsonl": "archive.formats.data.export_lines",
    "sqlite": "archive.formats.data.sqlite",
    "csl": "archive.formats.bibliography.works",
    "web-annotation": "archive.formats.data.web_annotation",
    "ro-crate": "archive.formats.data.ro_crate",
}
"""The formats of a whole collection, besides those that other commands have too."""
EXPORT_FOLDERS: Final = ("web-annotation", "ro-crate")
"""Those that are a folder."""
EXPORT_ENDINGS: Final[Mapping[str, str]] = {
    "jsonl": ".jsonl",
    "sqlite": ".db",
    "csv": ".csv",
    "xlsx": ".xlsx",
    "skos": ".ttl",
    "csl": ".json",
}
"""How the name of the file ends that is written into a folder, by format."""
EXPORT_FORMS: Final = tuple(EXPORT_ENDINGS)
"""Those that are a file."""
BINARY_EXPORTS: Final = ("sqlite", "xlsx")
"""Those that are no text, and are never printed."""
FILES: Final = ("xlsx",)
"""The formats that are files and no text: they are written to one that is named, never printed."""
DOSSIERS: Final[Mapping[str, str]] = {
    "md": "archive.formats.markdown.dossier",
    "html": "archive.formats.html.dossier",
    "docx": "archive.formats.markdown.dossier",
    "odt": "archive.formats.markdown.dossier",
    "pdf": "archive.formats.markdown.dossier",
}
"""The formats of a dossier; a word processor's is made of the Markdown by pandoc, and a PDF by typst."""
TEMPLATED: Final[Mapping[str, str]] = {"md": "archive.formats.markdown.templated", "html": "archive.formats.html.templated"}
"""What fills a template in, as Markdown, of which all its formats are made; and what makes a page of that."""
RECORDS: Final[Mapping[str, str]] = {"html": "archive.formats.html.record"}
"""Formats of a record alone: a page that stands alone."""
PARALLEL: Final[Mapping[str, str]] = {
    "text": "archive.formats.text.parallel",
    "markdown": "archive.formats.markdown.parallel",
    "html": "archive.formats.html.parallel",
}
"""The formats in which two languages stand side by side; in the others one follows the other."""
PICTURES: Final[Mapping[str, str]] = {
    "timeline": "archive.formats.pictures.timeline",
    "map": "archive.formats.pictures.map",
    "coverage": "archive.formats.pictures.coverage",
    "relations": "archive.formats.pictures.relations",
    "estimates": "archive.formats.pictures.estimates",
}
"""The kinds of pictures, of a camp or of the whole collection."""
PICTURE_FILES: Final[Mapping[str, str]] = {
    "svg": "archive.formats.pictures.drawn_file",
    "png": "archive.formats.pictures.drawn_file",
    "html": "archive.formats.html.picture",
    "json": "archive.formats.pictures.drawn_file",
}
"""The formats of a picture; the file of a drawing has all the words of it too."""
READING: Final = ("text", "json")
"""The formats of every reading command."""
PAGES: Final = ("text", "json", "markdown")
"""The formats of a record."""
BIBLIOGRAPHIES: Final = ("csl-json", "bibtex", "ris", "zotero-rdf")
"""The formats of reference managers: one entry a passage or a record."""

WITHOUT_FACETS: Final = frozenset({"csv", "jsonl", *BIBLIOGRAPHIES, *FILES})
"""Formats of one row or entry a hit, in which facets have no place."""
FOR_PEOPLE: Final = frozenset({"text", "markdown", "html"})
"""Formats for people, in which 16 digits of a hash are enough, and what a caveat states stands beside its citation, not in it."""


class FormatWriter(Protocol):
    """What every format can do; a format that writes pages has ``pages`` too, and one of a record alone has nothing else."""

    def answer(self, answer: SearchOutput) -> Iterator[str]:
        """Write a search."""

    def pages(self, pages: RecordOutput) -> Iterator[str]:
        """Write passages of one record."""


class ExportWriter(Protocol):
    """What a format of a whole collection can do."""

    def content(self, collection: "ExportedCollection") -> bytes:
        """Write a collection as the bytes of a file."""


def export_writer(name: str) -> ExportWriter:
    """Load the writer of a whole collection by the name of its format."""
    return cast("ExportWriter", import_module(EXPORTS[name]))


def digits(name: str) -> int:
    """Return the digits of a hash that a format writes."""
    return SHORT_HASH if name in FOR_PEOPLE else LONG_HASH


def in_full(name: str) -> bool:
    """Return whether the citations of a format state each caveat; else they name it."""
    return name not in FOR_PEOPLE


def writer(name: str) -> FormatWriter:
    """Load a writer by the name of its format."""
    return cast("FormatWriter", import_module(FORMATS.get(name) or RECORDS[name]))


def parallel_writer(name: str) -> FormatWriter:
    """Load the writer of two languages side by side."""
    return cast("FormatWriter", import_module(PARALLEL.get(name) or FORMATS[name]))


class ForPeople(FormatWriter, Protocol):
    """What a format for people can do besides: write passages of several records, each caveat once."""

    def several(self, every: Iterable[RecordOutput]) -> Iterator[str]:
        """Write passages of records."""


def several_writer(name: str) -> ForPeople:
    """Load the writer of a format for people."""
    return cast("ForPeople", import_module(FORMATS[name]))


class Bibliography(FormatWriter, Protocol):
    """What a format of reference managers can do besides: write entries, of passages or of records."""

    def entries(self, listed: Iterable["Entry"]) -> Iterator[str]:
        """Write entries."""
