"""A file of named sections: bytes one after the other, and at the end a directory of them in JSON.

Every part that is read is checked: the directory and small sections by their
checksum, single blocks by one of their own. What does not fit is damage.
"""

import json
import struct
import sys
import zlib
from array import array
from collections.abc import Iterable, Mapping
from typing import Any, Final, Protocol

from archive.errors import refuse_index

_MAGIC: Final = b"TAp1"
_END: Final = struct.Struct("<II4s")  # length of the directory, its checksum, the magic again
_ALIGNED: Final = 8

Bytes = bytes | bytearray | memoryview


class File(Protocol):
    """What is asked of a file that is written."""

    def write(self, content: Any, /) -> Any:  # noqa: ANN401 - as of any file
        """Write bytes."""


class SectionWriter:
    """Writes sections in turn, then the directory."""

    def __init__(self, file: File) -> None:
        """Begin the file."""
        self._file = file
        self._at = 0
        self._directory: dict[str, tuple[int, int, int]] = {}
        self._put(_MAGIC)

    def _put(self, content: Bytes) -> None:
        self._file.write(content)
        self._at += len(content)

    def add(self, name: str, content: "Bytes | array[int]", *, checked: bool = True) -> None:
        """Write a section. Only a checked one has a checksum; the blocks of the others have their own."""
        whole = content.tobytes() if isinstance(content, array) else content
        self.add_parts(name, (whole,), checked=checked)

    def add_parts(self, name: str, parts: Iterable[Bytes], *, checked: bool = False) -> None:
        """Write a section in parts."""
        self._put(bytes(-self._at % _ALIGNED))
        start, checksum = self._at, 0
        for part in parts:
            if checked:
                checksum = zlib.crc32(part, checksum)
            self._put(part)
        self._directory[name] = (start, self._at - start, checksum if checked else -1)

    def finish(self, **properties: Any) -> None:  # noqa: ANN401 - plain data
        """Write the directory, with further properties."""
        directory = {"order": sys.byteorder, "sections": self._directory, **properties}
        content = json.dumps(directory, ensure_ascii=False, separators=(",", ":")).encode()
        self._put(content)
        self._put(_END.pack(len(content), zlib.crc32(content), _MAGIC))


class Sections:
    """Reads such a file from memory; ``properties`` are what `SectionWriter.finish` was given."""

    def __init__(self, content: memoryview, name: str) -> None:
        """Read the directory.

        :raises DamagedIndex: it is not as it was written, or was written on another kind of machine.
        """
        self.name = name
        self._content = content
        self._checked: dict[str, memoryview] = {}
        self.properties = self._directory()
        self._sections: Mapping[str, tuple[int, int, int]] = self.properties["sections"]

    def _directory(self) -> dict[str, Any]:
        end = len(self._content) - _END.size
        if end < len(_MAGIC) or bytes(self._content[: len(_MAGIC)]) != _MAGIC:
            refuse_index(self.name)
        length, checksum, magic = _END.unpack(self._content[end:])
        written = self._content[max(0, end - length) : end]
        if magic != _MAGIC or length > end or zlib.crc32(written) != checksum:
            refuse_index(self.name)
        directory: dict[str, Any] = json.loads(bytes(written))
        if directory.get("order") != sys.byteorder:
            refuse_index(f"{self.name} was made on another kind of machine")
        return directory

    def __contains__(self, name: str) -> bool:
        return name in self._sections

    def raw(self, name: str) -> memoryview:
        """Return a section whose blocks have checksums of their own."""
        start, length, _ = self._sections[name]
        return self._content[start : start + length]

    def checked(self, name: str) -> memoryview:
        """Return a section, checked when it is first asked for.

        :raises DamagedIndex: it is not as it was written.
        """
        section = self._checked.get(name)
        if section is None:
            start, length, checksum = self._sections[name]
            section = self._content[start : start + length]
            if len(section) != length or zlib.crc32(section) != checksum:
                refuse_index(f"{self.name}, {name}")
            self._checked[name] = section
        return section
