"""Accounts beside each other: what each claims, how many roots speak of it, and what notes say of who agrees.

Agreement and contradiction are what a person wrote into a note or a claim's
status, never inferred from like topics. Counted are voices (`archive.weighing.sources`),
not texts; what a witness took back, what was rejected, and what is only a lead
is shown and not counted (`archive.weighing.claims`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from archive.authority.authorities import Authorities
from archive.named_tuple import NamedTuple
from archive.record.testimony import CampEntry, Note, Reference, Testimony, reference
from archive.search.filters import mark_later_notes
from archive.search.model import Filters, Hit, Query, Record, Results
from archive.storage.record_files import archive_place
from archive.weighing import corroboration
from archive.weighing.claims import ClaimCount, Row, rows_of, tally
from archive.weighing.corroboration import Attestation, Tellers
from archive.weighing.sources import IndependentSource, independent_sources

SPEAK_FOR: Final = frozenset({"corroborated", "partial-admission"})
"""The flags by which a note says that others bear a passage out."""
SPEAK_AGAINST: Final = frozenset({"contradicted", "contested", "date-conflict", "place-conflict"})
"""The flags by which a note says that there is another side, also where it names no passage."""
CORRECT: Final = frozenset({"recanted", "revised", "superseded"})
"""The flags by which a note that names a passage says that one takes the place of the other."""

Search = Callable[[Query], Results]
Find = Callable[[str], Record | None]


class Side(NamedTuple):
    """What stands on one side: passages, or (with none) a record as a whole."""

    record: Record
    hits: tuple[Hit, ...]

    @property
    def code(self) -> str:
        """Return the code of the record."""
        return self.record.testimony.code


class Stated(NamedTuple):
    """What one note says of passages that agree or do not.

    ``code`` is the record that the note stands in, ``places`` the passages of
    this comparison at which it is in force. ``one_voice`` None: the note names
    no passage on another side.
    """

    code: str
    note: Note
    places: tuple[str, ...]
    sides: tuple[Side, ...]
    one_voice: bool | None


class Comparison(NamedTuple):
    """All that `testimony compare` prints."""

    query: Query
    results: Results
    rows: tuple[Row, ...]
    voices: Mapping[str, IndependentSource]
    total: ClaimCount
    agreement: tuple[ClaimCount, ...]
    borne_out: tuple[Stated, ...]
    contradictions: tuple[Stated, ...]
    conflicts: tuple[Mapping[str, Any], ...]
    other_conflicts: tuple[str, ...]
    coverage: tuple[Attestation, ...]
    authorities: Authorities

    def hits(self) -> Iterator[Hit]:
        """Yield every passage that it names, of rows first, some more than once."""
        yield from (row.hit for row in self.rows)
        for stated in (*self.borne_out, *self.contradictions):
            for side in stated.sides:
                yield from side.hits


class CampTellers:
    """Who tells of some camps, whatever they tell: worked out once for comparisons that follow each other and ask the same.

    As the comparisons of all topics do, each of which would read every passage of the collection for it.
    """

    def __init__(self, search: Search, state: Callable[[], str]) -> None:
        """Remember whom to ask.

        :param state: names the state of the collection from which answers come.
        """
        self._search, self._state = search, state
        self._last: tuple[object, Tellers] | None = None

    def of(self, asked: Filters) -> Tellers:
        """Return who tells of the camps of a comparison, in the time that it asks for."""
        filters = Filters(camp=asked.camp, as_of=asked.as_of)
        if self._last is None or self._last[0] != (self._state(), filters, asked.period):
            found = corroboration.tellers(self._search(Query(filters=filters, limit=None, sort="code")).hits, asked)
            self._last = (self._state(), filters, asked.period), found  # of the state that has answered
        return self._last[1]


def compare(query: Query, authorities: Authorities, search: Search, find: Find, camps: CampTellers | None = None) -> Comparison:
    """Set the accounts that a query finds beside each other.

    :param search: answers a query.
    :param find: gives a record that may be read by its code.
    :param camps: says who tells of camps; as ``search`` answers where there is none.
    """
    results = search(query._replace(limit=None, sort="code"))
    alone = _testimonies(find)
    rows = tuple(row for hit in results.hits for row in rows_of(hit, query.filters, authorities, alone))
    stated = tuple(_stated_notes(rows, query.filters.as_of, find, authorities))
    beside = [side.record.testimony for contradiction in stated for side in contradiction.sides]
    sources = independent_sources([*(row.hit.testimony for row in rows), *beside], alone)
    stated = tuple(contradiction._replace(one_voice=_one_voice(contradiction, sources)) for contradiction in stated)
    topics = query.filters.topic or _by_rank(rows, authorities)
    tied, others = _conflicts(rows, query.filters, authorities)
    telling = (camps or CampTellers(search, str)).of(query.filters)
    return Comparison(
        query=query,
        results=results,
        rows=rows,
        voices=sources,
        total=tally(None, rows, sources),
        agreement=tuple(tally(topic, _on(topic, rows, authorities), sources) for topic in topics),
        borne_out=tuple(contradiction for contradiction in stated if contradiction.note.flag in SPEAK_FOR),
        contradictions=tuple(contradiction for contradiction in stated if contradiction.note.flag not in SPEAK_FOR),
        conflicts=tied,
        other_conflicts=others,
        coverage=tuple(corroboration.attestation(telling, _entries(rows), query.filters, authorities)),
        authorities=authorities,
    )


def _testimonies(find: Find) -> Callable[[str], Testimony | None]:
    def alone(code: str) -> Testimony | None:
        record = find(code)
        return record.testimony if record else None

    return alone


def _on(topic: str, rows: Iterable[Row], authorities: Authorities) -> list[Row]:
    topics = set(authorities.vocabulary.with_narrower("topic", [topic]))
    return [row for row in rows if not topics.isdisjoint(row.topics)]


def _by_rank(rows: Iterable[Row], authorities: Authorities) -> tuple[str, ...]:
    named = {topic for row in rows for topic in row.topics}
    return tuple(sorted(named, key=lambda topic: (authorities.vocabulary.rank("topic", topic), topic)))


def _entries(rows: Iterable[Row]) -> Iterator[tuple[Testimony, CampEntry, bool]]:
    for row in rows:
        for entry in row.entries:
            yield row.hit.testimony, entry, not row.not_counted


def _stated_notes(rows: tuple[Row, ...], as_of: int, find: Find, authorities: Authorities) -> Iterator[Stated]:
    """Yield every note that says who agrees or who does not, once, with the passages on its sides."""
    seen: dict[tuple[str, str], tuple[Note, list[str]]] = {}
    for row in rows:
        for note in row.hit.passage.notes:
            if note.flag in SPEAK_FOR | SPEAK_AGAINST or (note.against and note.flag in CORRECT):
                _, places = seen.setdefault((note.origin or row.code, note.id), (note, []))
                places.append(row.place)
    asked = {(row.code, row.hit.passage.number) for row in rows}
    for (code, _), (note, places) in sorted(seen.items(), key=lambda item: (archive_place(item[0][0]), item[0][1])):
        named = [Reference(code, note.about.paragraphs), *map(reference, note.against)]
        sides = [side for link in dict.fromkeys(named) if (side := _side(link, asked, as_of, find, authorities))]
        yield Stated(code, note._replace(origin=""), tuple(dict.fromkeys(places)), tuple(sides), None)


def _side(link: Reference, asked: set[tuple[str, int]], as_of: int, find: Find, authorities: Authorities) -> Side | None:
    """Return the passages of a side; of a long list, those that were asked for."""
    record = find(link.code)
    if record is None:
        return None
    marked_passages = tuple(mark_later_notes(candidate, as_of, lambda: authorities) for candidate in record.passages)
    record = record._replace(passages=marked_passages)
    named = [candidate for candidate in record.passages if candidate.number in link.paragraphs] or list(record.passages)
    wanted = [candidate for candidate in named if (link.code, candidate.number) in asked] or (named if link.paragraphs else [])
    return Side(record, tuple(Hit(record.testimony, passage, 0.0) for passage in wanted))


def _one_voice(stated: Stated, sources: Mapping[str, IndependentSource]) -> bool | None:
    if len(stated.sides) < 2:  # noqa: PLR2004 - a note with one side names nobody else
        return None
    return len({sources[side.code].key for side in stated.sides}) == 1


def _conflicts(
    rows: Iterable[Row], filters: Filters, authorities: Authorities
) -> tuple[tuple[Mapping[str, Any], ...], tuple[str, ...]]:
    """Return the contradictions that the archive keeps.

    Those that the rows cite (all of a camp, without a topic), and the rest.
    """
    cited = {cite.ref for row in rows for cite in (row.claim.cites if row.claim else row.hit.passage.cites)}
    cited |= {cite.ref for row in rows for note in row.hit.passage.notes for cite in note.cites}
    of_camps = {
        name
        for name, conflict in authorities.conflicts.items()
        if set(conflict.get("facilities", ())) & set(filters.camp)
        or any(name in authorities.gazetteer[camp].conflicts for camp in filters.camp)
    }
    if not filters.topic:
        cited |= of_camps
    tied = tuple(conflict for name, conflict in authorities.conflicts.items() if name in cited)
    return tied, tuple(name for name in authorities.conflicts if name in of_camps - cited)
