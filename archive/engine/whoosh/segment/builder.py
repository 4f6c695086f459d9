"""A segment while it is made: terms, passages and columns in memory, as arrays.

A posting is one integer, ``passage << 8 | code``; the code stands for a pair of
frequency and length. Written out, the bytes of such an array fall apart into
the packed arrays of a block.
"""

import json
import zlib
from array import array
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from itertools import repeat
from typing import Any, Final, Literal

from archive.engine.whoosh.segment._layout import MOST_DOCUMENTS
from archive.engine.whoosh.segment._lengths import LENGTHS

Kind = Literal["plain", "scored", "placed"]
"""What is kept of a term in a passage: that it is there; how often; and where."""

ESCAPE: Final = 254
"""The code of a pair that found no place in the table; the pair itself stands at the end of the block."""
WIDE: Final = 0x8000
UNEVEN: Final = 0x4000
MOST_COUNTED: Final = 0x3FFF
_NARROW: Final = 0xFFFF
_UNTOUCHED: Final = array("I")
"""Stands for the passages of a term to which none was added."""

Pair = tuple[int, int]
"""How often a term stands in a field, and the field's length as a byte."""


class _Row(dict[int, int]):
    """Frequency → code, at one length."""

    def __init__(self, pairs: list[Pair], byte: int) -> None:
        super().__init__({often: code for code, (often, length) in enumerate(pairs) if length == byte})
        self._pairs = pairs
        self._byte = byte

    def __missing__(self, often: int) -> int:
        code = len(self._pairs)
        if code >= ESCAPE:
            return ESCAPE
        self._pairs.append((often, self._byte))
        self[often] = code
        return code


class FieldBuilder:
    """A field's terms. A term has a number, by which its passages and its places are told."""

    def __init__(  # noqa: PLR0913 - all but the kind have a default
        self,
        kind: Kind,
        step: int = 1,
        *,
        pairs: Iterable[Pair] = (),
        known: Callable[[bytes], int] | None = None,
        first_free: int = 0,
        first: int = 0,
    ) -> None:
        """Begin a field.

        :param step: how far apart the positions of neighbouring terms are where nothing else is said.
        :param known: gives the number that a term has in the segment that is being continued, or -1.
        :param first_free: the number of the first term that it does not have.
        :param first: the number of the first passage; all others are counted from it.
        """
        self.kind = kind
        self.step = step
        self.first = first
        self.pairs = list(pairs)
        self.numbers: dict[bytes, int] = {}
        self.posts: list[array[int]] = [_UNTOUCHED] * first_free
        self.escaped: dict[int, list[Pair]] = {}
        self.lengths = bytearray()
        self.total = 0
        self.forward = array("H", (0, 0))
        self.starts = array("I")
        self._rows: dict[int, _Row] = {}
        self._known = known
        self.next_number = first_free

    def number(self, term: bytes) -> int:
        """Return the number of a term, a new one for a term that is new."""
        term_number = self.numbers.get(term)
        if term_number is None:
            term_number = self._known(term) if self._known else -1
            if term_number < 0:
                term_number = self.next_number
                self.next_number += 1
                self.posts.append(_UNTOUCHED)
            self.numbers[term] = term_number
            self.posts[term_number] = array("I")
        return term_number

    def row(self, byte: int) -> _Row:
        """Return the codes of the frequencies at a length."""
        byte_row = self._rows.get(byte)
        if byte_row is None:
            byte_row = self._rows[byte] = _Row(self.pairs, byte)
        return byte_row

    def fill(self, document: int) -> None:
        """Make the passages before this one empty where they had nothing in this field."""
        missing = document - len(self.lengths)
        if missing:
            self.lengths.extend(bytes(missing))
            self.starts.extend((0,) * missing)

    def add_counts(self, document: int, counts: Mapping[int, int], byte: int) -> None:
        """Add the terms of a passage, as often as they stand in it."""
        base, row, posts = (self.first + document) << 8, self.row(byte), self.posts
        if row[1] == ESCAPE:
            self._add_several(document, counts, byte, 1)
            return
        # Most terms stand in a passage once: all are added so, without a step of Python for each, and the others amended.
        deque(map(array.append, map(posts.__getitem__, counts), repeat(base | row[1])), 0)
        for number, often in [count for count in counts.items() if count[1] != 1]:
            code = row[often]
            posts[number][-1] = base | code
            if code == ESCAPE:
                self.escaped.setdefault(number, []).append((often, byte))

    def _add_several(self, document: int, counts: Mapping[int, int], byte: int, times: int) -> None:
        row = self.row(byte)
        for number, often in counts.items():
            code = row[often]
            self.posts[number].extend(self._neighbours(document, times, code))
            if code == ESCAPE:
                self.escaped.setdefault(number, []).extend([(often, byte)] * times)

    def _neighbours(self, document: int, times: int, code: int = 0) -> range:
        base = (self.first + document) << 8 | code
        return range(base, base + (times << 8), 1 << 8)

    def add_plain(self, document: int, numbers: Iterable[int], times: int = 1) -> None:
        """Add the different terms of a passage, and of as many that follow, in a field that keeps nothing else of them."""
        if times == 1:
            deque(map(array.append, map(self.posts.__getitem__, numbers), repeat((self.first + document) << 8)), 0)
            return
        added = array("I", self._neighbours(document, times))
        for number in numbers:
            self.posts[number].extend(added)

    def add_repeated(self, document: int, counts: Mapping[int, int], byte: int, start: int, times: int) -> None:
        """Add the same terms to a passage and to as many that follow; ``start`` is where they stand in order."""
        self.fill(document)
        self.lengths.extend(bytes((byte,)) * times)
        self.total += LENGTHS[byte] * times
        self.starts.extend((start,) * times)
        if times == 1:
            self.add_counts(document, counts, byte)
        else:
            self._add_several(document, counts, byte, times)

    def sequence(self, numbers: list[int], positions: list[int] | None) -> int:
        """Write the terms of a passage in their order; returns where."""
        start = len(self.forward)
        self.forward.extend(written_sequence(numbers, positions))
        return start


def written_sequence(numbers: list[int], positions: list[int] | None) -> "array[int]":
    """Write the terms of a passage in their order: checksum, count and flags, numbers, positions where uneven."""
    steps = [] if positions is None else [later - before for before, later in zip([0, *positions], positions, strict=False)]
    values = [*numbers, *steps] if steps else numbers
    flags = UNEVEN if positions is not None else 0
    try:
        body = array("H", values)
    except OverflowError:
        body = array("H", array("I", values).tobytes())
        flags |= WIDE
    head = array("H")
    if len(numbers) < MOST_COUNTED:
        head.append(flags | len(numbers))
    else:
        head.extend((flags | MOST_COUNTED, len(numbers) & _NARROW, len(numbers) >> 16))
    head.extend(body)
    return array("H", (zlib.adler32(head) & _NARROW,)) + head


class ColumnBuilder:
    """A column: each different value once, and a code for each passage."""

    def __init__(self, values: Iterable[bytes] = ()) -> None:
        """Begin with the values that are there."""
        self.values = {value: code for code, value in enumerate(values)}
        self.codes = array("I")

    def add(self, document: int, runs: Iterable[tuple[bytes, int]]) -> None:
        """Set the values of passages, each with how many neighbours have it; those before the first that had none are empty."""
        missing = document - len(self.codes)
        if missing:
            self.codes.extend((self.code(b""),) * missing)
        for value, times in runs:
            self.codes.extend((self.code(value),) * times)

    def code(self, value: bytes) -> int:
        """Return the code of a value."""
        return self.values.setdefault(value, len(self.values))


class SegmentBuilder:
    """A segment in memory; ``first`` is the number of its first passage, not 0 where another is continued."""

    def __init__(self, first: int = 0) -> None:
        """Begin an empty one."""
        self.first = first
        self.documents = 0
        self.fields: dict[str, FieldBuilder] = {}
        self.columns: dict[str, ColumnBuilder] = {}
        self.stored = bytearray()
        self.stored_ends = array("Q")

    @property
    def room(self) -> int:
        """Describe how many passages still fit."""
        return MOST_DOCUMENTS - self.first - self.documents

    def keep(self, stored: Mapping[str, Any]) -> None:
        """Finish a passage: keep what is stored for it."""
        if stored:
            self.stored += written_stored(stored)
        self.stored_ends.append(len(self.stored))
        self.documents += 1


def written_stored(stored: Mapping[str, Any]) -> bytes:
    """Write stored fields: for each its name, kind and content, and a checksum before all."""
    parts = []
    for name, value in stored.items():
        if isinstance(value, str):
            kind, content = b"s", value.encode("utf-8", "surrogatepass")
        elif isinstance(value, bytes):
            kind, content = b"b", value
        else:
            kind, content = b"j", json.dumps(value).encode()
        written = name.encode()
        parts += [bytes([len(written)]), written, kind, len(content).to_bytes(4, "little"), content]
    body = b"".join(parts)
    return zlib.crc32(body).to_bytes(4, "little") + body
