"""For keepers: the records that no reader sees yet, and one of them as it lies in the folder."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from archive.formats import fields
from archive.formats.json_sink import lines
from archive.formats.terminal import columns, visible, wrap
from archive.formats.text import plain
from archive.language.messages import tr, tr_count
from archive.record.hashing import SHORT_HASH
from archive.text import count_of, join_list

if TYPE_CHECKING:
    from archive.keeping.drafts import DraftRow, KeptRecord


def text(rows: "Iterable[DraftRow]") -> Iterator[str]:
    """Write a line or two for each, by path: no word of a body, and no value of a header but the code."""
    number = 0
    for number, row in enumerate(rows, start=1):  # noqa: B007 - counted
        yield visible(row.path)
        yield from wrap("; ".join(_needs(row)), columns(), "   ", "   ")
    yield tr_count("{number} draft.", "{number} drafts.", number) if number else tr("no drafts.")


def _needs(row: "DraftRow") -> Iterator[str]:
    if row.faults:
        faults = tr_count("{number} fault", "{number} faults", row.faults)
        yield tr("{faults}: `testimony check` names each", faults=faults)
    if row.to_fill_in:
        yield tr("still to be filled in: {fields}", fields=join_list(row.to_fill_in, "and"))
    if row.consent == "unknown":
        yield tr("consent is unknown")
    if not (row.faults or row.to_fill_in):
        yield tr("when it may be read: testimony open {code} --consent … --by …", code=row.code)


def document(rows: "Iterable[DraftRow]") -> Iterator[str]:
    """Write them as one JSON document."""
    return lines({"schema": fields.SCHEMA, "drafts": [row._asdict() for row in rows]})


def page(kept: "KeptRecord") -> Iterator[str]:
    """Write a record as it lies in the folder, with tags, notes and hashes, and no citation."""
    record, authorities = kept.record, kept.authorities
    testimony = record.testimony
    said = authorities.vocabulary.said
    access = tr(
        "{access}, consent: {consent}", access=said("access", testimony.access), consent=said("consent", testimony.consent)
    )
    yield from wrap(tr("FOR KEEPERS, not to be cited ({access}): {path}", access=access, path=visible(testimony.path)), columns())
    if kept.faults:
        faults = count_of(kept.faults, "fault", "faults")
        yield tr("its versions in other languages have {faults}: `testimony check` names each", faults=faults)
    yield ""
    yield from plain.header(testimony, authorities)
    for passage in record.passages:
        yield ""
        yield f"{passage.code}#p{passage.number}  sha256:{passage.sha256[:SHORT_HASH]}"
        yield from wrap(visible(passage.words), columns(), "   ", "   ")
        yield from plain.caveats(passage.notes, authorities)
    yield ""
    for change in testimony.history:
        yield from wrap(visible(f"{change.date}  {change.by}: {change.change}"), columns(), "", "   ")
