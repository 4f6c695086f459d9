"""``testimony new``."""

from typing import Any

import click

from archive.cli._context import Context, say, write
from archive.cli._options import examples
from archive.language.messages import tr


@click.command(
    help="""Write the skeleton of a record and print its path. It begins closed, with consent
    unknown: open it when you know that it may be read.""",
    epilog=examples(
        'testimony new "Account of a guard" --connection perpetrator',
        'testimony new "A survivor of Camp 15" --camp kwalliso-15 --language ko',
    ),
)
@click.argument("title")
@click.option("--code", metavar="CODE", help="The code; else the next free one.")
@click.option("--kind", default="testimony", show_default=True, help="What kind of record.")
@click.option("--language", default="en", show_default=True, help="Of this text, as BCP 47.")
@click.option("--rendering", default="verbatim", show_default=True, help="verbatim, translation or summary.")
@click.option("--witness", default="anonymous witness", show_default=True, help="Name as it may be published.")
@click.option("--name-kind", default="anonymous", show_default=True, help="real, pseudonym, initials, anonymous …")
@click.option("--connection", default="victim", show_default=True, help="victim, perpetrator, relative …")
@click.option("--camp", "camps", multiple=True, metavar="ID", help="A facility's id; repeatable.")
@click.option("--recorded", default="XXXX", show_default=True, help="When the account was given, in EDTF.")
@click.option("--source", "ref", metavar="REF", help="An entry of sources.yaml; else fields to fill in.")
@click.pass_obj
def command(context: Context, /, title: str, **given: Any) -> None:  # noqa: ANN401 - Click's arguments
    """Write a skeleton."""
    path = context.room.new(title, **{**given, "camps": tuple(given["camps"])})
    write([path], "text")
    say(tr("closed, consent unknown; write the account, then check it with `testimony check`"))
