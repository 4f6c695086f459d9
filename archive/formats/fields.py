"""The fields of machine output (schema 1), the same for JSON, JSON lines and CSV."""

from collections.abc import Iterable
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from archive.authority.authorities import Authorities
from archive.citing import citation
from archive.citing.excerpt import RenderedHit, SearchOutput
from archive.language.messages import is_english, tr
from archive.record.testimony import Cite, Note, Testimony
from archive.record.work import issue_date
from archive.search.as_command import command
from archive.search.model import FOUND_BY, FacetCount, Filters, Results, Span, day

if TYPE_CHECKING:
    from archive.citing.source import CitedSource
    from archive.search.relaxing import Relaxation

# Loaded by name, and only where an answer is printed for a program.
CITED_SOURCE: Final = "archive.citing.source"
SCHEMA: Final = 1


def document(answer: SearchOutput) -> dict[str, Any]:
    """Return a search as one document."""
    results = answer.results
    return {
        "schema": SCHEMA,
        "query": results.query.words,
        "asked": filter_fields(results.query.filters),
        "understood": results.understood,
        "expanded": expansion_fields(results),
        "total": {"passages": results.passages, "testimonies": results.testimonies, **counts_by_reason(results)},
        "undated_left_out": results.undated_left_out,
        "as_of": as_of(results),
        "since": since(results),
        "as_indexed": results.as_indexed or None,
        "coverage": results.coverage._asdict(),
        "did_you_mean": list(results.suggestions),
        "in_different_passages": results.in_different_passages,
        "under": [
            {"word": word, "list": name, "term": term, "label": label(name, term, answer.authorities)}
            for word, (name, term, _) in results.under
        ],
        "offered": [
            {"word": word, "list": name, "term": term, "label": label(name, term, answer.authorities)}
            for word, (name, term, _) in results.offered
        ],
        "not_required": list(results.not_required),
        "spared": list(results.spared),
        "still_on": [
            {"word": word, "list": name, "term": term, "label": label(name, term, answer.authorities), "passages": number}
            for word, (name, term, _), number in results.still_on
        ],
        "relaxed": [relaxation(relaxed, answer.authorities) for relaxed in results.relaxed],
        "hits": [hit(shown, answer.authorities) for shown in answer.shown],
        "facets": {name: [facet(name, row, answer.authorities) for row in rows] for name, rows in results.facets.items()},
        "facets_without": {name: option for name in results.facets if (option := option_left_out(name, results.query.filters))},
    }


_OF_FACETS: Final = (
    *("schema", "query", "asked", "understood", "expanded", "total", "undated_left_out", "as_of", "since", "coverage"),
    *("facets", "facets_without"),
)


def facets(answer: SearchOutput) -> dict[str, Any]:
    """Return what a search counts by camp, decade, flag and so on, without hits."""
    whole = document(answer)
    return {name: whole[name] for name in _OF_FACETS}


def option_left_out(facet: str, filters: Filters) -> str:
    """Return the option that limits the field of a facet, whose values are counted as without it; "" where none does."""
    if facet == "decade":
        return "--period" if filters.period else ""
    if facet in _UNWANTED and getattr(filters, _UNWANTED[facet]):
        return f"--without-{facet}"
    return f"--{facet}" if getattr(filters, facet, ()) else ""


_UNWANTED: Final = {"flag": "without_flag", "topic": "without_topic"}


def filter_fields(filters: Filters) -> dict[str, Any]:
    """Return the filters that were asked for, by the names of their options: each with its values, or true."""
    return {
        name: list(map(filter_value, value)) if isinstance(value, tuple) else True
        for name, value in filters._asdict().items()
        if value and name not in {"as_of", "since"}
    }


def filter_value(value: str | Span) -> str:
    """Write a value of a filter; a period with its first and last day."""
    if isinstance(value, str):
        return value
    return f"{day(value.first)}/{day(value.last)}{(tr(' (surely within)') if value.within else '')}"


def expansion_fields(results: Results) -> list[dict[str, Any]]:
    """Return what was looked for besides the words and the facilities that were asked for, and why."""
    return [{"word": expansion.word, "to": list(expansion.to), "why": ", ".join(expansion.why)} for expansion in results.expanded]


def counts_by_reason(results: Results) -> dict[str, int | None]:
    """Return how many passages were found by words (also of the title), by claims, by topics and by works that were named.

    Null where words were plain.
    """
    if not results.found_by:
        return dict.fromkeys(("words", "claims", "topics", "of_works", "citing"))
    counted = {FOUND_BY[at]: number for at, number in results.found_by.items()}
    return {
        "words": counted.get("words", 0) + counted.get("title", 0),
        "claims": counted.get("claim", 0),
        "topics": sum(number for name, number in counted.items() if name.startswith("topic")),
        "of_works": counted.get("work", 0),
        "citing": counted.get("cites", 0),
    }


def relaxation(relaxed: "Relaxation", authorities: Authorities) -> dict[str, Any]:
    """Return a query that asks for less, with what it finds and the command that asks it."""
    return {
        "kind": relaxed.kind,
        "left_out": relaxed.left_out or None,
        "term": ":".join(relaxed.term) if relaxed.term else None,
        "label": label(relaxed.term[0], relaxed.term[1], authorities) if relaxed.term else None,
        "passages": relaxed.passages,
        "testimonies": relaxed.testimonies,
        "command": command(relaxed.query) if relaxed.passages else None,
    }


def as_of(results: Results) -> dict[str, Any] | None:
    """Return the day asked for, and how many passages have none; null where no day was asked for."""
    asked = results.query.filters.as_of
    return {"day": day(asked), "left_out_without_day": results.without_day} if asked else None


def since(results: Results) -> dict[str, Any] | None:
    """Return the day since which something has become of what was found, and how many passages have no history; null without."""
    asked = results.query.filters.since
    return {"day": day(asked), "left_out_without_history": results.without_history} if asked else None


def hit(shown: RenderedHit, authorities: Authorities) -> dict[str, Any]:
    """Return a hit; no key is ever left out."""
    testimony, passage, excerpt = shown.hit.testimony, shown.hit.passage, shown.excerpt
    entries = passage.entries
    return {
        "code": testimony.code,
        "title": testimony.title,
        "paragraph": passage.number,
        "locator": ", ".join(passage.locators) or None,
        "score": round(shown.hit.score, 2),
        "excerpt": excerpt.words,
        "cut": excerpt.shortened,
        "matches": [list(match) for match in excerpt.matches],
        "witness": testimony.witness.name,
        "kind": testimony.kind,
        "rendering": testimony.rendering,
        "language": testimony.language,
        "version": testimony.shown_in or None,
        "translated": translation_fields(testimony),
        "outdated": passage.outdated or None,
        "languages": [version.language for version in passage.versions],
        "camps": _each(entry.camp or "" for entry in entries),
        "period": _each(entry.period for entry in entries),
        "role": _each(entry.role for entry in entries),
        "zone": _each(entry.zone for entry in entries),
        "basis": _each(entry.basis for entry in entries),
        "status": _each(entry.status for entry in entries),
        "reliability": {"grade": testimony.reliability, "basis": testimony.reliability_basis} if testimony.reliability else None,
        "topics": list(passage.topics),
        "sensitive": list(testimony.sensitive),
        "flags": list(passage.flags),
        "cited_source": source(import_module(CITED_SOURCE).of(testimony, passage, authorities)),
        "found_by": shown.hit.found_by or None,
        "updates": list(shown.hit.updates),
        **caveats(excerpt.notes, authorities),
        "footnotes": list(excerpt.footnotes),
        "citation": excerpt.citation,
        "sha256": passage.sha256,
        "access": testimony.access,
    }


def source(cited: "CitedSource") -> dict[str, Any]:
    """Return the source of a passage as one goes to it: who, what, where, when, the place, the address, the day it was seen."""
    csl = cited.csl
    return {
        "ref": cited.ref or None,
        "author": citation.authors(csl) or None,
        "title": cited.title,
        "container": str(csl.get("container-title") or "") or None,
        "publisher": str(csl.get("publisher") or "") or None,
        "issued": issue_date(csl) or None,
        "locator": "; ".join(cited.places) or None,
        "through": ", ".join([citation.work(cited.through), *cited.through_places]) if cited.through else None,
        "seen": cited.seen or None,
        "url": cited.address or None,
        "accessed": cited.accessed or None,
        "also": list(cited.also),
    }


def translation_fields(testimony: Testimony) -> dict[str, str] | None:
    """Return from which language a version that is shown was translated, and by whom; null for a record's own words."""
    if not testimony.translated_from:
        return None
    return {"from": testimony.translated_from, "by": testimony.translated_by}


def caveats(notes: Iterable[Note], authorities: Authorities) -> dict[str, list[dict[str, Any]]]:
    """Return the caveats in force, apart from those that could be known only after the day asked for."""
    every = list(notes)
    return {
        "caveats": [caveat(note, authorities) for note in every if not note.since],
        "caveats_since": [{**caveat(note, authorities), "since": note.since} for note in every if note.since],
    }


def caveat(note: Note, authorities: Authorities) -> dict[str, Any]:
    """Return a credibility note; ``from`` is the record that it came from, null for its own."""
    return {
        "id": note.id,
        "flag": note.flag,
        "status": note.status,
        "about": "record" if note.about.of_record else list(note.about.paragraphs),
        "statement": note.statement,
        "by": note.by,
        "date": note.date,
        "known": note.known or None,
        "information": note.information or None,
        "cites": cites(note.cites, authorities),
        "cited": source_fields(note.cites),
        "with": list(note.against),
        "from": note.origin or None,
        "stale": citation.STALE if note.stale else None,
        "was": (note.about.exact or None) if note.stale else None,
        "unread": citation.UNREAD.format(code=note.unread) if note.unread else None,
        "replaced": bool(note.until),
        "sha256": citation.hash_of(note),
    }


def cites(listed: tuple[Cite, ...], authorities: Authorities) -> list[str]:
    """Return sources by name with the place in each and the day on which it was seen."""
    return [citation.name_cite(cite, authorities) for cite in listed]


def source_fields(listed: tuple[Cite, ...]) -> list[dict[str, str]]:
    """Return sources by id, with the place and the day where they are known."""
    return [{name: value for name, value in cite._asdict().items() if value} for cite in listed]


def facet(name: str, row: FacetCount, authorities: Authorities) -> dict[str, Any]:
    """Return a facet's value with its label and counts."""
    return {
        "value": row.value,
        "label": label(name, row.value, authorities),
        "passages": row.passages,
        "testimonies": row.testimonies,
    }


def label(name: str, value: str, authorities: Authorities) -> str:
    """Return the label of a facet's value."""
    if name == "camp":
        return authorities.gazetteer.label(value)
    if name == "decade":
        return decade(value)
    return authorities.vocabulary.label(name, value)


def decade(value: str) -> str:
    """Return a decade as it is said: ``1990s``; and what stands for none."""
    if is_english():
        return value
    return tr("{decade}0s", decade=value[:3]) if value[:3].isdigit() else tr(value)


def _each(values: Any) -> list[str]:  # noqa: ANN401 - any iterable of text
    return [value for value in dict.fromkeys(values) if value]
