"""A log of the commands that were given, for who names a file for it: chained by hashes, outside of the collection.

Each line is a JSON object that holds the hash of the line before it, so that a
line that is altered, put in or taken out shows at the next one. That lines are
missing at the end shows only to who kept the hash of the last one elsewhere.
"""

import hashlib
import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from archive import system
from archive.errors import CannotOpen, CannotWrite
from archive.language.messages import tr
from archive.named_tuple import NamedTuple
from archive.storage import atomic, lock
from archive.storage.outside import refuse_inside

_OWNERS_ALONE: Final = 0o600
_KEY: Final = 16  # hex digits of the hash of a collection's place


class AuditChain(NamedTuple):
    """What a log holds: how many lines, the hash of the last one, and the first line that does not follow from the one before.

    ``broken`` counts from 1; 0 where every line follows.
    """

    lines: int
    last: str
    broken: int


def append(file: Path, root: Path | None, clearance: str, arguments: Sequence[str]) -> None:
    """Write a line for a command, before it runs.

    :param root: of the collection, of which the line holds a hash; None where there is none yet.
    :param arguments: the command and what was given with it, without where the collection and keys lie.
    :raises ConflictingOptions: the file lies inside the collection.
    :raises CannotWrite: the line cannot be written.
    :raises CannotOpen: what is there is no such log.
    """
    if root is not None:
        refuse_inside(root, file, tr("the log of commands"))
    try:
        file.parent.stat()  # the lock would make it
        with lock.exclusive(file):
            before = _content(file)
            *_, last = before.splitlines() or [b""]
            number = _number(file, last) if last else 0
            line = json.dumps(
                {
                    "number": number + 1,
                    "time": datetime.now(tz=UTC).isoformat(timespec="seconds"),
                    "collection": hashlib.sha256(os.fsencode(os.path.realpath(root))).hexdigest()[:_KEY] if root else None,
                    "clearance": clearance,
                    "arguments": list(arguments),
                    "previous": _hash(last) if last else None,
                }
            )
            _write(file, f"{line}\n".encode(), is_new=not before)
    except OSError as error:
        message = tr("{path} cannot be written: {reason}", path=file, reason=error.strerror or error)
        remedy = tr("Without its line in the log no command is run; leave out --audit, or name another file.")
        raise CannotWrite(message, remedy) from error


def chain(file: Path) -> AuditChain:
    """Hold every line of a log against the one before it.

    :raises CannotOpen: it cannot be read.
    """
    try:
        lines = atomic.read_regular(file).splitlines()
    except OSError as error:
        raise CannotOpen(tr("{file} cannot be read: {reason}", file=file, reason=error.strerror or error)) from error
    previous: str | None = None
    for number, line in enumerate(lines, start=1):
        try:
            entry = json.loads(line)
            follows = (entry["number"], entry["previous"]) == (number, previous)
        except (ValueError, KeyError, TypeError, RecursionError):
            follows = False
        if not follows:
            return AuditChain(len(lines), _hash(lines[-1]), number)
        previous = _hash(line)
    return AuditChain(len(lines), previous or "", 0)


def _content(file: Path) -> bytes:
    try:
        return atomic.read_regular(file)
    except FileNotFoundError:
        return b""


def _number(file: Path, line: bytes) -> int:
    """Return the number of a line. :raises CannotOpen: it is none of ours."""
    try:
        return int(json.loads(line)["number"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        message = tr("the last line of {file} is no line of a log of commands", file=file)
        raise CannotOpen(message, tr("It is left as it is; name another file with --audit.")) from error


def _write(file: Path, line: bytes, *, is_new: bool) -> None:
    descriptor = (
        atomic.make(file, _OWNERS_ALONE)
        if is_new and not os.path.lexists(file)
        else os.open(file, os.O_WRONLY | os.O_APPEND | system.NO_LINK)
    )
    with os.fdopen(descriptor, "ab") as opened:
        opened.write(line)
        opened.flush()
        system.sync(opened.fileno())


def _hash(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()
