"""``testimony compare``."""

from collections.abc import Iterator
from typing import Any, Final

import click

from archive.archive import Archive
from archive.citing.excerpt import RenderedHit
from archive.cli.context import Context, count_unreadable, write
from archive.cli.options import bom, chosen_filters, examples, filters, output
from archive.errors import ConflictingOptions
from archive.formats.compared import ROW, Compared, document, flat_rows
from archive.formats.data.csv import table
from archive.formats.json_sink import lines
from archive.formats.markdown import compared as compared_markdown
from archive.formats.text import compared as compared_text
from archive.record.hashing import LONG_HASH, SHORT_HASH
from archive.search.model import Query
from archive.weighing.comparison import Comparison, compare

HELP = """Set the accounts of a camp, topic or period beside each other.

Who claims what, and how each claim stands; how many independent roots speak of
it (two tellings of one witness are one); what notes say of who bears out or
contradicts whom; and who was there to tell. One of --camp, --topic and
--period is needed.
"""

FORMATS: Final = ("text", "json", "csv", "markdown")


@click.command(
    help=HELP, epilog=examples("testimony compare --camp 14 --topic execution", "testimony compare --topic release --format json")
)
@filters
@bom
@output(*FORMATS)
@click.pass_obj
def command(context: Context, /, form: str, **chosen: Any) -> None:  # noqa: ANN401 - Click's arguments
    """Print a comparison."""
    asked = chosen_filters(chosen)
    if not (asked.camp or asked.topic or asked.period):
        message = "compare needs one of --camp, --topic and --period"
        raise ConflictingOptions(message, "As in: testimony compare --camp 14 --topic execution")
    found = compare(Query(filters=asked), context.room.authorities, context.room.search, context.room.find)
    write(written(with_excerpts(context.room, found, form), form), form, bom=chosen["bom"])
    count_unreadable(context)


def with_excerpts(room: Archive, found: Comparison, form: str) -> Compared:
    """Cut the excerpt of every passage of a comparison; text alone gives a record's own caveats once."""
    digits = LONG_HASH if form in {"json", "csv"} else SHORT_HASH
    stated = (*found.borne_out, *found.contradictions)
    hits = [*(row.hit for row in found.rows), *(hit for each in stated for side in each.sides for hit in side.hits)]
    shown = {}
    for hit in hits:
        place = (hit.testimony.code, hit.passage.number)
        if place not in shown:
            shown[place] = RenderedHit(hit, room.excerpt(hit, digits=digits, in_full=form != "text"))
    return Compared(found, shown, room.coverage)


def written(compared: Compared, form: str) -> Iterator[str]:
    """Write a comparison in a format."""
    if form == "json":
        return lines(document(compared))
    if form == "csv":
        return table(ROW, flat_rows(compared))
    return compared_markdown.write(compared) if form == "markdown" else compared_text.write(compared)
