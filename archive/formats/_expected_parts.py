"""The parts of a dossier and of a comparison that are no excerpts, as every format prints them today."""

from collections.abc import Iterable, Iterator, Mapping

from archive.citing import part_marks
from archive.citing.part_marks import MarkedPart
from archive.documents.model import MARK_OF_SHEET
from archive.formats._date_words import each_way_of_dates
from archive.formats.comparison import ComparisonOutput
from archive.formats.data import xlsx
from archive.formats.html import dossier as html_dossier
from archive.formats.markdown import comparison as comparison_markdown
from archive.formats.markdown import dossier as markdown_dossier
from archive.formats.terminal import lay_out
from archive.formats.text import comparison as comparison_text
from archive.language.messages import speaking
from archive.weighing.comparison import Comparison
from archive.weighing.dossier import Dossier

_NARROWEST, _WIDEST = 20, 400  # cells for which a table may have been laid out


def of_dossier(dossier: Dossier, language: str) -> Iterator[MarkedPart]:
    """Yield the parts of a dossier in a language, in each way in which a format has them."""
    with speaking(language):
        for _ in each_way_of_dates():
            for headed in (True, False):
                yield from _read(markdown_dossier.write_marked_parts(dossier, headed=headed))
            yield from _read(html_dossier.write_marked_parts(dossier))


def of_comparison(compared: ComparisonOutput, language: str) -> Iterator[MarkedPart]:
    """Yield the parts of a comparison in a language, in each way in which a format has them."""
    comparison = compared.comparison
    with speaking(language):
        for writer in (comparison_text, comparison_markdown):
            yield from _read(writer.agreement(compared))
            for _ in each_way_of_dates():
                yield from _read(writer.conflicts(comparison))
        yield from _read(comparison_markdown.write_attestation(comparison))
        yield from _tables(comparison)


def sheets_of_comparison(compared: ComparisonOutput) -> Mapping[str, str]:
    """Return the marks of the sheets of a comparison, by the names of the parts that they are."""
    marks = xlsx.marks(xlsx.sheets(compared))
    return {f"{part_marks.SHEET}{what.removeprefix(MARK_OF_SHEET)}": mark for what, mark in marks}


def _tables(comparison: Comparison) -> Iterator[MarkedPart]:
    """Yield a table as it is laid out for each number of cells: columns that do not fit stand in a table below."""
    seen: set[str] = set()
    whole = ""
    for cells in (_WIDEST, *range(_NARROWEST, _WIDEST)):
        with lay_out(cells):
            (part,) = _read(comparison_text.write_attestation(comparison))
        whole = whole or part.words
        if part.words not in seen:
            yield part
        elif part.words == whole:  # from here on all columns fit
            break
        seen.add(part.words)


def _read(lines: Iterable[str]) -> Iterator[MarkedPart]:
    yield from part_marks.read("\n".join(lines))
