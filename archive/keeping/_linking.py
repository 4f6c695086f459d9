"""Adding a claim to a record, and a relation to another one: bound to the words of the paragraphs that they name."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from archive.errors import BadNote, UsageFault
from archive.keeping._header_edit import Append
from archive.keeping._kept_records import KeptRecords
from archive.keeping._revising import Kept, Plan, Revised, Signed, check_text, revise
from archive.language.messages import tr
from archive.named_tuple import NamedTuple
from archive.record.hashing import SHORT_HASH
from archive.record.reach import own_words, shown_words
from archive.record.standing import Words
from archive.record.testimony import Reference, Relation, Testimony
from archive.text import join_list, near

OTHER_SIDE: Final = {
    "revises": "revised-by",
    "revised-by": "revises",
    "same-person": "same-person",
    "same-event": "same-event",
}
"""What a record says of another that says this of it."""


class ClaimGiven(NamedTuple):
    """A claim as a person gives it; what is "" or empty is the record's."""

    text: str
    status: str = "asserted"
    camps: tuple[str, ...] = ()
    period: str = ""
    basis: str = ""
    topics: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()


def add_claim(root: Path, about: Reference, claim: ClaimGiven, signed: Signed) -> Revised:
    """Add a claim to paragraphs of a record.

    :raises BadNote: with everything that stands against it.
    """
    return revise(root, about.code, lambda kept: _claim_plan(kept, about, claim), signed)


def _claim_plan(kept: Kept, about: Reference, claim: ClaimGiven) -> Plan:
    wrong: list[str] = []
    testimony, authorities = kept.testimony, kept.records.authorities
    words = own_words(testimony)
    if not about.paragraphs:
        wrong.append(tr("a claim stands at paragraphs; write {code}#p… in place of {code}", code=testimony.code))
    wrong += _missing(testimony.code, about.paragraphs, words)
    camps = [_try(wrong, authorities.gazetteer.resolve, camp) for camp in claim.camps]
    terms = authorities.vocabulary
    status = _try(wrong, lambda name: terms.term("status", name).id, claim.status)
    basis = claim.basis and _try(wrong, lambda name: terms.term("basis", name).id, claim.basis)
    topics = [_try(wrong, lambda name: terms.term("topic", name).id, topic) for topic in claim.topics]
    cites = list(_cites(claim.cites, kept.records, wrong))
    if wrong:
        raise BadNote("\n".join(wrong), tr("Nothing was written."))
    numbers = [int(each.id[1:]) for each in testimony.claims if each.id[:1] == "c" and each.id[1:].isdigit()]
    entry: dict[str, Any] = {
        "id": f"c{max(numbers, default=0) + 1}",
        "text": check_text(claim.text, "text"),
        "paragraphs": list(about.paragraphs),
        "sha256": [words.hash(number)[:SHORT_HASH] for number in about.paragraphs],
        "camps": camps,
        "period": claim.period,
        "status": status,
        "basis": basis,
        "topics": topics,
        "cites": cites,
    }
    entry = {key: value for key, value in entry.items() if value}
    return Plan((Append(("claims",), entry),), history=tr("Claim {id} was added", id=entry["id"]))


def _cites(written: Sequence[str], records: KeptRecords, wrong: list[str]) -> Iterator[dict[str, str]]:
    authorities = records.authorities
    for each in written:
        ref, _, locator = each.strip().partition(":")
        if ref not in authorities.sources and ref not in authorities.conflicts:
            close = near(ref, [*authorities.sources, *authorities.conflicts])
            hint = tr(" Did you mean {close}?", close=join_list(close)) if close else tr(" Write REF or REF:LOCATOR.")
            wrong.append(tr("{ref!r} is in neither sources.yaml nor conflicts.yaml.{hint}", ref=ref[:60], hint=hint))
        yield {"ref": ref, **({"locator": locator.strip()} if locator.strip() else {})}


def relate(root: Path, own: Reference, kind: str, other: Reference, signed: Signed) -> Revised:
    """Say how a record stands to another one.

    :param own: the record, with the paragraphs that rely on the other where some do.
    :param other: the other record, with the paragraphs that they rely on.
    :raises BadNote: with everything that stands against it.
    """
    return revise(root, own.code, lambda kept: _relation_plan(kept, own, kind, other), signed)


def _relation_plan(kept: Kept, own: Reference, kind: str, other: Reference) -> Plan:
    wrong: list[str] = []
    testimony = kept.testimony
    kind = _try(wrong, lambda name: kept.records.authorities.vocabulary.term("relation", name).id, kind)
    words, there = own_words(testimony), kept.records.find(other.code)
    wrong += _missing(testimony.code, own.paragraphs, words)
    if there is None:
        wrong.append(tr("{code} is no record that can be read", code=other.code))
    their = shown_words(there) if there else words
    wrong += _missing(other.code, other.paragraphs, their) if there else ()
    if own.code == other.code:
        wrong.append(tr("a record has no relation to itself"))
    if any(_is_same(relation, kind, own, other) for relation in testimony.relations):
        wrong.append(tr("{code} says so already", code=testimony.code))
    if wrong:
        raise BadNote("\n".join(wrong), tr("Nothing was written."))
    hashes = {
        "theirs": [their.hash(number)[:SHORT_HASH] for number in other.paragraphs],
        "own": [words.hash(number)[:SHORT_HASH] for number in own.paragraphs],
    }
    sides = {side: written for side, written in hashes.items() if written}
    entry: dict[str, Any] = {"type": kind, "code": str(other), "paragraphs": list(own.paragraphs), "sha256": sides}
    entry = {key: value for key, value in entry.items() if value}
    said = tuple(_pointing_back(testimony, there, kind)) if there else ()
    return Plan((Append(("relations",), entry),), history=tr("Relation to {code} was added", code=other.code), said=said)


def _is_same(relation: Relation, kind: str, own: Reference, other: Reference) -> bool:
    found = (relation.type, relation.paragraphs, relation.code, relation.their)
    return found == (kind, own.paragraphs, other.code, other.paragraphs)


def _pointing_back(testimony: Testimony, there: Testimony, kind: str) -> Iterator[str]:
    back = OTHER_SIDE.get(kind, "")
    if back and not any(each.type == back and each.code == testimony.code for each in there.relations):
        yield tr(
            "the other side has still to say it: testimony relate {code} {back} {own}",
            code=there.code,
            back=back,
            own=testimony.code,
        )


def _missing(code: str, numbers: Sequence[int], words: Words) -> list[str]:
    missing = [number for number in numbers if number not in words]
    return [
        tr("{code} has no paragraph {paragraphs}; it has {number}", code=code, paragraphs=number, number=len(words))
        for number in missing[:1]
    ]


def _try(wrong: list[str], find: Callable[[str], str], name: str) -> str:
    try:
        return find(name)
    except UsageFault as error:
        wrong.append(f"{error.message}. {error.remedy}")
    return name
