"""How a record and a passage lie in the index: JSON arrays in the order of their fields."""

import json
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
_NONE: Final[dict[str, tuple[type, bool]]] = {}

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_T = TypeVar("_T")


def pack(value: tuple[Any, ...]) -> str:
    """Write a record or a passage."""
    return _encode(value)


def unpack(kind: type[_T], written: str) -> _T:
    """Read what `pack` wrote."""
    return _built(kind, json.loads(written))


def unpack_record(written: str) -> tuple[Testimony, tuple[str, ...]]:
    """Read a record and its footnotes, as `pack` wrote the pair."""
    testimony, footnotes = json.loads(written)
    return _built(Testimony, testimony), tuple(footnotes)


def _built(kind: type[_T], values: list[Any]) -> _T:
    nested = _NESTED.get(kind, _NONE)
    built: list[Any] = []
    for name, value in zip(kind._fields, values, strict=True):  # type: ignore[attr-defined]  # a named tuple
        inner = nested.get(name)
        if inner and inner[1]:
            built.append(tuple(_built(inner[0], each) for each in value))
        elif inner:
            built.append(_built(inner[0], value))
        elif isinstance(value, list):
            built.append(tuple(value))
        else:
            built.append(value)
    return kind(*built)
