"""Where an index lies: a folder a clearance, and the state of all files apart from both."""

from pathlib import Path
from typing import Final, NamedTuple

from archive.testimony import Clearance

INDEX: Final = "index"


class Shelf(NamedTuple):
    """The places of one index."""

    passages: Path
    authorities: Path
    state: Path
    lock: Path


def shelf(root: Path, clearance: Clearance) -> Shelf:
    """Name the places of the index of a clearance."""
    base = root / INDEX
    return Shelf(
        base / clearance / "passages",
        base / clearance / "authorities.json",
        base / "state" / f"{clearance}.json",
        base / "state" / "lock",
    )
