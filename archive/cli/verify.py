"""``testimony verify``."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from archive.archive import Archive
from archive.citing import mentions
from archive.citing.mentions import Mention
from archive.citing.verification import verify
from archive.cli.context import Context, count_unreadable, say, write
from archive.cli.options import examples, output
from archive.errors import BadReference, UnreadableDocument
from archive.formats.registry import READING
from archive.formats.text import verdicts
from archive.formats.text.verdicts import Verified
from archive.record.testimony import PUBLIC
from archive.text import squash

_MOST_BYTES: Final = 20_000_000
_STDIN: Final = "-"
_NO_TEXT: Final = (b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0", b"{\\rtf")


@click.command(
    help="""Say what has become of citations of ours: unchanged, changed, moved, withheld since,
    withdrawn or unknown, and which caveats were added since. Takes a citation as it was printed, a
    code with its hash, or files (Markdown, text, .bib, .ris, CSL-JSON; - reads standard input).
    Exit code 1 unless every citation may stand as it is.""",
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
    # What was cited in public is held against what the public sees, also where this reader sees more.
    rooms = (context.room,) if context.clearance == PUBLIC else (context.room, Archive(context.root, PUBLIC, say))
    checked = tuple(Verified(name, tuple(verify(found, *rooms))) for name, found in _found(wanted, authorities.name()))
    for each in checked:
        if not each.verdicts:
            say(f"no citation of this archive was found in {each.name}")
    write(verdicts.document(checked, authorities) if form == "json" else verdicts.text(checked, authorities), form)
    count_unreadable(context)
    ctx.exit(0 if all(each.verdicts and all(verdict.holds for verdict in each.verdicts) for each in checked) else 1)


def _found(wanted: tuple[str, ...], archive: str) -> Iterator[tuple[str, list[Mention]]]:
    """Yield the citations of each file, and of the words typed between two files."""
    typed: list[str] = []
    for each in (*wanted, ""):
        if each and each != _STDIN and not os.path.lexists(each):
            typed.append(each)
            continue
        if typed:
            yield "", _typed(typed)
            typed = []
        if each:
            name = "standard input" if each == _STDIN else each
            yield name, mentions.find(_read(each), archive)


def _typed(words: list[str]) -> list[Mention]:
    """Read citations that were typed; a code and its hash may be two words."""
    for number, each in enumerate(words):
        rest = words[number + 1] if number + 1 < len(words) else ""
        if mentions.has_hash(each) or (mentions.has_code(each) and mentions.has_hash(rest) and not mentions.has_code(rest)):
            continue
        shown = squash(each)[:60]
        if mentions.has_code(each):
            message = f"{shown!r} has no hash, so there is nothing to hold it against"
            raise BadReference(message, "Give the citation as it was printed, to its end; `testimony cite` prints one.")
        message = f"{shown!r} is neither a file nor a citation"
        raise BadReference(message, 'Write "NKT-0002#p3 sha256:…", or name a file.')
    found = mentions.find("\n".join(words))
    if not found:
        message = f"{squash(' '.join(words))[:60]!r} is no citation of ours"
        raise BadReference(message, 'Write "NKT-0002#p3 sha256:…", or the citation as it was printed.')
    return found


def _read(name: str) -> str:
    try:
        if name == _STDIN:
            content = sys.stdin.buffer.read(_MOST_BYTES + 1)
        else:
            with Path(name).open("rb") as file:
                content = file.read(_MOST_BYTES + 1)
    except OSError as error:
        message = f"{name} cannot be read: {error.strerror or error}"
        raise UnreadableDocument(message) from error
    if len(content) > _MOST_BYTES:
        message = f"{name} is larger than {_MOST_BYTES // 1_000_000} MB"
        raise UnreadableDocument(message, "Split it, or take out what is no text.")
    if content.startswith(_NO_TEXT):
        message = f"{name} is no text"
        raise UnreadableDocument(message, "Save it as text or Markdown; `pandoc -t markdown FILE` does for a document.")
    wide = content[:2] in {b"\xff\xfe", b"\xfe\xff"}
    return content.decode("utf-16" if wide else "utf-8", "replace")
