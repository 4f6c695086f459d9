"""Sealed records: encrypted in the folder, opened in memory alone, and told of to nobody without the identity."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import bagit
import pytest
from pyrage import decrypt, x25519

import made_up
from archive.errors import CannotOpen, CannotWrite, MissingExtra, UnknownCode
from archive.keeping import _sealing as sealing
from archive.storage import encryption
from running import TOP, Ran, Run

CONTENT = made_up.record(
    made_up.header("NKT-9002", title="Made up: zqxtitle"), "Coal zqxword 쀏쓀쓗.", "<res>Zqxsecond</res> words."
)


class Keys:
    """Two keys in files, made for a test."""

    def __init__(self, folder: Path) -> None:
        """Write them."""
        self.mine, self.other = x25519.Identity.generate(), x25519.Identity.generate()
        self.file, self.other_file = folder / "mine.txt", folder / "other.txt"
        self.file.write_text(f"# made up for a test\n\n{self.mine}\n")
        self.other_file.write_text(f"{self.other}\n")
        self.public = str(self.mine.to_public())


@pytest.fixture
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    """Keys in a folder of their own."""
    return Keys(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def two(root: Path) -> Path:
    """One record that stays open and one that is to be sealed."""
    made_up.put(root, made_up.record(made_up.header("NKT-9001"), "Coal in the open."))
    made_up.put(root, CONTENT, "NKT-9002-zqxtitle.md")
    return root


def files(root: Path) -> list[str]:
    """Return the names in the folder of records."""
    return sorted(each.name for each in (root / "testimonies").iterdir())


def test_sealing_and_unsealing_give_the_same_bytes(two: Path, run: Run, keys: Keys) -> None:
    """The plain file is gone, and its words from every index file; unsealing brings back byte for byte."""
    assert "NKT-9002" in run("search", "zqxword").out
    run("--clearance", "restricted", "search", "zqxword")
    ran = run("seal", "NKT-9002", "--recipient", keys.public)
    assert (ran.code, ran.out) == (0, "testimonies/NKT-9002.md.age\n")
    assert "was removed; not from copies" in ran.err
    assert files(two) == ["NKT-9001-made-up.md", "NKT-9002.md.age"]
    sealed = (two / "testimonies" / "NKT-9002.md.age").read_bytes()
    assert sealed.startswith(b"age-encryption.org/v1\n")
    assert decrypt(sealed, [keys.mine]) == CONTENT.encode()
    for each in two.rglob("*"):
        assert not each.is_file() or b"zqx" not in each.read_bytes().lower()
    ran = run("unseal", "NKT-9002", "--identity", str(keys.file))
    assert (ran.code, ran.out) == (0, "testimonies/NKT-9002-made-up-zqxtitle.md\n")
    assert (two / ran.out.strip()).read_bytes() == CONTENT.encode()
    assert len(files(two)) == 2
    assert "NKT-9002" in run("search", "zqxword").out


def test_several_recipients_can_each_open_it(two: Path, run: Run, keys: Keys) -> None:
    """Given one by one, and in a file with comments."""
    listed = keys.file.with_name("recipients.txt")
    listed.write_text(f"# made up\n\n{keys.other.to_public()}\n{keys.public}\n")
    assert run("seal", "NKT-9002", "--recipient", keys.public, "--recipients-file", str(listed)).code == 0
    sealed = (two / "testimonies" / "NKT-9002.md.age").read_bytes()
    assert sealed.count(b"\n-> X25519 ") == 2
    assert decrypt(sealed, [keys.mine]) == decrypt(sealed, [keys.other]) == CONTENT.encode()


def seal(root: Path, keys: Keys) -> None:
    """Seal the second record."""
    sealing.seal(root, "NKT-9002", encryption.recipients([keys.public], []))


def test_without_the_identity_it_is_nowhere(two: Path, run: Run, keys: Keys) -> None:
    """Not in a count, not for any clearance; `check` names it to keepers, and its code stays taken."""
    seal(two, keys)
    for clearance in ("public", "restricted"):
        ran = run("--clearance", clearance, "search", "coal")
        assert "searched 1 of 1 testimony" in " ".join(ran.out.split())
        assert "there is no testimony NKT-9002" in run("--clearance", clearance, "show", "NKT-9002").err
    ran = run("check")
    assert ran.code == 0
    assert "testimonies/NKT-9002.md.age:1: warning: file: is sealed and was not checked" in ran.out
    assert "NKT-9003" in run("new", "Made up").out


def test_a_restricted_bag_carries_it_as_it_lies(two: Path, run: Run, keys: Keys, tmp_path: Path) -> None:
    """Byte for byte, also where an identity is at hand; it opens there as here. A public bag and manifest say nothing of it."""
    seal(two, keys)
    name = "testimonies/NKT-9002.md.age"
    sealed = (two / name).read_bytes()
    above, with_key = ("--clearance", "restricted"), ("--clearance", "restricted", "--identity", str(keys.file))
    for place, options in (("bag", above), ("bag-with-key", with_key), ("public", ())):
        assert run(*options, "bag", "--output", str(tmp_path / place), "--date", "2001-02-03").code == 0
        held = {str(each.relative_to(tmp_path / place)): each for each in (tmp_path / place).rglob("*") if each.is_file()}
        assert [path for path, each in held.items() if b"zqx" in each.read_bytes().lower() or "zqx" in path] == []
        told = "".join(held) + "".join(each.read_text(encoding="utf-8") for path, each in held.items() if path.endswith(".txt"))
        assert (f"data/{name}" in held, "NKT-9002" in told) == ((False, False) if place == "public" else (True, True))
        if place != "public":
            assert held[f"data/{name}"].read_bytes() == sealed
        assert bagit.Bag(str(tmp_path / place)).is_valid()
    assert f"{hashlib.sha256(sealed).hexdigest()}  {name}\n" in run(*above, "manifest").out
    assert "NKT-9002" not in run("manifest").out
    carried = str(tmp_path / "bag" / "data")
    assert "NKT-9002#p1" in run("--root", carried, *with_key, "search", "zqxword").out
    assert run("--root", carried, *above, "search", "zqxword", "--count").out == "0 passages in 0 testimonies\n"


@pytest.mark.parametrize("how", ["option", "environment"])
def test_with_the_identity_and_the_clearance_it_is_read(two: Path, run: Run, keys: Keys, how: str) -> None:
    """Found, shown whole, and marked as what it is; a public reader sees nothing of it with any key."""
    seal(two, keys)

    def ask(*arguments: str) -> Ran:
        if how == "option":
            return run("--identity", str(keys.file), *arguments)
        return run(*arguments, TESTIMONY_IDENTITY=str(keys.file))

    ran = ask("--clearance", "restricted", "search", "zqxword")
    assert "NKT-9002#p1" in ran.out
    assert ran.out.count("· clearance restricted") == 1
    assert "1 sealed record opened; everything is indexed in memory alone" in ran.err
    assert "Zqxsecond words." in ask("--clearance", "restricted", "show", "NKT-9002").out
    assert '"access": "restricted"' in ask("--clearance", "restricted", "show", "NKT-9002", "--format", "json").out
    assert ask("search", "zqxword", "--count").out == "0 passages in 0 testimonies\n"
    assert "has neither" not in ask("check").out


def test_a_key_of_another_opens_nothing(two: Path, run: Run, keys: Keys) -> None:
    """And that is said to the person who holds it."""
    seal(two, keys)
    ran = run("--clearance", "restricted", "--identity", str(keys.other_file), "search", "coal")
    assert "1 sealed record stays shut" in ran.err
    assert "NKT-9002" not in ran.out
    ran = run("unseal", "NKT-9002", "--identity", str(keys.other_file))
    assert (ran.code, ran.out) == (19, "")
    assert files(two) == ["NKT-9001-made-up.md", "NKT-9002.md.age"]


WATCHED = """
import os, sys
def watch(event, arguments):
    if event == "open":
        path, mode, flags = arguments
        if isinstance(path, int):
            return
        if (flags or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) and str(path) != os.devnull:
            sys.stderr.write(f"WRITES {path}\\n")
    elif event in {"os.mkdir", "os.rename", "tempfile.mkstemp", "tempfile.mkdtemp"}:
        sys.stderr.write(f"WRITES {event} {arguments}\\n")
sys.addaudithook(watch)
from archive.cli.group import main
main(sys.argv[1:])
"""


def test_no_byte_of_a_sealed_record_is_written(two: Path, keys: Keys) -> None:
    """Reading one opens no file for writing, in no place; the control is a search that makes an index."""
    seal(two, keys)

    def watched(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-B", "-c", WATCHED, "--root", str(two), *arguments],
            capture_output=True,
            text=True,
            check=True,
            cwd=TOP,
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        )
        assert "NKT-900" in done.stdout
        return done.stderr

    opened = ("--clearance", "restricted", "--identity", str(keys.file))
    for arguments in (
        ("search", "coal", "--facets"),
        ("show", "NKT-9002"),
        ("stats", "--format", "json"),
        ("cite", "NKT-9002#p1"),
    ):
        if arguments[0] != "stats":
            assert "WRITES" not in watched(*opened, *arguments)
    assert not (two / "index").exists()
    assert "WRITES" in watched("search", "coal")


def test_nothing_is_written_over_and_nothing_is_lost(two: Path, keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of that name stays; where the plain file cannot go, or was edited, the sealed one goes again."""
    to = encryption.recipients([keys.public], [])
    taken = two / "testimonies" / "NKT-9002-zqxtitle.md"
    real = sealing.atomic.write_beside

    def edited(path: Path, content: bytes, *, new: bool, mode: int) -> None:
        real(path, content, new=new, mode=mode)
        taken.write_text(CONTENT + "\nEdited.\n")

    with monkeypatch.context() as patch:
        patch.setattr(sealing.atomic, "write_beside", edited)
        with pytest.raises(CannotWrite, match="changed in the meantime"):
            sealing.seal(two, "NKT-9002", to)
    assert files(two) == ["NKT-9001-made-up.md", "NKT-9002-zqxtitle.md"]
    assert "Edited." in taken.read_text()
    sealing.seal(two, "NKT-9002", to)
    with pytest.raises(UnknownCode):
        sealing.seal(two, "NKT-9002", to)


def test_a_plain_file_beside_a_sealed_one_is_read_by_nobody(two: Path, run: Run, keys: Keys) -> None:
    """As a crash between the two steps leaves it: closed, uncounted, and named to keepers."""
    seal(two, keys)
    made_up.put(two, CONTENT, "NKT-9002-zqxtitle.md")
    ran = run("search", "coal")
    assert "searched 1 of 1 testimony" in " ".join(ran.out.split())
    assert run("search", "zqxword", "--count").out == "0 passages in 0 testimonies\n"
    assert run("check").out.count("NKT-9002 is also the code of") == 2


def test_with_an_identity_the_sealed_bytes_are_tried_first(two: Path, keys: Keys) -> None:
    """Sealed for somebody else, it would be lost to who seals it: nothing is removed."""
    with pytest.raises(CannotOpen):
        sealing.seal(two, "NKT-9002", encryption.recipients([keys.public], []), encryption.identities(keys.other_file))
    assert files(two) == ["NKT-9001-made-up.md", "NKT-9002-zqxtitle.md"]
    sealing.seal(two, "NKT-9002", encryption.recipients([keys.public], []), encryption.identities(keys.file))
    assert files(two) == ["NKT-9001-made-up.md", "NKT-9002.md.age"]


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 200_000])
def test_what_is_encrypted_is_held_against_the_format(keys: Keys, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole for every length; what a library cut short is refused before anything is removed."""
    content = bytes(size)
    to = encryption.recipients([keys.public], [])
    assert encryption.unseal(encryption.seal(content, to), encryption.identities(keys.file)) == content
    real = encryption.pyrage.encrypt
    for broken in (
        lambda *given: real(*given)[:-1],
        lambda *given: b"x" + real(*given),
        lambda content, to: real(content, to * 2),
    ):
        monkeypatch.setattr(encryption.pyrage, "encrypt", broken)
        with pytest.raises(CannotOpen, match="no whole file"):
            encryption.seal(content, to)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("seal", "NKT-9002"), "no recipient to seal for"),
        (("seal", "NKT-9002", "--recipient", "age1zqx"), "recipient 1 is none"),
        (("seal", "NKT-9009", "--recipient", "MINE"), "no single file of NKT-9009"),
        (("unseal", "NKT-9002", "--identity", "MINE-FILE"), "no single file of NKT-9002"),
        (("unseal", "NKT-9002"), "no identity to open it with"),
        (("unseal", "NKT-9002", "--identity", "/nowhere/zqx"), "cannot be read"),
    ],
)
def test_what_cannot_be_done_is_said(two: Path, run: Run, keys: Keys, arguments: tuple[str, ...], said: str) -> None:
    """Nothing is removed, and no key is repeated."""
    given = {"MINE": keys.public, "MINE-FILE": str(keys.file)}
    ran = run(*(given.get(each, each) for each in arguments))
    assert ran.code in {2, 19}
    assert said in ran.err
    assert "age1zqx" not in ran.err
    assert files(two) == ["NKT-9001-made-up.md", "NKT-9002-zqxtitle.md"]


def test_without_the_extra_it_is_named(keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence, and what to install."""
    monkeypatch.setattr(encryption, "pyrage", None)
    with pytest.raises(MissingExtra) as refused:
        encryption.identities(keys.file)
    assert "requirements/extras.txt" in refused.value.remedy


def test_what_was_sealed_comes_back_for_its_owner_alone(two: Path, keys: Keys, run: Run) -> None:
    """Whatever the system gives to new files: the sealed file and the plain one are 0600."""
    old = os.umask(0o022)
    try:
        assert run("seal", "NKT-9002", "--recipient", keys.public).code == 0
        assert (two / "testimonies" / "NKT-9002.md.age").stat().st_mode & 0o777 == 0o600
        assert run("unseal", "NKT-9002", "--identity", str(keys.file)).code == 0
        assert next(two.glob("testimonies/NKT-9002-*")).stat().st_mode & 0o777 == 0o600
    finally:
        os.umask(old)
