"""Normalising and folding text: the lowest floor, without any import of ours."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib import import_module
from typing import Any, Final, NamedTuple

# Loaded by name and only where a word is mistyped.
_LIKENESS: Final = "difflib"

# Letters that Unicode does not decompose into a base letter and a mark; accent
# folding alone would miss them (Łódź was not found by "lodz").
_UNDECOMPOSED = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ħ": "h",
        "ı": "i",
        "ŀ": "l",
        "ŋ": "n",
        "ŧ": "t",
    }
)
# Apostrophes in all their shapes mark aspiration or a syllable border in
# romanised Korean (Kaech'ŏn, Kaechʻŏn, Kae’chŏn) and are not part of the word.
APOSTROPHES = "'’‘ʻʼ`´ʹ′"
_WITHOUT_APOSTROPHES = str.maketrans("", "", APOSTROPHES)
_PLAIN = _UNDECOMPOSED | _WITHOUT_APOSTROPHES
# Japanese voicing marks change the letter itself, so folding keeps them.
_KEPT_MARKS = frozenset("\u3099\u309a")


class _Bare(dict[int, int | None]):
    """What is left of each character without marks; each is looked up once."""

    def __missing__(self, code: int) -> int | None:
        c = chr(code)
        self[code] = code if c in _KEPT_MARKS or unicodedata.category(c) != "Mn" else None
        return self[code]


_BARE = _Bare()
_SECOND_LOCATOR = re.compile(r"⟦[^⟦⟧\n]*⟧")
TAG = re.compile(r"<(/?)(res|an)>")
"""A redaction tag, exactly as it has to be written."""
# Not `\b`: a Korean particle is written against the digits. Between letters and digits stands whatever a person,
# or a word processor, may have made of the hyphen; after them a passage, the rest of a range, the slug of a file.
_HYPHENS = "\\-\u2010-\u2015\u2212\ufe58\ufe63\uff0d"


@cache
def _sign_of_a_code() -> re.Pattern[str]:
    """Give what stands in the middle of every code: quickly looked for, and seldom there."""
    return re.compile(
        rf"(?<=[A-Za-z\uff21-\uff3a\uff41-\uff5a])[\s_{_HYPHENS}\u00ad\u200b-\u200f\u2060\ufeff]{{1,4}}[0-9\uff10-\uff19]{{4}}"
    )


@cache
def _code() -> re.Pattern[str]:
    return re.compile(
        "(?<![A-Za-z\uff21-\uff3a\uff41-\uff5a])([A-Za-z\uff21-\uff3a\uff41-\uff5a]{2,5})"
        rf"([\s_{_HYPHENS}\u00ad\u200b-\u200f\u2060\ufeff]{{1,4}})([0-9\uff10-\uff19]{{4,6}})(?![0-9\uff10-\uff19])"
        rf"(?:#p[0-9]+(?:[{_HYPHENS}]p?[0-9]+)?)?((?:\s?[/{_HYPHENS}]\s?[0-9]{{4,6}}(?![0-9]))*)((?:-[^\W\d_][\w.-]*)?)"
    )


_AS_WRITTEN = frozenset("-\u2010\u2011\u2012\u2013\u2212")
# The languages that a reader of this archive may see mixed in one line are at
# most two cells wide a character.
_WIDE = frozenset("WF")


def nfc(text: str) -> str:
    """Give the text in Unicode normalisation form C."""
    return unicodedata.normalize("NFC", text)


def squash(text: str) -> str:
    """Fold every run of white space to one space and strip both ends."""
    return " ".join(text.split())


def without_locators(text: str) -> str:
    """Take out time codes and page marks, ``⟦00:14:32⟧`` or ``⟦p. 57⟧``."""
    return squash(_SECOND_LOCATOR.sub(" ", text))


def unmarked(text: str) -> str:
    """Take out the redaction tags and keep every word."""
    return TAG.sub("", text)


def locators(text: str) -> tuple[str, ...]:
    """Give the time codes and page marks of a text in their order, without the brackets."""
    return tuple(found[1:-1].strip() for found in _SECOND_LOCATOR.findall(text))


def fold(text: str) -> str:
    """Fold case, accents and apostrophes: ``Kaech'ŏn`` and ``KAECHON`` become ``kaechon``.

    Hangul stays as it is; NFC and NFD, half and full width become the same.
    """
    if text.isascii():
        return text.casefold().translate(_WITHOUT_APOSTROPHES)
    spread = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    return unicodedata.normalize("NFC", spread.translate(_BARE)).translate(_PLAIN)


def codes(text: str, *, strictly: bool = False) -> set[str]:
    """Give what reads as the code of a record, wherever it stands in a text, and in whatever case.

    :param strictly: only what is written as a code is, in capitals: ids of works look like one in small letters.
    """
    each: set[str] = set()
    if _sign_of_a_code().search(text) is None:
        return each
    for found in _code().finditer(text):
        if not strictly or _is_strict(found):
            each.update(_codes(found))
        each |= codes(found[5], strictly=strictly)  # what looks like a slug may be another code
    return each


class Known(NamedTuple):
    """Codes that may be told, and the letters that they begin with."""

    codes: frozenset[str]
    letters: frozenset[str]

    @classmethod
    def of(cls, codes: Iterable[str]) -> "Known":
        """Take the codes."""
        each = frozenset(codes)
        return cls(each, frozenset(code.partition("-")[0] for code in each))


def without_codes(text: str, known: Known, instead: str) -> str:
    """Put other words in the place of every code but these, and of what belongs to it: a range, a slug.

    What is not written quite as a code is one where its letters are those of a known one.
    """
    if _sign_of_a_code().search(text) is None:
        return text

    def told(found: re.Match[str]) -> str:
        each = _codes(found)
        is_meant = _is_strict(found) or each[0].partition("-")[0] in known.letters
        slug = without_codes(found[5], known, instead)
        if is_meant and not known.codes.issuperset(each):
            return instead + (slug if codes(found[5]) else "")
        return found[0].removesuffix(found[5]) + slug

    return _code().sub(told, text)


def _is_strict(found: re.Match[str]) -> bool:
    return found[1].isascii() and found[1].isupper() and found[3].isascii() and found[2] in _AS_WRITTEN


def _codes(found: re.Match[str]) -> list[str]:
    """Give the codes of a match: the one that is written out, and those of a range's other numbers."""
    letters = unicodedata.normalize("NFKC", found[1]).upper()
    numbers = [unicodedata.normalize("NFKC", found[3]), *re.findall(r"[0-9]{4,6}", found[4])]
    return [f"{letters}-{number}" for number in numbers]


def near(word: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Give the known words most like a mistyped one, best first; it suggests, it never decides."""
    by_fold: dict[str, str] = {}
    for each in known:
        by_fold.setdefault(fold(each), each)
    if not by_fold:
        return []
    target = fold(word)[:64]
    likeness: Any = import_module(_LIKENESS)
    close = likeness.get_close_matches(target, list(by_fold), n=most, cutoff=0.6)
    return [by_fold[each] for each in close]


def width(text: str) -> int:
    """Give the number of terminal cells that a text takes: Hangul and Han take two."""
    if text.isascii():
        return len(text)
    cells = 0
    for c in text:
        if unicodedata.combining(c) or unicodedata.category(c) in {"Mn", "Me", "Cf"}:
            continue
        cells += 2 if unicodedata.east_asian_width(c) in _WIDE else 1
    return cells


def listed(words: Iterable[str], last: str = "or") -> str:
    """Join words as a sentence does: ``a, b or c``."""
    every = list(words)
    if len(every) < 2:  # noqa: PLR2004 - one or none needs no joining
        return "".join(every)
    return f"{', '.join(every[:-1])} {last} {every[-1]}"


UNDATED: Final = "XXXX"
"""A year of which nothing is known, as EDTF writes it."""
_UNDATED_SIDE: Final = re.compile(rf"(?:\.\.|[?~%]?-?{UNDATED}.*)?")


def is_undated(written: str) -> bool:
    """Ask whether nothing is known of the year of a date, without reading it: ``XXXX-05``, ``XXXX/..``, or none given."""
    return all(_UNDATED_SIDE.fullmatch(side) for side in written.split("/"))


def lowered(label: str) -> str:
    """Give a label as it stands inside a sentence: ``First-hand`` becomes ``first-hand``, ``EDTF`` stays."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label
