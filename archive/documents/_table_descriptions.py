"""What each table of a document is said to be: read aloud to who does not see it (the "alternative text" of a table)."""

import re
from collections.abc import Sequence
from html import escape
from typing import Any

from archive.documents._pandoc_words import nodes, words
from archive.named_tuple import NamedTuple


class TableDescription(NamedTuple):
    """What a table is said to be to who hears it: the heading that it stands under, and the names of its columns."""

    title: str
    columns: str


def descriptions(document: dict[str, Any]) -> list[TableDescription]:
    """Return what every table of pandoc's document is, in their order: a table has no caption, it stands under a heading."""
    heading, found = "", []
    for block in nodes(document["blocks"]):
        if block["t"] == "Header":
            heading = words(block["c"][2])
        elif block["t"] == "Table":
            (_, rows) = block["c"][3]
            columns = [words(cell[4]) for _, cells in rows for cell in cells]
            found.append(TableDescription(heading, " · ".join(filter(None, columns))))
    return found


def describe(content: bytes, place: bytes, tables: Sequence[TableDescription], told: str, *, after: bool) -> bytes:
    """Put the description of each table at its place, before what marks it or after.

    :param place: an expression that is met once in every table.
    """
    each = iter(tables)

    def with_description(found: re.Match[bytes]) -> bytes:
        table = next(each)
        words = told.format(title=escape(table.title), columns=escape(table.columns)).encode()
        return found[0] + words if after else words + found[0]

    return re.sub(place, with_description, content) if tables else content
