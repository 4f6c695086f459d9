"""``testimony note``."""

import sys
from typing import Any

import click

from archive.cli._context import Context, say
from archive.cli._options import examples, one_reference, option, was_number
from archive.errors import ConflictingOptions
from archive.formats.terminal import visible
from archive.language.messages import tr
from archive.record.testimony import Reference


@click.command(
    help="""Add a credibility note to a record, or to paragraphs of it, bound to their words by
    hash and quote. Nothing else in the file changes; prints its path and the note's id.""",
    epilog=examples(
        "testimony note NKT-0001#p3 --flag contradicted --with NKT-0002#p2",
        "testimony note NKT-0004#p2-3 --flag caution --known 2015-01 --dry-run",
    ),
)
@one_reference
@option("--flag", required=True, metavar="FLAG", help="The kind of caveat: recanted, contradicted …")
@option("--statement", default="", metavar="TEXT", help="What a reader has to know; else the usual sentence of the flag.")
@option("--cites", multiple=True, metavar="REF[:LOCATOR]", help="A source or contradiction that says so; repeatable.")
@option("--seen", default="", metavar="DAY", help="The day on which what --cites names was seen, as 2026-11-29.")
@option("--with", "against", multiple=True, metavar="CODE#p3", help="Passages it is in force at too; repeatable.")
@option("--known", default="", metavar="EDTF", help="Since when this could be known; else always.")
@option("--status", default="open", show_default=True, metavar="STATUS", help="open or resolved.")
@option("--information", default="", metavar="1-6", help="The grade of the information.")
@option("--replaces", default="", metavar="ID", help="The earlier note that it takes the place of.")
@option("--quote", default="", metavar="WORDS", help="The words in the paragraph that it is about.")
@option("--by", default="archive", show_default=True, metavar="NAME", help="Who enters it.")
@option("--date", default="", metavar="DAY", help="The day of entry; else today.")
@option("--dry-run", "dry", is_flag=True, help="Print the lines, without the words quoted, and write nothing.")
@click.pass_obj
def command(context: Context, /, wanted: Reference, dry: bool, **asked: Any) -> None:  # noqa: ANN401, FBT001 - Click's arguments
    """Add a note."""
    if was_number() and not dry:
        _confirm(wanted)
    added = context.archive.note(wanted, dry=dry, **asked)
    if dry:
        click.echo(visible(f"{added.path}:{added.line}:"))
        for line in added.lines:
            click.echo(visible(f"+{line}"))
    else:
        click.echo(visible(f"{added.path} {added.note}"))
    for each in added.said:
        say(each)
    if dry:
        say(tr("nothing was written"))


def _confirm(wanted: Reference) -> None:
    """Ask whether a passage that was named by its number is meant, before anything is written.

    :raises ConflictingOptions: nobody can answer.
    :raises click.Abort: it is not.
    """
    if not sys.stdin.isatty():
        message = tr("a note by number is written only after a question, and nobody can be asked here")
        raise ConflictingOptions(message, tr("Name the passage: {reference}.", reference=wanted))
    click.confirm(tr("Add the note to {reference}?", reference=wanted), abort=True, err=True)
