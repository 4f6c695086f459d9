"""The vocabulary of an edition: which words ask for which term, and what names and labels stand for, worked out beforehand."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from archive.analysis import tokens
from archive.authority.authorities import Authorities
from archive.authority.gazetteer import Gazetteer, key
from archive.engine.browser._postings import TermPlaces
from archive.search import labels, work_names
from archive.search.label_keys import WHOLE
from archive.search.labels import plain_data
from archive.search.syntax import Phrase, Word
from archive.search.word_lists import word_lists

_ENDINGS: Final = ("", "s", "es", "d", "ed", "ing", "er", "ers", "ion", "ions", "ly", "y", "ies", "ied", "e")
"""Endings that a word may be asked with and that the edition does not happen to have it in."""
_COMMON: Final = 4
_FEW_PASSAGES: Final = 20


class QueryVocabulary:
    """What a page must know to read the words of a query as every other engine does."""

    def __init__(self, postings: TermPlaces, authorities: Authorities, about: Sequence[Mapping[str, Iterable[str]]]) -> None:
        """Take what the edition has.

        :param about: for each passage the values that it has in each list, to tell which are in too many of them.
        """
        self._postings, self._authorities = postings, authorities
        self._having = Counter((name, value) for each in about for name, values in each.items() for value in set(values))
        self._groups: dict[tuple[str, ...], int] = {}
        self._works = postings.works()

    def data(self) -> dict[str, Any]:
        """Return the vocabulary as plain data, the same for the same records."""
        known = self._authorities.labels(plain_data)
        for written in self._label_words(known):
            self._postings.learn(written)
        return {
            "lists": word_lists(),
            "background": known["background"],
            "notRequired": known["not_required"],
            "labels": self._labels(known["labels"]),
            "same": self._equivalents(known["equivalents"]),
            **self._works_by_name(known["works"]),
            "names": self._names(self._authorities.gazetteer),
            "groups": [self._group(spellings) for spellings in self._groups],
            "stems": _group(self._postings.forms),
        }

    def _label_words(self, known: Mapping[str, Any]) -> Iterator[str]:
        """Yield the words that a label, another word or a name may be asked by."""
        vocabulary = self._authorities.vocabulary
        for name in labels.LISTS:
            for term in vocabulary.terms(name):
                yield from term.words()
                yield from (word for words in term.under.values() for word in words)
        for group in known["equivalents"].values():
            yield from group
        yield from known["spelled"]
        # Of a work that no record of the edition cites, not even a word of its title.
        works = self._authorities.data("sources")
        for source in works.get("sources", ()):
            if source["id"] in self._works:
                yield from work_names.spellings(source, works.get("names", ()))
        for facility in self._authorities.gazetteer:
            yield from facility.accepted()

    def _is_common(self, name: str, term: str) -> bool:
        having = self._having["concept" if name == "topic" else name, term]
        return having > _FEW_PASSAGES and having * _COMMON > len(self._postings.passages)

    def _labels(self, known: Mapping[str, Sequence[Sequence[str]]]) -> dict[str, str]:
        """Return each label by its key: ``=`` means a term, ``~`` does beside others, ``<`` is narrower, ``-`` widens nothing."""
        return {of: " ".join(dict.fromkeys(self._label(*entry) for entry in known[of])) for of in sorted(known)}

    def _label(self, name: str, term: str, how: str) -> str:
        if how == labels.UNDER:
            return f"<{name}:{term}"
        widens = how in {labels.MEANS, labels.ONLY_WITH} and not self._is_common(name, term)
        return f"{'~' if how == labels.ONLY_WITH else '='}{name}:{term}" if widens else "-"

    def _equivalents(self, known: Mapping[str, Sequence[str]]) -> dict[str, int]:
        found = {}
        for of in sorted(known):
            others = tuple(
                other for other in known[of] if self._postings.is_found(Phrase(other) if " " in other else Word(other))
            )
            if others:
                found[of] = self._group_number(others)
        return found

    def _works_by_name(self, known: Mapping[str, str]) -> dict[str, Any]:
        """Return the passages that each name of a work brings, by the number of their list; ``~`` stands for a phrase."""
        lists: dict[tuple[int, ...], int] = {}
        names = {}
        for of, entry in sorted(known.items()):
            passages = tuple(sorted(set[int]().union(*(self._works.get(work, ()) for work in entry.split()))))
            if passages:
                names[of] = f"{WHOLE if entry.startswith(WHOLE) else ''}{lists.setdefault(passages, len(lists))}"
        return {"works": names, "ofWorks": list(map(list, lists))}

    def _names(self, gazetteer: Gazetteer) -> dict[str, Any]:
        """Return how names are known, with the group of spellings to look for of each facility, and of a name of several."""
        of_one = {}
        for facility in gazetteer:
            meant = gazetteer.meant(facility.id)
            of_one[facility.id] = self._group_number(meant.spellings) if meant else -1
        of_several = {}
        for name in (name["text"] for facility in gazetteer for name in facility.place_names):
            meant = gazetteer.meant(name)
            if meant and len(meant.candidates) > 1:
                of_several[key(name)] = self._group_number(meant.spellings)
        return {**gazetteer.rules(), "ofOne": of_one, "ofSeveral": of_several}

    def _group_number(self, spellings: tuple[str, ...]) -> int:
        return self._groups.setdefault(spellings, len(self._groups))

    def _group(self, spellings: Sequence[str]) -> list[Any]:
        """Return the spellings of a group, and the documents in which any of them stands."""
        documents = set[int]().union(*(self._postings.find(Phrase(spelling)) for spelling in spellings))
        return [list(spellings), sorted(documents)]


def _group(forms: Mapping[str, str]) -> str:
    """Write which words ask for which term: ``term ending ending …`` a line, a word that the term does not begin whole.

    Words that are their own term are among them with the ending "-", so that what is in no line is known to be unknown.
    """
    words: dict[str, set[str]] = defaultdict(set)
    for form, term in forms.items():
        words[term].add(form)
        if form.isascii() and form.isalpha():
            words[term].update(word for word in _inflect(form) if word not in forms and tokens.stem(word) == term)
    return "\n".join(
        " ".join([term, *(_ending(word, term) for word in sorted(words[term]))])
        for term in sorted(words)
        if not _is_own(term, words)
    )


def _is_own(term: str, words: Mapping[str, set[str]]) -> bool:
    """Say whether a term is no word of letters, and asked for by itself alone: a number, a syllable."""
    return words[term] == {term} and not (term.isascii() and term.isalpha())


def _ending(word: str, term: str) -> str:
    if word == term:
        return "-"
    return f"-{word[len(term) :]}" if word.startswith(term) else word


def _inflect(word: str) -> Iterator[str]:
    """Yield forms that a word may be asked in."""
    bases = {word, word.removesuffix("e"), word.removesuffix("y"), word + word[-1]}
    for base in sorted(bases):
        if len(base) > 2:  # noqa: PLR2004 - a shorter one is no word
            yield from (f"{base}{ending}" for ending in _ENDINGS)
