"""Whether an index still is of the collection: one look at every file, and hardly any reading.

Where the look shows what it showed at the last update, nothing else of the
state is read than its head. Where it does not, which may be for a file that is
none of the collection, what was seen of each record decides.

What was saved within one step of the clock before the look of the update is
hashed. On the usual disks that is nothing, since an update waits for such a
step; where the clock knows whole seconds alone it is what was saved in the last
two of them, some files at most (`archive.storage.record_files.scan_until_stable`). All of a collection
that was just copied is not: on the usual disks no two saves share a time.
"""

from pathlib import Path

from archive.storage import _scan as scan
from archive.storage import atomic, index_state, record_files
from archive.storage.index_state import Head, State
from archive.storage.record_files import Survey


def fresh(state: Path, root: Path) -> Head | None:
    """Return the head of a state, where nothing has changed since it was written; None where anything has."""
    head = index_state.load_head(state)
    if head is None or head.made_by != index_state.maker():
        return None
    looked = scan.at(root / record_files.FOLDER, record_files.FOLDER)
    if not head.digest or head.digest != looked.digest():
        whole = index_state.load(state)
        if not _is_of(whole, record_files.to_survey(looked, root)):
            return None
        head = whole.head()
    return head if _stands(head, root) else None


def is_fresh(state: State, survey: Survey, root: Path) -> bool:
    """Return whether nothing has changed since a state was written, going by what was seen of each record."""
    return _is_of(state, survey) and _stands(state.head(), root)


def _is_of(state: State, survey: Survey) -> bool:
    """Return whether the records of a state are those that lie in the folder, by size, times and identity of each."""
    known, seen = state.file_states, survey.fingerprints()
    return (
        state.refused == survey.unreadable_files()
        and len(known) == len(seen)
        and all(path in known and known[path].fingerprint == fingerprint for path, fingerprint in seen.items())
    )


def _stands(head: Head, root: Path) -> bool:
    """Return whether index and authorities are what they were, and whether files in doubt hold what they held."""
    seen = index_state.authority_looks(root)
    return (
        head.made_by == index_state.maker()
        and {name: authority.fingerprint for name, authority in head.authorities.items()}
        == {name: authority[1] for name, authority in seen.items()}
        and all(index_state.hash_of(record_files.read_bytes, root, path) == sha256 for path, sha256 in head.doubted.items())
        and all(
            index_state.hash_of(atomic.read_linked, seen[name][0]) == head.authorities[name].sha256
            for name in head.authorities_in_doubt
        )
    )
