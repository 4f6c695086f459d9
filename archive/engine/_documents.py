"""How a record and its passages lie in the index: JSON arrays in the order of their fields, compressed each by itself.

What passages of a record have in common lies with the record, once: its notes,
and the *settings*, of which a passage names one. What can be worked out from a
passage's text, its hash and its locators, is not kept.
"""

import json
import zlib
from collections.abc import Sequence
from json.decoder import scanstring  # type: ignore[attr-defined]  # the type hints leave it out
from typing import Final, NamedTuple

from archive.errors import refuse_index
from archive.language.messages import tr
from archive.record.hashing import passage_hash
from archive.record.packed import build, encode
from archive.record.testimony import CampEntry, Cite, Note, Passage, PassageText, Testimony
from archive.text import locators

_LEVEL: Final = 4
"""How hard to compress; more takes longer and makes paragraphs no smaller."""
_NARROW: Final = 11
"""Two to the power of it: the bytes that a compressor looks back over, where there are no more."""


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
    return Setting(passage.entries, passage.topics, passage.cites, passage.notes, passage.replaced, languages)


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
    return _written((testimony._replace(body="", public_body="", versions=versions), footnotes, list(notes), named))


def pack_passage(passage: Passage, setting: int) -> bytes:
    """Write a passage, which has the setting of that number."""
    kept = (passage.text, passage.headings, setting, passage.footnotes)
    return _written((*kept, passage.versions) if passage.versions else kept)


def text_of(written: bytes) -> str:
    """Read the text of a passage alone, the first of its fields, without the rest."""
    decoded: str = scanstring(_read(written), 2)[0]
    return decoded


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

    def passage(self, number: int, written: bytes) -> Passage:
        """Read the passage of a number."""
        text, headings, setting, footnotes, *versions = json.loads(_read(written))
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
            versions=tuple([build(PassageText, version) for version in versions[0]]) if versions else (),
        )

    def _note(self, number: int) -> Note:
        if number not in self._read_notes:
            self._read_notes[number] = build(Note, self._notes[number])
        return self._read_notes[number]


def _written(value: object) -> bytes:
    content = encode(value).encode("utf-8", "surrogatepass")
    # A window as large as a passage: to make ready a larger one takes longer than to compress.
    return zlib.compress(content, _LEVEL, _NARROW if len(content) <= 1 << _NARROW else zlib.MAX_WBITS)


def _read(written: bytes) -> str:
    try:
        return zlib.decompress(written).decode("utf-8", "surrogatepass")
    except (zlib.error, UnicodeDecodeError) as error:
        refuse_index(tr("what is stored of a passage cannot be unpacked"), error)
