"""A passage on a page: its words, every caveat in force and its citation in one article, which nothing can take apart."""

from collections.abc import Iterable, Iterator

from archive.authority.authorities import Authorities
from archive.citing import source
from archive.citing.excerpt import RenderedHit
from archive.formats import _descriptions as descriptions
from archive.formats import _html_parts as parts
from archive.formats import _plain_words as plain_words
from archive.formats._html_sink import NOTHING, Markup, anchor, element, join
from archive.formats._notes_in_full import NotesInFull
from archive.formats.pages import places
from archive.formats.pages.frame import PageContext
from archive.formats.terminal import render
from archive.formats.wording import entry_line, evidence_line, name_of
from archive.language.messages import tr
from archive.record.testimony import CampEntry, Note, Testimony
from archive.text import join_list


def speaker(testimony: Testimony, authorities: Authorities) -> str:
    """Return who speaks, and as what."""
    return tr("{name} ({how})", name=name_of(testimony.witness), how=descriptions.describe_speaker(testimony, authorities))


def about(testimony: Testimony, entries: Iterable[CampEntry], context: PageContext) -> Markup:
    """Write of which places and times a passage tells, and how it is known."""
    items = [
        element("li", *_entry(where, manner)) for where, manner in plain_words.places(testimony, entries, context.authorities)
    ]
    return element("ul", *items, class_="about") if items else NOTHING


def _entry(where: str, manner: tuple[str, ...]) -> Iterator[Markup]:
    yield parts.mark_english("".join(render([" · ".join([where, *manner])], styled=False)))


def entries(every: Iterable[CampEntry], authorities: Authorities) -> Markup:
    """Write of which places and times a passage tells, each in full."""
    items = [element("li", parts.mark_english(entry_line(entry, authorities))) for entry in every]
    return element("ul", *items, class_="about") if items else NOTHING


def whose(testimony: Testimony, authorities: Authorities) -> Markup:
    """Write whose words stand here."""
    return parts.mark_english(descriptions.whose_text(testimony, authorities))


def quote(shown: RenderedHit, authorities: Authorities) -> Markup:
    """Write the words of a passage below a line that says whose they are."""
    testimony = shown.hit.testimony
    return element(
        "figure",
        element("figcaption", whose(testimony, authorities)),
        element("blockquote", parts.passage_words(shown), lang=testimony.language),
    )


def caveats(notes: Iterable[Note], testimony: Testimony, context: PageContext, told: NotesInFull, reference: str) -> Markup:
    """Write every caveat in force at a passage, open to be read, with links to what each is held against."""
    return join(
        parts.caveats_list(notes, testimony, context.authorities, told, reference), _against(tuple(notes), testimony, context)
    )


def _against(notes: tuple[Note, ...], testimony: Testimony, context: PageContext) -> Markup:
    links: dict[str, Markup] = {}
    for note in notes:
        for written in (*note.against, *((note.origin,) if note.origin and note.origin != testimony.code else ())):
            place = places.place_of(written)
            if place:
                links.setdefault(written, context.link(place, written))
    if not links:
        return NOTHING
    return element("p", tr("Held against: "), join(*links.values(), by=", "), class_="small")


def article(shown: RenderedHit, context: PageContext, told: NotesInFull, *, level: str = "h3") -> Markup:
    """Write a passage as it stands in a list: who speaks, of what, the words, the caveats, the citation.

    :param level: of the heading.
    """
    testimony, authorities = shown.hit.testimony, context.authorities
    name = anchor(shown.reference)
    place = places.passage(testimony.code, shown.hit.passage.number, testimony.shown_in)
    warned = [authorities.vocabulary.said("sensitive", subject) for subject in testimony.sensitive]
    return element(
        "article",
        element(level, context.link(place, parts.mark_english(f"{testimony.title}, {number_of(shown)}")), id=name),
        element("p", parts.mark_english(speaker(testimony, authorities)), " · ", shown.reference, class_="speaker"),
        element("p", tr("Content warning: {subjects}", subjects=join_list(warned, "and")), class_="small") if warned else NOTHING,
        about(testimony, shown.hit.passage.entries, context),
        parts.outdated_remark(shown),
        quote(shown, authorities),
        caveats(shown.excerpt.notes, testimony, context, told, shown.reference),
        parts.address_line(shown, authorities),
        parts.citation_line(shown.excerpt.citation),
        aria_labelledby=name,
        class_="passage",
    )


def number_of(shown: RenderedHit) -> str:
    """Name the paragraph, with the time or page in it."""
    number = tr("paragraph {number}", number=shown.hit.passage.number)
    locators = ", ".join(shown.hit.passage.locators)
    return f"{number} ({locators})" if locators else number


def to_copy(shown: RenderedHit, authorities: Authorities) -> Markup:
    """Write a passage as plain lines to be taken along: words, caveats and citation in one block."""
    return element(
        "div",
        *(element("p", line) for line in copy_lines(shown, authorities)),
        class_="copy",
        tabindex="0",
        role="group",
        aria_label=tr("To copy: words, caveats and citation of {reference}", reference=shown.reference),
    )


def copy_lines(shown: RenderedHit, authorities: Authorities) -> Iterator[str]:
    """Yield the lines of a passage that is taken along: its words, what kind of text, every caveat, citation and source."""
    testimony, excerpt = shown.hit.testimony, shown.excerpt
    yield f"“{excerpt.words}”"
    yield from excerpt.footnotes
    yield f"[{descriptions.whose_text(testimony, authorities)}]"
    for caveat in descriptions.caveats(excerpt.notes, authorities):
        yield tr("Caveat: {label}", label=f"{caveat.label}: {caveat.statement} [{caveat.ends}]")
    if not excerpt.notes:
        yield tr("No caveat is in force here.")
    yield excerpt.citation
    yield tr("Its source: {citation}", citation=source.describe(source.of(testimony, shown.hit.passage, authorities)))
    if testimony.is_summary:
        yield evidence_line(authorities)
