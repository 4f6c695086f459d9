"""Citations in the files of word processors and in PDF: found whatever typesetting did to them, each with its place."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

import made_up
import word_files
from archive.archive import Archive
from archive.formats.dossier_files import write
from archive.record.hashing import passage_hash
from archive.search.model import Query
from citing_parts import converted
from running import Run
from word_files import box, by_pandoc, call, commented, deleted, docx, field, inserted, paragraph, simple_field, table

WORDS = "Made up: coal was dug in the confined mine by the people of the north side."
OTHER = "Made up: the second passage is of another thing altogether, and it is long."
DAY = "2001-02-03"


@pytest.fixture
def mine(root: Path) -> Path:
    """Two records, one with a caveat."""
    caveat = made_up.note("n1", "caution", "Made up: take care.")
    first = made_up.record(made_up.header("NKT-9001", credibility={"notes": [caveat]}), WORDS, OTHER)
    return made_up.collection(root, first, made_up.record(made_up.header("NKT-9002"), OTHER))


def mark(reference: str, words: str = WORDS, digits: int = 16) -> str:
    """Write the end of a citation."""
    return f"{reference} · {DAY} · sha256:{passage_hash(words)[:digits]} · notes n1"


def asked(run: Run, content: bytes, name: str, root: Path, *, code: int = 0) -> dict[str, object]:
    """Verify a file and give the answer as JSON."""
    file = root / name
    file.write_bytes(content)
    ran = run("verify", str(file), "--format", "json")
    assert ran.code == code, ran.out + ran.err
    answer: dict[str, object] = json.loads(ran.out)
    return answer


def seen(answer: dict[str, object]) -> list[tuple[str, str, list[tuple[str, int]]]]:
    """Return reference, outcome and places of each citation."""
    return [
        (each["reference"], each["outcome"], [(place["in"], place["number"]) for place in each["where"]])
        for each in answer["citations"]  # type: ignore[attr-defined]
    ]


PLACES: dict[str, Callable[[str], bytes]] = {
    "paragraph": lambda cited: docx(paragraph(f"See {cited}.")),
    "footnote": lambda cited: docx(paragraph("Words", call("footnote", 1)), notes={"footnote": (f"See {cited}.",)}),
    "endnote": lambda cited: docx(paragraph("Words", call("endnote", 1)), notes={"endnote": (f"See {cited}.",)}),
    "comment": lambda cited: docx(paragraph(commented(1, "Words")), notes={"comment": (f"See {cited}.",)}),
    "text box": lambda cited: docx(paragraph(box(f"See {cited}."))),
    "table row": lambda cited: docx(table(("Words", f"See {cited}."))),
    "header or footer": lambda cited: docx(paragraph("Words"), notes={"header": (f"See {cited}.",)}),
    "insertion": lambda cited: docx(paragraph("Words ", inserted(f"see {cited}."))),
    "field": lambda cited: docx(paragraph("Words ", field(" ADDIN ZOTERO_ITEM CSL_CITATION {} ", f"see {cited}."))),
    "simple field": lambda cited: docx(paragraph("Words ", simple_field(" ADDIN EN.CITE ", f"see {cited}."))),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_citation_is_found_wherever_it_stands_in_a_word_file(mine: Path, run: Run, place: str) -> None:
    """Its place is named by what a person sees, and nothing of it is lost."""
    kind = place if place not in {"insertion", "field", "simple field"} else "paragraph"
    ((reference, outcome, where),) = seen(asked(run, PLACES[place](mark("NKT-9001#p1")), "made-up.docx", mine))
    assert (reference, outcome) == ("NKT-9001#p1", "unchanged")
    assert [name for name, _ in where] == [kind]


SPELLINGS: dict[str, Callable[[str], str]] = {
    "as it was printed": lambda text: text,
    "no-break spaces and hyphens": lambda text: text.replace(" ", "\u00a0").replace("-", "\u2011"),
    "dashes": lambda text: text.replace("-", "–"),
    "soft hyphens": lambda text: text[:30] + "\u00ad" + text[30:],
    "a sign of full width": lambda text: text.replace("#", "＃"),
    "a space behind the sign": lambda text: text.replace("#p", "# p"),
    "a hash with hyphens": lambda text: re.sub(r"(sha256:.{5})", r"\1-", text),
    "a hash over two lines": lambda text: re.sub(r"(sha256:.{9})", r"\1 ", text),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("digits", [16, 64])
def test_what_a_word_processor_does_to_a_citation_hides_nothing(mine: Path, run: Run, spelling: str, digits: int) -> None:
    """Its spaces, hyphens, dashes, and what it corrects by itself."""
    cited = SPELLINGS[spelling](mark("NKT-9001#p1", digits=digits))
    ((reference, outcome, _),) = seen(asked(run, docx(paragraph(f"See {cited}.")), "made-up.docx", mine))
    assert (reference, outcome) == ("NKT-9001#p1", "unchanged")


def test_deleted_words_are_no_quotation_and_inserted_ones_are(mine: Path, run: Run) -> None:
    """With smart quotes; a deleted citation is none."""
    right = docx(
        paragraph("He says “", deleted("Made up: gold "), inserted("Made up: coal "), WORDS[14:], f"” ({mark('NKT-9001#p1')}).")
    )
    answer = asked(run, right, "right.docx", mine)
    assert answer["citations"][0]["quotations"] == [{"text": WORDS.strip("."), "stands": True}] or all(  # type: ignore[index]
        each["stands"]
        for each in answer["citations"][0]["quotations"]  # type: ignore[index]
    )
    assert answer["citations"][0]["quotations"]  # type: ignore[index]
    wrong = docx(
        paragraph("He says “", deleted("Made up: coal "), inserted("Made up: gold "), WORDS[14:], f"” ({mark('NKT-9001#p1')}).")
    )
    answer = asked(run, wrong, "wrong.docx", mine, code=1)
    assert [each["stands"] for each in answer["citations"][0]["quotations"]] == [False]  # type: ignore[index]
    gone = docx(paragraph("Words ", deleted(f"see {mark('NKT-9001#p1')}"), "."))
    assert asked(run, gone, "gone.docx", mine, code=1)["citations"] == []


def test_a_quotation_above_its_footnote_is_compared(mine: Path, run: Run) -> None:
    """In the note that the quotation calls, also when several notes stand at the end."""
    body = paragraph("“", WORDS, "”", call("footnote", 1), " and “an untrue thing that nobody said”", call("footnote", 2), ".")
    notes = {"footnote": (f"{mark('NKT-9001#p1')}.", f"NKT-9002#p1 · undated · sha256:{passage_hash(OTHER)[:16]}.")}
    answer = asked(run, docx(body, notes=notes), "made-up.docx", mine, code=1)
    first, second = answer["citations"]  # type: ignore[misc]
    assert ([each["stands"] for each in first["quotations"]], first["holds"]) == ([True], True)
    assert ([each["stands"] for each in second["quotations"]], second["holds"]) == ([False], False)
    assert [each["number"] for each in (*first["where"], *second["where"])] == [1, 2]


def test_mentions_without_a_hash_are_listed_with_their_citation_of_today(mine: Path, run: Run) -> None:
    """And codes that are none are named; what is cited with a hash somewhere is not listed again."""
    text = f"See NKT-9001#p1, NKT-9001, para. 2, NKT-9002 and NKT-9404#p1; ISO-8601 is none. {mark('NKT-9001#p1')}."
    answer = asked(run, docx(paragraph(text)), "made-up.docx", mine, code=1)
    assert [(each["reference"], each["reason"]) for each in answer["unhashed"]] == [  # type: ignore[attr-defined]
        ("NKT-9001#p2", None),
        ("NKT-9002", None),
        ("NKT-9404#p1", "there is no testimony NKT-9404"),
    ]
    cited = answer["unhashed"][0]["citation"]  # type: ignore[index]
    assert f"sha256:{passage_hash(OTHER)}" in cited
    assert "take care" in cited
    ran = run("verify", str(mine / "made-up.docx"))
    assert "3 mentions cannot be checked" in " ".join(ran.out.split())
    assert "made-up.docx, paragraph 1: NKT-9001#p2  NO HASH" in ran.out
    only = mine / "only.md"
    only.write_text("It is told in NKT-9001#p1.\n", encoding="utf-8")
    ran = run("verify", str(only))
    assert ran.code == 1
    assert "1 mention cannot be checked" in " ".join(ran.out.split())
    assert "no citation of this archive was found" in ran.err


def test_the_name_of_a_record_alone_does_not_fail_a_paper(mine: Path, run: Run) -> None:
    """It is listed; the exit code is that of the citations."""
    answer = asked(run, docx(paragraph(f"As NKT-9002 tells. {mark('NKT-9001#p1')}.")), "made-up.docx", mine, code=0)
    assert [each["reference"] for each in answer["unhashed"]] == ["NKT-9002"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("form", ["docx", "odt", "rtf"])
def test_a_paper_of_each_kind_is_verified(mine: Path, run: Run, form: str) -> None:
    """With the quotation in the text and the citation in its note."""
    escaped = mark("NKT-9001\\#p1")
    paper = by_pandoc(f"# Made up\n\nHe says “{WORDS}”[^1]\n\n[^1]: {escaped}.\n", form)
    answer = asked(run, paper, f"made-up.{form}", mine)
    assert seen(answer) == [("NKT-9001#p1", "unchanged", [("footnote", 1)])]
    assert [each["stands"] for each in answer["citations"][0]["quotations"]] == [True]  # type: ignore[index]


@pytest.mark.parametrize("form", ["docx", "odt", "rtf"])
def test_words_that_are_struck_out_are_not_quoted(mine: Path, run: Run, form: str) -> None:
    """In a paper of each kind; where they are words of the passage, these are missing."""
    for old, new, code in (("coal", "~~ore~~ coal", 0), ("coal", "~~coal~~", 1), ("coal", "~~coal~~ ore", 1)):
        said = WORDS.replace(old, new)
        escaped = mark("NKT-9001\\#p1")
        answer = asked(run, by_pandoc(f"He says “{said}” ({escaped}).\n", form), f"made-up.{form}", mine, code=code)
        assert [each["words_compared"] for each in answer["citations"]] == [True]  # type: ignore[attr-defined]


TAKEN_BACK: Final = {
    ("docx", "run"): "<w:dstrike/>",
    ("docx", "style"): "<w:vanish/>",
    ("odt", "style"): 'text:display="none"',
    ("odt", "paragraph"): 'style:text-line-through-style="solid" style:text-line-through-type="single"',
}


@pytest.mark.parametrize(("form", "by"), TAKEN_BACK)
def test_a_caveat_that_nobody_sees_or_that_is_struck_out_does_not_stand(mine: Path, run: Run, form: str, by: str) -> None:
    """Whatever takes it back: two lines, a style that hides words, a paragraph that is struck out as a whole."""
    with Archive(mine) as room:
        made = write(room.dossier(Query("made"), "", DAY), form)
    properties, said = TAKEN_BACK[form, by], r"Made up: take care\. \(n1"
    if form == "docx":
        style = f'<w:style w:type="character" w:styleId="Unseen"><w:rPr>{properties}</w:rPr></w:style></w:styles>'
        made = word_files.changed(made, lambda xml: xml.replace("</w:styles>", style), "word/styles.xml")
        inside = properties if by == "run" else '<w:rStyle w:val="Unseen"/>'
        instead = rf"<w:r><w:rPr>{inside}</w:rPr>\1"
        pattern, part = rf"<w:r>(?:<w:rPr>.*?</w:rPr>)?(<w:t[^>]*>[^<]*{said})", "word/document.xml"
    else:
        family, part = "paragraph" if by == "paragraph" else "text", "content.xml"
        style = f'<style:style style:name="Unseen" style:family="{family}"><style:text-properties {properties}/></style:style>'
        made = word_files.changed(made, lambda xml: xml.replace("</office:automatic", f"{style}</office:automatic"), part)
        pattern, instead = rf"({said}[^<]*)", r'<text:span text:style-name="Unseen">\1</text:span>'
        if by == "paragraph":
            pattern, instead = rf'(?s)(<text:p text:style-name=")[^"]*("[^>]*>(?:(?!</text:p>).)*{said})', r"\1Unseen\2"
    other = word_files.changed(made, lambda xml: re.sub(pattern, instead, xml), part)
    assert not [each for each in asked(run, made, f"whole.{form}", mine)["citations"] if each["altered"]]  # type: ignore[attr-defined]
    altered = asked(run, other, f"altered.{form}", mine, code=1)
    assert [each["altered"] for each in altered["citations"] if each["altered"]]  # type: ignore[attr-defined]


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
@pytest.mark.parametrize("form", ["pdf", "odt", "rtf", "docx"])
def test_what_libreoffice_makes_of_a_paper_is_verified(mine: Path, run: Run, form: str, tmp_path: Path) -> None:
    """A paper of three pages: each citation with its page, or its note."""
    filler = "\n\n".join(["Words of nobody that fill the page, made up for a test. " * 12] * 6)
    escaped = mark("NKT-9001\\#p1")
    second = f"NKT-9002\\#p1 · undated · sha256:{passage_hash(OTHER)[:16]}"
    paper = f"He says “{WORDS}”[^1]\n\n{filler}\n\nIt says “{OTHER}”[^2]\n\n[^1]: See {escaped}.\n\n[^2]: {second}.\n"
    source = tmp_path / "source.docx"
    source.write_bytes(by_pandoc(paper, "docx"))
    made = converted(source, form, tmp_path / "made")
    answer = asked(run, made.read_bytes(), f"made-up.{form}", mine)
    assert [(each["reference"], each["outcome"]) for each in answer["citations"]] == [  # type: ignore[attr-defined]
        ("NKT-9001#p1", "unchanged"),
        ("NKT-9002#p1", "unchanged"),
    ]
    where = [each["where"][0] for each in answer["citations"]]  # type: ignore[attr-defined]
    if form == "pdf":
        assert where[0]["page"] == 1
        assert where[1]["page"] > 1
    else:
        assert [(each["in"], each["number"]) for each in where] == [("footnote", 1), ("footnote", 2)]
    assert [[each["stands"] for each in cited["quotations"]] for cited in answer["citations"]] == [[True], [True]]  # type: ignore[attr-defined]


def test_what_is_not_compared_in_a_pdf_is_told_for_what_it_is(mine: Path, run: Run) -> None:
    """The marks of its parts stand there, and it was said that none does; in a .docx these are compared."""
    pytest.importorskip("typst")
    with Archive(mine) as room:
        document = room.dossier(Query("made"), "", DAY)
    for form, told in (("pdf", ["works"]), ("docx", [])):
        file = mine / f"made.{form}"
        file.write_bytes(write(document, form))
        ran = run("verify", str(file))
        assert ("no mark stands below" in ran.out, "since it is a PDF" in ran.out) == (False, bool(told)), ran.out
        found = asked(run, file.read_bytes(), file.name, mine)
        assert [each["parts"] for each in found["not_compared"]] == [told][: len(told)]  # type: ignore[attr-defined]


def test_the_word_file_of_a_dossier_is_verified_right(mine: Path, run: Run) -> None:
    """Every word of it; one that is altered is seen."""
    with Archive(mine) as room:
        document = room.dossier(Query("made"), "", DAY)
    made = write(document, "docx")
    answer = asked(run, made, "dossier.docx", mine)
    assert [(each["reference"], each["holds"], each["words_compared"]) for each in answer["citations"]] == [  # type: ignore[attr-defined]
        ("NKT-9001#p1", True, True),
        ("NKT-9001#p2", True, True),
        ("NKT-9002#p1", True, True),
    ]
    assert answer["unhashed"] == []
    for old, new in (("in the confined mine", "in the open mine"), ("Made up: take care.", "Made up: no care.")):
        other = word_files.changed(made, lambda text, old=old, new=new: text.replace(old, new), "word/document.xml")
        altered = asked(run, other, "altered.docx", mine, code=1)
        assert [each for each in altered["citations"] if each["altered"]]  # type: ignore[attr-defined]
