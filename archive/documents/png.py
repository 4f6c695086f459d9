"""A drawing (SVG) as a picture of points (PNG), by typst, which has the fonts and draws the same on every system."""

from archive.documents import _typesetting


def of_drawing(svg: str, title: str) -> bytes:
    """Return an SVG as PNG, two points to a unit of its width.

    :param title: of the drawing.
    :raises MissingExtra: typst is not installed.
    :raises CannotTypeset: it has Hangul, and no font with Hangul is installed; or typst refused it.
    """
    return _typesetting.png(svg, title)
