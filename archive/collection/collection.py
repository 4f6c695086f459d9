"""The collection: walk, read, refuse what the clearance may not see, know who points at whom.

Every way to a record leads through `archive.access.redaction` here, so nothing above
reaches one without passing it.
"""

import contextlib
import time
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Final

from archive.access import redaction
from archive.authority.authorities import Authorities
from archive.collection import last_read
from archive.collection.last_read import LastRead
from archive.errors import Declared, Fault, InvalidTestimony, StillChanging
from archive.language.messages import tr
from archive.named_tuple import NamedTuple
from archive.reader import read, versions
from archive.record import paragraphs, passages
from archive.record.hashing import fixity
from archive.record.reach import NoteGraph
from archive.record.recent import Recent
from archive.record.testimony import Clearance, Note, Passage, Testimony, TextVersion
from archive.storage import index_state, record_files
from archive.storage.index_state import NEVER_READ, FileState, is_known
from archive.storage.manifest import FileRecord
from archive.storage.record_files import Fingerprint

_MOST_HELD: Final = 20_000_000
"""Bytes of records that are kept in memory whole, about."""
_MOST_HEADERS: Final = 120_000_000
"""Bytes of records that are kept without their bodies, of which no more is read again; beyond that they are read again."""
_HEADER: Final = 16_000


def _weight(testimony: Testimony | None) -> int:
    return sum(map(len, redaction.bodies(testimony))) + _HEADER if testimony else 100


Looked = tuple[Mapping[str, FileState], Iterable[Fault], Mapping[str, str]]
"""What was seen of some files, their faults, and what is known of records that cannot be read at present."""
ReadFiles = Callable[["Collection", tuple[str, ...]], Looked]
"""Looks at all files of a collection (`Collection.read_files` does it one after the other)."""


class Changes(NamedTuple):
    """What an index has to do: put these codes in anew, and take those out."""

    anew: tuple[str, ...]
    gone: tuple[str, ...]


_ENCRYPTED: Final = ".age"
_MOST_KEPT: Final = 20_000_000  # bytes of files that withhold words


class Collection:
    """The records that a clearance may read, looked at once.

    :param known: what was seen of each file at the last update, so that
        unchanged files are not read again.
    """

    def __init__(  # noqa: PLR0913 - what a look takes, each with a meaning of its own
        self,
        root: Path,
        authorities: Authorities,
        clearance: Clearance,
        known: Mapping[str, FileState],
        opened: Mapping[str, bytes] = MappingProxyType({}),
        *,
        looking: ReadFiles | None = None,
        clock: Callable[[], int] = time.time_ns,
        before: LastRead | None = None,
    ) -> None:
        """Survey the folder and read what is new or has changed.

        :param opened: what sealed files hold, by path, where they could be opened.
        :param looking: looks at all files in another way than one after the other.
        :param before: finds how records that cannot be read at present were last read.
        :param clock: of the disk, in nanoseconds.
        """
        self.root = root
        self._opened = opened
        self.authorities = authorities
        self.clearance = clearance
        self.survey = record_files.scan_until_stable(root, clock)
        self.faults: list[Fault] = list(self.survey.faults)
        self._known = known
        self._kept = Recent[bytes](_MOST_KEPT, len)
        self._read = Recent["Testimony | None"](_MOST_HELD, _weight, in_turn=True)
        self._headers = Recent[Testimony](_MOST_HEADERS, lambda _: _HEADER, in_turn=True)
        sealed = {path: seen for path, seen in self.survey.sealed.items() if path in opened}
        self._files = {**self.survey.files, **self.survey.doubtful, **sealed}
        self._paths = {record_files.code_of(path): path for path in self._files if path not in self.survey.doubtful}
        self._beside = {code: self._versions_of(code) for code in self._paths} if self.survey.versions else {}
        self._known_last = before.known if before else {}
        file_states, faults, last = (looking or Collection.read_files)(self, tuple(self._files))
        self.accept(file_states, faults, before.of(self.survey, file_states) if before else last)

    def _versions_of(self, code: str) -> dict[str, Fingerprint]:
        """Return the versions of a record that can be opened here, as they were seen."""
        fingerprints = {path: self.survey.versions[path] for path in self.survey.versions_of(code)}
        return {
            path: seen for path, seen in fingerprints.items() if path in self._opened or not path.endswith(record_files.SEALED)
        }

    def accept(self, file_states: Mapping[str, FileState], faults: Iterable[Fault], last: Mapping[str, str]) -> None:
        """Take over what was seen of all files, and of records that cannot be read at present."""
        self.faults += faults
        self.last = dict(last)
        # One that says, among its faults, that it was withdrawn, and was public when it was last read, was withdrawn after that.
        self.file_states = {
            path: file_state._replace(withdrawn=True)
            if file_state.taken_back and self._was_known(record_files.code_of(path))
            else file_state
            for path, file_state in file_states.items()
        }
        self._unread = {code: last_read.unpack(written) for code, written in self.last.items() if written and is_known(written)}
        self._never_read = _codes_named_by_unread(self.last)
        self._pointing: dict[str, list[str]] = {}
        self._web = NoteGraph(self._linked_record, lambda code: self._pointing.get(code, ()))
        for path, file_state in self.file_states.items():
            for code in file_state.points if file_state.readable else ():
                self._pointing.setdefault(code, []).append(record_files.code_of(path))
        for testimony in self._unread.values():
            for code in passages.points_at(testimony):
                self._pointing.setdefault(code, []).append(testimony.code)

    def faults_told(self) -> tuple[Fault, ...]:
        """Return the faults of what could not be read, but for files that say that this clearance may not read them.

        Nor of what is sealed, however it is named, and of what lies beside a sealed record: `check` names those to keepers.
        """
        hidden = {path for path, file_state in self.file_states.items() if file_state.hidden}
        hidden |= {fault.path for fault in self.faults if self._is_beside_a_seal(fault) and fault.path not in self._opened}
        # Of two files of one code each names the other, and so would tell its name.
        instead = tr("is not the only file of its code; none of them is read")
        return tuple(
            fault._replace(message=instead) if any(path in fault.message for path in hidden) else fault
            for fault in self.faults
            if fault.path not in hidden
        )

    def _is_beside_a_seal(self, fault: Fault) -> bool:
        """Return whether a fault is of a sealed file, of one beside it, or of a version that is not sealed as its record is."""
        is_sealed = fault.path.endswith(_ENCRYPTED) or record_files.code_of(fault.path) in self.survey.sealed_codes
        return is_sealed or fault.message == record_files.SEALED_APART

    def _was_known(self, code: str) -> bool:
        return code in self.last and is_known(self.last[code])

    def read_files(self, paths: Iterable[str]) -> Looked:
        """Look at records with their versions in other languages, and read those that are new or have changed.

        :param paths: of records; their versions come along.
        """
        faults: list[Fault] = []
        states: dict[str, FileState] = {}
        doubtful, known, files, beside = self.survey.doubtful, self._known, self._files, self._beside
        for path in paths:
            state = known.get(path)
            is_as_known = state is not None and state.fingerprint == files[path] and not state.faulty
            has_versions = beside and beside.get(record_files.code_of(path))
            if state is not None and is_as_known and path not in doubtful and not has_versions:
                states[path] = state  # as nearly all are, at nearly every update
                continue
            states.update(self._look(path, faults))
        return states, faults, {}

    def _look(self, path: str, faults: list[Fault]) -> dict[str, FileState]:
        """Look at all files of a record; where one of them has changed, all are read."""
        doubtful = path in self.survey.doubtful
        seen = {path: self._files[path], **({} if doubtful else self._beside.get(record_files.code_of(path), {}))}
        before = {
            version_path: self._known[version_path]
            for version_path in seen
            if version_path in self._known and not self._known[version_path].faulty
        }
        is_as_known = len(before) == len(seen) and all(before[known].fingerprint == now for known, now in seen.items())
        if is_as_known and not doubtful:  # a file that lies as it lay is read no more once another one of its code lies beside it
            return before
        contents: dict[str, bytes] = {}
        for version_path in seen:
            try:
                contents[version_path] = self._bytes(version_path)
            except OSError as error:
                faults.append(Fault(version_path, 1, "file", tr("cannot be read: {reason}", reason=error.strerror or error)))
        hashes = {version_path: fixity(content) for version_path, content in contents.items()}
        if doubtful and path in contents:
            return {path: self._faulty(path, seen[path], hashes[path], self._declared_access(path, contents[path]))}
        if len(before) == len(seen) and all(hashes.get(version_path) == known.sha256 for version_path, known in before.items()):
            return {version_path: known._replace(fingerprint=seen[version_path]) for version_path, known in before.items()}
        return self._read_anew(path, seen, contents, faults)

    def _read_anew(
        self, path: str, seen: Mapping[str, Fingerprint], contents: Mapping[str, bytes], faults: list[Fault]
    ) -> dict[str, FileState]:
        """Read a record with its versions; who may not read a record does not know of its versions, nor of their faults."""
        states = {
            version_path: FileState(
                known, fixity(contents[version_path]) if version_path in contents else "", readable=False, faulty=True, points=()
            )
            for version_path, known in seen.items()
        }
        states.update(
            {version_path: state._replace(hidden=True) for version_path, state in states.items() if version_path != path}
        )
        if path not in contents:
            return states
        beside = {version_path: content for version_path, content in contents.items() if version_path != path}
        try:
            read_versions = versions.read_all(contents[path], path, self.authorities, beside)
        except InvalidTestimony as error:
            faults += error.faults
            states[path] = self._faulty(path, seen[path], states[path].sha256, error.declared)
            return states
        faults += read_versions.faults
        testimony = read_versions.testimony
        self._read[testimony.code] = self._render(testimony, contents)
        readable = self._read[testimony.code] is not None
        states[path] = states[path]._replace(
            readable=readable,
            faulty=False,
            points=passages.points_at(testimony) if readable else (),
            withdrawn=testimony.consent == "withdrawn" and testimony.was_public,
            redacted=any(map(paragraphs.has_redaction, (testimony.body, *(version.body for version in testimony.versions)))),
        )
        for version_path in seen.keys() - {path}:
            left_out = version_path in read_versions.faulty or version_path not in contents
            states[version_path] = states[version_path]._replace(
                readable=readable and not left_out, faulty=left_out, hidden=not readable
            )
        return states

    def _faulty(self, path: str, fingerprint: Fingerprint, sha256: str, declared: Declared) -> FileState:
        """Return what was seen of a file that nobody reads: what it says of access and consent holds all the same."""
        # Of a version whose record is gone nobody can tell who might have known of it.
        is_alone = bool(record_files.language_of(path))
        hidden = path in self._opened or is_alone or redaction.is_above(declared, self.clearance)
        taken_back = declared.consent == "withdrawn"
        withdrawn = taken_back and declared.was_public
        seen = FileState(fingerprint, sha256, readable=False, faulty=True, points=(), hidden=hidden)
        return seen._replace(withdrawn=withdrawn, taken_back=taken_back)

    def _declared_access(self, path: str, content: bytes) -> Declared:
        """Return what a file that nobody reads says of access and consent."""
        try:
            testimony = read.read(content, path, self.authorities)
        except InvalidTestimony as error:
            return error.declared
        return Declared(testimony.access, testimony.until, testimony.consent, testimony.was_public)

    def _bytes(self, path: str) -> bytes:
        return self._opened[path] if path in self._opened else record_files.read_bytes(self.root, path)

    def _render(self, testimony: Testimony, contents: Mapping[str, bytes]) -> Testimony | None:
        """Return what this clearance may see of a record; the bytes of files that withhold words are kept."""
        rendering = redaction.render(testimony, self.clearance)
        if rendering:
            withholding = [version.path for version in rendering.versions if version.redacted]
            for path in (*((rendering.path,) if rendering.redacted else ()), *withholding):
                self._kept[path] = contents[path]
            if rendering.body == testimony.body and not rendering.public_body and not rendering.versions:
                self._headers[rendering.code] = rendering._replace(body="")
        return rendering

    @cached_property
    def _readable(self) -> tuple[str, ...]:
        return tuple(sorted(code for code, path in self._paths.items() if self.file_states[path].readable))

    def codes(self) -> tuple[str, ...]:
        """Return the codes that may be read, in archive order."""
        return self._readable

    def path_of(self, code: str) -> str:
        """Return the path of a record's file."""
        return self._paths[code]

    def find(self, code: str) -> Testimony | None:
        """Return a record that may be read, without references to any that may not; None for all others."""
        raw = self._raw(code)
        if raw is None:
            return None
        testimony = passages.without_unreadable(raw, self._is_told_of)
        shown = tuple(
            version._replace(fixity=fixity(self._write_version(version))) if version.redacted else version
            for version in testimony.versions
        )
        testimony = testimony._replace(versions=shown) if shown != testimony.versions else testimony
        testimony = testimony._replace(fixity=fixity(self._write(testimony))) if testimony.redacted else testimony
        return self._with_doubt(testimony, raw)

    def _with_doubt(self, found: Testimony, raw: Testimony) -> Testimony:
        """Add a caveat where caveats may be missing, since they would come from, or through, a record that nobody could read."""
        relies = any(each.type == "relies-on" and each.code in self._never_read for each in raw.relations)
        named = any(found.code in codes for codes in self._never_read.values())
        if not (relies or named):
            return found
        days = [change.date for change in found.history] + [note.date for note in found.notes]
        return found._replace(notes=(*found.notes, last_read.doubt(relies, named, max(days, default="undated"))))

    def public_file(self, code: str) -> bytes | None:
        """Return a record's file as this clearance may have it; None where it may not.

        The file's own bytes, or where it withholds words or names records that
        may not be read, the file written anew without them.
        """
        raw = self._raw(code)
        if raw is None:
            return None
        testimony = passages.without_unreadable(raw, self._is_told_of)
        return self._write(testimony) if testimony.redacted or testimony != raw else self._content(self._paths[code])

    def public_versions(self, code: str) -> dict[str, bytes]:
        """Return the files of a record in other languages by path, each as this clearance may have it."""
        raw = self._raw(code)
        return {
            version.path: self._write_version(version) if version.redacted else self._content(version.path)
            for version in (raw.versions if raw else ())
        }

    def _write_version(self, version: TextVersion) -> bytes:
        content = self._kept[version.path] if version.path in self._kept else self._content(version.path)
        return read.write_version(content, version)

    def _write(self, testimony: Testimony) -> bytes:
        """Write the file of a rendering; above public its redaction tags stay, so that they go on withholding."""
        content = self._kept[testimony.path] if testimony.path in self._kept else self._content(testimony.path)
        whole = (
            testimony
            if testimony.redacted
            else testimony._replace(body=read.read(content, testimony.path, self.authorities).body)
        )
        return read.write(content, whole)

    def _is_readable(self, code: str) -> bool:
        path = self._paths.get(code)
        return path is not None and self.file_states[path].readable

    def _is_told_of(self, code: str) -> bool:
        """Return whether this reader may know of a record: it can be read, or could be and cannot at present."""
        return code in self._unread or self._is_readable(code)

    def _linked_record(self, code: str) -> Testimony | None:
        """Return a record whose notes are in force: as it is, or as it was last read where it cannot be read at present."""
        unread = self._unread.get(code)
        return passages.without_unreadable(unread, self._is_told_of) if unread else self.find(code)

    def _raw(self, code: str) -> Testimony | None:
        if not self._is_readable(code):
            return None
        if code not in self._read:
            self._read[code] = self._read_again(code, self._paths[code])
        return self._read[code]

    def _read_again(self, code: str, path: str) -> Testimony | None:
        if code in self._headers:
            header = self._headers[code]
            return header._replace(body=read.body_of(self._content(path), header.body_line))
        beside = [
            version_path
            for version_path in self._beside.get(code, ())
            if version_path in self.file_states and self.file_states[version_path].readable
        ]
        contents = {version_path: self._content(version_path) for version_path in (path, *beside)}
        read_versions = versions.read_all(
            contents[path], path, self.authorities, {version_path: contents[version_path] for version_path in beside}
        )
        return self._render(read_versions.testimony, contents)

    def _content(self, path: str) -> bytes:
        """Read a file again as it was when it was looked at.

        :raises StillChanging: it is another one by now.
        """
        with contextlib.suppress(OSError):
            content = self._bytes(path)
            if fixity(content) == self.file_states[path].sha256:
                return content
        message = tr("{path} was changed while the collection was read", path=path)
        raise StillChanging(message, tr("Try again when it is saved."))

    def passages(self, testimony: Testimony) -> list[Passage]:
        """Return the passages of a record with every note in force, gravest first."""
        return list(passages.build(testimony, self._web.notes(testimony), self._gravest_first))

    def _gravest_first(self, notes: Iterable[Note]) -> tuple[Note, ...]:
        rank = self.authorities.vocabulary.rank
        return tuple(sorted(notes, key=lambda note: rank("flag", note.flag)))

    def changes_since(self, known: Mapping[str, FileState], known_last: Mapping[str, str]) -> Changes:
        """Compare with what was known: every code whose passages may read differently now.

        Besides the changed records these are the ones that name them, the ones
        that any of these point at or pointed at (their notes reach there), and
        the ones that rely on any of them.

        :param known: what was seen of each file then.
        :param known_last: how records were last read that could not be read then.
        """
        paths = [path for path, state in self.file_states.items() if known.get(path) is not state]
        paths += known.keys() - self.file_states.keys()
        touched = {record_files.code_of(path) for path in paths if _differs(known.get(path), self.file_states.get(path))}
        touched |= {code for code in {*self.last, *known_last} if self.last.get(code) != known_last.get(code)}
        if not touched:
            return Changes((), ())
        states = (*known.items(), *self.file_states.items())
        pointing = [(record_files.code_of(path), state.points) for path, state in states if state.points]
        unread = [written for written in (*known_last.values(), *self.last.values()) if written and is_known(written)]
        pointing += [(state.code, passages.points_at(state)) for state in map(last_read.unpack, unread)]
        pointing += [*_codes_named_by_unread(known_last).items(), *self._never_read.items()]
        touched = codes_affected(touched, pointing)
        readable = {code for code in touched if self._is_readable(code)}
        gone = touched - readable
        return Changes(tuple(sorted(readable)), tuple(sorted(gone & _codes_readable(known) if gone else gone)))

    @cached_property
    def _changes(self) -> Changes:
        return self.changes_since(self._known, self._known_last)

    def has_the_same_codes(self) -> bool:
        """Return whether the files that could be read when the collection was looked at before are those that can be read now."""
        known, now = self._known, self.file_states
        return known.keys() == now.keys() and all(
            known[path].readable == state.readable for path, state in now.items() if known[path] is not state
        )

    def changes(self) -> Changes:
        """Return every code whose passages may read differently now than when it was known."""
        return self._changes

    def state(self, generation: str, seen: Mapping[str, FileRecord]) -> index_state.State:
        """Return what to remember of this look, for the index of that generation.

        :param seen: the authority files as they were before they were read.
        """
        return index_state.State(
            made_by=index_state.maker(),
            generation=generation,
            authorities=seen,
            file_states=self.file_states,
            refused=self.survey.unreadable_files(),
            moment=self.survey.moment,
            digest=self.survey.digest,
            last=self.last,
        )


def codes_affected(codes: Iterable[str], pointing: Iterable[tuple[str, Iterable[str]]]) -> set[str]:
    """Return the codes whose passages may read differently where some records do, with those.

    :param pointing: codes of records, each with those that it names.
    """
    reached = set(codes)
    reverse: dict[str, set[str]] = {}
    forward: dict[str, set[str]] = {}
    for code, points in pointing:
        if points:
            forward.setdefault(code, set()).update(points)
        for target in points:
            reverse.setdefault(target, set()).add(code)
    # A record that names a changed one may read differently itself (what may not be read is left out
    # of it), and so may the notes that it puts on others.
    for code in reached.copy():
        reached |= reverse.get(code, set())
    for code in reached.copy():
        reached |= forward.get(code, set())
    waiting = list(reached)
    while waiting:
        for code in reverse.get(waiting.pop(), set()) - reached:
            reached.add(code)
            waiting.append(code)
    return reached


def _differs(before: FileState | None, now: FileState | None) -> bool:
    """Return whether a file reads otherwise to these readers than it did."""
    if before is now:
        return False
    if not (before and before.readable) and not (now and now.readable):
        return False  # what this clearance could not see and cannot see now changes nothing for it
    if before is None or now is None:
        return True
    return (before.sha256, before.readable) != (now.sha256, now.readable)


def _codes_readable(states: Mapping[str, FileState]) -> frozenset[str]:
    """Return the codes of the records that can be read, by what was seen of their files."""
    return frozenset(record_files.code_of(path) for path, state in states.items() if state.readable)


def _codes_named_by_unread(last: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return the codes that stand in the header of each record that nobody could ever read."""
    return {code: tuple(written[1:].split()) for code, written in last.items() if written.startswith(NEVER_READ)}
