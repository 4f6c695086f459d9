"""A comparison in plain fields and sentences, the same for text, JSON, CSV and Markdown."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from archive.authority.authorities import Authorities
from archive.citing import citation, part_marks
from archive.citing.excerpt import RenderedHit
from archive.formats import _table, fields
from archive.formats._date_words import date_in_words
from archive.formats._notes_in_full import NotesInFull
from archive.formats._query_words import in_words
from archive.formats.wording import count, describe_left_out
from archive.language.messages import mark, tr, tr_count
from archive.named_tuple import NamedTuple
from archive.record.testimony import notes_of
from archive.search.model import Coverage
from archive.text import join_list
from archive.weighing.claims import NOT_COUNTED, ClaimCount, Row
from archive.weighing.comparison import Comparison, Side, Stated
from archive.weighing.corroboration import Attestation

_CHANNELS: Final = {
    "work": mark("one work"),
    "container": mark("one container"),
    "publisher": mark("one publisher"),
    "recorded by": mark("recorded by one hand"),
    "read through": mark("read through one text"),
}


class ComparisonOutput(NamedTuple):
    """A comparison with an excerpt for every passage in it, by code and number."""

    comparison: Comparison
    shown: Mapping[tuple[str, int], RenderedHit]
    coverage: Coverage


def document(compared: ComparisonOutput) -> dict[str, Any]:
    """Return the comparison as one document."""
    written = _document(compared)
    return written | {"marks": {name: part_marks.of_value(part) for name, part in parts(written).items()}}


def parts(document: Mapping[str, Any]) -> dict[str, object]:
    """Return what a comparison in fields tells beside its excerpts, by the name of its mark."""
    return {
        part_marks.AGREEMENT: [document.get(name) for name in ("total", "agreement")],
        part_marks.CONTRADICTIONS: [document.get(name) for name in ("conflicts", "other_conflicts")],
        part_marks.COVERAGE: document.get("coverage"),
    }


def _document(compared: ComparisonOutput) -> dict[str, Any]:
    comparison = compared.comparison
    authorities = comparison.authorities
    return {
        "schema": fields.SCHEMA,
        "asked": fields.filter_fields(comparison.query.filters),
        "as_of": fields.as_of(comparison.results),
        "since": fields.since(comparison.results),
        "total": {
            "rows": len(comparison.rows),
            "passages": comparison.total.mentions,
            "testimonies": len({row.code for row in comparison.rows}),
            "roots": comparison.total.roots,
            "unknown_roots": comparison.total.unknown_roots,
        },
        "expanded": fields.expansion_fields(comparison.results),
        "undated_left_out": comparison.results.undated_left_out,
        "searched": compared.coverage.searched,
        "of": compared.coverage.of,
        "rows": [row_of(row, compared) for row in comparison.rows],
        "agreement": [_tally(item, authorities) for item in comparison.agreement],
        "borne_out": [_stated_fields(item, compared) for item in comparison.borne_out],
        "contradictions": [_stated_fields(contradiction, compared) for contradiction in comparison.contradictions],
        "conflicts": [conflict(item, authorities) for item in comparison.conflicts],
        "other_conflicts": list(comparison.other_conflicts),
        "coverage": [_attestation_fields(item) for item in comparison.coverage],
    }


def row_of(row: Row, compared: ComparisonOutput) -> dict[str, Any]:
    """Return a row: the fields of a hit, with what this claim says in place of what the passage is about."""
    shown = compared.shown[row.code, row.hit.passage.number]
    hit = {
        name: value
        for name, value in fields.hit(shown, compared.comparison.authorities).items()
        if name not in {"score", "matches"}
    }
    voice = compared.comparison.voices[row.code]
    return {
        **hit,
        **{name: _each(getattr(entry, name) for entry in row.entries) for name in ("period", "role", "zone", "basis", "status")},
        "camps": _each(entry.camp or "" for entry in row.entries),
        "topics": list(row.topics),
        "claim": row.claim.id if row.claim else None,
        "claim_text": row.claim.text if row.claim else None,
        "root": row.hit.testimony.source.root or None,
        "voice": list(voice.codes),
        "relies_on": list(map(str, row.relies_on)),
        "counted": not row.not_counted,
        "not_counted": list(row.not_counted),
    }


ROW: Final = (
    "schema",
    "code",
    "title",
    "paragraph",
    "locator",
    "claim",
    "claim_text",
    "status",
    "basis",
    "counted",
    "not_counted",
    "root",
    "voice",
    "relies_on",
    "witness",
    "kind",
    "rendering",
    "language",
    "camps",
    "period",
    "role",
    "zone",
    "topics",
    "reliability",
    "reliability_basis",
    "sensitive",
    "excerpt",
    "cut",
    "flags",
    "caveats",
    "caveats_since",
    "citation",
    "sha256",
    "access",
    "footnotes",
    *_table.COLUMNS,
)
"""The columns of a table of rows."""


def flat_rows(compared: ComparisonOutput) -> Iterator[dict[str, Any]]:
    """Yield the rows for a table: the grade and its basis in cells of their own."""
    for row in compared.comparison.rows:
        flat = row_of(row, compared)
        graded = flat["reliability"] or {"grade": None, "basis": None}
        more = _table.more(flat, compared.comparison.authorities)
        yield {**flat, **more, "schema": fields.SCHEMA, "reliability": graded["grade"], "reliability_basis": graded["basis"]}


def _tally(tally: ClaimCount, authorities: Authorities) -> dict[str, Any]:
    return {
        "topic": tally.topic,
        "label": authorities.vocabulary.label("topic", tally.topic or ""),
        "roots": tally.roots,
        "unknown_roots": tally.unknown_roots,
        "mentions": tally.mentions,
        "taken_back": tally.taken_back,
        "not_counted": dict(tally.not_counted),
        "status": dict(tally.status),
        "speakers": [
            {"roots": list(speaker.roots), "codes": list(speaker.codes), "passages": list(speaker.places)}
            for speaker in tally.speakers
        ],
        "same_channel": [
            {"through": [{"kind": kind, "name": name} for kind, name in channel.ways], "codes": list(channel.codes)}
            for channel in tally.channels
        ],
        "says": sentence(tally),
    }


def sentence(tally: ClaimCount) -> str:
    """Describe how many speak, in words that claim no more than was counted."""
    words = tr_count("{number} independent root speaks of it", "{number} independent roots speak of it", tally.roots)
    if not tally.roots:
        words = tr("No independent root speaks of it")
    if tally.unknown_roots:
        words += tr_count(
            "; {number} voice more, whose root is not known",
            "; {number} voices more, whose root is not known",
            tally.unknown_roots,
        )
    words += "."
    if tally.taken_back:
        words += tr_count(
            " {number} voice told it once and took it back or told it differently later.",
            " {number} voices told it once and took it back or told it differently later.",
            tally.taken_back,
        )
    if tally.not_counted:
        parts = [f"{tr(NOT_COUNTED[reason])} ({number})" for reason, number in tally.not_counted.items()]
        words += tr(" Shown and not counted, by passages: {parts}.", parts="; ".join(parts))
    if tally.channels:
        words += tr(" Some of them came through the same channel.")
    return words


def through(tally: ClaimCount) -> Iterator[str]:
    """Describe what voices share that are counted apart."""
    for channel in tally.channels:
        ways = [f"{tr(_CHANNELS[kind])}: {name}" for kind, name in channel.ways]
        yield tr("Same channel: {codes} ({ways})", codes=join_list(channel.codes, "and"), ways="; ".join(ways))


def speakers(tally: ClaimCount) -> Iterator[str]:
    """Describe who speaks: each voice with its passages."""
    for speaker in tally.speakers:
        named = tr("root {roots}", roots=" = ".join(speaker.roots)) if speaker.roots else tr("root not known")
        yield f"{named}: {', '.join(speaker.places)}"


def standing(row: Row, authorities: Authorities) -> str:
    """Describe what a row claims, how it stands, and whether it is counted."""
    said = []
    if row.claim:
        status = authorities.vocabulary.said("status", row.claim.status)
        bases = join_list([authorities.vocabulary.said("basis", term) for term in _each(entry.basis for entry in row.entries)])
        said.append(
            tr(
                "Claim {id}, {status}{which}: {text}.",
                id=row.claim.id,
                status=status,
                which=", " + bases if bases else "",
                text=row.claim.text,
            )
        )
    topics = join_list([authorities.vocabulary.said("topic", topic) for topic in row.topics], "and")
    said.append(tr("Topics: {topics}.", topics=topics) if topics else tr("No topic entered."))
    said.append(tr("Root: {root}.", root=row.hit.testimony.source.root or tr("not known")))
    if row.relies_on:
        said.append(tr("Relies on {named}.", named=join_list(map(str, row.relies_on), "and")))
    said.append(
        tr("Not counted: {not_counted}.", not_counted=join_list([tr(NOT_COUNTED[term]) for term in row.not_counted], "and"))
        if row.not_counted
        else tr("Counted.")
    )
    return " ".join(said)


def heading(stated: Stated, authorities: Authorities, told: NotesInFull) -> str:
    """Name a note that says who agrees or who does not: its flag, its statement, whose it is; the statement once."""
    note = stated.note
    label = citation.flag(note, authorities)
    at = told.place_of(note.origin or stated.code, note, tr("above"))
    if at:
        named = f"{label[:1].upper()}{label[1:]} [{stated.code}/{note.id}]"
        return tr("{label}, in full {where}.", label=named, where=at)
    sources = "; ".join(citation.name_cite_in_short(cite, authorities) for cite in note.cites)
    ends = f"[{stated.code}/{note.id}, {note.by}, {note.date}{'; ' + sources if sources else ''}]"
    return f"{label[:1].upper()}{label[1:]}: {citation.statement_of(note)} {ends}"


def between(stated: Stated) -> str:
    """Return whether the sides are one voice or several."""
    if stated.one_voice is None:
        return tr("The note names no passage of another record; what stands against this one is in the note and its sources.")
    if stated.one_voice:
        return tr("All sides are one voice: this is one witness at different times, not two witnesses.")
    return tr("The sides are different voices.")


def borne(stated: Stated) -> str:
    """Return whether what bears a passage out is another voice."""
    if stated.one_voice is None:
        return tr("The note names no passage of another record; what bears it out is in the note and its sources.")
    if stated.one_voice:
        return tr("All sides are one voice: this is consistency, not corroboration.")
    return tr("The sides are different voices.")


def _stated_fields(stated: Stated, compared: ComparisonOutput) -> dict[str, Any]:
    authorities = compared.comparison.authorities
    return {
        "code": stated.code,
        "note": {**fields.caveat(stated.note, authorities), "since": stated.note.since or None},
        "passages": list(stated.places),
        "one_voice": stated.one_voice,
        "sides": [_side(side, compared) for side in stated.sides],
    }


def _side(side: Side, compared: ComparisonOutput) -> dict[str, Any]:
    authorities = compared.comparison.authorities
    return {
        "code": side.code,
        "root": side.record.testimony.source.root or None,
        "passages": [fields.hit(compared.shown[side.code, hit.passage.number], authorities) for hit in side.hits],
        "citation": whole(side, authorities),
    }


def whole(side: Side, authorities: Authorities) -> str:
    """Cite the record of a side as a whole, with every caveat in force in it."""
    return citation.of_record(side.record.testimony, notes_of(side.record.passages), authorities)


def conflict(kept: Mapping[str, Any], authorities: Authorities) -> dict[str, Any]:
    """Return a contradiction that the archive keeps, every side with its sources and whether it is rejected."""
    sides = [
        {
            "says": claim["says"],
            "date": claim.get("date"),
            "rejected": claim.get("rejected"),
            "sources": fields.cites(citation.cites_in(claim), authorities),
        }
        for claim in kept.get("claims", ())
    ]
    return {
        "id": kept["id"],
        "subject": kept.get("subject", ""),
        "verdict": kept.get("verdict", ""),
        "facilities": list(kept.get("facilities", ())),
        "sides": sides,
        "kept_as": kept.get("note") or None,
    }


def side_of(side: Mapping[str, Any]) -> str:
    """Return what a side of a contradiction says: since when, by which sources, and why it is rejected where it is."""
    date = f"{date_in_words(side['date'])}: " if side["date"] else ""
    sources = f" [{'; '.join(side['sources'])}]" if side["sources"] else ""
    why = tr(" Why rejected: {each}", each=side["rejected"]) if side["rejected"] else ""
    return f"{date}{side['says']}{sources}{why}"


def contradictions(names: Iterable[str], authorities: Authorities) -> Iterator[tuple[str, list[tuple[str, str]], str]]:
    """Yield contradictions: subject and verdict, the sides (with a mark where rejected), why it is kept."""
    for name in names:
        fields = conflict(authorities.conflicts[name], authorities)
        verdict = authorities.vocabulary.said("verdict", fields["verdict"])
        sides = [(tr("Rejected") if side["rejected"] else "", side_of(side)) for side in fields["sides"]]
        yield f"{name} {fields['subject']} ({verdict})", sides, fields["kept_as"] or ""


def is_more_than_one_topic(comparison: Comparison) -> bool:
    """Return whether the whole was counted otherwise than by a single topic: by several of them, by none, or beside one."""
    return [tally._replace(topic=None) for tally in comparison.agreement] != [comparison.total] and bool(comparison.rows)


def describe_extent(compared: ComparisonOutput) -> str:
    """Describe how much was found, in what, and what was left out."""
    results, of = compared.comparison.results, compared.coverage
    said = [f"{count(results)}."]
    said += describe_left_out(results)
    said += (
        tr("{word} was taken with its parts: {to}.", word=expansion.word, to=", ".join(expansion.to))
        for expansion in results.expanded
        if expansion.parts
    )
    if results.query.filters.as_of:
        said.append(tr("What was found is as of that day; how claims stand, and what is counted, is as known today."))
    return " ".join([*said, tr("Searched {searched} of {of} testimonies.", searched=of.searched, of=of.of)])


def _attestation_fields(attestation: Attestation) -> dict[str, Any]:
    return {
        "camp": attestation.camp,
        "decade": attestation.decade or None,
        "vantage": attestation.vantage or None,
        "state": attestation.state,
        "accounts": attestation.accounts,
        "first_hand": attestation.first_hand,
        "speak": attestation.speak,
        "counted": attestation.counted,
    }


def question(compared: ComparisonOutput) -> str:
    """Describe in words what was compared."""
    return "; ".join(in_words(compared.comparison.query.filters, compared.comparison.authorities))


def _each(values: Iterable[str]) -> list[str]:
    return [value for value in dict.fromkeys(values) if value]
