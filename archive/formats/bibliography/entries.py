"""An entry of a bibliography, the same for CSL-JSON, biblatex and RIS: made so that nothing is lost in print.

The title is the one field that every style prints. So it says whose account
it is, which paragraph, with which code, every caveat in force, and what was
seen of the source; see ``docs/adr/`` on why. A reference manager cannot print
the title without them.
"""

from collections.abc import Mapping
from typing import Any, Final

from archive.authority.authorities import Authorities
from archive.citing import citation, source
from archive.citing.excerpt import RecordOutput, RenderedHit, SearchOutput
from archive.citing.source import CitedSource
from archive.formats import fields
from archive.formats.terminal import visible
from archive.named_tuple import NamedTuple
from archive.record import hashing
from archive.record.testimony import Note, Passage, Testimony, notes_of
from archive.record.work import address, issue_date
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
        return _keywords(self.known)

    @property
    def work(self) -> dict[str, Any]:
        """Return what it is and who speaks, as a `SourceEntry` has its work."""
        return {"type": self.type, "author": [{"literal": self.author}]}

    @property
    def kept(self) -> str:
        """Describe where a witness's own words are kept; of a summary the archive is the author."""
        return "" if self.type == SUMMARY else f"In {self.archive}"

    @property
    def taken(self) -> str:
        """Describe who recorded a witness's own words, for formats without a field for it."""
        return f"Recorded by {self.interviewer}" if self.interviewer else ""


class SourceEntry(NamedTuple):
    """The source of one passage, or of one record, as a work that can be cited, with what is in force at the passage.

    ``work`` and ``through`` are CSL-JSON fields, each text on one line; ``read_in`` says through which passage it is
    cited, ``named`` is its title with the places in it. Other values are plain text on one line.
    """

    key: str
    reference: str
    cited: CitedSource
    work: dict[str, Any]
    through: dict[str, Any]
    named: str
    also: str
    caveats: str
    flags: str
    read_in: str
    mark: str
    citation: str
    archive: str
    access: str
    known: dict[str, Any]

    @property
    def title(self) -> str:
        """Return the title with everything that must be printed."""
        parts = (self.named, self.also, self.caveats, f"{self.read_in}, {self.reference}")
        return ". ".join(part for part in parts if part)

    @property
    def short(self) -> str:
        """Return the title for a second mention: the flags stand for the caveats."""
        told = "; ".join(part for part in (self.flags, self.reference) if part)
        return f"{self.work['title']} [{told}]"

    @property
    def keywords(self) -> tuple[str, ...]:
        """Return the flags as terms, also of caveats that came after the day asked for."""
        return _keywords(self.known)

    @property
    def issued(self) -> str:
        """Return when the source appeared, as ``2015-01``; "" where that is not known."""
        return issue_date(self.work)

    def access_day(self, work: Mapping[str, Any]) -> str:
        """Return the day on which a work was seen; "" where it is not the one of the two that was read."""
        return self.cited.accessed if (work.get("URL") or "") == self.cited.address else ""


Entry = BibliographyEntry | SourceEntry
"""What a format of reference managers writes."""


class CitedWork(NamedTuple):
    """The citation of a passage or a record, with the ids of the notes in force and their statements.

    ``citation`` is that of the archive's passage, ``source_citation`` that of the source.
    """

    reference: str
    citation: str
    sha256: str
    date: str
    notes: tuple[str, ...]
    caveats: list[Any]
    caveats_since: list[Any]
    language: str
    version: str | None
    cited_source: dict[str, Any]
    source_citation: str
    entry: BibliographyEntry
    source_entry: SourceEntry

    def fields(self) -> dict[str, Any]:
        """Return the fields as they are printed as JSON."""
        fields = self._asdict()
        del fields["entry"], fields["source_entry"]
        return fields

    @property
    def is_summary(self) -> bool:
        """Return whether the words are the archive's own."""
        return self.entry.type == SUMMARY


def citations(pages: RecordOutput, paragraphs: tuple[int, ...]) -> list[CitedWork]:
    """Return the citation of each passage, or that of the record where no paragraph was named."""
    if not paragraphs:
        return [_citation(of_record(pages), pages.citation, None, notes_of(pages.record.passages), pages)]
    return [
        _citation(of_passage(shown, pages.authorities), shown.excerpt.citation, shown.hit.passage, shown.excerpt.notes, pages)
        for shown in pages.shown
    ]


def _citation(entry: BibliographyEntry, text: str, at: Passage | None, notes: tuple[Note, ...], pages: RecordOutput) -> CitedWork:
    testimony, authorities = pages.record.testimony, pages.authorities
    of_source = source_entry(testimony, at, notes, authorities)
    digits = hashing.SHORT_HASH if f"sha256:{entry.known['sha256']}" not in text else hashing.LONG_HASH
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
        cited_source=fields.source(of_source.cited),
        source_citation=(
            source.house(testimony, at, authorities, digits=digits)
            if at
            else source.of_record(testimony, notes, authorities, digits=digits)
        ),
        entry=entry,
        source_entry=of_source,
    )


def source_entry(testimony: Testimony, at: Passage | None, notes: tuple[Note, ...], authorities: Authorities) -> SourceEntry:
    """Return the entry of the source of a passage, or of a record where ``at`` is None, with the caveats in force there."""
    cited = source.of(testimony, at, authorities)
    reference = f"{testimony.code}#p{at.number}" if at else testimony.code
    digits = hashing.LONG_HASH
    mark = citation.mark(testimony, at, digits=digits) if at else citation.mark_of_record(testimony, notes, digits=digits)
    in_words = (
        source.house(testimony, at, authorities, digits=digits)
        if at
        else source.of_record(testimony, notes, authorities, digits=digits)
    )
    return SourceEntry(
        key=f"{reference.replace('#', '-')}{_of_version(testimony)}-source",
        reference=reference,
        cited=cited,
        work=_work(cited.csl) | {"title": line(cited.title)},
        through=_work(cited.through) if cited.through else {},
        named=line(cited.named),
        also=line(source.further(cited).removeprefix(". ")),
        caveats=line(citation.caveats(notes, authorities, in_full=True)) if notes else "",
        flags=line("; ".join(dict.fromkeys(citation.flag(note, authorities) for note in notes))),
        read_in=line(source.read_in(testimony, at, authorities)),
        mark=line(mark),
        citation=line(in_words),
        archive=line(authorities.name()),
        access=testimony.access,
        known={
            "of": "source",
            "code": testimony.code,
            "paragraph": at.number if at else None,
            "witness": testimony.witness.name,
            **fields.caveats(notes, authorities),
            "sha256": at.sha256 if at else testimony.fixity,
            "cited_source": fields.source(cited),
        },
    )


def _work(csl: Mapping[str, Any]) -> dict[str, Any]:
    """Return a work with its address where a link may lead to it."""
    work: dict[str, Any] = _plain({name: value for name, value in csl.items() if name not in {"URL", "DOI"}})
    return work | ({"URL": reached} if (reached := address(csl)) else {})


def _plain(value: Any) -> Any:  # noqa: ANN401 - plain data
    """Put every text of a work on one line."""
    if isinstance(value, str):
        return line(value)
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


def _keywords(known: Mapping[str, Any]) -> tuple[str, ...]:
    notes = [*known["caveats"], *known.get("caveats_since", ())]
    return tuple(dict.fromkeys(str(note["flag"]) for note in notes))


def passages(output: SearchOutput | RecordOutput) -> list[BibliographyEntry]:
    """Return an entry for each passage of a search or of a record."""
    return [of_passage(hit, output.authorities) for hit in output.shown]


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
            "translated": fields.translation_fields(testimony),
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
    testimony: Testimony, notes: tuple[Note, ...], authorities: Authorities, known: dict[str, Any], **extra: str
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
    texts = {name: line(value) for name, value in {**shared, **extra}.items()}
    return BibliographyEntry(**texts, known={**known, "source": dict(testimony.source.csl)})


def people(work: Mapping[str, Any], *roles: str) -> list[dict[str, str]]:
    """Return the persons of a work in the first of some roles that it names, as CSL-JSON has them."""
    return next((list(found) for role in roles if (found := work.get(role))), [])


def name_parts(person: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the family's name of a person and the given one as they were entered; what was not parted is kept whole."""
    family, given = str(person.get("family", "")), str(person.get("given", ""))
    whole = str(person.get("literal") or "")
    return (family, given) if family and given and not whole else (whole or family or given,)


def line(text: str) -> str:
    """Put a value on one line that no reader of lines can split, control characters shown as code points."""
    return " ".join(visible(text).split())


def item(entry: Entry) -> dict[str, Any]:
    """Return an entry as a CSL-JSON item; of a passage names are literal, since nobody guesses which part is the family's."""
    csl = _source_item(entry) if isinstance(entry, SourceEntry) else _passage_item(entry)
    return csl | {"custom": {"schema": fields.SCHEMA, "citation": entry.citation, "access": entry.access, **entry.known}}


def _passage_item(entry: BibliographyEntry) -> dict[str, Any]:
    csl: dict[str, Any] = {
        "id": entry.key,
        **entry.work,
        # The interviewer has a field here, which four of the five styles print; the house citation has it too.
        "title": keep_case(entry._replace(interviewer="").title),
        "title-short": keep_case(entry.short),
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
    return csl


def of_work(csl: Mapping[str, Any], key: str, named: str) -> dict[str, Any]:
    """Return a work as a CSL-JSON item that says nothing but what it is.

    :param named: stands for the title of one of which nothing is known but that.
    """
    return {"type": "document", "title": line(named), **_work(csl), "id": key}


def work_item(entry: SourceEntry) -> dict[str, Any]:
    """Return the source of an entry as a CSL-JSON item that says nothing but what the work is."""
    return _with_day(entry, {"type": "document", **entry.work, "id": entry.cited.ref or entry.key})


def through_item(entry: SourceEntry) -> dict[str, Any]:
    """Return the work in which the source of an entry is reported, likewise."""
    return _with_day(entry, {"type": "document", **entry.through})


def _with_day(entry: SourceEntry, csl: dict[str, Any]) -> dict[str, Any]:
    return csl | ({"accessed": date(day)} if csl.get("URL") and (day := entry.access_day(csl)) else {})


def _source_item(entry: SourceEntry) -> dict[str, Any]:
    return work_item(entry) | {
        "id": entry.key,
        "title": keep_case(entry.title),
        "title-short": keep_case(entry.short),
        "archive": entry.archive,
        "archive_location": entry.mark,
        "note": entry.citation,
    }


def keep_case(text: str) -> str:
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
        parts_of_date: dict[str, Any] = {"date-parts": [[int(part) for part in parts]]}
        return parts_of_date | {"circa": True} if plain != written else parts_of_date
    return {"literal": written}


_DAY_PARTS: Final = 3
_MONTHS: Final = 12  # a larger number is a season, which has no field in a date
