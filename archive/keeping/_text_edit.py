"""Editing a record in place: text put in at one or more offsets of the header, all other bytes as they were.

A record is never written through a YAML library, which would reorder and
strip. What was put in is proved by reading the new bytes again; that is the
caller's part, since it knows what should have changed.
"""

from collections.abc import Iterable
from typing import NamedTuple


class Insertion(NamedTuple):
    """Text to put in at an offset of the header, whose lines end in a line feed here."""

    at: int
    text: str


def inserted(content: bytes, insertions: Iterable[Insertion]) -> bytes:
    """Put text into a header; it takes the line ends of the file's first line.

    :param content: a record whose header could be read: UTF-8, opened by ``---``.
    """
    written = content.decode("utf-8")
    ends = "\r\n" if written.partition("\n")[0].endswith("\r") else "\n"
    first = written.index("\n") + 1
    for insertion in sorted(insertions, reverse=True):
        at = _raw(written, first, insertion.at)
        written = written[:at] + insertion.text.replace("\n", ends) + written[at:]
    return written.encode("utf-8")


def _raw(written: str, first: int, at: int) -> int:
    """Return the place in the text as it is of an offset from ``first`` that counts a line end as one character."""
    if "\r" not in written:
        return first + at
    place = first
    for _ in range(at):
        place += 2 if written.startswith("\r\n", place) else 1
    return place
