"""A picture as a file that stands alone: SVG or PNG with all its words in it, or JSON."""

import re
from typing import Final

from archive.documents import png
from archive.formats._html_sink import Markup, draw, join, words
from archive.formats.json_sink import lines
from archive.formats.picture import CAVEATS, NO_CAVEATS, SOURCES, WIDTH, Picture, caveat_title, drawing_id
from archive.formats.pictures._drawing import FONTS, INK, MARGIN, SMALL, Drawing
from archive.language.messages import current_language, tr

_TINY: Final = 8.0
_BODY: Final = 9.5
_HEAD: Final = 13.0
_SHOWN_WIDTH: Final = 800
_PAPER: Final = "#ffffff"
_DARK: Final = "#111111"


def write(picture: Picture, form: str) -> bytes:
    """Return the bytes of a file.

    :param form: "svg", "png" or "json".
    :raises MissingExtra: typst, which writes PNG, is not installed.
    :raises CannotTypeset: no font with Hangul is installed, or none has another sign of it.
    """
    if form == "json":
        return "".join(f"{line}\n" for line in lines(picture.data)).encode("utf-8", "replace")
    svg = alone(picture)
    return png.of_drawing(svg, picture.title) if form == "png" else f"{svg}\n".encode("utf-8", "replace")


def bare(picture: Picture) -> bytes:
    """Return the drawing alone as PNG, for a document that has the table, the caveats and the sources beside it.

    :raises MissingExtra: typst, which writes PNG, is not installed.
    :raises CannotTypeset: no font with Hangul is installed, or none has another sign of it.
    """
    nothing = Drawing(f"{picture.kind}-words", picture.camp), Drawing(f"{picture.kind}-below", picture.camp)
    return png.of_drawing(_together(picture, *nothing), picture.title)


def alone(picture: Picture) -> Markup:
    """Return a drawing with its heading above it and, below, how to read it, its caveats in words and its sources."""
    above, below = Drawing(f"{picture.kind}-words", picture.camp), Drawing(f"{picture.kind}-below", picture.camp)
    above.paragraph(picture.title, _HEAD, weight="bold")
    above.paragraph(picture.summary, _BODY)
    if picture.is_empty:
        _table_words(above, picture)
    for line in picture.reading:
        below.paragraph(line, _TINY)
    below.y += 4
    below.paragraph(tr(CAVEATS) if picture.caveats else tr(NO_CAVEATS), _TINY, weight="bold")
    for caveat in picture.caveats:
        stated = f": {caveat.statement}" if caveat.statement else ""
        ends = f" [{caveat.ends}]" if caveat.ends else ""
        below.paragraph(f"{caveat_title(caveat)}{stated}{ends}", _TINY)
    below.y += 4
    below.paragraph(tr(SOURCES), _TINY, weight="bold")
    for source in picture.sources:
        below.paragraph(source, _TINY)
    below.y += 4
    below.paragraph(picture.collection, _TINY)
    return _together(picture, above, below)


def _table_words(drawing: Drawing, picture: Picture) -> None:
    for table in picture.tables:
        drawing.paragraph(table.caption, _BODY, weight="bold")
        for row in table.rows:
            drawing.paragraph(" · ".join(row), _TINY)


def _together(picture: Picture, above: Drawing, below: Drawing) -> Markup:
    middle = above.y
    foot = middle + picture.height
    height = round(foot + below.y + MARGIN, 1)
    name = drawing_id(picture.kind, picture.camp)
    return draw(
        "svg",
        draw("title", words(picture.title), id=f"{name}-alone-title"),
        draw("desc", words(picture.summary), id=f"{name}-alone-desc"),
        draw("rect", x=0, y=0, width=WIDTH, height=height, fill=_PAPER),
        *above.parts,
        _move(_inner(picture.svg), middle),
        _move(join(*below.parts), foot),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {height:g}",
        width=_SHOWN_WIDTH,
        height=round(height * _SHOWN_WIDTH / WIDTH),
        role="img",
        aria_labelledby=f"{name}-alone-title {name}-alone-desc",
        font_family=FONTS,
        font_size=SMALL,
        fill=INK,
        color=_DARK,
        lang=current_language(),
    )


def _inner(svg: Markup) -> Markup:
    """Return what stands inside a drawing, without its title and what it says in words, which stand above."""
    inside = re.sub(r"^<svg[^>]*>|</svg>$", "", svg)
    return Markup(re.sub(r"<(title|desc)[^>]*>.*?</\1>", "", inside, count=2))


def _move(inside: Markup, down: float) -> Markup:
    return draw("g", inside, transform=f"translate(0 {round(down, 1):g})") if inside else inside
