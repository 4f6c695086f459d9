"""What is asked of the index when the machine fails: samples of the suites in `endurance`, each with a control that must fail.

``python bench/endurance.py --full`` runs every step of them.
"""

import json
from pathlib import Path
from unittest import mock

import pytest

import endurance
import made_up
from archive import system
from archive.archive import Archive
from archive.collection.collection import Collection
from archive.engine.whoosh import _schema as schema
from archive.engine.whoosh import indexer
from archive.engine.whoosh.file_storage import IndexFolder
from archive.reader import read as reader
from archive.record.testimony import PUBLIC
from archive.search.labels import plain_data
from archive.storage import atomic, index_state, manifest
from archive.storage.paths import index_paths
from disk import Watched, copied, files_of
from endurance import Scene, Short

SCENES = ("build", "update", "withdrawal", "rebuild")
STRIDE = 7  # every seventh step here, every one in the full run; prime to the steps that a file takes
STRIDE_OF_FAULTS = 29  # each step fails in six ways, and each time there are three updates; prime likewise


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scene]:
    """The four scenes, by name."""
    return {scene.name: scene for scene in endurance.scenes(tmp_path_factory.mktemp("scenes"))}


def test_the_watched_disk_sees_every_change(made: dict[str, Scene], tmp_path: Path) -> None:
    """Else the suites would pass over the step that matters: replayed, the steps give the very files."""
    for scene in made.values():
        model, disk = endurance.recorded(scene, tmp_path)
        for step in disk.steps:
            model.do(step)
        assert {path: each[0] for path, each in model.left().items() if each} == files_of(tmp_path / "watched")


@pytest.mark.parametrize("name", SCENES)
def test_a_kill_at_any_step_loses_nothing(made: dict[str, Scene], tmp_path: Path, name: str) -> None:
    """Before a step or in the middle of a write: the answer is right, and the next `index` completes and tidies."""
    done = endurance.killed(made[name], tmp_path, endurance.expected(made[name], tmp_path), STRIDE)
    assert done.total() > 5


@pytest.mark.parametrize("name", SCENES)
def test_a_loss_of_power_at_any_step_loses_nothing(made: dict[str, Scene], tmp_path: Path, name: str) -> None:
    """Unsynced content lost, zeroed or halved, unsynced names kept, undone or mixed; what was reported is there."""
    done = endurance.power_lost(made[name], tmp_path, endurance.expected(made[name], tmp_path), STRIDE)
    assert done.total() > 50


@pytest.mark.parametrize("name", SCENES)
def test_a_failing_disk_loses_nothing(made: dict[str, Scene], tmp_path: Path, name: str) -> None:
    """Full, broken or read-only, once or for good: a search still answers, the next `index` completes and tidies."""
    done = endurance.failing(made[name], tmp_path, endurance.expected(made[name], tmp_path), STRIDE_OF_FAULTS)
    assert any(each.startswith("told") for each in done)


def _never(*_: object) -> None:
    """Sync nothing."""


def test_control_without_syncing_a_report_of_success_is_not_true(made: dict[str, Scene], tmp_path: Path) -> None:
    """Plain storage under power loss: what `index` said was done is gone."""
    wanted = endurance.expected(made["update"], tmp_path)
    unsynced = mock.patch.multiple(system, sync=_never, sync_folder=_never)
    with unsynced, pytest.raises(Short, match="did not survive"):
        endurance.power_lost(made["update"], tmp_path, wanted, 10_000)


def _in_place(root: Path) -> object:
    """Build as a plain program would: the state first, then the index where it is to stand."""
    places = index_paths(root, PUBLIC)
    for folder in (places.passages, places.state.parent):
        folder.mkdir(parents=True)
    collection = Collection(root, reader.read_authorities(root), PUBLIC, {})
    places.authorities.write_bytes(collection.authorities.as_copy(collection.authorities.labels(plain_data)))
    seen = index_state.authorities(root)
    copy = manifest.take(places.base, {}, [manifest.AUTHORITIES])
    index_state.save(places.state, collection.state("1", seen)._replace(files=copy))
    files = IndexFolder(places.passages)
    schema.writer(files, anew=True).commit()
    return indexer.build(files, collection)


def test_control_a_build_in_place_that_is_killed_answers_nothing_found(made: dict[str, Scene], tmp_path: Path) -> None:
    """A valid empty index under a state that calls it fresh."""
    scene = made["build"]._replace(act=_in_place)
    with pytest.raises(Short, match="another answer"):
        endurance.killed(scene, tmp_path, endurance.expected(made["build"], tmp_path))


def test_records_are_old_or_new_and_whole_wherever_a_write_is_cut_off(root: Path) -> None:
    """Bind, as every writer of records: a kill before any step, or in the middle of a write, loses no word."""
    before, after = b"old " * 3000, b"new " * 5000
    made_up.put(root, before, "NKT-9001-made-up.md")
    origin = copied(root, root.parent / f"{root.name}-origin")
    file = root / "testimonies/NKT-9001-made-up.md"
    disk = Watched(root)
    with disk.on():
        atomic.write_beside(file, after, new=False, was=before)
    assert _records_after_kills(origin, disk) == {before, after}


def test_control_a_record_written_in_place_is_cut_off(root: Path) -> None:
    """The same kills, and a plain write: half a record."""
    made_up.put(root, b"old " * 3000, "NKT-9001-made-up.md")
    origin = copied(root, root.parent / f"{root.name}-origin")
    disk = Watched(root)
    with disk.on():
        (root / "testimonies/NKT-9001-made-up.md").write_bytes(b"new " * 5000)
    assert b"" in _records_after_kills(origin, disk)


def _records_after_kills(origin: Path, disk: Watched) -> set[bytes]:
    found = set()
    for number in range(len(disk.steps) + 1):
        for loss in ("none", *endurance.LOSSES):
            for half in (False, True):
                model = endurance.Model(Path(disk.root), origin)
                for step in disk.steps[:number]:
                    model.do(step)
                if half and number < len(disk.steps) and disk.steps[number].what == "write":
                    model.do(disk.steps[number], half=True)
                left = model.after(loss, "kept", endurance.random.Random(0))
                found |= {each[0] for path, each in left.items() if each and path.endswith(".md")}
    return found


@pytest.mark.parametrize(
    ("was", "now"), [(b'"generation":"1"', b'"generation":"2"'), (b"NKT-9003", b"NKT-9002")], ids=["head", "rest"]
)
def test_a_state_that_is_not_as_it_was_written_is_nothing(made: dict[str, Scene], tmp_path: Path, was: bytes, now: bytes) -> None:
    """The state is a file like any other: one letter changed in its head, and no search believes it; in the rest, no update."""
    root = copied(made["update"].root, tmp_path / "x")
    state = index_paths(root, PUBLIC).state
    whole = state.read_bytes()
    assert json.loads(whole.split(b"\n")[1])["generation"] == "1"
    assert index_state.load_head(state) == index_state.load(state).head()
    in_head = was in whole.split(b"\n")[1]
    state.write_bytes(whole.replace(was, now))
    assert index_state.load(state) == index_state.NOTHING
    assert (index_state.load_head(state) is None) == in_head
    with Archive(root) as room:
        assert len(room.codes()) == 5
