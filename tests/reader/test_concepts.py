"""The vocabularies as a thesaurus: broader and narrower terms, words that mean the same, and what must hold among them."""

from pathlib import Path
from typing import Any

import pytest

from archive.authority.vocabulary import Vocabulary
from archive.errors import InvalidAuthorities, UnknownTerm
from archive.reader import read
from archive.reader._concepts import concept_faults


def term(name: str, **more: Any) -> dict[str, Any]:
    """A term made up for a test."""
    return {"id": name, "label": {"en": f"Label of {name}"}, "definition": "Made up.", **more}


FAULTY = [
    ([term("a", broader=["b"])], "broader", "names 'b', which is not in this list"),
    ([term("a", related=["b"])], "related", "names 'b', which is not in this list"),
    ([term("a", broader=["b"]), term("b", broader=["a"])], "broader", "leads back to the term itself"),
    ([term("a", broader=["a"])], "broader", "leads back to the term itself"),
    ([term("a", also={"en": ["mine work"]}), term("b", also={"en": ["Mine-Work"]})], "also", "stands for a too"),
    ([term("a", also={"ko": ["강제 노동"]}), term("b", label={"ko": "강제노동"})], "label", "stands for a too"),
    ([term("a", also={"en": ["pit"]}), term("b", under={"en": ["pit"]})], "under", "stands for a too"),
    ([term("a", also={"ko": ["병"]})], "also", "one syllable"),
    ([term("a", also={"en": ["un"]})], "also", "too short"),
]


@pytest.mark.parametrize(("terms", "key", "message"), FAULTY)
def test_a_thesaurus_that_does_not_hold_together_is_a_fault(terms: list[dict[str, Any]], key: str, message: str) -> None:
    """Names that lead nowhere, rings, words of two terms, words that mean too much."""
    found = list(concept_faults(terms))
    assert any(each.key == key and message in each.message for each in found), found


def test_a_thesaurus_that_holds_together_has_no_fault() -> None:
    """The control: what the faults above lack is no fault where it is said."""
    terms = [
        term("a", also={"en": ["mine work", "UN"], "ko": ["광산 노동"]}, related=["b"]),
        term("b", also={"en": ["mine work"]}, broader=["a"], shared_with=["a"]),
    ]
    assert list(concept_faults(terms)) == []


def test_a_fault_of_a_topic_is_told_with_its_line(tmp_path: Path) -> None:
    """The file, the line of the words, and the term."""
    (tmp_path / "authorities").mkdir()
    written = "topics:\n  - id: a\n    label: {en: Made up}\n    definition: Made up.\n    broader: [b]\n"
    (tmp_path / "authorities" / "topics.yaml").write_text(written, encoding="utf-8")
    with pytest.raises(InvalidAuthorities) as error:
        read.read_authorities(tmp_path)
    assert "authorities/topics.yaml:5: topics.a.broader: names 'b', which is not in this list" in map(str, error.value.faults)


def test_narrower_and_broader_terms_are_found_at_any_depth() -> None:
    """Each once, also where two ways lead to it."""
    terms = [term("a"), term("b", broader=["a"]), term("c", broader=["a"]), term("d", broader=["b", "c"])]
    vocabulary = Vocabulary.from_data({"topic": terms})
    assert vocabulary.narrower("topic", "a") == ("b", "c")
    assert vocabulary.with_narrower("topic", ["a"]) == ("a", "b", "d", "c")
    assert vocabulary.with_broader("topic", "d") == ("d", "b", "c", "a")


def test_a_term_is_found_by_its_label_and_by_the_words_that_mean_it() -> None:
    """In any case; a word that it only takes in is none of it."""
    vocabulary = Vocabulary.from_data(
        {"topic": [term("hunger", also={"en": ["lack of food"], "ko": ["배고픔"]}, under={"en": ["bark"]})]}
    )
    for word in ("hunger", "HUNGER", "Label of hunger", "Lack of Food", "배고픔"):
        assert vocabulary.term("topic", word).id == "hunger"
    with pytest.raises(UnknownTerm):
        vocabulary.term("topic", "bark")
