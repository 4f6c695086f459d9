"""``testimony unseal``."""

from pathlib import Path

import click

from archive.cli.context import Context, refresh_quietly, say
from archive.cli.options import examples
from archive.errors import ConflictingOptions
from archive.keeping import sealing
from archive.record.testimony import reference
from archive.storage import atomic, encryption


@click.command(
    help="Decrypt a sealed record into a plain file, which lies open in the folder from then on.",
    epilog=examples("testimony unseal NKT-0007 --identity key.txt", "testimony --identity key.txt unseal NKT-0008"),
)
@click.argument("code", metavar="CODE")
@click.option(
    "--identity",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The file with the identity; else TESTIMONY_IDENTITY.",
)
@click.pass_obj
def command(context: Context, /, code: str, identity: Path | None) -> None:
    """Unseal a record."""
    file = identity or context.identity
    if file is None:
        message = "there is no identity to open it with"
        raise ConflictingOptions(message, "Give --identity FILE, or set TESTIMONY_IDENTITY.")
    sealed, plain = sealing.unseal(context.root, reference(code).code, encryption.identities(file))
    click.echo(plain)
    refresh_quietly(context)
    say(f"{sealed} was removed; {plain} lies open, for you alone: whoever else is to work on it needs its permissions")
    if atomic.is_open_to_others(context.root / plain):
        say(f"{plain} can be read by others on this machine: its disk keeps no permissions")
