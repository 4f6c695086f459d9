"""Writing a draft as the two files of a segment."""

import zlib
from array import array
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from typing import Any, Final, NamedTuple

from archive.engine.whoosh.segment._sections import Bytes, File, SectionWriter
from archive.engine.whoosh.segment.builder import ESCAPE, ColumnBuilder, FieldBuilder, Pair, SegmentBuilder

BITMAP_EVERY: Final = 32
"""A term in one passage of so many, or in more, has a bitmap too: that is no larger than half its numbers."""
SEPARATOR: Final = b"\n"
"""Behind every term, so that all of a field can be taken at once."""
_ONE: Final = 0x31  # "1"
_ZEROS: Final = b"0"
_MANY: Final = 2_000  # passages from which it is faster by way of digits


class DraftedTerm(NamedTuple):
    """A term as it is written: its number, in how many passages it is, and its block."""

    written: bytes
    number: int
    having: int
    block: Bytes


def bits(documents: Sequence[int], size: int) -> int:
    """Return an integer with a bit set for each passage, the first in the lowest bit."""
    if len(documents) < _MANY:
        mask = bytearray((size + 7) // 8)
        for document in documents:
            mask[document >> 3] |= 1 << (document & 7)
        return int.from_bytes(mask, "little")
    digits = bytearray(_ZEROS * (size or 1))
    deque(map(digits.__setitem__, documents, repeat(_ONE)), 0)
    digits.reverse()
    return int(digits, 2)


def block(posts: "array[int]", escaped: Iterable[Pair], size: int, *, scored: bool) -> bytes:
    """Write the passages of a term: checksum, numbers, codes, pairs without a code, bitmap.

    :param posts: ``passage << 8 | code``, ascending.
    :param size: how many passages the segment has.
    """
    if len(posts) == 1 and size > BITMAP_EVERY and not escaped:
        # Half of all words stand in one passage alone.
        (post,) = posts
        body = ((post >> 8) | (post & 0xFF) << 16).to_bytes(3, "little") if scored else (post >> 8).to_bytes(2, "little")
        return zlib.crc32(body).to_bytes(4, "little") + body
    numbers, codes = halves(posts)
    return assembled(numbers, codes if scored else b"", escaped, size)


def halves(posts: "array[int]") -> tuple[bytearray, bytes]:
    """Return the numbers of the passages, two bytes each, and the codes."""
    content = posts.tobytes()
    numbers = bytearray(2 * len(posts))
    numbers[0::2] = content[1::4]
    numbers[1::2] = content[2::4]
    return numbers, content[0::4]


def assembled(numbers: bytearray, codes: bytes, escaped: Iterable[Pair], size: int, known: int | None = None) -> bytes:
    """Write the passages of a term: numbers of two bytes, codes ("" where there are none), pairs without a code, bitmap.

    :param known: a bit for each passage, where it is known already.
    """
    parts: list[Bytes] = [numbers, codes]
    parts += [often.to_bytes(4, "little") + bytes([length]) for often, length in escaped]
    if is_common(len(numbers) // 2, size):
        bit_mask = bits(memoryview(numbers).cast("H"), size) if known is None else known
        parts.append(bit_mask.to_bytes((size + 7) // 8, "little"))
    body = b"".join(parts)
    return zlib.crc32(body).to_bytes(4, "little") + body


def is_common(having: int, size: int) -> bool:
    """Return whether a term in so many passages has a bitmap too."""
    return having * BITMAP_EVERY >= size


def drafted_terms(field: FieldBuilder, size: int) -> Iterator[DraftedTerm]:
    """Yield the terms of a draft in their order."""
    scored = field.kind != "plain"
    for term, number in sorted(field.numbers.items()):
        posts = field.posts[number]
        if posts:
            yield DraftedTerm(term, number, len(posts), block(posts, field.escaped.get(number, ()), size, scored=scored))


class TermWriter:
    """Writes the terms file field by field, fields and terms in ascending order."""

    def __init__(self, file: File) -> None:
        """Begin the file."""
        self.sections = SectionWriter(file)
        self._keys = bytearray()
        self._key_ends = array("I", (0,))
        self._block_ends = array("Q", (0,))
        self._counts = array("I")
        self._fields: dict[str, dict[str, Any]] = {}
        self._numbers: dict[str, array[int]] = {}

    def blocks(self, terms: Mapping[str, tuple[FieldBuilder, Iterable[DraftedTerm]]]) -> Iterator[Bytes]:
        """Yield the blocks of all fields as they are to be written, and take down where each stands."""
        at = 0
        for name, (field, drafted) in sorted(terms.items()):
            first = len(self._counts)
            numbers = array("I")
            for term in drafted:
                self._keys += term.written
                self._keys += SEPARATOR
                self._key_ends.append(len(self._keys))
                at += len(term.block)
                self._block_ends.append(at)
                self._counts.append(term.having)
                numbers.append(term.number)
                yield term.block
            self._fields[name] = {
                "kind": field.kind,
                "step": field.step,
                "first": first,
                "last": len(self._counts),
                "pairs": field.pairs,
                "free": field.next_number,
            }
            self._numbers[name] = numbers

    def finish(self, forward: Mapping[str, tuple[Iterable[Bytes], "array[int]"]]) -> None:
        """Write what was taken down, and the terms of each passage in their order."""
        for name, (parts, starts) in forward.items():
            self.sections.add_parts(f"order:{name}", parts)
            self.sections.add(f"starts:{name}", starts)
        for name, numbers in self._numbers.items():
            self.sections.add(f"numbers:{name}", numbers)
        self.sections.add("keys", self._keys)
        self.sections.add("key ends", self._key_ends)
        self.sections.add("block ends", self._block_ends)
        self.sections.add("counts", self._counts)
        self.sections.finish(fields=self._fields)


def write_terms(file: File, draft: SegmentBuilder) -> None:
    """Write the terms file of a draft."""
    size = draft.first + draft.documents
    for field in draft.fields.values():
        field.fill(size)
    terms = TermWriter(file)
    drafted = {name: (field, drafted_terms(field, size)) for name, field in draft.fields.items()}
    terms.sections.add_parts("blocks", terms.blocks(drafted))
    placed = {name: field for name, field in draft.fields.items() if field.kind == "placed"}
    terms.finish({name: ((field.forward.tobytes(),), field.starts) for name, field in placed.items()})


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
            sections.add(f"lengths:{name}", bytes(field.lengths))
    for name, column in draft.columns.items():
        padded(column, draft.documents)
        write_column(sections, name, column.values, column.codes)
    sections.finish(documents=draft.documents, columns=list(draft.columns))


def padded(column: ColumnBuilder, size: int) -> None:
    """Give the last passages of a column the empty value where they have none."""
    missing = size - len(column.codes)
    if missing:
        column.codes.extend((column.code(b""),) * missing)


__all__ = [
    "BITMAP_EVERY",
    "ESCAPE",
    "DraftedTerm",
    "TermWriter",
    "bits",
    "block",
    "drafted_terms",
    "write_passages",
    "write_terms",
]
