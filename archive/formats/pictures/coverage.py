"""Coverage: how many tell of a camp and decade, by independent root, and where nobody was there to tell."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from archive.authority.authorities import Authorities
from archive.citing import citation
from archive.formats import fields
from archive.formats.picture import WIDTH, Picture, PictureTable
from archive.formats.pictures import _statements as statements
from archive.formats.pictures._drawing import INK, MARGIN, SMALL, Drawing, length_of
from archive.formats.pictures._statements import when
from archive.language.messages import mark, tr
from archive.named_tuple import NamedTuple
from archive.record import dates
from archive.record.periods import OPEN, entry_period, operating_life
from archive.weighing.accounts import Account, PictureSubject
from archive.weighing.corroboration import FIRST_HAND, UNDATED

KIND: Final = "coverage"
TITLE: Final = mark("{of}: who tells of which decade")
FIRST, SECOND, NOBODY, NOTHING_HELD = "first-hand", "second-hand", "nobody", "nothing"
"""What a cell may be: told first-hand, told by others alone, at work and told by nobody, or neither stated nor told."""
_SIGNS: Final = {NOBODY: "–", NOTHING_HELD: "·"}
READ: Final = mark(
    "Each cell: how many independent roots tell of it / in how many passages. Two accounts of one witness are one root. "
    "Framed: at least one lived it or saw it. Hatched, with h: none did. –: by what is stated the camp may have been at work, "
    "and nobody was there to tell. ·: nothing held, neither an account nor a word that it was at work. What the archive "
    "rejects is not counted."
)
_ROW: Final = 22.0
_MOST_DECADES: Final = 12


class CoverageCell(NamedTuple):
    """Who tells of a row and decade: accounts, independent roots, passages, and which of four it is."""

    codes: tuple[str, ...]
    roots: int
    passages: int
    state: str

    @property
    def words(self) -> str:
        """Return what stands in the cell."""
        if self.state in _SIGNS:
            return _SIGNS[self.state]
        return f"{self.roots}/{self.passages}" + ("h" if self.state == SECOND else "")


class CoverageRow(NamedTuple):
    """A camp, or a vantage point on one."""

    id: str
    name: str
    camp: str
    cells: tuple[CoverageCell, ...]


def draw(subject: PictureSubject) -> Picture:
    """Draw who tells of which decade: of a camp by vantage point, of the collection by camp."""
    authorities = subject.authorities
    every = {str(each.id): _cells_of(each.id, subject.accounts) for each in subject.facilities}
    decades = _decades(subject, every)
    rows = list(_by_vantage(subject, decades) if subject.facility else _by_camp(subject, every, decades))
    silent = [each.name for each in rows if not any(cell.codes for cell in each.cells)]
    drawing = _drawing(subject, rows, decades) if rows and decades else None
    title = statements.title_of(subject, TITLE)
    return statements.finish(
        KIND,
        subject,
        title=title,
        summary=_summary(subject, rows, silent, is_drawn=drawing is not None),
        tables=(_table(subject, rows, decades), _account_table(subject.accounts, authorities, is_whole=subject.facility is None)),
        drawing=drawing,
        reading=(tr(READ), *([] if subject.facility else [tr(statements.IN_FULL)])),
        caveats=(
            *statements.facility_caveats(_life_statements(subject), authorities),
            *statements.account_caveats(subject.accounts, authorities, whole=subject.facility is not None),
        ),
        sources=(citation.source_named(account.testimony, (), authorities) for account in subject.accounts),
        items=_items(subject, rows, decades),
    )


_Cells = dict[str, tuple[set[str], int, bool]]
"""By decade: the codes that tell of it, in how many passages, and whether any first-hand."""


def _cells_of(camp: str, accounts: Iterable[Account]) -> _Cells:
    cells: dict[str, tuple[set[str], set[tuple[str, int]], list[bool]]] = {}
    for account in accounts:
        for passage in account.passages:
            for entry in passage.entries:
                if entry.camp != camp or entry.status == statements.REJECTED:
                    continue
                for decade in dates.decades(entry_period(entry, account.testimony)) or (UNDATED,):
                    codes, passages, direct = cells.setdefault(decade, (set(), set(), []))
                    codes.add(account.code)
                    passages.add((account.code, passage.number))
                    direct.append(entry.basis in FIRST_HAND)
    return {decade: (codes, len(passages), any(direct)) for decade, (codes, passages, direct) in cells.items()}


def _decades(subject: PictureSubject, every: dict[str, _Cells]) -> tuple[str, ...]:
    """Return the decades of what is told and of what is stated, in order, and a last one for what has no date."""
    years = [int(decade[:-1]) for cells in every.values() for decade in cells if decade != UNDATED]
    for facility in subject.facilities:
        life = operating_life(facility.id, subject.authorities)
        years += [day // 10000 for day in life or () if day not in OPEN]
    if not years:
        return (UNDATED,) if any(UNDATED in cells for cells in every.values()) else ()
    first, last = min(years) // 10 * 10, max(years) // 10 * 10
    first = max(first, last - 10 * (_MOST_DECADES - 1))
    undated = (UNDATED,) if any(UNDATED in cells for cells in every.values()) else ()
    return (*(f"{year}s" for year in range(first, last + 1, 10)), *undated)


def _cell(subject: PictureSubject, camp: str, decade: str, told_of: _Cells) -> CoverageCell:
    if decade in told_of:
        codes, passages, direct = told_of[decade]
        roots = {subject.sources[code].key for code in codes}
        return CoverageCell(tuple(sorted(codes)), len(roots), passages, FIRST if direct else SECOND)
    return CoverageCell((), 0, 0, NOBODY if _may_have_worked(subject.authorities, camp, decade) else NOTHING_HELD)


def _may_have_worked(authorities: Authorities, camp: str, decade: str) -> bool:
    """Return whether a camp may have been at work in a decade by what is stated of its opening and closing."""
    life = operating_life(camp, authorities)
    if life is None or decade == UNDATED:
        return False
    first, last = (day // 10000 for day in life)
    year = int(decade[:-1])
    return first <= year + 9 and year <= last


def _by_camp(subject: PictureSubject, every: dict[str, _Cells], decades: tuple[str, ...]) -> Iterator[CoverageRow]:
    for facility in subject.facilities:
        cells = tuple(_cell(subject, facility.id, decade, every[facility.id]) for decade in decades)
        yield CoverageRow(facility.id, facility.named(), facility.id, cells)


def _by_vantage(subject: PictureSubject, decades: tuple[str, ...]) -> Iterator[CoverageRow]:
    vocabulary = subject.authorities.vocabulary
    known = [term.id for term in vocabulary.terms("connection")]
    known += sorted({account.testimony.witness.connection for account in subject.accounts} - set(known))
    for facility in subject.facilities:
        for vantage in known:
            own = [account for account in subject.accounts if account.testimony.witness.connection == vantage]
            told_of = _cells_of(facility.id, own)
            if told_of or facility == subject.facility:
                cells = tuple(_cell(subject, facility.id, decade, told_of) for decade in decades)
                part = "" if facility == subject.facility else f"{facility.named()}: "
                yield CoverageRow(vantage, f"{part}{vocabulary.said('connection', vantage)}", facility.id, cells)


def _life_statements(subject: PictureSubject) -> Iterator[statements.Statement]:
    for facility in subject.facilities:
        yield from (each for each in facility.statements if each["about"] in {"opened", "closed"} and when(each.get("date", "")))


def _summary(subject: PictureSubject, rows: list[CoverageRow], silent: list[str], *, is_drawn: bool) -> str:
    codes = {code for row in rows for cell in row.cells for code in cell.codes}
    roots = {subject.sources[code].key for code in codes}
    if not is_drawn:
        return tr("Nothing dated is stated or told, so there is nothing to draw.")
    said = tr("{accounts} accounts of {roots} independent roots.", accounts=len(codes), roots=len(roots))
    unknown = sum(not subject.sources[code].roots for code in codes)
    if unknown:
        said += " " + tr("Of {number} of them nobody knows whose knowledge it was; each counts as a root.", number=unknown)
    if silent:
        said += " " + tr("No account: {names}.", names="; ".join(silent))
    return said


def _drawing(subject: PictureSubject, rows: list[CoverageRow], decades: tuple[str, ...]) -> Drawing:
    drawing = Drawing(KIND, subject.facility.id if subject.facility else "")
    wide = (WIDTH - 2 * MARGIN) / len(decades)
    size = min(SMALL, SMALL * wide / (length_of("12/345h", SMALL) + 4))
    _heads(drawing, decades, wide)
    for row in rows:
        drawing.paragraph(row.name, SMALL)
        for number, cell in enumerate(row.cells):
            _draw_cell(drawing, cell, MARGIN + number * wide, wide, size)
        drawing.y += _ROW + 3
    return drawing


def _heads(drawing: Drawing, decades: tuple[str, ...], wide: float) -> None:
    heads = [fields.decade(decade) for decade in decades]
    size = min([SMALL, *(SMALL * (wide - 2) / max((1.15 * length_of(head, SMALL)), 1) for head in heads)])
    drawing.y += SMALL * 1.3
    for number, head in enumerate(heads):
        drawing.text(MARGIN + (number + 0.5) * wide, drawing.y, head, size, "middle", "bold")
    drawing.y += 4


def _draw_cell(drawing: Drawing, cell: CoverageCell, x: float, wide: float, size: float) -> None:
    y = drawing.y + 1
    if cell.state == FIRST:
        drawing.box(x + 1, x + wide - 1, y, _ROW - 2, fill="none", stroke=INK, stroke_width=2)
    elif cell.state == SECOND:
        # The figure stands beside the hatching, not on it.
        drawing.box(x + 1, x + wide - 1, y, _ROW - 2, fill="none", stroke=INK, stroke_width=0.8)
        drawing.box(x + 1, x + wide - 1, y + _ROW - 7, 5, fill=drawing.fill("hatch"))
    lift = 3.0 if cell.state == SECOND else 0.0
    drawing.text(x + wide / 2, y + _ROW / 2 + size * 0.33 - 1 - lift, cell.words, size, "middle")


def _table(subject: PictureSubject, rows: list[CoverageRow], decades: tuple[str, ...]) -> PictureTable:
    heading = tr("Vantage point") if subject.facility else tr("Camp")
    columns = (heading, *(fields.decade(decade) for decade in decades))
    return PictureTable(
        tr("Roots / passages by decade"), columns, tuple((row.name, *(c.words for c in row.cells)) for row in rows)
    )


def _account_table(accounts: Iterable[Account], authorities: Authorities, *, is_whole: bool) -> PictureTable:
    """Return who the accounts are.

    :param is_whole: of the whole collection, whose caveats are named below.
    """
    rows = (
        (
            statements.who(account),
            authorities.vocabulary.said("connection", account.testimony.witness.connection),
            account.testimony.source.root or tr("not known"),
            *(() if is_whole else (statements.flags_of(account, authorities) or tr("none"),)),
        )
        for account in accounts
    )
    columns = (tr("Account"), tr("Vantage point"), tr("Root"), *(() if is_whole else (tr("Caveats in force"),)))
    return PictureTable(tr("The accounts"), columns, tuple(rows))


def _items(subject: PictureSubject, rows: list[CoverageRow], decades: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    for row in rows:
        for decade, cell in zip(decades, row.cells, strict=True):
            yield statements.item(
                what="cell",
                camp=row.camp,
                vantage=row.id if subject.facility else None,
                decade=decade,
                accounts=list(cell.codes),
                roots=cell.roots,
                passages=cell.passages,
                state=cell.state,
            )
