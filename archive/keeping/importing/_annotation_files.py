"""The files of annotations that hypothes.is gives: a search of its service, its browser extension, and its table of comments.

Of each annotation there is what was said and on which words; who made it, in
which group and on which page is left out, and nothing of the page is opened.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from archive.keeping.importing._model import Quote, said_plainly

_EVERYBODY: Final = "group:__world__"
_WORLD: Final = "Public"
"""What the table calls the group of everybody."""
_HEADS: Final = frozenset({"Annotation/Reply Type", "Quote", "Body"})
_BEGINNING: Final = 2_000
_MOST_IN_A_CELL: Final = 1_000_000


class WebAnnotation(NamedTuple):
    """What was said of words: ``text`` with its tags behind it, and the words; ``quote`` is None of what is on a whole page."""

    text: str
    quote: Quote | None
    is_reply: bool
    is_private: bool


def is_annotations(content: bytes) -> bool:
    """Return whether a file is an export of annotations, as JSON or as a table."""
    begun = content[:_BEGINNING].lstrip(b"\xef\xbb\xbf \t\r\n")
    if begun[:1] not in {b"{", b"["}:
        heads = begun.split(b"\n", 1)[0].decode("utf-8", "replace").strip("\r").replace('"', "").split(",")
        return _HEADS.issubset(heads)
    rows = _rows(content)
    return bool(rows) and all(_is_annotation(row) for row in rows)


def annotations_of(content: bytes) -> list[WebAnnotation]:
    """Return the annotations of such a file, in its order.

    :raises UnicodeDecodeError: it is no UTF-8.
    :raises csv.Error: its table is damaged.
    """
    is_json = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}
    return list(_of_json(_rows(content)) if is_json else _of_table(content.decode("utf-8-sig")))


def _rows(content: bytes) -> list[Any]:
    """Return the annotations of a file in JSON; none of what is no such file."""
    try:
        held = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return []
    if isinstance(held, dict) and "target" not in held:
        lists = [held[key] for key in ("annotations", "rows", "replies") if isinstance(held.get(key), list)]
        return [row for rows in lists for row in rows]
    return held if isinstance(held, list) else [held]


def _is_annotation(row: Any) -> bool:  # noqa: ANN401 - any JSON
    return isinstance(row, dict) and ("uri" in row or "user" in row) and ("target" in row or "references" in row)


def _of_json(rows: Iterable[Mapping[str, Any]]) -> Iterator[WebAnnotation]:
    for row in rows:
        permissions = row.get("permissions")
        readers = permissions.get("read") if isinstance(permissions, dict) else None
        is_open = _EVERYBODY in readers if isinstance(readers, list) else row.get("group", "__world__") == "__world__"
        tags = row.get("tags")
        yield WebAnnotation(
            _statement(row.get("text"), [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else ()),
            _quote(row),
            bool(row.get("references")),
            not is_open or bool(row.get("hidden")),
        )


def _quote(row: Mapping[str, Any]) -> Quote | None:
    """Return the words that an annotation quotes; None where it quotes none."""
    targets = row.get("target")
    for target in targets if isinstance(targets, list) else [targets]:
        selectors = target.get("selector") if isinstance(target, dict) else None
        for selector in selectors if isinstance(selectors, list) else [selectors]:
            if isinstance(selector, dict) and selector.get("type") == "TextQuoteSelector" and selector.get("exact"):
                exact, prefix, suffix = (said_plainly(str(selector.get(key) or "")) for key in ("exact", "prefix", "suffix"))
                return Quote(exact, prefix, suffix, str(row.get("uri") or ""))
    return None


def _of_table(text: str) -> Iterator[WebAnnotation]:
    before = csv.field_size_limit(_MOST_IN_A_CELL)
    try:
        for row in csv.DictReader(io.StringIO(text, newline="")):
            cells = {key: value for key, value in row.items() if isinstance(key, str) and isinstance(value, str)}
            quote = Quote(said_plainly(cells["Quote"]), address=cells.get("URL", "")) if cells.get("Quote", "").strip() else None
            group = cells.get("Group", _WORLD)
            yield WebAnnotation(
                _statement(cells.get("Body"), filter(None, cells.get("Tags", "").split(","))),
                quote,
                cells.get("Annotation/Reply Type") == "Reply",
                group not in {_WORLD, ""},
            )
    finally:
        csv.field_size_limit(before)


def _statement(text: Any, tags: Iterable[str]) -> str:  # noqa: ANN401 - any JSON
    """Return what an annotation says, with its tags behind it."""
    said = said_plainly(text) if isinstance(text, str) else ""
    named = ", ".join(filter(None, map(said_plainly, tags)))
    return f"{said} [{named}]".strip() if named else said
