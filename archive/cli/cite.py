"""``testimony cite``."""

import os
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, cast

import click

from archive.cli._context import Context, in_your_language, say, write
from archive.cli._options import basket, chosen_passages, examples, in_language, maybe_references, option, output
from archive.errors import BadStyle, ConflictingOptions
from archive.formats import fields
from archive.formats.bibliography.entries import CitedWork
from archive.formats.json_sink import lines
from archive.formats.registry import BIBLIOGRAPHIES, READING, Bibliography, writer
from archive.formats.terminal import visible
from archive.language.messages import tr
from archive.record.testimony import Reference
from archive.text import join_list

if TYPE_CHECKING:
    from archive.formats.bibliography.entries import Entry

HOUSE: Final = "house"
STYLES: Final = (
    *(HOUSE, "chicago", "chicago-author-date", "apa", "mla", "oscola", "bluebook"),
    *("aglc", "mhra", "mcgill", "korean"),
)
SOURCE, ARCHIVE, BOTH = "source", "archive", "both"
STYLED: Final = "archive.formats.bibliography.styled"
"""Loaded by name: with it comes pandoc, which only a named style needs."""
_ENDS: Final = ".csl"


def style_of(_: click.Context, __: click.Parameter, value: str) -> str:
    """Return the name of a style, in any case, or the path of the file that was named.

    :raises BadStyle: it is neither.
    """
    if value.casefold() in STYLES:
        return value.casefold()
    if value.casefold().endswith(_ENDS) or os.sep in value or os.path.lexists(value):
        import_module(STYLED).label(value)
        return value
    message = tr("there is no style {value!r}", value=value[:60])
    raise BadStyle(message, tr("Choose {styles}, or name a file that ends in .csl.", styles=join_list(STYLES)))


def style_option(told: str) -> Callable[[Any], Any]:
    """Return the option that names a style, with what its help says."""
    return option("--style", metavar="STYLE|FILE.csl", default=HOUSE, show_default=True, callback=style_of, help=told)


@click.command(
    help="""Print the citation of passages or of a whole record, with every caveat in force: of the archive's
    passage, and of the source that one goes to in evidence. AGLC, MHRA, McGill and any .csl file are given as
    they come; nobody checked them against their guides.""",
    epilog=examples(
        "testimony cite NKT-0001#p3",
        "testimony cite NKT-0002 NKT-0004#p1-2 --format csl-json",
        "testimony cite NKT-0004#p2 --language ko",
    ),
)
@maybe_references
@basket
@in_language
@option(
    "--of",
    "whose",
    type=click.Choice((SOURCE, ARCHIVE, BOTH)),
    help="What to cite; else both of a summary, and the archive's passage of a witness's own words.",
)
@style_option(f"One of {', '.join(STYLES)}, or a file; all but house need [cite].")
@output(*READING, *BIBLIOGRAPHIES)
@click.pass_obj
def command(  # noqa: PLR0913 - Click's arguments
    context: Context, /, wanted: tuple[Reference, ...], *, basket: bool, language: str, whose: str | None, style: str, form: str
) -> None:
    """Print citations."""
    wanted = chosen_passages(context, is_alone=not wanted) if basket else wanted
    if not wanted:
        raise click.MissingParameter(ctx=click.get_current_context(), param=click.get_current_context().command.params[0])
    if style != HOUSE and form in BIBLIOGRAPHIES:
        message = tr("--style {style} cannot be written as {form}", style=style, form=form)
        raise ConflictingOptions(message, tr("A bibliography is styled by the program that reads it; use --format text or json."))
    citations = context.archive.cite(*wanted, form=form, language=language)
    if form in BIBLIOGRAPHIES:
        write(cast("Bibliography", writer(form)).entries(_entries(citations, whose)), form)
    elif form == "json":
        write(lines({"schema": fields.SCHEMA, "citations": list(_fields(context, citations, whose, style))}), form)
    elif style == HOUSE:
        write(_house(citations, whose), form)
    else:
        write(import_module(STYLED).text(_entries(citations, whose), style), form)
    if form == "text" and not language:
        for line in in_your_language(context, wanted, "cite"):
            say(line)


def _is_of(each: CitedWork, whose: str | None) -> tuple[bool, bool]:
    """Return whether the passage, and whether the source, is to be cited."""
    asked = whose or (BOTH if each.is_summary else ARCHIVE)
    return asked != SOURCE, asked != ARCHIVE


def _entries(citations: Iterable[CitedWork], whose: str | None) -> "Iterator[Entry]":
    for each in citations:
        passage, source = _is_of(each, whose)
        yield from (each.entry,) if passage else ()
        yield from (each.source_entry,) if source else ()


def _house(citations: Iterable[CitedWork], whose: str | None) -> Iterator[str]:
    """Write each citation on a line of its own; where both are given, that of the source is named."""
    for number, each in enumerate(citations):
        passage, source = _is_of(each, whose)
        if number and source:
            yield ""
        if passage:
            yield visible(each.citation)
        if source:
            source_citation = visible(each.source_citation)
            yield tr("Its source: {citation}", citation=source_citation) if passage else source_citation


def _fields(context: Context, citations: tuple[CitedWork, ...], whose: str | None, style: str) -> Iterator[dict[str, Any]]:
    """Return citations for programs; ``styled`` is null for the house's own, which is ``citation``."""
    forms = iter(() if style == HOUSE else context.archive.notes_in_style(tuple(_entries(citations, whose)), style))
    for each in citations:
        passage, source = _is_of(each, whose)
        fields = each.fields()
        fields["styled"] = _form(style, next(forms)) if passage and style != HOUSE else None
        fields["source_styled"] = _form(style, next(forms)) if source and style != HOUSE else None
        fields["source_citation"] = each.source_citation if source else None
        yield fields


def _form(style: str, styled: Any) -> dict[str, Any]:  # noqa: ANN401 - a module that is loaded by its name
    return {"style": style, **{name: value or None for name, value in styled._asdict().items()}}
