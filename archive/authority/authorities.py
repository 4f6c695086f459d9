"""The authorities of a collection in one object: terms, facilities, sources, conflicts.

They are written as YAML for people (``archive/authority/data/``, or the
collection's own ``authorities/``), read by `archive.reader`, and kept as a copy
beside each index, of which readers' commands read no more than they need.
"""

import json
import operator
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

from archive import text
from archive.authority._copy import AuthorityCopy, CopyWriter, by_id
from archive.authority.gazetteer import NAMED_BY, Gazetteer
from archive.authority.vocabulary import Vocabulary

PARTS: Final = ("collection", "terms", "equivalents", "camps", "sources", "conflicts", "outline")
"""The parts that are loaded one by one; ``terms`` holds every list, flags and topics too."""

LABELS: Final = "labels"
"""A part that is made at indexing: what each label of a vocabulary stands for."""

NAMES: Final = "names"
"""Tables that are made at indexing: the facilities by the names that they have."""

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


_SHIPPED: Final = Path(__file__).parent / "data"
_SHIPPED_FILES: Final = {name: _SHIPPED / f"{name}.yaml" for name in FILES}


def shipped_folder() -> Path:
    """Return the folder of the authority files that come with the program."""
    return _SHIPPED


def is_shipped(file: Path) -> bool:
    """Return whether an authority file is one that comes with the program."""
    return file.parent == shipped_folder()


class Authorities:
    """What the archive has agreed on, part by part, each loaded at its first use."""

    def __init__(self, load: Load, copy: AuthorityCopy | None = None) -> None:
        """Take the function that gives the plain data of a part by its name.

        :param copy: gives entries of a part without the whole of it, where there is one.
        """
        self._load = load
        self._copy = copy
        self._writer = CopyWriter()

    def _entries(self, part: str) -> Entries:
        """Return the entries of the list that is called as its part is."""
        if self._copy:
            return by_id(self._copy.read(part).get(part, {}))
        return by_id(self._load(part).get(part, ()))

    @classmethod
    def from_data(cls, data: Mapping[str, Mapping[str, Any]]) -> "Authorities":
        """Build from all parts at once."""
        return cls(lambda part: data[part])

    @classmethod
    def from_copy(cls, content: bytes) -> "Authorities":
        """Build from what `as_copy` wrote; each part of it is read when it is asked for.

        :raises DamagedIndex: it is not as it was written.
        """
        copy = AuthorityCopy(content)
        return cls(copy.part, copy)

    def as_copy(self, labels: Mapping[str, Any] | None = None) -> bytes:
        """Write all parts so that a reader's command reads no more than it needs.

        :param labels: what each label of the vocabularies stands for, by its key, for readers' commands; the names of the
            facilities are written then too.
        """
        parts = {part: self._load(part) for part in PARTS}
        tables: dict[str, Mapping[str, Any]] = {}
        if labels is not None:
            of_labels = {name: value for name, value in labels.items() if isinstance(value, Mapping)}
            parts[LABELS] = {name: None if name in of_labels else value for name, value in labels.items()}
            tables = {f"{LABELS}/{name}": value for name, value in of_labels.items()}
            tables.update((f"{NAMES}/{name}", value) for name, value in self.gazetteer.names().items())
        return self._writer.to_bytes(parts, tables)

    def data(self, part: str) -> Mapping[str, Any]:
        """Return the plain data of a part, for the copy beside the index."""
        return self._load(part)

    def labels(self, make: "MakeLabels") -> Mapping[str, Any]:
        """Return the labels of the vocabularies by their keys, from the copy beside the index where there is one.

        :param make: makes them of the vocabularies, the words that are too common to widen by themselves, the groups of words
            that say the same, the words that every account has something of, and the works that are cited.
        """
        if self._copy and LABELS in self._copy:
            return self._copy.read(LABELS)
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
        told = Authorities.from_data({part: _without_codes(value, known, plain) for part, value in parts.items()})
        told._writer = self._writer  # noqa: SLF001 - its own class
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
        return Vocabulary(self._copy.lists("terms")) if self._copy else Vocabulary.from_data(self._load("terms"))

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """The facilities."""
        if not self._copy:
            return Gazetteer.from_data(self._load("camps"))
        camps = self._copy.read("camps")
        names = {name: self._copy.table(f"{NAMES}/{name}") for name in NAMED_BY} if LABELS in self._copy else None
        return Gazetteer(by_id(camps.get("facilities", {})), by_id(camps.get("types", {})), names)

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


def _without_codes(value: Any, known: text.Known, plain: frozenset[int]) -> Any:  # noqa: ANN401 - plain data
    """Leave out what is a code and nothing else from lists, and say in sentences that there was one.

    What has nothing to leave out stays the very same object, so that its line is written once for all readers.

    :param plain: the identities of mappings and lists that can be taken as they are.
    """
    if isinstance(value, str):
        return text.without_codes(value, known, NOT_OPEN)
    if id(value) in plain:
        return value
    if isinstance(value, Mapping):
        told = {name: _without_codes(item, known, plain) for name, item in value.items()}
        return value if all(map(operator.is_, told.values(), value.values())) else told
    left = (item for item in value if not isinstance(item, str) or text.without_codes(item, known, "") or not item)
    items = [_without_codes(item, known, plain) for item in left]
    return value if len(items) == len(value) and all(map(operator.is_, items, value)) else items


def authority_files(root: Path) -> dict[str, Path]:
    """Return the file of each name: the collection's own where it has one, else the shipped one.

    Which of the shipped ones say anything to it, `archive.reader.authorities.files_in_force` says.
    """
    own = root / AUTHORITIES
    files = dict(_SHIPPED_FILES)
    if os.path.lexists(own):
        # What is there and no file (a FIFO, a broken link) is a fault when it is read, never passed over.
        files.update((name, file) for name in FILES if os.path.lexists(file := own / f"{name}.yaml"))
    return files
