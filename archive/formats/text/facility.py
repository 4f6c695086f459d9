"""A facility as the gazetteer keeps it: statements side by side, each with its sources."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from archive.authority.authorities import Authorities
from archive.authority.gazetteer import Facility, FacilityId
from archive.citing import citation
from archive.formats import fields
from archive.formats._date_words import date_in_words
from archive.formats.json_sink import lines
from archive.formats.terminal import align_right, columns, pad, visible, wrap
from archive.formats.text._tables import longest, row
from archive.formats.wording import place_name
from archive.language.messages import is_english, tr, tr_count
from archive.named_tuple import NamedTuple
from archive.search.model import Hit, Results
from archive.text import join_list, width

Statement = Mapping[str, Any]
Conflict = Mapping[str, Any]


_NARROWEST_NAME = 24
"""Cells of a name beside which ids have a column of their own."""


class FacilityPage(NamedTuple):
    """A facility, and the passages that speak of it."""

    facility: Facility
    results: Results
    authorities: Authorities


def text(page: FacilityPage) -> Iterator[str]:
    """Write a facility for a person."""
    facility, authorities = page.facility, page.authorities
    label = authorities.vocabulary.said
    korean = facility.label.get("ko", "") if is_english() else facility.named("en")
    yield from wrap(f"{visible(facility.named())}  {visible(korean)}", columns(), f"{facility.id}  ", "    ")
    yield from _line(tr("Type"), label("facility_type", facility.type))
    yield from _line(tr("Names"), visible(", ".join(dict.fromkeys(name["text"] for name in facility.names))))
    yield from _line(tr("Place names"), visible(", ".join(place_name(name) for name in facility.place_names)))
    if facility.part_of:
        yield from _line(tr("Part of"), visible(f"{facility.part_of} ({authorities.gazetteer.label(facility.part_of)})"))
    if parts := [f"{part} ({authorities.gazetteer.label(part)})" for part in authorities.gazetteer.parts(facility.id)]:
        yield from _line(tr("Parts, taken along below"), visible(join_list(parts, "and")))
    if facility.not_to_be_confused_with:
        others = [f"{other} ({authorities.gazetteer.label(other)})" for other in facility.not_to_be_confused_with]
        yield from _line(tr("Not to be confused with"), visible(join_list(others, "and")))
    for place in facility.coordinates:
        yield from _line(tr("Coordinates"), visible(f"{place['latitude']}, {place['longitude']} {_sources(place, authorities)}"))
    for about in dict.fromkeys(statement["about"] for statement in facility.statements):
        yield ""
        yield label("statement", about).upper()
        for statement in facility.statements:
            if statement["about"] == about:
                yield from _statement(statement, authorities)
    kept = [authorities.conflicts[other] for other in facility.conflicts if other in authorities.conflicts]
    if kept:
        yield ""
        yield tr("CONTRADICTIONS")
        for conflict in kept:
            yield from _conflict_line(conflict, authorities)
    yield ""
    yield tr("WHO SPEAKS OF IT")
    yield from _speakers(page)


def _statement(statement: Statement, authorities: Authorities) -> Iterator[str]:
    date = f"{date_in_words(statement['date'])}: " if statement.get("date") else ""
    figure = _figure(statement, authorities)
    mark = f"{tr('REJECTED')} " if statement.get("rejected") else ""
    conflicts = tr(" See {statement}.", statement=join_list(statement["conflicts"], "and")) if statement.get("conflicts") else ""
    line = f"- {mark}{date}{statement['text']}{figure}{conflicts} {_sources(statement, authorities)}"
    yield from wrap(visible(line), columns(), "  ", "    ")
    if statement.get("rejected"):
        yield from wrap(visible(tr("Why rejected: {statement}", statement=statement["rejected"])), columns(), "    ")


def _figure(statement: Statement, authorities: Authorities) -> str:
    parts = []
    if statement.get("measure"):
        parts.append(authorities.vocabulary.said("measure", statement["measure"]))
    if statement.get("estimator"):
        parts.append(tr("by {estimator}", estimator=statement["estimator"]))
    return f" ({', '.join(parts)})" if parts else ""


def _sources(statement: Statement, authorities: Authorities) -> str:
    named = fields.cites(citation.cites_in(statement), authorities)
    return f"[{'; '.join(named)}]" if named else ""


def _speakers(page: FacilityPage) -> Iterator[str]:
    hits = page.results.hits
    if not hits:
        yield tr("  No testimony here speaks of it.")
        return
    for code in dict.fromkeys(hit.testimony.code for hit in hits):
        own = [hit for hit in hits if hit.testimony.code == code]
        testimony = own[0].testimony
        flags = dict.fromkeys(note.flag for hit in own for note in hit.passage.notes)
        named = join_list([page.authorities.vocabulary.said("flag", flag) for flag in flags], "and")
        asked = {page.facility.id, *page.authorities.gazetteer.parts(page.facility.id)}
        numbers = ", ".join(f"{hit.passage.number}{_standing(hit, asked, page.authorities)}" for hit in own)
        line = tr("- {code} {title}, para. {numbers}", code=code, title=testimony.title, numbers=numbers) + (
            tr(". Caveats in force: {named}", named=named) if named else ""
        )
        yield from wrap(visible(line), columns(), "  ", "    ")


def _standing(hit: Hit, asked: Collection[FacilityId | None], authorities: Authorities) -> str:
    """Describe beside a paragraph how its claim on this facility stands, where it is not simply asserted."""
    stands = {entry.status for entry in hit.passage.entries if entry.camp in asked}
    named = sorted(stands & {"rejected", "disputed", "recanted", "corrected"})
    return f" ({join_list([authorities.vocabulary.said('status', status) for status in named], 'and')})" if named else ""


def document(page: FacilityPage) -> Iterator[str]:
    """Write a facility as JSON."""
    facility, authorities = page.facility, page.authorities
    kept = [authorities.conflicts[conflict] for conflict in facility.conflicts if conflict in authorities.conflicts]
    asked = {facility.id, *authorities.gazetteer.parts(facility.id)}
    return lines(
        {
            "schema": fields.SCHEMA,
            "facility": {
                **_plain(facility),
                "statements": [_with_sources(statement, authorities) for statement in facility.statements],
            },
            "parts": list(authorities.gazetteer.parts(facility.id)),
            "conflicts": [_conflict(conflict_kept, authorities) for conflict_kept in kept],
            "testimonies": [
                {
                    "code": hit.testimony.code,
                    "title": hit.testimony.title,
                    "paragraph": hit.passage.number,
                    "status": list(dict.fromkeys(e.status for e in hit.passage.entries if e.camp in asked and e.status)),
                    "flags": list(hit.passage.flags),
                    **fields.caveats(hit.passage.notes, authorities),
                }
                for hit in page.results.hits
            ],
        }
    )


def _plain(facility: Facility) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in facility._asdict().items()}


def _with_sources(statement: Statement, authorities: Authorities) -> dict[str, Any]:
    named = fields.cites(citation.cites_in(statement), authorities)
    return {**statement, "rejected": statement.get("rejected"), "sources": named}


def list_text(results: Results, authorities: Authorities) -> Iterator[str]:
    """Write all facilities, with how many testimonies speak of each."""
    counts = {row.value: row.testimonies for row in results.facets.get("camp", ())}
    named = {facility.id: visible(facility.named()) for facility in authorities.gazetteer}
    for facility in authorities.gazetteer:
        if is_english() and "ko" in facility.label:
            named[facility.id] += f" ({visible(facility.named('ko'))})"
    heading = tr("TESTIMONIES")
    cells = width(heading) + 2
    ids = max(map(width, named), default=0)
    ids = ids if ids + cells + _NARROWEST_NAME <= columns() else 0
    room = longest((f"{pad(facility, ids)}  {told}" for facility, told in named.items()), cells, columns())
    first = f"{pad(tr('ID'), ids)}  {tr('NAME')}"
    yield f"{pad(first, room)}  {heading}"
    for facility in authorities.gazetteer:
        yield from row(
            named[facility.id], align_right(str(counts.get(facility.id, 0)), cells), room, f"{pad(facility.id, ids)}  "
        )


def list_document(results: Results, authorities: Authorities) -> Iterator[str]:
    """Write all facilities as JSON."""
    counts = {row.value: row for row in results.facets.get("camp", ())}
    return lines(
        {
            "schema": fields.SCHEMA,
            "facilities": [
                {
                    "id": facility.id,
                    "type": facility.type,
                    "number": facility.number,
                    "label": facility.label,
                    "passages": counts[facility.id].passages if facility.id in counts else 0,
                    "testimonies": counts[facility.id].testimonies if facility.id in counts else 0,
                }
                for facility in authorities.gazetteer
            ],
        }
    )


def conflicts_of(authorities: Authorities, facility: FacilityId | None) -> list[Conflict]:
    """Return the contradictions of a facility, or all."""
    every = list(authorities.conflicts.values())
    if facility is None:
        return every
    own = set(authorities.gazetteer[facility].conflicts)
    return [conflict for conflict in every if facility in conflict.get("facilities", ()) or conflict["id"] in own]


def conflicts_text(every: Sequence[Conflict], authorities: Authorities) -> Iterator[str]:
    """Write contradictions for a person: each claim with its sources, then the verdict."""
    for conflict in every:
        yield from _conflict_line(conflict, authorities)
        for claim in conflict.get("claims", ()):
            mark = f"{tr('REJECTED')} " if claim.get("rejected") else ""
            date = f"{date_in_words(claim['date'])}: " if claim.get("date") else ""
            yield from wrap(visible(f"- {mark}{date}{claim['says']} {_sources(claim, authorities)}"), columns(), "    ", "      ")
            if claim.get("rejected"):
                yield from wrap(visible(tr("Why rejected: {claim}", claim=claim["rejected"])), columns(), "      ")
        if conflict.get("note"):
            yield from wrap(visible(tr("Kept as: {conflict}", conflict=conflict["note"])), columns(), "    ")
        yield ""
    yield tr_count("{number} contradiction.", "{number} contradictions.", len(every))


def _conflict_line(conflict: Conflict, authorities: Authorities) -> Iterator[str]:
    verdict = authorities.vocabulary.said("verdict", conflict.get("verdict", ""))
    yield from wrap(visible(f"{conflict['id']}  {conflict.get('subject', '')} ({verdict})"), columns(), "  ", "    ")


def _conflict(conflict: Conflict, authorities: Authorities) -> dict[str, Any]:
    return {**conflict, "claims": [_with_sources(claim, authorities) for claim in conflict.get("claims", ())]}


def conflicts_document(every: Sequence[Conflict], authorities: Authorities) -> Iterator[str]:
    """Write contradictions as JSON."""
    return lines({"schema": fields.SCHEMA, "conflicts": [_conflict(conflict, authorities) for conflict in every]})


def _line(name: str, value: str) -> Iterator[str]:
    if value:
        yield from wrap(f"{name}: {value}", columns(), "  ", "    ")
