"""``testimony picture``."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from archive.cli._context import Context, count_unreadable, say, say_if_open, write
from archive.cli._options import STDOUT, UserPath, examples, option
from archive.errors import ConflictingOptions
from archive.formats.registry import PICTURE_FILES, PICTURES
from archive.language.messages import tr

if TYPE_CHECKING:
    from archive.archive import OutputFile

HELP = """Draw a camp, or the whole collection, in one colour and with its table.

timeline: when it is stated to have been at work, and what times are told of.
map: where it lies, by each source. coverage: who tells of which decade.
relations: who relies on whom. estimates: of prisoners, by estimator.

Whatever it is written as, the caveats in force at what is shown and the sources
stand in it. A page (.html) has the tables before the drawing.
"""

_POINTS: Final = "png"


@click.command(
    help=HELP,
    epilog=examples(
        "testimony picture camp 14 --kind timeline --output camp-14.svg",
        "testimony picture camp 요덕 --kind relations --output yodok.html",
        "testimony picture collection --kind map --output map.png",
        "testimony picture camp 22 --kind estimates --output - --format json",
    ),
)
@click.argument("scope", type=click.Choice(["camp", "collection"]))
@click.argument("name", nargs=-1)
@option("--kind", type=click.Choice(tuple(PICTURES)), default="timeline", show_default=True, help="What is drawn.")
@option(
    "--output",
    "target",
    metavar="FILE",
    required=True,
    type=UserPath(printed=True),
    help="Ending in .svg, .png, .html or .json; - for standard output.",
)
@option("--format", "form", type=click.Choice(tuple(PICTURE_FILES)), help="Where the name does not say it; else svg.")
@option("--force", is_flag=True, help="Write over a file that is there.")
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917 - Click's arguments
    context: Context,
    scope: str,
    name: tuple[str, ...],
    kind: str,
    target: Path | str,
    form: str | None,
    force: bool,  # noqa: FBT001 - a flag of Click
) -> None:
    """Write a picture."""
    camp = " ".join(name)
    if (scope == "camp") != bool(camp):
        message = tr("which camp?") if scope == "camp" else tr("a picture of the collection takes no name")
        raise ConflictingOptions(message, tr("Write `picture camp NAME`, or `picture collection`."))
    format_name = form or _ending(target)
    file = _check(context, target, format_name, force=force)
    picture = context.archive.picture(kind, camp)
    content = context.archive.picture_file(picture, format_name)
    if file is None:
        write(content.decode().split("\n")[:-1], format_name)
    else:
        file.write(content)
        say(tr("wrote {target}: {summary}", target=target, summary=picture.summary))
        say_if_open(file.target, is_open=context.archive.is_open(file.target))
    count_unreadable(context)


def _ending(target: Path | str) -> str:
    if target == STDOUT:
        return next(iter(PICTURE_FILES))
    ending = {"htm": "html"}.get(each := Path(target).suffix.lower().removeprefix("."), each)
    return ending if ending in PICTURE_FILES else ""


def _check(context: Context, target: Path | str, form: str, *, force: bool) -> "OutputFile | None":
    """Refuse what cannot be written before anything is drawn; returns the file, None for standard output."""
    if not form:
        message = tr("the name {target!r} does not say what to write", target=str(target)[:60])
        raise ConflictingOptions(message, tr("End it in .svg, .png, .html or .json, or give --format."))
    if target == STDOUT:
        if form == _POINTS:
            message = tr("a .{form} cannot be printed", form=form)
            raise ConflictingOptions(message, tr("Name a file with --output."))
        return None
    return context.archive.output_file(Path(target), tr("a picture"), force=force)
