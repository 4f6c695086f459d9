"""``testimony redact``."""

import click

from archive.cli._changing import signing, tell
from archive.cli._context import Context
from archive.cli._options import as_text, examples, one_reference, option
from archive.record.testimony import Reference


@click.command(
    help="""Withhold words of a record from the public, wherever they stand in the paragraphs named, or in
    all: readers get [not published], or [name withheld]. A version in another language that says the same needs its
    words too. Says where the words may lie still.""",
    epilog=examples(
        'testimony redact NKT-0007#p1 "the house by the mill"',
        'testimony redact NKT-0008 "Kim Made-up" --name --in ko "김가명"',
    ),
)
@one_reference
@click.argument("words", callback=as_text)
@option("--name", "is_name", is_flag=True, help="They are a name: readers get [name withheld].")
@option("--in", "elsewhere", nargs=2, multiple=True, metavar="LANGUAGE WORDS", help="The same words in a version; repeatable.")
@signing
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917 - the options of the command
    context: Context,
    /,
    wanted: Reference,
    words: str,
    is_name: bool,  # noqa: FBT001 - a flag of Click
    elsewhere: tuple[tuple[str, str], ...],
    by: str,
    day: str,
    commit: bool,  # noqa: FBT001 - the same
) -> None:
    """Withhold words."""
    revised = context.archive.redact(wanted, words, elsewhere=dict(elsewhere), is_name=is_name, by=by, day=day)
    tell(context, revised, commit=commit, copies=True)
