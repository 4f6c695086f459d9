"""Foreign files read in the process of the tests: one of its own for each takes ten times as long as to read a small file.

That each is read in a process of its own, with limits and without a net, is held by `tests/documents`, where this is not done.
"""

import contextlib
import json
import warnings
from collections.abc import Iterator, Sequence
from unittest import mock

from archive.documents import _child, reading
from archive.documents.model import RefusedFile

_REALLY = reading.run
_APART = frozenset({"run", "template"})
"""Another program, and what may go on for ever."""


def _run(task: str, arguments: Sequence[str], content: bytes) -> reading.Ran:
    if task in _APART:
        return _REALLY(task, arguments, content)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what a library says on standard error is heard by nobody
        try:
            found = _child._read(task, content, list(arguments))  # noqa: SLF001 - what the child does with it
        except RefusedFile as refused:
            found = {"refused": str(refused)}
        except Exception:  # noqa: BLE001 - any ends the child
            return reading.Ran(1, b"", "")
    return reading.Ran(0, json.dumps(found).encode("ascii"), "")


@contextlib.contextmanager
def reading_here() -> Iterator[None]:
    """Read foreign files in this process."""
    with mock.patch.object(reading, "run", _run):
        yield


@contextlib.contextmanager
def reading_apart() -> Iterator[None]:
    """Read each foreign file in a process of its own, as the program does."""
    with mock.patch.object(reading, "run", _REALLY):
        yield
