"""All that writes records holds one lock from reading to renaming: nothing that was said to be written is lost."""

import errno
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

import made_up
from archive.cli import group
from archive.errors import CannotWrite
from archive.reader import read
from archive.storage import lock, record_files
from keeping_parts import digest
from running import TOP, Run
from safekeeping_parts import NO_SUCH_PROCESS

pyrage = pytest.importorskip("pyrage")

SLOW_DISK = """
import os, sys, time
for name in ("replace", "link"):
    def late(*where, done=getattr(os, name), **how):
        time.sleep(0.4)
        return done(*where, **how)
    setattr(os, name, late)
from archive.__main__ import main
main()
"""
"""Runs the program on a disk that takes its time to rename."""
FIRST = made_up.record(
    made_up.header("ZZT-0001", claims=[{"id": "c1", "text": "Made up", "paragraphs": ["1"], "status": "asserted"}]),
    "One.",
    "Two.",
)
STALE = made_up.record(
    made_up.header(
        "ZZT-0004", claims=[{"id": "c1", "text": "Made up", "paragraphs": ["1"], "status": "asserted", "sha256": ["0" * 16]}]
    ),
    "Five.",
)
"""A record whose claim has lost its words."""
WRITERS = {
    "new": (["new", "Made up"], 0),
    "import": (["import", "OUT/words.txt", "--rendering", "verbatim", "--write"], 0),
    "note": (["note", "ZZT-0001#p2", "--flag", "caution", "--statement", "Made up."], 0),
    "check": (["check", "--bind"], 0),
    "seal": (["seal", "ZZT-0002", "--recipient", "RECIPIENT"], 0),
    "unseal": (["unseal", "ZZT-0003", "--identity", "IDENTITY"], 0),
}
"""Every command that writes records, as it writes one."""
CHANGERS = {
    "set": ["set", "ZZT-0001", "title=Made up"],
    "open": ["open", "ZZT-0001", "--consent", "given", "--level", "restricted"],
    "close": ["close", "ZZT-0002"],
    "withdraw": ["withdraw", "ZZT-0002", "--reason", "Made up."],
    "redact": ["redact", "ZZT-0001#p1", "One"],
    "claim": ["claim", "add", "ZZT-0001#p2", "Made up"],
    "relate": ["relate", "ZZT-0001", "same-event", "ZZT-0002"],
    "align": ["align", "ZZT-0001", "OUT/ko.txt", "--translator", "Made up", "--yes"],
    "rebind": ["rebind", "ZZT-0004", "--note", "c1", "--same", "--read", digest("Five.")],
    "edit": ["edit", "ZZT-0002"],
    "reseal": ["--identity", "IDENTITY", "reseal", "ZZT-0003", "--recipient", "RECIPIENT"],
}
"""Every command that changes one record: each is tried by itself, since after some of them there is nothing for others."""
OTHERS = {
    "init": ["init", "OUT/new"],
    "search": ["search", "one"],
    "list": ["list"],
    "show": ["show", "ZZT-0001"],
    "witness": ["witness", "made-up witness"],
    "excerpt": ["excerpt", "ZZT-0001#p1"],
    "cite": ["cite", "ZZT-0001"],
    "verify": ["verify", "ZZT-0001"],
    "camps": ["camps", "14"],
    "compare": ["compare"],
    "picture": ["picture", "camp", "14", "--output", "OUT/p.svg"],
    "dossier": ["dossier", "one", "--output", "OUT/a.md"],
    "template": ["template", "coi", "--output", "OUT/t.md"],
    "facets": ["facets"],
    "stats": ["stats"],
    "log": ["log", "ZZT-0001"],
    "index": ["index"],
    "doctor": ["doctor"],
    "manifest": ["manifest", "--output", "OUT/m.txt"],
    "bag": ["bag", "--output", "OUT/bag"],
    "export": ["export", "--format", "jsonl", "--output", "OUT/export.jsonl"],
    "publish": ["publish", "OUT/edition"],
    "backup": ["backup", "--output", "OUT/copy.age", "--recipient", "RECIPIENT"],
    "schema": ["schema"],
    "topics": ["topics"],
    "basket": ["basket", "add", "ZZT-0001#p1"],
    "watch": ["watch", "add", "one", "one"],
    "forget": ["forget"],
    "web": ["web"],
    "assist": ["assist"],
    "authority": ["authority", "import", "OUT/none.ttl"],
}
"""All other commands: a new command stands in one of the three, or the tests below fail."""


@pytest.fixture
def keys(tmp_path: Path) -> tuple[str, Path]:
    """A recipient, and the file of the identity."""
    identity = pyrage.x25519.Identity.generate()
    file = tmp_path / "identity.txt"
    file.write_text(f"{identity}\n", encoding="utf-8")
    file.chmod(0o600)
    return str(identity.to_public()), file


@pytest.fixture
def kept(root: Path, keys: tuple[str, Path]) -> Path:
    """Three made-up records, the third sealed, and words to be brought in."""
    (root / "words.txt").write_text("Made up.\n", encoding="utf-8")
    (root / "ko.txt").write_text("하나.\n\n둘.\n", encoding="utf-8")
    made_up.collection(root, FIRST, made_up.record(made_up.header("ZZT-0002"), "Three."))
    content = made_up.record(made_up.header("ZZT-0003"), "Four.").encode()
    (root / "testimonies" / "ZZT-0003.md.age").write_bytes(pyrage.encrypt(content, [pyrage.x25519.Recipient.from_str(keys[0])]))
    return root


def filled(arguments: list[str], keys: tuple[str, Path], out: Path) -> list[str]:
    """Fill in what only this run knows."""
    known = {"RECIPIENT": keys[0], "IDENTITY": str(keys[1])}
    return [known.get(each, each.replace("OUT/", f"{out}/")) for each in arguments]


LOOKS = """
import sys
from pathlib import Path
from archive.errors import CannotWrite
from archive.storage import lock as locking
locking.SECONDS_TO_WAIT = 0
for line in sys.stdin:
    try:
        with locking.writing(Path(line[:-1])):
            told = "free"
    except CannotWrite:
        told = "held"
    print(told, flush=True)
"""


@lru_cache
def other_process() -> subprocess.Popen[str]:
    """Start a process that is asked again and again whether the lock of a collection is held; it ends with this one."""
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, "-c", LOOKS], stdin=pipe, stdout=pipe, text=True, cwd=TOP)


@pytest.fixture(scope="module", autouse=True)
def _other_process_ends() -> Iterator[None]:
    yield
    other_process().communicate("")
    other_process.cache_clear()


def is_held(root: Path) -> bool:
    """Ask whether somebody holds the lock, as another process sees it."""
    other = other_process()
    assert other.stdin
    assert other.stdout
    other.stdin.write(f"{root}\n")
    other.stdin.flush()
    told = other.stdout.readline()
    assert told in {"free\n", "held\n"}
    return told == "held\n"


def changes(root: Path, patch: pytest.MonkeyPatch) -> list[bool]:
    """Note for each change of a name in the folder of records whether the lock was held then."""
    held: list[bool] = []
    records = str(root / "testimonies")

    def watched(name: str) -> None:
        done = getattr(os, name)

        def change(*where: Any, **how: Any) -> Any:
            if any(os.fspath(each).startswith(records) and not str(each).endswith(".new") for each in where):
                held.append(is_held(root))
            return done(*where, **how)

        patch.setattr(os, name, change)

    for name in ("replace", "rename", "link", "unlink", "remove"):
        watched(name)
    return held


def test_every_command_is_known_here() -> None:
    """A command that is added has to say whether it writes records."""
    assert {*WRITERS, *CHANGERS, *OTHERS} == {*group.COMMANDS}


@pytest.mark.parametrize("name", [*WRITERS, *CHANGERS, *OTHERS])
def test_records_are_written_under_the_lock_alone(
    name: str, kept: Path, keys: tuple[str, Path], run: Run, tmp_path: Path
) -> None:
    """Who writes records holds the lock at each change of a name; nobody else changes one, and no lock is left."""
    every = {**{each: arguments for each, (arguments, _) in WRITERS.items()}, **CHANGERS, **OTHERS}
    arguments = filled(every[name], keys, tmp_path)
    made_up.put(kept, STALE)
    if name == "publish":
        made_up.few_authorities(kept)  # each of which has its pages in an edition
    editor = tmp_path / "editor.sh"
    editor.write_text('#!/bin/sh\necho Made up. >> "$1"\n', encoding="utf-8")
    editor.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VISUAL", str(editor))
        held = changes(kept, patch)
        ran = run(*arguments)
    assert ran.code == 0 or name != "publish", ran.err
    assert all(held)
    assert bool(held) == (name not in OTHERS)
    assert not is_held(kept)
    assert not list(kept.rglob(".testimonies*"))


def test_the_control_without_a_lock_the_watch_tells(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A record that is written past the lock is seen."""
    held = changes(kept, monkeypatch)
    lock.atomic.write_beside(kept / "testimonies" / "ZZT-0009-a.md", b"", new=True)
    assert held == [False]


def at_once(root: Path, *calls: list[str]) -> list[subprocess.CompletedProcess[str]]:
    """Run several commands at the same time, each on the slow disk, where few camps and works have to be read by each."""
    made_up.few_authorities(root)
    started = [
        subprocess.Popen(
            [sys.executable, "-c", SLOW_DISK, "--root", str(root), *call],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=TOP, env={**os.environ, "PYTHONPATH": str(TOP)},
        )
        for call in calls
    ]  # fmt: skip
    return [subprocess.CompletedProcess(each.args, each.wait(), *each.communicate(timeout=100)) for each in started]


def test_what_several_write_at_once_is_all_there(kept: Path, keys: tuple[str, Path]) -> None:
    """Notes by four processes, hashes by a fifth, two new records, one sealed and one unsealed: none is lost."""
    note = WRITERS["note"][0]
    calls = [note, note, note, note, *(filled(each, keys, kept) for each, _ in WRITERS.values())]
    done = at_once(kept, *calls)
    # Who checks may see the new record, which has still to be filled in.
    failed = [(each.args, each.stderr) for each in done if each.returncode and "check" not in each.args]
    assert not failed
    files = {each.name for each in (kept / "testimonies").iterdir()}
    assert {name.rpartition("-made-up")[0] or name for name in files} >= {"ZZT-0001", "ZZT-0002.md.age"}
    assert len(files) == 5
    authorities = read.read_authorities(kept)
    content = record_files.read_bytes(kept, "testimonies/ZZT-0001-made-up.md")
    record = read.read(content, "testimonies/ZZT-0001-made-up.md", authorities)
    assert sorted(each.id for each in record.notes) == ["n1", "n2", "n3", "n4", "n5"]
    assert {each.stdout.split()[-1] for each in done if "note" in each.args} == {"n1", "n2", "n3", "n4", "n5"}
    assert record.claims[0].hashes
    assert not list(kept.rglob(".*"))


def test_notes_meet_one_that_seals(kept: Path, keys: tuple[str, Path]) -> None:
    """A note is in the sealed record, or is told that there is no such record any more: it is never lost in between."""
    seal = ["seal", "ZZT-0001", "--recipient", keys[0]]
    noted, sealed = at_once(kept, WRITERS["note"][0], seal)
    assert sealed.returncode == 0
    content = pyrage.decrypt(
        (kept / "testimonies" / "ZZT-0001.md.age").read_bytes(), [pyrage.x25519.Identity.from_str(keys[1].read_text().strip())]
    )
    assert (b"caution" in content) == (noted.returncode == 0)
    assert [each.name for each in (kept / "testimonies").glob("ZZT-0001*")] == ["ZZT-0001.md.age"]


def test_one_that_reseals_meets_one_that_unseals(kept: Path, keys: tuple[str, Path]) -> None:
    """The record is there once, unsealed; who came too late to reseal it is told that no such file is there."""
    reseal = filled(CHANGERS["reseal"], keys, kept)
    unsealed, resealed = at_once(kept, filled(WRITERS["unseal"][0], keys, kept), reseal)
    assert unsealed.returncode == 0, unsealed.stderr
    assert resealed.returncode == 0 or "there is no single file of ZZT-0003" in resealed.stderr
    assert len(files := list((kept / "testimonies").glob("ZZT-0003*"))) == 1
    assert "Four." in files[0].read_text(encoding="utf-8")


@pytest.fixture
def without_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that knows no locks."""

    def none(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", none)


@pytest.mark.usefixtures("without_locks")
def test_a_disk_without_locks_has_a_sign_in_place_of_one(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says which process of which machine writes, since when; who comes meanwhile waits, and is told."""
    monkeypatch.setattr(lock, "SECONDS_TO_WAIT", 0.2)
    sign = lock.sign(kept)
    with lock.writing(kept):
        told = json.loads(sign.read_text(encoding="utf-8"))
        assert (told["host"], told["process"]) == (socket.gethostname(), os.getpid())
        assert told["since"][:10].count("-") == 2
        with pytest.raises(CannotWrite, match=f"process {os.getpid()} on ") as refused, lock.writing(kept):
            pass
        assert str(sign) in refused.value.remedy
    assert not sign.exists()
    with lock.writing(kept):
        pass


@pytest.mark.usefixtures("without_locks")
def test_the_sign_of_a_writer_that_is_gone_is_taken_over(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of this machine's own processes that can be told; of another machine's it is told only, and what to do."""
    monkeypatch.setattr(lock, "SECONDS_TO_WAIT", 0.2)
    sign = lock.sign(kept)
    sign.write_bytes(lock.LockHolder(socket.gethostname(), NO_SUCH_PROCESS, "2026-01-01").to_bytes())
    with lock.writing(kept):
        assert json.loads(sign.read_text(encoding="utf-8"))["process"] == os.getpid()
    for written in (lock.LockHolder("another.example", NO_SUCH_PROCESS, "2026-01-01").to_bytes(), b"", b"[" * 9999):
        sign.write_bytes(written)
        with pytest.raises(CannotWrite) as refused, lock.writing(kept):
            pass
        assert "delete" in refused.value.remedy
        assert sign.read_bytes() == written
    sign.unlink()


def test_a_sign_holds_those_who_can_lock_too(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One machine may know locks on a disk where another one does not."""
    monkeypatch.setattr(lock, "SECONDS_TO_WAIT", 0.2)
    lock.sign(kept).write_bytes(lock.LockHolder("another.example", 1, "2026-01-01").to_bytes())
    with pytest.raises(CannotWrite, match=r"another\.example"), lock.writing(kept):
        pass


def test_a_lock_that_is_held_on_is_told(kept: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has waited long enough is told to try again, and nothing is written."""
    monkeypatch.setattr(lock, "SECONDS_TO_WAIT", 0.2)
    before = (kept / "testimonies" / "ZZT-0001-made-up.md").read_bytes()
    with FileLock(lock.place(kept)):
        ran = run(*WRITERS["note"][0])
    assert ran.code == CannotWrite.exit_code
    assert "another command is writing records" in ran.err
    assert (kept / "testimonies" / "ZZT-0001-made-up.md").read_bytes() == before


def test_a_lock_lies_beside_the_records_whichever_way_they_are_reached(kept: Path, tmp_path: Path) -> None:
    """Two roots that lead to one folder by a link have one lock, and none lies inside the folder."""
    other = tmp_path / "other"
    other.mkdir()
    (other / "testimonies").symlink_to(kept / "testimonies")
    assert lock.place(other) == lock.place(kept)
    with lock.writing(other):
        assert is_held(kept)
        assert not [each for each in (kept / "testimonies").iterdir() if each.name.startswith(".")]


def test_a_writer_that_is_killed_leaves_no_lock(kept: Path) -> None:
    """The system lets go of it."""
    code = "import sys, time; from archive.storage import lock as locking; from pathlib import Path\n"
    code += "with locking.writing(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    child = subprocess.Popen([sys.executable, "-c", code, str(kept)], stdout=subprocess.PIPE, text=True, cwd=TOP)
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    assert is_held(kept)
    child.kill()
    child.wait()
    child.stdout.close()
    began = time.monotonic()
    with lock.writing(kept):
        assert time.monotonic() - began < 5
