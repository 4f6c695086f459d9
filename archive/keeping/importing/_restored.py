"""A file of our own records that comes back: what it may be called, and what an export or a bag says of it."""

import re
import unicodedata
from typing import Final

from archive.authority.authorities import AUTHORITIES, FILES
from archive.language.messages import tr
from archive.named_tuple import NamedTuple
from archive.reader import people
from archive.storage import record_files

_RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\..*)?", re.IGNORECASE)
_FOR_SYSTEMS: Final = frozenset('\\:*?"<>|')
_MOST_NAME: Final = 255
_MOST_PATH: Final = 1000
_AUTHORITY_PATHS: Final = frozenset({*(f"{AUTHORITIES}/{name}.yaml" for name in FILES), people.PATH})


class RestoredFile(NamedTuple):
    """A file as it was carried away. ``is_file``: its bytes are those that lay in the collection, else it is a rendering."""

    path: str
    content: bytes
    is_file: bool


class Entry(NamedTuple):
    """What is restored in one piece: all files of a record, or one authority file.

    ``at`` is where it stands, as "export.jsonl:7". ``why`` says why nothing of it can be taken, else "".
    """

    at: str
    code: str
    files: tuple[RestoredFile, ...]
    why: str = ""


def refuse_name(path: object, code: str) -> str:
    """Return why a file may not be written under a path that an export names; "" where it may.

    :param code: of the record whose file it is to be; "" of an authority file.
    """
    if not isinstance(path, str) or not path or len(path) > _MOST_PATH:
        return tr("a file in it has no path")
    shown = path[:80]
    if not code:
        return "" if path in _AUTHORITY_PATHS else tr("{path!r} is no authority file", path=shown)
    folder, *parts = path.split("/")
    if folder != record_files.FOLDER or not parts or any(map(_is_unsafe, parts)):
        return tr("{path!r} is no place for a record", path=shown)
    if record_files.code_of(path) != code:
        return tr("{path!r} is not named as a file of {code}", path=shown, code=code)
    if not all(map(record_files.is_walked, parts[:-1])):
        return tr("{path!r} lies in a folder that is not read", path=shown)
    return ""


def _is_unsafe(part: str) -> bool:
    """Return whether a part of a path leads elsewhere, or cannot be a name on every system."""
    if part in {"", ".", ".."} or part.endswith((".", " ")) or len(part.encode("utf-8", "replace")) > _MOST_NAME:
        return True
    if _RESERVED.fullmatch(part) or not _FOR_SYSTEMS.isdisjoint(part):
        return True
    return any(unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for character in part)
