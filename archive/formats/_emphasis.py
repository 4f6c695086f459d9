"""Emphasis as Markdown has it, read by Python-Markdown of which all but emphasis and the backslash is taken away.

No markup is taken from it: its tree is read for which words are emphasised, and
a sink of ours writes them. What is in no tag of emphasis is in no tag at all.
"""

from collections.abc import Iterator
from functools import cache
from typing import Final
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.treeprocessors import InlineProcessor, UnescapeTreeprocessor

from archive.errors import Defect

_OTHERS: Final = (
    *("backtick", "reference", "link", "image_link", "image_reference", "short_reference", "short_image_ref"),
    *("autolink", "automail", "linebreak", "html", "entity"),
)
"""The patterns that make anything else of words."""
_SOMETHING_ELSE: Final = "the Markdown of a passage became something else than emphasis"
_STYLES: Final = frozenset({"em", "strong"})


def split_emphasis(text: str) -> list[tuple[str, str]]:
    """Return the words of a text in their order, each with its emphasis: "", "em", "strong" or "strong em".

    :param text: without control characters, with which the library marks its own places.
    :raises Defect: the library made something else than emphasis of it.
    """
    root = Element("div")
    SubElement(root, "p").text = text
    for each in _processors():
        each.run(root)
    runs: list[tuple[str, str]] = []
    for words, emphasis in _read(root[0], frozenset()):
        if runs and runs[-1][1] == emphasis:
            runs[-1] = (runs[-1][0] + words, emphasis)
        elif words:
            runs.append((words, emphasis))
    return runs


@cache
def _processors() -> tuple[InlineProcessor, UnescapeTreeprocessor]:
    library = Markdown()
    for name in _OTHERS:
        library.inlinePatterns.deregister(name, strict=False)
    return InlineProcessor(library), UnescapeTreeprocessor(library)


def _read(element: Element, styles: frozenset[str]) -> Iterator[tuple[str, str]]:
    yield element.text or "", _style_name(styles)
    for child in element:
        if child.tag not in _STYLES or child.attrib:
            raise Defect(_SOMETHING_ELSE)
        yield from _read(child, styles | {child.tag})
        yield child.tail or "", _style_name(styles)


def _style_name(styles: frozenset[str]) -> str:
    return " ".join(sorted(styles, reverse=True))
