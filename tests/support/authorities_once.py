"""Authorities read, judged and written once for all tests of a process: that was two thirds of each small index."""

import contextlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

from archive import text
from archive.authority import authorities
from archive.authority.authorities import Authorities, is_shipped
from archive.language import messages
from archive.reader import authorities as authority_reader
from archive.reader import read as reader
from archive.storage import index_state

_MOST_READERS, _MOST_FILES, _MOST_FOLDERS, _MOST_RECORDS, _MOST_COPIES = 64, 24, 12, 256, 16
"""What is kept: sets of codes for whose readers the authorities are told, authority files and folders of them as read, records as
read by some authorities, and copies of authorities as read.
"""


@contextlib.contextmanager
def quick_authorities() -> Iterator[None]:
    """Read the shipped authorities once, and the same bytes of any file or copy of them, or of a record that goes by them, once.

    What they tell the readers of some codes is made once too, and written once.
    """
    once = {name: value for name, value in vars(text).items() if not name.startswith("__")}
    with (
        mock.patch.object(reader, "read_authorities", _read(reader.read_authorities)),
        mock.patch.object(reader, "with_header", _record(reader.with_header)),
        mock.patch.object(authorities, "json", SimpleNamespace(loads=_parsed, dumps=json.dumps)),
        mock.patch.object(authority_reader, "_node", _node(authority_reader._node)),  # noqa: SLF001 - each file of them
        mock.patch.object(authority_reader, "_faults", _faults(authority_reader._faults)),  # noqa: SLF001 - likewise
        mock.patch.object(authority_reader, "text", SimpleNamespace(**once | {"codes": _codes(text.codes)})),
        mock.patch.object(Authorities, "from_copy", _copied(Authorities.from_copy)),
        mock.patch.object(Authorities, "as_copy", _written(Authorities.as_copy)),
        mock.patch.object(Authorities, "for_readers_of", _told(Authorities.for_readers_of)),
        mock.patch.object(Authorities, "labels", _labelled(Authorities.labels)),
        mock.patch.object(index_state, "hash_of", _hashed(index_state.hash_of)),
    ):
        yield


@lru_cache(maxsize=4096)
def _parsed(line: bytes | str) -> object:
    return json.loads(line)


def _is_usual(file: Path) -> bool:
    """Return whether a file can be read as any other, and is none of those that are refused for their size."""
    return file.is_file() and os.access(file, os.R_OK) and file.stat().st_size <= authorities.MOST_BYTES


def _read(really: Callable[[Path], object]) -> Callable[[Path], object]:
    """Read the same files once: those that are shipped, or the same bytes under the same names, whichever collection has them."""
    once: dict[tuple[tuple[str, bytes], ...], object] = {}

    def read_authorities(root: Path) -> object:
        folder = root / authorities.AUTHORITIES
        if not os.path.lexists(folder):
            files: tuple[tuple[str, bytes], ...] = ()
        elif os.access(folder, os.R_OK) and all(map(_is_usual, folder.iterdir())):
            files = tuple((each.name, each.read_bytes()) for each in sorted(folder.iterdir()))
        else:
            return really(root)
        if files not in once:
            if len(once) == _MOST_FOLDERS:
                once.clear()
            once[files] = really(root)
        return once[files]

    return read_authorities


def _record(really: Callable[[bytes, str, Authorities], Any]) -> Callable[[bytes, str, Authorities], Any]:
    def with_header(content: bytes, path: str, by: Authorities) -> Any:
        once = by.__dict__.setdefault("records_once", {})
        which = content, path, messages.current_language()
        if which not in once:
            if len(once) == _MOST_RECORDS:
                once.clear()
            once[which] = really(content, path, by)
        return once[which]

    return with_header


def _node(really: Callable[..., Any]) -> Callable[..., Any]:
    @lru_cache(maxsize=_MOST_FILES)
    def parsed(written: bytes, shown: str, _: str) -> tuple[Any, tuple[Any, ...]]:
        faults: list[Any] = []
        return really(written, shown, faults), tuple(faults)

    def node(written: bytes, shown: str, faults: list[Any]) -> Any:
        found, told = parsed(written, shown, messages.current_language())
        faults += told
        return found

    return node


def _faults(really: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
    held: dict[int, tuple[Any, dict[tuple[str, str, str], list[Any]]]] = {}
    # Of each file that was parsed, by its identity: the file, so that no other takes its place, and its faults.

    def faults(name: str, node: Any, shown: str) -> list[Any]:
        if len(held) == _MOST_FILES and id(node) not in held:
            held.clear()
        kept = held.setdefault(id(node), (node, {}))[1]
        how = name, shown, messages.current_language()
        if how not in kept:
            kept[how] = really(name, node, shown)
        return list(kept[how])

    return faults


def _codes(really: Callable[..., set[str]]) -> Callable[..., frozenset[str]]:
    once = lru_cache(maxsize=8192)(lambda words, **how: frozenset(really(words, **how)))
    same = lru_cache(maxsize=16)(lambda known: known)
    last: list[Any] = [None, None]

    def codes(words: str, *, meant: object = None, **how: bool) -> frozenset[str]:
        if meant is None:
            return once(words, **how)
        if meant is not last[0]:  # equal ones are compared here alone, and not with each text again
            last[:] = meant, same(meant)
        return once(words, meant=last[1], **how)

    return codes


def _copied(really: Callable[[bytes], Authorities]) -> Callable[[bytes], Authorities]:
    """Keep the last copies by their first line, a checksum; each is compared as a whole, which takes less than to hash it."""
    held: dict[bytes, tuple[bytes, Authorities]] = {}

    def from_copy(content: bytes) -> Authorities:
        first = content[:9]
        if first not in held or held[first][0] != content:
            if len(held) == _MOST_COPIES:
                held.clear()
            held[first] = content, really(content)
        return held[first][1]

    return from_copy


def _words(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, Mapping):
        for each in data.items():
            yield from _words(each)
    elif isinstance(data, Sequence):
        for each in data:
            yield from _words(each)


def _told(really: Callable[[Authorities, Iterable[str]], Authorities]) -> Callable[[Authorities, Iterable[str]], Authorities]:
    """Tell the same to readers of whom the same codes are known among those that the authorities name, and the same letters."""

    def for_readers_of(self: Authorities, codes: Iterable[str]) -> Authorities:
        told = self.__dict__.setdefault("told_once", {})
        if "named_once" not in self.__dict__:
            every = (word for part in authorities.PARTS for word in _words(self.data(part)))
            self.__dict__["named_once"] = frozenset().union(*map(text.codes, every))
        known = frozenset(codes)
        to_whom = text.without_codes, known & self.__dict__["named_once"], frozenset(code.partition("-")[0] for code in known)
        if to_whom not in told:
            if len(told) == _MOST_READERS:
                told.clear()
            told[to_whom] = really(self, known)
        return told[to_whom]

    return for_readers_of


def _labelled(really: Callable[..., Mapping[str, Any]]) -> Callable[..., Mapping[str, Any]]:
    def labels(self: Authorities, make: object) -> Mapping[str, Any]:
        made = self.__dict__.setdefault("labelled_once", {})
        if make not in made:
            made[make] = really(self, make)
        found: Mapping[str, Any] = made[make]
        return found

    return labels


def _hashed(really: Callable[..., str]) -> Callable[..., str]:
    once = lru_cache(maxsize=64)(really)
    return lambda read, *where: (once if where and isinstance(where[0], Path) and is_shipped(where[0]) else really)(read, *where)


def _written(really: Callable[..., bytes]) -> Callable[..., bytes]:
    def as_copy(self: Authorities, labels: Mapping[str, Any] | None = None) -> bytes:
        kept: list[tuple[object, bytes]] = self.__dict__.setdefault("written_once", [])
        for of, content in kept:
            if of is labels:
                return content
        kept[:] = [*kept[-1:], (labels, really(self, labels))]
        return kept[-1][1]

    return as_copy
