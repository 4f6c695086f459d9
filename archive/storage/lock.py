"""The one lock of all who write records, held from the reading of a record to the renaming of what takes its place.

It lies beside ``testimonies/``, never inside. The system lets go of it when its
holder dies. Where a disk knows no such locks, a file that says who writes
stands in for it, made so that only one can make it; it is taken over only where
its writer is surely gone.
"""

import contextlib
import errno
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Protocol

from filelock import FileLock, Timeout

from archive import system
from archive.errors import CannotWrite
from archive.language.messages import tr
from archive.named_tuple import NamedTuple
from archive.storage import atomic, record_files, shipped

SECONDS_TO_WAIT: Final = 60.0
_SECONDS_FOR_A_LINE: Final = 10.0
_BETWEEN: Final = 0.05  # seconds between two looks
_MOST_BYTES: Final = 10_000
_OTHERS_WRITE: Final = 0o066


class LockHolder(NamedTuple):
    """Who writes: a machine, a process of it, and since when."""

    host: str
    process: int
    since: str

    @classmethod
    def here(cls) -> "LockHolder":
        """Return this process."""
        return cls(socket.gethostname(), os.getpid(), datetime.now(tz=UTC).isoformat(timespec="seconds"))

    @classmethod
    def read(cls, file: Path) -> "LockHolder | None":
        """Read who wrote a file; None where that cannot be told, or there is none."""
        try:
            written = json.loads(atomic.read_regular(file, _MOST_BYTES))
            return cls(str(written["host"]), int(written["process"]), str(written["since"]))
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None

    def to_bytes(self) -> bytes:
        """Write it as `read` reads it."""
        return f"{json.dumps(self._asdict())}\n".encode()

    def is_gone(self) -> bool:
        """Return whether it surely writes no more: only of this machine's own processes can that be told."""
        return self.host == socket.gethostname() and not system.may_live(self.process)


def place(root: Path) -> Path:
    """Return the file that is locked; the same for all who reach the folder of records by a link."""
    records = Path(os.path.realpath(root / record_files.FOLDER))
    return records.with_name(f".{records.name}.lock")


def sign(root: Path) -> Path:
    """Return the file that stands in for the lock where a disk knows none."""
    return place(root).with_suffix(".writer")


@contextmanager
def writing(root: Path) -> Iterator[None]:
    """Hold the lock of all who write records.

    Whoever waited has to read what is there by now: nothing that was read
    before may be written back.

    :raises CannotWrite: another one holds it and goes on holding it, or it cannot be made.
    """
    shipped.refuse_writing(root)
    until = time.monotonic() + SECONDS_TO_WAIT
    lock = _lock(root, until)
    try:
        with hold_sign(sign(root), until, make=lock is None):
            yield
    finally:
        if lock is not None:
            if system.deletes_open_files():  # whoever has it open sees that it is away, and makes another one
                place(root).unlink(missing_ok=True)
            lock.release()


@contextmanager
def exclusive(file: Path) -> Iterator[None]:
    """Hold a lock on one file that several commands write, by a file beside it.

    :raises CannotWrite: another one holds it and goes on holding it.
    :raises OSError: it cannot be made.
    """
    try:
        with FileLock(file.with_name(f".{file.name}.lock"), timeout=_SECONDS_FOR_A_LINE, mode=0o600):
            yield
    except Timeout as error:
        message = tr("another command is writing into {file}", file=file)
        raise CannotWrite(message, tr("Wait until it is done, then try again.")) from error


def _lock(root: Path, until: float) -> Any:  # noqa: ANN401 - the lock of this system
    """Take the lock; None where this disk knows no locks."""
    file = place(root)
    try:
        # Who may write records may lock them.
        mode = 0o600 | (root / record_files.FOLDER).stat().st_mode & _OTHERS_WRITE
        lock = FileLock(file, mode=mode, fallback_to_soft=False)
        with contextlib.suppress(NotImplementedError):
            lock.acquire(timeout=max(0.0, until - time.monotonic()), poll_interval=_BETWEEN)
            return lock
    except Timeout as error:
        message = tr("another command is writing records")
        raise CannotWrite(message, tr("Wait until it is done, then try again.")) from error
    except OSError as error:
        if not _can_be_made(file):
            message = tr("{file} cannot be made: {reason}", file=file, reason=error.strerror or error)
            raise CannotWrite(message, tr("All who write records hold this lock: see who may write into its folder.")) from error
    return None


def _can_be_made(file: Path) -> bool:
    """Return whether a file can be written there, so that it is the locks that the disk does not know."""
    return os.access(file if file.exists() else file.parent, os.W_OK) and not file.is_symlink() and not file.is_dir()


@contextmanager
def hold_sign(file: Path, until: float, *, make: bool) -> Iterator[None]:
    """Wait until no sign of another writer stands there, and put up one where it has to stand in for the lock."""
    while True:
        if not make and not os.path.lexists(file):
            yield
            return
        try:
            descriptor = atomic.make(file, 0o644) if make else -1
        except FileExistsError:
            descriptor = -1
        except OSError as error:
            message = tr("{file} cannot be made: {reason}", file=file, reason=error.strerror or error)
            raise CannotWrite(
                message, tr("All who write records put up this sign: see who may write into its folder.")
            ) from error
        if descriptor >= 0:
            break
        _wait(file, until)
    try:
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(LockHolder.here().to_bytes())
        yield
    finally:
        file.unlink(missing_ok=True)


def _wait(file: Path, until: float) -> None:
    """Wait a little for a sign to go; take it away where its writer is gone.

    :raises CannotWrite: it has been waited for long enough.
    """
    writer = LockHolder.read(file)
    if writer is not None and writer.is_gone():
        with contextlib.suppress(OSError):
            _take_away(file, writer)
    if time.monotonic() > until:
        who = (
            tr("process {process} on {host} since {since}", process=writer.process, host=writer.host, since=writer.since)
            if writer
            else tr("a process that does not say who it is")
        )
        message = tr("records are being written by {who}", who=who)
        remedy = tr(
            "Wait until it is done. Only if you know that it is no more, delete {file} and {name}.",
            file=file,
            name=_turn(file).name,
        )
        raise CannotWrite(message, remedy)
    time.sleep(_BETWEEN)


def _take_away(file: Path, writer: LockHolder) -> None:
    """Take away the sign of a writer that is gone; one at a time, so that nobody takes away the next one's.

    :raises OSError: it is somebody else's turn, or it cannot be taken away.
    """
    os.close(atomic.make(_turn(file), 0o600))
    try:
        if LockHolder.read(file) == writer:
            file.unlink(missing_ok=True)
    finally:
        _turn(file).unlink(missing_ok=True)


def _turn(file: Path) -> Path:
    return file.with_suffix(".turn")


class IndexLock(Protocol):
    """The lock of the one process that writes an index; the system lets go of it when its holder dies."""

    def acquire(self) -> bool:
        """Try to take the lock; False where another process has it.

        :raises OSError: this system or this disk cannot lock this.
        """

    def release(self) -> None:
        """Let go."""


class FolderLock:
    """A lock on a folder that is there anyway, so that there is no lock file that somebody could delete."""

    def __init__(self, folder: Path) -> None:
        """Remember the folder; nothing is locked yet."""
        self._folder = folder
        self._descriptor = -1

    def acquire(self) -> bool:
        """Try to take the lock, as `IndexLock` says."""
        self._descriptor = system.lock_folder(self._folder)
        return self._descriptor >= 0

    def release(self) -> None:
        """Let go."""
        os.close(self._descriptor)
        self._descriptor = -1


class LockFile:
    """A lock on a file that is made for it, where a system cannot lock folders."""

    def __init__(self, file: Path) -> None:
        """Remember the file; nothing is locked yet."""
        self._lock = FileLock(file, mode=0o600, fallback_to_soft=False)

    def acquire(self) -> bool:
        """Try to take the lock, as `IndexLock` says."""
        try:
            self._lock.acquire(blocking=False)
        except Timeout:
            return False
        except NotImplementedError as error:
            raise OSError(errno.ENOTSUP, str(error)) from error
        return True

    def release(self) -> None:
        """Let go."""
        self._lock.release()


def acquire_within(lock: IndexLock, seconds: float) -> bool:
    """Try for a while to take a lock; returns whether it was taken.

    :raises OSError: as `IndexLock.acquire`.
    """
    until = time.monotonic() + seconds
    while not lock.acquire():
        if time.monotonic() >= until:
            return False
        time.sleep(_BETWEEN)
    return True
