"""Fixtures: the shipped archive in a folder of its own, and a way to run the real program."""

import contextlib
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from unittest import mock

import endurance
import made_up
import pytest
from hypothesis import HealthCheck, settings
from whoosh.util.filelock import FileLock

from archive import cli

TOP = Path(__file__).parent.parent
APART = os.environ.get("TESTIMONY_APART") == "1"

# No example is held to a time: the tests run side by side, on machines that have other work too.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# CI asks the same examples every time; a person's run looks for new ones.
settings.register_profile("ci", settings.get_profile("patient"), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "patient")


class Ran(NamedTuple):
    """What a run of the program gave."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


def run_program(root: Path, *arguments: str, here: Path = TOP, **environment: str) -> Ran:
    """Run the program as a person does, in a process of its own, in the folder ``here``."""
    done = subprocess.run(
        [sys.executable, "-m", "archive", "--root", str(root), *arguments],
        capture_output=True,
        check=False,
        text=True,
        encoding="utf-8",
        cwd=here,
        env={**os.environ, "PYTHONPATH": str(TOP), "PYTHONIOENCODING": "utf-8", **environment},
        timeout=120,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def ask_program(root: Path, *arguments: str, here: Path = TOP, **environment: str) -> Ran:
    """Run the whole program as `run_program` does, but in this process, where it is loaded already.

    What Python itself is told by the environment asks for a process of its own. ``TESTIMONY_APART=1``
    gives every call one: slow, and the very thing that a person starts.
    """
    if APART or not all(name.startswith(("TESTIMONY_", "COLUMNS")) for name in environment):
        return run_program(root, *arguments, here=here, **environment)
    streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="\n") for _ in range(2)]
    kept = sys.stdin, sys.stdout, sys.stderr
    with contextlib.chdir(here), mock.patch.dict(os.environ, {"COLUMNS": "80", **environment}):
        sys.stdin, sys.stdout, sys.stderr = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), *streams
        try:
            with pytest.raises(SystemExit) as ended:
                cli.main(["--root", str(root), *arguments])
        finally:
            sys.stdin, sys.stdout, sys.stderr = kept
    told = []
    for stream in streams:
        stream.flush()
        told.append(stream.buffer.getvalue().decode())  # type: ignore[attr-defined]
    return Ran(int(ended.value.code or 0), *told)


@pytest.fixture(scope="session", autouse=True)
def _quick() -> Iterator[None]:
    """Read the shipped authorities once for all tests of this process; a process of its own reads them itself."""
    with contextlib.nullcontext() if APART else endurance.quick_authorities():
        yield


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped archive, copied, so that no test writes an index into the checkout; one for all that run side by side.

    It has its index, and no test changes it.
    """
    together = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        together = together.parent
    root = together / "shipped"
    lock = FileLock(str(together / "shipped.lock"))
    lock.acquire(blocking=True)
    try:
        if not root.exists():
            shutil.copytree(TOP / "testimonies", root / "testimonies")
            assert run_program(root, "index").code == 0
    finally:
        lock.release()
    return root


@pytest.fixture(scope="session")
def on_shipped(shipped: Path) -> Run:
    """Run the program on the shipped archive, in this process."""
    return lambda *arguments, **environment: ask_program(shipped, *arguments, **environment)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An empty folder for a made-up collection."""
    return tmp_path


@pytest.fixture
def run(root: Path) -> Run:
    """Run the program on the made-up collection, in this process."""
    return lambda *arguments, **environment: ask_program(root, *arguments, **environment)


@pytest.fixture
def kept(root: Path) -> Path:
    """A made-up collection with its index."""
    made_up.collection(root, *(endurance.record(number, f"The coal mine, {number}.") for number in range(1, 4)))
    endurance.update(root)
    return root
