"""What a link that is stale on one of its two sides hands on: the caveat, told as one of words that have changed."""

from pathlib import Path

import pytest

import made_up
from archive.collection import checks
from archive.reader import read
from archive.record.hashing import passage_hash
from archive.record.testimony import Testimony

WRONG = "0123456789abcdef"
RIGHT = passage_hash("One.")[:16]


def made(code: str, **changes: object) -> Testimony:
    """Read a made-up record of two paragraphs."""
    content = made_up.record(made_up.header(code, **changes), "One.", "Two.").encode()
    return read.read(content, f"testimonies/{code}-made-up.md", read.read_authorities(Path("/nowhere")))


def relying(code: str, own: str, their: str) -> dict[str, object]:
    """Give a relation of a first paragraph to the first of another record."""
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
