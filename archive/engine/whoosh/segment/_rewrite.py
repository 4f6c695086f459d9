"""A segment anew without some of its passages and with others at its end: all that is not touched is copied as it lies.

The numbers of the passages that are taken out stay empty; of their terms,
places, columns and stored text nothing is copied.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Final, NamedTuple

from archive.engine.whoosh.segment._builder import SegmentBuilder
from archive.engine.whoosh.segment._inversion import InvertedField, Numbering, bitmap
from archive.engine.whoosh.segment._lengths import LENGTHS
from archive.engine.whoosh.segment._sections import Bytes, File, SectionWriter
from archive.engine.whoosh.segment.encoding import TermWriter, assembled, is_common, narrow_ends, narrowest
from archive.engine.whoosh.segment.layout import ESCAPE, Pair
from archive.engine.whoosh.segment.postings import Passages, Postings, StoredField, TermDictionary
from archive.engine.whoosh.segment.toc import SegmentInfo

_START: Final = 2  # units before the first sequence

Range = tuple[int, int]


class SourceSegment(NamedTuple):
    """The segment that is there."""

    terms: TermDictionary
    passages: Passages
    entry: SegmentInfo


def joined(ranges: Iterable[Range]) -> tuple[Range, ...]:
    """Put ranges in order and join those that meet."""
    ranges_joined: list[Range] = []
    for start, end in sorted(ranges):
        if ranges_joined and start <= ranges_joined[-1][1]:
            ranges_joined[-1] = (ranges_joined[-1][0], max(end, ranges_joined[-1][1]))
        else:
            ranges_joined.append((start, end))
    return tuple(ranges_joined)


def numbering(old: SourceSegment, name: str) -> Numbering:
    """Return the numbers that the terms of a field have in a segment, to go on with."""
    stored = old.terms.fields[name]
    numbers = old.terms.numbers(name) if stored.kind == "placed" else ()

    def known(term: bytes) -> int:
        place = old.terms.find(name, term)
        return -1 if place < 0 else int(numbers[place - stored.first])

    return Numbering(known, stored.free, tuple((often, byte) for often, byte in stored.pairs))


def rewrite_segment(old: SourceSegment, cuts: Iterable[Range], draft: SegmentBuilder, name: str) -> SegmentInfo:
    """Describe what the table of contents is to say of the new segment."""
    cut = joined(cuts)
    totals = dict(old.entry.totals)
    for field in totals:
        totals[field] -= sum(length_of(old, field, document) for start, end in cut for document in range(start, end))
    for field, drafted in draft.fields.items():
        if drafted.kind != "plain":
            totals[field] = totals.get(field, 0) + drafted.total
    return SegmentInfo(name, old.entry.documents + draft.documents, joined([*old.entry.holes, *cut]), totals)


def length_of(old: SourceSegment, field: str, document: int) -> int:
    """Return the length of a passage: as it is where its terms are there in their order, else as it was rounded."""
    if old.terms.fields[field].kind == "placed":
        return len(old.terms.sequence(field, document)[0])
    return LENGTHS[(old.passages.lengths(field) or bytes(old.entry.documents))[document]]


def write_terms(file: File, old: SourceSegment, cuts: Iterable[Range], draft: SegmentBuilder) -> None:
    """Write the terms file."""
    cut = joined(cuts)
    writer = _Terms(file, old.terms, cut, draft)
    writer.sections.add_parts("blocks", writer.blocks())
    placed = [name for name in sorted({*old.terms.fields, *draft.fields}) if writer.kinds[name] == "placed"]
    writer.finish({name: _order(old.terms, name, cut, draft) for name in placed})


class _Terms(TermWriter):
    """Goes through the terms of both, and takes down where each stands."""

    def __init__(self, file: File, old: TermDictionary, cut: Sequence[Range], draft: SegmentBuilder) -> None:
        super().__init__(file)
        self._old, self._cut, self._draft = old, cut, draft
        self._old_keys, self._old_ends, self._old_blocks, self._old_block_ends = old.parts()
        self.kinds = {name: field.kind for name, field in draft.fields.items()}
        self.kinds |= {name: field.kind for name, field in old.fields.items()}
        self._is_cut = bytearray(old.documents)
        for start, end in cut:
            self._is_cut[start:end] = b"\1" * (end - start)

    def blocks(self) -> Iterator[Bytes]:
        """Yield the blocks as they are to be written."""
        for name in sorted({*self._old.fields, *self._draft.fields}):
            stored = self._old.fields.get(name) or StoredField(name, self.kinds[name], 1, 0, 0, [], 0)
            drafted = self._draft.fields.get(name)
            first = len(self.counts)
            if stored.kind == "placed":
                self.numbers[name] = array("I")
            yield from self._field(stored, drafted)
            now = drafted or stored
            self.describe(name, stored.kind, now.step, first, now.pairs, now.free)

    def _field(self, stored: StoredField, drafted: InvertedField | None) -> Iterator[Bytes]:
        changed = {self._old.term(place): place for place in self._touched(stored)}
        new = {term: at for at, term in enumerate(drafted.terms)} if drafted else {}
        at = stored.first
        for term in sorted({*changed, *new}):
            place = changed.get(term)
            if place is None:
                place = self._old.place(stored, term)
                has = place < stored.last and self._old.term(place) == term
            else:
                has = True
            yield from self._copied(stored, at, place)
            at = place + 1 if has else place
            is_new = drafted is not None and term in new
            added = _Added(*drafted.postings(new[term])) if drafted and is_new else _NOTHING
            having, content = self._joined(stored, place if has else -1, added)
            if having:
                yield self.put(term, having, content)
            if having and stored.kind == "placed":
                number = drafted.numbers[new[term]] if drafted and is_new else self._old.number(place, stored.name)
                self.numbers[stored.name].append(number)
        yield from self._copied(stored, at, stored.last)

    def _joined(self, stored: StoredField, place: int, added: "_Added") -> tuple[int, bytes]:
        """Return in how many passages a term is now, and its block, put together from bytes as they lie."""
        size = self._old.documents + self._draft.documents
        numbers, codes, escaped = added
        if place >= 0:
            postings = self._old.postings(place, stored.name)
            ranges = self._kept(postings.documents)
            numbers = b"".join(postings.documents[low:high].cast("B") for low, high in ranges) + numbers
            codes = b"".join(postings.codes[low:high] for low, high in ranges) + codes
            escaped = [*_kept_escapes(postings, ranges), *escaped]
        having = len(numbers) // 2
        return having, assembled(numbers, codes, escaped, bitmap(numbers, size) if is_common(having, size) else b"")

    def _kept(self, documents: memoryview) -> list[Range]:
        """Return where in the passages of a term those stand that stay.

        What it takes grows with the shorter of the two, the passages and the cuts.
        """
        if len(documents) < len(self._cut):
            return list(joined((at, at + 1) for at, document in enumerate(documents) if not self._is_cut[document]))
        at = 0
        ranges: list[Range] = []
        for start, end in self._cut:
            low, high = bisect_left(documents, start), bisect_left(documents, end)
            ranges.append((at, low))
            at = high
        return [*ranges, (at, len(documents))]

    def _copied(self, stored: StoredField, first: int, last: int) -> Iterator[Bytes]:
        """Copy terms that nothing happened to."""
        if first >= last:
            return
        start, end = self._old_ends[first], self._old_ends[last]
        shift = len(self.keys) - start
        self.keys += self._old_keys[start:end]
        self.key_ends.extend(at + shift for at in self._old_ends[first + 1 : last + 1])
        start, end = self._old_block_ends[first], self._old_block_ends[last]
        shift = self.block_ends[-1] - start
        self.block_ends.extend(at + shift for at in self._old_block_ends[first + 1 : last + 1])
        self.counts.extend(self._old.counts[first:last])
        if stored.kind == "placed":
            self.numbers[stored.name].extend(self._old.numbers(stored.name)[first - stored.first : last - stored.first])
        yield self._old_blocks[start:end]

    def _touched(self, stored: StoredField) -> list[int]:
        """Return the places of the terms that stand in a passage that is taken out."""
        if not self._cut or stored.first == stored.last:
            return []
        if stored.kind == "placed":
            numbers = {
                number
                for start, end in self._cut
                for document in range(start, end)
                for number in self._old.sequence(stored.name, document)[0]
            }
            return [stored.first + at for at, number in enumerate(self._old.numbers(stored.name)) if number in numbers]
        return [place for place in range(stored.first, stored.last) if self._has_cut(self._old.numbers_of(place))]

    def _has_cut(self, documents: Sequence[int]) -> bool:
        if len(documents) < len(self._cut):
            return any(map(self._is_cut.__getitem__, documents))
        for start, end in self._cut:
            at = bisect_left(documents, start)
            if at < len(documents) and documents[at] < end:
                return True
        return False


class _Added(NamedTuple):
    """What a draft adds to a term: passages of two bytes, codes, and the pairs that have none."""

    documents: bytes = b""
    codes: bytes = b""
    escaped: Sequence[Pair] = ()


_NOTHING: Final = _Added()


def _kept_escapes(postings: Postings, ranges: Sequence[Range]) -> list[Pair]:
    if not postings.escaped:
        return []
    kept: list[Pair] = []
    at = escapes = 0
    for low, high in ranges:
        first = escapes + postings.codes.count(ESCAPE, at, low)
        at, escapes = high, first + postings.codes.count(ESCAPE, low, high)
        kept += postings.escaped[first:escapes]
    return kept


def _order(old: TermDictionary, name: str, cut: Sequence[Range], draft: SegmentBuilder) -> tuple[list[Bytes], "array[int]"]:
    """Return the terms of each passage in their order, and where they start."""
    drafted = draft.fields.get(name)
    order, old_starts = old.order(name)
    starts = array("I", old_starts)
    gone: set[int] = set()
    for first, last in cut:
        gone.update(starts[first:last])
        starts[first:last] = array("I", (0,) * (last - first))
    gone -= {0, *starts}  # those of another passage that has the same, as all of a record have its title
    parts: list[Bytes] = []
    removed = joined((start, old.extent(name, start)) for start in gone)
    at = 0
    for start, end in removed:
        parts.append(order[at:start].cast("B"))
        at = end
    parts.append(order[at:].cast("B"))
    ends = [end for _, end in removed]
    shifts = list(accumulate((end - start for start, end in removed), initial=0))
    starts = array("I", [at - shifts[bisect_right(ends, at)] for at in starts])
    base = sum(len(part) for part in parts) // 2
    if drafted is not None:
        parts.append(drafted.order[2 * _START :])
        starts.extend(start_at and start_at - _START + base for start_at in drafted.starts)
    else:
        starts.extend((0,) * draft.documents)
    return parts, starts


def write_passages(file: File, old: SourceSegment, cuts: Iterable[Range], draft: SegmentBuilder) -> None:
    """Write the passages file."""
    cut = joined(cuts)
    sections = SectionWriter(file)
    parts, ends = _stored(old.passages, cut, draft)
    sections.add_parts("stored", parts)
    sections.add("stored ends", narrow_ends(ends))
    kinds = {name: field.kind for name, field in old.terms.fields.items()}
    for name in {**kinds, **{name: field.kind for name, field in draft.fields.items() if field.kind != "plain"}}:
        if kinds.get(name) != "plain":
            sections.add(f"lengths:{name}", _lengths(old.passages, name, cut, draft))
    columns = list(dict.fromkeys([*old.passages.columns, *draft.columns]))
    for name in columns:
        _write_column(sections, name, old.passages, cut, draft)
    sections.finish(documents=old.entry.documents + draft.documents, columns=columns)


def _stored(old: Passages, cut: Sequence[Range], draft: SegmentBuilder) -> tuple[list[Bytes], "array[int]"]:
    whole, old_ends = old.stored_parts()
    ends = array("Q", (0,))
    parts: list[Bytes] = []
    at = removed = 0
    for first, last in (*cut, (old.documents, old.documents)):
        parts.append(whole[old_ends[at] : old_ends[first]])
        ends.extend(old_ends[document] - removed for document in range(at + 1, first + 1))
        ends.extend((ends[-1],) * (last - first))
        removed += old_ends[last] - old_ends[first]
        at = last
    base = ends[-1]
    ends.extend(base + stored_end for stored_end in draft.stored_ends)
    return [*parts, draft.stored], ends


def _lengths(old: Passages, name: str, cut: Sequence[Range], draft: SegmentBuilder) -> bytearray:
    lengths = bytearray(old.lengths(name) or bytes(old.documents))
    for first, last in cut:
        lengths[first:last] = bytes(last - first)
    drafted = draft.fields.get(name)
    return lengths + (drafted.lengths if drafted is not None else bytes(draft.documents))


def _write_column(sections: SectionWriter, name: str, old: Passages, cut: Sequence[Range], draft: SegmentBuilder) -> None:
    """Write a column anew; a value that no passage has any more is written over by one that is new, or is left empty."""
    values: list[bytes] = [b""]
    codes = array("I", (0,) * old.documents)
    if name in old.columns:
        column = old.column(name)
        values = [column.value(code) for code in range(len(column))]
        if b"" not in values:
            values.append(b"")
        codes = array("I", column.codes)
    empty = values.index(b"")
    for first, last in cut:
        codes[first:last] = array("I", (empty,) * (last - first))
    used = {*codes, empty}
    places = {value: code for code, value in enumerate(values) if code in used}
    free = [code for code in range(len(values)) if code not in used]
    for code in free:
        values[code] = b""

    def placed(value: bytes) -> int:
        if value not in places:
            places[value] = free.pop() if free else len(values)
            if places[value] == len(values):
                values.append(b"")
            values[places[value]] = value
        return places[value]

    drafted = draft.columns.get(name)
    if drafted is not None:
        new = [placed(value) for value in drafted.values]
        codes.extend(new[code] for code in drafted.codes)
    codes.extend((empty,) * (old.documents + draft.documents - len(codes)))
    ends = array("Q", (0,))
    whole = bytearray()
    for value in values:
        whole += value
        ends.append(len(whole))
    sections.add(f"values:{name}", whole)
    sections.add(f"value ends:{name}", ends)
    sections.add(f"codes:{name}", narrowest(codes, len(values)))
