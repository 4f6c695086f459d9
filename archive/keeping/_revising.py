"""Changing a record that is there: the one way of all commands that do.

Under the lock a record is read, a plan is made of it, each change is proved
(`archive.keeping._header_edit`), the new files are read as any record is, and
only then written, beside and renamed. Whatever is refused, not a byte is written.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from archive.errors import CannotWrite, Fault, InvalidTestimony
from archive.keeping import _header_edit as header_edit
from archive.keeping._header_edit import Append, Change
from archive.keeping._kept_records import KeptRecords
from archive.keeping._text_edit import TextEdit
from archive.language.messages import tr
from archive.named_tuple import NamedTuple
from archive.reader import read, versions
from archive.reader.versions import ReadVersions
from archive.record.testimony import Testimony
from archive.storage import atomic, lock
from archive.text import nfc, squash

_OWNERS_ALONE: Final = 0o600
MOST_TEXT: Final = 20_000  # code points of what a person gives for one field


class Signed(NamedTuple):
    """Who changes a record, and on which day in ISO 8601, "" for today in UTC."""

    by: str = "archive"
    day: str = ""


class Kept(NamedTuple):
    """A record as it is before a change: with its versions, the bytes of all its files, and those beside it."""

    testimony: Testimony
    contents: Mapping[str, bytes]
    records: KeptRecords


class Plan(NamedTuple):
    """What is to be changed.

    ``changes`` are those of the record's header, ``beside`` those of the headers of its versions by path, and
    ``bodies`` the edits of bodies by path; ``made`` are versions that are new.
    ``history`` is the line that the record's history gets, "" for none;
    ``said`` is what the person should look at, ``remedy`` what to do where the record would have faults.
    ``is_whole``: a version in another language that would not fit the record any more is a fault too.
    """

    changes: tuple[Change, ...] = ()
    beside: Mapping[str, tuple[Change, ...]] = {}
    bodies: Mapping[str, Sequence[TextEdit]] = {}
    made: Mapping[str, bytes] = {}
    history: str = ""
    said: tuple[str, ...] = ()
    remedy: str = ""
    is_whole: bool = False


class Revised(NamedTuple):
    """What was written: the code, the paths, the record as it was and as it is now, what to look at.

    ``faults`` are those of versions in other languages that fitted the record before, and are left out now.
    """

    code: str
    paths: tuple[str, ...]
    before: Testimony
    after: Testimony
    said: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    change: str = ""


def revise(root: Path, code: str, plan: Callable[[Kept], Plan], signed: Signed) -> Revised:
    """Change a record as a plan says.

    :param signed: by whoever changes it, for the history.
    :raises UnknownCode: there is no record of that code.
    :raises InvalidTestimony: it has faults, or would have some; nothing is written.
    :raises CannotWrite: it cannot be written, or would read otherwise than it should.
    """
    with lock.writing(root):
        return revise_locked(root, code, plan, signed)


def revise_locked(root: Path, code: str, plan: Callable[[Kept], Plan], signed: Signed) -> Revised:
    """Change a record as `revise` does, for who holds the lock already."""
    records = KeptRecords(root, read.read_authorities(root))
    contents, before = records.whole(code)
    planned = plan(Kept(before.testimony, contents, records))
    path = before.testimony.path
    changes = (*planned.changes, *([entry(planned.history, signed)] if planned.history else []))
    new = {**planned.made, path: header_edit.change_header(contents[path], path, changes, planned.bodies.get(path, ()))}
    for each in dict.fromkeys((*planned.beside, *planned.bodies)):
        if each != path:
            edits = planned.bodies.get(each, ())
            new[each] = header_edit.change_header(contents[each], each, planned.beside.get(each, ()), edits)
    done = describe_revision(
        before, _reread({**contents, **new}, path, records, planned), tuple(new), planned.said, planned.history
    )
    if planned.is_whole and done.faults:
        raise _refusal(done.faults, planned.remedy)
    write(root, contents, new)
    return done


def _reread(contents: Mapping[str, bytes], path: str, records: KeptRecords, planned: Plan) -> ReadVersions:
    try:
        return reread(contents, path, records)
    except InvalidTestimony as error:
        raise _refusal(error.faults, planned.remedy) from error


def _refusal(faults: tuple[Fault, ...], remedy: str) -> InvalidTestimony:
    refusal = InvalidTestimony(faults)
    refusal.remedy = remedy or tr("Nothing was written.")
    return refusal


def reread(contents: Mapping[str, bytes], path: str, records: KeptRecords) -> ReadVersions:
    """Read all files of a record as they are to be.

    :raises InvalidTestimony: the record would have faults.
    """
    beside = {each: content for each, content in contents.items() if each != path}
    return versions.read_all(contents[path], path, records.authorities, beside)


def describe_revision(
    before: ReadVersions, after: ReadVersions, paths: tuple[str, ...], said: tuple[str, ...], change: str
) -> Revised:
    """Tell what was written, and which versions in other languages do not fit the record any more."""
    new = tuple(fault for fault in after.faults if fault.path not in before.faulty)
    return Revised(
        code=after.testimony.code,
        paths=paths,
        before=before.testimony,
        after=after.testimony,
        said=said,
        faults=new,
        change=change,
    )


def write(root: Path, was: Mapping[str, bytes], new: Mapping[str, bytes]) -> None:
    """Write files in the place of those that were read: new ones first, then the record's own, without which no version is shown.

    :raises CannotWrite: one of them cannot be written, or was changed since.
    """
    written: list[str] = []
    for path, content in new.items():
        try:
            is_new = path not in was
            mode = _OWNERS_ALONE if is_new else None
            atomic.write_beside(root / path, content, new=is_new, was=was.get(path), mode=mode)
        except CannotWrite as error:
            if written:
                message = tr("{path} is written, and then: {message}", path=", ".join(written), message=error.message)
                raise CannotWrite(message, tr("Until it is written too, that version is shown to nobody.")) from error
            raise
        written.append(path)


def today() -> str:
    """Return the day in UTC, in ISO 8601."""
    return dt.datetime.now(tz=dt.UTC).date().isoformat()


def entry(change: str, signed: Signed) -> Append:
    """Return one more line of the history."""
    return Append(("history",), {"date": signed.day or today(), "by": check_text(signed.by, "by"), "change": squash(nfc(change))})


def check_text(written: str, field: str) -> str:
    """Return a text that a person gave for a field.

    :raises InvalidTestimony: it is empty, or too long.
    """
    text = squash(nfc(written))
    if not text or len(text) > MOST_TEXT:
        message = tr("is empty") if not text else tr("is longer than {most} characters", most=MOST_TEXT)
        raise InvalidTestimony((Fault(tr("what was given"), 1, field, message),))
    return text
