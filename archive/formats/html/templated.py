"""A dossier in the shape of a template as a page that stands alone; pandoc makes it of the Markdown."""

from collections.abc import Iterator

from archive.formats._html_sink import element, join, of_another_program
from archive.formats.html._page import HtmlPage, page
from archive.formats.html.dossier import STYLE


def write(fragment: str, title: str, language: str) -> Iterator[str]:
    """Write a page.

    :param fragment: HTML of another program, of which only what a page of ours may hold is taken.
    :param language: BCP 47.
    """
    heading = element("h1", title)
    yield from page(
        HtmlPage(title=title, language=language, main=of_another_program(fragment), header=join(heading), style=STYLE)
    )
