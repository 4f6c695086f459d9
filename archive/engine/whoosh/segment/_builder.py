"""A segment while it is made: columns and what is stored as they come, and the inverted fields at its end."""

import json
import zlib
from array import array
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from archive.engine.whoosh.segment.layout import MOST_DOCUMENTS

if TYPE_CHECKING:  # it brings numpy
    from archive.engine.whoosh.segment._inversion import InvertedField


class ColumnBuilder:
    """A column: each different value once, and a code for each passage."""

    def __init__(self) -> None:
        """Begin with no value."""
        self.values: dict[bytes, int] = {}
        self.codes = array("I")

    def add(self, document: int, runs: Iterable[tuple[bytes, int]]) -> None:
        """Set the values of passages, each with how many neighbours have it; those before the first that had none are empty."""
        self.fill(document)
        for value, times in runs:
            self.codes.extend((self.code(value),) * times)

    def fill(self, document: int) -> None:
        """Give the passages before this one the empty value where they have none."""
        missing = document - len(self.codes)
        if missing:
            self.codes.extend((self.code(b""),) * missing)

    def code(self, value: bytes) -> int:
        """Return the code of a value."""
        return self.values.setdefault(value, len(self.values))


class SegmentBuilder:
    """A segment in memory; ``first`` is the number of its first passage, not 0 where another is continued."""

    def __init__(self, first: int = 0) -> None:
        """Begin an empty one."""
        self.first = first
        self.documents = 0
        self.fields: dict[str, InvertedField] = {}
        self.columns: dict[str, ColumnBuilder] = {}
        self.stored = bytearray()
        self.stored_ends = array("Q")

    @property
    def room(self) -> int:
        """Describe how many passages still fit."""
        return MOST_DOCUMENTS - self.first - self.documents

    def keep(self, stored: Mapping[str, Any]) -> None:
        """Finish a passage: keep what is stored for it."""
        if stored:
            self.stored += written_stored(stored)
        self.stored_ends.append(len(self.stored))
        self.documents += 1


def written_stored(stored: Mapping[str, Any]) -> bytes:
    """Write stored fields: for each its name, kind and content, and a checksum before all."""
    parts = []
    for name, value in stored.items():
        if isinstance(value, str):
            kind, content = b"s", value.encode("utf-8", "surrogatepass")
        elif isinstance(value, bytes):
            kind, content = b"b", value
        else:
            kind, content = b"j", json.dumps(value).encode()
        written = name.encode()
        parts += [bytes([len(written)]), written, kind, len(content).to_bytes(4, "little"), content]
    body = b"".join(parts)
    return zlib.crc32(body).to_bytes(4, "little") + body
