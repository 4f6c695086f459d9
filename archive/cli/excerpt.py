"""``testimony excerpt``."""

import click

from archive.cli.context import Context, count_unreadable, write
from archive.cli.options import examples, in_language, one_reference, output
from archive.formats.registry import BIBLIOGRAPHIES, PAGES, writer
from archive.record.testimony import Reference


@click.command(
    help="Print passages with every caveat in force at them and the citation.",
    epilog=examples(
        "testimony excerpt NKT-0001#p3",
        "testimony excerpt NKT-0004#p2-4 --format markdown",
    ),
)
@one_reference
@in_language
@output(*PAGES, *BIBLIOGRAPHIES)
@click.pass_obj
def command(context: Context, /, wanted: Reference, language: str, form: str) -> None:
    """Print an excerpt."""
    write(writer(form).pages(context.room.excerpt(wanted, form, language=language)), form)
    count_unreadable(context)
