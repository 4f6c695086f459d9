"""A comparison for a person: who speaks of it, each claim with its caveats, both sides of what conflicts."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from archive.authority.authorities import Authorities
from archive.citing import part_marks
from archive.formats import comparison as comparison_fields
from archive.formats import fields
from archive.formats._coverage_table import SPEAK, coverage_table
from archive.formats._notes_in_full import NotesInFull
from archive.formats.comparison import ComparisonOutput
from archive.formats.terminal import columns, visible, wrap
from archive.formats.text._tables import figures
from archive.formats.text.plain import evidence, hit
from archive.language.messages import tr
from archive.weighing.comparison import Comparison, Side, Stated
from archive.weighing.corroboration import Attestation

_INDENT = "   "


def write(compared: ComparisonOutput) -> Iterator[str]:
    """Write a comparison."""
    comparison, shown_at = compared.comparison, NotesInFull()
    authorities = comparison.authorities
    yield from wrap(visible(tr("Compared: {question}.", question=comparison_fields.question(compared))), columns())
    yield from wrap(comparison_fields.describe_extent(compared), columns())
    yield ""
    yield from agreement(compared)
    yield ""
    yield from wrap(tr("WHO SAYS WHAT"), columns())
    if not comparison.rows:
        yield from _line(tr("Nobody, as far as this archive goes; below stands who could have told."))
    for number, row in enumerate(comparison.rows, start=1):
        yield ""
        yield from wrap(visible(comparison_fields.standing(row, authorities)), columns(), "", _INDENT)
        yield from hit(number, compared.shown[row.code, row.hit.passage.number], authorities, shown_at)
    yield from _notes(tr("BORNE OUT, BY NOTES"), comparison.borne_out, comparison_fields.borne, compared, shown_at)
    yield from _notes(tr("CONTRADICTED, BY NOTES"), comparison.contradictions, comparison_fields.between, compared, shown_at)
    yield from conflicts(comparison)
    yield from write_attestation(comparison)
    yield ""
    yield from evidence((row.hit.testimony for row in comparison.rows), authorities)


def agreement(compared: ComparisonOutput) -> Iterator[str]:
    """Write how many speak of each topic, with its mark."""
    yield from _part(part_marks.AGREEMENT, _agreement(compared))


def _agreement(compared: ComparisonOutput) -> Iterator[str]:
    comparison = compared.comparison
    authorities = comparison.authorities
    yield from wrap(
        tr("HOW MANY SPEAK OF IT (voices, not texts: what goes back to one root or one person counts once)"), columns()
    )
    for tally in comparison.agreement:
        yield from _line(f"{authorities.vocabulary.label('topic', tally.topic or '')}: {comparison_fields.sentence(tally)}")
        for line in (*comparison_fields.speakers(tally), *comparison_fields.through(tally)):
            yield from _item(f"- {line}")
    if comparison_fields.is_more_than_one_topic(comparison):
        yield from _line(tr("All of it together: {sentence}", sentence=comparison_fields.sentence(comparison.total)))
    if not comparison.agreement:
        yield from _line(tr("Nothing that was found has a topic, so that nothing is counted by topic."))


def _part(name: str, lines: Iterable[str]) -> Iterator[str]:
    written = list(lines)
    yield from written
    yield from wrap(part_marks.with_mark(name, "\n".join(written)), columns())


def _line(text: str) -> Iterator[str]:
    yield from wrap(visible(text), columns(), " ", _INDENT)


def _item(text: str) -> Iterator[str]:
    yield from wrap(visible(text), columns(), _INDENT, _INDENT + "  ")


def _inside(text: str) -> Iterator[str]:
    yield from wrap(visible(text), columns(), _INDENT * 2)


def _notes(
    title: str, stated_notes: Iterable[Stated], between: Callable[[Stated], str], compared: ComparisonOutput, told: NotesInFull
) -> Iterator[str]:
    every = list(stated_notes)
    if not every:
        return
    yield ""
    yield title
    rows = {(row.code, row.hit.passage.number): at for at, row in reversed(list(enumerate(compared.comparison.rows, start=1)))}
    for stated in every:
        yield ""
        yield from _line(comparison_fields.heading(stated, compared.comparison.authorities, told))
        yield from _line(tr("In force at {places}. {between}", places=", ".join(stated.places), between=between(stated)))
        # Where the note names no other passage, the one that it is about stands above with everything.
        for number, side in enumerate(stated.sides if stated.one_voice is not None else (), start=1):
            yield from _side(number, side, compared, rows, told)


def _side(
    number: int, side: Side, compared: ComparisonOutput, rows: Mapping[tuple[str, int], int], told: NotesInFull
) -> Iterator[str]:
    authorities = compared.comparison.authorities
    yield from _item(tr("Side {number}: {code} {title}", number=number, code=side.code, title=side.record.testimony.title))
    if not side.hits:
        yield from _inside(tr("The record as a whole. Cite: {whole}", whole=comparison_fields.whole(side, authorities)))
    for side_hit in side.hits:
        shown = compared.shown[side.code, side_hit.passage.number]
        at = rows.get((side.code, side_hit.passage.number))
        if at:
            # Its caveats stand in full at that number, on the same page.
            yield from _inside(f"p{side_hit.passage.number}: {shown.excerpt.words}")
            yield from _inside(tr("Caveats in full at {at}. Cite: {citation}", at=at, citation=shown.excerpt.citation))
        else:
            place = tr("above, at {reference}", reference=shown.reference)
            yield from hit(side_hit.passage.number, shown, authorities, told, place)


def conflicts(comparison: Comparison) -> Iterator[str]:
    """Write contradictions that the archive keeps, and the names of those that are not written out, with their mark."""
    if comparison.conflicts or comparison.other_conflicts:
        yield ""
        yield from _part(part_marks.CONTRADICTIONS, _conflicts(comparison))


def _conflicts(comparison: Comparison) -> Iterator[str]:
    authorities, others = comparison.authorities, comparison.other_conflicts
    yield from wrap(tr("CONTRADICTIONS THAT THE ARCHIVE KEEPS"), columns())
    for kept in comparison.conflicts:
        told_fields = comparison_fields.conflict(kept, authorities)
        verdict = authorities.vocabulary.said("verdict", told_fields["verdict"])
        yield from _line(f"{told_fields['id']}  {told_fields['subject']} ({verdict})")
        for side in told_fields["sides"]:
            mark = f"{tr('REJECTED')} " if side["rejected"] else ""
            yield from _item(f"- {mark}{comparison_fields.side_of(side)}")
        if told_fields["kept_as"]:
            yield from _item(tr("Kept as: {found}", found=told_fields["kept_as"]))
    if others:
        yield from _line(
            tr("On the camp, but tied to nothing above: {others}; see `testimony camps --conflicts`.", others=", ".join(others))
        )


def write_attestation(comparison: Comparison) -> Iterator[str]:
    """Write who was there to tell, with its mark."""
    each_missing = bool(comparison.query.filters.camp)
    yield ""
    yield from _part(part_marks.COVERAGE, coverage(comparison.coverage, comparison.authorities, each_missing=each_missing))


def coverage(attestations: Iterable[Attestation], authorities: Authorities, *, each_missing: bool) -> Iterator[str]:
    """Write who could tell, and who does."""
    grid = coverage_table(attestations, authorities, each_missing=each_missing)
    yield from wrap(tr("WHO WAS THERE TO TELL"), columns())
    if grid.rows:
        heads = [fields.decade(decade) for decade in grid.decades]
        yield from figures(heads, ((visible(name), row) for name, row in grid.rows), 6, columns())
    for remark in grid.remarks:
        yield from _line(remark)
    yield from wrap(tr(SPEAK), columns())
