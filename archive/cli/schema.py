"""``testimony schema``."""

import click

from archive.cli.context import Context, write
from archive.cli.options import examples
from archive.formats.json_sink import lines


@click.command(
    help="Print the JSON Schema of a record's header, with the terms of this collection.",
    epilog=examples("testimony schema", "testimony schema > record.schema.json"),
)
@click.pass_obj
def command(context: Context) -> None:
    """Print the schema."""
    write(lines(context.room.schema()), "json")
