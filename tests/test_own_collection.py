"""A collection on another subject is built from its page alone, and finds, compares, cites and prints as the shipped one does.

``UPDATE_DOCS=1 pytest -n0 tests/test_own_collection.py`` writes the answers on the page anew.
"""

import os
import re
import shlex
from pathlib import Path

import pytest

from running import TOP, ask_program, run_program

PAGE = TOP / "docs" / "own-collection.md"
FILES = re.compile(r"^## `(?P<path>[^`]+)`\n(?:(?!^## )[^`]|`(?!``))*?```\w+\n(?P<content>.*?)```\n", re.MULTILINE | re.DOTALL)
SESSION = re.compile(r"(?<=```text\n)(\$ testimony check --bind\n.*?)(?=```\n)", re.DOTALL)


def written() -> dict[str, str]:
    """Return the files of the page by their paths."""
    return {found["path"]: found["content"] for found in FILES.finditer(PAGE.read_text(encoding="utf-8"))}


@pytest.fixture(scope="module")
def glagol(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The collection of the page."""
    root = tmp_path_factory.mktemp("own") / "glagol"
    for path, content in written().items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(content, encoding="utf-8")
    return root


def test_the_page_has_every_file_of_a_collection() -> None:
    """But the one that is copied whole."""
    shipped = {f"authorities/{path.name}" for path in (TOP / "archive" / "authority" / "data").glob("*.yaml")}
    missing = shipped - set(written())
    assert missing == {"authorities/terms.yaml"}
    assert sum(path.startswith("testimonies/") for path in written()) == 2


def test_what_the_page_shows_is_what_the_program_answers(glagol: Path, tmp_path: Path) -> None:
    """Command by command."""
    page = PAGE.read_text(encoding="utf-8")
    session = SESSION.search(page)
    assert session is not None
    shown = []
    for line in session[1].splitlines():
        if line.startswith("$ "):
            ran = ask_program(glagol, *shlex.split(line[2:])[1:], here=tmp_path)
            assert ran.code == 0, ran
            shown += [line, *ran.out.rstrip().splitlines(), *ran.err.splitlines()]
    now = page.replace(session[1], "\n".join(shown) + "\n")
    if os.environ.get("UPDATE_DOCS") == "1":
        PAGE.write_text(now, encoding="utf-8")
    assert now == page
    dossier = (tmp_path / "dossier.md").read_text(encoding="utf-8")
    assert "Архив Глагольска" in dossier or "Archive of Glagolsk" in dossier
    assert "The letters have another year." in dossier


@pytest.mark.parametrize("form", ["json", "markdown", "csl-json", "bibtex", "ris", "csv"])
def test_no_answer_of_it_names_the_shipped_archive(glagol: Path, form: str) -> None:
    """Its own name and its own prefix, in every format."""
    out = ask_program(glagol, "search", "--topic", "logging", "--format", form).out
    assert "GLG-0001" in out
    assert "Korea" not in out
    assert "NKT" not in out


@pytest.mark.parametrize("ending", ["html", "md"])
def test_no_dossier_of_it_names_the_shipped_archive(glagol: Path, tmp_path: Path, ending: str) -> None:
    """Its own name stands in it."""
    ran = ask_program(glagol, "dossier", "--topic", "logging", "--output", str(tmp_path / f"d.{ending}"))
    assert ran.code == 0
    out = (tmp_path / f"d.{ending}").read_text(encoding="utf-8")
    assert "Archive of Glagolsk" in out
    assert "Korea" not in out
    assert "NKT" not in out


@pytest.mark.parametrize(
    "arguments",
    [
        ["show", "GLG-0001"],
        ["excerpt", "GLG-0001#p1"],
        ["cite", "GLG-0001"],
        ["stats"],
        ["facets"],
        ["camps"],
        ["topics"],
        ["list"],
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("language", ["en", "ko"])
def test_no_page_of_it_names_the_shipped_archive(glagol: Path, arguments: list[str], language: str) -> None:
    """Nor its camps, works or contradictions."""
    ran = ask_program(glagol, *arguments, "--lang", language)
    assert ran.code == 0
    for name in ("Korea", "NKT", "북한", "kwalliso"):
        assert name not in ran.out


def test_the_help_names_the_collection_that_one_stands_in(glagol: Path) -> None:
    """Its name, and a code of its own in the examples."""
    assert ask_program(glagol, "index").code == 0
    told = run_program(glagol, "--help").out
    assert "Archive of Glagolsk" in told
    assert "GLG-0002" in told
    assert "North Korean" not in told
    assert "GLG-0001#p3" in run_program(glagol, "cite", "--help").out
    assert "NKT" not in run_program(glagol, "cite", "-h").out


def test_what_refuses_a_code_writes_one_of_this_collection(glagol: Path) -> None:
    """A person who never heard of NKT is not told to write it."""
    assert ask_program(glagol, "index").code == 0
    assert "GLG-" in ask_program(glagol, "show", "nonsense").err
    assert "NKT" not in ask_program(glagol, "show", "nonsense").err


def test_the_command_that_begins_it_makes_a_folder_that_holds(tmp_path: Path) -> None:
    """The line on the page, as it stands."""
    line = next(line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("$ testimony init"))
    assert ask_program(tmp_path / "none", *shlex.split(line[2:])[1:], here=tmp_path).code == 0
    assert ask_program(tmp_path / "glagol", "check").err == "testimony: 1 records read; 0 faults, 0 warnings\n"
    assert ask_program(tmp_path / "glagol", "camps", "Речной").out.startswith("r ")
