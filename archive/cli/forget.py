"""``testimony forget``."""

import click

from archive.cli._context import Context, say
from archive.cli._options import examples
from archive.language.messages import tr


@click.command(
    help="""Delete what is kept of you between two commands for this collection: the numbers of
    the last answer, the basket, and saved searches. TESTIMONY_REMEMBER=0 keeps nothing from the start.""",
    epilog=examples("testimony forget"),
)
@click.pass_obj
def command(context: Context) -> None:
    """Forget."""
    number = context.archive.selection.forget()
    say(tr("deleted") if number else tr("nothing was kept"))
