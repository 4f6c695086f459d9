"""Pages that no command prints, as documents for programs: works, terms of the closed lists, how the archive weighs."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from archive.authority.authorities import Authorities
from archive.authority.vocabulary import Term
from archive.citing import citation
from archive.formats import fields
from archive.formats.json_sink import lines
from archive.formats.pages import about
from archive.formats.wording import evidence_line
from archive.record import work
from archive.search.model import Results


def sources(every: Mapping[str, Mapping[str, Any]], codes: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Write works as JSON.

    :param codes: of the records that are of each work, by its id.
    """
    return lines({"schema": fields.SCHEMA, "sources": [_source(ref, every[ref], codes.get(ref, ())) for ref in every]})


def _source(ref: str, entry: Mapping[str, Any], codes: Sequence[str]) -> dict[str, Any]:
    csl = entry.get("csl", {})
    told = {name: entry.get(name) or None for name in ("seen", "seen_on", "seen_note", "reliability", "basis", "note")}
    return {
        "id": ref,
        "citation": citation.work(csl) if csl else ref,
        "csl": csl,
        "address": work.address(csl) or None,
        **told,
        "records": list(codes),
    }


def terms(
    results: Results, authorities: Authorities, *, only: Collection[str] = (), without: Collection[str] = ()
) -> Iterator[str]:
    """Write the terms of closed lists as JSON, in their order; how often each is met where a facet counts it.

    :param results: the whole collection with its facets.
    :param only: these lists; all where none is named.
    :param without: lists that are left out.
    """
    vocabulary = authorities.vocabulary
    named = [name for name in vocabulary.lists() if name not in without and (not only or name in only)]
    document = {
        "schema": fields.SCHEMA,
        "coverage": results.coverage._asdict(),
        "lists": [{"list": name, "terms": list(_terms(vocabulary.terms(name), name, results))} for name in named],
    }
    return lines(document)


def _terms(every: Iterable[Term], name: str, results: Results) -> Iterator[dict[str, Any]]:
    counts = {row.value: row for row in results.facets.get(name, ())} if name in results.facets else None
    for term in every:
        row = counts.get(term.id) if counts is not None else None
        yield {
            "id": term.id,
            "label": dict(term.label),
            "definition": term.definition,
            "statement": term.statement or None,
            "passages": None if counts is None else row.passages if row else 0,
            "testimonies": None if counts is None else row.testimonies if row else 0,
        }


def method(authorities: Authorities) -> Iterator[str]:
    """Write how the archive weighs what it keeps as JSON."""
    sections = [{"heading": heading, "text": told} for heading, told in about.sections()]
    return lines({"schema": fields.SCHEMA, "sections": sections, "evidence": evidence_line(authorities)})
