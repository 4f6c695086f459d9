"""What is kept for a person between two commands: the numbers of the last answer, the basket, and saved searches.

It lies in the person's own state folder, for a collection and a clearance each,
readable by the owner alone, and holds codes, paragraphs, hashes and days: no word
of a testimony, and of a query none but those of a search that the person saved.
Some of those who read here are watched. ``TESTIMONY_REMEMBER=0`` keeps nothing.
"""

import hashlib
import json
import os
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from archive import system
from archive.authority.authorities import AUTHORITIES
from archive.errors import CannotOpen, CannotWrite
from archive.language.messages import tr
from archive.record.testimony import CLEARANCES, Clearance, Reference
from archive.storage import atomic
from archive.storage.paths import INDEX
from archive.storage.record_files import FOLDER
from archive.text import regex

SWITCH: Final = "TESTIMONY_REMEMBER"
"""The variable that switches it off, as ``0``."""
ANSWER, BASKET, SEARCHES = KINDS = "answer", "basket", "searches"
_MOST_BYTES: Final = 4_000_000
_OWNERS_FILE, _OWNERS_FOLDER = 0o600, 0o700
_KEY: Final = 16  # hex digits of the hash of a collection's place
_HEAD: Final = "# {what}: code, paragraph, day, hash; `testimony forget` deletes it"
_LINE: Final = regex(
    r"(?:([0-9]+) )?([A-Z]{2,5}-[0-9]{4,6})(?:#p([0-9]{1,5}))? · ([0-9]{4}-[0-9]{2}-[0-9]{2}) · sha256:([0-9a-f]{64})"
)


class KeptPassage(NamedTuple):
    """A passage as it was when it was printed or put into the basket; ``number`` is that which was printed beside it.

    Of a whole record ``paragraph`` is 0, and the hash is that of all its words.
    """

    number: int
    code: str
    paragraph: int
    sha256: str
    day: str

    @property
    def reference(self) -> Reference:
        """Return its code and paragraph; of a whole record its code."""
        return Reference(self.code, (self.paragraph,) if self.paragraph else ())


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


def is_on() -> bool:
    """Return whether anything may be kept."""
    return os.environ.get(SWITCH, "").strip().lower() not in {"0", "no", "off", "false"} and system.state_folder() is not None


def today() -> str:
    """Return the day of this machine's clock and place, in ISO 8601."""
    return time.strftime("%Y-%m-%d")


def place(root: Path, clearance: Clearance, what: str) -> Path | None:
    """Return the file of what is kept; None where nothing is, or where it would lie in a folder of the collection."""
    folder = system.state_folder()
    if folder is None or not is_on():
        return None
    whole, own = Path(os.path.realpath(root)), Path(os.path.realpath(folder))
    if any(own.is_relative_to(whole / name) for name in (FOLDER, INDEX, AUTHORITIES)):
        return None
    key = hashlib.sha256(os.fsencode(whole)).hexdigest()[:_KEY]
    return folder / f"{key}-{clearance}.{what}"


def read(root: Path, clearance: Clearance, what: str) -> tuple[KeptPassage, ...] | None:
    """Return what is kept, in its order; None where there is nothing, or nothing that this person wrote and that is whole."""
    file = place(root, clearance, what)
    try:
        if file is None or system.is_others(file.lstat()):
            return None
        lines = atomic.read_regular(file, _MOST_BYTES).decode().splitlines()
    except (OSError, UnicodeDecodeError):
        return None
    kept = []
    for at, line in enumerate((line for line in lines if line.strip() and not line.startswith("#")), start=1):
        match = _LINE.fullmatch(line.strip())
        if match is None:
            return None
        kept.append(KeptPassage(int(match[1] or at), match[2], int(match[3] or 0), match[5], match[4]))
    return tuple(kept)


def write(root: Path, clearance: Clearance, what: str, kept: Sequence[KeptPassage]) -> None:
    """Keep some passages in place of those that were kept.

    :raises CannotWrite: nothing may be kept, or it cannot be written.
    """
    file = place(root, clearance, what)
    if file is None:
        message = tr("nothing is kept between two commands: {variable} is 0, or there is no folder for it", variable=SWITCH)
        raise CannotWrite(message, tr("Name passages by their codes, as NKT-0002#p3."))
    numbered = what == ANSWER
    lines = [_HEAD.format(what=what)]
    lines += [
        f"{f'{passage.number} ' if numbered else ''}{passage.reference} · {passage.day} · sha256:{passage.sha256}"
        for passage in kept
    ]
    _put(file, "".join(f"{line}\n" for line in lines).encode(), durable=what != ANSWER)


def read_searches(root: Path, clearance: Clearance) -> tuple[KeptSearch, ...]:
    """Return the searches that a person saved, in their order.

    :raises CannotOpen: there is a file of them that cannot be read, or that somebody else wrote.
    """
    file = place(root, clearance, SEARCHES)
    if file is None or not os.path.lexists(file):
        return ()
    try:
        content = b"" if system.is_others(file.lstat()) else atomic.read_regular(file, _MOST_BYTES)
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
    file = place(root, clearance, SEARCHES)
    if file is None:
        message = tr("no search is saved: {variable} is 0, or there is no folder for it", variable=SWITCH)
        raise CannotWrite(message, tr("Set TESTIMONY_STATE to a folder of your own, or type the search anew."))
    document = {"searches": [each._asdict() for each in searches]}
    content = f"{json.dumps(document)}\n".encode()
    if len(content) > _MOST_BYTES:
        message = tr("the answers of the saved searches are too large to be kept")
        raise CannotWrite(message, tr("Save a narrower search, or `testimony watch remove` takes one away."))
    _put(file, content, durable=True)


def _put(file: Path, content: bytes, *, durable: bool) -> None:
    try:
        file.parent.mkdir(mode=_OWNERS_FOLDER, parents=True, exist_ok=True)
        atomic.put(file, content, mode=_OWNERS_FILE, durable=durable)
    except OSError as error:
        message = tr("{path} cannot be written: {reason}", path=file, reason=error.strerror or error)
        raise CannotWrite(message, tr("What was there is whole.")) from error


def forget(root: Path, whats: Iterable[str] = KINDS) -> int:
    """Delete what is kept of a collection, for every clearance; returns how many files there were.

    Also where nothing is to be kept any more.

    :raises CannotWrite: something cannot be deleted.
    """
    folder = system.state_folder()
    number = 0
    for what in whats:
        for clearance in CLEARANCES if folder else ():
            key = hashlib.sha256(os.fsencode(os.path.realpath(root))).hexdigest()[:_KEY]
            file = Path(folder or "") / f"{key}-{clearance}.{what}"
            try:
                file.unlink()
                number += 1
            except FileNotFoundError:
                continue
            except OSError as error:
                message = tr("{path} cannot be deleted: {reason}", path=file, reason=error.strerror or error)
                raise CannotWrite(message, tr("Delete it yourself.")) from error
    return number
