"""The words of an index, kept in it: what prefix, fuzzy words and suggestions look through, read in one answer.

To have a cluster list them would take a look at every word of every passage. They are written once, after all else.
"""

import base64
import zlib
from collections.abc import Iterator
from typing import Any, Final

from archive.engine.opensearch._reader import KEPT, PointInTime
from archive.engine.opensearch.client import Cluster
from archive.engine.opensearch.documents import LEXICON

_MOST: Final = 100_000
"""Words in one document."""


def write(cluster: Cluster, index: str) -> None:
    """Keep the words of all passages of an index in it; what is there of an older list is written over.

    :raises NoCluster: they cannot be listed or were not taken.
    """
    reader = PointInTime(cluster, index)
    try:
        cluster.bulk(index, (operation for field in KEPT for operation in _documents(reader, field)))
    finally:
        reader.close()


def _documents(reader: PointInTime, field: str) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    values = [value for value, _, _ in reader.values(field)]
    parts = range(0, len(values), _MOST) or range(1)
    for number, start in enumerate(parts):
        packed = zlib.compress("\n".join(values[start : start + _MOST]).encode("utf-8", "surrogatepass"))
        yield (
            {"index": {"_id": f"{LEXICON}#{field}#{number}", "routing": LEXICON}},
            {
                "document": LEXICON,
                "setting": field,
                "paragraph": number,
                "number": len(parts),
                "stored": base64.b64encode(packed).decode("ascii"),
            },
        )
