"""The file of the Hangul word processor since 2000 (.hwp 5): a compound file with streams of records.

What is opened is a signed head, the streams of the text and what they say of
their paragraphs; pictures, scripts, properties and earlier versions are not.
Runs in a child process with limits.
"""

import io
import re
import struct
import zlib
from collections.abc import Iterator, Sequence
from typing import Final

import olefile

from archive.documents.model import RefusedFile
from archive.language.messages import mark
from archive.named_tuple import NamedTuple

MOST_BYTES: Final = 200_000_000
"""Of all streams that are read, unfolded."""
MOST_RECORDS: Final = 2_000_000
MOST_LEVELS: Final = 100

PARAGRAPH, WORDS, LETTERS, CONTROL, LIST, SHAPE, TABLE = 66, 67, 68, 71, 72, 76, 77
EQUATION, TEXT_ART, FORM, REMARKS = 88, 90, 91, 93
_PROPERTIES, _LETTER_SHAPE, _PARAGRAPH_SHAPE, _TRACKED_CHANGE = 16, 21, 25, 96
_KEPT: Final = frozenset({PARAGRAPH, WORDS, LETTERS, CONTROL, LIST, SHAPE, TABLE, EQUATION, TEXT_ART, FORM, REMARKS})
"""Kinds of records, by their numbers: those of a section that hold words, or say where they stand."""

_OF_LETTERS: Final = 46
"""Where the properties of a shape of letters stand in its record."""
_SIGNATURE: Final = b"HWP Document File"
_OLD: Final = b"HWP Document File V"
_HEAD: Final = 40
_MAJOR: Final = 5
_COMPRESSED, _DISTRIBUTED, _TRACKS = 1 << 0, 1 << 2, 1 << 14
_LOCKED: Final = 1 << 1 | 1 << 4 | 1 << 8 | 1 << 10
"""By a password, by rights, or by a certificate."""
_SECTION: Final = re.compile(r"Section([0-9]{1,4})")
_CHUNK: Final = 1 << 20
_LONG: Final = 0xFFF

DAMAGED: Final = mark("it is damaged: its text cannot be read to the end")
CHANGES: Final = mark("it has tracked changes, which are read of a .hwpx alone")


class HangulRecord(NamedTuple):
    """A record: its kind, how deep it lies, and its bytes."""

    kind: int
    level: int
    data: bytes


class HangulFile(NamedTuple):
    """The records of each section that hold words or their places, and the properties of shapes: of paragraphs the first."""

    sections: tuple[tuple[HangulRecord, ...], ...]
    shapes: tuple[int, ...]
    letter_shapes: tuple[int, ...]


def open_file(content: bytes) -> HangulFile:
    """Return what is read of a file.

    :raises RefusedFile: it is damaged, encrypted, too large, of an older form, or no file of this program.
    """
    if content.startswith(_OLD):
        raise RefusedFile(mark("it is of an old Hangul word processor (version 3 or before)"))
    if not content.startswith(olefile.MAGIC):
        raise RefusedFile(mark("it is no file of the Hangul word processor"))
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as compound:
            return _read(compound)
    except RefusedFile:
        raise
    except (OSError, ValueError, IndexError, struct.error, zlib.error, MemoryError, RecursionError, UnicodeError) as error:
        raise RefusedFile(DAMAGED) from error


def _read(compound: olefile.OleFileIO) -> HangulFile:
    flags = _flags(_stream(compound, "FileHeader"))
    unfolding = _Unfolding(compressed=bool(flags & _COMPRESSED))
    properties = list(_records(unfolding.of(_stream(compound, "DocInfo"))))
    if flags & _TRACKS or any(record.kind == _TRACKED_CHANGE for record in properties):
        raise RefusedFile(CHANGES)
    numbers = sorted(
        int(found[1])
        for folder, *name in compound.listdir()
        if folder == "BodyText" and len(name) == 1 and (found := _SECTION.fullmatch(name[0]))
    )
    said = next((struct.unpack_from("<H", record.data)[0] for record in properties if record.kind == _PROPERTIES), 0)
    if not numbers or numbers != list(range(said)):
        raise RefusedFile(DAMAGED)
    sections = tuple(
        tuple(record for record in _records(unfolding.of(_stream(compound, f"BodyText/Section{number}"))) if record.kind in _KEPT)
        for number in numbers
    )
    shapes = tuple(struct.unpack_from("<I", record.data)[0] for record in properties if record.kind == _PARAGRAPH_SHAPE)
    letters = tuple(
        struct.unpack_from("<I", record.data, _OF_LETTERS)[0] for record in properties if record.kind == _LETTER_SHAPE
    )
    return HangulFile(sections, shapes, letters)


def _flags(head: bytes) -> int:
    """Return what the head of a file says of it.

    :raises RefusedFile: it is none that is read.
    """
    if not head.startswith(_SIGNATURE) or len(head) < _HEAD:
        raise RefusedFile(mark("it is no file of the Hangul word processor"))
    version, flags = struct.unpack_from("<II", head, 32)
    if version >> 24 != _MAJOR:
        raise RefusedFile(mark("it is of a version of the Hangul word processor that is not known here"))
    if flags & _LOCKED:
        raise RefusedFile(mark("it needs a password"))
    if flags & _DISTRIBUTED:
        raise RefusedFile(mark("it is locked for distribution"))
    return int(flags)


def _stream(compound: olefile.OleFileIO, name: str) -> bytes:
    if not compound.exists(name) or compound.get_type(name) != olefile.STGTY_STREAM:
        raise RefusedFile(mark("it is no file of the Hangul word processor") if name == "FileHeader" else DAMAGED)
    with compound.openstream(name) as stream:
        content: bytes = stream.read()
    return content


class _Unfolding:
    """Streams as they were before they were compressed, counted over all of a file."""

    def __init__(self, *, compressed: bool) -> None:
        self._compressed = compressed
        self._left = MOST_BYTES
        self.records = 0

    def of(self, stream: bytes) -> bytes:
        """Return the bytes of a stream.

        :raises RefusedFile: all streams together are too large, or this one does not come to its end.
        """
        if not self._compressed:
            return self._count(stream)
        unpacking, given = zlib.decompressobj(-zlib.MAX_WBITS), stream
        pieces = []
        while given and not unpacking.eof:
            pieces.append(self._count(unpacking.decompress(given, _CHUNK)))
            given = unpacking.unconsumed_tail
        if not unpacking.eof:
            raise RefusedFile(DAMAGED)
        return b"".join(pieces)

    def _count(self, content: bytes) -> bytes:
        self._left -= len(content)
        if self._left < 0:
            raise RefusedFile(mark("it unfolds to more than 200 MB"))
        return content


def _records(stream: bytes) -> Iterator[HangulRecord]:
    """Yield the records of a stream.

    :raises RefusedFile: one ends behind the stream, or there are too many.
    """
    at = count = 0
    while at < len(stream):
        head = struct.unpack_from("<I", stream, at)[0]
        at += 4
        size = head >> 20
        if size == _LONG:
            size = struct.unpack_from("<I", stream, at)[0]
            at += 4
        count += 1
        if at + size > len(stream) or count > MOST_RECORDS:
            raise RefusedFile(DAMAGED)
        yield HangulRecord(head & 0x3FF, head >> 10 & 0x3FF, stream[at : at + size])
        at += size


def string_at(data: bytes, at: int) -> tuple[str, int]:
    """Return the words at a place in a record, which begin with how many there are, and the place behind them.

    :raises RefusedFile: they end behind the record.
    """
    if at + 2 > len(data):
        raise RefusedFile(DAMAGED)
    end = at + 2 + 2 * int(struct.unpack_from("<H", data, at)[0])
    if end > len(data):
        raise RefusedFile(DAMAGED)
    return data[at + 2 : end].decode("utf-16-le", "replace"), end


def units(data: bytes) -> Sequence[int]:
    """Return the units of the words of a paragraph.

    :raises RefusedFile: the last one is not whole.
    """
    if len(data) % 2:
        raise RefusedFile(DAMAGED)
    return struct.unpack(f"<{len(data) // 2}H", data)
