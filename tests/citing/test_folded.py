"""Words are made comparable fast, and by the plain rule: letter by letter, and a caveat by its label, day, origin and tail."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.citing.folding import _FOLDED, OF_ASIA, fold_struck
from archive.citing.printed import is_given


def plainly(text: str) -> str:
    """Make words comparable as the rule says it."""
    text = unicodedata.normalize("NFC", re.sub(r"⟨U\+[0-9A-F]{4,6}⟩", " ", text))
    kept = ""
    for letter in text:
        if letter in "?？؟":
            kept += " ? "
        elif letter in "!！":
            kept += " ! "
        elif letter.isspace() or letter in "<>|~^`$+=" or unicodedata.category(letter)[0] in "PZC":
            kept += " "
        else:
            kept += letter
    kept = " ".join(kept.split())
    kept = re.sub(f"(?<={OF_ASIA}) | (?={OF_ASIA})", "", kept)
    return kept.casefold()


@given(st.text(st.characters(codec="utf-8") | st.sampled_from("?！ ·|“”가나漢カé\u0301\u1100\u1161⟨⟩U+0F"), max_size=60))
def test_words_are_folded_by_the_plain_rule(text: str) -> None:
    """Of any script, with any sign."""
    assert fold_struck(text) == plainly(text)


def test_every_character_is_folded_by_the_plain_rule() -> None:
    """Those of the first planes, each between two letters."""
    points = [point for point in range(0x30000) if not 0xD800 <= point <= 0xDFFF]
    for first in range(0, len(points), 4096):
        text = "".join(f"a{chr(point)}b " for point in points[first : first + 4096])
        assert fold_struck(text) == plainly(text)
    assert _FOLDED


@pytest.mark.parametrize(
    ("excerpt", "given_so"),
    [
        ("[…] the quarry bell rang […]", True),
        ("[…] quarry bell rang twice.", True),
        ("At dusk the quarry […]", True),
        ("[…] the quarry bel […]", False),
        ("[…] arry bell rang […]", False),
        ("[…] the quarry bell rang", False),
        ("the quarry bell rang […]", False),
        ("At dusk the quarry bell rang twice.", True),
    ],
)
def test_an_excerpt_is_cut_between_words_and_says_where(excerpt: str, *, given_so: bool) -> None:
    """Within a word it is another word, and where no sign says so nothing is left out."""
    assert is_given(excerpt, "At dusk the quarry bell rang twice.") is given_so


def test_what_is_struck_out_is_told_apart_from_what_is_not() -> None:
    """Run by run; a single tilde, and one of a row of them, says nothing."""
    assert fold_struck("It was ~~not~~ cold") not in {
        fold_struck("It was not cold"),
        fold_struck("It was cold"),
        fold_struck("It ~~was not~~ cold"),
    }
    assert fold_struck("1987~1990") == fold_struck("1987 1990")
    assert fold_struck("Title\n~~~~~\nwords ~~ and ~~ more") == fold_struck("Title words and more")
