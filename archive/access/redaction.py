"""Who may read what, and how it reads to them: pure, and closed unless everything says open.

A record's level comes from what its header says of access and consent; in any
doubt it is closed. A reader with the clearance gets a rendering: the public
one withholds what stands between redaction tags, and whatever in the header
would tell of it.
"""

from collections.abc import Sequence
from typing import Final

from archive import text
from archive.errors import Declared
from archive.record import paragraphs
from archive.record.standing import Words, standing
from archive.record.testimony import PUBLIC, RESTRICTED, About, Claim, Clearance, Note, Relation, Testimony, TextVersion
from archive.storage import record_files

OPEN: Final = "public"
LIMITED: Final = "restricted"
CLOSED: Final = "closed"

_LEVELS: Final = {"public": OPEN, "registered": LIMITED, "restricted": LIMITED, "closed": CLOSED}
_GIVEN: Final = frozenset({"given", "published-by-witness", "published-by-others"})
_READS: Final = {PUBLIC: frozenset({OPEN}), RESTRICTED: frozenset({OPEN, LIMITED})}


def level_of(access: str, until: str, consent: str) -> str:
    """Return the level that a header's words come to: public, restricted or closed.

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
    """Return a record's level; what lies sealed is at least restricted."""
    stated = level_of(testimony.access, testimony.until, testimony.consent)
    if any(paragraphs.has_redaction(version_body) and any(paragraphs.faults(version_body)) for version_body in bodies(testimony)):
        return CLOSED
    return LIMITED if stated == OPEN and testimony.path.endswith(record_files.SEALED) else stated


def may_read(testimony: Testimony, clearance: Clearance) -> bool:
    """Return whether a reader of this clearance may see the record at all."""
    return level(testimony) in _READS.get(clearance, frozenset())


def is_above(declared: Declared, clearance: Clearance) -> bool:
    """Return whether a header, though it has faults, says plainly that the record is above a clearance.

    What cannot be told is not above: it is a file that nobody could read.
    """
    consent = declared.consent
    if declared.level not in _LEVELS and consent != "withdrawn":
        return False
    known = consent if consent in {*_GIVEN, "unknown", "withdrawn"} else "given"
    return level_of(declared.level, declared.until, known) not in _READS.get(clearance, frozenset())


def render(testimony: Testimony, clearance: Clearance) -> Testimony | None:
    """Return a record as a reader of this clearance may see it, None where they may not.

    The fixity of a rendering that withholds words is left empty.
    """
    if not may_read(testimony, clearance):
        return None
    stated = LIMITED if testimony.path.endswith(record_files.SEALED) and testimony.access == OPEN else testimony.access
    shown = testimony._replace(access=stated, clearance=clearance)
    if not any(map(paragraphs.has_redaction, bodies(testimony))):
        return shown
    if clearance != PUBLIC:
        words = Words(testimony.body), Words(text.unmark(testimony.body))
        whole = shown._replace(versions=tuple(_unmark(version, *words) for version in testimony.versions))
        if not paragraphs.has_redaction(testimony.body):
            return whole
        return whole._replace(body=text.unmark(testimony.body), public_body=paragraphs.withheld(testimony.body))
    return _withheld(shown)


def bodies(testimony: Testimony) -> tuple[str, ...]:
    """Return the words of a record in every language that it has."""
    return (testimony.body, *(version.body for version in testimony.versions))


def _unmark(version: TextVersion, whole: Words, shown: Words) -> TextVersion:
    version = version._replace(hashes=_shown_hashes(range(1, len(whole) + 1), version.hashes, whole, shown))
    if not paragraphs.has_redaction(version.body):
        return version
    bare = text.unmark(version.body)
    own = _shown_hashes(range(1, len(version.own_hashes) + 1), version.own_hashes, Words(version.body), Words(bare))
    return version._replace(body=bare, own_hashes=own, public_body=paragraphs.withheld(version.body))


def _withheld(testimony: Testimony) -> Testimony:
    shown = _PublicView(testimony)
    testimony = testimony._replace(versions=tuple(map(shown.version, testimony.versions)))
    if not paragraphs.has_redaction(testimony.body):
        return testimony
    return testimony._replace(
        body=shown.body,
        notes=tuple(map(shown.note, testimony.notes)),
        claims=tuple(claim for whole_claim in testimony.claims if (claim := shown.claim(whole_claim))),
        relations=tuple(map(shown.relation, testimony.relations)),
        fixity="",
        redacted=True,
    )


class _PublicView:
    """What the public sees of a record that withholds words, bound to what is shown as it was to all of it."""

    def __init__(self, testimony: Testimony) -> None:
        self.code = testimony.code
        self.body = paragraphs.withheld(testimony.body)
        self.whole = Words(testimony.body)
        self.words = Words(self.body)
        self.gone = {run.number for run in paragraphs.passages(testimony.body) if paragraphs.is_wholly_withheld(run.text)}

    def note(self, note: Note) -> Note:
        about = note.about
        exact = self._public(about.exact, about.paragraphs)
        place = standing(about.paragraphs, about.hashes, about.exact, self.whole)
        hashes = self._hashes(about.paragraphs, about.hashes)
        if about.exact and not exact and not (hashes or place.is_sound):
            hashes = (_NOWHERE,) * len(about.paragraphs)  # without its quote it would seem to stand where it was
        shown = About(
            about.paragraphs,
            exact,
            self._public(about.prefix, about.paragraphs) if exact else "",
            self._public(about.suffix, about.paragraphs) if exact else "",
            hashes,
        )
        own = [
            self._hashes(link.paragraphs, link_hashes) if link_hashes and link.code == self.code else link_hashes
            for link, link_hashes in (note.links if note.against_hashes else ())
        ]
        return note._replace(about=shown, against_hashes=tuple(own))

    def claim(self, claim: Claim) -> Claim | None:
        """Return a claim; none, where it would tell what withheld paragraphs say, or may be about one."""
        place = standing(claim.paragraphs, claim.hashes, claim.exact, self.whole)
        if not place.is_sound and self.gone:
            return None
        stays = [number for number in claim.paragraphs if number not in self.gone]
        if not stays:
            return None
        hashes = dict(zip(claim.paragraphs, self._hashes(claim.paragraphs, claim.hashes), strict=False))
        return claim._replace(
            paragraphs=tuple(stays),
            hashes=tuple(hashes[number] for number in stays if number in hashes),
            exact=self._public(claim.exact, stays),
        )

    def version(self, version: TextVersion) -> TextVersion:
        hashes = self._hashes(range(1, len(self.whole) + 1), version.hashes)
        if not paragraphs.has_redaction(version.body):
            return version._replace(hashes=hashes)
        shown = paragraphs.withheld(version.body)
        whole = Words(version.body)
        own = _shown_hashes(range(1, len(version.own_hashes) + 1), version.own_hashes, whole, Words(shown))
        return version._replace(body=shown, hashes=hashes, own_hashes=own, fixity="", redacted=True)

    def relation(self, relation: Relation) -> Relation:
        return relation._replace(own_hashes=self._hashes(relation.paragraphs, relation.own_hashes))

    def _public(self, words: str, paragraphs: Sequence[int]) -> str:
        """Return quoted words where they stand in what is shown of the paragraphs, else nothing."""
        return words if words and set(self.words.quoting(words)) & {*paragraphs} else ""

    def _hashes(self, paragraphs: Sequence[int], written: Sequence[str]) -> tuple[str, ...]:
        """Return the hashes of what is shown, each as long as it was written: one of withheld words could be guessed at."""
        return _shown_hashes(paragraphs, written, self.whole, self.words)


def _shown_hashes(paragraphs: Sequence[int], written: Sequence[str], whole: Words, shown: Words) -> tuple[str, ...]:
    """Return the hashes of what is shown in place of those of all the words."""

    def hash_of(number: int, old: str) -> str:
        fits = number in whole and whole.hash(number).startswith(old)
        now = [number] if fits else whole.having(old)
        return (shown.hash(now[0]) if now else _NOWHERE)[: len(old)]

    return tuple(hash_of(number, old) for number, old in zip(paragraphs, written, strict=False))


_NOWHERE: Final = "0" * 64
"""Stands for the hash of words that are not there any more, in place of one that could be guessed at."""
