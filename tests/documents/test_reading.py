"""Foreign files: every word with its place, whoever wrote it and however, and no file that decides how long we work."""

import io
import os
import sys
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

import word_files
from archive.documents import _blocks, _child, _package, _pdf, reading
from archive.documents.model import BlockKind, DocumentBlock, as_lines
from archive.errors import MissingExtra, UnreadableDocument
from word_files import box, by_pandoc, call, commented, deleted, docx, field, inserted, paragraph, simple_field, table

EVERY = docx(
    paragraph("Made up: one", inserted(" put in"), deleted(" taken out"), call("footnote", 1), call("endnote", 1)),
    paragraph("Two ", field(' ADDIN ZOTERO_ITEM CSL_CITATION {"x": 1} ', "(seen in a field)"), " and on"),
    paragraph(simple_field(" ADDIN EN.CITE ", "(seen in a simple field)")),
    paragraph(box("in a box")),
    table(("left", "right")),
    paragraph(commented(1, "remarked")),
    notes={
        "footnote": ("Of the foot.",),
        "endnote": ("Of the end.",),
        "comment": ("A remark.",),
        "header": ("At the head.",),
    },
)


def told(document: bytes, name: str = "made-up.docx") -> list[tuple[BlockKind, int, str]]:
    """Give the blocks of a document, the words with their kind and number."""
    return [(block.kind, block.number, block.text) for block in reading.read(document, name).blocks]


def test_every_word_of_a_word_file_has_its_kind_and_its_number() -> None:
    """Notes, comments, fields, tables, text boxes, heads; what is inserted twice, what is deleted only as such."""
    found = told(EVERY)
    for expected in (
        (BlockKind.PARAGRAPH, 1, "Made up: one put in [^@footnote-1][^@endnote-1]"),
        (BlockKind.INSERTION, 1, "put in"),
        (BlockKind.DELETION, 1, "taken out"),
        (BlockKind.FOOTNOTE, 1, "Of the foot."),
        (BlockKind.ENDNOTE, 1, "Of the end."),
        (BlockKind.PARAGRAPH, 2, "Two (seen in a field) and on"),
        (BlockKind.PARAGRAPH, 3, "(seen in a simple field)"),
        (BlockKind.ROW, 5, "left | right"),
        (BlockKind.COMMENT, 1, "A remark."),
        (BlockKind.PARAGRAPH, 6, "remarked"),
        (BlockKind.MARGIN, 1, "At the head."),
    ):
        assert expected in found
    assert sum(text == "in a box" for _, _, text in found) == 1
    lines = as_lines(reading.read(EVERY, "made-up.docx"))
    assert "taken out" not in lines.text
    assert [line.strip() for line in lines.text.split("\n") if "foot" in line and line.startswith("[^")] == [
        "[^@footnote-1]: Of the foot."
    ]


def test_each_line_of_the_text_is_that_of_one_block() -> None:
    """So that a line tells the note or the paragraph; the text has no line that belongs to none."""
    lines = as_lines(reading.read(EVERY, "made-up.docx"))
    for line, block in zip(lines.text.split("\n"), lines.blocks, strict=True):
        assert (block is None) == (line == "")
        assert block is None or block.text in line


MARKDOWN = "# Made up\n\nWords of a paragraph.[^1]\n\n> A quotation, 인용.\n\n1) an item\n\n[^1]: Of the foot.\n"


@pytest.mark.parametrize("form", ["docx", "odt", "rtf", "html"])
def test_what_other_programs_write_is_read(form: str) -> None:
    """The same words in the same order, a note called where it is."""
    text = as_lines(reading.read(by_pandoc(MARKDOWN, form), f"made-up.{form}")).text
    assert "Words of a paragraph." in text
    assert "인용." in text
    assert "an item" in text
    assert "Of the foot." in text
    if form != "html":
        assert "Words of a paragraph.[^@footnote-1]" in text


def test_the_title_and_the_author_of_a_document_stay_in_its_text() -> None:
    """Pandoc takes them out by their style; a reader sees them."""
    made = by_pandoc("Words.\n", "docx")
    styled = '<w:p><w:pPr><w:pStyle w:val="{}"/></w:pPr><w:r><w:t>{}</w:t></w:r></w:p>'
    first = styled.format("Title", "The title") + styled.format("Author", "The author")
    titled = word_files.changed(made, lambda text: text.replace("<w:body>", f"<w:body>{first}"), "word/document.xml")
    assert [text for _, _, text in told(titled)] == ["The title", "The author", "Words."]


def test_word_on_the_web_names_the_body_otherwise() -> None:
    """The package says which part it is."""
    assert told(docx(paragraph("Made up."), main="word/document2.xml")) == [(BlockKind.PARAGRAPH, 1, "Made up.")]


LONG = "sha256:" + "1a2b3c4d5e6f7a8b" * 4


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("sha256:1a2b3c4d-5e6f7a8b", "sha256:1a2b3c4d5e6f7a8b"),
        ("sha256:1a2b3c4d 5e6f7a8b add", "sha256:1a2b3c4d5e6f7a8b add"),
        ("sha256:1a2b-3c4d-5e6f-7a8b.", "sha256:1a2b3c4d5e6f7a8b."),
        ("sha-256:1a2b3c4d5e6f7a8b", "sha256:1a2b3c4d5e6f7a8b"),
        (f"{LONG[:20]}-{LONG[20:45]} {LONG[45:]}", LONG),
        (f"{LONG[:23]} {LONG[23:]}", LONG),
        ("2026–11–21 · sha256:1a2b3c4d5e6f7a8b", "2026-11-21 · sha256:1a2b3c4d5e6f7a8b"),
        ("sha256:1a2b3c4d5e6f7a8b · notes n1:9c41-d07e", "sha256:1a2b3c4d5e6f7a8b · notes n1:9c41d07e"),
        ("conﬁdent, ﬂat", "confident, flat"),
        ("sha256:1a2b3c4d-5e6f", "sha256:1a2b3c4d-5e6f"),
        ("a well-known 2020–2021 range", "a well-known 2020–2021 range"),
    ],
)
def test_what_typesetting_broke_is_whole_again(written: str, read: str) -> None:
    """A hash broken by a hyphen or a line, a day with dashes, ligatures; what makes no whole hash stays as it is."""
    assert _blocks.as_typed(written) == read


@given(some.text(max_size=60))
def test_words_without_a_hash_are_only_folded(text: str) -> None:
    """No letter or digit comes or goes."""
    kept = [sign for sign in _blocks.as_typed(text) if sign.isalnum()]
    if "256" not in text and not any("\ufb00" <= sign <= "\ufb06" for sign in text) and text.isascii():
        assert kept == [sign for sign in text if sign.isalnum()]


# Hostile files


def refused(content: bytes, name: str = "made-up.docx") -> str:
    """Give why a file is refused."""
    with pytest.raises(UnreadableDocument) as error:
        reading.read(content, name)
    return error.value.message


def zipped(**named: bytes) -> bytes:
    """Make a package whose first member looks like a word processor's."""
    return word_files.package({name.replace("__", "/").replace("_xml", ".xml"): content for name, content in named.items()})


BOMB = zipped(word__document_xml=b"<w>" + b" " * 12_000_000 + b"</w>")
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">' + b"".join(
        b'<!ENTITY %s "%s">' % (bytes([98 + n]), b"&%s;" % bytes([97 + n]) * 10) for n in range(8)
    ) + b"]><x>&i;</x>"
)  # fmt: skip


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (BOMB, "more than two hundred times its size"),
        (zipped(word__document_xml=LAUGHS), "a document type of its own"),
        (zipped(word__document_xml=b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'), "a document type"),
        (zipped(word__document_xml=b"<x>" * 300 + b"</x>" * 300), "nested too deep"),
        (zipped(word__document_xml=b"<x>"), "not well formed"),
        (word_files.package({"../out.xml": b"<x/>"}), "leads out of it"),
        (word_files.package({"/etc/x.xml": b"<x/>"}), "leads out of it"),
        (word_files.package({f"{number}.txt": b"" for number in range(2_001)}), "more than 2,000 members"),
        (word_files.package({"word/document.xml": word_files.package({"x": b"x"})}), "a package inside of its package"),
        (word_files.package({"readme.txt": b"x"}), "its package has no text"),
        (b"PK\x03\x04 made up", "its package cannot be opened"),
        (EVERY[: len(EVERY) // 2], "its package cannot be opened"),
    ],
    ids=["bomb", "laughs", "entity", "deep", "xml", "traversal", "absolute", "members", "nested", "no text", "no zip", "cut"],
)
def test_a_hostile_package_is_refused_with_its_reason(content: bytes, why: str) -> None:
    """Before any other program sees it, and soon."""
    start = time.monotonic()
    assert why in refused(content)
    assert time.monotonic() - start < 60


def test_a_declared_size_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a member really unfolds to is counted; also of many members together."""
    monkeypatch.setattr(_package, "MOST_BYTES", 1_000)
    with pytest.raises(_package.RefusedFile, match="200 MB"):
        _package.open_package(word_files.package({"a.xml": b"<a/>" * 200, "b.xml": b"<b/>" * 200}))


def test_a_link_and_a_password_are_refused() -> None:
    """A member that is a link, and one that is encrypted."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as held:
        link = zipfile.ZipInfo("word/document.xml")
        link.external_attr = 0o120777 << 16
        held.writestr(link, "/etc/passwd")
    assert "is a link" in refused(buffer.getvalue())


def test_what_only_its_own_program_reads_is_said_with_what_to_do() -> None:
    """An old Word file, and one of Hangul."""
    with pytest.raises(UnreadableDocument, match="only its own program reads") as error:
        reading.read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 made up", "made-up.doc")
    assert ".docx" in error.value.remedy


def test_a_reader_that_crashes_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not the end of this program; a signal, an endless loop and too much memory are the same."""
    for code in (
        "import os; os.kill(os.getpid(), 9)",
        "x = bytearray(3_000_000_000)",
        "raise SystemExit(3)",
    ):
        limits = "import sys; sys.path.insert(0, sys.argv[1]); from archive import system; system.limit_process(2_000_000_000, 5)"
        monkeypatch.setattr(reading, "_START", f"{limits}; {code}")
        assert "ran out of its limits, or crashed" in refused(EVERY)


@pytest.mark.skipif(sys.platform != "linux", reason="limits of a process are read from /proc")
def test_the_child_has_limits_no_environment_and_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two gigabytes, a minute of the processor, an empty folder that is its owner's alone, and nothing of the parent."""
    monkeypatch.setenv("MADE_UP_SECRET", "x")
    start = (
        "import sys; sys.path.insert(0, sys.argv[1]); import os, json, pathlib; from archive.documents import _child\n"
        "_child._read = lambda task, content, arguments: {'paragraphs': [], 'calls': [],"
        "'limits': pathlib.Path('/proc/self/limits').read_text(),"
        "'environment': dict(os.environ), 'mode': os.stat('.').st_mode & 0o777, 'files': os.listdir('.')}\n"
        "_child.main('word', [])"
    )
    monkeypatch.setattr(reading, "_START", start)
    found = reading.look(EVERY, "docx", "made-up.docx")
    assert f"Max cpu time              {_child.SECONDS}" in found["limits"]
    assert f"Max address space         {_child.MEMORY}" in found["limits"]
    assert "MADE_UP_SECRET" not in found["environment"]
    assert (found["mode"], found["files"]) == (0o700, [])
    reach = start.replace(
        "_child.main",
        "_child._read = lambda task, content, arguments: __import__('socket').create_connection(('127.0.0.1', 9))\n_child.main",
    )
    monkeypatch.setattr(reading, "_START", reach)
    assert "socket." in refused(EVERY)


def test_a_file_is_refused_for_its_size_before_anything_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of every kind."""
    monkeypatch.setattr(reading, "MOST_BYTES", 100)
    assert "larger than" in refused(EVERY)
    assert "larger than" in refused(b"%PDF-1.7" + b" " * 200, "made-up.pdf")


def test_a_missing_library_is_told_with_the_install_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """That of the README, and no package by a name that is not ours."""
    monkeypatch.setattr(reading, "find_spec", lambda _: None)
    with pytest.raises(MissingExtra, match="reads such files") as error:
        reading.read(b"%PDF-1.7 made up", "made-up.pdf")
    assert "requirements/extras.txt" in error.value.remedy


def test_what_a_parser_leaves_lies_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder of the child is gone with it."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    reading.read(EVERY, "made-up.docx")
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - names alone


def test_the_kinds_of_blocks_are_told_apart() -> None:
    """The control: a block of another kind has another name, so a note is never taken for a comment."""
    assert len({DocumentBlock(kind, "x", 1).name for kind in BlockKind}) == len(BlockKind)


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("cam\ufffepaign", "campaign"),
        ("NKT\ufffe9002#p1", "NKT-9002#p1"),
        ("2026\ufffe11-21", "2026-11-21"),
        ("sha256:1a2b\ufffe3c4d", "sha256:1a2b-3c4d"),
        ("North\ufffeKorea", "North-Korea"),
        ("broken at its end\ufffe", "broken at its end\ufffe"),
    ],
)
def test_a_hyphen_at_the_end_of_a_printed_line_goes_only_from_a_word(line: str, read: str) -> None:
    """PDFium marks it by a sign of its own, and sets the lines together; a code, a day and a hash keep theirs."""
    assert _pdf.with_hyphens(line) == read


@pytest.mark.parametrize(
    ("edges", "numbers"),
    [
        ([["A title"], ["Head 82", "x"], ["83 Head"], ["Chapter"], ["Head 85"], ["- 86 -"]], ["", "82", "83", "84", "85", "86"]),
        ([["i"], ["ii"], ["iii"], ["1"], ["Chapter 2"], ["3"]], ["i", "ii", "iii", "1", "2", "3"]),
        ([["Words 1990"], ["Words 12"], ["Words 4"]], ["", "", ""]),
        ([["81"], ["82"]], ["", ""]),
        ([["12"], *[["x"]] * 9, ["22"], ["23"]], [""] * 12),
    ],
)
def test_the_number_of_a_page_is_what_goes_up_by_one(edges: list[list[str]], numbers: list[str]) -> None:
    """At the top or the bottom, Arabic or Roman; the first page of a chapter has its turn, and a number by chance is none."""
    assert _pdf.printed_numbers(edges) == numbers


@pytest.mark.parametrize(
    ("footer", "expected"), [("[#(counter(page).get().first() + 80)]", ["81", "82", "83"]), ("[]", [""] * 3)]
)
def test_a_page_of_a_pdf_is_called_by_the_number_that_is_printed_on_it(footer: str, expected: list[str]) -> None:
    """Where the file itself does not name its pages."""
    typst = pytest.importorskip("typst")
    pages = [f"Made up: {word} words on a page that go on for some time.\n" for word in ("first", "second", "third")]
    made = typst.compile(f"#set page(footer: context {footer})\n{'#pagebreak()'.join(pages)}".encode())
    blocks = reading.read(bytes(made), "made-up.pdf").blocks
    assert [block.label for block in blocks if "Made up" in block.text] == expected


def test_the_fault_is_said_and_not_a_warning_before_it() -> None:
    """Of a file that pandoc warns of first, the reason is what it ended on."""
    with pytest.raises(UnreadableDocument, match=r"pandoc cannot read it \(Error at"):
        reading.read(b"{\\rtf1 \xe9 made up {words", "x.rtf")
