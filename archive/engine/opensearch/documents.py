"""Writing documents into an index: one a passage, and one a record that holds what its passages share."""

import base64
import json
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any, Final, TypeVar

from archive.authority.vocabulary import Vocabulary
from archive.collection.collection import Collection
from archive.engine import _attributes as attributes
from archive.engine import _columns as columns
from archive.engine import _documents as stored_documents
from archive.engine.opensearch import _shadow_fields as shadow_fields
from archive.engine.opensearch.client import LONG, Cluster, path_name
from archive.engine.opensearch.mapping import WORK_TERMS
from archive.errors import DamagedIndex, refuse_index
from archive.language.messages import tr
from archive.record import passages
from archive.record.hashing import SHORT_HASH, passage_hash
from archive.record.testimony import Passage, PassageText, Testimony
from archive.search.model import ENTRY_FIELDS, FACETS
from archive.storage.record_files import archive_place

_T = TypeVar("_T")
PASSAGE: Final = "passage"
RECORD: Final = "record"
LEXICON: Final = "lexicon"
ALWAYS: Final = 2**31
"""A day after all, for what is in force to this day."""
_MOST_DELETED: Final = 200
"""Records that one request takes out, so that none takes longer than a cluster is waited for."""

Document = dict[str, Any]


def write(
    cluster: Cluster,
    index: str,
    collection: Collection,
    codes: Iterable[str],
    acknowledged: Callable[[str], None] = lambda _: None,
) -> int:
    """Send every passage of some records in their order, and return how many; the same again where they are there already.

    :param acknowledged: is called with each code once all of it, and all before it, has been taken.
    :raises NoCluster: a document was not taken.
    """
    sent = operations = 0
    ends: deque[tuple[int, str]] = deque()

    def documents() -> Iterator[tuple[dict[str, Any], Document]]:
        nonlocal sent, operations
        for code in codes:
            for identity, document in documents_of(collection, code):
                sent += document["document"] == PASSAGE
                operations += 1
                yield {"index": {"_id": identity, "routing": code}}, document
            ends.append((operations, code))

    def take(count: int) -> None:
        while ends and ends[0][0] <= count:
            acknowledged(ends.popleft()[1])

    take(cluster.bulk(index, documents(), take))
    return sent


def delete(cluster: Cluster, index: str, codes: Iterable[str]) -> None:
    """Take out every document of some records, and the list of words, which has theirs; `lexicon.write` makes it anew.

    :raises NoCluster: one of them could not be taken out.
    """
    cluster.request("POST", f"{path_name(index)}/_refresh", seconds=LONG)  # what was written last is looked for too
    rest = iter(codes)
    while some := list(islice(rest, _MOST_DELETED)):
        either = [{"terms": {"code": some}}, {"term": {"document": LEXICON}}]
        wanted = {"query": {"bool": {"should": either, "minimum_should_match": 1}}}
        path = f"{path_name(index)}/_delete_by_query"
        answer = cluster.request("POST", path, wanted, seconds=LONG, refresh="true", conflicts="proceed")
        # What was asked before, and its answer lost, may have taken out some of them meanwhile.
        if answer.get("failures") or cluster.request("POST", f"{path_name(index)}/_count", wanted)["count"]:
            raise cluster.not_whole(tr("it did not take out all that it was asked to"))


def documents_of(collection: Collection, code: str) -> Iterator[tuple[str, Document]]:
    """Yield the documents of a record with their ids, where it may be read; that of the record comes first."""
    testimony = collection.find(code)
    record_passages = collection.passages(testimony) if testimony is not None else []
    if testimony is None or not record_passages:
        return
    vocabulary = collection.authorities.vocabulary
    settings, numbers = stored_documents.settings_of(record_passages)
    entries = [[columns.about(entry, testimony) for entry in setting.entries] for setting in settings]
    marks = [columns.marks(testimony, setting, vocabulary) for setting in settings]
    pack = stored_documents.pack(passages.with_places(testimony), passages.footnotes(testimony), settings)
    written = columns.write([[columns.write(about), columns.write(mark)] for about, mark in zip(entries, marks, strict=True)])
    record = {
        "document": RECORD,
        **_place(testimony.code, 0),
        "passages": len(record_passages),
        "stored": _binary(pack),
        "settings": _binary(written.encode("utf-8", "surrogatepass")),
    }
    yield f"{testimony.code}#0", record
    of_settings = [_of_setting(about, mark) for about, mark in zip(entries, marks, strict=True)]
    searchable = columns.searchable_claims(testimony, record_passages)
    for passage, number in zip(record_passages, numbers, strict=True):
        claims = columns.CLAIM_GAP.join(claim.text for claim in searchable if passage.number in claim.paragraphs)
        (row,) = stored_documents.pack_passages([passage], [number])
        yield (
            f"{testimony.code}#{passage.number}",
            {
                "document": PASSAGE,
                **_place(testimony.code, passage.number),
                "setting": f"{testimony.code}/{number}",
                **_searched_fields(testimony, passage, claims),
                **of_settings[number],
                **_claim_fields(testimony, passage, vocabulary),
                WORK_TERMS: list(columns.works(testimony, passage)),
                "hash": _hashes(passage),
                "stored": _binary(row),
            },
        )


def _place(code: str, paragraph: int) -> Document:
    prefix, number = archive_place(code)
    return {"code": code, "prefix": prefix, "number": number, "paragraph": paragraph}


def _searched_fields(testimony: Testimony, passage: Passage, claims: str) -> Document:
    """Return what words are looked for in: the passage, what is printed with it, claims on it, and its versions."""
    names = " · ".join(testimony.witness.names)
    below = " · ".join(passage.below)
    texts = {"text": passage.words, "footnote": below, "title": testimony.title, "witness": names}
    around = f"\n{testimony.title}\n{names}"
    words = shadow_fields.forms_of(f"{passage.words}{around}\n{below}")
    versions = [_version(slot, version, around) for slot, version in enumerate(passage.versions, 1)]
    in_others = [text for version in passage.versions for text in (version.words, " · ".join(version.below))]
    every = [*texts.values(), *in_others]
    return {
        **_fields({**texts, "claims": claims}),
        "words": words,
        "forms": list(dict.fromkeys(chain(words, *(version["words"] for version in versions)))),
        "pairs": list(dict.fromkeys(pair for text in every for pair in shadow_fields.shadow_of(text).pairs)),
        "has_long_word": any(shadow_fields.shadow_of(text).has_long_word for text in (*every, claims)),
        "spoken": attributes.ranges(testimony.language),
        "slots": len(versions),
        **({"versions": versions} if versions else {}),
    }


def _version(slot: int, version: PassageText, around: str) -> Document:
    below = " · ".join(version.below)
    return {
        "slot": slot,
        "spoken": attributes.ranges(version.language),
        "words": shadow_fields.forms_of(f"{version.words}{around}\n{below}"),
        **_fields({"text": version.words, "footnote": below}),
    }


def _fields(texts: Mapping[str, str]) -> Document:
    fields: Document = {}
    for name, text in texts.items():
        if text:
            fields[f"{name}_terms"], fields[f"{name}_places"], _, _ = shadow_fields.shadow_of(text)
    return fields


def _of_setting(entries: list[list[Any]], marks: Mapping[str, Any]) -> Document:
    """Return what is filtered and sorted by, of the passages of a setting."""
    values = {facet: list(attributes.values(facet, entries, marks)) for facet in FACETS if facet != "code"}
    recorded = dict(zip(("recorded_first", "recorded_last"), marks["recorded"], strict=False))
    flags = [{"flag": flag, "since": marks["known"].get(flag, 0), "until": ALWAYS} for flag in marks["flag"]]
    flags += [{"flag": flag, "since": since, "until": until} for flag, since, until in marks["replaced"]]
    return {
        **values,
        "connection": marks["connection"],
        "language_range": list(dict.fromkeys(each for tag in marks["language"] for each in attributes.ranges(tag))),
        "names": marks["witness"],
        "entries": [_entry(entry) for entry in entries],
        "known": flags,
        "public": marks["public"],
        "updated": marks["updated"],
        **recorded,
    }


def _entry(entry: list[Any]) -> Document:
    *fields, first, last, _ = entry
    dated = dict(zip(attributes.FIRST_TO_LAST, (first, last), strict=True)) if first else {}
    return {**dict(zip(ENTRY_FIELDS, fields, strict=True)), **dated}


def _claim_fields(testimony: Testimony, passage: Passage, vocabulary: Vocabulary) -> Document:
    """Return what the claims on a passage are about: one value for each entry of each."""
    rows = columns.concepts(testimony, passage, vocabulary)
    claimed = [
        {"topic": topics, "standing": standing, **_entry(entry)} for topics, standing, entries in rows for entry in entries
    ]
    return {"concept": list(dict.fromkeys(topic for topics, _, _ in rows for topic in topics)), "claimed": claimed}


def _hashes(passage: Passage) -> list[str]:
    """Return the hashes of the words of a passage, and of those of its versions in other languages."""
    hashes = (passage.sha256, *(passage_hash(version.text) for version in passage.versions))
    return list(dict.fromkeys(whole[:SHORT_HASH] for whole in hashes))


def _binary(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def unpack(document: Mapping[str, Any], read: Callable[[bytes], _T]) -> _T:
    """Read what is stored with a document.

    :raises DamagedIndex: it is not as it was written.
    """
    try:
        return read(base64.b64decode(document["stored"], validate=True))
    except DamagedIndex:
        raise
    except (KeyError, TypeError, ValueError, zlib.error) as error:
        refuse_index(tr("what is stored of a passage cannot be unpacked"), error)


def columns_of(document: Mapping[str, Any]) -> list[tuple[bytes, bytes]]:
    """Return what the passages of each setting of a record are about, and how they are marked.

    :raises DamagedIndex: it is not as it was written.
    """
    try:
        written = base64.b64decode(document["settings"], validate=True).decode("utf-8", "surrogatepass")
        return [
            (about.encode("utf-8", "surrogatepass"), marks.encode("utf-8", "surrogatepass"))
            for about, marks in json.loads(written)
        ]
    except (KeyError, TypeError, ValueError) as error:
        refuse_index(tr("what is stored of a passage cannot be unpacked"), error)
