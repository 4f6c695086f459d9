"""What may be a quotation near a citation, though nobody can tell by its place: compared where it is like the passage.

A quotation right before a citation is compared whatever it says
(`archive.citing._quotations`). People put words between, quote behind the
citation, in a cell of a table or above a note, and with signs of many kinds.
Such words are looked at too; but only what has most of its words from the
passage is held to be a quotation of it, since a title has quotation marks as well.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from typing import Final

from archive.citing._markup import BORDER
from archive.citing._quotations import before_sources, footnote_of, pieces, stands_in, without_citation
from archive.named_tuple import NamedTuple

_FARTHEST: Final = 4_000
_MOST: Final = 60  # candidates at a place
_LONGEST: Final = 600  # words of a passage that are compared
_ENOUGH: Final = 0.6  # of the words of a quotation, in the order of the passage
_NEARLY_ALL: Final = 0.75  # the same, of what is no quotation by its place
_FEWEST_IN_A_ROW: Final = 6
_LONGEST_WORD: Final = 20  # on the average; what has longer ones has no spaces
_WORDS: Final = 3
_LETTERS: Final = 12
_WORDS_BESIDE: Final = 4
_INSIDE: Final = "{0,4000}?"
_PAIRS: Final = (
    "“”",
    "„“",
    "„”",
    "«»",
    "»«",
    "‹›",
    "›‹",
    "「」",
    "『』",
    "《》",
    "〈〉",
    "【】",
    "〝〟",
    "〝〞",
    "❝❞",
    "‚‘",
    "″″",
    "〃〃",
    "＂＂",
)
# A particle of Korean is written against the closing sign.
_ENDED: Final = r"(?![^\W\uac00-\ud7a3])"
_DELIMITED: Final = (
    *(re.compile(rf"{opening}([^{opening}{closing}]{{3,4000}}){closing}") for opening, closing in _PAIRS),
    # Of several paragraphs each begins with the sign, and the last one alone ends with one.
    *(
        re.compile(rf"{opening}([^{opening}{closing}]{{3,4000}}?)(?=\s*(?:\n[ \t>]*\n|{BORDER})[\s>]*{opening})")
        for opening, closing in _PAIRS
    ),
    re.compile(rf"(?<!\w)['‘‛](?=\S)(.{_INSIDE}\S)['’]{_ENDED}", re.DOTALL),
    re.compile(rf"(?<!\w)[`´](?=\S)(.{_INSIDE}\S)[`'´’]{_ENDED}", re.DOTALL),
    re.compile(r"\]([^\[\]]{3,4000})\[/"),
    re.compile(r"<(?:quote|quoted|said|seg|cit)\b[^<>]{0,200}>([^<>]{3,4000})</"),
    re.compile(r"\{([^{}]{3,4000})\}"),
)
_RUNS: Final = (
    re.compile(r'["\u201f]'),
    re.compile(r"\*{1,3}"),
    re.compile(r"(?<!\w)_{1,3}|_{1,3}(?!\w)"),
    re.compile(r"[|\t]|\n[ \t>]*\n"),  # a row may begin without a sign
    re.compile("/{1,2}(?= |$)|(?<= )/"),
)
_OPENING: Final = frozenset({">", '"', *(pair[0] for pair in _PAIRS)})
_BLOCK = re.compile(rf"\n[ \t>]*\n|{BORDER}+")
_LABEL = re.compile(
    r"[ \t>]*(?:\[?(?P<digits>[0-9]{1,4})[\].):]{0,2}|(?P<sign>[¹²³⁰⁴-⁹]{1,4}|[*†‡§]{1,3}))[ \t]+(?P<said>\S.*)?\Z", re.DOTALL
)
_LOWERED: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_CALL = re.compile(
    r"\[([0-9]{1,4})\]|([¹²³⁰⁴-⁹]{1,4}|(?<=[^\s*†‡§])[*†‡§]{1,3}(?![\w*]))|(?<=[”\"»’'」』.,!?])([0-9]{1,4})(?![0-9.\w])"
)
_CITED = re.compile(r"[A-Za-z]{2,5}-[0-9]{4,6}\s?#p[0-9]|sha-?256", re.IGNORECASE)
_CALLED = re.compile(r"(?<=[.?!”\"’』」)\]])[0-9]{1,3}\s*\Z")
"""The number of a note at the end of a paragraph, as a PDF has it."""
_NAMED = re.compile(r"\A\s*(?:[a-z]{2,12}\s?=\s?|bq\.\S{0,40}\s+|\[![A-Za-z-]{1,20}\])")
"""What stands before the words in the notation of some wikis."""
_QUOTED_LINE = re.compile(r"^[ \t]*>+[ ]?", re.MULTILINE)


class Surroundings(NamedTuple):
    """What stands around a citation in prose: what may be quoted before it and behind it, and whether it says anything.

    ``beside`` are the words of its own block before it and behind it, which may be a quotation without any sign.
    """

    before: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()
    has_words: bool = False
    beside: tuple[str, ...] = ()


def near(
    text: str, where: tuple[int, int, int], archive: str, marks: Mapping[str, int], calls: Mapping[str, int]
) -> Surroundings:
    """Return what stands around a citation.

    :param where: the end of the citation before, where the code of this one begins, and where it ends.
    :param marks: where each footnote of the text is first called (`archive.citing._quotations.footnote_marks`).
    :param calls: the same of notes that are called by a number or a sign (`note_calls`).
    """
    ended, at, end = where
    head = _head(text, (ended, at), archive, marks, calls)
    behind = _behind(text, end)
    own = _BLOCK.split(head)[-1]
    after = next((block for block in _BLOCK.split(behind) if any(map(str.isalnum, block))), "")
    beside = tuple(" ".join(_QUOTED_LINE.sub("", block).split()) for block in (own, after) if _is_long_enough(block))
    return Surroundings(tuple(_candidates(head)), tuple(_candidates(behind)), _says_something(f"{own} {after}"), beside)


def _head(text: str, between: tuple[int, int], archive: str, marks: Mapping[str, int], calls: Mapping[str, int]) -> str:
    """Return the words before a citation; of one in a note, those before the sign that calls the note."""
    ended, at = between
    called = footnote_of(text, at, marks)
    if called is None:
        line = max(text.rfind(sign, 0, at) for sign in ("\n", BORDER)) + 1
        label = _LABEL.match(text[line:at])
        place = calls.get(_number(label["digits"] or label["sign"]), line) if label else line
        called = place if place < line else None
        said = label["said"] if label and called is not None else None
        if said and called is not None:  # words before the code in a note may quote, and those at its call
            return f"{_words_before(text, called, (*marks.values(), *calls.values()))} {without_citation(said, archive)}"
    if called is not None:
        return _words_before(text, called, (*marks.values(), *calls.values()))
    head = without_citation(text[max(ended, at - _FARTHEST) : at], archive)
    blocks = _BLOCK.split(head)
    first = max(0, len(blocks) - 2)
    while first and _goes_on(blocks[first], blocks[first - 1]):
        first -= 1
    return "\n\n".join(blocks[first:]) if len(blocks) > 1 else head


def _words_before(text: str, called: int, calls: Iterable[int]) -> str:
    """Return the words before the sign that calls a note: down to that of the note before, whose quotations are of another."""
    first = max(0, called - _FARTHEST)
    for place in sorted((place for place in calls if first < place < called), reverse=True):
        if sum(map(str.isalpha, text[place:called])) >= _LETTERS:
            return text[place:called]
    return text[first:called]


def _goes_on(block: str, before: str) -> bool:
    """Return whether a paragraph goes on with the quotation of the one before it."""
    signs = (block.lstrip(" \t")[:1], before.lstrip(" \t")[:1])
    return signs[0] == signs[1] and signs[0] in _OPENING


def note_calls(text: str) -> dict[str, int]:
    """Return where each note of a document is first called by a number or a sign: ``[1]``, ``¹``, a number after a quotation."""
    calls: dict[str, int] = {}
    for call in _CALL.finditer(text):
        calls.setdefault(_number(call[1] or call[2] or call[3]), call.start())
    return calls


def _number(label: str) -> str:
    return label.translate(_LOWERED)


def _behind(text: str, end: int) -> str:
    """Return the words behind a citation, to the end of its block or the next citation; where nothing follows, the next block."""
    rest = text[end : end + _FARTHEST]
    of_source = before_sources().search(rest)
    rest = rest[: of_source.start()] if of_source else rest
    following = _CITED.search(rest)
    rest = rest[: following.start()] if following else rest
    blocks = _BLOCK.split(rest)
    leads_on = blocks[0].rstrip().endswith(":") or not any(map(str.isalnum, blocks[0]))
    return "\n\n".join(blocks[:3]) if leads_on else blocks[0]


def _candidates(region: str) -> Iterator[str]:
    candidates: dict[str, None] = {}
    for pattern in _DELIMITED:
        candidates |= dict.fromkeys(candidate[1] for candidate in pattern.finditer(region))
    for pattern in _RUNS:
        candidates |= dict.fromkeys(pattern.split(region)[1:-1])
    blocks = _BLOCK.split(region)
    for block in (*blocks[:-1], *(candidate for candidate in blocks[-1:] if candidate.lstrip().startswith(">"))):
        candidates[_CALLED.sub("", block)] = None
    candidates |= dict.fromkeys(_NAMED.sub("", candidate) for candidate in tuple(candidates))
    squashed = (" ".join(_QUOTED_LINE.sub("", candidate).split()) for candidate in candidates)
    yield from list(dict.fromkeys(candidate for candidate in squashed if _is_long_enough(candidate)))[-_MOST:]


def _is_long_enough(quoted: str) -> bool:
    return sum(map(str.isalnum, quoted)) >= _LETTERS or len(quoted.split()) >= _WORDS


def _says_something(around: str) -> bool:
    return sum(any(map(str.isalpha, word)) for word in _CITED.sub(" ", around).split()) >= _WORDS_BESIDE


def quotations_near(surroundings: Surroundings, words: str, *, is_quoted: bool = False) -> tuple[str, ...]:
    """Return what is quoted of a passage near a citation: what stands in it, or has most of its words from it.

    :param is_quoted: something is quoted right before the citation; what else is quoted there may be of another passage.
    """
    enough = _NEARLY_ALL if is_quoted else _ENOUGH
    for group in (surroundings.before, surroundings.behind):
        alike = tuple(quoted for quoted in group if stands_in(quoted, words) or _is_like(quoted, words, enough))
        told = tuple(quoted for quoted in alike if not leads_in(quoted, alike, words))
        if told:
            # Of one that stands inside another the longer one is told.
            return tuple(quoted for quoted in told if not any(quoted != other and quoted in other for other in told))
    return () if is_quoted else tuple(run for block in surroundings.beside if (run := _run_of(block, words)))


def leads_in(quoted: str, others: Iterable[str], words: str) -> bool:
    """Return whether what seems to be quoted is a quotation of a passage that stands inside, with nothing else of it around."""
    if stands_in(quoted, words):
        return False
    rest = quoted
    for inner in sorted((other for other in others if other != quoted and stands_in(other, words)), key=len, reverse=True):
        rest = rest.replace(inner, " \n ")
    if rest == quoted:
        return False
    there = [part for piece in pieces(words) for part in _parts(piece)][:_LONGEST]
    around = [part for line in rest.split("\n") for piece in pieces(line) for part in _parts(piece)]
    blocks = SequenceMatcher(None, around, there, autojunk=False).get_matching_blocks()
    return all(block.size < _WORDS - 1 for block in blocks)


def _run_of(block: str, words: str) -> str:
    """Return what a block that is nearly all from a passage says of it, from the first word of it to the last."""
    tokens = block.split()
    if len(block) > _LONGEST_WORD * max(1, len(tokens)):
        tokens = list(block)
    said = ["".join(pieces(token)) for token in tokens]
    there = [part for piece in pieces(words) for part in piece.split()][:_LONGEST]
    if len(tokens) == len(block):
        there = [letter for word in there for letter in word]
    spoken = sum(map(bool, said))
    if not _FEWEST_IN_A_ROW <= spoken <= _LONGEST or sum(part in set(there) for part in said if part) < _NEARLY_ALL * spoken:
        return ""
    blocks = [each for each in SequenceMatcher(None, said, there, autojunk=False).get_matching_blocks() if each.size]
    same = sum(sum(map(bool, said[each.a : each.a + each.size])) for each in blocks)
    if same < max(_FEWEST_IN_A_ROW, _NEARLY_ALL * spoken):
        return ""
    run = tokens[blocks[0].a : blocks[-1].a + blocks[-1].size]
    return ("" if len(tokens) == len(block) else " ").join(run)


def _is_like(quoted: str, words: str, enough: float = _ENOUGH) -> bool:
    quoted_words = [part for piece in pieces(quoted) for part in _parts(piece)]
    there = [part for piece in pieces(words) for part in _parts(piece)][:_LONGEST]
    if not quoted_words or len(quoted_words) > _LONGEST or len(set(quoted_words) & set(there)) < enough * len(set(quoted_words)):
        return False
    alike = SequenceMatcher(None, quoted_words, there, autojunk=False).get_matching_blocks()
    return sum(block.size for block in alike) >= enough * len(quoted_words)


def _parts(piece: str) -> list[str]:
    """Return the words of a text, and of one that has no spaces its letters."""
    words = piece.split()
    return [letter for word in words for letter in word] if len(piece) > _LONGEST_WORD * len(words) else words
