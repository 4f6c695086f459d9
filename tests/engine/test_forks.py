"""The forks of Whoosh: one module under three names, each of which the archive works with.

`pyproject.toml` names one of them (docs/adr/0001); the others are how we move if it fails us. Each lies in a
folder of its own, prepared by `.ci/run` from `requirements/fork-*.txt`:

    for f in whoosh whoosh-reloaded whoosh3; do pip install --require-hashes --target .forks/$f -r requirements/fork-$f.txt; done
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import made_up
from examples import TIMES
from house import NOT_FOR_A_SEARCH, OF_STEMMERS, OF_WHOOSH
from loading import among, loaded
from running import TOP, Ran, run_program

FOLDER = Path(os.environ.get("TESTIMONY_FORKS", TOP / ".forks"))
FORKS = {"whoosh": (2, 7, 4), "whoosh-reloaded": (2, 7, 5), "whoosh3": (3,)}
LAST = "NKT-0026"
"""The first record that is left out every day; each question is answered by those before it."""
QUESTIONS = (
    ["coal mine", "--facets"],
    ['"coal mine" -hunger', "--camp", "18"],
    ["강제노동"],
    ["execut* OR labor~1", "--period", "1990/2000"],
    ["camp", "--without-flag", "revised", "--limit", "100"],
)


def folder_of(fork: str) -> Path:
    """Return the folder of a fork; without one there is no test, which CI must not pass over."""
    folder = FOLDER / fork
    if not folder.exists():
        assert not os.environ.get("CI"), f"{folder} is missing, and CI has to try every fork"
        pytest.skip(f"there is no {folder}; the top of this file says how to make it")
    return folder


def ask(fork: str, root: Path, *arguments: str) -> Ran:
    """Run the program in a process of its own that has this fork for Whoosh."""
    return run_program(root, *arguments, PYTHONPATH=os.pathsep.join([str(folder_of(fork)), str(TOP)]))


ONE_AFTER_THE_OTHER = r"""
import json, sys
from archive.cli.group import _run
for question in json.loads(sys.argv[1]):
    assert _run(question) == 0
    print(end="\f")
"""


def answers(fork: str, root: Path) -> list[dict[str, Any]]:
    """Return what every question finds, as whole documents, asked in one process that has this fork for Whoosh."""
    questions = [["--root", str(root), "search", *question, "--format", "json"] for question in QUESTIONS]
    ran = subprocess.run(
        [sys.executable, "-c", ONE_AFTER_THE_OTHER, json.dumps(questions)],
        capture_output=True,
        check=False,
        text=True,
        encoding="utf-8",
        cwd=TOP,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(folder_of(fork)), str(TOP)])},
    )
    assert ran.returncode == 0, ran.stderr
    assert "made the index" not in ran.stderr
    return [json.loads(document) for document in ran.stdout.split("\f")[:-1]]


def others(maker: str) -> list[str]:
    """Return the forks that take up the index of another one: every day the next, so that each does so once, or all."""
    names = [*FORKS]
    at = names.index(maker)
    every = [*names[at + 1 :], *names[:at]]
    return every if TIMES > 1 else every[:1]


@pytest.fixture(scope="module", params=FORKS)
def made_by(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """The shipped records, in a long run all of them, and one in Korean, with an index made by one fork."""
    root = tmp_path_factory.mktemp(request.param)
    shutil.copytree(TOP / "testimonies", root / "testimonies")
    for file in (root / "testimonies").iterdir():
        if TIMES == 1 and file.name >= LAST:
            file.unlink()
    made_up.put(root, made_up.record(made_up.header("NKT-9002", language="ko"), "그는 수용소에서 강제노동을 하였다."))
    ran = ask(request.param, root, "index")
    assert ran.code == 0, ran.err
    return request.param, root


def test_the_forks_that_are_tried_are_those_that_are_pinned() -> None:
    """A fork more in `requirements/` is a fork more here."""
    assert {f"fork-{fork}.txt" for fork in FORKS} == {file.name for file in (TOP / "requirements").glob("fork-*.txt")}


@pytest.mark.parametrize("fork", FORKS)
def test_a_folder_holds_the_fork_of_its_name(fork: str) -> None:
    """Else all of this would try one fork three times."""
    told = "import whoosh; print(whoosh.__file__, *whoosh.__version__)"
    command = [sys.executable, "-c", told]
    environment = {**os.environ, "PYTHONPATH": str(folder_of(fork))}
    file, *version = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout.split()
    assert Path(file).is_relative_to(folder_of(fork))
    assert tuple(map(int, version))[: len(FORKS[fork])] == FORKS[fork]


def test_every_fork_reads_the_index_of_every_other(made_by: tuple[str, Path]) -> None:
    """With the same answers, whole, and without making it anew."""
    maker, root = made_by
    expected = answers(maker, root)
    assert [question for question, found in zip(QUESTIONS, expected, strict=True) if not found["total"]["passages"]] == []
    assert len(expected) == len(QUESTIONS)
    for fork in others(maker):
        assert answers(fork, root) == expected, f"{fork} on an index of {maker}"


def test_every_fork_brings_the_index_of_every_other_up_to_date(made_by: tuple[str, Path], tmp_path: Path) -> None:
    """A record that is new, one that is changed and one that is gone."""
    maker, made = made_by
    for fork in others(maker):
        root = shutil.copytree(made, tmp_path / fork)
        first, second, *_ = sorted((root / "testimonies").glob("NKT-*.md"))
        first.unlink()
        second.write_bytes(second.read_bytes() + b"\n\nA quagga stood at the gate.\n")
        made_up.put(root, made_up.record(made_up.header("NKT-9001"), "A second quagga was seen."))
        ran = ask(fork, root, "search", "quagga", "--format", "json")
        assert ran.code == 0, ran.err
        found = {hit["code"] for hit in json.loads(ran.out)["hits"]}
        assert found == {"NKT-9001", second.name[:8]}, f"{fork} on an index of {maker}"


@pytest.mark.parametrize("fork", FORKS)
def test_a_search_with_any_fork_imports_nothing_slow(fork: str, shipped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of the three load a web client, `ssl` and `pickle` with their first import; ours goes past it."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(folder_of(fork)), str(TOP)]))
    loaded(shipped, "search", "execution")
    modules = loaded(shipped, "search", "execution")
    assert {module for module in modules if module.split(".")[0] == "whoosh"} <= OF_WHOOSH
    assert {module for module in modules if module.startswith("_archive_snowball")} == OF_STEMMERS
    assert not among(modules, NOT_FOR_A_SEARCH)
