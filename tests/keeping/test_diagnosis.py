"""The state of the archive: each thing that is not as it should be is found, with a remedy, and nothing else is said."""

import datetime as dt
import json
import os
import subprocess
from pathlib import Path

import pytest

import made_up
from archive.keeping import diagnosis
from archive.storage import git as git_storage
from archive.storage import lock as locking
from running import TOP, Run

CANARY = "zanzibarquux"
TODAY = dt.date(2026, 11, 21)


@pytest.fixture
def healthy(root: Path, run: Run) -> Path:
    """A made-up collection with an index; its words and values may not be in what the doctor says."""
    head = made_up.header("NKT-9001", title=CANARY, recorded={"date": "2001", "by": CANARY})
    made_up.collection(root, made_up.record(head, CANARY))
    assert run("index").code == 0
    return root


def kinds(root: Path, **more: object) -> list[str]:
    """Return the kinds of what is found, in order."""
    return [each.kind for each in diagnosis.examine(root, TODAY, **more).findings]  # type: ignore[arg-type]


def test_a_healthy_archive_is_told_so(healthy: Path, run: Run) -> None:
    """Exit code 0, text and JSON, also with every file hashed, also without any index."""
    for more in ((), ("--deep",)):
        ran = run("doctor", *more)
        told = "1 file of records, indexes: public, not in git; no findings."
        assert (ran.code, ran.out) == (0, f"{told}\nNo backup is known of here: `testimony backup --help`.\n")
    assert json.loads(run("doctor", "--format", "json").out) == {
        "schema": 1,
        "healthy": True,
        "findings": [],
        "records": 1,
        "indexes": ["public"],
        "in_git": False,
        "backups": [],
        "audit": None,
    }


def test_it_changes_nothing(healthy: Path, run: Run) -> None:
    """Not even the index that it finds stale."""
    made_up.put(healthy, made_up.record(made_up.header("NKT-9002")))
    before = {path: path.stat().st_mtime_ns for path in healthy.rglob("*")}
    assert run("doctor", "--deep").code == 1
    assert {path: path.stat().st_mtime_ns for path in healthy.rglob("*")} == before


def put(root: Path, **changes: object) -> Path:
    """Put a second record, and bring nothing up to date."""
    return made_up.put(root, made_up.record(made_up.header("NKT-9002", **changes), CANARY))


@pytest.mark.parametrize(
    ("until", "found"),
    [
        ("2026-11-20", ["lapsed-embargo"]),
        ("2026-11-21", []),
        ("2026-11", []),
        ("2026-10", ["lapsed-embargo"]),
        ("2025", ["lapsed-embargo"]),
    ],
)
def test_an_embargo_that_has_passed_is_found_and_not_opened(root: Path, run: Run, until: str, found: list[str]) -> None:
    """By its last possible day; the day itself is not printed."""
    made_up.collection(root)
    put(root, access={"level": "restricted", "until": until})
    assert kinds(root) == found
    assert until not in str(diagnosis.examine(root, TODAY).findings)
    assert run("show", "NKT-9002").code != 0


def test_files_that_nobody_can_read_are_counted_by_path(healthy: Path, run: Run) -> None:
    """Without what is wrong in them, which could be a value: `check` tells that."""
    put(healthy, kind=CANARY, language=CANARY)
    made_up.put(healthy, "no header", "NKT-9003-made-up.md")
    (healthy / "testimonies" / "notes.txt").write_text(CANARY, encoding="utf-8")
    run("index")
    found = {each.path: each.what for each in diagnosis.examine(healthy, TODAY).findings}
    assert found == {
        "testimonies/NKT-9002-made-up.md": "has 2 faults, so that nobody can read it",
        "testimonies/NKT-9003-made-up.md": "has 1 fault, so that nobody can read it",
        "testimonies/notes.txt": "has 1 fault, so that nobody can read it",
    }


def test_sealed_files_without_an_identity_are_found(healthy: Path, run: Run, tmp_path: Path) -> None:
    """With one at hand they are none; one that others can read is."""
    (healthy / "testimonies" / "NKT-9004.md.age").write_bytes(b"sealed")
    run("index")
    assert "sealed" in kinds(healthy)
    assert "sealed" in kinds(healthy, identity=tmp_path / "nowhere")
    identity = tmp_path / "identity"
    identity.write_text("made up", encoding="utf-8")
    identity.chmod(0o600)
    assert not {"sealed", "identity"} & set(kinds(healthy, identity=identity))
    identity.chmod(0o644)
    assert "identity" in kinds(healthy, identity=identity)


@pytest.mark.skipif(os.name != "posix", reason="modes are of POSIX")
@pytest.mark.parametrize("name", ["index", "index/public", "index/public/passages", "index/state"])
def test_an_index_that_others_can_enter_is_found(healthy: Path, name: str) -> None:
    """Each folder on the way to the files."""
    (healthy / name).chmod(0o750)
    assert kinds(healthy) == ["index-mode"]
    assert diagnosis.examine(healthy, TODAY).findings[0].remedy == f"chmod 700 {name}"


def test_a_link_in_the_place_of_an_index_is_found(healthy: Path) -> None:
    """It leads to what somebody else may have made."""
    (healthy / "index" / "public").rename(healthy / "elsewhere")
    (healthy / "index" / "public").symlink_to(healthy / "elsewhere")
    assert "index-link" in kinds(healthy)


def test_a_stale_index_is_found(healthy: Path, run: Run) -> None:
    """It may hold what was closed since; `index` cures it."""
    put(healthy)
    assert kinds(healthy) == ["stale-index"]
    run("index")
    assert kinds(healthy) == []


def test_an_index_of_another_version_is_found(healthy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is made anew at its next use."""
    monkeypatch.setattr(diagnosis.index_state, "maker", lambda: "another")
    assert kinds(healthy) == ["index-version"]


def test_damage_is_found(healthy: Path) -> None:
    """Of the state, and of a file of the index; the remedy is to make it anew."""
    state = healthy / "index" / "state" / "public.json"
    whole = state.read_bytes()
    state.write_bytes(whole[:-5])
    assert kinds(healthy) == ["index-state"]
    state.write_bytes(whole)
    file = max((healthy / "index" / "public" / "passages").iterdir(), key=lambda each: each.stat().st_size)
    looked, content = file.stat(), bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    os.utime(file, ns=(looked.st_atime_ns, looked.st_mtime_ns))
    assert set(kinds(healthy, deep=True)) == {"index-damage"}


def test_what_was_cut_off_is_found(healthy: Path) -> None:
    """Half a record, half an index, an update that did not end."""
    for name in (
        "testimonies/.NKT-9001-made-up.md.4711-0123abcd.new",
        "testimonies/.NKT-9009.0-00000000.new",
        "index/state/.public.json.4711-0123abcd.new",
        "index/public/passages.4711-0123abcd.old",
        "index/state/public.writing",
    ):
        (healthy / name).touch()
    assert sorted(kinds(healthy)) == ["index-cut-off", *["leftover"] * 4]


def test_an_index_that_is_being_written_is_told(healthy: Path) -> None:
    """By the lock of the writer, which lies on the folder of the records."""
    lock = locking.FolderLock(healthy / "testimonies")
    assert locking.acquire_within(lock, 1.0)
    try:
        assert kinds(healthy) == ["busy"]
    finally:
        lock.release()
    assert kinds(healthy) == []


def git(root: Path, *arguments: str) -> None:
    """Run git on a made-up repository."""
    subprocess.run(["git", "-C", str(root), *arguments], check=True, capture_output=True)


def test_what_git_would_change_or_give_away_is_found(healthy: Path) -> None:
    """Line ends, an index that is not ignored, an index that is in; with the files of this repository, nothing."""
    git(healthy, "init", "-q")
    assert kinds(healthy) == ["index-not-ignored", "line-ends"]
    for name in (".gitignore", ".gitattributes"):
        (healthy / name).write_bytes((TOP / name).read_bytes())
    assert kinds(healthy) == []
    git(healthy, "add", "--force", "index/public/authorities.json")
    assert kinds(healthy) == ["index-in-git"]
    assert diagnosis.examine(healthy, TODAY).in_git


def test_nothing_that_a_repository_brings_is_run(healthy: Path) -> None:
    """A file watcher in its settings is a program; the control runs it."""
    git(healthy, "init", "-q")
    ran = healthy / "ran"
    watcher = healthy / "watcher"
    watcher.write_text(f"#!/bin/sh\ntouch {ran}\n", encoding="utf-8")
    watcher.chmod(0o755)
    git(healthy, "config", "core.fsmonitor", str(watcher))
    diagnosis.examine(healthy, TODAY)
    assert not ran.exists()
    git(healthy, "status")
    assert ran.exists()


def test_without_git_nothing_is_said_of_it(healthy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And nothing fails."""
    git(healthy, "init", "-q")
    monkeypatch.setattr(git_storage.shutil, "which", lambda _: None)
    assert kinds(healthy) == []


def test_no_word_of_a_record_and_no_value_of_a_header_is_printed(healthy: Path, run: Run) -> None:
    """With a finding of each kind that looks into files."""
    put(healthy, kind=CANARY)
    made_up.put(
        healthy, made_up.record(made_up.header("NKT-9005", title=CANARY, access={"level": "closed", "until": "2001"}), CANARY)
    )
    (healthy / "testimonies" / "NKT-9006.md.age").write_text(CANARY, encoding="utf-8")
    for form in ("text", "json"):
        ran = run("doctor", "--format", form)
        assert ran.code == 1
        assert "NKT-9005-made-up.md" in ran.out
        assert CANARY not in ran.out + ran.err
        assert "2001" not in ran.out + ran.err


def test_an_authority_file_with_faults_stops_the_look_at_records_alone(healthy: Path) -> None:
    """The rest is still looked at."""
    (healthy / "authorities").mkdir()
    (healthy / "authorities" / "topics.yaml").write_text("topics: 1\n", encoding="utf-8")
    assert kinds(healthy) == ["authorities", "stale-index"]
