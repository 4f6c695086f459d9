"""`testimony note`: one insertion into a record, bound to its words, and not a byte besides."""

import json
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import made_up
from archive.authority.authorities import Authorities
from archive.errors import BadNote, CannotWrite, InvalidTestimony, UnknownCode
from archive.keeping import _notes as notes
from archive.keeping._notes import NoteRequest
from archive.reader import read as reader
from archive.record.hashing import passage_hash
from archive.record.testimony import About, Cite, Note, Testimony, reference
from archive.storage import atomic
from examples import examples
from running import Run

CODE = "NKT-9001"
PATH = f"testimonies/{CODE}-made-up.md"
FIRST = "He said no more than this. He said no more."
SECOND = "Two 둘, and the second paragraph goes on."
NOTE = '{id: n3, flag: caution, status: open, about: {record: true}, statement: "Made up, 요덕.", by: archive, date: 2001-02-03}'
OPEN = """
    - id: n3
      flag: caution
      status: open
      about: {record: true}
      by: archive
      date: 2001-02-03"""
STYLES = {
    "nothing": "credibility: {}",
    "nothing, and a comment": "credibility: {  }   # nothing yet",
    "an empty list": "credibility:\n  notes: []  # none yet",
    "an empty list in flow": "credibility: {notes: []}",
    "a source alone": "credibility:\n   source:\n     reliability: C\n     basis: Made up.   \n# of the next",
    "a source alone in flow": "credibility: {source: {reliability: C, basis: Made up.} }",
    "flow": f"credibility: {{notes: [{NOTE}]}}",
    "flow with a comma at the end": f"credibility: {{notes: [{NOTE}, # why\n  ],\n  }}",
    "flow with a comment": f"credibility: {{notes: [{NOTE} # why, and how\n  ]}}",
    "flow, bracket on its own line": f"credibility:\n  notes: [\n    {NOTE}\n  ]",
    "flow with source after": f"credibility: {{notes: [{NOTE}], source: {{reliability: C, basis: Made up.}}}}",
    "items in flow": f"credibility:\n  notes:\n  - {NOTE}",
    "block": f"credibility:\n  notes:{OPEN}\n      statement: Made up.  # a comment that stays",
    "block, source after": f"credibility:\n  notes:{OPEN}\n      statement: Made up.\n  source: {{reliability: C, basis: x}}",
    "a block scalar": f"credibility:\n  notes:{OPEN}\n      statement: |+\n        Made up.\n\n        More.\n\n",
    "a folded scalar": f"credibility:\n  notes:{OPEN}\n      statement: >-\n        Made up.\n        More.\n\n# of the next",
    "a plain scalar of two lines": f"credibility:\n  notes:{OPEN}\n      statement: Made up\n        and more",
    "comments under it": f"credibility:\n  notes:{OPEN}\n      statement: Made up.\n      # of this note\n    # of the next\n",
    "the dash alone": f"credibility:\n  notes:{OPEN.replace('- id', '-' + chr(10) + '      id')}\n      statement: Made up.",
    "wide steps": "credibility:\n        notes:\n              -   id: n3\n                  flag: caution\n"
    "                  status: open\n                  about: {record: true}\n"
    "                  statement: Made up.\n                  by: archive\n                  date: 2001-02-03",
    "no step": "credibility:\n  notes:\n  - id: n3\n    flag: caution\n    status: open\n    about:\n      record: true\n"
    "    statement: 'Made\n      up.'\n    by: archive\n    date: 2001-02-03",
}


@pytest.fixture(scope="module")
def authorities(tmp_path_factory: pytest.TempPathFactory) -> Authorities:
    """The shipped authorities."""
    return reader.read_authorities(tmp_path_factory.mktemp("none"))


def content(credibility: str, *, ends: str = "\n", last: bool = False) -> bytes:
    """Write a record whose credibility is in a style of its own, in the middle or at the end of the header."""
    head = made_up.header(CODE, credibility=None, topics=[])
    topics = head.pop("topics")
    whole = made_up.record(head, FIRST, SECOND)
    opening, body = whole.split("\n---\n", 1)
    rest = f"topics: {json.dumps(topics)}\nhistory: []"
    parts = [rest, credibility] if last else [credibility, rest]
    return "\n".join([opening, *parts, "---", f"{body}\n\n"]).replace("\n", ends).encode()


def put(root: Path, style: str, **how: object) -> Path:
    """Put such a record into a collection, and one more for a note to point at."""
    made_up.put(root, made_up.record(made_up.header("NKT-9002"), "One.", "Two.", "Three."))
    return made_up.put(root, content(STYLES[style], **how), f"{CODE}-made-up.md")  # type: ignore[arg-type]


def read(root: Path, authorities: Authorities) -> Testimony:
    """Read the record as it lies there."""
    return reader.read((root / PATH).read_bytes(), PATH, authorities)


def insertion(before: bytes, after: bytes) -> bytes:
    """Return what was put in between two halves of the old bytes."""
    longer = len(after) - len(before)
    places = [at for at in range(len(before) + 1) if after[:at] == before[:at] and after[at + longer :] == before[at:]]
    assert places, "the old bytes are no longer there, before and after one insertion"
    return after[places[0] : places[0] + longer]


ASKED = NoteRequest(
    reference(f"{CODE}#p1-2"),
    "contradicted",
    'Made up: "quoted", 요덕 # no comment: {none} [at] all, and it goes on for so long that one line cannot hold it any more.',
    ("conf-058:p. 3, line 4", "harden-2012"),
    against=("NKT-9002#p2-3", "nkt-9002"),
    known="2014~",
    information="3",
    quote="second paragraph",
    by="a keeper: made up",
    date="2026-11-21",
)


@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("style", STYLES)
def test_a_note_is_one_insertion_in_every_style_of_yaml(
    root: Path,
    authorities: Authorities,
    style: str,
    ends: str,
    last: bool,  # noqa: FBT001 - a case
) -> None:
    """Comments, key order, quoting, line ends and trailing blanks stay; the record reads as before and has the note."""
    file = put(root, style, ends=ends, last=last)
    before = read(root, authorities)
    old = file.read_bytes()
    added = notes.add(root, ASKED)
    after = read(root, authorities)
    put_in = insertion(old, file.read_bytes())
    assert added.path == PATH
    assert added.note == ("n4" if before.notes else "n1")
    hashes = tuple(passage_hash(text)[:16] for text in (FIRST, SECOND))
    expected = Note(
        id=added.note,
        flag="contradicted",
        status="open",
        about=About((1, 2), "second paragraph", "", "", hashes),
        statement=ASKED.statement,
        by="a keeper: made up",
        date="2026-11-21",
        known="2014~",
        information="3",
        cites=(Cite("conf-058", "p. 3, line 4"), Cite("harden-2012")),
        against=("NKT-9002#p2-3", "NKT-9002"),
        against_hashes=(tuple(passage_hash(text)[:16] for text in ("Two.", "Three.")), ()),
    )
    assert after.notes == (*before.notes, expected)
    assert after._replace(notes=before.notes, fixity="", body_line=0) == before._replace(fixity="", body_line=0)
    assert (b"\r\n" in put_in) == (ends == "\r\n")
    assert max(map(len, put_in.decode().splitlines())) <= 130
    second = notes.add(root, ASKED._replace(about=reference(CODE), quote="", replaces=added.note))
    assert int(second.note[1:]) == int(added.note[1:]) + 1
    assert read(root, authorities).notes[-1].about == About()


def test_a_comment_stays_with_the_note_that_it_speaks_of(root: Path) -> None:
    """What stands deeper than the items belongs to the note above it."""
    file = put(root, "comments under it")
    notes.add(root, ASKED)
    lines = [line.strip() for line in file.read_text(encoding="utf-8").splitlines()]
    assert lines.index("# of this note") < lines.index("- id: n4") < lines.index("# of the next")


WORDS = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=300).filter(lambda text: text.split())


@examples(50)
@given(style=st.sampled_from(sorted(STYLES)), words=st.tuples(WORDS, WORDS, WORDS))
@example(style="flow", words=("a" * 400 + ' " \\ ' + "b\x7f\x85\u2028 \U0001f600 c" * 20, ":", "---"))
@example(style="block", words=("--- ... # : ' \" {} [] , & * ! | > % @ `", "- x", "null"))
def test_any_words_come_back_as_they_were_given(
    tmp_path_factory: pytest.TempPathFactory, authorities: Authorities, style: str, words: tuple[str, str, str]
) -> None:
    """Whatever is typed, the note says it and the file is otherwise as it was."""
    root = tmp_path_factory.mktemp("note")
    statement, locator, by = words
    file = put(root, style)
    old = file.read_bytes()
    notes.add(root, ASKED._replace(statement=statement, cites=(f"conf-058:{locator}",), by=by))
    note = read(root, authorities).notes[-1]
    assert note.statement == " ".join(notes.nfc(statement).split())
    assert note.cites == (Cite("conf-058", " ".join(notes.nfc(locator).split())),)
    insertion(old, file.read_bytes())


def test_words_that_stand_there_twice_are_told_apart(root: Path, authorities: Authorities, run: Run) -> None:
    """By what stands before and after; and the keeper is told which one was taken."""
    put(root, "nothing")
    ran = run("note", f"{CODE}#p1", "--flag", "caution", "--quote", "He said  no more", "--date", "2026-11-21")
    assert (ran.code, ran.out) == (0, f"{PATH} n1\n")
    assert "stand there 2 times" in ran.err
    assert read(root, authorities).notes[0].about == About(
        (1,), "He said no more", "", " than this. He said no more.", (passage_hash(FIRST)[:16],)
    )
    assert read(root, authorities).notes[0].statement, "the usual sentence of the flag"


def test_a_short_paragraph_is_quoted_whole(root: Path, authorities: Authorities) -> None:
    """So that its old words are to be had when it changes."""
    put(root, "nothing")
    notes.add(root, ASKED._replace(about=reference(f"{CODE}#p2"), quote=""))
    assert read(root, authorities).notes[0].about.exact == SECOND


def test_everything_wrong_is_said_at_once(root: Path, run: Run) -> None:
    """And nothing is written."""
    file = put(root, "block")
    old = file.read_bytes()
    wrong = [
        "--flag",
        "contrdicted",
        "--status",
        "maybe",
        "--information",
        "9",
        "--known",
        "19x",
        "--date",
        "tomorrow",
        "--by",
        " ",
    ]
    wrong += [
        "--cites",
        "hardn-2012",
        "--with",
        "NKT-9002#p4",
        "--with",
        "NKT-9003",
        "--with",
        "x",
        "--replaces",
        "n9",
        "--quote",
        "no",
    ]
    ran = run("note", f"{CODE}#p2", *wrong)
    assert ran.code == 2
    assert ran.out == ""
    for said in (
        "there is no flag 'contrdicted'. Did you mean contradicted",
        "there is no status 'maybe'",
        "there is no information '9'",
        "known: '19x'",
        "date: 'tomorrow'",
        "name one with --by",
        "'hardn-2012' is in neither sources.yaml nor conflicts.yaml. Did you mean harden-2012",
        "NKT-9002 has no paragraph 4; it has 3",
        "NKT-9003 is no record that can be read",
        "'x' is not a code",
        f"{CODE} has no note 'n9'. It has n3",
        "the words quoted do not stand in paragraph 2",
    ):
        assert said in ran.err, said
    assert file.read_bytes() == old


@pytest.mark.parametrize(
    ("changes", "error", "said"),
    [
        ({"about": reference("NKT-9009")}, UnknownCode, "there is no testimony NKT-9009"),
        ({"about": reference(f"{CODE}#p3")}, BadNote, "has no paragraph 3; it has 2"),
        ({"about": reference(CODE)}, BadNote, "write NKT-9001#p"),
    ],
)
def test_what_is_not_there_gets_no_note(root: Path, changes: dict[str, object], error: type[Exception], said: str) -> None:
    """Neither a record nor a paragraph is invented."""
    put(root, "block")
    with pytest.raises(error, match=said):
        notes.add(root, ASKED._replace(**changes))


def test_a_file_with_faults_is_left_alone_and_its_faults_are_named(root: Path, run: Run) -> None:
    """A keeper mends it first."""
    file = put(root, "block")
    file.write_bytes(file.read_bytes().replace(b"flag: caution", b"flag: cautoin"))
    old = file.read_bytes()
    ran = run("note", CODE, "--flag", "caution")
    assert ran.code == 1
    assert f"{PATH}:" in ran.err
    assert "there is no flag of that name" in ran.err
    assert file.read_bytes() == old
    made_up.put(root, file.read_bytes() + b"\nAnother word.\n", f"{CODE}-again.md")
    with pytest.raises(InvalidTestimony, match="is also the code of"):
        notes.add(root, ASKED)


def test_a_dry_run_shows_the_lines_but_not_the_words_of_the_body(root: Path, run: Run) -> None:
    """A keeper's screen may be watched."""
    file = put(root, "nothing")
    old = file.read_bytes()
    ran = run("note", f"{CODE}#p2", "--flag", "caution", "--statement", "Made up.", "--date", "2026-11-21", "--dry-run")
    assert ran.code == 0
    assert ran.out.startswith(f"{PATH}:14:\n+notes: [\n")
    assert '"Made up."' in ran.out
    assert "Two" not in ran.out
    assert "second" not in ran.out
    assert file.read_bytes() == old


def test_what_is_no_plain_file_is_not_written_through(root: Path) -> None:
    """Neither a link nor a file that another program is writing."""
    file = put(root, "nothing")
    real = root / "elsewhere.md"
    file.rename(real)
    file.symlink_to(real)
    with pytest.raises(InvalidTestimony, match="no regular file"):
        notes.add(root, ASKED)
    with pytest.raises(CannotWrite, match="no regular file"):
        atomic.write_beside(file, b"x", new=False)


def test_the_edit_of_another_is_never_lost(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file that changed since it was read stays as the other left it, and nothing lies beside it."""
    file = put(root, "nothing")
    prove = notes.prove  # the last step before the file is written

    def meanwhile(*given: object) -> None:
        prove(*given)  # type: ignore[arg-type]
        file.write_bytes(file.read_bytes() + b"\nAnother's paragraph.\n")

    monkeypatch.setattr(notes, "prove", meanwhile)
    with pytest.raises(CannotWrite, match="has changed since it was read"):
        notes.add(root, ASKED)
    assert file.read_bytes().endswith(b"Another's paragraph.\n")
    assert b"contradicted" not in file.read_bytes()
    assert sorted(each.name for each in file.parent.iterdir()) == [f"{CODE}-made-up.md", "NKT-9002-made-up.md"]


def test_a_note_that_would_change_anything_else_is_refused(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: an insertion at a wrong place is caught by reading again."""
    file = put(root, "block")
    old = file.read_bytes()
    right = notes.yaml_layout.place_note
    monkeypatch.setattr(notes.yaml_layout, "place_note", lambda *given: right(*given)._replace(at=len("schema: 1")))
    with pytest.raises(CannotWrite, match="could not be read"):
        notes.add(root, ASKED)
    assert file.read_bytes() == old


def test_the_mode_of_the_file_is_kept(root: Path) -> None:
    """A record that only its keeper may read stays so."""
    file = put(root, "nothing")
    file.chmod(0o600)
    notes.add(root, ASKED)
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_note_that_replaces_a_wider_one_says_what_is_left_bare(root: Path, run: Run) -> None:
    """As `check` says it too."""
    put(root, "block")
    ran = run("note", f"{CODE}#p1", "--flag", "caution", "--replaces", "n3")
    assert ran.code == 0
    assert "the replaced note stays in force at paragraph 2" in ran.err
