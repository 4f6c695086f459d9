"""How a record and a passage lie in the index: JSON arrays in the order of their fields."""

import json
from json.decoder import scanstring  # type: ignore[attr-defined]  # the type hints leave it out
from typing import Any, Final, TypeVar

from archive.testimony import (
    About,
    Change,
    Cite,
    Claim,
    Entry,
    Name,
    Note,
    Passage,
    Relation,
    Source,
    Testimony,
    Witness,
)

# Class → its fields that hold another class, and whether they hold many.
_NESTED: Final[dict[type, dict[str, tuple[type, bool]]]] = {
    Passage: {"entries": (Entry, True), "cites": (Cite, True), "notes": (Note, True)},
    Note: {"about": (About, False), "cites": (Cite, True)},
    Claim: {"cites": (Cite, True)},
    Witness: {"other_names": (Name, True)},
    Testimony: {
        "witness": (Witness, False),
        "entries": (Entry, True),
        "source": (Source, False),
        "notes": (Note, True),
        "claims": (Claim, True),
        "relations": (Relation, True),
        "history": (Change, True),
    },
}
_NESTED_AT: Final = {
    kind: {kind._fields.index(name): inner for name, inner in fields.items()}  # type: ignore[attr-defined]  # a named tuple
    for kind, fields in _NESTED.items()
}
_NONE: Final[dict[int, tuple[type, bool]]] = {}

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_T = TypeVar("_T")


def pack(value: tuple[Any, ...]) -> str:
    """Write a record or a passage."""
    return _encode(value)


def unpack(kind: type[_T], written: str) -> _T:
    """Read what `pack` wrote."""
    return _built(kind, json.loads(written))


def text_of(written: str) -> str:
    """Read the text of a passage alone, the third of its fields, without the rest."""
    start = written.index(",", written.index(",") + 1) + 1
    found: str = scanstring(written, start + 1)[0]
    return found


def unpack_record(written: str) -> tuple[Testimony, tuple[str, ...]]:
    """Read a record and its footnotes, as `pack` wrote the pair."""
    testimony, footnotes = json.loads(written)
    return _built(Testimony, testimony), tuple(footnotes)


def _built(kind: type[_T], values: list[Any]) -> _T:
    nested = _NESTED_AT.get(kind, _NONE)
    if len(values) != len(kind._fields):  # type: ignore[attr-defined]  # a named tuple
        message = f"{len(values)} values for {kind.__name__}"
        raise ValueError(message)
    for at, value in enumerate(values):
        if type(value) is list:
            inner = nested.get(at)
            if inner is None:
                values[at] = tuple(value)
            elif inner[1]:
                values[at] = tuple([_built(inner[0], each) for each in value])
            else:
                values[at] = _built(inner[0], value)
    return kind._make(values)  # type: ignore[attr-defined,no-any-return]  # a named tuple
