"""What a plan asks, answered a segment at a time, on whole sets of passages.

Nothing is scored before it is known which passages are wanted.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, partial, reduce
from itertools import repeat
from operator import add
from typing import Final, assert_never

from archive.analysis import tokens
from archive.engine import _plan as plans
from archive.engine.whoosh import _proximity as proximity
from archive.engine.whoosh._docset import (
    DocSet,
    TermScorer,
    difference,
    intersect,
    intersect_all,
    intersect_masks,
    intersection_of,
    union_of,
)
from archive.engine.whoosh._filtering import SegmentFilter
from archive.engine.whoosh.segment.index_reader import IndexReader, SegmentReader, bm25_tf
from archive.engine.whoosh.segment.layout import ESCAPE
from archive.engine.whoosh.segment.postings import Postings, take
from archive.errors import TooBroad
from archive.language.messages import tr

MOST_SPENT: Final = 2_000_000
"""What a query may spend on looking into passages one by one, in the units of the costs below."""
_WORDS_COST: Final = 4
"""Microseconds of a slow machine a passage: to compare the words at which its terms stand."""
_POSITIONS_COST: Final = 8
"""… to compare positions, and for each of the terms `_TERM_COST`."""
_TERM_COST: Final = 6
_TYPED_COST: Final = 16
"""… to read its words as they are stored."""
MOST_PLACES: Final = 4_096
"""Places of terms that are remembered at once, of each segment by itself."""

Texts = Callable[[SegmentReader, int, str], Iterable[str]]
"""``(segment, passage, field)`` → what stands in a field, as it is stored."""


class PlanExecutor:
    """Finds the passages of each segment that answer a plan, and scores them."""

    def __init__(self, index: IndexReader, texts: Texts, segment_filter: SegmentFilter) -> None:
        """Take the index, the way to what is stored, and what filters."""
        self._index = index
        self._texts = texts
        self._filter = segment_filter
        self._costs: dict[tuple[int, plans.Plan], int] = {}
        self._answered: dict[tuple[int, plans.Plan], DocSet] = {}
        self._combined: dict[tuple[object, ...], tuple[Sequence[DocSet], DocSet]] = {}
        self._inside = proximity.SubstringLookup()
        self._idf: dict[tuple[str, str], float] = {}
        self._place = lru_cache(maxsize=MOST_PLACES)(_place)

    def begin(self) -> None:
        """Begin a query: what it may spend on looking into passages one by one is its own, and so is what it has answered."""
        self._costs.clear()
        self._answered.clear()
        self._combined.clear()

    def _charge(self, plan: plans.Plan, segment: SegmentReader, passages: int, cost: int) -> None:
        """Charge a query for passages that are looked into one by one; the levels of a query look into the same.

        :raises TooBroad: the query asks for more than anybody would wait for.
        """
        key = segment.first, plan
        self._costs[key] = max(passages * cost, self._costs.get(key, 0))
        if sum(self._costs.values()) > MOST_SPENT:
            message = tr("the query would have to look into too many passages one by one")
            raise TooBroad(message, tr("Add a rarer word, leave out near and --exact for common words, or ask in parts."))

    def execute(self, plan: plans.Plan, segment: SegmentReader, within: DocSet | None = None) -> DocSet:
        """Return the passages of a segment that answer a plan; a part that several levels of a query share is answered once.

        :param within: the passages that matter; of others it need not be known whether they answer.
        :raises TooBroad: too many passages would have to be looked into one by one.
        """
        if within is not None and not plans.is_told_by_terms(plan):
            return self._execute(plan, segment, within)
        key = segment.first, plan
        answered = self._answered.get(key)
        if answered is None:
            answered = self._answered[key] = self._execute(plan, segment, None)
        return answered

    def _execute(self, plan: plans.Plan, segment: SegmentReader, within: DocSet | None) -> DocSet:  # noqa: C901, PLR0911, PLR0912 - one for each kind of plan
        match plan:
            case plans.PlanTerm():
                return self._term(plan, segment)
            case plans.AnyOf():
                return self.union_sets(segment, [self.execute(part, segment, within) for part in plan.parts])
            case plans.AllOf():
                return self._all_of(plan, segment, within)
            case plans.AndNot():
                return self._and_not(plan, segment, within)
            case plans.Proximity():
                return self._proximity(plan, segment, within)
            case plans.AnyForm():
                return self._any_form(plan, segment)
            case plans.AsTyped():
                return self._as_typed(plan, segment, within)
            case plans.FilterClause():
                return self._filter.choose(segment, plan.filters)
            case plans.OnTopic():
                return self._filter.on_topic(segment, plan)
            case plans.Lifted():
                return self._lift(plan, segment, within)
            case plans.WrittenIn():
                return self._filter.in_languages(segment, plan)
            case plans.InLanguages():
                return self._in_languages(plan, segment, within)
            case plans.Every():
                return DocSet(segment.size, segment.all_docs, (TermScorer(plan.score),) if plan.score else ())
            case _:
                assert_never(plan)

    def _combine(self, how: Callable[[Sequence[DocSet]], DocSet], sets: Sequence[DocSet]) -> DocSet:
        """Combine sets, without their scores, once in a query: its levels differ in what scores far more than in what answers."""
        key = how, *(id(doc_set.ids) for doc_set in sets)
        if key not in self._combined:
            self._combined[key] = sets, how(sets)  # with the sets, so that no other list comes to have the id of one of them
        return self._combined[key][1]

    def idf(self, field: str, term: str) -> float:
        """Return the weight of a term over all texts of its field, as Robertson and Spärck Jones have it, kept above zero."""
        idf = self._idf.get((field, term))
        if idf is None:
            every = self._index.texts(field)
            having = sum(self._index.doc_frequency(each, term.encode()) for each in plans.pooled_fields(field))
            idf = self._idf[field, term] = math.log(1 + (every - having + 0.5) / (having + 0.5))
        return idf

    def _postings(self, segment: SegmentReader, field: str, term: str) -> Postings | None:
        place = self._place(segment, field, term)
        return segment.terms.postings(place, field) if place >= 0 else None

    def _term(self, plan: plans.PlanTerm, segment: SegmentReader) -> DocSet:
        postings = self._postings(segment, plan.field, plan.term)
        if postings is None:
            return DocSet(segment.size, [])
        weight = plan.weight * self.idf(plan.field, plan.term) if plan.weight else 0.0
        scorers = (TermScorer(weight, postings, plan.field),) if weight else ()
        return DocSet(segment.size, postings.listed, scorers, source=postings)

    def _any_form(self, plan: plans.AnyForm, segment: SegmentReader) -> DocSet:
        forms = [self._term(plans.PlanTerm(plan.field, word, 0.0), segment) for word in plan.words]
        found = union_of([DocSet(segment.size, []), *forms])
        return DocSet(segment.size, found.ids, (TermScorer(1.0),), source=found)

    def union_sets(self, segment: SegmentReader, sets: Sequence[DocSet]) -> DocSet:
        """Return the passages that are in any of some sets, with the scores of all in which they are."""
        some = [doc_set for doc_set in sets if doc_set.ids]
        if len(some) <= 1:
            return some[0] if some else DocSet(segment.size, [])
        found = self._combine(union_of, some)
        return DocSet(segment.size, found.ids, parts=some, source=found)

    def _in_languages(self, plan: plans.InLanguages, segment: SegmentReader, within: DocSet | None) -> DocSet:
        """Return what answers in any language; how well, its languages say each for itself (`scores`)."""
        sets = [self.execute(part, segment, within) for part in plan.parts]
        found = union_of(sets)
        found.in_slots = tuple(zip(plan.slots, sets, strict=True))
        return found

    def _lift(self, plan: plans.Lifted, segment: SegmentReader, within: DocSet | None) -> DocSet:
        wanted = self.execute(plan.wanted, segment, within)
        if not wanted.ids:
            return wanted
        lifting = [self.execute(part, segment, wanted) for part in plan.lifting]
        return DocSet(segment.size, wanted.ids, parts=(wanted, *lifting), source=wanted)

    def _all_of(self, plan: plans.AllOf, segment: SegmentReader, within: DocSet | None) -> DocSet:
        if not all(map(plans.is_told_by_terms, plan.parts)):
            # What is to be looked into is first narrowed by all that need not be.
            may = [self.execute(plans.relax(part), segment) for part in plan.parts]
            within = intersection_of([*may, within] if within else may)
        sets: list[DocSet] = []
        for part in plan.parts:
            sets.append(self.execute(part, segment, within))
            if not sets[-1].ids:
                return DocSet(segment.size, [])
            if within is not None and not plans.is_told_by_terms(part):
                within = DocSet(segment.size, intersect(within.ids, sets[-1]))
        if len(sets) <= 1:
            return sets[0] if sets else DocSet(segment.size, [])
        found = self._combine(intersection_of, sets)
        return DocSet(segment.size, found.ids, *_scoring(sets), source=found)

    def _and_not(self, plan: plans.AndNot, segment: SegmentReader, within: DocSet | None) -> DocSet:
        wanted = self.execute(plan.wanted, segment, within)
        if not wanted.ids:
            return wanted
        unwanted = self.execute(plan.unwanted, segment, wanted)
        if not unwanted.ids:
            return wanted
        ids = difference(wanted.ids, unwanted)
        return DocSet(segment.size, ids, *_scoring([wanted]), to_bit_mask=lambda: wanted.bit_mask & ~unwanted.bit_mask)

    def _proximity(self, plan: plans.Proximity, segment: SegmentReader, within: DocSet | None) -> DocSet:
        having: list[DocSet] = []
        for part in plans.having_terms(plan).parts:
            having.append(self.execute(part, segment))
            if not having[-1].ids:
                return having[-1]
        if not having:
            return DocSet(segment.size, [])
        terms = [term for unit in plan.near.units for spellings in unit.terms for term in spellings]
        postings = {term: found for term in terms if (found := self._postings(segment, plan.field, term))}
        sets = [*having, within] if within is not None else having
        to_bit_mask = None
        if proximity.are_common_words(plan.near, postings, min(map(len, sets))):
            sure, doubtful = proximity.by_first_words(plan.near, postings)
            if within is not None:
                sure, doubtful = intersect(sure, within), intersect(doubtful, within)
        else:
            sure, doubtful = self._by_whole_words(plan, segment, intersect_all(sets))
            if sure and not doubtful and within is None:
                runs = self._inside.docs_with(segment, proximity.runs_of(plan.near), _words_beside(plan.field))
                to_bit_mask = partial(intersect_masks, [*having, runs])
        ids = sorted([*sure, *self._check_places(plan, segment, doubtful, postings)]) if doubtful else sure
        return DocSet(segment.size, ids, *_scoring(having), to_bit_mask=to_bit_mask)

    def _by_whole_words(self, plan: plans.Proximity, segment: SegmentReader, documents: list[int]) -> tuple[list[int], list[int]]:
        """Return those of some passages that have a run of Hangul inside a word, by its whole words, and those to look into.

        The whole words are those of all fields, so a passage that may have the
        run in another field is looked into.
        """
        runs = proximity.runs_of(plan.near)
        if not runs or plan.field in plans.CLAIMS:  # the whole words are those of the passage, not of claims on it
            return [], documents
        words = _words_beside(plan.field)
        sure = intersect(documents, self._inside.docs_with(segment, runs, words))
        doubtful = self._inside.truncated_docs(segment, words)
        for field in plans.fields_of(plans.slot_of(plan.field)):
            if field != plan.field:
                terms = [self._postings(segment, field, term) for spellings in plan.near.units[0].terms for term in spellings]
                doubtful.update(*(postings.listed for postings in terms if postings))
        if not doubtful:
            return sure, []
        return [document for document in sure if document not in doubtful], [
            document for document in documents if document in doubtful
        ]

    def _check_places(
        self, plan: plans.Proximity, segment: SegmentReader, documents: list[int], postings: dict[str, Postings]
    ) -> list[int]:
        """Return those of some passages in which the units stand as asked."""
        by_words = proximity.are_words(plan.near)
        self._charge(plan, segment, len(documents), _WORDS_COST if by_words else _POSITIONS_COST + _TERM_COST * len(postings))
        if by_words:
            return proximity.check_places(plan.near, postings, documents)
        return [
            document
            for document in documents
            if plans.match_positions(plan.near, {term: found.positions(document) for term, found in postings.items()})
        ]

    def _as_typed(self, plan: plans.AsTyped, segment: SegmentReader, within: DocSet | None) -> DocSet:
        candidates = self.execute(plan.candidates, segment)
        wanted = tokens.as_typed(plan.written)
        documents = candidates.ids if within is None else intersect(candidates.ids, within)
        self._charge(plan, segment, len(documents), _TYPED_COST)
        ids = [document for document in documents if any(map(wanted.search, self._texts(segment, document, plan.field)))]
        return DocSet(segment.size, ids, *_scoring([candidates]))

    def scores(self, doc_set: DocSet, documents: list[int], segment: SegmentReader) -> list[float]:
        """Return the score of some passages of a set; of one that answers in several languages the best of them."""
        wanted = DocSet(segment.size, documents)
        of_some: dict[int, float] = {}
        for _, part in doc_set.in_slots:
            shared = _intersection(wanted, part).ids
            for document, score in zip(shared, self.scores(part, shared, segment), strict=True):
                of_some[document] = max(score, of_some.get(document, 0.0))
        columns = [self._term_scores(scorer, documents, segment) for scorer in doc_set.scorers]
        for part in doc_set.parts:
            shared = _intersection(wanted, part).ids
            scores = self.scores(part, shared, segment)
            if len(shared) == len(documents):
                columns.append(scores)
            else:
                for document, score in zip(shared, scores, strict=True):
                    of_some[document] = of_some.get(document, 0.0) + score
        if of_some or not columns:
            columns.append(map(of_some.get, documents, repeat(0.0)))
        return list(reduce(partial(map, add), columns))

    def score_codes(self, doc_set: DocSet, documents: list[int], segment: SegmentReader) -> tuple[bytes, list[float]] | None:
        """Return a code of each of some passages of a set, and the score of each code, where one term alone scores them."""
        if doc_set.in_slots or doc_set.parts or len(doc_set.scorers) != 1:
            return None
        weight, postings, field = doc_set.scorers[0]
        if postings is None or not postings.codes or postings.escaped:
            return None
        codes = postings.codes if documents is postings.listed else bytes(take(documents, postings.byte_mask))
        base = self._index.base(segment, field)
        return codes, list(map(weight.__mul__, base if documents is postings.listed else [0.0, *base]))

    def _term_scores(self, scorer: TermScorer, documents: list[int], segment: SegmentReader) -> Iterable[float]:
        """Return what a term adds to the score of each of some passages."""
        weight, postings, field = scorer
        if postings is None:
            return repeat(weight, len(documents))
        scores = [score * weight for score in (0.0, *self._index.base(segment, field))]
        codes = take(documents, postings.byte_mask)
        if not postings.escaped:
            return map(scores.__getitem__, codes)
        average = self._index.average(field)
        return [
            bm25_tf(*postings.pair_of(document), average) * weight if code > ESCAPE else scores[code]
            for document, code in zip(documents, codes, strict=True)
        ]


def _place(segment: SegmentReader, field: str, term: str) -> int:
    """Return the place of a term in a segment, -1 where it is not there: what is asked once is asked by each level of a query."""
    return segment.terms.find(field, term.encode())


def _scoring(sets: Iterable[DocSet]) -> tuple[list[TermScorer], list[DocSet]]:
    """Return the scorers and the parts of sets of which a passage is in each."""
    every = list(sets)
    return [scorer for doc_set in every for scorer in doc_set.scorers], [part for doc_set in every for part in doc_set.parts]


def _intersection(one: DocSet, other: DocSet) -> DocSet:
    """Return the passages that are in both of two sets."""
    if one.ids is other.ids:
        return one
    shorter, longer = (one, other) if len(one) <= len(other) else (other, one)
    return DocSet(one.size, intersect(shorter.ids, longer))


def _words_beside(field: str) -> str:
    """Return the field of the whole words among which those of a field are."""
    return plans.field_of(plans.slot_of(field), "words")
