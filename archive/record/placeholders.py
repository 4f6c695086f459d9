"""What a new record has in the place of what nobody has written yet."""

from collections.abc import Iterator
from typing import Final

from archive.record.testimony import Testimony

ACCOUNT: Final = "Write the account here, one paragraph for each thing told."
SOURCE: Final = "Where the account comes from"

Place = tuple[str, ...]


def left(testimony: Testimony) -> Iterator[Place]:
    """Yield the places of a record, ``("body",)`` or in its header, that still have what a new record has there."""
    if ACCOUNT in testimony.body:
        yield ("body",)
    if testimony.source.csl.get("title") == SOURCE:
        yield ("source", "csl", "title")
