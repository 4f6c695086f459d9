"""Pages about the archive itself: how it weighs what it keeps; and what is said where a page cannot be given."""

from collections.abc import Iterator, Sequence
from typing import Final

from archive.formats import _html_parts as parts
from archive.formats._html_sink import NOTHING, Markup, control, element, join
from archive.formats.pages import places
from archive.formats.pages.frame import Page, PageContext, search_form
from archive.formats.pages.places import PagePlace
from archive.formats.wording import evidence_line
from archive.language.messages import mark, tr

_METHOD: Final = (
    (
        mark("What is kept"),
        mark(
            "Each record is one account by one person or body, with a code that is never used again. Its text is "
            "numbered by paragraphs; a passage is one paragraph. A summary by the archive is always shown as what it "
            "is, and never as the words of a witness."
        ),
    ),
    (
        mark("Caveats"),
        mark(
            "What has to be known before a passage is quoted stands beside it as a caveat: that it was taken back, "
            "told otherwise, contradicted, or comes from one source alone. A caveat of one record is in force in "
            "every record that rests on it. Nothing is shown, copied or kept here without the caveats in force."
        ),
    ),
    (
        mark("Three things that are never put together"),
        mark(
            "The reliability of a source is graded from A to F, always with the reason. How a speaker knows a thing "
            "stands with each claim: lived, seen, heard of, concluded. How a claim stands today is its status. None "
            "of the three is a score, and the archive never says that something is proved."
        ),
    ),
    (
        mark("How many speak of it"),
        mark(
            "Counted are voices and not texts: two tellings of one witness, or five reports that rest on one account, "
            "are one voice. What was taken back, what was rejected and what is only a lead is shown and not counted. "
            "That nobody was there to tell is told apart from silence."
        ),
    ),
    (
        mark("How words are found"),
        mark(
            "A search finds passages by their words in every form, by other spellings of names, and by what they are "
            "about; what was found how is told with each answer. What has no date, or was left out, is counted and "
            "told."
        ),
    ),
    (
        mark("Citing"),
        mark(
            "Each citation names the paragraph, the caveats and a number that is made of the words themselves. With "
            "it anybody can find out later whether the passage or its caveats have changed: the archive's command "
            "“testimony verify” says so."
        ),
    ),
    (
        mark("Who is protected"),
        mark(
            "Records can be closed, under embargo or withdrawn, and names or words withheld. What you may not see is "
            "in no count, no list and no answer here."
        ),
    ),
)


def sections() -> Iterator[tuple[str, str]]:
    """Yield how the archive weighs what it keeps: a heading, and what stands under it."""
    return ((tr(heading), tr(text)) for heading, text in _METHOD)


def method(context: PageContext) -> Page:
    """Return the page on how the archive weighs what it keeps."""
    told = [element("section", element("h2", heading), element("p", text)) for heading, text in sections()]
    links = [context.link(PagePlace("flags"), tr("What the caveats mean")), context.link(PagePlace("glossary"), tr("Glossary"))]
    more = element("ul", *(element("li", link) for link in links), class_="row")
    evidence = element("p", parts.mark_english(evidence_line(context.authorities)), class_="small")
    return Page(PagePlace("method"), tr("How the archive weighs what it keeps"), join(*told, evidence, more, by="\n"))


def _form(values: Sequence[str]) -> Markup:
    head = tr("What you had written")
    boxes = (control("textarea", value, rows="8", aria_label=head) for value in values)
    return element("section", element("h2", head), *(element("div", box, class_="field") for box in boxes))


def trouble(message: str, remedy: str, place: PagePlace, context: PageContext, typed: Sequence[str] = ()) -> Page:
    """Return the page that stands in the place of one that cannot be given: what went wrong, and what to do about it.

    :param typed: what a person had written into a form, which is given back.
    """
    main = join(
        element("p", message, class_="notice", role="alert"),
        element("p", remedy) if remedy else NOTHING,
        _form(typed) if typed else NOTHING,
        search_form(context, places.without(place.parameters, "offset", "state"))
        if context.links.to(PagePlace("search"))
        else NOTHING,
        element("p", context.link(places.home(), tr("To the beginning"))),
        by="\n",
    )
    return Page(place, tr("This page cannot be shown"), main, forms=())
