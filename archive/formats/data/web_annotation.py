"""Credibility notes as Web Annotations (https://www.w3.org/TR/annotation-model/): a page a record, a note an annotation.

A page holds every note in force at its record, those of other records too. A
target is a passage by its URN, with the words that the note quotes where they
stand in it, and the hash of its text.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from archive.citing import citation
from archive.formats import fields
from archive.formats.export_content import ExportedCollection, ExportedRecord
from archive.formats.json_sink import write
from archive.record.hashing import fixity
from archive.record.testimony import Note, Passage

_OURS: Final = "urn:x-testimony-archive:terms#"
CONTEXT: Final = ("http://www.w3.org/ns/anno.jsonld", {"ta": _OURS})
"""That of the standard, and a prefix for what it has no word for."""
_URN: Final = "urn:testimony:"


def pages(collection: ExportedCollection) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the bytes of the page of each record that a note is in force at."""
    records = [record for record in collection.records() if record.notes]
    name, part = collection.authorities.name(), collection.part
    whole = {
        "id": f"{_URN}{collection.authorities.prefix}:annotations{_part(collection) if part else ''}",
        "type": "AnnotationCollection",
        "label": f"{name}, a part: {part['in_words']}" if part else name,
        "total": sum(len(record.notes) for record in records),
        **({"first": _page(records[0]), "last": _page(records[-1])} if records else {}),
    }
    index = 0
    for before, record, after in zip([None, *records], records, [*records[1:], None], strict=False):
        beside = {name: _page(other) for name, other in (("prev", before), ("next", after)) if other}
        items = [_annotation(note, record, collection) for note in record.notes]
        page = {
            "@context": list(CONTEXT),
            "id": _page(record),
            "type": "AnnotationPage",
            "partOf": whole,
            **beside,
            "startIndex": index,
            "ta:citation": record.pages.citation,
            "items": items,
        }
        index += len(items)
        yield f"{record.testimony.code}.jsonld", f"{write(page, indent=1)}\n".encode()


def _page(record: ExportedRecord) -> str:
    return f"{_URN}{record.testimony.code}:annotations"


def _part(collection: ExportedCollection) -> str:
    """Return what the name of a part has besides: it is not the collection of all annotations."""
    return f":part:{fixity(' '.join(collection.codes).encode())[:16]}"


def _annotation(note: Note, record: ExportedRecord, collection: ExportedCollection) -> dict[str, Any]:
    code = record.testimony.code
    said = {
        "ta:status": note.status,
        "ta:by": note.by,
        "ta:date": note.date,
        "ta:known": note.known,
        "ta:information": note.information,
        "ta:cites": fields.cites(note.cites, collection.authorities),
        "ta:heldAgainst": [f"{_URN}{link}" for link in note.against],
        "ta:from": f"{_URN}{note.origin}" if note.origin else "",
    }
    return {
        "id": f"{_URN}{code}:{f'{note.origin}:' if note.origin else ''}{note.id}",
        "type": "Annotation",
        "motivation": "assessing",
        "body": [
            {"type": "TextualBody", "purpose": "tagging", "value": note.flag},
            {"type": "TextualBody", "purpose": "assessing", "format": "text/plain", "value": citation.statement_of(note)},
        ],
        "target": list(_targets(note, record)),
        **{name: value for name, value in said.items() if value},
    }


def _targets(note: Note, record: ExportedRecord) -> Iterator[Mapping[str, Any]]:
    """Yield the passages at which a note is in force, the record itself where it is about the whole of it."""
    code = record.testimony.code
    if note.about.of_record and not note.origin:
        yield {"type": "SpecificResource", "source": f"{_URN}{code}"}
        return
    for passage in record.pages.record.passages:
        if any((here.origin, here.id) == (note.origin, note.id) for here in passage.notes):
            target = {
                "type": "SpecificResource",
                "source": f"{_URN}{code}#p{passage.number}",
                "ta:hashOfTarget": f"sha256:{passage.sha256}",
            }
            yield {**target, **_selector(note, passage)}


def _selector(note: Note, passage: Passage) -> dict[str, Any]:
    about = note.about
    if note.origin or not about.exact or about.exact not in passage.words:
        return {}
    ends = {"prefix": about.prefix, "suffix": about.suffix}
    quote = {"type": "TextQuoteSelector", "exact": about.exact}
    return {"selector": {**quote, **{end: words for end, words in ends.items() if words}}}
