"""The cells of a workbook (.xlsx) as its program shows them. Runs in a child process with limits."""

import datetime as dt
import io
import re
import zipfile
from importlib import import_module
from typing import Any, Final

from archive.documents import _package
from archive.documents.model import RefusedFile, join_runs, struck_out
from archive.language.messages import mark

MOST_CELLS: Final = 5_000_000
_QUOTED: Final = re.compile(r"\"[^\"]*\"|\\.|\[[^\]]*\]|_.|\*.")
_ZEROS: Final = re.compile(r"0{2,}\Z")
_ERRORS: Final = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"})


def read(content: bytes) -> dict[str, Any]:
    """Return the sheets: each with its name, whether it is hidden, its rows, and what of these is hidden or beside the cells.

    A cell is a text, with two tildes at each end of what is struck out in it; ``faults`` names the cells that show no value,
    by sheet, cell and reason.

    :raises RefusedFile: it is damaged, too large, or no workbook.
    """
    package = _package.open_package(content)
    _package.check(package)
    openpyxl: Any = import_module("openpyxl")
    try:
        shown = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
        written = openpyxl.load_workbook(io.BytesIO(content), rich_text=True)
    except (ValueError, KeyError, TypeError, zipfile.BadZipFile, IndexError, AttributeError) as error:
        raise RefusedFile(mark("it is damaged, or no workbook")) from error
    sheets = [_sheet(sheet, written[sheet.title], shown.epoch) for sheet in shown.worksheets]
    if sum(len(row) for sheet in sheets for row in sheet["rows"]) > MOST_CELLS:
        raise RefusedFile(mark("it has more than five million cells"))
    return {"sheets": sheets}


def _sheet(sheet: Any, written: Any, epoch: dt.datetime) -> dict[str, Any]:  # noqa: ANN401 - of openpyxl
    faults: list[list[str]] = []
    comments = 0
    has_struck = False
    rows = []
    for row in sheet.iter_rows():
        cells = []
        for cell in row:
            comments += cell.comment is not None
            formula = written[cell.coordinate].value
            text = _cell_text(cell, epoch)
            if cell.value is None and isinstance(formula, str) and formula.startswith("="):
                faults.append([cell.coordinate, mark("a formula without a value")])
            elif isinstance(cell.value, str) and cell.value in _ERRORS and cell.data_type == "e":
                faults.append([cell.coordinate, mark("an error")])
                text = ""
            shown = _with_strikes(text, cell, formula) if text else ""
            has_struck |= shown != text
            cells.append(shown)
        rows.append(cells)
    merged = 0
    for span in sheet.merged_cells.ranges:
        merged += 1
        value = rows[span.min_row - 1][span.min_col - 1]
        for at in range(span.min_row, span.max_row + 1):
            for column in range(span.min_col, span.max_col + 1):
                if at - 1 < len(rows) and column - 1 < len(rows[at - 1]):
                    rows[at - 1][column - 1] = value
    return {
        "name": sheet.title,
        "hidden": sheet.sheet_state != "visible",
        "rows": rows,
        "hidden_rows": [number - 1 for number, each in sheet.row_dimensions.items() if each.hidden],
        "hidden_columns": sorted(
            number - 1
            for each in sheet.column_dimensions.values()
            if each.hidden
            for number in range(each.min or 1, (each.max or each.min or 1) + 1)
            if number <= (sheet.max_column or 0)
        ),
        "comments": comments,
        "has_struck": has_struck,
        "merged": merged,
        "faults": faults,
    }


def _with_strikes(text: str, cell: Any, written: Any) -> str:  # noqa: ANN401 - of openpyxl
    """Return the text of a cell with two tildes at each end of what is struck out, by the cell or by a part of its words.

    :param written: the value of the cell as it is written: its parts, each with letters of its own, where there are several.
    """
    is_struck = bool(cell.has_style and cell.font.strike)
    if isinstance(written, list) and "".join(map(str, written)) == text:
        parts = ((str(part), is_struck if isinstance(part, str) else bool(part.font.strike)) for part in written)
        return join_runs(parts)
    return struck_out(text) if is_struck else text


def _cell_text(cell: Any, epoch: dt.datetime) -> str:  # noqa: ANN401, PLR0911 - of openpyxl; a return for each kind of value
    value, form = cell.value, str(cell.number_format or "General")
    del epoch  # openpyxl has counted from it
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.datetime | dt.date):
        return _day(value, form)
    if isinstance(value, dt.time):
        return value.isoformat()
    if isinstance(value, dt.timedelta):
        seconds = int(value.total_seconds())
        return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}:{seconds % 60:02d}"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int):
        zeros = _ZEROS.fullmatch(_QUOTED.sub("", form.partition(";")[0]))
        return f"{value:0{len(zeros[0])}d}" if zeros else str(value)
    return str(value)


def _day(value: dt.datetime | dt.date, form: str) -> str:
    """Return a day as precisely as its format shows it: the year, the month, the day, or the time too."""
    bare = _QUOTED.sub("", form).casefold()
    shows = {letter for letter in "ymdh" if letter in bare}
    if "d" in shows or not shows & {"y", "m"}:
        day = value.strftime("%Y-%m-%d")
        return f"{day}T{value.strftime('%H:%M:%S')}" if "h" in shows and isinstance(value, dt.datetime) else day
    return value.strftime("%Y-%m") if "m" in shows else value.strftime("%Y")
