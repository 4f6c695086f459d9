"""The benchmark of speed: it runs to its end on a small collection, and all engines answer on the same passages."""

import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("resource", reason="the benchmark asks the system in the way of POSIX how much memory was taken")
SAME = ("rare", "common", "prefix", "camp filter")
"""Queries that mean the same to every engine."""


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


def test_the_benchmark_measures_every_engine_on_the_same_passages(speed: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """What it prints is a table with every row, and each engine finds as many passages."""
    speed.main(30, stock=True)
    lines = capsys.readouterr().out.splitlines()
    found = [json.loads(line.partition(": ")[2]) for line in lines if line.startswith("# ") and ": {" in line]
    assert len(found) == len(speed.PEERS) + 1  # and ours on a tenth
    assert all({kind: each[kind] for kind in SAME} == {kind: found[0][kind] for kind in SAME} for each in found[:-1])
    assert found[0]["common"] > found[-1]["common"] > 0
    rows = [line[:16].strip() for line in lines if not line.startswith(("# ", " " * 16))]
    assert rows[:6] == ["build MB/s", "peak MB", "index / text", "process ms", "warm p50 ms", "warm p95 ms"]
    assert rows[6:-1] == [kind for kind, _, _ in speed.MIX]
    assert rows[-1] == "one record ms"
    assert lines[-1].startswith("# growth from a tenth")
