"""Asking a cluster: each reading of a query counted, its page put in order, its hits read; as from the files of a machine."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Final

from archive.analysis import tokens
from archive.authority.authorities import Authorities
from archive.engine import _attributes as attributes
from archive.engine import _plan as plans
from archive.engine import _shown as shown
from archive.engine._attributes import are_apart, in_order
from archive.engine._highlighting import Highlighter
from archive.engine._plan import AsTyped, Plan, Proximity
from archive.engine.opensearch import _filter_queries as filter_queries
from archive.engine.opensearch._counts import Counted, SettingCounts, Totals, totals_of_codes
from archive.engine.opensearch._filter_queries import Clause, all_of
from archive.engine.opensearch._plan_queries import PlanQueries, with_statistics
from archive.engine.opensearch._reader import IN_ORDER, MOST_STORED, FoundPassage, PointInTime
from archive.engine.opensearch.amendments import NOTHING_TAKEN_BACK, TakenBack
from archive.engine.opensearch.client import Cluster
from archive.errors import TooBroad
from archive.named_tuple import NamedTuple
from archive.record.hashing import SHORT_HASH, passage_hash
from archive.record.testimony import Passage, Reference
from archive.search import filters as search_filters
from archive.search import syntax
from archive.search.interpret import Interpreter, Reading, as_typed, first_answer
from archive.search.labels import Label
from archive.search.model import FACETS, FOUND_BY, FacetCount, Filters, Hit, Query, Record, RecordOutline, Results, unknown_code
from archive.storage.record_files import archive_place
from archive.text import without_locators

SCORE_DIGITS: Final = 6  # what a float of 32 bits holds of a score
_MOST_LOOKED_INTO: Final = 65_536
"""Passages that are read one by one for one part of a query."""
_MOST_PARTS: Final = 1_000
"""Parts of queries whose passages are remembered: one query may have dozens, of each of which it is told many times."""
_MOST_REMEMBERED: Final = 1_000_000
"""Passages that are remembered of all those parts."""
_MOST_WORDS: Final = 10_000
"""Words and terms of which it is remembered whether anything has them."""
_LATER_THAN_ALL: Final = 9999_99_99
_ANY_LEVEL: Final = -1


class Ranked(NamedTuple):
    """A passage in the order, and the number of the level at which it answers."""

    place: FoundPassage
    level: int


class AskedLevels(NamedTuple):
    """What is asked of the cluster: the plan of each level, each with all before it, and what finds its passages.

    ``levels`` are the numbers of the levels, or `_ANY_LEVEL` alone. ``scored`` finds all, with their scores.
    """

    levels: tuple[int, ...]
    plans: tuple[Plan, ...]
    queries: tuple[Clause, ...]
    scored: Clause

    @property
    def query(self) -> Clause:
        """The query that finds all, and scores none."""
        return self.queries[-1]


class OpenSearchEngine:
    """An `archive.search.engine.Engine` on an index of a cluster, which does not change while it is open.

    :raises NoCluster: from every method, where the cluster does not answer in full.
    :raises IndexBusy: from every method, where the index is not there any more.
    """

    def __init__(
        self,
        cluster: Cluster,
        index: str,
        authorities: Callable[[], Authorities],
        taken_back: TakenBack = NOTHING_TAKEN_BACK,
    ) -> None:
        """Remember whom to ask; nothing is sent before it is asked.

        :param index: the index itself, whose name is that of its generation, and no alias of it.
        :param authorities: gives the authorities, for names and fields in the words of a query.
        :param taken_back: what is not to be shown, counted or named any more, whatever is in the index.
        """
        self._authorities = authorities
        self._generation = index
        self._reader = PointInTime(cluster, index, taken_back)
        self._interpreter = Interpreter(authorities, self)
        self._found: dict[syntax.Node, bool] = {}
        self._common: dict[tuple[str, str], int] = {}
        self._looked_into: dict[AsTyped | Proximity, list[str]] = {}

    def close(self) -> None:
        """Let go of the point in time."""
        self._reader.close()

    @property
    def generation(self) -> str:
        """Return the name of the index that is open."""
        return self._generation

    def search(self, query: Query) -> Results:
        """Answer a query.

        :raises UsageFault: its words cannot be read, or name what is not known.
        """
        interpreted = self._interpreter.interpret(query)
        read: list[Reading] = []

        def answer(reading: Reading) -> Results:
            read.append(reading)
            return self._answer(reading)

        results = first_answer(self._interpreter.readings(interpreted), answer)
        return results if results.passages else self._with_advice(results, read[0])

    # What an interpreter asks of an index

    def is_common(self, name: str, term: str) -> bool:
        """Return whether more than a quarter of the passages of a collection of some size have a term."""
        field = "concept" if name == "topic" else name
        if field != "concept" and field not in FACETS:
            return False
        if (field, term) not in self._common:
            _make_room(self._common)
            having = self._filtering(Filters(flag=(term,))) if field == "flag" else [{"term": {field: term}}]
            self._common[field, term] = self._reader.count(all_of(having))
        return shown.is_common(self._common[field, term], self._passages)

    def has_work(self, work: str) -> bool:
        """Return whether any passage is of a work, or cites it."""
        return self.is_found(syntax.WorkQuery(work, None, (work,)))

    def is_found(self, tree: syntax.Node) -> bool:
        """Return whether anything answers a part of a query by itself; what a label means counts too."""
        level = plans.ANY_WAY if isinstance(tree, syntax.Concept | syntax.Or) else None
        if tree not in self._found:
            _make_room(self._found)
            try:
                self._found[tree] = bool(self._reader.count(self._levels_of(tree, level, Filters()).query))
            except TooBroad:
                return True
        return self._found[tree]

    def require(self, codes: Iterable[str]) -> None:
        """Refuse codes of which there is no record.

        :raises UnknownCode: there is one.
        """
        for code in codes:
            if not self._reader.record_of_each([code]):
                raise unknown_code(code, self.codes())

    # An answer

    def _answer(self, reading: Reading) -> Results:
        query, tree, widened = reading.query, reading.tree, reading.widened
        self.require(query.filters.code)
        filters = query.filters
        asked = self._levels(tree, query) if reading.is_leveled else self._all(tree, query)
        filtering = self._filtering(filters)
        passing = [asked.query, *filtering]
        is_counted = query.facets or filters.period or filters.recorded or filters.as_of or filters.since
        settings = self._counts(asked, filters) if is_counted else None
        totals = settings.totals() if settings else self._totals(asked, passing)
        return Results(
            query=query,
            understood=reading.understood,
            hits=self._hits(self._page(query, asked, filtering, totals), asked, tree, query),
            passages=totals.passages,
            testimonies=totals.testimonies,
            without_day=totals.without_day,
            without_history=totals.without_history,
            undated_left_out=totals.undated,
            facets=self._facets(tree, query, settings, asked) if settings and query.facets else {},
            expanded=reading.expanded,
            found_by=dict(zip(asked.levels, totals.by_level or [0] * len(asked.levels), strict=True))
            if _is_leveled(asked)
            else {},
            under=widened.under,
            offered=widened.offered,
            not_required=widened.not_required,
            spared=widened.spared,
            still_on=tuple(self._still_on(widened.denied, passing)),
        )

    def _with_advice(self, results: Results, reading: Reading) -> Results:
        """Return an answer that found nothing with what may have been meant; of several readings it is that to the first."""
        query, tree = reading.query, reading.tree
        asked = self._levels(tree, query) if reading.is_leveled else self._all(tree, query)
        return results._replace(
            suggestions=(*shown.suggestions(tree, self._lexicon), *self._witnesses(query.filters.witness)),
            in_different_passages=0 if self._reader.count(asked.query) else self._apart(tree, query.filters),
        )

    def _levels_of(self, tree: syntax.Node | None, level: int | None, filters: Filters) -> AskedLevels:
        """Return what a tree asks for at one level, or at any."""
        plan = plans.plan_in_languages(tree, self._context(level, filters))
        return AskedLevels((_ANY_LEVEL,), (plan,), (self._queries.finding(plan),), self._queries.scoring(plan))

    def _context(self, level: int | None, filters: Filters) -> plans.PlanContext:
        return plans.PlanContext(self._lexicon, self._interpreter.choose, level, filters, self._slots)

    def _levels(self, tree: syntax.Node | None, query: Query) -> AskedLevels:
        """Return what is asked for at each level, each with all of the levels before it."""
        levels = plans.levels_of(tree)
        each = [plans.plan_in_languages(tree, self._context(level, query.filters)) for level in levels]
        return AskedLevels(tuple(levels), tuple(each), tuple(map(self._queries.finding, each)), self._queries.scoring(each[-1]))

    def _all(self, tree: syntax.Node | None, query: Query) -> AskedLevels:
        return self._together(tree, query.filters) if query.together else self._levels_of(tree, None, query.filters)

    def _together(self, tree: syntax.Node | None, filters: Filters) -> AskedLevels:
        """Return what finds the passages that answer any part, of the testimonies in which every part is answered somewhere.

        A part may be answered in every way in which it is without ``--together``: also by a claim, or by what it means.
        """
        level = plans.ANY_WAY
        if not isinstance(tree, syntax.And):
            return self._levels_of(tree, level, filters)
        required = [part for part in tree.parts if not isinstance(part, syntax.Not | syntax.Lift)]
        wanted = [plans.plan_in_languages(part, self._context(level, filters)) for part in required]
        anywhere = [
            plans.plan_in_languages(part.part, self._context(None, Filters()))
            for part in tree.parts
            if isinstance(part, syntax.Not)
        ]
        of_parts = list(map(self._queries.finding, wanted))
        kept = set.intersection(*map(self._codes, of_parts)) if of_parts else set[str]()
        for plan in anywhere if kept else ():
            kept -= self._codes(self._queries.finding(plan))
        in_kept: Clause = {"terms": {"code": sorted(kept)}}
        scored = {"bool": {"must": [filter_queries.any_of(list(map(self._queries.scoring, wanted)))], "filter": [in_kept]}}
        # Of several parts each may be answered in another language; of one it is told in which.
        plan = wanted[0] if len(wanted) == 1 else plans.AnyOf(())
        return AskedLevels((_ANY_LEVEL,), (plan,), (all_of([filter_queries.any_of(of_parts), in_kept]),), scored)

    def _codes(self, query: Clause) -> set[str]:
        return {code for code, _, _ in self._reader.values("code", query)}

    def _apart(self, tree: syntax.Node | None, filters: Filters) -> int:
        """Count the testimonies that have all words, but in different passages."""
        if not isinstance(tree, syntax.And):
            return 0
        try:
            together = self._together(tree, filters)
        except TooBroad:
            return 0  # what was asked has been answered; this would only have been advice
        return len(self._codes(all_of([together.query, *self._filtering(filters)])))

    def _still_on(self, denied: Iterable[tuple[str, Label]], passing: list[Clause]) -> Iterator[tuple[str, Label, int]]:
        """Yield words that no passage may have, and how many that passed are on what they mean all the same."""
        for word, label in denied:
            number = self._reader.count(all_of([*passing, {"term": {"topic": label.id}}]))
            if number:
                yield word, label, number

    # Counts

    def _counts(self, asked: AskedLevels, filters: Filters) -> SettingCounts:
        amendments = self._reader.amendments
        query = all_of([asked.query, amendments.elsewhere]) if amendments.codes else asked.query
        rows = [Counted(*row) for row in self._reader.values("setting", query, _level_queries(asked))]
        rows += self._amended_passages(asked) if amendments.codes else ()
        return SettingCounts(rows, self._reader.columns, filters)

    def _amended_passages(self, asked: AskedLevels) -> Iterator[Counted]:
        """Yield each passage that is found, and is shown otherwise than the index has it, by the setting that it has now."""
        amendments = self._reader.amendments

        def find_ids(query: Clause) -> list[str]:
            return [place.identity for place in self._reader.places(all_of([query, amendments.here]))]

        at_levels = [frozenset(find_ids(query)) for query in _level_queries(asked).values()]
        for identity in find_ids(asked.query):
            setting = amendments.setting(identity)
            if setting is None:
                raise self._reader.not_whole()
            yield Counted(setting, 1, tuple(int(identity in at_level) for at_level in at_levels))

    def _filtering(self, filters: Filters) -> list[Clause]:
        """Return queries that a passage must all meet to pass some filters."""
        return self._reader.amendments.filter_clauses(filters, filter_queries.clauses(filters, self._names_meant))

    def _totals(self, asked: AskedLevels, passing: list[Clause]) -> Totals:
        rows = self._reader.values("code", all_of(passing), _level_queries(asked))
        return totals_of_codes(Counted(*row) for row in rows)

    def _facets(
        self, tree: syntax.Node | None, query: Query, settings: SettingCounts, asked: AskedLevels
    ) -> dict[str, tuple[FacetCount, ...]]:
        """Count every facet: of the languages what answers in each, which is what its filter finds."""
        counts = settings.facets()
        by_words = tree is not None and self._slots != (0,)
        if by_words and query.filters.language:
            free = query._replace(filters=query.filters._replace(language=()))
            everywhere = self._levels(tree, free) if _is_leveled(asked) else self._all(tree, free)
            of_last = AskedLevels((_ANY_LEVEL,), everywhere.plans[-1:], everywhere.queries[-1:], everywhere.scored)
            counts |= self._counts(of_last, query.filters).facets(["language"])
        tags = [row.value for row in counts["language"]]
        if tags and (by_words or not are_apart(tags)):
            every = self._answering_in(tags, tree, query, is_leveled=_is_leveled(asked))
            counts["language"] = in_order("language", (row for row in every if row.passages))
        return counts

    def _answering_in(self, tags: list[str], tree: syntax.Node | None, query: Query, *, is_leveled: bool) -> Iterator[FacetCount]:
        """Yield how much answers in each of some languages, or in those that it takes in."""
        queries: dict[str, Clause] = {}
        for tag in tags:
            of_tag = query._replace(filters=query.filters._replace(language=(tag.casefold(),)))
            asked = self._levels(tree, of_tag) if is_leveled else self._all(tree, of_tag)
            queries[tag] = all_of([asked.query, *self._filtering(of_tag.filters)])
        any_language = filter_queries.any_of(list(queries.values()))
        rows = [counts for _, _, counts in self._reader.values("code", any_language, queries)]
        for at, tag in enumerate(tags):
            numbers = [counts[at] for counts in rows]
            yield FacetCount(tag, sum(numbers), sum(map(bool, numbers)))

    # The order

    def _page(self, query: Query, asked: AskedLevels, filtering: list[Clause], totals: Totals) -> list[Ranked]:
        """Return the page that was asked for."""
        most = totals.passages if query.limit is None else min(query.limit, max(0, totals.passages - query.offset))
        if not most:
            return []
        if query.group:
            return _group(self._rank(query, asked, filtering, totals, 0, totals.passages))[query.offset : query.offset + most]
        return list(self._rank(query, asked, filtering, totals, query.offset, most))

    def _rank(  # noqa: PLR0913, PLR0917 - what is asked, and which part of it
        self, query: Query, asked: AskedLevels, filtering: list[Clause], totals: Totals, skip: int, most: int
    ) -> Iterator[Ranked]:
        """Yield some of what passes in the order of a query: by relevance one level after the other."""
        first = self._sort_clauses(query)
        if first is not None or not _is_leveled(asked):
            sort = [*(({"_score": "desc"},) if first is None else first), *IN_ORDER]
            found = {"bool": {"must": [asked.scored], "filter": filtering}}
            yield from (
                Ranked(place, _ANY_LEVEL)
                for place in self._reader.walk(with_statistics(found), sort, skip, most, expected=totals.passages)
            )
            return
        for at, count in enumerate(totals.by_level):
            here = min(most, max(0, count - skip))
            if here:
                before = [asked.queries[at - 1]] if at else []
                found = {"bool": {"must": [asked.scored], "filter": [*filtering, asked.queries[at]], "must_not": before}}
                order = [{"_score": "desc"}, *IN_ORDER]
                walked = self._reader.walk(with_statistics(found), order, skip, here, expected=count)
                yield from (Ranked(place, asked.levels[at]) for place in walked)
            skip, most = max(0, skip - count), most - here

    @staticmethod
    def _sort_clauses(query: Query) -> tuple[Clause, ...] | None:
        """Return what is sorted by before the archive's order, None for the score."""
        missing = {"order": "asc", "missing": _LATER_THAN_ALL}
        if query.sort == "recorded":
            return ({"recorded_first": missing},)
        if query.sort == "period":
            entries = filter_queries.entry_clauses(query.filters, "entries")
            inside = {"path": "entries", "filter": all_of(entries or [{"match_all": {}}])}
            # Named as long, since the server fails where it finds out by itself.
            return ({"entries.first": {**missing, "mode": "min", "numeric_type": "long", "nested": inside}},)
        return () if query.sort == "code" else None

    # Hits

    def _hits(self, page: Sequence[Ranked], asked: AskedLevels, tree: syntax.Node | None, query: Query) -> tuple[Hit, ...]:
        """Read the hits of a page, each in the language in which it answers."""
        if not page:
            return ()
        marker = Highlighter(tree, self._lexicon)
        typed = Highlighter(as_typed(query), self._lexicon) if tree and self._slots != (0,) else marker
        named = self._named_clauses(asked)
        hits = []
        for start in range(0, len(page), MOST_STORED):
            some = page[start : start + MOST_STORED]
            for ranked, kept in zip(some, self._reader.read_stored([each.place for each in some], named), strict=True):
                level, answered = _answers(kept.answers, asked, ranked.level)
                code, number, score = ranked.place
                found_by = FOUND_BY[level] if _is_leveled(asked) else ""
                order = shown.language_order(found_by, typed, marker, query.shown_in)
                stored_record = self._reader.record(code)
                own = stored_record.passage(number, kept.row)
                of_record = self._passages_of(code)
                testimony, passage = shown.in_language(stored_record.testimony, own, of_record, answered, query, order)
                passage = search_filters.mark_later_notes(passage, query.filters.as_of, self._authorities)
                marks = marker.highlight(passage.words)
                hits.append(Hit(testimony, passage, round(score, SCORE_DIGITS), marks, found_by=found_by))
        return tuple(hits)

    def _named_clauses(self, asked: AskedLevels) -> list[Clause]:
        """Return the query of each level with a name, and of each language in it, to be told which of them a passage answers."""
        if self._slots == (0,) and not _is_leveled(asked):
            return []
        return [
            {"bool": {"filter": [{"bool": {"must": [self._queries.finding(plan, str(level))], "_name": str(level)}}]}}
            for level, plan in zip(asked.levels, asked.plans, strict=True)
        ]

    def _passages_of(self, code: str) -> Callable[[int], Passage]:
        return lambda number: self._reader.record(code).passage(number, self._reader.row(code, number))

    # What is in the index

    @cached_property
    def _passages(self) -> int:
        """How many passages there are."""
        return self._reader.count(None)

    @cached_property
    def _slots(self) -> tuple[int, ...]:
        """The slots in which passages have words: 0 for the record's own, more where there are versions."""
        return tuple(range(int(self._shape["slots"]["value"] or 0) + 1))

    @cached_property
    def _shape(self) -> Any:  # noqa: ANN401 - JSON
        long_words = {"filter": {"term": {"has_long_word": True}}}
        return self._reader.ask(None, size=0, aggs={"slots": {"max": {"field": "slots"}}, "long": long_words})["aggregations"]

    @cached_property
    def _queries(self) -> PlanQueries:
        has_long_words = bool(self._shape["long"]["doc_count"])
        return PlanQueries(self._filtering, self._reader.amendments, self._verify, has_long_words=has_long_words)

    @cached_property
    def _lexicon(self) -> plans.Lexicon:
        """The whole words that begin so, or of another field the pairs of syllables, which is all that is asked of it."""
        reader = self._reader
        whole: dict[str, list[str]] = {}

        def lexicon(field: str, prefix: str) -> Iterable[str]:
            kept = "forms" if field == "words" else "pairs"
            if kept not in whole:
                whole[kept] = reader.every_value(kept)
            return [value for value in whole[kept] if value.startswith(prefix)] if prefix else whole[kept]

        return lexicon

    @cached_property
    def _names(self) -> list[str]:
        """The names of all witnesses."""
        return self._reader.every_value("names")

    def _names_meant(self, asked: Iterable[str]) -> list[str]:
        wanted = tuple(asked)
        return [name for name in self._names if any(attributes.is_named(each, [name]) for each in wanted)]

    def _witnesses(self, asked: tuple[str, ...]) -> tuple[str, ...]:
        """Return names of witnesses of this index that are near those asked for."""
        return shown.near_names(asked, self._names) if asked else ()

    # Looking into passages

    def _verify(self, plan: AsTyped | Proximity, candidates: Clause) -> list[str]:
        """Return the ids of the passages that answer, of those that may.

        :raises TooBroad: they are more than anybody would wait for.
        """
        if plan not in self._looked_into:
            found = self._look_into(plan, candidates)
            remembered = sum(map(len, self._looked_into.values()))
            if len(self._looked_into) >= _MOST_PARTS or remembered + len(found) > _MOST_REMEMBERED:
                self._looked_into.clear()
            self._looked_into[plan] = found
        return self._looked_into[plan]

    def _look_into(self, plan: AsTyped | Proximity, candidates: Clause) -> list[str]:
        places = self._reader.places(candidates, _MOST_LOOKED_INTO)
        kept = []
        for start in range(0, len(places), MOST_STORED):
            some = places[start : start + MOST_STORED]
            for place, row in zip(some, self._reader.rows(some), strict=True):
                passage = self._reader.record(place.code).passage(place.number, row)
                if _answers_itself(plan, self._texts(passage, plan.field)):
                    kept.append(place.identity)
        return kept

    def _texts(self, passage: Passage, field: str) -> Iterable[str]:
        """Return what stands in a field of a passage, as it is printed."""
        if field == "text":
            return (without_locators(passage.text),)
        if slot := plans.slot_of(field):
            version = passage.versions[slot - 1]
            return (version.words,) if field == plans.field_of(slot, "text") else version.below
        testimony = self._reader.record(passage.code).testimony
        if field == "footnote":
            return passage.below
        return (testimony.title,) if field == "title" else testimony.witness.names

    # Records

    def record(self, code: str) -> Record | None:
        """Return a record with its passages in order, None where there is none of that code."""
        kept = self._reader.record_of_each([code]).get(code)
        if kept is None:
            return None
        places = self._reader.places({"term": {"code": code}})
        read = (
            kept.passage(place.number, each.row)
            for start in range(0, len(places), MOST_STORED)
            for place, each in zip(
                places[start : start + MOST_STORED], self._reader.read_stored(places[start : start + MOST_STORED]), strict=True
            )
        )
        return Record(kept.testimony, tuple(read), kept.footnotes)

    def places(self, sha256: str, language: str = "") -> tuple[Reference, ...]:
        """Return where the words with a hash stand, in archive order.

        :param sha256: its first digits, `SHORT_HASH` at least.
        :param language: of a version; "" for the records' own words.
        """
        found = []
        for place in self._reader.places({"term": {"hash": sha256[:SHORT_HASH]}}):
            passage = self._passages_of(place.code)(place.number)
            spoken = [version.text for version in passage.versions if version.language.casefold() == language]
            if any(passage_hash(text).startswith(sha256) for text in (spoken if language else [passage.text])):
                found.append(Reference(place.code, (place.number,)))
        return tuple(sorted(found, key=lambda reference: (archive_place(reference.code), reference.paragraphs)))

    def codes(self) -> Iterator[str]:
        """Yield every code in archive order."""
        return iter(sorted((code for code, _ in self._reader.outlines()), key=archive_place))

    def outlines(self) -> Iterator[RecordOutline]:
        """Yield every record without its words, in no order; of its passages nothing is read."""
        every = dict(self._reader.outlines())
        codes = list(every)
        for start in range(0, len(codes), MOST_STORED):
            records = self._reader.record_of_each(codes[start : start + MOST_STORED])
            for code, kept in records.items():
                yield RecordOutline(kept.testimony, every[code], kept.entries())


def _make_room(remembered: dict[Any, Any]) -> None:
    """Forget all where it is much, so that an engine that stays open does not grow with what is asked."""
    if len(remembered) >= _MOST_WORDS:
        remembered.clear()


def _is_leveled(asked: AskedLevels) -> bool:
    return asked.levels != (_ANY_LEVEL,)


def _level_queries(asked: AskedLevels) -> Mapping[str, Clause]:
    """Return the query of each level by its name, {} where there are no levels."""
    if not _is_leveled(asked):
        return {}
    return {str(level): query for level, query in zip(asked.levels, asked.queries, strict=True)}


def _answers(names: frozenset[str], asked: AskedLevels, level: int) -> tuple[int, tuple[int, ...]]:
    """Return the first level at which a passage answers, and the languages in which it does there, by their slots.

    :param level: the level, where it is known.
    """
    if level == _ANY_LEVEL and _is_leveled(asked):
        level = next(each for each in asked.levels if str(each) in names)
    return level, tuple(sorted(int(name.partition(":")[2]) for name in names if name.startswith(f"{level}:")))


def _group(ordered: Iterable[Ranked]) -> list[Ranked]:
    """Bring the matches of a testimony to where its first one stands."""
    groups: dict[str, list[Ranked]] = {}
    for ranked in ordered:
        groups.setdefault(ranked.place.code, []).append(ranked)
    return [ranked for group in groups.values() for ranked in group]


def _answers_itself(plan: AsTyped | Proximity, texts: Iterable[str]) -> bool:
    """Return whether what stands in a field answers a plan, by the letters or by the places of its terms."""
    if isinstance(plan, AsTyped):
        return any(map(tokens.as_typed(plan.written).search, texts))
    places: dict[str, list[int]] = {}
    for token in tokens.tokens(" · ".join(texts)):
        places.setdefault(token.term, []).append(token.position)
    return bool(plans.match_positions(plan.near, places))
