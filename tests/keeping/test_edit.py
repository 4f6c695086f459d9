"""`testimony edit`: the person's editor on a copy, checked when it is closed; the old file or the new one, and no copy left."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import made_up
from archive.archive import Archive
from keeping_parts import FIRST, file_of, head, kept, korean, snapshot
from running import TOP, Run, talk_to_program
from verification_parts import git, short

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the editors of these tests are shell scripts")
CORRECT = 'sed -i.bak s/spring/autumn/ "$1"'
LOOK = 'stat -c "%a %n" "$1" "$(dirname "$1")" > "$OUT"; ls -a "$(dirname "$1")" >> "$OUT"'


def editor(tmp_path: Path, *lines: str, name: str = "editor.sh") -> dict[str, str]:
    """Make an editor of a shell script; a second call of it runs the second line, and so on."""
    script = tmp_path / name
    count = tmp_path / f"{name}.count"
    cases = "\n".join(f"{number}) {line} ;;" for number, line in enumerate(lines, start=1))
    script.write_text(
        f'#!/bin/sh\nset -e\necho x >> "{count}"\nOUT="{tmp_path}/out"\ncase $(grep -c x "{count}") in\n{cases}\nesac\n',
        encoding="utf-8",
    )
    script.chmod(0o755)
    return {"VISUAL": f'"{script}"', "EDITOR": "/nowhere"}


def left(root: Path) -> list[str]:
    """Return what an editor may have left in the root."""
    return sorted(entry.name for entry in root.iterdir() if entry.name.startswith((".editing", ".unsaved")))


def test_a_word_is_corrected_and_signed(root: Path, tmp_path: Path) -> None:
    """The copy is the owner's alone, on the collection's disk and outside of its records; it goes with what lay beside it."""
    kept(root)
    ran = talk_to_program(
        root, "edit", "ZZT-0001", "--by", "A. Keeper", typed="A word corrected\nn\n", **editor(tmp_path, f"{LOOK}; {CORRECT}")
    )
    assert ran.code == 0, ran
    file, folder, *_ = (tmp_path / "out").read_text(encoding="utf-8").split("\n")
    assert file.startswith(f"600 {root}/.editing-")
    assert file.endswith("/ZZT-0001-made-up.md")
    assert folder.startswith(f"700 {root}/.editing-")
    assert left(root) == []
    told = Archive(root).testimony("ZZT-0001")
    assert told is not None
    assert "autumn" in file_of(root).read_text(encoding="utf-8")
    assert told.history[-1][1:] == ("A. Keeper", "A word corrected")
    assert len(told.history) == 2
    assert "2 notes, claims or links hang on words that have changed" in ran.err


def test_it_offers_to_bind_anew_what_hangs_on_the_words(root: Path, tmp_path: Path) -> None:
    """The note and the link of another record; what is answered is written, and nothing is stale then."""
    kept(root, in_git=True)
    ran = talk_to_program(root, "edit", "ZZT-0001", typed="\ny\ns\ns\n", **editor(tmp_path, CORRECT))
    assert ran.code == 0, ran
    assert FIRST in " ".join(ran.out.split())
    assert "2 were bound anew" in ran.err
    assert not Archive(root).stale("ZZT-0001")
    [verdict] = Archive(root).verify(short("ZZT-0001", 1, FIRST))
    assert verdict.outcome == "changed"


def test_faults_are_shown_and_it_may_be_edited_again(root: Path, tmp_path: Path) -> None:
    """By file and line of the record itself; the second time it can be read."""
    kept(root)
    made = editor(
        tmp_path, 'sed -i.bak "s/^kind:.*/kind: novel/" "$1"', f'sed -i.bak "s/^kind:.*/kind: testimony/" "$1"; {CORRECT}'
    )
    ran = talk_to_program(root, "edit", "ZZT-0001", typed="y\n\nn\n", **made)
    assert ran.code == 0, ran
    assert "testimonies/ZZT-0001-made-up.md:5: kind: " in ran.out
    assert "1 fault; nothing was written" in ran.err
    assert "kind: testimony" in file_of(root).read_text(encoding="utf-8")
    assert left(root) == []


@pytest.mark.parametrize("typed", ["n\n", ""], ids=["no", "nobody there"])
def test_a_text_that_cannot_be_saved_is_kept_and_told(root: Path, run: Run, tmp_path: Path, typed: str) -> None:
    """The old file is as it was; the new text lies readable by its owner alone, and `doctor` names it."""
    kept(root)
    before = snapshot(root)
    ran = talk_to_program(root, "edit", "ZZT-0001", typed=typed, **editor(tmp_path, 'echo "<res>open" >> "$1"'))
    assert ran.code in {15, 130}
    assert snapshot(root) == before
    assert left(root) == [".unsaved"]
    [unsaved] = [file for file in (root / ".unsaved").iterdir() if file.suffix == ".md"]
    assert str(unsaved) in ran.err.replace("\n", "")
    assert unsaved.read_text(encoding="utf-8").endswith("<res>open\n")
    assert (unsaved.stat().st_mode & 0o777, unsaved.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert ".unsaved/ZZT-0001-made-up.1.md: is a text that could not be saved" in run("doctor").out
    git(root, "init", "--quiet")
    git(root, "add", ".")
    assert b".unsaved" not in subprocess.run(["git", "ls-files"], cwd=root, check=True, capture_output=True).stdout


def test_without_a_person_faults_end_it(root: Path, run: Run, tmp_path: Path) -> None:
    """Every fault is said, with exit code 1."""
    kept(root)
    ran = run("edit", "ZZT-0001", **editor(tmp_path, "echo '\ufeff' > \"$1\""))
    assert ran.code == 1
    assert "ZZT-0001-made-up.md:1:" in ran.err
    assert "your text is kept in" in ran.err


def test_nothing_changed_is_nothing_written(root: Path, tmp_path: Path) -> None:
    """Also no line in the history; an editor that fails, or is none, leaves all as it is."""
    kept(root)
    before = snapshot(root)
    assert "nothing was changed" in talk_to_program(root, "edit", "ZZT-0001", **editor(tmp_path, "true")).err
    ran = talk_to_program(root, "edit", "ZZT-0001", **editor(tmp_path, "exit 3", name="fails.sh"))
    assert (ran.code, "fails.sh ended with 3" in ran.err) == (15, True)
    ran = talk_to_program(root, "edit", "ZZT-0001", VISUAL="/nowhere/ed --wait")
    assert (ran.code, "VISUAL names '/nowhere/ed --wait'" in ran.err) == (15, True)
    assert (snapshot(root), left(root)) == (before, [])


def test_who_saved_it_in_between_is_not_written_over(root: Path, tmp_path: Path) -> None:
    """The text that was typed is kept."""
    kept(root)
    ran = talk_to_program(
        root, "edit", "ZZT-0001", typed="\n", **editor(tmp_path, f'{CORRECT}; echo "More." >> "{file_of(root)}"')
    )
    assert ran.code == 15
    assert "has changed since it was read" in ran.err
    assert file_of(root).read_text(encoding="utf-8").endswith("More.\n")
    assert left(root) == [".unsaved"]


def test_a_line_of_the_history_that_the_person_wrote_is_the_one(root: Path, tmp_path: Path) -> None:
    """No second one is added."""
    kept(root)
    line = '{"date": "2026-11-29", "by": "Me", "change": "Mine"}'
    talk_to_program(
        root, "edit", "ZZT-0001", typed="\nn\n", **editor(tmp_path, f'sed -i.bak \'s/First entry"}}/&, {line}/\' "$1"; {CORRECT}')
    )
    told = Archive(root).testimony("ZZT-0001")
    assert told is not None
    assert [change.change for change in told.history] == ["First entry", "Mine"]


def test_a_record_with_faults_is_mended(root: Path, run: Run, tmp_path: Path) -> None:
    """It is the one command that opens what cannot be read."""
    kept(root)
    file = file_of(root)
    file.write_text(file.read_text(encoding="utf-8").replace("\nkind:", "\nkye:"), encoding="utf-8")
    assert run("set", "ZZT-0001", "title=x").code == 1
    ran = talk_to_program(root, "edit", "ZZT-0001", typed="Mended\n", **editor(tmp_path, 'sed -i.bak "s/kye/kind/" "$1"'))
    assert ran.code == 0, ran
    assert run("check").code == 0
    assert "Mended" in file.read_text(encoding="utf-8")


def test_what_becomes_of_readers_and_versions_is_said(root: Path, tmp_path: Path) -> None:
    """A draft that was opened by hand, and a paragraph more than its version in Korean has."""
    kept(root, access={"level": "closed"})
    korean(root)
    made = editor(tmp_path, 'sed -i.bak \'s/"closed"/"public"/\' "$1"; printf \'\\nOne more.\\n\' >> "$1"')
    ran = talk_to_program(root, "edit", "ZZT-0001", typed="\n", **made)
    assert ran.code == 0, ran
    told = " ".join(ran.err.split())
    assert "who may read it has changed: it is public now" in told
    assert "this version is left out until it fits the record again: testimonies/ZZT-0001-made-up.ko.md" in told


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP] if os.name != "nt" else [])
def test_no_copy_is_left_by_a_signal(root: Path, tmp_path: Path, number: signal.Signals) -> None:
    """While the editor is open and has changed it: the copy goes, the editor is ended, the record is as it was."""
    kept(root)
    before = snapshot(root)
    made = editor(tmp_path, f'{CORRECT}; touch "{tmp_path}/ready"; exec sleep 60')
    process = subprocess.Popen(
        [sys.executable, "-m", "archive", "--root", str(root), "edit", "ZZT-0001"],
        env={**os.environ, "PYTHONPATH": str(TOP), **made},
        stdin=subprocess.DEVNULL,
    )
    until = time.monotonic() + 60
    while not (tmp_path / "ready").exists():
        assert time.monotonic() < until
        time.sleep(0.05)
    assert left(root) != []
    process.send_signal(number)
    assert process.wait(60) == 128 + number
    assert (left(root), snapshot(root)) == ([], before)


def test_what_a_kill_left_goes_the_next_time(root: Path, run: Run, tmp_path: Path) -> None:
    """Nothing can be done at that moment; `doctor` names it until then."""
    kept(root)
    gone = root / f".editing-{2**22 + 1}-0000"
    gone.mkdir(mode=0o700)
    (gone / "a.md").write_text("x", encoding="utf-8")
    assert f"{gone.name}: was left behind by an editor that was cut off" in run("doctor").out
    talk_to_program(root, "edit", "ZZT-0001", **editor(tmp_path, "true"))
    assert left(root) == []


def test_two_files_of_one_code_are_left_alone(root: Path, tmp_path: Path) -> None:
    """Nobody knows which of them is meant."""
    kept(root)
    made_up.put(root, made_up.record(head("ZZT-0001"), "Another."), "ZZT-0001-another.md")
    before = snapshot(root)
    assert talk_to_program(root, "edit", "ZZT-0001", **editor(tmp_path, CORRECT)).code == 1
    assert snapshot(root) == before
