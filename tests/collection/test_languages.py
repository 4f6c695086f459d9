"""A record's files in other languages: what they must hold, where they go, and that nothing travels without them or past them."""

import json
from pathlib import Path

import pytest

import made_up
from archive.collection import checks
from archive.collection.collection import Collection
from archive.errors import Fault
from archive.reader import read
from archive.record import languages
from archive.record.alignment import Misaligned, align
from archive.record.testimony import PUBLIC, RESTRICTED, Pair
from archive.storage import record_files
from running import Run

CODE = "NKT-9001"
OWN = ("Coal was dug here.", "He saw a guard.", "Snow fell at night.")
KOREAN = ("여기서 석탄을 캤다.", "그는 경비대원을 보았다.", "밤에 눈이 내렸다.")


def laid(root: Path, *paragraphs: str, own: tuple[str, ...] = OWN, **changes: object) -> Path:
    """Write a record and its Korean version."""
    head = made_up.header(CODE, **changes.pop("head", {}))  # type: ignore[arg-type]
    made_up.put(root, made_up.record(head, *own))
    made_up.put(root, made_up.version(CODE, "ko", *(paragraphs or KOREAN), **changes))
    return root


def found(root: Path, clearance: str = PUBLIC) -> Collection:
    """Read the collection."""
    return Collection(root, read.read_authorities(root), clearance, {})  # type: ignore[arg-type]


def faults(root: Path) -> list[Fault]:
    """Give what `check` names of the version."""
    return [each for each in checks.check(root).faults if record_files.language_of(each.path)]


def test_a_version_is_read_beside_its_record(root: Path) -> None:
    """Paragraph n goes with paragraph n, and the record is one record."""
    collection = found(laid(root))
    assert collection.codes() == (CODE,)
    assert not collection.faults
    record = collection.find(CODE)
    assert record is not None
    passages = collection.passages(record)
    assert [[(each.language, each.words) for each in passage.versions] for passage in passages] == [
        [("ko", one)] for one in KOREAN
    ]
    shown = languages.passage_in(passages[1], "ko", lambda number: passages[number - 1])
    assert shown is not None
    assert (shown.number, shown.language, shown.words) == (2, "ko", KOREAN[1])


BROKEN = {
    "a key of the record": ({"access": {"level": "public"}}, "access", "is the record's alone"),
    "a key of nobody": ({"colour": "red"}, "colour", "is no key of a version"),
    "another code": ({"code": "NKT-9002"}, "code", "the code of the record beside it"),
    "another language than the name": ({"language": "ja"}, "language", "is not that of the file's name"),
    "a translation of a summary": (
        {"text": {"rendering": "translation", "translated": {"from": "en", "by": "x"}}},
        "text",
        "must be summary",
    ),
    "nobody who translated it": ({"text": {"rendering": "summary"}}, "text", "needs translated"),
    "translated from itself": (
        {"text": {"rendering": "summary", "translated": {"from": "ko", "by": "x"}}},
        "text",
        "the language of the version itself",
    ),
    "a source that is not there": ({"cites": [{"ref": "no-such-work"}]}, "cites", "is in neither"),
    "pairs out of order": ({"pairs": [[[2], [2]], [[1], [1]]]}, "pairs", "not in order"),
    "a paragraph without a partner": ({"pairs": [[[1], []]]}, "pairs", "paragraphs of the record for"),
    "hashes for other paragraphs": (
        {"text": {"rendering": "summary", "translated": {"from": "en", "by": "x", "sha256": ["0" * 16]}}},
        "text",
        "has 1 hashes for the record's 3",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_a_version_must_not_be_is_a_fault_with_its_line(root: Path, name: str) -> None:
    """The version is left out and named by file and line; the record is read all the same."""
    changes, key, message = BROKEN[name]
    file = made_up.put(laid(root), made_up.version(CODE, "ko", *KOREAN, **changes), f"{CODE}-made-up.ko.md")
    (fault,) = [each for each in faults(root) if message in each.message]
    assert fault.path == f"testimonies/{file.name}"
    assert file.read_text(encoding="utf-8").split("\n")[fault.line - 1].startswith(key)
    collection = found(root)
    record = collection.find(CODE)
    assert record is not None
    assert record.versions == ()
    assert collection.file_states[fault.path].faulty


def test_the_language_of_the_record_itself_is_no_version(root: Path) -> None:
    """Two files in one language would be two records."""
    laid(root, head={"language": "ko"})
    assert any("is that of the record itself" in each.message for each in faults(root))


def test_a_version_without_its_record_is_a_fault(root: Path) -> None:
    """By itself, and also with another one beside it."""
    made_up.put(root, made_up.version(CODE, "ko", *KOREAN))
    (fault,) = checks.check(root).faults
    assert "of a record that is not here" in fault.message
    assert found(root).state("1", {}).unreadable == 0
    made_up.put(root, made_up.version(CODE, "ja", *KOREAN))
    assert {each.message for each in checks.check(root).faults} == {f"is a version of {CODE}, of which there is no record here"}
    assert found(root).codes() == ()


def test_a_record_of_an_older_archive_may_be_named_like_a_version(root: Path) -> None:
    """What a file is that lies alone, its header says."""
    made_up.put(root, made_up.record(made_up.header(CODE), *OWN), f"{CODE}-a.ko.md")
    assert found(root).codes() == (CODE,)


def test_two_files_of_one_language_are_read_neither(root: Path) -> None:
    """Unless they are the same to the byte, as a copy is that a program that syncs has made."""
    twin = "testimonies/NKT-9001-made-up.ko-LAPTOP.md"
    laid(root)
    (root / twin).write_bytes((root / "testimonies" / f"{CODE}-made-up.ko.md").read_bytes())
    assert faults(root) == []
    assert [each.language for each in found(root).find(CODE).versions] == ["ko"]  # type: ignore[union-attr]
    made_up.put(root, made_up.version(CODE, "ko", "다른 말이다.", *KOREAN[1:]), twin.rpartition("/")[2])
    assert all("neither is read" in each.message for each in faults(root))
    assert found(root).find(CODE).versions == ()  # type: ignore[union-attr]


TAGS = {
    "withheld there alone": (("Coal was dug <res>by him</res>.",), ("석탄을 캤다.",)),
    "withheld here alone": (("Coal was dug.",), ("<an>누가</an> 석탄을 캤다.",)),
    "a name for words": (("Coal was dug by <an>somebody</an>.",), ("<res>누군가</res> 석탄을 캤다.",)),
}


@pytest.mark.parametrize("name", TAGS)
def test_as_much_is_withheld_in_every_language(root: Path, name: str) -> None:
    """Fewer or more tags in a paragraph than its partner has is a fault, at its line."""
    own, theirs = TAGS[name]
    laid(root, *theirs, own=own)
    (fault,) = [each for each in faults(root) if "does not withhold what paragraph 1" in each.message]
    assert fault.field == "body"


def test_a_name_that_is_withheld_stands_in_no_language(root: Path) -> None:
    """Neither in the version where the record withholds it, nor in the record where the version does, nor in a header."""
    own = ("He met <an>Zoltan Quxley</an>.", "Coal.")
    laid(root, "<an>졸탄</an>을 만났다.", "Zoltan Quxley와 석탄.", own=own)
    assert any("withheld in the record or in this version" in each.message for each in faults(root))
    laid(root, "<an>졸탄</an>을 만났다.", "석탄.", own=own, cites=[{"ref": "northkoreainfocus-2025", "locator": "Zoltan Quxley"}])
    assert any("repeats words that the record withholds" in each.message for each in faults(root))
    laid(root, "<an>졸탄왕</an>을 만났다.", "석탄.", own=own, head={"title": "졸탄왕"})
    assert any("stand open in the record" in each.message for each in faults(root))
    laid(root, "<an>졸탄</an>을 만났다.", "석탄.", own=own)
    assert faults(root) == []
    record = found(root).find(CODE)
    assert record is not None
    assert "졸탄" not in json.dumps([record, found(root).passages(record)], ensure_ascii=False)
    whole = found(root, RESTRICTED).find(CODE)
    assert whole is not None
    assert "졸탄" in whole.versions[0].body


def test_whoever_may_not_read_a_record_does_not_know_of_its_versions(root: Path) -> None:
    """Neither its words, nor that it is there, nor that it has a fault."""
    for text in ({"rendering": "summary", "translated": {"from": "en", "by": "x"}}, {"rendering": "summary"}):
        laid(root, head={"access": {"level": "closed"}}, text=text)
        collection = found(root)
        assert collection.codes() == ()
        state = collection.state("1", {})
        assert (state.readable, state.unreadable) == (0, 0)


def test_pairs_say_what_goes_together(root: Path) -> None:
    """One for two, and a gap; one pair may be written without a list around it."""
    laid(root, "석탄을 캤고, 그는 경비대원을 보았다.", "밤에 눈이 내렸다.", pairs=[[1, 2], [1]])
    collection = found(root)
    record = collection.find(CODE)
    assert record is not None
    assert record.versions[0].pairs == (Pair((1, 2), (1,)), Pair((3,), (2,)))
    texts = [passage.versions[0] for passage in collection.passages(record)]
    assert [(each.paragraphs, each.beside) for each in texts] == [((1,), (2,)), ((1,), (1,)), ((2,), ())]
    laid(root, *KOREAN[:2], pairs=[[[2], []]])
    passages = found(root).passages(found(root).find(CODE))  # type: ignore[arg-type]
    assert [[each.words for each in passage.versions] for passage in passages] == [[KOREAN[0]], [], [KOREAN[1]]]


def test_what_is_in_force_at_one_of_two_is_in_force_at_what_stands_for_both(root: Path) -> None:
    """A caveat too many, never one too few; the record's own words keep theirs."""
    notes = [made_up.note(f"n{number}", "caution", about={"paragraphs": [number]}) for number in (1, 2)]
    laid(root, "둘을 하나로.", KOREAN[2], pairs=[[1, 2], [1]], head={"credibility": {"notes": notes}})
    collection = found(root)
    passages = collection.passages(collection.find(CODE))  # type: ignore[arg-type]
    assert [[note.id for note in each.notes] for each in passages] == [["n1"], ["n2"], []]
    shown = [languages.passage_in(each, "ko", lambda number: passages[number - 1]) for each in passages]
    assert [sorted(note.id for note in each.notes) for each in shown if each] == [["n1", "n2"], ["n1", "n2"], []]


@pytest.mark.parametrize(
    "pairs", [(Pair((), (1,)),), (Pair((1,), (2,)),), (Pair((1, 3), (1,)),), (Pair((2,), (2,)), Pair((2,), (3,)))]
)
def test_pairs_that_cannot_be_are_refused(pairs: tuple[Pair, ...]) -> None:
    """Nothing of a version may stand without a paragraph of the record, whose caveats it needs."""
    with pytest.raises(Misaligned):
        align(pairs, 3, 3)


def test_a_version_that_fell_behind_is_named_and_says_so(root: Path, run: Run) -> None:
    """Bound by `check --bind`; when the record's words change, check names the paragraph and readers are told."""
    laid(root)
    assert any("see check --bind" in each.message for each in checks.check(root).warnings)
    assert run("check", "--bind").code == 0
    assert not [each for each in checks.check(root).warnings if record_files.language_of(each.path)]
    made_up.put(root, made_up.record(made_up.header(CODE), OWN[0], "He saw two guards.", OWN[2]))
    (fault,) = faults(root)
    assert "paragraph 2 of NKT-9001 has changed" in fault.message
    told = "the record's words have changed since this version was made"
    for command in (
        ("show", CODE),
        ("excerpt", f"{CODE}#p2"),
        ("cite", f"{CODE}#p2"),
        ("excerpt", f"{CODE}#p2", "--format", "json"),
    ):
        assert told in " ".join(run(*command, "--language", "ko").out.split()), command
    assert told not in run("cite", f"{CODE}#p1", "--language", "ko").out


def test_the_record_itself_is_bound_though_a_version_lies_beside_it(root: Path, run: Run) -> None:
    """The claims of a record get their hashes, whatever files of other languages it has."""
    laid(root, head={"claims": [{"id": "c1", "text": "coal", "paragraphs": [1], "status": "asserted"}]})
    assert run("check", "--bind").code == 0
    record = found(root).find(CODE)
    assert record is not None
    assert [each.hashes for each in record.claims if each.hashes]


def test_the_index_follows_a_version_that_comes_changes_and_goes(root: Path, run: Run) -> None:
    """Without a rebuild, and without a file of the record being touched."""
    laid(root)
    assert run("search", "석탄", "--count").out == "1 passage in 1 testimony\n"
    made_up.put(root, made_up.version(CODE, "ko", "소금을 캤다.", *KOREAN[1:]))
    assert run("search", "석탄", "--count").out == "0 passages in 0 testimonies\n"
    assert run("search", "소금", "--count").out == "1 passage in 1 testimony\n"
    (root / "testimonies" / f"{CODE}-made-up.ko.md").unlink()
    assert run("search", "소금", "--count").out == "0 passages in 0 testimonies\n"
    assert run("search", "coal", "--count").out == "1 passage in 1 testimony\n"


def test_a_version_with_a_fault_is_no_testimony_that_was_not_searched(root: Path, run: Run) -> None:
    """Its record was read: answers say so of all testimonies, and apart from that of one file that nobody could read."""
    laid(root, colour="red")
    ran = run("search", "coal", "--format", "json")
    assert json.loads(ran.out)["coverage"] == {"searched": 1, "of": 1, "unread_versions": 1}
    assert "1 file could not be read" in ran.err
    ran = run("search", "coal")
    assert "searched 1 of 1 testimony" in ran.out
    assert "1 file could not be read" in ran.err
    assert "1 file that nobody could read" in run("dossier", "coal", "--output", "-").out
    (root / "testimonies" / f"{CODE}-made-up.ko.md").unlink()
    assert json.loads(run("search", "coal", "--format", "json").out)["coverage"]["unread_versions"] == 0


@pytest.mark.parametrize(("name", "language"), [("KO", "ko"), ("ko", "KO"), ("ko_KP", "ko-KP"), ("ko-KP", "ko-kp")])
def test_a_name_with_its_language_in_other_letters_is_that_of_a_version(root: Path, run: Run, name: str, language: str) -> None:
    """Nobody loses a record because the name of its version was written in capitals or as other systems write a language."""
    made_up.put(root, made_up.record(made_up.header(CODE), *OWN))
    made_up.put(root, made_up.version(CODE, language, *KOREAN), f"{CODE}-made-up.{name}.md")
    assert run("check").code == 0
    assert "2" in run("show", f"{CODE}#p2", "--language", language).out
    assert KOREAN[1].split()[0] in run("show", f"{CODE}#p2", "--language", language.casefold()).out
    assert "1 passage in 1 testimony" in run("search", "석탄").out
