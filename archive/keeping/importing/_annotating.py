"""Annotations on words of records that are there: proposals of notes, which nobody reads before a person has confirmed them."""

import shlex
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from archive.documents.model import count_letters
from archive.errors import ArchiveError
from archive.keeping import _notes
from archive.keeping._kept_records import KeptRecords
from archive.keeping.importing import _anchors as anchors
from archive.keeping.importing._anchors import Anchor
from archive.keeping.importing._model import LeftOut, SourceRemark
from archive.keeping.importing._remarks import FLAG, Proposal, notes_of, with_notes
from archive.language.messages import mark, tr
from archive.named_tuple import NamedTuple
from archive.reader import read
from archive.record import paragraphs
from archive.record.placeholders import UNCONFIRMED
from archive.record.testimony import About, Note, Reference, Testimony, TextVersion
from archive.storage import atomic, record_files
from archive.text import nfc, squash, without_locators

NOWHERE: Final = mark("annotations that are bound to no words")
THERE: Final = mark("annotations that the record has as notes already")
_SHOWN: Final = 60
_CALL: Final = "⟦@"


class ProposedNotes(NamedTuple):
    """What annotations give: proposals, what is left out of them, and why others are left to the person."""

    proposals: tuple[Proposal, ...]
    left_out: tuple[LeftOut, ...]
    said: tuple[str, ...]


def propose(records: KeptRecords, remarks: Sequence[SourceRemark], by: str, day: str, *, write: bool) -> ProposedNotes:
    """Bind annotations to the words that they quote, and write them, to be confirmed, into records that are closed.

    :param by: who brings them in.
    :param write: else nothing is written.
    """
    known = frozenset(map(record_files.code_of, records.survey.files))
    quotes = [remark.quote for remark in remarks if remark.quote is not None]
    versions = _Versions(records)
    found = anchors.find(quotes, _bodies(records), known, versions.bodies())
    binding = _Binding(records, by, day, write=write)
    placed: dict[str, list[tuple[SourceRemark, Anchor]]] = {}
    for remark, anchor in zip(remarks, found, strict=True):
        if isinstance(anchor, str):
            binding.leave([remark], anchor)
        else:
            said, place = versions.in_record(remark, anchor)
            placed.setdefault(place.code, []).append((said, place))
    for code, there in sorted(placed.items()):
        binding.bind(code, there)
    left_out = tuple(LeftOut(what, number, binding.letters[what]) for what, number in binding.numbers.items())
    return ProposedNotes(tuple(sorted(binding.proposals)), left_out, tuple(binding.said))


def _bodies(records: KeptRecords) -> Iterator[tuple[str, str]]:
    """Yield the code and the body of each record, also of those whose header has faults."""
    for path in records.survey.files:
        try:
            body = read.split(records.content(path), path).body
        except ArchiveError:
            continue
        if _CALL not in body:  # which is how a place is marked here
            yield record_files.code_of(path), body


class _Versions:
    """The versions of records in other languages, and where in the record the words stand that are quoted of one."""

    def __init__(self, records: KeptRecords) -> None:
        self._records = records
        self._read: dict[str, tuple[Testimony, TextVersion]] = {}

    def bodies(self) -> Iterator[tuple[str, str]]:
        """Yield the name and the body of each, but for those that cannot be read."""
        for code in sorted(map(record_files.code_of, self._records.survey.files)):
            if self._records.survey.versions_of(code):
                try:
                    testimony = self._records.whole(code)[1].testimony
                except ArchiveError:
                    continue
                for version in testimony.versions:
                    self._read[f"{code}.{version.language}"] = testimony, version
                    yield f"{code}.{version.language}", version.body

    def in_record(self, remark: SourceRemark, anchor: Anchor) -> tuple[SourceRemark, Anchor]:
        """Return what was said of words of a version as said of the paragraphs of the record that they stand for.

        The quote cannot be that of a note, since it stands in no paragraph of the
        record; what is said begins with it and its language, where nothing in it is withheld.
        """
        if anchor.code not in self._read:
            return remark, anchor
        testimony, version = self._read[anchor.code]
        lines = anchors.line_starts(version.body)
        blocks = [
            block
            for block in paragraphs.passages(version.body)
            if lines[block.line - 1] < anchor.last and lines[block.line - 1] + len(block.text) > anchor.first
        ]
        theirs = {block.number for block in blocks}
        own = [number for pair in version.pairs if theirs & set(pair.theirs) for number in pair.own]
        lines = anchors.line_starts(testimony.body)
        starts = {block.number: lines[block.line - 1] for block in paragraphs.passages(testimony.body)}
        words = squash(nfc(without_locators(remark.quote.exact))) if remark.quote else ""
        shown = words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"
        is_withheld = any(paragraphs.has_redaction(block.text) for block in blocks)
        said = f"[{version.language}]" if is_withheld else f"[{version.language}: “{shown}”]"
        return remark._replace(text=f"{said} {remark.text}"), Anchor(testimony.code, starts[own[0]], starts[own[-1]])


class _Binding:
    """The proposals of one file of annotations."""

    def __init__(self, records: KeptRecords, by: str, day: str, *, write: bool) -> None:
        self._records, self._by, self._day, self._write = records, by, day, write
        self.proposals: list[Proposal] = []
        self.said: list[str] = []
        self.letters, self.numbers = Counter[str](), Counter[str]()

    def leave(self, remarks: Sequence[SourceRemark], why: str) -> None:
        """Leave annotations to the person, with the reason."""
        for remark in remarks:
            words = remark.quote.exact if remark.quote else ""
            shown = words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"
            self.said.append(tr("{number}. “{words}”: {why}", number=remark.number, words=shown, why=why))
            self._count(NOWHERE, remark)

    def bind(self, code: str, there: Sequence[tuple[SourceRemark, Anchor]]) -> None:
        """Propose the notes of one record."""
        record = self._records.find(code)
        if record is None or record.consent == "withdrawn":
            faulty = tr("{code} has faults: testimony check", code=code)
            self.leave([each for each, _ in there], tr("{code} was withdrawn", code=code) if record else faulty)
            return
        statements = {squash(nfc(note.statement.removeprefix(UNCONFIRMED))) for note in record.notes}
        for remark, _ in there:
            if remark.text in statements:
                self._count(THERE, remark)
        new = [(remark, anchor) for remark, anchor in there if remark.text not in statements]
        calls = [(anchor.first, anchor.last, f"{_CALL}{remark.number}⟧") for remark, anchor in new]
        called = anchors.with_calls(record.body, calls)
        first = _notes.next_number(record)
        notes = list(notes_of(called, [remark for remark, _ in new], self._by, self._day, first=first))
        is_closed = record.access == "closed"
        if is_closed and self._write and notes:
            try:
                self._put(record, tuple(note for _, note in notes))
            except ArchiveError as error:
                self.leave([remark for remark, _ in new], ". ".join(filter(None, (error.message, error.remedy))))
                return
        for remark, note in notes:
            command = "" if is_closed else _command(code, remark.text, note.about)
            told = Proposal(
                number=remark.number,
                statement=remark.text,
                code=code,
                paragraphs=note.about.paragraphs,
                note=note.id if is_closed else "",
                command=command,
            )
            self.proposals.append(told)

    def _put(self, record: Testimony, notes: tuple[Note, ...]) -> None:
        """Write notes into a closed record.

        :raises CannotWrite: it cannot be written, would read otherwise, or there is a copy of it.
        """
        path = record.path
        self._records.survey.refuse_copied(path)
        content = self._records.content(path)
        after = with_notes(content, path, notes)
        _notes.prove(after, path, record, notes, self._records.authorities)
        atomic.write_beside(self._records.root / path, after, new=False, was=content)

    def _count(self, what: str, remark: SourceRemark) -> None:
        self.numbers[what] += 1
        self.letters[what] += count_letters(remark.text)


def _command(code: str, statement: str, about: About) -> str:
    """Return the command that enters a note, as a shell reads it."""
    words = ["testimony", "note", str(Reference(code, about.paragraphs)), "--flag", FLAG, f"--statement={statement}"]
    if about.exact:
        words.append(f"--quote={about.prefix}{about.exact}{about.suffix}")
    return shlex.join(words)
