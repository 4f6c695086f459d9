"""Tables of figures that fit a number of cells: labels go on in lines of their own, columns in a table below."""

from collections.abc import Iterable, Iterator, Sequence

from archive.formats.terminal import align_right, pad, wrap
from archive.text import width


def row(label: str, beside: str, room: int, indent: str = "") -> Iterator[str]:
    """Write a label and what stands beside the end of it.

    :param room: cells of the label with its indent.
    """
    *before, last = wrap(label, room, indent, " " * (width(indent) + 2))
    yield from before
    if width(last) > room:
        yield last
        last = ""
    yield f"{pad(last, room)}{beside}".rstrip()


def longest(labels: Iterable[str], beside: int, columns: int) -> int:
    """Return the cells of a column of labels: those of the longest, or what is left beside the figures."""
    return max(1, min(max(map(width, labels), default=0), columns - beside))


def figures(heads: Sequence[str], rows: Iterable[tuple[str, Sequence[str]]], least: int, columns: int) -> Iterator[str]:
    """Write figures in columns under their heads; columns that do not fit stand in a further table below.

    :param least: cells of a column.
    """
    every = list(rows)
    cell = max([least, *map(width, heads)]) + 1
    room = longest((label for label, _ in every), min(len(heads), (columns // 2) // cell) * cell, columns)
    together = max(1, (columns - room) // cell)
    for first in range(0, len(heads), together):
        if first:
            yield ""
        part = slice(first, first + together)
        yield pad("", room) + "".join(align_right(each, cell) for each in heads[part])
        for label, values in every:
            yield from row(label, "".join(align_right(each, cell) for each in values[part]), room)
