"""Columns that tables have beside the fields of a hit: its reference, its source part by part, and labels beside ids."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from archive.authority.authorities import Authorities
from archive.formats.fields import label

_APART: Final = "; "
_SOURCE: Final = {
    "source_ref": "ref",
    "source_author": "author",
    "source_title": "title",
    "source_container": "container",
    "source_publisher": "publisher",
    "source_issued": "issued",
    "source_locator": "locator",
    "source_through": "through",
    "source_seen": "seen",
    "url": "url",
    "accessed": "accessed",
}
LABELLED: Final[Mapping[str, str]] = {
    "camps": "camp",
    "role": "role",
    "zone": "zone",
    "basis": "basis",
    "status": "status",
    "topics": "topic",
    "sensitive": "sensitive",
    "flags": "flag",
}
"""The fields of a hit that hold ids, and the list whose labels they have."""
COLUMNS: Final = ("reference", *_SOURCE, "source_also", "caveat_count", *(f"{name}_labels" for name in LABELLED))


def more(hit: Mapping[str, Any], authorities: Authorities) -> dict[str, Any]:
    """Return the further columns of a hit."""
    source = hit["cited_source"]
    return {
        "reference": f"{hit['code']}#p{hit['paragraph']}",
        **{column: source[name] for column, name in _SOURCE.items()},
        "source_also": source["also"],
        "caveat_count": len(hit["caveats"]) + len(hit["caveats_since"]),
        **{f"{name}_labels": labels(terms, hit[name], authorities) for name, terms in LABELLED.items()},
    }


def labels(terms: str, ids: Iterable[str], authorities: Authorities) -> str:
    """Return the labels of ids, in their order."""
    return _APART.join(label(terms, each, authorities) for each in ids)
