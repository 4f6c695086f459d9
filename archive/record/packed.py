"""The frozen records as plain arrays, in the order of their fields, and back: for what keeps them as JSON."""

import json
from typing import Any, Final, TypeVar

from archive.language.messages import tr
from archive.record.testimony import (
    About,
    CampEntry,
    Change,
    Cite,
    Claim,
    Name,
    Note,
    Pair,
    PassageText,
    Relation,
    Source,
    Testimony,
    TextVersion,
    Witness,
)

# Class → its fields that hold another class, and whether they hold many.
_NESTED: Final[dict[type, dict[str, tuple[type, bool]]]] = {
    Note: {"about": (About, False), "cites": (Cite, True)},
    Claim: {"cites": (Cite, True)},
    Witness: {"other_names": (Name, True)},
    Testimony: {
        "witness": (Witness, False),
        "entries": (CampEntry, True),
        "source": (Source, False),
        "notes": (Note, True),
        "claims": (Claim, True),
        "relations": (Relation, True),
        "history": (Change, True),
        "versions": (TextVersion, True),
    },
    TextVersion: {"cites": (Cite, True), "pairs": (Pair, True)},
    PassageText: {"cites": (Cite, True)},
}
_NESTED_AT: Final = {
    kind: {kind._fields.index(name): inner for name, inner in fields.items()}  # type: ignore[attr-defined]  # a named tuple
    for kind, fields in _NESTED.items()
}
_NONE: Final[dict[int, tuple[type, bool]]] = {}

_T = TypeVar("_T")

encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""Writes a record as JSON: a named tuple is an array."""


def build(kind: type[_T], values: list[Any]) -> _T:
    """Return the record of a class that was written as these values, which are changed.

    What an older version wrote lacks the last fields, which then have their defaults.

    :raises ValueError: they are not as many as it has fields, nor as it had.
    """
    nested = _NESTED_AT.get(kind, _NONE)
    if len(values) < len(kind._fields):  # type: ignore[attr-defined]  # a named tuple
        _complete(kind, values)
    if len(values) != len(kind._fields):  # type: ignore[attr-defined]  # a named tuple
        message = tr("{number} values for {name}", number=len(values), name=kind.__name__)
        raise ValueError(message)
    for at, value in enumerate(values):
        if type(value) is list:
            inner = nested.get(at)
            if inner is None:
                values[at] = tuple([tuple(item) if type(item) is list else item for item in value])
            elif inner[1]:
                values[at] = tuple([build(inner[0], item) for item in value])
            else:
                values[at] = build(inner[0], value)
    return kind._make(values)  # type: ignore[attr-defined,no-any-return]  # a named tuple


def _complete(kind: type, values: list[Any]) -> None:
    """Add the defaults of the last fields."""
    defaults: dict[str, Any] = kind._field_defaults  # type: ignore[attr-defined]  # a named tuple
    values += [defaults[name] for name in kind._fields[len(values) :] if name in defaults]  # type: ignore[attr-defined]
