"""What was last seen of each file: the state that tells an index fresh from stale.

Kept in ``index/state/``, never beside the public index, since it names every
file, also those that a reader may not know of. It is written as a head, which
is all that a search reads of it, and what was seen of each file.
"""

import contextlib
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, partial
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from archive import __version__
from archive.authority.authorities import MOST_BYTES, authority_files
from archive.language.messages import tr
from archive.named_tuple import NamedTuple
from archive.storage import atomic
from archive.storage.manifest import FileRecord
from archive.storage.record_files import COARSE, TICK, Fingerprint, code_of, language_of

FORMAT: Final = 37
"""Raised when what an index stores, or how text is analysed, changes: older indexes are then rebuilt."""


NEVER_READ, ABOVE = "?", "-"
"""What stands in the place of a record as it was last read: of one that nobody could ever read, with the codes that its
header names; and of one that this reader could not."""


def is_known(last: str) -> bool:
    """Return whether a record could be read once by this reader."""
    return last[:1] not in {NEVER_READ, ABOVE}


class FileState(NamedTuple):
    """One file: its fingerprint and hash, whether it went into the index, and the codes that it names.

    ``hidden``: it has faults, but says that this clearance may not read it, and
    so is not counted; ``withdrawn``: after it had been public, which is told;
    ``taken_back``: it has faults, and says that consent was withdrawn;
    ``redacted``: it withholds words of its body from some reader.
    """

    fingerprint: Fingerprint
    sha256: str
    readable: bool
    faulty: bool
    points: tuple[str, ...]
    hidden: bool = False
    withdrawn: bool = False
    taken_back: bool = False
    redacted: bool = False


class _State(NamedTuple):
    """The fields of a `State`."""

    made_by: str
    generation: str
    authorities: Mapping[str, FileRecord]
    file_states: Mapping[str, FileState]
    refused: int
    moment: int
    files: Mapping[str, FileRecord] = MappingProxyType({})
    digest: str = ""
    last: Mapping[str, str] = MappingProxyType({})


class State(_State):
    """All files at the time of the last update, the authorities, and the index's generation and files.

    ``moment`` is before anything was looked at, in nanoseconds by the clock of
    the disk: what has been saved since has a later time. ``digest`` is of all
    that was seen of the folder then, "" where not all of it could be looked at.
    ``last`` are the records that this reader could read once and whose files
    nobody can read at present, by their codes, as they were last read; "" where
    no more is told than that (`archive.collection.last_read`).
    """

    @cached_property
    def readable(self) -> int:
        """The number of records that went into the index."""
        return sum(self.file_states[path].readable for path in self._records)

    @property
    def unreadable(self) -> int:
        """Count the files that nobody could read, but for versions in other languages, whose records were read."""
        return self.refused + len(self._faulty.intersection(self._records) if self._faulty else ())

    @property
    def unreadable_versions(self) -> tuple[str, ...]:
        """Return the paths of the versions in other languages that nobody could read."""
        return tuple(sorted(self._faulty.difference(self._records))) if self._faulty else ()

    @cached_property
    def _records(self) -> list[str]:
        """The paths of records: also of one that is named like a version, and has no other file of its code beside it."""
        # The names of nearly all records have one dot, and those of versions have more.
        versions = {path for path in self.file_states if path.count(".") > 1 and language_of(path)}
        own = {code_of(path) for path in self.file_states if path not in versions} if versions else set()
        return [path for path in self.file_states if path not in versions or code_of(path) not in own]

    @cached_property
    def _faulty(self) -> set[str]:
        """The paths of the files that nobody could read."""
        return {path for path, file_state in self.file_states.items() if file_state.faulty and not file_state.hidden}

    def head(self) -> "Head":
        """Return what a search needs to know of it."""
        file_states = self.file_states
        readable = sorted((path, file_state.sha256) for path, file_state in file_states.items() if file_state.readable)
        decides = (self.made_by, *(f"{name} {file_state.sha256}" for name, file_state in sorted(self.authorities.items())))
        last = (f"{code} {written}" for code, written in sorted(self.last.items()))
        return Head(
            made_by=self.made_by,
            generation=self.generation,
            authorities=self.authorities,
            files=self.files,
            digest=self.digest,
            doubted={name: file_states[name].sha256 for name in unsettled_paths(file_states, self.moment, coarse=True)},
            authorities_in_doubt=tuple(unsettled_paths(self.authorities, self.moment, coarse=True)),
            readable=self.readable,
            unreadable=self.unreadable,
            withdrawn=tuple(code_of(path) for path, file_state in file_states.items() if file_state.withdrawn),
            answers=_sha256("\0".join(chain(decides, last, *readable)).encode("utf-8", "surrogatepass")),
            unread=tuple(sorted(code for code, written in self.last.items() if is_known(written))),
            unreadable_versions=self.unreadable_versions,
            moment=self.moment,
        )


class Head(NamedTuple):
    """What a search needs to know of a state.

    ``doubted`` are the files that could have been saved again without their
    times showing it, with the hashes that they had, and ``authorities_in_doubt``
    the same of the authorities. ``readable`` counts the records that went into
    the index, ``unreadable`` the files that nobody could read, and apart from
    them ``unreadable_versions`` are those of versions in other languages; ``withdrawn``
    are the codes of records that were withdrawn after they had been public.
    ``answers`` is the same for two states that answer alike: nothing is in it
    of what this reader may not see. ``unread`` are the codes of records that
    could be read once, and cannot at present. ``moment`` is that of the state.
    """

    made_by: str
    generation: str
    authorities: Mapping[str, FileRecord]
    files: Mapping[str, FileRecord]
    digest: str
    doubted: Mapping[str, str]
    authorities_in_doubt: tuple[str, ...]
    readable: int
    unreadable: int
    withdrawn: tuple[str, ...]
    answers: str
    unread: tuple[str, ...] = ()
    unreadable_versions: tuple[str, ...] = ()
    moment: int = 0


NOTHING: Final = State(made_by="", generation="", authorities={}, file_states={}, refused=0, moment=0)
_TUPLES: Final = ("withdrawn", "authorities_in_doubt", "unread", "unreadable_versions")
_MOST_OF_A_HEAD: Final = 65_536  # bytes; a longer one is read too, with all that comes after it
# What `_make` does of each, without a call in Python for each of all files.
_fingerprint: Callable[[Iterable[int]], Fingerprint] = partial(tuple.__new__, Fingerprint)
_file_state: Callable[[Iterable[Any]], FileState] = partial(tuple.__new__, FileState)
_UNREADABLE: Final = (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError)


def maker() -> str:
    """Return what an index must have been made by to be used: the format and the program's version."""
    return f"{FORMAT}/{__version__}"


def _of_authority(file: Path) -> bytes:
    return atomic.read_linked(file, MOST_BYTES + 1)


def authorities(root: Path) -> dict[str, FileRecord]:
    """Return the fingerprint and the hash of each authority file that is in force; they are few, and always hashed."""
    file_records = {}
    for whose, (file, fingerprint) in authority_looks(root).items():
        file_records[whose] = FileRecord(fingerprint, hash_of(_of_authority, file))
    return file_records


def authority_looks(root: Path) -> dict[str, tuple[Path, Fingerprint]]:
    """Return where each authority file is, and its fingerprint, named whichever way the root was named."""
    looks = {}
    for name, file in authority_files(root).items():
        with contextlib.suppress(OSError):
            whose = "own" if file.parent.parent == root else "shipped"
            looks[f"{whose}/{name}"] = file, Fingerprint.of(file.stat())
    return looks


def load(path: Path) -> State:
    """Read the state; anything but a whole state of this version is nothing, so that all is indexed anew."""
    try:
        data, _, rest = _read(path)
        if _sha256(rest) != data["rest"]:
            return NOTHING
        head, known = _head(data), json.loads(rest)
        return State(
            made_by=head.made_by,
            generation=head.generation,
            authorities=head.authorities,
            file_states=_from_columns(known["seen"]) if "seen" in known else _from_rows(known["holdings"]),
            refused=int(data["refused"]),
            moment=int(data["moment"]),
            files=head.files,
            digest=head.digest,
            last=known["last"],
        )
    except _UNREADABLE:
        return NOTHING


def load_head(path: Path) -> Head | None:
    """Read the head of the state, and of the rest no more than its size; None where it is not as it was written."""
    try:
        data, above, _ = _read(path, _MOST_OF_A_HEAD)
        return _head(data) if path.stat().st_size == above + data["size"] else None
    except _UNREADABLE:
        return None


def _read(path: Path, most: int = -1) -> tuple[Any, int, bytes]:
    """Read the head; give where it ends, and what comes after it.

    :raises ValueError: it is not as it was written.
    """
    read = atomic.read_regular(path, most)
    sha256, _, written = read.partition(b"\n")
    line, ended, rest = written.partition(b"\n")
    if not ended and most >= 0:
        return _read(path)
    if _sha256(line).encode() != sha256:
        message = tr("the head of the state is not what was written")
        raise ValueError(message)
    return json.loads(line), len(read) - len(rest), rest


def _head(data: Mapping[str, Any]) -> Head:
    parts = {name: data[name] for name in Head._fields}
    parts.update(authorities=_file_records(data["authorities"]), files=_file_records(data["files"]))
    return Head(**{**parts, **{name: tuple(data[name]) for name in _TUPLES}})


def _file_records(written: Mapping[str, Any]) -> dict[str, FileRecord]:
    return {name: FileRecord(Fingerprint(*fingerprint), sha256) for name, (fingerprint, sha256) in written.items()}


def save(path: Path, state: State) -> None:
    """Write the state beside the old one and put it in its place: the hash of its head, its head, and the rest.

    :raises OSError: it cannot be written.
    """
    rest = _json({"seen": _columns(state.file_states), "last": dict(state.last)})
    known = {"refused": state.refused, "rest": _sha256(rest), "size": len(rest)}
    head = _json({**state.head()._asdict(), **known})
    atomic.put(path, b"\n".join((_sha256(head).encode(), head, rest)), mode=0o600)


def _columns(file_states: Mapping[str, FileState]) -> dict[str, Any]:
    """Return what was seen of files as a column for each thing, which is written and read in a third of the time of rows."""
    columns: Any = [*zip(*file_states.values(), strict=True)] or [()] * len(FileState._fields)
    fingerprints, hashes, readable, faulty, points, *marks = columns
    return {
        "paths": [*file_states],
        "fingerprints": [*zip(*fingerprints, strict=True)],
        "sha256": hashes,
        "points": points,
        "marks": ["".join(map("01".__getitem__, mark)) for mark in (readable, faulty, *marks)],
    }


def _from_columns(columns: Mapping[str, Any]) -> dict[str, FileState]:
    fingerprints = map(_fingerprint, zip(*columns["fingerprints"], strict=True))
    readable, faulty, *marks = [map("1".__eq__, mark) for mark in columns["marks"]]
    rows = zip(fingerprints, columns["sha256"], readable, faulty, map(tuple, columns["points"]), *marks, strict=True)
    return dict(zip(columns["paths"], map(_file_state, rows), strict=True))


def _from_rows(rows: Mapping[str, Any]) -> dict[str, FileState]:
    """Read a state of earlier versions: how records were last read that nobody can read at present is found in no other."""
    return {
        name: FileState(Fingerprint._make(fingerprint), sha256, readable, faulty, tuple(points), *marks)
        for name, (fingerprint, sha256, readable, faulty, points, *marks) in rows.items()
    }


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def unsettled_paths(
    looked_at: Mapping[str, FileState] | Mapping[str, FileRecord], moment: int, *, coarse: bool = False
) -> Iterator[str]:
    """Name the files that could have been saved again after a look without their times showing it.

    :param moment: of the look, or before it.
    :param coarse: take the step of a clock for two seconds only where the times are such as a coarse one gives.
    """
    since = moment - int(COARSE * 1_000_000_000)
    for name, file_record in looked_at.items():
        seen = file_record.fingerprint
        # The first two say for nearly all, and at once: this is asked at every opening.
        if (seen.changed > since or seen.modified > since) and (not coarse or seen.is_coarse() or seen.may_hide(moment, TICK)):
            yield name


def hash_of(read: Callable[..., bytes], *where: Path | str) -> str:
    """Return the hash of what is read; "" where it cannot be."""
    try:
        return _sha256(read(*where))
    except OSError:
        return ""


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
