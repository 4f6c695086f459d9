"""``testimony camps``."""

import click

from archive.cli.desk import Desk, count_unreadable, write
from archive.cli.options import examples, output
from archive.formats import READING, facility
from archive.retrieval import Filters, Query


@click.command(
    help="""Resolve a name, number or Hangul spelling to a facility: what is stated of it by
    whom, what is contested, and who speaks of it. Without a name: all facilities.""",
    epilog=examples("testimony camps 15", "testimony camps 요덕 --format json"),
)
@click.argument("name", nargs=-1)
@click.option("--conflicts", is_flag=True, help="List the contradictions that the archive keeps.")
@output(*READING)
@click.pass_obj
def command(desk: Desk, /, name: tuple[str, ...], conflicts: bool, form: str) -> None:  # noqa: FBT001 - a flag of Click
    """Print a facility, all facilities, or the contradictions."""
    room = desk.room
    held = room.authorities
    wanted = held.gazetteer.resolve(" ".join(name)) if name else None
    if conflicts:
        chosen = facility.conflicts_of(held, wanted)
        lines = facility.conflicts_document(chosen, held) if form == "json" else facility.conflicts_text(chosen, held)
    elif wanted:
        results = room.search(Query(filters=Filters(camp=(wanted,)), limit=None))
        page = facility.Page(held.gazetteer[wanted], results, held)
        lines = facility.document(page) if form == "json" else facility.text(page)
    else:
        results = room.search(Query(limit=0, facets=True))
        lines = facility.list_document(results, held) if form == "json" else facility.list_text(results, held)
    write(lines, form)
    count_unreadable(desk)
