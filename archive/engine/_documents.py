"""How a record and its passages lie in the index: JSON arrays in the order of their fields, compressed each by itself.

What passages of a record have in common lies with the record, once: its notes,
and the *settings*, of which a passage names one. What can be worked out from a
passage's text, its hash and its locators, is not kept.
"""

import json
import zlib
from collections.abc import Sequence
from json.decoder import scanstring  # type: ignore[attr-defined]  # the type hints leave it out
from typing import Any, Final, NamedTuple, TypeVar

from archive.errors import refuse_index
from archive.language.messages import tr
from archive.record.hashing import passage_hash
from archive.record.testimony import (
    About,
    CampEntry,
    Change,
    Cite,
    Claim,
    Name,
    Note,
    Pair,
    Passage,
    PassageText,
    Relation,
    Source,
    Testimony,
    TextVersion,
    Witness,
)
from archive.text import locators

# Class → its fields that hold another class, and whether they hold many.
_NESTED: Final[dict[type, dict[str, tuple[type, bool]]]] = {
    Note: {"about": (About, False), "cites": (Cite, True)},
    Claim: {"cites": (Cite, True)},
    Witness: {"other_names": (Name, True)},
    Testimony: {
        "witness": (Witness, False),
        "entries": (CampEntry, True),
        "source": (Source, False),
        "notes": (Note, True),
        "claims": (Claim, True),
        "relations": (Relation, True),
        "history": (Change, True),
        "versions": (TextVersion, True),
    },
    TextVersion: {"cites": (Cite, True), "pairs": (Pair, True)},
    PassageText: {"cites": (Cite, True)},
}
_NESTED_AT: Final = {
    kind: {kind._fields.index(name): inner for name, inner in fields.items()}  # type: ignore[attr-defined]  # a named tuple
    for kind, fields in _NESTED.items()
}
_NONE: Final[dict[int, tuple[type, bool]]] = {}

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_T = TypeVar("_T")
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
        for number, note in enumerate(dict.fromkeys(note for each in settings for note in (*each.notes, *each.replaced)))
    }
    named = [(*each[:3], [notes[note] for note in each.notes], [notes[note] for note in each.replaced]) for each in settings]
    versions = tuple(each._replace(body="", public_body="") for each in testimony.versions)
    return _written((testimony._replace(body="", public_body="", versions=versions), footnotes, list(notes), named))


def pack_passage(passage: Passage, setting: int) -> bytes:
    """Write a passage, which has the setting of that number."""
    kept = (passage.text, passage.headings, setting, passage.footnotes)
    return _written((*kept, passage.versions) if passage.versions else kept)


def text_of(written: bytes) -> str:
    """Read the text of a passage alone, the first of its fields, without the rest."""
    found: str = scanstring(_read(written), 2)[0]
    return found


class StoredRecord:
    """A record as `pack` wrote it; what one of its passages needs is read when it is asked for."""

    def __init__(self, written: bytes) -> None:
        """Read the record."""
        testimony, footnotes, self._notes, self._settings = json.loads(_read(written))
        self.testimony = _built(Testimony, testimony)
        self.footnotes = tuple(footnotes)
        self._read_notes: dict[int, Note] = {}

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
            entries=tuple([CampEntry(*each) for each in entries]),
            topics=tuple(topics),
            cites=tuple([Cite(*each) for each in cites]),
            notes=tuple(map(self._note, notes)),
            replaced=tuple(map(self._note, replaced)),
            footnotes=tuple(footnotes),
            versions=tuple([_built(PassageText, each) for each in versions[0]]) if versions else (),
        )

    def _note(self, number: int) -> Note:
        if number not in self._read_notes:
            self._read_notes[number] = _built(Note, self._notes[number])
        return self._read_notes[number]


def _written(value: object) -> bytes:
    content = _encode(value).encode("utf-8", "surrogatepass")
    # A window as large as a passage: to make ready a larger one takes longer than to compress.
    return zlib.compress(content, _LEVEL, _NARROW if len(content) <= 1 << _NARROW else zlib.MAX_WBITS)


def _read(written: bytes) -> str:
    try:
        return zlib.decompress(written).decode("utf-8", "surrogatepass")
    except (zlib.error, UnicodeDecodeError) as error:
        refuse_index(tr("what is stored of a passage cannot be unpacked"), error)


def _built(kind: type[_T], values: list[Any]) -> _T:
    nested = _NESTED_AT.get(kind, _NONE)
    if len(values) != len(kind._fields):  # type: ignore[attr-defined]  # a named tuple
        message = tr("{number} values for {name}", number=len(values), name=kind.__name__)
        raise ValueError(message)
    for at, value in enumerate(values):
        if type(value) is list:
            inner = nested.get(at)
            if inner is None:
                values[at] = tuple([tuple(each) if type(each) is list else each for each in value])
            elif inner[1]:
                values[at] = tuple([_built(inner[0], each) for each in value])
            else:
                values[at] = _built(inner[0], value)
    return kind._make(values)  # type: ignore[attr-defined,no-any-return]  # a named tuple
