"""Our own records that come back from an export or a bag: the same bytes of every file, with the access that they had.

It is our own record and no foreign source: nothing is written into it, and who
may read it stays as it was. What is there is never written over, and a
rendering, in which words may be missing, is no record.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from functools import cached_property
from pathlib import Path
from typing import Final

from archive.access import redaction
from archive.authority.authorities import AUTHORITIES, Authorities, is_shipped
from archive.errors import ArchiveError, CannotWrite, Fault, InvalidAuthorities, InvalidTestimony
from archive.keeping.importing import _export_lines as export_lines
from archive.keeping.importing import _own_bag as own_bag
from archive.keeping.importing._restored import Entry, RestoredFile
from archive.keeping.importing.plan import BAG, EXPORT, REFUSED, UNCHANGED, WOULD_WRITE, WRITTEN, ImportedFile, walk
from archive.language.messages import mark, tr
from archive.reader import people, versions
from archive.reader.authorities import files_in_force, read_authorities
from archive.storage import atomic, lock, record_files

LEFT: Final = mark("left as it is")
"""The status of an authority file that is another one here."""
_OWNERS_ALONE: Final = 0o600
_MOST_FAULTS: Final = 3
_SEALED: Final = b"age-encryption.org/"


def is_ours(path: Path) -> bool:
    """Return whether a file is an export of a collection, or a folder a bag of one."""
    return own_bag.is_bag(path) if path.is_dir() else export_lines.is_export(path)


def find_ours(path: Path) -> Iterator[Path]:
    """Yield the exports and bags that a path is, or that lie in a folder and in all below it."""
    if is_ours(path):
        yield path
    elif path.is_dir():
        yield from (found for found in walk(path, own_bag.is_bag) if is_ours(found))


def restore(root: Path, source: Path, *, write: bool = False, with_authorities: bool = False) -> Iterator[ImportedFile]:
    """Yield what is or would be done with each record and each authority file of an export or a bag.

    :param write: write them; else nothing is written.
    :param with_authorities: take the authority files too, in place of those here, as long as there is no record here.
    :raises CannotWrite: the folder of the records cannot be written to.
    """
    with lock.writing(root) if write else nullcontext():
        restoring = _Restoring(root, source, write=write, with_authorities=with_authorities)
        try:
            yield from restoring.all()
        except OSError as error:
            why = tr("it cannot be read: {reason}", reason=error.strerror or error)
            yield ImportedFile(REFUSED, str(source), kind=restoring.kind, why=why)


class _Restoring:
    """One run over an export or a bag."""

    def __init__(self, root: Path, source: Path, *, write: bool, with_authorities: bool) -> None:
        self._root, self._source, self._write = root, source, write
        self._with_authorities = with_authorities
        self._survey = record_files.survey(root)
        self._taken = {record_files.archive_place(code): code for code in record_files.codes_taken(root)}
        self._is_empty = not self._taken
        self._instead: dict[str, bytes] = {}
        self._authorities: Authorities | None = None
        self.kind = BAG if source.is_dir() else EXPORT

    def all(self) -> Iterator[ImportedFile]:
        """Yield what is done with each entry, the authority files before the records."""
        entries = own_bag.entries if self.kind == BAG else export_lines.entries
        part = "" if self.kind == BAG else export_lines.part_of(self._source)
        for at, told in enumerate(self._each(entries(self._source, str(self._source)))):
            yield told if at or not part else told._replace(said=(*told.said, part))

    def _each(self, entries: Iterable[Entry]) -> Iterator[ImportedFile]:
        waiting: list[tuple[RestoredFile, ImportedFile]] = []
        for entry in entries:
            told = ImportedFile(REFUSED, str(self._source), _place(entry, str(self._source)), self.kind, entry.code)
            if entry.why:
                yield told._replace(why=entry.why)
            elif entry.code:
                yield from self._authority_files(waiting)
                waiting = []
                yield self._record(entry, told)
            else:
                waiting.append((entry.files[0], told._replace(path=entry.files[0].path)))
        yield from self._authority_files(waiting)

    # Authority files

    def _authority_files(self, waiting: Sequence[tuple[RestoredFile, ImportedFile]]) -> Iterator[ImportedFile]:
        """Yield what is done with the authority files, which are read together: they name each other's entries."""
        found = [(file, self._authority(file, told)) for file, told in waiting]
        wanted = {file.path: file.content for file, told in found if told.status != UNCHANGED and not told.why}
        why = self._refuse_authorities(wanted) if wanted else ""
        for file, told in found:
            if file.path not in wanted or why:
                yield told._replace(why=told.why or ("" if told.status == UNCHANGED else why))
                continue
            if self._write:
                place = self._root / file.path
                place.parent.mkdir(exist_ok=True)
                atomic.write_beside(place, file.content, new=False)
            yield told._replace(status=WRITTEN if self._write else WOULD_WRITE)

    def _authority(self, file: RestoredFile, told: ImportedFile) -> ImportedFile:
        """Return what can be said of one by itself: that it is the same here, or why it is left."""
        is_nothing = file.content == f"{_name(file.path)}: []\n".encode() and not os.path.lexists(self._root / file.path)
        if is_nothing or _content_of(self._in_force(file.path)) == file.content:
            return told._replace(status=UNCHANGED)
        if not file.is_file:
            told = told._replace(said=(tr("it is a rendering: what it said of records that are not in it is left out"),))
            if not (self._with_authorities and self._is_empty):
                return told._replace(status=UNCHANGED)  # what is here says more than a rendering could
        why = ""
        if not self._with_authorities:
            why = tr("it is another one here; --authorities takes it, while there is no record")
        elif not self._is_empty:
            why = tr("it is another one here, and there are records that were read by it")
        return told._replace(status=LEFT, why=why) if why else told

    def _refuse_authorities(self, wanted: Mapping[str, bytes]) -> str:
        """Return why authority files cannot be in force here; "" where they can, and will be."""
        instead = {_name(path): content for path, content in wanted.items() if path != people.PATH}
        try:
            read_authorities(self._root, instead)
        except InvalidAuthorities as error:
            return _list_faults(error.faults)
        self._instead = instead
        return ""

    def _in_force(self, path: str) -> Path:
        """Return the file that an authority file would stand in place of: the collection's own, else the shipped one."""
        own = self._root / path
        found = files_in_force(self._root).get(_name(path), own)
        return found if is_shipped(found) and not os.path.lexists(own) else own

    # Records

    def _record(self, entry: Entry, told: ImportedFile) -> ImportedFile:
        files = {file.path: file.content for file in entry.files}
        own = entry.files[0]
        told = told._replace(path=own.path)
        if len(files) < len(entry.files):
            return told._replace(why=tr("a file is in it twice"))
        there = self._taken.get(record_files.archive_place(entry.code))
        if there is not None and not self._was_cut_off(entry.code, own.path, files):
            return self._there(there, files, told)
        if not all(file.is_file for file in entry.files):
            why = tr("it is a rendering for other readers, in which words of the record are withheld, and no record")
            return told._replace(why=why)
        try:
            told = self._restore_sealed(own, told) if own.path.endswith(record_files.SEALED) else self._read(own, files, told)
            self._refuse_links(files)
            if self._write:
                self._put(files, told.level)
        except InvalidTestimony as error:
            return told._replace(why=_list_faults(error.faults))
        except ArchiveError as error:
            return told._replace(why=". ".join(filter(None, (error.message, error.remedy))))
        self._taken[record_files.archive_place(entry.code)] = entry.code
        return told._replace(status=WRITTEN if self._write else WOULD_WRITE)

    def _was_cut_off(self, code: str, own: str, files: Mapping[str, bytes]) -> bool:
        """Return whether some files of a record lie here as they are restored, and its own does not: the rest is written."""
        here = self._files_here.get(code, frozenset())
        return bool(here) and own not in here and all(files.get(path) == _content_of(self._root / path) for path in here)

    @cached_property
    def _files_here(self) -> Mapping[str, frozenset[str]]:
        """The paths that lie here by the codes in their names, also those that nobody reads."""
        survey = self._survey
        every = {*survey.files, *survey.sealed, *survey.versions, *survey.doubtful, *(fault.path for fault in survey.faults)}
        paths: dict[str, set[str]] = {}
        for path in every:
            paths.setdefault(record_files.code_of(path), set()).add(path)
        return {code: frozenset(found) for code, found in paths.items()}

    def _there(self, code: str, files: Mapping[str, bytes], told: ImportedFile) -> ImportedFile:
        """Return what is said of a record whose code is taken: that it is the same, or that nothing is written."""
        here = {_content_of(self._root / path) for path in self._survey.files_of(code)}
        if here == set(files.values()):
            return told._replace(status=UNCHANGED)
        return told._replace(why=tr("there is another {code} here; a code is never written over", code=code))

    def _read(self, own: RestoredFile, files: Mapping[str, bytes], told: ImportedFile) -> ImportedFile:
        """Read a record as the collection will: with the authorities that will be in force.

        :raises InvalidTestimony: it cannot be read.
        """
        if self._authorities is None:
            self._authorities = read_authorities(self._root, self._instead)
        beside = {path: content for path, content in files.items() if path != own.path}
        found = versions.read_all(own.content, own.path, self._authorities, beside)
        if found.faults:
            raise InvalidTestimony(found.faults)
        testimony = found.testimony
        return told._replace(
            language=testimony.language,
            languages=tuple(version.language for version in testimony.versions),
            level=redaction.level(testimony),
        )

    def _restore_sealed(self, own: RestoredFile, told: ImportedFile) -> ImportedFile:
        if not own.content.startswith(_SEALED):
            message = tr("{path} is not sealed, though it is named so", path=own.path)
            raise CannotWrite(message)
        return told._replace(level=redaction.LIMITED, said=(tr("it lies sealed, and nobody looked into it"),))

    def _refuse_links(self, files: Mapping[str, bytes]) -> None:
        """Refuse places behind a link, and where something is.

        :raises CannotWrite: one of them is of that kind.
        """
        for path in files:
            place = self._root
            for part in path.split("/"):
                place /= part
                if place.is_symlink():
                    message = tr("{path} lies behind a link", path=path)
                    raise CannotWrite(message)
            if os.path.lexists(place) and _content_of(place) != files[path]:
                message = tr("{path} is there already", path=path)
                raise CannotWrite(message, tr("What is there is never written over."))

    def _put(self, files: Mapping[str, bytes], level: str) -> None:
        """Write the files of a record, its own last, so that no record stands without its versions."""
        mode = None if level == redaction.OPEN else _OWNERS_ALONE
        for path, content in reversed(list(files.items())):
            place = self._root / path
            if _content_of(place) == content:
                continue  # a restoring that was cut off has left it
            place.parent.mkdir(parents=True, exist_ok=True)
            atomic.write_beside(place, content, new=True, mode=mode)


def _content_of(file: Path) -> bytes | None:
    try:
        return atomic.read_regular(file)
    except OSError:
        return None


def _list_faults(faults: Sequence[Fault]) -> str:
    """Return the first faults of a file, and how many more there are."""
    more = len(faults) - _MOST_FAULTS
    told = "; ".join(map(str, faults[:_MOST_FAULTS]))
    return tr("{told}; and {more} more", told=told, more=more) if more > 0 else told


def _name(path: str) -> str:
    """Return the name of an authority file, as "camps"."""
    return path.removeprefix(f"{AUTHORITIES}/").removesuffix(".yaml")


def _place(entry: Entry, source: str) -> str:
    """Return where in an export or a bag an entry stands: its line, or its file."""
    return entry.at.removeprefix(source).lstrip(":/")
