"""The sheets of an OpenDocument spreadsheet (.ods): their cells as a reader sees them, and what of them is hidden."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from archive.documents import xml
from archive.documents.model import join_runs
from archive.documents.reading import refusal
from archive.documents.xml import XmlNode
from archive.language.messages import tr
from archive.named_tuple import NamedTuple

_MOST_CELLS: Final = 5_000_000
_CONTENT: Final = "content.xml"
_MEMBERS: Final = r"(?:content|styles)\.xml"
_MOST_PARENTS: Final = 20
_MOST_EMPTY: Final = 200
"""Empty cells that are kept side by side; a sheet says of its last one that it stands there to the edge of all sheets."""
_LINES: Final = ("text-line-through-style", "text-line-through-type")
_HIDING: Final = frozenset({"collapse", "filter"})


class _Style(NamedTuple):
    is_struck: bool | None
    """None where it does not say."""
    is_shown: bool
    parent: str


class _Styles(dict[tuple[str, str], _Style]):
    """The styles of a file by what they are of, and by their names."""

    def __init__(self, members: Mapping[str, XmlNode]) -> None:
        super().__init__()
        for member in members.values():
            for style in member.all("style"):
                said = [value for each in _LINES if (value := style.first("text-properties").get(each))]
                is_struck = all(each != "none" for each in said) if said else None
                is_shown = style.first("table-properties").get("display") != "false"
                self[style.get("family"), style.get("name")] = _Style(is_struck, is_shown, style.get("parent-style-name"))

    def strikes(self, family: str, name: str, *, inherited: bool) -> bool:
        """Return whether words that have a style are struck out."""
        for _ in range(_MOST_PARENTS):
            style = self.get((family, name))
            if style is None:
                break
            if style.is_struck is not None:
                return style.is_struck
            name = style.parent
        return inherited

    def shows(self, table: XmlNode) -> bool:
        """Return whether a sheet is shown."""
        style = self.get(("table", table.get("style-name")))
        return style is None or style.is_shown


def sheets(content: bytes, name: str) -> Iterator[dict[str, Any]]:
    """Yield the sheets as `archive.documents._workbook.read` has them.

    :param name: of the file, for messages.
    :raises UnreadableDocument: it is damaged, or too large.
    """
    members = xml.parse_members(content, name, _MEMBERS)
    if _CONTENT not in members:
        raise refusal(name, tr("it is damaged: its package has no text"))
    styles = _Styles(members)
    for table in members[_CONTENT].first("spreadsheet").all("table"):
        yield _sheet(table, styles, name)


def _sheet(table: XmlNode, styles: _Styles, name: str) -> dict[str, Any]:
    columns = _Columns(table)
    rows: list[list[str]] = []
    hidden_rows: list[int] = []
    has_struck = False
    number = 0
    for row in table.all("table-row"):
        cells: list[str] = []
        for cell in (each for each in row.nodes if each.name in {"table-cell", "covered-table-cell"}):
            style = cell.get("style-name") or row.get("default-cell-style-name") or columns.style(len(cells))
            runs = _lines(cell, styles, styles.strikes("table-cell", style, inherited=False))
            text = "\n".join(map(join_runs, runs))
            has_struck |= any(is_struck for line in runs for _, is_struck in line)
            times = _repetitions(cell, "number-columns-repeated")
            number += times if text else 0
            if number > _MOST_CELLS:
                raise refusal(name, tr("it has more than five million cells"))
            cells += [text] * (times if text else min(times, _MOST_EMPTY))
        times = _repetitions(row, "number-rows-repeated") if any(cells) else 1
        number += (times - 1) * len(cells)
        if number > _MOST_CELLS:
            raise refusal(name, tr("it has more than five million cells"))
        if row.get("visibility") in _HIDING:
            hidden_rows += range(len(rows), len(rows) + times)
        rows += [cells] * times
    width = max(map(len, rows), default=0)
    return {
        "name": table.get("name"),
        "hidden": not styles.shows(table),
        "rows": rows,
        "hidden_rows": hidden_rows,
        "hidden_columns": [at for at in range(width) if columns.hides(at)],
        "has_struck": has_struck,
        "comments": sum(1 for _ in table.all("annotation")),
        "merged": 0,
        "faults": [],
    }


class _Columns:
    """What a sheet says of its columns: where those of one kind end, the style of their cells, and whether they are hidden."""

    def __init__(self, table: XmlNode) -> None:
        self._runs: list[tuple[int, str, bool]] = []
        end = 0
        for column in table.all("table-column"):
            end += _repetitions(column, "number-columns-repeated")
            self._runs.append((end, column.get("default-cell-style-name"), column.get("visibility") in _HIDING))

    def style(self, at: int) -> str:
        """Return the style of the cells of a column that have none of their own."""
        return next((style for end, style, _ in self._runs if at < end), "")

    def hides(self, at: int) -> bool:
        """Return whether a column is hidden."""
        return next((is_hidden for end, _, is_hidden in self._runs if at < end), False)


def _lines(cell: XmlNode, styles: _Styles, is_struck: bool) -> list[list[tuple[str, bool]]]:  # noqa: FBT001 - of the cell
    """Return the words of each paragraph of a cell, and whether they are struck out."""
    return [list(_runs(each, styles, is_struck)) for each in cell.nodes if each.name == "p"]


def _runs(node: XmlNode, styles: _Styles, is_struck: bool) -> Iterator[tuple[str, bool]]:  # noqa: FBT001 - what stands around it
    """Yield the words in an element, and whether they are struck out."""
    for each in node.children:
        if isinstance(each, str):
            yield each, is_struck
        else:
            yield from _runs(each, styles, styles.strikes("text", each.get("style-name"), inherited=is_struck))


def _repetitions(node: XmlNode, attribute: str) -> int:
    """Return how often a cell, a row or a column of a sheet stands there."""
    written = node.get(attribute, "1")
    return max(1, int(written)) if written.isascii() and written.isdigit() and len(written) <= 12 else 1  # noqa: PLR2004 - digits
