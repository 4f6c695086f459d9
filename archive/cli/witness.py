"""``testimony witness``."""

import click

from archive.cli._context import Context, count_unreadable, write, write_paged
from archive.cli._options import examples, option, output
from archive.formats.registry import READING
from archive.formats.terminal import columns
from archive.formats.text import witness_page

HELP = """One person's page: the versions of what they told, what was taken back,
what is upheld, what others say of the same, and where to cite.

NAME is a name as it was published, in any of its spellings, or a part of it.
"""


@click.command(
    help=HELP,
    epilog=examples('testimony witness "Shin Dong-hyuk"', 'testimony witness "Kang Chol-hwan" --format json'),
)
@click.argument("name", nargs=-1, required=True, metavar="NAME")
@option("--pager/--no-pager", default=True, help="On a terminal, page by page ($PAGER).")
@output(*READING)
@click.pass_obj
def command(context: Context, name: tuple[str, ...], form: str, pager: bool) -> None:  # noqa: FBT001 - a flag of Click
    """Print the page of a witness."""
    people = context.archive.witness(" ".join(name))
    count_unreadable(context)
    if form == "text":
        records = [version.record for person in people.people for version in person.versions]
        context.archive.selection.keep_numbers((record.testimony.code, record.passages) for record in records)
    if form == "json":
        write(witness_page.document(people), form)
    elif pager:
        write_paged(witness_page.text(people, columns()))
    else:
        write(witness_page.text(people, columns()), form)
