"""What others keep as tables or bibliographies, as entries of an authority file: CSV, places as GeoNames has them, works.

Nothing is written here: each entry is made as a person would say it, and what
could not be taken along is told.
"""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NoReturn

from archive.errors import ConflictingOptions, Fault, InvalidAuthorities
from archive.keeping import _authority_entries as authority_entries
from archive.keeping import _bibliographies as bibliographies
from archive.keeping._authority_entries import KINDS, Entry
from archive.language.messages import tr, tr_count
from archive.named_tuple import NamedTuple
from archive.storage import atomic
from archive.text import fold, squash

MOST_BYTES: Final = 20_000_000
_GEONAMES: Final = 19
"""Columns of the tables of GeoNames: geonameid, name, asciiname, alternatenames, latitude, longitude …"""
_SEVERAL: Final = "|"
"""Between the values of one cell."""
_NAMES: Final = ("author", "editor", "translator")
_NO_ID: Final = re.compile(r"[^a-z0-9]+")
_LATIN: Final = re.compile(r"[A-Za-z]")


def holds_works(file: Path) -> bool:
    """Return whether a file in RDF or XML is a list of works and no thesaurus."""
    try:
        return bibliographies.is_bibliography(atomic.read_regular(file, MOST_BYTES))
    except OSError:
        return False


class ReadTable(NamedTuple):
    """Entries of one kind that were read, and what a person has to know of it."""

    kind: str
    entries: tuple[Entry, ...]
    said: tuple[str, ...]


def read(file: Path, kind: str, language: str, facility_type: str) -> ReadTable:
    """Read a table or a bibliography.

    :param kind: of the rows of a table; "" where the file says it itself.
    :param language: of labels that name none.
    :param facility_type: of places that have none.
    :raises InvalidAuthorities: it cannot be read; with every reason.
    :raises ConflictingOptions: the kind of its rows is not said.
    """
    try:
        text = atomic.read_regular(file, MOST_BYTES).decode("utf-8-sig")
    except OSError as error:
        _refuse(file, tr("cannot be read: {reason}", reason=error.strerror or error))
    except UnicodeDecodeError:
        _refuse(file, tr("is not UTF-8"))
    if text.lstrip().startswith(("[", "{")):
        return _bibliography(file, _json(file, text))
    works = bibliographies.items_of(text, file.name)
    if works is not None:
        return _bibliography(file, works)
    rows = [line.split("\t") for line in text.splitlines() if line.strip()]
    if rows and all(len(row) == _GEONAMES and row[0].isdecimal() for row in rows):
        return ReadTable("camp", tuple(_places(rows, facility_type)), ())
    if kind not in KINDS:
        message = tr("what the rows of {file} are is not said", file=file.name)
        raise ConflictingOptions(message, tr("Give --as with one of {kinds}.", kinds=", ".join(KINDS)))
    return ReadTable(kind, tuple(_table(file, text, kind, language, facility_type)), ())


def _refuse(file: Path, why: str) -> NoReturn:
    raise InvalidAuthorities((Fault(file.name, 1, "file", why),), tr("Nothing was written."))


def _table(file: Path, text: str, kind: str, language: str, facility_type: str) -> Iterator[Entry]:
    """Yield an entry a row; the first row names the fields, as `authority add` has them, and `id`."""
    head = text.splitlines()[0] if text.strip() else ""
    separator = max(",;\t", key=head.count)
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    faults: list[Fault] = []
    entries: list[Entry] = []
    try:
        if "id" not in (rows.fieldnames or ()):
            _refuse(file, tr("has no column `id`; its columns are {columns}", columns=", ".join(rows.fieldnames or ()) or "-"))
        for row in rows:
            pairs = [
                f"{column}={value}"
                for column, cell in row.items()
                if column and column != "id" and isinstance(cell, str)
                for value in cell.split(_SEVERAL)
                if value.strip()
            ]
            if None in row or None in row.values():
                faults.append(Fault(file.name, rows.line_num, "row", tr("has more or fewer cells than the first row")))
                continue
            if kind == "camp" and facility_type and not row.get("type"):
                pairs.insert(0, f"type={facility_type}")
            try:
                entries.append(authority_entries.entry(kind, squash(row["id"] or ""), pairs, language))
            except ConflictingOptions as error:
                faults += [Fault(file.name, rows.line_num, "row", reason) for reason in error.message.splitlines()]
    except csv.Error as error:
        faults.append(Fault(file.name, rows.line_num, "row", tr("is no row of a table: {error}", error=error)))
    if faults:
        raise InvalidAuthorities(tuple(dict.fromkeys(faults)), tr("Mend the file; nothing was written."))
    yield from entries


def _places(rows: list[list[str]], facility_type: str) -> Iterator[Entry]:
    """Yield an entry a row of GeoNames; a spelling in other letters than ours has no language, since none is said."""
    taken: Counter[str] = Counter()
    for number, name, in_ascii, others, latitude, longitude, *_ in rows:
        spellings = dict.fromkeys(each for each in map(squash, [name, in_ascii, *others.split(",")]) if each)
        made: Entry = {
            "id": _unique_name(in_ascii or name, f"geonames-{number}", taken),
            "type": facility_type,
            "label": {"en": squash(in_ascii or name)},
            "place_names": [{"text": each} for each in spellings],
            "identifiers": {"geonames": number},
        }
        if latitude and longitude:
            made["coordinates"] = [{"latitude": latitude, "longitude": longitude, "cites": []}]
        yield made


def _unique_name(text: str, otherwise: str, taken: Counter[str]) -> str:
    name = _NO_ID.sub("-", fold(text)).strip("-") or otherwise
    taken[name] += 1
    return name if taken[name] == 1 else f"{name}-{taken[name]}"


def _json(file: Path, text: str) -> list[dict[str, Any]]:
    """Return the items of CSL-JSON, as Zotero exports it."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        _refuse(file, tr("is no JSON: {error}", error=error))
    items = data.get("items") if isinstance(data, dict) else data
    if not isinstance(items, list) or not all(isinstance(each, dict) for each in items):
        _refuse(file, tr("is no list of works in CSL-JSON"))
    return items


def _bibliography(file: Path, items: Sequence[Mapping[str, Any]]) -> ReadTable:
    """Read works: what our file has no place for is counted by its name, and so is what a person wrote for themselves."""
    taken: Counter[str] = Counter()
    left: Counter[str] = Counter()
    faults: list[Fault] = []
    entries = []
    for number, item in enumerate(items, start=1):
        csl = dict(_fields(item, left))
        if not csl.get("title") or not csl.get("type"):
            faults.append(Fault(file.name, 1, f"[{number}]", tr("has no title, or no type")))
            continue
        entries.append({"id": _unique_name(_key(item, csl), f"work-{number}", taken), "csl": csl})
    if faults:
        raise InvalidAuthorities(tuple(faults), tr("Mend the file; nothing was written."))
    said = [
        tr_count(
            "{number} work has {field}, which was not taken over",
            "{number} works have {field}, which was not taken over",
            times,
            field=field,
        )
        for field, times in sorted(left.items())
    ]
    return ReadTable("work", tuple(entries), tuple(said))


def _key(item: Mapping[str, Any], csl: Mapping[str, Any]) -> str:
    """Return what a work may be called by: its citation key, else a name and a year, else its title."""
    if item.get("citation-key"):
        return str(item["citation-key"])
    person: Mapping[str, str] = next((each for name in _NAMES for each in csl.get(name, ())), {})
    who = person.get("family") or person.get("literal") or ""
    year = csl.get("issued", {}).get("date-parts", [[""]])[0][0]
    return f"{who} {year}" if _LATIN.search(fold(who)) else " ".join(str(csl["title"]).split()[:5])


def _fields(item: Mapping[str, Any], left: Counter[str]) -> Iterator[tuple[str, Any]]:
    for field, value in item.items():
        if field in {"id", "citation-key"} or value in ("", None, [], {}):
            continue
        if field in bibliographies.PRIVATE:
            left[field] += 1
        elif field in _NAMES and isinstance(value, list):
            yield field, [_person(each) for each in value if isinstance(each, dict)]
        elif field == "issued" and isinstance(value, dict) and value.get("date-parts"):
            yield field, {"date-parts": [[str(part) for part in parts if part] for parts in value["date-parts"]]}
        elif field == "issued" and isinstance(value, dict) and (parts := _written_date(value)):
            yield field, {"date-parts": parts}
        elif isinstance(value, str | int | float) and not isinstance(value, bool):
            yield field, squash(str(value))
        else:
            left[field] += 1


def _written_date(issued: Mapping[str, Any]) -> list[list[str]]:
    """Return a date that stands in words, [] where it is not sure."""
    return bibliographies.date_parts(str(issued.get("raw") or issued.get("literal") or ""))


def _person(written: Mapping[str, Any]) -> dict[str, str]:
    if written.get("literal"):
        return {"literal": str(written["literal"])}
    family = " ".join(
        str(written[part]) for part in ("dropping-particle", "non-dropping-particle", "family") if written.get(part)
    )
    given = " ".join(str(written[part]) for part in ("given", "suffix") if written.get(part))
    return {key: value for key, value in (("family", family), ("given", given)) if value}
