"""Keys are made, protected, exchanged and missed as a person expects, and the register of people is held against the records."""

import stat
from pathlib import Path

import pytest

import made_up
from running import Ran, ask_program

pytest.importorskip("pyrage", reason="sealed records need the extra vault")

SEALED_WORDS = "A paragraph that was sealed, made up."
PHRASE = "a made-up phrase of words"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two records, of which one is closed."""
    shut = made_up.record(made_up.header("ZZT-0002", access={"level": "closed"}, consent={"status": "unknown"}), SEALED_WORDS)
    return made_up.collection(tmp_path / "own", made_up.record(made_up.header("ZZT-0001")), shut)


def key(folder: Path, name: str, *options: str, **environment: str) -> tuple[Path, str]:
    """Make a key; gives its file and its recipient."""
    folder.mkdir(exist_ok=True)
    ran = ask_program(folder / "none", "seal", "--new-key", str(folder / name), *options, here=folder, **environment)
    assert ran.code == 0, ran
    return folder / name, ran.out.strip()


def opens(root: Path, identity: Path, **environment: str) -> bool:
    """Say whether a key opens the sealed record, by asking for a check of it."""
    ran = ask_program(root, "--identity", str(identity), "check", **environment)
    return ran.code == 0 and "2 records read" in ran.err


def seal(root: Path, *recipients: str) -> Ran:
    """Seal the record."""
    return ask_program(root, "seal", "ZZT-0002", *(part for each in recipients for part in ("--recipient", each)))


def test_a_key_is_made_without_a_collection_and_is_its_owners_alone(root: Path, tmp_path: Path) -> None:
    """What is printed is what others seal for; nothing is written over."""
    file, recipient = key(tmp_path / "keys", "mine.txt")
    assert recipient.startswith("age1")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_bytes()
    assert ask_program(root, "seal", "--new-key", str(file)).code == 15
    assert file.read_bytes() == before
    assert seal(root, recipient).code == 0
    assert opens(root, file)


def test_each_of_several_recipients_opens_it_and_nobody_else(root: Path, tmp_path: Path) -> None:
    """Two keepers, and a third who is none."""
    keys = [key(tmp_path / "keys", f"{number}.txt") for number in range(3)]
    seal(root, keys[0][1], keys[1][1])
    assert [opens(root, file) for file, _ in keys] == [True, True, False]


def test_keys_are_exchanged_without_a_plain_word_on_the_disk(root: Path, tmp_path: Path) -> None:
    """After `reseal` the new one opens it, the old one does not, and the file is its owner's alone."""
    (old, first), (new, second) = key(tmp_path / "keys", "old.txt"), key(tmp_path / "keys", "new.txt")
    seal(root, first)
    ran = ask_program(root, "--identity", str(old), "reseal", "--all", "--recipient", second)
    assert (ran.code, ran.out) == (0, "testimonies/ZZT-0002.md.age\n")
    assert "your identity does not open them any more" in ran.err
    assert "history of git" in ran.err
    assert [opens(root, file) for file in (old, new)] == [False, True]
    assert stat.S_IMODE((root / "testimonies" / "ZZT-0002.md.age").stat().st_mode) == 0o600
    assert not [path for path in root.rglob("*") if path.is_file() and SEALED_WORDS.encode() in path.read_bytes()]
    refused = ask_program(root, "--identity", str(old), "reseal", "--all", "--recipient", first)
    assert refused.code == 19
    assert opens(root, new), "nothing was written"


@pytest.mark.parametrize("arguments", [["reseal"], ["reseal", "ZZT-0002", "--all"]], ids=" ".join)
def test_what_is_to_be_resealed_is_said(root: Path, arguments: list[str]) -> None:
    """Codes or all, never both and never neither."""
    assert ask_program(root, *arguments, "--recipient", "age1none").code == 2


def test_a_passphrase_protects_a_key(root: Path, tmp_path: Path) -> None:
    """Without it, or with another one, nothing is opened; the file holds no key in the open."""
    (tmp_path / "right").write_text(f"{PHRASE}\nanother line\n")
    (tmp_path / "wrong").write_text("another phrase\n")
    right, wrong = ({"TESTIMONY_PASSPHRASE_FILE": str(tmp_path / name)} for name in ("right", "wrong"))
    file, recipient = key(tmp_path / "keys", "mine.age", "--passphrase", **right)
    assert b"AGE-SEALED_WORDS-KEY" not in file.read_bytes()
    assert PHRASE.encode() not in file.read_bytes()
    seal(root, recipient)
    none = ask_program(root, "--identity", str(file), "check")
    assert (none.code, "is protected by a passphrase" in none.err) == (19, True)
    refused = ask_program(root, "--identity", str(file), "check", **wrong)
    assert (refused.code, "does not open" in refused.err) == (19, True)
    assert opens(root, file, **right)


def test_a_key_with_a_passphrase_needs_one(tmp_path: Path) -> None:
    """Nobody is asked without a terminal, and no key is made without protection that was wanted."""
    ran = ask_program(tmp_path / "none", "seal", "--new-key", str(tmp_path / "k"), "--passphrase", here=tmp_path)
    assert (ran.code, (tmp_path / "k").exists()) == (19, False)


@pytest.mark.parametrize("command", [["search", "made"], ["list"], ["check"], ["doctor"]], ids=" ".join)
def test_an_identity_that_is_not_there_is_an_error(root: Path, tmp_path: Path, command: list[str]) -> None:
    """A person who names a key thinks that it was used."""
    ran = ask_program(root, "--identity", str(tmp_path / "none.txt"), *command)
    assert (ran.code, ran.out) == (19, "")
    assert "there is no identity file" in ran.err


def test_a_key_of_the_environment_is_missed_only_where_it_is_needed(root: Path, tmp_path: Path) -> None:
    """The disk that holds it may lie in a drawer while a person reads what is public."""
    missing = {"TESTIMONY_IDENTITY": str(tmp_path / "none.txt")}
    assert ask_program(root, "list", **missing).code == 0
    assert ask_program(root, "--clearance", "restricted", "list", **missing).code == 19


PEOPLE = "people:\n  - {id: mk, name: Made-up Keeper, role: editor}\n"


def record(by: str) -> str:
    """Return a record with a note and a line of history by somebody."""
    history = [{"date": "2001-01-01", "by": by, "change": "First entry"}]
    return made_up.record(
        made_up.header("ZZT-0001", credibility={"notes": [made_up.note("n1", "caution", by=by)]}, history=history)
    )


@pytest.mark.parametrize(
    ("people", "by", "told"), [(PEOPLE, "mk", 0), (PEOPLE, "archive", 0), (PEOPLE, "mx", 2), (None, "mx", 0)]
)
def test_check_names_whom_the_register_does_not_know(tmp_path: Path, people: str | None, by: str, told: int) -> None:
    """Where there is one; a warning, since a caveat by a stranger is still a caveat."""
    root = made_up.collection(tmp_path / "own", record(by))
    if people:
        (root / "authorities").mkdir()
        (root / "authorities" / "people.yaml").write_text(people, encoding="utf-8")
    ran = ask_program(root, "check")
    assert ran.code == 0
    assert ran.out.count(f"{by!r} is not in people.yaml") == told


@pytest.mark.parametrize("wrong", ["people: none\n", "people:\n  - {id: a}\n  - {id: a}\n", "people: [{name: x}]\n", "- a\n"])
def test_a_register_with_faults_is_told(tmp_path: Path, wrong: str) -> None:
    """By its file and line; the records stay readable."""
    root = made_up.collection(tmp_path / "own", record("mk"))
    (root / "authorities").mkdir()
    (root / "authorities" / "people.yaml").write_text(wrong, encoding="utf-8")
    ran = ask_program(root, "check")
    assert ran.code == 1
    assert "authorities/people.yaml:" in ran.out
    assert ask_program(root, "list").out.count("ZZT-0001") == 1


def test_no_reader_has_the_names_of_those_who_keep(tmp_path: Path) -> None:
    """Neither in the public bag nor in the index; the bag of those who may see more has them."""
    root = made_up.collection(tmp_path / "own", record("mk"))
    (root / "authorities").mkdir()
    (root / "authorities" / "people.yaml").write_text(PEOPLE, encoding="utf-8")
    assert ask_program(root, "bag", "--output", str(tmp_path / "public")).code == 0
    assert ask_program(root, "--clearance", "restricted", "bag", "--output", str(tmp_path / "restricted")).code == 0

    def naming(folder: Path) -> list[str]:
        return [path.name for path in folder.rglob("*") if path.is_file() and b"Made-up Keeper" in path.read_bytes()]

    ask_program(root, "index")
    assert naming(tmp_path / "public") == naming(root / "index") == []
    assert naming(tmp_path / "restricted") == ["people.yaml"]
