"""`testimony log` tells who changed what and when, by histories and by git, and of both only what was public all along."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import made_up
from archive.archive import Archive
from running import Run
from verification_parts import git
from withheld_histories import OLD, WITHHELD, save


def line(day: str, change: str, by: str = "ak") -> dict[str, str]:
    """Return a line of a history."""
    return {"date": day, "by": by, "change": change}


FIRST, SECOND, THIRD = line("2026-01-01", "First entry"), line("2026-02-01", "A word"), line("2026-03-01", "Told anew", "bo")
NOTE = made_up.note("n1", "caution", date="2026-03-01")


@pytest.fixture
def collection(root: Path) -> Path:
    """A record with a change that its history tells of, one that it does not, and one that is not committed yet."""
    git(root, "init", "--quiet")
    save(root, "The first words.", history=[FIRST])
    save(root, "Other words.", history=[FIRST, SECOND])
    save(root, "Other words.", history=[FIRST, SECOND], credibility={"notes": [NOTE]}, topics=["hunger"])
    head = made_up.header("ZZT-0001", history=[FIRST, SECOND, THIRD], credibility={"notes": [NOTE]}, topics=["hunger"])
    made_up.put(root, made_up.record(head, "Other words."), "ZZT-0001-made-up.md")
    other = made_up.header("ZZT-0002", history=[line("2026-02-15", "First entry", "bo")])
    closed = made_up.header("ZZT-0003", history=[line("2026-02-20", "ZQXCLOSED", "ZQXWHO")], access={"level": "closed"})
    return made_up.collection(root, made_up.record(other), made_up.record(closed))


def logged(run: Run, *arguments: str) -> dict[str, Any]:
    """Return the log as JSON."""
    document: dict[str, Any] = json.loads(run("log", *arguments, "--format", "json").out)
    return document


def test_a_change_is_told_by_its_line_and_by_what_git_keeps(collection: Path, run: Run) -> None:
    """The words, notes and fields that differ stand at the line that came with them; what no line tells of has none."""
    document = logged(run, "ZZT-0001")
    nothing: dict[str, Any] = {"paragraphs": [], "notes": [], "claims": [], "fields": []}
    [unsaid] = [each for each in document["changes"] if each["change"] is None]
    told = [each for each in document["changes"] if each is not unsaid]
    assert told == [
        {**THIRD, "code": "ZZT-0001", **nothing},
        {**SECOND, "code": "ZZT-0001", **nothing, "paragraphs": [1]},
        {**FIRST, "code": "ZZT-0001", **nothing},
    ]
    assert unsaid == {"date": unsaid["date"], "by": None, "change": None, "code": "ZZT-0001", **nothing} | {
        "notes": ["n1"],
        "fields": ["topics"],
    }
    assert document["with_git"]
    assert document["total"] == {"changes": 4, "testimonies": 1}


def test_the_whole_collection_is_told_by_its_histories(collection: Path, run: Run) -> None:
    """Last first, of those that this reader may read; a day and a name narrow it, and the coverage stands beside it."""
    document = logged(run)
    assert [(each["date"], each["code"], each["by"]) for each in document["changes"]] == [
        ("2026-03-01", "ZZT-0001", "bo"),
        ("2026-02-15", "ZZT-0002", "bo"),
        ("2026-02-01", "ZZT-0001", "ak"),
        ("2026-01-01", "ZZT-0001", "ak"),
    ]
    assert not document["with_git"]
    assert document["coverage"]["searched"] == 2
    assert [each["date"] for each in logged(run, "--since", "2026-02", "--by", "AK")["changes"]] == ["2026-02-01"]
    rows = list(csv.DictReader(io.StringIO(run("log", "--since", "2026-02-15", "--format", "csv").out)))
    assert [(row["date"], row["change"]) for row in rows] == [("2026-03-01", "Told anew"), ("2026-02-15", "First entry")]
    text = run("log", "--by", "bo").out
    assert "ZZT-0002 · bo: First entry" in text
    assert "2 changes · 2 testimonies · by bo." in text
    assert "with a code the log also says" in " ".join(text.split())


def test_nothing_of_a_closed_record_is_told(collection: Path, run: Run) -> None:
    """Neither its lines nor who wrote them; to ask for it is to ask for what is not there."""
    for arguments in (["log"], ["log", "ZZT-0003"], ["log", "--by", "ZQXWHO"]):
        done = run(*arguments)
        assert "ZQXCLOSED" not in done.out + done.err
        assert "2026-02-20" not in done.out + done.err
    unknown = run("log", "--by", "ZQXWHO")
    assert unknown.code == 2
    assert "They name ak and bo." in unknown.err
    assert run("log", "ZZT-0003").err == run("log", "ZZT-0004").err.replace("0004", "0003")


WITHOUT_A_STEP = {
    *("masked_between", "closed_between", "faulty_between", "taken_away_between", "stashed", "never_merged"),
    *("merged_beside_a_mask", "closed_before_and_after"),
}
"""The ways in which no two versions in a row were public, so that there is no difference to tell."""


@pytest.mark.parametrize("way", WITHHELD)
def test_no_way_by_which_words_were_withheld_is_told(root: Path, run: Run, way: Callable[[Path], None]) -> None:
    """No word, no name of a commit or of who made it; of what was not public all along not even the day."""
    git(root, "init", "--quiet")
    way(root)
    for form in ("text", "json", "csv"):
        told = run("log", "ZZT-0001", "--format", form).out
        assert "ZQXNAME" not in told
        assert "made up" not in told
    steps = [row for row in Archive(root).log("ZZT-0001").rows if row.change.paragraphs]
    assert bool(steps) is (way.__name__ not in WITHOUT_A_STEP)


def test_a_change_of_words_is_told_where_nothing_was_withheld(root: Path) -> None:
    """Or else the tests above were idle."""
    git(root, "init", "--quiet")
    save(root, OLD)
    save(root, "Other words.")
    [row] = Archive(root).log("ZZT-0001").rows
    assert row.change.paragraphs == (1,)
