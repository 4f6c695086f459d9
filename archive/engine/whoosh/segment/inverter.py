"""Text into a segment: a word is found once in a process, and is a number from then on."""

from array import array
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, NamedTuple, Protocol

from archive.engine.whoosh.segment._arrays import Array, np
from archive.engine.whoosh.segment._inversion import InvertedField, Occurrences, blocks, gathered, invert
from archive.engine.whoosh.segment.layout import Kind, Pair


class TermOccurrences(NamedTuple):
    """What a word is in a field: its terms, their positions from the word's own, and how many words it counts for."""

    terms: tuple[str, ...]
    positions: tuple[int, ...]
    words: int = 1


class Analyser(NamedTuple):
    """What takes a text word by word, each by itself.

    :param step: positions from a word to the next.
    :param find: gives the words of a text.
    :param term: gives the term of a word that is just one, at the word's own position; "" for other words.
    :param spread: gives the terms of a word.
    """

    step: int
    find: Callable[[str], list[str]]
    term: Callable[[str], str]
    spread: Callable[[str], TermOccurrences]


class IndexedField(NamedTuple):
    """What an index keeps of a field of its passages.

    :param kind: what is kept of its terms; None: it is not searched.
    :param analyser: cuts its text into words; None: its values are terms as they are.
    :param column: whether each passage has one value of it, to sort, filter and count by.
    :param stored: whether it is kept as it is, to be printed.
    """

    kind: Kind | None = None
    analyser: Analyser | None = None
    column: bool = False
    stored: bool = False


Repeated = tuple[Any, int]
"""A value of a field, and how many neighbouring passages have it; None: they have none."""

_MOST_WORDS: Final = 200_000
"""Words that are remembered from one segment to the next; some 100 MB with their terms."""


class Lexicon(dict[str, int]):
    """Word → a number of its own, the same for all fields that an analyser cuts into words, and for all segments."""

    def __init__(self, find: Callable[[str], list[str]]) -> None:
        """Begin with no word."""
        super().__init__()
        self.words: list[str] = []
        self._find = find
        self._lines: dict[str, array[int]] = {}

    def __missing__(self, word: str) -> int:
        """Return a new word the next number."""
        value = self[word] = len(self.words)
        self.words.append(word)
        return value

    def of(self, line: str) -> "array[int]":
        """Return the numbers of the words of a line, which several fields may have."""
        numbers = self._lines.get(line)
        if numbers is None:
            numbers = self._lines[line] = array("I", map(self.__getitem__, self._find(line)))
        return numbers

    def forget_lines(self) -> None:
        """Forget the lines, of which none is expected again."""
        self._lines.clear()


class WordTerms:
    """The terms of the words of a lexicon as one analyser has them, all of them one after the other."""

    def __init__(self, analyser: Analyser, lexicon: Lexicon) -> None:
        self._analyser, self.lexicon = analyser, lexicon
        self.names: list[bytes] = []
        self._numbers: dict[bytes, int] = {}
        self._terms, self._places = array("I"), array("I")
        self._sizes, self._counted = array("I"), array("I")
        self._offsets = array("I")

    def _number(self, term: str) -> int:
        name = term.encode()
        number = self._numbers.get(name)
        if number is None:
            number = self._numbers[name] = len(self.names)
            self.names.append(name)
        return number

    def _go_on(self) -> None:
        """Analyse the words that are new."""
        for word in self.lexicon.words[len(self._sizes) :]:
            term = self._analyser.term(word)
            spread = TermOccurrences((term,), (0,)) if term else self._analyser.spread(word)
            self._offsets.append(len(self._terms))
            self._terms.extend(map(self._number, spread.terms))
            self._places.extend(spread.positions)
            self._sizes.append(len(spread.terms))
            self._counted.append(spread.words)

    def of(self, runs: "_Runs", step: int) -> Occurrences:
        """Return the terms of the words of some runs, with their positions where one is not just one term."""
        self._go_on()
        words = _taken(runs.numbers)
        firsts, times, run_sizes = map(_taken, (runs.firsts, runs.times, runs.sizes))
        count = int(gathered(_taken(self._sizes), words).sum())
        terms, positions, sizes = np.empty(count, np.uint32), np.empty(count, np.uint32), np.empty_like(run_sizes)
        end = filled = 0
        for first, last in blocks(run_sizes):
            at, end = end, end + int(run_sizes[first:last].sum())
            found, sizes[first:last], places = self._spread(words[at:end], run_sizes[first:last], step)
            terms[filled : filled + len(found)] = found
            positions[filled : filled + len(found)] = places
            filled += len(found)
        return Occurrences(terms, sizes, firsts, times, positions)

    def _spread(self, words: Array, run_sizes: Array, step: int) -> tuple[Array, Array, Array]:
        """Return the terms of the words of some runs, how many each run has, and their positions."""
        sizes, terms, places, counted, offsets = map(
            _taken, (self._sizes, self._terms, self._places, self._counted, self._offsets)
        )
        each, before = sizes[words], np.cumsum(counted[words], dtype=np.uint32) - counted[words]
        ends = np.concatenate((np.zeros(1, np.uint32), np.cumsum(each, dtype=np.uint32)))
        run_ends = np.cumsum(run_sizes, dtype=np.int64)
        run_starts = run_ends - run_sizes
        # A run's positions begin at 0: what all words before it count for is taken away.
        before -= np.repeat(np.append(before, np.uint32(0))[run_starts], run_sizes)
        before *= np.uint32(step)
        at = np.arange(int(ends[-1]), dtype=np.uint32)
        at -= np.repeat(ends[:-1] - offsets[words], each)
        positions = np.repeat(before, each)
        positions += places[at]
        return terms[at], ends[run_ends] - ends[run_starts], positions


def _taken(numbers: "array[int]") -> Array:
    """Return the numbers of an array, which is not copied and may not grow as long as they are used."""
    return np.frombuffer(numbers, dtype=np.uint32) if numbers else np.zeros(0, np.uint32)


class _Runs:
    """Runs of numbers as they come, and which passages have each."""

    def __init__(self) -> None:
        self.numbers, self.sizes, self.firsts, self.times = array("I"), array("I"), array("I"), array("I")

    def add(self, numbers: "array[int]", first: int, times: int) -> None:
        """Add a run."""
        self.numbers.extend(numbers)
        self.sizes.append(len(numbers))
        self.firsts.append(first)
        self.times.append(times)


class FieldInverter(Protocol):
    """Collects the values of a field."""

    def add(self, document: int, runs: Iterable[Repeated]) -> None:
        """Add the values of neighbouring passages."""

    def finish(self, documents: int, first: int, pairs: Sequence[Pair]) -> InvertedField:
        """Invert what was added."""


class _Words:
    """A field that an analyser takes word by word."""

    def __init__(self, kind: Kind, step: int, terms: WordTerms) -> None:
        self._kind, self._step, self._terms = kind, step, terms
        self._runs = _Runs()

    def add(self, document: int, runs: Iterable[Repeated]) -> None:
        of = self._terms.lexicon.of
        if self._kind == "plain":
            self._add_lines(document, runs)
            return
        for value, times in runs:
            if value is not None:
                self._runs.add(of(value), document, times)
            document += times

    def _add_lines(self, document: int, runs: Iterable[Repeated]) -> None:
        """Add texts of lines, some of which neighbouring passages have in common; those of a record all its title."""
        going_on: dict[str, list[int]] = {}
        lines: list[tuple[str, list[int]]] = []
        for value, times in runs:
            for line in dict.fromkeys(value.split("\n")) if value is not None else ():
                extent = going_on.get(line)
                if extent is not None and extent[1] == document:
                    extent[1] += times
                else:
                    extent = going_on[line] = [document, document + times]
                    lines.append((line, extent))
            document += times
        for line, (first, end) in lines:
            self._runs.add(self._terms.lexicon.of(line), first, end - first)

    def finish(self, documents: int, first: int, pairs: Sequence[Pair]) -> InvertedField:
        found = self._terms.of(self._runs, self._step)
        self._runs = _Runs()
        return invert(self._kind, self._terms.names, found, documents, first=first, pairs=pairs)


class _Values:
    """A field of values that are terms as they are."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self._numbers: dict[bytes, int] = {}
        self._runs = _Runs()

    def _number(self, value: str) -> int:
        return self._numbers.setdefault(value.encode(), len(self._numbers))

    def add(self, document: int, runs: Iterable[Repeated]) -> None:
        for value, times in runs:
            if value is not None:
                values = (value,) if isinstance(value, str) else value
                self._runs.add(array("I", map(self._number, values)), document, times)
            document += times

    def finish(self, documents: int, first: int, pairs: Sequence[Pair]) -> InvertedField:
        runs = self._runs
        found = Occurrences(*map(_taken, (runs.numbers, runs.sizes, runs.firsts, runs.times)))
        return invert(self._kind, list(self._numbers), found, documents, first=first, pairs=pairs)


class Lexicons:
    """What is known of words, by how they are found and analysed; it lasts from one segment to the next."""

    def __init__(self) -> None:
        """Begin with no word."""
        self._lexicons: dict[Callable[[str], list[str]], Lexicon] = {}
        self._terms: dict[Analyser, WordTerms] = {}

    def terms(self, analyser: Analyser) -> WordTerms:
        """Return the terms of words as an analyser has them."""
        lexicon = self._lexicons.setdefault(analyser.find, Lexicon(analyser.find))
        return self._terms.setdefault(analyser, WordTerms(analyser, lexicon))

    def forget_lines(self) -> None:
        """Forget the lines of the passages that were added last."""
        for lexicon in self._lexicons.values():
            lexicon.forget_lines()

    def begin_segment(self) -> None:
        """Forget all words where they have become too many; no segment is under way."""
        if sum(map(len, self._lexicons.values())) > _MOST_WORDS:
            self.__init__()  # type: ignore[misc]  # as at the beginning


class Inverter:
    """Takes the passages of a segment, field by field, and inverts them in the end."""

    def __init__(
        self,
        lexicons: Lexicons,
        first: int,
        pairs: Callable[[str], Sequence[Pair]] = lambda _: (),
    ) -> None:
        """Begin a segment.

        :param first: the number of its first passage, not 0 where another is continued.
        :param pairs: gives those of frequency and length that have a code in a field of the segment that is continued.
        """
        lexicons.begin_segment()
        self._lexicons, self._first, self._pairs = lexicons, first, pairs
        self._fields: dict[str, _Words | _Values] = {}

    def add(self, name: str, field: IndexedField, document: int, runs: Sequence[Repeated]) -> None:
        """Add the values of a field of the next passages, where it is searched."""
        if field.kind is None:
            return
        if name not in self._fields:
            words = field.analyser
            self._fields[name] = _Words(field.kind, words.step, self._lexicons.terms(words)) if words else _Values(field.kind)
        self._fields[name].add(document, runs)

    def forget_lines(self) -> None:
        """Forget the lines of the passages that were added last."""
        self._lexicons.forget_lines()

    def finish(self, documents: int) -> dict[str, InvertedField]:
        """Invert all fields, one after the other, and let go of what they were made of."""
        inverted = {}
        for name in list(self._fields):
            inverted[name] = self._fields.pop(name).finish(documents, self._first, self._pairs(name))
        return inverted
