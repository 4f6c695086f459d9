"""``testimony backup``."""

from pathlib import Path

import click

from archive.archive import Archive
from archive.cli._context import Context, passphrase, say, write
from archive.cli._options import UserPath, examples, option, recipients
from archive.errors import ConflictingOptions
from archive.language.messages import tr, tr_count


@click.command(
    help="""Write a sealed copy of the whole collection: every file of it, whatever its access, in one file in the age
    format, which only the identity of a recipient opens. With --identity before the command it is opened again and
    compared first. --restore makes a collection of such a copy. Needs the extra [vault]. The index and what git
    keeps are not in it. Exit code 1 where something could not be copied.""",
    epilog=examples(
        "testimony backup --output ../a.age --recipient age1…",
        "testimony --identity key.txt backup --restore ../a.age --output ../b",
    ),
)
@option("--output", "to", metavar="PATH", required=True, type=UserPath(), help="The file; with --restore a folder not there yet.")
@recipients
@option("--restore", "source", metavar="FILE", type=UserPath(), help="Open this copy, and put its files into a folder.")
@option("--force", is_flag=True, help="Write over a file that is there.")
@click.pass_obj
@click.pass_context
def command(  # noqa: PLR0913, PLR0917 - the options of the command
    ctx: click.Context,
    context: Context,
    /,
    to: Path,
    written: tuple[str, ...],
    files: tuple[Path, ...],
    source: Path | None,
    force: bool,  # noqa: FBT001 - a flag of Click
) -> None:
    """Write a sealed copy, or open one."""
    if source:
        if written or files or force:
            message = tr("--restore goes with neither a recipient nor --force")
            raise ConflictingOptions(message, tr("`testimony --identity FILE backup --restore COPY --output FOLDER`"))
        Archive.ask_passphrases_by(passphrase)
        restored = Archive.restore(source, to, context.identity)
        write([str(to)], "text")
        say(tr_count("{number} file is there again", "{number} files are there again", len(restored)))
        return
    copy = context.archive.back_up(to, written, files, force=force)
    write([str(to)], "text")
    say(tr_count("{number} file in the sealed copy", "{number} files in the sealed copy", len(copy.files)))
    if not copy.was_opened:
        say(tr("it was not opened again: with --identity before the command it is, and compared"))
    for path in copy.left_out:
        say(tr("left out: {path} is no regular file", path=path))
    ctx.exit(1 if copy.left_out else 0)
