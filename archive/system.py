"""What differs between operating systems, in one place: flags of opening, locks, signals, names, and the encoding of a console.

No other module asks which system it runs on. `WINDOWS` and the flags are read
when a function is called, so that a test can take away here what another
system does not have. Windows and macOS are simulated by the tests alone; see
``tests/test_system.py``.
"""

import errno
import os
import signal
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Final, TextIO

from archive.language.messages import tr

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:
    fcntl = None

WINDOWS: bool = os.name == "nt"
BINARY: Final = getattr(os, "O_BINARY", 0)  # Windows alone turns line ends otherwise
READ: Final = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | BINARY
"""Opens a file to read, never a link, and without waiting on a FIFO, as far as the system can promise it."""
CREATE: Final = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0) | BINARY
"""Makes a file that must not be there."""
READ_FOLDER: Final = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)
NO_LINK: Final = getattr(os, "O_NOFOLLOW", 0)
LISTS_BY_DESCRIPTOR: Final = os.stat in os.supports_dir_fd and os.listdir in os.supports_fd
SETS_MODE_OF_DESCRIPTOR: Final = os.chmod in os.supports_fd
FORKS: Final = sys.platform == "linux"
"""Whether a process may be forked while this one has threads and libraries at work; macOS and Windows start a new one."""
REPLACES_ITSELF: Final = os.name == "posix"
"""Whether a process can become another program and keep its limits, its number and its parent."""

_OTHERS: Final = 0o077
_OTHERS_WRITE: Final = 0o022
_FULL_SYNC: Final[int | None] = getattr(fcntl, "F_FULLFSYNC", None)  # on macOS, fsync alone does not reach the disk
_PATIENCE: Final = 2.0  # seconds for a scanner of viruses or an indexer of the system to let go of a file
_PAUSE: Final = 0.02  # seconds
_RESERVED: Final = frozenset({
    *("CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"),
    *(f"{port}{number}" for port in ("COM", "LPT") for number in "0123456789¹²³"),
})  # fmt: skip


def state_folder() -> Path | None:
    """Return the folder in which the system lets a program keep what it remembers of a person; None where there is none.

    ``TESTIMONY_STATE`` names another one. Sources: XDG Base Directory Specification; the folders of Windows and macOS.
    """
    return _folder_of_a_person("STATE", Path("Library", "Application Support"), Path(".local", "state"))


def cache_folder() -> Path | None:
    """Return the folder in which the system lets a program keep what it can make anew; None where there is none.

    ``TESTIMONY_CACHE`` names another one. Sources: as for `state_folder`.
    """
    folder = _folder_of_a_person("CACHE", Path("Library", "Caches"), Path(".cache"))
    return folder / "cache" if folder and WINDOWS and "TESTIMONY_CACHE" not in os.environ else folder


def config_folder() -> Path | None:
    """Return the folder in which a person writes settings for a program; None where there is none.

    ``TESTIMONY_CONFIG`` names another one. Sources: as for `state_folder`.
    """
    named, roaming = os.environ.get("TESTIMONY_CONFIG", ""), os.environ.get("APPDATA", "")
    if WINDOWS and not named:
        return Path(roaming) / "testimony" if roaming else None
    return _folder_of_a_person("CONFIG", Path("Library", "Application Support"), Path(".config"))


def _folder_of_a_person(what: str, on_macos: Path, elsewhere: Path) -> Path | None:
    """Return the program's own folder of a kind.

    :param what: "STATE", "CACHE" or "CONFIG", as the variables have it.
    """
    named = os.environ.get(f"TESTIMONY_{what}", "")
    if named:
        return Path(named).absolute()
    if WINDOWS:
        folder = os.environ.get("LOCALAPPDATA", "")
        return Path(folder) / "testimony" if folder else None
    shared = os.environ.get(f"XDG_{what}_HOME", "")
    home = os.path.expanduser("~")  # noqa: PTH111 - as it is where there is no home, without an error
    if os.path.isabs(shared):  # noqa: PTH117 - what is relative is to be passed over, says the specification
        return Path(shared) / "testimony"
    if not os.path.isabs(home):  # noqa: PTH117 - there is no home
        return None
    return Path(home) / (on_macos if sys.platform == "darwin" else elsewhere) / "testimony"


def endings() -> tuple[signal.Signals, ...]:
    """Return the signals that ask a process to end, apart from Ctrl-C; Windows has no terminals that hang up."""
    return tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


def block(signals: Iterable[signal.Signals]) -> set[signal.Signals | int]:
    """Keep signals waiting and return those that waited before, for `unblock`; the empty set where the system cannot."""
    return signal.pthread_sigmask(signal.SIG_BLOCK, signals) if hasattr(signal, "pthread_sigmask") else set()


def unblock(signals: Iterable[signal.Signals], before: Iterable[signal.Signals | int] = ()) -> None:
    """Let signals through again, but for those that waited before."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, set(signals).difference(before))


def has_screen() -> bool:
    """Return whether there is a screen to show a browser on; without one a browser for terminals would take this one."""
    return sys.platform in {"win32", "darwin"} or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def is_others(status: os.stat_result) -> bool:
    """Return whether a file belongs to another user; False where files have no owner by number."""
    return not WINDOWS and status.st_uid != os.geteuid()


def is_open_to_others(status: os.stat_result) -> bool:
    """Return whether others on this machine can read a file or enter a folder; Windows keeps that in lists, not in modes."""
    return not WINDOWS and bool(status.st_mode & _OTHERS)


def is_written_by_others(status: os.stat_result) -> bool:
    """Return whether others on this machine can write a file; Windows keeps that in lists, not in modes."""
    return not WINDOWS and bool(status.st_mode & _OTHERS_WRITE)


def tells_change() -> bool:
    """Return whether ``st_ctime`` is the time of the last change; on Windows it is that of making."""
    return not WINDOWS


def lock_folder(folder: Path) -> int:
    """Lock a folder for this process alone; returns the open descriptor that holds the lock, -1 where another process has it.

    :raises OSError: this system or this disk cannot lock a folder.
    """
    if fcntl is None:
        raise OSError(errno.ENOTSUP, tr("folders cannot be locked here"))
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        if error.errno in {errno.EAGAIN, errno.EACCES}:
            return -1
        raise
    return descriptor


def deletes_open_files() -> bool:
    """Return whether a file that somebody has open can be deleted, and stays readable to them."""
    return not WINDOWS


def sync(descriptor: int) -> None:
    """Bring a file's content to the disk.

    :raises OSError: it could not be.
    """
    if fcntl is not None and _FULL_SYNC is not None:
        try:
            fcntl.fcntl(descriptor, _FULL_SYNC)
        except OSError:  # a disk that does not know it still knows fsync
            pass
        else:
            return
    os.fsync(descriptor)


def sync_file(path: Path) -> None:
    """Bring a closed file's content to the disk.

    :raises OSError: it could not be.
    """
    descriptor = os.open(path, os.O_RDWR if WINDOWS else os.O_RDONLY)
    try:
        sync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk: what was made, renamed or deleted there stays so.

    :raises OSError: it could not be.
    """
    if WINDOWS:  # a folder cannot be opened there, and its journal keeps the order
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:  # some network disks sync no folders
            raise
    finally:
        os.close(descriptor)


def replace(source: Path, target: Path) -> None:
    """Give a file the name of another one, which goes; on Windows, wait a little while somebody has that one open.

    :raises OSError: it could not be, or somebody kept it open.
    """
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            source.replace(target)
        except PermissionError:
            if not WINDOWS or time.monotonic() > until:
                raise
            time.sleep(_PAUSE)
        else:
            return


def may_live(process: int) -> bool:
    """Return whether a process of this machine may still be at work; where that cannot be told, it may."""
    if WINDOWS:  # there the signal 0 is no question
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def is_device(path: Path) -> bool:
    """Return whether a path names a device of this system and no file, as ``NUL`` or ``aux.csv`` on Windows.

    Source: Microsoft, "Naming Files, Paths, and Namespaces"; `ntpath.isreserved` of Python 3.13.
    """
    return WINDOWS and path.name.replace(":", ".").partition(".")[0].rstrip(" ").upper() in _RESERVED


def write_utf8(streams: Iterable[TextIO]) -> None:
    """Have streams write UTF-8, whatever the code page of a console or the locale: Hangul must not end in an error.

    Python writes to a console of Windows by its own calls for Unicode; what is redirected would get the code page.
    """
    for stream in streams:
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def limit_process(memory: int, seconds: int) -> None:
    """Limit the address space (bytes) and processor time of this process and of what it starts, where the system can.

    Windows cannot: there the parent's patience is the only limit.
    """
    try:
        limits = import_module("resource")
    except ImportError:
        return
    for limit, most in (("RLIMIT_AS", memory), ("RLIMIT_CPU", seconds), ("RLIMIT_CORE", 0)):
        if hasattr(limits, limit):
            with suppress(OSError, ValueError):  # macOS takes no limit of the address space
                limits.setrlimit(getattr(limits, limit), (most, most))


def environment_of_programs() -> dict[str, str]:
    """Return what a program needs of the environment to start at all: on Windows the folder of the system."""
    return {name: os.environ[name] for name in ("SYSTEMROOT", "SYSTEMDRIVE") if WINDOWS and name in os.environ}
