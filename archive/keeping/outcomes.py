"""What keepers' commands have done or found, apart from them: a search has the commands, and none of these."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Final

from archive.errors import Fault
from archive.named_tuple import NamedTuple

BAG: Final = "archive.keeping.bag"
"""Loaded by name, when the lines of a manifest are asked for."""


class Manifest(NamedTuple):
    """The sha-256 of each file that a reader of a clearance may carry away, by its path; what could not be read is not in it."""

    files: Mapping[str, str]
    faults: tuple[Fault, ...]

    def lines(self) -> Iterator[str]:
        """Yield the lines of the manifest as sha256sum and BagIt write it."""
        text: str = import_module(BAG).manifest(self.files)
        yield from text.splitlines()


class WrittenBag(NamedTuple):
    """A bag that was written: how many testimonies are in it, the sha-256 of each file, and what could not be read."""

    testimonies: int
    files: Mapping[str, str]
    faults: tuple[Fault, ...]
    is_open: bool
    """Whether others can read it, though it is not public."""


class Resealed(NamedTuple):
    """A record that was sealed or unsealed: the files that were removed, and those that are there now, its own first.

    ``was_opened``: whether sealed files were opened again and compared before the plain ones were removed.
    ``open``: the files that others can read, though they were made their owner's alone.
    """

    removed: tuple[str, ...]
    written: tuple[str, ...]
    was_opened: bool
    open: tuple[str, ...] = ()


class BackedUp(NamedTuple):
    """A sealed copy that was written: the files in it, those that are not, and whether it was opened again and compared."""

    files: tuple[str, ...]
    left_out: tuple[str, ...]
    was_opened: bool
