"""The pages of pictures: each whole, with its tables before the drawing and its caveats below it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from archive.authority.gazetteer import Facility
from archive.formats import _html_parts as parts
from archive.formats._html_sink import NOTHING, Markup, element, join
from archive.formats.pages import places
from archive.formats.pages.frame import Page, PageContext
from archive.formats.pages.leaves import at_part, leaves
from archive.formats.pages.places import PagePlace
from archive.formats.picture import CAVEATS, Picture, PicturePart, caveat_names, in_parts
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


MOST: Final = 43_000
"""Bytes of a picture on one page; with all that stands around it a page stays under 60 kB."""


def picture(shown: Picture, context: PageContext, part: int = 1) -> Page:
    """Return the page of a picture; of one that is too long for a page, of a part of it.

    :param part: from 1; of a part that there is not, the last one.
    """
    every = in_parts(shown, MOST)
    return _page(shown, every, min(max(part, 1), len(every)), context)


def every_part(shown: Picture, context: Callable[[PagePlace], PageContext]) -> Iterator[Page]:
    """Yield the pages of a picture.

    :param context: gives what the page of a place needs to be written.
    """
    every = in_parts(shown, MOST)
    for part in range(1, len(every) + 1):
        yield _page(shown, every, part, context(_place_of(shown, part)))


def _page(shown: Picture, every: Sequence[PicturePart], part: int, context: PageContext) -> Page:
    facility = context.authorities.gazetteer[shown.camp] if shown.camp else None
    back = context.link(places.camp(facility.id), parts.mark_english(facility.named())) if facility else NOTHING
    lead = join(element("p", back) if back else NOTHING, links(context, facility), _leaves(shown, every, part, context))
    here = every[part - 1]
    main = join(here.inside, _elsewhere(shown, every, part, context), by="\n")
    return Page(_place_of(shown, part), shown.title, main, lead)


def _place_of(shown: Picture, part: int) -> PagePlace:
    return at_part(place(shown.kind, shown.camp), part)


def _leaves(shown: Picture, every: Sequence[PicturePart], part: int, context: PageContext) -> Markup:
    if len(every) == 1:
        return NOTHING
    told = element("p", tr("Too long for one page: tables first, then the drawing with its caveats."), class_="small")
    return join(told, leaves(place(shown.kind, shown.camp), part, len(every), context))


def _elsewhere(shown: Picture, every: Sequence[PicturePart], part: int, context: PageContext) -> Markup:
    """Name the caveats that stand in words on another part: none of what is shown leaves without them."""
    said = []
    for number, other in enumerate(every, start=1):
        missing = [caveat for caveat in other.caveats if number != part]
        if missing:
            link = context.link(_place_of(shown, number), tr("In words in part {number}", number=number))
            said.append(element("p", link, ": ", parts.mark_english(caveat_names(missing))))
    if not said:
        return NOTHING
    label = tr(CAVEATS)
    return element("aside", element("p", element("strong", label)), *said, class_="caveat", aria_label=label)
