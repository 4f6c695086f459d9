"""A dossier as the lines or the bytes of a file, by the name of its format."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any, Final

from archive.citing.citation import house
from archive.documents import pandoc
from archive.formats.dossier_content import Document
from archive.formats.registry import DOSSIERS
from archive.record.hashing import SHORT_HASH

TYPESET: Final = frozenset({"docx", "odt", "pdf"})
"""Formats that pandoc and typst write; the citations of passages stand in footnotes."""
_ENTRIES: Final = "archive.formats.bibliography.entries"
_STYLED: Final = "archive.formats.bibliography.styled"


def lines(document: Document, form: str) -> Iterator[str]:
    """Write a dossier as lines of text."""
    writer: Any = import_module(DOSSIERS[form])
    lines: Iterator[str] = writer.write(document)
    return lines


def written(document: Document, form: str, style: str = "", font: str = "") -> bytes:
    """Write a dossier as the bytes of a file.

    :param style: of the footnotes of a word processor's file or a PDF, "" for the house's own.
    :param font: for Hangul in a PDF, "" takes one that is installed.
    :raises MissingExtra: what writes it is not installed.
    :raises CannotTypeset: it was refused.
    """
    if form not in TYPESET:
        return "".join(f"{line}\n" for line in lines(document, form)).encode("utf-8", "replace")
    writer: Any = import_module(DOSSIERS[form])
    notes = _styled(document, style) if style else _in_full(document)
    body = "".join(f"{line}\n" for line in writer.write(document, titled=False, notes=notes))
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


def _styled(document: Document, style: str) -> dict[str, str]:
    """Return the citation of each passage in a named style, as it stands in a note; of a style without notes the entry."""
    entries, styled = import_module(_ENTRIES), import_module(_STYLED)
    shown = [each for _, group in document.groups for each in group]
    made = styled.all_styled([entries.of_passage(each, document.dossier.authorities) for each in shown], style)
    return {each.reference: one.note or one.entry for each, one in zip(shown, made, strict=True)}
