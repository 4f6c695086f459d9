"""Other ways to write a word of a query, each looked for where this index has it, and told in ``expanded``.

Acronyms, degrees, large numbers, measures and words with a prefix have two ways
that everybody uses: USA and U.S.A., PhD and Ph.D., 1000 and 1,000, 5kg and 5 kg,
reeducation and re-education. A long Korean word has two spellings, 강제노동 and
강제로동; one that is nowhere as it is typed is tried without its particles, 무용수가
and 무용수, and in its parts, 정치범수용소 and 정치범 수용소; of a name in Latin letters its two parts: Donghyuk
and Dong-hyuk.
"""

from collections.abc import Callable, Iterator
from typing import Final

from archive.analysis.tokens import southern
from archive.search.label_keys import bare
from archive.search.syntax import And, Concept, NameQuery, Node, Or, Phrase, Word, WorkQuery
from archive.text import regex

_LONGEST: Final = 24
"""Syllables of a word up to which its parts and spellings are tried."""
_LONG: Final = 4
"""Syllables of a word of which another spelling is no other word."""
_SHORTEST_NAME: Final = 5
"""Letters of a name in two parts."""
_TO_SPLIT: Final = 2
"""Syllables that a part has at least."""
_DOTTED = regex(r"(?:[A-Za-z]{1,2}\.)+[A-Za-z]{1,2}\.?")
_CAPITALS = regex(r"(?:[A-Z][a-z]?){2,6}")
_PIECE = regex(r"[A-Z][a-z]?")
_MEASURED = regex(r"([0-9]+)[ \u00a0]?([A-Za-z]{1,2}[23]?)")
_HYPHENS: Final = dict.fromkeys(map(ord, "-\u2010\u2011 "), " ")
_WITHOUT_HYPHENS: Final = dict.fromkeys(_HYPHENS, "")
_MOST_JOINED: Final = 4
"""Parts of a word with hyphens, or of a phrase that others write as one."""
PREFIXES: Final = (
    *("re", "co", "non", "anti", "pre", "post", "self", "sub", "counter", "semi", "un", "mid", "over", "under", "multi", "inter"),
    *("ex", "de", "bi", "pro", "trans", "extra", "infra", "super", "ultra", "micro", "north", "south"),
)
_LEAST_AFTER: Final = 4
"""Letters after a prefix at least; what stands there must be a word of this index anyhow."""
_NUMBER = regex(r"[1-9][0-9]{3,11}")
_GROUPED = regex(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+")
_HANGUL = regex("[가-힣]{2,}")


def expand_variants(node: Node, is_found: Callable[[Node], bool]) -> Node:
    """Put a `NameQuery` in the place of every word that this index has in another way of writing.

    :param is_found: asks whether anything in the index answers; what must not stand in a passage is left as it is.
    """
    if isinstance(node, And | Or):
        return type(node)(tuple(expand_variants(part, is_found) for part in node.parts))
    if isinstance(node, WorkQuery) and node.part:
        return node._replace(part=expand_variants(node.part, is_found))
    if isinstance(node, Concept) and isinstance(node.part, Word):
        return node._replace(part=expand_variants(node.part, is_found))
    if not isinstance(node, Word | Phrase) or (isinstance(node, Phrase) and node.between is not None):
        return node
    others = [other for other in _ways(node.written) if is_found(_query_for(other))]
    if not others and (_is_hangul(node.written) or _is_name(node.written)):
        # A long word spelled otherwise is the same word; a short one, or one in parts, may be another, and is a last resort.
        tried = _respellings(node.written) if _is_hangul(node.written) and len(node.written) >= _LONG else ()
        others = [other for other in tried if is_found(_query_for(other))]
        if not others and not is_found(node):
            others = [other for other in _guesses(node.written) if is_found(_query_for(other))]
    return NameQuery(node.written, (node.written, *others), ()) if others else node


def _query_for(written: str) -> Node:
    return Phrase(written) if " " in written else Word(written)


def _ways(written: str) -> Iterator[str]:
    """Yield the other way to write an acronym, a number, a measure or a word with a prefix."""
    if written.isascii() and written.isalpha() and written[1:].islower():
        yield from _with_a_hyphen(written)
    elif "." in written and _DOTTED.fullmatch(written):
        yield written.replace(".", "")
    elif written.isalpha() and _CAPITALS.fullmatch(written):
        yield " ".join(_PIECE.findall(written))
    elif "," in written and _GROUPED.fullmatch(written):
        yield written.replace(",", "")
    elif written.isdecimal() and _NUMBER.fullmatch(written):
        yield f"{int(written):,}".replace(",", " ")
    elif written[:1].isdecimal() and (measured := _MEASURED.fullmatch(written)):
        yield f"{measured[1]} {measured[2]}" if written == f"{measured[1]}{measured[2]}" else f"{measured[1]}{measured[2]}"
    elif _is_joined(written) and (written.isascii() or not _HANGUL.search(written)):
        yield written.translate(_WITHOUT_HYPHENS)
    elif written.isascii() and written.isalpha():
        yield from _with_a_hyphen(written)


def _is_joined(written: str) -> bool:
    """Say whether something is two to four runs of letters with a hyphen or a space between them."""
    parts = written.translate(_HYPHENS).split(" ")
    return 1 < len(parts) <= _MOST_JOINED and all(part.isalnum() and not any(map(str.isdecimal, part)) for part in parts)


def _with_a_hyphen(written: str) -> Iterator[str]:
    """Yield a word with its prefix apart, as it stands in a text with a hyphen: ``re education``."""
    for prefix in PREFIXES:
        rest = written[len(prefix) :]
        if written.lower().startswith(prefix) and len(rest) >= _LEAST_AFTER:
            yield f"{written[: len(prefix)]} {rest}"


def _is_hangul(written: str) -> bool:
    return len(written) <= _LONGEST and not written.isascii() and all(map(_HANGUL.fullmatch, written.split(" ")))


def _is_name(written: str) -> bool:
    """Say whether a word may be a Korean name that others write in two parts: Donghyuk, Dong-hyuk."""
    return _SHORTEST_NAME <= len(written) <= _LONGEST and written.isascii() and written.isalpha() and written[0].isupper()


def _guesses(written: str) -> Iterator[str]:
    """Yield a Korean word as one with its neighbour, without endings, in two parts, and as the other half of Korea spells it."""
    if " " in written:
        yield written.replace(" ", "")
        return
    yield from (form for form in bare(written) if form != written)
    for at in range(_TO_SPLIT, len(written) - _TO_SPLIT + 1):
        yield f"{written[:at]} {written[at:]}"
    if not written.isascii():
        yield from _respellings(written)


def _respellings(written: str) -> Iterator[str]:
    """Yield a Korean word with one syllable as the other half of Korea spells it."""
    for at, syllable in enumerate(written):
        for other in _other_spellings(syllable) if syllable != " " else ():
            yield written[:at] + other + written[at + 1 :]


def _other_spellings(syllable: str) -> Iterator[str]:
    """Yield the syllables that the South spells as this one, or as which it spells this one: 여 for 녀 and 려."""
    first, rest = divmod(ord(syllable) - ord("가"), _OF_AN_INITIAL)
    others = (chr(ord("가") + initial * _OF_AN_INITIAL + rest) for initial in _INITIALS if initial != first)
    return (other for other in others if southern(other) == southern(syllable))


_OF_AN_INITIAL: Final = 21 * 28
_INITIALS: Final = (2, 5, 11)
"""ㄴ, ㄹ and the silent ㅇ."""
