"""How documents lie in a cluster: their fields, and the analysers, which do no more than split at the signs that we write."""

from typing import Any, Final

from archive.engine._attributes import FIRST_TO_LAST
from archive.engine._plan import CLAIMS, FIELDS, WORKS
from archive.engine.opensearch._shadow_fields import BETWEEN, GAP
from archive.search.model import ENTRY_FIELDS, FACETS

BM25: Final = {"type": "BM25", "k1": 1.2, "b": 0.75}
"""Written out, since the scores of both engines must be the same whatever a later version takes as its own."""
_MOST_TERMS: Final = 1_000_000
"""Terms of one filter: the words that a pattern stands for, or the codes of the testimonies that have all words."""
_LONGEST_GROUP: Final = 1_048_576
"""Characters between two spaces: the tokenizer would cut a group that is longer, and the most that it may be told."""

WORK_TERMS: Final = f"{WORKS}_terms"
"""The field of the works of a passage, called as all that a plan asks for a term."""

OF_VERSIONS: Final = ("text", "footnote")
"""The fields that each version of a passage in another language has for itself."""


def body(*, shards: int, replicas: int) -> dict[str, Any]:
    """Return the settings and the mapping of an index, without ``_meta``."""
    return {
        "settings": {
            "number_of_shards": shards,
            "number_of_replicas": replicas,
            "index.max_terms_count": _MOST_TERMS,
            "similarity": {"ours": BM25},
            "analysis": {
                "tokenizer": {"spaces": {"type": "whitespace", "max_token_length": _LONGEST_GROUP}},
                "filter": {
                    "gap": {"type": "stop", "stopwords": [GAP]},
                    "runs": {"type": "pattern_capture", "preserve_original": False, "patterns": [f"([^{BETWEEN}]+)"]},
                },
                "analyzer": {
                    "terms": {"type": "custom", "tokenizer": "spaces"},
                    "places": {"type": "custom", "tokenizer": "spaces", "filter": ["gap", "runs"]},
                },
            },
        },
        "mappings": {"dynamic": "strict", "properties": _properties()},
    }


def _properties() -> dict[str, Any]:
    keyword, number = {"type": "keyword"}, {"type": "long"}
    entry = {**dict.fromkeys(ENTRY_FIELDS, keyword), **dict.fromkeys(FIRST_TO_LAST, number)}
    looked_up = {**keyword, "doc_values": False}  # never listed, sorted or counted by
    values = ("document", "code", "prefix", "setting", "forms", "pairs", "names", "spoken", "language_range")
    version = {"slot": number, "spoken": keyword, "words": looked_up, **_searched_fields(OF_VERSIONS)}
    return {
        **dict.fromkeys((*values, *FACETS, "connection", "concept"), keyword),
        **dict.fromkeys(("words", "hash", WORK_TERMS), looked_up),
        **dict.fromkeys(
            ("number", "paragraph", "passages", "slots", "recorded_first", "recorded_last", "public", "updated"), number
        ),
        **_searched_fields((*FIELDS, *CLAIMS)),
        "has_long_word": {"type": "boolean"},
        "versions": {"type": "nested", "properties": version},
        "entries": {"type": "nested", "properties": entry},
        "known": {"type": "nested", "properties": {"flag": keyword, "since": number, "until": number}},
        "claimed": {"type": "nested", "properties": {"topic": keyword, "standing": number, **entry}},
        "stored": {"type": "binary"},
        "settings": {"type": "binary"},
    }


def _searched_fields(fields: tuple[str, ...]) -> dict[str, Any]:
    """Return the two fields of each text: what it is scored by, and where its words stand."""
    terms = {"type": "text", "analyzer": "terms", "index_options": "freqs", "similarity": "ours"}
    places = {"type": "text", "analyzer": "places", "norms": False, "similarity": "boolean"}
    return {name: kind for field in fields for name, kind in ((f"{field}_terms", terms), (f"{field}_places", places))}
