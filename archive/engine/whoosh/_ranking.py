"""The order of an answer: the first so many of all matches, without sorting what cannot be among them."""

import heapq
import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import compress, groupby, repeat
from operator import le, lt
from typing import Final

from archive.engine.whoosh._docset import DocSet
from archive.engine.whoosh._executor import PlanExecutor
from archive.engine.whoosh.segment.index_reader import SegmentReader
from archive.engine.whoosh.segment.postings import take
from archive.named_tuple import NamedTuple
from archive.storage.record_files import archive_place

SCORE_DIGITS: Final = 9  # beyond these, sums in another order differ; ties then go to the archive's order
_CLOSE: Final = 1e-8  # scores that rounding may bring together
_FEW: Final = 400  # matches of a segment that are put into order without asking whether the segment is

Place = tuple[str, int, int]
"""The key by which passages sort: prefix and number of the code, and the passage, since those of a record follow each other."""


class RankedDoc(NamedTuple):
    """A match in the order: its segment, its number there, and its score."""

    part: SegmentReader
    document: int
    score: float


class Ranker:
    """Brings matches into order."""

    def __init__(self, executor: PlanExecutor) -> None:
        """Take what scores."""
        self._executor = executor
        self._in_order: dict[str, bool] = {}
        self.record_of = lru_cache(maxsize=None)(_record_of)

    def place(self, segment: SegmentReader, document: int) -> Place:
        """Return the key of a passage."""
        return *self.record_of(segment, segment.passages.column("code").codes[document]), document

    def all(
        self, matches: Sequence[tuple[SegmentReader, DocSet, list[int]]], first: Callable[[SegmentReader, int], int] | None
    ) -> list[RankedDoc]:
        """Return all matches in order.

        :param first: what is sorted by before the archive's order, in place of the score.
        """
        placed = [
            RankedDoc(part, document, round(score, SCORE_DIGITS))
            for part, answered, documents in matches
            for document, score in zip(documents, self._executor.scores(answered, documents, part), strict=True)
        ]
        if first is None:
            return sorted(placed, key=lambda ranked: (-ranked.score, self.place(ranked.part, ranked.document)))
        return sorted(placed, key=lambda ranked: (first(ranked.part, ranked.document), self.place(ranked.part, ranked.document)))

    def best(self, matches: Sequence[tuple[SegmentReader, DocSet, list[int]]], most: int) -> list[RankedDoc]:
        """Return the best matches in order."""
        placed: list[RankedDoc] = []
        least = -math.inf
        for part, answered, documents in matches if most else ():
            scored = self._candidates(part, answered, documents, most, least)
            placed += [RankedDoc(part, document, round(score, SCORE_DIGITS)) for document, score in scored]
            if len(placed) > most:
                least = heapq.nlargest(most, [ranked.score for ranked in placed])[-1]
                placed = [ranked for ranked in placed if ranked.score >= least]
        return sorted(placed, key=lambda ranked: (-ranked.score, self.place(ranked.part, ranked.document)))[:most]

    def _candidates(
        self, segment: SegmentReader, doc_set: DocSet, documents: list[int], most: int, least: float
    ) -> list[tuple[int, float]]:
        """Return matches of a segment with their scores, the best of it among them, without those below the least that counts."""
        if not doc_set.parts and not doc_set.in_slots and all(scorer.postings is None for scorer in doc_set.scorers):
            documents = self._first(segment, documents, most)
        coded = self._executor.score_codes(doc_set, documents, segment)
        if coded is not None:
            kept = _best_of_codes(documents, *coded, most, least)
        else:
            kept = self._best_of(doc_set, documents, segment, most, least)
        if len(kept) > most and self._in_order.get(segment.entry.name):
            kept.sort(key=lambda scored: -round(scored[1], SCORE_DIGITS))
            kept = kept[:most]
        return kept

    def _best_of(
        self, doc_set: DocSet, documents: list[int], segment: SegmentReader, most: int, least: float
    ) -> list[tuple[int, float]]:
        """Return the best of some passages, and those that score as much as the last of them."""
        scores = self._executor.scores(doc_set, documents, segment)
        if least == -math.inf and len(scores) > most:
            least = heapq.nlargest(most, scores)[-1]
        return list(compress(zip(documents, scores, strict=True), map(le, repeat(least - _CLOSE), scores)))

    def _first(self, segment: SegmentReader, documents: list[int], most: int) -> list[int]:
        """Return the first passages in the archive's order, record by record."""
        if len(documents) <= most:
            return documents
        if len(documents) > _FEW and self._is_in_order(segment):
            return documents[:most]
        by_record: dict[int, list[int]] = {}
        for document, code in zip(documents, take(documents, segment.passages.column("code").codes), strict=True):
            by_record.setdefault(code, []).append(document)
        kept: list[int] = []
        for code in sorted(by_record, key=lambda code_of_record: self.record_of(segment, code_of_record)):
            kept += by_record[code]
            if len(kept) >= most:
                break
        return kept

    def _is_in_order(self, segment: SegmentReader) -> bool:
        """Return whether the passages of a segment lie in the archive's order; found out once."""
        is_in_order = self._in_order.get(segment.entry.name)
        if is_in_order is None:
            codes = segment.passages.column("code").codes
            records = [self.record_of(segment, code) for code, _ in groupby(codes)]
            is_in_order = self._in_order[segment.entry.name] = all(map(lt, records, records[1:]))
        return is_in_order


def _record_of(segment: SegmentReader, code: int) -> tuple[str, int]:
    """Return the key of a record by its code in the column."""
    return archive_place(segment.passages.column("code").value(code).decode())


def _best_of_codes(documents: list[int], codes: bytes, scores: list[float], most: int, least: float) -> list[tuple[int, float]]:
    """Return the best of some passages that score by their codes alone, and those that score as much as the last of them."""
    if least == -math.inf:
        better = 0
        for code in sorted(set(codes), key=scores.__getitem__, reverse=True):
            better += codes.count(code)
            if better >= most:
                least = scores[code]
                break
    wanted = codes.translate(bytes(map(le, repeat(least - _CLOSE), scores)).ljust(256, b"\0"))
    return list(zip(compress(documents, wanted), map(scores.__getitem__, compress(codes, wanted)), strict=True))
