"""Tables (.csv, .tsv, .xlsx, .ods): a row a record, or a row a paragraph, by a mapping that says what the columns are.

Nothing is guessed: a column that the mapping does not name stays out, and a
date that may be read in two ways is refused until the mapping says which.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from archive.documents import reading, xml
from archive.documents.model import count_letters, without_strikes
from archive.documents.reading import form_of, refusal
from archive.keeping.importing import _open_sheet
from archive.keeping.importing._model import STRUCK, LeftOut, Part, SourceText
from archive.keeping.importing._plain import decode
from archive.keeping.importing._registry import MOST_BYTES, Options
from archive.language.messages import mark, tr, translate
from archive.named_tuple import NamedTuple

RECORDS, PARAGRAPHS = "records", "paragraphs"
"""What a row is, as the mapping says it."""
FIELDS: Final = {
    "title": "title",
    "kind": "kind",
    "language": "language",
    "rendering": "rendering",
    "recorded.date": "recorded",
    "recorded.by": "recorded_by",
    "witness.name": "name",
    "witness.name_kind": "name_kind",
    "witness.connection": "connection",
    "camps[].camp": "camps",
}
"""The fields of a header that a column can fill, and the name of each in `SourceText.fields`."""
_OF_PARAGRAPHS: Final = frozenset({"body", "speaker", "place"})
"""What columns can fill where a row is a paragraph; where it is a record, the words and the fields of its header."""
_KEYS: Final = frozenset({"rows", "key", "dates", "columns", "fixed", "sheet"})
OTHERS: Final = mark("columns that the mapping does not name: {columns}")
COLUMNS: Final = mark("columns that the mapping does not name")
VALUES: Final = mark("values that went into the header")
HIDDEN: Final = mark("hidden rows, columns and sheets")
POINTS: Final = mark("coordinates, which have no place in the words of a record")
REMARKS: Final = mark("{number} comments on cells were left out")
MERGED: Final = mark("{number} merged ranges: their value stands in each row that they cover")
EMPTY: Final = mark("{number} empty rows were passed over")
BESIDE: Final = mark("{number} other files of the package were left out; unpack it, and import them by themselves")
_DELIMITERS: Final = ",;\t|"
_WITH_LANGUAGE: Final = re.compile(r"(.+)__([a-z]{2,3})")
_ISO: Final = re.compile(r"-?[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?[~?%]?")
_POINT: Final = re.compile(r"\s*[+-]?[0-9]{1,3}\.[0-9]{2,}\s*[|,;\s]\s*[+-]?[0-9]{1,3}\.[0-9]{2,}\s*")
"""A latitude and a longitude, as Uwazi has them and as they are copied from a map: it may be of a grave."""
_RANGE: Final = re.compile(r"(.+[0-9])\s*~\s*([0-9].+)")
"""A range of dates as Uwazi gives it."""
_SHORT_YEAR: Final = 2
_MOST_SHAPES: Final = 3
_MOST_NAMED: Final = 20
_NOTHING: Final = r"(?!)"
_TABLE_IN_PACKAGE: Final = r"(?i)(?!__MACOSX/)(?:.*/)?[^/]+\.csv"
_FIRST_OF_SEVERAL: Final = "import.csv"  # what Uwazi takes, whatever lies beside it
_OPEN_DOCUMENT: Final = b"opendocument.spreadsheet"
_HEAD: Final = 200


class Table(NamedTuple):
    """A table: the names of its columns, its rows, and what of the file is in neither."""

    columns: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    """The number of each row in the file, from 1, and its cells, one a column."""
    hidden: int = 0
    """Letters in hidden rows, columns and sheets."""
    hidden_number: int = 0
    warnings: tuple[tuple[str, Mapping[str, Any]], ...] = ()


def read(content: bytes, name: str, options: Options) -> list[SourceText]:
    """Return a text for each row, or one for all. See `archive.keeping.importing._registry.Reader`."""
    if options.mapping is None:
        if name.casefold().endswith(".zip"):
            _of_package(content, name)  # which says so where there is no table in it
        raise refusal(name, tr("a table needs --mapping FILE, which says what its columns are; see --columns"))
    mapping = Mapped(options.mapping, name)
    table = table_of(content, name, hidden=options.hidden, sheet=mapping.sheet)
    mapping.check(table.columns)
    return list(mapping.texts(table))


def shapes(table: Table) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the columns with up to three different shapes of their values, never the values: "Aaaa 9999"."""
    for at, column in enumerate(table.columns):
        found = dict.fromkeys(_shape(cells[at]) for _, cells in table.rows if cells[at].strip())
        yield column, tuple(found)[:_MOST_SHAPES]


def _shape(value: str) -> str:
    signs = "".join(
        "9" if sign.isdigit() else ("A" if sign.isupper() else "a") if sign.isalpha() else sign for sign in value[:200]
    )
    return re.sub(r"(a{4})a+|(A{4})A+|(9{8})9+", lambda run: f"{run[1] or run[2] or run[3]}…", " ".join(signs.split()))[:40]


def table_of(content: bytes, name: str, *, hidden: bool = False, sheet: str = "") -> Table:
    """Return the table of a file.

    :param hidden: take hidden rows, columns and sheets along.
    :param sheet: the name of a sheet; else the first that is shown.
    :raises UnreadableDocument: it is damaged, or has no such sheet.
    """
    if name.casefold().endswith(".zip"):
        return _of_package(content, name)
    if _OPEN_DOCUMENT in content[:_HEAD] or name.casefold().endswith(".ods"):
        found = list(_open_sheet.sheets(content, name))
    elif form_of(content, name) == "docx":
        found = reading.sheets(content, name)
    else:
        text, warnings = decode(content, name)
        rows = rows_of_text(text, name)
        return _table(rows, range(1, len(rows) + 1), 0, 0, warnings)
    return _of_sheets(found, name, hidden=hidden, sheet=sheet)


def rows_of_text(text: str, name: str) -> list[list[str]]:
    """Return the rows of a table that is written as text.

    :raises UnreadableDocument: a row has more cells than there are columns, so that words would be cut off, or a quotation
        mark is never closed, so that rows would be words of one cell.
    """
    before = csv.field_size_limit(MOST_BYTES)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)))
        if not _is_closed(text):
            raise refusal(name, tr("a quotation mark at the beginning of a cell is never closed"))
    except csv.Error as error:
        raise refusal(name, tr("it is damaged: its table cannot be read")) from error
    finally:
        csv.field_size_limit(before)
    width = next((len(row) for row in rows if any(cell.strip() for cell in row)), 0)
    wide = [str(number) for number, row in enumerate(rows, start=1) if any(cell.strip() for cell in row[width:])]
    if wide:
        numbers = ", ".join(wide[:_MOST_NAMED]) + (" …" if len(wide) > _MOST_NAMED else "")
        message = tr("rows with more cells than there are columns: {rows}. Put words with a delimiter in quotes.", rows=numbers)
        raise refusal(name, message)
    return rows


def _is_closed(text: str) -> bool:
    """Return whether every cell that begins with a quotation mark ends with one; an odd way of writing them is none of that."""
    try:
        for _ in csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True):
            pass
    except csv.Error as error:
        return "unexpected end" not in str(error)
    return True


def _of_package(content: bytes, name: str) -> Table:
    """Return the table of a package, as Uwazi takes and gives it.

    :raises UnreadableDocument: there is none in it, or several.
    """
    _, others = xml.parse_with_others(content, name, _NOTHING, _TABLE_IN_PACKAGE)
    tables = {member: held for member, held in others.items() if re.fullmatch(_TABLE_IN_PACKAGE, member)}
    chosen = _FIRST_OF_SEVERAL if _FIRST_OF_SEVERAL in tables else next(iter(tables), "")
    if not tables:
        raise refusal(name, tr("there is no table (.csv) in this package; unpack it, and import the folder"))
    if len(tables) > 1 and chosen != _FIRST_OF_SEVERAL:
        raise refusal(name, tr("there are several tables (.csv) in this package; unpack it, and import each with its mapping"))
    table = table_of(tables[chosen], chosen)
    left = sum(member != chosen and not member.endswith("/") for member in others)
    return table._replace(warnings=(*table.warnings, (BESIDE, {"number": left}))) if left else table


def _delimiter(text: str) -> str:
    head = re.sub(r'"[^"]*"', "", text.split("\n", 1)[0])
    return max(_DELIMITERS, key=head.count)


def _of_sheets(sheets: Sequence[Mapping[str, Any]], name: str, *, hidden: bool, sheet: str) -> Table:
    chosen = next((each for each in sheets if (each["name"] == sheet if sheet else hidden or not each["hidden"])), None)
    if chosen is None:
        raise refusal(name, tr("it has no sheet {sheet!r}", sheet=sheet) if sheet else tr("it has no sheet that is shown"))
    faults = [tr("{cell} is {what}", cell=cell, what=translate(what)) for cell, what in chosen["faults"]]
    if faults:
        raise refusal(name, tr("cells without a value: {cells}", cells=", ".join(faults[:20])))
    letters = number = 0
    for each in sheets:
        if each is not chosen:
            letters += sum(count_letters(cell) for row in each["rows"] for cell in row)
            number += 1
    without_rows = frozenset() if hidden else frozenset(chosen["hidden_rows"])
    without_columns = frozenset() if hidden else frozenset(chosen["hidden_columns"])
    rows, numbers = [], []
    for at, row in enumerate(chosen["rows"]):
        if at in without_rows:
            letters += sum(map(count_letters, row))
            number += 1
            continue
        letters += sum(count_letters(cell) for column, cell in enumerate(row) if column in without_columns)
        rows.append([cell for column, cell in enumerate(row) if column not in without_columns])
        numbers.append(at + 1)
    number += len(without_columns)
    warnings: list[tuple[str, Mapping[str, Any]]] = [
        (text, {"number": chosen[key]}) for text, key in ((REMARKS, "comments"), (MERGED, "merged")) if chosen[key]
    ]
    heads = next((at for at, row in enumerate(rows) if any(cell.strip() for cell in row)), 0)
    if chosen["has_struck"] and any(without_strikes(cell) != cell for row in rows for cell in row):
        rows[heads] = [without_strikes(cell) for cell in rows[heads]]  # by which the mapping names the columns
        warnings.append((STRUCK, {}))
    return _table(rows, numbers, letters, number, warnings)


def _table(
    rows: Sequence[Sequence[str]],
    numbers: Sequence[int],
    hidden: int,
    hidden_number: int,
    warnings: Sequence[tuple[str, Mapping[str, Any]]],
) -> Table:
    filled = [(number, row) for number, row in zip(numbers, rows, strict=True) if any(cell.strip() for cell in row)]
    last = filled[-1][0] if filled else 0
    empty = sum(1 for number, row in zip(numbers, rows, strict=True) if number < last and not any(cell.strip() for cell in row))
    columns = tuple(cell.strip() for cell in filled[0][1]) if filled else ()
    # What stands beside the columns that have a name is in columns without one, and is left out and counted.
    width = max((at for _, row in filled for at, cell in enumerate(row, start=1) if cell.strip()), default=0)
    columns = (*columns[:width], *[""] * (width - len(columns)))
    cells = tuple((number, (*row[:width], *[""] * (width - len(row)))) for number, row in filled[1:])
    told = [*warnings, *([(EMPTY, {"number": empty})] if empty else [])]
    return Table(columns, cells, hidden, hidden_number, tuple(told))


class _Row(dict[str, str]):
    """The cells of a row by the names of their columns, but for coordinates.

    ``letters`` are those of all, ``beside`` of those that are left out, ``points`` of coordinates in the others.
    """

    def __init__(self, columns: Sequence[str], cells: Sequence[str], others: Sequence[int]) -> None:
        points = [at for at, cell in enumerate(cells) if at not in others and _POINT.fullmatch(cell)]
        kept = ["" if at in points else cell for at, cell in enumerate(cells)]
        super().__init__(reversed(list(zip(columns, kept, strict=True))))  # the first of several that have one name
        self.letters = sum(map(count_letters, cells))
        self.points = sum(count_letters(cells[at]) for at in points)
        self.beside = sum(count_letters(cells[at]) for at in others)


class Mapped:
    """A mapping: what a row is, which column is the key, and which column fills what.

    :raises UnreadableDocument: it says something that no mapping says.
    """

    def __init__(self, mapping: Any, name: str) -> None:  # noqa: ANN401 - as it was read
        """Take what was written in the file of the mapping."""
        self._name = name
        if not isinstance(mapping, dict) or not isinstance(mapping.get("columns"), dict):
            raise refusal(name, tr("the mapping has no `columns:`"))
        unknown = sorted(set(mapping) - _KEYS)
        if unknown:
            raise refusal(name, tr("the mapping has {keys}, which means nothing there", keys=", ".join(unknown)))
        self._rows = str(mapping.get("rows", RECORDS))
        if self._rows not in {RECORDS, PARAGRAPHS}:
            raise refusal(name, tr("`rows:` of the mapping is none of {known}", known=f"{RECORDS}, {PARAGRAPHS}"))
        self._key = str(mapping.get("key", ""))
        self._dates = str(mapping.get("dates", ""))
        self.sheet = str(mapping.get("sheet", ""))
        self._fixed = {FIELDS.get(str(key), str(key)): value for key, value in dict(mapping.get("fixed") or {}).items()}
        self._columns: dict[str, tuple[str, ...]] = {}
        self._versions: dict[str, tuple[str, ...]] = {}
        for field, given in mapping["columns"].items():
            columns = tuple(
                given if isinstance(given, list) else (given.get("column", ""),) if isinstance(given, dict) else (given,)
            )
            translated = _WITH_LANGUAGE.fullmatch(str(field))
            fills = _OF_PARAGRAPHS if self._rows == PARAGRAPHS else {"body", *FIELDS}
            if translated and translated[1] == "body" and self._rows == RECORDS:
                self._versions[translated[2]] = tuple(map(str, columns))
            elif field in fills:
                self._columns[str(field)] = tuple(map(str, columns))
            else:
                # Else its words would be lost: nothing of a record, or of a paragraph, holds them.
                known = ", ".join(sorted([*fills, *(["body__LANGUAGE"] if self._rows == RECORDS else ())]))
                why = tr(
                    "the mapping fills {field!r}, which cannot be with `rows: {rows}`. Known: {known}.",
                    field=field,
                    rows=self._rows,
                    known=known,
                )
                raise refusal(name, why)
        if "body" not in self._columns:
            raise refusal(name, tr("the mapping does not say which columns are the `body`"))

    def check(self, columns: Sequence[str]) -> None:
        """Refuse a mapping that names a column which is not there, or one that is there twice."""
        named = [each for group in (*self._columns.values(), *self._versions.values()) for each in group] + [self._key]
        missing = [each for each in named if each and each not in columns]
        if missing:
            raise refusal(self._name, tr("there is no column {columns}", columns=", ".join(map(repr, dict.fromkeys(missing)))))
        twice = [each for each in named if list(columns).count(each) > 1]
        if twice:
            raise refusal(self._name, tr("two columns are called {columns}", columns=", ".join(map(repr, dict.fromkeys(twice)))))

    def texts(self, table: Table) -> Iterator[SourceText]:
        """Yield the text of each row, or the one of all rows."""
        taken = {each for group in (*self._columns.values(), *self._versions.values()) for each in group}
        columns = table.columns
        others = [at for at, column in enumerate(columns) if column not in {*taken, self._key} - {""} or column in columns[:at]]
        names = ", ".join(columns[at] or f"({at + 1})" for at in others)
        warnings = [*table.warnings, *([(OTHERS, {"columns": names})] if others else [])]
        hidden = [LeftOut(HIDDEN, table.hidden_number, table.hidden)] if table.hidden else []
        rows = [(number, _Row(columns, cells, others)) for number, cells in table.rows]
        if self._rows == PARAGRAPHS:
            yield self._of_rows(rows, others, hidden, tuple(warnings), table.hidden)
            return
        for at, (number, row) in enumerate(rows):
            # What is told of the file is told once, at its first row.
            yield self._of_row(number, row, others, hidden if at == 0 else [], tuple(warnings) if at == 0 else ())

    def _of_row(
        self, number: int, row: "_Row", others: Sequence[int], hidden: list[LeftOut], warnings: tuple[Any, ...]
    ) -> SourceText:
        parts = tuple(self._parts(row, self._columns["body"]))
        versions = {language: tuple(self._parts(row, columns)) for language, columns in self._versions.items()}
        if any(len(each) != len(parts) for each in versions.values()):
            raise refusal(self._name, tr("row {number}: its text and its translation have not as many paragraphs", number=number))
        fields = {**self._fixed, **self._fields(number, row)}
        mapped = sum(count_letters(row[each]) for field, group in self._columns.items() if field != "body" for each in group)
        mapped += count_letters(row.get(self._key, "")) if self._key not in sum(self._columns.values(), ()) else 0
        left_out = [LeftOut(VALUES, len(fields), mapped), LeftOut(COLUMNS, len(others), row.beside), *hidden]
        left_out.append(LeftOut(POINTS, 1, row.points))
        return SourceText(
            parts,
            row.letters + sum(each.letters for each in hidden),
            left_out=tuple(each for each in left_out if each.letters),
            key=without_strikes(row.get(self._key, "").strip()),
            at=tr("row {number}", number=number),
            language=str(fields.pop("language", "")),
            fields=fields,
            versions=versions,
            warnings=warnings,
        )

    def _of_rows(
        self,
        rows: Sequence[tuple[int, "_Row"]],
        others: Sequence[int],
        hidden: list[LeftOut],
        warnings: tuple[Any, ...],
        hidden_letters: int,
    ) -> SourceText:
        parts = []
        speaker = ""
        beside = 0
        for number, row in rows:
            speaker = " ".join(row[each].strip() for each in self._columns.get("speaker", ())).strip() or speaker
            place = " ".join(row[each].strip() for each in self._columns.get("place", ())) or tr("row {number}", number=number)
            words = " ".join(" ".join(row[each].split()) for each in self._columns["body"]).strip()
            beside += sum(count_letters(row[each]) for field in ("speaker", "place") for each in self._columns.get(field, ()))
            if words:
                parts.append(Part(words, place, speaker))
        rest = sum(row.beside + (count_letters(row[self._key]) if self._key else 0) for _, row in rows)
        left_out = [LeftOut(VALUES, len(rows), beside), LeftOut(COLUMNS, len(others), rest), *hidden]
        left_out.append(LeftOut(POINTS, sum(bool(row.points) for _, row in rows), sum(row.points for _, row in rows)))
        total = sum(row.letters for _, row in rows) + hidden_letters
        fields = dict(self._fixed)
        language = str(fields.pop("language", ""))
        kept = tuple(each for each in left_out if each.letters)
        return SourceText(tuple(parts), total, left_out=kept, language=language, fields=fields, warnings=warnings)

    @staticmethod
    def _parts(row: Mapping[str, str], columns: Sequence[str]) -> Iterator[Part]:
        for column in columns:
            for piece in re.split(r"\n\s*", row[column]):
                if piece.strip():
                    yield Part(piece)

    def _fields(self, number: int, row: Mapping[str, str]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for field, columns in self._columns.items():
            if field in _OF_PARAGRAPHS:
                continue
            values = [row[column].strip() for column in columns if row[column].strip()]
            if not values:
                continue
            if field == "camps[].camp":
                found[FIELDS[field]] = [each.strip() for value in values for each in re.split(r"[|;]", value) if each.strip()]
            elif field == "recorded.date":
                found[FIELDS[field]] = self._date(number, values[0])
            else:
                found[FIELDS[field]] = " ".join(values)
        return found

    def _date(self, number: int, written: str) -> str:
        """Return a date in EDTF.

        :raises UnreadableDocument: it may be read in two ways, and the mapping does not say in which.
        """
        if _ISO.fullmatch(written):
            return written
        if span := _RANGE.fullmatch(written):
            return "/".join(self._date(number, each) for each in span.groups())
        pattern = re.split(r"[^a-z]+", self._dates.casefold())
        pieces = re.findall(r"[0-9]+", written)
        if not self._dates or len(pieces) != len(pattern):
            date = re.sub(r"[0-9]", "9", written)
            why = tr(
                "row {number}: a date like {date} may be read in two ways; give `dates:` in the mapping, as dd/mm/yyyy",
                number=number,
                date=date,
            )
            raise refusal(self._name, why)
        values = {part[:1]: int(piece) for part, piece in zip(pattern, pieces, strict=True)}
        year = values.get("y", 0)
        if len(next((part for part in pattern if part.startswith("y")), "")) == _SHORT_YEAR:
            year += 2000 if year <= 30 else 1900  # noqa: PLR2004 - accounts are not of the years to come
        return "-".join([f"{year:04d}", *(f"{values[part]:02d}" for part in ("m", "d") if part in values)])
