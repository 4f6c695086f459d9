"""Text into a segment: a word is found once in a process, and is a number from then on."""

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain, islice
from typing import Any, Final, NamedTuple, TypeVar

from archive.engine.whoosh.segment._arrays import Array, np
from archive.engine.whoosh.segment._inversion import Occurrences, gather, invert
from archive.engine.whoosh.segment._segment_data import ColumnData, InvertedField, SegmentData, offsets_of, ranges
from archive.engine.whoosh.segment.layout import Kind


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
    :param column: whether each passage has one value of it, to sort, filter and count by, or to be printed.
    """

    kind: Kind | None = None
    analyser: Analyser | None = None
    column: bool = False


Repeated = tuple[Any, int]
"""A value of a field, and how many neighbouring passages have it; None: they have none."""

_MOST_WORDS: Final = 200_000
"""Words that are remembered from one segment to the next; some 100 MB with their terms."""


_TOGETHER: Final = 1_024
"""Passages whose words become terms at a time, so that not all of a segment are in memory twice."""

_Value = TypeVar("_Value", str, bytes)


class _Numbers(dict[_Value, int]):
    """A number for each different value, in the order in which they come."""

    def __missing__(self, value: _Value) -> int:
        """Give a new value the next number."""
        number = self[value] = len(self)
        return number


class Lexicon(_Numbers[str]):
    """Word → a number of its own, the same for all fields that an analyser cuts into words, and for all segments."""

    def __init__(self, find: Callable[[str], list[str]]) -> None:
        """Begin with no word."""
        super().__init__()
        self._find = find
        self._lines: dict[str, array[int]] = {}

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
        self.numbers = _Numbers[bytes]()
        self._terms, self._places = array("I"), array("I")
        self._sizes, self._counted = array("I"), array("I")
        self._offsets = array("I")

    def _go_on(self) -> None:
        """Analyse the words that are new."""
        for word in islice(self.lexicon, len(self._sizes), None):
            term = self._analyser.term(word)
            occurrences = TermOccurrences((term,), (0,)) if term else self._analyser.spread(word)
            self._offsets.append(len(self._terms))
            self._terms.extend([self.numbers[term.encode()] for term in occurrences.terms])
            self._places.extend(occurrences.positions)
            self._sizes.append(len(occurrences.terms))
            self._counted.append(occurrences.words)

    def of(self, field: "_FieldBuilder") -> Occurrences:
        """Return the terms of the words of a field, and where it is placed their positions."""
        self._go_on()
        words, word_sizes, documents = map(_view, (field.numbers, field.sizes, field.documents))
        count = int(gather(_view(self._sizes), words).sum())
        terms, sizes = np.empty(count, np.uint32), np.empty_like(word_sizes)
        positions = np.empty(count if field.kind == "placed" else 0, np.uint32)
        end = filled = 0
        for first in range(0, len(word_sizes), _TOGETHER):
            here = slice(first, first + _TOGETHER)
            at, end = end, end + int(word_sizes[here].sum())
            found, sizes[here], places = self._spread(words[at:end], word_sizes[here])
            terms[filled : filled + len(found)] = found
            if len(positions):
                positions[filled : filled + len(found)] = places
            filled += len(found)
        return Occurrences(terms, sizes, documents, positions)

    def _spread(self, words: Array, word_sizes: Array) -> tuple[Array, Array, Array]:
        """Return the terms of the words of some passages, how many each passage has, and their positions."""
        sizes, terms, places, counted, offsets = map(
            _view, (self._sizes, self._terms, self._places, self._counted, self._offsets)
        )
        each, before, passages = sizes[words], offsets_of(counted[words]), offsets_of(word_sizes)
        # A passage's positions begin at 0: what all words before it count for is taken away.
        starts = (before[:-1] - np.repeat(before[passages[:-1]], word_sizes)).astype(np.uint32) * np.uint32(self._analyser.step)
        at = ranges(offsets[words], each)
        return terms[at], np.diff(offsets_of(each)[passages]), np.repeat(starts, each) + places[at]


def _view(numbers: "array[int]") -> Array:
    """Return the numbers of an array, which is not copied and may not grow as long as they are used."""
    return np.frombuffer(numbers, dtype=np.uint32) if numbers else np.zeros(0, np.uint32)


class _FieldBuilder:
    """A field while it is filled: the numbers of the words or terms of each passage that has any."""

    def __init__(self, kind: Kind, terms: WordTerms | None) -> None:
        """Begin with nothing.

        :param terms: those of the words into which texts are cut; None: the values are terms as they are.
        """
        self.kind: Kind = kind
        self._terms = terms
        self._values = _Numbers[bytes]()
        self.numbers, self.sizes, self.documents = array("I"), array("I"), array("I")

    def add(self, document: int, runs: Iterable[Repeated]) -> None:
        """Add the values of neighbouring passages."""
        for value, times in runs:
            if value is not None:
                numbers = self._numbers_of(value)
                self.numbers.extend(numbers * times)
                self.sizes.extend((len(numbers),) * times)
                self.documents.extend(range(document, document + times))
            document += times

    def _numbers_of(self, value: str | tuple[str, ...]) -> "array[int]":
        values = (value,) if isinstance(value, str) else value
        if self._terms is None:
            return array("I", [self._values[each.encode()] for each in values])
        numbers = array("I")
        # One of the lines is the passage's text, which another field has too; the others its neighbours have as well.
        for line in chain.from_iterable(each.split("\n") for each in values) if self.kind == "plain" else values:
            numbers.extend(self._terms.lexicon.of(line))
        return numbers

    def finish(self, documents: int) -> InvertedField:
        """Invert what was added."""
        if self._terms is None:
            found, terms = Occurrences(*map(_view, (self.numbers, self.sizes, self.documents))), self._values
        else:
            found, terms = self._terms.of(self), self._terms.numbers
        return invert(self.kind, list(terms), found, documents)


class _Column:
    """A column while it is filled."""

    def __init__(self) -> None:
        self._values = _Numbers[bytes]()
        self._codes = array("I")
        self.size = 0

    def add(self, document: int, runs: Iterable[Repeated]) -> None:
        """Add the values of neighbouring passages; those that have none are given the empty one."""
        for value, times in ((b"", document - len(self._codes)), *runs):
            written = value.encode() if isinstance(value, str) else value or b""
            self.size += 0 if written in self._values else len(written)
            self._codes.extend((self._values[written],) * times)

    def finish(self, documents: int) -> ColumnData:
        """Return the column of so many passages."""
        self.add(documents, ())
        return ColumnData(list(self._values), np.array(self._codes, np.uint32))


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


class SegmentBuilder:
    """A segment while it is filled, passage by passage and field by field.

    Its fields are inverted in the end.
    """

    def __init__(self, fields: Mapping[str, IndexedField], lexicons: Lexicons) -> None:
        """Begin an empty one."""
        lexicons.begin_segment()
        self._kept, self._lexicons = fields, lexicons
        self._fields: dict[str, _FieldBuilder] = {}
        self._columns: dict[str, _Column] = {}
        self.documents = 0

    @property
    def size(self) -> int:
        """Count the bytes of its columns."""
        return sum(column.size for column in self._columns.values())

    def add(self, count: int, fields: Mapping[str, Sequence[Repeated]]) -> None:
        """Add neighbouring passages."""
        for name, runs in fields.items():
            field = self._kept[name]
            if field.kind is not None:
                if name not in self._fields:
                    terms = self._lexicons.terms(field.analyser) if field.analyser else None
                    self._fields[name] = _FieldBuilder(field.kind, terms)
                self._fields[name].add(self.documents, runs)
            if field.column:
                self._columns.setdefault(name, _Column()).add(self.documents, runs)
        self._lexicons.forget_lines()
        self.documents += count

    def finish(self) -> SegmentData:
        """Invert all fields, one after the other, and let go of what they were made of."""
        fields = {name: self._fields.pop(name).finish(self.documents) for name in list(self._fields)}
        return SegmentData(self.documents, fields, {name: each.finish(self.documents) for name, each in self._columns.items()})
