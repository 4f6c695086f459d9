"""Running the program as a person does, in a process of its own or in this one."""

import contextlib
import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, TextIO

import pytest

from archive.cli import group

TOP = Path(__file__).parent.parent.parent


APART = os.environ.get("TESTIMONY_APART") == "1"


class Ran(NamedTuple):
    """What a run of the program gave."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


def run_program(root: Path, *arguments: str, here: Path = TOP, stdin: bytes = b"", **environment: str) -> Ran:
    """Run the program as a person does, in a process of its own, in the folder ``here``."""
    done = subprocess.run(
        [sys.executable, "-m", "archive", "--root", str(root), *arguments],
        capture_output=True,
        input=stdin,
        check=False,
        cwd=here,
        env={**os.environ, "PYTHONPATH": str(TOP), "PYTHONIOENCODING": "utf-8", **environment},
        timeout=120,
    )
    return Ran(done.returncode, *(_decoded(each) for each in (done.stdout, done.stderr)))


def _decoded(printed: bytes) -> str:
    return printed.decode().replace("\r\n", "\n").replace("\r", "\n")


class _Typed(io.StringIO):
    """What a person types, for a program that asks only where a person sits."""

    def isatty(self) -> bool:
        """Say that a person sits here."""
        return True


def talk_to_program(root: Path, *arguments: str, typed: str = "", **environment: str) -> Ran:
    """Run the program in this process as `ask_program` does, with a person who types these lines."""
    return _run_here(root, arguments, _Typed(typed), environment)


def ask_program(root: Path, *arguments: str, here: Path = TOP, stdin: bytes = b"", **environment: str) -> Ran:
    """Run the whole program as `run_program` does, but in this process, where it is loaded already.

    What Python itself is told by the environment asks for a process of its own. ``TESTIMONY_APART=1``
    gives every call one: slow, and the very thing that a person starts.
    """
    if APART or not all(name.startswith(("TESTIMONY_", "COLUMNS")) for name in environment):
        return run_program(root, *arguments, here=here, stdin=stdin, **environment)
    with contextlib.chdir(here):
        return _run_here(root, arguments, io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"), environment)


@contextlib.contextmanager
def _environment(given: Mapping[str, str]) -> Iterator[None]:
    """Set some variables, and put back afterwards what is otherwise by then; to write all of them anew takes long."""
    before = dict(os.environ)
    os.environ.update(given)
    try:
        yield
    finally:
        for name in os.environ.keys() - before.keys():
            del os.environ[name]
        os.environ.update({name: value for name, value in before.items() if os.environ.get(name) != value})


def _run_here(root: Path, arguments: tuple[str, ...], stdin: TextIO, environment: Mapping[str, str]) -> Ran:
    streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="\n") for _ in range(2)]
    kept = sys.stdin, sys.stdout, sys.stderr
    with _environment({"COLUMNS": "80", **environment}):
        sys.stdin, sys.stdout, sys.stderr = stdin, *streams
        try:
            with pytest.raises(SystemExit) as ended:
                group.main(["--root", str(root), *arguments])
        finally:
            sys.stdin, sys.stdout, sys.stderr = kept
    told = []
    for stream in streams:
        stream.flush()
        told.append(stream.buffer.getvalue().decode())  # type: ignore[attr-defined]
    return Ran(int(ended.value.code or 0), *told)
