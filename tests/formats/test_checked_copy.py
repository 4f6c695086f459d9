"""A checked copy of a Word file: a remark at each citation that says what became of it, and nothing else in it changed."""

import html
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import made_up
import word_files
from archive.archive import Archive
from archive.record.hashing import passage_hash
from citing_parts import converted
from running import Run, ask_program
from verification_parts import git
from word_files import box, by_pandoc, call, commented, deleted, docx, field, inserted, members, paragraph, table

WORDS = "Made up: in the valley number {} the people dug coal from the morning to the night of every day."
COUNT = 12
CHANGED = {2: "CHANGED", 4: "caveat added since", 6: "WITHDRAWN", 8: "MOVED", 10: "caveat changed since"}
"""The records that change after the report was written, and what a remark has to say of each."""


def head(number: int, **more: object) -> dict[str, object]:
    """Return the header of a made-up record with a caveat."""
    notes = [made_up.note("n1", "caution", f"Made up: take care of {number}.")]
    return made_up.header(f"NKT-{9000 + number}", credibility={"notes": notes}, **more)


def change(root: Path) -> None:
    """Change five of the records."""
    made_up.put(root, made_up.record(head(2), WORDS.format(2).replace("coal", "gold")))
    notes = [
        made_up.note("n1", "caution", "Made up: take care of 4."),
        made_up.note("n2", "caution", "Made up: another denies it."),
    ]
    made_up.put(root, made_up.record(made_up.header("NKT-9004", credibility={"notes": notes}), WORDS.format(4)))
    made_up.put(
        root, made_up.record(head(6, consent={"status": "withdrawn", "was_public": "true"}, access={"level": "closed"}), "Shut.")
    )
    made_up.put(root, made_up.record(head(8), "Made up: a paragraph before it.", WORDS.format(8)))
    notes = [made_up.note("n1", "caution", "Made up: do not use it at all.")]
    made_up.put(root, made_up.record(made_up.header("NKT-9010", credibility={"notes": notes}), WORDS.format(10)))


def as_word_sets(text: str) -> str:
    """Do to the words of a part what Word does while a person types."""
    return re.sub(r"(NKT)-(9[0-9]{3})", "\\1\u2011\\2", text).replace("sha256:", "sha256:\u00ad").replace(" · ", "\u00a0· ")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A report with twelve footnotes of ``cite --style oscola``, and the collection, five records of which have changed since."""
    root = tmp_path_factory.mktemp("report")
    made_up.collection(root, *(made_up.record(head(number), WORDS.format(number)) for number in range(1, COUNT + 1)))
    git(root, "init", "-q")
    git(root, "add", "testimonies")
    git(root, "commit", "-qm", "Made up")
    lines, notes = ["# A made-up report", ""], []
    with Archive(root) as room:
        for number in range(1, COUNT + 1):
            [citation] = room.cite(f"NKT-{9000 + number}#p1")
            note = room.in_style(citation, "oscola").note
            lines += [f"Of the valley {number} it is told: “{WORDS.format(number)}”[^{number}]", ""]
            notes += [f"[^{number}]: " + re.sub(r"([\\`*_{}\[\]<>#@~^|$&])", r"\\\1", note), ""]
    file = root / "report.docx"
    file.write_bytes(word_files.changed(by_pandoc("\n".join([*lines, *notes]), "docx"), as_word_sets, "word/footnotes.xml"))
    change(root)
    git(root, "commit", "-qam", "Changed")
    return root, file


@pytest.fixture(scope="module")
def checked(report: tuple[Path, Path]) -> Path:
    """The checked copy of the report."""
    root, file = report
    copy = root / "checked.docx"
    ran = ask_program(root, "verify", str(file), "--output", str(copy))
    assert ran.code == 1, ran.err
    return copy


def remarks(content: bytes) -> dict[int, str]:
    """Return the words of each remark, by the number of the footnote at whose call it stands in the body."""
    parts = {name: held.decode() for name, held in members(content).items() if name.endswith(".xml")}
    said = {
        found[1]: html.unescape(re.sub(r"<[^>]+>", "", found[2].replace("</w:p>", "\n")))
        for found in re.finditer(r'<w:comment [^>]*w:id="([0-9]+)"[^>]*>(.*?)</w:comment>', parts["word/comments.xml"], re.DOTALL)
    }
    body = parts["word/document.xml"]
    found = {}
    for name, words in said.items():
        inside = re.search(
            rf'<w:commentRangeStart [^>]*w:id="{name}"/>(.*?)<w:commentRangeEnd [^>]*w:id="{name}"/>', body, re.DOTALL
        )
        assert inside, name
        [number] = re.findall(r'<w:footnoteReference w:id="([0-9]+)"', inside[1])
        found[list(re.findall(r'<w:footnoteReference w:id="([0-9]+)"', body)).index(number) + 1] = words
    return found


def test_the_remarks_of_twelve_footnotes_say_which_five_records_changed(checked: Path) -> None:
    """And how: old and new words, the caveat that came, what was taken back, where it went."""
    said = remarks(checked.read_bytes())
    assert set(said) == set(range(1, COUNT + 1))
    for number, words in said.items():
        first = words.splitlines()[0]
        assert first.startswith(f"NKT-{9000 + number}#p1")
        assert CHANGED.get(number, "UNCHANGED") in first
        assert (first == f"NKT-{9000 + number}#p1  UNCHANGED") == (number not in CHANGED)
        assert number == 6 or f"take care of {number}" in words or number == 10
    assert "people dug coal from the morning" in said[2]
    assert "people dug gold from the morning" in said[2]
    assert "Made up: another denies it." in said[4]
    assert "NKT-9008#p2" in said[8]
    assert "Made up: do not use it at all." in said[10]
    assert "do not use its words" in said[6]
    assert "valley" not in said[6]


def test_nothing_else_in_the_copy_changed(report: tuple[Path, Path], checked: Path) -> None:
    """Every other part is byte for byte as it was; of the body what was put in is taken out, and the rest is what it was."""
    before, after = members(report[1].read_bytes()), members(checked.read_bytes())
    touched = {"word/document.xml", "word/comments.xml", "word/_rels/document.xml.rels", "[Content_Types].xml"}
    assert {name for name in after if after[name] != before.get(name)} <= touched
    assert set(before) <= set(after)
    assert without_remarks(after["word/document.xml"]) == before["word/document.xml"]
    assert b"gold" not in before["word/document.xml"]  # the control: what is taken out is what was put in


def without_remarks(body: bytes) -> bytes:
    """Take out of a body what was put in: marks of remarks, and the page at the end."""
    bare = re.sub(rb'<w:commentRange(?:Start|End) xmlns:w="[^"]+" w:id="[0-9]+"/>', b"", body)
    bare = re.sub(rb'<w:r xmlns:w="[^"]+"><w:commentReference w:id="[0-9]+"/></w:r>', b"", bare)
    return re.sub(rb'<w:p xmlns:w="[^"]+">.*?</w:p>', b"", bare, flags=re.DOTALL)


def test_the_page_at_the_end_sums_up(checked: Path) -> None:
    """Each citation with its note and its outcome, and what is to be done where it does not hold."""
    body = members(checked.read_bytes())["word/document.xml"].decode()
    page = [
        html.unescape(re.sub(r"<[^>]+>", "", found)) for found in re.findall(r'<w:p xmlns:w="[^"]+">.*?</w:p>', body, re.DOTALL)
    ]
    assert page[0].startswith("Citations checked by ")
    assert page[1].startswith("12 citations: 9 unchanged, 1 changed, 1 moved, 1 withdrawn")
    for number in range(1, COUNT + 1):
        assert any(line.startswith(f"footnote {number}: NKT-{9000 + number}#p1") for line in page)
    assert sum("Cite now: " in line for line in page) == 4


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_libreoffice_opens_the_copy_with_its_remarks(checked: Path, tmp_path: Path) -> None:
    """Each remark is there as one of its own, and the words of the report are what they were."""
    text = converted(checked, "odt", tmp_path / "made")
    content = members(text.read_bytes())["content.xml"].decode()
    assert len(re.findall("<office:annotation ", content)) == COUNT
    assert content.count("Of the valley") == COUNT
    notes = re.findall(r"<text:note-body>(.*?)</text:note-body>", content)
    assert sum("Testimony Archive" in note for note in notes) == COUNT  # none is taken for a remark of its number


def mark(number: int) -> str:
    """Write the end of a citation."""
    return f"NKT-{9000 + number}#p1 · 2001-02-03 · sha256:{passage_hash(WORDS.format(number))[:16]} · notes n1"


def test_a_remark_finds_its_place_in_every_part(report: tuple[Path, Path], run: Run, tmp_path: Path) -> None:
    """Fields stay whole, what is in a box, a cell or a comment is remarked beside it, and what stands in a head is listed."""
    source = tmp_path / "parts.docx"
    source.write_bytes(
        docx(
            paragraph(f"One {mark(1)} and two ", field(" ADDIN ZOTERO_ITEM {} ", mark(3)), " and on"),
            paragraph(box(mark(5))),
            table(("cell", mark(7))),
            paragraph(commented(1, "remarked"), deleted(mark(9)), inserted(" more")),
            paragraph("end", call("endnote", 1), " and NKT-9012#p1 alone"),
            notes={"comment": (mark(11),), "endnote": (mark(1),), "header": (mark(3),)},
        )
    )
    before = members(source.read_bytes())
    copy = tmp_path / "copy.docx"
    ran = ask_program(report[0], "verify", str(source), "--output", str(copy))
    assert copy.exists(), ran.err
    after = members(copy.read_bytes())
    assert {name for name in after if after[name] != before.get(name)} == {"word/document.xml", "word/comments.xml"}
    body = after["word/document.xml"].decode()
    assert without_remarks(after["word/document.xml"]) == before["word/document.xml"]
    start, end = r'<w:commentRangeStart xmlns:w="[^"]+" w:id="([0-9]+)"/>', r'<w:commentRangeEnd xmlns:w="[^"]+" w:id="\1"/>'
    inside = dict(re.findall(f"{start}(.*?){end}", body, re.DOTALL))
    comment = r'<w:comment xmlns:w="[^"]+" w:id="([0-9]+)"[^>]*>(.*?)</w:comment>'
    every = re.findall(comment, after["word/comments.xml"].decode(), re.DOTALL)
    said = {name: re.sub(r"<[^>]+>", " ", words) for name, words in every}
    assert set(inside) == set(said)
    by_subject = {words.split()[0]: inside[name] for name, words in said.items() if "NKT-9001" not in words.split()[0]}
    assert set(by_subject) == {f"NKT-{9000 + number}#p1" for number in (3, 5, 7, 11, 12)}
    assert by_subject["NKT-9003#p1"].count("<w:fldChar") == 3
    assert 'w:commentReference w:id="1"' in by_subject["NKT-9011#p1"]
    assert "alone" in by_subject["NKT-9012#p1"]
    assert "NO HASH" in next(words for words in said.values() if words.split()[0] == "NKT-9012#p1")
    assert "Made Up" not in str(said)
    assert "header or footer 1" in body
    assert "NKT-9009" not in body.replace(mark(9), "")


@pytest.mark.parametrize(
    ("wanted", "target", "said"),
    [
        (["report.docx"], "report.docx", "is the file that is checked"),
        (["report.docx"], "copy.odt", "is a .docx"),
        (["paper.md"], "copy.docx", "is a .docx"),
        (["report.docx", "paper.md"], "copy.docx", "one file"),
        (["NKT-9001#p1 sha256:1234567890abcdef"], "copy.docx", "one file"),
        (["-"], "copy.docx", "one file"),
        (["report.docx"], "testimonies/copy.docx", "is no record"),
        (["report.docx"], "there.docx", "is there already"),
    ],
)
def test_what_cannot_be_a_checked_copy_is_refused(report: tuple[Path, Path], wanted: list[str], target: str, said: str) -> None:
    """With what to do; no file is written, and the one that is checked never."""
    root, file = report
    (root / "paper.md").write_text(mark(1), encoding="utf-8")
    (root / "there.docx").write_bytes(b"made up")
    before = file.read_bytes()
    named = [str(root / each) if each.endswith((".docx", ".md")) else each for each in wanted]
    ran = ask_program(root, "verify", *named, "--output", str(root / target))
    assert ran.code in {2, 15}
    assert said in ran.err
    assert file.read_bytes() == before
    assert (root / "there.docx").read_bytes() == b"made up"
    assert not (root / "copy.docx").exists()


def test_the_same_report_gives_the_same_bytes(report: tuple[Path, Path], checked: Path) -> None:
    """No day, no name of who made it, no order of chance."""
    root, file = report
    again = root / "again.docx"
    ask_program(root, "verify", str(file), "--output", str(again))
    assert again.read_bytes() == checked.read_bytes()
    assert subprocess.run(["id", "-un"], capture_output=True, check=True, text=True).stdout.strip() not in str(
        remarks(again.read_bytes())
    )
