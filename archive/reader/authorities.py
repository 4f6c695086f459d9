"""From ``authorities/*.yaml`` to `Authorities`: the collection's own files before the shipped ones."""

from pathlib import Path
from typing import Any, Final

from archive import dates, gazetteer
from archive.authority import Authorities, authority_files
from archive.errors import Fault, InvalidAuthorities
from archive.reader import markup

_MOST_BYTES: Final = 20_000_000


def read_authorities(root: Path) -> Authorities:
    """Read the authorities of a collection.

    :raises InvalidAuthorities: with every fault of every file.
    """
    faults: list[Fault] = []
    read: dict[str, Any] = {}
    for name, file in authority_files(root).items():
        shown = f"authorities/{file.name}"
        try:
            written = file.read_bytes()
        except OSError as error:
            faults.append(Fault(shown, 1, "file", f"cannot be read: {error.strerror}"))
            continue
        node = _node(written, shown, faults)
        read[name] = node.plain() if node else {}
        if node:
            faults += _faults(name, node, shown)
    if faults:
        raise InvalidAuthorities(tuple(faults))
    terms = {**read["terms"], "flag": read["flags"].get("flags", []), "topic": read["topics"].get("topics", [])}
    return Authorities.from_data(
        {
            "collection": read["collection"],
            "terms": terms,
            "camps": read["camps"],
            "sources": read["sources"],
            "conflicts": read["conflicts"],
        }
    )


def _node(written: bytes, shown: str, faults: list[Fault]) -> markup.Node | None:
    if len(written) > _MOST_BYTES:
        faults.append(Fault(shown, 1, "file", "is too large for an authority file"))
        return None
    try:
        decoded = written.decode("utf-8")
    except UnicodeDecodeError:
        faults.append(Fault(shown, 1, "file", "is not UTF-8"))
        return None
    node, found = markup.load(decoded, shown)
    faults += found
    return node


def _faults(name: str, node: markup.Node, shown: str) -> list[Fault]:
    """Check what the program relies on: ids that are there and single, types, dates, numbers."""
    found: list[Fault] = []
    lists = {
        "flags": ("flags",),
        "topics": ("topics",),
        "camps": ("facilities",),
        "sources": ("sources",),
        "conflicts": ("conflicts",),
        "terms": tuple(node.value),
    }.get(name, ())
    for key in lists:
        held = node.at((key,))
        if held is None or not isinstance(held.value, list):
            found.append(Fault(shown, node.line, key, "is missing or is no list"))
            continue
        ids: dict[str, int] = {}
        for each in held.value:
            found += _entry_faults(name, each, shown, ids)
    return found


def _entry_faults(name: str, entry: markup.Node, shown: str, ids: dict[str, int]) -> list[Fault]:
    found: list[Fault] = []
    identifier = entry.at(("id",))
    if identifier is None or not isinstance(identifier.value, str) or not identifier.value:
        return [Fault(shown, entry.line, "id", "is missing")]
    if identifier.value in ids:
        found.append(Fault(shown, identifier.line, "id", f"{identifier.value!r} is taken in line {ids[identifier.value]}"))
    ids[identifier.value] = identifier.line
    if name == "camps":
        found += _facility_faults(entry, shown)
    return found


def _facility_faults(entry: markup.Node, shown: str) -> list[Fault]:
    found: list[Fault] = []
    if entry.at(("type",)) is None:
        found.append(Fault(shown, entry.line, "type", "is missing"))
    number = entry.at(("number",))
    if number is not None and not str(number.value).isdigit():
        found.append(Fault(shown, number.line, "number", "is no number"))
    for key in ("names", "place_names"):
        for name in getattr(entry.at((key,)), "value", None) or ():
            spelling = name.at(("text",))
            if spelling is None or not gazetteer.key(str(spelling.value)):
                found.append(Fault(shown, name.line, f"{key}.text", "is missing"))
    for statement in getattr(entry.at(("statements",)), "value", None) or ():
        found += _statement_faults(statement, shown)
    return found


def _statement_faults(statement: markup.Node, shown: str) -> list[Fault]:
    found = [
        Fault(shown, statement.line, key, "is missing") for key in ("about", "text", "cites") if statement.at((key,)) is None
    ]
    date = statement.at(("date",))
    if date is not None:
        try:
            dates.bounds(str(date.value))
        except dates.InvalidDate as error:
            found.append(Fault(shown, date.line, "date", error.message))
    return found
