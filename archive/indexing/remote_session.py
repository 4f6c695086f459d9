"""An index in a cluster that is open to be read: which generation counts, and what has been closed here since it was made.

The records lie on this machine too. Where they are others than those that the generation was made of, that is said with every
answer; what is closed, withdrawn, withheld or gone here is in none, nor is any reference to it.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from archive.collection import last_read
from archive.collection.collection import Collection, codes_affected
from archive.engine.opensearch import documents
from archive.engine.opensearch.amendments import NOTHING_TAKEN_BACK, TakenBack
from archive.engine.opensearch.client import Cluster, connect
from archive.engine.opensearch.searcher import OpenSearchEngine
from archive.engine.opensearch.settings import ClusterSettings, is_set, load
from archive.errors import ArchiveError, IndexBusy, NoCluster
from archive.indexing import _authority_cache as authority_cache
from archive.indexing import _folder_state as folder_state
from archive.indexing import _generations as generations
from archive.indexing import _publishing as publishing
from archive.indexing import update as local_update
from archive.indexing._generations import Generation, Owner, SidecarState
from archive.indexing.session import IndexSession
from archive.language.messages import tr
from archive.named_tuple import NamedTuple
from archive.record.passages import points_at
from archive.record.testimony import CLEARANCES
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


class FolderDifference(NamedTuple):
    """How a folder differs from a generation: how many records, of which nothing may be shown, and which it knows too much of.

    ``left_out``: how many are open here all the same, but not as the generation has them, so that nothing can be shown of them.
    ``no_longer_unread``: codes that could not be read then, and are closed, withdrawn or gone now.
    """

    changed: int
    hidden: frozenset[str]
    amended: frozenset[str]
    left_out: int
    no_longer_unread: frozenset[str]


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
        indexed = partial(publishing.as_indexed, cluster, generation)
        if folder_state.head(self.root, self.clearance, indexed).answers != answers:
            return False
        return generations.is_named(cluster, alias, generation.name)

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
        unsealed = self._index_sealed()
        if unsealed:
            return unsealed
        settings = load(self.clearance)
        cluster = connect(settings, settings.reader)
        alias, generation = self._generation(cluster, settings)
        generations.refuse_other_version(generation)
        indexed = partial(publishing.as_indexed, cluster, generation)
        head = folder_state.head(self.root, self.clearance, indexed)
        self._as_opened = cluster, alias, generation, head.answers
        self._authorities = generations.read_authorities(cluster, generation)
        taken_back = NOTHING_TAKEN_BACK
        self._files = None
        if generation.meta["answers"] != head.answers:
            collection, state, _ = folder_state.look(self.root, self.clearance, indexed)
            sidecar = generations.read_sidecar(cluster, generation)
            found = compare(state, sidecar)
            self._files = {path: file for path, file in sidecar.files.items() if code_of(path) not in found.hidden}
            head = self._head(head, generation, sidecar, found)
            self._say_stale(generation, found)
            if found.hidden or found.amended:
                taken_back = self._withdrawals(found, collection)
        return OpenSearchEngine(cluster, generation.name, self._authorities_in_use, taken_back), head

    def _withdrawals(self, found: FolderDifference, collection: Collection) -> TakenBack:
        """Return what may not be shown of a generation, with what gives the documents of records as they are without that."""
        if self._authorities is not None and self._files is not None:
            self._authorities = self._authorities.for_readers_of(map(code_of, self._files))
        return TakenBack(found.hidden, found.amended, partial(documents.documents_of, collection))

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

    def _head(self, here: Head, generation: Generation, sidecar: SidecarState, found: FolderDifference) -> Head:
        """Return what is known of an older generation: what was in it, and what has been taken back here since."""
        told = sidecar.head
        versions = {path for path in told["unreadable_versions"] if code_of(path) not in found.hidden | found.no_longer_unread}
        return here._replace(
            readable=told["readable"] - len(found.hidden),
            unreadable=told["unreadable"] - len(found.no_longer_unread) + len(found.hidden.intersection(here.unread)),
            withdrawn=tuple(sorted({*told["withdrawn"], *here.withdrawn})),
            unread=tuple(sorted({*told["unread"], *here.unread} - found.no_longer_unread)),
            unreadable_versions=tuple(sorted({*versions, *here.unreadable_versions})),
            answers=hashlib.sha256("\0".join((generation.name, *sorted(found.hidden))).encode()).hexdigest(),
        )

    def _say_stale(self, generation: Generation, found: FolderDifference) -> None:
        """Say as of when the answers are, how many records have changed since, and what is left out."""
        made = generation.made.strftime("%Y-%m-%d %H:%M UTC")
        if found.changed:
            records = count_of(found.changed, "record has", "records have")
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
        if found.hidden or found.no_longer_unread:
            self._say(
                tr(
                    "what has been taken back here since, or cannot be read, is in no answer and in no count;"
                    " only the order by relevance still weighs its words"
                )
            )
        if found.left_out:
            records = count_of(found.left_out, "record is", "records are")
            self._say(
                tr(
                    "{records} left out until that is published: what they are now is not in the cluster,"
                    " and what is there may not be shown any more",
                    records=records,
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
            local_update.refresh(self.root, next(each for each in CLEARANCES if each == clearance), local_update.UpdateOptions())
        except (ArchiveError, OSError) as error:
            reason = error.message if isinstance(error, ArchiveError) else error.strerror or type(error).__name__
            self._say(
                tr(
                    "the {other} index may hold words that are gone, and cannot be refreshed ({told})",
                    other=clearance,
                    told=reason,
                )
            )


def compare(here: State, sidecar: SidecarState) -> FolderDifference:
    """Compare what lies here with what a generation was made of.

    A record is not shown that is closed, withdrawn or gone here; nor one that withholds words here and was another then, since it
    may show there what is withheld now. What others have of such a record, its notes or references to it, they have no more: they
    are shown as they are here, or not at all where their own words are others here.
    """
    now = _hashes(here.file_states)
    then = _hashes(sidecar.files)
    unread = {code for code, written in here.last.items() if sidecar.last.get(code) != written}
    changed = {code for code in {*now, *then} if now.get(code) != then.get(code)} | (unread & then.keys())
    withholding = {code_of(path) for path, file in here.file_states.items() if file.readable and file.redacted}
    gone = then.keys() - now.keys()
    versions_gone = {code for code in changed & now.keys() & then.keys() if then[code].keys() - now[code].keys()}
    hidden = gone | versions_gone | (withholding & changed & then.keys())
    # One that could not be read then left its notes with others all the same.
    no_longer_unread = sidecar.last.keys() - here.last.keys() - now.keys()
    amended = _knowing(hidden | no_longer_unread, sidecar) & then.keys()
    hidden |= amended & changed
    left_out = len(hidden & now.keys())
    return FolderDifference(len(changed), frozenset(hidden), frozenset(amended - hidden), left_out, frozenset(no_longer_unread))


def _knowing(codes: set[str], sidecar: SidecarState) -> set[str]:
    """Return the records that may have something of some others in a generation, without these."""
    if not codes:
        return set()
    pointing: list[tuple[str, Iterable[str]]] = [(code_of(path), file.points) for path, file in sidecar.files.items()]
    unread = [last_read.unpack(written) for written in sidecar.last.values() if written]
    pointing += [(testimony.code, points_at(testimony)) for testimony in unread]
    return codes_affected(codes, pointing) - codes


def _hashes(files: Mapping[str, FileState]) -> dict[str, dict[str, str]]:
    """Return the hash of each file that can be read, by the code of its record and its path."""
    hashes: dict[str, dict[str, str]] = {}
    for path, file in files.items():
        if file.readable:
            hashes.setdefault(code_of(path), {})[path] = file.sha256
    return hashes
