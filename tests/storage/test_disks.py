"""Disks that know no memory maps, no locks, no permissions: each still answers, and what it cannot keep is said."""

import errno
import mmap
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NoReturn

import pytest

import made_up
from archive.formats._html_sink import words
from archive.formats.terminal import visible
from archive.storage import atomic
from running import TOP, Ran, Run


@pytest.fixture
def kept(root: Path) -> Path:
    """Two public records and a restricted one."""
    shut = made_up.record(made_up.header("ZZT-0003", access={"level": "restricted"}), "A quagga.")
    other = made_up.record(made_up.header("ZZT-0002"), "Another zebra.")
    return made_up.collection(root, made_up.record(made_up.header("ZZT-0001"), "A zebra."), other, shut)


def refusing(code: int) -> Any:
    """Return a call of the system that refuses."""

    def call(*_: object, **__: object) -> NoReturn:
        raise OSError(code, os.strerror(code))

    return call


LACKING = {
    "maps": [(mmap, "mmap", errno.ENODEV)],
    "maps, by value": [(mmap, "mmap", errno.EINVAL)],
    "modes": [(os, "chmod", errno.EPERM), (os, "fchmod", errno.EPERM)],
    "modes, by support": [(os, "chmod", errno.EOPNOTSUPP), (os, "fchmod", errno.EOPNOTSUPP)],
    "links": [(os, "link", errno.EPERM)],
}


def lack(patch: pytest.MonkeyPatch, what: str) -> None:
    """Take something away from the disk."""
    if what == "locks":
        patch.setattr("fcntl.flock", refusing(errno.ENOLCK))
    for module, name, code in LACKING.get(what, ()):
        patch.setattr(module, name, refusing(code))


def answers(run: Run, out: Path) -> list[Ran]:
    """Ask everything that reads, writes records, writes an index, and exports."""
    asked = [
        ["index"], ["search", "zebra"], ["--clearance", "restricted", "search", "quagga"], ["show", "ZZT-0001"], ["check"],
        ["note", "ZZT-0001#p1", "--flag", "caution", "--statement", "Made up."], ["new", "Made up"], ["search", "zebra"],
        ["manifest", "--output", f"{out}/m.txt"], ["bag", "--output", f"{out}/bag"], ["stats"], ["index", "--deep"],
    ]  # fmt: skip
    return [run(*each) for each in asked]


@pytest.mark.parametrize("what", [*LACKING, "locks"])
def test_a_disk_that_lacks_something_answers_the_same(
    what: str, kept: Path, run: Run, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Byte for byte, with the same exit codes; nothing of the kind is left lying."""
    apart = tmp_path_factory.mktemp("apart")
    first, out = apart / "first", apart / "out"
    shutil.copytree(kept, first)
    out.mkdir()
    expected = answers(run, out)
    shutil.rmtree(out)
    out.mkdir()
    shutil.rmtree(kept)
    shutil.copytree(first, kept)
    lack(monkeypatch, what)
    assert answers(run, out) == expected
    assert not [each for each in kept.rglob("*") if each.name.endswith((".writer", ".turn", ".new"))]
    assert all(each.code == 0 for each in expected)


def test_what_a_disk_without_permissions_cannot_keep_is_said(kept: Path, run: Run, tmp_path: Path) -> None:
    """A restricted export that others can read says so; a public one promises nothing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(atomic, "is_open_to_others", lambda _: True)
        told = run("--clearance", "restricted", "manifest", "--output", str(tmp_path / "a"))
        assert "can be read by others on this machine" in told.err
        assert "can be read by others" not in run("manifest", "--output", str(tmp_path / "b")).err
    assert "can be read by others" not in run("--clearance", "restricted", "manifest", "--output", str(tmp_path / "c")).err


def test_a_shell_in_a_folder_that_is_gone(kept: Path, tmp_path: Path) -> None:
    """With a whole path for the collection it answers; without one it says what is wrong, and is no defect."""
    here = tmp_path / "gone"
    here.mkdir()
    answer = "import os; os.rmdir(os.getcwd()); from archive.__main__ import main; main()"
    for root, code in ((str(kept), 0), ("", 10)):
        here.mkdir(exist_ok=True)
        done = run_program_gone(here, answer, root)
        assert (done.code, "Traceback" in done.err, "fault of the program" in done.err) == (code, False, False)
        assert ("zebra" in done.out) == (code == 0)
    assert "not there any more" in done.err


def run_program_gone(here: Path, code: str, root: str) -> Ran:
    """Run a search in a folder that is deleted first."""
    command = [sys.executable, "-c", code, *(["--root", root] if root else []), "search", "zebra"]
    environment = {**os.environ, "PYTHONPATH": str(TOP)}
    done = subprocess.run(command, cwd=here, capture_output=True, text=True, check=False, env=environment)
    return Ran(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize("code", [0xFFFE, 0xFFFF, 0x1FFFE, 0x10FFFF, 0xFDD0, 0xFDEF])
def test_what_is_no_character_is_shown_as_a_code_point(code: int) -> None:
    """On a terminal and in a page; letters of planes that fonts lack are left."""
    assert visible(f"a{chr(code)}b") == f"a⟨U+{code:04X}⟩b"
    assert chr(code) not in words(f"a{chr(code)}b")
    assert visible("a\uffefb𐀀\U0001f600") == "a\uffefb𐀀\U0001f600"
