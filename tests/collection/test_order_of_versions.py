"""The words of a version are bound to their places: whoever moves or changes them loses no caveat."""

from pathlib import Path

import pytest

import made_up
from archive.record import alignment, hashing
from archive.record.testimony import Pair, TextVersion
from running import Run

CODE = "NKT-9001"
OWN = ("He saw forty carts.", "Snow fell at night.", "The bell rang.", "Dogs barked.")
KOREAN = ("그는 수레 마흔 대를 보았다.", "밤에 눈이 왔다.", "종이 울렸다.", "개들이 짖었다.")


@pytest.fixture
def laid(root: Path, run: Run) -> Path:
    """A record of which the first paragraph is recanted and the third contested, with a version that is bound."""
    notes = [
        made_up.note("n1", "recanted", "Made up of the first.", about={"paragraphs": [1]}),
        made_up.note("n2", "contested", "Made up of the third.", about={"paragraphs": [3]}),
    ]
    made_up.put(root, made_up.record(made_up.header(CODE, credibility={"notes": notes}), *OWN))
    made_up.put(root, made_up.version(CODE, "ko", *KOREAN), f"{CODE}-made-up.ko.md")
    assert run("check", "--bind").code == 0
    return root


def rearrange(root: Path, *words: str) -> None:
    """Write other paragraphs under the header of the version."""
    (file,) = root.glob("testimonies/*.ko.md")
    head = file.read_text(encoding="utf-8").rpartition("\n---\n")[0]
    file.write_text(head + "\n---\n\n" + "\n\n".join(words) + "\n", encoding="utf-8")


def notes(run: Run, number: int) -> list[str]:
    """Give the notes that the mark of a paragraph in Korean lists."""
    shown = " ".join(run("cite", f"{CODE}#p{number}", "--language", "ko", "--of", "archive").out.split())
    return sorted(each.partition(":")[0] for each in shown.partition(" notes ")[2].split(", ") if each)


def test_what_is_bound_and_stands_as_it_stood_is_told_by_nobody(laid: Path, run: Run) -> None:
    """The control."""
    assert (run("check").code, [notes(run, number) for number in (1, 2, 3, 4)]) == (0, [["n1"], [], ["n2"], []])
    assert "have changed" not in run("show", CODE, "--language", "ko").out


def test_two_paragraphs_that_were_swapped_have_the_notes_of_both(laid: Path, run: Run) -> None:
    """Marked; the others have their own alone, and `check` names the two with their lines."""
    rearrange(laid, KOREAN[1], KOREAN[0], *KOREAN[2:])
    assert [notes(run, number) for number in (1, 2, 3, 4)] == [["n1"], ["n1"], ["n2"], []]
    ran = run("check")
    assert ran.code == 1
    assert ran.out.count("text.sha256: paragraph") == 2
    for form in ("text", "markdown", "html", "json"):
        shown = " ".join(run("show", f"{CODE}#p2", "--language", "ko", "--format", form).out.split())
        assert "he words of this version have changed since they were held against the record" in shown.replace("&#39;", "'")
    assert "recanted" in run("search", "마흔", "--format", "json").out


def test_words_that_were_changed_may_stand_wherever_words_were_changed(laid: Path, run: Run) -> None:
    """Two were swapped and mended, so that their hashes are nowhere: each has the notes of both."""
    rearrange(laid, KOREAN[0] + " 참으로.", KOREAN[1], "개들이 크게 짖었다.", "종이 크게 울렸다.")
    assert [notes(run, number) for number in (1, 2, 3, 4)] == [["n1", "n2"], [], ["n1", "n2"], ["n1", "n2"]]


def test_a_word_that_was_mended_keeps_its_own_notes(laid: Path, run: Run) -> None:
    """One paragraph alone has changed: nothing else can hold its words, and it none but its own."""
    rearrange(laid, "그는 수레 사십 대를 보았다.", *KOREAN[1:])
    assert [notes(run, number) for number in (1, 2, 3, 4)] == [["n1"], [], ["n2"], []]
    assert run("check").code == 1


def test_a_version_that_is_not_bound_is_warned_of(root: Path, run: Run) -> None:
    """As one whose record could change unnoticed."""
    made_up.put(root, made_up.record(made_up.header(CODE), *OWN))
    made_up.put(root, made_up.version(CODE, "ko", *KOREAN), f"{CODE}-made-up.ko.md")
    ran = run("check")
    assert (ran.code, "could be put in another order unnoticed" in ran.out + ran.err) == (0, True)


@pytest.mark.parametrize("clearance", ["public", "restricted"])
def test_withheld_words_are_bound_without_their_hash(root: Path, run: Run, clearance: str) -> None:
    """Neither who may read them nor who may not is told of a change, and no rendering has the hash of what it withholds."""
    own, korean = "He saw <an>Kim</an> there.", "그는 거기서 <an>김</an>을 보았다."
    made_up.put(root, made_up.record(made_up.header(CODE), own, *OWN[1:]))
    made_up.put(root, made_up.version(CODE, "ko", korean, *KOREAN[1:]), f"{CODE}-made-up.ko.md")
    assert run("check", "--bind").code == 0
    assert "have changed" not in run("--clearance", clearance, "show", CODE, "--language", "ko").out
    assert run("--clearance", clearance, "bag", "--output", str(root.parent / clearance)).code == 0
    written = "".join(file.read_text(encoding="utf-8") for file in (root.parent / clearance).rglob("*.ko.md"))
    assert (hashing.passage_hash(korean)[:16] in written) == (clearance == "restricted")


def test_every_word_is_held_somewhere() -> None:
    """Whatever was done to a version: each number that was bound is among those of some paragraph."""
    known = tuple(hashing.passage_hash(each)[:16] for each in KOREAN)
    version = TextVersion("ko", "summary", "", "", "en", "x", (), (Pair((1,), (1,)),), (), "", own_hashes=known)
    for words in (KOREAN, KOREAN[::-1], ("하나.", "둘.", *KOREAN[:2]), (KOREAN[0],) * 4, ("하나.", "둘.", "셋.", "넷.")):
        held = alignment.held_words(version._replace(body="\n\n".join(words)))
        assert set().union(*(each.numbers for each in held.values())) == {1, 2, 3, 4}
        assert all(each.is_as_bound for each in held.values()) == (words == KOREAN)
