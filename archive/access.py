"""Who may read what, and how it reads to them: pure, and closed unless everything says open.

A record's level comes from what its header says of access and consent; in any
doubt it is closed. A reader with the clearance gets a rendering: the public
one withholds what stands between redaction tags, and whatever in the header
would tell of it.
"""

from typing import Final

from archive import body, folder, hashing, text
from archive.testimony import PUBLIC, RESTRICTED, About, Claim, Clearance, Note, Testimony

OPEN: Final = "public"
LIMITED: Final = "restricted"
CLOSED: Final = "closed"

_LEVELS: Final = {"public": OPEN, "registered": LIMITED, "restricted": LIMITED, "closed": CLOSED}
_GIVEN: Final = frozenset({"given", "published-by-witness", "published-by-others"})
_READS: Final = {PUBLIC: frozenset({OPEN}), RESTRICTED: frozenset({OPEN, LIMITED})}


def level_of(access: str, until: str, consent: str) -> str:
    """Give the level that a header's words come to: public, restricted or closed.

    Withdrawn is closed. Consent that is not known, and any ``until``, also one
    that has passed, is at least restricted. A word that is not known is closed.
    """
    level = _LEVELS.get(access, CLOSED)
    if consent not in _GIVEN and consent != "unknown":
        return CLOSED  # withdrawn, or a word that this program does not know
    if level == OPEN and (until or consent == "unknown"):
        return LIMITED
    return level


def level(testimony: Testimony) -> str:
    """Give a record's level; what lies sealed is at least restricted."""
    found = level_of(testimony.access, testimony.until, testimony.consent)
    if body.has_redaction(testimony.body) and any(body.faults(testimony.body)):
        return CLOSED
    return LIMITED if found == OPEN and testimony.path.endswith(folder.SEALED) else found


def may_read(testimony: Testimony, clearance: Clearance) -> bool:
    """Say whether a reader of this clearance may see the record at all."""
    return level(testimony) in _READS.get(clearance, frozenset())


def is_above(access: str, until: str, consent: str, clearance: Clearance) -> bool:
    """Ask whether a header, though it has faults, says plainly that the record is above a clearance.

    What cannot be told is not above: it is a file that nobody could read.
    """
    if access not in _LEVELS and consent != "withdrawn":
        return False
    known = consent if consent in {*_GIVEN, "unknown", "withdrawn"} else "given"
    return level_of(access, until, known) not in _READS.get(clearance, frozenset())


def rendered(testimony: Testimony, clearance: Clearance) -> Testimony | None:
    """Give a record as a reader of this clearance may see it, None where they may not.

    The fixity of a rendering that withholds words is left empty.
    """
    if not may_read(testimony, clearance):
        return None
    stated = LIMITED if testimony.path.endswith(folder.SEALED) and testimony.access == OPEN else testimony.access
    shown = testimony._replace(access=stated, clearance=clearance)
    if not body.has_redaction(testimony.body):
        return shown
    if clearance != PUBLIC:
        return shown._replace(body=text.unmarked(testimony.body))
    return _withheld(shown)


def _withheld(testimony: Testimony) -> Testimony:
    kept = {run.number: run.text for run in body.passages(testimony.body)}
    return testimony._replace(
        body=body.withheld(testimony.body),
        notes=tuple(_note(note, kept) for note in testimony.notes),
        claims=tuple(_claim(claim, kept) for claim in testimony.claims if not _is_withheld(claim, kept)),
        fixity="",
        redacted=True,
    )


def _is_withheld(claim: Claim, kept: dict[int, str]) -> bool:
    """Ask whether all the paragraphs of a claim are withheld, so that the claim would tell what they say."""
    return all(body.is_wholly_withheld(kept[number]) for number in claim.paragraphs)


def _public(words: str, paragraphs: tuple[int, ...], kept: dict[int, str]) -> str:
    """Give quoted words where they stand in what is shown of the paragraphs, else nothing."""
    shown = (text.without_locators(body.withheld(kept[number])) for number in paragraphs)
    return words if any(text.squash(words) in each for each in shown) else ""


def _note(note: Note, kept: dict[int, str]) -> Note:
    about = note.about
    exact = _public(about.exact, about.paragraphs, kept)
    return note._replace(
        about=About(
            about.paragraphs,
            exact,
            _public(about.prefix, about.paragraphs, kept) if exact else "",
            _public(about.suffix, about.paragraphs, kept) if exact else "",
            _hashes(about.paragraphs, about.hashes, kept),
        )
    )


def _claim(claim: Claim, kept: dict[int, str]) -> Claim:
    hashes = _hashes(claim.paragraphs, claim.hashes, kept) or ("",) * len(claim.paragraphs)
    stays = [
        (number, written)
        for number, written in zip(claim.paragraphs, hashes, strict=True)
        if not body.is_wholly_withheld(kept[number])
    ]
    return claim._replace(
        paragraphs=tuple(number for number, _ in stays),
        hashes=tuple(written for _, written in stays if written),
        exact=_public(claim.exact, tuple(number for number, _ in stays), kept),
    )


def _hashes(paragraphs: tuple[int, ...], written: tuple[str, ...], kept: dict[int, str]) -> tuple[str, ...]:
    """Give the hashes of what is shown, each as long as it was written: one of withheld words could be guessed at."""
    return tuple(
        hashing.passage_hash(body.withheld(kept[number]))[: len(old)] for number, old in zip(paragraphs, written, strict=False)
    )
