"""Annotations of hypothes.is become proposals on words of records: in force nowhere, by nobody, and none is lost in silence."""

import csv
import io
import json
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import made_up
from archive.documents.model import count_letters
from archive.keeping.importing import _anchors as anchors
from archive.keeping.importing import _registry as registry
from archive.keeping.importing._model import Quote, SourceRemark
from archive.keeping.importing._remarks import notes_of
from archive.text import squash
from examples import number_of
from running import Ran, ask_program

USER = "zqxannotator"
"""Stands wherever such a file names a person, and must be told nowhere."""
PAGE = f"https://{USER}.example/interview.pdf"


def annotation(exact: str, text: str, prefix: str = "", suffix: str = "", **others: Any) -> dict[str, Any]:
    """Make an annotation as the service gives it."""
    quote = {"type": "TextQuoteSelector", "exact": exact, "prefix": prefix, "suffix": suffix}
    return {
        "id": "made-up",
        "user": f"acct:{USER}@hypothes.is",
        "user_info": {"display_name": USER},
        "uri": PAGE,
        "text": text,
        "tags": [],
        "group": "__world__",
        "permissions": {"read": ["group:__world__"], "admin": [f"acct:{USER}@hypothes.is"]},
        "target": [{"source": PAGE, "selector": [{"type": "TextPositionSelector", "start": 0, "end": 9}, quote]}],
        "document": {"title": [f"Interview by {USER}"]},
        **others,
    }


ROWS = (
    annotation("a zebra", "Which of them?", "quagga and ", " ran past"),
    annotation("the very tall\n  made-up tree. A line", "It was not tall.", tags=["doubt", "나무"]),
    annotation("zebra", "Which?"),
    annotation("A zebra", "The first one.", uri="https://archive.example/r/ZZT-0001"),
    annotation("no such words stand in any record here", "Gone."),
    annotation("zebra", "An answer.", references=["made-up"]),
    annotation("a zebra", "For my eyes alone.", "quagga and ", permissions={"read": [f"acct:{USER}@hypothes.is"]}),
    annotation("a zebra", ""),
    annotation("", "On the page.", target=[{"source": PAGE}]),
    annotation("얼룩말이 방앗간을 지나 달려갔다고 들었다. 만든 이야기이다", "확인할 것"),
)


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """An open record, a closed one, a withdrawn one and one with faults; one has the line ends of Windows."""
    root = made_up.collection(
        tmp_path / "kept",
        made_up.record(
            made_up.header("ZZT-0001"),
            "⟦¶ 1⟧ A zebra stood here[^1].",
            "A quagga and a zebra ran past the mill.",
            "[^1]: A note.",
        ),
        made_up.record(
            made_up.header("ZZT-0003", language="ko"), "그날 얼룩말이 방앗간을 지나 달려갔다고 들었다. 만든 이야기이다. 끝."
        ),
    )
    closed = made_up.header("ZZT-0002", access={"level": "closed"}, consent={"status": "unknown"})
    made_up.put(
        root,
        made_up.record(closed, "An okapi slept under the very tall made-up tree.\nA line more.").replace("\n", "\r\n").encode(),
    )
    gone = made_up.header("ZZT-0004", access={"level": "closed"}, consent={"status": "withdrawn"})
    made_up.put(root, made_up.record(gone, "These withdrawn words were made up for a test."))
    faulty = made_up.header("ZZT-0005", text={"rendering": "XXXX"})
    made_up.put(root, made_up.record(faulty, "These faulty words were made up for a test too."))
    return root


def bring(root: Path, content: bytes, *options: str, name: str = "a.json") -> tuple[Ran, dict[str, Any]]:
    """Import a file of annotations, and return what was said of it."""
    file = root.parent / name
    file.write_bytes(content)
    ran = ask_program(root, "import", str(file), "--format", "json", *options)
    [told] = json.loads(ran.out)["files"]
    assert USER not in ran.out + ran.err
    return ran, dict(told)


def as_rows(*rows: dict[str, Any]) -> bytes:
    """Write annotations as a search of the service gives them."""
    return json.dumps({"total": len(rows), "rows": rows}).encode()


def contents(root: Path) -> dict[str, bytes]:
    """Return the files of the records."""
    return {file.name: file.read_bytes() for file in (root / "testimonies").iterdir()}


def test_each_is_bound_to_its_words_or_told(kept: Path) -> None:
    """By the words around them, by the address of the page, across lines and in Korean; every letter is accounted for."""
    ran, told = bring(kept, as_rows(*ROWS))
    assert (ran.code, told["status"], told["kind"]) == (1, "proposed", "annotations")
    assert [(each["number"], each["code"], each["paragraphs"], each["note"]) for each in told["proposals"]] == [
        (1, "ZZT-0001", [2], ""),
        (2, "ZZT-0002", [1], "n1"),
        (4, "ZZT-0001", [1], ""),
        (10, "ZZT-0003", [1], ""),
    ]
    assert told["proposals"][1]["statement"] == "It was not tall. [doubt, 나무]"
    assert [line.partition(".")[0] for line in told["said"]] == ["3", "5"]
    assert "several places: ZZT-0001" in told["said"][0]
    assert "in no record" in told["said"][1]
    assert {each["what"]: (each["number"], each["letters"]) for each in told["left_out"]} == {
        "replies to annotations": (1, 8),
        "annotations that were not made for everybody": (1, 14),
        "marked words of which nothing is said": (1, 0),
        "annotations on a whole page": (1, 9),
        "annotations that are bound to no words": (2, 9),
    }
    assert told["letters"] == sum(count_letters(f"{row['text']}{row['tags']}") for row in ROWS)
    assert told["letters"] == told["taken"] + sum(each["letters"] for each in told["left_out"])
    assert told["taken"] == sum(count_letters(each["statement"]) for each in told["proposals"])


def test_nothing_is_written_into_a_record_that_readers_have(kept: Path) -> None:
    """Into a closed one it is, to be confirmed; for others there is the command that enters it, and it does."""
    before = contents(kept)
    bring(kept, as_rows(*ROWS))
    assert contents(kept) == before
    _, told = bring(kept, as_rows(*ROWS), "--write", "--by", "xq")
    assert {name for name, content in contents(kept).items() if content != before[name]} == {"ZZT-0002-made-up.md"}
    written = contents(kept)["ZZT-0002-made-up.md"].decode()
    assert 'statement: "XXXX It was not tall. [doubt, 나무]"' in written
    assert 'quote: {exact: "the very tall made-up tree. A line"}' in written
    assert "by: xq" in written
    assert "\n" not in written.replace("\r\n", "")
    opening = ask_program(kept, "open", "ZZT-0002", "--consent", "given", "--by", "xq")
    assert opening.code != 0
    assert "credibility.notes" in opening.err + opening.out
    program, *entering = shlex.split(told["proposals"][0]["command"])
    assert program == "testimony"
    assert ask_program(kept, *entering, "--by", "xq").code == 0
    noted = contents(kept)["ZZT-0001-made-up.md"].decode()
    assert 'exact: "a zebra"' in noted
    assert 'statement: "Which of them?"' in noted


def test_what_a_record_has_as_a_note_is_not_proposed_again(kept: Path) -> None:
    """Neither what was written to be confirmed, nor what a person has confirmed since."""
    bring(kept, as_rows(*ROWS), "--write")
    file = kept / "testimonies/ZZT-0002-made-up.md"
    for confirmed in (file.read_bytes(), file.read_bytes().replace(b'"XXXX ', b'"')):
        file.write_bytes(confirmed)
        _, told = bring(kept, as_rows(ROWS[1]), "--write")
        assert told["proposals"] == []
        [left] = told["left_out"]
        assert (left["what"], left["number"]) == ("annotations that the record has as notes already", 1)
        assert file.read_bytes() == confirmed


def test_words_of_a_version_bind_to_the_paragraphs_that_they_stand_for(kept: Path) -> None:
    """Through the pairs of the version, with the quote and its language; what stands nowhere says where it was looked for."""
    closed = made_up.header("ZZT-0006", access={"level": "closed"}, consent={"status": "unknown"})
    body = ("First made up.", "Second made up.", "Third <res>giraffe</res> up.", "Fourth made up.")
    made_up.put(kept, made_up.record(closed, *body))
    pairs = [[[1, 2], [1]]]
    told_in_korean = (
        "첫째와 둘째는 코끼리를 보았다고 지어낸 말이다.",
        "셋째로 지어낸 <res>기린</res>의 말이 여기에 길게 있다.",
        "넷째 말.",
    )
    made_up.put(kept, made_up.version("ZZT-0006", "ko", *told_in_korean, pairs=pairs))
    rows = (
        annotation("둘째는 코끼리를 보았다고 지어낸 말", "하마를 잘못 옮김", "첫째와 ", "이다."),
        annotation("셋째로 지어낸 기린의 말이 여기에 길게", "확인할 것"),
        annotation("어디에도 없는 아주 긴 말을 찾는다", "없음", uri="https://archive.example/ko/ZZT-0006"),
        annotation("Second made up.", "Of the record.", uri="https://archive.example/ZZT-0006"),
    )
    before = contents(kept)
    ran, told = bring(kept, as_rows(*rows), "--write")
    assert (ran.code, told["letters"]) == (1, told["taken"] + sum(left["letters"] for left in told["left_out"]))
    assert [(each["statement"], each["paragraphs"]) for each in told["proposals"]] == [
        ("[ko: “둘째는 코끼리를 보았다고 지어낸 말”] 하마를 잘못 옮김", [1, 2]),
        ("[ko] 확인할 것", [3]),
        ("Of the record.", [2]),
    ]
    assert any("nor in a version in another language (ZZT-0006.ko)" in said for said in told["said"])
    after = contents(kept)
    assert {name for name in after if after[name] != before[name]} == {"ZZT-0006-made-up.md"}
    assert b"\xea\xb8\xb0\xeb\xa6\xb0" not in after["ZZT-0006-made-up.md"]  # what is withheld in the version
    again = bring(kept, as_rows(*rows), "--write")[1]
    assert (again["proposals"], contents(kept)) == ([], after)


def test_what_is_withdrawn_or_faulty_is_left_to_the_person(kept: Path) -> None:
    """With the reason, and not a byte of it changes."""
    rows = (annotation("These withdrawn words were made up", "One."), annotation("These faulty words were made up", "Two."))
    before = contents(kept)
    ran, told = bring(kept, as_rows(*rows), "--write")
    assert (ran.code, told["proposals"], contents(kept)) == (1, [], before)
    assert "ZZT-0004 was withdrawn" in told["said"][0]
    assert "ZZT-0005 has faults" in told["said"][1]


def test_every_form_of_the_file_gives_the_same(kept: Path) -> None:
    """What the service, the browser extension and its table give, a list, and one alone; also with a byte order mark."""
    rows = [annotation("the very tall made-up tree.", "It was not tall."), annotation("the very tall", "Yes.", references=["x"])]
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["Creation Date", "URL", "Group", "Annotation/Reply Type", "Quote", "User", "Body", "Tags", "Page"])
    writer.writerow(["2001", PAGE, "Public", "Annotation", "the very tall made-up tree.", USER, "It was not tall.", "", "3"])
    writer.writerow(["2001", PAGE, "Public", "Reply", "", USER, "Yes.", "", ""])
    writer.writerow(["2001", PAGE, "Our group", "Annotation", "An okapi slept under the very", USER, "No.", "", ""])
    forms = {
        "a.json": as_rows(*rows),
        "b.json": json.dumps({"export_date": "2001", "export_userid": USER, "annotations": rows}).encode(),
        "c.json": b"\xef\xbb\xbf" + json.dumps(rows).encode(),
        "d.json": json.dumps({"rows": rows[:1], "replies": rows[1:]}).encode(),
        "e.json": json.dumps(rows[0]).encode(),
        "f.csv": table.getvalue().encode(),
    }
    for name, content in forms.items():
        _, told = bring(kept, content, name=name)
        assert [(each["statement"], each["code"]) for each in told["proposals"]] == [("It was not tall.", "ZZT-0002")], name
    _, told = bring(kept, forms["f.csv"], "--private", name="f.csv")
    assert [each["statement"] for each in told["proposals"]] == ["It was not tall.", "No."]


HEADS = ["Created at", "Author", "Page", "URL", "Group", "Type", "Quote/description", "Comment", "Tags"]
"""Of the table that the browser extension writes today."""


def as_table(*rows: Sequence[str], delimiter: str = ",") -> str:
    """Write a table of annotations: of each its group, its kind, the words that it is on, and what it says."""
    table = io.StringIO()
    writer = csv.writer(table, delimiter=delimiter)
    writer.writerow(HEADS)
    writer.writerows(["2001-02-03 10:00", USER, "Page", PAGE, *row] for row in rows)
    return table.getvalue()


@pytest.mark.parametrize(
    ("encoding", "delimiter", "name"),
    [
        ("utf-8", ",", "a.csv"),
        ("utf-8", "\t", "a.tsv"),
        ("utf-8-sig", ";", "a.csv"),
        ("cp949", ",", "a.csv"),
        ("utf-16", "\t", "a.txt"),
    ],
)
def test_the_table_of_today_comes_in_as_a_spreadsheet_saved_it_again(
    kept: Path, encoding: str, delimiter: str, name: str
) -> None:
    """Whatever it made of delimiters and encoding: replies, notes on pages and other groups stay out, and are counted."""
    table = as_table(
        ("Public", "Annotation", "the very tall made-up tree.", "높지 않았다"),
        ("Public", "Reply", "", "Yes."),
        ("Public", "Page note", "", "On the page."),
        ("Public", "Highlight", "the very tall made-up tree.", ""),
        ("Our group", "Annotation", "the very tall made-up tree.", "For us."),
        delimiter=delimiter,
    )
    _, told = bring(kept, table.encode(encoding), name=name)
    assert [(each["statement"], each["code"]) for each in told["proposals"]] == [("높지 않았다", "ZZT-0002")]
    assert {each["what"]: each["number"] for each in told["left_out"]} == {
        "replies to annotations": 1,
        "annotations on a whole page": 1,
        "marked words of which nothing is said": 1,
        "annotations that were not made for everybody": 1,
    }
    assert told["letters"] == told["taken"] + sum(each["letters"] for each in told["left_out"])
    assert any("does not say which annotations were made for their maker alone" in each for each in told["said"])


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ("one, two", "one, two", ""),
        ('"one, two"', "one, two", "more cells than there are columns"),
        ('"one, two"', '"one, two', "never closed"),
    ],
)
def test_no_word_of_a_table_of_annotations_is_lost_in_silence(kept: Path, before: str, after: str, why: str) -> None:
    """A cell that is cut at its comma, or runs on to the end of the file, refuses the table."""
    table = as_table(
        ("Public", "Annotation", "the very tall made-up tree.", "one, two", "doubt"),
        ("Public", "Annotation", "the very tall made-up tree.", "three", ""),
    )
    _, told = bring(kept, table.replace(before, after).encode(), name="a.csv")
    assert why in told["why"]
    assert [each["statement"] for each in told["proposals"]] == ([] if why else ["one, two [doubt]", "three"])


@pytest.mark.parametrize(
    "others",
    [
        {"group": "aBc", "permissions": {"read": ["group:aBc"]}},
        {"group": "aBc", "permissions": {"read": ["group:__world__"]}},
        {"permissions": {"read": []}},
        {"hidden": True},
        {"group": "aBc", "permissions": None},
        {"group": None, "permissions": None},
    ],
)
def test_what_was_not_made_for_everybody_is_taken_on_demand_alone_and_told_as_such(kept: Path, others: dict[str, Any]) -> None:
    """Also where the file says two things of it, or nothing: whose note it becomes is read by everybody."""
    content = as_rows(
        annotation("a zebra", "Which of them?", "quagga and "), annotation("a zebra", "My own.", "quagga and ", **others)
    )
    _, told = bring(kept, content)
    assert [each["statement"] for each in told["proposals"]] == ["Which of them?"]
    assert told["said"] == []
    _, told = bring(kept, content, "--private")
    assert [each["statement"] for each in told["proposals"]] == ["Which of them?", "My own."]
    assert told["said"] == ["not made for everybody: 2; a note in an open record is read by everybody"]


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"{}", b'{"rows": 1}', b"[" * 100_000, b'[{"a": 1}]', b'{"type": "export", "format": 9}', b"\x00\xff"],
)
def test_any_other_json_is_refused_in_one_line(kept: Path, content: bytes) -> None:
    """Damaged, deep, empty, of another program: never a traceback, and never a guess."""
    ran, told = bring(kept, content)
    assert (ran.code, told["status"], told["proposals"]) == (1, "refused", [])
    assert "\n" not in told["why"]
    assert "please report" not in told["why"]


def test_more_annotations_than_anybody_makes_are_refused(kept: Path) -> None:
    """In one line, before any of them is looked for."""
    ran, told = bring(kept, as_rows(*[annotation("a zebra", "Which?")] * 10_001))
    assert (ran.code, told["status"]) == (1, "refused")
    assert "more than 10000 annotations" in told["why"]


def test_strange_values_in_an_annotation_end_nothing(kept: Path) -> None:
    """Lists for words, words for lists, nothing for all: each is passed over, and the others come in."""
    strange = [
        annotation("x", "y", target="z", tags=3),
        annotation("x", "y", target=[None, {"selector": "TextQuoteSelector"}, {"selector": [7]}]),
        annotation("x", "y", permissions=[], group=None),
        {"user": 1, "references": 2},
        {"uri": [], "target": {}, "text": ["a"], "tags": [None]},
    ]
    _, told = bring(kept, as_rows(*strange, annotation("the very tall made-up tree.", "Is it?")))
    assert [each["statement"] for each in told["proposals"]] == ["Is it?"]
    assert told["letters"] == told["taken"] + sum(each["letters"] for each in told["left_out"])


def test_what_is_said_can_do_nothing_to_a_terminal_or_a_shell(kept: Path) -> None:
    """Signs that show nothing or turn words round are left out, and what reads as an option or a command is words."""
    evil = "--flag recanted; `id` $(id) 'x' \x1b[31m\u202e\x00 # } \"\ud83e\nend"
    rows = (annotation("the very tall made-up tree.", evil), annotation("A quagga and a zebra ran past the mill.", evil))
    _, told = bring(kept, as_rows(*rows), "--write")
    said = "--flag recanted; `id` $(id) 'x' [31m # } \" end"
    assert [each["statement"] for each in told["proposals"]] == [said, said]
    assert said.replace('"', '\\"') in contents(kept)["ZZT-0002-made-up.md"].decode()
    assert ask_program(kept, *shlex.split(told["proposals"][1]["command"])[1:]).code == 0
    assert contents(kept)["ZZT-0001-made-up.md"].count(b"flag: caution") == 1


def test_a_table_of_another_kind_is_still_a_table(kept: Path) -> None:
    """The control: it asks for a mapping."""
    assert registry.kind_of(b"Quote,Body\nx,y\n", "a.csv") is not None
    _, told = bring(kept, b"Quote,Body\nx,y\n", name="a.csv")
    assert "--mapping" in told["why"]


_words = st.lists(st.text(st.sampled_from("ab 가é.[]#1"), min_size=1, max_size=8).filter(str.strip), min_size=1, max_size=5)


@settings(phases=(Phase.explicit, Phase.reuse, Phase.generate), max_examples=number_of(60))
@given(_words, st.data())
def test_words_that_are_quoted_with_those_around_them_are_found(words: list[str], data: st.DataObject) -> None:
    """In a body of any words, in another record than others of the same: there alone, or nowhere; never at another place."""
    squeezed = [squash(each) for each in words]
    body = "\n\n".join(f"⟦¶ {number}⟧ Zebra {each} quagga" for number, each in enumerate(squeezed, 1)) + "\n"
    at = data.draw(st.integers(0, len(squeezed) - 1))
    text = f"Zebra {squeezed[at]} quagga"
    first = data.draw(st.integers(0, len(text) - 1))
    last = data.draw(st.integers(first + 1, len(text)))
    quote = Quote(text[first:last].replace(" ", "\n "), text[:first][-32:], text[last:][:32])
    other = "Made up okapi words.\n"
    [found] = anchors.find([quote], [("ZZT-0001", other), ("ZZT-0002", body)], frozenset({"ZZT-0001", "ZZT-0002"}))
    if isinstance(found, str):
        return
    assert found.code == "ZZT-0002"
    called = anchors.with_calls(body, [(found.first, found.last, "⟦@1⟧")])
    [(_, note)] = notes_of(called, [SourceRemark("Made up.", 1)], "xq", "2001-02-03")
    [number] = note.about.paragraphs
    assert f"Zebra {squeezed[number - 1]} quagga" == text, "another paragraph of the same words is as good"
    if note.about.exact:
        assert note.about.exact.replace(" ", "") == text[first:last].replace(" ", "")


@pytest.mark.parametrize("spaced", ["Group", "Type", "Quote/description", "Comment", "Tags"])
def test_a_space_beside_the_name_of_a_column_opens_nothing(kept: Path, spaced: str) -> None:
    """Else what was made for a group, or a reply, would be taken for what was made for everybody; or words would be lost."""
    table = as_table(
        ("Public", "Annotation", "the very tall made-up tree.", "It was not tall.", "doubt"),
        ("Public", "Reply", "the very tall made-up tree.", "Yes."),
        ("Our group", "Annotation", "the very tall made-up tree.", "For us."),
    )
    _, told = bring(kept, table.replace(f",{spaced}", f", {spaced} ", 1).encode(), name="a.csv")
    assert [each["statement"] for each in told["proposals"]] == ["It was not tall. [doubt]"]
