"""The search against the oracle: the same hits, totals, facets and scores on collections made at random."""

import contextlib
import json
import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import made_up
import oracle
import oracle_topics
from archive.archive import Archive
from archive.authority.gazetteer import FacilityId
from archive.collection.collection import Collection
from archive.reader import read
from archive.record.testimony import PUBLIC
from archive.search import relaxing
from archive.search.as_command import option
from archive.search.model import FOUND_BY, Filters, Query, Results
from examples import TIMES
from oracle import Asked, Both, Either, Not, Word
from random_collections import (
    KOREAN,
    NAMES_OF_WORKS,
    PLACES,
    RARELY,
    WORKS,
    authority_files,
    claimed,
    exact,
    filters,
    leaf,
    meant_parts,
    question,
    records,
    tree,
)

# A failing collection is printed as it is: making it smaller would take minutes.
# Each is an index on the disk, asked up to eight times; PARITY_COLLECTIONS=400 is a run of the full size.
thorough = settings(
    max_examples=int(os.environ.get("PARITY_COLLECTIONS", 16 * TIMES)),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)


def both(written: tuple[str, ...]) -> tuple[tempfile.TemporaryDirectory[str], Archive, list[oracle.Candidate]]:
    """Give a collection as the real search and as the oracle see it."""
    folder = tempfile.TemporaryDirectory()
    root = made_up.collection(Path(folder.name), *written)
    collection = Collection(root, read.read_authorities(root), PUBLIC, {})
    assert not collection.faults
    return folder, Archive(root), oracle.candidates(collection)


def named(results: Results) -> list[str]:
    """Write the hits as CODE#pN."""
    return [f"{hit.passage.code}#p{hit.passage.number}" for hit in results.hits]


def compare(room: Archive, every: list[oracle.Candidate], asked: Asked, query: Query) -> None:
    """Ask both, and compare all that they answer."""
    found = oracle.matching(every, asked)
    passed = [each for each in found if oracle.passes(each, asked.filters)]
    results = room.answer(query._replace(filters=asked.filters, limit=None, facets=True, words_only=True))
    assert set(named(results)) == {each.name for each in passed}, (query.words, results.understood)
    assert results.passages == len(passed)
    assert results.testimonies == len({each.passage.code for each in passed})
    assert results.undated_left_out == oracle.undated(found, asked.filters)
    real = {field: {row.value: (row.passages, row.testimonies) for row in rows} for field, rows in results.facets.items()}
    assert real == oracle.facets(found, every, asked)
    no_day = [each for each in found if not oracle.public_from(each.testimony) and oracle.passes(each, asked.filters, "as_of")]
    assert results.without_day == (len(no_day) if asked.filters.as_of else 0)
    no_history = [each for each in found if not oracle.updated(each) and oracle.passes(each, asked.filters, "since")]
    assert results.without_history == (len(no_history) if asked.filters.since else 0)
    for hit in results.hits:
        known, every_flag = set(hit.passage.flags), {note.flag for note in hit.passage.notes}
        (one,) = (each for each in every if each.name == f"{hit.passage.code}#p{hit.passage.number}")
        assert hit.testimony.language in {each.language for each in oracle.wanted(one, asked.filters)}
        if asked.tree is not None and not asked.together:
            spoken = [each for each in one.spoken if each.language == hit.testimony.language]
            asks = asked if asked.exact or asked.question else asked._replace(tree=oracle.otherwise(asked.tree, every))
            assert any(oracle.says(asks.tree, each, one, asked) for each in spoken), (
                "found in another language than it is shown in"
            )
        assert known == oracle.known_flags(hit.passage, asked.filters)
        assert known | {note.flag for note in hit.passage.notes if note.since} == every_flag


@thorough
@given(records, st.lists(st.tuples(st.one_of(st.none(), tree), filters), min_size=1, max_size=8))
def test_a_query_answers_as_the_oracle_does(written: tuple[str, ...], queries: list[tuple[Any, Filters]]) -> None:
    """Words, phrases, near, patterns, fuzzy words, AND, OR, NOT, with filters and facets."""
    folder, room, every = both(written)
    with folder, room:
        for node, chosen in queries:
            compare(room, every, Asked(node, chosen), Query("" if node is None else oracle.typed(node)))


@thorough
@given(records, st.lists(exact, min_size=1, max_size=8))
def test_words_as_typed_are_those_that_stand_so_in_the_text(written: tuple[str, ...], queries: list[Any]) -> None:
    """``--exact`` finds all that a look at the letters finds, and no more."""
    folder, room, every = both(written)
    with folder, room:
        for node in queries:
            words = " ".join(map(oracle.typed, node.parts)) if isinstance(node, Both) else oracle.typed(node)
            compare(room, every, Asked(node, exact=True), Query(words, exact=True))


@thorough
@given(
    records,
    st.lists(st.tuples(st.lists(st.one_of(leaf, leaf.map(Not)), min_size=2, max_size=3), filters), min_size=1, max_size=6),
)
def test_words_may_stand_in_different_passages(written: tuple[str, ...], queries: list[tuple[list[Any], Filters]]) -> None:
    """``--together``: the testimonies that have all words somewhere."""
    folder, room, every = both(written)
    with folder, room:
        for parts, chosen in queries:
            node = Both(tuple(parts))
            if oracle.typed(parts[-1]).endswith("?"):  # at the end of several words it ends a question
                continue
            compare(room, every, Asked(node, chosen, together=True), Query(" ".join(map(oracle.typed, parts)), together=True))


@thorough
@given(records, st.lists(question, min_size=1, max_size=4))
def test_a_long_question_is_ranked_by_bm25(written: tuple[str, ...], questions: list[list[str]]) -> None:
    """``--any --plain``: every hit, in order of its score, to the last digit that is kept; ties in archive order."""
    folder, room, every = both(written)
    with folder, room:
        for words in questions:
            node = Either(tuple(map(Word, words)))
            query = Query(" ".join(words), plain=True, any_of=True)
            compare(room, every, Asked(node, question=True), query)
            hits = room.answer(query._replace(limit=None)).hits
            order = [(-hit.score, hit.passage.code, hit.passage.number) for hit in hits]
            scores = {each.name: oracle.score(words, every, each) for each in every}
            expected = [scores[f"{code}#p{number}"] for _, code, number in order]
            assert [hit.score for hit in hits] == pytest.approx(expected, abs=1e-8)
            assert order == sorted(order)


@thorough
@given(records, st.sampled_from([word for word in KOREAN if len(word) > 1] + ["용소", "주림", "두산"]))
def test_a_korean_word_is_found_wherever_its_letters_stand(written: tuple[str, ...], word: str) -> None:
    """Inside a compound, before a particle: every passage in which the very letters stand is found."""
    folder, room, every = both(written)
    with folder, room:
        there = {each.name for each in every for spoken in each.spoken if word in spoken.fields["text"]}
        assert there <= set(named(room.answer(Query(word, limit=None))))


# Topics: a thesaurus made at random


@thorough
@given(
    authority_files(),
    st.integers(2, 4).flatmap(lambda count: st.tuples(*(claimed(number) for number in range(1, count + 1)))),
    st.lists(st.tuples(meant_parts, filters, RARELY), min_size=4, max_size=8),
)
def test_a_query_means_what_the_thesaurus_says(
    files: dict[str, Any], written: tuple[str, ...], queries: list[tuple[list[Any], Filters, bool]]
) -> None:
    """Labels, background, equivalents, slips, NOT: the same passages, in the same order, found and counted in the same way."""
    with tempfile.TemporaryDirectory() as folder, a_world(Path(folder), written, files) as world:
        for parts, chosen, together in queries:
            world.ask(parts, chosen, together=together)


def test_a_part_that_a_topic_alone_answers_may_be_wanting(tmp_path: Path) -> None:
    """Of "working", a label of which no passage has the word, a claim says that it is there: a passage may go without it."""
    topics = [{"id": "execution", "definition": made_up.NOTICE, "label": {"en": "working"}}]
    claim = {"id": "c1", "text": "made up", "paragraphs": [2], "status": "asserted", "topics": ["execution"]}
    head = made_up.header("NKT-9001", title="zq", claims=[claim])
    written = (made_up.record(head, "coal 처형 executed mines", "of rain", "colliery"),)
    with a_world(tmp_path, written, {"topics": {"topics": topics}, "equivalents": {"equivalents": []}}) as world:
        words = "coal 처형 working colliery executed mines"
        assert named(world.room.answer(Query(words, limit=None))) == ["NKT-9001#p1"]
        world.ask([Word(word) for word in words.split()], Filters(), together=False)


def test_near_reaches_from_a_claim_into_the_next_on_the_same_passage_and_a_phrase_does_not(tmp_path: Path) -> None:
    """Both say what the passage tells; a label of which each has a word is found in them, as in one."""
    topics = [{"id": "hunger", "definition": made_up.NOTICE, "label": {"en": "public execution"}}]
    both = [
        {"id": f"c{number}", "text": text, "paragraphs": [1], "status": "asserted", "topics": ["hunger"], "cites": []}
        for number, text in enumerate(("the camp executed", "public board"), start=1)
    ]
    note = made_up.note("n1", "lead-only", about={"record": True})
    head = made_up.header("NKT-9001", title="zq", claims=both, credibility={"notes": [note]})
    written = (made_up.record(head, "quiet"),)
    with a_world(tmp_path, written, {"topics": {"topics": topics}, "equivalents": {"equivalents": []}}) as world:
        world.ask([Word("public"), Word("execution")], Filters(), together=False)
        (hit,) = world.room.answer(Query("public execution")).hits
        assert hit.found_by == "claim"
        assert not world.room.answer(Query('"executed public"')).hits
        assert world.room.answer(Query('"executed public"~1')).hits


def test_a_korean_word_that_carries_no_subject_is_no_end_of_a_label(tmp_path: Path) -> None:
    """As an English one: a label that is known without a word of the background was taken with it, and it was not told."""
    topics = [{"id": "execution", "definition": made_up.NOTICE, "label": {"en": "camp hunger mine"}}]
    written = (made_up.record(made_up.header("NKT-9001", title="zq"), "hunger in the mine of the camp"),)
    files = {
        "topics": {"topics": topics},
        "equivalents": {"equivalents": []},
        "collection": {"name": {"en": made_up.NOTICE}, "background": ["camp"], "common": []},
    }
    with a_world(tmp_path, written, files) as world:
        for words in ("mine hunger camp 어떤", "어떤 mine hunger camp", "mine hunger camp what"):
            world.ask([Word(word) for word in words.split()], Filters(), together=False)


def test_a_work_is_named_by_author_year_and_whole_title_in_any_order(tmp_path: Path) -> None:
    """As a whole: a word of it that names no subject is one of the phrase, and is not told as left out."""
    files = {
        "topics": {"topics": []},
        "camps": {"facilities": []},
        "sources": {"sources": WORKS},
        "conflicts": {"conflicts": []},
        "equivalents": {"equivalents": []},
        "collection": {"name": {"en": made_up.NOTICE}, "background": [], "common": []},
    }
    written = (made_up.record(made_up.header("NKT-9001", source={"ref": "ledger"}), "quiet"),)
    with a_world(tmp_path, written, files) as world:
        for words in (
            "ledger wrote nobody quiet what Doe",
            "2003 what quiet nobody wrote ledger",
            "wrote nobody what quiet ledger",
        ):
            for beside in ((), ("coal",)):
                world.ask([Word(word) for word in (*words.split(), *beside)], Filters(), together=False)
        assert named(world.room.answer(Query("ledger wrote nobody quiet what Doe", limit=None))) == ["NKT-9001#p1"]
        assert world.room.answer(Query("wrote nobody what quiet ledger", limit=None)).not_required == ("what",), "the control"


def test_a_label_with_a_particle_scores_where_the_word_stands_without_it(tmp_path: Path) -> None:
    """No passage has the word as it was typed; a title that has it without its particle adds to the score of each."""
    topics = [{"id": "torture", "definition": made_up.NOTICE, "label": {"en": "public execution", "ko": "굶주림"}}]
    claim = {"id": "c1", "text": "made up", "paragraphs": [2], "status": "disputed", "topics": ["torture"], "cites": []}
    head = made_up.header("NKT-9001", title="굶주림", claims=[claim])
    written = (made_up.record(head, "굶주림 famine", "pit camp"),)
    with a_world(tmp_path, written, {"topics": {"topics": topics}, "equivalents": {"equivalents": []}}) as world:
        world.ask([Word("굶주림을")], Filters(), together=False)
        assert len(world.room.answer(Query("굶주림을")).hits) == 2


@contextlib.contextmanager
def a_world(folder: Path, written: tuple[str, ...], files: dict[str, Any]) -> Iterator["World"]:
    """Give a collection with authority files of its own, as the real search and as the oracle see it."""
    root = made_up.collection(folder, *written)
    (root / "authorities").mkdir()
    for name, content in files.items():
        (root / "authorities" / f"{name}.yaml").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    collection = Collection(root, read.read_authorities(root), PUBLIC, {})
    assert not collection.faults
    with Archive(root) as room:
        yield World(room, oracle.candidates(collection), reader(collection))


def reader(collection: Collection) -> oracle_topics.Reader:
    """Give what reads queries in the oracle's way."""
    authorities = collection.authorities
    every = oracle.candidates(collection)
    thesaurus = oracle_topics.Thesaurus(
        authorities.data("terms"), authorities.data("collection"), authorities.data("equivalents")["equivalents"]
    )

    def spellings(name: str) -> tuple[str, ...]:
        meant = authorities.gazetteer.meant(name)
        return meant.spellings if meant else ()

    there = frozenset[str]().union(*(each.of_works | each.cited for each in every))
    works = [oracle_topics.NamedWork(tuple(words.split()), *rest) for words, *rest in NAMES_OF_WORKS if rest[0] in there]
    return oracle_topics.Reader(thesaurus, spellings, lambda node: oracle.there(node, every), works)


class World:
    """A collection as the real search and as the oracle see it, with what its words mean."""

    def __init__(self, room: Archive, every: list[oracle.Candidate], reader: oracle_topics.Reader) -> None:
        self.room, self.every, self.reader = room, every, reader

    def found(self, parts: list[Any], chosen: Filters, *, together: bool = False) -> tuple[oracle_topics.Reading, Asked]:
        """Give the first reading that finds something, else the first of all, and what it asks."""
        first = None
        for reading in self.reader.readings(parts, together=together):
            asked = Asked(reading.tree, chosen, together=together)
            first = first or (reading, asked)
            if any(oracle.passes(each, chosen) for each in oracle.matching(self.every, asked)):
                return reading, asked
        assert first
        return first

    def count(self, parts: list[Any], chosen: Filters, *, together: bool = False) -> tuple[int, int]:
        """Count the passages and testimonies that a query finds."""
        _, asked = self.found(parts, chosen, together=together)
        passed = [each for each in oracle.matching(self.every, asked) if oracle.passes(each, chosen)]
        return len(passed), len({each.passage.code for each in passed})

    def ask(self, parts: list[Any], chosen: Filters, *, together: bool) -> None:
        """Ask both, and compare all that they answer."""
        words = " ".join(map(oracle.typed, parts))
        reading, asked = self.found(parts, chosen, together=together)
        found = oracle.matching(self.every, asked)
        passed = [each for each in found if oracle.passes(each, chosen)]
        query = Query(words, chosen, limit=None, facets=True, together=together)
        results = self.room.answer(query)
        said = (words, results.understood, reading)
        assert set(named(results)) == {each.name for each in passed}, said
        assert results.testimonies == len({each.passage.code for each in passed})
        assert results.undated_left_out == oracle.undated(found, chosen)
        assert {row[0] for row in results.under} == {word for word, _ in reading.under}, said
        assert set(results.not_required) == set(reading.not_required), said
        assert set(results.spared) == set(reading.spared), said
        told = [(each.word, each.to[0]) for each in results.expanded if each.why == ("misspelt",)]
        assert told == list(reading.corrected), said
        real = {field: {row.value: (row.passages, row.testimonies) for row in rows} for field, rows in results.facets.items()}
        assert real == oracle.facets(found, self.every, asked), said
        on = [(word, topic, sum(topic in each.topics for each in passed)) for word, topic in reading.denied]
        assert [(word, label.id, number) for word, label, number in results.still_on] == [each for each in on if each[2]], said
        if not together:
            self._compare_order(results, passed, asked, said)
        if not passed:
            self._compare_relaxed(results, parts, chosen, reading, together=together)

    def _compare_order(self, results: Results, passed: list[oracle.Candidate], asked: Asked, said: object) -> None:
        """Each is found by the best way in which it answers; the better way comes first, then the score, then archive order."""
        otherwise = asked._replace(
            tree=oracle.otherwise(asked.tree, self.every), otherwise=lambda node: oracle.otherwise(node, self.every)
        )
        levels = {}
        for each in passed:
            levels[each.name] = next(level for level in oracle.LEVELS if oracle.answers(otherwise.tree, each, otherwise, level))
        ways = [FOUND_BY[levels[name]] for name in named(results)]
        assert [hit.found_by for hit in results.hits] == ways, said
        assert {way: number for way, number in results.found_by.items() if number} == Counter(levels.values()), said
        order = [
            (levels[f"{hit.passage.code}#p{hit.passage.number}"], -hit.score, hit.passage.code, hit.passage.number)
            for hit in results.hits
        ]
        assert order == sorted(order), said
        if isinstance(asked.tree, oracle.Concept):
            words = [oracle.otherwise(Word(word), self.every) for word in asked.tree.words]
            has = [any(oracle.answers(word, each, otherwise) for word in words) for each in passed]
            scored = {each.name: is_there for each, is_there in zip(passed, has, strict=True)}
            assert all((hit.score > 0) == scored[name] for hit, name in zip(results.hits, named(results), strict=True)), said

    def _compare_relaxed(
        self, results: Results, parts: list[Any], chosen: Filters, reading: oracle_topics.Reading, *, together: bool
    ) -> None:
        """What is offered where nothing is found: each filter by itself, all words in different passages, the wider subject."""
        relaxed = {(each.kind, each.left_out): (each.passages, each.testimonies) for each in results.relaxed}
        set_ones = [name for name, value in zip(Filters._fields, chosen, strict=True) if value]
        for name in set_ones if len(set_ones) <= relaxing.MOST_PARTS else ():
            counted = self.count(parts, chosen._replace(**{name: Filters._field_defaults[name]}), together=together)
            assert relaxed.get(("without-filter", option(name)), (0, 0)) == counted, (name, results.query.words)
        for word, topic in reading.under:
            wider = [each for each in self.every if oracle.passes(each, chosen._replace(topic=(topic,)))]
            kept = [
                each.passages
                for each in results.relaxed
                if each.kind == "wider" and each.left_out == word and each.term == ("topic", topic)
            ]
            assert kept == [len(wider)], (word, topic, results.relaxed)
        self._compare_facilities(results, parts, chosen, reading, together=together)
        if not together and ("together", "") in relaxed:
            assert relaxed["together", ""] == self.count(parts, chosen, together=True)
        for each in results.relaxed:
            if each.kind == "nothing" and each.term:
                assert not any(each.term[1] in claim.topics for one in self.every for claim in one.claims), results.query.words
        plain = [part.word for part in parts if isinstance(part, Word)]
        if (
            len(plain) == len(parts) > 1
            and not any(" " in each.word for each in results.expanded)
            and len(set(plain)) == len(plain)
        ):
            self._compare_without_words(results, plain, chosen, reading, relaxed, together=together)

    def _compare_facilities(
        self, results: Results, parts: list[Any], chosen: Filters, reading: oracle_topics.Reading, *, together: bool
    ) -> None:
        """A name of a place also offers what is told of the place, with the rest of the query, or else alone."""
        offered = {
            (each.left_out, each.term): (each.kind, each.passages, each.testimonies)
            for each in results.relaxed
            if each.kind in {relaxing.AT_FACILITY, relaxing.FACILITY_ALONE}
        }
        names = list(self.reader.names(parts))
        for words, beside in names:
            written, (place,) = " ".join(words), {PLACES[each] for each in words if each in PLACES}
            rest = [part for part in beside if not (isinstance(part, Word) and part.word in reading.not_required)]
            there = chosen._replace(camp=(FacilityId(place),))
            if [each for each, _ in names].count(words) > 1:
                continue
            alone = Filters(camp=there.camp, as_of=chosen.as_of)
            expected = (relaxing.FACILITY_ALONE, *self.count_on(alone))
            if not chosen.camp or place in chosen.camp:
                counted = self.count(rest, there, together=together) if rest else self.count_on(there)
                expected = (relaxing.AT_FACILITY, *counted) if counted[0] else expected
            told = offered.get((written, ("camp", place)), (relaxing.FACILITY_ALONE, 0, 0))
            assert told == expected, (written, results.query, results.relaxed)

    def count_on(self, chosen: Filters) -> tuple[int, int]:
        """Count the passages and testimonies that filters choose."""
        passed = [each for each in self.every if oracle.passes(each, chosen)]
        return len(passed), len({each.passage.code for each in passed})

    def _compare_without_words(  # noqa: PLR0913 - what `_compare_relaxed` has
        self,
        results: Results,
        plain: list[str],
        chosen: Filters,
        reading: oracle_topics.Reading,
        relaxed: dict[tuple[str, str], tuple[int, int]],
        *,
        together: bool,
    ) -> None:
        """Of words of which none is a label of several: the same without each that has to occur."""
        required = [word for word in plain if word not in reading.not_required]
        for word in required if len(required) > 1 else ():
            counted = self.count([Word(each) for each in required if each != word], chosen, together=together)
            assert relaxed.get(("without-word", word), (0, 0)) == counted, (word, results.query.words, results.relaxed)


def test_the_oracle_would_notice_a_miss(root: Path) -> None:
    """The control: a search that took words for whole words alone would miss what the oracle finds."""
    made_up.collection(root, made_up.record(made_up.header("NKT-9001"), "정치범수용소에서 굶주림"))
    collection = Collection(root, read.read_authorities(root), PUBLIC, {})
    (only,) = oracle.candidates(collection)
    assert oracle.answers(Word("수용소"), only, Asked(Word("수용소")))
    assert "수용소" not in only.passage.words.split()
