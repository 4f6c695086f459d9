"""``testimony list``."""

from typing import Any

import click

from archive.cli._context import Context, count_unreadable, say_left_out, write, write_paged
from archive.cli._options import Filtering, chosen_filters, examples, filters, output, output_file, target, write_file
from archive.formats.registry import FILES, READING
from archive.formats.terminal import columns
from archive.formats.text import record_list
from archive.language.messages import tr


@click.command(
    cls=Filtering,
    help="List the records: who speaks, as what, of where and when, of what kind, and which caveats are in force.",
    epilog=examples("testimony list --camp 14 --sort witness", "testimony list --flag recanted --format xlsx --output list.xlsx"),
)
@filters
@click.option("--sort", type=click.Choice(record_list.SORTS), default="code", show_default=True, help="The order of the records.")
@click.option("--pager/--no-pager", default=True, help="On a terminal, page by page ($PAGER).")
@target
@output(*READING, *FILES)
@click.pass_obj
def command(context: Context, /, form: str, sort: str, pager: bool, **chosen: Any) -> None:  # noqa: ANN401, FBT001 - Click's arguments
    """List the records that match the filters."""
    file = output_file(context, form, chosen, tr("a workbook"))
    found = context.room.list(chosen_filters(chosen), sort=sort)
    count_unreadable(context)
    say_left_out(found.results, form)
    if form == "text":
        context.room.selection.keep_numbers((row.testimony.code, row.passages) for row in found.rows)
    if file is not None:
        write_file(context, file, context.room.workbook(found))
    elif form == "json":
        write(record_list.document(found), form)
    elif pager:
        write_paged(record_list.text(found, columns()))
    else:
        write(record_list.text(found, columns()), form)
