"""The topics of the thesaurus: every one is told, with the counts that a search has, and SKOS out and in is the same."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import RDF, SKOS, Graph
from rdflib.compare import isomorphic

import made_up
from archive.archive import Archive
from archive.documents import rdf
from archive.errors import InvalidAuthorities
from archive.formats.data import skos
from archive.keeping import _topic_import as topic_import
from archive.keeping._topic_import import Topic
from archive.reader.authorities import read_authorities
from examples import number_of
from running import TOP, Run

FORMS = {"skos": "turtle", "skos-json": "json-ld"}
every_form = pytest.mark.parametrize("form", FORMS)


def topics_of(root: Path) -> list[Mapping[str, Any]]:
    """Return the topics as they stand in the authority file."""
    return list(read_authorities(root).data("terms")["topic"])


def in_order(topics: list[Mapping[str, Any]]) -> list[Topic]:
    """Return topics without what RDF does not keep: the order of words and of links, and keys without a value."""
    return [
        {
            key: {language: sorted(set(words)) for language, words in value.items()}
            if key in {"also", "under"}
            else sorted(value, key=str)
            if isinstance(value, list)
            else value
            for key, value in each.items()
            if value
        }
        for each in topics
    ]


def test_the_tree_names_every_topic_once_and_below_its_broader_ones(on_shipped: Run, tmp_path: Path) -> None:
    """With its labels in English and Korean; one that has two broader topics stands below both."""
    lines = on_shipped("topics").out.splitlines()
    topics = topics_of(tmp_path)
    for each in topics:
        at = [number for number, line in enumerate(lines) if f"({each['id']})" in line]
        assert len(at) == max(1, len(each.get("broader", ()))), each["id"]
        assert each["label"]["en"] in lines[at[0]]
        assert each["label"]["ko"] in lines[at[0]]
    assert f"{len(topics)} topics." in lines[-1] + lines[-2]


def test_the_counts_are_those_of_a_search(on_shipped: Run) -> None:
    """Passages and testimonies of the filter, and of `topic:` in the words; narrower topics counted with the broader one."""
    every = json.loads(on_shipped("topics", "--format", "json").out)["topics"]
    assert all(each["claimed"] is None for each in every)
    for each in every[::9]:
        total = json.loads(on_shipped("search", "--topic", each["id"], "--limit", "1", "--format", "json").out)["total"]
        (page,) = json.loads(on_shipped("topics", each["id"], "--format", "json").out)["topics"]
        assert (page["passages"], page["testimonies"]) == (total["passages"], total["testimonies"])
        claimed = json.loads(on_shipped("search", f"topic:{each['id']}", "--limit", "1", "--format", "json").out)["total"]
        assert page["claimed"] == claimed["passages"] <= page["passages"]
        assert {**page, "claimed": None, "how": None} == each


@pytest.mark.parametrize(
    ("word", "topic", "how"),
    [
        ("forced labor", "forced-labour", "means"),
        ("강제로동", "forced-labour", "means"),
        ("forced-labour", "forced-labour", "means"),
        ("lice", "hygiene", "under"),
        ("in public executions", "public-execution", "means"),
    ],
)
def test_a_word_finds_its_topic_as_in_a_search(on_shipped: Run, word: str, topic: str, how: str) -> None:
    """Folded, stemmed, in either language; what is narrower says so and that it never widens."""
    found = json.loads(on_shipped("topics", *word.split(), "--format", "json").out)["topics"]
    assert [(each["id"], each["how"]) for each in found] == [(topic, how)]
    assert ("never widens a search" in " ".join(on_shipped("topics", word).out.split())) == (how == "under")


def test_a_part_of_a_label_lists_and_an_unknown_word_is_refused(on_shipped: Run) -> None:
    """With what is near; the exit code is that of wrong usage."""
    told = on_shipped("topics", "labour").out
    assert re.search(r"\(forced-labour\): \d+ passages", told)
    assert "(child-labour)" in told
    ran = on_shipped("topics", "starvaton")
    assert (ran.code, ran.out) == (2, "")
    assert "starvation" in ran.err


def test_a_collection_without_a_record_has_its_topics(root: Path, run: Run) -> None:
    """A thesaurus is there before the first record is."""
    made_up.collection(root)
    ran = run("topics")
    assert ran.code == 0
    assert "Torture · 고문 (torture): nothing in this collection" in ran.out


@every_form
def test_what_is_written_is_skos(on_shipped: Run, tmp_path: Path, form: str) -> None:
    """As rdflib reads it: concepts of one scheme, one label a language, broader the inverse of narrower, none also related."""
    graph = Graph().parse(data=on_shipped("topics", "--format", form).out, format=FORMS[form])
    topics = topics_of(tmp_path)
    (scheme,) = graph.subjects(RDF.type, SKOS.ConceptScheme)
    concepts = set(graph.subjects(RDF.type, SKOS.Concept))
    assert len(concepts) == len(topics)
    assert set(graph.subjects(SKOS.inScheme, scheme)) == concepts
    for concept in concepts:
        labels = [str(each.language) for each in graph.objects(concept, SKOS.prefLabel)]
        assert sorted(labels) == ["en", "ko"]
        assert graph.value(concept, SKOS.definition)
        above = set(graph.transitive_objects(concept, SKOS.broader)) - {concept}
        assert above.isdisjoint(graph.objects(concept, SKOS.related)), "S27 of the SKOS reference"
        preferred, others = (set(graph.objects(concept, each)) for each in (SKOS.prefLabel, SKOS.altLabel))
        assert preferred.isdisjoint(others), "S13 of the SKOS reference"
    assert set(graph.subject_objects(SKOS.broader)) == {(two, one) for one, two in graph.subject_objects(SKOS.narrower)}
    assert set(graph.objects(scheme, SKOS.hasTopConcept)) == {one for one in concepts if not graph.value(one, SKOS.broader)}
    assert (rdflib.URIRef("urn:x-testimony-archive:NKT:topic:hygiene"), SKOS.altLabel, rdflib.Literal("lice", "en")) not in graph


@every_form
def test_out_and_in_is_the_same(on_shipped: Run, root: Path, run: Run, form: str) -> None:
    """The shipped topics, by the commands; a second time too, byte for byte."""
    made_up.collection(root)
    file = root / f"topics.{'ttl' if form == 'skos' else 'jsonld'}"
    file.write_text(on_shipped("topics", "--format", form).out, encoding="utf-8")
    ran = run("authority", "import", str(file), "--yes")
    assert (ran.code, ran.out) == (0, "authorities/topics.yaml\n"), ran.err
    assert "ot taken over" not in ran.err
    assert in_order(topics_of(root)) == in_order(topics_of(TOP))
    again = run("topics", "--format", form).out
    assert isomorphic(*(Graph().parse(data=each, format=FORMS[form]) for each in (again, file.read_text(encoding="utf-8"))))
    file.write_text(again, encoding="utf-8")
    before = (root / "authorities" / "topics.yaml").read_bytes()
    assert run("authority", "import", str(file), "--force", "--yes").code == 0
    assert (root / "authorities" / "topics.yaml").read_bytes() == before


words = st.text(
    st.characters(exclude_categories=("Cs",)) | st.sampled_from("\"\\\n\t\x1b\u202e<>{}@^'가각"), min_size=1, max_size=12
).filter(str.strip)
names = st.from_regex(r"[a-z][a-z0-9-]{0,6}", fullmatch=True)


@st.composite
def thesauri(draw: st.DrawFn) -> list[Topic]:
    """Draw topics with any words, languages, and links that make no ring."""
    ids = draw(st.lists(names, min_size=1, max_size=5, unique=True))
    by_language = st.dictionaries(st.sampled_from(["en", "ko", "fr"]), st.lists(words, min_size=1, max_size=3), max_size=2)
    topics: list[Topic] = []
    for number, each in enumerate(ids):
        before = st.lists(st.sampled_from(ids[:number]), max_size=2, unique=True) if number else st.just([])
        others = st.lists(st.sampled_from(ids), max_size=2, unique=True)
        topics.append(
            {
                "id": each,
                "label": draw(st.dictionaries(st.sampled_from(["en", "ko"]), words, min_size=1)),
                "definition": draw(words),
                "also": draw(by_language),
                "under": draw(by_language),
                "only_with": draw(st.lists(words, max_size=2)),
                "broader": draw(before),
                "related": draw(others),
                "codes": [draw(st.dictionaries(words, words, min_size=1, max_size=3))] if draw(st.booleans()) else [],
            }
        )
    return topics


@settings(max_examples=number_of(60))
@given(topics=thesauri(), form=st.sampled_from(sorted(FORMS)))
def test_whatever_stands_in_a_thesaurus_is_written_as_rdf_that_says_the_same(topics: list[Topic], form: str) -> None:
    """Quotes, line ends, controls, brackets: rdflib reads every word as it was; nothing reaches a terminal raw."""
    made = (skos.turtle if form == "skos" else skos.json_ld)(topics, {"en": "Made up"}, "urn:made-up:")
    written = "\n".join(made)
    assert not set("\x1b\u202e\x00").intersection(written)
    graph = Graph().parse(data=written, format=FORMS[form])
    for each in topics:
        one = rdflib.URIRef(f"urn:made-up:{each['id']}")
        assert {str(label.language): str(label) for label in graph.objects(one, SKOS.prefLabel)} == each["label"]
        assert str(graph.value(one, SKOS.definition)) == each["definition"]
        for key, predicate in (("also", SKOS.altLabel), ("under", rdflib.URIRef(f"{skos.OURS}under"))):
            found = {(str(word.language), str(word)) for word in graph.objects(one, predicate)}
            assert found == {(language, word) for language, all_ in each[key].items() for word in all_}
        (code,) = [dict(graph.predicate_objects(node)) for node in graph.objects(one, rdflib.URIRef(f"{skos.OURS}code"))] or [{}]
        assert sorted(map(str, code.values())) == sorted(value for held in each["codes"] for value in held.values())


def test_the_control_a_string_that_is_not_escaped_is_no_turtle(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test above can fail."""
    monkeypatch.setattr(skos, "_escape", lambda character: character)
    topics = [{"id": "one", "label": {"en": 'a "word"'}, "definition": "x"}]
    with pytest.raises(Exception, match="expected"):
        Graph().parse(data="\n".join(skos.turtle(topics, {}, "urn:made-up:")), format="turtle")


FOREIGN = """
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix : <https://example.org/topics/> .
<https://example.org/topics> a skos:ConceptScheme .
:1 a skos:Concept ; skos:prefLabel "Made-up work"@en-GB, "Made-up travail"@fr ; skos:altLabel "toil"@en ;
   skos:hiddenLabel "wrok"@en ; skos:scopeNote "Made up."@en ; skos:narrower :2 ; skos:changeNote "not ours" .
:2 a skos:Concept ; skos:prefLabel "Made-up mining" ; skos:altLabel "toil"@en ; skos:related :9 ;
   skos:closeMatch <https://example.org/other/7> .
"""


def imported(root: Path, content: str, name: str = "foreign.ttl", **options: Any) -> topic_import.ImportedTopics:
    """Import a file into a collection."""
    made_up.collection(root)
    file = root / name
    file.write_text(content, encoding="utf-8")
    return Archive(root, "public").import_topics(file, **options)


def test_a_thesaurus_of_others_is_taken_over_and_says_what_is_not(root: Path) -> None:
    """Ids of labels, varieties of a language as the language, inverse links, addresses as codes; the rest is told."""
    found = imported(root, FOREIGN)
    mining, work = topics_of(root)
    assert (mining["id"], mining["broader"], mining["label"]) == ("made-up-mining", ["made-up-work"], {"en": "Made-up mining"})
    assert work["also"] == {"en": ["toil", "wrok"]}
    assert work["definition"] == "Made up."
    assert {each["code"] for each in mining["codes"]} == {"https://example.org/topics/2", "https://example.org/other/7"}
    assert work["shared_with"] == ["made-up-mining"]
    told = "\n".join(found.said)
    assert "Not taken over: skos:changeNote, times: 1." in told
    assert "Links to what is no concept here, which were left out: 1." in told
    assert "whose label stands in its place: 1." in told
    assert "find all of them: 1 (toil)." in told


BROKEN = {
    "no turtle": ("x.ttl", "This is none."),
    "named like none": ("x.txt", FOREIGN),
    "has no skos:Concept": ("x.ttl", ""),
    "is no JSON": ("x.jsonld", "{"),
    "would have to be fetched": ("x.jsonld", '{"@context": ["http://127.0.0.1:9/context"], "@id": "urn:x"}'),
    "several schemes": ("x.ttl", FOREIGN + "<urn:second> a skos:ConceptScheme ."),
    "has no skos:prefLabel": ("x.ttl", FOREIGN + ":3 a skos:Concept ."),
    "has 2 labels in fr": ("x.ttl", FOREIGN + ':1 skos:prefLabel "Other"@fr .'),
    "leads back to the term itself": ("x.ttl", FOREIGN + ":2 skos:narrower :1 ."),
    "is one syllable": ("x.ttl", FOREIGN + ':2 skos:altLabel "병"@ko .'),
    "a redaction tag": ("x.ttl", FOREIGN + ':2 skos:altLabel "<an>a name</an>"@en .'),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_every_fault_is_told_and_nothing_is_written(root: Path, fault: str) -> None:
    """Of the file and of its concepts; nothing that it names is fetched."""
    name, content = BROKEN[fault]
    with pytest.raises(InvalidAuthorities) as refused:
        imported(root, content, name)
    assert fault.replace("no turtle", "cannot be read as turtle") in refused.value.message
    assert refused.value.remedy.endswith("othing was written.")
    assert not (root / "authorities").exists()


def test_all_faults_come_at_once(root: Path) -> None:
    """Each with the topic that has it."""
    more = ':3 a skos:Concept .\n:2 skos:altLabel "병"@ko, "ab"@en .'
    with pytest.raises(InvalidAuthorities) as refused:
        imported(root, FOREIGN + more)
    fields = [each.field for each in refused.value.faults]
    assert "topics.3.label" in fields
    with pytest.raises(InvalidAuthorities) as refused:
        imported(root, FOREIGN + more.partition("\n")[2])
    assert [each.field for each in refused.value.faults] == ["topics.made-up-mining.also"] * 2


def test_topics_that_are_there_are_not_written_over(root: Path, run: Run) -> None:
    """Unless that was asked for; a dry run prints the file and writes nothing."""
    made_up.collection(root)
    file = root / "foreign.ttl"
    file.write_text(FOREIGN, encoding="utf-8")
    dry = run("authority", "import", str(file), "--dry-run")
    assert "made-up-mining" in dry.out
    assert not (root / "authorities").exists()
    assert run("authority", "import", str(file), "--yes").code == 0
    assert (root / "authorities" / "topics.yaml").read_text(encoding="utf-8") == dry.out
    ran = run("authority", "import", str(file), "--yes")
    assert ran.code == 15
    assert run("authority", "import", str(file), "--force", "--yes").code == 0


def test_without_rdflib_the_extra_is_named(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only whoever imports needs it."""

    def missing(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr(rdf, "import_module", missing)
    made_up.collection(root)
    with pytest.raises(rdf.MissingExtra, match="rdflib"):
        rdf.read(FOREIGN.encode(), "x.ttl")
