"""The table of contents of an index, and what it says of each segment: JSON with a checksum, no pickle."""

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from archive.errors import refuse_index

FORMAT: Final = 1


class SegmentInfo(NamedTuple):
    """A segment: its passages, holes in their numbers among them, and the total length of each field without those."""

    name: str
    documents: int
    holes: tuple[tuple[int, int], ...] = ()
    totals: Mapping[str, int] = {}

    @property
    def missing(self) -> int:
        """Count the passages that were taken out."""
        return sum(end - start for start, end in self.holes)


class TableOfContents(NamedTuple):
    """The segments of a generation."""

    generation: int
    segments: tuple[SegmentInfo, ...] = ()


def written(catalogue: TableOfContents) -> bytes:
    """Write a table of contents: one line of JSON, and its checksum."""
    data = {
        "format": FORMAT,
        "generation": catalogue.generation,
        "segments": [segment._asdict() for segment in catalogue.segments],
    }
    line = json.dumps(data, separators=(",", ":")).encode() + b"\n"
    return line + b"%08x\n" % zlib.crc32(line)


def read(content: bytes) -> TableOfContents:
    """Read what `written` wrote.

    :raises DamagedIndex: it is anything else.
    """
    line, _, checksum = content.partition(b"\n")
    if checksum != b"%08x\n" % zlib.crc32(line + b"\n"):
        refuse_index("the table of contents")
    try:
        data = json.loads(line)
        if data["format"] != FORMAT:
            refuse_index("the table of contents is of another version")
        return TableOfContents(int(data["generation"]), tuple(map(_entry, data["segments"])))
    except (ValueError, KeyError, TypeError) as error:
        refuse_index("the table of contents", error)


def _entry(data: Mapping[str, Any]) -> SegmentInfo:
    holes = tuple((int(start), int(end)) for start, end in data["holes"])
    totals = {str(name): int(total) for name, total in data["totals"].items()}
    return SegmentInfo(str(data["name"]), int(data["documents"]), holes, totals)


def deleted_docs(holes: Iterable[tuple[int, int]]) -> Iterator[int]:
    """Yield the number of every passage that was taken out."""
    for start, end in holes:
        yield from range(start, end)
