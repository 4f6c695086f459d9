"""The query language: what is understood, and errors that name the place."""

import time
from itertools import permutations
from typing import get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archive.analysis import positions
from archive.analysis import tokens as token_rules
from archive.engine import _plan
from archive.engine._plan import to_units
from archive.engine.whoosh import _schema as schema
from archive.engine.whoosh.file_storage import IndexInMemory
from archive.engine.whoosh.whoosh_reader import WhooshReader
from archive.errors import BadQuery
from archive.search import syntax
from archive.search._most import most_of
from examples import examples


@pytest.mark.parametrize(
    ("words", "understood"),
    [
        ("coal mine", "coal AND mine"),
        ("coal AND mine", "coal AND mine"),
        ("coal OR gold pit", "coal OR (gold AND pit)"),
        ("coal AND (mine OR pit) NOT gold", "coal AND (mine OR pit) AND NOT gold"),
        ("coal -gold", "coal AND NOT gold"),
        ('"public execution"', '"public execution"'),
        ('"public execution"~3', '"public execution"~3'),
        ("execut*", "execut*"),
        ("executoin~1", "executoin~1"),
        ("kwalliso-14", "kwalliso-14"),
        ('camp:15 -flag:recanted witness:"Kang Chol"', 'camp:15 AND NOT flag:recanted AND witness:"Kang Chol"'),
        ("and or not", "and AND or AND not"),
        ("요덕 수용소", "요덕 AND 수용소"),
        ("", ""),
        ("NOT gold", "NOT gold"),
    ],
)
def test_what_a_query_is_understood_as(words: str, understood: str) -> None:
    """The tree, written as a query again."""
    assert syntax.describe(syntax.parse(words)) == understood


@pytest.mark.parametrize(
    ("words", "place", "said"),
    [
        ('coal "mine', 5, "quotation mark is not closed"),
        ("coal (mine", 5, "parenthesis is not closed"),
        ("coal) mine", 4, "closing parenthesis"),
        ("coal OR", 7, "something is missing"),
        ("AND coal", 0, "nothing before AND"),
        ("coal AND", 8, "nothing after AND"),
        ("coal NOT", 8, "nothing after NOT"),
        ("()", 1, "something is missing"),
        ("colour:red", 0, "no field 'colour'"),
        ('coal camp:""', 5, "camp: has no value"),
        ("a*", 0, "2 letters before"),
        ("*a*", 0, "2 letters before"),
        ("word~9", 0, "fuzzy is ~1 or ~2"),
        ('"coal mine*"', 0, "a phrase cannot hold"),
        ("…", 0, "no word to search for"),
        ("(" * 11 + "coal" + ")" * 11, 10, "nested more than 10 deep"),
        ("coal " * 33, 164, "more than 32 words"),
        ("x" * 1001, 1000, "longer than 1,000 characters"),
    ],
)
def test_an_error_names_the_place_and_the_way_out(words: str, place: int, said: str) -> None:
    """A wrong query is an error, never an empty list."""
    with pytest.raises(BadQuery) as refused:
        syntax.parse(words)
    assert said in refused.value.message
    assert refused.value.place == place
    assert refused.value.remedy


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("was there a riot?", syntax.Word("riot")),
        ("riot? guards", syntax.Pattern("riot?")),
        ("riot?", syntax.Pattern("riot?")),
        ("guards AND riot?", syntax.Pattern("riot?")),
        ("guards NOT riot?", syntax.Not(syntax.Pattern("riot?"))),
    ],
)
def test_the_mark_that_ends_a_question_stands_for_no_letter(words: str, read: syntax.Node) -> None:
    """Inside a query, behind a word alone and behind an operator, it does."""
    tree = syntax.parse(words)
    assert read in (tree.parts if isinstance(tree, syntax.And) else (tree,))


@examples(150)
@given(st.text(alphabet='ab 요덕()"~*?-:ORANDT^\n\x00', max_size=60))
def test_any_words_are_a_query_or_an_error(words: str) -> None:
    """No words end in another error."""
    try:
        syntax.describe(syntax.parse(words))
    except BadQuery as refused:
        assert 0 <= refused.place <= len(words)  # noqa: PT017 - no error at all is as good


@examples(100)
@given(st.text(max_size=200))
def test_plain_words_are_never_an_error(words: str) -> None:
    """--plain takes the words as they are."""
    syntax.describe(syntax.plain(words))


@pytest.mark.parametrize(
    "words", ["(" * 100_000, '"' * 99_999, "a" * 100_000, "*" * 100_000, "-" * 999, "NOT " * 249 + "a", "a~" * 400]
)
def test_hostile_words_end_soon(words: str) -> None:
    """Bounds stand before the parser, so nothing hangs and nothing recurses without end."""
    start = time.process_time()
    with pytest.raises(BadQuery):
        syntax.parse(words)
    assert time.process_time() - start < 5, "of work, whatever else the machine does"


def terms(words: str) -> list[str]:
    """Give the terms of a text."""
    return [token.term for token in token_rules.tokens(words)]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Kaech'ŏn", "KAECHON"),
        ("Kaechʻŏn", "Kae’chon"),
        ("Łódź", "lodz"),
        ("interrogated", "interrogation"),
        ("executions", "execute"),
        ("로동", "노동"),
        ("력사", "역사"),
        ("리", "이"),
        ("ﬁeld", "field"),
        ("Straße", "STRASSE"),
    ],
)
def test_spellings_of_one_word_meet(left: str, right: str) -> None:
    """Accents, apostrophes, Unicode forms, North and South, and English endings."""
    assert terms(left) == terms(right)


def test_a_korean_word_falls_into_pairs_with_offsets() -> None:
    """So that it is found inside a compound and before a particle."""
    assert terms("정치범수용소에서") == ["정치", "치범", "범수", "수용", "용소", "소에", "에서"]
    assert [(token.start, token.end) for token in token_rules.tokens("15호")] == [(0, 2), (2, 3)]


@examples(100)
@example("㏠ 1㍿")
@given(st.text(max_size=100))
def test_tokens_lie_in_the_text_in_order(words: str) -> None:
    """Every term has its place in the original text, and positions go up."""
    tokens = list(token_rules.tokens(words))
    assert all(0 <= token.start < token.end <= len(words) for token in tokens)
    assert [token.position for token in tokens] == sorted(token.position for token in tokens)


@examples(150)
@given(st.text(alphabet=st.characters(max_codepoint=127), max_size=60))
def test_words_in_plain_ascii_are_those_of_any_text(text: str) -> None:
    """The short way to them finds the same."""
    longer = f"{text} é"  # so that it is not plain ASCII any more
    assert list(token_rules.each_word(text)) == list(token_rules.each_word(longer))[:-1]


PARTS = [
    "coal",
    "Kaech'ŏn",
    "don''t",
    "`it",
    "15호",
    "요덕",
    "수용소에서",
    "力道山",
    "ﬁ",
    "x" * 70,
    "호" * 300,
    "a·b",
    "_",
    "\n",
    "ﾖﾄﾞｸ",
]


@examples(75)
@given(st.lists(st.lists(st.sampled_from(PARTS) | st.text(max_size=6), max_size=8).map(" ".join), min_size=1, max_size=5))
def test_the_index_holds_each_term_where_the_analysis_finds_it(texts: list[str]) -> None:
    """Words are analysed by themselves and once, passages many at a time; nothing of that may show."""
    files = IndexInMemory()
    writer = schema.writer(files, anew=True)
    column = [(text, 1) for text in texts]
    codes = [(str(number), 1) for number in range(len(texts))]
    writer.add_passages(len(texts), {"text": column, "words": column, "code": codes})
    writer.commit()
    held: dict[int, list[tuple[int, str]]] = {number: [] for number in range(len(texts))}
    forms: dict[int, set[str]] = {number: set() for number in range(len(texts))}
    with WhooshReader(files) as reader:
        for field, term in reader.all_terms():
            matcher = reader.postings(field, term)
            while matcher.is_active():
                if field == "text":
                    held[matcher.id()] += [(place, term.decode()) for place in matcher.value_as("positions")]
                elif field == "words":
                    forms[matcher.id()].add(term.decode())
                matcher.next()
    for number, text in enumerate(texts):
        assert sorted(held[number]) == sorted((token.position, token.term) for token in token_rules.tokens(text))
        assert forms[number] == {form.text for form in token_rules.forms(text)}


def stands(words: str, between: int | None, text: str) -> bool:
    """Ask whether the words stand in the text as asked."""
    places: dict[str, list[int]] = {}
    for token in token_rules.tokens(text):
        places.setdefault(token.term, []).append(token.position)
    wanted = to_units(words)
    if between is None:
        return bool(positions.phrase_places(wanted, places))
    return bool(positions.near_places(wanted, between, places))


@pytest.mark.parametrize(
    ("words", "between", "text", "found"),
    [
        ("public execution", None, "a public execution was held", True),
        ("public execution", None, "execution in public", False),
        ("public execution", 1, "execution in public", True),
        ("public execution", 0, "execution in public", False),
        ("one two", None, "one of two", False),
        ("수용소", None, "정치범수용소에서", True),
        ("용수", None, "용소 수용", False),
        ("요덕 수용소", None, "함경남도 요덕 수용소에서", True),
        ("요덕 수용소", None, "수용소 요덕", False),
        ("노동", None, "강제노동", True),
        ("로동", None, "강제로동", True),
        ("mine mine", 3, "the mine was a mine", True),
        ("mine mine", 3, "the mine was a pit", False),
        ("kwalliso-14", None, "in kwalliso 14 there", True),
        ("14호", None, "제14호관리소에서", True),
        ("14호관리소", None, "제14호관리소에서", True),
        ("4호", None, "제14호관리소에서", False),
    ],
)
def test_phrases_and_nearness(words: str, between: int | None, text: str, *, found: bool) -> None:
    """Next to each other in order; or near, in any order, with so many other words between."""
    assert stands(words, between, text) is found


@examples(100)
@given(st.lists(st.sampled_from("abc"), max_size=12), st.lists(st.sampled_from("abc"), min_size=1, max_size=3), st.integers(0, 4))
def test_nearness_agrees_with_a_slow_and_obvious_search(text: list[str], words: list[str], between: int) -> None:
    """Every window of the text is looked at by brute force."""
    longest = len(words) + between
    expected = any(
        all(text[start:end].count(word) >= words.count(word) for word in words)
        for start in range(len(text))
        for end in range(start + len(words), min(len(text), start + longest) + 1)
    )
    assert stands(" ".join(words), between, " ".join(text)) is expected


def test_nodes_are_equal_in_a_class_alone() -> None:
    """Named tuples with the same values are equal as tuples, and so a word would stand for the same word as it is typed."""
    kinds = (*get_args(syntax.Node), _plan.AllOf, _plan.AnyOf)
    nodes = [kind(*range(len(kind._fields))) for kind in kinds if len(kind._fields) > 0]
    assert len(nodes) == len(kinds) > 10
    for one, other in permutations(nodes, 2):
        assert one != other
        assert not one == other  # noqa: SIM201 - the one could say another thing than the other
    assert [kind(*node) for kind, node in zip(kinds, nodes, strict=True)] == nodes
    assert [hash(kind(*node)) for kind, node in zip(kinds, nodes, strict=True)] == [*map(hash, nodes)]


def test_the_control_the_tuples_of_nodes_are_equal() -> None:
    """Without a rule of their own the nodes would be."""
    assert tuple(syntax.Word("coal")) == tuple(syntax.Exact("coal"))


def test_what_is_spared_is_not_the_same_word_as_it_is_typed() -> None:
    """A passage may go without a plain word; the word with its capitals stays required."""
    typed = syntax.Exact("coal")
    tree = syntax.And((*map(syntax.Word, ("coal", "mine", "pit")), typed))
    readings = list(most_of(tree, lambda _: True))
    assert readings
    for each in readings:
        assert isinstance(each.tree, syntax.And)
        assert typed in each.tree.parts
