"""``testimony export``."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from archive.cli._context import Context, count_unreadable, say, say_if_open, write
from archive.cli._options import STDOUT, UserPath, bom, examples
from archive.errors import ConflictingOptions
from archive.formats.registry import BINARY_EXPORTS, EXPORT_FOLDERS, EXPORT_FORMS
from archive.language.messages import tr, tr_count

if TYPE_CHECKING:
    from archive.archive import OutputFile

MARK: Final = "\ufeff"
"""The byte-order mark."""


@click.command(
    help="""Write the whole collection, as readers of the clearance may have it, into one file or folder.

    jsonl: every record with its files, to be restored by `testimony import`; their own bytes
    where nothing in them is withheld. sqlite: a database for Datasette and others, in which
    words stand nowhere without their caveats and their citation. csv, xlsx: the passages as
    `search` writes them. skos: the topics. csl: the works cited. Into a folder that is not
    there yet: web-annotation, the credibility notes, a file a record; ro-crate, a bag with an
    RO-Crate beside it, for repositories.""",
    epilog=examples(
        "testimony export --format jsonl --output ../export.jsonl",
        "testimony --clearance restricted export --format jsonl --output ../all.jsonl",
        "testimony export --format sqlite --output ../archive.db",
    ),
)
@click.option("--format", "form", type=click.Choice((*EXPORT_FORMS, *EXPORT_FOLDERS)), required=True, help="What is written.")
@click.option(
    "--output",
    "target",
    metavar="FILE",
    required=True,
    type=UserPath(printed=True),
    help="The file or folder; - for standard output.",
)
@click.option(
    "--date", "day", metavar="YYYY-MM-DD", type=click.DateTime(["%Y-%m-%d"]), help="Of a workbook or a folder; else today."
)
@bom
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@click.pass_obj
def command(context: Context, /, form: str, target: Path | str, day: dt.datetime | None, *, bom: bool, force: bool) -> None:  # noqa: PLR0913 - Click's arguments
    """Export the collection."""
    file, of = _check(context, form, target, force=force), day.date().isoformat() if day else ""
    if form in EXPORT_FOLDERS:
        number = context.room.export_folder(form, Path(target), of)
        say(tr_count("wrote {target}: {number} file", "wrote {target}: {number} files", number, target=target))
        count_unreadable(context)
        return
    content = context.room.export(form, of)
    if file is None:
        write(content.decode().split("\n")[:-1], form, bom=bom)
    else:
        file.write(f"{MARK}{content.decode()}".encode() if bom else content)
        say(tr("wrote {target}", target=file.target))
        say_if_open(file.target, is_open=context.room.is_open(file.target))
    count_unreadable(context)


def _check(context: Context, form: str, target: Path | str, *, force: bool) -> "OutputFile | None":
    """Refuse what cannot be written before anything is read; returns the file, None for standard output."""
    if force and form in EXPORT_FOLDERS:
        message = tr("a folder is never written over")
        raise ConflictingOptions(message, tr("Leave --force out, and name a folder that is not there yet."))
    if target != STDOUT and form in EXPORT_FOLDERS:
        return None
    if target != STDOUT:
        return context.room.export_file(Path(target), form, force=force)
    if form in (*BINARY_EXPORTS, *EXPORT_FOLDERS):
        message = tr("{form} cannot be printed", form=form)
        raise ConflictingOptions(message, tr("Name a file with --output."))
    if force:
        message = tr("--force is for a file")
        raise ConflictingOptions(message, tr("Name one with --output."))
    return None
