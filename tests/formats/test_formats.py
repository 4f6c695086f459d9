"""Formats: machine output as whole documents, sinks that let nothing through, and caveats in every one."""

import csv
import io
import json
import re
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import made_up
from archive.archive import Archive
from archive.citing.excerpt import GAP, LONGEST
from archive.formats.data.csv import answer as csv_answer
from archive.formats.markdown.page import escape
from archive.formats.registry import FORMATS, PAGES, writer
from archive.formats.terminal import is_control, render, visible, wrap
from archive.record.hashing import passage_hash
from archive.record.testimony import Reference
from archive.search.model import Query
from archive.text import width
from examples import examples, number_of
from running import Run

BODY = "Coal was dug in the mine."


@pytest.fixture
def one(root: Path) -> Path:
    """One made-up record with a caveat of its own and one from another record."""
    notes = [
        made_up.note(
            "n1", "revised", "In the made-up year 2000 the made-up witness moved this.", about={"paragraphs": [1]}, known="2000"
        ),
        made_up.note("n2", "translated", "Made up: told in Korean.", status="resolved"),
    ]
    camps = [{"camp": "kwalliso-18", "zone": "mixed", "period": "198X/1990", "as": "prisoner", "basis": "first-hand"}]
    head = made_up.header(
        "NKT-9001",
        title="Made up: coal",
        camps=camps,
        credibility={"source": {"reliability": "C", "basis": "Made up."}, "notes": notes},
        topics=["coal-mining"],
        sensitive=["torture"],
        history=[{"date": "2001-05-06", "by": "archive", "change": "First entry"}],
    )
    other = made_up.header(
        "NKT-9002", credibility={"notes": [made_up.note("n1", "contradicted", "Made up: denied.", **{"with": ["NKT-9001#p1"]})]}
    )
    return made_up.collection(root, made_up.record(head, BODY), made_up.record(other, "Other words."))


def test_json_is_the_contract_as_a_whole(one: Path, run: Run) -> None:
    """Schema 1, document for document; no key is ever left out."""
    ran = run("search", "coal mine", "--format", "json", "--facets")
    assert ran.code == 0
    document = json.loads(ran.out)
    score = document["hits"][0].pop("score")
    assert score > 0
    facets = document.pop("facets")
    assert document.pop("facets_without") == {}
    digest = passage_hash(BODY)
    caveats = [
        {
            "id": "n1",
            "flag": "revised",
            "status": "open",
            "about": [1],
            "statement": "In the made-up year 2000 the made-up witness moved this.",
            "by": "archive",
            "date": "2001-02-03",
            "known": "2000",
            "information": None,
            "cites": [],
            "cited": [],
            "with": [],
            "from": None,
            "stale": None,
            "was": None,
            "unread": None,
            "replaced": False,
            "sha256": "1b47a2a7ece4e6c72a8cffcb95926cc9815eb8b12eaa7ffc128986053b4e0dce",
        },
        {
            "id": "n1",
            "flag": "contradicted",
            "status": "open",
            "about": "record",
            "statement": "Made up: denied.",
            "by": "archive",
            "date": "2001-02-03",
            "known": None,
            "information": None,
            "cites": [],
            "cited": [],
            "with": ["NKT-9001#p1"],
            "from": "NKT-9002",
            "stale": None,
            "was": None,
            "unread": None,
            "replaced": False,
            "sha256": "726d1665a52ac7202058011a41ffcaa0ef7cf6ea15eb55e1ffd9108fd1268572",
        },
        {
            "id": "n2",
            "flag": "translated",
            "status": "resolved",
            "about": "record",
            "statement": "Made up: told in Korean.",
            "by": "archive",
            "date": "2001-02-03",
            "known": None,
            "information": None,
            "cites": [],
            "cited": [],
            "with": [],
            "from": None,
            "stale": None,
            "was": None,
            "unread": None,
            "replaced": False,
            "sha256": "aadb55524c3552e01e4ebbfd84d85f18cd5b46006ee9d025f39653076affda16",
        },
    ]
    citation = document["hits"][0].pop("citation")
    assert citation.endswith(f"NKT-9001#p1 · 2001-05-06 · sha256:{digest} · notes n1:1b47a2a7, NKT-9002/n1:726d1665, n2:aadb5552")
    assert "Account of made-up witness (archive summary), para. 1. After Made up for a test." in citation
    assert document == {
        "schema": 1,
        "query": "coal mine",
        "asked": {},
        "understood": "(coal AND mine) OR topic:coal-mining",
        "expanded": [{"word": "coal mine", "to": ["Coal mining"], "why": "topic:coal-mining"}],
        "total": {"passages": 1, "testimonies": 1, "words": 1, "claims": 0, "topics": 0, "of_works": 0, "citing": 0},
        "undated_left_out": 0,
        "as_of": None,
        "since": None,
        "coverage": {"searched": 2, "of": 2, "unread_versions": 0},
        "did_you_mean": [],
        "in_different_passages": 0,
        "under": [],
        "offered": [],
        "not_required": [],
        "spared": [],
        "as_indexed": None,
        "still_on": [],
        "relaxed": [],
        "hits": [
            {
                "code": "NKT-9001",
                "title": "Made up: coal",
                "paragraph": 1,
                "locator": None,
                "excerpt": BODY,
                "cut": False,
                "matches": [[0, 4], [20, 24]],
                "witness": "made-up witness",
                "kind": "testimony",
                "rendering": "summary",
                "language": "en",
                "version": None,
                "translated": None,
                "outdated": None,
                "languages": [],
                "camps": ["kwalliso-18"],
                "period": ["198X/1990"],
                "role": ["prisoner"],
                "zone": ["mixed"],
                "basis": ["first-hand"],
                "status": [],
                "reliability": {"grade": "C", "basis": "Made up."},
                "topics": ["coal-mining"],
                "sensitive": ["torture"],
                "flags": ["revised", "contradicted", "translated"],
                "found_by": "words",
                "updates": [],
                "caveats": caveats,
                "cited_source": {
                    **dict.fromkeys(("ref", "author", "container", "publisher", "issued", "locator", "through", "seen")),
                    "title": "Made up for a test",
                    "url": None,
                    "accessed": None,
                    "also": [],
                },
                "caveats_since": [],
                "footnotes": [],
                "sha256": digest,
                "access": "public",
            }
        ],
    }
    assert {row["value"]: (row["passages"], row["testimonies"]) for row in facets["flag"]} == {
        "revised": (1, 1),
        "contradicted": (1, 1),
        "translated": (1, 1),
    }
    assert set(facets) == {
        "camp",
        "decade",
        "flag",
        "topic",
        "kind",
        "role",
        "zone",
        "basis",
        "status",
        "reliability",
        "language",
    }


def test_json_lines_hold_one_hit_each_with_the_schema(one: Path, run: Run) -> None:
    """The same hits as in the document."""
    lines = run("search", "made", "--format", "jsonl").out.splitlines()
    hits = json.loads(run("search", "made", "--format", "json").out)["hits"]
    assert [json.loads(line) for line in lines] == [{"schema": 1, **hit} for hit in hits]


def test_csv_has_the_same_fields_flat(one: Path, run: Run) -> None:
    """Caveats in full in one cell, with id, flag, status and origin."""
    row = next(csv.DictReader(io.StringIO(run("search", "coal mine", "--format", "csv").out)))
    assert row["schema"] == "1"
    assert row["excerpt"] == BODY
    assert row["matches"] == "0-4; 20-24"
    assert row["flags"] == "revised; contradicted; translated"
    assert row["caveats"] == (
        "[n1: revised, open] In the made-up year 2000 the made-up witness moved this.; "
        "[n1: contradicted, open, from NKT-9002] Made up: denied.; "
        "[n2: translated, resolved] Made up: told in Korean."
    )
    assert row["sha256"] == passage_hash(BODY)


def test_csv_of_no_hits_is_a_header_alone(one: Path, run: Run) -> None:
    """So that a program that reads it finds its columns."""
    ran = run("search", "nowhere", "--format", "csv")
    assert ran.code == 0
    assert ran.out.startswith("schema,code,title,paragraph,")
    assert len(ran.out.splitlines()) == 1


CAVEATS = ("In the made-up year 2000", "Made up: denied", "Made up: told in Korean")


@pytest.mark.parametrize("form", FORMATS)
def test_no_format_of_a_search_leaves_without_caveats_and_citation(one: Path, form: str) -> None:
    """The registry is asked, so a new format that drops them fails here."""
    with Archive(one) as room:
        lines = "\n".join(writer(form).answer(room.excerpts(room.answer(Query("coal mine")), form)))
    plain = " ".join(lines.replace("\\", "").split())
    for caveat in CAVEATS:
        assert caveat in plain
    assert "NKT-9002" in plain
    assert f"NKT-9001#p1 · 2001-05-06 · sha256:{passage_hash(BODY)[:16]}" in plain


@pytest.mark.parametrize("form", PAGES)
def test_no_format_of_a_record_leaves_without_them(one: Path, form: str) -> None:
    """Neither does a record, nor an excerpt of it."""
    with Archive(one) as room:
        lines = "\n".join(writer(form).pages(room.show(Reference("NKT-9001", (1,)), form)))
    plain = " ".join(lines.replace("\\", "").split())
    for caveat in CAVEATS:
        assert caveat in plain
    assert f"NKT-9001#p1 · 2001-05-06 · sha256:{passage_hash(BODY)[:16]}" in plain


def test_a_list_gives_a_records_own_caveats_once_and_names_them_again(root: Path, run: Run) -> None:
    """The second hit of a record says which they are and where they stand in full."""
    notes = [
        made_up.note("n1", "recanted", "Made up: all of it was taken back."),
        made_up.note("n2", "caution", "Made up: of two.", about={"paragraphs": [2]}),
    ]
    made_up.collection(root, made_up.record(made_up.header("NKT-9001", credibility={"notes": notes}), "Coal one.", "Coal two."))
    text = " ".join(run("search", "coal", "--full").out.split())
    assert text.count("all of it was taken back") == 1
    assert re.search(r"of the whole record, in full at 1: recanted", text, re.IGNORECASE)
    assert text.count("Made up: of two.") == 1
    assert len(re.findall(r"Caveats: [^.]*recanted", text, re.IGNORECASE)) == 2
    full = " ".join(run("excerpt", "NKT-9001#p2").out.split())
    assert full.count("all of it was taken back") == 1


@pytest.mark.parametrize("length", [LONGEST, LONGEST + 1, 5000])
def test_long_passages_are_cut_around_the_match_and_short_ones_not(root: Path, length: int) -> None:
    """With a sign at the cut, and offsets that fit what is shown."""
    words = ("filler " * 1000)[: length - 7] + " needle"
    made_up.collection(root, made_up.record(made_up.header("NKT-9001"), words))
    with Archive(root) as room:
        hit = room.answer(Query("needle")).hits[0]
        excerpt = room.cut(hit, digits=16, in_full=True)
        whole = room.cut(hit, digits=16, in_full=True, whole=True)
    start, end = excerpt.matches[0]
    assert excerpt.words[start:end] == "needle"
    assert excerpt.shortened is (length > LONGEST)
    assert (GAP in excerpt.words) is (length > LONGEST)
    assert len(excerpt.words) <= LONGEST + 2 * (len(GAP) + 1)
    assert whole.words == hit.passage.words


HOSTILE = "\x1b]52;c;aGk=\x07\x1b[31mred\r\u202egnp.exe\u2066\x00 \x9b31m \u2028 ok"


def test_nothing_of_a_record_reaches_a_terminal_raw() -> None:
    """Escape sequences, OSC 52, carriage returns, bidirectional controls, C1 controls."""
    line = next(iter(render([f"a \x01b\x02 {HOSTILE}"], styled=False)))
    assert line.startswith("a *b* ⟨U+001B⟩]52;c;aGk=⟨U+0007⟩")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028]", line)


def test_the_control_for_the_terminal() -> None:
    """The same line unescaped does hold them: the test above can fail."""
    assert re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028]", HOSTILE)


@examples(150)
@given(st.text(max_size=80))
def test_visible_text_has_no_control_characters(text: str) -> None:
    """Whatever the text, nothing that a terminal obeys is left but newline and tab."""
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]", visible(text))


def test_what_python_calls_printable_is_shown_as_it_is() -> None:
    """No such character is one that a terminal obeys: a text that has no other need not be looked through letter by letter."""
    printable = "".join(filter(str.isprintable, map(chr, range(sys.maxunicode + 1))))
    assert len(printable) > 100_000
    assert not [c for c in printable if is_control(c)]
    assert visible(printable) == printable


def test_a_hostile_record_is_shown_harmless_in_every_command(root: Path, run: Run) -> None:
    """The body can hold what YAML refuses in a header."""
    body = "Coal \x1b]0;title\x07 and \u202etext\x01\x02 <script>alert(1)</script> [x](javascript:alert(1))"
    made_up.collection(root, made_up.record(made_up.header("NKT-9001", title="=Made up\u202e"), body))
    for arguments in (
        ("search", "coal"),
        ("show", "NKT-9001"),
        ("excerpt", "NKT-9001#p1"),
        ("cite", "NKT-9001#p1"),
        ("camps",),
        ("stats",),
    ):
        ran = run(*arguments)
        assert ran.code == 0, ran.err
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", ran.out), arguments
    page = run("search", "coal", "--format", "markdown").out
    assert "<script>" not in page
    assert "[x](javascript" not in page.replace("\\[", "")


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "  =1"])
def test_no_csv_cell_runs_as_a_formula(root: Path, start: str) -> None:
    """Cells that begin with = + - @ or a control character are neutralised."""
    made_up.collection(root, made_up.record(made_up.header("NKT-9001", title=f"{start} made up"), f"{start} coal"))
    with Archive(root) as room:
        lines = csv_answer(room.excerpts(room.answer(Query("coal")), "csv"))
        rows = list(csv.reader(io.StringIO("\n".join(lines))))
    assert not [cell for row in rows for cell in row if cell.lstrip(" ")[:1] in set("=+-@\t\r") and cell]


PIECES = [
    "<script>",
    "</",
    "*",
    "_",
    "[",
    "](",
    ")",
    "`",
    "!",
    "#",
    "\\",
    "javascript:",
    "http://a",
    "&lt;",
    "|",
    "~~",
    "^",
    "$",
    "\n",
    "a",
    " ",
    "1.",
    "- ",
    "+",
    "=",
    ":",
    ">",
    "---",
]


@examples(200)
@given(st.lists(st.sampled_from(PIECES), max_size=12))
def test_escaped_markdown_is_text_and_nothing_else(pieces: list[str]) -> None:
    """Rendered by a real Markdown reader, the value is what it was, and no markup comes of it."""
    import markdown

    value = "".join(pieces)
    for page in (f"x {escape(value)} x", escape(value)):
        assert not re.search(r"<(?!/?p>)", markdown.markdown(page, extensions=["extra"]))


@settings(max_examples=number_of(200), deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(st.text(alphabet="ab 요덕수용소x", max_size=200), st.integers(20, 60))
def test_wrapped_lines_fit_and_lose_no_word(text: str, columns: int) -> None:
    """Hangul takes two cells; a word longer than the line stands alone on one."""
    lines = list(wrap(text, columns))
    assert " ".join(" ".join(lines).split()) == " ".join(text.split())
    assert all(width(line) <= columns or " " not in line.strip() for line in lines)


def test_the_heading_of_each_facet_stands_apart_from_its_figures(on_shipped: Run) -> None:
    """Also one that is longer than all its values; figures stand under what they are."""
    lines = on_shipped("facets", "coal").out.splitlines()
    headings = [at for at, line in enumerate(lines) if line.endswith("testimonies")]
    assert [at for at in headings if lines[at].startswith("LANGUAGE")]
    for at in headings:
        assert re.fullmatch(r"[A-Z]+ {2,}passages {2}testimonies", lines[at])
        assert len(lines[at + 1]) == len(lines[at])
