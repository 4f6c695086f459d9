"""Writing a draft as the two files of a segment."""

import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from archive.engine.whoosh.segment._builder import SegmentBuilder
from archive.engine.whoosh.segment._sections import File, SectionWriter
from archive.engine.whoosh.segment.layout import SEPARATOR, TERMS_TOGETHER, Pair, Written, narrowest

if TYPE_CHECKING:  # it brings numpy
    from archive.engine.whoosh.segment._inversion import InvertedField

BITMAP_EVERY: Final = 16
"""A term in one passage of so many, or in more, has a bitmap too: that is no larger than its numbers."""


def assembled(term: Written, bitmap: bytes) -> bytes:
    """Write the block of a term; in its head stand the length of the bitmap, which may be "", and whether there are places."""
    parts = [(len(bitmap) << 1 | bool(term.places)).to_bytes(2, "little"), term.documents, term.codes]
    parts += [often.to_bytes(4, "little") + bytes([length]) for often, length in term.escaped]
    body = b"".join([*parts, bitmap, term.words, term.places])
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
        self.key_ends, self.block_ends, self.counts = array("I", (0,)), array("Q", (0,)), array("H")
        self.fields: dict[str, dict[str, Any]] = {}

    def put_field(self, name: str, field: "InvertedField", size: int) -> Iterator[bytes]:
        """Take down all terms of a field; yields their blocks.

        :param size: how many passages the segment has.
        """
        first = len(self.counts)
        for at, term in enumerate(field.terms):
            written = field.written(at)
            bitmap = field.bitmap(at, size) if is_common(len(written.documents) // 2, size) else b""
            yield self.put(term, len(written.documents) // 2, assembled(written, bitmap))
        self.describe(name, field.kind, first, field.pairs)

    def describe(self, name: str, kind: str, first: int, pairs: Sequence[Pair]) -> None:
        """Say of a field what its terms are, which begin with the first and end with the one that was taken down last."""
        last = len(self.counts)
        self.fields[name] = {"kind": kind, "first": first, "last": last, "pairs": pairs}

    def put(self, term: bytes, having: int, content: bytes) -> bytes:
        """Take down a term, whose block is written next."""
        self.keys += term
        self.keys += SEPARATOR
        self.key_ends.append(len(self.keys))
        self.block_ends.append(self.block_ends[-1] + len(content))
        self.counts.append(having)
        return content

    def finish(self) -> None:
        """Write what was taken down."""
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
    fields = sorted(draft.fields.items())
    blocks = (block for name, field in fields for block in writer.put_field(name, field, draft.documents))
    writer.sections.add_parts("blocks", blocks)
    writer.finish()


def narrow_ends(ends: "array[int]") -> "array[int]":
    """Return where parts end, in four bytes each where the last does; a reader tells by their number."""
    return array("I", ends) if ends[-1] < 1 << 32 else ends


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
