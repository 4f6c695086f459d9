"""The nodes of pandoc's document, and the words in them."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

HYPHEN: Final = "\ue02d"
"""Stands for a hyphen in words beside a number, where a style would make a dash of it."""
AS_WORDS: Final = "\u2060"
"""Stands before words that could be taken for a number with its label, and has no width."""


def words(content: Iterable[Any]) -> str:
    """Return the words of a piece of pandoc's document, without its marks."""
    return " ".join("".join(map(_words, content)).replace(AS_WORDS, "").replace(HYPHEN, "-").split())


def _words(node: dict[str, Any]) -> str:
    kind = node["t"]
    if "c" not in node:  # a space, a soft or hard line break
        return " "
    content = node["c"]
    if kind == "Str":
        return str(content)
    if kind == "Quoted":
        left, right = ("‘", "’") if content[0]["t"] == "SingleQuote" else ("“", "”")
        return left + "".join(map(_words, content[1])) + right
    if kind == "Note":
        return ""
    # The rest hold their inlines alone, or after attributes and before a target.
    inside = content if content and isinstance(content[0], dict) else next(_lists(content), [])
    after = " " if kind in {"Para", "Plain", "Div"} else ""
    return "".join(map(_words, inside)) + after


def _lists(content: Any) -> Iterator[list[Any]]:  # noqa: ANN401 - pandoc's own document
    for item in content:
        if isinstance(item, list) and item and isinstance(item[0], dict):
            yield item


def nodes(content: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - pandoc's own document
    """Yield every node of a document, the inner ones first."""
    if isinstance(content, dict):
        yield from nodes(list(content.values()))
        if "t" in content:
            yield content
    elif isinstance(content, list):
        for item in content:
            yield from nodes(item)
