"""``testimony claim``."""

from typing import Any

import click

from archive.cli._changing import signing, tell
from archive.cli._context import Context
from archive.cli._options import as_text, examples, one_reference, option
from archive.record.testimony import Reference


@click.command(
    help="""Add a claim to paragraphs of a record: what they tell of, where, when, how the witness knows, and how
    it stands. It is bound to their words; what it leaves out is that of the record.""",
    epilog=examples(
        'testimony claim add NKT-0008#p1 "came as a guard" --basis first-hand',
        'testimony claim add NKT-0004#p2 "moved to Camp 18" --status disputed',
    ),
)
@click.argument("action", type=click.Choice(["add"]))
@one_reference
@click.argument("text", callback=as_text)
@option("--status", default="asserted", show_default=True, metavar="STATUS", help="How it stands: asserted, disputed …")
@option("--camp", "camps", multiple=True, metavar="NAME", help="A facility; repeatable.")
@option("--period", default="", metavar="EDTF", help="The time told of.")
@option("--basis", default="", metavar="BASIS", help="How the witness knows: first-hand, eyewitness, hearsay …")
@option("--topic", "topics", multiple=True, metavar="TOPIC", help="What it is about; repeatable.")
@option("--cites", multiple=True, metavar="REF[:LOCATOR]", help="Where it stands in a source; repeatable.")
@signing
@click.pass_obj
def command(context: Context, /, action: str, wanted: Reference, text: str, commit: bool, **given: Any) -> None:  # noqa: ANN401, FBT001 - Click's arguments
    """Add a claim."""
    del action  # there is one so far
    tell(context, context.archive.add_claim(wanted, text, **given), commit=commit)
