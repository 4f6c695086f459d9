"""``testimony basket``."""

from typing import Any, Final

import click

from archive.cli._context import Context, count_unreadable, say, write
from archive.cli._options import (
    chosen_passages,
    examples,
    output,
    output_file,
    references_as_printed,
    resolve_references,
    target,
    write_file,
)
from archive.errors import BadReference, ConflictingOptions
from archive.formats.registry import FILES, FORMATS, READING, writer
from archive.formats.terminal import columns
from archive.formats.text import basket as basket_text
from archive.language.messages import tr, tr_count
from archive.text import count_of

ADD, REMOVE, CLEAR, EXPORT = "add", "remove", "clear", "export"
_WITH_PASSAGES: Final = frozenset({ADD, REMOVE})


@click.command(
    help="""Passages that you put together: by their numbers in the last answer, or by their
    codes. Kept in your own state folder as code, paragraph, hash and day, for this
    collection and clearance; a passage whose words have changed since says so. Without an
    action: what is in it. `export` prints all excerpts with their caveats and citations.""",
    epilog=examples(
        "testimony basket add 1 3 NKT-0004#p2", "testimony basket", "testimony dossier --basket --output report.docx"
    ),
)
@click.argument("action", type=click.Choice([ADD, REMOVE, CLEAR, EXPORT]), required=False)
@click.argument("wanted", metavar="[CODE[#p3-5]]...", nargs=-1)
@target
@output(*FORMATS, *FILES)
@click.pass_context
def command(ctx: click.Context, /, action: str | None, wanted: tuple[str, ...], form: str, **chosen: Any) -> None:  # noqa: ANN401 - Click's arguments
    """Change, print or export the basket."""
    context = ctx.ensure_object(Context) if ctx.obj is None else ctx.obj
    selection = context.archive.selection
    if bool(wanted) != (action in _WITH_PASSAGES):
        message = tr("`basket {action}` takes no passages", action=action) if wanted else tr("no passage is named")
        raise BadReference(message, tr("As in: testimony basket add 1 3 NKT-0004#p2"))
    if form != "text" and (action in {ADD, REMOVE, CLEAR} or (action is None and form not in READING)):
        message = tr("this prints no {form}", form=form)
        raise ConflictingOptions(message, tr("`testimony basket export` prints every format."))
    file = output_file(context, form, chosen, tr("a workbook"))
    if action == ADD:
        new = selection.add(context.archive.gather(resolve_references(ctx, wanted)).hits)
        say(tr_count("{number} passage put into the basket", "{number} passages put into the basket", new))
    elif action == REMOVE:
        gone = selection.remove(references_as_printed(ctx, wanted))
        say(tr_count("{number} passage taken out of the basket", "{number} passages taken out of the basket", gone))
    elif action == CLEAR:
        say(tr("{passages} taken out of the basket", passages=count_of(selection.clear(), "passage", "passages")))
    elif action == EXPORT:
        gathered = context.archive.gather(chosen_passages(context))
        if file is not None:
            write_file(context, file, context.archive.workbook(gathered))
        else:
            write(writer(form).answer(context.archive.excerpts(gathered, form)), form)
    else:
        content = basket_text.render(selection.checked_basket(), context.archive)
        write(basket_text.document(content) if form == "json" else basket_text.text(content, columns()), form)
        if form == "text":
            selection.keep_basket_numbers()
    count_unreadable(context)
