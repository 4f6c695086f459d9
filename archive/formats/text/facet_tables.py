"""The counts of an answer by camp, decade, flag and so on, as tables in text; loaded by name where they were asked for."""

from collections.abc import Iterator
from typing import Final

from archive.citing.excerpt import SearchOutput
from archive.formats import fields
from archive.formats.terminal import align_right, columns, pad, visible, wrap
from archive.formats.text._tables import longest, row
from archive.formats.wording import describe_counting, facet_heading
from archive.language.messages import tr
from archive.text import width

_NARROWEST_LABEL: Final = 24


def counts(answer: SearchOutput) -> Iterator[str]:
    """Write facet counts as columns."""
    for name, rows in answer.results.facets.items():
        if not rows:
            continue
        yield ""
        labels = [visible(fields.label(name, figure.value, answer.authorities)) for figure in rows]
        ids = [figure.value if figure.value != label else "" for figure, label in zip(rows, labels, strict=True)]
        figures = [tr("passages"), tr("testimonies")]
        cells = [max(least, width(figure)) + 2 for least, figure in zip((8, 11), figures, strict=True)]
        second = max(map(width, ids)) + 2
        if second + sum(cells) + _NARROWEST_LABEL > columns():
            labels, second = [f"{label} ({figure})" if figure else label for label, figure in zip(labels, ids, strict=True)], 0
        first = longest([facet_heading(name), *labels], second + sum(cells), columns())
        yield from row(facet_heading(name), f"{'':{second}}{''.join(map(align_right, figures, cells))}", first)
        for remark in describe_counting(name, answer.results.query.filters):
            yield from wrap(remark, columns(), "  ")
        for counted, label, identifier in zip(rows, labels, ids, strict=True):
            numbers = map(align_right, (str(counted.passages), str(counted.testimonies)), cells)
            beside = pad(f"  {identifier}", second) if second else ""
            yield from row(label, f"{beside}{''.join(numbers)}", first)
