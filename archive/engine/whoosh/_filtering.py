"""Filters and facets on whole sets of passages.

What a passage is about and how it is marked are terms of plain fields, one
field a facet, and so a facet is counted and a filter met by its bitmap. What
must be met by one and the same entry, a period, or a day in the past is judged
by `archive.engine._attributes.FilterPredicate`, once for each different column value.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial, reduce
from itertools import repeat
from operator import or_
from typing import Final

from archive.engine._attributes import FilterPredicate, PassageAttributes, in_order, is_limited, is_narrowed, ranges
from archive.engine._plan import OnTopic, WrittenIn, field_of
from archive.engine.whoosh._docset import DocSet, difference, intersect, intersect_masks, union
from archive.engine.whoosh._facet_counts import Counts, FacetCounter, Pair
from archive.engine.whoosh.segment.index_reader import SegmentReader
from archive.engine.whoosh.segment.postings import take
from archive.named_tuple import NamedTuple
from archive.search.model import ENTRY_FIELDS, FACETS, FacetCount, Filters

_ALONE: Final = ("flag", "topic", "kind", "reliability", "language", "code", "connection")
"""The filters that a term decides by itself."""


class FilteredDocs(NamedTuple):
    """Matches of a segment, and those of them that pass the filters."""

    part: SegmentReader
    documents: list[int]
    passed: list[int]


FacetMode = tuple[str, bool, bool]
"""How a facet is counted: its field, whether a filter of its own is left out, and whether other filters narrow what it counts."""


class SegmentFilter:
    """Filters and counts."""

    def __init__(self) -> None:
        """Begin with nothing remembered; what is goes with this, since nothing of it names this."""
        self._narrowings = lru_cache(maxsize=_NARROWINGS)(_narrowing)
        self._counter = lru_cache(maxsize=None)(FacetCounter)
        self.predicate = lru_cache(maxsize=8)(FilterPredicate)
        self._having = lru_cache(maxsize=_REMEMBERED)(_having)
        standing = lru_cache(maxsize=_REMEMBERED)(partial(_standing, self.predicate, self._having))
        self.on_topic = lru_cache(maxsize=_REMEMBERED)(partial(_on_topic, standing, self._having))

    def apply(self, segment: SegmentReader, doc_set: DocSet, documents: list[int], filters: Filters) -> FilteredDocs:
        """Return the matches of a segment and those of them that pass all filters."""
        passed = self.passing(segment, filters, documents)
        counter = self._counter(segment)
        if documents is doc_set.ids and not counter.are_few(documents):
            counter.cache_mask(documents, lambda: doc_set.bit_mask)
            if passed is not documents and not counter.are_few(passed) and not _is_joint(filters):
                having = [self._having(segment, field, values) for field, values in _wanted_terms(filters)]
                unwanted = [self._having(segment, field, values) for field, values in _unwanted_terms(filters)]
                counter.cache_mask(passed, partial(_difference, [doc_set, *having], unwanted))
        return FilteredDocs(segment, documents, passed)

    def passing(self, segment: SegmentReader, filters: Filters, documents: list[int], without: str = "") -> list[int]:
        """Return the passages that pass all filters, but for those on the field named in ``without``."""
        kept = documents
        for field, values in _wanted_terms(filters):
            if field != without:
                kept = intersect(kept, self._having(segment, field, values))
        for field, values in _unwanted_terms(filters):
            if field != without:
                kept = difference(kept, self._having(segment, field, values))
        if _is_joint(filters):
            kept = self._joint(segment, filters, kept, without)
        return kept

    def choose(self, segment: SegmentReader, filters: Filters) -> DocSet:
        """Return all passages of a segment that pass filters."""
        asked = [name for name, value in zip(Filters._fields, filters, strict=True) if value]
        if len(asked) == 1 and asked[0] in _alone(filters):  # so not all of several topics
            return self._having(segment, asked[0], getattr(filters, asked[0]))
        return DocSet(segment.size, self.passing(segment, filters, segment.all_docs))

    def in_languages(self, segment: SegmentReader, asked: WrittenIn) -> DocSet:
        """Return the passages of a segment that have words in a slot, in any of some languages where they are named."""
        return self._having(segment, field_of(asked.slot, "language"), asked.languages)

    def match(self, segment: SegmentReader, document: int) -> PassageAttributes:
        """Return the columns of a passage."""
        counter = self._counter(segment)
        (pair,) = counter.pairs((document,))
        return counter.match(pair)

    def _joint(self, segment: SegmentReader, filters: Filters, documents: list[int], without: str) -> list[int]:
        predicate = self.predicate(filters)
        passed: dict[tuple[int, int], bool] = {}
        kept = []
        for document, pair in zip(documents, self._counter(segment).pairs(documents), strict=True):
            if pair not in passed:
                passed[pair] = predicate.passes(self._counter(segment).match(pair), without)
            if passed[pair]:
                kept.append(document)
        return kept

    def testimonies(self, segment: SegmentReader, documents: list[int]) -> int:
        """Count the records of some passages."""
        return self._counter(segment).testimonies(documents)

    def facets(self, by_segment: Iterable[FilteredDocs], filters: Filters) -> dict[str, tuple[FacetCount, ...]]:
        """Count every facet over the matches; a facet's own filter does not empty it."""
        counts: Counts = defaultdict(lambda: [0, 0])
        ways = [(field, is_limited(filters, field), is_narrowed(filters, field)) for field in FACETS]
        for filtered in by_segment:
            self._count(filtered, filters, ways, counts)
        rows: dict[str, list[FacetCount]] = {field: [] for field in FACETS}
        for (field, value), (passages, testimonies) in counts.items():
            rows[field].append(FacetCount(value, passages, testimonies))
        return {field: in_order(field, field_rows) for field, field_rows in rows.items()}

    def _count(self, filtered: FilteredDocs, filters: Filters, ways: list[FacetMode], counts: Counts) -> None:
        """Count every facet over the matches of a segment; those of the same passages are counted together."""
        part, documents, passed = filtered
        counter = self._counter(part)
        together: dict[bool, list[str]] = {False: [], True: []}
        for field, limited, narrowed in ways:
            own = self.passing(part, filters, documents, field) if limited else passed
            if own is passed:
                together[narrowed].append(field)
            elif narrowed:
                counter.count_vectors(own, self._narrow_entries(part, filters, own, field), [field], counts)
            else:
                counter.count(own, [field], counts)
        counter.count(passed, together[False], counts)
        if together[True]:
            counter.count_vectors(passed, self._narrow_entries(part, filters, passed), together[True], counts)

    def _narrow_entries(self, segment: SegmentReader, filters: Filters, documents: list[int], without: str = "") -> list[int]:
        """Return what passages count for under the filters: by entries that pass, and flags then known.

        :param without: a facet whose own filter does not count.
        """
        kept = filters._asdict()
        deciding = Filters(**{name: kept[name] for name in (*ENTRY_FIELDS, "period", "as_of")})
        remembered = self._narrowings(deciding, without).setdefault(segment.entry.name, {})
        counter, predicate = self._counter(segment), self.predicate(deciding)
        # But for flags under a day all of it is of the entries alone, and those differ less often than the marks.
        keys: Sequence[Pair | int] = list(counter.pairs(documents)) if filters.as_of else counter.codes("about", documents)
        vectors = list(map(remembered.get, keys, repeat(0)))
        if not all(vectors):
            missing = {key: pair for key, pair in zip(keys, counter.pairs(documents), strict=True) if key not in remembered}
            remembered.update(
                (key, counter.vector(predicate.values(counter.match(pair), without))) for key, pair in missing.items()
            )
            vectors = [remembered[key] for key in keys]
        return vectors

    def count_excluded(self, segment: SegmentReader, filters: Filters, documents: list[int]) -> tuple[int, int, int]:
        """Count the matches that times keep out because they are undated, and a day because it is not known when.

        Last those without a history.
        """
        predicate = self.predicate(filters)
        undated = without_day = without_history = 0
        for pair, count in Counter(self._counter(segment).pairs(documents)).items():
            match = self._counter(segment).match(pair)
            undated += count if (filters.period or filters.recorded) and predicate.only_undated(match) else 0
            without_day += count if predicate.without_day(match) else 0
            without_history += count if predicate.without_history(match) else 0
        return undated, without_day, without_history


_REMEMBERED: Final = 512
_NARROWINGS: Final = 4


def _narrowing(_filters: Filters, _without: str) -> dict[str, dict[Pair | int, int]]:
    """Begin what is remembered of filters, segment by segment: what passages with the same columns count for."""
    return {}


_Having = Callable[[SegmentReader, str, tuple[str, ...]], DocSet]
_Standing = Callable[[SegmentReader, tuple[str, ...], Filters], Mapping[int, int]]


def _having(segment: SegmentReader, field: str, values: tuple[str, ...]) -> DocSet:
    """Return the passages of a segment that have one of some values."""
    terms = segment.terms
    if field.startswith("language"):
        every = ((place, term.decode()) for place, term in terms.terms_from(field, b""))
        places = [place for place, term in every if not values or set(ranges(term)) & set(values)]
    else:
        places = [place for value in values if (place := terms.find(field, value.encode())) >= 0]
    lists = [terms.postings(place, field) for place in places]
    only = lists[0] if len(lists) == 1 else None
    return DocSet(segment.size, union(postings.listed for postings in lists), source=only)


def _on_topic(standing_of: _Standing, having_of: _Having, segment: SegmentReader, asked: OnTopic) -> DocSet:
    """Return the passages of a segment with a claim on a topic that stands so well and passes the filters."""
    having = having_of(segment, "concept", asked.topics)
    standing = standing_of(segment, asked.topics, asked.filters)
    codes = take(having.ids, segment.passages.column("concepts").codes) if having.ids else ()
    on_it = [document for document, code in zip(having.ids, codes, strict=True) if standing[code] <= asked.standing]
    return DocSet(segment.size, having.ids if len(on_it) == len(having.ids) else on_it)


def _standing(
    predicate_of: Callable[[Filters], FilterPredicate],
    having_of: _Having,
    segment: SegmentReader,
    topics: tuple[str, ...],
    filters: Filters,
) -> Mapping[int, int]:
    """Return, for each value of the column of claims that has one of some topics, how well the best of them stands."""
    column, predicate, wanted = segment.passages.column("concepts"), predicate_of(filters), frozenset(topics)
    having = having_of(segment, "concept", topics).ids
    return {code: predicate.standing(column.value(code), wanted) for code in set(take(having, column.codes) if having else ())}


def _difference(wanted: list[DocSet], unwanted: list[DocSet]) -> int:
    """Return the passages that are in all of some sets and in none of others as bits."""
    return intersect_masks(wanted) & ~reduce(or_, [doc_set.bit_mask for doc_set in unwanted], 0)


def _alone(filters: Filters) -> list[str]:
    """Return the filters that a term decides by itself: also one on an entry, where it is the only one."""
    fields = [field for field in _ALONE if not (field == "flag" and filters.as_of)]
    entry = [field for field in ENTRY_FIELDS if getattr(filters, field)]
    return [*fields, *entry] if len(entry) == 1 and not filters.period else fields


def _wanted_terms(filters: Filters) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the fields of which a passage has to have one of some values, as far as terms decide it; of all topics each."""
    for field in _alone(filters):
        values: tuple[str, ...] = getattr(filters, field)
        if field == "topic" and filters.all_topics:
            yield from ((field, (value,)) for value in values)
        elif values:
            yield field, values


def _unwanted_terms(filters: Filters) -> list[tuple[str, tuple[str, ...]]]:
    """Return the fields with values that no passage may have, as far as terms decide it."""
    fields = (("flag", () if filters.as_of else filters.without_flag), ("topic", filters.without_topic))
    return [(field, values) for field, values in fields if values]


def _is_joint(filters: Filters) -> bool:
    """Return whether there is a filter that takes more than a term to decide."""
    entry = sum(bool(getattr(filters, field)) for field in ENTRY_FIELDS)
    return entry > 1 or bool(filters.period or filters.witness or filters.recorded or filters.as_of or filters.since)
