"""What is bound to words of a record that withholds some of them, as the public sees it."""

from pathlib import Path
from typing import Any

import pytest

import made_up
from archive.access import redaction
from archive.collection.collection import Collection
from archive.reader import read, versions
from archive.record import passages
from archive.record.hashing import passage_hash
from archive.record.testimony import PUBLIC, Testimony

PATH = "testimonies/NKT-9001-made-up.md"
OPEN, HIDDEN = "Everybody saw the gate.", "The guard <an>Kang Hae-su</an> counted."


def shown(*body: str, **changes: Any) -> Testimony:
    """Return a record as the public sees it."""
    content = made_up.record(made_up.header("NKT-9001", **changes), *body).encode()
    testimony = redaction.render(read.read(content, PATH, read.read_authorities(Path("/nowhere"))), PUBLIC)
    assert testimony
    return testimony


def test_a_claim_whose_words_moved_stays_where_no_paragraph_is_wholly_withheld() -> None:
    """It can be about no paragraph that nobody sees; where there is one, it may be about that, and is not told."""
    claim = {"id": "c1", "text": "made up", "status": "asserted", "paragraphs": ["1"], "sha256": ["0123456789abcdef"]}
    assert [each.id for each in shown(OPEN, HIDDEN, claims=[claim]).claims] == ["c1"]
    assert shown(OPEN, "<res>All of it.</res>", claims=[claim]).claims == ()


def test_a_note_whose_quote_stands_nowhere_stands_everywhere() -> None:
    """The public gets no quote that it cannot see, and without one the note would seem to stand where its number says alone."""
    about = {"paragraphs": [1], "quote": {"exact": "words that were taken out"}}
    testimony = shown(OPEN, HIDDEN, "Else nothing.", credibility={"notes": [made_up.note("n1", "recanted", about=about)]})
    for number in (1, 2, 3):
        assert [(note.id, note.stale) for note in passages.own_notes(testimony, number)] == [("n1", True)]


def test_a_link_to_another_record_is_bound_as_it_was() -> None:
    """What is withheld here says nothing of the words there."""
    hashes = [{"ref": "NKT-9002#p1", "sha256": ["0123456789abcdef"]}]
    testimony = shown(OPEN, HIDDEN, credibility={"notes": [made_up.note("n1", "contradicted", **{"with": hashes})]})
    assert testimony.notes[0].against_hashes == (("0123456789abcdef",),)


@pytest.mark.parametrize("digits", [16, 64])
def test_a_hash_of_what_is_shown_is_as_long_as_it_was_written(digits: int) -> None:
    """Also one of words that are there no more."""
    about = {"paragraphs": [1, 2], "sha256": [passage_hash(HIDDEN)[:digits], "f" * digits]}
    testimony = shown(HIDDEN, OPEN, credibility={"notes": [made_up.note("n1", "recanted", about=about)]})
    now = passage_hash("The guard [name withheld] counted.")[:digits]
    assert testimony.notes[0].about.hashes == (now, "0" * digits)


@pytest.mark.parametrize(
    ("own", "other", "is_whole"), [(HIDDEN, "경비병 <an>강해수</an>가 세었다.", False), (OPEN, "모두 보았다.", True)]
)
def test_a_version_that_withholds_words_has_no_hash_of_its_file(own: str, other: str, is_whole: object) -> None:
    """The withheld words could be guessed by it; one that withholds nothing keeps it."""
    beside = {PATH.replace(".md", ".ko.md"): made_up.version("NKT-9001", "ko", other).encode()}
    content = made_up.record(made_up.header("NKT-9001"), own).encode()
    whole = versions.read_all(content, PATH, read.read_authorities(Path("/nowhere")), beside).testimony
    testimony = redaction.render(whole, PUBLIC)
    assert testimony
    assert [(bool(each.fixity), not each.redacted) for each in testimony.versions] == [(is_whole, is_whole)]


@pytest.mark.parametrize("level", ["public", "closed"])
def test_the_file_that_leaves_names_no_record_that_its_readers_may_not_see(tmp_path: Path, level: str) -> None:
    """Where it names one it is written anew without that; else it leaves byte for byte."""
    notes = [made_up.note("n1", "contradicted", **{"with": ["NKT-9002#p1", "NKT-9003"]})]
    relations = [{"type": "relies-on", "code": code} for code in ("NKT-9002", "NKT-9003")]
    head = made_up.header("NKT-9001", credibility={"notes": notes}, relations=relations)
    root = made_up.collection(
        tmp_path,
        made_up.record(head, OPEN),
        made_up.record(made_up.header("NKT-9002", access={"level": level}), OPEN),
        made_up.record(made_up.header("NKT-9003"), OPEN),
    )
    there = Collection(root, read.read_authorities(root), PUBLIC, {})
    left = there.public_file("NKT-9001")
    assert left is not None
    if level == "public":
        assert left == (root / there.path_of("NKT-9001")).read_bytes()
    else:
        assert (b"NKT-9002" in left, left.count(b"NKT-9003")) == (False, 2)
