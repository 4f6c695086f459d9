"""What machine output gives with a citation: the fields of a row, of an entry of a bibliography, of an object in JSON."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from archive.citing._markup import plain
from archive.citing.printed import Printed, StatedCaveat, is_of_source

_ELSEWHERE: Final = frozenset(
    {"excerpt", "score", "cut", "matches", "found_by", "updates", "caveats", "caveats_since", "footnotes", "citation", "flags"}
    | {"flags_labels", "caveat_count"}
)
"""Fields that are compared in another way, or say how a passage was found."""


OF_A_CLAIM: Final = frozenset(
    {"camps", "period", "role", "zone", "basis", "status", "topics"}
    | {"camps_labels", "role_labels", "zone_labels", "basis_labels", "status_labels", "topics_labels"}
)
"""Fields that in a comparison say what one claim says, and not what the passage is about."""


def _further(value: Mapping[str, Any]) -> dict[str, Any]:
    return {name: item for name, item in value.items() if name and name not in _ELSEWHERE}


def in_row(row: Mapping[str, str | None]) -> Printed:
    """Return what a row of a table gives with its citation."""
    cells = "; ".join(row.get(name) or "" for name in ("caveats", "caveats_since"))
    return Printed(
        excerpt=row.get("excerpt"),
        cells=plain(cells, prose=False),
        footnotes=row.get("footnotes"),
        kind="" if "witness" not in row else "claim" if "claim" in row else "row",
        fields=tuple((name, text or "") for name, text in _further(row).items()),
    )


def in_entry(values: Mapping[str, str], kind: str) -> Printed:
    """Return the fields of an entry of a bibliography; every one of ours has a title, which carries the caveats."""
    of_source = is_of_source(values.get("annotation") or values.get("N1") or "")
    kind = f"{kind}-source" if of_source else kind
    written = {name: plain(value, prose=False) for name, value in values.items()}
    return Printed(
        kind=kind, fields=tuple(written.items()), must_have=("title", "TI") if of_source else ("title", "author", "TI", "AU")
    )


def in_fields(value: Mapping[str, Any]) -> Printed:
    """Return what an object of machine output gives with its citation: the excerpt, the caveats and all other fields."""
    excerpt, record, custom = (value.get(name) for name in ("excerpt", "record", "custom"))
    csl = "csl-source" if isinstance(custom, dict) and custom.get("of") == "source" else "csl"
    kind = csl if isinstance(custom, dict) else "record" if isinstance(record, dict) else ""
    if not kind and "of_change" in value:
        kind = "version"
    if not kind and "witness" in value:
        kind = "claim" if "claim" in value else "hit"
    inside: Any = custom if kind == csl else record if kind == "record" else value
    listed = [note for name in ("caveats", "caveats_since") for note in inside.get(name) or () if isinstance(note, dict)]
    footnotes = value.get("footnotes")
    whole = value if kind == csl else inside if kind else {}
    return Printed(
        excerpt=excerpt if isinstance(excerpt, str) else None,
        caveats=tuple(map(_stated_caveat, listed)) if isinstance(inside.get("caveats"), list) else None,
        is_all=not isinstance(record, dict),
        footnotes="; ".join(map(_text, footnotes)) if isinstance(footnotes, list) else None,
        kind=kind,
        fields=tuple((name, plain(text, prose=False) if kind == csl else text) for name, text in leaves(_further(whole))),
        must_have=("title",) if kind == csl else (),
    )


def with_person(value: object) -> object:
    """Return an object of machine output; of a person's page with who it is beside the last version, from which that is told."""
    if not isinstance(value, dict) or "name_kind" not in value:
        return value
    versions = value.get("versions")
    if not isinstance(versions, list) or not versions or not isinstance(versions[-1], dict):
        return value
    person = {name: value.get(name) for name in ("witness", "name_kind", "connection")}
    return value | {"versions": [*versions[:-1], versions[-1] | {"person": person}]}


def _stated_caveat(note: Mapping[str, Any]) -> StatedCaveat:
    origin, own = note.get("from"), str(note.get("id", ""))
    names = ("flag", "status", "statement")
    flag, status, statement = (str(note.get(name, "")) for name in names)
    return StatedCaveat(f"{origin}/{own}" if origin else own, flag, status, statement, tuple(leaves(note)))


def leaves(value: object, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield each field of machine output by its path, as text; a list of texts is one field, as in the cell of a table."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from leaves(item, f"{name}.{key}" if name else str(key))
    elif isinstance(value, list | tuple) and any(isinstance(item, Mapping) for item in value):
        for number, item in enumerate(value):
            yield from leaves(item, f"{name}.{number}")
    elif isinstance(value, list | tuple):
        yield name, "; ".join(map(_text, value))
    else:
        yield name, _text(value)


def _text(value: object) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def in_statement(value: Mapping[str, Any]) -> Iterator[tuple[str, Printed]]:
    """Yield, for each citation on the sides of a note in a comparison, the note as it is printed there."""
    note = value.get("note")
    if not isinstance(note, dict) or "statement" not in note:
        return
    stated = _stated_caveat({**note, "from": note.get("from") or value.get("code")})
    for side in value.get("sides") or ():
        for passage in (side, *(side.get("passages") or ())) if isinstance(side, dict) else ():
            if isinstance(passage, dict) and isinstance(passage.get("citation"), str):
                yield passage["citation"], Printed(caveats=(stated,), is_all=False)
