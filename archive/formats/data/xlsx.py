"""Workbooks for spreadsheets: what was found, its caveats, who agrees, what contradicts, who was there to tell, what was asked.

Every text goes through the sink of a terminal, so that a control character is
seen, and is written as text. A hit's caveats are counted and named in its row
and stand in full on a sheet of their own, one a row.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, Protocol

from archive.authority.authorities import Authorities
from archive.citing import citation, part_marks, source
from archive.citing.excerpt import RenderedHit, SearchOutput
from archive.documents import xlsx
from archive.documents.model import MARK_OF_SHEET
from archive.documents.xlsx import Cell, Sheet
from archive.formats import comparison as comparison_fields
from archive.formats import fields
from archive.formats._coverage_table import QUOTED, SPEAK, coverage_table
from archive.formats._notes_in_full import NotesInFull
from archive.formats._query_words import in_words
from archive.formats._table import labels
from archive.formats.comparison import ComparisonOutput
from archive.formats.terminal import visible
from archive.formats.wording import asides, count, entry_line
from archive.named_tuple import NamedTuple
from archive.record.hashing import LONG_HASH
from archive.record.testimony import Note, Passage, Testimony
from archive.search.model import Results
from archive.text import count_of, join_list

_APART: Final = "; "


require = xlsx.require


class WorkbookFacts(NamedTuple):
    """What a workbook says of itself: the day in ISO 8601, the collection's fingerprint in 64 hex digits, and the index."""

    day: str
    fingerprint: str
    made_by: str


def search(answer: SearchOutput, compared: ComparisonOutput, about: WorkbookFacts) -> bytes:
    """Write the answer to a search, and what a comparison of all that it found says.

    :raises MissingExtra: openpyxl is not installed.
    """
    rows = [_hit(shown, answer.authorities) for shown in answer.shown]
    hits: tuple[tuple[str, int], ...] = _HIT
    if answer.results.query.filters.since:
        hits = (*_HIT, _SINCE)
        rows = [{**row, _SINCE[0]: _APART.join(shown.hit.updates)} for row, shown in zip(rows, answer.shown, strict=True)]
    told = [*_question_rows(answer, about), *_omission_rows(answer)]
    return _write([_sheet("hits", hits, rows), *_shared_sheets(answer.shown, compared, QUOTED)], told)


class ListedRow(Protocol):
    """A record of a list, with its passages."""

    @property
    def testimony(self) -> Testimony:
        """Return the record."""

    @property
    def passages(self) -> Sequence[Passage]:
        """Return all its passages."""

    @property
    def notes(self) -> Sequence[Note]:
        """Return the notes in force at any of them."""

    def each(self, field: str) -> list[str]:
        """Return the values of a field of its places."""


def records(rows: Sequence[ListedRow], results: Results, authorities: Authorities, about: WorkbookFacts) -> bytes:
    """Write a list of records: a record a row, and every caveat in force in one of them on a sheet of their own.

    :param results: of the search that found them.
    :raises MissingExtra: openpyxl is not installed.
    """
    told = [
        ("Filters", _APART.join(in_words(results.query.filters, authorities)) or "none"),
        ("Found", count_of(len(rows), "testimony", "testimonies")),
        ("Searched", f"{results.coverage.searched} of {results.coverage.of} testimonies"),
        *_without_time(results),
        *_collection(authorities, about),
    ]
    caveats = [each for row in rows for each in _caveat_rows(row.testimony.code, row.notes, authorities)]
    listed_rows = [_record(row, authorities) for row in rows]
    return _write([_sheet("records", _RECORD, listed_rows), _sheet("caveats", _CAVEAT, caveats)], told)


_RECORD: Final = (
    *(("Code", 12), ("Title", 40), ("Witness", 24), ("Connection", 18), ("Roles", 24), ("Camps", 40), ("Camp ids", 24)),
    *(("Period", 24), ("Recorded", 14), ("Kind", 16), ("Whose words", 24), ("Language", 10), ("Source", 60), ("Address", 40)),
    *(("Seen", 12), ("Source graded", 30), ("Content warning", 24), ("Paragraphs", 11), ("Caveats", 9), ("Caveats, named", 50)),
    *(("Citation", 100), ("Access", 10)),
)


def _record(row: ListedRow, authorities: Authorities) -> dict[str, Cell]:
    testimony, said = row.testimony, authorities.vocabulary.label
    found, cited = fields.caveats(row.notes, authorities), source.of(testimony, None, authorities)
    return {
        "Code": testimony.code,
        "Title": testimony.title,
        "Witness": testimony.witness.name,
        "Connection": said("connection", testimony.witness.connection),
        "Roles": labels("role", row.each("role"), authorities),
        "Camps": labels("camp", row.each("camp"), authorities),
        "Camp ids": _APART.join(row.each("camp")),
        "Period": _APART.join(row.each("period")),
        "Recorded": testimony.recorded,
        "Kind": said("kind", testimony.kind),
        "Whose words": said("rendering", testimony.rendering),
        "Language": testimony.language,
        "Source": cited.named,
        "Address": cited.address,
        "Seen": cited.accessed,
        "Source graded": f"{testimony.reliability}: {testimony.reliability_basis}" if testimony.reliability else "",
        "Content warning": labels("sensitive", testimony.sensitive, authorities),
        "Paragraphs": len(row.passages),
        "Caveats": len(row.notes),
        "Caveats, named": _APART.join(f"{flag} [{name}]" for flag, name in _flags(found, authorities)),
        "Citation": citation.of_record(testimony, tuple(row.notes), authorities, digits=LONG_HASH),
        "Access": testimony.access,
    }


def comparison(compared: ComparisonOutput, about: WorkbookFacts) -> bytes:
    """Write a comparison: a claim on a passage a row.

    :raises MissingExtra: openpyxl is not installed.
    """
    told = [
        ("Compared", comparison_fields.question(compared)),
        ("Found", comparison_fields.describe_extent(compared)),
        *_state(compared, about),
    ]
    return _write(sheets(compared), told)


def sheets(compared: ComparisonOutput) -> list[Sheet]:
    """Return the sheets of a comparison, but for the one that says what was asked."""
    authorities = compared.comparison.authorities
    rows = [
        {
            **_hit(compared.shown[row.code, row.hit.passage.number], authorities),
            "Claim": row.claim.id if row.claim else "",
            "What is claimed": row.claim.text if row.claim else "",
            "How it stands": authorities.vocabulary.label("status", row.claim.status) if row.claim else "",
            "Topics": join_list([authorities.vocabulary.label("topic", topic) for topic in row.topics]),
            "Root": row.hit.testimony.source.root,
            "Relies on": _APART.join(map(str, row.relies_on)),
            "Counted": "no: " + _APART.join(row.not_counted) if row.not_counted else "yes",
        }
        for row in compared.comparison.rows
    ]
    shown = [compared.shown[row.code, row.hit.passage.number] for row in compared.comparison.rows]
    return [_sheet("claims", (*_CLAIM, *_HIT), rows), *_shared_sheets(shown, compared, SPEAK)]


_HIT: Final = (
    *(("Reference", 14), ("Witness", 22), ("Title of the record", 30), ("Words", 70), ("Whose words", 18), ("Caveats", 9)),
    *(("Caveats, named", 40), ("Source: author", 26), ("Source: title", 40), ("Source: published", 24), ("Source: year", 12)),
    *(("Source: place", 26), ("Source: reported in", 30), ("Source: read", 14), ("Address", 40), ("Seen", 12)),
    *(("About", 46), ("Camps", 24), ("Camp ids", 20), ("Period", 16), ("Topics", 30), ("Topic ids", 24), ("Claims stand", 18)),
    *(("Kind", 16), ("Language", 10), ("Source graded", 24), ("Content warning", 20), ("Footnotes", 30), ("Citation", 100)),
    *(("sha256", 20), ("Access", 10)),
)
_SINCE: Final = ("Since the day asked for", 24)
_CLAIM: Final = (
    *(("Claim", 8), ("What is claimed", 50), ("How it stands", 18), ("Counted", 14), ("Root", 18), ("Relies on", 18)),
)
_CAVEAT: Final = (
    *(("Reference", 14), ("Caveat", 16), ("Flag", 24), ("Flag id", 18), ("Status", 12), ("Statement", 80), ("By", 14)),
    *(("Date", 12), ("Known since", 12), ("Held against", 20), ("Sources", 50), ("Came later than asked", 12), ("Remark", 30)),
    ("sha256", 20),
)


def _hit(shown: RenderedHit, authorities: Authorities) -> dict[str, Cell]:
    found = fields.hit(shown, authorities)
    cited = found["cited_source"]
    graded = found["reliability"]
    passage = shown.hit.passage
    flags = [f"{flag} [{name}]" for flag, name in _flags(found, authorities)]
    where = ", ".join(filter(None, (cited["container"], cited["publisher"])))
    return {
        "Reference": shown.reference,
        "Witness": found["witness"],
        "Title of the record": found["title"],
        "Words": found["excerpt"],
        "Whose words": authorities.vocabulary.label("rendering", found["rendering"]),
        "Caveats": len(shown.excerpt.notes),
        "Caveats, named": _APART.join(flags),
        "Source: author": cited["author"] or "",
        "Source: title": cited["title"],
        "Source: published": where,
        "Source: year": (cited["issued"] or "")[:4],
        "Source: place": cited["locator"] or "",
        "Source: reported in": cited["through"] or "",
        "Source: read": authorities.vocabulary.label("seen", cited["seen"]) if cited["seen"] else "",
        "Address": cited["url"] or "",
        "Seen": cited["accessed"] or "",
        "About": _APART.join(entry_line(entry, authorities) for entry in passage.entries),
        "Camps": labels("camp", found["camps"], authorities),
        "Camp ids": _APART.join(found["camps"]),
        "Period": _APART.join(found["period"]),
        "Topics": labels("topic", found["topics"], authorities),
        "Topic ids": _APART.join(found["topics"]),
        "Claims stand": labels("status", found["status"], authorities),
        "Kind": authorities.vocabulary.label("kind", found["kind"]),
        "Language": found["language"],
        "Source graded": f"{graded['grade']}: {graded['basis']}" if graded else "",
        "Content warning": labels("sensitive", found["sensitive"], authorities),
        "Footnotes": _APART.join(found["footnotes"]),
        "Citation": found["citation"],
        "sha256": found["sha256"],
        "Access": found["access"],
    }


def _flags(found: Mapping[str, Any], authorities: Authorities) -> Iterator[tuple[str, str]]:
    for caveat in (*found["caveats"], *found["caveats_since"]):
        yield authorities.vocabulary.label("flag", caveat["flag"]), _caveat_name(caveat)


def _caveat_name(caveat: Mapping[str, Any]) -> str:
    return f"{caveat['from']}/{caveat['id']}" if caveat["from"] else str(caveat["id"])


def _caveats(shown: Iterable[RenderedHit], authorities: Authorities) -> Iterator[dict[str, Cell]]:
    """Yield each caveat of each passage, in full, a row each."""
    for each in {hit.reference: hit for hit in shown}.values():
        yield from _caveat_rows(each.reference, each.excerpt.notes, authorities)


def _caveat_rows(reference: str, notes: Iterable[Note], authorities: Authorities) -> Iterator[dict[str, Cell]]:
    found = fields.caveats(tuple(notes), authorities)
    for caveat in (*found["caveats"], *found["caveats_since"]):
        yield {
            "Reference": reference,
            "Caveat": _caveat_name(caveat),
            "Flag": authorities.vocabulary.label("flag", caveat["flag"]),
            "Flag id": caveat["flag"],
            "Status": caveat["status"],
            "Statement": caveat["statement"],
            "By": caveat["by"],
            "Date": caveat["date"],
            "Known since": caveat["known"] or "",
            "Held against": _APART.join(caveat["with"]),
            "Sources": _APART.join(caveat["cites"]),
            "Came later than asked": caveat.get("since") or "",
            "Remark": _APART.join(filter(None, (caveat["stale"], caveat["was"], caveat["unread"]))),
            "sha256": caveat["sha256"],
        }


def _shared_sheets(shown: Iterable[RenderedHit], compared: ComparisonOutput, key: str) -> Iterator[Sheet]:
    """Yield the sheets of caveats, agreement, contradictions and coverage."""
    authorities = compared.comparison.authorities
    every = [*shown, *(compared.shown[hit.testimony.code, hit.passage.number] for hit in compared.comparison.hits())]
    yield _sheet("caveats", _CAVEAT, list(_caveats(every, authorities)))
    yield _sheet("agreement", _AGREEMENT, list(_agreement(compared)))
    yield _sheet("contradictions", _SIDE, list(_contradictions(compared)))
    laid = coverage_table(compared.comparison.coverage, authorities, each_missing=True)
    columns = (("Camp and vantage point", 50), *((fields.decade(decade), 12) for decade in laid.decades))
    rows = [dict(zip([name for name, _ in columns], (named, *cells), strict=True)) for named, cells in laid.rows]
    rows += [{columns[0][0]: each} for each in (*laid.remarks, key)]
    yield _sheet("coverage", columns, rows)


_AGREEMENT: Final = (
    *(("Topic", 30), ("Topic id", 22), ("What was counted", 60), ("Independent roots", 12), ("Roots not known", 12)),
    *(("Passages", 10), ("Taken back", 10), ("Who speaks", 60), ("Same channel", 50)),
)


def _agreement(compared: ComparisonOutput) -> Iterator[dict[str, Cell]]:
    authorities = compared.comparison.authorities
    for tally in compared.comparison.agreement:
        yield {
            "Topic": authorities.vocabulary.label("topic", tally.topic or ""),
            "Topic id": tally.topic or "",
            "What was counted": comparison_fields.sentence(tally),
            "Independent roots": tally.roots,
            "Roots not known": tally.unknown_roots,
            "Passages": tally.mentions,
            "Taken back": tally.taken_back,
            "Who speaks": _APART.join(comparison_fields.speakers(tally)),
            "Same channel": _APART.join(comparison_fields.through(tally)),
        }


_SIDE: Final = (
    *(
        ("Note", 16),
        ("What it says", 60),
        ("Voices", 40),
        ("Side", 16),
        ("Words", 60),
        ("Caveats there", 9),
        ("Caveats, named", 40),
    ),
    *(("Citation", 100), ("Rejected because", 40)),
)


def _contradictions(compared: ComparisonOutput) -> Iterator[dict[str, Cell]]:
    """Yield each side of each note that speaks against, or for, a passage; then the contradictions that the archive keeps."""
    authorities = compared.comparison.authorities
    for stated in (*compared.comparison.contradictions, *compared.comparison.borne_out):
        head: dict[str, Cell] = {
            "Note": f"{stated.code}/{stated.note.id}",
            "What it says": comparison_fields.heading(stated, authorities, NotesInFull()),
            "Voices": comparison_fields.borne(stated)
            if stated in compared.comparison.borne_out
            else comparison_fields.between(stated),
        }
        for side in stated.sides:
            for hit in side.hits:
                shown = compared.shown[side.code, hit.passage.number]
                told = _hit(shown, authorities)
                yield {
                    **head,
                    "Side": shown.reference,
                    "Words": told["Words"],
                    "Caveats there": told["Caveats"],
                    "Caveats, named": told["Caveats, named"],
                    "Citation": told["Citation"],
                }
            if not side.hits:
                yield {**head, "Side": side.code, "Citation": comparison_fields.whole(side, authorities)}
        if not stated.sides:
            yield head
    for kept in compared.comparison.conflicts:
        found = comparison_fields.conflict(kept, authorities)
        for each in found["sides"]:
            yield {
                "Note": found["id"],
                "What it says": f"{found['subject']} ({authorities.vocabulary.label('verdict', found['verdict'])})",
                "Voices": found["kept_as"] or "",
                "Rejected because": each["rejected"] or "",
                "Words": f"{each['date']}: {each['says']}" if each["date"] else each["says"],
                "Citation": _APART.join(each["sources"]),
            }


def _question_rows(answer: SearchOutput, about: WorkbookFacts) -> Iterator[tuple[str, str]]:
    results, authorities = answer.results, answer.authorities
    if results.chosen:
        yield "Asked for", "passages that a person chose one by one; what else the collection has on their subjects is not here"
        yield "Given here", f"{len(answer.shown)} passages"
        yield from _collection(authorities, about)
        return
    yield "Words", results.query.words
    yield "Understood as", results.understood
    for line in asides(results, authorities):
        yield "Names and spellings", line
    yield "Filters", _APART.join(in_words(results.query.filters, authorities)) or "none"
    yield "Found", count(results)
    yield "Given here", f"{len(answer.shown)} of {results.passages} passages, from {results.query.offset + 1} on"
    yield "Order", f"by {results.query.sort}"
    yield "Agreement and contradictions", f"of all {results.passages} passages that were found, also of those not given here"
    yield "Searched", f"{results.coverage.searched} of {results.coverage.of} testimonies"
    yield from _collection(authorities, about)


def _collection(authorities: Authorities, about: WorkbookFacts) -> Iterator[tuple[str, str]]:
    yield "Day", about.day
    yield "Collection", authorities.name()
    yield "Fingerprint of the collection", f"sha256:{about.fingerprint} (over all public records as they are read)"
    yield "Index", f"format {about.made_by.replace('/', ', testimony ')}"
    yield "Nature", "Each passage stands here with every caveat in force at it and with its citation. Hand it on only with both."
    yield "How to check", "`testimony verify` takes the citations, as text or as --format csv, and says what has become of each."


def _omission_rows(answer: SearchOutput) -> Iterator[tuple[str, str]]:
    results = answer.results
    missing = results.passages - len(answer.shown)
    if missing:
        yield "Not here", f"{missing} passages that were found: --all gives every one"
    yield from _without_time(results)
    if results.in_different_passages:
        yield "In different passages", f"{results.in_different_passages} testimonies have all the words, but not in one passage"
    unreadable = results.coverage.of - results.coverage.searched
    if unreadable:
        yield "Could not be read", f"{unreadable} files, whose words were not searched"


def _without_time(results: Results) -> Iterator[tuple[str, str]]:
    if results.undated_left_out:
        yield "Undated, left out", f"{results.undated_left_out} passages without a date: a time was asked for"
    if results.without_day:
        yield "Without a day, left out", f"{results.without_day} passages whose record has no date: a day was asked for"
    if results.without_history:
        yield "Without a history, left out", f"{results.without_history} passages whose record does not say when it came in"


def _state(compared: ComparisonOutput, about: WorkbookFacts) -> Iterator[tuple[str, str]]:
    results = compared.comparison.results
    if results.undated_left_out:
        yield "Undated, left out", f"{results.undated_left_out} passages without a date: a time was asked for"
    yield from _collection(compared.comparison.authorities, about)


def _sheet(name: str, columns: Iterable[tuple[str, int]], rows: Iterable[Mapping[str, Cell]]) -> Sheet:
    laid = tuple(columns)
    return Sheet(name, laid, tuple(tuple(_plain(row.get(column, "")) for column, _ in laid) for row in rows))


def marks(sheets: Iterable[Sheet]) -> Iterator[tuple[str, str]]:
    """Yield the mark of each sheet, by which `testimony verify` knows whether something in it was altered."""
    for sheet in sheets:
        heads = [name for name, _ in sheet.columns]
        yield f"{MARK_OF_SHEET}{sheet.name}", part_marks.of_rows([heads, *sheet.rows])


def _write(sheets: Sequence[Sheet], told: Iterable[tuple[str, str]]) -> bytes:
    return xlsx.write([*sheets, _pairs("asked", [*told, *marks(sheets)])])


def _pairs(name: str, pairs: Iterable[tuple[str, str]]) -> Sheet:
    return _sheet(name, (("What", 30), ("Said", 100)), [{"What": what, "Said": said} for what, said in pairs])


def _plain(value: Cell) -> Cell:
    return visible(" ".join(value.split())) if isinstance(value, str) else value
