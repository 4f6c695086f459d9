"""What each account claims of what was asked, and how many voices that makes.

Counted are voices (`archive.weighing.sources`), not texts. What a witness took back, what
was rejected, what denies it and what is only a lead is shown and not counted.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from archive.authority.authorities import Authorities
from archive.language.messages import mark
from archive.named_tuple import NamedTuple
from archive.record.passages import Find, entries_of
from archive.record.periods import entry_period
from archive.record.testimony import CampEntry, Claim, Passage, Reference, Testimony
from archive.search.model import ENTRY_FIELDS, Filters, Hit, in_spans
from archive.storage.record_files import archive_place
from archive.weighing.sources import Channel, DisjointSets, IndependentSource, channels, references_relied_on

LEAD: Final = "lead-only"
NOT_COUNTED: Final[Mapping[str, str]] = {
    "rejected": mark("rejected by the archive"),
    "recanted": mark("taken back by the witness"),
    "corrected": mark("told differently later"),
    LEAD: mark("a lead only"),
    "official-denial": mark("a statement of the state that denies it"),
    "no-claim": mark("no claim of this passage says so, only the head of the record"),
}
"""Why a row is shown and not counted, gravest first, in words."""
TAKEN_BACK: Final = frozenset({"recanted", "corrected"})


class Row(NamedTuple):
    """One account's claim in one passage; ``claim`` is None where a passage has none.

    ``entries`` and ``topics`` are those by which it was found; ``not_counted``
    holds keys of `NOT_COUNTED`.
    """

    hit: Hit
    claim: Claim | None
    entries: tuple[CampEntry, ...]
    topics: tuple[str, ...]
    relies_on: tuple[Reference, ...]
    not_counted: tuple[str, ...]

    @property
    def code(self) -> str:
        """Return the code of the account."""
        return self.hit.testimony.code

    @property
    def place(self) -> str:
        """Return the passage as a citation writes it."""
        return f"{self.code}#p{self.hit.passage.number}"


class Speaker(NamedTuple):
    """A voice that was counted once: its roots (none = unknown), its records and passages."""

    roots: tuple[str, ...]
    codes: tuple[str, ...]
    places: tuple[str, ...]


class ClaimCount(NamedTuple):
    """How many speak of a topic (None: of all that was asked for).

    ``roots`` and ``unknown_roots`` count voices with and without a known root;
    ``mentions`` counts passages, whether counted or not; ``taken_back`` counts
    the voices that told it once and of which nothing stands.
    """

    topic: str | None
    roots: int
    unknown_roots: int
    mentions: int
    speakers: tuple[Speaker, ...]
    taken_back: int
    not_counted: Mapping[str, int]
    status: Mapping[str, int]
    channels: tuple[Channel, ...]


def rows_of(hit: Hit, filters: Filters, authorities: Authorities, find: Find) -> Iterator[Row]:
    """Yield what a passage claims, of that which was asked for; a claim on a narrower topic is on the broader one too."""
    testimony, passage = hit.testimony, hit.passage
    wanted = set(authorities.vocabulary.with_narrower("topic", filters.topic))
    relies = references_relied_on(testimony, passage.number, find)
    claims: list[Claim | None] = [claim for claim in testimony.claims if claim.touches(passage.number)]
    for claim in claims or [None]:
        about = entries_of(testimony, claim) if claim else passage.entries
        topics = (claim.topics or testimony.topics) if claim else passage.topics
        matching = tuple(entry for entry in about if meets(entry, filters, testimony))
        if matching and (not wanted or not wanted.isdisjoint(topics)):
            yield Row(
                hit=hit,
                claim=claim,
                entries=matching,
                topics=topics,
                relies_on=relies,
                not_counted=tuple(_why_not(testimony, passage, claim, authorities)),
            )


def meets(entry: CampEntry, filters: Filters, testimony: Testimony) -> bool:
    """Return whether one entry has a value of every field that was asked for, as a search asks it."""
    if any(getattr(filters, field) and getattr(entry, field) not in getattr(filters, field) for field in ENTRY_FIELDS):
        return False
    period = entry_period(entry, testimony) if filters.period else None
    return not filters.period or (period is not None and in_spans(period, filters.period))


def _why_not(testimony: Testimony, passage: Passage, claim: Claim | None, authorities: Authorities) -> Iterator[str]:
    status = claim.status if claim else ""
    source = authorities.sources.get(testimony.source.ref, {})
    # Whatever day was asked for: what was taken back since must not be counted today.
    flags = {note.flag for note in passage.notes}
    holds = {
        "rejected": status == "rejected",
        "recanted": status == "recanted" or "recanted" in flags,
        "corrected": status == "corrected",
        LEAD: LEAD in flags or source.get("citable") == "lead",
        "official-denial": testimony.kind == "official-denial",
        "no-claim": claim is None and bool(testimony.claims),
    }
    for reason in NOT_COUNTED:
        if holds[reason]:
            yield reason


def tally(topic: str | None, rows: Iterable[Row], sources: Mapping[str, IndependentSource]) -> ClaimCount:
    """Count the voices that speak of a topic; the order of the rows does not matter.

    A passage that relies on another record adds no voice where one that it
    hangs together with speaks for itself; else all of them count as one.

    :param sources: the independent sources of the records, also of those relied on.
    """
    every = sorted(rows, key=lambda row: (archive_place(row.code), row.hit.passage.number))
    counted = [row for row in every if not row.not_counted]
    groups = _groups(counted, sources)
    speakers = tuple(_speakers(groups, counted, sources))
    speaking = {sources[row.code].key for row in counted}
    taken = {sources[row.code].key for row in every if row.not_counted and TAKEN_BACK.issuperset(row.not_counted)}
    reasons = Counter(reason for _, reason in {(row.place, reason) for row in every for reason in row.not_counted})
    return ClaimCount(
        topic=topic,
        roots=sum(bool(speaker.roots) for speaker in speakers),
        unknown_roots=sum(not speaker.roots for speaker in speakers),
        mentions=len({row.place for row in every}),
        speakers=speakers,
        taken_back=len(taken - speaking),
        not_counted={reason: reasons[reason] for reason in NOT_COUNTED if reasons[reason]},
        status=dict(sorted(Counter(row.claim.status for row in counted if row.claim).items())),
        channels=channels({row.code: row.hit.testimony for row in counted}.values(), sources),
    )


def _groups(counted: list[Row], sources: Mapping[str, IndependentSource]) -> list[frozenset[str]]:
    """Return, for each voice that counts, the keys of the voices that it stands for.

    Voices that rely on each other, or on a common third, hang together. Of such
    a chain those count that speak for themselves; where none does, all are one.
    """
    alone = {sources[row.code].key for row in counted if not row.relies_on}
    chains = DisjointSets()
    for row in counted:
        for code in (row.code, *(link.code for link in row.relies_on)):
            chains.union(sources[row.code].key, sources[code].key)
    groups = []
    for chain in chains.groups():
        own = [key for key in chain if key in alone]
        groups += [frozenset({key}) for key in own] or [frozenset(chain)]
    return sorted(groups, key=sorted)


def _speakers(
    groups: Iterable[frozenset[str]], counted: list[Row], sources: Mapping[str, IndependentSource]
) -> Iterator[Speaker]:
    """Yield what each group of voices counts as; rows are looked at once, and not once a group."""
    roots = {voice.key: voice.roots for voice in sources.values()}
    places_of: dict[str, list[int]] = {}
    for place, row in enumerate(counted):
        for key in {sources[code].key for code in (row.code, *(link.code for link in row.relies_on))}:
            places_of.setdefault(key, []).append(place)
    for keys in groups:
        own = [counted[place] for place in sorted({place for key in keys for place in places_of.get(key, ())})]
        named = sorted({root for key in keys for root in roots[key]})
        codes = dict.fromkeys(row.code for row in own)
        yield Speaker(tuple(named), tuple(codes), tuple(dict.fromkeys(row.place for row in own)))
