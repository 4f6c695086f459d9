"""What lies in a collection and is no record: thrown away, copied by a sync, left by an editor; and who is told what."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import made_up
from archive.archive import Archive
from archive.search.model import Query
from archive.storage import _filenames as filenames
from archive.storage import atomic, record_files
from running import Run

ZEBRA = made_up.record(made_up.header("ZZT-0001"), "A zebra, made up.")
NAME = "ZZT-0001-made-up.md"
NOT_WALKED = (
    *(".trash", ".Trash-1000/files", "#recycle", "@Recycle", "@Recently-Snapshot", "$RECYCLE.BIN", ".stversions", ".history"),
    *(".git/x", ".obsidian", ".dropbox.cache", "more/.Trashes", "System Volume Information", "LOST+FOUND", "~snapshot", "@eaDir"),
    *(
        "Trash",
        "Recycle Bin",
        "Papierkorb",
        "휴지통",
        "\u1112\u1172\u110c\u1175\u1110\u1169\u11bc",
        "_gsdata_",
        "more/Network Trash Folder",
    ),
)
WALKED = ("Trashy", "2001", "recycling", "Camp 14", "trash talk")
STRAYS = (
    *(f".{NAME}.swp", f".{NAME}.swo", f"{NAME}~", f".#{NAME}", f"#{NAME}#", f"{NAME}.orig", f"{NAME}.bak", f"._{NAME}"),
    *(".nfs000000000001", f"~${NAME}", f".~lock.{NAME}#", ".goutputstream-AB12CD", f"{NAME}.BAK", f"{NAME}.tmp", f"{NAME}.part"),
    *(f"{NAME}___jb_tmp___", f"{NAME}.sb-1a2b3c4d-AbCdEf", f".{NAME}.un~", ".fuse_hidden0001"),
)
CONFLICTS = (
    ("ZZT-0001-made-up-DESKTOP-AB12.md", "OneDrive"),
    ("ZZT-0001-made-up.sync-conflict-20260101-120000-ABCDEFG.md", "Syncthing"),
    ("ZZT-0001-made-up_BACKUP_123.md", "Git"),
)
ODDLY = (
    *("ZZT-0001-made-up (Somebody's conflicted copy 2026-01-01).md", "ZZT-0001-made-up (1).md", "ZZT-0001-made-up - Copy.md"),
    *("Copy of ZZT-0001-made-up.md", "ZZT-0001-made-up 2.md", "ZZT-0001-made-up – Kopie.md"),
)


@pytest.fixture
def kept(root: Path) -> Path:
    """Two public records."""
    return made_up.collection(root, ZEBRA, made_up.record(made_up.header("ZZT-0002"), "A giraffe, made up."))


def searched(root: Path, words: str = "") -> tuple[list[str], tuple[int, int]]:
    """Return the codes of the hits, and of how many records they are."""
    with Archive(root) as room:
        found = room.answer(Query(words))
        assert found.coverage is not None
        return [hit.passage.code for hit in found.hits], (found.coverage.searched, found.coverage.of)


@pytest.mark.parametrize("place", NOT_WALKED)
def test_what_was_thrown_away_is_not_read(place: str, kept: Path, run: Run) -> None:
    """Not by a search that comes before an update, nor by one after; the keepers are told, and its code stays taken."""
    assert searched(kept, "zebra")[0] == ["ZZT-0001"]
    (kept / "testimonies" / place).mkdir(parents=True)
    (kept / "testimonies" / NAME).rename(kept / "testimonies" / place / NAME)
    assert searched(kept, "zebra") == ([], (1, 1))
    for command in ("check", "doctor"):
        assert f"testimonies/{place}/{NAME}: " in run(command).out.replace(f"{NAME}:1: ", f"{NAME}: ")
    assert run("check").code == 0
    assert run("new", "Made up", "--code", "ZZT-0001").code == 15


@pytest.mark.parametrize("place", WALKED)
def test_the_control_a_folder_of_a_keeper_is_read(place: str, kept: Path) -> None:
    """Whatever else it is called."""
    (kept / "testimonies" / place).mkdir(parents=True)
    (kept / "testimonies" / NAME).rename(kept / "testimonies" / place / NAME)
    assert searched(kept, "zebra") == (["ZZT-0001"], (2, 2))


def test_a_copy_that_was_thrown_away_takes_nothing_with_it(kept: Path) -> None:
    """The record that lies in its place is read, whatever the other one holds."""
    (kept / "testimonies" / ".trash").mkdir()
    (kept / "testimonies" / ".trash" / NAME).write_text(ZEBRA.replace("zebra", "quagga"), encoding="utf-8")
    assert searched(kept, "zebra") == (["ZZT-0001"], (2, 2))
    assert searched(kept, "quagga") == ([], (2, 2))


@pytest.mark.parametrize("name", STRAYS)
def test_what_an_editor_left_is_no_testimony(name: str, kept: Path, run: Run) -> None:
    """It is in no reader's count, and takes no part in an answer; keepers are told, since words may stand in it."""
    (kept / "testimonies" / name).write_text(ZEBRA, encoding="utf-8")
    assert searched(kept, "zebra") == (["ZZT-0001"], (2, 2))
    checked = run("check")
    assert (checked.code, name in checked.out, "warning" in checked.out) == (0, True, True)
    assert name in run("doctor").out


def test_an_emacs_lock_is_a_link_to_nowhere(kept: Path) -> None:
    """It is no testimony either."""
    (kept / "testimonies" / f".#{NAME}").symlink_to("somebody@example.4711")
    assert searched(kept, "zebra") == (["ZZT-0001"], (2, 2))


@pytest.mark.parametrize("name", sorted(filenames.PASSED_OVER))
def test_what_systems_leave_is_not_even_named(name: str, kept: Path, run: Run) -> None:
    """No words of a record are in it."""
    (kept / "testimonies" / name).write_text("", encoding="utf-8")
    assert searched(kept, "zebra") == (["ZZT-0001"], (2, 2))
    assert run("check").out == ""


def test_what_was_not_downloaded_is_counted(kept: Path, run: Run) -> None:
    """There is a record that was not searched; its code stays taken."""
    (kept / "testimonies" / ".ZZT-0003-other.md.icloud").write_bytes(b"bplist00")
    assert searched(kept, "zebra") == (["ZZT-0001"], (2, 3))
    assert "has not been downloaded" in run("check").out
    assert "ZZT-0004" in run("new", "Made up", "--code", "ZZT-0004").out
    assert run("new", "Made up", "--code", "ZZT-0003").code == 15


@pytest.mark.parametrize("name", ["notes.txt", "ZZT-0007.md", "zzt-0007-small.md", "a.docx", "ZZT-0007 - a name.md"])
def test_a_file_that_is_no_record_by_its_name_is_still_counted(name: str, kept: Path, run: Run) -> None:
    """It may be a testimony that somebody misnamed: the control of all that is passed over."""
    (kept / "testimonies" / name).write_text("A witness said so.", encoding="utf-8")
    assert searched(kept) == (["ZZT-0001", "ZZT-0002"], (2, 3))
    assert run("check").code == 1


@pytest.mark.parametrize("name", [*(name for name, _ in CONFLICTS), *ODDLY, "other/ZZT-0001-made-up.md"])
def test_a_copy_of_the_same_bytes_is_one_record(name: str, kept: Path, run: Run) -> None:
    """It is read once, counted once, warned of; and while it lies there nobody writes into the record."""
    assert searched(kept, "zebra")[0] == ["ZZT-0001"]
    copy = kept / "testimonies" / name
    copy.parent.mkdir(exist_ok=True)
    copy.write_text(ZEBRA, encoding="utf-8")
    assert searched(kept, "zebra") == (["ZZT-0001"], (2, 2))
    assert record_files.survey(kept).copies == {f"testimonies/{name}": f"testimonies/{NAME}"}
    checked = run("check")
    assert (checked.code, f"holds the same bytes as testimonies/{NAME}" in checked.out) == (0, True)
    assert f"testimonies/{name}: holds the same bytes" in run("doctor").out
    noted = run("note", "ZZT-0001#p1", "--flag", "caution", "--statement", "Made up.")
    assert (noted.code, "has a copy" in noted.err) == (15, True)
    copy.unlink()
    assert run("note", "ZZT-0001#p1", "--flag", "caution", "--statement", "Made up.").code == 0


@pytest.mark.parametrize(("name", "maker"), CONFLICTS)
def test_a_conflict_of_two_edits_says_what_to_do(name: str, maker: str, kept: Path, run: Run) -> None:
    """Neither is read, since nobody can tell which is right; the message names who makes such copies, and the way out."""
    copy = kept / "testimonies" / name
    copy.write_text(ZEBRA, encoding="utf-8")
    assert searched(kept, "zebra")[0] == ["ZZT-0001"]
    copy.write_text(ZEBRA.replace("zebra", "quagga"), encoding="utf-8")
    assert searched(kept, "zebra") == ([], (1, 3))
    told = next(line for line in run("check").out.splitlines() if line.startswith(f"testimonies/{name}:"))
    assert f"{maker} makes copies" in told or f"{maker} or another program that syncs makes copies" in told
    assert f"put what is right into testimonies/{NAME}" in told
    copy.write_text(ZEBRA, encoding="utf-8")
    assert searched(kept, "zebra") == (["ZZT-0001"], (2, 2))


@pytest.mark.parametrize("name", ODDLY)
def test_a_copy_with_a_name_of_its_own_is_told_as_one(name: str, kept: Path, run: Run) -> None:
    """The record is read; the copy, which says something else, is counted and named with what to do."""
    (kept / "testimonies" / name).write_text(ZEBRA.replace("zebra", "quagga"), encoding="utf-8")
    assert searched(kept, "zebra") == (["ZZT-0001"], (2, 3))
    assert f"put what is right into testimonies/{NAME}" in run("check").out


def closed(code: str, words: str, **changes: object) -> str:
    """Return a closed record."""
    return made_up.record(made_up.header(code, **{"access": {"level": "closed"}, **changes}), words)


@pytest.mark.parametrize("level", ["closed", "restricted"])
@pytest.mark.parametrize(
    "name", ["ZZT-0009-copy.md", "ZZT-0009-case.sync-conflict-20260101-120000-ABCDEFG.md", "ZZT-0009 (1).md"]
)
@pytest.mark.parametrize("words", ["One.", "Another."])
def test_twins_that_both_say_that_they_are_closed_are_in_no_count(
    level: str, name: str, words: str, kept: Path, run: Run
) -> None:
    """Of one file that is closed nobody is told, and of its copies neither."""
    run("index")
    before = [run("search", "zebra"), run("stats"), run("facets")]
    made_up.put(kept, closed("ZZT-0009", "One.", access={"level": level}), "ZZT-0009-case.md")
    made_up.put(kept, closed("ZZT-0009", words, access={"level": level}), name)
    assert [run("search", "zebra"), run("stats"), run("facets")] == before


def test_the_control_a_twin_that_does_not_say_so_is_counted(kept: Path) -> None:
    """A copy that is public, or says nothing that can be read, is a file that nobody could read."""
    made_up.put(kept, closed("ZZT-0009", "One."), "ZZT-0009-case.md")
    made_up.put(kept, closed("ZZT-0009", "Two.", access={"level": "public"}), "ZZT-0009-copy.md")
    assert searched(kept)[1] == (2, 3)
    made_up.put(kept, "no header", "ZZT-0009-copy.md")
    assert searched(kept)[1] == (2, 3)


@given(st.text(st.characters(blacklist_characters="/\0", blacklist_categories=["Cs"]), min_size=1, max_size=20))
def test_a_name_is_never_two_things(name: str) -> None:
    """A record's name is no editor's, and what is left of a write is neither."""
    if filenames.code_of(name):
        assert not filenames.is_of_an_editor(name)
        assert not atomic.is_leftover(name)
    filenames.maker_of_copy(name, (name,))
    assert not filenames.code_of_copy(name) or name.lower().endswith(".md")


def test_a_record_is_not_counted_as_searched_once_another_file_of_its_code_lies_beside_it(kept: Path, run: Run) -> None:
    """An index brought up to date says how many were searched as one made anew does, though the first file lies as it lay."""
    assert json.loads(run("search", "zebra", "--format", "json").out)["coverage"]["searched"] == 2
    closed = made_up.record(made_up.header("ZZT-0001", access={"level": "closed"}), "A zebra, made up, and shut.")
    (kept / "testimonies" / CONFLICTS[1][0]).write_text(closed, encoding="utf-8")
    brought = json.loads(run("search", "zebra", "--format", "json").out)
    run("index", "--rebuild")
    anew = json.loads(run("search", "zebra", "--format", "json").out)
    assert brought == anew
    assert anew["coverage"]["searched"] == 1
