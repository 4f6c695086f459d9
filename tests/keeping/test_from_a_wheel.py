"""From an empty folder, with the wheel alone: a person who knows no YAML keeps three records, and a paper is told the truth."""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest

from archive.citing.citation import STALE
from running import TOP, Ran

if os.name == "nt":
    pytest.skip("a person at a terminal is made of a pseudo-terminal", allow_module_level=True)

TITLES = ("A clerk of Ostrog", "The cook of Vetka", "A third voice")
NAME, CLOSED = "Zqxname Invented", "ZQXCLOSED"
BODIES = (
    f"Made up: the guard counted forty people each evening.\\n\\nMade up: {NAME} slept beside the stove.",
    "Made up: the cook was given nine sacks of flour a month.",
    f"Made up: the list of the barrack {CLOSED} was read out.",
)


class Desk(NamedTuple):
    """A person's folder, and the package that was installed: no checkout, no collection elsewhere, no settings."""

    here: Path
    package: Path

    def run(self, *arguments: str, typed: str = "", **environment: str) -> Ran:
        """Run the program, with a person at the terminal where something is typed."""
        own = {name: value for name, value in os.environ.items() if not name.startswith(("TESTIMONY_", "GIT_"))}
        keyboard, stdin = os.openpty()  # type: ignore[attr-defined,unused-ignore]  # there is none on Windows
        os.write(keyboard, typed.encode())
        try:
            done = subprocess.run(
                [sys.executable, "-m", "archive", *arguments],
                cwd=self.here,
                env={
                    **own,
                    "PYTHONPATH": str(self.package),
                    "COLUMNS": "80",
                    "TESTIMONY_STATE": str(self.package.parent / "state"),
                    **environment,
                },
                stdin=stdin if typed else subprocess.DEVNULL,
                capture_output=True,
                text=True,
                encoding="utf-8",
                check=False,
                timeout=120,
            )
        finally:
            os.close(keyboard)
            os.close(stdin)
        assert "Traceback" not in done.stderr, done.stderr
        return Ran(done.returncode, done.stdout, done.stderr)

    def done(self, *arguments: str, typed: str = "", **environment: str) -> str:
        """Run what goes well; give what it prints."""
        ran = self.run(*arguments, typed=typed, **environment)
        assert ran.code == 0, (arguments, ran)
        return ran.out

    def editor(self, was: str, now: str) -> str:
        """Return an editor in which a person writes words in the place of others, in the account: below a header, or alone."""
        script = self.package.parent / "editor.sh"
        below = f"""if [ "$(head -n 1 "$1")" = --- ]; then where='1,/^---$/!'; fi\nsed -i.bak "${{where}}s/{was}/{now}/" "$1"\n"""
        script.write_text(f"#!/bin/sh\n{below}", encoding="utf-8")
        script.chmod(0o755)
        return str(script)

    def verdicts(self, paper: Path) -> dict[str, str]:
        """Return what `verify` says of each citation, and hold that it tells of nothing that is not public."""
        ran = self.run("verify", str(paper), "--format", "json")
        assert NAME not in ran.out
        return {each["reference"]: each["outcome"] for each in json.loads(ran.out)["citations"]}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """The wheel that a release is made of, installed; and an empty folder."""
    code = "import sys; sys.path.insert(0, 'tools'); import build_backend; build_backend.build_wheel(sys.argv[1])"
    built = tmp_path / "built"
    built.mkdir()
    subprocess.run([sys.executable, "-c", code, str(built)], cwd=TOP, check=True, capture_output=True)
    with zipfile.ZipFile(next(built.iterdir())) as wheel:
        wheel.extractall(tmp_path / "installed")
    (tmp_path / "here").mkdir()
    return Desk(tmp_path / "here", tmp_path / "installed")


def interviewed(desk: Desk, at: int) -> None:
    """Answer the questions, and write the account in the editor that opens after them."""
    answers = (
        *(TITLES[at], "", f"Made-up Speaker {at + 1}", "pseudonym", "victim", "summary", "en"),
        *("vetka" if at else "ostrog", "1951 to 1953", "prisoner", "first-hand", ""),
        *("2003", "A. Maker", "A made-up interview", "2004", "2", "", "y"),
    )
    editor = desk.editor("^Write the account here.*", BODIES[at])
    desk.done("new", "--ask", typed="".join(f"{answer}\n" for answer in answers), VISUAL=editor)


def test_three_records_from_nothing_and_a_paper_that_was_written_before(desk: Desk, tmp_path: Path) -> None:
    """Each step is one command, none needs a file opened by hand; what a court is told of the paper is true after each."""
    desk.done("init", "mine", "--name", "Made-up Archive", "--prefix", "GLG", "--places", "Ostrog, Vetka")
    desk = desk._replace(here=desk.here / "mine")
    (desk.here / "testimonies" / "GLG-0001-made-up-example.md").unlink()
    for at in range(3):
        interviewed(desk, at)
    assert not desk.run("check").out
    nothing = desk.run("list")
    assert (nothing.code, "testimony list --drafts" in nothing.err) == (11, True)
    assert re.findall(r"testimony open (GLG-\d+)", desk.done("list", "--drafts")) == ["GLG-0001", "GLG-0002", "GLG-0003"]

    desk.done("redact", "GLG-0001#p2", NAME, "--name")
    for code in ("GLG-0001", "GLG-0002"):
        desk.done("open", code, "--consent", "given", "--by", "A. Maker")
    caution = ("--flag", "caution", "--statement", "Made up: others counted fifty.", "--by", "A. Maker")
    desk.done("note", "GLG-0001#p1", *caution, "--quote", "forty people")
    public = [desk.done("excerpt", f"{place}", "--format", "markdown") for place in ("GLG-0001#p1", "GLG-0001#p2", "GLG-0002#p1")]
    hash_of_closed = re.search(r"GLG-0003#p1 +(sha256:\S+)", desk.done("show", "--keeper", "GLG-0003"))
    assert hash_of_closed
    assert "[name withheld]" in public[1].replace("\\", "")
    assert NAME not in "".join(public)
    paper = tmp_path / "paper.md"
    passages = [page.partition("\nCite the record:")[0] for page in public]
    paper.write_text("\n\n".join([*passages, f"And GLG-0003#p1 {hash_of_closed[1]}."]), encoding="utf-8")
    written = {"GLG-0001#p1": "unchanged", "GLG-0001#p2": "unchanged", "GLG-0002#p1": "unchanged", "GLG-0003#p1": "unknown"}
    assert desk.verdicts(paper) == written

    desk.done("edit", "GLG-0001", "--by", "A. Maker", VISUAL=desk.editor("forty people", "forty-one people"))
    corrected = written | {"GLG-0001#p1": "changed"}
    assert desk.verdicts(paper) == corrected
    told = " ".join(desk.run("verify", str(paper)).out.split())
    assert "Now: Made up: the guard counted forty-one people" in told
    assert f"others counted fifty. [{STALE}]" in told
    faults = desk.run("check")
    assert (faults.code, "testimony rebind" in faults.out) == (1, True)

    desk.done("rebind", "GLG-0001", "--by", "A. Maker", typed="s\n")
    assert STALE not in " ".join(desk.run("verify", str(paper)).out.split())
    assert desk.verdicts(paper) == corrected
    assert "others counted fifty" in desk.done("excerpt", "GLG-0001#p1")
    assert not desk.run("check").out

    desk.done("withdraw", "GLG-0002", "--reason", "Made up: the witness asked", "--by", "A. Maker")
    withdrawn = corrected | {"GLG-0002#p1": "withdrawn"}
    assert desk.verdicts(paper) == withdrawn
    told = desk.run("verify", str(paper)).out
    assert told.rstrip().endswith("4 citations: 1 unchanged, 1 changed, 1 withdrawn, 1 unknown.")
    assert "sacks" not in told, "nothing of a record that was withdrawn"
    everything = "".join(
        ran.out + ran.err
        for ran in (desk.run("search", "made up"), desk.run("list"), desk.run("show", "GLG-0003"), desk.run("show", "GLG-0002"))
    )
    assert not [word for word in (NAME, CLOSED, "sacks") if word in everything]
