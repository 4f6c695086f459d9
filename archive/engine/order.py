"""The order of an answer: the first so many of all matches, without scoring or sorting what cannot be among them."""

import heapq
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from archive.engine.answering import Answering, Gain, Set, gathered, inside, outside
from archive.engine.packed.draft import ESCAPE
from archive.engine.packed.library import Library, Part
from archive.folder import archive_place

SCORE_DIGITS: Final = 9  # beyond these, sums in another order differ; ties then go to the archive's order
_CLOSE: Final = 1e-8  # scores that rounding may bring together
_FEW: Final = 400  # matches of a segment that are simply scored and sorted

Place = tuple[str, int, int]
"""The key by which passages sort: prefix and number of the code, and the paragraph."""


class Placed(NamedTuple):
    """A match in the order: its segment, its number there, and its score."""

    part: Part
    document: int
    score: float


class Order:
    """Brings matches into order."""

    def __init__(self, library: Library, answering: Answering) -> None:
        """Take what scores."""
        self._library = library
        self._answering = answering
        self._records: dict[str, dict[int, tuple[str, int]]] = {}

    def record_of(self, part: Part, code: int) -> tuple[str, int]:
        """Give the key of a record by its code in the column."""
        held = self._records.setdefault(part.entry.name, {})
        found = held.get(code)
        if found is None:
            found = held[code] = archive_place(part.passages.column("code").value(code).decode())
        return found

    def place(self, part: Part, document: int) -> Place:
        """Give the key of a passage."""
        return (
            *self.record_of(part, part.passages.column("code").codes[document]),
            int(part.passages.column("paragraph")[document]),
        )

    def all(self, found: Sequence[tuple[Part, Set, list[int]]], first: Callable[[Part, int], int] | None) -> list[Placed]:
        """Give all matches in order.

        :param first: what is sorted by before the archive's order, in place of the score.
        """
        placed = [
            Placed(part, document, round(score, SCORE_DIGITS))
            for part, answered, documents in found
            for document, score in zip(documents, self._answering.scores(answered, documents, part), strict=True)
        ]
        if first is None:
            return sorted(placed, key=lambda each: (-each.score, self.place(each.part, each.document)))
        return sorted(placed, key=lambda each: (first(each.part, each.document), self.place(each.part, each.document)))

    def best(self, found: Sequence[tuple[Part, Set, list[int]]], most: int) -> list[Placed]:
        """Give the best matches in order."""
        placed = [
            Placed(part, document, round(score, SCORE_DIGITS))
            for part, answered, documents in found
            for document, score in self._candidates(part, answered, documents, most)
        ]
        if most and len(placed) > most:
            least = heapq.nlargest(most, (each.score for each in placed))[-1]
            placed = [each for each in placed if each.score >= least]
        return sorted(placed, key=lambda each: (-each.score, self.place(each.part, each.document)))[:most]

    def _candidates(self, part: Part, found: Set, documents: list[int], most: int) -> list[tuple[int, float]]:
        """Give matches of a segment with their scores, the best of it among them."""
        scored: dict[int, float] = {}
        rest = documents
        if len(documents) > _FEW:
            leading, rest = _led(found, documents, part)
            if leading is not None:
                scored = self._by_code(leading, outside(documents, Set(part.size, rest)), part, most)
        scored.update(zip(rest, self._answering.scores(found, rest, part), strict=True))
        if len(scored) <= _FEW:
            return list(scored.items())
        least = heapq.nlargest(most, scored.values())[-1] - _CLOSE if most else 0.0
        return self._earliest(part, [(document, score) for document, score in scored.items() if score >= least], most)

    def _by_code(self, leading: Gain, documents: list[int], part: Part, most: int) -> dict[int, float]:
        """Give the best of matches that score by one term alone: by its codes, the best code first."""
        postings = leading.postings
        if postings is None or not documents:
            return {}
        base = self._library.base(part, leading.field)
        codes = bytes(gathered(documents, postings.dense))
        scored: dict[int, float] = {}
        if postings.escaped:
            for at, code in enumerate(codes):
                if code > ESCAPE:
                    alone = self._answering.scores(
                        Set(part.size, [documents[at]], (leading._replace(only=None),)), [documents[at]], part
                    )
                    scored[documents[at]] = alone[0]
        taken = 0
        for code in sorted(range(len(base)), key=base.__getitem__, reverse=True):
            if taken >= most:
                break
            score, at = base[code] * leading.weight, codes.find(code + 1)
            here: list[tuple[int, float]] = []
            while at >= 0:
                here.append((documents[at], score))
                at = codes.find(code + 1, at + 1)
            taken += len(here)
            scored.update(self._earliest(part, here, most) if len(here) > _FEW else here)
        return scored

    def _earliest(self, part: Part, scored: list[tuple[int, float]], most: int) -> list[tuple[int, float]]:
        """Leave out those of equal score that come too late in the archive to be among the first."""
        by_score: dict[float, list[int]] = {}
        for document, score in scored:
            by_score.setdefault(round(score, SCORE_DIGITS), []).append(document)
        kept: list[tuple[int, float]] = []
        for score in sorted(by_score, reverse=True):
            documents = by_score[score]
            if len(documents) > most:
                documents = self._first(part, documents, most)
            kept += [(document, score) for document in documents]
            if len(kept) >= most:
                break
        return kept

    def _first(self, part: Part, documents: list[int], most: int) -> list[int]:
        """Give the first passages in the archive's order, record by record."""
        by_record: dict[int, list[int]] = {}
        for document, code in zip(documents, gathered(documents, part.passages.column("code").codes), strict=True):
            by_record.setdefault(code, []).append(document)
        kept: list[int] = []
        for code in sorted(by_record, key=lambda each: self.record_of(part, each)):
            kept += by_record[code]
            if len(kept) >= most:
                break
        return kept


def _led(found: Set, documents: list[int], part: Part) -> tuple[Gain | None, list[int]]:
    """Give the term by which alone most matches score, and the matches that do not score by it alone."""
    sized = sorted(found.gains, key=lambda gain: len(documents if gain.only is None else gain.only))
    if not sized or sized[-1].postings is None or any(gain.only is None for gain in sized[:-1]):
        return None, documents
    leading = sized[-1]
    others = {document for gain in sized[:-1] for document in gain.only or ()}
    if leading.only is not None:
        source = leading.postings if leading.postings and leading.only is leading.postings.listed else None
        others.update(outside(documents, Set(part.size, leading.only, source=source)))
    if len(others) * 4 > len(documents):
        return None, documents
    return leading, inside(documents, Set(part.size, sorted(others)))
