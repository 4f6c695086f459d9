"""Pages of a record: to read it, with another language beside it, one passage to be cited, and its versions."""

from collections.abc import Iterator, Sequence
from typing import Final

from archive.citing import citation
from archive.citing.excerpt import RecordOutput, RenderedHit
from archive.formats import _descriptions as descriptions
from archive.formats import _html_parts as parts
from archive.formats._date_words import date_in_words
from archive.formats._html_sink import NOTHING, Markup, anchor, element, join
from archive.formats._notes_in_full import NotesInFull
from archive.formats.pages import _managers as managers
from archive.formats.pages import _passage as passage_parts
from archive.formats.pages import places
from archive.formats.pages._managers import CitedEntry
from archive.formats.pages.frame import Page, PageContext
from archive.formats.pages.places import PagePlace
from archive.formats.wording import NOT_HERE, evidence_line
from archive.language.messages import mark, tr, tr_count
from archive.named_tuple import NamedTuple
from archive.record.testimony import Testimony, notes_of
from archive.text import is_undated, join_list
from archive.weighing.versions import Version

_WHOLE: Final = mark("Caveats on the whole record")


def record(output: RecordOutput, context: PageContext, others: int = 0) -> Page:
    """Return the page of a record, or of its words in another language: each paragraph with its notes.

    :param others: how many other versions of the account there are.
    """
    testimony, told = output.record.testimony, NotesInFull()
    before = _before(output, context)
    whole = _of_the_whole(output, context, told)
    main = join(
        whole,
        element(
            "section",
            element("h2", tr("The text"), id="text"),
            *_paragraphs(output, context, told),
            aria_labelledby="text",
        ),
        _footnotes(output),
        parts.citation_line(output.citation, parts.CITE_THE_RECORD) if output.citation else NOTHING,
        element("p", evidence_line(context.authorities), class_="small") if testimony.is_summary else NOTHING,
        by="\n",
    )
    place = places.record(testimony.code, testimony.shown_in)
    lead = join(_ways(testimony, context, place, others), before, by="\n")
    return Page(place, _title(testimony), main, lead, parts.title_of(testimony))


def _title(testimony: Testimony) -> str:
    return f"{testimony.code} {testimony.title}"


def _before(output: RecordOutput, context: PageContext) -> Markup:
    """Write what stands before the text: who speaks, what kind of text it is, and the content warning with a way past it."""
    testimony, authorities = output.record.testimony, context.authorities
    return join(
        _warning(testimony, context, "#text"),
        parts.facts_list([*descriptions.about(testimony, authorities), *_access(testimony, context)]),
        by="\n",
    )


def _access(testimony: Testimony, context: PageContext) -> Iterator[descriptions.Fact]:
    said = context.authorities.vocabulary.said
    yield tr("Consent"), said("consent", testimony.consent)
    yield tr("Access"), said("access", testimony.access)


def _warning(testimony: Testimony, context: PageContext, past: str) -> Markup:
    """Write a content warning, with links past the text and to it."""
    named = join_list([context.authorities.vocabulary.said("sensitive", subject) for subject in testimony.sensitive], "and")
    if not named:
        return NOTHING
    return element(
        "div",
        element("p", element("strong", f"{tr('Content warning')}: "), parts.mark_english(named)),
        element(
            "p",
            element("a", tr("Go to the text"), href=past),
            " · ",
            context.link(places.home(), tr("Leave this record")),
        ),
        class_="warning",
        role="note",
    )


def _ways(testimony: Testimony, context: PageContext, here: PagePlace, others: int) -> Markup:
    """Write the links to the same account elsewhere: in other languages, side by side, its witness and its other versions."""
    languages = ["", *(version.language for version in testimony.versions)]
    items = []
    if len(languages) > 1:
        for tag in languages:
            named = tr("In {language}", language=citation.language(tag, context.authorities)) if tag else tr("In its own words")
            place = places.record(testimony.code, tag)
            items.append(element("strong", named) if place == here else context.link(place, named))
        for tag in languages[1:]:
            named = tr("Side by side with {language}", language=citation.language(tag, context.authorities))
            place = PagePlace("parallel", (testimony.code,), tag)
            items.append(element("strong", named) if place == here else context.link(place, named))
    items.append(context.link(PagePlace("witness", (testimony.code,)), tr("The witness")))
    versions = tr_count("{number} other version", "{number} other versions", others) if others else tr("Versions")
    items.append(context.link(PagePlace("versions", (testimony.code,)), versions))
    return element("nav", element("ul", *(element("li", item) for item in items)), aria_label=tr("This account"), class_="ways")


def _of_the_whole(output: RecordOutput, context: PageContext, told: NotesInFull) -> Markup:
    """Write the caveats on the whole record, which are named again at each paragraph."""
    notes = [note for note in notes_of(output.record.passages) if note.about.of_record]
    if not notes:
        return NOTHING
    testimony = output.record.testimony
    name = anchor(testimony.code)
    return element(
        "section",
        element("h2", tr(_WHOLE), id=name),
        passage_parts.caveats(notes, testimony, context, told, testimony.code),
        aria_labelledby=name,
    )


def _paragraphs(output: RecordOutput, context: PageContext, told: NotesInFull) -> Iterator[Markup]:
    for shown in output.in_order():
        yield _gap(output.record.testimony, shown) if isinstance(shown, int) else _paragraph(shown, context, told)


def _gap(testimony: Testimony, number: int) -> Markup:
    name = anchor(f"{testimony.code}#p{number}")
    heading = element("h3", tr("Paragraph {number}", number=number), id=name)
    return element("article", heading, element("p", f"[{tr(NOT_HERE)}]", class_="gap"), aria_labelledby=name, class_="paragraph")


def _paragraph(shown: RenderedHit, context: PageContext, told: NotesInFull) -> Markup:
    """Write a paragraph and, after it, its caveats; wide screens set these beside it."""
    testimony, passage = shown.hit.testimony, shown.hit.passage
    name = anchor(shown.reference)
    place = places.passage(testimony.code, passage.number, testimony.shown_in)
    locators = f" ({', '.join(passage.locators)})" if passage.locators else ""
    heading = context.link(place, f"{tr('Paragraph {number}', number=passage.number)}{locators}")
    return element(
        "article",
        *(element("p", parts.heading_words(head), lang=testimony.language) for head in passage.headings),
        element("h3", heading, id=name),
        element(
            "div",
            passage_parts.entries(passage.entries, context.authorities),
            parts.outdated_remark(shown),
            passage_parts.quote(shown, context.authorities),
            class_="said",
        ),
        element(
            "div",
            passage_parts.caveats(shown.excerpt.notes, testimony, context, told, shown.reference),
            parts.citation_line(shown.excerpt.citation),
            class_="beside",
        ),
        aria_labelledby=name,
        class_="paragraph",
    )


def _footnotes(output: RecordOutput) -> Markup:
    return join(*(element("p", footnote, class_="small") for footnote in output.footnotes_left()))


def parallel(output: RecordOutput, context: PageContext) -> Page:
    """Return the page of a record in its own words and in those of a version, a row a paragraph, the caveats of both below it."""
    testimony, told, authorities = output.record.testimony, NotesInFull(), context.authorities
    heads = [citation.language(tag, authorities) for tag in (testimony.language, output.parallel_language)]
    rows = [_pair(own, other, context, told, heads) for own, other in zip(output.shown, output.parallel, strict=True)]
    place = PagePlace("parallel", (testimony.code,), output.parallel_language)
    lead = join(_ways(testimony, context, place, 0), _warning(testimony, context, "#text"), by="\n")
    main = element("section", element("h2", tr("The text"), id="text"), *rows, aria_labelledby="text")
    title = tr("{title}, side by side", title=_title(testimony))
    return Page(place, title, main, lead)


def _pair(own: RenderedHit, other: RenderedHit | None, context: PageContext, told: NotesInFull, heads: Sequence[str]) -> Markup:
    testimony, authorities = own.hit.testimony, context.authorities
    place = tr("Paragraph {number}", number=own.hit.passage.number)
    name = anchor(own.reference)
    row = (
        element("td", element("p", passage_parts.whose(testimony, authorities), class_="small"), parts.passage_words(own)),
        element(
            "td", element("p", passage_parts.whose(other.hit.testimony, authorities), class_="small"), parts.passage_words(other)
        )
        if other
        else element("td", f"[{tr(NOT_HERE)}]", class_="gap"),
    )
    return element(
        "article",
        element("h3", place, id=name),
        parts.beside(heads, row),
        parts.outdated_remark(other),
        passage_parts.caveats(parts.notes_of_pair(own, other), testimony, context, told, own.reference),
        *(parts.citation_line(shown.excerpt.citation) for shown in (own, other) if shown),
        aria_labelledby=name,
        class_="pair",
    )


class Cited(NamedTuple):
    """A citation of a passage in a style: of the archive's passage, and of its source; "" where there is none."""

    style: str
    citation: str
    source: str = ""


def passage(  # noqa: PLR0913, PLR0917 - what stands on the page besides the passage
    output: RecordOutput,
    context: PageContext,
    entry: CitedEntry,
    cited: Sequence[Cited] = (),
    styles: Sequence[str] = (),
    trouble: str = "",
) -> Page:
    """Return the page of one passage, to be cited.

    :param entry: what a reference manager is told of it.
    :param cited: its citations, those of the house first.
    :param styles: the styles that can be asked for.
    :param trouble: why a style that was asked for cannot be given.
    """
    shown = output.shown[0]
    testimony, number, authorities = shown.hit.testimony, shown.hit.passage.number, context.authorities
    place = places.passage(testimony.code, number, testimony.shown_in)
    main = join(
        _neighbours(output, context),
        _warning(testimony, context, "#words"),
        element("p", parts.mark_english(passage_parts.speaker(testimony, authorities)), class_="speaker"),
        element("h2", tr("The words and their caveats"), id="words"),
        element(
            "article",
            passage_parts.entries(shown.hit.passage.entries, authorities),
            parts.outdated_remark(shown),
            passage_parts.quote(shown, authorities),
            passage_parts.caveats(shown.excerpt.notes, testimony, context, NotesInFull(), shown.reference),
            parts.address_line(shown, authorities),
            parts.citation_line(shown.excerpt.citation),
            aria_labelledby="words",
            class_="passage",
        ),
        element("h2", tr("To take along"), id="copy"),
        element("p", tr("Words, caveats and citation in one block; select it all, or press Copy."), class_="small"),
        passage_parts.to_copy(shown, authorities),
        element("h2", tr("Cite it"), id="cite"),
        *_citations(cited),
        element("p", trouble, class_="notice") if trouble else NOTHING,
        _styles(styles, place, context),
        by="\n",
    )
    title = tr("{reference}: {title}", reference=shown.reference, title=testimony.title)
    return Page(place, title, main, about=managers.about(entry, shown.excerpt.citation))


def _neighbours(output: RecordOutput, context: PageContext) -> Markup:
    shown = output.shown[0]
    testimony, number = shown.hit.testimony, shown.hit.passage.number
    numbers = {passage.number for passage in output.record.passages}
    before = max((each for each in numbers if each < number), default=0)
    after = min((each for each in numbers if each > number), default=0)
    whole = places.record(testimony.code, testimony.shown_in, at=anchor(shown.reference))
    items = [context.link(whole, tr("The whole record"))]
    if before:
        items.append(
            context.link(places.passage(testimony.code, before, testimony.shown_in), tr("Paragraph {number}", number=before))
        )
    if after:
        items.append(
            context.link(places.passage(testimony.code, after, testimony.shown_in), tr("Paragraph {number}", number=after))
        )
    for version in ("", *(text.language for text in shown.hit.passage.versions)):
        if version != testimony.shown_in:
            named = (
                tr("In {language}", language=citation.language(version, context.authorities))
                if version
                else tr("In its own words")
            )
            items.append(context.link(places.passage(testimony.code, number, version), named))
    return element("nav", element("ul", *(element("li", item) for item in items)), aria_label=tr("Near it"), class_="ways")


def _citations(cited: Sequence[Cited]) -> Iterator[Markup]:
    for each in cited:
        yield element("h3", each.style)
        yield element("p", element("cite", parts.mark_english(each.citation), class_="copy", tabindex="0"), class_="citation")
        if each.source:
            yield element("p", element("strong", tr("Its source: {citation}", citation="")), class_="small")
            yield element("p", element("cite", parts.mark_english(each.source), class_="copy", tabindex="0"), class_="citation")


def _styles(styles: Sequence[str], place: PagePlace, context: PageContext) -> Markup:
    links = [element("li", context.link(place._replace(parameters=(("style", style),), at="cite"), style)) for style in styles]
    if not links or context.links.to(place) is None:
        return NOTHING
    return join(element("p", tr("In another style:")), element("ul", *links, class_="row"))


def versions(code: str, every: Sequence[Version], context: PageContext) -> Page:
    """Return the page of the versions of an account: their dates, their history, and what tells of a change."""
    others = len(every) - 1
    if others:
        count = tr("1 other version") if others == 1 else tr("{others} other versions", others=others)
        lead = tr("{told} of {code}. Both sides of a change stay in the archive.", told=count, code=code)
    else:
        lead = tr("No other version of {code} is kept here.", code=code)
    main = join(*(version_of(version, context, NotesInFull(), here=code) for version in every), by="\n")
    return Page(PagePlace("versions", (code,)), tr("Versions of {code}", code=code), main, element("p", lead))


def version_of(version: Version, context: PageContext, told: NotesInFull, here: str = "") -> Markup:
    """Write one version of an account, with the caveats in force in it.

    :param here: the code that was asked for.
    """
    testimony, authorities = version.record.testimony, context.authorities
    name = anchor(testimony.code)
    recorded = tr("on a day that is not known") if is_undated(testimony.recorded) else date_in_words(testimony.recorded)
    taken = tr(" by {name}", name=testimony.recorded_by) if testimony.recorded_by else ""
    rendering = tr("archive summary") if testimony.is_summary else authorities.vocabulary.said("rendering", testimony.rendering)
    lines = [
        tr("Recorded: {recorded}{taken}; {rendering}", recorded=recorded, taken=taken, rendering=rendering),
        f"{tr('Source')}: {citation.source_named(testimony, (), authorities)}",
        *(f"{change.date}, {change.by}: {change.change}" for change in testimony.history),
    ]
    cited = citation.of_record(testimony, version.notes, authorities, in_full=False)
    return element(
        "article",
        element(
            "h2",
            context.link(places.record(testimony.code), parts.title_of(testimony)),
            tr(" (asked for)") if testimony.code == here else NOTHING,
            id=name,
        ),
        element("ul", *(element("li", parts.mark_english(line)) for line in lines), *_relations(version, context)),
        passage_parts.caveats(version.notes, testimony, context, told, testimony.code),
        parts.citation_line(cited, parts.CITE_THE_RECORD),
        aria_labelledby=name,
    )


def _relations(version: Version, context: PageContext) -> Iterator[Markup]:
    same = tuple(code for code in version.same_person if code not in version.revises + version.revised_by)
    for said, codes in (
        (tr("Revises"), version.revises),
        (tr("Revised by"), version.revised_by),
        (tr("Of the same person"), same),
    ):
        if codes:
            links = [context.link(places.record(code), code) for code in codes]
            yield element("li", f"{said}: ", join(*links, by=", "))
