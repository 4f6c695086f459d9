"""A segment anew without some of its passages and with others at its end: all that is not touched is copied as it lies.

The numbers of the passages that are taken out stay empty; of their terms,
places, columns and stored text nothing is copied.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

from archive.engine.whoosh.segment._arrays import Array, np
from archive.engine.whoosh.segment._builder import SegmentBuilder
from archive.engine.whoosh.segment._encoding import TermWriter, assembled, is_common, narrow_ends
from archive.engine.whoosh.segment._inversion import InvertedField, bitmap
from archive.engine.whoosh.segment._sections import Bytes, File, SectionWriter
from archive.engine.whoosh.segment.layout import ESCAPE, WIDTHS, Pair, Written, narrowest
from archive.engine.whoosh.segment.postings import Passages, Postings, StoredField, TermDictionary
from archive.engine.whoosh.segment.toc import SegmentInfo

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


def rewrite_segment(
    old: SourceSegment, cuts: Iterable[Range], draft: SegmentBuilder, name: str, removed: Mapping[str, int]
) -> SegmentInfo:
    """Describe what the table of contents is to say of the new segment.

    :param removed: how many terms of each field were taken out.
    """
    totals = {field: total - removed.get(field, 0) for field, total in old.entry.totals.items()}
    for field, drafted in draft.fields.items():
        if drafted.kind != "plain":
            totals[field] = totals.get(field, 0) + drafted.total
    return SegmentInfo(name, old.entry.documents + draft.documents, joined([*old.entry.holes, *cuts]), totals)


def write_terms(file: File, old: SourceSegment, cuts: Iterable[Range], draft: SegmentBuilder) -> Mapping[str, int]:
    """Write the terms file; returns how many terms of each field were taken out."""
    writer = _Terms(file, old.terms, joined(cuts), draft)
    writer.sections.add_parts("blocks", writer.blocks())
    writer.finish()
    return writer.removed


class _Terms(TermWriter):
    """Goes through the terms of both, and takes down where each stands."""

    def __init__(self, file: File, old: TermDictionary, cut: Sequence[Range], draft: SegmentBuilder) -> None:
        super().__init__(file)
        self._old, self._cut, self._draft = old, cut, draft
        self._old_keys, self._old_ends, self._old_blocks, self._old_block_ends = old.parts()
        self.kinds = {name: field.kind for name, field in draft.fields.items()}
        self.kinds |= {name: field.kind for name, field in old.fields.items()}
        self.removed: dict[str, int] = {}
        self._is_cut = bytearray(old.documents)
        for start, end in cut:
            self._is_cut[start:end] = b"\1" * (end - start)

    def blocks(self) -> Iterator[Bytes]:
        """Yield the blocks as they are to be written."""
        for name in sorted({*self._old.fields, *self._draft.fields}):
            stored = self._old.fields.get(name) or StoredField(name, self.kinds[name], 0, 0, [])
            drafted = self._draft.fields.get(name)
            first = len(self.counts)
            yield from self._field(stored, drafted)
            self.describe(name, stored.kind, first, (drafted or stored).pairs)

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
            yield from self._copied(at, place)
            at = place + 1 if has else place
            is_new = drafted is not None and term in new
            added = drafted.written(new[term]) if drafted and is_new else Written()
            having, content = self._joined(stored, place if has else -1, added)
            if having:
                yield self.put(term, having, content)
        yield from self._copied(at, stored.last)

    def _joined(self, stored: StoredField, place: int, added: Written) -> tuple[int, bytes]:
        """Return in how many passages a term is now, and its block, put together from bytes as they lie."""
        size = self._old.documents + self._draft.documents
        if place >= 0:
            postings = self._old.postings(place, stored.name)
            added = self._appended(postings, self._kept(postings.documents), added, stored)
        having = len(added.documents) // 2
        return having, assembled(added, bitmap(added.documents, size) if is_common(having, size) else b"")

    def _appended(self, postings: Postings, ranges: Sequence[Range], added: Written, stored: StoredField) -> Written:
        """Return those passages of a term that stay, and what is added to them."""
        documents = b"".join(postings.documents[low:high].cast("B") for low, high in ranges) + added.documents
        if stored.kind == "plain":
            return Written(documents)
        codes = b"".join(postings.codes[low:high] for low, high in ranges) + added.codes
        escaped = [*_kept_escapes(postings, ranges), *added.escaped]
        ends = _occurrence_ends(postings)
        stands = [(int(ends[low]), int(ends[high])) for low, high in ranges]
        self.removed[stored.name] = self.removed.get(stored.name, 0) + int(ends[-1]) - sum(high - low for low, high in stands)
        words = [*(postings.words[low:high] for low, high in stands), added.words]
        width = max(each.itemsize for each in words)
        together = b"".join(each if each.itemsize == width else array(WIDTHS[width], each) for each in words)
        places = b""
        if postings.places or added.places:
            old = postings.places or bytes(len(postings.words))
            places = b"".join([*(old[low:high] for low, high in stands), added.places or bytes(len(added.words))])
        return Written(documents, codes, escaped, memoryview(together).cast(WIDTHS[width]), places)

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

    def _copied(self, first: int, last: int) -> Iterator[Bytes]:
        """Copy terms that nothing happened to."""
        if first >= last:
            return
        start, end = self._old_ends[first], self._old_ends[last]
        shift = len(self.keys) - start
        self.keys += self._old_keys[start:end]
        self.key_ends.frombytes(_shifted(self._old_ends[first + 1 : last + 1], shift, "I"))
        start, end = self._old_block_ends[first], self._old_block_ends[last]
        shift = self.block_ends[-1] - start
        self.block_ends.frombytes(_shifted(self._old_block_ends[first + 1 : last + 1], shift, "Q"))
        self.counts.extend(self._old.counts[first:last])
        yield self._old_blocks[start:end]

    def _touched(self, stored: StoredField) -> list[int]:
        """Return the places of the terms that stand in a passage that is taken out."""
        if not self._cut or stored.first == stored.last:
            return []
        documents = np.frombuffer(b"".join(map(self._old.numbers_of, range(stored.first, stored.last))), np.uint16)
        ends = np.cumsum(self._old.counts[stored.first : stored.last], dtype=np.int64)
        are_cut = np.frombuffer(self._is_cut, np.uint8)[documents]
        starts = np.append(0, ends[:-1])
        places: list[int] = (stored.first + np.flatnonzero(np.bitwise_or.reduceat(are_cut, starts))).tolist()
        return places


def _shifted(ends: memoryview, shift: int, kind: str) -> bytes:
    """Return ends that are moved, as numbers of a kind that an array holds."""
    return (np.asarray(ends).astype(np.int64) + shift).astype(kind).tobytes()


def _occurrence_ends(postings: Postings) -> Array:
    """Return how often a term stands in all passages before each of its own, and in all of them."""
    often = np.zeros(256, np.int64)
    often[: len(postings.pairs)] = [each for each, _ in postings.pairs]
    codes = np.frombuffer(postings.codes, np.uint8)
    each_often = often[codes]
    each_often[codes == ESCAPE] = [each for each, _ in postings.escaped]
    return np.append(0, np.cumsum(each_often))


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
        values = column.values()
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
    sections.add(f"values:{name}", b"".join(values))
    sections.add(f"value ends:{name}", array("Q", accumulate(map(len, values), initial=0)))
    sections.add(f"codes:{name}", narrowest(codes, len(values)))
