"""RIS, for Zotero, EndNote and their like: a tag and a value a line, so no value may have a line end.

RIS knows no interview; a witness's own words go as a manuscript.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from archive.citing.excerpt import RecordOutput, SearchOutput
from archive.formats.bibliography import entries as bibliography
from archive.formats.bibliography.entries import SUMMARY, Entry, SourceEntry
from archive.formats.wording import whole_name


def answer(answer: SearchOutput) -> Iterator[str]:
    """Write a search: one reference a hit."""
    yield from entries(bibliography.passages(answer.shown, answer.authorities))


def pages(pages: RecordOutput) -> Iterator[str]:
    """Write passages of one record, one reference each."""
    yield from entries(bibliography.passages(pages.shown, pages.authorities))


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


def _kind(entry: Entry) -> str:
    if isinstance(entry, SourceEntry):
        return _KINDS.get(str(entry.work.get("type", "")), "GEN")
    return "BOOK" if entry.type == SUMMARY else "MANSCPT"


def entries(listed: Iterable[Entry]) -> Iterator[str]:
    """Write references."""
    for entry in listed:
        yield f"TY  - {_kind(entry)}"
        for tag, value in values(entry):
            if value:
                yield f"{tag}  - {value}"
        yield "ER  - "


def values(entry: Entry) -> Iterator[tuple[str, str]]:
    """Yield the fields of an entry as they are written, with their names; "" where there is nothing."""
    if isinstance(entry, SourceEntry):
        yield from _of_source(entry)
        return
    yield "ID", entry.key
    yield "AU", whole_name(entry.author)
    yield "TI", entry.title
    yield "ST", entry.short
    yield from _date(entry.issued)
    yield "M3", "" if entry.type == SUMMARY else "Interview"
    yield "DB", entry.archive
    yield "AN", entry.mark
    yield "LA", entry.language
    for flag in entry.keywords:
        yield "KW", flag
    # Zotero makes a page of HTML of a note.
    yield "N1", bibliography.without_markup(entry.citation)


def _of_source(entry: SourceEntry) -> Iterator[tuple[str, str]]:
    work = entry.work

    def text(name: str) -> str:
        return str(work.get(name) or "")

    yield "ID", entry.key
    for role, tag in (("author", "AU"), ("editor", "A2"), ("translator", "A4")):
        for person in bibliography.people(work, role):
            yield tag, _name(person)
    yield "TI", entry.title
    yield "ST", entry.short
    yield "T2", text("container-title")
    yield "PB", text("publisher")
    yield "CY", text("publisher-place")
    yield "ET", text("edition")
    yield "SN", text("ISBN")
    yield from _date(bibliography.issued(entry))
    yield "M3", "Interview" if text("type") == "interview" else ""
    yield "UR", text("URL")
    seen = entry.cited.accessed if text("URL") == entry.cited.address else ""
    yield "Y2", "/".join([*seen.split("-"), ""]) if seen else ""
    yield "DB", entry.archive
    yield "AN", entry.mark
    for flag in entry.keywords:
        yield "KW", flag
    yield "N1", bibliography.without_markup(entry.citation)


def _name(person: Mapping[str, Any]) -> str:
    """Write a name, the family's before a comma, as it was entered; what was not parted is kept whole."""
    family, given = str(person.get("family", "")), str(person.get("given", ""))
    if person.get("literal") or not (family and given):
        return whole_name(str(person.get("literal") or family or given))
    return f"{family.replace(',', '，')}, {given.replace(',', '，')}"


def _date(written: str) -> Iterator[tuple[str, str]]:
    """Yield a plain date, and the year apart, which some readers take alone; nothing for the undated."""
    parts = bibliography.date(written)
    if parts and "date-parts" in parts:
        year, *rest = written.removesuffix("~").split("-")
        yield "PY", year
        yield "DA", "/".join([year, *rest, *[""] * (3 - len(rest))])
