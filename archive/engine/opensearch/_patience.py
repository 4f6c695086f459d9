"""How long a cluster that may answer in a moment is waited for, and how often it is asked meanwhile."""

import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Final

from archive.errors import ClusterBusy, NoCluster

UNSETTLED: Final = (0.25, 0.5, 1.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0)
"""Seconds before a request is asked again, while nodes agree who leads them or have too much to do."""
TOO_BUSY: Final = tuple(min(30.0, 0.2 * 2**time) for time in range(1, 11))
"""Seconds before documents are sent again that a cluster had too much to do to take: a publisher has more time."""


class Patience:
    """What waits before each time that a cluster is asked again.

    :param sleep: waits for some seconds.
    :param waits: seconds, one for each time; all together are the most that is waited. None: `UNSETTLED`.
    """

    def __init__(self, sleep: Callable[[float], None], waits: tuple[float, ...] | None = None) -> None:
        """Begin to count the time."""
        waits = UNSETTLED if waits is None else waits
        self._sleep = sleep
        self._waits = iter(waits)
        self._left = sum(waits)
        self._end = time.monotonic() + self._left

    def wait(self, fault: NoCluster) -> None:
        """Wait a while, and at least as long as the cluster asks for.

        :raises NoCluster: the fault, where it will not pass, or not in the time that is left.
        """
        wait = next(self._waits, None)
        if wait is None or not fault.may_pass or time.monotonic() > self._end:
            raise fault
        wait = max(wait, fault.seconds if isinstance(fault, ClusterBusy) else 0.0)
        self._left -= wait
        if self._left < 0:
            raise fault
        self._sleep(wait)


def seconds_told(header: str) -> float:
    """Return how many seconds a node asks to be left alone, by its header ``Retry-After``; 0 where it does not say."""
    if header.strip().isdecimal():
        return float(header)
    try:
        return max(0.0, parsedate_to_datetime(header).timestamp() - time.time())
    except (TypeError, ValueError):
        return 0.0
