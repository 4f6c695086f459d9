"""The codec: what is written comes back, Whoosh answers on it as on its own, and damage is never taken for an answer."""

import itertools
import random
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import columns, fields
from whoosh.codec.whoosh3 import W3Codec, W3PerDocWriter
from whoosh.filedb.filestore import RamStorage
from whoosh.index import FileIndex, LockError
from whoosh.qparser import FuzzyTermPlugin, QueryParser
from whoosh.util.numeric import byte_to_length, length_to_byte

from archive.engine.whoosh.segment import toc
from archive.engine.whoosh.segment._layout import MOST_DOCUMENTS
from archive.engine.whoosh.segment._lengths import LENGTHS, length_byte
from archive.engine.whoosh.segment.builder import ESCAPE, ColumnBuilder, FieldBuilder, SegmentBuilder
from archive.engine.whoosh.segment.encoding import write_passages, write_terms
from archive.engine.whoosh.segment.index_reader import IndexReader, MemoryFiles
from archive.engine.whoosh.segment.postings import Passages, TermDictionary
from archive.engine.whoosh.segment.toc import SegmentInfo, TableOfContents
from archive.engine.whoosh.segment.whoosh_index import PackedIndex
from archive.engine.whoosh.segment.writer import InvertingWriter
from archive.errors import DamagedIndex

SCHEMA = fields.Schema(
    text=fields.TEXT(stored=True, phrase=True),
    words=fields.TEXT(phrase=False),
    code=fields.ID(stored=True),
    about=fields.COLUMN(columns.VarBytesColumn()),
)
WORDS = ["coal", "mine", "gold", "pit", "guard", "night", "camp", "cold", "rice", "river", "coals", "mines"]


class _File:
    """A file in memory."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def write(self, content: Any) -> None:
        """Write bytes."""
        self.parts.append(bytes(content))

    def content(self) -> memoryview:
        """Give all that was written."""
        return memoryview(b"".join(self.parts))


class _EvenLengths(W3PerDocWriter):
    """Counts each field's length as it is read back, as our codec does; Whoosh itself only does so when it merges."""

    def add_field(self, fieldname: str, fieldobj: Any, value: Any, length: int) -> None:
        """Add a field with its rounded length."""
        super().add_field(fieldname, fieldobj, value, byte_to_length(length_to_byte(length)))


class Stock(W3Codec):
    """Whoosh's own codec, to hold ours against."""

    def per_document_writer(self, storage: Any, segment: Any) -> Any:
        """Give the writer of what is kept for each passage."""
        return _EvenLengths(self, storage, segment)


passage = st.lists(st.sampled_from(["a", "b", "c", "요덕", "덕수"]), max_size=12)


@given(st.lists(st.tuples(passage, st.booleans()), min_size=1, max_size=20), st.integers(1, 70_000))
def test_terms_and_their_places_come_back(passages: list[tuple[list[str], bool]], step: int) -> None:
    """Passages, frequencies and positions, whether these are evenly spaced, uneven, or far apart."""
    draft = SegmentBuilder()
    field = draft.fields["text"] = FieldBuilder("placed", step=1)
    plain = draft.fields["words"] = FieldBuilder("plain")
    expected: dict[str, dict[int, list[int]]] = {}
    for document, (words, even) in enumerate(passages):
        positions = [at if even else at * step for at in range(len(words))]
        numbers = [field.number(word.encode()) for word in words]
        start = field.sequence(numbers, None if even else positions)
        field.add_repeated(document, Counter(numbers), length_byte(len(numbers)), start, 1)
        plain.add_plain(document, {plain.number(word.encode()) for word in words})
        for word, position in zip(words, positions, strict=True):
            expected.setdefault(word, {}).setdefault(document, []).append(position)
        draft.keep({})
    file = _File()
    write_terms(file, draft)
    terms = TermDictionary(file.content(), "test", len(passages))
    assert sorted(expected, key=str.encode) == [term.decode() for _, term in terms.terms_from("text", b"")]
    for word, places in expected.items():
        at = terms.find("text", word.encode())
        found = terms.postings(at, "text")
        assert found.listed == list(places)
        assert [often for often, _ in found.each_pair()] == [len(each) for each in places.values()]
        assert found.bits == sum(1 << document for document in places)
        number = terms.number(at, "text")
        assert {document: terms.places("text", document, number) for document in places} == places
        assert terms.postings(terms.find("words", word.encode()), "words").listed == list(places)
    assert terms.find("text", b"not there") == -1


def test_more_kinds_of_frequency_and_length_than_there_are_codes() -> None:
    """What has no code of its own is told in full."""
    draft = SegmentBuilder()
    field = draft.fields["text"] = FieldBuilder("scored")
    counts = [(1 + document % 40, document) for document in range(1_000)]
    for document, (often, length) in enumerate(counts):
        field.fill(document)
        field.add_counts(document, {field.number(b"x"): often}, length_byte(length))
        field.lengths.append(length_byte(length))
        field.starts.append(0)
        draft.keep({})
    assert len(field.pairs) == ESCAPE
    file = _File()
    write_terms(file, draft)
    found = TermDictionary(file.content(), "test", 1_000).postings(0, "text")
    assert list(map(tuple, found.each_pair())) == [(often, length_byte(length)) for often, length in counts]
    assert [found.pair_of(document) for document in range(1_000)] == found.each_pair()


@given(
    st.lists(st.tuples(st.binary(max_size=4), st.dictionaries(st.sampled_from("xyz"), st.text() | st.binary() | st.integers())))
)
def test_columns_and_stored_fields_come_back(rows: list[tuple[bytes, dict[str, Any]]]) -> None:
    """Whatever is in them."""
    draft = SegmentBuilder()
    draft.columns["about"] = ColumnBuilder()
    for document, (value, stored) in enumerate(rows):
        draft.columns["about"].add(document, ((value, 1),))
        draft.keep(stored)
    file = _File()
    write_passages(file, draft)
    passages = Passages(file.content(), "test", len(rows))
    assert [(passages.column("about")[at], passages.stored(at)) for at in range(len(rows))] == rows


def test_lengths_are_rounded_as_whoosh_rounds_them() -> None:
    """So that scores are the same."""
    assert list(LENGTHS) == [byte_to_length(byte) for byte in range(256)]
    assert all(length_byte(length) == length_to_byte(length) for length in range(100_000))


def _documents(chance: random.Random, first: int, count: int) -> list[dict[str, Any]]:
    texts = [" ".join(chance.choices(WORDS, k=chance.randrange(60))) for _ in range(count)]
    return [{"text": text, "words": text, "code": f"N{first + at}", "about": b"%d" % (at % 5)} for at, text in enumerate(texts)]


def _filled(ours: Any, **options: Any) -> Any:
    chance = random.Random(5)
    for part in range(3):
        writer = ours.writer(**options)
        for document in _documents(chance, part * 70, 70):
            writer.add_document(**document)
        writer.commit(merge=False)
    writer = ours.writer(**options)
    writer.delete_by_term("code", "N77")
    writer.commit(merge=False)
    return ours


def _by_field(documents: list[dict[str, Any]]) -> dict[str, list[tuple[Any, int]]]:
    """Give passages field by field; neighbours with the same value share it."""
    return {
        name: [(value, len(list(same))) for value, same in itertools.groupby(each[name] for each in documents)]
        for name in documents[0]
    }


QUERIES = [
    "coal",
    "coal AND mine",
    "gold OR pit",
    '"coal mine"',
    '"guard night"~4',
    "co*",
    "NOT camp",
    "r?ce",
    "mnie~2",
    "words:gold",
]


@pytest.mark.parametrize("merged", [False, True])
@pytest.mark.parametrize("written", QUERIES)
def test_whoosh_answers_as_on_its_own_codec(written: str, *, merged: bool) -> None:
    """Every ordinary matcher: hits, order and scores, all of them and the best five, before and after Whoosh merges."""
    parser = QueryParser("text", SCHEMA)
    parser.add_plugin(FuzzyTermPlugin())
    answers = []
    for ours in (
        _filled(FileIndex.create(RamStorage(), SCHEMA), codec=Stock(), compound=False),
        _filled(PackedIndex.create(RamStorage(), SCHEMA)),
    ):
        if merged:
            options = {} if isinstance(ours, PackedIndex) else {"codec": Stock(), "compound": False}
            ours.writer(**options).commit(optimize=True)
        with ours.searcher() as searcher:
            answers.append(
                [
                    [(hit["code"], round(hit.score, 9)) for hit in searcher.search(parser.parse(written), limit=limit)]
                    for limit in (None, 5)
                ]
            )
    assert answers[0] == answers[1]
    assert answers[0][0]


def _dump(ours: PackedIndex) -> Any:
    """Give all that can be read from an index, by code, whatever the numbers of its passages."""
    with ours.reader() as reader:
        if not reader.doc_count():
            return ()
        codes = {document: reader.stored_fields(document)["code"] for document in reader.all_doc_ids()}
        terms = []
        for field, term in reader.all_terms():
            matcher, found = reader.postings(field, term), []
            while matcher.is_active():
                places = matcher.value_as("positions") if field == "text" else []
                found.append((codes[matcher.id()], matcher.weight(), places))
                matcher.next()
            terms.append((field, term, sorted(found)))
        about = reader.column_reader("about")
        rows = sorted(
            (code, reader.doc_field_length(document, "text"), about[document], reader.stored_fields(document)["text"])
            for document, code in codes.items()
        )
        return terms, rows, reader.field_length("text"), reader.doc_count()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.lists(st.tuples(st.sampled_from([3, 9, 40]), st.integers(0, 8), st.integers(0, 3)), max_size=12))
def test_any_history_of_writes_equals_one_write(seed: int, steps: list[tuple[int, int, int]]) -> None:
    """Added, taken out, spliced and merged: terms, places, lengths, columns and stored text, and nothing else."""
    chance = random.Random(seed)
    ours = PackedIndex.create(RamStorage(), SCHEMA)
    living: dict[str, dict[str, Any]] = {}
    number = 0
    for full, add, remove in steps:
        writer = InvertingWriter(ours, full=full)
        for code in chance.sample(sorted(living), min(remove, len(living))):
            writer.delete_by_term("code", code)
            del living[code]
        documents = _documents(chance, number, add)
        for at in range(1, add, 2):
            documents[at] |= {"text": documents[at - 1]["text"], "about": documents[at - 1]["about"]}
        while documents:
            size = chance.randrange(len(documents)) + 1
            writer.start_group()
            writer.add_passages(size, _by_field(documents[:size]))
            living |= {document["code"]: document for document in documents[:size]}
            documents = documents[size:]
        number += add
        writer.commit()
    anew = PackedIndex.create(RamStorage(), SCHEMA)
    writer = anew.writer()
    for document in living.values():
        writer.add_document(**document)
    writer.commit()
    assert _dump(ours) == _dump(anew)


def test_more_passages_than_a_segment_can_number_are_refused_at_once() -> None:
    """Their numbers would be cut to two bytes; nothing of them is taken in."""
    ours = PackedIndex.create(RamStorage(), SCHEMA)
    writer = InvertingWriter(ours)
    with pytest.raises(ValueError, match="room for"):
        writer.add_passages(MOST_DOCUMENTS + 1, {"code": [("N1", MOST_DOCUMENTS + 1)]})
    writer.commit()
    assert not ours.doc_count()


def test_small_segments_are_merged_so_that_their_number_is_bounded() -> None:
    """Whatever the number of writes."""
    ours = PackedIndex.create(RamStorage(), SCHEMA)
    chance = random.Random(1)
    for at in range(60):
        writer = InvertingWriter(ours, full=16)
        for document in _documents(chance, at, 1):
            writer.add_document(**document)
        writer.commit()
    assert len(ours.catalogue().segments) <= 60 / 16 * 2 + 7


def _steps(does: Callable[[], object]) -> int:
    """Count the steps of Python that something takes: the lines it runs, loop by loop."""
    count = 0

    def line(_frame: Any, event: str, _argument: Any) -> Any:
        nonlocal count
        count += event == "line"
        return line

    before = sys.gettrace()
    sys.settrace(line)
    try:
        does()
    finally:
        sys.settrace(before)
    return count


def _steps_of_taking_out(number: int) -> int:
    """Count the steps of a commit that takes out every second passage of a segment, and so merges it."""
    ours = PackedIndex.create(RamStorage(), SCHEMA)
    writer = InvertingWriter(ours)
    writer.add_passages(number, _by_field(_documents(random.Random(number), 0, number)))
    writer.commit()
    writer = InvertingWriter(ours)
    for at in range(1, number, 2):
        writer.delete_by_term("code", f"N{at}")
    writer.delete_by_term("code", "N0")  # more than half of it is holes now
    steps = _steps(writer.commit)
    (entry,) = ours.catalogue().segments
    assert (entry.documents, entry.holes) == ((number - 1) // 2, ())
    return steps


def test_what_taking_out_takes_grows_with_the_segment_and_no_faster() -> None:
    """Not with the passages times the places where some are taken out, nor with the passages times the holes."""
    small, large = map(_steps_of_taking_out, (200, 800))
    assert large < 5 * small  # the square would be 16


def test_what_was_taken_out_is_in_no_file() -> None:
    """Neither its terms nor its stored text nor its column values; what others share with it stays."""
    storage = RamStorage()
    ours = PackedIndex.create(storage, SCHEMA)
    writer = InvertingWriter(ours)
    for at in range(20):
        word = "canary" if at == 7 else f"other{at}"
        writer.add_document(text=f"coal {word}", words=f"coal {word}", code=f"N{at}", about=word.encode())
    writer.commit()
    assert any(b"canary" in content for content in storage.files.values())
    writer = InvertingWriter(ours)
    writer.delete_by_term("code", "N7")
    writer.commit()
    assert not any(b"canary" in bytes(content) for content in storage.files.values())
    assert not any(b"N7\n" in bytes(content) for content in storage.files.values())
    with ours.reader() as reader:
        assert reader.doc_frequency("text", "coal") == 19


def test_a_second_writer_has_to_wait() -> None:
    """One at a time."""
    ours = PackedIndex.create(RamStorage(), SCHEMA)
    first = InvertingWriter(ours)
    with pytest.raises(LockError):
        InvertingWriter(ours)
    first.cancel()
    InvertingWriter(ours).cancel()


def test_a_table_of_contents_comes_back_and_another_is_damage() -> None:
    """Any changed byte is seen."""
    contents = TableOfContents(3, (SegmentInfo("MAIN_x", 7, ((1, 2),), {"text": 9}),))
    written = toc.written(contents)
    assert toc.read(written) == contents
    for at in range(len(written)):
        with pytest.raises(DamagedIndex):
            toc.read(written[:at] + bytes([written[at] ^ 1]) + written[at + 1 :])


def _everything(files: dict[str, bytes]) -> Any:
    """Read all that a search can read."""
    library = IndexReader(MemoryFiles(files))
    found: list[Any] = []
    for segment in library.parts:
        for name, field in segment.terms.fields.items():
            for place, term in segment.terms.terms_from(name, b""):
                postings = segment.terms.postings(place, name)
                found.append((name, term, postings.listed, postings.each_pair(), postings.bits))
            if field.kind == "placed":
                found += [
                    (list(numbers), at) for numbers, at in (segment.terms.sequence(name, each) for each in segment.live_docs)
                ]
                found += [segment.terms.number(place, name) for place in range(field.first, field.last)]
        for each in segment.live_docs:
            found.append(
                (segment.passages.stored(each), [segment.passages.column(name)[each] for name in segment.passages.columns])
            )
        found.append(bytes(segment.passages.lengths("text") or b""))
    return found


def test_a_flipped_bit_is_damage_or_changes_nothing() -> None:
    """Never another answer: whatever is read was checked."""
    storage = RamStorage()
    _filled(PackedIndex.create(storage, SCHEMA))
    files = {name: bytes(content) for name, content in storage.files.items()}
    whole = _everything(files)
    chance = random.Random(2)
    seen = 0
    for _ in range(300):
        name = chance.choice(sorted(files))
        at, bit = chance.randrange(len(files[name])), 1 << chance.randrange(8)
        changed = files[name][:at] + bytes([files[name][at] ^ bit]) + files[name][at + 1 :]
        try:
            assert _everything({**files, name: changed}) == whole, (name, at)
        except DamagedIndex:
            seen += 1
    assert seen > 200


def test_a_file_cut_short_is_damage() -> None:
    """At any place."""
    storage = RamStorage()
    _filled(PackedIndex.create(storage, SCHEMA))
    files = {name: bytes(content) for name, content in storage.files.items()}
    for name, content in files.items():
        for part in (0, 1, len(content) // 2, len(content) - 1):
            with pytest.raises(DamagedIndex):
                _everything({**files, name: content[:part]})
