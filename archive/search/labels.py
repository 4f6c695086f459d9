"""The labels of the thesaurus in the words of a query: which runs of words name a concept, in either language.

A label is known by its key (`archive.search.label_keys`).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from importlib import import_module
from typing import Any, Final

from archive.analysis import tokens
from archive.authority.vocabulary import Vocabulary
from archive.named_tuple import NamedTuple
from archive.search import _misspellings as misspellings
from archive.search.label_keys import is_among, is_function, key, keys, particles, without_background
from archive.text import fold, regex

WORK_NAMES: Final = "archive.search.work_names"
"""Loaded where labels are made: no search does."""
MEANS: Final = "means"
"""The word means the term: it widens a search."""
UNDER: Final = "under"
"""The word is something narrower that the term takes in: it never widens."""
ONLY_WITH: Final = "only-with"
"""The word has another meaning too: it widens a search beside another part of it, and alone it is offered as a filter."""
FILTER: Final = "filter"
"""The word means the term, but stands in too many passages for other reasons: it is offered as a filter."""

LISTS: Final = ("topic", "flag", "kind", "status", "zone", "role", "connection", "basis")
"""The vocabularies whose labels are recognised; those of topics widen also as single words."""

_LONGEST: Final = 8  # words of a run
_FEWEST_SAID_OTHERWISE: Final = 2
"""Words of a label of which one may be said otherwise, beside those that carry no subject."""
_MOST_LETTERS: Final = 40  # syllables of a run of Hangul that is read as labels and particles
_HANGUL: Final = regex("[\uac00-\ud7a3]+")


class Label(NamedTuple):
    """What a label stands for: a term of a list, and how (`MEANS`, `UNDER`, `ONLY_WITH`, `FILTER`)."""

    list: str
    id: str
    how: str


class Run(NamedTuple):
    """A run of words of a query, half-open, and what it names."""

    start: int
    end: int
    written: str
    labels: tuple[Label, ...]


def plain_data(
    vocabulary: Vocabulary,
    common: Iterable[str] = (),
    equivalents: Iterable[Sequence[str]] = (),
    background: Iterable[str] = (),
    works: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return every label of a vocabulary, and every word with others that say the same, by its key, to be kept beside an index.

    :param works: what is entered of the works that are cited, whose names are kept too.
    :param common: words that stand in too many passages to widen by themselves.
    :param background: words that every account has something of; a label is known without them too, where enough others remain.
    """
    by_key: dict[str, list[Label]] = {}
    shorter: dict[str, list[Label]] = {}
    spelled: set[str] = set()
    filters = {key(word) for word in common}
    not_required = {phrase: key(phrase) for phrase in background}
    of_all = frozenset(folded for phrase, folded in not_required.items() if " " not in phrase)
    for name in LISTS:
        for term in vocabulary.terms(name):
            beside = {key(word) for word in term.only_with}
            for how, words in (
                (MEANS, (word for word in term.words() if key(word) not in beside)),
                (UNDER, (word for words_of_language in term.under.values() for word in words_of_language)),
                (ONLY_WITH, term.only_with),
            ):
                for word in words:
                    folded = key(word)
                    is_filter = how == MEANS and (folded in filters or (name != "topic" and _is_single(word)))
                    label = Label(name, term.id, FILTER if is_filter else how)
                    if folded and label not in by_key.setdefault(folded, []):
                        by_key[folded].append(label)
                    if name == "topic" and (rest := without_background(word, of_all)):
                        shorter.setdefault(key(rest), []).append(label)
                    spelled.update(
                        words_of_language
                        for words_of_language in map(fold, word.split())
                        if misspellings.is_spelled(words_of_language)
                    )
    same = {key(word): [other for other in group if other != word] for group in equivalents for word in group}
    otherwise: dict[str, list[Label]] = {}
    for term in vocabulary.terms("topic"):
        for folded in {of: None for word in term.words() for of in _otherwise(word, same)}:
            otherwise.setdefault(folded, []).append(Label("topic", term.id, MEANS))
    names = import_module(WORK_NAMES)
    common_nouns = (word for group in equivalents for word in group if word.islower())
    rules = names.TitleRules(lambda folded: folded in by_key, background, common_nouns)
    sources = (works or {}).get("sources", ()), (works or {}).get("names", ())
    return {
        "labels": {**otherwise, **{rest: list(dict.fromkeys(terms)) for rest, terms in shorter.items()}, **by_key},
        "equivalents": same,
        "background": sorted(of_all),
        "not_required": sorted(set(not_required.values())),
        "spelled": sorted(spelled),
        "works": names.plain_names(*sources, rules),
    }


def _otherwise(written: str, same: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yield the keys of a label of several words with one of them said otherwise: female inmates for female prisoners."""
    words = list(tokens.written_words(written))
    if len([word for word in words if not is_function(word)]) < _FEWEST_SAID_OTHERWISE:
        return
    for at, word in enumerate(words):
        for other in same.get(key(word), ()):
            if other.isascii() == word.isascii():
                yield key(" ".join((*words[:at], other, *words[at + 1 :])))


def _is_single(written: str) -> bool:
    return len(list(tokens.written_words(written))) == 1 and not (_HANGUL.search(written) and len(written) > 4)  # noqa: PLR2004


class Labels:
    """The labels of a thesaurus by their keys."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        """Take what `plain_data` gave, as read from JSON."""
        self._data: Mapping[str, Sequence[Sequence[str]]] = data["labels"]
        self._equivalents: Mapping[str, Sequence[str]] = data["equivalents"]
        self.background = frozenset(data["background"])
        self.not_required = frozenset(data["not_required"])
        """The keys of the words and phrases of the collection that are not required beside another part of a query."""
        self._spelled: Sequence[str] = data["spelled"]

    def __bool__(self) -> bool:
        """Return whether there is any label."""
        return bool(self._data)

    def find(self, written: str) -> tuple[Label, ...]:
        """Return what some words name as a whole; Korean particles at their end do not count, nor do words of the background."""
        entries = self._entries_of(written)
        if not entries and (rest := without_background(written, self.background)):
            entries = self._entries_of(rest)
        return tuple(Label(*key_of_word) for key_of_word in entries)

    def _entries_of(self, written: str) -> Sequence[Sequence[str]]:
        return next((self._data[each] for each in keys(written) if each in self._data), ())

    def is_whole(self, written: str) -> bool:
        """Say whether some words are a label with all of their words, those of the background too."""
        return any(key_of_word in self._data for key_of_word in keys(written))

    def is_background(self, written: str) -> bool:
        """Say whether every word is one that all accounts have something of."""
        words = [word for word in tokens.written_words(written) if not is_function(word)]
        return bool(words) and all(is_among(word, self.background) for word in words)

    def correct(self, word: str) -> str:
        """Return the word of a label from which a word differs by a slip; "" where there is none, or several."""
        if len(word) >= misspellings.SHORTEST_KOREAN and not word.isascii() and _HANGUL.fullmatch(word):
            for form in keys(word):
                heard = misspellings.sound(form) if len(form) >= misspellings.SHORTEST_KOREAN else ""
                alike = [known for known in self._hangul if len(known) == len(form) and misspellings.sound(known) == heard]
                if alike:
                    return alike[0] if len(alike) == 1 else ""
            return ""
        return misspellings.correct(word, self._spelled)

    def equivalents(self, written: str) -> tuple[str, ...]:
        """Return the other words that say the same as some words; of a Korean one with a particle also itself without it."""
        for form in keys(written):
            if form in self._equivalents:
                itself = () if written.isascii() or form == key(written) else (form,)
                return (*itself, *self._equivalents[form])
        return ()

    def runs(self, words: Sequence[str], without: Collection[str] = ()) -> Iterator[Run]:
        """Yield the longest runs of words that name something, from left to right, none over another.

        :param without: runs that are not taken as a whole.
        """
        at = 0
        while at < len(words):
            for end in range(min(len(words), at + _LONGEST), at, -1):
                written = " ".join(words[at:end])
                is_led_in = is_function(words[at]) and not written.casefold().startswith("how many ")
                if end - at > 1 and (is_led_in or is_function(words[end - 1]) or written in without):
                    continue
                labels = self.find(written)
                if labels:
                    yield Run(at, end, written, labels)
                    at = end
                    break
            else:
                at += 1

    @cached_property
    def _hangul(self) -> frozenset[str]:
        return frozenset(known for known in self._data if not known.isascii() and _HANGUL.fullmatch(known))

    def compound(self, word: str) -> tuple[str, ...]:
        """Read a word of Hangul as labels, words that are not required and particles, one after the other without a rest.

        :return: the labels and those words in their order; () where it cannot be read so, or is no compound.
        """
        whole = key(word)
        if whole.isascii() or not _HANGUL.fullmatch(whole) or len(whole) > _MOST_LETTERS:
            return ()
        parts = self._hangul | self.not_required
        # From the end: how the rest of the word from each syllable on is read, labels as long as possible first.
        rests: dict[int, tuple[str, ...] | None] = {len(whole): ()}
        for at in range(len(whole) - 1, -1, -1):
            rests[at] = None
            for end in range(len(whole), at, -1):
                part, rest = whole[at:end], rests[end]
                if rest is None:
                    continue
                if part in parts:
                    rests[at] = (part, *rest)
                    break
                if at and part in particles():
                    rests[at] = rest
                    break
        split = rests[0] or ()
        return split if len(split) > 1 else ()
