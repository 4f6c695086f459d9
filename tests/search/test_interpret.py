"""What a query means is read without any engine: only what an index has is asked of it."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from archive.errors import UnknownCode
from archive.reader import read
from archive.search import syntax
from archive.search.interpret import Interpreter, Reading, first_answer
from archive.search.model import Filters, Query, Results, unknown_code


class Index:
    """An index of which nothing is true but its codes and its words."""

    def __init__(self, *words: str) -> None:
        """Have words."""
        self.words = words

    def require(self, codes: Iterable[str]) -> None:
        """Know one record."""
        for code in codes:
            if code != "NKT-9001":
                raise unknown_code(code, ["NKT-9001"])

    def is_found(self, tree: syntax.Node) -> bool:
        """Know some words."""
        return getattr(tree, "written", "") in self.words

    def is_common(self, name: str, term: str) -> bool:
        """Have no term often."""
        del name, term
        return False


def interpreter(root: Path, *words: str) -> Interpreter:
    """Make an interpreter with the authorities that are shipped."""
    authorities = read.read_authorities(root)
    return Interpreter(lambda: authorities, Index(*words))


def test_fields_that_the_whole_query_asks_for_become_filters(root: Path) -> None:
    """As if they had been options; one inside OR stays a condition of its own."""
    reader = interpreter(root)
    query, tree, lifted = reader.interpret(Query("gold camp:14 -flag:recanted"))
    assert query.filters == Filters(camp=query.filters.camp, without_flag=("recanted",))
    assert "kwalliso-14" in query.filters.camp
    assert (len(lifted), syntax.describe(tree)) == (2, "gold")
    assert reader.interpret(Query("gold OR camp:14")).query.filters == Filters()


def test_a_code_that_the_index_does_not_have_is_refused(root: Path) -> None:
    """The index is asked, and nobody else."""
    assert interpreter(root).interpret(Query("code:NKT-9001")).query.filters.code == ("NKT-9001",)
    with pytest.raises(UnknownCode):
        interpreter(root).interpret(Query("code:NKT-9002"))


def test_a_label_is_taken_whole_first_and_then_in_its_parts(root: Path) -> None:
    """An engine answers one reading after the other until one finds something."""
    reader = interpreter(root)
    readings = list(reader.readings(reader.interpret(Query("forced labour hunger"))))
    assert readings[0].understood != readings[-1].understood
    asked: list[Reading] = []

    def answer(reading: Reading) -> Results:
        asked.append(reading)
        return Results(reading.query, reading.understood, (), len(asked) - 1, 0, 0, {})

    assert first_answer(readings, answer).understood == readings[1].understood
    assert len(asked) == 2
    assert first_answer(readings[:1], lambda each: answer(each)._replace(passages=0)).understood == readings[0].understood


def test_another_spelling_is_added_where_the_index_has_it(root: Path) -> None:
    """And told in what was expanded."""
    for words, spellings in (((), []), (("USA",), ["USA"])):
        reader = interpreter(root, *words)
        (reading, *_) = reader.readings(reader.interpret(Query("U.S.A.", words_only=True)))
        assert [spelling for each in reading.expanded for spelling in each.to] == spellings
