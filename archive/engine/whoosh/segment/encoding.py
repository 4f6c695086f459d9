"""Writing a draft as the two files of a segment."""

import zlib
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from archive.engine.whoosh.segment._builder import SegmentBuilder
from archive.engine.whoosh.segment._sections import Bytes, File, SectionWriter
from archive.engine.whoosh.segment.layout import Pair

BITMAP_EVERY: Final = 32
"""A term in one passage of so many, or in more, has a bitmap too: that is no larger than half its numbers."""
SEPARATOR: Final = b"\n"
"""Behind every term, so that all of a field can be taken at once."""


def bits(documents: Sequence[int], size: int) -> int:
    """Return an integer with a bit set for each passage, the first in the lowest bit."""
    mask = bytearray((size + 7) // 8)
    for document in documents:
        mask[document >> 3] |= 1 << (document & 7)
    return int.from_bytes(mask, "little")


def assembled(numbers: Bytes, codes: Bytes, escaped: Iterable[Pair], size: int, known: int | None = None) -> bytes:
    """Write the passages of a term: numbers of two bytes, codes ("" where there are none), pairs without a code, bitmap.

    :param size: how many passages the segment has.
    :param known: a bit for each passage, where it is known already.
    """
    parts: list[Bytes] = [numbers, codes]
    if escaped:
        parts += [often.to_bytes(4, "little") + bytes([length]) for often, length in escaped]
    if is_common(len(numbers) // 2, size):
        bit_mask = bits(memoryview(numbers).cast("H"), size) if known is None else known
        parts.append(bit_mask.to_bytes((size + 7) // 8, "little"))
    body = b"".join(parts)
    return zlib.crc32(body).to_bytes(4, "little") + body


def is_common(having: int, size: int) -> bool:
    """Return whether a term in so many passages has a bitmap too."""
    return having * BITMAP_EVERY >= size


class TermWriter:
    """Writes the terms file field by field, fields and terms in ascending order."""

    def __init__(self, file: File) -> None:
        """Begin the file."""
        self.sections = SectionWriter(file)
        self.keys = bytearray()
        self.key_ends, self.block_ends, self.counts = array("I", (0,)), array("Q", (0,)), array("I")
        self.numbers: dict[str, array[int]] = {}
        self.fields: dict[str, dict[str, Any]] = {}

    def put(self, term: bytes, number: int, having: int, content: bytes, numbers: "array[int]") -> bytes:
        """Take down a term, whose block is written next.

        :param numbers: of the terms of the field so far.
        """
        self.keys += term
        self.keys += SEPARATOR
        self.key_ends.append(len(self.keys))
        self.block_ends.append(self.block_ends[-1] + len(content))
        self.counts.append(having)
        numbers.append(number)
        return content

    def finish(self, orders: Mapping[str, tuple[Iterable[Bytes], "array[int]"]]) -> None:
        """Write what was taken down, and the terms of each passage in their order."""
        for name, (parts, starts) in orders.items():
            self.sections.add_parts(f"order:{name}", parts)
            self.sections.add(f"starts:{name}", starts)
        for name, numbers in self.numbers.items():
            self.sections.add(f"numbers:{name}", numbers)
        self.sections.add("keys", self.keys)
        self.sections.add("key ends", self.key_ends)
        self.sections.add("block ends", self.block_ends)
        self.sections.add("counts", self.counts)
        self.sections.finish(fields=self.fields)


def write_terms(file: File, draft: SegmentBuilder) -> None:
    """Write the terms file of a draft that continues no other segment."""
    writer = TermWriter(file)

    def blocks() -> Iterator[Bytes]:
        for name, field in sorted(draft.fields.items()):
            first, numbers = len(writer.counts), array("I")
            for at, (term, number) in enumerate(zip(field.terms, field.numbers, strict=True)):
                documents, codes, escaped = field.postings(at)
                content = assembled(documents, codes, escaped, draft.documents)
                yield writer.put(term, number, len(documents) // 2, content, numbers)
            writer.numbers[name] = numbers
            writer.fields[name] = {
                "kind": field.kind,
                "step": field.step,
                "first": first,
                "last": len(writer.counts),
                "pairs": field.pairs,
                "free": field.free,
            }

    writer.sections.add_parts("blocks", blocks())
    placed = {name: field for name, field in draft.fields.items() if field.kind == "placed"}
    writer.finish({name: ((field.order,), array("I", field.starts)) for name, field in placed.items()})


def narrowest(codes: "array[int]", values: int) -> "array[int]":
    """Return codes in the fewest bytes."""
    return array("B" if values <= 1 << 8 else "H" if values <= 1 << 16 else "I", codes)


def write_column(sections: SectionWriter, name: str, values: Iterable[bytes], codes: "array[int]") -> None:
    """Write a column: its different values, and the code of each passage."""
    ends = array("Q", (0,))
    whole = bytearray()
    for value in values:
        whole += value
        ends.append(len(whole))
    sections.add(f"values:{name}", whole)
    sections.add(f"value ends:{name}", ends)
    sections.add(f"codes:{name}", narrowest(codes, len(ends) - 1))


def write_passages(file: File, draft: SegmentBuilder) -> None:
    """Write the passages file of a draft that continues no other segment."""
    sections = SectionWriter(file)
    sections.add("stored", bytes(draft.stored), checked=False)
    sections.add("stored ends", array("Q", (0,)) + draft.stored_ends)
    for name, field in draft.fields.items():
        if field.kind != "plain":
            sections.add(f"lengths:{name}", field.lengths)
    for name, column in draft.columns.items():
        column.fill(draft.documents)
        write_column(sections, name, column.values, column.codes)
    sections.finish(documents=draft.documents, columns=list(draft.columns))
