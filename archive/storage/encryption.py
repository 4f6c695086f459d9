"""Sealed records: encrypted in the age format, opened in memory with an identity file and nowhere else.

The only door to pyrage, which the extra ``[vault]`` brings.
"""

import contextlib
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Final

from archive.errors import CannotOpen, MissingExtra
from archive.language.messages import tr
from archive.named_tuple import NamedTuple
from archive.storage import record_files

try:
    import pyrage
except ImportError:
    pyrage = None

_HEAD: Final = b"age-encryption.org/v1\n"
_STANZA: Final = b"\n-> X25519 "
_NONCE: Final = 16
_CHUNK: Final = 64 * 1024
_TAG: Final = 16


def recipients(written: Iterable[str], files: Iterable[Path]) -> tuple[Any, ...]:
    """Read recipients, ``age1…``: those given, and one a line of each file but comments.

    :raises CannotOpen: one of them is none, or there are none at all.
    :raises MissingExtra: pyrage is not installed.
    """
    library = _library()
    every = [*written, *(line for file in files for line in _lines(file))]
    keys = []
    for number, written_key in enumerate(dict.fromkeys(every), start=1):
        try:
            keys.append(library.x25519.Recipient.from_str(written_key.strip()))
        except library.RecipientError as error:
            message = tr("recipient {number} is none in the form age1…", number=number)
            raise CannotOpen(message, tr("`age-keygen` makes an identity and prints its recipient.")) from error
    if not keys:
        message = tr("there is no recipient to seal for")
        raise CannotOpen(message, tr("Give --recipient age1… or --recipients-file FILE."))
    return tuple(keys)


class NewKey(NamedTuple):
    """An identity that was made: what is to be kept of it, and the recipient that is handed out."""

    content: bytes
    recipient: str


def new_key(passphrase: str = "") -> NewKey:
    """Make an identity, as ``age-keygen`` does; with a passphrase its file is encrypted by it, as ``age --passphrase`` does.

    :raises MissingExtra: pyrage is not installed.
    """
    library = _library()
    identity = library.x25519.Identity.generate()
    recipient = str(identity.to_public())
    content = f"# public key: {recipient}\n{identity}\n".encode()
    return NewKey(library.passphrase.encrypt(content, passphrase) if passphrase else content, recipient)


_ASK: Final[ContextVar[Callable[[Path], str | None]]] = ContextVar("ask", default=lambda _: None)
_UNLOCKED: Final[dict[bytes, bytes]] = {}
"""The identity files that were opened by a passphrase, for this process alone, so that a person types it once."""


def ask_by(ask: Callable[[Path], str | None]) -> None:
    """Say who gives the passphrase of an identity file; None where nobody can."""
    _ASK.set(ask)


def _unlock(file: Path, content: bytes) -> bytes:
    """Open an identity file that a passphrase protects.

    :raises CannotOpen: there is no passphrase, or it is another one.
    """
    if content not in _UNLOCKED:
        passphrase = _ASK.get()(file)
        if not passphrase:
            message = tr("{file} is protected by a passphrase, and there is none", file=file)
            raise CannotOpen(message, tr("Type it in a terminal, or name a file that holds it: TESTIMONY_PASSPHRASE_FILE."))
        library = _library()
        try:
            _UNLOCKED[content] = library.passphrase.decrypt(content, passphrase)
        except library.DecryptError as error:
            message = tr("the passphrase does not open {file}", file=file)
            raise CannotOpen(message, tr("Nothing was written or removed.")) from error
    return _UNLOCKED[content]


def identities(file: Path) -> tuple[Any, ...]:
    """Read the identities, ``AGE-SECRET-KEY-1…``, of a file, which a passphrase may protect.

    :raises CannotOpen: it cannot be read, or holds none.
    :raises MissingExtra: pyrage is not installed.
    """
    library = _library()
    keys = []
    content = content_of(file)
    lines = _decode(file, _unlock(file, content) if content.startswith(_HEAD) else content)
    for number, line in enumerate(lines, start=1):
        try:
            keys.append(library.x25519.Identity.from_str(line))
        except library.IdentityError as error:
            message = tr("identity {number} of the identity file is none in the form AGE-SECRET-KEY-1…", number=number)
            raise CannotOpen(message, tr("Name the file that `testimony seal --new-key` or `age-keygen` wrote.")) from error
    if not keys:
        message = tr("the identity file holds no identity")
        raise CannotOpen(message, tr("Name the file that `age-keygen` wrote."))
    return tuple(keys)


def seal(content: bytes, to: tuple[Any, ...]) -> bytes:
    """Encrypt a file, and hold the result against the format: its head, a stanza a recipient, its length.

    :raises CannotOpen: the library gave something else.
    """
    sealed: bytes = _library().encrypt(content, list(to))
    head, separator, rest = sealed.partition(b"\n--- ")
    payload = rest.partition(b"\n")[2]
    chunks = max(1, -(-len(content) // _CHUNK))
    whole = len(payload) == _NONCE + len(content) + chunks * _TAG
    if not (sealed.startswith(_HEAD) and separator and head.count(_STANZA) == len(to) and whole):
        message = tr("what was encrypted is no whole file in the age format")
        raise CannotOpen(message, tr("Nothing was written or removed."))
    return sealed


def unseal(sealed: bytes, own: tuple[Any, ...]) -> bytes:
    """Decrypt a file.

    :raises CannotOpen: none of the identities opens it, or it is damaged.
    """
    library = _library()
    try:
        opened: bytes = library.decrypt(sealed, list(own))
    except library.DecryptError as error:
        message = tr("the identity does not open it, or it is damaged")
        raise CannotOpen(message, tr("Ask whoever sealed it for whom it was sealed.")) from error
    return opened


def open_records(root: Path, identity: Path) -> dict[str, bytes]:
    """Decrypt the sealed records of a collection that an identity opens, with their versions, by path, for this process alone.

    The rest stays shut.

    :raises CannotOpen: the identity file cannot be read.
    """
    own = identities(identity)
    records = {}
    survey = record_files.survey(root)
    for path in (sealed_path for code in map(record_files.code_of, survey.sealed) for sealed_path in survey.files_of(code)):
        sealed = record_files.read_bytes(root, path)
        with contextlib.suppress(CannotOpen):
            records[path] = unseal(sealed, own)
    return records


def _lines(file: Path) -> list[str]:
    return _decode(file, content_of(file))


def content_of(file: Path) -> bytes:
    """Read the bytes of a file that is to be opened.

    :raises CannotOpen: it cannot be read.
    """
    try:
        return file.read_bytes()
    except OSError as error:
        message = tr("{file} cannot be read: {reason}", file=file, reason=error.strerror or error)
        raise CannotOpen(message) from error


def _decode(file: Path, content: bytes) -> list[str]:
    try:
        lines = content.decode("utf-8").splitlines()
    except UnicodeDecodeError as error:
        message = tr("{file} cannot be read: {reason}", file=file, reason=tr("it is no text"))
        raise CannotOpen(message) from error
    return [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]


def _library() -> Any:  # noqa: ANN401 - the library, which is not typed throughout
    if pyrage is None:
        message = tr("sealed records need the library pyrage, which is not installed")
        raise MissingExtra(message)
    return pyrage
