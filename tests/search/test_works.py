"""Works in the words of a query: a title, an author or a publisher also brings what is of the work, and what cites it."""

from pathlib import Path
from typing import Any

import pytest

import made_up
from archive.archive import Archive
from archive.errors import UnknownTerm
from archive.search.label_keys import KINDS
from archive.search.model import Filters, Query, Results
from archive.search.work_names import TitleRules, plain_names

WORKS = """
sources:
  - id: ledger
    also: [조용한 장부]
    csl:
      type: book
      title: 'The Quiet Ledger: What Nobody Wrote'
      author: [{family: Doe, given: Jane-ann}]
      issued: {date-parts: [[2003, 5]]}
  - id: prisons
    csl: {type: report, title: Prisons of North Korea, publisher: Time, issued: {date-parts: [[2005]]}}
  - id: entry
    csl: {type: entry-encyclopedia, title: Distant Orchard}
  - id: board
    csl:
      type: report
      title: (Made up for a test)
      author: [{literal: Board of Made-up Matters}]
      issued: {date-parts: [[2004]]}
names:
  - [Board of Made-up Matters, BMM, 조작 위원회]
"""
QUIET = "A quiet ledger lay there."


@pytest.fixture
def root(root: Path) -> Path:
    """Make a collection: a record of a book, one that cites it at its second paragraph, one that has the words of its title."""
    made_up.few_authorities(root)
    (root / "authorities" / "sources.yaml").write_text(WORKS, encoding="utf-8")
    claim = {"id": "c1", "text": "made up", "paragraphs": [2], "status": "asserted", "topics": ["hunger"], "camps": []}
    board = [{"ref": "board"}]
    return made_up.collection(
        root,
        record("NKT-9001", "Of bread.", "Of rain.", source={"ref": "ledger"}, claims=[{**claim, "cites": board}]),
        record("NKT-9002", "Of snow.", "Of wind.", claims=[{**claim, "cites": [{"ref": "ledger"}]}]),
        record("NKT-9003", QUIET),
    )


def record(code: str, *paragraphs: str, **changes: Any) -> str:
    """Write a record whose title and witness have no word of a query."""
    witness = {"name": "zz", "name_kind": "pseudonym", "connection": "victim"}
    return made_up.record(made_up.header(code, title="zq", witness=witness, **changes), *paragraphs)


def asked(root: Path, words: str, **options: Any) -> Results:
    """Answer a query."""
    with Archive(root) as room:
        return room.answer(Query(words, limit=None, **options))


def found(results: Results) -> dict[str, str]:
    """Return the hits in their order with how each was found."""
    return {f"{hit.passage.code}#p{hit.passage.number}": hit.found_by for hit in results.hits}


def test_a_title_brings_its_words_then_the_work_then_what_cites_it(root: Path) -> None:
    """A passage is of a work where its claims cite it, or nothing; one that cites others alone is not."""
    results = asked(root, "quiet ledger")
    assert found(results) == {"NKT-9003#p1": "words", "NKT-9001#p1": "work", "NKT-9002#p2": "cites"}
    assert (results.found_by[0], results.found_by[6], results.found_by[7]) == (1, 1, 1)
    assert results.understood == "(quiet AND ledger) OR work:ledger"
    assert [(each.word, each.works) for each in results.expanded if each.works] == [("quiet ledger", ("ledger",))]


@pytest.mark.parametrize(
    "words",
    [
        *("The Quiet Ledger", "quiet ledger: what nobody wrote", "Jane-ann Doe", "Doe, Jane-ann", "Janeann Doe", "Jane ann Doe"),
        *("doe 2003", "Doe Quiet Ledger", "quiet ledger 2003", "Jane-ann Doe book", "Jane-ann Doe's memoir", "조용한 장부"),
        *("조용한 장부에서", "조용한 장부 2003", "work:ledger", 'work:"quiet ledger"'),
    ],
)
def test_a_work_is_known_by_its_title_its_authors_and_its_year(root: Path, words: str) -> None:
    """In any order and form of the words, with the kind or the year beside them."""
    ways = found(asked(root, words))
    assert (ways.get("NKT-9001#p1"), ways.get("NKT-9002#p2")) == ("work", "cites")


@pytest.mark.parametrize(
    "words", ["Board of Made-up Matters", "BMM", "조작 위원회", "BMM 2004", "BMM report", "조작 위원회 보고서"]
)
def test_a_body_is_known_by_each_of_its_names(root: Path, words: str) -> None:
    """Names that the authorities have as those of one body ask for the same works."""
    assert found(asked(root, words)) == {"NKT-9001#p2": "cites"}


@pytest.mark.parametrize("words", ["bmm", "Doe", "distant orchard", "prisons of North Korea", "time", "2003", "ledger"])
def test_words_that_are_asked_for_themselves_name_no_work(root: Path, words: str) -> None:
    """A surname, a year, a common word, the subject of an encyclopedia, a title of the words of all accounts."""
    assert not [each for each in asked(root, words).expanded if each.works]


def test_a_work_and_another_part_must_be_met_by_one_passage(root: Path) -> None:
    """Words and filters hold for what a work brings as for all else; a word for its kind need not occur."""
    assert found(asked(root, "quiet ledger wind")) == {"NKT-9002#p2": "cites"}
    results = asked(root, "quiet ledger article wind")
    assert (found(results), results.not_required) == ({"NKT-9002#p2": "cites"}, ("article",))
    assert found(asked(root, "quiet ledger", filters=Filters(topic=("hunger",)))) == {"NKT-9002#p2": "cites"}
    assert found(asked(root, "quiet ledger NOT work:ledger")) == {"NKT-9003#p1": "words"}


@pytest.mark.parametrize("options", [{"words_only": True}, {"exact": True}, {"plain": True}])
def test_words_alone_bring_no_work(root: Path, options: dict[str, bool]) -> None:
    """So do quotation marks."""
    assert set(found(asked(root, "quiet ledger", **options))) == {"NKT-9003#p1"}
    assert set(found(asked(root, '"quiet ledger"'))) == {"NKT-9003#p1"}


def test_what_was_understood_finds_the_same(root: Path) -> None:
    """Typed back with ``--words``, in the same way."""
    first = asked(root, "quiet ledger")
    again = asked(root, first.understood, words_only=True)
    assert (found(again), again.understood) == (found(first), first.understood)


def test_a_work_that_closed_records_alone_cite_is_not_known(root: Path) -> None:
    """With such a record and without it every answer is the same, a refusal too."""
    closed = record("NKT-9009", "Of stones.", source={"ref": "prisons"}, access={"level": "restricted"})
    claim = {"id": "c1", "text": "made up", "paragraphs": [1], "status": "asserted", "topics": ["hunger"]}
    other = record("NKT-9008", "Of salt.", claims=[{**claim, "cites": [{"ref": "entry"}]}], access={"level": "restricted"})

    def told(words: str) -> str:
        with Archive(root) as room:
            return str(found_or_refused(room, words))

    asked_for = ("time 2005", "work:prisons", "work:entry", "quiet ledger", 'work:"time 2005"')
    without = [told(words) for words in asked_for]
    made_up.put(root, closed)
    made_up.put(root, other)
    assert [told(words) for words in asked_for] == without
    assert "no record here is of a work 'prisons'" in without[1]


def found_or_refused(room: Archive, words: str) -> object:
    """Return the whole answer to a query, or the refusal."""
    try:
        return room.answer(Query(words, limit=None))
    except UnknownTerm as refused:
        return f"{refused.message} {refused.remedy}"


def test_a_title_counts_as_a_whole_where_a_word_of_it_would_be_dropped() -> None:
    """Words of the background are not required beside others; in a title they are."""
    rules = TitleRules(lambda folded: folded == "escap", ["gulag", "camp", "survivor"], [])
    assert rules.is_whole("Hidden Gulag")
    assert not rules.is_whole("Escape from Camp 14")
    assert rules.is_name("Escape from Camp 14")
    assert not rules.is_name("Camp Survivor")


def test_a_body_that_is_called_as_a_subject_is_no_name_of_its_works() -> None:
    """Who types *human rights* asks for passages on them; an organisation of another name is known by it."""
    rules = TitleRules(lambda _: False, [], ["human rights"])
    named = [
        {"id": body, "csl": {"type": "webpage", "title": "zq", "publisher": body}}
        for body in ("The Made-up Post", "The Human Rights")
    ]
    names = plain_names(named, [], rules)
    assert {works.removeprefix("~ ") for works in names.values()} == {"The Made-up Post"}


def test_every_kind_of_work_has_words() -> None:
    """A kind that CSL has and this does not is called as any other."""
    source = {"id": "a", "csl": {"type": "song", "title": "zq", "author": [{"family": "Roe", "given": "Ann"}]}}
    rules = TitleRules(lambda _: False, [], [])
    assert plain_names([source], [], rules)["ann articl roe"] == "~ a"
    assert all(KINDS.values())
