"""Words beside the subject of a query: those of asking, those that every account has, slips of the keyboard, and what is left.

The records are made up; the topics are those of the shipped vocabulary.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import made_up
from archive.search import _general_words as general_words
from archive.search import _misspellings as misspellings
from archive.search import label_keys
from running import Run

Found = Callable[..., dict[str, Any]]


def claim(name: str, paragraph: int, *topics: str) -> dict[str, Any]:
    """A claim made up for a test, whose text has no word of a label."""
    return {"id": name, "text": "made up", "paragraphs": [paragraph], "status": "asserted", "topics": list(topics)}


@pytest.fixture
def found(root: Path, run: Run) -> Found:
    """Search a made-up record and give the document."""
    every = ("public-execution", "forced-labour", "denial-of-camps", "religion", "torture", "birth-in-camp")
    made_up.collection(
        root,
        made_up.record(
            made_up.header(
                "ZZT-0001",
                title="Made up",
                claims=[claim(f"c{number}", number, topic) for number, topic in enumerate(every, 1)],
                witness={"name": "Made Up Dong-hyuk", "name_kind": "pseudonym", "connection": "victim"},
            ),
            *(f"Sentence {number}." for number in range(1, len(every))),
            "Sentence six, on a hillside.",
        ),
    )

    def search(words: str, *options: str) -> dict[str, Any]:
        ran = run("search", words, "--format", "json", *options)
        assert ran.code == 0, ran.err
        answer: dict[str, Any] = json.loads(ran.out)
        return answer

    return search


def paragraphs(document: dict[str, Any]) -> list[int]:
    """Return the paragraphs that were found."""
    return [hit["paragraph"] for hit in document["hits"]]


@pytest.mark.parametrize(
    ("words", "paragraph"),
    [
        ("witnessed public executions testimony", 1),
        ("공개처형을 목격한 증언", 1),
        ("공개처형에 대한 이야기", 1),
        ("정치범수용소 내 강제노동 실태", 2),
        ("people describe how they were sent to forced labour", 2),
        ("North Korea denies existence of political prison camps", 3),
        ("regime says prison camps do not exist", 3),
        ("북한 정부의 부인", 3),
        ("종교 때문에 수감", 4),
        ("torturd in camp", 5),
        ("Made Donghyuk torture", 5),
        ("children born in political prison camps", 6),
    ],
)
def test_words_that_name_no_subject_are_not_required_beside_one(found: Found, words: str, paragraph: int) -> None:
    """Words of telling, words that every account has, a slip, a name in one word: the subject is found all the same."""
    assert paragraph in paragraphs(found(words)), words


@pytest.mark.parametrize(
    "words", ["opium torture", "torture of soldiers", "핵무기 고문", "not tortured", "public executions of judges"]
)
def test_a_word_that_narrows_the_subject_is_required(found: Found, words: str) -> None:
    """Nothing is found for what nothing here speaks of, and the answer says what is near."""
    document = found(words)
    assert paragraphs(document) == []
    assert [each["kind"] for each in document["relaxed"]]


def test_a_slip_is_told_and_a_word_of_the_index_is_none(found: Found) -> None:
    """What was read as another word is told as such; quotation marks keep it."""
    document = found("torturd")
    assert document["expanded"][-1] == {"word": "torturd", "to": ["tortured"], "why": "misspelt"}
    assert paragraphs(document) == [5]
    assert paragraphs(found('"torturd"')) == []
    assert paragraphs(found("torturd", "--words")) == []


def test_what_is_left_out_is_said_and_the_passages_stand_apart(found: Found, run: Run) -> None:
    """Never a bare zero: the passages without the word are shown under what they go without, and are no hits."""
    document = found("public executions in zebraland")
    assert paragraphs(document) == []
    assert document["total"]["passages"] == 0
    without = next(each for each in document["relaxed"] if each["kind"] == "without-word")
    assert without["command"] == "testimony search 'public executions'"
    printed = run("search", "public executions in zebraland").out
    before, _, after = printed.partition("NOT WHAT WAS ASKED: found without zebraland")
    assert "ZZT-0001#p1" not in before
    assert "ZZT-0001#p1" in after


def test_several_words_are_left_out_at_once_where_one_is_too_few(found: Found) -> None:
    """What no label takes in is left out together, and named."""
    document = found("zebraland yakland public executions")
    assert [(each["left_out"], each["passages"]) for each in document["relaxed"] if each["kind"] == "without-word"] == [
        ("zebraland, yakland", 1)
    ]


def test_only_words_of_asking_are_asked_for_themselves(found: Found) -> None:
    """A query of such words alone looks for them."""
    assert paragraphs(found("sentence")) != []
    assert paragraphs(found("hillside NOT camp")) == [6]
    assert paragraphs(found("NOT sentence story")) == []


def test_no_word_of_asking_is_a_label_or_turns_a_question_round() -> None:
    """A word that names a subject, or denies one, has to occur."""
    for word in ("torture", "gold", "soldier", "not", "without", "never", "no", "없이", "고문", "처형"):
        assert not general_words.is_general(word, tuple(label_keys.keys(word))), word
    for word in ("witnessed", "told", "happened", "목격한", "실태", "사람들은", "명인가"):
        assert general_words.is_general(word, tuple(label_keys.keys(word))), word


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("executons", "executions"),
        ("gaurds", "guards"),
        ("starvaton", "starvation"),
        ("brides", ""),
        ("mining", ""),
        ("guard", ""),
    ],
)
def test_a_slip_is_told_from_another_word(typed: str, read: str) -> None:
    """A short word, or one with a changed letter, may be another word; a known one is no slip."""
    assert misspellings.correct(typed, ["executions", "execution", "guards", "starvation", "bribes", "mining"]) == read


@given(st.text(alphabet="abcdefgh", min_size=8, max_size=12), st.data())
def test_every_slip_of_a_long_word_is_known(word: str, data: st.DataObject) -> None:
    """One letter lost, added, changed or swapped after the first; and never a word that differs in more."""
    at = data.draw(st.integers(1, len(word) - 2))
    letter = data.draw(st.sampled_from("xyz"))
    slips = (word[:at] + word[at + 1 :], word[:at] + letter + word[at:], word[:at] + letter + word[at + 1 :])
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    for slip in (*slips, *([swapped] if swapped != word else [])):
        assert slip == word or misspellings.correct(slip, [word]) == word
    assert misspellings.correct(f"{word[:-2]}xyzz", [word]) == ""


def test_a_korean_label_is_known_in_any_order_with_particles_inside() -> None:
    """A verb at the end of one word takes no other word along."""
    known = set(label_keys.keys("재일교포의 북송"))
    assert label_keys.key("북송 재일교포") in known
    assert label_keys.key("정치범 수") in set(label_keys.keys("정치범 수는"))
    assert label_keys.key("끌려감") in set(label_keys.keys("끌려간"))
    assert label_keys.key("탈출") not in set(label_keys.keys("탈출하다 잡힌 처형"))


def test_a_code_among_the_words_is_offered_to_be_read(found: Found, run: Run) -> None:
    """Also a whole citation; nothing else is suggested for it, and what the other words find is still told."""
    found("hillside")
    shown = " ".join(run("search", "zzt-0001#p6").out.split())
    assert "ZZT-0001#p6 is a code." in shown
    assert "testimony show ZZT-0001#p6" in shown
    assert "Did you mean" not in shown
    assert "nothing in this collection speaks of it" not in shown
    cited = "[ZZT-0001#p6 · 2026-11-29 · sha256:d55748020ef0ffb6]"
    assert "testimony show ZZT-0001#p6" in run("search", cited).out
    assert "Without ZZT-0001" in run("search", "hillside ZZT-0001").out
    assert "is a code" not in run("search", "hillside COVID2019").out
