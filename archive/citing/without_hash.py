"""Mentions of our records without a hash: they cannot be checked, so they are listed with their citation of today."""

from collections.abc import Iterable, Iterator
from typing import Final

from archive.citing.mentions import find_codes
from archive.citing.printed_page import FIELD
from archive.citing.verification import RecordSource, Verdict
from archive.language.messages import tr
from archive.named_tuple import NamedTuple
from archive.record.testimony import Note, Passage, Reference, Testimony, notes_of
from archive.search.model import Record

_MOST_PARAGRAPHS: Final = 1_000
_MOST_EACH: Final = 50
_DIGITS: Final = range(4, 7)


class Unhashed(NamedTuple):
    """A reference that stands in a document without a hash.

    ``testimony`` and ``at`` are what it would cite today, None where that
    cannot be given, and then ``reason`` says why; ``at`` is None for a whole
    record. ``notes`` are the caveats in force there.
    """

    reference: Reference
    lines: tuple[int, ...]
    reason: str
    testimony: Testimony | None = None
    at: Passage | None = None
    notes: tuple[Note, ...] = ()

    @property
    def is_citation(self) -> bool:
        """Return whether it cites a paragraph; the bare code of a record names it, and is listed alone."""
        return bool(self.reference.paragraphs)


def find(document: str, verdicts: Iterable[Verdict], archive: RecordSource, prefixes: frozenset[str]) -> tuple[Unhashed, ...]:
    """Return the mentions of a document that have no hash anywhere in it, each once, in the order of the document.

    What our own documents name beside a citation (the other side of a caveat, a related record, on the page of a person a
    paragraph of a record that is cited whole) is none, nor is a code whose letters this archive does not use.

    :param verdicts: what was found with a hash.
    """
    checked = tuple(verdicts)
    known = _cited_references(checked) | _named_references(checked)
    paged = {verdict.mention.reference.code for verdict in checked if FIELD in verdict.fields_compared}
    found: dict[Reference, list[int]] = {}
    for reference, line in find_codes(document):
        letters, _, digits = reference.code.partition("-")
        if letters in prefixes and len(digits) in _DIGITS and not (reference.code in paged or _is_known(reference, known)):
            for each in _single(reference):
                found.setdefault(each, []).append(line)
    paragraphs_of = {each.code for each in found if each.paragraphs}
    return tuple(
        _today(reference, tuple(dict.fromkeys(lines)), archive)
        for reference, lines in found.items()
        if reference.paragraphs or reference.code not in paragraphs_of
    )


def _cited_references(verdicts: Iterable[Verdict]) -> set[Reference]:
    found = set[Reference]()
    for verdict in verdicts:
        found |= {verdict.mention.reference, Reference(verdict.mention.reference.code, ())}
    return found


def _named_references(verdicts: Iterable[Verdict]) -> set[Reference]:
    """Return what the records that are cited name: other versions, what their caveats name, codes in their words."""
    found, texts = set[Reference](), set[str]()
    for verdict in verdicts:
        if verdict.testimony is None:
            continue
        found |= {Reference(each.code, ()) for each in verdict.testimony.relations}
        texts |= {verdict.at.words} if verdict.at else set()
        for note in (*verdict.notes, *verdict.testimony.notes):
            found |= {Reference(note.origin, ())} if note.origin else set()
            texts.update(map(str, (*note.against, note.statement)))
    # Each is read once: the notes of a record are those of all its passages.
    return found.union(*map(_references, texts))


def _references(text: str) -> Iterator[Reference]:
    for reference, _ in find_codes(text):
        yield reference
        yield Reference(reference.code, ())


def _is_known(reference: Reference, known: set[Reference]) -> bool:
    if reference in known:
        return True
    numbers = reference.paragraphs
    if not numbers or numbers[-1] - numbers[0] > _MOST_PARAGRAPHS:
        return False
    return all(Reference(reference.code, (number,)) in known for number in range(numbers[0], numbers[-1] + 1))


def _single(reference: Reference) -> Iterator[Reference]:
    """Yield the paragraphs of a range one by one; of one that is too long the first."""
    numbers = reference.paragraphs
    if not numbers:
        yield reference
        return
    last = numbers[-1] if numbers[0] <= numbers[-1] <= numbers[0] + _MOST_EACH else numbers[0]
    for number in range(numbers[0], last + 1):
        yield Reference(reference.code, (number,))


def _today(reference: Reference, lines: tuple[int, ...], archive: RecordSource) -> Unhashed:
    record = archive.find(reference.code)
    if record is None:
        return Unhashed(reference, lines, _why(reference.code, archive))
    if not reference.paragraphs:
        return Unhashed(
            reference=reference,
            lines=lines,
            reason="",
            testimony=record.testimony,
            at=None,
            notes=tuple(notes_of(record.passages)),
        )
    passage = _passage(record, reference.paragraphs[0])
    if passage is None:
        missing = tr("{code} has no paragraph {number}", code=reference.code, number=reference.paragraphs[0])
        return Unhashed(reference, lines, missing)
    return Unhashed(
        reference=reference, lines=lines, reason="", testimony=record.testimony, at=passage, notes=tuple(passage.notes)
    )


def _passage(record: Record, number: int) -> Passage | None:
    return next((each for each in record.passages if each.number == number), None)


def _why(code: str, archive: RecordSource) -> str:
    if code in archive.withdrawn():
        return tr("the record was withdrawn after it had been public; do not use its words")
    if archive.is_unread(code):
        return tr("the file of {code} cannot be read at present", code=code)
    return tr("there is no testimony {code}", code=code)
