"""The endurance suites: what is asked of the archive when the machine fails. Tests run samples, ``bench/endurance.py`` all."""

import errno
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import made_up
from archive.archive import Archive
from archive.errors import ArchiveError, Defect
from archive.record.testimony import PUBLIC
from archive.search.model import Filters, Query
from archive.storage import index_state, manifest
from archive.storage.paths import index_paths
from authorities_once import quick_authorities as quick_authorities  # noqa: PLC0414 - who asks for it here finds it
from disk import Fault, Model, Watched, adopt, copied, junk, materialised

STATE = "index/state/public.json"
COMPILED = "index/state/authorities.compiled"
"""No command of a reader opens it; an update that cannot believe it reads the YAML instead."""
LOSSES = ("lost", "zeroed", "halved")
NAMES = ("kept", "undone", "mixed")
CODES = (errno.ENOSPC, errno.EIO, errno.EROFS)

QUERIES = (
    Query("coal", facets=True, limit=None),
    Query("made OR test", limit=None),
    Query(filters=Filters(flag=("revised",)), limit=None, facets=True),
    Query("수용소", limit=None),
)


class Short(AssertionError):
    """An answer that is wrong, or junk that stays: what these suites look for."""


def dump(room: Archive) -> list[object]:
    """Return everything that a set of queries answers, scores and coverage included, and every record."""
    return [room.answer(query)._replace(query=Query()) for query in QUERIES] + list(room.records())


class Scene(NamedTuple):
    """A collection before an update, and the update."""

    name: str
    root: Path
    act: Callable[[Path], object]


def update(root: Path, *, deep: bool = False) -> object:
    """Run `testimony index` in this process."""
    with Archive(root) as room:
        return room.update(deep=deep)


def rebuild(root: Path) -> object:
    """Run `testimony index --rebuild` in this process."""
    with Archive(root) as room:
        return room.update(rebuild=True)


def record(number: int, words: str, **changes: Any) -> str:
    """Write a made-up record of two passages, with a note that reaches the one before it."""
    notes = [made_up.note("n1", "revised", **{"with": [f"NKT-900{number - 1}#p1"]})] if number > 1 else []
    changes = {"credibility": {"notes": notes}, **changes}
    return made_up.record(made_up.header(f"NKT-900{number}", **changes), words, "요덕수용소에서 coal was dug.")


def scenes(folder: Path) -> list[Scene]:
    """Make the four: a first build, an update, a withdrawal, a rebuild."""
    made = []
    for name in ("build", "update", "withdrawal", "rebuild"):
        root = made_up.collection(folder / name, *(record(number, f"The coal mine, {number}.") for number in range(1, 5)))
        if name != "build":
            update(root)
        if name == "update":
            made_up.put(root, record(2, "Other words about coal."))
            made_up.put(root, record(5, "A new record."))
        if name == "withdrawal":
            made_up.put(root, record(3, "Withdrawn coal.", consent={"status": "withdrawn"}, access={"level": "closed"}))
            (root / "testimonies/NKT-9004-made-up.md").unlink()
        made.append(Scene(name, root, rebuild if name == "rebuild" else update))
    return made


def expected(scene: Scene, folder: Path) -> list[object]:
    """Return what an index made from nothing answers."""
    root = copied(scene.root, folder / "expected")
    rebuild(root)
    with Archive(root) as room:
        return dump(room)


def recorded(scene: Scene, folder: Path) -> tuple[Model, Watched]:
    """Run the update on a watched disk; gives the model before it, and the disk with its steps."""
    root = copied(scene.root, folder / "watched")
    model = Model(root, scene.root)
    disk = Watched(root)
    with disk.on():
        scene.act(root)
    return model, disk


def held_to(root: Path, wanted: list[object]) -> str:
    """Ask a collection, run `testimony index --deep`, ask again: the right answer, no junk, an index that stays.

    Says what had to be done for the first answer.

    :raises Short: anything else.
    """
    told: list[str] = []
    with Archive(root, say=told.append) as room:
        if dump(room) != wanted:
            message = f"another answer than that of an index made from nothing; told: {told}"
            raise Short(message)
    update(root, deep=True)
    again: list[str] = []
    with Archive(root, say=again.append) as room:
        if dump(room) != wanted or again:
            message = f"the index does not stay: {again}"
            raise Short(message)
    if junk(root):
        message = f"junk stays: {junk(root)}"
        raise Short(message)
    return "made anew" if any("made the index" in line for line in told) else "refreshed" if told else "as it was"


def damage(root: Path, *, deep: bool = True) -> tuple[str, ...]:
    """Name the index files that are not as they were written, as `testimony doctor` does."""
    places = index_paths(root, PUBLIC)
    return manifest.damage(places.base, index_state.load(places.state).files, deep=deep)


def sound_at_once(root: Path) -> bool:
    """Ask whether the index may be used as it lies there, every byte as it was written."""
    with Archive(root) as room:
        return room._session.read_state() is not None and not damage(root)  # noqa: SLF001 - without mending


def killed(scene: Scene, folder: Path, wanted: list[object], stride: int = 1) -> Counter[str]:
    """Kill the update before every step, in the middle of every write, and after the last."""
    model, disk = recorded(scene, folder)
    done = Counter[str]()
    for number, step in enumerate(disk.steps):
        if number % stride == 0:
            done[_survived(model, folder, model.left(), wanted)] += 1
            if step.what == "write" and len(step.content) > 1:
                half = Model(Path(disk.root), scene.root)
                for earlier in disk.steps[:number]:
                    half.do(earlier)
                half.do(step, half=True)
                done[_survived(half, folder, half.left(), wanted)] += 1
        model.do(step)
    done[_survived(model, folder, model.left(), wanted)] += 1
    return done


def power_lost(scene: Scene, folder: Path, wanted: list[object], stride: int = 1) -> Counter[str]:
    """Lose power after every step; after the last one the new index has to be there, whole.

    What leaves the disk in a state that was looked at already is counted apart.
    """
    model, disk = recorded(scene, folder)
    done = Counter[str]()
    chance = random.Random(1)
    known: set[object] = set()
    for number, step in enumerate((*disk.steps, None)):
        if step is None or number % stride == 0:
            for loss in LOSSES:
                for names in NAMES:
                    left = model.after(loss, names, chance)
                    shape = frozenset((path, each and (each[0], id(each[1]))) for path, each in left.items())
                    if step is not None and shape in known:
                        done["the same again"] += 1
                        continue
                    known.add(shape)
                    done[_survived(model, folder, left, wanted, reported=step is None)] += 1
        if step:
            model.do(step)
    return done


def _survived(
    model: Model, folder: Path, left: dict[str, tuple[bytes, Any] | None], wanted: list[object], *, reported: bool = False
) -> str:
    # The state on the disk tells of the files of before, or of those that there are now.
    state = left.get(STATE)
    old = state is not None and state[1] is model.first.get(STATE)
    target = folder / "left"
    materialised(left, target, model.first if old else model.files())
    if reported and not sound_at_once(target):
        message = "what was reported as done did not survive"
        raise Short(message)
    return held_to(target, wanted)


def failing(scene: Scene, folder: Path, wanted: list[object], stride: int = 1) -> Counter[str]:
    """Let every step fail in every way: the search still answers, the next update completes."""
    _, disk = recorded(scene, folder)
    done = Counter[str]()
    for code in CODES:
        for lasting in (False, True):
            for at in range(0, len(disk.steps), stride):
                done[_failed(scene, folder, Fault(code, at, lasting), wanted)] += 1
    return done


def _failed(scene: Scene, folder: Path, fault: Fault, wanted: list[object]) -> str:
    root = copied(scene.root, folder / "failing")
    disk = Watched(root, fault)
    with disk.on():
        try:
            scene.act(root)
            ended = "done"
        except OSError:
            ended = "told"
        except ArchiveError as error:
            if error.exit_code == Defect.exit_code:
                raise
            ended = "told"
    searching = Watched(copied(root, folder / "searching"), fault)
    with searching.on(), Archive(folder / "searching") as room:
        if dump(room) != wanted:
            message = f"another answer on a failing disk: {fault}"
            raise Short(message)
    return f"{ended}, then {held_to(root, wanted)}"


def flip(file: Path, chance: random.Random) -> int:
    """Turn one bit over; gives the place of its byte."""
    content = bytearray(file.read_bytes())
    at = chance.randrange(len(content))
    content[at] ^= 1 << chance.randrange(8)
    file.write_bytes(content)
    return at


def flipped_index(root: Path, folder: Path, times: int) -> Counter[str]:
    """Turn single bits of index files over, leaving times and identity as the state has them.

    Those in what no search reads, which is what the state holds after its
    head, are told by themselves; the next update finds them.

    :raises Short: an answer is not that of a whole index.
    """
    done = Counter[str]()
    with Archive(root) as room:
        wanted = dump(room)
    chance = random.Random(7)
    for _ in range(times):
        target = copied(root, folder / "flipped")
        files = [file for file in (target / "index").rglob("*") if file.is_file() and file.stat().st_size]
        files.remove(target / COMPILED)  # no part of an index
        file = chance.choice(sorted(files, key=lambda file: file.name))
        above = file.read_bytes().rpartition(b"\n")[0]
        is_read = flip(file, chance) <= len(above) or file != target / STATE
        adopt(target)
        done[held_to(target, wanted) + ("" if is_read else ", not read")] += 1
    return done


def flipped_records(root: Path, folder: Path, times: int) -> Counter[str]:
    """Turn single bits of records over: a fault that is named, or the text as it now reads, the others untouched.

    :raises Short: a record is missing without a fault, or another one answers differently.
    """
    done = Counter[str]()
    chance = random.Random(8)
    with Archive(root) as room:
        codes, whole = room.codes(), {record.testimony.code: record for record in room.records()}
    for _ in range(times):
        target = copied(root, folder / "flipped")
        file = chance.choice(sorted((target / "testimonies").iterdir()))
        flip(file, chance)
        with Archive(target) as room:
            report = room.update(deep=True)
            left = set(codes) - set(room.codes())
            named = {fault.path for fault in report.faults}
            if left and not named:
                message = f"{left} vanished without a fault"
                raise Short(message)
            touched = file.name[:8]
            for code in set(room.codes()) & set(codes) - {touched}:
                if [each.words for each in room.record(code).passages] != [each.words for each in whole[code].passages]:
                    message = f"{code} reads differently for a flip in {touched}"
                    raise Short(message)
        done["named" if named else "another text"] += 1
    return done
