"""Fixtures: the shipped archive in a folder of its own, and a way to run the real program."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import settings

TOP = Path(__file__).parent.parent

# CI asks the same examples every time; a person's run looks for new ones.
settings.register_profile("ci", derandomize=True, print_blob=True)
if os.environ.get("CI"):
    settings.load_profile("ci")


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


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped archive, copied, so that no test writes an index into the checkout."""
    root = tmp_path_factory.mktemp("shipped")
    shutil.copytree(TOP / "testimonies", root / "testimonies")
    return root


@pytest.fixture(scope="session")
def on_shipped(shipped: Path) -> Run:
    """Run the program on the shipped archive."""
    run_program(shipped, "index")
    return lambda *arguments, **environment: run_program(shipped, *arguments, **environment)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An empty folder for a made-up collection."""
    return tmp_path


@pytest.fixture
def run(root: Path) -> Run:
    """Run the program on the made-up collection."""
    return lambda *arguments, **environment: run_program(root, *arguments, **environment)
