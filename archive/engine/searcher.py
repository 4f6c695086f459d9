"""Asking the index: all matches, then the filters, the order, the page, the facets."""

import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from whoosh.collectors import Collector
from whoosh.filedb.filestore import Storage
from whoosh.scoring import BM25F

from archive import choosing
from archive.authority import Authorities
from archive.engine import asking, counting, index, language, naming, stored
from archive.engine.counting import Match, Sieve
from archive.errors import ArchiveError, DamagedIndex, UsageFault
from archive.retrieval import Filters, Hit, Query, Record, Results, unknown_code
from archive.testimony import Passage, Testimony
from archive.text import near, nfc

_T = TypeVar("_T")
_LONG_WORD = 5  # letters from which two mistakes are likely
_SCORE_DIGITS = 9  # beyond these, sums in another order differ; ties then go to the archive's order


class Rarity(BM25F):  # type: ignore[misc]  # Whoosh's base class is not typed
    """BM25 that weighs a term by its rarity as Robertson and Spärck Jones do, kept above zero.

    Whoosh's own weight never falls below one, so that the commonest words of
    a long question drown the rare ones.
    """

    def idf(self, searcher: Any, fieldname: str, text: bytes) -> float:  # noqa: ANN401 - Whoosh's own type
        """Give the weight of a term over the whole index."""
        parent = searcher.get_parent()
        every, having = parent.doc_count_all(), parent.doc_frequency(fieldname, text)
        return math.log(1 + (every - having + 0.5) / (having + 0.5))


class _AllMatches(Collector):  # type: ignore[misc]  # Whoosh's base class is not typed
    """Collects every match with its score and its columns; sorts nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.matches_found: list[Match] = []

    def prepare(self, top_searcher: Any, q: Any, context: Any) -> None:  # noqa: ANN401 - Whoosh's own types
        """Ask for the matcher to stand on each match, so that it can be scored."""
        context.needs_current = True
        super().prepare(top_searcher, q, context)

    def set_subsearcher(self, subsearcher: Any, offset: int) -> None:  # noqa: ANN401 - Whoosh's own types
        """Open the columns of the next segment."""
        super().set_subsearcher(subsearcher, offset)
        reader = subsearcher.reader()
        self.place, self.about, self.marks = (reader.column_reader(name) for name in ("place", "about", "marks"))

    def collect(self, sub_docnum: int) -> float:
        """Keep a match."""
        score = self.matcher.score()
        self.matches_found.append(
            Match(
                self.offset + sub_docnum,
                round(score, _SCORE_DIGITS),
                self.place[sub_docnum],
                self.about[sub_docnum],
                self.marks[sub_docnum],
            )
        )
        return float(score)

    def sort_key(self, sub_docnum: int) -> float:
        """Give the score, as the base class asks."""
        del sub_docnum
        return float(self.matcher.score())

    def results(self) -> list[Match]:
        """Give what was collected."""
        return self.matches_found


class WhooshEngine:
    """An `archive.retrieval.Engine` on a Whoosh index."""

    def __init__(self, storage: Storage, held: Callable[[], Authorities]) -> None:
        """Open the index.

        :param held: gives the authorities, for names and fields in the words of a query.
        :raises DamagedIndex: it cannot be opened.
        """
        self._held = held
        self._last: tuple[int, tuple[Testimony, tuple[str, ...]]] | None = None
        self._index = index.opened(storage)
        try:
            self._searcher = _guarded(lambda: self._index.searcher(weighting=Rarity()))
        except DamagedIndex:
            index.close_all(storage)
            raise

    def close(self) -> None:
        """Let go of the files."""
        self._searcher.close()
        self._index.close()

    @property
    def generation(self) -> str:
        """Give the number of the commit that is open."""
        return str(self._index.latest_generation())

    def search(self, query: Query) -> Results:
        """Answer a query.

        :raises UsageFault: its words cannot be read, or name what is not known.
        """
        words = nfc(query.words)
        if query.plain:
            tree = language.plain(words, any_of=query.any_of, exact=query.exact)
        else:
            tree = language.parse(words, exact=query.exact)
        lifted: tuple[language.Node, ...] = ()
        if not query.plain:
            lifted, tree, query = self._lifted(tree, query)
            tree = language.loosened(tree) if query.any_of else tree
        understood = language.understood(language.all_of((*lifted, tree)))
        if not (query.plain or query.exact or tree is None):
            tree = naming.widened(tree, self._held().gazetteer)
        return _guarded(lambda: self._answer(query, tree, understood))

    def _lifted(self, tree: language.Node | None, query: Query) -> tuple[tuple[language.Node, ...], language.Node | None, Query]:
        """Take the fields that the whole query asks for out of its words, so that they are filters like the options.

        A field that is asked for twice, or by an option too, stays a condition
        of its own, since all words must hold while any value of an option does.
        """
        parts = tree.parts if isinstance(tree, language.All) else (tree,)
        named = Counter(map(_filter_named, parts))
        lifted: list[language.Node] = []
        filters = query.filters
        for part in parts:
            name = _filter_named(part)
            if name and named[name] == 1 and not getattr(query.filters, name) and part is not None:
                filters = filters._replace(**{name: self._chosen(part, name)})
                lifted.append(part)
        kept = language.all_of(part for part in parts if part not in lifted)
        return tuple(lifted), kept, query._replace(filters=filters)

    def _chosen(self, part: language.Node, name: str) -> Any:  # noqa: ANN401 - as the field of `Filters`
        if isinstance(part, language.Without):
            return self._choose(part.part).flag  # type: ignore[arg-type]  # `_filter_named` has looked
        return getattr(self._choose(part), name)  # type: ignore[arg-type]  # the same

    def _require(self, codes: tuple[str, ...]) -> None:
        for code in codes:
            if next(iter(self._searcher.document_numbers(code=code)), None) is None:
                raise unknown_code(code, self.codes())

    def _answer(self, query: Query, tree: language.Node | None, understood: str) -> Results:
        self._require(query.filters.code)
        sieve = Sieve(query.filters)
        matches = self._together(tree) if query.together else self._matches(tree)
        passed = [match for match in matches if sieve.passes(match)]
        places = {match.place: _place(match.place) for match in matches}
        codes = {place: f"{prefix}-{number}" for place, (prefix, number, _) in places.items()}
        passed.sort(key=lambda match: self._order(query.sort, sieve, match, places[match.place]))
        if query.group:
            passed = _grouped(passed, codes)
        end = None if query.limit is None else query.offset + query.limit
        return Results(
            query=query,
            understood=understood,
            hits=tuple(self._hit(match, tree, query.filters.as_of) for match in passed[query.offset : end]),
            passages=len(passed),
            testimonies=len({codes[match.place] for match in passed}),
            without_day=sum(map(sieve.without_day, matches)) if query.filters.as_of else 0,
            undated_left_out=sum(map(sieve.only_undated, matches)) if query.filters.period else 0,
            facets=counting.facets(sieve, matches, codes) if query.facets else {},
            expanded=tuple(naming.expansions(tree)),
            suggestions=() if passed else self._suggestions(tree),
            in_different_passages=0 if matches else self._apart(tree, sieve),
        )

    def _matches(self, tree: language.Node | None) -> list[Match]:
        if not self._searcher.doc_count_all():
            return []  # Whoosh's empty reader has no columns to look at
        collector = _AllMatches()
        self._searcher.search_with_collector(
            asking.compiled(tree, asking.Ways(self._lexicon, self._texts, self._choose)), collector
        )
        return collector.results()

    def _choose(self, field: language.Field) -> Filters:
        found = choosing.filters(field.name, field.value, self._held)
        self._require(found.code)
        return found

    def _together(self, tree: language.Node | None) -> list[Match]:
        """Give the passages that have any part, of the testimonies that have every part somewhere."""
        if not isinstance(tree, language.All):
            return self._matches(tree)
        wanted = [part for part in tree.parts if not isinstance(part, language.Without)]
        unwanted = [part.part for part in tree.parts if isinstance(part, language.Without)]
        kept: set[tuple[str, int]] | None = None
        part: language.Node
        found: dict[bytes, Match] = {}
        for part in wanted:
            matches = self._matches(part)
            records = {_place(match.place)[:2] for match in matches}
            kept = records if kept is None else kept & records
            for match in matches:
                before = found.get(match.place)
                score = match.score + before.score if before else match.score
                found[match.place] = match._replace(score=round(score, _SCORE_DIGITS))
        for part in unwanted:
            kept = (kept or set()) - {_place(match.place)[:2] for match in self._matches(part)}
        return [match for match in found.values() if _place(match.place)[:2] in (kept or set())]

    def _apart(self, tree: language.Node | None, sieve: Sieve) -> int:
        """Count the testimonies that have all words, but in different passages."""
        if not isinstance(tree, language.All):
            return 0
        return len({_place(match.place)[:2] for match in self._together(tree) if sieve.passes(match)})

    def _order(self, sort: str, sieve: Sieve, match: Match, place: tuple[str, int, int]) -> tuple[object, ...]:
        first: float = -match.score
        if sort == "code":
            first = 0
        elif sort == "period":
            first = sieve.told_of(match)
        elif sort == "recorded":
            first = sieve.recorded(match)
        return (first, place)

    def _suggestions(self, tree: language.Node | None) -> tuple[str, ...]:
        """Give words of this index that are near the words of a query that it does not have."""
        if tree is None:
            return ()
        found: list[str] = []
        for word in asking.plain_words(tree):
            known = set(self._lexicon("words", word))
            if word not in known:
                close = asking.forms(language.Fuzzy(word, 1 if len(word) < _LONG_WORD else 2), self._lexicon).words
                found += near(word, close, 1)
        return tuple(dict.fromkeys(found))

    def _hit(self, match: Match, tree: language.Node | None, as_of: int) -> Hit:
        passage = self._passage(match.document)
        passage = passage._replace(notes=choosing.as_known(passage.notes, as_of))
        first = match.document - (passage.number - 1)
        testimony, _ = self._record(first)
        return Hit(testimony, passage, match.score, asking.marks(tree, passage.words, self._lexicon))

    def _passage(self, document: int) -> Passage:
        return stored.unpack(Passage, self._searcher.stored_fields(document)["passage"])

    def _record(self, document: int) -> tuple[Testimony, tuple[str, ...]]:
        # Passages of one record follow each other; its header is read once for all of them.
        if self._last is None or self._last[0] != document:
            self._last = (document, stored.unpack_record(self._searcher.stored_fields(document)["record"]))
        return self._last[1]

    def _lexicon(self, field: str, prefix: str) -> Iterable[str]:
        reader = self._searcher.reader()
        for name, term in reader.terms_from(field, prefix.encode()):
            word = term.decode() if isinstance(term, bytes) else term
            if name != field or not word.startswith(prefix):
                return
            yield word

    def _texts(self, reader: Any, document: int, field: str) -> Iterable[str]:  # noqa: ANN401 - Whoosh's own type
        """Give what stands in a field of a passage of a segment, as it is printed."""
        passage = stored.unpack(Passage, reader.stored_fields(document)["passage"])
        if field == "text":
            return (passage.words,)
        testimony, _ = stored.unpack_record(reader.stored_fields(document - (passage.number - 1))["record"])
        return (testimony.title,) if field == "title" else testimony.witness.names

    def record(self, code: str) -> Record | None:
        """Give a record with its passages in order."""
        return _guarded(lambda: self._whole(code))

    def _whole(self, code: str) -> Record | None:
        documents = sorted(self._searcher.document_numbers(code=code))
        if not documents:
            return None
        testimony, footnotes = self._record(documents[0])
        return Record(testimony, tuple(map(self._passage, documents)), footnotes)

    def codes(self) -> Iterator[str]:
        """Give every code in archive order."""
        found = _guarded(lambda: [code.decode() for code in self._searcher.lexicon("code")])
        return iter(sorted(found, key=lambda code: (code.partition("-")[0], int(code.partition("-")[2]))))


def _filter_named(part: language.Node | None) -> str:
    """Give the filter that a part of the words asks for, "" where it is no field: ``-flag:x`` asks for no flag."""
    if isinstance(part, language.Without) and isinstance(part.part, language.Field):
        return "without_flag" if part.part.name == "flag" else ""
    if isinstance(part, language.Field):
        return "period" if part.name == "period_within" else part.name
    return ""


def _place(written: bytes) -> tuple[str, int, int]:
    """Read a ``place`` column: prefix and number of the code, and the paragraph."""
    prefix, number, paragraph = json.loads(written)
    return prefix, number, paragraph


def _grouped(matches: list[Match], codes: dict[bytes, str]) -> list[Match]:
    """Bring the matches of a testimony to where its first one stands."""
    groups: dict[str, list[Match]] = {}
    for match in matches:
        groups.setdefault(codes[match.place], []).append(match)
    return [match for group in groups.values() for match in group]


def _guarded(ask: Callable[[], _T]) -> _T:
    """Run something on the index; whatever a damaged file makes Whoosh stumble over is one fault of ours."""
    try:
        return ask()
    except ArchiveError:
        raise
    except (MemoryError, RecursionError) as error:  # no fault of the index, so nothing to make anew
        message = "the query is too large for this machine"
        raise UsageFault(message, "Ask for fewer words.") from error
    except Exception as error:
        message = f"the index cannot be read: {type(error).__name__}: {error}"
        raise DamagedIndex(message, "`testimony index --rebuild` makes it anew.") from error
