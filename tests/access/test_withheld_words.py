"""What the search holds equal, the check of redactions holds equal: no query for withheld words finds where they are told."""

import sys
import unicodedata
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

import endurance
import made_up
from archive.archive import Archive
from archive.authority.authorities import Authorities
from archive.errors import InvalidTestimony, UsageFault
from archive.reader import read
from archive.search.model import Query
from examples import examples


@pytest.fixture(scope="module")
def authorities() -> Authorities:
    """The shipped authorities."""
    return read.read_authorities(Path("/nowhere"))


TOLD = [
    ("이철수", "리철수"),
    ("리철수", "이철수의 증언"),
    ("임꺽정", "림꺽정"),
    ("노금순", "로금순"),
    ("여운형", "녀운형"),
    ("김여순", "김려순"),
    ("이 철수", "리철수"),
    ("이철수", "리 철수"),
    ("이철수", "2리철수"),
    ("이철수", unicodedata.normalize("NFD", "리철수")),
    ("이철수", "이\u200b철수"),
    ("Kang Hae-su", "K\u00adang Haesu"),
    ("Kang Hae-su", "Kang Hae\u2011su's account"),
    ("James", "James’s account"),
    ("Moses Boss", "Moses Boss's"),
    ("Łucja", "lucja"),
    ("Ŏm Pok-tong", unicodedata.normalize("NFD", "Ŏm Pok-tong")),
    ("USA", "the U.S.A. office"),
    ("U.S.A.", "the USA office"),
    ("1000", "of 1,000 men"),
    ("Enfant", "l'Enfant perdu"),
    ("L’Enfant", "un enfant perdu"),
    ("dAmico", "D'Amico"),
    ("Amico", "d’Amico"),
    ("5㎏ sack", "a sack, 5kg"),
    ("5kg", "5 ㎏ of it"),
    ("Reeducation", "of re‐education"),
    ("Co-operation", "of cooperation"),
    ("PhD", "a Ph.D. of it"),
    ("ค่าย", "ในค่ายกักกัน"),
    ("강제노동", "강제로동의"),
    ("ヨドク", "ﾖﾄﾞｸ"),
    ("力道山", "⼒道山"),
    ("Mines", "a mine"),
    ("12345", "no. ١٢٣٤٥"),
    ("박", "박씨의 증언"),
    ("리", "이모씨"),
    ("김", "김선생님과"),
    ("양", "양군은"),
]


@pytest.mark.parametrize(("withheld", "told"), TOLD)
def test_what_is_told_in_another_form_is_a_fault(authorities: Authorities, withheld: str, told: str) -> None:
    """North and South, spacing, folding, signs without width, both normal forms, possessives, other ways to write."""
    content = made_up.record(made_up.header("NKT-9001", title=f"Made up: {told}"), f"He was <an>{withheld}</an>.").encode()
    with pytest.raises(InvalidTestimony, match="title: repeats words that are withheld in paragraph 1"):
        read.read(content, "testimonies/NKT-9001-x.md", authorities)


@pytest.mark.parametrize(("withheld", "told"), [("박", "박람회에서"), ("김", "김장과 김밥"), ("이", "이것은"), ("군", "군대")])
def test_the_control_other_words_that_begin_with_a_family_name_may_be_told(
    authorities: Authorities, withheld: str, told: str
) -> None:
    """A syllable begins too many words to be refused in all of them."""
    content = made_up.record(made_up.header("NKT-9001", title=f"Made up: {told}"), f"He was <an>{withheld}</an>.").encode()
    assert read.read(content, "testimonies/NKT-9001-x.md", authorities).code == "NKT-9001"


SYLLABLES = "리이철수로노녀여려림임강금력역"
LETTERS = [
    "D'Amico",
    "l'Enfant",
    "Reeducation",
    "co-op",
    "5kg",
    "PhD",
    "Kang",
    "Hae",
    "su",
    "James",
    "Łódź",
    "Ŏm",
    "O'Brien",
    "boss",
    "USA",
    "mine",
]
name = st.one_of(
    st.text(SYLLABLES, min_size=2, max_size=5),
    st.lists(st.sampled_from(LETTERS), min_size=1, max_size=3).map(" ".join),
    st.lists(st.text(SYLLABLES, min_size=2, max_size=3), min_size=2, max_size=2).map(" ".join),
)
NORTH = str.maketrans("이노여임역", "리로녀림력")


def spelled_otherwise(written: str) -> list[str]:
    """Return forms of a name that people write."""
    return [
        written,
        written.translate(NORTH),
        *(written[0].translate(table) + written[1:] for table in (NORTH, {new: old for old, new in NORTH.items()})),
        written.replace(" ", ""),
        f"{written[:2]} {written[2:]}",
        written.upper(),
        unicodedata.normalize("NFD", written),
        "\u200b".join(written),
        f"{written}'s",
        f"{written}의" if "가" <= written[-1] <= "힣" else f"{written}’s",
        ".".join(written) if written.isascii() and written.isupper() else written,
        written.replace(" ", "-"),
    ]


def found_by_its_name(root: Path, tag: str, withheld: str, told: str) -> list[str]:
    """Tell a withheld name in a title; give the public queries for it, in any form, that find the record."""
    body = f"He was <{tag}>{withheld}</{tag}>."
    made_up.collection(
        root,
        made_up.record(made_up.header("NKT-9001", title=f"Of {told}", witness=WITNESS), body),
        made_up.record(made_up.header("NKT-9002", title="zq", witness=WITNESS), "zq"),
    )
    found = []
    with Archive(root) as room:
        for form in spelled_otherwise(withheld):
            for query in (Query(f'"{form}"'), Query(form.replace(" ", ""))):
                try:
                    hits = room.answer(query).hits
                except UsageFault:
                    continue
                found += [query.words for hit in hits if hit.passage.code == "NKT-9001"]
    return found


WITNESS = {"name": "zz", "name_kind": "pseudonym", "connection": "victim"}
some = examples(8)


@some
@given(st.sampled_from(["an", "res"]), name, st.integers(0, 12))
def test_no_query_for_a_withheld_name_finds_where_it_is_told(
    tmp_path_factory: pytest.TempPathFactory, tag: str, withheld: str, form: int
) -> None:
    """Whatever form it is told in, and whatever form it is asked for in: a record that would be found stays out."""
    with endurance.quick_authorities():
        told = spelled_otherwise(withheld)[form]
        assert found_by_its_name(tmp_path_factory.mktemp("told"), tag, withheld, told) == []


def test_control_without_the_check_the_record_is_found(root: Path) -> None:
    """So the queries above ask for what they should."""
    with (
        endurance.quick_authorities(),
        mock.patch.object(sys.modules["archive.reader._withheld_words"], "says", return_value=False),
    ):
        assert found_by_its_name(root, "an", "이철수", "리철수")
