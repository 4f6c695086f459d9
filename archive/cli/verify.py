"""``testimony verify``."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from archive.archive import Archive
from archive.cli._context import Context, count_unreadable, say, say_if_open, write
from archive.cli._options import UserPath, examples, option, output
from archive.errors import ConflictingOptions, UnreadableDocument
from archive.formats import verdicts
from archive.formats.registry import READING
from archive.formats.verdicts import Verified
from archive.language.messages import tr

_MOST_BYTES: Final = 50_000_000
_STDIN: Final = "-"


@click.command(
    help="""Say what has become of citations of ours: unchanged, changed, moved, withheld since,
    withdrawn or unknown, and which caveats were added since. Takes a citation as it was printed, a
    code with its hash, or files: .docx, .odt, .rtf and .pdf with their notes and comments, text, Markdown, HTML,
    TeX and other marked-up text, captions, .bib, .ris, JSON, CSV (- reads standard input).
    Exit code 1 unless every citation may stand as it is, also where none is found in a file.""",
    epilog=examples(
        'testimony verify "NKT-0001#p3 sha256:3053d36b4474d850"',
        "testimony verify paper.md references.bib --format json",
        "testimony verify report.docx --output report-checked.docx",
    ),
)
@click.argument("wanted", metavar="CITATION|FILE...", nargs=-1, required=True)
@option(
    "--output",
    "target",
    metavar="FILE",
    type=UserPath(),
    help="Write a copy of the .docx with a remark in the margin at each citation, and a summary at its end.",
)
@option("--force", is_flag=True, help="Write over a file that is there; never over the one that is checked.")
@output(*READING)
@click.pass_obj
@click.pass_context
def command(  # noqa: PLR0913 - one an option
    ctx: click.Context, context: Context, /, wanted: tuple[str, ...], target: Path | None, form: str, *, force: bool
) -> None:
    """Verify citations."""
    authorities = context.archive.authorities
    if target is not None:
        _check(wanted, target)
        copy = context.archive.output_file(target, tr("a checked copy"), force=force)
        content = _read(wanted[0])
        checked: tuple[Verified, ...] = (context.archive.verify_file(content, wanted[0]),)
        copy.write(context.archive.checked_copy(content, checked[0]))
        say(tr("wrote {target}", target=target))
        say_if_open(target, is_open=context.archive.is_open(target))
    else:
        checked = tuple(_verify_all(context.archive, wanted))
    for each in checked:
        if not each.verdicts:
            say(tr("no citation of this archive was found in {name}: nothing in it can be checked", name=each.name))
        for unread in each.unread:
            say(tr("{name}: {told}", name=each.name, told=unread))
    write(verdicts.document(checked, authorities) if form == "json" else verdicts.text(checked, authorities), form)
    count_unreadable(context)
    ctx.exit(0 if all(each.holds for each in checked) else 1)


def _check(wanted: tuple[str, ...], target: Path) -> None:
    """Refuse what cannot be written as a checked copy.

    :raises ConflictingOptions: there is not one file, it is the copy itself, or the copy would be no .docx.
    """
    source = Path(wanted[0])
    if len(wanted) != 1 or wanted[0] == _STDIN or not source.is_file():
        raise ConflictingOptions(tr("--output writes a copy of one file"), tr("Name one .docx, and no citation beside it."))
    if target.exists() and target.samefile(source):
        raise ConflictingOptions(
            tr("{target} is the file that is checked", target=target), tr("Name another file with --output.")
        )
    if target.suffix.casefold() not in {".docx", ".docm"} or target.suffix.casefold() != source.suffix.casefold():
        remedy = tr("Remarks can be set into a .docx alone. Save the document as .docx in your word processor, and check that.")
        raise ConflictingOptions(tr("a checked copy has the form of the document, and is a .docx"), remedy)


def _verify_all(archive: Archive, wanted: tuple[str, ...]) -> Iterator[Verified]:
    """Yield the citations of each file, and of the words typed between two files, verified."""
    typed: list[str] = []
    for each in (*wanted, None):
        if each is not None and each != _STDIN and not os.path.lexists(each):
            typed.append(each)
            continue
        if typed:
            yield Verified("", archive.verify_typed(typed))
            typed = []
        if each is not None:
            yield archive.verify_file(_read(each), tr("standard input") if each == _STDIN else each)


def _read(name: str) -> bytes:
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
    return content
