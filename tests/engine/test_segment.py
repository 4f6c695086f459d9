"""The codec: what is written comes back, Whoosh answers on it as on its own, and damage is never taken for an answer."""

import itertools
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from whoosh import fields
from whoosh.codec import whoosh3
from whoosh.codec.whoosh3 import W3Codec
from whoosh.filedb.filestore import RamStorage
from whoosh.index import FileIndex
from whoosh.qparser import FuzzyTermPlugin, QueryParser
from whoosh.searching import Searcher

from archive.analysis import tokens
from archive.analysis.positions import Unit
from archive.analysis.tokens import STRIDE
from archive.engine import _plan as plan
from archive.engine.whoosh import _proximity as proximity
from archive.engine.whoosh import _schema as schema
from archive.engine.whoosh.file_storage import IndexInMemory
from archive.engine.whoosh.segment import toc
from archive.engine.whoosh.segment._arrays import np
from archive.engine.whoosh.segment._inversion import Occurrences, invert, length_bytes
from archive.engine.whoosh.segment._segment_data import InvertedField, SegmentData
from archive.engine.whoosh.segment._segment_files import write_passages, write_terms
from archive.engine.whoosh.segment.index_reader import IndexReader, MemoryFiles, contents, generation
from archive.engine.whoosh.segment.inverter import IndexedField, Lexicons, SegmentBuilder
from archive.engine.whoosh.segment.layout import ESCAPE, LENGTHS, Kind
from archive.engine.whoosh.segment.postings import WORD_BITS, Passages, TermDictionary
from archive.engine.whoosh.segment.toc import SegmentInfo, TableOfContents
from archive.engine.whoosh.segment.writer import MOST_DOCUMENTS, InvertingWriter
from archive.engine.whoosh.whoosh_reader import WhooshReader, schema_of
from archive.errors import DamagedIndex
from examples import examples

FIELDS = {
    "text": IndexedField("placed", schema.FORMS, column=True),
    "words": IndexedField("placed", schema.FORMS),
    "code": IndexedField("plain", column=True),
    "about": IndexedField(column=True),
}
WORDS = ["coal", "mine", "gold", "pit", "guard", "night", "camp", "cold", "rice", "river", "coals", "mines"]


def _length_byte(length: int) -> int:
    return int(length_bytes(np.array([length]))[0])


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


def _inverted(kind: Kind, passages: list[tuple[list[str], list[int] | None]]) -> InvertedField:
    """Invert passages, each of words and, where they are not one apart, of their positions."""
    numbers: dict[bytes, int] = {}
    terms = [[numbers.setdefault(word.encode(), len(numbers)) for word in words] for words, _ in passages]
    positions = [at for words, places in passages for at in (range(len(words)) if places is None else places)]
    each = np.arange(len(passages), dtype=np.uint32)
    flat, sizes = [number for row in terms for number in row], list(map(len, terms))
    found = Occurrences(np.array(flat, np.uint32), np.array(sizes, np.uint32), each, np.array(positions, np.uint32))
    return invert(kind, list(numbers), found, len(passages))


def _terms_of(fields_of_it: dict[str, InvertedField], documents: int) -> TermDictionary:
    file = _File()
    write_terms(file, SegmentData(documents, fields_of_it, {}))
    return TermDictionary(file.content(), "test", documents)


passage = st.lists(st.sampled_from(["a", "b", "c", "요덕", "덕수"]), max_size=12)


@given(st.lists(st.tuples(passage, st.booleans()), min_size=1, max_size=20), st.integers(1, 70_000))
def test_terms_and_their_places_come_back(passages: list[tuple[list[str], bool]], step: int) -> None:
    """Passages, frequencies and positions, whether these are evenly spaced, uneven, or far apart."""
    expected: dict[str, dict[int, list[int]]] = {}
    rows: list[tuple[list[str], list[int] | None]] = []
    for document, (words, even) in enumerate(passages):
        positions = [at if even else at * step for at in range(len(words))]
        rows.append((words, None if even else positions))
        for word, position in zip(words, positions, strict=True):
            expected.setdefault(word, {}).setdefault(document, []).append(position)
    terms = _terms_of({"text": _inverted("placed", rows), "words": _inverted("plain", rows)}, len(passages))
    assert sorted(expected, key=str.encode) == [term.decode() for _, term in terms.terms_from("text", b"")]
    for word, places in expected.items():
        at = terms.find("text", word.encode())
        found = terms.postings(at, "text")
        assert found.listed == list(places)
        assert [often for often, _ in found.each_pair()] == [len(each) for each in places.values()]
        assert found.bit_mask == sum(1 << document for document in places)
        assert {document: found.positions(document) for document in range(len(passages))} == {
            document: places.get(document, []) for document in range(len(passages))
        }
        asked = [document for document in range(len(passages)) if (document + step) % 3]
        assert set(found.word_keys(asked)) == {
            document << WORD_BITS | position >> 8 for document in asked for position in places.get(document, ())
        }
        assert terms.postings(terms.find("words", word.encode()), "words").listed == list(places)
    assert terms.find("text", b"not there") == -1


@given(
    st.lists(
        st.dictionaries(st.integers(0, 600), st.sets(st.sampled_from("abcd"), min_size=1), max_size=9), min_size=1, max_size=4
    ),
    st.lists(st.sampled_from([("a",), ("b",), ("c", "d"), ("x",)]), min_size=1, max_size=4),
    st.none() | st.integers(0, 4),
)
@example([{255: {"a"}, 256: {"b"}}], [("a",), ("b",)], None)
@example([{0: {"a"}}, {0: {"b"}}], [("a",), ("b",)], 4)
@example([{3: {"a", "b"}}], [("a",), ("b",)], 0)
def test_words_tell_what_positions_tell(
    passages: list[dict[int, set[str]]], wanted: list[tuple[str, ...]], between: int | None
) -> None:
    """Words in a row and near each other are found at once in those passages in which their positions say so one by one."""
    near = plan.Near(tuple(Unit((spellings,), (0,)) for spellings in wanted), between)
    if between is not None and (len(wanted) != 2 or wanted[0] == wanted[1]):
        assert not proximity.are_words(near)
        return
    assert proximity.are_words(near)
    rows = [[(term, at * STRIDE) for at, terms in sorted(each.items()) for term in sorted(terms)] for each in passages]
    terms = _terms_of(
        {"text": _inverted("placed", [([term for term, _ in row], [at for _, at in row]) for row in rows])}, len(rows)
    )
    postings = {term.decode(): terms.postings(place, "text") for place, term in terms.terms_from("text", b"")}
    expected = []
    for number, row in enumerate(rows):
        places = {term: [at for other, at in row if other == term] for term, _ in row}
        expected += [number] if plan.match_positions(near, places) else []
    having = [number for number, row in enumerate(rows) if all({term for term, _ in row} & {*each} for each in wanted)]
    assert proximity.check_places(near, postings, having) == expected


def test_more_kinds_of_frequency_and_length_than_there_are_codes() -> None:
    """What has no code of its own is told in full."""
    counts = [(1 + document % 40, max(1 + document % 40, document)) for document in range(1_000)]
    field = _inverted("placed", [(["x"] * often + ["y"] * (length - often), None) for often, length in counts])
    terms = _terms_of({"text": field}, 1_000)
    assert len(terms.fields["text"].pairs) == ESCAPE
    found = terms.postings(terms.find("text", b"x"), "text")
    assert list(map(tuple, found.each_pair())) == [(often, _length_byte(length)) for often, length in counts]
    assert [found.pair_of(document) for document in range(1_000)] == found.each_pair()


@given(st.lists(st.tuples(st.none() | st.binary(max_size=4), st.integers(1, 3)), min_size=1))
@example([(b"%d" % number, 1) for number in range(300)])
def test_columns_come_back(runs: list[tuple[bytes | None, int]]) -> None:
    """Whatever is in them, of all passages together and of one alone; those without a value have the empty one."""
    builder = SegmentBuilder(FIELDS, Lexicons())
    count = sum(times for _, times in runs)
    builder.add(2, {})
    builder.add(count, {"about": runs})
    builder.add(1, {})
    file = _File()
    write_passages(file, builder.finish())
    passages = Passages(file.content(), "test", count + 3)
    expected = [b"", b"", *(value or b"" for value, times in runs for _ in range(times)), b""]
    assert [passages.column("about")[at] for at in range(count + 3)] == expected
    assert [passages.value("about", at) for at in range(count + 3)] == expected


def test_lengths_are_rounded_as_lucene_rounds_them() -> None:
    """`SmallFloat.intToByte4` and back, written here as it stands there."""

    def to_four_bits(number: int) -> int:
        if number.bit_length() < 4:
            return number
        shift = number.bit_length() - 4
        return (number >> shift) & 7 | (shift + 1) << 3

    free = 255 - to_four_bits(2**31 - 1)
    lengths = [*range(5_000), *(2**power + add for power in range(12, 31) for add in (-1, 0, 1))]
    told = [each if each < free else free + to_four_bits(each - free) for each in lengths]
    assert length_bytes(np.array(lengths)).tolist() == told
    assert list(LENGTHS) == sorted(set(LENGTHS))
    assert length_bytes(np.array(LENGTHS)).tolist() == list(range(256))


def _documents(chance: random.Random, first: int, count: int) -> list[dict[str, Any]]:
    texts = [" ".join(chance.choices(WORDS, k=chance.randrange(60))) for _ in range(count)]
    return [{"text": text, "words": text, "code": f"N{first + at}", "about": b"%d" % (at % 5)} for at, text in enumerate(texts)]


def _writer(ours: IndexInMemory, **options: Any) -> InvertingWriter:
    """Go on with an index, or begin one."""
    return InvertingWriter(ours, FIELDS, before=None if generation(ours) else TableOfContents(0), **options)


def _fill(begun: Callable[[], Any], **options: Any) -> None:
    chance = random.Random(5)
    for part in range(3):
        writer = begun()
        for document in _documents(chance, part * 70, 70):
            writer.add_document(**document)
        writer.commit(**options)


def _filled() -> IndexInMemory:
    ours = IndexInMemory()
    _fill(lambda: _writer(ours, full=70))
    return ours


def _filled_without_one() -> dict[str, bytes]:
    ours = _filled()
    writer = _writer(ours, full=70)
    writer.delete_by_term("code", "N77")
    writer.commit()
    return ours.files


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
    "cols~1",
    "words:gold",
]


@pytest.mark.parametrize("written", QUERIES)
def test_whoosh_answers_as_on_its_own_codec(written: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Every ordinary matcher: hits, order and scores, all of them and the best five, lengths rounded alike."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))  # where Whoosh has a folder that another process might remove
    monkeypatch.setattr(whoosh3, "length_to_byte", lambda length: _length_byte(length or 0))
    monkeypatch.setattr(whoosh3, "byte_to_length", LENGTHS.__getitem__)
    stock = FileIndex.create(RamStorage(), schema_of(FIELDS))
    _fill(lambda: stock.writer(codec=W3Codec(), compound=False), merge=False)
    parser = QueryParser("text", fields.Schema(text=fields.TEXT(), words=fields.TEXT()))
    parser.add_plugin(FuzzyTermPlugin())
    answers = []
    for opened in (stock.searcher(), Searcher(WhooshReader(_filled(), FIELDS))):
        with opened as searcher:
            answers.append(
                [
                    [(_text(hit["code"]), round(hit.score, 9)) for hit in searcher.search(parser.parse(written), limit=limit)]
                    for limit in (None, 5)
                ]
            )
    assert answers[0] == answers[1]
    assert answers[0][0]


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode()


def _dump(ours: IndexInMemory) -> Any:
    """Give all that can be read from an index, by code, whatever the numbers of its passages."""
    if not generation(ours):
        return ()
    with WhooshReader(ours, FIELDS) as reader:
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
            (code, reader.doc_field_length(document, "text"), about[document], reader.stored_fields(document).get("text"))
            for document, code in codes.items()
        )
        return terms, rows, reader.field_length("text"), reader.doc_count()


@examples(40)
@given(st.integers(0, 2**32), st.lists(st.tuples(st.sampled_from([3, 9, 40]), st.integers(0, 8), st.integers(0, 3)), max_size=12))
def test_any_history_of_writes_equals_one_write(seed: int, steps: list[tuple[int, int, int]]) -> None:
    """Added, taken out and merged: terms, places, lengths, columns and stored text, and nothing else."""
    chance = random.Random(seed)
    ours = IndexInMemory()
    living: dict[str, dict[str, Any]] = {}
    number = 0
    for full, add, remove in steps:
        writer = _writer(ours, full=full)
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
    anew = IndexInMemory()
    writer = _writer(anew)
    for document in living.values():
        writer.add_document(**document)
    writer.commit()
    assert _dump(ours) == _dump(anew)


SAID = st.lists(
    st.sampled_from(["Coal", "camp's", "15호관리소", "수용소에서", "the", "1990's", "l'enfant", "山西省", "—", "Łódź"]),
    max_size=9,
).map(" ".join)


@examples(60)
@given(st.lists(st.lists(st.tuples(st.none() | SAID, st.integers(1, 3)), min_size=1, max_size=6), min_size=1, max_size=4))
def test_words_are_inverted_as_the_analyser_has_them(records: list[list[tuple[str | None, int]]]) -> None:
    """Terms in order with their positions, how often, and forms: also where neighbours share a text, and in a second segment."""
    ours = IndexInMemory()
    writer = InvertingWriter(ours, schema.FIELDS, full=5, before=TableOfContents(0))
    for runs in records:
        writer.start_group()
        lines = [(f"{text}\nof all" if text is not None else None, times) for text, times in runs]
        writer.add_passages(sum(times for _, times in runs), {"text": runs, "words": lines})
    writer.finish()
    texts = [text for runs in records for text, times in runs for _ in range(times)]
    at = 0
    for entry in writer.finish():
        terms = writer._open(entry).terms  # noqa: SLF001 - the segment as it was written
        placed = [(terms.postings(place, "text"), term.decode()) for place, term in terms.terms_from("text", b"")]
        for document in range(entry.documents):
            text = texts[at + document] or ""
            expected = sorted((token.position, token.term) for token in tokens.tokens(text))
            assert sorted((place, term) for found, term in placed for place in found.positions(document)) == expected
            often = Counter(token.term for token in tokens.tokens(text))
            for term, count in often.items():
                pair = terms.postings(terms.find("text", term.encode()), "text").pair_of(document)
                assert tuple(pair) == (count, _length_byte(len(expected)))
        for place, form in terms.terms_from("words", b""):
            having = [document for document in range(entry.documents) if _has_form(texts[at + document], form.decode())]
            assert terms.postings(place, "words").listed == having
        at += entry.documents


def _has_form(text: str | None, form: str) -> bool:
    return text is not None and form in {each.text for line in (text, "of all") for each in tokens.forms(line)}


def test_more_passages_than_a_segment_can_number_are_refused_at_once() -> None:
    """Their numbers would be cut to two bytes; nothing of them is taken in."""
    ours = IndexInMemory()
    writer = _writer(ours)
    with pytest.raises(ValueError, match="room for"):
        writer.add_passages(MOST_DOCUMENTS + 1, {"code": [("N1", MOST_DOCUMENTS + 1)]})
    writer.commit()
    assert not contents(ours).segments


def test_small_segments_are_merged_so_that_their_number_is_bounded() -> None:
    """Whatever the number of writes."""
    ours = IndexInMemory()
    chance = random.Random(1)
    for at in range(60):
        writer = _writer(ours, full=16)
        for document in _documents(chance, at, 1):
            writer.add_document(**document)
        writer.commit()
    assert len(contents(ours).segments) <= 60 / 16 * 2 + 7


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
    """Count the steps of a commit that takes out every second passage of a segment."""
    ours = IndexInMemory()
    writer = _writer(ours)
    writer.add_passages(number, _by_field(_documents(random.Random(number), 0, number)))
    writer.commit()
    writer = _writer(ours)
    for at in range(1, number, 2):
        writer.delete_by_term("code", f"N{at}")
    writer.delete_by_term("code", "N0")
    steps = _steps(writer.commit)
    (entry,) = contents(ours).segments
    assert entry.documents == (number - 1) // 2
    return steps


def test_what_taking_out_takes_grows_with_the_segment_and_no_faster() -> None:
    """Not with the passages times the places where some are taken out."""
    small, large = map(_steps_of_taking_out, (200, 800))
    assert large < 5 * small  # the square would be 16


def test_what_was_taken_out_is_in_no_file() -> None:
    """Neither its terms nor its stored text nor its column values; what others share with it stays."""
    ours = IndexInMemory()
    writer = _writer(ours)
    for at in range(20):
        word = "canary" if at == 7 else f"other{at}"
        writer.add_document(text=f"coal {word}", words=f"coal {word}", code=f"N{at}", about=word.encode())
    writer.commit()
    assert any(b"canary" in content for content in ours.files.values())
    writer = _writer(ours)
    writer.delete_by_term("code", "N7")
    writer.commit()
    assert not any(b"canary" in bytes(content) for content in ours.files.values())
    assert not any(b"N7\n" in bytes(content) for content in ours.files.values())
    with WhooshReader(ours, FIELDS) as reader:
        assert reader.doc_frequency("text", "coal") == 19


def test_a_table_of_contents_comes_back_and_another_is_damage() -> None:
    """Any changed byte is seen."""
    contents = TableOfContents(3, (SegmentInfo("MAIN_x", 7),))
    written = toc.to_bytes(contents)
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
                found.append((name, term, postings.listed, postings.each_pair(), postings.bit_mask))
                found += [postings.positions(each) for each in segment.all_docs] if field.kind == "placed" else []
        for each in segment.all_docs:
            found.append([segment.passages.column(name)[each] for name in segment.passages.columns])
            found.append([segment.passages.value(name, each) for name in segment.passages.columns])
        found.append(bytes(segment.passages.lengths("text") or b""))
    return found


def test_a_flipped_bit_is_damage_or_changes_nothing() -> None:
    """Never another answer: whatever is read was checked."""
    files = _filled_without_one()
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


def _terms_file(terms: list[str]) -> bytes:
    file = _File()
    fields_of_it = {"text": _inverted("placed", [(terms, None)]), "words": _inverted("plain", [(terms[::2], None)])}
    write_terms(file, SegmentData(1, fields_of_it, {}))
    return bytes(file.content())


def test_a_term_is_found_by_a_look_at_few_others() -> None:
    """What is asked of a long list is checked before it is believed; a bit that is flipped elsewhere is not looked at."""
    terms = [f"term{number:06}" for number in range(20_000)]
    written = _terms_file(terms)
    at = written.index(b"term012345\n")
    flipped = TermDictionary(memoryview(written[:at] + b"T" + written[at + 1 :]), "test", 1)
    assert flipped.find("text", b"term000007") == 7
    assert next(flipped.terms_from("words", b"term000008")) == (flipped.find("words", b"term000008"), b"term000008")
    assert flipped.find("text", b"term000007 not there") == -1
    is_checked = flipped.sections._opened["terms"][2]  # noqa: SLF001 - what was looked at shows nowhere else
    assert sum(is_checked) < len(is_checked) / 20
    for sought in (b"term012345", b"term012344", b"term0123450"):
        with pytest.raises(DamagedIndex):
            flipped.find("text", sought)
    with pytest.raises(DamagedIndex):
        flipped.words("text")


@given(st.lists(st.sampled_from(["a", "b\n", "b", "\n", "ab", "요덕", "z"]), min_size=1, max_size=9), st.integers(0, 400))
def test_every_term_of_a_long_list_is_found_at_its_place(odd: list[str], count: int) -> None:
    """In any field, at the edges of what is looked at together too, and also where a term holds what stands between terms."""
    terms = sorted({*odd, *(f"n{number:03}" for number in range(count))})
    dictionary = TermDictionary(memoryview(_terms_file(terms)), "test", 1)
    for name, own in (("text", terms), ("words", terms[::2])):
        stored = dictionary.fields[name]
        in_order = sorted(term.encode() for term in own)
        assert [dictionary.find(name, term) for term in in_order] == list(range(stored.first, stored.last))
        assert dictionary.words(name) == in_order
        for term in (b"", b"a0", b"n0005", b"zz", "요".encode()):
            expected = [each for each in in_order if each >= term]
            assert [each for _, each in dictionary.terms_from(name, term)] == expected
            assert dictionary.find(name, term) == -1


def test_a_file_cut_short_is_damage() -> None:
    """At any place."""
    files = _filled_without_one()
    for name, content in files.items():
        for part in (0, 1, len(content) // 2, len(content) - 1):
            with pytest.raises(DamagedIndex):
                _everything({**files, name: content[:part]})
