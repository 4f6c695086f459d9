"""The sentences that formats for people share: totals, how words were understood, entries, the line under a summary."""

from collections.abc import Iterator

from archive.authority.authorities import Authorities
from archive.formats import fields
from archive.formats.terminal import visible
from archive.record.testimony import CampEntry
from archive.search import relaxing
from archive.search.model import Results, day
from archive.text import count_of, is_undated, listed


def evidence_line(authorities: Authorities, language: str = "en") -> str:
    """Return what stands under a summary: that it is one, and where to go to cite in evidence."""
    said = authorities.collection.get("evidence", {})
    return str(said.get(language) or said.get("en") or "This is a summary by the archive; to cite in evidence, go to the source.")


def summary(results: Results) -> str:
    """Describe how much was found, in what, and how the words were understood."""
    said = [f"{count(results)}."]
    if results.understood:
        said.append(f"Understood: {visible(results.understood)}.")
    shown = len(results.hits)
    first = results.query.offset + 1
    if shown and first + shown - 1 < results.passages:
        said.append(f"Shown: {first} to {first + shown - 1}; the next with --offset {first + shown - 1}, all with --all.")
    elif results.passages and not shown:
        said.append(f"None shown: there are {results.passages}, and --offset is {results.query.offset}.")
    said += undated(results)
    if asked := results.query.filters.as_of:
        known = f"As the public could know it on {day(asked)}, in today's words; caveats that came later say since."
        left = f" Left out, since their record has no date: {results.without_day}." if results.without_day else ""
        said.append(known + left)
    said.append(f"Searched {results.coverage.searched} of {results.coverage.of} testimonies.")
    return " ".join(said)


def undated(results: Results) -> Iterator[str]:
    """Describe how many passages a period, or a time of recording, left out because they have no date."""
    if results.undated_left_out:
        passages = "1 undated passage" if results.undated_left_out == 1 else f"{results.undated_left_out} undated passages"
        asked = [f"--{name}" for name in ("period", "recorded") if getattr(results.query.filters, name)]
        yield f"Left out by {listed(asked, 'and')}: {passages}."


def asides(results: Results, authorities: Authorities, *, terms: bool = True) -> Iterator[str]:
    """Describe what was added to the words, where a name is ambiguous, and what else may be tried.

    :param terms: also which words were taken for a term of the vocabularies.
    """
    if terms:
        yield from meant(results, authorities)
    yield from left_aside(results)
    for each in (each for each in results.expanded if not each.term):
        facilities = [authorities.gazetteer.label(facility) for facility in each.why]
        if each.parts:
            yield visible(f"{each.word} was taken with its parts: {', '.join(each.to)}.")
        elif not facilities:
            yield visible(f"{each.word} was also searched as {', '.join(each.to)}.")
        elif len(facilities) == 1:
            if each.to:
                yield visible(f"{each.word} was taken for {facilities[0]}, and also searched as {', '.join(each.to)}.")
        else:
            spellings = f" Searched in its own spellings alone: {', '.join(each.to)}." if each.to else ""
            yield visible(f"{each.word} may mean {listed(facilities)}.{spellings} Narrow it with --camp.")
    if results.suggestions:
        yield visible(f"Did you mean {listed(results.suggestions)}?")
    if results.in_different_passages:
        number = results.in_different_passages
        have = "1 testimony has" if number == 1 else f"{number} testimonies have"
        yield f"{have} all the words, but in different passages: --together."
    yield from relaxed(results, authorities)


def meant(results: Results, authorities: Authorities) -> Iterator[str]:
    """Describe which words were taken for a term of the vocabularies."""
    terms: dict[str, list[str]] = {}
    for each in results.expanded:
        if each.term:
            name, term = each.term
            terms.setdefault(each.word, []).append(f"{name} {fields.label(name, term, authorities)}")
    for word, named in terms.items():
        yield visible(f"{word} also finds what is on the {listed(named, 'and')}; --words looks for the words alone.")


def left_aside(results: Results) -> Iterator[str]:
    """Describe how a time was read, which words need not occur, and which are worth a filter."""
    for span in (*results.query.filters.period, *results.query.filters.recorded):
        if span.taken:
            yield f"The time was read as {span.taken}."
    if results.not_required:
        yield visible(f"Not required: {listed(results.not_required, 'and')}.")
    for word, (name, term, _) in results.offered:
        yield visible(f"As a filter, {word} is --{name} {term}.")


def relaxed(results: Results, authorities: Authorities) -> Iterator[str]:
    """Describe what may be asked where nothing was found, each with what it finds and as a command."""
    for each in results.relaxed:
        found = f"{count_of(each.passages, 'passage', 'passages')} in {count_of(each.testimonies, 'testimony', 'testimonies')}"
        label = fields.label(each.term[0], each.term[1], authorities) if each.term else ""
        wider = found if each.passages else "nothing either"
        said = {
            relaxing.NOTHING: f"{label or each.left_out}: nothing in this collection speaks of it.",
            relaxing.WIDER: f"Nothing here speaks of {each.left_out}; on the wider subject {label}: {wider}.",
            relaxing.WITHOUT_WORD: f"Without {each.left_out}: {found}.",
            relaxing.TOGETHER: f"In different passages of one testimony: {found}.",
            relaxing.WITHOUT_FILTER: f"Without {each.left_out}: {found}.",
            relaxing.ANY: f"With any of the words: {found}.",
        }
        yield visible(said[each.kind])
        if each.passages:
            yield visible(f"  {relaxing.command(each.query)}")


def count(results: Results) -> str:
    """Return the totals: ``12 passages in 5 testimonies``."""
    return f"{count_of(results.passages, 'passage', 'passages')} in {count_of(results.testimonies, 'testimony', 'testimonies')}"


def entry_line(entry: CampEntry, authorities: Authorities) -> str:
    """Write an entry: place, zone, time, vantage point, basis and status."""
    label = authorities.vocabulary.said
    parts = [
        authorities.gazetteer.label(entry.camp) if entry.camp else "no camp named",
        label("zone", entry.zone) if entry.zone else "",
        stated_date(entry.period),
        f"as {label('role', entry.role)}" if entry.role else "",
        label("basis", entry.basis) if entry.basis else "",
        f"claim {label('status', entry.status)}" if entry.status else "",
    ]
    return " · ".join(part for part in parts if part)


def stated_date(written: str) -> str:
    """Return a date as the header states it, or "undated" where it states none."""
    return "undated" if is_undated(written) else written
