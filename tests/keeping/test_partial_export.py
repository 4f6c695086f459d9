"""A part of a collection goes out whole: with every caveat that is in force at it, said to be a part, and comes back right."""

import datetime as dt
import json
import os
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import made_up
from archive import Archive, errors
from archive.citing.excerpt import RecordOutput
from archive.formats.registry import EXPORT_FOLDERS, EXPORT_FORMS
from archive.search.filters import FILTERS
from running import ask_program

_RECORDS = 6


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty collection, of which each test takes copies."""
    root = tmp_path_factory.mktemp("begun") / "empty"
    Archive.begin(root, {"prefix": "ZZT", "empty": True})
    return root


def _copy(begun: Path, to: Path) -> Path:
    return Path(shutil.copytree(begun, to))


@pytest.fixture
def linked(begun: Path, tmp_path: Path) -> Path:
    """Of 1 a note of 2 speaks, 2 names 3, on 4 nothing lies; 5 is a part of nobody's, and keepers stand in a register."""
    against = made_up.note("n1", "contradicted", "Made up: held against the first.", **{"with": ["ZZT-0001#p1"]})
    also = made_up.note("n2", "contradicted", "Made up: held against the third.", **{"with": ["ZZT-0003#p1"]})
    root = made_up.collection(
        _copy(begun, tmp_path / "linked"),
        made_up.record(made_up.header("ZZT-0001", topics=["hunger"]), "A quagga."),
        made_up.record(made_up.header("ZZT-0002", credibility={"notes": [against, also]}), "A zebra."),
        made_up.record(made_up.header("ZZT-0003", access={"level": "restricted"}), "An okapi."),
        made_up.record(made_up.header("ZZT-0004", topics=["torture"]), "A dodo."),
        made_up.record(made_up.header("ZZT-0005", topics=["torture"], access={"level": "restricted"}), "A moa."),
    )
    (root / "authorities" / "people.yaml").write_text("people: [{id: xq, name: Zqxname Made Up}]\n", encoding="utf-8")
    return root


def _lines(content: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in content.decode("utf-8").splitlines()]


def _caveats(pages: RecordOutput) -> list[list[tuple[str, str, str]]]:
    return [[(note.origin, note.id, note.statement) for note in shown.excerpt.notes] for shown in pages.shown]


def test_what_lies_on_a_record_goes_along_and_what_that_names(linked: Path) -> None:
    """Else a caveat, or a link, would be lost where the part is restored; a record without any goes alone: the control."""
    with Archive(linked, "restricted") as archive:
        first, *rest = _lines(archive.export("jsonl", topic="hunger"))
        alone, *_ = _lines(archive.export("jsonl", topic="torture", code="ZZT-0004"))
    assert [line["code"] for line in rest if line["type"] == "record"] == ["ZZT-0001", "ZZT-0002", "ZZT-0003"]
    assert first["part"] == {
        "asked": {"topic": ["hunger"]},
        "since": None,
        "in_words": "on hunger",
        "matching": 1,
        "along": ["ZZT-0002", "ZZT-0003"],
        "of": 5,
        "undated_left_out": 0,
        "left_out_without_history": 0,
    }
    assert (alone["records"], alone["part"]["along"]) == (1, [])


def test_readers_of_a_clearance_get_of_a_part_what_they_may_have(linked: Path) -> None:
    """A record that is linked and not public does not go along, nor is it counted; nor do the names of the keepers go."""
    with Archive(linked) as archive:
        first, *rest = _lines(archive.export("jsonl", topic="hunger"))
    assert [line["code"] for line in rest if line["type"] == "record"] == ["ZZT-0001", "ZZT-0002"]
    assert (first["part"]["of"], first["part"]["along"]) == (3, ["ZZT-0002"])
    assert "ZZT-0003" not in json.dumps([first, *rest])
    with Archive(linked, "restricted") as archive:
        assert b"Zqxname" not in archive.export("jsonl", topic="hunger")
        assert b"Zqxname" in archive.export("jsonl"), "the control: the whole has them"


@pytest.mark.parametrize("form", [*EXPORT_FORMS, *EXPORT_FOLDERS])
def test_every_format_of_records_says_that_it_is_a_part(form: str, linked: Path, tmp_path: Path) -> None:
    """In the file itself, where a format has a place for it; a table and every other one on standard error; the whole is not."""
    if form == "skos":
        ran = ask_program(linked, "export", "--format", form, "--topic", "hunger", "--output", str(tmp_path / "x"))
        assert (ran.code, "no filter chooses" in ran.err) == (2, True), ran.err
        return
    told = []
    for name, chosen in (("part", ("--topic", "hunger")), ("whole", ())):
        target = tmp_path / name
        ran = ask_program(linked, "export", "--format", form, "--output", str(target), "--date", "2001-02-03", *chosen)
        assert ran.code == 0, ran.err
        assert ("a part of the collection: 1 passage in 1 testimony" in ran.err) is bool(chosen)
        told.append(target)
    part, whole = told
    if form == "sqlite":
        with sqlite3.connect(part) as one, sqlite3.connect(whole) as other:
            [(said,)] = one.execute("SELECT value FROM about WHERE name = 'part'").fetchall()
            assert json.loads(said)["matching"] == 1
            assert other.execute("SELECT count(*) FROM about WHERE name = 'part'").fetchone() == (0,)
            assert [code for (code,) in one.execute("SELECT code FROM records")] == ["ZZT-0001", "ZZT-0002"]
    elif form == "ro-crate":
        for each, is_part in ((part, True), (whole, False)):
            crate = (each / "ro-crate-metadata.json").read_text(encoding="utf-8")
            assert ("A part of the collection, 2 of 3 records: on hunger." in crate) is is_part
            assert ("A part of the collection: 2 of 3 records." in (each / "bag-info.txt").read_text("utf-8")) is is_part
            assert ("ZZT-0004" in crate) is not is_part
    elif form == "web-annotation":
        one, other = (json.loads((each / "ZZT-0001.jsonld").read_text(encoding="utf-8"))["partOf"] for each in told)
        assert one["label"] == f"{other['label']}, a part: on hunger"
        assert one["id"] != other["id"]
    elif form == "csl":
        one, other = (json.loads(each.read_text(encoding="utf-8")) for each in told)
        assert {code for work in one for code in work["custom"]["cited_in"]} == {"ZZT-0001", "ZZT-0002"}
        assert all(work["custom"]["part"]["matching"] == 1 for work in one)
        assert not any("part" in work["custom"] for work in other)
    elif form == "jsonl":
        assert _lines(part.read_bytes())[0]["part"]["in_words"] == "on hunger"
        assert _lines(whole.read_bytes())[0]["part"] is None
    elif form == "csv":
        assert part.read_text(encoding="utf-8").count("ZZT-0001#p1") >= 1
        assert "ZZT-0004" not in part.read_text(encoding="utf-8")


@settings(max_examples=2, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(st.data())
def test_a_part_that_is_restored_has_every_caveat_that_the_whole_has(
    begun: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Random records that lean on each other: each file has its bytes, each passage its caveats, no link hangs, then the rest."""
    folder = tmp_path_factory.mktemp("part")
    source, target = _copy(begun, folder / "source"), _copy(begun, folder / "target")
    codes = [f"ZZT-{number:04}" for number in range(1, _RECORDS + 1)]
    for code in codes:
        others = [each for each in codes if each != code]
        notes = [
            made_up.note(f"n{at}", "contradicted", f"Made up: {code} {at}", **{"with": [f"{other}#p1"]})
            for at, other in enumerate(data.draw(st.lists(st.sampled_from(others), max_size=1)), start=1)
        ]
        topic = data.draw(st.sampled_from(("hunger", "escape", "torture")))
        made_up.put(
            source, made_up.record(made_up.header(code, topics=[topic], credibility={"notes": notes}), "A made-up zebra.")
        )
    export = folder / "out"
    export.mkdir()
    with Archive(source) as archive:
        topic = data.draw(st.sampled_from(sorted({archive.record(code).testimony.topics[0] for code in codes})))
        for name, chosen in (("a", {"topic": topic}), ("b", {})):
            (export / f"{name}.jsonl").write_bytes(archive.export("jsonl", **chosen))
        wanted = {code: _caveats(archive.show(code)) for code in codes}
        matching = {row.testimony.code for row in archive.list(topic=topic).rows}
    with Archive(target) as archive:
        done = [*archive.import_files([export / "a.jsonl"], write=True, with_authorities=True)]
        assert [one.why for one in done if one.status == "refused"] == []
        assert "a part of its collection" in done[0].said[-1]
        assert matching <= set(archive.codes())
        for code in archive.codes():
            assert _caveats(archive.show(code)) == wanted[code]
        there = {*archive.codes()}
    assert ask_program(target, "check").code == 0
    with Archive(target) as archive:
        rest = [*archive.import_files([export / "b.jsonl"], write=True)]
        assert {one.code for one in rest if one.status == "unchanged" and one.code} == there
        assert {*archive.codes()} == {*codes}


def test_every_filter_of_a_search_is_one_of_an_export(linked: Path) -> None:
    """One list of options serves all; what an export of records cannot mean is refused, and a table takes it."""
    told = ask_program(linked, "export", "--help").out
    for name in FILTERS:
        assert f"--{name.replace('_', '-')} " in told, name
    with Archive(linked) as archive:
        with pytest.raises(errors.ConflictingOptions):
            archive.export("jsonl", as_of="2001")
        assert archive.export("csv", as_of="2001")
        with pytest.raises(errors.EmptyCollection):
            archive.export("jsonl", code="ZZT-0004", topic="hunger")


def test_a_time_that_is_asked_for_says_what_it_left_out(linked: Path, tmp_path: Path) -> None:
    """Passages without a date are in no part by time; the file and the terminal count them."""
    made_up.put(linked, made_up.record(made_up.header("ZZT-0006", period="1996"), "A kakapo."))
    ran = ask_program(linked, "export", "--format", "jsonl", "--period", "1996", "--output", str(tmp_path / "x.jsonl"))
    assert "Left out by --period: 3 undated passages." in ran.err
    assert _lines((tmp_path / "x.jsonl").read_bytes())[0]["part"]["undated_left_out"] == 3


def test_a_folder_that_is_named_gets_a_file_and_one_that_is_missing_is_not_made(linked: Path, tmp_path: Path) -> None:
    """As `cp` does; what lies there is not written over without --force, and a file may be named as before."""
    out = tmp_path / "out"
    out.mkdir()
    assert ask_program(linked, "export", "--format", "jsonl", "--output", f"{out}{os.sep}").code == 0
    assert ask_program(linked, "export", "--format", "sqlite", "--output", str(out)).code == 0
    assert {each.name for each in out.iterdir()} == {"export.jsonl", "export.db"}
    assert ask_program(linked, "export", "--format", "jsonl", "--output", str(out)).code == 15
    assert ask_program(linked, "export", "--format", "jsonl", "--output", str(out), "--force").code == 0
    ran = ask_program(linked, "export", "--format", "jsonl", "--output", f"{tmp_path / 'none'}/")
    assert (ran.code, "there is no folder" in ran.err) == (15, True)
    assert not (tmp_path / "none").exists()


def test_exports_and_bags_in_a_folder_are_restored_and_the_rest_is_brought_in(linked: Path, begun: Path, tmp_path: Path) -> None:
    """A new record gets no code of one that is restored, in the preview too."""
    folder, target = tmp_path / "mixed", _copy(begun, tmp_path / "target")
    (folder / "below").mkdir(parents=True)
    (folder / "note.txt").write_text("Made-up words of a person.\n", encoding="utf-8")
    with Archive(linked, "restricted") as archive:
        (folder / "below" / "export.jsonl").write_bytes(archive.export("jsonl", topic="hunger"))
        archive.bag(folder / "a-bag", dt.date(2001, 2, 3))
    for write in (False, True):
        with Archive(target) as archive:
            done = [*archive.import_files([folder], write=write, with_authorities=True)]
        assert [one.why for one in done if one.status == "refused"] == []
        assert {one.kind for one in done} == {"bag", "export", "text"}
        [new] = [one for one in done if one.kind == "text"]
        assert new.code == "ZZT-0006", "the next after those that are restored"
        assert {one.code for one in done if one.kind == "bag" and one.code} == {f"ZZT-{number:04}" for number in range(1, 6)}
