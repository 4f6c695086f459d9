"""`--audit FILE`: a log of the commands that were given, which a person asked for, chained by hashes."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest

import made_up
from archive.cli import group
from archive.cli._options import UserPath
from running import TOP, Run


@pytest.fixture
def kept(root: Path) -> Path:
    """A collection of one record."""
    return made_up.collection(root, made_up.record(made_up.header("ZZT-0001"), "A zebra, made up."))


def lines(log: Path) -> list[dict[str, Any]]:
    """Return what the log holds."""
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


@pytest.mark.usefixtures("kept")
def test_each_command_has_its_line_before_it_runs(tmp_path: Path, run: Run) -> None:
    """Also one that fails; help has none. Nothing else in the answer changes, and the file is its owner's alone."""
    log = tmp_path / "log.jsonl"
    plain = run("search", "zebra")
    assert run("--audit", str(log), "search", "zebra", "--camp", "14").code in {0, 1}
    assert run("search", "zebra", TESTIMONY_AUDIT=str(log)).out == plain.out
    assert run("--audit", str(log), "--clearance", "restricted", "show", "ZZT-0009").code == 2
    assert run("--audit", str(log), "search", "--help").code == 0
    found = lines(log)
    assert [each["arguments"] for each in found] == [
        ["search", "zebra", "--camp", "14"],
        ["search", "zebra"],
        ["show", "ZZT-0009"],
    ]
    assert [each["number"] for each in found] == [1, 2, 3]
    assert [each["clearance"] for each in found] == ["public", "public", "restricted"]
    assert len({each["collection"] for each in found}) == 1
    if os.name == "posix":
        assert stat.S_IMODE(log.stat().st_mode) == 0o600


@pytest.mark.usefixtures("kept")
def test_where_keys_and_collections_lie_is_not_in_it(tmp_path: Path, run: Run) -> None:
    """Neither the path of the collection, nor what any option of any command names as a file, as a key."""
    log = tmp_path / "log.jsonl"
    options = [(name, param.opts[0]) for name in group.COMMANDS for param in paths_of(name)]
    assert {("unseal", "--identity"), ("seal", "--new-key"), ("publish", "--sign"), ("bag", "--sign")} <= set(options)
    for name, option in options:
        for written in ([option, "zqxkey"], [f"{option}=zqxkey"]):
            run("--audit", str(log), name, *written, "--no-such-option")
    assert "zqxkey" not in log.read_text(encoding="utf-8")
    assert str(tmp_path) not in log.read_text(encoding="utf-8")
    assert [each["arguments"][0] for each in lines(log)] == [name for name, _ in options for _ in range(2)]


def paths_of(name: str) -> list[click.Parameter]:
    """Return the options of a command that name a file."""
    command = group.group.get_command(click.Context(group.group), name)
    assert command is not None
    return [param for param in command.params if isinstance(param, click.Option) and isinstance(param.type, UserPath)]


@pytest.mark.usefixtures("kept")
def test_a_line_that_is_altered_or_taken_out_shows(tmp_path: Path, run: Run) -> None:
    """At the next line, by `doctor`; a log that is whole is told with the hash of its last line."""
    log = tmp_path / "log.jsonl"
    for word in ("zebra", "quagga", "okapi"):
        run("--audit", str(log), "search", word)
    whole = log.read_bytes()

    def broken() -> tuple[int, list[str]]:
        document = json.loads(run("--audit", str(log), "doctor", "--format", "json").out)
        return document["audit"]["broken"], [each["kind"] for each in document["findings"] if each["kind"] == "audit"]

    assert broken() == (0, [])
    assert "keep this hash elsewhere" in " ".join(run("--audit", str(log), "doctor").out.split())
    first, second, *rest = whole.splitlines(keepends=True)
    for content, line in (
        (first.replace(b"zebra", b"ZEBRA") + second + b"".join(rest), 2),
        (first + b"".join(rest), 2),
        (second + b"".join(rest), 1),
        (first + second + second + b"".join(rest), 3),
        (first + b"{}\n" + second + b"".join(rest), 2),
    ):
        log.write_bytes(content)
        assert broken() == (line, ["audit"])


def test_a_command_without_its_line_is_not_run(kept: Path, tmp_path: Path, run: Run) -> None:
    """Inside the collection, where nothing can be written, over a link and over what is no such log: nothing is printed."""
    foreign = tmp_path / "notes.txt"
    foreign.write_text("Made up.\n", encoding="utf-8")
    link = tmp_path / "link"
    link.symlink_to(foreign)
    places = (kept / "testimonies" / "log", kept / "index" / "log", tmp_path / "none" / "log", tmp_path, foreign, link)
    for place in places:
        ran = run("--audit", str(place), "search", "zebra")
        assert (ran.code != 0, ran.out) == (True, ""), place
    assert foreign.read_text(encoding="utf-8") == "Made up.\n"
    assert not (kept / "testimonies" / "log").exists()


def test_lines_of_commands_that_run_at_once_follow_each_other(kept: Path, tmp_path: Path, run: Run) -> None:
    """No line is lost, and none stands in another."""
    log = tmp_path / "log.jsonl"
    assert run("index").code == 0  # which each of them would make
    command = [sys.executable, "-m", "archive", "--root", str(kept), "--audit", str(log), "camps"]
    started = [subprocess.Popen(command, cwd=TOP, stdout=subprocess.DEVNULL) for _ in range(4)]
    assert [each.wait() for each in started] == [0, 0, 0, 0]
    assert [each["number"] for each in lines(log)] == [1, 2, 3, 4]
    assert json.loads(run("--audit", str(log), "doctor", "--format", "json").out)["audit"]["broken"] == 0


@pytest.mark.usefixtures("kept")
def test_nothing_is_logged_that_was_not_asked_for(tmp_path: Path, run: Run) -> None:
    """Without the option there is no file."""
    run("search", "zebra")
    assert not list(tmp_path.rglob("*.jsonl"))
