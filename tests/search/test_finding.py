"""What people type, measured on the shipped archive: the list of queries is sound, and the figures do not fall unseen."""

import importlib.util
import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

TOP = Path(__file__).parent.parent.parent


def read(name: str) -> list[dict[str, Any]]:
    """Read a list of queries; the parser in C takes a tenth of the time."""
    content = (TOP / "tests" / "search" / f"{name}.yaml").read_text(encoding="utf-8")
    listed: list[dict[str, Any]] = yaml.load(content, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe
    return listed


LIST = read("queries")
HANGUL = re.compile("[가-힣]")


@pytest.fixture(scope="module")
def finding() -> Any:
    """Return the script as a module; it is in no package."""
    spec = importlib.util.spec_from_file_location("bench_finding", TOP / "bench" / "finding.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    before = list(sys.path)
    spec.loader.exec_module(module)
    sys.path[:] = before
    return module


@pytest.fixture(scope="module")
def passages(on_shipped: Any) -> set[str]:
    """Every passage of the shipped archive, as the program itself counts them."""
    ran = on_shipped("search", "--language", "en", "--all", "--format", "json")
    found = {f"{hit['code']}#p{hit['paragraph']}" for hit in json.loads(ran.out)["hits"]}
    assert len(found) > 150
    return found


def test_there_are_enough_queries_of_every_kind() -> None:
    """At least 170 queries, 50 of them Korean, and 25 for which the collection has nothing; none stands there twice."""
    assert len(LIST) >= 170
    assert sum(each["language"] == "ko" for each in LIST) >= 50
    assert sum(each.get("nothing", False) for each in LIST) >= 25
    typed = [(each["query"], tuple(each.get("options", ()))) for each in LIST]
    assert len(set(typed)) == len(typed)


def fault(each: dict[str, Any], passages: set[str]) -> str:
    """Return what is wrong with a query of the list, "" where nothing is."""
    expected, best = each.get("expected", []), each.get("best", [])
    if not (each["query"].strip() and each["wording"] and each["language"] == ("ko" if HANGUL.search(each["query"]) else "en")):
        return "no words, no wording, or another language"
    if each.get("nothing"):
        return "nothing, and yet something" if expected or best or not each["near"] else ""
    if not expected or "near" in each or len(set(expected)) < len(expected):
        return "nothing expected, or twice"
    return ", ".join(sorted({*best, *expected} - passages) or sorted(set(best) - set(expected)))


def test_each_query_names_what_answers_it_or_says_that_nothing_does(passages: set[str]) -> None:
    """Every passage named is in the archive, what is best is also expected, and the language is that of the words."""
    assert {each["query"]: told for each in LIST if (told := fault(each, passages))} == {}


@pytest.mark.parametrize(
    "wrong",
    [
        {"expected": ["NKT-0001#p99"]},
        {"best": ["NKT-0001#p1"]},
        {"expected": []},
        {"language": "ko"},
        {"nothing": True, "near": "hunger"},
    ],
)
def test_what_is_wrong_in_a_query_is_seen(wrong: dict[str, Any], passages: set[str]) -> None:
    """The control: a sound query has no fault, and has one as soon as one thing in it is wrong."""
    sound = {"query": "hunger", "language": "en", "wording": "x", "best": ["NKT-0001#p2"], "expected": ["NKT-0001#p2"]}
    assert not fault(sound, passages)
    assert fault(sound | wrong, passages)


def shares(figures: Any, finding: Any) -> dict[str, float]:
    """Return what the floors are held against, each as a share."""
    by_topic = [sum(n for how, n in each.items() if finding.is_topic(how)) for each in (figures.relevant, figures.shown)]
    return {
        "refused": len(figures.refused) / (figures.expecting + figures.nothing),
        "missed": len(figures.missed) / figures.expecting,
        "relevant": figures.relevant.total() / figures.shown.total(),
        "relevant by topic": by_topic[0] / by_topic[1] if by_topic[1] else 1.0,
        "topic on nothing": len(figures.by_topic) / figures.nothing,
        "bare zero": len(figures.silent) / figures.nothing,
    }


def falls(measured: dict[str, float]) -> set[str]:
    """Return the names of the figures that are worse than their floor, which is a little below what was measured last."""
    at_most = {"refused": 0.01, "missed": 0.04, "topic on nothing": 0.01, "bare zero": 0.01}
    at_least = {"relevant": 0.86, "relevant by topic": 0.8}
    return {name for name, most in at_most.items() if measured[name] > most} | {
        name for name, least in at_least.items() if measured[name] < least
    }


def test_what_people_type_finds_what_the_archive_has(finding: Any, shipped: Path) -> None:
    """With the thesaurus no figure is below its floor."""
    figures = finding.measure(shipped, finding.read(finding.QUERIES))
    measured = shares(figures, finding)
    assert falls(measured) == set(), (measured, figures.missed, figures.by_topic, figures.silent)


def test_words_alone_are_not_enough(finding: Any, shipped: Path) -> None:
    """The control: of the same queries most miss when nothing is widened, and the floors see it."""
    figures = finding.measure(shipped, finding.read(finding.QUERIES)[::4], finding.WORDS_ALONE)
    assert "missed" in falls(shares(figures, finding))
    assert figures.shown.total() > 0
    assert not any(map(finding.is_topic, figures.shown))


def test_the_measure_counts_what_it_says(finding: Any) -> None:
    """Worked by hand: one query that misses, one with three hits of which two answer, and two with nothing."""
    asked = finding.Asked("hunger", (), frozenset({"NKT-0001#p1", "NKT-0001#p2"}))
    nothing = finding.Asked("lice", (), frozenset())
    figures = finding.Figures.start()
    for each, hits, near in (
        (asked, (), True),
        (asked, (("NKT-0001#p1", "words"), ("NKT-0009#p1", "topic"), ("NKT-0001#p2", "topic")), False),
        (nothing, (("NKT-0009#p1", "topic"),), False),
        (nothing, (), False),
    ):
        figures = finding.count(figures, each, finding.Found(hits, near))
    assert (figures.expecting, figures.missed, figures.not_on_page) == (2, ["hunger"], ["hunger"])
    assert (dict(figures.shown), dict(figures.relevant)) == ({"words": 1, "topic": 2}, {"words": 1, "topic": 1})
    assert (figures.nothing, figures.by_topic, figures.silent) == (2, ["lice"], ["lice"])
    assert dict(finding.rows(figures))["first 5 hits: relevant"] == "2 of 3 (66.7%)"


@pytest.mark.parametrize("name", ["second", "third", "fourth", "fifth", "sixth"])
def test_the_further_lists_name_passages_that_there_are(name: str, passages: set[str]) -> None:
    """Each query once, and passages of the shipped archive or the word that it has nothing."""
    every = read(f"queries-{name}")
    assert len({each["query"] for each in every}) == len(every) >= (40 if name in {"fourth", "sixth"} else 60)
    for each in every:
        assert bool(each.get("expected")) != each.get("nothing", False), each
        assert set(each.get("expected", ())) <= passages, each
