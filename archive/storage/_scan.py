"""One look at everything in a folder, as cheap as it can be: what a search must do each time, however many files there are.

A look is what the system says of each name: nothing is opened, and nothing is
remembered from an earlier look. Two looks are compared by their digest, so that
a search needs to know nothing else of files that are as they were.
"""

import hashlib
import os
import stat
from array import array
from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Final

from archive import system
from archive.named_tuple import NamedTuple
from archive.storage._filenames import PASSED_OVER, is_walked

StatTuple = tuple[int, int, int, int, int]
"""Size, time of modification, identity, time of the last change of the inode, mode; times in nanoseconds."""
_look: Callable[[os.stat_result], StatTuple] = attrgetter("st_size", "st_mtime_ns", "st_ino", "st_ctime_ns", "st_mode")
_NOTHING: Final[StatTuple] = (-1, -1, -1, -1, 0)
_FOLDER: Final[StatTuple] = (-1, -1, -1, -1, stat.S_IFDIR)
_EIGHT_BYTES: Final = "q"


class FolderListing(NamedTuple):
    """A folder: its path as shown, and what was seen of each name, in the order of the disk.

    ``faults`` say by name why it could not be looked at; by "" why the folder could not be listed.
    """

    shown: str
    names: list[str]
    looks: list[StatTuple]
    faults: Mapping[str, OSError] = MappingProxyType({})

    def without(self, names: frozenset[str]) -> "FolderListing":
        """Leave out some names."""
        kept = [index for index, name in enumerate(self.names) if name not in names]
        return self._replace(names=[self.names[index] for index in kept], looks=[self.looks[index] for index in kept])


class DirectoryScan(NamedTuple):
    """A folder and all folders in it, each before those that lie in it."""

    folders: tuple[FolderListing, ...] = ()

    def without(self, paths: Iterable[str]) -> "DirectoryScan":
        """Leave out some paths, as those of files that were taken away since."""
        gone: dict[str, list[str]] = {}
        for path in paths:
            shown, _, name = path.rpartition("/")
            gone.setdefault(shown, []).append(name)
        return (
            DirectoryScan(tuple(folder.without(frozenset(gone.get(folder.shown, ()))) for folder in self.folders))
            if gone
            else self
        )

    def digest(self) -> str:
        """Return what is the same for two looks only where they saw the same; "" where not everything could be looked at.

        The order of the disk is in it: where that changes, so may this, though
        all files are as they were. It says that nothing has changed, never that
        anything has.
        """
        if not self.folders or any(folder.faults for folder in self.folders):
            return ""
        hashed = hashlib.sha256()
        for folder in self.folders:
            hashed.update("\0".join((folder.shown, str(len(folder.names)), *folder.names, "")).encode("utf-8", "surrogatepass"))
            try:
                hashed.update(array(_EIGHT_BYTES, chain.from_iterable(folder.looks)))
            except OverflowError:  # some disks have longer identities
                hashed.update(repr(folder.looks).encode())
        return hashed.hexdigest()


def at(folder: str | os.PathLike[str], shown: str) -> DirectoryScan:
    """Look at everything in a folder, and in the folders in it that are walked; links are looked at, never followed."""
    listings = []
    waiting = [(os.fspath(folder), shown, 0)]
    while waiting:
        path, shown, how = waiting.pop()
        try:
            names, looks, faults = _look_at_each(path, how)
        except OSError as error:
            listings.append(FolderListing(shown, [], [], {"": error}))
            continue
        folders: list[str] = []
        if any(map(stat.S_ISDIR, {seen[4] for seen in looks})):
            folders = [name for name, seen in zip(names, looks, strict=True) if stat.S_ISDIR(seen[4])]
            # The times of a folder change with whatever is put into it; its own list says what that is.
            looks = [_FOLDER if stat.S_ISDIR(seen[4]) else seen for seen in looks]
        listed = FolderListing(shown, names, looks, faults)
        passed = PASSED_OVER.intersection(names).difference(folders).union(name for name in folders if not is_walked(name))
        listings.append(listed.without(passed) if passed else listed)
        waiting += [(os.path.join(path, name), f"{shown}/{name}", system.NO_LINK) for name in folders if name not in passed]  # noqa: PTH118 - light, at every search
    return DirectoryScan(tuple(listings))


def _look_at_each(folder: str, how: int) -> tuple[list[str], list[StatTuple], dict[str, OSError]]:
    """Look at each name in a folder; by the name alone where the system can, since the whole path takes a third longer."""
    if not system.LISTS_BY_DESCRIPTOR:
        with os.scandir(folder) as listing:
            entries = list(listing)
        return _each([entry.name for entry in entries], [entry.stat for entry in entries])
    descriptor = os.open(folder, system.READ_FOLDER | how)
    try:
        names, ask = os.listdir(descriptor), os.stat  # noqa: PTH208 - of an open folder
        try:
            return names, [_look(ask(name, dir_fd=descriptor, follow_symlinks=False)) for name in names], {}
        except OSError:  # one of them is gone by now, or must not be looked at
            return _each(names, [_asking(name, descriptor) for name in names])
    finally:
        os.close(descriptor)


def _asking(name: str, descriptor: int) -> Callable[..., os.stat_result]:
    return lambda **how: os.stat(name, dir_fd=descriptor, **how)


def _each(names: list[str], ask: list[Callable[..., Any]]) -> tuple[list[str], list[StatTuple], dict[str, OSError]]:
    """Look at one after the other, and note which cannot be looked at."""
    looks, faults = [_NOTHING] * len(names), {}
    for at_name, name in enumerate(names):
        try:
            looks[at_name] = _look(ask[at_name](follow_symlinks=False))
        except OSError as error:
            faults[name] = error
    return names, looks, faults
