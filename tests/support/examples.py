"""How many examples the property tests ask: few every day, since chance adds up, and many times as many in a long run.

``TESTIMONY_EXAMPLES=20 python -m pytest`` asks twenty times as many, and takes the whole of what every day is a sample of a list.
"""

import os
from collections.abc import Sequence
from typing import Any, Final

from hypothesis import HealthCheck, settings

TIMES: Final = int(os.environ.get("TESTIMONY_EXAMPLES", "1"))


def examples(everyday: int) -> settings:
    """Give the settings for a test that builds collections or asks much of each example."""
    return settings(max_examples=everyday * TIMES, deadline=None, suppress_health_check=list(HealthCheck))


def daily(every: Sequence[Any], number: int, parts: int = 2) -> Sequence[Any]:
    """Give one part of a list every day, to each number the next one, so that all is asked once; the whole in a long run."""
    return every if TIMES > 1 else every[number % parts :: parts] or every
