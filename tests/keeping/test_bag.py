"""Manifest and bag: the same bytes every time, nothing above the clearance, nothing of whoever made them."""

import contextlib
import getpass
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import bagit
import pytest
from hypothesis import given
from hypothesis import strategies as st

import made_up
from archive.authority import authorities
from archive.errors import BadManifest, CannotWrite
from archive.keeping import bag as bags
from archive.reader import read as reader
from archive.record.testimony import PUBLIC
from running import TOP, Run

CANARY = "zanzibarquux"
DAY = ("--date", "2001-02-03")


@pytest.fixture
def mixed(root: Path) -> Path:
    """Two public records, and two that are not, full of a word that may not leave."""
    closed = {"access": {"level": "closed"}, "title": CANARY}
    until = {"access": {"level": "restricted", "until": "2090"}}
    made_up.collection(
        root,
        made_up.record(made_up.header("NKT-9001"), "One."),
        made_up.record(made_up.header("NKT-9002"), "Two 둘."),
        made_up.record(made_up.header("NKT-9003", **closed), CANARY),
        made_up.record(made_up.header("NKT-9004", **until), CANARY),
    )
    (root / "testimonies" / "NKT-9002-made-up.md").rename(root / "testimonies" / f"NKT-9002-{CANARY}.md")
    return root


def files(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder by its path."""
    return {str(each.relative_to(folder)): each.read_bytes() for each in sorted(folder.rglob("*")) if each.is_file()}


def test_a_manifest_is_as_sha256sum_writes_it_and_a_bag_has_the_same_one(mixed: Path, run: Run, tmp_path: Path) -> None:
    """Each file with its hash; sha256sum agrees where the files of the bag lie."""
    printed = run("manifest").out
    bag = tmp_path / "bag"
    assert run("bag", "--output", str(bag), *DAY).code == 0
    payload = files(bag / "data")
    assert printed == "".join(f"{hashlib.sha256(content).hexdigest()}  {path}\n" for path, content in sorted(payload.items()))
    assert sorted(payload) == [
        *(
            f"authorities/{name}.yaml"
            for name in ("camps", "collection", "conflicts", "equivalents", "flags", "outline", "sources", "terms", "topics")
        ),
        "testimonies/NKT-9001-public.md",
        "testimonies/NKT-9002-public.md",
    ]
    assert (bag / "manifest-sha256.txt").read_text() == "".join(f"{line[:66]}data/{line[66:]}\n" for line in printed.splitlines())
    (bag / "data" / "m").write_text(printed, encoding="utf-8")
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "m"], cwd=bag / "data", check=True)


def test_a_bag_is_valid_for_the_program_of_the_library_of_congress(mixed: Path, run: Run, tmp_path: Path) -> None:
    """And no longer once a byte of it is another: the control."""
    bag = tmp_path / "bag"
    assert run("bag", "--output", str(bag), *DAY).code == 0
    program = [sys.executable, "-m", "bagit", "--validate", "--quiet", str(bag)]
    assert subprocess.run(program, check=False, capture_output=True).returncode == 0
    assert bagit.Bag(str(bag)).info["Bagging-Date"] == "2001-02-03"
    file = bag / "data" / "testimonies" / "NKT-9001-public.md"
    file.write_bytes(file.read_bytes().replace(b"One", b"0ne"))
    assert subprocess.run(program, check=False, capture_output=True).returncode == 1


def test_nothing_closed_is_in_a_public_bag_or_manifest(mixed: Path, run: Run, tmp_path: Path) -> None:
    """Not a word, not a code, not the name of a file; the files that lie there do hold the word: the control."""
    assert any(CANARY in (path + content.decode()) for path, content in files(mixed / "testimonies").items())
    bag = tmp_path / "bag"
    ran = run("bag", "--output", str(bag), *DAY)
    for told in (ran.out + ran.err, run("manifest").out, run("manifest", "--format", "json").out):
        assert CANARY not in told
        assert "NKT-9003" not in told
    for path, content in files(bag).items():
        assert CANARY not in path + content.decode()
        assert not {"NKT-9003", "NKT-9004"} & set(path.split("/")[-1].split("-public"))
        assert b"NKT-9003" not in content


def test_a_bag_is_a_collection_that_answers_the_same(mixed: Path, run: Run, tmp_path: Path) -> None:
    """Whoever gets it can search it, and every citation is the same."""
    bag = tmp_path / "bag"
    run("bag", "--output", str(bag), *DAY)
    from running import run_program

    here = json.loads(run("search", "--format", "json").out)
    there = json.loads(run_program(bag / "data", "search", "--format", "json").out)
    assert there == here


@pytest.mark.skipif(os.name != "posix", reason="modes are those of POSIX")
@pytest.mark.parametrize(("clearance", "others"), [("public", True), ("restricted", False)])
def test_a_bag_above_public_is_its_owner_s_alone(mixed: Path, run: Run, tmp_path: Path, clearance: str, others: bool) -> None:  # noqa: FBT001
    """Every file and folder of it, also under an open umask; a public one can be read by all, as the control."""
    bag = tmp_path / "bag"
    before = os.umask(0)
    try:
        assert run("--clearance", clearance, "bag", "--output", str(bag), *DAY).code == 0
    finally:
        os.umask(before)
    every = [bag, *bag.rglob("*")]
    assert {bool(each.stat().st_mode & 0o077) for each in every} == {others}
    assert not any(each.stat().st_mode & 0o022 for each in every)


def test_the_same_bag_is_the_same_bytes_names_modes_and_times(mixed: Path, run: Run, tmp_path: Path) -> None:
    """Wherever and whenever it is made, under any umask; another day is another bag."""

    def whole(bag: Path) -> dict[str, tuple[bytes, int, int]]:
        every = [bag, *bag.rglob("*")]
        return {
            str(each.relative_to(bag)): (
                each.read_bytes() if each.is_file() else b"",
                each.stat().st_mode,
                each.stat().st_mtime_ns,
            )
            for each in every
        }

    elsewhere = shutil.copytree(mixed / "testimonies", tmp_path / "elsewhere" / "testimonies").parent
    first, second, third = tmp_path / "a", tmp_path / "deep" / "b", tmp_path / "c"
    second.parent.mkdir()
    run("bag", "--output", str(first), *DAY)
    before = os.umask(0o077)
    try:
        subprocess.run(
            [sys.executable, "-m", "archive", "--root", str(elsewhere), "bag", "--output", str(second), *DAY],
            cwd=TOP,
            check=True,
            capture_output=True,
            env={**os.environ, "TZ": "Asia/Seoul"},
        )
    finally:
        os.umask(before)
    run("bag", "--output", str(third), "--date", "2001-02-04")
    assert whole(first) == whole(second)
    assert whole(first) != whole(third)


def test_a_bag_tells_nothing_of_who_made_it_where_or_with_what(mixed: Path, run: Run, tmp_path: Path) -> None:
    """No user, no machine, no path, no program, no time of day."""
    bag = tmp_path / "bag"
    run("bag", "--output", str(bag), *DAY)
    tags = "".join(each.read_text(encoding="utf-8") for each in bag.glob("*.txt"))
    for word in (str(tmp_path), str(mixed), os.uname().nodename, "bagit.py", "python", "Agent", ":00"):
        assert word not in tags
    assert getpass.getuser() not in (bag / "bag-info.txt").read_text(encoding="utf-8")
    assert {each.stat().st_mtime for each in bag.rglob("*")} == {981201600.0}


def test_a_check_names_what_is_changed_missing_and_new(mixed: Path, run: Run, tmp_path: Path) -> None:
    """Exit code 1 with any, 0 with none; text and JSON."""
    kept = tmp_path / "m.txt"
    assert run("manifest", "--output", str(kept)).code == 0
    ran = run("manifest", "--check", str(kept))
    assert (ran.code, ran.out) == (0, "11 unchanged, 0 changed, 0 missing, 0 new.\n")
    (mixed / "testimonies" / "NKT-9001-made-up.md").unlink()
    file = mixed / "testimonies" / f"NKT-9002-{CANARY}.md"
    file.write_text(file.read_text(encoding="utf-8").replace("Two", "Too"), encoding="utf-8")
    made_up.put(mixed, made_up.record(made_up.header("NKT-9005")))
    ran = run("manifest", "--check", str(kept))
    assert ran.code == 1
    assert ran.out == (
        "changed: testimonies/NKT-9002-public.md\nmissing: testimonies/NKT-9001-public.md\nnew: testimonies/NKT-9005-public.md\n"
        "9 unchanged, 1 changed, 1 missing, 1 new.\n"
    )
    document = json.loads(run("manifest", "--check", str(kept), "--format", "json").out)
    assert len(document.pop("unchanged")) == 9
    assert document == {
        "schema": 1,
        "clearance": "public",
        "changed": ["testimonies/NKT-9002-public.md"],
        "missing": ["testimonies/NKT-9001-public.md"],
        "new": ["testimonies/NKT-9005-public.md"],
    }


def test_a_record_that_is_closed_later_is_missing_and_not_named_otherwise(mixed: Path, run: Run, tmp_path: Path) -> None:
    """As one that is gone."""
    kept = tmp_path / "m.txt"
    run("manifest", "--output", str(kept))
    file = mixed / "testimonies" / "NKT-9001-made-up.md"
    file.write_text(file.read_text().replace('{"level": "public"}', '{"level": "closed"}'))
    assert "missing: testimonies/NKT-9001-public.md\n" in run("manifest", "--check", str(kept)).out


def test_files_that_cannot_be_read_are_named_and_the_exit_code_says_so(mixed: Path, run: Run, tmp_path: Path) -> None:
    """Nobody takes a bag without a record for the whole."""
    made_up.put(mixed, "no header", "NKT-9006-made-up.md")
    for arguments in (("manifest",), ("bag", "--output", str(tmp_path / "bag"))):
        ran = run(*arguments)
        assert ran.code == 1
        assert "left out: testimonies/NKT-9006-made-up.md:1: header:" in ran.err


@pytest.mark.parametrize("arguments", [("manifest",), ("bag", "--output"), ("index",)])
def test_a_fault_of_a_file_that_says_it_is_closed_is_not_told(
    mixed: Path, run: Run, arguments: tuple[str, ...], tmp_path: Path
) -> None:
    """Its name was never published; a twin of its code is told without it, and who may read it is told."""

    def to(name: str) -> tuple[str, ...]:
        return (*arguments, str(tmp_path / name)) if "--output" in arguments else arguments

    file = next((mixed / "testimonies").glob("NKT-9004*")).rename(mixed / "testimonies" / f"NKT-9004-{CANARY}.md")
    file.write_text(file.read_text().replace('"language"', '"langage"').replace("language:", "langage:"))
    ran = run(*to("first"))
    assert (ran.code, CANARY in ran.out + ran.err) == (0, False), ran.err
    made_up.put(mixed, made_up.record(made_up.header("NKT-9004"), "Three."), "NKT-9004-other.md")
    ran = run(*to("second"))
    assert ran.code == 1
    assert CANARY not in ran.out + ran.err
    assert "NKT-9004-other.md" in ran.out + ran.err
    ran = run("--clearance", "restricted", *to("third"))
    assert ran.code == 1
    assert CANARY in ran.out + ran.err


@pytest.mark.parametrize(
    "lines",
    [
        'code: "NKT-9009" # real name',
        '# real name\ncode: "NKT-9009"',
        'code: "NKT-9009"\nhistory:\n  - date: 2001-01-01\n    by: x\n    change: >  # real name\n      Made up.',
        'code: "NKT-9009"\ntopics: [ # real name\n  torture]',
    ],
)
def test_a_comment_that_no_reader_sees_does_not_leave_unseen(root: Path, run: Run, tmp_path: Path, lines: str) -> None:
    """It is named by file and line, its words are not repeated, and nothing is written."""
    content = made_up.record(made_up.header("NKT-9009", title="Made up: camp #14")).replace('code: "NKT-9009"', lines)
    made_up.put(root, content, "NKT-9009-made-up.md")
    assert run("check").code == 0, content
    at = next(number for number, line in enumerate(content.splitlines(), start=1) if "# real" in line)
    for arguments in (("manifest",), ("bag", "--output", str(tmp_path / "bag"))):
        ran = run(*arguments)
        assert ran.code == 20, ran
        assert f"testimonies/NKT-9009-made-up.md:{at}: header: has a comment, which no reader sees" in ran.err
        assert "real name" not in ran.err + ran.out
    assert [each.name for each in tmp_path.iterdir()] == ["testimonies"]


def test_a_sign_that_is_no_comment_is_none(root: Path, run: Run) -> None:
    """In quotation marks, in a block of text, inside a word."""
    head = made_up.record(made_up.header("NKT-9009", title="Made up #1 # 2"), "# Heading\n\nText # one.")
    block = "\nhistory:\n  - date: 2001-01-01\n    by: a#b\n    change: |\n      # of the change\n---\n"
    made_up.put(root, head.replace("\n---\n", block, 1))
    ran = run("manifest")
    assert (ran.code, ran.err) == (0, "")


def test_a_collection_without_anything_to_give_says_so(root: Path, run: Run, tmp_path: Path) -> None:
    """No bag of nothing."""
    made_up.collection(root, made_up.record(made_up.header("NKT-9001", access={"level": "closed"})))
    for arguments in (("manifest",), ("bag", "--output", str(tmp_path / "bag"))):
        ran = run(*arguments)
        assert ran.code == 11
        assert "NKT-9001" not in ran.err
    assert not (tmp_path / "bag").exists()


def test_a_bag_never_goes_over_what_is_there_and_leaves_nothing_behind(
    mixed: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """An empty folder, a link that leads nowhere; a full disk leaves nothing behind."""
    import datetime as dt

    day = dt.date(2001, 2, 3)
    parcel = bags.Parcel(mixed, PUBLIC)
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to("nowhere")
    for name in ("there", "link"):
        with pytest.raises(CannotWrite, match="is there already"):
            bags.write_bag(parcel, tmp_path / name, day)
    before = sorted(tmp_path.iterdir())

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(bags.system, "sync", full)
    with pytest.raises(CannotWrite, match="No space left"):
        bags.write_bag(parcel, tmp_path / "bag", day)
    assert sorted(tmp_path.iterdir()) == before


def test_without_the_extra_the_message_names_it(mixed: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A manifest needs none."""
    import datetime as dt

    from archive.errors import MissingExtra

    monkeypatch.setattr(bags, "bagit", None)
    parcel = bags.Parcel(mixed, PUBLIC)
    assert bags.hashes(parcel.items())
    with pytest.raises(MissingExtra) as missing:
        bags.write_bag(parcel, tmp_path / "bag", dt.date(2001, 2, 3))
    assert "requirements/extras.txt" in missing.value.remedy


PATHS = st.text(st.characters(blacklist_categories=("Cc", "Cs", "Zl", "Zp", "Zs")), min_size=1, max_size=20).filter(
    lambda path: not path.startswith("./")
)


@given(st.dictionaries(PATHS, st.binary(min_size=32, max_size=32).map(bytes.hex), min_size=1, max_size=5))
def test_a_manifest_is_read_as_it_was_written(found: dict[str, str]) -> None:
    """Whatever the names of the files; those of a bag lose the folder of the payload."""
    assert bags.read_manifest(bags.manifest(found).encode(), "m") == found
    bagged = {f"data/{path}": sha256 for path, sha256 in found.items()}
    assert bags.read_manifest(bags.manifest(bagged).encode(), "m") == found


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"abc  x\n", b"\xff", b"0" * 64 + b" x\n", (b"0" * 64 + b"  x\n") * 2, b"g" * 64 + b"  x\n"]
)
def test_what_is_no_manifest_is_refused(content: bytes) -> None:
    """With the line, and never taken for one without differences."""
    with pytest.raises(BadManifest):
        bags.read_manifest(content, "m")


@given(st.binary(max_size=200))
def test_any_bytes_are_a_manifest_or_refused(content: bytes) -> None:
    """Nothing else happens."""
    found = {}
    with contextlib.suppress(BadManifest):
        found = bags.read_manifest(content, "m")
    assert all(len(sha256) == 64 for sha256 in found.values())


def test_a_reference_to_a_closed_record_does_not_leave(mixed: Path, run: Run, tmp_path: Path) -> None:
    """Neither in a record, which is written anew without it, nor in an authority file, which is refused."""
    notes = [made_up.note("n1", "contradicted", **{"with": ["NKT-9003#p1", "NKT-9001#p1"]})]
    made_up.put(mixed, made_up.record(made_up.header("NKT-9007", credibility={"notes": notes}), "<an>A. Person</an> came."))
    bag = tmp_path / "bag"
    assert run("bag", "--output", str(bag), *DAY).code == 0
    content = files(bag)["data/testimonies/NKT-9007-public.md"]
    assert b"NKT-9003" not in content
    assert b"A. Person" not in content
    assert b"NKT-9001#p1" in content
    assert b"[name withheld] came." in content
    assert json.loads(run("show", "NKT-9007", "--format", "json").out)["record"]["sha256"] == hashlib.sha256(content).hexdigest()
    own = mixed / "authorities" / "topics.yaml"
    own.parent.mkdir()
    shipped = authorities.shipped_folder() / "topics.yaml"
    own.write_text(f"# Said in NKT-9003\n{shipped.read_text(encoding='utf-8')}", encoding="utf-8")
    ran = run("manifest")
    assert ran.code == 20
    assert "authorities/topics.yaml:1: code: names a record" in ran.err


def test_contradictions_leave_without_the_codes_of_closed_records(root: Path, run: Run, tmp_path: Path) -> None:
    """The shipped ones name NKT-0008: closed here, it is left out of the file, which still can be read."""
    made_up.collection(root, made_up.record(made_up.header("NKT-9001")))
    made_up.put(root, made_up.record(made_up.header("NKT-0008", access={"level": "closed"})))
    before = reader.read_authorities(root).conflicts
    assert any("NKT-0008" in each.get("records", ()) for each in before.values())
    bag = tmp_path / "bag"
    assert run("bag", "--output", str(bag), *DAY).code == 0
    assert not [path for path, content in files(bag).items() if b"NKT-0008" in content]
    after = reader.read_authorities(bag / "data").conflicts
    assert after == {
        name: {**each, "records": [code for code in each["records"] if code == "NKT-9001"]} if "records" in each else each
        for name, each in before.items()
    }


_NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n\r\\ *()="), min_size=1, max_size=12).filter(
    lambda name: not name[0].isspace() and name[0] != "*" and not name.startswith("./") and not name.startswith("data/")
)


@given(
    st.dictionaries(_NAMES, st.binary(max_size=3).map(lambda content: hashlib.sha256(content).hexdigest()), min_size=1),
    st.sampled_from(["text", "binary", "bsd"]),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
    st.booleans(),
)
def test_manifests_of_other_tools_are_read(found: dict[str, str], form: str, end: str, mark: bool, upper: bool) -> None:  # noqa: FBT001 - drawn
    """As sha256sum in both its forms, shasum, PowerShell's capitals, a byte-order mark, Windows' lines, BSD's own form."""
    lines = []
    for name, sha256 in found.items():
        plain = name.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
        digits = sha256.upper() if upper else sha256
        written = f"SHA256 ({plain}) = {digits}" if form == "bsd" else f"{digits} {'*' if form == 'binary' else ' '}{plain}"
        lines.append(("\\" if plain != name else "") + written)
    content = "".join(line + end for line in lines).encode()
    assert bags.read_manifest((b"\xef\xbb\xbf" if mark else b"") + content, "m") == found


@pytest.mark.parametrize("tool", [["sha256sum"], ["sha256sum", "-b"], ["sha256sum", "--tag"]], ids=" ".join)
def test_what_sha256sum_writes_is_read(tool: list[str], tmp_path: Path) -> None:
    """The real program, also for names with a backslash or a line's end."""
    if shutil.which(tool[0]) is None:
        pytest.skip("there is no sha256sum here")
    for name in ("plain.md", "a b.md", "back\\slash.md", "line\nend.md", "이름.md"):
        (tmp_path / name).write_text(name)
    names = sorted(each.name for each in tmp_path.iterdir())
    written = subprocess.run([*tool, *names], cwd=tmp_path, check=True, capture_output=True).stdout
    read = bags.read_manifest(written, "m")
    assert read == {name: hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() for name in names}
