"""The timeline: when a camp is stated to have been at work, by whom, and the times that accounts tell of."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from archive.authority.authorities import Authorities
from archive.authority.gazetteer import Facility
from archive.citing import citation
from archive.formats._date_words import date_in_words
from archive.formats.picture import WIDTH, Picture, PictureTable
from archive.formats.pictures import _statements as statements
from archive.formats.pictures._drawing import MARGIN, SMALL, Drawing
from archive.formats.pictures._statements import Statement, when
from archive.formats.pictures._time import TimeScale, axis, bar, grid, life, point, scale_of
from archive.language.messages import mark, tr, tr_count
from archive.record.dates import Bounds, close_at
from archive.record.periods import OPEN
from archive.record.testimony import CampEntry
from archive.text import join_list
from archive.weighing.accounts import Account, PictureSubject

KIND: Final = "timeline"
TITLE: Final = mark("{of}: when it was at work, and what times are told of")
STATED: Final = ("opened", "closed", "status")
"""What is stated of a camp's time, in the order in which it is drawn."""
_SIDES: Final = {"opened": "after", "closed": "before"}
_ROW: Final = 14.0
READ_STATEMENTS: Final = mark(
    "What is stated has a line each, with its number. An open box: the opening, closing or state lies "
    "somewhere within it. The line behind an opening, and before a closing, is the side on which the camp was then at work."
)
READ_ACCOUNTS: Final = mark(
    "A bar is a time that an account tells of. Black: as it stands in the record; fading: about, or without an end; hatched: "
    "disputed, taken back, corrected or not checked. What the archive rejects is not drawn."
)
READ_CAMPS: Final = mark(
    "The bar of each camp: black where all that is stated of its opening and closing has it at work, fading where that "
    "differs, a dashed box towards a side of which nothing is stated. The thin bars below are the accounts that tell of it, a "
    "row each; hatched: disputed, taken back, corrected or not checked."
)


def draw(subject: PictureSubject) -> Picture:
    """Draw the timeline of a camp, or of all of them."""
    return _of_camp(subject, subject.facility) if subject.facility else _of_all(subject)


# Of one camp


def _of_camp(subject: PictureSubject, facility: Facility) -> Picture:
    authorities = subject.authorities
    stated = [each for about in STATED for each in _statements(subject.facilities, about)]
    numbered = list(enumerate(stated, start=1))
    accounts = list(enumerate(subject.accounts, start=len(stated) + 1))
    times = [bounds for _, each in numbered if (bounds := _bounds_to_draw(each))]
    times += [bounds for _, account in accounts for _, bounds in _times(account)]
    scale = scale_of(times)
    drawing = _drawing(subject, numbered, accounts, scale) if scale else None
    title = statements.title_of(subject, TITLE)
    return statements.finish(
        KIND,
        subject,
        title=title,
        summary=_summary(facility, stated, subject.accounts, drawing),
        tables=(_statement_table(numbered, authorities), _account_table(accounts, authorities)),
        drawing=drawing,
        reading=(tr(READ_STATEMENTS), tr(READ_ACCOUNTS)),
        caveats=(
            *statements.facility_caveats(stated, authorities),
            *statements.account_caveats(subject.accounts, authorities, whole=True),
        ),
        sources=(
            *(source for each in stated for source in statements.sources_of(each, authorities)),
            *(citation.source_named(account.testimony, (), authorities) for account in subject.accounts),
        ),
        items=(*_statement_items(numbered, facility.id, authorities), *_account_items(accounts, facility.id)),
    )


def _statements(facilities: Iterable[Facility], about: str) -> Iterator[Statement]:
    for facility in facilities:
        yield from (each for each in facility.statements if each["about"] == about)


def _bounds_to_draw(statement: Statement) -> Bounds | None:
    return None if statement.get("rejected") else when(statement.get("date", ""))


def _times(account: Account) -> Iterator[tuple[CampEntry, Bounds]]:
    """Yield the times that an account tells of and that are drawn, each once; the most doubted entry stands for it."""
    seen: dict[str, CampEntry] = {}
    for entry in account.entries:
        is_first = entry.period not in seen
        if entry.status != statements.REJECTED and when(entry.period) and (is_first or entry.status in statements.DOUBTED):
            seen[entry.period] = entry
    for period, entry in seen.items():
        bounds = when(period)
        if bounds:
            yield entry, _end(bounds, account)


def _end(bounds: Bounds, account: Account) -> Bounds:
    """Return a time without an end as sure up to the day of the account, and open behind it."""
    if bounds.surely_to not in OPEN:
        return bounds
    closed = close_at(bounds, when(account.testimony.recorded))
    return closed._replace(latest=OPEN[1])


def _summary(facility: Facility, stated: list[Statement], accounts: tuple[Account, ...], drawing: Drawing | None) -> str:
    numbers = [sum(each["about"] == about and not each.get("rejected") for each in stated) for about in ("opened", "closed")]
    said = tr(
        "{name}: its opening is stated {opened} times, its closing {closed} times; {accounts} accounts tell of it.",
        name=facility.named(),
        opened=numbers[0],
        closed=numbers[1],
        accounts=len(accounts),
    )
    disputed = sum(bool(each.get("conflicts")) for each in stated)
    more = (
        tr_count("{number} of what is stated is contested.", "{number} of what is stated are contested.", disputed)
        if disputed
        else ""
    )
    nothing = "" if drawing else tr("None of them has a date, so there is nothing to draw.")
    return " ".join(filter(None, (said, more, nothing)))


def _drawing(
    subject: PictureSubject,
    stated: list[tuple[int, Statement]],
    accounts: list[tuple[int, Account]],
    scale: TimeScale,
) -> Drawing:
    drawing, authorities = Drawing(KIND, subject.facility.id if subject.facility else ""), subject.authorities
    axis(drawing, scale)
    top, before = drawing.y, len(drawing.parts)
    for number, each in stated:
        bounds = _bounds_to_draw(each)
        if bounds:
            drawing.paragraph(f"{number}  {_statement_label(each, authorities)}", SMALL)
            point(drawing, scale, bounds, drawing.y, _SIDES.get(each["about"], ""))
            drawing.y += _ROW
    if accounts and stated:
        drawing.y += 6
        drawing.line(MARGIN, drawing.y, WIDTH - MARGIN, drawing.y, stroke_dasharray="2 3")
    for number, account in accounts:
        _account_rows(drawing, scale, number, account, authorities)
    grid(drawing, scale, top, drawing.y, before)
    return drawing


def _statement_label(statement: Statement, authorities: Authorities) -> str:
    about = authorities.vocabulary.label("statement", statement["about"])
    said = f" {statement['text']}" if statement["about"] == "status" else ""
    marks = statements.contradictions_of(statement)
    zone = authorities.vocabulary.said("zone", statement["zone"]) if statement.get("zone") else ""
    end = f" [{marks}]" if marks else ""
    what = ", ".join(filter(None, (about, zone)))
    return f"{what} {date_in_words(statement['date'])}:{said} {statements.authors_of(statement, authorities)}{end}"


def _account_rows(drawing: Drawing, scale: TimeScale, number: int, account: Account, authorities: Authorities) -> None:
    times = list(_times(account))
    flags = statements.flags_in_short(account, authorities)
    undated = "" if times else f" ({_without_time(account)})"
    drawing.paragraph(f"{number}  {statements.who(account)}{undated}{f' [{flags}]' if flags else ''}", SMALL)
    for entry, bounds in times:
        bar(drawing, scale, bounds, drawing.y, hatched=entry.status in statements.DOUBTED)
        drawing.y += 11
    drawing.y += 3 if times else 1


def _without_time(account: Account) -> str:
    if account.entries and all(entry.status == statements.REJECTED for entry in account.entries):
        return tr("rejected by the archive")
    return tr("no date")


def _statement_table(numbered: list[tuple[int, Statement]], authorities: Authorities) -> PictureTable:
    rows = (
        (
            str(number),
            authorities.vocabulary.said("statement", each["about"]),
            date_in_words(each.get("date", "")),
            each["text"] + (tr(" Rejected: {why}", why=each["rejected"]) if each.get("rejected") else ""),
            statements.contradictions_of(each) or "–",
            "; ".join(statements.sources_of(each, authorities)),
        )
        for number, each in numbered
    )
    columns = (tr("No."), tr("About"), tr("Date"), tr("What is stated"), tr("Contested in"), tr("Source"))
    return PictureTable(tr("When it is stated to have been at work"), columns, tuple(rows))


def _account_table(numbered: list[tuple[int, Account]], authorities: Authorities) -> PictureTable:
    rows = (
        (
            str(number),
            statements.who(account),
            authorities.vocabulary.said("connection", account.testimony.witness.connection),
            "; ".join(dict.fromkeys(statements.entry_words(entry, authorities) for entry in account.entries)) or tr("undated"),
            statements.flags_of(account, authorities) or tr("none"),
            citation.source_named(account.testimony, (), authorities),
        )
        for number, account in numbered
    )
    columns = (tr("No."), tr("Account"), tr("Vantage point"), tr("Tells of"), tr("Caveats in force"), tr("Source"))
    return PictureTable(tr("The times that accounts tell of"), columns, tuple(rows))


def _statement_items(numbered: Iterable[tuple[int, Statement]], camp: str, authorities: Authorities) -> Iterator[dict[str, Any]]:
    for number, each in numbered:
        yield statements.item(
            number=number,
            what=each["about"],
            camp=camp,
            date=each.get("date") or None,
            text=each["text"],
            **statements.span_of(when(each.get("date", ""))),
            conflicts=list(each.get("conflicts", ())),
            sources=statements.sources_of(each, authorities),
            rejected=each.get("rejected") or None,
            drawn=_bounds_to_draw(each) is not None,
        )


def _account_items(numbered: Iterable[tuple[int, Account]], camp: str | None) -> Iterator[dict[str, Any]]:
    for number, account in numbered:
        shown = {entry.period for entry, _ in _times(account)}
        for entry in account.entries or (CampEntry(None),):
            yield statements.item(
                number=number,
                what="account",
                camp=entry.camp or camp,
                code=account.code,
                date=entry.period or None,
                **statements.span_of(when(entry.period)),
                vantage=account.testimony.witness.connection,
                state=entry.status or None,
                flags=list(dict.fromkeys(note.flag for note in account.notes)),
                drawn=entry.period in shown and entry.status != statements.REJECTED,
            )


# Of all camps


def _of_all(subject: PictureSubject) -> Picture:
    authorities = subject.authorities
    rows: list[_Row] = [(facility, _life(facility), _accounts_of(subject, facility)) for facility in subject.facilities]
    rows = [row for row in rows if any(row[1]) or any(list(_times(account)) for account in row[2])]
    times = [bounds for _, stated_life, accounts in rows for bounds in (*stated_life, *_all_times(accounts)) if bounds]
    scale = scale_of(times)
    drawing = Drawing(KIND, "") if scale else None
    if drawing and scale:
        axis(drawing, scale)
        top, before = drawing.y, len(drawing.parts)
        for number, (facility, stated_life, accounts) in enumerate(rows, start=1):
            _camp_row(drawing, scale, f"{number}  {_camp_label(facility, accounts)}", stated_life, accounts)
        grid(drawing, scale, top, drawing.y, before)
    stated = [each for facility, _, _ in rows for each in facility.statements if each["about"] in {"opened", "closed"}]
    summary = tr(
        "{camps} camps with a stated or told time, and {accounts} accounts.",
        camps=len(rows),
        accounts=len({account.code for _, _, accounts in rows for account in accounts}),
    )
    return statements.finish(
        KIND,
        subject,
        title=statements.title_of(subject, TITLE_ALL),
        summary=summary,
        tables=(_camp_table(rows, authorities),),
        drawing=drawing,
        reading=(tr(READ_CAMPS), tr(statements.IN_FULL)),
        caveats=(
            *statements.facility_caveats(stated, authorities),
            *statements.account_caveats(subject.accounts, authorities, whole=False),
        ),
        sources=(source for each in stated for source in statements.sources_of(each, authorities)),
        items=(item for row in rows for item in _camp_items(row[0], row[2], authorities)),
    )


TITLE_ALL: Final = mark("{of}: when the camps were at work, and what times are told of")
_Life = tuple[Bounds | None, Bounds | None]
_Row = tuple[Facility, _Life, list[Account]]


def _life(facility: Facility) -> _Life:
    """Return from when to when the opening of a camp is stated, and likewise its closing; None where nothing is."""
    opened, closed = (
        [bounds for each in _statements([facility], about) if not each.get("zone") and (bounds := _bounds_to_draw(each))]
        for about in ("opened", "closed")
    )
    return _widest(opened), _widest(closed)


def _widest(every: list[Bounds]) -> Bounds | None:
    """Return the first and the last day of some statements; surely from and to leave out the sides without an end."""
    if not every:
        return None
    begins = [bounds.earliest if bounds.earliest not in OPEN else bounds.latest for bounds in every]
    ends = [bounds.latest if bounds.latest not in OPEN else bounds.earliest for bounds in every]
    return Bounds(min(bounds.earliest for bounds in every), min(begins), max(ends), max(bounds.latest for bounds in every))


def _accounts_of(subject: PictureSubject, facility: Facility) -> list[Account]:
    return [own for account in subject.accounts if (own := account.of(facility.id))]


def _all_times(accounts: Iterable[Account]) -> Iterator[Bounds]:
    for account in accounts:
        yield from (bounds for _, bounds in _times(account))


def _camp_label(facility: Facility, accounts: list[Account]) -> str:
    caveats = sum(bool(account.notes) for account in accounts)
    number = tr_count("{number} account", "{number} accounts", len(accounts))
    with_caveats = tr(", {number} with caveats", number=caveats) if caveats else ""
    marks = _marks(facility)
    return f"{facility.named()} ({number}{with_caveats})" + (f" [{marks}]" if marks else "")


def _marks(facility: Facility) -> str:
    """Return the contradictions on the time of a facility, by their numbers."""
    stated = (each for about in ("opened", "closed") for each in _statements([facility], about))
    return join_list(sorted({name for each in stated for name in each.get("conflicts", ())}), "and")


def _camp_row(drawing: Drawing, scale: TimeScale, label: str, stated: _Life, accounts: list[Account]) -> None:
    drawing.paragraph(label, SMALL)
    if any(stated):
        life(drawing, scale, *stated, drawing.y)
        drawing.y += 11
    for account in accounts:
        for entry, bounds in _times(account):
            bar(drawing, scale, bounds, drawing.y, height=2.5, hatched=entry.status in statements.DOUBTED)
        drawing.y += 4 if any(True for _ in _times(account)) else 0
    drawing.y += 5


def _camp_table(rows: Iterable[_Row], authorities: Authorities) -> PictureTable:
    def statements_on(facility: Facility, about: str) -> str:
        every = [each for each in _statements([facility], about) if not each.get("rejected") and each.get("date")]
        return "; ".join(f"{date_in_words(each['date'])} ({statements.authors_of(each, authorities)})" for each in every) or tr(
            "nothing stated"
        )

    cells = (
        (
            f"{number}  {facility.named()}",
            statements_on(facility, "opened"),
            statements_on(facility, "closed"),
            _marks(facility) or "–",
            ", ".join(account.code for account in accounts) or tr("none"),
        )
        for number, (facility, _, accounts) in enumerate(rows, start=1)
    )
    columns = (tr("Camp"), tr("Opened, by whom"), tr("Closed, by whom"), tr("Contested in"), tr("Accounts"))
    return PictureTable(tr("When the camps are stated to have been at work"), columns, tuple(cells))


def _camp_items(facility: Facility, accounts: list[Account], authorities: Authorities) -> Iterator[dict[str, Any]]:
    stated = [(0, each) for about in ("opened", "closed") for each in _statements([facility], about)]
    yield from ({**each, "number": None} for each in _statement_items(stated, facility.id, authorities))
    yield from ({**each, "number": None} for each in _account_items([(0, account) for account in accounts], facility.id))
