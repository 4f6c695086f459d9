"""`testimony verify` on workbooks: those that we write, and those of others with our citations in their cells."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from running import Ran, ask_program

openpyxl = pytest.importorskip("openpyxl")
QUESTIONS = [("search", "coal", "--all"), ("compare", "--camp", "18"), ("list",)]


def written(root: Path, file: Path, question: tuple[str, ...]) -> Path:
    """Write a workbook of ours."""
    ran = ask_program(root, *question, "--format", "xlsx", "--output", str(file))
    assert ran.code == 0, ran.err
    return file


def checked(root: Path, file: Path, change: Callable[[str], str] = str) -> Ran:
    """Verify a workbook of which the texts of all cells were changed somehow."""
    book = openpyxl.load_workbook(file)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str):
                    cell.value = change(cell.value)
    book.save(file)
    return ask_program(root, "verify", str(file))


@pytest.mark.parametrize("question", QUESTIONS, ids=" ".join)
def test_a_workbook_of_ours_stands(gates: Path, tmp_path: Path, question: tuple[str, ...]) -> None:
    """As it was written; each citation is named by its sheet and row, and what each sheet is by its mark."""
    ran = checked(gates, written(gates, tmp_path / "ours.xlsx", question))
    assert ran.code == 0, ran.out + ran.err
    assert re.search(r"sheet (?:hits|claims|records), row\s+2", ran.out)
    assert "sheet caveats" in " ".join(ran.out.split())
    assert "were not compared" not in ran.err


ALTERED = {
    "the words": ("the made-up gate", "the made-up wall"),
    "a caveat in the citation": ("withdrew this in 2015", "stood by this in 2015"),
    "the hash": (r"(sha256:)[0-9a-f]{4}", r"\g<1>0000"),
    "the witness in the citation": ("Account of Made Upman", "Account of Kim Chol"),
}


@pytest.mark.parametrize("part", ALTERED)
def test_a_changed_cell_is_named(gates: Path, tmp_path: Path, part: str) -> None:
    """What is quoted, and all that the citation says."""
    file = written(gates, tmp_path / "ours.xlsx", QUESTIONS[0])
    ran = checked(gates, file, lambda text: re.sub(*ALTERED[part], text))
    assert ran.code == 1, ran.out


def test_what_is_in_another_column_or_on_the_sheet_of_caveats_is_told(gates: Path, tmp_path: Path) -> None:
    """By the mark of the sheet; rows in another order, and a column of one's own, alter nothing."""
    file = written(gates, tmp_path / "ours.xlsx", QUESTIONS[0])
    book = openpyxl.load_workbook(file)
    sheet = book["hits"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    for number, row in enumerate(reversed(rows), start=2):
        for column, value in enumerate([*row, "To be read again."], start=1):
            sheet.cell(number, column).value = value
    book.save(file)
    ran = ask_program(gates, "verify", str(file))
    assert ran.code == 0, ran.out
    for name, wanted in (("caveats", "The carts were counted from afar."), ("hits", "Made Upman")):
        book = openpyxl.load_workbook(file)
        cell = next(cell for row in book[name].iter_rows() for cell in row if cell.value == wanted)
        cell.value = wanted[::-1]
        book.save(tmp_path / "altered.xlsx")
        ran = ask_program(gates, "verify", str(tmp_path / "altered.xlsx"))
        assert (ran.code, f"ALTERED: sheet {name}." in " ".join(ran.out.split())) == (1, True), ran.out


def test_a_caveat_that_somebody_struck_out_is_an_alteration(gates: Path, tmp_path: Path) -> None:
    """Its words stand there, and a reader takes them for withdrawn."""
    file = written(gates, tmp_path / "ours.xlsx", QUESTIONS[0])
    book = openpyxl.load_workbook(file)
    cell = next(cell for row in book["caveats"].iter_rows() for cell in row if cell.value == "The carts were counted from afar.")
    cell.font = openpyxl.styles.Font(strike=True)
    book.save(file)
    ran = ask_program(gates, "verify", str(file))
    assert (ran.code, "ALTERED: sheet caveats." in " ".join(ran.out.split())) == (1, True), ran.out


def test_a_sheet_of_caveats_without_a_mark_is_named(gates: Path, tmp_path: Path) -> None:
    """As in what was written before there were marks."""
    file = written(gates, tmp_path / "ours.xlsx", QUESTIONS[0])
    ran = checked(gates, file, lambda text: "" if text.startswith("Mark of the sheet") else text)
    assert ran.code == 0
    assert "sheet caveats: the caveats there were not compared" in " ".join(ran.err.split())


def test_the_workbook_of_somebody_else_is_read(gates: Path, tmp_path: Path) -> None:
    """With a citation of ours in a cell and words that are quoted in another, below their own heads."""
    cited = " ".join(ask_program(gates, "cite", "NKT-9003#p1").out.split())
    for words, code in (("The revised coal story was told twice.", 0), ("The revised coal story was told thrice.", 1)):
        book = openpyxl.Workbook()
        book.active.title = "My notes"
        book.active.append(["What", "Who says it", "Remark"])
        book.active.append([words, cited, "To be read again by made-up colleagues."])
        file = tmp_path / "theirs.xlsx"
        book.save(file)
        ran = checked(gates, file)
        assert ran.code == code, ran.out
        assert "sheet My notes, row 2" in " ".join(ran.out.split())


def test_a_damaged_workbook_is_refused(gates: Path, tmp_path: Path) -> None:
    """In one line, as other files are."""
    file = written(gates, tmp_path / "ours.xlsx", QUESTIONS[0])
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2] + bytes(200) + content[len(content) // 2 + 200 :])
    ran = ask_program(gates, "verify", str(file))
    assert (ran.code, "cannot be read" in " ".join(ran.err.split())) == (2, True), ran.err
