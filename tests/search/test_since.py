"""What is new, was changed or got a caveat since a day: what is found, what each hit says, and what verification makes of it."""

import json
from pathlib import Path

import pytest

import made_up
from archive.archive import Archive
from archive.errors import BadDate
from archive.search.filters import since
from running import Run

DAY = "2026-03-01"


def entered(day: str, *changed: str) -> list[dict[str, str]]:
    """Return a history: the day of the first entry, and those of later changes."""
    return [{"date": each, "by": "made up", "change": "made up"} for each in (day, *changed)]


@pytest.fixture
def collection(root: Path) -> Path:
    """Records of which one is as it was, and each other differs in one way since the day; one has no history."""
    contested = made_up.note("n1", "contradicted", date="2026-03-01", about={"paragraphs": [2]})
    supported = made_up.note("n1", "partial-admission", date="2026-03-02")
    heads = {
        "NKT-9001": {"history": entered("2026-01-01", "2026-02-28")},
        "NKT-9002": {"history": entered("2026-03-01", "2026-03-05")},
        "NKT-9003": {"history": entered("2026-01-01", "2026-03-01")},
        "NKT-9004": {"history": entered("2026-01-01"), "credibility": {"notes": [contested]}},
        "NKT-9005": {"history": entered("2026-01-01"), "credibility": {"notes": [supported]}},
        "NKT-9006": {},
        "NKT-9007": {"history": entered("2026-03-03"), "access": {"level": "closed"}},
    }
    camps = [{"camp": "kwalliso-14"}]
    written = [made_up.header(code, camps=camps, **more) for code, more in heads.items()]
    records = [made_up.record(head, "Coal, made up.", "More coal.") for head in written]
    return made_up.collection(root, *records)


FOUND = {
    "NKT-9002#p1": ("new",),
    "NKT-9002#p2": ("new",),
    "NKT-9003#p1": ("changed",),
    "NKT-9003#p2": ("changed",),
    "NKT-9004#p2": ("contested",),
    "NKT-9005#p1": ("noted",),
    "NKT-9005#p2": ("noted",),
}


def test_only_what_something_has_become_of_is_found_and_says_what(collection: Path) -> None:
    """A caveat on one paragraph brings that one alone, what is closed stays closed, and what has no history is counted."""
    results = Archive(collection).search("coal", since=DAY, limit=None).results
    assert {f"{hit.passage.code}#p{hit.passage.number}": hit.updates for hit in results.hits} == FOUND
    assert results.without_history == 2
    assert {hit.updates for hit in Archive(collection).search("coal", limit=None).results.hits} == {()}


def test_every_count_is_of_what_is_found_since(collection: Path, run: Run) -> None:
    """Search, facets, the list and the comparison tell the day and how much has no history, as fields and in words."""
    told = {"day": DAY, "left_out_without_history": 2}
    for command in (["search", "coal", "--all"], ["facets", "coal"], ["list"], ["compare", "--camp", "14"]):
        document = json.loads(run(*command, "--since", DAY, "--format", "json").out)
        assert document["since"] == told, command
        assert "since" not in document["asked"]
        plain = json.loads(run(*command, "--format", "json").out)
        assert plain["since"] is None
    facets = json.loads(run("facets", "--since", DAY, "--format", "json").out)
    assert facets["total"]["passages"] == len(FOUND)
    flags = {row["value"]: row["passages"] for row in facets["facets"]["flag"]}
    assert flags == {"contradicted": 1, "partial-admission": 2}
    listed = json.loads(run("list", "--since", DAY, "--format", "json").out)
    assert [row["code"] for row in listed["records"]] == ["NKT-9002", "NKT-9003", "NKT-9004", "NKT-9005"]
    for command in (["search", "coal"], ["search", "coal", "--list"], ["search", "coal", "--full"], ["facets"]):
        assert f"in the archive since {DAY}" in " ".join(run(*command, "--since", DAY).out.split())


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("form", [[], ["--full"], ["--format", "markdown"], ["--format", "json"], ["--format", "csv"]])
def test_what_was_printed_is_verified_and_altered_is_not(
    collection: Path, run: Run, tmp_path: Path, form: list[str], language: str
) -> None:
    """What a hit says of the day belongs to no citation; who alters who speaks is told all the same."""
    paper = tmp_path / ("paper.json" if "json" in form else "paper.csv" if "csv" in form else "paper.md")
    printed = run("search", "coal", "--since", DAY, "--all", *form, "--lang", language).out
    said = {"en": "newly contested since", "ko": "이후 새로 다툼이 생김"}[language]
    assert (said if form[-1:] not in (["json"], ["csv"]) else "contested") in " ".join(printed.split())
    paper.write_text(printed, encoding="utf-8")
    checked = run("verify", str(paper), "--format", "json")
    document = json.loads(checked.out)
    assert document["total"]["citations"] == len(FOUND)
    assert checked.code == 0, checked.out
    paper.write_text(printed.replace("made-up witness", "made-up warden"), encoding="utf-8")
    assert run("verify", str(paper)).code == 1


def test_a_day_since_and_a_day_as_of_are_two_clocks(collection: Path, run: Run) -> None:
    """Both have to be met; a caveat that could be known only after the one is found by the other, and says so."""
    head = made_up.header(
        "NKT-9008",
        recorded={"date": "2001"},
        history=entered("2026-01-01"),
        credibility={"notes": [made_up.note("n1", "revised", date="2026-04-01", known="2015")]},
    )
    made_up.put(collection, made_up.record(head, "Coal, made up."))
    room = Archive(collection)
    found = room.search("coal", since=DAY, as_of="2014", code="NKT-9008").results
    assert [(hit.updates, [note.since for note in hit.passage.notes]) for hit in found.hits] == [(("contested",), ["2014-12-31"])]
    assert room.search("coal", since=DAY, as_of="2000", limit=None).results.passages == 0
    assert run("search", "coal", "--since", DAY, "--as-of", "2014").code == 0


def test_a_month_or_a_year_counts_as_its_first_day() -> None:
    """What has no first day is refused."""
    assert [since(each) for each in ("2026", "2026-03", "2026-03-01")] == [20260101, 20260301, 20260301]
    for written in ("../2026", "XXXX", "yesterday"):
        with pytest.raises(BadDate):
            since(written)
