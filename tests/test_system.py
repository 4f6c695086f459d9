"""What Windows and macOS do otherwise, simulated: locks, flags, names, open files, code pages. What ran there is nothing."""

import ast
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import made_up
from archive import system
from archive.errors import CannotWrite
from archive.storage import atomic
from running import TOP, Ran, Run

AS_WINDOWS = """
import contextlib, io, json, os, signal, sys
import filelock  # has a lock of its own for each system
flags = {name: os.__dict__.pop(name) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_DIRECTORY")}
sys.modules["fcntl"] = None
for name in ("SIGHUP", "pthread_sigmask"):
    delattr(signal, name)
del os.sched_getaffinity
os.supports_dir_fd = os.supports_fd = set()
from archive import system
system.WINDOWS, system.FORKS = True, False
os.__dict__.update(flags)  # filelock's own lock for POSIX wants them
from archive.cli.group import main
from authorities_once import quick_authorities

def ended(arguments):
    streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="\\n") for _ in range(2)]
    with contextlib.redirect_stdout(streams[0]), contextlib.redirect_stderr(streams[1]):
        try:
            main(arguments)
        except SystemExit as end:
            code = end.code or 0
    for stream in streams:
        stream.flush()
    return [code, *(stream.buffer.getvalue().decode() for stream in streams)]

with quick_authorities():
    for line in sys.stdin:
        print(json.dumps(ended(json.loads(line))), flush=True)
"""
"""A start of the program where the system has less, as Windows has; it runs each command that comes in."""


@pytest.fixture
def kept(root: Path) -> Path:
    """Two public records and a restricted one."""
    shut = made_up.record(made_up.header("ZZT-0003", access={"level": "restricted"}), "A quagga.")
    other = made_up.record(made_up.header("ZZT-0002"), "Another zebra, 공개처형.")
    return made_up.collection(root, made_up.record(made_up.header("ZZT-0001"), "A zebra."), other, shut)


def asked(ask: Callable[..., Ran], out: Path) -> list[tuple[int, str]]:
    """Give what all that reads, writes records, writes an index and exports prints."""
    commands = [
        ["index"], ["search", "zebra"], ["--clearance", "restricted", "search", "quagga"], ["show", "ZZT-0002"], ["check"],
        ["note", "ZZT-0001#p1", "--flag", "caution", "--statement", "Made up."], ["search", "zebra"], ["new", "Made up"],
        ["manifest", "--output", f"{out}/m.txt"], ["index", "--rebuild"], ["search", "공개처형"], ["doctor"],
    ]  # fmt: skip
    return [(ran.code, ran.out) for ran in (ask(*each) for each in commands)]


def test_a_system_that_has_less_answers_the_same(kept: Path, run: Run, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Without the locks, flags, signals and descriptors of POSIX: byte for byte, with the same exit codes."""

    def as_windows(*arguments: str) -> Ran:
        assert windows.stdin
        assert windows.stdout
        windows.stdin.write(json.dumps(["--root", str(kept), *arguments]) + "\n")
        windows.stdin.flush()
        return Ran(*json.loads(windows.stdout.readline()))

    files = {file: file.read_bytes() for file in kept.rglob("*") if file.is_file()}
    out = tmp_path_factory.mktemp("out")
    expected = asked(run, out)
    for file in kept.rglob("*.md"):
        file.unlink()
    for file, content in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    (out / "m.txt").unlink()
    start = [sys.executable, "-c", AS_WINDOWS]
    env = {**os.environ, "COLUMNS": "80", "PYTHONPATH": os.pathsep.join([str(TOP), str(Path(made_up.__file__).parent)])}
    with subprocess.Popen(start, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=TOP, env=env, text=True) as windows:
        assert asked(as_windows, out) == expected
    assert [code for code, _ in expected] == [0] * 11 + [expected[-1][0]]


def test_only_one_module_asks_which_system_it_runs_on() -> None:
    """A rule about systems is known in one place; the tests of the system then reach all of it."""
    asking = {"name", "uname", "sched_getaffinity", "geteuid", "getuid"}
    named = {
        f"{path.relative_to(TOP)}:{node.lineno}"
        for path in (TOP / "archive").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (
            (node.value.id == "os" and (node.attr in asking or node.attr in {"O_NOFOLLOW", "O_BINARY", "O_NONBLOCK"}))
            or (node.value.id in {"sys", "platform"} and node.attr in {"platform", "system", "getwindowsversion"})
        )
    }
    assert {each.partition(":")[0] for each in named} == {"archive/system.py"}


def hold(patch: pytest.MonkeyPatch, times: int) -> list[Path]:
    """Have somebody keep files open: to give their name to another one is refused some times; returns what was refused."""
    refused: list[Path] = []
    real = Path.replace

    def refuse(source: Path, target: Path) -> Path:
        if len(refused) >= times:
            return real(source, target)
        refused.append(target)
        raise PermissionError(13, "The process cannot access the file because it is being used by another process")

    patch.setattr(Path, "replace", refuse)
    return refused


def test_a_file_that_is_open_a_moment_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A scanner of viruses has it for a blink; the writer tries again."""
    file = tmp_path / "record.md"
    file.write_bytes(b"old")
    refused = hold(monkeypatch, 3)
    monkeypatch.setattr(system, "WINDOWS", True)
    atomic.write_beside(file, b"new", new=False)
    assert (file.read_bytes(), len(refused)) == (b"new", 3)


@pytest.mark.parametrize("windows", [True, False])
def test_a_file_that_stays_open_is_left_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, windows: bool) -> None:
    """It is said, the old file is there, and nothing lies beside it; elsewhere nobody waits for a right that is missing."""
    file = tmp_path / "record.md"
    file.write_bytes(b"old")
    refused = hold(monkeypatch, 1_000_000)
    monkeypatch.setattr(system, "WINDOWS", windows)
    monkeypatch.setattr(system, "_PATIENCE", 0.1)
    with pytest.raises(CannotWrite, match="used by another process"):
        atomic.write_beside(file, b"new", new=False)
    assert [each.name for each in tmp_path.iterdir()] == ["record.md"]
    assert file.read_bytes() == b"old"
    assert (len(refused) > 1) is windows


DEVICES = ["NUL", "nul.txt", "con", "Con.csv", "aux.docx", "PRN", "COM1", "com9.txt", "LPT¹.md", "CONIN$", "nul .txt", "AUX. "]
FILES = ["console.txt", "auxiliary.csv", "com10.txt", "com.txt", "null", "lpt.md", "a.nul", "정치범.csv"]


@pytest.mark.parametrize("name", DEVICES)
def test_no_file_gets_the_name_of_a_device(
    name: str, kept: Path, run: Run, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is written to ``aux.csv`` is lost on Windows, in silence; elsewhere it is a name as any other."""
    wanted = tmp_path_factory.mktemp("out") / name
    assert run("manifest", "--output", str(wanted)).code == 0
    wanted.unlink()
    monkeypatch.setattr(system, "WINDOWS", True)
    for command in (["manifest"], ["dossier", "zebra", "--title", "Made up", "--format", "md"]):
        ran = run(*command, "--output", str(wanted))
        assert (ran.code, ran.out) == (2, "")
        assert "is the name of a device" in ran.err
    assert not list(wanted.parent.iterdir())


@pytest.mark.parametrize("name", FILES)
def test_other_names_are_files_everywhere(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that only begins like a device's is one."""
    monkeypatch.setattr(system, "WINDOWS", True)
    assert not system.is_device(Path(name))


@pytest.mark.parametrize("arguments", [("search", "공개처형"), ("show", "공개처형")], ids=" ".join)
def test_a_code_page_does_not_touch_what_is_printed(arguments: tuple[str, ...], kept: Path, run: Run) -> None:
    """What is redirected on Windows would get the code page of the console: it is UTF-8, errors too."""
    assert run("index").code == 0
    command = [sys.executable, "-m", "archive", "--root", str(kept), *arguments]
    streams = []
    for extra in ({}, *({"PYTHONIOENCODING": each, "PYTHONUTF8": "0"} for each in ("cp1252", "cp949", "cp437", "ascii"))):
        ran = subprocess.run(command, capture_output=True, check=False, cwd=TOP, env={**os.environ, **extra})
        streams.append((ran.returncode, ran.stdout, ran.stderr))
    assert streams == streams[:1] * 5
    assert "공개처형" in (streams[0][1] + streams[0][2]).decode()


def test_macos_is_asked_to_reach_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There, fsync alone ends in the drive's own memory; a disk that does not know the stronger call gets the weaker one."""
    called: list[Any] = []

    class Fcntl:
        def fcntl(self, _: int, command: int) -> None:
            called.append(command)
            if len(called) > 1:
                raise OSError(45, "Operation not supported")

    monkeypatch.setattr(system, "fcntl", Fcntl())
    monkeypatch.setattr(system, "_FULL_SYNC", 51)
    monkeypatch.setattr(os, "fsync", lambda _: called.append("fsync"))
    file = tmp_path / "file"
    file.write_bytes(b"")
    for _ in range(2):
        system.sync_file(file)
    assert called == [51, 51, "fsync"]


def test_a_system_without_hangups_ends_by_what_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows has SIGTERM alone, and blocks nothing."""
    monkeypatch.delattr(signal, "SIGHUP")
    monkeypatch.delattr(signal, "pthread_sigmask")
    assert system.endings() == (signal.SIGTERM,)
    assert system.block(system.endings()) == set()
    system.unblock(system.endings())
