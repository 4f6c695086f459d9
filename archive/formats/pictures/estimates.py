"""Estimates of prisoners over time, each by its estimator and source, with its range; they are never added up."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from archive.authority.authorities import Authorities
from archive.authority.gazetteer import Facility
from archive.formats._date_words import date_in_words
from archive.formats.picture import WIDTH, Picture, PictureTable
from archive.formats.pictures import _statements as picture_statements
from archive.formats.pictures._drawing import INK, MARGIN, SMALL, Drawing, length_of
from archive.formats.pictures._statements import Statement, when
from archive.formats.pictures._time import TimeScale, axis, scale_of
from archive.language.messages import mark, tr, tr_count
from archive.named_tuple import NamedTuple
from archive.record.dates import Bounds
from archive.weighing.accounts import PictureSubject

KIND: Final = "estimates"
TITLE: Final = mark("{of}: estimates of prisoners")
READ: Final = mark(
    "Each mark is one estimate, with the letter of its estimator; three and more of one estimator are joined by a dotted line, "
    "and the first and the last of them have the letter. A line upwards is its range, a line sideways the time that it "
    "is for. Circle: held; square: capacity; triangle: peak; cross: not accounted for. Estimates of different estimators or "
    "measures are never added up, and none of them is a count."
)
READ_UNDATED: Final = mark("At the right edge, behind the dotted line: estimates without a date.")
_PAIR: Final = 2
"""Estimates that are no series yet: a line between two would say more than they do."""
_HIGH: Final = 150.0
_LOW: Final = 70.0
_TINY: Final = 9.0


class Estimate(NamedTuple):
    """An estimate as its statement has it; ``low`` and ``high`` are the same where it has no range."""

    facility: Facility
    statement: Statement
    low: int
    high: int
    time: Bounds | None
    letter: str


def draw(subject: PictureSubject) -> Picture:
    """Draw the estimates of a camp, or of each camp on the same scales."""
    authorities = subject.authorities
    every = [(facility, each) for facility in subject.facilities for each in facility.statements if each["about"] == "population"]
    letters = _letters(each for _, each in every if _figures(each) and not each.get("rejected"))
    drawn = [
        Estimate(facility, each, *figures, when(each.get("date", "")), letters[_estimator(each)])
        for facility, each in every
        if not each.get("rejected") and (figures := _figures(each))
    ]
    numbered = list(enumerate(every, start=1))
    drawing = _drawing(subject, drawn, letters) if drawn else None
    has_undated = any(each.time is None for each in drawn)
    return picture_statements.finish(
        KIND,
        subject,
        title=picture_statements.title_of(subject, TITLE),
        summary=_summary(drawn, every),
        tables=(_table(numbered, letters, authorities, is_of_all=subject.facility is None),),
        drawing=drawing,
        reading=(tr(READ), *([tr(READ_UNDATED)] if has_undated else ())),
        caveats=picture_statements.facility_caveats((each for _, each in every), authorities),
        sources=(source for _, each in every for source in picture_statements.sources_of(each, authorities)),
        items=_items(numbered, authorities),
    )


def _figures(statement: Statement) -> tuple[int, int] | None:
    """Return the lowest and the highest figure of an estimate; None where it has none that is a whole number."""
    value, low, high = (_number(statement.get(name, "")) for name in ("value", "minimum", "maximum"))
    known = [figure for figure in (value, low, high) if figure is not None]
    return (min(known), max(known)) if known else None


def _number(written: str) -> int | None:
    plain = written.replace(",", "")
    return int(plain) if plain.isascii() and plain.isdecimal() and len(plain) < 10 else None  # noqa: PLR2004 - of people


def _estimator(statement: Statement) -> str:
    return str(statement.get("estimator") or "")


def _letters(statements: Iterable[Statement]) -> dict[str, str]:
    """Return a letter for each estimator, in the order in which they come; after Z, AA."""
    names = dict.fromkeys(_estimator(each) for each in statements)
    return {name: ("" if at < 26 else chr(64 + at // 26)) + chr(65 + at % 26) for at, name in enumerate(names)}  # noqa: PLR2004


def _summary(drawn: list[Estimate], every: list[tuple[Facility, Statement]]) -> str:
    if not drawn:
        return tr("No estimate of prisoners is stated, so there is nothing to draw.")
    low, high = min(each.low for each in drawn), max(each.high for each in drawn)
    said = tr(
        "{estimates} estimates by {estimators} estimators, from {low:,} to {high:,}.",
        estimates=len(drawn),
        estimators=len({each.letter for each in drawn}),
        low=low,
        high=high,
    )
    disputed = sum(bool(each.get("conflicts")) for _, each in every)
    more = tr_count("{number} is contested.", "{number} are contested.", disputed) if disputed else ""
    rejected = sum(bool(each.get("rejected")) for _, each in every)
    out = tr_count("{number} is rejected and not drawn.", "{number} are rejected and not drawn.", rejected) if rejected else ""
    return " ".join(filter(None, (said, more, out)))


class _Plane(NamedTuple):
    """Where a time and a figure lie; ``undated`` is where those without a time begin."""

    scale: TimeScale | None
    left: float
    right: float
    undated: float
    top: float
    bottom: float
    most: int

    def y(self, figure: float) -> float:
        return self.bottom - figure / self.most * (self.bottom - self.top)


def _drawing(subject: PictureSubject, drawn: list[Estimate], letters: dict[str, str]) -> Drawing:
    drawing = Drawing(KIND, subject.facility.id if subject.facility else "")
    most = _round_up(max(each.high for each in drawn))
    left = MARGIN + length_of(f"{most:,}", _TINY) + 4
    undated = [each for each in drawn if each.time is None]
    edge = WIDTH - MARGIN - (34 if undated else 0)
    scale = scale_of((each.time for each in drawn if each.time), left + 8, edge - 8)
    facilities = dict.fromkeys(each.facility.id for each in drawn)
    is_of_one = len(facilities) == 1
    if scale:
        axis(drawing, scale)
    for facility in facilities:
        own = [each for each in drawn if each.facility.id == facility]
        if not is_of_one or subject.facility is None:
            drawing.paragraph(own[0].facility.named(), SMALL, weight="bold")
        high = _HIGH if is_of_one else _LOW
        plane = _Plane(
            scale=scale,
            left=left,
            right=WIDTH - MARGIN,
            undated=edge if undated else WIDTH,
            top=drawing.y + 8,
            bottom=drawing.y + 8 + high,
            most=most,
        )
        _draw_plane(drawing, plane, own, lines=4 if is_of_one else 2)
        drawing.y = plane.bottom + 8
    for name, letter in letters.items():
        drawing.paragraph(f"{letter}  {name or tr('estimator not named')}", SMALL)
    return drawing


def _round_up(figure: int) -> int:
    """Return the next figure that begins with 1, 2 or 5, or half of them, and ends in noughts."""
    steps = [int(base * 10**power) for power in range(1, 10) for base in (1, 1.5, 2, 3, 4, 5, 6, 8)]
    return next(step for step in sorted(steps) if step >= figure)


def _draw_plane(drawing: Drawing, plane: _Plane, own: list[Estimate], *, lines: int) -> None:
    for number in range(lines + 1):
        figure = plane.most * number / lines
        y = plane.y(figure)
        drawing.line(plane.left, y, plane.right, y, stroke_opacity=1 if not number else 0.25)
        drawing.text(plane.left - 3, y + 3, f"{figure:,.0f}", _TINY, "end")
    if plane.undated < WIDTH:
        drawing.line(plane.undated, plane.top, plane.undated, plane.bottom, stroke_dasharray="1 3")
    named = _series(drawing, plane, own)
    taken: list[tuple[float, float]] = []
    for each in own:
        x = _x(plane, each)
        low, high = plane.y(each.low), plane.y(each.high)
        if each.time and plane.scale:
            from_, to = plane.scale.x(each.time.earliest), plane.scale.x(each.time.latest)
            drawing.line(from_, (low + high) / 2, to, (low + high) / 2, stroke_width=0.8)
        if each.low != each.high:
            drawing.line(x, low, x, high, stroke_width=1.5)
            for y in (low, high):
                drawing.line(x - 3, y, x + 3, y, stroke_width=1.5)
        _mark(drawing, str(each.statement.get("measure", "")), x, (low + high) / 2)
        if each not in named:
            continue
        at = _free(taken, x + 4, (low + high) / 2 - 4, plane)
        taken.append(at)
        drawing.text(*at, each.letter, _TINY)


def _x(plane: _Plane, each: Estimate) -> float:
    if each.time is None or plane.scale is None:
        return (plane.undated if plane.undated < WIDTH else plane.left) + 12
    return (plane.scale.x(each.time.surely_from) + plane.scale.x(each.time.surely_to)) / 2


def _series(drawing: Drawing, plane: _Plane, own: list[Estimate]) -> list[Estimate]:
    """Join the estimates of one estimator and measure by a dotted line, and return those that get a letter."""
    groups: dict[tuple[str, str], list[Estimate]] = {}
    for each in own:
        if each.time:
            groups.setdefault((each.letter, str(each.statement.get("measure", ""))), []).append(each)
    named = [each for each in own if not each.time]
    for group in groups.values():
        group.sort(key=lambda each: _x(plane, each))
        is_series = len(group) > _PAIR
        named += group[:1] + group[-1:] if is_series else group
        places = ((_x(plane, each), plane.y((each.low + each.high) / 2)) for each in group)
        path = "".join(f"{'L' if at else 'M'}{x:.1f} {y:.1f}" for at, (x, y) in enumerate(places))
        if is_series:
            drawing.add("path", d=path, fill="none", stroke=INK, stroke_width=0.8, stroke_dasharray="1 2")
    return named


def _mark(drawing: Drawing, measure: str, x: float, y: float) -> None:
    shapes = {
        "capacity": f"M{x - 3:.1f} {y - 3:.1f}h6v6h-6Z",
        "peak": f"M{x:.1f} {y - 4:.1f}L{x + 4:.1f} {y + 3:.1f}H{x - 4:.1f}Z",
        "unaccounted": f"M{x - 3:.1f} {y - 3:.1f}L{x + 3:.1f} {y + 3:.1f}M{x + 3:.1f} {y - 3:.1f}L{x - 3:.1f} {y + 3:.1f}",
    }
    if measure in shapes:
        drawing.add("path", d=shapes[measure], fill="none" if measure == "unaccounted" else INK, stroke=INK, stroke_width=1.2)
    else:
        drawing.add("circle", cx=x, cy=y, r=3, fill=INK)


def _free(taken: list[tuple[float, float]], x: float, y: float, plane: _Plane) -> tuple[float, float]:
    """Return a place for a letter near a mark, where no other letter is."""
    steps = [(0.0, 0.0), (0, 11), (-13, 0), (-13, 11), (0, -9), (0, 20), (-13, -9), (-13, 20), (9, 4), (-22, 4)]
    for across, down in steps:
        at = (x + across, y + down)
        is_free = all(abs(at[0] - other[0]) > 8 or abs(at[1] - other[1]) > 8 for other in taken)  # noqa: PLR2004 - of a letter
        if is_free and at[0] + 7 < WIDTH and at[1] > plane.top - 8:
            return at
    return x, y


def _table(
    numbered: list[tuple[int, tuple[Facility, Statement]]], letters: dict[str, str], authorities: Authorities, *, is_of_all: bool
) -> PictureTable:
    said = authorities.vocabulary.said
    rows = []
    for number, (facility, each) in numbered:
        figures = _figures(each)
        about = tr("about ") if each.get("approximate") else ""
        estimator = _estimator(each)
        named = " ".join(filter(None, (letters.get(estimator, "") if figures else "", estimator or tr("not named"))))
        rows.append(
            (
                str(number),
                *((facility.named(),) if is_of_all else ()),
                date_in_words(each.get("date", "")),
                f"{about}{_range(*figures)}" if figures else "–",
                said("measure", each["measure"]) if each.get("measure") else "–",
                named,
                each["text"] + (tr(" Rejected: {why}", why=each["rejected"]) if each.get("rejected") else ""),
                picture_statements.contradictions_of(each) or "–",
                "; ".join(picture_statements.sources_of(each, authorities)),
            )
        )
    columns = (
        tr("No."),
        *((tr("Camp"),) if is_of_all else ()),
        *(tr("Date"), tr("Figure"), tr("Measure"), tr("Estimator"), tr("What is stated"), tr("Contested in"), tr("Source")),
    )
    return PictureTable(tr("Estimates of prisoners"), columns, tuple(rows))


def _range(low: int, high: int) -> str:
    return f"{low:,}" if low == high else f"{low:,}–{high:,}"


def _items(numbered: list[tuple[int, tuple[Facility, Statement]]], authorities: Authorities) -> Iterator[dict[str, Any]]:
    for number, (facility, each) in numbered:
        yield picture_statements.item(
            number=number,
            what="estimate",
            camp=facility.id,
            date=each.get("date") or None,
            **picture_statements.span_of(when(each.get("date", ""))),
            text=each["text"],
            **{name: _number(each.get(name, "")) for name in ("value", "minimum", "maximum")},
            measure=each.get("measure") or None,
            estimator=each.get("estimator") or None,
            conflicts=list(each.get("conflicts", ())),
            sources=picture_statements.sources_of(each, authorities),
            rejected=each.get("rejected") or None,
            drawn=bool(_figures(each)) and not each.get("rejected"),
        )
