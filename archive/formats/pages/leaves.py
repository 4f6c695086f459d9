"""Pages that are too long for one document: their parts, and the links from one to the others."""

from archive.formats._html_sink import NOTHING, Markup, element
from archive.formats.pages.frame import PageContext
from archive.formats.pages.places import PagePlace
from archive.language.messages import tr


def at_part(place: PagePlace, part: int) -> PagePlace:
    """Return the place of a part of a page, from 1; the first is at the address of the page itself."""
    return place._replace(parameters=(("part", str(part)),)) if part > 1 else place


def leaves(place: PagePlace, part: int, number: int, context: PageContext) -> Markup:
    """Write the links to the parts of a page; nothing where it has one.

    :param part: the one that is written.
    :param number: how many there are.
    """
    if number == 1:
        return NOTHING
    items = []
    for each in range(1, number + 1):
        named = tr("Part {number}", number=each)
        is_here = element("strong", named, aria_current="page")
        items.append(is_here if each == part else context.link(at_part(place, each), named))
    return element("nav", element("ul", *(element("li", item) for item in items), class_="row"), aria_label=tr("Parts"))
