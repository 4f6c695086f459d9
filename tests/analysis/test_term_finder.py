"""The short way to some terms of a text: it leaves none of them out and moves none."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from whoosh.lang.snowball import EnglishStemmer

from archive.analysis import term_finder, tokens
from archive.analysis._word_forms import IRREGULAR, base_form
from archive.analysis.term_finder import TermFinder
from examples import examples

ENDINGS = (
    *("", "y", "s", "ss", "ies", "ied", "ying", "ing", "ed", "ly", "sses", "eed", "ational", "ness", "ful", "ive", "ize", "our"),
    *("ourless", "ouring", "ourite", "ourist", "isations", "ised", "ysing", "bre", "tres", "ogue", "ence", "lling", "ability"),
)
EXCEPTIONS = ("skis", "skies", "dying", "lying", "tying", "idly", "gently", "ugly", "early", "only", "singly", "news", "andes")
PARTS = (
    *("coal", "Coal's", "kaech'on", "Kaech'ŏn", "Kaech’on", "don''t", "`it", "l'enfant", "dell’isola", "5kg", "12km2", "1990's"),
    *("15호", "제15호", "로동", "노동", "2로동당", "강제로동", "요덕", "수용소에서", "정치범수용소", "호", "력사", "역사"),
    *(
        "\u110b\u1167\u11a8사",
        "力道山",
        "学校生活",
        "ﬁre",
        "fi\u00adre",
        "수용\u200b소",
        "㎏",
        "Straße",
        "шахта",
        "ΑΘΗΝΑ",
        "naïve",
    ),
    *("1,000", "a·b", "a_b", "“coal”", "x" * 70, "호" * 300, "수'용", "women", "fled", "burials", "favourless", "\u0301coal"),
    *("ΑΘΗΝΑ", "CO2", "K15", "½", "ªb", "ไทย"),
)


def wanted_of(text: str, terms: set[str]) -> list[tokens.Token]:
    """Return the tokens as they are found without a finder."""
    return [token for token in tokens.tokens(text) if token.term in terms]


def agree(text: str, terms: set[str]) -> None:
    """Compare the two ways."""
    expected = wanted_of(text, terms)
    assert list(TermFinder(terms).tokens(text)) == expected
    loosely = list(TermFinder(terms).tokens(text, counted=False))
    assert [_without_its_word(token) for token in loosely] == [_without_its_word(token) for token in expected]
    assert len(_words_of(loosely)) == len(_words_of(expected))


def _without_its_word(token: tokens.Token) -> tokens.Token:
    return token._replace(position=token.position % tokens.STRIDE)


def _words_of(found: list[tokens.Token]) -> set[int]:
    return {token.position // tokens.STRIDE for token in found}


@examples(150)
@given(st.text(max_size=100), st.sets(st.text(max_size=12)))
def test_in_any_text_all_wanted_terms_are_found_where_they_stand(text: str, others: set[str]) -> None:
    """Whatever its letters are."""
    agree(text, others | {token.term for token in list(tokens.tokens(text))[::2]})


@examples(200)
@given(st.lists(st.sampled_from(PARTS), max_size=12), st.sampled_from((" ", " — ", "-", "\n", "", "’", " '")), st.integers(1, 3))
def test_words_of_every_script_are_found_among_others(parts: list[str], between: str, every: int) -> None:
    """Apostrophes, units, decades, both spellings of Korean, signs without width, words that run into each other."""
    text = between.join(parts)
    agree(text, {token.term for token in list(tokens.tokens(text))[::every]})


def words() -> Iterator[str]:
    """Yield words of many endings, among them all that are irregular."""
    chance = random.Random(7)
    for _ in range(1_500):
        beginning = "".join(chance.choice("abcdefghijklmnoprstuvy") for _ in range(chance.randint(1, 8)))
        yield from (beginning + ending for ending in chance.sample(ENDINGS, 4))
    yield from (*IRREGULAR, *IRREGULAR.values(), *EXCEPTIONS)


def missed() -> list[str]:
    """Name the words that are not found by their own term."""
    return [word for word in words() if not list(TermFinder({tokens.stem(word)}).tokens(f"Of {word.title()}, they."))]


def test_every_word_is_found_by_its_stem() -> None:
    """A stem begins as its word, as far as that is relied on; the stemmer is Whoosh's own, and takes one spelling of a word."""
    assert missed() == []
    stemmer = EnglishStemmer()
    assert all(tokens.stem(word) == stemmer.stem(base_form(word)) for word in words())


@pytest.mark.parametrize("name", ["_SHARED", "_CHANGED"])
def test_the_words_would_show_a_beginning_that_is_too_long(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: letters that not all words share."""
    monkeypatch.setattr(term_finder, name, {"_SHARED": 8, "_CHANGED": 0}[name])
    assert missed()


def test_all_letters_that_words_are_made_of_are_looked_at() -> None:
    """Each is plain, a syllable of Hangul, or among those of which every word is read."""
    for code in (*range(128, 0x3400), *range(0x3400, 0x110000, 29)):
        letter = chr(code)
        if tokens.is_word(letter):
            is_syllable = "가" <= letter <= "힣"
            assert is_syllable or term_finder.OTHER.search(letter) or tokens.word_rule(letter) is None, hex(code)


@pytest.mark.parametrize("shipped", ["NKT-0001", "NKT-0009"])
def test_the_words_of_records_are_found(shipped: str) -> None:
    """As they are in the shipped archive, both languages."""
    for file in sorted(Path("testimonies").glob(f"{shipped}*.md")):
        text = file.read_text(encoding="utf-8")
        every = sorted({token.term for token in tokens.tokens(text)})
        for at in range(0, len(every), 40):
            agree(text, set(every[at : at + 3]))
