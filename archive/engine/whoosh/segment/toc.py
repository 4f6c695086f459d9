"""The table of contents of an index, and what it says of each segment: JSON with a checksum, no pickle."""

import json
import zlib
from typing import Final

from archive.errors import refuse_index
from archive.named_tuple import NamedTuple

FORMAT: Final = 2


class SegmentInfo(NamedTuple):
    """A segment, and how many passages it has."""

    name: str
    documents: int


class TableOfContents(NamedTuple):
    """The segments of a generation."""

    generation: int
    segments: tuple[SegmentInfo, ...] = ()


def to_bytes(catalogue: TableOfContents) -> bytes:
    """Write a table of contents: one line of JSON, and its checksum."""
    data = {
        "format": FORMAT,
        "generation": catalogue.generation,
        "segments": [segment._asdict() for segment in catalogue.segments],
    }
    line = json.dumps(data, separators=(",", ":")).encode() + b"\n"
    return line + b"%08x\n" % zlib.crc32(line)


def read(content: bytes) -> TableOfContents:
    """Read what `to_bytes` wrote.

    :raises DamagedIndex: it is anything else.
    """
    line, _, checksum = content.partition(b"\n")
    if checksum != b"%08x\n" % zlib.crc32(line + b"\n"):
        refuse_index("the table of contents")
    try:
        data = json.loads(line)
        if data["format"] != FORMAT:
            refuse_index("the table of contents is of another version")
        segments = tuple(SegmentInfo(str(each["name"]), int(each["documents"])) for each in data["segments"])
        return TableOfContents(int(data["generation"]), segments)
    except (ValueError, KeyError, TypeError) as error:
        refuse_index("the table of contents", error)
