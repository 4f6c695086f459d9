"""``testimony search``."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any, Final

import click

from archive.archive import Archive
from archive.citing.excerpt import SearchOutput
from archive.cli._context import Context, count_unreadable, say, say_left_out, write, write_paged
from archive.cli._options import (
    Filtering,
    as_indexed,
    bom,
    examples,
    option,
    output,
    output_file,
    query_options,
    target,
    to_query,
    write_file,
)
from archive.errors import ConflictingOptions
from archive.formats.registry import FILES, FORMATS, READING, WITHOUT_FACETS, writer
from archive.formats.terminal import columns, visible, wrap
from archive.formats.text import hit_list
from archive.formats.wording import as_indexed_on, count, describe_left_out_of_table, nearest_relaxation
from archive.language.messages import tr
from archive.search.model import SORTS, Results

# Loaded by name, where the short form was asked for.
BRIEF_LIST: Final = "archive.formats.text.brief_list"
HELP = """Find passages by words and by what they are about.

All words must occur; "a phrase", OR, NOT and parentheses are understood. Each
hit comes with every caveat in force at it and its citation. Without words, the
filters alone choose.
"""


@click.command(
    cls=Filtering,
    help=HELP,
    epilog=examples(
        "testimony search '\"coal mine\"' --camp 18",
        "testimony search --camp 14 --without-flag revised --facets",
        "testimony search 강제노동 --language ko",
    ),
)
@query_options
@option("--facets", is_flag=True, help="Count the answer by camp, decade, flag and so on.")
@option("--count", "only_count", is_flag=True, help="Print the totals alone, with --facets those of the facets too.")
@option("--sort", type=click.Choice(SORTS), default="relevance", show_default=True, help="The order of the hits.")
@option("--group", is_flag=True, help="Keep the hits of one testimony together.")
@option("--limit", type=click.IntRange(1, 10_000), default=10, show_default=True, help="Hits to print.")
@option("--offset", type=click.IntRange(0, 10_000_000), default=0, help="Hits to pass over.")
@option("--all", "every", is_flag=True, help="Print every hit.")
@option("--full", is_flag=True, help="The long form: each hit with its caveats and its citation written out.")
@option("--list", "brief", is_flag=True, help="The short form: two lines a hit, without any words of a testimony.")
@option("--pager/--no-pager", default=True, help="On a terminal, page by page ($PAGER).")
@as_indexed
@bom
@target
@output(*FORMATS, *FILES)
@click.pass_obj
def command(context: Context, /, words: tuple[str, ...], form: str, **chosen: Any) -> None:  # noqa: ANN401 - Click's arguments
    """Run a search and print it."""
    _refuse_conflicts(form, chosen)
    file = output_file(context, form, chosen, tr("a workbook"))
    query = to_query(words, chosen)._replace(
        limit=None if chosen["every"] else chosen["limit"],
        offset=chosen["offset"],
        facets=chosen["facets"],
        sort=chosen["sort"],
        group=chosen["group"],
    )
    if chosen["only_count"]:
        query = query._replace(limit=0)
    results = context.archive.answer(query)
    count_unreadable(context)
    say_left_out(results, "count" if chosen["only_count"] else form)
    if file is not None:
        write_file(context, file, context.archive.workbook(results))
        return
    for told in describe_left_out_of_table(results) if form == "csv" else ():
        say(told)
    if form != "text":
        write(writer(form).answer(context.archive.excerpts(results, form)), form, bom=chosen["bom"])
        return
    lines = _text(context.archive, results, chosen)
    if not chosen["only_count"]:
        context.archive.selection.keep_numbers(results.hits, results.query.offset + 1)
    if chosen["pager"]:
        write_paged(lines)
    else:
        write(lines, form)


def _refuse_conflicts(form: str, chosen: dict[str, Any]) -> None:
    """Refuse options that do not go together. :raises ConflictingOptions: some do not."""
    if chosen["facets"] and form in WITHOUT_FACETS:
        message = tr("--facets cannot be written as {form}", form=form)
        raise ConflictingOptions(message, tr("Use --format json, markdown or text."))
    if chosen["only_count"] and form not in READING:
        message = tr("--count cannot be written as {form}", form=form)
        raise ConflictingOptions(message, tr("Use --format json or text."))
    if chosen["as_indexed"] and form not in READING:
        message = tr("--as-indexed cannot be written as {form}, which says nowhere as of when it is", form=form)
        raise ConflictingOptions(message, tr("Use --format json or text."))
    layouts = [name for name, given in (("--full", chosen["full"]), ("--list", chosen["brief"])) if given]
    if len(layouts) > 1:
        message = tr("--full and --list are two forms of one list")
        raise ConflictingOptions(message, tr("Give one of them."))
    if layouts and (form != "text" or chosen["only_count"]):
        message = tr(
            "{layouts} is a form of text, and goes with no {which}",
            layouts=layouts[0],
            which="--count" if form == "text" else f"--format {form}",
        )
        raise ConflictingOptions(message, tr("Leave out {layouts}.", layouts=layouts[0]))


def _text(archive: Archive, results: Results, chosen: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of the form that was asked for; where nothing was found, also what is found without a word."""
    if chosen["only_count"]:
        yield count(results)
        for told in as_indexed_on(results):
            yield from wrap(told, columns())
        yield from hit_list.facets(SearchOutput(results, (), archive.authorities))
        return
    yield from _hits(archive, results, chosen)
    if nearest := nearest_relaxation(results):
        yield ""
        yield visible(tr("NOT WHAT WAS ASKED: found without {word}", word=nearest.left_out))
        yield from _hits(archive, archive.answer(nearest.query._replace(limit=results.query.limit)), chosen)


def _hits(archive: Archive, results: Results, chosen: dict[str, Any]) -> Iterator[str]:
    if chosen["full"]:
        yield from writer("text").answer(archive.excerpts(results, "text"))
        return
    wide = columns()
    layout = import_module(BRIEF_LIST) if chosen["brief"] else hit_list
    yield from layout.answer(archive.excerpts(results, "text", longest=hit_list.longest(wide, len(results.hits))), wide)
