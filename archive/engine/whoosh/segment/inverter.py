"""Text into a draft, fast: a word is analysed once in a segment and is a number from then on."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, Protocol

from archive.engine.whoosh.segment._lengths import length_byte
from archive.engine.whoosh.segment.builder import FieldBuilder, SegmentBuilder


class TermOccurrences(NamedTuple):
    """What a word is in a field: its terms, their positions from the word's own, and how many words it counts for."""

    terms: tuple[str, ...]
    positions: tuple[int, ...]
    words: int = 1


class ByWord(Protocol):
    """An analyser that takes a text word by word, each by itself."""

    step: int

    def find(self, text: str) -> list[str]:
        """Return the words of a text."""

    def term(self, word: str) -> str:
        """Return the term of a word that is just one, at the word's own position; "" for other words."""

    def spread(self, word: str) -> TermOccurrences:
        """Return the terms of a word."""


Repeated = tuple[Any, int]
"""A value of a field, and how many neighbouring passages have it; None: they have none."""

Numbers = tuple[tuple[int, ...], tuple[int, ...], int]
"""A word that is not just one term: numbers, positions, how many words it counts for."""


class Lexicon(dict[str, int]):
    """Word → a number of its own, the same for all fields that an analyser cuts into words."""

    def __init__(self, find: Callable[[str], list[str]]) -> None:
        """Begin with no word."""
        super().__init__()
        self.words: list[str] = []
        self._find = find
        self._lines: dict[str, list[int]] = {}

    def __missing__(self, word: str) -> int:
        """Return a new word the next number."""
        value = self[word] = len(self.words)
        self.words.append(word)
        return value

    def of(self, line: str) -> list[int]:
        """Return the numbers of the words of a line, which several fields may have."""
        numbers = self._lines.get(line)
        if numbers is None:
            numbers = self._lines[line] = list(map(self.__getitem__, self._find(line)))
        return numbers

    def forget(self) -> None:
        """Forget the lines, of which none is expected again."""
        self._lines.clear()


_FIRST = (0,)


class _TermNumbers(dict[int, Any]):
    """Number of a word → the number of its term in a field, or `Numbers` where it is not just one."""

    def __init__(self, field: FieldBuilder, analyser: ByWord, lexicon: Lexicon) -> None:
        super().__init__()
        self._field, self._analyser, self._lexicon = field, analyser, lexicon
        self.several = False

    def __missing__(self, word: int) -> int | Numbers:
        """Analyse a word that is new in this field."""
        value = self[word] = self._numbers(self._lexicon.words[word])
        return value

    def _numbers(self, word: str) -> int | Numbers:
        if term := self._analyser.term(word):
            return self._field.number(term.encode())
        spread = self._analyser.spread(word)
        if spread.positions == _FIRST and spread.words == 1:
            return self._field.number(spread.terms[0].encode())
        self.several = True
        return tuple([self._field.number(term.encode()) for term in spread.terms]), spread.positions, spread.words


class InOrder:
    """Adds texts to a field that keeps how often and where."""

    def __init__(self, field: FieldBuilder, analyser: ByWord, lexicon: Lexicon) -> None:
        """Take the field, its analyser, and the numbers of the words."""
        self._field = field
        self._step = analyser.step
        self._lexicon = lexicon
        self._table = _TermNumbers(field, analyser, lexicon)

    def add(self, document: int, runs: Iterable[Repeated]) -> None:
        """Add the texts of neighbouring passages."""
        field = self._field
        of_line, of_word = self._lexicon.of, self._table.__getitem__
        for value, times in runs:
            if value is not None:
                numbers = list(map(of_word, of_line(value)))
                positions: list[int] | None = None
                if self._table.several and tuple in set(map(type, numbers)):
                    numbers, positions = self._placed(numbers)
                start = field.sequence(numbers, positions) if field.kind == "placed" and numbers else 0
                field.add_repeated(document, Counter(numbers), length_byte(len(numbers)), start, times)
            document += times

    def _placed(self, words: Iterable[int | Numbers]) -> tuple[list[int], list[int]]:
        step = self._step
        numbers: list[int] = []
        positions: list[int] = []
        at = 0
        for word in words:
            if type(word) is int:
                numbers.append(word)
                positions.append(at)
                at += step
            else:
                terms, places, counted = word  # type: ignore[misc]  # no int
                numbers += terms
                positions += [at + place for place in places]
                at += step * counted
        return numbers, positions


class Present:
    """Adds texts to a field that keeps only which terms are there."""

    def __init__(self, field: FieldBuilder, analyser: ByWord, lexicon: Lexicon) -> None:
        """Take the field, its analyser, and the numbers of the words."""
        self._field = field
        self._lexicon = lexicon
        self._table = _TermNumbers(field, analyser, lexicon)

    def add(self, document: int, runs: Iterable[Repeated]) -> None:
        """Add the texts of neighbouring passages, whose lines often come again."""
        by_line: dict[str, set[int]] = {}
        for value, times in runs:
            if value is not None:
                runs_of_numbers = [
                    by_line[line] if line in by_line else by_line.setdefault(line, self._numbers(line))
                    for line in value.split("\n")
                ]
                self._field.add_plain(document, set().union(*runs_of_numbers), times)
            document += times

    def _numbers(self, line: str) -> set[int]:
        numbers: set[Any] = set(map(self._table.__getitem__, self._lexicon.of(line)))
        if not self._table.several:
            return numbers
        several = [one for one in numbers if type(one) is tuple]
        return numbers.difference(several).union(*(one[0] for one in several))


class Inverter:
    """Adds passages to a draft, whose fields it makes as they come."""

    def __init__(self, draft: SegmentBuilder, begin: Callable[[str, Any], FieldBuilder]) -> None:
        """Take the draft.

        :param begin: makes the draft of a field that comes for the first time, from its name and Whoosh's field.
        """
        self.draft = draft
        self._begin = begin
        self._by_word: dict[str, InOrder | Present] = {}
        self._lexicons: dict[Callable[[str], list[str]], Lexicon] = {}
        self._values: dict[str, dict[tuple[str, ...], frozenset[int]]] = {}

    def field(self, name: str, field: Any) -> FieldBuilder:  # noqa: ANN401 - Whoosh's own type
        """Return the draft of a field."""
        builder = self.draft.fields.get(name)
        if builder is None:
            builder = self.draft.fields[name] = self._begin(name, field)
        return builder

    def add(self, name: str, field: Any, runs: Sequence[Repeated]) -> None:  # noqa: ANN401 - Whoosh's own type
        """Add the values of an indexed field of the next passages."""
        if name in self._by_word:
            self._by_word[name].add(self.draft.documents, runs)
            return
        draft, document = self.field(name, field), self.draft.documents
        analyser = field.analyzer
        if hasattr(analyser, "spread"):
            kind = Present if draft.kind == "plain" else InOrder
            self._by_word[name] = kind(draft, analyser, self._lexicon(analyser.find))
            self._by_word[name].add(document, runs)
            return
        for value, times in runs:
            if isinstance(value, tuple):
                draft.add_plain(document, self._numbers(name, draft, value), times)
            elif value is not None:
                self._other(draft, document, field, value, times)
            document += times

    def _lexicon(self, find: Callable[[str], list[str]]) -> Lexicon:
        if find not in self._lexicons:
            self._lexicons[find] = Lexicon(find)
        return self._lexicons[find]

    def forget_lines(self) -> None:
        """Forget the lines of the passages that were added last."""
        for lexicon in self._lexicons.values():
            lexicon.forget()

    def _numbers(self, name: str, draft: FieldBuilder, values: tuple[str, ...]) -> frozenset[int]:
        """Return the numbers of values that are terms as they are."""
        numbers = self._values.setdefault(name, {})
        if values not in numbers:
            numbers[values] = frozenset(draft.number(value.encode()) for value in values)
        return numbers[values]

    @staticmethod
    def _other(draft: FieldBuilder, document: int, field: Any, value: Any, times: int) -> None:  # noqa: ANN401 - Whoosh's own types
        """Add a value in Whoosh's own way."""
        counts: dict[int, int] = {}
        places: list[tuple[int, int]] = []
        for term, often, _, written in field.index(value):
            number = draft.number(term)
            counts[number] = often
            if draft.kind == "placed":
                places += [(position, number) for position in field.format.decode_positions(written)]
        if draft.kind == "plain":
            draft.add_plain(document, counts, times)
            return
        places.sort()
        numbers = [number for _, number in places]
        start = draft.sequence(numbers, [position for position, _ in places]) if numbers else 0
        draft.add_repeated(document, counts, length_byte(sum(counts.values())), start, times)
