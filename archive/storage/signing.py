"""Signatures beside files: made and verified by ``ssh-keygen -Y``, or by minisign where the key is one of its own.

No key is read here but for its first line: the programs read it, and ask the
person for its passphrase.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from archive.errors import BadSignature, CannotSign
from archive.language.messages import tr
from archive.named_tuple import NamedTuple
from archive.storage import atomic

NAMESPACE: Final = "testimony-archive"
"""What a signature is for, so that one that was made of the same bytes for something else is none."""
SSH: Final = ".sig"
MINISIGN: Final = ".minisig"
_MINISIGN_KEY: Final = b"untrusted comment:"
_SSH_SIGNATURE: Final = b"-----BEGIN SSH SIGNATURE-----"
_MOST_BYTES: Final = 100_000
_SECONDS: Final = 300  # a person types a passphrase


class Signature(NamedTuple):
    """A signature, and how the name of its file ends."""

    ending: str
    content: bytes


class Signer(NamedTuple):
    """Who made a signature, as far as that can be told: ``name`` from the list of signers, "" where none was given."""

    name: str
    key: str


def is_signature(content: bytes) -> bool:
    """Return whether a file is a signature of one of these programs."""
    return content.startswith((_SSH_SIGNATURE, _MINISIGN_KEY))


def ending_of(key: Path) -> str:
    """Return how the name of a signature ends that a key makes.

    :raises CannotSign: the key cannot be read.
    """
    return MINISIGN if _read(key, CannotSign).startswith(_MINISIGN_KEY) else SSH


def beside(file: Path) -> Path:
    """Return the signature that lies beside a file.

    :raises BadSignature: there is none.
    """
    for ending in (SSH, MINISIGN):
        signature = file.with_name(f"{file.name}{ending}")
        if signature.is_file():
            return signature
    message = tr("there is no signature beside {file}", file=file)
    raise BadSignature(message, tr("One is made with `testimony manifest --output FILE --sign KEY`."))


def sign(content: bytes, key: Path) -> Signature:
    """Sign bytes with a key of SSH or of minisign; the program asks for its passphrase on the terminal.

    :raises CannotSign: the key cannot be read, or does not sign, or the program is not installed.
    """
    ending = ending_of(key)
    with tempfile.TemporaryDirectory(prefix="testimony-") as folder:
        file = Path(folder) / "signed"
        file.write_bytes(content)
        if ending == MINISIGN:
            options = ["-S", "-s", str(key), "-m", str(file), "-t", NAMESPACE]
            done = _run("minisign", *options)
        else:
            done = _run("ssh-keygen", "-Y", "sign", "-f", str(key), "-n", NAMESPACE, str(file))
        made = file.with_name(f"{file.name}{ending}")
        if done.returncode or not made.is_file():
            message = tr("{key} did not sign: {reason}", key=key, reason=_last_line(done.stderr or done.stdout))
            raise CannotSign(message, tr("Name a private key of SSH, as ~/.ssh/id_ed25519, or one of minisign."))
        return Signature(ending, made.read_bytes())


def verify(content: bytes, signature: Path, signers: Path | None) -> Signer:
    """Verify a signature of bytes, and tell who made it.

    :param signers: of SSH a file of allowed signers, of minisign a file that holds the public key; None asks only whether the
        signature is of these bytes.
    :raises BadSignature: it is no signature of these bytes by one of the signers.
    :raises CannotSign: the program is not installed.
    """
    written = _read(signature, BadSignature)
    if written.startswith(_MINISIGN_KEY):
        return _by_minisign(content, signature, signers)
    if not written.startswith(_SSH_SIGNATURE):
        message = tr("{file} is no signature", file=signature)
        raise BadSignature(message, tr("One is made with `testimony manifest --output FILE --sign KEY`."))
    check = ["ssh-keygen", "-Y", "check-novalidate", "-n", NAMESPACE, "-s", str(signature)]
    done = _run(*check, content=content)
    if done.returncode:
        raise _refusal(signature, done)
    key = _last_line(done.stdout).rpartition(" with ")[2]
    if signers is None:
        return Signer("", key)
    _read(signers, BadSignature)
    found = _run("ssh-keygen", "-Y", "find-principals", "-s", str(signature), "-f", str(signers), content=content)
    names = found.stdout.decode("utf-8", "replace").splitlines()
    if found.returncode or not names:
        message = tr("{key} is no key of a signer in {signers}", key=key, signers=signers)
        raise BadSignature(message, tr("Ask whom you have the file from by another way which key is theirs."))
    name = names[0].partition(",")[0].strip()
    options = ["-Y", "verify", "-f", str(signers), "-I", name, "-n", NAMESPACE, "-s", str(signature)]
    done = _run("ssh-keygen", *options, content=content)
    if done.returncode:
        raise _refusal(signature, done)
    return Signer(name, key)


def _by_minisign(content: bytes, signature: Path, signers: Path | None) -> Signer:
    if signers is None:
        message = tr("a signature of minisign is verified with the public key of whoever made it")
        raise BadSignature(message, tr("Name the file that holds it: --signers minisign.pub"))
    key = _read(signers, BadSignature).decode("utf-8", "replace").strip().splitlines()[-1:]
    with tempfile.TemporaryDirectory(prefix="testimony-") as folder:
        file = Path(folder) / "signed"
        file.write_bytes(content)
        done = _run("minisign", "-V", "-p", str(signers), "-m", str(file), "-x", str(signature))
    if done.returncode:
        raise _refusal(signature, done)
    return Signer(str(signers), "".join(key))


def _refusal(signature: Path, done: "subprocess.CompletedProcess[bytes]") -> BadSignature:
    reason = _last_line(done.stderr or done.stdout)
    message = tr("{file} is no signature of what lies here: {reason}", file=signature, reason=reason)
    return BadSignature(message, tr("The file or its signature was changed, or it was signed for something else."))


def _read(file: Path, error: type[CannotSign] | type[BadSignature]) -> bytes:
    try:
        return atomic.read_regular(file, _MOST_BYTES)
    except OSError as reason:
        message = tr("{file} cannot be read: {reason}", file=file, reason=reason.strerror or reason)
        raise error(message) from reason


def _run(program: str, *options: str, content: bytes | None = None) -> "subprocess.CompletedProcess[bytes]":
    """Run one of the two programs.

    :raises CannotSign: it is not installed.
    """
    found = shutil.which(program)
    if found is None:
        message = tr("{program} is not installed", program=program)
        raise CannotSign(message, tr("ssh-keygen comes with OpenSSH, minisign with a package of its name."))
    try:
        return subprocess.run(  # noqa: S603 - one of two programs by its full path, with options that are written above
            [found, *options],
            input=content,
            capture_output=True,
            check=False,
            env={**os.environ, "LC_ALL": "C"},
            timeout=_SECONDS,
        )
    except (OSError, subprocess.SubprocessError) as error:
        message = tr("{program} did not answer: {reason}", program=program, reason=error)
        raise CannotSign(message) from error


def _last_line(told: bytes) -> str:
    lines = told.decode("utf-8", "replace").strip().splitlines()
    return lines[-1].strip() if lines else tr("it says nothing")
