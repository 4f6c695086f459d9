"""``testimony close``."""

import click

from archive.cli._changing import signing, tell
from archive.cli._context import Context
from archive.cli._options import as_text, complete_codes, examples


@click.command(
    help="""Close a record to all readers: as if it were not there, until it is opened again. What a
    witness takes back for good is withdrawn. Says where its words may lie still.""",
    epilog=examples(
        "testimony close NKT-0008",
        'testimony close NKT-0009 --reason "The witness asks for time"',
    ),
)
@click.argument("code", shell_complete=complete_codes)
@click.option("--reason", default="", metavar="TEXT", callback=as_text, help="Why, for the history.")
@signing
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917 - the options of the command
    context: Context,
    /,
    code: str,
    reason: str,
    by: str,
    day: str,
    commit: bool,  # noqa: FBT001 - a flag of Click
) -> None:
    """Close a record."""
    tell(context, context.room.close_record(code, reason, by=by, day=day), commit=commit, copies=True)
