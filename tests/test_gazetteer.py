"""Any spelling to the one facility that it means, or to every candidate."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive import reader
from archive.errors import AmbiguousFacility, UnknownFacility
from archive.gazetteer import Gazetteer, key, keys


@pytest.fixture(scope="module")
def gazetteer(tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    """The shipped gazetteer."""
    return reader.read_authorities(tmp_path_factory.mktemp("none")).gazetteer


@pytest.mark.parametrize(
    "spelling",
    [
        "14",
        "014",
        "No. 14",
        "no 14",
        "Camp 14",
        "camp no. 14",
        "Prison Camp No. 14",
        "제14호",
        "14호",
        "14호 관리소",
        "제14호 관리소",
        "제 14 호 관리소",
        "kwalliso-14",
        "Kwalliso No. 14",
        "kwan-li-so no. 14",
        "관리소 14",
        "개천 제14호 관리소",
        "Kaech'ŏn Che14ho Kwalliso",
        "14호관리소",
        "１４",
    ],
)
def test_many_spellings_of_one_facility(gazetteer: Gazetteer, spelling: str) -> None:
    """Numbers, types, Hangul, both romanisations, full-width digits."""
    assert gazetteer.resolve(spelling) == "kwalliso-14"


@pytest.mark.parametrize(
    "spelling",
    [
        "Kaechon",
        "Kaech'ŏn",
        "Kaechʻŏn",
        "Kae’chŏn",
        "Gaecheon",
        "개천",
        unicodedata.normalize("NFD", "개천"),
        "near Kaechon",
        "Camp Kaechon",
        "개천 수용소",
    ],
)
def test_a_place_of_four_facilities_is_all_four(gazetteer: Gazetteer, spelling: str) -> None:
    """A resolver gives candidates and never picks one."""
    assert gazetteer.candidates(spelling) == ("kwalliso-14", "kwalliso-17-kaechon", "kwalliso-18", "kyohwaso-1")
    with pytest.raises(AmbiguousFacility) as refused:
        gazetteer.resolve(spelling)
    assert refused.value.exit_code == 2
    assert all(each in refused.value.message for each in refused.value.candidates)


@pytest.mark.parametrize(
    ("spelling", "candidates"),
    [
        ("camp 12", ("kwalliso-12", "kyohwaso-12")),
        ("12", ("kwalliso-12", "kyohwaso-12")),
        ("12호 교화소", ("kyohwaso-12",)),
        ("kwalliso 12", ("kwalliso-12",)),
        ("Kyo-hwa-so No. 12", ("kyohwaso-12",)),
        ("17", ("kwalliso-17", "kwalliso-17-kaechon")),
        ("Yodok", ("kwalliso-15",)),
        ("Yodŏk", ("kwalliso-15",)),
        ("요덕", ("kwalliso-15",)),
        ("요덕수용소", ("kwalliso-15",)),
        ("요덕 정치범수용소", ("kwalliso-15",)),
        ("15호 관리소", ("kwalliso-15",)),
    ],
)
def test_candidates(gazetteer: Gazetteer, spelling: str, candidates: tuple[str, ...]) -> None:
    """The type narrows, where one is named."""
    assert gazetteer.candidates(spelling) == candidates


@pytest.mark.parametrize("spelling", ["Bukchong", "Atlantis", "999", "", "camp", "관리소", "  ", "Yodock"])
def test_likeness_suggests_and_never_resolves(gazetteer: Gazetteer, spelling: str) -> None:
    """Bukchong is another county than Bukchang."""
    with pytest.raises(UnknownFacility):
        gazetteer.resolve(spelling)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(max_size=20)))
def test_many_spellings_fold_together_as_they_fold_alone(spellings: list[str]) -> None:
    """Neither a line's end nor a mark at a beginning moves from one to the next."""
    assert keys(spellings) == [key(each) for each in spellings]


def test_a_near_spelling_is_suggested(gazetteer: Gazetteer) -> None:
    """The person decides."""
    with pytest.raises(UnknownFacility) as refused:
        gazetteer.resolve("Yodock")
    assert "Yodok" in refused.value.remedy


def test_every_accepted_name_leads_to_its_facility(gazetteer: Gazetteer) -> None:
    """A whole name to that one alone, a place name at least to it; the id and label too."""
    for facility in gazetteer:
        assert gazetteer.candidates(facility.id) == (facility.id,)
        for name in facility.names:
            assert gazetteer.candidates(name["text"]) == (facility.id,), name
        for name in facility.place_names:
            assert facility.id in gazetteer.candidates(name["text"]), name


def test_two_places_of_the_same_facilities_are_not_spellings_of_each_other(gazetteer: Gazetteer) -> None:
    """Onsong and Changpyong both stand for Camps 12 and 13, and are two places."""
    meant = gazetteer.meant("Onsong")
    assert meant is not None
    assert meant.candidates == ("kwalliso-12", "kwalliso-13")
    assert "온성" in meant.spellings
    assert not {"Changpyong", "창평"} & set(meant.spellings)
