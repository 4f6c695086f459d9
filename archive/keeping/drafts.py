"""What is not open to any reader yet: which records, what each still needs, and one of them as its keepers see it."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from archive.authority.authorities import Authorities
from archive.collection import checks
from archive.errors import InvalidTestimony, UnknownCode
from archive.keeping._kept_records import KeptRecords
from archive.language.messages import tr
from archive.reader import read
from archive.record import passages, placeholders
from archive.record.testimony import Reference
from archive.search.model import Record
from archive.storage import record_files
from archive.text import count_of


class DraftRow(NamedTuple):
    """A record that is closed, and was not withdrawn: what its header says, what is still to be filled in, and its faults."""

    code: str
    path: str
    consent: str
    to_fill_in: tuple[str, ...] = ()
    faults: int = 0


class KeptRecord(NamedTuple):
    """A record as its keepers see it, whatever its access, with every note in force."""

    record: Record
    authorities: Authorities
    faults: int = 0


def drafts(root: Path) -> tuple[DraftRow, ...]:
    """Return what is closed and was not withdrawn, in archive order."""
    records = KeptRecords(root, read.read_authorities(root))
    return tuple(_rows(records))


def _rows(records: KeptRecords) -> Iterator[DraftRow]:
    for path in records.survey.files:
        code = record_files.code_of(path)
        try:
            testimony = read.read(records.content(path), path, records.authorities)
        except InvalidTestimony as error:
            if error.declared.level == "closed" and error.declared.consent != "withdrawn":
                yield DraftRow(code, path, error.declared.consent, faults=len(error.faults))
            continue
        if testimony.access == "closed" and testimony.consent != "withdrawn":
            yield DraftRow(code, path, testimony.consent, tuple(map(read.dotted, placeholders.left(testimony))))


def as_kept(root: Path, wanted: Reference) -> KeptRecord:
    """Return a record as its keepers see it; of paragraphs that are named, those alone.

    :raises UnknownCode: there is no such record, or no such paragraph in it.
    :raises InvalidTestimony: it has faults.
    """
    records = KeptRecords(root, read.read_authorities(root))
    _, versions = records.whole(wanted.code)
    testimony = versions.testimony
    every = {each.code: each for each in records.every()} | {testimony.code: testimony}
    built = tuple(passages.build(testimony, checks.note_graph(every).notes(testimony)))
    missing = [number for number in wanted.paragraphs if number > len(built)]
    if missing:
        raise UnknownCode(*_no_paragraph(wanted.code, missing[0], len(built)))
    shown = tuple(passage for passage in built if not wanted.paragraphs or passage.number in wanted.paragraphs)
    rank = records.authorities.vocabulary.rank
    sorted_notes = (
        passage._replace(notes=tuple(sorted(passage.notes, key=lambda note: rank("flag", note.flag)))) for passage in shown
    )
    return KeptRecord(
        Record(testimony, tuple(sorted_notes), passages.footnotes(testimony)), records.authorities, len(versions.faults)
    )


def _no_paragraph(code: str, number: int, most: int) -> tuple[str, str]:
    message = tr("{code} has no paragraph {missing}", code=code, missing=number)
    return message, tr("It has {count}.", count=count_of(most, "paragraph", "paragraphs"))
