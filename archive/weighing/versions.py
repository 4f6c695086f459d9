"""The versions of one person's account: what revises what, in both directions, and what changed between them."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from archive.named_tuple import NamedTuple
from archive.record.testimony import Note, Testimony, notes_of, reference
from archive.search.model import Record
from archive.text import is_undated

_SIDES: Final = {"revises": "revised-by", "revised-by": "revises", "same-person": "same-person"}
"""The relations between versions, each with what the other record would say."""
_OF_CHANGE: Final = frozenset({"recanted", "revised", "superseded"})


class Version(NamedTuple):
    """One version, and how it stands to the others by their codes.

    ``notes`` are all caveats in force in it; ``bearing`` those that tell of a
    change or name another version.
    """

    record: Record
    revises: tuple[str, ...]
    revised_by: tuple[str, ...]
    same_person: tuple[str, ...]
    notes: tuple[Note, ...]
    bearing: tuple[Note, ...]


def chain(code: str, find: Callable[[str], Record | None], pointing: Callable[[str], Iterable[str]]) -> tuple[Version, ...]:
    """Return all versions of an account, earlier before later, also those that are reached through others.

    :param find: gives a record that this reader may read; None for every other code.
    :param pointing: gives the codes of records that may name a code, of those that this reader may read.
    """
    records: dict[str, Record] = {}
    edges: set[tuple[str, str, str]] = set()
    waiting = [code]
    while waiting:
        at = waiting.pop()
        record = find(at) if at not in records else None
        if record is None:
            continue
        records[at] = record
        edges |= set(_edges(record.testimony))
        waiting += [relation.code for relation in record.testimony.relations if relation.type in _SIDES]
        waiting += [linked for linked in pointing(at) if any(to == at for _, _, to in _edges_of(linked, find))]
    known_edges = {(kind, one, other) for kind, one, other in edges if one in records and other in records}
    return tuple(_version(records[linked], known_edges, records) for linked in _in_order(records, known_edges))


def _edges(testimony: Testimony) -> Iterator[tuple[str, str, str]]:
    """Yield each relation from both its ends, so that one that is written on one side alone counts too."""
    for relation in testimony.relations:
        if relation.type in _SIDES:
            yield relation.type, testimony.code, relation.code
            yield _SIDES[relation.type], relation.code, testimony.code


def _edges_of(code: str, find: Callable[[str], Record | None]) -> Iterator[tuple[str, str, str]]:
    record = find(code)
    return _edges(record.testimony) if record else iter(())


def _in_order(records: dict[str, Record], edges: set[tuple[str, str, str]]) -> Iterator[str]:
    """Yield what is revised before what revises it, else by the day of the record; a ring is broken at its earliest."""
    left = set(records)

    def day(code: str) -> tuple[bool, str, str]:
        recorded = records[code].testimony.recorded
        return is_undated(recorded), recorded, code

    while left:
        free = [other for other in left if not any(kind == "revises" and one == other and to in left for kind, one, to in edges)]
        first = min(free or left, key=day)
        left.remove(first)
        yield first


def _version(record: Record, edges: set[tuple[str, str, str]], records: dict[str, Record]) -> Version:
    code = record.testimony.code
    notes = notes_of(record.passages)
    sides = {side: tuple(sorted(to for kind, one, to in edges if (kind, one) == (side, code))) for side in _SIDES}
    bearing = tuple(note for note in notes if note.flag in _OF_CHANGE or _names(note, set(records) - {code}))
    return Version(
        record=record,
        revises=sides["revises"],
        revised_by=sides["revised-by"],
        same_person=sides["same-person"],
        notes=notes,
        bearing=bearing,
    )


def _names(note: Note, others: set[str]) -> bool:
    return note.origin in others or any(reference(link).code in others for link in note.against)
