"""One look at the folder, compared by one digest: whatever became of one file among many is seen by the next search."""

import hashlib
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

import endurance
import made_up
from archive import __main__ as main
from archive import system
from archive.archive import Archive
from archive.record.testimony import PUBLIC
from archive.search.model import Query
from archive.storage import _filenames as filenames
from archive.storage import _scan as scan
from archive.storage import freshness, index_state, record_files
from archive.storage._scan import DirectoryScan, FolderListing
from archive.storage.paths import index_paths
from archive.storage.record_files import TICK
from disk import adopt
from examples import examples

ONE, OTHER = "testimonies/NKT-9007-made-up.md", "testimonies/NKT-9011-made-up.md"


def record(number: int, words: str) -> str:
    """Write a made-up record of one passage."""
    return made_up.record(made_up.header(f"NKT-{9000 + number}"), words)


def digest(root: Path) -> str:
    """Look at a collection."""
    return scan.at(root / record_files.FOLDER, record_files.FOLDER).digest()


def found(root: Path, word: str) -> list[str]:
    """Give the codes of the records that have a word, as a reader's command does."""
    with Archive(root) as room:
        return sorted({hit.passage.code for hit in room.answer(Query(word, limit=None)).hits})


@pytest.fixture
def many(root: Path) -> Path:
    """Twenty records with their index, two of them in a folder of their own."""
    made_up.collection(root, *(record(number, f"The coal mine, {number}.") for number in range(1, 21)))
    inside = root / "testimonies/more"
    inside.mkdir()
    for number in (19, 20):
        file = root / f"testimonies/NKT-{9000 + number}-made-up.md"
        file.rename(inside / file.name)
    endurance.update(root)
    return root


def _edited(root: Path) -> None:
    """In place, and to the same size."""
    with (root / ONE).open("r+b") as opened:
        content = opened.read().replace(b"coal", b"gold")
        opened.seek(0)
        opened.write(content)


def _edited_and_set_back(root: Path) -> None:
    looked = (root / ONE).stat()
    _edited(root)
    os.utime(root / ONE, ns=(looked.st_atime_ns, looked.st_mtime_ns))


def _edited_below(root: Path) -> None:
    file = root / "testimonies/more/NKT-9019-made-up.md"
    file.write_bytes(file.read_bytes().replace(b"coal", b"gold"))


def _put_in_its_place(root: Path) -> None:
    """The same bytes and the same times, in another file."""
    looked, beside = (root / ONE).stat(), root / "beside"
    beside.write_bytes((root / ONE).read_bytes())
    os.utime(beside, ns=(looked.st_atime_ns, looked.st_mtime_ns))
    beside.replace(root / ONE)


def _exchanged(root: Path) -> None:
    """Two files that take each other's name: the same names, and the same files."""
    (root / ONE).rename(root / "aside")
    (root / OTHER).rename(root / ONE)
    (root / "aside").rename(root / OTHER)


def _exchanged_with_a_link(root: Path) -> None:
    (root / ONE).rename(root / "aside")
    (root / ONE).symlink_to(root / "aside")


def _in_its_place_a_folder(root: Path) -> None:
    (root / ONE).unlink()
    (root / ONE).mkdir()


def _added(root: Path) -> None:
    made_up.put(root, record(77, "The gold mine."))


def _added_below(root: Path) -> None:
    file = made_up.put(root, record(77, "The gold mine."))
    (root / "testimonies/new").mkdir()
    file.rename(root / "testimonies/new" / file.name)


CHANGES: dict[str, Callable[[Path], object]] = {
    "edited": _edited,
    "edited, with its time set back": _edited_and_set_back,
    "edited in a folder below": _edited_below,
    "grown by a byte": lambda root: (root / ONE).write_bytes((root / ONE).read_bytes() + b"\n"),
    "touched": lambda root: (root / ONE).touch(),
    "renamed": lambda root: (root / ONE).rename(root / "testimonies/NKT-9007-another.md"),
    "moved to another folder": lambda root: (root / ONE).rename(root / "testimonies/more/NKT-9007-made-up.md"),
    "removed": lambda root: (root / ONE).unlink(),
    "put in its place": _put_in_its_place,
    "exchanged with another": _exchanged,
    "a link in its place": _exchanged_with_a_link,
    "a folder in its place": _in_its_place_a_folder,
    "added": _added,
    "added in a new folder": _added_below,
    "twice the same code": lambda root: made_up.put(root, record(7, "Two."), "NKT-9007-again.md"),
    "a file that is no record": lambda root: (root / "testimonies/notes.txt").write_bytes(b"x"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_search_sees_what_became_of_one_file_among_many(many: Path, change: Callable[[Path], object]) -> None:
    """The index is not believed to be fresh, and what is answered is what an index made from nothing answers."""
    state = index_paths(many, PUBLIC).state
    assert freshness.fresh(state, many) == index_state.load(state).head()
    change(many)
    assert digest(many) != index_state.load(state).digest
    assert freshness.fresh(state, many) is None
    answers = [found(many, "coal"), found(many, "gold")]
    assert freshness.fresh(state, many) == index_state.load(state).head()
    endurance.rebuild(many)
    assert answers == [found(many, "coal"), found(many, "gold")]


def test_an_edit_is_seen_however_soon_after_the_last_look(many: Path) -> None:
    """Again and again within one step of the disk's clock, in place and to the same size."""
    for was, now in (("coal", "gold"), ("gold", "coal")) * 5:
        file = many / ONE
        with file.open("r+b") as opened:
            content = opened.read().replace(was.encode(), now.encode())
            opened.seek(0)
            opened.write(content)
        assert "NKT-9007" in found(many, now)
        assert "NKT-9007" not in found(many, was)


@pytest.mark.parametrize("name", sorted(filenames.PASSED_OVER))
def test_what_may_lie_beside_records_costs_a_search_nothing(many: Path, name: str) -> None:
    """Where nothing of the collection has changed, no more of the state is read than its head."""
    for place in ("testimonies", "testimonies/more"):
        (many / place / name).write_bytes(b"x")
    with mock.patch.object(index_state, "load", side_effect=AssertionError):
        assert len(found(many, "coal")) == 20
        (many / "testimonies/notes.txt").write_bytes(b"x")
        with pytest.raises(AssertionError):  # the control
            found(many, "coal")


def test_what_is_no_record_of_the_collection_leaves_the_index_fresh(many: Path) -> None:
    """A sealed record that nobody opens, and an empty folder: what was seen of each record decides."""
    state = index_paths(many, PUBLIC).state
    before = digest(many)
    (many / "testimonies/NKT-9500.md.age").write_bytes(b"sealed")
    (many / "testimonies/empty").mkdir()
    assert digest(many) != before
    assert freshness.fresh(state, many) == index_state.load(state).head()
    endurance.update(many)  # and the next update remembers the look
    with mock.patch.object(index_state, "load", side_effect=AssertionError):
        assert len(found(many, "coal")) == 20


def test_what_an_update_swept_away_is_not_in_the_look_that_it_remembers(many: Path) -> None:
    """A leftover of a write that was cut off is gone after the update, and the index is fresh by its digest."""
    leftover = many / "testimonies/.NKT-9001-made-up.md.4000001-0123abcd.new"
    leftover.write_bytes(b"half")
    _edited(many)
    endurance.update(many)
    assert not leftover.exists()
    assert index_state.load(index_paths(many, PUBLIC).state).digest == digest(many)


def test_a_folder_that_cannot_be_looked_at_whole_has_no_digest(many: Path) -> None:
    """A file that is away between the listing and the look is a fault, and the look is equal to no other."""
    really = os.stat

    def gone(path: str, **how: int) -> os.stat_result:
        if path == "NKT-9007-made-up.md":
            raise FileNotFoundError(2, "No such file or directory")
        return really(path, **how)

    with mock.patch.object(os, "stat", gone):
        seen = record_files.survey(many)
    assert seen.digest == ""
    assert [(fault.path, fault.message) for fault in seen.faults] == [(ONE, "cannot be looked at: No such file or directory")]
    assert len(seen.files) == 19
    with mock.patch.object(os, "listdir", side_effect=PermissionError(13, "Permission denied")):
        seen = record_files.survey(many)
    assert (seen.digest, len(seen.faults), seen.files) == ("", 1, {})
    state = index_state.load(index_paths(many, PUBLIC).state)._replace(digest="")
    index_state.save(index_paths(many, PUBLIC).state, state)
    with (
        mock.patch.object(DirectoryScan, "digest", return_value=""),
        mock.patch.object(index_state, "load", return_value=state) as load,
    ):
        assert freshness.fresh(index_paths(many, PUBLIC).state, many) == state.head()
    assert load.call_count == 1


def test_a_look_is_the_same_by_names_and_by_entries(many: Path) -> None:
    """Where the system knows no open folders, as Windows."""
    by_name = scan.at(many / "testimonies", "testimonies")
    with mock.patch.object(system, "LISTS_BY_DESCRIPTOR", new=False):
        assert scan.at(many / "testimonies", "testimonies") == by_name
    assert sum(len(each.names) for each in by_name.folders) == 21


def test_identities_of_more_than_eight_bytes_are_told_apart() -> None:
    """Some disks have them."""
    looks = [DirectoryScan((FolderListing("t", ["a"], [(1, 2, 2**70 + number, 3, 4)]),)).digest() for number in (0, 0, 1)]
    assert looks[0] == looks[1] != looks[2]
    assert "" not in looks


_NAMES = st.sampled_from(["NKT-9001-a.md", "NKT-9002-b.md", "NKT-9003-c.md", "d/NKT-9004-d.md", "d/NKT-9005-e.md"])
_WHAT = st.sampled_from(["write", "write over", "append", "rename", "remove", "exchange", "mode"])
_STEPS = st.lists(st.tuples(_WHAT, _NAMES, _NAMES, st.binary(max_size=2)), max_size=4)


@examples(60)
@given(before=_STEPS, after=_STEPS)
def test_a_look_that_is_the_same_has_seen_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory, before: object, after: object
) -> None:
    """Over random edits, against every byte of every file; looked at as an update does, a step of the clock after the last."""
    root = tmp_path_factory.mktemp("looked")
    (root / "testimonies/d").mkdir(parents=True)
    for step in before:
        _take(root / "testimonies", *step)
    time.sleep(TICK)
    looked, bytes_before = digest(root), _bytes(root)
    assert digest(root) == looked
    for step in after:
        _take(root / "testimonies", *step)
    assert digest(root) != looked or _bytes(root) == bytes_before


def _take(base: Path, what: str, name: str, other: str, content: bytes) -> None:
    file = base / name
    if what == "write":
        file.write_bytes(content)
    elif not file.exists():
        return
    elif what == "write over":
        with file.open("r+b") as opened:
            opened.write(content)
    elif what == "append":
        with file.open("ab") as opened:
            opened.write(content)
    elif what == "rename":
        file.replace(base / other)
    elif what == "remove":
        file.unlink()
    elif what == "exchange" and (base / other).exists() and name != other:
        file.rename(base / "aside")
        (base / other).rename(file)
        (base / "aside").rename(base / other)
    elif what == "mode":
        file.chmod(0o600 + (content[0] % 8 if content else 0))


def _bytes(root: Path) -> dict[str, str]:
    files = (each for each in root.rglob("*") if each.is_file())
    return {str(each.relative_to(root)): hashlib.sha256(each.read_bytes()).hexdigest() for each in files}


def test_a_state_of_the_format_before_is_nothing(kept: Path) -> None:
    """It had no head: all of it was one line of JSON under its hash. The index is made anew, and then is fresh."""
    file = index_paths(kept, PUBLIC).state
    state = index_state.load(file)
    old = json.dumps({**state._asdict(), "made_by": "8/0.1.0"}).encode()
    file.write_bytes(hashlib.sha256(old).hexdigest().encode() + b"\n" + old)
    assert index_state.load(file) == index_state.NOTHING
    assert index_state.load_head(file) is None
    told: list[str] = []
    with Archive(kept, say=told.append) as room:
        assert len(room.codes()) == 3
    assert told == ["made the index: 3 testimonies"]
    assert freshness.fresh(file, kept) is not None
    index_state.save(file, index_state.load(file)._replace(made_by="8/0.1.0"))
    assert freshness.fresh(file, kept) is None


def test_a_state_in_rows_is_read(kept: Path) -> None:
    """So were they written before, and how records were last read that nobody can read by now may be found in none but these."""
    file = index_paths(kept, PUBLIC).state
    state = index_state.load(file)._replace(last={"NKT-9009": index_state.ABOVE})
    (path, first), *others = state.file_states.items()
    state = state._replace(file_states={path: first._replace(points=("NKT-9002",), hidden=True), **dict(others)})
    rows = json.dumps({"holdings": state.file_states, "last": dict(state.last)}).encode()
    index_state.save(file, state)
    head = json.loads(file.read_bytes().split(b"\n")[1]) | {"rest": hashlib.sha256(rows).hexdigest(), "size": len(rows)}
    line = json.dumps(head).encode()
    assert index_state.load(file) == state
    file.write_bytes(b"\n".join((hashlib.sha256(line).hexdigest().encode(), line, rows)))
    assert index_state.load(file) == state
    index_state.save(file, state._replace(file_states={}))
    assert index_state.load(file) == state._replace(file_states={})


def test_a_head_that_is_longer_than_what_is_read_at_once_is_read_whole(kept: Path) -> None:
    """However many files are in doubt."""
    file = index_paths(kept, PUBLIC).state
    with mock.patch.object(index_state, "_MOST_OF_A_HEAD", 100):
        assert index_state.load_head(file) == index_state.load(file).head()
        assert found(kept, "coal") == ["NKT-9001", "NKT-9002", "NKT-9003"]


def test_a_command_that_needs_the_rest_of_the_state_makes_a_damaged_one_anew(kept: Path) -> None:
    """A search reads the head alone; what follows records from version to version does not believe a bit turned over."""
    file = index_paths(kept, PUBLIC).state
    whole = file.read_bytes()
    file.write_bytes(whole.replace(b'NKT-9002-made-up.md",', b'NKT-9004-made-up.md",'))
    assert file.read_bytes() != whole
    adopt(kept)
    told: list[str] = []
    with Archive(kept, say=told.append) as room:
        assert len(room.answer(Query("coal", limit=None)).hits) == 6
        assert told == []
        assert len(room.versions("NKT-9001")) == 1
    assert told == ["made the index: 3 testimonies"]


def test_two_states_answer_alike_by_what_this_reader_may_see(kept: Path) -> None:
    """A closed file that changes is no other answer; a readable one is."""
    state = index_state.load(index_paths(kept, PUBLIC).state)
    (path, first), *_ = state.file_states.items()
    closed = first._replace(readable=False)
    assert state._replace(file_states={**state.file_states, "testimonies/x.md": closed}).head().answers == state.head().answers
    other = state._replace(file_states={**state.file_states, path: first._replace(sha256="0")})
    assert other.head().answers != state.head().answers
    assert state._replace(file_states={**state.file_states, path: closed}).head().answers != state.head().answers


def test_the_process_ends_in_the_usual_way_under_a_profiler() -> None:
    """And where its end is no number."""
    with mock.patch.object(os, "_exit") as ended:
        with mock.patch.object(sys, "getprofile", return_value=print), pytest.raises(SystemExit):
            main.leave(SystemExit(3))
        with pytest.raises(SystemExit):
            main.leave(SystemExit("told"))
        assert not ended.called


@pytest.mark.skipif(os.name != "posix", reason="links and pipes as POSIX has them")
def test_what_became_a_link_since_the_look_is_not_read(tmp_path: Path) -> None:
    """A look leaves links out; one put in the place of a record in between is not followed, nor a pipe waited for."""
    record = made_up.put(tmp_path, made_up.record(made_up.header("NKT-9001"), "Mine."))
    (path,) = record_files.survey(tmp_path).files
    assert record_files.read_bytes(tmp_path, path) == record.read_bytes()
    elsewhere = record.rename(tmp_path / "elsewhere.md")
    record.symlink_to(elsewhere)
    with pytest.raises(OSError, match=r"."):
        record_files.read_bytes(tmp_path, path)
    record.unlink()
    os.mkfifo(record)
    with pytest.raises(OSError, match="no regular file"):
        record_files.read_bytes(tmp_path, path)


def test_folders_in_folders_take_no_stack() -> None:
    """As deep as the longest path allows, which is deeper than Python calls go."""
    paths = ["testimonies", *("testimonies" + "/a" * depth for depth in range(1, 2_000))]
    look = (1, 1, 1, 1, 0)
    listed = [FolderListing(path, ["a", "b.md"], [look, look]) for path in paths[:-1]]
    seen = DirectoryScan((*listed, FolderListing(paths[-1], ["c.md"], [look])))
    found = [path for path, _, _ in record_files._in_order(seen, [])]  # noqa: SLF001 - no disk has so deep a folder at hand
    assert found == [f"{paths[-1]}/c.md", *(f"{path}/b.md" for path in reversed(paths[:-1]))]


def test_the_files_of_each_record_are_found_without_looking_through_all(root: Path) -> None:
    """Of each record in turn: its own file and its versions are sorted by code once, not once for each."""
    codes = [f"NKT-{number:04}" for number in range(1, 13)]
    for code in codes:
        made_up.put(root, "x", f"{code}-made-up.md")
        made_up.put(root, "x", f"{code}-made-up.ko.md")
    seen = record_files.survey(root)
    with mock.patch.object(record_files, "_by_code", wraps=vars(record_files)["_by_code"]) as sorts:
        for code in codes:
            own = f"testimonies/{code}-made-up"
            assert seen.files_of(code) == (f"{own}.md", f"{own}.ko.md")
            assert seen.versions_of(code) == (f"{own}.ko.md",)
    assert seen.files_of("NKT-9999") == ()
    assert sorts.call_count == 2
