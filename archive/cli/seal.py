"""``testimony seal``."""

from pathlib import Path
from typing import Any

import click

from archive.archive import Archive
from archive.cli._context import Context, new_passphrase, say
from archive.cli._options import UserPath, examples, option, recipients
from archive.errors import ConflictingOptions
from archive.language.messages import tr


@click.command(
    help="""Encrypt a record for the recipients named, in the age format, and remove the plain file.
    What lies in the folder then is CODE.md.age, without the words of its name. Only who has an
    identity of a recipient can read it. With --identity before the command the sealed file is
    opened again and compared before the plain one is removed.""",
    epilog=examples(
        "testimony seal --new-key my-key.txt",
        "testimony seal NKT-0007 --recipient age1…",
        "testimony seal NKT-0008 --recipients-file keepers.txt",
    ),
)
@click.argument("code", metavar="[CODE]", required=False)
@option("--new-key", metavar="FILE", type=UserPath(), help="Make an identity, write it into FILE, and print its recipient.")
@option("--passphrase", is_flag=True, help="Protect the new identity by a passphrase, which is asked for.")
@recipients
@click.pass_obj
def command(context: Context, /, code: str | None, *, new_key: Path | None, passphrase: bool, **to: Any) -> None:  # noqa: ANN401 - Click's
    """Seal a record, or make a key."""
    if new_key is not None and code is None:
        _make_key(new_key, with_passphrase=passphrase)
        return
    if code is None or new_key is not None or passphrase:
        message = tr("`seal` takes a record, or --new-key with or without --passphrase")
        raise ConflictingOptions(message, tr("As in: `testimony seal CODE --recipient age1…`"))
    for line in context.archive.lost_by_sealing(code):
        say(line)
    sealed = context.archive.seal(code, to["written"], to["files"])
    for written in sealed.written:
        click.echo(written)
    for removed in sealed.removed:
        say(
            tr(
                "{removed} was removed; not from copies, backups, the history of git, or what a disk keeps of deleted files",
                removed=removed,
            )
        )
    if not sealed.was_opened:
        say(tr("it was not opened again, since no identity was given; try yours before you delete any copy"))


def _make_key(file: Path, *, with_passphrase: bool) -> None:
    """Write an identity and print the recipient, which is what others seal for."""
    phrase = new_passphrase(file) if with_passphrase else ""
    click.echo(Archive.new_key(file, phrase))
    say(
        tr(
            "{file} opens what is sealed for this recipient: keep a second copy elsewhere; without it the records are lost",
            file=file,
        )
    )
