"""The codec by which Whoosh reads our segments.

With it Whoosh's own searcher and every query work on them; they are written by
`archive.engine.whoosh.segment.writer` alone. What asks much of an index goes past
Whoosh's matchers straight to `archive.engine.whoosh.segment.postings`.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import Any, Final

from whoosh import columns, formats
from whoosh.codec import base
from whoosh.filedb.filestore import Storage
from whoosh.matching.mcore import LeafMatcher, ReadTooFar
from whoosh.reading import TermInfo, TermNotFound
from whoosh.system import pack_uint

from archive.engine.whoosh.segment._lengths import LENGTHS
from archive.engine.whoosh.segment.layout import Kind
from archive.engine.whoosh.segment.postings import Column, Passages, TermDictionary
from archive.engine.whoosh.segment.toc import SegmentInfo, deleted_docs
from archive.storage import atomic

TERMS: Final = ".terms"
PASSAGES: Final = ".passages"


def view(storage: Storage, name: str) -> memoryview:
    """Return the content of a file, mapped into memory where it lies on a disk."""
    with storage.open_file(name) as file:
        if not file.is_real:
            return memoryview(file.get(0, storage.file_length(name)))
        return atomic.mapped(file.fileno())


def open_terms(storage: Storage, segment: "PackedSegment") -> TermDictionary:
    """Open the terms file of a segment."""
    return TermDictionary(view(storage, segment.make_filename(TERMS)), segment.segment_id(), segment.doc_count_all())


def open_passages(storage: Storage, segment: "PackedSegment") -> Passages:
    """Open the passages file of a segment."""
    return Passages(view(storage, segment.make_filename(PASSAGES)), segment.segment_id(), segment.doc_count_all())


class PackedSegment(base.Segment):  # type: ignore[misc]  # Whoosh's base class is not typed
    """What Whoosh knows of a segment: its name, its passages, and which of their numbers are holes."""

    def __init__(self, indexname: str, entry: SegmentInfo | None = None) -> None:
        """Begin a new segment, or take one from the table of contents."""
        super().__init__(indexname)
        if entry is not None:
            self.segid = entry.name.removeprefix(f"{indexname}_")
        self._documents = entry.documents if entry else 0
        self._holes = set(deleted_docs(entry.holes)) if entry else set()
        self.totals = dict(entry.totals) if entry else {}

    def entry(self) -> SegmentInfo:
        """Return what the table of contents says of it."""
        holes: list[tuple[int, int]] = []
        for document in sorted(self._holes):
            if holes and holes[-1][1] == document:
                holes[-1] = (holes[-1][0], document + 1)
            else:
                holes.append((document, document + 1))
        return SegmentInfo(self.segment_id(), self._documents, tuple(holes), self.totals)

    def codec(self) -> "PackedCodec":
        """Return the codec."""
        return PackedCodec()

    def should_assemble(self) -> bool:
        """Describe that the files are never put together into one."""
        return False

    def set_doc_count(self, doccount: int) -> None:
        """Set how many passages there are."""
        self._documents = doccount

    def doc_count_all(self) -> int:
        """Count the passages, holes among them."""
        return self._documents

    def deleted_count(self) -> int:
        """Count the holes."""
        return len(self._holes)

    def deleted_docs(self) -> Iterator[int]:
        """Yield the holes."""
        return iter(self._holes)

    def delete_document(self, docnum: int, delete: bool = True) -> None:  # noqa: FBT001, FBT002 - as Whoosh calls it
        """Make a hole, or fill it."""
        (self._holes.add if delete else self._holes.discard)(docnum)

    def is_deleted(self, docnum: int) -> bool:
        """Return whether a number is a hole."""
        return docnum in self._holes


class PackedCodec(base.Codec):  # type: ignore[misc]  # Whoosh's base class is not typed
    """The way from Whoosh to our files."""

    length_stats = True

    def per_document_writer(self, storage: Storage, segment: PackedSegment) -> Any:  # noqa: ANN401 - Whoosh's own type
        """Refuse: segments are written by `InvertingWriter` alone."""
        raise NotImplementedError

    def field_writer(self, storage: Storage, segment: PackedSegment) -> Any:  # noqa: ANN401 - Whoosh's own type
        """Refuse: segments are written by `InvertingWriter` alone."""
        raise NotImplementedError

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002 - as Whoosh calls it
        """Refuse: term vectors are not kept."""
        raise NotImplementedError

    def postings_reader(self, dbfile: Any, terminfo: Any, format_: Any, term: Any = None, scorer: Any = None) -> Any:  # noqa: ANN401 - Whoosh's own types
        """Refuse: term vectors are not kept."""
        raise NotImplementedError

    def terms_reader(self, storage: Storage, segment: PackedSegment) -> "TermsReader":
        """Open the terms of a segment."""
        return TermsReader(open_terms(storage, segment))

    def per_document_reader(self, storage: Storage, segment: PackedSegment) -> "PassageReader":
        """Open the passages of a segment."""
        return PassageReader(storage, segment)

    def new_segment(self, storage: Storage, indexname: str) -> PackedSegment:
        """Begin a segment."""
        del storage
        return PackedSegment(indexname)


def kind_of(field: Any) -> Kind:  # noqa: ANN401 - Whoosh's own type
    """Return what is kept of the terms of a field.

    :raises NotImplementedError: its format keeps what our segments do not.
    """
    form = field.format
    if isinstance(form, formats.Positions) and type(form) is formats.Positions:
        return "placed"
    if type(form) is formats.Frequency:
        return "scored"
    if type(form) is formats.Existence:
        return "plain"
    message = f"a field in the format {type(form).__name__}"
    raise NotImplementedError(message)


class Info(TermInfo):  # type: ignore[misc]  # Whoosh's base class is not typed
    """What Whoosh asks of a term."""

    def __init__(self, segment: TermDictionary, place: int, field: str) -> None:
        """Work it out from the postings."""
        postings = segment.postings(place, field)
        pairs = postings.each_pair()
        lengths = [LENGTHS[byte] for _, byte in pairs]
        super().__init__(
            weight=float(sum(often for often, _ in pairs)),
            df=len(postings),
            minlength=min(lengths),
            maxlength=max(lengths),
            maxweight=float(max(often for often, _ in pairs)),
            minid=postings.documents[0],
            maxid=postings.documents[-1],
        )


class TermsReader(base.TermsReader):  # type: ignore[misc]  # Whoosh's base class is not typed
    """Gives Whoosh the terms of a segment."""

    def __init__(self, segment: TermDictionary) -> None:
        """Take the segment."""
        self.segment = segment
        self._infos: dict[int, Info] = {}

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return self.segment.find(*term) >= 0

    def _place(self, fieldname: str, text: bytes) -> int:
        place = self.segment.find(fieldname, text)
        if place < 0:
            message = f"No term {fieldname}:{text!r}"
            raise TermNotFound(message)
        return place

    def cursor(self, fieldname: str, fieldobj: Any) -> "Cursor":  # noqa: ANN401 - Whoosh's own type
        """Return a cursor on the terms of a field."""
        return Cursor(self.segment, fieldname, fieldobj)

    def indexed_field_names(self) -> list[str]:
        """Return the fields that have terms."""
        return [name for name, field in self.segment.fields.items() if field.first < field.last]

    def terms(self) -> Iterator[tuple[str, bytes]]:
        """Yield all terms."""
        for name in sorted(self.segment.fields):
            yield from ((name, term) for _, term in self.segment.terms_from(name, b""))

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        """Yield the terms from this one on, those of later fields too."""
        for name in sorted(self.segment.fields):
            if name >= fieldname:
                first = prefix if name == fieldname else b""
                yield from ((name, term) for _, term in self.segment.terms_from(name, first))

    def items(self) -> Iterator[tuple[tuple[str, bytes], Info]]:
        """Yield all terms with what is known of each."""
        return ((term, self.term_info(*term)) for term in self.terms())

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], Info]]:
        """Yield the terms from this one on with what is known of each."""
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def term_info(self, fieldname: str, text: bytes) -> Info:
        """Return what is known of a term."""
        place = self._place(fieldname, text)
        if place not in self._infos:
            self._infos[place] = Info(self.segment, place, fieldname)
        return self._infos[place]

    def frequency(self, fieldname: str, text: bytes) -> float:
        """Count how often a term stands anywhere."""
        return float(self.term_info(fieldname, text).weight())

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        """Count the passages that have a term."""
        place = self.segment.find(fieldname, text)
        return self.segment.counts[place] if place >= 0 else 0

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> "PackedMatcher":  # noqa: ANN401 - Whoosh's own types
        """Return the passages of a term one by one."""
        return PackedMatcher(self.segment, self._place(fieldname, text), (fieldname, text), format_, scorer)


class Cursor(base.FieldCursor):  # type: ignore[misc]  # Whoosh's base class is not typed
    """Goes through the terms of a field."""

    def __init__(self, segment: TermDictionary, fieldname: str, fieldobj: Any) -> None:  # noqa: ANN401 - Whoosh's own type
        """Stand on the first term."""
        self._segment, self._fieldobj = segment, fieldobj
        self._field = segment.fields.get(fieldname)
        self._at = self._field.first if self._field else 0

    def is_valid(self) -> bool:
        """Return whether the cursor stands on a term."""
        return self._field is not None and self._at < self._field.last

    def text(self) -> Any:  # noqa: ANN401 - as the field has it
        """Return the term, or None at the end."""
        return self._fieldobj.from_bytes(self._segment.term(self._at)) if self.is_valid() else None

    def first(self) -> Any:  # noqa: ANN401 - as the field has it
        """Go to the first term."""
        self._at = self._field.first if self._field else 0
        return self.text()

    def find(self, term: Any) -> Any:  # noqa: ANN401 - as the field has it
        """Go to the first term that is not before this one."""
        written = term if isinstance(term, bytes) else self._fieldobj.to_bytes(term)
        if self._field is not None:
            self._at = self._segment.place(self._field, written)
        return self.text()

    def next(self) -> Any:  # noqa: ANN401 - as the field has it
        """Go on."""
        self._at += 1
        return self.text()

    def term_info(self) -> Info | None:
        """Return what is known of the term."""
        return Info(self._segment, self._at, self._field.name) if self._field is not None and self.is_valid() else None


class PackedMatcher(LeafMatcher):  # type: ignore[misc]  # Whoosh's base class is not typed
    """Goes through the passages of a term; all of them are one block."""

    def __init__(self, segment: TermDictionary, place: int, term: tuple[str, bytes], format_: Any, scorer: Any) -> None:  # noqa: ANN401 - Whoosh's own types
        """Stand on the first passage."""
        self._segment, self._place_of_term, self._term = segment, place, term
        self.format, self.scorer = format_, scorer
        self._postings = segment.postings(place, term[0])
        self._documents = self._postings.documents
        self._pairs = self._postings.each_pair()
        self._at = 0

    def is_active(self) -> bool:
        """Return whether it stands on a passage."""
        return self._at < len(self._documents)

    def reset(self) -> None:
        """Go back to the first."""
        self._at = 0

    def copy(self) -> "PackedMatcher":
        """Return another that stands on the same passage."""
        other = PackedMatcher(self._segment, self._place_of_term, self._term, self.format, self.scorer)
        other._at = self._at
        return other

    def id(self) -> int:
        """Return the passage."""
        return int(self._documents[self._at])

    def all_ids(self) -> Iterator[int]:
        """Yield all passages."""
        return iter(self._documents)

    def next(self) -> bool:
        """Go on; tells whether the block has ended."""
        self._at += 1
        return not self.is_active()

    def skip_to(self, target: int) -> None:
        """Go to the first passage that is not before this one."""
        if not self.is_active():
            raise ReadTooFar
        if target > self.id():
            self._at = bisect_left(self._documents, target, self._at)

    def skip_to_quality(self, minquality: float) -> int:
        """Leave the block where nothing in it scores more than this."""
        if self.block_quality() > minquality:
            return 0
        self._at = len(self._documents)
        return 1

    def weight(self) -> float:
        """Return how often the term stands in the passage."""
        return float(self._pairs[self._at][0])

    def value(self) -> bytes:
        """Return what Whoosh's own format would have kept."""
        if type(self.format) is formats.Positions:
            return bytes(self.format.encode(self._positions()))
        return pack_uint(self._pairs[self._at][0]) if type(self.format) is formats.Frequency else b""

    def value_as(self, astype: str) -> Any:  # noqa: ANN401 - as Whoosh asks
        """Return positions, frequency or weight."""
        if astype == "positions":
            return self._positions()
        if astype in {"frequency", "weight"}:
            return self._pairs[self._at][0]
        return super().value_as(astype)

    def _positions(self) -> list[int]:
        number = self._segment.number(self._place_of_term, self._term[0])
        return self._segment.places(self._term[0], self.id(), number)

    def block_min_length(self) -> int:
        """Return the length of the shortest passage."""
        return min(LENGTHS[byte] for _, byte in self._pairs)

    def block_max_length(self) -> int:
        """Return the length of the longest passage."""
        return max(LENGTHS[byte] for _, byte in self._pairs)

    def block_max_weight(self) -> float:
        """Return how often at most the term stands in a passage."""
        return float(max(often for often, _ in self._pairs))


class ColumnReader(columns.ColumnReader):  # type: ignore[misc]  # Whoosh's base class is not typed
    """Gives Whoosh the values of a column."""

    def __init__(self, column: Column) -> None:
        """Take the column."""
        self.column = column

    def __len__(self) -> int:
        return len(self.column.codes)

    def __getitem__(self, docnum: int) -> bytes:
        return self.column[docnum]

    def __iter__(self) -> Iterator[bytes]:
        return (self.column.value(code) for code in self.column.codes)

    def sort_key(self, docnum: int) -> bytes:
        """Return the value to sort by."""
        return self.column[docnum]

    def load(self) -> list[bytes]:
        """Return all values."""
        return list(self)


class PassageReader(base.PerDocumentReader):  # type: ignore[misc]  # Whoosh's base class is not typed
    """Gives Whoosh what is kept for each passage."""

    def __init__(self, storage: Storage, segment: PackedSegment) -> None:
        """Open the passages file; the terms file may not have been written yet."""
        self._segment = segment
        self._passages = open_passages(storage, segment)

    def doc_count(self) -> int:
        """Count the passages without the holes."""
        return int(self._segment.doc_count())

    def doc_count_all(self) -> int:
        """Count the passages, holes among them."""
        return self._segment.doc_count_all()

    def has_deletions(self) -> bool:
        """Return whether there are holes."""
        return bool(self._segment.has_deletions())

    def is_deleted(self, docnum: int) -> bool:
        """Return whether a number is a hole."""
        return self._segment.is_deleted(docnum)

    def deleted_docs(self) -> Iterable[int]:
        """Return the holes."""
        return self._segment.deleted_docs()

    def supports_columns(self) -> bool:
        """Describe that there are columns."""
        return True

    def has_column(self, fieldname: str) -> bool:
        """Return whether there is a column."""
        return fieldname in self._passages.columns

    def list_columns(self) -> list[str]:
        """Return the columns."""
        return self._passages.columns

    def column_reader(self, fieldname: str, column: Any) -> ColumnReader:  # noqa: ANN401 - Whoosh's own type
        """Return a column."""
        del column
        return ColumnReader(self._passages.column(fieldname))

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int | None:
        """Return the length of a field, rounded."""
        lengths = self._passages.lengths(fieldname)
        if lengths is None:
            return default
        return LENGTHS[lengths[docnum]] or None

    def field_length(self, fieldname: str) -> int:
        """Return the length of a field over all passages."""
        return self._segment.totals.get(fieldname, 0)

    def min_field_length(self, fieldname: str) -> int:
        """Return the length of the shortest field."""
        return LENGTHS[min(self._passages.lengths(fieldname) or (0,))]

    def max_field_length(self, fieldname: str) -> int:
        """Return the length of the longest field."""
        return LENGTHS[max(self._passages.lengths(fieldname) or (0,))]

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """Return what is stored for a passage."""
        return self._passages.stored(docnum)
