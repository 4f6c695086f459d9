"""A cluster answers the same with and without closed matter in the folder, and no byte of it is sent there.

A sample; CLUSTER_COLLECTIONS=10 asks ten times as much.
"""

import base64
import json
import os
import random
import re
import uuid
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import clusters
import interference
from archive.archive import Archive
from archive.collection import collection
from archive.engine.opensearch.amendments import TakenBack
from archive.engine.opensearch.client import Cluster
from archive.engine.opensearch.searcher import OpenSearchEngine
from archive.indexing import _publishing as publishing
from archive.reader import read
from archive.record.testimony import Clearance, Testimony
from archive.search.model import Query
from interference import Answer, Pair

ASKED = 12
"""Calls of readers' commands, each made of both worlds."""
ALWAYS = (
    ["search", "coal OR mine OR guard", "--all", "--facets", "--format", "json"],
    ["facets", "--format", "json"],
    ["search", "수용소", "--facets", "--format", "json"],
    ["list", "--format", "json"],
    ["stats", "--format", "json"],
    ["search", "caol"],
)


class Worlds(NamedTuple):
    """Both worlds, what was sent of each, and the first part of their aliases."""

    pair: Pair
    sent: dict[str, list[Any]]
    first: str


@pytest.fixture(scope="module")
def worlds(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    """Both worlds, each published under an alias of its own, and what was sent of each."""
    first = f"t{uuid.uuid4().hex[:12]}"
    with pytest.MonkeyPatch.context() as patch:
        pair = interference.build(tmp_path_factory.mktemp("worlds"), seed=7)
        # What is told of records that were public once hangs on what was published while they were.
        pair = pair._replace(references=tuple(code for code in pair.references if code not in interference.LATER))
        patch.setenv("TESTIMONY_OPENSEARCH_HOSTS", ",".join(clusters.hosts()))
        patch.setattr(interference, "run", _asking(first, interference.run))
        sent = {root.name: publish(cluster, root, f"{first}{root.name}") for root in (pair.with_it, pair.without_it)}
        yield Worlds(pair, sent, first)
    clusters.delete_all(cluster, f"{first}*")


def _asking(first: str, run: Any) -> Any:
    """Return what runs a command of a world with the alias of that world."""

    def asking(root: Path, arguments: list[str], *, outputs: Path | None = None) -> Answer:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("TESTIMONY_OPENSEARCH_ALIAS", f"{first}{root.name}")
            patch.setenv("TESTIMONY_ENGINE", "opensearch")
            answer: Answer = run(root, arguments, outputs=outputs)
            return answer

    return asking


def publish(cluster: Cluster, root: Path, alias: str) -> list[Any]:
    """Publish a world; gives what was sent."""
    recording = clusters.Recording(transport=cluster._transport)  # noqa: SLF001 - what asks it
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TESTIMONY_OPENSEARCH_ALIAS", alias)
        patch.setattr(publishing, "connect", lambda *_: Cluster(recording))
        with Archive(root, engine="opensearch", say=lambda _: None) as archive:
            archive.update(rebuild=True)
    return recording.sent


def every_text(sent: Any) -> Iterator[bytes]:
    """Yield every text of what was sent, also what was packed and written in letters."""
    if isinstance(sent, dict | list | tuple):
        for each in sent.values() if isinstance(sent, dict) else sent:
            yield from every_text(each)
    elif isinstance(sent, str) and "\n" in sent and sent.startswith("{"):
        for line in sent.splitlines():
            yield from every_text(json.loads(line))
    elif isinstance(sent, str | bytes):
        yield _unpacked(sent.encode("utf-8", "surrogatepass") if isinstance(sent, str) else sent)


def _unpacked(written: bytes) -> bytes:
    """Return what a text says; letters that stand for other bytes, and packed bytes, hold any word by chance."""
    try:
        packed = base64.b64decode(written, validate=True) if len(written) > 16 else written
    except ValueError:
        return written
    try:
        return zlib.decompress(packed)
    except zlib.error:
        return packed


def told(pair: Pair, scratch: Path, count: int) -> list[str]:
    """Ask both worlds what is always asked and something at random, and give every difference."""
    chance = random.Random(23)  # the same questions every time
    drafts: list[list[str]] = []
    while len(drafts) < count:
        drafts += interference.drafts(pair, chance)
    asked = [*ALWAYS, *chance.sample(drafts, count)]
    return [difference for arguments in asked for difference in interference.differences(pair, arguments, scratch)]


def test_answers_are_the_same_with_and_without_closed_matter(worlds: Worlds, tmp_path: Path) -> None:
    """Hits, counts, facets, scores, suggestions, messages and exit codes; no secret in any."""
    pair = worlds.pair
    assert told(pair, tmp_path, ASKED * int(os.environ.get("CLUSTER_COLLECTIONS", "1"))) == []
    found = json.loads(interference.run(pair.with_it, list(ALWAYS[0])).out)
    assert len(found["hits"]) > 10, "else nothing would have been asked"


def test_no_byte_that_was_sent_is_secret(worlds: Worlds) -> None:
    """As it is, or packed; of both worlds the same documents were sent."""
    sent = worlds.sent
    texts = {world: [text for _, _, body in every for text in every_text(body)] for world, every in sent.items()}
    # A record that was public once, and whose file cannot be read now, is told of by its code.
    assert not [text for text in texts["with"] if interference.is_marked(re.sub(rb"ZQX-800\d", b"", text))]
    assert any("로동".encode() in text or b"coal" in text for text in texts["with"])
    documents = [sum(len(list(every_text(body))) for _, url, body in every if "-state" not in url) for every in sent.values()]
    assert documents[0] == documents[1]


def test_the_control_what_is_sent_and_filtered_later_is_found(worlds: Worlds, cluster: Cluster, tmp_path: Path) -> None:
    """Were closed matter sent, to be left out of answers by their codes, the bytes and the answers would tell of it."""

    def everything(testimony: Testimony, clearance: Clearance) -> Testimony:
        return testimony._replace(clearance=clearance)

    pair, _, first = worlds
    other = f"t{uuid.uuid4().hex[:12]}"
    authorities = read.read_authorities(pair.with_it)
    codes = frozenset({*interference.SHUT, *interference.LATER, *interference.FAULTY, "ZQX-9009"})
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(collection.redaction, "render", everything)
            sent = publish(cluster, pair.with_it, other)
        assert any(interference.is_marked(text) for _, _, body in sent for text in every_text(body))
        answers = []
        for alias, hidden in ((f"{other}-public", codes), (f"{first}with-public", frozenset[str]())):
            [index] = cluster.request("GET", f"_alias/{alias}")
            engine = OpenSearchEngine(cluster, index, lambda: authorities, TakenBack(hidden))
            answers.append(engine.search(Query("coal", facets=True, limit=None)))
            engine.close()
        assert answers[0].facets["flag"] != answers[1].facets["flag"]
    finally:
        clusters.delete_all(cluster, f"{other}*")
