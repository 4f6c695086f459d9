"""A table for spreadsheets, in which no cell can run as a formula."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from archive.authority.authorities import Authorities
from archive.citing.excerpt import SearchOutput
from archive.formats import _cells as cells
from archive.formats import _table, fields

_APART = "; "
_CAVEATS = ("caveats", "caveats_since")


def answer(answer: SearchOutput) -> Iterator[str]:
    """Write a search: a header line, then one line a hit."""
    rows = [flat(fields.hit(shown, answer.authorities), answer.authorities) for shown in answer.shown]
    columns = list(rows[0]) if rows else list(COLUMNS)
    yield cells.line(columns)
    for row in rows:
        yield cells.line([row[column] for column in columns])


def table(columns: Iterable[str], rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Write any rows: a header line, then one line a row; caveats as in a search."""
    named = list(columns)
    yield cells.line(named)
    for row in rows:
        flat = {**row, **{name: [caveat(note) for note in row[name]] for name in _CAVEATS if name in row}}
        yield cells.line([_text(flat.get(column)) for column in named])


COLUMNS: Final = (
    "schema",
    "code",
    "title",
    "paragraph",
    "locator",
    "score",
    "excerpt",
    "cut",
    "matches",
    "witness",
    "kind",
    "rendering",
    "language",
    "camps",
    "period",
    "role",
    "zone",
    "basis",
    "status",
    "reliability",
    "reliability_basis",
    "topics",
    "sensitive",
    "flags",
    "caveats",
    "caveats_since",
    "citation",
    "sha256",
    "access",
    "footnotes",
    "version",
    "translated",
    "outdated",
    *_table.COLUMNS,
    "updates",
)


def flat(hit: dict[str, Any], authorities: Authorities) -> dict[str, str]:
    """Write lists into one cell; a caveat with its id, flag, status, origin, statement and sources."""
    graded = hit["reliability"] or {"grade": "", "basis": ""}
    flat = {
        **hit,
        **_table.more(hit, authorities),
        "schema": fields.SCHEMA,
        "reliability": graded["grade"],
        "reliability_basis": graded["basis"],
    }
    made = hit["translated"]
    flat["translated"] = f"from {made['from']} by {made['by']}" if made else ""
    flat["matches"] = [f"{start}-{end}" for start, end in hit["matches"]]
    flat |= {name: [caveat(note) for note in hit[name]] for name in _CAVEATS}
    return {column: _text(flat[column]) for column in COLUMNS}


def caveat(note: dict[str, Any]) -> str:
    """Write a caveat into a cell: id, flag, status, origin, statement and sources."""
    came = f", from {note['from']}" if note["from"] else ""
    came += f", since {note['since']}" if note.get("since") else ""
    sources = f" ({_APART.join(note['cites'])})" if note["cites"] else ""
    return f"[{note['id']}: {note['flag']}, {note['status']}{came}] {note['statement']}{_remarks(note)}{sources}"


def _remarks(note: dict[str, Any]) -> str:
    was = f" (was: “{note['was']}”)" if note["was"] else ""
    stale = f" [{note['stale']}{was}]" if note["stale"] else ""
    return f"{stale} [{note['unread']}]" if note["unread"] else stale


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return _APART.join(map(str, value))
    return str(value)
