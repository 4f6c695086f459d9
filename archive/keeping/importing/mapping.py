"""The mapping of a table: reading one, and writing one to begin with."""

import json
from pathlib import Path
from typing import Any, Final

from archive.documents.reading import refusal
from archive.keeping.importing import _tables
from archive.language.messages import tr
from archive.reader import yaml_nodes
from archive.storage import atomic

MOST_BYTES: Final = 1_000_000
_TABLES: Final = 50_000_000


def read_mapping(file: Path) -> Any:  # noqa: ANN401 - as it is written
    """Return what a file of YAML says.

    :raises UnreadableDocument: it cannot be read, or is no YAML.
    """
    try:
        content = atomic.read_regular(file, MOST_BYTES)
        node, faults = yaml_nodes.load(content.decode("utf-8"), file.name)
    except OSError as error:
        raise refusal(file.name, tr("it cannot be read: {reason}", reason=error.strerror or error)) from error
    except UnicodeDecodeError as error:
        raise refusal(file.name, tr("it is no text")) from error
    if node is None or faults:
        raise refusal(file.name, "; ".join(map(str, faults)) or tr("it is empty"))
    return node.plain()


def columns_of(file: Path, *, hidden: bool) -> tuple[list[tuple[str, tuple[str, ...]]], str]:
    """Return the columns of a table with different shapes of their values, and a mapping to begin with.

    :raises UnreadableDocument: it is no table, or damaged.
    """
    try:
        content = atomic.read_regular(file, _TABLES + 1)
    except OSError as error:
        raise refusal(file.name, tr("it cannot be read: {reason}", reason=error.strerror or error)) from error
    table = _tables.table_of(content, file.name, hidden=hidden)
    found = list(_tables.shapes(table))
    longest = max(
        table.columns, key=lambda column: sum(len(cells[table.columns.index(column)]) for _, cells in table.rows), default=""
    )
    lines = ["rows: records", f"key: {json.dumps(table.columns[0] if table.columns else '', ensure_ascii=False)}"]
    lines += ["columns:", f"  body: [{json.dumps(longest, ensure_ascii=False)}]"]
    lines += [f"  # FIELD: {json.dumps(column, ensure_ascii=False)}" for column in table.columns if column != longest]
    lines += ["fixed: {kind: testimony, rendering: verbatim}"]
    return found, "\n".join(lines) + "\n"
