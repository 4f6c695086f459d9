"""Bibliographies and named styles: read by the real clients, printed in every style, forged by nothing.

pandoc, bibtexparser and rispy read what we write; no caveat, witness or
paragraph is lost on the way to the printed page, and no value of a record
becomes an entry, a field or a tag.
"""

import json
from pathlib import Path
from typing import Any

import bibtexparser
import pytest
import rispy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import made_up
from archive.archive import Archive
from archive.authority import authorities
from archive.citing.citation import authors
from archive.cli import cite
from archive.documents.pandoc import IN_TEXT, READS, STYLES, parse, run, words
from archive.formats.bibliography import biblatex, csl_json, ris, zotero_rdf
from archive.formats.bibliography import entries as bibliography
from archive.formats.bibliography.entries import BibliographyEntry
from archive.formats.bibliography.styled import KOREAN, NAMES, UNCHECKED, fold_for_comparison, style_entry
from archive.formats.registry import BIBLIOGRAPHIES
from archive.record.testimony import reference
from examples import daily, number_of
from running import Run, ask_program

WRITERS = {"csl-json": csl_json, "bibtex": biblatex, "ris": ris}
READERS = {"csl-json": "csljson", "bibtex": "biblatex", "ris": "ris"}

SHIPPED = (authorities.shipped_folder() / "sources.yaml").read_text(encoding="utf-8")
NOT_SEEN = {
    "ref": "made-up-work",
    "root": "made-up",
    "seen": "not-seen",
    "through": "made-up-page",
}
SOURCES = """
  - id: made-up-work
    csl: {type: book, title: Made-up work, author: [{family: 김, given: 가나}], issued: {date-parts: [[1999]]}}
    seen: not-seen
    citable: 'yes'
    reliability: C
    information: '3'
    basis: Made up.
  - id: made-up-page
    csl: {type: webpage, title: Made-up page, author: [{literal: 'Office & Sons, made up'}]}
    seen: whole
    citable: 'yes'
    reliability: C
    information: '3'
    basis: Made up.
"""


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One made-up record of each kind that is cited differently."""
    root = tmp_path_factory.mktemp("kinds")
    (root / "authorities").mkdir()
    (root / "authorities" / "sources.yaml").write_text(SHIPPED + SOURCES, encoding="utf-8")
    several = [
        made_up.note("n1", "recanted", "Made up: the witness took it back."),
        made_up.note("n2", "revised", "Made up: moved to the year 2000.", about={"paragraphs": [1]}),
        made_up.note("n3", "translated", "Made up: told in Korean.", status="resolved"),
    ]
    foreign = [made_up.note("n1", "contradicted", "Made up: denied by another.", **{"with": ["NKT-9002#p1"]})]
    change = {"date": "2002-03-04", "by": "archive", "change": "Made up"}
    real = {"name": "Made-up Witness", "name_kind": "real", "connection": "victim"}
    hangul = {"name": "가짜증인", "name_kind": "pseudonym", "connection": "victim"}
    anonymous = {"name": "a made-up woman, about forty", "name_kind": "anonymous", "connection": "victim"}
    heads = [
        made_up.header("NKT-9001", witness=real, credibility={"notes": several}),
        made_up.header(
            "NKT-9002",
            title="Made up: winter & snow",
            text={"rendering": "verbatim"},
            witness=hangul,
            language="ko",
            recorded={"date": "2001-05-06", "by": "Made-up Interviewer"},
            credibility={"notes": [made_up.note("n1", "caution", "Made up: 100% of it.")]},
        ),
        made_up.header(
            "NKT-9003",
            title="Made up: translated",
            text={"rendering": "translation"},
            witness=anonymous,
            recorded={"date": "1999~"},
            credibility={"notes": [made_up.note("n1", "translated", "Made up: from the Korean.")]},
        ),
        made_up.header(
            "NKT-9004", source=NOT_SEEN, credibility={"notes": [made_up.note("n1", "untraceable", "Made up: no original.")]}
        ),
        made_up.header("NKT-9005", credibility={"notes": foreign}, history=[change]),
        made_up.header("NKT-9006", recorded={"date": "XXXX"}),
    ]
    return made_up.collection(root, *(made_up.record(head, "⟦p. 57⟧ Coal was dug.", "Snow fell.") for head in heads))


REFERENCES = [f"NKT-900{number}{part}" for number in range(1, 7) for part in ("#p1", "#p2", "")]


def cited(root: Path, wanted: list[str]) -> list[tuple[BibliographyEntry, dict[str, Any]]]:
    """Return the entries of references with their fields, as `testimony cite` does."""
    with Archive(root) as room:
        return [(each.entry, each.fields()) for each in room.cite(*wanted, form="csl-json")]


def printed(text: str) -> str:
    """Make a printed page comparable: the case, quotation marks and spaces are the style's."""
    return fold_for_comparison(text.replace("，", ","))


def must_print(entry: BibliographyEntry, told: dict[str, Any]) -> list[str]:
    """Return what no page may lose: the witness, the paragraph, the code, every caveat, and what was not seen."""
    seen = ["as reported by Office & Sons, made up", "the original was not seen"] if "NKT-9004" in entry.key else []
    return [
        entry.known["witness"],
        entry.paragraph,
        entry.reference,
        *(each["statement"].rstrip(".") for each in told["caveats"]),
        *(f"from {each['from']}" for each in told["caveats"] if each["from"]),
        *seen,
    ]


def test_each_format_is_read_back_by_pandoc_with_its_fields(kinds: Path) -> None:
    """One item an entry, in order; author whole, title whole, date, language."""
    found = cited(kinds, REFERENCES)
    entries = [entry for entry, _ in found]
    for form, module in WRITERS.items():
        page = "\n".join(module.entries(entries)) + "\n"
        items = json.loads(run([f"--from={READERS[form]}", "--to=csljson"], page))
        assert [each["id"] for each in items] == [entry.key for entry in entries], form
        for each, entry in zip(items, entries, strict=True):
            title = entry._replace(interviewer="").title if form == "csl-json" else entry.title
            assert printed(each["title"]) == printed(title), form
            assert len(each["author"]) == 1
            (name,) = each["author"]
            assert set(name) <= {"literal", "family"}, "nobody splits a name"
            assert printed("".join(name.values())) == printed(entry.author)
            assert form == "ris" or set(name) == {"literal"}
            if form != "ris":  # pandoc does not read the short title of RIS
                assert printed(each["title-short"]) == printed(entry.short)
            assert each["language"] == entry.language
            expected = bibliography.date(entry.issued)
            assert each.get("issued", {}).get("date-parts") == (
                None if expected is None else [expected["date-parts"][0][: 1 if form == "ris" else 3]]
            )
            assert each["type"] == (
                "book" if entry.type == "book" else {"csl-json": "interview", "bibtex": "", "ris": "manuscript"}[form]
            )


def test_csl_json_is_a_bare_array_with_our_own_fields_apart(kinds: Path) -> None:
    """As every client wants it; who recorded a witness is the interviewer."""
    (entry, told), *_ = cited(kinds, ["NKT-9002#p1"])
    (item,) = json.loads("".join(csl_json.entries([entry])))
    assert item["author"] == [{"literal": "가짜증인"}]
    assert item["interviewer"] == [{"literal": "Made-up Interviewer"}]
    assert item["issued"] == {"date-parts": [[2001, 5, 6]]}
    assert item["archive_location"].startswith("NKT-9002#p1 · 2001-02-03 · sha256:")
    assert item["note"] == item["custom"]["citation"] == entry.citation
    assert {name: item["custom"][name] for name in ("schema", "access", "code", "paragraph", "locator", "rendering")} == {
        "schema": 1,
        "access": "public",
        "code": "NKT-9002",
        "paragraph": 1,
        "locator": "p. 57",
        "rendering": "verbatim",
    }
    assert item["custom"]["caveats"] == told["caveats"]
    assert {each["from"] for each in told["caveats"]} == {None, "NKT-9005"}


PAPERS = [
    (form, part, style)
    for number, form in enumerate(READERS)
    for at, style in enumerate(STYLES)
    for part in daily(("#p1", ""), number + at)
]
"""Every day each style of each form is asked for passages or for records, as the next style is for the others."""


@pytest.mark.parametrize(("form", "part", "style"), PAPERS)
def test_a_paper_shows_witness_paragraph_and_caveats_in_every_style(kinds: Path, form: str, part: str, style: str) -> None:
    """A Markdown paper with our exported bibliography, set by pandoc as an author would.

    One entry a witness: where there are more, a style may put a dash for the name.
    """
    found = cited(kinds, [f"NKT-900{number}{part}" for number in range(1, 7)])
    page = "\n".join(WRITERS[form].entries(entry for entry, _ in found)) + "\n"
    references = parse(page, READERS[form])["meta"]["references"]
    paper = parse("".join(f"Made up [@{entry.key}].\n\n" for entry, _ in found), READS)
    paper["meta"]["references"] = references
    document = json.loads(run(["--from=json", "--to=json", "--standalone"], json.dumps(paper), style))
    told = places(document["blocks"], in_text=style in IN_TEXT)
    assert len(told) == len(found)
    for (entry, fields), text in zip(found, told, strict=True):
        for each in must_print(entry, fields):
            assert printed(each) in printed(text), (form, style, entry.key)


def places(blocks: list[dict[str, Any]], *, in_text: bool) -> list[str]:
    """Return what a reader finds for each citation, in order: the note, or the entry that a form in the text leads to."""
    if in_text:
        entries = {
            div["c"][0][0]: words(div["c"][1])
            for refs in blocks
            if refs["t"] == "Div"
            for div in refs["c"][1]
            if div["t"] == "Div"
        }
        keys = [cite["citationId"] for block in blocks if block["t"] == "Para" for cite in citations(block)]
        return [entries[f"ref-{key}"] for key in keys]
    return [words(note["c"]) for block in blocks if block["t"] == "Para" for note in every(block, "Note")]


def every(node: Any, kind: str) -> list[dict[str, Any]]:
    """Return the nodes of a kind in a piece of pandoc's document."""
    if isinstance(node, dict):
        return ([node] if node.get("t") == kind else []) + [each for inner in node.values() for each in every(inner, kind)]
    return [each for inner in node for each in every(inner, kind)] if isinstance(node, list) else []


def citations(block: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the citations of a paragraph."""
    return [each for cite in every(block, "Cite") for each in cite["c"][0]]


def test_the_control_a_caveat_in_a_note_is_printed_by_no_style(kinds: Path) -> None:
    """The trap that the titles are made for: the test above can fail."""
    (entry, _), *_ = cited(kinds, ["NKT-9001#p1"])
    item = bibliography.item(entry) | {"title": "Made up", "title-short": "Made up", "archive_location": ""}
    assert "the witness took it back" in item["note"]
    for style in STYLES:
        paper = parse(f"[@{entry.key}]\n", READS)
        paper["meta"]["references"] = parse(json.dumps([item]), "csljson")["meta"]["references"]
        page = run(["--from=json", "--to=plain", "--standalone"], json.dumps(paper), style).decode()
        assert "took it back" not in page


@pytest.mark.parametrize("style", NAMES)
def test_a_style_loses_neither_witness_nor_paragraph_nor_caveat(kinds: Path, style: str) -> None:
    """In every form that the style has, for every kind of record; in the text the flags stand for the caveats.

    Every day three of the six in each style, the others in the next one.
    """
    every = ["NKT-9001#p1", "NKT-9002#p1", "NKT-9003#p2", "NKT-9004#p1", "NKT-9006#p1", "NKT-9001"]
    for entry, told in cited(kinds, [*daily(every, [*NAMES].index(style))]):
        found = style_entry(entry, style)
        assert bool(found.in_text) is (style in IN_TEXT)
        assert bool(found.note) is (style not in IN_TEXT)
        for form in filter(None, (found.note, found.entry)):
            for part in must_print(entry, told):
                assert printed(part) in printed(form), (style, entry.key)
            assert f"sha256:{entry.known['sha256'][:16]}" in form
            assert printed(entry.archive) in printed(form)
            assert "“Account" not in form
            assert "‘Account" not in form
        if found.in_text:
            number = entry.paragraph.partition(" (")[0].removeprefix("para. ")
            for part in (entry.known["witness"], entry.flags, entry.reference, number):
                assert printed(part) in printed(found.in_text)


def test_a_summary_is_the_archives_and_own_words_are_the_witnesss(kinds: Path) -> None:
    """The author is never guessed, and a summary is called one."""
    (summary, _), (own, _), (translated, _) = (cited(kinds, [one])[0] for one in ("NKT-9001#p1", "NKT-9002#p1", "NKT-9003#p1"))
    assert summary.author.startswith("Testimony Archive")
    assert summary.title.startswith("Account of Made-up Witness (archive summary), para. 1 (at p. 57), NKT-9001#p1. Caveats: ")
    assert own.author == "가짜증인"
    assert own.title.startswith("Made up: winter & snow (own words), para. 1 (at p. 57), NKT-9002#p1. Caveats: ")
    assert translated.title.startswith("Made up: translated (translation), ")
    assert "Recorded by Made-up Interviewer" in own.title


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ({"family": "김", "given": "가나"}, "김가나"),
        ({"family": "Made", "given": "Up"}, "Up Made"),
        ({"literal": "김가나, Office"}, "김가나, Office"),
        ({"family": "김"}, "김"),
    ],
)
def test_a_name_in_hangul_begins_with_the_family(name: dict[str, str], said: str) -> None:
    """And has no space; a literal name stays as it is."""
    assert authors({"author": [name]}) == said


HOSTILE = [
    "\n",
    "\r\nTY  - BOOK\r\nTI  - forged\r\nER  - \r\n",
    "\u2028ER  - ",
    "\x85TY  - JOUR",
    "\x0bER  - ",
    "\x1cTY  - BOOK",
    "}",
    "{",
    "}}\n@book{forged, title={x}}",
    "},\n  author = {forged",
    "\\",
    "\\}",
    "\\\\",
    "\\input{x}",
    '"',
    "@book{forged,",
    "%",
    "% @",
    "$x$",
    "#",
    "&",
    "_",
    "~",
    "^",
    "`",
    "''",
    "--",
    ",",
    ";",
    " and ",
    "<span>",
    "</span><i>",
    "&lt;",
    "\u202e",
    "\x00",
    "가",
    "é",
    "a",
    " ",
    "1",
]
values = st.lists(st.sampled_from(HOSTILE), min_size=1, max_size=8).map("".join)


def entry(title: str, author: str, statement: str, kind: str) -> BibliographyEntry:
    """Make an entry of hostile values as the writers get it: every text through the one door, `line`."""
    plain = bibliography.line
    return BibliographyEntry(
        key="NKT-9001-p1",
        reference="NKT-9001#p1",
        type=kind,
        author=plain(f"x{author}"),
        interviewer=plain(author) if kind != "book" else "",
        heading=plain(f"x{title}"),
        paragraph="para. 1",
        caveats=plain(f"Caveats: {statement}"),
        flags=plain(title),
        origin=plain(statement),
        issued="2001-02-03",
        language="en",
        archive="Made up",
        mark="NKT-9001#p1 · 2001-02-03 · sha256:00",
        citation=plain(f"x{statement}"),
        access="public",
        known={"caveats": [{"flag": "caution"}], "witness": author},
    )


entries = st.builds(entry, values, values, values, st.sampled_from(["book", "interview"]))


@settings(max_examples=number_of(300), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(entries, min_size=1, max_size=3))
def test_no_value_forges_an_entry_or_a_field(found: list[BibliographyEntry]) -> None:
    """Read by bibtexparser and rispy: as many entries as were written, with no other fields, and the values whole."""
    found = [one._replace(key=f"NKT-9001-p{number}") for number, one in enumerate(found)]
    library = bibtexparser.parse_string("\n".join(biblatex.entries(found)))
    assert not library.failed_blocks
    assert len(library.blocks) == len(found)
    assert [each.key for each in library.entries] == [one.key for one in found]
    allowed = {"author", "title", "shorttitle", "date", "type", "library", "langid", "keywords", "note", "annotation"}
    for each, one in zip(library.entries, found, strict=True):
        assert {field.key for field in each.fields} <= allowed
        assert each["title"] == f"{{{biblatex.escape(one.title)}}}"
    page = "\n".join(ris.entries(found))
    assert len(page.splitlines()) == page.count("\n") + 1
    references = rispy.loads(page + "\n")
    assert [each["id"] for each in references] == [one.key for one in found]
    for each, one in zip(references, found, strict=True):
        assert each["title"] == one.title
        assert len(each["authors"]) == 1
        assert "unknown_tag" not in each
        assert not set("<>") & set("".join(each["notes"])), "Zotero makes HTML of a note"
    items = json.loads("".join(csl_json.entries(found)))
    assert [each["id"] for each in items] == [one.key for one in found]


# Pandoc takes long to start: few pages with many entries, several hundred in all.
@settings(max_examples=number_of(15), deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(entries, min_size=20, max_size=30))
def test_pandoc_reads_every_value_back(found: list[BibliographyEntry]) -> None:
    """Character for character, but for quotation marks, and braces that do not pair in biblatex."""
    found = [one._replace(key=f"NKT-9001-p{number}") for number, one in enumerate(found)]
    for form, module in WRITERS.items():
        items = json.loads(run([f"--from={READERS[form]}", "--to=csljson"], "\n".join(module.entries(found)) + "\n"))
        assert [each["id"] for each in items] == [one.key for one in found]
        for each, one in zip(items, found, strict=True):
            title = one._replace(interviewer="").title if form == "csl-json" else one.title
            assert bare(each["title"]) == bare(title), form


def bare(text: str) -> str:
    """Leave out what the readers of titles may set otherwise: quotation marks, brackets of ours, spaces."""
    swapped = printed(text).translate(str.maketrans({"‹": "<", "›": ">", "｛": "{", "｝": "}", "`": "'", "\u00a0": None}))
    return swapped.replace("'", "").replace("&lt;", "<")


def test_the_control_for_forging() -> None:
    """The same values written as they are do forge entries in both formats: the tests above can fail."""
    forged = "x}}\n}\n@book{forged, title={{x}}"
    library = bibtexparser.parse_string(f"@book{{a,\n  title = {{{{{forged}}}}},\n}}")
    assert "forged" in [each.key for each in library.entries]
    assert len(rispy.loads("TY  - BOOK\nTI  - x\nER  - \nTY  - BOOK\nTI  - forged\nER  - \n")) == 2


@pytest.mark.parametrize("form", BIBLIOGRAPHIES)
def test_every_command_of_the_line_writes_the_same_entries(kinds: Path, form: str) -> None:
    """A search, an excerpt and a citation of one passage agree to the letter."""
    quoted = ask_program(kinds, "cite", "NKT-9002#p1", "--format", form)
    assert quoted.code == 0, quoted.err
    assert ask_program(kinds, "excerpt", "NKT-9002#p1", "--format", form).out == quoted.out
    assert ask_program(kinds, "search", "coal", "--code", "NKT-9002", "--format", form).out == quoted.out
    nothing = ask_program(kinds, "search", "nowhere", "--format", form)
    assert nothing.code == 0
    assert nothing.out.strip() == {"csl-json": "[]", "zotero-rdf": "\n".join(zotero_rdf.entries(()))}.get(form, "")


@pytest.mark.parametrize("form", [*BIBLIOGRAPHIES, "csv", "jsonl"])
def test_facets_have_no_place_in_a_format_of_entries(root: Path, run: Run, form: str) -> None:
    """A usage error that names the format, not a document that hides them."""
    made_up.collection(root, made_up.record(made_up.header("NKT-9001")))
    ran = run("search", "made", "--facets", "--format", form)
    assert ran.code == 2
    assert f"--facets cannot be written as {form}" in ran.err
    assert ran.out == ""


def test_a_named_style_is_for_people_and_json(kinds: Path) -> None:
    """A bibliography is styled by the program that reads it."""
    assert ask_program(kinds, "cite", "NKT-9001#p1", "--style", "apa", "--format", "ris").code == 2
    told = json.loads(ask_program(kinds, "cite", "NKT-9001#p1", "--style", "oscola", "--format", "json").out)
    (citation,) = told["citations"]
    assert citation["styled"]["style"] == "oscola"
    assert citation["styled"]["in_text"] is None
    assert "the witness took it back" in citation["styled"]["note"]
    text = ask_program(kinds, "cite", "NKT-9001#p1", "--style", "apa").out
    assert text.startswith("NKT-9001#p1 in APA\nIn text: (Testimony Archive")


def test_the_styles_of_the_command_are_those_that_can_be_set() -> None:
    """One list a place, the same."""
    assert set(cite.STYLES) == {"house", *NAMES}
    assert set(NAMES) == {*STYLES, KOREAN}
    assert set(UNCHECKED) < set(STYLES)


def test_pages_give_every_caveat_of_the_whole_record(kinds: Path) -> None:
    """Also one that is in force at a single paragraph."""
    with Archive(kinds) as room:
        whole = bibliography.of_record(room.show(reference("NKT-9001"), "ris"))
    assert "moved to the year 2000" in whole.title
    assert whole.key == "NKT-9001"
    assert whole.mark.startswith("NKT-9001 · 2001-02-03 · sha256:")
