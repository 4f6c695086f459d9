"""What may be carried away by a clearance: the files of a bag, and a manifest of their hashes.

A bag for the public holds what the public reads, no byte more. Its files are
named by code alone, since the name that a keeper gave a file was never
published. What would have to be rewritten before it may leave, and what would
go along unseen (a comment in a header), is refused by name.
"""

import contextlib
import datetime as dt
import json
import os
import re
import shutil
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeVar

from archive import system
from archive.authority.authorities import FILES, Authorities, is_shipped
from archive.collection.collection import Collection
from archive.errors import BadManifest, CannotTransfer, CannotWrite, EmptyCollection, Fault, MissingExtra
from archive.language.messages import tr
from archive.named_tuple import NamedTuple
from archive.reader import people
from archive.reader import read as reader
from archive.reader.authorities import files_in_force
from archive.record.hashing import fixity
from archive.record.testimony import PUBLIC, Clearance
from archive.storage import atomic, record_files
from archive.storage.lock import LockHolder
from archive.storage.signing import Signature
from archive.text import codes

try:
    import bagit
except ImportError:  # the extra is not installed
    bagit = None

MANIFEST: Final = "manifest-sha256.txt"
TAG_MANIFEST: Final = f"tag{MANIFEST}"
"""The hashes of all in a bag that is no payload; who signs it signs the whole bag."""
BAG_INFO: Final = "bag-info.txt"
CLEARANCE_LABEL: Final = "Testimony-Clearance"
RENDERING_LABEL: Final = "Testimony-Rendering"
"""Names, in ``bag-info.txt``, each file that was written anew for the clearance and is not the one of the collection."""
_LINE = re.compile(
    r"(?P<escaped>\\?)"
    r"(?:(?P<sha256>[0-9A-Fa-f]{64})(?: [ *]|\t+)(?P<path>\S.*)"
    r"|SHA256 \((?P<named>\S.*)\) = (?P<hash>[0-9A-Fa-f]{64}))"
)
_ESCAPES: Final = {"\\\\": "\\", "\\n": "\n", "\\r": "\r"}
_PAYLOAD: Final = "data/"
_WRITER: Final = "writer"
"""Beside a bag that is being made: who makes it."""
_MOST_BYTES: Final = 100_000_000


class Item(NamedTuple):
    """A file to carry away; its path is relative, with ``/``.

    ``code`` is that of its record, "" of an authority file. ``is_file``: these
    are the bytes that lie in the collection; else they are written anew, without
    what readers of the clearance may not have. ``is_own``: it lies in the
    collection, and does not come with the program.
    """

    path: str
    content: bytes
    code: str = ""
    is_file: bool = True
    is_own: bool = True


class CarriedFile(NamedTuple):
    """What is told of a file in a bag: its path below ``data``, its size in bytes, its sha-256, and the rest as of an `Item`."""

    path: str
    size: int
    sha256: str
    code: str
    is_file: bool


class BagDifference(NamedTuple):
    """How a collection stands to a manifest, by path."""

    unchanged: tuple[str, ...]
    changed: tuple[str, ...]
    missing: tuple[str, ...]
    new: tuple[str, ...]


class Parcel:
    """The files that a reader of a clearance may carry away."""

    def __init__(self, root: Path, clearance: Clearance, only: Container[str] | None = None) -> None:
        """Read the collection.

        :param only: the codes of the records that go, where it is a part of the collection; None takes all of them.
        :raises InvalidAuthorities: an authority file has faults.
        :raises EmptyCollection: there is nothing that may be carried away.
        """
        self.root = root
        self.clearance = clearance
        self.authorities: Authorities = reader.read_authorities(root)
        self.collection = Collection(root, self.authorities, clearance, {})
        self._only = only
        self.faults: tuple[Fault, ...] = self.collection.faults_told()
        if not self.collection.codes():
            message = tr(
                "there is no testimony in {root} that readers of this clearance may have", root=root / record_files.FOLDER
            )
            raise EmptyCollection(message, tr("See `testimony check`, and access and consent in the headers."))

    def __len__(self) -> int:
        """Count the records."""
        return len(self.codes())

    @property
    def is_whole(self) -> bool:
        """Return whether all goes that may."""
        return self._only is None

    def codes(self) -> tuple[str, ...]:
        """Return the codes of the records that can be read and go, in archive order."""
        return tuple(code for code in self.collection.codes() if self._only is None or code in self._only)

    def items(self) -> Iterator[Item]:
        """Yield every file, in order of the paths.

        :raises CannotTransfer: after the last; with every reason why one of them may not leave as it is.
        """
        refused: list[Fault] = []
        yield from self._of_authorities(refused)
        yield from sorted(self._of_records(refused))
        if refused:
            raise CannotTransfer(tuple(sorted(refused)))

    def _of_authorities(self, refused: list[Fault]) -> Iterator[Item]:
        readable = set(self.collection.codes())
        unread = record_files.survey(self.root).codes - readable
        files = files_in_force(self.root)
        for name in sorted(FILES):
            # What is not in force goes empty: who unpacks the bag has the same in force, whatever they copy beside it.
            path, content = f"authorities/{name}.yaml", files[name].read_bytes() if name in files else f"{name}: []\n".encode()
            is_file, is_own = name in files, name in files and not is_shipped(files[name])
            conflicts = self.authorities.for_readers_of(readable).data(name) if name == "conflicts" else {}
            if conflicts and (
                conflicts != self.authorities.data(name) or not readable.issuperset(codes(content.decode("utf-8")))
            ):
                # Written anew without the codes of other records, also of those that are not there: JSON is YAML.
                content, is_file = f"{json.dumps(conflicts, ensure_ascii=False, indent=1)}\n".encode(), False
            for number, line in enumerate(content.decode("utf-8").splitlines() if unread else (), start=1):
                if unread & codes(line):
                    refused.append(
                        Fault(path, number, "code", tr("names a record that readers of this clearance may not know of"))
                    )
            yield Item(path, content, is_file=is_file, is_own=is_own)
        register = self.root / people.PATH
        if self.clearance != PUBLIC and register.is_file() and self.is_whole:
            # Who keeps the whole is no matter of a part of it.
            yield Item(people.PATH, atomic.read_regular(register))

    def _of_records(self, refused: list[Fault]) -> Iterator[Item]:
        for code in self.codes():
            testimony = self.collection.find(code)
            if testimony is None:
                continue
            content = self.collection.public_file(code)
            if content is None:
                continue
            files = {testimony.path: content, **self.collection.public_versions(code)}
            for path, published in files.items():
                if self.clearance == PUBLIC:
                    message = tr("has a comment, which no reader sees and which would go along; take it out")
                    refused += [Fault(path, line, "header", message) for line in reader.comments(published, path)]
                is_file = fixity(published) == self.collection.file_states[path].sha256
                yield Item(self._path(code, path), published, code, is_file)
        if self.clearance != PUBLIC and self.is_whole:
            # Of a sealed one nobody knows whether it belongs to a part; all of them go with the whole, as they lie here:
            # whoever has the identity can open them there.
            survey = self.collection.survey
            sealed = [(code, path) for code in map(record_files.code_of, survey.sealed) for path in survey.files_of(code)]
            yield from (Item(path, record_files.read_bytes(self.root, path), code) for code, path in sealed)

    def _path(self, code: str, path: str) -> str:
        """Name a file by its code alone, and a version by its language too."""
        if self.clearance != PUBLIC:
            return path
        return f"{record_files.FOLDER}/{'.'.join(filter(None, (f'{code}-public', record_files.language_of(path))))}.md"


def compare_bag(folder: Path) -> BagDifference:
    """Hold all files of a bag against the hashes that stand in it, those of its lists too.

    :raises BadManifest: it has no such lists, or they cannot be read.
    """
    tags = read_manifest(content_of(folder / TAG_MANIFEST), str(folder / TAG_MANIFEST))
    payload = read_manifest(content_of(folder / MANIFEST), str(folder / MANIFEST))
    then = {**tags, **{f"{_PAYLOAD}{path}": sha256 for path, sha256 in payload.items()}}
    now: dict[str, str] = {}
    for where, folders, names in os.walk(folder):
        folders.sort()
        for name in names:
            path = Path(where, name).relative_to(folder).as_posix()
            if path != TAG_MANIFEST and not path.startswith(f"{TAG_MANIFEST}."):  # the signature is of the list itself
                with contextlib.suppress(OSError):
                    now[path] = fixity(atomic.read_regular(Path(where, name)))
    return compare(now, then)


def day_of(written: str) -> dt.date:
    """Return a day in ISO 8601, today in UTC for ""."""
    return dt.date.fromisoformat(written) if written else dt.datetime.now(tz=dt.UTC).date()


def hashes(items: Iterable[Item]) -> dict[str, str]:
    """Return the sha-256 of each file by its path."""
    return {item.path: fixity(item.content) for item in items}


def manifest(hash_of: Mapping[str, str]) -> str:
    """Write hashes as sha256sum and BagIt do."""
    return "".join(f"{sha256}  {path}\n" for path, sha256 in sorted(hash_of.items()))


def read_manifest(content: bytes, shown: str) -> dict[str, str]:
    """Read a manifest as sha256sum, shasum, BagIt, BSD's sha256 or `testimony manifest --format json` write it, on any system.

    In that of a bag the paths begin with ``data/``.

    :raises BadManifest: it is none.
    """
    hash_of: dict[str, str] = {}
    try:
        lines = _as_lines(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        lines = ["?"]
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        path, sha256 = _read_line(line.removesuffix("\r"))
        if not path or path in hash_of:
            message = tr("{shown}:{number} is no line of a manifest", shown=shown, number=number)
            raise BadManifest(message, tr("It has a sha-256 in 64 hex digits, two spaces and a path, each path once."))
        hash_of[path] = sha256
    if not hash_of:
        message = tr("{shown} holds no hashes", shown=shown)
        raise BadManifest(message, tr("Write one with `testimony manifest`."))
    is_of_a_bag = all(path.startswith(_PAYLOAD) for path in hash_of)
    return {path.removeprefix(_PAYLOAD): sha256 for path, sha256 in hash_of.items()} if is_of_a_bag else hash_of


def content_of(file: Path) -> bytes:
    """Read the bytes of a manifest.

    :raises BadManifest: it cannot be read, or is too large.
    """
    try:
        with file.open("rb") as opened:
            content = opened.read(_MOST_BYTES + 1)
    except OSError as error:
        message = tr("{file} cannot be read: {reason}", file=file, reason=error.strerror or error)
        raise BadManifest(message) from error
    if len(content) > _MOST_BYTES:
        message = tr("{file} is too large for a manifest", file=file)
        raise BadManifest(message)
    return content


def is_manifest(content: bytes) -> bool:
    """Return whether a file is a manifest in one of the forms that are written here."""
    try:
        document = json.loads(content)
        return isinstance(document, dict) and "files" in document and "clearance" in document
    except (ValueError, RecursionError):
        pass
    try:
        return bool(read_manifest(content, ""))
    except BadManifest:
        return not content


def _as_lines(text: str) -> list[str]:
    """Split a manifest into its lines; one that is JSON is turned into such lines first."""
    if text.lstrip().startswith("{"):
        with contextlib.suppress(ValueError, KeyError, TypeError, RecursionError):
            return [f"{entry['sha256']}  {entry['path']}" for entry in json.loads(text)["files"]]
    return text.split("\n")


def _read_line(line: str) -> tuple[str, str]:
    """Return the path and the hash of a line, both empty where it is none."""
    read = _LINE.fullmatch(line)
    if read is None:
        return "", ""
    path = read["path"] or read["named"]
    if read["escaped"]:
        path = re.sub(r"\\[\\nr]", lambda match: _ESCAPES[match[0]], path)
    return path.removeprefix("./"), (read["sha256"] or read["hash"]).lower()


def compare(now: Mapping[str, str], then: Mapping[str, str]) -> BagDifference:
    """Hold the files as they are against a manifest."""
    both = sorted(now.keys() & then.keys())
    return BagDifference(
        tuple(path for path in both if now[path] == then[path]),
        tuple(path for path in both if now[path] != then[path]),
        tuple(sorted(then.keys() - now.keys())),
        tuple(sorted(now.keys() - then.keys())),
    )


Beside = Callable[[Sequence[CarriedFile]], Mapping[str, bytes]]
"""Gives what lies in a bag beside its payload, by name, of the files that are in it."""


def write_bag(
    parcel: Parcel,
    to: Path,
    day: dt.date | None = None,
    *,
    beside: Beside = lambda _: {},
    sign: Callable[[bytes], Signature] | None = None,
) -> dict[str, str]:
    """Export a bag (RFC 8493) and have bagit validate it; returns the hash of each file of the payload.

    The same records, authorities, clearance and day give the same bytes, names
    and times. Nothing in it tells who made it, where, with what, or when in
    the day.

    :param day: of the bag, else today in UTC.
    :param beside: gives more files that are no payload.
    :param sign: signs the list of hashes of all that is no payload, and with it the bag.
    :raises MissingExtra: bagit is not installed.
    :raises CannotTransfer: a file may not leave as it is.
    :raises CannotWrite: the folder is there already, or cannot be written.
    """
    if bagit is None:
        message = tr("bagit is not installed")
        raise MissingExtra(message)

    def fill(folder: Path) -> dict[str, str]:
        hash_of = _fill(folder, parcel, day or dt.datetime.now(tz=dt.UTC).date(), beside, sign)
        try:
            bagit.Bag(str(folder)).validate(processes=1)
        except bagit.BagError as error:
            message = tr("the bag was not written whole: {error}", error=error)
            raise CannotWrite(message, tr("Nothing was left behind; try again.")) from error
        return hash_of

    return _new_folder(to, fill)


def write_files(to: Path, files: Iterable[tuple[str, bytes]], clearance: Clearance, day: dt.date) -> None:
    """Write files into a folder that is not there yet, all or none, with the times and modes of those in a bag.

    :param files: the name and the bytes of each.
    :raises CannotWrite: the folder is there already, or cannot be written.
    """

    def fill(folder: Path) -> None:
        for name, content in files:
            _put(folder / name, content)
        _smooth(folder, clearance, day)

    _new_folder(to, fill)


_Filled = TypeVar("_Filled")


def _new_folder(to: Path, fill: Callable[[Path], _Filled]) -> _Filled:
    """Make a folder beside its place, have it filled, and put it there whole.

    :raises CannotWrite: something is there already, or it cannot be written.
    """
    if os.path.lexists(to):
        message = tr("{to} is there already", to=to)
        raise CannotWrite(message, tr("Name a folder that is not there yet."))
    _sweep(to)
    made = to.with_name(f"{_beside(to)}{os.getpid()}-{os.urandom(4).hex()}.new")
    try:
        made.mkdir(mode=0o700)
        _put(made / _WRITER, LockHolder.here().to_bytes())
        folder = made / "bag"
        folder.mkdir(mode=0o700)
        filled = fill(folder)
        folder.rename(to)
        system.sync_folder(to.parent)
    except OSError as error:
        message = tr("{to} cannot be written: {reason}", to=to, reason=error.strerror or error)
        raise CannotWrite(message, tr("Nothing was left behind.")) from error
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return filled


def _beside(to: Path) -> str:
    """Return how the name of the folder begins in which a bag is made, before it has its place."""
    return f".{to.name[:40]}."


def _sweep(to: Path) -> None:
    """Take away what bags of the same name that were cut off have left, where their writers are gone."""
    with contextlib.suppress(OSError):
        for neighbour in sorted(to.parent.iterdir()):
            if neighbour.name.startswith(_beside(to)) and atomic.is_leftover(neighbour.name) and not neighbour.is_symlink():
                writer = LockHolder.read(neighbour / _WRITER)
                if writer is not None and writer.is_gone():
                    shutil.rmtree(neighbour, ignore_errors=True)


def _fill(bag: Path, parcel: Parcel, day: dt.date, beside: Beside, sign: Callable[[bytes], Signature] | None) -> dict[str, str]:
    carried = []
    for item in parcel.items():
        _put(bag / "data" / item.path, item.content)
        carried.append(CarriedFile(item.path, len(item.content), fixity(item.content), item.code, item.is_file))
    hash_of = {f"{_PAYLOAD}{file.path}": file.sha256 for file in carried}
    about = [
        ("Source-Organization", parcel.authorities.name()),
        (
            "External-Description",
            f"Records and authorities as readers of the clearance {parcel.clearance} have them. To be cited with their caveats.",
        ),
        *(() if parcel.is_whole else (("External-Description", _part(parcel)),)),
        ("Bagging-Date", day.isoformat()),
        ("Payload-Oxum", f"{sum(file.size for file in carried)}.{len(carried)}"),
        (CLEARANCE_LABEL, parcel.clearance),
        *((RENDERING_LABEL, f"{_PAYLOAD}{file.path}") for file in carried if not file.is_file),
    ]
    tags = {
        "bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        BAG_INFO: "".join(f"{label}: {' '.join(value.split())}\n" for label, value in about).encode(),
        MANIFEST: manifest(hash_of).encode(),
        **beside(carried),
    }
    tags[TAG_MANIFEST] = manifest({name: fixity(content) for name, content in tags.items()}).encode()
    if sign is not None:
        signature = sign(tags[TAG_MANIFEST])
        tags[f"{TAG_MANIFEST}{signature.ending}"] = signature.content
    for name, content in tags.items():
        _put(bag / name, content)
    _smooth(bag, parcel.clearance, day)
    return hash_of


def _part(parcel: Parcel) -> str:
    return f"A part of the collection: {len(parcel)} of {len(parcel.collection.codes())} records."


def _put(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(atomic.make(file, 0o600), "wb") as new:
        new.write(content)
        new.flush()
        system.sync(new.fileno())


def _smooth(bag: Path, clearance: Clearance, day: dt.date) -> None:
    """Give every file and folder the same time and mode; what is not public is its owner's alone."""
    noon = int(dt.datetime(day.year, day.month, day.day, 12, tzinfo=dt.UTC).timestamp())
    file_mode, folder_mode = (0o644, 0o755) if clearance == PUBLIC else (0o600, 0o700)
    for path in sorted([bag, *bag.rglob("*")], reverse=True):
        atomic.set_mode(path, folder_mode if path.is_dir() else file_mode)
        os.utime(path, (noon, noon))
