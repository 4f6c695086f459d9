"""The archive that comes with the program: where it lies, and that it is read in place and never written.

Its records lie inside the package, which may belong to the system; its index
lies in the person's own cache. A package that is built has the records
themselves there, a checkout a link to them.
"""

import hashlib
import os
from functools import cache
from pathlib import Path
from typing import Final

from archive import system
from archive.errors import CannotWrite, NoCollection
from archive.language.messages import tr

_FOLDER: Final = "testimonies"
_KEY: Final = 16  # hex digits of the hash of where the program lies: each installation has its own index


def place() -> Path:
    """Return the root of the shipped archive, whether it is there or not."""
    return Path(__file__).parent.parent / "collection" / "shipped"


@cache
def _real_path(folder: Path) -> str:
    """Return a path without links: where the program lies stays the same while it runs."""
    return os.path.realpath(folder)


def root() -> Path:
    """Return the root of the shipped archive.

    :raises NoCollection: this installation has none.
    """
    if not (place() / _FOLDER).is_dir():
        message = tr("this installation came without the shipped archive")
        raise NoCollection(message, tr("Install the wheel of this version, or get the records with its source."))
    return place()


def is_shipped(collection: Path) -> bool:
    """Return whether a collection is the shipped archive, read where the program lies."""
    return os.path.realpath(collection) == _real_path(place())


def index_folder() -> Path:
    """Return where the index of the shipped archive lies: in the person's cache, or where nothing can be written."""
    folder = system.cache_folder()
    if folder is None:
        return Path(os.devnull) / "index"
    key = hashlib.sha256(os.fsencode(_real_path(place()))).hexdigest()[:_KEY]
    return folder / f"shipped-{key}"


def refuse_writing(collection: Path) -> None:
    """Refuse to change the shipped archive in place.

    :raises CannotWrite: it is that.
    """
    if is_shipped(collection):
        message = tr("the archive that comes with the program is read in place and not changed")
        raise CannotWrite(message, tr("Make a copy of your own: testimony init DIR --with-shipped"))
