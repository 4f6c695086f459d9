"""The collection that the room shows: one state of it for each page, and opened anew where it was changed."""

from collections.abc import Callable
from threading import Lock
from typing import TypeVar

from archive.archive import Archive
from archive.errors import IndexBusy, StillChanging

_T = TypeVar("_T")


class SharedArchive:
    """Asks one collection, one question after the other.

    :param opened: opens the collection, always with the same clearance.
    """

    def __init__(self, opened: Callable[[], Archive]) -> None:
        """Open nothing before something is asked."""
        self._opened = opened
        self._archive: Archive | None = None
        self._lock = Lock()

    def ask(self, question: Callable[[Archive], _T]) -> _T:
        """Return the answer of the collection as it is now; all of it comes from one state.

        :raises ArchiveError: as the question does.
        """
        with self._lock:
            try:
                return question(self._current())
            except (IndexBusy, StillChanging):
                # Another program changed it in the middle: what was half read is dropped, and read once more.
                self._close()
                return question(self._current())

    def close(self) -> None:
        """Let go of the collection."""
        with self._lock:
            self._close()

    def _current(self) -> Archive:
        if self._archive is not None and not self._archive.is_current():
            self._close()
        if self._archive is None:
            self._archive = self._opened()
        return self._archive

    def _close(self) -> None:
        if self._archive is not None:
            self._archive.close()
            self._archive = None
