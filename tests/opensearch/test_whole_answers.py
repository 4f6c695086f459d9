"""A cluster answers in full or not at all: what is forged, cut or left out of an answer is an error, and nothing is printed."""

import copy
import functools
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import opensearchpy
import pytest

import clusters
import made_up
from archive.engine.opensearch import documents, lexicon
from archive.engine.opensearch._reader import KEPT, PointInTime
from archive.engine.opensearch.amendments import TakenBack
from archive.engine.opensearch.client import Cluster
from archive.engine.opensearch.searcher import OpenSearchEngine
from archive.errors import DamagedIndex, IndexBusy, NoCluster
from archive.indexing.session import IndexSession
from archive.reader import read
from archive.search.model import Filters, Query
from clusters import Recording
from running import ask_program

ASKED = (
    Query("coal", limit=None, facets=True),
    Query("coal"),
    Query("coal", sort="period"),
    Query("coal mine", together=True),
    Query("Coal", exact=True),
    Query("nowhereword"),
    Query(filters=Filters(witness=("made-up",)), group=True, limit=None),
    Query("min*"),
)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some made-up records."""
    words = ("Coal and a mine.", "Only coal here.", "A mine alone, and Coal.")
    every = [made_up.record(made_up.header(f"NKT-900{at}", topics=["hunger"]), *words[: 1 + at % 3]) for at in range(1, 6)]
    return made_up.collection(tmp_path_factory.mktemp("whole"), *every)


@pytest.fixture(scope="module")
def index(cluster: Cluster, root: Path) -> Iterator[str]:
    """Index them once."""
    with clusters.index_of(cluster, clusters.read_collection(root)) as index:
        yield index


def transport() -> Any:
    """Return what asks the real cluster."""
    return opensearchpy.OpenSearch(clusters.hosts(), timeout=60).transport


def opened(index: str, root: Path, forge: clusters.Forge) -> OpenSearchEngine:
    """Open an index whose answers are forged."""
    authorities = read.read_authorities(root)
    OPENED.append(OpenSearchEngine(Cluster(Recording(forge, transport())), index, lambda: authorities))
    return OPENED[-1]


OPENED: list[OpenSearchEngine] = []


@pytest.fixture(autouse=True)
def let_go() -> Iterator[None]:
    """Let go of every point in time that a forged answer has left open: a node keeps three hundred at most."""
    yield
    while OPENED:
        if left := OPENED.pop()._reader._opened:  # noqa: SLF001 - what forges would forge the answer to this too
            clusters.cluster().close_point_in_time(left)


def _fewer_shards(answer: Any) -> None:
    answer["_shards"] = {"total": 2, "successful": 1, "skipped": 0, "failed": 0}


def _failed_shard(answer: Any) -> None:
    answer["_shards"] |= {"failed": 1}


def _no_shards(answer: Any) -> None:
    del answer["_shards"]


def _timed_out(answer: Any) -> None:
    answer["timed_out"] = True


def _estimated(answer: Any) -> None:
    answer["hits"]["total"]["relation"] = "gte"


def _cut_page(answer: Any) -> None:
    hits = answer["hits"]["hits"]
    answer["hits"]["hits"] = hits[:-1] if hits else [None]


def _another_total(answer: Any) -> None:
    answer["hits"]["total"]["value"] += 1


def _lost_value(answer: Any) -> None:
    answer["aggregations"]["values"]["buckets"].pop()


def _whatever(_body: Any) -> bool:
    return True


def _is_a_page(body: Any) -> bool:
    return "sort" in body


def _is_a_count(body: Any) -> bool:
    composite = body.get("aggs", {}).get("values", {}).get("composite", {"sources": [{"value": {"terms": {"field": ""}}}]})
    return composite["sources"][0]["value"]["terms"]["field"] in {"code", "setting"}


FORGERIES = (
    (_fewer_shards, _whatever),
    (_failed_shard, _whatever),
    (_no_shards, _whatever),
    (_timed_out, _whatever),
    (_estimated, _whatever),
    (_cut_page, _whatever),
    (_another_total, _is_a_page),
    (_lost_value, _is_a_count),
)
"""What is done to an answer, and to which requests it is."""


@functools.cache
def searches(index: str, root: Path, query: Query) -> tuple[Any, ...]:
    """Return what a cluster is asked to search for one answer, request after request; the same each time."""
    bodies = []

    def keep(path: str, body: Any, answer: Any) -> Any:
        if path.endswith("_search"):
            bodies.append(body)
        return answer

    opened(index, root, keep).search(query)
    return tuple(bodies)


@pytest.mark.parametrize("query", ASKED, ids=lambda query: query.words or "filters")
@pytest.mark.parametrize(("forgery", "concerns"), FORGERIES)
def test_an_answer_that_is_not_whole_is_an_error(
    index: str, root: Path, query: Query, forgery: Callable[[Any], None], concerns: Callable[[Any], bool]
) -> None:
    """Whichever of the requests of one answer it is: the first that it concerns, one in the middle, the last."""
    number = sum(concerns(body) for body in searches(index, root, query))
    for wanted in {1, (number + 1) // 2, number} if number else ():
        seen = 0

        def forge(path: str, body: Any, answer: Any, wanted: int = wanted) -> Any:
            nonlocal seen
            seen += path.endswith("_search") and concerns(body)
            if seen == wanted and path.endswith("_search") and concerns(body):
                answer = copy.deepcopy(answer)
                try:
                    forgery(answer)
                except IndexError:  # it found nothing of which something could be lost
                    answer["timed_out"] = True
            return answer

        with pytest.raises(NoCluster):
            opened(index, root, forge).search(query)
        assert seen == wanted


def test_the_control_the_same_answers_unforged_are_taken(index: str, root: Path) -> None:
    """Else the errors above would show nothing."""
    engine = opened(index, root, lambda _path, _body, answer: answer)
    assert [bool(engine.search(query).passages) for query in ASKED] == [True] * 5 + [False, True, True]


def test_what_is_stored_and_cannot_be_read_is_damage(index: str, root: Path) -> None:
    """No hit is made of half of it."""

    def forge(_path: str, _body: Any, answer: Any) -> Any:
        for hit in answer.get("hits", {}).get("hits", ()):
            if "stored" in hit.get("_source", {}):
                hit["_source"]["stored"] = hit["_source"]["stored"][:12]
        return answer

    with pytest.raises(DamagedIndex):
        opened(index, root, forge).search(Query("coal"))


def test_a_point_in_time_that_ran_out_is_opened_again(cluster: Cluster, root: Path) -> None:
    """The index is the same for as long as it is there; one that is gone is said to be."""
    authorities = read.read_authorities(root)
    with clusters.index_of(cluster, clusters.read_collection(root)) as index:
        engine = OpenSearchEngine(cluster, index, lambda: authorities)
        before = engine.search(Query("coal", limit=None))
        cluster.close_point_in_time(engine._reader._opened)  # noqa: SLF001 - as the cluster does after some minutes
        assert engine.search(Query("coal", limit=None)) == before
    with pytest.raises(IndexBusy):
        engine.search(Query("mine"))


def _is_closed_where_it_was(cluster: Cluster, opened: str) -> bool:
    """Tell whether what a point in time names is closed within some seconds: the cluster refuses then to look for places."""
    rule = {"all_of": {"intervals": [{"match": {"query": "coal", "analyzer": "terms"}}]}}
    for _ in range(100):
        try:
            cluster.search({"query": {"intervals": {"text_places": rule}}, "pit": {"id": opened}})
        except NoCluster as fault:
            return fault.may_pass
        time.sleep(0.1)
    return False


def test_a_part_that_moves_to_another_node_changes_nothing(cluster: Cluster, root: Path) -> None:
    """As a cluster does by itself at any time: what analyses the words of a point in time is closed where the part was."""
    authorities = read.read_authorities(root)
    asked = [Query('"coal mine"~9', limit=None), Query("coal", facets=True)]
    with clusters.index_of(cluster, clusters.read_collection(root)) as index:
        engine = OpenSearchEngine(cluster, index, lambda: authorities)
        found = list(map(engine.search, asked))
        assert found[0].passages
        old = engine._reader._opened  # noqa: SLF001 - as the cluster knows it
        health, no_moves = f"_cluster/health/{index}", {"wait_for_no_relocating_shards": "true"}
        cluster.request("GET", health, **no_moves)
        holders = {part["node"] for part in cluster.request("GET", f"_cat/shards/{index}", format="json")}
        elsewhere = {"index.routing.allocation.exclude._name": ",".join(holders)}  # two parts, of three nodes
        cluster.request("PUT", f"{index}/_settings", elsewhere)
        cluster.request("GET", health, wait_for_events="languid", **no_moves)
        assert _is_closed_where_it_was(cluster, old)
        assert list(map(engine.search, asked)) == found
        engine.close()


def _lost_item(answer: Any) -> None:
    answer["items"].pop()


def _refused_item(answer: Any) -> None:
    answer["items"][-1]["index"] |= {"status": 400, "error": {"type": "made_up_exception"}}


@pytest.mark.parametrize("forgery", [_lost_item, _refused_item])
def test_a_document_that_was_not_taken_is_an_error(cluster: Cluster, root: Path, forgery: Callable[[Any], None]) -> None:
    """Each is looked at, and no record counts as written of which one is missing."""

    def forge(path: str, _body: Any, answer: Any) -> Any:
        if path.endswith("_bulk"):
            forgery(answer)
        return answer

    collection = clusters.read_collection(root)
    told: list[str] = []
    with clusters.index_of(cluster, collection) as index, pytest.raises(NoCluster):
        documents.write(Cluster(Recording(forge, transport())), index, collection, collection.codes(), told.append)
    assert told == []


def test_records_that_are_taken_out_are_gone_and_told(cluster: Cluster, root: Path) -> None:
    """What is left answers as if they had never been there; a deletion that is not whole is an error."""
    collection = clusters.read_collection(root)
    first, *rest = collection.codes()
    authorities = read.read_authorities(root)
    with clusters.index_of(cluster, collection) as index:
        for part, told in (("_delete_by_query", {"failures": [{"status": 500}]}), ("_count", {"count": 1})):

            def forge(path: str, _body: Any, answer: Any, part: str = part, told: Any = told) -> Any:
                return {**answer, **told} if path.endswith(part) else answer

            with pytest.raises(NoCluster, match="did not take out all"):
                documents.delete(Cluster(Recording(forge, transport())), index, [rest[-1]])
        documents.delete(cluster, index, [first, "NKT-9999"])
        engine = OpenSearchEngine(cluster, index, lambda: authorities)
        assert list(engine.codes()) == rest[:-1]
        assert engine.record(first) is None


def test_words_that_are_kept_are_those_that_are_listed(
    cluster: Cluster, root: Path, index: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In several parts too; one that is missing is an error, and none stays when a record is taken out."""
    monkeypatch.setattr(lexicon, "_MOST", 3)
    listed = PointInTime(cluster, index)
    collection = clusters.read_collection(root)
    with clusters.index_of(cluster, collection, keeps_words=True) as kept:
        reader = PointInTime(cluster, kept)
        for field in KEPT:
            assert reader.every_value(field) == listed.every_value(field)
        assert len(reader.every_value("forms")) > 6
        assert reader.count(None) == listed.count(None)
        lexicon.write(cluster, kept)
        documents.delete(cluster, kept, ["NKT-9001"])
        later = PointInTime(cluster, kept)
        assert later.ask(None, document=documents.LEXICON, size=0)["hits"]["total"]["value"] == 0
        assert set(later.every_value("forms")) <= set(reader.every_value("forms"))
        cluster.request("POST", f"{kept}/_delete_by_query", {"query": {"term": {"code": "NKT-9002"}}}, refresh="true")
        lexicon.write(cluster, kept)
        cluster.request("POST", f"{kept}/_refresh")
        lost = {"bool": {"filter": [{"term": {"setting": "forms"}}, {"term": {"paragraph": 1}}]}}
        cluster.request("POST", f"{kept}/_delete_by_query", {"query": lost}, refresh="true")
        with pytest.raises(NoCluster):
            PointInTime(cluster, kept).every_value("forms")
        for each in (reader, later, listed):
            each.close()


def test_every_record_is_told_once_all_of_it_is_taken(cluster: Cluster, root: Path) -> None:
    """In their order, also those of which nothing is written."""
    collection = clusters.read_collection(root)
    told: list[str] = []
    with clusters.index_of(cluster, collection) as index:
        codes = [*collection.codes(), "NKT-9999"]
        assert documents.write(cluster, index, collection, codes, told.append) == sum(
            len(collection.passages(testimony)) for code in collection.codes() if (testimony := collection.find(code))
        )
    assert told == codes


def test_nothing_is_printed_of_an_answer_that_is_not_whole(index: str, root: Path) -> None:
    """One sentence, an exit code of its own, and an empty output, in every format."""
    fresh = IndexSession._fresh  # noqa: SLF001 - where an engine is opened

    def forge(path: str, body: Any, answer: Any) -> Any:
        return {**answer, "_shards": {"total": 2, "successful": 1, "failed": 0}} if "_source" in (body or {}) else answer

    def forged(session: IndexSession, unreadable: object = None) -> object:
        return opened(index, root, forge), fresh(session, unreadable)[1]  # type: ignore[arg-type]  # as it is given

    for form in ("text", "json", "csv", "markdown"):
        with mock.patch.object(IndexSession, "_fresh", forged):
            ran = ask_program(root, "search", "coal", "--format", form)
        assert (ran.code, ran.out) == (NoCluster.exit_code, "")
        assert "answer in full" in ran.err


def test_hidden_records_are_told_nowhere(cluster: Cluster, root: Path, tmp_path: Path) -> None:
    """What is closed here and still in the index: as if it were not there, but for the statistics of scores."""
    secret = made_up.record(
        made_up.header("NKT-9009", witness={"name": "Hidden Witness", "name_kind": "pseudonym", "connection": "state"}),
        "Coal, a mine and an unheardofword.",
    )
    files = [each.read_text(encoding="utf-8") for each in sorted((root / "testimonies").iterdir())]
    whole = made_up.collection(tmp_path, *files, secret)
    authorities = read.read_authorities(root)
    with (
        clusters.index_of(cluster, clusters.read_collection(whole)) as index,
        clusters.index_of(cluster, clusters.read_collection(root)) as other,
    ):
        hiding = OpenSearchEngine(cluster, index, lambda: authorities, TakenBack(frozenset({"NKT-9009"})))
        without = OpenSearchEngine(cluster, other, lambda: authorities)
        queries = [
            *(query._replace(sort="code", limit=None, facets=True) for query in ASKED),
            Query("unheardofword"),
            Query("unheardofwrd~1"),
            Query("unheard*"),
            Query(filters=Filters(witness=("Hidden",)), facets=True),
            Query(filters=Filters(connection=("state",)), facets=True),
            Query(filters=Filters(code=("NKT-9009",))),
        ]
        for query in queries:
            assert _without_scores(hiding, query) == _without_scores(without, query)
        assert list(hiding.codes()) == list(without.codes())
        assert hiding.record("NKT-9009") is None
        assert "NKT-9009" not in {each.testimony.code for each in hiding.outlines()}
        assert OpenSearchEngine(cluster, index, lambda: authorities).search(Query("unheardofword")).passages == 1


def _without_scores(engine: OpenSearchEngine, query: Query) -> Any:
    answered = clusters.answer(engine, query)
    return answered if isinstance(answered, tuple) and not hasattr(answered, "hits") else clusters.unscored(answered)
