"""The one object that a command holds: a collection, seen through a clearance.

It finds out by one walk of the folder whether the index is fresh; only where
it is not does it load the rooms that read records and write indexes.
"""

import contextlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from archive.authority.authorities import Authorities
from archive.citing.excerpt import LONGEST, Excerpt, cut
from archive.engine.whoosh.searcher import WhooshEngine
from archive.engine.whoosh.segment.index_reader import FolderFiles, MemoryFiles
from archive.errors import ArchiveError, DamagedIndex, Defect, EmptyCollection, IndexBusy, UnknownCode, Withdrawn
from archive.record.testimony import CLEARANCES, PUBLIC, Clearance, Note, Passage, Reference, Testimony
from archive.search import relaxing
from archive.search.model import Coverage, Hit, Query, Record, Results, passages_of, unknown_code
from archive.storage import atomic, freshness, index_state, manifest, record_files
from archive.storage.index_state import Head, State
from archive.storage.manifest import FileRecord
from archive.storage.paths import index_paths

if TYPE_CHECKING:
    from archive.citing.reprint import Reprint
    from archive.collection.history import History
    from archive.indexing.update import UpdateReport
    from archive.weighing.versions import Version

_T = TypeVar("_T")

Say = Callable[[str], None]
"""Takes a message for the person at the keyboard, never for standard output."""
Progress = Callable[[Iterable[str]], Iterable[str]]

# The rooms that are loaded by name, and only when they are needed; the test of
# the house counts them as imports of this one.
UPKEEP = "archive.indexing.update"
PAST = "archive.collection.history"
VAULT = "archive.storage.encryption"
VERSIONS = "archive.weighing.versions"
REPRINTS = "archive.formats.reprints"

_TIMES_TO_OPEN = 20


class Archive:
    """A collection as a reader of a clearance sees it.

    :param say: is told when an index is built, refreshed, or kept in memory.
    :param progress: wraps the codes that are being indexed.
    :param identity: the file that opens sealed records, for a clearance above public.
    """

    def __init__(
        self,
        root: Path,
        clearance: Clearance = PUBLIC,
        say: Say = lambda _: None,
        progress: Progress = iter,
        identity: Path | None = None,
    ) -> None:
        """Remember where; nothing is opened before it is asked for."""
        self.identity = identity
        self.root = root
        self.clearance = clearance
        self._say = say
        self._progress = progress
        self._held: Authorities | None = None
        self._memory: State | None = None
        self._covered: tuple[Head, Coverage] | None = None
        self._answered = False
        self._damage = ""
        self._made: Mapping[str, FileRecord] | None = None

    def __enter__(self) -> Self:
        """Return the room itself; nothing is opened yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the index."""
        self.close()

    def close(self) -> None:
        """Let go of the index, where one was opened."""
        if "_opened" in self.__dict__:
            self._opened[0].close()
            del self.__dict__["_opened"]
            self.__dict__.pop("_pointing", None)

    def _run(self, ask: Callable[[WhooshEngine], _T]) -> _T:
        """Ask the engine; an index that turns out damaged is made anew, and asked again.

        Only what the index files do is damage: any other error of a query is
        the program's own, and passes on. An index that another process replaced
        is opened again too, but never in the middle: what was answered before
        must not mix with what comes.

        :raises Defect: an index that was just made, and whose files are whole, cannot be read.
        """
        for _ in range(_TIMES_TO_OPEN):
            engine, state = self._opened
            try:
                answer = ask(engine)
            except Exception as error:
                self._damage = self._describe_damage(error, state)
                if not self._damage:
                    raise
                self.close()
                self.__dict__["_opened"] = reopened = self._fresh(unreadable=state.files)
                if self._answered and reopened[1].answers != state.answers:
                    message = "another command changed the index while this one read from it"
                    raise IndexBusy(message, "Run it again.") from None
            else:
                self._answered = True
                return answer
        return ask(self._opened[0])

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
            message = f"{why}, though it was made a moment ago and its files are whole"
            raise Defect(message, "This is a fault of the program, not yours; nothing was changed. Please report this line.")

    def _is_whole(self, state: Head) -> bool:
        """Return whether index and state are, to the last byte, what was written, and nobody has written since."""
        places = index_paths(self.root, self.clearance)
        return not manifest.damage(places.base, state.files, deep=True) and index_state.load(places.state).head() == state

    @cached_property
    def _opened(self) -> tuple[WhooshEngine, Head]:
        """Open a fresh index, making it fresh first where it is not."""
        engine, state = self._fresh()
        if state.readable + state.unreadable == 0 and not state.withdrawn:
            # The same words whether the folder is empty or holds what this reader may not see.
            engine.close()
            message = f"there is no testimony to read in {self.root / record_files.FOLDER}"
            raise EmptyCollection(message, "Write the first record with `testimony new`.")
        return engine, state

    def _fresh(self, unreadable: Mapping[str, FileRecord] | None = None) -> tuple[WhooshEngine, Head]:
        """Open a fresh index, as often as it takes while others write it.

        :param unreadable: the files of an index that could not be read.
        """
        self._memory = None
        unsealed = self._unsealed()
        if unsealed:
            return unsealed
        for _ in range(_TIMES_TO_OPEN):
            state = self._read_state()
            if state is None or state.files == unreadable:
                try:
                    state = self._refreshed(unreadable)
                except OSError as error:
                    return self._in_memory(error)
            self._damage = ""
            engine = self._open(state)
            if engine:
                return engine, state
            if self._damage:
                self._refuse_what_was_just_made(self._damage, state)
            unreadable = state.files
        message = "the index cannot be opened: it is replaced again and again, or cannot be kept whole on this disk"
        raise DamagedIndex(message, "Try again; `testimony index --rebuild` makes it anew.")

    def _read_state(self) -> Head | None:
        """Return the head of the state of an index that is fresh and undamaged, by stats and small hashes.

        None where it is not.
        """
        places = index_paths(self.root, self.clearance)
        state = freshness.fresh(places.state, self.root)
        if state is None or not state.files:
            return None
        return None if manifest.damage(places.base, state.files, deep=places.writing.exists()) else state

    def _unsealed(self) -> tuple[WhooshEngine, Head] | None:
        """Index the collection with its sealed records in memory alone; None where none of them opens."""
        sealed = record_files.survey(self.root).sealed if self.identity and self.clearance != PUBLIC else {}
        opened = self.opened() if sealed else {}
        shut = len(sealed) - len(opened)
        if shut:
            self._say(f"{_count(shut, 'sealed record stays', 'sealed records stay')} shut: the identity does not open them")
        if not opened:
            return None
        self._refresh_more_open()
        self._say(f"{_count(len(opened), 'sealed record', 'sealed records')} opened; everything is indexed in memory alone")
        storage, self._held, report = import_module(UPKEEP).in_memory(self.root, self.clearance, opened)
        self._memory = report.state
        return WhooshEngine(MemoryFiles(storage.files), self._authorities), report.state.head()

    def opened(self) -> dict[str, bytes]:
        """Decrypt the sealed records that the identity opens, by path, for this process alone.

        :raises CannotOpen: the identity file cannot be read.
        """
        vault = import_module(VAULT)
        held = vault.identities(self.identity)
        files = {path: record_files.read_bytes(self.root, path) for path in record_files.survey(self.root).sealed}
        found: dict[str, bytes] = vault.opened(files, held)
        return found

    def _open(self, state: Head) -> WhooshEngine | None:
        """Open the index that a state tells of, with its authorities; None where it is another one, or damaged."""
        places = index_paths(self.root, self.clearance)
        try:
            parts = _Parts(atomic.read_regular(places.authorities))
            engine = WhooshEngine(FolderFiles(places.passages), self._authorities)
        except DamagedIndex as damage:
            self._damage = damage.message
            return None
        except OSError:
            return None
        # Looked at again after the opening: what was opened is what was checked, since no writer puts an old file back.
        if engine.generation != state.generation or not manifest.is_untouched(places.base, state.files):
            engine.close()
            return None
        self._held = Authorities(parts)
        return engine

    def _refreshed(self, unreadable: Mapping[str, FileRecord] | None) -> Head:
        upkeep = import_module(UPKEEP)
        wanted = upkeep.UpdateOptions(unreadable=unreadable)
        report: UpdateReport = upkeep.refresh(self.root, self.clearance, wanted, self._progress)
        self._refresh_more_open()
        if report.rebuilt:
            self._made = report.state.files
        if report.damage:
            self._say(f"{self._damage or report.damage[0]}; making the index anew")
        self._damage = ""
        if report.rebuilt or report.changed:
            # Said only where this reader's own index changed: a closed file that changes is no news here.
            made = "made the index" if report.rebuilt else "refreshed the index"
            self._say(f"{made}: {_count(report.state.readable, 'testimony', 'testimonies')}")
        return report.state.head()

    def _refresh_more_open(self) -> None:
        """Make the indexes of readers who may see less fresh too: what was withdrawn must not stay in them."""
        for other in CLEARANCES[: CLEARANCES.index(self.clearance)]:
            places = index_paths(self.root, other)
            try:
                if places.base.exists() and freshness.fresh(places.state, self.root) is None:
                    upkeep = import_module(UPKEEP)
                    upkeep.refresh(self.root, other, upkeep.UpdateOptions())
            except (ArchiveError, OSError) as error:
                told = error.message if isinstance(error, ArchiveError) else error.strerror or type(error).__name__
                self._say(f"the {other} index may hold words that are gone, and cannot be refreshed ({told})")

    def _in_memory(self, error: OSError) -> tuple[WhooshEngine, Head]:
        reason = error.strerror or type(error).__name__
        self._say(f"the index cannot be written ({reason}); searching in an index in memory")
        storage, self._held, report = import_module(UPKEEP).in_memory(self.root, self.clearance)
        self._memory = report.state
        return WhooshEngine(MemoryFiles(storage.files), self._authorities), report.state.head()

    @property
    def authorities(self) -> Authorities:
        """What the archive has agreed on, as it was when the index was made."""
        self._opened  # noqa: B018 - opening makes the copy beside the index fresh
        return self._authorities()

    def _authorities(self) -> Authorities:
        if self._held is None:  # asked for before the index is open, or in memory
            self._opened  # noqa: B018 - as above
        return cast("Authorities", self._held)

    @property
    def coverage(self) -> Coverage:
        """How many records an answer is looked for in, of how many that this reader could hope for."""
        _, state = self._opened
        if self._covered is None or self._covered[0] is not state:
            readable = state.readable
            self._covered = state, Coverage(readable, readable + state.unreadable)
        return self._covered[1]

    def search(self, query: Query) -> Results:
        """Answer a query.

        :raises BadQuery: its words cannot be read.
        """
        results = self._run(lambda engine: engine.search(query))
        relaxed = (
            ()
            if results.passages or not query.words
            else relaxing.suggest_relaxed(results, lambda each: self._run(lambda engine: engine.search(each)))
        )
        return results._replace(coverage=self.coverage, relaxed=relaxed)

    def excerpt(self, hit: Hit, *, digits: int, in_full: bool, whole: bool = False, longest: int = LONGEST) -> Excerpt:
        """Cut the excerpt of a hit; see `archive.citing.excerpt.cut`."""
        return cut(hit, self.authorities, digits=digits, in_full=in_full, longest=None if whole else longest)

    def record(self, code: str) -> Record:
        """Return a record.

        :raises UnknownCode: there is none of that code for this reader; near codes are suggested.
        """
        found = self.find(code)
        if found is None and code in self.withdrawn():
            message = f"{code} was withdrawn after it had been public"
            raise Withdrawn(message, "Nothing of it is shown any more; do not cite it.")
        if found is None:
            raise unknown_code(code, self.codes())
        return found

    def withdrawn(self) -> frozenset[str]:
        """Return the codes of records that were withdrawn after they had been public: all that is told of them."""
        return frozenset(self._opened[1].withdrawn)

    def find(self, code: str) -> Record | None:
        """Return a record, or None where there is none of that code for this reader."""
        return self._run(lambda engine: engine.record(code))

    def testimony(self, code: str) -> Testimony | None:
        """Return a record without its passages, or None where there is none of that code for this reader."""
        found = self.find(code)
        return found.testimony if found else None

    def versions(self, code: str) -> "tuple[Version, ...]":
        """Return all versions of a record's account, earlier first, of those that this reader may read.

        :raises UnknownCode: there is no record of that code for this reader.
        """
        self.record(code)
        found: tuple[Version, ...] = import_module(VERSIONS).chain(code, self.find, self.pointing)
        return found

    def pointing(self, code: str) -> tuple[str, ...]:
        """Return the codes of records that may name a record, of those that this reader may read."""
        return self._pointing.get(code, ())

    @cached_property
    def _pointing(self) -> Mapping[str, tuple[str, ...]]:
        naming: dict[str, tuple[str, ...]] = {}
        for path, holding in self._run(lambda _: self._state()).holdings.items():
            for named in holding.points if holding.readable else ():
                naming[named] = (*naming.get(named, ()), record_files.code_of(path))
        return naming

    def _state(self) -> State:
        """Return all that is known of each file: a part of the state that no search reads.

        :raises DamagedIndex: it is not as it was written, or of another index by now.
        """
        state = self._memory or index_state.load(index_paths(self.root, self.clearance).state)
        if state.head().answers != self._opened[1].answers:
            message = "the index is damaged: its state is not the one that was opened"
            raise DamagedIndex(message, "`testimony index --rebuild` makes it anew.")
        return state

    def words_once(self, code: str, sha256: str) -> str | None:
        """Return the words of a record that had a hash once, from its history; None where they are not to be had."""
        return self._past.text_at(code, sha256)

    def hashes_once(self, code: str, sha256: str) -> tuple[str, ...] | None:
        """Return the hashes of the paragraphs of a record whose file had a hash once; None where they are not to be had."""
        return self._past.hashes(code, sha256)

    def reprint(self, record: Record, at: Passage | None, notes: Sequence[Note]) -> "Reprint":
        """Return how our formats print a passage, or a record where ``at`` is None, with some caveats."""
        found: Reprint = import_module(REPRINTS).reprint(record, at, notes, self.authorities)
        return found

    @cached_property
    def _past(self) -> "History":
        """The history of the collection; only a citation that has changed needs it."""
        found: History = import_module(PAST).History(self.root, self.clearance)
        return found

    def passages(self, reference: Reference) -> tuple[Record, tuple[Hit, ...]]:
        """Return the passages that a reference names, as hits without marks.

        :raises UnknownCode: there is no such record, or no such paragraph in it.
        """
        record = self.record(reference.code)
        found = passages_of(record, reference)
        missing = [number for number in reference.paragraphs if number > len(record.passages)]
        if missing:
            message = f"{reference.code} has no paragraph {missing[0]}"
            raise UnknownCode(message, f"It has {_count(len(record.passages), 'paragraph', 'paragraphs')}.")
        return record, tuple(Hit(record.testimony, passage, 0.0) for passage in found)

    def records(self) -> Iterable[Record]:
        """Return every record in archive order."""
        return map(self.record, self.codes())

    def codes(self) -> list[str]:
        """Return every code in archive order."""
        return self._run(lambda engine: list(engine.codes()))

    def update(self, *, rebuild: bool = False, deep: bool = False) -> "UpdateReport":
        """Make the index equal to the collection, and report.

        The indexes of other clearances too, where there are any, so that no words stay that are gone.

        :param deep: hash every record and every index file, whatever their sizes and times say.
        :raises OSError: it cannot be written.
        """
        upkeep = import_module(UPKEEP)
        wanted = upkeep.UpdateOptions(rebuild=rebuild, deep=deep)
        for other in CLEARANCES:
            if other != self.clearance and index_paths(self.root, other).base.exists():
                upkeep.refresh(self.root, other, wanted)
        report: UpdateReport = upkeep.refresh(self.root, self.clearance, wanted, self._progress)
        return report

    def known_authorities(self) -> Authorities | None:
        """Return the authorities of the last index without making anything; None where there is none.

        For completion in a shell, which must be quick and never writes.
        """
        copy = index_paths(self.root, self.clearance).authorities
        return Authorities(_Parts(atomic.read_regular(copy))) if copy.exists() else None

    def known_codes(self) -> list[str]:
        """Return the codes in the index where it is fresh, without making anything."""
        state = self._read_state()
        engine = self._open(state) if state else None
        if engine is None:
            return []
        try:
            return list(engine.codes())
        finally:
            engine.close()


class _Parts:
    """Reads a part of the authorities beside an index at its first use."""

    def __init__(self, copy: bytes) -> None:
        self._copy = copy

    def __call__(self, part: str) -> Any:  # noqa: ANN401 - plain data
        for line in self._copy.split(b"\n"):
            if line.startswith(f'["{part}",'.encode()):
                with contextlib.suppress(ValueError):
                    return json.loads(line)[1]
        message = f"the copy of the authorities has no part {part!r} that can be read"
        raise DamagedIndex(message, "`testimony index --rebuild` makes it anew.")


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
