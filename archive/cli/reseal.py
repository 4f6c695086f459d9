"""``testimony reseal``."""

from pathlib import Path

import click

from archive.cli._context import Context, say
from archive.cli._options import examples, option, recipients
from archive.errors import ConflictingOptions
from archive.language.messages import tr


@click.command(
    help="""Encrypt sealed records anew, for the recipients named and for nobody else: when a key is lost, or
    somebody comes or goes. Needs --identity before the command. What was copied before, in backups and
    the history of git, still opens with the old keys.""",
    epilog=examples(
        "testimony --identity key.txt reseal NKT-0007 --recipient age1…",
        "testimony --identity key.txt reseal --all --recipients-file keepers.txt",
    ),
)
@click.argument("codes", nargs=-1, metavar="[CODE]...")
@option("--all", "every", is_flag=True, help="Every sealed record.")
@recipients
@click.pass_obj
def command(
    context: Context, /, codes: tuple[str, ...], *, every: bool, written: tuple[str, ...], files: tuple[Path, ...]
) -> None:
    """Seal anew."""
    if bool(codes) == every:
        raise ConflictingOptions(tr("which records are meant is not said"), tr("Name their codes, or give --all."))
    resealed = context.archive.reseal(codes, written, files)
    for path in resealed.written:
        click.echo(path)
    say(tr("copies that were made before still open with the old keys: backups, the history of git, what was handed on"))
    if not resealed.was_opened:
        say(tr("your identity does not open them any more"))
