"""The searches that a person saved, which are kept beside the last answer and the basket (`archive.storage.user_state`)."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from archive import system
from archive.errors import CannotOpen, CannotWrite
from archive.language.messages import tr
from archive.named_tuple import NamedTuple
from archive.record.testimony import Clearance
from archive.storage import atomic, user_state


class SeenPassage(NamedTuple):
    """A passage of an answer that was looked at, with the hashes of the caveats that were in force at it."""

    code: str
    paragraph: int
    sha256: str
    notes: tuple[str, ...]


class KeptSearch(NamedTuple):
    """A search that was saved: its words and filters as typed, the days of saving and of the last look, and what was seen."""

    name: str
    arguments: tuple[str, ...]
    saved: str
    looked: str
    seen: tuple[SeenPassage, ...]


def read_searches(root: Path, clearance: Clearance) -> tuple[KeptSearch, ...]:
    """Return the searches that a person saved, in their order.

    :raises CannotOpen: there is a file of them that cannot be read, or that somebody else wrote.
    """
    file = user_state.place(root, clearance, user_state.SEARCHES)
    if file is None or not os.path.lexists(file):
        return ()
    try:
        content = b"" if system.is_others(file.lstat()) else atomic.read_regular(file, user_state.MOST_BYTES)
        return tuple(map(_search, json.loads(content)["searches"]))
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        message = tr("{path} holds no saved searches that can be read", path=file)
        raise CannotOpen(message, tr("Delete it, or `testimony forget` deletes all that is kept of you.")) from error


def _search(written: dict[str, Any]) -> KeptSearch:
    """Read one search. :raises ValueError, KeyError, TypeError: it is none."""
    texts = [written["name"], *written["arguments"], written["saved"], written["looked"]]
    seen = [SeenPassage(code, int(number), sha256, tuple(notes)) for code, number, sha256, notes in written["seen"]]
    texts += [text for each in seen for text in (each.code, each.sha256, *each.notes)]
    if not all(isinstance(text, str) for text in texts):
        raise TypeError
    return KeptSearch(written["name"], tuple(written["arguments"]), written["saved"], written["looked"], tuple(seen))


def write_searches(root: Path, clearance: Clearance, searches: Sequence[KeptSearch]) -> None:
    """Keep some searches in place of those that were kept.

    :raises CannotWrite: nothing may be kept, or it cannot be written.
    """
    file = user_state.place(root, clearance, user_state.SEARCHES)
    if file is None:
        message = tr("no search is saved: {variable} is 0, or there is no folder for it", variable=user_state.SWITCH)
        raise CannotWrite(message, tr("Set TESTIMONY_STATE to a folder of your own, or type the search anew."))
    document = {"searches": [each._asdict() for each in searches]}
    content = f"{json.dumps(document)}\n".encode()
    if len(content) > user_state.MOST_BYTES:
        message = tr("the answers of the saved searches are too large to be kept")
        raise CannotWrite(message, tr("Save a narrower search, or `testimony watch remove` takes one away."))
    user_state.put(file, content, durable=True)
