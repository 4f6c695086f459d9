"""Words as people, programs and other scripts write them: each is found in every usual form, and the answer says as what."""

import unicodedata
from pathlib import Path

import pytest

import made_up
from archive.analysis import tokens
from archive.archive import Archive
from archive.errors import BadQuery
from archive.search import syntax
from archive.search.model import Query, Results
from running import Run


def asked(root: Path, words: str, **options: bool) -> Results:
    """Answer a query."""
    with Archive(root) as room:
        return room.answer(Query(words, limit=None, **options))


def passages(root: Path, *texts: str) -> Path:
    """Make a collection of one made-up record, a paragraph for each text; title and witness have no word of a query."""
    witness = {"name": "zz", "name_kind": "pseudonym", "connection": "victim"}
    return made_up.collection(root, made_up.record(made_up.header("NKT-9001", title="zq", witness=witness), *texts))


FOUND = [
    ("execution", "The exe\u00adcution was seen."),
    ("prison", "In pri\u200bson."),
    ("prison", "In p\u200cr\u200di\u2060s\ufeffon."),
    ("pri\u00adson", "In prison."),
    ("수용소", "정치범수\u200b용소에서."),
    ("수용\u200b소", "정치범수용소에서."),
    ("James", "James's zebra sang."),
    ("James", "James’s zebra sang."),
    ("boss", "The boss's men."),
    ("Moses", "MOSES\u02bcS men."),
    ("class's", "Of that class."),
    ("witness", "The witness's words."),
    ("Kaechon", "Near Kaech'ŏn."),
    ("1000", "Of 1,000 men."),
    ("12345", "Of 12,345 men."),
    ("1,000", "Of 1000 men."),
    ("U.S.A.", "From the USA."),
    ("USA", "From the U.S.A. they came."),
    ("kg", "Some 200 ㎏ of it."),
    ("kg", "Some 200㎏ of it."),
    ("kg", "쌀 5㎏의 값."),
    ("5kg", "He had 5㎏ of it."),
    ("5kg", "He had 5 kg of it."),
    ('"5 kg"', "He had 5kg of it."),
    ("200", "Some 200㎏ of it."),
    ("km2", "Of 12㎢."),
    ("14", "في المعسكر ١٤."),
    ("١٩٩٥", "In 1995."),
    ("۱۹۹۵", "In १९९५."),
    ("enfant", "She said l’enfant."),
    ("enfant", "L'ENFANT."),
    ("l'enfant", "Un enfant."),
    ("lenfant", "L'enfant."),
    ("enfa*", "L'enfant."),
    ("Alembert", "D’Alembert."),
    ("école", "Jusqu'à l'école."),
    ("arte", "Dell'arte."),
    ("ค่าย", "ในค่ายกักกัน"),
    ("กักกัน", "ในค่ายกักกัน"),
    ("ຄ້າຍ", "ຢູ່ຄ້າຍກັກກັນ"),
    ("ជំរុំ", "ក្នុងជំរុំឃុំ"),
    ("စခန်း", "အကျဉ်းစခန်းမှာ"),
    ("reeducation", "Of re-education."),
    ("re-education", "Of reeducation."),
    ("re‐educated", "They were reeducated."),
    ("cooperate", "To co‐operate."),
    ("cooperated", "They co-operated."),
    ("co-operate", "To cooperate."),
    ('"co-operate"', "To cooperate."),
    ("nongovernmental", "A non-governmental body."),
    ("PhD", "A Ph.D. of that place."),
    ("Ph.D.", "A PhD of that place."),
    ("力道", "⼒道山."),
    ("ヨドク", "ヨドクでは。"),
    ("ヨドク", "ﾖﾄﾞｸでは。"),
    ("مكتب", "فِي مَكْتَب هُنا"),
    ("हिन्दी", "वह हिन्दी में।"),
    ("Yodŏk", unicodedata.normalize("NFD", "At Yodŏk.")),
    ("수용*", "노동ㆍ수용소."),
    ("노동", "강제ㆍ로동."),
    ("노동", "2로동교화소."),
    ("노동교화소", "NK로동교화소."),
    ("로동", "2노동교화소."),
    ("2로동", "2로동교화소."),
    ("15호", "15호관리소."),
    ("강제노동", "강제로동을."),
    ("조선로동당", "조선노동당의."),
    ("조선노동당", "조선로동당의."),
    ("전국노동자대회", "전국로동자대회에서."),
    ("강제로동", "강제노동을."),
    ("조선여성", "조선녀성이."),
    ("조선녀성", "조선여성이."),
    ("규율", "규률을."),
    ("대열", "대렬에서."),
    ("혁명열사", "혁명렬사."),
    ("정치범수용소", "정치범 수용소에서."),
    ("노동교화소", "제1 로동 교화소."),
    ('"정치범 수용소"', "정치범수용소에서."),
]


@pytest.mark.parametrize(("words", "text"), FOUND)
def test_a_word_is_found_as_it_stands_in_the_text(root: Path, words: str, text: str) -> None:
    """And it is marked; another word is not found (the control)."""
    passages(root, text, "Nothing of that sort: 다른 말.")
    results = asked(root, words)
    assert [hit.passage.number for hit in results.hits] == [1]
    assert results.hits[0].matches
    assert asked(root, "zebra OR 얼룩말").passages == ("zebra" in text)


def test_marks_lie_in_the_text_as_it_is(root: Path) -> None:
    """Signs that are looked past are inside of the mark, what ends a word is not."""
    passages(root, "The exe\u00adcution of James’s men, 200 ㎏ and ﾖﾄﾞｸでは.")
    for words, marked in [("execution", "exe\u00adcution"), ("James", "James"), ("kg", "㎏"), ("ヨドク", "ﾖﾄﾞｸ")]:
        hit = asked(root, words).hits[0]
        assert [hit.passage.words[start:end] for start, end in hit.matches] == [marked]


def test_a_word_that_is_in_every_passage_is_not_marked(root: Path) -> None:
    """Of a question its subject is marked; a word as "who", of which nothing is asked, only where it is all that was typed."""
    passages(root, "He who fled was shot, and who watched said nothing.")
    for words, marked in [("people who fled", ["fled"]), ("who", ["who", "who"])]:
        hit = asked(root, words).hits[0]
        assert [hit.passage.words[start:end] for start, end in hit.matches] == marked


def test_what_was_looked_for_besides_is_told(root: Path, run: Run) -> None:
    """Only what this index has, and nothing where the words are there as they are typed."""
    passages(root, "강제로동을.", "정치범 수용소에서.", "Of 1,000 men.", "수용소 강제 노동.")
    assert [tuple(each)[:3] for each in asked(root, "정치범수용소").expanded] == [("정치범수용소", ("정치범 수용소",), ())]
    assert asked(root, "수용소").expanded == ()
    assert asked(root, "1977").expanded == ()
    assert "강제노동 was also searched as" in run("search", "강제노동").out
    assert "정치범수용소 was also searched as 정치범 수용소." in " ".join(run("search", "정치범수용소").out.split())


def test_both_spellings_of_a_long_korean_word_are_found_where_both_are_there(root: Path) -> None:
    """One answer, told; of a short word the other spelling may be another word (한라, 한나), and is a last resort."""
    passages(root, "강제노동을.", "강제로동을.", "한라에서.", "한나는.")
    for words in ("강제노동", "강제로동"):
        assert sorted(hit.passage.number for hit in asked(root, words).hits) == [1, 2]
    assert [tuple(each)[:2] for each in asked(root, "강제노동").expanded if each.word == "강제노동"][:1] == [
        ("강제노동", ("강제로동",))
    ]
    assert [hit.passage.number for hit in asked(root, "한라").hits] == [3]


def test_an_aspirate_of_romanised_korean_is_no_article(root: Path) -> None:
    """T'aebaek is one word, and so is what begins within a word with an apostrophe."""
    passages(root, "T'aebaek.", "Shin'ichi.", "Don't.")
    for words in ("aebaek", "ichi"):
        assert asked(root, words).passages == 0
    assert asked(root, "Taebaek").passages == 1


@pytest.mark.parametrize(
    ("typed", "place"),
    [("zebra --coal", 6), ("--coal", 0), ('zebra --"coal mine"', 6), ("torture NEAR yodok", 8), ("torture NEAR/3 camp", 8)],
)
def test_signs_of_other_programs_are_refused_with_what_to_write(typed: str, place: int) -> None:
    """Never taken for a word that must occur without a word on it; in plain words they are words."""
    with pytest.raises(BadQuery) as refused:
        syntax.parse(typed)
    assert refused.value.place == place
    assert syntax.plain(typed)


@pytest.mark.parametrize("typed", ["NEAR", "near yodok", "TORTURE NEAR YODOK", "Near Yodok", "w/3", '"torture NEAR yodok"'])
def test_the_word_near_is_a_word(typed: str) -> None:
    """In small letters, by itself, in a phrase, and where all is typed in capitals."""
    assert "near" in syntax.describe(syntax.parse(typed)).lower() or typed == "w/3"


def test_a_word_as_typed_has_no_other_form(root: Path) -> None:
    """Neither with --exact nor in plain words, but for signs that nobody can see."""
    passages(root, "강제로동을.", "In pri\u200bson.")
    assert asked(root, "강제노동", exact=True).passages == 0
    assert asked(root, "강제노동", plain=True).passages == 0
    assert asked(root, "prison", exact=True).passages == 1
    assert asked(root, "pris", exact=True).passages == 0


TYPED = [
    ("“public execution”", '"public execution"'),
    ("„public execution“", '"public execution"'),
    ("«public execution»", '"public execution"'),
    ("「public execution」", '"public execution"'),
    ("『public execution』", '"public execution"'),
    ("＂public execution＂", '"public execution"'),
    ("‘public execution’", '"public execution"'),
    ("‚public execution‘", '"public execution"'),
    ("“public execution”～3", '"public execution"~3'),
    ("“public execution”~３", '"public execution"~3'),
    ("coal –gold", "coal AND NOT gold"),
    ("coal —gold", "coal AND NOT gold"),
    ("coal −gold", "coal AND NOT gold"),
    ("coal －gold", "coal AND NOT gold"),
    ("coal (–gold)", "coal AND NOT gold"),
    ("coal –“gold mine”", 'coal AND NOT "gold mine"'),
    ("coa＊", "coa*"),
    ("wom？n", "wom?n"),
    ("어디인가？", "어디인가"),
    ("hungr～1", "hungr~1"),
    ("hungr～１", "hungr~1"),
    ("coal || hunger", "coal OR hunger"),
    ("coal ｜｜ hunger", "coal OR hunger"),
    ("coal && hunger", "coal AND hunger"),
    ("（coal OR gold） pit", "(coal OR gold) AND pit"),
    ("camp：15", "camp:15"),
    ("camp:“Camp 15”", 'camp:"Camp 15"'),
    ("—zebra", "zebra"),
    (" — zebra", "zebra"),
    ("“—zebra gold”", '"zebra gold"'),
    ("―zebra gold", "zebra AND gold"),
    ("–zebra", "NOT zebra"),
    ("coal – gold", "coal AND gold"),
    ("coal, (gold).", "coal AND gold"),
    ("1990–1995", "1990–1995"),
    ("Kang’s", "Kang’s"),
    ("don‘t", "don‘t"),
    ("‘90s coal", "90s AND coal"),
    ("coal | hunger", "coal OR hunger"),
    ("coal ｜ hunger", "coal OR hunger"),
    ("coal & hunger", "coal AND hunger"),
    ("coal !gold", "coal AND NOT gold"),
    ("coal ！gold", "coal AND NOT gold"),
    ("coal ¬“gold mine”", 'coal AND NOT "gold mine"'),
    ("(!gold) coal", "NOT gold AND coal"),
    ("coal! gold!", "coal AND gold"),
    ("coal ⁃gold", "coal AND NOT gold"),
    ("coal ＯＲ hunger", "coal OR hunger"),
    ("ＮＯＴ coal", "NOT coal"),
    ("″public execution″", '"public execution"'),
    ("❝public execution❞", '"public execution"'),
]


@pytest.mark.parametrize(("typed", "understood"), TYPED)
def test_typographic_signs_are_the_signs_that_they_stand_for(typed: str, understood: str) -> None:
    """At the places where those would be; and what is told as understood is what was taken, no more."""
    assert syntax.describe(syntax.parse(typed)) == understood


@pytest.mark.parametrize("typed", ["coal --gold", "coal –-gold", "coal ––gold", "coal −−gold"])
def test_two_dashes_before_a_word_are_refused_whatever_they_are(typed: str) -> None:
    """They mean nothing in the language, and would else be lost with what they ask for."""
    with pytest.raises(BadQuery, match="two hyphens"):
        syntax.parse(typed)


@pytest.mark.parametrize("typed", ["“coal", "coal” mine", "«coal", "「coal", "＂coal"])
def test_a_typographic_quotation_mark_that_is_not_closed_is_refused(typed: str) -> None:
    """As the plain one is, at its place."""
    with pytest.raises(BadQuery, match="a quotation mark is not closed") as refused:
        syntax.parse(typed)
    assert not typed[refused.value.place].isalpha()


def test_words_as_typed_keep_their_signs() -> None:
    """With --exact only what is around the words is read as the language."""
    assert syntax.parse("“Ｋｉｍ ‘a’”", exact=True) == syntax.Exact("Ｋｉｍ ‘a’")
    assert syntax.parse("don’t", exact=True) == syntax.Exact("don’t")


def test_a_syllable_by_itself_outweighs_nothing(root: Path) -> None:
    """Of a long question it is the word that is meant; spread over all pairs, each as rare, it would lead the answer."""
    passages(root, "정책 회의", "그림자 그물 그네 그릇", "산 아래")
    assert [hit.passage.number for hit in asked(root, "그 정책", plain=True, any_of=True).hits] == [1]
    assert [hit.passage.number for hit in asked(root, "산 정책", plain=True, any_of=True).hits] == [1, 3]
    assert [hit.passage.number for hit in asked(root, "그").hits] == [2]


def test_check_tells_of_signs_without_width_by_line(root: Path, run: Run) -> None:
    """And of a paragraph of nothing else, which keeps its number, since citations name it; and of words cut by a line."""
    passages(root, "The exe\u00adcu\u200btion.", "\u200b\u200b", "It was exe-\ncuted, once-\n(again).", "Coal\ufe0f.")
    told = [line.partition("warning: ")[2] for line in run("check").out.splitlines() if "warning" in line]
    assert told == [
        "body: has signs without width (U+00AD, U+200B); a search looks past them, take them out if you can",
        "body: has nothing but signs without width (U+200B), and is counted as a paragraph all the same",
        "body: ends within a word, which is found by its halves alone; write it in one line if it is one word",
    ]
    assert [hit.passage.number for hit in asked(root, "coal").hits] == [4]


def test_forms_are_those_of_the_words_as_read() -> None:
    """Prefix, wildcard and fuzzy search see the same words."""
    assert [each.text for each in tokens.forms("James's exe\u00adcution 2로동 ﾖﾄﾞｸ")] == [
        *("james", "execution", "2", "노동", "2로동", "ヨドク"),
    ]
