"""Collections made at random, and queries for them, to hold one way to search against another."""

from typing import Any

from hypothesis import strategies as st

import made_up
from archive.authority.gazetteer import FacilityId
from archive.search.filters import parse_period
from archive.search.model import Filters
from oracle import Both, Either, Fuzzy, Not, Pattern, Phrase, Word

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
            date=draw(st.sampled_from(["2023-05-01", "2025-02-28", "2025-03-01", "2026-02-01"])),
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
            history=[
                {"date": day, "by": "made up", "change": "made up"}
                for day in draw(st.lists(st.sampled_from(["2023-12-31", "2025-03-01", "2026-01-31"]), max_size=2))
            ],
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
        "since": st.sampled_from([0, 0, 20240101, 20250301, 20260201]),
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
WORKS: list[dict[str, Any]] = [
    {
        "id": "ledger",
        "also": ["로동 장부"],
        "csl": {
            "type": "book",
            "title": "Quiet Ledger: What Nobody Wrote",
            "author": [{"family": "Doe", "given": "Jane"}],
            "issued": {"date-parts": [["2003"]]},
        },
    },
    {
        "id": "board",
        "csl": {
            "type": "report",
            "title": "(Made up for a test)",
            "publisher": "Coal Board",
            "issued": {"date-parts": [["2005"]]},
        },
    },
]
NAMES_OF_WORKS = (
    *(("quiet ledger", "ledger", False), ("quiet ledger what nobody wrote", "ledger", False), ("jane doe", "ledger", False)),
    *(("doe quiet ledger", "ledger", True), ("jane doe book", "ledger", True), ("doe 2003", "ledger", True)),
    *(("jane doe 2003", "ledger", True), ("quiet ledger 2003", "ledger", True), ("로동 장부", "ledger", False)),
    *(("doe quiet ledger what nobody wrote", "ledger", True), ("quiet ledger what nobody wrote 2003", "ledger", True)),
    *(("doe 로동 장부", "ledger", True), ("로동 장부 2003", "ledger", True)),
    *(("coal board", "board", False), ("coal board report", "board", True), ("coal board 2005", "board", True)),
)
"""What works are asked for by, which of them, and whether that is looked for as a phrase."""
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
    *("quiet", "ledger", "Doe", "board", "장부"),
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
        "sources": {"sources": WORKS},
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
    st.sampled_from((*PHRASES, *KOREAN_PHRASES, *(words for words, _, _ in NAMES_OF_WORKS)))
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


cites = st.lists(st.sampled_from([{"ref": "ledger"}, {"ref": "board"}]), max_size=1)


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
            "cites": draw(cites),
            **draw(
                st.fixed_dictionaries({}, optional={"period": st.just("1983"), "camps": st.sampled_from([[], ["kwalliso-14"]])})
            ),
        }
        for at in range(1, draw(st.sampled_from([0, 1, 2, 2, 3])) + 1)
    ]
    about = draw(st.one_of(st.just({"record": "true"}), some.map(lambda numbers: {"paragraphs": numbers})))
    notes = [made_up.note("n1", "lead-only", about=about, cites=draw(cites))] if draw(st.booleans()) else []
    source = draw(st.sampled_from([{"csl": {"type": "report", "title": made_up.NOTICE}}, {"ref": "ledger"}, {"ref": "board"}]))
    return made_up.record(
        made_up.header(
            f"NKT-{9000 + number}",
            title=draw(st.one_of(st.just("made up"), spoken_text)),
            camps=draw(st.lists(entry, max_size=2)),
            credibility={"notes": notes},
            claims=claims,
            source=source,
            topics=draw(st.lists(TOPICS, max_size=1)),
            witness={
                "name": "made-up witness",
                "name_kind": "pseudonym",
                "connection": draw(st.sampled_from(["victim", "state"])),
            },
        ),
        *paragraphs,
    )
