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
from typing import Final, NamedTuple

from archive.citing._markup import BORDER, plain
from archive.citing.printed import fold_words
from archive.language.messages import LANGUAGES, mark, speaking, tr, translate

AGREEMENT: Final = "agreement"
CONTRADICTIONS: Final = "contradictions"
COVERAGE: Final = "coverage"
WORKS: Final = "works"
PARTS: Final = (AGREEMENT, CONTRADICTIONS, COVERAGE, WORKS)
"""What is marked."""

MARK: Final = mark("Mark of this part: {mark}")

_DIGITS: Final = 8
_TOKEN: Final = re.compile(rf"(?<![\w:])({'|'.join(PARTS)}):([0-9]{{1,7}}):([0-9a-f]{{{_DIGITS}}})(?![0-9A-Za-z])")
_AROUND: Final = 4  # words that are shown on each side of a difference
_MOST_WORDS: Final = 2_000  # of a part that is looked through for what differs

# What stands alone in a cell, and the signs inside a figure, say something and are no punctuation.
_NOBODY: Final = re.compile(rf"(?:(?<=[|{BORDER}])\s*|[ ]{{5,}})-(?=\s*[|{BORDER}]|[ ]{{2,}}|\s*(?:\n|\Z))")
_NOT_COUNTED: Final = re.compile(r"(?<=[0-9]/)([0-9]+h?)\*")
_IN_A_FIGURE: Final = re.compile(r"(?<=[0-9])[-\u2013./,:](?=[0-9])")
_SIGNS: Final = {"-": "to", "\u2013": "to", ".": "point", "/": "of", ",": "comma", ":": "colon"}


UNCHANGED: Final = mark("unchanged")
ALTERED: Final = mark("altered")
OTHERWISE_NOW: Final = mark("otherwise in the archive now")
NOT_COMPARED: Final = mark("not compared with the archive")
"""What has become of a part; the last where what was asked cannot be read in the document."""


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
    words = compared(plain(f"{written}\n{before}"))
    return said.replace("\0", f"{name}:{len(words)}:{_digest(words)}")


HEADINGS: Final = {
    AGREEMENT: mark("How many speak of it"),
    CONTRADICTIONS: mark("Contradictions that the archive keeps"),
    COVERAGE: mark("Who was there to tell"),
    WORKS: mark("Works cited"),
}
"""What stands above a part in our text, in whatever letters; a text goes on behind the first."""


def headed(document: str) -> frozenset[str]:
    """Return the names of the parts of which a heading of ours stands in a document, in any language."""
    lines = {compared(line) for line in as_lines(document)}
    found = set()
    for language in LANGUAGES:
        with speaking(language):
            for name, heading in HEADINGS.items():
                wanted = compared(translate(heading))
                if wanted in lines or (name == AGREEMENT and any(line.startswith(wanted) for line in lines)):
                    found.add(name)
    return frozenset(found)


def may_stand_in(document: str) -> bool:
    """Return whether a document may have a mark, before it is read."""
    return '"marks"' in document or any(f"{name}:" in document for name in PARTS)


def last_line(document: str) -> int:
    """Return the line of the last mark of a document, counted from 1; 0 where it has none."""
    tokens = list(_TOKEN.finditer(document))
    return document.count("\n", 0, tokens[-1].start()) + 1 if tokens else 0


def read(document: str) -> Iterator[MarkedPart]:
    """Yield each part of a document that has a mark; no part reaches into the one before it."""
    shown, last = plain(document), 0
    for token in _TOKEN.finditer(shown):
        above = shown[last : token.start()]
        words = compared(above)
        language = next((each for each in LANGUAGES if words.endswith(_label(each))), None)
        if language is not None:
            yield MarkedPart(token[1], words[-int(token[2]) :] if int(token[2]) else "", above, token[3], language)
            last = token.end()


@cache
def _label(language: str) -> str:
    with speaking(language):
        return compared(translate(MARK).partition("{")[0])


def as_lines(document: str) -> list[str]:
    """Return the lines of a document as a reader sees them: of HTML each block is one."""
    return re.split(rf"[\n{BORDER}]", plain(document))


def compared(shown: str) -> str:
    """Return words as they are compared, without spaces: a line may end anywhere between them."""
    kept = _NOBODY.sub(" nil ", shown)
    kept = _NOT_COUNTED.sub(r"\1 starred ", kept)
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
    given, wanted = _words(part.written, len(part.words)), _words(right, len(compared(right)))
    found = difflib.SequenceMatcher(None, [key for key, _ in given], [key for key, _ in wanted], autojunk=False)
    differs = [code for code in found.get_opcodes() if code[0] != "equal"]
    # Where its beginning was cut is a guess: words may have been added or taken out below.
    inside = [code for code in differs if code[1] and code[3]] or differs
    for _, first, last, start, end in inside[:1]:
        return _shown(given, first, last), _shown(wanted, start, end)
    return "", ""


def _words(text: str, length: int) -> list[tuple[str, str]]:
    """Return the last words of a text, of which so many signs are compared."""
    taken: list[tuple[str, str]] = []
    for word in reversed(re.split(rf"[\s{BORDER}]+", text)):
        if length <= 0 or len(taken) == _MOST_WORDS:
            break
        if key := compared(word):
            taken.append((key, word))
            length -= len(key)
    return taken[::-1]


def _shown(words: list[tuple[str, str]], first: int, last: int) -> str:
    return " ".join(word for _, word in words[max(0, first - _AROUND) : last + _AROUND])
