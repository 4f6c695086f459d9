"""The words of a .hwp as trees of the shape that the XML of .hwpx has, and a plain count of its letters.

The trees are made by how deep records lie, and each sign for something beside
the words is held against the record of it. The count knows of neither: it goes
through the records as they follow each other. Runs in a child process with limits.
"""

import re
import struct
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise
from operator import itemgetter
from typing import Any, Final

from archive.documents import _hangul_file as hangul_file
from archive.documents._hangul_file import DAMAGED, HangulRecord, string_at
from archive.documents.model import RefusedFile, count_letters
from archive.named_tuple import NamedTuple

Tree = list[Any]
"""As in `archive.documents._xml_tree`."""

_FIRST_LETTER: Final = 32
_SINGLE: Final = {0: "", 10: "lineBreak", 13: "", 24: "hyphen", 30: "nbSpace", 31: "fwSpace"}
"""Signs of one unit, and what stands for them; those up to 29 that are not here mean nothing."""
_INLINE: Final = frozenset({4, 5, 6, 7, 8, 9, 19, 20})
"""Signs of eight units, of which the last is the first again, and that no record stands for; of the others one does."""
_TAB: Final = 9
_WIDE: Final = 8
_RESERVED: Final = range(25, 30)
_HOLDING_LISTS: Final = {
    "head": "header",
    "foot": "footer",
    "secd": "header",  # pages that lie below those of a section
    "tcmt": "hiddenComment",
    "fn  ": "footNote",
    "en  ": "endNote",
}
_HOLDING_WORDS: Final = {"tcps": ("compose", "composeText"), "atno": ("autoNum", "num")}
_COUNTED: Final = frozenset({3, 4, 5})
"""What an automatic number is of, where it stands among words as one of them: a picture, a table, an equation."""
_NUMBER: Final = 6
_CELL: Final = 8
_HEADS: Final = {1: "OUTLINE", 2: "NUMBER"}
_FLAT: Final = re.compile("([\x01-\x09\x0b\x0c\x0e-\x17])[\\s\\S]{6}\\1|[\x00-\x1f]")
_FIELD: Final = re.compile(r"(?:Caption|Text):wstring:([0-9]{1,9}):")
_MIDDLE: Final = 2
"""The line under words where it goes through them, which is how words were struck out before there was another line for it."""
_STRIKING: Final = 7 << 18
_DRAWN: Final = range(13)
"""The lines that words are struck out with. Words that nobody struck out may have one too, in relief, which is not drawn."""
_LOW_SURROGATES: Final = range(0xDC00, 0xE000)
_FORM_HEAD: Final = 14
_TEXT_ART_HEAD: Final = 32
_EQUATION_HEAD: Final = 4
_NAME: Final = 4
_PARAGRAPH_HEAD: Final = 10


def read(content: bytes) -> dict[str, Any]:
    """Return the ``sections`` of a document, its ``shapes``, and how many ``letters`` it has by a plain count.

    A shape, by its number as a paragraph names it, is whether such paragraphs are OUTLINE or NUMBER, and at which level.
    ``struck`` are the shapes of letters that are struck out, by their numbers as runs name them.

    :raises RefusedFile: as `archive.documents._hangul_file.open_file`.
    """
    file = hangul_file.open_file(content)
    sections = [_section(records) for records in file.sections]
    shapes = {
        str(number): [_HEADS[kind], str(value >> 25 & 7)]
        for number, value in enumerate(file.shapes)
        if (kind := value >> 23 & 3) in _HEADS
    }
    struck = [str(number) for number, value in enumerate(file.letter_shapes) if _is_struck(value)]
    letters = sum(_letters(record) for record in chain.from_iterable(file.sections))
    return {"sections": sections, "shapes": shapes, "struck": struck, "letters": letters}


def _is_struck(shape: int) -> bool:
    """Return whether letters of a shape are struck out, by its properties."""
    return bool(shape & _STRIKING and (shape >> 26 & 15) in _DRAWN) or (shape >> 2 & 3) == _MIDDLE


def _letters(record: HangulRecord) -> int:
    """Return how many letters a record has, wherever it lies."""
    kind, _, data = record
    if kind == hangul_file.WORDS:
        signs = "".join(map(chr, hangul_file.units(data)))
        text = _FLAT.sub("", signs).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    elif kind == hangul_file.CONTROL:
        text = _own_words(data)
    elif kind in _OF_OBJECTS:
        text = _OF_OBJECTS[kind](data)
    else:
        return 0
    return count_letters(text)


class _Node(NamedTuple):
    """A record with those that hang on it."""

    kind: int
    data: bytes
    children: list["_Node"]


def _section(records: Iterable[HangulRecord]) -> Tree:
    """Return a section.

    :raises RefusedFile: its records hang together in no way that is known.
    """
    top = _Node(0, b"", [])
    open_: list[tuple[int, _Node]] = [(-1, top)]
    for kind, level, data in records:
        while open_[-1][0] >= level:
            open_.pop()
        node = _Node(kind, data, [])
        open_[-1][1].children.append(node)
        open_.append((level, node))
        if len(open_) > hangul_file.MOST_LEVELS:
            raise RefusedFile(DAMAGED)
    return ["sec", {}, list(_in_order(top.children))]


def _in_order(nodes: Iterable[_Node]) -> Iterator[Tree]:
    """Yield paragraphs as they are, then those of lists among them: of pages that lie below others, and of remarks."""
    beside: list[Tree] = []
    for node in nodes:
        if node.kind == hangul_file.REMARKS:
            beside.append(["fieldBegin", {}, []])
        elif node.kind == hangul_file.LIST and not (beside and beside[-1][0] == "fieldBegin" and not beside[-1][2]):
            beside.append(["header", {}, []])
        elif node.kind == hangul_file.PARAGRAPH and beside:
            beside[-1][2].append(_paragraph(node))
        elif node.kind == hangul_file.PARAGRAPH:
            yield _paragraph(node)
    yield from beside


def _paragraph(node: _Node) -> Tree:
    """Return a paragraph with what stands in it, and what hangs on it.

    :raises RefusedFile: it is not as long as it says, or has other things than the signs for them.
    """
    if len(node.data) < _PARAGRAPH_HEAD:
        raise RefusedFile(DAMAGED)
    length, shape = struct.unpack_from("<I", node.data)[0] & 0x7FFFFFFF, struct.unpack_from("<H", node.data, 8)[0]
    words = [child.data for child in node.children if child.kind == hangul_file.WORDS]
    if len(words) > 1 or (length > 1 and not words) or (words and len(words[0]) != 2 * length):
        raise RefusedFile(DAMAGED)
    controls = [child for child in node.children if child.kind == hangul_file.CONTROL]
    pieces = list(_pieces(words[0], _runs(node), controls)) if words else []
    if controls:
        raise RefusedFile(DAMAGED)
    return ["p", {"paraPrIDRef": str(shape)}, [*pieces, *_in_order(node.children)]]


def _runs(node: _Node) -> list[tuple[int, str]]:
    """Return where in the words of a paragraph letters of another shape begin, and which.

    :raises RefusedFile: the last of them is not whole.
    """
    data = b"".join(child.data for child in node.children if child.kind == hangul_file.LETTERS)
    if len(data) % 8:
        raise RefusedFile(DAMAGED)
    return sorted((at, str(shape)) for at, shape in struct.iter_unpack("<II", data))


def _pieces(data: bytes, runs: Sequence[tuple[int, str]], controls: list[_Node]) -> Iterator[Tree]:
    """Yield the words of a paragraph and what stands between them; what is found is taken out of ``controls``."""
    signs = hangul_file.units(data)
    at = begin = 0
    while at < len(signs):
        sign = signs[at]
        if sign >= _FIRST_LETTER:
            at += 1
            continue
        yield from _words(data, signs, (begin, at), runs)
        shape = {"charPrIDRef": _shape_at(at, runs)}
        if sign in _SINGLE or sign in _RESERVED:
            at += 1
            if _SINGLE.get(sign):
                yield ["run", shape, [["t", {}, [[_SINGLE[sign], {}, []]]]]]
        else:
            yield ["run", shape, list(_wide(signs[at : at + _WIDE], data[2 * at + 2 : 2 * at + 6], controls))]
            at += _WIDE
        begin = at
    yield from _words(data, signs, (begin, at), runs)


def _shape_at(at: int, runs: Sequence[tuple[int, str]]) -> str:
    """Return the shape of the letter at a place, "" where it has none."""
    number = bisect_right(runs, at, key=itemgetter(0))
    return runs[number - 1][1] if number else ""


def _words(data: bytes, signs: Sequence[int], span: tuple[int, int], runs: Sequence[tuple[int, str]]) -> Iterator[Tree]:
    """Yield the words between two places, those of each shape by themselves."""
    begin, end = span
    inside = runs[bisect_right(runs, begin, key=itemgetter(0)) : bisect_left(runs, end, key=itemgetter(0))]
    cuts = [at + (signs[at] in _LOW_SURROGATES) for at, _ in inside]
    for first, last in pairwise((begin, *cuts, end)):
        if first < last:
            words = data[2 * first : 2 * last].decode("utf-16-le", "replace")
            yield ["run", {"charPrIDRef": _shape_at(first, runs)}, [["t", {}, [words]]]]


def _wide(signs: Sequence[int], name: bytes, controls: list[_Node]) -> Iterator[Tree]:
    """Yield what a sign of eight units stands for."""
    if len(signs) < _WIDE or signs[0] != signs[-1]:
        raise RefusedFile(DAMAGED)
    if signs[0] == _TAB:
        yield ["t", {}, [["tab", {}, []]]]
    elif signs[0] not in _INLINE:
        if not controls or not _is_of(_control_name(name), _control_name(controls[0].data)):
            raise RefusedFile(DAMAGED)
        yield _control(controls.pop(0))


def _is_of(sign: str, control: str) -> bool:
    """Return whether a sign in the words stands for a control: they have one name, or are fields, some of which are unknown."""
    return sign == control or (sign.startswith("%") and control.startswith("%"))


def _control_name(data: bytes) -> str:
    """Return the name of a control."""
    return data[:_NAME][::-1].decode("latin-1")


def _control(node: _Node) -> Tree:
    """Return what stands beside the words of a paragraph, or for some of them."""
    name = _control_name(node.data)
    if name == "tbl ":
        return _table(node)
    lists = list(_lists(node.children))
    if name in _HOLDING_LISTS or name.startswith("%"):
        return [_HOLDING_LISTS.get(name, "fieldBegin"), {}, lists]
    if name == "tdut":
        main, above = _ruby(node.data)
        return ["dutmal", {}, [["mainText", {}, [main]], ["subText", {}, [above]], *lists]]
    element, attribute = _HOLDING_WORDS.get(name, ("rect", "name"))
    return [element, {attribute: _own_words(node.data)}, [*_objects(node), *lists]]


def _ruby(data: bytes) -> tuple[str, str]:
    """Return words, and those that stand above them."""
    main, at = string_at(data, _NAME)
    return main, string_at(data, at)[0]


def _own_words(data: bytes) -> str:
    """Return the words that a control has in itself: with ruby, letters that are set over each other, the number of a table."""
    name = _control_name(data)
    if name == "tdut":
        return "".join(_ruby(data))
    if name == "tcps":
        return string_at(data, _NAME)[0]
    if name != "atno":
        return ""
    if len(data) < _NAME + _NUMBER:
        raise RefusedFile(DAMAGED)
    kind, number = struct.unpack_from("<IH", data, _NAME)
    return str(number) if kind & 15 in _COUNTED else ""


def _equation(data: bytes) -> str:
    return string_at(data, _EQUATION_HEAD)[0]


def _text_art(data: bytes) -> str:
    return string_at(data, _TEXT_ART_HEAD)[0]


def _form(data: bytes) -> str:
    """Return what is written on or into a field of a form, of all that is said of it."""
    said = data[_FORM_HEAD : len(data) // 2 * 2].decode("utf-16-le", "replace")
    return " ".join(said[found.end() : found.end() + int(found[1])] for found in _FIELD.finditer(said))


_OF_OBJECTS: Final = {hangul_file.EQUATION: _equation, hangul_file.TEXT_ART: _text_art, hangul_file.FORM: _form}


def _objects(node: _Node) -> Iterator[Tree]:
    """Yield the words of equations, forms and of letters that are drawn, at whatever depth of what was drawn."""
    for child in node.children:
        if child.kind == hangul_file.EQUATION:
            yield ["script", {}, [_equation(child.data)]]
        elif child.kind == hangul_file.TEXT_ART:
            yield ["textart", {"text": _text_art(child.data)}, []]
        elif child.kind == hangul_file.FORM:
            yield ["edit", {}, [["text", {}, [_form(child.data)]]]]
        elif child.kind == hangul_file.SHAPE:
            yield from _objects(child)


def _lists(nodes: Iterable[_Node]) -> Iterator[Tree]:
    """Yield the lists of paragraphs of a control: of what is drawn in it first, then its own, as what is written under it."""
    lists: list[Tree] = []
    for node in nodes:
        if node.kind == hangul_file.PARAGRAPH:
            if not lists:
                raise RefusedFile(DAMAGED)
            lists[-1][2].append(_paragraph(node))
        elif node.kind == hangul_file.LIST:
            lists.append(["subList", {}, []])
        elif node.kind == hangul_file.SHAPE:
            yield from _lists(node.children)
    yield from lists


def _table(node: _Node) -> Tree:
    """Return a table: what is written under it first, then its cells by their rows."""
    at = next((at for at, child in enumerate(node.children) if child.kind == hangul_file.TABLE), None)
    if at is None:
        raise RefusedFile(DAMAGED)
    caption = [["caption", {}, list(_lists(node.children[:at]))]] if at else []
    heads = [child.data for child in node.children[at:] if child.kind == hangul_file.LIST]
    rows: dict[int, list[Tree]] = {}
    for head, cell in zip(heads, _lists(node.children[at + 1 :]), strict=True):
        if len(head) < _CELL + 4:
            raise RefusedFile(DAMAGED)
        rows.setdefault(struct.unpack_from("<H", head, _CELL + 2)[0], []).append(["tc", {}, [cell]])
    return ["tbl", {}, [*caption, *(["tr", {}, cells] for _, cells in sorted(rows.items()))]]
