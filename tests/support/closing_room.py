"""Stands for the server of the reading room where a test runs every command: it opens the collection, and closes at once."""

from collections.abc import Callable
from typing import Any

from archive.archive import Archive

ADDRESS = "http://127.0.0.1:1/?token=made-up"


def serve(opened: Callable[[], Archive], _: str, __: int, say: Callable[[str], None], **___: Any) -> None:
    """Open the collection as the server does, and say an address that is the same each time."""
    with opened() as archive:
        assert archive.coverage
    say(ADDRESS)
