"""Several processes make the index that one makes; where one of them fails, the index is made all the same."""

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

import histories
import made_up
from archive import system
from archive.archive import Archive
from archive.collection.collection import Collection
from archive.engine.whoosh import indexer, worker_pool
from archive.errors import StillChanging
from archive.reader import read, versions
from archive.record.recent import Recent
from archive.record.testimony import PUBLIC
from archive.storage import lock as locking

FIRST = os.getpid()


@pytest.fixture
def large(root: Path) -> Path:
    """Return records of which many name one another, across what will be the shares."""
    chance = random.Random(7)
    codes = [f"NKT-{number:04}" for number in range(1, 31)]
    for code in codes:
        head = made_up.header(
            code,
            camps=[{"camp": chance.choice(histories.CAMPS), "period": "1987"}],
            relations=[{"type": "relies-on", "code": chance.choice([each for each in codes if each != code]), "paragraphs": [1]}],
            credibility={"notes": [made_up.note("n1", "contradicted", **{"with": [f"{chance.choice(codes)}#p1"]})]},
            access={"level": chance.choice(["public", "public", "restricted"])},
        )
        texts = (" ".join(chance.choices(histories.WORDS, k=9)) for _ in range(chance.randint(1, 5)))
        made_up.put(root, made_up.record(head, *texts))
    made_up.put(root, "---\ncode: NKT-0077\n---\nNo header to speak of.\n", "NKT-0077-made-up.md")
    return root


@pytest.fixture
def several(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let three processes be worth it for a small collection."""
    monkeypatch.setattr(worker_pool, "WORTH_IT", 4)
    monkeypatch.setattr(system, "processors", lambda: 3)


def _built(root: Path) -> tuple[list[object], object]:
    shutil.rmtree(root / "index", ignore_errors=True)
    seen: list[str] = []

    def progress(codes: Iterable[str]) -> Iterator[str]:
        for code in codes:
            seen.append(code)
            yield code

    report = Archive(root, progress=progress).update(rebuild=True)
    assert len(seen) == report.state.readable
    assert not list((root / "index").rglob("part-*"))
    return histories.answers(root), (report.faults, report.state.file_states, report.state.unreadable)


def _segments(root: Path) -> int:
    return len(list((root / "index" / "public" / "passages").glob("*.terms")))


def test_several_processes_make_the_index_that_one_makes(large: Path, request: pytest.FixtureRequest) -> None:
    """Answers, scores, caveats from other shares, faults and what is remembered of each file."""
    alone = _built(large)
    assert _segments(large) == 1
    request.getfixturevalue("several")
    assert _built(large) == alone
    assert _segments(large) == 3


@pytest.mark.usefixtures("several")
@pytest.mark.parametrize("where", [(Collection, "read_files"), (indexer, "_add")], ids=["reading", "writing"])
def test_a_process_that_dies_costs_time_and_nothing_else(large: Path, where: tuple[Any, str]) -> None:
    """The first process does all of it again, alone."""
    whole = _built(large)
    does = getattr(*where)

    def dies(*arguments: Any) -> Any:
        if os.getpid() != FIRST:
            os._exit(9)
        return does(*arguments)

    with mock.patch.object(*where, dies):
        assert _built(large) == whole
    assert _segments(large) == 1


@pytest.mark.usefixtures("several")
def test_a_fault_of_a_process_is_told_as_one_process_tells_it(large: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """What is raised while records are written reaches the caller, and no traceback the terminal."""

    def changed(*_: object) -> None:
        message = "made up for a test"
        raise StillChanging(message, "")

    with mock.patch.object(indexer, "_add", changed), pytest.raises(StillChanging):
        _built(large)
    assert capfd.readouterr() == ("", "")


_KILLED = """
import os, sys
from pathlib import Path
from archive import system
from archive.engine.whoosh import worker_pool
from archive.archive import Archive
worker_pool.WORTH_IT, system.processors = 4, lambda: 3
if sys.argv[2] == "waiting":  # for what all saw
    worker_pool.WorkerPool.write = lambda *_: os.kill(os.getpid(), 9)
else:
    worker_pool.wait = lambda *_: os.kill(os.getpid(), 9)
Archive(Path(sys.argv[1])).update(rebuild=True)
"""


@pytest.mark.skipif(not system.FORKS, reason="only a forked process has the lock of the first")
@pytest.mark.parametrize("when", ["waiting", "writing"])
def test_processes_end_with_the_first_and_let_go_of_its_lock(large: Path, when: str) -> None:
    """After a kill of the first process the index can be made at once."""
    killed = subprocess.run([sys.executable, "-c", _KILLED, str(large), when], check=False, capture_output=True, timeout=60)
    assert killed.returncode == -9, killed.stderr
    lock = locking.FolderLock(large / "testimonies")
    assert locking.acquire_within(lock, 20.0)
    lock.release()
    assert _built(large)
    assert not list((large / "index").rglob("*.new"))


def test_what_was_used_longest_ago_is_forgotten_first() -> None:
    """By weight; the newest stays whatever it weighs, and what is forgotten is gone."""
    recent = Recent[str](5, len)
    recent["a"], recent["b"], recent["c"] = "aa", "bb", "c"
    assert recent["a"] == "aa"
    recent["d"] = "d"
    assert [key for key in "abcd" if key in recent] == ["a", "c", "d"]
    recent["a"] = "a" * 9
    assert [key for key in "abcd" if key in recent] == ["a"]
    with pytest.raises(KeyError):
        recent["b"]


def test_what_is_walked_in_one_order_again_and_again_forgets_what_was_used_last() -> None:
    """The one that was used longest ago is the next to be used."""
    recent = Recent[str](3, len, in_turn=True)
    recent["a"], recent["b"], recent["c"] = "a", "b", "c"
    recent["d"] = "d"
    assert [key for key in "abcd" if key in recent] == ["a", "b", "d"]
    assert recent["a"] == "a"
    recent["e"] = "e"
    assert [key for key in "abcde" if key in recent] == ["b", "d", "e"]


def test_of_records_that_do_not_all_fit_only_the_rest_is_read_twice(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are read in one order and then written in the same: what fits, be it without its body, is there in its turn."""
    for number in range(1, 21):
        made_up.put(root, made_up.record(made_up.header(f"NKT-{number:04}"), "Coal was cut."))
    counted: list[str] = []
    reads = versions.read_all

    def read_all(content: bytes, path: str, *rest: Any) -> Any:
        counted.append(path)
        return reads(content, path, *rest)

    monkeypatch.setattr(versions, "read_all", read_all)
    monkeypatch.setattr("archive.collection.collection._HEADER", 1)
    monkeypatch.setattr("archive.collection.collection._MOST_HELD", 1)
    monkeypatch.setattr("archive.collection.collection._MOST_HEADERS", 15)
    _built(root)
    assert len(counted) == 20 + (20 - 15)


@pytest.mark.parametrize("headers", [1, 1_000_000])
def test_an_index_is_the_same_where_nothing_can_be_kept_in_memory(
    large: Path, monkeypatch: pytest.MonkeyPatch, headers: int
) -> None:
    """Records that were forgotten are read again, or of those whose headers are kept their bodies alone."""
    made_up.put(
        large, made_up.record(made_up.header("NKT-0091"), "Coal <res>and ore</res> was cut.\r\n", "# Heading", "Cafe\u0301.")
    )
    made_up.put(large, made_up.record(made_up.header("NKT-0092"), "Cafe\u0301.").replace("\n", "\r\n"))
    made_up.put(large, made_up.record(made_up.header("NKT-0093"), "Coal was cut."))
    made_up.put(large, made_up.version("NKT-0093", "ko", "석탄을 캤다."))
    whole = _built(large)
    monkeypatch.setattr("archive.collection.collection._MOST_HELD", 1)
    monkeypatch.setattr("archive.collection.collection._MOST_HEADERS", headers)
    assert _built(large) == whole


def test_a_record_that_is_changed_before_its_body_is_read_again_is_refused(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A header never stands over the body of another file."""
    monkeypatch.setattr("archive.collection.collection._MOST_HELD", 1)
    for code in ("NKT-0001", "NKT-0002"):
        made_up.put(root, made_up.record(made_up.header(code), "Coal was cut."))
    collection = Collection(root, read.read_authorities(root), PUBLIC, {})
    made_up.put(root, made_up.record(made_up.header("NKT-0001"), "Coal was not cut."))
    with pytest.raises(StillChanging):
        collection.find("NKT-0001")
    found = collection.find("NKT-0002")
    assert found is not None
    assert found.body.strip() == "Coal was cut."
