"""What was found in a file that is brought in, in lines: for a terminal, and for the keeper's desk."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from archive.formats.terminal import columns, visible, wrap
from archive.language.messages import mark, tr, translate
from archive.record.testimony import Reference
from archive.text import paragraphs_named

if TYPE_CHECKING:
    from archive.keeping.importing.plan import ImportedFile, Proposal

_COUNTS: Final = (
    ("paragraphs", mark("paragraphs: {number}")),
    ("headings", mark("headings: {number}")),
    ("notes", mark("footnotes: {number}")),
    ("speakers", mark("speakers: {number}")),
    ("places", mark("pages or times: {number}")),
)


def report(one: "ImportedFile", *, with_differences: bool) -> Iterator[str]:
    """Write what was found of one text, for a terminal.

    :param with_differences: from the record that is there.
    """
    width = columns()
    named = visible(one.file).replace("\n", "⟨U+000A⟩")  # which a name may have, to look like a line of ours
    source = f"{named}, {one.at}" if one.at else named
    told = tr("{path} from {source}", path=one.path, source=source) if one.path else source
    yield f"{translate(one.status)}: {told}"
    if one.merged:
        yield from wrap(tr("paragraphs: {numbers}", numbers=", ".join(map(str, one.merged))), width, "  ")
    for line in _remarks(one):
        yield from wrap(line, width, "  ")
    for proposal in one.proposals:
        yield from wrap(_proposal(proposal, named=not one.code), width, "  ")
        if proposal.command:
            yield f"  {visible(proposal.command)}"
    if with_differences:
        yield from (f"  {line}" for line in one.differences)


def describe(one: "ImportedFile") -> Iterator[str]:
    """Yield what is to be known of one text: why it is not written, what is in it, what is left out, what notes it proposes."""
    yield from _remarks(one)
    yield from (_proposal(each, named=not one.code) for each in one.proposals)


def _remarks(one: "ImportedFile") -> Iterator[str]:
    yield from filter(None, (one.why, _counts(one), _omissions(one), *one.said))


def _proposal(one: "Proposal", *, named: bool) -> str:
    """Return a proposal in words; with ``named`` its record is named."""
    where = paragraphs_named(one.paragraphs) if one.paragraphs else tr("the whole record")
    where = str(Reference(one.code, one.paragraphs)) if named else where
    return visible(tr("{number}. note on {where}: {statement}", number=one.number, where=where, statement=one.statement))


def _counts(one: "ImportedFile") -> str:
    if not one.kind or one.is_restored:
        return tr("who may read it: {level}", level=one.level) if one.level else ""
    counts = []
    if one.languages:
        counts.append(tr("in other languages: {languages}", languages=", ".join(one.languages)))
    counts += [translate(told).format(number=getattr(one, name)) for name, told in _COUNTS if getattr(one, name)]
    letters = tr("letters: {taken} of {letters}", taken=one.taken, letters=one.letters)
    return ", ".join(filter(None, (one.kind, one.language, *counts, letters)))


def _omissions(one: "ImportedFile") -> str:
    left = (
        tr("{what} ({number}, letters: {letters})", what=translate(each.what), number=each.number, letters=each.letters)
        for each in one.left_out
    )
    told = ", ".join(left)
    return tr("left out: {what}", what=told) if told else ""
