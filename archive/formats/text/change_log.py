"""The log of a collection, for a person, as JSON and as a table: what was changed in its records, when, and by whom."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from archive.collection.history import RecordChange
from archive.errors import UnknownTerm
from archive.formats import fields
from archive.formats.json_sink import lines
from archive.formats.terminal import columns, visible, wrap
from archive.language.messages import tr, tr_count
from archive.named_tuple import NamedTuple
from archive.record.testimony import Change, Testimony
from archive.record.updates import day_number
from archive.search.model import Coverage, day
from archive.text import count_of, fold, join_list, squash

_INDENT: Final = " " * 12
"""As wide as a day and the space behind it."""


class LogRow(NamedTuple):
    """One change of a record."""

    code: str
    change: RecordChange


class LogQuery(NamedTuple):
    """What is asked of a log: of which records, () for all; since which day, 0 for none; by whom, "" for all."""

    codes: tuple[str, ...] = ()
    since: int = 0
    by: str = ""


class ChangeLog(NamedTuple):
    """The changes that were asked for, the last first; ``with_git``: whether what git keeps of the files was looked at."""

    rows: tuple[LogRow, ...]
    asked: LogQuery
    with_git: bool
    coverage: Coverage


def gather(
    testimonies: Sequence[Testimony],
    changes: Callable[[Testimony], Sequence[RecordChange]] | None,
    asked: LogQuery,
    coverage: Coverage,
) -> ChangeLog:
    """Return the changes of some records.

    :param changes: gives those of one, with what git tells; None goes by the histories alone.
    :raises UnknownTerm: nobody of that name stands in the histories.
    """
    named = dict.fromkeys(change.by for testimony in testimonies for change in testimony.history)
    if asked.by and fold(asked.by) not in map(fold, named):
        message = tr("nobody called {who!r} stands in the histories", who=squash(asked.by)[:40])
        raise UnknownTerm(
            message, tr("They name {names}.", names=join_list(sorted(named), "and")) if named else tr("They name nobody.")
        )
    rows = [
        LogRow(testimony.code, change)
        for testimony in testimonies
        for change in (changes(testimony) if changes else map(_of_history, reversed(testimony.history)))
        if day_number(change.date) >= asked.since and (not asked.by or fold(change.by) == fold(asked.by))
    ]
    rows.sort(key=lambda row: row.code)
    rows.sort(key=lambda row: row.change.date, reverse=True)
    return ChangeLog(tuple(rows), asked, changes is not None, coverage)


def _of_history(line: Change) -> RecordChange:
    return RecordChange(*line)


def text(log: ChangeLog) -> Iterator[str]:
    """Write the changes under their days; last how many there are, and what they go by."""
    told = ""
    for row in log.rows:
        head = f"{row.change.date:10}  " if row.change.date != told else _INDENT
        told = row.change.date
        who = f"{row.change.by}: {row.change.change}" if row.change.by else tr("no line in its history")
        yield from wrap(visible(f"{row.code} · {who}"), columns(), head, _INDENT + "  ")
        if what := "; ".join(_what(row.change)):
            yield from wrap(tr("by git: {what}", what=what), columns(), _INDENT + "  ", _INDENT + "    ")
    if log.rows:
        yield ""
    yield from wrap(" ".join(_summary(log)), columns())


def _what(change: RecordChange) -> Iterator[str]:
    if change.paragraphs:
        numbers = join_list(list(map(str, change.paragraphs)), "and")
        yield tr_count(
            "other words in paragraph {numbers}", "other words in paragraphs {numbers}", len(change.paragraphs), numbers=numbers
        )
    if change.notes:
        yield tr("notes: {ids}", ids=", ".join(change.notes))
    if change.claims:
        yield tr("claims: {ids}", ids=", ".join(change.claims))
    if change.fields:
        yield tr("header: {names}", names=", ".join(change.fields))


def _summary(log: ChangeLog) -> Iterator[str]:
    parts = [count_of(len(log.rows), "change", "changes")] if log.rows else [tr("no change")]
    parts += [count_of(records, "testimony", "testimonies")] if (records := len({row.code for row in log.rows})) else []
    parts += [tr("since {day}", day=day(log.asked.since))] if log.asked.since else []
    parts += [tr("by {who}", who=visible(log.asked.by))] if log.asked.by else []
    yield f"{' · '.join(parts)}."
    if log.with_git:
        yield tr("By the history of each record, and by what git keeps of its file.")
    else:
        yield tr("By the histories of the records; with a code the log also says what git keeps of its file.")


def document(log: ChangeLog) -> Iterator[str]:
    """Write the changes as JSON."""
    return lines(
        {
            "schema": fields.SCHEMA,
            "codes": list(log.asked.codes),
            "since": day(log.asked.since) if log.asked.since else None,
            "by": log.asked.by or None,
            "with_git": log.with_git,
            "total": {"changes": len(log.rows), "testimonies": len({row.code for row in log.rows})},
            "coverage": log.coverage._asdict(),
            "changes": list(map(_row, log.rows)),
        }
    )


def _row(row: LogRow) -> dict[str, Any]:
    change = row.change
    return {
        "date": change.date or None,
        "code": row.code,
        "by": change.by or None,
        "change": change.change or None,
        "paragraphs": list(change.paragraphs),
        "notes": list(change.notes),
        "claims": list(change.claims),
        "fields": list(change.fields),
    }


COLUMNS: Final = ("date", "code", "by", "change", "paragraphs", "notes", "claims", "fields")
"""The columns of the table of changes."""


def rows(log: ChangeLog) -> Iterator[dict[str, Any]]:
    """Yield the changes as rows of a table."""
    return map(_row, log.rows)
