"""Dossiers for a word processor and for paper: real footnotes, contents, Korean said to be Korean, no sign without a picture."""

import io
import re
import shutil
import zipfile
from pathlib import Path

import pytest

import made_up
from archive.archive import Archive
from archive.documents import _typesetting as typesetting
from archive.documents import pandoc, reading
from archive.documents.model import BlockKind
from archive.errors import CannotTypeset, MissingExtra
from archive.formats import dossier_files
from archive.formats.bibliography import entries, styled
from archive.formats.dossier_content import Document
from archive.record.hashing import passage_hash
from archive.search.model import Query
from citing_parts import converted
from running import Run
from word_files import members

DAY = "2001-02-03"
WORDS = "Made up: coal was dug at 요덕 by the people."
CAVEAT = "Made up: take care, 조심."


def has_hangul() -> bool:
    """Return whether typst finds a font with Hangul on this machine."""
    typst = pytest.importorskip("typst")
    return bool(set(typst.Fonts().families()) & set(typesetting.HANGUL_FONTS))


needs_font = pytest.mark.skipif(not has_hangul(), reason="no font with Hangul is installed")


@pytest.fixture
def document(root: Path) -> Document:
    """A dossier of two made-up records."""
    notes = [made_up.note("n1", "caution", CAVEAT)]
    made_up.collection(
        root,
        made_up.record(made_up.header("NKT-9001", credibility={"notes": notes}), WORDS, f"Again: {WORDS}"),
        made_up.record(made_up.header("NKT-9002", title="Made up: 석탄"), f"Other: {WORDS}"),
    )
    with Archive(root) as room:
        return room.dossier(Query("coal"), "", DAY)


def written(document: Document, form: str, style: str = "", font: str = "") -> bytes:
    """Write a dossier with footnotes in a style."""
    notes = {}
    for _, group in document.groups if style else ():
        for each in group:
            made = styled.style_entry(entries.of_passage(each, document.dossier.authorities), style)
            notes[each.reference] = made.note or made.entry
    return dossier_files.write(document, form, dossier_files.DossierLayout(notes, font=font))


def citation(reference: str, words: str) -> str:
    """Return a part of a citation that nothing else has."""
    return f"{reference} · {'undated' if '9002' in reference else DAY} · sha256:{passage_hash(words)[:16]}"


@pytest.mark.parametrize("form", ["docx", "odt"])
@pytest.mark.parametrize("style", ["", "oscola", "apa"])
def test_each_passage_has_a_footnote_with_its_citation_and_its_caveats(document: Document, form: str, style: str) -> None:
    """Called at its words, in the style that was chosen; the caveats stand below the words too."""
    read = reading.read(written(document, form, style), f"made-up.{form}")
    notes = {block.number: block.text for block in read.blocks if block.kind is BlockKind.FOOTNOTE}
    assert len(notes) == 3
    for number, (reference, words) in enumerate(
        (("NKT-9001#p1", WORDS), ("NKT-9001#p2", f"Again: {WORDS}"), ("NKT-9002#p1", f"Other: {WORDS}")), start=1
    ):
        called = [block.text for block in read.blocks if f"[^@footnote-{number}]" in block.text]
        assert called == [f"{words}[^@footnote-{number}]"]
        assert citation(reference, words) in notes[number]
        assert (CAVEAT in notes[number]) is (reference != "NKT-9002#p1")
    assert sum(CAVEAT in block.text for block in read.blocks if block.kind is BlockKind.PARAGRAPH) >= 1


@pytest.mark.parametrize("form", ["docx", "odt"])
def test_the_contents_lead_to_headings_that_a_navigation_knows(document: Document, form: str) -> None:
    """Every heading of the upper two levels, in the order of the document, under its own style."""
    content = written(document, form)
    read = reading.read(content, f"made-up.{form}")
    headings = [block for block in read.blocks if block.kind is BlockKind.HEADING and block.level]
    upper = [block.text for block in headings if block.level <= 2 and block.text != document.dossier.title]
    assert {"What was asked", "The testimonies", "NKT-9002 Made up: 석탄", "Works cited"} <= set(upper)
    texts = [block.text for block in read.blocks if block.kind is BlockKind.PARAGRAPH]
    at = texts.index("Contents")
    assert [re.sub(r"^\W+", "", text) for text in texts[at + 1 : at + 1 + len(upper)]] == upper
    if form == "docx":
        body = members(content)["word/document.xml"].decode()
        targets = re.findall(r'<w:hyperlink w:anchor="([^"]+)"', body)
        assert len(targets) == len(upper)
        assert set(targets) <= set(re.findall(r'<w:bookmarkStart [^>]*w:name="([^"]+)"', body))
        assert '<w:pStyle w:val="Heading1"' in body


def test_words_with_hangul_are_said_to_be_korean_and_others_are_not(document: Document) -> None:
    """In the body and in the notes of a .docx; in an .odt by a style of their own."""
    parts = members(written(document, "docx"))
    for name in ("word/document.xml", "word/footnotes.xml"):
        for run in re.findall(r"<w:r>.*?</w:r>", parts[name].decode(), re.DOTALL):
            is_korean = re.search(r"[\uac00-\ud7a3]", run) is not None
            assert ('w:lang w:val="ko-KR" w:eastAsia="ko-KR"' in run) is is_korean
    assert 'fo:language="ko"' in members(written(document, "odt"))["content.xml"].decode()


@pytest.mark.parametrize("form", ["docx", "odt"])
def test_a_file_tells_nothing_of_its_maker_and_is_the_same_each_time(document: Document, form: str) -> None:
    """No name, program or time but the day that was asked for."""
    content = written(document, form)
    assert written(document, form) == content
    about = members(content)["docProps/core.xml" if form == "docx" else "meta.xml"].decode()
    assert f"{DAY}T00:00:00Z" in about
    assert set(re.findall(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]+", about)) == {f"{DAY}T00:00:00"}
    assert "pandoc" not in about.casefold()
    with zipfile.ZipFile(io.BytesIO(content)) as held:
        assert {entry.date_time for entry in held.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@needs_font
def test_a_pdf_is_tagged_has_its_fonts_and_is_the_same_each_time(document: Document) -> None:
    """Its words, notes and caveats can be read again; nothing tells of the time."""
    content = written(document, "pdf")
    assert written(document, "pdf") == content
    assert content.startswith(b"%PDF-")
    assert b"CreationDate" not in content
    assert b"/StructTreeRoot" in content
    assert b"/Lang" in content
    text = "".join("".join(block.text.split()) for block in reading.read(content, "made-up.pdf").blocks)
    for told in (WORDS, CAVEAT, "Contents", "The testimonies", citation("NKT-9001#p1", WORDS)):
        assert "".join(told.split()) in text


@needs_font
def test_a_pdf_of_a_dossier_is_verified(document: Document, root: Path, run: Run) -> None:
    """Each citation with its page; what is quoted stands in the passage."""
    file = root / "made-up.pdf"
    file.write_bytes(written(document, "pdf", "oscola"))
    ran = run("verify", str(file))
    assert ran.code == 0, ran.out
    assert ran.out.endswith("3 citations: 3 unchanged.\n")
    assert "made-up.pdf, page " in ran.out


@needs_font
def test_a_sign_without_a_picture_is_an_error_and_no_empty_box(root: Path) -> None:
    """It names the sign; a font that is not there, or that is none, likewise."""
    made_up.collection(root, made_up.record(made_up.header("NKT-9001"), "Made up: coal \U00012000 and no more."))
    with Archive(root) as room:
        document = room.dossier(Query("coal"), "", DAY)
    with pytest.raises(CannotTypeset, match="no font has a picture for"):
        written(document, "pdf")
    with pytest.raises(CannotTypeset, match="the font No Such Font is not installed"):
        written(document, "pdf", font="No Such Font")
    fake = root / "fake.ttf"
    fake.write_bytes(b"made up")
    with pytest.raises(CannotTypeset, match="is no font"):
        written(document, "pdf", font=str(fake))


def test_hangul_without_a_font_says_what_to_install(document: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    """And a typst that is not installed says so."""
    pytest.importorskip("typst")
    monkeypatch.setattr(typesetting, "HANGUL_FONTS", ())
    with pytest.raises(CannotTypeset, match="no font with Hangul is installed") as error:
        written(document, "pdf")
    assert "fonts-nanum" in error.value.remedy
    monkeypatch.setattr(typesetting, "_LIBRARY", "no_such_library")
    with pytest.raises(MissingExtra, match="typst") as missing:
        written(document, "pdf")
    assert "requirements/extras.txt" in missing.value.remedy


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
@pytest.mark.parametrize("form", ["docx", "odt"])
def test_libreoffice_shows_footnotes_contents_and_hangul(document: Document, form: str, tmp_path: Path) -> None:
    """Printed as PDF and read again."""
    file = tmp_path / f"dossier.{form}"
    file.write_bytes(written(document, form))
    printed = converted(file, "pdf", tmp_path / "made")
    text = "".join("".join(block.text.split()) for block in reading.read(printed.read_bytes(), "made-up.pdf").blocks)
    for told in ("Contents", "NKT-9002 Made up: 석탄", WORDS, CAVEAT, citation("NKT-9002#p1", f"Other: {WORDS}")):
        assert "".join(told.split()) in text


def test_the_command_writes_footnotes_in_the_style_that_was_chosen(document: Document, root: Path, run: Run) -> None:
    """In any case of its name; the style is seen in the words of the notes."""
    notes = []
    for style in ("OSCOLA", "apa"):
        ran = run("dossier", "coal", "--output", str(root / f"{style}.docx"), "--style", style, "--date", DAY)
        assert ran.code == 0, ran.err
        notes.append(members((root / f"{style}.docx").read_bytes())["word/footnotes.xml"])
        assert CAVEAT.encode() in b"".join(re.findall(rb">([^<]+)<", notes[-1])).replace(b"\n", b"")
    assert notes[0] != notes[1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--output", "x.docx", "--font", "NanumGothic"), "--font is for a .pdf"),
        (("--output", "-", "--format", "pdf"), "a .pdf cannot be printed"),
    ],
)
def test_options_without_a_meaning_are_refused(document: Document, run: Run, arguments: tuple[str, ...], said: str) -> None:
    """Before anything is written."""
    ran = run("dossier", "coal", *arguments)
    assert ran.code == 2
    assert said in ran.err


def test_the_column_that_names_the_rows_of_a_table_has_the_room_for_it() -> None:
    """More than any column of numbers, in the grid of the file itself."""
    table = "| camp, vantage point | 1970s | 1980s | 1990s |\n| --- | ---: | ---: | ---: |\n| Made up: a name | 1/2 | 0/1 | - |\n"
    made = pandoc.typeset(f"## Made up\n\n{table}", "docx", pandoc.DocumentMetadata("Made up", "en", DAY), "Contents")
    widths = [int(each) for each in re.findall(r'<w:gridCol w:w="([0-9]+)"', members(made)["word/document.xml"].decode())]
    assert len(widths) == 4
    assert widths[0] > 1.5 * max(widths[1:])
