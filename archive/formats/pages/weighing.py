"""Pages to weigh by: a comparison, the contradictions that the archive keeps, who was where and when to tell."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from archive.authority.authorities import Authorities
from archive.formats import _html_parts as parts
from archive.formats import comparison as comparison_fields
from archive.formats import fields
from archive.formats._coverage_table import SPEAK, coverage_table
from archive.formats._html_sink import NOTHING, Markup, anchor, control, element, join
from archive.formats._notes_in_full import NotesInFull
from archive.formats.comparison import ComparisonOutput
from archive.formats.pages import _passage as passage_parts
from archive.formats.pages import pictures, places
from archive.formats.pages.frame import Page, PageContext
from archive.formats.pages.places import PagePlace, Parameters
from archive.formats.wording import evidence_line, facet_heading
from archive.language.messages import current_language, mark, tr, tr_count
from archive.weighing.claims import ClaimCount, Row
from archive.weighing.comparison import Comparison, Side, Stated
from archive.weighing.corroboration import Attestation, Cell

_COUNTED: Final = ("kind", "connection", "rendering", "language")


def comparison_form(context: PageContext, parameters: Parameters = ()) -> Page:
    """Return the page on which a comparison is asked for."""
    return Page(PagePlace("compare"), tr("Compare accounts"), _choices(context, parameters))


def _choices(context: PageContext, parameters: Parameters) -> Markup:
    action = context.links.to(PagePlace("compare"))
    if action is None:
        return NOTHING
    if context.is_edition:
        return _comparison_links(context, parameters)
    given = dict(parameters)
    authorities = context.authorities
    camps = [(each.id, each.named()) for each in authorities.gazetteer]
    topics = [(term.id, term.named()) for term in authorities.vocabulary.terms("topic")]
    return join(
        element("p", tr("Choose a camp, a topic or a time; several together narrow the comparison.")),
        control(
            "form",
            _choice("camp", tr("Camp"), camps, given),
            _choice("topic", tr("Topic"), topics, given),
            element(
                "p",
                control("label", tr("Time, as 1996 or 1990/1995"), for_="period"),
                control("input", type="text", name="period", id="period", value=given.get("period", "")),
            ),
            control("button", tr("Compare"), type="submit"),
            action=action,
            method="get",
            class_="choices",
        ),
    )


def _comparison_links(context: PageContext, parameters: Parameters) -> Markup:
    """Write links to the comparisons of an edition, each of one camp or one topic; below one of them, to the list of them all."""
    if parameters:
        return element("p", context.link(PagePlace("compare"), tr("All comparisons of this edition")))
    camps = [("camp", each.id, parts.mark_english(each.named())) for each in context.authorities.gazetteer]
    topics = [("topic", term.id, parts.mark_english(term.named())) for term in context.authorities.vocabulary.terms("topic")]
    sections = []
    for heading, every in ((tr("Camps"), camps), (tr("Topics"), topics)):
        links = (context.link(PagePlace("compare", parameters=((name, of),)), label) for name, of, label in every)
        sections.append(join(element("h2", heading), element("ul", *(element("li", link) for link in links), class_="columns")))
    told = tr("Here each camp and each topic is compared by itself. Several together, or a time, the program compares; type:")
    return join(
        element("p", told),
        element("p", element("code", "testimony compare --camp 14 --topic execution --period 199X"), class_="copy"),
        *sections,
    )


def _choice(name: str, label: str, options: Sequence[tuple[str, str]], given: Mapping[str, str]) -> Markup:
    chosen = given.get(name, "")
    every = [("", tr("any")), *options]
    return element(
        "p",
        control("label", label, for_=name),
        control(
            "select",
            *(control("option", said, value=key, **({"selected": ""} if key == chosen else {})) for key, said in every),
            name=name,
            id=name,
        ),
    )


def compare(compared: ComparisonOutput, parameters: Parameters, context: PageContext, first: int = 0) -> Page:
    """Return the page of a comparison: how many speak, who says what, what conflicts, who was there to tell.

    :param first: which of the rows comes first, of those that stand on one page, with the notes that bear on them.
    """
    comparison, told, authorities = compared.comparison, NotesInFull(), context.authorities
    above: set[tuple[str, int]] = set()
    here = {row.place for row in comparison.rows[first : first + PAGE]}
    elsewhere = {row.place for row in comparison.rows} - here

    def bearing(notes: Sequence[Stated]) -> list[Stated]:
        """Return the notes on the rows that stand here; on the first page also those on no row at all."""
        on_none = [note for note in notes if first == 0 and elsewhere.isdisjoint(note.places)]
        return [note for note in notes if note in on_none or not here.isdisjoint(note.places)]

    rows = [_row(row, compared, context, told, above) for row in comparison.rows[first : first + PAGE]]
    rows.append(_leaf(first, len(comparison.rows), parameters, context))
    if not comparison.rows:
        rows.append(element("p", tr("Nobody, as far as this archive goes; below stands who could have told.")))
    if any(row.hit.testimony.is_summary for row in comparison.rows):
        rows.append(element("p", evidence_line(authorities), class_="small"))
    main = join(
        _section(
            "voices", tr("How many speak of it"), *(_on_first(parameters, context) if first else _agreement(comparison, context))
        ),
        _section("rows", tr("Who says what"), *rows),
        _notes(("borne", tr("Borne out, by notes"), comparison_fields.borne), bearing(comparison.borne_out), context, told),
        _notes(
            ("against", tr("Contradicted, by notes"), comparison_fields.between),
            bearing(comparison.contradictions),
            context,
            told,
        ),
        _contradictions(comparison.conflicts, comparison.other_conflicts, context),
        _coverage(compared, context),
        NOTHING if first else _section("again", tr("Compare something else"), _choices(context, parameters)),
        by="\n",
    )
    question = comparison_fields.question(compared)
    lead = element("p", parts.mark_english(comparison_fields.describe_extent(compared)))
    return Page(PagePlace("compare", parameters=parameters), tr("Compared: {question}", question=question), main, lead)


def _agreement(comparison: Comparison, context: PageContext) -> Iterator[Markup]:
    yield element("p", tr(_VOICES), class_="small")
    yield from (_tally(each, context) for each in comparison.agreement)
    if comparison_fields.is_more_than_one_topic(comparison):
        yield element("p", tr("All of it together: {sentence}", sentence=comparison_fields.sentence(comparison.total)))
    if not comparison.agreement:
        yield element("p", tr("Nothing that was found has a topic, so that nothing is counted by topic."))


def _on_first(parameters: Parameters, context: PageContext) -> tuple[Markup]:
    """Write where the count stands: on many topics it is as long as all else of a page."""
    place = PagePlace("compare", parameters=_all_rows(parameters, context), at="voices")
    return (element("p", context.link(place, tr("The count is on the first page"))),)


def _all_rows(parameters: Parameters, context: PageContext) -> Parameters:
    return (*places.without(parameters, "offset", "state"), *((("state", context.state),) if context.state else ()))


def _leaf(first: int, number: int, parameters: Parameters, context: PageContext) -> Markup:
    """Write which rows stand here, and the links to those before and after them."""
    if number <= PAGE:
        return NOTHING
    rest = _all_rows(parameters, context)
    items = [tr("{first} to {last} of {number}", first=first + 1, last=min(first + PAGE, number), number=number)]
    if first:
        before = max(0, first - PAGE)
        place = PagePlace("compare", parameters=(*rest, *((("offset", str(before)),) if before else ())), at="rows")
        items.append(context.link(place, tr("Previous page")))
    if first + PAGE < number:
        place = PagePlace("compare", parameters=(*rest, ("offset", str(first + PAGE))), at="rows")
        items.append(context.link(place, tr("Next page")))
    listing = element("ul", *(element("li", item) for item in items), class_="row")
    return element("nav", listing, aria_label=tr("Pages of the comparison"))


PAGE: Final = 4
"""Rows of a comparison on one page."""
_VOICES: Final = mark("Voices, not texts: what goes back to one root or one person counts once.")


def _section(name: str, heading: str, *inside: Markup) -> Markup:
    return element("section", element("h2", heading, id=name), *inside, aria_labelledby=name)


def _tally(tally: ClaimCount, context: PageContext) -> Markup:
    label = context.authorities.vocabulary.label("topic", tally.topic or "")
    lines = [*comparison_fields.speakers(tally), *comparison_fields.through(tally)]
    return join(
        element("p", element("strong", f"{label}: "), comparison_fields.sentence(tally)),
        element("ul", *(element("li", parts.mark_english(line)) for line in lines)) if lines else NOTHING,
    )


def _row(row: Row, compared: ComparisonOutput, context: PageContext, told: NotesInFull, above: set[tuple[str, int]]) -> Markup:
    standing = element("p", parts.mark_english(comparison_fields.standing(row, context.authorities)), class_="standing")
    return element("div", standing, _once((row.code, row.hit.passage.number), compared, context, told, above), class_="row-of")


def _once(
    at: tuple[str, int], compared: ComparisonOutput, context: PageContext, told: NotesInFull, above: set[tuple[str, int]]
) -> Markup:
    """Write a passage with all that belongs to it; where it stands on this page already, a link to it."""
    shown = compared.shown[at]
    if at in above:
        link = element("a", tr("{reference}, above", reference=shown.reference), href=f"#{anchor(shown.reference)}")
        return element("p", link)
    above.add(at)
    return passage_parts.article(shown, context, told)


def _notes(
    kind: tuple[str, str, Callable[[Stated], str]], every: Sequence[Stated], context: PageContext, told: NotesInFull
) -> Markup:
    if not every:
        return NOTHING
    name, heading, between = kind
    inside: list[Markup] = []
    for stated in every:
        heading_of = comparison_fields.heading(stated, context.authorities, told)
        where = tr("In force at {places}. {between}", places=", ".join(stated.places), between=between(stated))
        sides = [_side(side, context) for side in stated.sides if stated.one_voice is not None]
        inside += [
            element("p", parts.mark_english(heading_of), class_="caveat"),
            element("p", where, class_="small"),
            element("ul", *sides) if sides else NOTHING,
        ]
    return _section(name, heading, *inside)


def _side(side: Side, context: PageContext) -> Markup:
    """Write a side of a note as links: on the page of each passage its words stand with all that belongs to them."""
    testimony = side.record.testimony
    links = [
        context.link(places.passage(side.code, hit.passage.number, hit.testimony.shown_in), f"{side.code}#p{hit.passage.number}")
        for hit in side.hits
    ]
    return element(
        "li", context.link(places.record(side.code), parts.title_of(testimony)), *([": ", join(*links, by=", ")] if links else [])
    )


def _contradictions(tied: Sequence[Mapping[str, Any]], others: Sequence[str], context: PageContext) -> Markup:
    if not (tied or others):
        return NOTHING
    inside = [element("ul", *(_contradiction_link(kept, context) for kept in tied))] if tied else []
    if others:
        links = [context.link(PagePlace("conflict", (other,)), other) for other in others]
        inside.append(element("p", tr("On the camp, but tied to nothing above: "), join(*links, by=", ")))
    return _section("kept", tr("Contradictions that the archive keeps"), *inside)


def conflict(kept: Mapping[str, Any], context: PageContext, level: str) -> Markup:
    """Write a contradiction that the archive keeps: each side with its sources, then the verdict.

    :param level: of its heading; "" where the page has it.
    """
    told = comparison_fields.conflict(kept, context.authorities)
    verdict = context.authorities.vocabulary.said("verdict", told["verdict"])
    name = anchor(told["id"])
    sides = [
        element(
            "li",
            element("strong", f"{tr('Rejected')}: ") if side["rejected"] else NOTHING,
            parts.mark_english(comparison_fields.side_of(side)),
        )
        for side in told["sides"]
    ]
    camps = [
        context.link(places.camp(each), parts.mark_english(context.authorities.gazetteer.label(each)))
        for each in told["facilities"]
    ]
    return element(
        "section",
        element(level, parts.mark_english(told["subject"]), f" ({told['id']})", id=name) if level else NOTHING,
        element("p", element("strong", tr("Verdict: ")), verdict),
        element("p", join(*camps, by=" · "), class_="small") if camps else NOTHING,
        element("ul", *sides),
        element("p", parts.mark_english(tr("Kept as: {found}", found=told["kept_as"]))) if told["kept_as"] else NOTHING,
        class_="conflict",
    )


def _coverage(compared: ComparisonOutput, context: PageContext) -> Markup:
    comparison = compared.comparison
    return _coverage_section(comparison.coverage, context.authorities, bool(comparison.query.filters.camp), current_language())


@lru_cache(maxsize=4)
def _coverage_section(coverage: tuple[Attestation, ...], authorities: Authorities, each_missing: bool, _language: str) -> Markup:  # noqa: FBT001 - part of what is remembered
    """Write what all pages of a comparison have alike, in the language that is spoken."""
    laid = coverage_table(coverage, authorities, each_missing=each_missing)
    rows = [(parts.mark_english(name), row) for name, row in laid.rows]
    table = _grid(tr(SPEAK), [fields.decade(each) for each in laid.decades], rows) if rows else NOTHING
    return _section(
        "told", tr("Who was there to tell"), table, *(element("p", parts.mark_english(each)) for each in laid.remarks)
    )


def _grid(caption: str, heads: Sequence[str], rows: Sequence[tuple[Markup, Sequence[str]]]) -> Markup:
    head = element("tr", element("th", tr("Who speaks"), scope="col"), *(element("th", each, scope="col") for each in heads))
    body = [element("tr", element("th", name, scope="row"), *(element("td", cell) for cell in cells)) for name, cells in rows]
    table = element("table", element("caption", caption), element("thead", head), element("tbody", *body), class_="grid")
    return element("div", table, class_="wide", tabindex="0", role="region", aria_label=caption[:_LABEL])


_LABEL: Final = 80


def conflicts(every: Sequence[Mapping[str, Any]], context: PageContext) -> Page:
    """Return the page of the contradictions that the archive keeps."""
    number = len(every)
    lead = element("p", tr_count("{number} contradiction.", "{number} contradictions.", number))
    items = element("ul", *(_contradiction_link(kept, context) for kept in every))
    return Page(PagePlace("conflicts"), tr("Contradictions that the archive keeps"), items, lead)


def _contradiction_link(kept: Mapping[str, Any], context: PageContext) -> Markup:
    """Write a contradiction by its subject and its verdict, with a link to all of it."""
    verdict = context.authorities.vocabulary.said("verdict", kept.get("verdict", ""))
    link = context.link(PagePlace("conflict", (kept["id"],)), parts.mark_english(kept.get("subject", "")))
    return element("li", link, f" ({verdict}; {kept['id']})")


def one_conflict(kept: Mapping[str, Any], context: PageContext) -> Page:
    """Return the page of one contradiction: each side with its sources, then the verdict."""
    place = PagePlace("conflict", (kept["id"],))
    lead = element("p", context.link(PagePlace("conflicts"), tr("All contradictions")))
    return Page(place, f"{kept['id']}: {kept.get('subject', '')}", conflict(kept, context, ""), lead)


def coverage(
    testimonies: int, passages_counted: int, counts: Mapping[str, Mapping[str, int]], spread: Sequence[Cell], context: PageContext
) -> Page:
    """Return the page of who was where and when to tell.

    :param counts: testimonies by kind, connection, rendering and language.
    """
    authorities = context.authorities
    label = authorities.vocabulary.label
    rank = authorities.vocabulary.rank
    sections = []
    for name in _COUNTED:
        values = sorted(counts[name].items(), key=lambda item: (rank(name, item[0]), item[0]))
        heading = facet_heading(name)
        items = [element("li", parts.mark_english(label(name, value)), f": {number}") for value, number in values]
        sections.append(element("section", element("h3", heading[:1] + heading[1:].lower()), element("ul", *items)))
    decades = sorted({cell.decade for cell in spread})
    cells = {(cell.camp, cell.vantage, cell.decade): cell.testimonies for cell in spread}
    rows = [
        (
            join(
                context.link(places.camp(camp), parts.mark_english(authorities.gazetteer.label(camp))),
                f": {label('connection', vantage)}",
            ),
            [str(cells.get((camp, vantage, decade), "–")) for decade in decades],
        )
        for camp, vantage in sorted({(cell.camp, cell.vantage) for cell in spread})
    ]
    caption = tr("Testimonies that speak of a camp and decade, by who speaks, without rejected claims; – is nobody.")
    main = join(
        _section(
            "spread", tr("Who speaks of which camp and decade"), _grid(caption, [fields.decade(each) for each in decades], rows)
        ),
        _section("counts", tr("What is here"), *sections),
        by="\n",
    )
    lead = element("p", tr("{testimonies} testimonies, {passages} passages.", testimonies=testimonies, passages=passages_counted))
    lead = join(lead, pictures.links(context))
    return Page(PagePlace("coverage"), tr("Who was where and when to tell"), main, lead)
