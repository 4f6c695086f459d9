"""A dossier as the lines or the bytes of a file, by the name of its format."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

from archive.documents import pandoc
from archive.formats.dossier_content import Document
from archive.formats.registry import DOSSIERS


def lines(document: Document, form: str) -> Iterator[str]:
    """Write a dossier as lines of text."""
    writer: Any = import_module(DOSSIERS[form])
    lines: Iterator[str] = writer.write(document)
    return lines


def written(document: Document, form: str) -> bytes:
    """Write a dossier as the bytes of a file."""
    if form != "docx":
        return "".join(f"{line}\n" for line in lines(document, form)).encode("utf-8", "replace")
    writer: Any = import_module(DOSSIERS[form])
    body = "".join(f"{line}\n" for line in writer.write(document, titled=False))
    cover = pandoc.DocumentMetadata(document.dossier.title, "en", document.dossier.day)
    return pandoc.convert(body, "docx", cover=cover)
