"""The search against the oracle: the same hits, totals, facets and scores on collections made at random."""

import json
import os
import tempfile
from collections import Counter
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
from archive.search.filters import parse_period
from archive.search.model import FOUND_BY, Filters, Query, Results
from oracle import Asked, Both, Either, Fuzzy, Not, Pattern, Phrase, Word

LATIN = ("coal", "Coal", "mine", "mines", "mining", "executed", "execution", "Łódź", "café", "O'Brien", "the", "of", "77", "1977")
KOREAN = (
    "수용소",
    "정치범수용소에서",
    "로동",
    "노동",
    "강제로동",
    "력사",
    "역사책",
    "산",
    "백두산",
    "산속",
    "굶주림",
    "77호",
    "77호실",
)
OTHER = ("77호실", "收容所", "容", "лагерь", "лагеря", "מחנה", "가a나", "ヨドクでは", "ヨドク", "مَكتب", "مكتب")
ODD = (
    *("exe\u00adcution", "수용\u200b소", "James's", "boss\u2019s", "U.S.A.", "USA", "1,977", "2로동교화소", "노동ㆍ수용소"),
    *("㎏", "kg", "⼒道山"),
)
WORDS = LATIN + KOREAN + OTHER + ODD
ASKED = (
    *WORDS,
    "용소",
    "수용",
    "주림",
    "호",
    "동",
    "Obrien",
    "lodz",
    "CAFE",
    "James",
    "boss",
    "강제노동",
    "교화소",
    "정치범",
    "力道",
    "execute",
    "mined",
    "收容",
    "лагер",
    "소에",
)
MISTAKES = ("caol", "mnie", "execution", "lodz", "수옹소", "백두", "노덩", "лагерь")
PATTERNS = ("co*", "min*", "exec*n", "mi?e", "수용*", "산속*", "노동*", "역사?", "77*", "77호*", "лаг*", "nothing*")

text = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from([" ", " ", " ", ", ", ". ", "-"])), min_size=1, max_size=9).map(
    lambda pairs: "".join(word + gap for word, gap in pairs).strip(" ,.-")
)
period = st.sampled_from(["", "", "1977", "1990/1995", "198X", "1996~", "1999/..", "XXXX"])
entry = st.fixed_dictionaries(
    {"camp": st.sampled_from(["kwalliso-14", "kwalliso-15", "kwalliso-18"])},
    optional={
        "period": st.sampled_from(["1977", "1990/1995", "198X", "1996~"]),
        "as": st.sampled_from(["prisoner", "guard"]),
        "basis": st.sampled_from(["first-hand", "hearsay"]),
        "zone": st.sampled_from(["total-control", "unknown"]),
    },
)
known = st.fixed_dictionaries({}, optional={"known": st.sampled_from(["1999", "2004-05", "2012-01-31"])})
silent = st.fixed_dictionaries(
    {}, optional={"period": st.just("1983"), "camps": st.sampled_from([[], ["kwalliso-14"]]), "topics": st.just(["hunger"])}
)
TOPICS = st.sampled_from(["hunger", "torture", "public-execution"])
FLAGS = ("revised", "contradicted", "caution")


published = st.fixed_dictionaries(
    {}, optional={"issued": st.sampled_from([{"date-parts": [["2010"]]}, {"date-parts": [["2001", "5"]]}])}
)


@st.composite
def versions(draw: st.DrawFn, code: str, language: str, count: int) -> tuple[str, ...]:
    """Make versions of a record in other languages: one with one, the last two as one, or without the last."""
    found = []
    for other in draw(
        st.lists(st.sampled_from([each for each in ("en", "ko", "ja", "ko-KP") if each != language]), max_size=2, unique=True)
    ):
        how = draw(st.sampled_from(["each", "each", "merged", "gap"])) if count > 1 else "each"
        paragraphs = draw(st.lists(text, min_size=count, max_size=count)) if how == "each" else []
        pairs: dict[str, Any] = {}
        if how != "each":
            paragraphs = draw(st.lists(text, min_size=count - 1, max_size=count - 1))
            pairs["pairs"] = [[[count - 1, count], [count - 1]]] if how == "merged" else [[[count], []]]
        made = {"rendering": "summary", "translated": {"from": "zz", "by": "made up"}}
        found.append(made_up.version(code, other, *paragraphs, text=made, **pairs))
    return tuple(found)


@st.composite
def record(draw: st.DrawFn, number: int) -> tuple[str, ...]:
    """Make a record of some paragraphs, with entries, notes and claims on some of them, and its versions."""
    paragraphs = draw(st.lists(text, min_size=1, max_size=4))
    some = st.lists(st.integers(1, len(paragraphs)), min_size=1, max_size=2, unique=True)
    notes = [
        made_up.note(
            f"n{at}",
            flag,
            **draw(known),
            about=draw(st.one_of(st.just({"record": "true"}), some.map(lambda each: {"paragraphs": each}))),
        )
        for at, flag in enumerate(draw(st.lists(st.sampled_from(FLAGS), max_size=2)), 1)
    ]
    claims = [
        {
            "id": f"c{at}",
            "text": "made up for a test",
            "paragraphs": draw(some),
            "status": draw(st.sampled_from(["asserted", "disputed"])),
            **draw(
                st.fixed_dictionaries({}, optional={"period": st.just("1983"), "camps": st.sampled_from([[], ["kwalliso-14"]])})
            ),
            **draw(st.fixed_dictionaries({}, optional={"topics": st.lists(TOPICS, min_size=1, max_size=2, unique=True)})),
        }
        for at in range(1, draw(st.integers(0, 2)) + 1)
    ]
    name = draw(st.sampled_from(["made-up witness", "Łucja Coal", "산 수용"]))
    code, language = f"NKT-{9000 + number}", draw(st.sampled_from(["en", "ko", "ko-KP"]))
    own = made_up.record(
        made_up.header(
            code,
            title=draw(st.one_of(st.just("made up"), text)),
            kind=draw(st.sampled_from(["testimony", "guard-account"])),
            language=language,
            witness={"name": name, "name_kind": "pseudonym", "connection": draw(st.sampled_from(["victim", "state"]))},
            camps=draw(st.lists(entry, max_size=2)),
            recorded={"date": draw(st.sampled_from(["2001", "2010-05", "XXXX", "XXXX-05"]))},
            source={"csl": {"type": "report", "title": made_up.NOTICE, **draw(published)}},
            credibility={"notes": notes},
            claims=claims,
            topics=draw(st.lists(TOPICS, max_size=2, unique=True)),
        ),
        *paragraphs,
    )
    return own, *draw(versions(code, language, len(paragraphs)))


records = st.integers(1, 4).flatmap(
    lambda count: st.tuples(*(record(number) for number in range(1, count + 1))).map(
        lambda every: tuple(file for files in every for file in files)
    )
)

leaf = st.one_of(
    st.sampled_from(ASKED).map(Word),
    st.sampled_from(ASKED).map(Word),
    st.lists(st.sampled_from(ASKED), min_size=2, max_size=3).map(lambda words: Phrase(tuple(words))),
    st.builds(Phrase, st.lists(st.sampled_from(ASKED), min_size=2, max_size=3).map(tuple), st.integers(0, 4)),
    st.sampled_from(PATTERNS).map(Pattern),
    st.builds(Fuzzy, st.sampled_from(MISTAKES), st.integers(1, 2)),
)
tree = st.recursive(
    leaf,
    lambda parts: st.one_of(
        st.lists(parts, min_size=2, max_size=3).map(lambda each: Both(tuple(each))),
        st.lists(parts, min_size=2, max_size=3).map(lambda each: Either(tuple(each))),
        parts.map(Not),
    ),
    max_leaves=4,
)
filters = st.fixed_dictionaries(
    {
        "camp": st.lists(st.sampled_from([FacilityId("kwalliso-14"), FacilityId("kwalliso-15")]), max_size=1).map(tuple),
        "role": st.lists(st.just("prisoner"), max_size=1).map(tuple),
        "status": st.lists(st.just("disputed"), max_size=1).map(tuple),
        "period": st.lists(
            st.sampled_from([("1977", False), ("1980/1995", False), ("1976/1991", True), ("1983", True)]).map(
                lambda each: parse_period(each[0], within=each[1])
            ),
            max_size=1,
        ).map(tuple),
        "recorded": st.lists(st.sampled_from(["2001", "2010/.."]).map(parse_period), max_size=1).map(tuple),
        "flag": st.lists(st.sampled_from(FLAGS), max_size=1).map(tuple),
        "without_flag": st.lists(st.sampled_from(FLAGS), max_size=1).map(tuple),
        "topic": st.lists(st.sampled_from(["hunger", "torture", "execution"]), max_size=2, unique=True).map(tuple),
        "without_topic": st.lists(st.sampled_from(["torture", "execution"]), max_size=1).map(tuple),
        "all_topics": st.booleans(),
        "connection": st.sampled_from([(), ("victim",), ("state", "victim"), ("state",)]),
        "language": st.lists(st.sampled_from(["ko", "ko-kp", "en"]), max_size=1).map(tuple),
        "as_of": st.sampled_from([0, 0, 20041231, 20101231, 20200101]),
    }
).flatmap(lambda every: st.sampled_from([Filters(), Filters(), Filters(**every)]))
exact = st.lists(
    st.one_of(
        st.sampled_from((*ASKED, "용소에", "Coal,", "77")).map(Word),
        st.lists(st.sampled_from(ASKED), min_size=2, max_size=2).map(lambda words: Phrase(tuple(words))),
    ),
    min_size=1,
    max_size=2,
).map(lambda parts: Both(tuple(parts)) if len(parts) > 1 else parts[0])
# Of an acronym with points a long question asks letter by letter, and some letters are words without sense.
question = st.lists(st.sampled_from([word for word in ASKED if word not in {"U.S.A.", "1,977"}]), min_size=1, max_size=5)

# A failing collection is printed as it is: making it smaller would take minutes.
# Each is an index on the disk, asked up to eight times; PARITY_COLLECTIONS=400 is a run of the full size.
thorough = settings(
    max_examples=int(os.environ.get("PARITY_COLLECTIONS", "25")),
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
    free = oracle.matching(every, asked._replace(filters=asked.filters._replace(language=())))
    assert real == oracle.facets(found, free, asked.filters)
    no_day = [each for each in found if not oracle.public_from(each.testimony) and oracle.passes(each, asked.filters, "as_of")]
    assert results.without_day == (len(no_day) if asked.filters.as_of else 0)
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


PHRASES = (
    *(
        "coal mine",
        "mining",
        "public execution",
        "execution",
        "hunger",
        "coal hunger",
        "execution of the hunger",
        "camp hunger mine",
    ),
    *("Yodok coal", "boss", "working"),
)
KOREAN_PHRASES = ("굶주림", "강제 로동", "로동", "공개 처형", "역사 굶주림", "정치범수용소 역사")
BACKGROUND = ("camp", "camps", "수용소", "정치범수용소")
TOPIC_IDS = ("execution", "public-execution", "hunger", "torture")
CAMPS = [
    {"id": "kwalliso-14", "type": "kwalliso", "label": {"en": "Camp 14"}, "names": [{"text": "Kaechon"}]},
    {"id": "kwalliso-15", "type": "kwalliso", "label": {"en": "Camp 15"}, "names": [{"text": "Yodok"}, {"text": "요덕"}]},
    {"id": "kwalliso-18", "type": "kwalliso", "label": {"en": "Camp 18"}, "names": [{"text": "Pukchang"}]},
]
PLACES = {
    "Kaechon": "kwalliso-14",
    "Yodok": "kwalliso-15",
    "요덕": "kwalliso-15",
    "요덕에서": "kwalliso-15",
    "Pukchang": "kwalliso-18",
}
"""Words that name a place, the particle of one among them."""
SAME = (("mine", "pit"), ("hunger", "famine", "굶주림"), ("coal mine", "colliery"), ("로동", "일"))
SPOKEN = (
    *(
        "coal",
        "mine",
        "mines",
        "pit",
        "executed",
        "public",
        "hunger",
        "famine",
        "camp",
        "the",
        "of",
        "told",
        "Yodok",
        "요덕",
        "1996",
    ),
    *("굶주림", "강제로동", "로동을", "수용소에서", "공개", "처형", "역사", "colliery", "working"),
)
TYPED = (
    *SPOKEN,
    *PLACES,
    *(
        "mining",
        "execution",
        "hungry",
        "executino",
        "minign",
        "publik",
        "famines",
        "what",
        "saw",
        "목격한",
        "어떤",
        "boss",
        "camps",
    ),
    *("굶주림을", "수용소에서의굶주림", "노동", "강제노동", "강제", "공개처형", "역사의", "정치범수용소", "workinng"),
)


@st.composite
def authority_files(draw: st.DrawFn) -> dict[str, Any]:
    """Make a thesaurus of four topics, words of the background, and words that say the same."""
    labels = draw(st.permutations(PHRASES))
    korean = draw(st.permutations(KOREAN_PHRASES))
    topics: list[dict[str, Any]] = []
    for number, name in enumerate(TOPIC_IDS):
        broader = draw(st.sampled_from([[], [], [topics[-1]["id"]]])) if topics else []
        topic: dict[str, Any] = {"id": name, "definition": made_up.NOTICE, "label": {"en": labels[number]}, "broader": broader}
        if draw(st.booleans()):
            topic["label"]["ko"] = korean[number]
        for key, at in (("also", 4 + number), ("under", 8 + number)):
            if at < len(labels) and draw(st.booleans()):
                topic[key] = {"en": [labels[at]]}
        topics.append(topic)
    return {
        "topics": {"topics": topics},
        "camps": {"facilities": CAMPS},
        "sources": {"sources": []},
        "conflicts": {"conflicts": []},
        "equivalents": {"equivalents": [list(group) for group in draw(st.lists(st.sampled_from(SAME), unique=True))]},
        "collection": {
            "name": {"en": made_up.NOTICE},
            "background": draw(st.lists(st.sampled_from(BACKGROUND), unique=True)),
            "common": draw(st.lists(st.sampled_from(["execution", "hunger"]), max_size=1)),
        },
    }


spoken_text = st.lists(st.sampled_from(SPOKEN), min_size=2, max_size=12).map(" ".join)
word = st.sampled_from(TYPED).map(Word)
label = (
    st.sampled_from(PHRASES + KOREAN_PHRASES)
    .flatmap(lambda written: st.permutations(written.split()))
    .map(lambda words: [Word(each) for each in words])
)
other = st.one_of(
    st.lists(st.sampled_from(SPOKEN), min_size=2, max_size=2).map(lambda words: Phrase(tuple(words))),
    st.one_of(word, label.map(lambda words: Both(tuple(words)) if len(words) > 1 else words[0])).map(Not),
    st.lists(word, min_size=2, max_size=2).map(lambda words: Either(tuple(words))),
)
RARELY = st.sampled_from([False] * 4 + [True])
meant_parts = st.tuples(
    st.sampled_from([0, 1, 1, 1, 2]).flatmap(lambda count: st.lists(label, min_size=count, max_size=count)),
    st.sampled_from([0, 0, 1, 1, 2]).flatmap(lambda count: st.lists(word, min_size=count, max_size=count)),
    RARELY.flatmap(lambda some: st.lists(other, min_size=some, max_size=some)),
).map(lambda drawn: [each for words in drawn[0] for each in words] + drawn[1] + drawn[2] or [Word("coal")])


@st.composite
def claimed(draw: st.DrawFn, number: int) -> str:
    """Make a record with claims on topics: some that stand, some that are leads or rejected, each of a place and time."""
    paragraphs = draw(st.lists(spoken_text, min_size=1, max_size=3))
    some = st.lists(st.integers(1, len(paragraphs)), min_size=1, max_size=2, unique=True)
    claims = [
        {
            "id": f"c{at}",
            "text": draw(st.one_of(st.just("made up"), spoken_text)),
            "paragraphs": draw(some),
            "status": draw(st.sampled_from(["asserted", "disputed", "rejected"])),
            "topics": draw(st.lists(st.sampled_from(TOPIC_IDS), min_size=1, max_size=2, unique=True)),
            **draw(
                st.fixed_dictionaries({}, optional={"period": st.just("1983"), "camps": st.sampled_from([[], ["kwalliso-14"]])})
            ),
        }
        for at in range(1, draw(st.sampled_from([0, 1, 2, 2, 3])) + 1)
    ]
    notes = [made_up.note("n1", "lead-only", about={"paragraphs": draw(some)})] if draw(st.booleans()) else []
    return made_up.record(
        made_up.header(
            f"NKT-{9000 + number}",
            title=draw(st.one_of(st.just("made up"), spoken_text)),
            camps=draw(st.lists(entry, max_size=2)),
            credibility={"notes": notes},
            claims=claims,
            topics=draw(st.lists(TOPICS, max_size=1)),
            witness={
                "name": "made-up witness",
                "name_kind": "pseudonym",
                "connection": draw(st.sampled_from(["victim", "state"])),
            },
        ),
        *paragraphs,
    )


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
    with tempfile.TemporaryDirectory() as folder:
        root = made_up.collection(Path(folder), *written)
        (root / "authorities").mkdir()
        for name, content in files.items():
            (root / "authorities" / f"{name}.yaml").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        authorities = read.read_authorities(root)
        collection = Collection(root, authorities, PUBLIC, {})
        assert not collection.faults
        with Archive(root) as room:
            world = World(room, oracle.candidates(collection), reader(collection))
            for parts, chosen, together in queries:
                world.ask(parts, chosen, together=together)


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

    return oracle_topics.Reader(thesaurus, spellings, lambda node: oracle.there(node, every))


class World:
    """A collection as the real search and as the oracle see it, with what its words mean."""

    def __init__(self, room: Archive, every: list[oracle.Candidate], reader: oracle_topics.Reader) -> None:
        self.room, self.every, self.reader = room, every, reader

    def found(self, parts: list[Any], chosen: Filters, *, together: bool = False) -> tuple[oracle_topics.Reading, Asked]:
        """Give the first reading that finds something, else the first of all, and what it asks."""
        first = None
        for reading in self.reader.readings(parts):
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
        told = [(each.word, each.to[0]) for each in results.expanded if each.why == ("misspelt",)]
        assert told == list(reading.corrected), said
        real = {field: {row.value: (row.passages, row.testimonies) for row in rows} for field, rows in results.facets.items()}
        free = oracle.matching(self.every, asked._replace(filters=chosen._replace(language=())))
        assert real == oracle.facets(found, free, chosen), said
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
            has = [any(oracle.answers(Word(word), each, otherwise) for word in asked.tree.words) for each in passed]
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
            assert relaxed.get(("without-filter", relaxing.option(name)), (0, 0)) == counted, (name, results.query.words)
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
