"""``testimony unseal``."""

from pathlib import Path

import click

from archive.archive import Archive
from archive.cli._context import Context, passphrase, say, say_if_open
from archive.cli._options import UserPath, examples, option
from archive.language.messages import tr


@click.command(
    help="Decrypt a sealed record into a plain file, which lies open in the folder from then on.",
    epilog=examples("testimony unseal NKT-0007 --identity key.txt", "testimony --identity key.txt unseal NKT-0008"),
)
@click.argument("code", metavar="CODE")
@option(
    "--identity",
    metavar="FILE",
    type=UserPath(),
    help="The file with the identity; else TESTIMONY_IDENTITY.",
)
@click.pass_obj
def command(context: Context, /, code: str, identity: Path | None) -> None:
    """Unseal a record."""
    Archive.ask_passphrases_by(passphrase)
    unsealed = context.archive.unseal(code, identity)
    for removed, written in zip(unsealed.removed, unsealed.written, strict=True):
        click.echo(written)
        say(
            tr(
                "{removed} was removed; {written} lies open, for you alone: whoever else is to work on it needs its permissions",
                removed=removed,
                written=written,
            )
        )
        say_if_open(Path(written), is_open=written in unsealed.open)
