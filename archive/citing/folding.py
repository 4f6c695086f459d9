"""How words are made comparable: without capitals, marks and line ends, whatever program printed them."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from archive.citing._markup import plain, with_strikes

_SHOWN_CONTROL = re.compile(r"⟨U\+[0-9A-F]{4,6}⟩")
OF_ASIA: Final = "[\u1100-\u11ff\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff]"
"""A sign of a script that is written without spaces, or with spaces that do not count here."""
_ASIAN = re.compile(f" (?:(?<={OF_ASIA} )|(?={OF_ASIA}))")
_MARKUP: Final = frozenset("<>|~^`$+=")
_TURNING: Final = {"?": "?", "？": "?", "؟": "?", "!": "!", "！": "!"}


class _Folded(dict[int, str]):
    """What stands for each character in words that are compared, by its code point, found when it is first met."""

    def __missing__(self, point: int) -> str:
        c = chr(point)
        folded_character = f" {_TURNING[c]} " if c in _TURNING else " " if _is_space(c) else c
        self[point] = folded_character
        return folded_character


def _is_space(c: str) -> bool:
    return c.isspace() or c in _MARKUP or unicodedata.category(c)[0] in "PZC"


_FOLDED: Final = _Folded()


def fold_words(text: str) -> str:
    """Make words comparable: no capitals, no marks, one space between words, none in Asian scripts.

    Of punctuation only ``?`` and ``!`` are kept, which turn what is said.
    """
    plain_signs = unicodedata.normalize("NFC", _SHOWN_CONTROL.sub(" ", text)).translate(_FOLDED)
    return _ASIAN.sub("", " ".join(plain_signs.split())).casefold()


@lru_cache(maxsize=8_192)
def fold_struck(text: str) -> str:
    """Return words as `fold_words` makes them, with what is struck out still told apart.

    The last ones are remembered, since each caveat and each block is compared with many others.
    """
    return fold_words(with_strikes(text))


def forms(words: str) -> set[str]:
    """Return words as they can be compared, and as they would be if they had gone through markup."""
    return {fold_struck(words), fold_struck(plain(words))}
