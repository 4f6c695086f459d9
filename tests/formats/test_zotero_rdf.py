"""Zotero's RDF: a graph for any reader of RDF, with every caveat in the title, flags as tags and the citation as a note."""

from pathlib import Path

import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from rdflib import RDF, Graph, Literal, URIRef

import made_up
from archive.archive import Archive
from archive.formats.bibliography import zotero_rdf
from examples import number_of
from running import ask_program

Z = rdflib.Namespace("http://www.zotero.org/namespaces/export#")
DC = rdflib.Namespace("http://purl.org/dc/elements/1.1/")
TERMS = rdflib.Namespace("http://purl.org/dc/terms/")
BIB = rdflib.Namespace("http://purl.org/net/biblio#")
FOAF = rdflib.Namespace("http://xmlns.com/foaf/0.1/")
HERE = "http://made-up.example/"
HOSTILE = "</dc:title><z:itemType>x</z:itemType> & ]]> <!-- {{ 😀"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A summary with two caveats of a made-up book, and a witness's own words, whose names are hostile."""
    notes = [made_up.note("n1", "recanted", "Made up: taken back."), made_up.note("n2", "translated", "Made up: 번역됨.")]
    book = {
        "type": "book",
        "title": "Made up: a book",
        "author": [{"family": "Tern", "given": "Lan"}, {"literal": "A made-up institute"}],
        "publisher": "Made-up Press",
        "issued": {"date-parts": [[2003, 4]]},
        "URL": "https://made-up.example/book?a=1&b=2",
    }
    own = made_up.header(
        "NKT-9002",
        text={"rendering": "verbatim"},
        witness={"name": f"Made up {HOSTILE}", "name_kind": "pseudonym", "connection": "victim"},
        recorded={"date": "2001-05-06", "by": "Made-up Interviewer"},
        credibility={"notes": [made_up.note("n1", "caution", f"Made up: {HOSTILE}")]},
    )
    root = tmp_path_factory.mktemp("kept")
    head = made_up.header("NKT-9001", credibility={"notes": notes}, source={"csl": book})
    return made_up.collection(root, made_up.record(head, "Coal was dug."), made_up.record(own, "Coal, I said."))


def graph(text: str) -> Graph:
    """Read a document as any reader of RDF does."""
    return Graph().parse(data=text, format="xml", publicID=HERE)


def item(found: Graph, key: str) -> URIRef:
    """Return an item by its key."""
    return URIRef(f"{HERE}#{key}")


def names(found: Graph, of: URIRef, role: URIRef) -> list[tuple[str, str]]:
    """Return the persons of an item in a role, the family's name first."""
    persons = [
        person
        for listed in found.objects(of, role)
        for number in range(1, 9)
        for person in found.objects(listed, RDF[f"_{number}"])
    ]
    return [(str(found.value(each, FOAF.surname)), str(found.value(each, FOAF.givenName) or "")) for each in persons]


def test_each_passage_and_its_source_is_an_item_with_tags_and_a_note(kept: Path) -> None:
    """The title has the caveats, the tags are the flags, the note is the whole citation; each item leads to the other."""
    found = graph(ask_program(kept, "cite", "NKT-9001#p1", "--format", "zotero-rdf").out)
    with Archive(kept) as room:
        [citation] = room.cite("NKT-9001#p1")
    passage, source = item(found, "NKT-9001-p1"), item(found, "NKT-9001-p1-source")
    assert {str(found.value(each, Z.itemType)) for each in (passage, source)} == {"book"}
    for each, cited in ((passage, citation.citation), (source, citation.source_citation)):
        title = str(found.value(each, DC.title))
        assert "[recanted] Made up: taken back" in title
        assert "[translated] Made up: 번역됨" in title
        assert {str(tag) for tag in found.objects(each, DC.subject)} == {"recanted", "translated"}
        note = found.value(each, TERMS.isReferencedBy)
        assert (note, RDF.type, BIB.Memo) in found
        assert str(found.value(note, RDF.value)) == cited.replace("<", "‹").replace(">", "›")  # a note is a page of HTML
        assert str(found.value(each, DC.coverage)).startswith("NKT-9001#p1 · 2001-02-03 · sha256:")
    assert (passage, DC.relation, source) in found
    assert (source, DC.relation, passage) in found
    assert names(found, source, BIB.authors) == [("Tern", "Lan"), ("A made-up institute", "")]
    assert Literal("https://made-up.example/book?a=1&b=2") in set(found.objects(None, RDF.value))
    assert str(found.value(source, DC.date)) == "2003-04"
    assert str(found.value(passage, DC.description)) == "Citation Key: NKT-9001-p1"


def test_own_words_are_an_interview_and_no_value_is_markup(kept: Path) -> None:
    """Who speaks and who asked are persons of it; hostile signs come back as they are."""
    found = graph(ask_program(kept, "search", "coal", "--code", "NKT-9002", "--format", "zotero-rdf").out)
    spoken = item(found, "NKT-9002-p1")
    assert [str(each) for each in found.objects(spoken, Z.itemType)] == ["interview"]
    [(name, given_name)] = names(found, spoken, Z.interviewees)
    assert given_name == ""
    assert name.startswith("Made up </dc:title><z:itemType>x</z:itemType> & ]]> <!-- {{")
    assert "Recorded by Made-up Interviewer" in str(found.value(spoken, DC.title))
    assert {str(each) for each in set(found.objects(None, Z.itemType))} == {"interview"}


@settings(max_examples=number_of(200), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some.text(max_size=60))
def test_any_text_is_one_value(text: str) -> None:
    """What XML cannot have is shown by its code point."""
    [line] = zotero_rdf._value("dc:title", f"a{text}b")  # noqa: SLF001 - one value alone
    spaces = " ".join(f'xmlns:{name}="{space}"' for name, space in zotero_rdf._SPACES.items())  # noqa: SLF001 - as above
    found = graph(f'<rdf:RDF {spaces}><rdf:Description rdf:about="#a">{line}</rdf:Description></rdf:RDF>')
    [value] = found.objects(item(found, "a"), DC.title)
    assert value.startswith("a")
    assert value.endswith("b")
    assert len(found) == 1


def test_verify_reads_it_again(kept: Path, tmp_path: Path) -> None:
    """Every citation in it, as it was written."""
    file = tmp_path / "made-up.rdf"
    file.write_text(ask_program(kept, "cite", "NKT-9001#p1", "--format", "zotero-rdf").out, encoding="utf-8")
    ran = ask_program(kept, "verify", str(file))
    assert ran.code == 0, ran.out
    assert "1 unchanged" in ran.out
    written = file.read_text(encoding="utf-8")
    for old, new in (("Made up: taken back", "Made up: kept"), ("made-up witness", "another witness")):
        assert old in written
        file.write_text(written.replace(old, new), encoding="utf-8")
        assert ask_program(kept, "verify", str(file)).code == 1, new
