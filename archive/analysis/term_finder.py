"""Where some terms stand in a text: one expression finds the words that may have one, and only these are read.

For a few terms that takes a fifth of the time of all tokens (`archive.analysis.tokens.tokens`), and gives the same ones.

A stem begins as its word does, but for what the stemmer and `archive.analysis._word_forms` change at its end: so a word
in plain letters can have a term only if it begins with the first letters of that. A word in Hangul has a pair only where
both its syllables stand, the first of them as it is spelled in the South or in the North. A word with any other letter
is always read.
"""

import re
from collections.abc import Collection, Iterator
from functools import cached_property
from typing import Final

from archive.analysis import tokens
from archive.analysis._word_forms import IRREGULAR
from archive.analysis.tokens import STRIDE, Token
from archive.text import APOSTROPHES, regex

_SHARED: Final = 3
"""First letters of a stem that its words may have to share: in these no two spellings differ that are made one."""
_CHANGED: Final = 2
"""Last letters of a stem that its words need not have: dying is die, possibility is possibl."""
OTHER: Final = regex(
    "[\u00aa\u00b2\u00b3\u00b5\u00b9\u00ba\u00bc-\u00be\u00c0-\u1fff\u2070-\u2fff"
    "\u3005-\u3007\u3021-\u302f\u3031-\uabff\ud7a4-\U0010ffff]+"
)
"""Runs of letters and marks that are neither plain nor syllables of Hangul; some signs are among them."""
_HANGUL: Final = regex("[가-힣]{1,2}")


class TermFinder:
    """Finds some terms, in one text after the other."""

    def __init__(self, wanted: Collection[str]) -> None:
        """Take the terms."""
        self._wanted = frozenset(wanted)
        self._plain = sorted({_first_letters(term) for term in self._wanted if term and term.isascii()})

    def tokens(self, text: str, *, counted: bool = True) -> Iterator[Token]:
        """Yield those of the tokens of a text that are wanted, in their order.

        :param counted: their positions are those in the text; else they tell no more than which tokens are of one word.
        """
        rule = tokens.word_rule(text)
        if rule is None:
            yield from (token for token in tokens.tokens(text) if token.term in self._wanted)
            return
        word = last = 0
        for start, end in self._words(text, rule):
            word += _count_words(rule.findall(text, last, start)) if counted else 0
            of_word, words = tokens.tokens_of_word(text[start:end])
            for term, place, first, behind, form in of_word:
                if term in self._wanted:
                    yield Token(term, word * STRIDE + place, start + first, start + behind, form)
            word += words
            last = end

    def _words(self, text: str, rule: re.Pattern[str]) -> Iterator[tuple[int, int]]:
        """Yield where the words stand that may have a term."""
        last = 0
        for place in self._places(text):
            if place < last:
                continue
            # No word goes over a space.
            begin = max(last, text.rfind(" ", last, place) + 1)
            for match in rule.finditer(text, begin):
                last = match.end()
                if last > place:
                    yield match.span()
                    break

    def _places(self, text: str) -> list[int]:
        """Return where a word that may have a term has one of its letters, ascending."""
        if text.isascii():
            return [match.start() for match in self._in_plain.finditer(text.lower())] if self._plain else []
        places = [match.start() for match in self._in_any.finditer(text)] if self._any else []
        others = [match.start() for match in OTHER.finditer(text)]
        return sorted([*places, *others]) if others else places

    @cached_property
    def _in_plain(self) -> re.Pattern[str]:
        """What finds the beginnings in a text of plain signs, in small letters."""
        return re.compile("|".join(_beginning(letters, list(map(re.escape, letters)), "'`") for letters in self._plain))

    @cached_property
    def _any(self) -> list[str]:
        """What finds the beginnings and the syllables in any text, by expressions."""
        plain = [_beginning(letters, [_in_any_case(letter) for letter in letters], APOSTROPHES) for letters in self._plain]
        hangul = [term for term in self._wanted if _HANGUL.fullmatch(term)]
        return [*plain, *sorted(f"[{tokens.spellings_of(term[0])}]{term[1:]}" for term in hangul)]

    @cached_property
    def _in_any(self) -> re.Pattern[str]:
        return re.compile("|".join(self._any))


def _first_letters(term: str) -> str:
    """Return the letters with which each word begins that has a term of plain signs, in small letters and without apostrophes."""
    if not term.isalpha():
        return term[0]
    letters = term[: min(_SHARED, max(1, len(term) - _CHANGED))]
    for form in [form for form, base in IRREGULAR.items() if base.startswith(letters)]:
        while not form.startswith(letters):
            letters = letters[:-1]
    return letters


def _beginning(letters: str, each: list[str], apostrophes: str) -> str:
    """Return an expression for letters behind no other letter; behind apostrophes and numbers a word may begin again."""
    before = "A-Za-z" if letters[0].isalpha() else "A-Za-z0-9"
    first, *rest = each
    return f"{first}(?<![{before}].)" + "".join(f"[{re.escape(apostrophes)}]?{letter}" for letter in rest)


def _in_any_case(letter: str) -> str:
    return f"[{letter}{letter.upper()}]" if letter.isalpha() else re.escape(letter)


def _count_words(words: list[str]) -> int:
    """Return for how many words some words count: a very long one of syllables for more than one."""
    if max(map(len, words), default=0) <= STRIDE:
        return len(words)
    return sum(tokens.tokens_of_word(word)[1] for word in words)
