"""Files of the Hangul word processor (.hwp 5) as trees of the shape of .hwpx, read in a child process with limits."""

from collections.abc import Mapping
from typing import Final

from archive.documents import reading
from archive.documents.xml import XmlNode
from archive.named_tuple import NamedTuple

_MODULE: Final = "archive.documents._hangul_trees"


class NumberedShape(NamedTuple):
    """How paragraphs of a shape are numbered: "OUTLINE" or "NUMBER", and at which level, from 0."""

    kind: str
    level: int


class HangulDocument(NamedTuple):
    """The sections of a document, its shapes, and its letters by a plain count.

    ``shapes`` are those that number their paragraphs, and ``struck`` those whose
    letters are struck out, each by the name by which paragraphs and runs have it.
    """

    sections: tuple[XmlNode, ...]
    shapes: Mapping[str, NumberedShape]
    struck: frozenset[str]
    letters: int


def parse(content: bytes, name: str) -> HangulDocument:
    """Return what a file holds.

    :param name: of the file, for messages.
    :raises UnreadableDocument: it is damaged, encrypted, too large, or of an older form.
    :raises MissingExtra: what reads it is not installed.
    """
    reading.require("olefile")
    found = reading.ask(_MODULE, content, name)
    shapes = {shape: NumberedShape(kind, int(level)) for shape, (kind, level) in found["shapes"].items()}
    return HangulDocument(tuple(map(XmlNode.of, found["sections"])), shapes, frozenset(found["struck"]), found["letters"])
