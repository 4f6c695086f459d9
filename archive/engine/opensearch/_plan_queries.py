"""Plans as queries of a cluster: the same passages as of the plan, and the same scores to the digits that a float has.

A term scores by BM25 as Lucene has it, times ``k1 + 1``, which Lucene leaves away. Words beside each other are found by
their places and scored by their terms. Where positions cannot tell, and for words as they were typed, the passages that may
answer are looked into one by one (`Verify`), and those that do are asked for by their ids.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import Final, assert_never

from archive.engine import _plan as plans
from archive.engine._plan import (
    AllOf,
    AndNot,
    AnyForm,
    AnyOf,
    AsTyped,
    Every,
    FilterClause,
    InLanguages,
    Lifted,
    OnTopic,
    Plan,
    PlanTerm,
    Proximity,
    WrittenIn,
)
from archive.engine.opensearch import _filter_queries as filter_queries
from archive.engine.opensearch._filter_queries import NOTHING, Clause, all_of, any_of, nest
from archive.engine.opensearch._shadow_fields import tokens_of
from archive.engine.opensearch.amendments import Amendments
from archive.engine.opensearch.mapping import BM25
from archive.search.model import Filters

_TIMES_K1: Final = float(BM25["k1"]) + 1  # type: ignore[arg-type]  # the table has a text beside its numbers

Filtering = Callable[[Filters], list[Clause]]
"""Gives queries that a passage must all meet to pass some filters."""
Verify = Callable[[AsTyped | Proximity, Clause], list[str]]
"""``(plan, query)`` → the ids of those that answer the plan, of the passages that the query finds."""


class PlanQueries:
    """Writes plans as queries."""

    def __init__(self, filtering: Filtering, amendments: Amendments, verify: Verify, *, has_long_words: bool) -> None:
        """Take what finds what passes filters, and what looks into passages.

        :param has_long_words: whether there is a word in the index of more terms than a position may hold.
        """
        self._filtering, self._amendments = filtering, amendments
        self._verify, self._has_long_words = verify, has_long_words

    def finding(self, plan: Plan, name: str = "") -> Clause:  # noqa: C901, PLR0911 - one for each kind of plan
        """Return what finds the passages of a plan, and scores none.

        :param name: the beginning of what each language of `InLanguages` is named by, "" to name none.
        """
        match plan:
            case PlanTerm() | Proximity() | AnyForm() | AnyOf():
                return self._finding_any([plan])
            case AllOf():
                return all_of(list(map(self.finding, plan.parts))) if plan.parts else NOTHING
            case AndNot():
                return {"bool": {"filter": [self.finding(plan.wanted)], "must_not": [self.finding(plan.unwanted)]}}
            case Lifted():
                return self.finding(plan.wanted)
            case AsTyped():
                return _of_ids(self._verify(plan, self.finding(plan.candidates)))
            case FilterClause():
                return all_of(self._filtering(plan.filters))
            case OnTopic():
                return self._amendments.on_topic(plan, _on_topic(plan))
            case WrittenIn():
                return _language_clause(plan)
            case InLanguages():
                parts = list(map(self.finding, plan.parts))
                if name:
                    named = zip(parts, plan.slots, strict=True)
                    parts = [{"bool": {"filter": [part], "_name": f"{name}:{slot}"}} for part, slot in named]
                return any_of(parts)
            case Every():
                return {"match_all": {}}
            case _:
                assert_never(plan)

    def scoring(self, plan: Plan) -> Clause:  # noqa: PLR0911 - one for each kind of plan
        """Return what finds the passages of a plan with their scores."""
        match plan:
            case PlanTerm() | Proximity() | AnyForm() | AnyOf():
                return self._scoring_any([plan])
            case AllOf():
                return {"bool": {"must": list(map(self.scoring, plan.parts))}} if plan.parts else NOTHING
            case AndNot():
                return {"bool": {"must": [self.scoring(plan.wanted)], "must_not": [self.finding(plan.unwanted)]}}
            case Lifted():
                return {"bool": {"must": [self.scoring(plan.wanted)], "should": list(map(self.scoring, plan.lifting))}}
            case AsTyped():
                return {"bool": {"must": [self.scoring(plan.candidates)], "filter": [self.finding(plan)]}}
            case InLanguages():
                return {"dis_max": {"queries": list(map(self.scoring, plan.parts))}} if plan.parts else NOTHING
            case Every() if plan.score:
                return _constant({"match_all": {}}, plan.score)
            case Every() | FilterClause() | OnTopic() | WrittenIn():
                return all_of([self.finding(plan)])
            case _:
                assert_never(plan)

    def _finding_any(self, parts: Sequence[Plan]) -> Clause:
        """Return what finds any of some parts: the values of a field are asked for at once, and so is what is in one version."""
        values: dict[tuple[int, str], dict[str, None]] = {}
        inside: dict[int, list[Clause]] = {}
        for part in _flat(parts):
            if isinstance(part, PlanTerm):
                values.setdefault((plans.slot_of(part.field), _terms(part.field)), {})[part.term] = None
            elif isinstance(part, AnyForm):
                values.setdefault((plans.slot_of(part.field), _name(part.field)), {}).update(dict.fromkeys(part.words))
            elif isinstance(part, Proximity) and (placed := self._by_places(part)) is not None:
                inside.setdefault(plans.slot_of(part.field), []).append(placed)
            elif isinstance(part, Proximity):
                inside.setdefault(0, []).append(self._by_verification(part))
            else:
                inside.setdefault(0, []).append(self.finding(part))
        for (slot, field), terms in values.items():
            inside.setdefault(slot, []).append({"terms": {field: list(terms)}})
        return any_of([each for slot, clauses in inside.items() for each in _in_slot(slot, clauses)])

    def _scoring_any(self, parts: Sequence[Plan]) -> Clause:
        """Return what finds any of some parts, and adds up the scores of those that a passage answers."""
        inside: dict[int, list[Clause]] = {}
        for part in _flat(parts):
            if isinstance(part, PlanTerm):
                inside.setdefault(plans.slot_of(part.field), []).append(_term(part.field, part.term, part.weight))
            elif isinstance(part, AnyForm):
                wanted = _constant({"terms": {_name(part.field): list(part.words)}}, 1.0)
                inside.setdefault(plans.slot_of(part.field), []).append(wanted)
            elif isinstance(part, Proximity) and (placed := self._by_places(part)) is not None:
                scored: Clause = {"bool": {"filter": [placed], "should": _of_units(part)}}
                inside.setdefault(plans.slot_of(part.field), []).append(scored)
            elif isinstance(part, Proximity):
                scores = any_of(_in_slot(plans.slot_of(part.field), _of_units(part)))
                inside.setdefault(0, []).append({"bool": {"must": [scores], "filter": [self._by_verification(part)]}})
            else:
                inside.setdefault(0, []).append(self.scoring(part))
        return any_of([each for slot, clauses in inside.items() for each in _in_slot(slot, clauses)])

    def _by_places(self, plan: Proximity) -> Clause | None:
        """Return what finds units by their places in every passage; None where places cannot tell of each."""
        return None if self._has_long_words else _place_clause(plan)

    def _by_verification(self, plan: Proximity) -> Clause:
        """Return what finds units that stand as asked, where passages have to be looked into one by one.

        Of passages with a word that is too long no place can be told, and of a unit that is too long in none.
        """
        slot, placed = plans.slot_of(plan.field), _place_clause(plan)
        spellings = dict.fromkeys(spelling for unit in plan.near.units for spelling in unit.terms)
        having = all_of([{"terms": {_terms(plan.field): list(spelled)}} for spelled in spellings])
        (doubtful,) = _in_slot(slot, [having])
        if placed is None:
            return _of_ids(self._verify(plan, doubtful))
        is_long: Clause = {"term": {"has_long_word": True}}
        (sure,) = _in_slot(slot, [placed])
        ids = self._verify(plan, all_of([doubtful, is_long]))
        return any_of([_of_ids(ids), {"bool": {"filter": [sure], "must_not": [is_long]}}])


def _flat(parts: Iterable[Plan]) -> Iterator[Plan]:
    """Yield parts, and in the place of one that is any of others those."""
    for part in parts:
        if isinstance(part, AnyOf):
            yield from _flat(part.parts)
        else:
            yield part


def _of_units(plan: Proximity) -> list[Clause]:
    """Return what scores units that stand as asked: each of their terms, once for each of its places in the query."""
    spellings = dict.fromkeys(spelling for unit in plan.near.units for spelling in unit.terms)
    return [_term(plan.field, term, plan.weight) for term in chain.from_iterable(spellings)]


def _of_ids(ids: list[str]) -> Clause:
    return {"ids": {"values": ids}}


def _on_topic(plan: OnTopic) -> Clause:
    wanted: list[Clause] = [
        {"terms": {"claimed.topic": list(plan.topics)}},
        {"range": {"claimed.standing": {"lte": plan.standing}}},
    ]
    return nest("claimed", [*wanted, *filter_queries.entry_clauses(plan.filters, "claimed")])


def _place_clause(plan: Proximity) -> Clause | None:
    """Return what finds units by their places, among what is in one field; None for a unit that is too long for them."""
    field = f"{_name(plan.field)}_places"
    of_units = [tokens_of(unit) for unit in plan.near.units]
    if any(tokens is None for tokens in of_units):
        return None
    if len(of_units) == 1:
        return {"terms": {field: of_units[0]}}
    rules = [_rule(tokens or []) for tokens in of_units]
    ordered = plan.near.between is None
    rule = {"ordered": ordered, "max_gaps": 0 if plan.near.between is None else plan.near.between, "intervals": rules}
    return {"intervals": {field: {"all_of": rule}}}


def _rule(tokens: list[str]) -> Clause:
    rules: list[Clause] = [{"match": {"query": token, "analyzer": "terms"}} for token in tokens]
    return rules[0] if len(rules) == 1 else {"any_of": {"intervals": rules}}


def _term(field: str, term: str, weight: float) -> Clause:
    if not weight:
        return _constant({"term": {_terms(field): term}}, 0.0)
    return {"term": {_terms(field): {"value": term, "boost": weight * _TIMES_K1}}}


def _constant(wanted: Clause, score: float) -> Clause:
    return {"constant_score": {"filter": wanted, "boost": score}}


def _name(field: str) -> str:
    """Return where a field of a plan lies: one of a version in the nested documents of the versions."""
    return f"versions.{field.rpartition('_')[0]}" if plans.slot_of(field) else field


def _terms(field: str) -> str:
    return f"{_name(field)}_terms"


def _in_slot(slot: int, clauses: list[Clause]) -> list[Clause]:
    """Return queries on fields of a slot as queries on passages: those of a version together, in its nested document."""
    if not slot:
        return clauses
    here: Clause = {
        "bool": {"filter": [{"term": {"versions.slot": slot}}], "should": clauses, "minimum_should_match": 1},
    }
    return [{"nested": {"path": "versions", "score_mode": "max", "query": here}}]


def _language_clause(plan: WrittenIn) -> Clause:
    if not plan.slot:
        return {"terms": {"spoken": list(plan.languages)}} if plan.languages else {"match_all": {}}
    languages: list[Clause] = [{"terms": {"versions.spoken": list(plan.languages)}}] if plan.languages else []
    return nest("versions", [{"term": {"versions.slot": plan.slot}}, *languages])


def with_statistics(query: Clause) -> Clause:
    """Return a query that finds and scores the same, and of which no part of an index leaves out what it knows of the terms.

    A part in which a query can find nothing would drop it whole, with the frequencies of its terms, and so change the scores
    of what others find. So the terms stand beside it once more, where they find nothing.
    """
    terms = dict.fromkeys(_scored_terms(query))
    own: list[Clause] = [{"term": {field: term}} for field, term in terms if not field.startswith("versions.")]
    of_versions: list[Clause] = [{"term": {field: term}} for field, term in terms if field.startswith("versions.")]
    if of_versions:
        own.append({"nested": {"path": "versions", "query": any_of(of_versions)}})
    if not own:
        return query
    nowhere: Clause = {"bool": {"filter": [{"term": {"document": "none"}}], "should": own}}
    return any_of([query, nowhere])


def _scored_terms(part: object) -> Iterator[tuple[str, str]]:
    """Yield field and term of each part of a query that scores by a term."""
    if isinstance(part, list):
        for each in part:
            yield from _scored_terms(each)
    elif isinstance(part, dict):
        for name, value in part.items():
            if name == "term":
                yield from ((field, asked["value"]) for field, asked in value.items() if isinstance(asked, dict))
            else:
                yield from _scored_terms(value)
