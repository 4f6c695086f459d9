"""An index that is open to be read: made fresh before it is opened, and made anew where it turns out damaged.

It finds out by one walk of the folder whether the index is fresh; only where
it is not does it load the rooms that read records and write indexes.
"""

from collections.abc import Callable, Mapping
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

from archive.authority.authorities import Authorities
from archive.engine.whoosh.searcher import WhooshEngine
from archive.engine.whoosh.segment.index_reader import FolderFiles
from archive.errors import ArchiveError, DamagedIndex, Defect, EmptyCollection, IndexBusy
from archive.language.messages import tr
from archive.record.testimony import CLEARANCES, PUBLIC, Clearance
from archive.search.model import Coverage
from archive.storage import atomic, freshness, index_state, manifest, record_files
from archive.storage.index_state import Head, State
from archive.storage.manifest import FileRecord
from archive.storage.paths import index_paths
from archive.text import count_of

if TYPE_CHECKING:
    from archive.engine.whoosh.indexer import Progress
    from archive.indexing.update import UpdateReport
    from archive.search.engine import Engine

_T = TypeVar("_T")

Say = Callable[[str], None]
"""Takes a message for the person at the keyboard, never for standard output."""

# Loaded by name, and only when they are needed; the test of the house counts them as imports of this module.
UPDATE = "archive.indexing.update"
ENCRYPTION = "archive.storage.encryption"

_TIMES_TO_OPEN = 20


class IndexSession:
    """The index of a collection for a clearance, opened when it is first asked.

    :param say: is told when an index is built, refreshed, or kept in memory.
    :param progress: wraps the codes that are being indexed.
    :param identity: the file that opens sealed records, for a clearance above public.
    """

    def __init__(self, root: Path, clearance: Clearance, say: Say, progress: "Progress", identity: Path | None) -> None:
        """Remember where; nothing is opened before it is asked for."""
        self.root = root
        self.clearance = clearance
        self.identity = identity
        self._say = say
        self._progress = progress
        self._authorities: Authorities | None = None
        self._memory: State | None = None
        self._coverage: tuple[Head, Coverage] | None = None
        self._has_answered = False
        self._damage = ""
        self._made: Mapping[str, FileRecord] | None = None

    def close(self) -> None:
        """Let go of the index, where one was opened."""
        if "opened" in self.__dict__:
            self.opened[0].close()
            del self.__dict__["opened"]
            self.__dict__.pop("pointing", None)

    def run(self, ask: "Callable[[Engine], _T]") -> _T:
        """Ask the engine; an index that turns out damaged is made anew, and asked again.

        Only what the index files do is damage: any other error of a query is
        the program's own, and passes on. An index that another process replaced
        is opened again too, but never in the middle: what was answered before
        must not mix with what comes.

        :raises Defect: an index that was just made, and whose files are whole, cannot be read.
        """
        for _ in range(_TIMES_TO_OPEN):
            engine, state = self.opened
            try:
                answer = ask(engine)
            except Exception as error:
                self._damage = self._describe_damage(error, state)
                if not self._damage:
                    raise
                self.close()
                self.__dict__["opened"] = reopened = self._fresh(unreadable=state.files)
                if self._has_answered and reopened[1].answers != state.answers:
                    message = tr("another command changed the index while this one read from it")
                    raise IndexBusy(message, tr("Run it again.")) from None
            else:
                self._has_answered = True
                return answer
        return ask(self.opened[0])

    def _describe_damage(self, error: Exception, state: Head) -> str:
        """Describe what is wrong with the index files where an error may come of them, "" where it does not.

        :raises Defect: they were made a moment ago, are whole, and cannot be read all the same.
        """
        if isinstance(error, DamagedIndex):
            self._refuse_what_was_just_made(error.message, state)
            return error.message
        if isinstance(error, ArchiveError) or not state.files:
            return ""
        return next(iter(manifest.damage(index_paths(self.root, self.clearance).base, state.files, deep=True)), "")

    def _refuse_what_was_just_made(self, why: str, state: Head) -> None:
        """Make no index a second time for the same reason: what is whole and just made is as good as it gets.

        :raises Defect: the index is of that kind.
        """
        if not state.files or (state.files == self._made and self._is_whole(state)):
            message = tr("{why}, though it was made a moment ago and its files are whole", why=why)
            raise Defect(message, tr("This is a fault of the program, not yours; nothing was changed. Please report this line."))

    def _is_whole(self, state: Head) -> bool:
        """Return whether index and state are, to the last byte, what was written, and nobody has written since."""
        places = index_paths(self.root, self.clearance)
        return not manifest.damage(places.base, state.files, deep=True) and index_state.load(places.state).head() == state

    @cached_property
    def opened(self) -> "tuple[Engine, Head]":
        """Open a fresh index, making it fresh first where it is not."""
        engine, state = self._fresh()
        if state.readable + state.unreadable == 0 and not (state.withdrawn or state.unread):
            # The same words whether the folder is empty or holds what this reader may not see.
            engine.close()
            message = tr("there is no testimony to read in {root}", root=self.root / record_files.FOLDER)
            drafts = tr("Write a record with `testimony new`; those that wait to be opened are in `testimony list --drafts`.")
            raise EmptyCollection(message, drafts)
        return engine, state

    def _fresh(self, unreadable: Mapping[str, FileRecord] | None = None) -> "tuple[Engine, Head]":
        """Open a fresh index, as often as it takes while others write it.

        :param unreadable: the files of an index that could not be read.
        """
        self._memory = None
        unsealed = self._index_sealed()
        if unsealed:
            return unsealed
        for _ in range(_TIMES_TO_OPEN):
            state = self.read_state()
            if state is None or state.files == unreadable:
                try:
                    state = self._refresh(unreadable)
                except OSError as error:
                    return self._in_memory(error)
            self._damage = ""
            engine = self._open(state)
            if engine:
                return engine, state
            if self._damage:
                self._refuse_what_was_just_made(self._damage, state)
            unreadable = state.files
        message = tr("the index cannot be opened: it is replaced again and again, or cannot be kept whole on this disk")
        raise DamagedIndex(message, tr("Try again; `testimony index --rebuild` makes it anew."))

    def read_state(self) -> Head | None:
        """Return the head of the state of an index that is fresh and undamaged, by stats and small hashes.

        None where it is not.
        """
        places = index_paths(self.root, self.clearance)
        state = freshness.fresh(places.state, self.root)
        if state is None or not state.files:
            return None
        return None if manifest.damage(places.base, state.files, deep=places.writing.exists()) else state

    def _index_sealed(self) -> "tuple[Engine, Head] | None":
        """Index the collection with its sealed records in memory alone; None where none of them opens."""
        sealed = record_files.survey(self.root).sealed if self.identity and self.clearance != PUBLIC else {}
        files: dict[str, bytes] = import_module(ENCRYPTION).open_records(self.root, self.identity) if sealed else {}
        records = files.keys() & sealed.keys()
        shut = len(sealed) - len(records)
        if shut:
            self._say(
                tr(
                    "{count} shut: the identity does not open them",
                    count=count_of(shut, "sealed record stays", "sealed records stay"),
                )
            )
        if not records:
            return None
        self._refresh_more_open()
        self._say(
            tr(
                "{count} opened; everything is indexed in memory alone",
                count=count_of(len(records), "sealed record", "sealed records"),
            )
        )
        return self._index_in_memory(files)

    def is_current(self) -> bool:
        """Return whether the index that is open is still of the collection; where none is open, nothing is out of date."""
        if "opened" not in self.__dict__:
            return True
        if self._memory is not None:
            return freshness.is_fresh(self._memory, record_files.survey(self.root), self.root)
        return self.read_state() == self.head

    def _open(self, state: Head) -> "Engine | None":
        """Open the index that a state tells of, with its authorities; None where it is another one, or damaged."""
        places = index_paths(self.root, self.clearance)
        try:
            authorities = Authorities.from_copy(atomic.read_regular(places.authorities))
            engine = WhooshEngine(FolderFiles(places.passages), self._authorities_in_use)
        except DamagedIndex as damage:
            self._damage = damage.message
            return None
        except OSError:
            return None
        # Looked at again after the opening: what was opened is what was checked, since no writer puts an old file back.
        if engine.generation != state.generation or not manifest.is_untouched(places.base, state.files):
            engine.close()
            return None
        self._authorities = authorities
        return engine

    def _refresh(self, unreadable: Mapping[str, FileRecord] | None) -> Head:
        update = import_module(UPDATE)
        wanted = update.UpdateOptions(unreadable=unreadable)
        report: UpdateReport = update.refresh(self.root, self.clearance, wanted, self._progress)
        self._refresh_more_open()
        if report.rebuilt:
            self._made = report.state.files
        if report.damage:
            self._say(tr("{damage}; making the index anew", damage=self._damage or report.damage[0]))
        self._damage = ""
        if report.rebuilt or report.changed:
            # Said only where this reader's own index changed: a closed file that changes is no news here.
            made = tr("made the index") if report.rebuilt else tr("refreshed the index")
            self._say(f"{made}: {count_of(report.state.readable, 'testimony', 'testimonies')}")
        return report.state.head()

    def _refresh_more_open(self) -> None:
        """Make the indexes of readers who may see less fresh too: what was withdrawn must not stay in them."""
        for other in CLEARANCES[: CLEARANCES.index(self.clearance)]:
            places = index_paths(self.root, other)
            try:
                if places.base.exists() and freshness.fresh(places.state, self.root) is None:
                    update = import_module(UPDATE)
                    update.refresh(self.root, other, update.UpdateOptions())
            except (ArchiveError, OSError) as error:
                reason = error.message if isinstance(error, ArchiveError) else error.strerror or type(error).__name__
                self._say(
                    tr(
                        "the {other} index may hold words that are gone, and cannot be refreshed ({told})",
                        other=other,
                        told=reason,
                    )
                )

    def _in_memory(self, error: OSError) -> "tuple[Engine, Head]":
        reason = error.strerror or type(error).__name__
        self._say(tr("the index cannot be written ({reason}); searching in an index in memory", reason=reason))
        return self._index_in_memory({})

    def _index_in_memory(self, unsealed: Mapping[str, bytes]) -> "tuple[Engine, Head]":
        files, self._authorities, report = import_module(UPDATE).in_memory(self.root, self.clearance, unsealed)
        self._memory = report.state
        return WhooshEngine(files, self._authorities_in_use), report.state.head()

    @property
    def authorities(self) -> Authorities:
        """What the archive has agreed on, as it was when the index was made."""
        self.opened  # noqa: B018 - opening makes the copy beside the index fresh
        return self._authorities_in_use()

    def _authorities_in_use(self) -> Authorities:
        if self._authorities is None:  # asked for before the index is open, or in memory
            self.opened  # noqa: B018 - as above
        return cast("Authorities", self._authorities)

    @property
    def as_of(self) -> str:
        """As of when answers are, where the folder of the records is not looked at; "" where it is."""
        return ""

    @property
    def head(self) -> Head:
        """The head of the state of the index that is open."""
        return self.opened[1]

    @property
    def coverage(self) -> Coverage:
        """How many records an answer is looked for in, of how many that this reader could hope for."""
        state = self.head
        if self._coverage is None or self._coverage[0] is not state:
            readable = state.readable
            self._coverage = state, Coverage(readable, readable + state.unreadable, len(state.unreadable_versions))
        return self._coverage[1]

    @cached_property
    def pointing(self) -> Mapping[str, tuple[str, ...]]:
        """The codes of records that may name a record, by its code, of those that this reader may read."""
        naming: dict[str, tuple[str, ...]] = {}
        for path, file_state in self.run(lambda _: self._state()).file_states.items():
            for named in file_state.points if file_state.readable else ():
                naming[named] = (*naming.get(named, ()), record_files.code_of(path))
        return naming

    def _state(self) -> State:
        """Return all that is known of each file: a part of the state that no search reads.

        :raises DamagedIndex: it is not as it was written, or of another index by now.
        """
        state = self._memory or index_state.load(index_paths(self.root, self.clearance).state)
        if state.head().answers != self.opened[1].answers:
            message = tr("the index is damaged: its state is not the one that was opened")
            raise DamagedIndex(message, tr("`testimony index --rebuild` makes it anew."))
        return state

    def update(self, *, rebuild: bool = False, deep: bool = False) -> "UpdateReport":
        """Make the index equal to the collection, and report.

        The indexes of other clearances too, where there are any, so that no words stay that are gone.

        :param deep: hash every record and every index file, whatever their sizes and times say.
        :raises OSError: it cannot be written.
        """
        update = import_module(UPDATE)
        wanted = update.UpdateOptions(rebuild=rebuild, deep=deep)
        for other in CLEARANCES:
            if other != self.clearance and index_paths(self.root, other).base.exists():
                update.refresh(self.root, other, wanted)
        report: UpdateReport = update.refresh(self.root, self.clearance, wanted, self._progress)
        return report

    def known_authorities(self) -> Authorities | None:
        """Return the authorities of the last index without making anything; None where there is none.

        For completion in a shell, which must be quick and never writes.
        """
        copy = index_paths(self.root, self.clearance).authorities
        return Authorities.from_copy(atomic.read_regular(copy)) if copy.exists() else None

    def known_codes(self) -> list[str]:
        """Return the codes in the index where it is fresh, without making anything."""
        state = self.read_state()
        engine = self._open(state) if state else None
        if engine is None:
            return []
        try:
            return list(engine.codes())
        finally:
            engine.close()
