"""What lies in the folder of a collection, for readers whose index lies elsewhere: what was seen of each file, and no word.

It is kept beside the states of the indexes of this machine, and brought up to date by reading what has changed alone. By it
a reader of a cluster knows what has been closed here since the cluster's index was made.
"""

import contextlib
import time
from collections.abc import Callable
from pathlib import Path

from archive.authority.authorities import Authorities
from archive.collection.collection import Collection
from archive.collection.last_read import LastRead
from archive.errors import StillChanging
from archive.indexing import _authority_cache as authority_cache
from archive.indexing import _folders as folders
from archive.language.messages import tr
from archive.record.testimony import Clearance, Testimony
from archive.storage import atomic, freshness, index_state
from archive.storage.index_state import Head, State
from archive.storage.paths import index_paths

Indexed = Callable[[str], Testimony | None]
_TIMES_TO_LOOK = 5


def head(root: Path, clearance: Clearance, indexed: Indexed = lambda _: None) -> Head:
    """Return the head of the state of a folder, by one walk of it where nothing has changed.

    :param indexed: as `look` takes it.
    :raises InvalidAuthorities: an authority file has faults.
    :raises StillChanging: a record goes on being changed while it is read.
    """
    return freshness.fresh(_path(root, clearance), root) or look(root, clearance, indexed)[1].head()


def whole(root: Path, clearance: Clearance) -> State:
    """Return the state of a folder with what was seen of each file.

    :raises InvalidAuthorities: as `head`.
    :raises StillChanging: as `head`.
    """
    path = _path(root, clearance)
    seen = freshness.fresh(path, root)
    state = index_state.load(path)
    return state if seen is not None and state.head() == seen else look(root, clearance)[1]


def look(
    root: Path, clearance: Clearance, indexed: Indexed = lambda _: None, *, deep: bool = False
) -> tuple[Collection, State, Authorities]:
    """Look at a folder, reading what has changed since the last look; keep what was seen, where it can be kept.

    :param deep: read every record, whatever its size and times say.
    :param indexed: gives a record as the index of the cluster holds it, where its file cannot be read at present.
    :raises InvalidAuthorities: as `head`.
    :raises StillChanging: as `head`.
    """
    for _ in range(_TIMES_TO_LOOK - 1):
        with contextlib.suppress(StillChanging):
            return _look(root, clearance, indexed, deep=deep)
    return _look(root, clearance, indexed, deep=deep)


def _look(root: Path, clearance: Clearance, indexed: Indexed, *, deep: bool) -> tuple[Collection, State, Authorities]:
    places = index_paths(root, clearance)
    may_keep = True
    try:
        folders.prepare(places.base.parent, places.state.parent)
    except OSError:
        may_keep = False
    seen = index_state.authorities(root)
    authorities = authority_cache.authorities(root, places.compiled, seen)
    before = index_state.load(_path(root, clearance))
    hashes = {name: record.sha256 for name, record in before.authorities.items()}
    is_usable = before.made_by == index_state.maker() and hashes == {name: record.sha256 for name, record in seen.items()}
    is_usable = is_usable and not deep
    # What may have been saved again without its times showing it is read again.
    doubted = set(index_state.unsettled_paths(before.file_states, before.moment))
    known = {path: state for path, state in before.file_states.items() if path not in doubted} if is_usable else {}
    last = LastRead(root, authorities, clearance, before, indexed)
    clock = (lambda: atomic.clock(places.state.parent)) if may_keep else time.time_ns
    collection = Collection(root, authorities, clearance, known, before=last, clock=clock)
    if index_state.authorities(root) != seen:
        message = tr("an authority file was changed while the collection was read")
        raise StillChanging(message, tr("Try again when it is saved."))
    state = collection.state("", seen)._replace(files={})
    if may_keep:
        with contextlib.suppress(OSError):
            index_state.save(_path(root, clearance), state)
    return collection, state, authorities


def _path(root: Path, clearance: Clearance) -> Path:
    return index_paths(root, clearance).state.with_suffix(".folder")
