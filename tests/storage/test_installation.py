"""What is installed: two distributions of one module in one folder are named, with how to take them away."""

import json
import os
import shutil
import sys
from pathlib import Path

import pytest
import whoosh

from archive.errors import MuddledInstallation
from archive.storage import installation
from running import TOP, Ran, ask_program, run_program

FORKS = {"whoosh3": "3.54.0", "Whoosh-Reloaded": "2.7.5"}


def install(folder: Path, *names: str) -> Path:
    """Lay the module into a folder, as installing each of these would, all with the same files."""
    shutil.copytree(Path(whoosh.__file__).parent, folder / "whoosh", ignore=shutil.ignore_patterns("__pycache__"))
    files = [file.relative_to(folder).as_posix() for file in sorted((folder / "whoosh").rglob("*.py"))]
    for name in names:
        told = folder / f"{name.replace('-', '_')}-{FORKS[name]}.dist-info"
        told.mkdir()
        (told / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {FORKS[name]}\n", encoding="utf-8")
        (told / "RECORD").write_text("".join(f"{file},,\n" for file in files), encoding="utf-8")
    return folder


def told_of(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what is said of a folder that Python looks in."""
    monkeypatch.syspath_prepend(str(folder))
    return [each.what for each in installation.muddles() if each.folder == str(folder.resolve())]


def ask(root: Path, folder: Path, *arguments: str) -> Ran:
    """Run the program with this folder before all others."""
    return run_program(root, *arguments, PYTHONPATH=os.pathsep.join([str(folder), str(TOP)]))


@pytest.fixture
def both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which one fork was written over the other."""
    return install(tmp_path_factory.mktemp("site"), *FORKS)


def test_two_distributions_in_one_folder_are_named(both: Path, kept: Path) -> None:
    """`doctor` ends with 1 and says how to take both away, since what one leaves is not whole."""
    ran = ask(kept, both, "doctor", "--format", "json")
    assert ran.code == 1
    (finding,) = json.loads(ran.out)["findings"]
    assert finding["kind"] == "installation"
    assert finding["path"] == str(both.resolve())
    assert finding["what"] == "holds the module whoosh of Whoosh-Reloaded 2.7.5 and whoosh3 3.54.0, one written over the other"
    assert "uninstall --yes Whoosh-Reloaded whoosh3`" in finding["remedy"]
    assert "--require-hashes -r requirements/core.txt" in finding["remedy"]


def test_one_distribution_is_nothing_to_tell_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever fork it is; another one in another folder does no harm."""
    for name in FORKS:
        assert told_of(install(tmp_path / name, name), monkeypatch) == []


@pytest.mark.parametrize(("gone", "code"), [("lang/snowball/english.py", 21), ("index.py", 0)])
def test_a_module_that_is_not_whole_is_told_at_the_start(gone: str, code: int, tmp_path: Path, kept: Path) -> None:
    """As after `pip uninstall whoosh3`, which takes the files of the other away too: no fault of the program, and what to do.

    The stemmer is all that the program loads of it: where that is whole it goes on, and `doctor` tells of the rest.
    """
    folder = install(tmp_path / "site", "Whoosh-Reloaded")
    (folder / "whoosh" / gone).unlink()
    lost = f"{folder.resolve()}: has lost files of the module whoosh of Whoosh-Reloaded"
    ran = ask(kept, folder, "index", "--rebuild")
    assert ran.code == code, ran.err
    assert ran.err.startswith(f"Error: {lost}") is bool(code)
    assert ("uninstall --yes Whoosh-Reloaded`" in ran.err) is bool(code)
    ran = ask(kept, folder, "doctor")
    assert ran.code == (code or 1)
    assert lost in ran.out + ran.err
    assert "uninstall --yes Whoosh-Reloaded`" in ran.out + ran.err


def test_a_module_that_does_not_load_is_told_at_the_start(both: Path, kept: Path) -> None:
    """Where a part of one fork asks for what the other does not have."""
    stemmer = both / "whoosh" / "lang" / "snowball" / "english.py"
    stemmer.write_text("from whoosh.compat import what_no_fork_has\n", encoding="utf-8")
    ran = ask(kept, both, "index", "--rebuild")
    assert ran.code == 21
    assert "one written over the other" in ran.err


def test_a_fault_of_ours_is_still_called_one(kept: Path, tmp_path: Path) -> None:
    """The control: the same error, in a module of the program, with a whole library."""
    folder = install(tmp_path / "site", "whoosh3")
    (folder / "frontmatter.py").write_text("from os import what_is_not_there\n", encoding="utf-8")
    ran = ask(kept, folder, "check")
    assert ran.code == 70
    assert "fault of the program" in ran.err


@pytest.mark.parametrize("looks", [True, False])
def test_a_part_of_the_program_that_is_gone_is_told(kept: Path, monkeypatch: pytest.MonkeyPatch, looks: bool) -> None:  # noqa: FBT001 - of what looks
    """As while it is being installed anew; also where what would look for the reason is gone with it."""
    for name in ("archive.weighing.comparison", *(() if looks else ("archive.storage.installation",))):
        monkeypatch.setitem(sys.modules, name, None)  # as Python has what there is not
    ran = ask_program(kept, "compare", "--camp", "14")
    assert (ran.code, ran.out) == (MuddledInstallation.exit_code, "")
    assert "a part of the program is not there: archive.weighing.comparison" in ran.err
    assert "install it anew" in ran.err


def test_a_part_that_is_gone_is_told_at_the_start_too(kept: Path, tmp_path: Path) -> None:
    """Where the commands themselves cannot be loaded."""
    gone = "archive.storage.installation", "archive.cli._context"
    (tmp_path / "sitecustomize.py").write_text(f"import sys\nsys.modules.update(dict.fromkeys({gone}))\n", encoding="utf-8")
    ran = ask(kept, tmp_path, "search", "coal")
    assert (ran.code, ran.out) == (MuddledInstallation.exit_code, "")
    assert ran.err.startswith("Error: a part of the program is not there: archive.cli._context\n")
    assert "Traceback" not in ran.err
