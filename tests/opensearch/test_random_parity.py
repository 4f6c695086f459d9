"""On collections made at random both engines answer the same, of which one is held against a plain look at every passage."""

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import clusters
import made_up
import oracle
from archive.engine.opensearch.client import Cluster
from archive.search.model import SORTS, Filters, Query
from oracle import Both
from random_collections import RARELY, authority_files, claimed, exact, filters, leaf, meant_parts, question, records, tree


def some(count: int) -> settings:
    """Ask for so many collections, each an index of its own; CLUSTER_COLLECTIONS=10 is ten times as many."""
    return settings(
        max_examples=count * int(os.environ.get("CLUSTER_COLLECTIONS", "1")),
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.reuse, Phase.generate],
    )


def compare(cluster: Cluster, written: tuple[str, ...], queries: list[Query], files: dict[str, Any] | None = None) -> None:
    """Ask both engines, and compare all that they answer."""
    with tempfile.TemporaryDirectory() as folder:
        root = made_up.collection(Path(folder), *written)
        for name, content in (files or {}).items():
            (root / "authorities").mkdir(exist_ok=True)
            (root / "authorities" / f"{name}.yaml").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        with clusters.engines(cluster, root) as (whoosh, opensearch):
            for query in queries:
                clusters.assert_same(whoosh, opensearch, query)
            assert list(opensearch.codes()) == list(whoosh.codes())
            assert all(opensearch.record(code) == whoosh.record(code) for code in whoosh.codes())
            assert sorted(opensearch.outlines(), key=repr) == sorted(whoosh.outlines(), key=repr)


ways = st.fixed_dictionaries(
    {
        "sort": st.sampled_from((*SORTS, "relevance")),
        "group": RARELY,
        "limit": st.sampled_from([None, None, 2]),
        "offset": st.sampled_from([0, 0, 1]),
    }
)


@some(14)
@given(records, st.lists(st.tuples(st.one_of(st.none(), tree), filters, ways), min_size=4, max_size=8))
def test_words_filters_facets_and_orders(cluster: Cluster, written: tuple[str, ...], queries: list[Any]) -> None:
    """Words, phrases, near, patterns, fuzzy words, AND, OR, NOT, with filters, facets, every order, pages and groups."""
    asked = [
        Query("" if node is None else oracle.typed(node), chosen, facets=True, words_only=True, **way)
        for node, chosen, way in queries
    ]
    compare(cluster, written, asked)


@some(6)
@given(records, st.lists(st.tuples(exact, filters), min_size=3, max_size=6))
def test_words_as_typed(cluster: Cluster, written: tuple[str, ...], queries: list[Any]) -> None:
    """``--exact``: letter by letter."""
    asked = []
    for node, chosen in queries:
        words = " ".join(map(oracle.typed, node.parts)) if isinstance(node, Both) else oracle.typed(node)
        asked.append(Query(words, chosen, exact=True, limit=None, facets=True))
    compare(cluster, written, asked)


@some(6)
@given(
    records,
    st.lists(st.tuples(st.lists(st.one_of(leaf, leaf.map(oracle.Not)), min_size=2, max_size=3), filters), min_size=3, max_size=6),
)
def test_words_in_different_passages(cluster: Cluster, written: tuple[str, ...], queries: list[Any]) -> None:
    """``--together``: the testimonies that have all words somewhere."""
    asked = [
        Query(" ".join(map(oracle.typed, parts)), chosen, together=True, limit=None, facets=True) for parts, chosen in queries
    ]
    compare(cluster, written, asked)


@some(4)
@given(records, st.lists(question, min_size=3, max_size=6))
def test_long_questions(cluster: Cluster, written: tuple[str, ...], questions: list[list[str]]) -> None:
    """``--any --plain``: every hit with its score."""
    compare(cluster, written, [Query(" ".join(words), plain=True, any_of=True, limit=None) for words in questions])


@some(10)
@given(
    authority_files(),
    st.integers(2, 4).flatmap(lambda count: st.tuples(*(claimed(number) for number in range(1, count + 1)))),
    st.lists(st.tuples(meant_parts, filters, RARELY), min_size=4, max_size=8),
)
def test_what_the_thesaurus_says(
    cluster: Cluster, files: dict[str, Any], written: tuple[str, ...], queries: list[tuple[list[Any], Filters, bool]]
) -> None:
    """Labels, topics of claims, background, equivalents, slips: the same passages in the same order, found in the same way."""
    asked = [
        Query(" ".join(map(oracle.typed, parts)), chosen, limit=None, facets=True, together=together)
        for parts, chosen, together in queries
    ]
    compare(cluster, written, asked, files)
