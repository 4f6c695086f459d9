"""``testimony camps``."""

import click

from archive.cli._context import Context, count_unreadable, write
from archive.cli._options import examples, option, output
from archive.formats.registry import READING
from archive.formats.text import facility


@click.command(
    help="""Resolve a name, number or Hangul spelling to a facility: what is stated of it by
    whom, what is contested, and who speaks of it. Without a name: all facilities.""",
    epilog=examples("testimony camps 15", "testimony camps 요덕 --format json"),
)
@click.argument("name", nargs=-1)
@option("--conflicts", is_flag=True, help="List the contradictions that the archive keeps.")
@output(*READING)
@click.pass_obj
def command(context: Context, /, name: tuple[str, ...], conflicts: bool, form: str) -> None:  # noqa: FBT001 - a flag of Click
    """Print a facility, all facilities, or the contradictions."""
    archive, wanted = context.archive, " ".join(name)
    if conflicts:
        kept, authorities = archive.conflicts(wanted), archive.agreed
        lines = facility.conflicts_document(kept, authorities) if form == "json" else facility.conflicts_text(kept, authorities)
    elif name:
        page = archive.camp(wanted)
        lines = facility.document(page) if form == "json" else facility.text(page)
    else:
        counted = archive.camps()
        every = facility.list_document if form == "json" else facility.list_text
        lines = every(counted.results, counted.authorities)
    write(lines, form)
    count_unreadable(context)
