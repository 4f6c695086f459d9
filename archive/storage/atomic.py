"""Writing files so that nothing is lost: beside, synced, renamed, and never over what is not known.

Whatever is cut off (by a kill, a full disk, a loss of power) leaves the old
file or the new one, whole. A leftover of a write that was cut off has a name
by which it is known, and `sweep` takes it away once its writer is gone.
"""

import contextlib
import errno
import mmap
import os
import stat
import time
from pathlib import Path
from typing import Final

from archive import system
from archive.errors import CannotWrite
from archive.language.messages import tr
from archive.text import regex

_BESIDE = regex(r"\..+\.([0-9]+)-[0-9a-f]{8}\.new")
_LONG_AGO: Final = 3600  # seconds after which a leftover has no writer any more
# What a disk that keeps no permissions answers to whoever sets them.
_NO_MODES: Final = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EINVAL})
_NO_LINKS: Final = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK, errno.EXDEV})


def write_beside(path: Path, content: bytes, *, new: bool, was: bytes | None = None, mode: int | None = None) -> None:
    """Write a file beside its place, sync it, and put it in its place.

    :param new: refuse where a file of that name is there; else the old one is replaced and its mode kept.
    :param was: what the old file was read as; where it now holds anything else, it is left alone.
    :param mode: the permissions, where they are not to be those of the old file, or what the system gives a new one.
    :raises CannotWrite: it was not written; what was there is whole.
    """
    try:
        if not new and path.is_symlink():
            message = tr("{path} is no regular file", path=path)
            raise CannotWrite(message, tr("Links are not written through; edit the file that it leads to."))
        put(path, content, new=new, mode=mode, was=was)
    except FileExistsError as error:
        message = tr("{path} is there already", path=path)
        raise CannotWrite(message, tr("What is there is never written over.")) from error
    except OSError as error:
        message = tr("{path} cannot be written: {reason}", path=path, reason=error.strerror or error)
        raise CannotWrite(message, tr("What was there is whole.")) from error


def put(  # noqa: PLR0913 - by keyword alone
    path: Path,
    content: bytes,
    *,
    new: bool = False,
    mode: int | None = None,
    was: bytes | None = None,
    durable: bool = True,
) -> None:
    """Put a file in its place, as `write_beside` does, with the system's own errors.

    :param mode: the permissions; else those of the old file, or what the system gives a new one.
    :param durable: wait until it is on the disk; else a loss of power may take it, or leave it empty.
    :raises OSError: it was not written.
    :raises CannotWrite: it holds something else than ``was``.
    """
    # Cut, so that the longest name that a disk allows has room for the rest.
    beside = path.with_name(f".{path.name[:40]}.{os.getpid()}-{os.urandom(4).hex()}.new")
    if mode is None and not new and path.exists():
        mode = path.stat().st_mode & 0o7777
    try:
        with os.fdopen(make(beside, mode), "wb") as file:
            file.write(content)
            file.flush()
            if durable:
                system.sync(file.fileno())
        _check_unchanged(path, was)
        if new:
            _settle(beside, path)
        else:
            system.replace(beside, path)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise
    if durable:
        system.sync_folder(path.parent)


def make(path: Path, mode: int | None = None) -> int:
    """Make a file and open it; it has its permissions before its first byte.

    :param mode: the permissions; else what the system gives a new file. A disk
        that knows none gives what it gives to all (see `is_open_to_others`).
    :raises OSError: it is there already, or cannot be made.
    """
    descriptor = os.open(path, system.CREATE, 0o666 if mode is None else mode & 0o600)
    try:
        if mode is not None:
            set_mode(descriptor if system.SETS_MODE_OF_DESCRIPTOR else path, mode)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def set_mode(which: Path | int, mode: int) -> None:
    """Set the permissions of a file or folder, where the disk keeps any.

    :raises OSError: they could not be set.
    """
    try:
        os.chmod(which, mode)  # noqa: PTH101 - also of an open file
    except OSError as error:
        if error.errno not in _NO_MODES:
            raise


def is_open_to_others(path: Path) -> bool:
    """Return whether others on this machine can read a file or enter a folder, as on a disk that knows no permissions."""
    return system.is_open_to_others(path.stat())


def _check_unchanged(path: Path, was: bytes | None) -> None:
    if was is not None and path.read_bytes() != was:
        message = tr("{path} has changed since it was read", path=path)
        raise CannotWrite(message, tr("Nothing was written; try again on the file as it is now."))


def _settle(beside: Path, path: Path) -> None:
    """Give a written file its name, unless the name is taken, also by somebody else at this moment."""
    try:
        os.link(beside, path)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        # A disk without hard links (FAT): take the name first, then fill it.
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        system.replace(beside, path)
    else:
        beside.unlink()


def clock(folder: Path) -> int:
    """Return the time by the clock of a disk, in nanoseconds: that at which it says a new file was written.

    A disk of another machine has a clock of its own, and others count in
    seconds; a file's times can be held against nothing else.

    :raises OSError: nothing can be written there.
    """
    file = folder / f".clock.{os.getpid()}-{os.urandom(4).hex()}.new"
    descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        return os.fstat(descriptor).st_mtime_ns
    finally:
        os.close(descriptor)
        file.unlink()


def read_regular(path: Path, most: int = -1) -> bytes:
    """Read a file of the program's own, never a link, and without waiting on a FIFO.

    :param most: bytes to read at most.
    :raises OSError: it is not there, no regular file, or cannot be read.
    """
    descriptor = os.open(path, system.READ)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, tr("is no regular file"), str(path))
        return file.read(most)


def read_linked(path: Path, most: int = -1) -> bytes:
    """Read a file as `read_regular` does, or what a link that a keeper has put in its place leads to.

    :param most: bytes to read at most.
    :raises OSError: as `read_regular` does.
    """
    return read_regular(path.resolve() if path.is_symlink() else path, most)


def map_file(file: int) -> memoryview:
    """Return what an open file holds, in memory where it lies; read where the disk knows no memory maps.

    :raises OSError: it cannot be read.
    """
    size = os.fstat(file).st_size
    if not size:
        return memoryview(b"")
    try:
        return memoryview(mmap.mmap(file, 0, access=mmap.ACCESS_READ))
    except (OSError, ValueError):
        with os.fdopen(os.dup(file), "rb") as read:
            read.seek(0)
            return memoryview(read.read(size))


def is_leftover(name: str) -> bool:
    """Return whether a file is one that `put` writes before it has its name."""
    return _BESIDE.fullmatch(name) is not None


def sweep(file: Path) -> bool:
    """Take away a leftover whose writer is gone; returns whether it is away."""
    named = _BESIDE.fullmatch(file.name)
    try:
        if named is None or _may_be_written(file, int(named[1])):
            return False
        file.unlink(missing_ok=True)
    except OSError:
        return False
    return True


def _may_be_written(file: Path, writer: int) -> bool:
    return time.time() - file.stat().st_mtime <= _LONG_AGO and system.may_live(writer)
