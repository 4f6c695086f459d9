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
        flat = {**row, **{name: [caveat(each) for each in row[name]] for name in _CAVEATS if name in row}}
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
    flat |= {name: [caveat(each) for each in hit[name]] for name in _CAVEATS}
    return {column: _text(flat[column]) for column in COLUMNS}


def caveat(each: dict[str, Any]) -> str:
    """Write a caveat into a cell: id, flag, status, origin, statement and sources."""
    came = f", from {each['from']}" if each["from"] else ""
    came += f", since {each['since']}" if each.get("since") else ""
    sources = f" ({_APART.join(each['cites'])})" if each["cites"] else ""
    return f"[{each['id']}: {each['flag']}, {each['status']}{came}] {each['statement']}{_remarks(each)}{sources}"


def _remarks(each: dict[str, Any]) -> str:
    was = f" (was: “{each['was']}”)" if each["was"] else ""
    stale = f" [{each['stale']}{was}]" if each["stale"] else ""
    return f"{stale} [{each['unread']}]" if each["unread"] else stale


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return _APART.join(map(str, value))
    return str(value)
