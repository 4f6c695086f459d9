"""Search over made-up collections: what answers, in which order, with what beside it."""

import contextlib
import pickle
import pickletools
import random
import re
import shutil
import time
import unicodedata
import zlib
from pathlib import Path
from typing import Any

import pytest
import whoosh.query
from hypothesis import given
from hypothesis import strategies as st
from whoosh.searching import Searcher

import endurance
import made_up
from archive.analysis import tokens
from archive.archive import Archive
from archive.authority.gazetteer import FacilityId
from archive.engine.whoosh.searcher import WhooshEngine
from archive.engine.whoosh.segment.index_reader import FolderFiles
from archive.engine.whoosh.whoosh_reader import WhooshReader
from archive.errors import BadQuery, DamagedIndex, Defect, EmptyCollection, UsageFault
from archive.record.testimony import PUBLIC
from archive.search import filters as search_filters
from archive.search.model import Filters, Query, Results, Span
from archive.storage import index_state
from archive.storage.paths import index_paths
from examples import examples
from running import Run

CLAIM = {"status": "asserted"}


def found(root: Path, words: str = "", **filters: object) -> list[str]:
    """Return the passages that answer, as references, best first."""
    return [reference(hit) for hit in asked(root, Query(words, Filters(**filters), limit=None)).hits]  # type: ignore[arg-type]


def asked(root: Path, query: Query) -> Results:
    """Answer a query."""
    with Archive(root) as room:
        return room.answer(query)


def reference(hit: object) -> str:
    """Write a hit as CODE#pN."""
    return f"{hit.passage.code}#p{hit.passage.number}"  # type: ignore[attr-defined]


@pytest.fixture
def small(root: Path) -> Path:
    """Three made-up records."""
    note = made_up.note("n1", "revised", about={"paragraphs": [2]})
    camps = [
        {"camp": "kwalliso-14", "period": "1990/1995", "as": "prisoner", "basis": "first-hand"},
        {"camp": "kwalliso-15", "period": "1977", "as": "visitor", "basis": "hearsay"},
    ]
    return made_up.collection(
        root,
        made_up.record(
            made_up.header("NKT-9001", camps=camps, topics=["hunger"], credibility={"notes": [note]}),
            "Coal was dug in the mine; the coal was black.",
            "They mined gold. A public execution was seen by all.",
        ),
        made_up.record(
            made_up.header("NKT-9002", kind="guard-account"), "The guards kept the coal pit.", "정치범수용소에서 강제노동을 했다."
        ),
        made_up.record(
            made_up.header(
                "NKT-9010",
                title="Made up for a test: coal in the title",
                credibility={"source": {"reliability": "C", "basis": "made up"}},
                camps=[{"camp": "kwalliso-18", "period": "1996"}],
            ),
            "Nothing of that sort.",
        ),
    )


@pytest.mark.parametrize(
    ("own", "words", "camp"),
    [
        (whoosh.query.Term("text", tokens.stem("gold")), "gold", ""),
        (
            whoosh.query.Phrase("text", ["public", "execut"], slop=tokens.STRIDE),
            '"public execution"',
            "",
        ),
        (
            whoosh.query.Phrase("text", ["execut", "public"], slop=tokens.STRIDE),
            '"execution public"',
            "",
        ),
        (whoosh.query.And([whoosh.query.Term("text", "coal"), whoosh.query.Term("camp", "kwalliso-14")]), "coal", "kwalliso-14"),
        (whoosh.query.Term("text", "수용"), "수용", ""),
    ],
    ids=["term", "phrase", "no phrase", "filter", "Korean"],
)
def test_whoosh_s_own_searcher_finds_the_same_passages(small: Path, own: Any, words: str, camp: str) -> None:
    """The index is one of Whoosh's, which another tool may read: terms, places and values of facets are where Whoosh looks."""
    expected = found(small, words, camp=(FacilityId(camp),) if camp else ())
    with Searcher(WhooshReader(FolderFiles(index_paths(small, PUBLIC).passages))) as searcher:
        codes, numbers = (searcher.reader().column_reader(name) for name in ("code", "paragraph"))
        hits = [hit.docnum for hit in searcher.search(own, limit=None)]
        assert sorted(f"{codes[at]}#p{int(numbers[at])}" for at in hits) == sorted(expected)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("coal mine", {"NKT-9001#p1"}),
        ("coal", {"NKT-9001#p1", "NKT-9002#p1", "NKT-9010#p1"}),
        ("coal NOT mine", {"NKT-9002#p1", "NKT-9010#p1"}),
        ("gold OR pit", {"NKT-9001#p2", "NKT-9002#p1"}),
        ("(gold OR pit) AND coal", {"NKT-9002#p1"}),
        ("NOT coal", {"NKT-9001#p2", "NKT-9002#p2"}),
        ('"public execution"', {"NKT-9001#p2"}),
        ('"execution public"', set()),
        ('"execution public"~1', {"NKT-9001#p2"}),
        ("execut*", {"NKT-9001#p2"}),
        ("wom?n", set()),
        ("executoin~1", {"NKT-9001#p2"}),
        ("수용소", {"NKT-9002#p2"}),
        (unicodedata.normalize("NFD", "수용소"), {"NKT-9002#p2"}),
        ("노동", {"NKT-9002#p2"}),
        ("witness", {"NKT-9001#p1", "NKT-9001#p2", "NKT-9002#p1", "NKT-9002#p2", "NKT-9010#p1"}),
        ("nowhere", set()),
    ],
)
def test_what_answers(small: Path, words: str, expected: set[str]) -> None:
    """A word may stand in the passage, its title, or its witness's names."""
    assert set(found(small, words)) == expected


def test_the_best_comes_first_and_ties_are_in_archive_order(small: Path) -> None:
    """A word said twice in the passage counts more than one in a title."""
    assert found(small, "coal") == ["NKT-9001#p1", "NKT-9002#p1", "NKT-9010#p1"]
    assert found(small) == ["NKT-9001#p1", "NKT-9001#p2", "NKT-9002#p1", "NKT-9002#p2", "NKT-9010#p1"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"camp": ("kwalliso-14",)}, ["NKT-9001#p1", "NKT-9001#p2"]),
        ({"camp": ("kwalliso-14", "kwalliso-18")}, ["NKT-9001#p1", "NKT-9001#p2", "NKT-9010#p1"]),
        ({"camp": ("kwalliso-14",), "role": ("prisoner",)}, ["NKT-9001#p1", "NKT-9001#p2"]),
        ({"camp": ("kwalliso-14",), "role": ("visitor",)}, []),
        ({"camp": ("kwalliso-14",), "period": (Span(19770101, 19771231),)}, []),
        ({"camp": ("kwalliso-15",), "period": (Span(19770101, 19771231),)}, ["NKT-9001#p1", "NKT-9001#p2"]),
        ({"period": (Span(19950601, 19990101),)}, ["NKT-9001#p1", "NKT-9001#p2", "NKT-9010#p1"]),
        ({"period": (Span(19950601, 19990101, within=True),)}, ["NKT-9010#p1"]),
        ({"flag": ("revised",)}, ["NKT-9001#p2"]),
        ({"without_flag": ("revised",)}, ["NKT-9001#p1", "NKT-9002#p1", "NKT-9002#p2", "NKT-9010#p1"]),
        ({"topic": ("hunger",)}, ["NKT-9001#p1", "NKT-9001#p2"]),
        ({"kind": ("guard-account",)}, ["NKT-9002#p1", "NKT-9002#p2"]),
        ({"reliability": ("C",)}, ["NKT-9010#p1"]),
    ],
)
def test_filters(small: Path, filters: dict[str, object], expected: list[str]) -> None:
    """Camp, role and period must be met by one and the same entry, not by two."""
    assert found(small, **filters) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Coal", {"NKT-9001#p1"}),
        ("coal", {"NKT-9001#p1", "NKT-9002#p1", "NKT-9010#p1"}),
        ("the mine;", {"NKT-9001#p1"}),
        ('"the mine; the coal"', {"NKT-9001#p1"}),
        ("min", set()),
        ("Public", set()),
        ("용소에", {"NKT-9002#p2"}),
        ("coal NOT mine", {"NKT-9002#p1", "NKT-9010#p1"}),
    ],
)
def test_words_as_typed(small: Path, words: str, expected: set[str]) -> None:
    """Case and signs count; Latin words are whole, Hangul may stand anywhere; a mark covers what was typed."""
    results = asked(small, Query(words, exact=True, limit=None))
    assert {reference(hit) for hit in results.hits} == expected
    for hit in results.hits:
        marked = {hit.passage.words[start:end] for start, end in hit.matches}
        assert marked <= {*words.split(), words.strip('"')}


@pytest.mark.parametrize("words", ["execut*", "executoin~1", '"coal mine"~3'])
def test_words_as_typed_take_no_patterns(small: Path, words: str) -> None:
    """They would be ignored, or read as something else."""
    with pytest.raises(BadQuery, match="--exact takes"):
        asked(small, Query(words, exact=True))


def test_fields_in_the_words_are_the_filters_of_the_options(small: Path) -> None:
    """One and the same entry must meet them, the undated are counted, and a facet is not emptied by its own."""
    assert found(small, "camp:14 role:visitor") == []
    assert asked(small, Query("period:1996")).undated_left_out == 2
    narrowed = asked(small, Query("camp:18", facets=True))
    assert {row.value for row in narrowed.facets["camp"]} == {"kwalliso-14", "kwalliso-15", "kwalliso-18"}
    assert found(small, "-flag:revised") == found(small, without_flag=("revised",))
    assert found(small, "camp:14 camp:15") == ["NKT-9001#p1", "NKT-9001#p2"]
    assert found(small, "camp:14 camp:18") == []


@pytest.mark.parametrize("words", ["camp: 15", "Flag: recanted"])
def test_a_field_without_its_value_is_told(small: Path, words: str) -> None:
    """It would be two words that nobody meant."""
    with pytest.raises(BadQuery, match="has no value"):
        asked(small, Query(words))


def test_a_day_in_the_past_never_hides_a_later_caveat(root: Path) -> None:
    """Records that came later are left out; a note known later stays and says since when it is asked for."""
    notes = [made_up.note("n1", "revised", known="2015-01"), made_up.note("n2", "caution", known="2012")]
    made_up.collection(
        root,
        made_up.record(made_up.header("NKT-9001", recorded={"date": "2012-03"}, credibility={"notes": notes}), "Coal."),
        made_up.record(made_up.header("NKT-9002", recorded={"date": "2016"}), "Coal."),
        made_up.record(made_up.header("NKT-9003", recorded={"date": "XXXX"}), "Coal."),
    )
    results = asked(root, Query("coal", Filters(as_of=20141231), facets=True))
    (hit,) = results.hits
    assert reference(hit) == "NKT-9001#p1"
    assert [(note.flag, note.since) for note in hit.passage.notes] == [("caution", ""), ("revised", "2014-12-31")]
    assert [row.value for row in results.facets["flag"]] == ["caution"]
    assert results.without_day == 1
    assert asked(root, Query("", Filters(as_of=20141231, flag=("revised",)))).passages == 0
    assert asked(root, Query("", Filters(as_of=20120331))).passages == 1
    assert asked(root, Query("", Filters(as_of=20120330))).passages == 0


def test_the_undated_are_counted_where_a_period_leaves_them_out(small: Path) -> None:
    """They are neither invented into a period nor dropped in silence."""
    results = asked(small, Query(filters=Filters(period=(Span(19960101, 19961231),))))
    assert [reference(hit) for hit in results.hits] == ["NKT-9010#p1"]
    assert results.undated_left_out == 2


def test_what_was_never_dated_is_counted_where_a_time_of_recording_leaves_it_out(root: Path) -> None:
    """Recorded *or published*: the year of the source stands in where nobody knows when an account was recorded."""
    issued = {"csl": {"type": "report", "title": made_up.NOTICE, "issued": {"date-parts": [["2010"]]}}}
    made_up.collection(
        root,
        made_up.record(made_up.header("NKT-9001", recorded={"date": "2001"}), "A zebra."),
        made_up.record(made_up.header("NKT-9002", recorded={"date": "XXXX"}), "A zebra."),
        made_up.record(made_up.header("NKT-9003", recorded={"date": "XXXX-05"}, source=issued), "A zebra."),
        made_up.record(made_up.header("NKT-9004", recorded={"date": "2005"}, source=issued), "A zebra."),
    )
    for asked_for, codes, undated in (("2010", ["NKT-9003"], 1), ("1996/2011", ["NKT-9001", "NKT-9003", "NKT-9004"], 1)):
        results = asked(root, Query("zebra", Filters(recorded=(search_filters.parse_period(asked_for),)), sort="code"))
        assert [hit.testimony.code for hit in results.hits] == codes
        assert results.undated_left_out == undated
    assert asked(root, Query("recorded:2010")).undated_left_out == 1
    assert (
        asked(root, Query("zebra", Filters(recorded=(search_filters.parse_period("2010"),), role=("guard",)))).undated_left_out
        == 0
    )


def test_facets_count_all_matches_in_passages_and_testimonies(small: Path) -> None:
    """Over all matches, not over the page; a facet's own filter does not empty it."""
    results = asked(small, Query("coal", facets=True, limit=1))
    assert [tuple(row) for row in results.facets["camp"]] == [("kwalliso-14", 1, 1), ("kwalliso-15", 1, 1), ("kwalliso-18", 1, 1)]
    assert ("undated", 1, 1) in [tuple(row) for row in results.facets["decade"]]
    narrowed = asked(small, Query("", Filters(camp=(FacilityId("kwalliso-18"),)), facets=True))
    assert {row.value for row in narrowed.facets["camp"]} == {"kwalliso-14", "kwalliso-15", "kwalliso-18"}
    assert [tuple(row) for row in narrowed.facets["decade"]] == [("1990s", 1, 1)]


def test_paging_reaches_every_hit_once(small: Path) -> None:
    """What one page leaves out the next one has."""
    whole = found(small)
    pages = [asked(small, Query(limit=2, offset=offset)) for offset in (0, 2, 4)]
    assert [reference(hit) for page in pages for hit in page.hits] == whole
    assert {page.passages for page in pages} == {5}


def test_matches_are_offsets_of_what_answers(small: Path) -> None:
    """Half-open, in code points, also for a stem, a pair of syllables, a phrase and a pattern."""

    def marked(words: str) -> list[str]:
        hit = asked(small, Query(words)).hits[0]
        return [hit.passage.words[start:end] for start, end in hit.matches]

    assert marked("mining") == ["mine"]
    assert marked("coal mine") == ["Coal", "mine", "coal"]
    assert marked("수용소") == ["수용소"]
    assert marked('"public execution"') == ["public execution"]
    assert marked("exec*") == ["execution"]


def test_coverage_counts_the_files_that_nobody_could_read(small: Path) -> None:
    """A broken neighbour hides nothing and is counted."""
    made_up.put(small, "no header\n", "NKT-9003-broken.md")
    results = asked(small, Query("coal"))
    assert results.coverage == (3, 4, 0)
    assert results.testimonies == 3


def test_two_files_with_one_code_are_both_left_out(small: Path) -> None:
    """Neither is read, since nobody can say which is meant; copies of the same bytes are one record."""
    first, second = (small / f"testimonies/NKT-9002-{name}.md" for name in ("made-up", "copy"))
    shutil.copy(first, second)
    results = asked(small, Query("coal"))
    assert {hit.passage.code for hit in results.hits} == {"NKT-9001", "NKT-9002", "NKT-9010"}
    assert results.coverage == (3, 3, 0)
    second.write_bytes(first.read_bytes() + b"\nAnother edit of the same record.\n")
    results = asked(small, Query("coal"))
    assert {hit.passage.code for hit in results.hits} == {"NKT-9001", "NKT-9010"}
    assert results.coverage == (2, 4, 0)


def everything(folder: Path) -> bytes:
    """Return the bytes of all files of a folder, unpacked where Whoosh packs them."""
    raw = [file.read_bytes() for file in folder.rglob("*") if file.is_file()]
    unpacked = []
    for content in raw:
        at = content.find(b"\x78")
        while at >= 0:  # wherever a zlib stream may begin
            with contextlib.suppress(zlib.error):
                unpacked.append(zlib.decompressobj().decompress(content[at:]))
            at = content.find(b"\x78", at + 1)
    return b"".join([*raw, *unpacked])


def dump(root: Path) -> list[object]:
    """Return everything that a set of queries answers, scores included."""
    queries = [
        Query("coal", facets=True, limit=None),
        Query("made OR test", limit=None),
        Query(filters=Filters(flag=("revised",)), limit=None, facets=True),
        Query(filters=Filters(without_flag=("contradicted",)), limit=None),
        Query("수용소", limit=None),
    ]
    with Archive(root) as room:
        return [room.answer(query)._replace(query=Query()) for query in queries] + list(room.records())


WORDS = st.lists(st.sampled_from(["coal", "mine", "gold", "수용소에서", "execution", "pit"]), min_size=1, max_size=6)
STEP = st.tuples(st.sampled_from(["write", "delete", "restrict", "note"]), st.integers(1, 4), WORDS)


@examples(8)
@given(steps=st.lists(STEP, min_size=1, max_size=6))
def test_an_index_brought_up_to_date_equals_one_made_anew(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, list[str]]]
) -> None:
    """Hits, order, scores, totals, facets and caveats, also where a note in one record reaches another."""
    with endurance.quick_authorities():
        root = made_up.collection(
            tmp_path_factory.mktemp("history"),
            *(made_up.record(made_up.header(f"NKT-900{number}"), "coal mine") for number in range(5)),
        )
        asked(root, Query())
        for action, number, words in steps:
            code = f"NKT-900{number}"
            head = made_up.header(code)
            if action == "restrict":
                head = made_up.header(code, access={"level": "restricted"})
            if action == "note":
                target = f"NKT-900{number - 1}#p1"
                head = made_up.header(
                    code,
                    credibility={"notes": [made_up.note("n1", "contradicted", **{"with": [target]})]},
                    relations=[{"type": "relies-on", "code": f"NKT-900{(number + 1) % 5}", "paragraphs": [1]}],
                )
            file = made_up.put(root, made_up.record(head, " ".join(words), "another"))
            if action == "delete":
                file.unlink()
            asked(root, Query())
        brought = dump(root)
        shutil.rmtree(root / "index")
        assert brought == dump(root)


def test_facets_are_counted_where_a_segment_has_grown_by_passages_without_a_value(root: Path) -> None:
    """The bits of a value that no new passage has are as many as they were, and are read for the new passages too."""
    made_up.few_authorities(root)
    made_up.collection(root, *(_long_record(f"NKT-9{number:03}", "zebra") for number in range(1, 9)))
    with Archive(root) as archive:
        assert archive.answer(Query("zebra")).passages == 8 * _LONG
    new = [f"NKT-9{number:03}" for number in range(9, 12)]
    for code in new:
        written = _long_record(code, "okapi", language="fr", topics=["hunger"])
        (root / "testimonies" / f"{code}-made-up.md").write_text(written, encoding="utf-8")
    with Archive(root) as archive:
        assert archive.answer(Query("made", facets=True)).passages == 11 * _LONG
        for code in new:
            results = archive.answer(Query("okapi 9", facets=True, filters=Filters(code=(code,))))
            assert [(value.value, value.passages) for value in results.facets["language"]] == [("fr", results.passages)]


_LONG = 40
"""More passages than are counted one by one before anything was counted."""


def _long_record(code: str, word: str, **changes: Any) -> str:
    return made_up.record(made_up.header(code, **changes), *(f"Made up: {word} {number} of {code}." for number in range(_LONG)))


def test_excerpts_do_not_depend_on_the_order_of_files(small: Path, tmp_path: Path) -> None:
    """A collection copied file by file in another order gives the same answer."""
    names = sorted((small / "testimonies").iterdir())
    random.Random(1).shuffle(names)
    other = tmp_path / "other"
    (other / "testimonies").mkdir(parents=True)
    for file in names:
        shutil.copy(file, other / "testimonies" / file.name)
    before, after = dump(small), dump(other)
    assert before == after


def test_words_taken_out_of_a_record_are_gone_from_every_index_file(small: Path) -> None:
    """Not only out of the answers: the stored text of an old version lies in no file."""
    asked(small, Query())
    made_up.put(small, made_up.record(made_up.header("NKT-9009"), "Canarywords were said."))
    assert found(small, "canarywords") == ["NKT-9009#p1"]
    assert b"anaryword" in everything(small / "index")
    made_up.put(small, made_up.record(made_up.header("NKT-9009"), "Quite other words."))
    assert found(small, "canarywords") == []
    assert b"anaryword" not in everything(small / "index")


def test_the_state_lies_apart_from_the_public_index(small: Path) -> None:
    """File names and fingerprints, also of closed records, are not in the folder that readers open."""
    made_up.put(small, made_up.record(made_up.header("NKT-9044", access={"level": "closed"}), "Canarywords."))
    asked(small, Query())
    public = index_paths(small, PUBLIC)
    assert b"NKT-9044" not in everything(public.passages.parent)
    assert b"anaryword" not in everything(small / "index")
    assert "testimonies/NKT-9044-made-up.md" in index_state.load(public.state).file_states


def test_the_index_is_for_its_owner_alone(small: Path) -> None:
    """It holds the text of the records."""
    asked(small, Query())
    assert (small / "index").stat().st_mode & 0o777 == 0o700
    assert (small / "index" / "public").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("pattern", ["_MAIN_*.toc", "*.terms", "*.passages"])
def test_damaged_and_planted_index_files_are_made_anew(small: Path, tmp_path: Path, pattern: str) -> None:
    """Opening an index runs no code from it; what is no index of ours is rebuilt, and the answer is whole."""
    whole = asked(small, Query("coal")).hits
    for file in index_paths(small, PUBLIC).passages.glob(pattern):
        file.write_bytes(file.read_bytes()[:40])
    assert asked(small, Query("coal")).hits == whole


def test_no_index_file_holds_a_pickle(small: Path) -> None:
    """Neither the table of contents nor a segment: from no byte on can anything be read as a pickle that makes an object."""
    asked(small, Query())
    content = everything(small / "index")
    assert not pickled(content)
    assert pickled(content + pickle.dumps(small, 2) + content)
    assert pickled(content + pickle.dumps(small, 5) + content)


def pickled(content: bytes) -> list[int]:
    """Return where pickles begin; two bytes that look like a beginning come up by chance in what is packed."""
    return [at for at in (each.start() for each in re.finditer(rb"\x80[\x02-\x05]", content)) if names_a_class(content[at:])]


def names_a_class(content: bytes) -> bool:
    """Ask whether it begins with a pickle that names a class."""
    named = False
    try:
        for opcode, _, _ in pickletools.genops(content):
            named = named or opcode.name in {"GLOBAL", "STACK_GLOBAL", "INST"}
    except (ValueError, IndexError, UnicodeDecodeError, NotImplementedError):
        return False
    return named


def test_a_stale_state_never_serves_an_old_index(small: Path) -> None:
    """An index of another program version, or a state that is no JSON, is made anew."""
    asked(small, Query())
    state = index_paths(small, PUBLIC).state
    index_state.save(state, index_state.load(state)._replace(made_by="0/0"))
    assert len(found(small)) == 5
    state.write_text("{")
    assert len(found(small)) == 5


@pytest.fixture
def named(root: Path) -> Path:
    """Made-up passages that call Camp 15 and places by several names."""
    texts = (
        "At 요덕수용소에서.",
        "In Yodŏk.",
        "In camp no. 15 there.",
        "제15호관리소에 있었다.",
        "There were 15 of them.",
        "Near Kaech'ŏn.",
        "In 개천.",
        "In Camp 14.",
    )
    return made_up.collection(root, *(made_up.record(made_up.header(f"NKT-90{at:02d}"), text) for at, text in enumerate(texts)))


@pytest.mark.parametrize("words", ["요덕", "Yodok", "Yodŏk", '"Camp 15"', "Camp 15", "15호 관리소", "kwalliso-15", "camp yodok"])
def test_a_facility_is_found_under_every_accepted_name(named: Path, words: str) -> None:
    """Whatever its spelling; a bare number is no name."""
    assert set(found(named, words)) == {"NKT-9000#p1", "NKT-9001#p1", "NKT-9002#p1", "NKT-9003#p1"}


def test_a_name_of_several_facilities_brings_its_own_spellings_alone(named: Path) -> None:
    """Camp 14 is near Kaechon, and so are three others."""
    results = asked(named, Query("Kaechon"))
    assert {reference(hit) for hit in results.hits} == {"NKT-9005#p1", "NKT-9006#p1"}
    assert results.expanded[0].why == ("kwalliso-14", "kwalliso-17-kaechon", "kwalliso-18", "kyohwaso-1")


@pytest.mark.parametrize("query", [Query("Yodok", plain=True), Query("15")])
def test_nothing_is_added_to_plain_words_and_bare_numbers(named: Path, query: Query) -> None:
    """What was added is told, and here nothing was."""
    assert asked(named, query).expanded == ()


def test_a_name_is_marked_as_the_text_has_it(named: Path) -> None:
    """The reader sees what answered."""
    hits = asked(named, Query("Yodok", limit=None)).hits
    assert {hit.passage.words[start:end] for hit in hits for start, end in hit.matches} == {"요덕", "Yodŏk", "no. 15", "15호"}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("camp:15", ["NKT-9001#p1", "NKT-9001#p2"]),
        ("camp:14 role:prisoner coal", ["NKT-9001#p1"]),
        ("-flag:revised gold", []),
        ("kind:guard-account coal", ["NKT-9002#p1"]),
        ("period:1996", ["NKT-9010#p1"]),
        ("code:NKT-9010", ["NKT-9010#p1"]),
        ('witness:"witness made"', ["NKT-9001#p1", "NKT-9001#p2", "NKT-9002#p1", "NKT-9002#p2", "NKT-9010#p1"]),
        ("camp:18 OR gold", ["NKT-9001#p2", "NKT-9010#p1"]),
    ],
)
def test_fields_in_the_words(small: Path, words: str, expected: list[str]) -> None:
    """The same filters as the options, inside the query."""
    assert sorted(found(small, words)) == expected


def test_words_in_different_passages_of_one_testimony(small: Path) -> None:
    """The answer says how many testimonies have them apart, and --together brings them."""
    results = asked(small, Query("black gold"))
    assert (results.passages, results.in_different_passages) == (0, 1)
    together = asked(small, Query("black gold", together=True))
    assert [reference(hit) for hit in together.hits] == ["NKT-9001#p1", "NKT-9001#p2"]


def test_a_mistyped_word_is_met_with_one_that_is_there(small: Path) -> None:
    """From the terms of this index alone; a slip of the keyboard that means one word is read as it, and that is told."""
    assert asked(small, Query("exekutions", words_only=True)).suggestions == ("execution",)
    assert asked(small, Query("execution")).suggestions == ()
    read = asked(small, Query("executoin")).expanded
    assert ("executoin", ("execution",), ("misspelt",)) in [(each.word, each.to, each.why) for each in read]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (Query(sort="code"), ["NKT-9001#p1", "NKT-9001#p2", "NKT-9002#p1", "NKT-9002#p2", "NKT-9010#p1"]),
        (Query(sort="period"), ["NKT-9001#p1", "NKT-9001#p2", "NKT-9010#p1", "NKT-9002#p1", "NKT-9002#p2"]),
        (Query("gold OR coal OR pit", group=True, words_only=True), ["NKT-9002#p1", "NKT-9001#p2", "NKT-9001#p1", "NKT-9010#p1"]),
    ],
)
def test_orders(small: Path, query: Query, expected: list[str]) -> None:
    """Archive order, time told of with the undated last, and one testimony's hits together."""
    assert [reference(hit) for hit in asked(small, query).hits] == expected


def test_a_collection_of_closed_records_answers_as_an_empty_one(root: Path) -> None:
    """Nothing tells a reader that there is something that they may not see."""
    (root / "testimonies").mkdir()
    told = []
    for _ in range(2):
        with pytest.raises(EmptyCollection) as refused:
            asked(root, Query("coal"))
        told.append(refused.value.message)
        made_up.put(root, made_up.record(made_up.header("NKT-9001", access={"level": "closed"}), "Coal."))
    assert told[0] == told[1]


def test_no_pattern_tries_for_ever(root: Path) -> None:
    """A text of one letter and a pattern of many stars end soon."""
    made_up.collection(root, made_up.record(made_up.header("NKT-9001"), "a" * 60))
    start = time.process_time()
    assert found(root, f"aa{'*a' * 12}*b") == []
    assert time.process_time() - start < 20, "of work, whatever else the machine does"


def test_a_missing_copy_of_the_authorities_is_made_anew(small: Path) -> None:
    """Every file of the index may be deleted at any time."""
    whole = asked(small, Query("coal")).hits
    index_paths(small, PUBLIC).authorities.unlink()
    assert asked(small, Query("coal")).hits == whole


def test_fields_with_a_hyphen_stand_in_the_words_too(small: Path) -> None:
    """As the options are written."""
    assert found(small, "gold without-flag:revised") == []
    assert found(small, "period-within:1995/1997") == ["NKT-9010#p1"]


def test_the_period_of_the_record_holds_for_a_camp_that_only_a_claim_names(root: Path) -> None:
    """What a claim does not say comes from the record."""
    claims = [{"id": "c1", "text": "x", "paragraphs": [1], "camps": ["kwalliso-14"], "status": "asserted"}]
    made_up.collection(root, made_up.record(made_up.header("NKT-9001", period="1982/1990", claims=claims)))
    assert found(root, period=(Span(19850101, 19851231),)) == ["NKT-9001#p1"]


@pytest.mark.parametrize(("seen", "said"), [("not-seen", "was not seen"), ("in-part", "was seen in part"), ("whole", "")])
def test_a_citation_says_what_was_seen_and_no_more(root: Path, seen: str, said: str) -> None:
    """Also where the account was read through another text."""
    source = {"ref": "harden-2012", "seen": seen, "through": "atlantic-2012"}
    made_up.collection(root, made_up.record(made_up.header("NKT-9001", source=source)))
    with Archive(root) as room:
        hit = room.answer(Query()).hits[0]
        citation = room.cut(hit, digits=16, in_full=True).citation
    assert "as reported by" in citation
    assert ("the original" in citation) is bool(said)
    assert said in citation


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [("77호실", '"호 호"~4', 0), ("호 산 호", '"호 호"~4', 1), ("수용수용소", '"수용 수용"~3', 0)],
)
def test_a_word_that_is_asked_for_twice_stands_in_two_words(root: Path, text: str, words: str, found: int) -> None:
    """One that begins as a syllable and as a pair is still one."""
    made_up.collection(root, made_up.record(made_up.header("NKT-9001"), text))
    with Archive(root) as room:
        assert room.answer(Query(words)).passages == found


@pytest.mark.parametrize(
    ("words", "number"),
    [('"coal mine"', 1), ('"pit coal"', 0), ('"coal mine"~1', 2), ('"mine pit"~2', 1), ('"mine pit"~1', 0)],
)
def test_words_together_may_be_any_of_those_that_a_passage_has(root: Path, words: str, number: int) -> None:
    """Not the first of each alone: what stands together may come after others of the same word."""
    made_up.collection(
        root,
        made_up.record(made_up.header("NKT-9001"), "coal and gold and then coal mine and no pit"),
        made_up.record(made_up.header("NKT-9002"), "mine and gold and then some coal by mine"),
    )
    assert asked(root, Query(words, words_only=True)).passages == number


NOTHING = "\u0301"


@pytest.mark.parametrize(
    ("words", "options", "same"),
    [
        (NOTHING, {"exact": True}, None),
        (f"coal {NOTHING}", {"exact": True}, "coal"),
        (NOTHING, {"plain": True}, None),
        (f"coal {NOTHING}", {"plain": True}, "coal"),
        (f"coal {NOTHING}", {}, "coal"),
        (f'coal "{NOTHING}"', {}, "coal"),
        (f'coal "{NOTHING} {NOTHING}"~3', {}, "coal"),
        (f"coal NOT {NOTHING}", {}, "coal"),
        (f"coal -{NOTHING}", {}, "coal"),
        (f"coal OR {NOTHING}", {}, "coal"),
        (f"coal witness:{NOTHING}", {}, None),
        (f"{NOTHING}~1", {}, None),
        (f"{NOTHING}{NOTHING}*", {}, None),
        (f'"coal {NOTHING} mine"~3', {}, '"coal mine"~3'),
        (f"coal {NOTHING}", {"together": True}, "coal"),
        (f"coal {NOTHING}", {"plain": True, "any_of": True}, "coal"),
        ("\u200b \u00ad coal", {}, "coal"),
        ("' coal ʻ", {}, "coal"),
        ("ﱞ coal", {}, "coal"),
        ("\u3164 coal", {}, "coal"),
    ],
)
def test_words_that_fold_to_nothing_ask_for_nothing(small: Path, words: str, options: dict[str, bool], same: str | None) -> None:
    """Whatever stands around them; alone they are refused, or find nothing, and the index is not made anew."""
    told: list[str] = []
    with Archive(small, say=told.append) as room:
        room.codes()
        told.clear()
        try:
            found = [reference(hit) for hit in room.answer(Query(words, limit=None, **options)).hits]
        except UsageFault:
            found = []
        options.pop("exact", None)
        expected = [] if same is None else [reference(hit) for hit in room.answer(Query(same, limit=None, **options)).hits]
        assert set(found) == set(expected)
    assert told == []


def test_an_error_of_our_own_is_no_damage_to_the_index(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It passes on at once, and the index is not made anew."""

    def slip(*_: object) -> None:
        raise ValueError

    told: list[str] = []
    with Archive(small, say=told.append) as room:
        room.codes()
        told.clear()
        monkeypatch.setattr(WhooshEngine, "_matches", slip)
        with pytest.raises(ValueError, match=r"^$"):
            room.answer(Query("coal"))
        assert told == []


def test_an_error_of_our_own_ends_a_command_once(small: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a defect, with its own exit code and sentence."""
    asked(small, Query("coal"))

    def slip(*_: object, **__: object) -> None:
        raise ValueError

    monkeypatch.setattr(WhooshEngine, "_matches", slip)
    ran = run("search", "coal")
    assert (ran.code, ran.out) == (70, "")
    assert ran.err.count("Error:") == 1
    assert "the index" not in ran.err


def test_what_an_error_may_come_of_is_told_by_the_files(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: where a file is not as it was written, the same error makes the index anew, and the answer is whole."""
    whole = asked(small, Query("coal")).hits
    told: list[str] = []
    really, slips = WhooshEngine._matches, iter([True])  # noqa: SLF001 - where an error may come up
    with Archive(small, say=told.append) as room:
        room.codes()
        file = next(index_paths(small, PUBLIC).passages.glob("*.terms"))
        file.write_bytes(file.read_bytes()[:-1] + b"x")

        def slip(*each: object, **named: object) -> object:
            if next(slips, False):
                raise ValueError
            return really(*each, **named)  # type: ignore[arg-type]

        monkeypatch.setattr(WhooshEngine, "_matches", slip)
        assert room.answer(Query("coal")).hits == whole
    assert len([line for line in told if "making the index anew" in line]) == 1


def test_an_index_that_was_just_made_is_not_made_again_for_the_same_reason(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What we write and cannot read is our mistake: told once, after one try."""

    def unreadable(*_: object, **__: object) -> None:
        message = "the index is damaged: made up"
        raise DamagedIndex(message)

    told: list[str] = []
    monkeypatch.setattr(WhooshEngine, "_matches", unreadable)
    with Archive(small, say=told.append) as room, pytest.raises(Defect, match="a moment ago"):
        room.answer(Query("coal"))
    assert len([line for line in told if "made the index" in line]) <= 2


def test_a_word_adds_to_a_score_once_however_the_words_are_put_together(root: Path) -> None:
    """What answers one side of OR alone scores as that side by itself: the other adds nothing to what it leaves out."""
    one = made_up.record(made_up.header("NKT-9001", title="made up"), "There was coal.")
    two = made_up.record(made_up.header("NKT-9002", title="coal, made up"), "It was a coal mine.")
    made_up.collection(root, one, two)
    with Archive(root) as room:
        alone, either, meant = (
            {reference(hit): hit.score for hit in room.answer(Query(words, words_only=True)).hits}
            for words in ("coal", "coal OR (coal mine)", "coal OR (coal -mine)")
        )
    assert either["NKT-9001#p1"] == pytest.approx(alone["NKT-9001#p1"])
    assert meant["NKT-9002#p1"] == pytest.approx(alone["NKT-9002#p1"])
    assert either["NKT-9002#p1"] > alone["NKT-9002#p1"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("(coal mine) OR (coal OR mine)", {"NKT-9001#p1", "NKT-9001#p2", "NKT-9001#p3"}),
        ("(coal OR mine) (coal mine)", {"NKT-9001#p3"}),
        ("(coal OR mine) -(coal mine)", {"NKT-9001#p1", "NKT-9001#p2"}),
    ],
)
@pytest.mark.parametrize("words_only", [False, True])
def test_all_words_and_any_of_the_same_words_are_told_apart(
    root: Path, words: str, expected: set[str], *, words_only: bool
) -> None:
    """A part that asks for all of some words is not answered as one that asks for any of them, in whatever query both stand."""
    made_up.collection(root, made_up.record(made_up.header("NKT-9001"), "Coal.", "A mine.", "Coal of the mine.", "Nothing."))
    with Archive(root) as room:
        hits = room.answer(Query(words, words_only=words_only)).hits
    assert {reference(hit) for hit in hits} == expected
