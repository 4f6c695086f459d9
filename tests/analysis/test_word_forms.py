"""Spellings and irregular forms of English words: what is one word for a search, and what stays apart."""

import pytest

from archive.analysis import tokens
from archive.analysis.tokens import stem

SAME = [
    ("labour", "labor"),
    ("labourers", "laborers"),
    ("organised", "organized"),
    ("organisations", "organization"),
    ("centre", "center"),
    ("defence", "defense"),
    ("analysed", "analyzed"),
    ("travelled", "traveled"),
    ("travellers", "traveler"),
    ("women", "woman"),
    ("children", "child"),
    ("starvation", "starving"),
    ("fled", "fleeing"),
    ("buried", "burials"),
    ("denial", "denies"),
    ("stolen", "steal"),
    ("beaten", "beating"),
    ("authorities", "authority"),
    ("behaviour", "behavior"),
    ("catalogue", "catalog"),
]
APART = [
    ("four", "for"),
    ("promise", "promize"),
    ("found", "find"),
    ("left", "leave"),
    ("saw", "see"),
    ("lead", "led"),
    ("felt", "feel"),
    ("tour", "tor"),
    ("metre", "meter"),
]
CONSISTENT = [
    "sentence sentences sentenced",
    "promise promised promising",
    "raise raised raises",
    "precise precisely",
    "advise advised adviser",
    "control controlled controlling",
    "install installed installing",
    "kill killed killing",
    "silence silenced",
    "cruise cruised",
    "surprise surprised surprisingly",
    "devour devoured",
    "call called calling",
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_two_spellings_and_forms_are_one_word(one: str, other: str) -> None:
    """British and American English, and the forms that endings do not tell."""
    assert stem(one) == stem(other)


@pytest.mark.parametrize(("one", "other"), APART)
def test_other_words_stay_apart(one: str, other: str) -> None:
    """Forms that are words of their own, and words too short to tell."""
    assert stem(one) != stem(other)


@pytest.mark.parametrize("forms", CONSISTENT)
def test_the_forms_of_a_word_stay_one(forms: str) -> None:
    """No rule of spelling takes one form of a word away from the others."""
    assert len({stem(form) for form in forms.split()}) == 1


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("1990's", ["1990", "1990s"]),
        ("the 1990\u2019s", ["the", "1990", "1990s"]),
        ("20's", ["20", "20s"]),
        ("1990s", ["1990s"]),
        ("Camp 14's", ["camp", "14"]),
        ("James's", ["jame"]),
        ("M10's", ["m10"]),
    ],
)
def test_a_decade_is_found_with_its_ending_and_without(text: str, terms: list[str]) -> None:
    """1990's and 1990s find each other, and Camp 10's is Camp 10; of other words the ending is cut."""
    assert [token.term for token in tokens.tokens(text)] == terms
    assert [token.term for word in tokens.found_words(text) for token in tokens.tokens(word)] == terms
    assert tokens.form("1990's") == tokens.form("1990s")
    assert set(tokens.sames(text)) <= set(terms)
    assert {form.text for form in tokens.forms("1990's")} == {"1990", "1990s"}
