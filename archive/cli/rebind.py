"""``testimony rebind``."""

import re
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from archive.archive import Archive
from archive.cli._changing import make_commit, signing, tell
from archive.cli._context import Context, say, write
from archive.cli._options import examples, one_reference, option
from archive.errors import BadReference, ConflictingOptions
from archive.formats.terminal import columns, visible, wrap
from archive.language.messages import tr, tr_count
from archive.record.testimony import Reference
from archive.text import paragraphs_named, squash

if TYPE_CHECKING:
    from archive.archive import NewWords, StaleBinding

_PLACES = re.compile(r"p?([0-9]{1,5})(?:-p?([0-9]{1,5}))?")
_SAME, _ELSEWHERE, _LEAVE, _STOP = "s", "m", "l", "q"


@click.command(
    help="""Bind notes, claims and links anew whose words were corrected: shows the old words and
    the new ones side by side and asks of each. Until then it goes on being told, as one whose words have
    changed. There is no answer for several at once: a person reads each.""",
    epilog=examples("testimony rebind NKT-0001", "testimony rebind NKT-0001#p3 --note n2"),
)
@one_reference
@option("--note", "name", default="", metavar="ID", help="One note, claim, link or version, as it is called in the list.")
@option("--same", is_flag=True, help="Answer: the words there now mean the same. Needs --note and --read.")
@option("--to", "places", default="", metavar="p6", help="Answer: its words went there. Needs --note and --read.")
@option("--read", "read_", default="", metavar="HASH", help="The hash of the words that you have read, as the list prints it.")
@option("--keeper", is_flag=True, help="Show words also where the clearance would not: of drafts, and withheld ones.")
@signing
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917 - the options of the command
    context: Context,
    /,
    wanted: Reference,
    name: str,
    same: bool,  # noqa: FBT001 - a flag of Click
    places: str,
    read_: str,
    keeper: bool,  # noqa: FBT001 - the same
    by: str,
    day: str,
    commit: bool,  # noqa: FBT001 - the same
) -> None:
    """Rebind one by one."""
    archive = context.archive
    if same or places:
        _carry_out(archive, context, wanted, name, same=same, places=places, read=read_, by=by, day=day, commit=commit)
        return
    stale = [each for each in archive.stale(wanted, keeper=keeper) if name in {"", each.name}]
    if not stale:
        say(tr("everything there stands where its words are"))
        return
    if not sys.stdin.isatty():
        write((line for each in stale for line in (*show(each), *_to_type(each), "")), "text")
        message = tr("a person decides each of these, and nobody can be asked here")
        raise ConflictingOptions(message, tr("Read the words, then type the line below them that is true."))
    ask_each(context, stale, by=by, day=day, commit=commit)


def _carry_out(  # noqa: PLR0913 - by keyword alone
    archive: Archive,
    context: Context,
    wanted: Reference,
    name: str,
    *,
    same: bool,
    places: str,
    read: str,
    by: str,
    day: str,
    commit: bool,
) -> None:
    if (same and places) or not name or not read:
        message = tr("an answer needs --note and --read, and one of --same and --to")
        raise ConflictingOptions(message, tr("`testimony rebind {code}` prints the lines to type.", code=wanted.code))
    revised = archive.rebind(wanted.code, name, read, to=() if same else numbers(places), by=by, day=day)
    tell(context, revised, commit=commit)


def numbers(written: str) -> tuple[int, ...]:
    """Read ``p6``, ``6`` or ``p5-6``; several with commas.

    :raises BadReference: it is none of these.
    """
    paragraphs: list[int] = []
    for part in written.split(","):
        match = _PLACES.fullmatch(part.strip())
        first = int(match[1]) if match else 0
        last = int(match[2] or match[1]) if match else 0
        if not 1 <= first <= last:
            raise BadReference(tr("{written!r} names no paragraph", written=squash(written)[:60]), tr("Write p6, or p5-6."))
        paragraphs += range(first, last + 1)
    return tuple(dict.fromkeys(paragraphs))


def ask_each(context: Context, stale: "Sequence[StaleBinding]", *, by: str, day: str, commit: bool) -> None:
    """Show each and ask what is true of it; what was answered is written at once."""
    number = 0
    for each in stale:
        write(["", *show(each)], "text")
        answer = _ask(each)
        if answer == _STOP:
            break
        to = _place(each) if answer == _ELSEWHERE else each.named
        if answer == _LEAVE or not to:
            continue
        places = to if answer == _ELSEWHERE else ()
        revised = context.archive.rebind(each.code, each.name, each.read(to), to=places, by=by, day=day)
        number += 1
        if commit:
            make_commit(context, revised)
    say(tr_count("{number} was bound anew", "{number} were bound anew", number))


def _place(each: "StaleBinding") -> tuple[int, ...]:
    """Ask where the words went, show what stands there, and ask whether that is meant; () where it is not."""
    near = ",".join(f"p{number}" for number in each.moved_to)
    try:
        to = numbers(click.prompt(tr("To which paragraph"), default=near or None, err=True))
    except BadReference as error:
        say(f"{error.message}. {error.remedy}")
        return ()
    there = each.at(to)
    if len(there) != len(to):
        say(tr("{code} has {number} paragraphs", code=each.words_of, number=len(each.words)))
        return ()
    write((line for words in there for line in _words(words)), "text")
    return to if click.confirm(tr("Bind it to these words?"), err=True) else ()


def _ask(each: "StaleBinding") -> str:
    choices = [_SAME, _ELSEWHERE, _LEAVE, _STOP] if each.read() else [_ELSEWHERE, _LEAVE, _STOP]
    choices = [choice for choice in choices if choice != _ELSEWHERE or not each.language]
    answers = {
        _SAME: tr("s  the words there now mean the same: bind it to them"),
        _ELSEWHERE: tr("m  its words went to another paragraph"),
        _LEAVE: tr("l  leave it as it is: it goes on being told as one whose words have changed"),
        _STOP: tr("q  stop here"),
    }
    write([answers[choice] for choice in choices], "text")
    answer: str = click.prompt(tr("What is true"), type=click.Choice(choices), default=_LEAVE, show_choices=True, err=True)
    return answer


def show(each: "StaleBinding") -> Iterator[str]:
    """Write the old words and the new ones of what has lost its words."""
    place = tr("{words_of}, {paragraphs}", words_of=each.words_of, paragraphs=paragraphs_named(each.named))
    yield from wrap(visible(f"{each.code}  {each.what}"), columns(), "", "   ")
    yield from wrap(tr("bound to {place}; here called {name}", place=place, name=each.name), columns(), "   ", "   ")
    for old in each.old:
        source = tr(old.source) if old.source else ""
        where = tr("paragraph {number}", number=old.paragraph) if old.paragraph else tr("quoted")
        label = tr("The words then, {where} ({source}):", where=where, source=source)
        none = tr("The words then of paragraph {number} are in no history that may be shown here.", number=old.paragraph)
        yield label if old.words else none
        yield from wrap(visible(old.words), columns(), "   ", "   ") if old.words else ()
    there = each.at(each.named)
    for now in there:
        if now.paragraph not in each.unchanged:
            yield from _words(now)
    if each.unchanged:
        yield tr("Unchanged: {paragraphs}.", paragraphs=paragraphs_named(each.unchanged))
    for number in sorted({*each.named} - {now.paragraph for now in there}):
        yield tr("There is no paragraph {number} any more.", number=number)
    for beside in each.beside:
        yield tr("Beside it, in the other language, paragraph {number}:", number=beside.paragraph)
        yield from wrap(visible(beside.words), columns(), "   ", "   ")
    if each.moved_to:
        yield tr("The same words stand now in {paragraphs}.", paragraphs=paragraphs_named(each.moved_to))


def _words(now: "NewWords") -> Iterator[str]:
    yield tr("The words now, paragraph {number}:", number=now.paragraph)
    yield from wrap(visible(now.words), columns(), "   ", "   ")


def _to_type(each: "StaleBinding") -> Iterator[str]:
    if each.read():
        yield tr("If they mean the same, type:")
        yield f"   {each.command()}"
    if each.moved_to:
        yield tr("If it belongs where the same words stand now, type:")
        yield f"   {each.command(each.moved_to)}"
    if not each.language:
        other = tr(
            "If it belongs to another paragraph, as 6, take the hash that `testimony show --keeper {code}` prints of it:",
            code=each.words_of,
        )
        yield from wrap(other, columns())
        yield f"   testimony rebind {each.code} --note {each.name} --to p6 --read HASH"
