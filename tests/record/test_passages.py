"""Passages: the numbering that anyone can do with awk, what each is about, and what is in force at it."""

import shutil
import subprocess
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import made_up
from archive.authority.authorities import Authorities
from archive.collection.collection import Collection
from archive.reader import read
from archive.record import hashing, paragraphs, passages
from archive.record.testimony import PUBLIC, Passage
from examples import examples
from running import Run

AWK = """awk 'BEGIN{RS=""} !/^#+ / && !/^\\[\\^[^]]+\\]:/ {print ++n": "$0}'"""


@pytest.fixture(scope="module")
def authorities(tmp_path_factory: pytest.TempPathFactory) -> Authorities:
    """The shipped authorities."""
    return read.read_authorities(tmp_path_factory.mktemp("none"))


def passages_of(root: Path, authorities: Authorities, code: str) -> list[Passage]:
    """Give the passages of a record in a collection, with every note in force."""
    collection = Collection(root, authorities, PUBLIC, {})
    testimony = collection.find(code)
    assert testimony is not None, collection.faults
    return collection.passages(testimony)


@pytest.mark.skipif(not shutil.which("awk"), reason="no awk on this machine")
@examples(60)
@given(
    st.lists(
        st.sampled_from(
            ["one", "# head", "", "", "[^1]: foot", "[^1] says", "[^", "]: x", "[^]: y", "#no head", "1977. That year", "two"]
        ),
        max_size=14,
    )
)
def test_the_numbering_is_that_of_awk(lines: list[str]) -> None:
    """The rule is on the raw text and needs no parser of ours."""
    written = "\n".join(lines)
    told = subprocess.run(["bash", "-c", AWK], input=written, capture_output=True, text=True, check=True).stdout
    ours = "".join(f"{run.number}: {run.text}\n" for run in paragraphs.passages(written))
    assert ours == told


def test_a_year_at_the_start_of_a_line_is_a_passage() -> None:
    """Markdown would eat `1977.` as a list and `#5` as a heading."""
    assert [run.text for run in paragraphs.passages("1977. That year\n\n#5 barracks\n")] == ["1977. That year", "#5 barracks"]


def test_a_rewrapped_paragraph_keeps_its_hash() -> None:
    """White space and Unicode form are no words; time codes are a second locator and no words either."""
    assert hashing.passage_hash("One  two\nthree ⟦00:14:32⟧") == hashing.passage_hash("One two three")
    assert hashing.passage_hash("요덕") == hashing.passage_hash(unicodedata.normalize("NFD", "요덕"))
    assert hashing.passage_hash("One two") != hashing.passage_hash("One too")


CAMPS = [
    {"camp": "kwalliso-14", "zone": "total-control", "period": "1990", "as": "prisoner", "basis": "first-hand"},
    {"camp": "kwalliso-18", "period": "1995", "as": "prisoner", "basis": "hearsay"},
]


def test_a_claim_says_what_its_passage_is_about_and_the_record_the_rest(root: Path, authorities: Authorities) -> None:
    """Zone and basis come from the record's entry of the same camp; the other camp does not come along."""
    claims = [{"id": "c1", "text": "x", "paragraphs": [1], "camps": ["kwalliso-14"], "period": "1991", "status": "disputed"}]
    made_up.collection(root, made_up.record(made_up.header("NKT-9001", camps=CAMPS, claims=claims), "One.", "Two."))
    first, second = passages_of(root, authorities, "NKT-9001")
    assert [tuple(entry) for entry in first.entries] == [
        ("kwalliso-14", "total-control", "1991", "prisoner", "first-hand", "disputed")
    ]
    assert [entry.camp for entry in second.entries] == ["kwalliso-14", "kwalliso-18"]
    assert [entry.status for entry in second.entries] == ["", ""]


def test_a_claim_about_no_camp_says_so(root: Path, authorities: Authorities) -> None:
    """An empty list is an answer; a missing one leaves it to the record."""
    claims = [{"id": "c1", "text": "x", "paragraphs": [1], "camps": [], "period": "1991", "status": "asserted"}]
    made_up.collection(root, made_up.record(made_up.header("NKT-9001", camps=CAMPS, claims=claims)))
    assert [tuple(entry) for entry in passages_of(root, authorities, "NKT-9001")[0].entries] == [
        (None, "", "1991", "", "", "asserted")
    ]


def test_a_resolved_note_is_in_force_and_a_replaced_one_is_not(root: Path, authorities: Authorities) -> None:
    """Only a later note that replaces it takes a note out of force."""
    notes = [
        made_up.note("n1", "caution", status="resolved"),
        made_up.note("n2", "caution"),
        made_up.note("n3", "contested", replaces="n2"),
    ]
    made_up.collection(root, made_up.record(made_up.header("NKT-9001", credibility={"notes": notes})))
    assert {note.id for note in passages_of(root, authorities, "NKT-9001")[0].notes} == {"n1", "n3"}


def test_a_note_reaches_the_passages_that_it_names_in_another_record(root: Path, authorities: Authorities) -> None:
    """And is in force there with the code that it came from."""
    notes = [made_up.note("n1", "contradicted", **{"with": ["NKT-9001#p2"]})]
    made_up.collection(
        root,
        made_up.record(made_up.header("NKT-9001"), "One.", "Two."),
        made_up.record(made_up.header("NKT-9002", credibility={"notes": notes})),
    )
    first, second = passages_of(root, authorities, "NKT-9001")
    assert first.notes == ()
    assert [(note.origin, note.id) for note in second.notes] == [("NKT-9002", "n1")]


def test_what_relies_on_another_record_carries_its_notes_also_at_second_hand(root: Path, authorities: Authorities) -> None:
    """A chain of reports, and a ring of them, hands every caveat on to the paragraphs that rely."""
    recanted = [
        made_up.note("n1", "recanted", about={"paragraphs": [2]}),
        made_up.note("n2", "caution", about={"paragraphs": [1]}),
    ]
    relies = {"type": "relies-on", "code": "NKT-9001#p2", "paragraphs": [1]}
    made_up.collection(
        root,
        made_up.record(
            made_up.header("NKT-9001", credibility={"notes": recanted}, relations=[{"type": "relies-on", "code": "NKT-9003"}]),
            "One.",
            "Two.",
        ),
        made_up.record(made_up.header("NKT-9002", relations=[relies]), "One.", "Two."),
        made_up.record(
            made_up.header("NKT-9003", relations=[{"type": "relies-on", "code": "NKT-9002#p1", "paragraphs": [2]}]),
            "One.",
            "Two.",
        ),
    )
    told, untold = passages_of(root, authorities, "NKT-9002")
    assert [(note.origin, note.flag) for note in told.notes] == [("NKT-9001", "recanted")]
    assert untold.notes == ()
    far = passages_of(root, authorities, "NKT-9003")
    assert [(note.origin, note.flag) for note in far[1].notes] == [("NKT-9001", "recanted")]
    assert far[0].notes == ()


def test_caveats_come_gravest_first(root: Path, authorities: Authorities) -> None:
    """Recanted and revised stand before the rest, whatever their order in the file."""
    notes = [made_up.note(f"n{number}", flag) for number, flag in enumerate(("caution", "translated", "revised", "recanted"))]
    made_up.collection(root, made_up.record(made_up.header("NKT-9001", credibility={"notes": notes})))
    flags = [note.flag for note in passages_of(root, authorities, "NKT-9001")[0].notes]
    assert flags[:2] == ["recanted", "revised"]


@pytest.mark.parametrize(
    "changes",
    [
        {"access": {"level": "restricted"}},
        {"access": {"level": "closed"}},
        {"access": {"level": "registered"}},
        {"access": {"level": "closed"}, "consent": {"status": "withdrawn"}},
        {"access": {"level": "restricted"}, "consent": {"status": "unknown"}},
        {"access": {"level": "restricted", "until": "1999"}},
    ],
)
def test_only_what_is_plainly_public_may_be_read(root: Path, authorities: Authorities, changes: dict[str, object]) -> None:
    """No clock opens a record, and doubt closes it."""
    made_up.collection(root, made_up.record(made_up.header("NKT-9001", **changes)))
    collection = Collection(root, authorities, PUBLIC, {})
    assert not collection.faults
    assert collection.codes() == ()
    assert collection.find("NKT-9001") is None


def test_references_to_what_may_not_be_read_are_left_out(root: Path, authorities: Authorities) -> None:
    """The answer is the same as if the other record were not there."""
    notes = [made_up.note("n1", "contradicted", **{"with": ["NKT-9002#p1"]})]
    relations = [{"type": "same-event", "code": "NKT-9002"}]
    made_up.collection(
        root,
        made_up.record(made_up.header("NKT-9001", credibility={"notes": notes}, relations=relations)),
        made_up.record(
            made_up.header(
                "NKT-9002",
                access={"level": "closed"},
                credibility={"notes": [made_up.note("n9", "caution", **{"with": ["NKT-9001#p1"]})]},
            )
        ),
    )
    testimony = Collection(root, authorities, PUBLIC, {}).find("NKT-9001")
    assert testimony is not None
    assert testimony.relations == ()
    assert testimony.notes[0].against == ()
    assert {note.id for note in passages_of(root, authorities, "NKT-9001")[0].notes} == {"n1"}


def test_footnotes_and_headings_are_context(root: Path, authorities: Authorities) -> None:
    """They have no number, and a heading goes with the passage under it."""
    made_up.collection(root, made_up.record(made_up.header("NKT-9001"), "# Head", "One.", "[^1]: A note.", "Two."))
    first, second = passages_of(root, authorities, "NKT-9001")
    assert (first.headings, second.headings) == (("# Head",), ())
    testimony = Collection(root, authorities, PUBLIC, {}).find("NKT-9001")
    assert testimony is not None
    assert passages.footnotes(testimony) == ("[^1]: A note.",)


def test_a_footnote_mark_that_begins_a_sentence_is_a_passage() -> None:
    """Only a definition, with its colon, is context; words of the witness are never swallowed."""
    assert [run.text for run in paragraphs.passages("[^1] says so.\n\n[^1]: A note.\n")] == ["[^1] says so."]


def test_a_note_against_its_own_record_is_in_force_at_both_paragraphs(root: Path, authorities: Authorities) -> None:
    """A contradiction between two paragraphs is told at each of them, and at no third."""
    notes = [made_up.note("n1", "contradicted", about={"paragraphs": [1]}, **{"with": ["NKT-9001#p3"]})]
    made_up.collection(root, made_up.record(made_up.header("NKT-9001", credibility={"notes": notes}), "One.", "Two.", "Three."))
    assert [[note.id for note in passage.notes] for passage in passages_of(root, authorities, "NKT-9001")] == [["n1"], [], ["n1"]]


TOLD = "The mine was cold[^1]. He left[^b]."
BELOW = ("[^1]: Later he said it was a quarry.", "[^b]: In May, see[^1].")


@pytest.fixture
def with_footnotes(root: Path) -> Path:
    """A record whose first passage calls two footnotes, and the second none."""
    return made_up.collection(
        root, made_up.record(made_up.header("NKT-9001"), TOLD, "\n".join(BELOW), "It snowed.", "[^9]: None.")
    )


@pytest.mark.parametrize(
    "asked",
    [
        *(("search", "cold", "--format", form) for form in ("text", "json", "jsonl", "csv", "markdown")),
        *(("excerpt", "NKT-9001#p1", "--format", form) for form in ("text", "json", "markdown")),
        ("show", "NKT-9001"),
        ("dossier", "cold", "--output", "OUT.md"),
        ("dossier", "cold", "--output", "OUT.html"),
    ],
    ids=" ".join,
)
def test_footnotes_travel_with_the_words(with_footnotes: Path, run: Run, asked: tuple[str, ...], tmp_path: Path) -> None:
    """The one sentence that takes a statement back may stand there."""
    file = tmp_path / asked[-1]
    ran = run(*(str(file) if each.startswith("OUT.") else each for each in asked))
    assert ran.code == 0, ran
    said = " ".join((file.read_text() if asked[-1].startswith("OUT.") else ran.out).split())
    assert said.count("Later he said it was a quarry.") >= 1
    assert "In May, see" in said


def test_footnotes_are_searched_and_no_phrase_runs_into_them(with_footnotes: Path, run: Run, authorities: Authorities) -> None:
    """The hash stays that of the passage's own text, and a passage that calls none has none."""

    def found(*words: str) -> str:
        return run("search", *words, "--count").out.strip()

    assert found("quarry") == found("cold quarry") == found("quarr*") == found("--exact", "quarry") == "1 passage in 1 testimony"
    assert found('"a quarry"') == "1 passage in 1 testimony"
    assert found('"left Later"') == found('"quarry In"') == "0 passages in 0 testimonies"
    first, second = passages_of(with_footnotes, authorities, "NKT-9001")
    assert (first.footnotes, second.footnotes) == (BELOW, ())
    assert first.sha256 == hashing.passage_hash(TOLD)
