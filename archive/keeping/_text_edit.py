"""Editing a record in place: text put in or exchanged at one or more offsets, all other bytes as they were.

A record is never written through a YAML library, which would reorder and
strip. What was put in is proved by reading the new bytes again; that is the
caller's part, since it knows what should have changed.
"""

from collections.abc import Iterable

from archive.named_tuple import NamedTuple


class TextEdit(NamedTuple):
    """Text to put in at an offset, in the place of ``length`` characters.

    Offsets count from the beginning of the header, whose lines end in a line feed here (`in_body`).
    """

    at: int
    text: str
    length: int = 0


def in_body(header: str, at: int) -> int:
    """Return the offset of a place in the body: it comes after the header and the line that closes it."""
    return len(header) + len("\n---\n") + at


def apply(content: bytes, edits: Iterable[TextEdit]) -> bytes:
    """Make edits, none of which touches another; what is put in takes the line ends of the file's first line.

    :param content: a record whose header could be read: UTF-8, opened by ``---``.
    """
    written = content.decode("utf-8")
    ends = "\r\n" if written.partition("\n")[0].endswith("\r") else "\n"
    first = written.index("\n") + 1
    for edit in sorted(edits, reverse=True):
        at, end = _raw(written, first, edit.at), _raw(written, first, edit.at + edit.length)
        written = written[:at] + edit.text.replace("\n", ends) + written[end:]
    return written.encode("utf-8")


def _raw(written: str, first: int, at: int) -> int:
    """Return the place in the text as it is of an offset from ``first`` that counts a line end as one character."""
    if "\r" not in written:
        return first + at
    place = first
    for _ in range(at):
        place += 2 if written.startswith("\r\n", place) else 1
    return place
