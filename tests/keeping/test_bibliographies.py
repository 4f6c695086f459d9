"""`authority import` of what reference managers write: RIS, BibTeX, Zotero's RDF and CSL-JSON; every work is made up."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

import made_up
from archive.keeping._bibliographies import date_parts, is_bibliography, items_of
from running import Run

PRIVATE = "Private remark"
RIS = f"""TY  - RPRT
TI  - A Made-up Report: The Mountains
AU  - Maker, Ann
AU  - Committee of Nobody
PY  - 2012/03//
UR  - https://example.org/report
N1  - {PRIVATE}
L1  - file:///home/maker/report.pdf
KW  - mine
ER  -

TY  - JOUR
TI  - 지어낸 논문
AU  - 김가명
DA  - 2010/03/05
T2  - Journal of Nothing
DO  - 10.9999/MADE.up
ER  -
"""
BIBTEX = f"""% made up
@report{{maker2012,
  title = {{A Made-up Report: The Mountains}},
  author = {{Maker, Ann and {{Committee of Nobody}}}},
  year = 2012, url = {{https://example.org/report}}, institution = {{Nobody}},
  annote = {{{PRIVATE}}},
  file = {{:/home/maker/report.pdf:PDF}}
}}

@article{{kim, title={{지어낸 논문}}, author={{김가명}}, journal={{Journal of Nothing}}, year={{2010}}, doi={{10.9999/made.UP}}}}
"""
NAMES = (
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:z="http://www.zotero.org/namespaces/export#" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:bib="http://purl.org/net/biblio#" xmlns:foaf="http://xmlns.com/foaf/0.1/" '
    'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:link="http://purl.org/rss/1.0/modules/link/" '
    'xmlns:prism="http://prismstandard.org/namespaces/1.2/basic/" xmlns:vcard="http://nwalsh.com/rdf/vCard#"'
)
PERSON = "<rdf:li><foaf:Person><foaf:surname>{}</foaf:surname>{}</foaf:Person></rdf:li>"
RDF = f"""<?xml version="1.0"?>
<rdf:RDF {NAMES}>
 <bib:Report rdf:about="https://example.org/report"><z:itemType>report</z:itemType>
  <dc:publisher><foaf:Organization><vcard:adr><vcard:Address><vcard:locality>Nowhere</vcard:locality></vcard:Address></vcard:adr>
   <foaf:name>Nobody</foaf:name></foaf:Organization></dc:publisher>
  <bib:authors><rdf:Seq>{PERSON.format("Maker", "<foaf:givenName>Ann</foaf:givenName>")}{
    PERSON.format("Committee of Nobody", "")
}</rdf:Seq></bib:authors>
  <dcterms:isReferencedBy rdf:resource="#item_3"/><link:link rdf:resource="#item_4"/>
  <dc:title>A Made-up Report: The Mountains</dc:title><dc:date>March 2012</dc:date>
  <dc:identifier><dcterms:URI><rdf:value>https://example.org/report</rdf:value></dcterms:URI></dc:identifier>
 </bib:Report>
 <bib:Memo rdf:about="#item_3"><rdf:value>&lt;p&gt;{PRIVATE}&lt;/p&gt;</rdf:value></bib:Memo>
 <z:Attachment rdf:about="#item_4"><z:itemType>attachment</z:itemType><rdf:resource rdf:resource="files/4/maker.pdf"/>
  <dc:title>maker.pdf</dc:title></z:Attachment>
 <rdf:Description rdf:about="#item_5"><z:itemType>conferencePaper</z:itemType>
  <dcterms:isPartOf rdf:resource="urn:issn:1"/>
  <bib:authors><rdf:Seq>{PERSON.format("김가명", "")}</rdf:Seq></bib:authors>
  <dc:title>지어낸 논문</dc:title><dc:date>2010</dc:date><dc:identifier>DOI 10.9999/made.up</dc:identifier></rdf:Description>
 <bib:Journal rdf:about="urn:issn:1"><dc:title>Journal of Nothing</dc:title></bib:Journal>
 <z:Collection rdf:about="#collection_1"><dc:title>Maker's things</dc:title></z:Collection>
</rdf:RDF>
"""
CSL = json.dumps(
    {
        "items": [
            {
                "id": "http://zotero.org/users/1/items/A",
                "type": "report",
                "title": "A Made-up Report: The Mountains",
                "author": [{"family": "Maker", "given": "Ann"}, {"literal": "Committee of Nobody"}],
                "issued": {"raw": "March 2012"},
                "URL": "https://example.org/report",
                "note": PRIVATE,
            },
            {
                "id": 2,
                "type": "article-journal",
                "title": "지어낸 논문",
                "author": [{"literal": "김가명"}],
                "issued": {"date-parts": [["2010"]]},
                "container-title": "Journal of Nothing",
                "DOI": "10.9999/made.up",
            },
        ]
    }
)
FILES = {"a.ris": RIS, "a.bib": BIBTEX, "a.rdf": RDF, "a.json": CSL}


@pytest.fixture
def ask(root: Path, run: Run) -> Run:
    """Run the program on a collection of its own."""
    made_up.collection(root / "kept", made_up.record(made_up.header("NKT-9001")))
    for name, content in FILES.items():
        (root / name).write_text(content, encoding="utf-8")
    return lambda *arguments, **environment: run("--root", str(root / "kept"), *arguments, **environment)


@pytest.mark.parametrize("name", FILES)
def test_works_are_taken_over_and_what_is_private_is_counted(root: Path, ask: Run, name: str) -> None:
    """The same two works in each form; titles as they are written, an institution in one name, notes and paths left out."""
    ran = ask("authority", "import", str(root / name), "--yes")
    assert ran.code == 0, ran.err
    kept = (root / "kept/authorities/sources.yaml").read_text(encoding="utf-8")
    kept = kept[kept.rindex("- id:", 0, kept.index("A Made-up")) :]  # before it stand the works of the program
    for words in ("A Made-up Report: The Mountains", "지어낸 논문", "Committee of Nobody", "Journal of Nothing", "2012", "2010"):
        assert words in kept
    assert "literal: Committee of Nobody" in kept.replace("'", "").replace('"', "")
    for private in (PRIVATE, "/home", "maker.pdf", "Maker's things", "langid", "language: la", "item_", "keyword"):
        assert private not in kept
    assert "which was not taken over" in ran.err
    assert ask("check").code == 0


@pytest.mark.parametrize("first", FILES)
def test_a_work_that_is_there_is_recognised_in_any_form(root: Path, ask: Run, first: str) -> None:
    """By its DOI, its address, or title and year; never written over, and never there twice."""
    ask("authority", "import", str(root / first), "--yes")
    before = (root / "kept/authorities/sources.yaml").read_bytes()
    for name in FILES:
        ran = ask("authority", "import", str(root / name), "--yes")
        assert (ran.code, (root / "kept/authorities/sources.yaml").read_bytes() == before) == (0, True), (name, ran.err)
        assert ran.err.count("is there already") == 2


def test_the_other_door_says_where_works_go(root: Path, ask: Run) -> None:
    """`import` brings in records; a list of works is told as one, in one line."""
    for name in FILES:
        ran = ask("import", str(root / name))
        assert (ran.code, "testimony authority import" in " ".join(ran.out.split())) == (1, True), name


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("2012", [["2012"]]),
        ("2012-03-05", [["2012", "3", "5"]]),
        ("2010/03//", [["2010", "3"]]),
        ("9/2020", [["2020", "9"]]),
        ("2020/9", [["2020", "9"]]),
        ("January 9, 2020", [["2020", "1", "9"]]),
        ("Mar. 2012", [["2012", "3"]]),
        ("Spring 1999", [["1999"]]),
        ("03/04/2020", [["2020"]]),
        ("1998-1999", []),
        ("forthcoming", []),
        ("", []),
    ],
)
def test_a_date_is_taken_as_far_as_it_is_sure(written: str, parts: list[list[str]]) -> None:
    """A day that may be a month is neither; of two years none."""
    assert date_parts(written) == parts


@given(some.text(max_size=200))
def test_any_text_is_a_bibliography_or_none(text: str) -> None:
    """Nothing that is no list of works is taken for one, and no line of one ends the program."""
    assert items_of(f"Words first. {text}".replace("@", "").replace("<", ""), "made-up") is None
    assert isinstance(items_of(f"TY  - BOOK\n{text}\nER  - \n", "made-up"), list)
    assert not is_bibliography(b"Plain words.")
