"""``testimony excerpt``."""

import click

from archive.cli.context import Context, count_unreadable, write
from archive.cli.options import examples, one_reference, output
from archive.formats.registry import BIBLIOGRAPHIES, PAGES, writer
from archive.record.testimony import Reference


@click.command(
    help="Print passages with every caveat in force at them and the citation.",
    epilog=examples("testimony excerpt NKT-0001#p3", "testimony excerpt NKT-0004#p2-4 --format markdown"),
)
@one_reference
@output(*PAGES, *BIBLIOGRAPHIES)
@click.pass_obj
def command(context: Context, /, wanted: Reference, form: str) -> None:
    """Print an excerpt."""
    write(writer(form).pages(context.room.excerpt(wanted, form)), form)
    count_unreadable(context)
