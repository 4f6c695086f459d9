"""The archive that comes with the program is read where it lies, and nothing is written there."""

import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import system
from archive.storage import shipped
from running import TOP, ask_program, run_program


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the person's own."""
    monkeypatch.setenv("TESTIMONY_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("TESTIMONY_ROOT", raising=False)
    return tmp_path / "cache"


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The wheel, built twice."""
    built = []
    for number in range(2):
        folder = tmp_path_factory.mktemp(f"built{number}")
        code = "import sys; sys.path.insert(0, 'tools'); import build_backend; build_backend.build_wheel(sys.argv[1])"
        environment = {**os.environ, "SOURCE_DATE_EPOCH": "1767225600"}
        subprocess.run([sys.executable, "-c", code, str(folder)], cwd=TOP, env=environment, check=True, capture_output=True)
        built += folder.iterdir()
    return built


def asked(here: Path, *arguments: str, package: Path = TOP) -> subprocess.CompletedProcess[str]:
    """Run the program of a package in a folder, with no collection named."""
    environment = {name: value for name, value in os.environ.items() if name != "TESTIMONY_ROOT"}
    # Bytecode of an installed package lies elsewhere, since to compile it takes longer than to ask; none is written into ours.
    bytecode = ("PYTHONPYCACHEPREFIX", str(package.parent / "bytecode")) if package != TOP else ("PYTHONDONTWRITEBYTECODE", "1")
    return subprocess.run(
        [sys.executable, "-m", "archive", *arguments],
        cwd=here,
        env={**environment, "PYTHONPATH": str(package), **dict([bytecode])},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_the_wheel_holds_every_record_and_is_the_same_bytes_each_time(wheels: list[Path]) -> None:
    """No record is left out, and none is there that is not in the folder."""
    first, second = wheels
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as wheel:
        held = {name: wheel.read(name) for name in wheel.namelist() if name.startswith("archive/collection/shipped/")}
        listed = wheel.read(next(name for name in wheel.namelist() if name.endswith("/RECORD"))).decode()
    assert held == {
        f"archive/collection/shipped/testimonies/{path.name}": path.read_bytes() for path in (TOP / "testimonies").glob("*.md")
    }
    assert all(name in listed for name in held)


@pytest.fixture(scope="module")
def installed(wheels: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The wheel, unpacked into a folder that nobody may write to."""
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheels[0]) as wheel:
        wheel.extractall(folder)
    paths = [folder, *folder.rglob("*")]
    for path in paths:
        path.chmod(path.stat().st_mode & ~0o222)
    yield folder
    for path in paths:
        path.chmod(path.stat().st_mode | 0o200)


def test_what_was_only_installed_says_what_there_is_and_answers(installed: Path, cache: Path, tmp_path: Path) -> None:
    """In an empty folder: no collection here, and the two ways on; both of them go."""
    here = tmp_path / "empty"
    here.mkdir()
    told = asked(here, "search", "x", package=installed)
    assert told.returncode == 10
    assert "there is no collection here" in told.stderr
    assert "testimony --shipped search" in told.stderr
    assert "testimony init DIR" in told.stderr
    before = {path: path.stat().st_mtime_ns for path in installed.rglob("*")}
    found = asked(here, "--shipped", "search", "hunger", "--count", package=installed)
    assert found.returncode == 0, found.stderr
    assert int(found.stdout.split()[0]) > 10
    assert {path: path.stat().st_mtime_ns for path in installed.rglob("*")} == before
    assert [path.name.split("-")[0] for path in cache.iterdir()] == ["shipped"]
    assert list(here.iterdir()) == []
    assert asked(here, "--shipped", "search", "hunger", "--count", package=installed).stderr == "", "made once"
    assert asked(here, "init", "mine", "--with-shipped", package=installed).returncode == 0
    assert asked(here / "mine", "search", "hunger", "--count", package=installed).stdout == found.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["new", "Mine"],
        ["note", "NKT-0001#p1", "--flag", "caution", "--statement", "Mine"],
        ["check", "--bind"],
        ["edit", "NKT-0001"],
    ],
    ids=" ".join,
)
def test_no_command_changes_it(cache: Path, tmp_path: Path, arguments: list[str]) -> None:
    """A person is told how to have a copy of their own."""
    before = {path.name: path.read_bytes() for path in (TOP / "testimonies").iterdir()}
    ran = asked(tmp_path, "--shipped", *arguments)
    assert ran.returncode == 15
    assert "--with-shipped" in ran.stderr
    assert {path.name: path.read_bytes() for path in (TOP / "testimonies").iterdir()} == before


def test_two_collections_at_once_are_refused(cache: Path, tmp_path: Path) -> None:
    """A root that is named, and the shipped one; the variable gives way, since it was not typed."""
    assert ask_program(tmp_path, "--shipped", "list").code == 2
    assert asked(tmp_path, "--shipped", "list").returncode == 0
    ran = subprocess.run(
        [sys.executable, "-m", "archive", "--shipped", "stats"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(TOP), "TESTIMONY_ROOT": str(tmp_path)},
        capture_output=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr


def test_without_a_cache_it_is_searched_in_memory(tmp_path: Path) -> None:
    """A person who has no home, or whose home is no folder, has an answer all the same, and nothing is written beside it."""
    unwritable = tmp_path / "file"
    unwritable.write_text("no folder")
    ran = run_program(TOP / "archive" / "collection" / "shipped", "search", "hunger", "--count", TESTIMONY_CACHE=str(unwritable))
    assert ran.code == 0, ran.err
    assert "in memory" in ran.err
    assert not (TOP / "archive" / "collection" / "shipped" / "index").exists()


def test_the_folder_for_what_can_be_made_anew_is_that_of_each_system(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As the systems say where a cache lies."""
    for name in ("TESTIMONY_CACHE", "TESTIMONY_STATE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    assert system.cache_folder() == tmp_path / ".cache" / "testimony"
    monkeypatch.setenv("XDG_CACHE_HOME", "not/absolute")
    assert system.cache_folder() == tmp_path / ".cache" / "testimony"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert system.cache_folder() == tmp_path / "xdg" / "testimony"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(sys, "platform", "darwin")
    assert system.cache_folder() == tmp_path / "Library" / "Caches" / "testimony"
    monkeypatch.setattr(system, "WINDOWS", True)
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    assert system.cache_folder() == tmp_path / "local" / "testimony" / "cache"
    monkeypatch.delenv("LOCALAPPDATA")
    assert system.cache_folder() is None


def test_a_collection_elsewhere_keeps_its_index_beside_its_records(cache: Path, tmp_path: Path) -> None:
    """The control: only the shipped one has its index in the cache."""
    assert not shipped.is_shipped(tmp_path)
    assert ask_program(tmp_path / "mine" / "none", "init", str(tmp_path / "own")).code == 0
    assert ask_program(tmp_path / "own", "index").code == 0
    assert (tmp_path / "own" / "index").is_dir()
    assert not cache.exists()
