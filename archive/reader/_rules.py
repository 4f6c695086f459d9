"""What must hold across the fields of one record, each rule with the place of its breach."""

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Any

from archive.language.messages import tr
from archive.reader._header import Header, NotePart
from archive.record import dates
from archive.record.testimony import reference
from archive.storage.record_files import SEALED

Breach = tuple[tuple[Any, ...], str]
_OPEN_LEVELS = frozenset({"public", "registered"})


def broken_rules(head: Header, path: str) -> Iterator[Breach]:
    """Yield every breach of a rule that needs no look at the body."""
    yield from _code(head, path)
    yield from _access(head)
    yield from _witness(head)
    yield from _source(head)
    yield from _dates(head)
    yield from _identifiers(head)


def _code(head: Header, path: str) -> Iterator[Breach]:
    name = PurePosixPath(path).name
    if not name.startswith(f"{head.code}-") and name != f"{head.code}{SEALED}":
        yield ("code",), tr("is {code}, but the file is called {name}", code=head.code, name=name)


def _access(head: Header) -> Iterator[Breach]:
    level, consent = head.access.level, head.consent.status
    if consent == "withdrawn" and level != "closed":
        yield ("access", "level"), tr("must be closed, since consent is withdrawn")
    if consent == "unknown" and level in _OPEN_LEVELS:
        yield ("access", "level"), tr("must be restricted or closed, since consent is unknown")
    if head.consent.was_public and consent != "withdrawn":
        yield ("consent", "was_public"), tr("is for consent that was withdrawn after publication")
    if head.access.until and level in _OPEN_LEVELS:
        yield (
            ("access", "until"),
            tr("holds the record back until a day; the level must be restricted or closed, also after that day"),
        )


def _witness(head: Header) -> Iterator[Breach]:
    witness = head.witness
    csl = head.source.csl.model_dump() if head.source.csl else {}
    published = bool(head.source.ref or csl.get("issued") or csl.get("URL"))
    if witness.name_kind == "real" and head.access.level != "public" and not published:
        yield ("witness", "name_kind"), tr("is real, which needs a public record or a published source")
    if witness.name_kind != "real" and witness.other_names:
        yield ("witness", "other_names"), tr("are for published real names only; they would unmask the witness")


def _source(head: Header) -> Iterator[Breach]:
    source = head.source
    if bool(source.ref) == (source.csl is not None):
        yield ("source",), tr("needs either ref (an entry of sources.yaml) or csl (its fields), and not both")
    if source.seen == "not-seen" and not source.through:
        yield ("source", "through"), tr("is missing: what was not seen needs the text that was read")


def _dates(head: Header) -> Iterator[Breach]:
    if head.period and any(camp.period for camp in head.camps):
        yield ("period",), tr("stands here and under camps; give it under camps alone")
    recorded = dates.bounds(head.recorded.date)
    if recorded is None:
        return
    for number, entry in enumerate(head.camps):
        period = dates.bounds(entry.period) if entry.period else None
        if period and period.surely_from > recorded.latest:
            yield ("camps", number, "period"), tr("begins after the day on which the account was recorded")


def _identifiers(head: Header) -> Iterator[Breach]:
    notes = head.credibility.notes
    seen: set[str] = set()
    for number, note in enumerate(notes):
        if note.id in seen:
            yield ("credibility", "notes", number, "id"), tr("is taken by another note")
        if note.replaces and note.replaces not in seen:
            yield ("credibility", "notes", number, "replaces"), tr("is no earlier note")
        seen.add(note.id)
    claims: set[str] = set()
    for number, claim in enumerate(head.claims):
        if claim.id in claims:
            yield ("claims", number, "id"), tr("is taken by another claim")
        claims.add(claim.id)


def misplaced_notes(head: Header) -> Iterator[Breach]:
    """Yield every note, claim or link that does not say plainly what it is bound to.

    Whether the words are still there keeps no record out: see `archive.collection.bindings`.
    """
    for number, note in enumerate(head.credibility.notes):
        where: tuple[Any, ...] = ("credibility", "notes", number)
        yield from _about(note, (*where, "about"))
        yield from _check_counts((*where, "about", "sha256"), note.about.sha256, note.about.paragraphs)
        for place, link in enumerate(note.against):
            yield from _check_counts((*where, "with", place, "sha256"), link.sha256, reference(link.ref).paragraphs)
    for number, claim in enumerate(head.claims):
        yield from _check_counts(("claims", number, "sha256"), claim.sha256, claim.paragraphs)
    for number, relation in enumerate(head.relations):
        named = reference(relation.code)
        yield from _check_counts(("relations", number, "sha256", "own"), relation.sha256.own, relation.paragraphs)
        yield from _check_counts(("relations", number, "sha256", "theirs"), relation.sha256.theirs, named.paragraphs)
        if named.code == head.code:
            yield ("relations", number, "code"), tr("points at the record itself")


def _about(note: NotePart, where: tuple[Any, ...]) -> Iterator[Breach]:
    about = note.about
    if bool(about.record) == bool(about.paragraphs):
        yield where, tr("needs either paragraphs or record: true, and not both")
    if about.record and (about.quote or about.sha256):
        yield where, tr("is the whole record, which has no quote and no sha256")


def _check_counts(where: tuple[Any, ...], hashes: Sequence[str], named: Sequence[int]) -> Iterator[Breach]:
    if hashes and len(hashes) != len(named):
        yield where, tr("has {number} hashes for {number2} paragraphs", number=len(hashes), number2=len(named))
