"""One person's records: what was taken back, what is upheld, and what others say of the same.

Records are one person's only where the archive has entered that they are
versions of one account, or of the same person; nothing is inferred from names.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from archive.authority.gazetteer import join, key
from archive.errors import UnknownTerm
from archive.language.messages import tr
from archive.named_tuple import NamedTuple
from archive.record.testimony import Claim, Note, Passage, Testimony, reference
from archive.search.model import Record
from archive.weighing.claims import TAKEN_BACK
from archive.weighing.versions import Version

CHANGED: Final = frozenset({*TAKEN_BACK, "rejected"})
"""How a claim stands that is not told any more as it was."""
MAINTAINED: Final = frozenset({"maintained"})
SAME_EVENT, RELIES_ON, RELIED_ON = "same-event", "relies-on", "relied-on"
"""How another record stands to a person's: it tells of the same, it rests on theirs, or theirs rests on it."""
_OF_OTHERS: Final = frozenset({SAME_EVENT, RELIES_ON})

_MOST_NAMES: Final = 12


class StatedFact(NamedTuple):
    """A claim of one of the records, with the passages that it touches, which carry the caveats in force."""

    testimony: Testimony
    claim: Claim
    passages: tuple[Passage, ...]


class Other(NamedTuple):
    """A record of somebody else on the same: by which relations, and the notes that join the two."""

    testimony: Testimony
    relations: tuple[str, ...]
    notes: tuple[tuple[str, Note], ...]
    """Each with the code of the record that has it."""


class Person(NamedTuple):
    """A person as the archive holds them: the versions, the earlier first."""

    versions: tuple[Version, ...]
    changed: tuple[StatedFact, ...]
    maintained: tuple[StatedFact, ...]
    further: int
    """Claims that were neither changed nor upheld."""
    others: tuple[Other, ...]

    @property
    def testimony(self) -> Testimony:
        """Return the record of the latest version."""
        return self.versions[-1].record.testimony


def people_named(
    name: str,
    records: Mapping[str, Testimony],
    versions: Callable[[str], tuple[Version, ...]],
    find: Callable[[str], Record | None],
    pointing: Callable[[str], Iterable[str]],
) -> tuple[Person, ...]:
    """Return the persons of a name, each with all records that are entered as theirs.

    :param records: those whose witness is of that name, or of one that it is a part of.
    :raises UnknownTerm: the name is a part of several names.
    """
    asked = _whole(name)
    exact = {code for code, testimony in records.items() if any(asked & _whole(spelling) for spelling in testimony.witness.names)}
    taken: set[str] = set()
    people = []
    for code in [code for code in records if code in (exact or records)]:
        if code not in taken:
            every = versions(code)
            taken |= {version.record.testimony.code for version in every}
            people.append(person(every, find, pointing))
    names = list(dict.fromkeys(testimony.testimony.witness.name for testimony in people))
    if len(names) > 1 and not exact:
        more = tr(" and {number} more", number=len(names) - _MOST_NAMES) if len(names) > _MOST_NAMES else ""
        message = tr("{name!r} is a part of {number} names", name=name, number=len(names))
        raise UnknownTerm(message, tr("Write one of them whole: {names}{more}.", names="; ".join(names[:_MOST_NAMES]), more=more))
    return tuple(people)


def _whole(name: str) -> set[str]:
    """Return what a name is known by: its words joined, and its words in the order of letters."""
    words = key(name).replace("-", " ").split()
    return {join(key(name)), " ".join(sorted(words))}


def person(
    versions: tuple[Version, ...], find: Callable[[str], Record | None], pointing: Callable[[str], Iterable[str]]
) -> Person:
    """Return the page of a person.

    :param find: gives a record that this reader may read; None for every other code.
    :param pointing: gives the codes of records that may name a code, of those that this reader may read.
    """
    stated = [statement for version in versions for statement in _stated_facts(version.record)]
    changed = tuple(statement for statement in stated if statement.claim.status in CHANGED)
    maintained = tuple(statement for statement in stated if statement.claim.status in MAINTAINED)
    others = tuple(_others(versions, find, pointing))
    return Person(versions, changed, maintained, len(stated) - len(changed) - len(maintained), others)


def _stated_facts(record: Record) -> Iterator[StatedFact]:
    for claim in record.testimony.claims:
        touched = tuple(passage for passage in record.passages if claim.touches(passage.number))
        if touched:
            yield StatedFact(record.testimony, claim, touched)


def _others(
    versions: tuple[Version, ...], find: Callable[[str], Record | None], pointing: Callable[[str], Iterable[str]]
) -> Iterator[Other]:
    own = {version.record.testimony.code: version for version in versions}
    relations: dict[str, dict[str, None]] = {}
    notes: dict[str, dict[tuple[str, Note], None]] = {}
    for code, version in own.items():
        for other, kind in _related_records(version.record.testimony, find, pointing):
            relations.setdefault(other, {})[kind] = None
        for note in version.notes:
            for other in filter(None, (note.origin, *(reference(link).code for link in note.against))):
                notes.setdefault(other, {})[note.origin or code, note._replace(origin="")] = None
    for code in sorted({*relations, *notes} - set(own)):
        record = find(code)
        if record:
            yield Other(record.testimony, tuple(relations.get(code, ())), tuple(notes.get(code, ())))


def _related_records(
    testimony: Testimony, find: Callable[[str], Record | None], pointing: Callable[[str], Iterable[str]]
) -> Iterator[tuple[str, str]]:
    """Yield each record that tells of the same or rests on the other, in either direction, with the relation."""
    for relation in testimony.relations:
        if relation.type in _OF_OTHERS:
            yield relation.code, RELIED_ON if relation.type == RELIES_ON else relation.type
    for near in pointing(testimony.code):
        record = find(near)
        for relation in record.testimony.relations if record else ():
            if relation.type in _OF_OTHERS and relation.code == testimony.code:
                yield near, relation.type
