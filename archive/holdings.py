"""What was last seen of each file: the state that tells an index fresh from stale.

Kept in ``index/state/``, never beside the public index, since it names every
file, also those that a reader may not know of.
"""

import contextlib
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from archive import __version__, safekeeping
from archive.authority import authority_files
from archive.folder import COARSE, TICK, Fingerprint, Survey, code_of, read_bytes
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
    """All files at the time of the last update, the authorities, and the index's generation and files.

    ``moment`` is before anything was looked at, in nanoseconds by the clock of
    the disk: what has been saved since has a later time.
    """

    made_by: str
    generation: str
    authorities: Mapping[str, Kept]
    holdings: Mapping[str, Holding]
    refused: int
    moment: int
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


NOTHING: Final = State("", "", {}, {}, 0, 0)


def maker() -> str:
    """Give what an index must have been made by to be used: the format and the program's version."""
    return f"{FORMAT}/{__version__}"


def authorities(root: Path) -> dict[str, Kept]:
    """Give the fingerprint and the hash of each authority file that is in force; they are few, and always hashed."""
    found = {}
    for whose, (file, fingerprint) in _authority_files(root).items():
        found[whose] = Kept(fingerprint, _hash(safekeeping.read_regular, file.resolve()))
    return found


def _authority_files(root: Path) -> dict[str, tuple[Path, Fingerprint]]:
    """Name them whichever way the root was named."""
    found = {}
    for name, file in authority_files(root).items():
        with contextlib.suppress(OSError):
            whose = "own" if file.parent.parent == root else "shipped"
            found[f"{whose}/{name}"] = file, Fingerprint.of(file.stat())
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
            _kept(data["authorities"]),
            {
                name: Holding(Fingerprint(*fingerprint), sha256, bool(readable), bool(faulty), tuple(points), *map(bool, marks))
                for name, (fingerprint, sha256, readable, faulty, points, *marks) in data["holdings"].items()
            },
            int(data["refused"]),
            int(data["moment"]),
            _kept(data["files"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return NOTHING


def _kept(written: Mapping[str, Any]) -> dict[str, Kept]:
    return {name: Kept(Fingerprint(*fingerprint), sha256) for name, (fingerprint, sha256) in written.items()}


def save(path: Path, state: State) -> None:
    """Write the state beside the old one and put it in its place, after its own hash.

    :raises OSError: it cannot be written.
    """
    data: dict[str, Any] = {**state._asdict()}
    written = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    safekeeping.put(path, hashlib.sha256(written).hexdigest().encode() + b"\n" + written, mode=0o600)


def is_fresh(state: State, survey: Survey, root: Path) -> bool:
    """Ask whether nothing has changed since the state was written, by one walk, and hardly any reading.

    What was saved within one step of the clock before the look is hashed. On
    the usual disks that is nothing, since an update waits for such a step; where
    the clock knows whole seconds alone it is what was saved in the last two of
    them, some files at most (`archive.folder.settled`). All of a collection that
    was just copied is not: on the usual disks no two saves share a time.
    """
    seen = _authority_files(root)
    return (
        state.made_by == maker()
        and state.refused == survey.unreadable_files()
        and len(state.holdings) == len(survey.files)
        and all(path in state.holdings and state.holdings[path].fingerprint == seen for path, seen in survey.files.items())
        and {name: each.fingerprint for name, each in state.authorities.items()} == {name: each[1] for name, each in seen.items()}
        and all(
            _hash(read_bytes, root, path) == state.holdings[path].sha256
            for path in in_doubt(state.holdings, state.moment, coarse=True)
        )
        and all(
            _hash(safekeeping.read_regular, seen[name][0].resolve()) == state.authorities[name].sha256
            for name in in_doubt(state.authorities, state.moment, coarse=True)
        )
    )


def in_doubt(looked_at: Mapping[str, Holding] | Mapping[str, Kept], moment: int, *, coarse: bool = False) -> Iterator[str]:
    """Name the files that could have been saved again after a look without their times showing it.

    :param moment: of the look, or before it.
    :param coarse: take the step of a clock for two seconds only where the times are such as a coarse one gives.
    """
    since = moment - int(COARSE * 1_000_000_000)
    for name, each in looked_at.items():
        seen = each.fingerprint
        # The first two say for nearly all, and at once: this is asked at every opening.
        if (seen.changed > since or seen.modified > since) and (not coarse or seen.is_coarse() or seen.may_hide(moment, TICK)):
            yield name


def _hash(read: Callable[..., bytes], *where: Path | str) -> str:
    try:
        return hashlib.sha256(read(*where)).hexdigest()
    except OSError:
        return ""
