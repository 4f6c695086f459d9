"""Text into a draft, fast: a word is analysed once in a segment and is a number from then on."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, Protocol

from archive.engine.packed.draft import Draft, FieldDraft
from archive.engine.packed.lengths import LENGTHS, length_byte


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


class _Words(dict[str, int | Numbers]):
    """Word → the number of its term, or `Numbers` where it is not just one."""

    def __init__(self, field: FieldDraft, analyser: ByWord) -> None:
        super().__init__()
        self._field = field
        self._analyser = analyser

    def __missing__(self, word: str) -> int | Numbers:
        spread = self._analyser.spread(word)
        numbers = tuple(self._field.number(term.encode()) for term in spread.terms)
        plain = len(numbers) == 1 and spread.positions == (0,) and spread.words == 1
        found = self[word] = numbers[0] if plain else (numbers, spread.positions, spread.words)
        return found


class _Added(NamedTuple):
    """A value that was added to the passage before; the same again need not be taken apart."""

    value: str
    counts: dict[int, int]
    byte: int
    start: int


class InOrder:
    """Adds texts to a field that keeps how often and where."""

    def __init__(self, field: FieldDraft, analyser: ByWord) -> None:
        """Take the field and its analyser."""
        self._field = field
        self._analyser = analyser
        self._words = _Words(field, analyser)
        self._before = _Added("", {}, 0, 0)

    def add(self, document: int, value: str, found: Sequence[str]) -> None:
        """Add the text of a passage, of which ``found`` are the words."""
        field = self._field
        field.fill(document)
        if value != self._before.value:
            self._before = self._taken_apart(value, found)
        added = self._before
        field.lengths.append(added.byte)
        field.total += LENGTHS[added.byte]
        field.starts.append(added.start)
        field.add_counts(document, added.counts, added.byte)

    def _taken_apart(self, value: str, found: Sequence[str]) -> _Added:
        numbers: list[Any] = list(map(self._words.__getitem__, found))
        positions: list[int] | None = None
        if tuple in set(map(type, numbers)):
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

    def __init__(self, field: FieldDraft, analyser: ByWord) -> None:
        """Take the field and its analyser."""
        self._field = field
        self._words = _Words(field, analyser)
        self._lines: dict[str, frozenset[int]] = {}

    def add(self, document: int, parts: Iterable[tuple[str, Sequence[str]]]) -> None:
        """Add a passage by the lines of its text, each with its words."""
        numbers: set[int] = set()
        for line, found in parts:
            numbers |= self._numbers(line, found)
        self._field.add_plain(document, numbers)

    def _numbers(self, line: str, found: Sequence[str]) -> frozenset[int]:
        held = self._lines.get(line)
        if held is None:
            each = set(map(self._words.__getitem__, set(found)))
            several = [one for one in each if isinstance(one, tuple)]
            flat = {one for one in each if isinstance(one, int)}
            for one in several:
                flat.update(one[0])
            held = frozenset(flat)
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
        self._found: dict[str, list[str]] = {}
        self._values: dict[str, dict[tuple[str, ...], frozenset[int]]] = {}

    def field(self, name: str, field: Any) -> FieldDraft:  # noqa: ANN401 - Whoosh's own type
        """Give the draft of a field."""
        found = self.draft.fields.get(name)
        if found is None:
            found = self.draft.fields[name] = self._begin(name, field)
        return found

    def add(self, name: str, field: Any, value: Any) -> None:  # noqa: ANN401 - Whoosh's own type, and as the field takes it
        """Add the value of an indexed field of the next passage."""
        draft, document = self.field(name, field), self.draft.documents
        if isinstance(value, tuple):
            draft.add_plain(document, self._numbers(name, draft, value))
            return
        analyser = field.analyzer
        if not (isinstance(value, str) and hasattr(analyser, "spread")):
            self._other(draft, document, field, value)
        elif draft.kind == "plain":
            if name not in self._present:
                self._present[name] = Present(draft, analyser)
            self._present[name].add(document, [(line, self._words(line, analyser)) for line in value.split("\n")])
        else:
            if name not in self._in_order:
                self._in_order[name] = InOrder(draft, analyser)
            self._in_order[name].add(document, value, self._words(value, analyser))

    def _numbers(self, name: str, draft: FieldDraft, values: tuple[str, ...]) -> frozenset[int]:
        """Give the numbers of values that are terms as they are."""
        held = self._values.setdefault(name, {})
        if values not in held:
            held[values] = frozenset(draft.number(value.encode()) for value in values)
        return held[values]

    def _words(self, line: str, analyser: ByWord) -> list[str]:
        """Give the words of a line, which several fields may have."""
        found = self._found.get(line)
        if found is None:
            if len(self._found) >= _LINES:
                self._found.clear()
            found = self._found[line] = analyser.find(line)
        return found

    @staticmethod
    def _other(draft: FieldDraft, document: int, field: Any, value: Any) -> None:  # noqa: ANN401 - Whoosh's own types
        """Add a value in Whoosh's own way."""
        counts: dict[int, int] = {}
        places: list[tuple[int, int]] = []
        for term, often, _, written in field.index(value):
            number = draft.number(term)
            counts[number] = often
            if draft.kind == "placed":
                places += [(position, number) for position in field.format.decode_positions(written)]
        if draft.kind == "plain":
            draft.add_plain(document, counts)
            return
        draft.fill(document)
        byte = length_byte(sum(counts.values()))
        draft.lengths.append(byte)
        draft.total += LENGTHS[byte]
        places.sort()
        numbers = [number for _, number in places]
        draft.starts.append(draft.sequence(numbers, [position for position, _ in places]) if numbers else 0)
        draft.add_counts(document, counts, byte)
