"""Words, pages and records of a size that nobody expects: the same from both engines."""

from pathlib import Path

import pytest

import clusters
import made_up
from archive.engine.opensearch import _reader, searcher
from archive.engine.opensearch.client import Cluster
from archive.search.model import SORTS, Filters, Query, Span

THAI = "เขาทำงานในเหมืองถ่านหินทุกวัน" * 12
LONG = "가나다라마바사아자차카타파하"
TEXTS = (
    f"Before {LONG * 20} after.",
    f"before {LONG} 뒤에 after, and coal.",
    f"{THAI} coal {THAI}",
    "가나다라마바사아자 coal mine; a mine of coal.",
    "5kg of 1990's coal for l'enfant, 2로동교화소 and 15호관리소.",
    "_ | + a|b coal+mine _coal_ mine|s",
)
ASKED = (
    Query(LONG),
    Query(LONG[:9]),
    Query(LONG[:8]),
    Query(f"{LONG[:12]} coal"),
    Query(f'"before {LONG[:10]}"'),
    Query(f'"{LONG[10:]} 뒤에"'),
    Query(f'"Before {LONG * 20} after"'),
    Query(f'"{LONG[:10]} after"~5'),
    Query("ถ่านหิน"),
    Query('"ถ่านหิน coal"~300'),
    Query('"coal mine"'),
    Query('"coal coal"~20'),
    Query('"mine coal"~2'),
    Query("enfant 1990 kg"),
    Query('"5kg of 1990"'),
    Query("노동교화소 관리소"),
    Query('"a b"'),
    Query('"coal mine"', exact=True),
    Query("가나", exact=True),
    Query("_ | +", plain=True),
    Query("호"),
    Query(f"{LONG[:5]}*"),
)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Records with such words, and a version of one of them."""
    every = [
        made_up.record(
            made_up.header(
                f"NKT-900{at}",
                title=f"{words[:60]} title",
                camps=[{"camp": f"kwalliso-1{4 + at % 2}", "period": f"19{80 + at}"}],
                recorded={"date": f"{2010 - at}"},
            ),
            *TEXTS[: 1 + at % 3],
            words,
        )
        for at, words in enumerate(TEXTS, 1)
    ]
    version = made_up.version("NKT-9001", "ko", *TEXTS[1:4])
    return made_up.collection(tmp_path_factory.mktemp("odd"), *every, version)


def test_long_words_and_signs_of_our_own(cluster: Cluster, root: Path) -> None:
    """Words of more syllables than a token or a position holds, scripts without spaces, and the signs between our tokens."""
    with clusters.engines(cluster, root) as (whoosh, opensearch):
        for query in ASKED:
            clusters.assert_same(whoosh, opensearch, query._replace(limit=None, facets=True))
        found = [clusters.answer(whoosh, query) for query in ASKED]
    assert sum(bool(getattr(each, "passages", 0)) for each in found) > len(ASKED) // 2


def test_answers_of_many_pages(cluster: Cluster, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same where every page, every list of values and every fetch ends after two."""
    for room, name in ((_reader, "MOST_HITS"), (_reader, "MOST_BUCKETS"), (_reader, "MOST_STORED"), (searcher, "MOST_STORED")):
        monkeypatch.setattr(room, name, 2)
    ways = [("relevance", True), *((sort, at % 2 == 1) for at, sort in enumerate(SORTS))]
    asked = [Query("coal OR 가나다", limit=None, facets=not at, sort=sort, group=group) for at, (sort, group) in enumerate(ways)]
    asked += [Query("coal", limit=3, offset=offset) for offset in range(0, 12, 3)]
    asked += [Query("", filters=Filters(period=(Span(19810101, 19831231),)), facets=True, limit=None, sort="period")]
    asked += [Query("coal mine", together=True, limit=None), Query("Coal", exact=True), Query("가나*", limit=None)]
    with clusters.engines(cluster, root) as (whoosh, opensearch):
        for query in asked:
            clusters.assert_same(whoosh, opensearch, query)
        assert list(opensearch.codes()) == list(whoosh.codes())
        assert [opensearch.record(code) for code in whoosh.codes()] == [whoosh.record(code) for code in whoosh.codes()]
        assert len(list(opensearch.outlines())) == len(list(whoosh.codes()))
        records = list(filter(None, map(whoosh.record, whoosh.codes())))
        for sha256 in {passage.sha256 for record in records for passage in record.passages}:
            assert opensearch.places(sha256) == whoosh.places(sha256)
            assert opensearch.places(sha256[:16], "ko") == whoosh.places(sha256[:16], "ko")


def test_a_part_of_the_index_that_can_find_nothing_counts_for_scores(cluster: Cluster, tmp_path: Path) -> None:
    """The rarity of a word is that in all passages, also where a filter lets nothing pass in some part of the index."""
    every = [
        made_up.record(
            made_up.header(f"NKT-900{at}", camps=[{"camp": "kwalliso-14", "period": f"19{70 + at}"}]),
            f"There was {'coal ' * at} and a mine.",
            "Coal alone." if at % 2 else "Nothing.",
        )
        for at in range(1, 7)
    ]
    with clusters.engines(cluster, made_up.collection(tmp_path, *every)) as (whoosh, opensearch):
        for at in range(1, 7):
            period = (Span(19700000 + at * 10000, 19701231 + at * 10000),)
            clusters.assert_same(whoosh, opensearch, Query("coal mine", filters=Filters(period=period), limit=None))
            clusters.assert_same(whoosh, opensearch, Query('"a mine"', filters=Filters(period=period), sort="code"))


def test_words_of_another_language_alone_score_alike(cluster: Cluster, tmp_path: Path) -> None:
    """As typed, together, or in an order of its own, also where no other part of the index has a version of that place."""
    translated = {"rendering": "summary", "translated": {"from": "zz", "by": "made up"}}
    every = (
        made_up.record(made_up.header("NKT-9001", language="ko"), "산속 77.", "력사 로동."),
        made_up.version("NKT-9001", "en", "Of coal.", text=translated, pairs=[[[1, 2], [1]]]),
        made_up.version("NKT-9001", "ja", "산속 1,977 mine.", "굶주림.", text=translated),
        made_up.record(made_up.header("NKT-9002", language="ko"), "산.", "로동 mine.", "둘 1,977 of."),
        made_up.version("NKT-9002", "ja", "A word.", "A mine.", "More.", text=translated),
    )
    with clusters.engines(cluster, made_up.collection(tmp_path, *every)) as (whoosh, opensearch):
        for words in ("1,977", "mine", '"1,977 mine"'):
            for way in ({"exact": True}, {"together": True}, {"words_only": True}, {"sort": "code"}):
                clusters.assert_same(whoosh, opensearch, Query(words, limit=None, **way))
