"""What the files of an index were when they were written: size, times, identity and hash of each.

An index is data that is believed only as far as this goes. On every opening
each file must be the very one that was written (ours, no link, the same size,
times and inode); whatever is read of it is held against a checksum in the file
itself, where it is read (`archive.authority._copy`, `archive.engine.whoosh.segment`).
All of it is hashed by `damage` with ``deep`` alone. This finds damage, and an
index that was carried here from elsewhere; it proves nothing against somebody
who can write in our name.
"""

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from archive import system
from archive.language.messages import tr
from archive.named_tuple import NamedTuple
from archive.storage.record_files import Fingerprint

AUTHORITIES: Final = "authorities.json"
STATE: Final = "state"
"""The folder beside those of the clearances, in which all this is noted."""
_CHUNK: Final = 1_000_000


class FileRecord(NamedTuple):
    """A file as it was written."""

    fingerprint: Fingerprint
    sha256: str


def take(base: Path, before: Mapping[str, FileRecord], names: Iterable[str]) -> dict[str, FileRecord]:
    """Note what the files of an index are.

    :param before: what was noted earlier; what has not changed since keeps its
        hash, so that damage is never noted as right.
    :param names: relative to ``base``.
    :raises OSError: one of them cannot be read.
    """
    taken = {}
    for name in sorted(names):
        fingerprint = Fingerprint.of((base / name).lstat())
        known = before.get(name)
        taken[name] = known if known and known.fingerprint == fingerprint else FileRecord(fingerprint, _sha256(base / name))
    return taken


def files_in(base: Path, *folders: str) -> list[str]:
    """Name the files that lie in folders, relative to ``base``.

    :raises OSError: a folder cannot be listed.
    """
    return [f"{folder}/{name}" for folder in folders for name in sorted(entry.name for entry in (base / folder).iterdir())]


def damage(base: Path, kept: Mapping[str, FileRecord], *, deep: bool = False) -> tuple[str, ...]:
    """Name every file that is not as it was written, with what is wrong; nothing where all is well.

    :param deep: hash them too.
    """
    strange = _strange_folder(base)
    if strange:
        return (strange,)
    wrong = {name: _wrong(base / name, file_record, hashed=deep) for name, file_record in sorted(kept.items())}
    return tuple(tr("the index file {name} {wrong}", name=name, wrong=how) for name, how in wrong.items() if how)


def is_untouched(base: Path, kept: Mapping[str, FileRecord]) -> bool:
    """Return whether every file still is the one that was written, by stats alone."""
    try:
        return all(Fingerprint.of((base / name).lstat()) == file_record.fingerprint for name, file_record in kept.items())
    except OSError:
        return False


def _wrong(file: Path, kept: FileRecord, *, hashed: bool) -> str:
    try:
        looked = file.lstat()
        wrong = _strange_file(looked, kept.fingerprint)
        if not wrong and hashed and _sha256(file) != kept.sha256:
            wrong = tr("does not hold what was written")
    except FileNotFoundError:
        wrong = tr("is missing")
    except OSError as error:
        wrong = tr("cannot be read: {reason}", reason=error.strerror or error)
    return wrong


def _strange_file(looked: os.stat_result, kept: Fingerprint) -> str:
    wrong = ""
    if not stat.S_ISREG(looked.st_mode):
        wrong = tr("is no regular file")
    elif system.is_others(looked):
        wrong = tr("belongs to somebody else")
    elif looked.st_size != kept.size:
        wrong = tr("has {is_size} bytes and was written with {size}", is_size=looked.st_size, size=kept.size)
    elif Fingerprint.of(looked) != kept:
        wrong = tr("was written by something else, or carried here")
    return wrong


def _strange_folder(base: Path) -> str:
    """Describe what is wrong with the folders that lead to the files."""
    for folder in (base.parent, base, base.with_name(STATE)):
        try:
            looked = folder.lstat()
        except OSError as error:
            return tr("the index folder {name} cannot be looked at: {reason}", name=folder.name, reason=error.strerror or error)
        if not stat.S_ISDIR(looked.st_mode):
            return tr("the index folder {name} is a link or no folder", name=folder.name)
        if system.is_others(looked):
            return tr("the index folder {name} belongs to somebody else", name=folder.name)
    return ""


def not_ours(folder: Path) -> str:
    """Describe why a folder must not be written in: a link, or somebody else's; "" where it is ours or not there."""
    try:
        looked = folder.lstat()
    except OSError:
        return ""
    if not stat.S_ISDIR(looked.st_mode):
        return tr("{folder} is a link or no folder", folder=folder)
    return tr("{folder} belongs to somebody else", folder=folder) if system.is_others(looked) else ""


def _sha256(file: Path) -> str:
    hashed = hashlib.sha256()
    for chunk in _chunks(file):
        hashed.update(chunk)
    return hashed.hexdigest()


def _chunks(file: Path) -> Iterator[bytes]:
    with file.open("rb", buffering=0) as opened:
        while chunk := opened.read(_CHUNK):
            yield chunk
