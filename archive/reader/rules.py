"""What must hold across the fields of one record, each rule with the place of its breach."""

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from archive import body as body_rules
from archive import dates, hashing, text
from archive.folder import SEALED
from archive.reader.header import ClaimPart, Header, NotePart, QuotePart
from archive.testimony import reference

Breach = tuple[tuple[Any, ...], str]
_OPEN_LEVELS = frozenset({"public", "registered"})


def broken_rules(head: Header, path: str) -> Iterator[Breach]:
    """Give every breach of a rule that needs no look at the body."""
    yield from _code(head, path)
    yield from _access(head)
    yield from _witness(head)
    yield from _source(head)
    yield from _dates(head)
    yield from _identifiers(head)


def _code(head: Header, path: str) -> Iterator[Breach]:
    name = PurePosixPath(path).name
    if not name.startswith(f"{head.code}-") and name != f"{head.code}{SEALED}":
        yield ("code",), f"is {head.code}, but the file is called {name}"


def _access(head: Header) -> Iterator[Breach]:
    level, consent = head.access.level, head.consent.status
    if consent == "withdrawn" and level != "closed":
        yield ("access", "level"), "must be closed, since consent is withdrawn"
    if consent == "unknown" and level in _OPEN_LEVELS:
        yield ("access", "level"), "must be restricted or closed, since consent is unknown"
    if head.consent.was_public and consent != "withdrawn":
        yield ("consent", "was_public"), "is for consent that was withdrawn after publication"
    if head.access.until and level in _OPEN_LEVELS:
        yield (
            ("access", "until"),
            "holds the record back until a day; the level must be restricted or closed, also after that day",
        )


def _witness(head: Header) -> Iterator[Breach]:
    witness = head.witness
    csl = head.source.csl.model_dump() if head.source.csl else {}
    published = bool(head.source.ref or csl.get("issued") or csl.get("URL"))
    if witness.name_kind == "real" and head.access.level != "public" and not published:
        yield ("witness", "name_kind"), "is real, which needs a public record or a published source"
    if witness.name_kind != "real" and witness.other_names:
        yield ("witness", "other_names"), "are for published real names only; they would unmask the witness"


def _source(head: Header) -> Iterator[Breach]:
    source = head.source
    if bool(source.ref) == (source.csl is not None):
        yield ("source",), "needs either ref (an entry of sources.yaml) or csl (its fields), and not both"
    if source.seen == "not-seen" and not source.through:
        yield ("source", "through"), "is missing: what was not seen needs the text that was read"


def _dates(head: Header) -> Iterator[Breach]:
    if head.period and any(each.period for each in head.camps):
        yield ("period",), "stands here and under camps; give it under camps alone"
    recorded = dates.bounds(head.recorded.date)
    if recorded is None:
        return
    for number, each in enumerate(head.camps):
        period = dates.bounds(each.period) if each.period else None
        if period and period.surely_from > recorded.latest:
            yield ("camps", number, "period"), "begins after the day on which the account was recorded"


def _identifiers(head: Header) -> Iterator[Breach]:
    notes = head.credibility.notes
    seen: set[str] = set()
    for number, note in enumerate(notes):
        if note.id in seen:
            yield ("credibility", "notes", number, "id"), "is taken by another note"
        if note.replaces and note.replaces not in seen:
            yield ("credibility", "notes", number, "replaces"), "is no earlier note"
        seen.add(note.id)
    claims: set[str] = set()
    for number, claim in enumerate(head.claims):
        if claim.id in claims:
            yield ("claims", number, "id"), "is taken by another claim"
        claims.add(claim.id)


def misplaced_notes(head: Header, body: str) -> Iterator[Breach]:
    """Give every note, claim or relation that does not fit the paragraphs it names."""
    texts = {run.number: run.text for run in body_rules.passages(body)}
    for number, note in enumerate(head.credibility.notes):
        where = ("credibility", "notes", number, "about")
        yield from _about(note, where)
        yield from _bound(where, _Binding(note.about.paragraphs, note.about.quote, note.about.sha256), texts)
    for number, claim in enumerate(head.claims):
        yield from _claim(claim, number, texts)
    for number, relation in enumerate(head.relations):
        yield from _paragraphs(("relations", number, "paragraphs"), relation.paragraphs, texts)
        if reference(relation.code).code == head.code:
            yield ("relations", number, "code"), "points at the record itself"


def _about(note: NotePart, where: tuple[Any, ...]) -> Iterator[Breach]:
    about = note.about
    if bool(about.record) == bool(about.paragraphs):
        yield where, "needs either paragraphs or record: true, and not both"
    if about.record and (about.quote or about.sha256):
        yield where, "is the whole record, which has no quote and no sha256"


def _claim(claim: ClaimPart, number: int, texts: dict[int, str]) -> Iterator[Breach]:
    where = ("claims", number)
    yield from _bound(where, _Binding(claim.paragraphs, claim.quote, claim.sha256), texts)


def _paragraphs(where: tuple[Any, ...], named: list[int], texts: dict[int, str]) -> Iterator[Breach]:
    for paragraph in named:
        if paragraph not in texts:
            yield where, f"names paragraph {paragraph}, but the body has {len(texts)}"


class _Binding(NamedTuple):
    """What ties a note or a claim to its words."""

    paragraphs: list[int]
    quote: QuotePart | None
    hashes: list[str]


def _bound(where: tuple[Any, ...], binding: _Binding, texts: dict[int, str]) -> Iterator[Breach]:
    named, quote, hashes = binding
    yield from _paragraphs((*where, "paragraphs"), named, texts)
    known = [texts[paragraph] for paragraph in named if paragraph in texts]
    # Of a paragraph with redactions a quote may stand in either rendering; `repeats` sees that it tells nothing.
    readings = [text.without_locators(read(each)) for each in known for read in (text.unmarked, body_rules.withheld)]
    if quote and not any(text.squash(text.nfc(quote.exact)) in each for each in readings):
        yield (*where, "quote", "exact"), "is in none of the paragraphs named"
    if not hashes or len(known) != len(named):
        return
    if len(hashes) != len(named):
        yield (*where, "sha256"), f"has {len(hashes)} hashes for {len(named)} paragraphs"
        return
    for paragraph, written in zip(named, hashes, strict=True):
        now = hashing.passage_hash(texts[paragraph])
        if not now.startswith(written):
            message = (
                f"no longer fits paragraph {paragraph}: the words have changed or moved (now {now[:16]}); "
                "read the note against the paragraph, then write the new hash"
            )
            yield (*where, "sha256"), message
