"""RIS, for Zotero, EndNote and their like: a tag and a value a line, so no value may have a line end.

RIS knows no interview; a witness's own words go as a manuscript.
"""

from collections.abc import Iterable, Iterator

from archive.citing.excerpt import RecordOutput, SearchOutput
from archive.formats.bibliography import entries as bibliography
from archive.formats.bibliography.entries import SUMMARY, BibliographyEntry


def answer(answer: SearchOutput) -> Iterator[str]:
    """Write a search: one reference a hit."""
    yield from entries(bibliography.passages(answer.shown, answer.authorities))


def pages(pages: RecordOutput) -> Iterator[str]:
    """Write passages of one record, one reference each."""
    yield from entries(bibliography.passages(pages.shown, pages.authorities))


def entries(found: Iterable[BibliographyEntry]) -> Iterator[str]:
    """Write references."""
    for entry in found:
        yield f"TY  - {'BOOK' if entry.type == SUMMARY else 'MANSCPT'}"
        for tag, value in values(entry):
            if value:
                yield f"{tag}  - {value}"
        yield "ER  - "


def values(entry: BibliographyEntry) -> Iterator[tuple[str, str]]:
    """Yield the fields of an entry as they are written, with their names; "" where there is nothing."""
    yield "ID", entry.key
    yield "AU", _whole(entry.author)
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


def _whole(name: str) -> str:
    """Write a name that no reader parts.

    A comma stands between the family's name and the given one, so ours stands
    at the end, and one within becomes wide; a small letter at the start would
    be taken for that of a "von".
    """
    kept = name.replace(",", "，")
    return f"{kept[:1].upper()}{kept[1:]},"


def _date(written: str) -> Iterator[tuple[str, str]]:
    """Yield a plain date, and the year apart, which some readers take alone; nothing for the undated."""
    found = bibliography.date(written)
    if found and "date-parts" in found:
        year, *rest = written.removesuffix("~").split("-")
        yield "PY", year
        yield "DA", "/".join([year, *rest, *[""] * (3 - len(rest))])
