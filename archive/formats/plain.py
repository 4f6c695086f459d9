"""Text for a person: who and where and when, the words, each caveat in plain words, the citation last."""

from collections.abc import Iterable, Iterator
from typing import Final

from archive import citation, relaxing
from archive.authority import Authorities
from archive.excerpt import Answer, Pages, Shown
from archive.formats import evidence_line, fields
from archive.formats.terminal import marked, padded, visible, wrapped
from archive.retrieval import Results, day
from archive.testimony import Entry, Note, Passage, Testimony
from archive.text import count_of, is_undated, listed, width, without_locators

COLUMNS: Final = 88
_INDENT: Final = "   "
_KINDS_OF_NAME: Final = frozenset({"pseudonym", "initials", "anonymous"})


def answer(answer: Answer) -> Iterator[str]:
    """Write a search; a record's own caveats in full once, at its first hit."""
    results, held = answer.results, answer.held
    told: dict[str, int] = {}
    for number, shown in enumerate(answer.shown, start=results.query.offset + 1):
        yield from hit(number, shown, held, told)
        yield ""
    if answer.shown:
        yield from evidence((shown.hit.testimony for shown in answer.shown), held)
    yield from wrapped(summary(results), COLUMNS)
    for line in asides(results, held):
        yield from wrapped(line, COLUMNS)
    yield from facets(answer)


def summary(results: Results) -> str:
    """Say how much was found, in what, and how the words were understood."""
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
    """Say how many passages a period, or a time of recording, left out because they have no date."""
    if results.undated_left_out:
        passages = "1 undated passage" if results.undated_left_out == 1 else f"{results.undated_left_out} undated passages"
        asked = [f"--{name}" for name in ("period", "recorded") if getattr(results.query.filters, name)]
        yield f"Left out by {listed(asked, 'and')}: {passages}."


def asides(results: Results, held: Authorities, *, terms: bool = True) -> Iterator[str]:
    """Say what was added to the words, where a name is ambiguous, and what else may be tried.

    :param terms: also which words were taken for a term of the vocabularies.
    """
    if terms:
        yield from meant(results, held)
    yield from left_aside(results)
    for each in (each for each in results.expanded if not each.term):
        facilities = [held.gazetteer.label(facility) for facility in each.why]
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
    yield from relaxed(results, held)


def meant(results: Results, held: Authorities) -> Iterator[str]:
    """Say which words were taken for a term of the vocabularies."""
    terms: dict[str, list[str]] = {}
    for each in results.expanded:
        if each.term:
            name, term = each.term
            terms.setdefault(each.word, []).append(f"{name} {fields.label(name, term, held)}")
    for word, named in terms.items():
        yield visible(f"{word} also finds what is on the {listed(named, 'and')}; --words looks for the words alone.")


def left_aside(results: Results) -> Iterator[str]:
    """Say how a time was read, which words need not occur, and which are worth a filter."""
    for span in (*results.query.filters.period, *results.query.filters.recorded):
        if span.taken:
            yield f"The time was read as {span.taken}."
    if results.not_required:
        yield visible(f"Not required: {listed(results.not_required, 'and')}.")
    for word, (name, term, _) in results.offered:
        yield visible(f"As a filter, {word} is --{name} {term}.")


def relaxed(results: Results, held: Authorities) -> Iterator[str]:
    """Say what may be asked where nothing was found, each with what it finds and as a command."""
    for each in results.relaxed:
        found = f"{count_of(each.passages, 'passage', 'passages')} in {count_of(each.testimonies, 'testimony', 'testimonies')}"
        label = fields.label(each.term[0], each.term[1], held) if each.term else ""
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
    """Give the totals: ``12 passages in 5 testimonies``."""
    return f"{count_of(results.passages, 'passage', 'passages')} in {count_of(results.testimonies, 'testimony', 'testimonies')}"


def facets(answer: Answer) -> Iterator[str]:
    """Write facet counts as columns."""
    for name, rows in answer.results.facets.items():
        if not rows:
            continue
        yield ""
        labels = [visible(fields.label(name, row.value, answer.held)) for row in rows]
        ids = [row.value if row.value != label else "" for row, label in zip(rows, labels, strict=True)]
        first, second = (max(map(width, column)) for column in (labels, ids))
        first = max(first, len(name) - second - 2)  # so that a heading longer than its values stands apart from the figures
        heading = padded(name.upper(), first + second + 4)
        yield f"{heading}{'passages':>8}  {'testimonies':>11}"
        for row, label, identifier in zip(rows, labels, ids, strict=True):
            yield f"{padded(label, first)}  {padded(identifier, second)}  {row.passages:>8}  {row.testimonies:>11}"


def pages(pages: Pages) -> Iterator[str]:
    """Write passages of one record under its header.

    Where the whole record is shown, its own caveats stand once at the head, and
    its citation at the end. A caveat that stood before is named again and not
    printed again; an excerpt has everything in full.
    """
    testimony, held = pages.record.testimony, pages.held
    yield from header(testimony, held)
    told = set(_of_record(pages)) if pages.once and pages.citation else set()
    if pages.once and pages.citation:
        yield ""
        yield from _caveats(_of_record(pages), held)
    for shown in pages.shown:
        yield ""
        yield from _page(shown, held, told)
        told |= set(shown.excerpt.notes) if pages.once else set()
    called = {footnote for shown in pages.shown for footnote in shown.excerpt.footnotes}
    for footnote in pages.record.footnotes:
        if without_locators(footnote) in called:
            continue
        yield ""
        yield from wrapped(visible(footnote), COLUMNS, _INDENT)
    yield ""
    if pages.citation:
        yield from wrapped(f"Cite the record: {visible(pages.citation)}", COLUMNS)
        yield ""
    yield from evidence([testimony], held)


def _page(shown: Shown, held: Authorities, told: set[Note]) -> Iterator[str]:
    passage, notes = shown.hit.passage, shown.excerpt.notes
    for heading in passage.headings:
        yield from wrapped(visible(heading.lstrip("# ")), COLUMNS)
        yield ""
    yield f"{passage.code}#p{passage.number}{_locators(passage)}"
    yield from _where(passage, held)
    yield ""
    yield from wrapped(marked(shown.excerpt.words, shown.excerpt.matches), COLUMNS, _INDENT)
    for footnote in shown.excerpt.footnotes:
        yield from wrapped(visible(footnote), COLUMNS, _INDENT, _INDENT + "  ")
    yield ""
    yield from _caveats((note for note in notes if note not in told), held)
    yield from _again((note for note in notes if note in told), held, "above")
    yield from wrapped(f"Cite: {visible(shown.excerpt.citation)}", COLUMNS, _INDENT)


def _of_record(pages: Pages) -> list[Note]:
    """Give the record's own notes that are in force at all of it, as its passages carry them."""
    every = dict.fromkeys(note for shown in pages.shown for note in shown.excerpt.notes if _told_once(note))
    return list(every)


def _again(notes: Iterable[Note], held: Authorities, where: str) -> Iterator[str]:
    """Name the caveats that were given in full elsewhere, those of the whole record apart."""
    every = tuple(notes)
    for of, each in (
        ("of the whole record, ", [note for note in every if _told_once(note)]),
        ("", [note for note in every if not _told_once(note)]),
    ):
        flags = listed(dict.fromkeys(citation.flag(note, held) for note in each), "and")
        if flags:
            yield from wrapped(f"! {of}in full {where}: {visible(flags)}", COLUMNS, _INDENT, _INDENT + "  ")


def header(testimony: Testimony, held: Authorities) -> Iterator[str]:
    """Write what a record is: title, witness, text, source, grade, relations, content warning."""
    yield f"{testimony.code}  {visible(testimony.title)}"
    yield from _line("Speaks", _speaker(testimony, held))
    if testimony.witness.other_names:
        names = listed([visible(name.text) for name in testimony.witness.other_names], "and")
        yield from _line("Also", names)
    yield from _line("Kind", f"{held.vocabulary.said('kind', testimony.kind)}; {_rendering(testimony, held)}")
    taken = f" by {visible(testimony.recorded_by)}" if testimony.recorded_by else ""
    yield from _line("Recorded", f"{_date(testimony.recorded)}{taken}")
    yield from _line("Source", visible(citation.origin(testimony, (), held).partition(" ")[2]))
    if testimony.reliability:
        grade = held.vocabulary.said("reliability", testimony.reliability)
        yield from _line("Source is", f"{testimony.reliability} ({grade}): {visible(testimony.reliability_basis)}")
    for relation in testimony.relations:
        kind = held.vocabulary.said("relation", relation.type)
        yield from _line("Relation", f"{kind} {relation.code}")
    if testimony.sensitive:
        yield from _line("Content warning", _sensitive(testimony, held))


def hit(number: int, shown: Shown, held: Authorities, told: dict[str, int]) -> Iterator[str]:
    """Write a hit of a list.

    :param told: code → the number of the hit at which its own caveats stand in full; grows.
    """
    testimony, passage = shown.hit.testimony, shown.hit.passage
    yield f"{number}. {testimony.code}#p{passage.number}{_locators(passage)}  {visible(testimony.title)}"
    if testimony.sensitive:
        yield from _line("Content warning", _sensitive(testimony, held))
    yield from _line("Speaks", f"{_speaker(testimony, held)}; {_rendering(testimony, held)}")
    yield from _where(passage, held)
    yield ""
    yield from wrapped(marked(shown.excerpt.words, shown.excerpt.matches), COLUMNS, _INDENT)
    for footnote in shown.excerpt.footnotes:
        yield from wrapped(visible(footnote), COLUMNS, _INDENT, _INDENT + "  ")
    yield ""
    before = told.get(testimony.code)
    if before is None:
        told[testimony.code] = number
        yield from _caveats(shown.excerpt.notes, held)
    else:
        here = [note for note in shown.excerpt.notes if not _told_once(note)]
        yield from _caveats(here, held)
        yield from _again(filter(_told_once, shown.excerpt.notes), held, f"at {before}")
    yield from wrapped(f"Cite: {visible(shown.excerpt.citation)}", COLUMNS, _INDENT)


def _told_once(note: Note) -> bool:
    """Ask whether a note is of the whole record and its own, and so is told once in a list."""
    return note.about.of_record and not note.origin


def _caveats(notes: Iterable[Note], held: Authorities) -> Iterator[str]:
    for note in notes:
        number = f", information {note.information}" if note.information else ""
        known = f", known since {note.known}" if note.known else ""
        sources = "; ".join(citation.cited_in_short(cite, held) for cite in note.cites)
        ends = f"[{citation.note_id(note)}, {note.by}, {note.date}{known}{number}{'; ' + sources if sources else ''}]"
        against = f" See {listed(note.against, 'and')}." if note.against else ""
        told = f"! {citation.flag(note, held).upper()}: {citation.stated(note)}{against} {ends}"
        yield from wrapped(visible(told), COLUMNS, _INDENT, _INDENT + "  ")


def _where(passage: Passage, held: Authorities) -> Iterator[str]:
    for entry in passage.entries:
        yield from _line("About", entry_line(entry, held))


def entry_line(entry: Entry, held: Authorities) -> str:
    """Write an entry: place, zone, time, vantage point, basis and status."""
    label = held.vocabulary.said
    parts = [
        held.gazetteer.label(entry.camp) if entry.camp else "no camp named",
        label("zone", entry.zone) if entry.zone else "",
        _date(entry.period),
        f"as {label('role', entry.role)}" if entry.role else "",
        label("basis", entry.basis) if entry.basis else "",
        f"claim {label('status', entry.status)}" if entry.status else "",
    ]
    return " · ".join(part for part in parts if part)


def _date(written: str) -> str:
    return "undated" if is_undated(written) else written


def _speaker(testimony: Testimony, held: Authorities) -> str:
    witness = testimony.witness
    label = held.vocabulary.said
    kind = f", {label('name_kind', witness.name_kind)}" if witness.name_kind in _KINDS_OF_NAME else ""
    return f"{visible(witness.name)} ({label('connection', witness.connection)}{kind})"


def _rendering(testimony: Testimony, held: Authorities) -> str:
    if testimony.is_summary:
        return "archive summary, not the witness's own words"
    return held.vocabulary.said("rendering", testimony.rendering)


def _sensitive(testimony: Testimony, held: Authorities) -> str:
    return listed([held.vocabulary.said("sensitive", each) for each in testimony.sensitive], "and")


def _locators(passage: Passage) -> str:
    return f" (at {visible(', '.join(passage.locators))})" if passage.locators else ""


def _line(name: str, value: str) -> Iterator[str]:
    yield from wrapped(f"{name}: {value}", COLUMNS, _INDENT, _INDENT + "  ")


def evidence(testimonies: Iterable[Testimony], held: Authorities) -> Iterator[str]:
    """Say under a summary that it is one, and where to go to cite in evidence."""
    if any(testimony.is_summary for testimony in testimonies):
        yield from wrapped(evidence_line(held), COLUMNS)
        yield ""
