"""The sentences that formats for people share: totals, how words were understood, entries, the line under a summary."""

from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Final

from archive.authority.authorities import Authorities
from archive.citing import citation
from archive.citing.list_signs import UPDATED
from archive.formats import fields
from archive.formats._date_words import date_in_words
from archive.formats.terminal import visible
from archive.language.messages import current_language, is_english, mark, tr, tr_count
from archive.record.testimony import CampEntry, Cite, Witness, codes_meant
from archive.search.model import MISSPELT, Expansion, Filters, Hit, Results, day
from archive.text import count_of, join_list, program

if TYPE_CHECKING:
    from archive.search.relaxing import Relaxation

# Loaded by name, and only where nothing was found.
_RELAXATIONS: Final = "archive.formats._relaxations"
_MOST_SPELLINGS: Final = 4
_MOST_WORKS: Final = 3
NOT_HERE: Final = mark("not in this version")
"""Stands in the place of a paragraph that a version in another language does not have."""


def name_of(witness: Witness) -> str:
    """Return the name of a witness; where a person reads another language, first as it was published in that language."""
    own = "" if is_english() else next((each.text for each in witness.other_names if each.language == current_language()), "")
    return f"{own}({witness.name})" if own else witness.name


def whole_name(name: str) -> str:
    """Write a name that no reference manager parts.

    A comma stands between the family's name and the given one, so ours stands
    at the end, and one within becomes wide; a small letter at the start would
    be taken for that of a "von".
    """
    kept = name.replace(",", "，")
    return f"{kept[:1].upper()}{kept[1:]},"


def evidence_line(authorities: Authorities, language: str = "") -> str:
    """Return what stands under a summary: that it is one, and where to go to cite in evidence."""
    said = authorities.collection.get("evidence", {})
    return str(
        said.get(language or current_language())
        or said.get("en")
        or tr("This is a summary by the archive; to cite in evidence, go to the source.")
    )


def summary(results: Results) -> str:
    """Describe how much was found, in what, and how the words were understood."""
    said = [f"{count(results)}."]
    if results.understood:
        said.append(tr("Understood: {understood}.", understood=visible(results.understood)))
    shown = len(results.hits)
    first = results.query.offset + 1
    if shown and first + shown - 1 < results.passages:
        said.append(
            tr(
                "Shown: {first} to {first2}; the next with --offset {first2}, all with --all.",
                first=first,
                first2=first + shown - 1,
            )
        )
    elif results.passages and not shown:
        said.append(
            tr(
                "None shown: there are {passages}, and --offset is {offset}.",
                passages=results.passages,
                offset=results.query.offset,
            )
        )
    said += as_known(results)
    said += only_since(results)
    said += describe_left_out(results)
    said.append(tr("Searched {searched} of {of} testimonies.", searched=results.coverage.searched, of=results.coverage.of))
    return " ".join(said)


def as_indexed_on(results: Results) -> Iterator[str]:
    """Describe as of when an answer is for which the records were not looked at."""
    if results.as_indexed:
        yield tr(
            "As indexed on {moment}: what was closed, withdrawn or changed since may still stand here, and later caveats do not.",
            moment=results.as_indexed.replace("T", " ").replace("Z", " UTC"),
        )


def as_known(results: Results) -> Iterator[str]:
    """Describe as of which day an answer is, and as of which state of the index."""
    yield from as_indexed_on(results)
    if asked := results.query.filters.as_of:
        yield tr("As the public could know it on {asked}, in today's words; caveats that came later say since.", asked=day(asked))


def only_since(results: Results) -> Iterator[str]:
    """Describe since which day something has become of all that was found."""
    if asked := results.query.filters.since:
        yield tr("Only what is new, was changed or has a new caveat in the archive since {since}.", since=day(asked))


def describe_update(hit: Hit, filters: Filters) -> Iterator[str]:
    """Describe what has become of a hit since the day that was asked for."""
    for update in hit.updates:
        yield tr(UPDATED[update], day=day(filters.since))


def describe_left_out(results: Results) -> Iterator[str]:
    """Describe how many passages a time, or a day that was asked for, left out because nobody can say if it fits them."""
    if results.undated_left_out:
        passages = count_of(results.undated_left_out, "undated passage", "undated passages")
        asked = [f"--{name}" for name in ("period", "recorded") if getattr(results.query.filters, name)]
        yield tr("Left out by {asked}: {passages}.", asked=join_list(asked, "and"), passages=passages)
    if results.query.filters.as_of and results.without_day:
        yield tr("Left out, since their record has no date: {without_day}.", without_day=results.without_day)
    if results.query.filters.since and results.without_history:
        yield tr("Left out, since their record has no history: {number}.", number=results.without_history)


def by_works(results: Results, *, alone: bool) -> Iterator[str]:
    """Describe how many passages are of a work that the words name, and how many cite it.

    :param alone: whether nothing has been said yet of what was found by the words.
    """
    by = fields.counts_by_reason(results)
    if by["words"] is None or not any(expansion.works for expansion in results.expanded):
        return
    if alone:
        yield tr("{by} by the words", by=by["words"])
    yield tr("{of} of the work named, {citing} citing it", of=by["of_works"], citing=by["citing"])


def describe_works(expansion: Expansion, authorities: Authorities) -> str:
    """Say which works some words name, and where what is of them and what cites them stands."""
    works = [citation.name_cite_in_short(Cite(work), authorities) for work in expansion.works]
    further = len(works) - _MOST_WORKS
    named = "; ".join(works[:_MOST_WORKS]) + (
        f" ({tr_count('and {number} more', 'and {number} more', further)})" if further > 0 else ""
    )
    return tr(
        "{word} is a name of {works}. What is of a work or cites it stands last; --words leaves it out.",
        word=expansion.word,
        works=named,
    )


def _other_spellings(expansion: Expansion, authorities: Authorities) -> Iterator[str]:
    """Describe how else some words were looked for, and which facilities they may mean."""
    facilities = [authorities.gazetteer.label(facility) for facility in expansion.why]
    if expansion.parts:
        yield visible(tr("{word} was taken with its parts: {to}.", word=expansion.word, to=", ".join(expansion.to)))
    elif not facilities:
        yield visible(tr("{word} was also searched as {to}.", word=expansion.word, to=", ".join(expansion.to)))
    elif len(facilities) == 1:
        if expansion.to:
            yield visible(
                tr(
                    "{word} was taken for {facilities}, and also searched as {to}.",
                    word=expansion.word,
                    facilities=facilities[0],
                    to=_first_of(expansion.to),
                )
            )
    else:
        spellings = tr(" Searched in its own spellings alone: {to}.", to=", ".join(expansion.to)) if expansion.to else ""
        yield visible(
            tr(
                "{word} may mean {facilities}.{spellings} Narrow it with --camp.",
                word=expansion.word,
                facilities=join_list(facilities),
                spellings=spellings,
            )
        )


def asides(results: Results, authorities: Authorities, *, terms: bool = True) -> Iterator[str]:
    """Describe what was added to the words, where a name is ambiguous, and what else may be tried.

    :param terms: also which words were taken for a term of the vocabularies.
    """
    if terms:
        yield from meant(results, authorities)
    yield from describe_left_aside(results, authorities)
    for expansion in (expansion for expansion in results.expanded if not expansion.term):
        if expansion.why == (MISSPELT,):
            yield visible(
                tr("{word} was read as {to}; in quotation marks it is taken as it is.", word=expansion.word, to=expansion.to[0])
            )
            continue
        if expansion.works:
            yield visible(describe_works(expansion, authorities))
            continue
        yield from _other_spellings(expansion, authorities)
    codes = codes_asked(results, authorities)
    for code in codes:
        yield visible(tr("{code} is a code. Words are searched for; what has a code is read by it:", code=code))
        yield visible(f"  {program()} show {code}")
    if results.suggestions and not codes:
        yield visible(tr("Did you mean {suggestions}?", suggestions=join_list(results.suggestions)))
    if results.in_different_passages:
        number = results.in_different_passages
        yield tr_count(
            "{number} testimony has all the words, but in different passages: --together.",
            "{number} testimonies have all the words, but in different passages: --together.",
            number,
        )
    if results.relaxed:
        yield from import_module(_RELAXATIONS).describe(results, authorities)


def codes_asked(results: Results, authorities: Authorities) -> tuple[str, ...]:
    """Return the codes of records and passages among words that found nothing."""
    return () if results.passages else codes_meant(results.query.words, authorities.prefix)


_FACETS: Final = {
    "camp": mark("CAMP"),
    "decade": mark("DECADE"),
    "flag": mark("FLAG"),
    "topic": mark("TOPIC"),
    "kind": mark("KIND"),
    "role": mark("ROLE"),
    "zone": mark("ZONE"),
    "basis": mark("BASIS"),
    "status": mark("STATUS"),
    "reliability": mark("RELIABILITY"),
    "language": mark("LANGUAGE"),
    "connection": mark("CONNECTION"),
    "rendering": mark("RENDERING"),
    "access": mark("ACCESS"),
    "sensitive": mark("SENSITIVE"),
}


def facet_heading(name: str) -> str:
    """Return what stands above the values of a facet."""
    return tr(_FACETS[name]) if name in _FACETS else name.upper()


def _first_of(spellings: Sequence[str]) -> str:
    """Return the first spellings of a name, and how many there are besides; machine formats have every one."""
    further = len(spellings) - _MOST_SPELLINGS
    more = [tr_count("and {number} more", "and {number} more", further)] if further > 1 else []
    return ", ".join([*(spellings[:_MOST_SPELLINGS] if more else spellings), *more])


def describe_counting(facet: str, filters: Filters) -> Iterator[str]:
    """Say of the values of a facet what they count, where it is not the answer alone."""
    option = fields.option_left_out(facet, filters)
    if option:
        yield tr("as without {option}: what another value would find", option=option)


def meant(results: Results, authorities: Authorities) -> Iterator[str]:
    """Describe which words were taken for a term of the vocabularies."""
    terms: dict[str, list[str]] = {}
    for expansion in results.expanded:
        if expansion.term:
            name, term = expansion.term
            terms.setdefault(expansion.word, []).append(f"{name} {fields.label(name, term, authorities)}")
    for word, named in terms.items():
        yield visible(
            tr(
                "{word} also finds what is on the {named}; --words looks for the words alone.",
                word=word,
                named=join_list(named, "and"),
            )
        )


def describe_spared(results: Results) -> str:
    """Say that no passage has all that was asked for, and what a passage here may be without."""
    return tr(
        "NO PASSAGE HAS ALL OF IT: each of these goes without a part of what was asked ({parts}).",
        parts=join_list(results.spared, "or"),
    )


def describe_left_aside(results: Results, authorities: Authorities) -> Iterator[str]:
    """Describe how a time was read, which words need not occur, and which are worth a filter."""
    for span in (*results.query.filters.period, *results.query.filters.recorded):
        if span.taken:
            yield tr("The time was read as {taken}.", taken=time_taken(span.taken))
    if results.not_required:
        yield visible(tr("Not required: {not_required}.", not_required=join_list(results.not_required, "and")))
    if results.spared:
        yield visible(describe_spared(results))
    for word, (name, term, _) in results.offered:
        yield visible(tr("As a filter, {word} is --{name} {term}.", word=word, name=name, term=term))
    for word, (name, term, _), number in results.still_on:
        label = authorities.vocabulary.label(name, term)
        passages = count_of(number, "passage", "passages")
        yield visible(
            tr(
                "{passages} without the words {word} are on {label} all the same; --without-{name} {term} leaves them out.",
                passages=passages,
                word=word,
                label=label,
                name=name,
                term=term,
            )
        )


def describe_left_out_of_table(results: Results) -> Iterator[str]:
    """Describe what a table has no place for: the passages that are not in it, and what else an answer says."""
    missing = results.passages - len(results.hits)
    if missing:
        yield tr("the table has {given} of {all} passages; --all gives every one", given=len(results.hits), all=results.passages)
    yield tr("how the words were understood, counts and coverage are not in the table; --format json or xlsx has them")


def count(results: Results) -> str:
    """Return the totals: ``12 passages in 5 testimonies``."""
    return tr(
        "{passages} in {testimonies}",
        passages=count_of(results.passages, "passage", "passages"),
        testimonies=count_of(results.testimonies, "testimony", "testimonies"),
    )


def entry_line(entry: CampEntry, authorities: Authorities) -> str:
    """Write an entry: place, zone, time, vantage point, basis and status."""
    label = authorities.vocabulary.said
    parts = [
        authorities.gazetteer.label(entry.camp) if entry.camp else tr("no camp named"),
        label("zone", entry.zone) if entry.zone else "",
        date_in_words(entry.period),
        tr("as {role}", role=label("role", entry.role)) if entry.role else "",
        label("basis", entry.basis) if entry.basis else "",
        tr("claim {status}", status=label("status", entry.status)) if entry.status else "",
    ]
    return " · ".join(part for part in parts if part)


def place_name(name: Mapping[str, str]) -> str:
    """Return a name of the place of a facility, with the time and the note that limit it."""
    time = date_in_words(name["period"]) if name.get("period") else ""
    limits = ", ".join(filter(None, (time, name.get("note"))))
    return f"{name['text']} ({limits})" if limits else name["text"]


def time_taken(edtf: str) -> str:
    """Return for which time another way of writing it was taken: in words, and as it may be typed."""
    words = date_in_words(edtf)
    return words if words == edtf else f"{words} ({edtf})"


def nearest_relaxation(results: Results) -> "Relaxation | None":
    """Return the query that goes without a word and is nearest to what was asked, None where nothing is found so."""
    nearest: Relaxation | None = import_module(_RELAXATIONS).without_a_word(results) if results.relaxed else None
    return nearest
