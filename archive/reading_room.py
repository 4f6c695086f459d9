"""The one object that a command holds: a collection, seen through a clearance.

It finds out by one walk of the folder whether the index is fresh; only where
it is not does it load the rooms that read records and write indexes.
"""

import json
from collections.abc import Callable, Iterable
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

from archive import folder, holdings
from archive.authority import Authorities
from archive.engine import index
from archive.engine.searcher import WhooshEngine
from archive.errors import DamagedIndex, EmptyCollection, UnknownCode
from archive.excerpt import Excerpt, cut
from archive.holdings import State
from archive.places import shelf
from archive.retrieval import Coverage, Hit, Query, Record, Results, passages_of, unknown_code
from archive.testimony import PUBLIC, Clearance, Reference

if TYPE_CHECKING:
    from archive.corroboration import Cell
    from archive.upkeep import Report

_T = TypeVar("_T")

Say = Callable[[str], None]
"""Takes a message for the person at the keyboard, never for standard output."""
Progress = Callable[[Iterable[str]], Iterable[str]]

# The rooms that are loaded by name, and only when they are needed; the test of
# the house counts them as imports of this one.
UPKEEP = "archive.upkeep"
CORROBORATION = "archive.corroboration"


class ReadingRoom:
    """A collection as a reader of a clearance sees it.

    :param say: is told when an index is built, refreshed, or kept in memory.
    :param progress: wraps the codes that are being indexed.
    """

    def __init__(self, root: Path, clearance: Clearance = PUBLIC, say: Say = lambda _: None, progress: Progress = iter) -> None:
        """Remember where; nothing is opened before it is asked for."""
        self.root = root
        self.clearance = clearance
        self._say = say
        self._progress = progress
        self._held: Authorities | None = None

    def __enter__(self) -> Self:
        """Give the room itself; nothing is opened yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the index."""
        self.close()

    def close(self) -> None:
        """Let go of the index, where one was opened."""
        if "_opened" in self.__dict__:
            self._opened[0].close()
            del self.__dict__["_opened"]

    def _ask(self, ask: Callable[[WhooshEngine], _T]) -> _T:
        """Ask the engine; an index that turns out damaged is made anew once, and asked again."""
        try:
            return ask(self._opened[0])
        except DamagedIndex as damage:
            self._say(f"{damage.message}; making the index anew")
            self.close()
            self.__dict__["_opened"] = self._refreshed(rebuild=True)
            return ask(self._opened[0])

    @cached_property
    def _opened(self) -> tuple[WhooshEngine, State]:
        """Open a fresh index, making it fresh first where it is not."""
        engine, state = self._fresh()
        if state.readable + state.unreadable == 0:
            # The same words whether the folder is empty or holds what this reader may not see.
            engine.close()
            message = f"there is no testimony to read in {self.root / folder.FOLDER}"
            raise EmptyCollection(message, "Write the first record with `testimony new`.")
        return engine, state

    def _fresh(self) -> tuple[WhooshEngine, State]:
        survey = folder.survey(self.root)
        places = shelf(self.root, self.clearance)
        state = holdings.load(places.state)
        storage = index.folder_storage(places.passages)
        known = holdings.is_fresh(state, survey, self.root) and places.authorities.exists()
        if known and index.generation(storage) == state.generation:
            try:
                return WhooshEngine(storage, self._authorities), state
            except DamagedIndex as damage:
                self._say(f"{damage.message}; making the index anew")
                return self._refreshed(rebuild=True)
        return self._refreshed(rebuild=False)

    def _refreshed(self, *, rebuild: bool) -> tuple[WhooshEngine, State]:
        upkeep = import_module(UPKEEP)
        try:
            report: Report = upkeep.refresh(self.root, self.clearance, rebuild=rebuild, progress=self._progress)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            self._say(f"the index cannot be written ({reason}); searching in an index in memory")
            storage, self._held, report = upkeep.in_memory(self.root, self.clearance)
            return WhooshEngine(storage, self._authorities), report.state
        self._held = None
        made = "made the index" if report.rebuilt else "refreshed the index"
        self._say(f"{made}: {_count(report.state.readable, 'testimony', 'testimonies')}")
        storage = index.folder_storage(shelf(self.root, self.clearance).passages)
        return WhooshEngine(storage, self._authorities), report.state

    @property
    def authorities(self) -> Authorities:
        """What the archive has agreed on, as it was when the index was made."""
        self._opened  # noqa: B018 - opening makes the copy beside the index fresh
        return self._authorities()

    def _authorities(self) -> Authorities:
        if self._held is None:
            self._held = Authorities(_Parts(shelf(self.root, self.clearance).authorities))
        return self._held

    @property
    def coverage(self) -> Coverage:
        """How many records an answer is looked for in, of how many that this reader could hope for."""
        _, state = self._opened
        return Coverage(state.readable, state.readable + state.unreadable)

    def search(self, query: Query) -> Results:
        """Answer a query.

        :raises BadQuery: its words cannot be read.
        """
        results = self._ask(lambda engine: engine.search(query))
        return results._replace(coverage=self.coverage)

    def excerpt(self, hit: Hit, *, digits: int, in_full: bool, whole: bool = False) -> Excerpt:
        """Cut the excerpt of a hit; see `archive.excerpt.cut`."""
        return cut(hit, self.authorities, digits=digits, in_full=in_full, whole=whole)

    def record(self, code: str) -> Record:
        """Give a record.

        :raises UnknownCode: there is none of that code for this reader; near codes are suggested.
        """
        found = self._ask(lambda engine: engine.record(code))
        if found is None:
            raise unknown_code(code, self.codes())
        return found

    def passages(self, reference: Reference) -> tuple[Record, tuple[Hit, ...]]:
        """Give the passages that a reference names, as hits without marks.

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
        """Give every record in archive order."""
        return map(self.record, self.codes())

    def codes(self) -> list[str]:
        """Give every code in archive order."""
        return self._ask(lambda engine: list(engine.codes()))

    def spread(self) -> "tuple[Cell, ...]":
        """Count testimonies by camp, decade and vantage point."""
        found: tuple[Cell, ...] = import_module(CORROBORATION).coverage(self.records())
        return found

    def update(self, *, rebuild: bool) -> "Report":
        """Make the index equal to the collection, and report.

        :raises OSError: it cannot be written.
        """
        report: Report = import_module(UPKEEP).refresh(self.root, self.clearance, rebuild=rebuild, progress=self._progress)
        return report

    def known_authorities(self) -> Authorities | None:
        """Give the authorities of the last index without making anything; None where there is none.

        For completion in a shell, which must be quick and never writes.
        """
        copy = shelf(self.root, self.clearance).authorities
        return Authorities(_Parts(copy)) if copy.exists() else None

    def known_codes(self) -> list[str]:
        """Give the codes in the last index without making anything."""
        places = shelf(self.root, self.clearance)
        if not holdings.load(places.state).generation:
            return []
        engine = WhooshEngine(index.folder_storage(places.passages), self._authorities)
        try:
            return list(engine.codes())
        finally:
            engine.close()


class _Parts:
    """Reads a part of the authorities beside an index at its first use."""

    def __init__(self, copy: Path) -> None:
        self._lines = copy.read_text(encoding="utf-8").splitlines()

    def __call__(self, part: str) -> Any:  # noqa: ANN401 - plain data
        for line in self._lines:
            if line.startswith(f'["{part}",'):
                return json.loads(line)[1]
        message = f"the copy of the authorities has no part {part!r}"
        raise DamagedIndex(message, "`testimony index --rebuild` makes it anew.")


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
