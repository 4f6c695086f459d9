"""Shared options. A callback turns the words of a person into an object, so a command holds no raw text."""

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click
from click.shell_completion import CompletionItem

from archive.cli.desk import Desk
from archive.errors import BadDate, UsageFault
from archive.gazetteer import FacilityId
from archive.retrieval import Filters, Span
from archive.testimony import Reference, reference
from archive.text import squash

if TYPE_CHECKING:
    from archive import dates

# Loaded by name and only where a date is given; the test of the house counts it.
DATES: Final = "archive.dates"

_Command = TypeVar("_Command", bound=Callable[..., Any])


def _desk(ctx: click.Context) -> Desk:
    found = ctx.find_object(Desk)
    return found if found is not None else Desk(None, "public")


def _camps(ctx: click.Context, _: click.Parameter, values: tuple[str, ...]) -> tuple[FacilityId, ...]:
    return tuple(_desk(ctx).room.authorities.gazetteer.resolve(value) for value in values)


def _terms(name: str) -> Callable[[click.Context, click.Parameter, tuple[str, ...]], tuple[str, ...]]:
    def check(ctx: click.Context, _: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
        vocabulary = _desk(ctx).room.authorities.vocabulary if values else None
        return tuple(vocabulary.term(name, value).id for value in values) if vocabulary else ()

    return check


def _grades(ctx: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    return _terms("reliability")(ctx, parameter, tuple(value.upper() for value in values))


def _periods(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[Span, ...]:
    return tuple(_span(value) for value in values)


def _span(value: str) -> Span:
    room: Any = import_module(DATES)
    try:
        found: dates.Bounds | None = room.bounds(value.strip())
    except room.InvalidDate as error:
        message = f"{squash(value)[:60]!r} {error.message}"
        raise BadDate(message, "Write 1996, 1990/1995, 199X, ../1982 or 1996~.") from error
    if found is None:
        message = f"{value!r} is no period"
        raise BadDate(message, "Undated passages are counted by `testimony facets`.")
    return Span(found.earliest, found.latest)


def _reference(_: click.Context, __: click.Parameter, value: str) -> Reference:
    return reference(value)


def _references(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[Reference, ...]:
    return tuple(map(reference, values))


def _complete_camps(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    held = _quietly(ctx, lambda desk: desk.room.known_authorities())
    if held is None:
        return []
    known = {name for each in held.gazetteer for name in (each.id, *each.accepted())}
    return [CompletionItem(name) for name in sorted(known) if name.casefold().startswith(incomplete.casefold())]


def _complete_terms(name: str) -> Callable[[click.Context, click.Parameter, str], list[CompletionItem]]:
    def complete(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
        held = _quietly(ctx, lambda desk: desk.room.known_authorities())
        terms = held.vocabulary.terms(name) if held else ()
        return [CompletionItem(term.id, help=term.named()) for term in terms if term.id.startswith(incomplete)]

    return complete


def complete_codes(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete the codes of the last index."""
    codes = _quietly(ctx, lambda desk: desk.room.known_codes()) or []
    return [CompletionItem(code) for code in codes if code.startswith(incomplete.upper())]


def _quietly(ctx: click.Context, ask: Callable[[Desk], Any]) -> Any:  # noqa: ANN401 - what is asked for
    """Ask without ever failing: a shell that completes must not print errors into the line."""
    root = ctx.find_root()
    desk = root.obj if isinstance(root.obj, Desk) else Desk(root.params.get("root"), "public")
    try:
        return ask(desk)
    except (UsageFault, OSError, ValueError, KeyError):
        return None
    except Exception:  # noqa: BLE001 - as above: no completion is better than noise
        return None


def _many(name: str, metavar: str, text: str, callback: Any, complete: Any) -> Callable[[_Command], _Command]:  # noqa: ANN401 - Click's own types
    return click.option(name, multiple=True, metavar=metavar, help=text, callback=callback, shell_complete=complete)


_FILTERS: Final = (
    _many("--camp", "NAME", "About this facility: number, name, Hangul or id.", _camps, _complete_camps),
    _many("--period", "EDTF", "Told of this time, as 1996 or 1990/1995; overlapping.", _periods, None),
    _many("--flag", "FLAG", "With a caveat of this flag in force.", _terms("flag"), _complete_terms("flag")),
    _many("--without-flag", "FLAG", "Without one.", _terms("flag"), _complete_terms("flag")),
    _many("--topic", "TOPIC", "On this topic.", _terms("topic"), _complete_terms("topic")),
    _many("--kind", "KIND", "Of this kind: testimony, survey …", _terms("kind"), _complete_terms("kind")),
    _many("--role", "ROLE", "Told by or of a prisoner, guard …", _terms("role"), _complete_terms("role")),
    _many("--zone", "ZONE", "Of this zone of a camp.", _terms("zone"), _complete_terms("zone")),
    _many("--basis", "BASIS", "Known first-hand, by hearsay …", _terms("basis"), _complete_terms("basis")),
    _many("--status", "STATUS", "With a claim of this status.", _terms("status"), _complete_terms("status")),
    _many("--reliability", "A-F", "From a source of this grade.", _grades, _complete_terms("reliability")),
)

_NAMES: Final = ("camp", "period", "flag", "without_flag", "topic", "kind", "role", "zone", "basis", "status", "reliability")


def filters(command: _Command) -> _Command:
    """Add the filters; the command takes ``**chosen`` and hands it to `chosen_filters`."""
    for option in reversed(_FILTERS):
        command = option(command)
    return command


def chosen_filters(chosen: dict[str, Any]) -> Filters:
    """Gather the filters from a command's arguments."""
    return Filters(**{name: chosen[name] for name in _NAMES})


def output(*formats: str) -> Callable[[_Command], _Command]:
    """Add ``--format`` with the formats that a command can write."""
    return click.option("--format", "form", type=click.Choice(formats), default="text", show_default=True, help="How to print.")


one_reference = click.argument("wanted", metavar="CODE[#p3-5]", callback=_reference, shell_complete=complete_codes)
"""An argument: a code, with paragraphs where wanted."""

references = click.argument(
    "wanted", metavar="CODE[#p3-5]...", nargs=-1, required=True, callback=_references, shell_complete=complete_codes
)
"""An argument: one or more of them."""


def examples(*lines: str) -> str:
    """Write the examples at the end of a command's help, as they are typed."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)
