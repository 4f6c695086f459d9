"""``testimony assist``."""

from importlib import import_module
from typing import Any, Final

import click

from archive.archive import Archive
from archive.cli._context import Context, progress, say
from archive.cli._options import examples
from archive.errors import MissingExtra
from archive.language.messages import tr
from archive.record.testimony import PUBLIC

SERVER: Final = "archive.assistant.server"
"""Loaded by name: with it comes the library of the extra."""


@click.command(
    help="""Let an assistant on this machine ask the collection: it is started by that program, not by
    you, and speaks MCP on its standard streams until they close. It can search, show, cite,
    compare, look up camps and verify citations, and gets public passages alone, each as one text
    with its caveats and its citation. It can change nothing. What an assistant says is no
    citation: check what it quotes with `testimony verify`.""",
    epilog=examples("testimony assist"),
)
@click.pass_obj
def command(context: Context, /) -> None:
    """Serve an assistant until its input ends."""
    if context.clearance != PUBLIC or (context.identity and context.is_identity_named):
        message = tr("an assistant is shown what is public alone: leave --clearance and --identity out")
        raise click.UsageError(message)
    try:
        server: Any = import_module(SERVER)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "archive":
            raise
        message = tr("an assistant's door needs {library}, which is not installed", library=error.name)
        raise MissingExtra(message) from error
    root = context.root

    def open_archive() -> Archive:
        return Archive(root, PUBLIC, say, progress, engine=context.engine)

    server.serve(open_archive)
