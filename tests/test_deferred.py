"""A module that is deferred is loaded when it is used, once, and is then what an import would have given."""

import importlib
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from archive.__main__ import defer

NAME = "made_up_module_of_this_test"
SOURCE = """
import time
from pathlib import Path

with Path(__file__).with_suffix(".loads").open("a") as loads:
    loads.write("x")
time.sleep(0.05)  # so that others ask while it is loaded
answer = 42


def double(number):
    return 2 * number
"""


@pytest.fixture
def loads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The file to which a made-up module writes each time that it is loaded."""
    (tmp_path / f"{NAME}.py").write_text(SOURCE, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path / f"{NAME}.loads"
    sys.modules.pop(NAME, None)


def test_it_is_loaded_when_something_of_it_is_used(loads: Path) -> None:
    """Importing it as a whole is no use of it."""
    defer(NAME)
    module = importlib.import_module(NAME)
    assert not loads.exists()
    assert module.double(module.answer) == 84
    assert loads.read_text(encoding="utf-8") == "x"
    assert module.__file__ == importlib.import_module(NAME).__file__
    assert importlib.import_module(NAME).double is module.double


def test_a_name_of_it_can_be_imported(loads: Path) -> None:
    """Which is a use of it."""
    defer(NAME)
    names: dict[str, object] = {}
    exec(f"from {NAME} import answer", names)  # noqa: S102 - words of this test
    assert names["answer"] == 42
    assert loads.read_text(encoding="utf-8") == "x"


def test_threads_that_use_it_at_once_load_it_once(loads: Path) -> None:
    """Whichever comes first: the others wait."""
    defer(NAME)
    module = importlib.import_module(NAME)
    together = Barrier(8)

    def use(number: int) -> int:
        together.wait()
        return int(module.double(number)) if number % 2 else int(importlib.import_module(NAME).double(number))

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(use, range(8))) == [2 * number for number in range(8)]
    assert loads.read_text(encoding="utf-8") == "x"


def test_what_is_loaded_already_stays(loads: Path) -> None:
    """It is in use."""
    before = importlib.import_module(NAME)
    defer(NAME)
    assert sys.modules[NAME] is before
    assert loads.read_text(encoding="utf-8") == "x"


def test_what_is_not_there_is_told_as_ever() -> None:
    """An attribute that it lacks, a module that there is not."""
    defer("json.made_up", "made_up_that_is_not_there")
    for name in ("json.made_up", "made_up_that_is_not_there"):
        with pytest.raises(ModuleNotFoundError, match="made_up"):
            _ = importlib.import_module(name).anything
        assert name not in sys.modules


def test_an_attribute_that_it_lacks_is_told_as_ever(loads: Path) -> None:
    """By the module itself."""
    defer(NAME)
    with pytest.raises(AttributeError, match=f"module '{NAME}' has no attribute 'nothing'"):
        _ = importlib.import_module(NAME).nothing
    assert loads.exists()
