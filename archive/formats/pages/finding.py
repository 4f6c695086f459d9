"""Pages to find by: the way in, an answer with its facets, the list of all records."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from archive.citing.excerpt import SearchOutput
from archive.errors import UnknownTerm
from archive.formats import _html_parts as parts
from archive.formats import fields
from archive.formats._date_words import date_in_words
from archive.formats._html_sink import NOTHING, Markup, element, join
from archive.formats._notes_in_full import NotesInFull
from archive.formats.pages import _passage as passage_parts
from archive.formats.pages import places
from archive.formats.pages._asides import asides
from archive.formats.pages.frame import Page, PageContext, search_form
from archive.formats.pages.places import PagePlace, Parameters
from archive.formats.wording import as_known, by_works, count, describe_left_out, facet_heading
from archive.language.messages import current_language, mark, tr, tr_count
from archive.record.testimony import Passage, Testimony, notes_of
from archive.search.model import FACETS, Coverage, FacetCount, Results
from archive.text import count_of, join_list, squash

PAGE: Final = 10
"""Hits on one page of an answer."""
_MOST_VALUES: Final = 12
"""Values of a facet that are shown on the page of an answer; the others stand in the facets of the command."""
_WAYS: Final = {
    "any_of": mark("any of the words"),
    "words_only": mark("the words alone, not what they mean"),
    "plain": mark("the words as they are"),
    "exact": mark("the words as typed"),
    "together": mark("the words in different passages of one testimony"),
    "group": mark("hits of one testimony together"),
}
_NAMES: Final = {
    "camp": mark("camp"),
    "period": mark("time told of"),
    "period_within": mark("surely within the time"),
    "flag": mark("with the caveat"),
    "without_flag": mark("without the caveat"),
    "topic": mark("topic"),
    "without_topic": mark("not on the topic"),
    "kind": mark("kind"),
    "connection": mark("the witness is"),
    "role": mark("role"),
    "zone": mark("zone"),
    "basis": mark("known by"),
    "status": mark("status of the claim"),
    "reliability": mark("grade of the source"),
    "language": mark("language"),
    "witness": mark("witness"),
    "code": mark("record"),
    "recorded": mark("recorded"),
    "as_of": mark("as known on"),
    "sort": mark("order"),
}
"""What stands before the value of a filter that was asked for."""


def home(counted: SearchOutput, coverage: Coverage, context: PageContext) -> Page:
    """Return the way in: one box to search with, what is here, the camps, and what the caveats mean.

    :param counted: the whole collection with its facets.
    """
    authorities = context.authorities
    camps = {row.value: row for row in counted.results.facets.get("camp", ())}
    links = [
        element("li", context.link(places.camp(each.id), parts.mark_english(each.named())), f" ({camps[each.id].testimonies})")
        for each in authorities.gazetteer
        if each.id in camps
    ]
    lead = element(
        "p",
        tr(
            "{testimonies} with {passages}. No words leave here without the caveats in force at them and their citation.",
            testimonies=count_of(coverage.searched, "testimony", "testimonies"),
            passages=count_of(counted.results.passages, "passage", "passages"),
        ),
    )
    main = join(
        search_form(context),
        element("p", _warning(), class_="warning", role="note"),
        element("h2", tr("By camp"), id="camps") if links else NOTHING,
        element("p", tr("In brackets: how many testimonies speak of it."), class_="small") if links else NOTHING,
        element("ul", *links, class_="columns") if links else NOTHING,
        element("h2", tr("Other ways in"), id="ways"),
        element(
            "ul",
            *(
                element("li", context.link(PagePlace(kind), tr(label)))
                for kind, label in _OTHER_WAYS
                if context.links.to(PagePlace(kind)) is not None
            ),
        ),
        by="\n",
    )
    return Page(places.home(), authorities.name(current_language()), main, lead)


_OTHER_WAYS: Final = (
    ("records", mark("All records, with who speaks")),
    ("topics", mark("By topic")),
    ("compare", mark("What several accounts say of one camp, side by side")),
    ("conflicts", mark("Contradictions that the archive keeps")),
    ("coverage", mark("Who was where and when to tell")),
    ("flags", mark("What the caveats mean")),
    ("method", mark("How the archive weighs what it keeps")),
)


def _warning() -> str:
    return tr(
        "Many accounts here tell of violence, hunger and death. Where one does, a warning stands before its text, "
        "with a way past it. “Leave quickly” at the top leads away from here at once."
    )


def search(answer: SearchOutput, parameters: Parameters, context: PageContext) -> Page:
    """Return the page of an answer.

    :param parameters: the words as ``q`` and the filters, as they stand in the address.
    """
    results = answer.results
    told = NotesInFull()
    words = dict(parameters).get("q", "")
    hits = [passage_parts.article(shown, context, told) for shown in answer.shown]
    first = results.query.offset + 1
    main = join(
        search_form(context, parameters),
        _filters_in_force(parameters, context),
        element(
            "section",
            element("h2", count(results), id="answer"),
            *(element("p", line, class_="small") for line in _understood(results)),
            asides(results, parameters, context),
            element("p", tr("Shown: {first} to {last}.", first=first, last=first + len(hits) - 1)) if hits else NOTHING,
            *hits,
            _leaf(results, parameters, context),
            aria_labelledby="answer",
            class_="answer",
        ),
        _facets(results, parameters, context),
        by="\n",
    )
    title = tr("Search: {words}", words=words) if words else tr("Search")
    return Page(PagePlace("search", parameters=parameters), title, main, forms=("json", "csv"))


def _understood(results: Results) -> Iterator[str]:
    """Describe how the words were understood, by what was found, and what was left out."""
    if results.understood:
        yield tr("Understood: {understood}.", understood=results.understood)
    by = fields.counts_by_reason(results)
    if by["words"] is not None and results.passages:
        yield tr(
            "Found by words: {words}; by a claim of the archive: {claims}; by topic: {topics}.",
            words=by["words"],
            claims=by["claims"],
            topics=by["topics"],
        )
        yield from by_works(results, alone=False)
    yield from as_known(results)
    if results.undated_left_out:
        passages_left = count_of(results.undated_left_out, "undated passage", "undated passages")
        yield tr("Left out by the time that was asked for: {passages}.", passages=passages_left)
    elif results.query.filters.as_of and results.without_day:
        yield from describe_left_out(results)


def _filters_in_force(parameters: Parameters, context: PageContext) -> Markup:
    """Write the filters that hold, each with a link that takes it away."""
    items = []
    for name, value in parameters:
        if name in {"q", "offset", "state"}:
            continue
        rest = tuple(pair for pair in places.without(parameters, "offset", "state") if pair != (name, value))
        label = _way(name, value, context)
        remove = context.link(places.search(rest), tr("remove"), aria_label=tr("remove: {filter}", filter=label))
        items.append(element("li", parts.mark_english(label), " ", remove))
    if not items:
        return NOTHING
    return element(
        "section",
        element("h2", tr("Only what is")),
        element("ul", *items, class_="asked"),
        element("p", context.link(places.search((("q", dict(parameters).get("q", "")),)), tr("Remove all"))),
    )


def _way(name: str, value: str, context: PageContext) -> str:
    if name in _WAYS:
        return tr(_WAYS[name])
    named = fields.label(name.removeprefix("without_"), value, context.authorities) if name not in _TYPED else value
    return f"{tr(_NAMES.get(name, name))}: {named}"


_TYPED: Final = frozenset({"period", "period_within", "recorded", "as_of", "witness", "code", "sort"})
"""Filters whose value is what a person typed."""


def _leaf(results: Results, parameters: Parameters, context: PageContext) -> Markup:
    """Write the links to the pages of the answer before and after this one."""
    rest = (*places.without(parameters, "offset", "state"), *((("state", context.state),) if context.state else ()))
    at, shown = results.query.offset, len(results.hits)
    items = []
    if at:
        before = max(0, at - PAGE)
        items.append(context.link(places.search((*rest, *((("offset", str(before)),) if before else ()))), tr("Previous page")))
    if at + shown < results.passages and shown:
        items.append(context.link(places.search((*rest, ("offset", str(at + shown)))), tr("Next page")))
    if not items:
        return NOTHING
    return element(
        "nav", element("ul", *(element("li", item) for item in items), class_="row"), aria_label=tr("Pages of the answer")
    )


def _facets(results: Results, parameters: Parameters, context: PageContext) -> Markup:
    sections = [_facet(name, results.facets[name], results, parameters, context) for name in FACETS if results.facets.get(name)]
    if not any(sections):
        return NOTHING
    return element(
        "section",
        element("h2", tr("Narrow it down"), id="narrow"),
        element("p", tr("Passages, and in how many testimonies."), class_="small"),
        *sections,
        aria_labelledby="narrow",
        class_="facets",
    )


def _facet(name: str, rows: Sequence[FacetCount], results: Results, parameters: Parameters, context: PageContext) -> Markup:
    items = []
    rest = places.without(parameters, "offset", "state")
    others = places.without(rest, *_OF_FACET.get(name, (name,)))  # counted is what another value finds in their place
    for row in rows[:_MOST_VALUES]:
        pair = filter_of(name, row.value)
        label = fields.label(name, row.value, context.authorities)
        numbers = f" ({row.passages} / {row.testimonies})"
        if pair is None:
            items.append(element("li", parts.mark_english(label), numbers))
        elif pair in parameters:
            less = tuple(each for each in rest if each != pair)
            remove = context.link(places.search(less), tr("remove"), aria_label=tr("remove: {filter}", filter=label))
            items.append(element("li", element("strong", parts.mark_english(label)), numbers, " ", remove))
        else:
            items.append(element("li", context.link(places.search((*others, pair)), parts.mark_english(label)), numbers))
    more = len(rows) - _MOST_VALUES
    if more > 0:
        items.append(element("li", tr_count("and {number} more", "and {number} more", more)))
    counted = fields.option_left_out(name, results.query.filters)
    aside = element("p", tr("As without this filter: what another value would find."), class_="small") if counted else NOTHING
    heading = facet_heading(name)
    about = element("p", tr("A link also finds what is told of a time near it."), class_="small") if name == "decade" else NOTHING
    return element("section", element("h3", heading[:1] + heading[1:].lower()), aside, about, element("ul", *items))


_OF_FACET: Final = {
    "decade": ("period", "period_within"),
    "flag": ("flag", "without_flag"),
    "topic": ("topic", "without_topic", "all_topics"),
}
"""Which filters a facet is counted without, where they are not called as it is."""


def filter_of(facet: str, value: str) -> tuple[str, str] | None:
    """Return the filter that a value of a facet stands for, as it stands in an address; None where there is none."""
    if facet != "decade":
        return (facet, value)
    return ("period", f"{value[:3]}X") if value[:3].isdigit() else None


def options_of(parameters: Parameters) -> tuple[str, dict[str, Any]]:
    """Return the words and the `SearchOptions` of an address; what is no filter is passed on, to be refused by its name.

    :raises UnknownTerm: the place in the answer is no number.
    """
    options: dict[str, Any] = {"limit": PAGE, "facets": True}
    filters: dict[str, list[str]] = {}
    words = ""
    for name, value in parameters:
        if name == "q":
            words = value
        elif name == "offset":
            options["offset"] = number(value)
        elif name == "sort":
            options["sort"] = value
        elif name in _WAYS:
            options[name] = True
        elif name != "state":
            filters.setdefault(name, []).append(value)
    for name in ("as_of", "all_topics"):
        if name in filters:
            options[name] = filters.pop(name)[-1]
    return words, {**options, **filters}


def number(value: str) -> int:
    """Read a place in an answer.

    :raises UnknownTerm: it is no number.
    """
    if not (value.isascii() and value.isdecimal() and len(value) <= _MOST_DIGITS):
        message = tr("{value!r} is no number", value=squash(value)[:20])
        raise UnknownTerm(message, tr("Go to the first page of the answer."))
    return int(value)


_MOST_DIGITS: Final = 7


def records(every: Sequence[tuple[Testimony, Sequence[Passage]]], context: PageContext) -> Page:
    """Return the list of records: who speaks, of where and when, and which caveats are in force in each.

    :param every: records with all their passages.
    """
    rows = [_record(testimony, told, context) for testimony, told in every]
    table = element(
        "table",
        element("caption", tr("Records, with who speaks, of where and when, and the caveats in force in each")),
        element("thead", element("tr", *(element("th", head, scope="col") for head in _heads()))),
        element("tbody", *rows),
        class_="stacked",
    )
    number = len(rows)
    lead = element("p", tr_count("{number} testimony.", "{number} testimonies.", number))
    return Page(PagePlace("records"), tr("Records"), table if rows else NOTHING, lead)


def _heads() -> tuple[str, ...]:
    return tr("Record"), tr("Speaks"), tr("Camps"), tr("Time"), tr("Caveats in force")


def _record(testimony: Testimony, every: Sequence[Passage], context: PageContext) -> Markup:
    authorities = context.authorities
    told = testimony.entries or tuple(entry for passage in every for entry in passage.entries)
    camps = dict.fromkeys(entry.camp for entry in told if entry.camp)
    times = dict.fromkeys(entry.period for entry in told if entry.period)
    notes = notes_of(every)
    flags = sorted({note.flag for note in notes}, key=lambda flag: authorities.vocabulary.rank("flag", flag))
    cells = (
        parts.mark_english(passage_parts.speaker(testimony, authorities)),
        parts.mark_english("; ".join(authorities.gazetteer.label(camp) for camp in camps) or tr("no camp named")),
        parts.mark_english("; ".join(date_in_words(time) for time in times) or tr("undated")),
        parts.mark_english(join_list([authorities.vocabulary.said("flag", flag) for flag in flags], "and") or tr("none entered")),
    )
    head = element("th", context.link(places.record(testimony.code), parts.title_of(testimony)), scope="row")
    labels = _heads()[1:]
    return element(
        "tr",
        head,
        *(element("td", element("span", f"{label}: ", class_="label"), cell) for label, cell in zip(labels, cells, strict=True)),
    )
