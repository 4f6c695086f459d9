"""The kinds of files that can be brought in, and which reader takes each: by what is in a file first, then by its name."""

import codecs
import re
from importlib import import_module
from typing import Any, Final, Protocol

from archive.documents.reading import form_of
from archive.keeping.importing._annotation_files import is_annotations
from archive.keeping.importing._model import SourceText
from archive.named_tuple import NamedTuple

MOST_BYTES: Final = 50_000_000


class Options(NamedTuple):
    """What a person says of files that are brought in, as far as a reader needs it."""

    cues: bool = False
    """One paragraph a cue of a caption file, in place of whole sentences."""
    hidden: bool = False
    """Take hidden rows, columns and sheets along."""
    mapping: Any = None
    """The mapping of a table, as `archive.keeping.importing._tables` describes it."""
    tiers: tuple[tuple[str, str], ...] = ()
    """What a tier of an ELAN file is, by its name: "speech", "leave" or "translation:LANGUAGE"."""
    remarks: bool = False
    """Take the comments of a document along, as proposals of notes."""
    private: bool = False
    """Take annotations along that were not made for everybody."""


class Reader(Protocol):
    """A module that reads a kind of file."""

    def read(self, content: bytes, name: str, options: Options) -> list[SourceText]:
        """Return what a file gives, a `SourceText` for each record.

        :param name: of the file, for messages.
        :raises UnreadableDocument: it is damaged, too large, protected, or not what it seems.
        :raises MissingExtra: what reads it is not installed.
        """


class FileKind(NamedTuple):
    """A kind of file: its name, the module of its reader, the endings of its files, and whether it is a transcript by itself.

    ``is_on_records``: it has no words for a record of its own, but annotations on words of records that are there.
    """

    name: str
    module: str
    endings: tuple[str, ...]
    is_transcript: bool = False
    is_on_records: bool = False

    def read(self, content: bytes, name: str, options: Options) -> list[SourceText]:
        """Return what a file of this kind gives; see `Reader`."""
        reader: Reader = import_module(self.module)
        return reader.read(content, name, options)


_HERE: Final = "archive.keeping.importing."
KINDS: Final = (
    FileKind("docx", f"{_HERE}_word", (".docx", ".docm")),
    FileKind("odt", f"{_HERE}_word", (".odt", ".ott")),
    FileKind("rtf", f"{_HERE}_word", (".rtf",)),
    FileKind("pdf", f"{_HERE}_pdf", (".pdf",)),
    FileKind("xlsx", f"{_HERE}_tables", (".xlsx", ".xlsm")),
    FileKind("ods", f"{_HERE}_tables", (".ods",)),
    FileKind("csv", f"{_HERE}_tables", (".csv", ".tsv", ".tab")),
    FileKind("hwpx", f"{_HERE}_hwpx", (".hwpx",)),
    FileKind("hwp", f"{_HERE}_hwp", (".hwp", ".hwt")),
    FileKind("qdpx", f"{_HERE}_qda", (".qdpx",)),
    FileKind("zip", f"{_HERE}_tables", (".zip",)),
    FileKind("vtt", f"{_HERE}_captions", (".vtt",), is_transcript=True),
    FileKind("srt", f"{_HERE}_captions", (".srt",), is_transcript=True),
    FileKind("eaf", f"{_HERE}_eaf", (".eaf",), is_transcript=True),
    FileKind("ohms", f"{_HERE}_ohms", (".xml",), is_transcript=True),
    FileKind("tei", f"{_HERE}_tei", (".xml", ".tei"), is_transcript=True),
    FileKind("markdown", f"{_HERE}_plain", (".md", ".markdown")),
    FileKind("text", f"{_HERE}_plain", (".txt", ".text")),
    FileKind("annotations", f"{_HERE}_annotations", (".json",), is_on_records=True),
)
"""Every kind, those that are known by what is in them first."""

_PACKAGES: Final = frozenset({"hwpx", "xlsx", "ods", "qdpx", "zip"})
"""Kinds that are packages as .docx is one, and are told from it by their names where nothing else tells them."""
_NEVER_BY_NAME: Final = frozenset({"docx", "odt", "rtf", "pdf", "annotations", *_PACKAGES})
"""Kinds that are known by what is in them: a file of their name that has nothing of it is none."""
_MAY_HOLD_ANNOTATIONS: Final = frozenset({"annotations", "csv", "text"})
"""Kinds by their names, whose files are annotations where that is in them."""
_HWPX: Final = b"application/hwp+zip"
_HANGUL: Final = b"HWP Document File"
"""Stands at the beginning of a stream of a .hwp, or of one of the years before 2000."""
_CONTENTS: Final = b"[Content_Types].xml"
"""A member of every package of the kind of .docx and .xlsx."""
_HEAD: Final = 200
_DIRECTORY: Final = 65_536
_BEGINNING: Final = 100_000
_XML: Final = frozenset({".xml", ".tei", ".eaf"})
_ROOTS: Final = (
    (re.compile(rb"<ANNOTATION_DOCUMENT\b"), "eaf"),
    (re.compile(rb"<(?:[\w.-]+:)?(?:TEI|TEI\.2|teiCorpus)\b"), "tei"),
    (re.compile(rb"<(?:[\w.-]+:)?record\b.*<(?:[\w.-]+:)?(?:vtt_)?transcript\b", re.DOTALL), "ohms"),
)
"""What files in XML are, by their first elements."""
_BY_NAME: Final = {kind.name: kind for kind in KINDS}


def _beginning(content: bytes) -> bytes:
    begun = content[:_BEGINNING]
    is_wide = begun.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return begun.decode("utf-16", "ignore").encode("utf-8", "ignore") if is_wide else begun


def kind_of(content: bytes, name: str) -> FileKind | None:
    """Return the kind of a file, None of one that nothing reads.

    :param name: of the file; where its ending and its content do not agree, the content decides.
    """
    form = form_of(content, name)
    ending = f".{name.rpartition('.')[2]}".casefold() if "." in name else ""
    named = next((kind for kind in KINDS if ending in kind.endings), None)
    if form == "docx":
        return _package_kind(content, named)
    if content.startswith(_HANGUL) or (form == "old" and (_HANGUL in content or named is _BY_NAME["hwp"])):
        return _BY_NAME["hwp"]
    if form == "old":
        return FileKind(form, f"{_HERE}_word", ())  # which says what to do about it
    if form:
        return _BY_NAME.get(form)
    if ending in _XML:
        return next((_BY_NAME[kind] for pattern, kind in _ROOTS if pattern.search(_beginning(content))), None)
    return _text_kind(content, named)


def _package_kind(content: bytes, named: FileKind | None) -> FileKind | None:
    """Return the kind of a package, which may be any that is a .zip."""
    if _HWPX in content[:_HEAD]:
        return _BY_NAME["hwpx"]
    is_office = any(_CONTENTS in part for part in (content[:_DIRECTORY], content[-_DIRECTORY:]))
    if named is _BY_NAME["hwp"] and not is_office:
        return _BY_NAME["hwpx"]
    if named is not None and named.name in _PACKAGES and not (named.name == "zip" and is_office):
        return named
    return _BY_NAME["docx"] if named is not None or is_office else None


def _text_kind(content: bytes, named: FileKind | None) -> FileKind | None:
    """Return the kind of what is written as text."""
    if named is not None and named.name in _MAY_HOLD_ANNOTATIONS and is_annotations(content):
        return _BY_NAME["annotations"]
    return None if named is None or named.name in _NEVER_BY_NAME else named
