"""Foreign files read in the process of the tests: one of its own for each takes ten times as long as to read a small file.

That each is read in a process of its own, with limits and without a net, is held by `tests/documents`, where this is not done.
A text that pandoc has read is not read by it a second time, which is a third of all that it is asked.
"""

import contextlib
import json
import warnings
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any
from unittest import mock

from archive.documents import _child, pandoc, reading
from archive.documents.model import RefusedFile

_REALLY, _PARSE = reading.run, pandoc.parse
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


@lru_cache(maxsize=256)
def _read_once(text: str, form: str) -> str:
    return json.dumps(_PARSE(text, form))


def _parse(text: str, form: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_read_once(text, form))
    return found


@contextlib.contextmanager
def reading_here() -> Iterator[None]:
    """Read foreign files in this process."""
    with mock.patch.object(reading, "run", _run), mock.patch.object(pandoc, "parse", _parse):
        yield


@contextlib.contextmanager
def reading_apart() -> Iterator[None]:
    """Read each foreign file, and each text by pandoc, in a process of its own, as the program does."""
    with mock.patch.object(reading, "run", _REALLY), mock.patch.object(pandoc, "parse", _PARSE):
        yield
