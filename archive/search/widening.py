"""Words of a query that name a concept of the thesaurus, and words that need not occur.

Names of facilities are put in first (`archive.search._names`); then, of the words
that stand beside each other, the longest runs that are a label. Nothing is widened
under NOT, in a phrase, near or a field.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from archive.named_tuple import NamedTuple
from archive.search import _general_words as general_words
from archive.search import _period_words as period_words
from archive.search import label_keys, labels
from archive.search.labels import Label, Labels
from archive.search.syntax import And, Concept, Lift, NameQuery, Node, Not, Or, Phrase, Word, WorkQuery, all_of
from archive.text import fold

_LONGEST_EQUIVALENT: Final = 8
"""Words of a run that others say the same as."""


class Widened(NamedTuple):
    """A tree with its concepts, and what was found about its words on the way.

    ``under`` are words for something narrower that a term takes in; ``offered``
    mean a term that is worth a filter and no widening; ``not_required`` need not
    occur; ``corrected`` are words as they were typed, and as they were read;
    ``denied`` mean a topic and must not stand in a passage, which may be on it all the same;
    of ``spared`` a passage may go without one or two (`archive.search._most`).
    """

    tree: Node | None
    under: tuple[tuple[str, Label], ...] = ()
    offered: tuple[tuple[str, Label], ...] = ()
    not_required: tuple[str, ...] = ()
    corrected: tuple[tuple[str, str], ...] = ()
    denied: tuple[tuple[str, Label], ...] = ()
    spared: tuple[str, ...] = ()


class Widening:
    """Puts the concepts of a thesaurus into a query."""

    def __init__(self, known: Labels, is_common: Callable[[str, str], bool], is_found: Callable[[Node], bool]) -> None:
        """Take the labels, and what to ask of the index.

        :param is_common: tells of the list and id of a term whether so many passages have it that it would widen to no use.
        :param is_found: tells whether anything in the index has some words.
        """
        self._is_common, self._is_found = is_common, is_found
        self._labels = known

    def widen(self, tree: Node | None, without: frozenset[str] = frozenset()) -> Widened:
        """Return a tree with a `Concept` in the place of each run of words that is a label.

        :param without: runs that are to be read as their parts.
        """
        notes = _Notes()
        if isinstance(tree, And):
            parts = _beside_their_subject(tuple(self._parts(tree.parts, without, notes)), notes)
            parts = _beside_others(parts, notes)
        elif isinstance(tree, Or):
            single = [_beside_others(tuple(self._parts((part,), without, notes)), notes) for part in tree.parts]
            widened = tuple(part for parts in single for part in parts if not isinstance(part, Lift))
            return notes.of(Or(widened) if widened else tree)
        elif tree is not None:
            parts = _beside_others(tuple(self._parts((tree,), without, notes)), notes)
        else:
            return Widened(None)
        if all(isinstance(part, Lift | Not) for part in parts):
            return notes.of(all_of(_required_words(parts)), nothing_dropped=True)
        return notes.of(all_of(parts))

    def _parts(self, parts: Sequence[Node], without: frozenset[str], notes: "_Notes") -> Iterator[Node]:
        at = 0
        while at < len(parts):
            end = at
            while end < len(parts) and isinstance(parts[end], Word):
                end += 1
            if end > at:
                yield from self._words([word.written for word in parts[at:end] if isinstance(word, Word)], without, notes)
                at = end
            else:
                part = parts[at]
                yield self._widen_within(part, without, notes)
                at += 1

    def _widen_within(self, part: Node, without: frozenset[str], notes: "_Notes") -> Node:
        if isinstance(part, And | Or):
            widened = self.widen(part, without)
            notes.add(widened)
            return widened.tree or part
        if isinstance(part, WorkQuery) and part.part:
            widened = self.widen(part.part, without)
            notes.add(widened)
            return part._replace(part=widened.tree)
        if isinstance(part, Lift) and isinstance(part.part, Word):
            notes.not_required.append(part.part.written)
        if isinstance(part, Not):
            notes.denied += self._denied_topics(part.part)
        return part

    def _denied_topics(self, part: Node) -> Iterator[tuple[str, Label]]:
        """Yield the topics that words under NOT mean: there they are words alone."""
        words = part.parts if isinstance(part, And) else (part,)
        written = [item.written for item in words if isinstance(item, Word)]
        for run in self._labels.runs(written) if len(written) == len(words) else ():
            yield from ((run.written, item) for item in run.labels if item.how == labels.MEANS and item.list == "topic")

    def _words(self, words: list[str], without: frozenset[str], notes: "_Notes") -> Iterator[Node]:
        words = [self._read(word, notes) for word in words]
        at = 0
        for run in self._labels.runs(words, without):
            yield from self._widen_words(words[at : run.start], notes)
            yield self._run(run, words[run.start : run.end], notes)
            at = run.end
        yield from self._widen_words(words[at:], notes)

    def _read(self, word: str, notes: "_Notes") -> str:
        """Return a word as it is, or the word of a label from which one that this index does not have differs by a slip."""
        if not word.isascii() and self._is_found(Word(word)):
            return word
        corrected = self._labels.correct(word)
        if not corrected or self._labels.find(word) or self._labels.equivalents(word):
            return word
        if general_words.is_general(word, ()) or self._is_found(Word(word)):
            return word
        notes.corrected.append((word, corrected))
        return corrected

    def _widen_words(self, words: list[str], notes: "_Notes") -> Iterator[Node]:
        """Yield the words that are no label; the longest runs of them that others say the same as are looked for so too."""
        at = 0
        while at < len(words):
            for end in range(min(len(words), at + _LONGEST_EQUIVALENT), at, -1):
                written = " ".join(words[at:end])
                others = () if self._needs_no_others(words[at:end]) else self._equivalents(written)
                if others and not self._is_background(written):
                    yield NameQuery(written, (written, *others), ())
                    at = end
                    break
            else:
                yield self._single(words[at], notes)
                at += 1

    def _needs_no_others(self, words: list[str]) -> bool:
        """Say whether a run is a word that names no subject, or begins or ends with one that carries none."""
        if len(words) == 1:
            return general_words.is_general(words[0], tuple(label_keys.keys(words[0])))
        return label_keys.is_function(words[0]) or label_keys.is_function(words[-1])

    def _equivalents(self, written: str) -> tuple[str, ...]:
        """Return the words of this index that say the same as some words."""
        others = self._labels.equivalents(written)
        return tuple(other for other in others if self._is_found(Phrase(other) if " " in other else Word(other)))

    def _is_background(self, written: str) -> bool:
        return not self._labels.not_required.isdisjoint(label_keys.keys(written)) or self._labels.is_background(written)

    def _label_words(self, words: list[str]) -> list[str]:
        """Return the words of a run that have to stand near each other: those of the label that it is.

        Words of the background are left out where what remains names a subject: "no" and "says" do not.
        """
        counted = [word for word in words if not label_keys.is_function(word)] or words
        if self._labels.is_whole(" ".join(words)):
            return counted
        kept = [word for word in counted if not self._labels.is_background(word)]
        return kept if any(map(_names_a_subject, kept)) else counted

    def _run(self, run: labels.Run, words: list[str], notes: "_Notes") -> Node:
        meant = (label for label in run.labels if label.how in {labels.MEANS, labels.ONLY_WITH})
        widening = tuple(label for label in meant if not self._is_common(label.list, label.id))
        notes.under += [(run.written, label) for label in run.labels if label.how == labels.UNDER]
        notes.offered += [(run.written, label) for label in run.labels if label not in widening and label.how != labels.UNDER]
        part = all_of(map(Word, self._label_words(words))) or Word(run.written)
        if widening:
            part = Concept(run.written, part, tuple((label.list, label.id) for label in widening))
            notes.only_with += [(part, run.written, label) for label in widening if label.how == labels.ONLY_WITH]
        else:
            others = self._equivalents(run.written)
            part = NameQuery(run.written, (run.written, *others), ()) if others else part
            notes.narrower += [(part, run.written, label) for label in run.labels if label.how == labels.UNDER]
        if self._is_background(run.written):
            notes.not_required.append(run.written)
            return Lift(part)
        return part

    def _single(self, word: str, notes: "_Notes") -> Node:
        forms = tuple(label_keys.keys(word))
        if label_keys.is_function(word) or self._is_background(word) or general_words.is_general(word, forms):
            notes.not_required.append(word)
            return Lift(Word(word))
        years = period_words.years_in_words(word)
        if years:
            notes.not_required.append(word)
            notes.offered.append((word, Label("period", years, labels.FILTER)))
            return Lift(Word(word))
        read = self._labels.compound(word)
        named = [name for name in read if name not in self._labels.not_required]
        if not named:
            return Word(word)
        parts: list[Node] = []
        for name in named:
            widening = tuple((label.list, label.id) for label in self._labels.find(name) if label.how == labels.MEANS)
            parts.append(Concept(name, Word(name), widening) if widening else Word(name))
        return Or((Word(word), all_of(parts) or Word(word)))


_NO_SUBJECT: Final = frozenset({"no", "not", "never", "none", "without"})


def _names_a_subject(word: str) -> bool:
    return fold(word) not in _NO_SUBJECT and not general_words.is_general(word, tuple(label_keys.keys(word)))


class _Notes:
    def __init__(self) -> None:
        self.under: list[tuple[str, Label]] = []
        self.offered: list[tuple[str, Label]] = []
        self.not_required: list[str] = []
        self.corrected: list[tuple[str, str]] = []
        self.denied: list[tuple[str, Label]] = []
        self.narrower: list[tuple[Node, str, Label]] = []
        """Parts that look for the words of something narrower, as they are written, and what they stand under."""
        self.only_with: list[tuple[Node, str, Label]] = []
        """Parts that mean a term beside another part alone, as they are written, and that term."""

    def add(self, widened: Widened) -> None:
        self.corrected += widened.corrected
        self.under += widened.under
        self.offered += widened.offered
        self.not_required += widened.not_required
        self.denied += widened.denied

    def of(self, tree: Node | None, *, nothing_dropped: bool = False) -> Widened:
        dropped = () if nothing_dropped else tuple(dict.fromkeys(self.not_required))
        return Widened(
            tree,
            under=tuple(dict.fromkeys(self.under)),
            offered=tuple(dict.fromkeys(self.offered)),
            not_required=dropped,
            corrected=tuple(dict.fromkeys(self.corrected)),
            denied=tuple(dict.fromkeys(self.denied)),
        )


def _required_words(parts: Sequence[Node]) -> Iterator[Node]:
    """Yield the words of a query that has none but such as need not occur elsewhere: those that carry a sense, else all."""
    words = [part.part if isinstance(part, Lift) else part for part in parts]
    carrying = [part for part in words if not (isinstance(part, Word) and label_keys.is_function(part.written))]
    yield from carrying or words


def _beside_their_subject(parts: tuple[Node, ...], notes: "_Notes") -> tuple[Node, ...]:
    """Return parts of which those for something narrower need not occur where the wider subject is asked for beside them."""
    terms = {term for part in concepts(all_of(parts)) for term in part.terms}
    beside = {id(part): written for part, written, label in notes.narrower if (label.list, label.id) in terms}
    notes.not_required += [beside[id(part)] for part in parts if id(part) in beside]
    return tuple(Lift(part) if id(part) in beside else part for part in parts)


def _beside_others(parts: tuple[Node, ...], notes: "_Notes") -> tuple[Node, ...]:
    """Return parts of which a word that means a term only beside others is the word alone where nothing else is asked for."""
    asked = [part for part in parts if not isinstance(part, Lift | Not)]
    if len(asked) != 1 or not isinstance(asked[0], Concept):
        return parts
    alone = asked[0]
    dropped = [(written, label) for part, written, label in notes.only_with if part is alone]
    if not dropped:
        return parts
    notes.offered += dropped
    terms = tuple(term for term in alone.terms if term not in {(label.list, label.id) for _, label in dropped})
    left = alone._replace(terms=terms) if terms else alone.part
    return tuple(left if part is alone else part for part in parts)


def concepts(node: Node | None) -> Iterator[Concept]:
    """Yield every concept of a tree, in the order of its words."""
    if isinstance(node, Concept):
        yield node
    elif isinstance(node, WorkQuery):
        yield from concepts(node.part)
    elif isinstance(node, And | Or):
        for part in node.parts:
            yield from concepts(part)


def works(node: Node | None) -> Iterator[WorkQuery]:
    """Yield every part of a tree that names works, in the order of its words; none that must not answer."""
    if isinstance(node, WorkQuery):
        yield node
    elif isinstance(node, And | Or):
        for part in node.parts:
            yield from works(part)
