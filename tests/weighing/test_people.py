"""All records in a line each, and one person's page: nothing is missed, nothing is guessed, and the caveats travel."""

import json
import re
from pathlib import Path

import pytest

import made_up
from running import Run

NAMES = {"name": "Made-up Witness", "name_kind": "pseudonym", "connection": "victim"}
OTHER = {"name": "Another Witness", "name_kind": "pseudonym", "connection": "relative"}


@pytest.fixture
def archive(root: Path) -> Path:
    """Two versions of a made-up person, somebody else on the same, and somebody of the same name."""
    first = made_up.header(
        "NKT-9001",
        witness=NAMES,
        claims=[
            {"id": "c1", "text": "made-up bell heard", "paragraphs": [1], "status": "recanted"},
            {"id": "c2", "text": "made-up cart seen", "paragraphs": [2], "status": "maintained"},
            {"id": "c3", "text": "made-up snow", "paragraphs": [2], "status": "asserted"},
        ],
        credibility={
            "notes": [
                made_up.note("n1", "recanted", "Made up: the bell was taken back.", about={"paragraphs": [1]}),
                made_up.note("n2", "caution", "Made up: of all of it."),
            ]
        },
        camps=[{"camp": "kwalliso-18", "period": "1985", "as": "prisoner"}],
        recorded={"date": "2001", "by": "archive"},
    )
    second = made_up.header(
        "NKT-9002",
        witness=NAMES,
        relations=[{"type": "revises", "code": "NKT-9001"}],
        recorded={"date": "2005", "by": "archive"},
        camps=[{"camp": "kwalliso-14", "period": "1970", "as": "prisoner"}],
    )
    against = made_up.note("n1", "contradicted", "Made up: no cart was there.", **{"with": ["NKT-9001#p2"]})
    other = made_up.header("NKT-9003", witness=OTHER, credibility={"notes": [against]})
    namesake = made_up.header("NKT-9004", witness=NAMES)
    return made_up.collection(
        root,
        made_up.record(first, "The zebra rang.", "A quagga stood."),
        made_up.record(second, "The zebra did not ring."),
        made_up.record(other, "No quagga."),
        made_up.record(namesake, "Something else."),
    )


def test_the_page_of_a_person_is_whole(archive: Path, run: Run) -> None:
    """Versions, what was taken back, what is upheld, what others say, where to cite; each caveat in full once."""
    text = run("witness", "Made-up Witness").out
    flat = " ".join(text.split())
    assert "VERSIONS (2, the earlier first)" in text
    assert text.index("NKT-9001 ") < text.index("NKT-9002 ")
    taken = flat.partition("TAKEN BACK, CHANGED OR REJECTED")[2].partition("UPHELD")[0]
    assert "NKT-9001#p1 made-up bell heard · TAKEN BACK LATER · ! RECANTED [" in taken
    upheld = flat.partition("UPHELD BY THE SPEAKER")[2].partition("WHAT OTHERS")[0]
    assert "made-up cart seen" in upheld
    assert "made-up snow" not in flat
    assert "1 further claim" in flat
    assert re.search(r"NKT-9003 Another Witness \(pseudonym\), relative · contradicted \[[0-9]\]", flat)
    for statement in ("the bell was taken back.", "of all of it.", "no cart was there."):
        assert flat.count(statement) == 1
    for code in ("NKT-9001", "NKT-9002", "NKT-9004"):
        assert re.search(rf"{code} · \S+ · sha256:[0-9a-f]{{16}}", flat), code
    assert "zebra" not in text


def test_records_of_one_name_are_told_apart_unless_they_are_entered_as_one_persons(archive: Path, run: Run) -> None:
    """Nothing is inferred from a name."""
    people = json.loads(run("witness", "made-up witness", "--format", "json").out)["people"]
    assert [[each["code"] for each in person["versions"]] for person in people] == [["NKT-9001", "NKT-9002"], ["NKT-9004"]]
    assert "nobody has entered that they are of one person" in " ".join(run("witness", "Made-up Witness").out.split())


def test_the_page_as_fields_has_the_caveats_and_citations(archive: Path, run: Run) -> None:
    """Of each claim and of each version; of others what they say."""
    person = json.loads(run("witness", "Made-up Witness", "--format", "json").out)["people"][0]
    (changed,) = person["changed"]
    assert (changed["code"], changed["id"], changed["status"]) == ("NKT-9001", "c1", "recanted")
    assert [each["flag"] for each in changed["caveats"]] == ["recanted", "caution"]
    assert all("NKT-9001#p1 · " in each for each in changed["citations"])
    assert [(each["code"], [note["flag"] for note in each["notes"]]) for each in person["others"]] == [
        ("NKT-9003", ["contradicted"])
    ]
    assert all(version["citation"] for version in person["versions"])


def test_a_part_of_several_names_is_no_name(archive: Path, run: Run) -> None:
    """They are listed; and who is nobody's name is told the near ones."""
    several = run("witness", "Witness")
    assert several.code == 2
    assert "Made-up Witness; Another Witness" in several.err
    nobody = run("witness", "Made-up Wittness")
    assert (nobody.code, nobody.out) == (2, "")
    assert "Did you mean Made-up Witness" in nobody.err
    assert run("witness", "Another").code == 0


def test_the_list_has_every_record_once_with_its_caveats(archive: Path, run: Run) -> None:
    """Also those that came from other records; no words of a testimony."""
    text = run("list").out
    assert re.findall(r"^[0-9]+ +(NKT-[0-9]+)", text, re.MULTILINE) == ["NKT-9001", "NKT-9002", "NKT-9003", "NKT-9004"]
    flat = " ".join(text.split())
    assert "caveats in it: RECANTED, CONTRADICTED, caution by the archive 2 NKT-9002" in flat
    assert "4 testimonies of 4 searched." in flat
    assert not re.search("zebra|quagga", text, re.IGNORECASE)
    records = json.loads(run("list", "--format", "json").out)["records"]
    assert [each["flags"] for each in records] == [["recanted", "contradicted", "caution"], [], ["contradicted"], []]
    assert [each["camps"] for each in records] == [["kwalliso-18"], ["kwalliso-14"], [], []]


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        (["--flag", "recanted"], ["9001"]),
        (["--witness", "Another"], ["9003"]),
        (["--camp", "14", "--camp", "18", "--sort", "period"], ["9002", "9001"]),
        (["--sort", "witness"], ["9003", "9001", "9002", "9004"]),
        (["--sort", "camp"], ["9002", "9001", "9003", "9004"]),
        (["--sort", "caveats"], ["9001", "9003", "9002", "9004"]),
        (["--sort", "recorded", "--camp", "14", "--camp", "18"], ["9001", "9002"]),
    ],
    ids=str,
)
def test_the_list_is_filtered_and_sorted(archive: Path, run: Run, asked: list[str], codes: list[str]) -> None:
    """A record that matches by one passage is listed with the caveats of all of it."""
    records = json.loads(run("list", *asked, "--format", "json").out)["records"]
    assert [each["code"].removeprefix("NKT-") for each in records] == codes


def test_undated_records_that_a_filter_left_out_are_told(archive: Path, run: Run) -> None:
    """In the text, and beside JSON on standard error."""
    assert "Left out by --period: 2 undated passages" in " ".join(run("list", "--period", "1985").out.split())
    assert "Left out by --period" in run("list", "--period", "1985", "--format", "json").err


def test_the_list_as_of_a_day_names_what_came_later_with_its_day(root: Path, run: Run) -> None:
    """What could be known only later travels, and says since when."""
    notes = [made_up.note("n1", "recanted", "Made up.", known="2010")]
    made_up.collection(root, made_up.record(made_up.header("NKT-9001", recorded={"date": "2001"}, credibility={"notes": notes})))
    told = " ".join(run("list", "--as-of", "2005").out.split())
    assert "RECANTED, since 2005-12-31" in told
    (record,) = json.loads(run("list", "--as-of", "2005", "--format", "json").out)["records"]
    assert (record["flags"], record["flags_since"]) == ([], ["recanted"])
