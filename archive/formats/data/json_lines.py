"""JSON lines: one hit a line, each with the number of the schema."""

from collections.abc import Iterator

from archive.citing.excerpt import SearchOutput
from archive.formats import fields, json_sink


def answer(answer: SearchOutput) -> Iterator[str]:
    """Write a search."""
    for shown in answer.shown:
        yield json_sink.write({"schema": fields.SCHEMA, **fields.hit(shown, answer.authorities)})
