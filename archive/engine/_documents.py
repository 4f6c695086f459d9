"""How a record and its passages lie in the index: JSON arrays in the order of their fields, compressed.

Passages lie in blocks of `BLOCK` neighbours of a record.

What passages of a record have in common lies with the record, once: its notes,
and the *settings*, of which a passage names one. What can be worked out from a
passage's text, its hash and its locators, is not kept.
"""

import json
import zlib
from collections.abc import Sequence
from typing import Any, Final

from archive.errors import refuse_index
from archive.language.messages import tr
from archive.named_tuple import NamedTuple
from archive.record.hashing import passage_hash
from archive.record.packed import build, encode
from archive.record.testimony import CampEntry, Cite, Note, Passage, PassageText, Testimony
from archive.text import locators

_LEVEL: Final = 4
"""How hard to compress; more takes longer and makes paragraphs no smaller."""
BLOCK: Final = 8
"""Passages that are compressed together: they are smaller so, and a hit takes hardly longer to read."""


class Setting(NamedTuple):
    """What is in force at a passage: all of it but its number, its text and its headings."""

    entries: tuple[CampEntry, ...]
    topics: tuple[str, ...]
    cites: tuple[Cite, ...]
    notes: tuple[Note, ...]
    replaced: tuple[Note, ...]
    languages: tuple[str, ...]


def setting_of(passage: Passage) -> Setting:
    """Return the setting of a passage."""
    languages = tuple(version.language for version in passage.versions)
    return Setting(
        entries=passage.entries,
        topics=passage.topics,
        cites=passage.cites,
        notes=passage.notes,
        replaced=passage.replaced,
        languages=languages,
    )


def settings_of(record_passages: Sequence[Passage]) -> tuple[list[Setting], list[int]]:
    """Return the settings of the passages of a record, each once, and the number of that of each passage."""
    numbers: dict[Setting, int] = {}
    # Passages share the tuples of what is in force; to compare these by their identity is enough for nearly all.
    known: dict[tuple[int, ...], int] = {}
    of_passages = []
    for passage in record_passages:
        shared = (passage.entries, passage.topics, passage.cites, passage.notes, passage.replaced)
        key = tuple(map(id, shared))
        if key not in known or passage.versions:
            known[key] = numbers.setdefault(setting_of(passage), len(numbers))
        of_passages.append(known[key])
        if passage.versions:
            del known[key]
    return list(numbers), of_passages


def pack(testimony: Testimony, footnotes: tuple[str, ...], settings: Sequence[Setting]) -> bytes:
    """Write a record without its body, with the settings of its passages."""
    notes = {
        note: number
        for number, note in enumerate(dict.fromkeys(note for setting in settings for note in (*setting.notes, *setting.replaced)))
    }
    named = [
        (*setting[:3], [notes[note] for note in setting.notes], [notes[note] for note in setting.replaced])
        for setting in settings
    ]
    versions = tuple(version._replace(body="", public_body="") for version in testimony.versions)
    return _compress((testimony._replace(body="", public_body="", versions=versions), footnotes, list(notes), named))


def pack_passages(record_passages: Sequence[Passage], settings: Sequence[int]) -> list[bytes]:
    """Write the passages of a record in blocks, each passage with the number of its setting."""
    rows = [
        (passage.text, passage.headings, setting, passage.footnotes, *((passage.versions,) if passage.versions else ()))
        for passage, setting in zip(record_passages, settings, strict=True)
    ]
    return [_compress(rows[at : at + BLOCK]) for at in range(0, len(rows), BLOCK)]


Row = list[Any]
"""A passage as it lies in a block: text, headings, the number of its setting, footnotes, and versions where there are any."""


def unpack_passages(written: bytes) -> list[Row]:
    """Read the passages of a block; the first of the fields of each is its text."""
    rows: list[Row] = json.loads(_read(written))
    return rows


class StoredRecord:
    """A record as `pack` wrote it; what one of its passages needs is read when it is asked for."""

    def __init__(self, written: bytes) -> None:
        """Read the record."""
        testimony, footnotes, self._notes, self._settings = json.loads(_read(written))
        self.testimony = build(Testimony, testimony)
        self.footnotes = tuple(footnotes)
        self._read_notes: dict[int, Note] = {}

    def entries(self) -> tuple[CampEntry, ...]:
        """Return the entries of all passages, each once."""
        return tuple(dict.fromkeys(CampEntry(*each) for setting in self._settings for each in setting[0]))

    def passage(self, number: int, row: Row) -> Passage:
        """Return the passage of a number, from its row in a block."""
        text, headings, setting, footnotes, *versions = row
        entries, topics, cites, notes, replaced = self._settings[setting]
        return Passage(
            code=self.testimony.code,
            number=number,
            text=text,
            sha256=passage_hash(text),
            locators=locators(text),
            headings=tuple(headings),
            entries=tuple([CampEntry(*entry) for entry in entries]),
            topics=tuple(topics),
            cites=tuple([Cite(*cite) for cite in cites]),
            notes=tuple(map(self._note, notes)),
            replaced=tuple(map(self._note, replaced)),
            footnotes=tuple(footnotes),
            versions=tuple([build(PassageText, list(version)) for version in versions[0]]) if versions else (),
        )

    def _note(self, number: int) -> Note:
        if number not in self._read_notes:
            self._read_notes[number] = build(Note, self._notes[number])
        return self._read_notes[number]


def _compress(value: object) -> bytes:
    content = encode(value).encode("utf-8", "surrogatepass")
    return zlib.compress(content, _LEVEL)


def _read(written: bytes) -> str:
    try:
        return zlib.decompress(written).decode("utf-8", "surrogatepass")
    except (zlib.error, UnicodeDecodeError) as error:
        refuse_index(tr("what is stored of a passage cannot be unpacked"), error)
