"""How many examples the property tests ask: few every day, since chance adds up, and many times as many in a long run.

``TESTIMONY_EXAMPLES=20 python -m pytest`` asks twenty times as many as are usual of a property, of which a run of every day asks
half, and takes the whole of what every day is a sample of a list.
"""

import os
from collections.abc import Sequence
from typing import Any, Final

from hypothesis import HealthCheck, settings

TIMES: Final = int(os.environ.get("TESTIMONY_EXAMPLES", "1"))


def number_of(usual: int) -> int:
    """Return how many examples are asked of a property: half of what is usual every day, many times that in a long run."""
    return usual * TIMES if TIMES > 1 else max(1, usual // 2)


def examples(usual: int) -> settings:
    """Give the settings for a test that builds collections or asks much of each example."""
    return settings(max_examples=number_of(usual), deadline=None, suppress_health_check=list(HealthCheck))


def daily(every: Sequence[Any], number: int, parts: int = 2) -> Sequence[Any]:
    """Give one part of a list every day, to each number the next one, so that all is asked once; the whole in a long run."""
    return every if TIMES > 1 else every[number % parts :: parts] or every
