"""The map: where a camp lies by the sources of the gazetteer, on the outline that the collection brings.

Positions of camps alone, each with its source; a camp that sources place apart
has a dot for each, and a line between them. Places of execution or burial have
no position in the gazetteer, and so none here.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, pairwise
from typing import Any, Final

from archive.authority.authorities import Authorities
from archive.authority.gazetteer import Facility
from archive.citing import citation
from archive.formats import fields
from archive.formats._date_words import date_in_words
from archive.formats.picture import WIDTH, Picture, PictureTable
from archive.formats.pictures import _statements as statements
from archive.formats.pictures._drawing import INK, MARGIN, SMALL, Drawing, length_of
from archive.language.messages import mark, tr, tr_count
from archive.named_tuple import NamedTuple
from archive.text import join_list
from archive.weighing.accounts import PictureSubject

KIND: Final = "map"
TITLE: Final = mark("{of}: where it lies, by the sources")
TITLE_ALL: Final = mark("{of}: where the camps lie, by the sources")
READ: Final = mark(
    "Each dot is the position that one source gives. Where sources place a camp apart, a line joins the dots: nobody has decided "
    "between them. A camp without a position has no dot. Places of execution or "
    "burial are never shown."
)
_KILOMETRES: Final = 111.195
"""Of a degree of latitude, on a sphere of 6,371 km."""
_APART: Final = 1.0
"""Kilometres from which two positions of a camp are told as apart; what is nearer may be two buildings of it."""
_NO_SPAN: Final = 1e-9
_MOST_HEIGHT: Final = 520.0


class Position(NamedTuple):
    """Where one source, or several, place a camp."""

    latitude: float
    longitude: float
    sources: tuple[str, ...]
    written: tuple[str, str]


class Projection(NamedTuple):
    """Degrees as places of a drawing: one scale for both, true in the middle of what is shown."""

    west: float
    north: float
    scale: float
    narrow: float
    top: float

    def at(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Return where a position lies."""
        return MARGIN + (longitude - self.west) * self.narrow * self.scale, self.top + (self.north - latitude) * self.scale


def draw(subject: PictureSubject) -> Picture:
    """Draw the map of a camp, or of all of them."""
    authorities = subject.authorities
    placed = [(facility, positions) for facility in subject.facilities if (positions := list(_positions(facility, authorities)))]
    numbered = list(enumerate(placed, start=1))
    drawing = _drawing(subject, numbered) if placed else None
    without = [facility for facility in subject.facilities if not facility.coordinates]
    places = [each for facility in subject.facilities for each in facility.statements if each["about"] == "place"]
    outline = subject.authorities.outline
    return statements.finish(
        KIND,
        subject,
        title=statements.title_of(subject, TITLE if subject.facility else TITLE_ALL),
        summary=_summary(placed, without, is_outlined=bool(outline)),
        tables=(_position_table(numbered, authorities), _place_table(subject.facilities, authorities)),
        drawing=drawing,
        reading=(tr(READ), *([tr("Outline: {source}.", source=_outline_source(outline))] if outline else ())),
        caveats=statements.facility_caveats(places, authorities),
        sources=(
            *(source for _, positions in placed for position in positions for source in position.sources),
            *(source for each in places for source in statements.sources_of(each, authorities)),
            *([_outline_source(outline)] if outline else ()),
        ),
        items=_items(numbered, subject.facilities, authorities),
    )


def _positions(facility: Facility, authorities: Authorities) -> Iterator[Position]:
    """Yield the positions of a facility, each once, with all sources that give it to the digit."""
    sources: dict[tuple[str, str], list[str]] = {}
    for place in facility.coordinates:
        of = sources.setdefault((place["latitude"], place["longitude"]), [])
        of += fields.cites(citation.cites_in(place), authorities)
    for (latitude, longitude), cited in sources.items():
        yield Position(float(latitude), float(longitude), tuple(cited), (latitude, longitude))


def kilometres(one: Position, other: Position) -> float:
    """Return how far two positions lie apart, on a sphere."""
    half = [math.radians(end - begin) / 2 for begin, end in ((one.latitude, other.latitude), (one.longitude, other.longitude))]
    across = math.cos(math.radians(one.latitude)) * math.cos(math.radians(other.latitude)) * math.sin(half[1]) ** 2
    return 2 * 6371.0 * math.asin(min(1.0, math.sqrt(math.sin(half[0]) ** 2 + across)))


def _apart(positions: Iterable[Position]) -> float:
    """Return how far the positions of a camp lie apart at most, in kilometres."""
    return max((kilometres(one, other) for one, other in combinations(positions, 2)), default=0.0)


_Placed = tuple[Facility, list[Position]]


def _summary(placed: list[_Placed], without: list[Facility], *, is_outlined: bool) -> str:
    if not placed:
        nothing = tr("No source of the gazetteer gives a position, so there is nothing to draw.")
        return f"{nothing} {tr('The table says what is stated of the place.')}"
    parts = [tr_count("{number} camp with a position.", "{number} camps with a position.", len(placed))]
    far = [(facility, _apart(positions)) for facility, positions in placed]
    parts += [
        tr("{name}: its sources place it up to {distance:.1f} km apart.", name=facility.named(), distance=distance)
        for facility, distance in far
        if distance >= _APART
    ]
    if without:
        parts.append(tr_count("{number} has no position.", "{number} have no position.", len(without)))
    if not is_outlined:
        parts.append(tr("This collection brings no outline of its country: the dots alone are drawn."))
    return " ".join(parts)


def _drawing(subject: PictureSubject, numbered: list[tuple[int, _Placed]]) -> Drawing:
    drawing = Drawing(KIND, subject.facility.id if subject.facility else "")
    rings = _rings(subject.authorities)
    every = [(position.latitude, position.longitude) for _, (_, positions) in numbered for position in positions]
    projection = _projection([*every, *((latitude, longitude) for ring in rings for longitude, latitude in ring)], drawing.y)
    for ring in rings:
        points = [projection.at(latitude, longitude) for longitude, latitude in ring]
        path = "".join(f"{'L' if at else 'M'}{x:.1f} {y:.1f}" for at, (x, y) in enumerate(points))
        drawing.add("path", d=f"{path}Z", fill="none", stroke=INK, stroke_width=0.8)
    dots = [(number, [projection.at(each.latitude, each.longitude) for each in positions]) for number, (_, positions) in numbered]
    for _, points in dots:
        for begin, end in pairwise(points):
            drawing.line(*begin, *end, stroke_width=1.2)
        for x, y in points:
            drawing.add("circle", cx=x, cy=y, r=2.6)
    _labels(drawing, dots, [projection.at(latitude, longitude) for ring in rings for longitude, latitude in ring])
    south = min(latitude for latitude, _ in [*every, *((latitude, longitude) for ring in rings for longitude, latitude in ring)])
    drawing.y = projection.at(south, projection.west)[1] + 8
    _scale_bar(drawing, projection)
    for number, (facility, positions) in numbered:
        distance = _apart(positions)
        apart = tr(": {count} positions, up to {distance:.1f} km apart", count=len(positions), distance=distance)
        drawing.paragraph(f"{number}  {facility.named()}" + (apart if distance >= _APART else ""), SMALL)
    without = [facility.named() for facility in subject.facilities if not facility.coordinates]
    if without:
        drawing.paragraph(tr("Without a position: {names}.", names="; ".join(without)), SMALL)
    if subject.facility and _apart(numbered[0][1][1]) >= _APART:
        _close(drawing, numbered[0][1][1])
    return drawing


def _outline_source(outline: Mapping[str, Any]) -> str:
    """Return whence the outline is, through what, and under which licence."""
    through = tr(", through {work}", work=outline["through"]) if outline.get("through") else ""
    return f"{outline['source']}{through} ({outline['licence']})"


def _rings(authorities: Authorities) -> list[list[tuple[float, float]]]:
    outline = authorities.outline
    rings = outline["rings"] if outline else ()
    return [[_corner(corner) for corner in ring.split()] for ring in rings]


def _corner(written: str) -> tuple[float, float]:
    longitude, latitude = map(float, written.split(","))
    return longitude, latitude


def _projection(points: list[tuple[float, float]], top: float, most: float = _MOST_HEIGHT) -> Projection:
    """Return a projection in which all of some positions (latitude, longitude) are seen, one alone with a degree around it."""
    north, south = max(point[0] for point in points), min(point[0] for point in points)
    east, west = max(point[1] for point in points), min(point[1] for point in points)
    if max(north - south, east - west) < _NO_SPAN:
        north, south, east, west = north + 0.5, south - 0.5, east + 0.5, west - 0.5
    narrow = math.cos(math.radians((north + south) / 2))
    scale = min((WIDTH - 2 * MARGIN) / max((east - west) * narrow, _NO_SPAN), most / max(north - south, _NO_SPAN))
    return Projection(west, north, scale, narrow, top)


def _labels(drawing: Drawing, dots: list[tuple[int, list[tuple[float, float]]]], corners: Iterable[tuple[float, float]]) -> None:
    """Write the number of each camp beside its dots, where no other number and no line is, with a line to it where it lies off.

    :param corners: of the outline.
    """
    taken = [(x - 4, y - 4, x + 4, y + 4) for _, points in dots for x, y in points]
    taken += [(x - 1, y - 1, x + 1, y + 1) for x, y in corners]
    for number, points in dots:
        x, y = points[0]
        wide, high = length_of(str(number), SMALL) + 2, SMALL
        for radius, turn in ((radius, turn) for radius in (8, 14, 20, 28, 38, 50, 64) for turn in range(0, 360, 30)):
            centre_x = x + (radius + wide / 2) * math.cos(math.radians(turn))
            centre_y = y - (radius + high / 4) * math.sin(math.radians(turn))
            box = (centre_x - wide / 2, centre_y - high / 2, centre_x + wide / 2, centre_y + high / 2)
            is_inside = box[0] >= 0 and box[2] <= WIDTH and box[1] >= 0
            if is_inside and not any(_meet(box, other) for other in taken):
                break
        taken.append(box)
        if math.hypot(centre_x - x, centre_y - y) > 16:  # noqa: PLR2004 - as far as one sees by oneself whose number it is
            drawing.line(x, y, centre_x + (wide / 2) * (1 if centre_x < x else -1), centre_y, stroke_width=0.6)
        drawing.text(centre_x, centre_y + high * 0.36, str(number), SMALL, "middle", "bold")


_Box = tuple[float, float, float, float]


def _meet(one: _Box, other: _Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _scale_bar(drawing: Drawing, projection: Projection) -> None:
    """Draw how long some kilometres are: a round number that takes about a quarter of the width."""
    per_kilometre = projection.scale / _KILOMETRES
    rounds = [base * 10.0**power for power in range(-2, 5) for base in (1, 2, 5)]
    length = max((each for each in rounds if each * per_kilometre <= WIDTH * 0.3), default=rounds[0])
    end = MARGIN + length * per_kilometre
    drawing.line(MARGIN, drawing.y, end, drawing.y, stroke_width=1.5)
    for x in (MARGIN, end):
        drawing.line(x, drawing.y - 3, x, drawing.y + 3, stroke_width=1.5)
    drawing.text(end + 5, drawing.y + 4, tr("{length:g} km", length=length), SMALL)
    drawing.y += 12


def _close(drawing: Drawing, positions: list[Position]) -> None:
    """Draw the positions of one camp from near by, each with its letter, and whose it is."""
    drawing.y += 10
    drawing.paragraph(tr("From near by:"), SMALL, weight="bold")
    drawing.y += 14
    top = drawing.y
    projection = _projection([(each.latitude, each.longitude) for each in positions], top, 120)
    points = [projection.at(each.latitude, each.longitude) for each in positions]
    side = min(WIDTH - 2 * MARGIN - max(x for x, _ in points), 60)
    points = [(x + max(side / 2, 0), y) for x, y in points]
    for begin, end in pairwise(points):
        drawing.line(*begin, *end)
    for letter, (x, y) in zip(_letters(), points, strict=False):
        drawing.add("circle", cx=x, cy=y, r=3, fill=INK)
        before = x > WIDTH / 2
        drawing.text(x - 6 if before else x + 6, y - 5, letter, SMALL, "end" if before else "start", "bold")
    drawing.y = max(y for _, y in points) + 14
    _scale_bar(drawing, projection)
    for letter, position in zip(_letters(), positions, strict=False):
        drawing.paragraph(f"{letter}  {', '.join(position.written)}: {join_list(position.sources, 'and')}", SMALL)


def _letters() -> Iterator[str]:
    for number in range(26**2):
        yield ("" if number < 26 else chr(64 + number // 26)) + chr(65 + number % 26)  # noqa: PLR2004 - letters of the alphabet


def _position_table(numbered: list[tuple[int, _Placed]], authorities: Authorities) -> PictureTable:
    del authorities
    rows = (
        (f"{number}  {facility.named()}", position.written[0], position.written[1], join_list(position.sources, "and"))
        for number, (facility, positions) in numbered
        for position in positions
    )
    columns = (tr("Camp"), tr("Degrees north"), tr("Degrees east"), tr("Source"))
    return PictureTable(tr("Positions that sources give"), columns, tuple(rows))


def _place_table(facilities: Iterable[Facility], authorities: Authorities) -> PictureTable:
    rows = (
        (
            facility.named(),
            f"{date_in_words(each['date'])}: {each['text']}" if each.get("date") else each["text"],
            tr("Rejected: {why}", why=each["rejected"]) if each.get("rejected") else statements.contradictions_of(each) or "–",
            "; ".join(statements.sources_of(each, authorities)),
        )
        for facility in facilities
        for each in facility.statements
        if each["about"] == "place"
    )
    columns = (tr("Camp"), tr("What is stated"), tr("Contested in"), tr("Source"))
    return PictureTable(tr("What is stated of the place"), columns, tuple(rows))


def _items(
    numbered: list[tuple[int, _Placed]], facilities: Iterable[Facility], authorities: Authorities
) -> Iterator[dict[str, Any]]:
    for number, (facility, positions) in numbered:
        for position in positions:
            yield statements.item(
                number=number,
                what="position",
                camp=facility.id,
                latitude=position.written[0],
                longitude=position.written[1],
                sources=list(position.sources),
            )
    for facility in facilities:
        for each in facility.statements:
            if each["about"] == "place":
                yield statements.item(
                    what="place",
                    camp=facility.id,
                    date=each.get("date") or None,
                    text=each["text"],
                    conflicts=list(each.get("conflicts", ())),
                    sources=statements.sources_of(each, authorities),
                    rejected=each.get("rejected") or None,
                    drawn=False,
                )
