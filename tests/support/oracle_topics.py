"""What the words of a query mean, in plain Python, to hold the real reading against: slow, and as finding is described.

It takes the plain data of a thesaurus, and of the words of a query whether
anything in the collection has them. Words of a label may stand in any order and
form; a Korean word may end in a particle. The oracle (`oracle`) answers by what
comes out.
"""

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from oracle import PARTICLES, Both, Concept, Either, Lift, Not, Phrase, Spellings, Word, Works, ask, northern, stem

LISTS = ("topic", "flag", "kind", "status", "zone", "role", "connection", "basis")
FUNCTION = frozenset({"the", "of", "what", "in", "and", "was", "어떤", "대한"})
NEGATIONS = frozenset({"no", "not", "never", "none", "without"})
GENERAL = frozenset({"told", "saw", "happened", "report", "목격한", "실태"})
"""The words of the tests that carry no subject, and that say only that something is told."""
YEAR = re.compile(r"(?:1[89]|20)[0-9][0-9]")
LONGEST_LABEL, LONGEST_NAME, LONGEST_EQUIVALENT = 8, 6, 8


class Reading(NamedTuple):
    """A query as it is taken, and what is said of its words."""

    tree: Any
    under: tuple[tuple[str, str], ...]
    not_required: tuple[str, ...]
    corrected: tuple[tuple[str, str], ...]
    denied: tuple[tuple[str, str], ...]
    spared: frozenset[str] = frozenset()


class Label(NamedTuple):
    """What some words are: a term of a list, and whether they mean it, are narrower, or are worth a filter alone."""

    list: str
    id: str
    how: str


class Narrower(NamedTuple):
    """Words for something narrower, as they are written, and what they stand under."""

    written: str
    label: Label


def hangul(word: str) -> bool:
    """Ask whether a word is of Hangul alone."""
    return all("가" <= letter <= "힣" for letter in word)


def southern(word: str) -> str:
    """Spell each syllable as the South does."""
    return "".join(map(northern, word)) if hangul(word) else word


def bare(word: str, shortest: int) -> list[str]:
    """Return a Korean word as it is and without each particle that it may end in."""
    return [word, *(word[: -len(each)] for each in PARTICLES if word.endswith(each) and len(word) >= len(each) + shortest)]


def counted(words: Sequence[str]) -> list[str]:
    """Return the stems of the words of a label that count: all but function words, where two others remain."""
    kept = [word for word in words if word not in FUNCTION]
    return sorted(map(stem, kept if len(kept) > 1 else words))


def is_label(asked: Sequence[str], label: Sequence[str]) -> bool:
    """Ask whether words are those of a label, in whatever order and form."""
    return _is_label(tuple(asked), tuple(label))


@cache
def _is_label(asked: tuple[str, ...], label: tuple[str, ...]) -> bool:
    if not any(map(hangul, label)):
        return not any(map(hangul, asked)) and counted(asked) == counted(label)
    wanted = southern("".join(label))
    if len(asked) == 1 or not all(map(hangul, asked)):
        return wanted in bare(southern("".join(asked)), 2)
    orders = itertools.permutations(asked) if len(asked) <= 3 else [tuple(asked)]
    return any(
        "".join(each) == wanted for order in orders for each in itertools.product(*(bare(southern(word), 1) for word in order))
    )


class Thesaurus:
    """The labels of all vocabularies, the words that say the same, and the words that every account has."""

    def __init__(self, terms: Mapping[str, Any], collection: Mapping[str, Any], equivalents: Iterable[Sequence[str]]) -> None:
        """Take the plain data of the authorities."""
        self.background = [word for word in collection.get("background", ()) if " " not in word]
        self.background_phrases = [phrase.split() for phrase in collection.get("background", ())]
        self.equivalent = [list(group) for group in equivalents]
        common = [word.split() for word in collection.get("common", ())]
        self.labels: list[tuple[list[str], Label]] = []
        for name in LISTS:
            for term in terms.get(name, ()):
                means = [*term.get("label", {}).values(), *(each for words in term.get("also", {}).values() for each in words)]
                narrower = [each for words in term.get("under", {}).values() for each in words]
                for written in means:
                    words = re.findall(r"\w+", written)
                    is_single = len(words) == 1 and not (hangul(words[0]) and len(words[0]) > 4)
                    is_filter = any(is_label(words, each) for each in common) or (name != "topic" and is_single)
                    self.labels.append((words, Label(name, term["id"], "filter" if is_filter else "means")))
                self.labels += [(re.findall(r"\w+", written), Label(name, term["id"], "under")) for written in narrower]

        self.otherwise = [
            ([*words[:at], *re.findall(r"\w+", other), *words[at + 1 :]], label)
            for words, label in self.labels
            if label.list == "topic" and label.how != "under" and sum(word not in FUNCTION for word in words) > 1
            for at, word in enumerate(words)
            for other in self._in_one_group(word)
            if hangul(word) == hangul(other.replace(" ", ""))
        ]

    def _in_one_group(self, word: str) -> list[str]:
        """Return the other words of the last group that has a word."""
        groups = [group for group in self.equivalent if any(is_label([word], re.findall(r"\w+", each)) for each in group)]
        return [each for group in groups[-1:] for each in group if not is_label([word], re.findall(r"\w+", each))]

    def is_background(self, words: Sequence[str]) -> bool:
        """Ask whether words are of the background as a whole, or each of them is."""
        if any(is_label(words, each) for each in self.background_phrases):
            return True
        kept = [word for word in words if word not in FUNCTION]
        return bool(kept) and all(any(is_label([word], [each]) for each in self.background) for word in kept)

    def without_background(self, words: Sequence[str]) -> list[str]:
        """Return the words that are neither of the background nor carry no subject; [] where fewer than two remain, or all."""
        said = [word for word in words if word not in FUNCTION]
        kept = [word for word in said if not any(is_label([word], [each]) for each in self.background)]
        return kept if 1 < len(kept) < len(said) else []

    def named(self, words: Sequence[str]) -> list[Label]:
        """Return what words name as a whole; where that is nothing, without the words of the background on either side."""
        whole = [label for written, label in self.labels if is_label(words, written)]
        if not whole:
            whole = self._shorter(words)
        if not whole and (rest := self.without_background(words)):
            whole = [label for written, label in self.labels if is_label(rest, written)] or self._shorter(rest)
        return list(dict.fromkeys(whole))

    def _shorter(self, words: Sequence[str]) -> list[Label]:
        topics = [(written, label) for written, label in self.labels if label.list == "topic"]
        short = [(rest, label) for written, label in topics if (rest := self.without_background(written))]
        found = [label for rest, label in short if is_label(words, rest)]
        return found or [label._replace(how="means") for written, label in self.otherwise if is_label(words, written)]

    def is_whole(self, words: Sequence[str]) -> bool:
        """Ask whether words are a label with all of their words, or all of those of a label that are not of the background."""
        return any(is_label(words, written) for written, _ in self.labels) or bool(self._shorter(words))

    def others(self, words: Sequence[str]) -> list[str]:
        """Return the other words that say the same."""
        groups = [group for group in self.equivalent if any(is_label(words, re.findall(r"\w+", each)) for each in group)]
        own = [each for group in groups[-1:] for each in group if is_label(words, re.findall(r"\w+", each))][:1]
        itself = [southern("".join(each.split())) for each in own if hangul(words[-1])]
        others = [each for group in groups[-1:] for each in group if each not in own]
        return [*(each for each in itself if each != southern("".join(words))), *others]

    def corrected(self, word: str) -> str:
        """Return the word of a label that differs by one slip; "" where there is none, or some of several stems."""
        known = {each for written, label in self.labels if label.list == "topic" for each in written if _is_spelled(each)}
        known = {each.lower() for each in known}
        folded = word.lower()
        if not _is_spelled(word) or folded in known:
            return ""
        close = [each for each in sorted(known) if each[0] == folded[0] and _is_slip(folded, each)]
        return close[0] if len(set(map(stem, close))) == 1 else ""

    def compound(self, word: str) -> list[str]:
        """Read a Korean word as labels, words of the background and particles; [] where it is no such compound."""
        known = {southern("".join(written)) for written, _ in self.labels if all(map(hangul, written))}
        known |= {
            southern("".join(rest)) for w, each in self.labels if each.list == "topic" and (rest := self.without_background(w))
        }
        known |= {southern("".join(written)) for written, _ in self.otherwise if all(map(hangul, written))}
        known |= {southern(each) for each in self.background}

        def read(at: int) -> list[str] | None:
            if at == len(whole):
                return []
            for end in range(len(whole), at, -1):
                if (whole[at:end] in known or (at and whole[at:end] in PARTICLES)) and (rest := read(end)) is not None:
                    return [whole[at:end], *rest] if whole[at:end] in known else rest
            return None

        whole = southern(word)
        found = (read(0) if hangul(word) else None) or []
        return found if len(found) > 1 else []


def _is_spelled(word: str) -> bool:
    return len(word) >= 6 and word.isascii() and word.isalpha()


def _is_slip(left: str, right: str) -> bool:
    if any(left[:at] + left[at + 1] + left[at] + left[at + 2 :] == right for at in range(len(left) - 1)):
        return True
    lost = any(left[:at] + left[at + 1 :] == right for at in range(len(left)))
    added = any(right[:at] + right[at + 1 :] == left for at in range(len(right)))
    changed = len(left) == len(right) and sum(a != b for a, b in zip(left, right, strict=True)) == 1
    return ((lost or added) and len(left) >= 7) or (changed and len(left) >= 8)


class NamedWork(NamedTuple):
    """A name of a work, which of them it names, and whether it counts as a whole."""

    words: tuple[str, ...]
    id: str
    is_whole: bool


KINDS = frozenset({"book", "report", "보고서"})
"""Words of the tests for kinds of works."""


class Reader:
    """Reads a query: names, then labels, then what the rest may be."""

    def __init__(
        self,
        thesaurus: Thesaurus,
        spellings: Callable[[str], Sequence[str]],
        is_there: Callable[[Any], bool],
        works: Iterable[NamedWork] = (),
    ) -> None:
        """Take the thesaurus, what gives all spellings of a name of a place, and what tells whether anything has some words.

        :param works: every name of a work that anything here is of, or cites.
        """
        self.works = list(works)
        self.thesaurus, self.spellings, self.is_there = thesaurus, spellings, is_there
        self.without: frozenset[str] = frozenset()
        self.places: list[Any] = []
        self.by_words = False
        self._start()

    def _start(self) -> None:
        self.under: list[tuple[str, str]] = []
        self.not_required: list[str] = []
        self.corrected: list[tuple[str, str]] = []
        self.denied: list[tuple[str, str]] = []
        self.dropped = True

    def readings(self, parts: Sequence[Any], *, together: bool = False) -> Iterator[Reading]:
        """Yield the query as its longest labels say, then, where a label has several words, as its parts, then most of it."""
        self.places = []
        first = self.read(parts)
        places = list(self.places)
        yield first
        long = {each.written for each in concepts(first.tree) if " " in each.written}
        if long:
            self.without = frozenset(long)
            yield self.read(parts)
            self.without = frozenset()
        if not together and all(isinstance(each, Word) for each in parts):
            if not all(map(self.is_there, places)):
                self.by_words, self.places = True, []
                first = self.read(parts)
                self.by_words, places = False, [each for each in places if self.is_there(each)]
                yield first
            if isinstance(first.tree, Both):
                yield from self._most(first, places)

    def _most(self, first: Reading, places: Sequence[Any]) -> Iterator[Reading]:
        """Yield what asks for all parts but one, of six or more but two: without words that are no label, then without any."""
        asked = [each for each in first.tree.parts if not isinstance(each, Lift | Not)]
        free = [each for each in asked if not any(each is place for place in places)]
        loose = [each for each in free if self._is_loose(each) and self.is_there(each)]
        words = [each for each in loose if not isinstance(each, Concept)]
        if not 3 <= len(free) <= 8:
            return
        wanting = 1 if len(free) < 6 else 2
        for some in [words, loose] if words and len(words) < len(loose) else [loose]:
            if not some:
                continue
            kept = [
                [each for each in asked if not any(each is other for other in out)]
                for out in itertools.combinations(some, min(wanting, len(some)))
            ]
            either = Either(tuple(_both(each) for each in kept if each)) if all(kept) else None
            if either:
                lifted = [*(each for each in first.tree.parts if isinstance(each, Lift | Not)), *map(Lift, some)]
                yield first._replace(tree=_both([either, *lifted]), spared=frozenset(map(_written, some)))

    def _is_loose(self, part: Any) -> bool:
        is_fixed = isinstance(part, Word) and (part.word[0].isupper() or re.search("[0-9]", part.word))
        return not (is_fixed or isinstance(part, Works))

    def read(self, parts: Sequence[Any]) -> Reading:
        """Read the parts of a query, all of which are asked for."""
        self._start()
        tree = self._all(self._named(self._with_works(parts)))
        return Reading(
            tree,
            tuple(dict.fromkeys(self.under)),
            tuple(dict.fromkeys(self.not_required)) if self.dropped else (),
            tuple(dict.fromkeys(self.corrected)),
            tuple(dict.fromkeys(self.denied)),
        )

    def _with_works(self, parts: Sequence[Any]) -> list[Any]:
        """Put names of works in first, the longest first; a word for a kind of work beside one need not occur."""
        found: list[Any] = []
        at = 0
        while at < len(parts):
            ends = [end for end in range(len(parts), at, -1) if all(isinstance(each, Word) for each in parts[at:end])]
            named = ((end, self._work([each.word for each in parts[at:end]])) for end in ends)
            end, work = next(((end, work) for end, work in named if work), (at + 1, None))
            part = parts[at]
            if work and found and isinstance(found[-1], Word) and _is_kind(found[-1]):
                found[-1] = Lift(found[-1])
            is_beside = bool(found) and isinstance(found[-1], Works) and isinstance(part, Word) and _is_kind(part)
            if isinstance(part, Either):
                part = Either(tuple(self._with_works([each])[0] for each in part.parts))
            found.append(work or (Lift(part) if is_beside else part))
            at = end
        return found

    def _work(self, words: list[str]) -> Works | None:
        if len(words) > 1 and not FUNCTION.isdisjoint((words[0], words[-1])):
            return None
        named = [each for each in self.works if is_label(words, each.words)]
        part = Phrase(tuple(words)) if any(each.is_whole for each in named) else _both([Word(word) for word in words])
        return Works(" ".join(words), part, frozenset(each.id for each in named)) if named else None

    def _named(self, parts: Sequence[Any]) -> list[Any]:
        """Put names of places in first, the longest run of words before a shorter one."""
        found: list[Any] = []
        for start, end, name in self._runs(parts):
            is_apart = name and self.by_words and not self.is_there(name)
            found += parts[start:end] if is_apart else [name or self._inside(parts[start])]
        return found

    def _runs(self, parts: Sequence[Any]) -> Iterator[tuple[int, int, Any]]:
        """Yield each run of words that is a name, and each other part with None."""
        at = 0
        while at < len(parts):
            for end in range(min(len(parts), at + LONGEST_NAME), at, -1):
                run = parts[at:end]
                words = [each.word for each in run if isinstance(each, Word)]
                is_led = len(words) > 1 and not FUNCTION.isdisjoint((words[0], words[-1]))
                if len(words) == len(run) and not is_led and (name := self._name(words)):
                    yield at, end, name
                    at = end
                    break
            else:
                yield at, at + 1, None
                at += 1

    def names(self, parts: Sequence[Any]) -> Iterator[tuple[list[str], list[Any]]]:
        """Yield the words of each name of a place that is asked for, and the parts beside it."""
        for start, end, name in self._runs(parts):
            if name:
                yield [each.word for each in parts[start:end]], [*parts[:start], *parts[end:]]

    def _inside(self, part: Any) -> Any:
        if isinstance(part, Not):
            return Not(_both(self._named(part.part.parts if isinstance(part.part, Both) else [part.part])))
        if isinstance(part, Either):
            return Either(tuple(self._named([each])[0] for each in part.parts))
        if isinstance(part, Works):
            return part._replace(part=_both(self._named(_parts(part.part))))
        if isinstance(part, Phrase) and part.between is None and (name := self._name(list(part.words))):
            return name
        return part

    def _name(self, words: list[str]) -> Any:
        written = " ".join(words)
        for each in bare(written, 2) if hangul(words[-1]) else [written]:
            if spellings := self.spellings(each):
                self.places.append(Spellings(tuple(map(ask, dict.fromkeys((written, *spellings))))))
                return self.places[-1]
        return None

    def _all(self, parts: Sequence[Any]) -> Any:
        found: list[tuple[Any, list[Narrower]]] = []
        at = 0
        while at < len(parts):
            end = at
            while end < len(parts) and isinstance(parts[end], Word):
                end += 1
            if end > at:
                found += self._run([each.word for each in parts[at:end]])
                at = end
            else:
                found.append((self._nested(parts[at]), []))
                at += 1
        meant = {term for part, _ in found for each in concepts(part) for term in each.terms}
        read: list[Any] = []
        for part, narrower in found:
            beside = [each for each in narrower if (each.label.list, each.label.id) in meant]
            if beside:
                self.not_required.append(beside[0].written)
            read.append(Lift(part) if beside else part)
        if all(isinstance(each, Lift | Not) for each in read):
            self.dropped = False
            asked = [each.part if isinstance(each, Lift) else each for each in read]
            carrying = [each for each in asked if not (isinstance(each, Word) and each.word in FUNCTION)]
            return _both(carrying or asked)
        return _both(read)

    def _nested(self, part: Any) -> Any:
        if isinstance(part, Works):
            dropped, before = self.dropped, list(self.not_required)
            read = self._all(_parts(part.part))
            if not self.dropped:
                self.dropped, self.not_required = dropped, before
            return part._replace(part=read)
        if isinstance(part, Lift):
            self.not_required.append(part.part.word)
        if isinstance(part, Not):
            inner = part.part.parts if isinstance(part.part, Both) else (part.part,)
            if all(isinstance(each, Word) for each in inner):
                words = [each.word for each in inner]
                for start, end, labels in self._labels(words, frozenset()):
                    written = " ".join(words[start:end])
                    self.denied += [(written, label.id) for label in labels if label.how == "means" and label.list == "topic"]
            return part
        if isinstance(part, Either):
            every = [each for one in part.parts for each, _ in (self._run([one.word]) if isinstance(one, Word) else [(one, [])])]
            kept = tuple(each for each in every if not isinstance(each, Lift))
            return Either(kept) if kept else part
        return part

    def _labels(self, words: list[str], without: frozenset[str]) -> Iterator[tuple[int, int, list[Label]]]:
        at = 0
        while at < len(words):
            for end in range(min(len(words), at + LONGEST_LABEL), at, -1):
                run = words[at:end]
                if len(run) > 1 and (run[0] in FUNCTION or run[-1] in FUNCTION or " ".join(run) in without):
                    continue
                if labels := self.thesaurus.named(run):
                    yield at, end, labels
                    at = end
                    break
            else:
                at += 1

    def _run(self, typed: list[str]) -> list[tuple[Any, list[Narrower]]]:
        """Read words beside each other: those of labels, and those between them."""
        words = [self._corrected(word) for word in typed]
        found: list[tuple[Any, list[Narrower]]] = []
        at = 0
        for start, end, labels in self._labels(words, self.without):
            found += self._between(words[at:start])
            found.append(self._label(words[start:end], labels))
            at = end
        return found + self._between(words[at:])

    def _corrected(self, word: str) -> str:
        other = self.thesaurus.corrected(word)
        is_known = self.thesaurus.named([word]) or self.thesaurus.others([word]) or word in GENERAL
        if not other or is_known or self.is_there(Word(word)):
            return word
        self.corrected.append((word, other))
        return other

    def _label(self, words: list[str], labels: list[Label]) -> tuple[Any, list[Narrower]]:
        written = " ".join(words)
        self.under += [(written, label.id) for label in labels if label.how == "under"]
        kept = [word for word in words if word not in FUNCTION] or words
        if not self.thesaurus.is_whole(words):
            rest = [word for word in kept if not self.thesaurus.is_background([word])]
            kept = rest if any(not GENERAL.intersection(_forms(word)) and word not in NEGATIONS for word in rest) else kept
        widening = tuple((label.list, label.id) for label in labels if label.how == "means")
        part: Any
        narrower: list[Narrower] = []
        if widening:
            part = Concept(written, tuple(kept), widening)
        else:
            others = self._others(words)
            part = Spellings((ask(written), *map(ask, others))) if others else _both([Word(word) for word in kept])
            narrower = [Narrower(written, label) for label in labels if label.how == "under"]
        if self.thesaurus.is_background(words):
            self.not_required.append(written)
            return Lift(part), []
        return part, narrower

    def _others(self, words: list[str]) -> list[str]:
        return [other for other in self.thesaurus.others(words) if self.is_there(ask(other))]

    def _between(self, words: list[str]) -> list[tuple[Any, list[Narrower]]]:
        found: list[tuple[Any, list[Narrower]]] = []
        at = 0
        while at < len(words):
            for end in range(min(len(words), at + LONGEST_EQUIVALENT), at, -1):
                run = words[at:end]
                if GENERAL.intersection(_forms(run[0])) if len(run) == 1 else FUNCTION.intersection((run[0], run[-1])):
                    continue
                if (others := self._others(run)) and not self.thesaurus.is_background(run):
                    found.append((Spellings((ask(" ".join(run)), *map(ask, others))), []))
                    at = end
                    break
            else:
                found.append((self._word(words[at]), []))
                at += 1
        return found

    def _word(self, word: str) -> Any:
        is_general = bool(GENERAL.intersection(_forms(word)))
        if word in FUNCTION or self.thesaurus.is_background([word]) or is_general or YEAR.fullmatch(word):
            self.not_required.append(word)
            return Lift(Word(word))
        parts: list[Any] = []
        background = {southern(each) for each in self.thesaurus.background}
        for each in self.thesaurus.compound(word):
            if each not in background:
                means = tuple((label.list, label.id) for label in self.thesaurus.named([each]) if label.how == "means")
                parts.append(Concept(each, (each,), means) if means else Word(each))
        return Either((Word(word), _both(parts))) if parts else Word(word)


def _forms(word: str) -> list[str]:
    return bare(southern(word), 2) if hangul(word) else [word]


def concepts(node: Any) -> Iterator[Concept]:
    """Yield every concept of a tree."""
    if isinstance(node, Concept):
        yield node
    elif isinstance(node, Works):
        yield from concepts(node.part)
    elif isinstance(node, Both | Either):
        for part in node.parts:
            yield from concepts(part)


def _is_kind(word: Word) -> bool:
    return any(is_label([word.word], [each]) for each in KINDS)


def _parts(part: Any) -> Sequence[Any]:
    return part.parts if isinstance(part, Both) else [part]


def _written(part: Any) -> str:
    if isinstance(part, Either | Spellings):
        return _written(part.parts[0])
    return part.written if isinstance(part, Concept) else part.word if isinstance(part, Word) else " ".join(part.words)


def _both(parts: Sequence[Any]) -> Any:
    every = [each for part in parts for each in (part.parts if isinstance(part, Both) else (part,))]
    return every[0] if len(every) == 1 else Both(tuple(every))
