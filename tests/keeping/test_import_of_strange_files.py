"""`testimony import` of files that are strange, but whole: what their program shows comes in, what it hides stays out."""

import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

import made_up
from archive.documents._plain_open import as_shown
from archive.documents._plain_word import plain
from archive.keeping.importing import _captions as captions
from running import Run
from word_files import by_pandoc, docx, members, package, paragraph, run, simple_field

STYLES = (
    '<w:style w:type="paragraph" w:styleId="Unseen"><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="Onto"><w:basedOn w:val="Unseen"/></w:style>'
    '<w:style w:type="character" w:styleId="Shown"><w:basedOn w:val="Unseen"/><w:rPr><w:vanish w:val="0"/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Struck"><w:rPr><w:strike/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="Under"><w:basedOn w:val="Struck"/></w:style>'
)
"""Words in the first two are not shown, those in the third are; those in the last two are struck out."""


def styled(text: str, properties: str) -> str:
    """Write a run with properties."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def in_style(style: str, *inside: str) -> str:
    """Write a paragraph in a style."""
    return paragraph(f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>', *inside)


ROW = "<w:tr>{}<w:tc>{}</w:tc></w:tr>"
HIDDEN_ROW = "<w:trPr><w:hidden/></w:trPr>"
RUBY = f"<w:r><w:ruby><w:rubyPr/><w:rt>{run('above')}</w:rt><w:rubyBase>{run('below')}</w:rubyBase></w:ruby></w:r>"
WORD: dict[str, tuple[str, list[str], int]] = {
    "a hidden row": (
        f"<w:tbl>{ROW.format('', paragraph('shown row'))}{ROW.format(HIDDEN_ROW, paragraph('unseen'))}</w:tbl>",
        ["⟦¶ 1⟧ shown row"],
        6,
    ),
    "a hidden style": (
        in_style("Unseen", "unseen", styled("but this", '<w:vanish w:val="false"/>'))
        + paragraph("One ", styled("unseen", '<w:rStyle w:val="Onto"/>'), styled("two", '<w:rStyle w:val="Shown"/>')),
        ["⟦¶ 1⟧ but this", "⟦¶ 2⟧ One two"],
        12,
    ),
    "a style that only an earlier version had": (
        paragraph(styled("Shown", "<w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange>")),
        ["⟦¶ 1⟧ Shown"],
        0,
    ),
    "words that are struck out by two lines": (
        paragraph("Seen ", styled("gone", "<w:dstrike/>"), styled(" not", '<w:dstrike w:val="0"/>')),
        ["⟦¶ 1⟧ Seen ~~gone~~ not"],
        0,
    ),
    "a paragraph in a style that strikes out": (
        in_style("Struck", "gone ", styled("but not this", '<w:strike w:val="0"/>'))
        + paragraph("Seen ", styled("gone", '<w:rStyle w:val="Under"/>')),
        ["⟦¶ 1⟧ ~~gone~~ but not this", "⟦¶ 2⟧ Seen ~~gone~~"],
        0,
    ),
    "a field in one element": (paragraph("See ", simple_field(" REF x ", "page 5"), " now."), ["⟦¶ 1⟧ See page 5 now."], 0),
    "words above others": (paragraph("Base ", RUBY, " end"), ["⟦¶ 1⟧ Base below(above) end"], 0),
}
"""The body of a .docx, the body of its record, and how many letters are not shown."""


@pytest.fixture
def ask(root: Path, run: Run) -> Run:
    """Run the program on a collection with one record."""
    made_up.collection(root / "kept", made_up.record(made_up.header("NKT-9001")))
    return lambda *arguments, **environment: run("--root", str(root / "kept"), *arguments, **environment)


def brought_in(root: Path, ask: Run, name: str, content: bytes) -> tuple[dict[str, Any], list[str]]:
    """Return what is said of a file, and the blocks of the body of its record."""
    (root / name).write_bytes(content)
    ran = ask("import", str(root / name), "--rendering", "verbatim", "--write", "--format", "json")
    found = json.loads(ran.out)["files"][0]
    record = root / "kept" / found["path"] if found["path"] else None
    return found, record.read_text(encoding="utf-8").split("\n---\n", 1)[1].strip().split("\n\n") if record else []


@pytest.mark.parametrize("what", WORD)
def test_of_a_document_comes_in_what_its_program_shows(root: Path, ask: Run, what: str) -> None:
    """Also where a style hides words, or a row; also what pandoc passes over; and every letter is accounted for."""
    body, blocks, hidden = WORD[what]
    held = members(docx(body))
    relations = next(name for name in held if name.endswith("document.xml.rels"))
    held[relations] = held[relations].replace(
        b"</Relationships>",
        b'<Relationship Id="s" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles"'
        b' Target="styles.xml"/></Relationships>',
    )
    name = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    held["word/styles.xml"] = f"<w:styles {name}>{STYLES}</w:styles>".encode()
    found, own = brought_in(root, ask, "a.docx", package(held))
    assert own == blocks, found
    assert found["letters"] - found["taken"] == sum(each["letters"] for each in found["left_out"]) == hidden


def open_document(body: str, styles: str = "") -> bytes:
    """Make an .odt of a body and of automatic styles."""
    held = members(by_pandoc("PLACE\n", "odt"))
    content = re.sub(r"<text:p[^>]*>PLACE</text:p>", lambda _: body, held["content.xml"].decode())
    held["content.xml"] = re.sub("(<office:automatic-styles[^>]*>)", lambda tag: tag[0] + styles, content, count=1).encode()
    return package(held)


SAID = '<style:style style:name="{}" style:family="{}" {}><style:text-properties {}/></style:style>'
LINE = 'style:text-line-through-style="solid" style:text-line-through-type="single"'
OPEN_STYLES = "".join(
    (
        SAID.format("Unseen", "text", "", 'text:display="none"'),
        SAID.format("Onto", "text", 'style:parent-style-name="Unseen"', 'fo:font-weight="bold"'),
        SAID.format("Shown", "text", "", 'text:display="true"'),
        SAID.format("P_Unseen", "paragraph", "", 'text:display="none"'),
        SAID.format("P_Struck", "paragraph", "", LINE),
        SAID.format("P_Onto", "paragraph", 'style:parent-style-name="P_Struck"', 'fo:font-weight="bold"'),
        SAID.format("Not", "text", "", 'style:text-line-through-style="none" style:text-line-through-type="none"'),
        SAID.format("Bold", "text", "", 'fo:font-weight="bold"'),
    )
)
CELL = "<table:table-cell><text:p>{}</text:p></table:table-cell></table:table-row>"
NOTE = (
    '<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body><text:p>Note.</text:p>'
    "</text:note-body></text:note>"
)
OPEN: dict[str, tuple[tuple[str, ...], list[str], int]] = {
    "a hidden section": (
        ("<text:p>Seen.</text:p>", '<text:section text:display="none"><text:p>un<text:s/>seen</text:p></text:section>'),
        ["⟦¶ 1⟧ Seen."],
        6,
    ),
    "a section under a condition": (
        (
            '<text:section text:display="condition" text:is-hidden="true"><text:p>unseen</text:p></text:section>',
            '<text:section text:display="condition" text:condition="y"><text:p>Seen.</text:p></text:section>',
        ),
        ["⟦¶ 1⟧ Seen."],
        6,
    ),
    "a hidden paragraph": (
        (
            '<text:p>un<text:hidden-paragraph text:condition="x" text:is-hidden="true"/>seen</text:p>',
            '<text:p>Seen.<text:hidden-paragraph text:condition="y"/></text:p>',
        ),
        ["⟦¶ 1⟧ Seen."],
        6,
    ),
    "a hidden style": (
        (
            '<text:p>One <text:span text:style-name="Unseen">un&amp;seen</text:span>',
            '<text:span text:style-name="Onto">unseen</text:span>two</text:p>',
            '<text:p text:style-name="P_Unseen">unseen <text:span text:style-name="Shown">but this</text:span></text:p>',
        ),
        ["⟦¶ 1⟧ One two", "⟦¶ 2⟧ but this"],
        18,
    ),
    "a hidden row": (
        (
            f"<table:table><table:table-row>{CELL.format('shown row')}",
            f'<table:table-row table:visibility="collapse">{CELL.format("unseen")}</table:table>',
        ),
        ["⟦¶ 1⟧ shown row"],
        6,
    ),
    "hidden text that is empty before such as is not": (
        (
            '<text:p><text:hidden-text text:condition="x" text:string-value="a"/>Seen ',
            '<text:hidden-text text:condition="x" text:string-value="unseen">unseen</text:hidden-text>words.</text:p>',
        ),
        ["⟦¶ 1⟧ Seen words."],
        6,
    ),
    "a paragraph that is struck out": (
        (
            "<text:p>Seen.</text:p>",
            '<text:p text:style-name="P_Struck">All &amp; <text:span text:style-name="Bold">gone</text:span>.</text:p>',
            '<text:p text:style-name="P_Onto"> gone <text:span text:style-name="Not">but not this</text:span> and gone</text:p>',
        ),
        ["⟦¶ 1⟧ Seen.", "⟦¶ 2⟧ ~~All & gone.~~", "⟦¶ 3⟧ ~~gone~~ but not this ~~and gone~~"],
        0,
    ),
    "a note in a paragraph that is struck out": (
        ('<text:p text:style-name="P_Struck">All', NOTE, " gone.</text:p>"),
        ["⟦¶ 1⟧ ~~All[^1] gone.~~", "[^1]: Note."],
        0,
    ),
}
"""The body of an .odt, the body of its record, and how many letters are not shown."""


@pytest.mark.parametrize("what", OPEN)
def test_of_an_open_document_comes_in_what_its_program_shows(root: Path, ask: Run, what: str) -> None:
    """Whatever hides words there; and what a person struck out as a whole is told as such, and not as what stands."""
    body, blocks, hidden = OPEN[what]
    found, own = brought_in(root, ask, "a.odt", open_document("".join(body), OPEN_STYLES))
    assert own == blocks, found
    left_out = {each["what"]: each["letters"] for each in found["left_out"]}
    assert found["letters"] - found["taken"] == sum(left_out.values())
    assert left_out.get("hidden text", 0) == hidden
    assert any("struck out" in each for each in found["said"]) == any("~~" in block for block in blocks)


def test_a_document_without_such_things_is_read_as_it_is() -> None:
    """The control: nothing is written anew where nothing is hidden."""
    content = docx(paragraph("Plain words."))
    assert plain(content) == content
    content = open_document("<text:p>Plain words.</text:p>", OPEN_STYLES)
    assert as_shown(content, with_pictures=True) == (content, False)


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("cp949", "EUC-KR"), ("utf-16", "UTF-16"), ("utf-8-sig", "utf-8"), ("utf-8", ""), ("cp949", "ks_c_5601-1987")],
)
def test_xml_comes_in_whatever_encoding_it_names(root: Path, ask: Run, encoding: str, declared: str) -> None:
    """As Korean programs write it, with and without a mark of its order of bytes."""
    head = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    content = f"{head}<TEI><text><body><p>첫째 문단</p></body></text></TEI>".encode(encoding)
    found, blocks = brought_in(root, ask, "a.xml", content)
    assert (found["status"], blocks) == ("wrote", ["첫째 문단"])


def test_xml_in_another_encoding_than_it_names_is_refused(root: Path, ask: Run) -> None:
    """Nothing is guessed at."""
    for declared in ("utf-8", "no-such", "rot13", "utf-16"):
        head = f'<?xml version="1.0" encoding="{declared}"?>'
        content = f"{head}<TEI><text><body><p>첫째 문단</p></body></text></TEI>".encode("cp949")
        found, _ = brought_in(root, ask, "a.xml", content)
        assert (found["status"], "not written in the encoding" in found["why"]) == ("refused", True), declared


def test_a_package_of_another_kind_is_no_document(root: Path, ask: Run) -> None:
    """One without a table, and one that leads out of its folder: each says what it is, and no file comes out of it."""
    for name, why in (("made-up.exe", "there is no table (.csv)"), ("../../evil.csv", "a name that leads out of it")):
        with zipfile.ZipFile(root / "evil.zip", "w") as package_of_nothing:
            package_of_nothing.writestr(name, "a,b\n")
        ran = ask("import", str(root / "evil.zip"), "--write")
        assert (ran.code, why in " ".join(ran.out.split())) == (1, True), ran.out
    assert not [*root.parent.parent.glob("evil.*"), *root.parent.glob("evil.*")]


def test_an_error_that_a_reader_does_not_know_ends_one_file_alone(root: Path, ask: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told as a fault of the program, with its place, and the rest of the batch comes in."""

    def fails(*_: object) -> None:
        raise ZeroDivisionError

    (root / "a.vtt").write_text("WEBVTT\n\n00:01.000 --> 00:02.000\nWords.\n", encoding="utf-8")
    (root / "b.txt").write_text("Words.\n", encoding="utf-8")
    monkeypatch.setattr(captions, "read", fails)
    ran = ask("import", str(root / "a.vtt"), str(root / "b.txt"))
    assert ran.code == 1
    assert re.search(r"the program fails on it \(ZeroDivisionError, \S+\.py:\d+\)", " ".join(ran.out.split()))
    assert "would write: testimonies/NKT-9002-text.md" in ran.out


def test_a_name_of_a_file_is_one_line(root: Path, ask: Run) -> None:
    """A name with an end of line in it does not look like a line of ours."""
    (root / "a\nwrote: b.txt").write_text("Words.\n", encoding="utf-8")
    ran = ask("import", str(root / "a\nwrote: b.txt"))
    assert "a⟨U+000A⟩wrote: b.txt" in ran.out


def test_a_time_slot_without_a_number_has_no_time(root: Path, ask: Run) -> None:
    """Whatever stands in the place of its time."""
    slot = '<TIME_ORDER><TIME_SLOT TIME_SLOT_ID="a" TIME_VALUE="{}"/></TIME_ORDER>'
    tier = (
        '<TIER TIER_ID="t"><ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="1" TIME_SLOT_REF1="a">'
        "<ANNOTATION_VALUE>words</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER>"
    )
    for value in ("", "abc", "1e999", "nan", "-5", "９"):
        content = f"<ANNOTATION_DOCUMENT>{slot.format(value)}{tier}</ANNOTATION_DOCUMENT>".encode()
        (root / "kept/testimonies/NKT-9002-eaf.md").unlink(missing_ok=True)
        found, blocks = brought_in(root, ask, "a.eaf", content)
        assert blocks == ["words"], (value, found)
