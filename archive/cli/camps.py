"""``testimony camps``."""

from collections.abc import Callable
from importlib import import_module
from typing import Final

import click

from archive.authority.authorities import Authorities
from archive.cli.context import Context, count_unreadable, write
from archive.cli.options import examples, output
from archive.errors import EmptyCollection
from archive.formats.registry import READING
from archive.formats.text import facility
from archive.search.model import Filters, Query, Results

# Loaded by name and only where there is no record, and so no index.
READER: Final = "archive.reader.read"


@click.command(
    help="""Resolve a name, number or Hangul spelling to a facility: what is stated of it by
    whom, what is contested, and who speaks of it. Without a name: all facilities.""",
    epilog=examples("testimony camps 15", "testimony camps 요덕 --format json"),
)
@click.argument("name", nargs=-1)
@click.option("--conflicts", is_flag=True, help="List the contradictions that the archive keeps.")
@output(*READING)
@click.pass_obj
def command(context: Context, /, name: tuple[str, ...], conflicts: bool, form: str) -> None:  # noqa: FBT001 - a flag of Click
    """Print a facility, all facilities, or the contradictions."""
    held, search = _held(context)
    wanted = held.gazetteer.resolve(" ".join(name)) if name else None
    if conflicts:
        chosen = facility.conflicts_of(held, wanted)
        lines = facility.conflicts_document(chosen, held) if form == "json" else facility.conflicts_text(chosen, held)
    elif wanted:
        results = search(Query(filters=Filters(camp=(wanted, *held.gazetteer.parts(wanted))), limit=None))
        page = facility.FacilityPage(held.gazetteer[wanted], results, held)
        lines = facility.document(page) if form == "json" else facility.text(page)
    else:
        results = search(Query(limit=0, facets=True))
        lines = facility.list_document(results, held) if form == "json" else facility.list_text(results, held)
    write(lines, form)
    if search == context.room.search:
        count_unreadable(context)


def _held(context: Context) -> tuple[Authorities, Callable[[Query], Results]]:
    """Return what the archive has agreed on, and what answers a query: nothing where there is no record yet."""
    try:
        return context.room.authorities, context.room.search
    except EmptyCollection:
        held: Authorities = import_module(READER).read_authorities(context.root)
        return held.for_readers_of(()), lambda query: Results(query, "", (), 0, 0, 0, {})
