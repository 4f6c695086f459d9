r"""The numbering rule, on the raw text of a body and without any Markdown parser.

A passage is a maximal run of lines that are not empty, numbered from 1.
Headings (a run of one line: ``#`` and a space) and footnote definitions
(``[^1]: …``, with the colon) are context and have no number. Anyone can count along::

    awk 'b; NR>1 && $0=="---"{b=1}' FILE | awk 'BEGIN{RS=""} !/^#+ / && !/^\\[\\^[^]]+\\]:/ {print ++n": "$0}'
"""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

_HEADING = re.compile(r"#+ ")
_FOOTNOTE = re.compile(r"\[\^[^\]]+\]:")
_TAG = re.compile(r"<(/?)(res|an)>")
_COMMENT = re.compile(r"<!--")

Kind = Literal["passage", "heading", "footnote"]


class Run(NamedTuple):
    """A run of lines; ``number`` is 0 where it is context; ``line`` counts from 1 in the body."""

    kind: Kind
    number: int
    text: str
    line: int


def runs(body: str) -> Iterator[Run]:
    r"""Give the runs of a body in their order. The body has ``\\n`` line ends."""
    held: list[str] = []
    number = 0
    for line, content in enumerate([*body.split("\n"), ""], start=1):
        if content:
            held.append(content)
        elif held:
            text, first = "\n".join(held), line - len(held)
            kind: Kind = "passage"
            if _HEADING.match(text):
                kind = "heading"
            elif _FOOTNOTE.match(text):
                kind = "footnote"
            else:
                number += 1
            yield Run(kind, number if kind == "passage" else 0, text, first)
            held = []


def passages(body: str) -> list[Run]:
    """Give the numbered runs alone."""
    return [run for run in runs(body) if run.kind == "passage"]


def faults(body: str) -> Iterator[tuple[int, str]]:
    """Give ``(line, message)`` for everything that must not stand in a body."""
    for line, content in enumerate(body.split("\n"), start=1):
        if content and not content.strip():
            yield line, "has only white space; leave it empty, so that every tool counts paragraphs alike"
        if _COMMENT.search(content):
            yield line, "has an HTML comment, which some programs publish; take it out"
    for run in runs(body):
        if run.kind == "heading" and "\n" in run.text:
            yield run.line, "begins as a heading and goes on; put an empty line after the heading"
        complaint = _redaction_fault(run.text)
        if complaint:
            yield run.line, complaint
    if not passages(body):
        yield 1, "has no paragraph"


def has_redaction(body: str) -> bool:
    """Ask whether any redaction tag stands in the body, well-formed or not."""
    return _TAG.search(body) is not None


def _redaction_fault(text: str) -> str:
    opened = ""
    for slash, name in _TAG.findall(text):
        if slash and name != opened:
            return f"closes <{name}> that is not open in this paragraph"
        if not slash and opened:
            return f"opens <{name}> inside <{opened}>"
        opened = "" if slash else name
    return f"opens <{opened}> and does not close it in this paragraph" if opened else ""
