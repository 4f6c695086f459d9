"""Nodes that die: one of three changes nothing, two give one sentence; after a restart all is as it was.

A cluster of its own is started for it, so that no other test loses its nodes.
"""

import os
import re
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import clusters
import made_up
from archive.engine.opensearch import _patience, client
from archive.engine.opensearch.client import Cluster
from archive.indexing import _publishing as publishing
from cluster_parts import starter
from examples import daily
from running import Ran, ask_program

tool = starter()
# The nodes go on when what started them has forgotten them; here they are stopped at the end.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(scope="module")
def nodes() -> Iterator[tool.Cluster]:
    """Start three nodes of their own, in a folder to which the user of the server can come."""
    clusters.hosts()  # skips where no cluster is wanted
    folder = Path(tempfile.mkdtemp(prefix="testimony-nodes-"))
    http = tool.free_ports(6)
    cluster = tool.Cluster(folder, 3, http, http + 3, 256)
    tool.start(cluster)
    try:
        yield cluster
    finally:
        tool.stop(cluster)
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collection."""
    records = [
        made_up.record(made_up.header(f"NKT-90{number:02}"), f"A word, a well and number {number}.", "A fence.")
        for number in range(30)
    ]
    return made_up.collection(tmp_path_factory.mktemp("collection"), *records)


def ask(nodes: tool.Cluster, root: Path, *command: str, **options: str) -> Ran:
    """Run the program on the cluster."""
    settings = {"HOSTS": ",".join(nodes.addresses), "ALIAS": "nodes", "SHARDS": "3"}
    environment = {f"TESTIMONY_OPENSEARCH_{name}": value for name, value in settings.items()}
    return ask_program(root, "--engine", "opensearch", *command, **{**environment, **options})


def ask_again(nodes: tool.Cluster, root: Path, *command: str, **options: str) -> Ran:
    """Run the program on a cluster that has just come back, until it answers; half a minute at most."""
    for _ in range(30):
        ran = ask(nodes, root, *command, **options)
        if ran.code == 0:
            return ran
        assert ran.out == ""
        time.sleep(1)
    return ran


def kill(nodes: tool.Cluster, number: int) -> None:
    """Kill a node as a failing machine does."""
    pid = nodes.pid(number)
    assert pid
    os.kill(pid, signal.SIGKILL)
    while nodes.pid(number):
        time.sleep(0.05)


def leader(nodes: tool.Cluster) -> int:
    """Return the number of the node that leads the others."""
    [told] = connected(nodes).request("GET", "_cat/cluster_manager", format="json")
    return int(told["node"].removeprefix("n"))


def holders(nodes: tool.Cluster, alias: str) -> set[int]:
    """Return the numbers of the nodes that hold parts of an index."""
    parts = connected(nodes).request("GET", f"_cat/shards/{alias}", format="json")
    return {int(part["node"].removeprefix("n")) for part in parts}


def connected(nodes: tool.Cluster) -> clusters.Cluster:
    """Return the cluster, to be asked without the program."""
    return clusters.Cluster(clusters.opensearchpy.OpenSearch(nodes.addresses, timeout=30, max_retries=2).transport)


@pytest.fixture(autouse=True)
def all_run(nodes: tool.Cluster) -> None:
    """Bring back the nodes that a test before has left dead."""
    bring_back(nodes)


def bring_back(nodes: tool.Cluster) -> None:
    """Start the nodes that are dead, with nothing that they would have to agree about."""
    dead = {1, 2, 3}.difference(nodes.running())
    if len(dead) == 1:
        clusters.delete_all(connected(nodes), "nodes-*")
    for number in dead:
        tool.launch(nodes, number)
    tool.wait_until_green(nodes)


SEARCH = ("search", "well OR fence", "--all", "--facets", "--format", "json")


def test_one_node_changes_nothing_and_two_give_one_sentence(
    nodes: tool.Cluster, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed, not stopped, and first the one that leads; a publisher leaves the old answer; then all come back.

    The control is asked beside it: where a node held the only copy of a part, there is an error, never an answer of the rest.
    """
    single = {"TESTIMONY_OPENSEARCH_ALIAS": "nodes-single", "TESTIMONY_OPENSEARCH_REPLICAS": "0"}
    for options in ({}, single):
        assert ask(nodes, root, "index", **options).code == 0
    whole = ask(nodes, root, *SEARCH)
    assert whole.code == 0
    assert whole.out == ask_program(root, *SEARCH).out == ask(nodes, root, *SEARCH, **single).out

    first = leader(nodes)
    second = first % 3 + 1
    assert holders(nodes, "nodes-single-public") == {1, 2, 3}
    kill(nodes, first)
    for _ in range(6):
        ran = ask(nodes, root, *SEARCH)
        assert (ran.code, ran.out) == (0, whole.out), ran.err
    with monkeypatch.context() as patch:  # for nodes that do not come back: tests/opensearch/test_client.py
        patch.setattr(_patience, "UNSETTLED", (0.2, 0.3))
        patch.setattr(client, "_FOR_A_LEADER", "200ms")
        ran = ask(nodes, root, *SEARCH, **single)
        assert (ran.code, ran.out) == (22, ""), ran.err

        kill(nodes, second)
        for command in (SEARCH, ("search", "well"), ("show", "NKT-9001"), ("facets",), ("index",)):
            ran = ask(nodes, root, *command)
            assert (ran.code, ran.out) == (22, ""), (command, ran.err)
            assert "Traceback" not in ran.err
            assert len(ran.err.splitlines()) <= 2

    for number in (first, second):
        tool.launch(nodes, number)
    tool.wait_until_green(nodes)
    for options in ({}, single):
        ran = ask_again(nodes, root, *SEARCH, **options)
        assert (ran.code, ran.out) == (0, whole.out), ran.err
    made_up.put(root, made_up.record(made_up.header("NKT-9100"), "One more well."))
    assert ask(nodes, root, "index").code == 0
    assert ask(nodes, root, *SEARCH).out == ask_program(root, *SEARCH).out


MOMENTS = {
    "as an index is made": re.compile(r"PUT nodes-public-\d+-\w+"),
    "in the middle of the documents": re.compile(r"POST nodes-public-\d+-\w+/_bulk"),
    "as the new answer takes its place": re.compile("POST _aliases"),
}
"""Requests at which the node that leads the others dies: the first such, or of the documents the third."""
HARDEST = [*MOMENTS].index("in the middle of the documents")


def test_the_leader_dies_while_an_index_is_published(nodes: tool.Cluster, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every day while documents come in, and at each moment in a long run: a node takes long to come back."""
    monkeypatch.setattr(publishing, "_CODES_A_NOTE", 4)
    for moment in daily([*MOMENTS], HARDEST, len(MOMENTS)):
        bring_back(nodes)
        let_the_leader_die(moment, nodes, root, monkeypatch)


def let_the_leader_die(moment: str, nodes: tool.Cluster, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each node has a part of what is built, so that one is lost; those that are left give the new answer, and no mixed one."""
    assert ask(nodes, root, "index").code == 0
    made_up.put(root, made_up.record(made_up.header(f"NKT-92{len(moment)}"), f"A well that is told of {moment}."))
    real, died = Cluster._ask, list[str]()  # noqa: SLF001

    def asking(cluster: Cluster, method: str, path: str, *more: Any) -> Any:
        """Ask, and let the leader die meanwhile."""
        if MOMENTS[moment].fullmatch(f"{method} {path}"):
            died.append(path)
            if len(died) == (3 if "_bulk" in path else 1):
                threading.Thread(target=kill, args=(nodes, leader(nodes))).start()
        return real(cluster, method, path, *more)

    with monkeypatch.context() as patch:
        patch.setattr(Cluster, "_ask", asking)
        ran = ask(nodes, root, "index")
    assert died
    assert len(nodes.running()) == 2
    assert (ran.code, ran.out) == (0, ""), ran.err
    here = ask_program(root, *SEARCH)
    assert moment in here.out
    there = ask(nodes, root, *SEARCH)
    assert (there.code, there.out) == (0, here.out), there.err
    assert ask(nodes, root, "index", "--rebuild").code == 0
    assert ask(nodes, root, *SEARCH).out == here.out
