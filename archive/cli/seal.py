"""``testimony seal``."""

from pathlib import Path

import click

from archive.cli._context import Context, say
from archive.cli._options import UserPath, examples
from archive.language.messages import tr


@click.command(
    help="""Encrypt a record for the recipients named, in the age format, and remove the plain file.
    What lies in the folder then is CODE.md.age, without the words of its name. Only who has an
    identity of a recipient can read it. With --identity before the command the sealed file is
    opened again and compared before the plain one is removed.""",
    epilog=examples("testimony seal NKT-0007 --recipient age1…", "testimony seal NKT-0008 --recipients-file keepers.txt"),
)
@click.argument("code", metavar="CODE")
@click.option("--recipient", "written", multiple=True, metavar="AGE1…", help="Who may open it; repeatable.")
@click.option(
    "--recipients-file",
    "files",
    multiple=True,
    metavar="FILE",
    type=UserPath(),
    help="A file of recipients, one a line.",
)
@click.pass_obj
def command(context: Context, /, code: str, written: tuple[str, ...], files: tuple[Path, ...]) -> None:
    """Seal a record."""
    for line in context.room.lost_by_sealing(code):
        say(line)
    sealed = context.room.seal(code, written, files)
    for written_now in sealed.written:
        click.echo(written_now)
    for removed in sealed.removed:
        say(
            tr(
                "{removed} was removed; not from copies, backups, the history of git, or what a disk keeps of deleted files",
                removed=removed,
            )
        )
    if not sealed.was_opened:
        say(tr("it was not opened again, since no identity was given; try yours before you delete any copy"))
