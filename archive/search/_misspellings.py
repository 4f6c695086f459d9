"""A word that differs from a known one by a slip of the keyboard."""

from collections.abc import Collection
from itertools import takewhile
from typing import Final

from archive.analysis import tokens
from archive.text import fold

SHORTEST_MISSPELT: Final = 6
SHORTEST_LOST: Final = 7
SHORTEST_CHANGED: Final = 8
"""Letters of a word from which two swapped neighbours, a letter lost or added, and one changed are told from another word."""


def is_spelled(word: str) -> bool:
    """Say whether a word, folded, is long enough for a slip to be told from another word."""
    return len(word) >= SHORTEST_MISSPELT and word.isascii() and word.isalpha()


_FIRST, _VOWELS, _FINALS = 0xAC00, 21, 28
_SOUNDS: Final = {1: 5, 3: 5, 7: 5, 10: 15, 11: 15}
"""Vowels that sound alike today, by their places: ㅐ as ㅔ, ㅒ and ㅖ as ㅔ, ㅙ and ㅚ as ㅞ."""
_SIBILANTS: Final = frozenset({12, 13, 14})
_AFTER_SIBILANTS: Final = {2: 0, 6: 4, 12: 8, 17: 13}
"""Behind ㅈ, ㅉ and ㅊ: ㅑ as ㅏ, ㅕ as ㅓ, ㅛ as ㅗ, ㅠ as ㅜ."""
SHORTEST_KOREAN: Final = 4
"""Syllables of a Korean word from which one of the same sound is the same word."""


def sound(word: str) -> str:
    """Return a word of Hangul as it sounds: 강재북송 and 강제북송 are one."""
    spoken = []
    for syllable in word:
        initial, rest = divmod(ord(syllable) - _FIRST, _VOWELS * _FINALS)
        vowel, final = divmod(rest, _FINALS)
        vowel = _SOUNDS.get(vowel, _AFTER_SIBILANTS.get(vowel, vowel) if initial in _SIBILANTS else vowel)
        spoken.append(chr((initial * _VOWELS + vowel) * _FINALS + final + _FIRST))
    return "".join(spoken)


def correct(word: str, known: Collection[str]) -> str:
    """Return the known word from which a word differs by a slip, "" where there is none, or several of different sense."""
    folded = fold(word)
    if not is_spelled(folded) or folded in known:
        return ""
    close = [candidate for candidate in known if candidate[0] == folded[0] and _is_slip(folded, candidate)]
    return close[0] if len({tokens.stem(candidate) for candidate in close}) == 1 else ""


def _is_slip(left: str, right: str) -> bool:
    """Say whether two words differ by two neighbours swapped, or, if they are long enough to be told from others, by one letter.

    A changed letter makes another word more often than a lost one does: brides, bribes.
    """
    if abs(len(left) - len(right)) > 1:
        return False
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(left, right, strict=False)))
    one, other = left[shared:], right[shared:]
    if len(one) == len(other):
        swapped = one[1::-1] == other[:2] and one[2:] == other[2:]
        return swapped or (len(left) >= SHORTEST_CHANGED and one[1:] == other[1:])
    return len(left) >= SHORTEST_LOST and (one[1:] == other or one == other[1:])
