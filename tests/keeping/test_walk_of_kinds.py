"""One walk over thirty files of every kind: shown, written, opened, searched, taken out, and restored byte for byte."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

import source_files
from archive import Archive
from archive.keeping.importing import _registry as registry
from running import ask_program
from source_files import PERSON
from word_files import by_pandoc, docx, package, paragraph

FILES, KINDS = 30, 15
ANNOTATIONS = {
    "rows": [
        {
            "user": f"acct:{PERSON}@hypothes.is",
            "group": "__world__",
            "permissions": {"read": ["group:__world__"]},
            "uri": "https://archive.example/ZZT-0001",
            "text": "Which river?",
            "target": [{"selector": [{"type": "TextQuoteSelector", "exact": "By the river in the north"}]}],
        }
    ]
}


def _another_row(sheet: Any) -> None:
    sheet["A2"], sheet["B2"] = 21, "Other words of a row."


def _others() -> dict[str, bytes]:
    """Make a second file of most kinds, with words, times and names of their own."""
    return {
        "second.docx": docx(paragraph("A second document, made up."), paragraph("[00:02:03] Its zebra ran.")),
        "second.docm": docx(paragraph("A third document, made up."), paragraph("Its quagga ran.")),
        "second.odt": by_pandoc("# A second\n\nIts okapi ran.\n", "odt"),
        "second.rtf": rb"{\rtf1\ansi A second rich text.\par Its dodo ran.\par}",
        "second.pdf": source_files.pdf([["A page of a second file."], ["Its auk flew."]]),
        "second.vtt": source_files.VTT.replace(b"In a <i>camp", b"Near a <i>camp"),
        "second.srt": source_files.SRT.replace(b"Second words", b"Moa words"),
        "second.eaf": source_files.EAF.replace(b"urn:made-up:1", b"urn:made-up:2").replace("둘째".encode(), "셋째".encode()),
        "second-ohms.xml": source_files.OHMS.replace(b"9001", b"9003").replace(b"made-up-1", b"made-up-9"),
        "second-tei.xml": source_files.TEI.replace(b"made-up-3", b"made-up-4").replace(b"What <del>", b"Where <del>"),
        "second.txt": "A second text, with a thylacine.\n\nIt ran.\n".encode("utf-16"),
        "second.markdown": b"# Another\n\nIts bluebuck ran.\n",
        "second.tsv": b"Interview\tText\nII-1\tA row of a second table.\n",
        "second.xlsx": source_files.workbook(_another_row),
        "second.qdpx": source_files.project(
            '<TextSource guid="Z" plainTextPath="Z.txt"/>', {"Z.txt": "A text of a project.\n\nIts tarpan ran."}
        ),
        "second.zip": package({"import.csv": "Interview,Text\nIII-1,A row of a table in a package.\n", "1.pdf": b"%PDF"}),
        "third.srt": b"1\n00:10:00,000 --> 00:10:05,000\nA third strip of captions.\n",
        "third.txt": "제3의 글이다. 만들어 낸 이야기이다.\n".encode(),
    }


@pytest.fixture
def given(tmp_path: Path) -> Path:
    """The folder that a person brings."""
    folder = tmp_path / "given"
    tables = {name: content for name, (content, _) in source_files.tables().items()}
    for where, files in ((folder, {**source_files.every(), **tables}), (folder / "more", _others())):
        where.mkdir()
        for name, content in files.items():
            (where / name).write_bytes(content)
    (tmp_path / "mapping.yaml").write_text(source_files.tables()["p.ods"][1], encoding="utf-8")
    return folder


def _told(root: Path, *arguments: str) -> dict[str, Any]:
    ran = ask_program(root, *arguments, "--format", "json")
    assert ran.code == 0, ran.err + ran.out
    found: dict[str, Any] = json.loads(ran.out)
    return found


def _contents(root: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in (root / "testimonies").iterdir() if each.suffix == ".md"}


def test_every_kind_goes_in_and_comes_out_as_it_was(given: Path, tmp_path: Path) -> None:
    """With the letters of each accounted for, its places in every search, and nobody's name in a header."""
    kept, here = tmp_path / "kept", str(tmp_path)
    Archive.begin(kept, {"prefix": "ZZT", "empty": True})
    bring = ("import", str(given), "--mapping", f"{here}/mapping.yaml", "--rendering", "verbatim")
    shown = _told(kept, *bring)["files"]
    assert _contents(kept) == {}
    assert len({one["file"] for one in shown}) >= FILES
    assert len({one["kind"] for one in shown}) >= KINDS
    assert {one["kind"] for one in shown} == {kind.name for kind in registry.KINDS} - {"annotations"}
    assert {one["status"] for one in shown} == {"would write"}
    for one in shown:
        assert one["letters"] == one["taken"] + sum(left["letters"] for left in one["left_out"]), one["file"]
        assert one["letters"] > 0
    written = _told(kept, *bring, "--write")["files"]
    assert [(one["path"], one["letters"]) for one in written] == [(one["path"], one["letters"]) for one in shown]
    assert not any(PERSON in content.decode().partition("\n---\n")[0] for content in _contents(kept).values())
    assert ask_program(kept, "check").code == 0
    for one in written:
        assert ask_program(kept, "set", one["code"], "witness.name=Somebody Made Up", "--by", "xq").code == 0, one["file"]
        assert ask_program(kept, "open", one["code"], "--consent", "given", "--by", "xq").code == 0, one["file"]
    _assert_found(kept)
    annotations = tmp_path / "a.json"
    annotations.write_text(json.dumps(ANNOTATIONS), encoding="utf-8")
    [proposed] = _told(kept, "import", str(annotations))["files"]
    assert [(each["code"], each["paragraphs"]) for each in proposed["proposals"]] == [("ZZT-0001", [2])]
    _assert_restored(kept, tmp_path, len(written))


def _assert_found(kept: Path) -> None:
    """Find words of many kinds, each with the page, the time or the paragraph at which they stand."""
    wanted = {
        "Second words": "p. ii",
        "auk": "file p. 2",
        "zebra": "00:02:03",
        "moa": "00:01:04",
        "thylacine": "¶ 1",
        "셋째": "00:01:05",
        "제3의": "¶ 1",
        "tarpan": "¶ 2",
        "captions": "00:10:00",
    }
    for words, locator in wanted.items():
        hits = _told(kept, "search", words)["hits"]
        assert locator in {hit["locator"] for hit in hits}, words


def _assert_restored(kept: Path, folder: Path, number: int) -> None:
    """Take everything out in both ways, and restore each in an empty collection."""
    outside = ("--clearance", "restricted")
    assert ask_program(kept, *outside, "export", "--format", "jsonl", "--output", str(folder / "out.jsonl")).code == 0
    assert ask_program(kept, *outside, "bag", "--output", str(folder / "bag")).code == 0
    for source in ("out.jsonl", "bag"):
        root = folder / f"from-{source}"
        Archive.begin(root, {"prefix": "ZZT", "empty": True})
        ran = ask_program(root, "import", str(folder / source), "--authorities", "--write")
        assert ran.code == 0, ran.err + ran.out
        assert _contents(root) == _contents(kept)
        assert ask_program(root, "check").code == 0
    lines = [json.loads(line) for line in (folder / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    codes = [line["code"] for line in lines if line["type"] == "record"]
    assert len(codes) == number
    if jq := shutil.which("jq"):
        asked = [jq, "-r", 'select(.type == "record") | .code', str(folder / "out.jsonl")]
        done = subprocess.run(asked, capture_output=True, text=True, encoding="utf-8", check=True)
        assert done.stdout.split() == codes
