"""``testimony search``."""

from typing import Any

import click

from archive.cli.desk import Desk, count_unreadable, write
from archive.cli.options import asking, bom, chosen_query, examples, output
from archive.errors import ConflictingOptions
from archive.excerpt import Answer, Shown
from archive.formats import FORMATS, READING, WITHOUT_FACETS, digits, writer
from archive.formats.plain import count
from archive.reading_room import ReadingRoom
from archive.retrieval import SORTS, Results

HELP = """Find passages by words and by what they are about.

All words must occur; "a phrase", OR, NOT and parentheses are understood. Each
hit comes with every caveat in force at it and its citation. Without words, the
filters alone choose.
"""


@click.command(
    help=HELP,
    epilog=examples('testimony search "coal mine" --camp 18', "testimony search --camp 14 --without-flag revised --facets"),
)
@asking
@click.option("--facets", is_flag=True, help="Count the answer by camp, decade, flag and so on.")
@click.option("--count", "only_count", is_flag=True, help="Print the totals alone.")
@click.option("--sort", type=click.Choice(SORTS), default="relevance", show_default=True, help="The order of the hits.")
@click.option("--group", is_flag=True, help="Keep the hits of one testimony together.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=10, show_default=True, help="Hits to print.")
@click.option("--offset", type=click.IntRange(0, 10_000_000), default=0, help="Hits to pass over.")
@click.option("--all", "every", is_flag=True, help="Print every hit.")
@bom
@output(*FORMATS)
@click.pass_obj
def command(desk: Desk, /, words: tuple[str, ...], form: str, **chosen: Any) -> None:  # noqa: ANN401 - Click's arguments
    """Run a search and print it."""
    if chosen["facets"] and form in WITHOUT_FACETS:
        message = f"--facets cannot be written as {form}"
        raise ConflictingOptions(message, "Use --format json, markdown or text.")
    if chosen["only_count"] and form not in READING:
        message = f"--count cannot be written as {form}"
        raise ConflictingOptions(message, "Use --format json or text.")
    query = chosen_query(words, chosen)._replace(
        limit=None if chosen["every"] else chosen["limit"],
        offset=chosen["offset"],
        facets=chosen["facets"],
        sort=chosen["sort"],
        group=chosen["group"],
    )
    if chosen["only_count"]:
        query = query._replace(limit=0, facets=False)
    results = desk.room.search(query)
    count_unreadable(desk)
    alone = chosen["only_count"] and form == "text"
    write([count(results)] if alone else writer(form).answer(answered(desk.room, results, form)), form, bom=chosen["bom"])


def answered(room: ReadingRoom, results: Results, form: str) -> Answer:
    """Cut the excerpts; machine formats and Markdown give everything in full."""
    in_full = form != "text"
    shown = tuple(Shown(hit, room.excerpt(hit, digits=digits(form), in_full=in_full)) for hit in results.hits)
    return Answer(results, shown, room.authorities)
