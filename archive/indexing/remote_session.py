"""An index in a cluster that is open to be read: which generation counts, and what has been closed here since it was made.

The records lie on this machine too. Where they are others than those that the generation was made of, that is said with every
answer; what is closed, withdrawn, withheld or gone here is in none, nor is any reference to it.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, TypeVar

from archive.engine.opensearch.client import Cluster, connect, named
from archive.engine.opensearch.searcher import OpenSearchEngine
from archive.engine.opensearch.settings import ClusterSettings, is_set, load
from archive.errors import ArchiveError, IndexBusy, NoCluster
from archive.indexing import _authority_cache as authority_cache
from archive.indexing import _folder_state as folder_state
from archive.indexing import _generations as generations
from archive.indexing import _publishing as publishing
from archive.indexing import update as local
from archive.indexing._generations import Generation, Owner, SidecarState
from archive.indexing.session import IndexSession
from archive.language.messages import tr
from archive.record.passages import passage_without_unreadable, without_unreadable
from archive.record.testimony import CLEARANCES, Passage, Reference, Testimony
from archive.search.model import Hit, Query, Record, RecordOutline, Results
from archive.storage import index_state
from archive.storage.index_state import FileState, Head, State
from archive.storage.manifest import FileRecord
from archive.storage.paths import index_paths
from archive.storage.record_files import code_of
from archive.text import count_of

if TYPE_CHECKING:
    from archive.indexing.update import UpdateReport
    from archive.search.engine import Engine

_T = TypeVar("_T")


class RemoteSession(IndexSession):
    """The index of a collection for a clearance in a cluster, opened when it is first asked.

    Sealed records that are opened are in no cluster: with an identity that opens some, all is indexed in memory here.
    """

    _files: Mapping[str, FileState] | None = None
    _as_opened: tuple[Cluster, str, Generation, str] | None = None
    """The cluster, the alias and the generation that were opened, and the state of the folder then."""

    def is_current(self) -> bool:
        """Return whether what is open is still the generation that counts, and the folder what it was.

        :raises NoCluster: the cluster does not answer in full.
        """
        if self._as_opened is None or "opened" not in self.__dict__ or self._memory:
            return super().is_current()
        cluster, alias, generation, answers = self._as_opened
        if folder_state.head(self.root, self.clearance).answers != answers:
            return False
        return generation.name in (cluster.find("GET", f"{named(alias)}/_alias") or ())

    def run(self, ask: "Callable[[Engine], _T]") -> _T:
        """Ask the engine; where another generation took the place of the one that is read, ask that, but never in the middle.

        :raises IndexBusy: it was replaced after something had been answered.
        :raises NoCluster: the cluster does not answer in full.
        """
        if self.opened and self._memory:
            return super().run(ask)
        try:
            answer = ask(self.opened[0])
        except IndexBusy:
            if self._has_answered:
                raise
            self.close()
            answer = ask(self.opened[0])
        self._has_answered = True
        return answer

    def _fresh(self, unreadable: Mapping[str, FileRecord] | None = None) -> "tuple[Engine, Head]":
        """Open the generation that counts.

        :raises NoCluster: no cluster is set, none answers in full, or nothing has been published.
        :raises ForeignIndex: the alias is of something else.
        """
        del unreadable
        self._memory = None
        unsealed = self._unsealed()
        if unsealed:
            return unsealed
        settings = load(self.clearance)
        cluster = connect(settings, settings.reader)
        head = folder_state.head(self.root, self.clearance)
        alias, generation = self._generation(cluster, settings)
        generations.refuse_other_version(generation)
        self._as_opened = cluster, alias, generation, head.answers
        self._authorities = generations.read_authorities(cluster, generation)
        hidden: frozenset[str] = frozenset()
        self._files = None
        if generation.meta["answers"] != head.answers:
            state = folder_state.whole(self.root, self.clearance)
            sidecar = generations.read_sidecar(cluster, generation)
            changed, hidden = compared(state, sidecar)
            self._files = {path: file for path, file in sidecar.files.items() if code_of(path) not in hidden}
            head = self._head(head, generation, sidecar, hidden)
            self._say_stale(generation, changed)
        engine = OpenSearchEngine(cluster, generation.name, self._loaded_authorities, hidden)
        return (_Guarded(engine, hidden) if hidden else engine), head

    def _generation(self, cluster: Cluster, settings: ClusterSettings) -> tuple[str, Generation]:
        seen = index_state.authorities(self.root)
        authorities = authority_cache.authorities(self.root, index_paths(self.root, self.clearance).compiled, seen)
        owner = Owner.of(authorities, self.clearance)
        alias = owner.alias(settings)
        found = generations.current(cluster, alias, owner)
        if found is None or found.is_seed:
            message = tr("nothing of this collection has been published for {clearance} records", clearance=self.clearance)
            raise NoCluster(message, tr("`testimony --engine opensearch index` publishes it."))
        return alias, found

    def _head(self, here: Head, generation: Generation, sidecar: SidecarState, hidden: frozenset[str]) -> Head:
        """Return what is known of an older generation: what was in it, and what has been taken back here since."""
        told = sidecar.head
        return here._replace(
            readable=told["readable"] - len(hidden),
            unreadable=told["unreadable"],
            withdrawn=tuple(sorted({*told["withdrawn"], *here.withdrawn})),
            unread=tuple(sorted({*told["unread"], *here.unread})),
            unreadable_versions=tuple(sorted({*told["unreadable_versions"], *here.unreadable_versions})),
            answers=hashlib.sha256("\0".join((generation.name, *sorted(hidden))).encode()).hexdigest(),
        )

    def _say_stale(self, generation: Generation, changed: int) -> None:
        """Say as of when the answers are, and how many records have changed since."""
        made = generation.made.strftime("%Y-%m-%d %H:%M UTC")
        if changed:
            records = count_of(changed, "record has", "records have")
            self._say(
                tr(
                    "answers are as of {made}, from the cluster; {records} changed here since:"
                    " `testimony --engine opensearch index` publishes them",
                    made=made,
                    records=records,
                )
            )
        else:
            self._say(
                tr(
                    "answers are as of {made}, from the cluster; the authorities changed here since:"
                    " `testimony --engine opensearch index` publishes them",
                    made=made,
                )
            )

    def _state(self) -> State:
        """Return what is known of each file of which an answer may tell."""
        if self._memory:
            return self._memory
        self.opened  # noqa: B018 - opening finds out whether the folder is what the generation was made of
        state = folder_state.whole(self.root, self.clearance)
        return state if self._files is None else state._replace(file_states=self._files)

    def update(self, *, rebuild: bool = False, deep: bool = False) -> "UpdateReport":
        """Publish the collection as it is now, and report; bring the indexes that lie on this machine up to date too.

        :raises NoCluster: no cluster is set, or it does not answer in full; what was published stays.
        """
        settings = load(self.clearance)
        wanted = publishing.PublishOptions(rebuild=rebuild, deep=deep)
        report = publishing.publish(self.root, self.clearance, settings, wanted, self._progress)
        for other in CLEARANCES:
            if index_paths(self.root, other).base.exists():
                self._refresh_local(other)
            if other != self.clearance and is_set(other):
                self._say(tr("the {other} index in the cluster is published by itself: add --clearance {other}", other=other))
        return report

    def _refresh_local(self, clearance: str) -> None:
        """Bring an index on this machine up to date, so that no words stay in it that are gone."""
        try:
            local.refresh(self.root, next(each for each in CLEARANCES if each == clearance), local.UpdateOptions())
        except (ArchiveError, OSError) as error:
            reason = error.message if isinstance(error, ArchiveError) else error.strerror or type(error).__name__
            self._say(
                tr(
                    "the {other} index may hold words that are gone, and cannot be refreshed ({told})",
                    other=clearance,
                    told=reason,
                )
            )


def compared(here: State, sidecar: SidecarState) -> tuple[int, frozenset[str]]:
    """Return how many records are others here than in a generation, and the codes of those that may not be shown any more.

    A record is not shown that is closed, withdrawn or gone here; nor one that withholds words here and was another then, since it
    may show there what is withheld now.
    """
    now = _hashes(here.file_states)
    then = _hashes(sidecar.files)
    unread = {code for code, written in here.last.items() if sidecar.last.get(code) != written}
    changed = {code for code in {*now, *then} if now.get(code) != then.get(code)} | (unread & then.keys())
    withholding = {code_of(path) for path, file in here.file_states.items() if file.readable and file.redacted}
    gone = then.keys() - now.keys()
    versions_gone = {code for code in changed & now.keys() & then.keys() if then[code].keys() - now[code].keys()}
    return len(changed), frozenset(gone | versions_gone | (withholding & changed & then.keys()))


def _hashes(files: Mapping[str, FileState]) -> dict[str, dict[str, str]]:
    """Return the hash of each file that can be read, by the code of its record and its path."""
    hashes: dict[str, dict[str, str]] = {}
    for path, file in files.items():
        if file.readable:
            hashes.setdefault(code_of(path), {})[path] = file.sha256
    return hashes


class _Guarded:
    """An engine whose answers name no record that may not be shown any more.

    :param hidden: their codes; the engine itself gives none of their passages.
    """

    def __init__(self, engine: "Engine", hidden: frozenset[str]) -> None:
        self._engine = engine
        self._hidden = hidden

    @property
    def generation(self) -> str:
        """The generation that is open."""
        return self._engine.generation

    def search(self, query: Query) -> Results:
        """Answer a query."""
        results = self._engine.search(query)
        hits = tuple(self._hit(hit) for hit in results.hits if hit.passage.code not in self._hidden)
        return results._replace(hits=hits)

    def record(self, code: str) -> Record | None:
        """Return a record, or None where there is none of that code."""
        record = self._engine.record(code) if code not in self._hidden else None
        if record is None:
            return None
        return record._replace(testimony=self._testimony(record.testimony), passages=tuple(map(self._passage, record.passages)))

    def places(self, sha256: str, language: str = "") -> tuple[Reference, ...]:
        """Return where the words with a hash stand, in archive order; 16 digits of it are enough."""
        return tuple(place for place in self._engine.places(sha256, language) if place.code not in self._hidden)

    def codes(self) -> Iterator[str]:
        """Yield every code in archive order."""
        return (code for code in self._engine.codes() if code not in self._hidden)

    def outlines(self) -> Iterator[RecordOutline]:
        """Yield every record without its words, in no order."""
        for outline in self._engine.outlines():
            if outline.testimony.code not in self._hidden:
                yield outline._replace(testimony=self._testimony(outline.testimony))

    def close(self) -> None:
        """Let go of the index."""
        self._engine.close()

    def _is_shown(self, code: str) -> bool:
        return code not in self._hidden

    def _hit(self, hit: Hit) -> Hit:
        return hit._replace(testimony=self._testimony(hit.testimony), passage=self._passage(hit.passage))

    def _testimony(self, testimony: Testimony) -> Testimony:
        return without_unreadable(testimony, self._is_shown)

    def _passage(self, passage: Passage) -> Passage:
        return passage_without_unreadable(passage, self._is_shown)
