"""``testimony export``."""

import datetime as dt
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from archive.cli._context import Context, count_unreadable, say, say_if_open, say_left_out, write
from archive.cli._options import STDOUT, Filtering, UserPath, bom, chosen_filters, examples, filters, option
from archive.errors import CannotWrite, ConflictingOptions
from archive.formats.registry import BINARY_EXPORTS, EXPORT_ENDINGS, EXPORT_FOLDERS, EXPORT_FORMS
from archive.formats.wording import count
from archive.language.messages import tr, tr_count
from archive.search.model import Filters, Query

if TYPE_CHECKING:
    from archive.archive import OutputFile

MARK: Final = "\ufeff"
"""The byte-order mark."""
_AS_FOLDER: Final = f"{__name__}.as_folder"


class _OutputPlace(UserPath):
    """A path; that it was named as a folder, with a separator at its end, is remembered: a path does not keep it."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path | str:  # noqa: ANN401 - Click's
        """Return the path."""
        if ctx is not None and os.fspath(value).endswith(("/", os.sep)):
            ctx.meta[_AS_FOLDER] = True
        return super().convert(value, param, ctx)


@click.command(
    cls=Filtering,
    help="""Write the whole collection, as readers of the clearance may have it, into one file or folder.

    jsonl: every record with its files, to be restored by `testimony import`; their own bytes
    where nothing in them is withheld. sqlite: a database for Datasette and others, in which
    words stand nowhere without their caveats and their citation. csv, xlsx: the passages as
    `search` writes them. skos: the topics. csl: the works cited. Into a folder that is not
    there yet: web-annotation, the credibility notes, a file a record; ro-crate, a bag with an
    RO-Crate beside it, for repositories.

    Filters choose passages, as in `search`: a table has these, every other format the whole
    records of these, and says that it is a part.""",
    epilog=examples(
        "testimony export --format jsonl --output ../export.jsonl",
        "testimony --clearance restricted export --format jsonl --output ../all.jsonl",
        "testimony export --format sqlite --output ../archive.db",
        "testimony export --format jsonl --camp 15 --output ../camp15.jsonl",
    ),
)
@filters
@option("--format", "form", type=click.Choice((*EXPORT_FORMS, *EXPORT_FOLDERS)), required=True, help="What is written.")
@option(
    "--output",
    "target",
    metavar="FILE",
    required=True,
    type=_OutputPlace(printed=True),
    help="The file, or the folder that it is to lie in; - for standard output.",
)
@option("--date", "day", metavar="YYYY-MM-DD", type=click.DateTime(["%Y-%m-%d"]), help="Of a workbook or a folder; else today.")
@bom
@option("--force", is_flag=True, help="Write over a file that is there.")
@click.pass_obj
def command(  # noqa: PLR0913 - Click's arguments
    context: Context,
    /,
    form: str,
    target: Path | str,
    day: dt.datetime | None,
    *,
    bom: bool,
    force: bool,
    **chosen: Any,  # noqa: ANN401 - Click's arguments
) -> None:
    """Export the collection, or the part of it that filters choose."""
    file, of = _check(context, form, target, force=force), day.date().isoformat() if day else ""
    asked = chosen_filters(chosen)
    if form in EXPORT_FOLDERS:
        number = context.archive.export_folder(form, Path(target), of, asked)
        say(tr_count("wrote {target}: {number} file", "wrote {target}: {number} files", number, target=target))
        _say_part(context, asked, form)
        count_unreadable(context)
        return
    content = context.archive.export(form, of, asked)
    if file is None:
        write(content.decode().split("\n")[:-1], form, bom=bom)
    else:
        file.write(f"{MARK}{content.decode()}".encode() if bom else content)
        say(tr("wrote {target}", target=file.target))
        say_if_open(file.target, is_open=context.archive.is_open(file.target))
    _say_part(context, asked, form)
    count_unreadable(context)


def _say_part(context: Context, asked: Filters, form: str) -> None:
    """Say of which part it is an export, and what a time that was asked for left out of it."""
    if asked == Filters():
        return
    results = context.archive.answer(Query(filters=asked, limit=0))
    say(tr("a part of the collection: {found}", found=count(results)))
    say_left_out(results, form)


def _check(context: Context, form: str, target: Path | str, *, force: bool) -> "OutputFile | None":
    """Refuse what cannot be written before anything is read; returns the file, None for standard output."""
    if force and form in EXPORT_FOLDERS:
        message = tr("a folder is never written over")
        raise ConflictingOptions(message, tr("Leave --force out, and name a folder that is not there yet."))
    if target != STDOUT and form in EXPORT_FOLDERS:
        return None
    if target != STDOUT:
        place = Path(target)
        if not place.is_dir() and click.get_current_context().meta.get(_AS_FOLDER):
            message = tr("there is no folder {target}", target=target)
            raise CannotWrite(message, tr("Make it first, or name a file."))
        name = f"export{EXPORT_ENDINGS[form]}"
        return context.archive.export_file(place / name if place.is_dir() else place, form, force=force)
    if form in (*BINARY_EXPORTS, *EXPORT_FOLDERS):
        message = tr("{form} cannot be printed", form=form)
        raise ConflictingOptions(message, tr("Name a file with --output."))
    if force:
        message = tr("--force is for a file")
        raise ConflictingOptions(message, tr("Name one with --output."))
    return None
