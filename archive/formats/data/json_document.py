"""One JSON document: the contract of machine output."""

from collections.abc import Iterator
from typing import Any

from archive.citing import citation
from archive.citing.excerpt import RecordOutput, SearchOutput
from archive.formats import fields
from archive.formats.json_sink import lines
from archive.record.testimony import Claim, Note, Testimony, notes_of


def answer(answer: SearchOutput) -> Iterator[str]:
    """Write a search."""
    yield from lines(fields.document(answer))


def pages(pages: RecordOutput) -> Iterator[str]:
    """Write passages of one record with the record itself."""
    yield from lines(
        {
            "schema": fields.SCHEMA,
            "record": record(pages),
            "passages": [fields.hit(shown, pages.authorities) for shown in pages.shown],
            "not_in_this_version": list(pages.missing),
            "parallel": [fields.hit(other, pages.authorities) for other in pages.parallel if other],
            "parallel_language": pages.parallel_language or None,
            "footnotes": list(pages.record.footnotes),
            "citation": pages.citation,
        }
    )


def record(pages: RecordOutput) -> dict[str, Any]:
    """Return a record's header as a reader may see it."""
    testimony = pages.record.testimony
    return {
        "code": testimony.code,
        "title": testimony.title,
        "kind": testimony.kind,
        "language": testimony.language,
        "original_language": testimony.original_language or None,
        "rendering": testimony.rendering,
        "version": testimony.shown_in or None,
        "translated": fields.translation_fields(testimony),
        "versions": [
            {
                "language": version.language,
                "rendering": version.rendering,
                "translated": {"from": version.translated_from, "by": version.translated_by} if version.translated_from else None,
                "sha256": version.fixity,
            }
            for version in testimony.versions
        ],
        "witness": {
            "name": testimony.witness.name,
            "name_kind": testimony.witness.name_kind,
            "connection": testimony.witness.connection,
            "born": testimony.witness.born or None,
            "nationality": testimony.witness.nationality or None,
            "other_names": [name._asdict() for name in testimony.witness.other_names],
        },
        "camps": [entry._asdict() for entry in testimony.entries],
        "recorded": {"date": testimony.recorded, "by": testimony.recorded_by or None},
        "source": {
            "ref": testimony.source.ref or None,
            "root": testimony.source.root or None,
            "seen": testimony.source.seen or None,
            "seen_on": _day_of_reading(pages) or None,
            "through": testimony.source.through or None,
            "csl": testimony.source.csl,
        },
        "consent": testimony.consent,
        "access": testimony.access,
        "reliability": {"grade": testimony.reliability, "basis": testimony.reliability_basis} if testimony.reliability else None,
        **fields.caveats(_own(pages), pages.authorities),
        "claims": [_claim(claim, pages) for claim in testimony.claims],
        "topics": list(testimony.topics),
        "sensitive": list(testimony.sensitive),
        "relations": [_relation(testimony, number) for number in range(len(testimony.relations))],
        "history": [change._asdict() for change in testimony.history],
        "paragraphs": len(pages.record.passages),
        "sha256": testimony.fixity,
        "sha256_of": "public rendering" if testimony.redacted else "file",
    }


def _day_of_reading(pages: RecordOutput) -> str:
    """Return the day on which the work that was read for a record was seen last."""
    testimony = pages.record.testimony
    source = testimony.source
    cites = [cite for claim in testimony.claims for cite in claim.cites]
    return citation.last_seen(testimony, cites, source.through or source.ref, pages.authorities)


def _own(pages: RecordOutput) -> Iterator[Note]:
    """Yield the record's own notes that are in force anywhere in it, in the order of its header."""
    by_id = {note.id: note for note in notes_of(pages.record.passages) if not note.origin}
    return (by_id[note.id] for note in pages.record.testimony.notes if note.id in by_id)


def _claim(claim: Claim, pages: RecordOutput) -> dict[str, Any]:
    return {
        "id": claim.id,
        "text": claim.text,
        "paragraphs": list(claim.paragraphs),
        "camps": None if claim.camps is None else list(claim.camps),
        "period": claim.period or None,
        "status": claim.status,
        "basis": claim.basis or None,
        "cites": fields.cites(claim.cites, pages.authorities),
        "cited": fields.source_fields(claim.cites),
    }


def _relation(testimony: Testimony, number: int) -> dict[str, Any]:
    relation = testimony.relations[number]
    return {
        "type": relation.type,
        "code": relation.code,
        "paragraphs": list(relation.paragraphs),
        "of": list(relation.their),
    }
