"""What an answer says beside its hits: how words were read, what else may be asked; each with a link that asks it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from archive.formats import fields, wording
from archive.formats._date_words import date_in_words
from archive.formats._html_sink import NOTHING, Markup, element, join
from archive.formats._relaxations import speaks_of_a_code
from archive.formats.pages import places
from archive.formats.pages.frame import PageContext
from archive.formats.pages.places import Parameters
from archive.language.messages import mark, tr, tr_count
from archive.search import relaxing
from archive.search.model import MISSPELT, Filters, Query, Results, Span, day
from archive.search.relaxing import Relaxation
from archive.text import count_of, join_list

_MOST_SPELLINGS: Final = 6


def asides(results: Results, parameters: Parameters, context: PageContext) -> Markup:
    """Write what was added to the words, where a name is ambiguous, and what else may be tried."""
    codes = wording.codes_asked(results, context.authorities)
    items = [
        *((join(wording.describe_spared(results)),) if results.spared else ()),
        *_meant(results, parameters, context),
        *(join(wording.describe_works(each, context.authorities)) for each in results.expanded if each.works),
        *_read_as(results, parameters, context),
        *_offers(results, parameters, context),
        *_still_on(results, parameters, context),
        *_codes(codes, context),
        *_near(results, parameters, context, with_words=not codes),
        *(
            item
            for relaxed in results.relaxed
            if not speaks_of_a_code(relaxed, context.authorities)
            for item in _relaxations(relaxed, context)
        ),
    ]
    return element("ul", *(element("li", item) for item in items), class_="asides") if items else NOTHING


def _with(parameters: Parameters, *pairs: tuple[str, str]) -> Parameters:
    return (*places.without(parameters, "offset", "state"), *pairs)


def _meant(results: Results, parameters: Parameters, context: PageContext) -> Iterator[Markup]:
    """Say which words were taken for a term of the vocabularies."""
    terms: dict[str, list[str]] = {}
    for expansion in results.expanded:
        if expansion.term:
            name, term = expansion.term
            terms.setdefault(expansion.word, []).append(fields.label(name, term, context.authorities))
    if not terms:
        return
    for word, named in terms.items():
        yield join(tr("“{word}” also finds what is told of {named}.", word=word, named=join_list(named, "and")))
    yield context.link(places.search(_with(parameters, ("words_only", "1"))), tr("Look for the words alone"))


def _read_as(results: Results, parameters: Parameters, context: PageContext) -> Iterator[Markup]:
    """Say how names, spellings and times were read."""
    for expansion in (each for each in results.expanded if not (each.term or each.works)):
        word, spellings = expansion.word, ", ".join(expansion.to[:_MOST_SPELLINGS])
        facilities = list(expansion.facilities)
        if expansion.why == (MISSPELT,):
            yield join(tr("“{word}” was read as “{to}”; in quotation marks it is taken as it is.", word=word, to=spellings))
        elif expansion.parts:
            yield join(tr("{word} was taken with its parts: {to}.", word=word, to=", ".join(expansion.to)))
        elif len(facilities) > 1:
            links = [
                context.link(places.search(_with(parameters, ("camp", each))), context.authorities.gazetteer.label(each))
                for each in facilities
            ]
            yield join(tr("“{word}” may mean several; choose one: ", word=word), join(*links, by=" · "))
        elif facilities:
            label = context.authorities.gazetteer.label(facilities[0])
            yield join(tr("“{word}” was taken for {named}, and also searched in its other spellings.", word=word, named=label))
        elif spellings:
            yield join(tr("“{word}” was also searched as {to}.", word=word, to=spellings))
    for span in (*results.query.filters.period, *results.query.filters.recorded):
        if span.taken:
            yield join(tr("The time was read as {taken}.", taken=wording.time_taken(span.taken)))
    if results.not_required:
        yield join(tr("Not required: {not_required}.", not_required=join_list(results.not_required, "and")))


def _offers(results: Results, parameters: Parameters, context: PageContext) -> Iterator[Markup]:
    for word, (name, term, _) in results.offered:
        label = date_in_words(term) if name == "period" else fields.label(name, term, context.authorities)
        link = context.link(places.search(_with(parameters, (name, term))), label)
        yield join(tr("“{word}” as a filter: ", word=word), link)


def _still_on(results: Results, parameters: Parameters, context: PageContext) -> Iterator[Markup]:
    for word, (name, term, _), number in results.still_on:
        told = tr_count(
            "{number} passage without the words “{word}” is on {label} all the same.",
            "{number} passages without the words “{word}” are on {label} all the same.",
            number,
            word=word,
            label=context.authorities.vocabulary.label(name, term),
        )
        without = context.link(places.search(_with(parameters, (f"without_{name}", term))), tr("Leave these out"))
        yield join(told, " ", without)


def _codes(codes: Iterable[str], context: PageContext) -> Iterator[Markup]:
    """Say of what has a code that it is read and not searched for."""
    for code in codes:
        place = places.place_of(code)
        if place:
            yield join(tr("Words are searched for; what has a code is read by it: "), context.link(place, code))


def _near(results: Results, parameters: Parameters, context: PageContext, *, with_words: bool) -> Iterator[Markup]:
    if results.suggestions and with_words:
        links = [
            context.link(places.search((*places.without(_with(parameters), "q"), ("q", near))), near)
            for near in results.suggestions
        ]
        yield join(tr("Did you mean: "), join(*links, by=" · "))
    if results.in_different_passages:
        told = tr_count(
            "{number} testimony has all the words, but in different passages.",
            "{number} testimonies have all the words, but in different passages.",
            results.in_different_passages,
        )
        yield context.link(places.search(_with(parameters, ("together", "1"))), told)


_SAID: Final[Mapping[str, str]] = {
    relaxing.WIDER: mark("Nothing here speaks of {left_out}; on the wider subject {label}: {found}."),
    relaxing.AT_FACILITY: mark("At {label}, whether or not the words say {left_out}: {found}."),
    relaxing.FACILITY_ALONE: mark("At {label}, whatever else was asked beside {left_out}: {found}."),
    relaxing.WITHOUT_WORD: mark("Without {left_out}: {found}."),
    relaxing.TOGETHER: mark("In different passages of one testimony: {found}."),
    relaxing.WITHOUT_FILTER: mark("Without the filter {left_out}: {found}."),
    relaxing.ANY: mark("With any of the words: {found}."),
}


def _relaxations(relaxed: Relaxation, context: PageContext) -> Iterator[Markup]:
    """Say what may be asked where nothing was found, and what it finds."""
    label = fields.label(*relaxed.term, context.authorities) if relaxed.term else ""
    if relaxed.kind == relaxing.NOTHING:
        yield join(tr("{label}: nothing in this collection speaks of it.", label=label or relaxed.left_out))
        return
    found = tr(
        "{passages} in {testimonies}",
        passages=count_of(relaxed.passages, "passage", "passages"),
        testimonies=count_of(relaxed.testimonies, "testimony", "testimonies"),
    )
    left_out = relaxed.left_out.removeprefix("--")
    told = tr(_SAID[relaxed.kind], left_out=left_out, label=label, found=found if relaxed.passages else tr("nothing either"))
    yield context.link(places.search(question_of(relaxed.query)), told) if relaxed.passages else join(told)


_WAYS: Final = ("any_of", "words_only", "plain", "exact", "together")


def question_of(query: Query) -> Parameters:
    """Return a query as it stands in an address."""
    return (
        *((("q", query.words),) if query.words else ()),
        *((name, "1") for name in _WAYS if getattr(query, name)),
        *_asked_filters(query.filters),
    )


def _asked_filters(filters: Filters) -> Iterator[tuple[str, str]]:
    write: Mapping[str, Callable[[Span], tuple[str, str]]] = {
        "period": _period,
        "recorded": lambda span: ("recorded", _days(span)),
    }
    for name, value in filters._asdict().items():
        if name == "as_of" and value:
            yield name, day(value)
        elif name == "all_topics" and value:
            yield name, "1"
        elif isinstance(value, tuple):
            for each in value:
                yield write[name](each) if name in write else (name, str(each))


def _period(span: Span) -> tuple[str, str]:
    return ("period_within" if span.within else "period", _days(span))


def _days(span: Span) -> str:
    return f"{day(span.first)}/{day(span.last)}"
