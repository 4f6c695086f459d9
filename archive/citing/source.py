"""The citation of the source itself: who wrote it, where, at which place, read on which day, and through which passage of ours.

To cite in evidence one goes to the source. Its citation carries the caveats as
that of the passage does, and ends with the archive's own mark, by which
`testimony verify` knows it again.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from archive.authority.authorities import Authorities
from archive.citing import citation, pinpoint
from archive.citing.pinpoint import Pinpoint
from archive.language.messages import in_english, tr
from archive.named_tuple import NamedTuple
from archive.record.hashing import SHORT_HASH
from archive.record.testimony import Cite, Note, Passage, Source, Testimony
from archive.record.work import address, issue_date
from archive.text import regex

READ_IN: Final = "Read in"
"""Begins the sentence that says through which passage of the archive a source is cited."""
_NOT_SEEN: Final = {"not-seen": "the original was not seen", "in-part": "the original was seen in part"}
_MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
# As it was written into locators before there was a field for it.
_SEEN: Final = regex(rf"\bseen ([0-9]{{1,2}}) ({'|'.join(_MONTHS)}) ([0-9]{{4}})\Z", re.IGNORECASE)


class CitedSource(NamedTuple):
    """A work as a passage, or a whole record, is cited at it.

    ``csl`` are CSL-JSON fields; ``places`` are in words and ``place`` is the
    same for a style; ``through`` is the work that it is reported in, {} where it
    was read itself. ``seen`` is a term of the vocabulary of that name.
    ``address`` is that of the work that was read, "" where there is none that a
    link may lead to; ``accessed`` the day on which it was seen, in ISO 8601.
    ``also`` are further works that the claims rest on, named.
    """

    ref: str
    csl: Mapping[str, Any]
    places: tuple[str, ...]
    place: Pinpoint
    through_ref: str
    through: Mapping[str, Any]
    through_places: tuple[str, ...]
    through_place: Pinpoint
    seen: str
    address: str
    accessed: str
    also: tuple[str, ...]

    @property
    def title(self) -> str:
        """Return the title of the work; its id where nothing else is known of it."""
        return str(self.csl.get("title", "")).strip() or self.ref or "untitled"

    @property
    def named(self) -> str:
        """Return the work with the places in it, and the one that it is reported in, without authors and publishers."""
        told = ", ".join(filter(None, [self.title, *self.places, describe_reporting(self)]))
        if self.through and self.address and self.address != address(self.csl):
            told += f" <{self.address}>"  # the fields of the work have no place for that of another
        return "; ".join(filter(None, (told, unseen(self))))


@in_english
def of(testimony: Testimony, at: Passage | None, authorities: Authorities) -> CitedSource:
    """Return the source of a passage, or of a record where ``at`` is None.

    That is the work that the record is of; where the claims at a passage rest on
    other works alone, the first of these, since the record's own says nothing of it.
    """
    source = testimony.source
    cites = at.cites if at else ()
    of_works = [each for each in cites if each.ref in authorities.sources or each.ref == source.ref]
    own = {source.ref, source.through} - {""}
    if of_works and not any(each.ref in own for each in of_works):
        first = of_works[0].ref
        work: Mapping[str, Any] = authorities.sources[first]
        return _cite(Source(first, work.get("csl", {}), seen=str(work.get("seen", ""))), of_works, testimony, authorities)
    found = _cite(source, of_works, testimony, authorities)
    if at and at.locators and not found.places:
        return found._replace(places=at.locators, place=pinpoint.join(at.locators))
    return found


def _cite(source: Source, cites: Sequence[Cite], testimony: Testimony, authorities: Authorities) -> CitedSource:
    through = source.through if source.through != source.ref else ""
    places = _places(cites, source.ref)
    through_places = _places(cites, through) if through else ()
    read = through if through and source.seen == "not-seen" else source.ref
    further = [citation.name_cite(each, authorities) for each in cites if each.ref not in {source.ref, through}]
    return CitedSource(
        ref=source.ref,
        csl=source.csl,
        places=places,
        place=pinpoint.join(places),
        through_ref=through,
        through=source.through_csl if through else {},
        through_places=through_places,
        through_place=pinpoint.join(through_places),
        seen=source.seen,
        address=address(source.through_csl if read != source.ref else source.csl) or address(source.csl),
        accessed=_day_seen(testimony, cites, read, authorities),
        also=tuple(dict.fromkeys(further)),
    )


def _places(cites: Iterable[Cite], ref: str) -> tuple[str, ...]:
    places = (_split(each.locator)[0] for each in cites if each.ref == ref)
    return tuple(dict.fromkeys(filter(None, places)))


def _split(locator: str) -> tuple[str, str]:
    """Return a locator without the day on which the place was seen, and that day in ISO 8601; "" where it names none."""
    found = _SEEN.search(locator)
    if not found:
        return locator, ""
    return locator[: found.start()].rstrip(" ,;"), f"{found[3]}-{_MONTHS.index(found[2].casefold()) + 1:02}-{int(found[1]):02}"


def _day_seen(testimony: Testimony, cites: Sequence[Cite], ref: str, authorities: Authorities) -> str:
    """Return the day on which a work was seen last, also as it was written into a locator; "" where nobody says."""
    written = max((_split(each.locator)[1] for each in cites if each.ref == ref), default="")
    return max(written, citation.last_seen(testimony, cites, ref, authorities))


@in_english
def describe(source: CitedSource) -> str:
    """Name a source as the house does: authors, title, where, when, the place, through what, address, the day it was seen."""
    work = citation.work(source.csl) if source.csl else source.title
    told = ", ".join(filter(None, [work, *source.places, describe_reporting(source)]))
    ends = "; ".join(filter(None, (told, unseen(source))))
    address = f" <{source.address}>" if source.address else ""
    return f"{ends}{address}{f', {citation.describe_day_seen(source.accessed)}' if source.accessed else ''}{further(source)}"


@in_english
def describe_reporting(source: CitedSource) -> str:
    """Say in which work a source is reported; "" where it was read itself."""
    read = ", ".join([citation.work(source.through), *source.through_places])
    return tr("as reported in {read}", read=read) if source.through else ""


def unseen(source: CitedSource) -> str:
    """Say that the original was not seen, or not whole; "" where nothing has to be said."""
    return _NOT_SEEN.get(source.seen, "")


def year(csl: Mapping[str, Any]) -> str:
    """Return the year in which a work appeared; "" where that is not known."""
    return issue_date(csl)[:4]


@in_english
def further(source: CitedSource) -> str:
    """Return a sentence on the other works that the claims rest on; "" where there are none."""
    return tr(". See also {works}", works="; ".join(source.also)) if source.also else ""


def read_in(testimony: Testimony, at: Passage | None, authorities: Authorities) -> str:
    """Say through which passage, or record, of the archive a source is cited."""
    place = f", {citation.place(at)}" if at else ""
    return f"{READ_IN} {citation.opening(testimony, authorities)}{place}"


@in_english
def house(testimony: Testimony, at: Passage, authorities: Authorities, *, digits: int = SHORT_HASH) -> str:
    """Cite the source of a passage: the source, every caveat in force in words, the passage, and the archive's mark."""
    return _together(testimony, at, at.notes, authorities, citation.mark(testimony, at, digits=digits))


@in_english
def of_record(testimony: Testimony, notes: Iterable[Note], authorities: Authorities, *, digits: int = SHORT_HASH) -> str:
    """Cite the source of a whole record, with every caveat in force at any of its passages."""
    every = tuple(dict.fromkeys(notes))
    return _together(testimony, None, every, authorities, citation.mark_of_record(testimony, every, digits=digits))


def _together(testimony: Testimony, at: Passage | None, notes: tuple[Note, ...], authorities: Authorities, mark: str) -> str:
    parts = [
        describe(of(testimony, at, authorities)),
        citation.caveats(notes, authorities, in_full=True) if notes else "",
        read_in(testimony, at, authorities),
    ]
    return f"{'. '.join(filter(None, parts))}. {mark}"
