"""Documents on their way to a cluster: in batches, none larger than a node takes at once, each sent by a thread of its own."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from threading import Thread
from typing import Any, Final

Operation = tuple[Mapping[str, Any], Mapping[str, Any] | None]
"""What is to be done with a document, as ``{"index": {"_id": …}}``, and the document."""
Written = tuple[Operation, str]
"""An operation with its lines."""

_BATCH: Final = 500  # operations
_BATCH_BYTES: Final = 5_000_000


def batches(operations: Iterable[Operation]) -> Iterator[list[Written]]:
    """Yield operations in batches."""
    batch: list[Written] = []
    size = 0
    for operation in operations:
        action, document = operation
        written = "".join(f"{json.dumps(each, ensure_ascii=False)}\n" for each in (action, document) if each is not None)
        if batch and (len(batch) >= _BATCH or size + len(written) > _BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append((operation, written))
        size += len(written)
    if batch:
        yield batch


class Sending:
    """A batch that is being sent while the next is made; the thread does not keep the program from ending."""

    def __init__(self, send: Callable[[list[Written]], None], batch: list[Written]) -> None:
        """Begin to send it."""
        self._fault: BaseException | None = None
        self._operations = len(batch)
        self._thread = Thread(target=self._run, args=(send, batch), daemon=True)
        self._thread.start()

    def _run(self, send: Callable[[list[Written]], None], batch: list[Written]) -> None:
        try:
            send(batch)
        except BaseException as fault:  # noqa: BLE001 - raised by `wait`
            self._fault = fault

    def wait(self) -> int:
        """Return how many operations were taken.

        :raises NoCluster: one was not.
        """
        self._thread.join()
        if self._fault:
            raise self._fault
        return self._operations

    def end(self, seconds: float) -> None:
        """Wait until nothing is sent any more, whatever became of it."""
        self._thread.join(seconds)
