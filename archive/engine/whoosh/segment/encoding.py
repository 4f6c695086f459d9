"""Writing a draft as the two files of a segment."""

import zlib
from array import array
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, islice
from operator import sub
from typing import TYPE_CHECKING, Any, Final

from archive.engine.whoosh.segment._builder import SegmentBuilder
from archive.engine.whoosh.segment._sections import Bytes, File, SectionWriter
from archive.engine.whoosh.segment.layout import Pair

if TYPE_CHECKING:  # it brings numpy
    from archive.engine.whoosh.segment._inversion import InvertedField

BITMAP_EVERY: Final = 16
"""A term in one passage of so many, or in more, has a bitmap too: that is no larger than its numbers."""
TERMS_TOGETHER: Final = 128
"""Terms of which the first stands in a list of its own, so that one is found without a look at most of the others."""
SEPARATOR: Final = b"\n"
"""Behind every term, so that all of a field can be taken at once."""


def bits(documents: Sequence[int], size: int) -> int:
    """Return an integer with a bit set for each passage, the first in the lowest bit."""
    mask = bytearray((size + 7) // 8)
    for document in documents:
        mask[document >> 3] |= 1 << (document & 7)
    return int.from_bytes(mask, "little")


def assembled(numbers: bytes, codes: bytes, escaped: Iterable[Pair], bitmap: bytes) -> bytes:
    """Write the passages of a term: numbers of two bytes, codes ("" where there are none), pairs without a code, bitmap ("")."""
    body = numbers + codes
    if escaped:
        body += b"".join(often.to_bytes(4, "little") + bytes([length]) for often, length in escaped)
    body += bitmap
    return zlib.crc32(body).to_bytes(4, "little") + body


def is_common(having: int, size: int) -> bool:
    """Return whether a term in so many passages has a bitmap too."""
    return having * BITMAP_EVERY >= size


def _ends(start: int, sizes: Iterable[int]) -> Iterable[int]:
    """Return where each of some parts ends; the first begins at the start."""
    return islice(accumulate(sizes, initial=start), 1, None)


class TermWriter:
    """Writes the terms file field by field, fields and terms in ascending order."""

    def __init__(self, file: File) -> None:
        """Begin the file."""
        self.sections = SectionWriter(file)
        self.keys = bytearray()
        self.key_ends, self.block_ends, self.counts = array("I", (0,)), array("Q", (0,)), array("H")
        self.numbers: dict[str, array[int]] = {}
        self.fields: dict[str, dict[str, Any]] = {}

    def put_field(self, name: str, field: "InvertedField", size: int) -> bytes:
        """Take down all terms of a field; returns their blocks.

        :param size: how many passages the segment has.
        """
        first = len(self.counts)
        blocks = []
        for at in range(len(field.terms)):
            documents, codes, escaped = field.postings(at)
            bitmap = field.bitmap(at, size) if is_common(len(documents) // 2, size) else b""
            blocks.append(assembled(documents, codes, escaped, bitmap))
        self.keys += b"".join(term + SEPARATOR for term in field.terms)
        self.key_ends.extend(_ends(self.key_ends[-1], (len(term) + 1 for term in field.terms)))
        self.block_ends.extend(_ends(self.block_ends[-1], map(len, blocks)))
        self.counts.extend(map(sub, field.bounds[1:], field.bounds))
        if field.kind == "placed":
            self.numbers[name] = field.numbers
        self.describe(name, field.kind, field.step, first, field.pairs, field.free)
        return b"".join(blocks)

    def describe(self, name: str, kind: str, step: int, first: int, pairs: Sequence[Pair], free: int) -> None:  # noqa: PLR0913, PLR0917 - of a field
        """Say of a field what its terms are, which begin with the first and end with the one that was taken down last."""
        last = len(self.counts)
        self.fields[name] = {"kind": kind, "step": step, "first": first, "last": last, "pairs": pairs, "free": free}

    def put(self, term: bytes, having: int, content: bytes) -> bytes:
        """Take down a term, whose block is written next."""
        self.keys += term
        self.keys += SEPARATOR
        self.key_ends.append(len(self.keys))
        self.block_ends.append(self.block_ends[-1] + len(content))
        self.counts.append(having)
        return content

    def finish(self, orders: Mapping[str, tuple[Iterable[Bytes], "array[int]"]]) -> None:
        """Write what was taken down, and the terms of each passage in their order."""
        for name, (parts, starts) in orders.items():
            if any(starts):
                self.sections.add_parts(f"order:{name}", parts)
                self.sections.add(f"starts:{name}", starts)
        for name, numbers in self.numbers.items():
            self.sections.add(f"numbers:{name}", numbers)
        starts = self.key_ends[:-1:TERMS_TOGETHER]
        ends = self.key_ends[1::TERMS_TOGETHER]
        self.sections.add("first terms", b"".join(self.keys[start:end] for start, end in zip(starts, ends, strict=True)))
        self.sections.add("keys", self.keys)
        self.sections.add("key ends", self.key_ends)
        self.sections.add("block ends", narrow_ends(self.block_ends))
        self.sections.add("counts", self.counts)
        self.sections.finish(fields=self.fields)


def write_terms(file: File, draft: SegmentBuilder) -> None:
    """Write the terms file of a draft that continues no other segment."""
    writer = TermWriter(file)
    blocks = (writer.put_field(name, field, draft.documents) for name, field in sorted(draft.fields.items()))
    writer.sections.add_parts("blocks", blocks)
    writer.finish({name: ((field.order,), field.starts) for name, field in draft.fields.items() if field.kind == "placed"})


def narrow_ends(ends: "array[int]") -> "array[int]":
    """Return where parts end, in four bytes each where the last does; a reader tells by their number."""
    return array("I", ends) if ends[-1] < 1 << 32 else ends


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
    sections.add("stored", draft.stored, checked=False)
    sections.add("stored ends", narrow_ends(array("Q", (0,)) + draft.stored_ends))
    for name, field in draft.fields.items():
        if field.kind != "plain":
            sections.add(f"lengths:{name}", field.lengths)
    for name, column in draft.columns.items():
        column.fill(draft.documents)
        write_column(sections, name, column.values, column.codes)
    sections.finish(documents=draft.documents, columns=list(draft.columns))
