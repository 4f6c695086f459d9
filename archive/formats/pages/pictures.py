"""The pages of pictures: each whole, with its tables before the drawing and its caveats below it."""

from collections.abc import Mapping
from typing import Final

from archive.authority.gazetteer import Facility
from archive.formats import _html_parts as parts
from archive.formats._html_sink import NOTHING, Markup, element, joined
from archive.formats.pages import places
from archive.formats.pages.frame import Page, PageContext
from archive.formats.pages.places import PagePlace
from archive.formats.picture import Picture, body
from archive.formats.registry import PICTURES
from archive.language.messages import mark, tr

_OF_CAMP: Final[Mapping[str, str]] = {
    "timeline": mark("When it was at work, and what times are told of"),
    "map": mark("Where it lies, by the sources"),
    "coverage": mark("Who tells of which decade"),
    "relations": mark("Who relies on whom"),
    "estimates": mark("Estimates of prisoners"),
}
_OF_ALL: Final[Mapping[str, str]] = {
    **_OF_CAMP,
    "timeline": mark("When the camps were at work, and what times are told of"),
    "map": mark("Where the camps lie, by the sources"),
}


def place(kind: str, camp: str = "") -> PagePlace:
    """Return where a picture of a camp is, or one of the collection where none is named."""
    return PagePlace("picture", (kind, camp) if camp else (kind,))


def links(context: PageContext, facility: Facility | None = None) -> Markup:
    """Write a list of links to the pictures of a camp, or to those of the collection; nothing where the site has none."""
    if context.links.to(place(next(iter(PICTURES)))) is None:
        return NOTHING
    named, camp = (_OF_CAMP, facility.id) if facility else (_OF_ALL, "")
    items = (element("li", context.link(place(kind, camp), tr(named[kind]))) for kind in PICTURES)
    return element("nav", element("ul", *items, class_="row"), aria_label=tr("Pictures"))


def picture(shown: Picture, context: PageContext) -> Page:
    """Return the page of a picture."""
    facility = context.authorities.gazetteer[shown.camp] if shown.camp else None
    back = context.link(places.camp(facility.id), parts.mixed(facility.named())) if facility else NOTHING
    lead = joined(element("p", back) if back else NOTHING, links(context, facility))
    return Page(place(shown.kind, shown.camp), shown.title, body(shown), lead)
