"""``testimony edit``."""

import sys
from typing import TYPE_CHECKING

import click

from archive.cli._changing import signing, tell
from archive.cli._context import Context, say, write
from archive.cli._options import as_text, complete_codes, examples, option
from archive.cli.rebind import ask_each
from archive.errors import ArchiveError, CannotWrite, InvalidTestimony
from archive.formats.terminal import visible
from archive.language.messages import tr, tr_count

if TYPE_CHECKING:
    from archive.archive import Draft


@click.command(
    help="""Open a record in your editor (VISUAL or EDITOR). It is checked when you close it; with faults you may
    go on editing, and nothing is written before it can be read. The history gets a line, unless you wrote one. Notes
    whose words you changed are shown afterwards, to bind them anew.""",
    epilog=examples(
        "testimony edit NKT-0008",
        'testimony edit NKT-0008 --change "A word corrected" --by "A. Keeper"',
    ),
)
@click.argument("code", shell_complete=complete_codes)
@option("--change", default="", metavar="TEXT", callback=as_text, help="What was changed, for the history.")
@signing
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917 - the options of the command
    context: Context,
    /,
    code: str,
    change: str,
    by: str,
    day: str,
    commit: bool,  # noqa: FBT001 - a flag of Click
) -> None:
    """Edit a record."""
    edit_record(context, code, change, by, day, commit=commit)


def edit_record(  # noqa: PLR0913 - most by keyword
    context: Context,
    code: str,
    change: str = "",
    by: str = "archive",
    day: str = "",
    *,
    commit: bool = False,
    words_alone: bool = False,
) -> None:
    """Open a record in the person's editor, save it when it can be read, and offer to bind anew what hangs on its words."""
    archive = context.archive
    with archive.drafted(code, words_alone=words_alone) as draft:
        try:
            if not _edit(draft):
                say(tr("nothing was changed"))
                return
            revised = draft.save(change or _what(), by, day)
        except (ArchiveError, click.Abort, KeyboardInterrupt):
            _keep(draft)
            raise
    archive.refresh_quietly()
    tell(context, revised, commit=commit)
    if sys.stdin.isatty() and (stale := archive.stale(revised.code, keeper=True)):
        question = tr_count(
            "Look at {number} of which the words have changed now?",
            "Look at {number} of which the words have changed now?",
            len(stale),
        )
        if click.confirm(question, default=True, err=True):
            ask_each(context, stale, by=by, day=day, commit=commit)


def _edit(draft: "Draft") -> bool:
    """Let the person edit until the record can be read; returns whether anything was changed.

    :raises InvalidTestimony: it has faults, and nobody can be asked.
    :raises CannotWrite: it has faults, and the person stops there.
    """
    while True:
        draft.run_editor()
        looked = draft.look()
        if not looked.faults:
            return looked.is_changed
        if not sys.stdin.isatty():
            raise InvalidTestimony(looked.faults)
        write(map(str, looked.faults), "text")
        say(tr_count("{number} fault; nothing was written", "{number} faults; nothing was written", len(looked.faults)))
        if not click.confirm(tr("Go on editing?"), default=True, err=True):
            raise CannotWrite(tr("the text has faults still"), tr("The record was left as it is."))


def _what() -> str:
    if not sys.stdin.isatty():
        return tr("Edited")
    what: str = click.prompt(tr("What was changed (for the history)"), default=tr("Edited"), err=True)
    return what


def _keep(draft: "Draft") -> None:
    draft_file = draft.keep()
    if draft_file is not None:
        say(tr("your text is kept in {path}; the record is as it was", path=visible(str(draft_file))))
