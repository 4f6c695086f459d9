"""What all commands share: where the collection lies, and how to speak to the person."""

import os
import sys
from collections.abc import Iterable, Iterator
from functools import cached_property
from importlib import import_module
from itertools import islice
from pathlib import Path

import click

from archive.archive import WHOOSH, Archive
from archive.errors import ArchiveError, CannotOpen, CannotWrite, NoCollection
from archive.formats.terminal import WIDEST, render, visible
from archive.formats.wording import describe_left_out
from archive.language.messages import current_language, tr, tr_count
from archive.record.testimony import PUBLIC, Clearance, Reference
from archive.search.model import Results

GIVEN = f"{__name__}.given"
"""Where a context of Click keeps what was typed: the name of the command and all behind it."""

_EXAMPLE = "NKT-"  # how the codes begin that help and messages give as examples
# Loaded by name: a search prints no such line.
IN_YOUR_LANGUAGE = "archive.formats.text.in_your_language"
_LONG_WORK = 200  # records from which an update shows how far it is
_TOGETHER = 100  # lines that are printed in one go
_NARROWEST = 40


class PipeClosed(Exception):
    """Whoever read our output has seen enough (`| head`). Click would make an error of it."""


class OutputLost(CannotWrite):
    """What was printed did not arrive, as on a full disk."""

    def __init__(self, error: OSError) -> None:
        """Say why."""
        super().__init__(
            tr("the output cannot be written: {reason}", reason=error.strerror or error),
            tr("What has been written is not whole."),
        )


class Context:
    """The object of a Click context."""

    def __init__(
        self, root: str | None, clearance: str, identity: Path | None = None, engine: str = WHOOSH, *, is_shipped: bool = False
    ) -> None:
        """Keep what was given; the collection is looked for when it is needed.

        :param engine: what answers queries, one of `archive.archive.ENGINES`.
        :param is_shipped: the collection is the one that comes with the program.
        """
        self.engine = engine
        self._root = root
        self._is_shipped = is_shipped
        self.is_identity_named = False
        self.as_indexed = False
        self.audit: Path | None = None
        self.clearance = Clearance(clearance)
        self.identity = identity

    @cached_property
    def root(self) -> Path:
        """The root of the collection. :raises NoCollection: there is none."""
        return Archive.shipped_root() if self._is_shipped else Archive.find_root(self._root, _here)

    @cached_property
    def known(self) -> tuple[str, str]:
        """The prefix of the codes and the name of the collection, without making anything; else two empty texts."""
        try:
            authorities = Archive(self.root, self.clearance).known_authorities()
            return (authorities.prefix, authorities.name(current_language())) if authorities else ("", "")
        except (ArchiveError, OSError):
            return "", ""

    def as_here(self, text: str) -> str:
        """Return a text with examples of codes that begin as those of this collection."""
        prefix = self.known[0] if _EXAMPLE in text else ""
        return text.replace(_EXAMPLE, f"{prefix}-") if prefix else text

    @cached_property
    def archive(self) -> Archive:
        """The collection, opened with what was given; Click closes it when the command ends.

        :raises CannotOpen: the identity that was named, or that is needed, is not there.
        """
        if self.identity and (self.is_identity_named or self.clearance != PUBLIC):
            if not self.identity.is_file():
                message = tr("there is no identity file {file}", file=self.identity)
                raise CannotOpen(message, tr("`testimony seal --new-key FILE` makes one; a disk that holds it may not be there."))
            Archive.ask_passphrases_by(passphrase)
        archive = Archive(
            root=self.root,
            clearance=self.clearance,
            say=say,
            progress=progress,
            identity=self.identity,
            engine=self.engine,
            as_indexed=self.as_indexed,
        )
        here = click.get_current_context(silent=True)  # there is none while a shell completes
        if here:
            here.find_root().call_on_close(archive.close)
        return archive


def _here() -> Path:
    """Return the folder that the person is in.

    :raises NoCollection: it is gone.
    """
    try:
        return Path.cwd()
    except OSError as error:
        message = tr("the folder that you are in is not there any more")
        raise NoCollection(message, tr("Go to another one, or name your collection with --root, from / on.")) from error


def say(message: str) -> None:
    """Tell the person something, on standard error."""
    click.echo(f"testimony: {visible(message)}", err=True)


_FILE_OF_IT = "TESTIMONY_PASSPHRASE_FILE"
"""The variable that names a file whose first line is the passphrase, where nobody sits at a terminal."""


def passphrase(file: Path) -> str | None:
    """Ask for the passphrase of an identity file; None where there is nobody to ask and no file that holds it.

    :raises CannotOpen: the file that is to hold it cannot be read.
    """
    named = os.environ.get(_FILE_OF_IT, "")
    if named:
        try:
            return Path(named).read_text(encoding="utf-8").partition("\n")[0].rstrip("\r") or None
        except (OSError, UnicodeDecodeError) as error:
            message = tr("{file} cannot be read: {reason}", file=named, reason=getattr(error, "strerror", "") or error)
            raise CannotOpen(message) from error
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    answer: str = click.prompt(tr("Passphrase of {file}", file=file), hide_input=True, err=True)
    return answer


def new_passphrase(file: Path) -> str:
    """Ask for a new passphrase, twice on a terminal.

    :raises CannotOpen: there is nobody to ask, and no file that holds it.
    """
    if not os.environ.get(_FILE_OF_IT) and sys.stdin.isatty() and sys.stderr.isatty():
        answer: str = click.prompt(tr("New passphrase of {file}", file=file), hide_input=True, confirmation_prompt=True, err=True)
        return answer
    given = passphrase(file)
    if not given:
        message = tr("there is no passphrase for {file}", file=file)
        raise CannotOpen(message, tr("Type it in a terminal, or name a file that holds it: TESTIMONY_PASSPHRASE_FILE."))
    return given


def say_left_out(results: Results, form: str) -> None:
    """Say how many passages a time that was asked for left out because they have no date, whatever takes the answer.

    On a terminal the text of an answer says so itself.
    """
    if form == "text" and sys.stdout.isatty():
        return
    for line in describe_left_out(results):
        say(line)


def say_if_open(file: Path, *, is_open: bool) -> None:
    """Say where others can read what is not public, though it was made its owner's alone."""
    if is_open:
        say(tr("{file} can be read by others on this machine: its disk keeps no permissions", file=file))


def progress(codes: Iterable[str]) -> Iterable[str]:
    """Show how far an update is, on a terminal only and only where it takes long."""
    every = list(codes)
    if len(every) < _LONG_WORK or not sys.stderr.isatty():
        return every
    return _with_progress(every)


def _with_progress(codes: list[str]) -> Iterable[str]:
    with click.progressbar(codes, label=tr("Indexing"), file=sys.stderr) as shown:
        yield from shown


def _terminal_size() -> os.terminal_size:
    """Return the size of the terminal; what tells it loads three compressors, so that an answer to a pipe goes without."""
    size: os.terminal_size = import_module("shutil").get_terminal_size()
    return size


def terminal_columns() -> int:
    """Return how wide text is laid out: as the terminal, within bounds; the same in every pipe."""
    return max(_NARROWEST, min(WIDEST, _terminal_size().columns)) if sys.stdout.isatty() else WIDEST


def write_paged(lines: Iterable[str]) -> None:
    """Print text on a terminal page by page, with the program that PAGER names; what fits on one page at once.

    :raises OutputLost: whoever takes the output cannot take it.
    """
    every = list(lines)
    if not sys.stdout.isatty() or len(every) < _terminal_size().lines:
        write(every, "text")
        return
    try:
        click.echo_via_pager("\n".join(render(every, styled=_has_styles())) + "\n")
    except BrokenPipeError as error:
        raise PipeClosed from error
    except OSError as error:
        raise OutputLost(error) from error


def _has_styles() -> bool:
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def write(lines: Iterable[str], form: str, *, bom: bool = False) -> None:
    """Print lines; text goes through the terminal's sink.

    :param bom: begin with a byte-order mark.
    :raises OutputLost: whoever takes the output cannot take it, as a full disk.
    """
    try:
        printed = iter(render(lines, styled=_has_styles()) if form == "text" else lines)
        if bom:
            click.echo("\ufeff", nl=False)
        while together := list(islice(printed, _TOGETHER)):
            click.echo("\n".join(together))
    except BrokenPipeError as error:
        raise PipeClosed from error
    except OSError as error:
        raise OutputLost(error) from error


def in_your_language(context: Context, wanted: Iterable[Reference], command: str) -> Iterator[str]:
    """Yield that what is printed by a command is here in the reader's language too, where it is."""
    records = ((context.archive.record(each.code), each) for each in wanted)
    yield from import_module(IN_YOUR_LANGUAGE).in_your_language(records, command, context.archive.authorities)


def count_unreadable(context: Context) -> None:
    """Say on standard error how many files nobody could read; `check` names them."""
    left_out = context.archive.unreadable
    if left_out:
        files = tr_count("{number} file", "{number} files", left_out)
        say(tr("{files} could not be read; `testimony check` names every fault", files=files))
