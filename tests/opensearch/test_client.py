"""No answer is taken that is not whole, whatever the cluster says of it; no server is needed to see that."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import opensearchpy
import pytest

from archive.engine.opensearch._reader import PointInTime
from archive.engine.opensearch.client import Cluster, connect, path_name
from archive.engine.opensearch.settings import ClusterSettings, Credentials
from archive.errors import IndexBusy, NoCluster, RequestRefused
from archive.record.testimony import PUBLIC

WHOLE = {"timed_out": False, "_shards": {"total": 3, "successful": 3, "skipped": 0, "failed": 0}, "hits": {"hits": []}}


class Answering:
    """A cluster that answers what it is told, and keeps what it was asked."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, str, Any, Any]] = []

    def perform_request(self, method: str, url: str, params: Any = None, body: Any = None, timeout: Any = None) -> Any:  # noqa: ARG002
        """Answer with the next, the last again and again."""
        self.asked.append((method, url, params, body))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Callable):  # type: ignore[arg-type]
            answer = answer(body)
        if isinstance(answer, Exception):
            raise answer
        return answer


def asking(*answers: Any) -> tuple[Cluster, Answering]:
    """Return a cluster that answers so, and never waits."""
    transport = Answering(*answers)
    return Cluster(transport, "https://a.example.org", sleep=lambda _: None), transport


FORGED = {
    "a part of the shards failed": {**WHOLE, "_shards": {"total": 3, "successful": 2, "skipped": 0, "failed": 1}},
    "a part is not there, and none failed": {**WHOLE, "_shards": {"total": 3, "successful": 2, "skipped": 0, "failed": 0}},
    "no shard at all": {**WHOLE, "_shards": {"total": 0, "successful": 0, "skipped": 0, "failed": 0}},
    "it ran out of time": {**WHOLE, "timed_out": True},
    "it does not say of what": {"timed_out": False, "hits": {"hits": []}},
}


@pytest.mark.parametrize("forged", FORGED)
def test_a_partial_answer_is_an_error(forged: str) -> None:
    """Also one that says that nothing failed; by whichever way it was asked for."""
    for ask in (
        lambda cluster: cluster.search({"query": {"match_all": {}}}, "nkt"),
        lambda cluster: cluster.search({"pit": {"id": "x"}}),
        lambda cluster: cluster.request("POST", "nkt/_count", {}),
    ):
        cluster, _ = asking(FORGED[forged])
        with pytest.raises(NoCluster, match="cannot answer in full"):
            ask(cluster)


def test_the_control_a_whole_answer_is_taken() -> None:
    """Each request asks for a whole answer too, so that an honest server refuses by itself."""
    cluster, transport = asking(WHOLE)
    assert cluster.search({}, "nkt") == WHOLE
    assert transport.asked[0][2]["allow_partial_search_results"] == "false"


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_an_error_of_the_server_is_one_of_ours(status: int) -> None:
    """Its kind is told, none of its words."""
    told = {"error": {"type": "cluster_block_exception", "reason": "a word of a witness"}, "status": status}
    cluster, _ = asking(opensearchpy.TransportError(status, "x", told))
    with pytest.raises(NoCluster) as error:
        cluster.search({}, "nkt")
    assert error.value.exit_code == 22
    assert "a word of a witness" not in error.value.message


def test_what_is_gone_may_be_asked_again() -> None:
    """An index whose place was taken, and a point in time that ran out, are no fault of the cluster."""
    for kind in ("index_not_found_exception", "search_context_missing_exception"):
        told = {"error": {"type": "search_phase_execution_exception", "root_cause": [{"type": kind}]}}
        cluster, _ = asking(opensearchpy.NotFoundError(404, "x", told))
        with pytest.raises(IndexBusy):
            cluster.search({"pit": {"id": "x"}})
        assert cluster.find("GET", "_alias/x") is None


UNSETTLED = {
    "nobody leads": opensearchpy.TransportError(503, "x", {"error": {"root_cause": [{"type": "index_not_found_exception"}]}}),
    "a node is gone": opensearchpy.TransportError(
        500, "x", {"error": {"root_cause": [{"type": "node_not_connected_exception"}]}}
    ),
    "a part has moved": opensearchpy.RequestError(
        400,
        "x",
        {
            "error": {
                "root_cause": [{"type": "query_shard_exception"}],
                "failed_shards": [{"reason": {"caused_by": {"type": "already_closed_exception"}}}],
            }
        },
    ),
}


@pytest.mark.parametrize("unsettled", UNSETTLED.values(), ids=UNSETTLED)
def test_a_request_is_asked_again_while_nodes_agree(unsettled: Exception) -> None:
    """For some seconds and no more; to let go of a point in time, and to move an alias, is asked once."""
    cluster, transport = asking(unsettled, unsettled, WHOLE)
    assert cluster.search({}, "nkt") == WHOLE
    assert len(transport.asked) == 3
    for method, path in (("PUT", "nkt"), ("PUT", "nkt/_settings"), ("POST", "nkt/_refresh"), ("DELETE", "nkt")):
        cluster, transport = asking(unsettled, {"acknowledged": True})
        assert cluster.request(method, path) == {"acknowledged": True}
    waited: list[float] = []
    cluster = Cluster(Answering(unsettled), "https://a.example.org", sleep=waited.append)
    with pytest.raises(NoCluster, match="cannot answer in full"):
        cluster.request("GET", "_alias/nkt")
    assert 10 < sum(waited) < 20
    for method, path, body in (("DELETE", "_search/point_in_time", {"pit_id": ["x"]}), ("POST", "_aliases", {"actions": []})):
        cluster, transport = asking(unsettled, WHOLE)
        with pytest.raises(NoCluster):
            cluster.request(method, path, body)
        assert len(transport.asked) == 1


BUSY = opensearchpy.TransportError(429, "x", {"error": {"type": "rejected_execution_exception"}})


def test_a_cluster_with_too_much_to_do_is_left_alone_for_a_while() -> None:
    """Each time longer, and in the end one sentence says so; a point in time stays open meanwhile."""
    waited: list[float] = []
    transport = Answering(BUSY, BUSY, WHOLE)
    cluster = Cluster(transport, "https://a.example.org", sleep=waited.append)
    assert cluster.search({}, "nkt") == WHOLE
    assert len(transport.asked) == 3
    assert 0 < waited[0] < waited[1]
    waited.clear()
    cluster = Cluster(Answering(BUSY), "https://a.example.org", sleep=waited.append)
    with pytest.raises(NoCluster, match=r"a\.example\.org has too much to do to answer: rejected_execution_exception") as error:
        cluster.search({}, "nkt")
    assert error.value.exit_code == 22
    assert 10 < sum(waited) < 20
    found = {**WHOLE, "hits": {"total": {"value": 0, "relation": "eq"}, "hits": []}, "pit_id": "x"}
    cluster, transport = asking({"pit_id": "x"}, BUSY, BUSY, found)
    assert PointInTime(cluster, "nkt").count(None) == 0
    assert [method for method, *_ in transport.asked] == ["POST"] * 4
    assert {url for _, url, *_ in transport.asked[1:]} == {"/_search"}


@pytest.mark.parametrize(("header", "least"), [("0", 0), ("1", 1), ("a day", 1)])
def test_a_cluster_is_left_alone_as_long_as_it_asks_for(header: str, least: float) -> None:
    """By the header that a proxy before it sends, through the library's own connection; never longer than at other times."""
    header = formatdate(time.time() + 6, usegmt=True) if header == "a day" else header
    told = [header, header, ""]

    class Node(BaseHTTPRequestHandler):
        """Answers 429 while something is to be told, and then in full."""

        def do_GET(self) -> None:
            """Answer."""
            after = told.pop(0)
            content = json.dumps({"error": {"type": "x"}} if after else WHOLE).encode()
            self.send_response(429 if after else 200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            if after:
                self.send_header("retry-after", after)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Node) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        waited: list[float] = []
        settings = ClusterSettings(PUBLIC, (f"http://127.0.0.1:{server.server_port}",))
        cluster = Cluster(connect(settings, None)._transport, "a", sleep=waited.append)  # noqa: SLF001
        assert cluster.request("GET", "_alias/nkt") == WHOLE
        assert len(waited) == 2
        assert all(least <= each < 7 for each in waited)
        told += ["3600"]
        with pytest.raises(NoCluster, match="too much to do"):
            cluster.request("GET", "_alias/nkt")
        assert len(waited) == 2
        server.shutdown()


def test_documents_are_sent_again_where_their_part_of_the_index_is_away() -> None:
    """The whole batch, some times and no more; each document has its name, so that none is there twice."""

    def away(body: str) -> dict[str, Any]:
        told = taken(body)
        told["items"][1]["index"] |= {"status": 503, "error": {"type": "unavailable_shards_exception"}}
        return told

    cluster, transport = asking(away, UNSETTLED["nobody leads"], taken)
    assert cluster.bulk("nkt", documents(3)) == 3
    assert [len(body.splitlines()) for *_, body in transport.asked] == [6, 6, 6]
    waited: list[float] = []
    cluster = Cluster(Answering(away), "https://a.example.org", sleep=waited.append)
    with pytest.raises(NoCluster, match="unavailable_shards_exception") as error:
        cluster.bulk("nkt", documents(3))
    assert error.value.may_pass
    assert 10 < sum(waited) < 20


def test_documents_are_made_while_others_are_taken() -> None:
    """The second batch is made before the first is answered; nothing is sent any more when it has ended, whichever way."""
    made: list[int] = []
    first_made, ended = threading.Event(), threading.Event()

    def answering(body: str) -> dict[str, Any]:
        assert first_made.wait(10)
        ended.set()
        return taken(body)

    def some() -> Iterator[Any]:
        for number, operation in enumerate(documents(700)):
            if number == 600:
                first_made.set()
            made.append(number)
            yield operation

    cluster, _ = asking(answering)
    assert cluster.bulk("nkt", some()) == 700

    def failing() -> Iterator[Any]:
        yield from documents(501)
        ended.clear()
        first_made.set()
        raise KeyboardInterrupt

    first_made.clear()
    with pytest.raises(KeyboardInterrupt):
        cluster.bulk("nkt", failing())
    assert ended.is_set()


def test_what_a_cluster_refuses_is_asked_once() -> None:
    """The control: a query that it cannot read is no better a second later, nor is an only node that does not answer."""
    told = {"error": {"root_cause": [{"type": "query_shard_exception"}]}}
    for fault in (opensearchpy.RequestError(400, "x", told), opensearchpy.ConnectionError("N/A", "x", OSError())):
        cluster, transport = asking(fault, WHOLE)
        with pytest.raises(NoCluster):
            cluster.search({}, "nkt")
        assert len(transport.asked) == 1
    transport = Answering(opensearchpy.ConnectionError("N/A", "x", OSError()), WHOLE)
    assert Cluster(transport, "a, b", sleep=lambda _: None, has_several=True).search({}, "nkt") == WHOLE


@pytest.mark.parametrize("status", [401, 403])
def test_who_is_not_let_in_is_told(status: int) -> None:
    """Without the name of the user or the password."""
    cluster, _ = asking(opensearchpy.TransportError(status, "x", "Unauthorized"))
    with pytest.raises(RequestRefused, match=f"does not let this user do that .{status}"):
        cluster.search({}, "nkt")


def taken(body: str, *, busy: Callable[[str], bool] = lambda _: False) -> dict[str, Any]:
    """Answer a bulk request, taking every document but those that it is too busy for."""
    lines = [json.loads(line) for line in body.splitlines()]
    ids = [line["index"]["_id"] for line in lines if "index" in line]
    items = [
        {"index": {"_id": each, "status": 429 if busy(each) else 201, **({"error": {"type": "es"}} if busy(each) else {})}}
        for each in ids
    ]
    return {"errors": any(busy(each) for each in ids), "items": items}


def documents(count: int) -> Any:
    """Yield documents."""
    return (({"index": {"_id": f"NKT-{number}#1"}}, {"text": f"word {number}"}) for number in range(count))


def test_documents_go_in_batches_and_each_is_looked_at() -> None:
    """What the cluster has taken is told batch by batch."""
    cluster, transport = asking(taken)
    told: list[int] = []
    assert cluster.bulk("nkt", documents(1201), told.append) == 1201
    assert told == [500, 1000, 1201]
    assert [url for _, url, _, _ in transport.asked] == ["/nkt/_bulk"] * 3


def test_what_a_cluster_is_too_busy_for_is_sent_again_alone() -> None:
    """Not the others; and a cluster that stays too busy is an error after some times."""
    cluster, transport = asking(lambda body: taken(body, busy=lambda each: each == "NKT-3#1"), taken)
    assert cluster.bulk("nkt", documents(10)) == 10
    assert len(transport.asked[1][3].splitlines()) == 2
    cluster, transport = asking(lambda body: taken(body, busy=lambda each: each == "NKT-3#1"))
    with pytest.raises(NoCluster, match="too busy"):
        cluster.bulk("nkt", documents(10))
    assert len(transport.asked) < 20


def test_a_whole_request_that_it_is_too_busy_for_waits_too() -> None:
    """429 as the status of the request, as when its memory is full."""
    cluster, transport = asking(opensearchpy.TransportError(429, "x", {"error": {"type": "circuit_breaking_exception"}}), taken)
    assert cluster.bulk("nkt", documents(2)) == 2
    assert len(transport.asked) == 2


BAD_ITEMS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "a document less": lambda told: {**told, "items": told["items"][1:]},
    "another document": lambda told: {**told, "items": [{"index": {"_id": "other", "status": 201}}, *told["items"][1:]]},
    "one refused": lambda told: {
        **told,
        "items": [{"index": {"_id": "NKT-0#1", "status": 400, "error": {"type": "mapper"}}}, *told["items"][1:]],
    },
    "one not written": lambda told: {**told, "items": [{"index": {"_id": "NKT-0#1", "status": 500}}, *told["items"][1:]]},
    "no items": lambda _: {"errors": False},
}


@pytest.mark.parametrize("change", BAD_ITEMS)
def test_a_document_that_was_not_taken_is_an_error(change: str) -> None:
    """Also where the whole says that there was no error."""
    cluster, _ = asking(lambda body: {**BAD_ITEMS[change](taken(body)), "errors": False})
    with pytest.raises(NoCluster):
        cluster.bulk("nkt", documents(3))


def test_a_name_is_one_part_of_a_path() -> None:
    """Whatever stands in it."""
    assert path_name("a/b?c=d#e, *") == "a%2Fb%3Fc%3Dd%23e%2C%20%2A"


def test_certificates_are_always_looked_at_and_a_password_is_in_no_text() -> None:
    """Each connection verifies; what is printed of it has no password."""
    settings = ClusterSettings(PUBLIC, ("https://a.example.org:9200", "https://b.example.org"))
    cluster = connect(settings, Credentials("reader", "a-secret"))
    connections = cluster._transport.connection_pool.connections  # type: ignore[attr-defined]  # noqa: SLF001
    assert len(connections) == 2
    for connection in connections:
        assert connection.use_ssl
        assert connection.pool.cert_reqs == "CERT_REQUIRED"
        assert connection.pool.assert_hostname is not False
        assert "a-secret" not in f"{connection!r} {cluster!r} {settings!r}"
