"""A question as a command, to be typed again."""

import shlex
from typing import Any

from archive.search.model import Filters, Query, Span, day
from archive.text import program


def option(name: str) -> str:
    """Return the option of the command line that stands for a filter."""
    return f"--{name.replace('_', '-')}"


def command(query: Query, *further: str, name: str = "search") -> str:
    """Write a query as a command that can be pasted into a shell of the POSIX kind: all but its page.

    :param further: options to add.
    :param name: of the command; one that takes no words takes a query without words.
    """
    options: list[str] = []
    for filter_name in Filters._fields:
        values: Any = getattr(query.filters, filter_name)
        if filter_name in {"as_of", "since"}:
            options += [option(filter_name), day(values)] if values else []
            continue
        if filter_name == "all_topics":
            options += [option(filter_name)] if values else []
            continue
        for value in values:
            is_within = isinstance(value, Span) and value.within
            options += [
                option("period_within" if is_within else filter_name),
                f"{day(value.first)}/{day(value.last)}" if isinstance(value, Span) else value,
            ]
    for field, flag in (
        ("any_of", "--any"),
        ("words_only", "--words"),
        ("plain", "--plain"),
        ("exact", "--exact"),
        ("together", "--together"),
    ):
        options += [flag] if getattr(query, field) else []
    options += ["--sort", query.sort] if query.sort != Query().sort else []
    options += further
    words = [query.words] if query.words else []
    # Words that begin with a hyphen would be taken for an option.
    arguments = [*options, "--", *words] if query.words.startswith("-") else [*words, *options]
    return " ".join([program(), name, *map(shlex.quote, arguments)])
