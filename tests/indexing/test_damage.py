"""The index is data: damage is found, nothing in it is run, and what is not ours is not read."""

import itertools
import os
import pickle
import random
import shutil
import zlib
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import pytest

import crowd
import endurance
import made_up
from archive.archive import Archive
from archive.authority import authorities
from archive.collection.collection import Collection
from archive.record.testimony import PUBLIC
from archive.search.model import Query
from archive.storage import index_state, manifest, record_files
from archive.storage.paths import index_paths
from disk import adopt, copied
from examples import TIMES
from running import Run

MOMENT = min(1.0 * TIMES, 5)
"""Seconds for which several processes play, or longer where one of them has hardly begun."""


def answered(root: Path) -> tuple[list[object], list[str]]:
    """Return all answers, and what was told."""
    told: list[str] = []
    with Archive(root, say=told.append) as room:
        return endurance.dump(room), told


def forged(root: Path) -> None:
    """Note the files of the index as they are now, hashes and all, as somebody could who may write in our name."""
    places = index_paths(root, PUBLIC)
    state = index_state.load(places.state)
    index_state.save(places.state, state._replace(files=manifest.take(places.base, {}, state.files)))


class _Planted:
    """Unpickled, it would write a file."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (Path.touch, (self.file,))


def _plant(file: Path, planted: bytes, how: str) -> None:
    content = file.read_bytes()
    at = content.rfind(b"\x80\x05\x95") if how == "last" else content.find(b"\x80")
    file.write_bytes(planted if how == "whole" else content[: max(at, 0)] + planted)


@pytest.mark.parametrize("how", ["whole", "first", "last"])
def test_planted_pickles_do_nothing_in_any_file(kept: Path, tmp_path: Path, how: str) -> None:
    """Whole files of them, or in the place of the pickles that are there: one line is told, the index is made anew."""
    whole, _ = answered(kept)
    spot = tmp_path / "was-run"
    names = [str(each.relative_to(kept)) for each in (kept / "index").rglob("*") if each.is_file() and each.name != "lock"]
    assert len(names) > 4
    for name in names:
        for mask in (False, True):
            root = copied(kept, tmp_path / "planted")
            _plant(root / name, pickle.dumps(_Planted(spot)), how)
            if mask and index_state.load(index_paths(root, PUBLIC).state).files:
                forged(root)
            answers, told = answered(root)
            assert not spot.exists(), name
            assert answers == whole, name
            assert answered(root) == (whole, [])
            if not mask and name != endurance.COMPILED:
                assert any("made the index" in line for line in told), name


def test_a_planted_pickle_under_a_forged_manifest_is_named(kept: Path, tmp_path: Path) -> None:
    """Where hashes prove nothing, no file of an index is unpickled all the same."""
    spot = tmp_path / "was-run"
    toc = next(index_paths(kept, PUBLIC).passages.glob("*.toc"))
    toc.write_bytes(pickle.dumps(_Planted(spot)))
    forged(kept)
    _, told = answered(kept)
    assert not spot.exists()
    assert any("the table of contents" in line for line in told)


def test_control_the_planted_pickle_runs_where_it_is_unpickled(tmp_path: Path) -> None:
    """Plain unpickling of the same bytes."""
    spot = tmp_path / "was-run"
    pickle.loads(pickle.dumps(_Planted(spot)))  # noqa: S301 - our own bytes
    assert spot.exists()


def _truncated(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


def _emptied(file: Path) -> None:
    file.write_bytes(b"")


def _a_link(file: Path) -> None:
    other = file.with_name("elsewhere")
    file.rename(other)
    file.symlink_to(other)


def _a_fifo(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def _a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def _another_identity(file: Path) -> None:
    content = file.read_bytes()
    file.unlink()
    file.write_bytes(content)


@pytest.mark.parametrize("harm", [_truncated, _emptied, Path.unlink, _a_link, _a_fifo, _a_folder, _another_identity])
def test_a_file_that_is_not_the_one_that_was_written_is_never_read(
    kept: Path, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    """Cut off, emptied, gone, a link, a FIFO, a folder, or a copy from elsewhere: the index is made anew."""
    whole, _ = answered(kept)
    names = [str(each.relative_to(kept)) for each in (kept / "index").rglob("*") if each.is_file()]
    for name in names:
        root = copied(kept, tmp_path / "harmed")
        if (root / name).stat().st_size == 0 or (harm is _another_identity and name == endurance.STATE):
            continue  # the lock; and the state is known by its own hash alone
        harm(root / name)
        answers, told = answered(root)
        assert answers == whole, name
        assert told or name == endurance.COMPILED, name
        endurance.update(root, deep=True)
        assert answered(root) == (whole, []), name


def test_an_index_that_was_carried_here_is_made_anew(kept: Path, tmp_path: Path) -> None:
    """A folder out of an archive file, hashes and all, was written by nobody knows whom."""
    shutil.copytree(kept, tmp_path / "carried", copy_function=shutil.copy2)
    _, told = answered(tmp_path / "carried")
    assert any("carried here" in line for line in told)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away")
@pytest.mark.parametrize("what", ["index", "index/public", "index/state"])
def test_what_belongs_to_somebody_else_is_neither_read_nor_written(kept: Path, what: str) -> None:
    """The answer comes from memory, and the files stay as they are."""
    whole, _ = answered(kept)
    os.chown(kept / what, 12345, 12345)
    before = {path: path.stat().st_mtime_ns for path in (kept / "index").rglob("*")}
    answers, told = answered(kept)
    assert answers == whole
    why = f"{kept / what} belongs to somebody else, so it is neither read nor written"
    assert told == [f"the index cannot be written ({why}); searching in an index in memory"]
    assert {path: path.stat().st_mtime_ns for path in (kept / "index").rglob("*")} == before


def test_an_index_behind_a_link_is_neither_read_nor_written(kept: Path, tmp_path: Path) -> None:
    """It would write into a folder that nobody chose."""
    whole, _ = answered(kept)
    (kept / "index").rename(tmp_path / "elsewhere")
    (kept / "index").symlink_to(tmp_path / "elsewhere")
    answers, told = answered(kept)
    assert answers == whole
    assert any("is a link or no folder" in line and "in memory" in line for line in told)


def test_bit_flips_in_index_files_never_change_an_answer(kept: Path, tmp_path: Path) -> None:
    """Also where size, times and identity are those that were noted, as with a rotten disk: what is read is checked."""
    done = endurance.flipped_index(kept, tmp_path, 40)
    assert done.total() == 40
    assert set(done) <= {"made anew", "as it was", "as it was, not read"}
    assert done["made anew"] > 20


class _Same(int):
    """A checksum that fits whatever it is held against."""

    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False

    __hash__ = int.__hash__

    def __and__(self, other: int) -> "_Same":
        return _Same(int(self) & other)


def test_control_where_no_hash_is_looked_at_flips_change_answers(kept: Path, tmp_path: Path) -> None:
    """The same flips, with the manifest and the checksums inside the files held away."""
    blind = mock.patch.multiple(manifest, damage=lambda *_, **__: (), is_untouched=lambda *_: True)
    unchecked = mock.Mock(crc32=lambda *each: _Same(zlib.crc32(*each)), adler32=lambda *each: _Same(zlib.adler32(*each)))
    sums = mock.patch("archive.engine.whoosh.segment._sections.zlib", unchecked)
    with blind, sums, pytest.raises((endurance.Short, ValueError, LookupError, TypeError)):
        endurance.flipped_index(kept, tmp_path, 300)


def test_bit_flips_in_index_files_are_found_by_the_deep_look(kept: Path) -> None:
    """At the opening only size, times and identity of a file are compared; `doctor --deep` and `index --deep` hash it."""
    places = index_paths(kept, PUBLIC)
    large = max(places.passages.iterdir(), key=lambda file: file.stat().st_size)
    endurance.flip(large, random.Random(1))
    adopt(kept)
    assert endurance.damage(kept, deep=False) == ()
    assert endurance.damage(kept) == (f"the index file passages/{large.name} does not hold what was written",)
    endurance.update(kept, deep=True)
    assert endurance.damage(kept) == ()


def test_an_update_never_carries_damage_into_a_new_hash(kept: Path) -> None:
    """What has not been written anew keeps the hash that it was written with."""
    places = index_paths(kept, PUBLIC)
    before = index_state.load(places.state)
    endurance.flip(places.authorities, random.Random(1))
    adopt(kept)
    now = index_state.load(places.state).files
    assert manifest.take(places.base, now, now)[manifest.AUTHORITIES].sha256 == before.files[manifest.AUTHORITIES].sha256


def test_after_a_crash_every_file_is_hashed(kept: Path) -> None:
    """The mark that a write was cut off makes the next look a deep one."""
    places = index_paths(kept, PUBLIC)
    large = max(places.passages.iterdir(), key=lambda file: file.stat().st_size)
    whole, _ = answered(kept)
    endurance.flip(large, random.Random(1))
    adopt(kept)
    places.writing.touch()
    answers, told = answered(kept)
    assert answers == whole
    assert any("does not hold what was written" in line for line in told)
    assert not places.writing.exists()


def test_bit_flips_in_records_are_never_silent(kept: Path, tmp_path: Path) -> None:
    """A record with a flipped bit is another text or a named fault; the other records are still served."""
    done = endurance.flipped_records(kept, tmp_path, 30)
    assert done.total() == 30


def test_an_edit_that_keeps_size_time_and_inode_is_noticed(kept: Path) -> None:
    """The time of the last change of the inode cannot be set back by a program."""
    file = kept / "testimonies/NKT-9001-made-up.md"
    looked = file.stat()
    with file.open("r+b") as opened:
        content = opened.read()
        opened.seek(0)
        opened.write(content.replace(b"The coal mine, 1", b"The gold mine, 1"))
    os.utime(file, ns=(looked.st_atime_ns, looked.st_mtime_ns))
    with Archive(kept) as room:
        assert [hit.passage.code for hit in room.answer(Query("gold")).hits] == ["NKT-9001"]


def test_the_deep_command_hashes_every_record_anew(kept: Path) -> None:
    """Whatever the times say: an index whose state believes in a wrong time is mended by `testimony index --deep`."""
    file = kept / "testimonies/NKT-9001-made-up.md"
    file.write_bytes(file.read_bytes().replace(b"The coal mine, 1", b"The gold mine, 1"))
    adopt(kept)  # as if no time had changed
    with Archive(kept) as room:
        assert room.answer(Query("gold")).hits == ()
    endurance.update(kept, deep=True)
    with Archive(kept) as room:
        assert [hit.passage.code for hit in room.answer(Query("gold")).hits] == ["NKT-9001"]


def test_the_way_the_root_is_named_makes_no_index_stale(kept: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Relative, absolute, or with dots: the same collection."""
    (kept / "authorities").mkdir()
    shutil.copy(authorities.shipped_folder() / "flags.yaml", kept / "authorities")
    endurance.update(kept)
    monkeypatch.chdir(kept.parent)
    for named in (Path(kept.name), kept, Path("..") / kept.parent.name / kept.name):
        assert answered(named)[1] == []


def test_codes_are_offered_from_a_fresh_index_alone(kept: Path) -> None:
    """A shell must not offer what has been withdrawn since."""
    with Archive(kept) as room:
        assert room.known_codes() == ["NKT-9001", "NKT-9002", "NKT-9003"]
    made_up.put(kept, endurance.record(2, "Closed.", access={"level": "closed"}))
    with Archive(kept) as room:
        assert room.known_codes() == []


def test_readers_see_one_state_or_another_while_it_is_written(root: Path) -> None:
    """Four readers beside a writer that edits, updates and rebuilds: no mixture, none short, none older than what was saved."""
    done = crowd.run(root, MOMENT, "write", "read", "read", "read", "read")
    assert done["whole answers"] > 4
    assert done["updates"] + done["rebuilds"] > 2
    assert set(done) <= {"whole answers", "updates", "rebuilds", "told to run it again"}


def test_two_writers_and_one_who_deletes_what_they_write(root: Path) -> None:
    """Lock, state, or the whole index taken away at any moment: answers stay whole."""
    done = crowd.run(root, MOMENT, "write", "update", "delete", "read")
    assert done["whole answers"] > 0
    assert done["states and locks deleted"] + done["index folders deleted"] > 4
    assert not set(done) & {"MIXED", "SHORT", "OLDER THAN WHAT WAS SAVED"}


def test_several_writers_of_records_lose_no_note(root: Path) -> None:
    """Three who add notes, one who binds, one who edits, and a reader: every note that was said to be written is there."""
    done = crowd.run(root, MOMENT, "note", "note", "note", "bind", "write", "read")
    assert done["notes written"] >= 3 * crowd.AT_LEAST
    assert not set(done) & {"MIXED", "SHORT", "OLDER THAN WHAT WAS SAVED"}


def test_control_a_note_that_was_lost_is_seen(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Said to be written, and not there."""
    written = crowd.written_notes
    monkeypatch.setattr(crowd, "written_notes", lambda root: written(root) - 1)
    with pytest.raises(endurance.Short, match="were said to be written"):
        crowd.run(root, 0.1, "note")


def test_control_an_answer_put_together_from_two_states_is_seen(root: Path) -> None:
    """The number of an edit stands where it can be told from another."""
    crowd.collection(root)
    old = crowd.edition(3)
    assert {int(each) for each in crowd._NUMBER.findall(old + crowd.edition(4))} == {3, 4}  # noqa: SLF001 - of the suite
    made_up.put(root, old.replace("More coal, edit3", "More coal, edit2"))
    with mock.patch.object(crowd.time, "monotonic", itertools.chain([0.0], itertools.repeat(2.0 + crowd.PATIENCE)).__next__):
        assert crowd.read(root, 1.0) == {"MIXED": 1}


def test_a_record_that_is_changed_while_it_is_read_is_read_again(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of the old and half of the new is no record; after some tries it is named as a fault."""
    file = kept / "testimonies/NKT-9001-made-up.md"
    really = os.fstat
    looks = 0

    def looked(descriptor: int) -> os.stat_result:
        nonlocal looks
        looks += 1
        if looks == 2 or looks > 10:
            file.write_bytes(file.read_bytes() + b"More.\n")
        return really(descriptor)

    monkeypatch.setattr(record_files.os, "fstat", looked)
    assert record_files.read_bytes(kept, "testimonies/NKT-9001-made-up.md") == file.read_bytes()
    looks = 10
    with pytest.raises(OSError, match="is being changed while it is read"):
        record_files.read_bytes(kept, "testimonies/NKT-9001-made-up.md")


def test_a_record_that_is_saved_between_two_looks_is_looked_at_again(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A record that is read a second time, for what points at it, must be the one that was looked at first."""
    file = kept / "testimonies/NKT-9001-made-up.md"
    made_up.put(kept, endurance.record(2, "Edited, and pointing at the first."))
    saved = iter([True])
    really = Collection._raw  # noqa: SLF001 - the place between the two looks

    def raw(self: Collection, code: str) -> object:
        if code == "NKT-9001" and next(saved, False):
            file.write_bytes(file.read_bytes().replace(b"The coal mine, 1", b"The gold mine, 1"))
        return really(self, code)

    monkeypatch.setattr(Collection, "_raw", raw)
    with Archive(kept) as room:
        assert [hit.passage.code for hit in room.answer(Query("gold")).hits] == ["NKT-9001"]
        assert [hit.passage.code for hit in room.answer(Query("edited")).hits] == ["NKT-9002"]


def test_two_edits_within_one_tick_of_the_clock_are_both_seen(kept: Path) -> None:
    """An update waits until a file that was saved just now can no longer be saved again at the same time."""
    file = kept / "testimonies/NKT-9001-made-up.md"
    for word in ("first", "other", "third") * 3:
        file.write_bytes(endurance.record(1, f"{word} word").encode())
        with Archive(kept) as room:
            assert [hit.passage.code for hit in room.answer(Query(word, limit=1)).hits] == ["NKT-9001"]
