"""What else to ask where a search finds nothing: each a query of its own, with what it finds.

No answer here is among the hits: a reader must see what was given up to find it.
On a terminal the passages of the nearest are shown after all else, under what they go without.
Every count comes from the index of the same clearance.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, Final

from archive.authority.gazetteer import FacilityId
from archive.errors import UsageFault
from archive.named_tuple import NamedTuple
from archive.search import syntax
from archive.search.as_command import option
from archive.search.model import Filters, Query, Results

WITHOUT_WORD, WIDER, AT_FACILITY, FACILITY_ALONE, TOGETHER, WITHOUT_FILTER, ANY, NOTHING = (
    "without-word",
    "wider",
    "at-facility",
    "facility-alone",
    "together",
    "without-filter",
    "any",
    "nothing",
)
MOST_PARTS: Final = 8
"""Parts of a query, or filters, that are left out one by one."""

Search = Callable[[Query], Results]
PartsOf = Callable[[FacilityId], tuple[FacilityId, ...]]
"""Gives the parts of a facility, which ``--camp`` takes along."""


class Relaxation(NamedTuple):
    """A query that asks for less, and what it finds.

    ``kind`` is one of the constants of this module; ``left_out`` is the part of
    the words or the option that it goes without, or the words that stand under a
    wider term or name a facility; ``term`` is that term, that facility (``camp``
    and its id), or what there is nothing on, as the name of a list and an id.
    """

    kind: str
    left_out: str
    query: Query
    passages: int
    testimonies: int
    term: tuple[str, str] | None = None


def suggest_relaxed(results: Results, search: Search, parts_of: PartsOf) -> tuple[Relaxation, ...]:
    """Return what may be asked in place of a query that found nothing, in the order in which it is worth reading."""
    asked = results._replace(query=results.query._replace(limit=0, offset=0, facets=False, sort="relevance", group=False))
    at_facilities = partial(_at_facilities, parts_of=parts_of)
    steps = (_nothing_on, _wider, at_facilities, _without_words, _together, _without_filters, _any_of)
    suggestions = tuple(suggestion for step in steps for suggestion in step(asked, search))
    return suggestions or (Relaxation(NOTHING, asked.query.words, asked.query, 0, 0),)


def _count(kind: str, left_out: str, query: Query, search: Search, term: tuple[str, str] | None = None) -> Iterator[Relaxation]:
    try:
        counted = search(query)
    except UsageFault:  # what is left of the words is no query, or too much to ask
        return
    if counted.passages or kind in {NOTHING, WIDER}:
        yield Relaxation(
            kind=kind, left_out=left_out, query=query, passages=counted.passages, testimonies=counted.testimonies, term=term
        )


def _nothing_on(results: Results, search: Search) -> Iterator[Relaxation]:
    """Name each term that was recognised and has no passage in the collection, whatever the filters."""
    for expansion in results.expanded:
        if expansion.term and expansion.term[0] == "topic":
            asked = Query(words=expansion.word, limit=0)
            yield from (one for one in _count(NOTHING, expansion.word, asked, search, expansion.term) if not one.passages)


def _wider(results: Results, search: Search) -> Iterator[Relaxation]:
    query = results.query
    for word, (name, term, _) in results.under:
        if name == "topic":
            filters = query.filters._replace(topic=(term,))
            yield from _count(WIDER, word, Query(filters=filters, limit=0), search, (name, term))


def _at_facilities(results: Results, search: Search, parts_of: PartsOf) -> Iterator[Relaxation]:
    """Count what is told of each facility that a name may mean, with all else that was asked; where that is nothing, alone."""
    query = results.query
    names = [expansion for expansion in results.expanded if expansion.facilities]
    if not names:
        return
    tree = syntax.parse(query.words)
    required = f" {_asked_names(tree)} "
    parts = _parts(results) or [part for part in (tree,) if part is not None]
    for name in names:
        if f" {name.word} " not in required:  # it stands under NOT
            continue
        rest = [part for part in parts if _asked_names(part) != name.word]
        is_part = len(rest) < len(parts) and not (rest and query.any_of)
        for facility in map(FacilityId, name.facilities):
            camps = (facility, *parts_of(facility))
            found: tuple[Relaxation, ...] = ()
            if is_part and (not query.filters.camp or facility in query.filters.camp):
                filters = query.filters._replace(camp=camps)
                beside = query._replace(words=_as_typed(rest), filters=filters) if rest else Query(filters=filters, limit=0)
                found = tuple(_count(AT_FACILITY, name.word, beside, search, ("camp", facility)))
            alone = Query(filters=Filters(camp=camps, as_of=query.filters.as_of), limit=0)
            yield from found or _count(FACILITY_ALONE, name.word, alone, search, ("camp", facility))


def _asked_names(node: syntax.Node | None) -> str:
    """Return the words of a query that may be a name: all but those under NOT or of a field."""
    if isinstance(node, syntax.And | syntax.Or):
        return " ".join(filter(None, map(_asked_names, node.parts)))
    return node.written if isinstance(node, syntax.Word | syntax.Phrase) else ""


def _without_words(results: Results, search: Search) -> Iterator[Relaxation]:
    """Leave out each part in turn; where that finds nothing, all that are no label at once."""
    query = results.query
    if query.plain or query.exact:
        return
    parts = _parts(results)
    if len(parts) > MOST_PARTS:
        return
    rests = [
        (left_part, _as_typed(part for part in parts if part is not left_part))
        for left_part in parts
        if len(parts) > 1 and not isinstance(left_part, syntax.Not)
    ]
    relaxations = [
        one
        for left_part, rest in rests
        for one in _count(WITHOUT_WORD, _as_typed((left_part,)), query._replace(words=rest), search)
    ]
    labels = {left_part.word for left_part in results.expanded if left_part.term}
    other = [part for part in parts if _as_typed((part,)) not in labels and not isinstance(part, syntax.Not)]
    kept = [part for part in parts if part not in other]
    if not relaxations and len(other) > 1 and any(not isinstance(part, syntax.Not) for part in kept):
        left_out = ", ".join(_as_typed((part,)) for part in other)
        relaxations = list(_count(WITHOUT_WORD, left_out, query._replace(words=_as_typed(kept)), search))
    # What leaves out a word that is no subject of the thesaurus leaves out least.
    yield from sorted(relaxations, key=lambda left_part: left_part.left_out in labels)


def _as_typed(parts: Iterable[syntax.Node]) -> str:
    """Write parts as they may be typed: plain words side by side."""
    every = list(parts)
    if all(isinstance(word, syntax.Word) for part in every for word in (part.parts if isinstance(part, syntax.And) else (part,))):
        return " ".join(syntax.describe(part).replace(" AND ", " ") for part in every)
    return syntax.describe(syntax.all_of(every))


def _parts(results: Results) -> list[syntax.Node]:
    """Return the parts of the words that have to occur; the words of a label or a name are one."""
    tree = syntax.parse(results.query.words)
    every = tree.parts if isinstance(tree, syntax.And) else ()
    named = (expansion for expansion in results.expanded if expansion.term or expansion.facilities or expansion.works)
    runs = sorted({expansion.word for expansion in named}, key=len, reverse=True)
    parts: list[syntax.Node] = []
    at = 0
    while at < len(every):
        rest = " ".join(part.written if isinstance(part, syntax.Word) else "(" for part in every[at:]) + " "
        run = next((run_word for run_word in runs if rest.startswith(f"{run_word} ")), "")
        taken = every[at : at + max(1, len(run.split()))]
        at += len(taken)
        whole = taken[0] if len(taken) == 1 else syntax.And(taken)
        if not (isinstance(whole, syntax.Word) and whole.written in results.not_required):
            parts.append(whole)
    return parts


def _together(results: Results, search: Search) -> Iterator[Relaxation]:
    query = results.query
    if results.in_different_passages:
        yield from _count(TOGETHER, "", query._replace(together=True), search)


def _without_filters(results: Results, search: Search) -> Iterator[Relaxation]:
    query = results.query
    set_ones = [name for name, value in zip(Filters._fields, query.filters, strict=True) if value]
    if not set_ones or len(set_ones) > MOST_PARTS:
        return
    for name in set_ones:
        nothing: Any = Filters._field_defaults[name]
        yield from _count(WITHOUT_FILTER, option(name), query._replace(filters=query.filters._replace(**{name: nothing})), search)


def _any_of(results: Results, search: Search) -> Iterator[Relaxation]:
    query = results.query
    if not (query.any_of or query.together or query.exact) and len(query.words.split()) > 1:
        yield from _count(ANY, "", query._replace(any_of=True), search)
