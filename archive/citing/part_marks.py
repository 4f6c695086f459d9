"""The mark of a part that is no excerpt: a table, contradictions, the works cited.

A passage has a mark of its own; what a document tells beside its excerpts gets
one at its end, ``works:1523:9c41d07e``: its name, how many signs of it are
compared, and the first digits of the sha-256 of these. So an altered part is
known for one, also where the archive has changed since and nobody can tell any
more how it was. Typography, line ends and the markup of a format do not count.
"""

import difflib
import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import Final

from archive.citing._markup import BORDER, plain
from archive.citing.folding import fold_words
from archive.language.messages import LANGUAGES, mark, speaking, tr, translate
from archive.named_tuple import NamedTuple

AGREEMENT: Final = "agreement"
CONTRADICTIONS: Final = "contradictions"
COVERAGE: Final = "coverage"
WORKS: Final = "works"
PARTS: Final = (AGREEMENT, CONTRADICTIONS, COVERAGE, WORKS)
"""What is marked."""

MARK: Final = mark("Mark of this part: {mark}")
MARKED: Final = mark("By the mark below a table or a list it says whether these are as they were printed.")
"""Stands in a document whose parts have marks."""

_DIGITS: Final = 8
# What must stand before comes behind a letter, or a set of them: what an expression begins with is looked for quickly then.
_NAMES: Final = "|".join(rf"{name}(?<![\w:]{name})" for name in PARTS)
_TOKEN: Final = re.compile(rf"({_NAMES}):([0-9]{{1,7}}):([0-9a-f]{{{_DIGITS}}})(?![0-9A-Za-z])")
_APART: Final = re.compile(r"<(/?)(table|t[dh]|p|div|li|dd|dt|strong)\b[^<>]{0,2000}>", re.IGNORECASE)
_ENDS: Final = re.compile(rf"[^\S\n]*[*_]{{0,3}}[^\S\n]*(?:[\n{BORDER}]|\Z)")
_LINE: Final = re.compile(rf"[^\n{BORDER}]+")
_SET_IN: Final = re.compile(r"[ \t>|]|[-+*•][ \t]")
_QUOTED: Final = re.compile(r"\s*[>|]")
_OF_WORKS: Final = re.compile(rf"\([^()\n]{{0,2000}}[A-Z]{{2,5}}-[0-9]{{4,6}}\)[^\S\n]*(?:[\n{BORDER}]|\Z)")
_AROUND: Final = 4  # words that are shown on each side of a difference
_MOST_LINES: Final = 8  # over which a mark may be wrapped
_MOST_WORDS: Final = 2_000  # of a part that is looked through for what differs

# What stands alone in a cell, and the signs inside a figure, say something and are no punctuation.
_NOBODY: Final = re.compile(rf"(?:\|\s*|{BORDER}\s*|{' ' * 5}[ ]*)-(?=\s*[|{BORDER}]|[ ]{{2,}}|\s*(?:\n|\Z))")
_NOT_COUNTED: Final = re.compile(r"/(?<=[0-9]/)([0-9]+h?)\*")
_IN_A_FIGURE: Final = re.compile(r"[-\u2013./,:](?<=[0-9].)(?=[0-9])")
_SIGNS: Final = {"-": "to", "\u2013": "to", ".": "point", "/": "of", ",": "comma", ":": "colon"}


UNCHANGED: Final = mark("unchanged")
ALTERED: Final = mark("altered")
OTHERWISE_NOW: Final = mark("otherwise in the archive now")
NOT_COMPARED: Final = mark("not compared with the archive")
MARK_MISSING: Final = mark("mark missing")
PAGE: Final = "page"
PAGE_OTHERWISE: Final = mark("otherwise than the page of today")
PAGE_UNKNOWN: Final = mark("a page that is not compared")
"""What has become of a part; not compared where what was asked cannot be read in the document, its mark missing where the
document has marks and this part has none, so that it can be told neither from the archive nor from the mark."""


SHEET: Final = "sheet "
"""Stands before the name of a sheet of a workbook."""


class PartVerdict(NamedTuple):
    """What has become of a part: of an altered one what the document gives, and what it was, as far as that is known.

    ``day`` is that of the newest citation in the document, of a part that is otherwise now.
    """

    name: str
    outcome: str
    written: str = ""
    right: str = ""
    day: str = ""

    @property
    def is_doubtful(self) -> bool:
        """Return whether nobody may rely on it: its words are others, or nothing tells whether they are."""
        return self.outcome in {ALTERED, MARK_MISSING, PAGE_OTHERWISE, PAGE_UNKNOWN}


class MarkedPart(NamedTuple):
    """A part as it stands in a document.

    ``words`` are those that are compared, as many as the mark counts, ``written`` all above it as a reader sees it;
    ``sha256`` are the digits of the mark, and ``language`` that of our text before them.
    """

    name: str
    words: str
    written: str
    sha256: str
    language: str

    @property
    def is_as_marked(self) -> bool:
        """Return whether the words are those that were marked."""
        return _digest(self.words) == self.sha256


class MarkedValue(NamedTuple):
    """A part in fields, or a sheet: the mark that a document gives of it, and the one that it has as it stands there."""

    name: str
    given: str
    has: str


def with_mark(name: str, written: str) -> str:
    """Return the line that ends a part.

    :param written: the part as it stands in the document, with the markup of its format.
    """
    said = tr(MARK, mark="\0")
    before = said.partition("\0")[0]
    words = for_comparison(plain(f"{written}\n{before}"))
    return said.replace("\0", f"{name}:{len(words)}:{_digest(words)}")


HEADINGS: Final = {
    AGREEMENT: mark("How many speak of it"),
    CONTRADICTIONS: mark("Contradictions that the archive keeps"),
    COVERAGE: mark("Who was there to tell"),
    WORKS: mark("Works cited"),
}
"""What stands above a part in our text, in whatever letters; a text goes on behind the first."""


class PartHeading(NamedTuple):
    """A heading of ours: of which part, and where its line begins and ends."""

    name: str
    start: int
    end: int


def without_mark(document: str) -> frozenset[str]:
    """Return the names of the parts whose heading of ours stands in a document with no mark of them below, in any language.

    A list of works under such a heading is one of ours where an item names the record that leans on it.
    """
    shown = _as_read(document)
    headings = list(_headings(shown))
    marks = [(token[1], token.start()) for token, _ in _marks(shown)]
    found = set()
    for at, heading in enumerate(headings):
        below = headings[at + 1 :]
        again = next((each.start for each in below if each.name == heading.name), None)
        end = below[0].start if below else len(shown)
        is_marked = any(name == heading.name and heading.end <= place < (again or len(shown)) for name, place in marks)
        is_named = again is not None and _is_in_contents(shown, heading)
        if not (is_marked or is_named) and (heading.name != WORKS or _OF_WORKS.search(shown, heading.end, end)):
            found.add(heading.name)
    return frozenset(found)


def standing(document: str) -> frozenset[str]:
    """Return the names of the parts of which a heading of ours, or a mark, stands in a document, in any language."""
    shown = _as_read(document)
    headings = [*_headings(shown), PartHeading("", len(shown), len(shown))]
    found = {
        each.name for each, below in pairwise(headings) if each.name != WORKS or _OF_WORKS.search(shown, each.end, below.start)
    }
    return frozenset({*found, *(token[1] for token in _TOKEN.finditer(shown))})


def _is_in_contents(shown: str, heading: PartHeading) -> bool:
    """Return whether a heading is an item of a table of contents: the line after it stands elsewhere too."""
    following = next((for_comparison(line[0]) for line in _LINE.finditer(shown, heading.end) if line[0].strip()), "")
    return sum(for_comparison(line[0]) == following for line in _LINE.finditer(shown)) > 1


def says_it_is_marked(document: str) -> bool:
    """Return whether a document says of itself that its parts have marks."""
    written = for_comparison(plain(document))
    return any(_in_language(MARKED, language) in written for language in LANGUAGES)


def _headings(shown: str) -> Iterator[PartHeading]:
    """Yield the lines that are headings of ours; in a narrow window one goes on over several lines."""
    wanted = {_in_language(heading, language): name for language in LANGUAGES for name, heading in HEADINGS.items()}
    longest = max(map(len, wanted))
    border = before = 0
    for line in _LINE.finditer(shown):
        # Looked for from the line before on: for each line from the beginning on would be the square of a long document.
        border, before = shown.rfind(BORDER, before, line.start()) + 1 or border, line.start()
        if _is_set_apart(shown, line.start(), border):
            continue
        written, end = for_comparison(line[0]), line.end()
        while 0 < len(written) < longest and any(heading.startswith(written) and heading != written for heading in wanted):
            going_on = _LINE.match(shown, end + 1)
            if going_on is None or not going_on[0].strip():
                break
            written, end = written + for_comparison(going_on[0]), going_on.end()
        name = wanted.get(written) or next(
            (each for heading, each in wanted.items() if each == AGREEMENT and written.startswith(heading)), None
        )
        if name:
            yield PartHeading(name, line.start(), end)


def may_stand_in(document: str) -> bool:
    """Return whether a document may have a mark, before it is read."""
    return '"coverage"' in document or '"marks"' in document or any(f"{name}:" in document for name in PARTS)


def line_of_works(document: str) -> int | None:
    """Return the line of the last mark of works, counted from 1; None where a document has none."""
    shown = _as_read(document)  # in which every line is where it was
    return max((shown.count("\n", 0, token.start()) + 1 for token, _ in _marks(shown) if token[1] == WORKS), default=None)


def read(document: str) -> Iterator[MarkedPart]:
    """Yield each part of a document that has a mark; no part reaches into the one before it."""
    shown, last = _as_read(document), 0
    for token, language in _marks(shown):
        above = shown[last : token.start()]
        words = for_comparison(above)
        yield MarkedPart(token[1], words[-int(token[2]) :] if int(token[2]) else "", above, token[3], language)
        last = token.end()


def _as_read(document: str) -> str:
    """Return a document as a reader sees it, with a bar before what begins a block of a table of HTML, or is bold in it."""
    depth = 0

    def instead(tag: re.Match[str]) -> str:
        nonlocal depth
        if tag[2].casefold() == "table":
            depth = max(0, depth + (-1 if tag[1] else 1))
        is_apart = not tag[1] and (depth > 0 or tag[2].casefold() == "strong")
        return f"{tag[0]}| " if is_apart else tag[0]

    return plain(_APART.sub(instead, document) if "<" in document else document)


def _marks(shown: str) -> Iterator[tuple[re.Match[str], str]]:
    """Yield each mark of a document, with the language of our text before it.

    Our formats put it on lines of its own, which begin where lines begin. A record that quotes one has it in a quotation, on
    a line with other words, or on one that is set in.
    """
    for token in _TOKEN.finditer(shown):
        language = _language_before(shown, token.start()) if _ENDS.match(shown, token.end()) else None
        if language:
            yield token, language


def _language_before(shown: str, at: int) -> str | None:
    """Return the language in which the label stands alone before a place, on its line or, where it was wrapped, on some above."""
    labels = {_in_language(MARK, language): language for language in LANGUAGES}
    start = at
    for _ in range(_MOST_LINES):
        start = max(shown.rfind("\n", 0, start), shown.rfind(BORDER, 0, start)) + 1
        written = for_comparison(shown[start:at])
        if written in labels:
            border = shown.rfind(BORDER, 0, start) + 1
            return None if _is_set_apart(shown, start, border) or shown.startswith("#", start) else labels[written]
        is_whole = start == 0 or shown[start - 1] == BORDER
        if is_whole or not any(label.endswith(written) for label in labels):
            break
        start -= 1
    return None


def _is_set_apart(shown: str, start: int, border: int) -> bool:
    """Return whether a line is set in, as an item or a quotation, or stands in a quotation of HTML.

    :param border: where the block begins in which the line does: behind the last border before it; 0 where there is none.
    """
    if border and not shown[border:start].strip():
        start = border  # what is before the first word of a block says nothing in HTML
        return _QUOTED.match(shown, start) is not None
    return _SET_IN.match(shown, start) is not None or (border > 0 and _QUOTED.match(shown, border) is not None)


@cache
def _in_language(said: str, language: str) -> str:
    """Return a text of ours as it is compared, up to what is filled in."""
    with speaking(language):
        return for_comparison(translate(said).partition("{")[0])


def as_lines(document: str) -> list[str]:
    """Return the lines of a document as a reader sees them: of HTML each block is one."""
    return re.split(rf"[\n{BORDER}]", plain(document))


def for_comparison(shown: str) -> str:
    """Return words as they are compared, without spaces: a line may end anywhere between them."""
    kept = _NOBODY.sub(lambda found: f"{found[0][0].strip(' ')} nil ", shown)
    kept = _NOT_COUNTED.sub(r"/\1 starred ", kept)
    kept = _IN_A_FIGURE.sub(lambda sign: f"{_SIGNS[sign[0]]}", kept)
    return fold_words(kept).replace(" ", "")


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def of_value(value: object) -> str:
    """Return the mark of a value of machine output: its sha-256, however its fields are ordered and set."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def of_rows(rows: Sequence[Sequence[object]], columns: int = 0) -> str:
    """Return the mark of a sheet: how many columns count, and the sha-256 of its rows, in whatever order they stand.

    :param rows: the heads first.
    :param columns: how many count, 0 for those that have a head; a person may add one beside them.
    """
    columns = columns or len(rows[0])
    lines = sorted(json.dumps([" ".join(str(cell).split()) for cell in row[:columns]]) for row in rows)
    return f"{columns}:{of_value([line for line in lines if any(json.loads(line))])}"


def difference(part: MarkedPart, right: str) -> tuple[str, str]:
    """Return the first words that a part has otherwise, and those that stand there in the archive, with a few around them.

    :param right: the part as it is in the archive, which may have something above it.
    """
    given, wanted = _words(part.written, len(part.words)), _words(right, len(for_comparison(right)))
    found = difflib.SequenceMatcher(None, [key for key, _ in given], [key for key, _ in wanted], autojunk=False)
    differs = [code for code in found.get_opcodes() if code[0] != "equal"]
    # Where its beginning was cut is a guess: words may have been added or taken out below.
    inside = [code for code in differs if code[1] and code[3]] or differs
    for _, first, last, start, end in inside[:1]:
        return _extract(given, first, last), _extract(wanted, start, end)
    return "", ""


def _words(text: str, length: int) -> list[tuple[str, str]]:
    """Return the last words of a text, of which so many signs are compared."""
    taken: list[tuple[str, str]] = []
    for word in reversed(re.split(rf"[\s{BORDER}]+", text)):
        if length <= 0 or len(taken) == _MOST_WORDS:
            break
        if key := for_comparison(word):
            taken.append((key, word))
            length -= len(key)
    return taken[::-1]


def _extract(words: list[tuple[str, str]], first: int, last: int) -> str:
    return " ".join(word for _, word in words[max(0, first - _AROUND) : last + _AROUND])
