"""The records of a collection as its keepers have them: whatever their access, and of one look at the folder."""

from collections.abc import Iterator
from pathlib import Path

from archive.authority.authorities import Authorities
from archive.errors import CannotWrite, Fault, InvalidTestimony, UnknownCode
from archive.language.messages import tr
from archive.reader import read, versions
from archive.reader.versions import ReadVersions
from archive.record.reach import shown_words
from archive.record.standing import Words
from archive.record.testimony import Testimony
from archive.search.model import unknown_code
from archive.storage import record_files


class KeptRecords:
    """The files of a collection, whatever their access: this is a keeper's work."""

    def __init__(self, root: Path, authorities: Authorities) -> None:
        """Look at the folder once."""
        self.root = root
        self.authorities = authorities
        self.survey = record_files.survey(root)
        self._paths = {record_files.code_of(path): path for path in self.survey.files}

    def path(self, code: str) -> str:
        """Return the path of a record's file.

        :raises UnknownCode: there is none of that code.
        :raises InvalidTestimony: it is there, and is not read for its name or kind.
        """
        if code in self._paths:
            return self._paths[code]
        named = tuple(fault for fault in self.survey.faults if record_files.code_of(fault.path) == code)
        if named:
            raise InvalidTestimony(named)
        raise unknown_code(code, self._paths)

    def content(self, path: str) -> bytes:
        """Return the bytes of a file.

        :raises InvalidTestimony: they cannot be read.
        """
        try:
            return record_files.read_bytes(self.root, path)
        except OSError as error:
            raise InvalidTestimony(
                (Fault(path, 1, "file", tr("cannot be read: {reason}", reason=error.strerror or error)),)
            ) from error

    def words(self, code: str) -> Words | None:
        """Return the paragraphs of a record as others are bound to them; None where there is none that can be read."""
        testimony = self.find(code)
        return shown_words(testimony) if testimony else None

    def find(self, code: str) -> Testimony | None:
        """Return a record; None where there is none that can be read."""
        try:
            path = self.path(code)
            return read.read(self.content(path), path, self.authorities)
        except (InvalidTestimony, UnknownCode):
            return None

    def whole(self, code: str) -> tuple[dict[str, bytes], ReadVersions]:
        """Return all files of a record by path, its own first, and what they say.

        :raises UnknownCode: there is no file of that code.
        :raises InvalidTestimony: the record has faults.
        :raises CannotWrite: it lies sealed, or a copy of it lies here.
        """
        self.refuse_sealed(code)
        path = self.path(code)
        self.survey.refuse_copied(path)
        contents = {each: self.content(each) for each in self.survey.files_of(code)}
        beside = {each: content for each, content in contents.items() if each != path}
        return contents, versions.read_all(contents[path], path, self.authorities, beside)

    def refuse_sealed(self, code: str) -> None:
        """Refuse a record that lies sealed.

        :raises CannotWrite: it does.
        """
        if any(record_files.code_of(path) == code for path in self.survey.sealed):
            message = tr("{code} lies sealed", code=code)
            raise CannotWrite(message, tr("Unseal it first: testimony unseal {code} --identity FILE", code=code))

    def every(self) -> Iterator[Testimony]:
        """Yield every record that can be read, in archive order."""
        for code in sorted(self._paths):
            if testimony := self.find(code):
                yield testimony
