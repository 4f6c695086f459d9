"""Citations in a named style, set by pandoc, with a text of our own for what the style leaves out.

A style has no place for a caveat, some lose the paragraph, those that cite in
the text lose the witness of a summary. What is missing is added after the
citation, each time by looking at what the style has printed. Of the source of
a passage the style has the work, and what it leaves out of it is added too.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from archive.citing import citation, pinpoint
from archive.citing import source as citing_source
from archive.citing.pinpoint import Pinpoint
from archive.documents import pandoc
from archive.documents.pandoc import CitedPlace
from archive.formats.bibliography import _korean as korean
from archive.formats.bibliography.entries import (
    SUMMARY,
    BibliographyEntry,
    Entry,
    SourceEntry,
    item,
    keep_case,
    of_work,
    through_item,
    work_item,
)
from archive.formats.terminal import visible
from archive.language.messages import tr
from archive.named_tuple import NamedTuple

KOREAN: Final = korean.NAME
NAMES: Final = {
    "chicago": "Chicago",
    "chicago-author-date": "Chicago (author-date)",
    "apa": "APA",
    "mla": "MLA",
    "oscola": "OSCOLA",
    "bluebook": "Bluebook",
    "aglc": "AGLC",
    "mhra": "MHRA",
    "mcgill": "McGill",
    KOREAN: korean.LABEL,
}
UNCHECKED: Final = frozenset({"aglc", "mhra", "mcgill"})
"""Styles that are given as they come: nobody held what they print against their guides."""
_WITHOUT_HEARINGS: Final = frozenset({"oscola", "aglc"})
"""Styles that print no day of a hearing, and that of a page of the web."""
_WHOLE: Final = frozenset({"book", "report"})
_BY_ORDINAL: Final = {"1": "1st", "2": "2d", "3": "3d"}


class Styled(NamedTuple):
    """A citation in a style; what the style does not have (a note, a bibliography) is ""."""

    note: str
    in_text: str
    entry: str


def style_entry(entry: Entry, style: str) -> Styled:
    """Set one entry in a style; witness, paragraph and caveats are in every form of it."""
    return all_styled([entry], style)[0]


def all_styled(entries: Sequence[Entry], style: str) -> list[Styled]:
    """Set the citations of one document, in the order of its notes: a source that is cited again is cited in short.

    :param style: a key of `NAMES`, or the path of a file that `archive.documents.pandoc.style_title` has checked.
    """
    if style == KOREAN:
        return _korean(entries)
    if pandoc.in_text(style):
        return [_in_text(each, style) for each in entries]
    items = [each for entry in entries for each in _items(entry, style)]
    found = pandoc.together([_places(each, style) for each in entries], items, style)
    known: set[str] = set()
    done = []
    for entry, each in zip(entries, found, strict=True):
        work = entry.cited.ref if isinstance(entry, SourceEntry) else ""
        done.append(_complete(entry, each, again=bool(work) and work in known))
        known.add(work)
    return done


def bibliography(works: Sequence[tuple[str, Mapping[str, Any]]], style: str) -> list[str]:
    """Return how works stand in the bibliography of a style, in their order; "" for each where the style has none.

    :param works: what each is called, and its CSL-JSON fields.
    :param style: as in `all_styled`.
    """
    items = [of_work(csl, f"work-{at}", named) for at, (named, csl) in enumerate(works)]
    if style == KOREAN:
        return [korean.work(each) for each in items]
    if not items:
        return []
    set_items = [_as_style_has_it(each, style) for each in items]
    return [each.entry for each in pandoc.together([[CitedPlace(str(item["id"]))] for item in items], set_items, style)]


def _in_text(entry: Entry, style: str) -> Styled:
    """Set an entry in a style that cites in the text, alone: no letter stands after its year."""
    places = [each._replace(before="") for each in _places(entry, style)]
    first, *through = pandoc.together([[each] for each in places], _items(entry, style), style)
    if through:
        (other,) = through
        within = f"({first.in_text.strip('()')}, as reported in {other.in_text.strip('()')})"
        entered = f"{first.entry.rstrip('.')}. As reported in {other.entry}" if first.entry else ""
        first = first._replace(in_text=within, entry=entered)
    return _complete(entry, first, again=False)


def _korean(entries: Sequence[Entry]) -> list[Styled]:
    done, before, known = [], "", set[str]()
    for entry in entries:
        told = korean.note(entry, before, known)
        before = korean.work_of(entry)
        again = before in known
        known.add(before)
        found = pandoc.Citation(told, "", korean.entry(entry))
        done.append(_complete(entry, found, again=again and isinstance(entry, SourceEntry)))
    return done


def _places(entry: Entry, style: str) -> list[CitedPlace]:
    """Return what a citation of an entry cites: a passage, or the source with the work that it is reported in."""
    if isinstance(entry, BibliographyEntry):
        number = entry.paragraph.partition(" (")[0].removeprefix("para. ")
        prints_number = number and pandoc.in_text(style)
        return [CitedPlace(entry.key, "paragraph", number) if prints_number else CitedPlace(entry.key)]
    cited = entry.cited
    places = [_place(cited.ref or entry.key, cited.place)]
    if cited.through:
        places.append(_place(entry.cited.through_ref, cited.through_place)._replace(before="as reported in"))
    return places


def _place(name: str, at: Pinpoint) -> CitedPlace:
    return CitedPlace(name, at.label, at.number, at.rest)


def _items(entry: Entry, style: str) -> list[dict[str, Any]]:
    if isinstance(entry, BibliographyEntry):
        return [_bare(entry)]
    works = [work_item(entry)]
    if entry.through:
        works.append(through_item(entry) | {"id": entry.cited.through_ref})
    return [_as_style_has_it(each, style) for each in works]


def _as_style_has_it(work: dict[str, Any], style: str) -> dict[str, Any]:
    """Return a work as its style sets it right: the capitals of a title stay, so that no name is changed by a rule."""
    for role in ("author", "editor", "translator", "interviewer"):
        if work.get(role):
            work[role] = [_whole(each) for each in work[role]]
    work = work | {name: keep_case(str(work[name])) for name in ("title", "container-title") if work.get(name)}
    if style == "bluebook" and work.get("edition"):
        work["edition"] = _ordinal(str(work["edition"]))
    if work.get("type") in _WHOLE:
        work.pop("page", None)  # where it stands in the work, which no style asks for, and some take for the place cited
    if work.get("type") == "hearing" and style in _WITHOUT_HEARINGS:
        work["type"] = "webpage"
    return work


def _whole(person: dict[str, str]) -> dict[str, str]:
    """Return a person whose name is in Hangul or Han by the whole of it: the family's alone names nobody."""
    said = citation.authors({"author": [person]})
    return {"literal": said} if person.get("given") and " " not in said else person


def _ordinal(edition: str) -> str:
    return _BY_ORDINAL.get(edition, f"{edition}th") if edition.isdecimal() else edition


def _bare(entry: BibliographyEntry) -> dict[str, Any]:
    """Return the item without what is added afterwards, so that it reads as the style means it."""
    named = ", ".join(part for part in (entry.heading, entry.paragraph) if part)
    left_out = {"title-short", "archive_location", "note", "custom"}
    kept = {name: value for name, value in item(entry).items() if name not in left_out}
    return {**kept, "title": keep_case(named)}


def _complete(entry: Entry, found: pandoc.Citation, *, again: bool) -> Styled:
    """Add to each form what it lacks."""
    if isinstance(entry, SourceEntry):
        add = partial(_lacking_part_of_source, entry=entry)
        return Styled(
            note=f"{found.note}{add(found.note, again=again)}" if found.note else "",
            in_text=f"{found.in_text} [{_in_short(entry)}]" if found.in_text else "",
            entry=f"{found.entry}{add(found.entry, again=False)}" if found.entry else "",
        )
    return Styled(*(f"{each}{_lacking_part(each, entry, in_short=each == found.in_text)}" if each else "" for each in found))


def _lacking_part(printed: str, entry: BibliographyEntry, *, in_short: bool) -> str:
    """Return what the printed form lacks; in the text the flags stand for the caveats."""
    witness = str(entry.known["witness"])
    lacks_witness = fold_for_comparison(witness) not in fold_for_comparison(printed)
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
        "" if fold_for_comparison(entry.archive) in fold_for_comparison(printed) else entry.kept,
    ]
    added = ". ".join(part for part in parts if part)
    return f"{'' if printed.endswith('.') else '.'} {added}. {_short(entry.mark)}"


def _in_short(entry: SourceEntry) -> str:
    flags = f"caveats: {entry.flags}" if entry.flags else ""
    return "; ".join(part for part in (flags, entry.reference) if part)


def _lacking_part_of_source(printed: str, *, entry: SourceEntry, again: bool) -> str:
    """Return what the citation of a source lacks, the caveats, and through which passage it is cited.

    :param again: the work stands in full in a citation before this one.
    """
    parts = [*map(_begun, _lacking(printed, entry, again=again)), entry.also, entry.caveats, entry.read_in]
    told = ". ".join(part for part in parts if part)
    return f"{'' if _ENDED.search(printed) else '.'} {told}. {_short(entry.mark)}"


_ENDED: Final = re.compile("[.!?][”’\"')»]*$")


def _begun(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _lacking(printed: str, entry: SourceEntry, *, again: bool) -> Iterator[str]:
    """Yield what a style left out of a source: title, interviewer, year, place, what it is reported in, address, day seen."""
    cited, text = entry.cited, fold_for_comparison(printed)
    title, year = str(entry.work["title"]), citing_source.year(cited.csl)
    if not again and fold_for_comparison(title) not in text:
        yield title
    asked = citation.authors({"author": cited.csl.get("interviewer") or []})
    if not again and asked and fold_for_comparison(asked.rpartition(" ")[2]) not in text:
        yield f"interview by {asked}"
    if not again and year and year not in text:
        yield year
    places = [each for each in cited.places if not pinpoint.is_printed(each, printed)]
    yield "; ".join(places)
    if cited.through and fold_for_comparison(str(entry.through["title"])) not in text:
        yield citing_source.describe_reporting(cited)
    yield citing_source.unseen(cited)
    if not again and cited.address and fold_for_comparison(cited.address) not in text:
        yield f"<{cited.address}>"
    if not again and cited.accessed and not _has_day(text, cited.accessed):
        yield citation.describe_day_seen(cited.accessed)


def _has_day(text: str, day: str) -> bool:
    year, month, of_month = day.split("-")
    named = citation.describe_day_seen(day).split(" ")[2].casefold()[:3]
    number = of_month.lstrip("0")
    ways = (f"{number}{named}", f"{named}{number}", f"{named}.{number}")
    in_english = (
        year in text
        and re.search("accessed|visited|retrieved|seen", text)
        and any(re.search(re.escape(way) + ("" if way.endswith(named) else "(?![0-9])"), text) for way in ways)
    )
    return bool(in_english) or f"{year}년{month.lstrip('0')}월{number}일" in text


def _has_paragraph(printed: str, entry: BibliographyEntry) -> bool:
    """Return whether the paragraph is printed, as ``para. 3``, ``par. 3`` or ``¶ 3``."""
    number = entry.paragraph.partition(" (")[0].rpartition(" ")[2]
    return not number or re.search(rf"(?:\bpara?\.?|¶)\s*{number}(?![0-9])", printed) is not None


def fold_for_comparison(text: str) -> str:
    """Make texts comparable: capitals, quotation marks and spaces are the style's."""
    marks = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'"})
    return "".join(text.casefold().translate(marks).replace('"', "'").split())


def _short(mark: str) -> str:
    """Return the mark with the 16 digits that text has."""
    start, sign, rest = mark.partition("sha256:")
    return f"{start}{sign}{rest[:16]}{rest[64:]}" if sign else mark


def label(style: str) -> str:
    """Return the name of a style as it is printed, and that it was not checked where it was not.

    :raises BadStyle: it is a file that cannot be read, or no style.
    """
    if style not in NAMES:
        return tr("“{title}” (not checked)", title=pandoc.style_title(Path(style)))
    return tr("{style} (not checked)", style=NAMES[style]) if style in UNCHECKED else NAMES[style]


def text(listed: Iterable[Entry], style: str) -> Iterator[str]:
    """Write citations for a person, an empty line between them; where a source is cited again, the notes are numbered."""
    every = list(listed)
    named = label(style)
    forms = all_styled(every, style)
    notes = sum(bool(each.note) for each in forms)
    for number, (entry, each) in enumerate(zip(every, forms, strict=True), start=1):
        if number > 1:
            yield ""
        yield visible(_heading(entry, named))
        note = f"Note {number}" if notes > 1 else "Note"
        for label_, value in ((note, each.note), ("In text", each.in_text), ("Bibliography", each.entry)):
            if value:
                yield visible(f"{label_}: {value}")


def _heading(entry: Entry, named: str) -> str:
    if isinstance(entry, SourceEntry):
        return tr("{reference} in {style}: its source", reference=entry.reference, style=named)
    return tr("{reference} in {style}", reference=entry.reference, style=named)
