"""The index as Whoosh's own searcher reads it: all of its segments as one reader. Nothing here is loaded by a search of ours.

What asks much of an index goes past Whoosh's matchers straight to
`archive.engine.whoosh.segment.postings`. The schema is the program's own, never
one that lies in a file: Whoosh's pickles are neither written nor read.
"""

from collections.abc import Iterator, Mapping
from heapq import merge
from itertools import chain, groupby
from typing import Any, Final

from whoosh import columns, fields, formats, reading
from whoosh.analysis import Token, Tokenizer
from whoosh.matching.mcore import LeafMatcher, ListMatcher

from archive.engine.whoosh._schema import FIELDS
from archive.engine.whoosh.segment.index_reader import Files, IndexReader, SegmentReader
from archive.engine.whoosh.segment.inverter import Analyser, IndexedField
from archive.engine.whoosh.segment.layout import LENGTHS

_FORMATS: Final = {"plain": formats.Existence, "placed": formats.Positions, None: formats.Existence}


class _WordTokenizer(Tokenizer):  # type: ignore[misc]  # Whoosh's base class is not typed
    """Gives Whoosh the terms of a text with their positions."""

    def __init__(self, analyser: Analyser) -> None:
        self._analyser = analyser

    def __call__(self, value: str, **_options: Any) -> Iterator[Token]:  # noqa: ANN401 - Whoosh's options
        """Yield one token object again and again, as Whoosh expects."""
        token, at = Token(), 0
        token.boost = 1.0
        for word in self._analyser.find(value):
            terms, positions, words = self._analyser.spread(word)
            for token.text, place in zip(terms, positions, strict=True):
                token.pos = at + place
                yield token
            at += words * self._analyser.step


def schema_of(kept: Mapping[str, IndexedField]) -> fields.Schema:
    """Return fields in Whoosh's words."""
    schema = fields.Schema()
    for name, field in kept.items():
        column = columns.VarBytesColumn()
        said = (
            fields.TEXT(_WordTokenizer(field.analyser))
            if field.analyser
            else fields.ID()
            if field.kind
            else fields.COLUMN(column)
        )
        said.format, said.scorable = _FORMATS[field.kind](), field.kind not in {"plain", None}
        said.indexed, said.stored = field.kind is not None, field.column
        said.column_type = column if field.column else None
        schema.add(name, said)
    return schema


class _Matcher(ListMatcher):  # type: ignore[misc]  # Whoosh's base class is not typed
    """The passages of a term; its positions are read when they are asked for."""

    spans = LeafMatcher.spans

    def __init__(self, reader: "WhooshReader", term: tuple[str, bytes], scorer: Any = None, at: int = 0) -> None:  # noqa: ANN401 - Whoosh's own type
        found = reader.find(*term)
        ids = [part.first + document for part, place in found for document in part.terms.postings(place, term[0]).documents]
        weights = [float(often) for often, _ in reader.pairs(*term)]
        kind, known = reader.schema[term[0]].format, reader.term_info(*term)
        super().__init__(ids, weights, None, kind, scorer, at, term=term, terminfo=known)
        self._reader = reader

    def copy(self) -> "_Matcher":
        """Return another that stands on the same passage."""
        return _Matcher(self._reader, self._term, self._scorer, self._i)

    def supports_block_quality(self) -> bool:
        """Describe that no passage is left out because others are better."""
        return False

    def value_as(self, astype: str) -> Any:  # noqa: ANN401 - as Whoosh asks
        """Return positions, frequency or weight."""
        name, text = self._term
        return self._reader.positions(name, text, self.id()) if astype == "positions" else self.weight()


class WhooshReader(reading.IndexReader):  # type: ignore[misc]  # Whoosh's base class is not typed
    """Gives Whoosh all that it asks of an index; a searcher is ``whoosh.searching.Searcher(WhooshReader(files))``.

    :raises DamagedIndex: from every method, where the files are not as they were written.
    """

    def __init__(self, files: Files, kept: Mapping[str, IndexedField] = FIELDS) -> None:
        """Open the newest generation."""
        self.schema = schema_of(kept)
        self._index = IndexReader(files)

    def find(self, fieldname: str, text: bytes) -> list[tuple[SegmentReader, int]]:
        """Return the segments that have a term, with its place there."""
        places = ((part, part.terms.find(fieldname, text)) for part in self._index.parts)
        return [(part, place) for part, place in places if place >= 0]

    def pairs(self, fieldname: str, text: bytes) -> list[tuple[int, int]]:
        """Return how often a term stands in each passage that has it, and how long that is as a byte."""
        return [pair for part, place in self.find(fieldname, text) for pair in part.terms.postings(place, fieldname).each_pair()]

    def positions(self, fieldname: str, text: bytes, docnum: int) -> list[int]:
        """Return where a term stands in a passage."""
        part = self._index.part_of(docnum)
        return part.terms.postings(part.terms.find(fieldname, text), fieldname).positions(docnum - part.first)

    def __contains__(self, term: tuple[str, Any]) -> bool:
        return term[0] in self.schema and bool(self.find(term[0], self._text_to_bytes(*term)))

    def indexed_field_names(self) -> list[str]:
        """Return the fields that have terms."""
        kept = chain.from_iterable(part.terms.fields.values() for part in self._index.parts)
        return sorted({field.name for field in kept if field.first < field.last})

    def all_terms(self) -> Iterator[tuple[str, bytes]]:
        """Yield all terms."""
        return self.terms_from("", b"")

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        """Yield the terms from this one on, those of later fields too."""
        for name in self.indexed_field_names():
            if name >= fieldname:
                first = prefix if name == fieldname else b""
                of_parts = ((term for _, term in part.terms.terms_from(name, first)) for part in self._index.parts)
                yield from ((name, term) for term, _ in groupby(merge(*of_parts)))

    def term_info(self, fieldname: str, text: Any) -> reading.TermInfo:  # noqa: ANN401 - text or bytes
        """Return what is known of a term."""
        pairs = self.pairs(fieldname, self._text_to_bytes(fieldname, text))
        if not pairs:
            raise reading.TermNotFound((fieldname, text))
        often, lengths = [each for each, _ in pairs], [LENGTHS[byte] for _, byte in pairs]
        return reading.TermInfo(float(sum(often)), len(pairs), min(lengths), max(lengths), float(max(often)))

    def frequency(self, fieldname: str, text: Any) -> float:  # noqa: ANN401 - text or bytes
        """Count how often a term stands anywhere."""
        return float(sum(often for often, _ in self.pairs(fieldname, self._text_to_bytes(fieldname, text))))

    def doc_frequency(self, fieldname: str, text: Any) -> int:  # noqa: ANN401 - text or bytes
        """Count the passages that have a term."""
        return self._index.doc_frequency(fieldname, self._text_to_bytes(fieldname, text))

    def postings(self, fieldname: str, text: Any, scorer: Any = None) -> _Matcher:  # noqa: ANN401 - Whoosh's own types
        """Return the passages of a term one by one."""
        term = fieldname, self._text_to_bytes(fieldname, text)
        if not self.find(*term):
            raise reading.TermNotFound(term)
        return _Matcher(self, term, scorer)

    def has_deletions(self) -> bool:
        """Return that there are no numbers without a passage."""
        return False

    def is_deleted(self, _docnum: int) -> bool:
        """Return that every number has a passage."""
        return False

    def doc_count_all(self) -> int:
        """Count the passages."""
        return self._index.count

    doc_count = doc_count_all

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """Return what all columns have for a passage."""
        part = self._index.part_of(docnum)
        values = {name: part.passages.value(name, docnum - part.first) for name in part.passages.columns}
        return {name: self.schema[name].from_column_value(value) for name, value in values.items() if value}

    def has_column(self, fieldname: str) -> bool:
        """Return whether there is a column."""
        return any(fieldname in part.passages.columns for part in self._index.parts)

    def column_reader(self, fieldname: str, *_: Any, **_options: Any) -> list[Any]:  # noqa: ANN401 - Whoosh's options
        """Return the values of a column, passage by passage."""
        values: list[Any] = []
        for part in self._index.parts:
            column = part.passages.column(fieldname) if fieldname in part.passages.columns else None
            values += [column[document] if column else b"" for document in range(part.size)]
        return list(map(self.schema[fieldname].from_column_value, values))

    def field_length(self, fieldname: str) -> int:
        """Return the length of a field over all passages."""
        return sum(part.terms.total(fieldname) for part in self._index.parts)

    def _lengths(self, fieldname: str) -> Iterator[int]:
        for part in self._index.parts:
            yield from (LENGTHS[byte] for byte in part.passages.lengths(fieldname) or ())

    def min_field_length(self, fieldname: str) -> int:
        """Return the length of the shortest field."""
        return min(self._lengths(fieldname), default=0)

    def max_field_length(self, fieldname: str) -> int:
        """Return the length of the longest field."""
        return max(self._lengths(fieldname), default=0)

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """Return the length of a field, rounded."""
        part = self._index.part_of(docnum)
        lengths = part.passages.lengths(fieldname)
        return LENGTHS[lengths[docnum - part.first]] if lengths is not None else default
