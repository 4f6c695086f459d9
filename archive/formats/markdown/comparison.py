"""A comparison as Markdown: every value escaped, everything given in full."""

from collections.abc import Callable, Iterable, Iterator

from archive.authority.authorities import Authorities
from archive.citing import part_marks
from archive.formats import comparison as comparison_fields
from archive.formats import fields
from archive.formats._coverage_table import SPEAK, coverage_table
from archive.formats._notes_in_full import NotesInFull
from archive.formats.comparison import ComparisonOutput
from archive.formats.markdown.page import escape, evidence, part, passage
from archive.language.messages import tr
from archive.weighing.comparison import Comparison, Side, Stated
from archive.weighing.corroboration import Attestation


def write(compared: ComparisonOutput) -> Iterator[str]:
    """Write a comparison."""
    comparison = compared.comparison
    authorities, told = comparison.authorities, NotesInFull()
    yield f"# {escape(tr('Compared: {question}', question=comparison_fields.question(compared)))}"
    yield ""
    yield escape(comparison_fields.describe_extent(compared))
    yield ""
    yield from agreement(compared)
    yield f"## {escape(tr('Who says what'))}"
    if not comparison.rows:
        yield ""
        yield escape(tr("Nobody, as far as this archive goes; below stands who could have told."))
    for row in comparison.rows:
        yield ""
        yield f"### {escape(row.place)} {escape(row.hit.testimony.title)}"
        yield ""
        yield escape(comparison_fields.standing(row, authorities))
        yield ""
        yield from passage(compared.shown[row.code, row.hit.passage.number], authorities, told)
    yield from _notes(tr("Borne out, by notes"), comparison.borne_out, comparison_fields.borne, compared, told)
    yield from _notes(tr("Contradicted, by notes"), comparison.contradictions, comparison_fields.between, compared, told)
    yield from conflicts(comparison)
    yield ""
    yield from write_attestation(comparison)
    yield from evidence((row.hit.testimony for row in comparison.rows), authorities)


def agreement(compared: ComparisonOutput) -> Iterator[str]:
    """Write how many speak of each topic, with its mark."""
    yield from part(part_marks.AGREEMENT, _agreement(compared))


def _agreement(compared: ComparisonOutput) -> Iterator[str]:
    comparison = compared.comparison
    yield f"## {escape(tr(part_marks.HEADINGS[part_marks.AGREEMENT]))}"
    yield ""
    yield escape(tr("Voices are counted, not texts: what goes back to one root or one person counts once."))
    yield ""
    for tally in comparison.agreement:
        named = comparison.authorities.vocabulary.label("topic", tally.topic or "")
        yield f"- **{escape(named)}**: {escape(comparison_fields.sentence(tally))}"
        for line in (*comparison_fields.speakers(tally), *comparison_fields.through(tally)):
            yield f"    - {escape(line)}"
    if comparison_fields.is_more_than_one_topic(comparison):
        yield f"- **{escape(tr('All of it together'))}**: {escape(comparison_fields.sentence(comparison.total))}"


def _notes(
    title: str, stated_notes: Iterable[Stated], between: Callable[[Stated], str], compared: ComparisonOutput, told: NotesInFull
) -> Iterator[str]:
    every = list(stated_notes)
    if every:
        yield ""
        yield f"## {escape(title)}"
    for stated in every:
        yield ""
        yield escape(comparison_fields.heading(stated, compared.comparison.authorities, told))
        yield ""
        yield escape(tr("In force at {places}. {between}", places=", ".join(stated.places), between=between(stated)))
        for side in stated.sides:
            yield from _side(side, compared, told)


def _side(side: Side, compared: ComparisonOutput, told: NotesInFull) -> Iterator[str]:
    authorities = compared.comparison.authorities
    if not side.hits:
        yield ""
        yield f"### {escape(tr('{code} {title}, as a whole', code=side.code, title=side.record.testimony.title))}"
        yield ""
        yield escape(comparison_fields.whole(side, authorities))
    for hit in side.hits:
        yield ""
        yield f"### {escape(f'{side.code}#p{hit.passage.number}')} {escape(side.record.testimony.title)}"
        yield ""
        yield from passage(compared.shown[side.code, hit.passage.number], authorities, told)


def conflicts(comparison: Comparison) -> Iterator[str]:
    """Write contradictions that the archive keeps, and the names of those that are not written out, with their mark."""
    if comparison.conflicts or comparison.other_conflicts:
        yield ""
        yield from part(part_marks.CONTRADICTIONS, _conflicts(comparison))


def _conflicts(comparison: Comparison) -> Iterator[str]:
    yield f"## {escape(tr(part_marks.HEADINGS[part_marks.CONTRADICTIONS]))}"
    yield ""
    yield from write_contradictions((each["id"] for each in comparison.conflicts), comparison.authorities)
    if comparison.other_conflicts:
        others = ", ".join(comparison.other_conflicts)
        yield escape(tr("On the camp, but tied to nothing above: {others}.", others=others))


def write_contradictions(names: Iterable[str], authorities: Authorities) -> Iterator[str]:
    """Write contradictions, each under a heading of the third level."""
    for named, sides, why in comparison_fields.contradictions(names, authorities):
        yield f"### {escape(named)}"
        yield ""
        for rejected, said in sides:
            yield f"- {f'**{rejected}.** ' if rejected else ''}{escape(said)}"
        yield ""
        if why:
            yield escape(tr("Kept as: {found}", found=why))
            yield ""


def write_attestation(comparison: Comparison) -> Iterator[str]:
    """Write who was there to tell, with its mark."""
    each_missing = bool(comparison.query.filters.camp)
    lines = coverage(comparison.coverage, comparison.authorities, each_missing=each_missing)
    yield from part(part_marks.COVERAGE, [f"## {escape(tr(part_marks.HEADINGS[part_marks.COVERAGE]))}", *lines])


def coverage(
    attestations: Iterable[Attestation], authorities: Authorities, *, each_missing: bool, key: str = SPEAK
) -> Iterator[str]:
    """Write who could tell, and who does, as a table."""
    grid = coverage_table(attestations, authorities, each_missing=each_missing)
    if grid.rows:
        yield ""
        yield f"| {escape(tr('camp and vantage point'))} | {' | '.join(map(fields.decade, grid.decades))} |"
        yield f"| --- |{' ---: |' * len(grid.decades)}"
        for name, row in grid.rows:
            yield f"| {escape(name)} | {' | '.join(map(escape, row))} |"
    for remark in grid.remarks:
        yield ""
        yield escape(remark)
    yield ""
    yield escape(tr(key))
