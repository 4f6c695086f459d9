"""An index of a cluster, read as it is at one point in time: pages, counts and stored documents, all of them whole."""

import math
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any, Final, TypeVar

from archive.engine import _documents as documents
from archive.engine.opensearch._filter_queries import Clause
from archive.engine.opensearch.amendments import NOTHING_TAKEN_BACK, Amendments, TakenBack
from archive.engine.opensearch.client import Cluster
from archive.engine.opensearch.documents import LEXICON, PASSAGE, RECORD, columns_of, unpack
from archive.errors import ClusterBusy, IndexBusy, NoCluster, TooBroad
from archive.language.messages import tr
from archive.named_tuple import NamedTuple

_T = TypeVar("_T")
_SCORED: Final = "dfs_query_then_fetch"
"""How it is asked where scores matter: by the statistics of all parts of the index, and not of each by itself."""
_PLAIN: Final = "query_then_fetch"
_KEPT_ALIVE: Final = "5m"
"""How long a cluster keeps what was opened, from each request to the next."""
MOST_BUCKETS: Final = 60_000
"""Counts in one answer, of which each value has one and one a level; a cluster makes 65,535, and then refuses."""
MOST_HITS: Final = 5_000
KEPT: Final = ("forms", "pairs", "names")
"""Fields whose values are listed whole, and so are kept (`archive.engine.opensearch.lexicon`)."""
_MOST_PARTS: Final = 1_000
_OF_EACH: Final = frozenset({"code", "setting"})
"""Fields of which every passage has one value, so that its counts add up to all that was found."""
MOST_STORED: Final = 500
"""Stored passages in one answer, so that none is of many megabytes."""
_MOST_COLUMNS: Final = 2_000
"""Records of which it is asked at once what their passages are about; that is far less than what is stored of them."""
_MOST_SETTINGS: Final = 100_000
"""Records of which that is remembered."""
_MOST_REMEMBERED: Final = 512
IN_ORDER: Final[tuple[Clause, ...]] = ({"prefix": "asc"}, {"number": "asc"}, {"paragraph": "asc"})
"""The archive's order: code, then paragraph."""


class FoundPassage(NamedTuple):
    """A passage: its code and number, and the score of the query that found it."""

    code: str
    number: int
    score: float

    @property
    def identity(self) -> str:
        """Return the id of its document."""
        return f"{self.code}#{self.number}"


class StoredPassage(NamedTuple):
    """What is stored of a passage, and the names of the queries that it answers."""

    row: documents.Row
    answers: frozenset[str]


class PointInTime:
    """An index that does not change; where the cluster let go of it, it is opened again, and is the same.

    :raises NoCluster: from every method, where an answer is not whole.
    :raises IndexBusy: from every method, where the index is not there any more.
    """

    def __init__(self, cluster: Cluster, index: str, taken_back: TakenBack = NOTHING_TAKEN_BACK) -> None:
        """Remember where; nothing is asked before it must be.

        :param taken_back: what may not be shown any more, whatever is in the index.
        """
        hidden = taken_back.hidden
        self.amendments = Amendments(taken_back)
        self._cluster, self._index = cluster, index
        self._opened = ""
        self._left_out: list[Clause] = [{"terms": {"code": sorted(hidden)}}] if hidden else []
        self._hidden = hidden
        self._records: dict[str, documents.StoredRecord] = {}
        self._rows: dict[str, documents.Row] = {}
        self._settings: dict[str, list[tuple[bytes, bytes]]] = {}

    def close(self) -> None:
        """Let go of it."""
        opened, self._opened = self._opened, ""
        if opened:
            with suppress(NoCluster, IndexBusy):
                self._cluster.close_point_in_time(opened)

    def ask(self, query: Clause | None, *, document: str = PASSAGE, **body: Any) -> Any:  # noqa: ANN401 - JSON
        """Return the answer to a search among the documents of a kind that may be shown.

        :param query: None for all of them.
        """
        kind = [{"term": {"document": document}}]
        whole = {"bool": {"must": [query] if query else [], "filter": kind, "must_not": self._left_out}}
        request = {"query": whole, "track_total_hits": True, **body}

        def search() -> Any:  # noqa: ANN401 - JSON
            if not self._opened:
                self._opened = self._cluster.open_point_in_time(self._index, _KEPT_ALIVE)
            named = {"pit": {"id": self._opened, "keep_alive": _KEPT_ALIVE}}
            try:
                return self._cluster.search({**request, **named}, search_type=_SCORED if "track_scores" in body else _PLAIN)
            except IndexBusy:
                self._opened = ""
                raise
            except NoCluster as fault:
                if fault.may_pass and not isinstance(
                    fault, ClusterBusy
                ):  # a part of it went with its node, or moved to another; the others would be kept for nobody
                    self.close()
                raise

        try:
            answer = self._cluster.patiently(search)
        except IndexBusy:
            answer = self._cluster.patiently(search)
        self._opened = answer.get("pit_id") or self._opened
        self._require_whole(answer, body)
        return answer

    def _require_whole(self, answer: Any, body: Mapping[str, Any]) -> None:  # noqa: ANN401 - JSON
        """Look whether every part of the index answered, and whether a page has as many hits as it must.

        :raises NoCluster: something is missing.
        """
        try:
            parts, total, hits = answer["_shards"], answer["hits"]["total"], answer["hits"]["hits"]
            if parts["failed"] or parts["successful"] != parts["total"] or answer["timed_out"]:
                raise self.not_whole()
            is_whole = total["relation"] == "eq" and (
                "search_after" in body or len(hits) == min(body.get("size", 0), total["value"])
            )
        except (KeyError, TypeError):
            is_whole = False
        if not is_whole:
            raise self.not_whole()

    def not_whole(self) -> NoCluster:
        """Return the error that says that something is missing in an answer."""
        return self._cluster.not_whole(tr("something is missing in what it answered"))

    def count(self, query: Clause | None) -> int:
        """Count the passages that a query finds."""
        return int(self.ask(query, size=0)["hits"]["total"]["value"])

    def walk(
        self,
        query: Clause | None,
        sort: Sequence[Clause | str],
        skip: int = 0,
        most: int | None = None,
        *,
        expected: int | None = None,
    ) -> Iterator[FoundPassage]:
        """Yield what a query finds in an order, which must place each apart from all others.

        :param skip: how many to leave out first.
        :param most: how many to yield, None for all.
        :param expected: how many there are of all, where that was counted before.
        """
        end = None if most is None else skip + most
        for seen, (_, hit) in enumerate(self._hits(query, sort, end, expected=expected, scored=True)):
            if seen >= skip:
                yield _to_passage(hit)

    def places(self, query: Clause, at_most: float = math.inf) -> list[FoundPassage]:
        """Return what a query finds in the archive's order, without scores.

        :raises TooBroad: there is more than anybody would look into one by one.
        """
        found = []
        for total, hit in self._hits(query, IN_ORDER, None, expected=None, scored=False):
            if total > at_most:
                message = tr("the query would have to look into too many passages one by one")
                raise TooBroad(message, tr("Add a rarer word, leave out near and --exact for common words, or ask in parts."))
            found.append(_to_passage(hit))
        return found

    def _hits(
        self, query: Clause | None, sort: Sequence[Clause | str], end: int | None, *, expected: int | None, scored: bool
    ) -> Iterator[tuple[int, Any]]:
        """Yield what a query finds, up to a number of hits, each beside how many there are of all.

        :param scored: whether they have scores, for which every part of the index is asked twice.
        """
        after: list[Any] | None = None
        seen = 0
        scores: dict[str, Any] = {"track_scores": True} if scored else {}
        while end is None or seen < end:
            size = MOST_HITS if end is None else min(MOST_HITS, end - seen)
            further: dict[str, Any] = {"search_after": after} if after is not None else {}
            answer = self.ask(query, size=size, sort=list(sort), _source=False, **scores, **further)
            total, hits = answer["hits"]["total"]["value"], answer["hits"]["hits"]
            if len(hits) != min(size, total - seen) or total != (total if expected is None else expected):
                raise self.not_whole()
            for hit in hits:
                seen += 1
                yield total, hit
            if seen >= total:
                return
            after = hits[-1]["sort"]

    def values(
        self, field: str, query: Clause | None = None, levels: Mapping[str, Clause] | None = None
    ) -> Iterator[tuple[str, int, tuple[int, ...]]]:
        """Yield each value of a field among what a query finds: how many passages have it, how many of those at each level."""
        after = ""
        seen, size = 0, max(2, MOST_BUCKETS // (1 + len(levels or ())))
        inside = {"aggs": {"levels": {"filters": {"filters": levels}}}} if levels else {}
        while True:
            composite: dict[str, Any] = {"size": size, "sources": [{"value": {"terms": {"field": field}}}]}
            composite |= {"after": {"value": after}} if after else {}
            answer = self.ask(query, size=0, aggs={"values": {"composite": composite, **inside}})
            buckets = answer["aggregations"]["values"]["buckets"]
            for bucket in buckets:
                at_levels = bucket["levels"]["buckets"] if levels else {}
                counts = tuple(at_levels[name]["doc_count"] for name in levels or ())
                yield bucket["key"]["value"], bucket["doc_count"], counts
                seen += bucket["doc_count"]
            if len(buckets) < size:
                if field in _OF_EACH and seen != answer["hits"]["total"]["value"]:
                    raise self.not_whole()
                return
            after = buckets[-1]["key"]["value"]

    def every_value(self, field: str) -> list[str]:
        """Return every value of a field, as it is kept, else as the cluster lists it."""
        kept = None if self._hidden else self._kept_values(field)
        return [value for value, _, _ in self.values(field)] if kept is None else kept

    def _kept_values(self, field: str) -> list[str] | None:
        """Return every value of a field, None where none are kept."""
        query: Clause = {"term": {"setting": field}}
        order: list[Clause] = [{"paragraph": "asc"}]
        source = ["stored", "number"]
        hits = self.ask(query, document=LEXICON, size=_MOST_PARTS, sort=order, _source=source)["hits"]["hits"]
        if not hits:
            return None
        if len(hits) != hits[0]["_source"]["number"]:
            raise self.not_whole()
        values = [unpack(hit.get("_source", {}), _lines) for hit in hits]
        return [value for part in values for value in part]

    def read_stored(self, places: Sequence[FoundPassage], asked: Sequence[Clause] = ()) -> list[StoredPassage]:
        """Return what is stored of some passages, in their order.

        :param asked: named queries, of which it is told which a passage answers.
        """
        found: dict[str, StoredPassage] = {}
        rest = iter(places)
        while some := [place.identity for place in islice(rest, MOST_STORED)]:
            query = {"bool": {"filter": [{"ids": {"values": some}}], "should": list(asked)}}
            answer = self.ask(query, size=len(some), _source=["stored"])
            for hit in answer["hits"]["hits"]:
                (row,) = unpack(hit.get("_source", {}), documents.unpack_passages)
                found[hit["_id"]] = StoredPassage(row, frozenset(hit.get("matched_queries", ())))
        if not all(place.identity in found for place in places):
            raise self.not_whole()
        for identity, row in self.amendments.rows(found).items():
            found[identity] = found[identity]._replace(row=row)
        _remember(self._rows, {identity: each.row for identity, each in found.items()})
        self.record_of_each({place.code for place in places})
        return [found[place.identity] for place in places]

    def row(self, code: str, number: int) -> documents.Row:
        """Return what is stored of one passage."""
        place = FoundPassage(code, number, 0.0)
        if place.identity not in self._rows:
            self.read_stored([place])
        return self._rows[place.identity]

    def rows(self, places: Sequence[FoundPassage]) -> list[documents.Row]:
        """Return what is stored of some passages, in their order; those that were read last are not asked for again."""
        known = {place.identity: self._rows[place.identity] for place in places if place.identity in self._rows}
        missing = [place for place in places if place.identity not in known]
        known |= {place.identity: stored.row for place, stored in zip(missing, self.read_stored(missing), strict=True)}
        return [known[place.identity] for place in places]

    def record_of_each(self, codes: Iterable[str]) -> Mapping[str, documents.StoredRecord]:
        """Return the records of some codes, without those of which there is none."""
        wanted = set(codes) - self._hidden
        read = self.amendments.records(wanted)
        missing = iter(sorted(wanted - self._records.keys() - read.keys()))
        while some := list(islice(missing, MOST_STORED)):
            answer = self.ask({"terms": {"code": some}}, document=RECORD, size=len(some), _source=["code", "stored"])
            sources = [hit["_source"] for hit in answer["hits"]["hits"]]
            read |= {source["code"]: unpack(source, documents.StoredRecord) for source in sources}
        known = {code: self._records[code] for code in wanted & self._records.keys()}
        _remember(self._records, read)
        return known | read

    def record(self, code: str) -> documents.StoredRecord:
        """Return the record of a passage that was found."""
        record = self.record_of_each([code]).get(code)
        if record is None:
            raise self.not_whole()
        return record

    def outlines(self) -> Iterator[tuple[str, int]]:
        """Yield the code of every record, and how many passages it has, in no order."""
        after: list[Any] | None = None
        seen = 0
        while True:
            further: dict[str, Any] = {"search_after": after} if after is not None else {}
            answer = self.ask(None, document=RECORD, size=MOST_HITS, sort=list(IN_ORDER), _source=["code", "passages"], **further)
            total, hits = answer["hits"]["total"]["value"], answer["hits"]["hits"]
            if len(hits) != min(MOST_HITS, total - seen):
                raise self.not_whole()
            yield from ((hit["_source"]["code"], hit["_source"]["passages"]) for hit in hits)
            seen += len(hits)
            if seen >= total:
                return
            after = hits[-1]["sort"]

    def columns(self, settings: Iterable[str]) -> dict[str, tuple[bytes, bytes]]:
        """Return what is filtered and counted by, of the passages of each setting."""
        wanted = {setting: setting.rpartition("/")[0] for setting in settings}
        if len(self._settings) > _MOST_SETTINGS:
            self._settings.clear()
        self._settings |= self.amendments.columns(set(wanted.values()) - self._settings.keys())
        missing = iter(sorted(set(wanted.values()) - self._settings.keys()))
        while some := list(islice(missing, _MOST_COLUMNS)):
            answer = self.ask({"terms": {"code": some}}, document=RECORD, size=len(some), _source=["code", "settings"])
            self._settings |= {hit["_source"]["code"]: columns_of(hit.get("_source", {})) for hit in answer["hits"]["hits"]}
        try:
            return {setting: self._settings[code][int(setting.rpartition("/")[2])] for setting, code in wanted.items()}
        except (KeyError, IndexError):
            raise self.not_whole() from None


def _to_passage(hit: Mapping[str, Any]) -> FoundPassage:
    code, _, number = hit["_id"].rpartition("#")
    return FoundPassage(code, int(number), hit["_score"] or 0.0)


def _lines(written: bytes) -> list[str]:
    text = zlib.decompress(written).decode("utf-8", "surrogatepass")
    return text.split("\n") if text else []


def _remember(kept: dict[str, _T], read: Mapping[str, _T]) -> None:
    """Keep what was read last, and no more than some."""
    if len(kept) + len(read) > _MOST_REMEMBERED:
        kept.clear()
    kept.update(read)
