"""Asking the index: all matches, then the filters, the order, the page, the facets."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache, partial
from typing import Final, TypeVar

from archive.authority.authorities import Authorities
from archive.engine import _documents
from archive.engine import _plan as plans
from archive.engine._attributes import are_apart, in_order
from archive.engine._highlighting import Highlighter
from archive.engine._shown import Order, in_language, is_common, language_order, near_names, suggestions
from archive.engine.whoosh._docset import DocSet, difference, intersect, union
from archive.engine.whoosh._executor import PlanExecutor
from archive.engine.whoosh._filtering import FilteredDocs, SegmentFilter
from archive.engine.whoosh._ranking import RankedDoc, Ranker
from archive.engine.whoosh.segment.index_reader import Files, IndexReader, SegmentReader
from archive.errors import ArchiveError, DamagedIndex, TooBroad, UsageFault
from archive.language.messages import tr
from archive.record.hashing import SHORT_HASH, passage_hash
from archive.record.languages import MOST_VERSIONS
from archive.record.testimony import Passage, Reference, Testimony
from archive.search import filters as search_filters
from archive.search import syntax
from archive.search.interpret import Interpreter, Reading, as_typed, first_answer
from archive.search.labels import Label
from archive.search.model import FACETS, FOUND_BY, FacetCount, Filters, Hit, Query, Record, RecordOutline, Results, unknown_code
from archive.storage.record_files import archive_place
from archive.text import without_locators

_T = TypeVar("_T")
MOST_RECORDS: Final = 128
"""Headers of records, and blocks of passages, that are remembered at once."""
_ANY_LEVEL: Final = -1
"""The level of all that answers a query that is not asked level by level."""
Found = list[tuple[SegmentReader, DocSet, list[int]]]
"""Segment by segment: what answers, and the passages of it that are meant."""


class WhooshEngine:
    """An `archive.search.engine.Engine` on a Whoosh index of packed segments."""

    def __init__(self, files: Files, authorities: Callable[[], Authorities]) -> None:
        """Open the index.

        :param authorities: gives the authorities, for names and fields in the words of a query.
        :raises DamagedIndex: it cannot be opened.
        """
        self._authorities = authorities
        self._record = lru_cache(maxsize=MOST_RECORDS)(_record)
        self._block = lru_cache(maxsize=MOST_RECORDS)(_block)
        self._index = _open(files)
        self._filter = SegmentFilter()
        self._executor = PlanExecutor(self._index, self._texts, self._filter)
        self._ranker = Ranker(self._executor)
        self._interpreter = Interpreter(authorities, self)

    def close(self) -> None:
        """Let go of the files."""
        del self._index, self._executor, self._ranker, self._filter, self._record, self._block, self._interpreter

    @property
    def generation(self) -> str:
        """Return the number of the commit that is open."""
        return self._index.generation

    def search(self, query: Query) -> Results:
        """Answer a query.

        :raises UsageFault: its words cannot be read, or name what is not known.
        """
        interpreted = self._interpreter.interpret(query)
        return _guard(lambda: first_answer(self._interpreter.readings(interpreted), self._answer))

    def is_common(self, name: str, term: str) -> bool:
        """Return whether more than a quarter of the passages of a collection of some size have a term."""
        field = "concept" if name == "topic" else name
        if field != "concept" and field not in FACETS:
            return False
        having = self._index.doc_frequency(field, term.encode())
        return is_common(having, self._index.count)

    def has_work(self, work: str) -> bool:
        """Return whether any passage is of a work, or cites it."""
        return any(self._index.doc_frequency(plans.WORKS, f"{way}{work}".encode()) for way in (plans.OF_WORK, plans.CITING))

    def best(self, tree: syntax.Node | None, most: int) -> list[int]:
        """Return the numbers of the best passages, for measuring the ranking by itself."""
        return [ranked.part.first + ranked.document for ranked in self._ranker.best(self._matches(tree), most)]

    def require(self, codes: Iterable[str]) -> None:
        """Refuse codes of which there is no record.

        :raises UnknownCode: there is one.
        """
        for code in codes:
            if not self._index.doc_frequency("code", code.encode()):
                raise unknown_code(code, self.codes())

    def _answer(self, reading: Reading) -> Results:
        query, tree, widened = reading.query, reading.tree, reading.widened
        self._executor.begin()
        self.require(query.filters.code)
        filters, segment_filter = query.filters, self._filter
        levels = self._levels(tree, query) if reading.is_leveled else [(_ANY_LEVEL, self._all_matches(tree, query))]
        matches = levels[-1][1]
        filtered = [segment_filter.apply(part, doc_set, documents, filters) for part, doc_set, documents in matches]
        passed = [(part, doc_set, of.passed) for (part, doc_set, _), of in zip(matches, filtered, strict=True) if of.passed]
        by_level = _by_level(levels, passed)
        excluded = [(0, 0, 0)]
        if filters.period or filters.recorded or filters.as_of or filters.since:
            excluded = [segment_filter.count_excluded(part, filters, documents) for part, _, documents in matches]
        return Results(
            query=query,
            understood=reading.understood,
            hits=self._hits(self._page(query, by_level), tree, query, dict(levels)),
            passages=sum(len(documents) for _, _, documents in passed),
            testimonies=sum(segment_filter.testimonies(part, documents) for part, _, documents in passed),
            without_day=sum(without_day for _, without_day, _ in excluded),
            without_history=sum(without_history for _, _, without_history in excluded),
            undated_left_out=sum(undated for undated, _, _ in excluded),
            facets=self._facets(tree, query, filtered, matches, is_leveled=reading.is_leveled) if query.facets else {},
            expanded=reading.expanded,
            found_by={level: sum(len(documents) for _, _, documents in found) for level, found in by_level if level >= 0},
            under=widened.under,
            offered=widened.offered,
            not_required=widened.not_required,
            spared=widened.spared,
            still_on=tuple(self._still_on(widened.denied, passed)),
            suggestions=() if passed else (*suggestions(tree, self._lexicon), *self._witnesses(filters.witness)),
            in_different_passages=0 if matches else self._apart(tree, filters),
        )

    def _still_on(
        self, denied: Iterable[tuple[str, Label]], passed: list[tuple[SegmentReader, DocSet, list[int]]]
    ) -> Iterator[tuple[str, Label, int]]:
        """Yield words that no passage may have, and how many that passed are on what they mean all the same."""
        for word, label in denied:
            number = sum(len(self._filter.passing(part, Filters(topic=(label.id,)), found)) for part, _, found in passed)
            if number:
                yield word, label, number

    def _all_matches(self, tree: syntax.Node | None, query: Query) -> Found:
        return self._together(tree, query.filters) if query.together else self._matches(tree, filters=query.filters)

    def _facets(
        self, tree: syntax.Node | None, query: Query, filtered: list[FilteredDocs], matches: Found, *, is_leveled: bool
    ) -> dict[str, tuple[FacetCount, ...]]:
        """Count every facet: of the languages what answers in each, which is what its filter finds."""
        counts = self._filter.facets(filtered, query.filters)
        by_words = tree is not None and self._slots != (0,)
        if by_words and query.filters.language:
            free = query._replace(filters=query.filters._replace(language=()))
            matches = self._levels(tree, free)[-1][1] if is_leveled else self._all_matches(tree, free)
            filtered = [self._filter.apply(part, answered, documents, query.filters) for part, answered, documents in matches]
            counts["language"] = self._filter.facets(filtered, query.filters)["language"]
        tags = [row.value for row in counts["language"]]
        if by_words or not are_apart(tags):
            every = (self._answering_in(tag, tree, query, matches) for tag in tags)
            counts["language"] = in_order("language", (row for row in every if row.passages))
        return counts

    def _answering_in(self, tag: str, tree: syntax.Node | None, query: Query, matches: Found) -> FacetCount:
        """Count what answers in a language, or in one that it takes in.

        :param matches: what answers in any language.
        """
        filters = query.filters._replace(language=(tag.casefold(),))
        if query.together and isinstance(tree, syntax.And):
            self._executor.begin()
            matches = self._together(tree, filters)
        passages = testimonies = 0
        for part, answered, documents in matches:
            kept = documents
            if answered.in_slots:
                written = [
                    intersect(of_slot.ids, self._filter.in_languages(part, plans.WrittenIn(slot, filters.language)))
                    for slot, of_slot in answered.in_slots
                ]
                kept = intersect(documents, DocSet(part.size, union(written)))
            kept = self._filter.passing(part, filters, kept)
            passages += len(kept)
            testimonies += self._filter.testimonies(part, kept) if kept else 0
        return FacetCount(tag, passages, testimonies)

    def _levels(self, tree: syntax.Node | None, query: Query) -> list[tuple[int, Found]]:
        """Return what answers at each level, each with all of the levels before it."""
        return [(level, self._matches(tree, level, query.filters)) for level in plans.levels_of(tree)]

    def _page(self, query: Query, by_level: list[tuple[int, Found]]) -> list[tuple[RankedDoc, int]]:
        """Return the page that was asked for, with the level of each; by relevance one level after the other."""
        end = None if query.limit is None else query.offset + query.limit
        first = self._sort_key(query)
        ranked: list[tuple[RankedDoc, int]] = []
        for level, level_matches in by_level:
            if first is None and end is not None and not query.group:
                best = self._ranker.best(level_matches, max(0, end - len(ranked)))
            else:
                best = self._ranker.all(level_matches, first)
            ranked += [(doc, level) for doc in best]
        if first is not None and len(by_level) > 1:
            place = self._ranker.place
            ranked.sort(key=lambda doc: (first(doc[0].part, doc[0].document), place(doc[0].part, doc[0].document)))
        if query.group:
            ranked = self._group(ranked)
        return ranked[query.offset : end]

    def _sort_key(self, query: Query) -> Callable[[SegmentReader, int], int] | None:
        predicate = self._filter.predicate(query.filters)
        if query.sort == "period":
            return lambda part, document: predicate.first_day_told(self._filter.match(part, document))
        if query.sort == "recorded":
            return lambda part, document: predicate.first_day_recorded(self._filter.match(part, document))
        return (lambda _part, _document: 0) if query.sort == "code" else None

    def _group(self, ordered: list[tuple[RankedDoc, int]]) -> list[tuple[RankedDoc, int]]:
        """Bring the matches of a testimony to where its first one stands."""
        groups: dict[tuple[str, int], list[tuple[RankedDoc, int]]] = {}
        for doc, level in ordered:
            groups.setdefault(self._ranker.place(doc.part, doc.document)[:2], []).append((doc, level))
        return [ranked for group in groups.values() for ranked in group]

    def _matches(self, tree: syntax.Node | None, level: int | None = None, filters: Filters | None = None) -> Found:
        context = plans.PlanContext(self._lexicon, self._interpreter.choose, level, filters or Filters(), self._slots)
        plan = plans.plan_in_languages(tree, context)
        answered = ((part, self._executor.execute(plan, part)) for part in self._index.parts)
        return [(part, doc_set, doc_set.ids) for part, doc_set in answered if doc_set.ids]

    def is_found(self, tree: syntax.Node) -> bool:
        """Return whether anything answers a part of a query by itself; what a label means counts too."""
        self._executor.begin()
        try:
            return bool(self._matches(tree, plans.ANY_WAY if isinstance(tree, syntax.Concept | syntax.Or) else None))
        except TooBroad:
            return True

    def _together(self, tree: syntax.Node | None, filters: Filters) -> Found:
        """Return the passages that answer any part, of the testimonies in which every part is answered somewhere.

        A part may be answered in every way in which it is without ``--together``: also by a claim, or by what it means.
        """
        level = plans.ANY_WAY
        if not isinstance(tree, syntax.And):
            return self._matches(tree, level, filters)
        context = plans.PlanContext(self._lexicon, self._interpreter.choose, level, filters, self._slots)
        required = [part for part in tree.parts if not isinstance(part, syntax.Not | syntax.Lift)]
        wanted = [plans.plan_in_languages(part, context) for part in required]
        anywhere = context._replace(filters=Filters(), level=None)
        unwanted = [plans.plan_in_languages(part.part, anywhere) for part in tree.parts if isinstance(part, syntax.Not)]
        matches: Found = []
        for part in self._index.parts:
            codes = part.passages.column("code").codes
            sets = [self._executor.execute(plan, part) for plan in wanted]
            kept: set[int] = set.intersection(*({codes[document] for document in one.ids} for one in sets)) if sets else set()
            for plan in unwanted:
                kept -= {codes[document] for document in self._executor.execute(plan, part).ids}
            either = self._executor.union_sets(part, sets)
            documents = [document for document in either.ids if codes[document] in kept]
            if documents:
                matches.append((part, either, documents))
        return matches

    def _apart(self, tree: syntax.Node | None, filters: Filters) -> int:
        """Count the testimonies that have all words, but in different passages."""
        if not isinstance(tree, syntax.And):
            return 0
        self._executor.begin()
        try:
            matches = self._together(tree, filters)
        except TooBroad:
            return 0  # what was asked has been answered; this would only have been advice
        together = [(part, self._filter.passing(part, filters, documents)) for part, _, documents in matches]
        return sum(self._filter.testimonies(part, documents) for part, documents in together if documents)

    def _witnesses(self, asked: tuple[str, ...]) -> tuple[str, ...]:
        """Return names of witnesses of this index that are near those asked for."""
        if not asked:
            return ()
        columns = [segment.passages.column("marks") for segment in self._index.parts]
        marks = {column.value(code) for column in columns for code in range(len(column))}
        return near_names(asked, (name for mark in sorted(marks) if mark for name in json.loads(mark)["witness"]))

    def _hits(
        self, page: Sequence[tuple[RankedDoc, int]], tree: syntax.Node | None, query: Query, by_level: Mapping[int, Found]
    ) -> tuple[Hit, ...]:
        """Read the hits of a page, each in the language in which it answers."""
        if not page:
            return ()
        marker = Highlighter(tree, self._lexicon)
        typed = Highlighter(as_typed(query), self._lexicon) if tree and self._slots != (0,) else marker
        sets = {(level, part.entry.name): doc_set for level, matches in by_level.items() for part, doc_set, _ in matches}
        hits = []
        for placed, level in page:
            part, document, score = placed
            answered = sets[level, part.entry.name].slots_of(document)
            found_by = "" if level < 0 else FOUND_BY[level]
            order = language_order(found_by, typed, marker, query.shown_in)
            testimony, passage = self._in_language(part, document, answered, query, order)
            passage = search_filters.mark_later_notes(passage, query.filters.as_of, self._authorities)
            hits.append(Hit(testimony, passage, score, marker.highlight(passage.words), found_by=found_by))
        return tuple(hits)

    def _in_language(
        self, segment: SegmentReader, document: int, answered: Sequence[int], query: Query, order: Order
    ) -> tuple[Testimony, Passage]:
        """Return a record and a passage of it in the language that comes first; of several alike the record's own."""
        testimony = self._record(segment, self._first(segment, document)).testimony
        own = self._passage(segment, document)
        first = document - own.number + 1
        return in_language(testimony, own, lambda number: self._passage(segment, first + number - 1), answered, query, order)

    @staticmethod
    def _first(segment: SegmentReader, document: int) -> int:
        """Return the first passage of the record of a passage."""
        return document - (int(segment.passages.column("paragraph")[document]) - 1)

    def _passage(self, segment: SegmentReader, document: int) -> Passage:
        first = self._first(segment, document)
        return self._record(segment, first).passage(document - first + 1, self._row(segment, document))

    def _row(self, segment: SegmentReader, document: int) -> _documents.Row:
        """Return a passage as it is stored."""
        at = (document - self._first(segment, document)) % _documents.BLOCK
        return self._block(segment, document - at)[at]

    @cached_property
    def _slots(self) -> tuple[int, ...]:
        """The slots in which passages of this index have words: 0 for the record's own, more where there are versions."""
        others = range(1, MOST_VERSIONS + 1)
        return (0, *(slot for slot in others if self._index.words(plans.field_of(slot, "language"))))

    @cached_property
    def _lexicon(self) -> plans.Lexicon:
        """The terms of a field that begin so; one object, since what was found by it is remembered by it."""
        index, slots = self._index, self._slots
        whole: dict[str, list[str]] = {}

        def lexicon(field: str, prefix: str) -> Iterable[str]:
            fields = dict.fromkeys(plans.field_of(slot, field) for slot in slots)
            if prefix:
                return [term.decode() for name in fields for term in index.terms_from(name, prefix.encode())]
            if field not in whole:
                every = set[bytes]().union(*map(index.words, fields))
                whole[field] = b"\n".join(every).decode().split("\n")
            return whole[field]

        return lexicon

    def _texts(self, segment: SegmentReader, document: int, field: str) -> Iterable[str]:
        """Return what stands in a field of a passage, as it is printed."""
        if field == "text":
            return (without_locators(self._row(segment, document)[0]),)
        if slot := plans.slot_of(field):
            version = self._passage(segment, document).versions[slot - 1]
            return (version.words,) if field == plans.field_of(slot, "text") else version.below
        testimony = self._record(segment, self._first(segment, document)).testimony
        if field == "footnote":
            return self._passage(segment, document).below
        return (testimony.title,) if field == "title" else testimony.witness.names

    def record(self, code: str) -> Record | None:
        """Return a record with its passages in order."""
        return _guard(lambda: self._whole(code))

    def _whole(self, code: str) -> Record | None:
        for segment in self._index.parts:
            place = segment.terms.find("code", code.encode())
            if place >= 0:
                documents = segment.terms.postings(place, "code").listed
                kept = self._record(segment, documents[0])
                return Record(kept.testimony, tuple(self._passage(segment, document) for document in documents), kept.footnotes)
        return None

    def places(self, sha256: str, language: str = "") -> tuple[Reference, ...]:
        """Return where the words with a hash stand, in archive order.

        :param sha256: its first digits, `SHORT_HASH` at least.
        :param language: of a version; "" for the records' own words.
        """
        references = _guard(lambda: list(self._places(sha256, language)))
        return tuple(sorted(references, key=lambda reference: (archive_place(reference.code), reference.paragraphs)))

    def _places(self, sha256: str, language: str) -> Iterator[Reference]:
        for segment in self._index.parts:
            place = segment.terms.find("hash", sha256[:SHORT_HASH].encode())
            for document in segment.terms.postings(place, "hash").listed if place >= 0 else ():
                passage = self._passage(segment, document)
                spoken = [version.text for version in passage.versions if version.language.casefold() == language]
                if any(passage_hash(text).startswith(sha256) for text in (spoken if language else [passage.text])):
                    yield Reference(passage.code, (passage.number,))

    def codes(self) -> Iterator[str]:
        """Yield every code in archive order."""
        stored_codes = _guard(lambda: {code.decode() for code in self._index.words("code")})
        return iter(sorted(stored_codes, key=archive_place))

    def outlines(self) -> Iterator[RecordOutline]:
        """Yield every record without its words, in no order; of its passages nothing is read."""
        codes = _guard(lambda: [(segment, code) for segment in self._index.parts for code in segment.terms.words("code")])
        for segment, code in codes:
            yield _guard(partial(self._outline, segment, code))

    def _outline(self, segment: SegmentReader, code: bytes) -> RecordOutline:
        documents = segment.terms.postings(segment.terms.find("code", code), "code").listed
        kept = _documents.StoredRecord(segment.passages.value("record", documents[0]))
        return RecordOutline(kept.testimony, len(documents), kept.entries())


def _block(segment: SegmentReader, document: int) -> list[_documents.Row]:
    """Return the block of passages that begins with one; those that were read last are kept, since neighbours share them."""
    return _documents.unpack_passages(segment.passages.value("passages", document))


def _record(segment: SegmentReader, document: int) -> _documents.StoredRecord:
    """Return the record whose first passage this is.

    Passages of one record follow each other, and answers share records; a header is read once for all of them.
    """
    return _documents.StoredRecord(segment.passages.value("record", document))


def _by_level(levels: list[tuple[int, Found]], passed: Found) -> list[tuple[int, Found]]:
    """Split the passages that passed by the first level at which they answer; their scores are those of the last."""
    rest = passed
    split: list[tuple[int, Found]] = []
    for level, matches in levels:
        answering = {part.entry.name: doc_set for part, doc_set, _ in matches}
        here: Found = []
        later: Found = []
        for part, doc_set, documents in rest:
            at_level = answering.get(part.entry.name)
            taken, left = [], documents
            if at_level is not None and len(at_level) == len(doc_set):  # each level has all of those before it
                taken, left = documents, []
            elif at_level is not None:
                taken, left = intersect(documents, at_level), difference(documents, at_level)
            here += [(part, doc_set, taken)] if taken else []
            later += [(part, doc_set, left)] if left else []
        split.append((level, here))
        rest = later
    return split


def _open(files: Files) -> IndexReader:
    """Open the segments: nothing but their files is read here, so whatever goes wrong is in them.

    :raises DamagedIndex: they cannot be opened.
    """
    try:
        return IndexReader(files)
    except ArchiveError:
        raise
    except Exception as error:
        message = tr("the index cannot be read: {name}: {error}", name=type(error).__name__, error=error)
        raise DamagedIndex(message, tr("`testimony index --rebuild` makes it anew.")) from error


def _guard(ask: Callable[[], _T]) -> _T:
    """Run something on the index; other errors than these are the program's own, or of files that changed under it.

    Which of the two it is tells a look at the files (`archive.archive`), never the error.
    """
    try:
        return ask()
    except (MemoryError, RecursionError) as error:
        message = tr("the query is too large for this machine")
        raise UsageFault(message, tr("Ask for fewer words.")) from error
