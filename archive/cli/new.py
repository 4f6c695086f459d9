"""``testimony new``."""

import sys
from typing import Any

import click
from click.core import ParameterSource

from archive.cli._context import Context, say, write
from archive.cli._interview import interview
from archive.cli._options import as_text, examples, option
from archive.cli.edit import edit_record
from archive.errors import ConflictingOptions
from archive.language.messages import tr


@click.command(
    help="""Write the skeleton of a record and print its path. It begins closed, with consent
    unknown: open it when you know that it may be read. With --ask it asks, in plain words: who speaks, where and
    when, how they know, whether it may be public, what is contested; then it opens your editor for the account.""",
    epilog=examples(
        'testimony new "Account of a guard" --connection perpetrator',
        'testimony new "A survivor of Camp 15" --camp kwalliso-15 --language ko',
    ),
)
@click.argument("title", required=False, default="", callback=as_text)
@option("--ask", is_flag=True, help="Ask for everything, in plain words.")
@option("--code", metavar="CODE", help="The code; else the next free one.")
@option("--kind", default="testimony", show_default=True, help="What kind of record.")
@option("--language", default="", help="Of this text, as BCP 47; else that of the collection, else en.")
@option("--rendering", default="verbatim", show_default=True, help="verbatim, translation or summary.")
@option("--witness", default="anonymous witness", show_default=True, help="Name as it may be published.")
@option("--name-kind", default="anonymous", show_default=True, help="real, pseudonym, initials, anonymous …")
@option("--connection", default="victim", show_default=True, help="victim, perpetrator, relative …")
@option("--camp", "camps", multiple=True, metavar="ID", help="A facility's id; repeatable.")
@option("--recorded", default="XXXX", show_default=True, help="When the account was given, in EDTF.")
@option("--source", "ref", metavar="REF", help="An entry of sources.yaml; else fields to fill in.")
@click.pass_obj
@click.pass_context
def command(ctx: click.Context, context: Context, /, title: str, ask: bool, **given: Any) -> None:  # noqa: ANN401, FBT001 - Click's arguments
    """Write a skeleton."""
    fields = {**given, "camps": tuple(given["camps"])}
    if ask:
        title, answers = _answers(ctx, context, title)
        fields |= answers
    elif not title:
        raise ConflictingOptions(tr("the record has no title"), tr("Name it, or let the program ask: testimony new --ask"))
    path = context.archive.new(title, **fields)
    write([path], "text")
    if ask:
        say(tr("it is closed until you open it: testimony open {code}", code=context.archive.code_of(path)))
        if click.confirm(tr("Write the account now, in your editor?"), default=True, err=True):
            edit_record(context, context.archive.code_of(path), tr("Account written"), words_alone=True)
    else:
        say(tr("closed, consent unknown; write the account, then check it with `testimony check`"))


def _answers(ctx: click.Context, context: Context, title: str) -> tuple[str, dict[str, Any]]:
    """Ask everything.

    :raises ConflictingOptions: nobody is there to answer, or an option was given besides.
    """
    given = [
        str(param.opts[0])
        for param in ctx.command.params
        if param.name not in {"ask", "title", "code", "lang", None}
        and ctx.get_parameter_source(str(param.name)) == ParameterSource.COMMANDLINE
    ]
    if given:
        message = tr("--ask asks for everything, and {options} cannot be given with it", options=", ".join(given))
        raise ConflictingOptions(message, tr("Leave it out, and answer."))
    if not sys.stdin.isatty():
        message = tr("nobody can be asked here")
        raise ConflictingOptions(message, tr("Give what you know as options: testimony new --help"))
    return interview(context.archive, title)
