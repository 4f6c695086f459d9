"""The folder of records as the operating system shows it: names, sizes, bytes, nothing believed.

Files are opened without following links and without waiting on a FIFO; what
is no regular file, or not named like a record, is a fault and is never read.
"""

import os
import re
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

from archive import glance, safekeeping
from archive.errors import Fault, NoCollection
from archive.glance import Glance, Listed, Look

FOLDER: Final = "testimonies"
SEALED: Final = ".md.age"
"""How the name of a sealed record ends: ``NKT-0007.md.age``, without a slug."""
_NAME = re.compile(r"([A-Z]{2,5}-[0-9]{4,6})-[\w.-]+\.md")
_SEALED = re.compile(r"([A-Z]{2,5}-[0-9]{4,6})\.md\.age")
_MOST_BYTES: Final = 10_000_000
_TIMES_TO_READ: Final = 5
_MANY: Final = 100  # files that a reader's command may hash, in some milliseconds
TICK: Final = 0.02
"""Seconds that are longer than the finest step of a file's times on the usual disks."""
COARSE: Final = 2.0
"""Seconds that are no shorter than the step of any disk's clock; FAT counts in twos."""
_SECOND: Final = 1_000_000_000
_OPEN: Final = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class Fingerprint(NamedTuple):
    """What tells cheaply whether a file may have changed; on a difference the hash decides."""

    size: int
    modified: int
    inode: int
    changed: int
    """The time of the last change of content, name or rights, which no program can set back."""

    @classmethod
    def of(cls, looked: os.stat_result) -> "Fingerprint":
        """Take what the system says of a file."""
        return cls(looked.st_size, looked.st_mtime_ns, looked.st_ino, looked.st_ctime_ns)

    @classmethod
    def seen(cls, look: Look) -> "Fingerprint":
        """Take what a look has seen of a file."""
        return cls(*look[:4])

    def may_hide(self, moment: int, seconds: float = COARSE) -> bool:
        """Ask whether the file could have been saved again after a look without its times showing it.

        So it is where they are not older than the look, by more than one step of
        the clock: what is saved within one step has one time. A time that is yet
        to come tells nothing, since the clock was wrong then, or is now.

        :param moment: of the look or before it, in nanoseconds, by the clock of the disk.
        """
        return max(self.modified, self.changed) > moment - int(seconds * _SECOND)

    def is_coarse(self) -> bool:
        """Ask whether the clock that gave the times may know whole seconds alone, as that of a FAT disk does.

        A program can set the time of modification to a whole second; the time of
        change is the system's own. (On Windows that is the time of making.)
        """
        return self.modified % _SECOND == 0 and (os.name == "nt" or self.changed % _SECOND == 0)


class Survey(NamedTuple):
    """What lies in the folder: the files named like records, by path, the faults of the rest, and what is neither.

    ``leftovers`` are of cut-off writes. A sealed file is in none of the counts
    that a reader sees. ``codes`` are all that are taken, whatever became of
    their files. ``moment`` is before the walk, by the clock that was asked;
    ``digest`` that of the look, without leftovers (`archive.glance`).
    """

    files: dict[str, Fingerprint]
    faults: tuple[Fault, ...]
    leftovers: tuple[str, ...] = ()
    sealed: Mapping[str, Fingerprint] = MappingProxyType({})
    codes: frozenset[str] = frozenset()
    moment: int = 0
    digest: str = ""

    def unreadable_files(self) -> int:
        """Count the files that nobody can read for their name, kind, or a code taken twice.

        What is sealed, also a plain file beside a sealed one, is not counted.
        """
        return len({fault.path for fault in self.faults if code_of(fault.path) not in self._sealed_codes()})

    def _sealed_codes(self) -> frozenset[str]:
        named = (code_of(path) for path in (*self.sealed, *(fault.path for fault in self.faults)) if path.endswith(SEALED))
        return frozenset(code for code in named if code)


def find_root(named: str | None, start: Path) -> Path:
    """Find the collection's root: the one named, else the nearest parent with ``testimonies/``.

    :raises NoCollection: there is none.
    """
    if named:
        root = Path(named)
        if (root / FOLDER).is_dir():
            return root
        message = f"there is no folder {FOLDER!r} in {named}"
        raise NoCollection(message, "Make it, or name another folder with --root or TESTIMONY_ROOT.")
    for folder in (start, *start.parents):
        if (folder / FOLDER).is_dir():
            return folder
    message = f"there is no folder {FOLDER!r} here or in any folder above"
    raise NoCollection(message, "Go to your collection, or name it with --root or TESTIMONY_ROOT.")


def survey(root: Path) -> Survey:
    """Walk the folder once. Paths are relative to the root, with ``/``, in order."""
    return surveyed(glance.at(root / FOLDER, FOLDER))


def surveyed(seen: Glance) -> Survey:
    """Say what a look at the folder has shown, without looking again."""
    files: dict[str, Fingerprint] = {}
    sealed_files: dict[str, Fingerprint] = {}
    faults: list[Fault] = []
    leftovers: list[str] = []
    codes: set[str] = set()
    by_place: dict[tuple[str, int], str] = {}
    taken: dict[tuple[str, int], list[str]] = {}
    for path, name, look in _in_order(seen, faults):
        sealed = _SEALED.fullmatch(name) if name.endswith(SEALED) else None
        named = sealed or _NAME.fullmatch(name)
        if not named:
            if safekeeping.is_leftover(name):
                leftovers.append(path)
                continue
            faults.append(Fault(path, 1, "file", "is not named CODE-slug.md, as in NKT-0001-a-name.md"))
            continue
        codes.add(named[1])
        if isinstance(look, OSError):
            faults.append(Fault(path, 1, "file", f"cannot be looked at: {look.strerror}"))
            continue
        if not stat.S_ISREG(look[4]):
            faults.append(Fault(path, 1, "file", "is no regular file; links and special files are not read"))
            continue
        (sealed_files if sealed else files)[path] = Fingerprint.seen(look)
        first = by_place.setdefault(archive_place(named[1]), path)
        if first is not path:
            taken.setdefault(archive_place(named[1]), [first]).append(path)
    for paths in taken.values():
        for path in paths:
            (files if path in files else sealed_files).pop(path)
            others = ", ".join(other for other in paths if other != path)
            # NKT-0001 and NKT-00001 are one number to whoever reads or sorts them.
            faults.append(Fault(path, 1, "code", f"{code_of(path)} is also the code of {others}; neither is read"))
    codes.update(code for fault in faults if (code := code_of(fault.path)))
    digest = seen.without(leftovers).digest()
    return Survey(files, tuple(faults), tuple(leftovers), sealed_files, frozenset(codes), digest=digest)


def settled(root: Path, clock: Callable[[], int] = time.time_ns) -> Survey:
    """Walk the folder; where a file was saved just now, wait a moment and walk again.

    Two edits within one step of the disk's clock would leave the same times; a
    look that is later than that step sees every edit that comes after it. On a
    disk with a coarse clock that would be a long wait for one file: such a file
    is hashed again later (`Fingerprint.may_hide`), and waited for only where
    many were saved, so that they are not hashed at every opening.

    :param clock: gives nanoseconds, by the clock of the disk.
    """
    moment = clock()
    found = survey(root)
    young = [seen for seen in found.files.values() if -_SECOND < moment - max(seen.modified, seen.changed) < COARSE * _SECOND]
    coarse = sum(each.is_coarse() for each in young) > _MANY
    if coarse or any(each.may_hide(moment, TICK) for each in young):
        time.sleep(COARSE if coarse else TICK)
        moment = clock()
        found = survey(root)
    return found._replace(moment=moment)


def archive_place(code: str) -> tuple[str, int]:
    """Give the key by which codes sort, and which no two may share: prefix, then number as a number."""
    prefix, _, number = code.partition("-")
    return prefix, int(number)


@cache
def code_of(path: str) -> str:
    """Give the code that a file's name carries."""
    name = path.rpartition("/")[2]
    named = _SEALED.fullmatch(name) or _NAME.fullmatch(name)
    return named[1] if named else ""


def _in_order(seen: Glance, faults: list[Fault]) -> Iterator[tuple[str, str, Look | OSError]]:
    """Give path, name and look of everything that is no folder, folder by folder, in the order of the names."""
    listed = {each.shown: each for each in seen.folders}

    # Folder in folder as deep as the system allows, which is deeper than Python calls go.
    waiting = [(listed[FOLDER], _names_of(listed[FOLDER], faults))]
    while waiting:
        folder, names = waiting[-1]
        for name, look in names:
            path = f"{folder.shown}/{name}"
            if path in listed:
                waiting.append((listed[path], _names_of(listed[path], faults)))
                break
            yield path, name, folder.faults.get(name, look)
        else:
            waiting.pop()


def _names_of(folder: Listed, faults: list[Fault]) -> Iterator[tuple[str, Look]]:
    """Give the names in a folder in their order; one that cannot be listed is a fault."""
    if "" in folder.faults:
        faults.append(Fault(folder.shown, 1, "folder", f"cannot be listed: {folder.faults[''].strerror}"))
    return iter(sorted(zip(folder.names, folder.looks, strict=True)))


def read_bytes(root: Path, path: str) -> bytes:
    """Read a file that `survey` named, at most 10 MB and one byte of it.

    :raises OSError: it is gone, a link by now, no regular file, not ours to read,
        or it goes on changing while it is read.
    """
    for _ in range(_TIMES_TO_READ):
        descriptor = os.open(root / path, _OPEN)
        with os.fdopen(descriptor, "rb") as file:
            before = os.fstat(descriptor)
            if not stat.S_ISREG(before.st_mode):
                message = "is no regular file"
                raise OSError(0, message)
            content = file.read(_MOST_BYTES + 1)
            after = os.fstat(descriptor)
        whole = len(content) == min(after.st_size, _MOST_BYTES + 1)
        if whole and Fingerprint.of(before) == Fingerprint.of(after):
            return content
        time.sleep(TICK)
    message = "is being changed while it is read"
    raise OSError(0, message)
