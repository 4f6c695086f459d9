"""The only door to opensearch-py: every request to a cluster, and the look at every answer whether it is whole.

A cluster that lost some of its nodes may give a part of an answer and say that nothing failed. Here an answer is taken
where each shard took part in it and none ran out of time, else it is an error. A request is asked of another node where
one does not answer, some times and no more; and what reads is asked again for some seconds, while the nodes that are left
agree who leads them and who has which part of an index.
"""

import json
import logging
import time
import warnings
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import chain
from threading import Thread
from typing import Any, Final, NamedTuple, Protocol, TypeVar
from urllib.parse import quote, urlsplit

from archive.engine.opensearch.settings import ClusterSettings, Credentials
from archive.errors import IndexBusy, MissingExtra, NoCluster, RequestRefused
from archive.language.messages import tr
from archive.text import squash

try:
    import opensearchpy
except ImportError as absent:
    message = tr("the engine opensearch needs the library opensearch-py, which is not installed")
    raise MissingExtra(message) from absent

_T = TypeVar("_T")
Body = Mapping[str, Any] | str | None
Operation = tuple[Mapping[str, Any], Mapping[str, Any] | None]
"""What is to be done with a document, as ``{"index": {"_id": …}}``, and the document."""

_TIMES: Final = 3  # that a request is asked again, each time of another node
_SECONDS: Final = 60.0  # for an answer
_LONG: Final = 1800.0  # seconds for what rewrites an index
_BATCH: Final = 500  # operations
_BATCH_BYTES: Final = 5_000_000
_TIMES_TO_WAIT: Final = 10
_LONGEST_WAIT: Final = 30.0  # seconds
_TOO_MANY: Final = 429
_NOT_FOUND: Final = 404
_GONE: Final = frozenset({"index_not_found_exception", "search_context_missing_exception"})
_READS: Final = frozenset({"_search", "_count", "point_in_time"})
_LONGEST_REASON: Final = 300
_WAITS: Final = (0.25, 0.5, 1.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0)  # seconds, before what reads is asked again
_UNSETTLED: Final = frozenset(
    {
        "already_closed_exception",  # a part of the index has moved to another node: what analyses words is closed here
        "connect_transport_exception",
        "node_closed_exception",
        "node_disconnected_exception",
        "node_not_connected_exception",
    }
)
"""What a cluster says while a node leaves it, or a part of an index; after that it can answer in full."""


class Transport(Protocol):
    """What asks the cluster: opensearch-py's own, or one of a test."""

    def perform_request(
        self,
        method: str,
        url: str,
        params: Mapping[str, Any] | None = None,
        body: Any = None,  # noqa: ANN401 - as the library has it
        timeout: float | None = None,
    ) -> Any:  # noqa: ANN401 - JSON
        """Return what a node answers."""


class _Batch(NamedTuple):
    """Operations that are sent in one go, each as its lines."""

    operations: list[tuple[Operation, str]]
    size: int


def connect(settings: ClusterSettings, credentials: Credentials | None) -> "Cluster":
    """Return a cluster that can be asked; nothing is sent before it is."""
    log = logging.getLogger("opensearch")  # it would print queries
    log.addHandler(logging.NullHandler())
    log.propagate = False
    warnings.filterwarnings("ignore", category=opensearchpy.OpenSearchWarning)  # what a later version of the server deprecates
    headers = {}
    if credentials:
        both = f"{credentials.user}:{credentials.password}".encode()
        headers["authorization"] = f"Basic {b64encode(both).decode()}"
    hosts = []
    for each in settings.hosts:
        parts = urlsplit(each)
        is_encrypted = parts.scheme == "https"
        host = {"host": parts.hostname, "port": parts.port or (443 if is_encrypted else 80), "use_ssl": is_encrypted}
        hosts.append({**host, **({"verify_certs": True, "ca_certs": settings.ca or None} if is_encrypted else {})})
    try:
        client = opensearchpy.OpenSearch(
            hosts=hosts, headers=headers, timeout=_SECONDS, max_retries=_TIMES, retry_on_timeout=True, http_compress=False
        )
    except (OSError, ValueError) as error:
        message = tr("the cluster cannot be asked: {reason}", reason=squash(str(error))[:_LONGEST_REASON])
        raise NoCluster(message, tr("Mend the settings; docs/opensearch.md says what they mean.")) from None
    return Cluster(client.transport, ", ".join(settings.hosts), has_several=len(settings.hosts) > 1)


class Cluster:
    """A cluster that answers in full or not at all.

    :param hosts: as they were set, for messages.
    :param has_several: whether they are more than one: where none answers, one may be gone and the others not yet agreed.
    """

    def __init__(
        self, transport: Transport, hosts: str = "", sleep: Callable[[float], None] = time.sleep, *, has_several: bool = False
    ) -> None:
        """Remember what asks it."""
        self._transport = transport
        self._hosts = hosts
        self._sleep = sleep
        self._has_several = has_several

    def request(
        self,
        method: str,
        path: str,
        body: Body = None,
        *,
        seconds: float | None = None,
        **params: str | float | bool,
    ) -> Any:  # noqa: ANN401 - JSON
        """Return what the cluster answers, which is whole.

        :param path: below the root, with its names encoded (`named`).
        :param seconds: to wait for an answer; `LONG` for what rewrites an index.
        :raises NoCluster: none is reached, or what it answers is not whole.
        :raises RequestRefused: it refuses; ``status`` and ``kind`` say why.
        :raises IndexBusy: what was asked is gone: another index took its place.
        """
        is_read = path.rpartition("/")[2] in _READS

        def ask() -> Any:  # noqa: ANN401 - JSON
            try:
                answer = self._transport.perform_request(method, f"/{path}", params=params or None, body=body, timeout=seconds)
            except opensearchpy.SerializationError:
                raise self.not_whole(tr("what it answered cannot be read")) from None
            except opensearchpy.TransportError as error:
                raise self._translated(error) from None
            return self._whole(answer, is_read=is_read)

        changes_nothing = method == "GET" or (method == "POST" and is_read)
        # A point in time is asked again by who opened it: it may have gone with its node.
        names_point = isinstance(body, Mapping) and "pit" in body
        return self.patiently(ask) if changes_nothing and not names_point else ask()

    def patiently(self, ask: Callable[[], _T]) -> _T:
        """Return what asking gives, which changes nothing; it is asked again for some seconds while the cluster is unsettled.

        :raises NoCluster: as ``ask``, also at the end of that time.
        """
        end = time.monotonic() + sum(_WAITS)
        for wait in _WAITS:
            try:
                return ask()
            except NoCluster as fault:
                if not fault.may_pass or time.monotonic() > end:
                    raise
            self._sleep(wait)
        return ask()

    def find(self, method: str, path: str) -> Any:  # noqa: ANN401 - JSON
        """Return what the cluster answers, None where what is asked for is not there.

        :raises NoCluster: as `request`.
        """
        try:
            return self.request(method, path)
        except IndexBusy:
            return None
        except RequestRefused as refused:
            if refused.status == _NOT_FOUND:
                return None
            raise

    def search(self, body: Mapping[str, Any], index: str = "", **params: Any) -> Any:  # noqa: ANN401 - JSON
        """Return the whole answer to a search.

        :param index: "" where the body names a point in time.
        :raises NoCluster: as `request`.
        """
        path = f"{named(index)}/_search" if index else "_search"
        return self.request("POST", path, body, allow_partial_search_results="false", **params)

    @contextmanager
    def point_in_time(self, index: str, keep_alive: str = "5m") -> Iterator[str]:
        """Keep an index as it is now, and give what names that.

        :raises NoCluster: as `request`.
        """
        opened = self.open_point_in_time(index, keep_alive)
        try:
            yield opened
        finally:
            self.close_point_in_time(opened)

    def open_point_in_time(self, index: str, keep_alive: str = "5m") -> str:
        """Keep an index as it is now; `close_point_in_time` lets go of it.

        :raises NoCluster: as `request`.
        """
        answer = self.request(
            "POST",
            f"{named(index)}/_search/point_in_time",
            keep_alive=keep_alive,
            allow_partial_pit_creation="false",
        )
        return str(answer["pit_id"])

    def close_point_in_time(self, opened: str) -> None:
        """Let go of an index; one that went with its node is gone already."""
        with suppress(NoCluster, IndexBusy):
            self.request("DELETE", "_search/point_in_time", {"pit_id": [opened]})

    def bulk(self, index: str, operations: Iterable[Operation], acknowledged: Callable[[int], None] = lambda _: None) -> int:
        """Write documents, batch by batch, and return how many; each is looked at, and what the cluster is too busy for waits.

        :param acknowledged: is told after each batch how many operations the cluster has taken, of the first ones.
        :raises NoCluster: a document was not taken, also not after some waits.
        """
        taken = 0
        under_way: _Sending | None = None
        try:
            for batch in chain(_batches(operations), (None,)):  # each is made while the one before it is taken
                if under_way:
                    taken += under_way.wait()
                    acknowledged(taken)
                under_way = _Sending(self._send, index, batch) if batch else None
        finally:
            if under_way:
                under_way.thread.join(_SECONDS)  # nothing is written after this has ended
        return taken

    def _send(self, index: str, batch: _Batch) -> None:
        waiting = batch.operations
        for time_to_wait in range(_TIMES_TO_WAIT + 1):
            if time_to_wait:
                self._sleep(min(_LONGEST_WAIT, 0.2 * 2**time_to_wait))
            lines = "".join(written for _, written in waiting)
            try:
                answer = self.request("POST", f"{named(index)}/_bulk", lines, seconds=_LONG)
            except RequestRefused as refused:
                if refused.status != _TOO_MANY:
                    raise
                continue
            waiting = self._left(waiting, answer)
            if not waiting:
                return
        message = tr("the cluster is too busy to take {count} documents", count=len(waiting))
        raise NoCluster(message, tr("Run the same command again when it is less busy; it goes on where it was."))

    def _left(self, sent: list[tuple[Operation, str]], answer: Any) -> list[tuple[Operation, str]]:  # noqa: ANN401 - JSON
        """Return the operations that the cluster was too busy for.

        :raises NoCluster: it refused one, or did not say what became of each.
        """
        items = answer.get("items") if isinstance(answer, dict) else None
        if not isinstance(items, list) or len(items) != len(sent):
            raise self.not_whole(tr("it did not say what became of each document"))
        left = []
        for (operation, written), item in zip(sent, items, strict=True):
            [(action, about)] = operation[0].items()
            told = item.get(action) if isinstance(item, dict) else None
            if not isinstance(told, dict) or (about.get("_id") is not None and told.get("_id") != about["_id"]):
                raise self.not_whole(tr("it did not say what became of each document"))
            status = told.get("status")
            if status == _TOO_MANY:
                left.append((operation, written))
            elif told.get("error") or status not in {200, 201}:
                reason = told.get("error") or {}
                kind = str(reason.get("type", status)) if isinstance(reason, dict) else str(status)
                message = tr(
                    "the cluster did not take {document}: {reason}", document=told.get("_id", "?"), reason=squash(kind)[:80]
                )
                raise RequestRefused(message, "", int(status or 0), kind)
        return left

    def _whole(self, answer: Any, *, is_read: bool) -> Any:  # noqa: ANN401 - JSON
        """Return an answer in which every shard took part and none ran out of time.

        :raises NoCluster: it is not such.
        """
        if not isinstance(answer, dict):
            return answer
        if answer.get("timed_out"):
            raise self.not_whole(tr("it ran out of time"))
        shards = answer.get("_shards")
        if isinstance(shards, dict):
            failed, total, successful = (shards.get(name) for name in ("failed", "total", "successful"))
            if failed or (is_read and (successful != total or not total)):
                told = tr("{successful} of {total} parts of the index answered", successful=successful, total=total)
                raise self.not_whole(told)
        elif is_read and "pit_id" not in answer and "pits" not in answer:
            raise self.not_whole(tr("it does not say which parts of the index answered"))
        return answer

    def not_whole(self, why: str) -> NoCluster:
        """Return the error for an answer that is not whole."""
        message = tr("the cluster at {hosts} cannot answer in full: {why}", hosts=self._hosts, why=why)
        return NoCluster(message, tr("Ask again when all of it runs; --engine whoosh asks this machine alone."))

    def _translated(self, error: opensearchpy.TransportError) -> NoCluster | IndexBusy:
        """Return our own error for one of the library."""
        if not isinstance(error.status_code, int):
            if isinstance(error, opensearchpy.SSLError):
                message = tr(
                    "no node of {hosts} shows a certificate that holds: {reason}", hosts=self._hosts, reason=_short(error.error)
                )
                return NoCluster(message, tr("Name the certificate of its issuer with ca in the settings."))
            message = tr("no node of {hosts} answers", hosts=self._hosts)
            fault = NoCluster(message, tr("Ask again when it runs; --engine whoosh asks this machine alone."))
            fault.may_pass = self._has_several
            return fault
        kind = _kind(error)
        if error.status_code == _NOT_FOUND and kind in _GONE:
            message = tr("the index in the cluster was replaced while it was read")
            return IndexBusy(message, tr("Run it again."))
        if error.status_code in {401, 403} and "cluster_block" not in kind:
            message = tr(
                "the cluster at {hosts} does not let this user do that ({status})", hosts=self._hosts, status=error.status_code
            )
            return RequestRefused(
                message, tr("Mend user and password in the settings, or ask its keeper."), error.status_code, kind
            )
        if error.status_code in {502, 503, 504} or not _UNSETTLED.isdisjoint(_kinds(error.info)):
            fault = self.not_whole(_short(kind))
            fault.may_pass = True
            return fault
        message = tr("the cluster refused what it was asked ({status}): {reason}", status=error.status_code, reason=_short(kind))
        return RequestRefused(message, tr("docs/opensearch.md says what a cluster needs."), error.status_code, kind)


class _Sending:
    """A batch that is being sent by a thread of its own, which does not keep the program from ending."""

    def __init__(self, send: Callable[[str, _Batch], None], index: str, batch: _Batch) -> None:
        self._batch = batch
        self._fault: BaseException | None = None
        self.thread = Thread(target=self._run, args=(send, index), daemon=True)
        self.thread.start()

    def _run(self, send: Callable[[str, _Batch], None], index: str) -> None:
        try:
            send(index, self._batch)
        except BaseException as fault:  # noqa: BLE001 - raised by `wait`
            self._fault = fault

    def wait(self) -> int:
        """Return how many operations were taken.

        :raises NoCluster: one was not.
        """
        self.thread.join()
        if self._fault:
            raise self._fault
        return len(self._batch.operations)


def named(index: str) -> str:
    """Return the name of an index, a document or a task as it stands in a path."""
    return quote(index, safe="")


LONG: Final = _LONG
"""Seconds to wait for what rewrites an index."""


def _batches(operations: Iterable[Operation]) -> Iterator[_Batch]:
    """Yield operations in batches, none larger than a node takes at once."""
    held: list[tuple[Operation, str]] = []
    size = 0
    for operation in operations:
        action, document = operation
        written = "".join(f"{json.dumps(each, ensure_ascii=False)}\n" for each in (action, document) if each is not None)
        if held and (len(held) >= _BATCH or size + len(written) > _BATCH_BYTES):
            yield _Batch(held, size)
            held, size = [], 0
        held.append((operation, written))
        size += len(written)
    if held:
        yield _Batch(held, size)


def _kind(error: opensearchpy.TransportError) -> str:
    """Return the cluster's own word for what is wrong, of the innermost cause."""
    info = error.info if isinstance(error.info, dict) else {}
    told = info.get("error", {})
    if not isinstance(told, dict):
        return str(told)
    causes = told.get("root_cause") or [told]
    cause = causes[0] if isinstance(causes, list) and isinstance(causes[0], dict) else told
    return str(cause.get("type", told.get("type", "")))


def _kinds(info: object) -> Iterator[str]:
    """Yield the cluster's own words for what is wrong, of every part of an index and of every cause."""
    if isinstance(info, list):
        for each in info:
            yield from _kinds(each)
    elif isinstance(info, dict):
        yield str(info.get("type", ""))
        for each in info.values():
            yield from _kinds(each)


def _short(what: object) -> str:
    return squash(str(what))[:_LONGEST_REASON]
