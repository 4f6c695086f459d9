"""`testimony import --merge`: words that nobody has touched since follow their source, and nothing else of a record moves."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

import made_up
from archive.keeping.importing._merging import merge
from archive.keeping.importing._record import hashes_of
from archive.record import paragraphs
from examples import examples
from running import Run

WORDS = ("First words.", "Second words.", "Third words.", "Fourth words.")


def tei(*words: str) -> bytes:
    """Write a file that has a name of its own."""
    inside = "".join(f"<p>{each}</p>" for each in words)
    return f'<TEI xml:id="made-up-9"><text><body>{inside}</body></text></TEI>'.encode()


@pytest.fixture
def ask(root: Path, run: Run) -> Run:
    """Run the program on a collection into which a file was brought."""
    made_up.collection(root / "kept", made_up.record(made_up.header("NKT-9001")))
    (root / "a.xml").write_bytes(tei(*WORDS))
    run("--root", str(root / "kept"), "import", str(root / "a.xml"), "--write")
    return lambda *arguments, **environment: run("--root", str(root / "kept"), *arguments, **environment)


def record(root: Path) -> Path:
    """Return the file of the record that was made."""
    return root / "kept/testimonies/NKT-9002-tei.md"


def merged(root: Path, ask: Run, *arguments: str) -> tuple[int, dict[str, Any]]:
    """Bring the file in again."""
    ran = ask("import", str(root / "a.xml"), "--merge", "--format", "json", *arguments)
    return ran.code, json.loads(ran.out)["files"][0]


def body(root: Path) -> list[str]:
    """Return the blocks of the record's body."""
    return record(root).read_text(encoding="utf-8").split("\n---\n", 1)[1].strip().split("\n\n")


def test_what_changed_in_the_source_is_taken_where_it_was_left_as_it_was(root: Path, ask: Run) -> None:
    """Shown first; a paragraph that a person has edited stays theirs, and the note stays bound where it was."""
    edited = record(root).read_text(encoding="utf-8").replace("Second words.", "Second words, edited.")
    record(root).write_text(edited, encoding="utf-8")
    assert ask("note", "NKT-9002#p4", "--flag", "caution", "--statement", "Made up.").code == 0
    before = record(root).read_bytes()
    (root / "a.xml").write_bytes(tei("First words anew.", "Second words anew.", *WORDS[2:], "Fifth words."))
    code, shown = merged(root, ask)
    assert (code, shown["status"], shown["merged"], record(root).read_bytes()) == (1, "would merge", [1, 5], before)
    code, done = merged(root, ask, "--write")
    assert (code, done["status"], done["merged"]) == (1, "merged", [1, 5])
    assert body(root) == ["First words anew.", "Second words, edited.", "Third words.", "Fourth words.", "Fifth words."]
    content = record(root).read_text(encoding="utf-8")
    assert "Paragraphs 1, 5 taken anew from the file of the kind tei, sha256 " in content
    assert "quote: {exact: Fourth words." in content.replace('"', "")
    assert ask("check").code == 0
    code, again = merged(root, ask, "--write")
    assert (code, again["status"], again["merged"]) == (1, "changed", [])  # what is left is the person's


def test_a_source_that_is_taken_whole_is_unchanged_the_next_time(root: Path, ask: Run) -> None:
    """The record has the hash of the new file; an earlier file is a changed one again."""
    (root / "a.xml").write_bytes(tei("First words anew.", *WORDS[1:]))
    assert merged(root, ask, "--write")[0] == 0
    assert merged(root, ask, "--write")[1]["status"] == "unchanged"
    (root / "a.xml").write_bytes(tei(*WORDS))
    assert merged(root, ask, "--write")[1]["status"] == "merged"
    assert body(root) == list(WORDS)


def test_paragraphs_between_others_are_left_to_a_person(root: Path, ask: Run) -> None:
    """No number moves, under which a note or a citation might stand."""
    before = record(root).read_bytes()
    for words in (("First words.", "New.", *WORDS[1:]), (WORDS[0], *WORDS[2:]), tuple(reversed(WORDS))):
        (root / "a.xml").write_bytes(tei(*words))
        code, found = merged(root, ask, "--write")
        assert (code, found["status"], record(root).read_bytes()) == (1, "changed", before), words


def test_without_merge_nothing_of_the_record_changes(root: Path, ask: Run) -> None:
    """The control: a changed source is told, and never taken by itself."""
    before = record(root).read_bytes()
    (root / "a.xml").write_bytes(tei("First words anew.", *WORDS[1:]))
    assert ask("import", str(root / "a.xml"), "--write").code == 1
    assert record(root).read_bytes() == before


TEXTS = some.lists(some.sampled_from([f"Words {number}." for number in range(9)]), min_size=1, max_size=7)


@examples(100)
@given(TEXTS, some.data(), TEXTS)
def test_a_paragraph_that_was_touched_is_never_taken(imported: list[str], data: some.DataObject, source: list[str]) -> None:
    """Whatever the source says now; and what is exchanged stood there as it was brought in."""
    edited = [data.draw(some.sampled_from([each, f"{each} Edited."])) for each in imported]
    was, now, new = ("\n\n".join(each) + "\n" for each in (imported, edited, source))
    words = hashes_of(was)
    found = merge(words, now, new)
    for number, text in found.exchanged.items():
        assert edited[number - 1] == imported[number - 1]
        assert text in source
    assert len(found.words) == len(imported) + len(found.added)
    taken = [found.exchanged.get(block.number, block.text) for block in paragraphs.passages(now)]
    if found.is_whole and edited == imported:
        assert [*taken, *found.added] == source
