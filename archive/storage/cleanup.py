"""Taking away what an update of an index that was cut off has left behind."""

import contextlib
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from archive.storage import atomic
from archive.storage.manifest import FileRecord
from archive.storage.paths import IndexPaths


def tidy(places: IndexPaths, files: Mapping[str, FileRecord]) -> None:
    """Take away what an update that was cut off left behind; what cannot go now goes the next time.

    Nothing of the index that the state tells of is touched, whatever else
    is there, and where a part of it is missing nothing at all, since
    another table of contents may count by then.

    :param files: those of the index that the state tells of.
    """
    kept = {places.base / name for name in files}
    if all(map(os.path.lexists, kept)):
        state = places.state.parent
        for entry in _entries(places.base, places.passages if files else places.base, state):
            if entry.parent == state:
                unknown = atomic.is_leftover(entry.name)  # the other clearances' states lie here too
            else:
                unknown = entry not in kept | {places.passages, places.authorities}
            if unknown:
                take_away(entry)


def clear(*files: Path) -> None:
    """Take away folders that stand where a file is to be written."""
    for file in files:
        if file.is_dir():
            take_away(file)


def take_away(what: Path) -> None:
    """Delete a file, or a folder with all that is in it, where that can be done."""
    with contextlib.suppress(OSError):
        if what.is_dir() and not what.is_symlink():
            shutil.rmtree(what)
        else:
            what.unlink()


def _entries(*folders: Path) -> Iterator[Path]:
    for folder in dict.fromkeys(folders):
        with contextlib.suppress(OSError):
            yield from sorted(folder.iterdir())
