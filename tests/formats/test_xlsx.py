"""Workbooks: every hit has its caveats, no cell is a formula, nothing closed is in one, and the same bytes come each time."""

import csv
import io
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import made_up
from archive.archive import Archive
from archive.documents import xlsx
from archive.documents.xlsx import MOST, Sheet
from archive.errors import CannotTypeset, MissingExtra
from examples import number_of
from running import ask_program

CANARY = "Canarymade"
SHEETS = ["hits", "caveats", "agreement", "contradictions", "coverage", "asked"]
HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=2", "=cmd|'/c calc'!A0", '=HYPERLINK("http://example.org")', "_x003D_1", "＝1+1"]


def read(content: bytes) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of each sheet by their headings."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    found = {}
    for sheet in book:
        heads, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        found[sheet.title] = [dict(zip(heads, row, strict=True)) for row in rows]
    return found


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made-up records with caveats of their own and of others, hostile ones, and one that is closed."""
    camps = [{"camp": "kwalliso-18", "period": "1985", "as": "prisoner", "basis": "first-hand"}]
    against = made_up.note("n2", "contradicted", "Made up: denied.", **{"with": ["NKT-9001#p1"]}, about={"paragraphs": [1]})
    heads = [
        made_up.header(
            "NKT-9001",
            camps=camps,
            topics=["coal-mining"],
            credibility={"notes": [made_up.note("n1", "recanted", "Made up: taken back.", about={"paragraphs": [1]})]},
        ),
        made_up.header("NKT-9002", camps=camps, topics=["coal-mining"], credibility={"notes": [against]}),
        made_up.header(
            "NKT-9003",
            title=HOSTILE[5],
            witness={"name": HOSTILE[3], "name_kind": "pseudonym", "connection": "victim"},
            source={"csl": {"type": "book", "title": HOSTILE[0], "author": [{"literal": HOSTILE[6]}]}},
            credibility={"notes": [made_up.note("n1", "caution", HOSTILE[1])]},
        ),
        made_up.header(
            "NKT-9004",
            title=f"Made up: {CANARY}",
            access={"level": "closed"},
            camps=camps,
            credibility={"notes": [made_up.note("n1", "contradicted", f"{CANARY} says so.", **{"with": ["NKT-9001#p1"]})]},
        ),
    ]
    words = ["Coal was dug.", "The coal was wet.", "=coal; @coal", f"Coal of {CANARY}."]
    root = tmp_path_factory.mktemp("kept")
    return made_up.collection(root, *(made_up.record(head, said) for head, said in zip(heads, words, strict=True)))


def workbook(root: Path, *asked: str, folder: Path) -> bytes:
    """Have a workbook written as a person does."""
    file = folder / "made-up.xlsx"
    ran = ask_program(root, *asked, "--format", "xlsx", "--output", str(file), "--force")
    assert (ran.code, ran.out) == (0, ""), ran.err
    return file.read_bytes()


def test_every_hit_has_its_caveats_counted_named_and_in_full(kept: Path, tmp_path: Path) -> None:
    """Also those that come from other records; a row of the sheet of caveats is one of them."""
    sheets = read(workbook(kept, "search", "coal", "--all", folder=tmp_path))
    assert list(sheets) == SHEETS
    with Archive(kept) as room:
        hits = room.search("coal", limit=None).shown
    assert [row["Reference"] for row in sheets["hits"]] == [hit.reference for hit in hits]
    for row, hit in zip(sheets["hits"], hits, strict=True):
        notes = hit.excerpt.notes
        told = [each for each in sheets["caveats"] if each["Reference"] == hit.reference]
        assert row["Caveats"] == len(notes) == len(told) > 0
        assert [each["Statement"] for each in told] == [note.statement for note in notes]
        assert all(each["Flag"] in row["Caveats, named"] for each in told)
        assert all(note.statement.rstrip(".") in row["Citation"] for note in notes)
    assert {row["What"]: row["Said"] for row in sheets["asked"]}["Found"] == "3 passages in 3 testimonies"
    assert [row["Topic"] for row in sheets["agreement"]] == ["Coal mining"]
    assert {row["Side"] for row in sheets["contradictions"]} == {"NKT-9001#p1", "NKT-9002#p1"}


def test_a_comparison_has_the_same_sheets_with_its_claims(kept: Path, tmp_path: Path) -> None:
    """A row a claim, with what a hit has."""
    sheets = read(workbook(kept, "compare", "--camp", "18", folder=tmp_path))
    assert list(sheets) == ["claims", *SHEETS[1:]]
    assert [row["Reference"] for row in sheets["claims"]] == ["NKT-9001#p1", "NKT-9002#p1"]
    assert all(row["Caveats"] for row in sheets["claims"])


def test_a_list_of_records_has_every_caveat_counted_named_and_in_full(kept: Path, tmp_path: Path) -> None:
    """A record a row, with its source, its citation and every caveat in force anywhere in it."""
    found = read(workbook(kept, "list", "--camp", "18", folder=tmp_path))
    assert list(found) == ["records", "caveats", "asked"]
    first, second = found["records"]
    assert (first["Code"], first["Caveats"], first["Caveats, named"]) == (
        "NKT-9001",
        2,
        "Recanted [n1]; Contradicted [NKT-9002/n2]",
    )
    assert (first["Camps"], first["Camp ids"]) == ("Camp 18, Pukchang", "kwalliso-18")
    assert first["Citation"].startswith("Testimony Archive")
    assert (second["Code"], second["Caveats"]) == ("NKT-9002", 1)
    told = [(row["Reference"], row["Caveat"], row["Statement"]) for row in found["caveats"]]
    assert ("NKT-9001", "n1", "Made up: taken back.") in told
    assert ("NKT-9001", "NKT-9002/n2", "Made up: denied.") in told
    assert CANARY not in str(found)


def test_a_basket_is_a_workbook_of_its_passages_alone(kept: Path, tmp_path: Path) -> None:
    """Its agreement is of what was chosen, its coverage of all accounts of the camps."""
    state = {"XDG_STATE_HOME": str(tmp_path / "state"), "TESTIMONY_STATE": str(tmp_path / "state")}
    assert ask_program(kept, "basket", "add", "NKT-9001#p1", **state).code == 0
    file = tmp_path / "basket.xlsx"
    ran = ask_program(kept, "basket", "export", "--format", "xlsx", "--output", str(file), **state)
    assert ran.code == 0, ran.err
    found = read(file.read_bytes())
    assert [row["Reference"] for row in found["hits"]] == ["NKT-9001#p1"]
    assert {row["Caveat"] for row in found["caveats"] if row["Reference"] == "NKT-9001#p1"} == {"n1", "NKT-9002/n2"}
    assert any("1/2" in str(row) for row in found["coverage"])
    assert found["asked"][0]["What"] == "Asked for"
    assert ask_program(kept, "basket", "clear", **state).code == 0


@pytest.mark.parametrize("asked", [("search", "coal", "--all"), ("compare", "--camp", "18")], ids=" ".join)
def test_nothing_closed_is_in_any_sheet_or_in_the_file(kept: Path, tmp_path: Path, asked: tuple[str, ...]) -> None:
    """Neither its words nor its code; the control sees the canary where it may be read."""
    content = workbook(kept, *asked, folder=tmp_path)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        everything = b"".join(parts.read(name) for name in parts.namelist()).decode()
    assert CANARY not in everything
    assert "NKT-9004" not in everything
    opened = shutil.copytree(kept / "testimonies", tmp_path / "open" / "testimonies")
    for file in opened.iterdir():
        file.write_text(file.read_text(encoding="utf-8").replace('"closed"', '"public"'), encoding="utf-8")
    seen = workbook(tmp_path / "open", *asked, folder=tmp_path)
    with zipfile.ZipFile(io.BytesIO(seen)) as parts:
        assert CANARY in b"".join(parts.read(name) for name in parts.namelist()).decode()


def test_the_same_question_gives_the_same_bytes_and_names_no_maker(kept: Path) -> None:
    """On the same day, whatever the clock says; no part of the file tells the program, the person or the time."""
    with Archive(kept) as room:
        first, second = (room.workbook(room.answer(room.search("coal").results.query), "2001-02-03") for _ in range(2))
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as parts:
        assert {entry.date_time for entry in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        told = "".join(parts.read(name).decode() for name in parts.namelist() if name.startswith("docProps"))
    for word in ("openpyxl", "creator", "created", "modified", "Application"):
        assert word not in told


def kinds(content: bytes) -> set[tuple[str, bool]]:
    """Return the kind of every cell, and whether it is a text that a spreadsheet is told to take for one."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {(cell.data_type, bool(cell.quotePrefix)) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value}


@settings(max_examples=number_of(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.one_of(
            st.sampled_from(HOSTILE),
            st.text(st.characters(codec="utf-8", min_codepoint=32, exclude_characters="\ufffe\uffff"), max_size=20),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_no_text_is_ever_a_formula(values: list[str]) -> None:
    """Whatever it begins with, it is read back as the text that it was."""
    content = xlsx.write([Sheet("made up", (("=heading", 9),), tuple((each,) for each in values))])
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for row in book["made up"].iter_rows(min_row=2) for cell in row]
    assert {cell.data_type for cell in cells if cell.value is not None} <= {"s"}
    assert [str(cell.value or "").replace("_x005F_", "_") for cell in cells] == values
    assert "<f>" not in zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()


def test_a_hostile_record_runs_nothing_in_a_workbook(kept: Path, tmp_path: Path) -> None:
    """Its title, its witness, its source and its caveat stand there as texts; numbers alone are numbers."""
    content = workbook(kept, "search", "coal", "--all", folder=tmp_path)
    assert kinds(content) <= {("s", True), ("n", False)}
    (row,) = [row for row in read(content)["hits"] if row["Reference"] == "NKT-9003#p1"]
    assert (row["Witness"], row["Source: title"], row["Title of the record"]) == (HOSTILE[3], HOSTILE[0], HOSTILE[5])


def test_the_control_a_plain_cell_is_a_formula() -> None:
    """The library's own guess, which the tests above would notice."""
    book = openpyxl.Workbook()
    book.active.append(["=1+1"])
    buffer = io.BytesIO()
    book.save(buffer)
    assert ("f", False) in kinds(buffer.getvalue())


@pytest.mark.skipif(not shutil.which("soffice"), reason="no LibreOffice here")
def test_a_real_spreadsheet_shows_the_texts_and_runs_nothing(kept: Path, tmp_path: Path) -> None:
    """LibreOffice is the judge: what it exports of the first sheet is what was written."""
    file = tmp_path / "made-up.xlsx"
    file.write_bytes(workbook(kept, "search", "coal", "--all", folder=tmp_path))
    utf8 = "csv:Text - txt - csv (StarCalc):44,34,76"
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", utf8, str(file)]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "made-up.csv").read_text(encoding="utf-8"))))
    assert {row["Witness"] for row in rows} == {"made-up witness", HOSTILE[3]}
    assert HOSTILE[0] in {row["Source: title"] for row in rows}


def test_a_cell_that_no_spreadsheet_takes_is_refused_and_never_cut() -> None:
    """With what to do."""
    assert xlsx.write([Sheet("made up", (("a", 9),), (("x" * MOST,),))])
    with pytest.raises(CannotTypeset, match="a cell would be longer") as told:
        xlsx.write([Sheet("made up", (("a", 9),), (("x" * (MOST + 1),),))])
    assert "csv" in told.value.remedy


@pytest.mark.parametrize("asked", [("search", "coal"), ("compare", "--camp", "18")], ids=" ".join)
def test_a_workbook_is_never_printed_and_writes_over_nothing(kept: Path, tmp_path: Path, asked: tuple[str, ...]) -> None:
    """Without a file it is refused before anything is looked up, with what to type."""
    ran = ask_program(kept, *asked, "--format", "xlsx")
    assert (ran.code, ran.out) == (2, "")
    assert "--output answer.xlsx" in ran.err
    file = tmp_path / "there.xlsx"
    file.write_bytes(b"made up")
    ran = ask_program(kept, *asked, "--format", "xlsx", "--output", str(file))
    assert (ran.code, file.read_bytes()) == (15, b"made up")
    ran = ask_program(kept, *asked, "--format", "json", "--output", str(tmp_path / "x.json"))
    assert (ran.code, ran.out) == (2, "")
    ran = ask_program(kept, *asked, "--format", "xlsx", "--output", str(kept / "testimonies" / "x.xlsx"))
    assert ran.code == 2


def test_a_missing_library_is_told_with_the_line_that_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the file of hashes that the README names, and no name of a package."""
    monkeypatch.setattr(xlsx, "find_spec", lambda _: None)
    with pytest.raises(MissingExtra, match="openpyxl is not installed") as told:
        xlsx.write([])
    assert "pip install --require-hashes -r requirements/extras.txt" in told.value.remedy


def test_the_table_for_programs_has_the_same_columns_and_says_what_it_leaves_out(kept: Path) -> None:
    """Reference, source part by part, address, day and labels; what has no place in it is told on standard error."""
    ran = ask_program(kept, "search", "coal", "--limit", "1", "--format", "csv")
    (row,) = csv.DictReader(io.StringIO(ran.out))
    assert row["reference"] == f"{row['code']}#p{row['paragraph']}"
    assert row["source_title"]
    assert row["caveat_count"] == str(row["caveats"].count("["))
    assert (row["topics_labels"], row["camps_labels"]) in {("Coal mining", "Camp 18, Pukchang"), ("", "")}
    assert "the table has 1 of 3 passages; --all gives every one" in ran.err
    assert "--format json or xlsx" in ran.err


def test_the_library_is_loaded_where_a_workbook_is_written_alone(kept: Path) -> None:
    """A search starts without it, and help is printed where it is not installed."""
    asked = "sys.argv = ['testimony', 'search', '--help']"
    code = f"import sys; sys.modules['openpyxl'] = None; {asked}; from archive.__main__ import main; main()"
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert done.returncode == 0
    assert "--output FILE" in done.stdout
