"""A folder of many files that is written whole: beside its place and renamed, and never over what was not written so.

What a folder holds is listed in its manifest, as sha256sum writes it. A folder is
ours where each of its files is listed there with the hash that it has, and
nothing else lies in it: so nobody's own file is ever lost.
"""

import contextlib
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from archive import system
from archive.errors import CannotWrite
from archive.language.messages import tr
from archive.record.hashing import fixity
from archive.storage import atomic, signing
from archive.storage.lock import LockHolder
from archive.storage.outside import refuse_inside

MANIFEST: Final = "manifest-sha256.txt"
SIGNATURES: Final = (f"{MANIFEST}{signing.SSH}", f"{MANIFEST}{signing.MINISIGN}")
"""What may lie beside the manifest; it is in no manifest."""
MOST_MANIFEST: Final = 50_000_000
_WRITER: Final = "writer"
"""Beside a folder that is being made: who makes it."""
_FILE, _FOLDER = 0o644, 0o755


class SiteFolder:
    """A folder that a person named for the files of a site; it is checked at once, and written later.

    :param root: of the collection, into which it is not written.
    :param what: what is to be written, as "an edition".
    :param mark: the name of the file by which such a folder is known.
    :raises ConflictingOptions: it lies inside a folder of the collection.
    :raises CannotWrite: something else is there.
    """

    def __init__(self, root: Path, target: Path, what: str, mark: str) -> None:
        """Check the place."""
        self._mark = mark
        self.target = Path(os.path.abspath(target))  # noqa: PTH100 - a link stays one, to be refused
        refuse_inside(root, self.target, what)
        if self.target.exists() and any(self.target.samefile(folder) for folder in (root.resolve(), *root.resolve().parents)):
            message = tr("the collection lies in {target}", target=target)
            raise CannotWrite(message, tr("Name a folder that is not there yet."))
        self._was = self._look()

    def _look(self) -> bool:
        """Return whether such a folder is there already.

        :raises CannotWrite: something else is.
        """
        if not os.path.lexists(self.target):
            return False
        if self.target.is_symlink() or not self.target.is_dir():
            message = tr("{target} is a link or no folder", target=self.target)
            raise CannotWrite(message, tr("Name a folder that is not there yet."))
        strange = next(strangers(self.target, self._mark), None)
        if strange is not None:
            message = tr(
                "{target} is no folder that was written here, or was changed since: {strange}",
                target=self.target,
                strange=strange,
            )
            raise CannotWrite(message, tr("It is left as it is. Name another folder, or take that file away yourself."))
        return True

    def write(self, files: Iterable[tuple[str, bytes]], key: Path | None = None) -> dict[str, str]:
        """Write the files with their manifest into an empty folder and put it in the place; returns the hash of each.

        :param key: signs the manifest, where one is given.
        :raises CannotSign: it does not.
        :raises CannotWrite: they could not be written; what was there is whole.
        """
        _sweep(self.target)
        beside = self.target.with_name(f"{_beside(self.target)}{os.getpid()}-{os.urandom(4).hex()}.new")
        try:
            self.target.parent.mkdir(parents=True, exist_ok=True)
            beside.mkdir(mode=0o700)
            (beside / _WRITER).write_bytes(LockHolder.here().to_bytes())
            site = beside / "site"
            hashes = _fill(site, files, key)
            self._settle(site, beside)
        except OSError as error:
            message = tr("{to} cannot be written: {reason}", to=self.target, reason=error.strerror or error)
            raise CannotWrite(message, tr("What was there is whole.")) from error
        finally:
            shutil.rmtree(beside, ignore_errors=True)
        return hashes

    def _settle(self, site: Path, beside: Path) -> None:
        """Put the new folder in the place of the old one."""
        was = self._look()  # again: something may have been put there in the meantime
        old = beside / "old"
        if was:
            self.target.rename(old)
        try:
            site.rename(self.target)
        except OSError:
            if was:
                old.rename(self.target)
            raise
        system.sync_folder(self.target.parent)


def strangers(folder: Path, mark: str) -> Iterator[str]:
    """Yield the name of each file of a folder that its manifest does not list with the hash that it has; links always.

    A folder whose manifest lists no ``mark`` yields every file, an empty one nothing.
    """
    listed = read_listed(folder)
    listed = listed if mark in listed else {}
    for name, path in files_in(folder):
        if name in {MANIFEST, *SIGNATURES} and listed:
            continue
        if path.is_symlink() or not path.is_file() or listed.get(name) != fixity(path.read_bytes()):
            yield name


def read_listed(folder: Path) -> dict[str, str]:
    """Return the hashes that the manifest of a folder lists, by name; {} where there is none that can be read."""
    try:
        content = atomic.read_regular(folder / MANIFEST, MOST_MANIFEST)
    except OSError:
        return {}
    return hashes_in(content)


def hashes_in(manifest: bytes) -> dict[str, str]:
    """Return the hashes that a manifest of a site lists, by name; {} where it is none."""
    listed = {}
    for line in manifest.decode("utf-8", "replace").splitlines():
        sha256, _, name = line.partition("  ")
        if len(sha256) != _HEX or not name or name.startswith("/") or ".." in name.split("/"):
            return {}
        listed[name] = sha256
    return listed


_HEX: Final = 64


def files_in(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield every file of a folder with its name from there, with ``/``, in the order of the names; links as what they are."""
    found = []
    for within, _, names in os.walk(folder):
        found += [Path(within) / name for name in names]
        found += [path for path in Path(within).iterdir() if path.is_symlink() and path.is_dir()]
    for path in sorted(found):
        yield path.relative_to(folder).as_posix(), path


def to_text(hashes: Mapping[str, str]) -> bytes:
    """Write a manifest as sha256sum does."""
    return "".join(f"{sha256}  {name}\n" for name, sha256 in sorted(hashes.items())).encode()


def _fill(site: Path, files: Iterable[tuple[str, bytes]], key: Path | None) -> dict[str, str]:
    """Write files into a folder that is not there yet. Not each is synced: what a loss of power takes is made again."""
    hashes: dict[str, str] = {}
    site.mkdir(mode=_FOLDER)
    made = {site}
    for name, content in files:
        path = site / name
        for folder in reversed(path.relative_to(site).parents):
            if (within := site / folder) not in made:
                within.mkdir(mode=_FOLDER)
                made.add(within)
        _put(path, content)
        hashes[name] = fixity(content)
    manifest = to_text(hashes)
    _put(site / MANIFEST, manifest)
    if key:
        signature = signing.sign(manifest, key)
        _put(site / f"{MANIFEST}{signature.ending}", signature.content)
    for folder in made:
        atomic.set_mode(folder, _FOLDER)
    return hashes


def _put(path: Path, content: bytes) -> None:
    with os.fdopen(atomic.make(path, 0o600), "wb") as new:
        new.write(content)
    atomic.set_mode(path, _FILE)


def _beside(target: Path) -> str:
    return f".{target.name[:40]}."


def _sweep(target: Path) -> None:
    """Take away what writes of the same name that were cut off have left, where their writers are gone."""
    with contextlib.suppress(OSError):
        for neighbour in sorted(target.parent.iterdir()):
            if neighbour.name.startswith(_beside(target)) and atomic.is_leftover(neighbour.name) and not neighbour.is_symlink():
                writer = LockHolder.read(neighbour / _WRITER)
                old = neighbour / "old"
                if writer is not None and writer.is_gone():
                    if old.is_dir() and not os.path.lexists(target):
                        old.rename(target)  # it was cut off between the two renames
                    shutil.rmtree(neighbour, ignore_errors=True)
