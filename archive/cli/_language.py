"""Which language the person wants, and the help of commands in it: Click's own words too."""

import copy
import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from typing import Final

import click

from archive.cli._options import Option
from archive.formats.terminal import pad, wrap
from archive.language.messages import ENGLISH, LANGUAGES, is_english, mark, tr, translate, translate_count
from archive.text import squash, width

OPTION: Final = "--lang"
VARIABLE: Final = "TESTIMONY_LANG"
HELP: Final = ("-h", "--help")
_LOCALE: Final = ("LC_ALL", "LC_MESSAGES", "LANG")
"""The variables in which a system keeps the language, the strongest first; the first one that is set decides."""
_OF_CLICK: Final = ("core", "decorators", "exceptions", "formatting", "parser", "termui", "types", "_termui_impl", "utils")
"""The modules in which Click writes messages, each of which names `gettext` for itself."""
_PARAMETER: Final = "lang"
_HELP_PARAMETER: Final = "_help"
_EXAMPLES: Final = mark("Examples:")
_USAGE: Final = mark("Usage:")
_NUMBER: Final = mark("INTEGER RANGE")
_OPTIONS, _COMMANDS = mark("[OPTIONS]"), mark("[COMMAND] [ARGS]...")
"""What Click writes for the values that have no name of ours."""


def requested_language(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """Return the language that the words of a command line ask for, else the environment, else English.

    A language that is not there is passed over here: Click refuses it where it reads the option.
    """
    asked = [*_requested_options(arguments), environment.get(VARIABLE, "")]
    setting = next((environment[name] for name in _LOCALE if environment.get(name)), "")
    spoken = setting.split(".")[0].split("@")[0].split("_")[0].lower()
    return next((each for each in (*asked, spoken) if each in LANGUAGES), ENGLISH)


def _requested_options(arguments: Sequence[str]) -> Iterable[str]:
    """Yield what stands behind ``--lang``, before or after the command, the last one first."""
    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    for at in reversed(range(len(options))):
        name, joined, value = options[at].partition("=")
        if name == OPTION:
            yield value if joined else "".join(options[at + 1 : at + 2])


def translate_click() -> None:
    """Give Click our catalogues: those of its modules that are loaded, and where the language is not English all.

    It asks `gettext` itself, which finds its catalogue by variables of the environment that programs we
    start would see too, and other threads; and which looks for files and loads `locale` for English too.
    """
    for name in (f"click.{each}" for each in _OF_CLICK):
        module = sys.modules.get(name) if is_english() else import_module(name)
        for function, ours in (("_", translate), ("ngettext", translate_count)):
            if hasattr(module, function):
                setattr(module, function, ours)


def localise(command: click.Command) -> click.Command:
    """Return a command with the option of the language, and its help in the language that holds.

    A copy: the command itself stays as it was written, for the next one who asks in another language.
    """
    copied = copy.copy(command)
    copied.params = list(command.params)
    if not any(param.name == _PARAMETER for param in command.params):
        copied.params.append(_option())
    click.help_option(*HELP, _HELP_PARAMETER, cls=Option)(copied)
    copied._help_option = copied.params.pop()  # type: ignore[assignment]  # noqa: SLF001 - where Click keeps the one that it makes
    if is_english():
        return copied
    copied.params = [_localised_parameter(param) for param in copied.params]
    copied.help = translate(fold_help(command.help)) if command.help else None
    copied.epilog = command.epilog.replace(_EXAMPLES, tr(_EXAMPLES), 1) if command.epilog else None
    copied.options_metavar = tr(_OPTIONS)
    if isinstance(copied, click.Group):
        copied.subcommand_metavar = tr(_COMMANDS)
    copied.context_class = _Context
    return copied


def _localised_parameter(parameter: click.Parameter) -> click.Parameter:
    copied = copy.copy(parameter)
    if isinstance(copied, click.Option) and copied.help:
        copied.help = translate(fold_help(copied.help))
    if copied.metavar:
        copied.metavar = translate(copied.metavar)
    elif isinstance(copied, click.Argument):
        name = translate(str(copied.name).upper())
        copied.metavar = f"{name if copied.required else f'[{name}]'}{'...' if copied.nargs != 1 else ''}"
    elif isinstance(copied.type, click.IntRange):
        copied.metavar = tr(_NUMBER)
    return copied


def fold_help(text: str) -> str:
    """Return a text of help as it stands in the catalogue: each paragraph on one line, however it is broken in the code."""
    return "\n\n".join(squash(each) for each in text.strip().split("\n\n"))


class _Formatter(click.HelpFormatter):
    """Lays help out by the cells that letters take: one of Hangul takes two."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the line of usage."""
        opened = f"{prefix or tr(_USAGE) + ' '}{prog} "
        self.write("\n".join([*wrap(args, self.width, opened, " " * width(opened)), ""]))

    def write_text(self, text: str) -> None:
        """Write paragraphs; one that begins with a backspace as its lines stand."""
        indent = " " * self.current_indent
        for place, paragraph in enumerate(text.split("\n\n")):
            as_it_stands = paragraph.startswith("\b\n")
            lines = paragraph.split("\n")[1:] if as_it_stands else wrap(paragraph, self.width - len(indent))
            self.write("\n" if place else "")
            self.write("".join(f"{indent}{line}\n" for line in lines))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write terms, and beside each what it means."""
        every = list(rows)
        first = min(max(width(term) for term, _ in every), col_max) + col_spacing
        indent, beside = " " * self.current_indent, " " * (self.current_indent + first)
        for term, meaning in every:
            line, *others = wrap(meaning, self.width - first - self.current_indent)
            if width(term) + col_spacing > first:
                self.write(f"{indent}{term}\n{beside}{line}\n")
            else:
                self.write(f"{indent}{pad(term, first)}{line}".rstrip() + "\n")
            self.write("".join(f"{beside}{other}\n" for other in others))


class _Context(click.Context):
    formatter_class = _Formatter


def _option() -> Option:
    return Option(
        [OPTION],
        type=click.Choice(tuple(LANGUAGES)),
        envvar=VARIABLE,
        expose_value=False,
        help=mark("The language of help, labels and messages; else that of your system."),
    )
