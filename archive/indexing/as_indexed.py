"""An index that is open to be read as it was made last: the folder of the records is not looked at, and nothing is written.

For scripts that ask a large collection many times. What was changed, closed or withdrawn since the index was made still
reads as it did then, and caveats that came since are not there; so every answer says as of when it is (`IndexSession.as_of`).
"""

import time
from functools import cached_property
from typing import TYPE_CHECKING

from archive.errors import ArchiveError, DamagedIndex, IndexBusy
from archive.indexing.session import IndexSession
from archive.language.messages import tr
from archive.storage import index_state, manifest
from archive.storage.paths import IndexPaths, index_paths

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archive.search.engine import Engine
    from archive.storage.index_state import Head
    from archive.storage.manifest import FileRecord

_TIMES_TO_OPEN = 20


class AsIndexedSession(IndexSession):
    """The index of a collection for a clearance, as it was made last.

    :raises DamagedIndex: from all that asks it, where there is none, or it is not as it was written.
    """

    @cached_property
    def _places(self) -> IndexPaths:
        return index_paths(self.root, self.clearance)

    @property
    def as_of(self) -> str:
        """As of when answers are: the moment before the collection was read for the index, in UTC."""
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.head.moment // 1_000_000_000))

    def is_current(self) -> bool:
        """Return whether the index that is open is the one that was made last."""
        return "opened" not in self.__dict__ or index_state.load_head(self._places.state) == self.head

    def _fresh(self, unreadable: "Mapping[str, FileRecord] | None" = None) -> "tuple[Engine, Head]":
        """Open the index as it lies there.

        :param unreadable: the files of an index that could not be read, of which no other is made here.
        """
        self._memory = None
        for _ in range(_TIMES_TO_OPEN):
            state = index_state.load_head(self._places.state)
            if state is None or not state.files or state.made_by != index_state.maker():
                raise self._missing()
            if state.files == unreadable:
                raise _damage(self._damage)
            wrong = manifest.damage(self._places.base, state.files, deep=self._places.writing.exists())
            engine = None if wrong else self._open(state)
            if engine:
                return engine, state
            if index_state.load_head(self._places.state) == state:
                raise self._missing() if self._places.writing.exists() else _damage(next(iter(wrong), self._damage))
        message = tr("the index is replaced again and again")
        raise IndexBusy(message, tr("Try again."))

    def _missing(self) -> ArchiveError:
        """Return the error for an index that is not there, or was made by another version; or that is being made."""
        if self._places.writing.exists():
            message = tr("the index is being made, or its making was cut off")
            return IndexBusy(message, tr("Wait until it is done; `testimony index` makes it."))
        message = tr("there is no index that this version of the program made")
        return DamagedIndex(message, tr("`testimony index` makes it; without --as-indexed a search makes it by itself."))


def _damage(why: str) -> DamagedIndex:
    return DamagedIndex(
        tr("the index is not as it was written: {why}", why=why or tr("a file of it cannot be read")),
        tr("`testimony index` mends it; without --as-indexed a search mends it by itself."),
    )
