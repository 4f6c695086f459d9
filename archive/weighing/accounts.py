"""What each record tells of some facilities: where and when it places itself, and which caveats are in force there."""

from collections.abc import Callable, Collection, Iterable, Mapping

from archive.authority.authorities import Authorities
from archive.authority.gazetteer import Facility, FacilityId
from archive.named_tuple import NamedTuple
from archive.record.testimony import CampEntry, Note, Passage, Testimony, notes_of
from archive.search.model import Filters, Hit, Query, Record, Results
from archive.storage.record_files import archive_place
from archive.weighing.sources import IndependentSource, independent_sources


class Account(NamedTuple):
    """What a record tells of some facilities.

    ``entries`` are those of its passages on them, each once; ``notes`` are the
    caveats in force at any of these passages.
    """

    testimony: Testimony
    passages: tuple[Passage, ...]
    entries: tuple[CampEntry, ...]
    notes: tuple[Note, ...]

    @property
    def code(self) -> str:
        """Return the code of the record."""
        return self.testimony.code

    def of(self, facility: FacilityId) -> "Account | None":
        """Return what it tells of one facility alone, with the caveats in force there; None where it tells nothing of it."""
        entries = tuple(entry for entry in self.entries if entry.camp == facility)
        passages = tuple(each for each in self.passages if any(entry.camp == facility for entry in each.entries))
        return Account(self.testimony, passages, entries, notes_of(passages)) if entries else None


class PictureSubject(NamedTuple):
    """All that a picture is drawn of, as a reader of one clearance has it.

    ``facility`` is None for the whole collection, and ``facilities`` are all of
    it, or the one with its parts. ``accounts`` are in archive order; ``sources``
    is the voice of each record, also of those in ``related``, to which the
    accounts lead or which rely on them: whole records, without entries.
    """

    facility: Facility | None
    facilities: tuple[Facility, ...]
    accounts: tuple[Account, ...]
    related: tuple[Account, ...]
    sources: Mapping[str, IndependentSource]
    authorities: Authorities


Find = Callable[[str], Record | None]


def picture_subject(
    facility_id: FacilityId | None,
    authorities: Authorities,
    search: Callable[[Query], Results],
    find: Find,
    pointing: Callable[[str], Iterable[str]],
) -> PictureSubject:
    """Return what pictures of a facility, or of the whole collection, are drawn of.

    :param search: answers a query.
    :param find: gives a record that may be read by its code; None for every other code.
    :param pointing: gives the codes of records that may name a code, of those that this reader may read.
    """
    gazetteer = authorities.gazetteer
    ids = (facility_id, *gazetteer.parts(facility_id)) if facility_id else None
    filters = Filters(camp=ids) if ids else Filters()
    every = accounts(search(Query(filters=filters, limit=None, sort="code")).hits, ids)
    own = {account.code: account.testimony for account in every}
    beside = [record.testimony for each in own for code in pointing(each) if code not in own and (record := find(code))]

    def testimony(code: str) -> Testimony | None:
        record = find(code)
        return record.testimony if record else None

    sources = independent_sources([*own.values(), *beside], testimony)
    related = (find(code) for code in sorted(sources, key=archive_place) if code not in own)
    return PictureSubject(
        facility=gazetteer[facility_id] if facility_id else None,
        facilities=tuple(gazetteer[each] for each in ids) if ids else tuple(gazetteer),
        accounts=every,
        related=tuple(Account(each.testimony, each.passages, (), notes_of(each.passages)) for each in related if each),
        sources=sources,
        authorities=authorities,
    )


def accounts(hits: Iterable[Hit], facilities: Collection[FacilityId] | None) -> tuple[Account, ...]:
    """Return what each record tells, in archive order.

    :param hits: the passages that speak of the facilities, whole records or parts of them.
    :param facilities: those whose entries are taken; None takes every entry.
    """
    of_code: dict[str, list[Hit]] = {}
    for hit in hits:
        of_code.setdefault(hit.testimony.code, []).append(hit)
    every = []
    for code in sorted(of_code, key=archive_place):
        passages = tuple(sorted((hit.passage for hit in of_code[code]), key=lambda passage: passage.number))
        entries = (entry for passage in passages for entry in passage.entries)
        own = dict.fromkeys(entry for entry in entries if facilities is None or entry.camp in facilities)
        every.append(Account(of_code[code][0].testimony, passages, tuple(own), notes_of(passages)))
    return tuple(every)
