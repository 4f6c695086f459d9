"""The tools: each asks a collection one question, and makes a small answer of what it says."""

from collections.abc import Iterable, Iterator
from typing import Final

from archive.archive import Archive
from archive.assistant import _answers as answers
from archive.assistant._answers import ToolAnswer, block, page_of, passage
from archive.errors import ConflictingOptions
from archive.formats import comparison as comparison_fields
from archive.formats import verdicts
from archive.formats.data.one_text import one_text
from archive.formats.text import facility
from archive.record.testimony import Reference
from archive.search.filters import FilterOptions
from archive.search.model import Hit

_ITEM: Final = "  - "
"""How a statement begins in the text of a camp."""
_CONTRADICTIONS: Final = "contradictions"
"""The heading of a part of it."""


def _filter_options(camp: str, topic: str, period: str, witness: str = "", flag: str = "") -> FilterOptions:
    """Return the filters that were given."""
    asked: FilterOptions = {}
    if camp:
        asked["camp"] = camp
    if topic:
        asked["topic"] = topic
    if period:
        asked["period"] = period
    if witness:
        asked["witness"] = witness
    if flag:
        asked["flag"] = flag
    return asked


def search(archive: Archive, words: str, filters: tuple[str, str, str, str, str], start: int, limit: int) -> ToolAnswer:
    """Return the passages that a search finds, the best first.

    :param filters: camp, topic, period, witness and flag, "" for none.
    """
    answer = archive.search(words, limit=limit, offset=start - 1, **_filter_options(*filters))
    results, coverage = answer.results, answer.results.coverage
    messages = [
        f"{results.passages} passages of {results.testimonies} records; here are {len(answer.shown)}, from number {start} on.",
        f"Searched {coverage.searched} of {coverage.of} records.",
    ]
    if results.understood:
        messages.append(f"Understood as: {results.understood}")
    if not results.passages:
        messages.append("That nothing was found does not mean that it did not happen.")
        if results.suggestions:
            messages.append(f"Near words: {', '.join(results.suggestions)}")
    return ToolAnswer(told=messages, records=[passage(shown, archive) for shown in answer.shown])


def show(archive: Archive, wanted: str, language: str, start: int, limit: int) -> ToolAnswer:
    """Return passages of a record, whole."""
    pages = archive.show(wanted, language=language)
    shown, position = page_of(pages.shown, start, limit, f"passages of {wanted.strip()}")
    testimony = pages.record.testimony
    spoken = ", ".join(version.language for version in testimony.versions)
    more = [f"It is here also in: {spoken}."] if spoken else []
    if pages.missing:
        more.append(f"Not in this language: paragraphs {', '.join(map(str, pages.missing))}.")
    return ToolAnswer(told=[position, *more], records=[passage(each, archive) for each in shown])


def cite(archive: Archive, wanted: str, language: str, start: int, limit: int) -> ToolAnswer:
    """Return the citations of passages, or of a record, each after its caveats."""
    every, position = page_of(archive.cite(wanted, language=language), start, limit, "citations")
    blocks = [
        block(each.reference, one_text(each.fields(), [f"The source: {each.source_citation}"] if each.source_citation else ()))
        for each in every
    ]
    return ToolAnswer(told=[position], records=blocks)


def compare(archive: Archive, filters: tuple[str, str, str], start: int, limit: int) -> ToolAnswer:
    """Return who says what of a camp, a topic or a period, and how many independent voices speak of it.

    :param filters: camp, topic and period, "" for none.
    """
    if not any(filters):
        message = "compare needs a camp, a topic or a period"
        raise ConflictingOptions(message)
    compared = archive.compare(**_filter_options(*filters))
    comparison = compared.comparison
    rows, position = page_of(comparison.rows, start, limit, "claims")
    label = comparison.authorities.vocabulary.label
    counted = [f"{label('topic', tally.topic or '')}: {comparison_fields.sentence(tally)}" for tally in comparison.agreement]
    blocks = [
        passage(
            compared.shown[row.code, row.hit.passage.number], archive, [comparison_fields.standing(row, comparison.authorities)]
        )
        for row in rows
    ]
    contradicted = [f"{each.code}/{each.note.id} at {', '.join(each.places)}" for each in comparison.contradictions]
    more = [f"Contradicted by caveats: {'; '.join(contradicted)}."] if contradicted else []
    kept = [*(each["id"] for each in comparison.conflicts), *comparison.other_conflicts]
    if kept:
        more.append(f"Contradictions that the archive keeps on this: {', '.join(kept)}; see the camp's page in `camps`.")
    all_of_it = [f"All of it together: {comparison_fields.sentence(comparison.total)}"] if comparison.rows else []
    counts = [block("counts", "\n".join((*counted, *all_of_it, *more)))] if counted or all_of_it or more else []
    return ToolAnswer(told=[position, comparison_fields.describe_extent(compared)], records=[*counts, *blocks])


def camps(archive: Archive, name: str, part: str, start: int, limit: int) -> ToolAnswer:
    """Return all facilities; of one what is told of it, part by part.

    :param part: the heading of a part, as "population"; "" gives the names of the facility and the headings that there are.
    """
    if not name:
        listed = "\n".join(line.rstrip() for line in facility.list_text(*archive.camps()[::2]))
        return ToolAnswer(told=["Every facility, with how many records speak of it."], records=[block("camps", listed)])
    page = archive.camp(name)
    first, *rest = _parts(facility.text(page))
    parts = {lines[0].casefold(): _items(lines[1:]) for lines in rest}
    if _CONTRADICTIONS in parts:  # with both sides, and not by their names alone
        *every, _ = _parts(facility.conflicts_text(archive.conflicts(page.facility.id), archive.authorities))
        parts[_CONTRADICTIONS] = ["\n".join(lines) for lines in every]
    wanted = part.strip().casefold()
    if wanted not in parts:
        unknown = [f"There is no part {part[:40]!r}."] if part else []
        headings = ", ".join(f"{heading} ({len(items)})" for heading, items in parts.items())
        messages = [*unknown, f"Ask for one part of this camp, with how much is in each: {headings}."]
        return ToolAnswer(told=messages, records=[block(page.facility.id, "\n".join(first))])
    items, position = page_of(parts[wanted], start, limit, f"statements on {wanted}")
    note = "Statements of sources stand side by side; where one is marked REJECTED, give the reason with it."
    return ToolAnswer(told=[position, note], records=[block(f"{page.facility.id}, {wanted}", "\n".join(items))])


def _parts(lines: Iterable[str]) -> list[list[str]]:
    """Return the parts of a text, which an empty line divides."""
    parts: list[list[str]] = [[]]
    for line in lines:
        if line:
            parts[-1].append(line)
        else:
            parts.append([])
    return [part for part in parts if part]


def _items(lines: list[str]) -> list[str]:
    """Return the items of a part, each with the lines that belong to it."""
    items: list[str] = []
    for line in lines:
        if line.startswith(_ITEM) or not items or not any(each.startswith(_ITEM) for each in lines):
            items.append(line)
        else:
            items[-1] += f"\n{line}"
    return items


def verify(archive: Archive, text: str, start: int, limit: int) -> ToolAnswer:
    """Return what has become of each citation in a text, and the passages as they stand today."""
    verified = archive.verify_file(text.encode())
    every = [*verified.verdicts, *verified.unhashed]
    citations, position = page_of(every, start, limit, "citations")
    if not every:
        position = "There is no citation of this archive in the text, so nothing was verified."
    blocks = []
    for each in citations:
        if isinstance(each, verdicts.Unhashed):
            lines = (f"{each.reference}: it has no hash.", *verdicts.describe_unhashed(each, archive.authorities))
            blocks.append(block(str(each.reference), "\n".join(lines)))
        else:
            blocks.append(_verdict(each, archive))
    return ToolAnswer(told=[position], records=blocks)


def _verdict(verdict: verdicts.Verdict, archive: Archive) -> str:
    lines = [*_verdict_lines(verdict)]
    if verdict.testimony is None or verdict.untold:
        return block(str(verdict.mention.reference), "\n".join(lines))
    if verdict.at:
        return passage(answers.whole(Hit(verdict.testimony, verdict.at, 0.0), archive), archive, lines)
    [cited] = archive.cite(Reference(verdict.testimony.code, ()))
    return block(cited.reference, one_text(cited.fields(), lines))


def _verdict_lines(verdict: verdicts.Verdict) -> Iterator[str]:
    """Yield what is said of a citation, without words of its passage."""
    yield f"Verdict: {verdicts.heading(verdict)}{'' if verdict.holds else ' - the citation may not stand as it is'}"
    if verdict.reason:
        yield f"Why: {verdict.reason}"
    yield from (f"The text quotes “{each}”, which does not stand there." for each in verdict.misquoted)
    yield from (f"Of {caveat or 'the passage'}: {wrong}." for caveat, wrong in verdict.altered)
    if verdict.remark:
        yield f"Remark: {verdict.remark}"
    for what, notes in (("added", verdict.added), ("reworded", verdict.reworded)):
        if notes:
            yield f"Caveats {what} since: {', '.join(note.id for note in notes)}"
    if verdict.gone:
        yield f"Caveats that are listed there and not in force any more: {len(verdict.gone)}"
    if verdict.untold:
        yield "Of a caveat it cannot be told at present whether it stands; no citation can be given until then."
