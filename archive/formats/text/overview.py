"""The collection at a glance: sizes, and who was where and when to tell."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from archive.authority.authorities import Authorities
from archive.formats import fields
from archive.formats.json_sink import lines
from archive.formats.terminal import columns, visible, wrap
from archive.formats.text._tables import figures, longest, row
from archive.formats.wording import facet_heading
from archive.language.messages import tr
from archive.named_tuple import NamedTuple
from archive.search.model import Coverage, RecordOutline
from archive.weighing import corroboration
from archive.weighing.corroboration import Cell

_COUNTED: Final = ("kind", "connection", "rendering", "language")


class Overview(NamedTuple):
    """What `testimony stats` prints; ``counts`` are testimonies by each of `_COUNTED`."""

    testimonies: int
    passages: int
    counts: Mapping[str, Counter[str]]
    spread: tuple[Cell, ...]
    coverage: Coverage
    authorities: Authorities


def count(records: Iterable[RecordOutline], coverage: Coverage, authorities: Authorities) -> Overview:
    """Count records in one pass, of which no more than one is held at a time."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in _COUNTED}
    passages = 0

    def passing() -> Iterator[RecordOutline]:
        nonlocal passages
        for record in records:
            passages += record.passages
            for name, values in counts.items():
                holder = record.testimony.witness if name == "connection" else record.testimony
                values[getattr(holder, name)] += 1
            yield record

    spread = corroboration.coverage(passing())
    return Overview(
        testimonies=counts["kind"].total(),
        passages=passages,
        counts=counts,
        spread=spread,
        coverage=coverage,
        authorities=authorities,
    )


def _by(overview: Overview, name: str) -> dict[str, int]:
    rank = overview.authorities.vocabulary.rank
    return dict(sorted(overview.counts[name].items(), key=lambda item: (rank(name, item[0]), item[0])))


def document(overview: Overview) -> Iterator[str]:
    """Write it as JSON."""
    return lines(
        {
            "schema": fields.SCHEMA,
            "testimonies": overview.testimonies,
            "passages": overview.passages,
            "coverage": overview.coverage._asdict(),
            **{name: _by(overview, name) for name in _COUNTED},
            "spread": [cell._asdict() for cell in overview.spread],
        }
    )


def text(overview: Overview) -> Iterator[str]:
    """Write it for a person."""
    label = overview.authorities.vocabulary.label
    coverage = overview.coverage
    told = tr(
        "{testimonies} testimonies, {passages} passages. Searched {searched} of {of}.",
        testimonies=overview.testimonies,
        passages=overview.passages,
        searched=coverage.searched,
        of=coverage.of,
    )
    yield from wrap(told, columns())
    for name in _COUNTED:
        counted = _by(overview, name)
        yield ""
        yield facet_heading(name)
        labels = {value: visible(label(name, value)) for value in counted}
        room = longest((f"  {each}" for each in labels.values()), 7, columns())
        for value, number in counted.items():
            yield from row(labels[value], f"{number:>7}", room, "  ")
    yield ""
    yield from wrap(tr("WHO SPEAKS OF WHICH CAMP AND DECADE (testimonies, without rejected claims)"), columns())
    yield from _grid(overview)


def _grid(overview: Overview) -> Iterator[str]:
    decades = sorted({cell.decade for cell in overview.spread})
    rows = sorted({(cell.camp, cell.vantage) for cell in overview.spread})
    counts = {(cell.camp, cell.vantage, cell.decade): cell.testimonies for cell in overview.spread}
    label = overview.authorities.vocabulary.label
    names = {place: f"{overview.authorities.gazetteer.label(place[0])}: {label('connection', place[1])}" for place in rows}
    told = ((visible(names[place]), [str(counts.get((*place, decade), ".")) for decade in decades]) for place in rows)
    yield from figures([fields.decade(decade) for decade in decades], told, 6, columns())
