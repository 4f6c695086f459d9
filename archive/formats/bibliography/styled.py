"""Citations in a named style, set by pandoc, with a text of our own for what the style leaves out.

A style has no place for a caveat, some lose the paragraph, those that cite in
the text lose the witness of a summary. What is missing is added after the
citation, each time by looking at what the style has printed.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from archive.documents import pandoc
from archive.formats.bibliography.entries import SUMMARY, BibliographyEntry, cased, item
from archive.formats.terminal import visible

NAMES: Final = {"chicago": "Chicago", "apa": "APA", "mla": "MLA", "oscola": "OSCOLA", "bluebook": "Bluebook"}


class Styled(NamedTuple):
    """A citation in a style; what the style does not have (a note, a bibliography) is ""."""

    note: str
    in_text: str
    entry: str


def styled(entry: BibliographyEntry, style: str) -> Styled:
    """Set an entry in a style; witness, paragraph and caveats are in every form of it."""
    pinpoint = entry.paragraph.partition(" (")[0]
    found = pandoc.cited(_bare(entry), style, pinpoint)
    return Styled(*(f"{each}{_added(each, entry, in_short=each == found.in_text)}" if each else "" for each in found))


def _bare(entry: BibliographyEntry) -> dict[str, Any]:
    """Return the item without what is added afterwards, so that it reads as the style means it."""
    named = ", ".join(part for part in (entry.heading, entry.paragraph) if part)
    left_out = {"title-short", "archive_location", "note", "custom"}
    kept = {name: value for name, value in item(entry).items() if name not in left_out}
    return {**kept, "title": cased(named)}


def _added(printed: str, entry: BibliographyEntry, *, in_short: bool) -> str:
    """Return what the printed form lacks; in the text the flags stand for the caveats."""
    witness = str(entry.known["witness"])
    lacks_witness = folded(witness) not in folded(printed)
    lacks_paragraph = not _has_paragraph(printed, entry)
    if in_short:
        said = f"account of {witness}" if entry.type == SUMMARY else witness
        flags = f"caveats: {entry.flags}" if entry.flags else ""
        parts = [said if lacks_witness else "", entry.paragraph if lacks_paragraph else "", flags, entry.reference]
        return f" [{'; '.join(part for part in parts if part)}]"
    parts = [
        entry.heading if lacks_witness else "",
        entry.paragraph if lacks_paragraph else "",
        entry.caveats,
        entry.origin,
        "" if folded(entry.archive) in folded(printed) else entry.kept,
    ]
    told = ". ".join(part for part in parts if part)
    return f"{'' if printed.endswith('.') else '.'} {told}. {_short(entry.mark)}"


def _has_paragraph(printed: str, entry: BibliographyEntry) -> bool:
    """Return whether the paragraph is printed, as ``para. 3``, ``par. 3`` or ``¶ 3``."""
    number = entry.paragraph.partition(" (")[0].rpartition(" ")[2]
    return not number or re.search(rf"(?:\bpara?\.?|¶)\s*{number}(?![0-9])", printed) is not None


def folded(text: str) -> str:
    """Make texts comparable: capitals, quotation marks and spaces are the style's."""
    marks = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'"})
    return "".join(text.casefold().translate(marks).replace('"', "'").split())


def _short(mark: str) -> str:
    """Return the mark with the 16 digits that text has."""
    start, found, rest = mark.partition("sha256:")
    return f"{start}{found}{rest[:16]}{rest[64:]}" if found else mark


def text(found: Iterable[BibliographyEntry], style: str) -> Iterator[str]:
    """Write citations for a person, an empty line between them."""
    for number, entry in enumerate(found):
        if number:
            yield ""
        forms = styled(entry, style)
        yield visible(f"{entry.reference} in {NAMES[style]}")
        for label, value in (("Note", forms.note), ("In text", forms.in_text), ("Bibliography", forms.entry)):
            if value:
                yield visible(f"{label}: {value}")
