"""Publishing: a new generation of the index of a cluster, built beside the one that is read and put in its place in one step.

What is sent is what a reader of the clearance may have, and passes `Collection` as everything does: nothing that is closed,
withheld or sealed. There is no way to give an identity here, so that sealed records stay shut.
"""

import contextlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from archive.authority.authorities import Authorities
from archive.collection.collection import Changes
from archive.engine.opensearch import documents, lexicon, mapping
from archive.engine.opensearch.client import LONG, Cluster, connect, path_name
from archive.engine.opensearch.searcher import OpenSearchEngine
from archive.engine.opensearch.settings import ClusterSettings
from archive.errors import ClusterBusy, IndexBusy, NoCluster
from archive.indexing import _authority_cache as authority_cache
from archive.indexing import _folder_state as folder_state
from archive.indexing import _generations as generations
from archive.indexing._generations import Generation, Owner, SidecarState
from archive.indexing.update import UpdateReport
from archive.language.messages import tr
from archive.named_tuple import NamedTuple
from archive.record.testimony import Clearance, Testimony
from archive.search.labels import plain_data
from archive.storage import atomic, index_state
from archive.storage import lock as locking
from archive.storage.index_state import FileState, is_known
from archive.storage.paths import index_paths

Progress = Callable[[Iterable[str]], Iterable[str]]
"""Wraps the codes to be sent, so that a caller can show how far it is."""
SMALL: Final = 5_000
"""Passages up to which an index is made from nothing: that takes no longer than to copy one and change it."""
SHARE: Final = 5
"""Where more than one in so many records has changed, an index is made from nothing too."""
_SECONDS_TO_WAIT: Final = 1.0
_LONGEST_WAIT: Final = 600.0
"""Seconds that nodes may take to make a copy of an index or of a part of it."""
_WHILE_BUILDING: Final = {"index.refresh_interval": "-1", "index.merge.policy.expunge_deletes_allowed": 0}
_CODES_A_COUNT: Final = 1_000
_CODES_A_NOTE: Final = 50


class PublishOptions(NamedTuple):
    """How much is to be done: from nothing, and looking at the bytes of every file."""

    rebuild: bool = False
    deep: bool = False


class _Sent(NamedTuple):
    """What was sent of a build: up to which record, and how many passages."""

    name: str
    code: str
    passages: int


def publish(
    root: Path, clearance: Clearance, settings: ClusterSettings, wanted: PublishOptions, progress: Progress
) -> UpdateReport:
    """Make the index in the cluster equal to the collection.

    :raises NoCluster: none that answers in full; the index that was there is untouched.
    :raises ForeignIndex: the alias is of something else.
    :raises IndexBusy: another publisher is at work, or was quicker.
    """
    with _alone(index_paths(root, clearance).state.with_suffix(".publisher")):
        return _Publication(root, clearance, settings, wanted, progress).run()


def as_indexed(cluster: Cluster, generation: Generation | None, code: str) -> Testimony | None:
    """Return a record as a generation holds it; None where there is none, or where it is of another version of this program."""
    if generation is None or generation.is_seed or generation.meta["made_by"] != index_state.maker():
        return None
    engine = OpenSearchEngine(cluster, generation.name, lambda: Authorities.from_data({}))
    try:
        found = engine.record(code)
    finally:
        engine.close()
    return found.testimony._replace(body="\n\n".join(passage.text for passage in found.passages)) if found else None


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    """Hold the lock of the publishers of this machine, where something can be written here.

    :raises IndexBusy: another process publishes.
    """
    lock = locking.LockFile(file)
    try:
        is_locked = locking.acquire_within(lock, _SECONDS_TO_WAIT)
    except OSError:  # nothing can be locked here: the alias is the lock that counts
        yield
        return
    if not is_locked:
        message = tr("another process is publishing this collection")
        raise IndexBusy(message, tr("Wait until it is done, then try again."))
    try:
        yield
    finally:
        lock.release()


class _Publication:
    """One publishing, under the lock of this machine."""

    def __init__(
        self, root: Path, clearance: Clearance, settings: ClusterSettings, wanted: PublishOptions, progress: Progress
    ) -> None:
        self.root = root
        self.clearance = clearance
        self.settings = settings
        self.wanted = wanted
        self.progress = progress
        self.cluster: Cluster = connect(settings, settings.publisher)
        self.note = index_paths(root, clearance).state.with_suffix(".publishing")
        places, seen = index_paths(root, clearance), index_state.authorities(root)
        self.owner = Owner.of(authority_cache.authorities(root, places.compiled, seen), clearance)
        self.alias = self.owner.alias(settings)
        self.collection, self.state, self.authorities = folder_state.look(root, clearance, self._read_indexed, deep=wanted.deep)

    def run(self) -> UpdateReport:
        """Publish what has changed, or all, or nothing."""
        old = self._old or generations.seed(self.cluster, self.alias, self.owner)
        told = self._old_state(old)
        changes = (
            self.collection.changes_since(told.files, self._last_known(told)) if told else Changes(self.collection.codes(), ())
        )
        faults = self.collection.faults_told()
        answers = self.state.head().answers
        if told and not self.wanted.rebuild and old.meta.get("answers") == answers and not (changes.anew or changes.gone):
            self._tidy(old)
            return UpdateReport(self.state, 0, rebuilt=False, faults=faults)
        takes_back = self._takes_back(old, told, changes)
        in_parts = told is not None and not takes_back and not self.wanted.rebuild and self._pays(old, changes)
        meta = generations.meta_of(
            self.owner, old.number + 1, generations.BUILDING, answers=answers, takes_back=takes_back, doubts=self._doubts
        )

        def make() -> tuple[str, dict[str, Any]]:
            if not in_parts:
                new, passages = self._build(meta)
                return new, self._complete(new, meta, passages)
            new, passages = self._change(old, changes, meta)
            with self._delete_on_failure(new):
                return new, self._complete(new, meta, passages)

        try:
            new, published = make()
        except NoCluster as fault:
            if not fault.may_pass or isinstance(fault, ClusterBusy):
                raise
            new, published = make()  # a node that went had the only copy of it: those that are left make it anew
        self._swap(old, new, published)
        return UpdateReport(self.state, len(changes.anew) + len(changes.gone), rebuilt=not in_parts, faults=faults)

    @cached_property
    def _old(self) -> Generation | None:
        return generations.current(self.cluster, self.alias, self.owner)

    def _read_indexed(self, code: str) -> Testimony | None:
        """Return a record as the generation that counts holds it, for one whose file cannot be read at present."""
        with contextlib.suppress(Exception):  # git is asked next; whatever is wrong with the cluster is met again below
            return as_indexed(self.cluster, self._old, code)
        return None

    def _old_state(self, old: Generation) -> SidecarState | None:
        """Return what the old generation was made of, None where a new one has nothing in common with it."""
        if old.is_seed or old.meta["testimony"] != generations.LAYOUT or old.meta["made_by"] != index_state.maker():
            return None
        told = generations.read_sidecar(self.cluster, old)
        hashes = {name: record.sha256 for name, record in self.state.authorities.items()}
        return told if told.head["authorities"] == hashes and old.meta.get("doubts") == self._doubts else None

    @cached_property
    def _doubts(self) -> str:
        """Say of records that nobody could read, whose codes are nobody's to know, no more than whether they are the same."""
        kept = [f"{code} {written}" for code, written in sorted(self.collection.last.items()) if not _is_told(written)]
        return index_state.hash_of(lambda: "\n".join(kept).encode()) if kept else ""

    def _last_known(self, told: SidecarState) -> Mapping[str, str]:
        """Return how records were last read that could not be read then, with those that are the same as now in any case."""
        same = {code: written for code, written in self.collection.last.items() if not _is_told(written)}
        return {**told.last, **same}

    def _takes_back(self, old: Generation, told: SidecarState | None, changes: Changes) -> bool:
        """Return whether something may not be read any more that is in the index: then nothing is copied from it."""
        if old.is_seed:
            return False
        if told is None:
            told = generations.read_sidecar(self.cluster, old) if old.meta["testimony"] == generations.LAYOUT else None
        if told is None:
            return True
        files = self.state.file_states
        now = {path for path, state in files.items() if state.readable}
        withheld = {
            path for path in now if files[path].redacted and path in told.files and told.files[path].sha256 != files[path].sha256
        }
        return bool(changes.gone or told.files.keys() - now or withheld)

    def _pays(self, old: Generation, changes: Changes) -> bool:
        """Return whether it is quicker to copy the old generation and change it than to make one from nothing."""
        few = SHARE * (len(changes.anew) + len(changes.gone)) <= len(self.collection.codes())
        return few and old.meta["passages"] > SMALL and old.meta["shards"] == self.settings.shards

    def _build(self, meta: Mapping[str, Any]) -> tuple[str, int]:
        """Make a generation from nothing, or go on with one; returns its name and how many passages it must have."""
        meta = {**meta, "shards": self.settings.shards}
        codes = self.collection.codes()
        sent = self._resumable(meta)
        if sent is None:
            sent = _Sent(generations.new_name(self.alias, meta["number"]), "", 0)
            body = mapping.body(shards=self.settings.shards, replicas=0)
            body["mappings"]["_meta"] = meta
            body["settings"] = {**body["settings"], **_WHILE_BUILDING}
            self._keep_note(sent, meta)  # first: what was made, and the answer lost, is found again
            generations.create(self.cluster, sent.name, body)
        left = [code for code in codes if code > sent.code]
        for some in _in_tens(self.progress(left)):
            count = documents.write(self.cluster, sent.name, self.collection, some)
            sent = sent._replace(code=some[-1], passages=sent.passages + count)
            self._keep_note(sent, meta)
        return sent.name, sent.passages

    def _resumable(self, meta: Mapping[str, Any]) -> _Sent | None:
        """Return what was sent of a build of the same records that was cut off here; another one is deleted."""
        try:
            noted = json.loads(atomic.read_regular(self.note))
            sent = _Sent(str(noted["name"]), str(noted["code"]), int(noted["passages"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None
        found = self.cluster.find("GET", f"{path_name(sent.name)}/_mapping") if sent.name.startswith(f"{self.alias}-") else None
        theirs = found[sent.name]["mappings"].get("_meta") if found else None
        if not theirs or theirs.get("status") != generations.BUILDING:
            return None
        same = ("testimony", "prefix", "name", "clearance", "made_by", "answers", "doubts", "shards")
        health = self.cluster.request("GET", f"_cluster/health/{path_name(sent.name)}")
        is_there = health["status"] != "red" or health.get("initializing_shards")
        if is_there and not self.wanted.rebuild and all(theirs.get(name) == meta.get(name) for name in same):
            # It may have been complete but for its place.
            self.cluster.request("PUT", f"{path_name(sent.name)}/_settings", {**_WHILE_BUILDING, "index.blocks.write": None})
            return sent
        generations.delete(self.cluster, sent.name)
        return None

    def _keep_note(self, sent: _Sent, meta: Mapping[str, Any]) -> None:
        with contextlib.suppress(OSError):  # without it a build that is cut off begins anew
            atomic.put(self.note, json.dumps({**sent._asdict(), "answers": meta["answers"]}).encode(), mode=0o600)

    def _change(self, old: Generation, changes: Changes, meta: Mapping[str, Any]) -> tuple[str, int]:
        """Make a generation of a copy of the old one; returns its name and how many passages it must have."""
        new = generations.new_name(self.alias, meta["number"])
        settings = {
            **_WHILE_BUILDING,
            "index.blocks.write": None,
            "index.number_of_replicas": 0,
            "index.auto_expand_replicas": False,
        }
        out = sorted({*changes.anew, *changes.gone})
        gone = sum(self._count(old.name, some) for some in _slices(out))
        with self._delete_on_failure(new):
            generations.clone(self.cluster, old.name, new, settings)
            self.cluster.wait_for(new, {"yellow", "green"}, _LONGEST_WAIT)
            generations.put_meta(self.cluster, new, {**meta, "shards": old.meta["shards"]})
            documents.delete(self.cluster, new, out)
            sent = documents.write(self.cluster, new, self.collection, self.progress(changes.anew))
        return new, old.meta["passages"] - gone + sent

    @contextmanager
    def _delete_on_failure(self, new: str) -> Iterator[None]:
        try:
            yield
        except BaseException:
            with contextlib.suppress(NoCluster, IndexBusy):
                generations.delete(self.cluster, new)
            raise

    def _count(self, index: str, codes: Iterable[str] | None = None) -> int:
        """Count the passages of some records, or of all."""
        filters: list[dict[str, Any]] = [{"term": {"document": "passage"}}]
        filters += [{"terms": {"code": list(codes)}}] if codes is not None else []
        return int(self.cluster.request("POST", f"{path_name(index)}/_count", {"query": {"bool": {"filter": filters}}})["count"])

    def _complete(self, new: str, meta: Mapping[str, Any], passages: int) -> dict[str, Any]:
        """Look whether a generation is whole, write what goes with it, spread it over the nodes; return what it says of itself.

        What was deleted or sent twice is written out of its files, so that every score is that of an index made in one go.
        """
        cluster, settings = self.cluster, self.settings
        cluster.request("POST", f"{path_name(new)}/_refresh", seconds=LONG)
        if cluster.request("GET", f"{path_name(new)}/_stats/docs")["_all"]["primaries"]["docs"]["deleted"]:
            cluster.request("POST", f"{path_name(new)}/_forcemerge", only_expunge_deletes="true", seconds=LONG)
            cluster.request("POST", f"{path_name(new)}/_refresh", seconds=LONG)
        count = self._count(new)
        if count != passages:
            generations.delete(cluster, new)
            self.note.unlink(missing_ok=True)
            message = tr("the cluster holds {count} passages of {passages}", count=count, passages=passages)
            raise NoCluster(message, tr("The index that was there is untouched; run the same command again."))
        lexicon.write(cluster, new)
        cluster.request("POST", f"{path_name(new)}/_refresh", seconds=LONG)
        head = self.state.head()
        shown = ("readable", "unreadable", "withdrawn", "unread", "unreadable_versions")
        hashes = {name: record.sha256 for name, record in head.authorities.items()}
        last = {code: written for code, written in self.collection.last.items() if _is_told(written)}
        told_of = {*self.collection.codes(), *last}
        told = SidecarState(
            {path: _pointing_at(told_of, state) for path, state in self.state.file_states.items() if state.readable},
            last,
            {**{name: getattr(head, name) for name in shown}, "authorities": hashes},
        )
        authorities = self.authorities.for_readers_of(self.collection.codes())
        parts = generations.write_sidecar(cluster, new, told, authorities, authorities.labels(plain_data))
        spread: dict[str, Any] = {"index.auto_expand_replicas": "0-1"}
        if settings.replicas is not None:
            spread = {"index.number_of_replicas": settings.replicas}
        # What is in files by then is copied to other nodes as files; they would analyse the rest anew.
        cluster.request("POST", f"{path_name(new)}/_flush", seconds=LONG, wait_if_ongoing="true")
        cluster.request(
            "PUT", f"{path_name(new)}/_settings", {**spread, "index.refresh_interval": None, "index.blocks.write": True}
        )
        for each in (new, f"{new}-state"):
            cluster.wait_for(each, {"green"}, _LONGEST_WAIT)
        done = {"status": generations.PUBLISHED, "passages": passages, "testimonies": head.readable, "parts": parts}
        published = {**meta, **done, "shards": settings.shards, "made": generations.now().isoformat()}
        generations.put_meta(cluster, new, published)
        return published

    def _swap(self, old: Generation, new: str, published: Mapping[str, Any]) -> None:
        """Put a generation in the place of the old one, and delete what no reader needs any more."""
        try:
            generations.swap(self.cluster, self.alias, old, new)
        except IndexBusy:
            generations.delete(self.cluster, new)
            self.note.unlink(missing_ok=True)
            raise
        with contextlib.suppress(OSError):
            self.note.unlink(missing_ok=True)
        self._tidy(Generation(new, published))

    def _tidy(self, kept: Generation) -> None:
        """Delete what no reader needs any more."""
        try:
            generations.tidy(self.cluster, self.alias, self.owner, kept)
        except (NoCluster, IndexBusy):
            if kept.meta.get("takes_back"):  # else the next publishing deletes it
                raise


def _is_told(written: str) -> bool:
    """Return whether a record that cannot be read at present may be known to readers: as it was last read, or that it was."""
    return is_known(written)


def _pointing_at(codes: set[str], state: FileState) -> FileState:
    """Return what was seen of a file without the codes that it names of records that readers may not know of."""
    return state._replace(points=tuple(code for code in state.points if code in codes))


def _slices(codes: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(codes), _CODES_A_COUNT):
        yield codes[start : start + _CODES_A_COUNT]


def _in_tens(codes: Iterable[str]) -> Iterator[list[str]]:
    """Yield codes some at a time; after each the build is noted."""
    some: list[str] = []
    for code in codes:
        some.append(code)
        if len(some) == _CODES_A_NOTE:
            yield some
            some = []
    if some:
        yield some
