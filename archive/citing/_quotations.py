"""The words that a document quotes right before a citation of ours, and whether they stand in the passage.

A quotation stands in quotation marks or in a block of Markdown (lines that
begin with ``>``), with nothing but punctuation between it and the citation;
or, where the citation is a footnote, before the mark of that footnote.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

from archive.citing._markup import BORDER, plain, without_struck
from archive.language.messages import LANGUAGES, speaking, translate
from archive.language.messages import mark as mark_message
from archive.text import nfc, without_locators

_FARTHEST: Final = 8_000  # code points in which a quotation and the citation after it lie
_PAIRS: Final = {
    "”": "“„”‟",
    "“": "„‚",
    '"': '"',
    "»": "«»",
    "«": "»",
    "’": "‘‚’‛",
    "‘": "‚",
    "」": "「",
    "』": "『",
    "﹂": "﹁",
    "﹄": "﹃",
    "›": "‹›",
    "‹": "›",
    "》": "《",
    "〉": "〈",
    "】": "【",
    "〞": "〝",
    "〟": "〝",
    "❞": "❝",
    "❜": "❛",
}
_LED_IN = re.compile(
    r"(?:[\s>(\[{—–*_:,;.。、\-^]|(?<!~)~(?!~)|\\footnote(?:text)?\{|\b(?:cite|see|cf|source|in|from|footnote)\b|\[\[?(?:quote|verse),)*\Z",
    re.IGNORECASE,
)
_LED_IN_BLOCK = re.compile(r"(?:[\s>(\[{—–*_:\-]|(?<!~)~(?!~)|\b(?:cite|see|cf|source)\b)*\Z", re.IGNORECASE)
_OWN_WORDS = re.compile(r"\((?:own\s+words|translation)\)")
_MARK = re.compile(r"\[\^[^\]\n]{1,80}\]|\[fn:[^\]\n]{1,80}\]|\[(?:[0-9]{1,5}|#[\w-]{0,60})\]_")
_FOOTNOTE = re.compile(
    rf"[ \t{BORDER}]{{0,3}}(?:(\[\^[^\]\n]{{1,80}}\]):|(\[fn:[^\]\n]{{1,80}}\])\s|\.\.[ ](\[(?:[0-9]{{1,5}}|#[\w-]{{0,60}})\])\s)"
)
_BORDER = re.compile(r"[\n\u2029”\"»」』]|[—–:.]\s")
_LETTERS: Final = 12
_WORDS: Final = 3

_ELLIPSIS = re.compile(r"\[[^\[\]]{0,200}\]|…|\.\s?\.\s?\.")
# Signs of emphasis, and those that stand alone before an item or a quotation.
_MARKUP = re.compile(r"[*_`\\]+|(?<!\S)[-+•>|](?!\S)")
_BY = re.compile(r"\s*(?:[—–―~]|-{1,3})\s*\S")
_MOST_WORDS_BY: Final = 12
_CALLOUT = re.compile(r"\s*\[![A-Za-z-]{1,20}\]")
_ALIKE = str.maketrans({**dict.fromkeys("‘’‚ʼ´`", "'"), **dict.fromkeys("“”„‟«»", '"'), **dict.fromkeys("‐‑–—−", "-")})


def footnote_marks(text: str) -> dict[str, int]:
    """Return where each footnote of a document is first called, by its mark: ``[^1]``."""
    marks: dict[str, int] = {}
    for mark in _MARK.finditer(text):
        marks.setdefault(mark[0], mark.start())
    return marks


def before(text: str, between: tuple[int, int], archive: str, marks: Mapping[str, int]) -> tuple[str, ...]:
    """Return the quotation that a citation stands behind, where there is one.

    :param between: the end of the citation before this one, and where the code
        of this one begins; most of a full citation stands before its code.
    :param marks: `footnote_marks` of the text.
    """
    ended, at = between
    place = footnote_of(text, at, marks)
    if place is not None:
        head = text[max(0, place - _FARTHEST) : place]
    else:
        head = without_citation(text[max(ended, at - _FARTHEST, 0) : at], archive)
    quoted = _quotation_in(head)
    return (quoted,) if quoted else ()


def footnote_of(text: str, at: int, marks: Mapping[str, int]) -> int | None:
    """Return where the footnote is called in which a citation stands, 0 where it is called nowhere above; None: it is in none."""
    nearest = max(0, at - _FARTHEST)
    line = max(text.rfind(end, nearest, at) for end in ("\n", BORDER)) + 1 or nearest
    footnote = _FOOTNOTE.match(text, line, at)
    if not footnote:
        return None
    place = marks.get(footnote[1] or footnote[2] or f"{footnote[3]}_", line)
    return place if place < line else 0


def without_citation(head: str, archive: str) -> str:
    """Take off the words of the citation itself, whose caveats may have quotation marks of their own."""
    of_source = [match.start() for match in before_sources().finditer(head)]
    if of_source:
        return head[: of_source[-1]]
    named = r"[\s>]+".join(map(re.escape, archive.split()))
    opened = [match.start() for match in re.finditer(rf"{named},[\s>]+Account[\s>]+of\s", head)] if named else []
    own = [_line_begin(head, match.start()) for match in _OWN_WORDS.finditer(head)]
    if opened or own:
        return head[: max(opened or own)]
    return "" if "Caveats:" in head else head


SOURCE: Final = mark_message("Its source: {citation}")
"""What stands before the citation of a source in our text."""


@cache
def before_sources() -> re.Pattern[str]:
    """Return what stands before the citation of a source, in any of our languages, at the beginning of a line."""
    leads = []
    for language in LANGUAGES:
        with speaking(language):
            leads.append(r"\s+".join(map(re.escape, translate(SOURCE).partition("{")[0].split())))
    return re.compile(rf"(?:\A|[\n{BORDER}])[ \t>*-]*(?:{'|'.join(leads)})\s")


def _line_begin(head: str, at: int) -> int:
    """Return where the name before ``(own words)`` begins."""
    return max((match.end() for match in _BORDER.finditer(head, 0, at)), default=0)


def _quotation_in(head: str) -> str:
    lead = _without(_LED_IN, head)
    opening = _PAIRS.get(lead[-1:])
    if lead[-1:] == '"' and lead.count('"') % 2:
        return ""  # it opens what follows, and the words before it are between two quotations
    if opening:
        start = max(lead.rfind(sign, 0, len(lead) - 1) for sign in opening)
        quoted = lead[start + 1 : -1] if start >= 0 else ""
    else:
        quoted = _block(_without(_LED_IN_BLOCK, head))
    quoted = " ".join(re.sub(r"^\s*>+", " ", quoted, flags=re.MULTILINE).split())
    letters = sum(c.isalnum() for c in quoted)
    return quoted if letters >= _LETTERS or len(quoted.split()) >= _WORDS else ""


def _without(led_in: re.Pattern[str], head: str) -> str:
    lead = head.rstrip()
    led = led_in.search(lead[-40:])
    return lead[: len(lead) - len(led[0])] if led else lead


def _block(lead: str) -> str:
    """Return the last paragraph of a block of quotation at the end of a text: lines that begin with ``>``, or that are set in."""
    every = lead.replace(BORDER, "\n").split("\n")
    lines: list[str] = []
    for line in reversed(every):
        bare = line.lstrip()
        if not bare.startswith(">"):
            break
        if not bare.strip("> \t"):
            if not _is_by(lines):
                break
            lines = []  # whose words they are stands below them
            continue
        lines.insert(0, bare.lstrip("> "))
    if lines and _CALLOUT.match(lines[0]):
        lines = lines[1:]
    whole = "\n".join(lines).strip() or _set_in(every)
    if whole and whole[-1:] in _PAIRS and whole[0] in _PAIRS[whole[-1]]:
        whole = whole[1:-1]
    return whole


def _is_by(lines: list[str]) -> bool:
    return not lines or (_BY.match(lines[0]) is not None and len(" ".join(lines).split()) <= _MOST_WORDS_BY)


def _set_in(every: list[str]) -> str:
    """Return the paragraph at the end whose lines are all set in, as reStructuredText has quotations.

    No item of a list is one.
    """
    lines: list[str] = []
    for line in reversed(every):
        if not line.strip():
            break
        if not line.startswith(("  ", "\t")):
            return ""
        lines.insert(0, line.strip())
    return (
        ""
        if not lines or re.match(r"[!*+-] |\(?[0-9]+[.)] |\.\. |Side [0-9]|p[0-9]+:(?: |\Z)|[A-Z][A-Za-z ]{2,20}: ", lines[0])
        else "\n".join(lines)
    )


def pieces(quoted: str) -> list[str]:
    """Return the parts of a quotation between what was left out or put in by whoever quotes."""
    parts = (" ".join(_MARKUP.sub("", part).split()).strip(" ,;:.!?-\"'") for part in _ELLIPSIS.split(_same(quoted)))
    return [part for part in parts if part]


def stands_in(quoted: str, words: str) -> bool:
    """Return whether a quotation stands in a passage, part after part; typography and capitals do not count.

    What looks like markup in the words of a passage is taken off a document that is read, so that both forms are held
    against it. What is struck out in a quotation is not quoted; words that the passage itself has so stand there as they are.
    """
    ways = [pieces(way) for way in dict.fromkeys((quoted, without_struck(quoted)))]
    return any(_follow(way, form) for way in ways for form in dict.fromkeys((words, plain(words))))


def _follow(parts: Iterable[str], words: str) -> bool:
    text, at = " ".join(_MARKUP.sub("", _same(words)).split()), 0
    for part in parts:
        place = text.find(part, at)
        if place < 0:
            return False
        at = place + len(part)
    return True


def _same(words: str) -> str:
    return without_locators(unicodedata.normalize("NFC", nfc(words).translate(_ALIKE))).casefold()
