"""Faults and weaknesses that only the whole collection shows."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from archive import body, dates, evidence, exposure, folder, reader
from archive.authority import Authorities
from archive.errors import Fault, InvalidTestimony
from archive.exposure import Kept
from archive.lifespan import operating_life
from archive.passages import covers
from archive.testimony import Claim, Note, Reference, Testimony, reference
from archive.text import listed

_OTHER_SIDE = {"revises": "revised-by", "revised-by": "revises", "same-person": "same-person"}


Lines = Callable[[tuple[str | int, ...]], int]
"""Gives the line of a place in a record's header."""


class Report(NamedTuple):
    """Everything that was found; warnings never change an exit code."""

    read: int
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]


def check(root: Path, opened: Mapping[str, bytes] = MappingProxyType({})) -> Report:
    """Read every file, whatever its access, and hold the records against each other.

    :param opened: what sealed files hold, by path, where they could be opened.
    :raises InvalidAuthorities: an authority file has faults.
    """
    held = reader.read_authorities(root)
    survey = folder.survey(root)
    faults, warnings = list(survey.faults), list[Fault]()
    records: dict[str, Testimony] = {}
    lines: dict[str, Lines] = {}
    for path in (*survey.files, *(path for path in survey.sealed if path in opened)):
        try:
            content = opened[path] if path in opened else folder.read_bytes(root, path)
            testimony = reader.read(content, path, held)
        except OSError as error:
            faults.append(Fault(path, 1, "file", f"cannot be read: {error.strerror or error}"))
        except InvalidTestimony as error:
            faults += error.faults
        else:
            records[testimony.code] = testimony
            lines[testimony.code] = reader.nodes(content, path)[0].line_of
    shut = {folder.code_of(path): path for path in survey.sealed if path not in opened}
    for code, testimony in records.items():
        faults += _faults(testimony, records, frozenset(shut), lines[code])
        warnings += _warnings(testimony, held, lines[code])
    for code, weak in evidence.weaknesses(records, held):
        warnings.append(Fault(records[code].path, lines[code](weak.place), weak.field, weak.message))
    for path in shut.values():
        warnings.append(Fault(path, 1, "file", "is sealed and was not checked; name the --identity that opens it"))
    kept = {code: Kept(testimony, lines[code]) for code, testimony in records.items()}
    faults += exposure.faults(kept)
    warnings += exposure.warnings(kept, frozenset(folder.code_of(path) for path in survey.sealed))
    taken, told = reader.naming_records(root, {*records, *shut})
    faults += taken
    warnings += told
    return Report(len(records), _sorted(faults), _sorted(warnings))


def _sorted(faults: list[Fault]) -> tuple[Fault, ...]:
    return tuple(sorted(set(faults)))


def _faults(testimony: Testimony, records: dict[str, Testimony], shut: frozenset[str], lines: Lines) -> Iterator[Fault]:
    for number, note in enumerate(testimony.notes):
        for place, link in enumerate(note.against):
            line = lines(("credibility", "notes", number, "with", place))
            for message in _unresolved(link, records, shut):
                yield Fault(testimony.path, line, "credibility.notes.with", message)
    for number, relation in enumerate(testimony.relations):
        where: tuple[str | int, ...] = ("relations", number, "code")
        link = str(Reference(relation.code, relation.their))
        for message in _unresolved(link, records, shut):
            yield Fault(testimony.path, lines(where), "relations.code", message)
        other = records.get(relation.code)
        back = _OTHER_SIDE.get(relation.type)
        if other and back and not any(each.type == back and each.code == testimony.code for each in other.relations):
            message = f"{relation.code} does not point back with a relation of type {back}"
            yield Fault(testimony.path, lines(where), "relations", message)


def _unresolved(link: str, records: dict[str, Testimony], shut: frozenset[str]) -> Iterator[str]:
    named = reference(link)
    other = records.get(named.code)
    if named.code in shut:
        return
    if other is None:
        yield f"{named.code} is no record that can be read"
        return
    last = len(body.passages(other.body))
    for number in named.paragraphs:
        if number > last:
            yield f"{link}: {named.code} has {last} paragraphs"


def _warnings(testimony: Testimony, held: Authorities, lines: Lines) -> Iterator[Fault]:
    yield from _weak_notes(testimony, lines)
    yield from _weak_claims(testimony, held, lines)
    for number, entry in enumerate(testimony.entries):
        if entry.camp and entry.period:
            for message in _outside(entry.camp, entry.period, testimony, held):
                yield Fault(testimony.path, lines(("camps", number)), "camps.period", message)


def _weak_notes(testimony: Testimony, lines: Lines) -> Iterator[Fault]:
    for number, note in enumerate(testimony.notes):
        if not note.about.of_record and not _is_bound(note):
            message = "has neither quote nor hash and could slide to other words; see check --bind"
            line = lines(("credibility", "notes", number, "about"))
            yield Fault(testimony.path, line, f"credibility.notes.{number + 1}.about", message)
        if note.replaces:
            for message in narrower(testimony, note.replaces):
                yield Fault(testimony.path, lines(("credibility", "notes", number, "replaces")), "replaces", message)


def _weak_claims(testimony: Testimony, held: Authorities, lines: Lines) -> Iterator[Fault]:
    for number, claim in enumerate(testimony.claims):
        if not (claim.exact or claim.hashes):
            message = "has neither quote nor hash and could slide to other words; see check --bind"
            yield Fault(testimony.path, lines(("claims", number)), f"claims.{number + 1}", message)
        for message in _outside_life(claim, testimony, held):
            yield Fault(testimony.path, lines(("claims", number)), "claims.period", message)


def narrower(testimony: Testimony, gone: str) -> Iterator[str]:
    """Say where a note that was replaced is out of force with nothing in its place."""
    old = next(note for note in testimony.notes if note.id == gone)
    new = [note for note in testimony.notes if note.replaces == gone]
    numbers = [run.number for run in body.passages(testimony.body) if covers(old, testimony.code, run.number)]
    bare = [number for number in numbers if not any(covers(note, testimony.code, number) for note in new)]
    if bare:
        which = "paragraph" if len(bare) == 1 else "paragraphs"
        yield f"the replaced note is out of force at {which} {listed(map(str, bare), 'and')}, where no caveat is left of it"
    reached = [reference(link) for note in new for link in note.against]
    lost = [
        link
        for link in old.against
        if reference(link).code != testimony.code and not any(_holds(each, reference(link)) for each in reached)
    ]
    if lost:
        yield f"the replaced note reached {listed(lost, 'and')}, and what replaces it does not"


def _holds(wider: Reference, narrow: Reference) -> bool:
    inside = set(narrow.paragraphs) <= set(wider.paragraphs) and narrow.paragraphs
    return wider.code == narrow.code and bool(not wider.paragraphs or inside)


def _is_bound(note: Note) -> bool:
    return bool(note.about.exact or note.about.hashes)


def _outside_life(claim: Claim, testimony: Testimony, held: Authorities) -> Iterator[str]:
    if claim.status != "rejected" and claim.period:
        for camp in claim.camps or ():
            yield from _outside(camp, claim.period, testimony, held)


def _outside(camp: str, written: str, testimony: Testimony, held: Authorities) -> Iterator[str]:
    period, life = dates.bounds(written), operating_life(camp, held)
    if period is None or life is None:
        return
    closed = dates.closed_at(period, dates.bounds(testimony.recorded))
    if closed.latest < life[0] or closed.earliest > life[1]:
        yield "lies outside the widest operating life of the facility; see `testimony camps`"
