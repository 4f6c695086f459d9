"""All records, each with a number: who speaks, as what, of where and when, of what kind, and which caveats are in force."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from archive.authority.authorities import Authorities
from archive.formats import _plain_words as plain_words
from archive.formats import fields
from archive.formats._date_words import date_in_words
from archive.formats.json_sink import lines
from archive.formats.terminal import close_marks, wrap
from archive.formats.text.hit_list import note_names
from archive.formats.wording import describe_left_out
from archive.language.messages import tr
from archive.named_tuple import NamedTuple
from archive.record.testimony import Note, Passage, Testimony, notes_of
from archive.search.model import Hit, Results
from archive.text import count_of, fold, join_list

SORTS: Final = ("code", "witness", "role", "camp", "period", "recorded", "kind", "caveats")
"""By what the records can be put in order; the undated and those without come last."""


class ListedRecord(NamedTuple):
    """A record with all its passages as they are seen on the day that was asked for."""

    testimony: Testimony
    passages: tuple[Passage, ...]

    @property
    def notes(self) -> tuple[Note, ...]:
        """Return the notes in force at any of its passages."""
        return notes_of(self.passages)

    def each(self, field: str) -> list[str]:
        """Return the values of a field of its places, or of its passages where none is entered for the whole."""
        entries = self.testimony.entries or tuple(entry for passage in self.passages for entry in passage.entries)
        return [value for value in dict.fromkeys(str(getattr(entry, field) or "") for entry in entries) if value]


class RecordList(NamedTuple):
    """The records that match filters, in order; ``results`` are of the search that found them."""

    rows: tuple[ListedRecord, ...]
    results: Results
    authorities: Authorities


def gather(results: Results, every: Iterable[Hit], sort: str, authorities: Authorities) -> RecordList:
    """Gather the records of an answer.

    :param every: all passages of the collection, with the notes in force at them.
    """
    passages: dict[str, list[Passage]] = {}
    for hit in every:
        passages.setdefault(hit.passage.code, []).append(hit.passage)
    testimonies = {hit.testimony.code: hit.testimony for hit in results.hits}
    rows = [
        ListedRecord(testimony, tuple(sorted(passages[code], key=lambda passage: passage.number)))
        for code, testimony in testimonies.items()
    ]
    rank = authorities.vocabulary.rank

    keys: dict[str, Any] = {
        "witness": lambda row: fold(row.testimony.witness.name),
        "role": lambda row: (not row.each("role"), [rank("role", passage) for passage in row.each("role")]),
        "camp": lambda row: (not row.each("camp"), [authorities.gazetteer.label(passage) for passage in row.each("camp")]),
        "kind": lambda row: rank("kind", row.testimony.kind),
        "caveats": lambda row: (not row.notes, sorted(rank("flag", note.flag) for note in row.notes)),
    }
    return RecordList(tuple(sorted(rows, key=keys[sort]) if sort in keys else rows), results, authorities)


def text(record_list: RecordList, columns: int) -> Iterator[str]:
    """Write records for a person."""
    authorities, coverage = record_list.authorities, record_list.results.coverage
    room = len(str(len(record_list.rows)))
    for number, row in enumerate(record_list.rows, start=1):
        opened = f"{number:<{room}}  {row.testimony.code}  "
        yield from close_marks(wrap(" · ".join(_parts(row, authorities)), columns, opened, " " * (room + 4)))
    if record_list.rows:
        yield ""
    count = tr(
        "{count} of {searched} searched.",
        count=count_of(len(record_list.rows), "testimony", "testimonies"),
        searched=coverage.searched,
    )
    yield from wrap(" ".join([count, *describe_left_out(record_list.results)]), columns)


def _parts(row: ListedRecord, authorities: Authorities) -> Iterator[str]:
    said = authorities.vocabulary.said
    yield plain_words.speaker(row.testimony, authorities)
    roles = [said("role", role) for role in row.each("role")]
    if roles:
        yield tr("as {role}", role=join_list(roles, "and"))
    yield "; ".join(authorities.gazetteer.label(camp) for camp in row.each("camp")) or tr("no camp named")
    yield "; ".join(map(date_in_words, row.each("period"))) or tr("undated")
    yield said("kind", row.testimony.kind)
    against, speaking = note_names(_in_order(row, authorities), row.testimony, authorities)
    caveats = ", ".join([*against, *(f"+ {flag}" for flag in speaking)])
    yield tr("caveats in it: {told}", told=caveats) if caveats else tr("no caveat has been entered")


def document(record_list: RecordList) -> Iterator[str]:
    """Write records as JSON."""
    return lines(
        {
            "schema": fields.SCHEMA,
            "total": {"testimonies": len(record_list.rows)},
            "asked": fields.filter_fields(record_list.results.query.filters),
            "undated_left_out": record_list.results.undated_left_out,
            "as_of": fields.as_of(record_list.results),
            "since": fields.since(record_list.results),
            "coverage": record_list.results.coverage._asdict(),
            "records": [_fields(row, record_list.authorities) for row in record_list.rows],
        }
    )


def _in_order(row: ListedRecord, authorities: Authorities) -> list[Note]:
    """Return the notes in force in a record, gravest first."""
    return sorted(row.notes, key=lambda note: authorities.vocabulary.rank("flag", note.flag))


def _fields(row: ListedRecord, authorities: Authorities) -> dict[str, Any]:
    testimony, notes = row.testimony, _in_order(row, authorities)
    return {
        "code": testimony.code,
        "title": testimony.title,
        "witness": testimony.witness.name,
        "connection": testimony.witness.connection,
        "role": row.each("role"),
        "camps": row.each("camp"),
        "period": row.each("period"),
        "recorded": testimony.recorded,
        "kind": testimony.kind,
        "rendering": testimony.rendering,
        "language": testimony.language,
        "reliability": testimony.reliability or None,
        "paragraphs": len(row.passages),
        "flags": list(dict.fromkeys(note.flag for note in notes if not note.since)),
        "flags_since": list(dict.fromkeys(note.flag for note in notes if note.since)),
        "notes": len(notes),
        "access": testimony.access,
    }
