"""A search by what words mean: labels of the thesaurus, claims, the order of what was found, and what to ask instead.

The records are made up; the topics are those of the shipped vocabulary.
"""

import json
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import made_up
from archive.search import _period_words as period_words
from running import Run

Found = Callable[..., dict[str, Any]]


def claim(name: str, text: str, *paragraphs: int, **more: Any) -> dict[str, Any]:
    """A claim made up for a test."""
    return {"id": name, "text": text, "paragraphs": list(paragraphs), "status": "asserted", **more}


@pytest.fixture
def found(root: Path, run: Run) -> Found:
    """Search the made-up collection and give the document."""

    def search(*arguments: str) -> dict[str, Any]:
        ran = run("search", "--format", "json", "--all", *arguments)
        assert ran.code == 0, ran.err
        answer: dict[str, Any] = json.loads(ran.out)
        return answer

    made_up.collection(
        root,
        made_up.record(
            made_up.header(
                "ZZT-0001",
                title="Made up: work",
                claims=[
                    claim("c1", "The made-up speaker dug coal", 1, topics=["coal-mining"], camps=["kwalliso-18"]),
                    claim("c2", "People were put before a firing squad", 2, topics=["public-execution"], camps=["kwalliso-14"]),
                    claim("c3", "A made-up thing", 3, topics=["hunger"], status="rejected"),
                ],
            ),
            "From morning to night in the pit.",
            "All were called out to watch.",
            "Nothing was eaten.",
            "Of the forced labour there was no end.",
        ),
        made_up.record(
            made_up.header(
                "ZZT-0002",
                title="Made up: starvation",
                claims=[claim("c1", "Rations were cut", 1, topics=["food"]), claim("c2", "A guess", 2, topics=["hunger"])],
                credibility={"notes": [made_up.note("n1", "lead-only", about={"paragraphs": [2]})]},
                topics=["escape"],
            ),
            "The bowl was half full.",
            "It may have been so.",
            "The forced march led past fields of grain that were tended by others, far from any labour, in hunger.",
        ),
    )
    return search


def places(document: dict[str, Any]) -> list[tuple[str, str]]:
    """Return where each hit stands and how it was found."""
    return [(f"{hit['code']}#p{hit['paragraph']}", hit["found_by"]) for hit in document["hits"]]


def test_words_come_first_then_the_topic_then_words_that_stand_apart(found: Found) -> None:
    """`forced labour` in so many words, a claim on a narrower topic, and last the two words far from each other."""
    document = found("forced", "labour")
    assert places(document) == [("ZZT-0001#p4", "words"), ("ZZT-0001#p1", "topic"), ("ZZT-0002#p3", "title")]
    assert document["total"] == {
        "passages": 3,
        "testimonies": 2,
        "words": 2,
        "claims": 0,
        "topics": 1,
        "of_works": 0,
        "citing": 0,
    }
    assert document["understood"] == "(forced AND labour) OR topic:forced-labour"


def test_a_claim_that_stands_comes_before_a_lead_and_a_lead_before_a_rejected_claim(found: Found) -> None:
    """A rejected claim is found, last of the topic, and told as such."""
    document = found("hunger")
    assert places(document) == [
        ("ZZT-0002#p3", "words"),
        ("ZZT-0002#p1", "topic"),
        ("ZZT-0002#p2", "topic-lead"),
        ("ZZT-0001#p3", "topic-rejected"),
    ]


@pytest.mark.parametrize(
    "words", ["public execution", "executions in public", "public executions", "공개처형", "공개 처형을", "공개총살"]
)
def test_a_label_is_known_in_any_form_and_in_both_languages(found: Found, words: str) -> None:
    """Order, endings, spaces and particles make no difference."""
    assert places(found(*words.split())) == [("ZZT-0001#p2", "topic")]


def test_a_compound_is_read_as_labels_and_particles(found: Found) -> None:
    """정치범수용소에서의공개처형 is a background word, particles and a label."""
    assert places(found("정치범수용소에서의공개처형")) == [("ZZT-0001#p2", "topic")]


def test_a_claims_text_is_searched_and_comes_after_the_words_of_the_passage(found: Found) -> None:
    """What the archive wrote of a passage finds it, and is never marked in it."""
    document = found("firing", "squad")
    assert places(document) == [("ZZT-0001#p2", "claim")]
    assert document["hits"][0]["matches"] == []


def test_a_topic_and_a_camp_are_met_by_one_claim(found: Found) -> None:
    """The record is about both camps, but only one claim is about the execution."""
    assert places(found("public", "execution", "--camp", "14")) == [("ZZT-0001#p2", "topic")]
    assert places(found("public", "execution", "--camp", "18")) == []


@pytest.mark.parametrize(
    "arguments",
    [["--words", "public", "execution"], ["--plain", "public execution"], ['"public execution"'], ["--exact", "공개처형"]],
)
def test_quotes_plain_exact_and_words_are_not_widened(found: Found, arguments: list[str]) -> None:
    """They look for the words alone."""
    assert places(found(*arguments)) == []


def test_nothing_is_widened_under_not(found: Found) -> None:
    """What is left out is left out by its words alone."""
    assert ("ZZT-0001#p2", "words") in places(found("watch", "NOT", "(public execution)"))


def test_a_records_own_topics_do_not_widen(found: Found) -> None:
    """`--topic` asks for them; a word does not."""
    assert places(found("escape")) == []
    assert len(found("--topic", "escape")["hits"]) == 1  # the passage that no claim of the record touches


@pytest.mark.parametrize(
    "words", ["forced labour", "hunger", "the hunger in the camps", "public execution OR coal mine", "공개처형"]
)
def test_what_was_understood_finds_the_same_when_it_is_typed_back(found: Found, words: str) -> None:
    """With --words, since it says everything that was looked for."""
    first = found(words)
    again = found("--words", "--", first["understood"])
    assert {place for place, _ in places(first)} == {place for place, _ in places(again)}
    assert first["hits"]


def test_function_words_and_background_words_are_not_required(found: Found) -> None:
    """And the answer names them."""
    document = found("what", "was", "the", "hunger", "of", "prisoners")
    assert [place for place, _ in places(document)] == [place for place, _ in places(found("hunger"))]
    assert document["not_required"] == ["what", "was", "the", "of", "prisoners"]


def test_a_narrower_word_never_widens_and_names_the_wider_subject(found: Found) -> None:
    """`cabbage soup` is under food: told apart, with the command that shows the wider subject."""
    document = found("cabbage", "soup")
    assert document["hits"] == []
    wider = next(each for each in document["relaxed"] if each["kind"] == "wider")
    assert (wider["left_out"], wider["label"], wider["passages"]) == ("cabbage soup", "Food and rations", 1)
    assert wider["command"] == "testimony search --topic food"


def test_a_subject_that_nothing_speaks_of_is_said_by_name(found: Found, run: Run) -> None:
    """Never a bare zero."""
    document = found("Christians")
    assert [(each["kind"], each["label"]) for each in document["relaxed"]] == [("nothing", "Religion and belief")]
    assert "Religion and belief: nothing in this collection speaks of it." in run("search", "Christians").out.replace("\n", " ")


def test_a_word_that_a_label_has_is_no_slip(root: Path, run: Run) -> None:
    """No other word is offered for one that the thesaurus knows, though the collection does not have it."""
    made_up.collection(root, made_up.record(made_up.header("ZZT-0001"), "All was clear in the west."))
    for words, offered in (("nuclear test", []), ("cleer", ["clear"])):
        assert json.loads(run("search", words, "--format", "json").out)["did_you_mean"] == offered


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("Yodok", [("at-facility", "Yodok", "camp:kwalliso-15", 2)]),
        ("요덕에서", [("at-facility", "요덕에서", "camp:kwalliso-15", 2)]),
        ("Yodok snow", [("at-facility", "Yodok", "camp:kwalliso-15", 1)]),
        ("Yodok zzqq", [("facility-alone", "Yodok", "camp:kwalliso-15", 2)]),
        ("Yodok OR zzqq", [("facility-alone", "Yodok", "camp:kwalliso-15", 2)]),
        ("Yodok --camp 22", [("facility-alone", "Yodok", "camp:kwalliso-15", 2)]),
        (
            "hoeryong camp",
            [
                ("at-facility", "hoeryong camp", "camp:kwalliso-22", 1),
                ("at-facility", "hoeryong camp", "camp:kyohwaso-12", 1),
            ],
        ),
        ("zzqq NOT Yodok", []),
        ("Yodok --plain", []),
        ("Pukchang", []),
    ],
)
def test_a_name_of_a_facility_offers_what_is_told_of_the_facility(root: Path, run: Run, words: str, told: list[Any]) -> None:
    """Each facility that it may mean with its count, and a command that finds just that; no `nothing` beside it."""
    made_up.collection(
        root,
        made_up.record(made_up.header("ZZT-0001", camps=[{"camp": "kwalliso-15"}]), "There was snow.", "There was rain."),
        made_up.record(made_up.header("ZZT-0002", camps=[{"camp": "kwalliso-22"}]), "A made-up thing."),
        made_up.record(made_up.header("ZZT-0003", camps=[{"camp": "kyohwaso-12"}]), "Another."),
    )
    document = json.loads(run("search", "--format", "json", *words.split()).out)
    assert not document["hits"]
    facilities = [each for each in document["relaxed"] if each["kind"] in {"at-facility", "facility-alone"}]
    assert [(each["kind"], each["left_out"], each["term"], each["passages"]) for each in facilities] == told
    for each in facilities:
        again = json.loads(run(*shlex.split(each["command"])[1:], "--format", "json").out)
        assert again["total"]["passages"] == each["passages"]
        assert "--camp" in each["command"]
    said = " ".join(run("search", *words.split()).out.split())
    assert ("nothing in this collection speaks of it" in said) == (
        not document["relaxed"] or not document["relaxed"][0]["passages"]
    )
    assert said.count("whether or not the words say") == sum(each[0] == "at-facility" for each in told)


def test_each_part_and_each_filter_is_left_out_in_turn(found: Found, run: Run) -> None:
    """Each with its count, and as a command that gives just that count."""
    document = found("hunger", "kindergarten", "--camp", "22")
    kinds = {(each["kind"], each["left_out"]): each for each in document["relaxed"]}
    assert ("without-word", "kindergarten") not in kinds  # at Camp 22 there is no hunger either
    document = found("hunger", "kindergarten")
    (without,) = [each for each in document["relaxed"] if each["kind"] == "without-word"]
    assert (without["left_out"], without["passages"]) == ("kindergarten", 4)
    assert without["command"] == "testimony search hunger"
    document = found("hunger", "--camp", "22")
    (without,) = [each for each in document["relaxed"] if each["kind"] == "without-filter"]
    assert (without["left_out"], without["passages"], without["command"]) == ("--camp", 4, "testimony search hunger")


def test_a_long_label_that_finds_nothing_is_read_as_its_parts(found: Found) -> None:
    """`women prisoners` is one label; where nothing is on it, its words are asked for."""
    document = found("guard", "training", "hunger")
    assert document["hits"] == []
    assert document["relaxed"]


def test_a_common_word_is_offered_as_a_filter_and_widens_nothing(found: Found) -> None:
    """`denial` by itself stands in too many passages for other reasons."""
    document = found("denial")
    assert document["hits"] == []
    assert {each["term"] for each in document["offered"]} >= {"denial"}


def test_facets_and_the_filter_count_narrower_topics_with_their_broader_one(found: Found) -> None:
    """A passage on coal mining is on forced labour too."""
    document = found("--facets", "--topic", "forced-labour")
    assert [place for place, _ in places(document)] == ["ZZT-0001#p1"]
    counted = {row["value"]: row["passages"] for row in document["facets"]["topic"]}
    assert counted["coal-mining"] == counted["mining"] == counted["forced-labour"] == 1


def test_a_claim_on_a_withheld_paragraph_is_not_searched_in_public(root: Path, run: Run) -> None:
    """What a claim says of withheld words must not be found by them."""
    claims = [claim("c1", "Made up: an okapi stood there", 1, 2), claim("c2", "Made up: a tapir stood there", 3)]
    head = made_up.header("ZZT-0009", claims=claims)
    made_up.put(root, made_up.record(head, "A made-up <res>zebra</res> stood there.", "It was cold.", "It was late."))
    assert run("search", "okapi", "--count").out.startswith("0 ")
    assert run("search", "tapir", "--count").out.startswith(
        "1 passage"
    )  # the control: the record is read, and its claims are searched


TOPICS = """
topics:
  - id: disease
    label: {en: Disease, ko: 질병}
    definition: Made up.
    also: {en: [illness]}
    only_with: [fever, 신고]
  - id: children
    label: {en: Children, ko: 아이}
    definition: Made up.
"""


def test_a_word_with_another_meaning_widens_only_beside_another_part(root: Path, run: Run) -> None:
    """Alone it is looked for as it stands, and offered as a filter; also under OR, and beside words that are not required."""
    (root / "authorities").mkdir(exist_ok=True)
    (root / "authorities" / "topics.yaml").write_text(TOPICS, encoding="utf-8")
    claims = [claim("c1", "Made up", 1, topics=["disease", "children"]), claim("c2", "Made up too", 2, topics=["disease"])]
    made_up.put(root, made_up.record(made_up.header("ZZT-0001", claims=claims), "The young ones.", "A cough.", "Gold fever."))

    def asked(*words: str) -> tuple[list[str], list[str]]:
        document = json.loads(run("search", *words, "--format", "json").out)
        return [place for place, _ in places(document)], [each["term"] for each in document["offered"]]

    assert asked("fever") == (["ZZT-0001#p3"], ["disease"])
    assert asked("the", "fever") == (["ZZT-0001#p3"], ["disease"])
    assert asked("fever", "OR", "gold") == (["ZZT-0001#p3"], ["disease"])
    assert asked("fever", "children") == (["ZZT-0001#p1"], [])
    assert asked("신고", "아이") == (["ZZT-0001#p1"], [])
    assert asked("illness") == (["ZZT-0001#p1", "ZZT-0001#p2"], []), "the control: what means nothing else widens alone"


def test_a_label_is_not_found_by_words_that_name_nothing(root: Path, run: Run) -> None:
    """Of "says there are no camps" what remains without the word of the background names no subject: all of it has to stand."""
    made_up.put(root, made_up.record(made_up.header("ZZT-0001"), "He says that no bird sang.", "The state says: no camps."))
    document = json.loads(run("search", "says there are no camps", "--format", "json").out)
    assert [place for place, _ in places(document)] == ["ZZT-0001#p2"]


PERIODS = {
    "1990s": "199X",
    "the 1990s": "199X",
    "mid-1990s": "1994~/1996~",
    "late 1980s": "1987~/1989~",
    "1990년대": "199X",
    "1990년대 후반": "1997~/1999~",
    "1985-1995": "1985/1995",
    "1985-95": "1985/1995",
    "1985–95": "1985/1995",
    "1998-02": "",
    "1985 to 1995": "1985/1995",
    "from 1985 until 1995": "1985/1995",
    "between 1985 and 1995": "1985/1995",
    "1985년부터 1995년까지": "1985/1995",
    "1997년": "1997",
    "1995-85": "",
    "yesterday": "",
}


@pytest.mark.parametrize(("written", "edtf"), PERIODS.items())
def test_a_period_is_read_as_people_write_it(written: str, edtf: str) -> None:
    """In English and Korean; what is EDTF already is left to it."""
    assert period_words.as_edtf(written) == edtf


def test_the_answer_says_as_what_a_period_was_read(found: Found, run: Run) -> None:
    """A date in EDTF wins: 1996-05 is May 1996, and nothing is said of it."""
    assert "The time was read as 1990s (199X)." in run("search", "--period", "1990s").out.replace("\n", " ")
    assert "was read as" not in run("search", "--period", "1996-05").out
    assert run("search", "--period", "1990s", "--count").out == run("search", "--period", "199X", "--count").out


def test_years_among_the_words_are_offered_as_a_filter(found: Found) -> None:
    """They are not required, since few passages write the year of what they tell, and the answer says so; alone they are."""
    document = found("hunger", "1990s")
    assert document["not_required"] == ["1990s"]
    assert found("1990s")["not_required"] == []
    assert [place for place, _ in places(document)] == [place for place, _ in places(found("hunger"))]
    assert {"word": "1990s", "list": "period", "term": "199X", "label": "199X"} in document["offered"]


def test_words_that_say_the_same_find_each_other_in_both_languages(root: Path, run: Run) -> None:
    """And the answer says what was looked for besides."""
    made_up.put(root, made_up.record(made_up.header("ZZT-0003"), "A little maize.", "He had tuberculosis.", "Nothing else."))
    for word, place in (("corn", 1), ("옥수수", 1), ("결핵", 2), ("maize", 1)):
        document = json.loads(run("search", word, "--format", "json").out)
        assert [hit["paragraph"] for hit in document["hits"]] == [place], word
    assert "corn was also searched as maize" in run("search", "corn").out.replace("\n", " ")


def test_a_collection_without_topics_answers_by_words_alone(root: Path, run: Run) -> None:
    """An empty thesaurus works and costs nothing."""
    (root / "authorities").mkdir()
    (root / "authorities" / "topics.yaml").write_text("topics: []\n", encoding="utf-8")
    (root / "authorities" / "equivalents.yaml").write_text("equivalents: []\n", encoding="utf-8")
    made_up.put(root, made_up.record(made_up.header("ZZT-0004"), "Of hunger.", "Of nothing."))
    document = json.loads(run("search", "hunger", "--format", "json").out)
    assert document["total"] == {
        "passages": 1,
        "testimonies": 1,
        "words": 1,
        "claims": 0,
        "topics": 0,
        "of_works": 0,
        "citing": 0,
    }
    assert document["understood"] == "hunger"


@pytest.mark.parametrize("words", ["요덕에서", "요덕의", "요덕수용소에서는", "요덕에서 hunger"])
def test_a_korean_particle_is_no_part_of_a_name(root: Path, run: Run, words: str) -> None:
    """A name of a camp is known with it, as a label is."""
    made_up.put(root, made_up.record(made_up.header("ZZT-0005"), "Of hunger at Yodok.", "Of nothing."))
    document = json.loads(run("search", words, "--format", "json").out)
    assert [hit["paragraph"] for hit in document["hits"]] == [1]


HUNGRY = {"ZZT-0001#p3", "ZZT-0002#p1", "ZZT-0002#p2"}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--topic", "forced-labour", "--without-topic", "coal-mining"], set()),
        (["--topic", "public-execution", "--topic", "hunger"], {"ZZT-0001#p2", *HUNGRY}),
        (["--topic", "public-execution", "--topic", "hunger", "--all-topics"], set()),
        (["--topic", "execution", "--topic", "public-execution", "--all-topics"], {"ZZT-0001#p2"}),
        (["--topic", "executions", "--without-topic", "공개처형"], set()),
        (["--topic", "hunger", "--topic", "food", "--all-topics"], {"ZZT-0002#p1"}),
        (["--topic", "hunger", "--without-topic", "food"], {"ZZT-0001#p3", "ZZT-0002#p2"}),
        (["--topic", "hunger", "--connection", "researcher"], set()),
        (["--topic", "hunger", "--connection", "victim", "--connection", "state"], HUNGRY),
        (
            ["--connection", "victim", "--without-topic", "hunger", "--without-topic", "escape"],
            {"ZZT-0001#p1", "ZZT-0001#p2", "ZZT-0001#p4"},
        ),
        (["connection:victim without_topic:hunger without-topic:escape"], {"ZZT-0001#p1", "ZZT-0001#p2", "ZZT-0001#p4"}),
    ],
)
def test_topics_are_asked_for_together_or_kept_out_and_a_witness_by_connection(
    found: Found, options: list[str], expected: set[str]
) -> None:
    """A narrower topic counts with its broader one, also where it is unwanted; an option given twice means either."""
    assert {place for place, _ in places(found(*options))} == expected


def test_a_facet_under_its_own_unwanted_topic_is_counted_without_it(found: Found, run: Run) -> None:
    """So that another value can be chosen; text says so."""
    counted = {row["value"]: row["passages"] for row in found("--without-topic", "hunger", "--facets")["facets"]["topic"]}
    assert counted["hunger"] == len(HUNGRY)
    assert "as without --without-topic: what another value would find" in run("facets", "--without-topic", "hunger").out


def test_a_document_tells_by_which_filters_it_was_made(found: Found, run: Run) -> None:
    """Search, facets, list and compare alike; what was typed as a label stands there as the id."""
    options = ("--topic", "execution", "--topic", "hungry", "--all-topics", "--without-topic", "굶주림", "--connection", "victim")
    asked = {"topic": ["execution", "hunger"], "without_topic": ["hunger"], "connection": ["victim"], "all_topics": True}
    assert found(*options)["asked"] == asked
    for command in ("facets", "list", "compare"):
        ran = run(command, *options, "--format", "json")
        assert json.loads(ran.out)["asked"] == asked, (command, ran.err)


def test_every_filter_is_said_in_words_and_can_be_pasted_back(found: Found, run: Run, tmp_path: Path) -> None:
    """A command that an answer suggests finds what it says; a dossier tells each filter that it was made by."""
    options = ("--topic", "execution", "--topic", "public-execution", "--all-topics", "--without-topic", "food")
    document = found("called", *options, "--connection", "state")
    (without,) = (each for each in document["relaxed"] if each["kind"] == "without-filter")
    assert (without["left_out"], without["passages"]) == ("--connection", 1)
    for option in ("--all-topics", "--without-topic food", "--topic execution --topic public-execution"):
        assert option in without["command"]
    pasted = shlex.split(without["command"])[2:]
    assert places(found(*pasted)) == [("ZZT-0001#p2", "words")]
    assert run("dossier", "called", *options, "--connection", "victim", "--output", str(tmp_path / "made.md")).code == 0
    page = (tmp_path / "made.md").read_text(encoding="utf-8")
    for said in ("on execution and public execution", "not on food", "the witness is victim"):
        assert said in page


def test_what_is_left_out_by_its_words_may_be_on_the_subject_all_the_same(found: Found, run: Run) -> None:
    """The answer says how many, and the option that leaves them out."""
    document = found("watch", "NOT", "(public execution)")
    assert document["still_on"] == [
        {"word": "public execution", "list": "topic", "term": "public-execution", "label": "Public execution", "passages": 1}
    ]
    said = run("search", "watch -(executions in public)").out
    assert "--without-topic public-execution leaves them out" in " ".join(said.split())
    assert found("watch", "NOT", "(public execution)", "--words")["still_on"] == []
    assert found("watch", "NOT", "hunger")["still_on"] == []
    assert places(found("watch", "--without-topic", "public-execution")) == []


def test_what_is_found_in_one_passage_is_found_together_too(found: Found) -> None:
    """`--together` asks for what the words mean, and brings no passage for words that need not occur."""
    alone = {place for place, _ in places(found("public execution of the squad"))}
    assert alone == {"ZZT-0001#p2"}
    assert {place for place, _ in places(found("public execution of the squad", "--together"))} == alone
    assert {place for place, _ in places(found("coal mining and hunger", "--together"))} == {"ZZT-0001#p1", "ZZT-0001#p3"}


def test_a_korean_word_in_a_claim_is_found(root: Path, run: Run) -> None:
    """Whole words are known of passages alone, and a claim's text is looked into."""
    claims = [claim("c1", "정치범수용소에서 벌목을 하였다", 1)]
    made_up.collection(root, made_up.record(made_up.header("ZZT-0009", claims=claims), "Made up: nothing of it."))
    for words in ("수용소에서", "정치범수용소", "벌목을"):
        assert places(json.loads(run("search", words, "--words", "--format", "json").out)) == [("ZZT-0009#p1", "claim")], words
