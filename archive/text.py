"""Normalising and folding text: the lowest floor but that of languages."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from importlib import import_module
from typing import Any, Final, cast

from archive.language.messages import mark, tr, tr_count
from archive.named_tuple import NamedTuple

# Loaded by name and only where a word is mistyped.
_LIKENESS: Final = "difflib"
_OF_A_PATTERN: Final = ("search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer", "flags", "groups")


class _CompiledWhenUsed:
    """A regular expression before its first use, and what it is since."""

    def __init__(self, expression: str, flags: int) -> None:
        self.pattern = expression
        self._flags = flags

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any attribute of a pattern
        if name not in _OF_A_PATTERN:
            raise AttributeError(name)
        compiled = re.compile(self.pattern, self._flags)
        self.__dict__.update((each, getattr(compiled, each)) for each in _OF_A_PATTERN)
        return self.__dict__[name]


def regex(expression: str, flags: int = 0) -> re.Pattern[str]:
    """Return a regular expression that is compiled when it is first used.

    A run of the program uses few of those that its modules have, and to
    compile them all took a quarter of the time of a search.
    """
    return cast("re.Pattern[str]", _CompiledWhenUsed(expression, flags))


_PROGRAM: Final[ContextVar[str]] = ContextVar("program", default="testimony")


def program() -> str:
    """Return how a person calls the program on this collection, for the commands that are printed to be pasted."""
    return _PROGRAM.get()


@contextmanager
def call_program(name: str) -> Iterator[None]:
    """Have the program called so for a while."""
    before = _PROGRAM.set(name)
    try:
        yield
    finally:
        _PROGRAM.reset(before)


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


# Signs that are no part of what is read: soft hyphens, joiners, marks of direction, selectors of a form, fillers
# (what Unicode calls Default_Ignorable_Code_Point). PDF, Word and HTML leave them inside words.
_WITHOUT_WIDTH = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
WITHOUT_WIDTH = regex(f"[{_WITHOUT_WIDTH}]")
"""One of those signs."""


def without_zero_width(text: str) -> str:
    """Return a text without those signs."""
    return text if text.isascii() else WITHOUT_WIDTH.sub("", text)


class _Bare(dict[int, int | None]):
    """What is left of each character without marks and signs without width, digits as ours; each is looked up once."""

    def __missing__(self, code: int) -> int | None:
        c = chr(code)
        kind = unicodedata.category(c)
        is_seen = c in _KEPT_MARKS or (kind != "Mn" and not WITHOUT_WIDTH.match(c))
        self[code] = ord("0") + unicodedata.digit(c) if kind == "Nd" else code if is_seen else None
        return self[code]


_BARE = _Bare()
_SECOND_LOCATOR = regex(r"⟦[^⟦⟧\n]*⟧")
TAG = regex(r"<(/?)(res|an)>")
"""A redaction tag, exactly as it has to be written."""
# Not `\b`: a Korean particle is written against the digits. Between letters and digits stands whatever a person,
# or a word processor, may have made of the hyphen; after them a passage, the rest of a range, the slug of a file.
_HYPHENS = "\\-\u2010-\u2015\u2212\ufe58\ufe63\uff0d"
_MIDDLE_OF_A_CODE = regex(
    rf"(?<=[A-Za-z\uff21-\uff3a\uff41-\uff5a])[\s_{_HYPHENS}\u00ad\u200b-\u200f\u2060\ufeff]{{1,4}}[0-9\uff10-\uff19]{{4}}"
)
"""What stands in the middle of every code: quickly looked for, and seldom there."""
_CODE = regex(
    "(?<![A-Za-z\uff21-\uff3a\uff41-\uff5a])([A-Za-z\uff21-\uff3a\uff41-\uff5a]{2,5})"
    rf"([\s_{_HYPHENS}\u00ad\u200b-\u200f\u2060\ufeff]{{1,4}})([0-9\uff10-\uff19]{{4,6}})(?![0-9\uff10-\uff19])"
    rf"(?:#p[0-9]+(?:[{_HYPHENS}]p?[0-9]+)?)?((?:\s?[/{_HYPHENS}]\s?[0-9]{{4,6}}(?![0-9]))*)"
)
_PLAIN_CODE = regex("[A-Z]{2,5}-[0-9]{4,6}")
"""A code as it is written, which reads as itself and as nothing else."""
_SLUG = regex(r"-[^\W\d_][\w.-]*")
"""What may hang on a code: the rest of a file's name, which may hold a name, or another code."""
_YEARS = range(1800, 2100)
_BEFORE_IN_AN_ADDRESS = frozenset("/-._=&?#%+~")
"""What stands before a part of the address of a page, which may look like a code in small letters."""
_AS_WRITTEN = frozenset("-\u2010\u2011\u2012\u2013\u2212")
# The languages that a reader of this archive may see mixed in one line are at
# most two cells wide a character.
_WIDE = frozenset("WF")


def nfc(text: str) -> str:
    """Return the text in Unicode normalisation form C."""
    return unicodedata.normalize("NFC", text)


def squash(text: str) -> str:
    """Fold every run of white space to one space and strip both ends."""
    # Of white space a plain space alone counts as printable: nearly all texts are as they should be, which is told sooner.
    if text.isprintable() and "  " not in text and not text.startswith(" ") and not text.endswith(" "):
        return text
    return " ".join(text.split())


def without_locators(text: str) -> str:
    """Take out time codes and page marks, ``⟦00:14:32⟧`` or ``⟦p. 57⟧``."""
    return squash(_SECOND_LOCATOR.sub(" ", text) if "⟦" in text else text)


def lines_of(text: str) -> list[str]:
    """Return the lines of a text that say anything, each as `without_locators` has them all."""
    return [line for line in map(without_locators, text.split("\n")) if line]


def unmark(text: str) -> str:
    """Take out the redaction tags and keep every word."""
    return TAG.sub("", text) if "<" in text else text


def locators(text: str) -> tuple[str, ...]:
    """Return the time codes and page marks of a text in their order, without the brackets."""
    return tuple(locator[1:-1].strip() for locator in _SECOND_LOCATOR.findall(text)) if "⟦" in text else ()


def fold(text: str) -> str:
    """Fold case, accents, apostrophes and signs without width: ``Kaech'ŏn`` and ``KAECHON`` become ``kaechon``.

    Hangul stays as it is; NFC and NFD, half and full width become the same, and digits of any script.
    """
    if text.isascii():
        return text.casefold().translate(_WITHOUT_APOSTROPHES)
    spread = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    return unicodedata.normalize("NFC", spread.translate(_BARE)).translate(_PLAIN)


def codes(text: str, *, strictly: bool = False, meant: "Known | None" = None) -> set[str]:
    """Return what reads as the code of a record, wherever it stands in a text, and in whatever case.

    :param strictly: only what is written as a code is, in capitals: ids of works look like one in small letters.
    :param meant: what is not in capitals only where it can mean nothing else (`without_codes`).
    """
    named: set[str] = set()
    if _MIDDLE_OF_A_CODE.search(text) is None:
        return named
    for match in _CODE.finditer(text):
        if _is_strict(match) or (not strictly and (meant is None or _is_meant(match, meant))):
            named.update(_codes(match))
    return named


class Known(NamedTuple):
    """Codes that may be told, the letters that they begin with, and what ids among them read as in any case."""

    codes: frozenset[str]
    letters: frozenset[str]
    ids: frozenset[str]

    @classmethod
    def of(cls, codes_and_ids: Iterable[str]) -> "Known":
        """Take the codes and ids."""
        every = frozenset(codes_and_ids)
        plain = frozenset(filter(_PLAIN_CODE.fullmatch, every))
        read_as = plain.union(*map(codes, every - plain))
        return cls(every, frozenset(code.partition("-")[0] for code in every), read_as)


def may_name_a_code(text: str) -> bool:
    """Return whether a text may hold a code; `without_codes` gives back any other as it is."""
    return _MIDDLE_OF_A_CODE.search(text) is not None


def without_codes(text: str, known: Known, instead: str) -> str:
    """Put other words in the place of every code but these, and of what belongs to it: a range, a slug.

    What is not written quite as a code is one where its letters are those of a
    known one, or where it can hardly be anything else: letters, a hyphen, and a
    number that is no year (``sec-0007``, but not ``mid-1990s``, ``in 2012`` and the
    address of a page).
    """
    if not may_name_a_code(text):
        return text
    matches = [match for match in _CODE.finditer(text) if _is_meant(match, known)]
    kept: list[str] = []
    at = 0
    for number, match in enumerate(matches, start=1):
        if known.codes.issuperset(_codes(match)):
            continue
        kept += (text[at : match.start()], instead)
        beyond = matches[number].start() if number < len(matches) else len(text)
        slug = _SLUG.match(text, match.end(), beyond)
        at = slug.end() if slug else match.end()
        if slug and at == beyond < len(text):
            kept.append("-")  # the slug goes on to another code
    return "".join([*kept, text[at:]])


def _is_meant(match: re.Match[str], known: Known) -> bool:
    """Return whether what reads as a code is one."""
    named = _codes(match)
    if _is_strict(match) or named[0].partition("-")[0] in known.letters:
        return True
    is_joined = match[2] in _AS_WRITTEN and match[1].isascii() and match[3].isascii()
    is_of_an_address = match.string[max(0, match.start() - 1) : match.start()] in _BEFORE_IN_AN_ADDRESS
    return is_joined and not is_of_an_address and int(match[3]) not in _YEARS and not known.ids.issuperset(named)


def _is_strict(match: re.Match[str]) -> bool:
    return match[1].isascii() and match[1].isupper() and match[3].isascii() and match[2] in _AS_WRITTEN


def _codes(match: re.Match[str]) -> list[str]:
    """Return the codes of a match: the one that is written out, and those of a range's other numbers."""
    letters = unicodedata.normalize("NFKC", match[1]).upper()
    numbers = [unicodedata.normalize("NFKC", match[3]), *re.findall(r"[0-9]{4,6}", match[4])]
    return [f"{letters}-{number}" for number in numbers]


def near(word: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Return the known words most like a mistyped one, best first; it suggests, it never decides."""
    by_fold: dict[str, str] = {}
    for candidate in known:
        by_fold.setdefault(fold(candidate), candidate)
    if not by_fold:
        return []
    target = fold(word)[:64]
    likeness: Any = import_module(_LIKENESS)
    close = likeness.get_close_matches(target, list(by_fold), n=most, cutoff=0.6)
    return [by_fold[candidate] for candidate in close]


class _Widths(dict[str, int]):
    """The cells of each character; each is looked up once."""

    def __missing__(self, c: str) -> int:
        is_none = unicodedata.combining(c) or unicodedata.category(c) in {"Mn", "Me", "Cf"}
        self[c] = 0 if is_none else 2 if unicodedata.east_asian_width(c) in _WIDE else 1
        return self[c]


_WIDTHS: Final = _Widths()


def width(text: str) -> int:
    """Return the number of terminal cells that a text takes: Hangul and Han take two."""
    return len(text) if text.isascii() else sum(map(_WIDTHS.__getitem__, text))


def join_list(words: Iterable[str], last: str = "or") -> str:
    """Join words as a sentence does: ``a, b or c``."""
    every = list(words)
    if len(every) < 2:  # noqa: PLR2004 - one or none needs no joining
        return "".join(every)
    return tr(_JOINED[last], before=", ".join(every[:-1]), last=every[-1])


_JOINED: Final = {"or": mark("{before} or {last}"), "and": mark("{before} and {last}")}


UNDATED: Final = "XXXX"
"""A year of which nothing is known, as EDTF writes it."""


def is_undated(written: str) -> bool:
    """Return whether nothing is known of the year of a date, without reading it: ``XXXX-05``, ``XXXX/..``, or none given."""
    return all(side in {"", ".."} or side.lstrip("?~%").removeprefix("-").startswith(UNDATED) for side in written.split("/"))


def lower_label(label: str) -> str:
    """Return a label as it stands inside a sentence: ``First-hand`` becomes ``first-hand``, ``EDTF`` stays."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def count_of(number: int, one: str, many: str) -> str:
    """Return a number with its noun: ``1 passage``, ``12 passages``."""
    return tr_count(f"{{number}} {one}", f"{{number}} {many}", number)  # noqa: INT001 - `tools/catalogue.py` knows this one


def paragraphs_named(numbers: Iterable[int | str]) -> str:
    """Return paragraphs by their numbers: ``paragraph 3``, ``paragraphs 3 and 4``."""
    every = [str(number) for number in numbers]
    return tr_count("paragraph {numbers}", "paragraphs {numbers}", len(every), numbers=join_list(every, "and"))
