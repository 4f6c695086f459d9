"""Records that this reader could read once and whose files nobody can read at present: how they were last read.

A typing error, a copy of a program that syncs, a disk that refuses: none of
them takes back what a record says against others. Until its file can be read
again, its notes stay in force as they were last read, and say so. Where the
last state is looked for, in this order: what the index holds, what an earlier
look kept, and the commits that led to the one that is checked out.

Of a record that nobody could ever read no note is known. Who relies on it, or is
named in its header, is served with a caveat that says so: one too many, never
one too few. It names no code, since nobody can tell who may know of that record.

What the file says of access and consent holds in spite of its faults: of one
that says that it is closed, or withdrawn, nothing is kept but that it was known.
Nor is a statement kept that has words which the file withholds now.
"""

import contextlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Final

from archive.access import redaction
from archive.authority.authorities import Authorities
from archive.collection import _withheld_now as withheld_now
from archive.collection._withheld_now import WithheldNow
from archive.errors import InvalidTestimony
from archive.language.messages import tr
from archive.reader import read
from archive.record import packed, paragraphs
from archive.record.passages import points_at
from archive.record.reach import NoteGraph
from archive.record.testimony import CLEARANCES, About, Clearance, Note, Testimony
from archive.storage import index_state, record_files
from archive.storage.git import FileHistory
from archive.storage.index_state import ABOVE, NEVER_READ, NOTHING, FileState, State, is_known
from archive.storage.paths import index_paths
from archive.storage.record_files import Survey
from archive.text import join_list

_CODE: Final = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2,5}-[0-9]{4,6}(?![0-9])")
_LONGEST_HEADER: Final = 65_536  # code points
NOT_STATED: Final = "What this note states has words that are withheld now."


Indexed = Callable[[str], Testimony | None]
"""Gives a record with its body as an index holds it, None where it does not."""


class LastRead:
    """What is known of how records were last read.

    :param before: the state of the last update, of whatever version of the index.
    :param indexed: gives a record as the index of that state holds it.
    """

    def __init__(
        self,
        root: Path,
        authorities: Authorities,
        clearance: Clearance,
        before: State = NOTHING,
        indexed: Indexed = lambda _: None,
    ) -> None:
        """Remember where to look; nothing is looked at before a record is found that cannot be read."""
        self._root = root
        self._authorities = authorities
        self._clearance = clearance
        self._before = before
        self._indexed = indexed
        self._withheld = WithheldNow(root, {})
        self.known: Mapping[str, str] = before.last

    def of(self, survey: Survey, file_states: Mapping[str, FileState]) -> dict[str, str]:
        """Return how each record was last read that could be read once and cannot at present; "" where it holds itself back."""
        last_states: dict[str, str] = {}
        self._withheld = WithheldNow(self._root, file_states)
        for code, paths in _unreadable(survey, file_states).items():
            last = self._last(code, paths, file_states)
            is_held_back = any(path in file_states and file_states[path].hidden for path in paths)
            if last == ABOVE:
                last_states[code] = ABOVE
            elif last is None and not is_held_back:
                last_states[code] = NEVER_READ + " ".join(self._codes_named_in(code, paths))
            elif last is not None:
                last_states[code] = "" if is_held_back or isinstance(last, str) else pack(self._mask(last, paths))
        return last_states

    def _last(self, code: str, paths: list[str], file_states: Mapping[str, FileState]) -> Testimony | str | None:
        """Return a record as it was last read.

        "" where no more is known than that it was, ABOVE where it could be, and not by this reader; None where nobody ever could.
        """
        states = self._states.get(code, {})
        if any(state.readable for state in states.values()):
            return self._indexed(code) or self._in_history(code) or ""
        if code in self.known and not is_known(self.known[code]):
            if self.known[code] == ABOVE:
                return ABOVE
        elif code in self.known:
            return unpack(self.known[code]) if self.known[code] else ""
        if any(not state.faulty for state in states.values()):
            return ABOVE
        is_same = (path in states and path in file_states and states[path].sha256 == file_states[path].sha256 for path in paths)
        if states and all(is_same):
            return None  # looked for before
        return self._in_history(code)

    @cached_property
    def _states(self) -> dict[str, dict[str, FileState]]:
        states: dict[str, dict[str, FileState]] = {}
        for path, state in self._before.file_states.items():
            states.setdefault(record_files.code_of(path), {})[path] = state
        return states

    @cached_property
    def _history(self) -> FileHistory:
        return FileHistory(self._root)

    def _in_history(self, code: str) -> Testimony | str | None:
        """Return the newest version that can be read, of those that git keeps; ABOVE where it is above this reader."""
        testimony = newest(self._history, code, self._authorities)
        shown = redaction.render(testimony, self._clearance) if testimony else None
        if testimony and not shown:
            return ABOVE
        # It may be from long ago: none of its notes tells what any record masks by now.
        return shown._replace(notes=tuple(_without(note, self._withheld.masks) for note in shown.notes)) if shown else None

    def _codes_named_in(self, code: str, paths: list[str]) -> list[str]:
        """Return the codes that stand in the header of a record that nobody could ever read, as far as its bytes can be had."""
        named: dict[str, None] = {}
        for path in paths:
            with contextlib.suppress(OSError):
                written = record_files.read_bytes(self._root, path).decode("utf-8", "replace")
                header = written.partition("\n---")[0] if written.startswith("---") else written[:_LONGEST_HEADER]
                named |= dict.fromkeys(_CODE.findall(header))
        return [each for each in named if each != code]

    def _mask(self, testimony: Testimony, paths: list[str]) -> Testimony:
        """Return a record without the statements that have words which its file withholds now, however it is written."""
        phrases: list[str] = []
        for path in paths:
            try:
                content = record_files.read_bytes(self._root, path)
            except OSError:
                continue
            phrases += withheld_now.phrases(content.decode("utf-8", "replace"))

        def tells(written: str) -> bool:
            said = read.Said(written)
            return any(map(said.has, phrases))

        return testimony._replace(notes=tuple(_without(note, tells) for note in testimony.notes)) if phrases else testimony


def newest(history: FileHistory, code: str, authorities: Authorities) -> Testimony | None:
    """Return the newest version of a record that can be read, of those that led to what is checked out.

    None where there is none, or the record was taken away after it.
    """
    for change, content in history.contents(history.changes(code)):
        if content is None:
            return None
        try:
            return read.read(content, change.path, authorities)
        except InvalidTestimony:
            continue
    return None


def for_keepers(root: Path, authorities: Authorities, codes: Iterable[str], indexed: Indexed = lambda _: None) -> dict[str, str]:
    """Return how records that cannot be read were last read, whoever may read them; "" where nothing is known of one."""
    history = FileHistory(root)
    known: dict[str, str] = {}
    for clearance in CLEARANCES:
        state = index_state.load(index_paths(root, clearance).state)
        known |= {code: last for code, last in state.last.items() if last and is_known(last)}
    last_states = {}
    for code in codes:
        last = known.get(code) or indexed(code) or newest(history, code, authorities)
        last_states[code] = pack(last) if isinstance(last, tuple) else last or ""
    return last_states


def hanging(records: Mapping[str, Testimony], last: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield, for each record, what its readers have only as it was last read, or not at all: codes alone, no word of them."""
    unread = {code: unpack(written) for code, written in last.items() if written}
    every = {**records, **unread}
    pointing: dict[str, list[str]] = {}
    for testimony in every.values():
        for code in points_at(testimony):
            pointing.setdefault(code, []).append(testimony.code)
    web = NoteGraph(every.get, lambda code: pointing.get(code, ()))
    for code, testimony in records.items():
        at = web.notes(testimony)
        whose: dict[str, dict[str, None]] = {}
        for note in (note for run in paragraphs.passages(testimony.body) for note in at(run.number) if note.unread):
            whose.setdefault(note.unread, {})[note.origin] = None
        for name, origins in whose.items():
            message = tr(
                "has notes of {origins} only as they were last read, since {name} cannot be read",
                origins=join_list(origins, "and"),
                name=name,
            )
            yield code, message
        for name in points_at(testimony):
            if name in last and not last[name]:
                message = tr(
                    "hangs on {name}, which cannot be read: whether its readers miss notes of it cannot be told", name=name
                )
                yield code, message


def doubt(relies: bool, named: bool, date: str) -> Note:  # noqa: FBT001 - which of two reasons
    """Return the caveat of a record that relies on one that nobody could ever read, or is named in the header of one."""
    told = [RELIES] if relies else []
    told += [NAMED] if named else []
    return Note(
        id="unread1",
        flag="caution",
        status="open",
        about=About(),
        statement=f"{' '.join(told)} {MISSING}",
        by="archive",
        date=date,
    )


RELIES: Final = "It relies on another record, whose file cannot be read at present."
NAMED: Final = "A record whose file cannot be read at present names this one."
MISSING: Final = "Caveats of it may be missing here."


def _unreadable(survey: Survey, file_states: Mapping[str, FileState]) -> dict[str, list[str]]:
    """Return the codes of which there is a file and none that can be read, with its paths; none that lies sealed."""
    paths_of: dict[str, list[str]] = {}
    for path, code in _faulty(survey, file_states):
        paths_of.setdefault(code, []).append(path)
    if not paths_of:
        return {}
    sound = {record_files.code_of(path) for path, state in file_states.items() if not state.faulty}
    known = (*survey.sealed, *(fault.path for fault in survey.faults))
    sealed = {record_files.code_of(path) for path in known if path.endswith(record_files.SEALED)}
    return {code: paths for code, paths in paths_of.items() if code not in sound and code not in sealed}


def _faulty(survey: Survey, file_states: Mapping[str, FileState]) -> Iterator[tuple[str, str]]:
    for path, state in file_states.items():
        if state.faulty and (code := record_files.code_of(path)) and not record_files.language_of(path):
            yield path, code
    for path in dict.fromkeys(fault.path for fault in survey.faults if fault.path not in file_states):
        if record_files.language_of(path):
            continue
        if code := record_files.code_of(path) or record_files.code_away(path.rpartition("/")[2]):
            yield path, code


def _without(note: Note, tells: Callable[[str], bool]) -> Note:
    """Return a note without what tells of words that are withheld now."""
    about = note.about._replace(exact="", prefix="", suffix="") if tells(note.about.exact) else note.about
    return note._replace(about=about, statement=NOT_STATED if tells(note.statement) else note.statement)


def pack(testimony: Testimony) -> str:
    """Write a record as it was last read: what its notes and links need."""
    return packed.encode(testimony._replace(claims=(), history=(), unread=True))


def unpack(written: str) -> Testimony:
    """Read what `pack` wrote."""
    return packed.build(Testimony, json.loads(written))
