"""Who speaks of what: coverage by camp, decade and vantage point.

So that "nobody was there to tell" can be told apart from "no".
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from archive.authority.authorities import Authorities
from archive.authority.gazetteer import FacilityId
from archive.named_tuple import NamedTuple
from archive.record import dates
from archive.record.periods import OPEN, entry_period, operating_life
from archive.record.testimony import CampEntry, Testimony
from archive.search.model import Filters, Hit, RecordOutline, Span, in_spans

UNDATED: Final = "undated"
FIRST_HAND: Final = frozenset({"first-hand", "eyewitness"})
_LONGEST: Final = 30  # decades; of a longer period the last ones are looked at


class Cell(NamedTuple):
    """How many testimonies speak of a camp in a decade from a vantage point (``witness.connection``)."""

    camp: str
    decade: str
    vantage: str
    testimonies: int


def coverage(records: Iterable[RecordOutline]) -> tuple[Cell, ...]:
    """Count testimonies by camp, decade and vantage point; claims that are rejected do not count."""
    seen: set[tuple[str, str, str, str]] = set()
    for record in records:
        for entry in record.entries:
            if not entry.camp or entry.status == "rejected":
                continue
            for decade in dates.decades(entry_period(entry, record.testimony)) or (UNDATED,):
                seen.add((entry.camp, decade, record.testimony.witness.connection, record.testimony.code))
    counted = Counter((camp, decade, vantage) for camp, decade, vantage, _ in seen)
    return tuple(Cell(*key, count) for key, count in sorted(counted.items()))


class Attestation(NamedTuple):
    """How a camp and decade is told from a vantage point, with regard to what was asked.

    ``accounts`` speak of the camp and decade, ``first_hand`` of them as
    witnesses of it; ``speak`` of them also of what was asked, and ``counted``
    in a way that counts. A camp of which nobody tells at all has one cell, with
    no decade and no vantage point.
    """

    camp: FacilityId | None
    decade: str
    vantage: str
    accounts: int
    first_hand: int
    speak: int
    counted: int

    @property
    def state(self) -> str:
        """Return which of three it is: they speak of it, they do not mention it, nobody was there to tell."""
        if self.speak:
            return "speaks"
        return "silent" if self.accounts else "nobody"


Place = tuple[FacilityId | None, str, str]


class Tellers(NamedTuple):
    """The codes of the records that tell of each place, whatever they tell, and of those that know it as witnesses of it."""

    there: dict[Place, set[str]]
    knew: dict[Place, set[str]]


def tellers(accounts: Iterable[Hit], filters: Filters) -> Tellers:
    """Return who tells of camps at all.

    :param accounts: every passage about the camps.
    """
    there: dict[Place, set[str]] = {}
    knew: dict[Place, set[str]] = {}
    for hit in accounts:
        for entry in hit.passage.entries:
            for place in _places(hit.testimony, entry, filters):
                there.setdefault(place, set()).add(hit.testimony.code)
                if entry.basis in FIRST_HAND:
                    knew.setdefault(place, set()).add(hit.testimony.code)
    return Tellers(there, knew)


def attestation(
    telling: Tellers,
    speaking: Iterable[tuple[Testimony, CampEntry, bool]],
    filters: Filters,
    authorities: Authorities,
) -> Iterator[Attestation]:
    """Yield apart, for each camp, decade and vantage point, those who speak of it, those who do not, and nobody.

    :param telling: who tells of the camps, whatever they tell.
    :param speaking: what speaks of it: the record, the entry by which, and whether it counts.
    """
    speak: dict[Place, set[str]] = {}
    counted: dict[Place, set[str]] = {}
    for testimony, entry, counts in speaking:
        for place in _places(testimony, entry, filters):
            speak.setdefault(place, set()).add(testimony.code)
            if counts:
                counted.setdefault(place, set()).add(testimony.code)
    sizes = (*telling, speak, counted)
    for place in _grid(telling.there.keys() | speak.keys(), filters, authorities):
        yield Attestation(*place, *(len(size.get(place, ())) for size in sizes))


def _places(testimony: Testimony, entry: CampEntry, filters: Filters) -> Iterator[Place]:
    """Yield the cells that an entry lies in; a rejected claim lies in none."""
    if entry.status == "rejected" or (filters.camp and entry.camp not in filters.camp):
        return
    period = entry_period(entry, testimony)
    if period and filters.period and not in_spans(period, filters.period):
        return
    for decade in dates.decades(period) or (UNDATED,):
        if decade == UNDATED or not filters.period or _touches(decade, filters.period):
            yield entry.camp, decade, testimony.witness.connection


def _touches(decade: str, spans: Iterable[Span]) -> bool:
    first = int(decade[:-1])
    return any(asked.first // 10000 <= first + 9 and first <= asked.last // 10000 for asked in spans)


def _grid(filled: Iterable[Place], filters: Filters, authorities: Authorities) -> Iterator[Place]:
    """Yield every cell of the camps: the decades of their life and of what is told, each vantage point."""
    known = set(filled)
    vantages = [term.id for term in authorities.vocabulary.terms("connection")]
    vantages += sorted({vantage for _, _, vantage in known} - set(vantages))
    every = [facility.id for facility in authorities.gazetteer]
    camps: list[FacilityId | None] = [camp for camp in every if not filters.camp or camp in filters.camp]
    if any(camp is None for camp, _, _ in known):
        camps.append(None)
    for camp in camps:
        own = {decade for named, decade, _ in known if named == camp}
        if not own and not filters.camp:
            yield camp, "", ""
            continue
        for decade in _decades(camp, own, filters.period, authorities):
            for vantage in vantages:
                yield camp, decade, vantage


def _decades(camp: FacilityId | None, own: set[str], spans: tuple[Span, ...], authorities: Authorities) -> Iterator[str]:
    years = sorted(int(decade[:-1]) for decade in own if decade != UNDATED)
    life = operating_life(camp, authorities) if camp else None
    years += [day // 10000 for day in life or () if day not in OPEN]
    years += [day // 10000 for asked in spans for day in (asked.first, asked.last) if day not in OPEN]
    if years:
        first, last = min(years) // 10 * 10, max(years) // 10 * 10
        first = max(first, last - 10 * _LONGEST)
        for year in range(first, last + 1, 10):
            if not spans or _touches(f"{year}s", spans):
                yield f"{year}s"
    yield UNDATED
