"""A whole collection in one file: nothing that readers may not have, and no words without their caveats and their citation."""

import csv
import hashlib
import io
import json
import re
import shlex
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import made_up
from archive import Archive
from archive.formats import _cells as cells  # the one rule for cells, which holds here too
from archive.formats import export_content
from archive.formats.data import output_schema
from archive.formats.registry import BINARY_EXPORTS, EXPORT_FOLDERS, EXPORT_FORMS
from disk import copied
from running import TOP, Run, ask_program

CANARY = "zqxcanary"
SEARCHED = ("A quagga told of hunger", "A zebra was counted", "얼룩말", "An okapi")
"""Beginnings of words that stand in the records, by which they are looked for in every column."""


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Records that put caveats on each other, withhold words, have a version, are restricted, closed, and try to be formulas."""
    root = tmp_path_factory.mktemp("collection")
    note = made_up.note("n1", "recanted", "Made up: taken back; =1+1", about={"paragraphs": ["1"]})
    across = made_up.note("n2", "contradicted", "Made up: held against.", **{"with": ["ZZT-0002#p1"]})
    return made_up.collection(
        root,
        made_up.record(
            made_up.header("ZZT-0001", credibility={"notes": [note, across]}, title="=HYPERLINK(1)", topics=["hunger"]),
            "A quagga told of hunger.[^1]",
            "A zebra was counted; =1+1.",
            "[^1]: A footnote that is made up.",
        ),
        made_up.version("ZZT-0001", "ko", "얼룩말이 있었다.", "얼룩말을 세었다."),
        made_up.record(made_up.header("ZZT-0002"), f"An okapi, <res>{CANARY}</res> made up.", f"<res>{CANARY} all</res>"),
        made_up.record(made_up.header("ZZT-0003", access={"level": "restricted"}, title=CANARY), f"A {CANARY}."),
        made_up.record(made_up.header("ZZT-0004", access={"level": "closed"}, title="zqxclosed"), "A zqxclosed."),
    )


def _export(root: Path, form: str, clearance: str = "public") -> bytes:
    with Archive(root, clearance) as archive:
        return archive.export(form, "2001-02-03")


def _database(root: Path, tmp_path: Path, clearance: str = "public") -> sqlite3.Connection:
    file = tmp_path / f"{clearance}.db"
    file.write_bytes(_export(root, "sqlite", clearance))
    return sqlite3.connect(file)


def _text_of(content: bytes) -> str:
    """Return what can be read in a file, in a packed one too."""
    import zipfile

    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return "".join(packed.read(name).decode("utf-8") for name in packed.namelist())
    return content.decode("utf-8", "replace")


@pytest.mark.parametrize("form", EXPORT_FORMS)
def test_nothing_that_is_withheld_leaves_at_public_clearance(form: str, collection: Path) -> None:
    """Neither words, nor codes; at restricted clearance they are there, and never what is closed: the control."""
    told = _text_of(_export(collection, form))
    assert not re.search(f"{CANARY}|zqxclosed|ZZT-000[34]", told)
    if form not in {"skos", "csl"}:
        above = _text_of(_export(collection, form, "restricted"))
        assert CANARY in above
        assert "zqxclosed" not in above
        assert "ZZT-0004" not in above


@pytest.mark.parametrize("form", EXPORT_FORMS)
def test_the_same_collection_gives_the_same_bytes_in_every_language(form: str, collection: Path, tmp_path: Path) -> None:
    """As often as it is asked."""
    first = _export(collection, form)
    assert _export(collection, form) == first
    file = tmp_path / "file"
    arguments = ("export", "--format", form, "--output", str(file), "--date", "2001-02-03")
    assert ask_program(collection, "--lang", "ko", *arguments).code == 0
    if form not in {"csv", "xlsx", "skos"}:
        assert file.read_bytes() == first


def test_the_schema_has_words_in_one_column_alone(collection: Path, tmp_path: Path) -> None:
    """Every column of every table and view is looked through; that of the excerpts has all of the words: the control."""
    connection = _database(collection, tmp_path, "restricted")
    found = {words: set() for words in (*SEARCHED, CANARY)}
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")]
    assert "excerpts" in names
    for table in names:
        for column in [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]:
            for words, places in found.items():
                query = f'SELECT count(*) FROM {table} WHERE instr("{column}", ?)'  # noqa: S608 - names of the database
                if connection.execute(query, (words,)).fetchone()[0]:
                    places.add(f"{table}.{column}")
    title = {"records.title", "records.citation", "excerpts.citation"}
    assert {words: places - (title if words == CANARY else set()) for words, places in found.items()} == {
        words: {"excerpts.excerpt"} for words in found
    }


def test_each_excerpt_has_all_caveats_that_the_program_prints_before_its_words(collection: Path, tmp_path: Path) -> None:
    """And the citation after them, in one text, so that whatever shows the words shows these."""
    connection = _database(collection, tmp_path)
    rows = {
        (reference, language): (excerpt, citation)
        for reference, language, excerpt, citation in connection.execute(
            "SELECT reference, language, excerpt, citation FROM excerpts"
        )
    }
    with Archive(collection) as archive:
        shown = [
            (each, pages.record.testimony.language)
            for code in archive.codes()
            for pages in (archive.show(code), *((archive.show(code, language="ko"),) if code == "ZZT-0001" else ()))
            for each in pages.shown
        ]
        assert rows.keys() == {(each.reference, language) for each, language in shown}
        for each, language in shown:
            excerpt, citation = rows[each.reference, language]
            words = excerpt.index("\nWords: ") if each.excerpt.notes else excerpt.index("Words: ")
            for note in each.excerpt.notes:
                statement = cells.neutral(note.statement)
                assert -1 < excerpt.find(statement) < words, note
                assert -1 < excerpt.find(note.flag) < words
                named = connection.execute(
                    "SELECT statement FROM passage_notes JOIN notes USING (note) WHERE reference = ? AND note = ?",
                    (each.reference, f"{note.origin or each.hit.testimony.code}/{note.id}"),
                ).fetchall()
                assert named == [(statement,)]
            assert excerpt.endswith(f"Citation: {citation}")
    assert {reference for reference, _ in rows if "recanted" in rows[reference, "en"][0]} == {"ZZT-0001#p1"}
    assert "contradicted" in rows["ZZT-0002#p1", "en"][0], "a caveat of another record"
    assert "A footnote that is made up." in rows["ZZT-0001#p1", "en"][0]


def test_the_database_holds_together(collection: Path, tmp_path: Path) -> None:
    """Its references lead somewhere, no cell is a formula, it is marked as ours, and nothing that was deleted lies in it."""
    connection = _database(collection, tmp_path)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert connection.execute("PRAGMA user_version").fetchone() == (export_content.FORMAT,)
    assert connection.execute("PRAGMA application_id").fetchone() == (0x5453544D,)
    assert connection.execute("PRAGMA freelist_count").fetchone() == (0,)
    assert connection.execute("SELECT title FROM records WHERE code = 'ZZT-0001'").fetchone() == ("'=HYPERLINK(1)",)
    assert dict(connection.execute("SELECT name, value FROM about"))["clearance"] == "public"
    for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        for row in connection.execute(f"SELECT * FROM {table}"):  # noqa: S608 - a name of the database
            assert not any(isinstance(cell, str) and re.match(r"\s*[=+@-]", cell) for cell in row)


def _lines(content: bytes) -> Iterator[dict[str, Any]]:
    return map(json.loads, content.decode("utf-8").splitlines())


def test_every_line_of_an_export_is_described(collection: Path) -> None:
    """By the schema that `testimony schema --of export-record` prints; a field more is a fault: the control."""
    (collection / "testimonies" / "ZZT-0005.md.age").write_bytes(b"age-encryption.org/v1\n\xff")
    try:
        kinds = []
        for line in _lines(_export(collection, "jsonl", "restricted")):
            kind = "export" if line["type"] == "export" else f"export-{line['type']}"
            kinds.append(kind)
            validator = jsonschema.Draft202012Validator(output_schema.schema(kind))
            assert [error.message for error in validator.iter_errors(line)] == []
            assert list(validator.iter_errors({**line, "more": 1}))
        assert set(kinds) == {"export", "export-authority", "export-record", "export-sealed"}
    finally:
        (collection / "testimonies" / "ZZT-0005.md.age").unlink()


def test_the_file_itself_is_carried_only_where_nothing_in_it_is_withheld(collection: Path) -> None:
    """Else what the public reads, marked as not the file; header and body are those of what is carried."""
    records = {line["code"]: line for line in _lines(_export(collection, "jsonl")) if line["type"] == "record"}
    assert {code: record["is_file"] for code, record in records.items()} == {"ZZT-0001": True, "ZZT-0002": False}
    whole = (collection / "testimonies" / "ZZT-0001-made-up.md").read_bytes()
    carried, version = records["ZZT-0001"]["files"]
    assert carried["content"].encode() == whole
    assert carried["sha256"] == hashlib.sha256(whole).hexdigest()
    assert (version["language"], version["is_file"]) == ("ko", True)
    assert f"---\n{records['ZZT-0001']['header']}\n---\n{records['ZZT-0001']['body']}".encode() == whole
    assert "[not published]" in records["ZZT-0002"]["body"]
    for record in records.values():
        for passage in record["passages"]:
            assert passage["citation"]
    assert [caveat["from"] for caveat in records["ZZT-0002"]["passages"][0]["caveats"]] == ["ZZT-0001"]


def test_a_table_has_a_row_a_passage_and_runs_nothing(collection: Path) -> None:
    """As that of a search."""
    rows = list(csv.DictReader(io.StringIO(_export(collection, "csv").decode("utf-8"))))
    assert [(row["code"], row["paragraph"]) for row in rows] == [
        *(("ZZT-0001", "1"), ("ZZT-0001", "2"), ("ZZT-0002", "1"), ("ZZT-0002", "2"))
    ]
    assert "recanted" in rows[0]["caveats"]
    assert not any(re.match(r"\s*[=+@-]", cell) for row in rows for cell in row.values())


def test_the_works_are_those_that_are_cited(on_shipped: Run, tmp_path: Path) -> None:
    """Each once, with an id, and nothing of what witnesses say."""
    file = tmp_path / "works.json"
    assert on_shipped("export", "--format", "csl", "--output", str(file)).code == 0
    works = json.loads(file.read_text(encoding="utf-8"))
    assert len({work["id"] for work in works}) == len(works)
    assert "harden-2015-foreword" in {work["id"] for work in works}
    assert all(work["title"] and work["custom"]["cited_in"] for work in works)


def test_the_topics_are_those_of_the_command_topics(on_shipped: Run) -> None:
    """The same bytes."""
    assert on_shipped("export", "--format", "skos", "--output", "-").out == on_shipped("topics", "--format", "skos").out


@pytest.mark.parametrize("form", EXPORT_FORMS)
def test_a_file_is_written_over_another_of_its_format_alone(form: str, collection: Path, tmp_path: Path) -> None:
    """Also with --force; and what is no text is never printed."""
    file = tmp_path / "file"
    call = ("export", "--format", form, "--output")
    file.write_text("A diary, made up.", encoding="utf-8")
    assert ask_program(collection, *call, str(file)).code == 15
    assert ask_program(collection, *call, str(file), "--force").code == 15
    assert file.read_text(encoding="utf-8") == "A diary, made up."
    file.unlink()
    assert ask_program(collection, *call, str(file)).code == 0
    assert ask_program(collection, *call, str(file), "--force").code == 0
    printed = ask_program(collection, *call, "-")
    assert printed.code == (2 if form in BINARY_EXPORTS else 0)
    assert (printed.out == "") is (form in BINARY_EXPORTS)


# Folders


def _folder(root: Path, form: str, to: Path, clearance: str = "public") -> Path:
    with Archive(root, clearance) as archive:
        archive.export_folder(form, to, "2001-02-03")
    return to


def _is_annotation(each: dict[str, Any]) -> None:
    """Hold an annotation against what the model of the W3C says that it must be (TR/annotation-model, 3.1 to 4.3)."""
    assert each["type"] == "Annotation"
    assert re.fullmatch(r"urn:[a-z0-9][a-z0-9-]{0,31}:[^\s]+", each["id"])
    assert each["motivation"] == "assessing"
    assert [body["type"] for body in each["body"]] == ["TextualBody"] * 2
    assert [body["purpose"] for body in each["body"]] == ["tagging", "assessing"]
    assert all(isinstance(body["value"], str) and body["value"] for body in each["body"])
    assert each["target"]
    for target in each["target"]:
        assert target["type"] == "SpecificResource"
        if "#" not in target["source"]:
            assert re.fullmatch(r"urn:testimony:[A-Z]+-[0-9]+", target["source"])
            assert set(target) == {"type", "source"}
            continue
        assert re.fullmatch(r"urn:testimony:[A-Z]+-[0-9]+#p[0-9]+", target["source"])
        assert re.fullmatch(r"sha256:[0-9a-f]{64}", target["ta:hashOfTarget"])
        if "selector" in target:
            assert target["selector"]["type"] == "TextQuoteSelector"
            assert target["selector"]["exact"]
            assert set(target["selector"]) <= {"type", "exact", "prefix", "suffix"}


def test_each_note_in_force_is_an_annotation_of_its_passages(shipped: Path, tmp_path: Path) -> None:
    """A page a record, of the model of the W3C; quotes stand in the passages, whose hashes are those of the citations."""
    folder = _folder(shipped, "web-annotation", tmp_path / "notes")
    quoted = 0
    with Archive(shipped) as archive:
        assert {each.stem for each in folder.iterdir()} == {
            code for code in archive.codes() if archive.show(code).record.passages
        }
        for file in folder.iterdir():
            page = json.loads(file.read_text(encoding="utf-8"))
            assert page["@context"][0] == "http://www.w3.org/ns/anno.jsonld"
            assert page["type"] == "AnnotationPage"
            assert page["partOf"]["type"] == "AnnotationCollection"
            assert len({each["id"] for each in page["items"]}) == len(page["items"])
            passages = {f"urn:testimony:{shown.reference}": shown.hit.passage for shown in archive.show(file.stem).shown}
            found: dict[str, set[str]] = {place: set() for place in passages}
            for each in page["items"]:
                _is_annotation(each)
                for target in each["target"]:
                    of_passage = "#" in target["source"]
                    places = [target["source"]] if of_passage else list(passages)
                    for place in places:
                        found[place].add(each["body"][0]["value"])
                    if of_passage:
                        assert target["ta:hashOfTarget"] == f"sha256:{passages[target['source']].sha256}"
                        if "selector" in target:
                            quoted += 1
                            assert target["selector"]["exact"] in passages[target["source"]].words
            for place, passage in passages.items():
                assert found[place] >= {note.flag for note in passage.notes}, place
    assert quoted


def test_nothing_that_is_withheld_leaves_in_a_folder(collection: Path, tmp_path: Path) -> None:
    """At restricted clearance it does, but what is closed: the control."""
    for form in EXPORT_FOLDERS:
        for clearance in ("public", "restricted"):
            if form == "ro-crate":
                pytest.importorskip("bagit")
            folder = _folder(collection, form, tmp_path / f"{form}-{clearance}", clearance)
            told = "".join(f"{each} {each.read_text(encoding='utf-8')}" for each in folder.rglob("*") if each.is_file())
            told = told.replace(str(tmp_path), "")
            assert "zqxclosed" not in told
            assert (CANARY in told) is (clearance == "restricted" and form == "ro-crate")


def test_a_crate_is_read_by_the_library_of_ro_crate_and_is_a_bag(collection: Path, tmp_path: Path) -> None:
    """One work a record, with its citation and all its caveats, and who may read it; the same bytes each time."""
    rocrate, bagit = pytest.importorskip("rocrate.rocrate"), pytest.importorskip("bagit")
    folder = _folder(collection, "ro-crate", tmp_path / "crate")
    assert bagit.Bag(str(folder)).is_valid()
    crate = rocrate.ROCrate(str(folder))
    assert crate.root_dataset["datePublished"].startswith("2001-02-03")
    works = {each["identifier"]: each for each in crate.get_entities() if each.get("identifier")}
    assert set(works) == {"ZZT-0001", "ZZT-0002"}
    assert works["ZZT-0001"]["conditionsOfAccess"] == "public"
    assert "taken back" in works["ZZT-0001"]["creditText"]
    for part in crate.root_dataset["hasPart"]:
        assert (folder / part.id).is_file()
        assert hashlib.sha256((folder / part.id).read_bytes()).hexdigest() == part["sha256"]
    again = _folder(collection, "ro-crate", tmp_path / "again")
    assert (again / "ro-crate-metadata.json").read_bytes() == (folder / "ro-crate-metadata.json").read_bytes()


@pytest.mark.parametrize("form", EXPORT_FOLDERS)
def test_a_folder_is_never_written_over_nor_into_the_collection(form: str, collection: Path, tmp_path: Path) -> None:
    """Nor printed."""
    call = ("export", "--format", form, "--output")
    (tmp_path / "there").mkdir()
    assert ask_program(collection, *call, str(tmp_path / "there")).code == 15
    assert ask_program(collection, *call, str(tmp_path / "there"), "--force").code == 2
    assert ask_program(collection, *call, str(collection / "testimonies" / "notes")).code == 2
    assert ask_program(collection, *call, "-").code == 2
    assert [each.name for each in tmp_path.iterdir()] == ["there"]


def test_what_the_page_shows_works(
    shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every command of the page, one after the other, in the folder of a collection; and the query of the database."""
    if shutil.which("ssh-keygen") is None:
        pytest.skip("ssh-keygen is not installed")
    page = (TOP / "docs" / "exporting.md").read_text(encoding="utf-8")
    root = copied(shipped, tmp_path / "kept")
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "made-up", "-f", str(tmp_path / "key")], check=True)
    (tmp_path / "signers").write_text(f"archive@example.org {(tmp_path / 'key.pub').read_text()}", encoding="utf-8")
    commands = [line for block in re.findall(r"```sh\n(.*?)```", page, re.DOTALL) for line in block.splitlines()]
    assert len(commands) > 10
    for line in commands:
        program, *arguments = shlex.split(line)
        assert program == "testimony"
        ran = ask_program(root, *arguments, here=root)
        assert ran.code == 0, (line, ran)
    restored = tmp_path / "restored" / "testimonies"
    assert {each.name: each.read_bytes() for each in restored.glob("*.md")} == {
        each.name: each.read_bytes() for each in (root / "testimonies").glob("*.md")
    }
    [block] = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    exec(compile(block, "exporting.md", "exec"), {})  # noqa: S102 - the page's own
    told = capsys.readouterr().out
    assert told.count("\nWords: ") == told.count("\nCitation: ") > 0
    assert told.startswith("Caveat: ")
