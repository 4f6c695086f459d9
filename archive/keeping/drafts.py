"""What is not open to any reader yet: which records, what each still needs, and one of them as its keepers see it."""

from collections.abc import Iterator
from pathlib import Path

from archive.authority.authorities import Authorities
from archive.collection import checks
from archive.errors import InvalidTestimony, UnknownCode
from archive.keeping._kept_records import KeptRecords
from archive.language.messages import tr
from archive.named_tuple import NamedTuple
from archive.reader import read
from archive.record import hashing, passages, placeholders
from archive.record.testimony import Reference
from archive.search.model import Record
from archive.storage import record_files
from archive.text import count_of


class DraftRow(NamedTuple):
    """A record that is closed, and was not withdrawn: what its header says, what is still to be filled in, and its faults.

    ``level`` is "" where the header has a fault there.
    """

    code: str
    path: str
    consent: str
    to_fill_in: tuple[str, ...] = ()
    faults: int = 0
    level: str = "closed"
    title: str = ""


class KeptRecord(NamedTuple):
    """A record as its keepers see it, whatever its access, with every note in force; ``sha256`` is of its own file."""

    record: Record
    authorities: Authorities
    faults: int = 0
    sha256: str = ""


def drafts(root: Path, *, every: bool = False) -> tuple[DraftRow, ...]:
    """Return what is closed and was not withdrawn, in archive order.

    :param every: also what readers of any clearance may read, and what nobody reads for its faults.
    """
    records = KeptRecords(root, read.read_authorities(root))
    return tuple(row for row in _rows(records) if row.consent != "withdrawn" and (every or row.level == "closed"))


def _rows(records: KeptRecords) -> Iterator[DraftRow]:
    for path in records.survey.files:
        code = record_files.code_of(path)
        try:
            testimony = read.read(records.content(path), path, records.authorities)
        except InvalidTestimony as error:
            yield DraftRow(code, path, error.declared.consent, faults=len(error.faults), level=error.declared.level)
            continue
        left = tuple(map(read.dotted_name, placeholders.placeholders_in(testimony)))
        yield DraftRow(code, path, testimony.consent, left, level=testimony.access, title=testimony.title)


def as_kept(root: Path, wanted: Reference) -> KeptRecord:
    """Return a record as its keepers see it; of paragraphs that are named, those alone.

    :raises UnknownCode: there is no such record, or no such paragraph in it.
    :raises InvalidTestimony: it has faults.
    """
    records = KeptRecords(root, read.read_authorities(root))
    contents, versions = records.whole(wanted.code)
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
        Record(testimony, tuple(sorted_notes), passages.footnotes(testimony)),
        records.authorities,
        len(versions.faults),
        hashing.fixity(contents[testimony.path]),
    )


def _no_paragraph(code: str, number: int, most: int) -> tuple[str, str]:
    message = tr("{code} has no paragraph {missing}", code=code, missing=number)
    return message, tr("It has {count}.", count=count_of(most, "paragraph", "paragraphs"))
