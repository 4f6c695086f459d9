"""The editor of a person, on a copy of a file that nobody else can read: in a folder of its own, which goes at every end."""

import contextlib
import os
import shlex
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from archive import system
from archive.errors import CannotWrite
from archive.language.messages import tr
from archive.storage import atomic, shipped

_PREFIX: Final = ".editing-"
_UNSAVED: Final = ".unsaved"
_OWNERS_FOLDER, _OWNERS_FILE = 0o700, 0o600
_SECONDS: Final = 5.0
_LONGEST_NAME, _LONGEST_ENDING = 80, 8
_NOT_FOR_GIT: Final = b"*\n"
_USUAL: Final = ("sensible-editor", "nano", "vi", "notepad")


def command() -> list[str]:
    """Return the editor that VISUAL or EDITOR names, with its options, else one that is there.

    :raises CannotWrite: there is none.
    """
    for variable in ("VISUAL", "EDITOR"):
        written = os.environ.get(variable, "").strip()
        try:
            words = shlex.split(written, posix=not system.WINDOWS)
        except ValueError:
            words = []
        if words and (program := shutil.which(words[0])):
            return [program, *words[1:]]
        if written:
            message = tr("{variable} names {written!r}, and there is no such program", variable=variable, written=written)
            raise CannotWrite(message, tr("Name your editor, as in: export EDITOR=nano"))
    for name in _USUAL:
        if program := shutil.which(name):
            return [program]
    raise CannotWrite(tr("there is no editor"), tr("Name yours, as in: export EDITOR=nano"))


def plain_name(given: str) -> str:
    """Return a name for a file that every system can have, with the ending of the one given."""
    last = given.replace("\\", "/").rpartition("/")[2]
    stem, dot, ending = last.rpartition(".")
    kept = "".join(sign if sign.isalnum() or sign in " _-" else "_" for sign in (stem or ending)).strip()[:_LONGEST_NAME]
    short = "".join(filter(str.isalnum, ending))[:_LONGEST_ENDING] if dot and stem else ""
    return f"{kept or 'file'}{'.' if short else ''}{short}"


@contextlib.contextmanager
def copy_for_editor(root: Path, name: str, content: bytes) -> Iterator[Path]:
    """Lay a copy of a file out for an editor; it is gone at the end, with all that the editor left beside it.

    It lies on the disk of the collection and outside of its records, readable by its owner alone.

    :raises CannotWrite: nothing can be written there, or it is the archive that comes with the program.
    """
    shipped.refuse_writing(root)
    _sweep(root)
    folder = root / f"{_PREFIX}{os.getpid()}-{os.urandom(4).hex()}"
    try:
        yield _lay_out(folder, name, content)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _lay_out(folder: Path, name: str, content: bytes) -> Path:
    try:
        _make(folder)
        with os.fdopen(atomic.make(folder / name, _OWNERS_FILE), "wb") as opened:
            opened.write(content)
    except OSError as error:
        message = tr("{path} cannot be written: {reason}", path=folder, reason=error.strerror or error)
        raise CannotWrite(message, tr("What was there is whole.")) from error
    return folder / name


def run(file: Path) -> None:
    """Open a file in the person's editor and wait until it is closed.

    :raises CannotWrite: there is no editor, or it says that it failed.
    """
    program = command()
    with _interrupts_for_the_editor():
        try:
            process = subprocess.Popen([*program, str(file)])  # noqa: S603 - the person's own editor
        except OSError as error:
            message = tr("{program} cannot be run: {reason}", program=program[0], reason=error.strerror or error)
            raise CannotWrite(message, tr("Name another editor, as in: export EDITOR=nano")) from error
        try:
            code = process.wait()
        except BaseException:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_SECONDS)
            raise
    if code:
        message = tr("{program} ended with {code}", program=Path(program[0]).name, code=code)
        raise CannotWrite(message, tr("The record was left as it is."))


@contextlib.contextmanager
def _interrupts_for_the_editor() -> Iterator[None]:
    """Leave Ctrl-C to the editor while it runs: it means something there."""
    try:
        before = signal.signal(signal.SIGINT, lambda *_: None)
    except ValueError:  # not in the main thread
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def keep(root: Path, name: str, content: bytes) -> Path:
    """Keep a text that could not be saved, readable by its owner alone; returns where.

    :raises CannotWrite: nothing can be written there.
    """
    folder = root / _UNSAVED
    try:
        if not folder.is_dir():
            _make(folder)
    except OSError as error:
        message = tr("{path} cannot be written: {reason}", path=folder, reason=error.strerror or error)
        raise CannotWrite(message) from error
    stem, _, ending = name.rpartition(".")
    numbered = (folder / f"{stem}.{number}.{ending}" for number in range(1, 10_000))
    file = next(place for place in numbered if not os.path.lexists(place))
    atomic.write_beside(file, content, new=True, mode=_OWNERS_FILE)
    return file


def unsaved_texts(root: Path) -> tuple[Path, ...]:
    """Return the texts that could not be saved and were kept."""
    with contextlib.suppress(OSError):
        return tuple(sorted(file for file in (root / _UNSAVED).iterdir() if not file.name.startswith(".")))
    return ()


def leftover_folders(root: Path) -> tuple[Path, ...]:
    """Return the folders of editors whose program was cut off."""
    found = []
    with contextlib.suppress(OSError):
        for folder in sorted(root.glob(f"{_PREFIX}*")):
            number = folder.name.removeprefix(_PREFIX).partition("-")[0]
            if number.isdigit() and not folder.is_symlink() and not system.may_live(int(number)):
                found.append(folder)
    return tuple(found)


def _sweep(root: Path) -> None:
    for folder in leftover_folders(root):
        shutil.rmtree(folder, ignore_errors=True)


def _make(folder: Path) -> None:
    folder.mkdir(mode=_OWNERS_FOLDER)
    atomic.set_mode(folder, _OWNERS_FOLDER)
    (folder / ".gitignore").write_bytes(_NOT_FOR_GIT)
