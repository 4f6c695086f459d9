"""The list of hits: what a person scans, with every caveat named at its hit and written out once.

It is laid out for a number of columns, and read again by `archive.citing._printed_list`.
"""

from collections.abc import Iterable, Iterator
from importlib import import_module
from itertools import combinations
from typing import Final

from archive.authority.authorities import Authorities
from archive.citing import citation
from archive.citing.excerpt import RenderedHit, SearchOutput
from archive.citing.list_signs import BAR, CAVEATS, CONTENT_WARNING, SOURCES, SPEAKS_FOR, WARNS, sign, warning_for
from archive.formats import _plain_words as plain_words
from archive.formats import fields
from archive.formats._date_words import date_in_words
from archive.formats.terminal import cells, close_marks, mark, visible, wrap
from archive.formats.wording import (
    as_known,
    asides,
    by_works,
    count,
    describe_left_out,
    describe_update,
    evidence_line,
    only_since,
)
from archive.language.messages import is_english, tr
from archive.language.messages import mark as mark_message
from archive.record import hashing
from archive.record.testimony import Cite, Note, Passage, Testimony
from archive.search import as_command
from archive.search.model import Filters, Query, Results
from archive.text import count_of, join_list, program, width

# Loaded by name, and only where facets were asked for.
FACETS: Final = "archive.formats.text.facet_tables"
INDENT: Final = "   "
APART: Final = 2
"""Spaces that set a code apart from what stands before it."""
_FEWEST_LINES, _MOST_LINES, _LINES_OF_ALL = 2, 6, 24
"""Lines of an excerpt; the fewer hits, the more."""
_END_OF_A_LINE: Final = 4
"""Cells that a line loses at its end, where the next word does not fit."""
_END_OF_EXCERPT: Final = 24
"""Cells for the signs of a cut, and for whose words they are."""
NO_PLACE: Final = mark_message("no place or time is entered")
FOUND_BY_WORDS: Final = {
    "claim": mark_message("found in the archive's claim on it"),
    "topic": mark_message("found by its topic"),
    "topic-lead": mark_message("found by its topic"),
    "topic-rejected": mark_message("found by its topic"),
    "title": mark_message("found by its title, or words that stand apart"),
    "work": mark_message("of the work that was named"),
    "cites": mark_message("cites the work that was named"),
}


def longest(columns: int, hits: int) -> int:
    """Return how many cells of an excerpt fit on the lines that each of some hits has for it."""
    lines = max(_FEWEST_LINES, min(_MOST_LINES, _LINES_OF_ALL // max(1, hits)))
    return lines * (columns - len(INDENT) - len(BAR)) - _END_OF_A_LINE * (lines - 1) - _END_OF_EXCERPT


class Numbers:
    """The notes of an answer, each with one number, in the order in which they are first named."""

    def __init__(self, authorities: Authorities) -> None:
        """Begin with none."""
        self._authorities = authorities
        self._numbers: dict[tuple[str, str], int] = {}
        self._notes: list[tuple[str, Note]] = []

    @property
    def total(self) -> int:
        """Return how many there are."""
        return len(self._notes)

    def number(self, note: Note, testimony: Testimony) -> int:
        """Return the number of a note in force at a passage of a record."""
        return self.of_record(note.origin or testimony.code, note)

    def of_record(self, record: str, note: Note) -> int:
        """Return the number of a note by the code of the record that has it."""
        if (record, note.id) not in self._numbers:
            self._numbers[record, note.id] = len(self._notes) + 1
            self._notes.append((record, note))
        number = self._numbers[record, note.id]
        if citation.remarks(note):
            self._notes[number - 1] = (record, note)
        return number

    def write_in_full(self) -> Iterator[str]:
        """Yield each note in full, with its id, who entered it and what it rests on."""
        for number, (record, note) in enumerate(self._notes, start=1):
            # The name as it stands at the hits; that the words have changed since is said where they have.
            label = citation.flag(note._replace(origin="", until=()), self._authorities)
            yield visible(f"[{number}] {label[:1].upper()}{label[1:]}: {note_in_full(record, note, self._authorities)}")


def note_in_full(record: str, note: Note, authorities: Authorities) -> str:
    """Return what stands behind the name of a note of a record: what it states, what stands against it, whose it is."""
    believed = plain_words.information(note, authorities)
    known = tr("known since {known}", known=date_in_words(note.known)) if note.known else ""
    sources = plain_words.name_cites(note, authorities)
    ends = ", ".join(part for part in (f"{record}/{note.id}", note.by, note.date, known, believed) if part)
    against = tr(" See {against}.", against=join_list(note.against, "and")) if note.against else ""
    return f"{citation.statement_of(note)}{against} [{ends}{'; ' + sources if sources else ''}]"


def answer(answer: SearchOutput, columns: int) -> Iterator[str]:
    """Write a search as a list."""
    authorities, results = answer.authorities, answer.results
    yield from head(answer, columns)
    numbers = Numbers(authorities)
    for place, shown in enumerate(answer.shown, start=results.query.offset + 1):
        yield ""
        yield from _hit(place, shown, answer, numbers, columns)
    yield from _below(answer, numbers, columns)
    yield from write_notes_in_full(numbers, columns)
    if answer.shown:
        yield ""
        yield from _sources(answer, columns)
    yield from facets(answer)
    yield from following(answer)


def facets(answer: SearchOutput) -> Iterator[str]:
    """Write facet counts as tables, where there are any."""
    if answer.results.facets:
        yield from import_module(FACETS).counts(answer)


def _below(answer: SearchOutput, numbers: Numbers, columns: int) -> Iterator[str]:
    """Say at the end of the hits what stands below them."""
    records = count_of(len({shown.hit.testimony.code for shown in answer.shown}), "record", "records")
    if answer.shown:
        caveats = f"{count_of(numbers.total, 'caveat in full', 'caveats in full')}; " if numbers.total else ""
        yield ""
        yield from wrap(
            tr("Below: {caveats}sources of {records}, with marks to cite.", caveats=caveats, records=records), columns
        )


def write_notes_in_full(numbers: Numbers, columns: int) -> Iterator[str]:
    """Write every note that was named, in full."""
    notes = list(numbers.write_in_full())
    if notes:
        yield ""
        yield from wrap(tr("{caveats} (hand no passage on without those named at it)", caveats=tr(CAVEATS)), columns)
        for note in notes:
            yield from wrap(note, columns, " ", "     ")


def head(answer: SearchOutput, columns: int) -> Iterator[str]:
    """Write how much was found, by what, and how the question was taken."""
    results, authorities = answer.results, answer.authorities
    widened = list(_count_by_reason(results, authorities))
    parts = [count(results), *widened, *by_works(results, alone=not widened)]
    coverage = results.coverage
    parts.append(
        tr("searched {searched} of {count}", searched=coverage.searched, count=count_of(coverage.of, "testimony", "testimonies"))
    )
    parts += page(results)
    yield from wrap(visible(" · ".join(parts)), columns)
    said = [tr("Understood: {understood}.", understood=visible(results.understood))] if results.understood else []
    said += as_known(results)
    said += only_since(results)
    said += describe_left_out(results)
    if said:
        yield from wrap(" ".join(said), columns)
    warned = warning_for((shown.hit.testimony for shown in answer.shown), authorities)
    if warned:
        yield from wrap(tr(CONTENT_WARNING, named=warned), columns)
    if _only_leads(answer):
        yield from wrap(tr("Only leads answer this."), columns)
    for line in asides(results, authorities, terms=not widened):
        yield from wrap(line, columns)


def page(results: Results) -> Iterator[str]:
    """Describe which of the hits are shown, where not all of them are."""
    shown, first = len(results.hits), results.query.offset + 1
    last = first + shown - 1
    if shown and shown < results.passages:
        yield tr("shown {first} to {last}", first=first, last=last)
    elif results.passages and not shown:
        yield tr("none shown, since --offset is {offset}", offset=results.query.offset)


def _count_by_reason(results: Results, authorities: Authorities) -> Iterator[str]:
    """Yield how many passages were found by the words, by the archive's claims and by what the words mean."""
    by = fields.counts_by_reason(results)
    terms = [expansion.term for expansion in results.expanded if expansion.term]
    if not terms or by["words"] is None:
        return
    claims = tr(", {by} in the archive's claims", by=by["claims"]) if by["claims"] else ""
    named = [
        authorities.vocabulary.label(name, term) + _in_the_other(name, term, authorities) for name, term in dict.fromkeys(terms)
    ]
    lists = {name for name, _ in terms}
    what = f"{(tr('the topic') if len(named) == 1 else tr('the topics'))} " if lists == {"topic"} else ""
    yield tr(
        "{by} by the words{claims}, {by2} by {what}{named}",
        by=by["words"],
        claims=claims,
        by2=by["topics"],
        what=what,
        named=join_list(named),
    )


def _in_the_other(name: str, term: str, authorities: Authorities) -> str:
    """Return the label in the other language of this archive, to be read beside the one before it."""
    label = authorities.vocabulary.label(name, term, "ko" if is_english() else "en")
    return f" ({label})" if label != authorities.vocabulary.label(name, term) else ""


def _only_leads(answer: SearchOutput) -> bool:
    """Return whether all that was found is kept as a lead; where not all of it is shown, nobody can say."""
    shown = answer.shown
    every = shown and len(shown) == answer.results.passages
    return bool(every) and all(any(note.flag == "lead-only" for note in hit.excerpt.notes) for hit in shown)


def _hit(place: int, shown: RenderedHit, answer: SearchOutput, numbers: Numbers, columns: int) -> Iterator[str]:
    testimony, passage, excerpt = shown.hit.testimony, shown.hit.passage, shown.excerpt
    yield from _opening_lines(place, shown, answer, columns)
    whose = sign(testimony)
    bar = f"{INDENT}{BAR}"
    lines = list(close_marks(wrap(mark(excerpt.words, excerpt.matches), columns, bar)))
    room = columns - cells(lines[-1]) - width(whose)
    if whose and room < len(INDENT):
        lines.append(bar.rstrip() + " " * (columns - len(bar.rstrip()) - width(whose)) + whose)
    elif whose:
        lines[-1] += " " * room + whose
    yield from lines
    for footnote in passage.below:
        if _calls(excerpt.words, footnote):
            yield from wrap(visible(footnote), columns, INDENT + "  ", INDENT + "    ")
    yield from caveats(shown, answer.authorities, columns, numbers)


def _calls(words: str, footnote: str) -> bool:
    """Return whether an excerpt, which may be cut, holds the call of a footnote."""
    label, bracket, _ = footnote.partition("]")
    return f"{label}]" in words if bracket else True


def _join(*parts: str) -> str:
    return " · ".join(parts)


def opening(place: int, shown: RenderedHit, authorities: Authorities, columns: int, manner: Iterable[str] = ()) -> Iterator[str]:
    """Write who speaks, and in which passage.

    :param manner: how it is known and how it stands.
    """
    passage = shown.hit.passage
    number = f"{place}  ".ljust(len(INDENT))
    code = f"{passage.code}#p{passage.number}"
    speaker = plain_words.speaker(shown.hit.testimony, authorities)
    *before, last = wrap(_join(speaker, *manner), columns, number, INDENT)
    last = "".join(close_marks([last]))
    room = columns - cells(last) - width(code)
    yield from before
    if room < APART:
        yield last
        last, room = "", columns - width(code)
    yield f"{last}{' ' * room}{code}"


def _opening_lines(place: int, shown: RenderedHit, answer: SearchOutput, columns: int) -> Iterator[str]:
    """Write who speaks and in which passage; where and when; how it is known, how it stands and how it was found.

    What does not fit on the line of the place stands on that of the witness, where it fits there.
    """
    testimony, passage, authorities = shown.hit.testimony, shown.hit.passage, answer.authorities
    how = FOUND_BY_WORDS.get(shown.hit.found_by) if len(answer.results.found_by) > 1 else None
    stated = _places_of(testimony, passage, authorities, answer.results.query.filters.camp)
    more = [*_more(passage, how), *describe_update(shown.hit, answer.results.query.filters)]
    above, lines = next(_arrangements(stated, more))
    room = (
        columns
        - APART
        - width(f"{passage.code}#p{passage.number}")
        - cells(f"{place}  {plain_words.speaker(testimony, authorities)}")
    )
    for moved, below in _arrangements(stated, more):
        if cells(f"{INDENT}{below[0]}") <= columns and cells(_join("", *moved)) <= room and len(stated) == 1:
            above, lines = moved, below
            break
    yield from opening(place, shown, authorities, columns, above)
    for line in lines:
        yield from close_marks(wrap(line, columns, INDENT, INDENT + "  "))


_Stated = tuple[tuple[str, tuple[str, ...]], ...]
"""Places and times, each with as whom, how it is known and how the claim stands."""


def _places_of(testimony: Testimony, passage: Passage, authorities: Authorities, asked: Iterable[str]) -> _Stated:
    return tuple(plain_words.places(testimony, passage.entries, authorities, asked))


def _more(passage: Passage, how: str | None) -> list[str]:
    """Return what stands behind the places: where in the source, and how it was found."""
    more = [tr("at {locators}", locators=visible(", ".join(passage.locators)))] if passage.locators else []
    return [*more, *([tr(how)] if how else [])]


def _arrangements(stated: _Stated, more: list[str]) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """Yield each way in which places stand at a hit: what is moved up to the line of the witness, and the lines below it."""
    lines = [_join(where, *manner) for where, manner in stated] or [tr(NO_PLACE)]
    yield (), [*lines[:-1], _join(lines[-1], *more)]
    if len(stated) == 1:
        ((where, manner),) = stated
        for moved in range(1, len(manner) + 1):
            yield manner[:moved], [_join(where, *manner[moved:], *more)]


def openings(testimony: Testimony, passage: Passage, authorities: Authorities) -> Iterator[str]:
    """Yield each way in which a list may open a hit, on one line: by what was asked, how it was found, and how wide it is."""
    speaker = plain_words.speaker(testimony, authorities)
    camps = tuple(dict.fromkeys(entry.camp for entry in passage.entries if entry.camp))
    asked = [some for length in range(plain_words.MOST_PLACES + 1) for some in combinations(camps, length)]
    for stated in dict.fromkeys(_places_of(testimony, passage, authorities, some) for some in asked):
        for how in (None, *dict.fromkeys(FOUND_BY_WORDS.values())):
            for above, lines in _arrangements(stated, _more(passage, how)):
                yield _join(speaker, *above, *lines)


def caveats(shown: RenderedHit, authorities: Authorities, columns: int, numbers: Numbers) -> Iterator[str]:
    """Write the names of every caveat in force at a hit, and apart from them of what speaks for it."""
    yield from sign_notes(shown.excerpt.notes, shown.hit.testimony, authorities, columns, numbers)


def sign_notes(
    notes: Iterable[Note], testimony: Testimony, authorities: Authorities, columns: int, numbers: Numbers
) -> Iterator[str]:
    """Write the names of notes in force behind their signs, or that there is none."""
    against, speaking = note_names(notes, testimony, authorities, numbers)
    for before, flags in ((WARNS, against), (SPEAKS_FOR, speaking)):
        if flags:
            yield from close_marks(wrap(" · ".join(flags), columns, f"{INDENT}{before}", INDENT + "  "))
    if not against and not speaking:
        yield from wrap(without_caveats(testimony, authorities), columns, f"{INDENT}{WARNS}", INDENT + "  ")


def without_caveats(testimony: Testimony, authorities: Authorities) -> str:
    """Return what stands where no caveat is named: that none was entered, and how the source is graded."""
    return tr("no caveat has been entered; {graded}", graded=plain_words.describe_grade(testimony, authorities))


def note_names(
    notes: Iterable[Note], testimony: Testimony, authorities: Authorities, numbers: Numbers | None = None
) -> tuple[list[str], list[str]]:
    """Return the names of notes in force: of those that warn, gravest first, and of those that speak for a passage."""
    every = tuple(notes)

    def name(note: Note) -> tuple[str, str]:
        label = citation.flag(note._replace(origin=""), authorities)
        flag = authorities.vocabulary.said("flag", note.flag)
        flag_name = (
            plain_words.grave(visible(plain_words.loud(flag))) + visible(label.removeprefix(flag))
            if plain_words.is_grave(note)
            else visible(label)
        )
        remarks = "".join(f" ({remark})" for remark in citation.remarks(note))
        return flag_name, f"[{numbers.number(note, testimony)}]{remarks}" if numbers else remarks.strip()

    def together(notes_alike: Iterable[Note]) -> list[str]:
        numbers_of: dict[str, list[str]] = {}
        for flag_name, number in map(name, notes_alike):
            numbers_of.setdefault(flag_name, []).append(number)
        return [" ".join(filter(None, (flag_name, *dict.fromkeys(numbered)))) for flag_name, numbered in numbers_of.items()]

    against = sorted(
        (note for note in every if note.flag not in plain_words.FOR), key=lambda note: not plain_words.is_grave(note)
    )
    return together(against), together(note for note in every if note.flag in plain_words.FOR)


def _sources(answer: SearchOutput, columns: int) -> Iterator[str]:
    """Write each record's source once, with its address, and under it the marks of the passages shown."""
    authorities = answer.authorities
    by_record: dict[str, list[RenderedHit]] = {}
    for shown in answer.shown:
        by_record.setdefault(shown.hit.testimony.code, []).append(shown)
    own = any(hits.hit.testimony.is_summary for hits in answer.shown)
    yield from wrap(
        tr("{sources} (a summary is the archive's words: cite these)", sources=tr(SOURCES)) if own else tr(SOURCES), columns
    )
    for hits in by_record.values():
        cites = tuple(dict.fromkeys(cite for shown in hits for cite in shown.hit.passage.cites))
        testimony = hits[0].hit.testimony
        marks = [citation.mark(shown.hit.testimony, shown.hit.passage, digits=hashing.SHORT_HASH) for shown in hits]
        yield from source_of(testimony, cites, marks, authorities, columns)
    if own:
        yield from wrap(evidence_line(authorities), columns, " ")


def source_of(
    testimony: Testimony, cites: tuple[Cite, ...], marks: Iterable[str], authorities: Authorities, columns: int
) -> Iterator[str]:
    """Write where a record comes from, with its address, and under it the marks of the citations."""
    indent = " " * (len(testimony.code) + 3)
    yield from wrap(visible(source_line(testimony, cites, authorities)), columns, f" {testimony.code}  ", indent)
    for each in marks:
        yield from wrap(visible(each), columns, "   ", "     ")


def source_line(
    testimony: Testimony, cites: tuple[Cite, ...], authorities: Authorities, *, most: int = plain_words.MOST_CITED
) -> str:
    """Return whose account a record is, where it comes from, how that is graded, and its address.

    :param most: works besides the source that are named; the others are counted.
    """
    source = testimony.source
    address = str(source.csl.get("URL") or source.csl.get("DOI") or "")
    read = tr(", read whole") if source.seen == "whole" else ""
    graded = plain_words.describe_grade(testimony, authorities)
    own = tuple(cite for cite in cites if cite.ref in {source.ref, source.through})
    further = tuple(cite for cite in cites if cite not in own)
    others = len(further) - most
    parts = [
        citation.heading(testimony._replace(shown_in=""), authorities),
        citation.origin(testimony, own + further[:most], authorities)
        + (f"; {plain_words.more(others)}" if others > 0 else "")
        + read,
        graded[:1].upper() + graded[1:],
        address,
    ]
    return ". ".join(part for part in parts if part)


def following(answer: SearchOutput) -> Iterator[str]:
    """Write what can be done with the answer, as commands that can be pasted."""
    if not answer.shown:
        return
    query = answer.results.query
    first, *others = (item.hit.passage for item in answer.shown[:2])
    alike = [first, *(other for other in others if other.language == first.language)]
    references = [f"{item.code}#p{item.number}" for item in alike]
    tongue = ["--language", first.language] if first.language else []
    commands = [
        " ".join([program(), "show", references[0], *tongue]),
        " ".join([program(), "cite", *references, *tongue, "--style", "oscola"]),
    ]
    if query.filters.camp:
        topics = tuple(dict.fromkeys(item.term[1] for item in answer.results.expanded if item.term and item.term[0] == "topic"))
        filters = query.filters
        asked = Filters(camp=filters.camp, topic=filters.topic or topics, period=filters.period, as_of=filters.as_of)
        commands.append(as_command.command(Query(filters=asked), name="compare"))
    commands.append(as_command.command(query, "--output", "report.docx", name="dossier"))
    last = query.offset + len(answer.shown)
    if last < answer.results.passages:
        grouped = ["--group"] if query.group else []
        commands.insert(0, as_command.command(query, *grouped, "--offset", str(last)))
    yield ""
    yield from lines_of(visible(command) for command in commands)


def lines_of(commands: Iterable[str]) -> Iterator[str]:
    """Write commands, one a line, so that each can be copied whole."""
    for place, command in enumerate(commands):
        opened = f"{tr('Next:')} "
        yield f"{' ' * width(opened) if place else opened}{command}"
