"""``testimony withdraw``."""

from typing import Any

import click

from archive.cli._changing import signing, tell
from archive.cli._context import Context
from archive.cli._options import as_text, complete_codes, examples, option


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
@option("--reason", required=True, metavar="TEXT", callback=as_text, help="Why, for the history; no reader sees it.")
@signing
@click.pass_obj
def command(context: Context, /, code: str, reason: str, *, commit: bool, **signed: Any) -> None:  # noqa: ANN401 - Click's arguments
    """Withdraw a record."""
    tell(context, context.archive.withdraw(code, reason, **signed), commit=commit, copies=True)
