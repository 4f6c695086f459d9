"""``testimony stats``."""

import click

from archive.cli._context import Context, count_unreadable, write
from archive.cli._options import examples, output
from archive.formats.registry import READING
from archive.formats.text import overview


@click.command(
    help="The size of the collection, and from which vantage point each camp and decade is told.",
    epilog=examples("testimony stats", "testimony stats --format json"),
)
@output(*READING)
@click.pass_obj
def command(context: Context, form: str) -> None:
    """Print the statistics."""
    counted = context.archive.stats()
    write(overview.document(counted) if form == "json" else overview.text(counted), form)
    count_unreadable(context)
