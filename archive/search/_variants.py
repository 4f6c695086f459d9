"""Other ways to write a word of a query, each looked for where this index has it, and told in ``expanded``.

Acronyms and large numbers have two ways that everybody uses. Of a Korean word
that is nowhere, as it is typed, its other spelling and its parts are tried:
강제노동 and 강제로동, 정치범수용소 and 정치범 수용소; of a name in Latin letters its
two parts: Donghyuk and Dong-hyuk.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final

from archive.analysis.tokens import southern
from archive.search.syntax import And, Concept, NameQuery, Node, Or, Phrase, Word

_LONGEST: Final = 24
"""Syllables of a word up to which its parts and spellings are tried."""
_SHORTEST_NAME: Final = 5
"""Letters of a name in two parts."""
_TO_SPLIT: Final = 2
"""Syllables that a part has at least."""
_DOTTED = re.compile(r"(?:[A-Za-z]\.)+[A-Za-z]\.?")
_CAPITALS = re.compile(r"[A-Z]{2,6}")
_NUMBER = re.compile(r"[1-9][0-9]{3,11}")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+")
_HANGUL = re.compile("[가-힣]{2,}")


def expand_variants(node: Node, is_found: Callable[[Node], bool]) -> Node:
    """Put a `NameQuery` in the place of every word that this index has in another way of writing.

    :param is_found: asks whether anything in the index answers; what must not stand in a passage is left as it is.
    """
    if isinstance(node, And | Or):
        return type(node)(tuple(expand_variants(part, is_found) for part in node.parts))
    if isinstance(node, Concept) and isinstance(node.part, Word):
        return node._replace(part=expand_variants(node.part, is_found))
    if not isinstance(node, Word | Phrase) or (isinstance(node, Phrase) and node.between is not None):
        return node
    others = [other for other in _ways(node.written) if is_found(_asked(other))]
    if not others and (_is_hangul(node.written) or _is_name(node.written)) and not is_found(node):
        others = [other for other in _guesses(node.written) if is_found(_asked(other))]
    return NameQuery(node.written, (node.written, *others), ()) if others else node


def _asked(written: str) -> Node:
    return Phrase(written) if " " in written else Word(written)


def _ways(written: str) -> Iterator[str]:
    """Yield the other way to write an acronym or a number: ``U.S.A.`` and USA, ``1,000`` and 1000."""
    if _DOTTED.fullmatch(written):
        yield written.replace(".", "")
    elif _CAPITALS.fullmatch(written):
        yield " ".join(written)
    elif _GROUPED.fullmatch(written):
        yield written.replace(",", "")
    elif _NUMBER.fullmatch(written):
        yield f"{int(written):,}".replace(",", " ")


def _is_hangul(written: str) -> bool:
    return len(written) <= _LONGEST and all(map(_HANGUL.fullmatch, written.split(" ")))


def _is_name(written: str) -> bool:
    """Say whether a word may be a Korean name that others write in two parts: Donghyuk, Dong-hyuk."""
    return _SHORTEST_NAME <= len(written) <= _LONGEST and written.isascii() and written.isalpha() and written[0].isupper()


def _guesses(written: str) -> Iterator[str]:
    """Yield a Korean word as one with its neighbour, in two parts, and with a syllable as the other half of Korea spells it."""
    if " " in written:
        yield written.replace(" ", "")
        return
    for at in range(_TO_SPLIT, len(written) - _TO_SPLIT + 1):
        yield f"{written[:at]} {written[at:]}"
    if written.isascii():
        return
    for at, syllable in enumerate(written):
        for other in _other_spellings(syllable):
            yield written[:at] + other + written[at + 1 :]


def _other_spellings(syllable: str) -> Iterator[str]:
    """Yield the syllables that the South spells as this one, or as which it spells this one: 여 for 녀 and 려."""
    first, rest = divmod(ord(syllable) - ord("가"), _OF_AN_INITIAL)
    each = (chr(ord("가") + initial * _OF_AN_INITIAL + rest) for initial in _INITIALS if initial != first)
    return (other for other in each if southern(other) == southern(syllable))


_OF_AN_INITIAL: Final = 21 * 28
_INITIALS: Final = (2, 5, 11)
"""ㄴ, ㄹ and the silent ㅇ."""
