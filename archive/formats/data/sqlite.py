"""A whole collection as an SQLite database, which Datasette, DB Browser and every program of SQLite opens.

Words of testimonies stand in one column alone, ``excerpts.excerpt``: the
caveats in force, then the words, then the citation, as one text. So no table,
column, query or export of cells gives words without them. The caveats come
first, since a program that shows the beginning of a long cell cuts the end.
"""

import json
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from archive.authority.authorities import Authorities
from archive.authority.gazetteer import Facility
from archive.citing import citation
from archive.citing.excerpt import RecordOutput, RenderedHit
from archive.formats import _cells as cells
from archive.formats import export_content, fields
from archive.formats.data.one_text import caveats, one_text
from archive.formats.export_content import ExportedCollection, ExportedRecord
from archive.record.testimony import Note
from archive.record.work import address, issue_date

_APART: Final = "; "
APPLICATION: Final = 0x5453544D
"""``TSTM``: tells a program which kind of database this is."""
TABLES: Final[Mapping[str, str]] = {
    "about": "name TEXT PRIMARY KEY, value TEXT NOT NULL",
    "authorities": "list TEXT, id TEXT, label TEXT NOT NULL, label_ko TEXT, definition TEXT, PRIMARY KEY (list, id)",
    "camps": "id TEXT PRIMARY KEY, label TEXT NOT NULL, type TEXT, number INTEGER, names TEXT, part_of TEXT",
    "sources": "id TEXT PRIMARY KEY, named TEXT NOT NULL, author TEXT, title TEXT, issued TEXT, address TEXT, csl TEXT NOT NULL",
    "records": (
        "code TEXT PRIMARY KEY, title TEXT NOT NULL, kind TEXT, language TEXT, original_language TEXT, rendering TEXT,"
        " witness TEXT, name_kind TEXT, connection TEXT, period TEXT, recorded TEXT, recorded_by TEXT,"
        " source TEXT REFERENCES sources (id), source_named TEXT, seen TEXT, consent TEXT, access TEXT, reliability TEXT,"
        " reliability_basis TEXT, topics TEXT, sensitive TEXT, passages INTEGER, caveats INTEGER, flags TEXT,"
        " citation TEXT NOT NULL, sha256 TEXT, is_file INTEGER NOT NULL"
    ),
    "record_camps": (
        "code TEXT NOT NULL REFERENCES records (code), camp TEXT REFERENCES camps (id), zone TEXT, role TEXT, period TEXT,"
        " basis TEXT"
    ),
    "passages": (
        "reference TEXT PRIMARY KEY, code TEXT NOT NULL REFERENCES records (code), paragraph INTEGER NOT NULL, locator TEXT,"
        " sha256 TEXT NOT NULL"
    ),
    "passage_camps": (
        "reference TEXT NOT NULL REFERENCES passages (reference), camp TEXT REFERENCES camps (id), zone TEXT, role TEXT,"
        " period TEXT, basis TEXT, status TEXT"
    ),
    "passage_topics": "reference TEXT NOT NULL REFERENCES passages (reference), topic TEXT NOT NULL",
    "notes": (
        'note TEXT PRIMARY KEY, code TEXT NOT NULL, id TEXT NOT NULL, flag TEXT NOT NULL, status TEXT NOT NULL, "by" TEXT,'
        " date TEXT, known TEXT, information TEXT, statement TEXT NOT NULL, cites TEXT, held_against TEXT"
    ),
    "passage_notes": (
        "reference TEXT NOT NULL REFERENCES passages (reference), note TEXT NOT NULL REFERENCES notes (note), remark TEXT,"
        " PRIMARY KEY (reference, note)"
    ),
    "excerpts": (
        "reference TEXT NOT NULL REFERENCES passages (reference), language TEXT NOT NULL,"
        " code TEXT NOT NULL REFERENCES records (code), witness TEXT, flags TEXT, caveats TEXT NOT NULL, excerpt TEXT NOT NULL,"
        " citation TEXT NOT NULL, sha256 TEXT NOT NULL, access TEXT NOT NULL, PRIMARY KEY (reference, language)"
    ),
}
"""Every table with its columns, those first that others refer to."""
INDEXES: Final = (
    ("record_camps", "code"),
    ("record_camps", "camp"),
    ("passages", "code"),
    ("passage_camps", "reference"),
    ("passage_camps", "camp"),
    ("passage_topics", "reference"),
    ("passage_topics", "topic"),
    ("passage_notes", "note"),
    ("excerpts", "code"),
)
Row = tuple[str | int | None, ...]


def content(collection: ExportedCollection) -> bytes:
    """Write a collection; the same collection gives the same bytes for one version of SQLite.

    :raises CannotTransfer: a file may not leave as it is.
    """
    with tempfile.TemporaryDirectory(prefix="testimony-") as folder:
        made, whole = Path(folder) / "made.db", Path(folder) / "whole.db"
        connection = sqlite3.connect(made, isolation_level=None)
        try:
            connection.execute(f"PRAGMA user_version = {export_content.FORMAT}")
            connection.execute(f"PRAGMA application_id = {APPLICATION}")
            connection.execute("BEGIN")
            for name, columns in TABLES.items():
                connection.execute(f"CREATE TABLE {name} ({columns})")
            for table, row in _rows(collection):
                places = ", ".join("?" * len(row))
                connection.execute(f"INSERT OR IGNORE INTO {table} VALUES ({places})", tuple(map(_neutral, row)))  # noqa: S608 - names of ours
            for table, column in INDEXES:
                connection.execute(f"CREATE INDEX {table}_{column} ON {table} ({column})")
            connection.execute("COMMIT")
            # Pages that were written twice would leave what stood on them before.
            connection.execute("VACUUM INTO ?", (str(whole),))
        finally:
            connection.close()
        return whole.read_bytes()


def _neutral(value: str | int | None) -> str | int | None:
    """Return a value of which no spreadsheet that opens an export of the table makes a formula."""
    return "\n".join(map(cells.neutral, value.split("\n"))) if isinstance(value, str) else value


def _rows(collection: ExportedCollection) -> Iterator[tuple[str, Row]]:
    authorities = collection.authorities
    for name, value in collection.about().items():
        told = json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)
        yield from [("about", (name, told))] if value is not None else ()
    for name in authorities.vocabulary.lists():
        for term in authorities.vocabulary.terms(name):
            yield "authorities", (name, term.id, term.named("en"), term.label.get("ko"), term.definition)
    yield from (("camps", _camp(facility)) for facility in authorities.gazetteer)
    yield from (("sources", _source(ref, entry)) for ref, entry in authorities.sources.items())
    for record in collection.records():
        yield from _of_record(record, authorities)


def _camp(facility: Facility) -> Row:
    names = _APART.join(dict.fromkeys(facility.accepted()))
    return facility.id, facility.named("en"), facility.type, facility.number, names, facility.part_of or None


def _source(ref: str, entry: Mapping[str, Any]) -> Row:
    csl = entry.get("csl", {})
    named = citation.work(csl) if csl else ref
    plain = json.dumps(csl, ensure_ascii=False, sort_keys=True)
    return ref, named, citation.authors(csl) or None, csl.get("title"), issue_date(csl) or None, address(csl) or None, plain


def _of_record(record: ExportedRecord, authorities: Authorities) -> Iterator[tuple[str, Row]]:
    testimony = record.testimony
    ref = testimony.source.ref
    yield (
        "records",
        (
            *(testimony.code, testimony.title, testimony.kind, testimony.language, testimony.original_language or None),
            *(testimony.rendering, testimony.witness.name, testimony.witness.name_kind, testimony.witness.connection),
            *(testimony.period or None, testimony.recorded, testimony.recorded_by or None),
            ref if ref in authorities.sources else None,
            citation.work(testimony.source.csl) if testimony.source.csl else ref,
            *(testimony.source.seen or None, testimony.consent, testimony.access, testimony.reliability or None),
            testimony.reliability_basis or None,
            *(_APART.join(testimony.topics), _APART.join(testimony.sensitive)),
            *(len(record.pages.record.passages), len(record.notes)),
            _APART.join(dict.fromkeys(note.flag for note in record.notes)),
            *(record.pages.citation, testimony.fixity or None, int(record.is_file)),
        ),
    )
    for entry in testimony.entries:
        yield "record_camps", (testimony.code, entry.camp, entry.zone, entry.role, entry.period, entry.basis)
    for note in record.notes:
        yield "notes", _note(note, testimony.code, authorities)
    for passage in record.pages.record.passages:
        reference = f"{passage.code}#p{passage.number}"
        locators = ", ".join(passage.locators) or None
        yield "passages", (reference, passage.code, passage.number, locators, passage.sha256)
        for entry in passage.entries:
            yield (
                "passage_camps",
                (reference, entry.camp, entry.zone, entry.role, entry.period, entry.basis, entry.status),
            )
        yield from (("passage_topics", (reference, topic)) for topic in passage.topics)
        for note in passage.notes:
            yield "passage_notes", (reference, _note_name(note, passage.code), " ".join(citation.remarks(note)) or None)
    for pages in (record.pages, *record.versions):
        yield from (("excerpts", _excerpt(shown, pages, authorities)) for shown in pages.shown)


def _note_name(note: Note, code: str) -> str:
    return f"{note.origin or code}/{note.id}"


def _note(note: Note, code: str, authorities: Authorities) -> Row:
    return (
        *(_note_name(note, code), note.origin or code, note.id, note.flag, note.status, note.by, note.date, note.known or None),
        note.information or None,
        note.statement,
        _APART.join(fields.cites(note.cites, authorities)) or None,
        _APART.join(note.against) or None,
    )


def _excerpt(shown: RenderedHit, pages: RecordOutput, authorities: Authorities) -> Row:
    hit = fields.hit(shown, authorities)
    return (
        *(shown.reference, pages.record.testimony.language, hit["code"], hit["witness"], _APART.join(hit["flags"])),
        *("\n".join(caveats(hit)), one_text(hit), hit["citation"], hit["sha256"], hit["access"]),
    )
