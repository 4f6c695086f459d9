"""A dossier as the lines or the bytes of a file, by the name of its format."""

from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any, Final

from archive.citing.citation import house
from archive.documents import pandoc
from archive.errors import CannotTypeset, MissingExtra
from archive.formats.dossier_content import CONTENTS, Document
from archive.formats.registry import DOSSIERS, PICTURE_FILES, TEMPLATED
from archive.formats.template_fields import Template, Templated
from archive.language.messages import current_language, tr
from archive.named_tuple import NamedTuple
from archive.record.hashing import SHORT_HASH

_NO_NOTES: Final[Mapping[str, str]] = {}
_TAGS: Final = {"ko": "ko-KR"}
"""The languages that a word processor knows by their country alone."""
TYPESET: Final = frozenset({"docx", "odt", "pdf"})
"""Formats that pandoc and typst write; the citations of passages stand in footnotes."""
_WITH_DRAWINGS: Final = TYPESET - {"pdf"}
"""Those in which a picture has its drawing beside its table."""


class DossierLayout(NamedTuple):
    """How a dossier is set: beside what is in it, what a person may choose.

    ``notes`` are the citations of passages in a style, by their references: they stand in footnotes, of a page below the
    words; {} for the house's own. ``bibliography`` are the works cited in that style, () as the house names them.
    ``font`` is for Hangul in a PDF, "" takes those that are installed.
    """

    notes: Mapping[str, str] = _NO_NOTES
    bibliography: tuple[str, ...] = ()
    template: Template | None = None
    font: str = ""


AS_IT_COMES: Final = DossierLayout()


def lines(document: Document, form: str, layout: DossierLayout = AS_IT_COMES) -> Iterator[str]:
    """Write a dossier as lines of text."""
    document = _cite_passages(document, layout.notes)
    if layout.template is None:
        writer: Any = import_module(DOSSIERS[form])
        yield from writer.write(document, bibliography=layout.bibliography)
        return
    made = _fill(document, layout.template, _NO_NOTES, layout.bibliography)
    if form == "md":
        yield from made.text.splitlines()
        return
    cover = _cover(document)
    fragment, title = pandoc.page_of(made.text, cover, made.passages)
    page: Any = import_module(TEMPLATED["html"])
    yield from page.write(fragment, title, cover.language)


def write(document: Document, form: str, layout: DossierLayout = AS_IT_COMES) -> bytes:
    """Write a dossier as the bytes of a file.

    :raises MissingExtra: what writes it is not installed.
    :raises BadTemplate: its template cannot be filled in.
    :raises CannotTypeset: it was refused.
    """
    if form not in TYPESET:
        return "".join(f"{line}\n" for line in lines(document, form, layout)).encode("utf-8", "replace")
    notes, parts, pictures = layout.notes or _in_full(document), tuple[str, ...](), dict[str, bytes]()
    if layout.template is None:
        writer: Any = import_module(DOSSIERS[form])
        pictures = _drawings(document) if form in _WITH_DRAWINGS else {}
        made = writer.write(document, titled=False, notes=notes, bibliography=layout.bibliography, drawn=pictures)
        body = "".join(f"{line}\n" for line in made)
    else:
        body, parts = _fill(document, layout.template, notes, layout.bibliography)
    return pandoc.typeset(body, form, _cover(document), tr(CONTENTS), layout.font, parts, pictures)


def _drawings(document: Document) -> dict[str, bytes]:
    """Return the drawing of each picture as PNG, by its name; none where what writes PNG is not there."""
    drawing: Any = import_module(PICTURE_FILES["png"]) if document.pictures else None
    try:
        return {each.name: drawing.bare(each) for each in document.pictures if not each.is_empty}
    except (MissingExtra, CannotTypeset):
        return {}


def _cite_passages(document: Document, notes: Mapping[str, str]) -> Document:
    """Return a dossier with the citations of its passages in a style, for a page that has them below the words."""
    groups = [
        (record, tuple(each._replace(excerpt=each.excerpt._replace(citation=notes[each.reference])) for each in shown))
        for record, shown in (document.groups if notes else ())
    ]
    return document._replace(groups=tuple(groups)) if notes else document


def _cover(document: Document) -> pandoc.DocumentMetadata:
    return pandoc.DocumentMetadata(
        document.dossier.title, _TAGS.get(current_language(), current_language()), document.dossier.day
    )


def _fill(document: Document, template: Template, notes: Mapping[str, str], bibliography: Sequence[str]) -> Templated:
    filling: Any = import_module(TEMPLATED["md"])
    made: Templated = filling.write(document, template, notes=notes, bibliography=bibliography)
    return made


def _in_full(document: Document) -> dict[str, str]:
    """Return the citation of each passage with every caveat in words: a note is copied with the words that call it."""
    authorities = document.dossier.authorities
    every = (each.hit for _, shown in document.groups for each in shown)
    return {
        f"{hit.testimony.code}#p{hit.passage.number}": house(hit.testimony, hit.passage, authorities, digits=SHORT_HASH)
        for hit in every
    }
