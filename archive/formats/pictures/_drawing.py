"""A drawing in one colour, that of the text around it: it grows downwards, and what is not sure fades or is hatched.

Nothing is told by colour, so it reads the same on paper, in the dark, in
forced colours and to who sees none. Lengths are in units of the drawing.
"""

from collections.abc import Iterator
from typing import Final

from archive.formats._html_sink import Markup, draw
from archive.formats.picture import WIDTH, drawing_id
from archive.formats.terminal import break_word, visible, wrap
from archive.language.messages import current_language
from archive.text import width

MARGIN: Final = 6.0
INK: Final = "currentColor"
SIZE: Final = 12.0
"""Of letters, where nothing else is said."""
SMALL: Final = 11.5
"""Of letters beside what is drawn: on the narrowest screen still nine pixels high."""
FONTS: Final = "system-ui, 'Noto Sans', 'Noto Sans CJK KR', 'Noto Sans KR', NanumGothic, 'Malgun Gothic', sans-serif"
_CELL: Final = 0.54
"""Width of a cell as a share of the size of letters; Hangul and Han take two."""
_LEADING: Final = 1.3


class Drawing:
    """A drawing that is made from top to bottom; ``y`` is where it goes on."""

    def __init__(self, kind: str, camp: str) -> None:
        """Begin at the top."""
        self.kind, self.camp = kind, camp
        self.id = drawing_id(kind, camp)
        self.y = MARGIN
        self.parts: list[Markup] = []

    def add(self, name: str, /, *inside: str, **attributes: str | float) -> None:
        """Add an element."""
        self.parts.append(draw(name, *inside, **attributes))

    def text(  # noqa: PLR0913, PLR0917 - as SVG has them
        self, x: float, y: float, words: str, size: float = SIZE, anchor: str = "start", weight: str = "normal"
    ) -> None:
        """Write words on a line, in one piece."""
        look: dict[str, str | float] = {} if size == SMALL else {"font_size": size}
        look |= {} if anchor == "start" else {"text_anchor": anchor}
        look |= {} if weight == "normal" else {"font_weight": weight}
        self.add("text", visible(words), x=x, y=y, **look)

    def paragraph(self, words: str, size: float = SIZE, indent: float = 0, weight: str = "normal") -> None:
        """Write words over as many lines as they need, and go on below them."""
        for line in in_lines(words, size, WIDTH - 2 * MARGIN - indent):
            self.y += size * _LEADING
            self.text(MARGIN + indent, self.y - size * 0.3, line, size, weight=weight)

    def line(self, x1: float, y1: float, x2: float, y2: float, **look: str | float) -> None:
        """Draw a line."""
        self.add("line", x1=x1, y1=y1, x2=x2, y2=y2, **{"stroke": INK, **look})

    def box(self, x1: float, x2: float, y: float, height: float, **look: str | float) -> None:
        """Draw a box between two places; it is never too narrow to be seen."""
        self.add("rect", x=x1, y=y, width=max(x2 - x1, 2.0), height=height, **look)

    def fill(self, name: str) -> str:
        """Return one of the fills: "in" and "out" fade, "hatch" is hatched."""
        return f"url(#{self.id}-{name})"

    def finish(self, title: str, summary: str) -> tuple[Markup, float]:
        """Return the drawing with its title and what it says in words, and how high it is."""
        height = self.y + MARGIN
        svg = draw(
            "svg",
            draw("title", visible(title), id=f"{self.id}-title"),
            draw("desc", visible(summary), id=f"{self.id}-desc"),
            draw("defs", *self._fills()),
            *self.parts,
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {WIDTH} {round(height, 1):g}",
            role="img",
            aria_labelledby=f"{self.id}-title {self.id}-desc",
            font_family=FONTS,
            font_size=SMALL,
            fill=INK,
            lang=current_language(),
        )
        return svg, height

    def _fills(self) -> Iterator[Markup]:
        for name, ends in {"in": ("0", "1"), "out": ("1", "0")}.items():
            stops = (draw("stop", offset=str(at), stop_color=INK, stop_opacity=end) for at, end in enumerate(ends))
            yield draw("linearGradient", *stops, id=f"{self.id}-{name}")
        lines = draw("path", d="M-1 1L1 -1M0 5L5 0M4 6L6 4", stroke=INK, stroke_width=1.2, fill="none")
        yield draw("pattern", lines, id=f"{self.id}-hatch", width=5, height=5, patternUnits="userSpaceOnUse")


def cells_in(length: float, size: float) -> int:
    """Return how many cells fit into a length."""
    return max(int(length / (size * _CELL)), 8)


def length_of(words: str, size: float = SIZE) -> float:
    """Return how long words are, as near as can be told without a font."""
    return width(visible(words)) * size * _CELL


def in_lines(words: str, size: float, length: float) -> Iterator[str]:
    """Break words into lines of a length; a word that is longer is broken."""
    cells = cells_in(length, size)
    for line in wrap(visible(words), cells):
        yield from break_word(line, cells) if width(line) > cells else (line,)
