"""``testimony log``."""

import click

from archive.cli._context import Context, count_unreadable, write, write_paged
from archive.cli._options import bom, complete_codes, examples, option, output
from archive.formats.data.csv import table
from archive.formats.registry import READING
from archive.formats.text import change_log


@click.command(
    help="""Say what was changed in the records, when, and by whom: the lines of their histories, the last first.
    With codes also what git keeps of their files: which paragraphs got other words, which notes and claims were
    added or changed. Told is only what a reader of your clearance could have read all along.""",
    epilog=examples("testimony log --since 2026-11", "testimony log NKT-0001", "testimony log --by archive --format csv"),
)
@click.argument("codes", metavar="[CODE]...", nargs=-1, shell_complete=complete_codes)
@option("--since", metavar="DAY", default="", help="Only what was changed on that day or later.")
@option("--by", metavar="WHO", default="", help="Only what these initials, or this name, stand at.")
@option("--pager/--no-pager", default=True, help="On a terminal, page by page ($PAGER).")
@bom
@output(*READING, "csv")
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917 - the options of the command
    context: Context,
    /,
    codes: tuple[str, ...],
    since: str,
    by: str,
    pager: bool,  # noqa: FBT001 - a flag of Click
    bom: bool,  # noqa: FBT001 - the same
    form: str,
) -> None:
    """Print the log of the collection, or of some records."""
    changes = context.archive.log(*codes, since=since, by=by)
    count_unreadable(context)
    if form == "json":
        write(change_log.document(changes), form)
    elif form == "csv":
        write(table(change_log.COLUMNS, change_log.rows(changes)), form, bom=bom)
    elif pager:
        write_paged(change_log.text(changes))
    else:
        write(change_log.text(changes), form)
