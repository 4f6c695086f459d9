"""The files of annotations that hypothes.is gives: a search of its service, its browser extension, and its table of comments.

Of each annotation there is what was said and on which words; who made it, in
which group and on which page is left out, and nothing of the page is opened.
"""

import csv
import json
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from archive.keeping.importing._model import Quote, plain_remark
from archive.named_tuple import NamedTuple

_EVERYBODY, _GROUP_OF_EVERYBODY = "group:__world__", "__world__"
_WORLD: Final = "Public"
"""What a table calls the group of everybody."""
_TABLES: Final = (("Type", "Quote/description", "Comment"), ("Annotation/Reply Type", "Quote", "Body"))
"""The columns of what an annotation is, of the words that it is on, and of what it says: today, and in earlier years."""
_DELIMITERS: Final = ",\t;"
_BEGINNING: Final = 2_000


class WebAnnotation(NamedTuple):
    """What was said of words: ``text`` with its tags behind it, and the words; ``quote`` is None of what is on a whole page."""

    text: str
    quote: Quote | None
    is_reply: bool
    is_private: bool


def is_annotations(content: bytes) -> bool:
    """Return whether a file is an export of annotations, as JSON or as a table."""
    is_wide = content.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    begun = content[:_BEGINNING].decode("utf-16" if is_wide else "utf-8", "replace").lstrip("\ufeff \t\r\n")
    if not is_json(begun):
        head = begun.splitlines()[:1]
        return any(_columns(_heads(row)) for delimiter in _DELIMITERS for row in csv.reader(head, delimiter=delimiter))
    rows = rows_of_json(content.decode("utf-16" if is_wide else "utf-8-sig", "replace"))
    return bool(rows) and all(_is_annotation(row) for row in rows)


def is_json(text: str) -> bool:
    """Return whether an export is in JSON, and no table."""
    return text.lstrip("\ufeff \t\r\n")[:1] in {"{", "["}


def rows_of_json(text: str) -> list[Any]:
    """Return the annotations of a file in JSON; none of what is no such file."""
    try:
        document = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return []
    if isinstance(document, dict) and "target" not in document:
        lists = [document[key] for key in ("annotations", "rows", "replies") if isinstance(document.get(key), list)]
        return [row for rows in lists for row in rows]
    return document if isinstance(document, list) else [document]


def _is_annotation(row: Any) -> bool:  # noqa: ANN401 - any JSON
    return isinstance(row, dict) and ("uri" in row or "user" in row) and ("target" in row or "references" in row)


def of_json(rows: Iterable[Mapping[str, Any]]) -> Iterator[WebAnnotation]:
    """Yield annotations in JSON; one of which nothing says who may read it was not made for everybody."""
    for row in rows:
        permissions = row.get("permissions")
        readers = permissions.get("read") if isinstance(permissions, dict) else None
        group = row.get("group", _GROUP_OF_EVERYBODY if isinstance(readers, list) else "")
        is_open = group == _GROUP_OF_EVERYBODY and (_EVERYBODY in readers if isinstance(readers, list) else True)
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
                exact, prefix, suffix = (plain_remark(str(selector.get(key) or "")) for key in ("exact", "prefix", "suffix"))
                return Quote(exact, prefix, suffix, str(row.get("uri") or ""))
    return None


def of_table(rows: Sequence[Sequence[str]]) -> Iterator[WebAnnotation]:
    """Yield the annotations of a table, whose first row names its columns."""
    filled = [row for row in rows if any(row)]
    heads = _heads(filled[0]) if filled else []
    kind, exact, body = _columns(heads) or _TABLES[0]
    for row in filled[1:]:
        cells = dict(zip(heads, row, strict=False))
        quote = Quote(plain_remark(cells[exact]), address=cells.get("URL", "")) if cells.get(exact, "").strip() else None
        yield WebAnnotation(
            _statement(cells.get(body), filter(None, cells.get("Tags", "").split(","))),
            quote,
            cells.get(kind, "").strip() == "Reply",
            cells.get("Group", _WORLD).strip() not in {_WORLD, ""},
        )


def _heads(row: Iterable[str]) -> list[str]:
    """Return the names of columns as they are compared: a space beside one must not open what was made for a group."""
    return [head.replace("\ufeff", "").strip() for head in row]


def _columns(heads: Sequence[str]) -> tuple[str, str, str] | None:
    """Return the columns of a table of annotations, None of another table."""
    return next((columns for columns in _TABLES if set(columns) <= set(heads)), None)


def _statement(text: Any, tags: Iterable[str]) -> str:  # noqa: ANN401 - any JSON
    """Return what an annotation says, with its tags behind it."""
    said = plain_remark(text) if isinstance(text, str) else ""
    named = ", ".join(filter(None, map(plain_remark, tags)))
    return f"{said} [{named}]".strip() if named else said
