"""What a query means is read without any engine: only what an index has is asked of it."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from archive.errors import UnknownCode
from archive.reader import read
from archive.search import _general_words as general_words
from archive.search import label_keys, syntax
from archive.search.interpret import Interpreter, Reading, first_answer
from archive.search.model import Filters, Query, Results, unknown_code


class Index:
    """An index of which nothing is true but its codes and its words."""

    def __init__(self, *words: str) -> None:
        """Have words."""
        self.words = words

    def require(self, codes: Iterable[str]) -> None:
        """Know one record."""
        for code in codes:
            if code != "NKT-9001":
                raise unknown_code(code, ["NKT-9001"])

    def is_found(self, tree: syntax.Node) -> bool:
        """Know some words."""
        return getattr(tree, "written", "") in self.words

    def is_common(self, name: str, term: str) -> bool:
        """Have no term often."""
        del name, term
        return False

    def has_work(self, work: str) -> bool:
        """Have nothing of any work."""
        del work
        return False


def interpreter(root: Path, *words: str) -> Interpreter:
    """Make an interpreter with the authorities that are shipped."""
    authorities = read.read_authorities(root)
    return Interpreter(lambda: authorities, Index(*words))


def test_fields_that_the_whole_query_asks_for_become_filters(root: Path) -> None:
    """As if they had been options; one inside OR stays a condition of its own."""
    reader = interpreter(root)
    query, tree, lifted = reader.interpret(Query("gold camp:14 -flag:recanted"))
    assert query.filters == Filters(camp=query.filters.camp, without_flag=("recanted",))
    assert "kwalliso-14" in query.filters.camp
    assert (len(lifted), syntax.describe(tree)) == (2, "gold")
    assert reader.interpret(Query("gold OR camp:14")).query.filters == Filters()


def test_a_code_that_the_index_does_not_have_is_refused(root: Path) -> None:
    """The index is asked, and nobody else."""
    assert interpreter(root).interpret(Query("code:NKT-9001")).query.filters.code == ("NKT-9001",)
    with pytest.raises(UnknownCode):
        interpreter(root).interpret(Query("code:NKT-9002"))


def test_a_label_is_taken_whole_first_and_then_in_its_parts(root: Path) -> None:
    """An engine answers one reading after the other until one finds something."""
    reader = interpreter(root)
    readings = list(reader.readings(reader.interpret(Query("forced labour hunger"))))
    assert readings[0].understood != readings[-1].understood
    asked: list[Reading] = []

    def answer(reading: Reading) -> Results:
        asked.append(reading)
        return Results(reading.query, reading.understood, (), len(asked) - 1, 0, 0, {})

    assert first_answer(readings, answer).understood == readings[1].understood
    assert len(asked) == 2
    assert first_answer(readings[:1], lambda each: answer(each)._replace(passages=0)).understood == readings[0].understood


def most(root: Path, words: str, *known: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return what is understood, and what may be wanting, in the readings of a query that ask for most of it."""
    reader = interpreter(root, *known)
    readings = reader.readings(reader.interpret(Query(words)))
    return [(each.understood, each.widened.spared) for each in readings if each.widened.spared]


def test_of_a_longer_query_one_part_may_be_wanting(root: Path) -> None:
    """First only words that are no label, then any part; none that nothing in the collection has."""
    known = ("mouth", "phlegm", "swallowed")
    assert most(root, "phlegm mouth swallowed", *known) == [
        ("(phlegm AND mouth) OR (phlegm AND swallowed) OR (mouth AND swallowed)", known[1:2] + known[:1] + known[2:])
    ]
    (words, of_words), (every, of_all) = most(root, "hunger phlegm mouth", *known, "hunger")
    assert of_words == ("phlegm", "mouth")
    assert words == "(hunger OR topic:hunger) AND (phlegm OR mouth)"
    assert of_all == ("hunger", "phlegm", "mouth")
    assert "(phlegm AND mouth)" in every
    assert most(root, "phlegm mouth unicorn", *known)[0][0] == "unicorn AND (phlegm OR mouth)"


@pytest.mark.parametrize(
    "words",
    [
        "phlegm mouth",
        "camp:14 phlegm mouth",
        "Yodok phlegm mouth",
        "phlegm AND mouth AND swallowed",
        '"phlegm" mouth swallowed',
        "phlegm mouth -swallowed",
        "unicorn griffin dragon",
    ],
)
def test_what_is_short_or_joined_by_signs_is_asked_for_whole(root: Path, words: str) -> None:
    """Two parts say what is asked, a place is no detail, and who writes AND, a sign or quotation marks means all of it."""
    assert most(root, words, "phlegm", "mouth", "swallowed", "Yodok") == []


@pytest.mark.parametrize("kept", ["Warmbier", "1995"])
def test_a_name_or_a_number_is_never_wanting(root: Path, kept: str) -> None:
    """They say whom or what a query is about."""
    ((understood, spared),) = most(root, f"phlegm {kept} mouth", "phlegm", "mouth", kept) or [("", ())]
    assert kept not in spared
    assert kept == "1995" or understood == f"{kept} AND (phlegm OR mouth)"


def test_a_plain_or_lets_either_answer(root: Path) -> None:
    """Where nothing has both of what stands on its two sides."""
    reader = interpreter(root)
    *_, last = reader.readings(reader.interpret(Query("phlegm or mouth")))
    assert last.understood == "phlegm OR mouth"


def test_a_korean_word_that_is_nowhere_is_looked_for_without_its_ending(root: Path) -> None:
    """A particle is no part of the word, whether or not the word is a label."""
    reader = interpreter(root, "무용수")
    (reading, *_) = reader.readings(reader.interpret(Query("무용수였던")))
    assert [spelling for each in reading.expanded for spelling in each.to] == ["무용수"]


@pytest.mark.parametrize(
    ("typed", "read"), [("강재노동을", "강제노동"), ("공개쳐형", "공개처형"), ("완젼통제구역", "완전통제구역")]
)
def test_a_korean_slip_that_sounds_the_same_is_read_as_the_label(root: Path, typed: str, read: str) -> None:
    """And the answer says so; a word that the index has is left as it is."""
    (reading, *_) = (reader := interpreter(root)).readings(reader.interpret(Query(typed)))
    assert [(each.word, each.to) for each in reading.expanded if each.why == ("misspelt",)] == [(typed, (read,))]
    (reading, *_) = (reader := interpreter(root, typed)).readings(reader.interpret(Query(typed)))
    assert not [each for each in reading.expanded if each.why == ("misspelt",)]


def test_another_spelling_is_added_where_the_index_has_it(root: Path) -> None:
    """And told in what was expanded."""
    for words, spellings in (((), []), (("USA",), ["USA"])):
        reader = interpreter(root, *words)
        (reading, *_) = reader.readings(reader.interpret(Query("U.S.A.", words_only=True)))
        assert [spelling for each in reading.expanded for spelling in each.to] == spellings


@pytest.mark.parametrize(("written", "verb"), [("붙잡히면", "붙잡히다"), ("죽으면", "죽다"), ("붙잡혔나", "붙잡히다")])
def test_a_korean_verb_is_known_by_its_form_in_a_dictionary(written: str, verb: str) -> None:
    """Of a condition and of the past; a word of two syllables is none."""
    assert verb in set(label_keys.bare(written))
    assert "화다" not in set(label_keys.bare("화면"))


@pytest.mark.parametrize("written", ["difference", "worse", "차이", "차이가", "되나"])
def test_words_of_comparing_and_asking_name_no_subject(written: str) -> None:
    """Beside others they need not occur."""
    assert general_words.is_general(written, tuple(label_keys.keys(written)))
