"""A file of named sections: bytes one after the other, and at the end a directory of them in JSON.

Every part that is read is checked: the directory by its checksum, a section in
pieces of `PIECE` bytes, whose checksums stand behind it. What does not fit is
damage.

    section │ its bytes … │ CRC-32 of each piece, four bytes each │
    directory: where it begins, how long it is, the CRC-32 of those checksums
"""

import json
import struct
import sys
import zlib
from typing import Any, Final

from archive.errors import refuse_index

MAGIC: Final = b"TAp1"
END: Final = struct.Struct("<II4s")  # length of the directory, its checksum, the magic again
ALIGNED: Final = 8
PIECE: Final = 2048
"""Bytes of a section that are checked together: so many are read where one of them is asked for."""


class Sections:
    """Reads such a file from memory; ``properties`` are what the directory says besides."""

    def __init__(self, content: memoryview, name: str) -> None:
        """Read the directory.

        :raises DamagedIndex: it is not as it was written, or was written on another kind of machine.
        """
        self.name = name
        self._content = content
        self._opened: dict[str, tuple[memoryview, memoryview, bytearray]] = {}
        self.properties = self._directory()
        self._sections: dict[str, tuple[int, int, int]] = self.properties["sections"]

    def _directory(self) -> dict[str, Any]:
        end = len(self._content) - END.size
        if end < len(MAGIC) or bytes(self._content[: len(MAGIC)]) != MAGIC:
            refuse_index(self.name)
        length, checksum, magic = END.unpack(self._content[end:])
        written = self._content[max(0, end - length) : end]
        if magic != MAGIC or length > end or zlib.crc32(written) != checksum:
            refuse_index(self.name)
        directory: dict[str, Any] = json.loads(bytes(written))
        if directory.get("order") != sys.byteorder:
            refuse_index(f"{self.name} was made on another kind of machine")
        return directory

    def __contains__(self, name: str) -> bool:
        return name in self._sections

    def length(self, name: str) -> int:
        """Return how many bytes a section has."""
        return self._sections[name][1]

    def part(self, name: str, start: int, end: int) -> memoryview:
        """Return some bytes of a section, whose pieces are checked when they are first asked for.

        :raises DamagedIndex: they are not as they were written.
        """
        opened = self._opened.get(name)
        if opened is None:
            opened = self._opened[name] = self._open(name)
        content, checksums, is_checked = opened
        if not 0 <= start <= end <= len(content):
            refuse_index(f"{self.name}, {name}")
        for piece in range(start // PIECE, -(-end // PIECE)):
            if not is_checked[piece]:
                if zlib.crc32(content[piece * PIECE : (piece + 1) * PIECE]) != checksums[piece]:
                    refuse_index(f"{self.name}, {name}")
                is_checked[piece] = 1
        return content[start:end]

    def _open(self, name: str) -> tuple[memoryview, memoryview, bytearray]:
        """Return a section, the checksums of its pieces, and a byte for each that says whether it was checked."""
        start, length, checksum = self._sections[name]
        pieces = -(-length // PIECE)
        checksums = self._content[start + length : start + length + 4 * pieces]
        if len(checksums) != 4 * pieces or zlib.crc32(checksums) != checksum:
            refuse_index(f"{self.name}, {name}")
        return self._content[start : start + length], checksums.cast("I"), bytearray(pieces)

    def check(self, name: str) -> memoryview:
        """Return a whole section, checked as `part` does."""
        return self.part(name, 0, self.length(name))
