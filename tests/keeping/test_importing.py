"""`testimony import`: every letter of a file is in the record or told, the record is closed, and nothing is written over."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import openpyxl.cell.rich_text
import pytest
from hypothesis import given
from hypothesis import strategies as some

import made_up
import source_files
from archive.documents.model import count_letters
from archive.keeping.importing import _registry as registry
from archive.keeping.importing._model import Part, SourceText, clean, in_body
from archive.reader import read as reader
from archive.record import paragraphs
from examples import examples
from running import Run
from source_files import PERSON
from word_files import by_pandoc, changed, members, package

BODIES = {
    "a.docx": [
        "⟦00:00:01⟧ ASKER: Where was it?",
        "⟦¶ 2⟧ TELLER: By the river in the north [^1].",
        "⟦¶ 3⟧ Seen words.",
        "⟦¶ 4⟧ Remarked words.",
        "⟦2/00:00:00⟧ Begun again.",
        "⟦¶ 6⟧ left | right",
        "[^1]: Of the foot.",
    ],
    "b.odt": ["# Made up", "⟦¶ 2⟧ First words[^1].", "⟦¶ 3⟧ 2. second item", "[^1]: A note."],
    "c.rtf": ["⟦¶ 1⟧ First words.", "⟦¶ 2⟧ Second words."],
    "d.pdf": ["⟦p. i⟧ First words.", "⟦p. ii⟧ Second words.", "⟦p. 1⟧ Third words."],
    "e.hwpx": ["⟦¶ 1⟧ 첫째 문단", "⟦¶ 2⟧ 변경 인간 이다[^1]", "⟦¶ 3⟧ 왼쪽 | 오른쪽", "⟦¶ 4⟧ 글상자", "[^1]: 각주다"],
    "f.vtt": [
        "⟦00:00:01⟧ Asker: Where were you?",
        "⟦00:00:03⟧ Teller: In a camp & a mine, with <[?]> others. A line behind an empty one.",
    ],
    "g.srt": ["⟦00:00:01⟧ First words.", "⟦00:01:04⟧ Second words."],
    "h.eaf": ["⟦00:00:01⟧ TELLER: 첫째 말.", "⟦00:01:05⟧ TELLER: 둘째 말."],
    "i.xml": [
        "⟦00:00:00⟧ ASKER: First line second words of the ⟦00:01:00⟧ first one two[^1].",
        "## The mine",
        "⟦00:01:00⟧ TELLER: Another ⟦00:02:00⟧ paragraph at two here.",
        "[^1]: A note here.",
    ],
    "j.xml": ["⟦01:00:03⟧ ASKER: Where was it? Tell us.", "⟦01:00:10⟧ TELLER: In a place[^1] of no name.", "[^1]: A town."],
    "k.xml": ["## Part one", "⟦p. 3⟧ Made upp [sic] words[^1] go ⟦p. 4⟧on.", "⟦00:01:05⟧ ASKER: What then?", "[^1]: a note"],
    "l.txt": ["⟦¶ 1⟧ 첫째 문단이다. 줄이 이어진다.", "⟦¶ 2⟧ 둘째 문단이다."],
    "m.md": ["# A heading", "⟦¶ 1⟧ First words[^1].", "# not a heading", "⟦¶ 2⟧ and on", "[^1]: A note."],
    "q.qdpx": ["⟦00:00:01⟧ ASKER: Where was it?", "⟦00:01:05⟧ TELLER: By the river."],
    "r.hwp": [
        "# 제일 장",
        "⟦¶ 2⟧ 첫째 문단",
        "⟦¶ 3⟧ 인간 이다[^1]. 둘째 줄",
        "⟦¶ 4⟧ 표 1",
        "⟦¶ 5⟧ 왼쪽 | 오른쪽",
        "⟦¶ 6⟧ 아래 |",
        "⟦¶ 7⟧ 글상자",
        "⟦¶ 8⟧ 한자(漢字) 말 1",
        "⟦¶ 9⟧ 글맵시",
        "⟦¶ 10⟧ 적은 말",
        "⟦¶ 11⟧ 이 문장은 개요의 모양이어도 문단이다.",
        "[^1]: 각주다",
    ],
}
"""What the body of the record is of each file of `source_files.every`, a block an item."""
KINDS = ("docx", "odt", "rtf", "pdf", "hwpx", "vtt", "srt", "eaf", "ohms", "ohms", "tei", "text", "markdown", "qdpx", "hwp")
"""Their kinds."""


@pytest.fixture
def laid(root: Path) -> Path:
    """A collection with one record, and a folder beside it with a file of each kind."""
    made_up.collection(root / "kept", made_up.record(made_up.header("NKT-9001")))
    folder = root / "given"
    folder.mkdir()
    for name, content in source_files.every().items():
        (folder / name).write_bytes(content)
    return root


@pytest.fixture
def ask(laid: Path, run: Run) -> Run:
    """Run the program on that collection."""
    return lambda *arguments, **environment: run("--root", str(laid / "kept"), *arguments, **environment)


def records(laid: Path) -> dict[str, str]:
    """Return the records of the collection by their names."""
    return {file.name: file.read_text(encoding="utf-8") for file in sorted((laid / "kept/testimonies").iterdir())}


def told(ask: Run, *arguments: str) -> list[dict[str, Any]]:
    """Return what an import says in JSON, a file an item."""
    files: list[dict[str, Any]] = json.loads(ask("import", *arguments, "--format", "json").out)["files"]
    return files


def test_nothing_is_written_that_was_not_asked_for(laid: Path, ask: Run) -> None:
    """Shown first, in the order of the names; the shown is what is written then."""
    before = records(laid)
    shown = ask("import", str(laid / "given"))
    assert (shown.code, records(laid)) == (0, before)
    assert f"would write: testimonies/NKT-9002-docx.md from {laid / 'given/a.docx'}" in shown.out
    assert "Nothing was written" in shown.err
    written = ask("import", str(laid / "given"), "--write")
    assert written.code == 0
    assert re.findall(r"testimonies/\S+", written.out) == re.findall(r"testimonies/\S+", shown.out)
    assert [name for name in records(laid) if ".en." not in name and ".ko." not in name][1:] == [
        f"NKT-{9001 + number}-{kind}.md" for number, kind in enumerate(KINDS, start=1)
    ]


def test_each_kind_gives_its_words_with_their_places(laid: Path, ask: Run) -> None:
    """The body of each record, word for word: places, speakers, notes, headings, rows of tables."""
    assert ask("import", str(laid / "given"), "--write").code == 0
    bodies = [
        content.split("\n---\n", 1)[1].rstrip("\n").split("\n\n")
        for name, content in list(records(laid).items())[1:]
        if not re.search(r"\.(?:en|ko)\.md$", name)
    ]
    assert dict(zip(source_files.every(), bodies, strict=True)) == BODIES


@pytest.mark.parametrize("ending", ["docx", "odt", "rtf"])
def test_what_is_struck_out_comes_in_as_struck_out(laid: Path, ask: Run, ending: str) -> None:
    """Between the signs of Markdown, so that nobody quotes it as said; every letter counts, and it is told."""
    (laid / "given" / f"struck.{ending}").write_bytes(by_pandoc("Made up: two ~~three nights~~ days.\n", ending))
    (file,) = told(ask, str(laid / "given" / f"struck.{ending}"))
    assert file["letters"] == file["taken"] + sum(left["letters"] for left in file["left_out"])
    assert any("struck out" in each for each in file["said"])
    assert ask("import", str(laid / "given" / f"struck.{ending}"), "--write").code == 0
    assert any("two ~~three nights~~ days." in content for content in records(laid).values())


@pytest.mark.parametrize("ending", ["docx", "odt", "rtf"])
def test_tildes_that_somebody_typed_are_not_told_as_struck_out(laid: Path, ask: Run, ending: str) -> None:
    """A voice that is drawn out is written so in Korean."""
    (laid / "given" / f"drawn.{ending}").write_bytes(by_pandoc("Made up: well\\~\\~ and so\\~\\~ on.\n", ending))
    (file,) = told(ask, str(laid / "given" / f"drawn.{ending}"))
    assert not any("struck out" in each for each in file["said"])
    assert ask("import", str(laid / "given" / f"drawn.{ending}"), "--write").code == 0
    assert any("well~~ and so~~ on." in content for content in records(laid).values())


def test_write_is_offered_where_something_would_be_written_alone(laid: Path, ask: Run) -> None:
    """Not of a file that is refused, where it would change nothing."""
    (laid / "given" / "picture.jpg").write_bytes(b"\xff\xd8\xff made up")
    refused = ask("import", str(laid / "given" / "picture.jpg"))
    assert refused.code == 1
    assert "--write" not in refused.err
    assert "--write" in ask("import", str(laid / "given")).err


FIELDS = {
    'Said <text:user-field-get text:name="N">Made Up</text:user-field-get>.': "Said Made Up.",
    'On <text:date text:fixed="true">3 May</text:date>, page <text:page-number>4</text:page-number>.': "On 3 May, page 4.",
    'A <text:placeholder text:placeholder-type="text">&lt;name&gt;</text:placeholder> said so.': "A <name> said so.",
    '<text:variable-set text:name="v" office:value-type="string">Set</text:variable-set> and'
    ' <text:span><text:variable-get text:name="v">got</text:variable-get></text:span>.': "Set and got.",
    "<text:ruby><text:ruby-base>漢字</text:ruby-base><text:ruby-text>한자</text:ruby-text></text:ruby>라고"
    " 했다.": "漢字(한자)라고 했다.",
    '<text:hidden-text text:condition="x" text:string-value="gone">gone</text:hidden-text>Seen words.': "Seen words.",
    'Words<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body><text:p>See'
    " <text:title>it</text:title>.</text:p></text:note-body></text:note>.": "Words[^1].",
}

_IMAGE = '<draw:image xlink:href="Pictures/a.png" xlink:type="simple"/>'
FIELDS[f"Seen <draw:frame>{_IMAGE}<svg:title>A tree</svg:title><svg:desc>Alt</svg:desc></draw:frame>words."] = "Seen words."
BESIDE = {
    "<text:p>First.</text:p><text:p><draw:frame><draw:text-box><text:p><draw:frame>"
    f'{_IMAGE}</draw:frame>Figure <text:sequence text:name="F" text:formula="x">1</text:sequence>: A tree</text:p>'
    "</draw:text-box></draw:frame></text:p>": ["⟦¶ 1⟧ First.", "Figure 1: A tree"],
    "<text:p>First.</text:p><text:table-of-content><text:table-of-content-source><text:index-title-template>Contents"
    "</text:index-title-template></text:table-of-content-source><text:index-body><text:p>One<text:tab/>1</text:p>"
    "</text:index-body></text:table-of-content>": ["⟦¶ 1⟧ First.", "⟦¶ 2⟧ One 1"],
}


@pytest.mark.parametrize("inside", BESIDE)
def test_what_stands_under_a_picture_and_a_list_of_contents_come_in_once(laid: Path, ask: Run, inside: str) -> None:
    """Such files were refused: of the one words were read twice, of the other the pattern was counted that it is made by."""
    given = changed(by_pandoc("PLACE\n", "odt"), lambda xml: re.sub(r"<text:p[^>]*>PLACE</text:p>", inside, xml), "content.xml")
    (laid / "given" / "beside.odt").write_bytes(given)
    (file,) = told(ask, str(laid / "given" / "beside.odt"), "--write")
    assert (file["status"], file["why"]) == ("wrote", "")
    assert records(laid)[Path(file["path"]).name].partition("\n---\n")[2].strip().split("\n\n") == BESIDE[inside]


@pytest.mark.parametrize("inside", FIELDS)
def test_fields_of_an_open_document_are_the_words_that_one_sees(laid: Path, ask: Run, inside: str) -> None:
    """In their place and once; what is hidden is counted. A file with a field was refused, since its words were not read."""
    seen = f"<text:p>{inside}</text:p><text:p>Last.</text:p>"
    content = changed(by_pandoc("PLACE\n", "odt"), lambda xml: re.sub(r"<text:p[^>]*>PLACE</text:p>", seen, xml), "content.xml")
    (laid / "given" / "fields.odt").write_bytes(content)
    (file,) = told(ask, str(laid / "given" / "fields.odt"), "--write")
    assert (file["status"], file["why"]) == ("wrote", "")
    assert file["letters"] == file["taken"] + sum(left["letters"] for left in file["left_out"])
    body = records(laid)[Path(file["path"]).name].partition("\n---\n")[2]
    assert body.startswith(f"⟦¶ 1⟧ {FIELDS[inside]}\n\n⟦¶ 2⟧ Last.\n")


def test_every_letter_is_in_the_record_or_told(laid: Path, ask: Run) -> None:
    """Letters in = letters in the record + letters left out, for each kind; what is left out has its name."""
    files = told(ask, str(laid / "given"))
    assert [file["letters"] for file in files] == [
        file["taken"] + sum(left["letters"] for left in file["left_out"]) for file in files
    ]
    left = {Path(file["file"]).name: {each["what"] for each in file["left_out"]} for file in files}
    assert {"tracked deletions", "comments", "headers and footers", "hidden text"} <= left["a.docx"]
    assert {"hidden text", "tracked deletions"} <= left["e.hwpx"]
    assert "running heads of pages" in left["d.pdf"]
    assert "annotations of other tiers" in left["h.eaf"]


def test_a_record_that_comes_in_is_closed_and_tells_of_nobody(laid: Path, ask: Run) -> None:
    """Whatever a file says of its makers, speakers, paths and rights; no reader learns that there is a record."""
    assert ask("import", str(laid / "given"), "--write").code == 0
    for name, content in list(records(laid).items())[1:]:
        header = content.split("\n---\n", 1)[0]
        assert PERSON not in content, name
        for word in (*PERSON.split(), "home", "given", str(laid)):
            assert word not in header, name
        if "\ntitle: " in header:
            assert "access: {level: closed}" in header
            assert "consent: {status: unknown}" in header
            assert 'name: "XXXX", name_kind: "anonymous"' in header
    assert json.loads(ask("list", "--format", "json").out)["total"] == {"testimonies": 1}
    assert ask("show", "NKT-9002").code == 2


def test_what_a_person_has_to_fill_in_is_named_until_it_is(laid: Path, ask: Run) -> None:
    """How the words are rendered is known of a transcript, and asked of everything else; who speaks is known of none."""
    ask("import", str(laid / "given"), "--write")
    found = ask("check").out
    faults = re.findall(r"testimonies/(\S+?):\d+: (?!warning)(\S+):", found)
    assert {name.split("-")[2].partition(".")[0] for name, _ in faults} == {
        "docx",
        "odt",
        "rtf",
        "pdf",
        "hwpx",
        "hwp",
        "text",
        "markdown",
        "qdpx",
    }
    assert {field for _, field in faults} == {"text.rendering"}
    for file in (laid / "kept/testimonies").iterdir():
        file.unlink() if "9001" not in file.name else None
    ask("import", str(laid / "given"), "--rendering", "translation", "--write")
    checked = ask("check")
    assert (checked.code, "NKT-9002-docx.md:8: warning: witness.name" in checked.out) == (0, True), checked.out
    refused = ask("open", "NKT-9002", "--consent", "given")
    assert (refused.code, "witness.name: has still to be filled in" in refused.err) == (2, True), refused.err
    assert ask("withdraw", "NKT-9003", "--reason", "made up").code == 0
    assert "NKT-9003" not in ask("check").out
    assert ask("set", "NKT-9002", "witness.name=Made Up Teller").code == 0
    assert ask("open", "NKT-9002", "--consent", "given").code == 0
    assert "NKT-9002" not in ask("check").out


def test_a_second_import_says_that_nothing_is_new(laid: Path, ask: Run) -> None:
    """By the bytes of the file, also under another name, also where its record has still faults."""
    ask("import", str(laid / "given"), "--write")
    before = records(laid)
    (laid / "given/a.docx").rename(laid / "given/renamed.docx")
    again = told(ask, str(laid / "given"), "--write")
    assert {file["status"] for file in again} == {"unchanged"}
    assert (records(laid), next(file["code"] for file in again if "renamed" in file["file"])) == (before, "NKT-9002")


def test_a_source_that_has_changed_is_never_written_over(laid: Path, ask: Run) -> None:
    """By the name that the source has for itself; what differs is printed where it is asked for, and the exit code is 1."""
    file = laid / "given/i.xml"
    ask("import", str(file), "--write")
    before = records(laid)
    file.write_bytes(file.read_bytes().replace(b"Another", b"A different"))
    ran = ask("import", str(file), "--write", "--diff")
    assert (ran.code, records(laid)) == (1, before)
    assert "changed: testimonies/NKT-9002-ohms.md" in ran.out
    assert "+⟦00:01:00⟧ TELLER: A different" in ran.out
    made = next((laid / "kept/testimonies").glob("NKT-9002-ohms.md"))
    made.write_text(made.read_text(encoding="utf-8").replace("First line", "First edited line"), encoding="utf-8")
    assert "the record was edited since it was brought in" in " ".join(ask("import", str(file)).out.split())


def test_what_looks_like_a_record_is_left_to_the_person(laid: Path, ask: Run) -> None:
    """Most paragraphs stand in a record already: a version of it, or a new record, as the person says."""
    words = [f"Paragraph {number} of a text made up." for number in range(10)]
    (laid / "one.txt").write_text("\n\n".join(words), encoding="utf-8")
    (laid / "two.txt").write_text("\n\n".join([*words[:8], "Another end."]), encoding="utf-8")
    ask("import", str(laid / "one.txt"), "--write")
    ran = ask("import", str(laid / "two.txt"), "--write")
    assert (ran.code, "alike: testimonies/NKT-9002-text.md" in ran.out) == (1, True)
    assert ask("import", str(laid / "two.txt"), "--write", "--new").code == 0
    assert len(records(laid)) == 3


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("empty.docx", b"", "it is empty"),
        ("x.docx", b"PK\x03\x04 made up", "damaged"),
        ("x.pdf", b"%PDF-1.7 made up", "damaged"),
        ("x.doc", b"\xd0\xcf\x11\xe0 made up", "in a form that only its own program reads"),
        ("x.hwp", b"\xd0\xcf\x11\xe0" + b"\0" * 600 + b"HWP Document File", "save it as .hwpx, and import that"),
        ("x.xml", b"<other/>", "nothing here reads a file of this kind"),
        (
            "x.eaf",
            b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><ANNOTATION_DOCUMENT>&b;</ANNOTATION_DOCUMENT>",
            "document type",
        ),
        ("x.tei", b"<TEI>" + b"<p>" * 300 + b"</p>" * 300 + b"</TEI>", "too deep"),
        ("x.vtt", b"WEBVTT\n\nno cue\n", "no cue with a time"),
        ("x.txt", b"\x00\x01\x02", "it is no text"),
        ("x.txt", b"One <res>word</res> that a record would take for its own tag.\n\nTwo <an>.", "opens <an>"),
        ("x.csv", b"a,b\n1,2\n", "--mapping"),
        ("x.mp4", b"\x00\x00\x00\x20ftyp", "nothing here reads a file of this kind"),
    ],
)
def test_a_bad_file_is_one_line_and_the_others_go_on(laid: Path, ask: Run, name: str, content: bytes, why: str) -> None:
    """Damaged, empty, hostile, of another kind: refused with the reason, and the rest of the batch comes in."""
    (laid / name).write_bytes(content)
    ran = ask("import", str(laid / name), str(laid / "given/g.srt"), "--write")
    assert ran.code == 1
    assert f"refused: {laid / name}" in ran.out
    assert why in " ".join(ran.out.split())
    assert "wrote: testimonies/NKT-9002-srt.md" in ran.out


def test_what_a_plain_count_does_not_confirm_is_refused(laid: Path, ask: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that loses a paragraph, or has one twice, is found out; a person may take it in all the same."""
    read = registry.FileKind.read

    def with_parts(change: Callable[[tuple[Part, ...]], tuple[Part, ...]]) -> None:
        def wrong(kind: registry.FileKind, *given: Any) -> list[SourceText]:
            return [each._replace(parts=change(each.parts)) for each in read(kind, *given)]

        monkeypatch.setattr(registry.FileKind, "read", wrong)

    for change, why in ((lambda parts: parts[1:], "cannot be accounted for"), (lambda parts: parts * 2, "more than once")):
        with_parts(change)
        ran = ask("import", str(laid / "given/g.srt"), "--write")
        assert (ran.code, why in " ".join(ran.out.split())) == (1, True)
    assert len(records(laid)) == 1
    assert ask("import", str(laid / "given/g.srt"), "--write", "--allow-miscount").code == 0


def test_translations_that_come_aligned_are_versions_of_the_record(laid: Path, ask: Run) -> None:
    """Of ELAN with a gap, of OHMS paragraph by paragraph; each is bound to the words that it stands for."""
    ask("import", str(laid / "given/h.eaf"), str(laid / "given/i.xml"), "--write")
    kept = records(laid)
    assert "pairs: [[[2], []]]" in kept["NKT-9002-eaf.en.md"]
    assert kept["NKT-9002-eaf.en.md"].endswith("TELLER: First words.\n")
    assert kept["NKT-9003-ohms.ko.md"].endswith("첫째 문단.\n\n둘째 문단.\n")
    assert ask("check").code == 0
    tier = ask("import", str(laid / "given/h.eaf"), "--tier", "free translation=leave", "--new", "--format", "json")
    assert json.loads(tier.out)["files"][0]["languages"] == []


def test_tables_come_in_by_a_mapping_and_never_by_a_guess(laid: Path, ask: Run) -> None:
    """A row a record, cells as they are shown, dates and camps as the mapping says; what it does not name stays out."""
    found = {}
    for name, (content, mapping) in source_files.tables().items():
        (laid / name).write_bytes(content)
        (laid / "mapping.yaml").write_text(mapping, encoding="utf-8")
        ran = ask("import", str(laid / name), "--mapping", str(laid / "mapping.yaml"), "--write", "--format", "json")
        assert ran.code == 0, ran.out
        found[name] = json.loads(ran.out)["files"]
    kept = records(laid)
    assert [file["paragraphs"] for file in found["n.csv"]] == [1, 2]
    first = kept["NKT-9002-csv.md"]
    assert 'recorded: {date: "2022-01-03"}' in first
    assert 'camps: [{camp: "kwalliso-15"}]' in first
    assert "Maker" not in first
    assert any("a camp was left out" in said for said in found["n.csv"][1]["said"])
    assert kept["NKT-9003-csv.ko.md"].endswith("하나.\n\n둘.\n")
    assert [file["letters"] - file["taken"] for file in found["o.xlsx"]] == [3 + len("199604") + len("hiddenwords") + 1]
    assert ask("check").code == 0


def test_no_cell_of_a_table_is_lost_in_silence(laid: Path, ask: Run) -> None:
    """What stands beside the named columns, or in a second column of a name, is counted; a cut row of a .csv is refused."""
    (laid / "m.yaml").write_text("{key: K, columns: {body: [T]}, fixed: {rendering: verbatim}}", encoding="utf-8")

    def brought(name: str, content: bytes) -> dict[str, Any]:
        (laid / name).write_bytes(content)
        [one] = told(ask, str(laid / name), "--mapping", str(laid / "m.yaml"))
        return one

    def fill(sheet: Any) -> None:
        for cell, value in {"A1": "K", "B1": "T", "C1": "N", "D1": "N", "C2": "abc", "D2": "defg", "E2": "beside"}.items():
            sheet[cell] = value

    one = brought("a.xlsx", source_files.workbook(fill))
    left = {each["what"]: each["letters"] for each in one["left_out"]}
    assert left["columns that the mapping does not name"] == len("abcdefgbeside")
    assert one["letters"] == one["taken"] + sum(left.values())
    one = brought("a.csv", b"K,T,N\nx,Made up,\ny,By a river, and a mine, too\n")
    assert (one["status"], "more cells than there are columns: 3" in one["why"]) == ("refused", True)


def _struck_in_a_workbook() -> bytes:
    def fill(sheet: Any) -> None:
        font, inline, block = openpyxl.styles.Font, openpyxl.cell.text.InlineFont, openpyxl.cell.rich_text.TextBlock
        parts = ("Made up: two ", block(inline(strike=True), "three "), block(inline(strike=True, b=True), "nights"), " days.")
        sheet["A2"], sheet["B2"] = "one", openpyxl.cell.rich_text.CellRichText(*parts)
        sheet.append(["two", "A withdrawn line.\nAnd another.", ""])
        for place in ("A1", "A2", "B4"):
            sheet[place].font = font(strike=True)

    return source_files.workbook(fill)


def _struck_in_an_open_sheet() -> bytes:
    """By the style of a span, of the parent of a cell's style and of a column; a span may take the line away again."""
    held = members(source_files.open_sheet())

    def style(family: str, name: str, line: str, parent: str = "") -> str:
        said = f'<style:text-properties style:text-line-through-style="{line}"/>' if line else ""
        return f'<style:style style:name="{name}" style:family="{family}" style:parent-style-name="{parent}">{said}</style:style>'

    styles = style("text", "T1", "solid") + style("text", "T2", "none")
    styles += style("table-cell", "ce1", "", "Gone") + style("table-cell", "ce2", "solid")

    def row(*cells: str) -> str:
        return f"<table:table-row>{''.join(cells)}</table:table-row>"

    def cell(words: str, named: str = "") -> str:
        style_name = f' table:style-name="{named}"' if named else ""
        return f"<table:table-cell{style_name}><text:p>{words}</text:p></table:table-cell>"

    cells = '<table:table-column/><table:table-column table:default-cell-style-name="ce2"/>'
    cells += row(cell("Interview", "ce1"), cell("Text", "plain"))
    crossed = '<text:span text:style-name="T1">three <text:span text:style-name="bold">nights</text:span></text:span>'
    cells += row(cell("one", "ce1"), cell(f"Made up: two {crossed} days.", "plain"))
    cells += row(cell("two"), cell('A withdrawn line.</text:p><text:p>And another.<text:span text:style-name="T2"> </text:span>'))
    content = held["content.xml"].decode()
    before, after = content.partition("<table:table-row>")[0], content.rpartition("</table:table-row>")[2]
    before = before.replace("<office:body>", f"<office:automatic-styles>{styles}</office:automatic-styles><office:body>")
    before = before.replace('xmlns:text="urn:x"', 'xmlns:text="urn:x" xmlns:style="urn:s"')
    held["content.xml"] = f"{before}{cells}{after}".encode()
    named = style("table-cell", "Gone", "solid")
    held["styles.xml"] = (
        f'<office:document-styles xmlns:office="urn:o" xmlns:style="urn:s">{named}</office:document-styles>'.encode()
    )
    return package(held)


@pytest.mark.parametrize(("ending", "made"), [("xlsx", _struck_in_a_workbook), ("ods", _struck_in_an_open_sheet)])
def test_struck_out_cells_come_in_as_struck_out(laid: Path, ask: Run, ending: str, made: Callable[[], bytes]) -> None:
    """Whole cells, line by line, and parts of their words; the key of a row and the names of columns are what they were."""
    (laid / f"a.{ending}").write_bytes(made())
    (laid / "m.yaml").write_text("{key: Interview, columns: {body: [Text]}, fixed: {rendering: verbatim}}", encoding="utf-8")
    files = told(ask, str(laid / f"a.{ending}"), "--mapping", str(laid / "m.yaml"))
    assert any("struck out" in each for each in files[0]["said"])
    assert ask("import", str(laid / f"a.{ending}"), "--mapping", str(laid / "m.yaml"), "--write").code == 0
    bodies = [content.split("\n---\n", 1)[1] for content in records(laid).values()]
    assert any("Made up: two ~~three nights~~ days." in body for body in bodies)
    assert any(re.search(r"~~A withdrawn line\.~~\n\n~~And another\.~~ ?\n", body) for body in bodies)
    (laid / "one.csv").write_text("Interview,Text\none,Made up: two days.\n", encoding="utf-8")
    [again] = told(ask, str(laid / "one.csv"), "--mapping", str(laid / "m.yaml"))
    assert again["status"] == "changed", again  # by its key, which was struck out


def test_a_hidden_column_and_a_hidden_sheet_of_an_open_sheet_stay_out(laid: Path, ask: Run) -> None:
    """As those of a workbook do, and are counted."""
    held = members(source_files.open_sheet())
    content = held["content.xml"].decode().replace('xmlns:text="urn:x"', 'xmlns:text="urn:x" xmlns:style="urn:s"')
    hiding = '<style:style style:name="ta1" style:family="table"><style:table-properties table:display="false"/></style:style>'
    content = content.replace("<office:body>", f"<office:automatic-styles>{hiding}</office:automatic-styles><office:body>")
    hidden = (
        '<table:table table:name="Zero" table:style-name="ta1"><table:table-row><table:table-cell><text:p>out of sight</text:p>'
        "</table:table-cell></table:table-row></table:table>"
    )
    content = content.replace(
        '<table:table table:name="One">',
        f'{hidden}<table:table table:name="One"><table:table-column table:visibility="collapse"/>',
    )
    held["content.xml"] = content.encode()
    (laid / "a.ods").write_bytes(package(held))
    (laid / "m.yaml").write_text("{columns: {body: [Text]}, fixed: {rendering: verbatim}}", encoding="utf-8")
    [one] = told(ask, str(laid / "a.ods"), "--mapping", str(laid / "m.yaml"))
    left = {each["what"]: each["letters"] for each in one["left_out"]}
    assert left == {"hidden rows, columns and sheets": len("outofsightInterview015")}
    assert one["letters"] == one["taken"] + sum(left.values())


@pytest.mark.parametrize("repeated", ["columns", "rows"])
def test_a_sheet_that_repeats_its_cells_without_end_is_refused(laid: Path, ask: Run, repeated: str) -> None:
    """A few bytes of an .ods may say that a cell stands there a thousand million times."""
    held = members(source_files.open_sheet())
    name, attribute = ("cell", "columns") if repeated == "columns" else ("row", "rows")
    held["content.xml"] = held["content.xml"].replace(
        f"<table:table-{name}>".encode(), f'<table:table-{name} table:number-{attribute}-repeated="1000000000">'.encode()
    )
    (laid / "a.ods").write_bytes(package(held))
    (laid / "m.yaml").write_text("{columns: {body: [Text]}}", encoding="utf-8")
    [one] = told(ask, str(laid / "a.ods"), "--mapping", str(laid / "m.yaml"))
    assert (one["status"], "five million cells" in one["why"]) == ("refused", True)


@pytest.mark.parametrize(
    ("held", "told_of"),
    [
        ({"a.csv": "Key,Text\nx,Made up words.\n", "1.pdf": "x", "b/2.PDF": "y", "__MACOSX/._a.csv": "z"}, "3 other files"),
        ({"import.csv": "Key;Text\nx;Made up words.\n", "old.csv": "x"}, "1 other files"),
        ({"a.csv": "Key,Text\nx,Made up words.\n"}, ""),
    ],
)
def test_a_table_in_a_package_is_a_table(laid: Path, ask: Run, held: dict[str, str], told_of: str) -> None:
    """As Uwazi gives it, with files beside it, which stay out and are told."""
    (laid / "a.zip").write_bytes(package(held))
    mapping = laid / "m.yaml"
    mapping.write_text("{key: Key, columns: {body: [Text]}, fixed: {rendering: verbatim}}", encoding="utf-8")
    assert "# Text: Aaaa" in ask("import", str(laid / "a.zip"), "--columns").out
    [one] = told(ask, str(laid / "a.zip"), "--mapping", str(mapping), "--write")
    assert (one["status"], one["kind"], one["letters"], one["taken"]) == ("wrote", "zip", 12, 11)
    assert told_of in " ".join(one["said"])
    assert "1.pdf" not in json.dumps(one)


@pytest.mark.parametrize("point", ["41.12345|129.56789", '"41.12345, 129.56789"', "-41.12 129.56"])
def test_coordinates_in_a_table_come_into_no_record(laid: Path, ask: Run, point: str) -> None:
    """Also where the mapping names their column: they may be of a grave. They are counted, and a range of days is one."""
    (laid / "a.csv").write_text(f"Key,Text,Where,When\nI-1,Words of 41.5.,{point},2018-01-02 ~ 2018-03-04\n", encoding="utf-8")
    mapping = laid / "m.yaml"
    mapping.write_text(
        "{key: Key, columns: {body: [Text, Where], recorded.date: When}, fixed: {rendering: verbatim}}", encoding="utf-8"
    )
    [one] = told(ask, str(laid / "a.csv"), "--mapping", str(mapping), "--write")
    assert one["status"] == "wrote"
    content = records(laid)[Path(one["path"]).name]
    assert "Words of 41.5." in content
    assert "129" not in content
    assert "2018-01-02/2018-03-04" in content
    assert one["letters"] == one["taken"] + sum(left["letters"] for left in one["left_out"])
    assert any(left["what"].startswith("coordinates") for left in one["left_out"])


def test_a_long_interview_in_one_cell_comes_in_whole(laid: Path, ask: Run) -> None:
    """And one whose quotation mark is never closed, so that other rows would be its words, is refused."""
    words = "Made up. " * 30_000
    mapping = laid / "m.yaml"
    mapping.write_text("{key: Key, columns: {body: [Text]}, fixed: {rendering: verbatim}}", encoding="utf-8")
    (laid / "a.csv").write_text(f'Key,Text\nI-1,"{words}"\nI-2,"odd" words\n', encoding="utf-8")
    first, second = told(ask, str(laid / "a.csv"), "--mapping", str(mapping))
    assert (first["status"], first["taken"], second["status"]) == ("would write", 180_000, "would write")
    (laid / "a.csv").write_text('Key,Text\nI-1,"First words.\nI-2,Second words.\n', encoding="utf-8")
    [one] = told(ask, str(laid / "a.csv"), "--mapping", str(mapping))
    assert "never closed" in one["why"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (package({"a.docx": "x"}), "no table"),
        (package({"a.csv": "x", "b.csv": "y"}), "several tables"),
        (package({"a.csv": "x"})[:60], "damaged"),
        (package({"a.csv": "0" * 30_000_000}), "two hundred times"),
        (package({"../a.csv": "x"}), "leads out"),
        (b"", "it is empty"),
    ],
)
def test_a_package_without_one_table_is_refused(laid: Path, ask: Run, content: bytes, why: str) -> None:
    """With what to do about it."""
    (laid / "a.zip").write_bytes(content)
    (laid / "m.yaml").write_text("{columns: {body: [Text]}}", encoding="utf-8")
    [one] = told(ask, str(laid / "a.zip"), "--mapping", str(laid / "m.yaml"))
    assert one["status"] == "refused"
    assert why in one["why"]


@pytest.mark.parametrize(
    ("mapping", "why"),
    [
        ("columns: {body: [Text], recorded.date: Datum}", "may be read in two ways"),
        ("columns: {body: [Text], nothing: Titel}", "which cannot be"),
        ("columns: {body: [Text], speaker: Titel}", "'speaker', which cannot be with `rows: records`"),
        ("columns: {body: [Text], place: Titel}", "'place', which cannot be with `rows: records`"),
        ("rows: paragraphs\ncolumns: {body: [Text], title: Titel}", "'title', which cannot be with `rows: paragraphs`"),
        ("rows: paragraphs\ncolumns: {body: [Text], body__ko: [Text__ko]}", "'body__ko', which cannot be with"),
        ("columns: {body: [None such]}", "there is no column"),
        ("columns: {title: Titel}", "which columns are the `body`"),
        ("rows: guesses\ncolumns: {body: [Text]}", "none of records, paragraphs"),
        ("rows: records", "no `columns:`"),
        ("columns: {body: [Text]}\nother: 1", "which means nothing there"),
        ("columns: {body: [Text], body__ko: [Titel]}", "not as many paragraphs"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(laid: Path, ask: Run, mapping: str, why: str) -> None:
    """What it says wrongly is named, and nothing is written."""
    (laid / "t.csv").write_bytes(source_files.CSV)
    (laid / "mapping.yaml").write_text(mapping, encoding="utf-8")
    ran = ask("import", str(laid / "t.csv"), "--mapping", str(laid / "mapping.yaml"), "--write")
    assert (ran.code in {1, 2}, why in " ".join((ran.out + ran.err).split()), len(records(laid))) == (True, True, 1)


def test_a_column_is_shown_by_the_shape_of_its_values(laid: Path, ask: Run) -> None:
    """Never by a value; the mapping to begin with can be used as it is printed."""
    (laid / "t.csv").write_bytes(source_files.CSV)
    ran = ask("import", str(laid / "t.csv"), "--columns")
    assert (ran.code, "# Vorname: Aaaaa, Aaaaa…" in ran.out or "# Vorname: Aaaaa" in ran.out) == (0, True)
    assert not re.search("Maker|Madeup|First words|Camp 15", ran.out)
    (laid / "mapping.yaml").write_text(ran.out, encoding="utf-8")
    assert ask("import", str(laid / "t.csv"), "--mapping", str(laid / "mapping.yaml")).code == 0


def test_speakers_have_one_name_each(laid: Path, ask: Run) -> None:
    """As the person says, wherever the source has the name: in its own field, or before its words."""
    files = [str(laid / "given" / name) for name in ("a.docx", "f.vtt")]
    ask("import", *files, "--speaker", "ASKER=Interviewer", "--speaker", "Asker=Interviewer", "--write")
    kept = list(records(laid).values())[1:]
    assert all("Interviewer: Where" in content and "asker" not in content.casefold() for content in kept)


def test_files_are_their_owners_alone_and_carry_no_name(laid: Path, ask: Run) -> None:
    """The name of a file is kept where a person wants it; the file of a record is never open to others."""
    (laid / "given/g.srt").rename(laid / "given/Interview with Nobody.srt")
    ask("import", str(laid / "given/Interview with Nobody.srt"), "--write")
    kept = records(laid)
    assert "Nobody" not in "".join([*kept, *kept.values()])
    assert (laid / "kept/testimonies/NKT-9002-srt.md").stat().st_mode & 0o077 == 0
    (laid / "kept/testimonies/NKT-9002-srt.md").unlink()
    ask("import", str(laid / "given/Interview with Nobody.srt"), "--write", "--keep-name")
    assert 'name: "Interview with Nobody.srt"' in records(laid)["NKT-9002-interview-with-nobody.md"]


@examples(75)
@given(some.lists(some.text(min_size=1, max_size=60), min_size=1, max_size=6))
def test_any_text_comes_in_whole(written: list[str]) -> None:
    """Whatever the words are: the same letters, a body that a record can have, and paragraphs that stay apart."""
    text = "\n\n".join(" ".join(paragraph.split()) for paragraph in written).strip()
    source = text.encode("utf-8", "replace")
    if not text or b"\x00" in source or not any(map(str.isprintable, text)):
        return
    try:
        found = registry.kind_of(source, "made-up.txt")
        texts = found.read(source, "made-up.txt", registry.Options()) if found else []
    except Exception as error:  # noqa: BLE001 - only a refusal may end it
        assert type(error).__name__ == "UnreadableDocument", error  # noqa: PT017
        return
    for each in texts:
        assert each.unaccounted == 0
        for part in each.parts:
            words = clean(part.text)
            assert "\n" not in words
            assert "<!--" not in words


def test_a_part_never_becomes_a_heading_or_a_note_by_its_words() -> None:
    """A paragraph that begins as a heading or a definition of a note does is escaped, with the same letters."""
    for words in ("# one", "## two ", "[^1]: three", "[^1] four", "⟦p. 5⟧ five", "<!-- six -->", "\u202eseven", "#eight"):
        body = in_body(Part(words))
        assert [block.kind for block in paragraphs.split_blocks(body)] == ["passage"], words
        assert count_letters(body) == count_letters(words)
        assert not paragraphs.calls(body)
        assert not list(paragraphs.faults(body)), words


def test_the_reader_knows_where_a_record_came_from(laid: Path, ask: Run) -> None:
    """`source.file` is a field of the header like any other: what it may not say is a fault."""
    ask("import", str(laid / "given/g.srt"), "--write")
    content = records(laid)["NKT-9002-srt.md"].encode()
    authorities = reader.read_authorities(laid / "kept")
    assert reader.read(content, "testimonies/NKT-9002-srt.md", authorities).code == "NKT-9002"
    with pytest.raises(Exception, match="a key that no record has"):
        reader.read(content.replace(b'kind: "srt"', b'kind: "srt", path: "/home"'), "testimonies/NKT-9002-srt.md", authorities)


def test_what_is_written_is_the_same_in_every_language(laid: Path, ask: Run) -> None:
    """A record says the same, whoever brought it in; what is said of it on the way is in their language."""
    given = [str(laid / "given/g.srt"), str(laid / "given/d.pdf"), "--write"]
    written = []
    for language, said in (("en", "wrote: "), ("ko", "썼음: ")):
        ran = ask("--lang", language, "import", *given)
        assert (ran.code, said in ran.out) == (0, True)
        made = [file for file in (laid / "kept/testimonies").iterdir() if "9001" not in file.name]
        written.append({file.name: file.read_bytes() for file in made})
        for file in made:
            file.unlink()
    assert written[0] == written[1] != {}


def test_what_leaves_the_archive_has_no_hash_of_words_that_it_withholds(laid: Path, ask: Run) -> None:
    """Who guesses at a name cannot hold the guess against what the record keeps of its source; with nothing withheld it stays."""
    (laid / "given/n.txt").write_text("He met Nobody Madeup there.\n\nHe left.\n", encoding="utf-8")
    assert ask("import", str(laid / "given/n.txt"), "--rendering", "verbatim", "--write").code == 0
    file = laid / "kept/testimonies/NKT-9002-text.md"
    open_one = (
        file.read_text(encoding="utf-8").replace("level: closed", "level: public").replace("status: unknown", "status: given")
    )
    kept = re.findall(r"[0-9a-f]{8,64}", open_one.split("\n---\n", 1)[0].partition("file: ")[2])
    assert len(kept) == 3  # of the file, and of two paragraphs
    for number, content in enumerate((open_one, open_one.replace("Nobody Madeup", "<an>Nobody Madeup</an>"))):
        file.write_text(content, encoding="utf-8")
        assert ask("check").code == 0
        assert ask("bag", "--output", str(laid / f"bag{number}")).code == 0
        carried = "".join(each.read_text(encoding="utf-8") for each in (laid / f"bag{number}/data/testimonies").iterdir())
        assert [each in carried for each in kept] == [number == 0] * 3
