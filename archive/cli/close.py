"""``testimony close``."""

from typing import Any

import click

from archive.cli._changing import signing, tell
from archive.cli._context import Context
from archive.cli._options import as_text, complete_codes, examples, option


@click.command(
    help="""Close a record to all readers: as if it were not there, until it is opened again. What a
    witness takes back for good is withdrawn. Says where its words may lie still.""",
    epilog=examples(
        "testimony close NKT-0008",
        'testimony close NKT-0009 --reason "The witness asks for time"',
    ),
)
@click.argument("code", shell_complete=complete_codes)
@option("--reason", default="", metavar="TEXT", callback=as_text, help="Why, for the history.")
@signing
@click.pass_obj
def command(context: Context, /, code: str, reason: str, *, commit: bool, **signed: Any) -> None:  # noqa: ANN401 - Click's arguments
    """Close a record."""
    tell(context, context.archive.close_record(code, reason, **signed), commit=commit, copies=True)
