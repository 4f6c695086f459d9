"""Comments of a document become notes that bind nobody until a person has made them their own; nobody is named who wrote them."""

import json
import re
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import made_up
import word_files
from archive import Archive
from archive.documents.model import count_letters
from archive.keeping.importing import _remarks as remarks
from archive.keeping.importing._model import SourceRemark
from archive.record import paragraphs
from examples import number_of
from running import ask_program

AUTHOR = "Zqxauthor"


def _docx() -> bytes:
    """Comments on a word that stands twice, over two paragraphs, on a place, in a table, and on nothing."""
    document = word_files.docx(
        word_files.paragraph("It was a zebra and ", word_files.commented(1, "a zebra"), " again."),
        word_files.paragraph('<w:commentRangeStart w:id="2"/>', "A quagga ran."),
        word_files.paragraph("An okapi stood.", word_files.call("comment", 2)),
        word_files.paragraph(word_files.commented(3, ""), "A dodo."),
        word_files.table(("made", "up")),
        notes={
            "comment": ("Which zebra?", "Both are doubtful.", "A place.", "On nothing at all."),
            "footnote": (),
        },
    )
    return _by(document)


def _by(document: bytes) -> bytes:
    """Name an author of each comment, as every program does."""
    return word_files.changed(
        document, lambda xml: xml.replace("<w:comment ", f'<w:comment w:author="{AUTHOR}" '), "word/comments.xml"
    )


def _odt() -> bytes:
    """The same in an OpenDocument file; one comment has two paragraphs."""
    document = word_files.by_pandoc(
        "It was a zebra and ZEBRA1 again.\n\nRUN2A quagga ran.\n\nAn okapi stood.END2\n\nPLACE3A dodo.\n", "odt"
    )

    def remark(number: int, *said: str, named: bool) -> str:
        name = f' office:name="c{number}"' if named else ""
        words = "".join(f"<text:p>{each}</text:p>" for each in said)
        about = f"<dc:creator>{AUTHOR}</dc:creator><dc:date>2001-01-01T00:00:00</dc:date>"
        return f"<office:annotation{name}>{about}{words}</office:annotation>"

    def with_remarks(xml: str) -> str:
        end = '<office:annotation-end office:name="c{}"/>'
        xml = xml.replace("ZEBRA1", f"{remark(1, 'Which', 'zebra?', named=True)}a zebra{end.format(1)}")
        xml = xml.replace("RUN2", remark(2, "Both are doubtful.", named=True)).replace("END2", end.format(2))
        return xml.replace("PLACE3", remark(3, "A place.", named=False))

    return word_files.package(
        {
            name: with_remarks(held.decode()) if name == "content.xml" else held
            for name, held in word_files.members(document).items()
        }
    )


@pytest.fixture(params=["docx", "odt"])
def brought(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A file with comments beside an empty collection."""
    made_up.collection(tmp_path / "root", made_up.record(made_up.header("ZZT-0001"), "Another."))
    file = tmp_path / f"a.{request.param}"
    file.write_bytes(_docx() if request.param == "docx" else _odt())
    return file


def _import(file: Path, *options: str) -> dict[str, Any]:
    ran = ask_program(file.parent / "root", "import", str(file), "--format", "json", "--rendering", "verbatim", *options)
    [told] = json.loads(ran.out)["files"]
    assert told["status"] in {"would write", "wrote"}, told
    return dict(told)


def test_comments_are_left_out_and_counted_unless_they_are_asked_for(brought: Path) -> None:
    """Then they are proposals, and every letter is in one of the two: the counts are equal, and the sum is the same."""
    without, taken = _import(brought), _import(brought, "--notes", "comments")
    [left] = [each for each in without["left_out"] if each["what"] == "comments"]
    assert without["proposals"] == []
    assert left["letters"] == sum(count_letters(each["statement"]) for each in taken["proposals"])
    assert taken["letters"] == without["letters"]
    assert taken["taken"] == without["taken"] + left["letters"]
    assert not [each for each in taken["left_out"] if each["what"] == "comments"]


def test_each_is_bound_to_the_words_that_it_is_on(brought: Path) -> None:
    """The second of two zebras, two paragraphs with a hash each, a whole paragraph, and what is on no words the record."""
    told = _import(brought, "--notes", "comments", "--by", "xq", "--write")
    with Archive(brought.parent / "root", "restricted") as archive:
        content = (brought.parent / "root" / told["path"]).read_text(encoding="utf-8")
        assert told["code"] not in archive.codes(), "it is closed"
    assert AUTHOR not in content
    assert "2001-01-01" not in content
    found = re.findall(r"\{id: n\d+.*?date: [0-9-]+\}", content, re.DOTALL)
    assert len(found) == len(told["proposals"]) == (4 if brought.suffix == ".docx" else 3)
    first, second, third, *rest = found
    assert 'exact: "a zebra", prefix: "It was a zebra and ", suffix: " again."' in first.replace("\n", "")
    assert re.search(r'paragraphs: \[2, 3\], sha256: \["[0-9a-f]{16}", "[0-9a-f]{16}"\]\}', second)
    assert re.search(r'paragraphs: \[4\], sha256: \["[0-9a-f]{16}"\]\}', third)
    assert all("about: {record: true}" in each for each in rest)
    for each, statement in zip(found, ("Which zebra?", "Both are doubtful.", "A place."), strict=False):
        assert f'statement: "XXXX {statement}"' in each
        assert "flag: caution" in each
        assert "by: xq" in each
    body = content.partition("\n---\n")[2]
    assert "⟦@" not in body
    assert "⟦¶ 1⟧ It was a zebra and a zebra again." in body


def test_nothing_is_in_force_that_no_person_has_confirmed(brought: Path) -> None:
    """`check` names each, `open` refuses; once they are written as one's own, it opens: the control."""
    root = brought.parent / "root"
    told = _import(brought, "--notes", "comments", "--write")
    file = root / told["path"]
    checked = ask_program(root, "check").out
    assert checked.count("credibility.notes") >= len(told["proposals"])
    opening = ("open", told["code"], "--consent", "given", "--by", "xq")
    before = file.read_bytes()
    ran = ask_program(root, *opening)
    assert ran.code != 0
    assert "credibility.notes" in ran.err + ran.out
    assert file.read_bytes() == before
    file.write_bytes(before.replace(b'"XXXX ', b'"'))
    assert "credibility.notes" not in ask_program(root, *opening).err


def test_a_second_import_says_unchanged_and_proposes_nothing(brought: Path) -> None:
    """The notes that are there are a person's own by now."""
    _import(brought, "--notes", "comments", "--write")
    ran = ask_program(brought.parent / "root", "import", str(brought), "--format", "json", "--notes", "comments")
    [again] = json.loads(ran.out)["files"]
    assert (again["status"], again["proposals"]) == ("unchanged", [])


def test_the_words_of_a_record_are_the_same_with_its_comments_and_without(brought: Path) -> None:
    """Calls leave no trace in the body, in no number and no hash."""
    root = brought.parent / "root"
    file = root / _import(brought, "--write")["path"]
    first = file.read_text(encoding="utf-8").partition("\n---\n")[2]
    file.unlink()
    second = (root / _import(brought, "--notes", "comments", "--write")["path"]).read_text(encoding="utf-8")
    assert second.partition("\n---\n")[2] == first


_said = st.text(st.sampled_from("ab 가é.[]⟦⟧@1"), min_size=1, max_size=12).filter(str.strip)


@settings(phases=(Phase.explicit, Phase.reuse, Phase.generate), max_examples=number_of(60))
@given(st.lists(_said, min_size=1, max_size=4), st.data())
def test_a_quote_is_what_stands_between_the_calls(words: list[str], data: st.DataObject) -> None:
    """In a body of any words, wherever the two calls stand: it stands in the paragraph, at that place, and at one alone."""
    clean = [" ".join(each.replace("⟦", "[").replace("⟧", "]").split()) for each in words]
    at = data.draw(st.integers(0, len(clean) - 1))
    text = f"Made {clean[at]} up {clean[at]}"
    first = data.draw(st.integers(0, len(text)))
    last = data.draw(st.integers(first, len(text)))
    called = f"{text[:first]}⟦@7⟧{text[first:last]}⟦@7⟧{text[last:]}"
    body = "\n\n".join(f"⟦¶ {number}⟧ {called if number == at + 1 else f'Made {each}'}" for number, each in enumerate(clean, 1))
    [(_, note)] = remarks.notes_of(body, [SourceRemark("Made up.", 7)], "xq", "2001-02-03")
    whole = next(block.text for block in paragraphs.passages(remarks.without_calls(body)) if block.number == at + 1)
    assert note.about.paragraphs == (at + 1,)
    assert len(note.about.hashes) == 1
    assert note.statement == "XXXX Made up."
    quote = " ".join(text[first:last].split())
    assert note.about.exact in {"", quote}
    if quote and note.about.exact:
        bound = f"{note.about.prefix}{note.about.exact}{note.about.suffix}"
        assert bound in whole
        assert note.about.prefix or whole.count(quote) == 1 or whole.partition("⟧ ")[2].startswith(quote)


def test_a_document_that_holds_calls_of_its_own_binds_nothing_else(tmp_path: Path) -> None:
    """What looks like a call in its words is words; the file comes in with them, and all letters are accounted for."""
    made_up.collection(tmp_path / "root", made_up.record(made_up.header("ZZT-0001"), "Another."))
    file = tmp_path / "a.docx"
    file.write_bytes(
        _by(
            word_files.docx(
                word_files.paragraph("Made up ⟦@1⟧ words."),
                word_files.paragraph(word_files.commented(1, "A zebra.")),
                notes={"comment": ("Is it ⟦@1⟧?",)},
            )
        )
    )
    told = _import(file, "--notes", "comments", "--write")
    content = (tmp_path / "root" / told["path"]).read_text(encoding="utf-8")
    assert "[@1] words" in content
    assert told["proposals"][0]["paragraphs"] == [2]
    with zipfile.ZipFile(BytesIO(file.read_bytes())) as held:
        assert "⟦@1⟧" in held.read("word/document.xml").decode()
