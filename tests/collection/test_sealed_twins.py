"""What lies sealed is named to keepers alone: its path, and that of what lies beside it, in no message to the public."""

from pathlib import Path

import pytest

import made_up
from archive.collection.collection import Collection
from archive.reader.read import read_authorities
from archive.record.testimony import PUBLIC
from running import ask_program

ENCRYPTED = b"age-encryption.org/v1\n-> X25519 abc\nxxx\n--- yyy\nzzz"
ANYBODY = [
    ("index",),
    ("search", "bell"),
    ("list",),
    ("show", "NKT-9001"),
    ("verify", "NKT-9001#p1 sha256:0123456789abcdef"),
    ("stats",),
    ("manifest",),
    ("dossier", "bell", "--output", "-"),
]
LYING = {
    "a twin of a public record": ("xylosealed/NKT-9001.md.age", "NKT-9001-open.md", {}),
    "a twin of a closed record": ("xylosealed/NKT-9001.md.age", "NKT-9001-xylo-closed.md", {"access": {"level": "closed"}}),
    "named by hand": ("NKT-9003-xylo-sealed.md.age", "", {}),
    "a version of an open record": ("xylosealed/NKT-9002.ko.md.age", "", {}),
}


def collection(root: Path, name: str) -> Path:
    """Make a collection in which something lies sealed beside what is not."""
    sealed, plain, changes = LYING[name]
    (root / "testimonies" / "xylosealed").mkdir(parents=True)
    made_up.collection(root, made_up.record(made_up.header("NKT-9002"), "No bell."))
    made_up.put(root, ENCRYPTED, sealed)
    if plain:
        made_up.put(root, made_up.record(made_up.header("NKT-9001", **changes), "A bell rang."), plain)
    return root


@pytest.mark.parametrize("name", LYING)
def test_nobody_learns_the_path_of_what_is_sealed(tmp_path: Path, name: str) -> None:
    """Nor that of a closed record of the same code, which names it."""
    root = collection(tmp_path, name)
    for question in ANYBODY:
        ran = ask_program(root, *question)
        assert "xylo" not in ran.out + ran.err, question


@pytest.mark.parametrize("name", LYING)
def test_check_names_it_to_keepers(tmp_path: Path, name: str) -> None:
    """The control: the fault is there, and whoever can mend it is told where."""
    root = collection(tmp_path, name)
    assert LYING[name][0] in ask_program(root, "check").out


def told_to_keepers_alone(root: Path, name: str) -> None:
    """Hold that no answer to readers has a word of a name that `check` tells keepers."""
    for question in ANYBODY:
        ran = ask_program(root, *question)
        assert "xylo" not in ran.out + ran.err, question
    assert name in ask_program(root, "check").out


def test_nobody_learns_of_an_open_version_beside_a_sealed_record(tmp_path: Path) -> None:
    """Its name may be that of the witness."""
    root = made_up.collection(tmp_path, made_up.record(made_up.header("NKT-9002"), "No bell."))
    made_up.put(root, ENCRYPTED, "NKT-9003.md.age")
    made_up.put(root, made_up.version("NKT-9003", "ko", "No bell."), "NKT-9003-xylo-version.ko.md")
    told_to_keepers_alone(root, "xylo-version")


def test_nobody_learns_the_path_of_a_closed_record_from_its_open_twin(tmp_path: Path) -> None:
    """Each names the other to keepers; to readers the open one says that it is not the only file of its code."""
    root = made_up.collection(tmp_path, made_up.record(made_up.header("NKT-9002"), "No bell."))
    made_up.put(root, made_up.record(made_up.header("NKT-9001"), "A bell."), "NKT-9001-open.md")
    made_up.put(root, made_up.record(made_up.header("NKT-9001", access={"level": "closed"}), "Bells."), "NKT-9001-xylo.md")
    (told,) = Collection(root, read_authorities(root), PUBLIC, {}).faults_told()
    assert (told.path.rpartition("/")[2], "xylo" in told.message) == ("NKT-9001-open.md", False)
    told_to_keepers_alone(root, "NKT-9001-xylo")


def test_a_sealed_record_that_was_opened_and_has_faults_is_named_to_keepers_alone(tmp_path: Path) -> None:
    """Whatever it says of its access: that it lies sealed is no reader's to know."""
    root = made_up.collection(tmp_path, made_up.record(made_up.header("NKT-9002"), "No bell."))
    made_up.put(root, ENCRYPTED, "NKT-9003.md.age")
    path = "testimonies/NKT-9003.md.age"
    opened = {path: made_up.record(made_up.header("NKT-9003", kind="xylo"), "A bell.").encode()}
    there = Collection(root, read_authorities(root), PUBLIC, {}, opened)
    assert path in {fault.path for fault in there.faults}
    assert (there.faults_told(), there.file_states[path].hidden) == ((), True)
