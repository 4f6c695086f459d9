"""Controlled terms: every word that a record may use in a closed field, with label and definition.

The terms are data (``authorities/terms.yaml``, ``flags.yaml``, ``topics.yaml``);
a collection may bring its own. This room only holds and looks up.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from archive import text
from archive.errors import UnknownTerm


class Term(NamedTuple):
    """A controlled term. ``label`` is by language; ``statement`` is a flag's default sentence."""

    id: str
    label: Mapping[str, str]
    definition: str
    statement: str = ""

    def named(self, language: str = "en") -> str:
        """Give the label in a language, else in English, else the id."""
        return self.label.get(language) or self.label.get("en") or self.id


class Vocabulary:
    """All lists of terms, by the name of the list (``kind``, ``flag``, ``topic`` …).

    The order of a list is its order of importance: flags come gravest first.
    """

    def __init__(self, lists: Mapping[str, Mapping[str, Term]]) -> None:
        """Keep the lists; see `from_data` for how they are written."""
        self._lists = lists

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Vocabulary":
        """Build from the plain data of the three files, put together under list names."""
        return cls(
            {
                name: {
                    each["id"]: Term(
                        each["id"],
                        each.get("label", {}),
                        each.get("definition", ""),
                        each.get("statement", ""),
                    )
                    for each in terms
                }
                for name, terms in data.items()
            }
        )

    def __contains__(self, of: tuple[str, str]) -> bool:
        """Ask whether ``(list, id)`` is a term."""
        name, term = of
        return term in self._lists.get(name, {})

    def terms(self, name: str) -> Iterator[Term]:
        """Give the terms of a list, gravest or first ones first."""
        return iter(self._lists.get(name, {}).values())

    def lists(self) -> Iterator[str]:
        """Give the names of all lists."""
        return iter(self._lists)

    def rank(self, name: str, term: str) -> int:
        """Give the place of a term in its list; an unknown one comes last."""
        ids = list(self._lists.get(name, {}))
        return ids.index(term) if term in ids else len(ids)

    def label(self, name: str, term: str, language: str = "en") -> str:
        """Give the label of a term; of an unknown one the word itself."""
        found = self._lists.get(name, {}).get(term)
        return found.named(language) if found else term

    def said(self, name: str, term: str) -> str:
        """Give the English label as it stands inside a sentence."""
        return text.lowered(self.label(name, term))

    def term(self, name: str, word: str, what: str = "") -> Term:
        """Find a term by its id or label, in any case.

        :raises UnknownTerm: there is none; the message names those that are near.
        """
        known = self._lists.get(name, {})
        if word in known:
            return known[word]
        wanted = text.fold(word).replace(" ", "-").replace("_", "-")
        for each in known.values():
            spellings = {each.id, *each.label.values()}
            if wanted in {text.fold(spelling).replace(" ", "-") for spelling in spellings}:
                return each
        raise UnknownTerm(*self.unknown(name, word, what or name))

    def unknown(self, name: str, word: str, what: str) -> tuple[str, str]:
        """Say that a word is no term of a list, and which terms are near or known."""
        known = list(self._lists.get(name, {}))
        close = text.near(word, known)
        shown = text.squash(word)[:60]
        message = f"there is no {what.replace('_', ' ')} {shown!r}"
        if close:
            return message, f"Did you mean {text.listed(close)}?"
        return message, f"Known: {', '.join(known)}."
