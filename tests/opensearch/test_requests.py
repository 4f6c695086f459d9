"""What is sent to a cluster, without one: our tokens, plain analysers, closed matter never, and nothing asked that we decide."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import interference
import made_up
from archive.analysis import positions, tokens
from archive.collection.collection import Collection
from archive.engine import _plan as plans
from archive.engine.opensearch import _shadow_fields as shadow_fields
from archive.engine.opensearch import documents, mapping
from archive.engine.opensearch.amendments import TakenBack
from archive.engine.opensearch.client import Cluster
from archive.engine.opensearch.searcher import OpenSearchEngine
from archive.reader import read
from archive.record.testimony import PUBLIC, Clearance
from archive.search.filters import build_query
from archive.search.model import SORTS, Query
from clusters import Recording
from examples import examples
from random_collections import ASKED, text


def split(places: str) -> list[set[str]]:
    """Return the tokens at each position, as the analyser of the server splits them."""
    return [set() if group == shadow_fields.GAP else set(group.split(shadow_fields.BETWEEN)) for group in places.split(" ")]


def standing(units: tuple[positions.Unit, ...], words: str) -> bool:
    """Say whether units follow each other by the tokens at the positions, as the server is asked."""
    groups = split(shadow_fields.shadow_of(words).places)
    wanted = [set(shadow_fields.tokens_of(unit) or ()) for unit in units]
    starts = range(len(groups) - len(wanted) + 1)
    return any(all(groups[start + at] & each for at, each in enumerate(wanted)) for start in starts)


@examples(300)
@given(text, st.lists(st.sampled_from(ASKED), min_size=1, max_size=3))
def test_positions_tell_what_our_own_places_tell(words: str, asked: list[str]) -> None:
    """A phrase stands by the tokens of a cluster exactly where it stands by `archive.analysis.positions`."""
    units = plans.to_units(" ".join(asked))
    places: dict[str, list[int]] = {}
    for token in tokens.tokens(words):
        places.setdefault(token.term, []).append(token.position)
    assert standing(units, words) == bool(units and positions.phrase_places(units, places))


def test_the_control_a_syllable_that_is_lost_is_noticed() -> None:
    """What stands across two words is no word, nor are two words that have another between them a phrase."""
    assert standing(plans.to_units("용소"), "정치범수용소에서")
    assert not standing(plans.to_units("소에"), "수용소 에서")
    assert standing(plans.to_units("coal mine"), "a coal mine")
    assert not standing(plans.to_units("coal mine"), "coal, the mine")


@given(text)
def test_terms_are_those_of_the_other_engine(words: str) -> None:
    """In their order and as often, so that lengths and frequencies are the same."""
    assert shadow_fields.shadow_of(words).terms.split() == [token.term for token in tokens.tokens(words)]


def test_a_word_of_more_syllables_than_a_position_holds_is_known() -> None:
    """Such passages are looked into one by one, as are words of a query that are longer than a token."""
    assert shadow_fields.shadow_of("가" * 300).has_long_word
    assert not shadow_fields.shadow_of("가" * 200).has_long_word
    (unit,) = plans.to_units("가나다라마바사아자차")
    assert shadow_fields.tokens_of(unit) is None


def test_a_word_without_a_term_leaves_its_position_free() -> None:
    """So that no phrase runs across it: the sign of a Greek numeral is a letter that folds to nothing."""
    assert shadow_fields.shadow_of("coal \u0374 mine").places == f"coal {shadow_fields.GAP} mine"


def test_the_server_splits_and_does_nothing_else() -> None:
    """No stemmer, no folding, no list of words of its own; an unknown field is refused."""
    body = mapping.body(shards=3, replicas=1)
    analysis = body["settings"]["analysis"]
    assert {each["type"] for each in analysis["tokenizer"].values()} == {"whitespace"}
    assert {each["type"] for each in analysis["filter"].values()} == {"stop", "pattern_capture"}
    assert {tuple(each.get("filter", ())) for each in analysis["analyzer"].values()} == {(), ("gap", "runs")}
    assert body["mappings"]["dynamic"] == "strict"
    texts = [each for each in body["mappings"]["properties"].values() if each.get("type") == "text"]
    assert texts
    assert {each["analyzer"] for each in texts} == {"terms", "places"}


def _nothing(path: str, body: Any, _answer: Any) -> Any:
    """Answer as an empty index does."""
    if path.endswith("point_in_time"):
        return {"pit_id": "made up", "_shards": {"total": 1, "successful": 1, "failed": 0}}
    shape = {"slots": {"value": 1.0}, "long": {"doc_count": 1}, "values": {"buckets": []}}
    hits = {"total": {"value": 0, "relation": "eq"}, "hits": []}
    whole = {"timed_out": False, "_shards": {"total": 1, "successful": 1, "failed": 0}, "hits": hits}
    return {**whole, "aggregations": {name: shape[name] for name in body.get("aggs", ())}}


def keys(value: Any) -> set[str]:
    """Return every key in a document."""
    if isinstance(value, dict):
        return set(value).union(*map(keys, value.values()))
    return set().union(*map(keys, value)) if isinstance(value, list) else set()


ASK: tuple[tuple[str, dict[str, Any]], ...] = (
    ("coal mine", {"facets": True, "camp": "18", "period": "1990/1995", "role": "prisoner"}),
    ('"coal mine"~3 OR min* OR caol~1 -hunger', {"as_of": "2005", "flag": "recanted", "without_flag": "lead-only"}),
    ("산 강제노동 forced labour", {"witness": "Kang", "recorded": "2001", "language": "ko"}),
    ("The", {"exact": True}),
    ("what was eaten there", {"plain": True, "any_of": True}),
    ("guards rice", {"together": True, "topic": ("hunger", "torture"), "all_topics": True, "without_topic": "execution"}),
    *(("hunger", {"sort": sort, "group": True, "limit": None}) for sort in SORTS),
)


@pytest.mark.parametrize(("words", "options"), ASK)
def test_every_request_is_of_one_point_in_time_and_hides_what_is_hidden(words: str, options: dict[str, Any]) -> None:
    """Nothing is asked that may answer in part, guess, or decide what a word, a mark or a near word is."""
    authorities = read.read_authorities(Path())
    recording = Recording(_nothing)
    engine = OpenSearchEngine(Cluster(recording), "made-up", lambda: authorities, TakenBack(frozenset({"NKT-9009"})))
    engine.search(build_query(words, options, lambda: authorities))
    bodies = [body for method, path, body in recording.sent if path.endswith("_search") and method == "POST"]
    assert bodies
    for body in bodies:
        assert body["pit"]["id"] == "made up"
        assert body["track_total_hits"] is True
        assert body["query"]["bool"]["must_not"] == [{"terms": {"code": ["NKT-9009"]}}]
        assert keys(body).isdisjoint(
            {"highlight", "suggest", "rescore", "collapse", "script", "terminate_after", "timeout", "min_score", "fields"}
            | {
                "fuzzy",
                "wildcard",
                "prefix_length",
                "regexp",
                "query_string",
                "simple_query_string",
                "multi_match",
                "cardinality",
            }
        )


def test_a_point_in_time_is_let_go() -> None:
    """Once it was opened, and only then."""
    recording = Recording(_nothing)
    authorities = read.read_authorities(Path())
    engine = OpenSearchEngine(Cluster(recording), "made-up", lambda: authorities)
    engine.close()
    assert recording.sent == []
    engine.search(Query("coal"))
    engine.close()
    assert [(method, path.rpartition("/")[2]) for method, path, _ in (recording.sent[0], recording.sent[-1])] == [
        ("POST", "point_in_time"),
        ("DELETE", "point_in_time"),
    ]


def sent(root: Path, clearance: Clearance) -> bytes:
    """Return every byte that the records of a collection would be sent as, with what is packed in them."""
    collection = Collection(root, read.read_authorities(root), clearance, {})
    every = [each for code in collection.codes() for each in documents.documents_of(collection, code)]
    return json.dumps(every, ensure_ascii=False).encode("utf-8", "surrogatepass")


def unpacked(written: bytes) -> list[Any]:
    """Return what documents say, and the bytes that are packed in them."""
    found: list[Any] = []
    for identity, document in json.loads(written):
        found += [identity, *(base64.b64decode(document.pop(name)) for name in ("stored", "settings") if name in document)]
        found.append(json.dumps(document, ensure_ascii=False))
    return found


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> interference.Pair:
    """A collection with closed matter, and the same without it."""
    return interference.build(tmp_path_factory.mktemp("worlds"), seed=7)


def test_closed_matter_is_never_sent(pair: interference.Pair) -> None:
    """The documents for the public are the same, to the last byte, with and without it."""
    with_it = sent(pair.with_it, PUBLIC)
    assert with_it == sent(pair.without_it, PUBLIC)
    assert [mark for value in unpacked(with_it) for mark in interference.marked_value(value)] == []


def test_the_control_closed_matter_is_found_where_it_is_sent(pair: interference.Pair) -> None:
    """At the clearance of those who may read some of it."""
    restricted = sent(pair.with_it, Clearance("restricted"))
    assert [mark for value in unpacked(restricted) for mark in interference.marked_value(value)]


def test_a_sealed_record_is_never_sent(tmp_path: Path) -> None:
    """There is no way to give an identity where documents are made."""
    root = made_up.collection(tmp_path, made_up.record(made_up.header("NKT-9001"), "Plain words."))
    (root / "testimonies" / "NKT-9002-made-up.md.age").write_bytes(b"age-encryption.org/v1\nmade up")
    for clearance in ("public", "restricted"):
        assert b"NKT-9002" not in sent(root, Clearance(clearance))
