"""A passage or a record as all our formats print it today, for a document of ours to be held against."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final

from archive.authority.authorities import Authorities
from archive.citing import citation, source
from archive.citing.excerpt import RecordOutput, RenderedHit, cut
from archive.citing.list_signs import sign, warned_of
from archive.citing.printed import ANY_DAY
from archive.citing.printed import labels as printed_labels
from archive.citing.printed_fields import leaves
from archive.citing.reprint import ExpectedClaim, ExpectedEntry, ExpectedSource, PassagesOfAList, Reprint
from archive.formats import _described as described
from archive.formats import _plain_words as plain_words
from archive.formats import fields
from archive.formats._table import LABELLED, labels
from archive.formats.bibliography import biblatex, entries, ris
from archive.formats.data import csv, json_document
from archive.formats.terminal import rendered
from archive.formats.text import hit_list, plain
from archive.formats.wording import entry_line, name_of
from archive.language.messages import in_english, speaking, tr
from archive.record.hashing import LONG_HASH
from archive.record.testimony import Note, Passage, Testimony
from archive.search.model import Hit, Record
from archive.text import listed

_UNSTEADY: Final = frozenset({"stale", "was", "unread", "replaced", "since", "from"})
"""Fields of a caveat that come and go with the words below it and with the day that is asked for; ``from`` is in its id."""


@in_english
def reprint(record: Record, at: Passage | None, notes: Sequence[Note], authorities: Authorities) -> Reprint:
    """Return how a passage, or a record where ``at`` is None, is printed with these caveats.

    What few documents print, and takes long to make, is made when it is asked for, in English as all that is compared by fields.
    """
    return _reprint("", record, at, notes, authorities)


def _once(make: Callable[[], Mapping[str, Any]]) -> Callable[[], Mapping[str, Any]]:
    """Return what makes fields in English, once."""
    return cache(in_english(make))


def _spoken(language: str, record: Record, at: Passage | None, notes: Sequence[Note], authorities: Authorities) -> Reprint:
    with speaking(language):
        return _reprint(language, record, at, notes, authorities)


def _reprint(language: str, record: Record, at: Passage | None, notes: Sequence[Note], authorities: Authorities) -> Reprint:
    testimony = record.testimony
    here = at._replace(notes=tuple(notes)) if at else None
    code = testimony.code
    title = testimony.title
    reference = f"{code}#p{at.number}" if at else code
    where = tr(" (at {locators})", locators=", ".join(at.locators)) if at and at.locators else ""
    paragraph = tr("Paragraph {number}", number=at.number) if at else ""
    said = authorities.vocabulary.said
    entry = cache(lambda: in_english(_entry)(record, here, authorities))
    of_source = cache(lambda: in_english(entries.source_entry)(testimony, at, tuple(notes), authorities))
    by_id = {citation.note_id(note): note for note in notes}
    witness = testimony.witness
    speaker = plain.speaker(testimony, authorities)
    summary = testimony.is_summary
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
        facts=tuple(
            tuple((printed_labels(language)[label], value) for label, value in told(testimony, authorities))
            for told in (plain.facts, described.about)
        ),
        speaks=(f"{speaker}; {plain.rendering(testimony, authorities)}", speaker),
        speaker=f"{tr('{name} ({how})', name=name_of(witness), how=described.known_as(testimony, authorities))}; "
        f"{said('rendering', testimony.rendering)}{citation.translated(testimony, authorities)}",
        entries=tuple(entry_line(item, authorities) for item in at.entries) if at else (),
        notice=described.whose_text(testimony, authorities) if summary else "",
        opening=citation.opening(testimony, authorities),
        place=citation.place(at) if at else "",
        origin=citation.origin(testimony, at.cites if at else (), authorities),
        entry=in_english(lambda: _expected_entry(entry(), testimony)),
        warnings=tuple(dict.fromkeys((listed(warned, "and"), ", ".join(warned)))) if warned else (),
        tails=in_english(lambda name: tuple(_tails(by_id[name], code, authorities))),
        told_in=lambda language, name: tuple(_told_in(language, name, notes, code, authorities)),
        cell=in_english(lambda name: csv.caveat(fields.caveat(_bare(by_id[name]), authorities))),
        noted=in_english(lambda name: _noted(by_id[name], authorities)),
        fields={
            "hit": _once(lambda: fields.hit(_shown(record, here, authorities), authorities) if here else {}),
            "row": _once(lambda: _row(record, here, authorities) if here else {}),
            "claim": _once(lambda: _claimed(record, here, authorities) if here else {}),
            "version": _once(lambda: _version(testimony, authorities)),
            "record": _once(lambda: json_document.record(RecordOutput(record, (), "", authorities))),
            "csl": _once(lambda: entries.item(entry())),
            "csl-source": _once(lambda: entries.item(of_source())),
            "bibtex-source": _once(lambda: dict(biblatex.values(of_source()))),
            "ris-source": _once(lambda: _joined(ris.values(of_source()))),
            "bibtex": _once(lambda: dict(biblatex.values(entry()))),
            "ris": _once(lambda: _joined(ris.values(entry()))),
        },
        addresses=tuple(described.address(source.of(testimony, item, authorities)) for item in (at, None)),
        source=in_english(lambda: _source(of_source())),
        language=language,
        spoken=lambda other: _spoken(other, record, at, notes, authorities),
        listed=lambda language, passages: _listed(language, record, here, passages, authorities),
        claims={claim.id: ExpectedClaim(claim.text, claim.status, said("status", claim.status)) for claim in testimony.claims},
    )


def _listed(
    language: str, record: Record, at: Passage | None, passages: PassagesOfAList, authorities: Authorities
) -> dict[str, Sequence[str]]:
    """Return each way in which a list in a language has a field of a passage, or of a record where ``at`` is None."""
    testimony, ways = record.testimony, dict[str, Sequence[str]]()
    with speaking(language):
        if at:
            without = () if at.notes else (hit_list.without_caveats(testimony, authorities),)
            ways["speaks"] = tuple(rendered(hit_list.openings(testimony, at, authorities), styled=False))
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
                ways["content warning"] = (warned_of((each for each, _ in passages), authorities),)
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
        whole=source.written(cited),
        title=str(entry.work["title"]),
        year=source.year(cited.csl),
        places=cited.places,
        parts=tuple(filter(None, (str(entry.through.get("title", "")), source.unseen(cited)))),
        read_in=entry.read_in,
        titled=entry.named,
        closing=f"{entry.read_in}, {entry.reference}",
    )


def _expected_entry(entry: entries.BibliographyEntry, testimony: Testimony) -> ExpectedEntry:
    """Return what of an entry stands in every bibliography."""
    return ExpectedEntry(
        named=(entry.heading, *(() if testimony.is_summary else (testimony.witness.name,))),
        titled=entry.named,
        origin=entry.origin,
        taken=entry.taken,
        closing=("", *(item for item in (entry.kept, f"{entry.kept} {entry.taken}") if item), entry.archive),
    )


def _noted(note: Note, authorities: Authorities) -> dict[str, str]:
    """Return the fields of a caveat that are the same on every day."""
    return {name: text for name, text in leaves(fields.caveat(_bare(note), authorities)) if name not in _UNSTEADY}


def _bare(note: Note) -> Note:
    return note._replace(stale=False, unread="", since="")


def _tails(note: Note, code: str, authorities: Authorities) -> Iterator[str]:
    """Yield what stands after the label of a caveat: in text, in Markdown, in a dossier, and above the sides of a comparison."""
    own, short = _bare(note), "; ".join(citation.cited_in_short(cite, authorities) for cite in note.cites)
    yield plain.caveat_tail(own, authorities)
    believed = plain_words.information(note, authorities)
    whose = (f"{note.origin or code}/{note.id}", note.by, note.date, f"known since {note.known}" if note.known else "", believed)
    against = f" See {listed(note.against, 'and')}." if note.against else ""
    for cited in dict.fromkeys((in_english(plain_words.cited_in_a_list)(note, authorities), short)):
        yield f"{note.statement}{against} [{', '.join(part for part in whose if part)}{'; ' + cited if cited else ''}]"
    sources = "; ".join(fields.cites(note.cites, authorities))
    yield f"{note.statement} ({citation.note_id(note)}, {note.by}, {note.date}{'; ' + sources if sources else ''})"
    for caveat in described.caveats([own], authorities):
        yield f"{caveat.statement} ({caveat.ends})"
    yield f"{note.statement} [{citation.note_id(note)}, {note.by}, {note.date}{'; ' + short if short else ''}]"
    if not note.origin:
        yield f"{note.statement} [{code}/{note.id}, {note.by}, {note.date}{'; ' + short if short else ''}]"


def _told_in(language: str, name: str, notes: Sequence[Note], code: str, authorities: Authorities) -> list[str]:
    """Return each way in which a text in another language has a caveat whole.

    With what is remarked of it or not, on any day, and as it is told at its own record or at another one.
    """
    own = next(note for note in notes if citation.note_id(note) == name)
    ways = [
        told._replace(since=since, origin=origin)
        for told in (_bare(own), _bare(own)._replace(stale=True), own)
        for since in ("", ANY_DAY)
        for origin in ("", own.origin or code)
    ]
    with speaking(language):
        text = [
            f"{citation.flag(note, authorities)}: {tail}"
            for note in ways
            for tail in (
                plain.caveat_tail(note, authorities),
                hit_list.note_in_full(own.origin or code, note, authorities),
            )
        ]
        pages = [f"{each.label}. {each.statement} ({each.ends})" for each in described.caveats(ways, authorities)]
        return [*text, *pages]


def _shown(record: Record, at: Passage, authorities: Authorities) -> RenderedHit:
    hit = Hit(record.testimony, at, 0.0)
    return RenderedHit(hit, cut(hit, authorities, digits=LONG_HASH, in_full=True, longest=None))


def _entry(record: Record, at: Passage | None, authorities: Authorities) -> entries.BibliographyEntry:
    if at:
        return entries.of_passage(_shown(record, at, authorities), authorities)
    return entries.of_record(RecordOutput(record, (), "", authorities))


def _claimed(record: Record, at: Passage, authorities: Authorities) -> dict[str, Any]:
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
    return csv.flat(fields.hit(_shown(record, at, authorities), authorities), authorities)


def _joined(tags: Iterator[tuple[str, str]]) -> Mapping[str, Any]:
    by_tag: dict[str, list[str]] = {}
    for tag, value in tags:
        by_tag.setdefault(tag, []).append(value)
    return {tag: "; ".join(values) for tag, values in by_tag.items()}
