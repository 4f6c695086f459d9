"""Sealing a record in its folder, and unsealing it: beside, synced, renamed, and only then is the old file removed."""

import contextlib
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, Final

from archive import system
from archive.access import exposure, redaction
from archive.errors import ArchiveError, CannotOpen, CannotWrite, InvalidTestimony, UnknownCode
from archive.keeping._new_record import slug
from archive.language.messages import tr
from archive.named_tuple import NamedTuple
from archive.reader import read
from archive.record.testimony import CLEARANCES, Testimony
from archive.storage import atomic, encryption, lock, record_files
from archive.storage.record_files import Survey

_MOST_BYTES: Final = 10_000_000


Moved = tuple[tuple[str, str], ...]
"""For each file of a record the path that it had, and the one that it has now; the record's own first."""


def seal(root: Path, code: str, to: tuple[Any, ...], identities: tuple[Any, ...] = ()) -> Moved:
    """Encrypt all files of a record as they are and remove the plain ones: its own, and its versions in other languages.

    :param to: the recipients, from `archive.storage.encryption.recipients`.
    :param identities: with them the sealed bytes are opened again and compared first.
    :raises UnknownCode: there is no file of that code, or more than one.
    :raises CannotOpen: what was encrypted is not whole.
    :raises CannotWrite: a file could not be written or removed.
    """
    with lock.writing(root):
        survey = record_files.survey(root)
        paths = _files(survey, survey.files, code)
        return _exchange(root, [_seal(root, path, to, identities) for path in paths])


def _seal(root: Path, path: str, to: tuple[Any, ...], identities: tuple[Any, ...]) -> "_Exchange":
    content = record_files.read_bytes(root, path)
    sealed = encryption.seal(content, to)
    if identities and encryption.unseal(sealed, identities) != content:
        message = tr("what was encrypted does not decrypt to the record")
        raise CannotOpen(message, tr("Nothing was written or removed."))
    if len(sealed) > _MOST_BYTES:
        message = tr("{path} would be larger than {most_bytes} MB when sealed", path=path, most_bytes=_MOST_BYTES // 1000000)
        raise CannotWrite(message, tr("Nothing was written or removed."))
    named = ".".join(filter(None, (record_files.code_of(path), record_files.language_of(path))))
    place = str(PurePosixPath(path).with_name(f"{named}{record_files.SEALED}"))
    return _Exchange(path, content, place, sealed)


def losses(root: Path, code: str) -> list[str]:
    """Describe what public records would lose with a record that is sealed: caveats, voices and versions that hang on it."""
    authorities = read.read_authorities(root)
    records: dict[str, Testimony] = {}
    for path in record_files.survey(root).files:
        with contextlib.suppress(OSError, InvalidTestimony):
            testimony = read.read(record_files.read_bytes(root, path), path, authorities)
            records[testimony.code] = testimony
    losses = []
    for clearance in CLEARANCES:
        readable = {each for each, testimony in records.items() if redaction.may_read(testimony, clearance)}
        before = set(exposure.differences(records, readable))
        after = exposure.differences(records, readable - {code})
        losses += [
            tr("{each}, at clearance {clearance}: {said}", each=each, clearance=clearance, said=said)
            for each, said in after
            if (each, said) not in before
        ]
    return losses


def unseal(root: Path, code: str, identities: tuple[Any, ...]) -> Moved:
    """Decrypt all sealed files of a record into plain ones, named anew from its title.

    :raises UnknownCode: no file of that code is sealed.
    :raises CannotOpen: the identities do not open it.
    :raises CannotWrite: a file could not be written or removed.
    """
    with lock.writing(root):
        survey = record_files.survey(root)
        paths = _files(survey, survey.sealed, code)
        sealed = {path: record_files.read_bytes(root, path) for path in paths}
        contents = {path: encryption.unseal(sealed_content, identities) for path, sealed_content in sealed.items()}
        try:
            name = slug(read.read(contents[paths[0]], paths[0], read.read_authorities(root)).title)
        except InvalidTestimony:
            name = "unsealed"  # it was sealed with its faults; `check` names them once it lies open
        exchanges = []
        for path, content in contents.items():
            named = ".".join(filter(None, (f"{code}-{name}", record_files.language_of(path))))
            exchanges.append(_Exchange(path, sealed[path], str(PurePosixPath(path).with_name(f"{named}.md")), content))
        return _exchange(root, exchanges)


def sealed_codes(root: Path) -> list[str]:
    """Return the codes of all sealed records, in order.

    :raises UnknownCode: there is none.
    """
    codes = sorted({record_files.code_of(path) for path in record_files.survey(root).sealed})
    if not codes:
        raise UnknownCode(tr("no record is sealed"), tr("`testimony seal CODE` seals one."))
    return codes


def reseal(root: Path, code: str, to: tuple[Any, ...], identities: tuple[Any, ...]) -> tuple[tuple[str, ...], bool]:
    """Encrypt all sealed files of a record anew, for other recipients; nothing of it is ever plain on a disk.

    :return: the files, and whether these identities open them still.
    :raises UnknownCode: no file of that code is sealed.
    :raises CannotOpen: the identities do not open one of them; nothing is written.
    :raises CannotWrite: a file could not be written.
    """
    with lock.writing(root):
        survey = record_files.survey(root)
        paths = _files(survey, survey.sealed, code)
        were = {path: record_files.read_bytes(root, path) for path in paths}
        anew = {path: encryption.seal(encryption.unseal(was, identities), to) for path, was in were.items()}
        for path, content in anew.items():
            atomic.write_beside(root / path, content, new=False, was=were[path], mode=0o600)
        opens = True
        for content in anew.values():
            try:
                encryption.unseal(content, identities)
            except CannotOpen:
                opens = False
        return paths, opens


def _files(survey: Survey, files: Iterable[str], code: str) -> tuple[str, ...]:
    """Return the files of a code, its own first.

    :raises UnknownCode: there is no single one of its own, or two versions of it are in one language.
    :raises CannotWrite: a copy of one lies here, or a version of it that is sealed where it is not, or the other way round.
    """
    own = [path for path in files if record_files.code_of(path) == code]
    paths = (*own, *survey.versions_of(code))
    languages = [record_files.language_of(path) for path in paths]
    if len(own) != 1 or len(set(languages)) != len(languages):
        message = tr("there is no single file of {code} that this can be done to", code=code)
        raise UnknownCode(message, tr("`testimony check` names the files of a code."))
    for path in paths:
        survey.refuse_copied(path)
    for fault in survey.faults:
        if record_files.code_of(fault.path) == code:
            message = tr("{path} belongs to {code} too, and {message}", path=fault.path, code=code, message=fault.message)
            raise CannotWrite(message, tr("Nothing was written or removed; take it away, or mend it, first."))
    return paths


class _Exchange(NamedTuple):
    """A file, and the one that takes its place."""

    old: str
    was: bytes
    new: str
    content: bytes


def _exchange(root: Path, exchanges: Sequence[_Exchange]) -> Moved:
    """Write all new files beside the old ones, and only then remove these.

    The record's own goes last: while it lies here beside the new one, neither is read, nor is a version of it.
    """
    try:
        for exchange in exchanges:
            # Who keeps a record sealed keeps it from others: what comes of it is its owner's alone.
            atomic.write_beside(root / exchange.new, exchange.content, new=True, mode=0o600)
        _remove(root, exchanges)
    except (OSError, ArchiveError):
        if all((root / exchange.old).exists() for exchange in exchanges):
            for exchange in exchanges:
                _take_back(root, exchange)
        raise
    return tuple((exchange.old, exchange.new) for exchange in exchanges)


def _take_back(root: Path, exchange: _Exchange) -> None:
    """Remove a new file, where it is the one that was written here."""
    with contextlib.suppress(OSError):
        if record_files.read_bytes(root, exchange.new) == exchange.content:
            (root / exchange.new).unlink()


def _remove(root: Path, exchanges: Sequence[_Exchange]) -> None:
    """Remove the old files, of which each is as it was when it was read.

    :raises CannotWrite: one is not, or cannot be removed.
    """
    for exchange in reversed(exchanges):
        try:
            same = (
                record_files.read_bytes(root, exchange.new) == exchange.content
                and record_files.read_bytes(root, exchange.old) == exchange.was
            )
            reason = "" if same else tr("it was changed in the meantime")
            if same:
                (root / exchange.old).unlink()
                system.sync_folder((root / exchange.old).parent)
        except OSError as error:
            reason = error.strerror or str(error)
        if reason:
            message = tr("{old} could not be removed: {reason}", old=exchange.old, reason=reason)
            raise CannotWrite(message, tr("It was left as it is."))
