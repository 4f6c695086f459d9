"""``testimony relate``."""

import click

from archive.cli._changing import signing, tell
from archive.cli._context import Context
from archive.cli._options import examples
from archive.record.testimony import reference


@click.command(
    help="""Say how a record stands to another one: revises, revised-by, relies-on, same-person or same-event.
    Paragraphs that are named are bound by their words. Says where the other record has still to point back.""",
    epilog=examples(
        "testimony relate NKT-0008 same-event NKT-0004",
        "testimony relate NKT-0008#p2 relies-on NKT-0004#p1-2",
    ),
)
@click.argument("own", metavar="CODE[#p4]")
@click.argument("kind", metavar="RELATION")
@click.argument("other", metavar="CODE[#p2]")
@signing
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917 - the options of the command
    context: Context,
    /,
    own: str,
    kind: str,
    other: str,
    by: str,
    day: str,
    commit: bool,  # noqa: FBT001 - a flag of Click
) -> None:
    """Relate two records."""
    revised = context.archive.relate(reference(own), kind, reference(other), by=by, day=day)
    tell(context, revised, commit=commit)
