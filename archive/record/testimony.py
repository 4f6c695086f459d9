"""The frozen records: what a testimony is once its header has been read and believed.

Named tuples, since they are cheap to make: `testimony search` builds these
classes at every start. A raw header, as written, never leaves `archive.reader`.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final, NewType

from archive.authority.gazetteer import FacilityId
from archive.errors import BadReference
from archive.language.messages import tr
from archive.named_tuple import NamedTuple
from archive.text import squash, without_locators

Clearance = NewType("Clearance", str)
"""What a reader may see; it has a default in ``cli`` alone."""
PUBLIC: Final = Clearance("public")
RESTRICTED: Final = Clearance("restricted")
CLEARANCES: Final = (PUBLIC, RESTRICTED)

SPEAKING_FOR: Final = frozenset({"corroborated", "partial-admission"})
"""The flags of the notes that speak for what a passage says; all others warn."""


class Name(NamedTuple):
    """A published name in another spelling or script; ``language`` is BCP 47."""

    text: str
    language: str


class Witness(NamedTuple):
    """Who speaks. A pseudonym is not anonymous; ``name_kind`` says which."""

    name: str
    name_kind: str
    connection: str
    born: str = ""
    nationality: str = ""
    other_names: tuple[Name, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Return every published spelling of the name."""
        return (self.name, *(other.text for other in self.other_names))


class CampEntry(NamedTuple):
    """What a passage or a record is about: one place, time and vantage point together.

    An item of ``camps`` or a claim. Values of one query's ``--camp --zone --role
    --basis --period --status`` must be met by one and the same entry.
    ``period`` is EDTF, "" where it is undated.
    """

    camp: FacilityId | None
    zone: str = ""
    period: str = ""
    role: str = ""
    basis: str = ""
    status: str = ""


class Cite(NamedTuple):
    """A source (or a conflict, ``conf-NNN``), the place in it, and the day on which that place was read, "" where nobody says."""

    ref: str
    locator: str = ""
    seen: str = ""


class Source(NamedTuple):
    """Where a record comes from; ``csl`` are CSL-JSON fields of the work.

    ``seen`` says how much of it was read, and ``seen_on`` on which day: of the
    work itself, or of ``through`` where that was read in its place.
    """

    ref: str
    csl: Mapping[str, Any]
    root: str = ""
    seen: str = ""
    through: str = ""
    through_csl: Mapping[str, Any] = {}
    seen_on: str = ""


class About(NamedTuple):
    """What a note speaks of: the paragraphs named, or (with none) the whole record."""

    paragraphs: tuple[int, ...] = ()
    exact: str = ""
    prefix: str = ""
    suffix: str = ""
    hashes: tuple[str, ...] = ()

    @property
    def of_record(self) -> bool:
        """Return whether the note is about the record as a whole."""
        return not self.paragraphs


class Note(NamedTuple):
    """A credibility note.

    ``against_hashes`` are those of the paragraphs that each link of ``against``
    names, in the same order; a link that has none is bound by number alone.
    ``origin`` is the code of the record that it came from, "" for its own.
    ``since`` is the day that was asked for (`Filters.as_of`) where the note
    could be known only later, else "". ``until`` are the days (EDTF) from which
    the notes could be known that have replaced it here; none: it is in force.
    ``stale``: the words here are not, or not surely, those that it was bound to.
    ``unread`` is the code of the record that it stands in, or comes through, where
    that cannot be read at present and is taken as it was last read, else "".
    """

    id: str
    flag: str
    status: str
    about: About
    statement: str
    by: str
    date: str
    known: str = ""
    information: str = ""
    cites: tuple[Cite, ...] = ()
    against: tuple[str, ...] = ()
    replaces: str = ""
    origin: str = ""
    since: str = ""
    against_hashes: tuple[tuple[str, ...], ...] = ()
    until: tuple[str, ...] = ()
    stale: bool = False
    unread: str = ""

    @property
    def links(self) -> "tuple[tuple[Reference, tuple[str, ...]], ...]":
        """Return the passages that it is held against, each with the hashes of their words."""
        hashes = self.against_hashes or ((),) * len(self.against)
        return tuple((reference(link), link_hashes) for link, link_hashes in zip(self.against, hashes, strict=True))


class Claim(NamedTuple):
    """One thing said to have happened, and how it stands.

    ``camps`` None: the claim is silent, and the record's hold; (): no camp at all.
    ``at`` are the paragraphs that it touches, where they have been looked up: those
    that it names, and those where the words that it is bound to stand now.
    """

    id: str
    text: str
    paragraphs: tuple[int, ...]
    status: str
    camps: tuple[FacilityId, ...] | None = None
    period: str = ""
    basis: str = ""
    topics: tuple[str, ...] = ()
    cites: tuple[Cite, ...] = ()
    hashes: tuple[str, ...] = ()
    exact: str = ""
    at: tuple[int, ...] = ()

    def touches(self, number: int) -> bool:
        """Return whether the claim touches a paragraph."""
        return number in (self.at or self.paragraphs)


class Relation(NamedTuple):
    """How a record stands to another.

    For ``relies-on``: ``paragraphs`` are those of this record that rely on the
    other, and ``their`` are the paragraphs of the other that they rely on (() = all).
    ``own_hashes`` and ``their_hashes`` are of their words; none: bound by number alone.
    ``at`` are the paragraphs of this record where it holds, where they have been looked up.
    """

    type: str
    code: str
    paragraphs: tuple[int, ...] = ()
    their: tuple[int, ...] = ()
    own_hashes: tuple[str, ...] = ()
    their_hashes: tuple[str, ...] = ()
    at: tuple[int, ...] = ()

    def touches(self, numbers: Collection[int]) -> bool:
        """Return whether it holds at one of some paragraphs; it does where it or they name none."""
        own = self.at or self.paragraphs
        return not (own and numbers) or not set(own).isdisjoint(numbers)


class Change(NamedTuple):
    """An entry of a record's history."""

    date: str
    by: str
    change: str


class Pair(NamedTuple):
    """Paragraphs of a record, and those of a version in another language that say the same; ``theirs`` (): not in the version."""

    own: tuple[int, ...]
    theirs: tuple[int, ...]


class TextVersion(NamedTuple):
    """The words of a record in another language, from a file beside it; all else is the record's.

    ``pairs`` tell of each paragraph of the record, in order, where it stands
    here. ``hashes`` are those of the record's paragraphs when this was made, in
    their order, () where it is not bound to them; ``own_hashes`` those of its
    own. ``redacted`` and ``public_body`` as of a `Testimony`.
    """

    language: str
    rendering: str
    by: str
    of: str
    translated_from: str
    translated_by: str
    cites: tuple[Cite, ...]
    pairs: tuple[Pair, ...]
    hashes: tuple[str, ...]
    body: str
    path: str = ""
    body_line: int = 1
    fixity: str = ""
    redacted: bool = False
    public_body: str = ""
    own_hashes: tuple[str, ...] = ()


class Testimony(NamedTuple):
    """A record as the archive believes it. ``body`` is Markdown in NFC.

    ``shown_in`` is the language of the version whose words are shown in place
    of the record's own, with who translated them (`archive.record.languages`),
    "" where they are its own.

    ``clearance`` is that of the reader for whom it was rendered, "" as the
    keepers have it; ``redacted``: this rendering withholds words of the file,
    and ``fixity`` is that of the rendering. ``public_body`` is what the public
    sees of the body, where that is less than this reader does, else "".
    ``unread``: its file cannot be read at present, and this is how it was last read.
    """

    code: str
    title: str
    kind: str
    language: str
    original_language: str
    rendering: str
    rendered_by: str
    rendered_of: str
    witness: Witness
    entries: tuple[CampEntry, ...]
    period: str
    recorded: str
    recorded_by: str
    source: Source
    consent: str
    access: str
    until: str
    reliability: str
    reliability_basis: str
    notes: tuple[Note, ...]
    claims: tuple[Claim, ...]
    topics: tuple[str, ...]
    sensitive: tuple[str, ...]
    relations: tuple[Relation, ...]
    history: tuple[Change, ...]
    body: str
    path: str = ""
    body_line: int = 1
    fixity: str = ""
    was_public: bool = False
    clearance: str = ""
    redacted: bool = False
    public_body: str = ""
    versions: tuple[TextVersion, ...] = ()
    shown_in: str = ""
    translated_from: str = ""
    translated_by: str = ""
    unread: bool = False

    @property
    def is_summary(self) -> bool:
        """Return whether the text is ours and not the witness's own words."""
        return self.rendering == "summary"


class PassageText(NamedTuple):
    """The words of a passage in another language.

    ``paragraphs`` are those of the version; ``beside`` are other passages of the
    record that the same words stand for, whose notes are in force here too;
    ``outdated`` says where the words of the two have changed since they were held against each other, else "".
    """

    language: str
    text: str
    paragraphs: tuple[int, ...]
    beside: tuple[int, ...] = ()
    headings: tuple[str, ...] = ()
    footnotes: tuple[str, ...] = ()
    cites: tuple[Cite, ...] = ()
    outdated: str = ""

    @property
    def words(self) -> str:
        """Return the text as it is shown: one line, without time codes and page marks."""
        return without_locators(self.text)

    @property
    def below(self) -> tuple[str, ...]:
        """Return the footnotes that the text calls as they are shown: one line each, with their labels."""
        return tuple(map(without_locators, self.footnotes))


class Passage(NamedTuple):
    """The indexed unit: one numbered paragraph.

    ``versions`` are its words in other languages. ``language`` is that of the
    version whose words it shows, "" for the record's own; ``outdated`` then says
    where the words of the two have changed since they were held against each other.

    ``text`` is in NFC with its line ends; ``sha256`` is in 64 hex digits;
    ``notes`` are all that are in force here, those of the whole record and
    those from other records too, gravest first where the caller sorted them.
    ``replaced`` are those that were in force here until what replaced them was
    known; ``footnotes`` are the definitions of those that the text calls.
    """

    code: str
    number: int
    text: str
    sha256: str
    locators: tuple[str, ...]
    headings: tuple[str, ...]
    entries: tuple[CampEntry, ...]
    topics: tuple[str, ...]
    cites: tuple[Cite, ...]
    notes: tuple[Note, ...]
    replaced: tuple[Note, ...] = ()
    footnotes: tuple[str, ...] = ()
    versions: tuple[PassageText, ...] = ()
    language: str = ""
    outdated: str = ""

    @property
    def words(self) -> str:
        """Return the text as it is shown: one line, without time codes and page marks."""
        return without_locators(self.text)

    @property
    def below(self) -> tuple[str, ...]:
        """Return the footnotes that the text calls as they are shown: one line each, with their labels."""
        return tuple(map(without_locators, self.footnotes))

    @property
    def flags(self) -> tuple[str, ...]:
        """Return the flags in force here, each once, in the order of the notes; none known only after the day asked for."""
        return tuple(dict.fromkeys(note.flag for note in self.notes if not note.since))


def notes_of(passages: Iterable[Passage]) -> tuple[Note, ...]:
    """Return the notes in force at any of some passages, each once; one that is stale at one of them is told as stale."""
    notes: dict[tuple[str, str, str], Note] = {}
    for note in (note for passage in passages for note in passage.notes):
        key = note.origin, note.id, note.since
        before = notes.get(key)
        if before is None or (note.stale and not before.stale):
            notes[key] = note
    return tuple(notes.values())


class Reference(NamedTuple):
    """A code, with the paragraphs asked for: ``NKT-0002#p3-5`` is (3, 4, 5), none means all."""

    code: str
    paragraphs: tuple[int, ...] = ()

    def __str__(self) -> str:
        """Write it as a citation does."""
        if not self.paragraphs:
            return self.code
        first, last = self.paragraphs[0], self.paragraphs[-1]
        return f"{self.code}#p{first}" + ("" if first == last else f"-{last}")


_REFERENCE: Final = r"([A-Za-z]{2,5}-[0-9]{4,6})(?:#p([0-9]{1,5})(?:-p?([0-9]{1,5}))?)?"


def reference(written: str) -> Reference:
    """Read ``NKT-0002``, ``NKT-0002#p3`` or ``NKT-0002#p3-5``.

    :raises BadReference: it is none of these.
    """
    match = re.fullmatch(_REFERENCE, written.strip())
    if not match:
        message = tr("{written!r} is not a code", written=squash(written)[:60])
        raise BadReference(message, tr("Write NKT-0002, NKT-0002#p3 or NKT-0002#p3-5."))
    code, first, last = match[1].upper(), int(match[2] or 0), int(match[3] or match[2] or 0)
    if match[2] and not 1 <= first <= last:
        message = tr("{written!r} names no paragraph", written=written.strip())
        raise BadReference(message, tr("Paragraphs count from 1, the smaller number first."))
    return Reference(code, tuple(range(first, last + 1)) if match[2] else ())


_BETWEEN: Final = r"[\s_.,;:#()/§¶–—-]{0,3}"
CODE_OTHERWISE: Final = (
    rf"([A-Za-z]{{2,5}}){_BETWEEN}([0-9]{{1,6}})(?![0-9])"
    rf"(?:{_BETWEEN}(?:p|pp|par|paras?|paragraphs?|단락|문단)?{_BETWEEN}([0-9]{{1,5}})(?:\s?(?:[-–]|to)\s?p?([0-9]{{1,5}}))?)?[\s.,;:)]?"
)
"""A code as people and other programs write it, in any case, also as a browser reads it: its letters, number and paragraphs."""


def reference_meant(written: str, prefix: str) -> str:
    """Return the code that one written otherwise means, as ``nkt 1``, ``NKT-0001 p3`` or ``NKT-0001, paras 3-5``; else "".

    :param prefix: of the codes of this archive, "NKT": what has other letters is none.
    """
    match = re.fullmatch(CODE_OTHERWISE, squash(written), re.IGNORECASE)
    if match is None or match[1].upper() != prefix:
        return ""
    first, last = int(match[3] or 0), int(match[4] or match[3] or 0)
    if match[3] and not 1 <= first <= last:
        return ""
    return str(Reference(f"{prefix}-{match[2].zfill(4)}", tuple(range(first, last + 1)) if first else ()))


CODES: Final = rf"(?<![0-9A-Za-z_-]){_REFERENCE}(?![0-9A-Za-z_])"
"""A code among other words, a Korean particle behind it or not; a browser reads it so too, where no Hangul is ``\\w``."""


def codes_in(text: str) -> tuple[str, ...]:
    """Return what is written as a code in a text, each once and as `reference` reads it: ``NKT-0002#p3``."""
    return tuple(dict.fromkeys(found[0].upper().replace("#P", "#p") for found in re.finditer(CODES, text)))


def codes_meant(words: str, prefix: str) -> tuple[str, ...]:
    """Return the codes among words; of words that are nothing but one of this archive written otherwise, that one."""
    meant = reference_meant(words, prefix)
    return (meant,) if meant else codes_in(words)
