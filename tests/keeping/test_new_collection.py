"""A collection of any subject is begun by one command, and reads as it should from the first moment."""

import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import ConflictingOptions
from archive.keeping import new_collection
from examples import number_of
from running import TOP, Ran, ask_program

NAMED = ("--name", "Archive of Glagolsk", "--prefix", "GLG", "--places", "Ozerny, r=Речной")


def begun(folder: Path, *arguments: str) -> Ran:
    """Begin a collection as a person does who is in no collection."""
    return ask_program(folder.parent / "none", "init", str(folder), *arguments, here=folder.parent)


def files(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder but the index."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not {"index", ".git"} & set(path.relative_to(folder).parts)
    }


def test_what_is_begun_is_whole_and_answers(tmp_path: Path) -> None:
    """`check` and `doctor` find nothing, `search` finds the first record with its caveat, `new` goes on with the prefix."""
    folder = tmp_path / "glagol"
    ran = begun(folder, *NAMED, "--git")
    assert (ran.code, sorted(ran.out.splitlines())) == (0, sorted(f"{folder}/{each}" for each in files(folder)))
    assert ask_program(folder, "check").err == "testimony: 1 records read; 0 faults, 0 warnings\n"
    found = ask_program(folder, "search", "made-up", "--camp", "Ozerny").out
    assert "GLG-0001#p1" in found
    assert "This record is made up to show the form." in found
    assert "in git; no findings" in ask_program(folder, "doctor").out
    assert ask_program(folder, "new", "Another").out.startswith("testimonies/GLG-0002-")
    cited = ask_program(folder, "cite", "GLG-0001").out
    assert "Archive of Glagolsk" in cited
    assert "North Korean" not in cited


def test_the_examples_in_the_comments_hold(tmp_path: Path) -> None:
    """Whoever takes the signs of comment away has entries that `check` accepts."""
    folder = tmp_path / "glagol"
    begun(folder, *NAMED)
    for name in ("collection", "camps", "sources", "conflicts"):
        path = folder / "authorities" / f"{name}.yaml"
        content = re.sub(r"^# (?=  |background|common)", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        path.write_text(content.replace(f"{name}: []", f"{name}:"), encoding="utf-8")
    written = (folder / "authorities" / "sources.yaml").read_text(encoding="utf-8")
    letter = "  - {id: made-up-letter, csl: {type: manuscript, title: Made up}}\n"
    (folder / "authorities" / "sources.yaml").write_text(written + letter, encoding="utf-8")
    ran = ask_program(folder, "check")
    assert (ran.code, ran.out) == (0, "")
    assert "Made-up Camp 7" in ask_program(folder, "camps", "the Seventh").out


def test_what_was_not_said_takes_its_default_and_is_told(tmp_path: Path) -> None:
    """Without a terminal nothing is asked."""
    ran = begun(tmp_path / "Tales of Woe")
    assert ran.code == 0
    told = dict(re.findall(r"--(\w+) was not given: (.*)", ran.err))
    assert told == {"name": "Testimony archive Tales of Woe", "prefix": "TOW", "language": "en"}
    assert ask_program(tmp_path / "Tales of Woe", "list").out.count("TOW-0001") == 1


@pytest.mark.parametrize("language", ["ko", "ru", "zh-Hant"])
def test_a_collection_may_be_in_any_language(tmp_path: Path, language: str) -> None:
    """Its name and its places are written in it, and read where the person speaks another."""
    folder = tmp_path / "other"
    assert begun(folder, "--name", "Память", "--language", language, "--places", "o=Озёрный").code == 0
    assert ask_program(folder, "check").code == 0
    assert "Озёрный" in ask_program(folder, "camps").out
    assert ask_program(folder, "new", "Another").code == 0
    newer = max((folder / "testimonies").iterdir()).read_text(encoding="utf-8")
    assert re.search(rf'^language: "?{language}"?$', newer, re.MULTILINE)
    assert ask_program(folder, "camps", "озёрный").code == 0
    assert "Память" in ask_program(folder, "cite", min((folder / "testimonies").iterdir()).name[:8]).out


def test_a_copy_of_the_shipped_archive_is_whole(tmp_path: Path) -> None:
    """Its records are the shipped ones byte by byte, and its authorities too, which can be changed there."""
    assert begun(tmp_path / "copy", "--with-shipped").code == 0
    own = files(tmp_path / "copy")
    records = {f"testimonies/{path.name}": path.read_bytes() for path in (TOP / "testimonies").glob("*.md")}
    assert {path: content for path, content in own.items() if path.startswith("testimonies/")} == records
    authorities = {path.removeprefix("authorities/") for path in own if path.startswith("authorities/")}
    assert authorities == {path.name for path in (TOP / "archive" / "authority" / "data").glob("*.yaml")}
    refused = begun(tmp_path / "another", "--with-shipped", "--name", "Mine")
    assert (refused.code, (tmp_path / "another").exists()) == (2, False)


@pytest.mark.parametrize("inside", ["a.txt", ".hidden", "folder/b.txt"])
def test_a_folder_that_has_anything_in_it_is_left_alone(tmp_path: Path, inside: str) -> None:
    """Also where that does not show."""
    (tmp_path / "here" / inside).parent.mkdir(parents=True)
    (tmp_path / "here" / inside).write_text("mine")
    ran = begun(tmp_path / "here", *NAMED)
    assert (ran.code, files(tmp_path / "here")) == (15, {inside: b"mine"})
    assert "is not empty" in ran.err


def test_no_collection_begins_in_the_records_of_another(tmp_path: Path) -> None:
    """Its files would be faults there."""
    begun(tmp_path / "first", *NAMED)
    before = files(tmp_path / "first")
    assert ask_program(tmp_path / "first", "init", str(tmp_path / "first" / "testimonies" / "second")).code == 2
    assert files(tmp_path / "first") == before


@pytest.mark.parametrize("place", ["link/second", "link/../testimonies/second", "beside/link/deeper/second"])
def test_no_collection_begins_there_through_a_link_either(tmp_path: Path, place: str) -> None:
    """The link lies outside of the other collection, and leads into it."""
    begun(tmp_path / "first", *NAMED)
    before = files(tmp_path / "first")
    (tmp_path / "beside").mkdir()
    for link in ("link", "beside/link"):
        (tmp_path / link).symlink_to(tmp_path / "first" / "testimonies", target_is_directory=True)
    assert ask_program(tmp_path / "first", "init", str(tmp_path / place), *NAMED).code == 2
    assert files(tmp_path / "first") == before


@pytest.mark.parametrize(
    "wrong",
    [("--prefix", "glg"), ("--prefix", "TOOLONG"), ("--language", "no language"), ("--places", "a=1,a=2"), ("--places", "ю=1")],
)
def test_what_cannot_be_taken_is_refused_before_anything_is_made(tmp_path: Path, wrong: tuple[str, str]) -> None:
    """The option is named with what was given."""
    ran = begun(tmp_path / "new", *wrong)
    assert (ran.code, (tmp_path / "new").exists()) == (2, False)
    assert ran.err.startswith(f"Error: {wrong[0]}")


@pytest.mark.parametrize("was_there", [True, False])
def test_what_cannot_be_written_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, was_there: bool
) -> None:
    """A disk that is full at the last file."""
    folder = tmp_path / "new"
    if was_there:
        folder.mkdir()
    put, done = new_collection.atomic.write_beside, []

    def full(path: Path, content: bytes, **how: bool) -> None:
        done.append(path)
        if path.name == ".gitignore":
            raise OSError(28, "No space left on device")
        put(path, content, **how)

    monkeypatch.setattr(new_collection.atomic, "write_beside", full)
    ran = begun(folder, *NAMED)
    assert (ran.code, len(done) > 3) == (15, True)
    assert (folder.exists(), list(folder.rglob("*")) if was_there else []) == (was_there, [])


def test_a_repository_has_no_hooks_and_no_first_commit(tmp_path: Path) -> None:
    """What goes into it is the person's own to say."""
    begun(tmp_path / "kept", *NAMED, "--git")
    assert not (tmp_path / "kept" / ".git" / "hooks").exists()
    shown = subprocess.run(["git", "status", "--short"], cwd=tmp_path / "kept", capture_output=True, text=True, check=True)
    assert "?? testimonies/" in shown.stdout


@settings(max_examples=number_of(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(max_size=30), places=st.lists(st.text(max_size=12), max_size=3))
def test_whatever_a_person_calls_it_it_reads(tmp_path_factory: pytest.TempPathFactory, name: str, places: list[str]) -> None:
    """A name is text in YAML whatever is in it; what can be no name is refused, and nothing is left behind."""
    folder = tmp_path_factory.mktemp("any") / "new"
    try:
        new_collection.begin(folder, new_collection.Beginning(name=name, places=tuple(places)))
    except (ConflictingOptions, new_collection.ArchiveError):
        assert not folder.exists()
    else:
        assert new_collection.checks.check(folder).faults == ()
