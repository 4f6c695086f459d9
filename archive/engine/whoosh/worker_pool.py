"""Several processes that read a collection and write segments side by side, for an index made from nothing.

Each reads its share of the records, tells what it saw, is told what all saw,
and writes the passages of its share as segments of its own, which the first
process then takes into the index. What goes between them stays in memory.
Where anything goes wrong all of them are ended, and all is done again in
the first process alone, which also says what is wrong.
"""

import contextlib
import gc
import multiprocessing
import pickle
import shutil
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from archive import system
from archive.authority.authorities import Authorities
from archive.collection.collection import Collection, Looked
from archive.engine.whoosh import _schema as schema
from archive.engine.whoosh.file_storage import IndexFolder
from archive.engine.whoosh.segment.toc import SegmentInfo
from archive.engine.whoosh.segment.writer import InvertingWriter
from archive.reader import read
from archive.record.testimony import Clearance

if TYPE_CHECKING:
    from archive.errors import Fault
    from archive.storage.index_state import FileState

Add = Callable[[InvertingWriter, Collection, str], None]
"""Adds the passages of a code to a segment."""

WORTH_IT: Final = 300
"""Records from which it is worth starting a process."""
_MOST: Final = 3  # each takes some 300 MB
_REPORTS_EVERY: Final = 16
_OBJECTS: Final = 100_000
"""New objects after which garbage is looked for: what is made here is needed or let go of, and hardly any is garbage."""
_PATIENCE: Final = 5.0  # seconds
_IN_VAIN: Final = (EOFError, OSError, RuntimeError, AssertionError, TypeError, ValueError, pickle.PicklingError)


class WorkerPool:
    """The processes, while there are any."""

    def __init__(self, folder: Path) -> None:
        """Begin without any.

        :param folder: where the index is made; each writes into a folder inside it.
        """
        self._folder = folder
        self._pipes: list[Connection] = []
        self._processes: list[Any] = []

    def start(self, collection: Collection, add: Add, count: int) -> None:
        """Start processes."""
        context: Any = multiprocessing.get_context("fork" if system.FORKS else "spawn")
        for number in range(count):
            ours, theirs = context.Pipe()
            # What a forked process knows already need not be read again.
            authorities = collection.authorities if system.FORKS else None
            # Our ends of the pipes, which a forked process has too: open there, they would hide from it that we are gone.
            ends = (*self._pipes, ours) if system.FORKS else ()
            arguments = (theirs, ends, collection.root, collection.clearance, authorities, self._part(number), add)
            process = context.Process(target=_work, args=arguments, daemon=True)
            with _quiet():
                process.start()
            theirs.close()
            self._pipes.append(ours)
            self._processes.append(process)

    def _part(self, number: int) -> Path:
        return self._folder / f"part-{number}"

    def scan(self, paths: tuple[str, ...]) -> Looked:
        """Have all files looked at."""
        size = -(-len(paths) // len(self._pipes))
        for number, pipe in enumerate(self._pipes):
            pipe.send(paths[number * size : (number + 1) * size])
        file_states, faults = {}, []
        for pipe in self._pipes:
            seen, file_faults, _ = pipe.recv()
            file_states.update(seen)
            faults += file_faults
        return file_states, faults, {}

    def write(self, collection: Collection, done: Callable[[], object]) -> list[SegmentInfo]:
        """Have all records written; returns the segments, whose files lie in the folder of the index by then.

        :param done: is called for each record.
        """
        for pipe in self._pipes:
            pipe.send((collection.file_states, [], collection.last))
        entries: list[SegmentInfo] = []
        waiting = {pipe: number for number, pipe in enumerate(self._pipes)}
        while waiting:
            for pipe in cast("list[Connection]", wait(list(waiting))):
                report = pipe.recv()
                if isinstance(report, int):
                    for _ in range(report):
                        done()
                    continue
                entries += report
                part = self._part(waiting.pop(pipe))
                for entry in report:
                    for file in part.glob(f"{entry.name}.*"):
                        file.rename(self._folder / file.name)
                shutil.rmtree(part)
        return entries

    def stop(self) -> None:
        """End all processes, whatever they are at."""
        for pipe in self._pipes:
            pipe.close()
        for process in self._processes:
            process.terminate()
            process.join(_PATIENCE)
            if process.is_alive():
                process.kill()
        self._pipes.clear()
        self._processes.clear()
        for part in self._folder.glob("part-*"):
            shutil.rmtree(part, ignore_errors=True)

    def __bool__(self) -> bool:
        return bool(self._pipes)


@contextmanager
def _quiet() -> Iterator[None]:
    """Start a process to which Ctrl-C says nothing: the first process is told of it, and ends the others.

    Whatever else would end the first one waits until the other one has what the
    system does at such a signal in place of what the first one does (`_work`).
    """
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    waiting = system.block(system.endings())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        system.unblock(system.endings(), waiting)


@contextmanager
def worker_pool(folder: Path) -> Iterator[WorkerPool]:
    """Give a pool whose processes are ended in the end."""
    pool = WorkerPool(folder)
    try:
        yield pool
    finally:
        pool.stop()


def looking(pool: WorkerPool, add: Add) -> Callable[[Collection, tuple[str, ...]], Looked]:
    """Return a way to read a collection with a pool, whose processes are started where the collection is large enough."""

    def look(collection: Collection, paths: tuple[str, ...]) -> Looked:
        count = min(most(), len(paths) // WORTH_IT)
        if count > 1:
            with contextlib.suppress(*_IN_VAIN):
                pool.start(collection, add, count)
                return pool.scan(paths)
            pool.stop()
        return collection.read_files(paths)

    return look


def write(pool: WorkerPool, collection: Collection, done: Callable[[], object]) -> list[SegmentInfo] | None:
    """Have a collection written by a pool; None where it has no processes, or one failed."""
    if pool:
        with contextlib.suppress(*_IN_VAIN):
            return pool.write(collection, done)
        pool.stop()
    return None


def most() -> int:
    """Return how many processes may be started here."""
    return min(system.processors(), _MOST)


def _work(  # noqa: PLR0913, PLR0917 - what a process must be told
    pipe: Connection,
    ends: Iterable[Connection],
    root: Path,
    clearance: Clearance,
    authorities: Authorities | None,
    folder: Path,
    add: Add,
) -> None:
    """Read a share, tell what was seen, be told what all saw, write the share; an end of the pipe is an end of the work."""
    for end in ends:
        end.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process is told, and ends the others
    for ending in system.endings():
        signal.signal(ending, signal.SIG_DFL)
    gc.set_threshold(_OBJECTS)
    system.unblock(system.endings())
    with contextlib.suppress(Exception):  # the first process sees the end of the pipe, does it again and says what is wrong
        paths: tuple[str, ...] = pipe.recv()
        report: list[Looked] = []

        def look(collection: Collection, _: Iterable[str]) -> Looked:
            file_states: dict[str, FileState] = {}
            faults: list[Fault] = []
            for at in range(0, len(paths), _REPORTS_EVERY):
                if pipe.poll():  # nothing is sent to it now but an end
                    raise EOFError
                seen, file_faults, _ = collection.read_files(paths[at : at + _REPORTS_EVERY])
                file_states.update(seen)
                faults += file_faults
            pipe.send((file_states, faults, {}))
            report.append(pipe.recv())
            return report[0]

        collection = Collection(root, authorities or read.read_authorities(root), clearance, {}, looking=look)
        share = set(paths)
        codes = [code for code in collection.codes() if collection.path_of(code) in share]
        folder.mkdir(mode=0o700)
        writer = schema.writer(IndexFolder(folder), anew=True)
        for number, code in enumerate(codes, start=1):
            add(writer, collection, code)
            if number % _REPORTS_EVERY == 0:
                pipe.send(_REPORTS_EVERY)
        pipe.send(len(codes) % _REPORTS_EVERY)
        pipe.send(list(writer.finish()))
