"""``testimony align``."""

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from archive.cli._changing import signing, tell
from archive.cli._context import Context, say, terminal_columns, write
from archive.cli._options import UserPath, as_text, complete_codes, examples, option
from archive.errors import BadReference, ConflictingOptions
from archive.formats.terminal import visible, wrap
from archive.language.messages import tr, tr_count
from archive.text import squash

if TYPE_CHECKING:
    from archive.archive import AlignedVersion

_PAIR: Final = re.compile(r"([1-9][0-9]{0,4}(?:\+[1-9][0-9]{0,4})*)=((?:[1-9][0-9]{0,4}(?:\+[1-9][0-9]{0,4})*)?)")


@click.command(
    help="""Make a version of a record in another language of a file: its translation, or the words of
    which the record is the translation. Which paragraphs go together is told by their lengths, figures,
    names of camps and speakers, and shown first; what is doubtful is for you to decide. --pair 3+4=3 says
    that paragraphs 3 and 4 of the record are the third of the file, --pair 7= that the seventh is not in
    it. --yes writes it without asking where nothing is doubtful.""",
    epilog=examples(
        "testimony align NKT-0001 korean.docx --translator 'Made Up'",
        "testimony align NKT-0001 korean.docx --translator 'Made Up' --yes",
    ),
)
@click.argument("code", metavar="CODE", callback=as_text, shell_complete=complete_codes)
@click.argument("file", type=UserPath())
@option("--language", default="", metavar="BCP47", callback=as_text, help="Of the file; else as its script tells it.")
@option("--translator", default="", metavar="NAME", callback=as_text, help="Who translated it.")
@option("--original", "is_original", is_flag=True, help="The file has the words as they were first said.")
@option("--pair", "pairs", multiple=True, metavar="N=N", help="Paragraphs that go together; repeatable.")
@option("--speaker", "speakers", multiple=True, metavar="NAME=AS", help="Call a speaker otherwise; repeatable.")
@option("--keeper", is_flag=True, help="Show words also where the clearance would not: of drafts, and withheld ones.")
@option("--yes", is_flag=True, help="Write it without asking, where nothing is doubtful.")
@signing
@click.pass_obj
@click.pass_context
def command(  # noqa: PLR0913 - Click's arguments
    ctx: click.Context,
    context: Context,
    /,
    code: str,
    file: Path,
    *,
    by: str,
    day: str,
    commit: bool,
    yes: bool,
    **asked: Any,  # noqa: ANN401 - Click's arguments
) -> None:
    """Align a record and a file."""
    asked["pairs"] = tuple(map(_pair, asked["pairs"]))
    asked["speakers"] = dict(map(_speaker, asked["speakers"]))
    version = context.archive.align(code, file, **asked)
    write(_describe(version), "text")
    asks = sys.stdin.isatty() and sys.stderr.isatty()
    if version.doubts and (yes or not asks):
        say(tr("Nothing was written: say of each of these with --pair what is so, or answer at a terminal."))
        ctx.exit(1)
    if not (yes or asks):
        say(tr("Nothing was written. --yes writes it."))
        return
    if not yes:
        question = tr("Have you read the doubtful pairs, and are they so?") if version.doubts else tr("Write it?")
        click.confirm(question, abort=True, err=True)
    tell(context, context.archive.write_version(version, by=by, day=day), commit=commit)


def _pair(written: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Read ``3+4=3``; ``7=`` where there is nothing on the other side.

    :raises BadReference: it is none of these.
    """
    match = _PAIR.fullmatch(written.strip())
    if match is None:
        message = tr("{written!r} is no pair of paragraphs", written=squash(written)[:60])
        raise BadReference(message, tr("Write the paragraphs of the record before the sign, as 3+4=3 or 7=."))
    own, theirs = (tuple(int(number) for number in side.split("+") if number) for side in match.groups())
    return own, theirs


def _speaker(given: str) -> tuple[str, str]:
    name, equals, called = given.rpartition("=")
    if not (name.strip() and equals and called.strip()):
        message = tr("{option} {given!r} is not of the form NAME=AS", option="--speaker", given=given)
        raise ConflictingOptions(message, tr("For example --speaker INT=Interviewer."))
    return name.strip(), called.strip()


def _describe(version: "AlignedVersion") -> Iterator[str]:
    width = terminal_columns()
    several = sum((len(pair.own), len(pair.theirs)) != (1, 1) for pair in version.pairs)
    own = sum(len(pair.own) for pair in version.pairs)
    theirs = sum(len(pair.theirs) for pair in version.pairs)
    yield visible(version.path)
    line = tr(
        "{code} in {original}: paragraphs {own}; the file in {language}: {theirs}; pairs that are not one to one: {several}",
        code=version.code,
        original=version.original,
        own=own,
        language=version.language,
        theirs=theirs,
        several=several,
    )
    yield from wrap(line, width, "  ", "  ")
    if version.left_out:
        letters = sum(each.letters for each in version.left_out)
        yield from wrap(tr("letters of the file that are left out: {letters}", letters=letters), width, "  ", "  ")
    for doubt in version.doubts:
        named = f"{'+'.join(map(str, doubt.own))}={'+'.join(map(str, doubt.theirs))}"
        yield from wrap(tr("doubtful: {pair}: {why}", pair=named, why=doubt.why), width, "", "  ")
        yield from _words("<", doubt.own, doubt.own_words, width)
        yield from _words(">", doubt.theirs, doubt.their_words, width)
    if version.doubts:
        number = len(version.doubts)
        yield tr_count("{number} pair is doubtful.", "{number} pairs are doubtful.", number)
        if not any(doubt.own_words for doubt in version.doubts):
            yield from wrap(tr("Their words may not be shown with this clearance; --keeper shows them."), width)


def _words(sign: str, numbers: Sequence[int], texts: Sequence[str], width: int) -> Iterator[str]:
    for number, text in zip(numbers, texts, strict=False):
        yield from wrap(f"{sign} {number}: {squash(text)}", width, "    ", "      ")
