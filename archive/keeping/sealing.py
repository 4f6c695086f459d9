"""Sealing a record in its folder, and unsealing it: beside, synced, renamed, and only then is the old file removed."""

import contextlib
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Any, Final

from archive import system
from archive.access import exposure, redaction
from archive.errors import CannotOpen, CannotWrite, InvalidTestimony, UnknownCode
from archive.keeping.new_record import slug
from archive.language.messages import tr
from archive.reader import read
from archive.record.testimony import CLEARANCES, Testimony
from archive.storage import atomic, encryption, lock, record_files

_MOST_BYTES: Final = 10_000_000


def seal(root: Path, code: str, to: tuple[Any, ...], identities: tuple[Any, ...] = ()) -> tuple[str, str]:
    """Encrypt a record's file as it is and remove the plain one; returns both paths.

    :param to: the recipients, from `archive.storage.encryption.recipients`.
    :param identities: with them the sealed bytes are opened again and compared first.
    :raises UnknownCode: there is no file of that code, or more than one.
    :raises CannotOpen: what was encrypted is not whole.
    :raises CannotWrite: a file could not be written or removed.
    """
    with lock.writing(root):
        return _sealed(root, code, to, identities)


def _sealed(root: Path, code: str, to: tuple[Any, ...], identities: tuple[Any, ...]) -> tuple[str, str]:
    found = record_files.survey(root)
    path = _only(found.files, code)
    found.refuse_copied(path)
    content = record_files.read_bytes(root, path)
    sealed = encryption.seal(content, to)
    if identities and encryption.unseal(sealed, identities) != content:
        message = tr("what was encrypted does not decrypt to the record")
        raise CannotOpen(message, tr("Nothing was written or removed."))
    if len(sealed) > _MOST_BYTES:
        message = tr("{path} would be larger than {most_bytes} MB when sealed", path=path, most_bytes=_MOST_BYTES // 1000000)
        raise CannotWrite(message, tr("Nothing was written or removed."))
    place = str(PurePosixPath(path).with_name(f"{code}{record_files.SEALED}"))
    _put_in_place_of(root, (place, sealed), (path, content))
    return path, place


def lost(root: Path, code: str) -> list[str]:
    """Describe what public records would lose with a record that is sealed: caveats, voices and versions that hang on it."""
    authorities = read.read_authorities(root)
    records: dict[str, Testimony] = {}
    for path in record_files.survey(root).files:
        with contextlib.suppress(OSError, InvalidTestimony):
            testimony = read.read(record_files.read_bytes(root, path), path, authorities)
            records[testimony.code] = testimony
    found = []
    for clearance in CLEARANCES:
        readable = {each for each, testimony in records.items() if redaction.may_read(testimony, clearance)}
        before = set(exposure.differences(records, readable))
        after = exposure.differences(records, readable - {code})
        found += [
            tr("{each}, at clearance {clearance}: {said}", each=each, clearance=clearance, said=said)
            for each, said in after
            if (each, said) not in before
        ]
    return found


def unseal(root: Path, code: str, identities: tuple[Any, ...]) -> tuple[str, str]:
    """Decrypt a sealed record into a plain file, named anew from its title; returns both paths.

    :raises UnknownCode: no file of that code is sealed.
    :raises CannotOpen: the identities do not open it.
    :raises CannotWrite: a file could not be written or removed.
    """
    with lock.writing(root):
        return _unsealed(root, code, identities)


def _unsealed(root: Path, code: str, identities: tuple[Any, ...]) -> tuple[str, str]:
    found = record_files.survey(root)
    path = _only(found.sealed, code)
    sealed = record_files.read_bytes(root, path)
    content = encryption.unseal(sealed, identities)
    try:
        name = slug(read.read(content, path, read.read_authorities(root)).title)
    except InvalidTestimony:
        name = "unsealed"  # it was sealed with its faults; `check` names them once it lies open
    place = str(PurePosixPath(path).with_name(f"{code}-{name}.md"))
    _put_in_place_of(root, (place, content), (path, sealed))
    return path, place


def _only(files: Iterable[str], code: str) -> str:
    found = [path for path in files if record_files.code_of(path) == code]
    if len(found) != 1:
        message = tr("there is no single file of {code} that this can be done to", code=code)
        raise UnknownCode(message, tr("`testimony check` names the files of a code."))
    return found[0]


def _put_in_place_of(root: Path, new: tuple[str, bytes], old: tuple[str, bytes]) -> None:
    # Who keeps a record sealed keeps it from others: what comes of it is its owner's alone.
    atomic.write_beside(root / new[0], new[1], new=True, mode=0o600)
    try:
        if record_files.read_bytes(root, new[0]) == new[1] and record_files.read_bytes(root, old[0]) == old[1]:
            (root / old[0]).unlink()
            system.sync_folder((root / old[0]).parent)
            return
        reason = tr("it was changed in the meantime")
    except OSError as error:
        reason = error.strerror or str(error)
    if (root / old[0]).exists():
        (root / new[0]).unlink(missing_ok=True)
    message = tr("{old} could not be removed: {reason}", old=old[0], reason=reason)
    raise CannotWrite(message, tr("It was left as it is."))
