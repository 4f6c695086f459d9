"""A manifest and a bag are signed with a key of SSH, and whoever has them learns by whom, or that they were changed."""

import json
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

import made_up
from running import Ran, ask_program

pytestmark = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A record, two keys, and a list in which one of them stands."""
    for name in ("key", "other"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "made-up", "-f", str(tmp_path / name)], check=True)
    (tmp_path / "signers").write_text(f"archive@example.org {(tmp_path / 'key.pub').read_text()}", encoding="utf-8")
    return made_up.collection(tmp_path / "kept", made_up.record(made_up.header("ZZT-0001"), "A zebra."))


def _signed(kept: Path, key: str = "key") -> Path:
    file = kept.parent / "manifest.txt"
    ran = ask_program(kept, "manifest", "--output", str(file), "--sign", str(kept.parent / key))
    assert ran.code == 0, ran.err
    return file


def _verified(kept: Path, place: Path, signers: str = "signers") -> Ran:
    return ask_program(kept, "manifest", "--verify", str(place), "--signers", str(kept.parent / signers))


def test_a_signed_manifest_names_who_signed_it_and_one_that_was_changed_is_refused(kept: Path) -> None:
    """Also ssh-keygen by itself verifies it, with the namespace of the page."""
    file = _signed(kept)
    ran = _verified(kept, file)
    assert ran.code == 0
    assert ran.out.startswith("signed by archive@example.org with ED25519 key SHA256:")
    command = [
        "ssh-keygen",
        "-Y",
        "verify",
        "-f",
        kept.parent / "signers",
        "-I",
        "archive@example.org",
        "-n",
        "testimony-archive",
    ]
    with file.open("rb") as opened:
        subprocess.run([*command, "-s", f"{file}.sig"], stdin=opened, check=True, capture_output=True)
    file.write_bytes(file.read_bytes() + b"\n")
    ran = _verified(kept, file)
    assert ran.code == 25
    assert "is no signature of what lies here" in ran.err


def test_a_key_that_nobody_named_is_no_signer(kept: Path) -> None:
    """And without a list of signers the key is told, and that nobody says whose it is."""
    file = _signed(kept, "other")
    assert _verified(kept, file).code == 25
    ran = ask_program(kept, "manifest", "--verify", str(file), "--format", "json")
    assert ran.code == 1
    assert json.loads(ran.out)["signed_by"] is None
    assert "whose key that is nobody says" in ask_program(kept, "manifest", "--verify", str(file)).out


def test_a_signature_that_was_made_for_something_else_is_none(kept: Path) -> None:
    """As of a git commit or a mail, by the same key over the same bytes."""
    file = _signed(kept)
    with file.open("rb") as opened:
        command = ["ssh-keygen", "-Y", "sign", "-n", "file", "-f", str(kept.parent / "key")]
        done = subprocess.run(command, stdin=opened, check=True, capture_output=True)
    file.with_name(f"{file.name}.sig").write_bytes(done.stdout)
    assert _verified(kept, file).code == 25


def test_a_signature_is_written_over_another_alone(kept: Path) -> None:
    """What else has its name is left, and the manifest too."""
    file = _signed(kept)
    call = ("manifest", "--output", str(file), "--sign", str(kept.parent / "key"))
    before = file.read_bytes()
    assert ask_program(kept, *call).code == 15
    assert ask_program(kept, *call, "--force").code == 0
    file.with_name(f"{file.name}.sig").write_text("A diary, made up.", encoding="utf-8")
    assert ask_program(kept, *call, "--force").code == 15
    assert file.with_name(f"{file.name}.sig").read_text(encoding="utf-8") == "A diary, made up."
    assert file.read_bytes() == before


def test_a_signed_bag_is_valid_and_tells_what_of_it_was_changed(kept: Path) -> None:
    """A byte of a record, of what the bag says of itself, and a file more."""
    bagit = pytest.importorskip("bagit")
    bag = kept.parent / "bag"
    assert ask_program(kept, "bag", "--output", str(bag), "--sign", str(kept.parent / "key")).code == 0
    assert bagit.Bag(str(bag)).is_valid()
    assert _verified(kept, bag).code == 0
    for name in ("bag-info.txt", "data/testimonies/ZZT-0001-public.md"):
        changed = Path(shutil.copytree(bag, kept.parent / name.replace("/", "-")))
        (changed / name).write_text("Made up.", encoding="utf-8")
        ran = _verified(kept, changed)
        assert ran.code == 1
        assert f"changed: {name}" in ran.out
    (bag / "data" / "more").write_text("Made up.", encoding="utf-8")
    assert "new: data/more" in _verified(kept, bag).out


def test_what_cannot_sign_or_verify_says_what_to_do(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No key, no signature, no list, no program: one line each, and nothing is written."""
    file, key = kept.parent / "manifest.txt", str(kept.parent / "key")
    (kept.parent / "words").write_text("no key", encoding="utf-8")
    (kept.parent / "words").chmod(stat.S_IRUSR | stat.S_IWUSR)
    assert ask_program(kept, "manifest", "--output", str(file), "--sign", str(kept.parent / "none")).code == 24
    assert not file.exists()
    ran = ask_program(kept, "manifest", "--output", str(file), "--sign", str(kept.parent / "words"))
    assert ran.code == 24
    assert "did not sign" in ran.err
    assert not file.exists()
    assert ask_program(kept, "manifest", "--sign", key).code == 2
    assert ask_program(kept, "manifest", "--signers", key).code == 2
    file = _signed(kept)
    assert _verified(kept, file, "no-list").code == 25
    assert ask_program(kept, "manifest", "--verify", str(kept.parent / "signers")).code == 25
    monkeypatch.setenv("PATH", str(kept))
    ran = ask_program(kept, "manifest", "--verify", str(file))
    assert ran.code == 24
    assert "ssh-keygen is not installed" in ran.err


def test_a_key_of_minisign_is_given_to_minisign(kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is told apart is the key; the program here is made up, and leaves what the real one leaves."""
    programs = tmp_path / "programs"
    programs.mkdir()
    program = programs / "minisign"
    program.write_text(
        '#!/bin/sh\ncase "$1" in -S) printf "untrusted comment: made up\\nAAAA\\n" > "$5.minisig";; *) exit 0;; esac\n',
        encoding="utf-8",
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    key, public = tmp_path / "minisign.key", tmp_path / "minisign.pub"
    key.write_text("untrusted comment: minisign encrypted secret key\nAAAA\n", encoding="utf-8")
    public.write_text("untrusted comment: minisign public key\nRWQmadeup\n", encoding="utf-8")
    file = _signed(kept, "minisign.key")
    assert file.with_name("manifest.txt.minisig").is_file()
    assert "RWQmadeup" in _verified(kept, file, "minisign.pub").out
    assert "--signers minisign.pub" in ask_program(kept, "manifest", "--verify", str(file)).err
