"""A dossier in the shape of a template that a person wrote, as Markdown.

The template places blocks, and what stands in their places is made here: a
passage is whole or is not there. What the template leaves out is named at the
end, and what no document of ours may lack is put there where it was not placed.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from archive.citing.excerpt import RenderedHit
from archive.documents import template as template_filling
from archive.documents.template import Piece, TemplateBlock
from archive.errors import Defect
from archive.formats import dossier_content, template_fields
from archive.formats._markdown_sink import escape
from archive.formats._notes_in_full import NotesInFull
from archive.formats.dossier_content import Document
from archive.formats.markdown import dossier as markdown_dossier
from archive.formats.template_fields import Template, Templated
from archive.language.messages import mark, tr
from archive.record.testimony import Testimony
from archive.text import join_list

_NO_NOTES: Final[Mapping[str, str]] = {}
_PLACE: Final = re.compile("\ue202([0-9]+)\ue203")
_BLANK: Final = re.compile(r"\n{3,}")
_LEADS: Final = re.compile(r"\](?:\(|:)\s*<?([^\s)>]*)")
_SAFE: Final = re.compile(r"https?(?::|&#58;)//|mailto:|#", re.IGNORECASE)
_NOT_MARKUP: Final = re.compile(r"<(?!https?://[^\s<>]+>)|\$|%(?=%)|\{(?=[.#=:])")
"""What is markup to some reader, and could hide or change what stands below it; a link in angle brackets is none of it."""
_REFUSED: Final = (
    (re.compile(r"```|~~~"), mark("a fenced block has no place in a document: what stands in it would be no text any more")),
    (re.compile(r"\[\^"), mark("footnotes are for the citations of passages alone")),
    (
        re.compile(r"\A\s*---[ \t]*$", re.MULTILINE),
        mark("a document does not begin with ---: readers would take it for a header"),
    ),
)
_MUST_STAND: Final = {
    "warning": mark("Content warning"),
    "nature": mark("What this document is"),
    "left_out": mark("What is not here"),
    "check": mark("How to check this"),
}
"""What every document has, and under which heading where the template does not place it."""

Maker = Callable[[NotesInFull, int], Iterable[str]]
"""Gives the lines of a block; its heading, where it has one, is of a level."""
_HEADING: Final = re.compile(r"(#{1,6})(?:\s|\Z)")
_SHALLOWEST, _DEEPEST = 4, 6
"""Levels of headings at which a passage stands."""


class _Blocks:
    """The blocks of a dossier, numbered as a template gets them; each is made when it is placed."""

    def __init__(self, document: Document, notes: Mapping[str, str], bibliography: Sequence[str]) -> None:
        self.document, self.notes, self.bibliography = document, notes, bibliography
        self.makers: list[Maker] = []
        self.numbers: dict[str, int] = {}
        self.passages: dict[int, RenderedHit] = {}
        self.records: set[int] = set()

    def place(self, what: str | Testimony | RenderedHit) -> TemplateBlock | str:
        """Return the block of a part of the document, a record or a passage; "" where it would be empty."""
        number = len(self.makers)
        if isinstance(what, RenderedHit):
            self.passages[number] = what
            self.makers.append(lambda told, level: markdown_dossier.passage(what, self.document, told, self.notes, level))
        elif isinstance(what, Testimony):
            self.records.add(number)
            self.makers.append(lambda _, level: self._about(what, level))
        else:
            lines = tuple(self._part(what))
            if not any(lines):
                return ""
            self.numbers[what] = number
            self.makers.append(lambda *_: lines)
        return TemplateBlock(number)

    def _about(self, testimony: Testimony, level: int) -> Iterator[str]:
        authorities = self.document.dossier.authorities
        shown = next(hits for each, hits in self.document.groups if each is testimony)
        named = join_list(template_fields.flags(shown, authorities), "and") or tr("none is in force in the passages here")
        heading = f"{'#' * level} {escape(testimony.code)} {escape(testimony.title)}"
        yield from markdown_dossier.facts(heading, (*dossier_content.about(testimony, authorities), (tr("Caveats here"), named)))

    def _part(self, name: str) -> Iterable[str]:
        document, dossier = self.document, self.document.dossier
        makers: dict[str, Callable[[], Iterable[str]]] = {
            "asked": lambda: markdown_dossier.facts("", dossier_content.describe_question(dossier)),
            "found": lambda: markdown_dossier.facts("", dossier_content.state(dossier)),
            "left_out": lambda: markdown_dossier.items("", dossier_content.describe_omissions(document)),
            "coverage": lambda: markdown_dossier.write_attestation(dossier),
            "contradictions": lambda: markdown_dossier.write_contradictions(dossier),
            "works": lambda: markdown_dossier.works(dossier, self.bibliography),
            "warning": self._warning,
            "nature": lambda: (each for line in dossier_content.nature(document) for each in (escape(line), "")),
            "check": lambda: [escape(dossier_content.check())],
        }
        return makers[name]()

    def _warning(self) -> Iterator[str]:
        if warned := dossier_content.warnings(self.document):
            yield f"**{escape(tr('Content warning'))}:** {escape(join_list(warned, 'and'))}"


def write(
    document: Document, template: Template, *, notes: Mapping[str, str] = _NO_NOTES, bibliography: Sequence[str] = ()
) -> Templated:
    """Fill a template in.

    :param notes: the citation of each passage by its reference, to stand in a footnote; without any each stands below it.
    :param bibliography: the works cited in a style, one after another; without any they are named as the house does.
    :raises BadTemplate: it cannot be filled in, or would change how a passage is read.
    """
    blocks = _Blocks(document, notes, bibliography)
    pieces = template_filling.fill(template.text, template_fields.values(document, template.given, blocks.place), template.name)
    return _compose(_lay_out(pieces, template), blocks)


def _lay_out(pieces: Sequence[Piece], template: Template) -> list[str | int]:
    """Return what was written as lines of Markdown, and between them the numbers of blocks."""
    text, starts, lines = "", list[int](), list[int]()
    own = ""  # the template's own words alone, a sign for every other: what is refused in them is no fault of a value
    for piece in pieces:
        starts.append(len(text))
        lines.append(piece.line)
        if piece.kind == "block":
            added = f"\ue202{piece.content}\ue203"
            own += "\0" * len(added)
        elif piece.kind == "value":
            added = escape(str(piece.content))
            own += "\0" * len(added)
        else:
            added = str(piece.content)
            own += added
        text += added

    def fault(at: int, message: str) -> Exception:
        number = max(0, bisect_right(starts, at) - 1) if starts else 0
        line = (lines[number] + text.count("\n", starts[number], at)) if starts else 1
        return template_filling.fault(template.name, line, message)

    for pattern, message in _REFUSED:
        if found := pattern.search(own):
            raise fault(found.start(), tr(message))
    for found in _LEADS.finditer(text):
        if own[found.start()] != "\0" and not _SAFE.match(found[1]):
            raise fault(found.start(), tr("a link leads to http, https, mailto or a place in the document"))
    return list(_lines(text, own, fault))


def _lines(text: str, own: str, fault: Callable[[int, str], Exception]) -> Iterator[str | int]:
    at = 0
    for line in text.split("\n"):
        placed = _PLACE.search(line)
        if placed and line.strip() != placed[0]:
            raise fault(
                at + placed.start(), tr("a block stands on a line of its own, with nothing before it and nothing behind it")
            )
        yield int(placed[1]) if placed else _harmless(line, own[at : at + len(line)])
        at += len(line) + 1


def _harmless(line: str, own: str) -> str:
    """Return a line in which nothing of the template's own words is markup that could hide what stands below it."""

    def change(found: re.Match[str]) -> str:
        return f"&#{ord(found[0])};" if own[found.start()] != "\0" else found[0]

    return _NOT_MARKUP.sub(change, line)


class _Written:
    """A document while it is put together: its lines, what was told in full so far, and which blocks stand in it."""

    def __init__(self, blocks: _Blocks) -> None:
        self.blocks = blocks
        self.lines: list[str] = []
        self.passages: list[str] = []
        self.shown: set[int] = set()
        self._told = NotesInFull()
        self._above = 1  # the level of the heading of the template's own under which a block stands
        self._record = 0  # that of the record that was told of under it

    def own(self, line: str) -> None:
        """Add a line of the template's own."""
        if heading := _HEADING.match(line):
            self._above, self._record = len(heading[1]), 0
        self.lines.append(line)

    def place(self, number: int) -> None:
        """Put a block in its place; a passage that stands above is named alone."""
        if number in self.shown and number in self.blocks.passages:
            again = tr("{reference} stands above.", reference=self.blocks.passages[number].reference)
            self.lines.extend(("", escape(again), ""))
            return
        if number in self.blocks.records:
            self._record = level = min(self._above + 1, _DEEPEST - 1)
        else:
            level = min(max(_SHALLOWEST, (self._record or self._above) + 1), _DEEPEST)
        block = _BLANK.sub("\n\n", "\n".join(self.blocks.makers[number](self._told, level))).strip("\n")
        if number in self.blocks.passages:
            self.passages.append(block)
        self.lines.extend(("", block, ""))
        self.shown.add(number)

    def finish(self) -> None:
        """Add what every document has and the template did not place, and name the passages that it left out."""
        numbers = self.blocks.numbers
        for name, title in _MUST_STAND.items():
            if name in numbers and numbers[name] not in self.shown:
                self.own("")
                self.own(f"## {escape(tr(title))}")
                self.place(numbers[name])
        left = [hit.reference for number, hit in self.blocks.passages.items() if number not in self.shown]
        if left:
            self.lines.extend(("", f"## {escape(tr('Not shown by the template'))}", "", escape(f"{join_list(left, 'and')}.")))


def _compose(laid: Iterable[str | int], blocks: _Blocks) -> Templated:
    written = _Written(blocks)
    for each in laid:
        if isinstance(each, int):
            written.place(each)
        else:
            written.own(each)
    written.finish()
    text = _BLANK.sub("\n\n", "\n".join(written.lines)).strip("\n") + "\n"
    if any(block not in text for block in written.passages):
        message = "a passage does not stand whole in its document"
        raise Defect(message)
    return Templated(text, tuple(written.passages))
