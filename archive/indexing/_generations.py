"""The generations of an index in a cluster: which one counts, what each says of itself, how one takes another's place.

A generation is an index of its own, never written to after it counts. Its mapping says of which collection and
clearance it is, and what it was made of; beside it lies a second index, ``NAME-state``, with what was seen of each file and
with the authorities. The alias is the lock: it is moved in one step from the generation that a publisher began from, and
the step fails where it is somewhere else by now.
"""

import base64
import json
import secrets
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from archive.authority.authorities import Authorities
from archive.engine.opensearch.batches import Operation
from archive.engine.opensearch.client import LONG, Cluster, path_name
from archive.engine.opensearch.settings import ClusterSettings
from archive.errors import DamagedIndex, ForeignIndex, IndexBusy, NoCluster, RequestRefused
from archive.language.messages import tr
from archive.named_tuple import NamedTuple
from archive.record.testimony import Clearance
from archive.storage import index_state
from archive.storage.index_state import FileState
from archive.storage.record_files import Fingerprint

LAYOUT: Final = 2
"""Raised when what a generation says of itself changes, or how that lies beside it."""
SEED, BUILDING, PUBLISHED = "seed", "building", "published"
KEPT: Final = timedelta(hours=1)
"""How long a generation is kept for those who read it, after another took its place."""
_UNFINISHED: Final = timedelta(days=1)
_FILES_A_PART: Final = 2000
_LETTERS_A_PART: Final = 4_000_000
_PACKED: Final = 1  # how hard a part is packed: more takes several times as long, and saves little
_NEVER: Final = Fingerprint(-1, -1, -1, -1)
_STATE: Final = "-state"
_EXISTS: Final = "resource_already_exists_exception"
_STATE_BODY: Final = {"mappings": {"dynamic": "strict", "properties": {"part": {"type": "binary"}}}}


class Owner(NamedTuple):
    """Whose an index is: a collection, by its prefix and name, as a clearance sees it."""

    prefix: str
    name: str
    clearance: Clearance

    @classmethod
    def of(cls, authorities: Authorities, clearance: Clearance) -> "Owner":
        """Return the owner of the indexes of a collection."""
        return cls(authorities.prefix, authorities.name(), clearance)

    def alias(self, settings: ClusterSettings) -> str:
        """Return the name under which readers ask for the generation that counts: the collection gives its first part at most."""
        return f"{settings.alias or self.prefix.lower()}-{self.clearance}"


class Generation(NamedTuple):
    """An index and what it says of itself."""

    name: str
    meta: Mapping[str, Any]

    @property
    def number(self) -> int:
        """Return how many took another's place before."""
        return int(self.meta["number"])

    @property
    def made(self) -> datetime:
        """Return when it was made."""
        return datetime.fromisoformat(self.meta["made"])

    @property
    def is_seed(self) -> bool:
        """Return whether it is the empty one that stands where none has been published."""
        return str(self.meta["status"]) == SEED


class SidecarState(NamedTuple):
    """What lies beside a generation: what a reader may know of its files, and of what could not be read."""

    files: Mapping[str, FileState]
    last: Mapping[str, str]
    head: Mapping[str, Any]


def now() -> datetime:
    """Return the time, as generations say it."""
    return datetime.now(tz=UTC).replace(microsecond=0)


def current(cluster: Cluster, alias: str, owner: Owner) -> Generation | None:
    """Return the generation that an alias names; None where there is no such alias.

    :raises ForeignIndex: it names several, or one of another collection or clearance.
    :raises NoCluster: the cluster cannot be asked.
    """
    found = cluster.find("GET", f"{path_name(alias)}/_mapping")
    if not found:
        return None
    if len(found) != 1:
        message = tr("the alias {alias} names {indexes}, not one index", alias=alias, indexes=", ".join(sorted(found)))
        raise ForeignIndex(message, tr("Take all but the newest from it; docs/opensearch.md says how."))
    [(index, told)] = found.items()
    generation = Generation(index, told["mappings"].get("_meta") or {})
    refuse_foreign(generation, alias, owner)
    return generation


def is_named(cluster: Cluster, alias: str, index: str) -> bool:
    """Return whether an alias names an index.

    :raises NoCluster: the cluster cannot be asked.
    """
    return index in (cluster.find("GET", f"{path_name(alias)}/_mapping") or ())


def refuse_foreign(generation: Generation, alias: str, owner: Owner) -> None:
    """Refuse a generation that is of another collection or clearance.

    :raises ForeignIndex: it is.
    """
    meta = generation.meta
    if meta.get("testimony") is None or not all(isinstance(meta.get(name), str) for name in ("status", "made", "made_by")):
        message = tr("the alias {alias} is of an index that no testimony program made", alias=alias)
        raise ForeignIndex(message, tr("Choose another first part of the alias in the settings (alias)."))
    theirs = (meta.get("prefix"), meta.get("name"), meta.get("clearance"))
    if theirs != owner:
        message = tr(
            "the alias {alias} is of another collection: {name} ({clearance})",
            alias=alias,
            name=str(theirs[1]),
            clearance=str(theirs[2]),
        )
        raise ForeignIndex(message, tr("Choose another first part of the alias in the settings (alias)."))


def refuse_other_version(generation: Generation) -> None:
    """Refuse a generation that another version of this program made: what it stores may mean something else.

    :raises ForeignIndex: it is of one.
    """
    made_by = generation.meta["made_by"]
    if generation.meta["testimony"] != LAYOUT or (made_by != index_state.maker() and not generation.is_seed):
        message = tr(
            "the index in the cluster was made by version {theirs} of this program, and this is {ours}",
            theirs=made_by,
            ours=index_state.maker(),
        )
        raise ForeignIndex(message, tr("Use the same version, or publish anew with `testimony --engine opensearch index`."))


def seed(cluster: Cluster, alias: str, owner: Owner) -> Generation:
    """Make an empty index with the alias in one step, so that there is something to be the first to take the place of.

    :raises IndexBusy: another publisher was quicker.
    """
    meta = meta_of(owner, 0, SEED, by=secrets.token_hex(8))
    index = f"{alias}-000000"
    body = {"aliases": {alias: {}}, "settings": _small(), "mappings": {"dynamic": "strict", "_meta": meta}}
    create(cluster, index, body)
    return Generation(index, meta)


def create(cluster: Cluster, index: str, body: Mapping[str, Any]) -> None:
    """Make an index; one that is there is the same where what it says of itself is: it was made, and the answer lost.

    :raises IndexBusy: it is another publisher's.
    """
    try:
        cluster.request("PUT", path_name(index), body)
    except RequestRefused as refused:
        if refused.kind != _EXISTS:
            raise
        there = cluster.request("GET", f"{path_name(index)}/_mapping")[index]["mappings"]
        if there.get("_meta") != body["mappings"].get("_meta"):
            raise _busy() from None


def clone(cluster: Cluster, old: str, new: str, settings: Mapping[str, Any]) -> None:
    """Make a copy of an index, under a name that nobody else has drawn."""
    try:
        cluster.request("POST", f"{path_name(old)}/_clone/{path_name(new)}", {"settings": settings}, seconds=LONG)
    except RequestRefused as refused:
        if refused.kind != _EXISTS:  # it was made, and the answer lost
            raise


def _small() -> dict[str, Any]:
    return {"number_of_shards": 1, "number_of_replicas": 0, "auto_expand_replicas": "0-1"}


def _busy() -> IndexBusy:
    message = tr("another publisher was quicker: the alias names another index by now")
    return IndexBusy(message, tr("Run it again."))


def meta_of(owner: Owner, number: int, status: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Return what an index says of itself."""
    meta = {"testimony": LAYOUT, **owner._asdict(), "made_by": index_state.maker(), "made": now().isoformat()}
    return {**meta, "number": number, "status": status, **more}


def new_name(alias: str, number: int) -> str:
    """Return the name of a generation, which no other publisher chooses."""
    return f"{alias}-{number:06d}-{secrets.token_hex(4)}"


def put_meta(cluster: Cluster, index: str, meta: Mapping[str, Any]) -> None:
    """Say in the mapping of an index what it is."""
    cluster.request("PUT", f"{path_name(index)}/_mapping", {"_meta": dict(meta)})


# What lies beside a generation


def write_sidecar(cluster: Cluster, index: str, told: SidecarState, authorities: Authorities, labels: Any) -> dict[str, int]:  # noqa: ANN401
    """Write what lies beside a generation; returns how many parts there are of each kind.

    :param labels: of the vocabularies, as the index beside which the authorities lie needs them.
    """
    lines = authorities.as_copy(labels).decode()
    parts: dict[str, list[Any]] = {
        "authorities": [lines[start : start + _LETTERS_A_PART] for start in range(0, len(lines), _LETTERS_A_PART)],
        "files": list(_in_parts([[path, state.sha256, list(state.points)] for path, state in sorted(told.files.items())])),
        "last": list(_in_parts([[code, written] for code, written in sorted(told.last.items())])),
        "head": [dict(told.head)],
    }
    beside = index + _STATE
    cluster.find("DELETE", path_name(beside))
    create(cluster, beside, {"settings": _small(), **_STATE_BODY})
    cluster.bulk(beside, _operations(parts))
    cluster.request("POST", f"{path_name(beside)}/_refresh")
    cluster.request("PUT", f"{path_name(beside)}/_settings", {"index.blocks.write": True})
    return {kind: len(every) for kind, every in parts.items()}


def _in_parts(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), _FILES_A_PART):
        yield rows[start : start + _FILES_A_PART]


def _operations(parts: Mapping[str, Sequence[Any]]) -> Iterator[Operation]:
    for kind, every in parts.items():
        for number, part in enumerate(every):
            packed = zlib.compress(json.dumps(part, ensure_ascii=False).encode("utf-8", "surrogatepass"), _PACKED)
            yield {"index": {"_id": f"{kind}-{number}"}}, {"part": base64.b64encode(packed).decode("ascii")}


def _parts(cluster: Cluster, generation: Generation, kind: str) -> Iterator[Any]:
    """Yield the parts of a kind.

    :raises DamagedIndex: one is not there, or not as it was written.
    """
    beside = generation.name + _STATE
    for number in range(generation.meta["parts"][kind]):
        found = cluster.request("GET", f"{path_name(beside)}/_doc/{path_name(f'{kind}-{number}')}")
        try:
            packed = base64.b64decode(found["_source"]["part"], validate=True)
            yield json.loads(zlib.decompress(packed).decode("utf-8", "surrogatepass"))
        except (KeyError, TypeError, ValueError, zlib.error):
            message = tr("the index in the cluster is damaged: {what}", what=f"{beside} {kind}-{number}")
            raise DamagedIndex(message, tr("`testimony --engine opensearch index --rebuild` makes it anew.")) from None


def read_authorities(cluster: Cluster, generation: Generation) -> Authorities:
    """Return the authorities as they were when a generation was made."""
    return Authorities.from_copy("".join(_parts(cluster, generation, "authorities")).encode())


def read_sidecar(cluster: Cluster, generation: Generation) -> SidecarState:
    """Return what lies beside a generation."""
    files = {
        path: FileState(_NEVER, sha256, readable=True, faulty=False, points=tuple(points))
        for part in _parts(cluster, generation, "files")
        for path, sha256, points in part
    }
    last = {code: written for part in _parts(cluster, generation, "last") for code, written in part}
    [head] = _parts(cluster, generation, "head")
    return SidecarState(files, last, head)


# One takes another's place


def swap(cluster: Cluster, alias: str, old: Generation, new: str) -> None:
    """Move an alias in one step from one index to another.

    :raises IndexBusy: it does not name the old one any more: another publisher was quicker.
    """
    actions = [
        {"remove": {"index": old.name, "alias": alias, "must_exist": True}},
        {"add": {"index": new, "alias": alias, "is_write_index": False}},
    ]

    def move() -> None:
        try:
            answer = cluster.request("POST", "_aliases", {"actions": actions})
        except (RequestRefused, IndexBusy, NoCluster) as error:
            if is_named(cluster, alias, new):
                return  # it was done, and the answer lost
            if isinstance(error, IndexBusy) or (isinstance(error, RequestRefused) and error.status == 404):  # noqa: PLR2004 - HTTP
                raise _busy() from None
            raise
        if not answer.get("acknowledged") and not is_named(cluster, alias, new):
            raise cluster.passing(tr("it ran out of time"))

    cluster.patiently(move)


def delete(cluster: Cluster, index: str) -> None:
    """Delete an index, and what lies beside it, where they are there."""
    for each in (index + _STATE, index):
        cluster.find("DELETE", path_name(each))


def tidy(cluster: Cluster, alias: str, owner: Owner, kept: Generation, spared: str = "") -> None:
    """Delete what no reader needs any more: generations whose place was taken an hour ago, and builds left a day ago.

    Where the one that counts was made since something had to be taken back, all others go at once.

    :param kept: the one that counts.
    :param spared: a build that goes on.
    """
    found = cluster.find("GET", f"{path_name(alias)}-*/_mapping") or {}
    for index, mapping in found.items():
        meta = mapping["mappings"].get("_meta") or {}
        is_ours = (meta.get("prefix"), meta.get("name"), meta.get("clearance")) == owner
        if index in {kept.name, spared} or not is_ours:
            continue
        if kept.meta.get("takes_back"):
            delete(cluster, index)
        elif meta.get("status") == BUILDING:
            if _age(meta["made"]) > _UNFINISHED:
                delete(cluster, index)
        elif "retired" not in meta:
            put_meta(cluster, index, {**meta, "retired": now().isoformat()})
        elif _age(meta["retired"]) > KEPT:
            delete(cluster, index)


def _age(moment: str) -> timedelta:
    return now() - datetime.fromisoformat(moment)
