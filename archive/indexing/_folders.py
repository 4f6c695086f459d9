"""The folders in which an index and its state lie: their owner's alone, and nobody else's."""

from pathlib import Path
from typing import Final

from archive import system
from archive.language.messages import tr
from archive.storage import atomic, manifest

_OWNER_ONLY: Final = 0o700


def prepare(*folders: Path) -> None:
    """Make folders where they are not there, outer ones first, and shut them to others.

    :raises OSError: one is a link, somebody else's, or cannot be made.
    """
    for folder in folders:
        strange = manifest.not_ours(folder)
        if strange:
            raise PermissionError(13, tr("{strange}, so it is neither read nor written", strange=strange))
        if not folder.exists():
            folder.mkdir(mode=_OWNER_ONLY, parents=True, exist_ok=True)
            system.sync_folder(folder.parent)
        atomic.set_mode(folder, _OWNER_ONLY)
