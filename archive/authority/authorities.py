"""The authorities of a collection in one object: terms, facilities, sources, conflicts.

They are written as YAML for people (``archive/authority/data/``, or the
collection's own ``authorities/``), read by `archive.reader`, and kept as JSON
beside each index, from where readers' commands load no more than they need.
"""

import contextlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

from archive import text
from archive.authority.gazetteer import Gazetteer
from archive.authority.vocabulary import Vocabulary
from archive.errors import DamagedIndex
from archive.language.messages import tr

PARTS: Final = ("collection", "terms", "equivalents", "camps", "sources", "conflicts", "outline")
"""The parts that are loaded one by one; ``terms`` holds every list, flags and topics too."""

BY_ENTRY: Final = ("sources", "conflicts")
"""The parts of which a reader's command needs an entry or two, by their ids."""

LABELS: Final = "labels"
"""A part that is made at indexing: what each label of a vocabulary stands for."""

FILES: Final = ("collection", "terms", "flags", "topics", "equivalents", "camps", "sources", "conflicts", "outline")
"""The names of the YAML files, without their ending."""

NOT_OPEN: Final = "[a record that is not open]"
"""What stands in a sentence where the code of a record stood that these readers may not know of."""

DEPENDENT: Final = ("sources", "conflicts", "outline")
"""The files that tell of the facilities of `camps`: those that are shipped say nothing to a collection of other facilities."""

AUTHORITIES: Final = "authorities"
"""The folder of a collection's own authority files."""

MOST_BYTES: Final = 20_000_000
"""Of an authority file; a larger one is a fault, and no more of it is looked at."""

Load = Callable[[str], Mapping[str, Any]]
Entries = Mapping[str, Mapping[str, Any]]
"""The entries of a part by their ids."""


def shipped() -> Path:
    """Return the folder of the authority files that come with the program."""
    return Path(__file__).parent / "data"


def is_shipped(file: Path) -> bool:
    """Return whether an authority file is one that comes with the program."""
    return file.parent == shipped()


class Authorities:
    """What the archive has agreed on, part by part, each loaded at its first use."""

    def __init__(self, load: Load, entries: Callable[[str], Entries] | None = None) -> None:
        """Take the function that gives the plain data of a part by its name.

        :param entries: gives the entries of a part of `BY_ENTRY`, where they can be had without the whole part.
        """
        self._load = load
        self._entries = entries or self._entries_of
        self._written = _LineWriter()

    def _entries_of(self, part: str) -> Entries:
        return {entry["id"]: entry for entry in self._load(part).get(part, ())}

    @classmethod
    def from_data(cls, data: Mapping[str, Mapping[str, Any]]) -> "Authorities":
        """Build from all parts at once."""
        return cls(lambda part: data[part])

    @classmethod
    def from_lines(cls, content: bytes) -> "Authorities":
        """Build from what `as_lines` wrote; each line is read when it is asked for."""
        lines = _Lines(content)
        return cls(lines.part, lines.entries)

    def as_lines(self, labels: object = None) -> bytes:
        """Write all parts, a line a part or an entry, so that a reader's command parses no more than it needs.

        :param labels: what each label of the vocabularies stands for, by its key, for readers' commands.
        """
        lines: dict[str, object] = {}
        for part in PARTS:
            data = self._load(part)
            if part in BY_ENTRY:
                lines[part] = {name: value for name, value in data.items() if name != part}
                lines.update((f"{part}/{entry['id']}", entry) for entry in data.get(part, ()))
            else:
                lines[part] = data
        if labels is not None:
            lines[LABELS] = labels
        return b"".join(self._written.line(name, value) for name, value in lines.items())

    def data(self, part: str) -> Mapping[str, Any]:
        """Return the plain data of a part, for the copy beside the index."""
        return self._load(part)

    def labels(self, make: "MakeLabels") -> Mapping[str, Any]:
        """Return the labels of the vocabularies by their keys, from the copy beside the index where there is one.

        :param make: makes them of the vocabularies, the words that are too common to widen by themselves, the groups of words
            that say the same, the words that every account has something of, and the works that are cited.
        """
        try:
            return self._load(LABELS)
        except KeyError:
            of = {
                "terms": self._load("terms"),
                "common": self.collection.get("common", ()),
                "equivalents": self._load("equivalents").get("equivalents", ()),
                "background": self.collection.get("background", ()),
                "works": self._named_works(),
            }
            return _labels(make, json.dumps(of, ensure_ascii=False))

    def _named_works(self) -> Mapping[str, Any]:
        """Return what of the works tells how they are asked for."""
        works = self._load("sources")
        sources = [{name: each[name] for name in ("id", "csl", "also") if name in each} for each in works.get("sources", ())]
        return {"sources": sources, "names": works.get("names", ())}

    def for_readers_of(self, codes: Iterable[str]) -> "Authorities":
        """Return the same without any code but these, in lists and in sentences, whether there is such a record or not."""
        parts, plain = self._parts_and_plain
        # An id of a work or a facility may look like a code, and what cites it has to find it.
        known = text.Known.of((*codes, *self.ids()))
        told = Authorities.from_data({part: _told(value, known, plain) for part, value in parts.items()})
        told._written = self._written  # noqa: SLF001 - its own class
        return told

    def ids(self) -> Iterator[str]:
        """Yield every id, of all parts."""
        return iter(self._ids)

    @cached_property
    def _parts_and_plain(self) -> tuple[dict[str, Any], frozenset[int]]:
        """All parts, and the identities of what in them names nothing like a code: most of it, for every reader the same."""
        parts = {part: self._load(part) for part in PARTS}
        plain: set[int] = set()
        _add_plain(parts, plain)
        return parts, frozenset(plain)

    @cached_property
    def _ids(self) -> tuple[str, ...]:
        return tuple(_ids({part: self._load(part) for part in PARTS}))

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The controlled terms."""
        return Vocabulary.from_data(self._load("terms"))

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """The facilities."""
        return Gazetteer.from_data(self._load("camps"))

    @cached_property
    def collection(self) -> Mapping[str, Any]:
        """The archive's name, the prefix of its codes, and what it says under a summary."""
        return self._load("collection")

    @cached_property
    def sources(self) -> Entries:
        """The works that records and notes cite, by id."""
        return self._entries("sources")

    @cached_property
    def conflicts(self) -> Entries:
        """The contradictions that the archive keeps, by id (``conf-001``)."""
        return self._entries("conflicts")

    @cached_property
    def outline(self) -> Mapping[str, Any] | None:
        """The outline of the country, as rings of ``longitude,latitude`` with its source; None where there is none."""
        return self._load("outline").get("outline") or None

    def name(self, language: str = "en") -> str:
        """Return the name of the archive in a language, else in English, else in its own."""
        names = self.collection.get("name", {})
        return str(names.get(language) or names.get("en") or next(iter(names.values()), "Testimony archive"))

    @property
    def prefix(self) -> str:
        """Return the prefix of this archive's codes, ``NKT``."""
        return str(self.collection.get("prefix", "NKT"))


MakeLabels = Callable[[Vocabulary, Iterable[str], Iterable[Sequence[str]], Iterable[str], Mapping[str, Any]], Mapping[str, Any]]


@lru_cache(maxsize=4)
def _labels(make: MakeLabels, of: str) -> Mapping[str, Any]:
    """Make labels once for all clearances, which mostly have the same: it takes longer than all else that a small index needs."""
    data = json.loads(of)
    return make(Vocabulary.from_data(data["terms"]), data["common"], data["equivalents"], data["background"], data["works"])


class _LineWriter:
    """Writes each line once for all readers: most of what they are told is the same, and the very same objects."""

    def __init__(self) -> None:
        self._last: dict[str, tuple[object, bytes]] = {}

    def line(self, name: str, value: object) -> bytes:
        was, line = self._last.get(name, (None, b""))
        if was is not value or not line:
            line = json.dumps((name, value), ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
            self._last[name] = value, line
        return line


class _Lines:
    """Reads what `Authorities.as_lines` wrote, each line at its first use.

    :raises DamagedIndex: a line that is asked for is not there, or cannot be read.
    """

    def __init__(self, content: bytes) -> None:
        # A line begins with its name in quotes: ["sources/un-2014",{...}]
        self._lines = {line[2 : line.find(b'",')].decode("utf-8", "replace"): line for line in content.split(b"\n") if line}

    def part(self, name: str) -> Any:  # noqa: ANN401 - plain data
        part = self.read(name)
        return {**part, name: list(self.entries(name).values())} if name in BY_ENTRY else part

    def entries(self, part: str) -> Entries:
        self.read(part)
        return _LazyEntries(self, [name for name in self._lines if name.startswith(f"{part}/")], len(part) + 1)

    def read(self, name: str) -> Any:  # noqa: ANN401 - plain data
        if name == LABELS and name not in self._lines:
            raise KeyError(name)  # they are made anew
        with contextlib.suppress(KeyError, ValueError):
            return json.loads(self._lines[name])[1]
        message = tr("the copy of the authorities has no part {part!r} that can be read", part=name)
        raise DamagedIndex(message, tr("`testimony index --rebuild` makes it anew."))


class _LazyEntries(Mapping[str, Mapping[str, Any]]):
    """Entries by their ids, each read at its first use."""

    def __init__(self, lines: _Lines, names: Iterable[str], before: int) -> None:
        self._lines = lines
        self._names = {name[before:]: name for name in names}
        self._read: dict[str, Mapping[str, Any]] = {}

    def __getitem__(self, entry: str) -> Mapping[str, Any]:
        if entry not in self._read:
            self._read[entry] = self._lines.read(self._names[entry])
        return self._read[entry]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def _ids(value: Any) -> Iterator[str]:  # noqa: ANN401 - plain data
    if isinstance(value, Mapping):
        if isinstance(value.get("id"), str):
            yield value["id"]
        value = value.values()
    if not isinstance(value, str):
        for item in value:
            yield from _ids(item)


def _add_plain(value: Any, plain: set[int]) -> bool:  # noqa: ANN401 - plain data
    """Put into the set the identity of each mapping and list that holds nothing like a code; return whether this does."""
    if isinstance(value, str):
        return not text.may_name_a_code(value)
    items = value.values() if isinstance(value, Mapping) else value
    every = [_add_plain(item, plain) for item in items]  # each of them, also after one that names a code
    if all(every):
        plain.add(id(value))
    return all(every)


def _told(value: Any, known: text.Known, plain: frozenset[int]) -> Any:  # noqa: ANN401 - plain data
    """Leave out what is a code and nothing else from lists, and say in sentences that there was one.

    :param plain: the identities of mappings and lists that can be taken as they are.
    """
    if isinstance(value, str):
        return text.without_codes(value, known, NOT_OPEN)
    if id(value) in plain:
        return value
    if isinstance(value, Mapping):
        return {name: _told(item, known, plain) for name, item in value.items()}
    left = (item for item in value if not isinstance(item, str) or text.without_codes(item, known, "") or not item)
    return [_told(item, known, plain) for item in left]


def authority_files(root: Path) -> dict[str, Path]:
    """Return the file of each name: the collection's own where it has one, else the shipped one.

    Which of the shipped ones say anything to it, `archive.reader.authorities.files_in_force` says.
    """
    own = root / AUTHORITIES
    # What is there and no file (a FIFO, a broken link) is a fault when it is read, never passed over.
    return {name: own / f"{name}.yaml" if os.path.lexists(own / f"{name}.yaml") else shipped() / f"{name}.yaml" for name in FILES}
