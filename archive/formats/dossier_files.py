"""A dossier as the lines or the bytes of a file, by the name of its format."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any, Final

from archive.citing.citation import house
from archive.documents import pandoc
from archive.formats.dossier_content import Document
from archive.formats.registry import DOSSIERS
from archive.record.hashing import SHORT_HASH

TYPESET: Final = frozenset({"docx", "odt", "pdf"})
"""Formats that pandoc and typst write; the citations of passages stand in footnotes."""


def lines(document: Document, form: str) -> Iterator[str]:
    """Write a dossier as lines of text."""
    writer: Any = import_module(DOSSIERS[form])
    lines: Iterator[str] = writer.write(document)
    return lines


def written(document: Document, form: str, notes: Mapping[str, str] | None = None, font: str = "") -> bytes:
    """Write a dossier as the bytes of a file.

    :param notes: the footnotes of a word processor's file or a PDF by the reference of their passage, else the house's own.
    :param font: for Hangul in a PDF, "" takes one that is installed.
    :raises MissingExtra: what writes it is not installed.
    :raises CannotTypeset: it was refused.
    """
    if form not in TYPESET:
        return "".join(f"{line}\n" for line in lines(document, form)).encode("utf-8", "replace")
    writer: Any = import_module(DOSSIERS[form])
    body = "".join(f"{line}\n" for line in writer.write(document, titled=False, notes=notes or _in_full(document)))
    cover = pandoc.DocumentMetadata(document.dossier.title, "en", document.dossier.day)
    return pandoc.typeset(body, form, cover, "Contents", font)


def _in_full(document: Document) -> dict[str, str]:
    """Return the citation of each passage with every caveat in words: a note is copied with the words that call it."""
    authorities = document.dossier.authorities
    every = (each.hit for _, shown in document.groups for each in shown)
    return {
        f"{hit.testimony.code}#p{hit.passage.number}": house(hit.testimony, hit.passage, authorities, digits=SHORT_HASH)
        for hit in every
    }
