"""Years as places from left to right: a scale for all dates of a picture, and bars whose ends fade where they are not sure."""

from collections.abc import Iterable
from typing import Final

from archive.formats.picture import WIDTH
from archive.formats.pictures._drawing import INK, MARGIN, SMALL, Drawing, length_of
from archive.named_tuple import NamedTuple
from archive.record.dates import Bounds
from archive.record.periods import OPEN

FADE: Final = 26.0
"""How long an end fades of which nothing is known."""
_MOST_DECADES: Final = 30
_DECADE: Final = 10


class TimeScale(NamedTuple):
    """From the first day of one year to the last of another, between two places."""

    first: int
    last: int
    left: float = MARGIN
    right: float = WIDTH - MARGIN

    def x(self, day: int) -> float:
        """Return where a day (``yyyymmdd``) lies, within the scale."""
        year, month, day_of_month = day // 10000, day // 100 % 100, day % 100
        at = year + (month - 1) / 12 + (day_of_month - 1) / 372
        share = (min(max(at, self.first), self.last + 1) - self.first) / (self.last + 1 - self.first)
        return self.left + share * (self.right - self.left)

    def decades(self) -> Iterable[int]:
        """Return the first years of decades that lie on it."""
        return range(-(-self.first // _DECADE) * _DECADE, self.last + 2, _DECADE)


def scale_of(every: Iterable[Bounds], left: float = MARGIN, right: float = WIDTH - MARGIN) -> TimeScale | None:
    """Return a scale on which all of some dates lie, as far as they have ends; None where none has any.

    Of more than thirty decades the last ones are shown.
    """
    days = [day for bounds in every for day in bounds if day not in OPEN]
    if not days:
        return None
    first, last = min(days) // 10000 // _DECADE * _DECADE, max(days) // 10000
    last = max(last + 1, first + _DECADE - 1)
    return TimeScale(max(first, last - _MOST_DECADES * _DECADE), last, left, right)


def axis(drawing: Drawing, scale: TimeScale) -> None:
    """Write the years above what follows: each fifth of a short time, else as many decades as have room."""
    years = list(range(scale.first, scale.last + 2, 5)) if scale.last - scale.first < _SHORT else list(scale.decades())
    room = int((scale.right - scale.left) / length_of("1950 ", SMALL)) or 1
    step = max(1, -(-len(years) // room))
    drawing.y += SMALL * 1.4
    for number, year in enumerate(years):
        x = scale.x(year * 10000 + 101)
        if number % step == 0:
            anchor = "start" if x < WIDTH * 0.06 else "end" if x > WIDTH * 0.94 else "middle"
            drawing.text(x, drawing.y - 3, str(year), SMALL, anchor)
        drawing.line(x, drawing.y, x, drawing.y + 4)
    drawing.line(scale.left, drawing.y, scale.right, drawing.y)
    drawing.y += 6


_SHORT: Final = 30
"""Years of a time so short that decades are too far apart."""


def grid(drawing: Drawing, scale: TimeScale, top: float, bottom: float, at: int) -> None:
    """Draw a faint line for each decade, behind what was drawn since.

    :param at: how many parts the drawing had then.
    """
    lines = Drawing(drawing.kind, drawing.camp)
    for year in scale.decades():
        x = scale.x(year * 10000 + 101)
        lines.line(x, top, x, bottom, stroke_opacity=0.2)
    drawing.parts[at:at] = lines.parts


def bar(  # noqa: PLR0913 - how it looks, by keyword
    drawing: Drawing, scale: TimeScale, bounds: Bounds, y: float, *, height: float = 8, hatched: bool = False
) -> None:
    """Draw a time: full where it is sure, fading where it is about or has no end.

    :param hatched: what is told of it is disputed.
    """
    look = {"fill": drawing.fill("hatch"), "stroke": INK} if hatched else {"fill": INK}
    begins, ends = scale.x(bounds.surely_from), scale.x(_next(bounds.surely_to))
    if bounds.surely_from in OPEN:
        begins = max(scale.left, ends - 2)
    if bounds.surely_to in OPEN:
        ends = min(scale.right, begins + 2)
    from_, to = scale.x(bounds.earliest), scale.x(_next(bounds.latest))
    from_ = begins - FADE if bounds.earliest in OPEN else from_
    to = ends + FADE if bounds.latest in OPEN else to
    if from_ < begins:
        drawing.box(max(from_, 0), begins, y, height, fill=drawing.fill("in"))
    drawing.box(begins, ends, y, height, **look)
    if to > ends:
        drawing.box(ends, min(to, WIDTH), y, height, fill=drawing.fill("out"))


def point(drawing: Drawing, scale: TimeScale, bounds: Bounds, y: float, side: str) -> None:
    """Draw an event of which the time within which it lies is known: an open box, and a line to the side that was at work.

    :param side: "after" it, "before" it, or "" for neither.
    """
    height = 8.0
    begins = scale.x(bounds.surely_from) if bounds.surely_from not in OPEN else scale.x(bounds.surely_to) - FADE
    ends = scale.x(_next(bounds.surely_to)) if bounds.surely_to not in OPEN else scale.x(bounds.surely_from) + FADE
    from_ = scale.x(bounds.earliest) if bounds.earliest not in OPEN else begins - FADE / 2
    to = scale.x(_next(bounds.latest)) if bounds.latest not in OPEN else ends + FADE / 2
    is_open = bounds.earliest in OPEN, bounds.latest in OPEN
    if from_ < begins or is_open[0]:
        drawing.box(max(from_, 0), begins, y + 2, height - 4, fill=drawing.fill("in"))
    if to > ends or is_open[1]:
        drawing.box(ends, min(to, WIDTH), y + 2, height - 4, fill=drawing.fill("out"))
    drawing.box(max(begins, 0), min(ends, WIDTH), y, height, fill="none", stroke=INK, stroke_width=1.5)
    middle = y + height / 2
    if side == "after":
        drawing.box(min(ends + 1, WIDTH), min(ends + 1 + FADE * 2, WIDTH), middle - 1.5, 3, fill=drawing.fill("out"))
    elif side == "before":
        drawing.box(max(begins - 1 - FADE * 2, 0), max(begins - 1, 2), middle - 1.5, 3, fill=drawing.fill("in"))


def life(drawing: Drawing, scale: TimeScale, opened: Bounds | None, closed: Bounds | None, y: float) -> None:
    """Draw when a camp was at work by several statements.

    Full where all have it at work, fading where they differ, an open box to the edge on a side of which nothing is stated.

    :param opened: from the first to the last day of an opening that is stated, surely from and to without the sides that have
        no end; None where none is stated. ``closed`` likewise.
    """
    height = 8.0
    first = scale.x(_next(opened.surely_to)) if opened else scale.left
    last = scale.x(closed.surely_from) if closed else scale.right
    if opened:
        begins = scale.x(opened.earliest) if opened.earliest not in OPEN else scale.x(opened.surely_from) - FADE
        drawing.box(max(begins, 0), min(first, last), y, height, fill=drawing.fill("in"))
    if closed:
        ends = scale.x(_next(closed.latest)) if closed.latest not in OPEN else scale.x(_next(closed.surely_to)) + FADE
        drawing.box(max(first, last) if opened else last, min(ends, WIDTH), y, height, fill=drawing.fill("out"))
    if opened and closed and first < last:
        drawing.box(first, last, y, height)
    elif not (opened and closed):
        drawing.box(first, last, y, height, fill="none", stroke=INK, stroke_width=0.8, stroke_dasharray="4 2")


def _next(day: int) -> int:
    """Return the end of a day as the place where a bar ends: bounds hold the last day itself."""
    return day + 1 if day % 100 < 31 else day  # noqa: PLR2004 - the scale is as fine as a month at most
