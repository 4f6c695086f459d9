"""A signal that ends the process ends it as Ctrl-C does: nothing half done is left, and the exit code says which it was."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import made_up
from archive.cli import group
from archive.storage.lock import LockHolder
from running import TOP
from safekeeping_parts import NO_SUCH_PROCESS

pytestmark = pytest.mark.skipif(os.name == "nt", reason="no such signals")

HELD = """
import os, sys, time
from archive import system
done = system.sync
def slow(descriptor):
    print("writing", flush=True)
    time.sleep(30)
    return done(descriptor)
system.sync = slow
from archive.__main__ import main
main()
"""
"""Runs the program, which stops at the first file that it brings to the disk."""
CALLS = {
    "note": ["note", "ZZT-0001#p1", "--flag", "caution", "--statement", "Made up."],
    "new": ["new", "Made up"],
    "check": ["check", "--bind"],
    "index": ["index"],
    "manifest": ["manifest", "--output", "OUT/manifest.txt"],
    "bag": ["bag", "--output", "OUT/bag"],
    "dossier": ["dossier", "paragraph", "--output", "OUT/case.md"],
}
CLAIM = {"id": "c1", "text": "Made up", "paragraphs": ["1"], "status": "asserted"}


@pytest.fixture
def small(root: Path) -> Path:
    """A collection of one record, and of few camps and works, which each process reads."""
    return made_up.collection(made_up.few_authorities(root), made_up.record(made_up.header("ZZT-0001", claims=[CLAIM])))


def start(root: Path, out: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start a command and wait until it writes."""
    command = [sys.executable, "-c", HELD, "--root", str(root), *(each.replace("OUT/", f"{out}/") for each in arguments)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=TOP)
    assert process.stdout is not None
    assert process.stdout.readline() == "writing\n"
    return process


ENDED = [
    *((name, "SIGTERM") for name in CALLS),
    *((name, number) for name in ("note", "bag") for number in ("SIGHUP", "SIGINT")),
]
"""Each command by one signal; each signal to one command that writes records, and to one that writes beside them."""


@pytest.mark.parametrize(("name", "signalled"), ENDED)
def test_a_command_that_is_ended_leaves_nothing(name: str, signalled: str, small: Path, tmp_path: Path) -> None:
    """No file of its own, no lock; the record as it was; the exit code is 128 and the number of the signal."""
    number = signal.Signals[signalled]
    out = tmp_path / "out"
    out.mkdir()
    if name != "index":
        group.group.main(["--root", str(small), "index"], standalone_mode=False)
    before = {each: each.read_bytes() for each in (small / "testimonies").iterdir()}
    process = start(small, out, *CALLS[name])
    process.send_signal(number)
    time.sleep(0.05)
    process.send_signal(number)  # who is impatient, or a terminal that is closed, sends more than one
    told = process.communicate(timeout=30)[1]
    assert process.returncode == 128 + number
    assert told.split() == ["Stopped."]
    assert {each: each.read_bytes() for each in (small / "testimonies").iterdir()} == before
    assert not list(out.iterdir())
    assert not [each for each in small.rglob("*") if re.search(r"\.new$|\.lock$|\.writer$", each.name)]


def test_a_process_that_is_told_to_live_on_does_so(small: Path, tmp_path: Path) -> None:
    """Under nohup the end of the terminal is no news."""
    command = "trap '' HUP; exec \"$@\""
    arguments = [sys.executable, "-c", HELD.replace("30", "0.5"), "--root", str(small), "new", "Made up"]
    process = subprocess.Popen(["sh", "-c", command, "sh", *arguments], stdout=subprocess.PIPE, text=True, cwd=TOP)
    assert process.stdout is not None
    assert process.stdout.readline() == "writing\n"
    process.send_signal(signal.SIGHUP)
    process.communicate(timeout=30)
    assert process.returncode == 0


def test_a_bag_that_was_killed_is_swept_by_the_next_one(small: Path, tmp_path: Path) -> None:
    """What lies there of a writer that is gone goes; what another one is writing, or another machine, stays."""
    process = start(small, tmp_path, *CALLS["bag"])
    process.kill()
    process.communicate()
    left = list(tmp_path.glob(".bag.*.new"))
    assert len(left) == 1
    assert left[0].stat().st_mode & 0o777 == 0o700
    others = []
    for number, writer in enumerate((LockHolder.here(), LockHolder("another.example", NO_SUCH_PROCESS, "2026-01-01"))):
        folder = tmp_path / f".bag.{writer.process}-0123456{number}.new"
        folder.mkdir()
        (folder / "writer").write_bytes(writer.to_bytes())
        others.append(folder)
    with pytest.raises(SystemExit) as ended:
        group.main(["--root", str(small), "bag", "--output", str(tmp_path / "bag")])
    assert ended.value.code == 0
    assert sorted(tmp_path.glob(".bag.*.new")) == sorted(others)
    assert (tmp_path / "bag" / "bagit.txt").exists()
