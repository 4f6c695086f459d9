"""Our own bags (`archive.keeping.bag`), read back: nothing is believed that their hashes do not bear out."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from archive.errors import BadManifest
from archive.keeping import bag
from archive.keeping.importing._restored import Entry, RestoredFile, refuse_name
from archive.language.messages import tr
from archive.named_tuple import NamedTuple
from archive.record.hashing import fixity
from archive.storage import atomic, record_files

_DATA: Final = "data"
_MOST_BYTES: Final = 20_000_001
"""Of a file in a bag: of none that is larger would a record or an authority file be read."""


class _Said(NamedTuple):
    """What a bag says of its files: the hash and the line of each path, and which are renderings."""

    hash_of: Mapping[str, str]
    line_of: Mapping[str, int]
    renderings: frozenset[str]


def is_bag(folder: Path) -> bool:
    """Return whether a folder is a bag that holds records of an archive."""
    return (folder / "bagit.txt").is_file() and (folder / _DATA / record_files.FOLDER).is_dir()


def entries(folder: Path, shown: str) -> Iterator[Entry]:
    """Yield what stands in a bag: the authority files, then the files of each record, with the reason where they cannot be taken.

    :param shown: how the folder is named to the person.
    """
    said = _read_tags(folder, shown)
    if isinstance(said, Entry):
        yield said
        return
    yield from _unlisted_files(folder, shown, said)
    by_code: dict[str, list[str]] = {}
    for path in sorted(said.hash_of):
        by_code.setdefault(record_files.code_of(path) if path.startswith(f"{record_files.FOLDER}/") else path, []).append(path)
    of_authorities = sorted(key for key in by_code if by_code[key] == [key])
    for key in (*of_authorities, *sorted(by_code.keys() - set(of_authorities))):
        code = "" if key in of_authorities else key
        paths = sorted(by_code[key], key=lambda path: (bool(record_files.language_of(path)), path))
        at = f"{shown}/{bag.MANIFEST}:{said.line_of[paths[0]]}"
        files: list[RestoredFile] = []
        why = ""
        for path in paths:
            file = _file(folder, path, code, said)
            if isinstance(file, str):
                why = file
                break
            files.append(file)
        yield Entry(at, code, () if why else tuple(files), why)


def _read_tags(folder: Path, shown: str) -> _Said | Entry:
    """Return what a bag says of its files, or why it is not to be believed."""
    try:
        contents = {
            name: atomic.read_regular(folder / name) for name in (bag.TAG_MANIFEST, bag.MANIFEST, bag.BAG_INFO, "bagit.txt")
        }
        tags = bag.read_manifest(contents[bag.TAG_MANIFEST], f"{shown}/{bag.TAG_MANIFEST}")
        hash_of = bag.read_manifest(contents[bag.MANIFEST], f"{shown}/{bag.MANIFEST}")
    except OSError as error:
        name = Path(str(error.filename)).name
        return Entry(f"{shown}/{name}", "", (), tr("it cannot be read: {reason}", reason=error.strerror or error))
    except BadManifest as error:
        return Entry(shown, "", (), error.message)
    for name in (bag.MANIFEST, bag.BAG_INFO, "bagit.txt"):
        if tags.get(name) != fixity(contents[name]):
            why = tr("it has other bytes than {manifest} says", manifest=bag.TAG_MANIFEST)
            return Entry(f"{shown}/{name}", "", (), why)
    labels = [line.partition(": ")[::2] for line in contents[bag.BAG_INFO].decode("utf-8", "replace").splitlines()]
    if bag.CLEARANCE_LABEL not in dict(labels):
        why = tr("it does not say which of its files are renderings: make the bag anew with this version of the program")
        return Entry(f"{shown}/{bag.BAG_INFO}", "", (), why)
    lines = contents[bag.MANIFEST].decode("utf-8", "replace").splitlines()
    at = {line.partition(f"{_DATA}/")[2]: number for number, line in enumerate(lines, start=1)}
    line_of = {path: at.get(path, 1) for path in hash_of}
    renderings = frozenset(path.removeprefix(f"{_DATA}/") for label, path in labels if label == bag.RENDERING_LABEL)
    return _Said(hash_of, line_of, renderings)


def _unlisted_files(folder: Path, shown: str, said: _Said) -> Iterator[Entry]:
    """Yield the files of the payload of which the bag says nothing."""
    payload = folder / _DATA
    for where, folders, names in os.walk(payload):
        folders.sort()
        for name in sorted((*names, *(each for each in folders if Path(where, each).is_symlink()))):
            path = Path(where, name).relative_to(payload).as_posix()
            if path not in said.hash_of:
                why = tr("{manifest} says nothing of it", manifest=bag.MANIFEST)
                yield Entry(f"{shown}/{_DATA}/{path}", "", (), why)


def _file(folder: Path, path: str, code: str, said: _Said) -> RestoredFile | str:
    """Return a file, or why it cannot be taken."""
    if why := refuse_name(path, code):
        return why
    place = folder / _DATA
    for part in path.split("/")[:-1]:
        place /= part
        if place.is_symlink():
            return tr("{path} lies behind a link", path=path)
    try:
        content = atomic.read_regular(folder / _DATA / path, _MOST_BYTES)
    except OSError as error:
        return tr("{path} cannot be read: {reason}", path=path, reason=error.strerror or error)
    if fixity(content) != said.hash_of[path]:
        return tr("{path} has other bytes than its sha-256 says", path=path)
    return RestoredFile(path, content, path not in said.renderings)
