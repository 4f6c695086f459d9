"""What a public record would tell of what is not public, and what public readers would miss: looks across records.

Messages name codes and places, never words.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Final

from archive import text
from archive.access import redaction
from archive.errors import Fault
from archive.language.messages import mark, tr
from archive.named_tuple import NamedTuple
from archive.reader import read
from archive.record import dates, paragraphs
from archive.record.passages import points_at, without_unreadable
from archive.record.reach import NoteGraph
from archive.record.testimony import CLEARANCES, Note, Testimony, reference

Lines = Callable[[tuple[str | int, ...]], int]
"""Gives the line of a place in a record's header."""


class RecordVersions(NamedTuple):
    """A record as the keepers have it, and the lines of its header."""

    testimony: Testimony
    line_of: Lines


def faults(records: Mapping[str, RecordVersions]) -> Iterator[Fault]:
    """Yield the notes of public records that repeat what a record which they reach withholds, whoever may read that one."""
    withholding = {
        code: [phrase for body in redaction.bodies(versions.testimony) for phrase in read.withheld_phrases(body)]
        for code, versions in records.items()
        if any(map(paragraphs.has_redaction, redaction.bodies(versions.testimony)))
    }
    for versions in filter(_is_public, records.values()):
        relied_on_by = _relying(versions.testimony.code, records)
        for number, note in enumerate(versions.testimony.notes):
            reached = {*(reference(link).code for link in note.against), *relied_on_by} - {versions.testimony.code}
            for code in sorted(reached & withholding.keys()):
                if any(read.says(note.statement, phrase) for phrase in withholding[code]):
                    line = versions.line_of(("credibility", "notes", number, "statement"))
                    message = tr("repeats words that are withheld in {code}, where this note is in force", code=code)
                    yield Fault(versions.testimony.path, line, "credibility.notes.statement", message)


def warnings(records: Mapping[str, RecordVersions], sealed: frozenset[str]) -> Iterator[Fault]:
    """Yield what a keeper should look at."""
    yield from _losses(records)
    for versions in records.values():
        yield from _not_travelling(versions, records)
        if _is_public(versions):
            yield from _naming(versions, records, sealed)
            yield from _half_withheld(versions)


def differences(
    records: Mapping[str, Testimony], readable: Collection[str], named: Collection[tuple[str, str]] = frozenset()
) -> Iterator[tuple[str, str]]:
    """Yield, for each record of some that may be read, what its readers miss since others may not: caveats, voices, versions.

    What stands in a record that may not be read itself is not repeated: codes and ids alone.

    :param readable: the codes of those that may be read.
    :param named: records, and notes that are named as missing there already.
    """
    whole = _Seen(records)
    part = _Seen({code: without_unreadable(records[code], readable.__contains__) for code in records if code in readable})
    for code in part.records:
        here = part.notes(code)
        if missing := [note for note in whole.notes(code) if note not in here and (code, note) not in named]:
            whose = dict.fromkeys(
                missing_note.partition("/")[0] for missing_note in missing
            )  # an id may say what a keeper must not print
            yield code, tr("its readers do not get notes of {whose}, which {by}", whose=text.join_list(whose, "and"), by=tr(_BY))
        for name, what in (("voice", ONE_VOICE), ("version", VERSIONS)):
            apart = sorted((whole.group(code, what) & set(part.records)) - part.group(code, what))
            if apart:
                yield (
                    code,
                    tr(
                        "its readers cannot tell that it is one {name} with {apart}, which {by}",
                        name=name,
                        apart=text.join_list(apart, "and"),
                        by=tr(_BY),
                    ),
                )


_BY: Final = mark("hangs on records that they may not read: write it in one that they may")
VERSIONS: Final = frozenset({"revises", "revised-by"})
ONE_VOICE: Final = VERSIONS | {"same-person"}


class _Seen:
    """Records as one reader sees them."""

    def __init__(self, records: Mapping[str, Testimony]) -> None:
        self.records = records
        pointing: dict[str, list[str]] = {}
        for code, testimony in records.items():
            for named in points_at(testimony):
                pointing.setdefault(named, []).append(code)
        self._web = NoteGraph(records.get, lambda code: pointing.get(code, ()))
        self._tied: dict[frozenset[str], dict[str, set[str]]] = {}

    def notes(self, code: str) -> dict[str, None]:
        """Name the notes of a record's passages that it has from others."""
        testimony = self.records[code]
        at = self._web.notes(testimony)
        every = (note for run in paragraphs.passages(testimony.body) for note in at(run.number))
        return {f"{note.origin}/{note.id}": None for note in every if note.origin}

    def group(self, code: str, by: frozenset[str]) -> set[str]:
        """Return the records that relations tie to one, at any remove."""
        if by not in self._tied:
            ties: dict[str, set[str]] = {}
            for record in self.records.values():
                for relation in record.relations:
                    if relation.type in by:
                        ties.setdefault(record.code, set()).add(relation.code)
                        ties.setdefault(relation.code, set()).add(record.code)
            self._tied[by] = ties
        members, waiting = {code}, [code]
        while waiting:
            new = self._tied[by].get(waiting.pop(), set()) - members
            members |= new
            waiting += new
        return members


def _losses(records: Mapping[str, RecordVersions]) -> Iterator[Fault]:
    """Name what the readers of each clearance miss, once; what a closed record's own notes say is named at these."""
    plain = {code: kept.testimony for code, kept in records.items()}
    reported: set[tuple[str, str]] = set()
    named = {
        (missed, f"{kept.testimony.code}/{note.id}")
        for kept in records.values()
        for note in kept.testimony.notes
        for missed in _records_without(kept, note, records)
    }
    for clearance in CLEARANCES:
        readable = {code for code, versions in plain.items() if redaction.may_read(versions, clearance)}
        for code, message in differences(plain, readable, named):
            if (code, message) not in reported:
                reported.add((code, message))
                kept = records[code]
                line = kept.line_of(("relations",))
                yield Fault(
                    kept.testimony.path,
                    line,
                    "relations",
                    tr("at clearance {clearance}: {message}", clearance=clearance, message=message),
                )


def is_lapsed(testimony: Testimony, day: int) -> bool:
    """Return whether a record is held back until a day that has passed; a person has to take the date out.

    :param day: today, as ``yyyymmdd``.
    """
    until = dates.bounds(testimony.until) if testimony.until else None
    return until is not None and until.latest < day


def _is_public(versions: RecordVersions) -> bool:
    return redaction.level(versions.testimony) == redaction.OPEN


def _relying(code: str, records: Mapping[str, RecordVersions]) -> set[str]:
    """Return the records that rely on one, at first hand."""
    return {
        other
        for other, versions in records.items()
        if any(relation.type == "relies-on" and relation.code == code for relation in versions.testimony.relations)
    }


def _not_travelling(versions: RecordVersions, records: Mapping[str, RecordVersions]) -> Iterator[Fault]:
    """Warn of notes that public readers of another record do not get, since this record is not public."""
    testimony = versions.testimony
    for number, note in enumerate(testimony.notes):
        if missed := _records_without(versions, note, records):
            line = versions.line_of(("credibility", "notes", number))
            message = tr(
                "does not reach public readers of {missed}: write a public note there", missed=text.join_list(missed, "and")
            )
            yield Fault(testimony.path, line, f"credibility.notes.{number + 1}", message)


def _records_without(versions: RecordVersions, note: Note, records: Mapping[str, RecordVersions]) -> list[str]:
    """Return the public records at which a note would be in force at first hand, and is not, since its record is not public."""
    code = versions.testimony.code
    if _is_public(versions):
        return []
    relying = {relying_code for relying_code in _relying(code, records) if _is_public(records[relying_code])}
    return sorted({*_public_targets(note, records), *relying} - {code})


def _public_targets(note: Note, records: Mapping[str, RecordVersions]) -> Iterator[str]:
    for link in note.against:
        code = reference(link).code
        if code in records and _is_public(records[code]):
            yield code


def _naming(versions: RecordVersions, records: Mapping[str, RecordVersions], sealed: frozenset[str]) -> Iterator[Fault]:
    """Warn where the words of a public record name a code that the public does not know of."""
    testimony = versions.testimony
    shut = {code for code, other in records.items() if not _is_public(other) and not other.testimony.was_public} | sealed
    texts: list[tuple[tuple[str | int, ...], str]] = [(("title",), testimony.title)]
    texts += [(("credibility", "notes", number), note.statement) for number, note in enumerate(testimony.notes)]
    texts += [(("claims", number), claim.text) for number, claim in enumerate(testimony.claims)]
    texts += [(("history", number), change.change) for number, change in enumerate(testimony.history)]
    places = [(versions.line_of(where), ".".join(map(str, where[:2])), words) for where, words in texts]
    places += [
        (testimony.body_line + run.line - 1, "body", paragraphs.withheld(run.text))
        for run in paragraphs.split_blocks(testimony.body)
    ]
    named = [(testimony.path, *place) for place in places]
    named += [
        (version.path, version.body_line + run.line - 1, "body", paragraphs.withheld(run.text))
        for version in testimony.versions
        for run in paragraphs.split_blocks(version.body)
    ]
    for path, line, field, words in named:
        for code in sorted(text.codes(words) & shut):
            yield Fault(path, line, field, tr("names {code}, which is not public", code=code))


def _half_withheld(versions: RecordVersions) -> Iterator[Fault]:
    """Warn where withheld words stand open elsewhere, and of what is said of paragraphs that nobody sees."""
    testimony = versions.testimony
    if not paragraphs.has_redaction(testimony.body):
        return
    runs = list(paragraphs.split_blocks(testimony.body))
    phrases = {(run.line, phrase) for run in runs for phrase in read.withheld_phrases(run.text)}
    for run in runs:
        shown = paragraphs.withheld(run.text)
        if any(read.says(shown, phrase) for _, phrase in phrases):
            message = tr("has words that are withheld elsewhere, or in this paragraph, and stand open here")
            yield Fault(testimony.path, testimony.body_line + run.line - 1, "body", message)
    gone = {run.number for run in runs if run.number and paragraphs.is_wholly_withheld(run.text)}
    for number, claim in enumerate(testimony.claims):
        if set(claim.paragraphs) <= gone:
            message = tr("is not published, since its paragraphs are wholly withheld")
            yield Fault(testimony.path, versions.line_of(("claims", number)), f"claims.{number + 1}", message)
    for number, note in enumerate(testimony.notes):
        if note.about.paragraphs and set(note.about.paragraphs) <= gone:
            line = versions.line_of(("credibility", "notes", number))
            message = tr(
                "is public, though its paragraphs are wholly withheld: see that its statement does not tell what they say"
            )
            yield Fault(testimony.path, line, f"credibility.notes.{number + 1}", message)
