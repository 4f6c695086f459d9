"""What an update looks at: the record that has changed, and nothing that size, times and identity vouch for."""

import contextlib
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest

import endurance
import made_up
from archive.archive import Archive
from archive.authority import authorities
from archive.engine.whoosh.segment import writer
from archive.indexing import _authority_cache as authority_cache
from archive.reader import authorities as authority_reader
from archive.reader import read as reader
from archive.record.testimony import PUBLIC
from archive.search.model import Query
from archive.storage import _scan as scan
from archive.storage import atomic, freshness, index_state, manifest, record_files
from archive.storage._scan import StatTuple
from archive.storage.manifest import FileRecord
from archive.storage.paths import index_paths
from archive.storage.record_files import COARSE, SLACK, TICK, Fingerprint, Survey
from disk import adopt
from running import TOP, Run

SECOND = 1_000_000_000
RECORD = "testimonies/NKT-9001-made-up.md"


def found(root: Path, word: str) -> list[str]:
    """Return the codes of the records that have a word, as a reader's command does."""
    with Archive(root) as room:
        return sorted({hit.passage.code for hit in room.answer(Query(word, limit=None)).hits})


def edited(root: Path) -> os.stat_result:
    """Change a word of the first record in place, for one of the same length; gives what the system says of the file now."""
    file = root / RECORD
    with file.open("r+b") as opened:
        content = opened.read()
        opened.seek(0)
        opened.write(content.replace(b"coal", b"gold"))
    return file.stat()


def believed(root: Path, moment: int) -> None:
    """Make the state say that every file was looked at as it is now, at that moment."""
    adopt(root)
    file = index_paths(root, PUBLIC).state
    index_state.save(file, index_state.load(file)._replace(moment=moment))


@contextlib.contextmanager
def at(moment: int) -> Iterator[None]:
    """Let the clock of the disk say this."""
    with mock.patch.object(atomic, "clock", return_value=moment):
        yield


_ONE_UPDATE = """
import json, os, sys, time
from pathlib import Path
from unittest import mock
from archive.storage import atomic, manifest
from archive.reader import read as reader
from archive.indexing import update as index_update
from archive.engine.whoosh.segment import writer
from archive.archive import Archive

root, deep = Path(sys.argv[1]), sys.argv[2] == "deep"
opened, walks, hashed, really = [], [], [], manifest._sha256

def hook(event, arguments):
    if event == "open" and not isinstance(arguments[0], int):
        opened.append(os.fsdecode(arguments[0]))
    if event == "os.listdir" and isinstance(arguments[0], int):
        walks.append(event)

def sha256(file):
    hashed.append(file.name)
    return really(file)

patched = (
    mock.patch.multiple(manifest, _sha256=sha256),
    mock.patch.object(atomic, "clock", lambda _: time.time_ns() + 2 * 3600 * 10**9),
    mock.patch.object(writer, "FULL", 20),
    mock.patch.object(reader, "read_authorities", wraps=reader.read_authorities),
)
with patched[0], patched[1], patched[2], patched[3] as read:
    sys.addaudithook(hook)
    with Archive(root) as room:
        changed = room.update(deep=deep).changed
records = sorted({os.path.basename(each)[:8] for each in opened if each.endswith(".md")})
print(json.dumps({"changed": changed, "records": records, "hashed": sorted(hashed), "yaml": read.call_count,
    "walks": len(walks)}))
"""


def one_update(root: Path, how: str) -> dict[str, object]:
    """Run an update in a process of its own, where every opening of a file is seen."""
    program = [sys.executable, "-c", _ONE_UPDATE, str(root), how]
    done = subprocess.run(program, capture_output=True, check=True, cwd=TOP, env={**os.environ, "PYTHONPATH": str(TOP)})
    told: dict[str, object] = json.loads(done.stdout)
    return told


def test_after_one_change_only_what_it_touches_is_read_and_only_what_is_new_is_hashed(root: Path) -> None:
    """Of thirty records the changed one and the one that it names; the YAML not at all. The control: a deep update reads all."""
    made_up.collection(root, *(made_up.record(made_up.header(f"NKT-{9100 + number}"), "One.", "Two.") for number in range(30)))
    with at(time.time_ns() + 3600 * SECOND), mock.patch.object(writer, "FULL", 20):
        endurance.update(root)
    before = index_state.load(index_paths(root, PUBLIC).state).files
    assert sum(name.endswith(".terms") for name in before) > 2
    naming = made_up.header("NKT-9107", credibility={"notes": [made_up.note("n1", "revised", **{"with": ["NKT-9103#p1"]})]})
    made_up.put(root, made_up.record(naming, "One.", "Another."))

    told = one_update(root, "plainly")
    after = index_state.load(index_paths(root, PUBLIC).state).files
    new = [name.rpartition("/")[2] for name, kept in after.items() if before.get(name) != kept]
    assert manifest.AUTHORITIES not in new, "no record came or went, so that the copy of the authorities is what it was"
    assert told == {"changed": 2, "records": ["NKT-9103", "NKT-9107"], "hashed": sorted(new), "yaml": 0, "walks": 1}
    assert len(set(after) & set(before)) > 2

    assert one_update(root, "plainly")["records"] == []
    assert len(one_update(root, "deep")["records"]) == 30  # type: ignore[arg-type]  # a list


@pytest.mark.parametrize(
    ("looked", "now", "seen"),
    [
        (COARSE + 1, 3600.0, False),  # the control: too long after the edit for it to be one time
        (COARSE / 2, 3600.0, True),  # looked at within one step of any clock
        (-3600.0, 3600.0, True),  # the clock was wrong when it was looked at: times to come
        (3600.0, COARSE / 2, True),  # the clock was set back since
    ],
)
def test_what_may_have_been_saved_within_one_step_of_the_clock_is_hashed(
    kept: Path, looked: float, now: float, *, seen: bool
) -> None:
    """An edit that left every time as it was: found by `index` where a clock could do that, else by `index --deep` alone."""
    saved = edited(kept).st_ctime_ns
    believed(kept, saved + int(looked * SECOND))
    with at(saved + int(now * SECOND)):
        endurance.update(kept)
        assert found(kept, "gold") == (["NKT-9001"] if seen else [])
        endurance.update(kept, deep=True)
        assert found(kept, "gold") == ["NKT-9001"]


def test_what_was_hashed_once_is_not_hashed_again(kept: Path) -> None:
    """An update after the step of the clock settles what was in doubt, and then has nothing to write."""
    state = index_paths(kept, PUBLIC).state
    assert set(index_state.unsettled_paths(index_state.load(state).file_states, index_state.load(state).moment))
    with at(time.time_ns() + 3600 * SECOND):
        endurance.update(kept)
        settled = state.read_bytes()
        assert not set(index_state.unsettled_paths(index_state.load(state).file_states, index_state.load(state).moment))
        with mock.patch.object(record_files, "read_bytes", side_effect=AssertionError):
            endurance.update(kept)
    assert state.read_bytes() == settled


def test_on_a_disk_of_whole_seconds_a_reader_sees_two_edits_within_one(kept: Path) -> None:
    """Where all times are the same, what was saved within a step of the clock is hashed at an opening too."""
    stamp = time.time_ns() // (2 * SECOND) * 2 * SECOND

    def on_fat(_: object, looked: os.stat_result) -> Fingerprint:
        return Fingerprint(looked.st_size, stamp, looked.st_ino, stamp)

    def seen_on_fat(looked: os.stat_result) -> StatTuple:
        return looked.st_size, stamp, looked.st_ino, stamp, looked.st_mode

    with mock.patch.object(Fingerprint, "of", classmethod(on_fat)), mock.patch.object(scan, "_look", seen_on_fat), at(stamp):
        endurance.rebuild(kept)
        before = [record.testimony.fixity for record in _records(kept)]
        edited(kept)
        with mock.patch.object(freshness, "_stands", return_value=True):
            assert found(kept, "gold") == []  # the control
        assert found(kept, "gold") == ["NKT-9001"]
        assert [record.testimony.fixity for record in _records(kept)] != before


def _records(root: Path) -> list[object]:
    with Archive(root) as room:
        return list(room.records())


def test_a_reader_hashes_nothing_for_a_clock_that_knows_parts_of_a_second(kept: Path) -> None:
    """A collection that was saved, cloned or copied just now is not hashed at every opening."""
    assert found(kept, "coal")
    with mock.patch.object(record_files, "read_bytes", side_effect=AssertionError):
        assert found(kept, "coal")


def test_fingerprints_are_in_doubt_within_one_step_of_their_clock() -> None:
    """Two seconds where nothing is known of the clock; a fiftieth where the times show that it knows parts of a second."""
    fine, coarse = Fingerprint(1, 9 * SECOND + 1, 1, 9 * SECOND + 1), Fingerprint(1, 9 * SECOND, 1, 9 * SECOND)
    set_back = Fingerprint(1, 3 * SECOND, 1, 9 * SECOND + 1)
    looked_at = {"fine": FileRecord(fine, ""), "coarse": FileRecord(coarse, ""), "set back": FileRecord(set_back, "")}
    assert list(index_state.unsettled_paths(looked_at, 10 * SECOND)) == ["fine", "coarse", "set back"]
    assert list(index_state.unsettled_paths(looked_at, 10 * SECOND, coarse=True)) == ["coarse"]
    assert list(index_state.unsettled_paths(looked_at, 9 * SECOND + 2, coarse=True)) == ["fine", "coarse", "set back"]
    assert list(index_state.unsettled_paths(looked_at, 12 * SECOND)) == []
    assert list(index_state.unsettled_paths(looked_at, 0, coarse=True)) == ["fine", "coarse", "set back"]


@pytest.mark.parametrize(
    ("files", "part", "slept"),
    [(3, 0, []), (300, 0, [COARSE + SLACK]), (300, 1, []), (1, SECOND // 2, [TICK + SLACK]), (1, 0, [])],
)
def test_an_update_waits_for_a_coarse_clock_only_where_many_were_saved(
    tmp_path: Path, files: int, part: int, slept: list[float]
) -> None:
    """Then no reader has to hash them; a few are hashed more quickly than waited for."""
    now = 100 * SECOND + SECOND // 2
    seen = {f"{number}": Fingerprint(1, 100 * SECOND + part, 1, 100 * SECOND + part) for number in range(files)}
    waited: list[float] = []
    with (
        mock.patch.object(record_files, "survey", return_value=Survey(seen, ())),
        mock.patch.object(time, "sleep", waited.append),
    ):
        assert record_files.scan_until_stable(tmp_path, lambda: now).moment == now
    assert waited == slept


def test_the_copy_of_the_authorities_is_never_believed_with_a_bit_turned_over(kept: Path) -> None:
    """Nor without its first line, nor where it is of other files; then the YAML is read."""
    copy, seen = index_paths(kept, PUBLIC).compiled, index_state.authorities(kept)
    assert copy.stat().st_mode & 0o777 == 0o600
    whole, chance = copy.read_bytes(), random.Random(5)
    with mock.patch.object(reader, "read_authorities", wraps=reader.read_authorities) as read:
        true = authority_cache.authorities(kept, copy, seen).as_copy()
        assert read.call_count == 0
        for number in range(1, 4):
            endurance.flip(copy, chance)
            assert authority_cache.authorities(kept, copy, seen).as_copy() == true
            assert read.call_count == number
            assert copy.read_bytes() == whole
        authority_cache.authorities(kept, copy, {**seen, "own/flags": FileRecord(Fingerprint(1, 1, 1, 1), "0" * 64)})
        assert read.call_count == 4


def test_an_authority_file_is_known_by_its_content(kept: Path) -> None:
    """Saved again as it was it changes nothing; another word in it makes the index anew, whatever its times say."""
    own = kept / "authorities" / "sources.yaml"
    own.parent.mkdir()
    shipped = authorities.shipped_folder() / "sources.yaml"
    own.write_bytes(shipped.read_bytes())
    with Archive(kept) as room:
        assert room.update().rebuilt
        own.touch()
        assert not room.update().rebuilt
        assert room._session.read_state() is not None  # noqa: SLF001 - without mending
        looked = own.stat()
        own.write_bytes(own.read_bytes().replace(b"# ", b"#.", 1))
        os.utime(own, ns=(looked.st_atime_ns, looked.st_mtime_ns))
        believed(kept, time.time_ns() + 3600 * SECOND)
        assert own.stat().st_size == looked.st_size
        assert room.update().rebuilt


def test_the_deep_command_finds_what_the_plain_one_cannot(kept: Path, run: Run) -> None:
    """A record that reads differently under the times that the state knows, as on a failing disk."""
    edited(kept)
    time.sleep(COARSE + 0.1)
    believed(kept, time.time_ns())
    assert "0 put in or taken out" in run("index").err
    assert found(kept, "gold") == []  # the control
    assert "0 put in or taken out" not in run("index", "--deep").err
    assert found(kept, "gold") == ["NKT-9001"]


def test_an_authority_saved_within_a_step_of_the_clock_is_hashed(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its times and size do not show that it was saved again; where it was in doubt, its words decide."""
    state = index_paths(kept, PUBLIC).state
    head = index_state.load_head(state)
    assert head is not None
    assert freshness.fresh(state, kept) is not None
    name = next(iter(head.authorities))
    in_doubt = head._replace(authorities_in_doubt=(name,))
    monkeypatch.setattr(index_state, "load_head", lambda _: in_doubt)
    assert freshness.fresh(state, kept) is not None, "the control: in doubt, and the same words"
    other = head.authorities[name]._replace(sha256="0" * 64)
    saved_again = in_doubt._replace(authorities={**head.authorities, name: other})
    monkeypatch.setattr(index_state, "load_head", lambda _: saved_again)
    assert freshness.fresh(state, kept) is None


@pytest.mark.skipif(os.name == "nt", reason="not everybody may make links there")
def test_an_authority_file_that_is_a_link_is_what_it_leads_to(root: Path, tmp_path: Path) -> None:
    """Read, hashed and looked at again where it lies: a keeper may share it between collections."""
    file, kept = made_up.few_authorities(root) / "authorities" / "camps.yaml", tmp_path / "shared.yaml"
    before, facilities = index_state.authorities(root), [each.id for each in reader.read_authorities(root).gazetteer]
    file.rename(kept)
    file.symlink_to(kept)
    assert index_state.authorities(root)["own/camps"].sha256 == before["own/camps"].sha256 != ""
    assert [each.id for each in authority_reader.read_authorities(root).gazetteer] == facilities
    kept.write_bytes(kept.read_bytes() + b"# made up\n")
    assert index_state.authorities(root)["own/camps"].sha256 not in {"", before["own/camps"].sha256}
