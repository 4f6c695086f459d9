"""Editing a record in place: text put in at one or more offsets of the header, all other bytes as they were.

A record is never written through a YAML library, which would reorder and
strip. What was put in is proved by reading the new bytes again; that is the
caller's part, since it knows what should have changed.
"""

import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from archive.errors import CannotWrite


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
    for each in sorted(insertions, reverse=True):
        at = _raw(written, first, each.at)
        written = written[:at] + each.text.replace("\n", ends) + written[at:]
    return written.encode("utf-8")


def _raw(written: str, first: int, at: int) -> int:
    """Give the place in the text as it is of an offset from ``first`` that counts a line end as one character."""
    if "\r" not in written:
        return first + at
    place = first
    for _ in range(at):
        place += 2 if written.startswith("\r\n", place) else 1
    return place


def replace(file: Path, content: bytes, was: bytes | None = None) -> None:
    """Write a file beside the old one, sync it, and put it in its place; the mode is kept.

    The name beside is always the same, so that of two programs that write the
    same record one is refused.

    :param was: what the file must still hold, so that the edit of another is never lost.
    :raises CannotWrite: it cannot be written, is a link, or has changed; the old file is whole.
    """
    beside = file.with_name(f".{file.name}.new")
    try:
        mode = _mode(file)
        with beside.open("xb") as new:
            try:
                new.write(content)
                new.flush()
                os.fsync(new.fileno())
                beside.chmod(mode)
                _unchanged(file, was)
                beside.replace(file)
            except BaseException:
                beside.unlink(missing_ok=True)
                raise
    except FileExistsError as error:
        message = f"{file} is being written by another program, or one broke off"
        raise CannotWrite(message, f"If none is at work, delete {beside.name} beside it and try again.") from error
    except OSError as error:
        message = f"{file} cannot be written: {error.strerror or error}"
        raise CannotWrite(message, "The old file is whole.") from error
    with suppress(OSError):
        _sync(file.parent)


def _mode(file: Path) -> int:
    if not os.path.lexists(file):
        return 0o644
    found = file.lstat().st_mode
    if not stat.S_ISREG(found):
        message = f"{file} is no regular file"
        raise CannotWrite(message, "Links are not written through; edit the file that it leads to.")
    return stat.S_IMODE(found)


def _unchanged(file: Path, was: bytes | None) -> None:
    if was is not None and file.read_bytes() != was:
        message = f"{file} has changed since it was read"
        raise CannotWrite(message, "Nothing was written; try again on the file as it is now.")


def _sync(folder: Path) -> None:
    """Sync a folder, so that the new name outlives a power cut; not every system can."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
