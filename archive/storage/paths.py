"""Where an index lies: a folder a clearance, and the state of all files apart from both."""

from pathlib import Path
from typing import Final

from archive.named_tuple import NamedTuple
from archive.record.testimony import Clearance
from archive.storage import shipped
from archive.storage.manifest import AUTHORITIES, STATE

INDEX: Final = "index"


class IndexPaths(NamedTuple):
    """The places of one index."""

    passages: Path
    authorities: Path
    compiled: Path
    """All that the authorities hold, for every clearance, so that YAML is read only where it has changed."""
    state: Path
    writing: Path
    """There while an index is written, and after a write that was cut off."""
    lock: Path

    @property
    def base(self) -> Path:
        """The folder of the clearance, to which the names of index files are relative."""
        return self.authorities.parent


def index_base(root: Path) -> Path:
    """Return the folder of all indexes of a collection; that of the shipped archive lies in the person's cache."""
    return shipped.index_folder() if shipped.is_shipped(root) else root / INDEX


def index_paths(root: Path, clearance: Clearance) -> IndexPaths:
    """Name the places of the index of a clearance."""
    base = index_base(root)
    return IndexPaths(
        passages=base / clearance / "passages",
        authorities=base / clearance / AUTHORITIES,
        compiled=base / STATE / "authorities.compiled",
        state=base / STATE / f"{clearance}.json",
        writing=base / STATE / f"{clearance}.writing",
        lock=base / STATE / "lock",
    )
