"""Controlled terms: every word that a record may use in a closed field, with label and definition.

The terms are data (``authorities/terms.yaml``, ``flags.yaml``, ``topics.yaml``);
a collection may bring its own. A term is a concept in the sense of SKOS
(https://www.w3.org/TR/skos-reference/): it may name broader and related ones of
its list, and other words for itself (`Term.also`) and for what it takes in (`Term.under`).
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any

from archive import text
from archive.errors import UnknownTerm
from archive.language.messages import current_language, tr
from archive.named_tuple import NamedTuple


class Term(NamedTuple):
    """A controlled term. ``label`` is by language; ``statement`` is a flag's default sentence.

    ``also``, by language, are words that mean the same, so that a passage on the
    term answers them; ``under`` are words for something narrower that the term
    takes in, which a passage on the term need not answer. ``broader`` and
    ``related`` are ids of the same list. A word of ``only_with`` stands for the
    term only beside another part of a query.
    """

    id: str
    label: Mapping[str, str]
    definition: str
    statement: str = ""
    also: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    under: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    broader: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    only_with: tuple[str, ...] = ()
    codes: tuple[Mapping[str, str], ...] = ()

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Term":
        """Build from the plain data of an entry of a vocabulary."""
        return cls(
            id=data["id"],
            label=data.get("label", {}),
            definition=data.get("definition", ""),
            statement=data.get("statement", ""),
            also={language: tuple(words) for language, words in data.get("also", {}).items()},
            under={language: tuple(words) for language, words in data.get("under", {}).items()},
            broader=tuple(data.get("broader", ())),
            related=tuple(data.get("related", ())),
            only_with=tuple(data.get("only_with", ())),
            codes=tuple(data.get("codes", ())),
        )

    def named(self, language: str = "") -> str:
        """Return the label in a language (that of the person where none is given), else in English, else in the first it has."""
        return self.label.get(language or current_language()) or self.label.get("en") or next(iter(self.label.values()), self.id)

    def words(self) -> Iterator[str]:
        """Yield every label and every other word that means the term."""
        yield from self.label.values()
        for words in self.also.values():
            yield from words


class Vocabulary:
    """All lists of terms, by the name of the list (``kind``, ``flag``, ``topic`` …).

    The order of a list is its order of importance: flags come gravest first.
    """

    def __init__(self, lists: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> None:
        """Keep the plain data of the terms, by list and id; a term is made of it when it is asked for."""
        self._lists = lists
        self._terms: dict[tuple[str, str], Term] = {}
        self._looked_up: dict[tuple[str, str], list[str]] = {}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Vocabulary":
        """Build from the plain data of the three files, put together under list names."""
        return cls({name: {term["id"]: term for term in terms} for name, terms in data.items()})

    def _term(self, name: str, term: str) -> Term | None:
        data = self._lists.get(name, {}).get(term)
        if data is None:
            return None
        if (name, term) not in self._terms:
            self._terms[name, term] = Term.from_data(data)
        return self._terms[name, term]

    def __contains__(self, of: tuple[str, str]) -> bool:
        """Return whether ``(list, id)`` is a term."""
        name, term = of
        return term in self._lists.get(name, {})

    def terms(self, name: str) -> Iterator[Term]:
        """Yield the terms of a list, gravest or first ones first."""
        return (term for term_id in self._lists.get(name, {}) if (term := self._term(name, term_id)))

    def lists(self) -> Iterator[str]:
        """Yield the names of all lists."""
        return iter(self._lists)

    @cached_property
    def _narrower(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        narrower: dict[tuple[str, str], tuple[str, ...]] = {}
        for name in self._lists:
            for term in self.terms(name):
                for broader in term.broader:
                    narrower[name, broader] = (*narrower.get((name, broader), ()), term.id)
        return narrower

    def narrower(self, name: str, term: str) -> tuple[str, ...]:
        """Return the ids of the terms of a list that name this one as broader, in the order of the list."""
        return self._narrower.get((name, term), ())

    def with_narrower(self, name: str, terms: Iterable[str]) -> tuple[str, ...]:
        """Return some terms of a list and, below them, all narrower ones, each once."""
        terms_below: dict[str, None] = {}
        waiting = list(terms)[::-1]
        while waiting:
            term = waiting.pop()
            if term not in terms_below:
                terms_below[term] = None
                waiting += self.narrower(name, term)[::-1]
        return tuple(terms_below)

    def with_broader(self, name: str, term: str) -> tuple[str, ...]:
        """Return a term and, above it, all broader ones, each once."""
        terms_above: dict[str, None] = {}
        waiting = [term]
        while waiting:
            above = waiting.pop(0)
            if above not in terms_above:
                terms_above[above] = None
                known = self._term(name, above)
                waiting += known.broader if known else ()
        return tuple(terms_above)

    def rank(self, name: str, term: str) -> int:
        """Return the place of a term in its list; an unknown one comes last."""
        ids = list(self._lists.get(name, {}))
        return ids.index(term) if term in ids else len(ids)

    def label(self, name: str, term: str, language: str = "") -> str:
        """Return the label of a term, in the language of the person where none is given; of an unknown one the word itself."""
        entry = self._term(name, term)
        return entry.named(language) if entry else term

    def said(self, name: str, term: str) -> str:
        """Return the label as it stands inside a sentence."""
        return text.lower_label(self.label(name, term))

    def term(self, name: str, word: str, what: str = "") -> Term:
        """Find a term by its id, its label or another word that means it, in any case.

        :raises UnknownTerm: there is none; the message names those that are near.
        """
        if known := self._term(name, word):
            return known
        wanted = text.fold(word).replace(" ", "-").replace("_", "-")
        for spellings in (lambda entry: (entry.id, *entry.label.values()), Term.words):
            for entry in self.terms(name):
                if wanted in {text.fold(spelling).replace(" ", "-") for spelling in spellings(entry)}:
                    return entry
        raise UnknownTerm(*self.unknown(name, word, what or name))

    def unknown(self, name: str, word: str, what: str) -> tuple[str, str]:
        """Describe that a word is no term of a list, and what may be meant."""
        message = tr("there is no {what} {shown!r}", what=what.replace("_", " "), shown=text.squash(word)[:60])
        return message, self.meant(name, word)

    def meant(self, name: str, word: str) -> str:
        """Return which terms of a list may be meant: those near by their ids or by words for them; else which there are."""
        if close := self._near(name, word):
            return tr("Did you mean {close}?", close=text.join_list(close))
        if name == "topic":  # too many to be read in one sentence
            return tr("`testimony topics` lists all.")
        return tr("Known: {known}.", known=", ".join(self._lists.get(name, {})))

    def _near(self, name: str, word: str) -> list[str]:
        """Return ids; each word is looked up once, since one mistake stands in many records."""
        if (name, word) not in self._looked_up:
            by_word = {spelling: term.id for term in self.terms(name) for spelling in term.words()}
            ids = text.near(word, self._lists.get(name, {}))
            self._looked_up[name, word] = list(
                dict.fromkeys((*ids, *(by_word[spelling] for spelling in text.near(word, by_word))))
            )
        return self._looked_up[name, word]
