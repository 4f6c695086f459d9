"""Going on from an answer: numbers, the basket, and what is kept of a person between two commands."""

import json
import os
import re
import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import made_up
from archive.record.testimony import PUBLIC, RESTRICTED, Reference
from archive.storage import user_state
from archive.storage.user_state import ANSWER, BASKET, KeptPassage
from examples import number_of
from running import Run, ask_program

WORDS = "zebra"


def record(number: int, *paragraphs: str, **changes: object) -> str:
    """Make a record with a note of its own."""
    note = made_up.note("n1", "recanted", f"Made up: taken back, {number}.")
    head = made_up.header(f"NKT-900{number}", credibility={"notes": [note]}, **changes)
    return made_up.record(head, *(paragraphs or (f"A zebra, number {number}.", f"A quagga, number {number}.")))


@pytest.fixture
def state(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of what is kept, empty."""
    folder = tmp_path_factory.mktemp("state") / "below" / "testimony"
    monkeypatch.setenv("TESTIMONY_STATE", str(folder))
    return folder


@pytest.fixture
def archive(root: Path, state: Path) -> Path:
    """Two public records, and one that is not."""
    return made_up.collection(root, record(1), record(2), record(3, "A zebra, zqxsecret.", access={"level": "restricted"}))


def rewrite(root: Path, old: str, new: str) -> None:
    """Change words of the first record."""
    file = next((root / "testimonies").glob("NKT-9001*"))
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def content(state: Path) -> str:
    """Return all that is kept, names of files included."""
    return "\n".join(f"{file.name}\n{file.read_text(encoding='utf-8')}" for file in sorted(state.rglob("*")) if file.is_file())


def test_numbers_stand_for_the_passages_that_were_printed(archive: Path, run: Run) -> None:
    """In show, cite and excerpt, one or several; standard error says which code it is; the output is that of the code."""
    assert run("search", WORDS).code == 0
    for command, several in (("show", False), ("cite", True), ("excerpt", True)):
        ran = run(command, "2")
        assert "2 is NKT-9002#p1, as printed on" in ran.err
        assert ran.out == run(command, "NKT-9002#p1").out
        both = run(command, "1-2")
        assert both.code == (0 if several else 2)
        assert ("NKT-9001#p1" in both.out and "NKT-9002#p1" in both.out) == several
    assert run("excerpt", "1-2", "--format", "json").out == run("excerpt", "NKT-9001#p1", "NKT-9002#p1", "--format", "json").out


def test_the_second_page_goes_on_counting(archive: Path, run: Run) -> None:
    """A number that was not printed last is refused, with those that were."""
    run("search", WORDS, "--offset", "1")
    assert "2 is NKT-9002#p1" in run("cite", "2").err
    ran = run("cite", "1")
    assert (ran.code, ran.out) == (2, "")
    assert "It has 2 to 2." in ran.err


@pytest.mark.parametrize("arguments", [["--format", "json"], ["--count"], ["--format", "csv"]])
def test_what_prints_no_numbers_leaves_them_alone(archive: Path, run: Run, arguments: list[str]) -> None:
    """A script that searches beside a person changes nothing for them."""
    run("search", WORDS)
    run("search", "quagga", *arguments)
    assert "1 is NKT-9001#p1" in run("cite", "1").err


def test_a_number_whose_passage_changed_or_closed_is_refused(archive: Path, run: Run) -> None:
    """Its hash decides; words that moved within the record are found where they stand now."""
    run("search", WORDS)
    rewrite(archive, "A zebra, number 1.", "Before it.\n\nA zebra, number 1.")
    assert "1 is NKT-9001#p2" in run("cite", "1").err
    rewrite(archive, "A zebra, number 1.", "Another zebra.")
    ran = run("cite", "1")
    assert (ran.code, ran.out) == (2, "")
    assert "its words have changed" in ran.err
    rewrite(archive, '"level": "public"', '"level": "closed"')
    ran = run("show", "1")
    assert (ran.code, ran.out) == (2, "")
    assert "there is no testimony NKT-9001" in ran.err


def test_without_an_answer_a_number_says_so(archive: Path, run: Run) -> None:
    """Nothing is guessed; nothing found leaves no numbers of before."""
    assert run("show", "1").code == 2
    run("search", WORDS)
    run("search", "nothing-has-this-word")
    ran = run("show", "1")
    assert (ran.code, ran.out) == (2, "")
    assert "no answer is kept" in ran.err


def test_nothing_of_a_restricted_answer_serves_the_public(archive: Path, run: Run, state: Path) -> None:
    """A clearance each, also for the basket; the public cannot put in what it may not see."""
    restricted = ("--clearance", "restricted")
    assert "NKT-9003" in run(*restricted, "search", "zqxsecret").out
    assert run(*restricted, "basket", "add", "1").code == 0
    for arguments in (["show", "1"], ["cite", "--basket"], ["basket", "export"], ["basket", "add", "NKT-9003#p1"]):
        ran = run(*arguments)
        assert (ran.code, ran.out) == (2, ""), arguments
        assert "zqxsecret" not in ran.err
    assert run("basket").out == "The basket is empty.\n"
    assert "NKT-9003#p1" in run(*restricted, "cite", "--basket").out


def test_what_is_kept_is_codes_and_hashes_and_its_owners_alone(archive: Path, run: Run, state: Path) -> None:
    """No word of a query or a testimony, no name of the collection's folder; never in the collection; 0600 in 0700."""
    run("search", "zebra", "--witness", "made-up witness")
    run("basket", "add", "1", "NKT-9002")
    kept = content(state)
    assert "zebra" not in kept
    assert "witness" not in kept
    assert archive.name not in kept
    assert all(user_state._LINE.fullmatch(line) for line in kept.splitlines() if line.startswith(("NKT", "1 ")))  # noqa: SLF001
    for file in state.rglob("*"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(state.stat().st_mode) == 0o700
    assert {each.name for each in archive.iterdir()} == {"testimonies", "index"}


def test_it_is_switched_off_and_forgotten(archive: Path, run: Run, state: Path) -> None:
    """Off, nothing is written and nothing read; `forget` deletes what is there."""
    ran = run("search", WORDS, TESTIMONY_REMEMBER="0")
    assert ran.code == 0
    assert not state.exists()
    run("search", WORDS)
    run("basket", "add", "1")
    assert run("show", "1", TESTIMONY_REMEMBER="0").code == 2
    assert run("basket", "add", "1", TESTIMONY_REMEMBER="0").code == 2
    assert run("basket", "add", "NKT-9001#p1", TESTIMONY_REMEMBER="0").code == 15
    assert run("forget", TESTIMONY_REMEMBER="0").code == 0
    assert [file for file in state.rglob("*") if file.is_file()] == []
    assert "nothing was kept" in run("forget").err


def test_a_folder_that_cannot_be_written_stops_no_search(archive: Path, run: Run, state: Path) -> None:
    """What cannot be kept is not; a folder inside the collection counts as none."""
    state.parent.mkdir(parents=True, exist_ok=True)
    state.write_text("a file stands here", encoding="utf-8")
    run("index")
    ran = run("search", WORDS)
    assert (ran.code, ran.err) == (0, "")
    inside = archive / "testimonies" / "state"
    assert run("search", WORDS, TESTIMONY_STATE=str(inside)).code == 0
    assert not inside.exists()


@pytest.mark.parametrize("broken", ["", "1 NKT-9001#p1", "\x00", "1 NKT-9001#p1 · 2026-01-01 · sha256:" + "0" * 63])
def test_a_file_that_is_not_whole_is_none(archive: Path, run: Run, state: Path, broken: str) -> None:
    """Half a file, or one that somebody wrote, is no answer."""
    run("search", WORDS)
    file = next(state.glob(f"*.{ANSWER}"))
    file.write_text(broken, encoding="utf-8")
    assert run("show", "1").code == 2


def test_a_note_by_number_asks_first(archive: Path, run: Run) -> None:
    """Where nobody can be asked nothing is written; a dry run writes nothing anyway."""
    run("search", WORDS)
    file = next((archive / "testimonies").glob("NKT-9001*"))
    before = file.read_bytes()
    ran = run("note", "1", "--flag", "caution", "--statement", "Made up.")
    assert ran.code == 2
    assert "NKT-9001#p1" in ran.err
    assert run("note", "1", "--flag", "caution", "--statement", "Made up.", "--dry-run").code == 0
    assert file.read_bytes() == before


def test_the_basket_holds_what_was_put_in(archive: Path, run: Run) -> None:
    """By number and by code, each once, in order; its own numbers count after it was printed; out again, and empty."""
    run("search", WORDS)
    run("basket", "add", "2", "NKT-9001", "2")
    listed = json.loads(run("basket", "--format", "json").out)["basket"]
    assert [each["reference"] for each in listed] == ["NKT-9002#p1", "NKT-9001#p1", "NKT-9001#p2"]
    shown = run("basket").out
    assert "zebra" not in shown
    assert shown.count("RECANTED") == 3
    assert "2 is NKT-9001#p1" in run("cite", "2").err
    assert run("basket", "remove", "1", "NKT-9001#p2").code == 0
    assert [each["reference"] for each in json.loads(run("basket", "--format", "json").out)["basket"]] == ["NKT-9001#p1"]
    run("basket", "clear")
    assert json.loads(run("basket", "--format", "json").out)["basket"] == []


@pytest.mark.parametrize("form", ["text", "json", "jsonl", "csv", "markdown", "csl-json", "bibtex", "ris"])
def test_no_excerpt_leaves_the_basket_without_its_caveats(archive: Path, run: Run, form: str) -> None:
    """Every format of the export, the citations and the dossier, each with statement and citation."""
    run("basket", "add", "NKT-9001#p1", "NKT-9002#p2")
    exported = run("basket", "export", "--format", form).out
    told = [exported]
    if form in {"text", "json", "csl-json", "bibtex", "ris"}:
        told.append(run("cite", "--basket", "--format", form).out)
    if form == "markdown":
        told.append(run("dossier", "--basket", "--output", "-").out)
    for each in told:
        flat = " ".join(each.split())
        assert "taken back, 1." in flat
        assert "taken back, 2." in flat
        assert "NKT-9001" in flat


def test_a_passage_that_changed_is_told_and_never_used(archive: Path, run: Run) -> None:
    """In the list and where it is used; what moved is found; put in anew it is used again."""
    run("basket", "add", "NKT-9001#p1", "NKT-9002#p1")
    rewrite(archive, "A zebra, number 1.", "First.\n\nA zebra, number 1.")
    ran = run("cite", "--basket")
    assert "NKT-9001#p1 stands in NKT-9001#p2 now" in ran.err
    assert "NKT-9001#p2" in ran.out
    rewrite(archive, "A zebra, number 1.", "Other words.")
    assert "its words have changed since" in run("basket").out
    for arguments in (["cite", "--basket"], ["basket", "export"], ["dossier", "--basket", "--output", "-"]):
        ran = run(*arguments)
        assert (ran.code, ran.out) == (2, ""), arguments
        assert "NKT-9001#p1: its words have changed" in ran.err
    run("basket", "remove", "NKT-9001#p1")
    assert run("cite", "--basket").code == 0


def test_the_basket_goes_with_nothing_else(archive: Path, run: Run, tmp_path: Path) -> None:
    """Codes, words and filters beside it are refused; so is an empty one."""
    assert run("cite", "--basket").code == 2
    run("basket", "add", "NKT-9001#p1")
    assert run("cite", "NKT-9002", "--basket").code == 2
    assert run("dossier", "zebra", "--basket", "--output", "-").code == 2
    assert run("dossier", "--flag", "recanted", "--basket", "--output", "-").code == 2
    assert run("basket", "add").code == 2
    assert run("basket", "export", "1").code == 2
    assert run("cite").code == 2


kept_passages = st.builds(
    KeptPassage,
    st.integers(1, 10_000),
    st.from_regex(r"[A-Z]{2,5}-[0-9]{4,6}", fullmatch=True),
    st.integers(1, 99_999),
    st.from_regex(r"[0-9a-f]{64}", fullmatch=True),
    st.just("2026-11-29"),
)


@settings(max_examples=number_of(40))
@given(kept=st.lists(kept_passages, max_size=6), what=st.sampled_from([ANSWER, BASKET]))
def test_what_is_written_is_read_back(tmp_path_factory: pytest.TempPathFactory, kept: list[KeptPassage], what: str) -> None:
    """The numbers of an answer as they were printed, those of a basket by its order; nothing of the other clearance."""
    root = tmp_path_factory.mktemp("root")
    user_state.write(root, PUBLIC, what, kept)
    expected = kept if what == ANSWER else [each._replace(number=at) for at, each in enumerate(kept, start=1)]
    assert user_state.read(root, PUBLIC, what) == tuple(expected)
    assert user_state.read(root, RESTRICTED, what) is None
    assert user_state.forget(root) == 1


def test_closed_records_change_nothing(tmp_path: Path, state: Path) -> None:
    """The same commands on a collection with a closed record and without it print the same, and keep the same."""
    told = []
    for name, more in (("with", [record(3, "A zebra, zqxsecret.", access={"level": "closed"})]), ("without", [])):
        root = made_up.collection(tmp_path / name, record(1), record(2), *more)
        ran = [
            ask_program(root, *arguments)
            for arguments in (
                ["search", WORDS],
                ["show", "3"],
                ["cite", "1-3"],
                ["basket", "add", "1", "NKT-9003#p1"],
                ["basket", "add", "1-2"],
                ["basket"],
                ["basket", "export", "--format", "json"],
                ["dossier", "--basket", "--output", "-"],
                ["basket", "remove", "NKT-9003"],
            )
        ]
        key = user_state.place(root, PUBLIC, ANSWER)
        assert key is not None
        files = [file.read_bytes() for file in sorted(state.glob(f"{key.name.partition('-')[0]}*"))]
        told.append(([(each.code, each.out, each.err.replace(os.fspath(root), "ROOT")) for each in ran], files))
    assert told[0] == told[1]
    assert "zqxsecret" not in str(told)


def test_the_reference_of_a_kept_passage_is_its_code_and_paragraph() -> None:
    """As a person types it."""
    assert KeptPassage(1, "NKT-9001", 2, "0" * 64, "2026-11-29").reference == Reference("NKT-9001", (2,))


NUMBERED = {
    ("list",): {"1": "NKT-9001", "2": "NKT-9002"},
    ("list", "--sort", "witness"): {"1": "NKT-9001", "2": "NKT-9002"},
    ("search", WORDS, "--list"): {"1": "NKT-9001#p1", "2": "NKT-9002#p1"},
    ("search", WORDS, "--full"): {"1": "NKT-9001#p1", "2": "NKT-9002#p1"},
    ("witness", "made-up witness"): {"1": "NKT-9001", "2": "NKT-9002"},
    ("show", "NKT-9001", "--versions"): {"1": "NKT-9001"},
    ("compare", "--topic", "hunger"): {"1": "NKT-9001#p1"},
}


@pytest.mark.parametrize("asked", NUMBERED, ids=" ".join)
def test_the_numbers_of_every_list_can_be_used(archive: Path, run: Run, asked: tuple[str, ...]) -> None:
    """Of passages and of whole records alike: to show, to cite, and for the basket."""
    claim = {"id": "c1", "text": "Made up.", "paragraphs": [1], "status": "asserted", "topics": ["hunger"]}
    made_up.collection(archive, record(1, claims=[claim]))
    printed = run(*asked)
    assert printed.code == 0, printed.err
    for number, meant in NUMBERED[asked].items():
        beside = [line for line in printed.out.splitlines() if re.match(rf"{number}\.? +\S", line)]
        assert any(meant.partition("#")[0] in line for line in beside)
        for command in ("show", "cite"):
            ran = run(command, number)
            assert f"{number} is {meant}, as printed on" in ran.err
            assert ran.out == run(command, meant).out
        run(*asked)
    assert run("basket", "add", "1").code == 0
    assert "NKT-9001#p1" in run("basket").out


def test_a_record_whose_words_changed_is_refused_by_its_number(archive: Path, run: Run) -> None:
    """A note that came since changes nothing of it."""
    run("list")
    rewrite(archive, "taken back, 1.", "taken back, one.")
    assert run("cite", "1").code == 0
    rewrite(archive, "A quagga, number 1.", "A quagga, number one.")
    ran = run("cite", "1")
    assert (ran.code, ran.out) == (2, "")
    assert "its words have changed" in ran.err
    assert run("cite", "2").code == 0
