"""The protocol of an engine: whatever answers queries from an index."""

from collections.abc import Iterator
from typing import Protocol

from archive.record.testimony import Reference
from archive.search.model import Query, Record, RecordOutline, Results


class Engine(Protocol):
    """What the rooms above ask of an open index; behind it a second engine can stand beside the first."""

    @property
    def generation(self) -> str:
        """The commit that is open, the same for as long as its files are."""

    def search(self, query: Query) -> Results:
        """Answer a query. :raises UsageFault: its words cannot be read, or name what is not known."""

    def record(self, code: str) -> Record | None:
        """Return a record, or None where there is none of that code."""

    def places(self, sha256: str, language: str = "") -> tuple[Reference, ...]:
        """Return where the words with a hash stand, in archive order; 16 digits of it are enough."""

    def codes(self) -> Iterator[str]:
        """Yield every code in archive order."""

    def outlines(self) -> Iterator[RecordOutline]:
        """Yield every record without its words, in no order."""

    def close(self) -> None:
        """Let go of the files."""
