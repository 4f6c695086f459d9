"""``testimony withdraw``."""

import click

from archive.cli._changing import signing, tell
from archive.cli._context import Context
from archive.cli._options import as_text, complete_codes, examples


@click.command(
    help="""Take a record back for good, as when a witness withdraws consent. Where it was public, whoever
    verifies a citation of it is told that it was withdrawn, and nothing else. Its code is never used again. Says
    where its words may lie still.""",
    epilog=examples(
        'testimony withdraw NKT-0008 --reason "The witness took consent back"',
        'testimony withdraw NKT-0009 --reason "By letter" --date 2026-11-29',
    ),
)
@click.argument("code", shell_complete=complete_codes)
@click.option("--reason", required=True, metavar="TEXT", callback=as_text, help="Why, for the history; no reader sees it.")
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
    """Withdraw a record."""
    tell(context, context.room.withdraw(code, reason, by=by, day=day), commit=commit, copies=True)
