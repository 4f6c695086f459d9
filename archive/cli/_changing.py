"""What all commands share that change a record: who signs, what was done, and the commit."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from archive.cli._context import Context, say
from archive.cli._options import as_text, option
from archive.errors import CannotWrite
from archive.formats.terminal import columns, visible, wrap
from archive.language.messages import tr, tr_count

if TYPE_CHECKING:
    from archive.archive import Revised

_Command = TypeVar("_Command", bound=Callable[..., Any])


def signing(command: _Command) -> _Command:
    """Give a command the options of whoever makes a change: --by, --date and --commit."""
    options = (
        option(
            "--by",
            default="archive",
            show_default=True,
            metavar="NAME",
            callback=as_text,
            help="Who makes the change.",
        ),
        option("--date", "day", default="", metavar="DAY", help="The day of the change; else today."),
        option("--commit", is_flag=True, help="Commit the change, and nothing else, in the collection's git repository."),
    )
    for add in reversed(options):
        command = add(command)
    return command


def tell(context: Context, revised: "Revised", *, commit: bool, copies: bool = False) -> None:
    """Print which files were written, say what to look at, and make the commit.

    :param copies: say where the old words may lie still.
    :raises CannotWrite: the commit cannot be made; the files are written.
    """
    for path in revised.paths:
        click.echo(visible(path))
    for each in revised.said:
        say(each)
    for fault in revised.faults:
        say(tr("this version is left out until it fits the record again: {fault}", fault=fault))
    archive = context.archive
    hanging = len(archive.stale(revised.code, keeper=True))
    if hanging:
        notes = tr_count(
            "{number} note, claim or link hangs on words that have changed",
            "{number} notes, claims or links hang on words that have changed",
            hanging,
        )
        say(tr("{notes}: testimony rebind {code}", notes=notes, code=revised.code))
    if copies:
        _tell_copies(context, revised)
    if commit:
        make_commit(context, revised)


def _tell_copies(context: Context, revised: "Revised") -> None:
    say(tr("the old words may lie still in these places; each command is for you to decide on:"))
    for copy in context.archive.copies(revised):
        for line in wrap(visible(copy.where), columns(), "  ", "  "):
            click.echo(line, err=True)
        click.echo(visible(f"      {copy.command}"), err=True)


def make_commit(context: Context, revised: "Revised") -> None:
    """Commit what was written, and nothing else.

    :raises CannotWrite: it cannot be; the files are written.
    """
    try:
        commit = context.archive.commit(revised.paths, f"{revised.code}: {revised.change}\n")
    except CannotWrite as error:
        message = tr("the change is written, and was not committed: {message}", message=error.message)
        raise CannotWrite(message, error.remedy) from error
    say(tr("committed as {name}", name=commit[:12]))
