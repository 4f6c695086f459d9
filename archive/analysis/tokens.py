"""Text to terms, per script inside a word, so that Korean and English live in one field.

One rule for the index, the query, the marks, and the check that no withheld
word is told elsewhere: what is the same word for one is the same for all.

* Latin and other alphabets: folded (`archive.text.fold`) and, for the term,
  stemmed by the Snowball English stemmer; the folded form is kept beside it
  for prefix, wildcard and fuzzy search.
* Hangul, Han, kana and the scripts that are written without spaces (Thai, Lao,
  Khmer, Burmese): the pairs of neighbouring syllables inside a word (수용소 is
  수용 and 용소, so it is found inside 정치범수용소에서); a syllable that stands
  alone is kept. A first syllable is spelled as in the South, also after a
  number or a letter (2로동 is 2노동).
* A French or Italian article that an apostrophe ties to its word (l'enfant), and a
  number that is tied to a unit (5kg, 5㎏), leave the word to be found by itself too.
* The ending ``'s`` is no part of a word, but for a decade, which is found with it and
  without (1990's is 1990s and 1990); neither are signs without width inside a word.
  Compatibility signs (㎏, ⼒, full width) are what they stand for.

A term's position is ``word * STRIDE + place``: ``word`` counts words, ``place``
the syllable inside one, so that "next to each other in a word" and "the next
word" can both be read off it.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final, cast

from archive.analysis import _word_forms as word_forms
from archive.analysis import stemming
from archive.named_tuple import NamedTuple
from archive.text import APOSTROPHES, WITHOUT_WIDTH, fold, regex

STRIDE: Final = 256
LONGEST: Final = 64  # code points of a folded word that is no Hangul or Han; the rest is cut

# Unicode calls some apostrophes letters, and so it does the middle dot of South Korean papers, ㆍ.
_LETTER: Final = "[^\\W_ʻʼʹㆍ]"
_MARKS: Final = "\u0300-\u036f"
# The words of a text of common signs, in which the marks are those of Latin.
_WORD: Final = regex(rf"{_LETTER}(?:{_LETTER}|[{_MARKS}])*(?:[{re.escape(APOSTROPHES)}]{_LETTER}(?:{_LETTER}|[{_MARKS}])*)*")
# The same for text in plain ASCII, where it takes half the time.
_ASCII_WORD: Final = regex("[A-Za-z0-9]+(?:['`][A-Za-z0-9]+)*")
# A sign that `_WORD` knows nothing of: no letter, no space, and none of the usual punctuation.
_UNCOMMON: Final = regex(
    rf"[^\w\s\x00-\x7f\x80-\xac\xae-\xbf{_MARKS}\u2010-\u2029\u2030-\u205f\u3000-\u3029\u3030-\u303f\u30fb]|[\u034f\u115f\u1160\u3164\uffa0]"
)
_SYLLABLES: Final = (
    "\uac00-\ud7a3\u1100-\u115e\u1161-\u11ff\u3130-\u3163\u3165-\u318c\u318e-\u318f"  # Hangul
    "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"  # kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u0edc-\u0edf\u1780-\u17d3\u1000-\u103f\u1050-\u109d"  # written without spaces
)
_ALPHABETIC = rf"(?:[^\W_ʻʼʹㆍ{_SYLLABLES}]|[{_MARKS}\u0591-\u05bd\u05bf-\u05c7])"
_NOTHING_BEFORE = rf"(?<!{_ALPHABETIC})(?<!{_ALPHABETIC}[{re.escape(APOSTROPHES)}])"
_NOTHING_AFTER = rf"(?!{_ALPHABETIC})(?![{re.escape(APOSTROPHES)}]{_ALPHABETIC})"
_POSSESSIVE: Final = regex(f"[{re.escape(APOSTROPHES)}][sS]$")
_DECADE: Final = regex(f"[0-9]*0(?=[{re.escape(APOSTROPHES)}]s$)", re.IGNORECASE)
"""The number in a word that may be a decade (the 1990's, which is the 1990s) or a possessive (Camp 10's)."""
_TIED: Final = regex(
    rf"(?:[cdjlmns]|(?:jus|lors|puis|quoi)?qu|(?:d|n|s|qu)?[ae]ll|dall|sull|un)[{re.escape(APOSTROPHES)}](?=[aeiouhàâäéèêëîïôöœæùûü].)",
    re.IGNORECASE,
)
"""An article or the like before the word that it is tied to. Not t': in romanised Korean it is a letter (T'ongch'ŏn)."""
_MEASURED: Final = regex(r"[0-9]+(?=(?:[kmc]?m[23]?|[km]?g|m?l|ha|t|[km]?w)$)", re.IGNORECASE)
"""The number before a unit that is tied to it."""
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
    """Return the Snowball English stem of a folded word; a word in another alphabet stays as it is."""
    return str(_stemmer.stem(word_forms.base_form(folded))) if folded.isascii() and folded.isalpha() else folded


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


def spellings_of(syllable: str) -> str:
    """Return the syllables of Hangul that are one when they come first: itself, and its spellings in the North."""
    code = ord(syllable)
    if not _HANGUL_FIRST <= code <= _HANGUL_LAST:
        return syllable
    rest = (code - _HANGUL_FIRST) % (_VOWELS * _FINALS)
    northern = [chr(_HANGUL_FIRST + initial * _VOWELS * _FINALS + rest) for initial in (_N, _R)]
    return "".join(dict.fromkeys([syllable, *(spelled for spelled in northern if southern(spelled) == syllable)]))


class Found(NamedTuple):
    """A word as it is written, and where; offsets are half-open code points."""

    written: str
    start: int
    end: int


class _Shadow(dict[int, int]):
    """A common sign of the same use for each character: a letter, a mark, a sign without width; all else is itself."""

    def __missing__(self, code: int) -> int:
        c = chr(code)
        stands_for = c
        if WITHOUT_WIDTH.match(c) or unicodedata.category(c) in {"Mn", "Mc", "Me"}:
            stands_for = "\u0300"
        elif unicodedata.category(c).startswith("S") and any(map(str.isalnum, unicodedata.normalize("NFKC", c))):
            stands_for = "a"
        self[code] = ord(stands_for)
        return self[code]


_SHADOW: Final = _Shadow()


def each_word(text: str) -> Iterator[Found]:
    """Find the words of a text in their order."""
    for match in _matches(text):
        start, end = match.span()
        yield Found(text[start:end], start, end)


def _matches(text: str) -> Iterator[re.Match[str]]:
    rule = word_rule(text)
    return rule.finditer(text) if rule is not None else _WORD.finditer(text.translate(_SHADOW))


def word_rule(text: str) -> re.Pattern[str] | None:
    """Return the expression that finds the words of a text; None where it has signs that stand for others (`each_word`)."""
    if text.isascii():
        return _ASCII_WORD
    return _WORD if _UNCOMMON.search(text) is None else None


def has_word(text: str) -> bool:
    """Return whether a text has anything that is looked for: a word that does not fold to nothing."""
    return next(tokens(text), None) is not None


def is_word(text: str) -> bool:
    """Return whether a text is one word and no more."""
    first = next(each_word(text), None)
    return first is not None and first.written == text and has_word(text)


def tokens(text: str) -> Iterator[Token]:
    """Yield the terms of a text in their order. The text should be in NFC."""
    word = 0
    for written, at, _ in each_word(text):
        of_word, words = tokens_of_word(written)
        for term, place, start, end, form in of_word:
            yield Token(term, word * STRIDE + place, at + start, at + end, form)
        word += words


def written_words(text: str) -> Iterable[str]:
    """Return the words of a text in their order, as they are written."""
    rule = word_rule(text)
    return rule.findall(text) if rule is not None else (word.written for word in each_word(text))


@lru_cache(maxsize=10_000)
def tokens_of_word(written: str) -> tuple[tuple[Token, ...], int]:
    """Return the terms of a word by itself, and how many words it counts for."""
    word_tokens: list[Token] = []
    place = 0
    word, at = _read(written)
    for start, end, syllabic in _parts(word):
        part = word[start:end]
        if syllabic:
            if start and len(part) > 1:
                # After a number the first syllable counts alone too, so that 15호 is found in 15호관리소.
                word_tokens.append(Token(southern(part[0]), place, at[start], _end(at, start + 1)))
            for term, first, last in _pairs(part):
                word_tokens.append(Token(term, place, at[start + first], _end(at, start + last)))
                place += 1
        else:
            letters = list(_letters(part, start, place, at))
            word_tokens += letters
            place += bool(letters)
    return tuple(word_tokens), 1 + place // STRIDE


def _letters(part: str, start: int, place: int, at: Sequence[int]) -> Iterator[Token]:
    """Yield the terms of a part in letters, all at one place; of several the last is what a query asks for (`plan.to_units`)."""
    if part.isascii() and part.isalpha():
        form = fold(part)[:LONGEST]
        yield Token(stem(form), place, at[start], _end(at, start + len(part)), form)
        return
    tied, measured = _TIED.match(part), _MEASURED.match(part)
    decade = _DECADE.match(part)
    first_part = tied or measured or decade
    inner = first_part.end() if first_part else 0
    whole = (0, len(part))
    spans = [whole, (inner, len(part))] if tied else [(0, inner), (inner, len(part)), whole] if measured else [whole]
    spans = [(0, inner), whole] if decade else spans
    for first, last in spans:
        form = fold(part[first:last])[:LONGEST]
        if form:
            yield Token(stem(form), place, at[start + first], _end(at, start + last), form)


def _read(written: str) -> tuple[str, Sequence[int]]:
    """Return a word as it is read, and for each of its letters, and its end, the offset in the word as it is written.

    Without signs without width and, but for a decade, the ending ``'s``; a sign that stands for letters is those letters.
    """
    word, at = written, cast("Sequence[int]", range(len(written) + 1))
    if written.isascii() and written.isalpha():
        return word, at
    if not written.isascii() and (not unicodedata.is_normalized("NFKC", written) or WITHOUT_WIDTH.search(written)):
        word, at = _plain(written)
    ending = None if _DECADE.match(word) else _POSSESSIVE.search(word)
    return (word[: ending.start()], at) if ending else (word, at)


def _end(at: Sequence[int], last: int) -> int:
    """Return where letters end of which the last stands before a place: behind the sign that it is of."""
    return at[last] if at[last] > at[last - 1] else next(offset for offset in at[last:] if offset > at[last - 1])


def _plain(written: str) -> tuple[str, Sequence[int]]:
    letters: list[str] = []
    at: list[int] = []
    for cluster in _clusters(written):
        for letter in unicodedata.normalize("NFKC", WITHOUT_WIDTH.sub("", cluster[0])):
            if letter.isalnum() or letter in _KEPT or unicodedata.category(letter).startswith("M"):
                letters.append(letter)
                at.append(cluster.start())
    return "".join(letters), [*at, len(written)]


_KEPT: Final = frozenset(f"{APOSTROPHES}\u2044")
"""Signs inside a word that stay, the slash of a fraction among them."""


def _clusters(written: str) -> Iterator[re.Match[str]]:
    """Find each letter with the marks on it, since they are one letter when they are put together."""
    return _CLUSTER.finditer(written)


_CLUSTER = regex(f".[{_MARKS}\u1161-\u11ff\u3099\u309a\uff9e\uff9f]*", re.DOTALL)
_ASCII_APOSTROPHES: Final = "'`"
_ASCII_GAPS: Final = {code: " " for code in range(128) if not chr(code).isalnum()}
_DOUBLED = regex("['`]{2}")
_ASCII_TIED = regex(rf"(?<![a-z0-9'`]){_TIED.pattern}")
_ASCII_DECADE = regex("0['`]s(?![a-z0-9])")
_ASCII_POSSESSIVE = regex("(?<=[a-z0-9])['`]s(?![a-z0-9])(?!['`][a-z0-9])")


def found_words(text: str) -> list[str]:
    """Return the words of a text, fast: those of plain ASCII folded already, which changes none of their terms."""
    if not text.isascii():
        rule = word_rule(text)
        return rule.findall(text) if rule is not None else [word.written for word in each_word(text)]
    lowered = text.lower()
    if "'" in lowered or "`" in lowered:
        if _DOUBLED.search(lowered) or _ASCII_DECADE.search(lowered):
            return _ASCII_WORD.findall(text)
        lowered = _ASCII_POSSESSIVE.sub("", lowered)
        if _ASCII_TIED.search(lowered):
            return _ASCII_WORD.findall(text)
        for apostrophe in _ASCII_APOSTROPHES:
            lowered = lowered.replace(apostrophe, "")
    return lowered.translate(_ASCII_GAPS).split()


class Form(NamedTuple):
    """A whole word as prefix, wildcard and fuzzy search see it; offsets are half-open code points."""

    text: str
    start: int
    end: int


def forms(text: str) -> Iterator[Form]:
    """Yield the folded, unstemmed words of a text; of a word in two scripts (``15호``) its parts as well."""
    for word, first, _ in each_word(text):
        for written, start, end in _forms_of(word):
            yield Form(written, first + start, first + end)


def forms_of_word(written: str) -> Iterable[str]:
    """Return what `forms` gives of a word by itself."""
    return (word_form.text for word_form in _forms_of(written))


def forms_among(text: str, wanted: Collection[str]) -> Iterator[tuple[int, int]]:
    """Yield where those of the forms of a text stand that are wanted."""
    for word, first, _ in each_word(text):
        for written, start, end in _forms_of(word):
            if written in wanted:
                yield first + start, first + end


@lru_cache(maxsize=10_000)
def _forms_of(written: str) -> tuple[Form, ...]:
    """Return the forms of a word by itself."""
    word, at = _read(written)
    parts = [span for start, end, syllabic in _parts(word) for span in _spans(word, start, end, syllabic=syllabic)]
    places = dict.fromkeys([*parts, (0, len(word))] if len(parts) > 1 else parts)
    every_form = (Form(_form(word[start:end]), at[start], _end(at, end)) for start, end in places)
    return tuple(word_form for word_form in every_form if word_form.text)


def _spans(word: str, start: int, end: int, *, syllabic: bool) -> Iterator[tuple[int, int]]:
    """Yield a part of a word, and what of it is found by itself too."""
    yield start, end
    inner = None if syllabic else _TIED.match(word, start, end) or _MEASURED.match(word, start, end)
    if inner:
        yield inner.end(), end
    elif decade := _DECADE.match(word, start, end):
        yield decade.span()


def form(written: str) -> str:
    """Fold a word; a first syllable is spelled as in the South."""
    return _form(_read(written)[0])


def _form(word: str) -> str:
    folded = fold(word)[:LONGEST]
    return southern(folded[0]) + folded[1:] if folded else folded


def pattern(written: str) -> str:
    """Fold a word with ``*`` and ``?`` as `form` folds a word."""
    folded = fold(written)
    return southern(folded[0]) + folded[1:] if folded else folded


@lru_cache(maxsize=64)
def as_typed(written: str) -> re.Pattern[str]:
    """Return the expression for words as they are typed: whole words, but anywhere for Hangul, Han and kana.

    Signs without width are none that anybody types.
    """
    typed = WITHOUT_WIDTH.sub("", written)
    before = _NOTHING_BEFORE if re.match(_ALPHABETIC, typed[0]) else ""
    after = _NOTHING_AFTER if re.match(_ALPHABETIC, typed[-1]) else ""
    return re.compile(f"{before}{f'{WITHOUT_WIDTH.pattern}*'.join(map(re.escape, typed))}{after}")


def is_syllabic(term: str) -> bool:
    """Return whether a term is of syllables: Hangul, Han or kana."""
    return not term.isascii() and _SYLLABIC.fullmatch(term) is not None


_SYLLABIC = regex(f"[{_SYLLABLES}]+")


def _parts(word: str) -> Iterator[tuple[int, int, bool]]:
    """Split a word where the script turns from syllables to letters: ``15호`` is 15 and 호."""
    if word.isascii():
        yield 0, len(word), False
        return
    at = 0
    for match in _SYLLABIC.finditer(word):
        if match.start() > at:
            yield at, match.start(), False
        yield match.start(), match.end(), True
        at = match.end()
    if at < len(word):
        yield at, len(word), False


def _pairs(part: str) -> Iterator[tuple[str, int, int]]:
    first = southern(part[0])
    if len(part) == 1:
        yield first, 0, 1
        return
    yield first + part[1], 0, 2
    for at in range(1, len(part) - 1):
        yield part[at : at + 2], at, at + 2


def sames(text: str, *, stemmed: bool = True, apart: bool = False) -> list[str]:
    """Return the words of a text so that those are equal which a query may hold for equal, for what must be told nowhere.

    Each syllable of Hangul is spelled as in the South, since a compound may be
    asked for in either spelling; of a word in two scripts each part is a word.

    :param stemmed: letters without English endings.
    :param apart: what is tied before a word is left out, and a number before a unit is a word of its own.
    """
    folded_forms = []
    for written, _, _ in each_word(text):
        word, _ = _read(written)
        for start, end, syllabic in _parts(word):
            tied = None if syllabic or not apart else _TIED.match(word, start, end)
            measured = None if syllabic or not apart else _MEASURED.match(word, start, end)
            decade = None if syllabic or not apart else _DECADE.match(word, start, end)
            pieces = [(tied.end(), end)] if tied else [measured.span(), (measured.end(), end)] if measured else [(start, end)]
            pieces = [decade.span()] if decade else pieces
            for first, last in pieces:
                folded = fold(word[first:last])
                folded_forms.append("".join(map(southern, folded)) if syllabic else stem(folded) if stemmed else folded)
    return [folded_form for folded_form in folded_forms if folded_form]
