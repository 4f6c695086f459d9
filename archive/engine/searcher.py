"""Asking the index: all matches, then the filters, the order, the page, the facets."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from whoosh.collectors import Collector
from whoosh.filedb.filestore import Storage
from whoosh.scoring import BM25F

from archive.engine import asking, counting, index, language, stored
from archive.engine.counting import Match, Sieve
from archive.errors import ArchiveError, DamagedIndex
from archive.passages import Passage
from archive.retrieval import Hit, Query, Record, Results
from archive.testimony import Testimony

_T = TypeVar("_T")
_SCORE_DIGITS = 9  # beyond these, sums in another order differ; ties then go to the archive's order


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

    def __init__(self, storage: Storage) -> None:
        """Open the index.

        :raises DamagedIndex: it cannot be opened.
        """
        self._index = index.opened(storage)
        try:
            self._searcher = _guarded(lambda: self._index.searcher(weighting=BM25F()))
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

        :raises BadQuery: its words cannot be read.
        """
        tree = language.plain(query.words, any_of=query.any_of) if query.plain else language.parse(query.words)
        if query.any_of and isinstance(tree, language.All):
            tree = language.Any(tree.parts)
        return _guarded(lambda: self._answer(query, tree))

    def _answer(self, query: Query, tree: language.Node | None) -> Results:
        collector = _AllMatches()
        self._searcher.search_with_collector(asking.compiled(tree, self._lexicon), collector)
        matches = collector.results()
        sieve = Sieve(query.filters)
        passed = [match for match in matches if sieve.passes(match)]
        places = {match.place: tuple(json.loads(match.place)) for match in matches}
        codes = {place: f"{prefix}-{number}" for place, (prefix, number, _) in places.items()}
        passed.sort(key=lambda match: (-match.score, places[match.place]))
        end = None if query.limit is None else query.offset + query.limit
        return Results(
            query=query,
            understood=language.understood(tree),
            hits=tuple(self._hit(match, tree) for match in passed[query.offset : end]),
            passages=len(passed),
            testimonies=len({codes[match.place] for match in passed}),
            undated_left_out=sum(map(sieve.only_undated, matches)) if query.filters.period else 0,
            facets=counting.facets(sieve, matches, codes) if query.facets else {},
        )

    def _hit(self, match: Match, tree: language.Node | None) -> Hit:
        passage = self._passage(match.document)
        first = match.document - (passage.number - 1)
        testimony, _ = self._record(first)
        return Hit(testimony, passage, match.score, asking.marks(tree, passage.words, self._lexicon))

    def _passage(self, document: int) -> Passage:
        return stored.unpack(Passage, self._searcher.stored_fields(document)["passage"])

    def _record(self, document: int) -> tuple[Testimony, tuple[str, ...]]:
        return stored.unpack_record(self._searcher.stored_fields(document)["record"])

    def _lexicon(self, field: str, prefix: str) -> Iterable[str]:
        reader = self._searcher.reader()
        for name, term in reader.terms_from(field, prefix.encode()):
            word = term.decode() if isinstance(term, bytes) else term
            if name != field or not word.startswith(prefix):
                return
            yield word

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


def _guarded(ask: Callable[[], _T]) -> _T:
    """Run something on the index; whatever a damaged file makes Whoosh stumble over is one fault of ours."""
    try:
        return ask()
    except ArchiveError:
        raise
    except Exception as error:
        message = f"the index cannot be read: {type(error).__name__}: {error}"
        raise DamagedIndex(message, "`testimony index --rebuild` makes it anew.") from error
