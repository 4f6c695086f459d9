"""Spreadsheets as bytes: sheets of text and whole numbers in, a workbook of Office Open XML out, the same bytes each time.

Every text is written as text, whatever it begins with, so no spreadsheet runs
one as a formula; nothing in the file says who made it, with what, or at which
time of day. The library comes with the extra ``[cite]``.
"""

import io
import re
import zipfile
from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

from archive.documents._repackaging import repackage
from archive.errors import CannotTypeset, MissingExtra
from archive.language.messages import tr
from archive.named_tuple import NamedTuple
from archive.text import width

_LIBRARY: Final = "openpyxl"
"""Loaded by name, and only where a workbook is written: it takes its time."""
Cell = str | int
MOST: Final = 32_767
"""Characters that a cell holds in every spreadsheet."""
_MOST_ROWS: Final = 1_048_576
_CORE: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
)
_APP: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
)
_PROPERTIES: Final = {"docProps/core.xml": _CORE, "docProps/app.xml": _APP}


class Sheet(NamedTuple):
    """A sheet: its name, its columns with their widths in characters, and its rows, each as long as the columns."""

    name: str
    columns: tuple[tuple[str, int], ...]
    rows: tuple[tuple[Cell, ...], ...]


def require() -> None:
    """Check that workbooks can be written.

    :raises MissingExtra: openpyxl is not installed.
    """
    if find_spec(_LIBRARY) is None:
        message = tr("openpyxl is not installed")
        raise MissingExtra(message)


def write(sheets: Iterable[Sheet]) -> bytes:
    """Write a workbook.

    :raises MissingExtra: openpyxl is not installed.
    :raises CannotTypeset: a cell would be longer, or a sheet, than spreadsheets take.
    """
    require()
    every = tuple(sheets)
    _refuse_too_large(every)
    book = import_module(_LIBRARY).Workbook(write_only=True)
    letter = import_module(f"{_LIBRARY}.utils").get_column_letter
    for sheet in every:
        made = book.create_sheet(sheet.name)
        made.freeze_panes = "B2"
        for number, (_, wide) in enumerate(sheet.columns, start=1):
            made.column_dimensions[letter(number)].width = wide
        heading, words, figure = (
            _style(made, is_text=is_text, is_heading=is_heading)
            for is_text, is_heading in ((True, True), (True, False), (False, False))
        )
        made.append([_cell(made, name, heading) for name, _ in sheet.columns])
        for number, row in enumerate(sheet.rows, start=2):
            made.row_dimensions[number].height = _height(row, sheet.columns)
            made.append([_cell(made, value, words if isinstance(value, str) else figure) for value in row])
        made.auto_filter.ref = f"A1:{letter(len(sheet.columns))}{len(sheet.rows) + 1}"
    buffer = io.BytesIO()
    book.save(buffer)
    return _without_maker(buffer.getvalue())


_LINE, _TALLEST = 13.5, 409.0  # points


def _height(row: tuple[Cell, ...], columns: tuple[tuple[str, int], ...]) -> float:
    """Return the height of a row in points in which every text is seen whole: not every spreadsheet works it out itself."""
    lines = (width(str(value)) // max(1, wide - 3) + 1 for value, (_, wide) in zip(row, columns, strict=True))
    return min(_TALLEST, _LINE * max(lines, default=1))


def _refuse_too_large(sheets: Iterable[Sheet]) -> None:
    """Refuse what spreadsheets do not take, before anything is written.

    :raises CannotTypeset: a cell or a sheet is too long.
    """
    for sheet in sheets:
        if len(sheet.rows) >= _MOST_ROWS:
            message = tr("the sheet {name} would have more rows than spreadsheets take", name=sheet.name)
            raise CannotTypeset(message, tr("Ask for less at once, or use --format csv."))
        if any(isinstance(value, str) and len(value) > MOST for row in sheet.rows for value in row):
            message = tr("a cell would be longer than the {most} characters that spreadsheets take", most=MOST)
            raise CannotTypeset(message, tr("Use --format csv or json."))


# What Office Open XML takes for the code of a character.
_CODE: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def _style(sheet: Any, *, is_text: bool, is_heading: bool) -> Any:  # noqa: ANN401 - a library that is loaded by its name
    """Return how a kind of cell looks; to find each cell's anew took half the time of a workbook."""
    styles = import_module(f"{_LIBRARY}.styles")
    pattern = import_module(f"{_LIBRARY}.cell").WriteOnlyCell(sheet)
    if is_text:
        pattern.number_format = "@"
        pattern.quotePrefix = True
    pattern.alignment = styles.Alignment(wrap_text=True, vertical="top")
    if is_heading:
        pattern.font = styles.Font(bold=True)
    return pattern._style  # noqa: SLF001 - a cell takes it from who makes it, and nothing gives it away


def _cell(sheet: Any, value: Cell, style: Any) -> Any:  # noqa: ANN401 - a library that is loaded by its name
    cell = import_module(f"{_LIBRARY}.cell").Cell(sheet, row=1, column=1, style_array=style)
    cell.value = _CODE.sub("_x005F_", value) if isinstance(value, str) else value
    if isinstance(value, str):
        cell.data_type = "s"  # the library takes what begins with "=" for a formula
    return cell


def _without_maker(document: bytes) -> bytes:
    """Take out what the library says of itself and of the time, and give every part of the file one day."""
    return repackage(
        document,
        lambda name, content: _PROPERTIES[name].encode() if name in _PROPERTIES else content,
        _first_content_types,
    )


def _first_content_types(entry: zipfile.ZipInfo) -> tuple[bool, str]:
    return entry.filename != "[Content_Types].xml", entry.filename
