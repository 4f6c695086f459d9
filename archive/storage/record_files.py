"""The folder of records as the operating system shows it: names, sizes, bytes, nothing believed.

Files are opened without following links and without waiting on a FIFO; what
is no regular file, or not named like a record, is a fault and is never read.
"""

import os
import stat
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from operator import itemgetter
from pathlib import Path
from types import MappingProxyType
from typing import Final

from archive import system
from archive.errors import CannotWrite, Fault, NoCollection
from archive.language.messages import mark, tr
from archive.named_tuple import NamedTuple
from archive.storage import _filenames as filenames
from archive.storage import _scan as scan
from archive.storage import atomic
from archive.storage._scan import DirectoryScan, FolderListing, StatTuple

FOLDER: Final = "testimonies"
SEALED: Final = filenames.SEALED
code_of: Final = filenames.code_of
language_of: Final = filenames.language_of
tag_of: Final = filenames.tag_of
name_of_version: Final = filenames.name_of_version
code_away: Final = filenames.code_away
is_walked: Final = filenames.is_walked
_MOST_BYTES: Final = 10_000_000
_TIMES_TO_READ: Final = 5
_MANY: Final = 100  # files that a reader's command may hash, in some milliseconds
TICK: Final = 0.02
"""Seconds that are longer than the finest step of a file's times on the usual disks."""
COARSE: Final = 2.0
"""Seconds that are no shorter than the step of any disk's clock; FAT counts in twos."""
SLACK: Final = 0.01
"""Seconds that a wait takes longer: the clock of a disk goes by steps, of which some may be a little shorter than they say."""
_SECOND: Final = 1_000_000_000


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
    def of_stat(cls, look: StatTuple) -> "Fingerprint":
        """Take what a look has seen of a file."""
        return tuple.__new__(cls, look[:4])  # as `_make` does: this is asked of each file at every update

    def may_hide(self, moment: int, seconds: float = COARSE) -> bool:
        """Return whether the file could have been saved again after a look without its times showing it.

        So it is where they are not older than the look, by more than one step of
        the clock: what is saved within one step has one time. A time that is yet
        to come tells nothing, since the clock was wrong then, or is now.

        :param moment: of the look or before it, in nanoseconds, by the clock of the disk.
        """
        return max(self.modified, self.changed) > moment - int(seconds * _SECOND)

    def is_coarse(self) -> bool:
        """Return whether the clock that gave the times may know whole seconds alone, as that of a FAT disk does.

        A program can set the time of modification to a whole second; the time of
        change is the system's own. (On Windows that is the time of making.)
        """
        return self.modified % _SECOND == 0 and (not system.tells_change() or self.changed % _SECOND == 0)


class _Survey(NamedTuple):
    """The fields of a `Survey`."""

    files: dict[str, Fingerprint]
    faults: tuple[Fault, ...]
    leftovers: tuple[str, ...] = ()
    sealed: Mapping[str, Fingerprint] = MappingProxyType({})
    codes: frozenset[str] = frozenset()
    moment: int = 0
    digest: str = ""
    strays: tuple[str, ...] = ()
    doubtful: Mapping[str, Fingerprint] = MappingProxyType({})
    copies: Mapping[str, str] = MappingProxyType({})
    versions: Mapping[str, Fingerprint] = MappingProxyType({})


class Survey(_Survey):
    """What lies in the folder: the files named like records, by path, the faults of the rest, and what is neither.

    ``leftovers`` are of cut-off writes, ``strays`` of editors and systems. A
    sealed file is in none of the counts that a reader sees. ``codes`` are all
    that are taken, whatever became of their files. ``doubtful`` are files that
    nobody reads for their name or a code taken twice: they are faults, and are
    counted unless they say plainly that a reader may not see them. ``copies``
    hold the same bytes as the file that is read for them, by their paths.
    ``versions`` are the files of records in other languages, plain or sealed as
    their records are; who may read a record may read them, and nobody else.
    ``moment`` is before the walk, by the clock that was asked; ``digest`` that
    of the look, without leftovers (`archive.storage._scan`).
    """

    def fingerprints(self) -> dict[str, Fingerprint]:
        """Return the files that an index tells of: those that are read, and those of which it says that nobody can."""
        open_ones = {path: seen for path, seen in self.versions.items() if not filenames.is_sealed(path.rpartition("/")[2])}
        return {**self.files, **self.doubtful, **open_ones}

    def files_of(self, code: str) -> tuple[str, ...]:
        """Return the paths of all files of a record: its own, then its versions in other languages; () where it is not read.

        What is done with a record's file is done with all of these.
        """
        own = self._own_by_code.get(code, ())
        return (*own, *self.versions_of(code)) if own else ()

    def versions_of(self, code: str) -> tuple[str, ...]:
        """Return the paths of a record's versions in other languages, in the order of their names."""
        return self._versions_by_code.get(code, ())

    # Asked for each record in turn, so that neither may look through all of them each time.
    @cached_property
    def _versions_by_code(self) -> Mapping[str, tuple[str, ...]]:
        return _by_code(sorted(self.versions))

    @cached_property
    def _own_by_code(self) -> Mapping[str, tuple[str, ...]]:
        return _by_code((*self.files, *self.sealed))

    def unreadable_files(self) -> int:
        """Count the files that nobody can read, besides those in doubt.

        What is sealed, also a plain file beside a sealed one, is not counted,
        nor is a version in another language: who may know of it, its record says.
        """
        paths = {fault.path for fault in self.faults}.difference(self.doubtful)
        return sum(code_of(path) not in self.sealed_codes for path in paths if not language_of(path))

    @cached_property
    def sealed_codes(self) -> frozenset[str]:
        """The codes of which a file lies sealed, however many others there are."""
        named = (code_of(path) for path in (*self.sealed, *(fault.path for fault in self.faults)) if path.endswith(SEALED))
        return frozenset(code for code in named if code)

    def refuse_copied(self, path: str) -> None:
        """Refuse to write a record of which a copy lies here: once they differ, neither would be read.

        :raises CannotWrite: there is one.
        """
        copies = sorted(copy for copy, first in self.copies.items() if first == path)
        if copies:
            message = tr("{path} has a copy, {copies}", path=path, copies=", ".join(copies))
            raise CannotWrite(message, tr("Take it out of {folder} first: when the two differ, neither is read.", folder=FOLDER))


def _by_code(paths: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    paths_of_code: dict[str, tuple[str, ...]] = {}
    for path in paths:
        paths_of_code[code_of(path)] = (*paths_of_code.get(code_of(path), ()), path)
    return paths_of_code


def find_root(named: str | None, here: Callable[[], Path]) -> Path:
    """Find the collection's root: the one named, else the nearest parent with ``testimonies/``.

    :raises NoCollection: there is none.
    """
    if named:
        root = Path(named)
        if (root / FOLDER).is_dir():
            return root
        message = tr("there is no folder {folder!r} in {named}", folder=FOLDER, named=named)
        raise NoCollection(
            message, tr("Name another folder with --root or TESTIMONY_ROOT, or begin a collection: testimony init DIR")
        )
    start = here()
    for folder in (start, *start.parents):
        if (folder / FOLDER).is_dir():
            return folder
    message = tr("there is no collection here: no folder {folder!r}, also not in any folder above", folder=FOLDER)
    remedy = tr(
        "Go to your collection, or name it with --root or TESTIMONY_ROOT. The archive that comes with the program: "
        "`testimony --shipped search WORDS`. One of your own: `testimony init DIR`"
    )
    raise NoCollection(message, remedy)


def survey(root: Path) -> Survey:
    """Walk the folder once. Paths are relative to the root, with ``/``, in order."""
    return to_survey(scan.at(root / FOLDER, FOLDER), root)


def to_survey(seen: DirectoryScan, root: Path) -> Survey:
    """Describe what a look at the folder has shown, without looking again.

    Of files of one code, whether their bytes are the same.
    """
    sorting = _Sorting(root)
    for path, name, look in _in_order(seen, sorting.faults):
        sorting.sort(path, name, look)
    sorting.settle()
    digest = seen.without(sorting.leftovers).digest()
    return Survey(
        sorting.files,
        tuple(sorting.faults),
        tuple(sorting.leftovers),
        sorting.sealed,
        frozenset(sorting.codes),
        digest=digest,
        strays=tuple(sorting.strays),
        doubtful=sorting.doubtful,
        copies=sorting.copies,
        versions=sorting.versions,
    )


class _Sorting:
    """Sorts what lies in the folder by its name and kind."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files: dict[str, Fingerprint] = {}
        self.sealed: dict[str, Fingerprint] = {}
        self.faults: list[Fault] = []
        self.leftovers: list[str] = []
        self.strays: list[str] = []
        self.codes: set[str] = set()
        self.doubtful: dict[str, Fingerprint] = {}
        self.copies: dict[str, str] = {}
        self.versions: dict[str, Fingerprint] = {}
        self._by_place: dict[tuple[str, int], str] = {}
        self._taken: dict[tuple[str, int], list[str]] = {}
        self._oddly: dict[str, Fingerprint] = {}

    def sort(self, path: str, name: str, look: StatTuple | OSError) -> None:
        """Take a file in."""
        code = code_of(path)
        if not code:
            self._without_code(path, name, look)
            return
        self.codes.add(code)
        if isinstance(look, OSError):
            self.faults.append(Fault(path, 1, "file", tr("cannot be looked at: {reason}", reason=look.strerror)))
            return
        if not stat.S_ISREG(look[4]):
            self.faults.append(Fault(path, 1, "file", tr("is no regular file; links and special files are not read")))
            return
        seen = Fingerprint.of_stat(look)
        is_plain = name.count(".") == 1  # as nearly all are: neither sealed nor a version
        if not is_plain and language_of(path):
            self.versions[path] = seen
            return
        (self.files if is_plain or not filenames.is_sealed(name) else self.sealed)[path] = seen
        where = archive_place(code)
        first = self._by_place.setdefault(where, path)
        if first is not path:
            self._taken.setdefault(where, [first]).append(path)

    def _without_code(self, path: str, name: str, look: StatTuple | OSError) -> None:
        """Take in what is not named like a record."""
        if atomic.is_leftover(name):
            self.leftovers.append(path)
        elif filenames.is_of_an_editor(name):
            self.strays.append(path)
        elif filenames.is_away(name):
            self.codes.update(filter(None, (filenames.code_away(name),)))
            self.faults.append(
                Fault(path, 1, "file", tr("has not been downloaded from iCloud; open it once, so that it lies here"))
            )
        elif not isinstance(look, OSError) and stat.S_ISREG(look[4]):
            self._oddly[path] = Fingerprint.of_stat(look)
        else:
            self.faults.append(Fault(path, 1, "file", tr(_NAMED)))

    def settle(self) -> None:
        """Say what becomes of files of one code, and of those with names of their own."""
        for paths in self._taken.values():
            self._twins(paths)
        self._settle_versions()
        for path, seen in self._oddly.items():
            code = filenames.code_of_copy(path.rpartition("/")[2])
            first = self._by_place.get(archive_place(code), "") if code else ""
            read = {**({first: self.files[first]} if first in self.files else {}), **self._versions_of(code)}
            same = next((other for other, known in read.items() if self._are_the_same({other: known, path: seen})), None)
            if same:
                self.copies[path] = same
                continue
            self.doubtful[path] = seen
            maker = filenames.maker_of_copy(path) if first else ""
            self.faults.append(Fault(path, 1, "file", f"{tr(_NAMED)}{_describe_copies(maker, first)}" if maker else tr(_NAMED)))

    def _settle_versions(self) -> None:
        """Leave each version to its record where that is read, and is sealed as it is."""
        alone: dict[str, list[str]] = {}
        refused = {fault.path for fault in self.faults}
        for path in tuple(self.versions):
            code = code_of(path)
            record = self._by_place.get(archive_place(code), "")
            if not record or code_of(record) != code:
                alone.setdefault(code, []).append(path)
            elif record in refused:
                del self.versions[path]  # nobody reads its record, and that is said of its record
            elif filenames.is_sealed(path.rpartition("/")[2]) != filenames.is_sealed(record.rpartition("/")[2]):
                del self.versions[path]
                self.faults.append(Fault(path, 1, "file", SEALED_APART))
        for code, paths in alone.items():
            seen = {path: self.versions.pop(path) for path in paths}
            if len(paths) == 1 and not filenames.is_sealed(paths[0].rpartition("/")[2]):
                # A record of an older archive may be named so; what it is, its header says.
                self.files.update(seen)
                self._by_place[archive_place(code)] = paths[0]
                continue
            message = tr("is a version of {code}, of which there is no record here", code=code)
            self.faults += [Fault(path, 1, "file", message) for path in paths]

    def _versions_of(self, code: str) -> dict[str, Fingerprint]:
        return {path: seen for path, seen in self.versions.items() if code and code_of(path) == code}

    def _twins(self, paths: list[str]) -> None:
        """Read one of several files of a code where they are the same to the byte; where they are not, none."""
        plain = {path: self.files[path] for path in paths if path in self.files}
        if len(plain) == len(paths) and self._are_the_same(plain):
            first = min(paths, key=lambda path: (len(path), path))
            self.copies.update(dict.fromkeys((path for path in paths if path != first), first))
            for path in self.copies.keys() & plain.keys():
                self.files.pop(path)
            self._by_place[archive_place(code_of(first))] = first
            return
        if len(plain) == len(paths):  # beside a sealed one a plain one is counted, and told of, to keepers alone
            self.doubtful.update(plain)
        for path in paths:
            (self.files if path in self.files else self.sealed).pop(path)
            others = tuple(other for other in paths if other != path)
            # NKT-0001 and NKT-00001 are one number to whoever reads or sorts them.
            message = tr(
                "{code_of} is also the code of {others}; neither is read", code_of=code_of(path), others=", ".join(others)
            )
            self.faults.append(
                Fault(path, 1, "code", message + _describe_copies(filenames.maker_of_copy(path, others), others[0]))
            )

    def _are_the_same(self, files: Mapping[str, Fingerprint]) -> bool:
        """Return whether files hold the same bytes; opened are only those of one size."""
        if len({seen.size for seen in files.values()}) > 1:
            return False
        try:
            return len({read_bytes(self.root, path) for path in files}) == 1
        except OSError:
            return False


_NAMED: Final = mark("is not named CODE-slug.md, as in NKT-0001-a-name.md")
SEALED_APART: Final = "is a version of a record, and only one of the two is sealed; seal both, or unseal both"


def _describe_copies(maker: str, first: str) -> str:
    """Describe what to do about a copy that is named as certain programs name theirs."""
    if not maker:
        return ""
    return tr(
        ". {maker} makes copies of such names: put what is right into {first}, and take this one away",
        maker=f"{maker[0].upper()}{maker[1:]}",
        first=first,
    )


def not_walked(root: Path) -> Iterator[str]:
    """Yield the files named like records that lie in folders of rubbish, versions and programs; for keepers, who look long."""
    waiting = [(FOLDER, False)]
    while waiting:
        shown, is_away = waiting.pop()
        try:
            with os.scandir(root / shown) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in entries:
            path = f"{shown}/{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                waiting.append((path, is_away or not filenames.is_walked(entry.name)))
            elif is_away and code_of(entry.name):
                yield path


def codes_taken(root: Path) -> frozenset[str]:
    """Return all codes that no new record may have: also of what was thrown away, as far as it still lies here."""
    return survey(root).codes.union(map(code_of, not_walked(root)))


def scan_until_stable(root: Path, clock: Callable[[], int] = time.time_ns) -> Survey:
    """Walk the folder; where a file was saved just now, wait a moment and walk again.

    Two edits within one step of the disk's clock would leave the same times; a
    look that is later than that step sees every edit that comes after it. On a
    disk with a coarse clock that would be a long wait for one file: such a file
    is hashed again later (`Fingerprint.may_hide`), and waited for only where
    many were saved, so that they are not hashed at every opening.

    :param clock: gives nanoseconds, by the clock of the disk.
    """
    moment = clock()
    scanned = survey(root)
    young = [seen for seen in scanned.files.values() if -_SECOND < moment - max(seen.modified, seen.changed) < COARSE * _SECOND]
    coarse = sum(fingerprint.is_coarse() for fingerprint in young) > _MANY
    if coarse or any(fingerprint.may_hide(moment, TICK) for fingerprint in young):
        time.sleep((COARSE if coarse else TICK) + SLACK)
        moment = clock()
        scanned = survey(root)
    return scanned._replace(moment=moment)


def archive_place(code: str) -> tuple[str, int]:
    """Return the key by which codes sort, and which no two may share: prefix, then number as a number, 0 where it has none."""
    prefix, _, number = code.partition("-")
    return prefix, int(number or 0)


def _in_order(seen: DirectoryScan, faults: list[Fault]) -> Iterator[tuple[str, str, StatTuple | OSError]]:
    """Yield path, name and look of everything that is no folder, folder by folder, in the order of the names."""
    listed = {listing.shown: listing for listing in seen.folders}

    # Folder in folder as deep as the system allows, which is deeper than Python calls go.
    waiting = [(listed[FOLDER], _names_of(listed[FOLDER], faults))]
    while waiting:
        folder, names = waiting[-1]
        for name, look in names:
            path = f"{folder.shown}/{name}"
            if path in listed:
                waiting.append((listed[path], _names_of(listed[path], faults)))
                break
            yield path, name, folder.faults.get(name, look) if folder.faults else look
        else:
            waiting.pop()


def _names_of(folder: FolderListing, faults: list[Fault]) -> Iterator[tuple[str, StatTuple]]:
    """Yield the names in a folder in their order; one that cannot be listed is a fault."""
    if "" in folder.faults:
        faults.append(Fault(folder.shown, 1, "folder", tr("cannot be listed: {reason}", reason=folder.faults[""].strerror)))
    return iter(sorted(zip(folder.names, folder.looks, strict=True), key=itemgetter(0)))


def read_bytes(root: Path, path: str) -> bytes:
    """Read a file that `survey` named, at most 10 MB and one byte of it.

    :raises OSError: it is gone, a link by now, no regular file, not ours to read,
        or it goes on changing while it is read.
    """
    for _ in range(_TIMES_TO_READ):
        descriptor = os.open(root / path, system.READ)
        with os.fdopen(descriptor, "rb") as file:
            before = os.fstat(descriptor)
            if not stat.S_ISREG(before.st_mode):
                message = tr("is no regular file")
                raise OSError(0, message)
            content = file.read(_MOST_BYTES + 1)
            after = os.fstat(descriptor)
        whole = len(content) == min(after.st_size, _MOST_BYTES + 1)
        if whole and Fingerprint.of(before) == Fingerprint.of(after):
            return content
        time.sleep(TICK)
    message = tr("is being changed while it is read")
    raise OSError(0, message)
