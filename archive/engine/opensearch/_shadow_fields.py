"""Our terms as a cluster can hold them: words between spaces, which its analysers split and otherwise leave alone.

Two fields for each text that is searched:

``…terms``
    the terms in their order, a space between: by these a passage is scored.
``…places``
    a group for each word, a space between, so that a group is a position. In a
    group stand, with a bar between, all runs of up to `LONGEST_RUN` terms that
    follow each other in the word (수용+용소, 수용, 용소), so that a word of a
    query is one token however many syllables it has. `GAP` is a word without a
    term, which leaves a position without a token.
"""

from collections.abc import Iterable, Iterator
from itertools import product
from typing import Final

from archive.analysis import tokens
from archive.analysis.positions import Unit

LONGEST_RUN: Final = 8
"""Terms of one word that are one token; a longer word of a query is looked for in the stored text."""
GAP: Final = "_"
BETWEEN: Final = "|"
WITHIN: Final = "+"
_PAIR: Final = 2


def terms_of(text: str) -> str:
    """Return the terms of a text, a space between."""
    return " ".join(token.term for token in tokens.tokens(text))


def places_of(text: str) -> str:
    """Return a group of tokens for each word of a text, a space between."""
    groups: list[str] = []
    for terms, words in tokens.terms_by_word(text):
        by_place: dict[int, list[str]] = {}
        for term, place in terms:
            by_place.setdefault(place, []).append(term)
        # A word of more places than a word may have goes on as the next; what reaches over is looked for in the stored text.
        for word in range(words):
            inside = [by_place[place] for place in sorted(by_place) if place // tokens.STRIDE == word]
            groups.append(BETWEEN.join(dict.fromkeys(_runs(inside))) or GAP)
    return " ".join(groups)


def _runs(places: list[list[str]]) -> Iterator[str]:
    for start in range(len(places)):
        for end in range(start + 1, min(start + LONGEST_RUN, len(places)) + 1):
            yield from map(WITHIN.join, product(*places[start:end]))


def has_long_word(text: str) -> bool:
    """Return whether a word of a text has more terms than one position may hold."""
    return any(words > 1 for _, words in tokens.terms_by_word(text))


def tokens_of(unit: Unit) -> list[str] | None:
    """Return the tokens of which any stands at a position where a unit stands; None where positions cannot tell."""
    if unit.span > 1 or len(unit.terms) > LONGEST_RUN:
        return None
    return list(dict.fromkeys(map(WITHIN.join, product(*unit.terms))))


def forms_of(text: str) -> list[str]:
    """Return the whole words of a text, folded, each once."""
    return list(dict.fromkeys(form.text for form in tokens.forms(text)))


def pairs_of(texts: Iterable[str]) -> list[str]:
    """Return the terms of some texts that are two syllables, each once."""
    terms = dict.fromkeys(token.term for text in texts for token in tokens.tokens(text))
    return [term for term in terms if len(term) == _PAIR and tokens.is_syllabic(term)]
