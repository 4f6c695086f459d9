"""When a collection was last carried away whole or in part, as far as is known here: beside the index, never in the records.

A line a kind and clearance: what was written, on which day, and by a hash whether
the files are still those. It is lost with the index folder, and then nothing
is claimed: better once too often "no backup is known of" than once too seldom.
"""

import contextlib
import datetime as dt
import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from archive.authority.authorities import AUTHORITIES
from archive.named_tuple import NamedTuple
from archive.storage import atomic, manifest
from archive.storage.manifest import STATE
from archive.storage.paths import index_base
from archive.storage.record_files import FOLDER

BAG, SEALED_COPY = "bag", "sealed-copy"
"""The kinds that are written here; what lies in another repository git knows itself."""
_FILE: Final = "backups"
_MOST_BYTES: Final = 100_000
BESIDE: Final = ("README.md", ".gitattributes", ".gitignore")
"""Files beside the folders of a collection that belong to it."""


class Backup(NamedTuple):
    """Something that was carried away: a bag or a sealed copy, for a clearance ("" for all that lies here), on a day.

    ``files`` is the hash of the files of the collection as they were then.
    """

    kind: str
    clearance: str
    day: str
    files: str


def files_of(root: Path) -> tuple[list[str], list[str]]:
    """Return the paths of all files of a collection, relative to the root, and those that are no regular files."""
    found, left_out = list[str](), list[str]()
    for path in _walk(root):
        if path.is_symlink() or not path.is_file():
            left_out.append(path.relative_to(root).as_posix())
        elif not atomic.is_leftover(path.name):
            found.append(path.relative_to(root).as_posix())
    return sorted(found), sorted(left_out)


def _walk(root: Path) -> Iterator[Path]:
    yield from (root / name for name in BESIDE if (root / name).is_file())
    for name in (FOLDER, AUTHORITIES):
        for folder, folders, names in os.walk(root / name):
            # Hidden folders are those of an editor, of git or of the system, and no record lies in one.
            folders[:] = [each for each in folders if not each.startswith(".")]
            here = Path(folder)
            yield from (here / each for each in (*names, *folders) if each in names or (here / each).is_symlink())


def fingerprint(root: Path) -> str:
    """Return the hash of all files of a collection with their paths.

    :raises OSError: one of them cannot be read.
    """
    whole = hashlib.sha256()
    for path in files_of(root)[0]:
        whole.update(f"{path}\0{hashlib.sha256(atomic.read_regular(root / path)).hexdigest()}\n".encode(errors="surrogateescape"))
    return whole.hexdigest()


def known_backups(root: Path) -> tuple[Backup, ...]:
    """Return what is known to have been carried away, the last of each kind and clearance."""
    try:
        written = json.loads(atomic.read_regular(_file(root), _MOST_BYTES))
        backups = [Backup(*map(str, line)) for line in written]
        return tuple(backup for backup in backups if dt.date.fromisoformat(backup.day))
    except (OSError, ValueError, TypeError, RecursionError):
        return ()


def remember(root: Path, kind: str, clearance: str = "") -> None:
    """Remember that a collection was carried away today; where that cannot be written, nothing is remembered."""
    with contextlib.suppress(OSError):
        backup = Backup(kind, clearance, dt.datetime.now(tz=dt.UTC).date().isoformat(), fingerprint(root))
        others = [each for each in known_backups(root) if each[:2] != backup[:2]]
        file = _file(root)
        for folder in (file.parent.parent, file.parent):  # of folders above the last one `mkdir` takes the mode of the system
            if manifest.not_ours(folder):
                return
            folder.mkdir(mode=0o700, exist_ok=True)
        atomic.put(file, json.dumps([*others, backup], indent=1).encode(), mode=0o600)


def _file(root: Path) -> Path:
    return index_base(root) / STATE / _FILE
