"""`testimony verify` vouches for nothing that it did not look at: any altered output of ours is said to be altered."""

import json
import random
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import made_up
from examples import examples
from printing import output, verified
from running import ask_program

FIRST = (
    "Kim sah the made-up quarry <b>and</b> heard its bell twice each morning; 지어낸 광산에서 종이 울렸다. "
    "He counted forty carts before dusk."
)
LONG = " ".join(f"Sentence {number} tells of quarry carts, mules, lanterns and wet rope." for number in range(1, 30))
SECOND = "The made-up sentries of the quarry were swapped in spring, and no miller said why."
ABOUT_ALL = "The witness disavowed the blizzard in a postcard of 2015"
ABOUT_ONE = "Kestrels aside, another made-up witness saw the turnstile shut that year."
THEIRS = "Repudiated by the made-up ministry; see its gazette, number seven."


@pytest.fixture(scope="module")
def quarry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up collection: caveats of a record, of a passage and of another record; a passage that is cut."""
    notes = [
        made_up.note("n1", "recanted", ABOUT_ALL),
        made_up.note("n2", "contradicted", ABOUT_ONE, about={"paragraphs": [1]}, **{"with": ["NKT-9002#p1"]}),
    ]
    theirs = [made_up.note("n1", "contested", THEIRS, about={"paragraphs": [1]}, **{"with": ["NKT-9001#p1", "NKT-9001#p2"]})]
    camps = [{"camp": "kwalliso-18", "period": "1985", "as": "prisoner", "basis": "first-hand"}]
    one = made_up.header("NKT-9001", credibility={"notes": notes}, camps=camps, topics=["coal-mining"])
    two = made_up.header("NKT-9002", credibility={"notes": theirs}, camps=camps, topics=["coal-mining"])
    root = tmp_path_factory.mktemp("quarry")
    return made_up.collection(
        root, made_up.record(one, FIRST, LONG, SECOND), made_up.record(two, SECOND.replace("spring", "autumn"))
    )


SEARCHES = [
    ("search", "quarry", "--all", "--format", form)
    for form in ("text", "json", "jsonl", "csv", "markdown", "csl-json", "bibtex", "ris")
]
SEARCHES += [("search", "quarry", "--all", "--full"), ("search", "--all")]
EXCERPTS = [
    (command, "NKT-9001#p1-3", "--format", form) for command in ("excerpt", "show") for form in ("text", "markdown", "json")
]
WHOLE = [("show", "NKT-9001", "--format", form) for form in ("text", "markdown", "json")]
CITED = [("cite", "NKT-9001", "NKT-9001#p1-3", "--format", form) for form in ("text", "json", "csl-json", "bibtex", "ris")]
STYLED = [("cite", "NKT-9001#p1-3", "--style", style) for style in ("chicago", "apa")]
COMPARED = [("compare", "--camp", "18", "--format", form) for form in ("text", "json", "csv", "markdown")]
DOSSIERS = [("dossier", "quarry", "--date", "2001-02-03", "--output", "-", "--format", form) for form in ("md", "html", "docx")]
OUTPUTS = [*SEARCHES, *EXCERPTS, *WHOLE, *CITED, *STYLED, *COMPARED, *DOSSIERS]


@pytest.mark.parametrize("question", OUTPUTS, ids=" ".join)
def test_what_was_not_altered_stands(quarry: Path, tmp_path: Path, question: tuple[str, ...]) -> None:
    """The control: of every command and format."""
    code, said = verified(quarry, output(quarry, question, tmp_path), tmp_path)
    assert code == 0, said


# None of these stands in anything else that the program prints.
OF_WORDS = ("heard", "forty", "bell", "dusk", "sentries", "swapped", "miller", "lanterns", "mules")
OF_CAVEATS = ("disavowed", "blizzard", "postcard", "Kestrels", "turnstile", "Repudiated", "gazette")


def places(document: str) -> list[tuple[int, int]]:
    """Give where a word of an excerpt or of a caveat stands."""
    every = "|".join((*OF_WORDS, *OF_CAVEATS))
    return [found.span() for found in re.finditer(rf"\b(?:{every})\b", document)]


@examples(60)
@given(question=st.sampled_from(OUTPUTS), chance=st.randoms(use_true_random=False))
def test_an_altered_word_is_never_vouched_for(
    quarry: Path, tmp_path_factory: pytest.TempPathFactory, question: tuple[str, ...], chance: random.Random
) -> None:
    """In whatever excerpt or caveat, of whatever format, put in another's place, left out, or put before it."""
    folder = tmp_path_factory.mktemp("falsified")
    document = output(quarry, question, folder)
    start, end = chance.choice(places(document))
    put = chance.choice(["warm", "", f"never {document[start:end]}"])
    code, said = verified(quarry, document[:start] + put + document[end:], folder)
    assert code == 1, (document[max(0, start - 200) : end + 200], said)


@pytest.mark.parametrize("question", [*SEARCHES[:5], *EXCERPTS, *WHOLE, *DOSSIERS], ids=" ".join)
def test_a_caveat_that_was_taken_out_is_missed(quarry: Path, tmp_path: Path, question: tuple[str, ...]) -> None:
    """With its statement, at each place; the mark still lists it."""
    document = output(quarry, question, tmp_path)
    wrapped = r"\s+(?:>\s*)?".join(map(re.escape, ABOUT_ONE.rstrip(".").split()))
    code, said = verified(quarry, re.sub(wrapped, "", document), tmp_path)
    assert code == 1, said
    assert "CAVEAT n2" in said


@pytest.mark.parametrize("altered", ["", "translated"], ids=["taken off", "given another name"])
def test_a_caveat_that_was_taken_off_its_hit_is_missed(quarry: Path, tmp_path: Path, altered: str) -> None:
    """Though its statement still stands below the list, and the mark names it."""
    document = output(quarry, ("search", "quarry", "--all", "--format", "text"), tmp_path)
    named = re.search(r"CONTRADICTED(?= \[)" if altered else r"CONTRADICTED \[[0-9]+\]", document)
    assert named is not None
    code, said = verified(quarry, document[: named.start()] + altered + document[named.end() :], tmp_path)
    assert code == 1, said
    assert re.search(r"CAVEAT (?:NKT-9001/)?n2", said)


def test_what_is_wrong_is_said(quarry: Path, tmp_path: Path) -> None:
    """For a person and in fields: which words, which caveat, and how they stand in the archive."""
    document = output(quarry, ("excerpt", "NKT-9001#p1-3", "--format", "markdown"), tmp_path)
    file = tmp_path / "document.md"
    file.write_text(document.replace("heard", "warm").replace("Repudiated", "Granted", 1), encoding="utf-8")
    ran = ask_program(quarry, "verify", str(file))
    assert ran.code == 1
    assert "The document gives other words." in ran.out
    assert "! CAVEAT NKT-9002/n1: the document gives other words of it." in ran.out
    found = json.loads(ask_program(quarry, "verify", str(file), "--format", "json").out)["citations"]
    assert found[0]["altered"] == [
        {"caveat": None, "wrong": "the document gives other words"},
        {"caveat": "NKT-9002/n1", "wrong": "the document gives other words of it"},
    ]
    assert [(each["outcome"], each["words_compared"]) for each in found[1:3]] == [("unchanged", True)] * 2
    # The statement stands once in the document, so it is told wherever the document leads to it.
    assert {wrong["caveat"] for each in found[1:3] for wrong in each["altered"]} <= {"NKT-9002/n1"}


STRANGERS = {"of another record": "NKT-9002/n2", "of a record that is not there": "NKT-9099/n2", "of this one": "n9"}


@pytest.mark.parametrize("named", STRANGERS)
def test_a_caveat_that_no_record_has_is_named(quarry: Path, tmp_path: Path, named: str) -> None:
    """Put beside the others, with the id of one that another record has, or that is none of its record."""
    document = output(quarry, ("excerpt", "NKT-9001#p1", "--format", "text"), tmp_path)
    own = re.search(r"\n( *! )(?=[A-Z][^!]*?\[n2, )", document)
    assert own is not None
    made = f"\n{own[1]}CORROBORATED: Made up. [{STRANGERS[named]}, archive, 2001-02-03]"
    code, said = verified(quarry, document[: own.start()] + made + document[own.start() :], tmp_path)
    assert (code, f"CAVEAT {STRANGERS[named]}: the document has it" in " ".join(said.split())) == (1, True), said


@pytest.mark.parametrize("form", ["text", "markdown", "json", "csv"])
def test_a_caveat_that_was_reworded_since_is_no_alteration_of_the_document(tmp_path: Path, form: str) -> None:
    """It is told as changed; that the document gives other words of it would be untrue."""
    head = made_up.header("NKT-9001", credibility={"notes": [made_up.note("n1", "recanted", "Made up: taken back.")]})
    root = made_up.collection(tmp_path / "one", made_up.record(head, "The made-up quarry was cold."))
    document = output(root, ("search", "quarry", "--format", form), tmp_path)
    (file,) = (root / "testimonies").glob("NKT-9001*")
    file.write_text(file.read_text(encoding="utf-8").replace("taken back", "taken back in 2015"), encoding="utf-8")
    code, said = verified(root, document, tmp_path)
    assert (code, "gives other words" in said, re.search(r"changed since", said) is not None) == (1, False, True), said
