"""Making an edition, and holding one that lies somewhere against the collection."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.error import URLError
from urllib.parse import quote, urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

from archive.errors import BadAddress, ConflictingOptions
from archive.language.messages import tr
from archive.named_tuple import NamedTuple
from archive.publishing._edition import ABOUT, EditionFiles, address, not_written
from archive.publishing._source import EditionSource
from archive.record.hashing import fixity
from archive.record.testimony import PUBLIC
from archive.storage import atomic, signing, site_folder
from archive.storage.site_folder import MANIFEST, SIGNATURES, SiteFolder

MOST_BYTES: Final = 20_000_000
"""Of one file that is asked for."""
MOST_FILES: Final = 200_000
_SECONDS: Final = 20


class PublishedEdition(NamedTuple):
    """An edition that was written.

    :param unread: files of the collection that nobody could read, so that nothing of them is in it.
    """

    folder: Path
    files: int
    testimonies: int
    base_url: str
    not_written: tuple[str, ...]
    unread: int


class EditionDifference(NamedTuple):
    """How an edition that lies somewhere stands to what would be published now, by the names of its files.

    :param extra: what lies there and would not be published.
    """

    place: str
    base_url: str
    unchanged: int
    changed: tuple[str, ...]
    missing: tuple[str, ...]
    extra: tuple[str, ...]
    unread: int

    @property
    def is_current(self) -> bool:
        """Whether it is what would be published now."""
        return not (self.changed or self.missing or self.extra)


def publish(archive: EditionSource, root: Path, target: Path, base: str = "", key: Path | None = None) -> PublishedEdition:
    """Write the public pages of a collection into a folder.

    :param base: the address at which it will lie, "" where none is known.
    :param key: a private key of SSH, or one of minisign, that signs its manifest.
    :raises CannotSign: it does not.
    :raises ConflictingOptions: the reader is one who sees more than the public, or the folder is one of the collection.
    :raises CannotWrite: something else lies there, or it cannot be written.
    :raises BadAddress: ``base`` is none.
    """
    _refuse_more_than_public(archive)
    folder = SiteFolder(root, target, tr("an edition"), ABOUT)
    if key:
        signing.ending_of(key)  # a key that cannot be read is told before an edition is made
    files = EditionFiles(archive, base)
    hashes = folder.write(files, key)
    coverage = archive.coverage
    return PublishedEdition(
        folder=folder.target,
        files=len(hashes),
        testimonies=coverage.searched,
        base_url=files.base,
        not_written=tuple(not_written(files.base)),
        unread=coverage.unread,
    )


def compare(archive: EditionSource, place: str, base: str = "") -> EditionDifference:
    """Hold an edition against what would be published now; the signature beside its manifest is left out.

    :param place: a folder, or the address of its top, which is asked for every file, and nothing else is.
    :param base: the address that it was made for; "" takes what it says itself.
    :raises BadAddress: there is no edition, or it does not answer.
    """
    _refuse_more_than_public(archive)
    there: _Folder | _Site = _Site(place) if "://" in place else _Folder(Path(place))
    files = EditionFiles(archive, base or there.base_url())
    now = {name: fixity(content) for name, content in files}
    now[MANIFEST] = fixity(site_folder.to_text(now))
    then = there.hashes(now)
    both = now.keys() & then.keys()
    return EditionDifference(
        place=place,
        base_url=files.base,
        unchanged=sum(now[name] == then[name] for name in both),
        changed=tuple(sorted(name for name in both if now[name] != then[name])),
        missing=tuple(sorted(now.keys() - then.keys())),
        extra=tuple(sorted(then.keys() - now.keys())),
        unread=archive.coverage.unread,
    )


def _refuse_more_than_public(archive: EditionSource) -> None:
    if archive.clearance != PUBLIC:
        message = tr("an edition is for everybody, and holds what is public alone")
        raise ConflictingOptions(message, tr("Leave out --clearance."))


def _no_edition(place: object, why: str = "") -> BadAddress:
    message = tr("there is no edition at {place}", place=place)
    return BadAddress(
        f"{message}: {why}" if why else message, tr("Name the folder that `testimony publish` wrote, or its address.")
    )


def _base_of(about: bytes, place: object) -> str:
    try:
        document: Any = json.loads(about)
        return address(str(document["base_url"]))
    except (ValueError, KeyError, TypeError, RecursionError, BadAddress) as error:
        raise _no_edition(place) from error


class _Folder:
    """An edition in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def base_url(self) -> str:
        try:
            return _base_of(atomic.read_regular(self._folder / ABOUT, MOST_BYTES), self._folder)
        except OSError as error:
            raise _no_edition(self._folder, error.strerror or "") from error

    def hashes(self, _: Iterable[str]) -> dict[str, str]:
        return dict(self._each())

    def _each(self) -> Iterator[tuple[str, str]]:
        for name, path in site_folder.files_in(self._folder):
            if name not in SIGNATURES:
                is_file = path.is_file() and not path.is_symlink()
                yield name, fixity(atomic.read_regular(path)) if is_file else ""


class _Site:
    """An edition behind an address, of which every file is asked for once."""

    def __init__(self, place: str) -> None:
        self._base = address(place)
        self._opener = build_opener(_SameHost())

    def base_url(self) -> str:
        about = self._content(ABOUT)
        if about is None:
            raise _no_edition(self._base)
        return _base_of(about, self._base)

    def hashes(self, now: Iterable[str]) -> dict[str, str]:
        listed: Mapping[str, str] = site_folder.hashes_in(self._content(MANIFEST) or b"")
        names = sorted({*now, *listed})
        if len(names) > MOST_FILES:
            raise _no_edition(self._base, tr("its manifest lists too many files"))
        every = ((name, self._content(name)) for name in names)
        return {name: hashlib.sha256(content).hexdigest() for name, content in every if content is not None}

    def _content(self, name: str) -> bytes | None:
        """Return what lies at an address; None where nothing does.

        :raises BadAddress: nobody answers, or what is sent is no file of an edition.
        """
        try:
            with self._opener.open(f"{self._base}{quote(name)}", timeout=_SECONDS) as answer:
                content: bytes = answer.read(MOST_BYTES + 1)
        except URLError as error:
            if getattr(error, "code", 0) in {404, 410}:
                return None
            raise _no_edition(self._base, str(error.reason)) from error
        except (OSError, ValueError) as error:
            raise _no_edition(self._base, str(error)) from error
        if len(content) > MOST_BYTES:
            raise _no_edition(self._base, tr("{name} is too large", name=name))
        return content


class _SameHost(HTTPRedirectHandler):
    """Follows no way to another host: an edition lies where the person said."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:  # noqa: ANN401, PLR0913, PLR0917 - as the library has it
        if urlsplit(newurl).netloc != urlsplit(req.full_url).netloc:
            raise URLError(tr("it leads to another host, {host}", host=urlsplit(newurl).netloc))
        return super().redirect_request(req, fp, code, msg, headers, newurl)
