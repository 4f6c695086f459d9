"""What only a published edition has: its search page, the articles that the search shows, and what stands in each head."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from archive.authority.authorities import Authorities
from archive.citing.excerpt import RenderedHit
from archive.formats import fields
from archive.formats._html_sink import Markup, control, element, join, sound
from archive.formats._notes_in_full import NotesInFull
from archive.formats.pages import _passage as passage_parts
from archive.formats.pages import places
from archive.formats.pages.finding import filter_of
from archive.formats.pages.frame import Page, PageContext
from archive.formats.pages.places import PagePlace
from archive.formats.wording import facet_heading
from archive.language.messages import tr
from archive.record.testimony import CODE_OTHERWISE, CODES
from archive.search.model import FacetCount

POLICY: Final = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'"
"""What a page of an edition may load: what lies beside it, also where it is opened from a stick, and nothing else."""
SEARCH_SCRIPTS: Final = ("query.js", "search.js", "basket.js", "page.js")
_BASKET_SCRIPTS: Final = ("basket.js",)
SEARCH: Final = "search"
"""The folder of the search, at the top of the edition and below each language."""
FILTERED: Final = ("camp", "decade", "flag", "topic", "language", "kind")
"""The facets that the form of the search offers; the others are understood in an address."""


def search_page(facets: Mapping[str, Sequence[FacetCount]], context: PageContext) -> Page:
    """Return the page that is searched in without a server; without its script it says where to look in its place.

    :param facets: of the whole edition.
    """
    chosen = (_chooser(name, facets[name], context.authorities) for name in FILTERED if facets.get(name))
    action = context.links.to(PagePlace("search"))
    assert action is not None  # noqa: S101 - an edition has a search
    form = control(
        "form",
        control("label", tr("Search for words, a name, a camp or a subject"), for_="q"),
        element(
            "span",
            control("input", type="search", name="q", id="q", enterkeyhint="search"),
            control("button", tr("Search"), type="submit"),
            class_="box",
        ),
        element("span", *chosen, class_="choosers"),
        element("p", tr("In brackets: passages in all. A decade also finds what is told of a time near it."), class_="small"),
        action=action,
        method="get",
        role="search",
        id="search",
    )
    ways = [(PagePlace("records"), tr("Records")), (PagePlace("camps"), tr("Camps")), (PagePlace("topics"), tr("Topics"))]
    links = element("ul", *(element("li", context.link(place, label)) for place, label in ways), class_="row")
    without = tr("The search runs in this page: what you type is sent nowhere. Without scripts, look here:")
    main = join(
        form,
        element("p", tr('Both words of two must occur; “OR”, “NOT” and "a phrase" are understood.'), class_="small"),
        element("div", element("p", without), links, id="unscripted"),
        element("p", id="told", role="status"),
        element("div", id="asides"),
        element("div", id="answer", class_="answer"),
        by="\n",
    )
    return Page(PagePlace("search"), tr("Search"), main, forms=())


def scripts_of(page: Page) -> Sequence[str]:
    """Return the scripts of a page, by their names in the folder of the search."""
    if page.place.kind == "search":
        return SEARCH_SCRIPTS
    return _BASKET_SCRIPTS if page.place.kind in {"passage", "basket"} else ()


def basket_page(context: PageContext) -> Page:
    """Return the page of what a reader puts together in the browser; without its script it says what to do in its place."""
    without = [
        element("p", tr("Without scripts nothing can be put together here.")),
        element(
            "p",
            tr(
                "The page of each passage has a block to take along, with its words, its caveats and its citation: "
                "copy it, or print the page. The program keeps a basket too; type:"
            ),
        ),
        element("p", element("code", "testimony basket add NKT-0001#p3"), class_="copy"),
    ]
    main = join(
        element("div", *without, id="unscripted"),
        element("p", id="number"),
        element("p", id="told", role="status"),
        element("div", id="tools"),
        element("div", id="answer", class_="answer"),
        by="\n",
    )
    how = tr("On the page of a passage, and below each result of a search, a button puts it into the basket.")
    lead = element("p", how, " ", context.link(PagePlace("search"), tr("Search")), class_="how")
    return Page(PagePlace("basket"), tr("Basket"), main, lead, forms=())


def _chooser(name: str, rows: Sequence[FacetCount], authorities: Authorities) -> Markup:
    heading = facet_heading(name)
    options = []
    for row in rows:
        pair = filter_of(name, row.value)
        if pair:
            label = f"{fields.label(name, row.value, authorities)} ({row.passages})"
            options.append(control("option", label, value=pair[1]))
    key = "period" if name == "decade" else name
    every = control("option", tr("any"), value="")
    label = control("label", heading[:1].upper() + heading[1:].lower(), for_=f"by-{key}")
    return element("span", label, control("select", every, *options, name=key, id=f"by-{key}"), class_="chooser")


def article(shown: RenderedHit, context: PageContext) -> str:
    """Return a passage with its caveats and its citation as one piece, which the search puts in whole or leaves out.

    :raises Defect: it holds what no page of ours may hold.
    """
    return sound(passage_parts.article(shown, context, NotesInFull(), level="h2"))


def strings(authorities: Authorities, terms: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return what the search says, in the language of the page.

    :param terms: the lists and ids of the terms that a word may be taken for.
    """
    return {
        "found": tr("Passages: {passages}. Testimonies: {testimonies}.", passages="{passages}", testimonies="{testimonies}"),
        "shown": tr("Shown: {first} to {last}.", first="{first}", last="{last}"),
        "more": tr("Show more"),
        "waiting": tr("Searching …"),
        "nothing": tr("No passage answers. The program also tries what is near; type:"),
        "codes": CODES,
        "code_otherwise": CODE_OTHERWISE,
        "prefix": authorities.prefix,
        "code": tr("{code} is a code. Words are searched for; what has a code is read by it:", code="{code}"),
        "nowhere": tr("No passage has: {words}.", words="{words}"),
        "spared": tr("No passage has all of it: each of these goes without a part of what was asked ({words}).", words="{words}"),
        "dropped": tr("Not required, since it names no subject: {words}.", words="{words}"),
        "meant": tr("Found by topic too: {terms}.", terms="{terms}"),
        "works": tr("Found last: what is of the work, or cites it, that is named by {words}.", words="{words}"),
        "also": tr("Looked for as well: {words}.", words="{words}"),
        "undated": tr("Left out because they are undated: {passages}.", passages="{passages}"),
        "unknown": tr("The search of this page does not understand “{part}”. The program does; type:", part="{part}"),
        "basket": basket_strings(),
        "broken": tr("The search could not be loaded: {file} is missing. The copy of this edition is not whole.", file="{file}"),
        "terms": {f"{name}:{term}": authorities.vocabulary.label(name, term) for name, term in terms},
    }


def basket_strings() -> dict[str, str]:
    """Return what the script of the basket says, by its names, in the language of the page."""
    return {
        "put": tr("Put into the basket"),
        "take": tr("Take out of the basket"),
        "isIn": tr("In the basket, with its caveats and its citation. Passages in it: {number}.", number="{number}"),
        "taken": tr("Taken out. Passages in the basket: {number}.", number="{number}"),
        "full": tr("The basket is full: it holds {number} passages.", number="{number}"),
        "number": tr("Passages in the basket: {number}.", number="{number}"),
        "inBrowser": tr(
            "They stay in this browser, also after it is closed, until you empty the basket or press “Leave quickly”. "
            "Nothing is sent anywhere."
        ),
        "inTab": tr(
            "They stay in this tab until you close it, empty the basket or press “Leave quickly”. Nothing is sent anywhere."
        ),
        "keepsNothing": tr("This browser lets a page keep nothing: nothing can be put together here."),
        "gone": tr("{reference} is not in this edition any more. Do not cite it.", reference="{reference}"),
        "changed": tr(
            "The words of {reference} have changed since you put it in. Below is what stands there now.", reference="{reference}"
        ),
        "copyAll": tr("Copy all, with caveats and citations"),
        "copied": tr("Copied, with caveats and citations. Passages: {number}.", number="{number}"),
        "print": tr("Print"),
        "empty": tr("Empty the basket"),
        "emptied": tr("The basket is empty. Nothing of it is kept any more."),
        "broken": tr("The basket could not be loaded: {file} is missing. The copy of this edition is not whole.", file="{file}"),
    }


def withdrawn(code: str, context: PageContext) -> Page:
    """Return the page at the address of a record that was withdrawn after it had been public: all that is told of it."""
    told = tr("{code} was withdrawn after it had been public", code=code)
    main = join(
        element("p", f"{told}. ", tr("Nothing of it is shown any more; do not cite it."), class_="notice"),
        element("p", context.link(places.home(), tr("To the beginning"))),
    )
    return Page(places.record(code), tr("{code}: withdrawn", code=code), main, forms=())
