"""A record while it is edited by hand: a copy for the editor, checked when it is saved, written only when it can be read."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from archive.access import redaction
from archive.errors import CannotWrite, Fault, InvalidTestimony
from archive.keeping import _header_edit as header_edit
from archive.keeping import _revising as revising
from archive.keeping._kept_records import KeptRecords
from archive.keeping._revising import Revised, Signed
from archive.language.messages import tr
from archive.named_tuple import NamedTuple
from archive.reader import read
from archive.reader.versions import ReadVersions
from archive.record import hashing
from archive.record.testimony import reference
from archive.storage import atomic, editor, lock, record_files

_BORDER: Final = b"\n---\n"  # below the header of a record that the program made


class Looked(NamedTuple):
    """What was found in a copy: whether anything was changed, and every fault; ``left_out`` are those of versions alone."""

    is_changed: bool
    faults: tuple[Fault, ...] = ()
    left_out: tuple[Fault, ...] = ()


class Draft:
    """A record that is being edited; ``file`` is the copy that the editor has, of all but what is ``above`` in the record."""

    def __init__(self, root: Path, path: str, content: bytes, file: Path, above: bytes) -> None:
        """Remember what the record was."""
        self._root, self._was, self._path, self._above = root, content, path, above
        self.file = file

    @property
    def path(self) -> str:
        """Return the path of the record, relative to the root."""
        return self._path

    @property
    def sha256(self) -> str:
        """Return the hash of the record's file as it was laid out."""
        return hashing.fixity(self._was)

    @property
    def first_line(self) -> int:
        """Return how many lines of the record stand above the copy."""
        return self._above.count(b"\n")

    def run_editor(self) -> None:
        """Open the copy in the person's editor and wait.

        :raises CannotWrite: there is no editor, or it failed.
        """
        editor.run(self.file)

    def look(self) -> Looked:
        """Check the copy as it is now; its faults name the record's own path."""
        content = self._content()
        if content == self._was:
            return Looked(is_changed=False)
        records = KeptRecords(self._root, read.read_authorities(self._root))
        try:
            after = self._reread(content, records)
        except InvalidTestimony as error:
            return Looked(is_changed=True, faults=error.faults)
        return Looked(is_changed=True, left_out=after.faults)

    def save(self, change: str, by: str, day: str = "") -> Revised:
        """Write the copy in the place of the record, with a line more in its history unless the person has written one.

        :param change: what the line says.
        :param by: who made it.
        :param day: of the change in ISO 8601, else today in UTC.
        :raises InvalidTestimony: it has faults.
        :raises CannotWrite: the record was changed since, or cannot be written.
        """
        content = self._content()
        with lock.writing(self._root):
            records = KeptRecords(self._root, read.read_authorities(self._root))
            if records.content(self._path) != self._was:
                message = tr("{path} has changed since it was read", path=self._path)
                raise CannotWrite(message, tr("Nothing was written; try again on the file as it is now."))
            before = self._before(records)
            after = self._reread(content, records)
            if before is None or after.testimony.history == before.testimony.history:
                content = header_edit.change_header(content, self._path, [revising.entry(change, Signed(by, day))])
                after = self._reread(content, records)
            atomic.write_beside(self._root / self._path, content, new=False, was=self._was)
        known = before or after
        done = revising.describe_revision(known, after, (self._path,), tuple(_access_said(before, after)), change)
        return done._replace(faults=done.faults if before else after.faults)

    def keep(self) -> Path | None:
        """Keep the copy's text where it is not the record's; returns where.

        :raises CannotWrite: it cannot be.
        """
        content = self._content()
        return None if content == self._was else editor.keep(self._root, Path(self._path).name, content)

    def _content(self) -> bytes:
        try:
            return self._above + self.file.read_bytes()
        except OSError as error:
            message = tr("{path} cannot be read: {reason}", path=self.file, reason=error.strerror or error)
            raise CannotWrite(message, tr("The record was left as it is.")) from error

    def _before(self, records: KeptRecords) -> ReadVersions | None:
        try:
            return self._reread(self._was, records)
        except InvalidTestimony:
            return None

    def _reread(self, content: bytes, records: KeptRecords) -> ReadVersions:
        files = records.survey.files_of(record_files.code_of(self._path))
        contents = {each: content if each == self._path else records.content(each) for each in files}
        return revising.reread(contents, self._path, records)


def _access_said(before: ReadVersions | None, after: ReadVersions) -> Iterator[str]:
    was = redaction.level(before.testimony) if before else ""
    now = redaction.level(after.testimony)
    if now not in {was, redaction.CLOSED}:
        yield tr("who may read it has changed: it is {level} now", level=now)


@contextlib.contextmanager
def open_draft(root: Path, code: str, *, words_alone: bool = False) -> Iterator[Draft]:
    """Lay a record out for an editor, also one with faults; the copy is gone at the end.

    :param words_alone: without the header.
    :raises UnknownCode: there is no record of that code.
    :raises CannotWrite: it lies sealed, has a copy, or nothing can be written.
    """
    records = KeptRecords(root, read.read_authorities(root))
    wanted = reference(code).code
    records.refuse_sealed(wanted)
    path = records.path(wanted)
    records.survey.refuse_copied(path)
    content = records.content(path)
    above = content[: content.find(_BORDER, 1) + len(_BORDER)] if words_alone and _BORDER in content else b""
    with editor.copy_for_editor(root, Path(path).name, content.removeprefix(above)) as file:
        yield Draft(root, path, content, file, above)
