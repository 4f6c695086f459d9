"""Projects of programs for qualitative analysis: each text becomes a record, and what was said of its words a proposal."""

import json
from pathlib import Path
from typing import Any

import pytest

import made_up
from archive.documents.model import count_letters
from running import Ran, ask_program
from source_files import PERSON, project
from word_files import members, package

WORDS = "My zebra 🦓 was made up.\nA quagga ran, and the quagga was made up too.\nAn okapi slept."
QUAGGA = WORDS.rindex("quagga")


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A collection with one record."""
    return made_up.collection(tmp_path / "kept", made_up.record(made_up.header("ZZT-0001"), "Another."))


def bring(root: Path, content: bytes, *options: str) -> tuple[Ran, list[dict[str, Any]]]:
    """Import a project."""
    file = root.parent / "a.qdpx"
    file.write_bytes(content)
    ran = ask_program(root, "import", str(file), "--format", "json", "--rendering", "verbatim", *options)
    files = json.loads(ran.out)["files"]
    for each in files:
        assert each["letters"] == each["taken"] + sum(left["letters"] for left in each["left_out"])
    return ran, files


def selection(first: int, last: int, inside: str, name: str = "") -> str:
    """Write a selection."""
    place = f'startPosition="{first}" endPosition="{last}"'
    return f'<PlainTextSelection guid="S{first}" name="{name}" {place}>{inside}</PlainTextSelection>'


def said(words: str) -> str:
    """Write what is said of a selection."""
    return f"<Description>{words}</Description>"


def source(inside: str, path: str = "internal://T.txt", guid: str = "T") -> str:
    """Write a text of a project."""
    return f'<TextSource guid="{guid}" name="{PERSON}" plainTextPath="{path}">{inside}</TextSource>'


def _in_units(at: int, *, wide_ends: bool, wide_signs: bool) -> int:
    before = WORDS[:at]
    return at + wide_ends * before.count("\n") + wide_signs * before.count("🦓")


@pytest.mark.parametrize("wide_ends", [False, True])
@pytest.mark.parametrize("wide_signs", [False, True])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_what_is_said_of_words_is_bound_to_them(kept: Path, line_end: str, *, wide_ends: bool, wide_signs: bool) -> None:
    """However the program counts, and however the file has its lines: the second of two quaggas, and the last word."""

    def place(first: int, last: int) -> tuple[int, int]:
        return tuple(_in_units(at, wide_ends=wide_ends, wide_signs=wide_signs) for at in (first, last))  # type: ignore[return-value]

    marks = (
        selection(*place(QUAGGA, QUAGGA + 6), said("Which quagga?")),
        selection(*place(len(WORDS) - 6, len(WORDS) - 1), "<Coding guid='c'><CodeRef targetGUID='k'/></Coding>"),
    )
    content = project(source("".join(marks)), {"T.txt": WORDS.replace("\n", line_end)})
    _, [told] = bring(kept, content, "--notes", "comments", "--write", "--by", "xq")
    assert [(each["statement"], each["paragraphs"]) for each in told["proposals"]] == [("Which quagga?", [2])]
    assert told["said"] == []
    record = (kept / told["path"]).read_text(encoding="utf-8")
    assert 'exact: "quagga", prefix: "A quagga ran, and the ", suffix: " was made up too."' in " ".join(record.split())
    assert record.partition("\n---\n")[2].split("\n\n") == [
        f"⟦¶ {number}⟧ {line}" for number, line in enumerate((*WORDS.split("\n")[:2], "An okapi slept.\n"), start=1)
    ]
    assert PERSON not in record


NOTES = """<Note guid="n1" name="x"><PlainTextContent>On a code.</PlainTextContent></Note>
<Note guid="N2" plainTextPath="internal://N2.txt"/><Note guid="n3"><PlainTextContent>On nothing.</PlainTextContent></Note>"""
MARKED = source(
    "<Description>On the text.</Description>"
    + selection(3, 8, "<Coding guid='c'><CodeRef targetGUID='k'/><NoteRef targetGUID='N1'/></Coding><NoteRef targetGUID='n2'/>")
    + selection(4, 7, said("Inside of a word."))
    + selection(900, 905, said("Behind the end."))
    + selection(-5, 3, said("Before the beginning."))
)
WHOLE = project(
    MARKED + '<PDFSource guid="p" path="internal://p.pdf"/><PictureSource guid="i" path="internal://i.png"/>',
    {"T.txt": WORDS, "n2.TXT": "On a zebra.", "p.pdf": b"%PDF"},
    NOTES,
)


def test_notes_and_codes_are_left_out_and_counted_unless_they_are_asked_for(kept: Path) -> None:
    """Codes always; notes become proposals, those whose place does not fit on the whole record, and it is told."""
    _, [without] = bring(kept, WHOLE)
    left = {each["what"]: (each["number"], each["letters"]) for each in without["left_out"]}
    notes = ("On a code.", "On a zebra.", "Inside of a word.", "Behind the end.", "Before the beginning.", "On the text.")
    assert left == {
        "comments": (len(notes), sum(map(count_letters, notes))),
        "codings of words": (1, 0),
        "pictures, PDF files and recordings of the project, which are files of their own": (2, 0),
        "memos that are on no text": (1, count_letters("On nothing.")),
    }
    assert without["taken"] == count_letters(WORDS)
    _, [taken] = bring(kept, WHOLE, "--notes", "comments", "--write")
    assert [(each["statement"], each["paragraphs"]) for each in taken["proposals"]] == [
        ("On a code.", [1]),
        ("On a zebra.", [1]),
        *((words, []) for words in notes[2:]),
    ]
    assert ["selections whose places do not fit the words: 3" in each for each in taken["said"]] == [True]
    assert taken["letters"] == without["letters"]
    opening = ask_program(kept, "open", taken["code"], "--consent", "given", "--by", "xq")
    assert "credibility.notes" in opening.err + opening.out


def test_each_text_is_a_record_and_known_a_second_time(kept: Path) -> None:
    """By its own name in the project; one whose words lie in a document, or nowhere, is told, and the others come in."""
    rich = '<TextSource guid="R" richTextPath="internal://R.docx" plainTextPath="internal://R.txt"/>'
    inline = '<TextSource guid="I"><PlainTextContent>Words in the project.</PlainTextContent></TextSource>'
    content = project(source("") + rich + inline + source("", "internal://gone.txt", "G"), {"T.txt": WORDS, "R.txt": "\n"})
    ran, told = bring(kept, content, "--write")
    assert ran.code == 1
    assert [(each["at"], each["status"]) for each in told] == [
        ("text 1", "wrote"),
        ("text 2", "refused"),
        ("text 3", "wrote"),
        ("text 4", "refused"),
    ]
    assert "word processor" in told[1]["said"][0]
    assert "not in the project" in told[3]["said"][0]
    again = bring(kept, content)[1]
    assert [each["status"] for each in again] == ["unchanged", "refused", "unchanged", "refused"]
    changed = project(source(""), {"T.txt": WORDS.replace("okapi", "quagga")})
    assert [(each["status"], each["code"]) for each in bring(kept, changed)[1]] == [("changed", told[0]["code"])]


def _encrypted(content: bytes) -> bytes:
    """Set the mark of encryption in every head of a package."""
    for head, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        pieces = content.split(head)
        content = head.join([pieces[0], *(piece[: at - 4] + b"\x01" + piece[at - 3 :] for piece in pieces[1:])])
    return content


BOMB = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;">]>'
HOSTILE: dict[str, tuple[bytes, str]] = {
    "truncated": (WHOLE[: len(WHOLE) // 2], "damaged"),
    "without a project": (package({"sources/T.txt": WORDS}), "damaged"),
    "two projects": (package({"a.qde": "<Project/>", "b.qde": "<Project/>"}), "damaged"),
    "no text": (project("", {}), "no text and no transcript"),
    "entities": (package({"project.qde": f"{BOMB}<Project>&c;</Project>"}), "document type"),
    "no XML": (package({"project.qde": "made up"}), "damaged"),
    "too deep": (package({"project.qde": "<a>" * 300 + "</a>" * 300}), "too deep"),
    "a bomb": (project(source(""), {"T.txt": "0" * 30_000_000}), "two hundred times"),
    "a path that leads out": (package({"project.qde": "<Project/>", "../out.txt": "made up"}), "leads out"),
    "encrypted": (_encrypted(WHOLE), "password"),
    "empty": (b"", "it is empty"),
    "another kind": (b"made up", "nothing here reads"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_bad_project_is_refused_in_one_line(kept: Path, what: str) -> None:
    """Whatever it is, with what is wrong with it; nothing is written."""
    content, why = HOSTILE[what]
    ran, [told] = bring(kept, content, "--write")
    assert (ran.code, told["status"]) == (1, "refused")
    assert why in told["why"]
    assert "\n" not in told["why"]
    assert len(list((kept / "testimonies").iterdir())) == 1


def test_the_project_that_is_spoilt_above_is_read_whole(kept: Path) -> None:
    """The control."""
    assert members(WHOLE)
    assert bring(kept, WHOLE)[0].code == 0


SAME_NAMES = {"A/T.txt": "Alpha saw a zebra.", "B/T.txt": "Bravo saw a quagga.", "t.TXT": "Charlie saw an okapi."}


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("internal://A/T.txt", "Alpha"),
        ("internal://B/T.txt", "Bravo"),
        ("internal://b/t.txt", "Bravo"),
        ("internal://t.TXT", "Charlie"),
        ("internal://T.TXT", "Charlie"),
        ("internal://C/T.txt", ""),
        ("relative:///T.txt", ""),
        ("absolute:///home/somebody/t.TXT", ""),
        ("internal://", ""),
    ],
)
def test_no_account_gets_the_words_of_a_file_of_the_same_name(kept: Path, path: str, words: str) -> None:
    """In another folder of the project, in other capitals, or beside the project: whose words they are stands in the path."""
    _, [told] = bring(kept, project(source("", path), SAME_NAMES), "--write")  # type: ignore[arg-type]
    said = [each for each in SAME_NAMES.values() if told["path"] and each in (kept / told["path"]).read_text(encoding="utf-8")]
    assert [each.split()[0] for each in said] == ([words] if words else [])
    assert words or any("not in the project" in each for each in told["said"])
