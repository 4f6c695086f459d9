"""Made-up records for tests. No person, place of birth or event in them is real, and each says so."""

import json
from pathlib import Path
from typing import Any

NOTICE = "Made up for a test"


def header(code: str, /, **changes: Any) -> dict[str, Any]:
    """Return the header of a minimal public record; a change of None takes a key out."""
    base: dict[str, Any] = {
        "schema": 1,
        "code": code,
        "title": f"{NOTICE}: {code}",
        "kind": "testimony",
        "language": "en",
        "text": {"rendering": "summary"},
        "witness": {"name": "made-up witness", "name_kind": "pseudonym", "connection": "victim"},
        "camps": [],
        "recorded": {"date": "2001"},
        "source": {"csl": {"type": "report", "title": NOTICE}},
        "consent": {"status": "given"},
        "access": {"level": "public"},
        "credibility": {},
    }
    base.update(changes)
    return {key: value for key, value in base.items() if value is not None}


def note(name: str, flag: str, statement: str = "", **changes: Any) -> dict[str, Any]:
    """Return a note on the whole record, unless ``about`` says otherwise."""
    return {
        "id": name,
        "flag": flag,
        "status": "open",
        "about": {"record": "true"},
        "statement": statement or f"{NOTICE}: statement of {name}.",
        "by": "archive",
        "date": "2001-02-03",
        **changes,
    }


def record(head: dict[str, Any], *paragraphs: str) -> str:
    """Write a record: each value of the header as JSON, which is YAML."""
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in head.items()]
    return "\n".join(["---", *lines, "---", "\n\n".join(paragraphs or ("A paragraph made up for a test.",)), ""])


def version(code: str, language: str, /, *paragraphs: str, **changes: Any) -> str:
    """Write a version of a record in another language, of a summary unless ``text`` says otherwise."""
    made = {"rendering": "summary", "by": "the archive", "translated": {"from": "en", "by": "the archive"}}
    head = {"schema": 1, "code": code, "language": language, "text": made, **changes}
    return record(head, *paragraphs)


def put(root: Path, content: str | bytes, name: str = "") -> Path:
    """Put a record into a collection, under a name made from its code."""
    folder = root / "testimonies"
    folder.mkdir(parents=True, exist_ok=True)
    written = content.encode() if isinstance(content, str) else content
    if not name:
        lines = dict(line.partition(": ")[::2] for line in written.decode().splitlines()[1:20])
        code, language = (lines[key].strip().strip('"') for key in ("code", "language"))
        name = f"{code}-made-up.md" if "title" in lines else f"{code}-made-up.{language}.md"
    file = folder / name
    file.write_bytes(written)
    return file


_FEW = {
    "camps": "types: [{id: camp, label: {en: Camp, ko: 수용소}, definition: Made up, names: []}]\nfacilities:\n"
    "  - {id: camp-90, type: camp, number: 90, label: {en: Camp 90, ko: 90호}, names: [], place_names: []}\n",
    "topics": "topics: [{id: hunger, label: {en: Hunger, ko: 굶주림}, definition: Made up}]\n",
    "sources": "sources: []\n",
    "conflicts": "conflicts: []\n",
}


def few_authorities(root: Path) -> Path:
    """Return a collection one camp and one topic in place of all that are shipped, each of which has its pages in an edition."""
    (root / "authorities").mkdir(parents=True, exist_ok=True)
    for name, content in _FEW.items():
        (root / "authorities" / f"{name}.yaml").write_text(content, encoding="utf-8")
    return root


def collection(root: Path, *records: str) -> Path:
    """Make a collection of records."""
    (root / "testimonies").mkdir(parents=True, exist_ok=True)
    for each in records:
        put(root, each)
    return root
