"""What the edition asks of a collection: the public side of `archive.archive.Archive`, as far as pages are made of it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from archive.authority.authorities import Authorities
from archive.citing.excerpt import RecordOutput, SearchOutput
from archive.collection.history import PastWords
from archive.record.testimony import Clearance, Reference
from archive.search.model import Coverage, Record


class EditionSource(Protocol):
    """A collection, seen through a clearance."""

    clearance: Clearance

    @property
    def agreed(self) -> Authorities:
        """What the archive has agreed on."""

    @property
    def authorities(self) -> Authorities:
        """The same, as it was when the index was made."""

    @property
    def coverage(self) -> Coverage:
        """How many records are here, of how many."""

    def codes(self) -> Sequence[str]:
        """Return every code in archive order."""

    def withdrawn(self) -> frozenset[str]:
        """Return the codes of records that were withdrawn after they had been public."""

    def records(self) -> Iterable[Record]:
        """Return every record in archive order."""

    def show(self, wanted: Reference | str, form: str = "json", *, around: int = 0, language: str = "") -> RecordOutput:
        """Return a record with its caveats beside the passages."""

    def excerpt(self, wanted: Reference | str, form: str = "json", *, language: str = "") -> RecordOutput:
        """Return passages with every caveat in force at them."""

    def parallel(self, wanted: Reference | str, form: str = "json", *, around: int = 0, language: str = "") -> RecordOutput:
        """Return passages with those of a version beside them."""

    def cite(self, *wanted: Reference | str, form: str = "json", language: str = "") -> Sequence[Any]:
        """Return the citations of references."""

    def versions(self, code: str) -> Sequence[Any]:
        """Return all versions of an account."""

    def witness(self, name: str) -> Any:  # noqa: ANN401 - `People`
        """Return the page of a person."""

    def list(self) -> Any:  # noqa: ANN401 - a `RecordList`
        """Return the list of all records."""

    def camps(self) -> SearchOutput:
        """Return the whole collection as its facets count it."""

    def camp(self, name: str) -> Any:  # noqa: ANN401 - a `FacilityPage`
        """Return what is stated of a facility."""

    def conflicts(self, name: str = "") -> Sequence[Mapping[str, Any]]:
        """Return the contradictions that the archive keeps."""

    def filters(self, *, camp: Iterable[str] = (), topic: Iterable[str] = ()) -> Any:  # noqa: ANN401 - `Filters`
        """Return filters by what they are called."""

    def compare(self, filters: Any = None, /, form: str = "json") -> Any:  # noqa: ANN401 - `ComparisonOutput`
        """Return the accounts of a camp or a topic beside each other."""

    def picture(self, kind: str, camp: str = "") -> Any:  # noqa: ANN401 - a `Picture`
        """Return a picture of a facility, or of the whole collection."""

    def past_words(self, code: str) -> Sequence[PastWords]:
        """Return the hashes of words that stood in a record once and stand there no more."""

    def stats(self) -> Any:  # noqa: ANN401 - an `Overview`
        """Return the size of the collection."""
