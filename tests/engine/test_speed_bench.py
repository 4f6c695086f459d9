"""The benchmark of speed: it runs to its end on a small collection, and all engines answer on the same passages."""

import importlib.util
import json
import multiprocessing
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from examples import TIMES

pytest.importorskip("resource", reason="the benchmark asks the system in the way of POSIX how much memory was taken")


@pytest.fixture
def speed(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Give the script as a module; it is in no package."""
    path = Path(__file__).parent.parent.parent / "bench" / "speed.py"
    spec = importlib.util.spec_from_file_location("bench_speed", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setattr(sys, "path", list(sys.path))
    spec.loader.exec_module(module)
    for name in ("ROUNDS", "COLD"):
        monkeypatch.setattr(module, name, 1)
    return module


def started_once(speed: Any) -> Any:
    """Return what runs a task of the benchmark: in a process that is started where it is the first of its kind, else in a copy.

    To start Python and load all engines takes longer than a task on few testimonies.
    """
    really, known = speed.run, set[str]()
    copies = multiprocessing.get_context("fork")

    def run(task: str, *arguments: str, watched: bool = False) -> dict[str, Any]:
        if task not in known:
            known.add(task)
            return really(task, *arguments, watched=watched)
        here, there = copies.Pipe(duplex=False)
        copy = copies.Process(target=lambda: there.send(getattr(speed, task)(*arguments)))
        copy.start()
        there.close()
        found: dict[str, Any] = here.recv()
        copy.join()
        here.close()
        return found

    return run


def test_the_benchmark_measures_every_engine_on_the_same_passages(
    speed: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each engine finds as many passages, or the run stops; what it prints is a table with every row.

    Whoosh as it comes, which takes longest, is asked in a long run alone.
    """
    is_long = TIMES > 1
    if not is_long:
        monkeypatch.setattr(speed, "run", started_once(speed))
    speed.main(30, stock=is_long, wheel=False)
    lines = capsys.readouterr().out.splitlines()
    found = [json.loads(line.partition(": ")[2]) for line in lines if line.startswith("# ") and ": {" in line]
    assert len(found) == len(speed.PEERS) + is_long  # and ours on a tenth
    assert found[0]["common"] > found[-1]["common"] > 0
    assert set(found[0]) == {kind for kind, _, _ in speed.QUESTIONS}
    rows = [line[:36].strip() for line in lines if not line.startswith(("# ", " " * 36))]
    wanted = [
        "build MB/s",
        "peak MB",
        "index / text",
        "process ms",
        "process with Click ms",
        "warm p50 ms",
        "warm p95 ms",
        "one record ms",
    ]
    assert [row for row in wanted if row not in rows] == []
    assert [row for row in rows if row in found[0]] == [kind for kind, _, _ in speed.QUESTIONS]
    assert any(line.startswith("# import click: ") for line in lines)
    assert lines[-1].startswith("# growth from a tenth")


_FAMILY = """
import os, sys
size = 60_000_000
own, (ready, tell) = b"x" * size, os.pipe()
if os.fork() == 0:
    too = b"y" * size
    os.write(tell, b".")
    sys.stdin.read()
    os._exit(0)
os.read(ready, 1)
print("ready", flush=True)
sys.stdin.read()
os.wait()
"""


def test_the_memory_of_all_processes_is_what_they_have_at_one_moment(speed: Any) -> None:
    """Of two of 60 MB each, and 60 that the second has of the first, it is 120 and what Python takes."""
    if not speed.memory_of(os.getpid()):
        pytest.skip("this system does not tell how much of the memory is a process's own")
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", _FAMILY], stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        assert 120 < speed.memory_of(process.pid) < 170
        process.communicate("")
    assert speed.memory_of(process.pid) == 0


def test_a_build_is_watched_while_it_runs(speed: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What was seen is its peak; else it is that of the largest of its processes. A fault of it is one here."""
    speed.generate.write(tmp_path, 2)
    arguments = ("build", "ours", str(tmp_path), str(tmp_path))
    monkeypatch.setattr(speed, "memory_of", lambda _: 7.0)
    assert speed.run(*arguments, watched=True)["peak"] == 7
    monkeypatch.setattr(speed, "memory_of", lambda _: 0.0)
    # What the system calls the most of a process begins with that of the one that started it.
    assert speed.run(*arguments, watched=True)["peak"] > 30
    with pytest.raises(subprocess.CalledProcessError):
        speed.run("build", "none", str(tmp_path), str(tmp_path))


def test_engines_that_find_other_numbers_are_told(speed: Any) -> None:
    """But for those that stem nothing, and for a question that means something else to one of them."""
    found = {name: dict.fromkeys((kind for kind, _, _ in speed.MIX), 5) for name in ("ours", "whoosh", "fts5", "tantivy")}
    assert speed.disagreeing(found) == []
    found["whoosh"]["common"] = found["tantivy"]["near"] = 4
    assert speed.disagreeing(found) == []
    found["fts5"]["rare"] = 80
    assert [told.partition(":")[0] for told in speed.disagreeing(found)] == ["rare"]
