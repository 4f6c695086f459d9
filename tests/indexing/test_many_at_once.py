"""Answers on many passages: each fast way counts, orders and places as the plain one does; what is remembered is bounded."""

# ruff: noqa: SLF001 - what is remembered, and the way that was taken, show nowhere outside

import gc
import random
import re
import sys
import weakref
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import made_up
from archive.archive import Archive
from archive.engine.whoosh import _facet_counts as facet_counts
from archive.engine.whoosh import _filtering as filtering
from archive.engine.whoosh import _proximity as proximity
from archive.engine.whoosh.searcher import WhooshEngine
from archive.engine.whoosh.segment import postings, writer
from archive.search.model import Filters, Query, Results, Span
from examples import daily

WORDS = ("coal", "mine", "mines", "gold", "pit", "night", "the", "the", "the", "수용소", "정치범수용소에서", "노동", "산", "산속")
ASKED = (
    *("the", "coal", "coal mine", "coal OR gold", "the -night", '"coal mine"', '"the coal mine"', '"coal pit"~3', '"the the"~2'),
    *("mi*", "go* OR pit", "gole~1", "수용소", "수용", '"산 노동"~4', "산", "수용*", "", "the -(coal OR gold)", "Kang"),
)
NARROWED = (
    Filters(),
    Filters(camp=("kwalliso-15",)),  # type: ignore[arg-type]  # plain names of facilities
    Filters(camp=("kwalliso-14",), role=("guard", "prisoner")),  # type: ignore[arg-type]
    Filters(flag=("revised",), kind=("testimony",)),
    Filters(without_flag=("revised", "caution")),
    Filters(period=(Span(19800101, 19921231),)),
    Filters(as_of=20031231),
)
QUESTIONS = [(words, filters) for words in ASKED for filters in NARROWED]
PLAIN = {"_facet_counts._FEW": sys.maxsize, "_ranking._FEW": sys.maxsize}
WAYS = {
    "as it comes": {},
    "bitmaps": {
        "_facet_counts._FEW": 0,
        "_facet_counts._BITMAP_WORTH": sys.maxsize,
        "_ranking._FEW": 0,
    },
    "integers made of bitmaps": {
        "_facet_counts._FEW": 0,
        "_facet_counts._BITMAP_WORTH": 0,
        "_ranking._FEW": 0,
    },
    "nothing remembered for long": {
        "_facet_counts.MOST_REMEMBERED": 1,
        "_proximity.MOST_REMEMBERED": 1,
        "_filtering._REMEMBERED": 1,
        "_facet_counts._RECENT": 1,
        "segment.postings.MOST_READ": 1,
        "searcher.MOST_RECORDS": 1,
    },
}


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up collection of some hundred passages in several segments that do not all lie in order, some written anew."""
    chance = random.Random(11)
    root = tmp_path_factory.mktemp("many")

    def write(number: int) -> None:
        camps = [
            {"camp": f"kwalliso-{chance.choice((14, 15, 18))}", "as": role, "basis": chance.choice(("first-hand", "hearsay"))}
            | chance.choice(({}, {"period": "1977"}, {"period": "1990/1995"}))
            for role in chance.sample(("prisoner", "guard", "visitor"), chance.randint(0, 2))
        ]
        notes = [
            made_up.note(f"n{at}", flag, about={"paragraphs": sorted(chance.sample(range(1, 8), 2))})
            for at, flag in enumerate(chance.sample(("revised", "caution", "recanted"), chance.randint(0, 2)))
        ]
        head = made_up.header(
            f"NKT-{number}",
            camps=camps,
            kind=chance.choice(("testimony", "guard-account")),
            title=f"Made up for a test: {chance.choice(WORDS)}",
            credibility={"notes": notes},
            recorded={"date": chance.choice(("1999", "2004", "2010"))},
        )
        made_up.put(root, made_up.record(head, *(" ".join(chance.choices(WORDS, k=6)) for _ in range(8))))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writer, "FULL", 300)
        for numbers in (range(20, 60), range(20), range(15, 25)):
            for number in numbers:
                write(9000 + number)
            with Archive(root) as room:
                room.update()
    room, engine = _engine(root)
    with room:
        assert len(engine._index.parts) > 1
    return root


@pytest.fixture(scope="module")
def plainly(many: Path) -> list[tuple[Results, Results]]:
    """What the plain ways answer to every question."""
    with pytest.MonkeyPatch.context() as patch:
        _set(patch, PLAIN)
        return list(_answers(many, QUESTIONS))


def _set(patch: pytest.MonkeyPatch, constants: dict[str, int]) -> None:
    for name, value in constants.items():
        patch.setattr(f"archive.engine.whoosh.{name}", value)


def _answers(root: Path, questions: Sequence[tuple[str, Filters]]) -> Iterator[tuple[Results, Results]]:
    """Answer each question, whole and a page of it."""
    with Archive(root) as room:
        for words, filters in questions:
            whole, page = (
                room.answer(Query(words, filters, limit=limit, offset=offset, facets=True))
                for limit, offset in ((None, 0), (5, 3))
            )
            yield whole, page


@pytest.mark.parametrize("way", WAYS)
def test_every_way_answers_as_the_plain_one(
    way: str, many: Path, plainly: list[tuple[Results, Results]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hits, order, scores, marks, totals and facets are the same whichever way is taken; each is asked half of all every day."""
    _set(monkeypatch, WAYS[way])
    number = list(WAYS).index(way)
    for expected, found in zip(daily(plainly, number), _answers(many, daily(QUESTIONS, number)), strict=True):
        assert found == expected


def test_a_page_is_a_part_of_the_whole_answer(plainly: list[tuple[Results, Results]]) -> None:
    """The best are the first of all, also where many score the same."""
    assert max(len(whole.hits) for whole, _ in plainly) > 400
    for whole, page in plainly:
        assert page.hits == whole.hits[page.query.offset :][: page.query.limit]


def _engine(root: Path) -> tuple[Archive, WhooshEngine]:
    room = Archive(root)
    return room, room._session.opened[0]


def test_what_is_remembered_is_bounded(many: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many different queries are asked, no more is kept than the bounds say."""
    bounds = {
        "_facet_counts.MOST_REMEMBERED": 60,
        "_proximity.MOST_REMEMBERED": 2,
        "_filtering._REMEMBERED": 3,
        "searcher.MOST_RECORDS": 4,
    }
    _set(monkeypatch, bounds)
    monkeypatch.setattr(postings, "MOST_READ", 40_000)
    room, engine = _engine(many)
    with room:
        for code in range(9000, 9060):
            camp = f"kwalliso-{14 + code % 2}"
            room.answer(Query("", Filters(code=(f"NKT-{code}",), camp=(camp,)), facets=True))  # type: ignore[arg-type]
        for words in ("수용소", "정치범", "치범수", "범수용", "용소에서"):
            room.answer(Query(words, facets=True))
        assert engine._record.cache_info().currsize == 4
        segment_filter = engine._filter
        counters = list(map(segment_filter._counter, engine._index.parts))
        assert segment_filter._counter.cache_info().misses == len(counters) > 0
        assert all(0 < len(counter._remembered) <= 60 for counter in counters)
        assert all(len(counter._recent) <= facet_counts._RECENT for counter in counters)
        assert 0 < engine._executor._inside.docs_with.cache_info().currsize <= 2
        assert 0 < segment_filter._having.cache_info().currsize <= 3
        assert all(0 < segment.terms._cost <= 40_000 for segment in engine._index.parts)
        assert all(len(segment.terms._read) < 40_000 // (segment.size // 8) for segment in engine._index.parts)
        narrowings = segment_filter._narrowings.cache_info()
        assert narrowings.maxsize == filtering._NARROWINGS
        assert narrowings.currsize <= filtering._NARROWINGS


def test_what_is_remembered_goes_with_the_index(many: Path) -> None:
    """A room that is closed keeps nothing of what it counted, filtered and ordered: not even until memory is swept."""
    room, engine = _engine(many)
    for words in ASKED:
        room.answer(Query(words, NARROWED[4], facets=True))
    kept: list[Any] = [engine._filter, engine._ranker, engine._executor, *map(engine._filter._counter, engine._index.parts)]
    kept.append(engine._record(engine._index.parts[0], 0))
    seen = [weakref.ref(each) for each in kept]
    assert len(seen) > 3
    gc.disable()
    try:
        room.close()
        del kept, engine
        assert not [each() for each in seen if each() is not None]
    finally:
        gc.enable()


def test_a_withdrawn_record_is_counted_no_more(root: Path) -> None:
    """Counts that were made before a record is taken away are not those that are told after it."""
    for number in (1, 2):
        made_up.put(root, made_up.record(made_up.header(f"NKT-900{number}", camps=[{"camp": "kwalliso-15"}]), *["coal"] * 50))
    with Archive(root) as room:
        before = [room.answer(Query("coal", facets=True)) for _ in range(3)]
        assert {each.facets["camp"][0][1:] for each in before} == {(100, 2)}
    next(root.glob("testimonies/NKT-9001*")).unlink()
    with Archive(root) as room:
        after = [room.answer(Query("coal", facets=True)) for _ in range(3)]
    assert {each.facets["camp"][0][1:] for each in after} == {(50, 1)}
    assert {hit.passage.code for each in after for hit in each.hits} == {"NKT-9002"}


@given(st.lists(st.text("가나다a", min_size=1, max_size=5), max_size=9), st.text("가나다", min_size=1, max_size=3))
def test_words_with_a_run_are_those_that_hold_it(words: list[str], run: str) -> None:
    """Each word that has the run inside is given once, and no other."""
    lines = "\n" + "\n".join(words) + "\n"
    assert list(proximity.words_with(lines, run)) == [word for word in words if re.search(run, word)]


def test_the_order_of_a_segment_is_told_by_its_living_records(many: Path) -> None:
    """A segment lies in order only where no record that is still there stands before an earlier one."""
    room, engine = _engine(many)
    with room:
        told = [engine._ranker._is_in_order(segment) for segment in engine._index.parts]
        for segment, is_in_order in zip(engine._index.parts, told, strict=True):
            places = [engine._ranker.place(segment, document) for document in segment.all_docs]
            assert is_in_order == (places == sorted(places))
        assert False in told
