"""What was last seen of each file: the state that tells an index fresh from stale.

Kept in ``index/state/``, never beside the public index, since it names every
file, also those that a reader may not know of.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from archive import __version__, safekeeping
from archive.authority import authority_files
from archive.folder import Fingerprint, Survey, code_of
from archive.manifest import Kept

FORMAT: Final = 8
"""Raised when what an index stores, or how text is analysed, changes: older indexes are then rebuilt."""


class Holding(NamedTuple):
    """One file: its fingerprint and hash, whether it went into the index, and the codes that it names.

    ``hidden``: it has faults, but says that this clearance may not read it, and
    so is not counted; ``withdrawn``: after it had been public, which is told.
    """

    fingerprint: Fingerprint
    sha256: str
    readable: bool
    faulty: bool
    points: tuple[str, ...]
    hidden: bool = False
    withdrawn: bool = False


class State(NamedTuple):
    """All files at the time of the last update, the authorities, and the index's generation and files."""

    made_by: str
    generation: str
    authorities: Mapping[str, Fingerprint]
    holdings: Mapping[str, Holding]
    refused: int
    files: Mapping[str, Kept] = MappingProxyType({})

    @property
    def unreadable(self) -> int:
        """Count the files that nobody could read."""
        return self.refused + sum(each.faulty and not each.hidden for each in self.holdings.values())

    @property
    def readable(self) -> int:
        """Count the records that went into the index."""
        return sum(each.readable for each in self.holdings.values())

    @property
    def withdrawn(self) -> frozenset[str]:
        """Give the codes of the records that were withdrawn after they had been public."""
        return frozenset(code_of(path) for path, each in self.holdings.items() if each.withdrawn)


NOTHING: Final = State("", "", {}, {}, 0)


def maker() -> str:
    """Give what an index must have been made by to be used: the format and the program's version."""
    return f"{FORMAT}/{__version__}"


def seen_authorities(root: Path) -> dict[str, Fingerprint]:
    """Give the fingerprint of each authority file that is in force, whichever way the root was named."""
    found = {}
    for name, file in authority_files(root).items():
        try:
            looked = file.stat()
        except OSError:
            continue
        whose = "own" if file.parent.parent == root else "shipped"
        found[f"{whose}/{name}"] = Fingerprint.of(looked)
    return found


def load(path: Path) -> State:
    """Read the state; anything but a whole state of this version is nothing, so that all is indexed anew."""
    try:
        sha256, _, written = safekeeping.read_regular(path).partition(b"\n")
        if hashlib.sha256(written).hexdigest().encode() != sha256:
            return NOTHING
        data = json.loads(written)
        return State(
            data["made_by"],
            data["generation"],
            {name: Fingerprint(*seen) for name, seen in data["authorities"].items()},
            {
                name: Holding(Fingerprint(*fingerprint), sha256, bool(readable), bool(faulty), tuple(points), *map(bool, marks))
                for name, (fingerprint, sha256, readable, faulty, points, *marks) in data["holdings"].items()
            },
            int(data["refused"]),
            {name: Kept(Fingerprint(*fingerprint), sha256) for name, (fingerprint, sha256) in data["files"].items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return NOTHING


def save(path: Path, state: State) -> None:
    """Write the state beside the old one and put it in its place, after its own hash.

    :raises OSError: it cannot be written.
    """
    data: dict[str, Any] = {**state._asdict()}
    written = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    safekeeping.put(path, hashlib.sha256(written).hexdigest().encode() + b"\n" + written, mode=0o600)


def is_fresh(state: State, survey: Survey, root: Path) -> bool:
    """Ask whether nothing has changed since the state was written, by one walk and no reading."""
    return (
        state.made_by == maker()
        and state.refused == survey.unreadable_files()
        and len(state.holdings) == len(survey.files)
        and all(path in state.holdings and state.holdings[path].fingerprint == seen for path, seen in survey.files.items())
        and seen_authorities(root) == state.authorities
    )
