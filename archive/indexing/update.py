"""Keeping the index equal to the collection: folders, lock, authorities beside it, state.

Loaded only when an index is missing or stale, since it brings the reader with it.
The order of the writing is what makes it safe: index files and the copy of the
authorities first, synced; then the state, which names each of them with its
hash. Whatever is cut off before that leaves files that the state does not
know, and the next update takes them away.
"""

import contextlib
import gc
import os
import shutil
import time
from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeVar

from archive import system
from archive.authority.authorities import Authorities
from archive.collection.collection import Collection, ReadFiles
from archive.collection.last_read import LastRead
from archive.engine.whoosh import indexer
from archive.engine.whoosh.file_storage import IndexFolder, IndexInMemory
from archive.engine.whoosh.indexer import Progress
from archive.engine.whoosh.searcher import WhooshEngine
from archive.engine.whoosh.segment.index_reader import FolderFiles, generation
from archive.errors import ArchiveError, DamagedIndex, Fault, IndexBusy, StillChanging
from archive.indexing import _authority_cache as authority_cache
from archive.indexing import _folders as folders
from archive.language.messages import tr
from archive.named_tuple import NamedTuple
from archive.reader import read as reader
from archive.record.testimony import CLEARANCES, Clearance, Testimony
from archive.search.labels import plain_data
from archive.storage import atomic, index_state, manifest, record_files
from archive.storage import lock as locking
from archive.storage.cleanup import clear, tidy
from archive.storage.index_state import FileState, State
from archive.storage.manifest import FileRecord
from archive.storage.paths import IndexPaths, index_paths
from archive.storage.record_files import Fingerprint

HANDS: Final = "archive.engine.whoosh.worker_pool"
"""Loaded by name, and only where an index is made anew: processes that read side by side take long to load."""
_OWNER_ONLY: Final = 0o700
_SECONDS_TO_WAIT: Final = 60.0
_TIMES_TO_LOOK: Final = 5
_OBJECTS: Final = 1_000_000
"""New objects after which garbage is looked for while an index is updated."""
_NEVER: Final = Fingerprint(-1, -1, -1, -1)

_T = TypeVar("_T")


class UpdateReport(NamedTuple):
    """What an update did: records in the index, codes put in or taken out, every fault, and damage that was found."""

    state: State
    changed: int
    rebuilt: bool
    faults: tuple[Fault, ...]
    damage: tuple[str, ...] = ()


class UpdateOptions(NamedTuple):
    """How much is to be done.

    :param rebuild: make the index from nothing.
    :param deep: hash every record and every index file, whatever their times say.
    :param unreadable: the files of an index that could not be read, though
        nothing seemed wrong: it is made anew unless another one is there by now.
    """

    rebuild: bool = False
    deep: bool = False
    unreadable: Mapping[str, FileRecord] | None = None


def refresh(root: Path, clearance: Clearance, wanted: UpdateOptions, progress: Progress = iter) -> UpdateReport:
    """Make the index equal to the collection.

    :raises OSError: the index cannot be written.
    :raises InvalidAuthorities: an authority file has faults; nothing was indexed.
    :raises IndexBusy: another process went on writing for a minute.
    :raises StillChanging: a record went on being changed while it was read.
    """
    places = index_paths(root, clearance)
    folders.prepare(places.base.parent, places.base, places.state.parent)
    with _lock(root, places.lock):
        return _patiently(lambda: _IndexUpdate(root, clearance, wanted, progress).run())


def _patiently(read: Callable[[], _T]) -> _T:
    """Start over where a record was saved while the collection was read; somebody is at work on it."""
    for _ in range(_TIMES_TO_LOOK - 1):
        with contextlib.suppress(StillChanging):
            return read()
    return read()


def in_memory(
    root: Path, clearance: Clearance, opened: Mapping[str, bytes] = MappingProxyType({})
) -> tuple[IndexInMemory, Authorities, UpdateReport]:
    """Make an index in memory, for a collection that cannot be written to, or with sealed records.

    :param opened: what sealed files hold, by path. No byte of it is ever written to a disk.
    """
    return _patiently(lambda: _in_memory(root, clearance, opened))


def _in_memory(root: Path, clearance: Clearance, opened: Mapping[str, bytes]) -> tuple[IndexInMemory, Authorities, UpdateReport]:
    seen = index_state.authorities(root)
    authorities = reader.read_authorities(root)
    before = index_state.load(index_paths(root, clearance).state)
    last = LastRead(root, authorities, clearance, before, _Indexed(root, clearance, before))
    collection = Collection(root, authorities, clearance, {}, opened, before=last)
    files = IndexInMemory()
    made = indexer.build(files, collection)
    state = collection.state(made, seen)
    codes = collection.codes()
    report = UpdateReport(state, len(codes), rebuilt=True, faults=collection.faults_told())
    return files, authorities.for_readers_of(codes), report


class _Indexed:
    """The records of the index that is there, for those whose files cannot be read; one that cannot be read has none."""

    def __init__(self, root: Path, clearance: Clearance, state: State) -> None:
        self._places = index_paths(root, clearance)
        self._state = state

    def __call__(self, code: str) -> Testimony | None:
        if self._state.made_by != index_state.maker():
            return None
        with contextlib.suppress(Exception):  # whatever a damaged file makes the engine stumble over; history is asked next
            engine = WhooshEngine(FolderFiles(self._places.passages), lambda: Authorities.from_data({}))
            try:
                found = engine.record(code) if engine.generation == self._state.generation else None
            finally:
                engine.close()
            if found:
                return found.testimony._replace(body="\n\n".join(passage.text for passage in found.passages))
        return None


def last_indexed(root: Path, code: str) -> Testimony | None:
    """Return a record as the index of any clearance holds it, however old that is; None where none does."""
    indexes = (_Indexed(root, clearance, index_state.load(index_paths(root, clearance).state)) for clearance in CLEARANCES)
    return next(filter(None, (index(code) for index in indexes)), None)


class _IndexUpdate:
    """One update, under the lock."""

    def __init__(self, root: Path, clearance: Clearance, wanted: UpdateOptions, progress: Progress) -> None:
        self.root = root
        self.clearance = clearance
        self.wanted = wanted
        self.progress = progress
        self.places: IndexPaths = index_paths(root, clearance)
        self.seen = index_state.authorities(root)
        self.authorities = authority_cache.authorities(root, self.places.compiled, self.seen, anew=wanted.deep or wanted.rebuild)
        self.damage: tuple[str, ...] = ()

    def run(self) -> UpdateReport:
        """Update what can be updated, else rebuild."""
        with _leaving_garbage():
            state = index_state.load(self.places.state)
            if self._is_usable(state):
                try:
                    return self._update(state)
                except (OSError, IndexBusy, StillChanging):
                    tidy(self.places, state.files)
                    raise
                except Exception as error:  # noqa: BLE001 - whatever a damaged file makes the engine stumble over
                    told = error.message if isinstance(error, ArchiveError) else type(error).__name__
                    self.damage = (tr("the index cannot be updated: {told}", told=told),)
        return self._rebuild()

    def _is_usable(self, state: State) -> bool:
        """Return whether the index is sound and of these authorities; it is a cache: else it is made anew."""
        if self.wanted.rebuild or state.made_by != index_state.maker() or _hashes(state.authorities) != _hashes(self.seen):
            return False
        deep = self.wanted.deep or self.places.writing.exists()
        self.damage = manifest.damage(self.places.base, state.files, deep=deep)
        if self.wanted.unreadable is not None and self.wanted.unreadable == state.files:
            self.damage = (tr("the index cannot be read"),)
        return not self.damage

    def _update(self, state: State) -> UpdateReport:
        tidy(self.places, state.files)
        files = IndexFolder(self.places.passages)
        if generation(files) != state.generation:
            message = tr("the index is not the one that the state tells of")
            raise DamagedIndex(message)
        # Where the clock has been set back since, what is younger than now may have its times a second time.
        known = state.file_states
        doubted = set(index_state.unsettled_paths(known, min(state.moment, self._clock())))
        collection = self._collection(_without_times(known, known.keys() if self.wanted.deep else doubted), state)
        changes = collection.changes()
        if changes.anew or changes.gone:
            self._begin()
        made = indexer.update(files, collection, self.progress)
        after = collection.state(made, self.seen)
        settled = len(doubted) - len(set(index_state.unsettled_paths(after.file_states, after.moment)))
        if after._replace(files=state.files, moment=state.moment) == state and settled <= 0:
            self._end()
            return UpdateReport(state, 0, rebuilt=False, faults=collection.faults_told())
        if not collection.has_the_same_codes():  # else the copy is what it was
            self._put_authorities(collection)
        after = self._commit(after, state.files)
        return UpdateReport(after, len(changes.anew) + len(changes.gone), rebuilt=False, faults=collection.faults_told())

    def _collection(self, known: Mapping[str, FileState], before: State, looking: ReadFiles | None = None) -> Collection:
        """Look at the collection, and take away what cut-off writes of records left in it.

        :param before: of the index that is there, in which a record that cannot be read at present may be found.
        :raises StillChanging: an authority file is another one by now.
        """
        last = LastRead(self.root, self.authorities, self.clearance, before, _Indexed(self.root, self.clearance, before))
        collection = Collection(
            self.root, self.authorities, self.clearance, known, looking=looking, clock=self._clock, before=last
        )
        if index_state.authorities(self.root) != self.seen:
            # Looked at again after the moment of the walk, from which on a change of them will show.
            message = tr("an authority file was changed while the collection was read")
            raise StillChanging(message, tr("Try again when it is saved."))
        for path in collection.survey.leftovers:
            atomic.sweep(self.root / path)
        return collection

    def _clock(self) -> int:
        return atomic.clock(self.places.state.parent)

    def _rebuild(self) -> UpdateReport:
        """Build beside and put in place, so that a build that fails leaves no empty index behind."""
        before = index_state.load(self.places.state)
        tidy(self.places, {})
        self._begin()
        beside = self.places.passages.with_name(f"passages.{os.getpid()}-{os.urandom(4).hex()}.new")
        beside.mkdir(mode=_OWNER_ONLY)
        hands: Any = import_module(HANDS)
        try:
            with hands.worker_pool(beside) as crew:
                collection = self._collection({}, before, hands.looking(crew, indexer.add))
                made = indexer.build(IndexFolder(beside), collection, self.progress, crew)
            self.places.state.unlink(missing_ok=True)
            if os.path.lexists(self.places.passages):
                system.replace(self.places.passages, beside.with_suffix(".old"))
            system.replace(beside, self.places.passages)
        except BaseException as error:
            if not beside.exists() and isinstance(error, Exception):
                raise FileNotFoundError(2, tr("its folder was taken away while it was written")) from error
            shutil.rmtree(beside, ignore_errors=True)
            raise
        self._put_authorities(collection)
        state = self._commit(collection.state(made, self.seen), {})
        return UpdateReport(state, len(collection.codes()), rebuilt=True, faults=collection.faults_told(), damage=self.damage)

    def _put_authorities(self, collection: Collection) -> None:
        """Write the copy of the authorities, without the codes of records that these readers may not know of."""
        told = self.authorities.for_readers_of(collection.codes())
        atomic.put(self.places.authorities, told.as_copy(told.labels(plain_data)), mode=0o600)

    def _begin(self) -> None:
        """Leave a mark, so that after a crash every file is hashed before it is believed."""
        clear(self.places.writing, self.places.state, self.places.authorities, self.places.compiled)
        atomic.put(self.places.writing, b"", mode=0o600)

    def _commit(self, state: State, before: Mapping[str, FileRecord]) -> State:
        """Bring the new index to the disk, then the state that makes it count."""
        names = [*manifest.files_in(self.places.base, "passages"), manifest.AUTHORITIES]
        state = state._replace(files=manifest.take(self.places.base, before, names))
        tidy(self.places, state.files)
        system.sync_folder(self.places.passages)
        system.sync_folder(self.places.base)
        index_state.save(self.places.state, state)
        self._end()
        return state

    def _end(self) -> None:
        with contextlib.suppress(OSError):  # left behind it costs a hash, no more
            self.places.writing.unlink(missing_ok=True)


@contextmanager
def _leaving_garbage() -> Iterator[None]:
    """Look for garbage rarely for a while: what is known of each file is some objects, of which none is any."""
    before = gc.get_threshold()
    gc.set_threshold(_OBJECTS)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _without_times(known: Mapping[str, FileState], paths: Container[str]) -> dict[str, FileState]:
    """Forget the times of these records, so that their hashes alone say whether they are as they were."""
    return {path: file_state._replace(fingerprint=_NEVER) if path in paths else file_state for path, file_state in known.items()}


def _hashes(kept: Mapping[str, FileRecord]) -> dict[str, str]:
    return {name: each.sha256 for name, each in kept.items()}


@contextmanager
def _lock(root: Path, file: Path) -> Iterator[None]:
    """Hold the one writer's lock.

    It lies on the folder of the records itself, so that there is no lock file
    that somebody could delete; where a system or a disk cannot lock a folder,
    on a file beside the state.
    """
    lock: locking.IndexLock = locking.FolderLock(root / record_files.FOLDER)
    try:
        is_locked = locking.acquire_within(lock, _SECONDS_TO_WAIT)
    except OSError:
        if file.exists() and not file.is_file():
            raise PermissionError(13, tr("{file} is no regular file", file=file)) from None
        lock = locking.LockFile(file)
        try:
            is_locked = locking.acquire_within(lock, _SECONDS_TO_WAIT)
        except OSError:  # this disk locks nothing
            with locking.hold_sign(file.with_suffix(".writer"), time.monotonic() + _SECONDS_TO_WAIT, make=True):
                yield
            return
    if not is_locked:
        message = tr("another process is writing the index")
        raise IndexBusy(message, tr("Wait until it is done, then try again."))
    try:
        yield
    finally:
        lock.release()
