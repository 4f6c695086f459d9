"""Three ways to keep a second copy, each walked there and back as the page has it; and what `doctor` knows of them."""

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pyrage
import pytest

import made_up
from archive.archive import Archive
from archive.errors import CannotOpen, CannotWrite
from archive.storage import backups
from running import TOP, Run, ask_program
from verification_parts import git

BLOCK = re.compile(r"```bash\n(.*?)```\n", re.DOTALL)
CLOSED = "ZQXCLOSED"


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    """A public record, a closed one, a version, a withheld name and an authority file, committed to git."""
    root = tmp_path / "collection"
    made_up.collection(
        root,
        made_up.record(made_up.header("ZZT-0001"), "Coal, made up.", "His <an>ZQXNAME</an> was withheld."),
        made_up.record(made_up.header("ZZT-0002", access={"level": "closed"}), f"{CLOSED}."),
    )
    made_up.put(root, made_up.version("ZZT-0001", "ko", "석탄.", "<an>이름</an>."))
    (root / "authorities").mkdir()
    (root / "authorities" / "people.yaml").write_text("people: []\n", encoding="utf-8")
    (root / ".gitignore").write_text("/index/*\n", encoding="utf-8")
    attributes = "/testimonies/*.md -text\n/testimonies/**/*.md -text\n"
    (root / ".gitattributes").write_text(attributes, encoding="utf-8")
    git(root, "init", "--quiet")
    git(root, "add", "-A")
    git(root, "commit", "--quiet", "-m", "made up")
    return root


def files(root: Path) -> dict[str, bytes]:
    """Return the files of a collection by path."""
    return {path: (root / path).read_bytes() for path in backups.files_of(root)[0]}


def doctor(root: Path) -> list[tuple[str, str, bool]]:
    """Return what the doctor knows of backups."""
    found = Archive(root).diagnose().backups
    return sorted((each.kind, each.of, each.is_current) for each in found)


def walked(collection: Path, *, signing: bool) -> str:
    """Type the commands of the page in the collection, those that sign or the others; give what the last one prints."""
    program = collection.parent / "bin" / "testimony"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m archive "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    environment = {**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}", "PYTHONPATH": str(TOP)}
    recipient, told = "", ""
    blocks = BLOCK.findall((TOP / "docs" / "backup.md").read_text(encoding="utf-8"))
    for line in "".join(block for block in blocks if ("--sign" in block) is signing).splitlines():
        ran = subprocess.run(
            ["/bin/sh", "-c", line.replace("age1…", recipient)],
            cwd=collection,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, (line, ran)
        recipient = ran.stdout.strip() if "--new-key" in line else recipient
        told = ran.stdout
    return told


def test_the_page_is_walked_there_and_back(collection: Path, tmp_path: Path) -> None:
    """Every command runs; what comes back is the same, byte for byte: all of it, but of a bag what is closed."""
    told = walked(collection, signing=False)
    whole = files(collection)
    assert len(whole) == 6
    assert files(tmp_path / "from-git") == whole
    assert files(tmp_path / "from-copy") == whole
    from_bag = files(tmp_path / "from-bag")
    assert {path for path in whole if path.startswith("testimonies/")} - set(from_bag) == {"testimonies/ZZT-0002-made-up.md"}
    assert all(from_bag[path] == content for path, content in whole.items() if path in from_bag)
    assert CLOSED.encode() not in (tmp_path / "copy.tar.age").read_bytes()
    assert " ".join(told.split()).count("no file has changed since") == 3
    assert doctor(collection) == [("bag", "restricted", True), ("git", "backup", True), ("sealed-copy", "", True)]


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")
def test_the_bag_is_signed_as_the_page_has_it(collection: Path, tmp_path: Path, run: Run) -> None:
    """It names the signer; who changes a file and its hashes is told of."""
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "made-up", "-f", str(tmp_path / "key")], check=True)
    assert walked(collection, signing=True).startswith("signed by archive@example.org with ED25519 key SHA256:")
    bag = tmp_path / "signed-bag"
    record = next((bag / "data" / "testimonies").glob("ZZT-0001-made-up.md"))
    hashes = bag / "manifest-sha256.txt"
    was = hashlib.sha256(record.read_bytes()).hexdigest()
    record.write_text(record.read_text(encoding="utf-8").replace("Coal", "Salt"), encoding="utf-8")
    now = hashlib.sha256(record.read_bytes()).hexdigest()
    assert was in hashes.read_text(encoding="utf-8")
    hashes.write_text(hashes.read_text(encoding="utf-8").replace(was, now), encoding="utf-8")
    verified = run("manifest", "--verify", str(bag), "--signers", str(tmp_path / "signers"))
    assert verified.code == 1
    assert "changed: manifest-sha256.txt" in verified.out


def test_the_doctor_says_what_is_known_and_no_more(collection: Path, run: Run, tmp_path: Path) -> None:
    """Nothing at first; a change makes each of them old; a remote that has nothing is told so; a lost index forgets."""
    assert "No backup is known of here" in told(collection)
    git(collection, "remote", "add", "elsewhere", str(tmp_path / "nowhere.git"))
    assert "elsewhere: nothing lies there yet" in told(collection)
    git(collection, "remote", "remove", "elsewhere")
    git(collection, "clone", "--quiet", "--bare", ".", str(tmp_path / "backup.git"))
    git(collection, "remote", "add", "backup", str(tmp_path / "backup.git"))
    git(collection, "fetch", "--quiet", "backup")
    Archive(collection).bag(tmp_path / "bag")
    assert doctor(collection) == [("bag", "public", True), ("git", "backup", True)]
    made_up.put(collection, made_up.record(made_up.header("ZZT-0003"), "New."))
    assert doctor(collection) == [("bag", "public", False), ("git", "backup", False)]
    git(collection, "add", "-A")
    git(collection, "commit", "--quiet", "-m", "made up")
    assert doctor(collection) == [("bag", "public", False), ("git", "backup", False)]
    git(collection, "push", "--quiet", "backup", "HEAD")
    assert doctor(collection) == [("bag", "public", False), ("git", "backup", True)]
    kept = collection / "index" / "state" / "backups"
    assert kept.stat().st_mode & 0o077 == 0
    for damaged in (b"", b"[", b'[["bag"]]', b'[["bag","public","no day","0"]]', b'{"a": 1}'):
        kept.write_bytes(damaged)
        assert doctor(collection) == [("git", "backup", True)]
    shutil.rmtree(collection / "index")
    assert doctor(collection) == [("git", "backup", True)]


def told(root: Path) -> str:
    """Return what the doctor prints, without line ends."""
    return " ".join(ask_program(root, "doctor").out.split())


def key(folder: Path) -> tuple[str, Path]:
    """Return a recipient, and the file of its identity."""
    identity = pyrage.x25519.Identity.generate()
    file = folder / "key.txt"
    file.write_text(f"{identity}\n", encoding="utf-8")
    return str(identity.to_public()), file


def test_a_sealed_copy_is_the_same_contents_its_owners_alone_and_never_written_over(collection: Path, tmp_path: Path) -> None:
    """A link is left out and told; nothing is written inside the collection, and nothing without a recipient."""
    recipient, identity = key(tmp_path)
    (collection / "testimonies" / "ZZT-0009-link.md").symlink_to("ZZT-0001-made-up.md")
    room = Archive(collection, identity=identity)
    copy = room.back_up(tmp_path / "a.age", [recipient])
    assert copy.left_out == ("testimonies/ZZT-0009-link.md",)
    assert copy.was_opened
    assert (tmp_path / "a.age").stat().st_mode & 0o077 == 0
    with pytest.raises(CannotWrite):
        room.back_up(tmp_path / "a.age", [recipient])
    for bad in (collection / "testimonies" / "a.age", collection / "index" / "a.age"):
        with pytest.raises(Exception, match="does not belong into"):
            room.back_up(bad, [recipient])
    with pytest.raises(CannotOpen):
        room.back_up(tmp_path / "b.age")
    assert not (tmp_path / "b.age").exists()
    restored = Archive.restore(tmp_path / "a.age", tmp_path / "again", identity)
    assert set(restored) == set(copy.files)
    with pytest.raises(CannotWrite):
        Archive.restore(tmp_path / "a.age", tmp_path / "again", identity)


BAD_NAMES = (
    "../out.md",
    "/out.md",
    "testimonies/../../out.md",
    "testimonies//a.md",
    "index/a",
    "a.md",
    "testimonies/a\\b.md",
    ".git/config",
)


@pytest.mark.parametrize("name", [*BAD_NAMES, "a link", "twice", "no tar", "cut off"])
def test_a_copy_that_is_none_of_a_collection_is_refused_whole(tmp_path: Path, name: str) -> None:
    """No path outside, no link, no name twice, nothing that is no tar: nothing is written."""
    recipient, identity = key(tmp_path)
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w", format=tarfile.PAX_FORMAT) as tar:
        entries = [tarfile.TarInfo("testimonies/a.md"), tarfile.TarInfo(name if name in BAD_NAMES else "testimonies/b.md")]
        if name == "a link":
            entries[1].type, entries[1].linkname = tarfile.SYMTYPE, "/etc/passwd"
        for entry in (*entries, *(entries[:1] if name == "twice" else ())):
            tar.addfile(entry)
    content = {"no tar": b"x" * 2000, "cut off": whole.getvalue()[:700]}.get(name, whole.getvalue())
    (tmp_path / "copy.age").write_bytes(pyrage.encrypt(content, [pyrage.x25519.Recipient.from_str(recipient)]))
    with pytest.raises(CannotOpen):
        Archive.restore(tmp_path / "copy.age", tmp_path / "out" / "again", identity)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["copy.age", "key.txt"]


def test_the_command_says_what_is_wrong(collection: Path, tmp_path: Path) -> None:
    """Without an identity, with another one, and where options do not go together."""
    recipient, identity = key(tmp_path)
    Archive(collection).back_up(tmp_path / "a.age", [recipient])

    def ran(*arguments: str) -> Any:
        done = subprocess.run([sys.executable, "-m", "archive", *arguments], capture_output=True, text=True, check=False, cwd=TOP)
        return done.returncode, done.stderr

    restore = ("backup", "--restore", str(tmp_path / "a.age"), "--output", str(tmp_path / "again"))
    assert "--identity" in ran(*restore)[1]
    code, said = ran("--identity", str(identity), *restore, "--recipient", recipient)
    assert (code, "goes with neither" in said) == (2, True)
    (tmp_path / "other").mkdir()
    code, said = ran("--identity", str(key(tmp_path / "other")[1]), *restore)
    assert "does not open it" in said
    assert not (tmp_path / "again").exists()
    assert json.loads(json.dumps(ran("--identity", str(identity), *restore)[0])) == 0
