"""Machine output is described field by field: the schema accepts what is printed and nothing else."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import made_up
import source_files
from archive.cli.schema import _DOCUMENTS  # the choices of the option, held against what is described
from archive.formats.data import output_schema
from archive.formats.registry import PICTURES
from running import TOP, Run

PAGE = TOP / "docs" / "output.md"
ASKED = {
    "search": [
        ["search", "forced labour hungre", "--camp", "18", "--facets"],
        ["search", "zzzqqq mother", "--facets"],
        ["search", "public executions", "--as-of", "2014", "--period", "1990s", "--all"],
        ["search", "강제노동", "--all", "--facets"],
        ["search", "hunger", "--all"],
        ["search", "hungry Christians lice"],
        ["search", "--camp", "14"],
    ],
    "facets": [["facets"], ["facets", "--camp", "14", "--as-of", "2014"]],
    "list": [["list"], ["list", "--flag", "recanted", "--as-of", "2014"]],
    "show": [["show", "NKT-0001"], ["show", "NKT-0004#p2"], ["excerpt", "NKT-0001#p4"]],
    "versions": [["show", "NKT-0001", "--versions"]],
    "witness": [["witness", "Shin"], ["witness", "강철환"], ["witness", "Kim Yong"]],
    "camps": [["camps"]],
    "camp": [["camps", "14"], ["camps", "요덕"], ["camps", "22"]],
    "topics": [["topics"], ["topics", "lice"], ["topics", "labour"]],
    "basket": [["basket"]],
    "watch": [["watch"]],
    "conflicts": [["camps", "--conflicts"]],
    "stats": [["stats"]],
    "picture": [
        *(["picture", "camp", "14", "--kind", kind, "--output", "-"] for kind in PICTURES),
        *(["picture", "collection", "--kind", kind, "--output", "-"] for kind in PICTURES),
    ],
    "compare": [["compare", "--topic", "execution"], ["compare", "--topic", "hunger", "--as-of", "2014"]],
    "cite": [["cite", "NKT-0001#p4", "NKT-0002"], ["cite", "NKT-0001", "--style", "oscola"]],
    "doctor": [["doctor"]],
    "manifest": [["manifest"]],
}  # fmt: skip
"""What is asked of the shipped archive, by the kind of document that answers."""


def printed(run: Run, kind: str) -> Iterator[dict[str, Any]]:
    """Yield the documents of a kind."""
    for arguments in ASKED[kind]:
        ran = run(*arguments, "--format", "json")
        assert ran.out, (arguments, ran.err)
        yield json.loads(ran.out)


def test_a_basket_is_described(root: Path, run: Run) -> None:
    """With a passage that is as it was, and one whose words have changed."""
    file = made_up.put(root, made_up.record(made_up.header("ZZT-0001"), "A zebra.", "A quagga."))
    assert run("basket", "add", "ZZT-0001").code == 0
    file.write_text(file.read_text(encoding="utf-8").replace("A quagga.", "An okapi."), encoding="utf-8")
    document = json.loads(run("basket", "--format", "json").out)
    assert [each["usable"] for each in document["basket"]] == [True, False]
    assert faults("basket", document) == []


def test_saved_searches_are_described(root: Path, run: Run) -> None:
    """With what is new in one, and one that cannot be asked any more."""
    made_up.collection(root, made_up.record(made_up.header("ZZT-0001"), "A zebra."))
    assert run("watch", "add", "animals", "zebra").code == 0
    made_up.put(root, made_up.record(made_up.header("ZZT-0002"), "A zebra."))
    document = json.loads(run("watch", "--format", "json").out)
    assert [each["new"] for each in document["watched"]] == [["ZZT-0002#p1"]]
    assert faults("watch", document) == []
    document["watched"][0] |= {"passages": None, "reason": "Made up."}
    assert faults("watch", document) == []


def told(verified: Path, run: Run) -> Iterator[dict[str, Any]]:
    """Yield the verdicts on a paper whose citations stand, are altered, and are misquoted."""
    cited = run("cite", "NKT-0001#p4", "NKT-0002").out
    for number, words in enumerate(
        (cited, cited.replace("hanged", "shot"), cited.replace("sha256:", "sha256:0"), f"“Not so.” {cited}")
    ):
        paper = verified / f"paper{number}.md"
        paper.write_text(words, encoding="utf-8")
        yield json.loads(run("verify", str(paper), "--format", "json").out)


def faults(kind: str, document: object) -> list[str]:
    """Name what the schema does not accept."""
    validator = jsonschema.Draft202012Validator(output_schema.schema(kind))
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)]


@pytest.mark.parametrize("kind", sorted(ASKED))
def test_what_is_printed_is_described(kind: str, on_shipped: Run) -> None:
    """Every field, with its type; no field more and none less."""
    for document in printed(on_shipped, kind):
        assert faults(kind, document) == []


def test_verdicts_are_described(tmp_path: Path, on_shipped: Run) -> None:
    """The verdicts of a paper, too."""
    for document in told(tmp_path, on_shipped):
        assert faults("verify", document) == []


def test_what_an_import_prints_is_described(root: Path, tmp_path_factory: pytest.TempPathFactory, run: Run) -> None:
    """Of files that come in, that are there, and that are refused."""
    made_up.collection(root, made_up.record(made_up.header("ZZT-0001")))
    given = tmp_path_factory.mktemp("given")
    for name, content in {"a.vtt": source_files.VTT, "b.xml": source_files.OHMS, "c.txt": b"\x00"}.items():
        (given / name).write_bytes(content)
    for arguments in ((), ("--write",), ("--diff",)):
        document = json.loads(run("import", str(given), *arguments, "--format", "json").out)
        assert faults("import", document) == []
    assert [each["status"] for each in document["files"]] == ["unchanged", "unchanged", "refused"]


def test_what_a_made_up_collection_prints_is_described(root: Path, run: Run) -> None:
    """Stale notes, replaced ones, footnotes, faults, a manifest held against other files."""
    notes = [
        {"id": "n1", "flag": "recanted", "status": "open", "about": {"paragraphs": [1]}, "statement": "Taken back.", "by": "A"},
        {
            "id": "n2",
            "flag": "caution",
            "status": "open",
            "about": {"record": "true"},
            "statement": "With care.",
            "by": "A",
            "known": "2012",
        },
    ]
    header = made_up.header("ZZT-0001", credibility={"notes": [{**note, "date": "2001-02-03"} for note in notes]})
    made_up.collection(root, made_up.record(header, "A zebra.[^1]\n\n[^1]: It was a quagga."))
    assert run("check", "--bind").code == 0
    file = next((root / "testimonies").glob("ZZT-0001*"))
    file.write_text(file.read_text(encoding="utf-8").replace("A zebra.", "A quagga, or a zebra."), encoding="utf-8")
    for kind, arguments in (("search", ["search", "zebra"]), ("show", ["show", "ZZT-0001"]), ("doctor", ["doctor", "--deep"])):
        assert faults(kind, json.loads(run(*arguments, "--format", "json").out)) == []
    manifest = root / "manifest.json"
    assert run("manifest", "--output", str(manifest), "--format", "json").code == 0
    file.write_bytes(file.read_bytes() + b"\n")
    ran = run("manifest", "--check", str(manifest), "--format", "json")
    assert ran.out, ran.err
    assert faults("manifest-check", json.loads(ran.out)) == []
    file.rename(file.with_name("NKT-1.md"))
    assert faults("doctor", json.loads(run("doctor", "--format", "json").out)) == []


def test_what_publishes_is_described(root: Path, run: Run) -> None:
    """An edition that is written, and one that is held against the collection."""
    made_up.collection(made_up.few_authorities(root), made_up.record(made_up.header("ZZT-0001")))
    target = str(root / "edition")
    assert faults("publish", json.loads(run("publish", target, "--format", "json").out)) == []
    assert faults("publish-check", json.loads(run("publish", "--check", target, "--format", "json").out)) == []


def test_a_field_that_is_not_described_is_a_fault(on_shipped: Run) -> None:
    """The control: one key more, one less, another type."""
    document = next(printed(on_shipped, "cite"))
    for change in ({"more": 1}, {"citation": 1}, {"caveats": [{"id": "n1"}]}):
        assert faults("cite", {**document, "citations": [{**document["citations"][0], **change}]})
    assert faults("cite", {"schema": 1})


def test_every_document_can_be_asked_for(run: Run) -> None:
    """By the option; each is a schema by the rules of JSON Schema."""
    assert set(_DOCUMENTS) == set(output_schema.DOCUMENTS)
    for kind in output_schema.DOCUMENTS:
        found = json.loads(run("schema", "--of", kind).out)
        jsonschema.Draft202012Validator.check_schema(found)
        assert found == output_schema.schema(kind)


@pytest.mark.parametrize("command", sorted(output_schema.columns()))
def test_the_columns_of_tables_are_those_described(command: str, on_shipped: Run) -> None:
    """In the order of the first line; each is a field of the document, or a part of one."""
    extra = {"search": ["search", "hunger"], "compare": ["compare", "--topic", "hunger"]}[command.split(maxsplit=1)[0]]
    first = on_shipped(*extra, "--format", "csv").out.splitlines()[0].lstrip("\ufeff")
    assert tuple(first.split(",")) == output_schema.columns()[command]


def reference() -> str:
    """Write the page of fields."""
    lines = [
        "# Machine output",
        "",
        "Every field of what is printed with `--format json`, `jsonl` and `csv`, written from the program's own description;",
        "`testimony schema --of search` prints it as a JSON Schema (2020-12). A key is never left out; where there is nothing,",
        "it is `null`, an empty list or empty text. What comes from the authority files (facilities, contradictions) has the",
        "keys that are given there. `schema` is the number of this contract: while it stays, fields are added and none is",
        "changed or taken away.",
        "",
        "`jsonl` prints the fields of a hit, one hit a line. CSV has a line of names, then one line a hit; lists stand in one",
        "cell, apart by `; `; a caveat reads `[id: flag, status, from CODE] statement (sources)`; no cell can run as a formula.",
    ]
    for command, columns in output_schema.columns().items():
        lines += ["", f"Columns of `{command}`: {', '.join(f'`{column}`' for column in columns)}."]
    shown: set[str] = set()
    for kind, document in output_schema.DOCUMENTS.items():
        lines += ["", f"## {kind}", "", f"Printed by `testimony {document.command}`."]
        for name, shape in output_schema.shapes(kind).items():
            if name in shown:
                continue
            shown |= {name} - {""}
            lines += ["", *([f"**{name}**", ""] if name else [])]
            lines += ["| field | type | what it says |", "| --- | --- | --- |"]
            lines += [f"| `{field}` | {output_schema.say_type(type_)} | {meaning} |" for field, (type_, meaning) in shape.items()]
    return "\n".join(lines) + "\n"


def test_the_page_of_fields_is_that_of_the_program() -> None:
    """``UPDATE_DOCS=1`` writes it anew."""
    if os.environ.get("UPDATE_DOCS") == "1":
        PAGE.write_text(reference(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == reference()
