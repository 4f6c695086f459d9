"""Faults and weaknesses that only the whole collection shows."""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Final

from archive.access import exposure
from archive.access.exposure import RecordVersions
from archive.authority.authorities import Authorities
from archive.collection import _evidence as evidence
from archive.collection import bindings, last_read
from archive.collection.last_read import Indexed
from archive.errors import Fault, InvalidTestimony
from archive.language.messages import tr
from archive.named_tuple import NamedTuple
from archive.reader import people, versions
from archive.reader import read as reader
from archive.reader.people import Register
from archive.record import alignment, dates, paragraphs, placeholders
from archive.record.hashing import SHORT_HASH, passage_hash
from archive.record.passages import points_at
from archive.record.periods import operating_life
from archive.record.reach import MOST_NOTES, NoteGraph, own_scopes, own_words, replacing
from archive.record.testimony import Claim, Reference, Testimony
from archive.storage import record_files
from archive.storage.record_files import Survey
from archive.text import WITHOUT_WIDTH, join_list, paragraphs_named

_OTHER_SIDE = {"revises": "revised-by", "revised-by": "revises", "same-person": "same-person"}


Lines = Callable[[tuple[str | int, ...]], int]
"""Gives the line of a place in a record's header."""


class CheckReport(NamedTuple):
    """Everything that was found; warnings never change an exit code."""

    read: int
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]


def check(root: Path, opened: Mapping[str, bytes] = MappingProxyType({}), indexed: Indexed = lambda _: None) -> CheckReport:
    """Read every file, whatever its access, and hold the records against each other.

    :param opened: what sealed files hold, by path, where they could be opened.
    :param indexed: gives a record that cannot be read as an index still holds it.
    :raises InvalidAuthorities: an authority file has faults.
    """
    authorities = reader.read_authorities(root)
    survey = record_files.survey(root)
    faults, warnings = list(survey.faults), list(_lying_about(root, survey))
    records: dict[str, Testimony] = {}
    lines: dict[str, Lines] = {}
    for path in (*survey.files, *(path for path in survey.sealed if path in opened)):
        try:
            contents = {
                path_of_code: opened[path_of_code] if path_of_code in opened else record_files.read_bytes(root, path_of_code)
                for path_of_code in survey.files_of(record_files.code_of(path))
                if path_of_code in opened or not path_of_code.endswith(record_files.SEALED)
            }
            content = contents.pop(path)
            read_versions = versions.read_all(content, path, authorities, contents)
            testimony = read_versions.testimony
        except OSError as error:
            faults.append(Fault(path, 1, "file", tr("cannot be read: {reason}", reason=error.strerror or error)))
        except InvalidTestimony as error:
            faults += error.faults
        else:
            faults += read_versions.faults
            warnings += [
                warning for file, written in {path: content, **contents}.items() for warning in _like_tags(file, written)
            ]
            records[testimony.code] = testimony
            lines[testimony.code] = reader.nodes(content, path)[0].line_of
    shut = {record_files.code_of(path): path for path in survey.sealed if path not in opened}
    web = note_graph(records)
    for code, testimony in records.items():
        faults += _faults(testimony, records, frozenset(shut), lines[code])
        faults += _crowded_records(testimony, web, lines[code])
        warnings += _warnings(testimony, authorities, records, lines[code])
    for code, weak in evidence.weaknesses(records, authorities):
        warnings.append(Fault(records[code].path, lines[code](weak.place), weak.field, weak.message))
    for path in shut.values():
        warnings.append(Fault(path, 1, "file", tr("is sealed and was not checked; name the --identity that opens it")))
    kept = {code: RecordVersions(testimony, lines[code]) for code, testimony in records.items()}
    faults += exposure.faults(kept)
    warnings += exposure.warnings(kept, frozenset(record_files.code_of(path) for path in survey.sealed))
    unread = {record_files.code_of(fault.path) for fault in faults} - {"", *records, *shut}
    if unread:
        last = last_read.for_keepers(root, authorities, sorted(unread), indexed)
        warnings += (
            Fault(records[code].path, lines[code](()), "header", name_warnings)
            for code, name_warnings in last_read.hanging(records, last)
        )
    register = people.read_people(root)
    faults += register.faults
    warnings += (each for code, testimony in records.items() for each in _strangers(testimony, register, lines[code]))
    taken, name_warnings = reader.naming_records(root, authorities, {*records, *shut})
    faults += taken
    warnings += name_warnings
    return CheckReport(len(records), _sort(faults), _sort(warnings))


def _strangers(testimony: Testimony, register: Register, lines: Lines) -> Iterator[Fault]:
    """Warn of those in ``by`` whom the register of people does not know, where there is one."""
    if register.initials is None:
        return
    named: list[tuple[tuple[str | int, ...], str]] = []
    named += [(("credibility", "notes", number, "by"), note.by) for number, note in enumerate(testimony.notes)]
    named += [(("history", number, "by"), change.by) for number, change in enumerate(testimony.history)]
    for place, name in named:
        if name and name not in register.initials:
            message = tr("{name!r} is not in people.yaml", name=name)
            yield Fault(testimony.path, lines(place), f"{place[-3]}.{int(place[-2]) + 1}.by", message)


def _lying_about(root: Path, survey: Survey) -> Iterator[Fault]:
    """Warn of files that are no records, though words of one may stand in them."""
    for path, first in survey.copies.items():
        yield Fault(
            path,
            1,
            "file",
            tr("holds the same bytes as {first}, which is read; take it away before one of them is edited", first=first),
        )
    for path in survey.strays:
        yield Fault(path, 1, "file", tr("was left by an editor or a system, and may hold words of a record; it is not read"))
    for path in record_files.not_walked(root):
        yield Fault(
            path,
            1,
            "file",
            tr("lies in a folder that is not read; move it back into {folder}, or delete it", folder=record_files.FOLDER),
        )


def _sort(faults: list[Fault]) -> tuple[Fault, ...]:
    return tuple(sorted(set(faults)))


def note_graph(records: Mapping[str, Testimony]) -> NoteGraph:
    """Return the web of some records, as who may read all of them sees it."""
    pointing: dict[str, list[str]] = {}
    for code, testimony in records.items():
        for named in points_at(testimony):
            pointing.setdefault(named, []).append(code)
    return NoteGraph(records.get, lambda code: pointing.get(code, ()))


def _faults(testimony: Testimony, records: dict[str, Testimony], shut: frozenset[str], lines: Lines) -> Iterator[Fault]:
    for number, note in enumerate(testimony.notes):
        for place, (link, _) in enumerate(note.links):
            line = lines(("credibility", "notes", number, "with", place))
            for message in _unresolved_codes(link.code, records, shut):
                yield Fault(testimony.path, line, "credibility.notes.with", message)
        if note.replaces:
            where: tuple[str | int, ...] = ("credibility", "notes", number, "replaces")
            for message in narrower(testimony, note.replaces):
                yield Fault(testimony.path, lines(where), "replaces", message)
    for number, relation in enumerate(testimony.relations):
        where = ("relations", number, "code")
        for message in _unresolved_codes(relation.code, records, shut):
            yield Fault(testimony.path, lines(where), "relations.code", message)
        other = records.get(relation.code)
        back = _OTHER_SIDE.get(relation.type)
        if (
            other
            and back
            and not any(relation_back.type == back and relation_back.code == testimony.code for relation_back in other.relations)
        ):
            message = tr("{code} does not point back with a relation of type {back}", code=relation.code, back=back)
            yield Fault(testimony.path, lines(where), "relations", message)
    yield from _to_fill_in(testimony, lines)
    yield from _outdated_versions(testimony)
    for where, message in bindings.faults(testimony, records.get):
        yield Fault(testimony.path, lines(where), reader.dotted_name(where), message)


def _to_fill_in(testimony: Testimony, lines: Lines) -> Iterator[Fault]:
    """Yield what still has what a new record has in the place of what nobody has written yet."""
    for where in (each for each in placeholders.placeholders_in(testimony) if each != placeholders.NAME):
        line = testimony.body_line if where == ("body",) else lines(where)
        message = tr("has still what a new record has in its place; write it with `testimony edit {code}`", code=testimony.code)
        yield Fault(testimony.path, line, reader.dotted_name(where), message)


def _outdated_versions(testimony: Testimony) -> Iterator[Fault]:
    """Yield the paragraphs of versions in other languages that were made of other words than the record has now."""
    own = {run.number: passage_hash(run.text) for run in paragraphs.passages(testimony.body)}
    for version in testimony.versions:
        lines = {run.number: version.body_line + run.line - 1 for run in paragraphs.passages(version.body)}
        for pair in version.pairs:
            changed = [number for number in pair.own if not alignment.is_current(version, number, own)]
            if changed:
                which = join_list(map(str, changed), "and")
                now = ", ".join(own[number][:SHORT_HASH] for number in changed)
                message = tr(
                    "paragraph {which} of {code} has changed since this version was made ({now} now); read "
                    "both with `testimony rebind {code}`; until then readers are told",
                    which=which,
                    code=testimony.code,
                    now=now,
                )
                yield Fault(version.path, lines[pair.theirs[0]] if pair.theirs else 1, "text.translated.sha256", message)
        for number, held in alignment.held_words(version).items():
            if not held.is_as_bound:
                message = tr(
                    "paragraph {number} has other words than when this version was held against {code}; read both "
                    "with `testimony rebind {code}`; until then what is in force where its words stood is in force here too",
                    number=number,
                    code=testimony.code,
                )
                yield Fault(version.path, lines[number], "text.sha256", message)


def _unresolved_codes(code: str, records: dict[str, Testimony], shut: frozenset[str]) -> Iterator[str]:
    if code not in records and code not in shut:
        yield tr("{code} is no record that can be read", code=code)


def _crowded_records(testimony: Testimony, web: NoteGraph, lines: Lines) -> Iterator[Fault]:
    """Name a record at which more notes arrive than anybody reads; they are all given, and slowly."""
    if not testimony.relations:
        return
    notes = web.notes(testimony)
    for run in paragraphs.passages(testimony.body):
        if (number := len(notes(run.number))) > MOST_NOTES:
            message = tr(
                "brings {number} notes to paragraph {number2}, more than {most_notes}: rely on paragraphs",
                number=number,
                number2=run.number,
                most_notes=MOST_NOTES,
            )
            yield Fault(testimony.path, lines(("relations",)), "relations", message)
            return


def _unnamed_witnesses(testimony: Testimony, lines: Lines) -> Iterator[Fault]:
    if testimony.consent != "withdrawn" and placeholders.NAME in placeholders.placeholders_in(testimony):
        message = tr("says not yet who speaks; write it with `testimony edit {code}`", code=testimony.code)
        yield Fault(testimony.path, lines(placeholders.NAME), reader.dotted_name(placeholders.NAME), message)


def _warnings(testimony: Testimony, authorities: Authorities, records: Mapping[str, Testimony], lines: Lines) -> Iterator[Fault]:
    for where, message in bindings.warnings(testimony, records.get):
        yield Fault(testimony.path, lines(where), reader.dotted_name(where), message)
    yield from _unnamed_witnesses(testimony, lines)
    yield from _unseen(testimony)
    for version in testimony.versions:
        yield from _unseen(testimony._replace(body=version.body, body_line=version.body_line, path=version.path))
        if not version.own_hashes:
            message = tr("its paragraphs could be put in another order unnoticed; see check --bind")
            yield Fault(version.path, 1, "text.sha256", message)
        if version.translated_from and not version.hashes:
            message = tr(
                "does not tell of which words of {code} it was made, and could fall behind them; see check --bind",
                code=testimony.code,
            )
            yield Fault(version.path, 1, "text.translated", message)
    for number, claim in enumerate(testimony.claims):
        for message in _outside_life(claim, testimony, authorities):
            yield Fault(testimony.path, lines(("claims", number)), "claims.period", message)
    for number, entry in enumerate(testimony.entries):
        if entry.camp and entry.period:
            for message in _outside(entry.camp, entry.period, testimony, authorities):
                yield Fault(testimony.path, lines(("camps", number)), "camps.period", message)


# What ends like a tag of ours in another bracket; alone, an (an) is a word.
_LIKE_TAG: Final = re.compile(
    r"[(⟦【〔（⟬{]\s*/\s*(?:an|res)\s*[)⟧】〕）⟭}]"
    r"|[<\[{(]\s*/\s*(?:redact|anon|withh|mask|hid|private|secret|confidential|censor|익명|비공개|가림|비밀)[\w-]*\s*[>\]})]"
    r"|\[\s*(?:redact(?:ed)?|anon(?:ymi[sz]ed)?|withheld|익명|비공개)\s*:"
    r"|<[a-z]+\s[^<>\n]{0,80}(?:redact|anonym|withheld|confidential)",
    re.IGNORECASE,
)


def _like_tags(path: str, content: bytes) -> Iterator[Fault]:
    """Warn of what may have been meant for a redaction tag and hides nothing, in header and body, by line."""
    for number, line in enumerate(content.decode("utf-8", "replace").split("\n"), start=1):
        if _LIKE_TAG.search(line):
            message = tr("has what may be meant for a redaction tag, and hides nothing: write <an>…</an> or <res>…</res>")
            yield Fault(path, number, "file", message)


_CUT_WORD: Final = re.compile(r"[^\W\d_]{2}[-\u2010]$")


def _unseen(testimony: Testimony) -> Iterator[Fault]:
    """Warn of signs without width, and of words that a line break cuts in two, by line."""
    empty = {run.line for run in paragraphs.passages(testimony.body) if not WITHOUT_WIDTH.sub("", run.text).strip()}
    lines = [*testimony.body.split("\n"), ""]
    for number, (line, following) in enumerate(pairwise(lines), start=1):
        signs = sorted({f"U+{ord(sign):04X}" for sign in WITHOUT_WIDTH.findall(line) if not _selects_a_form(sign)})
        if signs:
            message = tr(
                "has signs without width ({signs}); a search looks past them, take them out if you can", signs=", ".join(signs)
            )
            if number in empty:
                message = tr(
                    "has nothing but signs without width ({signs}), and is counted as a paragraph all the same",
                    signs=", ".join(signs),
                )
            yield Fault(testimony.path, testimony.body_line + number - 1, "body", message)
        if _CUT_WORD.search(line) and following[:1].isalpha():
            message = tr("ends within a word, which is found by its halves alone; write it in one line if it is one word")
            yield Fault(testimony.path, testimony.body_line + number - 1, "body", message)


def _selects_a_form(sign: str) -> bool:
    """Return whether a sign only chooses how the one before it looks."""
    return "\ufe00" <= sign <= "\ufe0f"


def narrower(testimony: Testimony, gone: str) -> Iterator[str]:
    """Describe where a note that was replaced stays in force, since what replaced it says nothing there."""
    words = own_words(testimony)
    covers = {cover.note.id: cover for cover in own_scopes(testimony, words)}
    old, new = covers[gone], [covers[note.id] for note in replacing(testimony.notes)[gone]]
    bare = [number for number in words if old.at(number) is not None and not any(scope.replaces(old, number) for scope in new)]
    widen = tr("write the new note for these too, or another that replaces it there")
    if bare:
        yield tr(
            "the replaced note stays in force at {paragraphs}, where no new one stands: {widen}",
            paragraphs=paragraphs_named(bare),
            widen=widen,
        )
    reached = [link for scope in new for link, _ in scope.note.links]
    lost = [
        str(link)
        for link, _ in old.note.links
        if link.code != testimony.code and not any(_holds(scope, link) for scope in reached)
    ]
    if lost:
        yield tr(
            "the replaced note stays in force at {lost}, which no new one names: {widen}",
            lost=join_list(lost, "and"),
            widen=widen,
        )


def _holds(wider: Reference, narrow: Reference) -> bool:
    inside = set(narrow.paragraphs) <= set(wider.paragraphs) and narrow.paragraphs
    return wider.code == narrow.code and bool(not wider.paragraphs or inside)


def _outside_life(claim: Claim, testimony: Testimony, authorities: Authorities) -> Iterator[str]:
    if claim.status != "rejected" and claim.period:
        for camp in claim.camps or ():
            yield from _outside(camp, claim.period, testimony, authorities)


def _outside(camp: str, written: str, testimony: Testimony, authorities: Authorities) -> Iterator[str]:
    period, life = dates.bounds(written), operating_life(camp, authorities)
    if period is None or life is None:
        return
    closed = dates.close_at(period, dates.bounds(testimony.recorded))
    if closed.latest < life[0] or closed.earliest > life[1]:
        yield tr("lies outside the widest operating life of the facility; see `testimony camps`")
