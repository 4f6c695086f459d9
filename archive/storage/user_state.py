"""What is kept for a person between two commands: the numbers of the last answer, the basket, and saved searches.

It lies in the person's own state folder, for a collection and a clearance each,
readable by the owner alone, and holds codes, paragraphs, hashes and days: no word
of a testimony, and of a query none but those of a search that the person saved.
Some of those who read here are watched. ``TESTIMONY_REMEMBER=0`` keeps nothing.
"""

import hashlib
import os
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from archive import system
from archive.authority.authorities import AUTHORITIES
from archive.errors import CannotWrite
from archive.language.messages import tr
from archive.named_tuple import NamedTuple
from archive.record.testimony import CLEARANCES, Clearance, Reference
from archive.storage import atomic
from archive.storage.paths import INDEX
from archive.storage.record_files import FOLDER
from archive.text import regex

SWITCH: Final = "TESTIMONY_REMEMBER"
"""The variable that switches it off, as ``0``."""
ANSWER, BASKET, SEARCHES = KINDS = "answer", "basket", "searches"
"""What is kept; `archive.storage.searches` reads and writes the last of them."""
MOST_BYTES: Final = 4_000_000
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
        lines = atomic.read_regular(file, MOST_BYTES).decode().splitlines()
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
    put(file, "".join(f"{line}\n" for line in lines).encode(), durable=what != ANSWER)


def put(file: Path, content: bytes, *, durable: bool) -> None:
    """Write a file of what is kept.

    :raises CannotWrite: it cannot be written.
    """
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
