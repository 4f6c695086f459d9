"""What must hold among the terms of a vocabulary: names that lead somewhere, no ring, no word claimed twice."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from archive import text
from archive.language.messages import tr
from archive.named_tuple import NamedTuple

_HANGUL: Final = re.compile("[\uac00-\ud7a3]+")
_SHORTEST: Final = 3  # letters of a word that is no acronym


class ConceptFault(NamedTuple):
    """What is wrong with a term: its place in its list, the key of it that is at fault, and a sentence."""

    number: int
    key: str
    message: str


def concept_faults(terms: Sequence[Mapping[str, Any]]) -> Iterator[ConceptFault]:
    """Yield every fault among the terms of a list, given as plain data."""
    known = {term["id"]: term for term in terms}
    for number, entry in enumerate(terms):
        for key, message in (*_unknown(entry, known), *_ring(entry, known), *_words(entry)):
            yield ConceptFault(number, key, message)
    yield from _shared_words(terms)


def _unknown(term: Mapping[str, Any], known: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for place in ("broader", "related", "shared_with"):
        for other in term.get(place, ()):
            if other not in known:
                yield place, tr("names {other!r}, which is not in this list", other=other)


def _ring(term: Mapping[str, Any], known: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    waiting = list(term.get("broader", ()))
    while waiting:
        broader = waiting.pop()
        if broader == term["id"]:
            yield "broader", tr("leads back to the term itself")
            return
        if broader not in seen:
            seen.add(broader)
            waiting += known.get(broader, {}).get("broader", ())


def _words(term: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Refuse words that mean too much by themselves: a single syllable of Hangul, a short word that is no acronym."""
    for place in ("also", "under"):
        for word in (word for words in term.get(place, {}).values() for word in words):
            if _HANGUL.fullmatch(word) and len(word) == 1:
                yield place, tr("{word!r} is one syllable, which stands in too many other words", word=word)
            elif word.isascii() and word.isalpha() and len(word) < _SHORTEST and not word.isupper():
                yield place, tr("{word!r} is too short; an acronym is written in capitals", word=word)


def _shared_words(terms: Sequence[Mapping[str, Any]]) -> Iterator[ConceptFault]:
    """Yield each word that stands for two terms which do not say so by ``shared_with``."""
    claimed: dict[str, Mapping[str, Any]] = {}
    for number, term in enumerate(terms):
        own = [("label", word) for word in term.get("label", {}).values()]
        own += [(key, word) for key in ("also", "under") for words in term.get(key, {}).values() for word in words]
        for key, word in own:
            other = claimed.setdefault(re.sub(r"[\s-]", "", text.fold(word)), term)
            said = {*other.get("shared_with", ()), *term.get("shared_with", ())}
            if other is not term and said.isdisjoint({term["id"], other["id"]}):
                message = tr(
                    "{word!r} stands for {other} too; name that in `shared_with` if both are meant", word=word, other=other["id"]
                )
                yield ConceptFault(number, key, message)
