"""`testimony watch`: saved searches, and what is new in their answers since a person looked at them last."""

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

import made_up
from running import Run

WORDS = "zebra"


def record(number: int, *paragraphs: str, notes: tuple[dict[str, Any], ...] = (), **changes: object) -> str:
    """Make a record."""
    head = made_up.header(f"NKT-900{number}", credibility={"notes": list(notes)}, **changes)
    return made_up.record(head, *(paragraphs or (f"A zebra, made up, {number}.",)))


@pytest.fixture
def state(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of what is kept, empty."""
    folder = tmp_path_factory.mktemp("state") / "testimony"
    monkeypatch.setenv("TESTIMONY_STATE", str(folder))
    return folder


@pytest.fixture
def saved(root: Path, state: Path, run: Run) -> Path:
    """Four public records and one that is not, and a search for a word of all of them."""
    restricted = record(5, "A zebra, zqxsecret.", access={"level": "restricted"})
    made_up.collection(root, record(1), record(2), record(3), record(4), restricted)
    ran = run("watch", "add", "animals", WORDS)
    assert (ran.code, ran.out) == (0, "")
    assert "4 passages now" in ran.err
    return root


def put(root: Path, number: int, *paragraphs: str, **changes: Any) -> None:
    """Write a record anew."""
    for file in (root / "testimonies").glob(f"NKT-900{number}*"):
        file.unlink()
    made_up.put(root, record(number, *paragraphs, **changes))


def listed(run: Run) -> dict[str, Any]:
    """Return what is told of the only saved search."""
    (found,) = json.loads(run("watch", "--format", "json").out)["watched"]
    return dict(found)


FLAGGED = made_up.note("n1", "recanted", "Made up: taken back.")
ADMITTED = made_up.note("n1", "partial-admission", "Made up: half of it is admitted.")


def developed(root: Path) -> None:
    """Let something become of each record: other words, a caveat, what speaks for it, gone, and one that is new."""
    put(root, 1, "A zebra, made up, with other words.")
    put(root, 2, notes=(FLAGGED,))
    put(root, 3, notes=(ADMITTED,))
    put(root, 4, access={"level": "closed"})
    put(root, 6, "Something made up that stands before it.", "A zebra, made up, 6.")


def test_what_has_become_of_each_passage_is_told_once(saved: Path, run: Run) -> None:
    """New, other words, a caveat, a note that speaks for it, and not found; after they were shown, nothing is new."""
    assert [listed(run)[what] for what in ("new", "changed", "contested", "noted", "gone")] == [[], [], [], [], []]
    developed(saved)
    found = listed(run)
    assert found == {
        "name": "animals",
        "arguments": [WORDS],
        "saved": found["looked"],
        "looked": found["saved"],
        "reason": None,
        "passages": 4,
        "new": ["NKT-9006#p2"],
        "changed": ["NKT-9001#p1"],
        "contested": ["NKT-9002#p1"],
        "noted": ["NKT-9003#p1"],
        "gone": ["NKT-9004#p1"],
    }
    kept = run("watch", "show", "animals", "--keep")
    shown = run("watch", "show", "animals")
    assert kept.out == shown.out
    assert shown.out.count("Made up: taken back.") == 1
    for code in ("NKT-9001#p1", "NKT-9002#p1", "NKT-9003#p1", "NKT-9006#p2"):
        assert code in shown.out
    assert "NOT FOUND ANY MORE" in shown.out
    assert "NKT-9004#p1" in shown.out.partition("NOT FOUND ANY MORE")[2]
    assert "zqxsecret" not in shown.out
    assert listed(run)["gone"] == []
    assert "nothing new" in run("watch", "show", "animals").out
    assert "nothing new" in run("watch").out


def test_the_language_of_the_reader_makes_nothing_new(on_shipped: Run, state: Path) -> None:
    """A record that is read in Korean has the words that were seen in English; what is new is shown in Korean."""
    assert on_shipped("watch", "add", "hunger", "hunger", "--camp", "18").code == 0
    for language in ("en", "ko"):
        (found,) = json.loads(on_shipped("--lang", language, "watch", "--format", "json").out)["watched"]
        assert (found["changed"], found["new"], found["gone"]) == ([], [], [])
    assert "새로운 것 없음" in on_shipped("--lang", "ko", "watch").out
    (file,) = state.glob("*.searches")
    kept = json.loads(file.read_text(encoding="utf-8"))
    kept["searches"][0]["seen"] = []
    file.write_text(json.dumps(kept), encoding="utf-8")
    shown = on_shipped("--lang", "ko", "watch", "show", "hunger").out
    assert "새로" in shown
    assert "nothing new" in on_shipped("watch", "show", "hunger").out


def test_words_that_move_within_a_record_are_nothing_new(saved: Path, run: Run) -> None:
    """A paragraph that is put before them makes no passage new, and none gone."""
    put(saved, 1, "Something made up.", "A zebra, made up, 1.")
    found = listed(run)
    assert (found["new"], found["changed"], found["gone"]) == ([], [], [])


@pytest.mark.parametrize("form", ["markdown", "json", "csv", "bibtex"])
def test_every_format_has_the_caveats(saved: Path, run: Run, form: str) -> None:
    """Of what is new alone, and with what is not found any more on standard error."""
    developed(saved)
    ran = run("watch", "show", "animals", "--format", form)
    assert ran.code == 0
    assert "Made up: taken back." in ran.out
    assert "NKT-9004" not in ran.out
    assert "NKT-9004#p1" in ran.err
    if form == "json":
        document = json.loads(ran.out)
        updates = {f"{hit['code']}#p{hit['paragraph']}": hit["updates"] for hit in document["hits"]}
        assert updates == {
            "NKT-9001#p1": ["changed"],
            "NKT-9002#p1": ["contested"],
            "NKT-9003#p1": ["noted"],
            "NKT-9006#p2": ["new"],
        }


def test_words_and_filters_are_asked_as_they_were_typed(saved: Path, run: Run) -> None:
    """A phrase, a word that is left out and a filter; what is printed can be pasted."""
    assert run("watch", "add", "two", "--code", "NKT-9002", "--", '"a zebra"', "-quagga").code == 0
    ran = run("watch")
    assert """two: testimony search --code NKT-9002 -- '"a zebra"' -quagga""" in " ".join(ran.out.split())
    put(saved, 2, "A zebra, and another zebra.")
    put(saved, 1, "A zebra, and another zebra.")
    told = json.loads(run("watch", "--format", "json").out)["watched"]
    assert [each["changed"] for each in told] == [["NKT-9001#p1", "NKT-9002#p1"], ["NKT-9002#p1"]]


def test_a_filter_that_is_not_known_any_more_stops_no_other_search(saved: Path, run: Run, state: Path) -> None:
    """It is told at its search, with what to do."""
    assert run("watch", "add", "two", "--flag", "recanted").code == 0
    (file,) = state.glob("*.searches")
    file.write_text(file.read_text(encoding="utf-8").replace('"recanted"', '"rekanted"'), encoding="utf-8")
    ran = run("watch")
    assert ran.code == 0
    assert "rekanted" in ran.out
    assert "animals" in ran.out
    first, second = json.loads(run("watch", "--format", "json").out)["watched"]
    assert (first["reason"], second["passages"]) == (None, None)
    assert "rekanted" in second["reason"]
    assert run("watch", "show", "two").code == 2


def test_what_is_kept_is_its_owners_alone_and_forgotten(saved: Path, run: Run, state: Path) -> None:
    """No word of a testimony, nothing in the collection; `forget` deletes it, and a clearance has its own."""
    (file,) = state.glob("*.searches")
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "made up" not in file.read_text(encoding="utf-8")
    assert "animals" not in run("--clearance", "restricted", "watch").out
    assert run("forget").code == 0
    assert not list(state.glob("*.searches"))
    assert run("watch", "show", "animals").code == 2
    assert run("watch", "add", "animals", WORDS, TESTIMONY_REMEMBER="0").code == 15
    assert not [each for each in saved.rglob("*") if each.suffix == ".searches"]


def test_what_is_damaged_is_told_and_not_written_over(saved: Path, run: Run, state: Path) -> None:
    """A file that is no list of searches is an error, and `forget` deletes it."""
    (file,) = state.glob("*.searches")
    for content in (b"{", b"[]", b'{"searches": [{"name": 1}]}', b"\xff"):
        file.write_bytes(content)
        for arguments in (["watch"], ["watch", "add", "more", WORDS], ["watch", "show", "animals"]):
            ran = run(*arguments)
            assert ran.code != 0
            assert "no saved searches that can be read" in ran.err
        assert file.read_bytes() == content
    assert run("forget").code == 0
    assert run("watch").out.startswith("No search is saved.\n")


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["add"], "no search is named"),
        (["add", "animals", WORDS], "saved as animals already"),
        (["add", "two"], "finds all there is"),
        (["add", "a/b", WORDS], "no name of a search"),
        (["add", "two", WORDS, "--format", "json"], "prints no json"),
        (["--code", "NKT-9001", "add", "two"], "stands before its words"),
        (["show", "animal"], "animals"),
        (["show", "animals", "more"], "watch add"),
        (["remove", "two"], "no search is saved as two"),
        (["--keep"], "--keep goes with"),
        (["--format", "csv"], "prints no csv"),
    ],
)
def test_what_cannot_be_is_refused(saved: Path, run: Run, arguments: list[str], why: str) -> None:
    """With what to do, and nothing is changed."""
    before = listed(run)
    ran = run("watch", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert why in " ".join(ran.err.split())
    assert listed(run) == before


def test_a_removed_search_is_gone(saved: Path, run: Run) -> None:
    """And its name is free again."""
    assert run("watch", "remove", "animals").code == 0
    assert run("watch").out.startswith("No search is saved.\n")
    assert run("watch", "add", "animals", WORDS).code == 0


def test_the_control_what_is_new_is_told_by_what_was_seen(saved: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing is held against what was seen, none of it is told."""
    developed(saved)
    monkeypatch.setattr("archive.citing.saved_searches._updates", lambda *_: iter(()))
    assert "NKT-9006#p2" not in run("watch", "show", "animals", "--keep").out
