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

from collections.abc import Iterator
from functools import lru_cache
from itertools import chain, product
from typing import Final

from archive.analysis import tokens
from archive.analysis.positions import Unit
from archive.named_tuple import NamedTuple

LONGEST_RUN: Final = 8
"""Terms of one word that are one token; a longer word of a query is looked for in the stored text."""
GAP: Final = "_"
BETWEEN: Final = "|"
WITHIN: Final = "+"
_PAIR: Final = 2


class Shadow(NamedTuple):
    """A text as a cluster holds it: its two fields, its terms of two syllables, and whether a word is too long for a position."""

    terms: str
    places: str
    pairs: tuple[str, ...]
    has_long_word: bool


class _Word(NamedTuple):
    """A word in both fields: its terms, a group for each word for which it counts, its terms of two syllables, how many words."""

    terms: tuple[str, ...]
    groups: str
    pairs: tuple[str, ...]
    words: int


@lru_cache(maxsize=64)
def shadow_of(text: str) -> Shadow:
    """Return a text as a cluster holds it; that of a title is asked for again with each passage."""
    words = [_word(written) for written in tokens.written_words(text)]
    terms = " ".join(chain.from_iterable(word.terms for word in words))
    pairs = () if text.isascii() else tuple(dict.fromkeys(chain.from_iterable(word.pairs for word in words)))
    return Shadow(terms, " ".join(word.groups for word in words), pairs, any(word.words > 1 for word in words))


@lru_cache(maxsize=50_000)
def _word(written: str) -> _Word:
    of_word, words = tokens.tokens_of_word(written)
    terms = tuple(token.term for token in of_word)
    if len(terms) == words == 1:  # as most are
        return _Word(terms, *terms, tuple(filter(_is_pair, terms)), words)
    groups = " ".join(_groups([(token.term, token.position) for token in of_word], words))
    return _Word(terms, groups, tuple(filter(_is_pair, terms)), words)


def _groups(terms: list[tuple[str, int]], words: int) -> Iterator[str]:
    """Yield the group of a word, or one for each word for which it counts.

    A word of more places than a word may have goes on as the next; what reaches over is looked for in the stored text.
    """
    by_place: dict[int, list[str]] = {}
    for term, place in terms:
        by_place.setdefault(place, []).append(term)
    inside = ([by_place[place] for place in sorted(by_place) if place // tokens.STRIDE == word] for word in range(words))
    return (BETWEEN.join(dict.fromkeys(_runs(places))) or GAP for places in inside)


def _runs(places: list[list[str]]) -> Iterator[str]:
    for start in range(len(places)):
        for end in range(start + 1, min(start + LONGEST_RUN, len(places)) + 1):
            yield from map(WITHIN.join, product(*places[start:end]))


def _is_pair(term: str) -> bool:
    return len(term) == _PAIR and tokens.is_syllabic(term)


def tokens_of(unit: Unit) -> list[str] | None:
    """Return the tokens of which any stands at a position where a unit stands; None where positions cannot tell."""
    if unit.span > 1 or len(unit.terms) > LONGEST_RUN:
        return None
    return list(dict.fromkeys(map(WITHIN.join, product(*unit.terms))))


def forms_of(text: str) -> list[str]:
    """Return the whole words of a text, folded, each once."""
    return list(dict.fromkeys(chain.from_iterable(map(_forms, tokens.written_words(text)))))


@lru_cache(maxsize=50_000)
def _forms(written: str) -> tuple[str, ...]:
    return tuple(tokens.forms_of_word(written))
