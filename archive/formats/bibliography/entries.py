"""An entry of a bibliography, the same for CSL-JSON, biblatex and RIS: made so that nothing is lost in print.

The title is the one field that every style prints. So it says whose account
it is, which paragraph, with which code, every caveat in force, and what was
seen of the source; see ``docs/adr/`` on why. A reference manager cannot print
the title without them.
"""

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from archive.authority.authorities import Authorities
from archive.citing import citation
from archive.citing.excerpt import RecordOutput, RenderedHit
from archive.formats import fields
from archive.formats.terminal import visible
from archive.record import hashing
from archive.record.testimony import Note, Testimony, notes_of
from archive.text import is_undated

OWN_WORDS: Final = "interview"
"""The CSL type of a witness's own words, also translated."""
SUMMARY: Final = "book"
"""The CSL type of an archive summary: the one whose title no style puts in quotation marks."""

_BRACKETS: Final = str.maketrans({"<": "‹", ">": "›"})


class BibliographyEntry(NamedTuple):
    """One passage, or one record, as a work that can be cited. Values are plain text on one line."""

    key: str
    reference: str
    type: str
    author: str
    interviewer: str
    heading: str
    paragraph: str
    caveats: str
    flags: str
    origin: str
    issued: str
    language: str
    archive: str
    mark: str
    citation: str
    access: str
    known: dict[str, Any]

    @property
    def title(self) -> str:
        """Return the title with everything that must be printed."""
        return ". ".join(part for part in (self.named, self.caveats, self.taken, self.origin, self.kept) if part)

    @property
    def short(self) -> str:
        """Return the title for a second mention: the flags stand for the caveats."""
        return f"{self.named} [{self.flags}]" if self.flags else self.named

    @property
    def named(self) -> str:
        """Return whose account it is, which paragraph, and its code."""
        return ", ".join(part for part in (self.heading, self.paragraph, self.reference) if part)

    @property
    def keywords(self) -> tuple[str, ...]:
        """Return the flags as terms, also of caveats that came after the day asked for."""
        notes = [*self.known["caveats"], *self.known.get("caveats_since", ())]
        return tuple(dict.fromkeys(str(note["flag"]) for note in notes))

    @property
    def kept(self) -> str:
        """Describe where a witness's own words are kept; of a summary the archive is the author."""
        return "" if self.type == SUMMARY else f"In {self.archive}"

    @property
    def taken(self) -> str:
        """Describe who recorded a witness's own words, for formats without a field for it."""
        return f"Recorded by {self.interviewer}" if self.interviewer else ""


class CitedWork(NamedTuple):
    """The citation of a passage or a record, with the ids of the notes in force and their statements."""

    reference: str
    citation: str
    sha256: str
    date: str
    notes: tuple[str, ...]
    caveats: list[Any]
    caveats_since: list[Any]
    language: str
    version: str | None
    entry: BibliographyEntry

    def fields(self) -> dict[str, Any]:
        """Return the fields as they are printed as JSON."""
        fields = self._asdict()
        del fields["entry"]
        return fields


def citations(pages: RecordOutput, paragraphs: tuple[int, ...]) -> list[CitedWork]:
    """Return the citation of each passage, or that of the record where no paragraph was named."""
    if not paragraphs:
        return [_citation(of_record(pages), pages.citation, notes_of(pages.record.passages), pages)]
    return [
        _citation(of_passage(shown, pages.authorities), shown.excerpt.citation, shown.excerpt.notes, pages)
        for shown in pages.shown
    ]


def _citation(entry: BibliographyEntry, text: str, notes: tuple[Note, ...], pages: RecordOutput) -> CitedWork:
    return CitedWork(
        reference=entry.reference,
        citation=text,
        sha256=entry.known["sha256"],
        date=citation.as_of(pages.record.testimony, notes),
        notes=tuple(map(citation.note_id, notes)),
        caveats=entry.known["caveats"],
        caveats_since=entry.known["caveats_since"],
        language=entry.language,
        version=pages.record.testimony.shown_in or None,
        entry=entry,
    )


def passages(shown: Iterable[RenderedHit], authorities: Authorities) -> list[BibliographyEntry]:
    """Return an entry for each passage."""
    return [of_passage(each, authorities) for each in shown]


def of_passage(shown: RenderedHit, authorities: Authorities) -> BibliographyEntry:
    """Return the entry of a passage, with the caveats of its excerpt."""
    testimony, passage, excerpt = shown.hit.testimony, shown.hit.passage, shown.excerpt
    own = {testimony.source.ref, testimony.source.through}
    known = fields.hit(shown, authorities)
    return _entry(
        testimony,
        excerpt.notes,
        authorities,
        key=f"{testimony.code}-p{passage.number}{_of_version(testimony)}",
        reference=f"{testimony.code}#p{passage.number}",
        paragraph=citation.place(passage),
        origin=citation.origin(testimony, tuple(cite for cite in passage.cites if cite.ref in own), authorities),
        mark=citation.mark(testimony, passage, digits=hashing.LONG_HASH),
        citation=citation.house(testimony, passage, authorities, digits=hashing.LONG_HASH),
        known={name: known[name] for name in _KNOWN},
    )


def of_record(pages: RecordOutput) -> BibliographyEntry:
    """Return the entry of a whole record, with every caveat in force at any of its passages."""
    testimony, authorities = pages.record.testimony, pages.authorities
    notes = notes_of(pages.record.passages)
    return _entry(
        testimony,
        notes,
        authorities,
        key=f"{testimony.code}{_of_version(testimony)}",
        reference=testimony.code,
        paragraph="",
        origin=citation.origin(testimony, (), authorities),
        mark=citation.mark_of_record(testimony, notes, digits=hashing.LONG_HASH),
        citation=citation.of_record(testimony, notes, authorities, digits=hashing.LONG_HASH),
        known={
            "code": testimony.code,
            "witness": testimony.witness.name,
            "kind": testimony.kind,
            "rendering": testimony.rendering,
            **fields.caveats(notes, authorities),
            "translated": fields.translated(testimony),
            "sha256": testimony.fixity,
        },
    )


def _of_version(testimony: Testimony) -> str:
    return f"-{testimony.shown_in}" if testimony.shown_in else ""


_KNOWN: Final = (
    *("code", "paragraph", "locator", "witness", "kind", "rendering", "translated"),
    *("caveats", "caveats_since", "sha256"),
)


def _entry(
    testimony: Testimony, notes: tuple[Note, ...], authorities: Authorities, known: dict[str, Any], **given: str
) -> BibliographyEntry:
    """Fill in what passages and records share."""
    archive = authorities.name()
    shared = {
        "type": SUMMARY if testimony.is_summary else OWN_WORDS,
        "author": archive if testimony.is_summary else testimony.witness.name,
        "interviewer": "" if testimony.is_summary else testimony.recorded_by,
        "heading": citation.heading(testimony, authorities),
        "caveats": citation.caveats(notes, authorities, in_full=True) if notes else "",
        "flags": "; ".join(dict.fromkeys(citation.flag(note, authorities) for note in notes)),
        # A summary is as old as its latest change, a witness's words as the day they were taken down.
        "issued": citation.as_of(testimony, notes) if testimony.is_summary else testimony.recorded,
        "language": testimony.language,
        "archive": archive,
        "access": testimony.access,
    }
    texts = {name: line(value) for name, value in {**shared, **given}.items()}
    return BibliographyEntry(**texts, known={**known, "source": dict(testimony.source.csl)})


def line(text: str) -> str:
    """Put a value on one line that no reader of lines can split, control characters shown as code points."""
    return " ".join(visible(text).split())


def item(entry: BibliographyEntry) -> dict[str, Any]:
    """Return an entry as a CSL-JSON item; names are literal, since nobody guesses which part is the family's."""
    csl: dict[str, Any] = {
        "id": entry.key,
        "type": entry.type,
        "author": [{"literal": entry.author}],
        # The interviewer has a field here, which four of the five styles print; the house citation has it too.
        "title": cased(entry._replace(interviewer="").title),
        "title-short": cased(entry.short),
        "archive_location": entry.mark,
        "language": entry.language,
        "note": entry.citation,
    }
    if entry.type == OWN_WORDS:
        # APA leaves an interview that is kept nowhere out of its list of references.
        csl["archive"] = entry.archive
    if entry.interviewer:
        csl["interviewer"] = [{"literal": entry.interviewer}]
    if issued := date(entry.issued):
        csl["issued"] = issued
    return csl | {"custom": {"schema": fields.SCHEMA, "citation": entry.citation, "access": entry.access, **entry.known}}


def cased(text: str) -> str:
    """Keep a style from changing capitals."""
    return f'<span class="nocase">{without_markup(text)}</span>'


def without_markup(text: str) -> str:
    """Write ‹ and › for what a reader could take for elements."""
    return text.translate(_BRACKETS)


def date(written: str) -> dict[str, Any] | None:
    """Return a day, month or year as CSL has it; what is less certain in words, and nothing for the undated."""
    if written == "undated" or is_undated(written):
        return None
    plain = written.removesuffix("~")
    parts = plain.split("-")
    if (
        len(parts) <= _DAY_PARTS
        and all(part.isdecimal() and part.isascii() for part in parts)
        and int([*parts, "0"][1]) <= _MONTHS
    ):
        found: dict[str, Any] = {"date-parts": [[int(part) for part in parts]]}
        return found | {"circa": True} if plain != written else found
    return {"literal": written}


_DAY_PARTS: Final = 3
_MONTHS: Final = 12  # a larger number is a season, which has no field in a date
