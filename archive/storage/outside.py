"""Where a file that a person names may be written: never into the collection, and over nothing that they did not mean."""

import os
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Final

from archive import system
from archive.authority.authorities import AUTHORITIES
from archive.errors import CannotWrite, ConflictingOptions
from archive.language.messages import tr
from archive.record.testimony import PUBLIC, Clearance
from archive.storage import atomic
from archive.storage.paths import INDEX
from archive.storage.record_files import FOLDER

_KEPT: Final = (FOLDER, INDEX, AUTHORITIES)
"""The folders of a collection, in which nothing lies that was not made for them."""
_OWNERS_ALONE: Final = 0o600


class OutputFile:
    """A file that a person named for what is written for a clearance; it is checked at once, and written later.

    :param what: what is to be written, as "a dossier".
    :param force: write over what is there.
    :param is_ours: asks whether what is there is such a file as will be written.
    :raises ConflictingOptions: it lies inside a folder of the collection.
    :raises CannotWrite: something is there.
    """

    def __init__(  # noqa: PLR0913 - two by keyword alone
        self,
        root: Path,
        clearance: Clearance,
        target: Path,
        what: str,
        *,
        force: bool = False,
        is_ours: Callable[[bytes], bool] = lambda _: True,
    ) -> None:
        """Check the place."""
        refuse_inside(root, target, what)
        self.target = target
        self._was = refuse_existing(target, force=force, is_ours=is_ours)
        self._mode = None if clearance == PUBLIC else _OWNERS_ALONE

    def write(self, content: bytes) -> None:
        """Write the file whole; above public it is its owner's alone.

        :raises CannotWrite: it cannot be written, or something was put there since it was checked.
        """
        atomic.write_beside(self.target, content, new=self._was is None, was=self._was, mode=self._mode)


def refuse_inside(root: Path, target: Path, what: str) -> None:
    """Refuse a place inside a folder of the collection, by whatever name or link it is reached, and the name of a device.

    :param what: what is to be written, as "a dossier".
    :raises ConflictingOptions: it lies there, or no file can have that name.
    """
    if system.is_device(target):
        message = tr("{name} is the name of a device on this system, and no file can have it", name=target.name)
        raise ConflictingOptions(message, tr("Name another file with --output."))
    for name in _KEPT:
        if _lies_in(target, root / name):
            message = tr(
                "{what} is no record: it does not belong into {kept} or {kept2}",
                what=what,
                kept=", ".join(_KEPT[:-1]),
                kept2=_KEPT[-1],
            )
            raise ConflictingOptions(message, tr("Name another place with --output."))


def _lies_in(target: Path, folder: Path) -> bool:
    place, within = Path(os.path.realpath(target)), Path(os.path.realpath(folder))
    if _fold(place)[: len(within.parts)] == _fold(within):
        return True
    # By identity too: a disk has more ways to write one name than we know.
    return folder.exists() and any(parent.exists() and parent.samefile(folder) for parent in (place, *place.parents))


def _fold(path: Path) -> list[str]:
    """Return the parts of a path as a disk compares them that does not tell capitals from small letters."""
    return [unicodedata.normalize("NFC", part).casefold() for part in path.parts]


def refuse_existing(target: Path, *, force: bool, is_ours: Callable[[bytes], bool] = lambda _: True) -> bytes | None:
    """Refuse to write over what is there, unless that was asked for; returns what is written over.

    :param is_ours: asks whether what is there is such a file as will be written.
    :raises CannotWrite: something is there.
    """
    if not os.path.lexists(target):
        return None
    if not force:
        message = tr("{target} is there already", target=target)
        raise CannotWrite(message, tr("--force writes over it."))
    try:
        content = atomic.read_regular(target)
    except OSError as error:
        message = tr("{target} is no regular file, or cannot be read: {reason}", target=target, reason=error.strerror or error)
        raise CannotWrite(message, tr("It is not written over. Name another file.")) from error
    if not is_ours(content):
        message = tr("{target} is something else than what would be written over it", target=target)
        raise CannotWrite(message, tr("It is left as it is. Name another file, or delete it yourself."))
    return content


def is_open(clearance: Clearance, file: Path) -> bool:
    """Return whether others can read what is not public, though it was made its owner's alone."""
    return clearance != PUBLIC and atomic.is_open_to_others(file)
