"""A picture as every family of formats takes it: a table first, a drawing, how to read it, its caveats and its sources.

A picture is an output like any other: what is contested in it says so, and the
caveats in force at what it shows stand with it. `figure` writes all of it.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from archive.formats._html_parts import mark_english
from archive.formats._html_sink import NOTHING, Markup, anchor, element, join
from archive.language.messages import mark, tr
from archive.named_tuple import NamedTuple

STYLE: Final = """\
.picture { margin: 2rem 0; }
.picture svg { display: block; width: 100%; max-width: 34rem; height: auto; margin: 1rem 0; }
.picture table { font-size: .9em; margin: .75rem 0; }
.picture caption { text-align: start; font-weight: bold; }
.picture-scroll { overflow-x: auto; }
.picture-scroll table { overflow-wrap: normal; }
.picture-scroll table.picture-wide { min-width: 46rem; overflow-wrap: break-word; }
.picture .caveat dt { font-weight: bold; margin-top: .35rem; }
.picture .caveat dd { margin: 0 0 .35rem 0; }
.picture .picture-small { font-size: .9em; }
@media print {
  .picture svg { max-width: 15cm; }
  .picture-scroll { overflow: visible; }
  .picture-scroll table.picture-wide { min-width: 0; }
}
"""
"""What a page with pictures needs besides its own style."""


class PictureTable(NamedTuple):
    """What a picture shows, in words and figures; the first cell of a row is its heading."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class PictureCaveat(NamedTuple):
    """A caveat in force at what a picture shows; ``statement`` is "" where it is named alone."""

    of: str
    label: str
    statement: str = ""
    ends: str = ""


class Picture(NamedTuple):
    """A picture of a facility, or of the whole collection where ``camp`` is "".

    ``summary`` says in a sentence or two what is seen. ``svg`` is "" where there
    is nothing to draw; then the summary says why. ``height`` is in the units of
    the drawing, which is `WIDTH` of them wide.
    """

    kind: str
    camp: str
    title: str
    summary: str
    tables: tuple[PictureTable, ...]
    svg: Markup
    height: float
    reading: tuple[str, ...]
    caveats: tuple[PictureCaveat, ...]
    sources: tuple[str, ...]
    data: dict[str, Any]
    collection: str

    @property
    def is_empty(self) -> bool:
        """Return whether there is nothing to draw."""
        return not self.svg

    @property
    def name(self) -> str:
        """Return what it is called in ids and in names of files."""
        return f"{self.kind}-{self.camp or 'collection'}"


WIDTH: Final = 400
"""Of every drawing, in its own units."""
_LONG: Final = 40
_MANY: Final = 3
_LEVELS: Final = range(1, 6)


def figure(picture: Picture, level: int = 2) -> Markup:
    """Write a picture as a section of a page: heading, summary, tables, drawing, how to read it, caveats and sources.

    :param level: of its heading, 1 to 5.
    """
    name = anchor(f"section-{picture.name}")
    heading = element(f"h{level if level in _LEVELS else 2}", mark_english(picture.title), id=name)
    return element("section", heading, body(picture), aria_labelledby=name)


def body(picture: Picture) -> Markup:
    """Write all of a picture but its title, for a page whose heading that is."""
    name = anchor(f"section-{picture.name}")
    return element(
        "div",
        element("p", mark_english(picture.summary)),
        *([] if picture.is_empty else [element("p", element("a", tr("To the drawing"), href=f"#{name}-drawing"))]),
        *(_table(table) for table in picture.tables),
        *_drawing(picture),
        _caveats(picture),
        _sources(picture),
        class_="picture",
    )


def _drawing(picture: Picture) -> list[Markup]:
    drawn = [] if picture.is_empty else [element("div", picture.svg, id=anchor(f"section-{picture.name}-drawing"))]
    return [*drawn, *(element("p", mark_english(line), class_="picture-small") for line in picture.reading)]


class PicturePart(NamedTuple):
    """A part of a picture that is too long for one page; ``caveats`` are those that stand in it in words."""

    inside: Markup
    caveats: tuple[PictureCaveat, ...] = ()


def in_parts(picture: Picture, most: int) -> list[PicturePart]:
    """Return a picture in parts of at most so many bytes where they can be cut: tables, then the drawing, then its caveats.

    A part that has not every caveat is to name the others, and where they stand.
    """
    whole = body(picture)
    if len(whole.encode()) <= most:
        return [PicturePart(whole, picture.caveats)]
    parts: list[PicturePart] = []
    before = NOTHING
    for block in (element("p", mark_english(picture.summary)), *_tables_of(picture, most), join(*_drawing(picture))):
        if before and len(before.encode()) + len(block.encode()) > most:
            parts.append(PicturePart(element("div", before, class_="picture")))
            before = NOTHING
        before = join(before, block)
    after, waiting = _sources(picture), list(picture.caveats)
    while waiting or before or after:
        taken = _fitting(picture, waiting, most - len(before.encode())) or ([] if before else waiting[:1])
        waiting = waiting[len(taken) :]
        told = _caveats(picture._replace(caveats=tuple(taken))) if taken or not picture.caveats else NOTHING
        end = after if (not waiting and len(join(before, told, after).encode()) <= most) or not (before or taken) else NOTHING
        parts.append(PicturePart(element("div", before, told, end, class_="picture"), tuple(taken)))
        before, after = NOTHING, NOTHING if end else after
    return parts


def _tables_of(picture: Picture, most: int) -> Iterator[Markup]:
    """Yield tables in one piece each where they fit, else cut between rows."""
    for table in picture.tables:
        rows = len(table.rows)
        while rows > 1 and any(
            len(_table(table._replace(rows=table.rows[at : at + rows])).encode()) > most for at in range(0, len(table.rows), rows)
        ):
            rows = (rows + 1) // 2
        for at in range(0, max(1, len(table.rows)), max(1, rows)):
            yield _table(table._replace(rows=table.rows[at : at + rows]))


def _fitting(picture: Picture, waiting: list[PictureCaveat], most: int) -> list[PictureCaveat]:
    """Return as many caveats as fit, from the first."""
    number = len(waiting)
    while number and len(_caveats(picture._replace(caveats=tuple(waiting[:number]))).encode()) > most:
        number = number * 3 // 4
    return waiting[:number]


def caveat_names(caveats: Iterable[PictureCaveat]) -> str:
    """Return caveats by their names alone, those of one thing together."""
    of: dict[str, list[str]] = {}
    for caveat in caveats:
        of.setdefault(caveat.of, []).append(caveat.label)
    return "; ".join(f"{name}: {', '.join(dict.fromkeys(labels))}" if name else ", ".join(labels) for name, labels in of.items())


def _table(table: PictureTable) -> Markup:
    head = element("tr", *(element("th", column, scope="col") for column in table.columns))
    rows = (
        element("tr", element("th", mark_english(row[0]), scope="row"), *(element("td", mark_english(cell)) for cell in row[1:]))
        for row in table.rows
    )
    # Columns of words need room, and scroll where the page is narrow; figures do not.
    longest = max((len(cell) for row in table.rows for cell in row), default=0)
    look = {"class_": "picture-wide"} if longest > _LONG and len(table.columns) > _MANY else {}
    inside = element(
        "table", element("caption", mark_english(table.caption)), element("thead", head), element("tbody", *rows), **look
    )
    return element("div", inside, class_="picture-scroll", role="group", aria_label=table.caption, tabindex="0")


def _caveats(picture: Picture) -> Markup:
    if not picture.caveats:
        return element("p", tr(NO_CAVEATS), class_="picture-small")
    listed = (
        join(element("dt", mark_english(term)), element("dd", mark_english(said), ends))
        for term, said, ends in _terms(picture.caveats)
    )
    label = tr(CAVEATS)
    return element(
        "aside",
        element("p", element("strong", label)),
        element("dl", *listed),
        class_="caveat",
        aria_label=f"{label}: {picture.title}",
    )


def _terms(caveats: Iterable[PictureCaveat]) -> Iterator[tuple[str, str, Markup]]:
    """Yield of what each caveat is, what is said of it, and whose it is; of one that is named alone its name is what is said."""
    for caveat in caveats:
        ends = join(" ", element("span", f"[{caveat.ends}]")) if caveat.ends else NOTHING
        yield (caveat_title(caveat), caveat.statement, ends) if caveat.statement else (caveat.of, caveat.label, ends)


def _sources(picture: Picture) -> Markup:
    """Write the sources that stand in no table."""
    cells = "\n".join(cell for table in picture.tables for row in table.rows for cell in row)
    sources = [source for source in picture.sources if source not in cells]
    if not sources:
        return NOTHING
    items = (element("li", mark_english(source)) for source in sources)
    return join(
        element("p", element("strong", tr(SOURCES)), class_="picture-small"), element("ul", *items, class_="picture-small")
    )


CAVEATS: Final = mark("Caveats in force at what is shown")
SOURCES: Final = mark("Sources")
NO_CAVEATS: Final = mark("No caveat is in force at what is shown.")


def caveat_title(caveat: PictureCaveat) -> str:
    """Return of what a caveat is, and its name."""
    return f"{caveat.of}: {caveat.label}" if caveat.of else caveat.label


def drawing_id(kind: str, camp: str) -> str:
    """Return how the ids inside a drawing begin, so that several stand on one page."""
    return re.sub(r"[^a-z0-9-]+", "-", f"picture-{kind}-{camp or 'collection'}".lower())
