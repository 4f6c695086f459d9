"""On the shipped archive the whole program prints the same from a cluster as from the index of this machine."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest

import clusters
from archive.engine.opensearch.client import Cluster
from archive.engine.opensearch.searcher import OpenSearchEngine
from archive.indexing.session import IndexSession
from running import TOP, Run

SCORE = re.compile(r'("score": )(-?[0-9.e-]+)')

WAYS = (
    ("forced labour", "--camp", "18", "--facets"),
    ("forced labour", "--camp", "18", "--camp", "14", "--role", "prisoner", "--facets"),
    ("public execution", "--facets", "--all"),
    ("hunger", "--period", "1990/1999", "--facets", "--all"),
    ("hunger", "--period-within", "1995/1998", "--facets"),
    ("guard", "--recorded", "2010/..", "--facets"),
    ("hunger", "--as-of", "2005", "--facets", "--all"),
    ("recanted", "--as-of", "2014-12", "--facets"),
    ("hunger", "--flag", "recanted", "--facets"),
    ("--without-flag", "lead-only", "--camp", "15", "--facets", "--all"),
    ("--topic", "hunger", "--topic", "torture", "--all-topics", "--facets"),
    ("guard", "--without-topic", "hunger", "--facets"),
    ("--connection", "perpetrator", "--facets"),
    ("--reliability", "C", "--facets", "--all"),
    ("--witness", "Kang", "--facets"),
    ("--witness", "Kangg"),
    ("hunger", "--language", "ko", "--facets", "--all"),
    ("굶주림", "--language", "ko", "--facets"),
    ("수용소", "--all"),
    ("산", "--all"),
    ("깊은 산",),
    ("강제노동", "--facets"),
    ("coal", "--sort", "period", "--all"),
    ("hunger", "--sort", "recorded", "--all"),
    ("hunger", "--sort", "code", "--offset", "7"),
    ("hunger", "--group", "--all"),
    ("prisoners guard", "--together", "--all"),
    ("hunger winter rice", "--together"),
    ("guard", "--offset", "50", "--all"),
    ("guard", "--offset", "100000"),
    ('"public execution"', "--exact"),
    ("The", "--exact", "--all"),
    ("what did the prisoners eat in winter", "--plain", "--any", "--all"),
    ("executino",),
    ("zzzxqy",),
    ("hunger NOT rice", "--facets"),
    ("NOT hunger", "--all"),
    ("claim:hunger",),
    ("(hunger OR rice) -guard topic:hunger", "--facets"),
    ('"prisoners work"~8',),
    ("min* labou~1",),
    ("flag:nothing",),
    ("code:NKT-0005",),
    ("code:NKT-9999",),
    ("--camp", "Kaechon"),
)
"""Filters, orders, pages and ways to read words that the pages name in their text."""

COMMANDS = (
    ("show", "NKT-0005"),
    ("show", "NKT-0005", "--format", "json"),
    ("cite", "NKT-0005#p1"),
    ("excerpt", "NKT-0004#p2"),
    ("stats",),
    ("list", "--format", "json"),
    ("facets", "hunger"),
    ("compare", "--camp", "16", "--topic", "execution"),
    ("verify", "NKT-0004#p2 sha256:e172220c29ac7263"),
    ("search", "hunger", "--all", "--format", "csv"),
    ("search", "hunger", "--list"),
    ("--lang", "ko", "search", "공개처형", "--count"),
)


def examples() -> list[str]:
    """Return every example of the page on the query language: the code in the first column of its tables."""
    page = (TOP / "docs" / "query-language.md").read_text(encoding="utf-8")
    return re.findall(r"^\| `([^`]+)` \|", page, re.MULTILINE)


def printed() -> list[tuple[str, ...]]:
    """Return every search that a page shows on the shipped archive."""
    pages = (TOP / "README.md", TOP / "docs" / "finding.md", TOP / "docs" / "commands.md")
    lines = [line for page in pages for line in page.read_text(encoding="utf-8").splitlines()]
    typed = (line.strip().removeprefix("$ ") for line in lines)
    return [tuple(shlex.split(line)[1:]) for line in typed if re.match(r"testimony search [^\[]", line)]


@pytest.fixture(scope="module")
def index(cluster: Cluster, shipped: Path) -> Iterator[str]:
    """Index the shipped archive once."""
    with clusters.index_of(cluster, clusters.read_collection(shipped), keeps_words=True) as index:
        yield index


@pytest.fixture
def on_cluster(cluster: Cluster, index: str, on_shipped: Run) -> Run:
    """Run the program on the shipped archive, whose answers come from the cluster."""
    opened = IndexSession._fresh  # noqa: SLF001 - where an engine is opened

    def fresh(session: IndexSession, unreadable: object = None) -> object:
        _, head = opened(session, unreadable)  # type: ignore[arg-type]  # as it is given
        return OpenSearchEngine(cluster, index, session._authorities_in_use), head  # noqa: SLF001 - as above

    def run(*arguments: str, **environment: str) -> object:
        with mock.patch.object(IndexSession, "_fresh", fresh):
            return on_shipped(*arguments, **environment)

    return run  # type: ignore[return-value]  # what the other gives


def scores(printed: str) -> list[float]:
    """Return the scores of a document."""
    return [float(score) for _, score in SCORE.findall(printed)]


def assert_same(on_shipped: Run, on_cluster: Run, *arguments: str) -> None:
    """Hold what is printed and said against each other: byte for byte but for the last digits of scores."""
    expected, got = on_shipped(*arguments), on_cluster(*arguments)
    assert got.code == expected.code, got.err
    assert SCORE.sub(r"\1", got.out) == SCORE.sub(r"\1", expected.out)
    assert got.err == expected.err
    assert scores(got.out) == pytest.approx(scores(expected.out), rel=clusters.CLOSE, abs=clusters.CLOSE)


@pytest.mark.parametrize("query", examples())
def test_every_example_of_the_query_language(on_shipped: Run, on_cluster: Run, query: str) -> None:
    """The whole document, with all hits and every facet."""
    assert_same(on_shipped, on_cluster, "search", "--all", "--facets", "--format", "json", "--", query)


@pytest.mark.parametrize("arguments", printed(), ids=" ".join)
def test_every_search_that_a_page_shows(on_shipped: Run, on_cluster: Run, arguments: tuple[str, ...]) -> None:
    """As a reader sees it."""
    assert_same(on_shipped, on_cluster, *arguments)


@pytest.mark.parametrize("arguments", WAYS, ids=" ".join)
def test_filters_orders_pages_and_ways_to_read_words(on_shipped: Run, on_cluster: Run, arguments: tuple[str, ...]) -> None:
    """The whole document."""
    assert_same(on_shipped, on_cluster, "search", "--format", "json", *arguments)


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_commands_that_ask_the_index(on_shipped: Run, on_cluster: Run, arguments: tuple[str, ...]) -> None:
    """Records, outlines, places of words: not only searches."""
    assert_same(on_shipped, on_cluster, *arguments)


def test_every_page_of_a_long_answer_joins_the_next(on_cluster: Run) -> None:
    """No hit is twice on two pages, none on none."""
    whole = on_cluster("search", "the", "--plain", "--all", "--format", "json").out
    pages = [
        on_cluster("search", "the", "--plain", "--limit", "100", "--offset", str(start), "--format", "json").out
        for start in range(0, whole.count('"score"'), 100)
    ]
    assert [score for page in pages for score in scores(page)] == scores(whole)
    assert len(scores(whole)) > 200


def test_the_comparison_would_notice_another_answer(on_shipped: Run, on_cluster: Run) -> None:
    """The control: answers that differ by one hit are not taken for the same."""
    with mock.patch.object(OpenSearchEngine, "_page", return_value=[]), pytest.raises(AssertionError):
        assert_same(on_shipped, on_cluster, "search", "hunger", "--format", "json")
