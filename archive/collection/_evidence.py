"""What a record claims to rest on, held against what was read: weaknesses that a keeper should mend.

A record is of the text that was read. A note that corroborates needs a source
with another root than the record's own. The day on which a page was seen is
data, and stands beside the place in it. A claim's status never stands above
the notes in force at its paragraphs. What is rejected is the wrong element
alone, and what somebody inferred is not what was seen. A claim has topics, and one with several
topics touches one paragraph: else a paragraph is found for what it does not say.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from archive.authority.authorities import Authorities
from archive.language.messages import tr
from archive.named_tuple import NamedTuple
from archive.record import passages
from archive.record.testimony import Claim, Note, Testimony, reference
from archive.text import fold, is_undated, join_list, paragraphs_named, squash

CORROBORATED: Final = "corroborated"
NOT_SEEN: Final = "not-seen"
_BELOW: Final[Mapping[str, frozenset[str]]] = {
    CORROBORATED: frozenset(
        {"recanted", "contradicted", "contested", "misattributed", "untraceable", "lead-only", "quantity-implausible"}
    ),
    "maintained": frozenset({"recanted"}),
    "asserted": frozenset({"recanted"}),
}
"""Claim status → the flags of notes on its paragraphs above which it stands."""
_CANNOT_CARRY: Final = frozenset({"lead", "no"})
"""What ``citable`` says of works that bear nobody out."""
_STANDS: Final = frozenset({"asserted", "maintained", CORROBORATED})
"""Claim status of what the archive tells as told, with nothing against it."""
_SEEN: Final = frozenset({"first-hand", "eyewitness"})
_INFERS: Final = re.compile(
    r"\b(?:infer(?:s|red)|conclude[sd]?|suppose[sd]?|assume[sd]?|guess(?:es|ed)|reckon(?:s|ed)|deduce[sd]?)\b", re.IGNORECASE
)
_DAY: Final = r"(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2} [A-Z][a-z]{2,8} [0-9]{4}|[A-Z][a-z]{2,8} [0-9]{1,2}, [0-9]{4})"
_TELLS_DAY: Final = re.compile(rf"\b(?:[Ss]een|[Aa]ccessed|[Rr]etrieved)(?: on)? {_DAY}")


class Weakness(NamedTuple):
    """What is weak, at which place of the header, under which name of the field."""

    place: tuple[str | int, ...]
    field: str
    message: str


class _Known(NamedTuple):
    """What is to be known of all records: the works of each root, and which passages another record's note bears out.

    ``supported`` are, by code, the paragraphs named (() = all).
    """

    records: Mapping[str, Testimony]
    works: Mapping[str, frozenset[str]]
    supported: Mapping[str, tuple[tuple[int, ...], ...]]
    authorities: Authorities


def weaknesses(records: Mapping[str, Testimony], authorities: Authorities) -> Iterator[tuple[str, Weakness]]:
    """Yield what each record claims beyond its evidence, with its code; ``records`` are all that could be read."""
    known = _index_claims(records, authorities)
    for code, testimony in records.items():
        found = (
            *_of_what_was_read(testimony, authorities),
            *_of_notes(testimony, known),
            *_of_claims(testimony, known),
            *_of_days(testimony),
        )
        for weakness in found:
            yield code, weakness


def _index_claims(records: Mapping[str, Testimony], authorities: Authorities) -> _Known:
    works: dict[str, set[str]] = {}
    for record in records.values():
        if _root(record) and record.source.ref:
            works.setdefault(_root(record), set()).add(record.source.ref)
    known = _Known(records, {root: frozenset(refs) for root, refs in works.items()}, {}, authorities)
    supported: dict[str, list[tuple[int, ...]]] = {}
    for record in records.values():
        for note in passages.in_force(record):
            for named in map(reference, note.against) if note.flag == CORROBORATED else ():
                other = records.get(named.code)
                if other is not None and _root(other) != _root(record) and _bears_out(note, record, known):
                    supported.setdefault(named.code, []).append(named.paragraphs)
    return known._replace(supported={code: tuple(named) for code, named in supported.items()})


def _of_notes(testimony: Testimony, known: _Known) -> Iterator[Weakness]:
    for number, note in enumerate(testimony.notes):
        if note.flag == CORROBORATED and not _bears_out(note, testimony, known):
            message = tr(
                "corroborates by nothing but the record's own source: cite a work with another root, or choose another flag"
            )
            yield Weakness(("credibility", "notes", number, "cites"), f"credibility.notes.{number + 1}.cites", message)


def _of_claims(testimony: Testimony, known: _Known) -> Iterator[Weakness]:
    for number, claim in enumerate(testimony.claims):
        for message in (*_borne_out_by_nobody(claim, testimony, known), *_above(claim, testimony)):
            yield Weakness(("claims", number, "status"), f"claims.{number + 1}.status", message)
        for message in _of_topics(claim):
            yield Weakness(("claims", number, "topics"), f"claims.{number + 1}.topics", message)
        for message in _spans_in_common(claim, testimony):
            yield Weakness(("claims", number, "period"), f"claims.{number + 1}.period", message)
        for message in _inferences(claim):
            yield Weakness(("claims", number, "basis"), f"claims.{number + 1}.basis", message)


def _of_what_was_read(testimony: Testimony, authorities: Authorities) -> Iterator[Weakness]:
    """Yield where a record is of a work that nobody opened: what such a work says is told as what the text read says of it."""
    source, of = testimony.source, testimony.rendered_of
    read = source.through if source.seen == NOT_SEEN else source.ref
    if of and source.ref and of not in {source.ref, source.through}:
        message = tr("{of} is neither source.ref nor source.through; a record is of the text that was read", of=of)
        yield Weakness(("text", "of"), "text.of", message)
    elif of and source.seen == NOT_SEEN and of != source.through:
        message = tr(
            "{of} was not seen; a record is of the text that was read, which is source.through ({through})",
            of=of,
            through=source.through,
        )
        yield Weakness(("text", "of"), "text.of", message)
    elif of and authorities.sources.get(of, {}).get("seen") == NOT_SEEN:
        message = tr("{of} was not seen, by sources.yaml; a record is of the text that was read", of=of)
        yield Weakness(("text", "of"), "text.of", message)
    if source.seen and source.seen != NOT_SEEN and authorities.sources.get(read, {}).get("seen") == NOT_SEEN:
        message = tr("is {seen}, and sources.yaml says that {read} was not seen", seen=source.seen, read=read)
        yield Weakness(("source", "seen"), "source.seen", message)


def _of_days(testimony: Testimony) -> Iterator[Weakness]:
    """Yield where a locator tells in words on which day the place was seen."""
    notes = [(("credibility", "notes", number), note.cites) for number, note in enumerate(testimony.notes)]
    claims = [(("claims", number), claim.cites) for number, claim in enumerate(testimony.claims)]
    for place, cites in (*notes, *claims):
        for at, cite in enumerate(cites):
            if _TELLS_DAY.search(cite.locator):
                where = (*place, "cites", at, "locator")
                message = tr("tells the day on which it was seen; write that beside it, as in {form}", form="seen: 2026-11-29")
                yield Weakness(where, ".".join(str(each + 1) if isinstance(each, int) else each for each in where), message)


def _bears_out(note: Note, testimony: Testimony, known: _Known) -> bool:
    """Return whether a note cites a work, or points at a record, that has another root than the record's own."""
    root, sources = _root(testimony), known.authorities.sources
    own = {testimony.source.ref, testimony.source.through} | known.works.get(root, frozenset())
    works = {cite.ref for cite in note.cites if cite.ref in sources} - own
    if any(sources[work].get("citable") not in _CANNOT_CARRY for work in works):
        return True
    named = (reference(link).code for link in note.against)
    others = {_root(known.records[code]) for code in named if code in known.records}
    return bool(others - {root, ""})


def _root(testimony: Testimony) -> str:
    return fold(squash(testimony.source.root))


def _borne_out_by_nobody(claim: Claim, testimony: Testimony, known: _Known) -> Iterator[str]:
    """Yield the paragraphs of a corroborated claim at which no note in force corroborates by another root."""
    if claim.status != CORROBORATED:
        return
    reached = known.supported.get(testimony.code, ())
    bare = [
        number
        for number in claim.paragraphs
        if not any(not named or number in named for named in reached)
        and not any(
            note.flag == CORROBORATED and _bears_out(note, testimony, known) for note in passages.own_notes(testimony, number)
        )
    ]
    if bare:
        yield tr(
            "is corroborated, and no note in force at {paragraphs} says by whom",
            paragraphs=paragraphs_named(bare),
        )


def _above(claim: Claim, testimony: Testimony) -> Iterator[str]:
    """Yield the notes above which a status stands; of several claims on a paragraph one may take a note up for all."""
    for number in claim.paragraphs:
        beside = [other for other in testimony.claims if number in other.paragraphs]
        for note in passages.own_notes(testimony, number):
            if all(note.flag in _BELOW.get(other.status, ()) for other in beside):
                yield tr(
                    "is {status}, which stands above a note ({flag}) in force at paragraph {number}",
                    status=claim.status,
                    flag=note.flag,
                    number=number,
                )


def _spans_in_common(claim: Claim, testimony: Testimony) -> Iterator[str]:
    """Yield a span that a rejected claim has in common with one that stands: it is the wrong element alone that is rejected."""
    standing = [each.id for each in testimony.claims if each.status in _STANDS and each.period == claim.period]
    if claim.status == "rejected" and standing and not is_undated(claim.period):
        yield tr(
            "is rejected and carries {period} along, which {claims} has as it stands; reject the wrong element alone, "
            "and write period: XXXX",
            period=claim.period,
            claims=join_list(standing, "and"),
        )


def _inferences(claim: Claim) -> Iterator[str]:
    """Yield a claim that tells what somebody inferred as what was lived through or seen."""
    if claim.basis in _SEEN and (found := _INFERS.search(claim.text)):
        yield tr("is {basis}, and its text tells of what was inferred ({word})", basis=claim.basis, word=found[0])


def _of_topics(claim: Claim) -> Iterator[str]:
    """Yield what keeps a claim from being found by topic, or has it found where another of its paragraphs speaks of it."""
    if not claim.topics:
        yield tr("has no topic, so that no topic finds it; enter those that its paragraph speaks of")
    elif len(claim.topics) > 1 and len(claim.paragraphs) > 1:
        touched = join_list(map(str, claim.paragraphs), "and")
        yield (
            tr(
                "has {number} topics and touches paragraphs {touched}; split it, so that each paragraph "
                "has those that it speaks of",
                number=len(claim.topics),
                touched=touched,
            )
        )
