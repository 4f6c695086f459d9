"""Text into a draft, fast: a word is analysed once in a segment and is a number from then on."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, NamedTuple, Protocol

from archive.engine.packed.draft import Draft, FieldDraft
from archive.engine.packed.lengths import length_byte


class Spread(NamedTuple):
    """What a word is in a field: its terms, their positions from the word's own, and how many words it counts for."""

    terms: tuple[str, ...]
    positions: tuple[int, ...]
    words: int = 1


class ByWord(Protocol):
    """An analyser that takes a text word by word, each by itself."""

    step: int

    def find(self, text: str) -> list[str]:
        """Give the words of a text."""

    def spread(self, word: str) -> Spread:
        """Give the terms of a word."""


Numbers = tuple[tuple[int, ...], tuple[int, ...], int]
"""A word that is not just one term: numbers, positions, how many words it counts for."""


class Lexicon(dict[str, int]):
    """Word → a number of its own, the same for all fields that an analyser cuts into words."""

    def __init__(self) -> None:
        """Begin with no word."""
        super().__init__()
        self.words: list[str] = []

    def __missing__(self, word: str) -> int:
        """Give a new word the next number."""
        found = self[word] = len(self.words)
        self.words.append(word)
        return found


_FIRST = (0,)


class _Table(list[Any]):
    """Number of a word → the number of its term in a field, or `Numbers` where it is not just one; None: not seen here yet."""

    def __init__(self, field: FieldDraft, analyser: ByWord, lexicon: Lexicon) -> None:
        super().__init__()
        self._field, self._analyser, self._lexicon = field, analyser, lexicon
        self.several = False

    def of(self, words: Collection[int]) -> list[Any]:
        """Give what stands for some words."""
        self.extend([None] * (len(self._lexicon.words) - len(self)))
        found = list(map(self.__getitem__, words))
        if None not in found:
            return found
        for word in words:
            if self[word] is None:
                self[word] = self._numbers(self._lexicon.words[word])
        return list(map(self.__getitem__, words))

    def _numbers(self, word: str) -> int | Numbers:
        spread = self._analyser.spread(word)
        if spread.positions == _FIRST and spread.words == 1:
            return self._field.number(spread.terms[0].encode())
        self.several = True
        return tuple([self._field.number(term.encode()) for term in spread.terms]), spread.positions, spread.words


class _Added(NamedTuple):
    """A value that was added to the passage before; the same again need not be taken apart."""

    value: str
    counts: dict[int, int]
    byte: int
    start: int


class InOrder:
    """Adds texts to a field that keeps how often and where."""

    def __init__(self, field: FieldDraft, analyser: ByWord, lexicon: Lexicon) -> None:
        """Take the field, its analyser, and the numbers of the words."""
        self._field = field
        self._analyser = analyser
        self._table = _Table(field, analyser, lexicon)
        self._before = _Added("", {}, 0, 0)

    def add(self, document: int, value: str, found: Sequence[int], times: int = 1) -> None:
        """Add the text of a passage, of which ``found`` are the words, and of as many that follow."""
        if value != self._before.value:
            self._before = self._taken_apart(value, found)
        added = self._before
        self._field.add_alike(document, added.counts, added.byte, added.start, times)

    def _taken_apart(self, value: str, found: Sequence[int]) -> _Added:
        numbers = self._table.of(found)
        positions: list[int] | None = None
        if self._table.several and tuple in set(map(type, numbers)):
            numbers, positions = self._placed(numbers)
        byte = length_byte(len(numbers))
        start = self._field.sequence(numbers, positions) if self._field.kind == "placed" and numbers else 0
        return _Added(value, Counter(numbers), byte, start)

    def _placed(self, words: Iterable[int | Numbers]) -> tuple[list[int], list[int]]:
        step = self._analyser.step
        numbers: list[int] = []
        positions: list[int] = []
        word = 0
        for each in words:
            if isinstance(each, int):
                numbers.append(each)
                positions.append(word * step)
                word += 1
            else:
                numbers.extend(each[0])
                positions.extend(word * step + place for place in each[1])
                word += each[2]
        return numbers, positions


class Present:
    """Adds texts to a field that keeps only which terms are there."""

    def __init__(self, field: FieldDraft, analyser: ByWord, lexicon: Lexicon) -> None:
        """Take the field, its analyser, and the numbers of the words."""
        self._field = field
        self._table = _Table(field, analyser, lexicon)
        self._lines: dict[str, set[int]] = {}

    def add(self, document: int, parts: Iterable[tuple[str, Sequence[int]]], times: int = 1) -> None:
        """Add a passage, and as many that follow, by the lines of its text, each with its words."""
        numbers: set[int] = set()
        for line, found in parts:
            numbers |= self._numbers(line, found)
        self._field.add_plain(document, numbers, times)

    def _numbers(self, line: str, found: Sequence[int]) -> set[int]:
        held = self._lines.get(line)
        if held is None:
            each: set[Any] = set(self._table.of(found))
            several = [one for one in each if type(one) is tuple] if self._table.several else ()
            held = each.difference(several).union(*(one[0] for one in several))
            if len(self._lines) >= _LINES:
                self._lines.clear()
            self._lines[line] = held
        return held


_LINES = 8
"""Lines that are remembered: enough for the title and the names that all passages of a record share."""


class Inverter:
    """Adds passages to a draft, whose fields it makes as they come."""

    def __init__(self, draft: Draft, begin: Callable[[str, Any], FieldDraft]) -> None:
        """Take the draft.

        :param begin: makes the draft of a field that comes for the first time, from its name and Whoosh's field.
        """
        self.draft = draft
        self._begin = begin
        self._in_order: dict[str, InOrder] = {}
        self._present: dict[str, Present] = {}
        self._found: dict[tuple[Callable[[str], list[str]], str], list[int]] = {}
        self._lexicons: defaultdict[Callable[[str], list[str]], Lexicon] = defaultdict(Lexicon)
        self._values: dict[str, dict[tuple[str, ...], frozenset[int]]] = {}

    def field(self, name: str, field: Any) -> FieldDraft:  # noqa: ANN401 - Whoosh's own type
        """Give the draft of a field."""
        found = self.draft.fields.get(name)
        if found is None:
            found = self.draft.fields[name] = self._begin(name, field)
        return found

    def add(self, name: str, field: Any, value: Any, times: int = 1) -> None:  # noqa: ANN401 - Whoosh's own type, and as the field takes it
        """Add the value of an indexed field of the next passage, and of as many that follow."""
        draft, document = self.field(name, field), self.draft.documents
        if isinstance(value, tuple):
            draft.add_plain(document, self._numbers(name, draft, value), times)
            return
        analyser = field.analyzer
        if not (isinstance(value, str) and hasattr(analyser, "spread")):
            self._other(draft, document, field, value, times)
        elif draft.kind == "plain":
            if name not in self._present:
                self._present[name] = Present(draft, analyser, self._lexicons[analyser.find])
            self._present[name].add(document, [(line, self._words(line, analyser)) for line in value.split("\n")], times)
        else:
            if name not in self._in_order:
                self._in_order[name] = InOrder(draft, analyser, self._lexicons[analyser.find])
            self._in_order[name].add(document, value, self._words(value, analyser), times)

    def _numbers(self, name: str, draft: FieldDraft, values: tuple[str, ...]) -> frozenset[int]:
        """Give the numbers of values that are terms as they are."""
        held = self._values.setdefault(name, {})
        if values not in held:
            held[values] = frozenset(draft.number(value.encode()) for value in values)
        return held[values]

    def _words(self, line: str, analyser: ByWord) -> list[int]:
        """Give the numbers of the words of a line, which several fields may have."""
        key = (analyser.find, line)
        found = self._found.get(key)
        if found is None:
            if len(self._found) >= _LINES:
                self._found.clear()
            found = self._found[key] = list(map(self._lexicons[analyser.find].__getitem__, analyser.find(line)))
        return found

    @staticmethod
    def _other(draft: FieldDraft, document: int, field: Any, value: Any, times: int) -> None:  # noqa: ANN401 - Whoosh's own types
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
        draft.add_alike(document, counts, length_byte(sum(counts.values())), start, times)
