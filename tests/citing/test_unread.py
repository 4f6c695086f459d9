"""A record whose file cannot be read at present: its caveats go on travelling, and nobody is told that they are gone.

A typing error in one record must not clear another, and `verify` must not call
unknown what was public when it could last be read. What a file says of access
and consent holds all the same. All made up.
"""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

import interference
import made_up
from archive.citing.citation import UNREAD
from archive.collection.last_read import NOT_STATED
from archive.formats.registry import FORMATS
from archive.storage import index_state
from examples import daily
from running import Ran, Run, ask_program
from verification_parts import git

DENIED = "Made up: the overseer was elsewhere."
TOOK_BACK = "Made up: all of this was taken back."
WORDS = ("The made-up mine was flooded in spring.", "A made-up bridge fell.")
LEANS = ("What the made-up report says of the mine.",)

ABOUT = {"paragraphs": [1]}


def against(flag: str = "contradicted", statement: str = DENIED, **changes: object) -> str:
    """Return a record whose note speaks against the first paragraph of another."""
    note = made_up.note("n1", flag, statement, **{"with": ["ZZT-0001#p1"], "about": ABOUT})
    return made_up.record(made_up.header("ZZT-0002", credibility={"notes": [note]}, **changes), "Nobody saw it there.")


def made(root: Path) -> Path:
    """Make two records, of which the second contradicts the first; and a third and a fourth that rely on what was taken back."""
    taken = made_up.note("n1", "recanted", TOOK_BACK)
    relies = [{"type": "relies-on", "code": "ZZT-0008"}]
    between = [{"type": "relies-on", "code": "ZZT-0003"}]
    return made_up.collection(
        root,
        made_up.record(made_up.header("ZZT-0001", topics=["torture"]), *WORDS),
        against(),
        made_up.record(made_up.header("ZZT-0003", credibility={"notes": [taken]}), "I dug coal there."),
        made_up.record(made_up.header("ZZT-0007", topics=["torture"], relations=relies), *LEANS),
        made_up.record(made_up.header("ZZT-0008", relations=between), "Between the two."),
    )


@pytest.fixture
def archive(root: Path) -> Path:
    """The records of this suite."""
    return made(root)


def file_of(root: Path, code: str) -> Path:
    """Return the file of a record."""
    return root / "testimonies" / f"{code}-made-up.md"


def unknown_key(root: Path, code: str) -> None:
    """Write a key that is none."""
    file = file_of(root, code)
    file.write_text(file.read_text(encoding="utf-8").replace("---\n", "---\nkye: 1\n", 1), encoding="utf-8")


def no_yaml(root: Path, code: str) -> None:
    """Leave a bracket open."""
    file = file_of(root, code)
    file.write_text(file.read_text(encoding="utf-8").replace("---\n", "---\ntopics: [a\n", 1), encoding="utf-8")


def other_bytes(root: Path, code: str) -> None:
    """Save in another encoding."""
    file = file_of(root, code)
    file.write_bytes(file.read_bytes() + "Gefängnis".encode("latin-1"))


def cut_off(root: Path, code: str) -> None:
    """Lose the end of the header."""
    file = file_of(root, code)
    file.write_bytes(file.read_bytes()[:60])


def emptied(root: Path, code: str) -> None:
    """Leave nothing in it."""
    file_of(root, code).write_bytes(b"")


def conflict(root: Path, code: str) -> None:
    """Let a program that syncs put a second file of the code beside it."""
    content = file_of(root, code).read_text(encoding="utf-8") + "\nAnother paragraph.\n"
    (root / "testimonies" / f"{code}-made-up.sync-conflict-20260101-120000-ABCDEFG.md").write_text(content, encoding="utf-8")


def merge_marks(root: Path, code: str) -> None:
    """Leave a merge undone."""
    file = file_of(root, code)
    content = file.read_text(encoding="utf-8").replace("kind:", "<<<<<<< HEAD\nkind:", 1)
    file.write_text(content.replace("language:", "=======\n>>>>>>> other\nlanguage:", 1), encoding="utf-8")


def a_link(root: Path, code: str) -> None:
    """Put a link in its place."""
    file = file_of(root, code)
    kept = root / "kept.md"
    file.rename(kept)
    file.symlink_to(kept)


def in_a_cloud(root: Path, code: str) -> None:
    """Have it moved into a cloud."""
    file = file_of(root, code)
    file.rename(file.with_name(f".{file.name}.icloud"))


def renamed(root: Path, code: str) -> None:
    """Give it another slug together with a fault."""
    unknown_key(root, code)
    file = file_of(root, code)
    file.rename(file.with_name(f"{code}-another-name.md"))


def forbidden(root: Path, code: str) -> None:
    """Take the rights away."""
    file_of(root, code).chmod(0)


BREAKS: tuple[Callable[[Path, str], None], ...] = (
    unknown_key,
    no_yaml,
    other_bytes,
    cut_off,
    emptied,
    conflict,
    merge_marks,
    a_link,
    in_a_cloud,
    renamed,
    *(() if os.name == "nt" or os.geteuid() == 0 else (forbidden,)),
)
every_break = pytest.mark.parametrize("spoil", BREAKS, ids=lambda each: each.__name__)


def printed(run: Run, folder: Path, code: str, words: str, *, part: int | None = None) -> dict[str, str]:
    """Return everything that prints a passage or cites it, by what was asked; of a part of it that is one of three every day."""
    asked = [("excerpt", f"{code}#p1", "--format", form) for form in ("text", "json", "markdown")]
    asked += [("show", code, "--format", form) for form in ("text", "json", "markdown")]
    asked += [("search", words, "--format", form) for form in FORMATS]
    asked += [("search", words, "--full")]
    asked += [("compare", "--topic", "torture", "--format", form) for form in ("text", "json", "markdown", "csv")]
    asked += [("cite", f"{code}#p1", "--format", form) for form in ("text", "csl-json", "bibtex", "ris")]
    asked += [("cite", code)]
    asked = asked if part is None else [*daily(asked, part, 3)]
    found = {" ".join(each): run(*each) for each in asked}
    assert not [name for name, ran in found.items() if ran.code or not ran.out]
    told = {name: ran.out for name, ran in found.items()}
    for form in ("md", "html"):
        out = folder / f"out.{form}"
        assert run("dossier", words, "--output", str(out), "--force").code == 0
        told[f"dossier {form}"] = out.read_text(encoding="utf-8")
    return told


def bare(text: str) -> str:
    """Return the words alone, however they are wrapped, set or escaped."""
    return " ".join(re.sub(r"[^\w]+", " ", re.sub(r"<[^>]+>|\\", "", text)).split()).casefold()


def says(told: str, *wanted: str) -> bool:
    """Ask whether a text says all of it."""
    return all(bare(each) in bare(told) for each in wanted)


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What is printed while every record can be read, which is the same for every way to break one."""
    root = made(tmp_path_factory.mktemp("unread") / "archive")
    return printed(lambda *arguments: ask_program(root, *arguments), root.parent, "ZZT-0001", "made-up mine")


@every_break
def test_a_caveat_travels_though_its_record_cannot_be_read(
    before: dict[str, str], archive: Path, tmp_path: Path, run: Run, spoil: Callable[[Path, str], None]
) -> None:
    """In every format of every command, marked as it was last read; and unmarked again when the file is mended."""
    run("index")
    assert not [name for name, told in before.items() if says(told, UNREAD.format(code="ZZT-0002"))]
    kept = file_of(archive, "ZZT-0002").read_bytes()
    spoil(archive, "ZZT-0002")
    now = printed(run, tmp_path, "ZZT-0001", "made-up mine")
    marked = [name for name, told in now.items() if not says(told, UNREAD.format(code="ZZT-0002"))]
    assert marked == []
    stated = [name for name, told in before.items() if says(told, DENIED)]
    assert len(stated) > len(before) - 4
    assert [name for name in stated if not says(now[name], DENIED)] == []
    for file in (archive / "testimonies").glob("*ZZT-0002*"):
        file.unlink()
    file_of(archive, "ZZT-0002").write_bytes(kept)
    mended = printed(run, tmp_path, "ZZT-0001", "made-up mine", part=BREAKS.index(spoil))
    assert mended == {name: before[name] for name in mended}


def test_a_caveat_that_comes_through_a_record_that_cannot_be_read(archive: Path, tmp_path: Path, run: Run) -> None:
    """Of what a record relies on at second hand: it travels, and says which file between cannot be read."""
    before = printed(run, tmp_path, "ZZT-0007", "made-up report")
    unknown_key(archive, "ZZT-0008")
    now = printed(run, tmp_path, "ZZT-0007", "made-up report")
    assert [name for name, told in now.items() if not says(told, UNREAD.format(code="ZZT-0008"))] == []
    assert [name for name in before if says(before[name], TOOK_BACK) and not says(now[name], TOOK_BACK)] == []
    assert any(says(told, TOOK_BACK) for told in now.values())


def test_after_both_ends_cannot_be_read_the_caveat_is_still_there(archive: Path, run: Run) -> None:
    """One after the other, as they are saved; and with the index made anew in between."""
    run("index")
    for code in ("ZZT-0003", "ZZT-0008"):
        unknown_key(archive, code)
        run("index")
    run("index", "--rebuild")
    told = run("excerpt", "ZZT-0007#p1").out
    assert says(told, TOOK_BACK)
    assert "RECANTED (FROM ZZT-0003)" in told


@every_break
def test_verify_neither_clears_a_citation_nor_says_that_a_caveat_is_gone(
    archive: Path, tmp_path: Path, run: Run, spoil: Callable[[Path, str], None]
) -> None:
    """Whether it stands cannot be told, nothing is proved, and no citation is handed out."""
    cited = tmp_path / "cited.txt"
    cited.write_text(run("excerpt", "ZZT-0001#p1").out, encoding="utf-8")
    assert run("verify", str(cited)).code == 0
    spoil(archive, "ZZT-0002")
    ran = run("verify", str(cited))
    assert ran.code == 1
    assert says(ran.out, "ZZT-0002 cannot be read at present; whether n1 stands cannot be told", DENIED)
    assert "NO LONGER IN FORCE" not in ran.out
    assert "Cite now" not in ran.out
    (found,) = json.loads(run("verify", str(cited), "--format", "json").out)["citations"]
    assert found["caveats_untold"] == [{"id": "ZZT-0002/n1", "unread": "ZZT-0002"}]
    assert (found["caveats_gone"], found["holds"], found["citation"]) == ([], False, None)
    assert found["altered"] == []


def test_the_control_a_note_that_was_taken_out_is_gone(archive: Path, tmp_path: Path, run: Run) -> None:
    """Of a record that can be read nothing else is said than before, and the citation of today is given."""
    cited = tmp_path / "cited.txt"
    cited.write_text(run("excerpt", "ZZT-0001#p1").out, encoding="utf-8")
    made_up.put(archive, made_up.record(made_up.header("ZZT-0002"), "Nobody saw it there."))
    ran = run("verify", str(cited))
    assert ran.code == 1
    assert "! NO LONGER IN FORCE THERE: ZZT-0002/n1" in ran.out
    assert "Cite now" in ran.out


def test_what_is_printed_meanwhile_is_not_called_altered_afterwards(archive: Path, tmp_path: Path, run: Run) -> None:
    """The remark that a file could not be read comes and goes, and is no word of the caveat."""
    run("index")
    unknown_key(archive, "ZZT-0002")
    for at, (name, told) in enumerate(printed(run, tmp_path, "ZZT-0001", "made-up mine").items()):
        (tmp_path / f"{at}.{'md' if 'markdown' in name or 'md' in name else 'html' if 'html' in name else 'txt'}").write_text(
            told, encoding="utf-8"
        )
    made_up.put(archive, against())
    for file in sorted(tmp_path.glob("[0-9]*")):
        ran = run("verify", str(file), "--format", "json")
        wrong = [each["altered"] for each in json.loads(ran.out)["citations"] if each["altered"]]
        assert (ran.code, wrong) == (0, []), file


READING = ("show", "excerpt", "cite")


def asked(run: Run, code: str) -> list[Ran]:
    """Ask all that reads one record, and for one in a search."""
    wanted = f"{code}#p1 sha256:{'0' * 64}"
    every = [(name, code if name != "excerpt" else f"{code}#p1") for name in READING]
    return [run(*each) for each in (*every, ("show", code, "--versions"), ("search", "--code", code), ("verify", wanted))]


@every_break
def test_a_code_that_was_public_is_never_unknown(archive: Path, run: Run, spoil: Callable[[Path, str], None]) -> None:
    """Its file cannot be read at present, whoever asks; a code that never was there is unknown."""
    run("index")
    spoil(archive, "ZZT-0003")
    for ran in asked(run, "ZZT-0003"):
        assert says(ran.out + ran.err, "cannot be read at present"), ran
        assert "no testimony" not in ran.out + ran.err
        assert ran.code in {1, 2}
    assert [ran for ran in asked(run, "ZZT-0099") if "no testimony" not in ran.out + ran.err] == []


@pytest.mark.parametrize("rebuild", [False, True], ids=["no index", "made anew"])
def test_a_commit_tells_what_was_public(archive: Path, run: Run, *, rebuild: bool) -> None:
    """Where no index was made before, or it was thrown away: what HEAD reaches is the last state that could be read."""
    git(archive, "init", "--quiet")
    git(archive, "add", "testimonies")
    git(archive, "commit", "--quiet", "-m", "made up")
    if rebuild:
        run("index")
    for code in ("ZZT-0002", "ZZT-0003"):
        unknown_key(archive, code)
    git(archive, "commit", "--quiet", "-am", "made up: with faults")
    if rebuild:
        run("index", "--rebuild")
    assert "cannot be read at present" in run("show", "ZZT-0003").err
    assert says(run("excerpt", "ZZT-0001#p1").out, DENIED, UNREAD.format(code="ZZT-0002"))
    assert says(run("excerpt", "ZZT-0007#p1").out, TOOK_BACK, UNREAD.format(code="ZZT-0003"))


def test_the_control_a_branch_that_was_never_merged_tells_nothing(root: Path, run: Run) -> None:
    """Nor a stash: only what led to the commit that is checked out was ever published."""
    made_up.collection(root, made_up.record(made_up.header("ZZT-0001"), *WORDS))
    git(root, "init", "--quiet")
    git(root, "add", "testimonies")
    git(root, "commit", "--quiet", "-m", "made up")
    git(root, "checkout", "--quiet", "-b", "aside")
    made_up.put(root, against())
    git(root, "add", "testimonies")
    git(root, "commit", "--quiet", "-m", "made up: aside")
    git(root, "checkout", "--quiet", "-")
    made_up.put(root, against())
    unknown_key(root, "ZZT-0002")
    assert "no testimony ZZT-0002" in run("show", "ZZT-0002").err
    assert DENIED not in run("excerpt", "ZZT-0001#p1").out


def test_without_an_index_or_a_commit_nothing_is_known(archive: Path, run: Run) -> None:
    """A draft that never could be read is unknown, and `verify` says no more of it."""
    unknown_key(archive, "ZZT-0003")
    assert "no testimony ZZT-0003" in run("show", "ZZT-0003").err


SHUT = {"access": {"level": "closed"}}
GONE = {**SHUT, "consent": {"status": "withdrawn", "was_public": "true"}}


@pytest.mark.parametrize("spoil", [unknown_key, no_yaml, other_bytes, merge_marks], ids=lambda each: each.__name__)
def test_what_a_file_says_of_access_holds_in_spite_of_its_faults(
    archive: Path, run: Run, spoil: Callable[[Path, str], None]
) -> None:
    """Closed and with a fault at one go: nothing of its notes travels any more, and no word of it is kept."""
    run("index")
    made_up.put(archive, against(**SHUT))
    spoil(archive, "ZZT-0002")
    for ran in (run("excerpt", "ZZT-0001#p1"), run("search", "mine", "--format", "json"), run("cite", "ZZT-0001#p1")):
        assert DENIED not in ran.out
    assert DENIED.encode() not in b"".join(file.read_bytes() for file in (archive / "index" / "state").iterdir())
    assert "cannot be read at present" in run("show", "ZZT-0002").err
    coverage = json.loads(run("search", "mine", "--format", "json").out)["coverage"]
    assert coverage == {"searched": 4, "of": 4, "unread_versions": 0}


@pytest.mark.parametrize("spoil", [unknown_key, no_yaml, merge_marks, conflict], ids=lambda each: each.__name__)
@pytest.mark.parametrize("said", [GONE, {**SHUT, "consent": {"status": "withdrawn"}}], ids=["was public", "not said"])
def test_a_withdrawal_is_honoured_in_a_file_with_other_faults(
    archive: Path, run: Run, spoil: Callable[[Path, str], None], said: dict[str, object]
) -> None:
    """Its words are not to be used, and its notes are no longer told."""
    run("index")
    made_up.put(archive, against(**said))
    spoil(archive, "ZZT-0002")
    ran = run("verify", f"ZZT-0002#p1 sha256:{'0' * 64}")
    assert (ran.code, "WITHDRAWN" in ran.out) == (1, True), ran
    assert DENIED not in run("excerpt", "ZZT-0001#p1").out


def test_what_the_file_withholds_now_is_in_no_statement(archive: Path, run: Run) -> None:
    """A keeper who writes a tag into a header makes a fault of it, and means that the name goes: it goes."""
    run("index")
    made_up.put(archive, against())
    for tag in ("<an>{}</an>", "<an>{}", "&lt;an&gt;{}&lt;/an&gt;"):
        made_up.put(archive, against(statement=DENIED.replace("overseer", tag.format("overseer"))))
        told = run("excerpt", "ZZT-0001#p1").out
        assert "overseer" not in told
        assert says(told, NOT_STATED, UNREAD.format(code="ZZT-0002"))


def gazetteer(root: Path, *camps: str) -> None:
    """Put into a collection a gazetteer of its own."""
    facilities = [{"id": each, "type": "kwalliso", "number": each[-2:], "label": {"en": each}, "names": []} for each in camps]
    (root / "authorities").mkdir(exist_ok=True)
    for name, content in (("camps", {"facilities": facilities}), ("conflicts", {"conflicts": []})):
        (root / "authorities" / f"{name}.yaml").write_text(json.dumps(content), encoding="utf-8")


def test_a_fault_that_new_authorities_make_is_one_too(archive: Path, run: Run) -> None:
    """A camp that is taken out of the gazetteer: the record is not read any more, its caveat stays."""
    gazetteer(archive, "kwalliso-14", "kwalliso-15")
    made_up.put(archive, against(camps=[{"camp": "kwalliso-15"}]))
    assert run("index").code == 0
    gazetteer(archive, "kwalliso-14")
    ran = run("excerpt", "ZZT-0001#p1")
    assert says(ran.out, DENIED, UNREAD.format(code="ZZT-0002")), ran


def test_a_closed_record_with_faults_answers_as_one_that_is_not_there(root: Path, run: Run) -> None:
    """With the file and without it, in the words of every command; it never was public."""
    made_up.collection(root, made_up.record(made_up.header("ZZT-0001"), *WORDS))
    run("index")
    before = asked(run, "ZZT-0002")
    for spoil in (unknown_key, no_yaml, other_bytes, merge_marks):
        made_up.put(root, against(**SHUT))
        spoil(root, "ZZT-0002")
        assert asked(run, "ZZT-0002") == before, spoil
        made_up.put(root, against(**SHUT))
        run("index")
        spoil(root, "ZZT-0002")
        assert asked(run, "ZZT-0002") == before, spoil


def test_closed_before_its_file_had_faults_it_stays_unknown(archive: Path, run: Run) -> None:
    """The last state that could be read was a closed one, also where the header says nothing any more."""
    run("index")
    made_up.put(archive, against(**SHUT))
    run("index")
    emptied(archive, "ZZT-0002")
    assert "no testimony ZZT-0002" in run("show", "ZZT-0002").err
    assert DENIED not in run("excerpt", "ZZT-0001#p1").out


def test_a_fresh_index_is_made_as_an_old_one_is_kept(archive: Path, run: Run) -> None:
    """What is remembered is written once: a second look changes nothing, and a mended file is forgotten."""
    run("index")
    unknown_key(archive, "ZZT-0002")
    run("index")
    state = archive / "index" / "state" / "public.json"
    first = index_state.load(state)
    assert list(first.last) == ["ZZT-0002"]
    run("index")
    assert index_state.load(state).last == first.last
    made_up.put(archive, against())
    run("index")
    assert index_state.load(state).last == {}
    assert interference.counted(archive) == (5, 0, 0)


@pytest.mark.parametrize("known", ["index", "commit", "index since"])
def test_keepers_are_told_whose_caveats_hang_on_it(archive: Path, run: Run, known: str) -> None:
    """By `check` and by `doctor`: what is told as it was last read; codes alone, no word and no id of a note."""
    if known == "commit":
        git(archive, "init", "--quiet")
        git(archive, "add", "testimonies")
        git(archive, "commit", "--quiet", "-m", "made up")
    else:
        run("index")
    sound = run("check").out
    unknown_key(archive, "ZZT-0008")
    unknown_key(archive, "ZZT-0002")
    if known == "index since":
        run("index")
    told = {name: run(name).out for name in ("check", "doctor")}
    for said in told.values():
        assert "has notes of ZZT-0003 only as they were last read, since ZZT-0008 cannot be read" in said
        assert "has notes of ZZT-0002 only as they were last read, since ZZT-0002 cannot be read" in said
        assert DENIED not in said
        assert "ZZT-0007-made-up.md" in said
    assert "last read" not in sound


def test_keepers_are_told_where_nothing_is_known_of_it(archive: Path, run: Run) -> None:
    """The record that relies on it is named all the same."""
    unknown_key(archive, "ZZT-0008")
    for name in ("check", "doctor"):
        said = " ".join(run(name).out.split())
        assert "ZZT-0007-made-up.md" in said
        assert "hangs on ZZT-0008, which cannot be read: whether its readers miss notes of it cannot be told" in said
