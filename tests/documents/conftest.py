"""Here each foreign file is read as the program reads it: in a process of its own, with limits and without a net; pandoc too."""

from collections.abc import Iterator

import pytest

from reading_here import reading_apart


@pytest.fixture(scope="module", autouse=True)
def _apart() -> Iterator[None]:
    with reading_apart():
        yield
