"""``testimony set``."""

import click

from archive.cli._changing import signing, tell
from archive.cli._context import Context
from archive.cli._options import complete_codes, examples


@click.command(
    help="""Set single fields of a record, each as `field=value`: `title`, `period`, `witness.name`,
    `recorded.date`, `topics` (with commas), `camps.1.period`, `claims.c2.status` … An empty value takes an optional
    field out. Who may read it, consent, code, caveats and hashes have commands of their own.""",
    epilog=examples(
        'testimony set NKT-0008 title="Account of a guard" recorded.by="A. Keeper"',
        "testimony set NKT-0008 camps.1.period=1987/1994 topics=hunger,forced-labour",
    ),
)
@click.argument("code", shell_complete=complete_codes)
@click.argument("fields", nargs=-1, required=True, metavar="FIELD=VALUE...")
@signing
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917 - the options of the command
    context: Context,
    /,
    code: str,
    fields: tuple[str, ...],
    by: str,
    day: str,
    commit: bool,  # noqa: FBT001 - a flag of Click
) -> None:
    """Set fields."""
    tell(context, context.archive.set_fields(code, fields, by=by, day=day), commit=commit)
