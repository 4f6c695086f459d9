"""The agreement of passes over the same passages: the figures on examples worked by hand, and the shipped lists."""

import importlib.util
import sys
from itertools import combinations
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def script():
    """Return the script as a module; it is in no package."""
    spec = importlib.util.spec_from_file_location("bench_agreement", TOP / "bench" / "agreement.py")
    module = importlib.util.module_from_spec(spec)
    before = list(sys.path)
    spec.loader.exec_module(module)
    sys.path[:] = before
    return module


def tags(*topics: str) -> dict[str, frozenset[str]]:
    """Return one made-up list: the topics of passage after passage, written as words."""
    return {f"NKT-9001#p{number}": frozenset(each.split()) for number, each in enumerate(topics, 1)}


def test_the_figures_are_those_worked_out_by_hand(script) -> None:
    """Of two passages and four concepts: one alike, one that shares one of three topics."""
    found = script.agreement(tags("a", "a b"), tags("a", "b c"), 4)
    assert found.identical == 0.5
    assert found.jaccard == pytest.approx((1 + 1 / 3) / 2)
    # Eight decisions, six alike; each list says yes three times: by chance (3 * 3 + 5 * 5) / 64.
    assert found.kappa == pytest.approx((6 / 8 - 34 / 64) / (1 - 34 / 64))


def test_like_lists_agree_wholly_and_strange_ones_not_at_all(script) -> None:
    """The controls at both ends; two empty lists are alike."""
    assert script.agreement(tags("a", "b c", ""), tags("a", "c b", ""), 9) == (1, 1, 1)
    strange = script.agreement(tags("a", "b"), tags("b", "a"), 2)
    assert (strange.identical, strange.jaccard, strange.kappa) == (0, 0, -1)


def test_lists_of_other_passages_are_not_compared(script) -> None:
    """A passage that one list lacks would be left out of the figure in silence."""
    with pytest.raises(ValueError, match="same passages"):
        script.agreement(tags("a"), tags("a", "b"), 3)
    with pytest.raises(ValueError, match="same passages"):
        script.agreement({}, {}, 3)


def test_the_shipped_lists_are_of_passages_and_concepts_that_there_are(script) -> None:
    """Forty passages, the same in all, and no topic that the thesaurus does not have."""
    _, now, _ = script.shipped()
    lists = [script.entered(name) for name in script.PASSES]
    assert all(each.keys() == lists[0].keys() for each in lists)
    assert len(lists[0]) == script.DRAWN
    assert lists[0].keys() <= now.keys()
    authorities = script.read.read_authorities(TOP)
    assert all(("topic", topic) in authorities.vocabulary for each in lists for topics in each.values() for topic in topics)


def test_the_page_on_the_content_prints_the_agreement_as_it_is(script) -> None:
    """The passes as they stand; what the records have is given there as of a day."""
    texts, _, concepts = script.shipped()
    assert texts
    page = (TOP / "docs" / "content.md").read_text(encoding="utf-8")
    for one, other in combinations(script.PASSES, 2):
        found = script.agreement(script.entered(one), script.entered(other), concepts)
        titles = f"{script.PASSES[one]} and {script.PASSES[other]}"
        assert f"| {titles} | {found.identical:.0%} | {found.jaccard:.2f} | {found.kappa:.2f} |" in page
