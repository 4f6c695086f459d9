"""A passage or a record as all our formats print it today, for a document of ours to be held against."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Final

from archive.authority.authorities import Authorities
from archive.citing import citation, source
from archive.citing.excerpt import RecordOutput, RenderedHit, cut
from archive.citing.list_signs import sign, warning_for
from archive.citing.printed import ANY_DAY
from archive.citing.printed import labels as printed_labels
from archive.citing.printed_fields import leaves
from archive.citing.reprint import ExpectedClaim, ExpectedEntry, ExpectedSource, PassagesOfAList, Reprint
from archive.formats import _descriptions as descriptions
from archive.formats import _plain_words as plain_words
from archive.formats import fields
from archive.formats._date_words import date_in_words, each_way_of_dates
from archive.formats._table import LABELLED, labels
from archive.formats.bibliography import biblatex, entries, ris
from archive.formats.data import csv, json_document
from archive.formats.terminal import render
from archive.formats.text import hit_list, plain
from archive.formats.wording import entry_line, name_of
from archive.language.messages import ENGLISH, in_english, speaking, tr
from archive.record.hashing import LONG_HASH
from archive.record.testimony import Note, Passage, Testimony
from archive.search.model import Hit, Record
from archive.text import join_list

_UNSTEADY: Final = frozenset({"stale", "was", "unread", "replaced", "since", "from"})
"""Fields of a caveat that come and go with the words below it and with the day that is asked for; ``from`` is in its id."""


def reprint(record: Record, at: Passage | None, notes: Sequence[Note], authorities: Authorities) -> Reprint:
    """Return how a passage, or a record where ``at`` is None, is printed with these caveats."""
    return _reprint(ENGLISH, _Reprinted(record, at, notes, authorities))


class _Reprinted:
    """What few documents print and takes long to make: made when it is asked for, and what is compared by fields in English.

    ``at`` has the caveats alone with which it is printed, ``cited`` all of them.
    """

    def __init__(self, record: Record, at: Passage | None, notes: Sequence[Note], authorities: Authorities) -> None:
        self.record = record
        self.at = at._replace(notes=tuple(notes)) if at else None
        self.cited = at
        self.notes = {citation.note_id(note): note for note in notes}
        self.authorities = authorities
        self._fields: dict[str, Mapping[str, Any]] = {}

    @cached_property
    @in_english
    def of_passage(self) -> entries.BibliographyEntry:
        """The entry in a bibliography."""
        if self.at:
            return entries.of_passage(_rendered_hit(self.record, self.at, self.authorities), self.authorities)
        return entries.of_record(RecordOutput(self.record, (), "", self.authorities))

    @cached_property
    @in_english
    def of_source(self) -> entries.SourceEntry:
        """The entry of the source."""
        return entries.source_entry(self.record.testimony, self.cited, tuple(self.notes.values()), self.authorities)

    @in_english
    def entry(self) -> ExpectedEntry:
        """Return what of an entry stands in every bibliography."""
        entry, testimony = self.of_passage, self.record.testimony
        return ExpectedEntry(
            named=(entry.heading, *(() if testimony.is_summary else (testimony.witness.name,))),
            titled=entry.named,
            origin=entry.origin,
            taken=entry.taken,
            closing=("", *(item for item in (entry.kept, f"{entry.kept} {entry.taken}") if item), entry.archive),
        )

    @in_english
    def source(self) -> ExpectedSource:
        """Return how the source is cited."""
        return _source(self.of_source)

    @in_english
    def tails(self, name: str) -> tuple[str, ...]:
        """Return what stands after the label of a caveat."""
        return tuple(_tails(self.notes[name], self.record.testimony.code, self.authorities))

    def statements_in(self, language: str, name: str) -> Sequence[str]:
        """Return each way in which a text in a language has a caveat whole."""
        return tuple(_caveat_texts(language, self.notes[name], self.record.testimony.code, self.authorities))

    @in_english
    def cell(self, name: str) -> str:
        """Return a caveat as it stands in a table."""
        return csv.caveat(fields.caveat(_bare(self.notes[name]), self.authorities))

    @in_english
    def constant_fields(self, name: str) -> Mapping[str, str]:
        """Return the fields of a caveat in machine output that are the same on every day."""
        every = leaves(fields.caveat(_bare(self.notes[name]), self.authorities))
        return {field: text for field, text in every if field not in _UNSTEADY}

    @in_english
    def fields(self, kind: str) -> Mapping[str, Any]:
        """Return the fields of a kind of machine output or bibliography; none of a kind that there is not."""
        if kind not in self._fields:
            make = _FIELDS.get(kind)
            self._fields[kind] = make(self) if make else {}
        return self._fields[kind]

    def facts(self, language: str) -> tuple[tuple[tuple[str, str], ...], ...]:
        """Return the labelled lines of the record in a language, their labels in English, in each way of printing them."""
        with speaking(language or ENGLISH):
            return tuple(
                tuple((printed_labels(language)[label], value) for label, value in told(self.record.testimony, self.authorities))
                for _ in each_way_of_dates()
                for told in (plain.facts, descriptions.about)
            )


_FIELDS: Final[Mapping[str, Callable[[_Reprinted], Mapping[str, Any]]]] = {
    "hit": lambda made: fields.hit(_rendered_hit(made.record, made.at, made.authorities), made.authorities) if made.at else {},
    "row": lambda made: _row(made.record, made.at, made.authorities) if made.at else {},
    "claim": lambda made: _claim_fields(made.record, made.at, made.authorities) if made.at else {},
    "version": lambda made: _version(made.record.testimony, made.authorities),
    "record": lambda made: json_document.record(RecordOutput(made.record, (), "", made.authorities)),
    "csl": lambda made: entries.item(made.of_passage),
    "csl-source": lambda made: entries.item(made.of_source),
    "bibtex-source": lambda made: dict(biblatex.values(made.of_source)),
    "ris-source": lambda made: _join(ris.values(made.of_source)),
    "bibtex": lambda made: dict(biblatex.values(made.of_passage)),
    "ris": lambda made: _join(ris.values(made.of_passage)),
}


def _reprint(language: str, made: _Reprinted) -> Reprint:
    with speaking(language):
        return _in_language("" if language == ENGLISH else language, made)


def _in_language(language: str, made: _Reprinted) -> Reprint:
    authorities, testimony, at = made.authorities, made.record.testimony, made.at
    code = testimony.code
    title = testimony.title
    reference = f"{code}#p{at.number}" if at else code
    where = tr(" (at {locators})", locators=", ".join(at.locators)) if at and at.locators else ""
    paragraph = tr("Paragraph {number}", number=at.number) if at else ""
    said = authorities.vocabulary.said
    witness = testimony.witness
    speaker = plain.speaker(testimony, authorities)
    warned = [said("sensitive", item) for item in testimony.sensitive]
    return Reprint(
        heads=(
            reference,
            f"{reference}{where}",
            f"{reference} {title}",
            f"{reference}{where} {title}",
            f"{code} {title}",
            *((f"{reference} {paragraph}{where}", f"{paragraph}{where} ({reference})") if at else ()),
            *((f"{paragraph} ({reference})",) if at else ()),  # a page has the place in the source below it
        ),
        facts=lambda: made.facts(language),
        speaks=(f"{speaker}; {plain.rendering(testimony, authorities)}", speaker),
        speaker=f"{tr('{name} ({how})', name=name_of(witness), how=descriptions.describe_speaker(testimony, authorities))}; "
        f"{said('rendering', testimony.rendering)}{citation.describe_translation(testimony, authorities)}",
        entries=tuple(
            dict.fromkeys(
                tuple(entry_line(item, authorities) for item in (at.entries if at else ())) for _ in each_way_of_dates()
            )
        ),
        notice=descriptions.whose_text(testimony, authorities) if testimony.is_summary else "",
        opening=citation.opening(testimony, authorities),
        place=citation.place(at) if at else "",
        origin=citation.origin(testimony, at.cites if at else (), authorities),
        entry=made.entry,
        warnings=tuple(dict.fromkeys((join_list(warned, "and"), ", ".join(warned)))) if warned else (),
        tails=made.tails,
        told_in=made.statements_in,
        cell=made.cell,
        noted=made.constant_fields,
        fields=made.fields,
        addresses=tuple(descriptions.address(source.of(testimony, item, authorities)) for item in (at, None)),
        source=made.source,
        language=language,
        spoken=lambda other: _reprint(other, made),
        listed=lambda language, passages: _list_fields(language, made.record, at, passages, authorities),
        claims={claim.id: ExpectedClaim(claim.text, claim.status, said("status", claim.status)) for claim in testimony.claims},
    )


def _list_fields(
    language: str, record: Record, at: Passage | None, passages: PassagesOfAList, authorities: Authorities
) -> dict[str, Sequence[str]]:
    """Return each way in which a list in a language has a field of a passage, or of a record where ``at`` is None."""
    testimony, ways = record.testimony, dict[str, Sequence[str]]()
    with speaking(language):
        if at:
            without = () if at.notes else (hit_list.without_caveats(testimony, authorities),)
            ways["speaks"] = tuple(
                way for _ in each_way_of_dates() for way in render(hit_list.openings(testimony, at, authorities), styled=False)
            )
            ways["rendering"] = (sign(testimony),)
            ways["without caveats"] = (*without, "")
        if passages is not None:
            own = [each for each in passages if each[0].code == testimony.code]
            cites = tuple(dict.fromkeys(cite for _, passage in own for cite in passage.cites))
            # A record of which two languages are listed has the title of the first.
            accounts = (testimony, *(each for each, _ in own))
            # What was printed by an earlier version names every work.
            every = (plain_words.MOST_CITED, len(cites))
            lines = (hit_list.source_line(each, cites, authorities, most=most) for each in accounts for most in every)
            ways["source"] = tuple(dict.fromkeys(lines))
            if at:
                ways["content warning"] = (warning_for((each for each, _ in passages), authorities),)
    return ways


def _version(testimony: Testimony, authorities: Authorities) -> dict[str, Any]:
    """Return what a list of versions has of one, and a person's page of the person."""
    witness = testimony.witness
    return {
        "code": testimony.code,
        "title": testimony.title,
        "recorded": {"date": testimony.recorded, "by": testimony.recorded_by or None},
        "rendering": testimony.rendering,
        "source": citation.origin(testimony, (), authorities).partition(" ")[2],
        "person": {"witness": witness.name, "name_kind": witness.name_kind, "connection": witness.connection},
    }


def _source(entry: entries.SourceEntry) -> ExpectedSource:
    """Return how a source is cited: in the house's words, and what of it no style lacks."""
    cited = entry.cited
    return ExpectedSource(
        whole=source.describe(cited),
        title=str(entry.work["title"]),
        year=source.year(cited.csl),
        places=cited.places,
        parts=tuple(filter(None, (str(entry.through.get("title", "")), source.unseen(cited)))),
        read_in=entry.read_in,
        titled=entry.named,
        closing=f"{entry.read_in}, {entry.reference}",
    )


def _bare(note: Note) -> Note:
    return note._replace(stale=False, unread="", since="")


def _tails(note: Note, code: str, authorities: Authorities) -> Iterator[str]:
    """Yield what stands after the label of a caveat: in text, in Markdown, in a dossier, and above the sides of a comparison."""
    own, short = _bare(note), "; ".join(citation.name_cite_in_short(cite, authorities) for cite in note.cites)
    for _ in each_way_of_dates():
        yield plain.caveat_tail(own, authorities)
    believed = plain_words.information(note, authorities)
    known = [f"known since {date_in_words(note.known)}" if note.known else "" for _ in each_way_of_dates()]
    whose = (f"{note.origin or code}/{note.id}", note.by, note.date)
    against = f" See {join_list(note.against, 'and')}." if note.against else ""
    for cited in dict.fromkeys((plain_words.name_cites(note, authorities), short)):
        for since in dict.fromkeys(known):
            ends = ", ".join(part for part in (*whose, since, believed) if part)
            yield f"{note.statement}{against} [{ends}{'; ' + cited if cited else ''}]"
    sources = "; ".join(fields.cites(note.cites, authorities))
    yield f"{note.statement} ({citation.note_id(note)}, {note.by}, {note.date}{'; ' + sources if sources else ''})"
    for _ in each_way_of_dates():
        for caveat in descriptions.caveats([own], authorities):
            yield f"{caveat.statement} ({caveat.ends})"
    yield f"{note.statement} [{citation.note_id(note)}, {note.by}, {note.date}{'; ' + short if short else ''}]"
    if not note.origin:
        yield f"{note.statement} [{code}/{note.id}, {note.by}, {note.date}{'; ' + short if short else ''}]"


def _caveat_texts(language: str, own: Note, code: str, authorities: Authorities) -> list[str]:
    """Return each way in which a text in another language has a caveat whole.

    With what is remarked of it or not, on any day, and as it is told at its own record or at another one.
    """
    ways = [
        told._replace(since=since, origin=origin)
        for told in (_bare(own), _bare(own)._replace(stale=True), own)
        for since in ("", ANY_DAY)
        for origin in ("", own.origin or code)
    ]
    with speaking(language):
        text = [
            f"{citation.flag(note, authorities)}: {tail}"
            for _ in each_way_of_dates()
            for note in ways
            for tail in (
                plain.caveat_tail(note, authorities),
                hit_list.note_in_full(own.origin or code, note, authorities),
            )
        ]
        pages = [
            f"{each.label}. {each.statement} ({each.ends})"
            for _ in each_way_of_dates()
            for each in descriptions.caveats(ways, authorities)
        ]
        return [*text, *pages]


def _rendered_hit(record: Record, at: Passage, authorities: Authorities) -> RenderedHit:
    hit = Hit(record.testimony, at, 0.0)
    return RenderedHit(hit, cut(hit, authorities, digits=LONG_HASH, in_full=True, longest=None))


def _claim_fields(record: Record, at: Passage, authorities: Authorities) -> dict[str, Any]:
    """Return the fields of a row of a comparison; of those that are a claim's, all that any claim here may have."""
    row: dict[str, Any] = _row(record, at, authorities)
    claims = record.testimony.claims
    own: dict[str, list[str]] = {
        "camps": [camp for claim in claims for camp in claim.camps or ()],
        "period": [claim.period for claim in claims],
        "basis": [claim.basis for claim in claims],
        "status": [claim.status for claim in claims],
        "topics": [*record.testimony.topics, *at.topics],
    }
    said = {
        f"{name}_labels": [labels(LABELLED[name], (each,), authorities) for each in own[name]] for name in own if name in LABELLED
    }
    return row | {name: "; ".join((row[name], *values)) for name, values in {**own, **said}.items()}


def _row(record: Record, at: Passage, authorities: Authorities) -> dict[str, str]:
    return csv.flat(fields.hit(_rendered_hit(record, at, authorities), authorities), authorities)


def _join(tags: Iterator[tuple[str, str]]) -> Mapping[str, Any]:
    by_tag: dict[str, list[str]] = {}
    for tag, value in tags:
        by_tag.setdefault(tag, []).append(value)
    return {tag: "; ".join(values) for tag, values in by_tag.items()}
