"""The authorities as they were read, kept beside the state: reading the YAML takes longer than a whole update.

The copy holds all of them, also the codes that readers may not know of, so it
lies where no reader's command looks. It is believed where its own hash is right
and the files still have the hashes that they had when it was written.
"""

import contextlib
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from archive.authority.authorities import Authorities
from archive.reader import read
from archive.storage import atomic, index_state
from archive.storage.manifest import FileRecord


def authorities(root: Path, copy: Path, seen: Mapping[str, FileRecord], *, anew: bool = False) -> Authorities:
    """Return the authorities of a collection, from the copy where it is of these files.

    :param seen: the files as they are.
    :param anew: read the files themselves, whatever the copy says.
    :raises InvalidAuthorities: a file has faults.
    """
    source = {name: file_record.sha256 for name, file_record in seen.items()}
    authorities = None if anew else _read_copy(copy, source)
    if authorities is not None:
        return authorities
    authorities = read.read_authorities(root)
    if index_state.authorities(root) == seen:  # what was read is what was hashed
        content = json.dumps([index_state.maker(), source]).encode() + b"\n" + authorities.as_copy()
        with contextlib.suppress(OSError):  # without it the next update takes longer, no more
            atomic.put(copy, hashlib.sha256(content).hexdigest().encode() + b"\n" + content, mode=0o600)
    return authorities


def _read_copy(copy: Path, source: Mapping[str, str]) -> Authorities | None:
    try:
        sha256, _, content = atomic.read_regular(copy).partition(b"\n")
        if hashlib.sha256(content).hexdigest().encode() != sha256:
            return None
        made_of, _, lines = content.partition(b"\n")
        return Authorities.from_copy(lines) if json.loads(made_of) == [index_state.maker(), source] else None
    except (OSError, ValueError):
        return None
