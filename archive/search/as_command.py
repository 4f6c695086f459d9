"""A question as a command, to be typed again."""

import shlex
from typing import Any

from archive.search.model import Filters, Query, Span, day
from archive.text import program


def option(name: str) -> str:
    """Return the option of the command line that stands for a filter."""
    return f"--{name.replace('_', '-')}"


def command(query: Query) -> str:
    """Write a query as a command that can be pasted into a shell of the POSIX kind."""
    options: list[str] = []
    for name in Filters._fields:
        values: Any = getattr(query.filters, name)
        if name in {"as_of", "since"}:
            options += [option(name), day(values)] if values else []
            continue
        if name == "all_topics":
            options += [option(name)] if values else []
            continue
        for value in values:
            is_within = isinstance(value, Span) and value.within
            options += [
                option("period_within" if is_within else name),
                f"{day(value.first)}/{day(value.last)}" if isinstance(value, Span) else value,
            ]
    for name, flag in (
        ("any_of", "--any"),
        ("words_only", "--words"),
        ("plain", "--plain"),
        ("exact", "--exact"),
        ("together", "--together"),
    ):
        options += [flag] if getattr(query, name) else []
    words = [query.words] if query.words else []
    return " ".join([program(), "search", *map(shlex.quote, [*words, *options])])
