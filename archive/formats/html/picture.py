"""A picture as a page that stands alone."""

from typing import Final

from archive.formats import _html_parts as parts
from archive.formats._html_sink import element
from archive.formats.html._page import HtmlPage, page
from archive.formats.picture import STYLE, Picture, figure
from archive.language.messages import current_language

_WIDE: Final = "body { max-width: 60rem; }\n"


def write(picture: Picture, form: str) -> bytes:
    """Return a page with a picture: its table, the drawing, its caveats and its sources."""
    del form
    made = page(
        HtmlPage(
            title=picture.title,
            language=current_language(),
            main=figure(picture, 1),
            footer=element("p", parts.mark_english(picture.collection), class_="small"),
            style=f"{parts.STYLE}{STYLE}{_WIDE}",
        )
    )
    return "".join(f"{line}\n" for line in made).encode("utf-8", "replace")
