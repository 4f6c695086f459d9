"""A cluster for the tests, and an answer of each engine held against the other."""

import contextlib
import itertools
import os
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import opensearchpy
import pytest

from archive.collection.collection import Collection
from archive.engine.opensearch import documents, lexicon, mapping
from archive.engine.opensearch.client import Cluster, path_name
from archive.engine.opensearch.searcher import OpenSearchEngine
from archive.engine.whoosh.searcher import WhooshEngine
from archive.errors import UsageFault
from archive.indexing import update
from archive.reader import read
from archive.record.testimony import PUBLIC, Clearance
from archive.search.engine import Engine
from archive.search.model import Hit, Query, Results

CLOSE = 1e-5
"""Scores that are the same: a cluster reckons with numbers of 32 bits."""
SHARDS = 2
"""Two at least, so that what is true of each by itself is not taken for what is true of all."""


def hosts() -> list[str]:
    """Return where the cluster of the tests is asked; CI goes without one only where that was asked for."""
    told = os.environ.get("TESTIMONY_CLUSTER", "")
    if told:
        return told.split(",")
    if os.environ.get("TESTIMONY_WITHOUT_CLUSTER") == "1":
        pytest.skip("TESTIMONY_WITHOUT_CLUSTER=1: no cluster is asked")
    why = "no cluster: start one with `.ci/opensearch start`, and name it in TESTIMONY_CLUSTER"
    if os.environ.get("CI"):
        pytest.fail(why)
    pytest.skip(why)


def cluster() -> Cluster:
    """Return the cluster of the tests."""
    return Cluster(opensearchpy.OpenSearch(hosts(), timeout=60, max_retries=2).transport, "the tests' cluster")


@contextlib.contextmanager
def index_of(where: Cluster, collection: Collection, *, keeps_words: bool = False) -> Iterator[str]:
    """Make an index of a collection in one go, and delete it afterwards.

    :param keeps_words: whether the words of the index are kept in it; else they are listed when they are asked for.
    """
    index = f"te-{uuid.uuid4().hex[:12]}"
    body = mapping.body(shards=SHARDS, replicas=0)
    where.request("PUT", path_name(index), body)
    try:
        documents.write(where, index, collection, collection.codes())
        where.request("POST", f"{path_name(index)}/_refresh")
        if keeps_words:
            lexicon.write(where, index)
            where.request("POST", f"{path_name(index)}/_refresh")
        yield index
    finally:
        where.request("DELETE", path_name(index))


def delete_all(where: Cluster, pattern: str) -> None:
    """Delete the indexes whose names match a pattern, all at once: each deletion is a change of which every node must know."""
    if names := [path_name(index) for index in where.find("GET", f"{pattern}/_mapping") or ()]:
        where.find("DELETE", ",".join(names))


def read_collection(root: Path, clearance: Clearance = PUBLIC) -> Collection:
    """Read a collection that has no fault."""
    collection = Collection(root, read.read_authorities(root), clearance, {})
    assert not collection.faults, collection.faults
    return collection


@contextlib.contextmanager
def engines(where: Cluster, root: Path) -> Iterator[tuple[Engine, Engine]]:
    """Yield a collection as both engines have it, that of Whoosh in memory."""
    files, authorities, _ = update.in_memory(root, PUBLIC, {})
    whoosh = WhooshEngine(files, lambda: authorities)
    with index_of(where, read_collection(root), keeps_words=True) as index:
        engine = OpenSearchEngine(where, index, lambda: authorities)
        yield whoosh, engine
        engine.close()


def answer(engine: Engine, query: Query) -> Results | tuple[str, str]:
    """Return the answer to a query, or the refusal of it."""
    try:
        return engine.search(query)
    except UsageFault as fault:
        return type(fault).__name__, fault.message


def assert_same(one: Engine, other: Engine, query: Query) -> None:
    """Hold what two engines answer against each other: all of it alike, but scores that are close and the order of such."""
    expected, got = answer(one, query), answer(other, query)
    if not isinstance(expected, Results) or not isinstance(got, Results):
        assert expected == got, query
        return
    assert got._replace(hits=()) == expected._replace(hits=()), query
    assert len(got.hits) == len(expected.hits)
    for mine, theirs in zip(_runs(expected.hits, expected.hits), _runs(got.hits, expected.hits), strict=True):
        assert mine == theirs, query
    scores = {_name(hit): hit.score for hit in expected.hits}
    for hit in got.hits:
        assert hit.score == pytest.approx(scores[_name(hit)], rel=CLOSE, abs=CLOSE), query


def unscored(results: Results) -> Results:
    """Return an answer without its scores."""
    return results._replace(hits=tuple(hit._replace(score=0.0) for hit in results.hits))


def _runs(hits: tuple[Hit, ...], scored: tuple[Hit, ...]) -> Iterator[list[Hit]]:
    """Yield the hits without their scores, those in one run whose scores are the same as far as both engines tell."""
    at = 0
    for _, run in itertools.groupby(itertools.accumulate(map(_is_new, scored, (None, *scored))), key=lambda number: number):
        size = len(list(run))
        yield sorted((hit._replace(score=0.0) for hit in hits[at : at + size]), key=_name)
        at += size


def _is_new(hit: Hit, before: Hit | None) -> bool:
    return before is None or hit.found_by != before.found_by or abs(hit.score - before.score) > CLOSE * max(1.0, hit.score)


def _name(hit: Hit) -> tuple[str, int]:
    return hit.passage.code, hit.passage.number


Forge = Callable[[str, Any, Any], Any]
"""``(path, body, answer)`` → what is answered in its place."""


class Recording:
    """What asks a cluster, and keeps what is sent; it may be told to answer otherwise, or nothing at all."""

    def __init__(self, forge: Forge = lambda _path, _body, answer: answer, transport: Any = None) -> None:
        """Take what changes an answer, and what is asked for it; None where nothing is asked."""
        self.sent: list[tuple[str, str, Any]] = []
        self._forge, self._transport = forge, transport

    def perform_request(
        self, method: str, url: str, params: Mapping[str, Any] | None = None, body: Any = None, timeout: float | None = None
    ) -> Any:
        """Keep a request, and answer it."""
        self.sent.append((method, url, body))
        answered = (
            self._transport.perform_request(method, url, params=params, body=body, timeout=timeout) if self._transport else {}
        )
        return self._forge(url, body, answered)
