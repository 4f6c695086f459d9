"""Any spelling to the one facility that it means, or to every candidate."""

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import made_up
from archive.authority.gazetteer import Gazetteer, key, keys
from archive.errors import AmbiguousFacility, InvalidAuthorities, UnknownFacility
from archive.reader import read
from examples import examples
from running import Run


@pytest.fixture(scope="module")
def gazetteer(tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    """The shipped gazetteer."""
    return read.read_authorities(tmp_path_factory.mktemp("none")).gazetteer


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
        "Camp14",
        "Camp No.14",
        "kwan li so 14",
        "Kwal-li-so 14",
        "관리소14",
        "14号",
        "14號",
        "第14號",
        "14번",
        "14th camp",
        "개천 14호",
        "Camp No 14, Kaechon",
        "Kaechon 14",
        "Camp 14 (Kae-chon)",
        "개천시 14호 관리소",
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
        ("Yo-dok", ("kwalliso-15",)),
        ("요덕15호", ("kwalliso-15",)),
        ("١٥", ("kwalliso-15",)),
        ("요덕15", ("kwalliso-15",)),
        ("개천14호관리소", ("kwalliso-14",)),
        ("yo dok", ("kwalliso-15",)),
        ("Yodok-gun", ("kwalliso-15",)),
        ("Yodok County", ("kwalliso-15",)),
        ("요덕군", ("kwalliso-15",)),
        ("15th camp", ("kwalliso-15",)),
        ("Camp 12, Onsong", ("kwalliso-12",)),
        ("On-song", ("kwalliso-12", "kwalliso-13")),
        ("Camp 14, Yodok", ()),
        ("Camp 14 15", ()),
        ("camp 1 4", ()),
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


@examples(150)
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


@examples(150)
@given(st.data())
def test_spaces_hyphens_and_case_inside_a_name_make_no_difference(gazetteer: Gazetteer, data: st.DataObject) -> None:
    """Whatever is put between the letters of an accepted name, it means what the name means, or more, never another."""
    names = [name for facility in gazetteer for name in facility.accepted()]
    name = data.draw(st.sampled_from(names))
    parted = "".join(
        c + (data.draw(st.sampled_from(["", "", " ", "-"])) if c.isalpha() and after.isalpha() else "")
        for c, after in zip(name, [*name[1:], ""], strict=True)
    )
    varied = data.draw(st.sampled_from([parted, parted.upper(), unicodedata.normalize("NFD", parted)]))
    assert set(gazetteer.candidates(name)) <= set(gazetteer.candidates(varied)), varied


@pytest.mark.parametrize("spelling", ["Camp 99", "Camp99", "Camp 140", "No. 98 Kaechon"])
def test_who_writes_a_number_is_not_offered_another(gazetteer: Gazetteer, spelling: str) -> None:
    """Camp 21 was suggested for Camp14."""
    with pytest.raises(UnknownFacility) as refused:
        gazetteer.resolve(spelling)
    assert not any(character.isdigit() for character in refused.value.remedy)


@pytest.mark.parametrize(
    "spelling",
    [
        "N° 15",
        "n°15",
        "Camp N° 15",
        "Nº 15",
        "management center 15",
        "Management Centre No. 15",
        "management office 15 (Yodok)",
        "Yodog",
    ],
)
def test_other_ways_to_say_number_and_kwalliso(gazetteer: Gazetteer, spelling: str) -> None:
    """As French and Spanish texts and translators write them."""
    assert gazetteer.resolve(spelling) == "kwalliso-15"


@pytest.mark.parametrize("spelling", ["-15", "−15", "– 15", "-0"])
def test_a_number_below_zero_is_no_camp(gazetteer: Gazetteer, spelling: str) -> None:
    """It was taken for Camp 15."""
    with pytest.raises(UnknownFacility):
        gazetteer.resolve(spelling)


@pytest.mark.parametrize("run", ["14", "the 14th", "14th", "in 14", "15번", "on song", "yo dok"])
def test_what_is_counted_or_joins_by_chance_is_no_name_in_words(gazetteer: Gazetteer, run: str) -> None:
    """In a look-up they are spellings; among the words of a question they are days, years and other words."""
    assert gazetteer.meant(run) is None


def _facilities(**parts: str) -> list[dict[str, Any]]:
    label = {"label": {"en": "Made up"}, "type": "kwalliso"}
    return [{"id": each, **label, **({"part_of": whole} if whole else {})} for each, whole in parts.items()]


def test_a_facility_brings_its_parts_and_theirs() -> None:
    """In gazetteer order; a part does not bring the whole."""
    made = Gazetteer.from_data({"facilities": _facilities(c="b", a="", b="a", d="a", e="")})
    assert made.parts("a") == ("c", "b", "d")
    assert made.parts("b") == ("c",)
    assert made.parts("e") == ()


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"a": "nowhere"}, "'nowhere', which is not a facility"),
        ({"a": "b", "b": "c", "c": "a"}, "part of itself"),
        ({"a": "a"}, "itself"),
    ],
)
def test_a_part_of_what_is_not_there_or_of_itself_is_a_fault(root: Path, parts: dict[str, str], said: str) -> None:
    """A ring would never end."""
    (root / "authorities").mkdir()
    (root / "authorities" / "camps.yaml").write_text(json.dumps({"facilities": _facilities(**parts)}))
    (root / "authorities" / "conflicts.yaml").write_text("conflicts: []\n")
    with pytest.raises(InvalidAuthorities) as refused:
        read.read_authorities(root)
    assert any(said in fault.message for fault in refused.value.faults)


@pytest.fixture
def parted(root: Path) -> Path:
    """A collection whose gazetteer has a whole and a part, and a record on each."""
    (root / "authorities").mkdir()
    facilities = _facilities(whole="", part="whole", other="")
    for facility in facilities:
        facility["names"] = [{"text": f"Made-up {facility['id']}"}]
    (root / "authorities" / "camps.yaml").write_text(json.dumps({"facilities": facilities}))
    (root / "authorities" / "conflicts.yaml").write_text("conflicts: []\n")
    return made_up.collection(
        root,
        *(
            made_up.record(made_up.header(f"NKT-900{number}", camps=[{"camp": camp, "period": "1990"}]), "A zebra.")
            for number, camp in enumerate(("whole", "part", "other"), 1)
        ),
    )


def test_a_search_for_the_whole_takes_its_parts_along_and_says_so(parted: Path, run: Run) -> None:
    """By the option, in the words, on the facility's page and in a comparison, as text and as JSON."""
    for asked in (("--camp", "whole"), ("camp:whole",)):
        document = json.loads(run("search", *asked, "--format", "json").out)
        assert [hit["code"] for hit in document["hits"]] == ["NKT-9001", "NKT-9002"]
        assert document["expanded"] == [{"word": "Made up", "to": ["Made up"], "why": "whole, part"}]
        assert "taken with its parts" in " ".join(run("search", *asked).out.split())
    assert json.loads(run("search", "--camp", "part", "--format", "json").out)["total"]["passages"] == 1
    page = json.loads(run("camps", "whole", "--format", "json").out)
    assert page["parts"] == ["part"]
    assert [told["code"] for told in page["testimonies"]] == ["NKT-9001", "NKT-9002"]
    assert "Parts, taken along below: part" in run("camps", "whole").out
    assert "Part of: whole" in run("camps", "part").out
    assert "taken with its parts" in " ".join(run("facets", "--camp", "whole").out.split())
    assert "taken with its parts" in " ".join(run("compare", "--camp", "whole").out.split())
    assert json.loads(run("compare", "--camp", "whole", "--format", "json").out)["expanded"][0]["why"] == "whole, part"


def test_a_gazetteer_without_records_answers(root: Path, run: Run) -> None:
    """Who begins with the gazetteer can look it up."""
    (root / "testimonies").mkdir()
    assert run("camps", "요덕").out.startswith("kwalliso-15")
    assert "kwalliso-14" in run("camps").out
    assert json.loads(run("camps", "15", "--format", "json").out)["testimonies"] == []
    assert run("camps", "Atlantis").code == 2


def test_a_witness_is_found_however_the_name_is_parted(root: Path, run: Run) -> None:
    """Kim Yong, Kim-Yong and Kimyong are one name; who finds nobody is told the names that are near."""
    for number, name in enumerate(("Kim Yong-ho", "김 용호", "Kim Ho"), 1):
        witness = {"name": name, "name_kind": "pseudonym", "connection": "victim"}
        made_up.collection(root, made_up.record(made_up.header(f"NKT-900{number}", witness=witness), "A zebra."))
    for asked, code in (
        ("Kim Yong ho", "NKT-9001"),
        ("kimyongho", "NKT-9001"),
        ("Yongho", "NKT-9001"),
        ("Yong-Ho Kim", "NKT-9001"),
        ("김용호", "NKT-9002"),
        ("김-용호", "NKT-9002"),
    ):
        document = json.loads(run("search", "--witness", asked, "--format", "json").out)
        assert [hit["code"] for hit in document["hits"]] == [code], asked
    nobody = run("search", "--witness", "Kim Yung-ho")
    assert nobody.code == 0
    assert "Did you mean Kim Yong-ho" in " ".join(nobody.out.split())
    assert json.loads(run("search", "--witness", "mYongho", "--format", "json").out)["total"]["passages"] == 0


_WORDS = st.lists(
    st.sampled_from(
        ["camp", "kwan-li-so", "kwalliso-14", "prison", "yodok", "song", "on", "labour", "county", "the", "political"]
    ),
    max_size=4,
)


@given(st.one_of(_WORDS.map(" ".join), st.text("abdgiklnosy -'14", max_size=14)))
def test_what_has_no_word_of_a_name_is_none_by_the_rules_either(gazetteer: Gazetteer, run: str) -> None:
    """The short look at numbers, types and words leaves out nothing that the rules would take."""
    assert gazetteer.may_name(key(run)) or gazetteer.candidates(run, respaced=False) == ()


def test_most_words_are_no_name_at_one_look(gazetteer: Gazetteer) -> None:
    """The control of the test above."""
    assert not gazetteer.may_name(key("forced labour"))
    assert gazetteer.may_name(key("the mine of yodok"))
