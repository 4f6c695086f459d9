"""``testimony list``."""

from typing import Any

import click

from archive.cli._context import Context, count_unreadable, say_left_out, write, write_paged
from archive.cli._options import Filtering, chosen_filters, examples, filters, option, output, output_file, target, write_file
from archive.errors import ConflictingOptions
from archive.formats.registry import FILES, READING
from archive.formats.terminal import columns
from archive.formats.text import drafts, record_list
from archive.language.messages import tr
from archive.search.model import Filters


@click.command(
    cls=Filtering,
    help="List the records: who speaks, as what, of where and when, of what kind, and which caveats are in force.",
    epilog=examples("testimony list --camp 14 --sort witness", "testimony list --flag recanted --format xlsx --output list.xlsx"),
)
@filters
@option("--sort", type=click.Choice(record_list.SORTS), default="code", show_default=True, help="The order of the records.")
@option(
    "--drafts",
    "of_drafts",
    is_flag=True,
    help="For keepers: the records that are closed and were never withdrawn, with what each still needs.",
)
@option("--pager/--no-pager", default=True, help="On a terminal, page by page ($PAGER).")
@target
@output(*READING, *FILES)
@click.pass_obj
def command(context: Context, /, form: str, sort: str, of_drafts: bool, pager: bool, **chosen: Any) -> None:  # noqa: ANN401, FBT001 - Click's arguments
    """List the records that match the filters, or the drafts."""
    if of_drafts:
        _list_drafts(context, form, chosen_filters(chosen))
        return
    file = output_file(context, form, chosen, tr("a workbook"))
    records = context.archive.list(chosen_filters(chosen), sort=sort)
    count_unreadable(context)
    say_left_out(records.results, form)
    if form == "text":
        context.archive.selection.keep_numbers((row.testimony.code, row.passages) for row in records.rows)
    if file is not None:
        write_file(context, file, context.archive.workbook(records))
    elif form == "json":
        write(record_list.document(records), form)
    elif pager:
        write_paged(record_list.text(records, columns()))
    else:
        write(record_list.text(records, columns()), form)


def _list_drafts(context: Context, form: str, asked: Filters) -> None:
    if asked != Filters():
        message = tr("--drafts cannot be given with filters")
        raise ConflictingOptions(message, tr("Drafts are in no index: `testimony list --drafts` lists all."))
    rows = context.archive.drafts()
    write(drafts.document(rows) if form == "json" else drafts.text(rows), form)
