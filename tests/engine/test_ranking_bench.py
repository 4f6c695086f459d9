"""The ranking benchmark: its readers on made-up files, its metrics on examples worked by hand."""

import importlib.util
import math
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def ranking():
    """Return the script as a module; it is in no package."""
    path = Path(__file__).parent.parent.parent / "bench" / "ranking.py"
    spec = importlib.util.spec_from_file_location("bench_ranking", path)
    module = importlib.util.module_from_spec(spec)
    before = list(sys.path)
    spec.loader.exec_module(module)
    sys.path[:] = before
    return module


DOCUMENTS = """.I 1
.T
Coal mining
.A
Kang, A.
.W
The pit was
.5 miles deep.
.X
1	5	1
.I 2
.W
A school in the valley.
.I 3
.T
Gold
"""


def folder(tmp_path, **files):
    """Write a collection; an underscore in a name stands for its point."""
    for name, text in files.items():
        (tmp_path / name.replace("_", ".")).write_text(text, encoding="utf-8")
    return tmp_path


def test_smart_gives_title_and_words_and_nothing_else(ranking, tmp_path):
    """Authors and cross-references are no text; a line that begins with a point is."""
    found = ranking.read(
        folder(
            tmp_path,
            MADE_ALL=DOCUMENTS,
            MADE_QRY=".I 01\n.W\n where is coal\n.N\n asked by me\n.I 02\n.W\nunjudged\n",
            MADE_REL="   1   0001\t0\t0.000000\n   1      9\t0\t0.000000\n",
        )
    )
    assert found.documents == {
        "1": "Coal mining\nThe pit was\n.5 miles deep.",
        "2": "A school in the valley.",
        "3": "Gold",
    }
    assert found.questions == {"1": "where is coal"}  # without a judgement there is nothing to measure
    assert found.judgements == {"1": {"1": 1.0}}  # document 9 is not in the collection


def test_judgements_may_count_the_questions(ranking, tmp_path):
    """As Cranfield's do, whose questions are numbered with gaps."""
    made = folder(
        tmp_path,
        cran_all_1400=DOCUMENTS,
        cran_qry=".I 001\n.W\nfirst\n.I 004\n.W\nsecond\n",
        cranqrel="1 1 2 \n2 2 3 \n2 3 -1\n",
    )
    found = ranking.read(made)
    assert found.questions == {"1": "first", "2": "second"}
    assert found.judgements == {"1": {"1": 1.0}, "2": {"2": 1.0, "3": 1.0}}


def test_judgements_of_trec_eval_have_grades(ranking):
    """Four columns, the second always 0."""
    assert ranking.judged("1 0 13 2\n1 0 14 0\n") == {"1": {"13": 2.0, "14": 0.0}}


def test_npl(ranking, tmp_path):
    """A number, lines, a slash."""
    found = ranking.read(
        folder(
            tmp_path,
            **{
                "doc-text": "\n1\ncompact memories\nhave capacity\n   /\n2\nan electronic computer\n   /\n",
                "query-text": "1\nMEMORIES\n/\n2\nCOMPUTERS\n/\n",
                "rlv-ass": "1\n    1     2\n   /\n2\n 2\n   /\n",
            },
        )
    )
    assert found.documents["1"] == "compact memories\nhave capacity"
    assert found.questions == {"1": "MEMORIES", "2": "COMPUTERS"}
    assert found.judgements == {"1": {"1": 1.0, "2": 1.0}, "2": {"2": 1.0}}


def test_a_missing_file_is_named(ranking, tmp_path):
    """A folder without questions is no collection."""
    with pytest.raises(FileNotFoundError, match="qry"):
        ranking.read(folder(tmp_path, a_all=DOCUMENTS, a_rel="1 1\n"))


JSON = {
    "documents": {"a": {"title": "탄광", "text": "수용소에서 석탄을 캤다"}, "b": "학교", "c": "the coal mines", "d": "gold"},
    "queries": {"q": "수용소 석탄", "r": "mining of coal", "unjudged": "x"},
    "judgements": {"q": {"a": 2, "b": 0}, "r": {"c": 1}},
}


def test_json(ranking):
    """A title stands above its text; a grade of 0 is not relevant."""
    found = ranking.from_json("made", JSON)
    assert found.documents["a"] == "탄광\n수용소에서 석탄을 캤다"
    assert found.judgements == {"q": {"a": 2}, "r": {"c": 1}}
    assert list(found.questions) == ["q", "r"]


def test_every_engine_finds_what_is_plainly_there(ranking):
    """Ours and SQLite's; a trigram needs three letters, so 수용소 is found and 석탄 alone would not be."""
    made = ranking.from_json("made", JSON)
    assert ranking.ours(made) == {"q": ["a"], "r": ["c"]}
    assert ranking.fts5_porter(made)["r"] == ["c"]
    assert ranking.fts5_trigram(made)["q"] == ["a"]
    assert ranking.measured(made, ranking.ours(made)) == (1.0, 1.0, 1.0)


def test_ndcg(ranking):
    """Grades 3, 0, 2 found of 3, 2, 1."""
    grades = {"a": 3.0, "b": 2.0, "c": 1.0}
    best = 3 + 2 / math.log2(3) + 1 / 2
    assert ranking.ndcg(["a", "x", "b"], grades) == pytest.approx((3 + 2 / 2) / best)
    assert ranking.ndcg(["a", "b", "c"], grades) == pytest.approx(1)
    assert ranking.ndcg(["x"] * 10 + ["a"], grades) == 0


def test_average_precision(ranking):
    """Found at 1 and 3, one never: (1/1 + 2/3) ÷ 3."""
    assert ranking.average_precision(["a", "x", "b"], {"a": 1.0, "b": 1.0, "c": 1.0}) == pytest.approx((1 + 2 / 3) / 3)


def test_recall(ranking):
    """What stands below the depth is not found."""
    assert ranking.recall(["x", "a", "b"], {"a": 1.0, "b": 1.0}, depth=2) == 0.5


def test_a_question_without_a_ranking_counts_as_nothing_found(ranking):
    """Else an engine would gain by silence."""
    made = ranking.from_json("made", JSON)
    assert ranking.measured(made, {"q": ["a"]}) == (0.5, 0.5, 0.5)
