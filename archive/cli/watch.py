"""``testimony watch``."""

from typing import Any, Final

import click

from archive.archive import Archive
from archive.cli._context import Context, count_unreadable, say, say_left_out, write
from archive.cli._options import Filtering, as_text, examples, option, output, query_options, to_query
from archive.errors import BadReference, ConflictingOptions, UsageFault
from archive.formats.registry import FORMATS, READING, writer
from archive.formats.terminal import WIDEST, columns
from archive.formats.text import hit_list, watch_report
from archive.formats.wording import describe_left_out
from archive.language.messages import tr
from archive.search.model import Query
from archive.text import count_of

ADD, SHOW, REMOVE = "add", "show", "remove"
_TYPED: Final = f"{__name__}.typed"
_BEFORE: Final = 2  # the action and the name


class _Watching(Filtering):
    """A command that keeps what was typed, to be asked again."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments."""
        ctx.meta[_TYPED] = tuple(args)
        return super().parse_args(ctx, args)


@click.command(
    cls=_Watching,
    help="""Save searches, and see what is new in their answers since you last looked: passages that came in,
    that have other words or new caveats, or that are not found any more. `add NAME WORDS` saves words and filters,
    `show NAME` prints what is new, with every caveat and citation, and from then on it counts as seen;
    `remove NAME` takes the search away. Without an action: all of them, with how much is new in each.

    The words of a saved search are kept in your own state folder, readable by you alone; `testimony forget`
    deletes them.""",
    epilog=examples("testimony watch add famine-18 hunger --camp 18", "testimony watch", "testimony watch show famine-18"),
)
@click.argument("action", type=click.Choice([ADD, SHOW, REMOVE]), required=False)
@click.argument("name", required=False, callback=as_text)
@query_options
@option("--keep", is_flag=True, help="Let what is shown count as not seen yet.")
@output(*FORMATS)
@click.pass_context
def command(  # noqa: PLR0913 - Click's arguments
    ctx: click.Context,
    /,
    action: str | None,
    name: str | None,
    words: tuple[str, ...],
    form: str,
    *,
    keep: bool,
    **chosen: Any,  # noqa: ANN401 - Click's arguments
) -> None:
    """Save, show or remove searches."""
    context = ctx.ensure_object(Context) if ctx.obj is None else ctx.obj
    archive = context.archive
    if action is not None and not name:
        message = tr("no search is named")
        raise BadReference(message, tr("As in: testimony watch add famine-18 hunger --camp 18"))
    _refuse_conflicts(ctx, action, form, keep=keep)
    if action == ADD:
        results = archive.answer(to_query(words, chosen)._replace(limit=None, shown_in=""))
        saved = archive.saved_searches.add(str(name), ctx.meta[_TYPED][_BEFORE:], results.hits)
        say(tr("saved: {command}", command=watch_report.command(saved)))
        say(tr("{passages} now; `testimony watch` tells what is new", passages=count_of(results.passages, "passage", "passages")))
        for line in describe_left_out(results):
            say(line)
    elif action == REMOVE:
        archive.saved_searches.remove(str(name))
        say(tr("removed"))
    elif action == SHOW:
        _show(ctx, archive, str(name), form, keep=keep)
    else:
        every = [_watched_search(ctx, archive, each) for each in archive.saved_searches.every()]
        if form == "json":
            write(watch_report.document(every), form)
        else:
            write(watch_report.listing(every, columns()), form)
    count_unreadable(context)


def _refuse_conflicts(ctx: click.Context, action: str | None, form: str, *, keep: bool) -> None:
    """Refuse what does not go together. :raises ConflictingOptions: something does not."""
    typed = ctx.meta[_TYPED]
    own = {"action", "name", "form", "keep"}
    asked = [
        each
        for each in ctx.params
        if each not in own and ctx.get_parameter_source(each) is click.core.ParameterSource.COMMANDLINE and ctx.params[each]
    ]
    if action == ADD:
        if typed[:_BEFORE] != (ADD, ctx.params["name"]):
            message = tr("the name of a search stands before its words and filters")
            raise ConflictingOptions(message, tr("As in: testimony watch add famine-18 hunger --camp 18"))
        if not asked:
            message = tr("a search without words and filters finds all there is")
            raise ConflictingOptions(message, tr("As in: testimony watch add famine-18 hunger --camp 18"))
    elif asked:
        message = tr("words and filters go with `watch add` alone")
        raise ConflictingOptions(message, tr("A saved search has its own: `testimony watch` prints them."))
    if keep and action != SHOW:
        raise ConflictingOptions(tr("--keep goes with `watch show` alone"), tr("Leave it out."))
    if (action in {ADD, REMOVE} and form != "text") or (action is None and form not in READING):
        message = tr("this prints no {form}", form=form)
        raise ConflictingOptions(message, tr("`testimony watch show NAME` prints every format."))


def _query(ctx: click.Context, arguments: tuple[str, ...]) -> Query:
    """Return what a saved search means today.

    :raises UsageFault: a filter is not known any more.
    :raises UsageError: an option is not.
    """
    with ctx.command.make_context(str(ctx.info_name), [ADD, "saved", *arguments], parent=ctx.parent) as again:
        return to_query(again.params["words"], again.params)


def _watched_search(ctx: click.Context, archive: Archive, saved: Any) -> watch_report.WatchedSearch:  # noqa: ANN401 - a search that is kept
    try:
        # Nothing of the passages is printed, so that no second answer in the reader's language is wanted.
        query = _query(ctx, saved.arguments)._replace(shown_in="")
        return watch_report.WatchedSearch(saved, archive.develop(saved.name, query))
    except UsageFault as error:
        return watch_report.WatchedSearch(saved, None, f"{error.message}. {error.remedy}")
    except click.UsageError as error:
        return watch_report.WatchedSearch(saved, None, error.format_message())


def _show(ctx: click.Context, archive: Archive, name: str, form: str, *, keep: bool) -> None:
    """Print what is new in an answer, and let it count as seen."""
    query = _query(ctx, archive.saved_searches.find(name).arguments)
    answer = archive.develop(name, query)
    developed = answer.developed
    say_left_out(developed, form)
    if form == "text":
        wide = columns()
        longest = hit_list.longest(wide, len(developed.hits))
        if developed.hits:
            write(hit_list.answer(archive.excerpts(developed, form, longest=longest), wide), form)
        else:
            write([watch_report.describe(answer)], form)
        write(watch_report.gone(answer, wide), form)
        archive.selection.keep_numbers(developed.hits)
    else:
        write(writer(form).answer(archive.excerpts(developed, form)), form)
        for line in watch_report.gone(answer, WIDEST):
            say(line)
    if not keep:
        archive.saved_searches.look(answer)
