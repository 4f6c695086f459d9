"""Pages of what the archive has agreed on: camps, topics, works, what each flag and each other term means."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from archive.authority.authorities import Authorities
from archive.authority.gazetteer import Facility
from archive.authority.vocabulary import Term
from archive.citing import citation
from archive.formats import _html_parts as parts
from archive.formats import fields
from archive.formats._date_words import date_in_words
from archive.formats._html_sink import NOTHING, Markup, anchor, element, join
from archive.formats.pages import pictures, places
from archive.formats.pages.frame import Page, PageContext
from archive.formats.pages.leaves import at_part, leaves
from archive.formats.pages.places import PagePlace
from archive.formats.pages.weighing import conflict
from archive.formats.wording import facet_heading, place_name
from archive.language.messages import current_language, mark, tr, tr_count
from archive.record import work
from archive.record.testimony import Testimony
from archive.search.model import FacetCount, Hit, Results
from archive.text import join_list

_CONTESTED: Final = ("rejected", "disputed", "recanted", "corrected")
UNLISTED: Final = frozenset({"topic", "flag"})
"""Lists of terms that have pages of their own."""


def camps(results: Results, context: PageContext) -> Page:
    """Return the list of facilities, with how many testimonies speak of each.

    :param results: the whole collection with its facets.
    """
    counts = {row.value: row for row in results.facets.get("camp", ())}
    items = []
    for facility in context.authorities.gazetteer:
        row = counts.get(facility.id)
        number = row.testimonies if row else 0
        told = tr_count("{number} testimony", "{number} testimonies", number) if number else tr("no testimony here")
        other = _other_name(facility)
        link = context.link(places.camp(facility.id), parts.mark_english(facility.named()))
        items.append(element("li", link, other, f": {told}"))
    lead = element("p", tr("Each with all its names, what is stated of it by whom, what is contested, and who speaks of it."))
    return Page(PagePlace("camps"), tr("Camps"), element("ul", *items), lead)


def _other_name(facility: Facility) -> Markup:
    """Write the label in the language that is not that of the frame."""
    for language, label in facility.label.items():
        if language not in {current_language(), facility.named()} and label != facility.named():
            return join(" (", element("span", label, lang=language), ")")
    return NOTHING


def camp(facility: Facility, results: Results, context: PageContext) -> Page:
    """Return the page of a facility: its names, what is stated of it, what is contested, and who speaks of it.

    :param results: all passages that speak of it.
    """
    authorities = context.authorities
    main = join(
        _names(facility, authorities),
        *(_statements(about, facility, authorities) for about in dict.fromkeys(each["about"] for each in facility.statements)),
        *_contradictions(facility, context),
        _speakers(facility, results, context),
        by="\n",
    )
    links = [
        context.link(places.search((("camp", facility.id),)), tr("Read every passage on it")),
        context.link(PagePlace("compare", parameters=(("camp", facility.id),)), tr("Compare the accounts of it")),
    ]
    lead = join(element("ul", *(element("li", link) for link in links), class_="row"), pictures.links(context, facility))
    return Page(places.camp(facility.id), facility.named(), main, lead)


def _names(facility: Facility, authorities: Authorities) -> Markup:
    gazetteer = authorities.gazetteer
    facts = [
        (tr("Type"), authorities.vocabulary.said("facility_type", facility.type)),
        (tr("Names"), "; ".join(dict.fromkeys(str(name["text"]) for name in facility.names))),
        (tr("Place names"), "; ".join(place_name(name) for name in facility.place_names)),
        (tr("Part of"), gazetteer.label(facility.part_of) if facility.part_of else ""),
        (tr("Parts, taken along below"), "; ".join(gazetteer.label(part) for part in gazetteer.parts(facility.id))),
        (tr("Not to be confused with"), "; ".join(gazetteer.label(other) for other in facility.not_to_be_confused_with)),
        *(
            (tr("Coordinates"), f"{place['latitude']}, {place['longitude']} {_sources(place, authorities)}")
            for place in facility.coordinates
        ),
    ]
    return parts.facts_list((term, said) for term, said in facts if said)


def _sources(statement: Mapping[str, Any], authorities: Authorities) -> str:
    named = fields.cites(citation.cites_in(statement), authorities)
    return f"[{'; '.join(named)}]" if named else ""


def _statements(about: str, facility: Facility, authorities: Authorities) -> Markup:
    items = [_statement(each, authorities) for each in facility.statements if each["about"] == about]
    heading = authorities.vocabulary.label("statement", about)
    return element("section", element("h2", heading), element("ul", *items))


def _statement(statement: Mapping[str, Any], authorities: Authorities) -> Markup:
    figure = [
        *([authorities.vocabulary.said("measure", statement["measure"])] if statement.get("measure") else []),
        *([tr("by {estimator}", estimator=statement["estimator"])] if statement.get("estimator") else []),
    ]
    date = f"{date_in_words(statement['date'])}: " if statement.get("date") else ""
    see = tr(" See {statement}.", statement=join_list(statement["conflicts"], "and")) if statement.get("conflicts") else ""
    figures = f" ({', '.join(figure)})" if figure else ""
    rejected = statement.get("rejected")
    return element(
        "li",
        element("strong", f"{tr('Rejected')}: ") if rejected else NOTHING,
        parts.mark_english(f"{date}{statement['text']}{figures}{see} {_sources(statement, authorities)}"),
        element("p", parts.mark_english(tr("Why rejected: {statement}", statement=rejected))) if rejected else NOTHING,
    )


def _contradictions(facility: Facility, context: PageContext) -> Iterator[Markup]:
    known = context.authorities.conflicts
    kept = [known[other] for other in facility.conflicts if other in known]
    if kept:
        yield element(
            "section",
            element("h2", tr("Contradictions that the archive keeps"), id="kept"),
            *(conflict(each, context, "h3") for each in kept),
            aria_labelledby="kept",
        )


def _speakers(facility: Facility, results: Results, context: PageContext) -> Markup:
    asked = {facility.id, *context.authorities.gazetteer.parts(facility.id)}
    by_code: dict[str, list[Hit]] = {}
    for hit in results.hits:
        by_code.setdefault(hit.testimony.code, []).append(hit)
    items = [_speaker(hits, asked, context) for hits in by_code.values()]
    said = element("ul", *items) if items else element("p", tr("No testimony here speaks of it."))
    return element("section", element("h2", tr("Who speaks of it"), id="speakers"), said, aria_labelledby="speakers")


def _speaker(hits: Sequence[Hit], asked: Collection[str], context: PageContext) -> Markup:
    testimony, said = hits[0].testimony, context.authorities.vocabulary.said
    flags = dict.fromkeys(note.flag for hit in hits for note in hit.passage.notes)
    named = join_list([said("flag", flag) for flag in flags], "and")
    numbers = []
    for hit in hits:
        stands = sorted({entry.status for entry in hit.passage.entries if entry.camp in asked} & set(_CONTESTED))
        standing = f" ({join_list([said('status', status) for status in stands], 'and')})" if stands else ""
        link = context.link(places.passage(testimony.code, hit.passage.number), tr("para. {numbers}", numbers=hit.passage.number))
        numbers.append(join(link, standing))
    return element(
        "li",
        context.link(places.record(testimony.code), parts.title_of(testimony)),
        ": ",
        join(*numbers, by=", "),
        tr(". Caveats in force: {named}", named=named) if named else NOTHING,
    )


def topics(results: Results, context: PageContext) -> Page:
    """Return the topics of the thesaurus as a tree, with how many passages are on each.

    :param results: the whole collection with its facets.
    """
    vocabulary = context.authorities.vocabulary
    counts = {row.value: row for row in results.facets.get("topic", ())}
    seen: set[str] = set()

    def below(term: Term) -> Markup:
        again = term.id in seen
        seen.add(term.id)
        narrower = [] if again else [each for each in map(_term_of(context), vocabulary.narrower("topic", term.id)) if each]
        children = element("ul", *map(below, narrower)) if narrower else NOTHING
        return element("li", context.link(places.topic(term.id), *_labels(term)), f": {_count(counts.get(term.id))}", children)

    tops = [below(term) for term in vocabulary.terms("topic") if not term.broader]
    lead = element("p", tr("Narrower topics are counted with the broader one."))
    return Page(PagePlace("topics"), tr("Topics"), element("ul", *tops, class_="tree"), lead)


def _term_of(context: PageContext) -> Callable[[str], Term | None]:
    terms = {term.id: term for term in context.authorities.vocabulary.terms("topic")}
    return terms.get


def _labels(term: Term) -> Iterator[Markup]:
    """Yield the label in the language of the frame, and beside it those in others."""
    own = term.named()
    yield parts.mark_english(own)
    for language, label in term.label.items():
        if label != own:
            yield join(" · ", element("span", label, lang=language))


def _count(row: FacetCount | None) -> str:
    if row is None or not row.passages:
        return tr("nothing in this collection")
    return tr(
        "{passages} in {testimonies}",
        passages=tr_count("{number} passage", "{number} passages", row.passages),
        testimonies=tr_count("{number} testimony", "{number} testimonies", row.testimonies),
    )


def topic(term: Term, results: Results, context: PageContext) -> Page:
    """Return the page of a topic: what it is, its words, its neighbours, and what is on it."""
    vocabulary = context.authorities.vocabulary
    counts = {row.value: row for row in results.facets.get("topic", ())}
    terms = {each.id: each for each in vocabulary.terms("topic")}
    related = tuple(dict.fromkeys([*term.related, *(each.id for each in terms.values() if term.id in each.related)]))

    def others(ids: Sequence[str]) -> Markup:
        links = [context.link(places.topic(each), *_labels(terms[each])) for each in ids if each in terms]
        return join(*links, by="; ")

    facts = [
        (tr("What it is"), parts.mark_english(term.definition)),
        (tr("On it"), parts.mark_english(_count(counts.get(term.id)))),
        *_words(tr("The same, widens a search"), term.also),
        *_words(tr("Narrower, never widens"), term.under),
        (tr("Broader topics"), others(term.broader)),
        (tr("Narrower topics"), others(vocabulary.narrower("topic", term.id))),
        (tr("Related topics"), others(related)),
        (tr("Codes"), parts.mark_english("; ".join(" ".join(map(str, code.values())) for code in term.codes))),
    ]
    listing = element("dl", *(join(element("dt", name), element("dd", said)) for name, said in facts if said), class_="facts")
    links = [
        context.link(places.search((("topic", term.id),)), tr("Read every passage on it")),
        context.link(PagePlace("compare", parameters=(("topic", term.id),)), tr("Compare the accounts of it")),
    ]
    reads = element("ul", *(element("li", link) for link in links), class_="row") if counts.get(term.id) else NOTHING
    return Page(places.topic(term.id), term.named(), join(listing, reads))


def _words(name: str, by_language: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, Markup]]:
    for language, words in by_language.items():
        yield f"{name} ({language})", element("span", ", ".join(words), lang=language)


SOURCES: Final = 120
"""Works on one page of their list."""


def source_pages(every: Mapping[str, Mapping[str, Any]]) -> int:
    """Return how many pages the list of works has."""
    return max(1, -(-len(every) // SOURCES))


def sources(every: Mapping[str, Mapping[str, Any]], context: PageContext, part: int = 1) -> Page:
    """Return a page of the list of works that records, notes and statements cite.

    :param part: from 1; of a page that there is not, the last one.
    """
    part = min(max(part, 1), source_pages(every))
    in_order = sorted(every, key=lambda ref: citation.work(every[ref].get("csl", {})).casefold())
    items = [
        element("li", context.link(PagePlace("source", (ref,)), parts.mark_english(_work(ref, every[ref])))) for ref in in_order
    ]
    lead = join(
        element("p", tr_count("{number} work.", "{number} works.", len(items))),
        leaves(PagePlace("sources"), part, source_pages(every), context),
    )
    here = items[(part - 1) * SOURCES : part * SOURCES]
    return Page(at_part(PagePlace("sources"), part), tr("Sources"), element("ul", *here, class_="works"), lead)


def codes_of_works(every: Iterable[Testimony]) -> dict[str, list[str]]:
    """Return the codes of the records that are of a work, by its id."""
    codes: dict[str, list[str]] = {}
    for testimony in every:
        if testimony.source.ref:
            codes.setdefault(testimony.source.ref, []).append(testimony.code)
    return codes


def _work(ref: str, entry: Mapping[str, Any]) -> str:
    csl = entry.get("csl", {})
    return citation.work(csl) if csl else ref


def source(ref: str, entry: Mapping[str, Any], codes: Sequence[str], context: PageContext) -> Page:
    """Return the page of a work: where it is, how it is graded and why, and which records are of it.

    :param codes: of the records that are of it.
    """
    said, csl = context.authorities.vocabulary.said, entry.get("csl", {})
    address, graded = work.address(csl), entry.get("reliability", "")
    records = [context.link(places.record(code), code) for code in codes]
    seen = ", ".join(filter(None, (said("seen", entry["seen"]) if entry.get("seen") else "", entry.get("seen_on", ""))))
    facts = [
        (tr("Address"), element("a", address, href=address, class_="address") if address else NOTHING),
        (tr("Seen"), parts.mark_english(seen)),
        (tr("Source is graded"), parts.mark_english(f"{graded} ({said('reliability', graded)})" if graded else "")),
        (tr("Why"), parts.mark_english(entry.get("basis", ""))),
        (tr("Remarks"), parts.mark_english(" ".join(filter(None, (entry.get("note", ""), entry.get("seen_note", "")))))),
        (tr("Records of it"), join(*records, by=", ")),
    ]
    listing = element("dl", *(join(element("dt", name), element("dd", told)) for name, told in facts if told), class_="facts")
    lead = element("p", context.link(PagePlace("sources"), tr("All sources")))
    return Page(PagePlace("source", (ref,)), _work(ref, entry), listing, lead)


def flags(results: Results, context: PageContext) -> Page:
    """Return the page of the flags that a caveat may bear: what each means, and how often it is in force."""
    counts = {row.value: row for row in results.facets.get("flag", ())}
    items = [
        join(
            element("dt", *_labels(term), id=anchor(term.id)),
            element("dd", parts.mark_english(term.definition)),
            element("dd", _flag_link(term, counts.get(term.id), context)),
        )
        for term in context.authorities.vocabulary.terms("flag")
    ]
    lead = element(
        "p",
        tr(
            "A caveat is about a passage and its sources, never about a person's honesty. "
            "The gravest come first; what speaks for a passage comes last."
        ),
    )
    return Page(PagePlace("flags"), tr("What the caveats mean"), element("dl", *items, class_="terms"), lead)


def _flag_link(term: Term, row: FacetCount | None, context: PageContext) -> Markup:
    if row is None:
        return join(tr("Nowhere in force here."))
    return join(tr("In force at: "), context.link(places.search((("flag", term.id),)), _count(row)))


_OF_LISTS: Final[Mapping[str, str]] = {
    "information": mark("INFORMATION"),
    "verdict": mark("VERDICT"),
    "facility_type": mark("FACILITY TYPE"),
    "consent": mark("CONSENT"),
    "relation": mark("RELATION"),
    "name_kind": mark("KIND OF NAME"),
    "note_status": mark("STATUS OF A NOTE"),
    "seen": mark("HOW MUCH WAS SEEN"),
    "statement": mark("WHAT A STATEMENT IS ABOUT"),
    "measure": mark("WHAT A FIGURE IS"),
    "names": mark("NAMES"),
}


def glossary(context: PageContext) -> Page:
    """Return the glossary: every term of the closed lists that a record or a facet may show, with what it means."""
    vocabulary = context.authorities.vocabulary
    sections = []
    for name in vocabulary.lists():
        if name in UNLISTED:
            continue
        items = [
            join(element("dt", *_labels(term)), element("dd", parts.mark_english(term.definition)))
            for term in vocabulary.terms(name)
            if term.definition
        ]
        if items:
            heading = tr(_OF_LISTS[name]) if name in _OF_LISTS else facet_heading(name)
            label = heading.replace("_", " ")
            sections.append(
                element("section", element("h2", label[:1] + label[1:].lower()), element("dl", *items, class_="terms"))
            )
    links = [context.link(PagePlace("flags"), tr("What the caveats mean")), context.link(PagePlace("topics"), tr("Topics"))]
    lead = element("ul", *(element("li", link) for link in links), class_="row")
    return Page(PagePlace("glossary"), tr("Glossary"), join(*sections, by="\n"), lead)
