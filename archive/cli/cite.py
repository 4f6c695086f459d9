"""``testimony cite``."""

from importlib import import_module
from typing import Any, Final, cast

import click

from archive.cli.context import Context, write
from archive.cli.options import basket, chosen_passages, examples, in_language, maybe_references, output
from archive.errors import ConflictingOptions
from archive.formats import fields
from archive.formats.bibliography.entries import CitedWork
from archive.formats.json_sink import lines
from archive.formats.registry import BIBLIOGRAPHIES, READING, Bibliography, writer
from archive.formats.terminal import visible
from archive.language.messages import tr
from archive.record.testimony import Reference

HOUSE: Final = "house"
STYLES: Final = (HOUSE, "chicago", "apa", "mla", "oscola", "bluebook")
STYLED: Final = "archive.formats.bibliography.styled"
"""Loaded by name: with it comes pandoc, which only a named style needs."""


@click.command(
    help="Print the citation of passages or of a whole record, with every caveat in force.",
    epilog=examples(
        "testimony cite NKT-0001#p3",
        "testimony cite NKT-0002 NKT-0004#p1-2 --format csl-json",
        "testimony cite NKT-0004#p2 --language ko",
    ),
)
@maybe_references
@basket
@in_language
@click.option(
    "--style", type=click.Choice(STYLES), default=HOUSE, show_default=True, help="The style; all but house need [cite]."
)
@output(*READING, *BIBLIOGRAPHIES)
@click.pass_obj
def command(  # noqa: PLR0913 - Click's arguments
    context: Context, /, wanted: tuple[Reference, ...], *, basket: bool, language: str, style: str, form: str
) -> None:
    """Print citations."""
    wanted = chosen_passages(context, is_alone=not wanted) if basket else wanted
    if not wanted:
        raise click.MissingParameter(ctx=click.get_current_context(), param=click.get_current_context().command.params[0])
    if style != HOUSE and form in BIBLIOGRAPHIES:
        message = tr("--style {style} cannot be written as {form}", style=style, form=form)
        raise ConflictingOptions(message, tr("A bibliography is styled by the program that reads it; use --format text or json."))
    citations = context.room.cite(*wanted, form=form, language=language)
    if form in BIBLIOGRAPHIES:
        write(cast("Bibliography", writer(form)).entries(citation.entry for citation in citations), form)
    elif form == "json":
        document = [{**citation.fields(), **_in_style(context, citation, style)} for citation in citations]
        write(lines({"schema": fields.SCHEMA, "citations": document}), form)
    elif style == HOUSE:
        write((visible(citation.citation) for citation in citations), form)
    else:
        write(import_module(STYLED).text((citation.entry for citation in citations), style), form)


def _in_style(context: Context, citation: CitedWork, style: str) -> dict[str, Any]:
    """Return the forms of a named style; ``styled`` is null for the house's own, which is ``citation``."""
    if style == HOUSE:
        return {"styled": None}
    styled = context.room.in_style(citation, style)
    return {"styled": {"style": style, **{name: value or None for name, value in styled._asdict().items()}}}
