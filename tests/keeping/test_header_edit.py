"""Single values of a header changed in place: what was meant, and not a byte besides; or nothing at all."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import made_up
from archive.errors import ArchiveError, CannotWrite
from archive.keeping import _header_edit as header_edit
from archive.keeping._header_edit import Append, Change, Put, Remove
from archive.keeping._text_edit import TextEdit
from archive.reader import read
from examples import examples

PATH = "testimonies/NKT-9001-made-up.md"
BLOCK = """---
# before all
"schema": 1
code: NKT-9001   # never changes
title: "Made up:  two  spaces"
kind: testimony
language: en
text: {rendering: summary}   # short
witness:
  name: made-up witness
  name_kind: pseudonym

  # of the witness
  connection: victim
camps:
- {camp: kwalliso-14, period: 1998}   # no step
-   camp: kwalliso-15
    as: prisoner
recorded: {date: "2001", by: A. Maker, }
source:
    csl: {type: report, title: 'Made ''up''',
          publisher: "two
            lines"}
consent: {status: given}
access:
  level: closed
  # until: 2030
credibility:
  notes:
    - id: n1
      flag: caution
      status: open
      about:
        paragraphs:
          - 1
          - 2   # the second
        quote: {exact: One}
        sha256: ["0123456789abcdef", "0123456789abcdef"]
      statement: |
        Made up.

        More.
      by: archive
      date: 2001-02-03
topics: [hunger,   # why
  escape]
history:
  - date: 2001-02-03
    by: archive
    change: >-
      First
      entry
---
One. "Quoted" # no comment.

Two 둘.
"""
AS_JSON = made_up.record(json.loads(json.dumps(read.nodes(BLOCK.encode(), PATH)[0].plain())), "One.", "Two 둘.")
STYLES = {"block": BLOCK, "windows": BLOCK.replace("\n", "\r\n"), "json": AS_JSON}
WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=60).map(" ".join)
VALUES = st.recursive(
    st.text(st.characters(exclude_categories=("Cs",)), max_size=40).map(lambda text: text.replace("\r", "").replace("\0", "")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "period"]), inner, max_size=2),
    max_leaves=4,
)
PLACES: tuple[tuple[str | int, ...], ...] = (
    ("title",),
    ("period",),
    ("text", "by"),
    ("witness", "name"),
    ("witness", "born"),
    ("camps",),
    ("camps", 0, "period"),
    ("camps", 1, "as"),
    ("camps", 1, "zone"),
    ("recorded", "by"),
    ("recorded", "place"),
    ("source", "csl", "publisher"),
    ("access", "level"),
    ("access", "until"),
    ("credibility", "notes", 0, "about", "paragraphs"),
    ("credibility", "notes", 0, "about", "sha256"),
    ("credibility", "notes", 0, "statement"),
    ("topics",),
    ("topics", 1),
    ("history",),
    ("relations",),
)
CHANGES = st.one_of(
    st.builds(Put, st.sampled_from(PLACES), VALUES),
    st.builds(Append, st.sampled_from([("topics",), ("history",), ("camps",), ("relations",), ("claims",)]), VALUES),
    st.builds(Remove, st.sampled_from([place for place in PLACES if isinstance(place[-1], str)])),
)


def meant(plain: Any, change: Change) -> Any:
    """Give the tree as it should be: another way to say what a change is."""
    *way, last = change.where
    holder = plain
    for step in way:
        holder = holder[step]
    texts = json.loads(json.dumps(getattr(change, "value", None)))
    if isinstance(change, Put):
        holder[last] = texts
    elif isinstance(change, Append):
        holder.setdefault(last, []).append(texts)
    else:
        del holder[last]
    return plain


def comments(content: bytes) -> list[str]:
    """Give the comments of a header, and the body after it."""
    lines = content.decode().replace("\r\n", "\n").split("\n")
    return [lines[line - 1].rpartition("#")[2] for line in read.comments(content, PATH)]


@examples(150)
@given(style=st.sampled_from(sorted(STYLES)), change=CHANGES)
def test_a_change_is_what_was_meant_or_is_refused(style: str, change: Change) -> None:
    """The tree has that change alone; comments, body and line ends stay; lines outside of the place are as they were."""
    before = STYLES[style].encode()
    try:
        after = header_edit.change_header(before, PATH, [change])
    except (CannotWrite, KeyError):
        return  # nothing is returned, so nothing can be written
    assert read.nodes(after, PATH)[0].plain() == meant(read.nodes(before, PATH)[0].plain(), change)
    assert comments(after) == comments(before)
    assert after.partition(b"\n---")[2] == before.partition(b"\n---")[2]
    assert (b"\r\n" in after) == (b"\r\n" in before)
    old, new = before.split(b"\n"), after.split(b"\n")
    same = sum(1 for line, other in zip(old, new, strict=False) if line == other)
    same += sum(1 for line, other in zip(reversed(old), reversed(new), strict=False) if line == other)
    assert same >= min(len(old), len(new)) - 12, "more lines differ than one value can have"


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("place", PLACES, ids=str)
def test_usual_changes_are_made_in_every_style(style: str, place: tuple[str | int, ...]) -> None:
    """The refusal above is for what cannot be done, not for what is asked every day."""
    before = STYLES[style].encode()
    if place in {("camps",), ("topics",)} and style != "json":
        with pytest.raises(CannotWrite):  # a comment stands inside
            header_edit.change_header(before, PATH, [Put(place, ["x"])])
        return
    header_edit.change_header(before, PATH, [Put(place, "1998/2001")])
    holder = read.nodes(before, PATH)[0].at(place[:-1])
    keys = list(holder.value) if holder and isinstance(holder.value, dict) and place[-1] != "paragraphs" else []
    if place[-1] in keys and len(keys) > 1:
        assert b"\n\n\n" not in header_edit.change_header(before, PATH, [Put(place, "x"), Remove(place)])


@pytest.mark.parametrize("style", STYLES)
def test_a_line_of_the_history_is_one_line(style: str) -> None:
    """All else is as it was, whatever follows it."""
    before = STYLES[style].encode()
    entry = {"date": "2026-11-29", "by": "K: a", "change": 'A "word" corrected: 둘 # one'}
    after = header_edit.change_header(before, PATH, [Append(("history",), entry)])
    assert read.nodes(after, PATH)[0].plain()["history"][-1] == entry
    assert len(after.splitlines()) - len(before.splitlines()) == (0 if style == "json" else 1)


@examples(50)
@given(style=st.sampled_from(sorted(STYLES)), at=st.integers(0, 30), length=st.integers(0, 8), text=WORDS)
def test_an_edit_of_the_body_is_that_edit(style: str, at: int, length: int, text: str) -> None:
    """The header is as it was to the byte."""
    before = STYLES[style].encode()
    text = text.replace("\r", "").replace("\0", "")
    try:
        after = header_edit.change_header(before, PATH, [], [TextEdit(at, text, length)])
    except ArchiveError:
        return
    old = read.split(before, PATH).body
    assert read.split(after, PATH).body == old[:at] + text + old[at + length :]
    head = before.partition(b"\n---")[0]
    assert after.startswith(head)


def test_the_file_is_not_touched_by_a_refusal(tmp_path: Path) -> None:
    """A control: the function has no file to write to."""
    file = tmp_path / "a.md"
    file.write_bytes(BLOCK.encode())
    with pytest.raises(CannotWrite):
        header_edit.change_header(file.read_bytes(), PATH, [Put(("topics",), ["x"])])
    assert file.read_bytes() == BLOCK.encode()
