"""``testimony facets``."""

from typing import Any

import click

from archive.cli._context import Context, count_unreadable, say_left_out, write
from archive.cli._options import Filtering, chosen_filters, examples, filters, output
from archive.formats import fields
from archive.formats.json_sink import lines
from archive.formats.registry import READING
from archive.formats.terminal import columns, wrap
from archive.formats.text.facet_tables import counts
from archive.formats.wording import as_known, asides, count, describe_left_out, only_since


@click.command(
    cls=Filtering,
    help="Count what the collection holds, by camp, decade, flag, topic and so on.",
    epilog=examples("testimony facets", "testimony facets --camp 14 --format json"),
)
@click.argument("words", nargs=-1)
@filters
@output(*READING)
@click.pass_obj
def command(context: Context, /, words: tuple[str, ...], form: str, **chosen: Any) -> None:  # noqa: ANN401 - Click's arguments
    """Print the facets of an answer, or of the whole collection."""
    answer = context.archive.facets(" ".join(words), chosen_filters(chosen))
    results = answer.results
    say_left_out(results, form)
    if form == "json":
        write(lines(fields.facets(answer)), form)
    else:
        said = [
            f"{count(results)}.",
            *as_known(results),
            *only_since(results),
            *describe_left_out(results),
            *asides(results, answer.authorities),
        ]
        write([line for each in said for line in wrap(each, columns())] + [*counts(answer)], form)
    count_unreadable(context)
