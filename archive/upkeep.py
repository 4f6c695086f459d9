"""Keeping the index equal to the collection: folders, lock, authorities beside it, state.

Loaded only when an index is missing or stale, since it brings the reader with it.
"""

import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from archive import holdings, reader
from archive.authority import PARTS, Authorities
from archive.collection import Collection
from archive.engine import index, indexer
from archive.errors import DamagedIndex, Fault, IndexBusy
from archive.folder import Fingerprint
from archive.holdings import State
from archive.places import shelf
from archive.testimony import Clearance

_OWNER_ONLY: Final = 0o700
_SECONDS_TO_WAIT: Final = 60.0

Progress = Callable[[Iterable[str]], Iterable[str]]


class Report(NamedTuple):
    """What an update did: records in the index, codes put in or taken out, and every fault."""

    state: State
    changed: int
    rebuilt: bool
    faults: tuple[Fault, ...]


def refresh(root: Path, clearance: Clearance, *, rebuild: bool = False, progress: Progress = iter) -> Report:
    """Make the index equal to the collection.

    :raises OSError: the index cannot be written.
    :raises InvalidAuthorities: an authority file has faults; nothing was indexed.
    :raises IndexBusy: another process went on writing for a minute.
    """
    places = shelf(root, clearance)
    for folder in (places.passages.parent.parent, places.passages.parent, places.state.parent):
        folder.mkdir(mode=_OWNER_ONLY, exist_ok=True)
        folder.chmod(_OWNER_ONLY)
    with _locked(places.lock):
        seen = holdings.seen_authorities(root)
        held = reader.read_authorities(root)
        state = holdings.load(places.state)
        known = state.made_by == holdings.maker() and state.authorities == seen and places.authorities.exists()
        if known and not rebuild:
            try:
                return _updated(root, clearance, held, state, progress)
            except DamagedIndex:
                pass  # it is a cache: what cannot be opened is made anew
        return _rebuilt(root, clearance, held, seen, progress)


def _updated(root: Path, clearance: Clearance, held: Authorities, state: State, progress: Progress) -> Report:
    places = shelf(root, clearance)
    storage = index.folder_storage(places.passages)
    if index.generation(storage) != state.generation:
        message = "the index is not the one that the state tells of"
        raise DamagedIndex(message)
    collection = Collection(root, held, clearance, state.holdings)
    changes = collection.changes()
    generation = indexer.update(storage, collection, progress)
    after = collection.state(generation, state.authorities)
    if after != state:
        holdings.save(places.state, after)
    return Report(after, len(changes.anew) + len(changes.gone), rebuilt=False, faults=tuple(collection.faults))


def _rebuilt(root: Path, clearance: Clearance, held: Authorities, seen: Mapping[str, Fingerprint], progress: Progress) -> Report:
    """Build beside and put in place, so that a build that fails leaves no empty index behind."""
    places = shelf(root, clearance)
    beside, old = places.passages.with_name("passages.new"), places.passages.with_name("passages.old")
    for leftover in (beside, old):
        shutil.rmtree(leftover, ignore_errors=True)
    beside.mkdir(mode=_OWNER_ONLY)
    collection = Collection(root, held, clearance, {})
    try:
        generation = indexer.build(index.folder_storage(beside), collection, progress)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    places.state.unlink(missing_ok=True)
    if places.passages.exists():
        places.passages.rename(old)
    beside.rename(places.passages)
    shutil.rmtree(old, ignore_errors=True)
    _save_authorities(places.authorities, held)
    state = collection.state(generation, seen)
    holdings.save(places.state, state)
    return Report(state, len(collection.codes()), rebuilt=True, faults=tuple(collection.faults))


def in_memory(root: Path, clearance: Clearance) -> tuple[index.Storage, Authorities, Report]:
    """Make an index in memory, for a collection that cannot be written to."""
    seen = holdings.seen_authorities(root)
    held = reader.read_authorities(root)
    collection = Collection(root, held, clearance, {})
    storage = index.memory_storage()
    generation = indexer.build(storage, collection)
    state = collection.state(generation, seen)
    return storage, held, Report(state, len(collection.codes()), rebuilt=True, faults=tuple(collection.faults))


def _save_authorities(path: Path, held: Authorities) -> None:
    beside = path.with_name(f"{path.name}.new")
    # One line a part, so that a reader's command parses no more than it needs.
    lines = [json.dumps([part, held.data(part)], ensure_ascii=False, separators=(",", ":")) for part in PARTS]
    beside.write_text("\n".join(lines) + "\n", encoding="utf-8")
    beside.replace(path)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    lock = index.lock(path)
    if not index.acquired(lock, _SECONDS_TO_WAIT):
        message = "another process is writing the index"
        raise IndexBusy(message, "Wait until it is done, then try again.")
    try:
        yield
    finally:
        lock.release()
