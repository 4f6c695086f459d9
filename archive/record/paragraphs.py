r"""The numbering rule, on the raw text of a body and without any Markdown parser.

A passage is a maximal run of lines that are not empty, numbered from 1.
Headings (a run of one line: ``#`` and a space) and footnote definitions
(``[^1]: …``, with the colon) are context and have no number. Anyone can count along::

    awk 'b; NR>1 && $0=="---"{b=1}' FILE | awk 'BEGIN{RS=""} !/^#+ / && !/^\\[\\^[^]]+\\]:/ {print ++n": "$0}'

Inside one run ``<res>…</res>`` withholds words and ``<an>…</an>`` masks a name.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, Literal

from archive.language.messages import tr
from archive.named_tuple import NamedTuple
from archive.text import TAG, regex, unmark, without_locators

_HEADING = regex(r"#+ ")
_FOOTNOTE = regex(r"\[\^[^\]]+\]:")
_CALL = regex(r"\[\^([^\]\n]+)\]")
_COMMENT: Final = "<!--"
_BLANK = regex(r"\n[^\S\n]+(?=\n|\Z)")
"""A line of white space alone, with the end of the line before it: sought by that, it is found ten times as fast."""
_REDACTION = regex(r"<(res|an)>(.*?)</\1>", re.DOTALL)
# What a person may have meant for a tag: short pieces in any kind of angle
# brackets, and <res with anything after it ("res" is no word of a testimony).
_BRACKETED = regex(r"[<＜〈《‹⟨][^<>＜＞〈〉《》‹›⟨⟩]{0,16}[>＞〉》›⟩]")
_BEGUN = regex(r"[<＜]\s*/?\s*(?:res\b|an\s+[a-z:-]+\s*=)", re.IGNORECASE)
# What editors and other programs write for an angle bracket: entities, also entities of those, the escapes of addresses,
# of JSON and of mail, and signs that look like one.
_AND = r"(?<!\\)\\*(?:&(?:amp;|#0*38;|#x0*26;)*"
_WRITTEN_ANGLES = (
    (
        regex(
            _AND + r"(?:lt|lang|langle|lessthan|nvlt|lsaquo|#0*(?:60|8249|9001|10216|12296)|#x0*(?:3c|2039|2329|27e8|3008));?"
            r"|%(?:25)*3c|=3c|u003c|x3c|[<\u2329\ufe64])",
            re.IGNORECASE,
        ),
        "<",
    ),
    (
        regex(
            _AND + r"(?:gt|rang|rangle|greaterthan|nvgt|rsaquo|#0*(?:62|8250|9002|10217|12297)|#x0*(?:3e|203a|232a|27e9|3009));?"
            r"|%(?:25)*3e|=3e|u003e|x3e|[>\u232a\ufe65])",
            re.IGNORECASE,
        ),
        ">",
    ),
)
# "[an] officer" is how editors add a word, so that of square brackets only what closes tells a tag, and "res", which is no word.
_SQUARE = regex(r"[\[{［｛«]\s*(?:[/\\]\s*(?:res|an)|res)\s*[/\\]?\s*[\]}］｝»]", re.IGNORECASE)
# Letters of other scripts that look like those of our tags.
_LOOKALIKES: Final = str.maketrans("\u0430\u0435\u0455\u03b1\u0251", "aesaa")

_SIGNS_OF_A_TAG: Final = "<&%=\\[{"
_MAY_BE_A_TAG = regex(rf"[{re.escape(_SIGNS_OF_A_TAG)}＜〈《‹⟨«\u2329\ufe64［｛]")

PLACEHOLDERS: Final = {"res": "[not published]", "an": "[name withheld]"}
"""What a reader below *restricted* gets in the place of words, and of a name."""

MOST_PASSAGES: Final = 10_000
"""Paragraphs of a record: more than the longest book of testimony has, and all find room in one segment of an index."""

Kind = Literal["passage", "heading", "footnote"]


class Block(NamedTuple):
    """A run of lines; ``number`` is 0 where it is context; ``line`` counts from 1 in the body."""

    kind: Kind
    number: int
    text: str
    line: int


def split_blocks(body: str) -> Iterator[Block]:
    r"""Yield the runs of a body in their order. The body has ``\\n`` line ends."""
    return iter(_runs(body))


@lru_cache(maxsize=4)
def _runs(body: str) -> tuple[Block, ...]:
    return tuple(_each_run(body))  # asked for several times in a row while a record is read


def _each_run(body: str) -> Iterator[Block]:
    number, line = 0, 1
    for part in body.split("\n\n"):
        text = part.strip("\n")
        if text:
            kind: Kind = "passage"
            if _HEADING.match(text):
                kind = "heading"
            elif _FOOTNOTE.match(text):
                kind = "footnote"
            else:
                number += 1
            yield Block(kind, number if kind == "passage" else 0, text, line + part.index(text))
        line += part.count("\n") + 2


def passages(body: str) -> list[Block]:
    """Return the numbered runs alone."""
    return [run for run in split_blocks(body) if run.kind == "passage"]


def faults(body: str) -> Iterator[tuple[int, str]]:
    """Yield ``(line, message)`` for everything that must not stand in a body."""
    suspect = _COMMENT in body or _BLANK.search(f"\n{body}")
    for line, content in enumerate(body.split("\n") if suspect else (), start=1):
        if content and not content.strip():
            yield line, tr("has only white space; leave it empty, so that every tool counts paragraphs alike")
        if _COMMENT in content:
            yield line, tr("has an HTML comment, which some programs publish; take it out")
    may_have_a_tag = any(map(body.__contains__, _SIGNS_OF_A_TAG)) or not body.isascii()
    for run in split_blocks(body):
        if run.kind == "heading" and "\n" in run.text:
            yield run.line, tr("begins as a heading and goes on; put an empty line after the heading")
        complaint = _redaction_fault(run) if may_have_a_tag and _MAY_BE_A_TAG.search(run.text) else ""
        if complaint:
            yield run.line, complaint
    runs = passages(body)
    if not runs:
        yield 1, tr("has no paragraph")
    elif len(runs) > MOST_PASSAGES:
        yield (
            runs[MOST_PASSAGES].line,
            tr("has more than {most_passages} paragraphs; make several records of it", most_passages=MOST_PASSAGES),
        )


def footnotes(run: str) -> Iterator[tuple[str, str]]:
    """Yield the label and the text of each definition in a run of footnotes, which may have several lines each."""
    lines: list[str] = []
    for line in [*run.split("\n"), "[^]:"]:
        if lines and (_FOOTNOTE.match(line) or line == "[^]:"):
            yield lines[0][2 : lines[0].index("]:")], "\n".join(lines)
            lines = []
        lines.append(line)


class Footnotes:
    """The footnotes of a body by their labels, as they are defined there."""

    def __init__(self, written: str) -> None:
        """Take a body."""
        self._defined: dict[str, str] = {}
        for run in split_blocks(written) if "[^" in written else ():
            if run.kind == "footnote":
                for label, definition in footnotes(run.text):
                    self._defined.setdefault(label, definition)

    def of(self, written: str) -> tuple[str, ...]:
        """Return the definitions of the footnotes that a text calls, each once, and of those that these call."""
        called: dict[str, None] = {}
        waiting = calls(written) if self._defined else []
        for label in waiting:
            if label in self._defined and self._defined[label] not in called:
                called[self._defined[label]] = None
                waiting += calls(self._defined[label].partition("]:")[2])
        return tuple(called)


def calls(text: str) -> list[str]:
    """Return the labels of the footnotes that a text calls, in their order."""
    return _CALL.findall(text)


def has_redaction(body: str) -> bool:
    """Return whether any redaction tag stands in the body, well-formed or not."""
    return TAG.search(body) is not None


def withheld(text: str) -> str:
    """Put a placeholder in the place of everything between redaction tags; the text has no fault."""
    return _REDACTION.sub(lambda match: PLACEHOLDERS[match[1]], text)


def redactions(text: str) -> Iterator[tuple[str, str]]:
    """Yield the tag and the words of everything between redaction tags."""
    for match in _REDACTION.finditer(text):
        yield match[1], match[2]


def is_wholly_withheld(text: str) -> bool:
    """Return whether no letter and no digit of a passage stands outside of redaction tags."""
    return has_redaction(text) and not any(c.isalnum() for c in without_locators(_REDACTION.sub(" ", text)))


def _redaction_fault(run: Block) -> str:
    opened = ""
    for slash, name in TAG.findall(run.text):
        if slash and name != opened:
            return tr("closes <{name}> that is not open in this paragraph", name=name)
        if not slash and opened:
            return tr("opens <{name}> inside <{opened}>", name=name, opened=opened)
        opened = "" if slash else name
    if opened:
        return tr("opens <{opened}> and does not close it in this paragraph", opened=opened)
    if _looks_like_a_tag(TAG.sub("", run.text)):
        return tr("has what looks like a redaction tag and is none; write <res>, </res>, <an> or </an>")
    for shown in (unmark(run.text), withheld(run.text)):
        if [(block.kind, bool(block.number)) for block in split_blocks(shown)] != [(run.kind, bool(run.number))]:
            return tr("would be numbered differently without its redaction tags; put the tags inside the line")
    return ""


def has_anything_like_a_tag(text: str) -> bool:
    """Return whether a text that is no body has a redaction tag, or what a person may have meant for one."""
    return _MAY_BE_A_TAG.search(text) is not None and (TAG.search(text) is not None or _looks_like_a_tag(text))


def _looks_like_a_tag(text: str) -> bool:
    """Return whether a text has what may be meant for a tag and is none."""
    read = text
    for written, angle in _WRITTEN_ANGLES:
        read = written.sub(angle, read)
    if _BEGUN.search(read) or _SQUARE.search(unicodedata.normalize("NFKC", read)):
        return True
    for bracketed in _BRACKETED.findall(read):
        letters = unicodedata.normalize("NFKC", bracketed).casefold().translate(_LOOKALIKES)
        if "".join(c for c in letters if c.isalnum()) in PLACEHOLDERS:
            return True
    return False
