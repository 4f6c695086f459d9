"""``testimony verify``."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from archive.archive import Archive
from archive.cli.context import Context, count_unreadable, say, write
from archive.cli.options import examples, output
from archive.errors import UnreadableDocument
from archive.formats.registry import READING
from archive.formats.text import verdicts
from archive.formats.text.verdicts import Verified
from archive.language.messages import tr

_MOST_BYTES: Final = 20_000_000
_STDIN: Final = "-"
_NO_TEXT: Final = (b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0", b"{\\rtf")


@click.command(
    help="""Say what has become of citations of ours: unchanged, changed, moved, withheld since,
    withdrawn or unknown, and which caveats were added since. Takes a citation as it was printed, a
    code with its hash, or files (text, Markdown, HTML, TeX and other marked-up text, .bib, .ris, JSON, CSV; - reads
    standard input).
    Exit code 1 unless every citation may stand as it is, also where none is found in a file.""",
    epilog=examples(
        'testimony verify "NKT-0001#p3 sha256:3053d36b4474d850"',
        "testimony verify paper.md references.bib --format json",
    ),
)
@click.argument("wanted", metavar="CITATION|FILE...", nargs=-1, required=True)
@output(*READING)
@click.pass_obj
@click.pass_context
def command(ctx: click.Context, context: Context, /, wanted: tuple[str, ...], form: str) -> None:
    """Verify citations."""
    authorities = context.room.authorities
    checked = tuple(_verified(context.room, wanted))
    for each in checked:
        if not each.verdicts:
            say(tr("no citation of this archive was found in {name}: nothing in it can be checked", name=each.name))
    write(verdicts.document(checked, authorities) if form == "json" else verdicts.text(checked, authorities), form)
    count_unreadable(context)
    ctx.exit(0 if all(each.verdicts and all(verdict.holds for verdict in each.verdicts) for each in checked) else 1)


def _verified(room: Archive, wanted: tuple[str, ...]) -> Iterator[Verified]:
    """Yield the citations of each file, and of the words typed between two files, verified."""
    typed: list[str] = []
    for each in (*wanted, None):
        if each is not None and each != _STDIN and not os.path.lexists(each):
            typed.append(each)
            continue
        if typed:
            yield Verified("", room.verify_typed(typed))
            typed = []
        if each is not None:
            name = tr("standard input") if each == _STDIN else each
            yield Verified(name, room.verify(_read(each)))


def _read(name: str) -> str:
    try:
        if name == _STDIN:
            content = sys.stdin.buffer.read(_MOST_BYTES + 1)
        else:
            with Path(name).open("rb") as file:
                content = file.read(_MOST_BYTES + 1)
    except OSError as error:
        message = tr("{name} cannot be read: {reason}", name=name, reason=error.strerror or error)
        raise UnreadableDocument(message) from error
    if len(content) > _MOST_BYTES:
        message = tr("{name} is larger than {most_bytes} MB", name=name, most_bytes=_MOST_BYTES // 1000000)
        raise UnreadableDocument(message, tr("Split it, or take out what is no text."))
    if content.startswith(_NO_TEXT):
        message = tr("{name} is no text", name=name)
        raise UnreadableDocument(message, tr("Save it as text or Markdown; `pandoc -t markdown FILE` does for a document."))
    wide = content[:2] in {b"\xff\xfe", b"\xfe\xff"}
    return content.decode("utf-16" if wide else "utf-8", "replace")
