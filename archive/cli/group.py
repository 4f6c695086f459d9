"""The program ``testimony``: its commands, loaded by name, and one place where errors end."""

import contextlib
import errno
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextvars import ContextVar
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import click

from archive import __version__, system
from archive.archive import ENGINES, WHOOSH, Archive
from archive.cli._context import GIVEN, Context, OutputLost, PipeClosed, terminal_columns
from archive.cli._language import HELP, localise, requested_language, translate_click
from archive.cli._options import MEANT, Option, UserPath, option
from archive.errors import ArchiveError, Defect, NoCollection, missing_part
from archive.formats.terminal import WIDEST, lay_out, visible
from archive.language.messages import speaking, tr
from archive.record.testimony import CLEARANCES, PUBLIC
from archive.text import call_program, join_list, near, program, regex

_TYPED: Final = regex(r"'([^']{1,40})'")
COMMANDS: Final[Mapping[str, str]] = {
    "search": "archive.cli.search",
    "list": "archive.cli.list",
    "show": "archive.cli.show",
    "witness": "archive.cli.witness",
    "excerpt": "archive.cli.excerpt",
    "cite": "archive.cli.cite",
    "basket": "archive.cli.basket",
    "verify": "archive.cli.verify",
    "camps": "archive.cli.camps",
    "topics": "archive.cli.topics",
    "compare": "archive.cli.compare",
    "picture": "archive.cli.picture",
    "dossier": "archive.cli.dossier",
    "template": "archive.cli.template",
    "facets": "archive.cli.facets",
    "stats": "archive.cli.stats",
    "log": "archive.cli.log",
    "watch": "archive.cli.watch",
    "forget": "archive.cli.forget",
    "web": "archive.cli.web",
    "assist": "archive.cli.assist",
    "init": "archive.cli.init",
    "new": "archive.cli.new",
    "import": "archive.cli.import_files",
    "align": "archive.cli.align",
    "note": "archive.cli.note",
    "edit": "archive.cli.edit",
    "set": "archive.cli.set",
    "rebind": "archive.cli.rebind",
    "claim": "archive.cli.claim",
    "relate": "archive.cli.relate",
    "open": "archive.cli.open",
    "close": "archive.cli.close",
    "withdraw": "archive.cli.withdraw",
    "redact": "archive.cli.redact",
    "check": "archive.cli.check",
    "index": "archive.cli.index",
    "doctor": "archive.cli.doctor",
    "manifest": "archive.cli.manifest",
    "bag": "archive.cli.bag",
    "export": "archive.cli.export",
    "publish": "archive.cli.publish",
    "backup": "archive.cli.backup",
    "schema": "archive.cli.schema",
    "authority": "archive.cli.authority",
    "seal": "archive.cli.seal",
    "unseal": "archive.cli.unseal",
    "reseal": "archive.cli.reseal",
}
"""Name → module, readers' commands first; a command is imported when it is called."""

SUMMARIES: Final[Mapping[str, str]] = {
    "search": "Find passages by words and by what they are about.",
    "list": "List the records, with who speaks, of where and when.",
    "show": "Read a record with its caveats beside the passages.",
    "witness": "One person's page: versions, what changed, what others say.",
    "excerpt": "Print passages with every caveat and the citation.",
    "cite": "Print the citation of a passage or a record.",
    "verify": "Say what has become of citations, also of all in a paper.",
    "camps": "Resolve a name; what is known of a facility, and who speaks of it.",
    "topics": "The topics of the thesaurus, their words, and what is on each.",
    "compare": "Set accounts beside each other: who agrees, by independent root.",
    "picture": "Draw a camp or the collection: timeline, map, coverage and more.",
    "dossier": "Write the answer to a search as a document.",
    "template": "The templates of dossiers, and what may stand in one.",
    "facets": "Count what the collection holds, by camp, decade, flag …",
    "stats": "The size of the collection, and who was where and when.",
    "log": "What was changed in the records, when, and by whom.",
    "watch": "Save searches, and see what is new in their answers.",
    "basket": "Put passages together, to cite them or to make a dossier of them.",
    "forget": "Delete what is kept of you: last answer, basket, saved searches.",
    "web": "Read the collection in a browser on this machine.",
    "assist": "Let an assistant search and cite the public records, over MCP.",
    "init": "Begin a collection of any subject.",
    "new": "Write the skeleton of a record.",
    "import": "Bring in documents, captions and tables, each as a closed record.",
    "align": "Make a version of a record in another language of a file.",
    "note": "Add a credibility note, bound to its words.",
    "edit": "Open a record in your editor; it is checked when you close it.",
    "set": "Set single fields of a record.",
    "rebind": "Bind notes anew whose words were corrected, one by one.",
    "claim": "Say what a paragraph tells of: where, when, how it is known.",
    "relate": "Say how a record stands to another one.",
    "open": "Let a record be read, with the consent for it.",
    "close": "Close a record to all readers.",
    "withdraw": "Take a record back for good.",
    "redact": "Withhold words or a name from the public.",
    "check": "Name every fault of every file.",
    "index": "Make the index equal to the collection.",
    "doctor": "Say what is not as it should be, and what to do about it.",
    "manifest": "Write and check the hashes of records and authorities.",
    "bag": "Export a BagIt bag.",
    "export": "Write the whole collection into one file, also to restore it.",
    "publish": "Write the public pages as files, with a search that needs no server.",
    "backup": "Seal a copy of the whole collection, and restore one.",
    "schema": "Print the JSON Schema of a record's header.",
    "authority": "Add camps, topics and works, or take them over from others.",
    "seal": "Encrypt a record for those who may open it.",
    "unseal": "Decrypt a sealed record.",
    "reseal": "Encrypt sealed records anew, for other recipients.",
}
"""One line a command, so that ``--help`` imports none of them."""

GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "Find": ("search", "list", "show", "witness", "camps", "topics", "facets", "stats", "log", "watch", "web", "assist"),
    "Weigh": ("compare", "picture"),
    "Cite": ("cite", "excerpt", "basket", "verify", "dossier", "template", "forget"),
    "Keep": (
        "init",
        "new",
        "import",
        "align",
        "note",
        "edit",
        "set",
        "rebind",
        "claim",
        "relate",
        "open",
        "close",
        "withdraw",
        "redact",
        "check",
        "index",
        "doctor",
        "schema",
        "authority",
        "seal",
        "unseal",
        "reseal",
    ),
    "Carry": ("manifest", "bag", "export", "backup", "publish"),
}
"""The headings of the help, each with its commands."""

KEEPERS: Final = frozenset((*GROUPS["Keep"], *GROUPS["Carry"]))
"""The commands that look at the files whatever their access. All others are
readers': `tests/test_non_interference.py` runs them with and without closed
matter, and what they print must be the same."""

_PIPE_CLOSED: Final = 0
_INTERRUPTED: Final = 130
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EIO, errno.EFBIG, errno.EDQUOT})


translate_click()  # which writes the help of the option of the version while it is made


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of `COMMANDS`."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[cmd_name]).command
        return localise(command)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command; of a word that is none say which are near.

        :raises UsageError: there is no such command.
        """
        name = str(args[0]) if args else ""
        ctx.meta[GIVEN] = tuple(args)
        if name not in COMMANDS and not ctx.resilient_parsing and not name.startswith("-"):
            meant = import_module(MEANT)
            close = meant.commands_meant(name, COMMANDS) or meant.group_options_meant(args, ctx, COMMANDS) or near(name, COMMANDS)
            if close:
                hint = tr("Did you mean {names}?", names=join_list(close))
            else:
                hint = tr('To search for it: {program} search "{name}".', program=_program_name(ctx), name=name)
            raise click.UsageError(tr("there is no command {name!r}. {hint}", name=name, hint=hint), ctx)
        found, command, rest = super().resolve_command(ctx, args)
        if command is not None and command.epilog and not {*HELP}.isdisjoint(rest):
            command.epilog = _here(ctx).as_here(command.epilog)  # of a copy, made by `get_command`
        return found, command, rest

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Give examples with codes of the collection here, and its name."""
        here = _here(ctx)
        with formatter.indentation():
            formatter.write_paragraph()
            formatter.write_text(here.as_here(str(self.epilog)))
            if here.known[1]:
                formatter.write_paragraph()
                formatter.write_text(tr("The collection here: {name}", name=visible(here.known[1])))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands by what they are for, without importing them."""
        del ctx
        for heading, names in GROUPS.items():
            with formatter.section(tr(heading)):
                formatter.write_dl([(name, tr(SUMMARIES[name])) for name in names])


def _here(ctx: click.Context) -> Context:
    """Return the collection that a command line names, also before it was read to its end."""
    if isinstance(ctx.obj, Context):
        return ctx.obj
    root = ctx.params.get("root")
    return Context(None if root is None else str(root), PUBLIC, is_shipped=bool(ctx.params.get("shipped")))


_OPENED: Final[ContextVar[Context | None]] = ContextVar("opened", default=None)
"""The collection of the command that runs, for what is said of it where all ends."""


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": HELP, "max_content_width": WIDEST},
    epilog="\b\nExamples:\n  testimony search coal mine --camp 18\n  testimony show NKT-0002",
)
@option(
    "--root",
    metavar="DIR",
    envvar="TESTIMONY_ROOT",
    type=UserPath(),
    is_eager=True,
    help="The collection; else the nearest folder above that holds testimonies/.",
)
@option("--shipped", is_flag=True, is_eager=True, help="The archive that comes with the program, read where it lies.")
@option(
    "--clearance",
    type=click.Choice(CLEARANCES),
    default=PUBLIC,
    show_default=True,
    help="How much you want to see of files that you can read already. It locks nothing: it keeps an "
    "answer free of what is not public. What must stay shut is sealed.",
)
@option(
    "--identity",
    metavar="FILE",
    envvar="TESTIMONY_IDENTITY",
    type=UserPath(),
    help="Opens sealed records, in memory, with --clearance restricted.",
)
@option(
    "--engine",
    type=click.Choice(ENGINES),
    default=WHOOSH,
    show_default=True,
    envvar="TESTIMONY_ENGINE",
    help="What answers: an index on this machine, or the cluster of OpenSearch in your settings (engines.toml).",
)
@option(
    "--audit",
    metavar="FILE",
    envvar="TESTIMONY_AUDIT",
    type=UserPath(),
    help="Write a line for this command into a log of your own, outside of the collection; `doctor` checks it.",
)
@click.version_option(__version__, "--version", prog_name="testimony", cls=Option)
@click.pass_context
def group(  # noqa: PLR0913 - an option each
    ctx: click.Context,
    root: Path | None,
    clearance: str,
    identity: Path | None,
    engine: str,
    *,
    audit: Path | None,
    shipped: bool,
) -> None:
    """Keep, find, weigh and cite accounts of survivors and witnesses.

    No excerpt leaves without the caveats in force at it and its citation.
    """
    named = ctx.get_parameter_source("root") is click.core.ParameterSource.COMMANDLINE
    if shipped and named:
        message = tr("--shipped and --root name two collections")
        raise click.UsageError(message, ctx)
    ctx.obj = Context(None if root is None else str(root), clearance, identity, engine, is_shipped=shipped)
    ctx.obj.is_identity_named = ctx.get_parameter_source("identity") is click.core.ParameterSource.COMMANDLINE
    _OPENED.set(ctx.obj)
    ctx.with_resource(call_program(_program_name(ctx)))
    if audit is not None and ctx.invoked_subcommand is not None:
        _log(ctx, audit)
    if ctx.invoked_subcommand is None:  # nothing was asked for: that is no error
        click.echo(ctx.get_help())


def _log(ctx: click.Context, audit: Path) -> None:
    """Write the line of a command into the log that the person named, before it runs; help that is asked for is no command."""
    arguments: tuple[str, ...] = ctx.meta[GIVEN]
    if not {*HELP}.isdisjoint(arguments):
        return
    ctx.obj.audit = audit
    try:
        root = ctx.obj.root
    except NoCollection:
        root = None
    Archive.log_command(audit, root, ctx.params["clearance"], tuple(_without_places(ctx, arguments)))


def _without_places(ctx: click.Context, given: Sequence[str]) -> Iterator[str]:
    """Yield a command and what was given with it, without where files lie that an option names: keys are among them."""
    command = group.get_command(ctx, given[0])
    options = {name for param in command.params if isinstance(param.type, UserPath) for name in param.opts} if command else ()
    is_place = False
    for each in given:
        option, joined, _ = each.partition("=")
        yield "…" if is_place else f"{option}=…" if joined and option in options else each
        is_place = not is_place and each in options


def _program_name(ctx: click.Context | None) -> str:
    """Return how the program was called, as far as its options were read, for the commands that are printed.

    Without --root and --identity: answers are handed on, and a path tells who keeps a collection, and where.
    """
    given = ctx.find_root().params if ctx else {}
    shipped = " --shipped" if given.get("shipped") else ""
    clearance = given.get("clearance", PUBLIC)
    return f"testimony{shipped}" + (f" --clearance {clearance}" if clearance != PUBLIC else "")


def main(arguments: list[str] | None = None) -> None:
    """Run the program; every error ends here, as one sentence and an exit code."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started the program: what is printed there is for nobody
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - as long as the program
    system.write_utf8((sys.stdout, sys.stderr))
    asked = sys.argv[1:] if arguments is None else arguments
    with speaking(requested_language(asked, os.environ)), lay_out(terminal_columns()):
        translate_click()
        code = _run(arguments)
    sys.exit(code)


def _run(arguments: list[str] | None) -> int:
    code = 0
    try:
        ended: Any = localise(group).main(arguments, prog_name="testimony", standalone_mode=False)
        sys.stdout.flush()
        code = ended if isinstance(ended, int) else 0
    except click.exceptions.Exit as stop:
        code = stop.exit_code
    except click.ClickException as error:
        with call_program(_program_name(getattr(error, "ctx", None))):  # which ended with what went wrong
            code = _describe_misuse(error)
    except OutputLost as error:
        code = _report(error)
        _let_go_of_output()
    except ArchiveError as error:
        code = _report(error)
    except (PipeClosed, BrokenPipeError):
        _let_go_of_output()
        code = _PIPE_CLOSED
    except (KeyboardInterrupt, click.Abort):
        click.echo(tr("Stopped."), err=True)
        code = _INTERRUPTED
    except OSError as error:
        # Only what Click prints by itself and the last of the output come here: all else is caught where it is done.
        code = _report(OutputLost(error) if error.errno in _NO_ROOM else _unforeseen(error))
        _let_go_of_output()
    except Exception as error:  # noqa: BLE001 - the last resort: a person never sees a traceback
        code = _report(_unforeseen(error))
    return code


def _let_go_of_output() -> None:
    """Lead what is still to be printed into nothing, so that the interpreter does not try it once more at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _describe_misuse(error: click.ClickException) -> int:
    """Describe how the program was meant to be used; a word to leave out is easily taken for an option."""
    ctx = getattr(error, "ctx", None)
    if ctx is not None:
        click.echo(visible(ctx.get_usage()), err=True)
    if isinstance(error, click.NoSuchOption):
        meant = import_module(MEANT).options_meant(error.option_name, ctx.command) if ctx is not None else []
        # Click keeps of what it is given only what is spelt alike, and says that its field is final.
        vars(error)["possibilities"] = meant or error.possibilities
    click.echo(tr("Error: {message}", message=visible(error.format_message())), err=True)
    if ctx is not None and isinstance(error, click.NoSuchOption) and any(param.name == "words" for param in ctx.command.params):
        remedy = tr(
            "To leave a word out, write {command} -- coal -gold, or put the words in quotes.",
            command=f"{program()} {ctx.info_name}",
        )
        click.echo(remedy, err=True)
    elif ctx is not None:
        for hint in (*_values_meant(error), *_words_meant(error, ctx)):
            click.echo(visible(hint), err=True)
        click.echo(tr("Try {command} --help.", command=ctx.command_path), err=True)
    return error.exit_code


def _values_meant(error: click.ClickException) -> Iterator[str]:
    """Yield what a value may mean that is none of those to choose from."""
    param = getattr(error, "param", None)
    if not isinstance(error, click.BadParameter) or param is None or not isinstance(param.type, click.Choice):
        return
    typed = next((each for each in _TYPED.findall(error.message)), "")
    meant = import_module(MEANT)
    if close := meant.values_meant(typed, map(str, param.type.choices)):
        yield tr("Did you mean {names}?", names=join_list(close))
    elif typed.casefold() in meant.DOSSIER:
        yield tr("Files of a word processor are written by {command}.", command=f"{program()} dossier --output answer.docx")


def _words_meant(error: click.ClickException, ctx: click.Context) -> Iterator[str]:
    """Yield what words may mean that a command does not take."""
    if type(error) is click.UsageError and ctx.parent is not None:
        yield from import_module(MEANT).words_meant(ctx, ctx.meta[GIVEN][1:], COMMANDS)


def _report(error: ArchiveError) -> int:
    opened = _OPENED.get()
    click.echo(tr("Error: {message}", message=visible(error.message)), err=True)
    if error.remedy:
        click.echo(visible(opened.as_here(error.remedy) if opened else error.remedy), err=True)
    return error.exit_code


def _unforeseen(error: Exception) -> ArchiveError:
    """Return a library that lies in pieces, or the program itself, from a fault of ours."""
    if isinstance(error, ImportError | AttributeError | SyntaxError | FileNotFoundError):
        with contextlib.suppress(ImportError):  # what looks may be gone with the rest
            if broken := Archive.broken_installation():
                return broken
    return missing_part(error) or _defect(error)


def _defect(error: Exception) -> Defect:
    place, here = "", error.__traceback__
    while here is not None:
        file = Path(here.tb_frame.f_code.co_filename)
        if "archive" in file.parts:
            place = tr(" in {name}:{line}", name=file.name, line=here.tb_lineno)
        here = here.tb_next
    # What an unforeseen error says may hold words of a record, so its name and place must do.
    return Defect(
        f"{type(error).__name__}{place}",
        tr("This is a fault of the program, not yours; nothing was changed. Please report this line."),
    )
