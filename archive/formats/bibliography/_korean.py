"""Korean footnotes (국문 각주), as Korean journals of history and the social sciences ask for them.

Books and newspapers stand in 『』, what appeared in them in 「」; a name in
Hangul is written whole, the family's first. What is cited again is 위의 책 right
after, 앞의 책 later. A work whose title has no Hangul or Han is cited as Korean
footnotes cite Western works. The caveats and the mark stay in the archive's own
words, in which `testimony verify` reads them.
"""

import re
from collections.abc import Collection, Mapping
from typing import Any, Final

from archive.citing import citation
from archive.citing.pinpoint import CHAPTER, PAGE, PARAGRAPH, SECTION, Pinpoint
from archive.formats.bibliography.entries import SUMMARY, BibliographyEntry, Entry, SourceEntry, people
from archive.record.work import issue_date

NAME: Final = "korean"
LABEL: Final = "Korean footnotes (국문 각주)"
_OF_ASIA: Final = re.compile("[\u1100-\u11ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff]")
_WHOLE: Final = frozenset({"book", "report", "hearing", "dataset", "map", "motion_picture", "broadcast"})
"""Types of works that stand for themselves, and not in another."""
_PLACES: Final = {PAGE: "{}쪽", PARAGRAPH: "{}문단", CHAPTER: "{}장", SECTION: "{}절"}
_WESTERN: Final = {PAGE: "p. {}", PARAGRAPH: "para. {}", CHAPTER: "ch. {}", SECTION: "sec. {}"}
_SEVERAL: Final = re.compile("[,–]")


def note(entry: Entry, before: str, known: Collection[str]) -> str:
    """Return a footnote.

    :param before: the work of the footnote right before this one, and ``known`` those of all before.
    """
    if isinstance(entry, BibliographyEntry):
        return f"{_of_passage(entry)}."
    work = work_of(entry)
    if work == before or work in known:
        told = _again(entry, right_after=work == before)
    else:
        told = _work(entry.work, entry.cited.place, _access_day(entry, entry.work))
    return f"{told}{_reporting_work(entry)}".rstrip(".") + "."


def entry(entry: Entry) -> str:
    """Return the entry of a bibliography (참고문헌): the same in its order, without the place."""
    if isinstance(entry, BibliographyEntry):
        return f"{_of_passage(entry)}."
    return f"{_work(entry.work, _NOWHERE, _access_day(entry, entry.work))}."


def _access_day(entry: SourceEntry, work: Mapping[str, Any]) -> str:
    """Return the day on which a work was seen at its address; "" for the one of the two that was not read there."""
    return entry.access_day(work) if work.get("URL") else ""


_NOWHERE: Final = Pinpoint("", "", "")


def work_of(entry: Entry) -> str:
    """Return what tells the work of an entry from others."""
    return (entry.cited.ref or entry.work["title"]) if isinstance(entry, SourceEntry) else entry.key


def _of_passage(entry: BibliographyEntry) -> str:
    said = [entry.author, f"「{entry.heading}」", entry.paragraph]
    if entry.type != SUMMARY:
        said[1:1] = [f"면담자: {entry.interviewer}"] if entry.interviewer else []
        said.append(entry.archive)
    return ", ".join(filter(None, [*said, _day(entry.issued)]))


def _work(work: Mapping[str, Any], at: Pinpoint, accessed: str) -> str:
    native = _is_native(work)
    title, container = str(work["title"]), str(work.get("container-title") or "")
    stands_alone = work.get("type") in _WHOLE and not container
    parts = [_names(people(work, "author", "editor"))]
    if native:
        parts.append(f"『{title}』" if stands_alone else f"「{title}」")
        parts.append(f"『{container}』" if container else "")
    else:
        parts.append(title if stands_alone else f"“{title}”")
        parts.append(container)
    interviewers = _names(people(work, "interviewer"))
    parts.append(f"면담자: {interviewers}" if interviewers else "")
    parts.append(_edition(str(work.get("edition") or ""), native=native))
    day = issue_date(work)
    parts += [str(work.get("publisher-place") or ""), str(work.get("publisher") or ""), day[:4] if stands_alone else _day(day)]
    parts += [_place(at, native=native)]
    parts.append(f"<{work['URL']}>" if work.get("URL") else "")
    told = ", ".join(filter(None, parts))
    return f"{told} (검색일: {_day(accessed)})" if accessed else told


def work(csl: Mapping[str, Any]) -> str:
    """Return how a work stands in a list of works."""
    return f"{_work(csl, _NOWHERE, '')}."


def _again(entry: SourceEntry, *, right_after: bool) -> str:
    native = _is_native(entry.work)
    stands_alone = entry.work.get("type") in _WHOLE and not entry.work.get("container-title")
    place = _place(entry.cited.place, native=native)
    if native:
        kind = "책" if stands_alone else "글"
        told = f"위의 {kind}" if right_after else f"앞의 {kind}"
    else:
        told = "Ibid." if right_after else "op. cit."
    name = "" if right_after else _families(entry.work) or entry.work["title"]
    return ", ".join(filter(None, (name, told, place)))


def _reporting_work(entry: SourceEntry) -> str:
    """Say in which work the source is reported: what nobody saw itself is 재인용."""
    if not entry.through:
        return ""
    return f" ({_work(entry.through, entry.cited.through_place, _access_day(entry, entry.through))}에서 재인용)"


def _is_native(work: Mapping[str, Any]) -> bool:
    return _OF_ASIA.search(str(work["title"])) is not None


def _names(persons: list[dict[str, str]]) -> str:
    """Return names as they are said; of more than three the first with 외, as Korean footnotes have it."""
    names = [citation.authors({"author": [each]}) for each in persons]
    if len(names) > _MOST:
        return f"{names[0]} 외"
    native = all(map(_OF_ASIA.search, names))
    return "·".join(names) if native else " and ".join(filter(None, (", ".join(names[:-1]), names[-1] if names else "")))


_MOST: Final = 3


def _families(work: Mapping[str, Any]) -> str:
    persons = people(work, "author", "editor")
    return _names(persons) if persons and _OF_ASIA.search(_names(persons)) else citation.families(work)


def _edition(edition: str, *, native: bool) -> str:
    if not edition.isdecimal():
        return edition
    return f"{edition}판" if native else f"{edition}{_ENDINGS.get(edition, 'th')} ed."


_ENDINGS: Final = {"1": "st", "2": "nd", "3": "rd"}


def _place(at: Pinpoint, *, native: bool) -> str:
    if not at.number:
        return at.rest
    form = (_PLACES if native else _WESTERN)[at.label]
    if not native and at.label == PAGE and _SEVERAL.search(at.number):
        form = "pp. {}"
    return " ".join(filter(None, (form.format(at.number), at.rest)))


def _day(written: str) -> str:
    """Return a plain date as it is said, as 2008년 10월 30일; of a year alone the year."""
    parts = written.removesuffix("~").split("-")
    if not all(part.isdecimal() for part in parts):
        return "" if written == "undated" else written
    if len(parts) == 1:
        return parts[0]
    return " ".join(f"{int(part)}{unit}" for part, unit in zip(parts, ("년", "월", "일"), strict=False))
