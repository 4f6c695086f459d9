"""What a document of ours tells beside its excerpts, held against its marks and against the archive of today."""

import contextlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any, Final, Protocol

from archive.authority.authorities import Authorities
from archive.citing import part_marks
from archive.citing.part_marks import (
    ALTERED,
    MARK_MISSING,
    NOT_COMPARED,
    OTHERWISE_NOW,
    UNCHANGED,
    MarkedPart,
    MarkedValue,
    PartVerdict,
)
from archive.citing.verification import Verdict
from archive.documents.model import MARK_OF_SHEET
from archive.errors import ArchiveError
from archive.formats import comparison as comparison_fields
from archive.formats import dossier_content
from archive.formats._date_words import each_way_of_dates
from archive.formats._expected_parts import of_comparison, of_dossier, sheets_of_comparison
from archive.formats._query_words import read_words
from archive.formats.comparison import ComparisonOutput
from archive.language.messages import LANGUAGES, mark, speaking, tr
from archive.record.testimony import Testimony
from archive.search.filters import build_filters, mark_later_notes
from archive.search.model import Filters, Hit, Query, Results
from archive.weighing import dossier as weighing
from archive.weighing.dossier import Dossier

_MOST_LINES: Final = 12  # of a text on which a question may stand
_LEAD: Final = re.compile(r"[\s>#*-]+")
_BEHIND: Final = re.compile(r"\s?:?[*\s]+")
_NONE: Final = mark("none")
_WITHIN: Final = " (surely within)"  # of a period in fields, which are in English
_COMPARED: Final = "Compared"  # what was asked, in a workbook


class Weighed(Protocol):
    """What is asked of the collection."""

    @property
    def authorities(self) -> Authorities:
        """Return what the archive has agreed on."""

    def answer(self, query: Query) -> Results:
        """Answer a query."""

    def testimony(self, code: str) -> Testimony | None:
        """Return a record that this reader may read."""

    def compare(self, filters: Filters, form: str) -> ComparisonOutput:
        """Set accounts beside each other."""


Parts = tuple[tuple[PartVerdict, ...], tuple[str, ...]]
"""What has become of parts, and the names of those without a mark in a document that never had any."""

_SHEETS: Final = frozenset({"hits", "records", "claims", "caveats", *part_marks.PARTS})
"""The sheets of our workbooks that have a mark; what stands in the first three is cited row by row."""


def verify_sheets(sheets: Sequence[Mapping[str, Any]], archive: Weighed) -> Parts:
    """Return what has become of each sheet of a workbook of ours.

    :param sheets: as `archive.documents.reading.sheets` reads them.
    """
    said = {row[0]: row[1] for sheet in sheets for row in sheet["rows"] if len(row) > 1}
    rows = {sheet["name"]: sheet["rows"] for sheet in sheets if sheet["rows"]}
    every = []
    for what, given in said.items():
        name = what.removeprefix(MARK_OF_SHEET)
        if name != what:
            columns = int(given.partition(":")[0]) if given.partition(":")[0].isdecimal() else 0
            has = part_marks.of_rows(rows[name], columns) if name in rows else ""
            every.append(MarkedValue(f"{part_marks.SHEET}{name}", given, has))
    unmarked = [part_marks.SHEET + name for name in rows if name in _SHEETS and f"{MARK_OF_SHEET}{name}" not in said]
    if not every:
        return (), tuple(each for each in unmarked if each.removeprefix(part_marks.SHEET) in part_marks.PARTS)
    asked = []
    for language in LANGUAGES:
        with speaking(language):
            asked.append(_filters([said[_COMPARED]] if _COMPARED in said else [], archive.authorities))
    return _values(every, unmarked, _today(asked, "xlsx", archive, sheets_of_comparison)), ()


def verify_fields(text: str, archive: Weighed) -> Parts:
    """Return what has become of the parts of a comparison in fields; nothing of any other text."""
    value = _comparison_in(text)
    if value is None:
        return (), ()
    there = {name for name, part in comparison_fields.parts(value).items() if part not in (None, [None, None])}
    unmarked = [name for name in part_marks.PARTS if name in there - value.get("marks", {}).keys()]
    if "marks" not in value:
        return (), tuple(unmarked)
    marks = value["marks"]
    every = [
        MarkedValue(name, str(marks[name]), part_marks.of_value(part))
        for name, part in comparison_fields.parts(value).items()
        if name in marks
    ]
    today = _today(_filters_of(value, archive), "json", archive, lambda compared: comparison_fields.document(compared)["marks"])
    return _values(every, unmarked, today), ()


def _comparison_in(text: str) -> Mapping[str, Any] | None:
    if not text.lstrip("\ufeff \t\n").startswith("{") or not part_marks.may_stand_in(text):
        return None
    try:
        value = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return None
    is_one = "marks" in value or {"rows", "agreement", "conflicts", "coverage"} <= value.keys()
    return value if is_one and isinstance(value.get("marks", {}), dict) and isinstance(value.get("asked"), dict) else None


def _filters_of(value: Mapping[str, Any], archive: Weighed) -> Iterator[Filters]:
    """Yield what was asked for, from fields."""
    options = dict(value["asked"])
    for name in ("as_of", "since"):
        if isinstance(value.get(name), dict):
            options[name] = str(value[name].get("day"))
    surely = [span.removesuffix(_WITHIN) for span in options.get("period", ()) if str(span).endswith(_WITHIN)]
    if surely:
        options["period_within"] = surely
        options["period"] = [span for span in options["period"] if not str(span).endswith(_WITHIN)]
    with contextlib.suppress(ArchiveError, TypeError, AttributeError):
        yield build_filters(options, lambda: archive.authorities)


def _today(
    asked: Iterable[Filters | None], form: str, archive: Weighed, marks: Callable[[ComparisonOutput], Mapping[str, str]]
) -> list[Mapping[str, str]]:
    """Return the marks of a comparison of today in each language of our text."""
    found = []
    for filters in filter(None, dict.fromkeys(asked)):
        for language in LANGUAGES:
            with contextlib.suppress(ArchiveError), speaking(language):
                found.append(marks(archive.compare(filters, form)))
    return found


def _values(every: Iterable[MarkedValue], unmarked: Iterable[str], today: Sequence[Mapping[str, str]]) -> tuple[PartVerdict, ...]:
    verdicts = (
        PartVerdict(
            value.name,
            ALTERED
            if value.given != value.has
            else UNCHANGED
            if any(marks.get(value.name) == value.has for marks in today)
            else OTHERWISE_NOW
            if any(value.name in marks for marks in today)
            else NOT_COMPARED,
        )
        for value in every
    )
    return (*verdicts, *(PartVerdict(name, MARK_MISSING) for name in unmarked))


def verify(text: str, verdicts: Sequence[Verdict], archive: Weighed) -> tuple[PartVerdict, ...]:
    """Return what has become of each part that has a mark.

    :param verdicts: on the citations of the document.
    :param archive: as it was seen by who made the document.
    """
    found = tuple(part_marks.read(text))
    day = max((verdict.mention.day for verdict in verdicts), default="")
    expected = {
        language: tuple(_expected_parts(text, language, verdicts, archive)) for language in {part.language for part in found}
    }
    return tuple(_judge(part, expected[part.language], day) for part in found)


def not_as_they_stand(names: Sequence[str], text: str, authorities: Authorities) -> tuple[str, ...]:
    """Return those of some contradictions that a document tells otherwise than the archive has them today.

    In each language of our text; the document is read once for all of them.
    """
    written = part_marks.for_comparison("\n".join(part_marks.as_lines(text)))
    return tuple(name for name in names if not _stands(name, written, authorities))


def _stands(name: str, written: str, authorities: Authorities) -> bool:
    for language in LANGUAGES:
        with speaking(language):
            ways = [
                [named, *(f"{side} {says}" for side, says in sides), tr("Kept as: {found}", found=why) if why else ""]
                for _ in each_way_of_dates()
                for named, sides, why in dossier_content.contradictions((name,), authorities)
            ]
        if any(part_marks.for_comparison(" ".join(said)) in written for said in ways):
            return True
    return False


def _judge(part: MarkedPart, expected: Sequence[MarkedPart], day: str) -> PartVerdict:
    own = [each for each in expected if each.name == part.name]
    if not part.is_as_marked:
        was = next((each for each in own if each.sha256 == part.sha256), None)
        return PartVerdict(part.name, ALTERED, *(part_marks.difference(part, was.written) if was else ()))
    if any(each.words == part.words for each in own):
        return PartVerdict(part.name, UNCHANGED)
    if not own or (part.name == part_marks.WORKS and not any(_names_a_work(part, each) for each in own)):
        return PartVerdict(part.name, NOT_COMPARED, day=day)
    nearest = max(own, key=lambda each: _alike(each.words, part.words))
    return PartVerdict(part.name, OTHERWISE_NOW, *part_marks.difference(part, nearest.written), day=day)


def _names_a_work(part: MarkedPart, expected: MarkedPart) -> bool:
    """Return whether a list of works names half of those of today as the house does; one in a named style does not."""
    lines = [part_marks.for_comparison(line) for line in part_marks.as_lines(expected.written)]
    named = list(filter(None, lines))[1:-1]  # between its heading and its mark
    return 2 * sum(line in part.words for line in named) >= len(named)


def _alike(one: str, other: str) -> int:
    """Return how many signs two texts begin with alike."""
    return next((at for at, (here, there) in enumerate(zip(one, other, strict=False)) if here != there), len(one))


def _expected_parts(text: str, language: str, verdicts: Sequence[Verdict], archive: Weighed) -> Iterator[MarkedPart]:
    """Yield the parts of the document as they would be printed today; none where its question cannot be read."""
    shown = part_marks.as_lines(text)
    with speaking(language):
        compared = _filters(_after_compared(shown), archive.authorities)
        asked = _filters(_after_label(shown, tr("Filters")), archive.authorities)
    if compared is not None:
        try:
            with speaking(language):
                comparison = archive.compare(compared, "text")
        except ArchiveError:
            return
        yield from of_comparison(comparison, language)
    else:
        yield from of_dossier(_dossier(asked or Filters(), verdicts, archive), language)


def _dossier(asked: Filters, verdicts: Iterable[Verdict], archive: Weighed) -> Dossier:
    """Return what a dossier of the passages cited tells beside them."""
    authorities = archive.authorities
    known = {
        (verdict.testimony.code, verdict.at.number): Hit(
            verdict.testimony, mark_later_notes(verdict.at, asked.as_of, lambda: authorities), 0.0
        )
        for verdict in verdicts
        if verdict.testimony and verdict.at
    }
    hits, query = tuple(known.values()), Query(filters=asked)
    return Dossier(
        title="",
        day="",
        results=Results(query=query, understood="", hits=hits, passages=len(hits), testimonies=0, undated_left_out=0, facets={}),
        told=weighing.attestations(query, hits, authorities, archive.answer, archive.testimony),
        works=weighing.works(hits, authorities),
        conflicts=weighing.conflicts(hits, authorities),
        fingerprint="",
        made_by="",
        authorities=authorities,
    )


def _after_compared(lines: Sequence[str]) -> Iterator[str]:
    """Yield what may be the question of a comparison, the longest first: it goes on over lines of a text."""
    before = tr("Compared: {question}", question="\0").partition("\0")[0].strip()
    for at, line in enumerate(lines):
        _, is_there, said = line.partition(before)
        if is_there and not _LEAD.sub("", line.partition(before)[0]):
            whole = [said, *takewhile(str.strip, lines[at + 1 : at + _MOST_LINES])]
            yield from (" ".join(whole[:length]) for length in range(len(whole), 0, -1))
            return


def _after_label(lines: Sequence[str], label: str) -> Iterator[str]:
    """Yield what stands behind a label."""
    for line in lines:
        before, is_there, said = line.partition(label)
        if is_there and not _LEAD.sub("", before) and _BEHIND.match(said):
            yield _BEHIND.sub("", said, count=1)
            return


def _filters(said: Iterable[str], authorities: Authorities) -> Filters | None:
    for each in said:
        words = " ".join(each.replace(">", " ").split()).rstrip(".")
        if words == tr(_NONE):
            return Filters()
        filters = read_words(words, authorities)
        if filters is not None:
            return filters
    return None
