"""``testimony web``."""

from importlib import import_module
from typing import Any, Final

import click

from archive.archive import Archive
from archive.cli._context import Context, progress, say
from archive.cli._options import examples
from archive.errors import MissingExtra
from archive.language.messages import tr

SERVER: Final = "archive.web.server"
"""Loaded by name: with it come the libraries of the extra."""


@click.command(
    help="""Read the collection in a browser on this machine: search, records with their caveats,
    camps, topics, comparisons, citations to copy. The address is printed; it is shown in your
    browser. Nobody but you can open it, nothing leaves this machine, and nothing is changed.
    Ctrl-C closes it.""",
    epilog=examples("testimony web", "testimony web --no-browser"),
)
@click.option("--port", type=click.IntRange(0, 65_535), default=0, help="Where to listen; else any port that is free.")
@click.option("--no-browser", is_flag=True, help="Print the address alone; open it yourself.")
@click.pass_obj
def command(context: Context, /, *, port: int, no_browser: bool) -> None:
    """Open the reading room."""
    try:
        server: Any = import_module(SERVER)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "archive":
            raise
        message = tr("the room in the browser needs {library}, which is not installed", library=error.name)
        raise MissingExtra(message) from error
    room = context.room

    def opened() -> Archive:
        return Archive(room.root, room.clearance, say, progress, room.identity, room.engine)

    server.serve(opened, room.clearance, port, click.echo, browser=not no_browser)
