"""What links hand on, by whatever ways: each caveat once, as sure as its surest way, and told as stale where its words are."""

from pathlib import Path

import pytest

import made_up
from archive.collection import checks
from archive.reader import read
from archive.record.hashing import passage_hash
from archive.record.testimony import Note, Testimony

WRONG = "0123456789abcdef"
RIGHT = passage_hash("One.")[:16]


def made(code: str, **changes: object) -> Testimony:
    """Read a made-up record of two paragraphs."""
    content = made_up.record(made_up.header(code, **changes), "One.", "Two.").encode()
    return read.read(content, f"testimonies/{code}-made-up.md", read.read_authorities(Path("/nowhere")))


def relying(code: str, own: str, their: str) -> dict[str, object]:
    """Return a relation of a first paragraph to the first of another record."""
    return {"type": "relies-on", "code": f"{code}#p1", "paragraphs": [1], "sha256": {"own": [own], "theirs": [their]}}


@pytest.mark.parametrize(("own", "their", "stale"), [(RIGHT, RIGHT, False), (WRONG, RIGHT, True), (RIGHT, WRONG, True)])
@pytest.mark.parametrize("at_second_hand", [False, True])
def test_a_caveat_that_comes_by_a_stale_link_is_told_as_stale(
    own: str, their: str, stale: object, at_second_hand: object
) -> None:
    """Whichever side has changed, and also where the link after it is sound; the caveat itself is of the whole record."""
    notes = {"notes": [made_up.note("n1", "recanted")]}
    last = "NKT-9003" if at_second_hand else "NKT-9002"
    records = {
        "NKT-9001": made("NKT-9001", relations=[relying("NKT-9002", own, their)]),
        "NKT-9002": made("NKT-9002", relations=[relying("NKT-9003", RIGHT, RIGHT)]) if at_second_hand else None,
    }
    records[last] = made(last, credibility=notes)
    web = checks.note_graph({code: each for code, each in records.items() if each})
    handed = web.notes(records["NKT-9001"])(1)  # type: ignore[arg-type]  # it is there
    assert [(note.origin, note.id, note.stale) for note in handed] == [(last, "n1", stale)]


def noted(records: list[Testimony], code: str = "NKT-9001", number: int = 1) -> list[Note]:
    """Return the notes at a paragraph, as who reads all of the records has them."""
    known = {each.code: each for each in records}
    return list(checks.note_graph(known).notes(known[code])(number))


def test_a_note_that_stands_in_two_ways_is_stale_only_where_no_way_is_sure() -> None:
    """At its own paragraph it is sure, though the link that it has to the same record fits nowhere any more."""
    link = {"ref": "NKT-9001#p1", "sha256": [WRONG]}
    note = made_up.note("n1", "contradicted", about={"paragraphs": [1], "sha256": [RIGHT]}, **{"with": [link]})
    record = made("NKT-9001", credibility={"notes": [note]})
    assert [[(each.id, each.stale) for each in noted([record], number=number)] for number in (1, 2)] == [
        [("n1", False)],
        [("n1", True)],
    ]


@pytest.mark.parametrize("order", [1, -1])
def test_a_note_is_told_as_last_read_only_where_every_way_to_it_leads_there(order: int) -> None:
    """It comes through a record that cannot be read at present, and straight from its own as well, whichever is first."""
    leaning = [{"type": "relies-on", "code": code} for code in ("NKT-9002", "NKT-9003")][::order]
    records = [
        made("NKT-9001", relations=leaning),
        made("NKT-9002", relations=[{"type": "relies-on", "code": "NKT-9003"}])._replace(unread=True),
        made("NKT-9003", credibility={"notes": [made_up.note("n1", "recanted")]}),
    ]
    assert [(note.origin, note.unread) for note in noted(records)] == [("NKT-9003", "")]
    assert [note.unread for note in noted([records[0]._replace(relations=records[0].relations[::order][:1]), *records[1:]])] == [
        "NKT-9002"
    ]


def test_a_note_that_was_replaced_on_one_way_alone_is_in_force() -> None:
    """Where a record relies on two paragraphs of another, and at one of these a later note took its place."""
    notes = [
        made_up.note("n1", "recanted"),
        made_up.note("n2", "corroborated", about={"paragraphs": [1]}, known="2015", replaces="n1"),
    ]
    records = [
        made("NKT-9001", relations=[{"type": "relies-on", "code": "NKT-9003"}]),
        made("NKT-9003", credibility={"notes": notes}),
    ]
    assert sorted((note.id, note.until) for note in noted(records)) == [("n1", ()), ("n2", ())]
    assert sorted((note.id, bool(note.until)) for note in noted(records, "NKT-9003")) == [("n1", True), ("n2", False)]


@pytest.mark.parametrize(("their", "exact"), [(RIGHT, "One"), (WRONG, "")])
def test_the_words_that_a_note_quotes_are_not_told_as_what_has_changed_where_the_link_is_stale(their: str, exact: str) -> None:
    """They are where they were; told as stale it would say "was:" of them."""
    note = made_up.note("n1", "recanted", about={"paragraphs": [1], "quote": {"exact": "One"}})
    records = [
        made("NKT-9001", relations=[relying("NKT-9003", RIGHT, their)]),
        made("NKT-9003", credibility={"notes": [note]}),
    ]
    assert [(each.stale, each.about.exact) for each in noted(records)] == [(their == WRONG, exact)]
