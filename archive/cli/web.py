"""``testimony web``."""

from importlib import import_module
from typing import Any, Final

import click

from archive.archive import Archive
from archive.cli._context import Context, progress, say
from archive.cli._options import examples, option
from archive.errors import ConflictingOptions, MissingExtra
from archive.language.messages import tr

SERVER: Final = "archive.web.server"
"""Loaded by name: with it come the libraries of the extra."""


@click.command(
    help="""Read the collection in a browser on this machine: search, records with their caveats,
    camps, topics, comparisons, citations to copy. The address is printed; it is shown in your
    browser. Nobody but you can open it, nothing leaves this machine, and nothing is changed.
    Ctrl-C closes it. With --keeper the keeper's desk is opened in its place: there records are begun,
    edited, noted, opened and taken back in forms, and closed ones are shown.""",
    epilog=examples("testimony web", "testimony web --no-browser", "testimony web --keeper"),
)
@option("--port", type=click.IntRange(0, 65_535), default=0, help="Where to listen; else any port that is free.")
@option("--no-browser", is_flag=True, help="Print the address alone; open it yourself.")
@option("--keeper", is_flag=True, help="For keepers: open the desk where records are changed.")
@click.pass_obj
def command(context: Context, /, *, port: int, no_browser: bool, keeper: bool) -> None:
    """Open the reading room, or the keeper's desk."""
    if keeper and context.is_identity_named:
        message = tr("no key is given to the keeper's desk: it opens no sealed record")
        raise ConflictingOptions(message, tr("Leave --identity out; `testimony unseal` opens a record."))
    try:
        server: Any = import_module(SERVER)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "archive":
            raise
        message = tr("the room in the browser needs {library}, which is not installed", library=error.name)
        raise MissingExtra(message) from error
    archive = context.archive

    def open_archive() -> Archive:
        identity = None if keeper else archive.identity
        return Archive(
            root=archive.root, clearance=archive.clearance, say=say, progress=progress, identity=identity, engine=archive.engine
        )

    server.serve(open_archive, archive.clearance, port, click.echo, browser=not no_browser, keeper=keeper)
