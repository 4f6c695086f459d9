"""What is done to pandoc's document before it is written: levels of headings, contents, the languages of words."""

import base64
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from archive.documents._pandoc_words import words

_HANGUL = re.compile(r"[\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff]")
_LATIN = re.compile(r"[A-Za-z]")
_KOREAN: Final = "ko-KR"
_LEAST, _MOST, _DECADE = 0.2, 0.4, 0.117
"""Of the width of a page: for the names of the rows of a table, and for a column of numbers."""
_NARROW: Final = 2
"""Columns up to which a table is left as it is."""
_ENGLISH: Final = "en"
_PICTURE_WIDTH: Final = "16cm"
_DEEPEST: Final = 2
"""Level of headings, from 1, down to which the table of contents goes."""


def without_first_level(document: dict[str, Any]) -> None:
    """Raise every heading by one level: the first is that of the title, which is no heading."""
    for block in document["blocks"]:
        if block["t"] == "Header":
            block["c"][0] = max(1, block["c"][0] - 1)


def mark_languages(document: dict[str, Any], language: str) -> None:
    """Say of every word that is not in the language of the document in which it is: Korean with Hangul, English with Latin.

    :param language: of the document, as BCP 47 has it.
    """
    is_korean = language.partition("-")[0] == _KOREAN.partition("-")[0]

    def mark(node: dict[str, Any]) -> dict[str, Any]:
        if node["t"] != "Str" or bool(_HANGUL.search(node["c"])) == is_korean or (is_korean and not _LATIN.search(node["c"])):
            return node
        return {"t": "Span", "c": [["", [], [["lang", _ENGLISH if is_korean else _KOREAN]]], [node]]}

    document["blocks"] = _walk(document["blocks"], mark)


def _walk(content: Any, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Any:  # noqa: ANN401 - pandoc's own document
    if isinstance(content, dict):
        walked = {name: _walk(value, change) for name, value in content.items()}
        return change(walked) if "t" in walked else walked
    if isinstance(content, list):
        return [_walk(each, change) for each in content]
    return content


def title_of(document: dict[str, Any]) -> list[Any]:
    """Return the words of a heading of the first level with which a document begins, and take it out; [] where it has none."""
    blocks = document["blocks"]
    if blocks and blocks[0]["t"] == "Header" and blocks[0]["c"][0] == 1:
        words: list[Any] = blocks.pop(0)["c"][2]
        return words
    return []


def widen_first_columns(document: dict[str, Any]) -> None:
    """Give the first column of every wide table, which names its rows, the room that its words need on paper."""
    for block in document["blocks"]:
        if block["t"] == "Table" and len(block["c"][2]) > _NARROW:
            (first, _), *others = block["c"][2]
            own = min(_MOST, max(_LEAST, 1 - _DECADE * len(others)))
            rest = {"t": "ColWidth", "c": (1 - own) / len(others)}
            block["c"][2] = [[first, {"t": "ColWidth", "c": own}], *([align, rest] for align, _ in others)]


def without_alignment(document: dict[str, Any]) -> None:
    """Take out of every table where its columns are aligned, which HTML would say by a style."""
    for block in document["blocks"]:
        if block["t"] == "Table":
            block["c"][2] = [[{"t": "AlignDefault"}, width] for _, width in block["c"][2]]


def holds(document: dict[str, Any], parts: dict[str, Any]) -> bool:
    """Return whether parts stand in a document, in their order, each read as it is read alone.

    :param parts: the parts as one document, a rule between each and the next.
    """
    blocks, at = _bare(document["blocks"]), 0
    part: list[Any] = []
    for block in [*_bare(parts["blocks"]), {"t": "HorizontalRule"}]:
        if block["t"] != "HorizontalRule":
            part.append(block)
            continue
        while blocks[at : at + len(part)] != part:
            at += 1
            if at > len(blocks):
                return False
        at, part = at + len(part), []
    return True


def _bare(blocks: list[Any]) -> list[Any]:
    """Return blocks without the names of headings, which depend on the headings before them."""
    return [{"t": "Header", "c": [block["c"][0], None, block["c"][2]]} if block["t"] == "Header" else block for block in blocks]


def add_contents(document: dict[str, Any], title: str) -> None:
    """Put a table of contents before the first heading: a link to each heading of the upper levels, one below the other."""
    blocks = document["blocks"]
    entries = list(_entries(blocks))
    first = next((at for at, block in enumerate(blocks) if block["t"] == "Header"), None)
    if first is not None and entries:
        named = {"t": "Para", "c": [{"t": "Strong", "c": [{"t": "Str", "c": title}]}]}
        document["blocks"] = [*blocks[:first], named, _nest(entries), *blocks[first:]]


def add_outline(document: dict[str, Any], title: str) -> None:
    """Put the place of typst's own table of contents, which has numbers of pages, before the first heading."""
    blocks = document["blocks"]
    first = next((at for at, block in enumerate(blocks) if block["t"] == "Header"), None)
    if first is not None:
        outline = {"t": "RawBlock", "c": ["typst", f"#outline(title: {json.dumps(title)}, depth: {_DEEPEST})"]}
        document["blocks"] = [*blocks[:first], outline, *blocks[first:]]


def _entries(blocks: list[Any]) -> Iterator[tuple[int, dict[str, Any]]]:
    for block in blocks:
        if block["t"] == "Header" and block["c"][0] <= _DEEPEST:
            level, (name, *_), words = block["c"]
            yield level, {"t": "Plain", "c": [{"t": "Link", "c": [["", [], []], words, [f"#{name}", ""]]}]}


def _nest(entries: list[tuple[int, dict[str, Any]]]) -> dict[str, Any]:
    items: list[list[Any]] = []
    for level, entry in entries:
        if level == 1 or not items:
            items.append([entry])
        elif items[-1][-1]["t"] == "BulletList":
            items[-1][-1]["c"].append([entry])
        else:
            items[-1].append({"t": "BulletList", "c": [[entry]]})
    return {"t": "BulletList", "c": items}


def place_pictures(document: dict[str, Any], pictures: Mapping[str, bytes]) -> list[str]:
    """Put the bytes of each picture in the place of its name, as wide as the page; returns what each is said to be."""
    said: list[str] = []
    for at, block in enumerate(document["blocks"]):
        if block["t"] != "Figure":
            continue
        (image,) = block["c"][2][0]["c"]
        _, described, (name, _) = image["c"]
        if name in pictures:
            address = f"data:image/png;base64,{base64.b64encode(pictures[name]).decode()}"
            image["c"] = [["", [], [["width", _PICTURE_WIDTH]]], described, [address, ""]]
            document["blocks"][at] = {"t": "Para", "c": [image]}
            said.append(words(described))
    return said
