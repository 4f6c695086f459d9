"""How words in another language are weighed: by the length of the version, against other versions, whatever is beside it."""

from pathlib import Path

import pytest

import made_up
from archive.archive import Archive
from archive.search.model import Filters, Query

LONG = " ".join(["Snow fell on the made-up river and on the fence."] * 40)
SHORT = "Snow fell."
COAL = "여기서 석탄을 캤다."
MORE = "여기서 석탄을 캤고 겨울에는 눈이 내려서 강가의 울타리를 따라 오래 걸었다고 한다."


def laid(root: Path, *records: tuple[str, dict[str, str]]) -> dict[str, float]:
    """Lay out records with their own words and those of versions, and give the score of each that is found by a Korean word."""
    for number, (own, versions) in enumerate(records, start=1):
        code = f"NKT-9{number:03}"
        made_up.put(root, made_up.record(made_up.header(code), own))
        for language, words in versions.items():
            made_up.put(root, made_up.version(code, language, words))
    with Archive(root) as room:
        hits = room.answer(Query("석탄", plain=True)).hits
    assert {hit.testimony.language for hit in hits} == {"ko"}
    return {hit.passage.code: hit.score for hit in hits}


def test_a_version_is_weighed_by_its_own_length(root: Path) -> None:
    """The same Korean scores the same beside long and short English, and a short text above a long one."""
    scores = laid(root, (LONG, {"ko": COAL}), (SHORT, {"ko": COAL}), (SHORT, {"ko": MORE}))
    assert scores["NKT-9001"] == scores["NKT-9002"] > scores["NKT-9003"] > 0


@pytest.mark.parametrize("without", [0, 1, 30])
def test_passages_without_a_version_make_none_of_them_long(root: Path, without: int) -> None:
    """The length is held against that of other versions: it matters as much in a collection where few passages have one.

    Lengths are those that stay of them in a byte, the average is of the lengths as they are.
    """
    records = [(SHORT, {"ko": COAL}), (SHORT, {"ko": MORE}), *((SHORT, {}) for _ in range(without))]
    scores = laid(root, *records)
    assert scores["NKT-9001"] / scores["NKT-9002"] == pytest.approx(1.6939, abs=0.0001)


def test_it_is_the_same_whatever_other_versions_a_record_has(root: Path) -> None:
    """Beside a Japanese version, which comes first, Korean words have the place of a second one and the same score."""
    japanese = {"ja": "ここで石炭を掘った。", "ko": COAL}
    scores = laid(root, (SHORT, {"ko": COAL}), (SHORT, japanese), (SHORT, {"de": "Kohle.", **japanese}))
    assert len(scores) == 3
    assert len(set(scores.values())) == 1


def test_own_words_are_weighed_as_without_versions(tmp_path: Path) -> None:
    """What others have in another language does not move the score of a word of the record itself."""
    scores = []
    for versions in ({}, {"ko": MORE, "ja": "ここで石炭を掘った。"}):
        root = tmp_path / str(len(versions))
        made_up.put(root, made_up.record(made_up.header("NKT-9001"), "Coal was dug."))
        made_up.put(root, made_up.record(made_up.header("NKT-9002"), LONG))
        for language, words in versions.items():
            made_up.put(root, made_up.version("NKT-9002", language, words))
        with Archive(root) as room:
            scores.append([(hit.passage.code, hit.score) for hit in room.answer(Query("coal", plain=True)).hits])
    assert scores[0] == scores[1]


def test_a_word_in_both_languages_of_a_passage_counts_once(root: Path) -> None:
    """A passage is one unit: its score is that of the language in which it answers best, and no sum of them."""
    made_up.put(root, made_up.record(made_up.header("NKT-9001"), "Snow fell at Tarn, by the made-up river."))
    made_up.put(root, made_up.version("NKT-9001", "ko", "Tarn 강가에 눈이 내렸다."))
    made_up.put(root, made_up.record(made_up.header("NKT-9002"), "Nobody was there."))
    for together in (False, True):
        with Archive(root) as room:
            scores = {
                language: room.answer(Query("tarn", Filters(language=language), plain=True, together=together)).hits[0].score
                for language in ((), ("en",), ("ko",))
            }
        assert scores[()] == pytest.approx(max(scores["en",], scores["ko",]))
        assert min(scores.values()) > 0
