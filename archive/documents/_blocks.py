"""Pandoc's document and the paragraphs of the XML, put together to blocks."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from archive.documents._paragraphs import BODY, COMMENTS, MARGINS
from archive.documents.model import CALL, BlockKind, DocumentBlock
from archive.language.messages import tr

_META: Final = ("title", "subtitle", "author", "date", "abstract")
"""What pandoc takes out of the body by its style; a reader sees it there."""
_CELLS: Final = " | "
_LIGATURES: Final = {sign: unicodedata.normalize("NFKC", chr(sign)) for sign in range(0xFB00, 0xFB07)}
_DAY = re.compile(r"(?<![0-9])([0-9]{4})[-–—‑‐]\s?([0-9]{2})[-–—‑‐]\s?([0-9]{2})(?![0-9])")
_BROKEN = re.compile(r"(sha[-‑]?\s?256\s?:\s{0,2})([0-9a-f]{1,63}(?:[-‑\s]{1,2}[0-9a-f]{1,63}){1,12})", re.IGNORECASE)
_BROKEN_NOTE = re.compile(r"(?<=:)([0-9a-f]{1,7})[-‑\s]{1,2}([0-9a-f]{1,7})(?![0-9a-zA-Z])")
_BROKEN_NAME = re.compile(r"\bsha[-‑\s]{1,2}256(?=\s?:)|\bsha2[-‑]?\s?56(?=\s?:)", re.IGNORECASE)
_WHOLE: Final = (16, 64)
_WHOLE_NOTE: Final = 8


def as_typed(text: str) -> str:
    """Return the words of a document as they were before typesetting: no ligatures, days with hyphens, hashes in one piece."""
    text = " ".join(unicodedata.normalize("NFC", text).translate(_LIGATURES).split())
    if "256" not in text and "sha" not in text:
        return text
    text = _BROKEN_NAME.sub("sha256", _DAY.sub(r"\1-\2-\3", text))
    text = _BROKEN.sub(lambda found: found[1] + _whole(found[2]), text)
    return _BROKEN_NOTE.sub(lambda found: "".join(found.groups()) if _is_note(found) else found[0], text)


def _is_note(found: re.Match[str]) -> bool:
    return len(found[1]) + len(found[2]) == _WHOLE_NOTE


def _whole(digits: str) -> str:
    """Join the pieces of a hash that make a whole one."""
    pieces = re.split(r"([-‑\s]{1,2})", digits)
    for number in range(0, len(pieces), 2):
        joined = "".join(pieces[0 : number + 1 : 2])
        if len(joined) in _WHOLE and (len(joined) == max(_WHOLE) or not _goes_on(pieces[number + 2 :: 2], len(joined))):
            return joined + "".join(pieces[number + 1 :])
    return digits


def _goes_on(pieces: Sequence[str], length: int) -> bool:
    """Return whether the pieces behind make the long form of a hash."""
    for piece in pieces:
        length += len(piece)
        if length == max(_WHOLE):
            return True
    return False


def of_pandoc(
    document: Mapping[str, Any],
    calls: Iterable[Sequence[str]],
    paragraphs: Iterable[Mapping[str, Any]],
    *,
    with_pictures: bool = True,
    with_calls: bool = False,
) -> tuple[list[DocumentBlock], list[str]]:
    """Return the blocks of a document that pandoc has read, and what can be said of what is in none of them.

    :param calls: the kinds of the notes in the order in which they are called.
    :param paragraphs: as they stand in the XML; what pandoc has passed over is added from them.
    :param with_pictures: bring over what pictures are described as, which no reader of the document sees.
    :param with_calls: call each comment where the words begin that it is on, and where they end.
    """
    reading = _PandocReading([str(kind) for kind, *_ in calls], with_pictures=with_pictures, with_calls=with_calls)
    for name in _META:
        if name in document["meta"]:
            reading.meta(name, document["meta"][name])
    reading.blocks(document["blocks"])
    said = []
    if reading.kinds and reading.count_of_notes != len(reading.kinds):
        said.append(tr("footnotes and endnotes could not all be told apart; their numbers may be others"))
    every = list(paragraphs)
    found = list(_with_boxes(reading.found, every))
    return [*found, *_unread_paragraphs(found, every)], said


class _PandocReading:
    """A walk through pandoc's document."""

    def __init__(self, kinds: list[str], *, with_pictures: bool = True, with_calls: bool = False) -> None:
        self.kinds, self.count_of_notes = kinds, 0
        self.with_pictures, self.with_calls = with_pictures, with_calls
        self.pending = ""
        self.found: list[DocumentBlock] = []
        self.counts: Counter[BlockKind] = Counter()
        self.comments: dict[str, tuple[str, str]] = {}
        self.in_note: tuple[BlockKind, int] | None = None
        self.deleted = 0

    def meta(self, name: str, value: Any) -> None:  # noqa: ANN401 - pandoc's own document
        kind, content = value["t"], value.get("c")
        if kind == "MetaList":
            for each in content:
                self.meta(name, each)
        elif kind == "MetaInlines":
            self.paragraph(
                content, BlockKind.HEADING if name == "title" else BlockKind.PARAGRAPH, level=1 if name == "title" else 0
            )
        elif kind == "MetaBlocks":
            self.blocks(content)
        elif kind == "MetaString":
            self.paragraph([{"t": "Str", "c": content}])

    def blocks(self, nodes: Iterable[Any], *, quoted: bool = False, lead: str = "") -> None:
        for node in nodes:
            self.block(node, quoted=quoted, lead=lead)
            lead = ""

    def block(self, node: Any, *, quoted: bool, lead: str) -> None:  # noqa: ANN401, C901, PLR0912 - a branch for each kind that pandoc has
        kind, content = node["t"], node.get("c")
        match kind:
            case "Para" | "Plain":
                self.paragraph(content, quoted=quoted, lead=lead)
            case "LineBlock":
                self.paragraph([each for line in content for each in (*line, {"t": "Space"})], quoted=quoted, lead=lead)
            case "Header":
                self.paragraph(content[2], BlockKind.HEADING, level=content[0])
            case "CodeBlock" | "RawBlock":
                self.paragraph([{"t": "Str", "c": content[1]}], quoted=quoted, lead=lead)
            case "BlockQuote":
                self.blocks(content, quoted=True, lead=lead)
            case "BulletList":
                for item in content:
                    self.blocks(item, quoted=quoted, lead=lead)
            case "OrderedList":
                for number, item in enumerate(content[1], start=content[0][0]):
                    self.blocks(item, quoted=quoted, lead=f"{lead}{_item_number(number, content[0])} ")
            case "DefinitionList":
                for term, meanings in content:
                    self.paragraph(term, quoted=quoted)
                    for meaning in meanings:
                        self.blocks(meaning, quoted=quoted)
            case "Div":
                self.blocks(content[1], quoted=quoted, lead=lead)
            case "Figure":
                self.blocks(content[2], quoted=quoted, lead=lead)
                self.blocks(content[1][1], quoted=quoted)
            case "Table":
                self.table(content)
            case _:
                pass  # a rule, or nothing

    def table(self, content: Any) -> None:  # noqa: ANN401 - pandoc's own document
        _, caption, _, head, bodies, foot = content
        self.blocks(caption[1])
        rows = [*head[1], *(row for body in bodies for row in (*body[2], *body[3])), *foot[1]]
        for _, cells in rows:
            words = [[self.words_of(each) for each in cell[4]] for cell in cells]
            texts = [" ".join(text for text, _ in cell if text) for cell in words]
            self.add(BlockKind.ROW, _CELLS.join(texts), added=sum(added for cell in words for _, added in cell))

    def words_of(self, node: Any) -> tuple[str, int]:  # noqa: ANN401 - pandoc's own document
        """Return the words of a block in a cell, its paragraphs on one line, and how many letters are of numbers in lists."""
        inner = _PandocReading(self.kinds, with_pictures=self.with_pictures, with_calls=self.with_calls)
        inner.counts, inner.comments, inner.count_of_notes = self.counts.copy(), self.comments, self.count_of_notes
        inner.block(node, quoted=False, lead="")
        self.count_of_notes = inner.count_of_notes
        self.pending += inner.pending
        beside = [each for each in inner.found if each.kind not in _LINES]
        self.found += beside
        for each in beside:
            self.counts[each.kind] = max(self.counts[each.kind], each.number)
        lines = [each for each in inner.found if each.kind in _LINES]
        return " ".join(each.text for each in lines), sum(each.added for each in lines)

    def paragraph(
        self, nodes: Sequence[Any], kind: BlockKind = BlockKind.PARAGRAPH, *, level: int = 0, quoted: bool = False, lead: str = ""
    ) -> None:
        self.add(kind, lead + self.inlines(nodes), level=level, quoted=quoted, added=sum(map(str.isalnum, lead)))

    def add(self, kind: BlockKind, text: str, *, level: int = 0, quoted: bool = False, added: int = 0) -> None:
        text = as_typed(f"{self.pending}{text}")
        self.pending = ""
        if not CALL.sub("", text).strip(" |") and self.with_calls:
            self.pending = "".join(call[0] for call in CALL.finditer(text))  # an empty paragraph between commented ones
            return
        if not text.strip(" |"):
            return
        if self.in_note:
            self.found.append(DocumentBlock(self.in_note[0], text, self.in_note[1], added=added))
            return
        self.counts[BlockKind.PARAGRAPH] += 1
        self.found.append(DocumentBlock(kind, text, self.counts[BlockKind.PARAGRAPH], level=level, quoted=quoted, added=added))

    def inlines(self, nodes: Iterable[Any]) -> str:
        return "".join(map(self.inline, nodes))

    def inline(self, node: Any) -> str:  # noqa: ANN401, PLR0911 - pandoc's own document
        kind, content = node["t"], node.get("c")
        match kind:
            case "Str":
                return str(content)
            case "Space" | "SoftBreak" | "LineBreak":
                return " "
            case "Note":
                return self.note(content)
            case "Span":
                return self.span(content[0], content[1])
            case "Quoted":
                left, right = ("‘", "’") if content[0]["t"] == "SingleQuote" else ("“", "”")
                return left + self.inlines(content[1]) + right
            case "Code" | "Math" | "RawInline":
                return str(content[1])
            case "Image" if not self.with_pictures:
                return ""
            case "Cite" | "Link" | "Image":
                return self.inlines(content[1])
            case _:
                return self.inlines(content) if isinstance(content, list) else ""

    def note(self, blocks: Sequence[Any]) -> str:
        at = self.count_of_notes
        self.count_of_notes += 1
        if self.deleted:
            return ""
        kind = BlockKind(self.kinds[at]) if at < len(self.kinds) else BlockKind.NOTE
        self.counts[kind] += 1
        number = self.counts[kind]
        self.within(kind, number, blocks)
        return f"[^{DocumentBlock(kind, '', number).name}]"

    def within(self, kind: BlockKind, number: int, blocks: Sequence[Any]) -> None:
        before, self.in_note = self.in_note, (kind, number)
        first = len(self.found)
        self.blocks(blocks)
        self.in_note = before
        own = [each for each in self.found[first:] if (each.kind, each.number) == (kind, number)]
        if len(own) > 1:  # a note is one block
            rest = [each for each in self.found[first:] if each not in own]
            one = own[0]._replace(text=" ".join(each.text for each in own), added=sum(each.added for each in own))
            self.found[first:] = [*rest, one]

    def span(self, attributes: Sequence[Any], nodes: Sequence[Any]) -> str:
        _, classes, pairs = attributes
        if "comment-start" in classes:
            self.counts[BlockKind.COMMENT] += 1
            number = self.counts[BlockKind.COMMENT]
            blocks = nodes if nodes and nodes[0]["t"] in {"Para", "Plain"} else [{"t": "Plain", "c": nodes}]
            self.within(BlockKind.COMMENT, number, blocks)
            text = next(
                (each.text for each in reversed(self.found) if (each.kind, each.number) == (BlockKind.COMMENT, number)), ""
            )
            name = DocumentBlock(BlockKind.COMMENT, "", number).name
            self.comments[dict(pairs).get("id", "")] = (name, text)
            return f"[^{name}]" if self.with_calls and not self.deleted else ""
        if "comment-end" in classes:
            name, text = self.comments.get(dict(pairs).get("id", ""), ("", ""))
            return f"[^{name}]" if name and (self.with_calls or "256" in text) and not self.deleted else ""
        if "deletion" in classes:
            self.deleted += 1
            text = as_typed(self.inlines(nodes))
            self.deleted -= 1
            if text and not self.deleted:
                self.found.append(DocumentBlock(BlockKind.DELETION, text, self.counts[BlockKind.PARAGRAPH] + 1))
            return ""
        text = self.inlines(nodes)
        if "insertion" in classes and text.strip():
            self.found.append(DocumentBlock(BlockKind.INSERTION, as_typed(text), self.counts[BlockKind.PARAGRAPH] + 1))
        return text


_LINES: Final = frozenset({BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.ROW})


def _item_number(number: int, attributes: Sequence[Any]) -> str:
    """Return the number of an item as the document prints it: "2)", "b.", "iv."."""
    style, delimiter = attributes[1]["t"], attributes[2]["t"]
    told = str(number)
    if style in {"LowerAlpha", "UpperAlpha"} and 0 < number <= 26:  # noqa: PLR2004 - letters
        told = chr(ord("a" if style == "LowerAlpha" else "A") + number - 1)
    elif style in {"LowerRoman", "UpperRoman"} and 0 < number < 4000:  # noqa: PLR2004 - what Roman numerals write
        told = _roman(number)
        told = told if style == "LowerRoman" else told.upper()
    return {"OneParen": f"{told})", "TwoParens": f"({told})"}.get(delimiter, f"{told}.")


def _roman(number: int) -> str:
    signs = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"))
    told = ""
    for value, sign in (*signs, (9, "ix"), (5, "v"), (4, "iv"), (1, "i")):
        told, number = told + sign * (number // value), number % value
    return told


def _with_boxes(found: Iterable[DocumentBlock], paragraphs: Iterable[Mapping[str, Any]]) -> Iterator[DocumentBlock]:
    """Yield the blocks, of which those that stand in a text box are said to."""
    boxes = {_letters(CALL.sub("", each["text"])) for each in paragraphs if each["is_box"] and each["part"] == BODY} - {""}
    number = 0
    for block in found:
        is_box = block.kind is BlockKind.PARAGRAPH and boxes and _letters(CALL.sub("", block.text)) in boxes
        number += bool(is_box)
        yield block._replace(kind=BlockKind.BOX, number=number) if is_box else block


def _unread_paragraphs(found: Sequence[DocumentBlock], paragraphs: Iterable[Mapping[str, Any]]) -> Iterator[DocumentBlock]:
    """Yield the paragraphs of the XML whose letters stand in no block: text boxes, drawings, fields, headers, remarks."""
    there = "\0".join(_letters(CALL.sub("", block.text)) for block in found if block.kind is not BlockKind.DELETION)
    counts = Counter(block.kind for block in found)
    counts[BlockKind.PARAGRAPH] = max((block.number for block in found if block.kind in _LINES), default=0)
    at, seen = 0, set[str]()
    for each in paragraphs:
        letters = _letters(CALL.sub("", each["text"]))
        place = there.find(letters, at)
        is_read = each["part"] != MARGINS and (place >= 0 or there.find(letters) >= 0)
        if not letters or is_read or letters in seen:
            at = max(at, place)
            continue
        seen.add(letters)
        kind = _kind_of(each)
        counts[kind] += 1
        yield DocumentBlock(kind, as_typed(each["text"]), counts[kind])


def _kind_of(paragraph: Mapping[str, Any]) -> BlockKind:
    if paragraph["part"] == COMMENTS:
        return BlockKind.COMMENT
    if paragraph["part"] == MARGINS:
        return BlockKind.MARGIN
    return BlockKind.BOX if paragraph["is_box"] else BlockKind.PARAGRAPH


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text)))
