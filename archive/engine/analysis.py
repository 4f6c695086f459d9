"""Text to terms, per script inside a word, so that Korean and English live in one field.

* Latin and other alphabets: folded (`archive.text.fold`) and, for the term,
  stemmed by the Snowball English stemmer; the folded form is kept beside it
  for prefix, wildcard and fuzzy search.
* Hangul and Han: the pairs of neighbouring syllables inside a word (수용소 is
  수용 and 용소, so it is found inside 정치범수용소에서); a syllable that stands
  alone is kept.

A term's position is ``word * STRIDE + place``: ``word`` counts words, ``place``
the syllable inside one, so that "next to each other in a word" and "the next
word" can both be read off it.
"""

import re
from collections.abc import Collection, Iterator
from functools import cache, lru_cache
from typing import Final, NamedTuple

from archive.engine import stemming
from archive.text import APOSTROPHES, fold

STRIDE: Final = 256
LONGEST: Final = 64  # code points of a folded word that is no Hangul or Han; the rest is cut

_MARKS = "\u0300-\u036f\u0591-\u05c7\u3099\u309a"
_LETTER = rf"(?:[^\W_]|[{_MARKS}])"
WORD: Final = re.compile(rf"{_LETTER}+(?:[{re.escape(APOSTROPHES)}]{_LETTER}+)*")
# The same for text in plain ASCII, where it takes half the time.
_ASCII_WORD: Final = re.compile("[A-Za-z0-9]+(?:['`][A-Za-z0-9]+)*")
_SYLLABLES = "\uac00-\ud7a3\u1100-\u11ff\u3130-\u318f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_ALPHABETIC = rf"(?:[^\W_{_SYLLABLES}]|[{_MARKS}])"
_NOTHING_BEFORE = rf"(?<!{_ALPHABETIC})(?<!{_ALPHABETIC}[{re.escape(APOSTROPHES)}])"
_NOTHING_AFTER = rf"(?!{_ALPHABETIC})(?![{re.escape(APOSTROPHES)}]{_ALPHABETIC})"
_HANGUL_FIRST, _HANGUL_LAST = 0xAC00, 0xD7A3
_VOWELS, _FINALS = 21, 28
_N, _R, _SILENT = 2, 5, 11
# ㅑ ㅒ ㅕ ㅖ ㅛ ㅠ ㅣ: before these the South drops a first ㄴ or ㄹ.
_BEFORE_Y: Final = frozenset({2, 3, 6, 7, 12, 17, 20})

_stemmer = stemming.english()


class Token(NamedTuple):
    """A term at a place: ``form`` is the folded word, "" for a pair; offsets are half-open code points."""

    term: str
    position: int
    start: int
    end: int
    form: str = ""


@lru_cache(maxsize=200_000)
def stem(folded: str) -> str:
    """Give the Snowball English stem of a folded word; a word in another alphabet stays as it is."""
    return str(_stemmer.stem(folded)) if folded.isascii() and folded.isalpha() else folded


def southern(syllable: str) -> str:
    """Spell a first syllable as in the South: 로 as 노, 력 as 역, 녀 as 여."""
    code = ord(syllable)
    if not _HANGUL_FIRST <= code <= _HANGUL_LAST:
        return syllable
    initial, rest = divmod(code - _HANGUL_FIRST, _VOWELS * _FINALS)
    vowel = rest // _FINALS
    if initial in {_N, _R} and vowel in _BEFORE_Y:
        initial = _SILENT
    elif initial == _R:
        initial = _N
    return chr(_HANGUL_FIRST + initial * _VOWELS * _FINALS + rest)


def each_word(text: str) -> Iterator[re.Match[str]]:
    """Find the words of a text in their order."""
    return (_ASCII_WORD if text.isascii() else WORD).finditer(text)


def tokens(text: str) -> Iterator[Token]:
    """Give the terms of a text in their order. The text should be in NFC."""
    word = 0
    for found in each_word(text):
        of_word, words = _of_word(found[0])
        for term, place, start, end, form in of_word:
            yield Token(term, word * STRIDE + place, found.start() + start, found.start() + end, form)
        word += words


def tokens_among(text: str, wanted: Collection[str]) -> Iterator[Token]:
    """Give those of the terms of a text that are wanted; for a few of them much faster than all."""
    word = 0
    # A stem begins as its word does, so that words of plain letters that begin otherwise need not be stemmed.
    initials = {initial for term in wanted for initial in (term[:1], term[:1].upper())}
    for found in each_word(text):
        written = found[0]
        if written[0] not in initials and written.isascii():
            word += 1
            continue
        of_word, words = _of_word(written)
        for term, place, start, end, form in of_word:
            if term in wanted:
                yield Token(term, word * STRIDE + place, found.start() + start, found.start() + end, form)
        word += words


@lru_cache(maxsize=50_000)
def _of_word(written: str) -> tuple[tuple[Token, ...], int]:
    """Give the terms of a word by itself, and how many words it counts for."""
    found: list[Token] = []
    place = 0
    for start, end, syllabic in _parts(written):
        part = written[start:end]
        if syllabic:
            if start and len(part) > 1:
                # After a number the first syllable counts alone too, so that 15호 is found in 15호관리소.
                found.append(Token(part[0], place, start, start + 1))
            for term, first, last in _pairs(part, word_start=start == 0):
                found.append(Token(term, place, start + first, start + last))
                place += 1
        else:
            form = fold(part)[:LONGEST]
            if form:
                found.append(Token(stem(form), place, start, end, form))
                place += 1
    return tuple(found), 1 + place // STRIDE


_ASCII_APOSTROPHES: Final = "'`"
_ASCII_GAPS: Final = {code: " " for code in range(128) if not chr(code).isalnum()}
_DOUBLED = re.compile("['`]{2}")


def found_words(text: str) -> list[str]:
    """Give the words of a text, fast: those of plain ASCII folded already, which changes none of their terms."""
    if not text.isascii():
        return WORD.findall(text)
    lowered = text.lower()
    if "'" in lowered or "`" in lowered:
        if _DOUBLED.search(lowered):
            return WORD.findall(text)
        for apostrophe in _ASCII_APOSTROPHES:
            lowered = lowered.replace(apostrophe, "")
    return lowered.translate(_ASCII_GAPS).split()


class Form(NamedTuple):
    """A whole word as prefix, wildcard and fuzzy search see it; offsets are half-open code points."""

    text: str
    start: int
    end: int


def forms(text: str) -> Iterator[Form]:
    """Give the folded, unstemmed words of a text; of a word in two scripts (``15호``) its parts as well."""
    for found in each_word(text):
        first = found.start()
        for written, start, end in _forms_of(found[0]):
            yield Form(written, first + start, first + end)


def forms_among(text: str, wanted: Collection[str]) -> Iterator[tuple[int, int]]:
    """Give where those of the forms of a text stand that are wanted."""
    for found in each_word(text):
        for written, start, end in _forms_of(found[0]):
            if written in wanted:
                yield found.start() + start, found.start() + end


@lru_cache(maxsize=50_000)
def _forms_of(word: str) -> tuple[Form, ...]:
    """Give the forms of a word by itself."""
    parts = list(_parts(word))
    places = dict.fromkeys([*parts, (0, len(word), False)] if len(parts) > 1 else parts)
    found = (Form(form(word[start:end], word_start=start == 0), start, end) for start, end, _ in places)
    return tuple(each for each in found if each.text)


def form(word: str, *, word_start: bool = True) -> str:
    """Fold a word; a first syllable is spelled as in the South."""
    folded = fold(word)[:LONGEST]
    return southern(folded[0]) + folded[1:] if folded and word_start else folded


def pattern(written: str) -> str:
    """Fold a word with ``*`` and ``?`` as `form` folds a word."""
    folded = fold(written)
    return southern(folded[0]) + folded[1:] if folded else folded


@lru_cache(maxsize=64)
def as_typed(written: str) -> re.Pattern[str]:
    """Give the expression for words as they are typed: whole words, but anywhere for Hangul and Han."""
    before = _NOTHING_BEFORE if re.match(_ALPHABETIC, written[0]) else ""
    after = _NOTHING_AFTER if re.match(_ALPHABETIC, written[-1]) else ""
    return re.compile(f"{before}{re.escape(written)}{after}")


def is_syllabic(term: str) -> bool:
    """Ask whether a term is of syllables: Hangul or Han."""
    return not term.isascii() and _syllabic().fullmatch(term) is not None


@cache
def _syllabic() -> re.Pattern[str]:
    """Give the expression for a run of syllables; made at its first use, since its tens of thousands of signs take a while."""
    return re.compile(f"[{_SYLLABLES}]+")


def _parts(word: str) -> Iterator[tuple[int, int, bool]]:
    """Split a word where the script turns from syllables to letters: ``15호`` is 15 and 호."""
    if word.isascii():
        yield 0, len(word), False
        return
    at = 0
    for found in _syllabic().finditer(word):
        if found.start() > at:
            yield at, found.start(), False
        yield found.start(), found.end(), True
        at = found.end()
    if at < len(word):
        yield at, len(word), False


def _pairs(part: str, *, word_start: bool) -> Iterator[tuple[str, int, int]]:
    first = southern(part[0]) if word_start else part[0]
    if len(part) == 1:
        yield first, 0, 1
        return
    yield first + part[1], 0, 2
    for at in range(1, len(part) - 1):
        yield part[at : at + 2], at, at + 2
