"""From ``authorities/*.yaml`` to `Authorities`: the collection's own files before the shipped ones."""

import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from pydantic import ValidationError

from archive import text
from archive.authority.authorities import (
    AUTHORITIES,
    DEPENDENT,
    MOST_BYTES,
    Authorities,
    authority_files,
    is_shipped,
    shipped_folder,
)
from archive.errors import Fault, InvalidAuthorities
from archive.language.messages import mark, tr, tr_count
from archive.reader import yaml_nodes
from archive.reader._authority_schema import FILES
from archive.reader._concepts import concept_faults
from archive.reader._faults import dotted_name, schema_fault, tags
from archive.storage import atomic

_VOCABULARIES: Final = frozenset({"terms", "flags", "topics"})
_STRUCTURED: Final = frozenset({"records", "id", "ref"})
"""Where a code stands for itself: a list that is cut to what a reader may know of, and the names of other things."""


_FACILITY: Final = re.compile(r"^  - id: (\S+)$", re.MULTILINE)


def shipped_facilities() -> frozenset[str]:
    """Return the ids of the shipped gazetteer, without the seconds that reading its YAML takes."""
    written = (shipped_folder() / "camps.yaml").read_text(encoding="utf-8")
    return frozenset(_FACILITY.findall(written.partition("\nfacilities:\n")[2]))


_NOTHING: Final[Mapping[str, bytes]] = MappingProxyType({})


def files_in_force(root: Path, instead: Mapping[str, bytes] = _NOTHING) -> dict[str, Path]:
    """Return the file of each name that says anything to a collection.

    A collection whose own gazetteer has none of the shipped facilities is of
    another subject: the shipped works and contradictions, which tell of those
    facilities, are not in force there, and have no file here. One that has
    copied the shipped gazetteer and added to it keeps them.

    :param instead: what own files are to hold, by their names, before they are written.
    """
    files = authority_files(root)
    files |= {name: root / AUTHORITIES / f"{name}.yaml" for name in instead}
    if is_shipped(files["camps"]):
        return files
    try:
        node = _node(instead.get("camps") or atomic.read_linked(files["camps"], MOST_BYTES + 1), "", [])
    except OSError:
        return files
    own = _ids(node, "facilities") if node else shipped_facilities()
    if not own.isdisjoint(shipped_facilities()):
        return files
    return {name: file for name, file in files.items() if name not in DEPENDENT or not is_shipped(file)}


def _ids(node: yaml_nodes.Node, key: str) -> frozenset[str]:
    entries = node.at((key,))
    ids = (entry.at(("id",)) for entry in entries.value) if entries and isinstance(entries.value, list) else ()
    return frozenset(str(found.value) for found in ids if found)


def shown_name(file: Path) -> str:
    """Return how an authority file is named to a person, who cannot mend one that is shipped."""
    return tr("{name} (shipped with the program)", name=file.name) if is_shipped(file) else f"authorities/{file.name}"


def read_authorities(root: Path, instead: Mapping[str, bytes] = _NOTHING) -> Authorities:
    """Read the authorities of a collection.

    :param instead: what own files are to hold, by their names, before they are written.
    :raises InvalidAuthorities: with every fault of every file.
    """
    files = files_in_force(root, instead)
    return _authorities(tuple((name, file, instead[name] if name in instead else _content(file)) for name, file in files.items()))


def _content(file: Path) -> bytes | str:
    """Return what a file holds, or why it cannot be read."""
    try:
        return atomic.read_linked(file, MOST_BYTES + 1)
    except OSError as error:
        return str(error.strerror)


@lru_cache(maxsize=2)
def _authorities(contents: tuple[tuple[str, Path, bytes | str], ...]) -> Authorities:
    """Put the authorities together; a command of a keeper asks for the same ones up to seven times.

    :raises InvalidAuthorities: with every fault of every file.
    """
    faults: list[Fault] = []
    read: dict[str, Any] = {name: {name: []} for name in DEPENDENT}
    for name, file, written in contents:
        named = shown_name(file)
        if isinstance(written, str):
            faults.append(Fault(named, 1, "file", tr("cannot be read: {reason}", reason=written)))
            continue
        node = _node(written, named, faults)
        read[name] = node.plain() if node else {}
        if node:
            faults += _faults(name, node, named)
    faults = faults or unresolved_cites(read, {name: file for name, file, _ in contents})
    if faults:
        raise InvalidAuthorities(tuple(faults))
    terms = {**read["terms"], "flag": read["flags"].get("flags", []), "topic": read["topics"].get("topics", [])}
    return Authorities.from_data(
        {
            "collection": read["collection"],
            "terms": terms,
            "equivalents": read["equivalents"],
            "camps": read["camps"],
            "sources": read["sources"],
            "conflicts": read["conflicts"],
            "outline": read["outline"],
        }
    )


def faults_of(name: str, written: bytes, shown: str) -> list[Fault]:
    """Return every fault of what is to be an authority file, held against itself alone.

    :param name: of the file, as "topics".
    :param shown: the path that the faults are to name.
    """
    faults: list[Fault] = []
    node = _node(written, shown, faults)
    return faults or (_faults(name, node, shown) if node else [])


def _node(written: bytes, shown: str, faults: list[Fault]) -> yaml_nodes.Node | None:
    if len(written) > MOST_BYTES:
        faults.append(Fault(shown, 1, "file", tr("is too large for an authority file")))
        return None
    try:
        decoded = written.decode("utf-8")
    except UnicodeDecodeError:
        faults.append(Fault(shown, 1, "file", tr("is not UTF-8")))
        return None
    node, load_faults = yaml_nodes.load(decoded, shown)
    faults += load_faults
    return node


def _faults(name: str, node: yaml_nodes.Node, shown: str) -> list[Fault]:
    """Hold a file against its shape, and its ids against each other."""
    faults = [Fault(shown, line, dotted_name(where), message) for where, line, message in tags(node)]
    try:
        FILES[name].model_validate(node.plain())
    except ValidationError as error:
        faults += [schema_fault(node, shown, item, FILES[name], quoting=True) for item in error.errors(include_url=False)]
    for key, field in node.value.items():
        seen: dict[str, int] = {}
        for item in field.value if isinstance(field.value, list) else ():
            identifier = item.at(("id",))
            if identifier is None or not isinstance(identifier.value, str):
                continue
            if identifier.value in seen:
                message = tr("{value!r} is taken in line {seen}", value=identifier.value, seen=seen[identifier.value])
                faults.append(Fault(shown, identifier.line, f"{key}.id", message))
            seen[identifier.value] = identifier.line
    return faults or _faults_of_terms(name, node, shown)


def _faults_of_terms(name: str, node: yaml_nodes.Node, shown: str) -> list[Fault]:
    """Hold the terms of the vocabularies of a file against each other."""
    if name not in _VOCABULARIES:
        return []
    lists = node.plain()
    return [
        Fault(shown, (node.at((key, number, place)) or node).line, f"{key}.{lists[key][number]['id']}.{place}", message)
        for key in lists
        for number, place, message in concept_faults(lists[key])
    ]


def naming_records(root: Path, authorities: Authorities, codes: Collection[str] = ()) -> tuple[list[Fault], list[Fault]]:
    """Name what authority files, which everybody reads, tell of records.

    :param authorities: what the files of the collection at ``root`` hold.
    :param codes: of its records, whatever their access.
    :return: ids that read as one of the codes, which are faults, and codes in sentences, which are warnings.
    """
    faults: list[Fault] = []
    warnings: list[Fault] = []
    known = text.Known.of((*codes, *authorities.ids()))
    for name, file in files_in_force(root).items():
        named = shown_name(file)
        written = atomic.read_linked(file, MOST_BYTES + 1)
        decoded = written.decode("utf-8")
        if text.codes(decoded, meant=known) or not text.codes(decoded).isdisjoint(codes):
            node = _node(written, named, [])
            faults += _ids_of_records(node, named, codes) if node else []
            warnings += _naming(node, named, name, known) if node else []
    return faults, warnings


def _ids_of_records(node: yaml_nodes.Node, shown: str, codes: Collection[str]) -> Iterator[Fault]:
    """Name the ids that would tell whoever may not know of a record its code, as an id."""
    for key, field in node.value.items():
        for item in field.value if isinstance(field.value, list) else ():
            identifier = item.at(("id",))
            for code in sorted(text.codes(str(identifier.value)).intersection(codes)) if identifier else ():
                message = tr("reads as {code}, the code of a record; an id is told to everybody: take another", code=code)
                yield Fault(shown, identifier.line, f"{key}.id", message)


def _naming(node: yaml_nodes.Node, shown: str, name: str, known: text.Known) -> Iterator[Fault]:
    """Name the codes in sentences, those that are replaced for who may not know of them."""
    for where, leaf in node.leaves():
        keys = [step for step in where if isinstance(step, str)]
        if not _STRUCTURED.isdisjoint(keys):
            continue
        for code in sorted(text.codes(leaf.value, meant=known)):
            instead = tr("the list `records` is for it") if name == "conflicts" else tr("say it without the code")
            message = tr(
                "names {code} in a sentence, where it is replaced for who may not know of it: {instead}",
                code=code,
                instead=instead,
            )
            yield Fault(shown, leaf.line, ".".join((name, *keys[-1:])), message)


def unresolved_cites(read: dict[str, Any], files: Mapping[str, Path]) -> list[Fault]:
    """Name what the gazetteer and the contradictions cite and is not there.

    :param files: the file of each name; one that has none tells of nothing.
    """
    facilities, conflicts = read["camps"]["facilities"], read["conflicts"]["conflicts"]
    known = {
        mark("a source or a contradiction"): {entry["id"] for entry in (*read["sources"]["sources"], *conflicts)},
        mark("a contradiction"): {conflict["id"] for conflict in conflicts},
        mark("a facility"): {facility["id"] for facility in facilities},
    }
    named: list[tuple[str, str, str, str]] = []
    for facility in facilities:
        place = ("camps", f"facilities.{facility['id']}")
        statements = facility.get("statements", ())
        named += [(*place, "a source or a contradiction", cite["ref"]) for statement in statements for cite in statement["cites"]]
        named += [
            (*place, "a contradiction", ref) for statement in (facility, *statements) for ref in statement.get("conflicts", ())
        ]
        named += [(*place, "a facility", other) for other in facility.get("not_to_be_confused_with", ())]
        named += [(*place, "a facility", facility["part_of"])] if facility.get("part_of") else []
    for conflict in conflicts:
        place = ("conflicts", f"conflicts.{conflict['id']}")
        claims = conflict.get("claims", ())
        named += [(*place, "a source or a contradiction", cite["ref"]) for statement in claims for cite in statement["cites"]]
        named += [(*place, "a facility", other) for other in conflict.get("facilities", ())]
    missing = dict.fromkeys(one for one in named if one[3] not in known[one[2]])
    faults = [
        Fault(shown_name(files[name]), 1, where, tr("names {ref!r}, which is not {what} of the archive", ref=ref, what=tr(what)))
        for name, where, what, ref in missing
        if not is_shipped(files[name])
    ]
    for name in ("camps", "conflicts"):
        refs = list(dict.fromkeys(ref for told_by, _, _, ref in missing if told_by == name and is_shipped(files[name])))
        faults += [_needs_shipped(files[name], refs)] if refs else []
    return [*faults, *_rings(facilities)]


def _needs_shipped(file: Path, refs: list[str]) -> Fault:
    """Say once of a shipped file that what it names was replaced: nobody can mend it line by line."""
    message = tr_count(
        "names {number} work or facility that your own authorities/ does not have ({first})",
        "names {number} works or facilities that your own authorities/ does not have ({first}, …)",
        len(refs),
        first=repr(refs[0]),
    )
    remedy = tr("add them there by copying the shipped file, or have a {name} of your own", name=file.name)
    return Fault(shown_name(file), 1, file.stem, f"{message}: {remedy}")


def _rings(facilities: list[dict[str, Any]]) -> Iterator[Fault]:
    """Name the facilities that are part of themselves, at whatever remove."""
    above = {facility["id"]: facility.get("part_of", "") for facility in facilities}
    for name, whole in above.items():
        seen = {""}
        while whole != name and whole not in seen:
            seen.add(whole)
            whole = above.get(whole, "")  # noqa: PLW2901 - one step up
        if whole == name:
            yield Fault("authorities/camps.yaml", 1, f"facilities.{name}.part_of", tr("makes the facility a part of itself"))
