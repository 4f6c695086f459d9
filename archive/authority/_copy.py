"""The copy of the authorities that lies beside an index: one file, of which a reader's command reads no more than it needs.

First comes a checksum of all the rest, then a directory, then the parts. A
part is one line of JSON, but for its lists of entries that have an id: each is
a table of its own, two lines an entry, its id and what is entered under it, in
their order. Above them stands in one line where each begins, in the order of
their keys. What is made for readers' commands, as the labels, is kept in tables too.
"""

import json
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, TypeVar, cast

from archive.errors import DamagedIndex
from archive.language.messages import tr

_T = TypeVar("_T")
_W = TypeVar("_W")

_CHECKSUM: Final = 9
"""Bytes: eight digits, and the end of the line."""

_decoded: Final = json.JSONDecoder().raw_decode
_encoded: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

_DIGITS: Final = 8
"""Of the place of an entry in a table."""

Entries = Mapping[str, Any]
"""The entries of a table by their keys."""


class CopyWriter:
    """Writes copies for several readers: most of what they are told is the same, and the very same objects, written once."""

    def __init__(self) -> None:
        """Begin with nothing written."""
        self._last: dict[str, tuple[object, Any]] = {}

    def to_bytes(self, parts: Mapping[str, Any], tables: Mapping[str, Entries]) -> bytes:
        """Return a copy that holds some parts, and some tables besides."""
        pieces: dict[str, bytes] = {}
        for name, part in parts.items():
            lists = {each: value for each, value in part.items() if _is_table(value)}
            pieces[name] = _json({each: None if each in lists else value for each, value in part.items()})
            for each, entries in lists.items():
                pieces[f"{name}/{each}"] = _table([self._entry(f"{name}/{each}", entry) for entry in entries])
        for name, table in tables.items():
            pieces[name] = self._once(name, table, lambda table: _table(list(map(_pair, table, table.values()))))
        directory, at = {}, 0
        for name, piece in pieces.items():
            directory[name] = at, len(piece)
            at += len(piece)
        body = b"".join((_json(directory), b"\n", *pieces.values()))
        return _checksum(body) + body

    def _entry(self, table: str, entry: Mapping[str, Any]) -> tuple[bytes, bytes]:
        return self._once(f"{table}/{entry['id']}", entry, lambda entry: _pair(entry["id"], entry))

    def _once(self, name: str, value: _T, write: Callable[[_T], _W]) -> _W:
        was, written = self._last.get(name, (None, None))
        if was is not value:
            written = write(value)
            self._last[name] = value, written
        return cast("_W", written)


class AuthorityCopy:
    """Reads what `CopyWriter.to_bytes` gave."""

    def __init__(self, content: bytes) -> None:
        """Hold all of it against its checksum; each part is read when it is asked for.

        :raises DamagedIndex: it is not as it was written.
        """
        start = content.find(b"\n", _CHECKSUM) + 1
        if not start or content[:_CHECKSUM] != _checksum(memoryview(content)[_CHECKSUM:]):
            raise _damage()
        self._content, self._start = content, start
        self._directory: Mapping[str, tuple[int, int]] = json.loads(content[_CHECKSUM:start])
        self._tables: dict[str, Entries] = {}
        self._parts: dict[str, Mapping[str, Any]] = {}

    def __contains__(self, name: str) -> bool:
        """Return whether there is a part, or a table, of that name."""
        return name in self._directory

    def _place(self, name: str) -> tuple[int, int]:
        """Return where a part or a table begins and ends."""
        try:
            at, length = self._directory[name]
        except KeyError:
            raise _damage() from None
        return self._start + at, self._start + at + length

    def table(self, name: str) -> Entries:
        """Return a table.

        :raises DamagedIndex: there is none of that name.
        """
        if name not in self._tables:
            self._tables[name] = _Table(self._content, *self._place(name))
        return self._tables[name]

    def part(self, name: str) -> Mapping[str, Any]:
        """Return all that is in a part.

        :raises DamagedIndex: there is none of that name.
        """
        return {each: [*value.values()] if isinstance(value, _Table) else value for each, value in self.read(name).items()}

    def lists(self, name: str) -> Mapping[str, Entries]:
        """Return the lists of a part, as tables.

        :raises DamagedIndex: there is no part of that name.
        """
        return {each: by_id(value) for each, value in self.read(name).items() if isinstance(value, _Table | list)}

    def read(self, name: str) -> Mapping[str, Any]:
        """Return a part with tables in the place of its lists of entries.

        :raises DamagedIndex: there is none of that name.
        """
        if name not in self._parts:
            part: dict[str, Any] = json.loads(self._content[slice(*self._place(name))])
            tables = {each: self.table(f"{name}/{each}") for each in part if f"{name}/{each}" in self}
            self._parts[name] = MappingProxyType({**part, **tables})
        return self._parts[name]


class _Table(Mapping[str, Any]):
    """Entries by their keys, in the order in which they were written; each is read at its first use."""

    def __init__(self, content: bytes, start: int, end: int) -> None:
        """Read from one copy, which is not taken apart: a search uses all of its tables, and little of most."""
        self._content, self._start, self._end = content, start, end
        self._first = content.index(b"\n", start) + 1
        self._read: dict[str, Any] = {}
        self._keys: list[str] = []

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - plain data
        if key not in self._read:
            at = self._place(key)
            if at < 0:
                raise KeyError(key)
            self._read[key] = _parse(self._line(self._content.index(b"\n", at) + 1))
        return self._read[key]

    def __contains__(self, key: object) -> bool:
        return key in self._read or self._place(key) >= 0

    def __iter__(self) -> Iterator[str]:
        self._keys = self._keys or json.loads(b"[%b]" % b",".join(self._written_keys()))
        return iter(self._keys)

    def _written_keys(self) -> Iterator[bytes]:
        """Yield the keys as they are written, without a look at what is entered under them."""
        at, content = self._first, self._content
        while at < self._end:
            end = content.index(b"\n", at)
            yield content[at:end]
            at = content.index(b"\n", end + 1) + 1

    def __len__(self) -> int:
        return (self._first - self._start) // _DIGITS

    def _place(self, key: object) -> int:
        """Return where an entry begins; -1 where there is none."""
        wanted, content, start = _json(key), self._content, self._start
        below, above = 0, len(self)
        while below < above:  # by hand: a search looks up a hundred, and a function for each step takes five times as long
            number = (below + above) // 2
            at = self._first + int(content[start + number * _DIGITS : start + (number + 1) * _DIGITS], 16)
            here = content[at : content.index(b"\n", at)]
            if here == wanted:
                return at
            if here < wanted:
                below = number + 1
            else:
                above = number
        return -1

    def _line(self, at: int) -> bytes:
        return self._content[at : self._content.index(b"\n", at)]


def by_id(entries: Entries | Sequence[Mapping[str, Any]]) -> Entries:
    """Return a list of entries by their ids; of a table itself."""
    return entries if isinstance(entries, Mapping) else {entry["id"]: entry for entry in entries}


def _is_table(value: object) -> bool:
    """Return whether something is a list of entries, each with an id of its own."""
    if not isinstance(value, list | tuple) or not value:
        return False
    ids = [entry.get("id") if isinstance(entry, Mapping) else None for entry in value]
    return len({each for each in ids if isinstance(each, str)}) == len(ids)


def _checksum(body: bytes | memoryview) -> bytes:
    return b"%08x\n" % zlib.crc32(body)


def _pair(key: str, value: object) -> tuple[bytes, bytes]:
    return _json(key), _json(value)


def _table(entries: Sequence[tuple[bytes, bytes]]) -> bytes:
    begins, at = {}, 0
    for key, value in entries:
        begins[key] = at
        at += len(key) + len(value) + 2
    places = b"".join(b"%0*x" % (_DIGITS, begins[key]) for key in sorted(begins))
    return b"\n".join((places, *(line for entry in entries for line in entry), b""))


def _parse(line: bytes) -> Any:  # noqa: ANN401 - plain data
    """Return what a line of JSON says: of our own writing, so that nothing stands before it or behind it."""
    return _decoded(line.decode("utf-8", "surrogatepass"))[0]


def _json(value: object) -> bytes:
    """Write JSON in one line; what is typed may hold half a character, which no key has."""
    return _encoded(value).encode("utf-8", "surrogatepass")


def _damage() -> DamagedIndex:
    message = tr("the copy of the authorities is not what was written")
    return DamagedIndex(message, tr("`testimony index --rebuild` makes it anew."))
