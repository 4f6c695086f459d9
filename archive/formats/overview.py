"""The collection at a glance: sizes, and who was where and when to tell."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from archive.authority import Authorities
from archive.corroboration import Cell
from archive.formats import fields
from archive.formats.json_document import lines
from archive.formats.terminal import padded, visible
from archive.retrieval import Coverage, Record
from archive.text import width


class Overview(NamedTuple):
    """What `testimony stats` prints."""

    records: list[Record]
    spread: tuple[Cell, ...]
    coverage: Coverage
    held: Authorities


def _by(overview: Overview, name: str) -> dict[str, int]:
    counted: Counter[str] = Counter()
    for record in overview.records:
        value = record.testimony.witness.connection if name == "connection" else getattr(record.testimony, name)
        counted[value] += 1
    rank = overview.held.vocabulary.rank
    return dict(sorted(counted.items(), key=lambda item: (rank(name, item[0]), item[0])))


def document(overview: Overview) -> Iterator[str]:
    """Write it as JSON."""
    return lines(
        {
            "schema": fields.SCHEMA,
            "testimonies": len(overview.records),
            "passages": sum(len(record.passages) for record in overview.records),
            "coverage": overview.coverage._asdict(),
            "kind": _by(overview, "kind"),
            "connection": _by(overview, "connection"),
            "rendering": _by(overview, "rendering"),
            "language": _by(overview, "language"),
            "spread": [cell._asdict() for cell in overview.spread],
        }
    )


def text(overview: Overview) -> Iterator[str]:
    """Write it for a person."""
    label = overview.held.vocabulary.label
    passages = sum(len(record.passages) for record in overview.records)
    coverage = overview.coverage
    yield f"{len(overview.records)} testimonies, {passages} passages. Searched {coverage.searched} of {coverage.of}."
    for name in ("kind", "connection", "rendering", "language"):
        counted = _by(overview, name)
        yield ""
        yield name.upper()
        labels = {value: visible(label(name, value)) for value in counted}
        cells = max(map(width, labels.values()), default=0)
        for value, number in counted.items():
            yield f"  {padded(labels[value], cells)}  {number:>5}"
    yield ""
    yield "WHO SPEAKS OF WHICH CAMP AND DECADE (testimonies, without rejected claims)"
    yield from _grid(overview)


def _grid(overview: Overview) -> Iterator[str]:
    decades = sorted({cell.decade for cell in overview.spread})
    rows = sorted({(cell.camp, cell.vantage) for cell in overview.spread})
    counts = {(cell.camp, cell.vantage, cell.decade): cell.testimonies for cell in overview.spread}
    label = overview.held.vocabulary.label
    names = {row: f"{overview.held.gazetteer.label(row[0])}: {label('connection', row[1])}" for row in rows}
    cells = max(map(width, names.values()), default=0)
    yield " ".join([padded("", cells), *(f"{decade:>8}" for decade in decades)])
    for row in rows:
        numbers = (str(counts.get((*row, decade), ".")) for decade in decades)
        yield " ".join([padded(visible(names[row]), cells), *(f"{number:>8}" for number in numbers)])
