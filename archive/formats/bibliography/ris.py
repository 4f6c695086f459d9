"""RIS, for Zotero, EndNote and their like: a tag and a value a line, so no value may have a line end.

RIS knows no interview; a witness's own words go as a manuscript.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from archive.citing.excerpt import RecordOutput, SearchOutput
from archive.formats.bibliography import entries as bibliography
from archive.formats.bibliography.entries import BibliographyEntry, Entry, SourceEntry
from archive.formats.wording import whole_name


def pages(output: SearchOutput | RecordOutput) -> Iterator[str]:
    """Write the passages of a search or of a record, one reference each."""
    yield from entries(bibliography.passages(output))


answer = pages


_KINDS: Final = {
    "article-magazine": "MGZN",
    "article-newspaper": "NEWS",
    "article-journal": "JOUR",
    "book": "BOOK",
    "chapter": "CHAP",
    "dataset": "DATA",
    "entry-encyclopedia": "ENCYC",
    "hearing": "HEAR",
    "interview": "MANSCPT",
    "map": "MAP",
    "motion_picture": "MPCT",
    "personal_communication": "PCOMM",
    "post-weblog": "BLOG",
    "report": "RPRT",
    "webpage": "ELEC",
}
"""The type of a work in CSL → its tag; every other is ``GEN``."""
_TEXTS: Final = {"T2": "container-title", "PB": "publisher", "CY": "publisher-place", "ET": "edition", "SN": "ISBN"}


def entries(listed: Iterable[Entry]) -> Iterator[str]:
    """Write references."""
    for entry in listed:
        yield f"TY  - {_KINDS.get(str(entry.work.get('type', '')), 'GEN')}"
        for tag, value in values(entry):
            if value:
                yield f"{tag}  - {value}"
        yield "ER  - "


def values(entry: Entry) -> Iterator[tuple[str, str]]:
    """Yield the fields of an entry as they are written, with their names; "" where there is nothing."""
    work = entry.work

    def text(name: str) -> str:
        return str(work.get(name) or "")

    yield "ID", entry.key
    for role, tag in (("author", "AU"), ("editor", "A2"), ("translator", "A4")):
        for person in bibliography.people(work, role):
            yield tag, _name(person)
    yield "TI", entry.title
    yield "ST", entry.short
    if isinstance(entry, SourceEntry):
        yield from ((tag, text(name)) for tag, name in _TEXTS.items())
    yield from _date(entry.issued)
    yield "M3", "Interview" if text("type") == "interview" else ""
    if isinstance(entry, SourceEntry):
        yield "UR", text("URL")
        yield "Y2", "/".join([*day.split("-"), ""]) if (day := entry.access_day(work)) else ""
    yield "DB", entry.archive
    yield "AN", entry.mark
    if isinstance(entry, BibliographyEntry):
        yield "LA", entry.language
    for flag in entry.keywords:
        yield "KW", flag
    # Zotero makes a page of HTML of a note.
    yield "N1", bibliography.without_markup(entry.citation)


def _name(person: Mapping[str, Any]) -> str:
    """Write a name, the family's before a comma, and a whole one so that nobody parts it."""
    parts = bibliography.name_parts(person)
    return ", ".join(part.replace(",", "，") for part in parts) if parts[1:] else whole_name(*parts)


def _date(written: str) -> Iterator[tuple[str, str]]:
    """Yield a plain date, and the year apart, which some readers take alone; nothing for the undated."""
    parts = bibliography.date(written)
    if parts and "date-parts" in parts:
        year, *rest = written.removesuffix("~").split("-")
        yield "PY", year
        yield "DA", "/".join([year, *rest, *[""] * (3 - len(rest))])
