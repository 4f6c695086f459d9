"""``testimony compare``."""

from collections.abc import Iterator
from typing import Any, Final

import click

from archive.cli._context import Context, count_unreadable, say, say_left_out, write, write_paged
from archive.cli._options import (
    Filtering,
    bom,
    chosen_filters,
    examples,
    filters,
    option,
    output,
    output_file,
    target,
    write_file,
)
from archive.formats.comparison import ROW, ComparisonOutput, document, flat_rows
from archive.formats.data.csv import table
from archive.formats.json_sink import lines
from archive.formats.markdown import comparison as comparison_markdown
from archive.formats.registry import FILES
from archive.formats.text import comparison as comparison_text
from archive.language.messages import tr

HELP = """Set the accounts of a camp, topic or period beside each other.

Who claims what, and how each claim stands; how many independent roots speak of
it (two tellings of one witness are one); what notes say of who bears out or
contradicts whom; and who was there to tell. One of --camp, --topic and
--period is needed.
"""

FORMATS: Final = ("text", "json", "csv", "markdown")


@click.command(
    cls=Filtering,
    help=HELP,
    epilog=examples("testimony compare --camp 14 --topic execution", "testimony compare --topic release --format json"),
)
@filters
@bom
@option("--pager/--no-pager", default=True, help="On a terminal, page by page ($PAGER).")
@target
@output(*FORMATS, *FILES)
@click.pass_obj
def command(context: Context, /, form: str, **chosen: Any) -> None:  # noqa: ANN401 - Click's arguments
    """Print a comparison."""
    file = output_file(context, form, chosen, tr("a workbook"))
    compared = context.archive.compare(chosen_filters(chosen), form)
    say_left_out(compared.comparison.results, form)
    if file is not None:
        write_file(context, file, context.archive.workbook(compared))
    elif form == "text" and chosen["pager"]:
        write_paged(write_comparison(compared, form))
    else:
        write(write_comparison(compared, form), form, bom=chosen["bom"])
    if form == "text":
        context.archive.selection.keep_numbers(row.hit for row in compared.comparison.rows)
    if form == "csv":
        say(tr("agreement, contradictions and coverage are not in the table; --format json or xlsx has them"))
    count_unreadable(context)


def write_comparison(compared: ComparisonOutput, form: str) -> Iterator[str]:
    """Write a comparison in a format."""
    if form == "json":
        return lines(document(compared))
    if form == "csv":
        return table(ROW, flat_rows(compared))
    return comparison_markdown.write(compared) if form == "markdown" else comparison_text.write(compared)
