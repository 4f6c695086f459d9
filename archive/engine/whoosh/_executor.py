"""What a plan asks, answered a segment at a time, on whole sets of passages.

A `DocSet` is the passages of one segment that answer, ascending, and what they
score: `TermScorer` by `TermScorer`, each for all of them or for some. Nothing is scored
before it is known which passages are wanted.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial, reduce
from itertools import repeat
from operator import or_

from archive.analysis import tokens
from archive.engine import _plan as plans
from archive.engine._plan import (
    AllOf,
    AndNot,
    AnyForm,
    AnyOf,
    AsTyped,
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
from archive.engine.whoosh import _proximity as proximity
from archive.engine.whoosh._docset import (
    DocSet,
    TermScorer,
    difference,
    intersect,
    intersect_all,
    intersect_masks,
    restrict,
    union,
)
from archive.engine.whoosh.segment.index_reader import IndexReader, SegmentReader, bm25_tf
from archive.engine.whoosh.segment.layout import ESCAPE, bits
from archive.engine.whoosh.segment.postings import Postings, take
from archive.errors import TooBroad
from archive.language.messages import tr
from archive.search.model import Filters

_MANY = 64
"""Terms from which scores are added up for every passage of a segment."""
MOST_SPENT = 2_000_000
"""What a query may spend on looking into passages one by one, in the units of the costs below."""
_RUN, _PLACED, _PLACED_TERM, _TYPED = 4, 8, 6, 16
"""Microseconds a passage: for a run of terms, for places in general, for each of their terms, and for the stored words."""

Texts = Callable[[SegmentReader, int, str], Iterable[str]]
"""``(segment, passage, field)`` → what stands in a field, as it is stored."""

Choosing = Callable[[SegmentReader, Filters], DocSet]
"""Gives the passages of a segment that pass a filter."""


Written = Callable[[SegmentReader, WrittenIn], DocSet]
"""Gives the passages of a segment that have words in a language."""
OnTopics = Callable[[SegmentReader, OnTopic], DocSet]
"""Gives the passages of a segment that have a claim on a topic."""


def needs_verification(plan: Plan) -> bool:
    """Return whether a plan looks into passages one by one."""
    if isinstance(plan, AnyOf | AllOf | InLanguages):
        return any(map(needs_verification, plan.parts))
    if isinstance(plan, Lifted):
        return needs_verification(plan.wanted)
    return isinstance(plan, Proximity | AsTyped) or (
        isinstance(plan, AndNot) and (needs_verification(plan.wanted) or needs_verification(plan.unwanted))
    )


class PlanExecutor:
    """Answers plans on a library."""

    def __init__(self, index: IndexReader, texts: Texts, choosing: Choosing, on_topic: OnTopics, written: Written) -> None:
        """Take the library, the way to what is stored, and what filters."""
        self._on_topic = on_topic
        self._written = written
        self._library = index
        self._texts = texts
        self._choosing = choosing
        self._spent = 0
        self._answered: dict[tuple[int, Plan], DocSet] = {}
        self._combined: dict[tuple[object, ...], tuple[Sequence[DocSet], DocSet]] = {}
        self._verified: dict[tuple[int, Proximity], tuple[list[int], list[int]]] = {}
        self._inside = proximity.SubstringLookup()
        self._rarities: dict[tuple[str, str], float] = {}

    def begin(self) -> None:
        """Begin a query: what it may spend on looking into passages one by one is its own, and so is what it has answered."""
        self._spent = 0
        self._answered.clear()
        self._combined.clear()
        self._verified.clear()

    def _look(self, passages: int, cost: int) -> None:
        """Count passages that are looked into one by one, each at a cost in microseconds of a slow machine.

        :raises TooBroad: the query asks for more than anybody would wait for.
        """
        self._spent += passages * cost
        if self._spent > MOST_SPENT:
            message = tr("the query would have to look into too many passages one by one")
            raise TooBroad(message, tr("Add a rarer word, leave out near and --exact for common words, or ask in parts."))

    def candidates(self, plan: Plan, segment: SegmentReader) -> DocSet:
        """Return passages among which are all that answer a plan, without looking into any."""
        if isinstance(plan, AsTyped):
            return self.candidates(plan.candidates, segment)
        if isinstance(plan, Proximity):
            with_all = self._with_all(plan, segment)
            return DocSet(segment.size, intersect_all([doc_set for doc_set, _ in with_all]) if with_all else [])
        if isinstance(plan, AnyOf | InLanguages):
            return DocSet(segment.size, union([self.candidates(part, segment).ids for part in plan.parts]))
        if isinstance(plan, AllOf):
            return DocSet(segment.size, intersect_all([self.candidates(part, segment) for part in plan.parts]))
        if isinstance(plan, Lifted):
            return self.candidates(plan.wanted, segment)
        return self.candidates(plan.wanted, segment) if isinstance(plan, AndNot) else self.execute(plan, segment)

    def execute(self, plan: Plan, segment: SegmentReader, restrict_to: DocSet | None = None) -> DocSet:
        """Return the passages of a segment that answer a plan; a part that several levels of a query share is answered once.

        :param restrict_to: the passages that matter; of others it need not be known whether they answer.
        :raises TooBroad: too many passages would have to be looked into one by one.
        """
        if restrict_to is not None and needs_verification(plan):
            return self._execute(plan, segment, restrict_to)
        key = segment.first, plan
        answered = self._answered.get(key)
        if answered is None:
            answered = self._answered[key] = self._execute(plan, segment, None)
        return answered

    def _execute(self, plan: Plan, segment: SegmentReader, restrict_to: DocSet | None) -> DocSet:  # noqa: C901, PLR0911, PLR0912 - one for each kind of plan
        if isinstance(plan, PlanTerm):
            return self._term(plan, segment)
        if isinstance(plan, AnyOf):
            return self.union_sets(segment, [self.execute(part, segment, restrict_to) for part in plan.parts])
        if isinstance(plan, AllOf):
            return self._whole(plan, segment, restrict_to)
        if isinstance(plan, AndNot):
            return self._except(plan, segment, restrict_to)
        if isinstance(plan, Proximity):
            return self._together(plan, segment, restrict_to)
        if isinstance(plan, AnyForm):
            return self._any_form(plan, segment)
        if isinstance(plan, WeightedTerms):
            return self.union_sets(segment, [self._term(term, segment) for term in plan.wanted])
        if isinstance(plan, AsTyped):
            return self._as_typed(plan, segment, restrict_to)
        if isinstance(plan, FilterClause):
            return self._choosing(segment, plan.filters)
        if isinstance(plan, OnTopic):
            return self._on_topic(segment, plan)
        if isinstance(plan, Lifted):
            return self._lifted(plan, segment, restrict_to)
        if isinstance(plan, WrittenIn):
            return self._written(segment, plan)
        if isinstance(plan, InLanguages):
            return self._in_languages(plan, segment, restrict_to)
        return DocSet(segment.size, segment.live_docs, (TermScorer(plan.score),) if plan.score else ())

    def _in_languages(self, plan: InLanguages, segment: SegmentReader, within: DocSet | None) -> DocSet:
        """Return what answers in any language; how well, its languages say each for itself (`scores`)."""
        sets = [self.execute(part, segment, within) for part in plan.parts]
        scorers = [scorer for doc_set in sets for scorer in doc_set.own_scorers()]
        ids = union([doc_set.ids for doc_set in sets])
        joined = DocSet(segment.size, ids, tuple(scorers), made=lambda: reduce(or_, [doc_set.bit_mask for doc_set in sets]))
        joined.in_slots = tuple(zip(plan.slots, sets, strict=True))
        return joined

    def _lifted(self, plan: Lifted, segment: SegmentReader, within: DocSet | None) -> DocSet:
        wanted = self.execute(plan.wanted, segment, within)
        if not wanted.ids:
            return wanted

        def lifted() -> DocSet:
            limited = [gain for lifting in sets for gain in lifting.own_scorers()]
            return wanted.rescored((*wanted.scorers, *limited)).narrowed()

        sets = [self.execute(lifting, segment, wanted) for lifting in plan.lifting]
        return self._once(Lifted, (wanted, *sets), lifted)

    def _once(self, how: object, sets: Sequence[DocSet], combine: Callable[[], DocSet]) -> DocSet:
        """Combine the same sets in the same way once in a query: most levels of it have the sets of the one before."""
        return self._once_by((how, *map(id, sets)), sets, combine)

    def _once_by(self, key: tuple[object, ...], sets: Sequence[DocSet], combine: Callable[[], DocSet]) -> DocSet:
        known = self._combined.get(key)
        if known is None:
            known = self._combined[key] = sets, combine()
        return known[1]

    def idf(self, field: str, term: str) -> float:
        """Return the weight of a term over all texts of its field, as Robertson and Spärck Jones have it, kept above zero."""
        rarity = self._rarities.get((field, term))
        if rarity is None:
            every = self._library.texts(field)
            having = sum(self._library.doc_frequency(each, term.encode()) for each in plans.pooled(field))
            rarity = self._rarities[field, term] = math.log(1 + (every - having + 0.5) / (having + 0.5))
        return rarity

    def _postings(self, segment: SegmentReader, field: str, term: str) -> Postings | None:
        place = segment.terms.find(field, term.encode())
        return segment.terms.postings(place, field) if place >= 0 else None

    def _term(self, plan: PlanTerm, segment: SegmentReader) -> DocSet:
        postings = self._postings(segment, plan.field, plan.term)
        if postings is None:
            return DocSet(segment.size, [])
        weight = plan.weight * self.idf(plan.field, plan.term) if plan.weight else 0.0
        gains = (TermScorer(weight, postings, plan.field, term=plan.term),) if weight else ()
        return DocSet(segment.size, postings.listed, gains, postings)

    def union_sets(self, segment: SegmentReader, sets: Sequence[DocSet]) -> DocSet:
        """Return the passages that are in any of some sets."""
        some = [doc_set for doc_set in sets if doc_set.ids]
        if len(some) <= 1:
            return some[0] if some else DocSet(segment.size, [])
        return self._once(AnyOf, some, lambda: self._united(segment, some))

    @staticmethod
    def _united(segment: SegmentReader, some: Sequence[DocSet]) -> DocSet:
        gains = [gain for doc_set in some for gain in doc_set.own_scorers()]
        if all(doc_set.ids is some[0].ids for doc_set in some):
            return some[0].rescored(tuple(gains))
        made = (lambda: reduce(or_, [doc_set.bit_mask for doc_set in some])) if len(some) < _MANY else None
        return DocSet(segment.size, union([doc_set.ids for doc_set in some]), tuple(gains), made=made)

    def _whole(self, plan: AllOf, segment: SegmentReader, within: DocSet | None) -> DocSet:
        sets: list[DocSet] = []
        if any(map(needs_verification, plan.parts)):
            # What is to be looked into is first narrowed by all that need not be.
            may = [self.candidates(part, segment) for part in plan.parts]
            within = DocSet(segment.size, intersect_all([*may, within] if within else may))
        for part in plan.parts:
            sets.append(self.execute(part, segment, within))
            if not sets[-1].ids:
                return DocSet(segment.size, [])
            if within is not None and needs_verification(part):
                within = DocSet(segment.size, intersect(within.ids, sets[-1]))
        return sets[0] if len(sets) == 1 else self._once(AllOf, sets, lambda: self._joined(segment, sets))

    def _joined(self, segment: SegmentReader, sets: Sequence[DocSet]) -> DocSet:
        def of_all() -> DocSet:
            return DocSet(segment.size, intersect_all(sets), made=partial(intersect_masks, sets))

        # Levels of a query differ in what scores far more often than in what answers.
        joined = self._once_by((intersect_all, *(id(doc_set.ids) for doc_set in sets)), sets, of_all)
        gains = restrict((gain for doc_set in sets for gain in doc_set.scorers), joined.ids, segment.size)
        return joined.rescored(gains).narrowed()

    def _except(self, plan: AndNot, segment: SegmentReader, within: DocSet | None) -> DocSet:
        wanted = self.execute(plan.wanted, segment, within)
        if not wanted.ids:
            return wanted
        unwanted = self.execute(plan.unwanted, segment, wanted)
        if not unwanted.ids:
            return wanted
        documents = difference(wanted.ids, unwanted)
        gains = restrict(wanted.scorers, documents, segment.size)
        return DocSet(segment.size, documents, gains, made=lambda: wanted.bit_mask & ~unwanted.bit_mask).narrowed()

    def _with_all(self, plan: Proximity, segment: SegmentReader) -> list[tuple[DocSet, dict[str, Postings]]]:
        """Return for each term of the units the passages that have it in one of its spellings; [] where one is in none."""
        spellings = list(dict.fromkeys(spelling for unit in plan.near.units for spelling in unit.terms))
        sets: list[tuple[DocSet, dict[str, Postings]]] = []
        for spelled in spellings:
            by_term = {term: postings for term in spelled if (postings := self._postings(segment, plan.field, term))}
            if not by_term:
                return []
            term_sets = [
                DocSet(
                    segment.size,
                    one.listed,
                    (TermScorer(plan.weight * self.idf(plan.field, term), one, plan.field, term=term),),
                    one,
                )
                for term, one in by_term.items()
            ]
            sets.append((self.union_sets(segment, term_sets), by_term))
        return sets

    def _together(self, plan: Proximity, segment: SegmentReader, within: DocSet | None) -> DocSet:
        with_all = self._with_all(plan, segment)
        if not with_all:
            return DocSet(segment.size, [])
        sets = [doc_set for doc_set, _ in with_all]
        columns = {term: postings for _, postings_of in with_all for term, postings in postings_of.items()}
        documents = intersect_all([*sets, within] if within is not None else sets)
        made = None
        if documents:
            sure, doubtful = self._by_words(plan, segment, documents)
            documents = sorted([*sure, *self._verify(plan, segment, doubtful, columns)]) if doubtful else sure
            if sure and not doubtful and within is None:
                every = [*sets, self._inside.docs_with(segment, proximity.runs_of(plan.near), _words_beside(plan.field))]
                made = partial(intersect_masks, every)
        gains = restrict((gain for each_set in sets for gain in each_set.scorers), documents, segment.size)
        return DocSet(segment.size, documents, gains, made=made).narrowed()

    def _by_words(self, plan: Proximity, segment: SegmentReader, documents: list[int]) -> tuple[list[int], list[int]]:
        """Return by its whole words which passages have a run of Hangul inside a word; returns those, and those to look into.

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
        return [document_id for document_id in sure if document_id not in doubtful], [
            document for document in documents if document in doubtful
        ]

    def _verify(self, plan: Proximity, segment: SegmentReader, documents: list[int], columns: dict[str, Postings]) -> list[int]:
        """Return the passages in which the units stand as asked, looking only into those not looked into by this query."""
        asked, found = self._verified.get((segment.first, plan), ([], []))
        if asked != documents:
            here = DocSet(segment.size, asked)
            new = difference(documents, here) if asked else documents
            found = union([found, self._placed(plan, new, columns)] if new else [found])
            self._verified[segment.first, plan] = union([asked, new]), found
            return intersect(documents, DocSet(segment.size, found)) if asked else found
        return found

    def _placed(self, plan: Proximity, documents: list[int], columns: dict[str, Postings]) -> list[int]:
        """Return the passages in which the units stand as asked."""
        by_words = proximity.are_words(plan.near)
        self._look(len(documents), _RUN if by_words else _PLACED + _PLACED_TERM * len(columns))
        if by_words:
            return proximity.placed(plan.near, columns, documents)
        return [
            document
            for document in documents
            if plans.match_positions(plan.near, {term: postings.positions(document) for term, postings in columns.items()})
        ]

    def _any_form(self, plan: AnyForm, segment: SegmentReader) -> DocSet:
        lists = [postings_of_word for word in plan.words if (postings_of_word := self._postings(segment, plan.field, word))]
        large = [postings for postings in lists if postings.has_bitmap]
        small = [postings.listed for postings in lists if not postings.has_bitmap]

        def made() -> int:
            return reduce(or_, [postings.bit_mask for postings in large], bits(union(small), segment.size))

        return DocSet(
            segment.size, union([postings.listed for postings in lists]), (TermScorer(1.0),), made=made if large else None
        )

    def _as_typed(self, plan: AsTyped, segment: SegmentReader, within: DocSet | None) -> DocSet:
        candidates = self.execute(plan.candidates, segment)
        wanted = tokens.as_typed(plan.written)
        documents = candidates.ids if within is None else intersect(candidates.ids, within)
        self._look(len(documents), _TYPED)
        documents = [document for document in documents if any(map(wanted.search, self._texts(segment, document, plan.field)))]
        return DocSet(segment.size, documents, restrict(candidates.scorers, documents, segment.size)).narrowed()

    def scores(self, doc_set: DocSet, documents: list[int], segment: SegmentReader) -> list[float]:
        """Return the score of some passages of a set; of one that answers in several languages the best of them."""
        if not documents:
            return []
        if doc_set.in_slots:
            return list(map(max, *self._of_each([one for _, one in doc_set.in_slots], documents, segment), repeat(0.0)))
        if doc_set.added:
            return list(map(sum, zip(*self._of_each(doc_set.added, documents, segment), strict=True)))
        if len(doc_set.scorers) > _MANY:
            return list(map(self._summed(doc_set.scorers, segment).__getitem__, documents))
        total: list[float] | None = None
        for gain in doc_set.scorers:
            added = self._added(gain, documents, segment)
            total = added if total is None else [one + other for one, other in zip(total, added, strict=True)]
        return total if total is not None else [0.0] * len(documents)

    def coded(self, doc_set: DocSet, documents: list[int], segment: SegmentReader) -> tuple[bytes, list[float]] | None:
        """Return a code of each of some passages of a set, and the score of each code, where one term alone scores them."""
        if doc_set.in_slots or doc_set.added or len(doc_set.scorers) != 1:
            return None
        weight, postings, field, only, _ = doc_set.scorers[0]
        if postings is None or not postings.codes or postings.escaped or (only is not None and only is not postings.listed):
            return None
        codes = postings.codes if documents is postings.listed else bytes(take(documents, postings.byte_mask))
        base = self._library.base(segment, field)
        return codes, [score * weight for score in (base if documents is postings.listed else [0.0, *base])]

    def _of_each(self, sets: Iterable[DocSet], documents: list[int], segment: SegmentReader) -> Iterator[list[float]]:
        """Yield for each of some sets the scores of some passages, 0 where they are not in it."""
        for doc_set in sets:
            here = intersect(documents, doc_set)
            scores = self.scores(doc_set, here, segment)
            yield (
                scores
                if len(here) == len(documents)
                else list(map(dict(zip(here, scores, strict=True)).get, documents, repeat(0.0)))
            )

    def _summed(self, gains: tuple[TermScorer, ...], segment: SegmentReader) -> list[float]:
        """Return the score of every passage of a segment, term by term: for very many terms that are rare one by one."""
        total = [0.0] * segment.size
        for postings, weight, field, only in ((gain.postings, gain.weight, gain.field, gain.only) for gain in gains):
            if postings is None:
                for document in segment.live_docs if only is None else only:
                    total[document] += weight
                continue
            if only is not None and only is not postings.listed:
                for document, score in zip(only, self._added(TermScorer(weight, postings, field), only, segment), strict=True):
                    total[document] += score
                continue
            base = self._library.base(segment, field)
            if postings.escaped:
                for document, pair in zip(postings.listed, postings.each_pair(), strict=True):
                    total[document] += bm25_tf(*pair, self._library.average(field)) * weight
                continue
            for document, code in zip(postings.listed, postings.codes, strict=True):
                total[document] += base[code] * weight
        return total

    def _added(self, gain: TermScorer, documents: list[int], segment: SegmentReader) -> list[float]:
        postings, weight = gain.postings, gain.weight
        if gain.only is not None:
            here = intersect(
                documents, DocSet(segment.size, gain.only, source=postings if postings and gain.only is postings.listed else None)
            )
            if len(here) < len(documents):
                scores = dict(zip(here, self._added(gain._replace(only=None), here, segment), strict=True))
                return list(map(scores.get, documents, repeat(0.0)))
        if postings is None:
            return [weight] * len(documents)
        base = [0.0, *self._library.base(segment, gain.field)]
        codes = take(documents, postings.byte_mask)
        if not postings.escaped:
            return list(map([score * weight for score in base].__getitem__, codes))
        return [
            (self._escaped(postings, document, gain.field) if code > ESCAPE else base[code]) * weight
            for document, code in zip(documents, codes, strict=True)
        ]

    def _escaped(self, postings: Postings, document: int, field: str) -> float:
        often, byte = postings.pair_of(document)
        return bm25_tf(often, byte, self._library.average(field))


def _words_beside(field: str) -> str:
    """Return the field of the whole words among which those of a field are."""
    return plans.field_of(plans.slot_of(field), "words")
