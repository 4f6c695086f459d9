"""Shared options. A callback turns the words of a person into an object, so a command holds no raw text."""

import errno
import os
import shlex
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from archive.cli._context import Context, say, say_if_open
from archive.errors import BadReference, ConflictingOptions, UsageFault
from archive.formats.registry import FILES, FOR_PEOPLE
from archive.language.messages import ENGLISH, mark, other_than_english, speak, tr
from archive.record.testimony import PUBLIC, Reference, reference
from archive.search.filters import ALONE, as_of, parse_filter, since
from archive.search.model import Filters, Query
from archive.text import join_list, regex

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from archive.archive import OutputFile

    _ParamType = click.ParamType[Path | str]
else:
    _ParamType = click.ParamType  # which says of what only in newer versions

# Loaded by name and only where a shell completes, or something was mistyped.
COMPLETION: Final = "click.shell_completion"
MEANT: Final = "archive.cli._meant"

_Command = TypeVar("_Command", bound=Callable[..., Any])

STDOUT: Final = "-"
"""What stands for standard output where a file is named; a file of that name is written ``./-``."""


class Option(click.Option):
    """An option whose help is taken as it is written: Click folds it, and loads nine modules for that."""

    def __init__(self, *arguments: Any, help: str | None = None, **attributes: Any) -> None:  # noqa: A002, ANN401 - Click's own
        """Take what Click takes."""
        super().__init__(*arguments, **attributes)
        self.help = help


option: Final = partial(click.option, cls=Option)


class UserPath(_ParamType):
    """A path that a person typed: one that a disk can have, and not of white space alone; ``-`` is standard output or refused.

    :param printed: give `STDOUT` for ``-``, where the command can print what it writes.
    """

    name = "path"

    def __init__(self, *, printed: bool = False) -> None:
        """Say whether ``-`` means standard output."""
        self._printed = printed

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path | str:  # noqa: ANN401 - Click's
        """Return the path, or `STDOUT`."""
        written = os.fspath(value)
        if written == STDOUT:
            if self._printed:
                return STDOUT
            message = tr("- stands for standard input or output, which have no place here; write ./- for a file of that name")
            self.fail(message, param, ctx)
        if not written.strip():
            self.fail(tr("it is empty, or nothing but white space"), param, ctx)
        try:
            os.lstat(written)
        except (OSError, ValueError) as error:
            # That nothing is there, or that it is in no folder, is told by whoever opens or writes it.
            code = getattr(error, "errno", errno.EINVAL)
            if code in {errno.ENAMETOOLONG, errno.EINVAL, errno.ELOOP}:
                reason = getattr(error, "strerror", None) or error
                self.fail(tr("no file can be named so: {error}", error=reason), param, ctx)
        return Path(written)


def _context_of(ctx: click.Context) -> Context:
    context = ctx.find_object(Context)
    return context if context is not None else Context(None, "public")


def _choice(name: str) -> Callable[[click.Context, click.Parameter, tuple[str, ...]], Any]:
    def read(ctx: click.Context, _: click.Parameter, values: tuple[str, ...]) -> Any:  # noqa: ANN401 - a field of `Filters`
        return parse_filter(name, values, lambda: _context_of(ctx).archive.authorities)

    return read


def _reference(ctx: click.Context, _: click.Parameter, value: str) -> Reference:
    references = resolve_references(ctx, (value,))
    if len(references) != 1:
        message = tr("{numbers} are several passages, and one is wanted here", numbers=value)
        raise BadReference(message, tr("Give one number."))
    return references[0]


def _references(ctx: click.Context, _: click.Parameter, values: tuple[str, ...]) -> tuple[Reference, ...]:
    return resolve_references(ctx, values)


_NUMBERS: Final = regex(r"([0-9]{1,6})(?:-([0-9]{1,6}))?")
_BY_NUMBER: Final = f"{__name__}.by_number"


def resolve_references(ctx: click.Context, values: Iterable[str]) -> tuple[Reference, ...]:
    """Return the references that a person typed: codes, or numbers of what was printed last, which are told by their codes.

    :raises BadReference: one of them is neither.
    :raises StaleSelection: the words beside a number have changed since, or are not open any more.
    """
    typed, references = tuple(values), list[Reference]()
    for place, value in enumerate(typed):
        numbers = _numbers(value)
        if numbers is None:
            references.append(_to_reference(ctx, typed, place))
            continue
        for each in _context_of(ctx).archive.selection.by_numbers(*numbers):
            say(
                tr("{number} is {reference}, as printed on {day}", number=each.kept.number, reference=each.now, day=each.kept.day)
            )
            references.append(each.now)
        ctx.meta[_BY_NUMBER] = True
    return tuple(references)


def references_as_printed(ctx: click.Context, values: Iterable[str]) -> tuple[Reference, ...]:
    """Return the references that a person typed, those beside numbers as they were printed, whatever has become of them.

    :raises BadReference: one of them is neither a code nor such a number.
    """
    references: list[Reference] = []
    for value in values:
        numbers = _numbers(value)
        references += [reference(value)] if numbers is None else _context_of(ctx).archive.selection.references_at(*numbers)
    return tuple(references)


def was_number() -> bool:
    """Return whether a passage was named by a number."""
    return bool(click.get_current_context().meta.get(_BY_NUMBER))


def _numbers(value: str) -> tuple[int, int] | None:
    """Return the first and the last number of ``3`` or ``1-4``; None where it is neither."""
    match = _NUMBERS.fullmatch(value.strip())
    if match is None:
        return None
    first, last = int(match[1]), int(match[2] or match[1])
    if first > last or not first:
        message = tr("{numbers} are no numbers of an answer", numbers=value.strip())
        raise BadReference(message, tr("Numbers count from 1, the smaller one first."))
    return first, last


def _complete_camps(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    authorities = _quietly(ctx, lambda context: context.archive.known_authorities())
    if authorities is None:
        return []
    spellings = {name for each in authorities.gazetteer for name in (each.id, *each.accepted())}
    return [name for name in sorted(spellings) if name.casefold().startswith(incomplete.casefold())]


def _complete_terms(name: str) -> Callable[[click.Context, click.Parameter, str], list["CompletionItem"]]:
    def complete(ctx: click.Context, _: click.Parameter, incomplete: str) -> list["CompletionItem"]:
        authorities = _quietly(ctx, lambda context: context.archive.known_authorities())
        terms = authorities.vocabulary.terms(name) if authorities else ()
        completion: Any = import_module(COMPLETION)
        return [completion.CompletionItem(term.id, help=term.named()) for term in terms if term.id.startswith(incomplete)]

    return complete


def complete_codes(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Complete the codes of the last index."""
    codes = _quietly(ctx, lambda context: context.archive.known_codes()) or []
    return [code for code in codes if code.startswith(incomplete.upper())]


def _quietly(ctx: click.Context, ask: Callable[[Context], Any]) -> Any:  # noqa: ANN401 - what is asked for
    """Ask without ever failing: a shell that completes must not print errors into the line."""
    root = ctx.find_root()
    context = (
        root.obj if isinstance(root.obj, Context) else Context(root.params.get("root"), root.params.get("clearance") or PUBLIC)
    )
    try:
        return ask(context)
    except (UsageFault, OSError, ValueError, KeyError):
        return None
    except Exception:  # noqa: BLE001 - as above: no completion is better than noise
        return None


def _many(name: str, metavar: str, text: str, complete: Any = None) -> Callable[[_Command], _Command]:  # noqa: ANN401 - Click's own type
    return option(
        f"--{name.replace('_', '-')}",
        name,
        multiple=True,
        metavar=metavar,
        help=text,
        callback=_choice(name),
        shell_complete=complete,
    )


FILTER_OPTIONS: Final = {
    "camp": _many("camp", "NAME", "About this facility: number, name, Hangul or id.", _complete_camps),
    "period": _many("period", "EDTF", "Told of this time, as 1996 or 1990/1995; overlapping, also by about.", None),
    "period_within": _many("period_within", "EDTF", "Told of a time that surely lies within this.", None),
    "flag": _many("flag", "FLAG", "With a caveat of this flag in force.", _complete_terms("flag")),
    "without_flag": _many("without_flag", "FLAG", "Without one.", _complete_terms("flag")),
    "topic": _many("topic", "TOPIC", "On this topic, or a narrower one.", _complete_terms("topic")),
    "without_topic": _many("without_topic", "TOPIC", "Not on it, nor on a narrower one.", _complete_terms("topic")),
    "kind": _many("kind", "KIND", "Of this kind: testimony, survey …", _complete_terms("kind")),
    "connection": _many("connection", "KIND", "By a victim, relative, official …", _complete_terms("connection")),
    "role": _many("role", "ROLE", "Told by or of a prisoner, guard …", _complete_terms("role")),
    "zone": _many("zone", "ZONE", "Of this zone of a camp.", _complete_terms("zone")),
    "basis": _many("basis", "BASIS", "Known first-hand, by hearsay …", _complete_terms("basis")),
    "status": _many("status", "STATUS", "With a claim of this status.", _complete_terms("status")),
    "reliability": _many("reliability", "A-F", "From a source of this grade.", _complete_terms("reliability")),
    "language": _many("language", "BCP47", "In this language.", None),
    "witness": _many("witness", "NAME", "By a witness of this name, in any of its published spellings.", None),
    "code": _many("code", "CODE", "From this record.", complete_codes),
    "recorded": _many("recorded", "EDTF", "Recorded or published in this time.", None),
}


_AS_OF: Final = option(
    "--as-of",
    "as_of",
    metavar="DAY",
    default="",
    callback=lambda _, __, value: as_of(value) if value else 0,
    help="What the public could know on that day; what was known only later says so.",
)


_SINCE: Final = option(
    "--since",
    "since",
    metavar="DAY",
    default="",
    callback=lambda _, __, value: since(value) if value else 0,
    help="Only what is new, was changed or has a new caveat in the archive since that day.",
)


_ALL_TOPICS: Final = option(
    "--all-topics", "all_topics", is_flag=True, help="All of several --topic; an option that is repeated means either."
)


def filters(command: _Command) -> _Command:
    """Add the filters; the command takes ``**chosen`` and hands it to `chosen_filters`."""
    for add in reversed((*FILTER_OPTIONS.values(), _ALL_TOPICS, _AS_OF, _SINCE)):
        command = add(command)
    return command


def chosen_filters(values: dict[str, Any]) -> Filters:
    """Gather the filters from a command's arguments."""
    given = {name: values[name] for name in FILTER_OPTIONS if name != "period_within"}
    period = (*given["period"], *values["period_within"])
    return Filters(**{**given, "period": period, **{name: values[name] for name in ALONE}})


_WORDS: Final = (
    click.argument("words", nargs=-1),
    option("--any", "any_of", is_flag=True, help="Any of the words, best first."),
    option("--words", "words_only", is_flag=True, help="The words alone, not what they mean: no topic widens them."),
    option("--plain", is_flag=True, help="Take the words as they are: nothing is syntax."),
    option("--exact", is_flag=True, help="The words as typed: case, accents and signs included."),
    option("--together", is_flag=True, help="The words may stand in different passages of one testimony."),
)


class Filtering(click.Command):
    """A command with filters, which notices a word that may be meant for the filter before it, as 15 in ``--camp 14 15``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; say of a word that may be a value that it was taken for a word, or how to give two values.

        :raises UsageError: the command takes no words.
        """
        behind = list(_behind(self, args))
        try:
            rest = super().parse_args(ctx, args)
        except click.UsageError as error:
            hint = " ".join(tr("For both write: {again}", again=each) for _, each in _again(ctx, behind))
            if type(error) is click.UsageError and hint:
                message = f"{error.format_message()}. {hint}"
                raise click.UsageError(message, ctx) from None
            raise
        for words, again in () if ctx.resilient_parsing else _again(ctx, behind):
            what = tr("was taken for a word") if len(words) == 1 else tr("were taken for words")
            say(tr("{words} {what} to look for; for both write: {again}", words=join_list(words, "and"), what=what, again=again))
        return rest

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the options by what they are for."""
        groups: dict[str, list[tuple[str, str]]] = {"Filters": [], "Words": [], "Options": []}
        for param in self.get_params(ctx):
            found = param.get_help_record(ctx) if isinstance(param, click.Option) else None
            if found:
                groups[_group_of(param)].append(found)
        for heading, rows in groups.items():
            if rows:
                with formatter.section(tr(_GROUPS[heading])):
                    formatter.write_dl(rows)


_GROUPS: Final = {"Filters": mark("Filters"), "Words": mark("Words"), "Options": mark("Options")}


def _group_of(param: click.Parameter) -> str:
    name = str(param.name)
    if name in FILTER_OPTIONS or name in ALONE:
        return "Filters"
    return "Words" if name in {"any_of", "words_only", "plain", "exact", "together"} else "Options"


def _behind(command: click.Command, args: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Yield what stands behind the value of a filter, with the filter and the value."""
    names = {
        opt: str(each.name)
        for each in command.params
        if isinstance(each, click.Option) and each.name in FILTER_OPTIONS
        for opt in each.opts
    }
    at = 0
    while at < len(args) and args[at] != "--":
        opt, joined, value = args[at].partition("=")
        at += 1
        if opt in names:
            if not joined:
                value = "".join(args[at : at + 1])
                at += 1
            while at < len(args) and not args[at].startswith("-"):
                yield names[opt], value, args[at]
                at += 1


def _again(ctx: click.Context, behind: Iterable[tuple[str, str, str]]) -> Iterator[tuple[list[str], str]]:
    """Yield words that stand behind the value of a filter and would be one themselves, and how to write them as such."""
    repeated: dict[tuple[str, str], list[str]] = {}
    for name, value, word in behind:
        try:
            parse_filter(name, (word,), lambda: _context_of(ctx).archive.authorities)
        except UsageFault:
            continue
        repeated.setdefault((name, value), []).append(word)
    for (name, value), words in repeated.items():
        opt = f"--{name.replace('_', '-')}"
        if name == "witness":
            # A name has several words; whether one of them is somebody's is asked of the records.
            whole = " ".join([value, *words])
            if _context_of(ctx).archive.answer(Query(filters=Filters(witness=(whole,)), limit=0)).passages:
                yield words, f"{opt} {shlex.quote(whole)}"
        else:
            yield words, " ".join(f"{opt} {shlex.quote(each)}" for each in (value, *words))


def query_options(command: _Command) -> _Command:
    """Add the words of a search, how they are meant, and the filters; `chosen_query` makes a query of them."""
    *ways, words = reversed(_WORDS)
    for add in ways:
        command = add(command)
    return words(filters(command))


def to_query(words: tuple[str, ...], values: dict[str, Any]) -> Query:
    """Make a query of a command's arguments, without its page and its order."""
    return Query(
        words=" ".join(words),
        filters=chosen_filters(values),
        **{name: values[name] for name in ("any_of", "plain", "exact", "together", "words_only")},
        shown_in=other_than_english(),
    )


def output(*formats: str) -> Callable[[_Command], _Command]:
    """Add ``--format`` with the formats that a command can write."""
    return option(
        "--format",
        "form",
        type=click.Choice(formats),
        default="text",
        show_default=True,
        help="How to print.",
        is_eager=True,
        callback=_in_its_language,
    )


def _in_its_language(_: click.Context, __: click.Parameter, value: str) -> str:
    """Speak English from here on where a program takes the answer: it is the same in all languages."""
    if value not in FOR_PEOPLE:
        speak(ENGLISH)
    return value


def as_indexed(command: _Command) -> _Command:
    """Add ``--as-indexed``, which is taken before any option that asks the collection for a name."""
    return option(
        "--as-indexed",
        is_flag=True,
        is_eager=True,
        callback=_as_indexed,
        help="Do not look at the folder of the records: answer as of when the index was made, and say so. With text and JSON.",
    )(command)


def _as_indexed(ctx: click.Context, _: click.Parameter, value: bool) -> bool:  # noqa: FBT001 - as Click calls it
    _context_of(ctx).as_indexed = value
    return value


def recipients(command: _Command) -> _Command:
    """Add the options that say who may open a sealed record."""
    options = (
        option("--recipient", "written", multiple=True, metavar="AGE1…", help="Who may open it; repeatable."),
        option(
            "--recipients-file",
            "files",
            multiple=True,
            metavar="FILE",
            type=UserPath(),
            help="A file of recipients, one a line.",
        ),
    )
    for add in reversed(options):
        command = add(command)
    return command


def _to_reference(ctx: click.Context, values: Sequence[str], place: int) -> Reference:
    """Return the reference of the code at a place. :raises BadReference: it is none; it is said what may be meant."""
    try:
        return reference(values[place])
    except BadReference as error:
        raise BadReference(error.message, import_module(MEANT).code_meant(ctx, values, place, error.remedy)) from None


def as_text(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """Pass on an argument that is text; one with bytes that are none comes from Python with halves of characters in it."""
    if value is not None and not value.isprintable() and any("\ud800" <= c <= "\udfff" for c in value):
        message = tr("an argument has bytes that are no text in UTF-8")
        raise ConflictingOptions(message, tr("Type it anew, in a terminal that is set to UTF-8."))
    return value


def _with_mark(ctx: click.Context, _: click.Parameter, value: bool) -> bool:  # noqa: FBT001 - a flag of Click
    if value and ctx.params.get("form") != "csv":
        message = tr("--bom goes with --format csv alone")
        raise ConflictingOptions(message, tr("Other formats are UTF-8 without a mark, as programs expect."))
    return value


bom = option(
    "--bom", is_flag=True, callback=_with_mark, help="Begin CSV with a byte-order mark, without which Excel misreads Hangul."
)
"""An option of commands that write CSV."""


def target(command: _Command) -> _Command:
    """Add ``--output`` and ``--force``, for a format that is a file; `output_file` checks them."""
    for add in (
        option("--force", is_flag=True, help="Write over a file that is there."),
        option("--output", "target", metavar="FILE", type=UserPath(), help="The file that --format xlsx is written to."),
    ):
        command = add(command)
    return command


def output_file(context: Context, form: str, chosen: dict[str, Any], what: str) -> "OutputFile | None":
    """Check the file that a format is written to, before anything is looked up; None for a format that is printed.

    :param what: what is written, as "a workbook".
    :raises ConflictingOptions: a file is named for a format that is printed, or none for one that is not.
    :raises CannotWrite: something is there.
    """
    if form not in FILES:
        if chosen["target"] is not None or chosen["force"]:
            message = tr("--output and --force go with --format xlsx alone")
            raise ConflictingOptions(message, tr("What is printed is kept with > FILE."))
        return None
    if chosen["target"] is None:
        message = tr("a workbook cannot be printed")
        raise ConflictingOptions(message, tr("Name a file: --format xlsx --output answer.xlsx"))
    return context.archive.output_file(chosen["target"], what, force=chosen["force"])


def write_file(context: Context, file: "OutputFile", content: bytes) -> None:
    """Write the file, and say so."""
    file.write(content)
    say(tr("wrote {target}", target=file.target))
    say_if_open(file.target, is_open=context.archive.is_open(file.target))


in_language = option(
    "--language", metavar="TAG", default="", help="A version of the record in another language: ko, ja; else its own words."
)
"""An option of commands that print passages of one record."""

one_reference = click.argument("wanted", metavar="CODE[#p3-5]", callback=_reference, shell_complete=complete_codes)
"""An argument: a code, with paragraphs where wanted."""

references = click.argument(
    "wanted", metavar="CODE[#p3-5]...", nargs=-1, required=True, callback=_references, shell_complete=complete_codes
)
"""An argument: one or more of them."""

maybe_references = click.argument(
    "wanted", metavar="[CODE[#p3-5]]...", nargs=-1, callback=_references, shell_complete=complete_codes
)
"""An argument: any number of them."""


basket = option("--basket", is_flag=True, help="The passages in the basket; see `testimony basket`.")
"""An option of commands that can take the basket."""


def chosen_passages(context: Context, *, is_alone: bool = True) -> tuple[Reference, ...]:
    """Return the passages of the basket; one whose words have moved is told.

    :param is_alone: whether nothing was named besides.
    :raises ConflictingOptions: something was named besides.
    :raises BadReference: the basket is empty.
    :raises StaleSelection: the words of one have changed since, or are not open any more.
    """
    if not is_alone:
        message = tr("--basket goes with no code, no words and no filter")
        raise ConflictingOptions(message, tr("Put passages in with `testimony basket add`."))
    references = []
    for each in context.archive.selection.choose():
        if each.has_moved:
            say(tr("{before} stands in {now} now, with the same words", before=each.kept.reference, now=each.now))
        references.append(each.now)
    return tuple(references)


def examples(*lines: str) -> str:
    """Write the examples at the end of a command's help, as they are typed."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)
