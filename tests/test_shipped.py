"""The shipped archive: what a reader must find in it, and what must never be in it."""

import json
import re
from itertools import pairwise

import pytest

import ids
from archive.authority.authorities import Authorities, shipped_folder
from archive.collection import _evidence as evidence
from archive.collection import checks
from archive.reader import read as reader
from archive.record import paragraphs
from archive.record.testimony import Testimony
from archive.storage.record_files import language_of
from running import TOP, Run

FILES = sorted((TOP / "testimonies").rglob("NKT-*.md"))
RECORDS = [file for file in FILES if not language_of(file.name)]
DATA = sorted(shipped_folder().glob("*.yaml"))
TWICE = 2


@pytest.fixture(scope="module")
def authorities() -> Authorities:
    """The shipped authorities."""
    return reader.read_authorities(TOP)


@pytest.fixture(scope="module")
def records(authorities: Authorities) -> dict[str, Testimony]:
    """Every shipped record, by its code."""
    read = [reader.read(file.read_bytes(), f"testimonies/{file.name}", authorities) for file in RECORDS]
    return {testimony.code: testimony for testimony in read}


def hits(on_shipped: Run, *arguments: str) -> list[dict[str, object]]:
    """Return the hits of a search."""
    ran = on_shipped("search", *arguments, "--all", "--format", "json")
    assert ran.code == 0, ran.err
    found: list[dict[str, object]] = json.loads(ran.out)["hits"]
    return found


def references(on_shipped: Run, *arguments: str) -> list[str]:
    """Return the hits of a search as CODE#pN."""
    return [f"{hit['code']}#p{hit['paragraph']}" for hit in hits(on_shipped, *arguments)]


def test_it_passes_check() -> None:
    """No fault; and every warning is explained in docs/content.md."""
    report = checks.check(TOP)
    assert report.faults == ()
    page = (TOP / "docs" / "content.md").read_text(encoding="utf-8")
    told = page.partition("## Warnings of `testimony check` that stay")[2].partition("\n## ")[0]
    assert "NKT-" in told
    for warning in report.warnings:
        assert warning.path.rpartition("/")[2][:8] in told, warning


def test_no_record_claims_more_than_its_evidence(authorities: Authorities, records: dict[str, Testimony]) -> None:
    """Each is of a text that was read, and what is called corroborated is borne out by another root."""
    assert list(evidence.weaknesses(records, authorities)) == []
    assert all(testimony.rendered_of for testimony in records.values())


def test_everything_of_the_research_is_there(authorities: Authorities, records: dict[str, Testimony]) -> None:
    """Every account, facility, contradiction and source, by its id."""
    assert sorted(records) == sorted(ids.ACCOUNTS)
    assert sorted(each.id for each in authorities.gazetteer) == sorted(ids.FACILITIES)
    assert sorted(authorities.conflicts) == sorted(ids.CONFLICTS)
    assert sorted(authorities.sources) == sorted(ids.SOURCES)


def test_what_is_maintained_was_told_twice(records: dict[str, Testimony]) -> None:
    """Consistency needs two tellings of the witness; what one has, in however many papers, is asserted."""
    once = {
        f"{code} {claim.id}"
        for code, record in records.items()
        for claim in record.claims
        if claim.status == "maintained"
        and len({ids.telling_of(each.ref) for each in claim.cites if not each.ref.startswith("conf-")}) < TWICE
    }
    assert once == set()


def test_the_sources_of_one_telling_are_shipped(authorities: Authorities) -> None:
    """Each of them, so that a text that is renamed does not count as a second one."""
    assert {each for group in ids.ONE_TELLING for each in group} <= set(authorities.sources)


def test_what_was_left_out_is_told_with_its_reason() -> None:
    """In the page on the content, in the words of the list."""
    told = " ".join((TOP / "docs" / "content.md").read_text(encoding="utf-8").split())
    for what, why in ids.LEFT_OUT.items():
        assert what in told
        assert why in told


@pytest.mark.parametrize("camp", ["14", "Camp 14", "제14호", "kwalliso-14"])
def test_a_camp_is_the_same_under_any_spelling(on_shipped: Run, camp: str) -> None:
    """The hits are those of the id."""
    found = references(on_shipped, "--camp", camp)
    assert found == references(on_shipped, "--camp", "kwalliso-14")
    assert found


@pytest.mark.parametrize("camp", ["Kaechon", "Kaech'ŏn", "개천"])
def test_an_ambiguous_place_is_its_four_candidates_and_code_2(on_shipped: Run, camp: str) -> None:
    """Nothing is picked for the person."""
    ran = on_shipped("search", "--camp", camp)
    assert ran.code == 2
    assert ran.out == ""
    named = re.findall(r"(?:kwalliso|kyohwaso)-[0-9]+(?:-[a-z]+)?(?= \()", ran.err)
    assert named == ["kwalliso-14", "kwalliso-17-kaechon", "kwalliso-18", "kyohwaso-1"]


def test_every_excerpt_of_the_version_of_2012_shows_that_it_was_revised(on_shipped: Run) -> None:
    """Wherever it comes from, it says so, and names the later version."""
    found = [hit for hit in hits(on_shipped) if hit["code"] == "NKT-0001"]
    assert len(found) >= 5
    for hit in found:
        statements = " ".join(caveat["statement"] for caveat in hit["caveats"])  # type: ignore[attr-defined]
        assert "NKT-0002" in statements
        assert "2015" in statements
        assert "superseded" in hit["flags"]  # type: ignore[operator]


def test_what_the_united_nations_took_from_it_carries_its_caveats(on_shipped: Run) -> None:
    """With the code that they come from; the report's other paragraphs do not."""
    report = [hit for hit in hits(on_shipped, "--kind", "survey") if hit["code"] == "NKT-0019"]
    relying = [hit for hit in report if "relies-on-recanted" in hit["flags"]]  # type: ignore[operator]
    assert relying
    assert len(relying) < len(report)
    for hit in report:
        origins = {caveat["from"] for caveat in hit["caveats"]}  # type: ignore[attr-defined]
        assert ("NKT-0001" in origins) is (hit in relying)


def test_without_flag_leaves_out_the_revised_paragraphs_and_keeps_the_others(on_shipped: Run) -> None:
    """The birth in Camp 14, which the witness maintained, stays; the deaths do not."""
    every = [each for each in references(on_shipped) if each.startswith("NKT-0001#")]
    kept = [each for each in references(on_shipped, "--without-flag", "revised") if each.startswith("NKT-0001#")]
    assert "NKT-0001#p1" in kept
    assert set(kept) < set(every)
    revised = {f"{hit['code']}#p{hit['paragraph']}" for hit in hits(on_shipped, "--flag", "revised")}
    assert set(every) - set(kept) == {each for each in revised if each.startswith("NKT-0001#")}


def test_camp_18_does_not_bring_his_paragraphs_on_camp_14(on_shipped: Run) -> None:
    """Each passage stands under the camp that it tells of."""
    at_18 = [hit for hit in hits(on_shipped, "--camp", "18") if hit["code"] in {"NKT-0001", "NKT-0002"}]
    assert at_18
    assert all("kwalliso-18" in hit["camps"] for hit in at_18)  # type: ignore[operator]
    only_14 = [hit for hit in hits(on_shipped) if hit["code"] == "NKT-0002" and hit["camps"] == ["kwalliso-14"]]
    assert only_14
    assert not {hit["paragraph"] for hit in only_14} & {hit["paragraph"] for hit in at_18 if hit["code"] == "NKT-0002"}


def test_state_denials_are_found_as_what_they_are(on_shipped: Run) -> None:
    """Dated, sourced, and of the state."""
    found = hits(on_shipped, "--kind", "official-denial")
    assert {hit["code"] for hit in found} == {"NKT-0036", "NKT-0037", "NKT-0038", "NKT-0057"}
    assert all(hit["caveats"] and hit["citation"] for hit in found)


def test_recanted_passages_are_found(on_shipped: Run) -> None:
    """The account that was taken back in part, and what relies on it."""
    assert {hit["code"] for hit in hits(on_shipped, "--flag", "recanted")} == {"NKT-0001", "NKT-0019"}


def test_executions_in_camp_15(on_shipped: Run) -> None:
    """What the research has on them is found under the camp and the topic."""
    found = {hit["code"] for hit in hits(on_shipped, "--topic", "execution", "--camp", "15")}
    assert "NKT-0003" in found
    assert "NKT-0001" not in found


def test_camp_22_shows_its_closing_and_the_rejected_claim(on_shipped: Run) -> None:
    """The closing of 2012 with its sources, and "enlarged by 2024" with the reason for its rejection."""
    document = json.loads(on_shipped("camps", "22", "--format", "json").out)
    statements = document["facility"]["statements"]
    closings = [
        each
        for each in statements
        if each["about"] == "closed" and each.get("date", "").startswith("2012") and not each["rejected"]
    ]
    assert closings
    assert all(each["sources"] for each in closings)
    rejected = [each for each in statements if each["rejected"] and "2024" in each.get("date", "") + each["text"]]
    assert rejected
    text = " ".join(on_shipped("camps", "22").out.split())
    assert "REJECTED" in text
    assert "Why rejected:" in text


def test_all_contradictions_are_listed(on_shipped: Run) -> None:
    """Each with its claims and the verdict."""
    document = json.loads(on_shipped("camps", "--conflicts", "--format", "json").out)
    assert [each["id"] for each in document["conflicts"]] == list(ids.CONFLICTS)
    assert all(len(each["claims"]) >= 2 and each["verdict"] for each in document["conflicts"])
    assert f"{len(ids.CONFLICTS)} contradictions." in on_shipped("camps", "--conflicts").out


def prose(testimony: Testimony) -> list[str]:
    """Return every text of a record that the archive wrote."""
    texts = [run.text for run in paragraphs.passages(testimony.body)]
    texts += [note.statement for note in testimony.notes]
    texts += [claim.text for claim in testimony.claims]
    return [*texts, testimony.reliability_basis]


def test_no_two_records_share_a_run_of_twelve_words(records: dict[str, Testimony]) -> None:
    """Each was written for itself."""
    seen: dict[tuple[str, ...], str] = {}
    for code, testimony in records.items():
        for text in prose(testimony):
            words = re.findall(r"\w+", text.casefold())
            for at in range(len(words) - 11):
                run = tuple(words[at : at + 12])
                assert seen.setdefault(run, code) == code, f"{code} and {seen[run]}: {' '.join(run)}"


def test_no_summary_is_set_in_quotation_marks(records: dict[str, Testimony]) -> None:
    """As if the witness spoke."""
    for code, testimony in records.items():
        if testimony.rendering == "summary":
            for run in paragraphs.passages(testimony.body):
                assert not re.search('["“”«»„「」『』]', run.text), f"{code}#p{run.number}"


def test_every_shipped_text_is_a_summary_and_says_so(on_shipped: Run) -> None:
    """We have no witness's own words; every excerpt and citation tells."""
    for hit in hits(on_shipped):
        assert hit["rendering"] == "summary"
        assert "(archive summary)" in str(hit["citation"])


# equivalents.yaml is a list of words of the language, and says nothing of a source.
TEXTS = [*FILES, *(file for file in DATA if file.name != "equivalents.yaml")]


@pytest.mark.parametrize("file", TEXTS, ids=lambda file: file.name)
def test_no_file_speaks_of_how_it_was_prepared(file: object) -> None:
    """A source is named for what it is."""
    written = file.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    assert not re.search(r"\bseeds?\b|\bacc-|dossier", written, re.IGNORECASE)


def test_nothing_that_was_left_out_is_in_the_archive(on_shipped: Run) -> None:
    """The death of a foreign prisoner is a contradiction and no account."""
    for file in FILES:
        assert "Warmbier" not in file.read_text(encoding="utf-8")


def test_grades_stand_only_with_their_basis(records: dict[str, Testimony]) -> None:
    """A letter alone says nothing."""
    for testimony in records.values():
        assert bool(testimony.reliability) == bool(testimony.reliability_basis)


def test_every_note_names_its_source(records: dict[str, Testimony]) -> None:
    """So that a reader can go there; a claim without one stands on the record's own source."""
    for code, testimony in records.items():
        for note in testimony.notes:
            assert note.cites, f"{code} {note.id}"


PLAIN = re.compile(r"(?i)\brap(e|ed|es|ist|ing)\b|\bsexual|\bmolest|\bforced prostitution")
SOFTENED = re.compile(
    r"(?i)\b(?:(?:was|were|been|being) (?:traded|used (?:by|for))|relations with|took advantage|taken advantage|"
    r"had (?:his|her|their) way|passed away|helped to die)\b"
)


def test_no_word_is_softened(records: dict[str, Testimony]) -> None:
    """What a text calls rape is called so: each paragraph tagged with sexual violence names it, and none softens it."""
    for code, record in records.items():
        texts = {run.number: run.text for run in paragraphs.passages(record.body)}
        written = [record.title, *texts.values(), *(claim.text for claim in record.claims)]
        assert not [each for each in written if SOFTENED.search(each)], code
        tagged = {number for claim in record.claims if "sexual-violence" in claim.topics for number in claim.paragraphs}
        assert [number for number in tagged if not PLAIN.search(texts[number])] == [], code
    assert SOFTENED.search("that refugees were traded"), "the control"
    assert SOFTENED.search("women who were used by guards"), "the control"
    assert not PLAIN.search("women who were used by guards"), "the control"


def test_versions_of_one_story_have_one_root(records: dict[str, Testimony]) -> None:
    """So that two tellings of one witness never count as two."""
    for code, testimony in records.items():
        for relation in testimony.relations:
            if relation.type in {"revises", "revised-by", "same-person"}:
                assert testimony.source.root == records[relation.code].source.root, code


def test_paragraphs_are_few_and_none_is_empty(records: dict[str, Testimony]) -> None:
    """One for each claim or step that the facts carry."""
    for code, testimony in records.items():
        texts = [run.text for run in paragraphs.passages(testimony.body)]
        assert 1 <= len(texts) <= 12, code
        assert all(left != right for left, right in pairwise(texts))


def test_every_topic_and_flag_has_its_words_in_two_languages(authorities: Authorities) -> None:
    """Label in English and Korean, definition, and for a flag a default statement."""
    for name in authorities.vocabulary.lists():
        for term in authorities.vocabulary.terms(name):
            assert term.label["en"], term
            assert re.search("[가-힣]", term.label["ko"]), term
            assert term.definition, term
            assert name != "flag" or term.statement, term
    assert len(list(authorities.vocabulary.terms("topic"))) >= 90
