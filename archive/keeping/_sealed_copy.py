"""A sealed copy of a whole collection: every file of it, whatever its access, in one file that a recipient's identity opens.

It is a tar in the age format, so that it opens also without this program
(``age --decrypt``, ``tar --extract``). Nothing in it tells who made it, or when.
"""

import io
import os
import shutil
import tarfile
from pathlib import Path, PurePosixPath
from typing import Any, Final

from archive import system
from archive.authority.authorities import AUTHORITIES
from archive.errors import CannotOpen, CannotWrite, EmptyCollection
from archive.language.messages import tr
from archive.named_tuple import NamedTuple
from archive.storage import atomic, backups, encryption
from archive.storage.record_files import FOLDER

_MOST_BYTES: Final = 4_000_000_000
_FOLDERS: Final = (FOLDER, AUTHORITIES)
_END: Final = bytes(2 * tarfile.BLOCKSIZE)
_NOT_IN_A_NAME: Final = frozenset('\\:*?"<>|\0')


class SealedCopy(NamedTuple):
    """A sealed copy as bytes, the files that are in it, and those that are not, since they are links or the like."""

    content: bytes
    files: tuple[str, ...]
    left_out: tuple[str, ...]


def seal(root: Path, to: tuple[Any, ...]) -> SealedCopy:
    """Seal all files of a collection for some recipients.

    :raises EmptyCollection: there are none.
    :raises CannotOpen: a file cannot be read, or all are too large together.
    """
    files, left_out = backups.files_of(root)
    if not any(PurePosixPath(path).parts[0] in _FOLDERS for path in files):
        message = tr("there is no file in {root} to copy", root=root)
        raise EmptyCollection(message, tr("See `testimony doctor`."))
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for path in files:
            entry, content = tarfile.TarInfo(path), _read(root, path)
            entry.size, entry.mode = len(content), 0o600
            tar.addfile(entry, io.BytesIO(content))
            if whole.tell() > _MOST_BYTES:
                message = tr("the files are too large for one sealed copy")
                raise CannotOpen(message, tr("Copy the folder to a disk that is encrypted."))
    return SealedCopy(encryption.seal(whole.getvalue(), to), tuple(files), tuple(left_out))


def _read(root: Path, path: str) -> bytes:
    try:
        return atomic.read_regular(root / path)
    except OSError as error:
        message = tr("{path} cannot be read: {reason}", path=path, reason=error.strerror or error)
        raise CannotOpen(message, tr("Nothing was written; try again when nobody writes there.")) from error


def opens(copy: SealedCopy, own: tuple[Any, ...]) -> None:
    """Open a copy again, and see that every file is in it.

    :raises CannotOpen: the identity does not open it, or something is missing.
    """
    if tuple(_open(copy.content, own)) != copy.files:
        message = tr("what was sealed does not open as it was")
        raise CannotOpen(message, tr("Nothing was written or removed."))


def restore(sealed: bytes, own: tuple[Any, ...], to: Path) -> tuple[str, ...]:
    """Put the files of a sealed copy into a folder that is not there yet, each its owner's alone; returns their paths.

    :raises CannotOpen: the identity does not open it, or it is no sealed copy of a collection.
    :raises CannotWrite: the folder is there already, or cannot be written.
    """
    if os.path.lexists(to):
        message = tr("{to} is there already", to=to)
        raise CannotWrite(message, tr("Name a folder that is not there yet."))
    contents = _open(sealed, own)
    beside = to.with_name(f".{to.name[:40]}.{os.getpid()}-{os.urandom(4).hex()}.new")
    try:
        beside.mkdir(mode=0o700)
        for path, content in contents.items():
            target = beside / path
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(atomic.make(target, 0o600), "wb") as new:
                new.write(content)
                new.flush()
                system.sync(new.fileno())
        beside.rename(to)
        system.sync_folder(to.parent)
    except OSError as error:
        message = tr("{to} cannot be written: {reason}", to=to, reason=error.strerror or error)
        raise CannotWrite(message, tr("Nothing was left behind.")) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return tuple(contents)


def _open(sealed: bytes, own: tuple[Any, ...]) -> dict[str, bytes]:
    """Return the files of a sealed copy by path.

    :raises CannotOpen: the identity does not open it, or it is no sealed copy of a collection.
    """
    files: dict[str, bytes] = {}
    opened = encryption.unseal(sealed, own)
    try:
        with tarfile.open(fileobj=io.BytesIO(opened), mode="r:") as tar:
            for entry in tar:
                content = tar.extractfile(entry) if entry.isfile() else None
                if content is None or entry.name in files or not _is_of_a_collection(entry.name):
                    raise tarfile.ReadError
                files[entry.name] = content.read()
    except (tarfile.TarError, UnicodeError, OSError) as error:
        raise _not_ours() from error
    if not files or not opened.endswith(_END):  # tarfile takes one that ends anywhere for whole
        raise _not_ours()
    return files


def _not_ours() -> CannotOpen:
    message = tr("what it holds is no copy of a collection")
    return CannotOpen(message, tr("Name a file that `testimony backup` wrote; a sealed record opens with `testimony unseal`."))


def _is_of_a_collection(name: str) -> bool:
    """Return whether a path is one of a file of a collection: never outside of it, never a name that a system cannot have."""
    parts = name.split("/")
    if any(not part or part in {".", ".."} or not _NOT_IN_A_NAME.isdisjoint(part) for part in parts):
        return False
    return parts[0] in _FOLDERS if len(parts) > 1 else name in backups.BESIDE
