"""Who speaks with one voice, so that two tellings of one witness never count as two.

Records speak with one voice where a person entered the same root for both, or
where they are versions of one person's story. Nothing is inferred from names,
topics or likeness of words.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from archive.citing import citation
from archive.named_tuple import NamedTuple
from archive.record.passages import Find
from archive.record.testimony import Reference, Testimony
from archive.storage.record_files import archive_place
from archive.text import fold, squash

ONE_PERSON: Final = frozenset({"revises", "revised-by", "same-person"})
"""The relations by which two records are of one witness."""


class IndependentSource(NamedTuple):
    """Records that speak with one voice, in archive order of their codes.

    ``key`` names the voice in an answer. ``roots`` are the roots that were
    entered for any of them; none means that nobody knows whose knowledge it was.
    """

    key: str
    roots: tuple[str, ...]
    codes: tuple[str, ...]


class Channel(NamedTuple):
    """What accounts of different voices came through: a work, a container, a publisher, an interviewer.

    ``ways`` are pairs of the kind of channel and its name.
    """

    ways: tuple[tuple[str, str], ...]
    codes: tuple[str, ...]


class DisjointSets:
    """Disjoint sets that grow together; the answer does not depend on the order of the joins."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def find(self, one: str) -> str:
        """Return the member that stands for a set."""
        while self._above.setdefault(one, one) != one:
            self._above[one] = one = self._above[self._above[one]]
        return one

    def union(self, one: str, other: str) -> None:
        """Make one set of two; the smaller name stands for it."""
        low, high = sorted((self.find(one), self.find(other)))
        self._above[high] = low

    def groups(self) -> Iterator[list[str]]:
        """Yield the sets, each sorted."""
        members: dict[str, list[str]] = {}
        for name in sorted(self._above):
            members.setdefault(self.find(name), []).append(name)
        yield from members.values()


def independent_sources(testimonies: Iterable[Testimony], find: Find) -> Mapping[str, IndependentSource]:
    """Return the voice of each record, and of every record that these lead to, by code.

    :param find: gives a record that may be read by its code.
    """
    records = _with_related(testimonies, find)
    sets, roots = DisjointSets(), dict[str, str]()
    for code, testimony in records.items():
        sets.union(f"code {code}", f"code {code}")
        if testimony.source.root:
            # The root as entered; only case and white space are looked past.
            root = f"root {fold(squash(testimony.source.root))}"
            roots[root] = min(roots.get(root, testimony.source.root), testimony.source.root)
            sets.union(f"code {code}", root)
        for relation in testimony.relations:
            if relation.type in ONE_PERSON and relation.code in records:
                sets.union(f"code {code}", f"code {relation.code}")
    voices: dict[str, IndependentSource] = {}
    for group in sets.groups():
        codes = sorted((member[5:] for member in group if member.startswith("code ")), key=archive_place)
        own = tuple(roots[member] for member in group if member.startswith("root "))
        voice = IndependentSource(own[0] if own else codes[0], own, tuple(codes))
        voices |= dict.fromkeys(codes, voice)
    return voices


def _with_related(testimonies: Iterable[Testimony], find: Find) -> dict[str, Testimony]:
    """Return the records and all that they lead to, through versions of one person and through reliance."""
    records = {testimony.code: testimony for testimony in testimonies}
    waiting = list(records.values())
    while waiting:
        for relation in waiting.pop().relations:
            if relation.code not in records and relation.type in {*ONE_PERSON, "relies-on"}:
                related = find(relation.code)
                if related is not None:
                    records[relation.code] = related
                    waiting.append(related)
    return records


def references_relied_on(testimony: Testimony, number: int, find: Find) -> tuple[Reference, ...]:
    """Return what a paragraph relies on in other records, and what those rely on in their turn.

    :param find: gives a record that may be read by its code.
    """
    links: dict[Reference, None] = {}
    waiting: list[tuple[Testimony, tuple[int, ...]]] = [(testimony, (number,))]
    while waiting:
        here, numbers = waiting.pop(0)
        for relation in here.relations:
            link = Reference(relation.code, relation.their)
            if relation.type != "relies-on" or not relation.touches(numbers) or link in links:
                continue
            relied = find(relation.code)
            if relied is not None and relied.code != testimony.code:
                links[link] = None
                waiting.append((relied, relation.their))
    return tuple(links)


def channels(testimonies: Iterable[Testimony], sources: Mapping[str, IndependentSource]) -> tuple[Channel, ...]:
    """Return what accounts of different voices share on their way here, the widest first.

    :param sources: the voices of the records.
    """
    shared: dict[tuple[str, str], dict[str, str]] = {}
    for testimony in testimonies:
        for kind, name in _ways(testimony):
            shared.setdefault((kind, fold(name)), {})[testimony.code] = name
    kinds_of: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for (kind, _), names in shared.items():
        if len({sources[code].key for code in names}) > 1:
            codes = tuple(sorted(names, key=archive_place))
            kinds_of.setdefault(codes, []).append((kind, min(names.values())))
    every = [Channel(tuple(sorted(ways)), codes) for codes, ways in kinds_of.items()]
    return tuple(sorted(every, key=lambda channel: (-len(channel.codes), [archive_place(code) for code in channel.codes])))


def _ways(testimony: Testimony) -> Iterator[tuple[str, str]]:
    """Yield the kinds and names of what an account came through, as they were entered."""
    source = testimony.source
    ways = [
        ("work", citation.work(source.csl) if source.csl else source.ref),
        ("container", str(source.csl.get("container-title") or "")),
        ("publisher", str(source.csl.get("publisher") or "")),
        ("recorded by", testimony.recorded_by),
        ("read through", citation.work(source.through_csl) if source.through_csl else source.through),
    ]
    for kind, name in ways:
        if squash(name):
            yield kind, squash(name)
