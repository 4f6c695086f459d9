"""``testimony dossier``."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from archive.cli._context import Context, count_unreadable, say, say_if_open, say_left_out, write
from archive.cli._options import (
    STDOUT,
    Filtering,
    UserPath,
    as_text,
    basket,
    chosen_passages,
    examples,
    option,
    query_options,
    to_query,
)
from archive.cli.cite import HOUSE, style_option
from archive.errors import BadDate, ConflictingOptions
from archive.formats.dossier_content import MOST, Document
from archive.formats.dossier_files import TYPESET
from archive.formats.registry import PICTURES
from archive.formats.wording import count
from archive.language.messages import tr
from archive.search.model import SORTS, Filters, Query, Results

if TYPE_CHECKING:
    from archive.archive import OutputFile

HELP = """Write the answer to a search as a document.

Every excerpt with all its caveats and its citation, grouped by testimony; what
was asked and understood, what is not in it and why, who was there to tell, and
the works cited. The same collection and the same request give the same bytes in
one language; what was told and cited stands as it is in every one.
"""

ENDINGS: Final = {".md": "md", ".markdown": "md", ".html": "html", ".htm": "html", ".docx": "docx", ".odt": "odt", ".pdf": "pdf"}


def _day(_: click.Context, __: click.Parameter, value: str | None) -> str:
    if value is None:
        return dt.datetime.now().astimezone().date().isoformat()
    try:
        return dt.date.fromisoformat(value).isoformat()
    except ValueError as error:
        message = tr("{value!r} is no day", value=value[:40])
        raise BadDate(message, tr("Write it as 2026-11-21.")) from error


def _read_values(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for value in values:
        name, is_there, text = value.partition("=")
        if not (is_there and name.isidentifier() and name.isascii()):
            message = tr("--set {value!r} is not of the form NAME=TEXT", value=value[:60])
            raise ConflictingOptions(message, tr("As in: --set question='Was there a school?'"))
        found[name] = text
    return found


@click.command(
    cls=Filtering,
    help=HELP,
    epilog=examples(
        'testimony dossier "coal mine" --camp 18 --output - > coal.md',
        "testimony dossier --camp 18 --output answer.docx --template coi",
        "testimony dossier --camp 18 --output report.docx --style oscola",
        "testimony dossier --camp 14 --output - --format html > case.html",
    ),
)
@query_options
@basket
@option(
    "--output",
    "target",
    metavar="FILE",
    required=True,
    type=UserPath(printed=True),
    help="Ending in .md, .html, .docx, .odt or .pdf; - for standard output.",
)
@option(
    "--format", "form", type=click.Choice(["md", "html", "docx", "odt", "pdf"]), help="Where the name does not say it; else md."
)
@style_option("Of the citations and of the works cited, as in cite.")
@option("--template", metavar="NAME|FILE", help="The shape of the document: annex, coi, or a file; see `testimony template`.")
@option("--set", "given", metavar="NAME=TEXT", multiple=True, callback=_read_values, help="What the template calls given.NAME.")
@option(
    "--picture",
    "pictures",
    type=click.Choice(tuple(PICTURES)),
    multiple=True,
    help="Of each camp asked for, else of the collection; may be repeated.",
)
@option("--font", metavar="FAMILY|FILE", default="", help="For Hangul in a .pdf; else one that is installed.")
@option("--title", metavar="TEXT", callback=as_text, help="Of the document; else what was asked.")
@option("--date", "day", metavar="DAY", callback=_day, help="Of the document; else today. No time of day is written.")
@option("--sort", type=click.Choice(SORTS), default="relevance", show_default=True, help="Which testimonies come first.")
@option("--limit", type=click.IntRange(1, 10_000), default=MOST, show_default=True, help="Passages at most.")
@option("--all", "every", is_flag=True, help="All passages, however many.")
@option("--force", is_flag=True, help="Write over a file that is there.")
@click.pass_obj
def command(context: Context, /, words: tuple[str, ...], target: Path | str, form: str | None, **chosen: Any) -> None:  # noqa: ANN401 - Click's arguments
    """Write a dossier."""
    format_name = form or ENDINGS.get(Path(target).suffix.lower(), "md" if target == STDOUT else "")
    style, font = chosen["style"], chosen["font"]
    if font and format_name != "pdf":
        raise ConflictingOptions(tr("--font is for a .pdf"), tr("In other formats the program that opens them chooses the font."))
    if chosen["given"] and chosen["template"] is None:
        raise ConflictingOptions(tr("--set is for a template"), tr("Name one with --template: annex, coi, or a file."))
    if chosen["pictures"] and chosen["template"] is not None:
        raise ConflictingOptions(
            tr("a template places no pictures"), tr("Leave out --template, or write them with `testimony picture`.")
        )
    file = _check(context, target, format_name, force=chosen["force"])
    limit = None if chosen["every"] else chosen["limit"]
    query = to_query(words, chosen)._replace(limit=limit, sort=chosen["sort"])
    asked: Query | Results = query
    if chosen["basket"]:
        asked = context.archive.gather(chosen_passages(context, is_alone=not query.words and query.filters == Filters()))
    named = chosen["template"]
    template = None if named is None else context.archive.dossier_template(named, chosen["given"])
    pictures = tuple(dict.fromkeys(chosen["pictures"]))
    document = context.archive.dossier(asked, chosen["title"] or "", chosen["day"], pictures)
    content = context.archive.dossier_file(document, format_name, "" if style == HOUSE else style, font, template)
    if file is None:
        write(content.decode().split("\n")[:-1], format_name)
    else:
        file.write(content)
    say_left_out(document.dossier.results, format_name)
    if file is not None:
        say(_done(document, target))
        say_if_open(file.target, is_open=context.archive.is_open(file.target))
    count_unreadable(context)


def _check(context: Context, target: Path | str, form: str, *, force: bool) -> "OutputFile | None":
    """Refuse what cannot be written before anything is searched; returns the file, None for standard output."""
    if not form:
        message = tr("the name {target!r} does not say what to write", target=str(target)[:60])
        raise ConflictingOptions(message, tr("End it in .md, .html, .docx, .odt or .pdf, or give --format."))
    if target == STDOUT:
        if form in TYPESET:
            message = tr("a .{form} cannot be printed", form=form)
            raise ConflictingOptions(message, tr("Name a file with --output."))
        return None
    return context.archive.output_file(Path(target), tr("a dossier"), force=force)


def _done(document: Document, target: Path | str) -> str:
    results = document.dossier.results
    left = results.passages - len(results.hits)
    more = tr("; {left} more were found: --all, or a larger --limit", left=left) if left else ""
    return tr(
        "wrote {target}: {count}{more}",
        target=target,
        count=count(results._replace(passages=len(results.hits), testimonies=len(document.groups))),
        more=more,
    )
