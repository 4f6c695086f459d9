"""``testimony open``."""

import click

from archive.cli._changing import signing, tell
from archive.cli._context import Context, say
from archive.cli._options import complete_codes, examples, option
from archive.language.messages import tr


@click.command(
    help="""Let a record be read. Somebody must say which consent there is, and sign for it; nothing may be left
    to fill in, and no embargo may be running.""",
    epilog=examples(
        'testimony open NKT-0008 --consent published-by-witness --by "A. Keeper"',
        'testimony open NKT-0008 --consent given --level restricted --by "A. Keeper"',
    ),
)
@click.argument("code", shell_complete=complete_codes)
@option(
    "--consent",
    required=True,
    type=click.Choice(["given", "published-by-witness", "published-by-others"]),
    help="Which consent there is.",
)
@option(
    "--level",
    type=click.Choice(["public", "restricted"]),
    default="public",
    show_default=True,
    help="Who may read it from now on.",
)
@signing
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917 - the options of the command
    context: Context,
    /,
    code: str,
    consent: str,
    level: str,
    by: str,
    day: str,
    commit: bool,  # noqa: FBT001 - a flag of Click
) -> None:
    """Open a record."""
    revised = context.archive.open_record(code, consent, by, level=level, day=day)
    tell(context, revised, commit=commit)
    say(tr("open: {level}. See what readers see with `testimony show {code}`", level=level, code=revised.code))
