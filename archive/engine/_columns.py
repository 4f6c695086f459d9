"""What is written of a passage to be filtered, counted and found by its claims, the same for every engine."""

import json
from collections.abc import Iterable
from typing import Any, Final

from archive.authority.vocabulary import Vocabulary
from archive.engine import _attributes as attributes
from archive.engine import _documents as documents
from archive.engine._plan import CITING, OF_WORK
from archive.record import dates, paragraphs, passages, updates
from archive.record.testimony import CampEntry, Claim, Note, Passage, Testimony
from archive.record.work import date_of
from archive.search import filters

CLAIM_GAP: Final = " \ua66e "
"""Between two claims of a passage: a letter that nobody types; a phrase reaches from none of them into the next, *near* does."""


def searchable_claims(testimony: Testimony, record_passages: list[Passage]) -> list[Claim]:
    """Return the claims whose texts may be searched: none that a withheld paragraph touches."""
    if not testimony.redacted:
        return list(testimony.claims)
    placeholders = paragraphs.PLACEHOLDERS.values()
    withheld = {passage.number for passage in record_passages if any(placeholder in passage.text for placeholder in placeholders)}
    return [claim for claim in testimony.claims if withheld.isdisjoint(claim.paragraphs)]


def concepts(testimony: Testimony, passage: Passage, vocabulary: Vocabulary) -> list[list[Any]]:
    """Return, for each claim on a passage, its topics with all broader ones, how it stands, and what it is about."""
    if not testimony.claims:
        return []
    is_lead = "lead-only" in {note.flag for note in passage.notes}
    rows = []
    for claim in testimony.claims:
        if passage.number in claim.paragraphs and claim.topics:
            standing = attributes.REJECTED if claim.status == "rejected" else attributes.LEAD if is_lead else attributes.STANDS
            entries = [about(entry, testimony) for entry in passages.entries_of(testimony, claim)]
            rows.append([_with_broader(claim.topics, vocabulary), standing, entries])
    return rows


def works(testimony: Testimony, passage: Passage) -> tuple[str, ...]:
    """Return, of each work that the text of a passage is of, or that is cited at it, how and which.

    A passage is of the works that its record is of, unless its claims cite others alone. What a note on the whole record
    rests on is cited for the record, and not at each of its passages.
    """
    source = testimony.source
    of_record = dict.fromkeys([source.ref, source.through, testimony.rendered_of, *(each.of for each in testimony.versions)])
    cited = {cite.ref: None for cite in passage.cites}
    own = [work for work in of_record if work] if not cited or any(work in of_record for work in cited) else []
    notes = (note for note in passage.notes if not note.about.of_record)
    cited |= {cite.ref: None for note in notes for cite in note.cites}
    cited |= {cite.ref: None for version in passage.versions for cite in version.cites}
    return (*(OF_WORK + work for work in own), *(CITING + work for work in cited if work not in own))


def _with_broader(topics: Iterable[str], vocabulary: Vocabulary) -> list[str]:
    return list(dict.fromkeys(term for topic in topics for term in vocabulary.with_broader("topic", topic)))


write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def about(entry: CampEntry, testimony: Testimony) -> list[Any]:
    """Write an entry for filtering: its fields, its bounds (zeros where undated), its decades."""
    recorded = dates.bounds(testimony.recorded)
    period = dates.bounds(entry.period) if entry.period else None
    closed = dates.close_at(period, recorded) if period else None
    return [
        entry.camp or "",
        entry.zone,
        entry.role,
        entry.basis,
        entry.status,
        closed.earliest if closed else 0,
        closed.latest if closed else 0,
        list(dates.decades(closed)),
    ]


def _flags_known_from(notes: Iterable[Note]) -> dict[str, int]:
    """Return the day from which each flag could be known, for the flags that could not always be."""
    days: dict[str, list[int]] = {}
    for note in notes:
        days.setdefault(note.flag, []).append(filters.last_day(note.known))
    return {flag: min(known_on) for flag, known_on in days.items() if min(known_on)}


def _while(note: Note) -> tuple[str, int, int]:
    """Return the flag of a note that was replaced, and the days from which it, and what replaced it, could be known."""
    return note.flag, filters.last_day(note.known), filters.replacement_day(note)


def marks(testimony: Testimony, setting: documents.Setting, vocabulary: Vocabulary) -> dict[str, Any]:
    written = date_of(testimony)
    recorded = dates.bounds(written) if written else None
    return {
        "flag": list(dict.fromkeys(note.flag for note in setting.notes)),
        "topic": _with_broader(setting.topics, vocabulary),
        "kind": [testimony.kind],
        "connection": [testimony.witness.connection],
        "reliability": [testimony.reliability] if testimony.reliability else [],
        "language": list(dict.fromkeys((testimony.language, *setting.languages))),
        "code": [testimony.code],
        "witness": list(testimony.witness.names),
        "recorded": [recorded.earliest, recorded.latest] if recorded else [],
        "public": filters.last_day(written),
        "updated": updates.last_update(testimony.history, setting.notes),
        "known": _flags_known_from(setting.notes),
        "replaced": [_while(note) for note in setting.replaced],
    }
