"""JSON lines: one hit a line, each with the number of the schema."""

import json
from collections.abc import Iterator

from archive.excerpt import Answer
from archive.formats import fields


def answer(answer: Answer) -> Iterator[str]:
    """Write a search."""
    for shown in answer.shown:
        yield json.dumps({"schema": fields.SCHEMA, **fields.hit(shown, answer.held)}, ensure_ascii=False)
