"""Plans as queries of a cluster: the same passages as of the plan, and the same scores to the digits that a float has.

A term scores by BM25 as Lucene has it, times ``k1 + 1``, which Lucene leaves away. Words beside each other are found by
their places and scored by their terms. Where positions cannot tell, and for words as they were typed, the passages that may
answer are looked into one by one (`Verify`), and those that do are asked for by their ids.
"""

from collections.abc import Callable
from itertools import chain
from typing import Any, Final

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
    WeightedTerms,
    WrittenIn,
)
from archive.engine.opensearch import _filter_queries as filter_queries
from archive.engine.opensearch._filter_queries import NOTHING, Clause, Named, all_of, any_of, nested
from archive.engine.opensearch._shadow_fields import tokens_of
from archive.engine.opensearch.mapping import BM25

_TIMES_K1: Final = float(BM25["k1"]) + 1  # type: ignore[arg-type]  # the table has a text beside its numbers

Verify = Callable[[AsTyped | Proximity, Clause], list[str]]
"""``(plan, query)`` → the ids of those that answer the plan, of the passages that the query finds."""


class PlanQueries:
    """Writes plans as queries."""

    def __init__(self, named: Named, verify: Verify, *, has_long_words: bool) -> None:
        """Take what looks up names, and what looks into passages.

        :param has_long_words: whether there is a word in the index of more terms than a position may hold.
        """
        self._named, self._verify, self._has_long_words = named, verify, has_long_words

    def query(self, plan: Plan, name: str = "") -> Clause:  # noqa: C901, PLR0911, PLR0912 - one for each kind of plan
        """Return the query of a plan.

        :param name: the beginning of what each language of `InLanguages` is named by, "" to name none.
        """
        if isinstance(plan, PlanTerm):
            return _in_slot(plan.field, [], [_term(plan.field, plan.term, plan.weight)])
        if isinstance(plan, Proximity):
            return self._proximity(plan)
        if isinstance(plan, AnyOf):
            return any_of(list(map(self.query, plan.parts)))
        if isinstance(plan, WeightedTerms):
            return any_of(list(map(self.query, plan.wanted)))
        if isinstance(plan, AllOf):
            return {"bool": {"must": list(map(self.query, plan.parts))}} if plan.parts else NOTHING
        if isinstance(plan, AndNot):
            return {"bool": {"must": [self.query(plan.wanted)], "must_not": [self.query(plan.unwanted)]}}
        if isinstance(plan, Lifted):
            return {"bool": {"must": [self.query(plan.wanted)], "should": list(map(self.query, plan.lifting))}}
        if isinstance(plan, AnyForm):
            return _in_slot(plan.field, [], [_constant({"terms": {_name_in_slot(plan.field): list(plan.words)}}, 1.0)])
        if isinstance(plan, AsTyped):
            candidates = self.query(plan.candidates)
            return {"bool": {"must": [candidates], "filter": [{"ids": {"values": self._verify(plan, candidates)}}]}}
        if isinstance(plan, FilterClause):
            return all_of(filter_queries.clauses(plan.filters, self._named))
        if isinstance(plan, OnTopic):
            wanted: list[Clause] = [
                {"terms": {"claimed.topic": list(plan.topics)}},
                {"range": {"claimed.standing": {"lte": plan.standing}}},
            ]
            return all_of([nested("claimed", [*wanted, *filter_queries.entry_clauses(plan.filters, "claimed")])])
        if isinstance(plan, WrittenIn):
            return all_of([_written_in(plan)])
        if isinstance(plan, InLanguages):
            return self._in_languages(plan, name)
        assert isinstance(plan, Every)  # noqa: S101 - the last kind that there is
        return _constant({"match_all": {}}, plan.score) if plan.score else all_of([{"match_all": {}}])

    def _in_languages(self, plan: InLanguages, name: str) -> Clause:
        parts = [self.query(part) for part in plan.parts]
        if name:
            parts = [{"bool": {"must": [part], "_name": f"{name}:{slot}"}} for part, slot in zip(parts, plan.slots, strict=True)]
        return {"dis_max": {"queries": parts}} if parts else NOTHING

    def _proximity(self, plan: Proximity) -> Clause:
        """Return what finds units that stand as asked, and scores them by each of their terms."""
        spellings = dict.fromkeys(spelling for unit in plan.near.units for spelling in unit.terms)
        scored = [_term(plan.field, term, plan.weight) for term in chain.from_iterable(spellings)]
        having = [any_of([_term(plan.field, term, 0.0) for term in spelled]) for spelled in spellings]
        placed = _placed(plan)
        if placed is not None and not self._has_long_words:
            return _in_slot(plan.field, [placed], scored)
        # Of passages with a word that is too long no position can be told, and of a unit that is too long none at all.
        doubtful = _in_slot(plan.field, having, [])
        if placed is not None:
            doubtful = all_of([doubtful, {"term": {"has_long_word": True}}])
        ids: Clause = {"ids": {"values": self._verify(plan, doubtful)}}
        if placed is not None:
            sure = {"bool": {"filter": [_in_slot(plan.field, [placed], [])], "must_not": [{"term": {"has_long_word": True}}]}}
            ids = any_of([ids, sure])
        scores = _in_slot(plan.field, having, scored)
        return {"bool": {"must": [scores], "filter": [ids]}}


def _placed(plan: Proximity) -> Clause | None:
    """Return what finds units by their places; None where places cannot tell."""
    field = f"{_name_in_slot(plan.field)}_places"
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
    name = f"{_name_in_slot(field)}_terms"
    if not weight:
        return _constant({"term": {name: term}}, 0.0)
    return {"term": {name: {"value": term, "boost": weight * _TIMES_K1}}}


def _constant(wanted: Clause, score: float) -> Clause:
    return {"constant_score": {"filter": wanted, "boost": score}}


def _name_in_slot(field: str) -> str:
    """Return where a field of a plan lies: one of a version in the nested documents of the versions."""
    slot = plans.slot_of(field)
    return f"versions.{field.rpartition('_')[0]}" if slot else field


def _in_slot(field: str, wanted: list[Clause], scored: list[Clause]) -> Clause:
    """Return what meets all of some queries, and scores by others; without any that must be met, one that scores must.

    All of it of one version where the field is of one.
    """
    slot = plans.slot_of(field)
    inside: dict[str, Any] = {"should": scored, **({} if wanted else {"minimum_should_match": 1})}
    if not slot:
        if not wanted and len(scored) == 1:
            return scored[0]
        return {"bool": {"filter": wanted, **inside}}
    here: Clause = {"bool": {"filter": [{"term": {"versions.slot": slot}}, *wanted], **inside}}
    return {"nested": {"path": "versions", "score_mode": "max", "query": here}}


def _written_in(plan: WrittenIn) -> Clause:
    if not plan.slot:
        return {"terms": {"spoken": list(plan.languages)}} if plan.languages else {"match_all": {}}
    languages: list[Clause] = [{"terms": {"versions.spoken": list(plan.languages)}}] if plan.languages else []
    return nested("versions", [{"term": {"versions.slot": plan.slot}}, *languages])
