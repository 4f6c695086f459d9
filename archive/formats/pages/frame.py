"""A page of the site: what stands around every page, and the document as it is sent or kept."""

from collections.abc import Iterator
from typing import Final

from archive.authority.authorities import Authorities
from archive.errors import Defect
from archive.formats._html_parts import mark_english
from archive.formats._html_sink import NOTHING, Markup, control, element, join, sound, words
from archive.formats.pages import places
from archive.formats.pages.places import SCRIPT, STYLE, Links, PagePlace
from archive.language.messages import LANGUAGES, current_language, mark, tr
from archive.named_tuple import NamedTuple
from archive.record.testimony import PUBLIC, Clearance
from archive.search.model import Coverage

LEAVE: Final = "https://www.wikipedia.org/"
"""Where who has to leave quickly is led: a page that anybody may have open."""


NO_REFERRER: Final = "no-referrer"
"""Nobody is told from which page somebody comes; below, none but this site itself, by which it knows its own forms."""
OWN_REFERRER: Final = "same-origin"


class Page(NamedTuple):
    """What a reader comes for.

    :param place: of the page itself.
    :param title: of the document; on the page it is the heading of first rank.
    :param lead: what stands under the heading, before the text.
    :param forms: of the same for programs, where there are any, as "json".
    :param about: what a reference manager reads of it, as names and contents of elements ``meta``.
    """

    place: PagePlace
    title: str
    main: Markup
    lead: Markup = NOTHING
    heading: Markup = NOTHING
    forms: tuple[str, ...] = ("json",)
    about: tuple[tuple[str, str], ...] = ()


class PageContext(NamedTuple):
    """What a page needs besides its own matter: how links are written, what the archive has agreed on, how this is shown.

    :param is_edition: the page is one of a published edition, which has nobody behind it who answers.
    :param state: stands in the links between the pages of one answer, so that a page of another state says so; "" for none.
    """

    links: Links
    authorities: Authorities
    is_edition: bool = False
    state: str = ""

    def link(self, place: PagePlace | None, *inside: str, **attributes: str) -> Markup:
        """Write a link; where the site has no such page, what is inside it alone."""
        address = self.links.to(place) if place else None
        if address is None:
            return element("span", *inside, **attributes) if attributes else join(*inside)
        return element("a", *inside, href=address, **attributes)


class Frame(NamedTuple):
    """What is the same on every page at one time.

    :param clearance: of the reader, which was fixed when the room was opened.
    :param coverage: how many records are searched, of how many.
    :param notice: what a reader must know first, as that the collection was changed.
    :param head: elements of the head that an edition has besides, finished.
    :param policy: a Content-Security-Policy in the page itself, where no server sends one.
    :param is_desk: the page is one of the keeper's desk, which shows closed records too.
    """

    clearance: Clearance = PUBLIC
    coverage: Coverage = Coverage(0, 0)
    notice: str = ""
    head: Markup = NOTHING
    policy: str = ""
    is_desk: bool = False


_NAVIGATION: Final = (
    ("search", mark("Search")),
    ("records", mark("Records")),
    ("camps", mark("Camps")),
    ("topics", mark("Topics")),
    ("compare", mark("Compare")),
    ("conflicts", mark("Contradictions")),
    ("coverage", mark("Coverage")),
    ("sources", mark("Sources")),
    ("basket", mark("Basket")),
)
_ABOUT: Final = (("method", mark("Method")), ("flags", mark("What the caveats mean")), ("glossary", mark("Glossary")))


_HEAD: Final = """\
<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="referrer" content="{referrer}">
<meta name="viewport" content="width=device-width, initial-scale=1">"""
_IN_PAGE: Final = '<meta http-equiv="Content-Security-Policy" content="{policy}">'
_TOLD: Final = '<meta name="{name}" content="{content}">'
_UNLISTED: Final = '<meta name="robots" content="noindex, noarchive">'
_NO_SEARCH: Final = "a page has a search, and its site has none"
_BODY: Final = '<body class="page-{kind}">'
_MAIN: Final = '<main id="main" tabindex="-1">\n{main}\n</main>'
_FILES: Final = '<link rel="stylesheet" href="{style}">\n<script src="{script}" defer></script>'


def write(page: Page, context: PageContext, frame: Frame) -> str:
    """Return the document of a page.

    :raises Defect: a part of it holds what no page of ours may hold.
    """
    return "\n".join(_lines(page, context, frame)) + "\n"


def _lines(page: Page, context: PageContext, frame: Frame) -> Iterator[str]:
    name = context.authorities.name(current_language())
    links = context.links
    yield _HEAD.format(language=current_language(), referrer=OWN_REFERRER if frame.is_desk else NO_REFERRER)
    if frame.policy:
        yield _IN_PAGE.format(policy=words(frame.policy))
    if not context.is_edition:
        yield _UNLISTED
    yield f"<title>{' · '.join(dict.fromkeys((words(page.title), words(name))))}</title>"
    yield _FILES.format(style=words(links.file(STYLE)), script=words(links.file(SCRIPT)))
    yield from (_TOLD.format(name=words(told), content=words(content)) for told, content in page.about)
    yield from ([frame.head] if frame.head else [])
    yield "</head>"
    yield _BODY.format(kind=page.place.kind)
    yield element("a", tr("Skip to the text"), class_="skip", href="#main")
    yield f"<header>\n{_sound(_header(page, context, frame, name))}\n</header>"
    yield _MAIN.format(main=_sound(_main(page, frame)))
    yield f"<footer>\n{_sound(_footer(page, context, frame))}\n</footer>"
    yield "</body>"
    yield "</html>"


def _sound(fragment: Markup) -> Markup:
    return sound(fragment, controls=True)


def _header(page: Page, context: PageContext, frame: Frame, name: str) -> Markup:
    home = places.home()
    languages = [
        element("span", LANGUAGES[code], aria_current="true", lang=code)
        if code == current_language()
        else context.link(page.place._replace(language=code), LANGUAGES[code], lang=code)
        for code in LANGUAGES
    ]
    return join(
        element(
            "div",
            context.link(home, mark_english(name), class_="name"),
            element("p", *_between(languages), class_="languages", lang=current_language()),
            element("a", tr("Leave quickly"), href=LEAVE, class_="leave", id="leave"),
            class_="top",
        ),
        element("p", _readership(frame), class_="clearance"),
        element("nav", element("ul", *_navigation(page, context)), aria_label=tr("Pages")),
        by="\n",
    )


def _between(links: list[Markup]) -> Iterator[Markup]:
    for number, link in enumerate(links):
        if number:
            yield words(" · ")
        yield link


def _navigation(page: Page, context: PageContext) -> Iterator[Markup]:
    for kind, label in _NAVIGATION:
        if context.links.to(PagePlace(kind)) is not None:
            here = {"aria_current": "page"} if kind == page.place.kind else {}
            yield element("li", context.link(PagePlace(kind), tr(label), **here))


def _readership(frame: Frame) -> Markup:
    """Say who may see what is shown."""
    if frame.is_desk:
        return element("strong", tr("Keeper's desk: closed records are shown here too. Pass nothing on as it is."))
    if frame.clearance == PUBLIC:
        return words(tr("You see what is public."))
    told = tr("Clearance {clearance}: this shows more than is public. Do not pass it on as it is.", clearance=frame.clearance)
    return element("strong", told)


def _main(page: Page, frame: Frame) -> Markup:
    notice = element("p", frame.notice, class_="notice", role="status") if frame.notice else NOTHING
    return join(notice, element("h1", page.heading or mark_english(page.title)), page.lead, page.main, by="\n")


def _footer(page: Page, context: PageContext, frame: Frame) -> Markup:
    about = [
        element("li", context.link(PagePlace(kind), tr(label))) for kind, label in _ABOUT if context.links.to(PagePlace(kind))
    ]
    forms = [
        element("li", context.link(page.place._replace(form=form, at=""), form.upper()))
        for form in page.forms
        if context.links.to(page.place._replace(form=form, at="")) is not None
    ]
    told = [tr("Quote no passage without its caveats and its citation.")]
    if frame.coverage.of:
        told.append(tr("Searched {searched} of {of} testimonies.", searched=frame.coverage.searched, of=frame.coverage.of))
    if frame.coverage.unread:
        told.append(tr("What could not be read is in no answer; the keepers find out with `testimony check` what is wrong."))
    return join(
        element("nav", element("ul", *about), aria_label=tr("About")) if about else NOTHING,
        element("p", " ".join(told), class_="small"),
        element(
            "nav", element("p", tr("The same page for programs:"), class_="small"), element("ul", *forms), aria_label=tr("Forms")
        )
        if forms
        else NOTHING,
        by="\n",
    )


def search_form(context: PageContext, parameters: places.Parameters = ()) -> Markup:
    """Write the box to search with, which keeps the filters that were asked for.

    :raises Defect: the site has no page that answers.
    """
    action = context.links.to(PagePlace("search"))
    if action is None:
        raise Defect(_NO_SEARCH)
    given = dict(parameters)
    return control(
        "form",
        control("label", tr("Search for words, a name, a camp or a subject"), for_="q"),
        element(
            "span",
            control("input", type="search", name="q", id="q", value=given.get("q", ""), enterkeyhint="search"),
            control("button", tr("Search"), type="submit"),
            class_="box",
        ),
        *(
            control("input", type="hidden", name=key, value=value)
            for key, value in parameters
            if key not in {"q", "offset", "state"}
        ),
        action=action,
        method="get",
        role="search",
    )
