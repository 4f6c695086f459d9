"""The versions of one account, for a person and as JSON: their dates, their history, and what tells of a change."""

from collections.abc import Iterator
from typing import Any

from archive.authority.authorities import Authorities
from archive.citing import citation
from archive.formats import fields
from archive.formats._date_words import date_in_words
from archive.formats.json_sink import lines
from archive.formats.terminal import columns, visible, wrap
from archive.formats.text.plain import origin_named
from archive.language.messages import tr, tr_count
from archive.named_tuple import NamedTuple
from archive.record import hashing
from archive.record.testimony import Note
from archive.text import is_undated, join_list
from archive.weighing.versions import Version

_INDENT = "   "


class Lineage(NamedTuple):
    """All versions of an account, earlier first, as they are asked for from one of them."""

    code: str
    versions: tuple[Version, ...]
    authorities: Authorities


def text(lineage: Lineage) -> Iterator[str]:
    """Write versions for a person."""
    for number, version in enumerate(lineage.versions, start=1):
        yield from _version(number, version, lineage)
        yield ""
    others = len(lineage.versions) - 1
    if others:
        count = tr("1 other version") if others == 1 else tr("{others} other versions", others=others)
        count = tr(
            "{told} of {code}. Both sides of a change stay in the archive; `testimony compare` sets them side by side.",
            told=count,
            code=lineage.code,
        )
    else:
        count = tr("No other version of {code} is kept here.", code=lineage.code)
    yield from wrap(count, columns())


def _version(number: int, version: Version, lineage: Lineage) -> Iterator[str]:
    testimony, authorities = version.record.testimony, lineage.authorities
    here = tr(" (asked for)") if testimony.code == lineage.code and len(lineage.versions) > 1 else ""
    yield from wrap(f"{visible(testimony.title)}{here}", columns(), f"{number}. {testimony.code}  ", _INDENT + "  ")
    recorded = tr("on a day that is not known") if is_undated(testimony.recorded) else date_in_words(testimony.recorded)
    taken = tr(" by {name}", name=testimony.recorded_by) if testimony.recorded_by else ""
    rendering = tr("archive summary") if testimony.is_summary else authorities.vocabulary.said("rendering", testimony.rendering)
    yield from _line(tr("Recorded: {recorded}{taken}; {rendering}", recorded=recorded, taken=taken, rendering=rendering))
    yield from _line(f"{tr('Source')}: {origin_named(testimony, authorities)}")
    for said, codes in _relations(version):
        yield from _line(f"{said}: {join_list(codes, 'and')}")
    for change in testimony.history:
        yield from _line(f"{change.date}, {change.by}: {change.change}")
    for note in version.bearing:
        yield from _line(f"! {_note(note, authorities)}")
    rest = len(version.notes) - len(version.bearing)
    if rest:
        yield from _line(
            tr_count(
                "{number} more caveat is in force in it; `testimony show {code}` prints them beside the words.",
                "{number} more caveats are in force in it; `testimony show {code}` prints them beside the words.",
                rest,
                code=testimony.code,
            )
        )


def _relations(version: Version) -> Iterator[tuple[str, tuple[str, ...]]]:
    for said, codes in (
        (tr("Revises"), version.revises),
        (tr("Revised by"), version.revised_by),
        (
            tr("Of the same person"),
            tuple(code for code in version.same_person if code not in version.revises + version.revised_by),
        ),
    ):
        if codes:
            yield said, codes


def _note(note: Note, authorities: Authorities) -> str:
    where = (
        tr("the whole record")
        if note.about.of_record
        else tr("para. {numbers}", numbers=", ".join(map(str, note.about.paragraphs)))
    )
    if note.origin:
        where = tr("{where} of {origin}", where=where, origin=note.origin)
    known = tr(", known since {known}", known=date_in_words(note.known)) if note.known else ""
    sources = "; ".join(citation.name_cite_in_short(cite, authorities) for cite in note.cites)
    ends = f"[{citation.note_id(note)}, {note.by}, {note.date}{known}{'; ' + sources if sources else ''}]"
    return f"{citation.flag(note, authorities).upper()} ({where}): {citation.statement_of(note)} {ends}"


def _line(line: str) -> Iterator[str]:
    yield from wrap(visible(line), columns(), _INDENT, _INDENT + "  ")


def document(lineage: Lineage) -> Iterator[str]:
    """Write versions as JSON."""
    return lines(
        {
            "schema": fields.SCHEMA,
            "code": lineage.code,
            "versions": describe(lineage),
        }
    )


def describe(lineage: Lineage) -> list[dict[str, Any]]:
    """Return the fields of each version, the earlier first."""
    return [_fields(version, lineage.authorities) for version in lineage.versions]


def _fields(version: Version, authorities: Authorities) -> dict[str, Any]:
    testimony = version.record.testimony
    return {
        "code": testimony.code,
        "title": testimony.title,
        "recorded": {"date": testimony.recorded, "by": testimony.recorded_by or None},
        "rendering": testimony.rendering,
        "source": citation.origin(testimony, (), authorities).partition(" ")[2],
        "revises": list(version.revises),
        "revised_by": list(version.revised_by),
        "same_person": list(version.same_person),
        "history": [change._asdict() for change in testimony.history],
        "paragraphs": len(version.record.passages),
        "sha256": testimony.fixity,
        "caveats": [fields.caveat(note, authorities) for note in version.notes],
        "of_change": [citation.note_id(note) for note in version.bearing],
        "citation": citation.of_record(testimony, version.notes, authorities, digits=hashing.LONG_HASH),
    }
