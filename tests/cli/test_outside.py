"""A file that a person names is never written into the collection, nor over what is something else; what is private stays so."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import click
import pyrage
import pytest

import made_up
from archive.cli import group
from archive.cli._options import UserPath
from running import Run, ask_program

REPORT = "report.docx"
"""Stands for a made-up report beside the collection."""
CALLS = {
    "dossier": ["dossier", "paragraph", "--format", "md", "--output"],
    "template": ["template", "coi", "--output"],
    "manifest": ["manifest", "--output"],
    "bag": ["bag", "--output"],
    "export": ["export", "--format", "jsonl", "--output"],
    "backup": ["backup", "--recipient", str(pyrage.x25519.Identity.generate().to_public()), "--output"],
    "search": ["search", "paragraph", "--format", "xlsx", "--output"],
    "list": ["list", "--format", "xlsx", "--output"],
    "basket": ["basket", "export", "--format", "xlsx", "--output"],
    "compare": ["compare", "--camp", "14", "--format", "xlsx", "--output"],
    "verify": ["verify", REPORT, "--output"],
    "picture": ["picture", "collection", "--kind", "relations", "--format", "svg", "--output"],
}
"""Every command that writes where a person says, up to the place."""
ENDINGS = {"verify": ".docx"}
"""Of those that take one form of name alone."""
PRINTS = ("dossier", "manifest", "picture", "export")
"""Those that can print what they write."""
KEPT = ("testimonies", "index", "authorities")


@pytest.fixture
def kept(root: Path) -> Path:
    """One public record and one restricted."""
    shut = made_up.record(made_up.header("ZZT-0002", access={"level": "restricted"}))
    return made_up.collection(root, made_up.record(made_up.header("ZZT-0001")), shut)


def calling(name: str, kept: Path) -> list[str]:
    """Return a command up to the place, with the report that `verify` is to check, and something in the basket."""
    for clearance in ("public", "restricted") if name == "basket" else ():
        assert ask_program(kept, "--clearance", clearance, "basket", "add", "ZZT-0001#p1").code == 0
    report = kept.parent / f"{kept.name}-report.docx"
    if REPORT in CALLS[name] and not report.exists():
        assert ask_program(kept, "dossier", "paragraph", "--output", str(report)).code == 0
    return [str(report) if each == REPORT else each for each in CALLS[name]]


def files(root: Path) -> dict[Path, bytes]:
    """Return what lies in the folders of a collection."""
    return {each: each.read_bytes() for name in KEPT for each in (root / name).rglob("*") if each.is_file()}


def test_every_command_that_writes_where_a_person_says_is_known_here() -> None:
    """A command that gets an option for a file to write stands in this test."""
    named = set()
    for name in group.COMMANDS:
        command = group.group.get_command(click.Context(group.group), name)
        assert command is not None
        if any("--output" in each.opts for each in command.params):
            named.add(name)
    assert named == {*CALLS}


_SHOWN = {"folder": "dir", "target": "dir"}
"""Arguments, as the help calls them."""
NO_NAMES = ("a" * 300, "각" * 100, "x/" * 3000, "", " ", "\t")
LONG = ("a" * 250, "각" * 83, "a\nb.md", " a", "--")


def path_options() -> Iterator[tuple[str, str]]:
    """Yield every option of the program, and of each command, that takes a path."""
    for name in ("", *group.COMMANDS):
        command = group.group.get_command(click.Context(group.group), name) if name else group.group
        assert command is not None
        for param in command.params:
            if isinstance(param.type, UserPath):
                yield name, param.opts[-1]
            assert not isinstance(param.type, click.Path | click.File), f"{name} {param.opts}: a path that is not looked at"


def test_every_path_that_a_person_names_is_looked_at() -> None:
    """One type for all of them, so that one rule holds."""
    assert set(path_options()) == {
        ("", "--root"),
        ("", "--identity"),
        ("", "--audit"),
        ("dossier", "--output"),
        ("picture", "--output"),
        ("template", "--output"),
        ("search", "--output"),
        ("compare", "--output"),
        ("list", "--output"),
        ("basket", "--output"),
        ("verify", "--output"),
        ("manifest", "--output"),
        ("manifest", "--check"),
        ("manifest", "--sign"),
        ("manifest", "--verify"),
        ("manifest", "--signers"),
        ("bag", "--output"),
        ("bag", "--sign"),
        ("export", "--output"),
        ("publish", "target"),
        ("backup", "--output"),
        ("backup", "--recipients-file"),
        ("backup", "--restore"),
        ("publish", "--sign"),
        ("seal", "--recipients-file"),
        ("seal", "--new-key"),
        ("reseal", "--recipients-file"),
        ("unseal", "--identity"),
        ("init", "folder"),
        ("import", "paths"),
        ("import", "--mapping"),
        ("align", "file"),
    }


@pytest.mark.parametrize(("name", "option"), [*path_options()])
def test_what_can_be_no_name_is_refused_and_a_long_name_is_none(name: str, option: str, kept: Path, tmp_path: Path) -> None:
    """Longer than a disk takes, empty, white space: a fault of usage that names the option; and never a fault of the program."""
    call = {
        "": ["search"],
        "seal": ["seal", "ZZT-0001"],
        "unseal": ["unseal", "ZZT-0001"],
        "reseal": ["reseal", "--all"],
        "publish": ["publish", "--sign", "no-key"],
    }.get(name, [])
    call = call or (calling(name, kept)[:-1] if name in CALLS else [name])
    for written in (*NO_NAMES, *LONG):
        named = [option, written] if option.startswith("-") else ["--", written]
        arguments = [*call, *named] if name else [*named, *call]
        here = tmp_path / str(len(list(tmp_path.iterdir())))
        here.mkdir()
        ran = ask_program(kept, *arguments, here=here)
        assert ran.code != 70, (written, ran.err)
        assert (ran.code == 2 and _SHOWN.get(option, option) in ran.err.lower()) or written not in NO_NAMES, (
            written,
            ran,
        )
        assert "Traceback" not in ran.err


@pytest.mark.parametrize("name", CALLS)
def test_a_hyphen_is_standard_output_or_refused(name: str, kept: Path, tmp_path: Path) -> None:
    """Never a file of that name, unless that is what was written."""
    here = tmp_path / "here"
    here.mkdir()
    ran = ask_program(kept, *calling(name, kept), "-", here=here)
    assert (ran.code, bool(ran.out)) == ((0, True) if name in PRINTS else (2, False))
    assert list(here.iterdir()) == []
    ran = ask_program(kept, *calling(name, kept), "./-", here=here)
    assert (ran.code, [each.name for each in here.iterdir()]) == ((2, []) if name in ENDINGS else (0, ["-"]))


def places(root: Path, other: Path, ending: str = ".md") -> Iterator[Path]:
    """Yield places in the folders of the collection, by their names, by links, and by names in capitals."""
    for name in KEPT:
        yield root / name / f"new{ending}"
        yield root / name / "deep" / ".." / f"new{ending}"
        yield root / name.upper() / f"new{ending}"
        yield other / name / f"new{ending}"
    if ending == ".md":
        yield root / "testimonies" / "ZZT-0001-made-up.md"
        yield other / "record.md"


@pytest.mark.parametrize("force", [[], ["--force"]], ids=["", "force"])
@pytest.mark.parametrize("name", CALLS)
def test_nothing_is_written_into_the_collection(name: str, force: list[str], kept: Path, run: Run, tmp_path: Path) -> None:
    """Also through a link to a folder or a record, also with --force."""
    (kept / "authorities").mkdir()
    run("index")
    other = tmp_path / "other"
    other.mkdir()
    for each in KEPT:
        (other / each).symlink_to(kept / each)
    (other / "record.md").symlink_to(kept / "testimonies" / "ZZT-0001-made-up.md")
    calling(name, kept)  # so that what it needs is there
    before = files(kept)
    for place in places(kept, other, ENDINGS.get(name, ".md")):
        ran = run(*calling(name, kept), str(place), *(force if name != "bag" else []))
        assert (ran.code, place) == (2, place)
        assert "does not belong into testimonies, index or authorities" in ran.err
    assert files(kept) == before
    assert not (kept / "TESTIMONIES").exists()


@pytest.mark.parametrize("name", [name for name in CALLS if name != "bag"])
def test_what_is_there_is_written_over_only_where_that_was_asked_for(name: str, kept: Path, run: Run, tmp_path: Path) -> None:
    """With --force, and then whole."""
    target = tmp_path / f"out{ENDINGS.get(name, '.md')}"
    assert run(*calling(name, kept), str(target)).code == 0
    first = target.read_bytes()
    made_up.put(kept, made_up.record(made_up.header("ZZT-0003")))
    again = run(*calling(name, kept), str(target))
    assert (again.code, "--force" in again.err) == (15, True)
    assert target.read_bytes() == first
    assert run(*calling(name, kept), str(target), "--force").code == 0
    assert (target.read_bytes() == first) == (name in {"verify", "template"})  # whose report, and template, is the same


@pytest.mark.parametrize("content", [b"My own words.\n", b'{"schema": 1}', b"\xff\xfe", b"a" * 64 + b"  ../x\nwords\n"])
def test_a_manifest_takes_the_place_of_a_manifest_alone(content: bytes, kept: Path, run: Run, tmp_path: Path) -> None:
    """Whatever else is there stays, with --force too; of both forms in which manifests are written each is known."""
    target = tmp_path / "m.txt"
    target.write_bytes(content)
    assert run("manifest", "--output", str(target), "--force").code == 15
    assert target.read_bytes() == content
    target.unlink()
    for form in ("json", "text", "json"):
        assert run("manifest", "--output", str(target), "--force", "--format", form).code == 0
    link = tmp_path / "link.txt"
    link.symlink_to(target)
    assert run("manifest", "--output", str(link), "--force").code == 15
    assert link.is_symlink()


@pytest.mark.parametrize("name", CALLS)
def test_what_is_not_public_is_its_owners_alone(name: str, kept: Path, run: Run, tmp_path: Path) -> None:
    """Whatever leaves above public has the modes 0600 and 0700; a public export those that the system gives."""
    old = os.umask(0o022)
    try:
        alone, all_may_read = {0o600, 0o700}, {0o644, 0o755}
        public = alone if name == "backup" else all_may_read  # which holds everything, whatever its access
        for clearance, wanted in (("public", public), ("restricted", alone)):
            target = tmp_path / f"{clearance}{ENDINGS.get(name, '.md')}"
            assert run("--clearance", clearance, *calling(name, kept), str(target)).code == 0
            modes = {stat.S_IMODE(each.stat().st_mode) for each in (target, *target.rglob("*"))}
            assert modes <= wanted
    finally:
        os.umask(old)
