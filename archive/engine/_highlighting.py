"""Marks in a passage: where the words of a query stand, told by the same functions that decide whether it answers."""

from collections.abc import Iterable, Iterator

from archive.analysis import tokens
from archive.analysis.term_finder import TermFinder
from archive.engine import _plan as plans
from archive.engine._plan import Lexicon, Near
from archive.search.syntax import Exact, FreeText, Fuzzy, Node, Pattern

Span = tuple[int, int]
"""Half-open offsets."""


Row = tuple[Near, tuple[str, ...]]
"""Units that stand as asked, and the spellings of the last term where it is of syllables: 호 and 호관 begin at one place."""


class Highlighter:
    """Marks what answers a query; what is looked for is worked out once for all passages."""

    def __init__(self, node: Node | None, lexicon: Lexicon) -> None:
        """Take the query."""
        sought = list(plans.highlight_targets(node, lexicon)) if node is not None else []
        self._exact = [tokens.as_typed(part.written) for part in sought if isinstance(part, Exact)]
        patterns = [part for part in sought if isinstance(part, Pattern | Fuzzy)]
        self._forms = frozenset().union(*(plans.forms(pattern, lexicon) for pattern in patterns))
        self._terms: list[tuple[str, tuple[str, ...]]] = []  # with the lone syllable that is all that is marked of a pair
        self._rows: list[Row] = []
        for part in sought:
            if isinstance(part, FreeText):
                self._terms += [(term, ()) for term in plans.question_terms(part)]
            elif isinstance(part, Near) and len(part.units) == 1 and len(part.units[0].terms) == 1:
                lone = part.units[0].terms[0] if plans.is_syllable(part.units[0]) else ()
                self._terms += [(term, lone) for term in plans.single(part.units[0].terms[0], lexicon)]
            elif isinstance(part, Near):
                self._rows.append((part, _syllables_of_last(part)))
        wanted = {term for term, _ in self._terms}
        wanted.update(
            spelling for near, _ in self._rows for unit in near.units for spellings in unit.terms for spelling in spellings
        )
        self._finder = TermFinder(wanted) if wanted else None

    def highlight(self, words: str) -> tuple[Span, ...]:
        """Return the offsets of what answers the query, merged and in order."""
        marked = {match.span() for expression in self._exact for match in expression.finditer(words)}
        if self._finder is not None:
            marked.update(self._of_terms(words, self._finder))
        if self._forms:
            marked.update(tokens.forms_among(words, self._forms))
        return tuple(_merge(sorted(marked)))

    def _of_terms(self, words: str, finder: TermFinder) -> Iterator[Span]:
        places: dict[str, list[int]] = {}
        spans: dict[int, Span] = {}
        ends: dict[tuple[int, str], int] = {}
        for token in finder.tokens(words, counted=bool(self._rows)):
            places.setdefault(token.term, []).append(token.position)
            spans[token.position] = token.start, token.end
            ends[token.position, token.term] = token.end
        for term, lone in self._terms:
            for at in places.get(term, ()):
                yield _syllable(term, spans[at], lone)
        for near, spellings in self._rows:
            for first, last in plans.match_positions(near, places):
                ended = (ends[last, spelling] for spelling in spellings if (last, spelling) in ends)
                yield spans[first][0], next(ended, spans[last][1])


def _syllable(term: str, span: Span, lone: tuple[str, ...]) -> Span:
    """Narrow the mark of a pair to the syllable that was asked for by itself."""
    if len(term) == 1 or not lone:
        return span
    return (span[0], span[0] + 1) if term[0] in lone else (span[1] - 1, span[1])


def _syllables_of_last(near: Near) -> tuple[str, ...]:
    """Return the spellings of the last term of a row where it is of syllables."""
    spellings = near.units[-1].terms[-1]
    return spellings if near.between is None and tokens.is_syllabic(spellings[0]) else ()


def _merge(spans: Iterable[Span]) -> Iterator[Span]:
    last: Span | None = None
    for start, end in spans:
        if last and start < last[1]:
            last = (last[0], max(last[1], end))
        else:
            if last:
                yield last
            last = (start, end)
    if last:
        yield last
