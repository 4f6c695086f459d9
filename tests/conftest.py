"""Fixtures: the shipped archive in a folder of its own, and a way to run the real program."""

import contextlib
import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from whoosh.util.filelock import FileLock

import endurance
import made_up
from archive import system
from examples import number_of
from reading_here import reading_here
from running import APART, TOP, Run, ask_program
from slow import LAST, LONGEST, SLOW

# The tests state what the program says in English; whoever runs them may speak another language.
os.environ["LC_ALL"] = "C.UTF-8"
os.environ.pop("TESTIMONY_LANG", None)
# What the program keeps of a person between two commands is kept apart from what it keeps of whoever runs the tests; nor
# is any cluster asked that they have set. The folder goes at the end of the process, a worker's too.
APART_FROM_A_PERSON = Path(tempfile.mkdtemp(prefix="testimony-tests-"))
for name in ("state", "config"):
    os.environ[f"TESTIMONY_{name.upper()}"] = str(APART_FROM_A_PERSON / name)
    (APART_FROM_A_PERSON / name).mkdir()
os.environ.pop("TESTIMONY_REMEMBER", None)
for name in [name for name in os.environ if name.startswith(("TESTIMONY_OPENSEARCH_", "TESTIMONY_ENGINE"))]:
    del os.environ[name]

# Where Python may leave no bytecode beside the code, every process of its own would compile all modules anew, which takes
# longer than most of them run.
if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):
    sys.pycache_prefix = os.environ.setdefault("PYTHONPYCACHEPREFIX", str(Path(tempfile.gettempdir(), "testimony-bytecode")))
    sys.dont_write_bytecode = False  # nor need pytest rewrite the tests anew in each run

# No example is held to a time: the tests run side by side, on machines that have other work too. A long run asks many times as
# many of each property (tests/support/examples.py).
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=number_of(60))
# CI asks the same examples every time; a person's run looks for new ones.
settings.register_profile("ci", settings.get_profile("patient"), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "patient")


def pytest_configure(config: pytest.Config) -> None:
    """Read the shipped authorities once for all that this process collects and tests, and foreign files in it."""
    config.add_cleanup(lambda: shutil.rmtree(APART_FROM_A_PERSON, ignore_errors=True))
    if not APART:
        quick = contextlib.ExitStack()
        quick.enter_context(endurance.quick_authorities())
        quick.enter_context(reading_here())
        config.add_cleanup(quick.close)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Load no suite of which every test would be left out."""
    if config.option.markexpr == "not slow" and collection_path.is_relative_to(TOP):
        return collection_path.relative_to(TOP).as_posix() in SLOW or None
    return None


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int | None:
    """Give one worker more than there are cores, since there is always one that waits: for a browser, a node, another process."""
    if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ:
        return None
    return system.processors() + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what takes long, and let it come first, file after file, so that those who work side by side end together."""
    slow = {str(TOP / name) for name in SLOW}
    for item in items:
        if not slow.isdisjoint((str(item.path), f"{item.path}::{getattr(item, 'originalname', '')}")):
            item.add_marker(pytest.mark.slow)
    order = {str(TOP / name.partition("::")[0]): number for number, name in enumerate(dict.fromkeys((*LONGEST, *SLOW)))}
    last = {str(TOP / name) for name in LAST}
    items.sort(key=lambda item: (str(item.path) in last, order.get(str(item.path), len(order))))


def pytest_collection_finish() -> None:
    """Look for cycles among what the tests make, not again and again among all that was loaded and collected before."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def _rooms_close() -> Iterator[None]:
    """Let `testimony web` end at once, which else waits for a person to end it; `tests/web` opens the real one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("archive.cli.web.SERVER", "closing_room")
        yield


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped archive, copied, so that no test writes an index into the checkout; one for all that run side by side.

    It has its index, and no test changes it.
    """
    together = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        together = together.parent
    root = together / "shipped"
    lock = FileLock(str(together / "shipped.lock"))
    lock.acquire(blocking=True)
    try:
        if not root.exists():
            shutil.copytree(TOP / "testimonies", root / "testimonies")
            assert ask_program(root, "index").code == 0
    finally:
        lock.release()
    return root


@pytest.fixture(scope="session")
def on_shipped(shipped: Path) -> Run:
    """Run the program on the shipped archive, in this process."""
    return lambda *arguments, **environment: ask_program(shipped, *arguments, **environment)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An empty folder for a made-up collection."""
    return tmp_path


@pytest.fixture
def run(root: Path) -> Run:
    """Run the program on the made-up collection, in this process."""
    return lambda *arguments, **environment: ask_program(root, *arguments, **environment)


@pytest.fixture
def kept(root: Path) -> Path:
    """A made-up collection with its index."""
    made_up.collection(root, *(endurance.record(number, f"The coal mine, {number}.") for number in range(1, 4)))
    endurance.update(root)
    return root
