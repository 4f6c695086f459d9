"""`testimony rebind`: what has lost its words is shown with the old ones and the new ones, and a person decides each."""

import re
from pathlib import Path

import pytest

import made_up
from archive.archive import Archive
from archive.errors import BadNote
from keeping_parts import FIRST, KOREAN, SECOND, THIRD, correct, digest, file_of, head, kept, korean, snapshot
from running import Ran, Run, talk_to_program
from verification_parts import git, short

CORRECTED = FIRST.replace("spring", "autumn")
TYPED = re.compile(r"testimony (rebind .*--read [0-9a-f+]+)$", re.MULTILINE)


def offered(ran: Ran) -> list[list[str]]:
    """Return the lines that a list offers to type."""
    return [line.split() for line in TYPED.findall(ran.out)]


def changed_lines(before: dict[str, bytes], after: dict[str, bytes]) -> dict[str, list[str]]:
    """Return the new lines of each file that differs."""
    return {
        path: [line for line in after[path].decode().split("\n") if line not in before[path].decode().split("\n")]
        for path in after
        if after[path] != before[path]
    }


def test_old_words_and_new_words_are_shown_with_what_to_type(root: Path, run: Run) -> None:
    """From the history of git, of the record itself and of what names it; nothing is written, and that is a refusal."""
    kept(root, in_git=True)
    correct(root, "spring", "autumn")
    before = snapshot(root)
    ran = run("rebind", "ZZT-0001")
    assert (ran.code, snapshot(root)) == (2, before)
    told = " ".join(ran.out.split())
    assert f"The words then, paragraph 1 (from the history that git keeps): {FIRST}" in told
    assert f"The words now, paragraph 1: {CORRECTED}" in told
    assert "quoted (from the quotation in it): flooded in spring" in told
    assert [line[3] for line in offered(ran)] == ["n1", "n1.with.1"]
    assert [line[1] for line in offered(ran)] == ["ZZT-0001", "ZZT-0002"]
    assert "nobody can be asked here" in ran.err


def test_an_answer_that_is_typed_binds_one_and_nothing_else(root: Path, run: Run) -> None:
    """Each line that was offered does what it says; then everything stands where its words are, and no caveat is stale."""
    kept(root, in_git=True)
    correct(root, "spring", "autumn")
    note, link = offered(run("rebind", "ZZT-0001"))
    before = snapshot(root)
    assert run(*note).code == 0
    [(path, lines)] = changed_lines(before, snapshot(root)).items()
    assert path.endswith("ZZT-0001-made-up.md")
    assert [line.partition(":")[0].strip('"') for line in lines] == ["credibility", "history"]
    assert digest(CORRECTED) in lines[0]
    assert '"statement": "Made up for a test: statement of n1."' in lines[0]
    assert "n1 was bound anew to paragraph 1" in lines[1]
    assert run(*link).code == 0
    assert run("check").code == 0
    ran = run("rebind", "ZZT-0001")
    assert (ran.code, ran.out, "stands where its words are" in ran.err) == (0, "", True)
    assert "have changed since this note was written" not in run("excerpt", "ZZT-0001#p1").out


def test_an_answer_to_other_words_than_those_read_is_refused(root: Path, run: Run) -> None:
    """Somebody saved the file in between."""
    kept(root)
    correct(root, "spring", "autumn")
    note, _ = offered(run("rebind", "ZZT-0001"))
    correct(root, "autumn", "winter")
    before = snapshot(root)
    ran = run(*note)
    assert (ran.code, snapshot(root)) == (2, before)
    assert "other words stand in paragraph 1 than those that were read" in ran.err


@pytest.mark.parametrize(
    "answer",
    [
        ["--same"],
        ["--same", "--note", "n1"],
        ["--to", "p2", "--read", "0" * 16],
        ["--same", "--to", "p2", "--note", "n1", "--read", "0" * 16],
    ],
    ids=" ".join,
)
def test_no_answer_is_for_several_or_by_accident(root: Path, run: Run, answer: list[str]) -> None:
    """Neither without a name, nor without the hash of what was read, nor two at once."""
    kept(root)
    correct(root, "spring", "autumn")
    before = snapshot(root)
    assert (run("rebind", "ZZT-0001", *answer).code, snapshot(root)) == (2, before)


def test_words_that_moved_are_followed(root: Path, run: Run) -> None:
    """A paragraph was put in before them: the list says where they are, and the note, the claim and the links go there."""
    kept(root)
    correct(root, FIRST, f"A new beginning.\n\n{FIRST}")
    ran = run("rebind", "ZZT-0001")
    assert "The same words stand now in paragraph 2." in ran.out
    moves = [line for line in offered(ran) if "--to" in line]
    assert [(line[1], line[3], line[5]) for line in moves] == [
        ("ZZT-0001", "n1", "p2"),
        ("ZZT-0001", "c1", "p3"),
        ("ZZT-0002", "n1.with.1", "p2"),
        ("ZZT-0002", "relations.1.code", "p3"),
    ]
    for line in moves:
        assert run(*line).code == 0, line
    assert run("check").code == 0
    other = file_of(root, "ZZT-0002").read_text(encoding="utf-8")
    assert '"ZZT-0001#p2"' in other
    assert '"ZZT-0001#p3"' in other


def test_a_paragraph_that_is_gone_can_be_left_for_another(root: Path, run: Run) -> None:
    """No paragraph of the number is there; the person names one, with the hash of what stands there."""
    kept(root)
    correct(root, f"\n\n{SECOND}\n\n{THIRD}", "")
    ran = run("rebind", "ZZT-0001", "--note", "c1")
    assert "There is no paragraph 2 any more." in ran.out
    assert not offered(ran)
    told = run("show", "ZZT-0001", "--keeper")
    assert f"ZZT-0001#p1  sha256:{digest(FIRST)}" in told.out
    assert run("rebind", "ZZT-0001", "--note", "c1", "--to", "p1", "--read", digest(FIRST)).code == 0
    assert run("rebind", "ZZT-0001", "--note", "c1", "--to", "p7", "--read", digest(FIRST)).code == 2


def test_a_quote_that_stands_there_no_more_becomes_that_of_the_new_words(root: Path, run: Run) -> None:
    """Of a short paragraph; beside a long one the hash alone stays."""
    kept(root)
    correct(root, "flooded", "emptied")
    assert run(*offered(run("rebind", "ZZT-0001", "--note", "n1"))[0]).code == 0
    assert Archive(root).testimony("ZZT-0001").notes[0].about.exact == FIRST.replace("flooded", "emptied")  # type: ignore[union-attr]
    correct(root, "emptied", "filled " * 80)
    assert run(*offered(run("rebind", "ZZT-0001", "--note", "n1"))[0]).code == 0
    assert Archive(root).testimony("ZZT-0001").notes[0].about.exact == ""  # type: ignore[union-attr]
    assert run("check").err.count(" 1 faults") == 1  # the link of the other record, which nobody has read yet


def test_a_version_in_another_language_is_held_against_the_new_words(root: Path, run: Run) -> None:
    """Both are shown; its hash is written in its own file, and the history says so."""
    kept(root)
    korean(root)
    correct(root, "spring", "autumn")
    ran = run("rebind", "ZZT-0001", "--note", "ko.1")
    assert KOREAN[0] in ran.out
    assert run("check").code == 1
    assert run(*offered(ran)[0]).code == 0
    assert digest(CORRECTED) in file_of(root, language="ko").read_text(encoding="utf-8")
    assert "paragraph 1 was held against the version in ko anew" in file_of(root).read_text(encoding="utf-8")
    assert run("rebind", "ZZT-0001", "--note", "ko.1").code == 0


def test_at_a_terminal_each_is_asked(root: Path) -> None:
    """Same, elsewhere with a look at the words there, left, and stopped: what was answered is written at once."""
    kept(root, in_git=True)
    correct(root, FIRST, f"A new beginning.\n\n{CORRECTED}")
    ran = talk_to_program(root, "rebind", "ZZT-0001", "--commit", typed="m\np2\ny\nm\np3\nn\nq\n")
    assert ran.code == 0, ran
    assert "1 was bound anew" in ran.err
    note = Archive(root).testimony("ZZT-0001").notes[0]  # type: ignore[union-attr]
    assert (note.about.paragraphs, note.about.hashes) == ((2,), (digest(CORRECTED),))
    assert "committed as" in ran.err
    before = snapshot(root)
    assert talk_to_program(root, "rebind", "ZZT-0001", typed="\n\n\n\n").code == 0
    assert snapshot(root) == before, "the answer that is offered leaves all as it is"


def test_words_that_are_not_public_are_shown_to_keepers_alone(root: Path, run: Run) -> None:
    """Of a draft, and what is withheld: only where the person says that it may stand on this screen."""
    kept(root, access={"level": "closed"}, consent={"status": "unknown"})
    correct(root, "spring", "autumn")
    ran = run("rebind", "ZZT-0001")
    assert (ran.code, ran.out) == (2, "")
    assert "autumn" not in ran.err
    assert "--keeper" in ran.err
    assert CORRECTED in run("rebind", "ZZT-0001", "--keeper").out
    root2 = root / "second"
    kept(root2, in_git=True)
    correct(root2, FIRST, CORRECTED.replace("mine", "<res>mine</res>"))
    told = talk_to_program(root2, "rebind", "ZZT-0001", typed="q\n").out
    assert "mine" not in told
    assert "The made-up [not published] was flooded" in told
    assert "mine" in talk_to_program(root2, "rebind", "ZZT-0001", "--keeper", typed="q\n").out


def test_verify_tells_the_truth_at_each_step(root: Path, run: Run) -> None:
    """A paper was written before: its citation is called changed, never unknown, with the caveat and without."""
    kept(root, in_git=True)
    cited = short("ZZT-0001", 1, FIRST)
    assert run("verify", cited).code == 0
    correct(root, "spring", "autumn")
    for typed in ([], ["n1"]):
        for name in typed:
            assert run(*offered(run("rebind", "ZZT-0001", "--note", name))[0]).code == 0
        ran = run("verify", cited)
        assert (ran.code, "CHANGED" in ran.out, "CONTRADICTED" in ran.out) == (1, True, True), ran


def test_a_name_that_is_none_is_told_with_those_that_are(root: Path, run: Run) -> None:
    """A note that stands where its words are has nothing to bind."""
    kept(root)
    with pytest.raises(BadNote, match="nothing called 'n1'"):
        Archive(root).rebind("ZZT-0001", "n1", digest(FIRST))
    correct(root, "bridge", "tower")
    with pytest.raises(BadNote) as told:
        Archive(root).rebind("ZZT-0001", "n7", digest(FIRST))
    assert "c1" in told.value.remedy
    assert run("rebind", "ZZT-0009").code == 2


def test_nothing_of_the_repository_is_run(root: Path, run: Run) -> None:
    """Hooks, filters, a watcher, a program for signatures: a commit is made without them, of the file alone."""
    kept(root, in_git=True)
    trap = root / ".git" / "trap"
    trap.write_text('#!/bin/sh\necho "$0 $*" >> "$0.sprung"\ncat\n', encoding="utf-8")
    trap.chmod(0o755)
    for hook in ("pre-commit", "commit-msg", "post-commit", "reference-transaction", "post-index-change"):
        (root / ".git" / "hooks").mkdir(exist_ok=True)
        (root / ".git" / "hooks" / hook).symlink_to(trap)
    for name, value in (
        ("core.fsmonitor", str(trap)),
        ("filter.x.clean", str(trap)),
        ("filter.x.process", str(trap)),
        ("commit.gpgsign", "true"),
        ("gpg.program", str(trap)),
        ("core.editor", str(trap)),
        ("log.showSignature", "true"),
    ):
        git(root, "config", name, value)
    (root / ".gitattributes").write_text("*.md filter=x\n", encoding="utf-8")
    made_up.put(root, made_up.record(head("ZZT-0003")))
    git(
        root,
        "-c",
        "core.fsmonitor=false",
        "-c",
        "core.hooksPath=/dev/null",
        "-c",
        "filter.x.clean=cat",
        "-c",
        "filter.x.process=",
        "add",
        "testimonies/ZZT-0003-made-up.md",
    )
    sprung = trap.with_name("trap.sprung")
    sprung.unlink(missing_ok=True)
    correct(root, "spring", "autumn")
    ran = run(*offered(run("rebind", "ZZT-0001", "--note", "n1"))[0], "--by", "K. Made-up", "--commit")
    assert ran.code == 0, ran
    assert not sprung.exists(), sprung.read_text(encoding="utf-8")
    shown = git_says(root, "show", "--name-only", "--format=%an <%ae>%n%B", "HEAD")
    assert shown.split("\n") == [
        "A. Keeper <keeper@made.example>",
        "ZZT-0001: n1 was bound anew to paragraph 1",
        "",
        "",
        "testimonies/ZZT-0001-made-up.md",
        "",
    ]
    blob = git_says(root, "cat-file", "blob", "HEAD:testimonies/ZZT-0001-made-up.md")
    assert blob.encode() == file_of(root).read_bytes()
    assert "ZZT-0003" in git_says(root, "diff", "--cached", "--name-only"), "what else was staged stays staged"


def git_says(root: Path, *question: str) -> str:
    """Return what git says, with nothing of the repository run."""
    import subprocess

    safe = ["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "log.showSignature=false"]
    return subprocess.run(["git", *safe, *question], cwd=root, check=True, capture_output=True).stdout.decode()


def test_a_commit_that_cannot_be_made_says_that_the_change_is_written(
    root: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No repository; or nobody whom it could name."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(root.parent))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    kept(root)
    correct(root, "spring", "autumn")
    note = offered(run("rebind", "ZZT-0001", "--note", "n1"))[0]
    ran = run(*note, "--commit")
    assert ran.code == 15
    assert "the change is written, and was not committed" in ran.err
    assert run("rebind", "ZZT-0001", "--note", "n1").code == 0
