"""The only door to opensearch-py: every request to a cluster, and the look at every answer whether it is whole.

A cluster that lost some of its nodes may give a part of an answer and say that nothing failed. Here an answer is taken
where each shard took part in it and none ran out of time, else it is an error. A request is asked of another node where
one does not answer, some times and no more; and it is asked again for some seconds, while the nodes that are left agree who
leads them and who has which part of an index, or have too much to do. What is written may be asked for twice: each document
has its name, and what must happen once alone (`archive.indexing._generations`) is looked at before it is asked for again.
"""

import logging
import time
import warnings
from base64 import b64encode
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from itertools import chain
from typing import Any, Final, Protocol, TypeVar
from urllib.parse import quote, urlsplit

from archive.engine.opensearch._patience import TOO_BUSY, Patience, seconds_told
from archive.engine.opensearch.batches import Operation, Sending, Written, batches
from archive.engine.opensearch.settings import ClusterSettings, Credentials
from archive.errors import ClusterBusy, IndexBusy, MissingExtra, NoCluster, RequestRefused
from archive.language.messages import tr
from archive.text import squash

try:
    import opensearchpy
except ImportError as absent:
    message = tr("the engine opensearch needs the library opensearch-py, which is not installed")
    raise MissingExtra(message) from absent

_T = TypeVar("_T")
Body = Mapping[str, Any] | str | None

_TIMES: Final = 3  # that a request is asked again, each time of another node
_SECONDS: Final = 60.0  # for an answer
_LONG: Final = 1800.0  # seconds for what rewrites an index
_FOR_A_PART: Final = "10s"  # that a node waits for a part of an index that it cannot write to
_FOR_A_LEADER: Final = "2s"  # that a node waits for one before it says that there is none; then it is asked again
_TOO_MANY: Final = 429
_UNAVAILABLE: Final = frozenset({502, 503, 504})
_NOT_FOUND: Final = 404
_GONE: Final = frozenset({"index_not_found_exception", "search_context_missing_exception"})
_ALIASES: Final = "_aliases"
_BETWEEN_LOOKS: Final = 0.25  # seconds
_READS: Final = frozenset({"_search", "_count", "point_in_time"})
_LONGEST_REASON: Final = 300
_UNSETTLED: Final = frozenset(
    {
        "already_closed_exception",  # a part of the index has moved to another node: what analyses words is closed here
        "connect_transport_exception",
        "node_closed_exception",
        "node_disconnected_exception",
        "node_not_connected_exception",
        "not_cluster_manager_exception",
        "failed_to_commit_cluster_state_exception",
        "process_cluster_event_timeout_exception",
        "unavailable_shards_exception",
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


class _TooMany(opensearchpy.TransportError):
    """The library's error for 429, with what stood in the header ``Retry-After``."""

    retry_after = ""


class _Connection(opensearchpy.Urllib3HttpConnection):
    """The library's, that keeps how long a node asks to be left alone; the library's own error does not."""

    def perform_request(  # noqa: PLR0913, PLR0917 - as the library has it
        self,
        method: str,
        url: str,
        params: Mapping[str, Any] | None = None,
        body: bytes | None = None,
        timeout: float | None = None,
        ignore: Collection[int] = (),
        headers: Mapping[str, str] | None = None,
    ) -> Any:  # noqa: ANN401 - as the library has it
        """Return what a node answers."""
        status, told_with, told = super().perform_request(method, url, params, body, timeout, (*ignore, _TOO_MANY), headers)
        if status == _TOO_MANY and status not in ignore:
            try:
                self._raise_error(status, told, told_with.get("content-type"))
            except opensearchpy.TransportError as error:
                busy = _TooMany(*error.args)
                busy.retry_after = told_with.get("retry-after", "")
                raise busy from None
        return status, told_with, told


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
            hosts=hosts,
            headers=headers,
            timeout=_SECONDS,
            max_retries=_TIMES,
            retry_on_timeout=True,
            http_compress=False,
            connection_class=_Connection,
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

        :param path: below the root, with its names encoded (`path_name`).
        :param seconds: to wait for an answer; `LONG` for what rewrites an index.
        :raises NoCluster: none is reached, or what it answers is not whole.
        :raises RequestRefused: it refuses; ``status`` and ``kind`` say why.
        :raises IndexBusy: what was asked is gone: another index took its place.
        """
        # A point in time is asked again by who opened it: it may have gone with its node; an alias by who moves it.
        names_point = isinstance(body, Mapping) and ("pit" in body or "pit_id" in body)

        if method == "GET" and path.endswith("/_mapping"):
            params = {"cluster_manager_timeout": _FOR_A_LEADER, **params}

        def ask() -> Any:  # noqa: ANN401 - JSON
            return self._ask(method, path, body, seconds, params)

        return ask() if names_point or path == _ALIASES else self.patiently(ask)

    def _ask(self, method: str, path: str, body: Body, seconds: float | None, params: Mapping[str, Any]) -> Any:  # noqa: ANN401
        """Ask once, as `request` does."""
        try:
            answer = self._transport.perform_request(method, f"/{path}", params=params or None, body=body, timeout=seconds)
        except opensearchpy.SerializationError:
            raise self.not_whole(tr("what it answered cannot be read")) from None
        except opensearchpy.TransportError as error:
            raise self._translate(error) from None
        return self._whole(answer, is_read=path.rpartition("/")[2] in _READS)

    def patiently(self, ask: Callable[[], _T]) -> _T:
        """Return what asking gives, which may be asked twice; it is asked again for some seconds while the cluster is unsettled.

        :raises NoCluster: as ``ask``, also at the end of that time.
        """
        patience = Patience(self._sleep)
        while True:
            try:
                return ask()
            except NoCluster as fault:
                patience.wait(fault)

    def wait_for(self, index: str, wanted: Collection[str], seconds: float) -> None:
        """Wait until the parts of an index lie where they should: until its health is one of those wanted.

        :raises NoCluster: it is not in that time, or a part of it went with a node that had the only copy.
        """
        end = time.monotonic() + seconds
        patience = None
        while (health := self.request("GET", f"_cluster/health/{path_name(index)}"))["status"] not in wanted:
            if time.monotonic() > end:
                raise self.not_whole(tr("it ran out of time"))
            if health["status"] == "red" and not health.get("initializing_shards"):
                patience = patience or Patience(self._sleep)
                patience.wait(self.passing(tr("a part of the index is on no node that runs")))
            else:
                patience = None
                self._sleep(_BETWEEN_LOOKS)

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
        path = f"{path_name(index)}/_search" if index else "_search"
        return self.request("POST", path, body, allow_partial_search_results="false", **params)

    def open_point_in_time(self, index: str, keep_alive: str = "5m") -> str:
        """Keep an index as it is now; `close_point_in_time` lets go of it.

        :raises NoCluster: as `request`.
        """
        answer = self.request(
            "POST",
            f"{path_name(index)}/_search/point_in_time",
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
        under_way: Sending | None = None
        try:
            for batch in chain(batches(operations), (None,)):  # each is made while the one before it is taken
                if under_way:
                    taken += under_way.wait()
                    acknowledged(taken)
                under_way = Sending(partial(self._send, index), batch) if batch else None
        finally:
            if under_way:
                under_way.end(_SECONDS)  # nothing is written after this has ended
        return taken

    def _send(self, index: str, waiting: list[Written]) -> None:
        busy, unsettled = Patience(self._sleep, TOO_BUSY), Patience(self._sleep)
        while waiting:
            lines = "".join(written for _, written in waiting)
            try:
                waiting = self._operations_left(
                    waiting, self._ask("POST", f"{path_name(index)}/_bulk", lines, _LONG, {"timeout": _FOR_A_PART})
                )
            except ClusterBusy as fault:
                busy.wait(_too_busy(len(waiting), fault.seconds))
            except NoCluster as fault:
                unsettled.wait(fault)
            else:
                if waiting:
                    busy.wait(_too_busy(len(waiting)))

    def _operations_left(self, sent: list[Written], answer: Any) -> list[Written]:  # noqa: ANN401 - JSON
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
                if status in _UNAVAILABLE or not _UNSETTLED.isdisjoint(_kinds(reason)):
                    raise self.passing(squash(kind)[:80])  # all are sent again: those that were taken are the same then
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

    def passing(self, why: str) -> NoCluster:
        """Return the error for an answer that is not whole, but may be in a moment."""
        fault = self.not_whole(why)
        fault.may_pass = True
        return fault

    def not_whole(self, why: str) -> NoCluster:
        """Return the error for an answer that is not whole."""
        message = tr("the cluster at {hosts} cannot answer in full: {why}", hosts=self._hosts, why=why)
        return NoCluster(message, tr("Ask again when all of it runs; --engine whoosh asks this machine alone."))

    def _no_answer(self, error: opensearchpy.TransportError) -> NoCluster:
        """Return our own error where no node answered at all."""
        if isinstance(error, opensearchpy.SSLError):
            message = tr(
                "no node of {hosts} shows a certificate that holds: {reason}", hosts=self._hosts, reason=_short(error.error)
            )
            return NoCluster(message, tr("Name the certificate of its issuer with ca in the settings."))
        message = tr("no node of {hosts} answers", hosts=self._hosts)
        fault = NoCluster(message, tr("Ask again when it runs; --engine whoosh asks this machine alone."))
        fault.may_pass = self._has_several
        return fault

    def _translate(self, error: opensearchpy.TransportError) -> NoCluster | IndexBusy:
        """Return our own error for one of the library."""
        if not isinstance(error.status_code, int):
            return self._no_answer(error)
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
        if error.status_code == _TOO_MANY:
            message = tr("the cluster at {hosts} has too much to do to answer: {reason}", hosts=self._hosts, reason=_short(kind))
            seconds = seconds_told(error.retry_after if isinstance(error, _TooMany) else "")
            return ClusterBusy(message, tr("Ask again later."), kind, seconds)
        if error.status_code in _UNAVAILABLE or not _UNSETTLED.isdisjoint(_kinds(error.info)):
            return self.passing(_short(kind))
        message = tr("the cluster refused what it was asked ({status}): {reason}", status=error.status_code, reason=_short(kind))
        return RequestRefused(message, tr("docs/opensearch.md says what a cluster needs."), error.status_code, kind)


def path_name(index: str) -> str:
    """Return the name of an index, a document or a task as it stands in a path."""
    return quote(index, safe="")


LONG: Final = _LONG
"""Seconds to wait for what rewrites an index."""


def _too_busy(count: int, seconds: float = 0.0) -> ClusterBusy:
    message = tr("the cluster is too busy to take {count} documents", count=count)
    return ClusterBusy(message, tr("Run the same command again when it is less busy; it goes on where it was."), "", seconds)


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
