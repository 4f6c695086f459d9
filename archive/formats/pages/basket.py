"""The basket of a person, as the commands keep it, and what can be made of it."""

from collections.abc import Sequence

from archive.citing.excerpt import RenderedHit
from archive.citing.selection import CheckedPassage
from archive.formats._html_sink import NOTHING, element, join
from archive.formats._notes_in_full import NotesInFull
from archive.formats.pages import _passage as passage_parts
from archive.formats.pages.frame import Page, PageContext
from archive.formats.pages.places import PagePlace
from archive.language.messages import tr, tr_count


def basket(every: Sequence[tuple[CheckedPassage, RenderedHit | None]], context: PageContext, forms: Sequence[str]) -> Page:
    """Return the page of the basket: each passage as it is today, and those that are not what was chosen.

    :param forms: of a dossier that can be made of it, as "html" and "docx".
    """
    told = NotesInFull()
    items = [
        passage_parts.article(shown, context, told, level="h2")
        if shown
        else element("p", f"{checked.kept.reference}: {checked.reason}", class_="notice")
        for checked, shown in every
    ]
    links = [
        element("li", context.link(PagePlace("basket", ("dossier",), form=form), tr("As a dossier ({form})", form=form)))
        for form in forms
    ]
    number = len(every)
    is_usable = bool(every) and all(shown for _, shown in every)
    lead = element("p", tr_count("{number} passage in the basket.", "{number} passages in the basket.", number))
    how = element(
        "p",
        tr(
            "The basket is kept by the commands: “testimony basket add” with the code of a passage puts it in. "
            "This room changes nothing."
        ),
        class_="small",
    )
    main = join(
        element("ul", *links, class_="row") if is_usable else NOTHING,
        *items,
        by="\n",
    )
    return Page(PagePlace("basket"), tr("Basket"), main, join(lead, how))
